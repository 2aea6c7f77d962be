"""The authorization code flow with one provider (RFC 6749, section 4.1; RFC 7636; OpenID Connect Core 1.0)."""

import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError

from viche_chassis import base64url
from viche_identity.domain.providers import (
    CLOCK_SKEW,
    NAMELESS,
    ClientAuth,
    Kind,
    Provider,
    ProviderRefused,
)
from viche_identity.providers.file import read_providers
from viche_identity.providers.metadata import Endpoints, Metadata
from viche_identity.providers.web import Web, visiting

log = logging.getLogger(__name__)

# signatures that only the provider can make; "none" and those with the client's secret are not among them
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
MOST_CODE_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class Visit:
    """What one visit is bound to: ``state`` to our browser, ``nonce`` to the token, ``verifier`` to the code."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Back:
    """What the browser brings back; ``issuer`` is empty where the provider does not say it."""

    code: str
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What can be seen of a provider without a person: how many keys, and its clock; None where it tells none."""

    keys: int
    said_at: datetime | None


@dataclass(frozen=True, slots=True)
class Identified:
    """Claims of a provider, and when it last asked the person; None where it does not say."""

    claims: Mapping[str, Any]
    asked_at: datetime | None = None


class ProviderClient:
    """Asks one provider.

    Args:
        back_url: where the provider sends browsers back to; it must be registered there.
        transport: see :func:`viche_identity.providers.web.visiting`.
        clock: seconds since the epoch.
    """

    def __init__(
        self,
        provider: Provider,
        back_url: str,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.provider = provider
        self._back_url = back_url
        self._transport = transport
        self._clock = clock
        self._metadata = Metadata(provider)

    async def address(self, visit: Visit, *, language: str = "", asks_anew: bool = False) -> str:
        """Where the browser goes.

        Args:
            language: BCP 47, for the provider's pages.
            asks_anew: the provider must let the person show who they are, though it knows them (section 3.1.2.1).

        Raises:
            ProviderUnavailable, ProviderRefused: the provider cannot say where.
        """
        async with visiting(self.provider, self._transport) as web:
            endpoints = await self._metadata.endpoints(web)
        url = endpoints.authorize_url
        return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(self._asked(visit, language, asks_anew))}"

    async def identify(self, back: Back, visit: Visit) -> Identified:
        """Who came back.

        Raises:
            ProviderUnavailable, ProviderRefused: the provider does not say, or says it in a way that proves nothing.
        """
        async with visiting(self.provider, self._transport) as web:
            endpoints = await self._metadata.endpoints(web)
            self._check_issuer(back.issuer, is_promised=endpoints.says_issuer)
            tokens = await self._exchange(web, endpoints, back.code, visit)
            if self.provider.kind == Kind.OAUTH2:
                return Identified(await self._userinfo(web, endpoints, tokens))
            claims = await self._id_token(web, str(tokens.get("id_token", "")), visit.nonce)
            return Identified(await self._complete(web, endpoints, tokens, claims), _asked_at(claims))

    async def look(self) -> Seen:
        """What the provider publishes, for whoever sets it up; plain OAuth 2.0 publishes nothing.

        Raises:
            ProviderUnavailable, ProviderRefused: it cannot be used.
        """
        if self.provider.kind == Kind.OAUTH2:
            return Seen(0, None)
        async with visiting(self.provider, self._transport) as web:
            keys = await self._metadata.keys(web)
            return Seen(len(keys.keys), web.said_at)

    def _asked(self, visit: Visit, language: str, asks_anew: bool) -> Mapping[str, str]:
        asked = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": self._back_url,
            "scope": " ".join(self.provider.scopes),
            "state": visit.state,
            "code_challenge": base64url.encode(hashlib.sha256(visit.verifier.encode()).digest()),
            "code_challenge_method": "S256",
        }
        if self.provider.kind == Kind.OIDC:
            asked |= {"nonce": visit.nonce} | ({"ui_locales": language} if language else {})
            asked |= {"prompt": "login", "max_age": "0"} if asks_anew else {}
        return {name: value for name, value in asked.items() if value}

    def _check_issuer(self, issuer: str, *, is_promised: bool) -> None:
        """Holds who says to have answered against whom we asked (RFC 9207), where we know its name."""
        is_known = not self.provider.issuer.startswith(NAMELESS)
        if is_known and issuer != self.provider.issuer and (issuer or is_promised):
            raise self._refused("another issuer answered")

    async def _exchange(self, web: Web, endpoints: Endpoints, code: str, visit: Visit) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code[:MOST_CODE_CHARACTERS],
            "redirect_uri": self._back_url,
            "code_verifier": visit.verifier,
        }
        auth: httpx.Auth | None = None
        if self.provider.client_auth == ClientAuth.BASIC:
            # both are form-encoded first (RFC 6749, section 2.3.1)
            auth = httpx.BasicAuth(quote(self.provider.client_id, safe=""), quote(self.provider.client_secret, safe=""))
        else:
            form["client_id"] = self.provider.client_id
        if self.provider.client_auth == ClientAuth.POST:
            form["client_secret"] = self.provider.client_secret
        answer = await web.post(endpoints.token_url, form, {"Accept": "application/json"}, auth)
        if answer.status != 200 or "access_token" not in answer.values:
            raise self._refused(f"no token: {answer.values.get('error', answer.status)}")
        return answer.values

    async def _id_token(self, web: Web, token: str, nonce: str) -> Mapping[str, Any]:
        """The claims of an ID token that holds (section 3.1.3.7)."""
        try:
            try:
                claims = jwt.decode(token, await self._metadata.keys(web), list(ALGORITHMS)).claims
            except InvalidKeyIdError:
                keys = await self._metadata.keys(web, is_one_unknown=True)
                claims = jwt.decode(token, keys, list(ALGORITHMS)).claims
            self._check(claims, nonce)
        except (JoseError, ValueError, TypeError) as error:
            raise self._refused(f"the ID token does not hold: {error!r}") from error
        return claims

    def _check(self, claims: Mapping[str, Any], nonce: str) -> None:
        jwt.JWTClaimsRegistry(
            now=int(self._clock()),
            leeway=int(CLOCK_SKEW.total_seconds()),
            iss={"essential": True, "value": self.provider.issuer},
            aud={"essential": True, "value": self.provider.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(dict(claims))
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (several or "azp" in claims) and claims.get("azp") != self.provider.client_id:
            raise ValueError("made for another client")

    async def _complete(
        self, web: Web, endpoints: Endpoints, tokens: Mapping[str, Any], claims: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """The token's claims and those of the userinfo, which must be of the same person (section 5.3.2)."""
        if not endpoints.userinfo_url:
            return claims
        more = await self._userinfo(web, endpoints, tokens)
        if more.get("sub") != claims["sub"]:
            raise self._refused("the userinfo is of somebody else")
        return {**more, **claims}

    async def _userinfo(self, web: Web, endpoints: Endpoints, tokens: Mapping[str, Any]) -> Mapping[str, Any]:
        if str(tokens.get("token_type", "Bearer")).lower() != "bearer":
            raise self._refused("its token is of an unknown type")
        headers = {"Authorization": f"Bearer {tokens['access_token']}", "Accept": "application/json"}
        return await web.get(endpoints.userinfo_url, headers)

    def _refused(self, why: str) -> ProviderRefused:
        log.warning("a provider's answer is refused", extra={"provider": self.provider.name, "why": why})
        return ProviderRefused(provider=self.provider.name)


def provider_clients(path: str, public_url: str) -> Mapping[str, ProviderClient]:
    """Clients of the providers in the operator's file, by name; none where no file is named.

    Raises:
        ConfigError: with a sentence for each fault of the file.
    """
    listed = read_providers(Path(path) if path else None)
    return {name: ProviderClient(each, f"{public_url}/sign-in/with/{name}/back") for name, each in listed.items()}


def _asked_at(claims: Mapping[str, Any]) -> datetime | None:
    at = claims.get("auth_time")
    return datetime.fromtimestamp(at, UTC) if isinstance(at, int) and 0 < at < 2**33 else None
