"""The connectors for groups say plainly that a person posts, and call nobody."""

import re

import pytest

from viche_connector_assisted.fake import NobodyThere
from viche_connector_assisted.spec import FACEBOOK_GROUPS, OTHER_GROUPS
from viche_sdk.connectors.kit.material import plain_post
from viche_sdk.connectors.testing import Kit, connector_suite
from viche_sdk.connectors.types import Capability, ConnectorSpec, Operation, Unsupported

TestFacebookGroups = connector_suite("connector-assisted", "assisted", fake=NobodyThere)
TestOtherGroups = connector_suite("connector-assisted", "assisted-other", fake=NobodyThere)

ADDRESS = next(field for field in FACEBOOK_GROUPS.fields if field.name == "address")


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("spec", [FACEBOOK_GROUPS, OTHER_GROUPS], ids=["facebook", "other"])
async def test_nothing_is_ever_sent(spec: ConnectorSpec) -> None:
    async with Kit(spec, NobodyThere).stage() as stage:
        info = await stage.probe()
        with pytest.raises(Unsupported):
            await stage.publish(plain_post(spec.limits))
        assert stage.fake.requests == []
    assert info.granted == {Capability.MANUAL}
    assert (info.id, info.name) == ("facebook.com/groups/example", "Двір на Садовій")
    assert info.url == "https://www.facebook.com/groups/example/"


def test_a_person_is_asked_for_nothing_but_posting() -> None:
    assert FACEBOOK_GROUPS.operations() == {Operation.PROBE, Operation.PUBLISH}
    assert not FACEBOOK_GROUPS.secret_fields()


def test_a_page_is_no_group() -> None:
    assert re.fullmatch(ADDRESS.pattern, ADDRESS.example)
    assert not re.fullmatch(ADDRESS.pattern, "https://www.facebook.com/example")
    assert not re.fullmatch(ADDRESS.pattern, "https://facebook.com.evil.example/groups/example")
