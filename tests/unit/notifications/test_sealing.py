"""Contacts are readable for their message alone, and unsubscribe links cannot be made by others."""

import pytest

from viche_chassis.errors import InvalidFields, LinkUnknown
from viche_chassis.ids import new_id
from viche_chassis.sealing import Unreadable
from viche_notifications.sealing import Contact, Contacts, Subscription, UnsubscribeLinks

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
ANN = Contact("ann@example.org", "Анна", "secret-token")
SUBSCRIPTION = Subscription("petition:01890000-0000-7000-8000-000000000000", b"i" * 16)


def test_a_sealed_contact_opens_with_the_same_key_for_the_same_message() -> None:
    contacts, message_id = Contacts(KEY), new_id()
    assert contacts.open(message_id, contacts.seal(message_id, ANN)) == ANN


def test_a_sealed_contact_does_not_open_for_another_message_or_key() -> None:
    message_id = new_id()
    sealed = Contacts(KEY).seal(message_id, ANN)
    with pytest.raises(Unreadable):
        Contacts(KEY).open(new_id(), sealed)
    with pytest.raises(Unreadable):
        Contacts(OTHER_KEY).open(message_id, sealed)


def test_every_spelling_of_a_mailbox_has_one_index() -> None:
    contacts = Contacts(KEY)
    assert contacts.index("Ann+petitions@Example.org") == contacts.index("ann@example.org")
    assert contacts.index("ann@example.org") != contacts.index("bob@example.org")
    assert contacts.index("ann@example.org") != Contacts(OTHER_KEY).index("ann@example.org")


def test_what_is_no_address_has_no_index() -> None:
    with pytest.raises(InvalidFields):
        Contacts(KEY).index("nobody")


def test_an_unsubscribe_link_says_what_it_is_for() -> None:
    links = UnsubscribeLinks(KEY)
    token = links.token(SUBSCRIPTION)
    assert links.read(token) == SUBSCRIPTION
    assert len(token) < 128


@pytest.mark.parametrize("token", ["", "x", "ы", "a" * 400])
def test_what_is_no_link_of_ours_is_unknown(token: str) -> None:
    with pytest.raises(LinkUnknown):
        UnsubscribeLinks(KEY).read(token)


def test_a_link_made_with_another_key_is_unknown() -> None:
    with pytest.raises(LinkUnknown):
        UnsubscribeLinks(OTHER_KEY).read(UnsubscribeLinks(KEY).token(SUBSCRIPTION))


def test_secrets_do_not_show_in_representations() -> None:
    assert "ann" not in repr(ANN)
    assert "secret" not in repr(ANN)
