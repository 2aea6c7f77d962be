"""Rules of an imagined act, as the petitions service would give them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway.testing.channel import stamp

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
DAY = timedelta(days=1)
ACT = "Petitions Act"


def text(english: str, **others: str) -> pb.LocalizedText:
    """A text; English alone unless others are given."""
    return pb.LocalizedText(texts={"en": english, **others})


def basis(article: str = "", url: str = "") -> pb.LegalBasis:
    """A place in the act."""
    return pb.LegalBasis(act=text(ACT), article=article, url=url)


def period(length: int, unit: int = pb.TIME_UNIT_CALENDAR_DAY) -> pb.Period:
    """So many units."""
    return pb.Period(length=length, unit=unit)  # pyright: ignore[reportArgumentType]


def clock(name: str, title: str, starts_at: str, length: pb.Period, **fields: Any) -> pb.Clock:
    """A public clock."""
    values: dict[str, Any] = {"is_public": True, **fields}
    return pb.Clock(name=name, title=text(title), starts_at=starts_at, period=length, **values)


def rules() -> pb.Terms:
    """Everything that terms can say."""
    working = pb.TIME_UNIT_WORKING_DAY
    return pb.Terms(
        workflow="petition-local",
        workflow_version="2.1",
        thresholds=[
            pb.Threshold(name="answer", signatures=1000, effect=text("The council answers."), legal_basis=basis("7")),
            pb.Threshold(
                name="debate",
                signatures=5000,
                effect=text("The council debates."),
                minima=pb.Minima(territories=2, per_territory={"R1": 300, "R2": 200}),
            ),
        ],
        min_assurance="email",
        territory_code="R",
        signatures_per_mailbox=2,
        basis=basis("3", "https://example.org/act"),
        clocks=[
            clock("answer", "Answer of the council", "threshold_reached:answer", period(10, working),
                  ends_with="answered", legal_basis=basis("9"), notice=text("The council has ten working days."),
                  extension=pb.Extension(period=period(5, working), by=text("the mayor"), notice=True, most_total=15)),
            clock("collect", "Collecting signatures", "opened", period(3, pb.TIME_UNIT_MONTH),
                  ends_with="collection_ended"),
            clock("check", "Check of the draft", "submitted", period(2, working), ends_with="opened"),
            clock("memo", "Memo to the archive", "answered", period(3), is_public=False),
        ],
        calendar="UA",
        channels=[pb.Channel(kind="email", min_assurance="email"), pb.Channel(kind="eid", min_assurance="high")],
        votes_against=True,
        author_counts=True,
        author_shown=True,
        signers_shown="names",
        sponsors=5,
        committee=pb.Committee(members_min=7, territories_min=3, protocol=True),
        closing_events=[pb.ClosingEvent(name="end", title=text("Dissolution"), effect=text("All petitions close."))],
        failure=pb.Failure(becomes="appeal", effect=text("It is considered as an appeal."), legal_basis=basis("12")),
    )  # fmt: skip


def workflow() -> pb.Workflow:
    """The workflow of these rules."""
    return pb.Workflow(
        name="petition-local",
        version="2.1",
        title=text("Petition to the council"),
        summary=text("Residents ask the council to act."),
        valid_from="2026-01-01",
        basis=basis("3", "https://example.org/act"),
        rejection_reasons=[pb.RejectionReason(code="court", title=text("A court decides it"), help=text("Wait."))],
        complaint_to=text("the ombudsman"),
        settings=[
            setting("threshold", "int", minimum=1, maximum=9000),
            setting("votes_against", "bool", default_value="false"),
            setting("min_assurance", "choice", choices=[pb.SettingChoice(value="high", title=text("High"))]),
        ],
    )


def setting(name: str, kind: str, **fields: Any) -> pb.WorkflowSetting:
    """A setting called after its name."""
    title = text(f"Setting {name}")
    return pb.WorkflowSetting(name=name, kind=kind, title=title, help=text(f"Help on {name}."), **fields)


def deadline(clock_name: str, **fields: Any) -> pb.Deadline:
    """A public deadline of ten working days for an answer that began a week ago and ends in a week."""
    values: dict[str, Any] = {
        "clock": clock_name,
        "title": text("Answer of the council"),
        "event": "threshold_reached:answer",
        "started_at": stamp(NOW - 7 * DAY),
        "period": period(10, pb.TIME_UNIT_WORKING_DAY),
        "ends_at": stamp(NOW + 7 * DAY),
        "last_day": "2026-11-28",
        "calendar": "UA",
        "calendar_source": "holidays 0.109",
        "skipped_days": ["2026-11-21", "2026-11-22"],
        "ends_with": "answered",
        "is_public": True,
        "legal_basis": basis("9", "https://example.org/act#9"),
    }
    return pb.Deadline(**(values | fields))
