"""Settings of the social service."""

from dataclasses import dataclass

from viche_chassis import settings
from viche_chassis.config import setting
from viche_social.domain.posts import SOURCED, PostKind

MOST_DAYS = 3650
MOST_MONTHS = 120


def _read_country(given: str) -> str:
    if len(given) != 2 or not given.isascii() or not given.isalpha():
        raise ValueError(f"'{given[:20]}' is no country; write its two letters (ISO 3166-1), for instance UA")
    return given.upper()


def _read_kinds(given: tuple[str, ...]) -> tuple[str, ...]:
    if given == ("none",):
        return ()
    strange = [kind for kind in given if kind not in set(PostKind)]
    if strange:
        raise ValueError(f"'{', '.join(strange)}' is no kind of post; choose among {', '.join(PostKind)}, or none")
    return given


def _read_days(given: int) -> int:
    if not 0 <= given <= MOST_DAYS:
        raise ValueError(f"'{given}' is no number of days from 0 to {MOST_DAYS}")
    return given


def _read_months(given: int) -> int:
    if not 1 <= given <= MOST_MONTHS:
        raise ValueError(f"'{given}' is no number of months from 1 to {MOST_MONTHS}")
    return given


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(settings.ServiceSettings):
    """What the social service needs to know beyond what every service does."""

    identity_address: str = settings.address_of("identity")
    notifications_address: str = settings.address_of("notifications")
    timezone: str = settings.timezone()
    public_url: str = settings.public_url()
    objects_dir: str = settings.objects_dir()
    s3_url: str = settings.s3_url()
    plugins: tuple[str, ...] = setting("VICHE_PLUGINS", "names of the plugins to use; empty means all", default=())
    connector_ways: tuple[str, ...] = settings.connector_ways()
    connector_networks: tuple[str, ...] = settings.connector_networks()
    country: str = setting(
        "VICHE_COUNTRY",
        "country of the instance (ISO 3166-1, two letters): platforms that its law forbids cannot be connected",
        default="",
        read=_read_country,
    )
    connectors: str = setting(
        "VICHE_CONNECTORS",
        "TOML file with the ids and secrets of the region's applications at platforms, see Platforms",
        default="",
    )
    four_eyes: bool = settings.four_eyes()
    post_file_mb: int = settings.post_file_mb()
    sourced_posts: tuple[str, ...] = setting(
        "VICHE_SOURCED_POSTS",
        "kinds of posts that need a source, or none",
        default=tuple(sorted(SOURCED)),
        read=_read_kinds,
    )
    visitors_kept_days: int = setting(
        "VICHE_VISITORS_KEPT_DAYS",
        "days after an event for which names and addresses of who registered are kept; counts stay",
        default=30,
        read=_read_days,
    )
    inbox_kept_months: int = setting(
        "VICHE_INBOX_KEPT_MONTHS",
        "months after the last thing that happened in a conversation of the inbox for which its words are kept; counts "
        "and times stay",
        default=24,
        read=_read_months,
    )
    office_words: str = setting(
        "VICHE_OFFICE_WORDS", "TOML file with words that posts should avoid, and what to write instead", default=""
    )
