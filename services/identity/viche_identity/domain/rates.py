"""How often sign-in links may be asked for.

An address over its limit is answered as always and gets no further mail: a refusal would tell the asker that
somebody else has been asking for that address. A network over its limit is told, as that says nothing of anybody.
"""

import math
from dataclasses import dataclass

from viche_chassis.errors import TooManyRequests

HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Rule:
    """At most ``most`` within any ``period_s`` seconds."""

    most: int
    period_s: int

    def times(self, factor: float) -> "Rule":
        """The rule with its limit multiplied; it never forbids everything."""
        return Rule(max(1, math.floor(self.most * factor)), self.period_s)

    def allows(self, recent: int) -> bool:
        """Whether one more may follow ``recent`` ones within the period."""
        return recent < self.most


@dataclass(frozen=True, slots=True)
class LinkRules:
    """The rules for sign-in links; see the module for what each does."""

    per_address: Rule = Rule(5, HOUR_S)
    per_network: Rule = Rule(60, HOUR_S)

    def times(self, factor: float) -> "LinkRules":
        """The rules with their limits multiplied."""
        return LinkRules(self.per_address.times(factor), self.per_network.times(factor))


def check_network(rule: Rule, recent: int, oldest_age_s: float) -> None:
    """Lets a network ask once more.

    Raises:
        TooManyRequests: with the seconds until the oldest of the recent ones no longer counts.
    """
    if not rule.allows(recent):
        raise TooManyRequests(retry_after_s=max(1, math.ceil(rule.period_s - oldest_age_s)))
