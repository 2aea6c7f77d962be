"""Everything that the services keep of a person, as plain values."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from viche.identity.v1 import identity_pb2, identity_pb2_grpc
from viche.notifications.v1 import privacy_pb2 as notifications_pb
from viche.notifications.v1 import privacy_pb2_grpc as notifications_rpc
from viche.petitions.v1 import privacy_pb2 as petitions_pb
from viche.petitions.v1 import privacy_pb2_grpc as petitions_rpc
from viche.surveys.v1 import answers_pb2, participation_pb2

from viche_gateway.clients.audience import LIST_SCOPE, SCOPE, Audience
from viche_gateway.clients.behalf import Behalf
from viche_gateway.clients.calls import call
from viche_gateway.clients.identity import Identity
from viche_gateway.clients.organisations import Organisations
from viche_gateway.clients.participation import Participation, scope_tokens
from viche_gateway.clients.petitions import Petitions
from viche_gateway.clients.public_events import PublicEvents

Record = Mapping[str, Any]
PETITIONS = "petitions"


@dataclass(frozen=True, slots=True)
class Everything:
    """What is kept, by kind; each record holds the fields of a message by name."""

    person: Sequence[Record]
    sessions: Sequence[Record]
    passkeys: Sequence[Record]
    organisations: Sequence[Record]
    connections: Sequence[Record]
    petitions: Sequence[Record]
    signatures: Sequence[Record]
    written_for_me: Sequence[Record]
    answers: Sequence[Record]
    answers_begun: Sequence[Record]
    events: Sequence[Record]
    followed: Sequence[Record]
    messages: Sequence[Record]
    stopped: Sequence[Record]
    returned: Sequence[Record]


class Collector:
    """Asks every service, over the channels of the services by their names."""

    def __init__(self, channels: Mapping[str, grpc.Channel]) -> None:
        self._identity = Identity(channels["identity"])
        self._tokens = identity_pb2_grpc.ScopeTokensServiceStub(channels["identity"])
        self._organisations = Organisations(channels)
        self._behalf = Behalf(channels)
        self._participation = Participation(channels["identity"], channels["surveys"])
        self._events = PublicEvents(channels["identity"], channels["social"])
        self._petitions = Petitions(channels["petitions"])
        self._audience = Audience(channels["petitions"])
        self._own = petitions_rpc.PrivacyServiceStub(channels["petitions"])
        self._mails = notifications_rpc.PrivacyServiceStub(channels["notifications"])

    def collect(self, person: identity_pb2.Person, access_token: str) -> Everything:
        """Everything; it takes a call for every thousand petitions that there are."""
        mails = self._messages(person.email)
        answers, begun = self._participation.mine(access_token)
        return Everything(
            person=[_record(person)],
            sessions=[_record(each) for each in self._identity.my_sessions(access_token)],
            connections=[_record(each) for each in self._identity.providers.mine(access_token).connections],
            organisations=[_record(each) for each in self._organisations.mine(access_token)],
            passkeys=[_record(each) for each in self._identity.passkeys.mine(access_token)],
            petitions=[_record(each) for each in self._petitions.mine(access_token)],
            signatures=[_record(each) for each in self._signatures(access_token)],
            written_for_me=[_record(each) for each in self._behalf.mine(access_token)],
            answers=[_answered(each) for each in answers],
            answers_begun=[_begun(each) for each in begun],
            events=[_record(each) for each in self._events.mine(access_token)],
            followed=[_record(each) for each in self._followed(access_token)],
            messages=[_record(each) for each in mails.messages],
            stopped=[{"subject": each} for each in mails.stopped_subjects],
            returned=[_record(each) for each in mails.bounces],
        )

    def _messages(self, email: str) -> notifications_pb.ListMyMessagesResponse:
        """The person's mails; those whom a provider has named without an address get none."""
        if not email:
            return notifications_pb.ListMyMessagesResponse()
        return call(self._mails.ListMyMessages, notifications_pb.ListMyMessagesRequest(email=email))

    def _signatures(self, access_token: str) -> Iterator[petitions_pb.MySignature]:
        after = ""
        while ids := call(self._own.ListPetitionIds, petitions_pb.ListPetitionIdsRequest(after_id=after)).petition_ids:
            pairs = zip(ids, scope_tokens(self._tokens, access_token, ids, PETITIONS, SCOPE.format), strict=True)
            items = [petitions_pb.SignedBy(petition_id=id, scope_token=token) for id, token in pairs]
            yield from call(self._own.ListMySignatures, petitions_pb.ListMySignaturesRequest(items=items)).signatures
            after = ids[-1]

    def _followed(self, access_token: str) -> Iterator[Message]:
        list_token = self._identity.scope_token(access_token, PETITIONS, LIST_SCOPE)
        page, next_token = self._audience.followings(list_token)
        yield from page
        while next_token:
            page, next_token = self._audience.followings(list_token, next_token)
            yield from page


def _answered(answer: answers_pb2.MyResponse) -> Record:
    """An answer with what was said in it, not as JSON within JSON."""
    record = {name: value for name, value in _record(answer).items() if name not in ("answers_json", "shows_results")}
    return {**record, "answers": json.loads(answer.answers_json)}


def _begun(draft: participation_pb2.MyDraft) -> Record:
    """The same of a draft, without the secret of its link: who signs in finds it."""
    record = {name: value for name, value in _record(draft).items() if name not in ("fields_json", "token")}
    return {**record, "fields": json.loads(draft.fields_json)}


def _record(message: Message) -> Record:
    return MessageToDict(message, preserving_proto_field_name=True)
