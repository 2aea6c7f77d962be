"""Good connectors pass the conformance kit; for each check a bad one fails it, and nothing else."""

import asyncio
import socket
import subprocess
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.unit.sdk.connectors.brama import (
    BRAMA,
    FINDING,
    SQUARE,
    BramaConnector,
    BramaFake,
    FindingConnector,
    ForgetfulFake,
    SquareConnector,
    SquareFake,
    call,
    comment,
)
from viche_connector_mastodon.connector import MastodonConnector
from viche_connector_mastodon.fake import MastodonFake
from viche_connector_mastodon.spec import MASTODON
from viche_sdk.connectors.testing import CHECKS, Kit, checks_for, fault_of, results
from viche_sdk.connectors.types import (
    AccountInfo,
    AuthExpired,
    Challenge,
    ConnectorError,
    ConnectorSpec,
    Context,
    InboxItem,
    InvalidContent,
    Limits,
    Localized,
    Metric,
    NotFound,
    OutcomeUnknown,
    Page,
    PermissionDenied,
    Post,
    Published,
    RateLimited,
    TextLimit,
    Transient,
    Unsupported,
)

pytestmark = pytest.mark.usefixtures("socket_enabled")

SCHEMAS = Path(__file__).parents[5] / "shared/data/api_schemas/mastodon"
APPEARS = next(each for each in CHECKS if each.name == "post_appears")

SLOW = frozenset(
    {
        "bad_day_is_named",
        "bad_day_makes_one_post",
        "dropped_answer_makes_one_post",
        "errors_are_mapped",
        "inbox_is_read_once",
        "inbox_loses_nothing",
        "rate_limit_is_honoured",
        "retired_figure_degrades_alone",
        "schema_allows_it",
        "secrets_stay_secret",
    }
)
"""Checks that make many stages; they look at good connectors and at those that are bad in that way."""


BAD: list[tuple[str, ConnectorSpec, Any, set[str], str]] = []
"""Name, declaration, fake, the checks that fail, and words of what is said."""


def bad(spec: ConnectorSpec, fake: Any, *checks: str, says: str) -> Callable[[type], type]:
    """Lists a connector that differs from a good one in one thing."""

    def add(connector: type) -> type:
        BAD.append((connector.__name__, replace(spec, connector=connector), fake, set(checks), says))
        return connector

    return add


def declares(name: str, spec: ConnectorSpec, *checks: str, says: str) -> None:
    """Lists a declaration that differs from a good one in one thing."""
    BAD.append((name, spec, BramaFake, set(checks), says))


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


@bad(BRAMA, BramaFake, "bad_day_is_named", says="AuthExpired")
class Nervous(BramaConnector):
    """Takes an outage for an ended consent."""

    async def probe(self, ctx: Context) -> AccountInfo:
        """Says AuthExpired."""
        try:
            return await super().probe(ctx)
        except Transient as error:
            raise AuthExpired(error.detail) from error


@bad(BRAMA, BramaFake, "inbox_loses_nothing", "bad_day_is_named", says="never comes")
class Swallowing(BramaConnector):
    """Goes on as if nothing had happened, and past what it has not read."""

    async def fetch_inbox(self, ctx: Context, cursor: str) -> Page[InboxItem]:
        """Swallows."""
        try:
            return await super().fetch_inbox(ctx, cursor)
        except (Transient, OutcomeUnknown):
            return Page((), str(int(cursor or "0") + 1000))


@bad(BRAMA, BramaFake, "rate_limit_is_honoured", says="retry_after_s is None")
class Timeless(BramaConnector):
    """Does not say when again."""

    async def publish(self, ctx: Context, post: Post, key: str) -> Published:
        """Without the time."""
        try:
            return await super().publish(ctx, post, key)
        except RateLimited as error:
            raise RateLimited(error.detail) from error


@bad(BRAMA, BramaFake, "errors_are_mapped", says="raise PermissionDenied")
class Mistaken(BramaConnector):
    """Takes a missing right for a bad text."""

    async def publish(self, ctx: Context, post: Post, key: str) -> Published:
        """Says InvalidContent."""
        try:
            return await super().publish(ctx, post, key)
        except PermissionDenied as error:
            raise InvalidContent(error.detail) from error


class Fetching(BramaConnector):
    """Changes what is fetched."""

    async def fetch_inbox(self, ctx: Context, cursor: str) -> Page[InboxItem]:
        """Changed."""
        return self.changed(await super().fetch_inbox(ctx, cursor))

    def changed(self, page: Page[InboxItem]) -> Page[InboxItem]:
        """What is given in place of it."""
        return page


@bad(BRAMA, BramaFake, "inbox_is_read_once", "inbox_pages", "reply_appears", says="came")
class Standing(Fetching):
    """Has a cursor that does not go on."""

    def changed(self, page: Page[InboxItem]) -> Page[InboxItem]:
        """The cursor of the beginning."""
        return replace(page, cursor="0", has_more=False)


@bad(BRAMA, BramaFake, "inbox_is_read_once", says="oldest first")
class Backwards(Fetching):
    """Gives the newest first."""

    def changed(self, page: Page[InboxItem]) -> Page[InboxItem]:
        """The other way round."""
        return replace(page, items=page.items[::-1])


@bad(BRAMA, BramaFake, "inbox_pages", says="came")
class OnePage(Fetching):
    """Reads the first page only."""

    def changed(self, page: Page[InboxItem]) -> Page[InboxItem]:
        """As if there were no more."""
        return replace(page, has_more=False)


@bad(BRAMA, BramaFake, "inbox_tells_kinds", says="`on` says ''")
class Homeless(Fetching):
    """Does not say what is commented."""

    def changed(self, page: Page[InboxItem]) -> Page[InboxItem]:
        """Without the post."""
        return replace(page, items=tuple(replace(item, on="") for item in page.items))


@bad(BRAMA, BramaFake, "reply_appears", says="stands by itself")
class Shouting(BramaConnector):
    """Answers with a post of its own."""

    async def reply(self, ctx: Context, item: InboxItem, text: str, key: str) -> Published:
        """Not under the comment."""
        return await self.publish(ctx, Post(text, "uk"), key)


@bad(BRAMA, BramaFake, "dropped_reply_is_one", says="2 times")
class Repeating(BramaConnector):
    """Has a new key for each answer."""

    async def reply(self, ctx: Context, item: InboxItem, text: str, key: str) -> Published:
        """Another key."""
        return await super().reply(ctx, item, text, str(uuid.uuid4()))


@bad(SQUARE, SquareFake, "hide_hides", says="still hidden")
class Hiding(SquareConnector):
    """Never shows again."""

    async def hide(self, ctx: Context, item: InboxItem, hidden: bool) -> None:
        """Always hides."""
        await super().hide(ctx, item, True)


@bad(BRAMA, BramaFake, "figures_are_told", "gone_post_degrades_alone", says="neither a value nor a reason")
class Unreasoned(BramaConnector):
    """Has no figures, and does not say why."""

    async def metrics(self, ctx: Context, refs: Sequence[str]) -> Sequence[Metric]:
        """Without values and reasons."""
        return [replace(metric, value=None, reason="") for metric in await super().metrics(ctx, refs)]


@bad(SQUARE, SquareFake, "retired_figure_degrades_alone", says="NotFound")
class AllOrNothing(SquareConnector):
    """One retired figure ends the call."""

    async def figure(self, ctx: Context, name: Any) -> Metric:
        """Raises where it is retired."""
        metric = await super().figure(ctx, name)
        if metric.value is None:
            raise NotFound(metric.reason)
        return metric


@bad(BRAMA, BramaFake, "gone_post_degrades_alone", says="NotFound")
class Together(BramaConnector):
    """One post that is gone ends the call."""

    async def metrics(self, ctx: Context, refs: Sequence[str]) -> Sequence[Metric]:
        """Raises where a post is gone."""
        for ref in refs:
            await call(ctx, "GET", f"/posts/{ref}")
        return await super().metrics(ctx, refs)


@bad(SQUARE, SquareFake, "webhook_is_read", says="other ids")
class Renaming(SquareConnector):
    """Gives items ids of its own."""

    def verify_webhook(self, ctx: Context, headers: Any, body: bytes) -> Challenge | Sequence[InboxItem]:
        """Another id each time."""
        found = super().verify_webhook(ctx, headers, body)
        return found if isinstance(found, Challenge) else [replace(item, id=str(uuid.uuid4())) for item in found]


@bad(SQUARE, SquareFake, "webhook_forgery_is_refused", "webhook_rubbish_is_named", says="was believed")
class Trusting(SquareConnector):
    """Believes everybody."""

    def verify_webhook(self, ctx: Context, headers: Any, body: bytes) -> Challenge | Sequence[InboxItem]:
        """Without looking at the signature."""
        if "query-challenge" in headers:
            return Challenge(headers["query-challenge"])
        return [comment("9", "Дякую за нову зупинку! 5 < 7", ctx)]


@bad(SQUARE, SquareFake, "webhook_forgery_is_refused", says="yesterday was believed")
class Patient(SquareConnector):
    """Believes old signatures."""

    def verify_webhook(self, ctx: Context, headers: Any, body: bytes) -> Challenge | Sequence[InboxItem]:
        """Without looking at the time."""
        try:
            return super().verify_webhook(ctx, headers, body)
        except PermissionDenied as error:
            if "old" in error.detail:
                return [comment("9", "Давно", ctx)]
            raise


@bad(SQUARE, SquareFake, "webhook_rubbish_is_named", says="JSONDecodeError")
class Hasty(SquareConnector):
    """Reads before it looks who has written."""

    def verify_webhook(self, ctx: Context, headers: Any, body: bytes) -> Challenge | Sequence[InboxItem]:
        """Reads first."""
        if "query-challenge" not in headers:
            import json

            json.loads(body.decode("utf-8", "replace"))
        return super().verify_webhook(ctx, headers, body)


@bad(SQUARE, SquareFake, "webhook_challenge_is_answered", says="waits for")
class Silent(SquareConnector):
    """Does not answer the challenge."""

    def verify_webhook(self, ctx: Context, headers: Any, body: bytes) -> Challenge | Sequence[InboxItem]:
        """Says something else."""
        return Challenge("?") if "query-challenge" in headers else super().verify_webhook(ctx, headers, body)


@bad(FINDING, ForgetfulFake, "find_tells_posts_apart", says="another post")
class Guessing(FindingConnector):
    """Finds what only begins so."""

    async def find(self, ctx: Context, key: str, post: Post) -> Published | None:
        """By the first words."""
        answer = await call(ctx, "GET", "/mine")
        with answer.understood():
            found = [each for each in answer.array() if each["text"].startswith(post.text[:20])]
        return Published(found[-1]["id"]) if found else None


@bad(FINDING, ForgetfulFake, "reads_do_not_write", says="find sends POST")
class Writing(FindingConnector):
    """Writes where it should read."""

    async def find(self, ctx: Context, key: str, post: Post) -> Published | None:
        """Leaves something behind."""
        try:
            await call(ctx, "POST", "/traces", json={})
        except NotFound:
            return await super().find(ctx, key, post)


class Sneaking(BramaConnector):
    """Does something else when it is asked for figures."""

    async def metrics(self, ctx: Context, refs: Sequence[str]) -> Sequence[Metric]:
        """Does it."""
        await self.do(ctx)
        return await super().metrics(ctx, refs)

    async def do(self, ctx: Context) -> None:
        """Something."""


@bad(BRAMA, BramaFake, "nothing_behind_the_host", says="subprocess.Popen")
class Starting(Sneaking):
    """Starts a process."""

    async def do(self, ctx: Context) -> None:
        """One that does nothing."""
        subprocess.run(["true"], check=True)  # noqa: ASYNC221


@bad(BRAMA, BramaFake, "nothing_behind_the_host", says="socket.connect")
class Connecting(Sneaking):
    """Has connections of its own."""

    async def do(self, ctx: Context) -> None:
        """To a port that nobody has."""
        with socket.socket() as own:
            own.connect_ex(("127.0.0.1", 9))


@bad(BRAMA, BramaFake, "nothing_behind_the_host", says="left running")
class Lingering(Sneaking):
    """Leaves something running."""

    async def do(self, ctx: Context) -> None:
        """A task that goes on."""
        self.task = asyncio.get_running_loop().create_task(asyncio.sleep(0.01), name="mine")


@bad(BRAMA, BramaFake, "only_declared_hosts", says="tracker.example is not declared")
class Telling(Sneaking):
    """Tells others, and keeps quiet about being refused."""

    async def do(self, ctx: Context) -> None:
        """Calls a host that is not declared."""
        try:
            await ctx.http.request("GET", "https://tracker.example/x")
        except Unsupported:
            return


@bad(BRAMA, BramaFake, "secrets_stay_secret", says="[secret]")
class Talking(Sneaking):
    """Says its secret."""

    async def do(self, ctx: Context) -> None:
        """To the log."""
        ctx.log.info("asking with a token", token=ctx.secret("token"))


@bad(BRAMA, BramaFake, "secrets_stay_secret", says="[secret]")
class Printing(Sneaking):
    """Prints its secret, in base64."""

    async def do(self, ctx: Context) -> None:
        """To standard output."""
        import base64

        print(base64.b64encode(f"user:{ctx.secret('token')}".encode()).decode())


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


@pytest.mark.parametrize(("name", "spec", "fake", "checks", "says"), BAD, ids=[each[0] for each in BAD])
def test_a_bad_connector_fails_its_check_alone(
    name: str, spec: ConnectorSpec, fake: Any, checks: set[str], says: str
) -> None:
    looked_at = [each for each in checks_for(spec) if each.name in checks or each.name not in SLOW]

    faults = {each.name: fault for each in looked_at if (fault := fault_of(each, Kit(spec, fake, SCHEMAS)))}

    assert set(faults) == checks, faults
    assert any(says in fault for fault in faults.values()), faults


def test_what_the_schema_does_not_allow_is_told(shared_data: Path) -> None:
    check = next(each for each in CHECKS if each.name == "schema_allows_it")

    fault = fault_of(check, Kit(replace(MASTODON, connector=Unschooled), MastodonFake, SCHEMAS))

    assert "POST /api/v1/statuses: language" in fault


@pytest.mark.parametrize(("spec", "fake"), [(SQUARE, SquareFake), (FINDING, ForgetfulFake)])
def test_a_good_connector_passes(spec: ConnectorSpec, fake: Any) -> None:
    assert [str(each) for each in results(spec, fake) if not each.passed] == []


def test_every_check_has_a_bad_connector() -> None:
    assert {each.name for each in CHECKS} == {"schema_allows_it"}.union(*(checks for *_, checks, _ in BAD))


@pytest.mark.parametrize(
    ("raised", "says"),
    [
        (KeyError("id"), "publish raised KeyError: 'id'; raise one of AuthExpired"),
        (type("OwnError", (Transient,), {})("x"), "not OwnError of your own"),
        (ConnectorError("x"), "not ConnectorError of your own"),
    ],
)
def test_errors_outside_of_the_contract_are_told(raised: Exception, says: str) -> None:
    class Raising(BramaConnector):
        async def publish(self, ctx: Context, post: Post, key: str) -> Published:
            raise raised

    assert says in fault_of(APPEARS, Kit(replace(BRAMA, connector=Raising), BramaFake))


def test_an_answer_of_another_type_is_told() -> None:
    class Vague(BramaConnector):
        async def publish(self, ctx: Context, post: Post, key: str) -> Any:
            return True

    fault = fault_of(APPEARS, Kit(replace(BRAMA, connector=Vague), BramaFake))

    assert "publish gave True; give Published, Pending" in fault


def test_a_fault_of_the_fake_is_not_the_connectors() -> None:
    class Broken(BramaFake):
        def _publish(self, request: Any, on: str = "") -> Any:
            raise RuntimeError("not finished")

    assert "the fake has a fault" in fault_of(APPEARS, Kit(BRAMA, Broken))
