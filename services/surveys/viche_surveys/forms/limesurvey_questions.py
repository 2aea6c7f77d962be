"""One question of LimeSurvey, with its subquestions, as questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from viche_surveys.domain.definition import Group, Kind, Option, Order, Question
from viche_surveys.forms import cel
from viche_surveys.forms.cel import Cel, Gives, Level
from viche_surveys.forms.expressionscript import regular
from viche_surveys.forms.limesurvey_attributes import NOTHING, left_out, media_types
from viche_surveys.forms.limesurvey_file import Entry
from viche_surveys.forms.limesurvey_types import CHANGED, COMMENTS, TYPES, Type, in_languages, options_of
from viche_surveys.forms.report import Place
from viche_surveys.forms.scope import GIVES, Untranslatable
from viche_surveys.forms.words import code_of, name_of
from viche_surveys.forms.xlsform_questions import OTHER, OTHER_LABELS, OTHER_QUESTIONS

if TYPE_CHECKING:
    from viche_surveys.forms.limesurvey import Form


@dataclass
class Making:
    """One question while it is read."""

    form: Form
    entry: Entry

    @property
    def place(self) -> Place:
        """Of the question."""
        return self.at("")

    def at(self, field: str) -> Place:
        """Of one of its fields."""
        words = f"question {self.entry.get('title') or self.entry.get('qid')}"
        return self.form.place(f"{words}, {field}" if field else words)

    def items(self) -> Iterator[Question | Group]:
        """What the question becomes; nothing if it is refused."""
        written = self.entry.get("type")
        type_ = TYPES.get(written)
        if type_ is None:
            self.at("type").fault("UNKNOWN_TYPE", type=written)
            return
        if type_.kind is None:
            self.at("type").refuse("TYPE_NOT_TAKEN", name=self.entry.get("title"), type=type_.name)
            return
        if written in CHANGED:
            kind = "a group of questions" if type_.each else f"a question of the kind {type_.kind.value}"
            self.at("type").change("TYPE_CHANGED", name=self.entry.get("title"), type=type_.name, kind=kind)
        for name, value in left_out(self.entry.attributes):
            self.at(name).refuse("ATTRIBUTE_LEFT_OUT", attribute=name, value=value[:100])
        question = self._base(type_)
        if type_.each:
            yield self._group(question)
        elif type_.kind is Kind.MATRIX:
            yield from self._matrices(question, type_)
        elif type_.kind is Kind.CALCULATED:
            yield from self._equation(question)
        else:
            question = self._with_choices(question, type_)
            yield question
            yield from self._beside(question, type_)

    def _base(self, type_: Type) -> Question:
        """What questions of all types have."""
        entry, form, kind = self.entry, self.form, type_.kind or Kind.TEXT
        kind = self._kind(kind)
        mandatory = entry.get("mandatory")
        if mandatory == "S":
            self.at("mandatory").change("ATTRIBUTE_CHANGED", attribute="mandatory", value="people may leave it out")
        relevant = form.condition(entry.get("relevance"), self.at("relevance"))
        if entry.attribute("hidden") == "1" and kind is not Kind.CALCULATED:
            self.at("hidden").change("ATTRIBUTE_CHANGED", attribute="hidden", value="never shown")
            relevant = "false"
        is_calculated = kind is Kind.CALCULATED
        label = {} if is_calculated else form.text(self._texts("question"), self.at("question"))
        if not label and not is_calculated:
            self.at("question").change("LABEL_FROM_NAME", name=entry.get("title"))
            label = {form.languages[0]: entry.get("title")}
        own = Cel("value", GIVES.get(kind, Gives.TEXT))
        is_scale = kind is Kind.SCALE
        return Question(
            name=entry.get("name"), kind=kind, label=label, hint=form.text(self._texts("help"), self.at("help")),
            relevant=relevant, constraint=self._constraint(own),
            constraint_message=form.text(self._of_languages("em_validation_q_tip"), self.at("em_validation_q_tip")),
            is_required=mandatory == "Y" and kind not in (Kind.NOTE, Kind.CALCULATED),
            is_personal=entry.get("encrypted") == "Y",
            minimum=1.0 if is_scale else self._number("min_num_value_n"),
            maximum=5.0 if is_scale else self._number("max_num_value_n"),
            step=1.0 if is_scale or entry.attribute("num_value_int_only") == "1" else None,
            earliest=self._day("date_min"), latest=self._day("date_max"),
            unit=form.text(self._of_languages("suffix"), self.at("suffix")),
            is_long=type_.is_long, max_length=self._whole("maximum_chars"), order=self._order(),
            min_selected=self._whole("min_answers"), max_selected=self._whole("max_answers"),
            media_types=media_types(self.entry.attribute("allowed_filetypes")),
            max_size_bytes=(self._whole("max_filesize") or 0) * 1024 or None,
        )  # fmt: skip

    def _kind(self, kind: Kind) -> Kind:
        shown = self.entry.attribute("date_format")
        if kind is Kind.DATE and "HH" in shown.upper():
            return Kind.DATETIME if "d" in shown.lower() or "y" in shown.lower() else Kind.TIME
        if kind is Kind.TEXT and self.entry.attribute("location_mapservice") not in NOTHING:
            return Kind.LOCATION
        if kind is Kind.TEXT and self.entry.attribute("numbers_only") == "1":
            return Kind.NUMBER
        return kind

    def _texts(self, name: str) -> dict[str, str]:
        return {language: each.get(name, "") for language, each in self.entry.texts.items()}

    def _of_languages(self, name: str) -> dict[str, str]:
        found = {language: self.entry.attribute(name, language) for language in self.form.languages}
        return found if any(found.values()) else {self.form.languages[0]: self.entry.attribute(name)}

    def _constraint(self, own: Cel) -> str:
        found = [self.form.condition(self.entry.attribute("em_validation_q"), self.at("em_validation_q"), own)]
        if preg := self.entry.get("preg"):
            try:
                found.append(f"value.matches({cel.text(regular(cel.text(preg))).source})")
            except Untranslatable:
                self.at("preg").refuse("EXPRESSION_NOT_TAKEN", function="preg", expression=preg[:200])
        return cel.all_of(found)

    def _number(self, name: str) -> float | None:
        written = self.entry.attribute(name)
        try:
            return float(written) if written else None
        except ValueError:  # an expression
            self.at(name).refuse("ATTRIBUTE_LEFT_OUT", attribute=name, value=written)
            return None

    def _whole(self, name: str) -> int | None:
        found = self._number(name)
        return int(found) if found and found > 0 else None

    def _day(self, name: str) -> str:
        written = self.entry.attribute(name)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", written):
            return written
        if written:
            self.at(name).refuse("ATTRIBUTE_LEFT_OUT", attribute=name, value=written)
        return ""

    def _order(self) -> Order:
        names = ("random_order", "answer_order", "subquestion_order")
        is_random = any(self.entry.attribute(each) in ("1", "random") for each in names)
        return Order.RANDOM if is_random else Order.WRITTEN

    def _options(self, entries: list[Entry], code: str) -> tuple[Option, ...]:
        found: list[Option] = []
        for each in entries:
            written = each.get(code)
            label = self.form.text(
                {language: text.get("answer", text.get("question", "")) for language, text in each.texts.items()},
                self.at(f"answer {written}"),
            )
            taken = {option.code for option in found}
            found.append(
                Option(code=code_of(written, taken), label=label or {self.form.languages[0]: written})
            )  # fmt: skip
        return tuple(found)

    def _with_choices(self, question: Question, type_: Type) -> Question:
        if question.kind not in (Kind.SINGLE, Kind.MULTIPLE, Kind.RANKING):
            return question
        if type_.scale:
            options = options_of(type_.scale, self.form.languages)
        elif question.kind is Kind.MULTIPLE:
            options = self._options(self.entry.below, "title")
        else:
            options = self._options(self.entry.answers or self.entry.below, "code" if self.entry.answers else "title")
        alone = set(re.split(r"[;,\s]+", self.entry.attribute("exclude_all_others")))
        options = tuple(replace(each, is_exclusive=each.code in alone) for each in options)
        if self.entry.get("other") == "Y":
            replaced = self.form.text(self._of_languages("other_replace_text"), self.at("other_replace_text"))
            label = replaced or in_languages(OTHER_LABELS, self.form.languages)
            options = (*options, Option(code=OTHER, label=label, keeps_place=True))
        if not options:
            self.at("answers").fault("UNKNOWN_LIST", list=self.entry.get("title"))
        return replace(question, options=options, option_filter=self._filter())

    def _filter(self) -> str:
        """Options that are shown only where they were chosen elsewhere, or where they were not."""
        found: list[Cel] = []
        for name, negate in (("array_filter", False), ("array_filter_exclude", True)):
            for other in filter(None, re.split(r"[;,\s]+", self.entry.attribute(name))):
                asked = self.form.variables.get(other)
                if asked is None:
                    self.at(name).refuse("ATTRIBUTE_LEFT_OUT", attribute=name, value=other)
                    continue
                chosen = Cel(f"selected({asked.source}, option.code)", Gives.TRUTH)
                found.append(cel.negated(chosen) if negate else chosen)
        kept = Cel(f'option.code == "{OTHER}"', Gives.TRUTH, Level.RELATION)
        if found and self.entry.get("other") == "Y":
            return cel.some(cel.every(*found), kept).source
        return cel.every(*found).source if found else ""

    def _beside(self, question: Question, type_: Type) -> Iterator[Question]:
        """Texts that say what "other" is, and comments."""
        languages = self.form.languages
        if self.entry.get("other") == "Y" and question.options:
            yield Question(
                name=self.form.free(f"{question.name}_other"), kind=Kind.TEXT,
                label=in_languages(OTHER_QUESTIONS, languages), relevant=f'selected({question.name}, "{OTHER}")',
            )  # fmt: skip
        if type_.comment == "question":
            yield Question(
                name=self.form.free(f"{question.name}_comment"), kind=Kind.TEXT, is_long=True,
                label=in_languages(COMMENTS, languages), relevant=question.relevant,
            )  # fmt: skip
        if type_.comment == "options":
            for option in question.options:
                name = self.form.free(f"{question.name}_{name_of(option.code)}comment")
                condition = f"selected({question.name}, {cel.text(option.code).source})"
                yield Question(name=name, kind=Kind.TEXT, label=option.label, relevant=condition)

    def _equation(self, question: Question) -> Iterator[Question]:
        source = self.entry.attribute("equation") or next(iter(self._texts("question").values()), "")
        match = re.fullmatch(r"\s*\{(.*)\}\s*", re.sub(r"<[^>]*>", "", source), re.DOTALL)
        expression = self.form.value(match[1] if match else source, self.at("equation"))
        if expression:
            yield replace(question, expression=expression, hint={}, constraint="", constraint_message={})
        else:
            self.at("equation").refuse("CALCULATION_LEFT_OUT", name=self.entry.get("title"))
            self.form.variables[self.entry.get("title")] = None

    def _matrices(self, question: Question, type_: Type) -> Iterator[Question]:
        rows = tuple(
            replace(each, code=name_of(each.code)) for each in self._options(self.entry.below, "title")
        )  # fmt: skip
        if not rows:
            self.at("subquestions").fault("UNKNOWN_LIST", list=self.entry.get("title"))
        if self.entry.attribute("array_filter") or self.entry.attribute("array_filter_exclude"):
            self.at("array_filter").refuse("ATTRIBUTE_LEFT_OUT", attribute="array_filter", value=question.name)
        if type_.scale:
            yield replace(question, rows=rows, options=options_of(type_.scale, self.form.languages))
            return
        scales: dict[str, list[Entry]] = {}
        for answer in self.entry.answers:
            scales.setdefault(answer.get("scale_id") or "0", []).append(answer)
        for number, answers in enumerate(scales.values() or [[]]):
            name = question.name if number == 0 else self.form.free(f"{question.name}_{number}")
            header = self.form.text(self._of_languages(f"dualscale_header{'AB'[min(number, 1)]}"), self.place)
            label = {
                key: f"{words} ({header[key]})" if header.get(key) else words for key, words in question.label.items()
            }
            options = self._options(answers, "code")
            if not options:
                self.at("answers").fault("UNKNOWN_LIST", list=self.entry.get("title"))
            yield replace(question, name=name, label=label, rows=rows, options=options)

    def _group(self, question: Question) -> Group:
        """A question per subquestion; in a table of texts or numbers one per row and column."""
        rows = [each for each in self.entry.below if each.get("scale_id") in ("", "0")]
        columns = [each for each in self.entry.below if each.get("scale_id") == "1"]
        if not rows:
            self.at("subquestions").fault("UNKNOWN_LIST", list=self.entry.get("title"))
        items: list[Question | Group] = []
        for row in rows:
            label = self._label_of(row)
            if not columns:
                items.append(self._one(question, row.get("title"), label))
                continue
            inside = tuple(
                self._one(question, f"{row.get('title')}_{each.get('title')}", self._label_of(each)) for each in columns
            )
            items.append(
                Group(name=self.form.free(f"{question.name}_{row.get('title')}_row"), label=label, items=inside)
            )
        return Group(
            name=question.name, label=question.label, hint=question.hint, relevant=question.relevant,
            order=question.order, items=tuple(items),
        )  # fmt: skip

    def _one(self, question: Question, code: str, label: Mapping[str, str]) -> Question:
        name = self.form.free(f"{question.name}_{name_of(code)}")
        relevant = ""
        if other := self.entry.attribute("array_filter"):
            asked = self.form.variables.get(other)
            relevant = f"selected({asked.source}, {cel.text(code).source})" if asked else ""
        return replace(question, name=name, label=label, hint={}, relevant=relevant, order=Order.WRITTEN)

    def _label_of(self, part: Entry) -> dict[str, str]:
        texts = {language: each.get("question", "") for language, each in part.texts.items()}
        return self.form.text(texts, self.at(f"subquestion {part.get('title')}")) or {
            self.form.languages[0]: part.get("title")
        }
