"""Everything about me: a file with what every service keeps, to read and to take along."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from viche.notifications.v1 import bounces_pb2 as bounces
from viche.notifications.v1 import privacy_pb2 as notifications
from viche.petitions.v1 import privacy_pb2 as petitions

from tests.unit.gateway.conftest import Browser
from viche_gateway.testing import World

Browse = Callable[..., Browser]


def downloaded(browser: Browser) -> dict[str, str]:
    """The files of the archive."""
    browser.open("/me/everything")
    answer = browser.send("/me/everything")
    assert answer.content_type == "application/zip"
    assert "attachment" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def read(files: dict[str, str], name: str) -> list[dict[str, Any]]:
    return json.loads(files[f"{name}.json"])


def test_the_file_holds_what_every_service_keeps(browse: Browse, world: World) -> None:
    made = [world.petitions.add(number=700_001 + each) for each in range(5)]
    world.signed.signatures[f"ann petition:{made[4].id}"] = petitions.MySignature(
        petition_id=made[4].id, title="Plant <more> trees", state="validated"
    )
    world.signed.signatures[f"otto petition:{made[0].id}"] = petitions.MySignature(title="Otto's own")
    world.mails.messages["ann@example.org"] = [notifications.MyMessage(template="sign_in")]
    world.mails.returned["ann@example.org"] = [notifications.MyBounce(bounce_class=bounces.BOUNCE_CLASS_HARD)]
    files = downloaded(browse("ann"))
    assert [each["bounce_class"] for each in read(files, "returned")] == ["BOUNCE_CLASS_HARD"]
    assert [each["email"] for each in read(files, "person")] == ["ann@example.org"]
    assert [each["title"] for each in read(files, "signatures")] == ["Plant <more> trees"]
    assert [each["template"] for each in read(files, "messages")] == ["sign_in"]
    assert [each["is_current"] for each in read(files, "sessions")] == [True]
    assert "Otto" not in "".join(files.values())


def test_the_page_to_read_says_the_same(browse: Browse, world: World) -> None:
    petition = world.petitions.add(number=700_001)
    world.signed.signatures[f"ann petition:{petition.id}"] = petitions.MySignature(title="Plant <more> trees")
    page = downloaded(browse("ann"))["everything.html"]
    assert "ann@example.org" in page
    assert "Plant &lt;more&gt; trees" in page
    assert "<script" not in page


def test_a_part_that_does_not_answer_leaves_no_half_a_file(browse: Browse, world: World) -> None:
    browser = browse("ann")
    browser.open("/me/everything")
    world.channels["notifications"].is_down = True
    assert browser.send("/me/everything").status_code == 503
