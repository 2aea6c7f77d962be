"""Signatures as the portal's sign form sends them: session cookie, CSRF token, request id."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from viche_cli.bench.load import Expected, Target
from viche_cli.bench.region import OpenPetition, Region
from viche_cli.faults import Fault

SIGNED = Expected(b"303", b"/thanks\r\n")
ARRIVED = Expected(b"200", b'"email"')
ME = "/api/v1/me"
SESSION_COOKIE = "viche_session"
_TOKEN_FIELD = re.compile(r'<input[^>]*name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class FormTicket:
    """What the sign form gives a browser: its CSRF token and the cookie that belongs to it."""

    cookie: str
    csrf_token: str


def get_ticket(target: Target, session_token: str, petition: OpenPetition) -> FormTicket:
    """Opens the sign form as a browser does. Raises Fault when there is no such form."""
    import httpx

    url = f"http://{target.authority}/petitions/{petition.number}/sign"
    answer = httpx.get(url, headers={"Cookie": f"{SESSION_COOKIE}={session_token}"}, timeout=30.0)
    field = _TOKEN_FIELD.search(answer.text)
    if answer.status_code != 200 or field is None:
        raise Fault(f"{url} shows no sign form (status {answer.status_code}).")
    return FormTicket("; ".join(f"{name}={value}" for name, value in answer.cookies.items()), field[1])


def signatures(target: Target, region: Region, ticket: FormTicket) -> Iterator[bytes]:
    """One request for each person and petition, each signature a new one: all sign one petition, then the next."""
    run = secrets.token_hex(10)
    numbers = count()
    for petition in region.petitions:
        head = (
            f"POST /petitions/{petition.number}/sign HTTP/1.1\r\nHost: {target.authority}\r\n"
            f"Origin: http://{target.authority}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        )
        for token in region.session_tokens:
            body = f"csrf_token={ticket.csrf_token}&request_id={_request_id(run, next(numbers))}"
            cookies = f"Cookie: {SESSION_COOKIE}={token}; {ticket.cookie}\r\n"
            yield f"{head}{cookies}Content-Length: {len(body)}\r\n\r\n{body}".encode()


def arrivals(target: Target, region: Region) -> Iterator[bytes]:
    """One request for each person that makes the session known to the gateway, as the sign form does for everybody."""
    for token in region.session_tokens:
        yield (
            f"GET {ME} HTTP/1.1\r\nHost: {target.authority}\r\nAccept: application/json\r\n"
            f"Authorization: Bearer {token}\r\n\r\n"
        ).encode()


def _request_id(run: str, number: int) -> str:
    digits = f"{run[:12]}4{run[13:16]}8{run[17:20]}{number:012x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
