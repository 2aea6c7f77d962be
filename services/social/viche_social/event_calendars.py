"""Public events as calendar files, to be attached to mails."""

from viche_social.domain.public_events import EventState, Texts
from viche_social.store.public_events import PublicEvent


def uid_of(event: PublicEvent, host: str) -> str:
    """What calendars know the event by, whatever becomes of it; the gateway's files say the same."""
    return f"event-{event.number}@{host}"


def calendar_of(event: PublicEvent, language: str, url: str, host: str) -> str:
    """The file with this one event.

    Args:
        event: published or cancelled.
        language: of its reader (BCP 47).
        url: of its page.
        host: of the portal.
    """
    from viche_chassis.calendars import Entry, calendar  # a service at rest needs no calendars

    content, starts_at = event.content, event.times.starts_at
    assert starts_at is not None  # a constraint says so of what is published
    title = text_in(content.title, language)
    entry = Entry(
        uid=uid_of(event, host),
        day=starts_at.date(),
        title=title,
        text=text_in(content.summary, language),
        url=url,
        changed_at=event.changed_at,
        starts_at=starts_at,
        ends_at=event.times.ends_at,
        place=place_in(event, language),
        is_cancelled=event.state is EventState.CANCELLED,
        sequence=event.sequence,
    )
    return calendar(title, [entry])


def place_in(event: PublicEvent, language: str) -> str:
    """Name and address of the place in one line; empty where there are none."""
    place = event.content.place
    return ", ".join(filter(None, (text_in(place.title, language), text_in(place.address, language))))


def text_in(texts: Texts, language: str) -> str:
    """The text in a language, or in English, or whatever there is; empty where there is none."""
    return next((texts[each] for each in (language, "en", *sorted(texts)) if texts.get(each, "").strip()), "")
