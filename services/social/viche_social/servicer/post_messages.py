"""Posts from and to messages."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from viche.social.v1 import posts_pb2 as pb
from viche.social.v1.editions_pb2 import EditionContent

from viche_chassis.errors import FieldViolation, InvalidFields, invalid
from viche_chassis.messages import aware, identifier, timestamp
from viche_sdk.connectors.types import ConnectorSpec
from viche_social.checking import Checked, Preview
from viche_social.domain.deliveries import DeliveryState
from viche_social.domain.editions import CorrectionState, correction_of
from viche_social.domain.plain import Reading
from viche_social.domain.posts import Attached, Content, Poll, PostKind, PostProblem, PostState, Source, Variant
from viche_social.editing import standing
from viche_social.store.channels import Channel
from viche_social.store.deliveries import Delivery
from viche_social.store.editions import Edition
from viche_social.store.posts import Media, Post

KINDS = {kind: pb.PostKind.Value(f"POST_KIND_{kind.name}") for kind in PostKind}
STATES = {state: pb.PostState.Value(f"POST_STATE_{state.name}") for state in PostState}
DELIVERY_STATES = {state: pb.DeliveryState.Value(f"DELIVERY_STATE_{state.name}") for state in DeliveryState}
CORRECTIONS = {state: pb.CorrectionState.Value(f"CORRECTION_STATE_{state.name}") for state in CorrectionState}
_KIND_OF: dict[int, PostKind] = {number: kind for kind, number in KINDS.items()}
_STATE_OF: dict[int, PostState] = {number: state for state, number in STATES.items()}

MOST_TEXT = 100_000
MOST_TITLE = 500
MOST_ALT = 5_000


def read_content(message: pb.PostContent) -> Content:
    """What an officer has written.

    Raises:
        InvalidFields: something cannot be kept at all; a draft may have any other fault.
    """
    kind = _KIND_OF.get(message.kind)
    if kind is None:
        raise InvalidFields(invalid("content.kind", "REQUIRED"))
    check_lengths(message)
    poll = message.poll if message.HasField("poll") else None
    return Content(
        kind=kind,
        title=texts(message.title),
        text=texts(message.text),
        link=message.link.strip(),
        sources=tuple(Source(each.claim, each.reference, each.url) for each in message.sources),
        media=tuple(Attached(UUID(each.id), texts(each.alt)) for each in message.media),
        poll=poll and Poll(
            texts(poll.question), tuple(texts(each.text) for each in poll.options), poll.open_for_s, poll.multiple
        ),
        variants=tuple(Variant(UUID(each.channel_id), each.language, each.text) for each in message.variants),
        publish_at=aware(message.publish_at) if message.HasField("publish_at") else None,
        corrects_id=identifier(message.corrects_id),
    )  # fmt: skip


def check_lengths(message: pb.PostContent | EditionContent) -> None:
    """Looks whether all can be kept.

    Raises:
        InvalidFields: something is too long.
    """
    if found := list(_too_long(message)):
        raise InvalidFields(*found)


def texts(given: Mapping[str, str]) -> dict[str, str]:
    """Texts by language, the empty ones left out."""
    return {language: text for language, text in given.items() if text.strip()}


def _too_long(message: pb.PostContent | EditionContent) -> Any:
    for field, texts, most in (("title", message.title, MOST_TITLE), ("text", message.text, MOST_TEXT)):
        for language, text in texts.items():
            if len(text) > most:
                yield _long(f"content.{field}.{language}", most)
    for place, media in enumerate(message.media):
        if any(len(text) > MOST_ALT for text in media.alt.values()):
            yield _long(f"content.media.{place}", MOST_ALT)


def _long(field: str, most: int) -> FieldViolation:
    return invalid(field, "TOO_LONG", limit=most)


def read_state(number: int) -> str:
    """The state that is filtered by; empty for any."""
    found = _STATE_OF.get(number)
    return str(found) if found else ""


def content_message(content: Content, media: Mapping[UUID, Media]) -> pb.PostContent:
    """What an officer has written, with what is known of its files."""
    message = pb.PostContent(
        kind=KINDS[content.kind],  # pyright: ignore[reportArgumentType]
        title=content.title,
        text=content.text,
        link=content.link,
        sources=[pb.Source(claim=each.claim, reference=each.reference, url=each.url) for each in content.sources],
        media=[media_message(media[each.id], each.alt) for each in content.media if each.id in media],
        variants=[
            pb.Variant(channel_id=str(each.channel_id), language=each.language, text=each.text)
            for each in content.variants
        ],
        publish_at=timestamp(content.publish_at),
        corrects_id=str(content.corrects_id or ""),
    )
    if content.poll:
        message.poll.CopyFrom(
            pb.PostPoll(
                question=content.poll.question,
                options=[pb.PollChoice(text=each) for each in content.poll.options],
                open_for_s=content.poll.open_for_s,
                multiple=content.poll.multiple,
            )
        )
    return message


def media_message(media: Media, alt: Mapping[str, str] | None = None) -> pb.PostMedia:
    """A file."""
    return pb.PostMedia(
        id=str(media.id), alt=alt or {}, kind=media.kind, type=media.type, size_bytes=media.size_bytes,
        width=media.width, height=media.height,
    )  # fmt: skip


def post_message(
    post: Post,
    deliveries: Sequence[Delivery],
    channels: Mapping[UUID, Channel],
    media: Mapping[UUID, Media],
    specs: Mapping[str, ConnectorSpec],
) -> pb.Post:
    """One post, with what became of it."""
    return pb.Post(
        id=str(post.id), number=post.number, authority_id=str(post.authority_id),
        content=content_message(post.content, media), state=STATES[post.state], version=post.version,  # pyright: ignore[reportArgumentType]
        written_by=post.written_by or b"", approved_by=post.approved_by or b"",
        returned_because=post.returned_because, withdrawn_because=post.withdrawn_because,
        created_at=timestamp(post.created_at), changed_at=timestamp(post.changed_at), out_at=timestamp(post.out_at),
        deliveries=[_delivery(each, channels[each.channel_id], post, specs) for each in deliveries],
        edition=post.edition,
    )  # fmt: skip


def _delivery(delivery: Delivery, channel: Channel, post: Post, specs: Mapping[str, ConnectorSpec]) -> pb.Delivery:
    correction = correction_of(standing(delivery, channel, specs), post.edition)
    return pb.Delivery(
        id=str(delivery.id), channel_id=str(delivery.channel_id), connector=delivery.connector,
        handle=channel.handle, state=DELIVERY_STATES[DeliveryState(delivery.state)],  # pyright: ignore[reportArgumentType]
        language=delivery.language, text=delivery.body, url=delivery.url, error=delivery.error,
        detail=delivery.detail, tries=delivery.tries,
        next_at=timestamp(delivery.next_at) if delivery.task else None, published_at=timestamp(delivery.published_at),
        changed_at=timestamp(delivery.changed_at), edition=delivery.edition,
        correction=CORRECTIONS[correction] if correction else pb.CORRECTION_STATE_UNSPECIFIED,  # pyright: ignore[reportArgumentType]
    )  # fmt: skip


def public_message(
    post: Post, edition: Edition | None, copies: Sequence[pb.PublicCopy], corrects: int, corrected_by: int
) -> pb.PublicPost:
    """What everybody sees; of a withdrawn post its title and the reason."""
    content, is_there = post.content, not post.withdrawn_because
    return pb.PublicPost(
        number=post.number, authority_id=str(post.authority_id), kind=KINDS[content.kind], title=content.title,  # pyright: ignore[reportArgumentType]
        text=content.text if is_there else {}, link=content.link if is_there else "",
        sources=[pb.Source(claim=s.claim, reference=s.reference, url=s.url) for s in content.sources if is_there],
        out_at=timestamp(post.out_at), copies=copies if is_there else [], corrects=corrects,
        corrected_by=corrected_by, withdrawn_because=post.withdrawn_because, edition=post.edition,
        corrected_what=edition.what if edition and is_there else "",
        corrected_at=timestamp(edition.out_at) if edition and edition.what else None,
    )  # fmt: skip


def problem_message(problem: PostProblem) -> pb.PostProblem:
    """What keeps a post from going out."""
    return pb.PostProblem(
        channel_id=str(problem.channel_id or ""), field=problem.field, reason=problem.reason, value=problem.value,
        limit=problem.limit,
    )  # fmt: skip


def preview_message(preview: Preview) -> pb.PostPreview:
    """What one account gets."""
    return pb.PostPreview(
        channel_id=str(preview.channel_id), text=preview.text, length=preview.length, most=preview.most,
        cost=str(preview.cost) if preview.cost is not None else "", currency=preview.currency,
        by_hand=preview.by_hand,
    )  # fmt: skip


def checked_message(checked: Checked, readings: Mapping[str, Reading]) -> pb.CheckPostResponse:
    """What is to be said about a post, and how its texts read by language."""
    return pb.CheckPostResponse(
        problems=map(problem_message, checked.problems),
        previews=map(preview_message, checked.previews),
        hard_words=[
            pb.HardWords(
                language=language, start=place.start, length=place.length, reason=place.reason,
                suggestion=place.suggestion,
            )
            for language, reading in readings.items() for place in reading.places
        ],
        readability=[
            pb.Readability(
                language=language, score=reading.score,
                words_per_sentence_tenths=round(reading.words_per_sentence * 10),
                syllables_per_word_tenths=round(reading.syllables_per_word * 10),
            )
            for language, reading in readings.items()
        ],
    )  # fmt: skip
