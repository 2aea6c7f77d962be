"""Mails: from a kind, a language and facts to the bytes that go to the server.

Every template says its sentences once; the plain and the HTML part are rendered from it with two sets of parts.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from email.header import Header
from email.headerregistry import Address, HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from babel import dates, numbers
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from viche_chassis import links
from viche_chassis.brand import Brand, text_of
from viche_chassis.errors import InvalidFields
from viche_chassis.mailboxes import sending_address
from viche_notifications.domain.messages import KINDS
from viche_notifications.sealing import Contact, ReturnAddresses, Subscription, UnsubscribeLinks
from viche_notifications.sites import SITE, SITE_NAMES
from viche_notifications.smtp import Envelope
from viche_notifications.texts import read_translations

LONGEST_NAME = 100
CALENDAR = "calendar"
"""Under this name a message has a calendar file that goes along (RFC 5545)."""

LOCALES = {"en": "en_GB"}  # how a language writes dates and numbers here, where its own name alone means elsewhere
_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


class AddressUnusable(Exception):
    """No mail can go to this address."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the mails are from: address, shown name (empty for that of the place), and the domain of Message-IDs."""

    email: str
    name: str

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Site:
    """What all mails of an instance have in common."""

    region_name: str
    public_url: str
    languages: Sequence[str]
    zone: ZoneInfo
    sender: Sender
    brand: Brand = field(default_factory=Brand)

    def address(self, slug: str) -> str:
        """Where the pages of an authority are; those of the portal for an empty slug."""
        return self.brand.address(slug, self.public_url)

    def name(self, slug: str, names: Mapping[str, str], language: str) -> str:
        """The name of the portal, or of an authority with a host of its own.

        Args:
            names: of the authority, by language; those in the brand go before them.
        """
        own = self.brand.authorities.get(slug)
        told = [own.look.names, names] if own else []
        for texts in (*told, self.brand.look.names):
            if name := text_of(texts, language, self.languages[0]):
                return name
        return self.region_name


@dataclass(frozen=True, slots=True)
class Letter:
    """One message with all that its mail needs.

    Args:
        params: public facts for the template: number, title, title_language, and what the kind needs beyond.
        address_index: for the unsubscribe link; not used for kinds that people asked for themselves.
    """

    message_id: UUID
    kind: str
    language: str
    contact: Contact
    subject: str = ""
    address_index: bytes = b""
    expires_at: datetime | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


def parse_sender(text: str) -> Sender:
    """Reads "Name <address>" or an address alone.

    Raises:
        ValueError: there is no address in it.
    """
    name, email = parseaddr(text)
    try:
        return Sender(sending_address(email), one_line(name))
    except InvalidFields as error:
        raise ValueError("it must be an address or Name <address>") from error


def one_line(text: str) -> str:
    """``text`` in one line without control and direction characters, so that it can stand in a header."""
    return _UNSEEN.sub(" ", text).strip()


class _Whole(UniqueUnstructuredHeader):
    """A header in ASCII without blanks, which must not be folded: the standard library would encode it instead."""

    def fold(self, *, policy: Any) -> str:
        return f"{cast(Any, self).name}: {self}{policy.linesep}"


class _Subject(UniqueUnstructuredHeader):
    """A header in any letters; the folding of the standard library's new policies loses blanks (Python 3.11)."""

    def fold(self, *, policy: Any) -> str:
        text = str(self)
        charset = "us-ascii" if text.isascii() else "utf-8"
        folded = Header(text, charset, header_name="Subject").encode(linesep=policy.linesep)
        return f"Subject: {folded}{policy.linesep}"


def _policy() -> "EmailPolicy[Any]":
    headers = HeaderRegistry()
    for name in ("message-id", "list-unsubscribe"):
        headers.map_to_type(name, cast(Any, _Whole))
    headers.map_to_type("subject", cast(Any, _Subject))
    return SMTP.clone(header_factory=headers, cte_type="7bit")  # no server need know 8BITMIME


class MailWriter:
    """Writes mails. Made once: it reads catalogues and templates.

    Args:
        returns: where each mail is sent back to.

    Raises:
        LanguageMissing: a language of the site has no catalogue.
    """

    def __init__(self, site: Site, unsubscribing: UnsubscribeLinks, returns: ReturnAddresses) -> None:
        self._site = site
        self._unsubscribing = unsubscribing
        self._returns = returns
        self._policy = _policy()
        translations = read_translations(site.languages)
        self._plain = {language: _environment("text", texts) for language, texts in translations.items()}
        self._html = {language: _environment("html", texts) for language, texts in translations.items()}

    def write(self, letter: Letter, now: datetime) -> Envelope:
        """The mail of a message.

        Raises:
            AddressUnusable: its receiver has an address that no mail can go to.
        """
        recipient = _receiver(letter.contact)
        stop_url = self._unsubscribe_url(letter)
        facts = self._facts(letter, stop_url)
        policy = self._policy if recipient.addr_spec.isascii() else self._policy.clone(utf8=True)  # RFC 6532
        mail = EmailMessage(policy=policy)
        plain = _template(self._plain, letter).make_module(facts)
        mail["Subject"] = one_line(str(cast(Any, plain).subject))
        self._address(mail, letter, recipient, now)
        if stop_url:
            mail["List-Unsubscribe"] = f"<{stop_url}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
        mail.set_content(_tidy(str(plain)), charset="utf-8")
        html = _template(self._html, letter).make_module(facts)
        mail.add_alternative(str(html), subtype="html", charset="utf-8")
        if file := letter.contact.private.get(CALENDAR):
            mail.add_attachment(
                file, subtype="calendar", charset="utf-8", filename="event.ics", params={"method": "PUBLISH"}
            )
        mail["Content-Language"] = letter.language  # last: setting the content takes Content-* headers away
        return_to = self._returns.of(letter.message_id, self._site.sender.email)
        return Envelope(return_to, recipient.addr_spec, mail.as_bytes())

    def _address(self, mail: EmailMessage, letter: Letter, recipient: Address, now: datetime) -> None:
        sender = self._site.sender
        mail["From"] = Address(sender.name or self._name(letter), addr_spec=sender.email)
        mail["To"] = recipient
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = f"<{letter.message_id}@{sender.domain}>"  # the same in every try
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answers

    def _unsubscribe_url(self, letter: Letter) -> str:
        if not KINDS[letter.kind].is_optional:
            return ""
        token = self._unsubscribing.token(Subscription(letter.subject, letter.address_index))
        return self._url(links.unsubscribe_path(token), letter)

    def _facts(self, letter: Letter, stop_url: str) -> dict[str, Any]:
        told = {**letter.params, **letter.contact.private}
        path = {
            "sign_in": lambda: links.sign_in_path(letter.contact.token),
            "confirm_signature": lambda: links.confirmation_path(letter.contact.token),
            "draft_link": lambda: links.answer_path(letter.params["number"], letter.contact.token),
            "passkey_added": lambda: links.PASSKEYS,
            "passkey_copied": lambda: links.PASSKEYS,
            "organisation_decided": lambda: links.ORGANISATIONS,
            "sponsor_invitation": lambda: links.support_path(letter.contact.token),
        }.get(letter.kind, lambda: told.get("path") or links.petition_path(letter.params["number"]))
        return {
            "role": "signer",
            **{name: one_line(value) if isinstance(value, str) else value for name, value in told.items()},
            "language": letter.language,
            "region": self._name(letter),
            "name": one_line(letter.contact.name)[:LONGEST_NAME],
            "url": self._url(path(), letter),
            "unsubscribe_url": stop_url,
            **self._deadline(letter),
            "number_text": lambda number: numbers.format_decimal(number, locale=_locale(letter)),
            "day_text": lambda day: dates.format_date(date.fromisoformat(day), "long", locale=_locale(letter)),
            "time_text": lambda at: self._time(self._local(at), letter),
            "clock_text": lambda clock: dates.format_time(time.fromisoformat(clock), "short", locale=_locale(letter)),
            "zone_text": lambda name: self._zone_text(name, letter),
            "date_text": lambda at: dates.format_date(self._local(at), "long", locale=_locale(letter)),
        }

    def _deadline(self, letter: Letter) -> dict[str, str]:
        at = letter.expires_at
        if at is None:
            return {}
        local = at.astimezone(self._site.zone)
        return {
            "until_time": self._time(local, letter),
            "until_date": dates.format_date(local, "long", locale=_locale(letter)),
        }

    def _time(self, local: datetime, letter: Letter) -> str:
        return dates.format_time(local, "short", tzinfo=self._site.zone, locale=_locale(letter))

    def _zone_text(self, name: str, letter: Letter) -> str:
        """What people call a zone; empty for that of the site."""
        return (
            "" if name == self._site.zone.key else dates.get_timezone_location(ZoneInfo(name), locale=_locale(letter))
        )

    def _local(self, at: str) -> datetime:
        return datetime.fromisoformat(at).astimezone(self._site.zone)

    def _name(self, letter: Letter) -> str:
        params = letter.params
        return one_line(self._site.name(params.get(SITE, ""), params.get(SITE_NAMES, {}), letter.language))

    def _url(self, path: str, letter: Letter) -> str:
        address = self._site.address(letter.params.get(SITE, ""))
        return links.absolute(address, path, letter.language, self._site.languages[0])


def _environment(parts: str, translations: Any) -> Environment:
    environment = Environment(
        loader=PackageLoader("viche_notifications"), undefined=StrictUndefined,
        autoescape=parts == "html",  # noqa: S701 (the plain part must not be escaped)
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"],
    )  # fmt: skip
    cast(Any, environment).install_gettext_translations(translations, newstyle=True)
    environment.globals["parts"] = environment.get_template(f"parts.{parts}.jinja").module
    return environment


def _template(environments: Mapping[str, Environment], letter: Letter) -> Template:
    return environments[letter.language].get_template(f"{letter.kind}.jinja")


def _locale(letter: Letter) -> str:
    return LOCALES.get(letter.language, letter.language)


def _receiver(contact: Contact) -> Address:
    try:
        local, _, domain = sending_address(contact.email).rpartition("@")
        return Address(one_line(contact.name)[:LONGEST_NAME], local, domain)
    except (InvalidFields, ValueError, IndexError) as error:
        raise AddressUnusable from error


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
