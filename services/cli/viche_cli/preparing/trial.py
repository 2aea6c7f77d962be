"""Secrets for the engines that come with the chart for a trial: passwords made up, and the addresses that hold them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from viche_cli.infra.nats_users import users
from viche_cli.kubernetes import Secret
from viche_cli.services import SERVICES

BUCKET = "viche"
ACCESS_KEY = "viche"


def trial_secrets(fullname: str, prefix: str) -> list[Secret]:
    """PREFIX-engines for the engines, and PREFIX-database, -nats, -objects and -mail for the services.

    Args:
        fullname: how the names of the chart's objects begin: RELEASE-viche, or RELEASE where that has "viche" in it.
        prefix: how the names of the Secrets begin.
    """
    superuser, secret_key = _password(), _password()
    databases, streams = _passwords(), _passwords()
    postgres = f"{fullname}-postgres:5432"
    return [
        Secret(
            f"{prefix}-engines",
            {
                "postgres-password": superuser,
                "nats-users.conf": f"authorization {{ users: {users(streams, {each: each for each in SERVICES})} }}\n",
                "s3-access-key": ACCESS_KEY,
                "s3-secret-key": secret_key,
            },
        ),
        Secret(
            f"{prefix}-database",
            {
                **{each: f"postgresql://viche_{each}:{databases[each]}@{postgres}/viche_{each}" for each in SERVICES},
                "admin": f"postgresql://postgres:{superuser}@{postgres}/postgres",
            },
        ),
        Secret(f"{prefix}-nats", {each: f"nats://{each}:{streams[each]}@{fullname}-nats:4222" for each in SERVICES}),
        Secret(f"{prefix}-objects", {"url": f"s3+http://{ACCESS_KEY}:{secret_key}@{fullname}-objects:7070/{BUCKET}"}),
        Secret(f"{prefix}-mail", {"url": f"smtp://{fullname}-mailbox:1025?tls=none"}),
    ]


def _passwords() -> Mapping[str, str]:
    return {each: _password() for each in SERVICES}


def _password() -> str:
    """Letters and digits alone, which stand in an address as they are."""
    return secrets.token_hex(24)
