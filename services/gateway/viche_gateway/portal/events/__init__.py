"""Public events of authorities: what comes, one event, registering for it, calendars and feeds."""

from flask import Blueprint, Flask

from viche_gateway.portal.events import feeds, own, pages, registering, saying


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    for part in (pages, registering, own, feeds):
        part.add_routes(blueprint)


def register(app: Flask) -> None:
    """Gives templates the words of events."""
    app.jinja_env.globals.update(
        event_words=saying, next_events=pages.next_events, events_of_authority=pages.of_authority,
    )  # fmt: skip
