"""Reads exports of LimeSurvey: a survey (.lss), a group (.lsg) or a question (.lsq).

Groups are pages, in a survey with one question a page each question is one. Formatting of texts is lost. Arrays are
matrices; several short texts or numbers are a group of questions, one per subquestion, as `QUESTION_SUBQUESTION`.
Placeholders of tokens and what assessments give have no counterpart. Places are groups, questions and fields.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from viche_surveys.domain.definition import Definition, Group, Kind, Page, Question
from viche_surveys.forms import cel
from viche_surveys.forms.cel import Cel, Gives
from viche_surveys.forms.expressionscript import Names, condition, translated
from viche_surveys.forms.limesurvey_defaults import Default, defaults_of, filled
from viche_surveys.forms.limesurvey_file import Entry, Export, load
from viche_surveys.forms.limesurvey_questions import Making
from viche_surveys.forms.limesurvey_quotas import quotas
from viche_surveys.forms.limesurvey_types import TYPES
from viche_surveys.forms.report import Findings, Place, Report
from viche_surveys.forms.scope import GIVES, Untranslatable
from viche_surveys.forms.words import free, name_of, piped, plain_text

FORMAT = "limesurvey"
_EXPRESSION = re.compile(r"\{(?!\s)([^{}\n]+)\}")
_SGQA = re.compile(r"^\d+X\d+X(\d+)(.*)$")
SECTIONS_LEFT = ("assessments", "conditions", "question_themes")


def read(filename: str, content: bytes) -> Report:
    """The form.

    Raises:
        NotAForm: the file is no export of LimeSurvey.
    """
    findings = Findings()
    definition = Form(load(content), findings).definition(filename.rpartition("/")[2].rpartition(".")[0])
    return findings.report(definition, FORMAT)


@dataclass
class Form:
    """One form while it is read.

    Attributes:
        variables: what names of ExpressionScript stand for; None for what did not come over.
    """

    export: Export
    findings: Findings
    taken: set[str] = field(default_factory=set)
    variables: dict[str, Cel | None] = field(default_factory=dict)

    @cached_property
    def defaults(self) -> Mapping[str, Sequence[Default]]:
        """Answers that are filled in at first, by id of the question."""
        return defaults_of(self.export)

    def definition(self, fallback: str) -> Definition:
        """The whole form."""
        self._name_everything()
        pages = [page for group in self.export.groups for page in self._pages(group)]
        self._leave_sections()
        if not pages and not self.findings.faults:
            self.place("form").fault("NO_QUESTIONS")
        place = self.place("survey")
        setting = {language: self.export.settings.get(language, {}) for language in self.languages}
        title = {key: plain_text(each.get("surveyls_title", ""))[0] for key, each in setting.items()}
        title = {key: words.replace("{", "{{").replace("}", "}}") for key, words in title.items() if words}
        first = next(iter(pages), None)
        if not title:
            title = dict(first.title) if first and first.title else {self.languages[0]: fallback}
        texts = {
            name: {language: each.get(f"surveyls_{name}", "") for language, each in setting.items()}
            for name in ("description", "welcometext", "endtext")
        }
        words = [self.text(texts[name], place) for name in ("description", "welcometext")]
        introduction = {
            language: "\n\n".join(each[language] for each in words if each.get(language)) for language in self.languages
        }
        return Definition(
            languages=tuple(self.languages), title=title, pages=tuple(pages),
            introduction={language: text for language, text in introduction.items() if text},
            thanks=self.text(texts["endtext"], place), quotas=quotas(self),
        )  # fmt: skip

    @property
    def languages(self) -> Sequence[str]:
        """Of the form, the one that others fall back to first."""
        return self.export.languages

    def place(self, words: str) -> Place:
        """A place in the file."""
        return Place(self.findings, words)

    def free(self, name: str) -> str:
        """A name that nobody has yet."""
        found = free(name_of(name), self.taken)
        self.taken.add(found)
        return found

    def text(self, texts: Mapping[str, str], place: Place) -> dict[str, str]:
        """A text in all languages: without formatting, and with what is filled in as CEL."""
        found: dict[str, str] = {}
        for language, source in texts.items():
            words, has_more = plain_text(source)
            if has_more:
                place.change("HTML_AS_TEXT")
            if words:
                found[language.replace("_", "-")] = piped(
                    words, _EXPRESSION, lambda match: self._filled(match[1], place)
                )
        return {language: found[language] for language in self.languages if language in found}

    def condition(self, source: str, place: Place, own: Cel | None = None) -> str:
        """A condition in CEL; left out, and said so, where that cannot be."""
        try:
            return condition(source, Names(self.variables, own))
        except Untranslatable as fault:
            self._note(fault, place, source)
            return ""

    def value(self, source: str, place: Place) -> str:
        """An expression in CEL; "" where that cannot be."""
        try:
            return translated(source, Names(self.variables)).source
        except Untranslatable as fault:
            self._note(fault, place, source)
            return ""

    def _note(self, fault: Untranslatable, place: Place, source: str) -> None:
        (place.fault if fault.is_fault else place.refuse)(fault.reason, **fault.values, expression=source[:200])

    def _filled(self, source: str, place: Place) -> str | None:
        """What fills in `{…}`; what has no meaning in ExpressionScript is a text in braces, as there."""
        known = source.partition(".")[0]
        source = f"{known}.NAOK" if known in self.variables else source
        if source.startswith("INSERTANS:"):
            source = source.removeprefix("INSERTANS:")
        try:
            return translated(source, Names(self.variables)).source
        except Untranslatable as fault:
            if fault.reason not in ("EXPRESSION_SYNTAX", "EXPRESSION_UNKNOWN_NAME"):
                place.refuse(fault.reason, **fault.values, expression=source[:200])
            elif re.fullmatch(r"[A-Z]+(:[A-Z0-9_]+)?", source):
                place.refuse("EXPRESSION_NOT_TAKEN", function=source, expression=source[:200])
            return None

    def _name_everything(self) -> None:
        """Names of all questions, and what they are in expressions, before any expression is read."""
        seen: set[str] = set()
        for group in self.export.groups:
            for entry in group.below:
                title = entry.get("title")
                place = self.place(f"question {title or entry.get('qid')}")
                if not title:
                    place.fault("NAME_MISSING")
                elif title in seen:
                    place.fault("NAME_TWICE", value=title)
                seen.add(title)
                name = self.free(title or "question")
                if name != title and title:
                    place.change("RENAMED", value=title, name=name)
                entry.row = {**entry.row, "name": name}
                self._know(entry, name)

    def _know(self, entry: Entry, name: str) -> None:
        type_ = TYPES.get(entry.get("type"))
        title, code = entry.get("title"), f"{entry.get('sid')}X{entry.get('gid')}X{entry.get('qid')}"
        own = None if type_ is None or type_.kind is None else cel.name(name, GIVES.get(type_.kind, Gives.TEXT))
        below: dict[str, Cel] = {}
        if type_ and type_.kind is not None:
            for part in entry.below:
                written = part.get("title")
                below[written] = _part(type_.kind, type_.each, name, written)
            below["other"] = cel.name(f"{name}_other", Gives.TEXT)
            below["comment"] = cel.name(f"{name}_comment", Gives.TEXT)
        self.variables.update({title: own, code: own})
        for written, found in below.items():
            self.variables.update({f"{title}_{written}": found, f"{code}{written}": found})

    def _pages(self, group: Entry) -> list[Page]:
        title = {language: each.get("group_name", "") for language, each in group.texts.items()}
        words = next(iter(title.values()), "")
        place = self.place(f"group {plain_text(words)[0] or group.get('gid')}")
        items: list[Question | Group] = []
        description = {language: each.get("description", "") for language, each in group.texts.items()}
        if note := self.text(description, place):
            items.append(Question(name=self.free(f"about_{group.get('gid') or 1}"), kind=Kind.NOTE, label=note))
        for entry in group.below:
            items += filled(self, entry, Making(self, entry).items(), self.defaults.get(entry.get("qid"), ()))
        if not any(isinstance(each, Group) or each.kind is not Kind.NOTE for each in items) and not group.below:
            return []
        relevant = self.condition(group.get("grelevance"), place)
        if group.get("randomization_group"):
            place.refuse("ATTRIBUTE_LEFT_OUT", attribute="randomization_group", value=group.get("randomization_group"))
        heading = self.text(title, place)
        if self.export.survey.get("format") == "S":
            return [
                Page(name=self.free("page"), title=heading, relevant=relevant, items=(item,))
                for item in items
            ]  # fmt: skip
        return [Page(name=self.free("page"), title=heading, relevant=relevant, items=tuple(items))]

    def _leave_sections(self) -> None:
        for name in SECTIONS_LEFT:
            if rows := self.export.sections.get(name):
                self.place(name).refuse("ATTRIBUTE_LEFT_OUT", attribute=name, value=len(rows))
        scored = [
            row for row in self.export.sections.get("answers", ()) if row.get("assessment_value", "0") not in ("", "0")
        ]
        if scored and not self.export.sections.get("assessments"):
            self.place("answers").refuse("ATTRIBUTE_LEFT_OUT", attribute="assessment_value", value=len(scored))


def _part(kind: Kind, each: bool, name: str, written: str) -> Cel:
    """What a question and its subquestion are together."""
    if kind is Kind.MULTIPLE:
        return Cel(f"selected({name}, {cel.text(written).source})", Gives.TRUTH)
    if each:
        return cel.name(f"{name}_{name_of(written)}", GIVES.get(kind, Gives.TEXT))
    if kind is Kind.RANKING:
        return Cel(f"{name}[{int(written) - 1 if written.isdigit() else 0}]", Gives.TEXT)
    return cel.name(f"{name}.{name_of(written)}", Gives.TEXT)
