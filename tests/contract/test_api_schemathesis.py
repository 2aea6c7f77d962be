"""Whatever is sent to the API, it answers as its OpenAPI document says, and never with 500.

Over doubles of the services: the document, the reading of requests and the shapes of answers are what is tested here.
"""

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema as OpenApiSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from viche.surveys.v1 import answers_pb2

from viche_gateway.api import BASE
from viche_gateway.testing import COUNCIL, World, make_world
from viche_gateway.testing.results import cell, results, single
from viche_gateway.testing.surveys import question

TREES = question(answers_pb2.QUESTION_KIND_TEXT, "trees", max_length=200)
PARK = question(answers_pb2.QUESTION_KIND_SINGLE, "park", "benches", "lamps", is_required=True)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]


def make_schema(world: World) -> OpenApiSchema:
    """The document of an API over ``world``, loaded from the application itself."""
    for number in (1, 2, 3):
        world.petitions.add(number=number)
        world.surveys.add([TREES], [PARK], number=number)
        world.results.public[number] = results(world.surveys, number, single("park", cell("benches", 50, 0.25)))
    return schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", world.app(rate_factor=1e6))


# tests are made from the document, so it has to be there when they are collected
WORLD = make_world()
schema = make_schema(WORLD)


SLOW_AND_PICKY = [HealthCheck.too_slow, HealthCheck.filter_too_much]


@schema.parametrize()
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=SLOW_AND_PICKY)
def test_answers_are_as_described(case: Case) -> None:
    WORLD.identity.add_person("otto", COUNCIL)  # again: one of the operations signs out
    case.call_and_validate(headers={"Authorization": "Bearer otto"}, checks=CHECKS)
