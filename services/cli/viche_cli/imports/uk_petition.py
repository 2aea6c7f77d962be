"""One petition of the UK Parliament with all that its site says of it: JSON, as at petition.parliament.uk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any

from viche.petitions.v1 import archive_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from viche_cli.imports import rows
from viche_cli.imports.content import Content
from viche_cli.imports.rows import Bad, Found
from viche_cli.imports.uk_list import LICENCE, SOURCE

NAME = "uk-petition"
TITLE = "one petition of the UK Parliament's site (JSON)"
STATES = ("open", "closed", "rejected", "stopped", "hidden", "published")
# what the site dates, by the name of the step here
STAGES = {
    "moderation_threshold_reached_at": "moderation_threshold_reached",
    "open_at": "opened",
    "opened_at": "opened",
    "response_threshold_reached_at": "response_threshold_reached",
    "government_response_at": "government_response",
    "debate_threshold_reached_at": "debate_threshold_reached",
    "debate_outcome_at": "debate_outcome",
    "closed_at": "closed",
    "rejected_at": "rejected",
}
# what the site divides its signatures by: the field with the list, and that with the code
TERRITORIES = {
    "country": ("signatures_by_country", "code"),
    "region": ("signatures_by_region", "ons_code"),
    "constituency": ("signatures_by_constituency", "ons_code"),
}


def fits(content: Content) -> bool:
    """Whether the file looks like one."""
    document = content.document if content.is_json else None
    data = document.get("data") if isinstance(document, dict) else None
    return isinstance(data, dict) and "attributes" in data


def read(content: Content) -> Found:
    """The petition of a file. Raises Fault when it is not JSON."""
    return rows.collect(rows.numbered([content.must_be_json()]), _item)


def _item(raw: Any) -> pb.ImportItem:
    document = rows.must_be_object(raw)
    data = _part(document, "data")
    given = _part(data, "attributes")
    number = rows.public_number(data.get("id"), "data.id")
    item = pb.ImportItem(
        source_key=f"uk-parliament/{number}",
        source_name=SOURCE,
        source_licence=LICENCE,
        language="en",
        number=number,
        source_url=_address(document),
        title=rows.title(given.get("action"), "action"),
        background=rows.plain(rows.optional_text(given.get("background"), "background"), "background"),
        details=rows.plain(
            rows.optional_text(given.get("additional_details"), "additional_details"), "additional_details"
        ),
        author_name=rows.optional_text(given.get("creator_name"), "creator_name"),
        source_state=_state(given.get("state")),
        signature_count=rows.count(given.get("signature_count"), "signature_count"),
        source=_facts(given),
        territories=_territories(given),
    )
    _date(item, given)
    return item


def _part(raw: dict[str, Any], name: str) -> dict[str, Any]:
    found = raw.get(name)
    if not isinstance(found, dict):
        raise Bad(f"{name} is {rows.shown(found)} and not an object")
    return found


def _list(raw: dict[str, Any], name: str) -> list[Any]:
    found = raw.get(name) or []
    if not isinstance(found, list):
        raise Bad(f"{name} is {rows.shown(found)} and not a list")
    return found


def _address(document: dict[str, Any]) -> str:
    links = document.get("links")
    own = links.get("self") if isinstance(links, dict) else None
    return rows.address(own, "links.self").removesuffix(".json") if own else ""


def _state(value: Any) -> str:
    if value not in STATES:
        raise Bad(f"state is {rows.shown(value)} and none of {', '.join(STATES)}")
    return value


def _date(item: pb.ImportItem, given: dict[str, Any]) -> None:
    item.created_at.FromDatetime(rows.instant(given.get("created_at"), "created_at"))
    if opened := given.get("opened_at") or given.get("open_at"):
        item.opened_at.FromDatetime(rows.instant(opened, "opened_at"))
    if closed := given.get("closed_at"):
        item.closes_at.FromDatetime(rows.instant(closed, "closed_at"))


def _facts(given: dict[str, Any]) -> archive_pb2.SourceFacts:
    topics = [rows.text(topic, "topics") for topic in _list(given, "topics")]
    facts = archive_pb2.SourceFacts(stages=_stages(given), topics=topics)
    if updated := given.get("updated_at"):
        facts.updated_at.FromDatetime(rows.instant(updated, "updated_at"))
    if given.get("government_response"):
        facts.response.CopyFrom(_response(_part(given, "government_response")))
    if given.get("debate"):
        facts.debate.CopyFrom(_debate(_part(given, "debate")))
    if given.get("rejection"):
        rejection = _part(given, "rejection")
        facts.rejection.code = rows.optional_text(rejection.get("code"), "rejection.code")
        facts.rejection.details = rows.optional_text(rejection.get("details"), "rejection.details")
    return facts


def _stages(given: dict[str, Any]) -> list[archive_pb2.SourceStage]:
    found: dict[str, tuple[datetime, archive_pb2.SourceStage]] = {}
    for field, event in STAGES.items():
        if value := given.get(field):
            at = rows.instant(value, field)
            found[event] = (at, archive_pb2.SourceStage(event=event))
            found[event][1].at.FromDatetime(at)
    if debate := given.get("scheduled_debate_date"):
        day = rows.day(debate, "scheduled_debate_date")
        stage = archive_pb2.SourceStage(event="scheduled_debate", day=day.isoformat())
        found["scheduled_debate"] = (datetime.combine(day, time.min, UTC), stage)
    return [stage for _, stage in sorted(found.values(), key=lambda dated: dated[0])]


def _response(given: dict[str, Any]) -> archive_pb2.SourceResponse:
    found = archive_pb2.SourceResponse(
        summary=rows.optional_text(given.get("summary"), "government_response.summary"),
        details=rows.optional_text(given.get("details"), "government_response.details"),
        responded_on=_optional_day(given, "responded_on"),
    )
    if created := given.get("created_at"):
        found.created_at.FromDatetime(rows.instant(created, "government_response.created_at"))
    if updated := given.get("updated_at"):
        found.updated_at.FromDatetime(rows.instant(updated, "government_response.updated_at"))
    return found


def _debate(given: dict[str, Any]) -> archive_pb2.SourceDebate:
    addresses = {
        name: rows.optional_text(given.get(name), f"debate.{name}")
        for name in ("transcript_url", "video_url", "debate_pack_url")
    }
    overview = rows.optional_text(given.get("overview"), "debate.overview")
    return archive_pb2.SourceDebate(overview=overview, debated_on=_optional_day(given, "debated_on"), **addresses)


def _optional_day(given: dict[str, Any], name: str) -> str:
    return rows.day(given[name], name).isoformat() if given.get(name) else ""


def _territories(given: dict[str, Any]) -> Iterator[archive_pb2.StatedTerritory]:
    for kind, (field, code) in TERRITORIES.items():
        for place, raw in enumerate(_list(given, field), start=1):
            where = f"{field}, {place}:"
            territory = rows.must_be_object(raw)
            yield archive_pb2.StatedTerritory(
                kind=kind,
                code=rows.text(territory.get(code), f"{where} {code}"),
                territory_name=rows.text(territory.get("name"), f"{where} name"),
                representative=rows.optional_text(territory.get("mp"), f"{where} mp"),
                signature_count=rows.count(territory.get("signature_count"), f"{where} signature_count"),
            )
