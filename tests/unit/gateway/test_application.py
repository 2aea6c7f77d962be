"""What the application takes for granted on each request holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from inspect import iscoroutinefunction
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface


def functions_of(app: Flask) -> Iterator[Callable[..., Any]]:
    yield from app.view_functions.values()
    by_blueprint: tuple[Mapping[str | None, list[Callable[..., Any]]], ...] = (
        app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs,
    )  # fmt: skip
    for hooks in by_blueprint:
        for functions in hooks.values():
            yield from functions
    for by_code in app.error_handler_spec.values():
        for handlers in by_code.values():
            yield from handlers.values()


def test_no_view_and_no_hook_is_a_coroutine(app: Flask) -> None:
    found = list(functions_of(app))

    assert len(found) > 100
    assert [function for function in found if iscoroutinefunction(function)] == []


def test_a_form_cookie_is_the_one_that_flask_signs(app: Flask) -> None:
    theirs = SecureCookieSessionInterface().get_signing_serializer(app)
    ours = app.session_interface.get_signing_serializer(app)  # pyright: ignore[reportAttributeAccessIssue]

    assert theirs is not None
    assert ours.loads(theirs.dumps({"csrf_token": "x"})) == {"csrf_token": "x"}
    assert ours is app.session_interface.get_signing_serializer(app)  # pyright: ignore[reportAttributeAccessIssue]
