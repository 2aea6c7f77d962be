"""How petitions to an authority work, written from its rules alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext, ngettext
from viche.petitions.v1 import petitions_pb2 as pb
from viche.social.v1 import register_pb2

from viche_chassis.errors import DomainError
from viche_gateway import access
from viche_gateway.clients.presence import Presence
from viche_gateway.context import services
from viche_gateway.formats import country_name, format_number
from viche_gateway.portal.deadlines import ENDS_BY_ITSELF, Fact, basis_of, day_in, in_order_of_life
from viche_gateway.portal.progress import minima_of
from viche_gateway.presence_shapes import title_of
from viche_gateway.regions import find_authority, localized
from viche_gateway.wording import FACTS, amount_text, event_text, period_text

AGE_S = 60


@dataclass(frozen=True, slots=True)
class Step:
    """A term as a step in the life of a petition."""

    title: str
    facts: tuple[Fact, ...]
    notice: str
    basis: pb.LegalBasis


@access.public(max_age_s=AGE_S)
def rules(authority: str) -> str:
    """The rules for a petition that opens now; where the authority has not set them yet, that.

    Which rules those will be is not known then, unless the address names some.
    """
    found = find_authority(authority) or abort(404)
    asked = request.args.get("workflow", "")
    answer = services().petitions.rules(found.id, asked)
    is_set = answer.HasField("terms")
    return render_template(
        "rules/page.html",
        authority=found,
        asked=asked,
        workflow=answer.workflow,
        valid_from=day_in(answer.workflow.valid_from),
        terms=answer.terms if is_set else None,
        steps=steps_of(answer.terms) if is_set else (),
        missing=missing_names(answer),
        minima_of=minima_of,
        committee_text=committee_text,
        accounts=accounts_of(found.id),
        title_of=title_of,
    )


def accounts_of(authority_id: str) -> Sequence[register_pb2.Account]:
    """Where people can follow an authority; nowhere while social does not answer."""
    try:
        found = Presence(services().channels["social"]).accounts_of(authority_id)
    except DomainError:
        return ()
    return [each for each in found if each.url and each.purpose != register_pb2.PURPOSE_CAMPAIGN]


def steps_of(terms: pb.Terms) -> tuple[Step, ...]:
    """The public terms in the order of a petition's life."""
    return tuple(_step(clock, terms) for clock in in_order_of_life(terms.clocks) if clock.is_public)


def missing_names(answer: pb.GetRulesResponse) -> list[str]:
    """What is missing, as people call it."""
    titles = {setting.name: localized(setting.title.texts) for setting in answer.workflow.settings}
    return [titles.get(name) or (gettext(FACTS[name]) if name in FACTS else name) for name in answer.missing]


def committee_text(committee: pb.Committee) -> str:
    """How many people a committee needs."""
    least, most = committee.members_min, committee.members_max
    if most > least:
        return gettext("from %(least)s to %(most)s members", least=format_number(least), most=format_number(most))
    if most:
        return ngettext("%(num)s member", "%(num)s members", least)
    return ngettext("at least %(num)s member", "at least %(num)s members", least)


def _step(clock: pb.Clock, terms: pb.Terms) -> Step:
    return Step(
        localized(clock.title.texts), tuple(_facts(clock, terms)), localized(clock.notice.texts), basis_of(clock, terms)
    )


def _facts(clock: pb.Clock, terms: pb.Terms) -> Iterator[Fact]:
    yield Fact(gettext("Start"), event_text(clock.starts_at, terms))
    yield Fact(gettext("Length"), _length(clock, terms))
    if clock.ends_with not in ENDS_BY_ITSELF:
        yield Fact(gettext("What must happen by the end"), event_text(clock.ends_with, terms))
    if clock.HasField("extension"):
        yield Fact(gettext("Can be prolonged once"), _extension(clock))


def _length(clock: pb.Clock, terms: pb.Terms) -> str:
    units = (clock.period.unit, clock.extension.period.unit)
    length = period_text(clock.period)
    if pb.TIME_UNIT_WORKING_DAY in units and terms.calendar:
        return gettext("%(period)s by the calendar of %(country)s", period=length, country=country_name(terms.calendar))
    return length


def _extension(clock: pb.Clock) -> str:
    extension = clock.extension
    parts = [gettext("by up to %(period)s", period=period_text(extension.period))]
    if extension.most_total:
        parts.append(
            gettext("%(period)s in all at most", period=amount_text(extension.most_total, extension.period.unit))
        )
    if by := localized(extension.by.texts):
        parts.append(gettext("who decides: %(by)s", by=by))
    if extension.notice:
        parts.append(gettext("people are told"))
    return "; ".join(parts)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the page."""
    blueprint.add_url_rule("/authorities/<authority>/rules", view_func=rules)
