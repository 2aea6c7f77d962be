"""Connectors that publish badly, or say of themselves what is not so."""

import uuid
from dataclasses import replace
from typing import Any

from tests.unit.sdk.connectors.bad import bad, declares
from tests.unit.sdk.connectors.brama import (
    BRAMA,
    FINDING,
    TITLED,
    BramaConnector,
    BramaFake,
    FindingConnector,
    ForgetfulFake,
    TitledConnector,
    TitledFake,
    call,
)
from viche_connector_mastodon.connector import MastodonConnector
from viche_connector_mastodon.fake import MastodonFake
from viche_connector_mastodon.spec import MASTODON
from viche_sdk.connectors.types import (
    AccountInfo,
    AuthExpired,
    Context,
    InboxItem,
    InvalidContent,
    Limits,
    Localized,
    OutcomeUnknown,
    PermissionDenied,
    Post,
    Published,
    TextLimit,
    Transient,
)

declares(
    "untranslated",
    replace(BRAMA, description=Localized.of(en="Posts on Brama", uk="Дописи у Брамі", ru="Записи в Браме")),
    "texts_are_translated",
    says="description in bg",
)
declares(
    "copied",
    replace(BRAMA, description=Localized.of(en="Posts on Brama", uk="Posts on Brama", bg="Публикации", ru="Записи")),
    "texts_differ",
    says="description in uk",
)
declares("limit-too-high", replace(BRAMA, limits=Limits(TextLimit(281))), "text_limit_is_true", says="lower the limit")
declares("limit-too-low", replace(BRAMA, limits=Limits(TextLimit(279))), "text_limit_is_true", says="raise the limit")


@bad(BRAMA, BramaFake, "declared_is_implemented", says="hide is implemented")
class Undeclared(BramaConnector):
    """Does more than it says."""

    async def hide(self, ctx: Context, item: InboxItem, hidden: bool) -> None:
        """Not declared."""


@bad(BRAMA, BramaFake, "probe_names_the_account", says="handle")
class Nameless(BramaConnector):
    """Forgets the handle."""

    async def probe(self, ctx: Context) -> AccountInfo:
        """Without it."""
        return replace(await super().probe(ctx), handle="")


@bad(BRAMA, BramaFake, "ended_consent_is_told", says="raise AuthExpired")
class Confused(BramaConnector):
    """Takes an ended consent for a missing right."""

    async def probe(self, ctx: Context) -> AccountInfo:
        """Says the wrong thing."""
        try:
            return await super().probe(ctx)
        except AuthExpired as error:
            raise PermissionDenied(error.detail) from error


class Publishing(BramaConnector):
    """Changes what is published."""

    async def publish(self, ctx: Context, post: Post, key: str) -> Published:
        """Changed."""
        return await super().publish(ctx, *self.changed(post, key))

    def changed(self, post: Post, key: str) -> tuple[Post, str]:
        """What is sent in place of it."""
        return post, key


@bad(BRAMA, BramaFake, "post_appears", says="&amp;")
class Escaping(Publishing):
    """Sends HTML where text is wanted."""

    def changed(self, post: Post, key: str) -> tuple[Post, str]:
        """Escaped."""
        return replace(post, text=post.text.replace("&", "&amp;")), key


@bad(BRAMA, BramaFake, "link_is_there", says="do not see")
class Unlinked(Publishing):
    """Forgets the link."""

    def changed(self, post: Post, key: str) -> tuple[Post, str]:
        """Without it."""
        return replace(post, link=""), key


@bad(BRAMA, BramaFake, "text_limit_is_true", says="shortened or changed")
class Cutting(Publishing):
    """Cuts what is long."""

    def changed(self, post: Post, key: str) -> tuple[Post, str]:
        """The first half of what is long."""
        return replace(post, text=post.text[:120] if len(post.text) > 150 else post.text), key


@bad(BRAMA, BramaFake, "other_keys_are_other_posts", "delete_takes_away", "gone_post_degrades_alone", says="became 1")
class OneKey(Publishing):
    """Has one key for all posts."""

    def changed(self, post: Post, key: str) -> tuple[Post, str]:
        """Another key."""
        return post, "key"


@bad(BRAMA, BramaFake, "dropped_answer_makes_one_post", says="people see 2 posts")
class NewKeys(Publishing):
    """Has a new key for each try."""

    def changed(self, post: Post, key: str) -> tuple[Post, str]:
        """Another key."""
        return post, str(uuid.uuid4())


@bad(BRAMA, BramaFake, "dropped_answer_makes_one_post", says="raise OutcomeUnknown")
class Sure(BramaConnector):
    """Is sure that nothing happened when nobody knows."""

    async def publish(self, ctx: Context, post: Post, key: str) -> Published:
        """Says Transient."""
        try:
            return await super().publish(ctx, post, key)
        except OutcomeUnknown as error:
            raise Transient(error.detail) from error


@bad(BRAMA, BramaFake, "bad_day_makes_one_post", says="InvalidContent")
class Blaming(BramaConnector):
    """Blames the author for the platform's faults."""

    async def publish(self, ctx: Context, post: Post, key: str) -> Published:
        """Says InvalidContent."""
        try:
            return await super().publish(ctx, post, key)
        except (OutcomeUnknown, Transient) as error:
            raise InvalidContent(error.detail) if "status 500" in error.detail else error from error


@bad(BRAMA, BramaFake, "delete_takes_away", says="NotFound")
class DeletingOnce(BramaConnector):
    """Minds that a post is gone."""

    async def delete(self, ctx: Context, ref: str) -> None:
        """Raises the second time."""
        await call(ctx, "DELETE", f"/posts/{ref}")


@bad(FINDING, ForgetfulFake, "find_tells_posts_apart", says="another post")
class Guessing(FindingConnector):
    """Finds what only begins so."""

    async def find(self, ctx: Context, key: str, post: Post) -> Published | None:
        """By the first words."""
        answer = await call(ctx, "GET", "/mine")
        with answer.understood():
            found = [each for each in answer.array() if each["text"].startswith(post.text[:20])]
        return Published(found[-1]["id"]) if found else None


@bad(MASTODON, MastodonFake, "images_appear", "videos_appear", says="people hear")
class Voiceless(MastodonConnector):
    """Forgets what is said of pictures."""

    async def publish(self, ctx: Context, post: Post, key: str) -> Any:
        """Without it."""
        return await super().publish(ctx, replace(post, media=tuple(replace(m, alt="x") for m in post.media)), key)


@bad(MASTODON, MastodonFake, "poll_limits_are_true", "poll_results_are_true", says="people may choose")
class Turning(MastodonConnector):
    """Turns options round."""

    async def publish(self, ctx: Context, post: Post, key: str) -> Any:
        """The other way round."""
        poll = replace(post.poll, options=post.poll.options[::-1]) if post.poll else None
        return await super().publish(ctx, replace(post, poll=poll), key)


@bad(MASTODON, MastodonFake, "poll_results_are_true", says="two people voted")
class Miscounting(MastodonConnector):
    """Counts wrongly."""

    async def poll_results(self, ctx: Context, ref: str) -> Any:
        """One more for each."""
        found = await super().poll_results(ctx, ref)
        return replace(found, options=tuple(replace(each, votes=each.votes + 1) for each in found.options))


@bad(MASTODON, MastodonFake, "edit_replaces", says="people see 2 posts")
class Editing(MastodonConnector):
    """Makes a new post in place of the old one."""

    async def edit(self, ctx: Context, ref: str, post: Post) -> Any:
        """A second one."""
        return await self.publish(ctx, post, str(uuid.uuid4()))


@bad(replace(MASTODON, limits=replace(MASTODON.limits, caption=TextLimit(600))), MastodonFake, "caption_limit_is_true", says="longest caption")  # fmt: skip # noqa: E501
class Captioning(MastodonConnector):
    """Says that captions may be longer than they may."""

    async def probe(self, ctx: Context) -> AccountInfo:
        """With another limit."""
        info = await super().probe(ctx)
        return replace(info, limits=replace(info.limits or MASTODON.limits, caption=TextLimit(600)))


class Unschooled(MastodonConnector):
    """Sends what the platform's schema does not know."""

    async def publish(self, ctx: Context, post: Post, key: str) -> Any:
        """A language that is no text."""
        language: Any = ["uk"]
        fixed = type("Tag", (str,), {"partition": lambda self, _: (language, "", "")})
        return await super().publish(ctx, replace(post, language=fixed(post.language)), key)


@bad(TITLED, TitledFake, "title_limit_is_true", says="people see the title")
class Headless(TitledConnector):
    """Cuts long titles."""

    async def sent(self, ctx: Context, body: dict[str, str]) -> Published:
        """With the beginning of it."""
        return await super().sent(ctx, {**body, "title": body["title"][:40]})
