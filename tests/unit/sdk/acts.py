"""Acts of several countries as workflows, to show that they can be stated. No plugin: do not copy figures from here.

Numbers and terms are those that sources of each act give. Texts are left out, since nobody reads them; where no source
names the first day of an act, its year or the day of its signature stands in.
"""

from datetime import date

from tests.unit.sdk.workflows import text
from viche_sdk.types import (
    Assurance,
    Channel,
    ChannelKind,
    Clock,
    ClosingEvent,
    Committee,
    Complaint,
    Event,
    Expression,
    Extension,
    Failed,
    Failure,
    FromSetting,
    LegalBasis,
    Minima,
    Moderation,
    Reached,
    Reason,
    Setting,
    SettingKind,
    SignersShown,
    Sponsors,
    Stage,
    Threshold,
    Unit,
    Workflow,
    collecting,
)

UKRAINE = LegalBasis(text("Law of Ukraine 393/96-ВР"), "23-1")
DECREE_523 = LegalBasis(text("Decree of the President of Ukraine 523/2015"))
WORKING, MONTH, DAY = Unit.WORKING_DAY, Unit.MONTH, Unit.CALENDAR_DAY
STARTED = Event.CONSIDERATION_STARTED

PRESIDENT = Workflow(
    name="petition-president",
    version="1",
    title=text(),
    summary=text(),
    legal_basis=UKRAINE,
    valid_from=date(2015, 10, 28),
    thresholds=(Threshold("answer", 25_000, text(), legal_basis=UKRAINE),),
    clocks=(
        Clock("publication", text(), 2, WORKING, Event.SUBMITTED, Event.OPENED, legal_basis=UKRAINE),
        collecting(3, MONTH, UKRAINE),
        Clock("start", text(), 3, WORKING, Reached("answer"), STARTED, notice=text(), legal_basis=DECREE_523),
        Clock("draft", text(), 7, WORKING, STARTED, legal_basis=DECREE_523, public=False),
        Clock("answer", text(), 10, WORKING, STARTED, Event.ANSWERED, legal_basis=UKRAINE),
    ),
    calendar="UA",
    channels=(Channel(ChannelKind.EID, Assurance.SUBSTANTIAL),),
    min_assurance=Assurance.SUBSTANTIAL,
    residents_only=False,
    signers_shown=SignersShown.NAMES,
    moderation=Moderation("publication", (Reason("war", text(), text()), Reason("hatred", text(), text())), UKRAINE),
    failed=Failure(Failed.APPEAL, text("It is considered as a collective appeal."), UKRAINE),
)

DECREE_183 = LegalBasis(text("Decree of the President of Russia 183 of 4 March 2013"))

ROI = Workflow(
    name="initiative-roi",
    version="1",
    title=text(),
    summary=text(),
    legal_basis=DECREE_183,
    valid_from=date(2013, 3, 4),
    thresholds=(
        Threshold(
            "expert_group",
            Expression(
                "level == 'national' || (level == 'region' && population > 2000000) ? 100000 : percent(population, 5)"
            ),
            text(),
            legal_basis=DECREE_183,
        ),
    ),
    clocks=(
        Clock("check", text(), 2, MONTH, Event.SUBMITTED, Event.OPENED, legal_basis=DECREE_183),
        collecting(12, MONTH, DECREE_183),
    ),
    channels=(Channel(ChannelKind.EID, Assurance.SUBSTANTIAL),),
    min_assurance=Assurance.SUBSTANTIAL,
    votes_against=True,
    signers_shown=SignersShown.NUMBER,
)

STANDARDS = LegalBasis(text("UK Parliament, how petitions work"), url="https://petition.parliament.uk/help")

PARLIAMENT = Workflow(
    name="petition-uk",
    version="1",
    title=text(),
    summary=text(),
    legal_basis=STANDARDS,
    valid_from=date(2015, 1, 1),
    thresholds=(
        Threshold("response", 10_000, text(), legal_basis=STANDARDS),
        Threshold("debate", 100_000, text(), legal_basis=STANDARDS),
    ),
    clocks=(collecting(6, MONTH, STANDARDS),),
    stages=tuple(Stage),
    residents_only=False,
    sponsors=Sponsors(5, STANDARDS),
    closing_events=(ClosingEvent("dissolution", text(), text(), STANDARDS),),
)

REGULATION = LegalBasis(text("Regulation (EU) 2019/788"), "3", "https://eur-lex.europa.eu/eli/reg/2019/788")

# three of the states only; from 16 July 2024 their seats are multiplied by 720 instead of 705
SEATS_705 = {"BG": 11_985, "DE": 67_680, "MT": 4_230}
SEATS_720 = {"BG": 12_240, "DE": 69_120, "MT": 4_320}


def initiative(version: str, valid_from: date, minima: dict[str, int]) -> Workflow:
    """The European citizens' initiative, with as many territories needed as are listed here instead of seven."""
    return Workflow(
        name="initiative-eu",
        version=version,
        title=text(),
        summary=text(),
        legal_basis=REGULATION,
        valid_from=valid_from,
        thresholds=(Threshold("valid", 1_000_000, text(), Minima(len(minima), minima), REGULATION),),
        clocks=(
            Clock("registration", text(), 2, MONTH, Event.SUBMITTED, Event.REGISTERED, legal_basis=REGULATION,
                  extension=Extension(2, MONTH, text("the Commission"), most_total=4)),
            Clock("begin", text(), 6, MONTH, Event.REGISTERED, Event.OPENED, legal_basis=REGULATION),
            collecting(12, MONTH, REGULATION),
            Clock("verification", text(), 3, MONTH, Event.HANDED_OVER, Event.VERIFIED, legal_basis=REGULATION),
        ),
        channels=(Channel(ChannelKind.EID, Assurance.SUBSTANTIAL), Channel(ChannelKind.PAPER, Assurance.SUBSTANTIAL)),
        min_assurance=Assurance.SUBSTANTIAL,
        residents_only=False,
        committee=Committee(7, territories_min=7, legal_basis=REGULATION),
    )  # fmt: skip


EUROPEAN = (
    initiative("1", date(2020, 2, 1), SEATS_705),
    initiative("2", date(2024, 7, 16), SEATS_720),
)

DIRECT_PARTICIPATION = LegalBasis(text("Закон за пряко участие на гражданите"), "44, 45")

BULGARIAN = Workflow(
    name="initiative-bg",
    version="1",
    title=text(),
    summary=text(),
    legal_basis=DIRECT_PARTICIPATION,
    valid_from=date(2009, 1, 1),
    # the act as found names no number: the committee's decision does
    thresholds=(Threshold("handed_in", FromSetting("signatures"), text()),),
    clocks=(collecting(FromSetting("months"), MONTH),),
    settings=(
        Setting("signatures", text(), text(), SettingKind.INT, minimum=1, maximum=10_000_000),
        Setting("months", text(), text(), SettingKind.INT, minimum=1, maximum=12),
    ),
    channels=(Channel(ChannelKind.PAPER, Assurance.HIGH), Channel(ChannelKind.EID, Assurance.HIGH)),
    min_assurance=Assurance.HIGH,
    committee=Committee(3, 7, protocol=True, legal_basis=DIRECT_PARTICIPATION),
)

APPEALS = LegalBasis(text("Law of Ukraine 393/96-ВР"), "20")

COMPLAINING = Workflow(
    name="petition-complaints",
    version="1",
    title=text(),
    summary=text(),
    legal_basis=UKRAINE,
    valid_from=date(2026, 1, 1),
    thresholds=(Threshold("answer", 100, text(), legal_basis=UKRAINE),),
    clocks=(
        collecting(60, legal_basis=UKRAINE),
        Clock("check", text(), 2, DAY, Event.SUBMITTED, Event.OPENED, legal_basis=UKRAINE),
        Clock("complaint", text(), 1, MONTH, Event.COMPLAINT_MADE, Event.COMPLAINT_DECIDED, legal_basis=APPEALS,
              extension=Extension(15, DAY, text("the head of the body"), most_total=45)),
    ),
    moderation=Moderation("check", (Reason("hatred", text(), text()),), UKRAINE),
    complaint=Complaint(text("the council"), "complaint", APPEALS),
)  # fmt: skip
"""A local petition with a complaint against a rejection, decided like any appeal."""
