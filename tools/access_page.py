"""The tables in docs/access.md, written from the matrix of access."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from flask import Flask
from google.protobuf.descriptor import MethodDescriptor
from viche.options.v1 import options_pb2

from tools.access import (
    AUTHORS_ALONE,
    ONLY_THEIRS,
    ROLES,
    VISITORS,
    Place,
    Standing,
    Who,
    at_operation,
    at_page,
    contracts,
    expected,
    kind_of,
    routes,
    rpc_path,
)
from tools.parts import with_part
from viche_chassis.access import DEFAULT_CALLERS, access_of
from viche_gateway.api import OPERATIONS
from viche_gateway.testing import make_world

PAGE = Path(__file__).parents[1] / "docs" / "access.md"


def page_with_tables(page: str) -> str:
    """The page with its tables brought up to date."""
    for name, fresh in (("calls", _calls()), ("pages", _pages(make_world().app())), ("operations", _operations())):
        page = with_part(page, name, fresh)
    return page


def _calls() -> str:
    parts: list[str] = []
    for file in contracts():
        for service in file.services_by_name.values():
            heads = ("call", "callers", "not signed in", "signed in", *ROLES)
            parts += [f"### {service.full_name.removeprefix('viche.')}", _table(heads, map(_call, service.methods))]
    return "\n\n".join(parts)


def _call(method: MethodDescriptor) -> Iterator[str]:
    access = access_of(rpc_path(method))
    assert access is not None, f"{rpc_path(method)} states no access"
    is_open = access.level == options_pb2.LEVEL_ANONYMOUS
    yield f"`{method.name}`"
    yield "anybody" if is_open else ", ".join(access.callers or DEFAULT_CALLERS)
    yield "no" if expected(method, Who(Standing.NOBODY)) else "yes"
    yield _to_signed_in(method, access.level)
    for role in ROLES:
        yield _to_role(method, role, access.level)


def _to_signed_in(method: MethodDescriptor, level: int) -> str:
    if expected(method, Who(Standing.AUTHOR)):
        return "no"
    if level != options_pb2.LEVEL_PERSON:
        return "yes"
    return "own petition" if method.name in AUTHORS_ALONE else "yes"


def _to_role(method: MethodDescriptor, role: str, level: int) -> str:
    if level != options_pb2.LEVEL_OFFICER:
        return _to_signed_in(method, level)
    let_in = {place for place in Place if not expected(method, Who(Standing.HOLDER, role, place))}
    if Place.BESIDE in let_in:
        return "lists theirs" if method.name in ONLY_THEIRS else "yes"
    if Place.OWN in let_in:
        return "theirs"
    return "at all" if let_in else "no"


def _pages(app: Flask) -> str:
    rows = (
        (f"`{rule.rule}`", method, *(str(at_page(kind, rule.endpoint, method, who)) for who in VISITORS))
        for rule in routes(app)
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
        if (kind := kind_of(app, rule))
    )
    return _table(("address", "method", *map(_head, VISITORS)), rows)


def _operations() -> str:
    rows = (
        (f"`{each.path}`", each.method.upper(), *(str(at_operation(each, who)) for who in VISITORS))
        for each in sorted(OPERATIONS, key=lambda each: (each.path, each.method))
    )
    return _table(("address below /api/v1", "method", *map(_head, VISITORS)), rows)


def _head(who: Who) -> str:
    return who.role or str(who.standing)


def _table(heads: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    lines = (heads, ["---"] * len(heads), *rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
