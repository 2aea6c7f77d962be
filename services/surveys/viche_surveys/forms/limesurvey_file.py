"""What is in an export of LimeSurvey: groups, questions, subquestions and answers, with their texts by language.

Older exports have texts in the rows of questions, one row per language; since version 4 they lie apart, in `…_l10ns`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from viche_surveys.forms.report import NotAForm

Fields = Mapping[str, str]
MAX_ROWS = 50_000


@dataclass(slots=True)
class Entry:
    """A group, question, subquestion or answer: its row, and its texts by language."""

    row: Fields
    texts: dict[str, Fields] = field(default_factory=dict)
    below: list[Entry] = field(default_factory=list)
    answers: list[Entry] = field(default_factory=list)
    attributes: dict[tuple[str, str], str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """A field of the row."""
        return self.row.get(name, "")

    def attribute(self, name: str, language: str = "") -> str:
        """An attribute, for all languages or for one."""
        return self.attributes.get((name, language), "")


@dataclass(frozen=True, slots=True)
class Export:
    """A whole file."""

    languages: Sequence[str]
    groups: Sequence[Entry]
    survey: Fields
    settings: Mapping[str, Fields]
    sections: Mapping[str, Sequence[Fields]]


def load(content: bytes) -> Export:
    """The export in a file.

    Raises:
        NotAForm: it is no XML, or another document.
    """
    root = _root(content)
    sections = {section.tag: _rows(section) for section in root}
    questions = _questions(sections)
    groups = _entries(sections, "groups", "group_l10ns", "gid")
    if not groups:
        groups = {"": Entry({"gid": "", "group_order": "0"})}
    for each in questions:
        group = groups.get(each.get("gid")) or next(iter(groups.values()))
        group.below.append(each)
    listed = [str(each.text) for each in root.findall("languages/language") if each.text]
    survey = next(iter(sections.get("surveys", ())), {})
    main = survey.get("language", "")
    languages: list[str] = list(dict.fromkeys([*([main] if main else []), *listed])) or _languages(groups)
    settings = {each.get("surveyls_language") or languages[0]: each for each in sections.get(_SETTINGS, ())}
    return Export(
        [each.replace("_", "-") for each in languages],
        sorted(groups.values(), key=lambda each: _order(each, "group_order")),
        survey, settings, sections,
    )  # fmt: skip


_SETTINGS = "surveys_languagesettings"


def _root(content: bytes) -> Any:
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(content)
    except Exception as error:  # parser's errors, and what defusedxml forbids
        raise NotAForm(f"no XML that we take: {error}"[:200]) from error
    if root.tag != "document" or (root.findtext("LimeSurveyDocType") or "") not in ("Survey", "Group", "Question"):
        raise NotAForm("no export of LimeSurvey")
    return root


def _rows(section: Any) -> list[Fields]:
    rows = section.findall("rows/row")
    if len(rows) > MAX_ROWS:
        raise NotAForm("more rows than we take")
    return [{cell.tag: (cell.text or "").strip() for cell in row} for row in rows]


def _questions(sections: Mapping[str, Sequence[Fields]]) -> list[Entry]:
    found = _entries(sections, "questions", "question_l10ns", "qid")
    below = _entries(sections, "subquestions", "question_l10ns", "qid")
    for key in [key for key, each in found.items() if each.get("parent_qid") not in ("", "0")]:
        below[key] = found.pop(key)
    answers = _entries(sections, "answers", "answer_l10ns", "aid" if _has_ids(sections) else "")
    for each in below.values():
        if parent := found.get(each.get("parent_qid")):
            parent.below.append(each)
    for each in answers.values():
        if question := found.get(each.get("qid")):
            question.answers.append(each)
    for row in sections.get("question_attributes", ()):
        if question := found.get(row.get("qid", "")):
            question.attributes[row.get("attribute", ""), row.get("language", "")] = row.get("value", "")
    for each in found.values():
        each.below.sort(key=lambda part: _order(part, "question_order"))
        each.answers.sort(key=lambda part: _order(part, "sortorder"))
    return sorted(found.values(), key=lambda each: _order(each, "question_order"))


def _has_ids(sections: Mapping[str, Sequence[Fields]]) -> bool:
    return bool(sections.get("answer_l10ns"))


def _entries(sections: Mapping[str, Sequence[Fields]], rows: str, texts: str, key: str) -> dict[str, Entry]:
    """Rows by their key; of several languages in one section the first, with the texts of all."""
    found: dict[str, Entry] = {}
    for row in sections.get(rows, ()):
        name = row.get(key, "") if key else "/".join(row.get(each, "") for each in ("qid", "code", "scale_id"))
        entry = found.setdefault(name, Entry(row))
        if row.get("language"):
            entry.texts[row["language"]] = row
    for row in sections.get(texts, ()):
        if entry := found.get(row.get(key, "")):
            entry.texts[row.get("language", "")] = row
    return found


def _languages(groups: Mapping[str, Entry]) -> list[str]:
    found = dict.fromkeys(
        language for group in groups.values() for each in (group, *group.below) for language in each.texts if language
    )
    return list(found) or ["en"]


def _order(entry: Entry, name: str) -> float:
    written = entry.get(name)
    return float(written) if written.isdigit() else 0.0
