"""Ed25519 tokens (JWT, RFC 7519 and 8037): made by services and by identity, checked without asking anybody."""

import json
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from joserfc import jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import GuestProtocol, KeySet, OKPKey

from viche_chassis.errors import TokenRefused, Unavailable

ALGORITHM = "Ed25519"
MAX_LIFE_S = 300
SERVICE_TOKEN_LIFE_S = 300
CLOCK_SKEW_S = 10
_CACHE_SIZE = 4096
_PUBLIC_PEM = re.compile(rb"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)

# names of keys that say from when on they sign, in UTC: 20261231T235959
_MOMENT = "%Y%m%dT%H%M%S"

PublicKeys = OKPKey | Sequence[OKPKey]


class Signs(Protocol):
    """Whatever makes tokens."""

    def sign(self, claims: Mapping[str, Any], life_s: int = ...) -> str:
        """A JWT with ``claims`` that ends in ``life_s`` seconds."""
        ...


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key and the name under which its public half is known."""

    kid: str
    key: OKPKey

    def sign(self, claims: Mapping[str, Any], life_s: int = MAX_LIFE_S) -> str:
        """A JWT with ``claims`` that ends in ``life_s`` seconds."""
        now = int(time.time())
        header = {"alg": ALGORITHM, "kid": self.kid}
        return jwt.encode(
            header,
            {**claims, "iat": now, "exp": now + life_s},
            self.key,
            algorithms=[ALGORITHM],
        )


def load_signer(path: Path, kid: str = "") -> Signer:
    """The signer whose private key (PEM, PKCS #8) is at ``path``; the file's stem is the key's name."""
    key = OKPKey.import_key(path.read_bytes())
    return Signer(kid or path.stem, key)


def load_signers(folder: Path) -> list[Signer]:
    """All signers of a folder of KID.pem, by name; :class:`InTurn` says which of them signs.

    Raises:
        FileNotFoundError: when there is none.
    """
    signers = [load_signer(path) for path in sorted(folder.glob("*.pem"))]
    if not signers:
        raise FileNotFoundError(f"no key KID.pem in {folder}")
    return signers


class InTurn:
    """Signs with the last of several keys, by name, whose time has come.

    A name such as 20261231T235959 says from when on (UTC) its key signs; others sign always. So replicas that start
    one after another all publish a new key before any of them signs with it.

    Args:
        signers: at least one, sorted by name.
        clock: seconds since 1970.
    """

    def __init__(self, signers: Sequence[Signer], clock: Callable[[], float] = time.time) -> None:
        self._signers = [(_signs_from_s(signer.kid), signer) for signer in signers]
        self._clock = clock

    def current(self) -> Signer:
        """The key that signs now; the first where the time of none has come."""
        now_s = self._clock()
        ripe = (signer for from_s, signer in reversed(self._signers) if from_s <= now_s)
        return next(ripe, self._signers[0][1])

    def sign(self, claims: Mapping[str, Any], life_s: int = MAX_LIFE_S) -> str:
        """A JWT with ``claims`` that ends in ``life_s`` seconds."""
        return self.current().sign(claims, life_s)


def _signs_from_s(kid: str) -> float:
    try:
        return datetime.strptime(kid, _MOMENT).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return 0.0


def public_key_set(signers: Sequence[Signer]) -> str:
    """The public halves as a JSON Web Key Set (RFC 7517)."""
    return json.dumps({"keys": [{**signer.key.as_dict(private=False), "kid": signer.kid} for signer in signers]})


class Verifier:
    """Checks tokens against a set of public keys, and remembers those that held.

    Args:
        keys: public keys by name; a name may have several while one takes the place of another. None where they are
            not known yet.
        on_unknown_key: told when a token names a key that is not among them, so that newer keys can be fetched.
    """

    def __init__(
        self,
        keys: Mapping[str, PublicKeys] | None,
        on_unknown_key: Callable[[], None] | None = None,
    ) -> None:
        self._keys = None if keys is None else _by_name(keys)
        self._on_unknown_key = on_unknown_key
        self._known: OrderedDict[str, dict[str, Any]] = OrderedDict()

    def verify(self, token: str, *, audience: str) -> dict[str, Any]:
        """The token's claims.

        Raises:
            TokenRefused: not signed by a known key, expired, or made for another audience.
            Unavailable: no keys are known yet, so that nothing can be said of it.
        """
        claims = self._known.get(token)
        if claims is None:
            claims = self._decode(token)
            self._remember(token, claims)
        if claims.get("aud") != audience or claims.get("exp", 0) < time.time() - CLOCK_SKEW_S:
            raise TokenRefused()
        return claims

    def put_keys(self, keys: Mapping[str, PublicKeys]) -> None:
        """Replaces the known keys."""
        self._keys = _by_name(keys)
        self._known.clear()

    def _decode(self, token: str) -> dict[str, Any]:
        waiting: list[OKPKey] | None = None

        def next_key(guest: GuestProtocol) -> OKPKey:
            nonlocal waiting
            waiting = self._keys_for(guest) if waiting is None else waiting
            return waiting.pop(0)

        while True:
            try:
                decoded = jwt.decode(token, next_key, algorithms=[ALGORITHM])
            except BadSignatureError as error:
                if not waiting:
                    raise TokenRefused() from error
            except (JoseError, ValueError, RecursionError) as error:
                raise TokenRefused() from error
            else:
                return {**decoded.claims, "kid": decoded.header["kid"]}

    def _keys_for(self, guest: GuestProtocol) -> list[OKPKey]:
        if self._keys is None:
            raise Unavailable(what="keys")
        kid = str(guest.headers().get("kid", ""))
        if kid not in self._keys:
            if self._on_unknown_key:
                self._on_unknown_key()
            raise ValueError("unknown key")
        return list(self._keys[kid])

    def _remember(self, token: str, claims: dict[str, Any]) -> None:
        self._known[token] = claims
        if len(self._known) > _CACHE_SIZE:
            self._known.popitem(last=False)


def read_key_set(jwks_json: str) -> dict[str, OKPKey]:
    """The keys of a JSON Web Key Set by name.

    Raises:
        ValueError: when it is not one.
    """
    key_set = KeySet.import_key_set(json.loads(jwks_json))
    return {str(key.kid): key for key in key_set.keys if isinstance(key, OKPKey)}


def read_service_keys(folder: Path) -> dict[str, tuple[OKPKey, ...]]:
    """Public keys of the services from a folder of NAME.pub, by name.

    A file may hold several in PEM, one after the other: while a service gets another key, both hold.
    """
    return {path.stem: _public_keys(path.read_bytes()) for path in sorted(folder.glob("*.pub"))}


def _public_keys(content: bytes) -> tuple[OKPKey, ...]:
    return tuple(OKPKey.import_key(pem) for pem in _PUBLIC_PEM.findall(content) or [content])


def _by_name(keys: Mapping[str, PublicKeys]) -> dict[str, tuple[OKPKey, ...]]:
    return {name: (given,) if isinstance(given, OKPKey) else tuple(given) for name, given in keys.items()}


class ServiceIdentity:
    """A service's name and key: makes the tokens with which it calls others.

    A token for one callee is used again until a minute before its end.
    """

    def __init__(self, signer: Signer) -> None:
        self.name = signer.kid
        self._signer = signer
        self._tokens: dict[str, tuple[float, str]] = {}

    def token_for(self, callee: str) -> str:
        """A token that only ``callee`` takes."""
        ends_at, token = self._tokens.get(callee, (0.0, ""))
        if time.time() > ends_at - 60:
            token = self._signer.sign({"iss": self.name, "aud": callee}, SERVICE_TOKEN_LIFE_S)
            self._tokens[callee] = (time.time() + SERVICE_TOKEN_LIFE_S, token)
        return token
