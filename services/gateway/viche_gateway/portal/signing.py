"""Signing: one press for signed-in people, a mail with a link for everybody else."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_chassis.telemetry import current_traceparent
from viche_gateway import access, forms, human, sentences
from viche_gateway.clients.identity import MeChange
from viche_gateway.clients.petitions import EmailSignature
from viche_gateway.clients.signing import Press
from viche_gateway.context import client_network, new_request_id, services
from viche_gateway.formats import now
from viche_gateway.forms import Form
from viche_gateway.languages import current_language
from viche_gateway.regions import residences
from viche_gateway.sessions import Session, current_session, forget_current, signed_in

_SCOPE = "petition:{}"
AGAINST = "against"
_FIELDS = ("email", "name", "residence_code", "vote")
_NAME_REASONS = ("INVALID_FIELDS", "NAME_NEEDED")


@access.form
def sign_page(number: int) -> ResponseReturnValue:
    """The sign form, or the button for people who are signed in."""
    petition = services().petitions.by_number(number)
    session = current_session()
    said = _voice_of(session, petition) if session else None
    if said is not None and said.signed:
        return render_template("signing/signed_before.html", petition=petition, is_against=said.is_against)
    return _sign_form(petition, Form({"vote": request.args.get("vote", "")}))


@access.person
def sign(number: int) -> ResponseReturnValue:
    """Signs for the signed-in person; what was shown of it before, a name that is published above all, comes along."""
    session, form = signed_in(), forms.read("publish_name", "name", "vote")
    is_named, is_against = form.value("publish_name") == "yes", form.value("vote") == AGAINST
    petition_id = services().petitions.id_of(number)
    try:
        if form.value("name"):
            _give_name(session, form.value("name"))
        sign_for(session, petition_id, forms.request_id(), with_name=is_named, is_against=is_against)
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        if error.reason in _NAME_REASONS:
            return _sign_form(services().petitions.by_number(number), _form_again(form, error)), 400
        return _refused(services().petitions.by_number(number), session, error)
    return _to("thanks", number, is_against)


@access.form
def sign_by_email(number: int) -> ResponseReturnValue:
    """Takes name and address and has the mail sent that asks for confirmation."""
    petition = services().petitions.by_number(number)
    form = forms.read(*_FIELDS)
    faults = forms.missing(form, "name", "email")
    if faults:
        return _sign_form(petition, Form(form.values, faults)), 400
    if not request.form.get("website"):  # people do not see this field; programs fill it in
        try:
            services().petitions.sign_by_email(_email_signature(petition, form))
        except DomainError as error:
            if error.code == Code.UNAVAILABLE:
                raise
            return _sign_form(petition, forms.refused(form, error)), 429 if error.code == 8 else 400
    return _to("check_mail", number, form.value("vote") == AGAINST)


@access.form
def check_mail(number: int) -> ResponseReturnValue:
    """Says that a mail is on its way."""
    petition = services().petitions.by_number(number)
    return render_template("signing/check_mail.html", petition=petition, is_against=_is_against())


@access.form
def confirm_page(token: str) -> ResponseReturnValue:
    """The page that the mail opens: mail scanners follow links, so a person presses the button."""
    return _confirm_page(token)


@access.form
def confirm(token: str) -> ResponseReturnValue:
    """Confirms a signature, or a vote against, by e-mail, if it is still what the page showed."""
    shown = forms.read("shown").value("shown")
    try:
        waiting = services().petitions.email_signature(token)
        if waiting.shown and not shown:
            return _confirm_page(token, is_changed=True), 409
        answer = services().petitions.confirm(token, shown)
    except DomainError as error:
        if error.reason == "PENDING_CHANGED":
            return _confirm_page(token, is_changed=True), 409
        if error.reason != "SIGNING_PAUSED":
            raise
        return redirect(url_for("portal.confirm_page", token=token), 303)  # which says until when
    return _to("thanks", answer.petition.number, waiting.is_against)


@access.form
def thanks(number: int) -> ResponseReturnValue:
    """Says thank you with the new count."""
    petition = services().petitions.by_number(number)
    return render_template("signing/thanks.html", petition=petition, is_against=_is_against())


def sign_for(
    session: Session, petition_id: str, request_id: str, *, with_name: bool = False, is_against: bool = False
) -> str:
    """Signs a petition for a signed-in person and returns the signature's id; the API signs through this too.

    Args:
        with_name: whether the person was told that their name is published with it.
        is_against: whether it is a vote against.

    Raises:
        DomainError: with the reason of identity or petitions.
    """
    press = Press(
        request_id, petition_id, session.access_token, current_traceparent(), client_network(), with_name, is_against
    )
    return services().signing.sign(press)


def _confirm_page(token: str, *, is_changed: bool = False) -> str:
    signature = services().petitions.email_signature(token)
    return render_template(
        "signing/confirm.html",
        signature=signature,
        petition=signature.petition,
        token=token,
        today=now(),
        changed=sentences.sentence("PENDING_CHANGED") if is_changed else "",
    )


def _to(page: str, number: int, is_against: bool) -> ResponseReturnValue:
    return redirect(url_for(f"portal.{page}", number=number, vote=AGAINST if is_against else None), 303)


def _is_against() -> bool:
    """Whether the page that was asked for is about a vote against."""
    return request.args.get("vote") == AGAINST


def _give_name(session: Session, name: str) -> None:
    """Keeps the name that somebody without one has given, so that they are asked for it once."""
    services().identity.update_me(session.access_token, MeChange(new_request_id(), name=name))
    forget_current()


def _form_again(form: Form, error: DomainError) -> Form:
    """The form with what is wrong with the name; nothing is where the person was not told that it is published."""
    if error.reason != "NAME_NEEDED":
        return forms.refused(form, error)
    is_told = form.value("publish_name") == "yes"
    return Form(form.values, {"name": sentences.sentence("REQUIRED")} if is_told else {})


def _voice_of(session: Session, petition: pb.Petition) -> pb.GetMySignatureResponse | None:
    try:
        scope_token = services().identity.scope_token(session.access_token, "petitions", _SCOPE.format(petition.id))
        return services().petitions.my_signature(petition.id, scope_token)
    except DomainError:
        return None  # the form is shown; signing twice is refused anyway


def _email_signature(petition: pb.Petition, form: Form) -> EmailSignature:
    return EmailSignature(
        request_id=forms.request_id(),
        petition_id=petition.id,
        email=form.value("email"),
        name=form.value("name"),
        residence_code=form.value("residence_code"),
        language=current_language(),
        network=client_network(),
        human_checked=human.is_checked(request.form.get("altcha", "")),
        is_against=form.value("vote") == AGAINST,
    )


def _sign_form(petition: pb.Petition, form: Form) -> str:
    session = current_session()
    places = [] if session else residences()
    return render_template(
        "signing/form.html", petition=petition, session=session, form=form, residences=places, today=now()
    )


def _refused(petition: pb.Petition, session: Session, error: DomainError) -> ResponseReturnValue:
    page = render_template(
        "signing/refused.html",
        petition=petition,
        session=session,
        reason=error.reason,
        sentence=_sentence(petition, error),
    )
    return page, 409


def _sentence(petition: pb.Petition, error: DomainError) -> str:
    """Why nothing was counted; who has given their voice may have signed or voted against."""
    if error.reason == "ALREADY_SIGNED" and petition.terms.votes_against:
        return gettext("You have signed this petition or voted against it already. You have one voice, and it counts.")
    return sentences.of(error)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/petitions/<int:number>/sign", view_func=sign_page)
    blueprint.add_url_rule("/petitions/<int:number>/sign", view_func=sign, methods=["POST"])
    blueprint.add_url_rule("/petitions/<int:number>/sign/email", view_func=sign_by_email, methods=["POST"])
    blueprint.add_url_rule("/petitions/<int:number>/sign/mail", view_func=check_mail)
    blueprint.add_url_rule("/petitions/<int:number>/thanks", view_func=thanks)
    blueprint.add_url_rule("/confirm/<token>", view_func=confirm_page)
    blueprint.add_url_rule("/confirm/<token>", view_func=confirm, methods=["POST"])
