"""Petitions' double: petitions by id; signatures by e-mail under their token, which is the name that was given."""

from datetime import UTC, datetime, timedelta
from typing import Any

from google.rpc import status_pb2
from viche.petitions.v1 import petitions_pb2 as petitions
from viche.petitions.v1 import petitions_pb2_grpc as petitions_rpc

from viche_chassis.errors import Code, DomainError, InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_chassis.status import to_status
from viche_gateway.testing.channel import access_token, refusal, stamp


class FakePetitions(
    petitions_rpc.PetitionsServiceServicer, petitions_rpc.SignaturesServiceServicer, petitions_rpc.CountsServiceServicer
):
    """What was told to it; ``refusals`` are the errors that signers by name are answered with.

    No officer works for the authorities ``elsewhere``.
    ``updates`` are the changes of drafts that were asked for; ``draft_refusal`` refuses all of them.
    ``rules`` are those of authorities by id; an authority without any has not set its threshold.
    ``simulation`` is what every simulation answers, or fails with.
    """

    def __init__(self) -> None:
        self.petitions: dict[str, petitions.Petition] = {}
        self.authority_id = ""
        self.elsewhere: set[str] = set()
        self.authors: dict[str, str] = {}
        self.updates: list[petitions.UpdatePetitionRequest] = []
        self.draft_refusal: DomainError | None = None
        self.signed: set[tuple[str, str]] = set()
        self.against: set[tuple[str, str]] = set()
        self.history_against: dict[str, list[petitions.CountPoint]] = {}
        self.pending: dict[str, str] = {}
        self.email_signatures: list[petitions.CreateEmailSignatureRequest] = []
        self.refusals: dict[str, DomainError] = {}
        self.history: dict[str, list[petitions.CountPoint]] = {}
        self.tallies: dict[str, list[petitions.TerritoryCount]] = {}
        self.workflows = [workflow()]
        self.in_use = {workflow().name}
        self.rules: dict[str, petitions.GetRulesResponse] = {}
        self.simulation: petitions.SimulatePetitionResponse | DomainError | None = None
        self.networks: list[str] = []
        self.searches: list[petitions.ListPetitionsRequest] = []
        self.most_counted = 1000
        self.simulated: list[petitions.SimulatePetitionRequest] = []

    def add(self, **fields: Any) -> petitions.Petition:
        """A petition, by default an open one with one threshold at 1,000."""
        now = datetime.now(UTC)
        values: dict[str, Any] = {
            "id": str(new_id()),
            "number": 700_001 + len(self.petitions),
            "title": "Plant trees on Market Square",
            "background": "In summer the square is too hot to cross.",
            "language": "en",
            "authority_id": self.authority_id,
            "state": petitions.PETITION_STATE_OPEN,
            "author_name": "Olena Koval",
            "created_at": stamp(now - timedelta(days=20)),
            "opened_at": stamp(now - timedelta(days=12)),
            "closes_at": stamp(now + timedelta(days=33)),
            "updated_at": stamp(now),
            "version": 1,
            "terms": terms(1000),
        }
        petition = petitions.Petition(**(values | fields))
        self.petitions[petition.id] = petition
        return petition

    async def GetPetition(self, request: Any, context: Any) -> Any:
        for petition in self.petitions.values():
            is_public = petition.number and petition.number == request.number
            if petition.id == request.petition_id or is_public:
                return petitions.GetPetitionResponse(petition=petition)
        raise refusal(Code.NOT_FOUND, "PETITION_NOT_FOUND")

    async def GetCase(self, request: Any, context: Any) -> Any:
        petition = self.found(request.petition_id)
        if petition.state == petitions.PETITION_STATE_DRAFT:
            raise refusal(Code.NOT_FOUND, "PETITION_NOT_FOUND")
        if petition.authority_id in self.elsewhere:
            raise refusal(Code.PERMISSION_DENIED, "NOT_YOUR_AUTHORITY")
        return petitions.GetCaseResponse(petition=petition)

    def found(self, petition_id: str) -> petitions.Petition:
        if petition_id not in self.petitions:
            raise refusal(Code.NOT_FOUND, "PETITION_NOT_FOUND")
        return self.petitions[petition_id]

    async def ListPetitions(self, request: Any, context: Any) -> Any:
        self.searches.append(request)
        found = [petition for petition in self.petitions.values() if petition.number and _matches(petition, request)]
        if request.order == petitions.PETITION_ORDER_COUNT:
            found.sort(key=lambda petition: -petition.signature_count)
        page = found[request.skip : request.skip + (request.page_size or 20)]
        total = min(len(found), self.most_counted) if request.query else len(found)
        return petitions.ListPetitionsResponse(petitions=page, total_size=total, total_is_at_least=total < len(found))

    async def ListMyPetitions(self, request: Any, context: Any) -> Any:
        mine = [petition for key, petition in self.petitions.items() if self.authors.get(key) == access_token()]
        return petitions.ListMyPetitionsResponse(petitions=mine)

    async def CreatePetition(self, request: Any, context: Any) -> Any:
        if len(request.title) < 10:
            raise InvalidFields(invalid("title", "TOO_SHORT", limit=10))
        draft = self.add(number=0, state=petitions.PETITION_STATE_DRAFT, terms=None, opened_at=None, closes_at=None)
        self.authors[draft.id] = access_token()
        return petitions.CreatePetitionResponse(petition=self._write(draft, request))

    async def UpdatePetition(self, request: Any, context: Any) -> Any:
        draft = self.found(request.petition_id)
        self.updates.append(request)
        if self.draft_refusal is not None:
            raise self.draft_refusal
        if draft.version != request.version:
            raise refusal(Code.ABORTED, "STALE_VERSION")
        return petitions.UpdatePetitionResponse(petition=self._write(draft, request))

    def _write(self, draft: petitions.Petition, request: Any) -> petitions.Petition:
        for field in ("title", "background", "details", "authority_id", "author_name"):
            setattr(draft, field, getattr(request, field))
        if request.author_kind:
            said = petitions.PetitionAuthor(kind=request.author_kind, organisation=request.organisation)
            draft.author.CopyFrom(said)
            draft.committee.CopyFrom(request.committee)
        draft.version += 1
        if request.submit:
            draft.state = petitions.PETITION_STATE_SUBMITTED
        return draft

    async def OpenPetition(self, request: Any, context: Any) -> Any:
        petition = self.found(request.petition_id)
        petition.state = petitions.PETITION_STATE_OPEN
        petition.number = 700_001 + len(self.petitions)
        return petitions.OpenPetitionResponse(petition=petition)

    async def ClosePetition(self, request: Any, context: Any) -> Any:
        petition = self.found(request.petition_id)
        petition.state = petitions.PETITION_STATE_CLOSED
        return petitions.ClosePetitionResponse(petition=petition)

    async def ListWorkflows(self, request: Any, context: Any) -> Any:
        found = [each for each in self.workflows if each.name in self.in_use or not request.in_use]
        return petitions.ListWorkflowsResponse(workflows=found)

    async def GetRules(self, request: Any, context: Any) -> Any:
        named = {each.name: each for each in self.workflows}
        found = named.get(request.workflow or self.workflows[0].name)
        if found is None:
            raise refusal(Code.NOT_FOUND, "UNKNOWN_WORKFLOW")
        unset = petitions.GetRulesResponse(workflow=found, missing=["threshold"])
        return self.rules.get(request.authority_id, unset)

    async def SimulatePetition(self, request: Any, context: Any) -> Any:
        self.simulated.append(request)
        if isinstance(self.simulation, DomainError):
            raise self.simulation
        return self.simulation or petitions.SimulatePetitionResponse(terms=terms(1000), workflow=workflow())

    async def BatchCreateSignatures(self, request: Any, context: Any) -> Any:
        return petitions.BatchCreateSignaturesResponse(results=[self._sign(item) for item in request.items])

    def _sign(self, item: petitions.SignatureItem) -> petitions.SignatureResult:
        self.networks.append(item.network)
        signer = item.scope_token.split()[0]
        error = self.refusals.get(signer)
        is_named = item.scope_token.endswith(" named")
        if self.petitions[item.petition_id].terms.signers_shown == "names" and not (is_named or item.is_against):
            error = refusal(Code.FAILED_PRECONDITION, "NAME_NEEDED")
        if (item.petition_id, signer) in self.signed:
            error = refusal(Code.ALREADY_EXISTS, "ALREADY_SIGNED")
        if error:
            return petitions.SignatureResult(status=to_status(error))
        if item.is_against:
            self.against.add((item.petition_id, signer))
            self.petitions[item.petition_id].votes_against += 1
        else:
            self.petitions[item.petition_id].signature_count += 1
        self.signed.add((item.petition_id, signer))
        return petitions.SignatureResult(status=status_pb2.Status(), signature_id=str(new_id()))

    async def CreateEmailSignature(self, request: Any, context: Any) -> Any:
        if "@" not in request.email:
            raise refusal(Code.INVALID_ARGUMENT, "BAD_EMAIL")
        self.pending[request.name] = request.petition_id
        self.email_signatures.append(request)
        return petitions.CreateEmailSignatureResponse()

    async def GetEmailSignature(self, request: Any, context: Any) -> Any:
        petition = self._pending(request.token)
        is_confirmed = (petition.id, request.token) in self.signed
        return petitions.GetEmailSignatureResponse(
            petition=petition,
            name=request.token,
            is_confirmed=is_confirmed,
            is_against=self._is_against(request.token),
            shown="" if is_confirmed else self._shown(request.token),
        )

    async def ConfirmEmailSignature(self, request: Any, context: Any) -> Any:
        petition = self._pending(request.token)
        if request.shown and request.shown != self._shown(request.token):
            raise refusal(Code.ABORTED, "PENDING_CHANGED")
        self.signed.add((petition.id, request.token))
        if self._is_against(request.token):
            petition.votes_against += 1
        else:
            petition.signature_count += 1
        return petitions.ConfirmEmailSignatureResponse(signature_id=str(new_id()), petition=petition)

    def _shown(self, name: str) -> str:
        return "against" if self._is_against(name) else "for"

    def _is_against(self, name: str) -> bool:
        return any(each.is_against for each in self.email_signatures if each.name == name)

    def _pending(self, token: str) -> petitions.Petition:
        if token not in self.pending:
            raise refusal(Code.NOT_FOUND, "LINK_UNKNOWN")
        return self.petitions[self.pending[token]]

    async def GetMySignature(self, request: Any, context: Any) -> Any:
        signer = request.scope_token.split()[0]
        key = (request.petition_id, signer)
        return petitions.GetMySignatureResponse(signed=key in self.signed, is_against=key in self.against)

    async def GetTally(self, request: Any, context: Any) -> Any:
        tallies = {} if request.is_against else self.tallies
        return petitions.GetTallyResponse(territories=tallies.get(request.petition_id, []))

    async def GetCountHistory(self, request: Any, context: Any) -> Any:
        history = self.history_against if request.is_against else self.history
        return petitions.GetCountHistoryResponse(points=history.get(request.petition_id, []))


def workflow() -> petitions.Workflow:
    """A workflow that asks for a threshold."""

    def text(english: str) -> petitions.LocalizedText:
        return petitions.LocalizedText(texts={"en": english})

    threshold = petitions.WorkflowSetting(
        name="threshold",
        kind="int",
        title=text("Signatures needed"),
        help=text("See the charter."),
        minimum=1,
        maximum=9,
    )
    return petitions.Workflow(
        name="petition-local", version="1", title=text("Petitions to local authorities"), settings=[threshold]
    )


def terms(*thresholds: int, territory_code: str = "") -> petitions.Terms:
    """Terms with an answer at each of ``thresholds``."""
    effect = petitions.LocalizedText(
        texts={
            "en": "The council has to answer within 10 working days.",
            "uk": "Рада має відповісти за 10 робочих днів.",
        }
    )
    return petitions.Terms(
        workflow="petition-local",
        workflow_version="1",
        thresholds=[petitions.Threshold(name=f"at-{n}", signatures=n, effect=effect) for n in thresholds],
        min_assurance="email",
        territory_code=territory_code,
        signatures_per_mailbox=2,
        open_days=45,
    )


def _matches(petition: petitions.Petition, request: petitions.ListPetitionsRequest) -> bool:
    in_state = not request.state or petition.state in (request.state, *request.more_states)
    in_origin = not request.origin or petition.is_archived == (request.origin == petitions.PETITION_ORIGIN_ARCHIVED)
    in_authority = not request.authority_id or petition.authority_id in (
        request.authority_id,
        *request.more_authority_ids,
    )
    is_answered = bool(petition.answers) or not request.has_answer
    return (
        in_state
        and in_origin
        and in_authority
        and is_answered
        and request.query.casefold() in petition.title.casefold()
    )
