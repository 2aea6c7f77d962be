"""Expressions of SurveyJS put into CEL. Source: https://surveyjs.io/form-library/documentation/design-survey/conditional-logic"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from viche_surveys.forms import cel
from viche_surveys.forms.cel import Cel, Gives, Level
from viche_surveys.forms.grammar import Grammar, Node, escaped
from viche_surveys.forms.scope import Untranslatable
from viche_surveys.forms.translating import Translator, as_condition

_COMPARED = (
    "=", "==", "equal", "<>", "!=", "notequal", ">", "greater", "<", "less", ">=", "greaterorequal", "<=",
    "lessorequal", "contains", "contain", "*=", "notcontains", "notcontain", "anyof", "noneof", "allof",
)  # fmt: skip
SURVEYJS = Grammar(
    tokens=re.compile(
        r"""
        (?P<space>\s+)
        |(?P<name>\{[^{}]*\})
        |(?P<number>0[xX][0-9a-fA-F]+|\d+\.?\d*|\.\d+)(?![A-Za-z_])
        |(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
        |(?P<word>[A-Za-z_][A-Za-z0-9_\-]*)
        |(?P<mark><>|==|!=|<=|>=|&&|\|\||\*=|[-+*/%^<>!(),=\[\]])
        """,
        re.VERBOSE,
    ),
    binary={
        "or": 1, "||": 1, "and": 2, "&&": 2, **dict.fromkeys(_COMPARED, 3), "+": 4, "-": 4, "*": 5, "/": 5, "%": 5,
        "^": 6,
    },
    unary={"!": 7, "negate": 7, "not": 7, "-": 7},
    meanings={
        "or": "||", "and": "&&", "=": "==", "equal": "==", "<>": "!=", "notequal": "!=", "greater": ">", "less": "<",
        "greaterorequal": ">=", "lessorequal": "<=", "contain": "contains", "*=": "contains",
        "notcontain": "notcontains", "negate": "!", "not": "!",
    },
    postfix={"empty": 7, "notempty": 7},
    unquoted=escaped,
)  # fmt: skip
KNOWN = frozenset({
    "avg", "isContainerReady", "isDisplayMode", "currentDate", "year", "month", "day", "weekday", "getDate", "diffDays",
    "dateAdd", "displayValue", "propertyValue", "getComment", "substring", "getInvisibleNames", "trim", "avgInArray",
    "minInArray", "maxInArray", "isString", "getYear", "currentYear", "hour", "minute", "getPanel", "progress",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """What stands in braces.

    Attributes:
        variables: by name; None for what did not come over.
        near: the same in a panel or row that repeats, where it is `{panel.…}` or `{row.…}`.
        booleans: codes of yes and no of questions that have these two only.
        own: name of the question that is `value` here.
    """

    variables: Mapping[str, Cel | None] = field(default_factory=dict)
    near: Mapping[str, Cel | None] = field(default_factory=dict)
    booleans: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    own: str = ""
    own_gives: Gives = Gives.UNKNOWN


def translated(source: str, names: Names) -> Cel:
    """An expression in CEL.

    Raises:
        Untranslatable: it is none, or says what cannot be said here.
    """
    return _Translator(names).whole(SURVEYJS, source)


def condition(source: str, names: Names) -> str:
    """A condition in CEL; empty where it always holds."""
    if not source.strip():
        return ""
    return as_condition(translated(source, names))


def decided(source: str, names: Names) -> Cel:
    """A condition in CEL that is true or false whatever is missing.

    Raises:
        Untranslatable: it is none, or says what cannot be said here.
    """
    translator = _Translator(names)
    translator.guards = True
    return cel.as_truth(translator.whole(SURVEYJS, source))


class _Translator(Translator):
    def __init__(self, names: Names) -> None:
        super().__init__()
        self.names = names

    def of(self, node: Node) -> Cel:
        match node.kind:
            case "number":
                return cel.number(float(int(node.value, 16) if node.value[:2].lower() == "0x" else node.value))
            case "text":
                return cel.text(node.value)
            case "name" if node.value.startswith("{"):
                return self._name(node.value[1:-1].strip())
            case "name" if node.value.lower() in ("true", "false"):
                return cel.truth(node.value.lower() == "true")
            case "name":
                return cel.text(node.value)
            case "list":
                return Cel(f"[{', '.join(self.of(each).source for each in node.parts)}]", Gives.LIST)
            case "call":
                return self._call(node)
            case "unary":
                return self._unary(node.value, node.parts[0])
            case "binary":
                return self._binary(node)
            case _:
                raise Untranslatable("EXPRESSION_NOT_TAKEN", function="[ ]")

    def _name(self, written: str) -> Cel:
        names = self.names
        if written == "item":
            return Cel("option.code", Gives.TEXT)
        if names.own and written == names.own:
            return Cel("value", names.own_gives)
        first, _, rest = written.partition(".")
        if first in ("panel", "row", "parentPanel") and rest:
            return self._known(rest, names.near)
        if written in names.variables or not rest:
            return self._known(written, names.variables)
        owner = self._known(first, names.variables)
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", rest):
            raise Untranslatable("EXPRESSION_NOT_TAKEN", function=written)
        return Cel(f"{owner.source}.{rest}", Gives.UNKNOWN, names=(f"{owner.source}.{rest}",))

    def _known(self, written: str, among: Mapping[str, Cel | None]) -> Cel:
        if written not in among:
            raise Untranslatable("EXPRESSION_UNKNOWN_NAME", name=written)
        found = among[written]
        if found is None:
            raise Untranslatable("EXPRESSION_NAME_LEFT_OUT", name=written)
        return found

    def _unary(self, operator: str, inner: Node) -> Cel:
        match operator:
            case "empty":
                return cel.negated(cel.answered(self.of(inner)))
            case "notempty":
                return cel.answered(self.of(inner))
            case "!":
                return cel.negated(self.guarded(inner))
            case _:
                return cel.minus(cel.as_number(self.of(inner)))

    def _call(self, node: Node) -> Cel:
        name = node.value
        if name == "iif" and len(node.parts) == 3:
            return cel.choice(self.guarded(node.parts[0]), self.of(node.parts[1]), self.of(node.parts[2]))
        if name in KNOWN:
            raise Untranslatable("EXPRESSION_NOT_TAKEN", function=name)
        if name not in _FUNCTIONS:
            raise Untranslatable("EXPRESSION_UNKNOWN_FUNCTION", function=name)
        try:
            return _FUNCTIONS[name](*map(self.of, node.parts))
        except TypeError as error:
            raise Untranslatable("EXPRESSION_SYNTAX", text=name, at=node.at) from error

    def _binary(self, node: Node) -> Cel:
        operator, (first, second) = node.value, node.parts
        if operator in ("&&", "||"):
            sides = [cel.as_truth(self.of(each)) for each in (first, second)]
            return cel.every(*sides) if operator == "&&" else cel.some(*sides)
        if operator in ("contains", "notcontains", "anyof", "noneof", "allof"):
            return self._among(operator, self.of(first), second)
        left, right = self._sides(self.of(first), self.of(second))
        if operator in ("==", "!="):
            return cel.equal(left, right, negate=operator == "!=")
        if operator in ("<", "<=", ">", ">="):
            found = cel.ordered(operator, left, right)
            return cel.guarded(found) if self.guards else found
        return _calculated(operator, left, right)

    def _sides(self, left: Cel, right: Cel) -> tuple[Cel, Cel]:
        """True and false beside a question that has these two answers are its codes."""
        for one, other in ((left, right), (right, left)):
            if one.source in self.names.booleans and other.source in ("true", "false"):
                code = cel.text(self.names.booleans[one.source][other.source == "false"])
                return (one, code) if one is left else (code, one)
        return left, right

    def _among(self, operator: str, subject: Cel, node: Node) -> Cel:
        wanted = [self.of(each) for each in node.parts] if node.kind == "list" else [self.of(node)]
        if operator in ("contains", "notcontains") and subject.gives is Gives.TEXT and node.kind != "list":
            found = cel.call("contains", subject, wanted[0], gives=Gives.TRUTH)
        else:
            each = [cel.call("selected", subject, code, gives=Gives.TRUTH) for code in wanted]
            found = cel.every(*each) if operator in ("contains", "allof", "notcontains") else cel.some(*each)
        return cel.negated(found) if operator in ("notcontains", "noneof") else found


def _calculated(operator: str, left: Cel, right: Cel) -> Cel:
    if operator == "+" and any(isinstance(each.literal, str) for each in (left, right)):
        return cel.binary("+", cel.as_text(left), cel.as_text(right), Level.SUM, Gives.TEXT)
    if operator == "-" and left.gives is Gives.DATE and right.gives is Gives.DATE:
        return cel.difference(left, right)
    if operator == "%":
        return cel.call("mod", cel.as_number(left), cel.as_number(right), gives=Gives.NUMBER)
    if operator == "^":
        raise Untranslatable("EXPRESSION_NOT_TAKEN", function="^")
    level = Level.SUM if operator in "+-" else Level.PRODUCT
    return cel.binary(operator, cel.as_number(left), cel.as_number(right), level, Gives.NUMBER)


def _listed(function: str) -> Callable[..., Cel]:
    def made(*items: Cel) -> Cel:
        if not items:
            raise TypeError
        return Cel(f"{function}([{', '.join(cel.as_number(each).source for each in items)}])", Gives.NUMBER)

    return made


def _in_array(function: str) -> Callable[..., Cel]:
    def made(panel: Cel, column: Cel, *more: Cel) -> Cel:
        if not isinstance(column.literal, str) or more:
            raise Untranslatable("EXPRESSION_NOT_TAKEN", function=f"{function}InArray")
        return Cel(f"{function}({panel.source}.map(each, each.{column.literal}))", Gives.NUMBER)

    return made


def _days(one: Cel, other: Cel, *unit: Cel) -> Cel:
    if unit and unit[0].literal not in ("days", "years"):
        raise Untranslatable("EXPRESSION_NOT_TAKEN", function="dateDiff")
    function = "years_between" if unit and unit[0].literal == "years" else "days_between"
    return cel.call(function, one, other, gives=Gives.NUMBER)


def _today(*days: Cel) -> Cel:
    today = Cel("today()", Gives.DATE)
    return cel.shifted(today, days[0]) if days else today


def names_of(source: str) -> Sequence[str]:
    """What stands in braces in an expression."""
    return re.findall(r"\{([^{}]+)\}", source)


_FUNCTIONS: Mapping[str, Callable[..., Cel]] = {
    "age": lambda born: cel.call("years_between", born, Cel("today()"), gives=Gives.NUMBER),
    "today": _today,
    "dateDiff": _days,
    "sum": _listed("sum"),
    "min": _listed("min"),
    "max": _listed("max"),
    "round": lambda subject, digits=None: cel.call(
        "round", cel.as_number(subject), *([digits] if digits else []), gives=Gives.NUMBER
    ),
    "sumInArray": _in_array("sum"),
    "countInArray": _in_array("count"),
}
