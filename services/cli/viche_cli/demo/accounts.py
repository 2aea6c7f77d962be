"""Who is on which network in the demo, and how many follow them. Addresses lead nowhere: nobody's account is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from viche.social.v1 import presence_pb2 as pb
from viche.social.v1 import register_pb2

from viche_cli.demo.calls import Stubs, call, request_id

REGISTER = "dibrova"
_DAYS = (60, 30, 1)
"""Figures are of so many days ago."""


@dataclass(frozen=True, slots=True)
class DemoBody:
    """A body with its accounts: by platform the followers on the three days.

    Attributes:
        key: the short name of an authority of the demo, or a name of its own.
        kind: whom it is counted with; of authorities of the demo not looked at, of companies empty.
        parent: where a person holds the office.
    """

    key: str
    title: str
    kind: str
    accounts: dict[str, tuple[int, int, int]]
    field: str = ""
    parent: str = ""


BODIES = (
    DemoBody("dibrova", "Dibrova", "region", {
        "facebook": (5_210, 5_380, 5_640), "telegram": (2_900, 3_150, 3_420), "mastodon": (140, 171, 204),
    }),
    DemoBody("verbiv", "Verbiv", "municipality", {"facebook": (1_910, 1_925, 1_987), "instagram": (640, 655, 702)}),
    DemoBody("kalynove", "Kalynove", "municipality", {"facebook": (820, 818, 811)}),
    DemoBody("soniachne", "Soniachne", "municipality", {}),
    DemoBody("roads", "Dibrova Road Agency", "agency", {"facebook": (980, 1_240, 1_310)}, field="roads"),
    DemoBody("schools", "Dibrova School Board", "agency", {
        "facebook": (3_100, 3_150, 3_210), "youtube": (410, 433, 460),
    }, field="education"),
    DemoBody("clinics", "Dibrova Health Service", "agency", {"telegram": (6_020, 6_110, 6_305)}, field="health"),
    DemoBody("tourism", "Dibrova Tourist Office", "agency", {"instagram": (2_240, 2_610, 3_050)}, field="tourism"),
    DemoBody("mayor-verbiv", "Mayor of Verbiv", "mayor", {"facebook": (4_300, 4_420, 4_510)}, parent="verbiv"),
    DemoBody("mayor-kalynove", "Mayor of Kalynove", "mayor", {"facebook": (310, 333, 350)}, parent="kalynove"),
    DemoBody("bakery", "Dibrova Bread", "", {"facebook": (7_400, 7_610, 7_820), "instagram": (5_100, 5_420, 5_690)}),
)  # fmt: skip


def load_accounts(stubs: Stubs, today: date) -> None:
    """Puts register and figures there; doing it again changes nothing."""
    register = register_pb2.ImportRegisterRequest(
        request_id=request_id(REGISTER, "register", today.isoformat()), register=REGISTER, has_bodies=True,
        bodies=[_body(each) for each in BODIES], has_accounts=True,
        accounts=[
            register_pb2.RegisterAccount(
                body_key=each.key, platform=platform, handle=each.key,
                url=f"https://{platform}.example/{each.key}",
            )
            for each in BODIES
            for platform in each.accounts
        ],
    )  # fmt: skip
    call(stubs.register.ImportRegister, register)
    for place, days in enumerate(_DAYS):
        on = (today - timedelta(days=days)).isoformat()
        figures = [
            pb.Figure(platform=platform, handle=each.key, metric="followers", value=followers[place])
            for each in BODIES
            for platform, followers in each.accounts.items()
        ]
        call(
            stubs.presence.ImportFigures,
            pb.ImportFiguresRequest(
                request_id=request_id(REGISTER, "figures", today.isoformat(), on), on=on, source="demo", figures=figures
            ),
        )


def _body(body: DemoBody) -> register_pb2.RegisterBody:
    kind = register_pb2.BODY_KIND_HOLDER if body.parent else register_pb2.BODY_KIND_AUTHORITY
    return register_pb2.RegisterBody(
        key=body.key,
        kind=kind if body.kind else register_pb2.BODY_KIND_COMPANY,
        authority_kind=body.kind,
        title=body.title,
        field=body.field,
        parent_key=body.parent,
    )
