"""Rules of identity."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viche_identity.domain import links, people, region, scopes
from viche_identity.domain.region import RoleHeld, Term, needs
from viche_sdk.types import Level


@pytest.mark.parametrize("path", ["", "/", "/petitions/7?sort=new#sign", "/uk/петиції", "/a//b"])
def test_paths_of_the_portal_are_taken(path: str) -> None:
    assert links.return_path_violations(path) == []


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "evil",
        " /a",
        "/\t/evil.example",
        "/a\r\nSet-Cookie: x",
        "/a\x7f",
        "javascript:alert(1)",
    ],
)
def test_paths_that_leave_the_portal_are_refused(path: str) -> None:
    assert [each.reason for each in links.return_path_violations(path)] == ["BAD_PATH"]


def test_a_used_link_and_an_expired_one_say_different_things() -> None:
    assert (links.refusal(used=True).reason, links.refusal(used=False).reason) == ("LINK_USED", "LINK_EXPIRED")


def test_assurance_levels_are_in_order() -> None:
    assert people.Assurance.EMAIL < people.Assurance.SUBSTANTIAL < people.Assurance.HIGH


@pytest.mark.parametrize("level", people.Assurance)
def test_an_assurance_is_read_back_from_its_word(level: people.Assurance) -> None:
    assert people.assurance(level.word) is level


@pytest.mark.parametrize("name", ["", "Олена Ковальчук-О'Брайен", "Ștefan cel Mare", "李小龍", "Zoë 👩‍👧", "я" * 100])
def test_names_of_people_are_taken(name: str) -> None:
    assert list(people.name_violations(people.clean_name(name))) == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("я" * 101, "TOO_LONG"),
        ("a\nb", "CONTROL_CHARACTERS"),
        ("a\x00b", "CONTROL_CHARACTERS"),
        ("a\x85b", "CONTROL_CHARACTERS"),
        ("a\u2028b", "CONTROL_CHARACTERS"),
        ("a\u202eb", "CONTROL_CHARACTERS"),
        ("a\u2067b", "CONTROL_CHARACTERS"),
    ],
)
def test_names_that_could_forge_something_are_refused(name: str, reason: str) -> None:
    assert [each.reason for each in people.name_violations(name)] == [reason]


def test_a_name_is_kept_composed_and_trimmed() -> None:
    assert people.clean_name("  Jose\u0301 \n") == "José"


def test_nothing_said_is_nothing_wrong() -> None:
    assert list(people.language_violations("", ("en",))) == []
    assert list(people.residence_violations("", ())) == []


def tree(items: list[tuple[str, str]], known: dict[str, str] | None = None) -> list[tuple[str, str]]:
    """What is wrong with a tree: (field, reason)."""
    found = region.tree_violations(items, known or {}, "units", "parent")
    return [(each.field, each.reason) for each in found]


def test_a_tree_may_stand_on_what_is_there() -> None:
    assert tree([("b", "a"), ("c", "b")], {"a": ""}) == []


def test_a_child_may_come_before_its_parent() -> None:
    assert tree([("b", "a"), ("a", "")]) == []


def test_every_unit_of_a_circle_is_named() -> None:
    found = tree([("a", "c"), ("b", "a"), ("c", "b"), ("d", "c")])
    assert found == [("units[0].parent", "CIRCLE"), ("units[1].parent", "CIRCLE"), ("units[2].parent", "CIRCLE")]


def test_a_unit_cannot_be_moved_below_itself() -> None:
    assert tree([("a", "c")], {"a": "", "b": "a", "c": "b"}) == [("units[0].parent", "CIRCLE")]


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["", *"abcdef"])))
def test_a_tree_without_violations_has_a_way_to_the_top_from_everywhere(parents: dict[str, str]) -> None:
    if tree(list(parents.items())):
        return
    for name in parents:
        steps = 0
        while name := parents[name]:
            steps += 1
            assert steps <= len(parents)


@pytest.mark.parametrize(("text", "reason"), [("", "REQUIRED"), (" ", "REQUIRED"), ("a\x00", "NUL_BYTE")])
def test_a_unit_needs_a_name_that_can_be_stored(text: str, reason: str) -> None:
    assert [each.reason for each in region.name_violations({"en": text}, "name")] == [reason]


def test_levels_are_those_that_rules_of_petitions_know() -> None:
    assert tuple(Level) == region.LEVELS


@pytest.mark.parametrize(("level", "reasons"), [("", []), ("union", []), ("Union", ["UNKNOWN_VALUE"])])
def test_a_level_is_known_or_left_empty(level: str, reasons: list[str]) -> None:
    assert [each.reason for each in region.level_violations(level, "level")] == reasons


@pytest.mark.parametrize(
    ("population", "is_taken"), [(-1, False), (0, True), (8_000_000_000, True), (10_000_000_001, False)]
)
def test_a_population_is_a_number_of_people(population: int, is_taken: bool) -> None:
    assert (not list(region.population_violations(population, "population"))) is is_taken


@pytest.mark.parametrize("slug", ["a", "kyiv-2", "0"])
def test_slugs_are_taken(slug: str) -> None:
    assert list(region.slug_violations(slug, "slug")) == []


@pytest.mark.parametrize("slug", ["", "Kyiv", "київ", "-a", "a-", "a--b", "a/b", "a\n"])
def test_what_cannot_stand_in_an_address_is_no_slug(slug: str) -> None:
    assert [each.reason for each in region.slug_violations(slug, "slug")] == ["BAD_SLUG"]


@pytest.mark.parametrize("scope", ["authors", "petition:018f5c1e-7a54-7d7e-9b6c-2f6f6d0d5a11", "survey:7"])
def test_scopes_are_taken(scope: str) -> None:
    assert list(scopes.scope_violations(scope)) == []


@pytest.mark.parametrize("scope", ["", "a b", "petition:", ":x", "Petition:x", "a:b:c", "a\n", "петиція"])
def test_what_is_no_scope_is_refused(scope: str) -> None:
    assert [each.reason for each in scopes.scope_violations(scope)] == ["BAD_SCOPE"]


def test_no_scope_token_can_be_made_that_passes_for_an_access_token() -> None:
    assert [each.reason for each in scopes.audience_violations("viche")] == ["BAD_AUDIENCE"]


def term(begin: int, end: int | None = None) -> Term:
    """From one day of a month until another."""
    return Term(datetime(2026, 3, begin, tzinfo=UTC), datetime(2026, 3, end, tzinfo=UTC) if end else None)


@pytest.mark.parametrize(
    ("asked", "held", "needed"),
    [
        (term(5, 9), [], True),
        (term(5, 9), [term(1)], False),
        (term(5, 9), [term(5, 9)], False),
        (term(5), [term(1, 5)], True),
        (term(5, 9), [term(9)], True),
        (term(5), [term(20)], None),
        (term(5, 9), [term(1, 7)], None),
        (term(5), [term(1, 7)], None),
    ],
)
def test_a_role_is_needed_when_it_is_held_for_no_part_of_the_term(
    asked: Term, held: list[Term], needed: bool | None
) -> None:
    if needed is None:
        with pytest.raises(RoleHeld):
            needs(asked, held)
    else:
        assert needs(asked, held) is needed
