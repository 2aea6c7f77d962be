"""Following a petition by mail without signing it, and the list of what one follows."""

from collections.abc import Collection, Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway import access
from viche_gateway.clients.audience import LIST_SCOPE, SCOPE
from viche_gateway.context import services
from viche_gateway.sessions import Session, signed_in


@access.person
def follow_page(number: int) -> ResponseReturnValue:
    """The button that follows a petition, or the one that stops that; an address comes first."""
    session = signed_in()
    if not session.person.email:
        return redirect(url_for("portal.address", next=request.path), 303)
    petition = services().petitions.by_number(number)
    return render_template(
        "following/page.html", petition=petition, session=session, is_following=_gets_mails(session, petition)
    )


@access.person
def follow(number: int) -> ResponseReturnValue:
    """Follows a petition, or follows it no more."""
    _change(services().petitions.id_of(number))
    return redirect(url_for("portal.follow_page", number=number), 303)


@access.person
def followings() -> str:
    """What the person follows, each with a switch."""
    session = signed_in()
    found, next_token = services().audience.followings(_list_token(session), request.args.get("after", "")[:500])
    subjects = [SCOPE.format(petition.id) for petition in found]
    stopped = {subject.partition(":")[2] for subject in _stopped(session, subjects)}
    return render_template("following/list.html", petitions=found, stopped=stopped, next_token=next_token)


@access.person
def switch() -> ResponseReturnValue:
    """Turns mails about one petition of the list on or off."""
    number = request.form.get("number", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        abort(400)
    _change(services().petitions.id_of(int(number)))
    return redirect(url_for("portal.followings"), 303)


def _change(petition_id: str) -> None:
    """Does what the pressed button says. Mails that were stopped go on when somebody follows anew."""
    session = signed_in()
    tokens = _scope_token(session, petition_id), _list_token(session)
    if request.form.get("stop"):
        services().audience.unfollow(petition_id, *tokens)
    else:
        services().audience.follow(petition_id, *tokens)
        if email := session.person.email:
            services().notifications.set_subscription(email, SCOPE.format(petition_id), is_stopped=False)


def _gets_mails(session: Session, petition: pb.Petition) -> bool:
    if not services().audience.is_following(petition.id, _scope_token(session, petition.id)):
        return False
    return not _stopped(session, [SCOPE.format(petition.id)])


def _stopped(session: Session, subjects: Sequence[str]) -> Collection[str]:
    """Those of ``subjects`` whose mails the person has stopped; nobody writes to who has no address."""
    email = session.person.email
    return services().notifications.stopped(email, subjects) if email else ()


def _scope_token(session: Session, petition_id: str) -> str:
    return services().identity.scope_token(session.access_token, "petitions", SCOPE.format(petition_id))


def _list_token(session: Session) -> str:
    return services().identity.scope_token(session.access_token, "petitions", LIST_SCOPE)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/petitions/<int:number>/follow", view_func=follow_page)
    blueprint.add_url_rule("/petitions/<int:number>/follow", view_func=follow, methods=["POST"])
    blueprint.add_url_rule("/me/following", view_func=followings)
    blueprint.add_url_rule("/me/following", view_func=switch, methods=["POST"])
