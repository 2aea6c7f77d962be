"""The pages that list the public data and tell how it is made."""

from flask import render_template

from viche_chassis.errors import DomainError
from viche_gateway import access
from viche_gateway.context import services
from viche_gateway.publicdata import snapshots

PAGE_AGE_S = 300
SNAPSHOTS_SHOWN = 20


@access.public(max_age_s=PAGE_AGE_S)
def open_data() -> str:
    """Every set with its address, its formats, how often it is renewed, and its licence."""
    try:
        newest = services().opendata.newest_snapshots(SNAPSHOTS_SHOWN)
    except DomainError:
        newest = None  # the page is worth having without them
    return render_template("opendata/page.html", snapshots=newest, address=snapshots.address)


@access.public(max_age_s=PAGE_AGE_S)
def method() -> str:
    """How the numbers come about, what is left out, and what the words mean."""
    return render_template("opendata/method.html")
