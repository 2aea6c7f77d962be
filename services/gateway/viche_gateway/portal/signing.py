"""Signing: one press for signed-in people, a mail with a link for everybody else."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
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
_FIELDS = ("email", "name", "residence_code")
_NAME_REASONS = ("INVALID_FIELDS", "NAME_NEEDED")


@access.form
def sign_page(number: int) -> ResponseReturnValue:
    """The sign form, or the button for people who are signed in."""
    petition = services().petitions.by_number(number)
    session = current_session()
    if session is not None and _has_signed(session, petition):
        return render_template("signing/signed_before.html", petition=petition)
    return _sign_form(petition, Form())


@access.person
def sign(number: int) -> ResponseReturnValue:
    """Signs for the signed-in person; what was shown of it before, a name that is published above all, comes along."""
    session, form = signed_in(), forms.read("publish_name", "name")
    petition_id = services().petitions.id_of(number)
    try:
        if form.value("name"):
            _give_name(session, form.value("name"))
        sign_for(session, petition_id, forms.request_id(), with_name=form.value("publish_name") == "yes")
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        if error.reason in _NAME_REASONS:
            return _sign_form(services().petitions.by_number(number), _form_again(form, error)), 400
        return _refused(services().petitions.by_number(number), session, error)
    return redirect(url_for("portal.thanks", number=number), 303)


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
    return redirect(url_for("portal.check_mail", number=number), 303)


@access.form
def check_mail(number: int) -> ResponseReturnValue:
    """Says that a mail is on its way."""
    return render_template("signing/check_mail.html", petition=services().petitions.by_number(number))


@access.form
def confirm_page(token: str) -> ResponseReturnValue:
    """The page that the mail opens: mail scanners follow links, so a person presses the button."""
    signature = services().petitions.email_signature(token)
    return render_template(
        "signing/confirm.html", signature=signature, petition=signature.petition, token=token, today=now()
    )


@access.form
def confirm(token: str) -> ResponseReturnValue:
    """Confirms a signature by e-mail."""
    try:
        answer = services().petitions.confirm(token)
    except DomainError as error:
        if error.reason != "SIGNING_PAUSED":
            raise
        return redirect(url_for("portal.confirm_page", token=token), 303)  # which says until when
    return redirect(url_for("portal.thanks", number=answer.petition.number), 303)


@access.form
def thanks(number: int) -> ResponseReturnValue:
    """Says thank you with the new count."""
    return render_template("signing/thanks.html", petition=services().petitions.by_number(number))


def sign_for(session: Session, petition_id: str, request_id: str, *, with_name: bool = False) -> str:
    """Signs a petition for a signed-in person and returns the signature's id; the API signs through this too.

    Args:
        with_name: whether the person was told that their name is published with it.

    Raises:
        DomainError: with the reason of identity or petitions.
    """
    press = Press(request_id, petition_id, session.access_token, current_traceparent(), client_network(), with_name)
    return services().signing.sign(press)


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


def _has_signed(session: Session, petition: pb.Petition) -> bool:
    try:
        scope_token = services().identity.scope_token(session.access_token, "petitions", _SCOPE.format(petition.id))
        return services().petitions.my_signature(petition.id, scope_token).signed
    except DomainError:
        return False  # the form is shown; signing twice is refused anyway


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
    )


def _sign_form(petition: pb.Petition, form: Form) -> str:
    session = current_session()
    places = [] if session else residences()
    return render_template(
        "signing/form.html", petition=petition, session=session, form=form, residences=places, today=now()
    )


def _refused(petition: pb.Petition, session: Session, error: DomainError) -> ResponseReturnValue:
    page = render_template(
        "signing/refused.html", petition=petition, session=session, reason=error.reason, sentence=sentences.of(error)
    )
    return page, 409


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/petitions/<int:number>/sign", view_func=sign_page)
    blueprint.add_url_rule("/petitions/<int:number>/sign", view_func=sign, methods=["POST"])
    blueprint.add_url_rule("/petitions/<int:number>/sign/email", view_func=sign_by_email, methods=["POST"])
    blueprint.add_url_rule("/petitions/<int:number>/sign/mail", view_func=check_mail)
    blueprint.add_url_rule("/petitions/<int:number>/thanks", view_func=thanks)
    blueprint.add_url_rule("/confirm/<token>", view_func=confirm_page)
    blueprint.add_url_rule("/confirm/<token>", view_func=confirm, methods=["POST"])
