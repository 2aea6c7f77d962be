"""Every page and operation keeps to what is written down of who may do what; calls have a test over real services."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.unit.gateway.acts import deadline
from tests.unit.gateway.test_routes import path_of
from tools.access import (
    ANYWHERE,
    AUTHORS_ALONE,
    CONFIRMED,
    EVERYWHERE,
    ONLY_THEIRS,
    ROLES,
    VISITORS,
    Standing,
    Way,
    Who,
    at_operation,
    at_page,
    is_operation,
    kind_of,
    methods,
    routes,
    rpc_path,
)
from viche_chassis.access import access_of
from viche_gateway.access import Kind
from viche_gateway.api import OPERATIONS
from viche_gateway.api.operations import Operation
from viche_gateway.testing import COUNCIL, TOWN, World, make_world

PARTNER = "https://school.example"
NAMES = {Standing.NOBODY: "", Standing.CITIZEN: "ann", Standing.LONG_AGO: "stale"}
IDS = {"{number}": "700001", "{petition_id}": "018f5c1e-0000-7000-8000-00000000000f"}


def _world() -> World:
    made = make_world()
    made.petitions.add(number=700_001, deadlines=[deadline("answer")])
    made.partners.add(PARTNER)
    return made


WORLD = _world()
APP: Flask = WORLD.app()


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application without tokens in forms, and with everybody who came and went before signed in again."""
    monkeypatch.setitem(APP.config, "WTF_CSRF_ENABLED", False)
    WORLD.identity.people.clear()
    WORLD.identity.add_person("ann", name="Ann Adams", residence_code="R1")
    WORLD.identity.add_person("stale", COUNCIL, TOWN, role="operator")
    WORLD.identity.stale.add("stale")
    for role in ROLES:
        WORLD.identity.add_person(role, COUNCIL, TOWN, role=role)
    return APP


@pytest.mark.parametrize("exceptions", [AUTHORS_ALONE, ONLY_THEIRS, ANYWHERE, EVERYWHERE])
def test_exceptions_are_about_calls_that_there_are(exceptions: dict[str, str]) -> None:
    assert set(exceptions) <= {method.name for method in methods()}


def test_exceptions_exclude_each_other_and_are_for_roles() -> None:
    lists = [set(ONLY_THEIRS), set(ANYWHERE), set(EVERYWHERE)]
    assert sum(map(len, lists)) == len(set.union(*lists))
    for method in methods():
        access = access_of(rpc_path(method))
        assert access is not None
        assert bool(access.roles) or method.name not in set.union(*lists)


def test_every_address_is_classified_or_an_operation() -> None:
    assert [rule.rule for rule in routes(APP) if kind_of(APP, rule) is None] == []
    assert sum(map(is_operation, APP.url_map.iter_rules())) == len(OPERATIONS)


def test_pages_that_want_a_confirmation_are_there() -> None:
    doors = {(rule.endpoint, method) for rule in routes(APP) for method in rule.methods or ()}
    assert doors >= CONFIRMED


@pytest.mark.parametrize("rule", routes(APP), ids=str)
def test_page_lets_in_whom_it_says(app: Flask, rule: Rule) -> None:
    kind = kind_of(app, rule)
    assert kind is not None
    for method in sorted((rule.methods or set()) & {"GET", "POST"}):
        ways = {str(who): _way(_visit(app, rule, method, who, kind)) for who in VISITORS}
        assert ways == {str(who): at_page(kind, rule.endpoint, method, who) for who in VISITORS}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: f"{each.method} {each.path}")
def test_operation_lets_in_whom_it_says(app: Flask, operation: Operation) -> None:
    path = operation.path
    for name, value in IDS.items():
        path = path.replace(name, value)
    ways = {
        str(who): _way(app.test_client().open(f"/api/v1{path}", method=operation.method, headers=_bearer(who), json={}))
        for who in VISITORS
    }
    assert ways == {str(who): at_operation(operation, who) for who in VISITORS}


def _visit(app: Flask, rule: Rule, method: str, who: Who, kind: Kind) -> TestResponse:
    client = app.test_client()
    if (name := _name(who)) and kind is not Kind.API:
        client.set_cookie("viche_session", name)
    path = path_of(rule)
    headers = _bearer(who) if kind is Kind.API else {}
    data = {"request_id": str(uuid4())} if method == "POST" else None
    query = {"origin": PARTNER} if kind is Kind.FRAME else None
    return client.open(path, method=method, headers=headers, data=data, query_string=query)


def _name(who: Who) -> str:
    return who.role or NAMES[who.standing]


def _bearer(who: Who) -> dict[str, str]:
    return {"Authorization": f"Bearer {_name(who)}"} if _name(who) else {}


def _way(answer: TestResponse) -> Way:
    if answer.status_code in (401, 403):
        return Way.REFUSED
    place = answer.headers.get("Location", "")
    if place.startswith("/sign-in?next="):
        return Way.SIGN_IN
    return Way.CONFIRM if place.startswith("/sign-in/again?next=") else Way.IN
