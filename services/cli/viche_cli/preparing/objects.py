"""The bucket of an S3 server."""

from __future__ import annotations

from viche_cli.faults import Fault
from viche_cli.preparing.postgres import first_line
from viche_cli.preparing.waiting import NotYet, patiently


def ensure_bucket(url: str, wait_s: float = 0.0) -> None:
    """Makes the bucket of VICHE_S3_URL when it is missing. Raises Fault."""
    from viche_chassis.config import ConfigError
    from viche_chassis.errors import Unavailable
    from viche_chassis.objects import parse_s3_url
    from viche_chassis.objects_s3 import S3Store

    try:
        store = S3Store(parse_s3_url(url))
    except ConfigError as error:
        raise Fault(str(error)) from error

    def make() -> None:
        try:
            store.ensure_bucket()
        except Unavailable as error:
            cause = error.__cause__ or error
            why = getattr(cause, "code", None) or first_line(cause)
            raise NotYet(
                f"The S3 server does not let viche in ({why}): correct VICHE_S3_URL, or start the server."
            ) from error

    patiently("the S3 server", make, wait_s)
