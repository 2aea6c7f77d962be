"""The addresses of the inbox."""

from flask import Blueprint

from viche_gateway.console.inbox import learning, queue, ready, thread


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    queue.add_routes(blueprint)
    ready.add_routes(blueprint)
    learning.add_routes(blueprint)
    thread.add_routes(blueprint)
