"""The name that was asked for is the one that a certificate must have, whatever address it led to."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from viche_sdk.connectors import network
from viche_sdk.connectors.http import GuardedHttp
from viche_sdk.connectors.types import Transient

pytestmark = pytest.mark.usefixtures("socket_enabled")

HOST = "api.example.org"


def certificate(folder: Path, name: str) -> Path:
    """A certificate that signs itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return file


@asynccontextmanager
async def serving(file: Path) -> AsyncIterator[int]:
    """A server with this certificate; gives its port."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize(("certified", "is_believed"), [(HOST, True), ("other.example.org", False)])
async def test_the_certificate_has_the_name_that_was_asked_for(
    certified: str, is_believed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = certificate(tmp_path, certified)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    network.tls.cache_clear()

    async def here(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", ("127.0.0.1", port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", here)
    async with serving(file) as port:
        http = GuardedHttp([f"{HOST}:{port}"], allows_loopback=True)
        try:
            if is_believed:
                assert (await http.request("POST", f"https://{HOST}:{port}/x")).status == 204
            else:
                with pytest.raises(Transient, match=r"(?i)certificate"):
                    await http.request("POST", f"https://{HOST}:{port}/x")
        finally:
            await http.aclose()
            network.tls.cache_clear()
