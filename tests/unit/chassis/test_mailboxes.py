"""One mailbox has one canonical spelling, and what is no address is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viche_chassis.errors import InvalidFields
from viche_chassis.mailboxes import canonical_mailbox, sending_address

SAME = [
    ("olena@example.org", "olena@example.org"),
    ("  Olena@Example.ORG \n", "olena@example.org"),
    ("\u200bolena@example.org\ufeff", "olena@example.org"),
    ("olena+petitions@example.org", "olena@example.org"),
    ("olena+a+b@example.org", "olena@example.org"),
    ("+tag@example.org", "+tag@example.org"),
    ("o.l.e.n.a@example.org", "o.l.e.n.a@example.org"),
    ("O.Lena+x@gmail.com", "olena@gmail.com"),
    ("o.lena@googlemail.com", "olena@gmail.com"),
    ("olena@mail.gmail.com", "olena@mail.gmail.com"),
    ("ОЛЕНА@example.org", "олена@example.org"),
    ("i@приклад.укр", "i@xn--80aikifvh.xn--j1amh"),
    ("I@XN--80AIKIFVH.XN--J1AMH", "i@xn--80aikifvh.xn--j1amh"),
    ("олена@ПРИКЛАД.УКР", "олена@xn--80aikifvh.xn--j1amh"),
    ("i@пример.бг", "i@xn--e1afmkfd.xn--90ae"),
    ("jose\u0301@example.org", "josé@example.org"),
    ("JOSÉ@example.org", "josé@example.org"),
    ("olena@ｅｘａｍｐｌｅ.org", "olena@example.org"),
    ("o'brien@example.org", "o'brien@example.org"),
    ("a@viche.test", "a@viche.test"),
    ("a" * 64 + "@example.org", "a" * 64 + "@example.org"),
]

REFUSED = [
    "",
    " ",
    "olena",
    "@example.org",
    "olena@",
    "olena@example",
    "olena@@example.org",
    "ole na@example.org",
    "olena@exam ple.org",
    ".olena@example.org",
    "olena.@example.org",
    "ole..na@example.org",
    "olena@-example.org",
    "olena@example..org",
    "olena@[127.0.0.1]",
    '"olena"@example.org',
    '"a b"@example.org',
    "Olena <olena@example.org>",
    "olena@example.org, ivan@example.org",
    "olena@example.org\r\nBcc: ivan@example.org",
    "olena\x00@example.org",
    "a" * 65 + "@example.org",
    "a@" + "b" * 64 + ".org",
    "a@" + ".".join(["b" * 60] * 5) + ".org",
    "olena@localhost",
    "olena@example.invalid",
    "\ud800@example.org",
]


@pytest.mark.parametrize(("written", "canonical"), SAME)
def test_spellings_of_one_mailbox_are_one(written: str, canonical: str) -> None:
    assert canonical_mailbox(written) == canonical


@pytest.mark.parametrize("written", REFUSED)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(InvalidFields) as caught:
        canonical_mailbox(written)
    assert [(each.field, each.reason) for each in caught.value.violations] == [("email", "BAD_EMAIL")]


@pytest.mark.parametrize(("written", "_canonical"), SAME)
def test_a_canonical_spelling_is_its_own(written: str, _canonical: str) -> None:
    assert canonical_mailbox(canonical_mailbox(written)) == canonical_mailbox(written)


def test_sending_keeps_the_spelling_and_writes_the_domain_for_smtp() -> None:
    assert sending_address(" O.Lena+x@Приклад.укр ") == "O.Lena+x@xn--80aikifvh.xn--j1amh"


@given(st.text(max_size=400))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        canonical = canonical_mailbox(text)
    except InvalidFields:
        return
    assert canonical.count("@") == 1
