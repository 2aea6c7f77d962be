"""The page of an authority with its posts, and the page of one post."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from viche.social.v1 import posts_pb2 as pb

from viche_chassis.errors import DomainError
from viche_gateway import access
from viche_gateway.branding.current import address_of, belongs_here, listed
from viche_gateway.context import services
from viche_gateway.languages import current_language
from viche_gateway.portal.surveys.texts import text_of as _text_in
from viche_gateway.regions import find_authority

PAGE_SIZE = 20
LONGEST_DESCRIPTION = 200
_MOST_TOKEN = 200
_ON_HOME = 3
_PLATFORMS: Mapping[str, str] = {
    "bluesky": "Bluesky", "facebook": "Facebook", "instagram": "Instagram", "mastodon": "Mastodon",
    "matrix": "Matrix", "odnoklassniki": "Odnoklassniki", "ok": "Odnoklassniki", "telegram": "Telegram", "vk": "VK",
    "x": "X", "youtube": "YouTube",
}  # fmt: skip
"""Short names of platforms to those that people know."""


@access.public(max_age_s=30)
def authority(authority: str) -> ResponseReturnValue:
    """An authority: what it has posted, and the ways to ask it something."""
    found = find_authority(authority) or abort(404)
    if not belongs_here(found.id):
        return redirect(f"{address_of(found.id)}{request.script_root}{quote(request.path)}")
    posts = services().posts.public([found.id], PAGE_SIZE, request.args.get("after", "")[:_MOST_TOKEN])
    return render_template("portal/posts/authority.html", authority=found, posts=posts)


@access.public(max_age_s=30)
def public_post(number: int) -> ResponseReturnValue:
    """One post: its text, sources, where it is on platforms; what was corrected, or why it was withdrawn."""
    found = services().posts.by_number(number) or abort(404)
    if not belongs_here(found.authority_id):
        return redirect(f"{address_of(found.authority_id)}{request.script_root}{quote(request.path)}")
    return render_template("portal/posts/post.html", post=found, **said(found))


@access.public(max_age_s=30)
def post_editions(number: int) -> ResponseReturnValue:
    """What a post said from edition to edition; a post that was never corrected has its own page alone."""
    found = services().posts.by_number(number) or abort(404)
    if not belongs_here(found.authority_id):
        return redirect(f"{address_of(found.authority_id)}{request.script_root}{quote(request.path)}")
    editions = services().editions.public(number) or abort(404)
    return render_template("portal/posts/editions.html", post=found, editions=editions, **said(found))


def latest() -> Sequence[pb.PublicPost]:
    """Posts of this place for the home page; none while the service does not answer."""
    first, more = listed()
    try:
        return services().posts.public([first, *more] if first else [], _ON_HOME).posts
    except DomainError:
        return ()


def said(post: pb.PublicPost) -> Mapping[str, str]:
    """Title, text and description of a post for the reader, with their languages."""
    language, text = text_of(post.text)
    title_language, title = text_of(post.title)
    if not title:
        title_language, title = language, text.partition("\n")[0][:100]
    return {
        "title": title, "title_language": title_language, "text": text, "language": language,
        "description": " ".join((post.withdrawn_because or text or title).split())[:LONGEST_DESCRIPTION],
    }  # fmt: skip


def text_of(texts: Mapping[str, str]) -> tuple[str, str]:
    """Language and text for the reader; a post that is not in the reader's language is shown in one that it has."""
    return _text_in(texts, [current_language(), *sorted(texts)])


def platform_name(platform: str) -> str:
    """What people call a platform."""
    return _PLATFORMS.get(platform, platform)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/authorities/<authority>", view_func=authority)
    blueprint.add_url_rule("/posts/<int:number>", view_func=public_post)
    blueprint.add_url_rule("/posts/<int:number>/editions", view_func=post_editions)
