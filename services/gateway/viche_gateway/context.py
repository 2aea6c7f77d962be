"""What a request handler needs of the application: the other services, the settings, who asks from where."""

from ipaddress import ip_address, ip_network
from uuid import uuid4

from flask import current_app, g, request

from viche_gateway.clients import Clients
from viche_gateway.config import Settings


def services() -> Clients:
    """The other services."""
    return current_app.extensions["viche.clients"]


def settings() -> Settings:
    """The gateway's settings."""
    return current_app.extensions["viche.settings"]


def new_request_id() -> str:
    """An id for a form: sending the same form twice is one request."""
    return str(uuid4())


def client_network() -> str:
    """The address block that asks: an IPv4 address, or the /64 of an IPv6 one; empty when it is not known."""
    if "client_network" not in g:
        g.client_network = _network_of(request.remote_addr or "")
    return g.client_network


def _network_of(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    return str(address) if address.version == 4 else str(ip_network(f"{address}/64", strict=False))
