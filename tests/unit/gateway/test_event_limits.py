"""How often one connection registers for an event, and one mailbox is written to."""

from __future__ import annotations

from tests.unit.gateway.conftest import Browser
from tests.unit.gateway.test_public_events import register
from viche_gateway.portal.events.registering import MAILED
from viche_gateway.testing import COUNCIL, World


def test_one_connection_holds_half_of_the_places_of_an_event_at_most(world: World) -> None:
    event = world.public_events.add(COUNCIL, registration={"is_needed": True, "capacity": 14})
    world.public_events.add(COUNCIL, registration={"is_needed": True, "capacity": 14})
    browser = Browser(world.app(rate_factor=1).test_client())
    codes = [
        register(browser, {"name": f"Eve {each}", "email": f"eve{each}@example.org"}).status_code for each in range(8)
    ]
    assert codes == [303] * 7 + [429]
    assert len(world.public_events.people[event.id]) == 7
    browser.open("/events/2/register")
    assert browser.send("/events/2/register", name="Eve", email="eve@example.org").status_code == 303


def test_few_mails_go_to_one_mailbox_however_it_is_written(world: World) -> None:
    event = world.public_events.add(COUNCIL, registration={"is_needed": True})
    browser = Browser(world.app(rate_factor=1).test_client())
    codes = [
        register(browser, {"name": "Eve", "email": f"eve+{each}@example.org"}).status_code
        for each in range(MAILED.most + 1)
    ]
    assert codes == [303] * MAILED.most + [429]
    assert len(world.public_events.people[event.id]) == MAILED.most
