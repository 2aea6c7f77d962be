"""The connector odnoklassniki conforms, against a fake that does what apiok.ru says."""

import hashlib

import pytest

from viche_connector_odnoklassniki.client import signature
from viche_connector_odnoklassniki.fake import OdnoklassnikiFake
from viche_connector_odnoklassniki.spec import ODNOKLASSNIKI
from viche_sdk.connectors.testing import Fault, Kit, Level, connector_suite, reply
from viche_sdk.connectors.types import ConnectorError, MetricName, Operation, Post

TestOdnoklassniki = connector_suite(
    "connector-odnoklassniki", "odnoklassniki", fake=OdnoklassnikiFake, level=Level.BRONZE
)

KIT = Kit(ODNOKLASSNIKI, OdnoklassnikiFake)
GROUP = {"uid": "70000007112205", "name": "Місто"}


def test_calls_are_signed_as_others_sign_them() -> None:
    """The example of the documentation of aiookru, a client by others."""
    params = {"application_key": "ABCDEFGHIGKLMNOPK", "format": "json", "method": "events.get"}
    token, secret = "-s-84W-s3egarWUsbkq-IWTucuedzTKT8VUXIA.s4Xx8IW7", "ABC123DEF456GHI789JKL123"

    assert signature(params, token, secret) == "232c8eb921951c4dba9b72606f9ddb4c"
    assert hashlib.md5((token + secret).encode()).hexdigest() == "b1a2b89707a94624c43afae67d59274c"


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("answer", [[GROUP], {"groups": [GROUP]}], ids=["array", "object"])
async def test_a_group_is_read_as_documented_and_as_it_comes(answer: object) -> None:
    async with KIT.stage() as stage:
        stage.fake.fail_with(Fault("another shape", reply(answer), ConnectorError))
        info = await stage.probe()
    assert (info.id, info.handle, info.url) == (
        "70000007112205",
        "group/70000007112205",
        "https://ok.ru/group/70000007112205",
    )


@pytest.mark.usefixtures("socket_enabled")
async def test_a_group_that_hides_its_members_has_no_figure() -> None:
    async with KIT.stage() as stage:
        assert isinstance(stage.fake, OdnoklassnikiFake)
        stage.fake.members = None
        (figure,) = await stage.call(Operation.METRICS, ())
    assert (figure.name, figure.value, bool(figure.reason)) == (MetricName.FOLLOWERS, None, True)


@pytest.mark.usefixtures("socket_enabled")
async def test_a_link_in_the_text_is_not_given_twice() -> None:
    async with KIT.stage() as stage:
        await stage.publish(Post("Петиція: https://a.example/7", "uk", link="https://a.example/7"))
        assert stage.only().link == ""
