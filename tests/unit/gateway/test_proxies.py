"""Whose X-Forwarded-* headers are believed."""

from __future__ import annotations

from typing import Any

import pytest

from viche_gateway.proxies import BehindProxies, parse

CITIZEN, OUTER, INNER, STRANGER = "198.51.100.7", "203.0.113.9", "10.0.0.2", "192.0.2.66"
OURS = "10.0.0.0/8, 203.0.113.9"


def seen(trusted: str, peer: str, **headers: str) -> dict[str, Any]:
    """What the application sees of a request."""
    environ: dict[str, Any] = {"REMOTE_ADDR": peer, "HTTP_HOST": "inner.example", "wsgi.url_scheme": "http"}
    environ |= {f"HTTP_X_FORWARDED_{name.upper()}": text for name, text in headers.items()}
    found: dict[str, Any] = {}

    def app(environ: Any, start: Any) -> list[bytes]:
        found.update(environ)
        return []

    BehindProxies(app, parse(trusted))(environ, lambda *_: None)
    return found


def sender(trusted: str, peer: str, chain: str) -> str:
    return seen(trusted, peer, **{"for": chain} if chain else {})["REMOTE_ADDR"]


@pytest.mark.parametrize(
    ("trusted", "peer", "chain", "who"),
    [
        ("0", CITIZEN, "1.2.3.4", CITIZEN),
        ("1", INNER, CITIZEN, CITIZEN),
        ("1", INNER, f"1.2.3.4, {CITIZEN}", CITIZEN),
        ("2", INNER, f"1.2.3.4, {CITIZEN}, {OUTER}", CITIZEN),
        ("2", INNER, CITIZEN, CITIZEN),
        ("1", INNER, "", INNER),
        ("1", INNER, "unknown", INNER),
        (OURS, INNER, CITIZEN, CITIZEN),
        (OURS, INNER, f"1.2.3.4, {CITIZEN}, {OUTER}", CITIZEN),
        (OURS, INNER, f"{OUTER}, 10.9.9.9, {CITIZEN}", CITIZEN),
        (OURS, STRANGER, CITIZEN, STRANGER),
        (OURS, STRANGER, f"{CITIZEN}, {OUTER}", STRANGER),
        (OURS, INNER, f"{CITIZEN}, forged", INNER),
        (OURS, INNER, "10.0.0.77", "10.0.0.77"),
        (OURS, INNER, f"{CITIZEN}:4711", CITIZEN),
        (OURS, INNER, "[2001:db8::1]:4711", "2001:db8::1"),
        (OURS, "::ffff:10.0.0.2", f"::ffff:{CITIZEN}", CITIZEN),
        ("2001:db8::/32", "2001:db8::5", CITIZEN, CITIZEN),
    ],
)
def test_sender_is_whom_our_outermost_proxy_was_called_by(trusted: str, peer: str, chain: str, who: str) -> None:
    assert sender(trusted, peer, chain) == who


@pytest.mark.parametrize(
    ("trusted", "peer", "host", "told"),
    [
        ("0", CITIZEN, "evil.example", "inner.example"),
        (OURS, STRANGER, "evil.example", "inner.example"),
        ("1", INNER, "petitions.example", "petitions.example"),
        ("1", INNER, "evil.example, petitions.example", "petitions.example"),
        ("2", INNER, "petitions.example", "petitions.example"),
        ("2", INNER, "evil.example, petitions.example, middle.example", "petitions.example"),
        (OURS, INNER, "petitions.example", "petitions.example"),
        (OURS, INNER, "", "inner.example"),
    ],
)
def test_host_is_what_our_proxy_says(trusted: str, peer: str, host: str, told: str) -> None:
    assert seen(trusted, peer, **{"for": CITIZEN, "host": host})["HTTP_HOST"] == told


@pytest.mark.parametrize(("said", "scheme"), [("https", "https"), ("HTTPS", "https"), ("gopher", "http"), ("", "http")])
def test_scheme_is_one_of_the_web(said: str, scheme: str) -> None:
    assert seen("1", INNER, proto=said)["wsgi.url_scheme"] == scheme


@pytest.mark.parametrize("trusted", ["0", "1", OURS])
def test_nobody_behind_reads_what_was_said(trusted: str) -> None:
    found = seen(trusted, INNER, **{"for": CITIZEN, "host": "h", "proto": "https", "prefix": "/x", "port": "1"})
    assert not [name for name in found if name.startswith("HTTP_X_FORWARDED")]


@pytest.mark.parametrize("text", ["many", "-1", "21", "10.0.0.1/8", "10.0.0.0/8 10.1.1.1", "1, 2", "proxy.example"])
def test_what_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse(text)
