"""Counts of polls that ran on platforms: written by officers, shown beside a survey's results, never added to them.

A poll that is written here is known by the id of the form with which it was written first.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from google.protobuf.json_format import MessageToJson, Parse, ParseError
from viche.surveys.v1 import results_pb2 as pb

from viche_chassis.errors import Code, DomainError, InvalidFields
from viche_gateway import access, forms, sentences
from viche_gateway.console.surveys import editing, office
from viche_gateway.console.surveys.office import Written
from viche_gateway.context import services, settings
from viche_gateway.forms import Form
from viche_gateway.sentences import N_
from viche_gateway.sessions import signed_in

PLATFORMS = {
    "telegram": "Telegram", "viber": "Viber", "whatsapp": "WhatsApp", "signal": "Signal", "facebook": "Facebook",
    "instagram": "Instagram", "x": "X", "youtube": "YouTube", "tiktok": "TikTok", "linkedin": "LinkedIn",
    "mastodon": "Mastodon", "bluesky": "Bluesky", "vk": "VK", "odnoklassniki": "Odnoklassniki", "discord": "Discord",
}  # fmt: skip
_OTHER = {"other": N_("Another platform")}
_FIELDS = ("platform", "url", "day", "question", "options", "voters")
_COUNT = re.compile(r"(.*?)[\s|:;=–—-]+([0-9][0-9 \u00a0\u202f]{0,18})")
_MOST_POLL = 200_000
_MOST_ID = 1_000


@access.officer
def survey_polls(survey_id: str) -> str:
    """The polls beside a survey."""
    return _list(office.read(survey_id))


@access.officer
def new_survey_poll(survey_id: str) -> str:
    """The form for counts of a poll."""
    written = _writable(survey_id)
    return _page(written, Form({"day": _today().isoformat()}))


@access.officer
def add_survey_poll(survey_id: str) -> ResponseReturnValue:
    """Puts counts of a poll beside the results."""
    written = _writable(survey_id)
    return _save(written, pb.PollResults(poll_id=forms.request_id()))


@access.officer
def survey_poll(survey_id: str) -> str:
    """The form with counts as they are."""
    written = _writable(survey_id)
    poll = _find(survey_id)
    return _page(written, Form(_values(poll)), poll)


@access.officer
def save_survey_poll(survey_id: str) -> ResponseReturnValue:
    """Corrects counts of a poll, or takes them away; both can be taken back."""
    written = _writable(survey_id)
    if request.form.get("act") != "delete":
        return _save(written, _find(survey_id))
    platform, poll_id = _key()
    removed = services().survey_office.remove_poll(
        signed_in().access_token, forms.request_id(), survey_id, platform, poll_id
    )
    return _list(written, former=removed, done="removed" if removed else "")


@access.officer
def restore_survey_poll(survey_id: str) -> ResponseReturnValue:
    """Puts counts back as they were."""
    _writable(survey_id)
    text = request.form.get("former", "")
    try:
        poll = Parse(text if len(text) <= _MOST_POLL else "", pb.PollResults())
    except ParseError:
        abort(400)
    services().survey_office.bring_poll(signed_in().access_token, forms.request_id(), survey_id, poll, corrects=True)
    return redirect(url_for("console.survey_polls", survey_id=survey_id, done="restored"), 303)


def _save(written: Written, former: pb.PollResults) -> ResponseReturnValue:
    form = forms.read(*_FIELDS)
    is_new = not former.platform
    poll, faults = read(form, former, written)
    if faults:
        return _page(written, Form(form.values, faults), None if is_new else former), 400
    try:
        services().survey_office.bring_poll(
            signed_in().access_token, forms.request_id(), written.id, poll, corrects=not is_new
        )
    except DomainError as error:
        if error.code != Code.INVALID_ARGUMENT:
            raise
        return _page(written, _refused(form, error), None if is_new else former), 400
    if is_new:
        return redirect(url_for("console.survey_polls", survey_id=written.id, done="added"), 303)
    return _list(written, former=former, done="corrected")


def read(form: Form, former: pb.PollResults, written: Written) -> tuple[pb.PollResults, dict[str, str]]:
    """Counts as the form says them, with sentences for what cannot be read.

    Args:
        former: what was there; of a new one only its id.
    """
    faults = forms.missing(form, "options")
    platform = former.platform or form.value("platform")
    if not former.platform and platform not in {**PLATFORMS, **_OTHER}:
        faults["platform"] = sentences.sentence("REQUIRED")
    poll = pb.PollResults(
        platform=platform, poll_id=former.poll_id, url=form.value("url"), question=form.value("question")
    )  # fmt: skip
    try:
        poll.taken_at.FromDatetime(_instant(date.fromisoformat(form.value("day"))))
    except ValueError:
        faults["day"] = sentences.sentence("REQUIRED" if not form.value("day") else "BAD_DATE")
    if (voters := _count(form.value("voters") or "0")) is None:
        faults["voters"] = sentences.sentence("NOT_A_NUMBER")
    poll.voters = voters or 0
    codes = _codes(written, poll.question)
    for text, votes in _lines(form.value("options")):
        if votes is None:
            faults["options"] = sentences.sentence("NO_COUNT", {"text": text})
        poll.options.add(text=text, code=codes.get(text.casefold(), ""), votes=votes or 0)
    return poll, faults


def _lines(text: str) -> Iterator[tuple[str, int | None]]:
    """What stood there and how many chose it, of each line; None where the line ends with no number."""
    for line in filter(None, map(str.strip, text.splitlines())):
        match = _COUNT.fullmatch(line)
        yield (match[1].strip(), _count(match[2])) if match else (line, None)


def _count(text: str) -> int | None:
    digits = re.sub(r"\s", "", text)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None


def _codes(written: Written, question: str) -> Mapping[str, str]:
    """Codes of the survey's options by what people read, so that equal words are the same option."""
    if not question or not editing.has(written.document, question):
        return {}
    options = editing.find(written.document, question).item.get("options", ())
    return {text.casefold(): each["code"] for each in options for text in each.get("label", {}).values()}


def _today() -> date:
    return datetime.now(ZoneInfo(settings().timezone)).date()


def _instant(day: date) -> datetime:
    """The end of a day, or now on this one."""
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), ZoneInfo(settings().timezone))
    is_today = day == _today()
    return datetime.now(UTC) if is_today else (end - timedelta(minutes=1)).astimezone(UTC)


def _values(poll: pb.PollResults) -> Mapping[str, str]:
    taken_at = poll.taken_at.ToDatetime(tzinfo=UTC).astimezone(ZoneInfo(settings().timezone))
    return {
        "platform": poll.platform, "url": poll.url, "day": taken_at.date().isoformat(), "question": poll.question,
        "options": "\n".join(f"{each.text} | {each.votes}" for each in poll.options),
        "voters": str(poll.voters) if poll.voters else "",
    }  # fmt: skip


def _refused(form: Form, error: DomainError) -> Form:
    """The form with what the service said; faults of options stand beside all of them."""
    names = {f"poll.{name}": name for name in _FIELDS} | {"poll.taken_at": "day"}
    if isinstance(error, InvalidFields):
        names |= {each.field: "options" for each in error.violations if each.field.startswith("poll.options.")}
    return forms.refused(form, error, names)


def _writable(survey_id: str) -> Written:
    """The survey, for those who write surveys; a closed one, too, as polls end when they end."""
    if not office.may_write():
        abort(redirect(url_for("console.survey_polls", survey_id=survey_id), 303))
    return office.read(survey_id)


def _key() -> tuple[str, str]:
    return request.args.get("platform", "")[:40], request.args.get("poll", "")[:_MOST_ID]


def _find(survey_id: str) -> pb.PollResults:
    key = _key()
    found = services().results.exact(signed_in().access_token, survey_id).polls
    return next((each for each in found if (each.platform, each.poll_id) == key), None) or abort(404)


def _questions(written: Written) -> Sequence[tuple[str, str]]:
    return [
        (str(each.item["name"]), written.text(each.item.get("label") or {}) or str(each.item["name"]))
        for each in editing.walk(written.document)
        if each.item.get("options") and each.item.get("kind") != "matrix"
    ]


def _list(written: Written, *, former: pb.PollResults | None = None, done: str = "") -> str:
    done = done or request.args.get("done", "")
    return render_template(
        "console/surveys/polls.html", written=written, may_write=office.may_write(), done=done,
        polls=services().results.exact(signed_in().access_token, written.id).polls,
        questions=dict(_questions(written)), platforms={**PLATFORMS, **_OTHER},
        former=MessageToJson(former, indent=None) if former else "",
    )  # fmt: skip


def _page(written: Written, form: Form, poll: pb.PollResults | None = None) -> str:
    return render_template(
        "console/surveys/poll.html", written=written, form=form, poll=poll, questions=_questions(written),
        platforms=list({**PLATFORMS, **_OTHER}.items()), today=_today().isoformat(),
    )  # fmt: skip


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    all_polls = "/surveys/<survey_id>/results/polls"
    for path, view, method in (
        (all_polls, survey_polls, "GET"),
        (f"{all_polls}/new", new_survey_poll, "GET"),
        (f"{all_polls}/new", add_survey_poll, "POST"),
        (f"{all_polls}/one", survey_poll, "GET"),
        (f"{all_polls}/one", save_survey_poll, "POST"),
        (f"{all_polls}/restore", restore_survey_poll, "POST"),
    ):
        blueprint.add_url_rule(path, view_func=view, methods=[method])
