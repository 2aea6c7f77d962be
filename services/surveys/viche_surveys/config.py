"""Settings of the surveys service."""

from dataclasses import dataclass

from viche_chassis import settings
from viche_chassis.config import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(settings.ServiceSettings):
    """What the surveys service needs to know beyond what every service does."""

    identity_address: str = settings.address_of("identity")
    timezone: str = settings.timezone()
    rate_factor: float = settings.rate_factor()
    public_url: str = settings.public_url()
    draft_days: int = setting(
        "VICHE_DRAFT_DAYS", "days for which an answer that was begun is kept after it was saved last", default=30
    )
    objects_dir: str = settings.objects_dir()
    s3_url: str = settings.s3_url()
