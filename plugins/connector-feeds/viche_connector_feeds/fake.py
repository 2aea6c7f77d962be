"""A website that is not there: one feed with an ETag, which somebody writes into."""

import hashlib
from collections.abc import Sequence
from typing import Any, ClassVar
from xml.sax.saxutils import escape

from viche_sdk.connectors.testing import FakePlatform, Fault, Reply, Request, Shown, reply
from viche_sdk.connectors.types import NotFound, Operation, PermissionDenied, Transient, Unsupported

ADDRESS = "https://city.example/news/feed.xml"
BOTH = (Operation.PROBE, Operation.METRICS)
FAULTS = (
    Fault("moved", Reply(301, b"", "text/plain", {"Location": "https://new.example/feed"}), Unsupported, BOTH),
    Fault("moved for now", Reply(307, b"", "text/plain", {"Location": "/feed"}), Unsupported, BOTH),
    Fault("a password", reply({}, 401), PermissionDenied, BOTH),
    Fault("forbidden", reply({}, 403), PermissionDenied, BOTH),
    Fault("not there", reply({}, 404), NotFound, BOTH),
    Fault("gone for good", reply({}, 410), NotFound, BOTH),
    Fault("no good request", reply({}, 400), Transient, BOTH),
    Fault("an outage", reply({}, 502), Transient, BOTH),
    Fault("a web page", Reply(200, b"<!doctype html><title>News</title><p>No", "text/html"), Transient, BOTH),
)

ENTRY = "<entry><id>urn:{place}</id><title>{title}</title><updated>2026-11-0{day}T08:00:00Z</updated></entry>"
FEED = (
    '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:city</id>'
    '<title>Новини  міста</title><link href="https://city.example/news"/>{entries}</feed>\n'
)


class WebsiteFake(FakePlatform):
    """Gives its feed whole, or says that it has not changed."""

    values: ClassVar = {"address": ADDRESS}
    faults: ClassVar[Sequence[Fault]] = FAULTS

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.titles = ["Міст відкрито", "Бюджет 2027 & громада"]
        self.sent_whole = 0

    def handle(self, request: Request) -> Reply:
        """The feed."""
        if (request.method, request.path) != ("GET", "/news/feed.xml"):
            return reply({}, 404)
        body = self.document().encode()
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if request.headers.get("if-none-match") == tag:
            return Reply(304, b"", "", {"ETag": tag})
        self.sent_whole += 1
        return Reply(200, body, "application/atom+xml", {"ETag": tag})

    def document(self) -> str:
        """What stands at the address."""
        entries = (
            ENTRY.format(place=place, title=escape(title), day=place + 1) for place, title in enumerate(self.titles)
        )
        return FEED.format(entries="".join(entries))

    def shown(self) -> list[Shown]:
        """Nothing that Viche has put there."""
        return []


FAKES: dict[str, Any] = {"feed": WebsiteFake}
