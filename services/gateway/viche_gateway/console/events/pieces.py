"""The steps of writing an event: what each form shows of a content, and what it makes of one."""

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from math import isfinite

from viche.social.v1 import public_events_pb2 as pb

from viche_gateway import sentences
from viche_gateway.console.events import times
from viche_gateway.console.texts import SEPARATOR, texts_in
from viche_gateway.context import settings
from viche_gateway.forms import Form
from viche_gateway.portal.events.saying import KINDS

STEPS = ("kind", "text", "time", "place", "online", "agenda", "materials", "contact", "registration")
MOST_MATERIALS = 50
MOST_SEATS, MOST_CAPACITY = 20, 100_000
MOST_CONTACT = 300
REMINDERS = (0, 2, 24, 48, 168)
"""Hours before the beginning; 0 stands for none."""

_USUAL_REMINDER = 24
_YES, _NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Read:
    """A content as a form makes it, with what is wrong with the form."""

    content: pb.EventContent
    faults: Mapping[str, str] = field(default_factory=dict[str, str])


def values_of(step: str, content: pb.EventContent) -> dict[str, str]:
    """A content as the values of a step's form."""
    return _SHOWN[step](content)


def changed(step: str, form: Form, content: pb.EventContent) -> Read:
    """A copy of a content with what a step's form says."""
    copy = pb.EventContent()
    copy.CopyFrom(content)
    return Read(copy, _READ[step](form, copy))


def _kind_values(content: pb.EventContent) -> dict[str, str]:
    return {"kind": str(int(content.kind) or "")}


def _kind(form: Form, content: pb.EventContent) -> dict[str, str]:
    known = {str(int(kind)): kind for kind in KINDS}
    if form.value("kind") not in known:
        return {"kind": sentences.sentence("REQUIRED")}
    content.kind = known[form.value("kind")]  # pyright: ignore[reportAttributeAccessIssue]
    return {}


def _text_values(content: pb.EventContent) -> dict[str, str]:
    return {**_shown("title", content.title), **_shown("summary", content.summary)}


def _text(form: Form, content: pb.EventContent) -> dict[str, str]:
    _put(content.title, form, "title")
    _put(content.summary, form, "summary")
    return {}


def _time_values(content: pb.EventContent) -> dict[str, str]:
    day, begins = times.parts(content.starts)
    last_day, ends = times.parts(content.ends)
    return {
        "day": day, "begins": begins, "ends": ends, "last_day": last_day if last_day != day else "",
        "time_zone": content.time_zone or settings().timezone,
    }  # fmt: skip


def _time(form: Form, content: pb.EventContent) -> dict[str, str]:
    day, begins, ends = form.value("day"), form.value("begins"), form.value("ends")
    last_day = form.value("last_day") or day
    faults = times.faults({"day": day, "last_day": form.value("last_day")}, {"begins": begins, "ends": ends})
    if bool(day) != bool(begins):
        faults.setdefault("begins" if day else "day", sentences.sentence("REQUIRED"))
    if form.value("last_day") and not ends:
        faults.setdefault("ends", sentences.sentence("REQUIRED"))
    if ends and not day:
        faults.setdefault("day", sentences.sentence("REQUIRED"))
    content.starts = times.whole(day, begins)
    content.ends = times.whole(last_day, ends)
    content.time_zone = form.value("time_zone")
    return faults


def _place_values(content: pb.EventContent) -> dict[str, str]:
    place, coordinates = content.place, ""
    if place.HasField("latitude") and place.HasField("longitude"):
        coordinates = f"{place.latitude:.6g}, {place.longitude:.6g}"
    texts = {"place": place.title, "address": place.address, "access": place.accessibility}
    values = {"coordinates": coordinates}
    for name, said in texts.items():
        values |= _shown(name, said)
    return values


def _place(form: Form, content: pb.EventContent) -> dict[str, str]:
    place = pb.EventPlace(
        title=texts_in(form, "place"), address=texts_in(form, "address"), accessibility=texts_in(form, "access")
    )
    faults: dict[str, str] = {}
    if written := form.value("coordinates"):
        try:
            place.latitude, place.longitude = (float(each) for each in written.replace(";", ",").split(","))
        except ValueError:
            faults["coordinates"] = sentences.sentence("NOT_COORDINATES")
        if not (isfinite(place.latitude) and isfinite(place.longitude)):
            faults["coordinates"] = sentences.sentence("NOT_COORDINATES")
    content.ClearField("place")
    if place.ByteSize():
        content.place.CopyFrom(place)
    return faults


def _online_values(content: pb.EventContent) -> dict[str, str]:
    return {
        "online_url": content.online_url, "online_for_registered": _YES if content.online_for_registered else "",
    }  # fmt: skip


def _online(form: Form, content: pb.EventContent) -> dict[str, str]:
    content.online_url = form.value("online_url")
    content.online_for_registered = form.value("online_for_registered") == _YES
    return _address_fault("online_url", content.online_url)


def _agenda_values(content: pb.EventContent) -> dict[str, str]:
    return _shown("agenda", content.agenda)


def _agenda(form: Form, content: pb.EventContent) -> dict[str, str]:
    _put(content.agenda, form, "agenda")
    return {}


def _material_values(content: pb.EventContent) -> dict[str, str]:
    values = {"rows": str(min(MOST_MATERIALS, len(content.materials) + 1))}
    for row, each in enumerate(content.materials):
        values |= {f"url_{row}": each.url, **_shown(f"title_{row}", each.title)}
    return values


def _materials(form: Form, content: pb.EventContent) -> dict[str, str]:
    rows = [
        pb.EventMaterial(title=texts_in(form, f"title_{row}"), url=form.value(f"url_{row}"))
        for row in range(MOST_MATERIALS)
    ]
    faults: dict[str, str] = {}
    first = settings().default_language
    for row, each in enumerate(rows):
        if each.url and not each.title:
            faults[f"title_{row}{SEPARATOR}{first}"] = sentences.sentence("REQUIRED")
        faults |= _address_fault(f"url_{row}", each.url)
        if each.title and not each.url:
            faults[f"url_{row}"] = sentences.sentence("REQUIRED")
    content.ClearField("materials")
    content.materials.extend(each for each in rows if each.url or each.title)
    return faults


def _contact_values(content: pb.EventContent) -> dict[str, str]:
    return {"contact": content.contact}


def _contact(form: Form, content: pb.EventContent) -> dict[str, str]:
    content.contact = form.value("contact")
    if len(content.contact) > MOST_CONTACT:
        return {"contact": sentences.sentence("TOO_LONG", {"limit": str(MOST_CONTACT)})}
    return {}


def _registration_values(content: pb.EventContent) -> dict[str, str]:
    rules = content.registration
    until_day, until_hour = times.parts(rules.until)
    is_said = content.HasField("registration")
    return {
        "needed": (_YES if rules.is_needed else _NO) if is_said else "", "until_day": until_day,
        "until_hour": until_hour, "capacity": str(rules.capacity or ""), "waiting": _YES if rules.has_waiting_list else
        "", "most_seats": str(rules.most_seats or 1), "reminder": str(_reminder(content)),
    }  # fmt: skip


def _registration(form: Form, content: pb.EventContent) -> dict[str, str]:
    day, hour = form.value("until_day"), form.value("until_hour")
    if form.value("needed") not in (_YES, _NO):
        return {"needed": sentences.sentence("REQUIRED")}
    faults = times.faults({"until_day": day}, {"until_hour": hour})
    if bool(day) != bool(hour):
        faults.setdefault("until_hour" if day else "until_day", sentences.sentence("REQUIRED"))
    capacity, seats = form.value("capacity") or "0", form.value("most_seats") or "1"
    faults |= _number_fault("capacity", capacity, 0, MOST_CAPACITY)
    faults |= _number_fault("most_seats", seats, 1, MOST_SEATS)
    if faults:
        return faults
    content.registration.CopyFrom(
        pb.EventRegistration(
            is_needed=form.value("needed") == _YES, until=times.whole(day, hour), capacity=int(capacity),
            has_waiting_list=form.value("waiting") == _YES, most_seats=int(seats),
        )
    )  # fmt: skip
    if form.value("reminder") in map(str, REMINDERS) and int(form.value("reminder")) != _reminder(content):
        content.reminder_hours = int(form.value("reminder"))
    return faults


def _reminder(content: pb.EventContent) -> int:
    return content.reminder_hours if content.HasField("reminder_hours") else _USUAL_REMINDER


def _number_fault(name: str, text: str, least: int, most: int) -> dict[str, str]:
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        return {name: sentences.sentence("NOT_A_NUMBER")}
    if not least <= int(text) <= most:
        return {name: sentences.sentence("OUT_OF_RANGE", {"least": str(least), "most": str(most)})}
    return {}


def _address_fault(name: str, url: str) -> dict[str, str]:
    is_web = url.startswith(("https://", "http://")) and not any(map(str.isspace, url))
    return {} if is_web or not url else {name: sentences.sentence("BAD_ADDRESS")}


def _shown(name: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {f"{name}{SEPARATOR}{language}": text for language, text in texts.items()}


def _put(texts: MutableMapping[str, str], form: Form, name: str) -> None:
    texts.clear()
    texts.update(texts_in(form, name))


_READ: Mapping[str, Callable[[Form, pb.EventContent], dict[str, str]]] = {
    "kind": _kind, "text": _text, "time": _time, "place": _place, "online": _online, "agenda": _agenda,
    "materials": _materials, "contact": _contact, "registration": _registration,
}  # fmt: skip
_SHOWN: Mapping[str, Callable[[pb.EventContent], dict[str, str]]] = {
    "kind": _kind_values, "text": _text_values, "time": _time_values, "place": _place_values,
    "online": _online_values, "agenda": _agenda_values, "materials": _material_values, "contact": _contact_values,
    "registration": _registration_values,
}  # fmt: skip
