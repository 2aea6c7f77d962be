"""The addresses of accounts on platforms."""

from flask import Blueprint

from viche_gateway.console.channels import connecting, lists


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    connecting.add_routes(blueprint)
    lists.add_routes(blueprint)
    blueprint.app_template_global("ended_channels")(lists.ended_channels)
    blueprint.app_template_global("troubled_channels")(lists.troubled_channels)
    blueprint.app_template_global("stopped_connectors")(lists.stopped_connectors)
