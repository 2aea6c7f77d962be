"""How often signatures by e-mail may be begun."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """At most ``limit`` uses within each ``window_s`` seconds, counted by network or by mailbox."""

    name: str
    counted_by: str
    limit: int
    window_s: int


CHECKED = (
    Rule("email-network-minute", "network", 30, 60),
    Rule("email-network-hour", "network", 300, 3_600),
    Rule("email-mailbox-hour", "mailbox", 5, 3_600),
    Rule("email-mailbox-day", "mailbox", 20, 86_400),
)
"""Rules where a proof of human work was checked. A network may be that of a mobile operator, with thousands in it."""

UNCHECKED = (
    Rule("email-network-minute-unchecked", "network", 5, 60),
    Rule("email-network-hour-unchecked", "network", 30, 3_600),
    Rule("email-mailbox-hour", "mailbox", 3, 3_600),
    Rule("email-mailbox-day", "mailbox", 10, 86_400),
)
"""Rules for forms without scripts; uses of a mailbox count together with the checked ones."""


def rules_for(human_checked: bool) -> tuple[Rule, ...]:
    """The rules that hold for a request."""
    return CHECKED if human_checked else UNCHECKED


def is_exceeded(rule: Rule, uses: int, rate_factor: float) -> bool:
    """Whether the last of ``uses`` was one too many."""
    return uses > max(1, int(rule.limit * rate_factor))
