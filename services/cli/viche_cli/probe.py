"""A short-lived process of `viche up`: waits until services are healthy and the portal answers, then ends with 0.

Arguments: `NAME=HOST:PORT` for gRPC health, `http://…` for a page. A process of its own, so that gRPC does not stay in
the supervisor's memory.
"""

from __future__ import annotations

import sys
import time
import urllib.error
import urllib.request
from typing import Any

ASK_EVERY_S = 0.05
ASK_WITHIN_S = 2.0


def main(targets: list[str]) -> None:
    """Asks each target in turn until it answers well; the supervisor ends us when that takes too long."""
    for target in targets:
        is_ready = _page_answers if target.startswith("http") else _is_serving
        while not is_ready(target):
            time.sleep(ASK_EVERY_S)
        print(target.partition("=")[0], flush=True)


def _page_answers(url: str) -> bool:
    # no proxy of the environment stands before this machine's own pages
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=ASK_WITHIN_S * 5) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


def _is_serving(target: str) -> bool:
    import grpc
    from grpc_health.v1 import health_pb2, health_pb2_grpc

    address = target.partition("=")[2]
    with grpc.insecure_channel(address, options=[("grpc.enable_http_proxy", 0)]) as channel:
        try:
            stub: Any = health_pb2_grpc.HealthStub(channel)
            answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=ASK_WITHIN_S)
        except grpc.RpcError:
            return False
    return answer.status == health_pb2.HealthCheckResponse.SERVING


if __name__ == "__main__":
    main(sys.argv[1:])
