"""The addresses of events."""

from flask import Blueprint

from viche_gateway.console.events import announcing, page, people, writing


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    for part in (page, writing, people, announcing):
        part.add_routes(blueprint)
