"""Settings of the gateway; :func:`viche_chassis.config.load` reads them."""

import hmac
from dataclasses import dataclass
from pathlib import Path

from viche_chassis.config import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the gateway is told by its environment."""

    http_listen: str = setting("VICHE_HTTP_LISTEN", "Host and port that browsers reach, as host:port")
    public_url: str = setting("VICHE_PUBLIC_URL", "Address of the portal as citizens write it, without a final slash")
    service_key: Path = setting("VICHE_SERVICE_KEY", "File with the gateway's own private key (Ed25519, PEM)")
    secret_key: Path = setting("VICHE_SECRET_KEY", "File with 64 hex digits that forms and challenges are signed with")
    identity_address: str = setting("VICHE_IDENTITY_ADDRESS", "Where the identity service listens, as host:port")
    petitions_address: str = setting("VICHE_PETITIONS_ADDRESS", "Where the petitions service listens, as host:port")
    notifications_address: str = setting(
        "VICHE_NOTIFICATIONS_ADDRESS", "Where the notifications service listens, as host:port"
    )
    languages: tuple[str, ...] = setting(
        "VICHE_LANGUAGES", "Languages of the pages, the default first", default=("en", "uk", "bg", "ru")
    )
    timezone: str = setting("VICHE_TIMEZONE", "Zone in which dates are shown, an IANA name", default="Europe/Kyiv")
    region_name: str = setting("VICHE_REGION_NAME", "Name of the region as shown on every page", default="Viche")
    trusted_proxies: int = setting("VICHE_TRUSTED_PROXIES", "How many proxies of ours stand in front", default=0)
    rate_factor: float = setting("VICHE_RATE_FACTOR", "Multiplies every rate limit", default=1.0)
    metrics_listen: str = setting("VICHE_METRICS_LISTEN", "Host and port of the Prometheus endpoint", default="")
    log_level: str = setting("VICHE_LOG_LEVEL", "Least severe log lines that are written", default="INFO")

    @property
    def default_language(self) -> str:
        """The language whose pages have no prefix."""
        return self.languages[0]

    @property
    def is_https(self) -> bool:
        """Whether citizens come over TLS; then cookies are sent over TLS alone."""
        return self.public_url.startswith("https://")


@dataclass(frozen=True, slots=True)
class Secrets:
    """Keys made from the one in VICHE_SECRET_KEY, one per use."""

    forms: bytes
    challenges: bytes


def read_secrets(path: Path) -> Secrets:
    """The keys made from the file at ``path``, which holds 64 hex digits.

    Raises:
        ValueError: it holds something else.
    """
    key = bytes.fromhex(path.read_text("ascii").strip())
    if len(key) != 32:
        raise ValueError(f"{path} must hold 64 hex digits")
    return Secrets(*(hmac.digest(key, use, "sha256") for use in (b"forms", b"challenges")))
