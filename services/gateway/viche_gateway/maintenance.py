"""Maintenance: reading goes on, everything that is sent is refused, and nothing that was typed is lost.

Identity keeps it (:mod:`viche_gateway.notices`), because its database is the one place that all gateways reach wherever
they run; the memory of each of them bridges the time in which identity itself is down (ADR 0014).
"""

from collections.abc import Iterator
from datetime import datetime

from flask import Flask, Response, make_response, render_template, request

from viche_chassis.acts import READS
from viche_chassis.errors import Code, DomainError, Unavailable
from viche_gateway import formats, notices, problem
from viche_gateway.embed.framing import SEAL_FIELD

REASON = "MAINTENANCE"
RETRY_S = 300
_READING = ("GET", "HEAD", "OPTIONS")
# what ends it
_ALWAYS = frozenset({"console.end_notice"})
_RELAY = "relay.call"
_NOTICES = "viche.identity.v1.NoticesService"
_OURS = frozenset({"csrf_token", SEAL_FIELD})


class UnderMaintenance(DomainError):
    """Nothing is taken until the work is done."""

    code = Code.UNAVAILABLE
    reason = REASON


def register(app: Flask) -> None:
    """Refuses what is sent during maintenance."""
    app.before_request(_check)
    app.register_error_handler(UnderMaintenance, _refused)


def _check() -> None:
    if request.method in _READING or _is_always_taken():
        return
    if notices.known().get() is None:
        raise Unavailable(what="notices")
    if (found := notices.maintenance()) is not None:
        raise UnderMaintenance(retry_after_s=_wait_s(found.until_at))


def _is_always_taken() -> bool:
    """What ends maintenance, and an operator's calls that change nothing."""
    if request.endpoint != _RELAY:
        return request.endpoint in _ALWAYS
    called = request.view_args or {}
    return called.get("service") == _NOTICES or str(called.get("method")).startswith(READS)


def _wait_s(until_at: datetime | None) -> int:
    left_s = (until_at - formats.now()).total_seconds() if until_at else 0
    return int(left_s) if left_s > 0 else RETRY_S


def _refused(error: UnderMaintenance) -> Response:
    if problem.is_wanted():
        return problem.respond(problem.of(error, 503))
    page = render_template("maintenance.html", typed=list(_typed()), path=request.full_path.rstrip("?"))
    response = make_response(page, 503)
    response.cache_control.no_store = True
    response.headers["Retry-After"] = error.values["retry_after_s"]
    return response


def _typed() -> Iterator[tuple[str, str]]:
    """What the form was sent with, to be sent once more."""
    for name, value in request.form.items(multi=True):
        if name not in _OURS:
            yield name, value
