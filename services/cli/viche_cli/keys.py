"""The keys of an instance: made once under HOME/keys, never shown, readable by their owner alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from viche_cli.home import Home, write_private
from viche_cli.services import CALLERS, KEYED


def ensure_keys(home: Home) -> None:
    """Makes every key that is missing; those that are there stay."""
    private, public = service_key_folders(home)
    for folder in (private, public, signing_folder(home)):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in CALLERS:
        _ensure_pair(private / f"{name}.pem", public / f"{name}.pub")
    if not any(signing_folder(home).glob("*.pem")):
        _ensure_pair(signing_folder(home) / f"{datetime.now(UTC):%Y%m%d}.pem", None)
    for name in KEYED:
        home.secret(f"{name}.key")


def service_key_folders(home: Home) -> tuple[Path, Path]:
    """Folders of the services' private keys NAME.pem and public keys NAME.pub."""
    return home.keys / "services", home.keys / "services" / "public"


def signing_folder(home: Home) -> Path:
    """Folder of the keys KID.pem with which identity signs."""
    return home.keys / "signing"


def _ensure_pair(private: Path, public: Path | None) -> None:
    if not private.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_private(private, pem.decode())
    if public is not None:
        key = load_pem_private_key(private.read_bytes(), None)
        pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        if not public.exists() or public.read_bytes() != pem:
            write_private(public, pem.decode())
