"""The region's own look: whether the file can be read, its colours too, and whether its hosts lead here."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from viche_chassis import settings as shared
from viche_chassis.brand import Brand, read_brand
from viche_chassis.config import ConfigError, load
from viche_cli.check.findings import Finding, fail, ok, warn
from viche_cli.faults import Fault
from viche_cli.services import LOOPBACK
from viche_gateway.branding.palette import ENOUGH, Scheme, rounded_down
from viche_gateway.branding.shown import Shown, judge

WITHIN_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The settings that the file is read with."""

    languages: tuple[str, ...] = shared.languages()
    public_url: str = shared.public_url()
    brand: str = shared.brand()


def around(environment: Mapping[str, str]) -> Around:
    """The settings in the environment of `viche up`.

    Raises:
        Fault: one of them cannot be read.
    """
    try:
        return load(Around, {"VICHE_PUBLIC_URL": f"http://{LOOPBACK}:8080", **environment})
    except ConfigError as error:
        raise Fault(" ".join(error.faults)) from error


def check_file(path: Path, settings: Around) -> Iterator[Finding]:
    """Every fault of the file, of its colours and of its logos, and the contrasts that were counted."""
    brand, faults = read_brand(path, settings.languages, settings.public_url)
    judged = judge(brand)
    for fault in (*faults, *judged.faults):
        yield fail("brand", fault.rstrip("."), "correct it")
    for slug, shown in judged.shown.items():
        yield from _check_look(slug or "the region", shown)
    if not faults and not judged.faults:
        yield ok("brand", f"{path} can be read; hosts of authorities: {len(brand.authorities)}")


def check_hosts(brand: Brand, slugs: Collection[str], public_url: str) -> Iterator[Finding]:
    """Whether each authority with a host is there, and the host leads to this portal.

    Args:
        slugs: of the authorities of the instance.
    """
    for slug, own in brand.authorities.items():
        if slug not in slugs:
            said = f"there is no authority '{slug}', so {own.host} is answered with 421"
            yield fail("hosts", said, "write the authority's slug, as in the address of its rules")
            continue
        yield _check_host(own.address(public_url))


def _check_host(address: str) -> Finding:
    try:
        status = httpx.get(f"{address}/api/v1/authorities", timeout=WITHIN_S, trust_env=False).status_code
    except httpx.HTTPError as error:
        said = f"{address} does not answer ({type(error).__name__})"
        return fail("hosts", said, "enter the name in DNS, and give the proxy a certificate for it")
    if status == httpx.codes.OK:
        return ok("hosts", f"{address} leads here")
    if status == httpx.codes.MISDIRECTED_REQUEST:
        return fail("hosts", f"{address} reaches the portal under another name", "let the proxy pass the host on")
    return warn("hosts", f"{address} answers {status}", "look at DNS and the proxy")


def _check_look(whose: str, shown: Shown) -> Iterator[Finding]:
    if shown.palette is not None:
        for scheme in (shown.palette.light, shown.palette.dark):
            yield _check_scheme(whose, scheme)
    for logo in filter(None, (shown.logo, shown.logo_dark)):
        yield ok(f"logo of {whose}", f"{logo.media_type}, {len(logo.content) / 1000:.1f} kB, shows and does nothing")


def _check_scheme(whose: str, scheme: Scheme) -> Finding:
    """The contrasts; those that are too small are faults of the brand already, with the way out."""
    pairs = list(scheme.pairs())
    counted = ", ".join(f"{pair.what} {rounded_down(pair.contrast)}" for pair in pairs)
    subject = f"colours of {whose}"
    said = f"{scheme.accent} on {scheme.grounds.scheme} pages: {counted}"
    if all(pair.is_enough for pair in pairs):
        return ok(subject, said)
    return warn(subject, said, f"each must be {ENOUGH} or more")
