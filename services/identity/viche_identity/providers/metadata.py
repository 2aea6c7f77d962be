"""What a provider publishes of itself: endpoints and keys (OpenID Connect Discovery 1.0; RFC 8414)."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet, import_key

from viche_identity.domain.providers import Kind, Provider, ProviderRefused
from viche_identity.providers.web import Web

KEPT_S = 3_600.0
ASK_AGAIN_S = 10.0  # a token with an unknown key has the keys fetched anew, though not by everybody at once


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a provider answers; ``says_issuer`` promises its name in each answer (RFC 9207)."""

    authorize_url: str
    token_url: str
    userinfo_url: str = ""
    keys_url: str = ""
    says_issuer: bool = False


class Metadata:
    """Endpoints and keys of one provider, remembered for an hour.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, provider: Provider, clock: Callable[[], float] = time.monotonic) -> None:
        self._provider = provider
        self._clock = clock
        self._endpoints: tuple[float, Endpoints] | None = None
        self._keys: tuple[float, KeySet] | None = None

    async def endpoints(self, web: Web) -> Endpoints:
        """Those of the operator's list, or those that are discovered."""
        provider = self._provider
        if provider.kind == Kind.OAUTH2:
            return Endpoints(provider.authorize_url, provider.token_url, provider.userinfo_url)
        if self._endpoints is None or self._age(self._endpoints[0]) > KEPT_S:
            found = await web.get(discovery_url(provider.issuer))
            self._endpoints = self._clock(), _read(provider, web, found)
        return self._endpoints[1]

    async def keys(self, web: Web, *, is_one_unknown: bool = False) -> KeySet:
        """The keys that the provider signs with.

        Args:
            is_one_unknown: a token was signed with a key that is not among them, so they are fetched anew.
        """
        oldest_s = ASK_AGAIN_S if is_one_unknown else KEPT_S
        if self._keys is None or self._age(self._keys[0]) > oldest_s:
            document = await web.get((await self.endpoints(web)).keys_url)
            self._keys = self._clock(), _key_set(document)
        return self._keys[1]

    def _age(self, at: float) -> float:
        return self._clock() - at


def discovery_url(issuer: str) -> str:
    """Where an issuer publishes its endpoints (OpenID Connect Discovery 1.0, section 4)."""
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"


def _read(provider: Provider, web: Web, document: Mapping[str, Any]) -> Endpoints:
    if document.get("issuer") != provider.issuer:
        raise ProviderRefused(provider=provider.name, why=f"its issuer is {document.get('issuer')}")
    endpoints = Endpoints(
        authorize_url=str(document.get("authorization_endpoint", "")),
        token_url=str(document.get("token_endpoint", "")),
        userinfo_url=str(document.get("userinfo_endpoint") or ""),
        keys_url=str(document.get("jwks_uri", "")),
        says_issuer=document.get("authorization_response_iss_parameter_supported") is True,
    )
    for url in (endpoints.authorize_url, endpoints.token_url, endpoints.keys_url, endpoints.userinfo_url):
        if url or url != endpoints.userinfo_url:
            web.check(url)
    return endpoints


def _key_set(document: Mapping[str, Any]) -> KeySet:
    """Keys that only the provider has; those of a kind that we do not know are passed over (RFC 7517, section 5)."""
    listed = document.get("keys")
    found = [_key(each) for each in listed] if isinstance(listed, list) else []
    usable = [key for key in found if key is not None]
    if not usable:
        raise ProviderRefused(why="no usable keys")
    return KeySet(usable)


def _key(values: Any) -> Key | None:
    if not isinstance(values, dict) or values.get("use") == "enc" or values.get("kty") == "oct":
        return None
    try:
        return import_key(values)
    except (JoseError, KeyError, TypeError, ValueError):
        return None
