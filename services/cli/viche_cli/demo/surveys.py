"""Surveys of the demo and their answers, through the calls that portal and console make."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from viche.identity.v1 import identity_pb2 as identity
from viche.identity.v1 import partners_pb2 as partners
from viche.surveys.v1 import answers_pb2 as answers
from viche.surveys.v1 import surveys_pb2 as pb

from viche_cli.demo.calls import Stubs, batches, call, request_id
from viche_cli.demo.life import OFFICER
from viche_cli.demo.people import NAMED, DemoPerson
from viche_cli.demo.questions import LIBRARY, ROADS, SQUARE
from viche_cli.demo.region import KALYNOVE, SONIACHNE, VERBIV
from viche_cli.faults import Fault
from viche_surveys.definitions import written
from viche_surveys.domain.definition import Definition
from viche_surveys.ready import ready_surveys

SEED = 1996
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DemoSurvey:
    """A survey: whose, what it asks, how many answer and what they say."""

    key: str
    authority: str
    definition: Definition
    settings: Mapping[str, Any]
    answers: int = 0
    answer: Callable[[random.Random], Answer] = lambda _: {}
    is_closed: bool = False


def _library(chance: random.Random) -> Answer:
    visits = chance.choices(("weekly", "monthly", "rarely", "never"), (14, 31, 38, 17))[0]
    rooms = chance.sample(("quiet", "children", "computers", "cafe", "workshop"), chance.randint(1, 3))
    books = max(0, round(chance.gauss(9, 6)))
    answer: Answer = {
        "visits": visits,
        "books": {"dont_know": True} if chance.random() < 0.12 else books,
        "rooms": rooms if chance.random() < 0.94 else ["none"],
        "hours": {
            "workdays": chance.choices(("morning", "day", "evening"), (1, 2, 4))[0],
            "saturday": chance.choices(("morning", "day", "evening"), (3, 5, 2))[0],
            "sunday": chance.choices(("morning", "day", "evening"), (1, 4, 2))[0],
        },
        "first": sorted(
            ("roof", "ramp", "garden"), key=lambda one: chance.random() + "ramp roof garden".index(one) / 18
        ),
        "worth": chance.choices(range(1, 8), (1, 2, 4, 8, 14, 20, 17))[0],
        "age": chance.choices(("u18", "18_34", "35_59", "60"), (11, 29, 38, 22))[0],
        "place": chance.choices((VERBIV, KALYNOVE, SONIACHNE), (6, 3, 1))[0],
    }
    if visits == "never":
        answer["why_never"] = chance.choice(("Далеко", "Працюю, коли вона відчинена", "Читаю з телефона"))
    if chance.random() < 0.25:
        answer["idea"] = chance.choice(
            ("Більше розеток", "Широкі підвіконня", "A place to leave a pram", "Тихо до дев’ятої")
        )
    return answer


def _roads(chance: random.Random) -> Answer:
    ways = [
        way for way, share in (("foot", 0.8), ("bicycle", 0.35), ("bus", 0.45), ("car", 0.4)) if chance.random() < share
    ]
    state: object = chance.choices(("1", "2", "3", "4", "5"), (21, 34, 25, 14, 6))[0]
    answer: Answer = {
        "state": {"dont_know": True} if chance.random() < 0.05 else state,
        "street": chance.choices(("school", "mill", "river", "station"), (46, 27, 18, 9))[0],
        "age": chance.choices(("u18", "18_34", "35_59", "60"), (6, 27, 43, 24))[0],
    }
    return answer | ({"way": ways} if ways else {})


def _square(chance: random.Random) -> Answer:
    return {"square": chance.choices(("lime", "assembly", "masters"), (5, 4, 2))[0]}


SURVEYS = (
    DemoSurvey("library", "dibrova", LIBRARY, {"needs_human_check": False}, 320, _library),
    DemoSurvey("roads", "dibrova", ROADS, {}, 214, _roads, is_closed=True),
    DemoSurvey("square", "verbiv", SQUARE, {"admission": pb.ADMISSION_PERSON, "assurance": "email"}, 64, _square),
    DemoSurvey("feedback", "dibrova", ready_surveys()["feedback"].definition, {"results": pb.RESULTS_VISIBILITY_NEVER}),
)


def load_surveys(
    stubs: Stubs, authorities: Mapping[str, str], people: Sequence[DemoPerson], tokens: Mapping[str, str]
) -> list[pb.Survey]:
    """Makes, opens and answers them; doing it again adds what is missing. Raises Fault."""
    return [_load(stubs, demo, authorities[demo.authority], people, tokens) for demo in SURVEYS]


def _load(
    stubs: Stubs, demo: DemoSurvey, authority_id: str, people: Sequence[DemoPerson], tokens: Mapping[str, str]
) -> pb.Survey:
    officer = tokens[OFFICER]
    settings = pb.SurveySettings(**{"is_listed": True, "needs_human_check": True, **demo.settings})
    request = pb.CreateSurveyRequest(
        request_id=request_id(demo.key, "survey"), authority_id=authority_id,
        definition_json=written(demo.definition), settings=settings,
    )  # fmt: skip
    made = call(stubs.surveys.CreateSurvey, request, officer).survey
    opening = pb.OpenSurveyRequest(request_id=request_id(demo.key, "open survey"), survey_id=made.id)
    survey = call(stubs.surveys.OpenSurvey, opening, officer).survey
    for batch in batches(_items(stubs, demo, survey, people, tokens)):
        results = call(
            stubs.survey_answers.BatchCreateResponses, answers.BatchCreateResponsesRequest(items=batch)
        ).results
        for result in results:
            if result.status.code:
                raise Fault(f"The demo could not be loaded: {demo.key}: {result.status.message}.")
    if demo.is_closed:
        closing = pb.CloseSurveyRequest(request_id=request_id(demo.key, "close survey"), survey_id=made.id)
        survey = call(stubs.surveys.CloseSurvey, closing, officer).survey
    return survey


def _items(
    stubs: Stubs, demo: DemoSurvey, survey: pb.Survey, people: Sequence[DemoPerson], tokens: Mapping[str, str]
) -> Iterator[answers.ResponseItem]:
    chance = random.Random(f"{SEED}/{demo.key}")  # noqa: S311 (a demo that is the same each time)
    given = [demo.answer(chance) for _ in range(demo.answers)]
    shown = _scope_tokens(stubs, demo, survey, people, tokens) if "admission" in demo.settings else [""] * len(given)
    for place, (answer, scope_token) in enumerate(zip(given, shown, strict=False)):
        yield answers.ResponseItem(
            request_id=request_id(demo.key, "answer", str(place)), number=survey.number,
            answers_json=json.dumps(answer), respondent=answers.Respondent(scope_token=scope_token), language="uk",
        )  # fmt: skip


def _scope_tokens(
    stubs: Stubs, demo: DemoSurvey, survey: pb.Survey, people: Sequence[DemoPerson], tokens: Mapping[str, str]
) -> list[str]:
    """Of people who are not named: these stay free to answer by hand."""
    able = [one for one in people[len(NAMED) :] if one.residence == VERBIV][: demo.answers]
    request = identity.BatchCreateScopeTokensRequest(
        items=[
            identity.ScopeTokenItem(access_token=tokens[one.email], audience="surveys", scope=f"survey:{survey.id}")
            for one in able
        ]
    )
    return [each.scope_token for each in call(stubs.scope_tokens.BatchCreateScopeTokens, request).results]


def register_partner(stubs: Stubs, authority_id: str, origin: str, tokens: Mapping[str, str]) -> None:
    """Lets the page that plays a partner's portal show what the demo has."""
    request = partners.CreatePartnerRequest(
        request_id=request_id("partner", origin), authority_id=authority_id, title="Школа Вербова", origins=[origin]
    )
    call(stubs.partners.CreatePartner, request, tokens[OFFICER])
