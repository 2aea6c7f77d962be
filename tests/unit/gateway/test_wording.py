"""Every value that a rule can have has its words."""

from __future__ import annotations

import pytest
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway import sentences, wording
from viche_gateway.testing import World
from viche_sdk.events import Event
from viche_sdk.settings import SettingReason
from viche_sdk.situation import UNKNOWN
from viche_sdk.types import Assurance, ChannelKind, Level, SignersShown


def test_every_event_has_its_words_in_the_order_of_life() -> None:
    assert list(wording.EVENTS) == [str(event) for event in Event]


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (wording.CHANNELS, ChannelKind),
        (wording.SIGNERS_SHOWN, SignersShown),
        (wording.LEVELS, Level),
        (wording.FACTS, UNKNOWN),
        (wording.ASSURANCES, set(Assurance) - {Assurance.EMAIL}),
    ],
)
def test_every_value_has_its_words(words: dict[str, str], values: set[str]) -> None:
    assert set(words) == {str(value) for value in values}


@pytest.mark.parametrize("reason", SettingReason)
def test_every_reason_against_a_setting_has_its_sentence(reason: SettingReason) -> None:
    assert reason in sentences.SENTENCES


@pytest.mark.parametrize("unit", pb.TimeUnit.values()[1:])
def test_every_unit_is_said(world: World, unit: int) -> None:
    with world.app().test_request_context("/"):
        said = {wording.amount_text(2, each) for each in pb.TimeUnit.values()[1:]}
        assert wording.amount_text(2, unit).startswith("2 ")
    assert len(said) == len(pb.TimeUnit.values()) - 1


def test_threshold_comes_after_the_opening_and_before_the_end_of_collecting() -> None:
    order = [wording.place_in_life(event) for event in ("opened", "threshold_reached:answer", "collection_ended")]
    assert order == sorted(set(order))


def test_value_of_a_newer_service_is_shown_as_it_is(world: World) -> None:
    with world.app().test_request_context("/"):
        assert wording.event_text("debated", pb.Terms()) == "debated"
        assert wording.channel_text(pb.Channel(kind="fax", min_assurance="email")) == "fax"
