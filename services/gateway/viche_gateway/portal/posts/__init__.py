"""What authorities have posted, for everybody: a page per authority, one per post, and feeds."""

from flask import Blueprint, Flask

from viche_gateway.portal.posts import feeds, kinds, pages


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    pages.add_routes(blueprint)
    feeds.add_routes(blueprint)


def register(app: Flask) -> None:
    """Gives templates the words of posts."""
    app.jinja_env.globals.update(
        post_text=pages.text_of, post_kind=kinds.kind_words, platform_name=pages.platform_name,
        latest_posts=pages.latest,
    )  # fmt: skip
