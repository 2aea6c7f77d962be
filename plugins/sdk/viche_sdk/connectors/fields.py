"""What must be entered to connect an account."""

from dataclasses import dataclass
from enum import StrEnum

from viche_sdk.localized import Localized


class FieldKind(StrEnum):
    """What may be entered."""

    TEXT = "text"
    # never shown again, sealed at rest
    SECRET = "secret"  # noqa: S105
    # https://host[/path]
    ADDRESS = "address"
    # the same of several lines, such as a private key
    LONG_SECRET = "long_secret"  # noqa: S105


class FieldOwner(StrEnum):
    """Who enters it."""

    # once per instance, by the operator: an application's id and secret
    APP = "app"
    # for each account
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to enter. `name` is snake_case; `pattern` is a regular expression that the whole value must match."""

    name: str
    title: Localized
    help: Localized
    kind: FieldKind = FieldKind.TEXT
    owner: FieldOwner = FieldOwner.ACCOUNT
    is_required: bool = True
    pattern: str = ""
    example: str = ""

    @property
    def is_secret(self) -> bool:
        """Whether it is sealed and never shown."""
        return self.kind in (FieldKind.SECRET, FieldKind.LONG_SECRET)


@dataclass(frozen=True, slots=True)
class OAuth:
    """How consent is given, for platforms where a person gives it (RFC 6749, RFC 7636). The host does the rounds.

    Addresses may hold "{server}" or another field's name in braces. `client_id` and `client_secret` name fields of
    the application. What comes back is kept as the secrets "access_token" and "refresh_token"; where the platform
    gives a refresh token, the host renews both before they end (RFC 6749, 6). `shows_itself_in_header` is for
    platforms that want the application's id and secret by HTTP Basic, and not in the body (RFC 6749, 2.3.1).
    """

    authorize_url: str
    token_url: str
    scopes: tuple[str, ...]
    client_id: str = "client_id"
    client_secret: str = "client_secret"  # noqa: S105
    uses_pkce: bool = True
    scope_separator: str = " "
    extra: tuple[tuple[str, str], ...] = ()
    shows_itself_in_header: bool = False
