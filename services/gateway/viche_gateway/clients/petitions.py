"""Calls to petitions: reading, writing, signing, counting."""

from collections.abc import Sequence
from dataclasses import dataclass

import grpc
from viche.petitions.v1 import petitions_pb2 as pb
from viche.petitions.v1 import petitions_pb2_grpc as rpc

from viche_gateway.clients.calls import call

_MOST_IDS = 50_000


@dataclass(frozen=True, slots=True)
class Search:
    """Which petitions to list; ``skip`` rows are left out at the front."""

    query: str = ""
    state: int = pb.PETITION_STATE_UNSPECIFIED
    authority_id: str = ""
    order: int = pb.PETITION_ORDER_UNSPECIFIED
    language: str = ""
    page_size: int = 20
    skip: int = 0
    page_token: str = ""
    origin: int = pb.PETITION_ORIGIN_UNSPECIFIED
    has_answer: bool = False
    more_authority_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Author:
    """Who starts a petition; of organisation and committee the service keeps what belongs to the kind."""

    kind: int
    organisation: pb.Organisation
    committee: pb.InitiativeCommittee


@dataclass(frozen=True, slots=True)
class Draft:
    """What an author writes. ``submit`` hands it in.

    ``author`` is None where what was said of them stays; ``scope_token`` lets them count as the first signer.
    """

    title: str
    background: str
    details: str
    authority_id: str
    author_name: str
    language: str
    submit: bool = False
    author: Author | None = None
    scope_token: str = ""


@dataclass(frozen=True, slots=True)
class EmailSignature:
    """A signature by e-mail, before its confirmation; ``network`` is the address block that asks."""

    request_id: str
    petition_id: str
    email: str
    name: str
    residence_code: str
    language: str
    network: str
    human_checked: bool
    is_against: bool = False


class Petitions:
    """The petitions service over one channel."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._petitions = rpc.PetitionsServiceStub(channel)
        self._signatures = rpc.SignaturesServiceStub(channel)
        self._counts = rpc.CountsServiceStub(channel)
        self._ids: dict[int, str] = {}

    def by_number(self, number: int) -> pb.Petition:
        """A public petition."""
        return call(self._petitions.GetPetition, pb.GetPetitionRequest(number=number)).petition

    def id_of(self, number: int) -> str:
        """The id of a public petition. It never changes, so it is asked for once."""
        known = self._ids.get(number)
        if known is None:
            known = self.by_number(number).id
            if len(self._ids) >= _MOST_IDS:
                self._ids.clear()
            self._ids[number] = known
        return known

    def by_id(self, petition_id: str) -> pb.Petition:
        """Any petition, drafts too: the caller checks who may see it."""
        return call(self._petitions.GetPetition, pb.GetPetitionRequest(petition_id=petition_id)).petition

    def case(self, access_token: str, petition_id: str) -> pb.Petition:
        """A petition as the officers of its authority see it, with what is theirs alone."""
        return call(self._petitions.GetCase, pb.GetCaseRequest(petition_id=petition_id), access_token).petition

    def search(self, search: Search) -> pb.ListPetitionsResponse:
        """A page of public petitions."""
        request = pb.ListPetitionsRequest(
            page_size=search.page_size,
            page_token=search.page_token,
            query=search.query,
            state=search.state,  # pyright: ignore[reportArgumentType]
            authority_id=search.authority_id,
            order=search.order,  # pyright: ignore[reportArgumentType]
            language=search.language,
            skip=search.skip,
            origin=search.origin,  # pyright: ignore[reportArgumentType]
            has_answer=search.has_answer,
            more_authority_ids=search.more_authority_ids,
        )
        return call(self._petitions.ListPetitions, request)

    def mine(self, access_token: str) -> Sequence[pb.Petition]:
        """Drafts and petitions of the person."""
        return call(self._petitions.ListMyPetitions, pb.ListMyPetitionsRequest(), access_token).petitions

    def create(self, access_token: str, request_id: str, draft: Draft) -> pb.Petition:
        """Starts a draft."""
        request = pb.CreatePetitionRequest(
            request_id=request_id,
            title=draft.title,
            background=draft.background,
            details=draft.details,
            language=draft.language,
            authority_id=draft.authority_id,
            author_name=draft.author_name,
            submit=draft.submit,
        )
        return call(self._petitions.CreatePetition, request, access_token).petition

    def update(self, access_token: str, request_id: str, petition: pb.Petition, draft: Draft) -> pb.Petition:
        """Replaces the texts of a draft."""
        request = pb.UpdatePetitionRequest(
            request_id=request_id,
            petition_id=petition.id,
            version=petition.version,
            title=draft.title,
            background=draft.background,
            details=draft.details,
            authority_id=draft.authority_id,
            author_name=draft.author_name,
            submit=draft.submit,
            scope_token=draft.scope_token,
        )
        if draft.author is not None:
            request.author_kind = draft.author.kind  # pyright: ignore[reportAttributeAccessIssue]
            request.organisation.CopyFrom(draft.author.organisation)
            request.committee.CopyFrom(draft.author.committee)
        return call(self._petitions.UpdatePetition, request, access_token).petition

    def open(self, access_token: str, request_id: str, petition_id: str) -> pb.Petition:
        """Opens a submitted petition."""
        request = pb.OpenPetitionRequest(request_id=request_id, petition_id=petition_id)
        return call(self._petitions.OpenPetition, request, access_token).petition

    def close(self, access_token: str, request_id: str, petition_id: str) -> pb.Petition:
        """Closes an open petition before its term."""
        request = pb.ClosePetitionRequest(request_id=request_id, petition_id=petition_id)
        return call(self._petitions.ClosePetition, request, access_token).petition

    def sign_by_email(self, signature: EmailSignature) -> None:
        """Begins a signature that a mail asks to confirm."""
        request = pb.CreateEmailSignatureRequest(
            request_id=signature.request_id,
            petition_id=signature.petition_id,
            email=signature.email,
            name=signature.name,
            residence_code=signature.residence_code,
            language=signature.language,
            network=signature.network,
            human_checked=signature.human_checked,
            is_against=signature.is_against,
        )
        call(self._signatures.CreateEmailSignature, request)

    def email_signature(self, token: str) -> pb.GetEmailSignatureResponse:
        """What a confirmation link is for."""
        return call(self._signatures.GetEmailSignature, pb.GetEmailSignatureRequest(token=token))

    def confirm(self, token: str, shown: str = "") -> pb.ConfirmEmailSignatureResponse:
        """Confirms a signature by e-mail.

        Args:
            shown: stands for what a person was shown; empty where a program confirms what waits now.
        """
        request = pb.ConfirmEmailSignatureRequest(token=token, shown=shown)
        return call(self._signatures.ConfirmEmailSignature, request)

    def my_signature(self, petition_id: str, scope_token: str) -> pb.GetMySignatureResponse:
        """Whether the holder of the scope token has signed."""
        request = pb.GetMySignatureRequest(petition_id=petition_id, scope_token=scope_token)
        return call(self._signatures.GetMySignature, request)

    def tally(self, petition_id: str, *, is_against: bool = False) -> pb.GetTallyResponse:
        """Counts by territory, of signatures or of votes against."""
        return call(self._counts.GetTally, pb.GetTallyRequest(petition_id=petition_id, is_against=is_against))

    def history(
        self, petition_id: str, *, is_coarse: bool = False, is_against: bool = False
    ) -> Sequence[pb.CountPoint]:  # fmt: skip
        """The count over time, of signatures or of votes against; a coarse one is enough for a picture."""
        request = pb.GetCountHistoryRequest(petition_id=petition_id, is_coarse=is_coarse, is_against=is_against)
        return call(self._counts.GetCountHistory, request).points

    def workflows(self, *, in_use: bool = False) -> Sequence[pb.Workflow]:
        """Workflows of this instance; with ``in_use`` only those that an authority has set up."""
        return call(self._petitions.ListWorkflows, pb.ListWorkflowsRequest(in_use=in_use)).workflows

    def rules(self, authority_id: str, workflow: str = "") -> pb.GetRulesResponse:
        """The rules of an authority for petitions that open now."""
        return call(self._petitions.GetRules, pb.GetRulesRequest(authority_id=authority_id, workflow=workflow))

    def simulate(self, access_token: str, request: pb.SimulatePetitionRequest) -> pb.SimulatePetitionResponse:
        """What would become of an imagined petition."""
        return call(self._petitions.SimulatePetition, request, access_token)
