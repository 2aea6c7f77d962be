"""Keys in a file that a passphrase opens: scrypt (RFC 7914) makes the key, AES-256-GCM keeps content and parameters."""

from __future__ import annotations

import os
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from viche_cli.faults import Fault

LEAST_CHARACTERS = 12
# 128 MiB for each guess (N·r·128 bytes): the first of OWASP's recommendations
LOG2_N, R, P = 17, 8, 1
# what a file may ask of this machine: 1 GiB
MOST_LOG2_N, MOST_R, MOST_P = 20, 8, 4
KEY_BYTES = 32
# mark, log2 of N, r, p, salt, nonce
_HEAD = struct.Struct(">8sBBB16s12s")
_MARK = b"viche-k1"


def seal(content: bytes, passphrase: str) -> bytes:
    """The content, for those who know the passphrase. Raises Fault when it is too short."""
    if len(passphrase) < LEAST_CHARACTERS:
        raise Fault(
            f"The passphrase is too short: take at least {LEAST_CHARACTERS} characters, for instance five words."
        )
    salt, nonce = os.urandom(16), os.urandom(12)
    head = _HEAD.pack(_MARK, LOG2_N, R, P, salt, nonce)
    return head + AESGCM(_key(passphrase, salt, LOG2_N, R, P)).encrypt(nonce, content, head)


def unseal(sealed: bytes, passphrase: str) -> bytes:
    """What was sealed. Raises Fault when the passphrase is another, or the file was changed."""
    try:
        mark, log2_n, r, p, salt, nonce = _HEAD.unpack_from(sealed)
    except struct.error:
        mark, log2_n, r, p, salt, nonce = b"", 0, 0, 0, b"", b""
    if mark != _MARK or not (0 < log2_n <= MOST_LOG2_N and 0 < r <= MOST_R and 0 < p <= MOST_P):
        raise Fault("The keys in the backup are written in a way that this version does not know: install a newer one.")
    try:
        cipher = AESGCM(_key(passphrase, salt, log2_n, r, p))
        return cipher.decrypt(nonce, sealed[_HEAD.size :], sealed[: _HEAD.size])
    except InvalidTag:
        raise Fault("This passphrase does not open the keys: give the one that the backup was made with.") from None


def _key(passphrase: str, salt: bytes, log2_n: int, r: int, p: int) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, n=1 << log2_n, r=r, p=p).derive(passphrase.encode())
