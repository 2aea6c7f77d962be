"""What NetworkPolicies of a cluster with one node mean, as rules of iptables. Pure.

A packet between pods passes the chain of its sender and that of its receiver; what a chain does not let go on is
rejected. Packets of the node itself, as those of probes, pass none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any, Literal

Object = Mapping[str, Any]
Direction = Literal["Ingress", "Egress"]
FIRST = "VICHE-POLICIES"


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod with an address of its own."""

    namespace: str
    labels: Mapping[str, str]
    address: str
    # numbers of named ports
    ports: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Cluster:
    """What policies are about."""

    pods: Sequence[Pod]
    # labels of namespaces by name
    namespaces: Mapping[str, Mapping[str, str]]
    policies: Sequence[Object]


def read(pods: Sequence[Object], namespaces: Sequence[Object], policies: Sequence[Object]) -> Cluster:
    """From objects of Kubernetes."""
    return Cluster(
        sorted((_pod(each) for each in pods if _has_address(each)), key=lambda pod: pod.address),
        {each["metadata"]["name"]: each["metadata"].get("labels", {}) for each in namespaces},
        policies,
    )


def table(cluster: Cluster) -> str:
    """For `iptables-restore --noflush`: our chains alone."""
    chains: dict[str, list[str]] = {}
    first = ["-m conntrack --ctstate ESTABLISHED,RELATED -j RETURN"]
    directions: tuple[tuple[Direction, str], ...] = (("Egress", "-s"), ("Ingress", "-d"))
    for direction, option in directions:
        for pod in cluster.pods:
            held = [each for each in cluster.policies if _selects(each, pod, direction)]
            if held:
                name = f"VICHE-{direction[0]}-{hashlib.sha256(pod.address.encode()).hexdigest()[:12]}"
                chains[name] = [*_allowed(cluster, held, pod, direction), "-j REJECT"]
                first.append(f"{option} {pod.address} -j {name}")
    chains[FIRST] = first
    heads = [f":{name} - [0:0]" for name in chains]
    return "\n".join(
        ["*filter", *heads, *(f"-A {name} {rule}" for name in chains for rule in chains[name]), "COMMIT\n"]
    )


def _has_address(pod: Object) -> bool:
    is_alive = pod["status"].get("phase") in ("Pending", "Running")
    return is_alive and bool(pod["status"].get("podIP")) and not pod["spec"].get("hostNetwork")


def _pod(pod: Object) -> Pod:
    ports = {
        port["name"]: port["containerPort"]
        for container in pod["spec"]["containers"]
        for port in container.get("ports", [])
        if "name" in port
    }
    metadata = pod["metadata"]
    return Pod(metadata["namespace"], metadata.get("labels", {}), pod["status"]["podIP"], ports)


def _selects(policy: Object, pod: Pod, direction: Direction) -> bool:
    spec = policy["spec"]
    types = spec.get("policyTypes") or ["Ingress", *(["Egress"] if "egress" in spec else [])]
    is_there = policy["metadata"]["namespace"] == pod.namespace and direction in types
    return is_there and matches(spec.get("podSelector", {}), pod.labels)


def matches(selector: Object, labels: Mapping[str, str]) -> bool:
    """Whether a label selector selects these labels; an empty one selects all."""
    if any(labels.get(name) != value for name, value in selector.get("matchLabels", {}).items()):
        return False
    return all(_holds(each, labels) for each in selector.get("matchExpressions", []))


def _holds(expression: Object, labels: Mapping[str, str]) -> bool:
    value, values = labels.get(expression["key"]), expression.get("values", [])
    match expression["operator"]:
        case "In":
            return value in values
        case "NotIn":
            return value not in values
        case "Exists":
            return value is not None
        case _:
            return value is None


def _allowed(cluster: Cluster, policies: Sequence[Object], pod: Pod, direction: Direction) -> Iterator[str]:
    """The rules that let go on, each once."""
    seen: set[str] = set()
    peers, option = ("from", "-s") if direction == "Ingress" else ("to", "-d")
    for policy in policies:
        for rule in policy["spec"].get(direction.lower(), []):
            for address, other in _peers(cluster, policy, rule.get(peers)):
                # a named port is one of the pod that is called
                for port in _ports(rule.get("ports"), pod if direction == "Ingress" else other):
                    line = " ".join(
                        part for part in (f"{option} {address}" if address else "", port, "-j RETURN") if part
                    )
                    if line not in seen:
                        seen.add(line)
                        yield line


def _peers(cluster: Cluster, policy: Object, peers: Sequence[Object] | None) -> Iterator[tuple[str, Pod | None]]:
    """Addresses, with their pods where they are of one; an empty address is anybody."""
    if not peers:
        yield "", None
        return
    for peer in peers:
        if block := peer.get("ipBlock"):
            # exceptions are rejected only where no other rule lets them in, which is what the end of the chain does
            yield from ((part, None) for part in _without(block["cidr"], block.get("except", [])))
            continue
        for pod in cluster.pods:
            if "namespaceSelector" in peer:
                is_there = matches(peer["namespaceSelector"] or {}, cluster.namespaces.get(pod.namespace, {}))
            else:
                is_there = pod.namespace == policy["metadata"]["namespace"]
            if is_there and matches(peer.get("podSelector") or {}, pod.labels):
                yield pod.address, pod


def _without(cidr: str, excepted: Sequence[str]) -> Sequence[str]:
    """The networks that are left of one; pods have no IPv6 here."""
    if ":" in cidr:
        return []
    left = [IPv4Network(cidr)]
    for hole in map(IPv4Network, excepted):
        left = [part for network in left for part in _around(network, hole)]
    return [str(network) for network in left]


def _around(network: IPv4Network, hole: IPv4Network) -> Iterable[IPv4Network]:
    if hole.subnet_of(network):
        return network.address_exclude(hole)
    return [] if network.subnet_of(hole) else [network]


def _ports(ports: Sequence[Object] | None, called: Pod | None) -> Iterator[str]:
    if not ports:
        yield ""
        return
    for port in ports:
        protocol, number = port.get("protocol", "TCP").lower(), port.get("port")
        if isinstance(number, str):
            number = called.ports.get(number) if called else None
            if number is None:
                continue
        last = f":{port['endPort']}" if "endPort" in port else ""
        yield f"-p {protocol}" + (f" --dport {number}{last}" if number is not None else "")
