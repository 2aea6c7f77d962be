"""An authenticator in software, and the browser before it: makes and uses passkeys as W3C Web Authentication says."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256

from viche_chassis import base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
ORIGIN = "https://viche.example.org"


@dataclass(slots=True)
class Authenticator:
    """Holds one passkey; ``counts`` as security keys do, or always says 0 as synchronised passkeys do."""

    algorithm: str = "ES256"
    verifies: bool = True
    counts: bool = True
    origin: str = ORIGIN
    rp_id: str = ""
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    handle: bytes = b""
    count: int = 0
    key: Any = None

    def __post_init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        if self.algorithm == "EdDSA":
            self.key = ed25519.Ed25519PrivateKey.generate()

    def create(self, options: str) -> str:
        """What navigator.credentials.create() gives, as JSON."""
        asked = json.loads(options)
        self.handle = base64url.decode(asked["user"]["id"])
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + self._public_key()
        data = self._data(asked["rp"]["id"], ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer(clientDataJSON=client, attestationObject=attestation)

    def get(self, options: str, **differences: bytes) -> str:
        """What navigator.credentials.get() gives, as JSON, but for ``differences`` of the response."""
        asked = json.loads(options)
        self.count += self.counts
        data, client = self._data(asked["rpId"]), self._client("webauthn.get", asked["challenge"])
        signed = {
            "clientDataJSON": client,
            "authenticatorData": data,
            "signature": self._sign(data + hashlib.sha256(client).digest()),
            "userHandle": self.handle,
        }
        return self._answer(**{**signed, **differences})

    def _data(self, rp_id: str, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256((self.rp_id or rp_id).encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _public_key(self) -> bytes:
        if self.algorithm == "EdDSA":
            return cbor2.dumps({1: 1, 3: -8, -1: 6, -2: self.key.public_key().public_bytes_raw()})
        numbers = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})

    def _sign(self, data: bytes) -> bytes:
        return self.key.sign(data) if self.algorithm == "EdDSA" else self.key.sign(data, ec.ECDSA(SHA256()))

    def _answer(self, **response: bytes) -> str:
        id = base64url.encode(self.credential_id)
        encoded = {name: base64url.encode(value) for name, value in response.items() if value}
        return json.dumps({"id": id, "rawId": id, "type": "public-key", "response": encoded})
