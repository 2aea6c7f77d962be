"""The operator's list of providers: one TOML file with a table for each, all of its faults told at once."""

import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from viche_chassis.config import ConfigError
from viche_identity.domain.people import Assurance
from viche_identity.domain.providers import NAMELESS, ClaimMapping, ClaimTable, ClientAuth, Kind, Provider

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
RESERVED = ("email", "passkey")  # other ways in, by which sessions say how they began
LOOPBACK = ("localhost", "127.0.0.1", "::1")
SCOPES = {Kind.OIDC: ("openid", "profile", "email"), Kind.OAUTH2: ()}
ENDPOINTS = ("authorize_url", "token_url", "userinfo_url")
KEYS = frozenset(
    {"title", "kind", "issuer", "client_id", "client_secret_file", "client_auth", "scopes", "hosts", "mapping"}
    | {*ENDPOINTS, "asks_each_time"}
)
MAPPING_KEYS = frozenset({"subject", "name", "email", "email_verified", "assurance", "residence"})


def read_providers(path: Path | None) -> Mapping[str, Provider]:
    """Providers by name, in the order of the file; none where there is no file.

    Raises:
        ConfigError: with a sentence for each fault.
    """
    if path is None:
        return {}
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError([f"VICHE_IDENTITY_PROVIDERS: {path.name} cannot be read: {error}"]) from error
    tables = {name: _Table(path, name, value) for name, value in document.items()}
    providers = {name: table.provider() for name, table in tables.items()}
    if faults := [fault for table in tables.values() for fault in table.faults]:
        raise ConfigError(faults)
    return providers


class _Table:
    """One provider's table, read with a note of everything that is wrong with it."""

    def __init__(self, path: Path, name: str, values: Any) -> None:
        self._path = path
        self._name = name
        self._values: Mapping[str, Any] = values if isinstance(values, dict) else {}
        self.faults: list[str] = []
        if not isinstance(values, dict):
            self._fault("is no table: begin each provider with its name in brackets")

    def provider(self) -> Provider:
        """The provider; of no use once there are faults."""
        self._check_names()
        kind = self._choice("kind", Kind, Kind.OIDC)
        auth = self._choice("client_auth", ClientAuth, ClientAuth.BASIC)
        urls = {each: self._url(each, is_required=kind == Kind.OAUTH2) for each in ENDPOINTS}
        issuer = self._url("issuer", is_required=kind == Kind.OIDC)
        return Provider(
            name=self._name,
            title=self._title(),
            kind=kind,
            issuer=issuer or f"{NAMELESS}{self._name}",
            client_id=self._text("client_id"),
            client_secret="" if auth == ClientAuth.NONE else self._secret(),
            client_auth=auth,
            scopes=self._texts("scopes", SCOPES[kind]),
            hosts=frozenset({*(host_of(url) for url in (issuer, *urls.values()) if url), *self._texts("hosts", ())}),
            mapping=self._mapping(),
            asks_each_time=self._boolean("asks_each_time"),
            **urls,
        )

    def _check_names(self) -> None:
        if not NAME.fullmatch(self._name) or self._name in RESERVED:
            self._fault(f"cannot be called so: use a-z, 0-9 and hyphens, and none of {', '.join(RESERVED)}")
        self._check_keys(self._values, KEYS, "")

    def _check_keys(self, values: Mapping[str, Any], known: Collection[str], place: str) -> None:
        for key in sorted(set(values) - set(known)):
            self._fault(f"{place}{key} is not known; known are {', '.join(sorted(known))}")

    def _title(self) -> Mapping[str, str]:
        title = self._values.get("title")
        if isinstance(title, str) and title.strip():
            return {"": title.strip()}
        if isinstance(title, dict) and title and all(isinstance(text, str) and text.strip() for text in title.values()):
            return title
        self._fault('title is missing: write what people call it, for instance title = { en = "…", uk = "…" }')
        return {}

    def _text(self, key: str) -> str:
        value = self._values.get(key, "")
        if not isinstance(value, str) or not value.strip():
            self._fault(f'{key} is missing: write {key} = "…"')
            return ""
        return value.strip()

    def _url(self, key: str, *, is_required: bool) -> str:
        value = self._values.get(key, "")
        if not value and not is_required:
            return ""
        if not isinstance(value, str) or not is_safe(value):
            self._fault(f"{key} must be an address that begins with https://")
            return ""
        return value

    def _choice(self, key: str, choices: Any, default: Any) -> Any:
        value = self._values.get(key, default)
        if value not in list(choices):
            self._fault(f"{key} must be one of {', '.join(choices)}")
            return default
        return choices(value)

    def _texts(self, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        value = self._values.get(key, default)
        if isinstance(value, str) or not all(isinstance(each, str) and each for each in value):
            self._fault(f'{key} must be a list of texts, for instance ["a", "b"]')
            return default
        return tuple(value)

    def _boolean(self, key: str) -> bool:
        value = self._values.get(key, False)
        if not isinstance(value, bool):
            self._fault(f"{key} must be true or false")
        return value is True

    def _secret(self) -> str:
        name = self._text("client_secret_file")
        if not name:
            return ""
        try:
            secret = (self._path.parent / name).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            self._fault(
                f"client_secret_file {name} cannot be read ({type(error).__name__}); its place is beside this file"
            )
            return ""
        if not secret:
            self._fault(f"client_secret_file {name} is empty: write the secret there that the provider gave you")
        return secret

    def _mapping(self) -> ClaimMapping:
        values = self._values.get("mapping", {})
        if not isinstance(values, dict):
            self._fault("mapping must be a table")
            return ClaimMapping()
        self._check_keys(values, MAPPING_KEYS, "mapping.")
        defaults = ClaimMapping()
        name = values.get("name", list(defaults.name))
        paths = [name] if isinstance(name, str) else name
        verified = values.get("email_verified", defaults.email_verified)
        texts = [values.get("subject", ""), values.get("email", ""), *(paths if isinstance(paths, list) else [0])]
        if not all(isinstance(each, str) for each in texts) or not isinstance(verified, str | bool):
            self._fault(
                "mapping: subject and email name a claim, name one or a list, email_verified one, or true, false"
            )
            return defaults
        return ClaimMapping(
            subject=values.get("subject", defaults.subject),
            name=tuple(paths),
            email=values.get("email", defaults.email),
            email_verified=verified,
            assurance=self._table("assurance", values, [level.word for level in Assurance]),
            residence=self._table("residence", values),
        )

    def _table(self, key: str, mapping: Mapping[str, Any], meanings: Collection[str] = ()) -> ClaimTable:
        """A claim with its table; an assurance needs one, since no provider uses our words."""
        found = mapping.get(key)
        if found is None:
            return ClaimTable()
        if not isinstance(found, dict) or set(found) - {"claim", "values"} or not isinstance(found.get("claim"), str):
            self._fault(f'mapping.{key} must be a table like {{ claim = "…", values = {{ "theirs" = "ours" }} }}')
            return ClaimTable()
        values = found.get("values", {})
        if not isinstance(values, dict) or not all(isinstance(ours, str) for ours in values.values()):
            self._fault(f"mapping.{key}.values must be a table of texts")
            return ClaimTable()
        for ours in sorted(set(values.values()) - set(meanings)) if meanings else ():
            self._fault(f"mapping.{key}.values: '{ours}' is not known; known are {', '.join(meanings)}")
        if meanings and not values:
            self._fault(f"mapping.{key}.values is missing: say what their values mean here")
        return ClaimTable(found["claim"], values)

    def _fault(self, said: str) -> None:
        self.faults.append(f"VICHE_IDENTITY_PROVIDERS: {self._path.name}, [{self._name}] {said}.")


def host_of(url: str) -> str:
    """The host of an address, with its port where it names one."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def is_safe(url: str) -> bool:
    """Whether it is an address that we may call: over TLS, but on this machine, and without a password in it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or "@" in parts.netloc or not url.isprintable() or " " in url:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
