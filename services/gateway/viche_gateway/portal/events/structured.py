"""An event as data within its page (schema.org, JSON-LD), for search engines and calendars."""

from datetime import UTC
from typing import Any

from flask import url_for
from viche.social.v1 import public_events_pb2 as pb

from viche_gateway.branding.current import address_of
from viche_gateway.portal.events import saying
from viche_gateway.regions import authority_name, authority_slug

_SCHEMA = "https://schema.org"
Data = dict[str, Any]


def of(event: pb.PublicEvent) -> Data:
    """The event in schema.org's words; what is not known is left out."""
    home = address_of(event.authority_id)
    slug = authority_slug(event.authority_id)
    data: Data = {
        "@context": _SCHEMA,
        "@type": "Event",
        "name": saying.words(event.title),
        "description": saying.words(event.summary),
        "url": home + url_for("portal.event", number=event.number),
        "startDate": saying.local(event.starts_at, event.time_zone).isoformat(),
        "endDate": saying.local(event.ends_at, event.time_zone).isoformat() if event.HasField("ends_at") else "",
        "eventStatus": f"{_SCHEMA}/Event{'Cancelled' if saying.is_cancelled(event) else 'Scheduled'}",
        "eventAttendanceMode": f"{_SCHEMA}/{_mode(event)}EventAttendanceMode",
        "location": _locations(event, home + url_for("portal.event", number=event.number)),
        "organizer": {
            "@type": "GovernmentOrganization",
            "name": authority_name(event.authority_id),
            "url": home + url_for("portal.authority", authority=slug),
        },
        "isAccessibleForFree": True,
        "maximumAttendeeCapacity": event.capacity or "",
        "remainingAttendeeCapacity": event.places_left if event.HasField("places_left") else "",
        "dateModified": event.changed_at.ToDatetime(tzinfo=UTC).isoformat() if event.HasField("changed_at") else "",
    }
    return {name: value for name, value in data.items() if value not in ("", [])}


def _mode(event: pb.PublicEvent) -> str:
    if not event.is_online:
        return "Offline"
    return "Mixed" if event.HasField("place") else "Online"


def _locations(event: pb.PublicEvent, page: str) -> list[Data]:
    found: list[Data] = []
    if event.HasField("place"):
        place: Data = {"@type": "Place", "name": saying.words(event.place.title)}
        place["address"] = saying.words(event.place.address)
        if event.place.HasField("latitude"):
            place["geo"] = {
                "@type": "GeoCoordinates", "latitude": event.place.latitude, "longitude": event.place.longitude,
            }  # fmt: skip
        found.append({name: value for name, value in place.items() if value})
    if event.is_online:
        found.append({"@type": "VirtualLocation", "url": event.online_url or page})
    return found
