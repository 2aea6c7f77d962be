"""Petitions as public data, in the shape that the site of the UK Parliament made known.

/petitions.json, /petitions/NUMBER.json, and the counts of one petition as JSON and CSV.
"""

from flask import Blueprint, Flask

from viche_gateway.publicdata import routes


def register(app: Flask) -> None:
    """Adds the addresses."""
    blueprint = Blueprint("publicdata", __name__)
    routes.add_routes(blueprint)
    app.register_blueprint(blueprint)
