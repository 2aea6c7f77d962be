"""Languages in paths: the default one has no prefix, and links stay in the reader's language."""

from __future__ import annotations

import pytest

from viche_gateway.testing import World

FIRST_WORDS = {
    "": "What should change here?",
    "/uk": "Що тут має змінитися?",
    "/bg": "Какво трябва",
    "/ru": "Что здесь",
}


@pytest.mark.parametrize("prefix", FIRST_WORDS)
def test_page_speaks_the_language_of_its_path(world: World, prefix: str) -> None:
    page = world.app().test_client().get(f"{prefix}/").text
    assert FIRST_WORDS[prefix] in page
    assert f'<html class="govuk-template" lang="{prefix[1:] or "en"}">' in page
    assert f'href="{prefix}/petitions"' in page


def test_prefix_of_the_default_language_moves_to_the_plain_path(world: World) -> None:
    answer = world.app().test_client().get("/en/petitions?q=a")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/petitions?q=a")


def test_prefix_of_the_default_language_never_leads_away(world: World) -> None:
    assert world.app().test_client().get("/en//evil.example/").headers["Location"] == "/evil.example/"


def test_other_languages_of_the_page_are_links(world: World) -> None:
    page = world.app().test_client().get("/uk/petitions?state=open").text
    assert 'href="/petitions?state=open" lang="en"' in page
    assert 'href="/bg/petitions?state=open" lang="bg"' in page


def test_default_language_follows_the_settings(world: World) -> None:
    client = world.app(languages=("uk", "en")).test_client()
    assert FIRST_WORDS["/uk"] in client.get("/").text
    assert FIRST_WORDS[""] in client.get("/en/").text
