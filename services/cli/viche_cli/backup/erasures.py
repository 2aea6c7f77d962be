"""Erasures of persons, kept apart from backups: a restored instance does them again before anybody gets in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from viche_cli.faults import Fault
from viche_cli.home import write_private

if TYPE_CHECKING:
    from viche.identity.v1 import privacy_pb2

BESIDE = "erasures.jsonl"
AT_ONCE = 1_000
LIST_WITHIN_S, REPLAY_WITHIN_S = 60.0, 600.0


def fetch(channel: Any) -> Iterator[privacy_pb2.Erasure]:
    """All that identity has done. Raises grpc.RpcError."""
    from viche.identity.v1 import privacy_pb2, privacy_pb2_grpc

    stub = privacy_pb2_grpc.PrivacyServiceStub(channel)
    request = privacy_pb2.ListErasuresRequest()
    while True:
        answer = stub.ListErasures(request, timeout=LIST_WITHIN_S)
        yield from answer.erasures
        if not answer.next_page_token:
            return
        request.page_token = answer.next_page_token


def replay(channel: Any, erasures: Iterable[privacy_pb2.Erasure]) -> int:
    """Erases those again who are back; gives how many there were. Raises grpc.RpcError."""
    from viche.identity.v1 import privacy_pb2, privacy_pb2_grpc

    stub = privacy_pb2_grpc.PrivacyServiceStub(channel)
    done = list(erasures)
    batches = (done[start : start + AT_ONCE] for start in range(0, len(done), AT_ONCE))
    requests = (privacy_pb2.ReplayErasuresRequest(erasures=batch) for batch in batches)
    return sum(stub.ReplayErasures(request, timeout=REPLAY_WITHIN_S).erased for request in requests)


def keep(path: Path, erasures: Iterable[privacy_pb2.Erasure]) -> int:
    """Adds those that the file does not have yet, one JSON object a line; gives how many it has then.

    What is in the file stays, since the instance may be one that was restored and does not know them. Raises Fault.
    """
    known = {each.person_hash: each for each in read(path)} if path.exists() else {}
    known |= {each.person_hash: each for each in erasures}
    write_private(path, "".join(_line(each) for each in known.values()))
    return len(known)


def read(path: Path) -> list[privacy_pb2.Erasure]:
    """What a file has. Raises Fault."""
    from viche.identity.v1 import privacy_pb2

    found: list[privacy_pb2.Erasure] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            said = json.loads(line)
            erasure = privacy_pb2.Erasure(
                person_hash=bytes.fromhex(said["person_hash"]), hides_name=bool(said["hides_name"])
            )
            erasure.erased_at.FromJsonString(said["erased_at"])
        except (ValueError, KeyError, TypeError) as error:
            raise Fault(f"{path}, line {number}, is no erasure: take another copy of the file.") from error
        found.append(erasure)
    return found


def _line(erasure: privacy_pb2.Erasure) -> str:
    said = {
        "person_hash": erasure.person_hash.hex(),
        "erased_at": erasure.erased_at.ToJsonString(),
        "hides_name": erasure.hides_name,
    }
    return json.dumps(said) + "\n"
