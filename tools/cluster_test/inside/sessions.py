"""Makes people who live at a place and opens a session for each, as the command line may in a trial; in its pod.

python sessions.py PREFIX NUMBER RESIDENCE
"""

import json
import sys

from viche.identity.v1 import identity_pb2 as identity
from viche.identity.v1 import identity_pb2_grpc

from viche_cli.instance import connect

BATCH = 200
WITHIN_S = 60.0


def main(prefix: str, number: int, residence: str) -> None:
    """Prints the session tokens as a list."""
    emails = [f"{prefix}{index:05}@example.org" for index in range(number)]
    tokens: list[str] = []
    with connect().channel("identity") as channel:
        stub = identity_pb2_grpc.PeopleServiceStub(channel)
        for start in range(0, number, BATCH):
            some = emails[start : start + BATCH]
            people = [
                identity.Person(
                    email=email,
                    name="Citizen",
                    residence_code=residence,
                    language="en",
                    assurance=identity.ASSURANCE_EMAIL,
                )
                for email in some
            ]
            stub.BatchEnsurePeople(identity.BatchEnsurePeopleRequest(people=people), timeout=WITHIN_S)
            opened = stub.BatchCreateSessions(identity.BatchCreateSessionsRequest(emails=some), timeout=WITHIN_S)
            tokens += opened.session_tokens
    print(json.dumps(tokens))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
