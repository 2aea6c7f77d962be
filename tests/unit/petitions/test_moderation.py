"""What may be written about a case, and what a rejection keeps of its rule."""

from __future__ import annotations

from uuid import UUID

import pytest

from viche_chassis.errors import InvalidFields
from viche_petitions.domain.moderation import (
    MAX_TEXT,
    Template,
    check_note,
    check_public_text,
    check_template,
    unknown_variables,
)
from viche_petitions.domain.rejections import Rule
from viche_sdk.types import Localized, Reason

ID = UUID("018f0000-0000-7000-8000-000000000001")
REASON = Reason("libel", Localized.of(en="Libel", uk="Наклеп"), Localized.of(en="Take it out"), hides_text=True)


def template(**texts: str) -> Template:
    return Template(ID, ID, "Roads", "", texts)


def faults(template: Template) -> set[tuple[str, str]]:
    with pytest.raises(InvalidFields) as refused:
        check_template(template)
    return {(each.field, each.reason) for each in refused.value.violations}


@pytest.mark.parametrize("complaint_to", [None, Localized.of(en="the ombudsman", uk="омбудсмен")])
def test_rule_survives_storage(complaint_to: Localized | None) -> None:
    rule = Rule(REASON, complaint_to)
    assert Rule.read(rule.content()) == rule


@pytest.mark.parametrize("text", ["", "Too short", "x" * (MAX_TEXT + 1)])
def test_public_text_is_neither_too_short_nor_too_long(text: str) -> None:
    with pytest.raises(InvalidFields):
        check_public_text("note", text, "en")


def test_public_text_has_a_language() -> None:
    with pytest.raises(InvalidFields) as refused:
        check_public_text("note", "It is not ours.", "?")
    assert [(each.field, each.reason) for each in refused.value.violations] == [("language", "BAD_LANGUAGE")]


def test_note_may_be_short_but_not_empty() -> None:
    check_note("?")
    with pytest.raises(InvalidFields):
        check_note("")


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("{title} {number} {authority} {reason}", []),
        ("{author} and {titel}", ["author", "titel"]),
        ("a { b } c", []),
        ("{}", [""]),
    ],
)
def test_variables_are_known(text: str, unknown: list[str]) -> None:
    assert unknown_variables(text) == unknown


def test_template_names_every_fault() -> None:
    assert faults(template()) == {("text", "REQUIRED")}
    assert faults(template(en="{author}, no", uk="Ні")) == {("text.en", "UNKNOWN_VARIABLE"), ("text.uk", "TOO_SHORT")}
    assert faults(template(**{"?": "A text in no language."})) == {("text.?", "BAD_LANGUAGE")}
    check_template(template(en="Dear author of {title}"))
