"""The rows of an XLSForm as a tree of groups, repeats and loops, under names that definitions take."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from viche_surveys.domain.definition import Kind
from viche_surveys.forms.scope import AMBIGUOUS, Variable, variable_of
from viche_surveys.forms.words import free, name_of
from viche_surveys.forms.xlsform_book import Book, Row
from viche_surveys.forms.xlsform_kinds import Left, Plan, plan_of

_BEGIN_WITHOUT_TYPE = re.compile(r"^(begin|end)[ _](?!time)")
SETTINGS_TYPES = frozenset({"form_title", "set_form_title", "form_id", "set_form_id", "prefix"})


@dataclass(slots=True)
class Leaf:
    """A row that is a question, or text or a value among questions.

    Attributes:
        name: in the definition.
        plan: what becomes of it; `Left` when it does not come over.
    """

    row: Row
    written: str
    plan: Plan | Left
    name: str = ""

    @property
    def kind(self) -> Kind | None:
        """Its kind; None when it does not come over."""
        return None if isinstance(self.plan, Left) else self.plan.kind


@dataclass(slots=True)
class Block:
    """A group, a repeat or a loop, with its rows.

    Attributes:
        control: "group", "repeat" or "loop".
        list_name: of the choices that a loop goes through.
        is_matrix: its questions are rows of one matrix.
    """

    row: Row
    control: str
    written: str
    list_name: str = ""
    items: list[Leaf | Block] = field(default_factory=list)
    name: str = ""
    is_matrix: bool = False

    @property
    def appearance(self) -> Sequence[str]:
        """Words of its appearance."""
        return self.row.get("control", "appearance").split()

    def leaves(self) -> Iterator[Leaf]:
        """Questions in it, at any depth."""
        for item in self.items:
            if isinstance(item, Block):
                yield from item.leaves()
            else:
                yield item


def tree(book: Book) -> list[Leaf | Block]:
    """The rows of the sheet `survey`. Rows without type, name and label are remarks."""
    from pyxform.aliases import control, yes_no
    from pyxform.xls2json import RE_BEGIN_CONTROL, RE_END_CONTROL

    root: list[Leaf | Block] = []
    stack: list[Block] = []
    for row in book.sheet("survey"):
        if yes_no.get(row.get("disabled")):
            continue
        if (type_ := row.get("type")) in SETTINGS_TYPES or _is_remark(row, type_):
            continue
        inside = stack[-1].items if stack else root
        if begun := RE_BEGIN_CONTROL.search(type_):
            block = _begun(row, control[begun["type"]], begun["list_name"] or "")
            inside.append(block)
            stack.append(block)
        elif ended := RE_END_CONTROL.search(type_):
            if stack and stack[-1].control == control[ended["type"]]:
                stack.pop()
            else:
                row.at("type").fault("END_WITHOUT_BEGIN", type=type_)
        elif type_ and not _BEGIN_WITHOUT_TYPE.search(type_):
            inside.append(Leaf(row, row.get("name"), plan_of(row)))
        else:
            row.at("type").fault("UNKNOWN_TYPE" if type_ else "TYPE_MISSING", type=type_)
    for block in stack:
        block.row.at("type").fault("BEGIN_WITHOUT_END", type=block.row.get("type"))
    return root


def _is_remark(row: Row, type_: str) -> bool:
    return not type_ and not row.get("name") and not row.texts("label")


def _begun(row: Row, control: str, list_name: str) -> Block:
    if control == "loop" and not list_name:
        row.at("type").fault("LIST_MISSING", type=row.get("type"))
    return Block(row, control, row.get("name"), list_name)


@dataclass(slots=True)
class Names:
    """Names of a form and what they are in the definition.

    Attributes:
        variables: by the name in the form; a name that is there twice is nobody's.
    """

    taken: set[str] = field(default_factory=set)
    variables: dict[str, Variable] = field(default_factory=dict)
    _first: dict[tuple[int, str], Row] = field(default_factory=dict)

    def give(self, items: Sequence[Leaf | Block], repeat: str = "", inside: int = 0) -> None:
        """Gives names to all items; a missing one is a fault, but notes may have none."""
        for item in items:
            self._check(item, inside)
            if isinstance(item, Block):
                self._block(item, repeat)
            else:
                self._leaf(item, repeat)

    def _check(self, item: Leaf | Block, inside: int) -> None:
        row, written = item.row, item.written
        if not written:
            if item.control != "" if isinstance(item, Block) else item.kind is not Kind.NOTE and item.kind is not None:
                row.at("name").fault("NAME_MISSING", type=row.get("type"))
            return
        from pyxform.parsing.expression import is_xml_tag

        if not is_xml_tag(written):
            row.at("name").fault("BAD_NAME", value=written)
        first = self._first.setdefault((inside, written), row)
        if first is not row:
            row.at("name").fault("NAME_TWICE", value=written, first=first.number)

    def _block(self, block: Block, repeat: str) -> None:
        block.name = self._named(block.row, block.written or f"group_{block.row.number}")
        within = block.name if block.control == "repeat" else repeat
        self._know(block.written, Variable(block.name, repeat=block.name, is_repeat=block.control == "repeat"))
        if block.is_matrix:
            for leaf in block.leaves():
                leaf.name = name_of(leaf.written)
                kind = Kind.MULTIPLE if leaf.kind is Kind.MULTIPLE else Kind.SINGLE
                self._know(leaf.written, variable_of(kind, f"{block.name}.{leaf.name}", repeat))
            return
        self.give(block.items, within, id(block))

    def _leaf(self, leaf: Leaf, repeat: str) -> None:
        written = leaf.written or f"note_{leaf.row.number}"
        if isinstance(leaf.plan, Left):
            self._know(leaf.written, Variable(""))
            return
        leaf.name = self._named(leaf.row, written)
        self._know(leaf.written, variable_of(leaf.plan.kind, leaf.name, repeat))

    def _named(self, row: Row, written: str) -> str:
        name = name_of(written, self.taken)
        if name != written and row.get("name"):
            row.at("name").change("RENAMED", value=written, name=name)
        self.taken.add(name)
        return name

    def _know(self, written: str, variable: Variable) -> None:
        if written:
            self.variables[written] = Variable(AMBIGUOUS) if written in self.variables else variable

    def other(self, name: str) -> str:
        """A further name, made of one that is given."""
        found = free(name, self.taken)
        self.taken.add(found)
        return found
