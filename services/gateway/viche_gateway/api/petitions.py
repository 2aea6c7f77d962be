"""Petitions over the API: reading, drafting, opening and closing."""

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.errors import NotFound
from viche_gateway.api import petition_shapes, values
from viche_gateway.api.fields import Flag, Sent, Uuid, Whole, choice, text
from viche_gateway.api.operations import Call, Caller, Operation, Reply
from viche_gateway.clients.petitions import Draft, Search
from viche_gateway.context import services, settings
from viche_gateway.counting import shows_territories
from viche_gateway.portal.drafting import TEXT_LIMIT, TITLE_LIMIT, first_signer_token

COUNT_AGE_S = 5
_TEXT_FIELDS = ("title", "background", "details", "authority_id", "author_name")
_DRAFTING = {"TOO_MANY_DRAFTS": 409, "UNKNOWN_AUTHORITY": 400, "REQUEST_MISMATCH": 409, "INVALID_FIELDS": 400}
_MOST_INT32 = 2**31 - 1


class ListQuery(Sent):
    """Which petitions to list."""

    q = text(most=200, load_default=str, metadata={"description": "Words to look for."})
    state = choice(*values.PUBLIC_STATES, load_default=str, metadata={"description": "Only in this state."})
    authority = Uuid(load_default=str, metadata={"description": "Only to the authority of this id.", "format": "uuid"})
    has_answer = choice(
        "true", load_default=str, metadata={"description": "Only those that have an official answer here."}
    )
    order = choice(
        *values.ORDERS,
        load_default=str,
        metadata={"description": "Most recent or most signed first; else the best match when searching."},
    )
    page_size = Whole(least=1, most=100, load_default=20, metadata={"description": "How many on a page."})
    language = text(
        most=16, load_default=str, metadata={"description": "BCP 47 language of the words, for their forms."}
    )
    page_token = text(most=500, load_default=str, metadata={"description": "From the answer before."})


class DraftBody(Sent):
    """A draft. It can be handed in at once."""

    title = text(least=1, most=TITLE_LIMIT, required=True, metadata={"description": "What is asked, in one line."})
    background = text(most=TEXT_LIMIT, load_default=str, metadata={"description": "Why, in plain text."})
    details = text(most=TEXT_LIMIT, load_default=str, metadata={"description": "More, if any."})
    authority_id = Uuid(required=True, metadata={"description": "Whom it is addressed to.", "format": "uuid"})
    author_name = text(most=100, load_default=str, metadata={"description": "The author's name as it will be shown."})
    language = text(least=1, most=16, required=True, metadata={"description": "BCP 47 language of the texts."})
    submit = Flag(load_default=False, metadata={"description": "Hands it in: an officer opens it."})


class DraftChange(Sent):
    """What changes in a draft; what is not named stays."""

    version = Whole(least=0, most=_MOST_INT32, required=True, metadata={"description": "The version that is changed."})
    title = text(least=1, most=TITLE_LIMIT, metadata={"description": "What is asked, in one line."})
    background = text(most=TEXT_LIMIT, metadata={"description": "Why, in plain text."})
    details = text(most=TEXT_LIMIT, metadata={"description": "More, if any."})
    authority_id = Uuid(metadata={"description": "Whom it is addressed to.", "format": "uuid"})
    author_name = text(most=100, metadata={"description": "The author's name as it will be shown."})
    submit = Flag(load_default=False, metadata={"description": "Hands it in."})


def list_petitions(call: Call) -> Reply:
    """Public petitions, page by page."""
    query = call.query
    found = services().petitions.search(
        Search(
            query=query["q"],
            state=values.PUBLIC_STATES.get(query["state"], pb.PETITION_STATE_UNSPECIFIED),
            authority_id=query["authority"],
            has_answer=bool(query["has_answer"]),
            order=values.ORDERS.get(query["order"], pb.PETITION_ORDER_UNSPECIFIED),
            language=query["language"] or settings().default_language,
            page_size=query["page_size"],
            page_token=query["page_token"],
        )
    )
    return Reply(values.page(found))


def get_petition(call: Call, number: int) -> Reply:
    """One petition."""
    found = services().petitions.by_number(number)
    return Reply(values.petition(found), changed_at(found.updated_at))


def get_tally(call: Call, number: int) -> Reply:
    """Its count by territory."""
    found = services().petitions.by_number(number)
    tally = services().petitions.tally(found.id)
    territories = tally.territories if shows_territories(found) else []
    return Reply(
        {
            "number": number,
            "signature_count": tally.signature_count,
            "territories": [values.territory_count(item) for item in territories],
            "channels": [values.channel_count(item) for item in tally.channels],
        }
    )


def get_history(call: Call, number: int) -> Reply:
    """Its count over time."""
    found = services().petitions.by_number(number)
    points = services().petitions.history(found.id)
    return Reply({"number": number, "points": [values.count_point(point) for point in points]})


def create_petition(call: Call) -> Reply:
    """Starts a draft."""
    made = services().petitions.create(call.caller.access_token, call.request_id, Draft(**call.body))
    return Reply(values.petition(made))


def change_petition(call: Call, petition_id: str) -> Reply:
    """Changes a draft of the caller."""
    body = dict(call.body)
    token = call.caller.access_token
    old = next((item for item in services().petitions.mine(token) if item.id == petition_id), None)
    if old is None:
        raise NoSuchPetition()
    old.version = body["version"]
    draft = Draft(
        **{name: body.get(name, getattr(old, name)) for name in _TEXT_FIELDS},
        language=old.language,
        submit=body["submit"],
        scope_token=first_signer_token(call.caller, old) if body["submit"] else "",
    )
    return Reply(values.petition(services().petitions.update(token, call.request_id, old, draft)))


def open_petition(call: Call, petition_id: str) -> Reply:
    """Opens a petition that was handed in."""
    return Reply(values.petition(services().petitions.open(call.caller.access_token, call.request_id, petition_id)))


def close_petition(call: Call, petition_id: str) -> Reply:
    """Closes an open petition before its term."""
    return Reply(values.petition(services().petitions.close(call.caller.access_token, call.request_id, petition_id)))


class NoSuchPetition(NotFound):
    """The caller has no petition of this id."""

    reason = "PETITION_NOT_FOUND"


def changed_at(timestamp: Timestamp) -> datetime | None:
    """The instant for Last-Modified; None when it is not known."""
    return timestamp.ToDatetime(tzinfo=UTC) if timestamp.seconds else None


_ONE = {"tag": "petitions", "answer": petition_shapes.PetitionShape}
_NOT_FOUND = {"PETITION_NOT_FOUND": 404}
_DECIDED = {"NOT_YOUR_AUTHORITY": 403, "REQUEST_MISMATCH": 409, **_NOT_FOUND}

OPERATIONS = (
    Operation(
        method="get",
        path="/petitions",
        run=list_petitions,
        summary="List petitions",
        tag="petitions",
        description="Public petitions, searched, filtered and sorted.",
        query=ListQuery,
        answer=petition_shapes.PetitionPageShape,
        max_age_s=COUNT_AGE_S,
        reasons={"BAD_PAGE_TOKEN": 400},
    ),
    Operation(
        method="get",
        path="/petitions/{number}",
        run=get_petition,
        summary="Get a petition",
        max_age_s=COUNT_AGE_S,
        reasons=_NOT_FOUND,
        **_ONE,
    ),
    Operation(
        method="get",
        path="/petitions/{number}/tally",
        run=get_tally,
        summary="Get a petition's count by territory",
        tag="petitions",
        answer=petition_shapes.TallyShape,
        max_age_s=COUNT_AGE_S,
        reasons=_NOT_FOUND,
    ),
    Operation(
        method="get",
        path="/petitions/{number}/history",
        run=get_history,
        summary="Get a petition's count over time",
        tag="petitions",
        answer=petition_shapes.HistoryShape,
        max_age_s=COUNT_AGE_S,
        reasons=_NOT_FOUND,
    ),
    Operation(
        method="post",
        path="/petitions",
        run=create_petition,
        summary="Start a petition",
        caller=Caller.PERSON,
        body=DraftBody,
        status=201,
        takes_key=True,
        reasons=_DRAFTING,
        **_ONE,
    ),
    Operation(
        method="patch",
        path="/petitions/{petition_id}",
        run=change_petition,
        summary="Change or hand in a draft",
        caller=Caller.PERSON,
        body=DraftChange,
        takes_key=True,
        reasons={"NOT_A_DRAFT": 409, "STALE_VERSION": 409, **_DRAFTING, **_NOT_FOUND},
        **_ONE,
    ),
    Operation(
        method="post",
        path="/petitions/{petition_id}/open",
        run=open_petition,
        summary="Open a petition",
        description="For officers of its authority. It gets its number and its terms.",
        caller=Caller.OFFICER,
        takes_key=True,
        reasons={"NOT_SUBMITTED": 409, "WORKFLOW_NOT_SET_UP": 409, "SETTINGS_MISSING": 409, **_DECIDED},
        **_ONE,
    ),
    Operation(
        method="post",
        path="/petitions/{petition_id}/close",
        run=close_petition,
        summary="Close a petition",
        description="For officers of its authority.",
        caller=Caller.OFFICER,
        takes_key=True,
        reasons={"NOT_OPEN": 409, **_DECIDED},
        **_ONE,
    ),
)
