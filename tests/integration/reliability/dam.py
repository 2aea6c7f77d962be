"""The whole under test: the suite, a region in it, the ledger outside of it, and how the two are held together."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.integration.reliability import store, survey_store
from tests.integration.reliability.answer_checker import check_answers
from tests.integration.reliability.checker import ALREADY_SIGNED, Finding, check
from tests.integration.reliability.facts import Facts, PetitionFacts, SurveyFacts
from tests.integration.reliability.faults import PATIENCE_S, SERVICES
from tests.integration.reliability.ledger import Entry, Ledger
from tests.integration.reliability.post_office import PostOffice
from tests.integration.reliability.region import OpenPetition, Region, region
from tests.integration.reliability.surveys import K, OpenSurvey, Surveys
from tests.suite import Suite
from viche_cli import instance
from viche_cli.infra import process

SETTINGS = {
    "VICHE_RATE_FACTOR": "100000",  # limits stay on, but everybody comes from one address here
    "VICHE_IDENTITY_ALLOW_DIRECT_SESSIONS": "true",
}
# counts that moved while a service was killed are looked for once a minute, and pages may be some seconds old
CAUGHT_UP_WITHIN_S = 90.0


@dataclass(slots=True)
class Dam:
    """Everything that a fault test needs."""

    suite: Suite
    region: Region
    ledger: Ledger
    post_office: PostOffice
    surveys: Surveys
    # of answers, so that waiting for signatures waits for signatures
    answer_ledger: Ledger
    petitions: list[OpenPetition] = field(default_factory=list)

    def open_petition(self, title: str, threshold: int | None = None) -> OpenPetition:
        """A petition of an author of its own."""
        author = self.region.people(f"author{len(self.petitions)}-", 1)[0]
        opened = self.region.open_petition(title, author, *([threshold] if threshold else []))
        self.petitions.append(opened)
        return opened

    def entries(self, petitions: Sequence[OpenPetition]) -> list[Entry]:
        """What the ledger says of these petitions."""
        return self.ledger.entries(petition.id for petition in petitions)

    def database(self, service: str) -> store.Connection:
        """A connection as the superuser, past the service. Use it in a with block."""
        url = self.suite.details()["postgres_url"].rpartition("/")[0]
        return psycopg.connect(f"{url}/viche_{service}")

    def await_quiet(self, petitions: Sequence[OpenPetition]) -> None:
        """Waits until events have gone out and everything that is published has caught up. Gives up in silence: the
        checker says what is missing.
        """
        process.wait_until(lambda: self._waiting() == 0, PATIENCE_S)
        deadline_s = time.monotonic() + CAUGHT_UP_WITHIN_S
        while time.monotonic() < deadline_s:
            if all(self._agrees(petition) for petition in petitions):
                return
            time.sleep(0.5)

    def facts(self, petitions: Sequence[OpenPetition]) -> Facts:
        """Everything that the suite holds of these petitions."""
        found = tuple(self.petition_facts(petition) for petition in petitions)
        return Facts(found, *self._events())

    def petition_facts(self, petition: OpenPetition) -> PetitionFacts:
        """One petition, from all who say something of it."""
        published = self.region.counts(petition) | self._pages(petition)
        with self.database("petitions") as conn:
            return store.petition(conn, petition.id, published)

    def findings(self, petitions: Sequence[OpenPetition], *also_refused: str) -> list[Finding]:
        """Waits for quiet, then holds the ledger against everything."""
        self.await_quiet(petitions)
        may_refuse = frozenset({ALREADY_SIGNED, *also_refused})
        return check(self.entries(petitions), self.facts(petitions), may_refuse)

    def survey_facts(self, survey: OpenSurvey) -> SurveyFacts:
        """One survey, from all who say something of it."""
        counted, published = self.surveys.counted(survey), self.surveys.published(survey)
        with self.database("surveys") as conn:
            return survey_store.survey(conn, survey, counted, published)

    def answer_entries(self, surveys: Sequence[OpenSurvey]) -> list[Entry]:
        """What the ledger says of these surveys."""
        return self.answer_ledger.entries(survey.id for survey in surveys)

    def answer_facts(self, surveys: Sequence[OpenSurvey]) -> Facts:
        """Everything that the suite holds of these surveys."""
        found = tuple(self.survey_facts(survey) for survey in surveys)
        return Facts((), *self._events(), found)

    def answer_findings(self, surveys: Sequence[OpenSurvey]) -> list[Finding]:
        """Waits for quiet, then holds the ledger of answers against everything."""
        process.wait_until(lambda: self._waiting() == 0, PATIENCE_S)
        process.wait_until(lambda: all(self._is_published(survey) for survey in surveys), CAUGHT_UP_WITHIN_S)
        return check_answers(self.answer_entries(surveys), self.answer_facts(surveys))

    def _events(self) -> tuple[dict[str, int], dict[str, int]]:
        """Events that wait, and dead ones, by service. One that was just written gets its time to go out."""
        deadline_s = time.monotonic() + PATIENCE_S
        while any((waiting := self._waiting_by_service()).values()) and time.monotonic() < deadline_s:
            time.sleep(0.1)
        dead: dict[str, int] = {}
        for service in SERVICES:
            with self.database(service) as conn:
                dead[service] = store.dead_letters(conn)
        return waiting, dead

    def _pages(self, petition: OpenPetition) -> dict[str, int]:
        public = self.suite.get(f"/petitions/{petition.number}.json").json()["data"]["attributes"]
        program = self.suite.get(f"/api/v1/petitions/{petition.number}").json()
        return {"petitions.json": public["signature_count"], "api": program["signature_count"]}

    def _waiting(self) -> int:
        return sum(self._waiting_by_service().values())

    def _waiting_by_service(self) -> dict[str, int]:
        waiting: dict[str, int] = {}
        for service in SERVICES:
            with self.database(service) as conn:
                waiting[service] = store.waiting_events(conn)
        return waiting

    def _is_published(self, survey: OpenSurvey) -> bool:
        return self.surveys.counted(survey) - self.surveys.published(survey) < K

    def _agrees(self, petition: OpenPetition) -> bool:
        return len(set(self.petition_facts(petition).counts.values())) == 1


@contextmanager
def dam(folder: Path) -> Iterator[Dam]:
    """A running suite over a folder that every account may enter."""
    with ExitStack() as stack:
        post_office = PostOffice()
        stack.callback(post_office.end)
        post_office.open()
        settings = {**SETTINGS, "VICHE_SMTP_URL": post_office.url}
        suite = Suite(folder / "home", "--no-demo", environment=settings)
        stack.callback(_end, suite)
        suite.start()
        ledger = Ledger(folder / "ledger.jsonl")
        stack.callback(ledger.close)
        answer_ledger = Ledger(folder / "answers.jsonl")
        stack.callback(answer_ledger.close)
        connected = instance.connect(suite.home.path)
        made = stack.enter_context(region(connected))
        surveys = Surveys(made, stack.enter_context(connected.channel_as("gateway", "surveys")))
        yield Dam(suite, made, ledger, post_office, surveys, answer_ledger)


def described(findings: Iterable[Finding]) -> str:
    """For the message of a failed test."""
    return "\n".join(f"{finding.rule.value}: {finding.where}: {finding.detail}" for finding in findings)


def _end(suite: Suite) -> None:
    if suite.process is not None and suite.process.poll() is None:
        suite.stop()
