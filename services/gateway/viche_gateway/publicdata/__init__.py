"""Petitions as public data, in the shape that the site of the UK Parliament made known, and in that of Ukraine.

Lists and single petitions, counts and their history, tables for downloading, snapshots for citing, and the pages that
explain them.
"""

from flask import Blueprint, Flask

from viche_gateway.publicdata import answers, lists, routes
from viche_gateway.publicdata.files import Tables


def register(app: Flask) -> None:
    """Adds the addresses."""
    app.extensions[answers.TABLES] = Tables(lists.TABLE_AGE_S)
    blueprint = Blueprint("publicdata", __name__)
    routes.add_routes(blueprint)
    app.register_blueprint(blueprint)
