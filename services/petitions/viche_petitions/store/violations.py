"""From violated constraints to errors."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from psycopg.errors import UniqueViolation

from viche_chassis.errors import DomainError


@contextmanager
def told(errors: Mapping[str, type[DomainError]]) -> Iterator[None]:
    """Raises the error that stands for a violated constraint, by its name; others go on as they are."""
    try:
        yield
    except UniqueViolation as violation:
        error = errors.get(violation.diag.constraint_name or "")
        if error is None:
            raise
        raise error() from violation
