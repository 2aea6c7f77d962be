"""The connector vk conforms, against a fake that VK's own API schema 5.199 allows."""

from pathlib import Path

import pytest

from viche_connector_vk.fake import VkFake
from viche_connector_vk.spec import VK
from viche_sdk.connectors.testing import Kit, Level, connector_suite
from viche_sdk.connectors.types import MetricName, Operation, PermissionDenied, Post

SCHEMAS = Path(__file__).resolve().parents[4] / "shared/data/api_schemas/vk"
KIT = Kit(VK, VkFake)

TestVk = connector_suite("connector-vk", "vk", fake=VkFake, schemas=SCHEMAS, level=Level.SILVER)


@pytest.mark.usefixtures("socket_enabled")
async def test_a_key_without_the_wall_is_told_at_once() -> None:
    async with KIT.stage() as stage:
        assert isinstance(stage.fake, VkFake)
        stage.fake.rights.remove("wall")
        with pytest.raises(PermissionDenied) as told:
            await stage.probe()
    assert told.value.permission == "wall"


@pytest.mark.usefixtures("socket_enabled")
async def test_a_community_that_hides_its_members_has_no_figure() -> None:
    async with KIT.stage() as stage:
        assert isinstance(stage.fake, VkFake)
        stage.fake.members = None
        (figure,) = await stage.call(Operation.METRICS, ())
    assert (figure.name, figure.value, bool(figure.reason)) == (MetricName.FOLLOWERS, None, True)


@pytest.mark.usefixtures("socket_enabled")
async def test_a_post_is_found_at_the_wall_of_the_community() -> None:
    async with KIT.stage() as stage:
        published = await stage.publish(Post("Міст відкрито", "uk"))
    assert (published.ref, published.url) == ("-212979992_1", "https://vk.com/wall-212979992_1")
