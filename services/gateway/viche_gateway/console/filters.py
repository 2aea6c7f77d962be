"""Which signatures an officer means, between a form and its message."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from google.protobuf.timestamp_pb2 import Timestamp
from viche.petitions.v1 import integrity_pb2 as pb

from viche_gateway import sentences
from viche_gateway.context import settings
from viche_gateway.forms import Form

FIELDS = (
    "channel", "territory_code", "since", "until", "network", "mail_domain", "paper_batch_id", "signature_ids", "side",
)  # fmt: skip
AGAINST = "against"
OF_SERVICE: Mapping[str, str] = {"from": "since", "filter": "channel", "territory_codes": "territory_code"}
"""Fields of the service that have another name in the form."""

NOWHERE = "-"
"""Stands for signatures without a territory."""

_HOUR = timedelta(hours=1)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def faults(form: Form) -> dict[str, str]:
    """Sentences for what cannot be read."""
    found = {
        name: sentences.sentence("BAD_TIME")
        for name in ("since", "until")
        if form.value(name) and instant(form.value(name)) is None
    }
    if not all(_UUID.fullmatch(each) for each in form.value("signature_ids").split()):
        found["signature_ids"] = sentences.sentence("NOT_A_UUID")
    return found


def message(form: Form) -> pb.SignatureFilter:
    """The filter of a form."""
    code = form.value("territory_code")
    which = pb.SignatureFilter(
        channel=form.value("channel"),
        territory_codes=[code] if code and code != NOWHERE else [],
        without_territory=code == NOWHERE,
        until=instant(form.value("until")),
        network=form.value("network"),
        mail_domain=form.value("mail_domain"),
        paper_batch_id=form.value("paper_batch_id"),
        signature_ids=form.value("signature_ids").split(),
        is_against=form.value("side") == AGAINST,
    )
    if since := instant(form.value("since")):
        getattr(which, "from").CopyFrom(since)
    return which


def of_trend(row: pb.Trend) -> dict[str, str]:
    """The fields that mean the signatures of a row of trends; none where they cannot be named."""
    if row.is_rest:
        return {}
    if row.group == pb.TREND_GROUP_HOUR:
        begins = datetime.fromisoformat(row.key)
        return {"since": begins.isoformat(), "until": (begins + _HOUR).isoformat()}
    fields = {
        pb.TREND_GROUP_NETWORK: "network",
        pb.TREND_GROUP_MAIL_DOMAIN: "mail_domain",
        pb.TREND_GROUP_TERRITORY: "territory_code",
    }
    return {fields[row.group]: row.key or NOWHERE}


def instant(text: str) -> Timestamp | None:
    """An instant in ISO 8601; one without an offset is where the authority is. None where it is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    stamp = Timestamp()
    stamp.FromDatetime((at if at.tzinfo else at.replace(tzinfo=ZoneInfo(settings().timezone))).astimezone(UTC))
    return stamp
