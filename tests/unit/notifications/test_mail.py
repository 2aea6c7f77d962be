"""Every kind of mail in every language: what it says, what its headers are, and what cannot get into it."""

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from viche_chassis.brand import Brand, Look, OwnHost
from viche_chassis.ids import new_id
from viche_notifications.domain.digests import TASKS
from viche_notifications.domain.messages import KINDS
from viche_notifications.mail import AddressUnusable, Letter, MailWriter, Site, parse_sender
from viche_notifications.sealing import Contact, ReturnAddresses, Subscription, UnsubscribeLinks
from viche_notifications.smtp import Envelope

LANGUAGES = ("en", "uk", "bg", "ru")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SUBJECT = "petition:01890000-0000-7000-8000-000000000000"
LINKS = UnsubscribeLinks(b"k" * 32)
RETURNS = ReturnAddresses(b"k" * 32, "")
SITE = Site("Viche", "https://viche.example/", LANGUAGES, ZoneInfo("Europe/Kyiv"), parse_sender("V <m@viche.example>"))
# what the kinds say beyond, each by its own facts
MORE = {
    "last_day": "2026-12-01", "former_last_day": "2026-11-25", "sponsors": 5, "duplicate_of": 3, "is_upheld": True,
    "removed": 12, "needed": 2000, "has_reached": False, "step": "consideration_started", "detail": "A-17",
    "decision": "accepted",
    "decision_language": "en", "signed_by": "The mayor", "change": "announced", "held_at": "2026-12-01T10:00:00Z",
    "is_confirmed": False, "watch_url": "https://video.example/1", "waiting": 5, "late": 1,
    "online_url": "https://meet.example/1", "day": "2026-12-01", "clock": "18:30", "zone": "Europe/London", "seats": 2,
    "position": 3,
    "authorities": [
        {
            "name": "The council", "name_language": "en", "late": 1,
            "tasks": [{"task": task, "cases": 2, "overdue": 1, "next_day": "2026-12-01"}],
        }
        for task in TASKS
    ],
    **{
        name: text
        for key in ("term", "reason", "help", "complaint_to", "note", "summary", "hearing", "place", "outcome")
        for name, text in ((key, f"The {key}"), (f"{key}_language", "en"))
    },
}  # fmt: skip
LETTER = Letter(
    message_id=new_id(),
    kind="petition_threshold",
    language="en",
    contact=Contact("ann@example.org", "Ann", "tok-en"),
    subject=SUBJECT,
    address_index=b"i" * 16,
    expires_at=datetime(2026, 11, 22, 22, 30, tzinfo=UTC),
    params={
        "number": 7, "title": "A park", "title_language": "en", "signatures": 1234, "effect": "It is debated.",
        "effect_language": "en", **MORE,
    },
)  # fmt: skip
EVERY = [pytest.param(kind, language, id=f"{kind}-{language}") for kind in KINDS for language in LANGUAGES]
OPTIONAL = [kind.name for kind in KINDS.values() if kind.is_optional]


@pytest.fixture(scope="module")
def writer() -> MailWriter:
    return MailWriter(SITE, LINKS, RETURNS)


def read(envelope: Envelope) -> EmailMessage:
    return cast(EmailMessage, email.message_from_bytes(envelope.message, policy=email.policy.default))


def part(mail: EmailMessage, subtype: str) -> str:
    body = mail.get_body((subtype,))
    assert body is not None
    return re.sub(r"[\xa0\u202f]", " ", body.get_content().replace("\r\n", "\n"))


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_every_mail_has_two_parts_a_link_in_full_and_a_reason(writer: MailWriter, kind: str, language: str) -> None:
    mail = read(writer.write(replace(LETTER, kind=kind, language=language), NOW))
    plain, html = part(mail, "plain"), part(mail, "html")
    prefix = "https://viche.example" + ("" if language == "en" else f"/{language}")
    paths = {
        "sign_in": "/sign-in/tok-en",
        "confirm_signature": "/confirm/tok-en",
        "sponsor_invitation": "/support/tok-en",
        "draft_link": "/surveys/7/answers/tok-en",
        "passkey_added": "/me/passkeys",
        "passkey_copied": "/me/passkeys",
        "organisation_decided": "/me/organisations",
    }
    url = prefix + paths.get(kind, "/petitions/7")
    assert f"\n{url}\n" in plain
    assert f'href="{url}"' in html
    assert f">{url}<" in html
    assert "Viche" in plain.partition("-- \n")[2]
    assert f'<html lang="{language}">' in html
    assert mail["Content-Language"] == language
    assert "%(" not in plain + html + str(mail["Subject"])


@pytest.mark.parametrize("kind", OPTIONAL)
def test_mails_to_many_can_be_stopped_with_one_press(writer: MailWriter, kind: str) -> None:
    envelope = writer.write(replace(LETTER, kind=kind, language="uk"), NOW)
    mail = read(envelope)
    url = f"https://viche.example/uk/unsubscribe/{LINKS.token(Subscription(SUBJECT, b'i' * 16))}"
    assert f"List-Unsubscribe: <{url}>\r\n".encode() in envelope.message
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url in part(mail, "plain")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in OPTIONAL])
def test_mails_that_somebody_asked_for_have_nothing_to_unsubscribe_from(writer: MailWriter, kind: str) -> None:
    mail = read(writer.write(replace(LETTER, kind=kind), NOW))
    assert mail["List-Unsubscribe"] is None
    assert "unsubscribe" not in part(mail, "plain")


def test_a_message_has_the_same_id_in_every_try(writer: MailWriter) -> None:
    first, second = (read(writer.write(LETTER, moment)) for moment in (NOW, NOW.replace(hour=18)))
    assert first["Message-ID"] == second["Message-ID"] == f"<{LETTER.message_id}@viche.example>"
    assert first["Auto-Submitted"] == "auto-generated"


HOSTILE = "Park\r\nBcc: eve@example.org\n\nbody\x00\u2028\u202e<script>alert(1)</script>"


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_line_ends_in_titles_and_names_never_reach_a_header(writer: MailWriter, kind: str, language: str) -> None:
    contact = Contact("ann@example.org", HOSTILE, "tok-en")
    params = {**LETTER.params, "title": HOSTILE, "effect": HOSTILE}
    envelope = writer.write(replace(LETTER, kind=kind, language=language, contact=contact, params=params), NOW)
    mail = read(envelope)
    assert mail["Bcc"] is None
    assert b"\r\nBcc" not in envelope.message
    assert not mail.defects
    assert [address.addr_spec for address in mail["To"].addresses] == ["ann@example.org"]
    assert "\n" not in mail["Subject"]


def test_a_long_subject_keeps_its_blanks(writer: MailWriter) -> None:
    # Python 3.11 loses a blank where it folds such a title
    title = "Відремонтувати пішохідний міст через річку Вербівку та дорогу до школи 2026 року"
    letter = replace(LETTER, language="uk", params={**LETTER.params, "title": title})
    mail = read(writer.write(letter, NOW))
    assert title in mail["Subject"]


def test_titles_and_names_are_text_in_the_html_part(writer: MailWriter) -> None:
    contact = Contact("ann@example.org", "<b>Ann</b>")
    params = {**LETTER.params, "title": "<script>alert(1)</script>"}
    html = part(read(writer.write(replace(LETTER, contact=contact, params=params), NOW)), "html")
    assert "<script" not in html
    assert "<b>Ann" not in html


@pytest.mark.parametrize(
    "address", ["", "ann", "ann@", "ann@example.org\r\nRCPT TO:<eve@example.org>", "a b@c.example"]
)
def test_what_is_no_address_gets_no_mail(writer: MailWriter, address: str) -> None:
    with pytest.raises(AddressUnusable):
        writer.write(replace(LETTER, contact=Contact(address)), NOW)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "00:30 on 23 November 2026."),
        ("uk", "23 листопада 2026 р., 00:30."),
        ("bg", "0:30"),
        ("ru", "23 ноября 2026"),
    ],
)
def test_instants_are_said_in_the_zone_and_the_words_of_the_reader(
    writer: MailWriter, language: str, words: str
) -> None:
    assert words in part(read(writer.write(replace(LETTER, kind="sign_in", language=language), NOW)), "plain")


@pytest.mark.parametrize(
    ("language", "count", "words"),
    [
        ("en", 1, "1 signature:"), ("en", 1234, "1,234 signatures:"), ("uk", 1, "1 підпис:"), ("uk", 3, "3 підписи:"),
        ("uk", 11, "11 підписів:"), ("bg", 1, "1 подпис:"), ("bg", 5, "5 подписа:"), ("ru", 22, "22 подписи:"),
        ("ru", 100, "100 подписей:"),
    ],
)  # fmt: skip
def test_counts_take_the_plural_of_the_language(writer: MailWriter, language: str, count: int, words: str) -> None:
    letter = replace(LETTER, language=language, params={**LETTER.params, "signatures": count})
    assert words in part(read(writer.write(letter, NOW)), "plain")


def test_no_line_of_a_mail_is_too_long_for_smtp(writer: MailWriter) -> None:
    envelope = writer.write(replace(LETTER, language="uk", params={**LETTER.params, "title": "Парк " * 200}), NOW)
    assert max(len(line) for line in envelope.message.split(b"\r\n")) < 998
    assert envelope.message.isascii()


def test_a_sender_may_have_a_name() -> None:
    assert parse_sender("Рада <rada@example.org>").name == "Рада"
    assert parse_sender("rada@example.org").name == ""
    with pytest.raises(ValueError):
        parse_sender("nobody")


BRAND = Brand(
    Look(names={"en": "Land of Dibrova", "uk": "Дібровський край"}),
    {
        "city": OwnHost("city", "petitions.city.example", Look(names={"en": "Our City"})),
        "town": OwnHost("town", "petitions.town.example", Look()),
    },
)
TOWN = {"site": "town", "site_names": {"en": "Verbiv", "uk": "Вербів"}}


def branded(**changes: object) -> tuple[EmailMessage, str]:
    sender = parse_sender("m@viche.example")
    site = Site("Viche", "https://viche.example", LANGUAGES, ZoneInfo("Europe/Kyiv"), sender, BRAND)
    params = {**LETTER.params, **cast(dict, changes.pop("params", {}))}
    letter = replace(LETTER, params=params, **changes)  # pyright: ignore[reportArgumentType]
    mail = read(MailWriter(site, LINKS, RETURNS).write(letter, NOW))
    return mail, part(mail, "plain")


@pytest.mark.parametrize(
    ("params", "language", "name", "address"),
    [
        ({}, "en", "Land of Dibrova", "https://viche.example/petitions/7"),
        ({}, "uk", "Дібровський край", "https://viche.example/uk/petitions/7"),
        ({}, "bg", "Land of Dibrova", "https://viche.example/bg/petitions/7"),
        (
            {"site": "city", "site_names": {"en": "City"}},
            "en",
            "Our City",
            "https://petitions.city.example/petitions/7",
        ),
        (TOWN, "uk", "Вербів", "https://petitions.town.example/uk/petitions/7"),
        # the operator took the host away while the mail waited
        ({"site": "gone", "site_names": {"en": "Gone"}}, "en", "Land of Dibrova", "https://viche.example/petitions/7"),
    ],
)
def test_sender_foot_and_links_are_those_of_the_place(
    params: dict[str, object], language: str, name: str, address: str
) -> None:
    mail, text = branded(params=params, language=language)
    assert mail["From"].addresses[0].display_name == name
    assert name in text.split("-- ")[-1]
    assert address in text
    assert urlsplit(address).hostname in mail["List-Unsubscribe"]


def test_sender_with_a_name_keeps_it(writer: MailWriter) -> None:
    letter = replace(LETTER, params={**LETTER.params, **TOWN})
    assert read(writer.write(letter, NOW))["From"].addresses[0].display_name == "V"
