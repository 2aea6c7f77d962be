"""What a correction may change, and what becomes of it where the post stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from viche_sdk.connectors.types import (
    AuthExpired,
    ConnectorError,
    Idempotency,
    InvalidContent,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    Published,
    RateLimited,
    Transient,
)
from viche_social.domain.deliveries import MOST_TRIES, DeliveryState, Done, Hold, Task, after, after_crash
from viche_social.domain.editions import Changes, CorrectionState, Standing, corrected, correction_of
from viche_social.domain.posts import Attached, Content, PostKind, Source, Variant

FILE, CHANNEL, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
CONTENT = Content(
    PostKind.DECISION,
    title={"en": "Bridge"},
    text={"en": "Closed until Friday.", "uk": "До п'ятниці."},
    link="https://bridge.example",
    sources=(Source("It is closed", "Order 7"),),
    media=(Attached(FILE, {"en": "A bridge"}),),
    variants=(Variant(CHANNEL, "en", "Closed!"), Variant(OTHER)),
)
THERE = Standing(DeliveryState.PUBLISHED, None, 1, has_ref=True, can_edit=True, error="")
EDITING = Done(Task.EDIT, 0, Idempotency.NONE)


def test_a_correction_changes_words_and_nothing_else() -> None:
    made = corrected(
        CONTENT,
        Changes(
            {"en": "The bridge"}, {"en": "Until Saturday."}, {FILE: {"en": "The bridge"}}, {CHANNEL: "Open!", FILE: "?"}
        ),
    )

    assert (made.title, made.text) == ({"en": "The bridge"}, {"en": "Until Saturday."})
    assert made.media == (Attached(FILE, {"en": "The bridge"}),)
    assert made.variants == (Variant(CHANNEL, "en", "Open!"), Variant(OTHER))
    assert (made.link, made.sources, made.kind) == (CONTENT.link, CONTENT.sources, CONTENT.kind)


def test_files_and_channels_that_are_not_named_keep_their_words() -> None:
    made = corrected(CONTENT, Changes(CONTENT.title, CONTENT.text))

    assert made == CONTENT


@pytest.mark.parametrize(
    ("standing", "becomes"),
    [
        (replace(THERE, edition=2), None),
        (replace(THERE, state=DeliveryState.WITHDRAWN), None),
        (replace(THERE, state=DeliveryState.CANCELLED), None),
        (replace(THERE, task=Task.EDIT), CorrectionState.WAITING),
        (replace(THERE, task=Task.EDIT, error="RateLimited"), CorrectionState.WAITING),
        (replace(THERE, state=DeliveryState.PENDING, task=Task.CHECK), CorrectionState.WAITING),
        (replace(THERE, error="InvalidContent"), CorrectionState.REFUSED),
        (replace(THERE, can_edit=False), CorrectionState.IMPOSSIBLE),
        (replace(THERE, has_ref=False), CorrectionState.IMPOSSIBLE),
    ],
)
def test_what_becomes_of_a_correction(standing: Standing, becomes: CorrectionState | None) -> None:
    assert correction_of(standing, 2) == becomes


def test_a_changed_post_is_where_it_was() -> None:
    step = after(EDITING, Published("1", "https://social.example/1"))

    assert (step.state, step.task, step.error) == (DeliveryState.PUBLISHED, None, "")


@pytest.mark.parametrize("error", [OutcomeUnknown("lost"), Transient("down"), RateLimited("slower", retry_after_s=60)])
def test_the_same_words_twice_are_the_same_words_so_doubt_tries_again(error: ConnectorError) -> None:
    step = after(EDITING, error)

    assert (step.state, step.task) == (DeliveryState.PUBLISHED, Task.EDIT)
    assert step.pause > timedelta()


def test_a_process_that_ended_in_the_middle_tries_again() -> None:
    assert after_crash(EDITING).task is Task.EDIT


def test_a_correction_does_not_try_for_ever() -> None:
    step = after(replace(EDITING, tries=MOST_TRIES - 1), Transient("down"))

    assert (step.state, step.task, step.error) == (DeliveryState.PUBLISHED, None, "Transient")


@pytest.mark.parametrize("error", [InvalidContent("too old"), PermissionDenied("no right"), NotFound("gone")])
def test_what_a_platform_refuses_leaves_the_post_as_it_is(error: ConnectorError) -> None:
    step = after(EDITING, error)

    assert (step.state, step.task, step.error) == (DeliveryState.PUBLISHED, None, type(error).__name__)


def test_a_correction_waits_for_the_consent_of_its_account() -> None:
    step = after(EDITING, AuthExpired("ended"))

    assert (step.task, step.hold, step.counts) == (Task.EDIT, Hold.EXPIRED, False)
