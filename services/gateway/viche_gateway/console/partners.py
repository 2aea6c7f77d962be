"""Partners: who may show surveys and petitions inside their pages, and what they copy to do it."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from viche.identity.v1 import partners_pb2 as pb
from viche.petitions.v1 import petitions_pb2
from viche.surveys.v1 import surveys_pb2

from viche_chassis.errors import Code, DomainError, InvalidFields
from viche_gateway import access, forms, sentences
from viche_gateway.branding.current import places
from viche_gateway.clients.partners import Wish
from viche_gateway.clients.petitions import Search
from viche_gateway.context import services, settings
from viche_gateway.embed import offered
from viche_gateway.embed.offered import Offered
from viche_gateway.forms import Form
from viche_gateway.languages import NAMES, current_language
from viche_gateway.regions import authority_name
from viche_gateway.sessions import signed_in

ROLES = frozenset({"press", "officer", "operator"})
_DONE = ("registered", "changed", "archived")
_FIELDS = ("title", "origins")
_MOST_OFFERED = 100


@access.officer
def partner_list() -> str:
    """The partners of the officer's authorities: active ones, then those that are archived."""
    found = services().partners.of_authorities(signed_in().access_token)
    return render_template("console/partners/list.html", found=found, done=_done(), may_register=bool(_authorities()))


@access.officer
def new_partner() -> str:
    """The form that registers a partner."""
    return _form(Form({"authority_id": request.args.get("authority", "")}))


@access.officer
def create_partner() -> ResponseReturnValue:
    """Registers a partner."""
    form = forms.read(*_FIELDS, "authority_id")
    faults = forms.missing(form, *_FIELDS, "authority_id")
    if form.value("authority_id") and form.value("authority_id") not in dict(_authorities()):
        faults["authority_id"] = sentences.sentence("UNKNOWN_AUTHORITY")
    if faults:
        return _form(Form(form.values, faults)), 400
    try:
        made = services().partners.create(
            signed_in().access_token, forms.request_id(), form.value("authority_id"), _wish(form)
        )
    except DomainError as error:
        return _form(_refused(form, error)), 400
    _forget()
    return redirect(url_for("console.partner", partner_id=made.id, done="registered"), 303)


@access.officer
def partner(partner_id: str) -> str:
    """One partner: its origins, and what it copies for a petition or a survey that is chosen here."""
    return _page(_find(partner_id))


@access.officer
def edit_partner(partner_id: str) -> str:
    """The form that changes a partner."""
    found = _active(partner_id)
    return _form(Form({"title": found.title, "origins": "\n".join(found.origins)}), found)


@access.officer
def update_partner(partner_id: str) -> ResponseReturnValue:
    """Changes a partner."""
    found, form = _active(partner_id), forms.read(*_FIELDS)
    if faults := forms.missing(form, *_FIELDS):
        return _form(Form(form.values, faults), found), 400
    try:
        services().partners.update(signed_in().access_token, forms.request_id(), partner_id, _wish(form))
    except DomainError as error:
        return _form(_refused(form, error), found), 400
    _forget()
    return redirect(url_for("console.partner", partner_id=partner_id, done="changed"), 303)


@access.officer
def new_partner_link(partner_id: str) -> str:
    """Makes the partner's link, which is shown this once."""
    found = _active(partner_id)
    token = services().partners.new_link(signed_in().access_token, forms.request_id(), partner_id)
    return _page(found, link=places().main.url + url_for("portal.partner_totals", token=token))


@access.officer
def ask_archive_partner(partner_id: str) -> str:
    """Asks once before a partnership ends."""
    return render_template("console/partners/ask_archive.html", partner=_active(partner_id))


@access.officer
def archive_partner(partner_id: str) -> ResponseReturnValue:
    """Ends a partnership."""
    services().partners.archive(signed_in().access_token, forms.request_id(), partner_id)
    _forget()
    return redirect(url_for("console.partner_list", done="archived"), 303)


def _page(found: pb.Partner, link: str = "") -> str:
    wanted = Form({"show": request.args.get("show", ""), "language": request.args.get("language", current_language())})
    chosen = _chosen(wanted)
    return render_template(
        "console/partners/page.html", partner=found, done=_done(), link=link, form=wanted,
        offers=[(f"{each.kind}-{each.number}", words) for each, words in _offers()], languages=_languages(),
        chosen=chosen, rows=chosen.snippet().count("\n") + 3 if chosen else 0,
    )  # fmt: skip


def _form(form: Form, found: pb.Partner | None = None) -> str:
    return render_template("console/partners/form.html", form=form, partner=found, authorities=_authorities())


def _find(partner_id: str) -> pb.Partner:
    found = services().partners.of_authorities(signed_in().access_token)
    return next((each for each in found if each.id == partner_id), None) or abort(404)


def _active(partner_id: str) -> pb.Partner:
    found = _find(partner_id)
    return found if found.is_active else abort(404)


def _wish(form: Form) -> Wish:
    return Wish(form.value("title"), form.value("origins").split())


def _refused(form: Form, error: DomainError) -> Form:
    """The form with what is wrong; of origins with all that is, since there may be several."""
    if error.code == Code.UNAVAILABLE:
        raise error
    if error.reason == "ORIGIN_TAKEN":
        return Form(form.values, {"origins": sentences.of(error)})
    refused = forms.refused(form, error)
    if not isinstance(error, InvalidFields):
        return refused
    said = [sentences.of_violation(each) for each in error.violations if each.field == "origins"]
    return Form(form.values, {**refused.errors, **({"origins": " ".join(said)} if said else {})})


def _authorities() -> Sequence[tuple[str, str]]:
    """Ids and names of the authorities at which the officer may register partners."""
    grants = [grant for grant in signed_in().person.grants if grant.role in ROLES]
    ids = {id for grant in grants for id in (grant.authority_id, *grant.covers_authority_ids)}
    named = [(id, name) for id in ids if (name := authority_name(id))]
    return sorted(named, key=lambda pair: pair[1].casefold())


def _offers() -> Iterator[tuple[Offered, str]]:
    """What collects signatures or takes answers now, each with its words in the list."""
    found = services().petitions.search(
        Search(
            state=petitions_pb2.PETITION_STATE_OPEN, origin=petitions_pb2.PETITION_ORIGIN_OWN, page_size=_MOST_OFFERED,
            language=current_language(),
        )
    )  # fmt: skip
    for petition in found.petitions:
        one = offered.of_petition(petition, current_language())
        yield one, gettext("Petition: %(title)s", title=one.title)
    for survey in _open_surveys():
        one = offered.of_survey(survey, current_language())
        if survey.settings.admission != surveys_pb2.ADMISSION_LINK:  # a link is somebody's own
            yield one, gettext("Survey: %(title)s", title=one.title)


def _open_surveys() -> Sequence[surveys_pb2.Survey]:
    """None while the service does not answer: petitions can be shown without it."""
    try:
        return services().surveys.listed(surveys_pb2.SURVEY_STATE_OPEN, (), _MOST_OFFERED).surveys
    except DomainError:
        return ()


def _chosen(wanted: Form) -> Offered | None:
    kind, _, number = wanted.value("show").partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 19) or wanted.value("language") not in NAMES:
        return None
    return offered.find(kind, int(number), wanted.value("language"))


def _languages() -> Sequence[tuple[str, str]]:
    return [(code, NAMES.get(code, code)) for code in settings().languages]


def _forget() -> None:
    current_app.extensions["viche.origins"].forget()


def _done() -> str:
    done = request.args.get("done", "")
    return done if done in _DONE else ""


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    one = "/partners/<partner_id>"
    blueprint.add_url_rule("/partners", view_func=partner_list)
    blueprint.add_url_rule("/partners/new", view_func=new_partner)
    blueprint.add_url_rule("/partners/new", view_func=create_partner, methods=["POST"])
    blueprint.add_url_rule(one, view_func=partner)
    blueprint.add_url_rule(f"{one}/edit", view_func=edit_partner)
    blueprint.add_url_rule(f"{one}/edit", view_func=update_partner, methods=["POST"])
    blueprint.add_url_rule(f"{one}/link", view_func=new_partner_link, methods=["POST"])
    blueprint.add_url_rule(f"{one}/archive", view_func=ask_archive_partner)
    blueprint.add_url_rule(f"{one}/archive", view_func=archive_partner, methods=["POST"])
