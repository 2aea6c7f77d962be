"""The address that people type: whether it leads here, over TLS."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from urllib.parse import urlsplit

import httpx

from viche_cli.check.findings import Finding, fail, ok, warn

WITHIN_S = 10.0
LOCAL = ("127.0.0.1", "localhost", "::1")
HALF_A_YEAR_S = 15_768_000
_MAX_AGE = re.compile(r"max-age=\"?(\d+)")


def check_address(url: str, authorities: Collection[str], environment: Mapping[str, str]) -> Iterator[Finding]:
    """Calls the portal as people do.

    Args:
        authorities: ids of the instance's authorities; no other instance has them.
    """
    is_local = urlsplit(url).hostname in LOCAL
    is_https = url.startswith("https://")
    if is_local:
        yield warn("address", f"{url} leads to this machine alone", "set VICHE_PUBLIC_URL to what people type")
    elif not is_https:
        yield fail("address", f"{url} is not encrypted", "put a proxy with TLS in front and write https:// there")
    if is_https and environment.get("VICHE_TRUSTED_PROXIES", "0").strip() in ("", "0"):
        way_out = "set VICHE_TRUSTED_PROXIES to the addresses of your proxies, or to their number in a row"
        yield warn("proxies", "none is trusted, so everybody seems to come from one address", way_out)
    yield from _check_answer(url, authorities, is_https)


def _check_answer(url: str, authorities: Collection[str], is_https: bool) -> Iterator[Finding]:
    try:
        answer = httpx.get(f"{url}/api/v1/authorities", timeout=WITHIN_S, trust_env=False)
        if answer.status_code == httpx.codes.MISDIRECTED_REQUEST:
            way_out = "let the proxy pass on the host that people typed, as Host or X-Forwarded-Host"
            yield fail("address", f"{url} reaches the portal under another name", way_out)
            return
        answer.raise_for_status()
        found = {each["id"] for each in answer.json()["authorities"]}
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        said = f"{url} does not answer as it should ({type(error).__name__})"
        yield fail("address", said, "look at DNS and the proxy")
        return
    if found - set(authorities):
        yield fail("address", f"{url} is answered by another instance", "correct the proxy, or VICHE_PUBLIC_URL")
    elif authorities and not found:
        said = f"{url} shows no authority, though there are {len(authorities)}"
        yield warn("address", said, "wait a minute; else correct the proxy, or VICHE_PUBLIC_URL")
    else:
        yield ok("address", f"{url} is answered by this instance")
    if is_https:
        yield _check_hsts(answer.headers.get("strict-transport-security", ""))


def _check_hsts(header: str) -> Finding:
    found = _MAX_AGE.search(header.lower())
    if found and int(found[1]) >= HALF_A_YEAR_S:
        return ok("HSTS", header)
    return warn("HSTS", f"is '{header}'", "let the proxy pass Strict-Transport-Security on, as the portal sends it")
