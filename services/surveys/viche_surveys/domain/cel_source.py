"""Reads the source of an expression: its names and calls, what we do not take, and the source that is compiled.

CEL keeps whole numbers and doubles apart (`age + 1` fails where age is 18.0), counts bytes, and fails where a member
is missing. In a survey numbers are doubles, texts have characters and what is missing is null. So the source is put
into other words before it is compiled, and the meaning is ours: `18` is `18.0`, `x.y` and `x[y]` are `at(x, y)`.
The browser has the same meaning by an evaluator of its own (`static/src/expressions.js`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from viche_surveys.domain.functions import FUNCTIONS

MAX_LENGTH = 4_000
MAX_DEPTH = 24
MAX_MACROS = 8
MAX_NESTED_MACROS = 2
MAX_PATTERN = 200

MACROS: Mapping[str, tuple[int, int]] = {
    "all": (2, 2),
    "exists": (2, 2),
    "exists_one": (2, 2),
    "filter": (2, 2),
    "map": (2, 3),
}
ARITIES: Mapping[str, tuple[int, int]] = {
    **{name: (function.least, function.most) for name, function in FUNCTIONS.items()},
    "today": (0, 0),
    "position": (0, 0),
    "has": (1, 1),
    "matches": (2, 2),
}
WORDS = frozenset({"true", "false", "null", "in"})
OURS = "__"
"""Ends the names that only we write."""

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*)
    |(?P<text>(?P<bytes>[bB])?(?:[rR](?:\"{3}.*?\"{3}|'{3}.*?'{3}|"[^"]*"|'[^']*')
        |\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))
    |(?P<integer>(?:0[xX][0-9a-fA-F]+|[0-9]+(?![0-9]*[.][0-9]|[0-9]*[eE][+-]?[0-9]))(?P<unsigned>[uU])?)
    |(?P<double>[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<mark>&&|\|\||[=!<>]=|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_CLOSING = {"(": ")", "[": "]", "{": "}"}


class Reason(StrEnum):
    """Why an expression is refused."""

    SYNTAX = "EXPRESSION_SYNTAX"
    UNKNOWN_NAME = "EXPRESSION_UNKNOWN_NAME"
    UNKNOWN_FUNCTION = "EXPRESSION_UNKNOWN_FUNCTION"
    ARGUMENTS = "EXPRESSION_ARGUMENTS"
    NOT_TAKEN = "EXPRESSION_NOT_TAKEN"
    PATTERN = "EXPRESSION_PATTERN"
    TOO_LONG = "EXPRESSION_TOO_LONG"
    TOO_DEEP = "EXPRESSION_TOO_DEEP"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with an expression.

    Attributes:
        reason: what kind of thing.
        value: the name, the function, or what the parser says.
        line: of the source, from 1.
        column: character of that line, from 1.
    """

    reason: Reason
    value: str = ""
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the source and where it begins."""

    kind: str
    text: str
    start: int


@dataclass(slots=True)
class _Bracket:
    """An open bracket: what closes it in our words, and what is called with it."""

    closing: str
    called: Token | None = None
    is_member: bool = False
    arguments: int = 0
    variable: str = ""
    is_bound: bool = False

    @property
    def is_macro(self) -> bool:
        return self.called is not None and self.is_member and self.called.text in MACROS


@dataclass(slots=True)
class Reading:
    """What one pass over a source finds.

    Attributes:
        names: where names stand that are not those of macros' own variables.
        members: names after a point that are not called.
        functions: names of what is called.
        patterns: texts that are patterns of `matches`.
        rewritten: the source in our words.
    """

    source: str
    names: list[Token] = field(default_factory=list)
    members: list[Token] = field(default_factory=list)
    functions: set[str] = field(default_factory=set)
    patterns: list[Token] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    rewritten: str = ""

    def fault(self, reason: Reason, value: str, start: int) -> None:
        """Notes what is wrong there."""
        line, column = place(self.source, start)
        self.faults.append(Fault(reason, value, line, column))


def place(source: str, start: int) -> tuple[int, int]:
    """Line and column of a character, both from 1."""
    return source.count("\n", 0, start) + 1, start - source.rfind("\n", 0, start)


def read(source: str) -> Reading:
    """Reads a source that CEL can parse; what it gives for any other means nothing, but it gives something."""
    reading = Reading(source)
    reading.rewritten = " ".join(_Reader(reading, _tokens(source)).words())
    return reading


def _tokens(source: str) -> list[Token]:
    found = (Token(_kind(match), match[0], match.start()) for match in _TOKEN.finditer(source))
    return [token for token in found if token.kind != "space"]


def _kind(match: re.Match[str]) -> str:
    return next((kind for kind in ("unsigned", "bytes") if match[kind]), match.lastgroup or "")


_START = Token("mark", "", 0)


class _Reader:
    """One pass over the tokens, with the brackets that are open."""

    def __init__(self, reading: Reading, tokens: list[Token]) -> None:
        self.reading = reading
        self.tokens = [_START, *tokens, _START, _START, _START]
        self.open: list[_Bracket] = []
        self.macros = 0

    def words(self) -> Iterator[str]:
        """The source in our words, one by one; the rest of the reading is filled meanwhile."""
        for index in range(1, len(self.tokens) - 3):
            before, token, after = self.tokens[index - 1 : index + 2]
            if self.open and not self.open[-1].arguments and token.text != ")":
                self.open[-1].arguments = 1
            match token.kind:
                case "integer":
                    yield repr(float(int(token.text, 16) if token.text[1:2] in ("x", "X") else int(token.text)))
                case "name" if after.text == "(" and token.text not in WORDS:
                    yield self._called(index, token, is_member=before.text == ".")
                case "name":
                    yield self._named(token, is_member=before.text == ".")
                case "mark":
                    yield self._mark(index, before, token)
                case _:
                    yield self._taken(token)

    def _taken(self, token: Token) -> str:
        if token.kind in ("unsigned", "bytes") or token.text in ("%", "{"):
            self.reading.fault(Reason.NOT_TAKEN, token.text, token.start)
        return token.text

    def _named(self, token: Token, *, is_member: bool) -> str:
        if is_member:
            self.reading.members.append(token)
            return f'at{OURS}("{token.text}")'
        if token.text not in WORDS and not self._is_variable(token):
            self.reading.names.append(token)
        return token.text

    def _is_variable(self, token: Token) -> bool:
        """Whether the name is a macro's own: where it is declared, or in what the macro does with it."""
        last = self.open[-1] if self.open else None
        if last and last.is_macro and not last.variable:
            last.variable = token.text
            return True
        return any(bracket.is_bound and bracket.variable == token.text for bracket in self.open)

    def _called(self, index: int, token: Token, *, is_member: bool) -> str:
        name = token.text
        self.reading.functions.add(name)
        if is_member and name in MACROS:
            self._count_macro(token)
            return f"walked{OURS}() . {name}"
        if name == "matches":
            self._note_pattern(index, token, is_member=is_member)
            return name
        if name not in ARITIES:
            self.reading.fault(Reason.UNKNOWN_FUNCTION, name, token.start)
        return f"{name}{OURS}"

    def _count_macro(self, token: Token) -> None:
        self.macros += 1
        around = sum(bracket.is_macro for bracket in self.open)
        if self.macros > MAX_MACROS or around >= MAX_NESTED_MACROS:
            self.reading.fault(Reason.TOO_DEEP, token.text, token.start)

    def _note_pattern(self, index: int, token: Token, *, is_member: bool) -> None:
        """`matches` is CEL's own, and takes its pattern written out, so that it can be looked at beforehand."""
        pattern, closing = self.tokens[index + 2 : index + 4]
        if is_member and pattern.kind == "text" and closing.text == ")":
            self.reading.patterns.append(pattern)
        else:
            self.reading.fault(Reason.PATTERN, token.text, token.start)

    def _mark(self, index: int, before: Token, token: Token) -> str:
        match token.text:
            case "(" | "[" | "{":
                return self._opened(index, before, token)
            case ")" | "]" | "}" if self.open:
                return self._closed(token)
            case "," if self.open:
                self.open[-1].arguments += 1
                self.open[-1].is_bound = bool(self.open[-1].variable)
            case "." if not _ends_value(before):
                self.reading.fault(Reason.NOT_TAKEN, token.text, token.start)
        return self._taken(token)

    def _opened(self, index: int, before: Token, token: Token) -> str:
        if len(self.open) == MAX_DEPTH:
            self.reading.fault(Reason.TOO_DEEP, token.text, token.start)
        if token.text == "[" and _ends_value(before):
            self.open.append(_Bracket(")"))
            return f". at{OURS}("
        called = before if token.text == "(" and before.kind == "name" and before.text not in WORDS else None
        self.open.append(
            _Bracket(_CLOSING[token.text], called, self.tokens[index - 2].text == "." if called else False)
        )
        return self._taken(token)

    def _closed(self, token: Token) -> str:
        bracket = self.open.pop()
        if bracket.called:
            self._check_arguments(bracket, bracket.called)
        return bracket.closing

    def _check_arguments(self, bracket: _Bracket, called: Token) -> None:
        if bracket.is_macro:
            least, most = MACROS[called.text]
        elif called.text in ARITIES:
            least, most = (limit - bracket.is_member for limit in ARITIES[called.text])
        else:
            return
        if not least <= bracket.arguments <= most:
            self.reading.fault(Reason.ARGUMENTS, called.text, called.start)


def _ends_value(token: Token) -> bool:
    return token.text in (")", "]", "}") if token.kind == "mark" else token.text != "in"
