"""Errors keep code, reason, values and fields on their way over the wire."""

from google.rpc import status_pb2

from viche_chassis.errors import Code, DomainError, InvalidFields, TooManyRequests, invalid
from viche_chassis.status import from_status, to_status


def test_reason_and_values_survive_the_wire() -> None:
    received = from_status(to_status(TooManyRequests(retry_after_s=60)))
    assert (received.code, received.reason, received.values) == (
        Code.RESOURCE_EXHAUSTED,
        "TOO_MANY_REQUESTS",
        {"retry_after_s": "60"},
    )


def test_every_violated_field_survives_the_wire() -> None:
    sent = InvalidFields(invalid("title", "TOO_SHORT", minimum=10, given="a=b"), invalid("name", "REQUIRED"))
    received = from_status(to_status(sent))
    assert isinstance(received, InvalidFields)
    assert received.violations == sent.violations


class BadThing(InvalidFields):
    """Fields that are wrong in a way that has a name."""

    reason = "BAD_THING"


def test_why_fields_are_refused_survives_the_wire() -> None:
    received = from_status(to_status(BadThing(invalid("title", "REQUIRED"))))
    assert isinstance(received, InvalidFields)
    assert (received.reason, received.code) == ("BAD_THING", Code.INVALID_ARGUMENT)


def test_no_more_violations_travel_than_a_trailer_carries() -> None:
    sent = InvalidFields(*(invalid(f"field{number}", "TOO_LONG", given="x" * 100) for number in range(1_000)))
    received = from_status(to_status(sent))
    assert isinstance(received, InvalidFields)
    assert 10 < len(received.violations) < 100
    assert received.violations == sent.violations[: len(received.violations)]
    assert to_status(sent).ByteSize() < 5_000


def test_a_violation_travels_without_values_that_are_too_long() -> None:
    received = from_status(to_status(InvalidFields(invalid("field", "TOO_LONG", given="x" * 10_000))))
    assert isinstance(received, InvalidFields)
    assert received.violations == (invalid("field", "TOO_LONG"),)


def test_a_status_without_details_keeps_its_code() -> None:
    received = from_status(status_pb2.Status(code=5, message="gone"))
    assert (received.code, received.reason) == (Code.NOT_FOUND, "gone")


def test_an_error_names_its_reason_and_values() -> None:
    assert str(TooManyRequests(retry_after_s=3)) == "TOO_MANY_REQUESTS {'retry_after_s': '3'}"
    assert issubclass(TooManyRequests, DomainError)
