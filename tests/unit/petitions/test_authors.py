"""Who starts a petition: what each kind has to say of itself. How many may sponsor it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from viche_petitions.domain.authors import (
    AuthorKind,
    Authorship,
    Founding,
    Member,
    Organisation,
    territories_of,
    violations_of_author,
    violations_of_draft,
)
from viche_petitions.domain.sponsors import most_sponsors
from viche_sdk.types import Assurance, Event, FixedClock, FixedCommittee, LegalBasis, Localized, Period, Terms, Unit

TEXT = Localized.of(en="text")
TERMS = Terms(
    workflow="w", version="1", thresholds=(),
    clocks=(FixedClock("collect", TEXT, Period(30, Unit.CALENDAR_DAY), Event.OPENED),),
    min_assurance=Assurance.EMAIL, resident_of="", signatures_per_mailbox=1, legal_basis=LegalBasis(TEXT),
)  # fmt: skip
PATHS = {"UA": ("UA",), "UA05": ("UA", "UA05"), "UA07": ("UA", "UA07"), "DE": ("DE",)}
TRIO = tuple(Member(f"Member {code}", code) for code in ("UA05", "UA07", "DE"))
FOUNDED = Founding(date(2026, 3, 1), "Kovel, town hall")
COMMITTEE = Authorship(AuthorKind.COMMITTEE, members=TRIO)


def faults(author: Authorship, rule: FixedCommittee | None = None) -> list[tuple[str, str]]:
    found = violations_of_author(author, replace(TERMS, committee=rule), PATHS)
    return [(each.field, each.reason) for each in found]


@pytest.mark.parametrize("author", [Authorship(), Authorship(AuthorKind.ORGANISATION, Organisation("Trees"))])
def test_rules_that_ask_for_a_committee_take_nobody_else(author: Authorship) -> None:
    assert faults(author) == []
    assert faults(author, FixedCommittee(3)) == [("author_kind", "COMMITTEE_REQUIRED")]


def test_organisation_needs_its_name() -> None:
    assert faults(Authorship(AuthorKind.ORGANISATION)) == [("organisation.name", "REQUIRED")]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (FixedCommittee(3), None),
        (FixedCommittee(4), "TOO_FEW_MEMBERS"),
        (FixedCommittee(1, 3), None),
        (FixedCommittee(1, 2), "TOO_MANY_MEMBERS"),
        (FixedCommittee(3, None, 3), None),
        (FixedCommittee(3, None, 4), "TOO_FEW_TERRITORIES"),
    ],
)
def test_committee_has_as_many_members_and_territories_as_the_rules_ask(rule: FixedCommittee, reason: str) -> None:
    assert faults(COMMITTEE, rule) == ([("committee.members", reason)] if reason else [])


def test_record_of_the_founding_meeting_is_a_day_and_a_place() -> None:
    rule = FixedCommittee(3, protocol=True)
    assert faults(COMMITTEE, rule) == [
        ("committee.founded_on", "REQUIRED"),
        ("committee.founding_place", "REQUIRED"),
    ]
    assert faults(replace(COMMITTEE, founding=FOUNDED), rule) == []


def test_territories_that_count_have_all_below_them() -> None:
    assert territories_of(TRIO, frozenset(), PATHS) == 3
    assert territories_of(TRIO, frozenset({"UA", "DE", "FR"}), PATHS) == 2
    assert territories_of([Member("Somebody", "")], frozenset(), PATHS) == 0


def test_draft_takes_members_with_names_of_some_length_only() -> None:
    author = Authorship(AuthorKind.COMMITTEE, members=(Member("", "UA"), Member("x" * 101, "UA"), Member("Olena", "")))
    assert [(each.field, each.reason) for each in violations_of_draft(author)] == [
        ("committee.members[0].name", "REQUIRED"),
        ("committee.members[1].name", "TOO_LONG"),
    ]


def test_only_what_belongs_to_the_kind_is_kept() -> None:
    everything = Authorship(AuthorKind.PERSON, Organisation("Trees", "1", "chair"), FOUNDED, TRIO)
    assert everything.of_its_kind() == Authorship()
    assert replace(everything, kind=AuthorKind.ORGANISATION).of_its_kind().members == ()
    assert replace(everything, kind=AuthorKind.COMMITTEE).of_its_kind().organisation == Organisation()


@pytest.mark.parametrize(("needed", "most"), [(0, 0), (1, 20), (5, 20), (6, 24)])
def test_more_than_needed_may_sponsor_but_not_without_end(needed: int, most: int) -> None:
    assert most_sponsors(needed) == most
