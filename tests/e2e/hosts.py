"""Pages of partners: small servers at other origins than the portal's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Page, expect

from tests.suite import Suite
from viche_gateway.embed.origins import UNKNOWN_FRESH_S

BLOCKING = "--test-third-party-cookie-phaseout"
"""Makes Chromium block cookies of third parties."""
HEARD = """
window.heard = []
for (const name of ['viche:ready', 'viche:answered']) {
  addEventListener(name, (event) => heard.push([name, event.target.localName, event.detail]))
}
"""
NAME = "localhost"
"""The portal of a test is at 127.0.0.1, which browsers take for another site."""


class Host:
    """One origin.

    Attributes:
        pages: HTML of bodies by path.
        policy: its content security policy; empty for none.
    """

    def __init__(self, port: int) -> None:
        self.origin = f"http://{NAME}:{port}"
        self.pages: dict[str, str] = {}
        self.policy = ""

    def put(self, body: str) -> str:
        """Puts a page up and gives its address."""
        path = f"/{len(self.pages)}"
        self.pages[path] = body
        return self.origin + path


@contextmanager
def host() -> Iterator[Host]:
    """An origin that is there until the end of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    one = Host(server.server_address[1])

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = one.pages.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if one.policy:
                self.send_header("Content-Security-Policy", one.policy)
            self.end_headers()
            page = f'<!doctype html><html lang="en"><title>School</title><link rel="icon" href="data:,"><body>{body}'
            self.wfile.write(page.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server.RequestHandlerClass = Pages
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()


def register(page: Page, one: Host, name: str) -> None:
    """Registers an origin in the console of an officer, unless it is already."""
    page.goto("/console/partners")
    if page.get_by_text(one.origin).count():
        return
    page.goto("/console/partners/new")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Authority").select_option(index=1)
    page.get_by_label("Addresses of its sites").fill(f"{one.origin}/")
    page.get_by_role("button", name="Register the partner").click()
    expect(page.locator("main")).to_contain_text("The partner is registered")
    page.wait_for_timeout(1000 * UNKNOWN_FRESH_S)  # until every process of the gateway knows


def script(suite: Suite) -> str:
    """The script of the tags."""
    return f'<script src="{suite.url}/embed.js" async></script>'
