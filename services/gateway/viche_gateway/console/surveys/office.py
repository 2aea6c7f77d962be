"""A survey as it is being written: fetched, changed by pure functions, put back."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import abort, redirect, request, url_for
from viche.surveys.v1 import surveys_pb2 as pb

from viche_chassis.errors import Code, DomainError, InvalidFields
from viche_gateway import forms, sentences
from viche_gateway.console.surveys import editing, fields, saying
from viche_gateway.console.surveys.editing import Document, Found, NotThere
from viche_gateway.context import services, settings
from viche_gateway.portal.surveys.texts import language_name
from viche_gateway.regions import authority_name
from viche_gateway.sessions import signed_in

ROLES = frozenset({"press", "officer", "operator"})
_TRIES = 4


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that keeps a survey from opening.

    Attributes:
        name: of what it is about; empty when it is the survey as a whole.
        rest: the JSON Pointer from there on.
    """

    name: str
    rest: str
    reason: str
    values: Mapping[str, str]

    @property
    def sentence(self) -> str:
        """For the reader."""
        return saying.fault_sentence(self.reason, self.values)


@dataclass(frozen=True, slots=True)
class Written:
    """A survey with what it asks."""

    reply: pb.GetSurveyResponse
    document: Document

    @property
    def survey(self) -> pb.Survey:
        """As everybody sees it, or will."""
        return self.reply.survey

    @property
    def id(self) -> str:
        """Of the survey."""
        return self.reply.survey.id

    @property
    def languages(self) -> Sequence[str]:
        """The first is what texts fall back to."""
        return list(self.document.get("languages", ())) or [settings().default_language]

    @property
    def named_languages(self) -> Sequence[tuple[str, str]]:
        """Codes and names."""
        return [(code, language_name(code)) for code in self.languages]

    @property
    def title(self) -> str:
        """In the first language that has one."""
        return self.text(self.document.get("title", {}))

    @property
    def is_draft(self) -> bool:
        """Whether nobody can answer yet."""
        return self.survey.state == pb.SURVEY_STATE_DRAFT

    @property
    def is_closed(self) -> bool:
        """Whether nobody can answer any more."""
        return self.survey.state == pb.SURVEY_STATE_CLOSED

    @property
    def makes_version(self) -> bool:
        """Whether a change becomes a new version."""
        return self.reply.is_answered or self.survey.state == pb.SURVEY_STATE_OPEN

    @property
    def faults(self) -> Sequence[Fault]:
        """What keeps it from opening."""
        return faults_in(self.document, [(each.place, each.reason, each.values) for each in self.reply.faults])

    def text(self, texts: Mapping[str, str]) -> str:
        """A text of it in the first language that has one."""
        return next((texts[each] for each in self.languages if texts.get(each)), next(iter(texts.values()), ""))

    def find(self, name: str) -> Found:
        """What has that name; 404 where nothing has."""
        try:
            return editing.find(self.document, name)
        except NotThere:
            abort(404)


def faults_in(document: Document, found: Sequence[tuple[str, str, Mapping[str, str]]]) -> Sequence[Fault]:
    """Faults with what they are about: the nearest thing that has a name."""
    return [_about(document, place, reason, dict(values)) for place, reason, values in found]


def _about(document: Document, place: str, reason: str, values: Mapping[str, str]) -> Fault:
    name, rest, here = "", place, document
    parts = place.split("/")[1:]
    for index, part in enumerate(parts):
        step: Any = here
        if isinstance(step, list) and part.isdigit() and int(part) < len(step):
            here = step[int(part)]
        elif isinstance(step, dict) and part in step:
            here = step[part]
        else:
            break
        if isinstance(here, dict) and "name" in here and ("kind" in here or "items" in here or "condition" in here):
            name, rest = str(here["name"]), "".join(f"/{each}" for each in parts[index + 1 :])
    return Fault(name, rest, reason, values)


def read(survey_id: str) -> Written:
    """The survey as it is now; 404 for what is no id. Raises DomainError."""
    try:
        UUID(survey_id)
    except ValueError:
        abort(404)
    reply = services().survey_office.get(signed_in().access_token, survey_id)
    return Written(reply, json.loads(reply.definition_json))


def changeable(survey_id: str) -> Written:
    """The survey, for those who may change it and while it can be changed; others are led to it. Raises DomainError."""
    if not may_write():
        abort(redirect(url_for("console.written_survey", survey_id=survey_id), 303))
    written = read(survey_id)
    if written.is_closed:
        raise _Closed()
    return written


class _Closed(DomainError):
    reason = "SURVEY_CLOSED"


def save(
    survey_id: str, change: Callable[[Document], Document], renamed: Mapping[str, str] | None = None
) -> pb.UpdateSurveyResponse | None:
    """Applies a change to what the survey asks now, again when somebody else was faster.

    Args:
        renamed: new names of questions by their former ones.

    Returns:
        None when this form was sent before: it has been done.

    Raises:
        DomainError: nothing is changed.
        NotThere: somebody took away what the change is about.
    """
    for tries_left in reversed(range(_TRIES)):
        written = changeable(survey_id)
        text = json.dumps(change(written.document), ensure_ascii=False)
        try:
            return services().survey_office.redefine(
                signed_in().access_token, forms.request_id(), survey_id, written.reply.edition, text, renamed or {}
            )
        except DomainError as error:
            if error.reason == "REQUEST_MISMATCH":
                return None
            if error.reason != "STALE_VERSION" or not tries_left:
                raise
    return None


def refused(error: DomainError, name: str, values: Mapping[str, str], document: Document) -> dict[str, str]:
    """Sentences by input for what the service said against a change of the item ``name``."""
    if error.code == Code.UNAVAILABLE:
        raise error
    if not isinstance(error, InvalidFields):
        return {"": sentences.of(error)}
    return sentences_of(faults_of(error, document), name, values, document.get("languages", ()))


def faults_of(error: DomainError, document: Document) -> Sequence[Fault]:
    """What the service said is wrong with a definition; nothing where it said something else."""
    if not isinstance(error, InvalidFields):
        return ()
    return faults_in(
        document, [(each.field.removeprefix("definition"), each.reason, each.values) for each in error.violations]
    )


def sentences_of(
    found: Sequence[Fault], name: str, values: Mapping[str, str], languages: Sequence[str]
) -> dict[str, str]:
    """Sentences by input; "" holds what is about something else."""
    said: dict[str, list[str]] = {}
    for each in found:
        where = fields.input_of(each.rest, each.values, languages) if each.name == name else ""
        where = where if where in values else ""
        words = each.sentence if each.name == name or not each.name else f"{each.name}: {each.sentence}"
        said.setdefault(where, []).append(words)
    return {where: " ".join(dict.fromkeys(each)) for where, each in said.items()}


def may_write() -> bool:
    """Whether the officer's role lets them write surveys."""
    return any(grant.role in ROLES for grant in signed_in().person.grants)


def authorities() -> Sequence[tuple[str, str]]:
    """Ids and names of the authorities for which the officer may ask."""
    grants = [grant for grant in signed_in().person.grants if grant.role in ROLES]
    ids = {id for grant in grants for id in (grant.authority_id, *grant.covers_authority_ids)}
    named = [(id, name) for id in ids if (name := authority_name(id))]
    return sorted(named, key=lambda pair: pair[1].casefold())


def authority_of_form() -> tuple[str, dict[str, str]]:
    """The authority that was chosen, the only one where there is one; and what is wrong with the choice."""
    known = dict(authorities())
    chosen = request.form.get("authority_id", "") or (next(iter(known)) if len(known) == 1 else "")
    if chosen in known:
        return chosen, {}
    return chosen, {"authority_id": sentences.sentence("UNKNOWN_AUTHORITY" if chosen else "REQUIRED")}


def choices_of_languages(*more: str) -> Sequence[tuple[str, str]]:
    """Codes and names of the portal's languages, and of more."""
    codes = dict.fromkeys((*settings().languages, *more))
    return [(code, language_name(code)) for code in codes]


def items(document: Document) -> Iterator[Found]:
    """Pages and what is on them."""
    return editing.walk(document)
