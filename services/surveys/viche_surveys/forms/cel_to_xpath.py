"""CEL put into XPath, as far as XPath of XLSForm can say it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from viche_surveys.forms.grammar import Grammar, Node, Unreadable

_CEL = Grammar(
    tokens=re.compile(
        r"""
        (?P<space>\s+)
        |(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)
        |(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
        |(?P<word>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
        |(?P<mark>==|!=|<=|>=|&&|\|\||[-+*/<>!(),\[\]?:])
        """,
        re.VERBOSE,
    ),
    binary={"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "+": 5, "-": 5, "*": 6, "/": 6},
    unary={"!": 7, "-": 7},
    meanings={},
    postfix={},
    unquoted=lambda written: json.loads(written) if written.startswith('"') else written[1:-1],
    has_choice=True,
)
_OPERATORS = {"||": ("or", 1), "&&": ("and", 2), "==": ("=", 3), "!=": ("!=", 3), "<": ("<", 4), "<=": ("<=", 4),
              ">": (">", 4), ">=": (">=", 4), "+": ("+", 5), "-": ("-", 5), "*": ("*", 6), "/": ("div", 6)}  # fmt: skip
_WHOLE = 9
_CALLS: Mapping[str, str] = {
    "number": "number", "text": "string", "coalesce": "coalesce", "round": "round", "floor": "floor", "date": "date",
    "size": "string-length", "contains": "contains", "startsWith": "starts-with", "endsWith": "ends-with",
    "selected": "selected", "today": "today", "min": "min", "max": "max",
}  # fmt: skip


class NotSaid(ValueError):
    """XPath has no words for it."""


@dataclass(frozen=True, slots=True)
class Form:
    """Names of a form, as XPath needs to know them.

    Attributes:
        names: of questions and groups.
        repeats: of groups that repeat.
        rows: names of matrices' rows, as `matrix.row`; only those that nothing else is called.
    """

    names: Collection[str]
    repeats: Collection[str] = ()
    rows: Mapping[str, str] = field(default_factory=dict)


def xpath(source: str, form: Form) -> str:
    """The expression in XPath.

    Raises:
        NotSaid: XPath cannot say it.
    """
    try:
        return _Writer(form).of(_CEL.parse(source), 0)
    except (Unreadable, ValueError) as error:
        raise NotSaid(source) from error


@dataclass(frozen=True, slots=True)
class _Writer:
    form: Form

    def of(self, node: Node, least: int) -> str:
        """A part, in brackets unless it binds as tightly."""
        written, level = self._part(node)
        return written if level >= least else f"({written})"

    def _part(self, node: Node) -> tuple[str, int]:
        match node.kind:
            case "number":
                return node.value, _WHOLE
            case "text":
                return _quoted(node.value), _WHOLE
            case "name":
                return self._name(node.value), _WHOLE
            case "call":
                return self._call(node.value, node.parts)
            case "unary":
                return self._unary(node)
            case "choice":
                return f"if({', '.join(self.of(each, 0) for each in node.parts)})", _WHOLE
            case "binary":
                return self._binary(node)
            case _:
                raise NotSaid(node.kind)

    def _name(self, written: str) -> str:
        first, _, rest = written.partition(".")
        if written == "value":
            return "."
        if written in ("true", "false"):
            return f"{written}()"
        if first == "option" and rest:
            return "name" if rest == "code" else rest
        if written in self.form.rows:
            return f"${{{self.form.rows[written]}}}"
        if rest or written not in self.form.names:
            raise NotSaid(written)
        return f"${{{written}}}"

    def _unary(self, node: Node) -> tuple[str, int]:
        inner = node.parts[0]
        if node.value == "-":
            return f"-{self.of(inner, 7)}", 7
        if inner.kind == "call" and inner.value == "answered" and len(inner.parts) == 1:
            return f"{self.of(inner.parts[0], 5)} = ''", 3
        return f"not({self.of(inner, 0)})", _WHOLE

    def _binary(self, node: Node) -> tuple[str, int]:
        left, right = node.parts
        operator, level = _OPERATORS[node.value]
        if right.kind == "list":
            if any(each.kind != "text" for each in right.parts) or operator not in ("=", "!="):
                raise NotSaid("[ ]")
            return f"{self.of(left, 5)} {operator} {_quoted(' '.join(each.value for each in right.parts))}", level
        if node.value == "+" and (parts := _texts(node)):
            return f"concat({', '.join(self.of(each, 0) for each in parts)})", _WHOLE
        beside = 5 if level in (3, 4) else level + 1
        return f"{self.of(left, 5 if level in (3, 4) else level)} {operator} {self.of(right, beside)}", level

    def _call(self, written: str, parts: tuple[Node, ...]) -> tuple[str, int]:
        subject, _, function = written.rpartition(".")
        if subject:
            return self._member(subject, function, parts)
        if written == "answered" and len(parts) == 1:
            return f"{self.of(parts[0], 5)} != ''", 3
        if written == "mod" and len(parts) == 2:
            return f"{self.of(parts[0], 6)} mod {self.of(parts[1], 7)}", 6
        if written == "position":
            return "position(..)", _WHOLE
        if written in ("count", "sum", "min", "max") and len(parts) == 1:
            return self._of_list(written, parts[0]), _WHOLE
        if written == "days_between" and len(parts) == 2:
            first, second = (self.of(each, 0) for each in parts)
            return f"decimal-date-time({second}) - decimal-date-time({first})", 5
        if written not in _CALLS:
            raise NotSaid(written)
        return f"{_CALLS[written]}({', '.join(self.of(each, 0) for each in parts)})", _WHOLE

    def _member(self, subject: str, function: str, parts: tuple[Node, ...]) -> tuple[str, int]:
        if function == "matches" and len(parts) == 1 and parts[0].kind == "text":
            return f"regex({self._name(subject)}, {_quoted(parts[0].value)})", _WHOLE
        raise NotSaid(function)

    def _of_list(self, function: str, node: Node) -> str:
        """A number over a choice, a repeat, or a question of a repeat."""
        if node.kind == "call" and node.value.endswith(".map") and len(node.parts) == 2:
            variable, taken = node.parts
            _, _, name = taken.value.partition(f"{variable.value}.")
            if function == "count" or taken.kind != "name" or name not in self.form.names:
                raise NotSaid("map")
            return f"{function}(${{{name}}})"
        if function == "count":
            is_repeat = node.kind == "name" and node.value in self.form.repeats
            return f"{'count' if is_repeat else 'count-selected'}({self.of(node, 0)})"
        raise NotSaid(function)


def _texts(node: Node) -> tuple[Node, ...]:
    """What a text is put together from; nothing if it is a sum of numbers."""
    parts: list[Node] = []
    while node.kind == "binary" and node.value == "+":
        parts.insert(0, node.parts[1])
        node = node.parts[0]
    parts.insert(0, node)
    has_text = any(each.kind == "text" or _or_empty(each) is not each for each in parts)
    return tuple(map(_or_empty, parts)) if has_text else ()


def _or_empty(node: Node) -> Node:
    """`coalesce(text(x), "")` is how a text that may be missing goes into another: XPath needs no such words."""
    if node.kind == "call" and node.value == "coalesce" and len(node.parts) == 2 and _is_empty(node.parts[1]):
        inner = node.parts[0]
        return inner.parts[0] if inner.kind == "call" and inner.value == "text" else inner
    return node


def _is_empty(node: Node) -> bool:
    return node.kind == "text" and not node.value


def _quoted(words: str) -> str:
    if "'" not in words:
        return f"'{words}'"
    if '"' in words:
        raise NotSaid(words)
    return f'"{words}"'
