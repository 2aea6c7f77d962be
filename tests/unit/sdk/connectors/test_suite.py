"""Good connectors pass the conformance kit; for each check a bad one fails it, and nothing else."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.unit.sdk.connectors import bad_behaving, bad_outages, bad_publishing, bad_receiving  # noqa: F401
from tests.unit.sdk.connectors.bad import BAD
from tests.unit.sdk.connectors.bad_publishing import Unschooled
from tests.unit.sdk.connectors.brama import (
    BRAMA,
    FINDING,
    TITLED,
    BramaConnector,
    BramaFake,
    ForgetfulFake,
    TitledFake,
)
from viche_connector_mastodon.fake import MastodonFake
from viche_connector_mastodon.spec import MASTODON
from viche_sdk.connectors.testing import CHECKS, Kit, checks_for, fault_of, results
from viche_sdk.connectors.types import (
    ConnectorError,
    ConnectorSpec,
    Context,
    Post,
    Published,
    Transient,
)

pytestmark = pytest.mark.usefixtures("socket_enabled")

SCHEMAS = Path(__file__).parents[5] / "shared/data/api_schemas/mastodon"
APPEARS = next(each for each in CHECKS if each.name == "post_appears")

WITNESSES = frozenset(
    {
        "declared_is_implemented",
        "delete_takes_away",
        "hide_hides",
        "inbox_tells_kinds",
        "link_is_there",
        "post_appears",
        "probe_names_the_account",
        "reply_appears",
        "texts_are_translated",
        "webhook_is_read",
    }
)
"""Quick checks of each subject, which must find nothing in a connector that is bad at something else."""


@pytest.mark.parametrize(("name", "spec", "fake", "checks", "says"), BAD, ids=[each[0] for each in BAD])
def test_a_bad_connector_fails_its_check_alone(
    name: str, spec: ConnectorSpec, fake: Any, checks: set[str], says: str
) -> None:
    looked_at = [each for each in checks_for(spec) if each.name in checks | WITNESSES]

    faults = {each.name: fault for each in looked_at if (fault := fault_of(each, Kit(spec, fake, SCHEMAS)))}

    assert set(faults) == checks, faults
    assert any(says in fault for fault in faults.values()), faults


def test_what_the_schema_does_not_allow_is_told(shared_data: Path) -> None:
    check = next(each for each in CHECKS if each.name == "schema_allows_it")

    fault = fault_of(check, Kit(replace(MASTODON, connector=Unschooled), MastodonFake, SCHEMAS))

    assert "POST /api/v1/statuses: language" in fault


@pytest.mark.parametrize(("spec", "fake"), [(TITLED, TitledFake), (FINDING, ForgetfulFake)])
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
