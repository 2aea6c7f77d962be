"""oEmbed: discovery, what is answered, and what is refused as its specification says."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from defusedxml import ElementTree as ET
from werkzeug.test import TestResponse

from viche_gateway.testing import World

PORTAL = "http://127.0.0.1:8080"
PAGE = f"{PORTAL}/uk/petitions/700001"


@pytest.fixture
def world(world: World) -> World:
    world.petitions.add(number=700_001, title='Benches & "trees" <b>')
    return world


def ask(world: World, url: str = PAGE, **query: str) -> TestResponse:
    return world.app().test_client().get("/oembed", query_string={"url": url, **query})


def test_an_address_gives_its_tag(world: World) -> None:
    answer = ask(world)
    said = answer.get_json()
    assert answer.mimetype == "application/json"
    assert (said["type"], said["version"], said["title"]) == ("rich", "1.0", 'Benches & "trees" <b>')
    assert said["provider_url"] == PORTAL
    assert (said["width"], said["height"]) == (600, 480)
    assert said["html"] == (
        f'<viche-petition id="700001" lang="uk"><a href="{PAGE}">Benches &amp; &#34;trees&#34; &lt;b&gt;</a>'
        f'</viche-petition>\n<script src="{PORTAL}/embed.js" async></script>'
    )


def test_xml_says_the_same(world: World) -> None:
    answer = ask(world, format="xml")
    said: Any = ET.fromstring(answer.data)
    assert answer.mimetype == "text/xml"
    assert said.tag == "oembed"
    assert {each.tag: each.text for each in said} == {
        name: str(value) for name, value in ask(world).get_json().items()
    }  # fmt: skip


def test_no_more_room_is_taken_than_there_is(world: World) -> None:
    said = ask(world, maxwidth="320", maxheight="9999").get_json()
    assert (said["width"], said["height"]) == (320, 480)


@pytest.mark.parametrize(
    "url",
    [
        "", "nonsense", "https://[", "javascript:alert(1)", f"{PORTAL}/help", f"{PORTAL}/petitions/700002",
        f"{PORTAL}/fr/petitions/700001", f"{PORTAL}/petitions/700001/sign", f"ftp{PORTAL[4:]}/petitions/700001",
    ],
)  # fmt: skip
def test_what_is_not_ours_is_not_found(world: World, url: str) -> None:
    assert ask(world, url).status_code == 404


def test_pages_of_other_hosts_are_not_found(world: World) -> None:
    client = world.app(public_url="https://viche.example").test_client()
    answers = [
        client.get(
            "/oembed", base_url="https://viche.example", query_string={"url": f"https://{host}/petitions/700001"}
        )
        for host in ("viche.example", "evil.example", "viche.example@evil.example")
    ]
    assert [answer.status_code for answer in answers] == [200, 404, 404]


def test_another_format_is_not_implemented(world: World) -> None:
    assert ask(world, format="yaml").status_code == 501


def test_a_petition_says_where_its_tag_is(world: World) -> None:
    page = world.app().test_client().get("/uk/petitions/700001").text
    found = re.findall(r'<link rel="alternate" type="([\w/+]+)oembed" href="([^"]+)"', page)
    assert [kind for kind, _ in found] == ["application/json+", "text/xml+"]
    client = world.app().test_client()
    for _, address in found:
        answer = client.get(html.unescape(address).removeprefix(PORTAL))
        assert answer.status_code == 200
        assert "viche-petition" in answer.text
    assert json.loads(client.get(html.unescape(found[0][1]).removeprefix(PORTAL)).data)["html"].count(PAGE) == 1


def test_a_survey_gives_its_tag_and_says_where_it_is(world: World) -> None:
    world.surveys.add(number=501)
    said = ask(world, f"{PORTAL}/surveys/501").get_json()
    assert said["title"] == "What should the park have?"
    assert said["html"].startswith('<viche-survey id="501" lang="en">')
    page = world.app().test_client().get("/surveys/501").text
    assert "application/json+oembed" in page
