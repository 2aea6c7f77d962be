"""Loops of an XLSForm, written out: one group per choice, with the choice's label in the texts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from viche_surveys.domain.checking import MOST_QUESTIONS
from viche_surveys.forms.languages import TRANSLATED, Languages
from viche_surveys.forms.xlsform_book import Row
from viche_surveys.forms.xlsform_options import Lists, label_of
from viche_surveys.forms.xlsform_tree import Block, Leaf

_MARK = re.compile(r"%\((name|label)\)s")


def unrolled(items: Sequence[Leaf | Block], lists: Lists, languages: Languages) -> list[Leaf | Block]:
    """The items without loops."""
    found: list[Leaf | Block] = []
    for item in items:
        if isinstance(item, Leaf):
            found.append(item)
            continue
        item.items = unrolled(item.items, lists, languages)
        found.append(_written_out(item, lists, languages) if item.control == "loop" else item)
    return found


def _written_out(loop: Block, lists: Lists, languages: Languages) -> Block:
    if loop.list_name and not lists.has(loop.list_name):
        loop.row.at("type").fault("UNKNOWN_LIST", list=loop.list_name)
    options = lists.read(loop.list_name).options
    if len(options) * sum(1 for _ in loop.leaves()) > MOST_QUESTIONS:
        loop.row.at("type").fault("TOO_MANY_ROWS", limit=MOST_QUESTIONS)
        options = ()
    groups: list[Leaf | Block] = []
    for option in options:
        label = next(iter(label_of(options, option.code).values()), option.code)
        words = {"name": option.code, "label": label.replace("{{", "{").replace("}}", "}")}
        row = Row("survey", loop.row.number, {("label",): words["label"]}, loop.row.headers, loop.row.findings)
        inside = [_filled(item, words, option.code) for item in loop.items]
        groups.append(Block(row, "group", f"{loop.written}_{option.code}", items=inside))
    loop.row.at("type").change("LOOP_WRITTEN_OUT", groups=len(groups))
    return Block(loop.row, "group", loop.written, items=groups)


def _filled(item: Leaf | Block, words: Mapping[str, str], code: str) -> Leaf | Block:
    cells = {
        key: _MARK.sub(lambda match: words[match[1]], value) if _is_text(key) else value
        for key, value in item.row.cells.items()
    }
    written = f"{item.written}_{code}"
    row = replace(item.row, cells={**cells, ("name",): written})
    if isinstance(item, Leaf):
        return Leaf(row, written, item.plan)
    return replace(item, row=row, written=written, items=[_filled(each, words, code) for each in item.items])


def _is_text(key: tuple[str, ...]) -> bool:
    return any(key[: len(tokens)] == tokens for tokens in TRANSLATED)
