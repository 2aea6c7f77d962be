"""The gateway over doubles of the other services, and browsers that remember cookies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from viche_gateway.testing import World, make_world


class Browser:
    """Opens pages and sends forms as a person does, with the hidden fields of the page."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self.page: TestResponse | None = None

    def open(self, path: str, **options: Any) -> TestResponse:
        """Opens a page."""
        self.page = self._client.get(path, **options)
        return self.page

    def send(self, path: str, **fields: str) -> TestResponse:
        """Sends the form of the open page, whose hidden fields come along."""
        assert self.page is not None, "a form stands on a page: open it first"
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', self.page.text))
        self.page = self._client.post(path, data={**hidden, **fields})
        return self.page


@pytest.fixture(scope="session", autouse=True)
def builders_compiled_once() -> Iterator[None]:
    """Keeps what werkzeug compiles of a route for building its addresses: most of the time that an application takes.

    It hangs on the rule alone where there are no defaults (`Rule._compile_builder`); all else is made for each test.
    """
    known: dict[object, Callable[..., tuple[str, str]]] = {}
    compile_builder = Rule._compile_builder

    def compiled(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if rule.defaults:
            return compile_builder(rule, append_unknown)
        key = (rule.rule, tuple(rule._trace), append_unknown)
        if key not in known:
            known[key] = compile_builder(rule, append_unknown)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", compiled)
        yield


@pytest.fixture
def world() -> World:
    """The other services."""
    return make_world()


@pytest.fixture
def app(world: World) -> Flask:
    """The gateway over them."""
    return world.app()


@pytest.fixture
def browse(app: Flask) -> Callable[..., Browser]:
    """A fresh browser; ``who`` is the session of somebody who is signed in."""

    def make(who: str = "") -> Browser:
        client = app.test_client()
        if who:
            client.set_cookie("viche_session", who)
        return Browser(client)

    return make
