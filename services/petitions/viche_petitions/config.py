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
    plugins: tuple[str, ...] = setting("VICHE_PLUGINS", "names of the plugins to use; empty means all", default=())
