"""How often signatures by e-mail may be begun, and sponsors invited by mail."""

from dataclasses import dataclass

from viche_chassis.rates import Rule


@dataclass(frozen=True, slots=True)
class FormRules:
    """Rules for a form: by the network that it comes from, and by the mailbox that a mail would go to."""

    per_network: tuple[Rule, ...]
    per_mailbox: tuple[Rule, ...]


CHECKED = FormRules(
    per_network=(Rule("email-network-minute", 30, 60), Rule("email-network-hour", 300, 3_600)),
    per_mailbox=(Rule("email-mailbox-hour", 5, 3_600), Rule("email-mailbox-day", 20, 86_400)),
)
"""Rules where a proof of human work was checked. A network may be that of a mobile operator, with thousands in it."""

SPONSOR_INVITATIONS = (Rule("sponsor-invitations-day", 40, 86_400),)
"""Rules for mails that invite sponsors, by the author; every address is a use."""

WRITTEN_FOR_OTHERS = (Rule("written-for-others-hour", 20, 3_600),)
"""Rules for drafts for citizens, by the officer who writes them."""

UNCHECKED = FormRules(
    per_network=(Rule("email-network-minute-unchecked", 5, 60), Rule("email-network-hour-unchecked", 30, 3_600)),
    per_mailbox=(Rule("email-mailbox-hour", 3, 3_600), Rule("email-mailbox-day", 10, 86_400)),
)
"""Rules for forms without scripts; uses of a mailbox count together with the checked ones."""


def rules_for(human_checked: bool) -> FormRules:
    """The rules that hold for a form."""
    return CHECKED if human_checked else UNCHECKED
