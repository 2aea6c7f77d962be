"""The name server of the cluster: Services and, of those without an address, their pods that are ready.

Names outside of the cluster are not its business.
"""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from tools.cluster.places import DOMAIN

Object = Mapping[str, Any]
TTL_S = 5
PORT = 53
_SERVICE = "kubernetes.io/service-name"


def addresses(services: Iterable[Object], slices: Iterable[Object]) -> dict[str, list[str]]:
    """Addresses by name; a Service without pods has a name without addresses."""
    found: dict[str, list[str]] = {}
    headless: dict[tuple[str, str], str] = {}
    wants_all: set[str] = set()
    for service in services:
        metadata, spec = service["metadata"], service["spec"]
        name = f"{metadata['name']}.{metadata['namespace']}.svc.{DOMAIN}"
        address = spec.get("clusterIP", "")
        found[name] = [] if address in ("", "None") else [address]
        if address == "None":
            headless[metadata["namespace"], metadata["name"]] = name
        if spec.get("publishNotReadyAddresses"):
            wants_all.add(name)
    for each in slices:
        metadata = each["metadata"]
        name = headless.get((metadata["namespace"], metadata.get("labels", {}).get(_SERVICE, "")))
        for endpoint in each.get("endpoints") or []:
            is_ready = endpoint.get("conditions", {}).get("ready", True)
            if name and (is_ready or name in wants_all):
                found[name] += endpoint["addresses"]
                if hostname := endpoint.get("hostname"):
                    found.setdefault(f"{hostname}.{name}", []).extend(endpoint["addresses"])
    return found


def answer(question: bytes, known: Mapping[str, Sequence[str]]) -> bytes:
    """The answer to a question as it comes over the wire."""
    asked = dns.message.from_wire(question)
    told = dns.message.make_response(asked)
    told.flags |= dns.flags.AA
    name = asked.question[0].name
    held = known.get(name.to_text(omit_final_dot=True).lower())
    if held is None:
        told.set_rcode(dns.rcode.NXDOMAIN)
    elif held and asked.question[0].rdtype == dns.rdatatype.A:
        told.answer.append(dns.rrset.from_text_list(name, TTL_S, "IN", "A", held))
    return told.to_wire()


class NameServer:
    """Answers at an address until the process ends; what it knows is exchanged as a whole."""

    def __init__(self, address: str, port: int = PORT) -> None:
        self._known: Mapping[str, Sequence[str]] = {}
        outer = self

        class Datagram(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                question, socket = self.request
                socket.sendto(outer.answer(question), self.client_address)

        class Stream(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                length = int.from_bytes(self.rfile.read(2), "big")
                told = outer.answer(self.rfile.read(length))
                self.wfile.write(len(told).to_bytes(2, "big") + told)

        udp = socketserver.ThreadingUDPServer((address, port), Datagram)
        self.port: int = udp.server_address[1]
        for server in (udp, socketserver.ThreadingTCPServer((address, self.port), Stream)):
            threading.Thread(target=server.serve_forever, daemon=True).start()

    def learn(self, known: Mapping[str, Sequence[str]]) -> None:
        """Takes the place of what it knew."""
        self._known = known

    def answer(self, question: bytes) -> bytes:
        """Empty for what is no question."""
        try:
            return answer(question, self._known)
        except (dns.exception.DNSException, IndexError):
            return b""
