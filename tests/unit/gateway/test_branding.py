"""The region's own look, and authorities with hosts of their own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.config import ConfigError
from viche_gateway.testing import COUNCIL, TOWN, World

PORTAL = "https://petitions.dibrova.example"
OWN = "https://verbiv.example"
BRAND = """
accent = "#7a1f3d"
logo = "coat.svg"
name = { en = "Land of Dibrova", uk = "Дібровський край" }
links = { contact = "desk@dibrova.example", imprint = "https://dibrova.example/about" }

[authority.town]
host = "verbiv.example"
accent = "#0057b7"
links.imprint = { en = "https://verbiv.example/about", uk = "https://verbiv.example/pro" }
"""
COAT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h10v10z"/></svg>'


class Portal:
    """Opens pages of an instance with a brand at any host."""

    def __init__(self, world: World, folder: Path, brand: str = BRAND, **settings: Any) -> None:
        (folder / "coat.svg").write_text(COAT)
        path = folder / "brand.toml"
        path.write_text(brand, encoding="utf-8")
        self.app = world.app(brand=str(path), **{"public_url": PORTAL, **settings})
        self.client: FlaskClient = self.app.test_client()

    def open(self, path: str, host: str = PORTAL, **options: Any) -> Any:
        return self.client.get(path, base_url=host, **options)


@pytest.fixture
def portal(world: World, tmp_path: Path) -> Portal:
    town = next(each for each in world.identity.authorities if each.id == TOWN)
    town.parent_slug = "region"
    return Portal(world, tmp_path)


def address_in(page: str, pattern: str) -> str:
    found = re.search(pattern, page)
    assert found is not None, pattern
    return found[1]


# the look


def test_name_is_that_of_the_readers_language(portal: Portal) -> None:
    assert "<span>Land of Dibrova</span>" in portal.open("/help").text
    assert "<span>Дібровський край</span>" in portal.open("/uk/help").text
    assert "<span>Land of Dibrova</span>" in portal.open("/bg/help").text


def test_description_of_the_api_has_the_name_of_the_default_language(portal: Portal) -> None:
    assert "Land of Dibrova" in portal.open("/api/v1/openapi.json").json["info"]["title"]


def test_without_a_brand_the_region_has_the_name_of_the_settings(world: World) -> None:
    page = world.app().test_client().get("/help").text
    assert "<span>Dibrova Region</span>" in page
    assert "/brand/" not in page


def test_colours_come_as_a_style_sheet_that_is_kept_for_good(portal: Portal) -> None:
    page = portal.open("/help").text
    assert page.index("/static/built/portal-") < page.index("/brand/")
    sheet = portal.open(address_in(page, r'<link rel="stylesheet" href="(/brand/\w+\.css)">'))
    assert sheet.content_type == "text/css; charset=utf-8"
    assert "--accent: #7a1f3d;" in sheet.text
    assert (sheet.cache_control.immutable, sheet.cache_control.max_age) == (True, 31_536_000)
    assert '<meta name="theme-color" content="#7a1f3d">' in page
    assert " style=" not in page


def test_another_colour_has_another_address(world: World, tmp_path: Path) -> None:
    pages = [Portal(world, tmp_path, f'accent = "{each}"').open("/help").text for each in ("#7a1f3d", "#0057b7")]
    names = [address_in(page, r"(/brand/\w+\.css)") for page in pages]
    assert names[0] != names[1]


def test_logo_is_shown_and_can_do_nothing(portal: Portal) -> None:
    page = portal.open("/help").text
    logo = portal.open(address_in(page, r'<img class="head__logo" src="(/brand/\w+\.svg)" alt="">'))
    assert (logo.text, logo.content_type) == (COAT, "image/svg+xml")
    assert "sandbox" in logo.headers["Content-Security-Policy"]
    assert "script-src" not in logo.headers["Content-Security-Policy"]
    assert logo.headers["X-Content-Type-Options"] == "nosniff"


def test_logo_that_shows_the_name_says_it_instead(world: World, tmp_path: Path) -> None:
    brand = 'logo = "coat.svg"\nlogo_dark = "coat.svg"\nlogo_shows_name = true\nname = "Dibrova & Sons"'
    page = Portal(world, tmp_path, brand).open("/help").text
    assert 'alt="Dibrova &amp; Sons"' in page
    assert "<span>Dibrova" not in page
    assert 'media="(prefers-color-scheme: dark)"' in page


def test_links_of_the_foot_are_those_of_the_language(portal: Portal) -> None:
    page = portal.open("/help").text
    assert '<a href="mailto:desk@dibrova.example">Contact</a>' in page
    assert '<a href="https://dibrova.example/about">Imprint</a>' in page
    assert 'href="https://verbiv.example/pro"' in portal.open("/uk/help", OWN).text


def test_statement_on_accessibility_says_where_to_write(portal: Portal) -> None:
    assert (
        '<a class="govuk-link address" href="mailto:desk@dibrova.example">desk@dibrova.example</a>'
        in portal.open("/accessibility").text
    )


@pytest.mark.parametrize(
    ("brand", "said"),
    [
        ('accent = "#ffd700"', "the nearest of its hue that passes is #846e00"),
        ('accent = "#14566b"\naccent_dark = "#14566b"', "accent_dark #14566b cannot be read on dark pages"),
        ('accent_dark = "#84c9da"', "accent_dark needs accent beside it"),
        ('accent = "teal"', "accent: 'teal' is no colour: write it like #14566b"),
        ('authority.town = { host = "a.example", accent = "#eee" }', "authority.town.accent #eeeeee cannot be read"),
        ('logo = "none.svg"', "none.svg cannot be read"),
        ('logo_dark = "coat.svg"', "name that for light ones as logo"),
        ('logo = "brand.toml"', "neither a PNG nor readable as SVG"),
    ],
)
def test_unusable_brand_is_refused_at_start(world: World, tmp_path: Path, brand: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Portal(world, tmp_path, brand)
    assert said in str(caught.value)


def test_all_faults_are_told_at_once(world: World, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        Portal(world, tmp_path, 'accent = "#ffd700"\naccent_dark = "#000"\nlogo = "none.svg"')
    assert len(caught.value.faults) == 3


# hosts


def test_host_of_an_authority_has_its_look_and_name(portal: Portal) -> None:
    page = portal.open("/", OWN).text
    assert "<span>Verbiv</span>" in page
    assert '<meta name="theme-color" content="#0057b7">' in page
    assert "head__logo" not in page  # the region's logo is not the town's
    assert f'href="{OWN}/uk/"' in page


def test_host_of_an_authority_lists_its_petitions_and_the_portal_all(portal: Portal, world: World) -> None:
    portal.open("/petitions", OWN)
    assert (world.petitions.searches[-1].authority_id, world.petitions.searches[-1].more_authority_ids) == (TOWN, [])
    portal.open("/petitions")
    assert world.petitions.searches[-1].authority_id == ""


@pytest.mark.parametrize("path", ["/", "/petitions", "/petitions?q=tree", "/petitions.atom"])
def test_lists_of_a_host_hold_all_below_its_authority(world: World, tmp_path: Path, path: str) -> None:
    next(each for each in world.identity.authorities if each.id == TOWN).parent_slug = "region"
    portal = Portal(world, tmp_path, '[authority.region]\nhost = "council.example"')
    portal.open(path, "https://council.example")
    asked = world.petitions.searches[-1]
    assert (asked.authority_id, asked.more_authority_ids) == (COUNCIL, [TOWN])


def test_other_authorities_cannot_be_asked_for_at_a_host(portal: Portal, world: World) -> None:
    portal.open(f"/petitions?authority={COUNCIL}", OWN)
    assert world.petitions.searches[-1].authority_id == TOWN


@pytest.mark.parametrize("path", ["/petitions.json", "/petitions.csv"])
def test_data_of_a_host_holds_its_petitions(portal: Portal, world: World, path: str) -> None:
    for title, authority_id in (("For the town", TOWN), ("For the region", COUNCIL)):
        world.petitions.add(title=title, authority_id=authority_id)
    own, all_of_them = portal.open(path, OWN).text, portal.open(path).text
    assert [title in own for title in ("For the town", "For the region")] == [True, False]
    assert [title in all_of_them for title in ("For the town", "For the region")] == [True, True]


def test_pages_of_data_stay_at_the_host(portal: Portal, world: World) -> None:
    for _ in range(2):
        world.petitions.add(authority_id=TOWN)
    links = portal.open("/petitions.json?count=1", OWN).json["links"]
    assert links["next"] == f"{OWN}/petitions.json?page=2&count=1"


def test_petition_is_at_home_at_the_host_of_its_authority(portal: Portal, world: World) -> None:
    number = world.petitions.add(authority_id=TOWN).number
    for host in (PORTAL, OWN):
        page = portal.open(f"/petitions/{number}", host).text
        assert f'<link rel="canonical" href="{OWN}/petitions/{number}">' in page
        assert f'hreflang="uk" href="{OWN}/uk/petitions/{number}"' in page


def test_petition_to_somebody_else_leads_home(portal: Portal, world: World) -> None:
    number = world.petitions.add(authority_id=COUNCIL).number
    answer = portal.open(f"/uk/petitions/{number}", OWN)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{PORTAL}/uk/petitions/{number}")
    assert portal.open(f"/petitions/{number}").status_code == 200


def test_authority_below_one_with_a_host_is_at_home_there(world: World, tmp_path: Path) -> None:
    next(each for each in world.identity.authorities if each.id == TOWN).parent_slug = "region"
    portal = Portal(world, tmp_path, '[authority.region]\nhost = "council.example"')
    number = world.petitions.add(authority_id=TOWN).number
    assert (
        f'rel="canonical" href="https://council.example/petitions/{number}"' in portal.open(f"/petitions/{number}").text
    )


def test_sign_in_link_leads_back_to_the_host_that_asked(portal: Portal, world: World) -> None:
    for host, site in ((OWN, "town"), (PORTAL, "")):
        page = portal.open("/sign-in", host)
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        sent = portal.client.post(
            "/sign-in", base_url=host, data={**hidden, "email": "ann@example.org"}, headers={"Referer": f"{host}/"}
        )
        assert sent.status_code == 303
        assert world.identity.links[-1].site == site


def test_cookies_belong_to_one_host(portal: Portal) -> None:
    cookies = portal.open("/sign-in", OWN).headers.getlist("Set-Cookie")
    assert cookies
    assert not any("domain=" in cookie.lower() for cookie in cookies)


@pytest.mark.parametrize("path", ["/sign-in/with/eid", "/me/providers/connect/eid", "/sign-in/again/with/eid?next=/me"])
def test_providers_are_visited_from_the_portal(portal: Portal, path: str) -> None:
    portal.client.set_cookie("viche_session", "ann", domain="verbiv.example")
    answer = portal.open(f"/uk{path}", OWN)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PORTAL}/uk{path}")


# hosts that are nobody's


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:443", "petitions.dibrova.example.evil.example", "verbiv.example.", "VERBIV.example"],
)
def test_only_hosts_of_ours_are_served(portal: Portal, host: str) -> None:
    answer = portal.open("/petitions?q=1", headers={"Host": host})
    is_ours = host.lower().startswith("verbiv")
    assert answer.status_code == (200 if is_ours else 421)
    if not is_ours:
        assert f'href="{PORTAL}/petitions"' in answer.text
        assert "Location" not in answer.headers
        assert answer.cache_control.no_store
        assert "evil" not in answer.text


@pytest.mark.parametrize("host", ["", "10.1.2.3", "10.1.2.3:8080", "[fe80::1]:8080", "127.0.0.1:8080", "localhost"])
def test_probes_reach_the_portal_by_address(portal: Portal, host: str) -> None:
    answer = portal.open("/", headers={"Host": host})
    assert answer.status_code == 200
    assert not host or host not in answer.text


@pytest.mark.parametrize("host", ["a b", "evil.example/x", 'x"><b>', "user@petitions.dibrova.example", "[::1"])
def test_forged_host_gets_into_no_page(portal: Portal, host: str) -> None:
    answer = portal.open("/", headers={"Host": host})
    assert answer.status_code in (400, 421)
    assert host not in answer.text


def test_programs_are_told_of_the_wrong_host_as_a_problem(portal: Portal) -> None:
    answer = portal.open("/api/v1/petitions", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.json["reason"]) == (421, "WRONG_HOST")


def test_wrong_host_page_has_its_style(portal: Portal) -> None:
    sheet = address_in(portal.open("/", headers={"Host": "evil.example"}).text, r'rel="stylesheet" href="([^"]+)"')
    assert portal.open(sheet, headers={"Host": "evil.example"}, buffered=True).status_code == 200


def test_host_of_an_authority_that_is_not_there_is_nobodys(world: World, tmp_path: Path) -> None:
    portal = Portal(world, tmp_path, '[authority.nowhere]\nhost = "nowhere.example"')
    assert portal.open("/", "https://nowhere.example").status_code == 421


def test_every_name_is_the_portals_on_a_machine_of_ones_own(world: World) -> None:
    client = world.app(public_url="http://127.0.0.1:8080").test_client()
    assert client.get("/", headers={"Host": "viche.lan:8080"}).status_code == 200


def test_petitions_are_written_to_authorities_of_the_host(portal: Portal, world: World) -> None:
    portal.client.set_cookie("viche_session", "ann", domain="verbiv.example")
    draft = world.petitions.add(state=pb.PETITION_STATE_DRAFT)
    world.petitions.authors[draft.id] = "ann"
    page = portal.open(f"/drafts/{draft.id}/authority", OWN).text
    assert TOWN in page
    assert COUNCIL not in page
