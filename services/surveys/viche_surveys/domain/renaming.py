"""Gives something in a definition another name, and with it all expressions and texts that ask for it.

Expressions are read, not searched: a variable of a macro, a code in quotes or an attribute of the same name stays. In
a repeat a question is a member of its instances, too (`children.map(c, c.age)`). What cannot be told apart is left for
a person: nothing is renamed then, and each such place is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from viche_surveys.domain import expressions, piping
from viche_surveys.domain.cel_source import Reason, Token, read
from viche_surveys.domain.checking import NAME, RESERVED
from viche_surveys.domain.definition import Definition
from viche_surveys.domain.document import from_json, to_json
from viche_surveys.domain.faults import Fault, fault

UNCLEAR = "RENAME_UNCLEAR"
"""An expression has a member of that name, which may be the question's or something else's."""
HIDDEN = "RENAME_HIDDEN"
"""An expression has a variable of the new name, behind which the question would be hidden."""
_EXPRESSIONS = ("relevant", "required_if", "constraint", "option_filter", "expression", "condition")
_TEXTS = (
    "title", "introduction", "thanks", "label", "hint", "constraint_message", "unit", "low_label", "high_label",
    "message",
)  # fmt: skip
_INSIDE = ("pages", "items", "quotas", "options", "rows")
_PARTS = frozenset({"lat", "lon", "id", "name", "size", "type", "code"})
"""Members that answers of some kinds have by themselves."""
_UNREAD = frozenset({Reason.SYNTAX, Reason.TOO_LONG, Reason.TOO_DEEP})


class NothingOfThatName(LookupError):
    """No page, group or question has the name."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """How a definition is with the new name.

    Attributes:
        definition: with the new name; as it was where there are faults.
        places: JSON Pointers (RFC 6901) to the expressions and texts that were rewritten.
        faults: why it cannot be renamed.
    """

    definition: Definition
    places: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


def renamed(definition: Definition, name: str, new_name: str) -> Renamed:
    """The definition with a page, a group or a question of another name.

    Raises:
        NothingOfThatName: nothing is called so.
    """
    document = to_json(definition)
    items = list(_named(document))
    own = [each for each in items if each.item["name"] == name]
    if not own:
        raise NothingOfThatName(name)
    if found := list(_name_faults(own, items, name, new_name)):
        return Renamed(definition, faults=tuple(found))
    target = own[0]
    rewriting = _Rewriting(name, new_name, target.repeat, _is_member_of_others(items, name))
    if target.is_asked_for and name not in RESERVED:
        rewriting.walk(document, "")
    if rewriting.faults:
        return Renamed(definition, faults=tuple(rewriting.faults))
    target.item["name"] = new_name
    return Renamed(from_json(document), tuple(rewriting.places))


@dataclass(frozen=True, slots=True)
class _Named:
    """A page, a group or a question; `repeat` is the name of the one that it stands in."""

    item: dict[str, Any]
    place: str
    repeat: str

    @property
    def is_asked_for(self) -> bool:
        """Whether expressions can ask for it."""
        return "kind" in self.item or "repeat" in self.item


def _named(document: Mapping[str, Any]) -> Iterator[_Named]:
    for index, page in enumerate(document["pages"]):
        yield _Named(page, f"/pages/{index}", "")
        yield from _inside(page, f"/pages/{index}", "")


def _inside(around: Mapping[str, Any], place: str, repeat: str) -> Iterator[_Named]:
    for index, item in enumerate(around.get("items", ())):
        here = f"{place}/items/{index}"
        yield _Named(item, here, repeat)
        yield from _inside(item, here, str(item["name"]) if "repeat" in item else repeat)


def _name_faults(own: list[_Named], items: list[_Named], name: str, new_name: str) -> Iterator[Fault]:
    place = f"{own[0].place}/name"
    if not NAME.fullmatch(new_name):
        yield fault(place, "BAD_NAME", value=new_name[:60])
    elif new_name in RESERVED:
        yield fault(place, "RESERVED_NAME", value=new_name)
    for each in items:
        if each.item["name"] == new_name != name:
            yield fault(place, "NAME_TWICE", value=new_name[:60], first=each.place)
    for each in own[1:]:
        yield fault(f"{each.place}/name", "NAME_TWICE", value=name[:60], first=own[0].place)


def _is_member_of_others(items: list[_Named], name: str) -> bool:
    rows = {row["code"] for each in items for row in each.item.get("rows", ())}
    return name in rows or name in _PARTS


@dataclass(slots=True)
class _Rewriting:
    """One walk over a document, which is changed in its places.

    Attributes:
        repeat: in which the question stands; "" for none.
        is_shared: whether other things have members of that name, too.
    """

    name: str
    new_name: str
    repeat: str
    is_shared: bool
    places: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def walk(self, item: dict[str, Any], place: str) -> None:
        for key in _EXPRESSIONS:
            if key in item:
                item[key] = self._put(f"{place}/{key}", item[key], self._expression(f"{place}/{key}", item[key]))
        for key in _TEXTS:
            for language, words in item.get(key, {}).items():
                here = f"{place}/{key}/{language}"
                item[key][language] = self._put(here, words, self._text(here, words))
        for key in _INSIDE:
            for index, each in enumerate(item.get(key, ())):
                self.walk(each, f"{place}/{key}/{index}")

    def _put(self, place: str, before: str, after: str) -> str:
        if before != after:
            self.places.append(place)
        return after

    def _text(self, place: str, words: str) -> str:
        for part in reversed([each for each in piping.parts(words) if isinstance(each, piping.Piped)]):
            end = part.start + len(part.expression)
            words = words[: part.start] + self._expression(place, part.expression) + words[end:]
        return words

    def _expression(self, place: str, source: str) -> str:
        """The expression with the new name; as it is where something is wrong with it, which is noted."""
        if not re.search(rf"\b{self.name}\b", source):
            return source
        if unread := [each for each in expressions.faults(source, ()) if each.reason in _UNREAD]:
            self._refuse(place, unread[0].reason, source, line=unread[0].line, column=unread[0].column)
            return source
        tokens = self._tokens(place, source)
        changed = source
        for token in sorted(tokens, key=lambda each: each.start, reverse=True):
            changed = changed[: token.start] + self.new_name + changed[token.start + len(self.name) :]
        if _names(changed) != [self.new_name if each == self.name else each for each in _names(source)]:
            self._refuse(place, HIDDEN, source, name=self.new_name)
        return changed

    def _tokens(self, place: str, source: str) -> list[Token]:
        """Where the expression asks for the question."""
        reading = read(source)
        tokens = [each for each in reading.names if each.text == self.name]
        if not self.repeat or self.repeat not in (each.text for each in reading.names):
            return tokens
        members = [each for each in reading.members if each.text == self.name and not _is_of_option(source, each)]
        quoted = re.search(rf"\[\s*[rR]?([\"']){self.name}\1\s*\]", source)
        if quoted or (members and self.is_shared):
            self._refuse(place, UNCLEAR, source, name=self.name)
        return tokens + members

    def _refuse(self, place: str, reason: str, source: str, **values: object) -> None:
        self.faults.append(fault(place, str(reason), text=source[:200], **values))


def _names(source: str) -> list[str]:
    return [each.text for each in read(source).names]


def _is_of_option(source: str, member: Token) -> bool:
    return re.search(r"\boption\s*\.\s*$", source[: member.start]) is not None
