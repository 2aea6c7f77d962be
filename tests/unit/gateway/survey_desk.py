"""A browser that writes surveys in the console."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from tests.unit.gateway.conftest import Browser
from viche_gateway.testing import COUNCIL, World

Browse = Callable[..., Browser]
QUESTION: dict[str, Any] = {
    "name": "transport", "kind": "single", "label": {"en": "How do you travel?"},
    "options": [{"code": "bus", "label": {"en": "By bus"}}, {"code": "foot", "label": {"en": "On foot"}}],
}  # fmt: skip
AGE: dict[str, Any] = {"name": "age", "kind": "number", "label": {"en": "How old are you?"}}


def document(*items: dict[str, Any], **fields: Any) -> dict[str, Any]:
    page = {"name": "page_1", "items": list(items)}
    return {"format": "viche-survey/1", "languages": ["en"], "title": {"en": "Ways"}, "pages": [page], **fields}


def started(world: World, *items: dict[str, Any], **fields: Any) -> str:
    """The path of a draft."""
    return f"/console/surveys/{world.survey_office.add(COUNCIL, document(*items), **fields).survey.id}"


def asked(world: World, path: str) -> Any:
    return world.survey_office.document(path.split("/")[3])


def send(browser: Browser, path: str, **fields: Any) -> Any:
    """Sends the form of the open page with its hidden fields as a browser does."""
    assert browser.page is not None
    hidden = {
        name: html.unescape(value)
        for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', browser.page.text)
    }
    return browser.send(path, **{**hidden, **fields})


def filled(browser: Browser) -> dict[str, str]:
    """What is written in the fields of the open page."""
    assert browser.page is not None
    text = browser.page.text
    areas = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', text)
    inputs = re.findall(r'<input class="govuk-input[^>]* name="([^"]+)"[^>]*? value="([^"]*)"', text)
    return {name: html.unescape(value).strip("\n") for name, value in [*areas, *inputs]}
