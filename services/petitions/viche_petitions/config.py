"""Settings of the petitions service."""

from dataclasses import dataclass

from viche_chassis import settings
from viche_chassis.config import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(settings.ServiceSettings):
    """What the petitions service needs to know beyond what every service does."""

    identity_address: str = settings.address_of("identity")
    timezone: str = settings.timezone()
    rate_factor: float = settings.rate_factor()
    public_url: str = settings.public_url()
    trace_days: int = setting(
        "VICHE_TRACE_DAYS", "days for which address blocks and mail domains of signatures are kept", default=30
    )
    objects_dir: str = settings.objects_dir()
    s3_url: str = settings.s3_url()
    plugins: tuple[str, ...] = setting("VICHE_PLUGINS", "names of the plugins to use; empty means all", default=())
