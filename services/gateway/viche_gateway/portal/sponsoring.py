"""Sponsors: the page on which an author asks for them, and the one on which they support a petition."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.petitions.v1 import petitions_pb2 as pb
from viche.petitions.v1 import sponsors_pb2

from viche_chassis import links
from viche_chassis.errors import Code, DomainError, InvalidFields
from viche_gateway import access, forms, sentences
from viche_gateway.branding.current import address_of
from viche_gateway.context import services, settings
from viche_gateway.forms import Form
from viche_gateway.languages import alternates, current_language
from viche_gateway.sessions import Session, current_session, signed_in

MOST_ADDRESSES = 20
_FIELDS = ("emails", "language")


@access.person
def supporters(petition_id: str) -> ResponseReturnValue:
    """For the author: the link to pass on, how many support the petition, and a form for addresses."""
    return _supporters_page(petition_id, Form({"emails": "", "language": current_language()}))


@access.person
def invite(petition_id: str) -> ResponseReturnValue:
    """Has the link sent to addresses, one a line."""
    form = forms.read(*_FIELDS)
    emails = _addresses(form.value("emails"))
    if not emails:
        missing = Form(form.values, {"emails": sentences.sentence("REQUIRED")})
        return _supporters_page(petition_id, missing, 400)
    try:
        sent = services().sponsors.invite(
            signed_in().access_token, forms.request_id(), petition_id, emails, form.value("language")
        )
    except DomainError as error:
        if error.code in (Code.UNAVAILABLE, Code.NOT_FOUND):
            raise
        status = 429 if error.code == Code.RESOURCE_EXHAUSTED else 400
        return _supporters_page(petition_id, Form(form.values, {"emails": _sentence(error, emails)}), status)
    return redirect(url_for("portal.supporters", petition_id=petition_id, sent=sent, of=len(emails)), 303)


@access.form
def support_page(token: str) -> ResponseReturnValue:
    """What a link invites to, with the button for people who are signed in."""
    invitation = services().sponsors.invitation(token)
    if invitation.petition.number and invitation.petition.opened_at.seconds:
        return redirect(url_for("portal.petition", number=invitation.petition.number), 303)
    return _support_page(token, invitation)


@access.person
def support(token: str) -> ResponseReturnValue:
    """Supports the petition for the signed-in person."""
    try:
        with_name = forms.read("publish_name").value("publish_name") == "yes"
        support_for(signed_in(), token, forms.request_id(), with_name=with_name)
    except DomainError as error:
        if error.code == Code.UNAVAILABLE:
            raise
        return _support_page(token, services().sponsors.invitation(token), error), 409
    return redirect(url_for("portal.supported", token=token), 303)


@access.form
def supported(token: str) -> ResponseReturnValue:
    """Says thank you, and what comes next."""
    return render_template("sponsoring/thanks.html", petition=services().sponsors.invitation(token).petition)


def support_for(
    session: Session, token: str, request_id: str, *, with_name: bool = False
) -> sponsors_pb2.CreateSponsorshipResponse:
    """Supports the petition of a link for a signed-in person; the API supports through this too.

    Args:
        with_name: whether the person was told that their name is published with it.

    Raises:
        DomainError: with the reason of identity or petitions.
    """
    petition_id = services().sponsors.invitation(token).petition.id
    scope_token = _scope_token(session, petition_id, with_name=with_name)
    return services().sponsors.support(session.access_token, request_id, petition_id, token, scope_token)


def _supporters_page(petition_id: str, form: Form, status: int = 200) -> ResponseReturnValue:
    try:
        found = services().sponsors.link(signed_in().access_token, petition_id)
    except DomainError as error:
        if error.reason != "NOT_SPONSORING":
            raise
        return redirect(url_for("portal.submitted", petition_id=petition_id), 303)
    page = render_template(
        "sponsoring/supporters.html", petition=found.petition, invited=found.invited, form=form,
        link=_link(found),
        languages=[(code, name) for code, name, _ in alternates()], most=MOST_ADDRESSES, sent=_sent(),
    )  # fmt: skip
    return page, status


def _link(found: sponsors_pb2.GetSponsorLinkResponse) -> str:
    address = address_of(found.petition.authority_id)
    path = links.support_path(found.token)
    return links.absolute(address, path, current_language(), settings().default_language)


def _support_page(token: str, invitation: sponsors_pb2.GetInvitationResponse, error: DomainError | None = None) -> str:
    session, petition = current_session(), invitation.petition
    return render_template(
        "sponsoring/support.html", petition=petition, token=token, session=session, is_open=invitation.is_open,
        is_own=session is not None and _is_own(session, petition),
        has_signed=session is not None and _has_signed(session, petition),
        reason=error.reason if error else "", sentence=sentences.of(error) if error else "",
    )  # fmt: skip


def _addresses(text: str) -> list[str]:
    return [line.strip() for line in text.replace(",", "\n").replace(";", "\n").splitlines() if line.strip()]


def _sentence(error: DomainError, emails: list[str]) -> str:
    """What is wrong with the addresses, the first that is wrong named."""
    if isinstance(error, InvalidFields):
        for violation in error.violations:
            if violation.field.startswith("emails["):
                line = int(violation.field[len("emails[") : -1])
                return f"{emails[line][:80]}: {sentences.of_violation(violation)}"
        return next(iter(sentences.of_fields(error).values()), sentences.of(error))
    return sentences.of(error)


def _sent() -> tuple[int, int] | None:
    """How many mails have gone out just now, and to how many addresses they should."""
    numbers = [request.args.get(name, "") for name in ("sent", "of")]
    if not all(text.isascii() and text.isdigit() and len(text) < 4 for text in numbers):
        return None
    return int(numbers[0]), int(numbers[1])


def _is_own(session: Session, petition: pb.Petition) -> bool:
    return any(mine.id == petition.id for mine in services().petitions.mine(session.access_token))


def _has_signed(session: Session, petition: pb.Petition) -> bool:
    try:
        return services().petitions.my_signature(petition.id, _scope_token(session, petition.id)).signed
    except DomainError:
        return False  # the button is shown; supporting twice is refused anyway


def _scope_token(session: Session, petition_id: str, *, with_name: bool = False) -> str:
    scope = f"petition:{petition_id}"
    return services().identity.scope_token(session.access_token, "petitions", scope, with_name=with_name)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/drafts/<petition_id>/supporters", view_func=supporters)
    blueprint.add_url_rule("/drafts/<petition_id>/supporters", view_func=invite, methods=["POST"])
    blueprint.add_url_rule("/support/<token>", view_func=support_page)
    blueprint.add_url_rule("/support/<token>", view_func=support, methods=["POST"])
    blueprint.add_url_rule("/support/<token>/thanks", view_func=supported)
