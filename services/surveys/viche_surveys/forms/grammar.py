"""Parses expressions of other tools: a table of tokens and operators makes a parser of operator precedence (Pratt)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

MAX_LENGTH = 10_000
MAX_DEPTH = 60


class Unreadable(ValueError):
    """An expression that has no meaning in its language; `at` is the place of the character, from 1."""

    def __init__(self, message: str, at: int) -> None:
        self.at = at
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression.

    Attributes:
        kind: "number", "text", "name", "call", "list", "index", "unary", "binary" or "choice".
        value: the literal without quotes, the name, the function or the operator.
        parts: arguments or operands.
    """

    kind: str
    value: str
    parts: tuple[Node, ...] = ()
    at: int = 1


@dataclass(frozen=True, slots=True)
class Grammar:
    """A language of expressions.

    Attributes:
        tokens: one named group per kind: space, number, text, name, word, mark. A `word` may be an operator or call.
        binary: how tightly operators bind; `meanings` gives each its one spelling.
        postfix: operators that stand after what they are about.
        unquoted: what a quoted text says.
    """

    tokens: re.Pattern[str]
    binary: Mapping[str, int]
    unary: Mapping[str, int]
    meanings: Mapping[str, str]
    postfix: Mapping[str, int]
    unquoted: Callable[[str], str]
    has_choice: bool = False

    def parse(self, source: str) -> Node:
        """The whole expression.

        Raises:
            Unreadable: it is none.
        """
        return _Parser(self, source).whole()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int


class _Parser:
    def __init__(self, grammar: Grammar, source: str) -> None:
        if len(source) > MAX_LENGTH:
            raise Unreadable("too long", MAX_LENGTH)
        self.grammar = grammar
        self.tokens = _tokens(grammar.tokens, source)
        self.index = 0
        self.depth = 0

    def whole(self) -> Node:
        found = self._expression(0)
        if self._next.kind != "end":
            raise self._unexpected()
        return found

    @property
    def _next(self) -> _Token:
        return self.tokens[self.index]

    def _take(self) -> _Token:
        token = self._next
        self.index += 1
        return token

    def _unexpected(self) -> Unreadable:
        return Unreadable(self._next.text or "end", self._next.start + 1)

    def _expect(self, mark: str) -> None:
        if self._next.text != mark or self._next.kind == "text":
            raise self._unexpected()
        self._take()

    def _expression(self, least: int) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Unreadable("too deep", self._next.start + 1)
        left = self._operand()
        while (found := self._operator()) is not None and self._binds(found) >= least:
            left = self._continued(left, found)
        self.depth -= 1
        return left

    def _continued(self, left: Node, operator: str) -> Node:
        token = self._take()
        meant = self.grammar.meanings.get(operator, operator)
        if operator in self.grammar.postfix:
            return Node("unary", meant, (left,), token.start + 1)
        if operator == "?":
            then = self._expression(0)
            self._expect(":")
            return Node("choice", "?", (left, then, self._expression(0)), token.start + 1)
        right = self._expression(self.grammar.binary[operator] + 1)
        return Node("binary", meant, (left, right), token.start + 1)

    def _operator(self) -> str | None:
        if self._next.kind in ("text", "number", "name", "end"):
            return None
        written = self._next.text.lower()
        known = (*self.grammar.binary, *self.grammar.postfix, *(("?",) if self.grammar.has_choice else ()))
        return written if written in known else None

    def _binds(self, operator: str) -> int:
        if operator == "?":
            return 0
        return self.grammar.postfix.get(operator, self.grammar.binary.get(operator, 0))

    def _operand(self) -> Node:
        token = self._next
        written = token.text.lower()
        if token.kind in ("word", "mark") and written in self.grammar.unary and not self._is_call(token):
            self._take()
            inner = self._expression(self.grammar.unary[written])
            return Node("unary", self.grammar.meanings.get(written, written), (inner,), token.start + 1)
        if token.kind == "mark" and token.text == "(":
            self._take()
            inner = self._expression(0)
            self._expect(")")
            return self._indexed(inner)
        if token.kind == "mark" and token.text == "[":
            return Node("list", "", self._arguments("]"), token.start + 1)
        if token.kind not in ("number", "text", "name", "word"):
            raise self._unexpected()
        self._take()
        if token.kind == "word" and self._next.text == "(" and self._next.kind == "mark":
            return self._indexed(Node("call", token.text, self._arguments(")"), token.start + 1))
        kind = "name" if token.kind == "word" else token.kind
        value = self.grammar.unquoted(token.text) if kind == "text" else token.text
        return self._indexed(Node(kind, value, (), token.start + 1))

    def _is_call(self, token: _Token) -> bool:
        return token.kind == "word" and self.tokens[self.index + 1].text == "("

    def _indexed(self, node: Node) -> Node:
        while self._next.kind == "mark" and self._next.text == "[":
            at = self._next.start + 1
            node = Node("index", "", (node, *self._arguments("]")), at)
        return node

    def _arguments(self, closing: str) -> tuple[Node, ...]:
        self._take()
        found: list[Node] = []
        while self._next.text != closing or self._next.kind == "text":
            if found:
                self._expect(",")
            found.append(self._expression(0))
        self._take()
        return tuple(found)


def _tokens(pattern: re.Pattern[str], source: str) -> list[_Token]:
    found: list[_Token] = []
    start = 0
    while start < len(source):
        match = pattern.match(source, start)
        if match is None or match.end() == start:
            raise Unreadable(source[start], start + 1)
        if match.lastgroup != "space":
            found.append(_Token(match.lastgroup or "", match[0], start))
        start = match.end()
    end = _Token("end", "", len(source))
    return [*found, end, end]


def plain(written: str) -> str:
    """A quoted text of a language that has no escapes."""
    return written[1:-1]


def escaped(written: str) -> str:
    """A quoted text in which a backslash keeps the next character."""
    return re.sub(r"\\(.)", r"\1", written[1:-1], flags=re.DOTALL)
