"""Editions of a post that is out: what a correction may change, and what becomes of it where the post stands. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from viche_social.domain.deliveries import DeliveryState, Task
from viche_social.domain.posts import Attached, Content, Variant


class EditionState(StrEnum):
    """Where an edition is in its life; the names are those of the contract, but for DROPPED, which nobody sees."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    OUT = "out"
    DROPPED = "dropped"


EDITABLE = frozenset({EditionState.DRAFT, EditionState.RETURNED})


@dataclass(frozen=True, slots=True)
class Changes:
    """What a correction says, all of it words: titles and texts by language, words for files, own texts of channels.

    Files and channels that are not named keep theirs.
    """

    title: Mapping[str, str] = field(default_factory=dict[str, str])
    text: Mapping[str, str] = field(default_factory=dict[str, str])
    alt: Mapping[UUID, Mapping[str, str]] = field(default_factory=dict[UUID, Mapping[str, str]])
    own_texts: Mapping[UUID, str] = field(default_factory=dict[UUID, str])


def corrected(content: Content, changes: Changes) -> Content:
    """The content with other words; where it goes, its link, files, sources and poll stay."""
    return replace(
        content,
        title=changes.title,
        text=changes.text,
        media=tuple(Attached(each.id, changes.alt.get(each.id, each.alt)) for each in content.media),
        variants=tuple(_with_text(each, changes.own_texts) for each in content.variants),
    )


def _with_text(variant: Variant, own_texts: Mapping[UUID, str]) -> Variant:
    return replace(variant, text=own_texts.get(variant.channel_id, variant.text))


class CorrectionState(StrEnum):
    """What becomes of a correction at one channel; the names are those of the contract."""

    WAITING = "waiting"
    REFUSED = "refused"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a delivery stands to the post's latest edition: its state and task, which edition it has, whether the
    platform has named it (`ref`), whether connector and account can change it, and the last error."""

    state: DeliveryState
    task: Task | None
    edition: int
    has_ref: bool
    can_edit: bool
    error: str


_NOT_THERE = frozenset({DeliveryState.CANCELLED, DeliveryState.WITHDRAWN})


def correction_of(standing: Standing, latest: int) -> CorrectionState | None:
    """What becomes of the latest edition there; None where it stands there, or where nothing does."""
    if standing.edition >= latest or is_nowhere_any_more(standing):
        return None
    if is_fixed(standing):
        return CorrectionState.IMPOSSIBLE
    is_refused = standing.state is DeliveryState.PUBLISHED and standing.task is not Task.EDIT and standing.error
    return CorrectionState.REFUSED if is_refused else CorrectionState.WAITING


def is_nowhere_any_more(standing: Standing) -> bool:
    """Whether it was taken back or taken away."""
    return standing.state in _NOT_THERE


def is_changeable(standing: Standing) -> bool:
    """Whether what stands there can be changed by a program: one that a person put there cannot."""
    return standing.has_ref and standing.can_edit


def is_fixed(standing: Standing) -> bool:
    """Whether it stands there and cannot be changed."""
    return standing.state is DeliveryState.PUBLISHED and not is_changeable(standing)


def can_edit(capabilities: Collection[str], granted: Collection[str]) -> bool:
    """Whether connector and account let what is out be changed."""
    return "edit" in capabilities and "edit" in granted
