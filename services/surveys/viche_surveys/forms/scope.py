"""What expressions of a form may name, and what becomes of each name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from viche_surveys.domain.definition import Kind
from viche_surveys.forms import cel
from viche_surveys.forms.cel import Cel, Gives

GIVES: Mapping[Kind, Gives] = {
    Kind.MULTIPLE: Gives.LIST,
    Kind.RANKING: Gives.LIST,
    Kind.SCALE: Gives.NUMBER,
    Kind.NUMBER: Gives.NUMBER,
    Kind.DATE: Gives.DATE,
    Kind.DATETIME: Gives.DATE,
    Kind.CONSENT: Gives.CONSENT,
    Kind.CALCULATED: Gives.UNKNOWN,
    Kind.MATRIX: Gives.UNKNOWN,
    Kind.LOCATION: Gives.UNKNOWN,
    Kind.FILE: Gives.UNKNOWN,
}
AMBIGUOUS = "?"
"""In place of a source: several questions have that name."""
FAULTS = frozenset(
    {"EXPRESSION_SYNTAX", "EXPRESSION_UNKNOWN_NAME", "EXPRESSION_UNKNOWN_FUNCTION", "EXPRESSION_AMBIGUOUS_NAME"}
)
"""Reasons for which a form does not compile; for others the expression is left out."""


class Untranslatable(ValueError):
    """An expression that cannot be put into CEL."""

    def __init__(self, reason: str, **values: object) -> None:
        self.reason = reason
        self.values = values
        super().__init__(reason)

    @property
    def is_fault(self) -> bool:
        """Whether it has no meaning in its own language either."""
        return self.reason in FAULTS


@dataclass(frozen=True, slots=True)
class Variable:
    """What a name of the form is in the definition.

    Attributes:
        source: in CEL; empty if it did not come over.
        repeat: name of the repeat that it is in, or that it is.
        is_repeat: it is the repeat itself.
    """

    source: str
    gives: Gives = Gives.UNKNOWN
    repeat: str = ""
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands.

    Attributes:
        variables: by their names in the form.
        own: what the expression's own question is called in it (`value` in a constraint).
        own_gives: what that gives.
        repeat: the repeat in which it stands.
        fields: attributes of options, in a filter of options; their names in the form and in CEL.
    """

    variables: Mapping[str, Variable] = field(default_factory=dict)
    own: str = ""
    own_gives: Gives = Gives.UNKNOWN
    repeat: str = ""
    fields: Mapping[str, str] | None = None
    notes: list[tuple[str, str]] = field(default_factory=list)

    def itself(self) -> Cel:
        """The question's own answer."""
        if not self.own:
            raise Untranslatable("EXPRESSION_NOT_TAKEN", function=".")
        return Cel(self.own, self.own_gives, names=() if self.own == "value" else (self.own,))

    def variable(self, written: str) -> Cel:
        """What a name stands for here: in the same repeat an answer, from outside the list of all of them.

        Raises:
            Untranslatable: there is no such name, or it did not come over.
        """
        found = self.variables.get(written)
        if found is None:
            raise Untranslatable("EXPRESSION_UNKNOWN_NAME", name=written)
        if found.source == AMBIGUOUS:
            raise Untranslatable("EXPRESSION_AMBIGUOUS_NAME", name=written)
        if not found.source:
            raise Untranslatable("EXPRESSION_NAME_LEFT_OUT", name=written)
        if found.is_repeat:
            return Cel(found.repeat, Gives.LIST)
        if found.repeat and found.repeat != self.repeat:
            return Cel(f"{found.repeat}.map(each, each.{found.source})", Gives.NUMBERS)
        return cel.name(found.source, found.gives)


def variable_of(kind: Kind, name: str, repeat: str = "") -> Variable:
    """The variable of a question."""
    return Variable(name, GIVES.get(kind, Gives.TEXT), repeat)
