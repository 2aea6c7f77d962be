"""Changes of a survey's definition: an old document goes in, a new one comes out, and the old one stays as it was.

Pages, groups and questions have names that are unique in a survey, and are found by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]
FORMAT = "viche-survey/1"
TEXTS_IN_ORDER = (
    "title", "introduction", "thanks", "label", "hint", "message", "low_label", "high_label", "unit",
    "constraint_message",
)  # fmt: skip
"""Fields that hold a text by language, as forms show them."""
TEXTS = frozenset(TEXTS_IN_ORDER)
PAGES = "pages"
QUOTAS = "quotas"
"""Where pages stand, as a container."""
_NUMBERED = re.compile(r"(.*?)(?:_?(\d+))?")


class NotThere(LookupError):
    """There is nothing of that name in the document."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page, a group or a question.

    Attributes:
        container: name of what it stands in; ``PAGES`` of a page.
        index: its place there, from 0.
        pointer: the JSON Pointer to it.
        page: name of its page.
    """

    item: Mapping[str, Any]
    container: str
    index: int
    pointer: str
    page: str


def blank(languages: Sequence[str], title: Mapping[str, str]) -> Document:
    """A survey that asks nothing yet."""
    return {
        "format": FORMAT,
        "languages": list(languages),
        "title": dict(title),
        "pages": [{"name": "page_1", "items": []}],
    }


def walk(document: Document) -> Iterator[Found]:
    """Pages, and what is on them, in the document's order."""
    for index, page in enumerate(document.get("pages", ())):
        name = str(page.get("name", ""))
        yield Found(page, PAGES, index, f"/pages/{index}", name)
        yield from _inside(page, f"/pages/{index}", name)


def _inside(around: Mapping[str, Any], pointer: str, page: str) -> Iterator[Found]:
    for index, item in enumerate(around.get("items", ())):
        here = f"{pointer}/items/{index}"
        yield Found(item, str(around.get("name", "")), index, here, page)
        yield from _inside(item, here, page)


def texts_of(item: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """An item's own texts: the field, the code of the option or row whose label it is, and the text by language."""
    for name in TEXTS_IN_ORDER:
        if isinstance(item.get(name), dict):
            yield name, "", item[name]
    for listed in ("options", "rows"):
        for option in item.get(listed, ()):
            if isinstance(option.get("label"), dict):
                yield listed, str(option.get("code", "")), option["label"]


def find(document: Document, name: str) -> Found:
    """What has that name.

    Raises:
        NotThere: nothing has.
    """
    for found in walk(document):
        if found.item.get("name") == name:
            return found
    raise NotThere(name)


def has(document: Document, name: str) -> bool:
    """Whether something has that name."""
    return any(found.item.get("name") == name for found in walk(document))


def free_name(document: Document, wanted: str) -> str:
    """``wanted``, or with the next number that makes a name of its own."""
    taken = {found.item.get("name") for found in walk(document)}
    taken |= {quota.get("name") for quota in document.get("quotas", ())}
    if wanted not in taken:
        return wanted
    match = _NUMBERED.fullmatch(wanted)
    stem, number = (match[1], int(match[2] or 2)) if match else (wanted, 2)
    while (name := f"{stem}_{number}") in taken:
        number += 1
    return name


def add(document: Document, container: str, item: Mapping[str, Any]) -> Document:
    """With an item at the end of a page or a group, or a page at the end of the survey."""
    changed = _copied(document)
    _list_of(changed, container).append(deepcopy(dict(item)))
    return changed


def put(document: Document, name: str, item: Mapping[str, Any]) -> Document:
    """With another item, or another page, in the place of one."""
    changed = _copied(document)
    found = find(changed, name)
    _list_of(changed, found.container)[found.index] = deepcopy(dict(item))
    return changed


def remove(document: Document, name: str) -> Document:
    """Without an item or a page, and without what is in it."""
    changed = _copied(document)
    found = find(changed, name)
    del _list_of(changed, found.container)[found.index]
    return changed


def restore(document: Document, container: str, index: int, item: Mapping[str, Any]) -> Document:
    """With something that was removed back in its place; at the end of the last page when what it stood in is gone."""
    changed = _copied(document)
    if container == QUOTAS:
        changed.setdefault(QUOTAS, []).insert(max(index, 0), deepcopy(dict(item)))
        return changed
    if container != PAGES and not has(changed, container):
        if "kind" not in item and "items" not in item:
            raise NotThere(container)
        container = str(changed["pages"][-1]["name"]) if changed.get("pages") else PAGES
    listed = _list_of(changed, container)
    listed.insert(min(max(index, 0), len(listed)), deepcopy(dict(item)))
    return changed


def move(document: Document, name: str, by: int) -> Document:
    """With an item nearer to the beginning or the end of what it stands in."""
    changed = _copied(document)
    found = find(changed, name)
    listed = _list_of(changed, found.container)
    listed.insert(min(max(found.index + by, 0), len(listed) - 1), listed.pop(found.index))
    return changed


def place(document: Document, name: str, container: str, index: int) -> Document:
    """With an item at a place in a page or a group, or a page at a place in the survey.

    Raises:
        NotThere: there is no such item or container, or the container is in the item.
    """
    item = find(document, name).item
    inside = {name, *(str(each.item.get("name", "")) for each in _inside(item, "", ""))}
    if container in inside or (container != PAGES and not has(document, container)):
        raise NotThere(container)
    return restore(remove(document, name), container, index, item)


def move_to(document: Document, name: str, container: str) -> Document:
    """With an item at the end of another page or group; it cannot go into itself.

    Raises:
        NotThere: there is no such item or container.
    """
    found = find(document, name)
    if container == name or any(each.item.get("name") == container for each in _inside(found.item, "", "")):
        raise NotThere(container)
    return add(remove(document, name), container, found.item)


def duplicate(document: Document, name: str) -> Document:
    """With a copy of an item after it; the copy and what is in it have names of their own."""
    found = find(document, name)
    item = deepcopy(dict(found.item))
    grown = _copied(document)
    _list_of(grown, found.container).insert(found.index + 1, item)
    _rename(document, item, set())
    return grown


def _rename(document: Document, item: dict[str, Any], given: set[str]) -> None:
    name = free_name(document, str(item.get("name", "")))
    while name in given:
        stem, _, number = name.rpartition("_")
        name = free_name(document, f"{stem}_{int(number) + 1}" if number.isdigit() else f"{name}_2")
    given.add(name)
    item["name"] = name
    for each in item.get("items", ()):
        _rename(document, each, given)


def put_whole(document: Document, fields: Mapping[str, Any]) -> Document:
    """With other texts of the survey as a whole; an empty one is left out."""
    changed = _copied(document)
    for name, value in fields.items():
        if value or name == "title":
            changed[name] = deepcopy(value)
        else:
            changed.pop(name, None)
    return changed


def add_language(document: Document, language: str) -> Document:
    """With one more language, which has no texts yet."""
    changed = _copied(document)
    changed["languages"] = list(dict.fromkeys([*changed.get("languages", ()), language]))
    return changed


def put_language_first(document: Document, language: str) -> Document:
    """With a language as the one that texts fall back to."""
    changed = _copied(document)
    changed["languages"] = list(dict.fromkeys([language, *changed.get("languages", ())]))
    return changed


def remove_language(document: Document, language: str) -> Document:
    """Without a language and all texts in it."""
    changed = _copied(document)
    changed["languages"] = [each for each in changed.get("languages", ()) if each != language]
    _drop(changed, language)
    return changed


def _drop(value: Any, language: str) -> None:
    if isinstance(value, list):
        for each in value:
            _drop(each, language)
    elif isinstance(value, dict):
        for name, each in list(value.items()):
            if name in TEXTS and isinstance(each, dict):
                each.pop(language, None)
                if not each and name != "title":
                    del value[name]
            else:
                _drop(each, language)


def quota(document: Document, name: str) -> Mapping[str, Any]:
    """The quota of that name.

    Raises:
        NotThere: there is none.
    """
    for each in document.get("quotas", ()):
        if each.get("name") == name:
            return each
    raise NotThere(name)


def put_quota(document: Document, name: str, wanted: Mapping[str, Any] | None) -> Document:
    """With a quota in the place of the one of that name, or at the end; None takes it away."""
    changed = _copied(document)
    quotas = list(changed.get("quotas", ()))
    places = [index for index, each in enumerate(quotas) if each.get("name") == name]
    at = slice(places[0], places[0] + 1) if places else slice(len(quotas), len(quotas))
    quotas[at] = [deepcopy(dict(wanted))] if wanted is not None else []
    changed["quotas"] = quotas
    if not quotas:
        del changed["quotas"]
    return changed


def containers(document: Document, name: str = "") -> Iterator[str]:
    """Names of pages and groups that an item can be moved to."""
    inside = {each.item.get("name") for each in _inside(find(document, name).item, "", "")} if name else set()
    for found in walk(document):
        own = str(found.item.get("name", ""))
        if (found.container == PAGES or "items" in found.item) and own != name and own not in inside:
            yield own


def _copied(document: Document) -> dict[str, Any]:
    return deepcopy(dict(document))


def _list_of(document: dict[str, Any], container: str) -> list[Any]:
    if container == PAGES:
        return document.setdefault("pages", [])
    return find(document, container).item.setdefault("items", [])  # pyright: ignore[reportAttributeAccessIssue]
