"""Messages about how a count came to be."""

from collections.abc import Iterable

from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.messages import timestamp
from viche_petitions.domain.removals import Removals


def channels_message(channels: Iterable[tuple[str, int]]) -> list[pb.ChannelCount]:
    """Signatures by channel."""
    return [pb.ChannelCount(channel=channel, signature_count=count) for channel, count in channels]


def removals_message(removals: Removals) -> pb.Removals | None:
    """Signatures that were taken out of the count; None where none ever were."""
    if removals == Removals():
        return None
    return pb.Removals(
        signatures=removals.signatures, votes_against=removals.votes_against,
        items=(
            pb.Removal(
                reason=each.reason, signatures=each.signatures, at=timestamp(each.at), is_restored=each.is_restored,
                is_against=each.is_against,
                note=pb.LocalizedText(texts=each.note) if each.note else None,
            )
            for each in removals.items
        ),
        reversals=(
            pb.ThresholdReversal(
                threshold=each.threshold, reached_at=timestamp(each.reached_at),
                reversed_at=timestamp(each.reversed_at), signatures=each.signatures,
            )
            for each in removals.reversals
        ),
    )  # fmt: skip
