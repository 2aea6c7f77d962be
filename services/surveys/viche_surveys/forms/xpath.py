"""XPath, as XLSForm has it (ODK XForms, section "XPath Evaluation"), put into CEL.

An answer that is missing is an empty text there and null here: comparisons with '' become `answered(…)`, and what is
compared under a negation is guarded, so that "not older than 5" holds for who has not said how old.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from viche_surveys.forms import cel
from viche_surveys.forms.cel import Cel, Gives, Level
from viche_surveys.forms.grammar import Grammar, Node, plain
from viche_surveys.forms.scope import Scope, Untranslatable
from viche_surveys.forms.translating import Translator, as_condition
from viche_surveys.forms.xpath_functions import FUNCTIONS, NOT_TAKEN

_NAME = r"[^\W\d][\w.\-]*"
XPATH = Grammar(
    tokens=re.compile(
        rf"""
        (?P<space>\s+)
        |(?P<number>\d+\.?\d*|\.\d+)
        |(?P<text>"[^"]*"|'[^']*')
        |(?P<name>\$\{{[^}}]*\}}|(?:current\(\)/)?(?:\.\.?/|/)(?:\.\./)*{_NAME}(?:/{_NAME})*|current\(\)|\.\.|\.)
        |(?P<word>{_NAME}(?::{_NAME})?)
        |(?P<mark>!=|<=|>=|[-+*=<>|(),\[\]])
        """,
        re.VERBOSE,
    ),
    binary={
        "or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4,
        "+": 5, "-": 5, "*": 6, "div": 6, "mod": 6, "|": 8,
    },
    unary={"-": 7},
    meanings={},
    postfix={},
    unquoted=plain,
)  # fmt: skip


def translated(source: str, scope: Scope) -> Cel:
    """An expression in CEL.

    Raises:
        Untranslatable: it is no XPath, or says what cannot be said here.
    """
    return _Translator(scope).whole(XPATH, source)


def condition(source: str, scope: Scope) -> str:
    """A condition in CEL; empty where it always holds."""
    return as_condition(translated(source, scope))


class _Translator(Translator):
    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def of(self, node: Node) -> Cel:
        match node.kind:
            case "number":
                return cel.number(float(node.value))
            case "text":
                return cel.text(node.value)
            case "name":
                return self._name(node.value)
            case "call":
                return self._call(node)
            case "unary":
                return cel.minus(cel.as_number(self.of(node.parts[0])))
            case "binary":
                return self._binary(node)
            case _:
                raise Untranslatable("EXPRESSION_NOT_TAKEN", function="[ ]")

    def _name(self, written: str) -> Cel:
        if written in (".", "current()"):
            return self.scope.itself()
        if written.startswith("${"):
            inside = written[2:-1].strip()
            if inside.startswith("last-saved#"):
                raise Untranslatable("EXPRESSION_NOT_TAKEN", function="last-saved#")
            return self.scope.variable(inside)
        if written == "..":
            raise Untranslatable("EXPRESSION_NOT_TAKEN", function="..")
        if "/" in written:
            return self.scope.variable(written.rpartition("/")[2])
        return self._field(written)

    def _field(self, written: str) -> Cel:
        """A bare name: in a filter an attribute of the option; else a text that somebody forgot to quote."""
        if self.scope.fields is None:
            raise Untranslatable("EXPRESSION_UNKNOWN_NAME", name=written)
        if written in self.scope.fields:
            return Cel(f"option.{self.scope.fields[written]}", Gives.TEXT)
        self.scope.notes.append(("BARE_WORD_AS_TEXT", written))
        return cel.text(written)

    def _call(self, node: Node) -> Cel:
        name = node.value
        if name == "not" and len(node.parts) == 1:
            return cel.negated(self.guarded(node.parts[0]))
        if name == "if" and len(node.parts) == 3:
            return cel.choice(self.guarded(node.parts[0]), self.of(node.parts[1]), self.of(node.parts[2]))
        if name == "position":
            return Cel("position()", Gives.NUMBER)
        if name in NOT_TAKEN:
            raise Untranslatable("EXPRESSION_NOT_TAKEN", function=name)
        least, most, make = FUNCTIONS.get(name, (0, -1, None))
        if make is None:
            raise Untranslatable("EXPRESSION_UNKNOWN_FUNCTION", function=name)
        if not least <= len(node.parts) <= most:
            raise Untranslatable("EXPRESSION_SYNTAX", text=name, at=node.at)
        if name == "now":
            self.scope.notes.append(("NOW_AS_TODAY", name))
        return make(*map(self.of, node.parts))

    def _binary(self, node: Node) -> Cel:
        operator = node.value
        if operator in ("and", "or"):
            sides = [cel.as_truth(self.of(each)) for each in node.parts]
            return cel.every(*sides) if operator == "and" else cel.some(*sides)
        left, right = map(self.of, node.parts)
        if operator in _RELATIONS:
            found = _RELATIONS[operator](left, right)
            return cel.guarded(found) if self.guards and operator not in ("=", "!=") else found
        if operator in _ARITHMETIC:
            return _ARITHMETIC[operator](left, right)
        raise Untranslatable("EXPRESSION_NOT_TAKEN", function=operator)


def _equal(left: Cel, right: Cel) -> Cel:
    return _length(left, right, "=") or cel.equal(left, right)


def _unequal(left: Cel, right: Cel) -> Cel:
    return _length(left, right, "!=") or cel.equal(left, right, negate=True)


def _relation(operator: str) -> Callable[[Cel, Cel], Cel]:
    return lambda left, right: _length(left, right, operator) or cel.ordered(operator, left, right)


def _length(left: Cel, right: Cel, operator: str) -> Cel | None:
    """The length of a text compared with 0: nothing has no length."""
    if not left.source.startswith("size(") or left.level is not Level.WHOLE or right.literal != 0.0:
        return None
    subject = Cel(left.source[5:-1])
    asked = cel.answered(subject)
    return {"=": cel.negated(asked), "<=": cel.negated(asked), "!=": asked, ">": asked}.get(operator)


def _plus(left: Cel, right: Cel) -> Cel:
    if Gives.DATE in (left.gives, right.gives):
        day, days = (left, right) if left.gives is Gives.DATE else (right, left)
        return cel.shifted(day, cel.as_number(days))
    return cel.binary("+", cel.as_number(left), cel.as_number(right), Level.SUM, Gives.NUMBER)


def _minus(left: Cel, right: Cel) -> Cel:
    if left.gives is Gives.DATE and right.gives is Gives.DATE:
        return cel.difference(left, right)
    if left.gives is Gives.DATE:
        return cel.shifted(left, cel.minus(cel.as_number(right)))
    return cel.binary("-", cel.as_number(left), cel.as_number(right), Level.SUM, Gives.NUMBER)


def _product(operator: str) -> Callable[[Cel, Cel], Cel]:
    return lambda left, right: cel.binary(
        operator, cel.as_number(left), cel.as_number(right), Level.PRODUCT, Gives.NUMBER
    )


def _remainder(left: Cel, right: Cel) -> Cel:
    return cel.call("mod", cel.as_number(left), cel.as_number(right), gives=Gives.NUMBER)


_RELATIONS: Mapping[str, Callable[[Cel, Cel], Cel]] = {
    "=": _equal,
    "!=": _unequal,
    **{operator: _relation(operator) for operator in ("<", "<=", ">", ">=")},
}
_ARITHMETIC: Mapping[str, Callable[[Cel, Cel], Cel]] = {
    "+": _plus,
    "-": _minus,
    "*": _product("*"),
    "div": _product("/"),
    "mod": _remainder,
}
