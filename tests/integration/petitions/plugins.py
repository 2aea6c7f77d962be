"""Workflows of the tests alone, as a plugin."""

INITIATIVE = """
from datetime import date
from tests.unit.sdk.workflows import BASIS, number, text
from viche_sdk.types import (
    Clock, Committee, Complaint, Event, Expression, Extension, FromSetting, Minima, Moderation, Plural, Reached, Reason,
    Sponsors, Stage, Threshold, Unit, Vocabulary, collecting,
)

DAY, WORKING = Unit.CALENDAR_DAY, Unit.WORKING_DAY
NAMES = Plural.of(
    en=("name", "names"), uk=("ім’я", "імені", "імен"), bg=("име", "имена"), ru=("имя", "имени", "имён")
)

@hookimpl
def viche_workflows():
    return [
        workflow(
            name="initiative",
            thresholds=(
                Threshold("hearing", 4, text("a hearing")),
                Threshold("valid", 10, text("an answer"), Minima(2, {"A": 3, "B": 3, "C": 3}), BASIS),
            ),
            clocks=(
                collecting(30, legal_basis=BASIS),
                Clock("start", text("Start"), 3, WORKING, Reached("hearing"), Event.CONSIDERATION_STARTED,
                      extension=Extension(5, DAY, text("the council"), most_total=9), notice=text("told")),
                Clock("draft", text("Draft"), 7, DAY, Reached("hearing"), public=False),
                Clock("check", text("Check"), 2, DAY, Event.COLLECTION_ENDED, Event.VERIFIED),
                Clock("file", text("File"), 1, Unit.MONTH, Event.CLOSED),
                Clock("rejection", text("Rejection"), 2, DAY, Event.SUBMITTED, Event.OPENED),
                Clock("complaint", text("Complaint"), 1, Unit.MONTH, Event.COMPLAINT_MADE, Event.COMPLAINT_DECIDED),
            ),
            settings=(),
            calendar="UA",
            stages=tuple(Stage),
            residents_only=False,
            sponsors=Sponsors(5),
            committee=Committee(3, 7, 2, protocol=True),
            moderation=Moderation("rejection", (Reason("war", text("War"), text("Ask for peace")),)),
            complaint=Complaint(text("the court"), "complaint"),
            vocabulary=Vocabulary(text("initiative"), signatures=NAMES),
        ),
        workflow(
            name="share",
            thresholds=(
                Threshold("answer", Expression("level == 'region' ? 100000 : percent(population, 5)"), text()),
            ),
            clocks=(collecting(FromSetting("days")),),
            settings=(number("days"),),
        ),
        workflow(name="versions", version="1", valid_from=date(2020, 1, 1), settings=(),
                 thresholds=(Threshold("answer", 10, text()),)),
        workflow(name="versions", version="2", valid_from=date(2024, 7, 16), settings=(),
                 thresholds=(Threshold("answer", 20, text()),)),
    ]
"""
