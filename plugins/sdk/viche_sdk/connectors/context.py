"""What a connector is given for each call; it reaches the world through nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from viche_sdk.connectors.answers import Answer
from viche_sdk.connectors.posts import Media
from viche_sdk.connectors.sessions import HeldSession, Session


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that no log, error or repr shows."""

    _value: str = field(repr=False)

    def reveal(self) -> str:
        """The secret itself: into a header or a body, nowhere else."""
        return self._value


@dataclass(frozen=True, slots=True)
class Account:
    """The account for which the call is made.

    `id` is the platform's, empty before the first `probe`; `values` are the fields that are not secret.
    """

    id: str = ""
    handle: str = ""
    values: Mapping[str, str] = field(default_factory=dict[str, str])


class Http(Protocol):
    """HTTP to the declared hosts alone: no redirects, an address resolved once, limits of size and time."""

    async def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        json: object = None,
        form: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        content: bytes | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """One request; any status is an answer.

        Args:
            method: "GET", "POST", …
            url: absolute.
            params: of the query.
            headers: names in any case.
            json: sent as application/json; at most one of json, form, files and content, but form may go with files.
            form: fields.
            files: name to (file name, bytes, media type), sent as multipart/form-data.
            content: raw bytes.
            timeout_s: shorter than the host's.

        Raises:
            Transient: nothing was sent: not resolved, not connected; or a GET without an answer.
            OutcomeUnknown: it was sent, and no whole answer came.
            Unsupported: the host is not declared, or its address is not public.
        """
        ...


class Clock(Protocol):
    """The host's clock."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        ...


class MediaStore(Protocol):
    """The files of posts."""

    async def read(self, media: Media) -> bytes:
        """The bytes, resized and without metadata."""
        ...

    async def link(self, media: Media) -> str:
        """An address from which the platform may fetch it for the next hour.

        Raises:
            Unsupported: the instance has no address that platforms reach.
        """
        ...


class Log(Protocol):
    """Where a connector may say something; secrets are taken out."""

    def info(self, message: str, **values: object) -> None:
        """For operators who look."""
        ...

    def warning(self, message: str, **values: object) -> None:
        """For operators who should look."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """All that one call has.

    `secrets` are the account's and the application's by the names of their fields; "access_token" where consent was
    given through OAuth. `session` is what the connector wants to find again at its next call for this account.
    """

    account: Account
    secrets: Mapping[str, Secret]
    http: Http
    clock: Clock
    media: MediaStore
    log: Log
    session: Session = field(default_factory=HeldSession)

    def value(self, name: str) -> str:
        """A field that is not secret; empty where it was not entered."""
        return self.account.values.get(name, "")

    def secret(self, name: str) -> str:
        """A secret, revealed; empty where it was not entered."""
        found = self.secrets.get(name)
        return found.reveal() if found else ""
