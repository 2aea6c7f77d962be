"""Between what keeps counts true and its messages."""

from datetime import UTC, datetime
from uuid import UUID

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from viche.petitions.v1 import integrity_pb2 as pb
from viche.petitions.v1 import petitions_pb2

from viche_chassis.messages import identifier, timestamp
from viche_petitions.domain.drafts import clean_text
from viche_petitions.domain.integrity import Kind, Progress, SignatureFilter
from viche_petitions.domain.sides import Side
from viche_petitions.domain.trends import Group, Mark, Trend
from viche_petitions.store.integrity import Invalidation
from viche_petitions.store.papers import PaperBatch
from viche_petitions.store.recounts import Recount

STATES = {
    Progress.RUNNING: pb.INVALIDATION_STATE_RUNNING,
    Progress.CANCELLED: pb.INVALIDATION_STATE_CANCELLED,
    Progress.DONE: pb.INVALIDATION_STATE_DONE,
}
GROUPS = {
    Group.HOUR: pb.TREND_GROUP_HOUR,
    Group.NETWORK: pb.TREND_GROUP_NETWORK,
    Group.MAIL_DOMAIN: pb.TREND_GROUP_MAIL_DOMAIN,
    Group.TERRITORY: pb.TREND_GROUP_TERRITORY,
}
MARKS = {Mark.USUAL: pb.TREND_MARK_USUAL, Mark.HIGH: pb.TREND_MARK_HIGH, Mark.EXTREME: pb.TREND_MARK_EXTREME}


def read_filter(message: pb.SignatureFilter) -> SignatureFilter:
    """The filter of a request."""
    territories = (*message.territory_codes, *([""] if message.without_territory else []))
    return SignatureFilter(
        channel=message.channel,
        territory_codes=territories,
        since=instant_of(message, "from"),
        until=instant_of(message, "until"),
        network=message.network.strip(),
        mail_domain=message.mail_domain.strip().casefold(),
        paper_batch_id=identifier(message.paper_batch_id),
        signature_ids=tuple(map(UUID, message.signature_ids)),
        is_against=message.is_against,
    )


def filter_message(which: SignatureFilter) -> pb.SignatureFilter:
    """The filter of a decision."""
    return pb.SignatureFilter(
        channel=which.channel, territory_codes=filter(None, which.territory_codes), until=timestamp(which.until),
        network=which.network, mail_domain=which.mail_domain,
        paper_batch_id=str(which.paper_batch_id) if which.paper_batch_id else "",
        signature_ids=map(str, which.signature_ids), without_territory="" in which.territory_codes,
        is_against=which.is_against,
        **{"from": timestamp(which.since)},  # pyright: ignore[reportArgumentType] (a keyword of Python)
    )  # fmt: skip


def trend_message(row: Trend) -> pb.Trend:
    """A row of the trends."""
    return pb.Trend(
        group=GROUPS[row.group], key=row.key, signatures=row.signatures, share=row.share, usual_share=row.usual_share,
        other_share=row.other_share, score=row.score, mark=MARKS[row.mark], is_rest=row.is_rest,
    )  # fmt: skip


def invalidation_message(found: Invalidation) -> pb.Invalidation:
    """A decision and how far it is."""
    return pb.Invalidation(
        id=str(found.id), petition_id=str(found.petition_id), reason=found.reason,
        note=petitions_pb2.LocalizedText(texts=found.note), is_silent=found.kind is Kind.FRAUDULENT,
        signatures=found.signatures, worked_off=min(found.place, found.signatures), changed=found.moved,
        state=STATES[found.state], undoes=str(found.undoes or ""), undone_by=str(found.undone_by or ""),
        created_at=timestamp(found.created_at), ended_at=timestamp(found.ended_at),
        filter=filter_message(found.which),
    )  # fmt: skip


def paper_batch_message(batch: PaperBatch) -> pb.PaperBatch:
    """Sheets of paper."""
    return pb.PaperBatch(
        id=str(batch.id), reference=batch.reference, signatures=batch.signatures, territory_code=batch.territory_code,
        received_on=batch.received_on.isoformat(), note=batch.note, created_at=timestamp(batch.created_at),
        counting=batch.counting,
    )  # fmt: skip


def recount_message(found: Recount) -> pb.PetitionRecount:
    """A recount."""
    return pb.PetitionRecount(
        petition_id=str(found.petition_id), number=found.number, counted=found.counted, published=found.published,
        in_history=found.in_history, is_mended=found.is_mended, at=timestamp(found.at),
        is_against=found.side is Side.AGAINST,
        corrections=(
            pb.Correction(territory_code=each.territory_code, channel=each.channel, added=each.added)
            for each in found.corrections
        ),
    )  # fmt: skip


def read_texts(text: petitions_pb2.LocalizedText) -> dict[str, str]:
    """Texts by language, without what is blank."""
    cleaned = {language: clean_text(said) for language, said in text.texts.items()}
    return {language: said for language, said in cleaned.items() if said}


def instant_of(message: Message, name: str) -> datetime | None:
    """An instant of a message; None where it is not set."""
    return getattr(message, name).ToDatetime(UTC) if message.HasField(name) else None


def stamp(at: datetime) -> Timestamp:
    """The instant as a message."""
    message = Timestamp()
    message.FromDatetime(at)
    return message
