"""The matrix of access: who may do what, by the contracts, the classes of the routes and the API's table of operations.

``tools.access_page`` writes it down; tests knock at every door as everybody in it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path

from flask import Flask
from google.protobuf.descriptor import FileDescriptor, MethodDescriptor
from viche.options.v1 import options_pb2
from werkzeug.routing import Rule

from viche_chassis.access import DEFAULT_CALLERS, access_of
from viche_gateway.access import Kind
from viche_gateway.api import OPERATIONS
from viche_gateway.api.operations import Caller, Operation

PROTO = Path(__file__).parents[1] / "proto"
AREAS = ("identity", "petitions", "surveys", "social", "notifications")
ROLES = ("press", "moderator", "officer", "operator")
ALLOWED = ""


class Place(StrEnum):
    """Where somebody holds a role, seen from the authority that a call is about."""

    OWN = "own"  # at that authority
    ABOVE = "above"  # at the authority above: the call is about one below theirs
    BESIDE = "beside"  # at another one that is below the same


class Standing(StrEnum):
    """What somebody shows."""

    STRANGER = "a stranger"  # no service's key
    NOBODY = "not signed in"  # through the gateway, not signed in
    CITIZEN = "a citizen"  # signed in
    AUTHOR = "the author"  # signed in, and has started the petition
    LONG_AGO = "signed in long ago"  # holds every role, but must confirm to be there
    HOLDER = "a holder of a role"


@dataclass(frozen=True, slots=True)
class Who:
    """A column of the matrix; ``role`` and ``place`` are those of holders."""

    standing: Standing
    role: str = ""
    place: Place = Place.OWN

    def __str__(self) -> str:
        """For a person."""
        return f"{self.role}, {self.place}" if self.role else str(self.standing)


HOLDERS = tuple(Who(Standing.HOLDER, role, place) for role in ROLES for place in Place)
EVERYBODY = (
    *(Who(standing) for standing in Standing if standing is not Standing.HOLDER),
    *HOLDERS,
)

_NOT_THEIRS = "PETITION_NOT_FOUND"
AUTHORS_ALONE: Mapping[str, str] = {
    "UpdatePetition": _NOT_THEIRS,
    "WithdrawPetition": _NOT_THEIRS,
    "MakeComplaint": _NOT_THEIRS,
    "GetSponsorLink": _NOT_THEIRS,
    "CreateInvitations": _NOT_THEIRS,
    "SetAuthorOrganisation": "TOKEN_REFUSED",
}
"""RPCs about a petition that are for its author alone, with what others are told: not that it exists."""
ONLY_THEIRS = frozenset({
    "ListFailedPetitions", "ListOfficeSurveys", "ListOfficerActions", "ListOrganisations", "ListPartners",
    "ListPauses", "ListRecounts", "ListSubmittedPetitions",
})  # fmt: skip
"""RPCs about no authority: whoever holds the role gets what lies at their own and below."""
ANYWHERE: Mapping[str, str] = {
    "GetReport": "it compares everybody with everybody",
    "ResolveOfficers": "names of officers, for the pseudonyms of a trail that its reader sees already",
    "ListNotices": "what stood on everybody's pages",
    "SimulatePetition": "an imagined petition; the rules of authorities are public",
    "PreviewRename": "nothing is stored, and nothing is read but what was sent",
    "CheckDefinition": "nothing is stored, and nothing is read but what was sent",
    "ReadForm": "nothing is stored, and nothing is read but what was sent",
    "ListConnectors": "which platforms there are says nothing of any authority",
    "FinishConsent": "the round that somebody began says at which authority, and only they can end it",
}
"""RPCs that need no authority, with the reason."""
EVERYWHERE: Mapping[str, str] = {
    "PutNotice": "it stands on everybody's pages",
    "EndNotice": "it stands on everybody's pages",
    "RecountPetitions": "counts of all petitions are read and mended",
    "BatchImportPetitions": "the archive is everybody's",
    "ImportRegister": "registers name everybody's accounts",
    "ImportFigures": "figures of everybody's accounts",
}
"""RPCs that need the role at all authorities, with the reason."""


def contracts() -> Iterator[FileDescriptor]:
    """Every contract of every area, but those of events."""
    for area in AREAS:
        for path in sorted((PROTO / "viche" / area / "v1").glob("*.proto")):
            if path.stem != "events":
                yield import_module(f"viche.{area}.v1.{path.stem}_pb2").DESCRIPTOR


def methods() -> Iterator[MethodDescriptor]:
    """Every RPC."""
    for file in contracts():
        for service in file.services_by_name.values():
            yield from service.methods


def rpc_path(method: MethodDescriptor) -> str:
    """The RPC as calls name it."""
    return f"/{method.containing_service.full_name}/{method.name}"


def area_of(method: MethodDescriptor) -> str:
    """The service that answers it."""
    return method.containing_service.full_name.split(".")[1]


def expected(method: MethodDescriptor, who: Who) -> str:
    """Why the RPC refuses somebody who calls through the gateway; empty where it lets them in."""
    access = access_of(rpc_path(method))
    if access is None:
        return "ACCESS_UNSTATED"
    if access.level == options_pb2.LEVEL_ANONYMOUS:
        return ALLOWED
    if who.standing is Standing.STRANGER:
        return "UNAUTHENTICATED"
    if "gateway" not in (access.callers or DEFAULT_CALLERS):
        return "ACCESS_DENIED"
    if access.level == options_pb2.LEVEL_SERVICE:
        return ALLOWED
    if who.standing is Standing.NOBODY:
        return "UNAUTHENTICATED"
    if access.level == options_pb2.LEVEL_PERSON:
        return ALLOWED if who.standing is Standing.AUTHOR else AUTHORS_ALONE.get(method.name, ALLOWED)
    return _to_holder(method, who) if who.role in access.roles else "ACCESS_DENIED"


def _to_holder(method: MethodDescriptor, who: Who) -> str:
    if method.name in EVERYWHERE:
        is_in = who.place is Place.ABOVE
    else:
        is_in = who.place is not Place.BESIDE or method.name in ONLY_THEIRS or method.name in ANYWHERE
    return ALLOWED if is_in else "NOT_YOUR_AUTHORITY"


class Way(StrEnum):
    """What a page or the API does with a visitor."""

    IN = "in"
    SIGN_IN = "signs in first"
    CONFIRM = "confirms first"
    REFUSED = "refused"


VISITORS = (
    *(Who(standing) for standing in (Standing.NOBODY, Standing.CITIZEN, Standing.LONG_AGO)),
    *(Who(Standing.HOLDER, role) for role in ROLES),
)
"""Of pages and the API: at which authority a role is held is looked at by the services, as the RPCs' tables say."""
CONFIRMED = {("portal.connect_provider", "GET"), ("portal.request_erasure", "POST")}
"""Pages for everybody who is signed in that want a fresh confirmation of those who hold roles."""


def at_page(kind: Kind, endpoint: str, method: str, who: Who) -> Way:
    """What a page of this class does with a visitor."""
    if kind in (Kind.PUBLIC, Kind.FORM, Kind.FRAME, Kind.HOOK):
        return Way.IN
    if who.standing is Standing.NOBODY:
        return Way.REFUSED if kind is Kind.API else Way.SIGN_IN
    if kind in (Kind.PERSON, Kind.API):
        is_stale = who.standing is Standing.LONG_AGO and (endpoint, method) in CONFIRMED
        return Way.CONFIRM if is_stale else Way.IN
    if who.standing is Standing.LONG_AGO:
        return Way.CONFIRM
    is_right = who.role == "operator" if kind is Kind.OPERATOR else bool(who.role)
    return Way.IN if is_right else Way.REFUSED


def at_operation(operation: Operation, who: Who) -> Way:
    """What an operation of the API does with a visitor, who shows a session as a bearer token."""
    is_in = {
        Caller.ANYBODY: True,
        Caller.EITHER: True,
        Caller.PERSON: who.standing is not Standing.NOBODY,
        Caller.OFFICER: bool(who.role),
    }
    return Way.IN if is_in[operation.caller] else Way.REFUSED


def routes(app: Flask) -> list[Rule]:
    """Every address that is no operation of the API."""
    return sorted((rule for rule in app.url_map.iter_rules() if not is_operation(rule)), key=str)


def is_operation(rule: Rule) -> bool:
    """Whether the address is one of the table of operations."""
    return rule.endpoint.removeprefix("api.") in {each.name for each in OPERATIONS} and rule.endpoint[:4] == "api."


def kind_of(app: Flask, rule: Rule) -> Kind | None:
    """The class of a route; None where it states none."""
    return getattr(app.view_functions[rule.endpoint], "kind", None)
