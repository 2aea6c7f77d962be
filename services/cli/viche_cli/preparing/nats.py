"""NATS: the piece of a server's configuration that lets every service in."""

from __future__ import annotations

from collections.abc import Sequence

from Crypto.Protocol.KDF import bcrypt

from viche_cli.faults import Fault
from viche_cli.infra.nats_users import users
from viche_cli.preparing.given import Account, nats_variable

COST = 11
MOST_BYTES = 72  # of a password that bcrypt takes
ACCOUNT = """\
# Users of Viche, for the configuration of nats-server: include "viche-users.conf"
accounts {{
  {name} {{
    jetstream: enabled
    users: {users}
  }}
}}
"""
AUTHORIZATION = """\
# Users of Viche, for the configuration of nats-server: include "viche-users.conf"
authorization {{ users: {users} }}
"""


def configuration(accounts: Sequence[Account], account_name: str) -> str:
    """The users that the services' addresses name, with hashed passwords and the permissions that each needs.

    Args:
        account_name: account of the server that holds them and their streams; empty on a server for Viche alone.
    Raises:
        Fault: a password is too long for bcrypt.
    """
    names = {each.service: each.user for each in accounts}
    listed = users({each.service: _hashed(each) for each in accounts}, names)
    if not account_name:
        return AUTHORIZATION.format(users=listed)
    return ACCOUNT.format(name=account_name, users=listed)


def _hashed(account: Account) -> str:
    password = account.password.encode()
    if len(password) > MOST_BYTES:
        raise Fault(
            f"The password in {nats_variable(account.service)} is longer than {MOST_BYTES} bytes, which NATS does not "
            "take hashed: choose a shorter one."
        )
    return bcrypt(password, COST).decode()
