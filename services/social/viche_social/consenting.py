"""The round through a platform where a person gives consent (RFC 6749, 4.1; RFC 7636)."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from urllib.parse import quote_plus, urlencode
from uuid import UUID

from viche_chassis import base64url
from viche_chassis.errors import DomainError
from viche_sdk.connectors.http import GuardedHttp
from viche_sdk.connectors.types import (
    Answer,
    ConnectorError,
    ConnectorSpec,
    Http,
    OAuth,
)
from viche_social.domain.errors import ConsentRefused, PlatformUnreachable

PATH = "/console/channels/consent"
"""Where platforms send people back to, below the instance's address."""
LONGEST_S = 10 * 365 * 86_400.0
_OF_THE_APPLICATION = ("invalid_client", "unauthorized_client")
_OF_THE_MOMENT = ("server_error", "temporarily_unavailable", "slow_down", "rate_limited")


class ApplicationRefused(ConsentRefused):
    """The platform does not take the id or the secret of the region's application; the consent itself may hold."""


class MakesHttp(Protocol):
    """Makes the guarded HTTP of a connector's application."""

    def __call__(self, spec: ConnectorSpec, values: Mapping[str, str]) -> GuardedHttp:
        """HTTP to the connector's hosts, that of its consent among them; close it after use."""
        ...


@dataclass(frozen=True, slots=True)
class Round:
    """What is sent along, and what is kept until the person is back."""

    url: str
    state: str
    verifier: str


def begin(spec: ConnectorSpec, values: Mapping[str, str], application: Mapping[str, str], public_url: str) -> Round:
    """Where to send the person."""
    oauth = _oauth(spec)
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    asked = {
        "response_type": "code",
        "client_id": application.get(oauth.client_id, ""),
        "redirect_uri": public_url.rstrip("/") + PATH,
        "scope": oauth.scope_separator.join(oauth.scopes),
        "state": state,
        **dict(oauth.extra),
    }
    if oauth.uses_pkce:
        asked |= {
            "code_challenge": base64url.encode(hashlib.sha256(verifier.encode()).digest()),
            "code_challenge_method": "S256",
        }
    return Round(f"{_filled(oauth.authorize_url, values)}?{urlencode(asked)}", state, verifier)


async def exchange(
    http: Http, spec: ConnectorSpec, values: Mapping[str, str], application: Mapping[str, str], form: Mapping[str, str]
) -> dict[str, str]:
    """The tokens for a code, or for a refresh token.

    Args:
        http: to the platform.
        spec: of the connector.
        values: fields of the account.
        application: fields of the application.
        form: what differs: the grant and what it needs.

    Returns:
        access_token, refresh_token where there is one, and expires_at (ISO 8601) where it ends.

    Raises:
        ConsentRefused, ApplicationRefused: what the platform answers.
        PlatformUnreachable: it answers nothing of the kind, so that nobody knows whether the consent holds.
    """
    oauth = _oauth(spec)
    id, secret = application.get(oauth.client_id, ""), application.get(oauth.client_secret, "")
    shown = {} if oauth.shows_itself_in_header else {"client_id": id, "client_secret": secret}
    headers = {"Authorization": _basic(id, secret)} if oauth.shows_itself_in_header else {}
    try:
        address = _filled(oauth.token_url, values)
        return _tokens(await http.request("POST", address, form={**shown, **form}, headers=headers))
    except ConnectorError as error:
        raise PlatformUnreachable(detail=error.detail) from error


def code_form(code: str, verifier: str, public_url: str) -> dict[str, str]:
    """What a code is exchanged with."""
    redirect = public_url.rstrip("/") + PATH
    return {"grant_type": "authorization_code", "code": code, "code_verifier": verifier, "redirect_uri": redirect}


def renewal_form(refresh_token: str) -> dict[str, str]:
    """What tokens are renewed with (RFC 6749, 6)."""
    return {"grant_type": "refresh_token", "refresh_token": refresh_token}


def _basic(id: str, secret: str) -> str:
    """An application's id and secret as RFC 6749, 2.3.1 says."""
    pair = f"{quote_plus(id)}:{quote_plus(secret)}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _tokens(answer: Answer) -> dict[str, str]:
    if answer.status >= 500 or answer.status in (408, 429):
        raise PlatformUnreachable(detail=f"status {answer.status}")
    said = answer.object()
    token = said.get("access_token")
    if not answer.is_good or not isinstance(token, str) or not token:
        raise _refusal(answer, said)
    tokens = {"access_token": token}
    if isinstance(refresh := said.get("refresh_token"), str) and refresh:
        tokens["refresh_token"] = refresh
    if (lasts := _lasts(said.get("expires_in"))) is not None:
        tokens["expires_at"] = (datetime.now(UTC) + lasts).isoformat()
    return tokens


def _refusal(answer: Answer, said: Mapping[str, Any]) -> DomainError:
    """What an answer without a token means (RFC 6749, 5.2); without an error in it nobody has refused anything."""
    error = said.get("error")
    inner = error.get("message") if isinstance(error, dict) else error
    # no database takes NUL
    detail = str(said.get("error_description") or inner or f"status {answer.status}")[:300].replace("\0", "\ufffd")
    if not error or error in _OF_THE_MOMENT:
        return PlatformUnreachable(detail=detail)
    return ApplicationRefused(detail=detail) if error in _OF_THE_APPLICATION else ConsentRefused(detail=detail)


def _lasts(said: object) -> timedelta | None:
    """For how long a token is good; some platforms write the figure as a text."""
    text = str(said) if isinstance(said, int | float | str) and not isinstance(said, bool) else ""
    try:
        return timedelta(seconds=min(max(float(text), 0.0), LONGEST_S)) if text else None
    except ValueError:
        return None


def _oauth(spec: ConnectorSpec) -> OAuth:
    if spec.oauth is None:
        raise ConsentRefused(detail=f"{spec.title} asks for no consent")
    return spec.oauth


def _filled(address: str, values: Mapping[str, str]) -> str:
    """An address with the fields of the account in their places; one that ends with "/" loses that."""
    for name, text in values.items():
        address = address.replace("{" + name + "}", text.rstrip("/"))
    return address


def state_hash(state: str) -> bytes:
    """A round is found by this; the state itself is not kept."""
    return hashlib.sha256(state.encode()).digest()


def round_id(state: str) -> UUID:
    """The place that the verifier of a round is sealed for."""
    return UUID(bytes=state_hash(state)[:16])
