"""The catcher's pages: a list, one mail, and the same as JSON. Beside them a page that plays a partner's portal."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, parse_qsl, quote, unquote, urlsplit

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from viche_cli.mailbox.letters import Content, Letter, Letters
from viche_cli.mailbox.network import API, Network

MOST_SHOWN = 100
MOST_IN_JSON = 2_000
MOST_BODY_BYTES = 120 * 1024 * 1024
LINK = re.compile(r"https?://[^\s<>\"]+")
# letters that end a sentence, not an address
TRAILING = ".,;:!?)]'\u00bb"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def linkified(text: str) -> Markup:
    """Plain text in which addresses of the web are links, everything else escaped."""
    parts: list[Markup | str] = []
    end = 0
    for match in LINK.finditer(text):
        url = match[0].rstrip(TRAILING)
        parts += [escape(text[end : match.start()]), Markup('<a href="{0}">{0}</a>').format(url)]
        end = match.start() + len(url)
    parts.append(escape(text[end:]))
    return Markup("").join(parts)


def letter_json(letter: Letter, content: Content | None = None) -> dict[str, Any]:
    """A mail for programs: id, receivers, sender, subject, received_at (ISO 8601); with content: text, html, links."""
    document = {**asdict(letter), "received_at": letter.received_at.isoformat()}
    if content is not None:
        links = [match[0].rstrip(TRAILING) for match in LINK.finditer(content.text)]
        document |= {"text": content.text, "html": content.html, "links": links}
    return document


class MailboxServer(ThreadingHTTPServer):
    """Serves the pages; one thread a request, for a handful of readers.

    Args:
        portal: address of the portal of which the partner's page shows something; without it there is no such page.
        network: to which the demo's posts go; without it there is none.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(
        self, address: tuple[str, int], letters: Letters, portal: str = "", network: Network | None = None
    ) -> None:
        self.letters = letters
        self.portal = portal
        self.network = network
        self.templates = Environment(loader=PackageLoader("viche_cli.mailbox"), autoescape=True, auto_reload=False)
        self.templates.filters["linkified"] = linkified
        super().__init__(address, MailboxHandler)


class MailboxHandler(BaseHTTPRequestHandler):
    """GET / · /mail/ID · /messages.json?to=ADDRESS[&full=1] · /partner/ · /network/ · /@NAME/ID · /style.css; /api/."""

    server: MailboxServer  # pyright: ignore[reportIncompatibleVariableOverride]
    protocol_version = "HTTP/1.1"
    timeout: ClassVar[int] = 30  # pyright: ignore[reportIncompatibleVariableOverride]
    server_version = "viche-mailbox"

    def do_GET(self) -> None:
        """Answers a page."""
        parts = urlsplit(self.path)
        receiver = parse_qs(parts.query).get("to", [""])[0]
        if parts.path == "/":
            self._list(receiver)
        elif parts.path == "/messages.json":
            self._json(receiver, with_content="full" in parse_qs(parts.query))
        elif parts.path == "/style.css":
            self._send(self._render("style.css"), "text/css; charset=utf-8")
        elif parts.path == "/partner/" and self.server.portal:
            self._partner(self.server.portal)
        elif self.server.network and parts.path.startswith(API):
            self._api(self.server.network)
        elif self.server.network and (parts.path == "/network/" or parts.path.startswith("/@")):
            self._send(self._render("network.html", posts=self.server.network.posts()))
        elif parts.path.startswith("/mail/"):
            self._mail(unquote(parts.path.removeprefix("/mail/")))
        else:
            self._not_found()

    def do_POST(self) -> None:
        """Takes what a program, or a neighbour, writes on the network."""
        network = self.server.network
        if network and self.path.startswith(API):
            self._api(network)
        elif network and self.path == "/network/":
            form = dict(parse_qsl(self._body().decode("utf-8", "replace")))
            network.comment(form.get("on", ""), form.get("text", ""))
            self.send_response(HTTPStatus.SEE_OTHER)
            self.send_header("Location", f"/network/#post-{quote(form.get('on', ''))}")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._not_found()

    do_PUT = do_POST
    do_DELETE = do_POST

    def _api(self, network: Network) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        said = network.answer(self.command, self.path, headers, self._body())
        self.send_response(said.status)
        for name, value in {"Content-Type": said.type, "Content-Length": str(len(said.body)), **said.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said.body)

    def _body(self) -> bytes:
        return self.rfile.read(min(int(self.headers.get("content-length") or 0), MOST_BODY_BYTES))

    def log_message(self, format: str, *args: Any) -> None:
        """No log of who reads what."""

    def _list(self, receiver: str) -> None:
        letters = self.server.letters.newest(receiver, most=MOST_SHOWN)
        total = self.server.letters.count()
        self._send(self._render("list.html", letters=letters, receiver=receiver, total=total, most=MOST_SHOWN))

    def _mail(self, letter_id: str) -> None:
        content = self.server.letters.get(letter_id)
        if content is None:
            self._not_found()
        else:
            self._send(self._render("mail.html", letter=content.letter, text=content.text, has_html=bool(content.html)))

    def _partner(self, portal: str) -> None:
        policy = f"{POLICY}; script-src {portal}; frame-src {portal}"
        # browsers tell the portal where its tag stands only if this page lets them
        self._send(self._render("partner.html", portal=portal), policy=policy, referrer="strict-origin")

    def _json(self, receiver: str, *, with_content: bool) -> None:
        letters = self.server.letters
        found = letters.newest(receiver, most=MOST_IN_JSON)
        documents = [letter_json(one, letters.get(one.id) if with_content else None) for one in found]
        self._send(json.dumps({"messages": documents}, ensure_ascii=False), "application/json")

    def _not_found(self) -> None:
        self._send(self._render("missing.html"), status=HTTPStatus.NOT_FOUND)

    def _render(self, template: str, **values: Any) -> str:
        return self.server.templates.get_template(template).render(**values)

    def _send(
        self,
        text: str,
        content_type: str = "text/html; charset=utf-8",
        status: HTTPStatus = HTTPStatus.OK,
        *,
        policy: str = POLICY,
        referrer: str = "no-referrer",
    ) -> None:
        body = text.encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("Referrer-Policy", referrer)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)
