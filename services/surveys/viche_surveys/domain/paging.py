"""Answering page by page: what a form adds to what was filled in before, and which page comes next."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from viche_surveys.domain.answer_errors import AnswerFault
from viche_surveys.domain.judging import Judged, on_page, page_of, unseen
from viche_surveys.domain.plan import Plan, PlannedPage
from viche_surveys.domain.reading import Fields, instances_of

_INSTANCE = re.compile(r"(?P<group>[A-Za-z_][A-Za-z0-9_]*)\.(?P<index>[0-9]{1,4})")


class Move(Enum):
    """What somebody wants who sends a page."""

    ON = "on"
    BACK = "back"
    KEEP = "keep"
    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Next:
    """Which page is shown next: None when all is answered.

    Attributes:
        faults: that are shown on it.
        is_kept: whether faults, or questions that appeared, keep the page.
        has_more: whether questions appeared.
    """

    page: int | None
    faults: tuple[AnswerFault, ...] = ()
    is_kept: bool = False
    has_more: bool = False


def merged(page: PlannedPage, before: Fields, sent: Fields) -> dict[str, list[str]]:
    """What was filled in, with what a page sent instead of what it had before. Fields of no question are dropped."""
    kept = {name: list(values) for name, values in before.items() if not _is_on(page, name)}
    return kept | {name: list(values) for name, values in sent.items() if _is_on(page, name)}


def with_instances(plan: Plan, fields: Fields, move: Move, group: str) -> dict[str, list[str]]:
    """The fields with one instance of a repeat more, or without one."""
    changed = {name: list(values) for name, values in fields.items()}
    match = _INSTANCE.fullmatch(group)
    repeat = plan.repeats.get(match["group"] if match else group)
    if repeat is None or repeat.repeat is None:
        return changed
    count = instances_of(repeat, fields)
    if move is Move.ADD:
        changed[f"{repeat.name}.count"] = [str(min(count + 1, repeat.repeat.maximum))]
    elif match and int(match["index"]) < count:
        changed = _without(changed, repeat.name, int(match["index"]))
        changed[f"{repeat.name}.count"] = [str(max(count - 1, 0))]
    return changed


def after(plan: Plan, index: int, judged: Judged, shown: frozenset[str] | None) -> Next:
    """Where somebody goes on who has sent a page."""
    new = unseen(judged, plan.pages[index].names, shown) if shown is not None else set[str]()
    faults = tuple(each for each in on_page(plan, index, judged.faults) if each.field not in new)
    if new or faults:
        return Next(index, faults, is_kept=True, has_more=bool(new))
    following = next((page for page in judged.shown.pages if page > index), None)
    if following is not None:
        return Next(following)
    return left_over(plan, judged)


def left_over(plan: Plan, judged: Judged) -> Next:
    """The first page with something that is wrong; none if the answer can be sent."""
    pages = [page for fault in judged.faults if (page := page_of(plan, fault)) is not None]
    if not pages:
        return Next(None)
    return Next(min(pages), on_page(plan, min(pages), judged.faults), is_kept=True)


def before(index: int, pages: Sequence[int]) -> int:
    """The page before one; the same if it is the first."""
    return max((page for page in pages if page < index), default=index)


def _is_on(page: PlannedPage, name: str) -> bool:
    return name.partition(".")[0] in page.names


def _without(fields: Mapping[str, list[str]], group: str, index: int) -> dict[str, list[str]]:
    """Fields of later instances move up by one."""
    moved: dict[str, list[str]] = {}
    for name, values in fields.items():
        match = _INSTANCE.match(name)
        if match is None or match["group"] != group:
            moved[name] = values
        elif int(match["index"]) != index:
            at = int(match["index"]) - (int(match["index"]) > index)
            moved[f"{group}.{at}{name[match.end() :]}"] = values
    return moved
