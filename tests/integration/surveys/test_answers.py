"""Whole answers: what is accepted, and what is refused with its own reason."""

from __future__ import annotations

from tests.integration.surveys.answering import item, reason, send
from tests.integration.surveys.world import World


async def test_an_answer_is_accepted_and_counted(world: World) -> None:
    survey = await world.open()

    (result,) = await send(world, item(survey, road="north", why=" Holes.\r\nDeep ones "))

    assert reason(result) == ""
    ((answers, version, channel),) = await world.rows("SELECT answers, version, channel FROM responses")
    assert (answers, version, channel) == ({"road": "north", "why": "Holes. Deep ones"}, 1, "portal")
