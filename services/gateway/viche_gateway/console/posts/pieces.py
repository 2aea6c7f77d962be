"""The steps of writing a post: what each form shows of a content, and what it makes of one."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from viche.social.v1 import channels_pb2
from viche.social.v1 import posts_pb2 as pb

from viche_gateway import sentences
from viche_gateway.context import settings
from viche_gateway.forms import Form
from viche_gateway.portal.posts.kinds import KINDS
from viche_gateway.portal.surveys.texts import language_name

STEPS = ("kind", "channels", "text", "sources", "media", "poll", "variants", "time")
SEPARATOR = "__"
MOST_SOURCES = 50
DAYS_OPEN = (1, 3, 7, 14, 30)
_DAY_S = 24 * 60 * 60
_YES = "yes"


@dataclass(frozen=True, slots=True)
class Around:
    """What a post is written beside: the accounts of its authority that are connected, by id."""

    channels: Mapping[str, channels_pb2.Channel]

    def languages(self, content: pb.PostContent) -> Sequence[str]:
        """Codes to write in: those that are needed first, then the portal's others."""
        return list(dict.fromkeys((*self.needed(content), *settings().languages)))

    def needed(self, content: pb.PostContent) -> Sequence[str]:
        """Codes of the chosen accounts and of what is written already; the portal's first where there are none."""
        chosen = [
            variant.language or self.channels[variant.channel_id].language
            for variant in content.variants
            if variant.channel_id in self.channels
        ]
        written = sorted({*content.title, *content.text})
        return list(dict.fromkeys(filter(None, (*chosen, *written)))) or [settings().default_language]


@dataclass(frozen=True, slots=True)
class Read:
    """A content as a form makes it, with what is wrong with the form."""

    content: pb.PostContent
    faults: Mapping[str, str] = field(default_factory=dict[str, str])


Reader = Callable[[Form, pb.PostContent, Around], Read]
Shower = Callable[[pb.PostContent, Around], dict[str, str]]


def steps_of(content: pb.PostContent) -> Sequence[str]:
    """The steps of a post: a poll is asked for where it is one."""
    is_poll = content.kind == pb.POST_KIND_POLL or content.HasField("poll")
    return [step for step in STEPS if step != "poll" or is_poll]


def named(codes: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Codes and names of languages."""
    return [(code, language_name(code)) for code in codes]


def read_form() -> Form:
    """Everything that was sent, with the ends trimmed; of several values of a name the last."""
    return Form({name: text.strip() for name, text in request.form.items()})


def values_of(step: str, content: pb.PostContent, around: Around) -> dict[str, str]:
    """A content as the values of a step's form."""
    return _SHOWN[step](content, around)


def changed(step: str, form: Form, content: pb.PostContent, around: Around) -> Read:
    """A copy of a content with what a step's form says."""
    copy = pb.PostContent()
    copy.CopyFrom(content)
    return _READ[step](form, copy, around)


def _kind_values(content: pb.PostContent, around: Around) -> dict[str, str]:
    return {"kind": str(content.kind or ""), "corrects_id": content.corrects_id}


def _kind(form: Form, content: pb.PostContent, around: Around) -> Read:
    known = {str(kind): kind for kind in KINDS}
    if form.value("kind") not in known:
        return Read(content, {"kind": sentences.sentence("REQUIRED")})
    content.kind = known[form.value("kind")]  # pyright: ignore[reportAttributeAccessIssue]
    content.corrects_id = form.value("corrects_id") if content.kind == pb.POST_KIND_CORRECTION else ""
    return Read(content)


def _channel_values(content: pb.PostContent, around: Around) -> dict[str, str]:
    return {f"channel{SEPARATOR}{each.channel_id}": _YES for each in content.variants}


def _channels(form: Form, content: pb.PostContent, around: Around) -> Read:
    known = {each.channel_id: each for each in content.variants}
    chosen = [id for id in around.channels if form.value(f"channel{SEPARATOR}{id}") == _YES]
    variants = [known.get(id) or pb.Variant(channel_id=id) for id in chosen]
    _replace(content.variants, variants)
    return Read(content)


def _text_values(content: pb.PostContent, around: Around) -> dict[str, str]:
    return {"link": content.link, **_shown("title", content.title), **_shown("text", content.text)}


def _text(form: Form, content: pb.PostContent, around: Around) -> Read:
    _put(content.title, form, "title")
    _put(content.text, form, "text")
    content.link = form.value("link")
    return Read(content)


def _source_values(content: pb.PostContent, around: Around) -> dict[str, str]:
    values: dict[str, str] = {"rows": str(min(MOST_SOURCES, len(content.sources) + 1))}
    for row, source in enumerate(content.sources):
        values |= {f"claim_{row}": source.claim, f"reference_{row}": source.reference, f"url_{row}": source.url}
    return values


def _sources(form: Form, content: pb.PostContent, around: Around) -> Read:
    rows = [
        pb.Source(claim=form.value(f"claim_{row}"), reference=form.value(f"reference_{row}"),
                  url=form.value(f"url_{row}"))
        for row in range(MOST_SOURCES)
    ]  # fmt: skip
    faults = {
        f"url_{row}": sentences.sentence("BAD_ADDRESS")
        for row, each in enumerate(rows)
        if each.url and not each.url.startswith(("https://", "http://"))
    }
    _replace(content.sources, [each for each in rows if each.claim or each.reference or each.url])
    return Read(content, faults)


def _media_values(content: pb.PostContent, around: Around) -> dict[str, str]:
    values: dict[str, str] = {}
    for each in content.media:
        values |= _shown(f"alt_{each.id}", each.alt)
    return values


def _media(form: Form, content: pb.PostContent, around: Around) -> Read:
    """The files that the form carries, in its order; where it carries those that are not known, they are new."""
    known = {each.id: each for each in content.media}
    files = [known.get(id) or pb.PostMedia(id=id) for id in dict.fromkeys(request.form.getlist("media"))]
    kept = [each for each in files if each.id != form.value("remove")]
    for each in kept:
        _put(each.alt, form, f"alt_{each.id}")
    _replace(content.media, kept)
    return Read(content)


def _poll_values(content: pb.PostContent, around: Around) -> dict[str, str]:
    values = {"days": str(content.poll.open_for_s // _DAY_S or 7), "multiple": _YES if content.poll.multiple else ""}
    values |= _shown("question", content.poll.question)
    for language in sorted({code for option in content.poll.options for code in option.text}):
        lines = [option.text.get(language, "") for option in content.poll.options]
        values[f"options{SEPARATOR}{language}"] = "\n".join(lines)
    return values


def _poll(form: Form, content: pb.PostContent, around: Around) -> Read:
    lines = {language: text.splitlines() for language, text in texts(form, "options").items()}
    count = max((len(each) for each in lines.values()), default=0)
    options = [
        {language: each[row].strip() for language, each in lines.items() if row < len(each) and each[row].strip()}
        for row in range(count)
    ]
    question = texts(form, "question")
    content.ClearField("poll")
    if question or any(options):
        days = int(form.value("days")) if form.value("days") in map(str, DAYS_OPEN) else 7
        content.poll.CopyFrom(
            pb.PostPoll(
                question=question, options=[pb.PollChoice(text=each) for each in options if each],
                open_for_s=days * _DAY_S, multiple=form.value("multiple") == _YES,
            )
        )  # fmt: skip
    return Read(content)


def _variant_values(content: pb.PostContent, around: Around) -> dict[str, str]:
    values: dict[str, str] = {}
    for each in content.variants:
        values |= {f"language_{each.channel_id}": each.language, f"own_{each.channel_id}": each.text}
    return values


def _variants(form: Form, content: pb.PostContent, around: Around) -> Read:
    known = around.languages(content)
    for each in content.variants:
        language = form.value(f"language_{each.channel_id}")
        each.language = language if language in known else ""
        each.text = form.value(f"own_{each.channel_id}")
    return Read(content)


def _time_values(content: pb.PostContent, around: Around) -> dict[str, str]:
    if not content.HasField("publish_at"):
        return {"publish_at": ""}
    local = content.publish_at.ToDatetime(tzinfo=UTC).astimezone(ZoneInfo(settings().timezone))
    return {"publish_at": f"{local:%Y-%m-%dT%H:%M}"}


def _time(form: Form, content: pb.PostContent, around: Around) -> Read:
    content.ClearField("publish_at")
    if not form.value("publish_at"):
        return Read(content)
    try:
        local = datetime.fromisoformat(form.value("publish_at")).replace(tzinfo=ZoneInfo(settings().timezone))
        content.publish_at.FromDatetime(local.astimezone(UTC))
    except (ValueError, OverflowError):
        return Read(content, {"publish_at": sentences.sentence("BAD_TIME")})
    return Read(content)


def _shown(name: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {f"{name}{SEPARATOR}{language}": text for language, text in texts.items()}


def texts(form: Form, name: str) -> dict[str, str]:
    """Texts of a form's fields of one name, by language; the empty ones left out."""
    prefix = f"{name}{SEPARATOR}"
    return {each.removeprefix(prefix): text for each, text in form.values.items() if each.startswith(prefix) and text}


def _put(old: MutableMapping[str, str], form: Form, name: str) -> None:
    """Texts of a form in place of those of a message."""
    old.clear()
    old.update(texts(form, name))


def _replace(old: Any, new: Sequence[Any]) -> None:
    """Other items in a list of a message, some of which may be those that it holds."""
    copies = [type(each).FromString(each.SerializeToString()) for each in new]
    del old[:]
    old.extend(copies)


_READ: Mapping[str, Reader] = {
    "kind": _kind, "channels": _channels, "text": _text, "sources": _sources, "media": _media, "poll": _poll,
    "variants": _variants, "time": _time,
}  # fmt: skip
_SHOWN: Mapping[str, Shower] = {
    "kind": _kind_values, "channels": _channel_values, "text": _text_values, "sources": _source_values,
    "media": _media_values, "poll": _poll_values, "variants": _variant_values, "time": _time_values,
}  # fmt: skip
