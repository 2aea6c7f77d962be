"""The ways in which people sign, each counted apart."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from viche_sdk.assurance import Assurance
from viche_sdk.stored import read_object, read_text


class ChannelKind(StrEnum):
    """How a signature comes in. Stable: it is stored and translated."""

    EID = "eid"
    EMAIL = "email"
    SMS = "sms"
    PAPER = "paper"

    @property
    def most(self) -> Assurance:
        """How surely somebody can be known this way at most."""
        return Assurance.EMAIL if self in (ChannelKind.EMAIL, ChannelKind.SMS) else Assurance.HIGH


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to sign, and how surely the signer must be known on it; on paper, an officer answers for that."""

    kind: ChannelKind
    min_assurance: Assurance

    def content(self) -> dict[str, object]:
        """What JSON takes."""
        return {"kind": str(self.kind), "min_assurance": str(self.min_assurance)}

    @classmethod
    def read(cls, value: object) -> "Channel":
        """Read it back.

        Raises:
            KeyError, TypeError, ValueError: it is of another kind.
        """
        stored = read_object(value)
        return cls(ChannelKind(read_text(stored["kind"])), Assurance(read_text(stored["min_assurance"])))


ONLINE = (Channel(ChannelKind.EMAIL, Assurance.EMAIL), Channel(ChannelKind.EID, Assurance.SUBSTANTIAL))
"""What holds where a workflow says nothing else."""


def narrowed(channels: Iterable[Channel], least: Assurance) -> tuple[Channel, ...]:
    """The channels on which people can be known as surely as `least`, asking for it where they asked for less."""
    return tuple(
        Channel(each.kind, max(each.min_assurance, least, key=lambda assurance: assurance.rank))
        for each in channels
        if each.kind.most.rank >= least.rank
    )


def least_of(channels: Iterable[Channel]) -> Assurance:
    """How surely everybody is known at least, over all channels."""
    return min((each.min_assurance for each in channels), key=lambda assurance: assurance.rank)


def faults_of_channels(channels: Sequence[Channel], asked: Iterable[str]) -> Iterator[str]:
    """There is a way to sign, whatever assurance is asked for.

    Args:
        channels: of the workflow.
        asked: every value that its `min_assurance` may have.
    """
    kinds = [channel.kind for channel in channels]
    if len(set(kinds)) != len(kinds):
        yield "each kind of channel stands once; take the second away"
    for channel in channels:
        if channel.min_assurance.rank > channel.kind.most.rank:
            yield f"channel {channel.kind} cannot give assurance {channel.min_assurance}, only {channel.kind.most}"
    for value in asked:
        if value in list(Assurance) and not narrowed(channels, Assurance(value)):
            yield f"min_assurance {value} leaves no channel to sign on; add one"
