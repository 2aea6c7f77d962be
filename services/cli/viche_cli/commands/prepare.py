"""`viche prepare`."""

from __future__ import annotations

import os

import click

from viche_cli.commands.shared import namespace_option, prefix_option, silence_logs
from viche_cli.faults import Fault
from viche_cli.preparing.waiting import wait_option

limit_option = click.option(
    "--connection-limit",
    type=click.IntRange(min=1),
    help="Most connections of each role; default: as many as the server takes.",
)


@click.group()
def prepare() -> None:
    """Prepare PostgreSQL, NATS and S3 of your own for an instance.

    Everything comes from the environment: VICHE_POSTGRES_URL is the administrator's address of PostgreSQL,
    VICHE_IDENTITY_DATABASE_URL, VICHE_PETITIONS_DATABASE_URL and so on are those that the services will have,
    VICHE_S3_URL names the bucket. What is there already stays.
    """
    silence_logs()  # the sentence at the end says it all


@prepare.command()
@click.option("--sql", "as_sql", is_flag=True, help="Print SQL for psql instead, for somebody else to run.")
@click.option("--show-passwords", is_flag=True, help="With --sql: put the passwords into it, not variables of psql.")
@limit_option
@wait_option
def postgres(as_sql: bool, show_passwords: bool, connection_limit: int | None, wait_s: float) -> None:
    """Make a role and a database for each service, as their addresses name them.

    A role owns its database and has no other powers. VICHE_POSTGRES_URL may create databases and roles; it need not be
    a superuser.
    """
    from viche_cli.preparing import given
    from viche_cli.preparing.postgres import script

    if as_sql:
        accounts = given.databases(os.environ)
        click.echo(script(accounts, connection_limit, with_passwords=show_passwords), nl=False)
        return
    _postgres(connection_limit, wait_s)


@prepare.command()
@click.option(
    "--account",
    default="VICHE",
    show_default=True,
    help="Account of the server that holds the users and their streams; '' on a server for Viche alone.",
)
def nats(account: str) -> None:
    """Print configuration for nats-server: a user for each service, with the permissions that it needs.

    Names and passwords are those of VICHE_IDENTITY_NATS_URL, VICHE_PETITIONS_NATS_URL and so on; passwords are hashed.
    Services make their streams themselves.
    """
    from viche_cli.preparing import given
    from viche_cli.preparing.nats import configuration

    click.echo(configuration(given.nats_users(os.environ), account), nl=False)


@prepare.command()
@wait_option
def objects(wait_s: float) -> None:
    """Make the bucket of VICHE_S3_URL."""
    _objects(_required("VICHE_S3_URL"), wait_s)


@prepare.command("all")
@limit_option
@wait_option
def all_(connection_limit: int | None, wait_s: float) -> None:
    """Prepare PostgreSQL, and the bucket where VICHE_S3_URL names one."""
    _postgres(connection_limit, wait_s)
    if url := os.environ.get("VICHE_S3_URL", "").strip():
        _objects(url, wait_s)


@prepare.command()
@click.argument("fullname")
@prefix_option
@namespace_option
def trial(fullname: str, prefix: str, namespace: str) -> None:
    """Print Secrets for the engines that come with the chart for a trial: they hold new passwords, readable there.

    FULLNAME is how the names of the chart's objects begin: RELEASE-viche, or RELEASE where that has "viche" in it.
    """
    from viche_cli.kubernetes import as_yaml
    from viche_cli.preparing.trial import trial_secrets

    click.echo(as_yaml(trial_secrets(fullname, prefix), namespace), nl=False)


def _postgres(connection_limit: int | None, wait_s: float) -> None:
    from viche_cli.preparing import given
    from viche_cli.preparing.postgres import ensure

    accounts = given.databases(os.environ)
    made = ensure(_required("VICHE_POSTGRES_URL"), accounts, connection_limit, wait_s)
    for account in accounts:
        state = "made" if account.database in made else "was there"
        click.echo(f"{account.service}: database {account.database} {state}, role {account.user} may enter it")


def _objects(url: str, wait_s: float) -> None:
    from viche_cli.preparing.objects import ensure_bucket

    ensure_bucket(url, wait_s)
    click.echo("bucket: ready")


def _required(variable: str) -> str:
    if url := os.environ.get(variable, "").strip():
        return url
    raise Fault(f"{variable} is not set: it is the address of the engine that is prepared.")
