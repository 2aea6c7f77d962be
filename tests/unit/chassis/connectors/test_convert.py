"""Every value of the SDK survives the way into a message and back, and what is no such value is refused."""

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from google.protobuf.message import Message
from hypothesis import given, settings
from hypothesis import strategies as st
from viche.connectors.v1 import connectors_pb2, errors_pb2, specs_pb2, values_pb2

from viche_chassis.connectors import convert
from viche_sdk.connectors import types
from viche_sdk.connectors.connector import Connector
from viche_sdk.connectors.types import (
    ERRORS,
    Account,
    AccountInfo,
    Author,
    Capability,
    ConnectorSpec,
    Cost,
    Field,
    Idempotency,
    InboxItem,
    InboxKind,
    Jurisdiction,
    Limits,
    Localized,
    Metric,
    MetricName,
    OAuth,
    OutcomeUnknown,
    Page,
    Pending,
    Post,
    Published,
    Rate,
    TextLimit,
)

STAY = {"Answer", "Context", "Secret", "ConnectorError"}
"""What one call has in the process that runs it, and the class of which all errors are."""
ALL = {name: getattr(types, name) for name in sorted(types.__all__) if is_dataclass(getattr(types, name))}
VALUES = [kind for name, kind in ALL.items() if name not in STAY]
ZONES = [UTC, ZoneInfo("Europe/Kyiv"), ZoneInfo("America/St_Johns"), timezone(timedelta(hours=-3, minutes=-30))]

FIRST, LAST = datetime(1970, 1, 2), datetime(2200, 1, 1)  # noqa: DTZ001 (hypothesis adds the zone)

# NUL does not come back (no database takes it), and halves of characters stand in no message
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
st.register_type_strategy(str, TEXT)
st.register_type_strategy(
    datetime,
    st.datetimes(FIRST, LAST, timezones=st.sampled_from(ZONES), allow_imaginary=False),
)
st.register_type_strategy(int, st.integers(-(2**63), 2**63 - 1))
st.register_type_strategy(float, st.floats(allow_nan=False))
st.register_type_strategy(Decimal, st.decimals(allow_nan=False, allow_infinity=False))
st.register_type_strategy(
    Localized, st.dictionaries(st.sampled_from(["en", "uk", "sr-Latn"]), TEXT, min_size=1).map(Localized.of)
)
VALUES_BY_NAME = st.dictionaries(TEXT, TEXT)
st.register_type_strategy(Account, st.builds(Account, TEXT, TEXT, VALUES_BY_NAME))
st.register_type_strategy(
    ConnectorSpec,
    st.builds(
        ConnectorSpec,
        name=st.just("example"),
        platform=TEXT,
        title=TEXT,
        description=st.from_type(Localized),
        rates=st.from_type(tuple[Rate, ...]),
        costs=st.from_type(tuple[Cost, ...]),
        jurisdictions=st.from_type(tuple[Jurisdiction, ...]),
        webhook_headers=st.from_type(tuple[str, ...]),
        docs_url=TEXT,
        version=TEXT,
        connector=st.just(Connector),
        capabilities=st.just(frozenset({Capability.PUBLISH_TEXT, Capability.REPLY})),
        limits=st.builds(Limits, text=..., caption=..., images=st.none(), videos=st.none(), poll=st.none()),
        hosts=st.just(frozenset({"api.example.org", "*.example.net"})),
        fields=st.one_of(st.just(()), st.from_type(Field).map(lambda field: (field,))),
        absent=st.one_of(st.just(()), st.from_type(Localized).map(lambda reason: ((Capability.POLL, reason),))),
        oauth=st.one_of(st.none(), st.from_type(OAuth)),
        api=st.integers(0, 9),
        idempotency=st.sampled_from(Idempotency),
    ),
)


def message_of(kind: type) -> Message:
    for module in (values_pb2, specs_pb2, errors_pb2):
        if hasattr(module, kind.__name__):
            return getattr(module, kind.__name__)()
    raise AssertionError(f"no message {kind.__name__}")


@pytest.mark.parametrize("kind", VALUES)
def test_a_message_has_the_fields_of_its_value(kind: type) -> None:
    travelling = {field.name for field in fields(kind)} - convert.LEFT_OUT.get(kind, frozenset())

    assert {field.name for field in message_of(kind).DESCRIPTOR.fields} == travelling


@pytest.mark.parametrize("kind", [each for each in VALUES if each not in ERRORS and each is not Page])
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_value_comes_back_the_same(kind: type, data: st.DataObject) -> None:
    value = data.draw(st.from_type(kind))
    message = message_of(kind)

    convert.write(kind, value, message)

    assert convert.read(kind, type(message).FromString(message.SerializeToString())) == value


@settings(max_examples=15, deadline=None)
@given(items=st.lists(st.from_type(InboxItem)).map(tuple), cursor=TEXT, has_more=st.booleans())
def test_a_page_comes_back_the_same(items: tuple[InboxItem, ...], cursor: str, has_more: bool) -> None:
    message = values_pb2.Page()

    convert.write(Page[InboxItem], Page(items, cursor, has_more), message)

    assert convert.read(Page[InboxItem], message) == Page(items, cursor, has_more)


@pytest.mark.parametrize("kind", ERRORS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_every_field_of_an_error_comes_back(kind: type, data: st.DataObject) -> None:
    error = data.draw(st.from_type(kind))
    message = errors_pb2.Error()

    convert.write_error(error, message)
    found = convert.read_error(errors_pb2.Error.FromString(message.SerializeToString()))

    assert type(found) is kind
    assert vars(found) == vars(error)


def test_every_kind_of_error_has_a_message() -> None:
    assert {field.message_type.name for field in errors_pb2.Error.DESCRIPTOR.fields} == {e.__name__ for e in ERRORS}


AUTHOR = Author("7")


@pytest.mark.parametrize(
    ("hint", "value"),
    [
        (Published, None),
        (Published, "https://example.org/1"),
        (Published, Pending("x")),
        (Published, Published(5)),  # pyright: ignore
        (Published, Published(b"5")),  # pyright: ignore
        (Published, Published("\ud800")),
        (Pending, Pending("x", True)),
        (Pending, Pending("x", "5")),  # pyright: ignore
        (Metric, Metric(MetricName.FOLLOWERS, 2**63)),
        (Metric, Metric(MetricName.FOLLOWERS, 1.5)),  # pyright: ignore
        (Metric, Metric("fame", 1)),  # pyright: ignore
        (AccountInfo, AccountInfo("1", "a", "A", "", ["reply"])),  # pyright: ignore
        (Page[InboxItem], Page(("one",), "")),
        (Page[InboxItem], Page("one", "")),  # pyright: ignore
        (InboxItem, InboxItem("1", InboxKind.COMMENT, "1", "", AUTHOR, datetime(2026, 1, 1))),  # noqa: DTZ001
        (InboxItem, InboxItem("1", InboxKind.COMMENT, "1", "", None, datetime(2026, 1, 1, tzinfo=UTC))),  # pyright: ignore
        (tuple[Metric, ...], None),
        (tuple[Metric, ...], [Metric(MetricName.FOLLOWERS, 1), None]),
    ],
)
def test_what_is_no_such_value_is_refused(hint: Any, value: Any) -> None:
    generic = {Page[InboxItem]: values_pb2.Page, tuple[Metric, ...]: connectors_pb2.Metrics}
    message = generic[hint]() if hint in generic else message_of(hint)

    with pytest.raises(convert.NotConvertible):
        convert.write(hint, value, message)


def test_a_word_that_the_sdk_does_not_know_is_refused() -> None:
    with pytest.raises(convert.NotConvertible):
        convert.read(TextLimit, values_pb2.TextLimit(most=5, unit="runes"))
    with pytest.raises(convert.NotConvertible):
        convert.read_error(errors_pb2.Error())


def test_a_list_may_stand_for_a_tuple() -> None:
    message = values_pb2.Post()

    convert.write(Post, Post("text", "uk", media=[]), message)  # pyright: ignore[reportArgumentType]

    assert convert.read(Post, message) == Post("text", "uk")


def test_nul_becomes_a_character_that_can_be_kept() -> None:
    message = values_pb2.InboxItem()
    convert.write(Published, Published("a\0b", "\0"), published := values_pb2.Published())
    convert.write_error(OutcomeUnknown("c\0d"), error := errors_pb2.Error())
    convert.write(InboxItem, InboxItem("1", InboxKind.COMMENT, "t", "e\0f", Author("2"), datetime.now(UTC)), message)

    assert convert.read(Published, published) == Published("a\ufffdb", "\ufffd")
    assert convert.read_error(error).detail == "c\ufffdd"
    assert convert.read(InboxItem, message).text == "e\ufffdf"
