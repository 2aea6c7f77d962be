"""What a provider's answers must be to prove anything, and which servers are called at all."""

from __future__ import annotations

import asyncio
import gzip
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from viche_chassis import base64url
from viche_identity.domain.providers import (
    ClaimMapping,
    ClientAuth,
    Kind,
    Provider,
    ProviderRefused,
    ProviderUnavailable,
)
from viche_identity.providers.client import Back, Identified, ProviderClient, Visit

ISSUER = "https://id.example.org"
VISIT = Visit("the-state", "the-nonce", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")  # RFC 7636, appendix B
BACK_URL = "https://portal.example/sign-in/with/id/back"
KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})
SECRET = "a shared secret that is long enough to sign with"


class Double(httpx.AsyncBaseTransport):
    """A provider's server: gives what its parts are set to, and notes what was asked."""

    def __init__(self) -> None:
        self.metadata: dict[str, Any] = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/auth",
            "token_endpoint": f"{ISSUER}/token",
            "userinfo_endpoint": f"{ISSUER}/me",
            "jwks_uri": f"{ISSUER}/keys",
        }
        self.keys: list[Any] = [KEY]
        self.token: Callable[[], str] = lambda: id_token()
        self.userinfo: Any = {"sub": "s1", "email": "ann@example.org"}
        self.tokens: dict[str, Any] = {"access_token": "at", "token_type": "Bearer"}
        self.asked: list[httpx.Request] = []
        self.instead: Callable[[httpx.Request], httpx.Response | None] = lambda request: None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.asked.append(request)
        return self.instead(request) or httpx.Response(200, json=self._answer(request.url.path))

    def _answer(self, path: str) -> Any:
        return {
            "/.well-known/openid-configuration": lambda: self.metadata,
            "/keys": lambda: {"keys": [key.as_dict(private=False) for key in self.keys]},
            "/token": lambda: {**self.tokens, "id_token": self.token()},
            "/me": lambda: self.userinfo,
        }[path]()

    def paths(self) -> list[str]:
        return [request.url.path for request in self.asked]


def provider(**differences: Any) -> Provider:
    values: dict[str, Any] = {
        "name": "id", "title": {"en": "ID"}, "kind": Kind.OIDC, "issuer": ISSUER, "client_id": "viche",
        "client_secret": SECRET, "client_auth": ClientAuth.BASIC, "scopes": ("openid", "email"),
        "hosts": frozenset({"id.example.org"}), "mapping": ClaimMapping(),
    }  # fmt: skip
    return Provider(**(values | differences))


def claims(**differences: Any) -> dict[str, Any]:
    now = int(time.time())
    values = {"iss": ISSUER, "aud": "viche", "sub": "s1", "exp": now + 300, "iat": now, "nonce": VISIT.nonce}
    return {name: value for name, value in (values | differences).items() if value is not None}


def id_token(key: Any = KEY, algorithm: str = "RS256", kid: str | None = "k1", **differences: Any) -> str:
    header = {"alg": algorithm} | ({"kid": kid} if kid else {})
    return jwt.encode(header, claims(**differences), key, [algorithm])


def unsigned() -> str:
    header, body = (base64url.encode(json.dumps(part).encode()) for part in ({"alg": "none"}, claims()))
    return f"{header}.{body}."


def signed_with(secret: bytes) -> str:
    """A token whose algorithm takes the public key, which everybody has, for a shared secret."""
    header, body = (base64url.encode(json.dumps(part).encode()) for part in ({"alg": "HS256", "kid": "k1"}, claims()))
    return f"{header}.{body}.{base64url.encode(hmac.digest(secret, f'{header}.{body}'.encode(), 'sha256'))}"


async def identify(double: Double, back: Back = Back("code"), **differences: Any) -> Identified:
    return await ProviderClient(provider(**differences), BACK_URL, double).identify(back, VISIT)


async def test_claims_of_the_token_go_before_those_of_the_userinfo() -> None:
    double = Double()
    double.token = lambda: id_token(acr="high", auth_time=1_700_000_000)
    double.userinfo = {"sub": "s1", "acr": "low", "email": "ann@example.org"}
    found = await identify(double)
    assert (found.claims["acr"], found.claims["email"]) == ("high", "ann@example.org")
    assert found.asked_at is not None
    assert found.asked_at.timestamp() == 1_700_000_000


async def test_the_address_binds_state_nonce_and_code() -> None:
    url = await ProviderClient(provider(), BACK_URL, Double()).address(VISIT, language="uk", asks_anew=True)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert url.startswith(f"{ISSUER}/auth?")
    assert asked == {
        "response_type": "code", "client_id": "viche", "redirect_uri": BACK_URL, "scope": "openid email",
        "state": "the-state", "nonce": "the-nonce", "ui_locales": "uk", "prompt": "login", "max_age": "0",
        "code_challenge_method": "S256", "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    }  # fmt: skip


@pytest.mark.parametrize(
    "differences",
    [
        {"iss": "https://evil.example"}, {"aud": "another"}, {"aud": ["viche", "another"]},
        {"aud": ["viche", "another"], "azp": "another"}, {"azp": "another"}, {"nonce": "another"}, {"nonce": None},
        {"exp": 1_700_000_000}, {"exp": None}, {"iat": None}, {"sub": None}, {"sub": ""},
        {"iat": 4_102_444_800},  # in the year 2100: these values are made when the run begins, maybe hours ago
    ],
)  # fmt: skip
async def test_a_token_for_another_place_time_or_visit_is_refused(differences: Mapping[str, Any]) -> None:
    double = Double()
    double.token = lambda: id_token(**differences)
    with pytest.raises(ProviderRefused):
        await identify(double)


async def test_one_of_several_audiences_is_enough_where_we_are_the_party() -> None:
    double = Double()
    double.token = lambda: id_token(aud=["viche", "another"], azp="viche")
    assert (await identify(double)).claims["sub"] == "s1"


@pytest.mark.parametrize(
    "token",
    [
        unsigned,
        lambda: id_token(OTHER_KEY),
        lambda: id_token(OctKey.import_key(SECRET), "HS256"),
        lambda: signed_with(KEY.as_pem(private=False)),
        lambda: id_token(ECKey.generate_key("P-256", {"kid": "k1"}), "ES256"),
        lambda: id_token()[:-4] + "AAAA",
        lambda: "",
        lambda: "no.token",
    ],
    ids=["none", "another key", "our secret", "its public key as a secret", "another type", "cut", "empty", "odd"],
)
async def test_a_token_that_the_provider_has_not_signed_is_refused(token: Callable[[], str]) -> None:
    double = Double()
    double.token = token
    with pytest.raises(ProviderRefused):
        await identify(double)


async def test_a_new_key_is_fetched_once_and_an_unknown_one_is_refused() -> None:
    double = Double()
    client = ProviderClient(provider(), BACK_URL, double)
    await client.identify(Back("code"), VISIT)
    new = RSAKey.generate_key(2048, {"kid": "k2"})
    double.keys, double.token = [new], lambda: id_token(new, kid="k2")
    client._metadata._keys = (0.0, client._metadata._keys[1])  # pyright: ignore  # as if fetched long ago
    await client.identify(Back("code"), VISIT)
    double.token = lambda: id_token(OTHER_KEY, kid="k3")
    for _ in range(3):
        with pytest.raises(ProviderRefused):
            await client.identify(Back("code"), VISIT)
    assert double.paths().count("/keys") == 2


async def test_odd_keys_keep_no_good_one_from_being_used() -> None:
    double = Double()
    odd = [{"kty": "XYZ"}, {"kty": "RSA", "kid": "k1"}, "no key", {"kty": "oct", "kid": "k1", "k": "c2VjcmV0"}]
    good = KEY.as_dict(private=False)
    double.instead = lambda request: (
        httpx.Response(200, json={"keys": [*odd, good]}) if request.url.path == "/keys" else None
    )
    assert (await identify(double)).claims["sub"] == "s1"


@pytest.mark.parametrize("document", [{}, {"keys": []}, {"keys": "k1"}, {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}])
async def test_a_provider_without_a_usable_key_is_refused(document: Mapping[str, Any]) -> None:
    double = Double()
    double.instead = lambda request: httpx.Response(200, json=document) if request.url.path == "/keys" else None
    with pytest.raises(ProviderRefused):
        await identify(double)


async def test_userinfo_of_somebody_else_is_refused() -> None:
    double = Double()
    double.userinfo = {"sub": "s2", "email": "ann@example.org"}
    with pytest.raises(ProviderRefused):
        await identify(double)


@pytest.mark.parametrize(("issuer", "is_promised"), [("https://evil.example", False), ("", True)])
async def test_an_answer_without_the_name_that_was_promised_is_refused(issuer: str, is_promised: bool) -> None:
    double = Double()
    double.metadata["authorization_response_iss_parameter_supported"] = is_promised
    with pytest.raises(ProviderRefused):
        await identify(double, Back("code", issuer))
    assert "/token" not in double.paths()


@pytest.mark.parametrize(
    ("endpoint", "url"),
    [
        ("token_endpoint", "https://169.254.169.254/latest"),
        ("jwks_uri", "http://id.example.org/keys"),
        ("userinfo_endpoint", "https://id.example.org:8443/me"),
        ("userinfo_endpoint", "https://user@id.example.org/me"),
        ("authorization_endpoint", "javascript:alert(1)"),
        ("token_endpoint", ""),
        ("issuer", "https://id.example.org/"),
    ],
)
async def test_metadata_that_lead_elsewhere_are_refused(endpoint: str, url: str) -> None:
    double = Double()
    double.metadata[endpoint] = url
    with pytest.raises(ProviderRefused):
        await identify(double)
    assert {request.url.host for request in double.asked} == {"id.example.org"}


async def test_an_endpoint_on_a_host_that_the_operator_allows_is_called() -> None:
    double = Double()
    double.metadata["token_endpoint"] = "https://tokens.example.org/token"
    hosts = frozenset({"id.example.org", "tokens.example.org"})
    assert (await identify(double, hosts=hosts)).claims["sub"] == "s1"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(302, headers={"location": "https://169.254.169.254/"}),
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, content=b"[]"),
        httpx.Response(200, content=b'{"x": "' + b"x" * 300_000 + b'"}'),
        httpx.Response(200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(gzip.compress(b"{}"))),
        httpx.Response(400, json={"error": "invalid_grant"}),
        httpx.Response(200, json={"error": "invalid_grant"}),
    ],
    ids=["redirect", "page", "list", "long", "packed", "refusal", "no token"],
)
async def test_answers_that_say_nothing_are_refused(answer: httpx.Response) -> None:
    double = Double()
    double.instead = lambda request: answer if request.url.path == "/token" else None
    with pytest.raises(ProviderRefused):
        await identify(double)
    assert double.paths()[-1] == "/token"


@pytest.mark.parametrize("status", [500, 503])
async def test_a_broken_provider_is_unavailable(status: int) -> None:
    double = Double()
    double.instead = lambda request: httpx.Response(status, text="down")
    with pytest.raises(ProviderUnavailable):
        await identify(double)


async def test_a_provider_that_cannot_be_reached_is_unavailable() -> None:
    def fail(request: httpx.Request) -> None:
        raise httpx.ConnectError("nobody there")

    double = Double()
    double.instead = fail
    with pytest.raises(ProviderUnavailable):
        await identify(double)


async def test_a_slow_provider_is_left_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(Double):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await asyncio.sleep(60)
            return await super().handle_async_request(request)

    monkeypatch.setattr("viche_identity.providers.web.WITHIN_S", 0.05)
    with pytest.raises(ProviderUnavailable):
        await identify(Slow())


@pytest.mark.parametrize(
    ("auth", "header", "in_form"),
    [
        (ClientAuth.BASIC, "Basic dmljaGU6YSUyRmIlM0Fj", {}),
        (ClientAuth.POST, None, {"client_id": "viche", "client_secret": "a/b:c"}),
        (ClientAuth.NONE, None, {"client_id": "viche"}),
    ],
)
async def test_we_prove_who_we_are_as_the_provider_wants(
    auth: ClientAuth, header: str | None, in_form: Mapping[str, str]
) -> None:
    double = Double()
    await identify(double, client_auth=auth, client_secret="" if auth == ClientAuth.NONE else "a/b:c")
    asked = next(request for request in double.asked if request.url.path == "/token")
    form = {name: values[0] for name, values in parse_qs(asked.content.decode()).items()}
    assert asked.headers.get("authorization") == header
    assert form == {
        "grant_type": "authorization_code", "code": "code", "redirect_uri": BACK_URL,
        "code_verifier": VISIT.verifier, **in_form,
    }  # fmt: skip


async def test_plain_oauth2_needs_no_token_of_its_own() -> None:
    double = Double()
    double.userinfo = {"person": {"tax_id": 123}}
    urls = {name: f"{ISSUER}/{path}" for name, path in PATHS.items()}
    found = await identify(double, kind=Kind.OAUTH2, issuer="oauth2:id", **urls)
    assert (found.claims, found.asked_at) == ({"person": {"tax_id": 123}}, None)
    assert double.paths() == ["/token", "/me"]


async def test_a_token_of_an_unknown_type_is_not_sent_on() -> None:
    double = Double()
    double.tokens["token_type"] = "mac"
    with pytest.raises(ProviderRefused):
        await identify(double)
    assert "/me" not in double.paths()


PATHS = {"authorize_url": "auth", "token_url": "token", "userinfo_url": "me"}
