"""Settings that several processes read: one meaning and one default each.

Used as ``rate_factor: float = settings.rate_factor()`` in a service's settings.
"""

from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from viche_chassis.config import setting

SPOKEN = ("en", "uk", "bg", "ru")
"""Languages that there are catalogues of."""


def _read_languages(given: tuple[str, ...]) -> tuple[str, ...]:
    languages = tuple(language.lower() for language in given)
    strange = [language for language in languages if language not in SPOKEN]
    if strange or not languages:
        raise ValueError(f"'{', '.join(strange)}' is not spoken here; choose among {', '.join(SPOKEN)}")
    if len(set(languages)) < len(languages):
        raise ValueError("a language stands there twice")
    return languages


def _read_public_url(given: str) -> str:
    url = given.rstrip("/")
    parts = urlsplit(url)
    port = parts.port  # says by itself when it is none
    is_address = parts.scheme in ("http", "https") and parts.hostname and port != 0 and not any(map(str.isspace, url))
    if not is_address or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(f"'{given}' is no address like https://petitions.example.org, without a path")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _read_timezone(given: str) -> str:
    try:
        return ZoneInfo(given).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone '{given[:60]}'; write it like Europe/Kyiv") from error


def languages() -> Any:
    """The instance's languages."""
    return setting(
        "VICHE_LANGUAGES", "languages of the instance, the default one first", default=SPOKEN, read=_read_languages
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSettings:
    """What every process needs to know."""

    service_key: Path = setting("VICHE_SERVICE_KEY", "file with the process's own private key", secret=True)
    metrics_listen: str = setting("VICHE_METRICS_LISTEN", "host:port of the Prometheus endpoint", default="")
    log_level: str = setting("VICHE_LOG_LEVEL", "least level of log lines", default="INFO")
    languages: tuple[str, ...] = languages()


def _read_replicas(given: int) -> int:
    if given not in (1, 3, 5):
        raise ValueError(f"{given} servers cannot keep a stream so that one may be lost; write 1, 3 or 5")
    return given


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSettings(ProcessSettings):
    """What every gRPC service needs to know; a service's own settings extend it."""

    listen: str = setting("VICHE_LISTEN", "host:port where the service takes calls")
    service_keys: Path = setting("VICHE_SERVICE_KEYS", "folder with the public keys NAME.pub of all services")
    database_url: str = setting("VICHE_DATABASE_URL", "address of the service's own database", secret=True)
    database_pool: int = setting("VICHE_DATABASE_POOL", "most connections to the database", default=8)
    database_pooler: bool = setting(
        "VICHE_DATABASE_POOLER",
        "whether VICHE_DATABASE_URL leads to a pooler in transaction mode, such as PgBouncer",
        default=False,
    )
    nats_url: str = setting(
        "VICHE_NATS_URL", "address of NATS, or of several servers of a cluster with commas", secret=True
    )
    nats_replicas: int = setting(
        "VICHE_NATS_REPLICAS",
        "on how many servers of a NATS cluster events are kept, 1, 3 or 5",
        default=1,
        read=_read_replicas,
    )
    data_key: Path = setting("VICHE_DATA_KEY", "file with the master key, 64 hexadecimal digits", secret=True)


def address_of(service: str) -> Any:
    """Where another service takes calls."""
    return setting(f"VICHE_{service.upper()}_ADDRESS", f"host:port where {service} takes calls")


def public_url() -> Any:
    """The portal's address."""
    return setting("VICHE_PUBLIC_URL", "address of the portal as citizens write it", read=_read_public_url)


def timezone() -> Any:
    """The zone in which days begin and end."""
    return setting(
        "VICHE_TIMEZONE",
        "time zone (IANA name) in which days begin and end",
        default="Europe/Kyiv",
        read=_read_timezone,
    )


def region_name() -> Any:
    """The region's name."""
    return setting("VICHE_REGION_NAME", "name of the region as shown on pages and in mail", default="Viche")


def brand() -> Any:
    """The file of names, colours, logos and hosts; see :mod:`viche_chassis.brand`."""
    return setting("VICHE_BRAND", "file in TOML with names, colours, logos and hosts, see Your own look", default="")


def four_eyes() -> Any:
    """Whether posts need a second person."""
    return setting(
        "VICHE_FOUR_EYES", "whether a post goes out only when a second person has approved it", default=True
    )  # fmt: skip


def _read_file_mb(size_mb: int) -> int:
    if not 1 <= size_mb <= 1_000:
        raise ValueError(f"{size_mb} is no size of a file; write megabytes from 1 to 1000")
    return size_mb


def post_file_mb() -> Any:
    """How large a file of a post may be, in MB."""
    return setting(
        "VICHE_POST_FILE_MB",
        "how large a picture or video of a post may be, in MB; let proxies in front pass 8 MB more to /console",
        default=50,
        read=_read_file_mb,
    )


def objects_dir() -> Any:
    """The folder of objects; see :func:`viche_chassis.objects.open_store`."""
    return setting("VICHE_OBJECTS_DIR", "folder where files are kept; needed unless VICHE_S3_URL is set", default="")


def s3_url() -> Any:
    """The bucket of objects."""
    return setting(
        "VICHE_S3_URL",
        "bucket where files are kept, s3+https://KEY:SECRET@host[:port]/bucket[?region=REGION] or s3+http://…",
        default="",
        secret=True,
    )


def _read_ways(given: tuple[str, ...]) -> tuple[str, ...]:
    for way in given:
        plugin, equals, place = way.partition("=")
        _, colon, port = place.rpartition(":")
        if not (plugin and equals) or not (place in ("inside", "child") or (colon and port.isdigit())):
            raise ValueError(f"'{way}' is not of the form NAME=inside, NAME=child or NAME=host:port")
    return given


def _read_networks(given: tuple[str, ...]) -> tuple[str, ...]:
    for network in given:
        ip_network(network)  # says by itself when it is none
    return given


def connector_ways() -> Any:
    """Where plugins with connectors run; see :mod:`viche_chassis.connectors.opening`."""
    return setting(
        "VICHE_CONNECTOR_WAYS",
        "where plugins with connectors run, NAME=inside, NAME=child or NAME=host:port each; bundled ones run inside "
        "the service unless named here, all others in a child process",
        default=(),
        read=_read_ways,
    )


def connector_networks() -> Any:
    """Networks beside the public ones."""
    return setting(
        "VICHE_CONNECTOR_NETWORKS",
        "networks that are not public and where connectors may go all the same, such as 10.1.0.0/16",
        default=(),
        read=_read_networks,
    )


def rate_factor() -> Any:
    """A factor on all rate rules."""
    return setting("VICHE_RATE_FACTOR", "multiplies every rate limit", default=1.0)
