"""Settings of identity."""

from dataclasses import dataclass
from pathlib import Path

from viche_chassis import settings as shared
from viche_chassis.config import setting
from viche_chassis.settings import ServiceSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(ServiceSettings):
    """What identity needs to know beyond what every service does."""

    signing_keys: Path = setting(
        "VICHE_IDENTITY_SIGNING_KEYS",
        "folder with the private keys KID.pem for tokens; all are published, and the last by name signs, a name such "
        "as 20261231T235959 from that moment on",
        secret=True,
    )
    providers: str = setting(
        "VICHE_IDENTITY_PROVIDERS", "TOML file that lists providers of identity; without it there are none", default=""
    )
    allow_direct_sessions: bool = setting(
        "VICHE_IDENTITY_ALLOW_DIRECT_SESSIONS",
        "whether the command line may open sessions without a mail; for benchmarks alone",
        default=False,
    )
    officer_session_hours: int = setting(
        "VICHE_OFFICER_SESSION_HOURS",
        "how many hours after signing in the roles of officers work, until they confirm that it is them",
        default=12,
    )
    rate_factor: float = shared.rate_factor()
    public_url: str = shared.public_url()
    region_name: str = shared.region_name()
