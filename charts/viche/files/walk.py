"""What `helm test` runs: each service is healthy, the portal answers and shows its first page at its own address.

It asks again for VICHE_WAIT_S seconds: networks open the ways of a new pod a moment after it has started.
"""

import os
import socket
import sys
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

SERVICES = ("identity", "petitions", "surveys", "social", "notifications")


def main() -> int:
    """Looks at everything and says it, a line each; gives 1 where something is wrong."""
    until = time.monotonic() + float(os.environ.get("VICHE_WAIT_S", "0"))
    while any(faults := _faults()) and time.monotonic() < until:
        time.sleep(1)
    for name, fault in zip((*SERVICES, "gateway", "first page"), faults, strict=True):
        print(f"{name}: {fault or 'ok'}")
    return 1 if any(faults) else 0


def _faults() -> list[str]:
    gateway = os.environ["VICHE_GATEWAY"]
    portal = urlsplit(os.environ["VICHE_PUBLIC_URL"]).netloc
    services = [_fault_of_service(os.environ[f"VICHE_{name.upper()}_ADDRESS"]) for name in SERVICES]
    return [*services, _fault_of_page(gateway, "/health/ready", portal), _fault_of_page(gateway, "/", portal)]


def _fault_of_service(address: str) -> str:
    """Asks every pod of a service; gives what is wrong."""
    host, _, port = address.removeprefix("dns:///").rpartition(":")
    try:
        found = {str(each[4][0]) for each in socket.getaddrinfo(host, int(port), proto=socket.IPPROTO_TCP)}
    except OSError as error:
        return f"no pod is ready at {host} ({error})"
    return ", ".join(filter(None, (_fault_of_pod(f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}") for ip in found)))


def _fault_of_pod(address: str) -> str:
    with grpc.insecure_channel(address) as channel:
        try:
            stub: Any = health_pb2_grpc.HealthStub(channel)
            answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=10)
        except grpc.RpcError as error:
            return f"{address} does not answer: {error.code().name}"
    is_serving = answer.status == health_pb2.HealthCheckResponse.SERVING
    return "" if is_serving else f"{address} says that it does not serve"


def _fault_of_page(gateway: str, path: str, host: str) -> str:
    request = urllib.request.Request(gateway + path, headers={"Host": host})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return "" if answer.read() else "the page is empty"
    except urllib.error.HTTPError as error:
        return f"{path} answers {error.code}"
    except OSError as error:
        return f"{path} does not answer: {error}"


if __name__ == "__main__":
    sys.exit(main())
