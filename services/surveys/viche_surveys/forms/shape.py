"""Puts what a form asks into pages, and groups only as deep as definitions have them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from viche_surveys.domain.definition import Group, Kind, Page, Question
from viche_surveys.forms import cel
from viche_surveys.forms.report import Place

MOST_LEVELS = 2


@dataclass(frozen=True, slots=True)
class Item:
    """What stands at the top of a form.

    Attributes:
        is_page: the form wants it on a page of its own.
    """

    item: Question | Group
    place: Place
    is_page: bool = False


def pages_of(items: Sequence[Item], is_paged: bool, name: Callable[[str], str]) -> tuple[Page, ...]:
    """Pages of a form.

    Args:
        items: what stands at its top.
        is_paged: only items that say so are pages; else every group is one that is no repeat.
        name: gives a name that is free.
    """
    pages: list[Page] = []
    between: list[Question | Group] = []
    for each in items:
        item = each.item
        if isinstance(item, Group) and item.repeat is None and (each.is_page or not is_paged):
            if between:
                pages.append(_loose(between, name))
                between = []
            pages.append(_page(item, each.place, name))
        else:
            between.append(fitting(item, each.place))
    if between:
        pages.append(_loose(between, name))
    return tuple(pages)


def fitting(item: Question | Group, place: Place) -> Question | Group:
    """The item with no more levels of groups than there may be: what is deeper goes up, under its conditions."""
    if isinstance(item, Question) or _levels(item) <= MOST_LEVELS:
        return item
    inside: list[Question | Group] = []
    for each in item.items:
        if isinstance(each, Question) or _levels(each) < MOST_LEVELS:
            inside.append(each)
        elif _has_deep_repeat(each):
            inside += _dissolved(each, place)
        else:
            inside.append(replace(each, items=tuple(_flat(each.items, place))))
    return fitting(replace(item, items=tuple(inside)), place)


def _page(group: Group, place: Place, name: Callable[[str], str]) -> Page:
    items = tuple(fitting(item, place) for item in group.items)
    if group.hint:
        items = (Question(name=name(f"{group.name}_hint"), kind=Kind.NOTE, label=group.hint), *items)
    return Page(name=group.name, title=group.label, relevant=group.relevant, items=items)


def _loose(items: Sequence[Question | Group], name: Callable[[str], str]) -> Page:
    return Page(name=name("page"), items=tuple(items))


def _levels(group: Group) -> int:
    return 1 + max((_levels(item) for item in group.items if isinstance(item, Group)), default=0)


def _has_deep_repeat(group: Group) -> bool:
    return any(isinstance(item, Group) and (item.repeat is not None or _has_deep_repeat(item)) for item in group.items)


def _flat(items: Sequence[Question | Group], place: Place) -> list[Question | Group]:
    return [part for item in items for part in ([item] if isinstance(item, Question) else _dissolved(item, place))]


def _dissolved(group: Group, place: Place) -> list[Question | Group]:
    """What is in a group, under its condition, with its label as a note."""
    place.change("GROUP_DISSOLVED", name=group.name)
    note = [Question(name=group.name, kind=Kind.NOTE, label=group.label)] if group.label else []
    return [replace(item, relevant=cel.all_of([group.relevant, item.relevant])) for item in [*note, *group.items]]
