"""ExpressionScript of LimeSurvey put into CEL. Source: https://www.limesurvey.org/manual/ExpressionScript_-_Presentation"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from viche_surveys.forms import cel
from viche_surveys.forms.cel import Cel, Gives, Level
from viche_surveys.forms.grammar import Grammar, Node, escaped
from viche_surveys.forms.scope import Untranslatable
from viche_surveys.forms.translating import Translator, as_condition

SCRIPT = Grammar(
    tokens=re.compile(
        r"""
        (?P<space>\s+)
        |(?P<number>\d+\.?\d*|\.\d+)(?![A-Za-z_])
        |(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
        |(?P<word>[A-Za-z0-9_]+(?:[.:][A-Za-z0-9_]+)*|[A-Z]+:[A-Za-z0-9_]+)
        |(?P<mark>===|!==|==|!=|<=|>=|&&|\|\||[-+*/<>!(),=^])
        """,
        re.VERBOSE,
    ),
    binary={
        "||": 1, "or": 1, "&&": 2, "and": 2, "==": 3, "eq": 3, "!=": 3, "ne": 3, "=": 3, "===": 3, "!==": 3,
        "<": 4, "lt": 4, "<=": 4, "le": 4, ">": 4, "gt": 4, ">=": 4, "ge": 4, "+": 5, "-": 5, "*": 6, "/": 6,
    },
    unary={"!": 7, "not": 7, "-": 7, "+": 7},
    meanings={
        "or": "||", "and": "&&", "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "not": "!",
        "===": "==", "!==": "!=",
    },
    postfix={},
    unquoted=escaped,
)  # fmt: skip
SUFFIXES = frozenset({"naok", "value", "valuenaok", "code", "shown"})
KNOWN = frozenset({
    "addslashes", "checkdate", "convert_value", "date", "date_default_timezone_get", "geterrors_exprmgr", "gmdate",
    "html_entity_decode", "htmlentities", "htmlspecialchars", "idate", "implode", "inlist", "join", "list", "listifop",
    "localize_date", "log", "mktime", "modulo-function", "nl2br", "number_format", "pi", "pow",
    "quoted_printable_decode",
    "quoted_printable_encode", "quotemeta", "rand", "sin", "cos", "tan", "sprintf", "sqrt", "stddev", "statcount",
    "statcountif", "str_pad", "str_repeat", "str_replace", "strcasecmp", "stripslashes", "stristr", "strncasecmp",
    "strncmp", "strpos", "strrev", "strstr", "strtolower", "strtotime", "strtoupper", "substr", "trim", "ucwords",
    "unique", "time", "exp", "getdate", "countifop", "sumifop", "countif", "microtime",
})  # fmt: skip
"""Functions of ExpressionScript that say what cannot be said here."""


@dataclass(frozen=True, slots=True)
class Names:
    """What variables of a form are.

    Attributes:
        variables: by name as ExpressionScript has it: a question, a question and its subquestion, an SGQA code.
        own: what `this` and `self` are.
    """

    variables: Mapping[str, Cel | None]
    own: Cel | None = None


def translated(source: str, names: Names) -> Cel:
    """An expression in CEL.

    Raises:
        Untranslatable: it is none, or says what cannot be said here.
    """
    return _Translator(names).whole(SCRIPT, source)


def condition(source: str, names: Names) -> str:
    """A condition in CEL; empty where it always holds."""
    if not source.strip() or source.strip() == "1":
        return ""
    return as_condition(translated(source, names))


class _Translator(Translator):
    def __init__(self, names: Names) -> None:
        super().__init__()
        self.names = names

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
            case "unary" if node.value == "!":
                return cel.negated(self.guarded(node.parts[0]))
            case "unary":
                inner = cel.as_number(self.of(node.parts[0]))
                return inner if node.value == "+" else cel.minus(inner)
            case "binary":
                return self._binary(node.value, *node.parts)
            case _:
                raise Untranslatable("EXPRESSION_NOT_TAKEN", function=node.kind)

    def _name(self, written: str) -> Cel:
        name, _, suffix = written.partition(".")
        if ":" in written or (suffix and suffix.lower() not in SUFFIXES):
            raise Untranslatable("EXPRESSION_NOT_TAKEN", function=written)
        if name in ("this", "self", "that") and self.names.own is not None and name != "that":
            return self.names.own
        if name not in self.names.variables:
            raise Untranslatable("EXPRESSION_UNKNOWN_NAME", name=name)
        found = self.names.variables[name]
        if found is None:
            raise Untranslatable("EXPRESSION_NAME_LEFT_OUT", name=name)
        return found

    def _call(self, node: Node) -> Cel:
        name = node.value.lower()
        if name == "if" and len(node.parts) == 3:
            return cel.choice(self.guarded(node.parts[0]), self.of(node.parts[1]), self.of(node.parts[2]))
        if name in KNOWN:
            raise Untranslatable("EXPRESSION_NOT_TAKEN", function=node.value)
        if name not in _FUNCTIONS:
            raise Untranslatable("EXPRESSION_UNKNOWN_FUNCTION", function=node.value)
        try:
            return _FUNCTIONS[name](*map(self.of, node.parts))
        except TypeError as error:
            raise Untranslatable("EXPRESSION_SYNTAX", text=node.value, at=node.at) from error

    def _binary(self, operator: str, first: Node, second: Node) -> Cel:
        if operator == "=":
            raise Untranslatable("EXPRESSION_NOT_TAKEN", function="=")
        if operator in ("&&", "||"):
            sides = [cel.as_truth(self.of(each)) for each in (first, second)]
            return cel.every(*sides) if operator == "&&" else cel.some(*sides)
        left, right = self.of(first), self.of(second)
        if operator in ("==", "!="):
            return _equal(left, right, negate=operator == "!=")
        if operator in ("<", "<=", ">", ">="):
            found = cel.ordered(operator, left, right)
            return cel.guarded(found) if self.guards else found
        if operator == "+" and Gives.TEXT in (left.gives, right.gives) and not _are_numbers(left, right):
            return cel.binary("+", cel.as_text(left), cel.as_text(right), Level.SUM, Gives.TEXT)
        level = Level.SUM if operator in "+-" else Level.PRODUCT
        return cel.binary(operator, cel.as_number(left), cel.as_number(right), level, Gives.NUMBER)


def _are_numbers(left: Cel, right: Cel) -> bool:
    return Gives.NUMBER in (left.gives, right.gives) and not any(
        isinstance(each.literal, str) for each in (left, right)
    )


def _equal(left: Cel, right: Cel, *, negate: bool) -> Cel:
    """A subquestion of a multiple choice is "Y" or empty."""
    for one, other in ((left, right), (right, left)):
        if one.gives is Gives.TRUTH and other.literal is not None:
            chosen = other.literal in ("Y", "1", 1.0)
            return cel.negated(one) if chosen == negate else one
    return cel.equal(left, right, negate=negate)


def _is_empty(subject: Cel) -> Cel:
    return cel.negated(cel.as_truth(subject) if subject.gives is Gives.TRUTH else cel.answered(subject))


def _pattern(pattern: Cel, subject: Cel) -> Cel:
    return cel.member("matches", _words(subject), cel.text(regular(pattern)), gives=Gives.TRUTH)


def regular(pattern: Cel) -> str:
    """A pattern of PHP, `/…/i`, as CEL has it."""
    match = re.fullmatch(r"\s*([/#~])(.*)\1([a-z]*)\s*", pattern.literal if isinstance(pattern.literal, str) else "")
    if not match or set(match[3]) - set("iu"):
        raise Untranslatable("EXPRESSION_NOT_TAKEN", function="regexMatch")
    written = match[2].replace(f"\\{match[1]}", match[1])
    return f"(?i){written}" if "i" in match[3] else written


def _words(subject: Cel) -> Cel:
    return cel.call("text", subject, gives=Gives.TEXT) if subject.gives is Gives.NUMBER else subject


def _listed(function: str) -> Callable[..., Cel]:
    def made(*items: Cel) -> Cel:
        if not items:
            raise TypeError
        numbers = ", ".join(cel.as_number(each).source for each in items)
        source = f"{function}([{numbers}])"
        return Cel(source, Gives.NUMBER)

    return made


def _count(*items: Cel) -> Cel:
    """How many of them have an answer."""
    chosen = [
        cel.choice(
            cel.as_truth(each) if each.gives is Gives.TRUTH else cel.answered(each), cel.number(1), cel.number(0)
        )
        for each in items
    ]
    return Cel(f"sum([{', '.join(each.source for each in chosen)}])", Gives.NUMBER)


def _whole(subject: Cel) -> Cel:
    value = cel.as_number(subject)
    rest = cel.call("mod", value, cel.number(1), gives=Gives.NUMBER)
    return cel.binary("-", value, rest, Level.SUM, Gives.NUMBER)


def _ceil(subject: Cel) -> Cel:
    return cel.minus(cel.call("floor", cel.minus(cel.as_number(subject)), gives=Gives.NUMBER))


_FUNCTIONS: Mapping[str, Callable[..., Cel]] = {
    "is_empty": _is_empty,
    "empty": _is_empty,
    "is_numeric": lambda subject: cel.answered(cel.as_number(subject)),
    "count": _count,
    "sum": _listed("sum"),
    "min": _listed("min"),
    "max": _listed("max"),
    "abs": lambda subject: cel.call(
        "max", cel.as_number(subject), cel.minus(cel.as_number(subject)), gives=Gives.NUMBER
    ),
    "floor": lambda subject: cel.call("floor", cel.as_number(subject), gives=Gives.NUMBER),
    "ceil": _ceil,
    "round": lambda subject, digits=None: cel.call(
        "round", cel.as_number(subject), *([digits] if digits else []), gives=Gives.NUMBER
    ),
    "intval": _whole,
    "floatval": cel.as_number,
    "fmod": lambda one, other: cel.call("mod", cel.as_number(one), cel.as_number(other), gives=Gives.NUMBER),
    "strlen": lambda subject: cel.call("size", _words(subject), gives=Gives.NUMBER),
    "strcmp": lambda one, other: cel.equal(one, other, negate=True),
    "regexmatch": _pattern,
}
