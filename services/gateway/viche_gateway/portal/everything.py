"""Everything about me: what is kept of a person, as a file to take along (GDPR, articles 15 and 20)."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from flask import Blueprint, Response, render_template
from flask_babel import gettext

from viche_gateway import access
from viche_gateway.clients.everything import Collector, Record
from viche_gateway.context import services
from viche_gateway.formats import now
from viche_gateway.sessions import signed_in

FILE_NAME = "viche-everything-about-me.zip"


@access.person
def everything() -> str:
    """Says what the file holds."""
    return render_template("account/everything.html")


@access.person
def download() -> Response:
    """The file: JSON for programs, and one page for people."""
    session = signed_in()
    kept: Mapping[str, Sequence[Record]] = asdict(
        Collector(services().channels).collect(session.person, session.access_token)
    )
    page = render_template("account/everything_file.html", kept=kept, titles=_titles(), at=now())
    response = Response(_packed(kept, page), content_type="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=FILE_NAME)
    return response


def _packed(kept: Mapping[str, Sequence[Record]], page: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("everything.html", page)
        for name, records in kept.items():
            archive.writestr(f"{name}.json", json.dumps(records, ensure_ascii=False, indent=2))
    return packed.getvalue()


def _titles() -> Mapping[str, str]:
    """What each part is called."""
    return {
        "person": gettext("My details"),
        "sessions": gettext("Where you are signed in"),
        "passkeys": gettext("Passkeys"),
        "organisations": gettext("My organisations"),
        "connections": gettext("Ways to sign in"),
        "petitions": gettext("My petitions"),
        "signatures": gettext("My signatures"),
        "written_for_me": gettext("What officers wrote for me"),
        "answers": gettext("My answers to surveys"),
        "answers_begun": gettext("Answers to surveys that I have begun"),
        "events": gettext("My events"),
        "followed": gettext("What I follow"),
        "messages": gettext("Mails to me"),
        "stopped": gettext("Mails that I stopped"),
        "returned": gettext("Mails to me that came back"),
    }


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/me/everything", view_func=everything)
    blueprint.add_url_rule("/me/everything", view_func=download, methods=["POST"])
