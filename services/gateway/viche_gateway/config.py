"""Settings of the gateway; :func:`viche_chassis.config.load` reads them."""

import hmac
from dataclasses import dataclass
from pathlib import Path

from viche_chassis import settings as shared
from viche_chassis.common import read_key
from viche_chassis.config import setting
from viche_chassis.settings import ProcessSettings
from viche_gateway import proxies


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(ProcessSettings):
    """What the gateway is told by its environment."""

    http_listen: str = setting("VICHE_HTTP_LISTEN", "host and port that browsers reach, as host:port")
    drain_file: str = setting(
        "VICHE_DRAIN_FILE",
        "file that is made shortly before the gateway is ended: from then on it is not ready and closes connections",
        default="",
    )
    public_url: str = shared.public_url()
    secret_key: Path = setting(
        "VICHE_SECRET_KEY", "file with 64 hex digits that forms and challenges are signed with", secret=True
    )
    identity_address: str = shared.address_of("identity")
    petitions_address: str = shared.address_of("petitions")
    surveys_address: str = shared.address_of("surveys")
    social_address: str = shared.address_of("social")
    notifications_address: str = shared.address_of("notifications")
    timezone: str = shared.timezone()
    region_name: str = shared.region_name()
    brand: str = shared.brand()
    trusted_proxies: str = setting(
        "VICHE_TRUSTED_PROXIES",
        "how many proxies of ours stand in front, or their addresses and networks with commas",
        default="0",
        read=proxies.checked,
    )
    rate_factor: float = shared.rate_factor()
    four_eyes: bool = shared.four_eyes()
    post_file_mb: int = shared.post_file_mb()
    public_presence: bool = setting(
        "VICHE_PUBLIC_PRESENCE",
        "whether everybody may see how the authorities stand on networks, at /presence",
        default=False,
    )
    objects_dir: str = shared.objects_dir()
    s3_url: str = shared.s3_url()
    data_licence: str = setting("VICHE_DATA_LICENCE", "name of the licence of the public data", default="CC BY 4.0")
    data_licence_url: str = setting(
        "VICHE_DATA_LICENCE_URL",
        "address of the licence of the public data",
        default="https://creativecommons.org/licenses/by/4.0/",
    )

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
        ConfigError: it holds something else.
    """
    key = read_key(path)
    return Secrets(*(hmac.digest(key, use, "sha256") for use in (b"forms", b"challenges")))
