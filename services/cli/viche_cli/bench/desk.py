"""The authority whose posts and inbox are measured, with two officers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from viche.identity.v1 import identity_pb2 as identity
from viche.social.v1 import channels_pb2 as channels

from viche_cli.demo.calls import Stubs, call

WRITER, SECOND = "writer@example.org", "second@example.org"
SLUG, TERRITORY = "town", "UA99000000000000000"


@dataclass(frozen=True, slots=True)
class Desk:
    """Access tokens of who writes and who approves, for one authority."""

    authority_id: str
    writer: str
    second: str

    def connect(self, stubs: Stubs, connector: str, **values: str) -> str:
        """Connects an account; its id."""
        request = channels.ConnectChannelRequest(
            request_id=new(), authority_id=self.authority_id, connector=connector, language="en", values=values
        )
        return call(stubs.channels.ConnectChannel, request, self.writer).channel.id


def open_desk(stubs: Stubs) -> Desk:
    """Makes the authority and its two officers."""
    name = identity.LocalizedText(texts={"en": "Bench"})
    region = identity.PutRegionRequest(
        territories=[identity.Territory(code=TERRITORY, name=name)],
        authorities=[identity.Authority(slug=SLUG, territory_code=TERRITORY, name=name)],
    )
    authority_id = call(stubs.authorities.PutRegion, region).authorities[0].id
    emails = [WRITER, SECOND]
    people = [
        identity.Person(
            email=email, name="Officer", residence_code=TERRITORY, language="en", assurance=identity.ASSURANCE_EMAIL
        )
        for email in emails
    ]
    call(stubs.people.BatchEnsurePeople, identity.BatchEnsurePeopleRequest(people=people))
    for email in emails:
        grant = identity.CreateGrantRequest(request_id=new(), email=email, role="press", authority_slug=SLUG)
        call(stubs.authorities.CreateGrant, grant)
    sessions = call(stubs.people.BatchCreateSessions, identity.BatchCreateSessionsRequest(emails=emails))
    writer, second = (
        call(stubs.sessions.GetSession, identity.GetSessionRequest(session_token=token)).access_token
        for token in sessions.session_tokens
    )
    return Desk(authority_id, writer, second)


def new() -> str:
    """An id of a request."""
    return str(uuid.uuid4())
