"""Reads XLSForm (.xls, .xlsx, .csv): pyxform reads and understands sheets and headers, here they become a definition.

How pages come about. A group at the top with the appearance `field-list` is a page. If there is one at least, what
stands between such groups makes pages of its own; if there is none, each group at the top is a page, and so is what
stands between groups. A group with the appearance `table-list`, whose questions differ in their labels alone, is a
matrix. A loop is a group with one group per choice.

What does not compile has all its faults named with sheet, row and column. What compiles and cannot be said here is left
out and named: a question, with what refers to it; or a condition, without which the question is always asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from viche_surveys.domain.definition import Definition, Group, Kind, Option, Order, Question, Repeat
from viche_surveys.forms.languages import Languages
from viche_surveys.forms.report import Findings, Report
from viche_surveys.forms.scope import GIVES, Scope, Untranslatable, Variable
from viche_surveys.forms.shape import Item, pages_of
from viche_surveys.forms.xlsform_book import OWN, Book, Row, Tokens, load
from viche_surveys.forms.xlsform_kinds import Left
from viche_surveys.forms.xlsform_loops import unrolled
from viche_surveys.forms.xlsform_options import Lists
from viche_surveys.forms.xlsform_own import applied
from viche_surveys.forms.xlsform_questions import YES, Asking
from viche_surveys.forms.xlsform_tree import Block, Leaf, Names, tree
from viche_surveys.forms.xpath import translated

FORMAT = "xlsform"
MOST_INSTANCES = 20
_REFERENCE = re.compile(r"\$\{\s*([^}]*?)\s*\}")


def read(filename: str, content: bytes) -> Report:
    """The form.

    Raises:
        NotAForm: the file cannot be read at all.
    """
    findings = Findings()
    book = load(filename, content, findings)
    if book.data is None or not _has_survey(book):
        return findings.report(None, FORMAT)
    definition = _Form(book, filename).definition()
    if not findings.faults:
        _ask_pyxform(book)
    if not findings.faults:
        definition = applied(definition, book)
    return findings.report(definition, FORMAT)


def _has_survey(book: Book) -> bool:
    rows = book.sheet("survey")
    first = Row("survey", 1, {}, {}, book.findings)
    if not rows:
        first.at().fault("SHEET_MISSING" if not book.data.survey_header else "NO_QUESTIONS", sheet="survey")
    elif ("type",) not in rows[0].headers:
        first.at("type").fault("COLUMN_MISSING")
    return not book.findings.faults


def _ask_pyxform(book: Book) -> None:
    """What pyxform itself finds wrong and we have not: it names the row."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2json import workbook_to_json

    try:
        workbook_to_json(book.data, form_name="data", warnings=[])
    except PyXFormError as error:
        said = str(error)
        row = re.search(r"\[row : ([0-9]+)\]", said)
        sheet = re.search(r"'(survey|choices|settings|external_choices)' sheet", said)
        column = re.search(r"the '([^']+)' value", said)
        number = int(row[1]) if row else 1
        at = Row(sheet[1] if sheet else "survey", number, {}, {}, book.findings).at(column[1] if column else "")
        at.fault("REFUSED_BY_PYXFORM", text=re.sub(r"\[row : [0-9]+\] ?", "", said)[:300])


class _Form:
    """One form while it is read."""

    def __init__(self, book: Book, filename: str) -> None:
        self.book = book
        self.fallback = filename.rpartition("/")[2].rpartition(".")[0]
        self.languages = Languages(book)
        self.names = Names()
        lists = Lists(book, self.languages)
        self.items = unrolled(tree(book), lists, self.languages)
        self._mark_matrices(self.items)
        self.names.give(self.items)
        self.asking = Asking(lists, self.languages, self.names)
        self.languages.reference = self._filled
        self._gives_of_calculations()

    def definition(self) -> Definition:
        settings = self.book.settings()
        title = settings.get("title") or settings.get("id_string") or settings.get("name") or self.fallback
        items = self._read(self.items, "")
        is_asked = any(isinstance(each.item, Group) or each.item.kind not in _UNANSWERED for each in items)
        if not is_asked and not self.book.findings.faults:
            Row("survey", 1, {}, {}, self.book.findings).at().fault("NO_QUESTIONS", sheet="survey")
        self._leave_sheets()
        is_paged = settings.get("style") == "pages" or any(item.is_page for item in items)
        pages = pages_of(items, is_paged, self.names.other)
        return Definition(languages=self.languages.tags, title=self.languages.title(title), pages=pages)

    def _read(self, items: Sequence[Leaf | Block], repeat: str) -> list[Item]:
        found: list[Item] = []
        for item in items:
            if isinstance(item, Leaf):
                found += [Item(question, item.row.at()) for question in self.asking.question(item, repeat)]
            elif item.is_matrix:
                found.append(Item(self._matrix(item, repeat), item.row.at()))
            elif (group := self._group(item, repeat)) is not None:
                found.append(group)
        return found

    def _group(self, block: Block, repeat: str) -> Item | None:
        row, texts = block.row, self.languages
        is_repeat = block.control == "repeat"
        if is_repeat and repeat:
            row.at("type").refuse("REPEAT_IN_REPEAT", name=block.written)
            return None
        inside = [each.item for each in self._read(block.items, block.name if is_repeat else repeat)]
        if not inside:
            row.at("type").refuse("EMPTY_GROUP", name=block.written)
            return None
        group = Group(
            name=block.name, items=tuple(inside), label=texts.text(row, "label"), hint=texts.text(row, "hint"),
            relevant=self.asking.relevance(row, repeat), repeat=self._repeat(block) if is_repeat else None,
            order=Order.WRITTEN,
        )  # fmt: skip
        is_page = not is_repeat and bool({"field-list", "table-list"} & set(block.appearance))
        return Item(group, row.at(), is_page)

    def _repeat(self, block: Block) -> Repeat:
        """How often: a number that is written, or that a calculation gives, always; else as people like."""
        count = block.row.get("control", "jr:count")
        if match := _REFERENCE.fullmatch(count):
            leaves = (leaf for each in self.items for leaf in (each.leaves() if isinstance(each, Block) else [each]))
            given = (leaf.row.get("bind", "calculate") for leaf in leaves if leaf.written == match[1])
            count = next(given, "") or count
        if count.isdigit() and 0 < int(count) <= 200:
            return Repeat(minimum=int(count), maximum=int(count))
        if count:
            block.row.at("control", "jr:count").refuse("REPEAT_COUNT_LEFT_OUT", value=count, most=MOST_INSTANCES)
        return Repeat(minimum=0, maximum=MOST_INSTANCES)

    def _matrix(self, block: Block, repeat: str) -> Question:
        rows: list[Option] = []
        leaves = list(block.leaves())
        for leaf in leaves:
            if "label" not in leaf.row.get("control", "appearance").split():
                label = self.languages.text(leaf.row, "label") or self.languages.plain(leaf.written)
                rows.append(Option(code=leaf.name, label=label))
        first = self.asking.question(replace(leaves[-1], name=block.name), repeat)
        if not first:
            return Question(name=block.name, kind=Kind.MATRIX)
        label = self.languages.text(block.row, "label")
        if not label:
            block.row.at("label").change("LABEL_FROM_NAME", name=block.written)
            label = self.languages.plain(block.written)
        return replace(
            first[0], kind=Kind.MATRIX, label=label, hint=self.languages.text(block.row, "hint"), rows=tuple(rows),
            is_multiple=leaves[-1].kind is Kind.MULTIPLE, relevant=self.asking.relevance(block.row, repeat),
        )  # fmt: skip

    def _mark_matrices(self, items: Sequence[Leaf | Block]) -> None:
        for item in items:
            if isinstance(item, Block):
                item.is_matrix = _is_matrix(item)
                self._mark_matrices(item.items)

    def _filled(self, row: Row, tokens: Tokens, name: str) -> str | None:
        """What fills in `${name}` in a text."""
        try:
            return Scope(self.names.variables, repeat=self._repeat_of(row)).variable(name).source
        except Untranslatable as fault:
            note = row.at(*tokens).fault if fault.is_fault else row.at(*tokens).refuse
            note(fault.reason, **fault.values)
            return None

    def _repeat_of(self, row: Row) -> str:
        own = self.names.variables.get(row.get("name"), Variable(""))
        return own.repeat

    def _gives_of_calculations(self) -> None:
        """What calculated values are, for what compares them; where that cannot be said, it is not known."""
        for leaf in (leaf for each in self.items for leaf in (each.leaves() if isinstance(each, Block) else [each])):
            known = self.names.variables.get(leaf.written)
            if isinstance(leaf.plan, Left) or leaf.plan.kind is not Kind.CALCULATED or known is None:
                continue
            try:
                scope = Scope(self.names.variables, repeat=known.repeat)
                gives = translated(leaf.row.get("bind", "calculate") or "''", scope).gives
            except Untranslatable:
                gives = GIVES[Kind.CALCULATED]
            self.names.variables[leaf.written] = replace(known, gives=gives)

    def _leave_sheets(self) -> None:
        self._leave_columns()
        if self.book.data.entities:
            Row("entities", 1, {}, {}, self.book.findings).at().refuse("ENTITY_LEFT_OUT")
        if self.book.data.osm:
            Row("osm", 1, {}, {}, self.book.findings).at().refuse("SHAPE_NOT_TAKEN")

    def _leave_columns(self) -> None:
        """Columns that XLSForm does not know, remarks for example."""
        from pyxform.question import MultipleChoiceQuestion

        known = {*MultipleChoiceQuestion.get_slot_names(), *_KNOWN_COLUMNS}
        left = dict.fromkeys(key for row in self.book.sheet("survey") for key in row.cells if key[0] not in known)
        for key in left:
            Row("survey", 1, {}, self.book.sheet("survey")[0].headers, self.book.findings).at(*key).change(
                "COLUMN_LEFT_OUT"
            )


_KNOWN_COLUMNS = frozenset({OWN, "bind", "control", "media", "disabled", "entities", "instance", "body"})
_UNANSWERED = (Kind.NOTE, Kind.CALCULATED)
_OF_ITS_OWN = (
    ("hint",), ("bind", "relevant"), ("bind", "constraint"), ("choice_filter",), ("default",), ("parameters",),
)  # fmt: skip


def _is_matrix(block: Block) -> bool:
    """A table of questions with the same choices, in which rows have nothing of their own but their labels."""
    leaves = [item for item in block.items if isinstance(item, Leaf)]
    if block.control != "group" or len(leaves) != len(block.items) or len(leaves) < 2:
        return False
    shown = [set(leaf.row.get("control", "appearance").split()) for leaf in leaves]
    is_table = "table-list" in block.appearance or (
        "label" in shown[0] and all("list-nolabel" in each for each in shown[1:])
    )
    if not is_table or any(leaf.kind not in (Kind.SINGLE, Kind.MULTIPLE) for leaf in leaves):
        return False
    asked = [leaf for leaf, words in zip(leaves, shown, strict=True) if "label" not in words]
    same = {(leaf.row.get("type"), leaf.row.get("bind", "required").lower() in YES) for leaf in asked}
    plain = not any(leaf.row.texts(*tokens) for leaf in asked for tokens in _OF_ITS_OWN)
    return len(same) == 1 and plain and "or_other" not in asked[0].row.get("type")
