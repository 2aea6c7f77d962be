"""Settings of the petitions service."""

from dataclasses import dataclass

from viche_chassis import settings as shared
from viche_chassis.config import setting
from viche_chassis.settings import ServiceSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(ServiceSettings):
    """What the petitions service needs to know beyond what every service does."""

    identity_address: str = shared.address_of("identity")
    timezone: str = shared.timezone()
    rate_factor: float = shared.rate_factor()
    plugins: tuple[str, ...] = setting("VICHE_PLUGINS", "names of the plugins to use; empty means all", default=())
