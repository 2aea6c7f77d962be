"""What translators of other tools' expressions have in common: the way to CEL, and guards against missing answers."""

from abc import ABC, abstractmethod

from viche_surveys.forms import cel
from viche_surveys.forms.cel import Cel, NotSayable
from viche_surveys.forms.grammar import Grammar, Node, Unreadable
from viche_surveys.forms.scope import Untranslatable


class Translator(ABC):
    """Goes through an expression; `guards` is on where an answer that is missing must make a comparison false."""

    def __init__(self) -> None:
        self.guards = False

    @abstractmethod
    def of(self, node: Node) -> Cel:
        """A part of an expression in CEL."""

    def guarded(self, node: Node) -> Cel:
        """A condition that is true or false whatever is missing."""
        before, self.guards = self.guards, True
        try:
            return cel.as_truth(self.of(node))
        finally:
            self.guards = before

    def whole(self, grammar: Grammar, source: str) -> Cel:
        """An expression in CEL.

        Raises:
            Untranslatable: it is none, or says what cannot be said here.
        """
        try:
            found = self.of(grammar.parse(source))
            if found.shift:
                raise NotSayable
            return found
        except Unreadable as fault:
            raise Untranslatable("EXPRESSION_SYNTAX", text=str(fault), at=fault.at) from fault
        except NotSayable as fault:
            raise Untranslatable("EXPRESSION_DATE_ARITHMETIC") from fault


def as_condition(found: Cel) -> str:
    """An expression as a condition; empty where it always holds."""
    truth = cel.as_truth(found)
    return "" if truth.source == "true" else truth.source
