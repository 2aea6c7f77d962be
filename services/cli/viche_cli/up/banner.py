"""What `viche up` says when everything is ready."""

from __future__ import annotations

from viche_cli.demo.people import NAMED
from viche_cli.home import Home
from viche_cli.services import Endpoints


def ready(home: Home, endpoints: Endpoints) -> str:
    """Address, demo people and where their mail can be read, as lines."""
    lines = ["", f"Viche is ready:  {endpoints.public_url}/"]
    if endpoints.mail_url:
        lines.append(f"Mail it sends:   {endpoints.mail_url}/")
    if endpoints.mail_url and home.state().get("demo") == "loaded":
        lines.append(f"A partner:       {endpoints.mail_url}/partner/")
        lines.append(f"A network:       {endpoints.mail_url}/network/")
    lines += [f"Data folder:     {home.path}", f"Logs:            {home.logs}", ""]
    if home.state().get("demo") == "loaded":
        width = max(len(person.email) for person in NAMED)
        lines.append("Sign in as one of these people; the link comes to the mail page above:")
        lines += [f"  {person.email:<{width}}  {person.what}" for person in NAMED]
        lines.append("")
    lines.append("Ctrl-C ends everything.")
    return "\n".join(lines)
