"""Databases brought up to date, one service after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import psycopg

from viche_chassis import db, schema
from viche_cli.faults import Fault
from viche_cli.preparing.postgres import first_line
from viche_cli.preparing.waiting import NotYet

BOTH = ("pre", "post")

T = TypeVar("T")


def migrate_one(service: str, url: str, phases: tuple[str, ...] = BOTH) -> list[str]:
    """Brings one service's database up to date; gives the names of the migrations applied. Raises NotYet or Fault."""
    return _at(service, lambda: db.migrate(url, f"viche_{service}", phases=phases))


def pending_of(service: str, url: str, phases: tuple[str, ...] = BOTH) -> list[str]:
    """Names of the migrations that the service's database lacks; changes nothing. Raises NotYet or Fault."""
    return _at(service, lambda: schema.pending(url, f"viche_{service}", phases=phases))


def _at(service: str, step: Callable[[], T]) -> T:
    try:
        return step()
    except db.MigrationChanged as error:
        raise Fault(
            f"The database of {service} was made by another version of viche ({error}): install that version, or start "
            "with another --home."
        ) from error
    except db.MigrationMissing as error:
        raise Fault(
            f"The database of {service} is not ready for the phase post ({error}): run `viche migrate --phase pre`, "
            "replace the services, then try again."
        ) from error
    except psycopg.errors.OperationalError as error:
        raise NotYet(
            f"The database of {service} does not answer or is busy ({first_line(error)}): start it, correct its "
            "address, or try again."
        ) from error
    except psycopg.Error as error:
        raise Fault(f"The database of {service} could not be brought up to date: {first_line(error)}.") from error
