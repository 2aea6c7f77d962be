"""Erasing my account: what goes, what stays, a day to think, and the way back."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from viche_chassis.errors import DomainError
from viche_gateway import access
from viche_gateway.context import services
from viche_gateway.sessions import signed_in


@access.person
def erasure() -> str:
    """Says what erasing means, and asks once; or says when it will be done, with the way back."""
    due_at = services().identity.privacy.erasure_due_at(signed_in().access_token)
    return render_template(
        "account/erasure.html", due_at=due_at, session=signed_in(), is_kept=request.args.get("kept") == "1"
    )


@access.person
def request_erasure() -> ResponseReturnValue:
    """Asks for it; whoever signed in long ago confirms first and comes back."""
    hides_name = request.form.get("hides_name") == "yes"
    try:
        services().identity.privacy.request_erasure(signed_in().access_token, hides_name=hides_name)
    except DomainError as error:
        if error.reason != "CONFIRM_FIRST":
            raise
        return redirect(url_for("portal.show_again", next="/me/erase"), 303)
    return redirect(url_for("portal.erasure"), 303)


@access.person
def cancel_erasure() -> ResponseReturnValue:
    """Takes it back."""
    services().identity.privacy.cancel_erasure(signed_in().access_token)
    return redirect(url_for("portal.erasure", kept=1), 303)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/me/erase", view_func=erasure)
    blueprint.add_url_rule("/me/erase", view_func=request_erasure, methods=["POST"])
    blueprint.add_url_rule("/me/erase/cancel", view_func=cancel_erasure, methods=["POST"])
