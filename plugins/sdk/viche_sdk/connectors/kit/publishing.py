"""What is published is what people see, up to the limits and no further."""

from dataclasses import replace

from viche_sdk.connectors.capabilities import Capability, Operation
from viche_sdk.connectors.errors import InvalidContent
from viche_sdk.connectors.kit.material import (
    CYRILLIC,
    EMOJI,
    LINK,
    longest,
    media_of,
    plain_post,
    poll_of,
    text_limit,
    with_text,
)
from viche_sdk.connectors.kit.register import check, demand, publishes, publishes_with
from viche_sdk.connectors.kit.stage import Kit, Stage
from viche_sdk.connectors.limits import MediaLimit
from viche_sdk.connectors.posts import Media, MediaKind, Post
from viche_sdk.connectors.problems import Problem, problems_of


def problems(stage: Stage, post: Post) -> list[Problem]:
    """All that keeps a post from being sent, as the host finds it."""
    return [*problems_of(post, stage.limits), *stage.spec.connector().validate(post, stage.limits)]


async def accepted(stage: Stage, post: Post, what: str) -> None:
    """Publishes a post that must be taken."""
    found = problems(stage, post)
    demand(not found, f"{what} is within the limits, and yet {found[:1]} is found")
    try:
        await stage.publish(post)
    except InvalidContent as error:
        demand(False, f"{what} is within the declared limits, and the platform says {error.detail}: lower the limit")


async def refused(stage: Stage, post: Post, what: str, field: str) -> None:
    """Tries a post that must be found too much, both here and by the platform."""
    demand(problems(stage, post), f"{what} is beyond the declared limits, and nothing finds it")
    before = len(stage.fake.shown())
    try:
        await stage.publish(post)
    except InvalidContent as error:
        demand(error.field == field, f"{what}: InvalidContent names {error.field!r}; name {field!r}")
        demand(len(stage.fake.shown()) == before, f"{what} was refused, and something has appeared")
        return
    demand(False, f"{what} was published: raise the limit to what the platform takes, or refuse it with InvalidContent")


@check("a post appears once, as it was written", publishes)
async def post_appears(kit: Kit) -> None:
    """Text, letter by letter."""
    async with kit.stage() as stage:
        text = stage.fake.text
        await stage.publish(with_text(plain_post(stage.limits), text))
        shown = stage.only()
    demand(shown.text == text, f"people see {shown.text!r} where {text!r} was written")


@check("the same post with another key is another post", publishes)
async def other_keys_are_other_posts(kit: Kit) -> None:
    """Each delivery has a key; nothing else tells posts apart."""
    async with kit.stage() as stage:
        first = await stage.publish(plain_post(stage.limits, "Перше"))
        second = await stage.publish(plain_post(stage.limits, "Друге"))
        count = len(stage.fake.shown())
    demand(
        count == 2 and first.ref != second.ref,
        f"two posts with two keys became {count}, refs {first.ref!r} {second.ref!r}",
    )


@check("the address that a post is about is there", publishes_with(Capability.PUBLISH_LINK))
async def link_is_there(kit: Kit) -> None:
    """In a field of its own or behind the text, once."""
    async with kit.stage() as stage:
        await stage.publish(plain_post(stage.limits, "Петицію відкрито", LINK))
        shown = stage.only()
    demand(LINK in (shown.text + " " + shown.link), f"people do not see {LINK} with {shown.text!r}")
    demand(shown.text.count(LINK) <= 1, f"people see {LINK} twice in {shown.text!r}")


@check("a text as long as the limit appears, one character more is refused", publishes)
async def text_limit_is_true(kit: Kit) -> None:
    """In Cyrillic and in emoji, by the platform's way to count."""
    for name, character in (("Cyrillic", CYRILLIC), ("emoji", EMOJI)):
        async with kit.stage() as stage:
            post = plain_post(stage.limits, "а")
            limit = text_limit(stage.limits, post)
            text = longest(limit, character)
            await accepted(stage, with_text(post, text), f"the longest text in {name}")
            demand(stage.only().text == text, f"the longest text in {name} appeared shortened or changed")
            await refused(stage, with_text(post, text + "a"), f"a text in {name} that is one too long", "text")


@check("so is a text beside a file", lambda spec: publishes(spec) and spec.limits.caption is not None)
async def caption_limit_is_true(kit: Kit) -> None:
    """Captions are often shorter."""
    async with kit.stage() as stage:
        limit, files = stage.limits.caption, stage.limits.images or stage.limits.videos
        if limit is None or files is None:
            return
        kind = MediaKind.IMAGE if stage.limits.images else MediaKind.VIDEO
        text = longest(limit, CYRILLIC)
        post = replace(plain_post(stage.limits), text=text, media=(media_of(files, kind),))
        await accepted(stage, post, "the longest caption")
        await refused(stage, with_text(post, text + "a"), "a caption that is one too long", "text")


@check("so is a title", lambda spec: publishes(spec) and spec.limits.title_most is not None)
async def title_limit_is_true(kit: Kit) -> None:
    """It appears as it was written, and one that is missing or too long is refused."""
    async with kit.stage() as stage:
        most = stage.limits.title_most or 0
        post = replace(plain_post(stage.limits), title=CYRILLIC * most)
        await accepted(stage, post, "the longest title")
        demand(stage.only().title == post.title, f"people see the title {stage.only().title!r}")
        await refused(stage, replace(post, title=post.title + "a"), "a title that is one too long", "title")
        demand(problems(stage, replace(post, title=" ")), "a post without a title is not found")


async def files_are_taken(stage: Stage, limit: MediaLimit, kind: MediaKind) -> None:
    """As many as are declared, each with what is said of it, and not one more."""
    files: tuple[Media, ...] = tuple(
        media_of(limit, kind, number, ("ї" * (limit.alt_most - 1) + str(number))[-limit.alt_most :])
        for number in range(1, limit.most + 1)
    )
    post = replace(plain_post(stage.limits, "Фото дня"), media=files)
    await accepted(stage, post, f"{limit.most} {kind} files")
    said = stage.only().alts
    heard = tuple(file.alt if limit.alt_most else "" for file in files)
    demand(said == heard, f"of {len(files)} files people hear {[alt[-20:] for alt in said]}")
    await refused(
        stage, replace(post, media=(*files, media_of(limit, kind, limit.most + 1))), "one file too many", "media"
    )


@check("pictures appear in their order, with what is said of them", publishes_with(Capability.PUBLISH_IMAGE))
async def images_appear(kit: Kit) -> None:
    """As many as are declared, and not one more."""
    async with kit.stage() as stage:
        if stage.limits.images:
            await files_are_taken(stage, stage.limits.images, MediaKind.IMAGE)


@check("a video appears", publishes_with(Capability.PUBLISH_VIDEO))
async def videos_appear(kit: Kit) -> None:
    """As many as are declared, and not one more."""
    async with kit.stage() as stage:
        if stage.limits.videos:
            await files_are_taken(stage, stage.limits.videos, MediaKind.VIDEO)


@check("polls appear up to their limits, and no further", publishes_with(Capability.POLL))
async def poll_limits_are_true(kit: Kit) -> None:
    """Options, lengths and times."""
    async with kit.stage() as stage:
        limit = stage.limits.poll
        if limit is None:
            return
        plain = plain_post(stage.limits, "Опитування")
        most = poll_of(
            limit, options=limit.most_options, option=limit.option_most, question=limit.question_most,
            open_for_s=limit.longest_s,
        )  # fmt: skip
        for what, poll in (("the smallest poll", poll_of(limit)), ("the largest poll", most)):
            await accepted(stage, replace(plain, poll=poll), what)
            options = stage.fake.shown()[-1].options
            demand(options == poll.options, f"{what}: people may choose from {options} instead of {poll.options}")
        for what, poll in (
            ("a poll with too many options", poll_of(limit, options=limit.most_options + 1)),
            ("a poll with an option that is too long", poll_of(limit, option=limit.option_most + 1)),
            ("a poll that is open too long", poll_of(limit, open_for_s=limit.longest_s + 1)),
        ):
            await refused(stage, replace(plain, poll=poll), what, "poll")


@check("counts of a poll are those of the platform", publishes_with(Capability.POLL_RESULTS))
async def poll_results_are_true(kit: Kit) -> None:
    """Votes by option."""
    async with kit.stage() as stage:
        limit = stage.limits.poll
        if limit is None:
            return
        poll = poll_of(limit, options=max(2, limit.least_options))
        published = await stage.publish(replace(plain_post(stage.limits, "Опитування"), poll=poll))
        for option in (0, 1, 1):
            stage.fake.vote(stage.fake.shown()[-1], option)
        results = await stage.call(Operation.POLL_RESULTS, published.ref)
    votes = [option.votes for option in results.options]
    demand(
        [option.text for option in results.options] == list(poll.options), f"its options came back as {results.options}"
    )
    demand(votes[:2] == [1, 2] and not any(votes[2:]), f"one and two people voted, and it says {votes}")
    demand(not results.is_closed, "the poll is open, and it says that it is closed")


@check("another text stands in place of the first", publishes_with(Capability.EDIT))
async def edit_replaces(kit: Kit) -> None:
    """The same post, found by the ref that edit gives."""
    async with kit.stage() as stage:
        published = await stage.publish(plain_post(stage.limits, "Хибна дата"))
        await stage.call(Operation.EDIT, published.ref, plain_post(stage.limits, "Правильна дата"))
        shown = stage.only()
    demand(shown.text == "Правильна дата", f"people still see {shown.text!r}")


@check("what is deleted is gone, and deleting it twice is fine", publishes_with(Capability.DELETE))
async def delete_takes_away(kit: Kit) -> None:
    """The others stay."""
    async with kit.stage() as stage:
        published = await stage.publish(plain_post(stage.limits, "Помилка"))
        await stage.publish(plain_post(stage.limits, "Лишається"))
        await stage.call(Operation.DELETE, published.ref)
        texts = [each.text for each in stage.fake.shown()]
        demand(texts == ["Лишається"], f"people see {texts} where only the other post is left")
        await stage.call(Operation.DELETE, published.ref)
