"""The addresses of posts."""

from flask import Blueprint

from viche_gateway.console.posts import composing, correcting, files, lists, page, polling, problems


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    for part in (lists, composing, correcting, files, problems, page, polling):
        part.add_routes(blueprint)
    blueprint.app_template_global("waiting_posts")(lists.waiting_posts)
