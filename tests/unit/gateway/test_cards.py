"""What networks and messengers show beside links to pages of ours: tags, and a picture of title and name."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from viche.petitions.v1 import petitions_pb2
from viche.social.v1 import posts_pb2 as pb

from viche_gateway.pictures.canvas import HEIGHT, WIDTH
from viche_gateway.portal.cards import card
from viche_gateway.portal.rejected import SHOWN_HERE
from viche_gateway.testing import COUNCIL, World

HOME = "http://127.0.0.1:8080"
SVG = "{http://www.w3.org/2000/svg}"
LONG = "Дитячий майданчик із гойдалками, гіркою та пісочницею " * 12
# what networks need for a large picture: https://ogp.me and the cards of X
NEEDED = ("og:type", "og:title", "og:description", "og:url", "og:image", "og:image:type", "og:image:width",
          "og:image:height", "og:image:alt", "twitter:card")  # fmt: skip


@pytest.fixture
def here(app: Flask) -> Iterator[Flask]:
    with app.test_request_context("/"):
        yield app


@pytest.fixture
def filled(world: World) -> World:
    world.petitions.add(number=7, title="Plant more trees", authority_id=COUNCIL)
    world.surveys.add(number=12, title={"en": "Where to put benches?"}, authority_id=COUNCIL)
    world.posts.public.append(
        pb.PublicPost(number=3, authority_id=COUNCIL, kind=pb.POST_KIND_DECISION, title={"en": "Ten <b>benches</b>"},
                      text={"en": "We build ten benches."})
    )  # fmt: skip
    world.public_events.add(COUNCIL)
    return world


def tags(text: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="([^"]*)">', text))


def get(world: World, path: str) -> Any:
    return world.app().test_client().get(path)


@pytest.mark.parametrize("path", ["/petitions/7", "/surveys/12", "/posts/3", "/events/1"])
def test_a_page_tells_networks_all_they_need_for_a_card(filled: World, path: str) -> None:
    told = tags(get(filled, path).text)
    assert not [name for name in NEEDED if not told.get(name)]
    assert told["twitter:card"] == "summary_large_image"
    assert told["og:url"] == f"{HOME}{path}"
    assert told["og:image"] == f"{HOME}{path}/card.png"


@pytest.mark.parametrize("path", ["/petitions/7", "/surveys/12", "/posts/3", "/uk/posts/3", "/events/1"])
def test_the_picture_is_there_as_large_as_its_page_says(filled: World, path: str) -> None:
    told = tags(get(filled, path).text)
    answer = get(filled, told["og:image"].removeprefix(HOME))
    assert answer.mimetype == "image/png"
    assert answer.cache_control.public
    assert struct.unpack(">II", answer.data[16:24]) == (WIDTH, HEIGHT)
    assert (told["og:image:width"], told["og:image:height"]) == (str(WIDTH), str(HEIGHT))


@pytest.mark.parametrize("path", ["/petitions/8/card.png", "/surveys/13/card.png", "/posts/4/card.png"])
def test_what_is_not_there_has_no_picture(filled: World, path: str) -> None:
    assert get(filled, path).status_code == 404


def test_a_petition_that_was_rejected_has_no_picture(world: World) -> None:
    state: petitions_pb2.PetitionState.ValueType = sorted(SHOWN_HERE)[0]
    world.petitions.add(number=9, state=state, authority_id=COUNCIL)
    assert get(world, "/petitions/9/card.png").status_code == 404


@pytest.mark.parametrize("title", ["Trees", LONG, "А" * 400, "<b>\x01&", ""])
def test_any_title_stays_inside_the_picture(here: Flask, title: str) -> None:
    drawn = ElementTree.fromstring(card(title, "Petition", LONG))
    places = [float(each.get("y", "0")) for each in drawn.iter(f"{SVG}text")]
    assert max(places) <= HEIGHT
    assert places == sorted(places)
