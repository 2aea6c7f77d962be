"""The keys of an instance: made once, never shown unless asked for, readable by their owner alone.

A folder of keys, as under HOME/keys: `services/NAME.pem` and `services/public/NAME.pub` prove who calls whom,
`signing/KID.pem` sign identity's tokens, `NAME.key` is the master key of a service.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from viche_cli.faults import Fault
from viche_cli.home import Home, write_private
from viche_cli.kubernetes import Secret
from viche_cli.services import CALLERS, GATEWAY, KEYED, SERVICES

PUBLIC_PEM = re.compile(r"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----\n?", re.DOTALL)


def ensure_keys(home: Home) -> None:
    """Makes every key that is missing; those that are there stay."""
    complete(home.keys)


def complete(folder: Path) -> list[str]:
    """Makes every key that is missing in a folder of keys, and says which; those that are there stay."""
    before = read_keys(folder)
    made = missing_keys(before)
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(path, text)
    return sorted(made)


def missing_keys(known: Mapping[str, str]) -> dict[str, str]:
    """Contents by path of all keys that an instance needs beside those that are known."""
    made: dict[str, str] = {}
    for name in CALLERS:
        private = known.get(f"services/{name}.pem") or made.setdefault(f"services/{name}.pem", new_private())
        mine = public_half(private)
        public = known.get(f"services/public/{name}.pub", "")
        if mine not in PUBLIC_PEM.findall(public):
            made[f"services/public/{name}.pub"] = mine
    if not any(_is_signing_key(path) for path in known):
        made[f"signing/{_new_kid((), datetime.now(UTC))}.pem"] = new_private()
    for name in KEYED:
        if f"{name}.key" not in known:
            made[f"{name}.key"] = secrets.token_hex(32) + "\n"
    return made


def read_keys(folder: Path) -> dict[str, str]:
    """Contents by path of all keys in a folder; passwords of engines that lie beside them are left out.

    Raises OSError when one may not be read.
    """
    kinds = ("services/*.pem", "services/public/*.pub", "signing/*.pem", "*.key")
    found = (path for kind in kinds for path in sorted(folder.glob(kind)))
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="ascii") for path in found}


def as_secrets(keys: Mapping[str, str], prefix: str) -> list[Secret]:
    """The keys as Secrets, one for each process that has some, one for identity's signing and one for all to read."""
    made = [Secret(f"{prefix}-keys-{name}", _own(keys, name)) for name in CALLERS]
    signing = {PurePosixPath(path).name: text for path, text in keys.items() if _is_signing_key(path)}
    public = {f"{name}.pub": keys[f"services/public/{name}.pub"] for name in CALLERS}
    return [*made, Secret(f"{prefix}-signing-keys", signing), Secret(f"{prefix}-public-keys", public)]


def new_signing_key(kids: Collection[str], signs_from: datetime) -> tuple[str, str]:
    """Name and content of a signing key that sorts behind all others and with which identity signs from then on."""
    return _new_kid(kids, signs_from), new_private()


def new_private() -> str:
    """A new private key, in PEM."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_half(private: str) -> str:
    """The public half of a private key, in PEM. Raises Fault when it is none."""
    try:
        key = load_pem_private_key(private.encode(), None)
    except ValueError as error:
        raise Fault(f"A private key cannot be read ({error}): bring the keys back from a backup.") from error
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _own(keys: Mapping[str, str], name: str) -> dict[str, str]:
    """What a process mounts under /etc/viche/keys."""
    own = {"service.pem": keys[f"services/{name}.pem"]}
    if name in SERVICES:
        own["data.key"] = keys[f"{name}.key"]
    if name == GATEWAY:
        own["secret.key"] = keys[f"{name}.key"]
    return own


def _is_signing_key(path: str) -> bool:
    return path.startswith("signing/") and path.endswith(".pem")


def _new_kid(kids: Collection[str], signs_from: datetime) -> str:
    """The second from which on it signs. Raises Fault when that does not sort last."""
    kid = f"{signs_from:%Y%m%dT%H%M%S}"
    # the names of files are what is sorted
    if all(f"{kid}.pem" > f"{known}.pem" for known in kids):
        return kid
    raise Fault(f"The signing key {max(kids)} sorts behind {kid}, and the last one signs: name the new one with --kid.")
