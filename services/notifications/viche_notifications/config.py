"""Settings of the notifications service."""

from dataclasses import dataclass

from viche_chassis import settings as shared
from viche_chassis.config import setting
from viche_chassis.settings import ServiceSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(ServiceSettings):
    """What notifications needs to know beyond what every service does."""

    identity_address: str = shared.address_of("identity")
    petitions_address: str = shared.address_of("petitions")
    social_address: str = shared.address_of("social")
    public_url: str = shared.public_url()
    region_name: str = shared.region_name()
    brand: str = shared.brand()
    timezone: str = shared.timezone()
    smtp_url: str = setting(
        "VICHE_SMTP_URL", "mail server, smtp://[user:pass@]host:port[?tls=none|starttls] or smtps://…", secret=True
    )
    mail_from: str = setting("VICHE_MAIL_FROM", "sender of the mails, an address or Name <address>")
    mail_bounces: str = setting(
        "VICHE_MAIL_BOUNCES",
        "mailbox that mail comes back to, given to `viche bounces`; bounces@example.org gets it as"
        " bounces+TOKEN@example.org; without it mail comes back to the sender and no address is learnt from it",
        default="",
    )
    urgent_connections: int = setting(
        "VICHE_SMTP_URGENT_CONNECTIONS", "connections to the mail server for what somebody waits for", default=3
    )
    bulk_connections: int = setting(
        "VICHE_SMTP_BULK_CONNECTIONS", "connections to the mail server for messages to many", default=3
    )
