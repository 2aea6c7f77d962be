"""The feed of an authority's posts (RFC 4287)."""

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext
from viche.social.v1 import posts_pb2 as pb

from viche_gateway import access, atom
from viche_gateway.branding.current import address_of, site_name
from viche_gateway.context import services
from viche_gateway.languages import current_language
from viche_gateway.portal.posts import pages
from viche_gateway.regions import authority_name, authority_slug, find_authority

ENTRIES = 50
_LONGEST_SUMMARY = 1_000
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@access.public(max_age_s=60)
def authority_feed(authority: str) -> Response:
    """What an authority has posted, the latest first; of withdrawn posts the reason."""
    found = find_authority(authority) or abort(404)
    home, name = address_of(found.id), authority_name(found.id)
    slug = authority_slug(found.id)
    feed = atom.Feed(
        home + url_for("portal.authority_feed", authority=slug), home + url_for("portal.authority", authority=slug),
        f"{name} – {site_name()}", name, current_language(), _BEGINNING,
    )  # fmt: skip
    entries = [_entry(post, home) for post in services().posts.public([found.id], ENTRIES).posts]
    return Response(atom.document(feed, entries), content_type=f"{atom.MEDIA_TYPE}; charset=utf-8")


def _entry(post: pb.PublicPost, home: str) -> atom.Entry:
    said, page = pages.said(post), home + url_for("portal.public_post", number=post.number)
    text = said["text"][:_LONGEST_SUMMARY]
    if post.withdrawn_because:
        text = gettext("Withdrawn: %(reason)s", reason=post.withdrawn_because)
    at = post.out_at.ToDatetime(tzinfo=UTC) if post.HasField("out_at") else _BEGINNING
    if post.corrected_what:
        at = post.corrected_at.ToDatetime(tzinfo=UTC)
        text = gettext("Corrected: %(what)s", what=post.corrected_what) + f"\n\n{text}"
    return atom.Entry(id=page, title=said["title"], at=at, url=page, text=text)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the feed."""
    blueprint.add_url_rule("/authorities/<authority>/posts.atom", view_func=authority_feed)
