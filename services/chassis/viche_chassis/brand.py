"""The region's own look and names, and those of authorities with a host of their own: one file in TOML.

Every service that writes names or addresses for people reads it; colours and logos are judged by the gateway.
"""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from viche_chassis.config import ConfigError

LINKS = ("contact", "accessibility", "imprint")
LONGEST_NAME = 100
SETTING = "VICHE_BRAND"
_LOOK_KEYS = ("name", "accent", "accent_dark", "logo", "logo_dark", "logo_shows_name", "links")
_PORT = re.compile(r":([1-9]\d{0,4})$")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_MAILBOX = re.compile(r"[^\s@:/<>]+@[^\s@:/<>]+\.[^\s@:/<>]+")
Table = Mapping[str, Any]
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Look:
    """What the file says of the region or of an authority; empty where it says nothing.

    Args:
        names: by language.
        accent: colour as it is written in the file, for light pages.
        accent_dark: the same for dark pages.
        logo_shows_name: whether the name can be read in the logo, so that it need not stand beside it.
        links: addresses by kind (of LINKS) and language.
    """

    names: Texts = field(default_factory=dict)
    accent: str = ""
    accent_dark: str = ""
    logo: Path | None = None
    logo_dark: Path | None = None
    logo_shows_name: bool = False
    links: Mapping[str, Texts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OwnHost:
    """An authority with a host of its own: "host" or "host:port", in lower case and ASCII."""

    slug: str
    host: str
    look: Look

    def address(self, public_url: str) -> str:
        """Where its pages are: scheme, and port if the host names none, are those of the portal."""
        portal = urlsplit(public_url)
        port = f":{portal.port}" if portal.port and not _PORT.search(self.host) else ""
        return f"{portal.scheme}://{self.host}{port}"


@dataclass(frozen=True, slots=True)
class Brand:
    """The whole file; ``authorities`` by slug."""

    look: Look = field(default_factory=Look)
    authorities: Mapping[str, OwnHost] = field(default_factory=dict)

    def address(self, slug: str, public_url: str) -> str:
        """Where the pages of an authority are; the portal's address where it has no host of its own."""
        own = self.authorities.get(slug)
        return own.address(public_url) if own else public_url


def text_of(texts: Texts, language: str, default_language: str) -> str:
    """The text in a language, else in the default one, else in any; empty when there is none."""
    return texts.get(language) or texts.get(default_language) or next(iter(texts.values()), "")


def load_brand(path: str, languages: Sequence[str], public_url: str) -> Brand:
    """The brand in the file that the setting names; without one, a brand that says nothing.

    Raises:
        ConfigError: with a sentence for each fault of the file.
    """
    if not path:
        return Brand()
    brand, faults = read_brand(Path(path), languages, public_url)
    if faults:
        raise ConfigError([f"{SETTING}: {fault}" for fault in faults])
    return brand


def read_brand(path: Path, languages: Sequence[str], public_url: str) -> tuple[Brand, list[str]]:
    """The brand in a file, as far as it can be read, and all faults."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror or "") if isinstance(error, OSError) else "it is no text in UTF-8"
        return Brand(), [f"{path} cannot be read: {reason}."]
    except tomllib.TOMLDecodeError as error:
        return Brand(), [f"{path} is no TOML: {error}."]
    reader = _Reader(path, languages)
    brand = reader.brand(table)
    return brand, [*reader.faults, *(f"{path}: {fault}" for fault in _host_faults(brand, public_url))]


def _host_faults(brand: Brand, public_url: str) -> Iterator[str]:
    taken = {urlsplit(public_url).hostname: "the portal's, in VICHE_PUBLIC_URL"}
    for own in brand.authorities.values():
        name = _PORT.sub("", own.host)
        if name in taken:
            yield f"authority.{own.slug}.host is {taken[name]} already; each host leads to one place."
        elif name:
            taken[name] = f"that of authority.{own.slug}"


class _Reader:
    """Reads tables and gathers what is wrong with them, with the place."""

    def __init__(self, path: Path, languages: Sequence[str]) -> None:
        self.faults: list[str] = []
        self._path = path
        self._languages = languages

    def brand(self, table: Table) -> Brand:
        self._known(table, (*_LOOK_KEYS, "authority"), "")
        authorities = {slug: self._own_host(slug, each) for slug, each in self._table(table, "authority", "").items()}
        return Brand(self._look(table, ""), {slug: own for slug, own in authorities.items() if own})

    def _own_host(self, slug: str, table: object) -> OwnHost | None:
        place = f"authority.{slug}."
        if not isinstance(table, dict):
            self._fault(place.rstrip("."), "is no table")
            return None
        values = cast(Table, table)
        self._known(values, (*_LOOK_KEYS, "host"), place)
        return OwnHost(slug, self._host(self._text(values, "host", place), place), self._look(values, place))

    def _look(self, table: Table, place: str) -> Look:
        shows_name = table.get("logo_shows_name", False)
        if not isinstance(shows_name, bool):
            self._fault(f"{place}logo_shows_name", "is neither true nor false")
        return Look(
            names={language: self._name(text, f"{place}name") for language, text in self._texts(table, "name", place)},
            accent=self._text(table, "accent", place),
            accent_dark=self._text(table, "accent_dark", place),
            logo=self._file(table, "logo", place),
            logo_dark=self._file(table, "logo_dark", place),
            logo_shows_name=shows_name is True,
            links=self._links(self._table(table, "links", place), f"{place}links."),
        )

    def _links(self, table: Table, place: str) -> Mapping[str, Texts]:
        self._known(table, LINKS, place)
        return {
            kind: {language: self._link(text, f"{place}{kind}") for language, text in self._texts(table, kind, place)}
            for kind in LINKS
            if kind in table
        }

    def _link(self, text: str, place: str) -> str:
        if _MAILBOX.fullmatch(text):
            return f"mailto:{text}"
        is_web = urlsplit(text).scheme in ("https", "http") and urlsplit(text).hostname
        is_mail = text.startswith("mailto:") and _MAILBOX.fullmatch(text.removeprefix("mailto:"))
        if not (is_web or is_mail) or any(char.isspace() for char in text):
            self._fault(place, f"'{text}' is no address: write https://… or somebody@example.org")
        return text

    def _name(self, text: str, place: str) -> str:
        name = " ".join(text.split())
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            self._fault(place, f"'{text}' must have 1 to {LONGEST_NAME} letters")
        return name

    def _host(self, text: str, place: str) -> str:
        host = _ascii_host(text)
        if host is None:
            self._fault(f"{place}host", f"'{text}' is no host name: write it like petitions.example.org")
        return host or ""

    def _texts(self, table: Table, key: str, place: str) -> list[tuple[str, str]]:
        """One text for all languages, or one by language."""
        value = table.get(key, {})
        if isinstance(value, str):
            return [(language, value) for language in self._languages]
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in cast(Table, value).values()):
            self._fault(f"{place}{key}", "is neither a text nor a table with a text for each language")
            return []
        texts = cast(Texts, value)
        for language in texts:
            if language not in self._languages:
                said = f"{', '.join(self._languages)} are in VICHE_LANGUAGES"
                self._fault(f"{place}{key}.{language}", f"is in no language of this instance; {said}")
        return list(texts.items())

    def _text(self, table: Table, key: str, place: str) -> str:
        value = table.get(key, "")
        if not isinstance(value, str):
            self._fault(f"{place}{key}", "is no text")
            return ""
        return value.strip()

    def _file(self, table: Table, key: str, place: str) -> Path | None:
        text = self._text(table, key, place)
        return self._path.parent / text if text else None

    def _table(self, table: Table, key: str, place: str) -> Table:
        value = table.get(key, {})
        if not isinstance(value, dict):
            self._fault(f"{place}{key}", "is no table")
            return {}
        return cast(Table, value)

    def _known(self, table: Table, names: Sequence[str], place: str) -> None:
        for name in table:
            if name not in names:
                near = difflib.get_close_matches(name, names, n=1)
                hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}."
                self.faults.append(f"{self._path}: {place}{name} is read by nobody; {hint}")

    def _fault(self, place: str, said: str) -> None:
        self.faults.append(f"{self._path}: {place} {said}.")


def _ascii_host(text: str) -> str | None:
    """A host name, with a port or without one, as browsers send it (RFC 5891); None where it is none."""
    port = _PORT.search(text)
    try:
        name = text[: port.start() if port else None].encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    is_name = all(map(_LABEL.fullmatch, name.split("."))) and not name.rpartition(".")[2].isdigit()
    if not is_name or (port and int(port[1]) > 65_535):
        return None
    return name + (port[0] if port else "")
