"""Settings of the social service."""

from dataclasses import dataclass

from viche_chassis import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(settings.ServiceSettings):
    """What the social service needs to know beyond what every service does."""

    identity_address: str = settings.address_of("identity")
    timezone: str = settings.timezone()
    public_url: str = settings.public_url()
    objects_dir: str = settings.objects_dir()
    s3_url: str = settings.s3_url()
