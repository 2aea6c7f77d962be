"""Choices of an XLSForm as options of questions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from viche_surveys.domain.definition import Option, Text
from viche_surveys.forms.languages import Languages
from viche_surveys.forms.words import code_of, name_of
from viche_surveys.forms.xlsform_book import Book, Row

_BARE_NAME = re.compile(r"""\$\{[^}]*\}|"[^"]*"|'[^']*'|([^\W\d][\w.\-]*)""")
_KNOWN = frozenset({"list name", "list_name", "name", "label", "media", "viche"})


@dataclass(frozen=True, slots=True)
class Choices:
    """Options of one question.

    Attributes:
        fields: attributes that its filter asks for, by the name in the form.
        more: further attributes of options that stand in a list several times, one row of names per time.
    """

    options: tuple[Option, ...]
    fields: Mapping[str, str] = field(default_factory=dict)
    more: Sequence[Mapping[str, str]] = ()


class Lists:
    """All lists of a workbook; each is read once per set of attributes."""

    def __init__(self, book: Book, languages: Languages) -> None:
        self._rows: dict[tuple[str, str], list[Row]] = {}
        self._languages = languages
        for sheet in ("choices", "external_choices"):
            for row in book.sheet(sheet):
                list_name = row.get("list name") or row.get("list_name")
                if list_name:
                    self._rows.setdefault((sheet, list_name), []).append(row)
                    if not row.get("name"):
                        row.at("name").fault("NAME_MISSING", list=list_name)
                elif row.get("name"):
                    row.at("list name").fault("LIST_MISSING", name=row.get("name"))

    def has(self, list_name: str, *, is_external: bool = False) -> bool:
        """Whether there is such a list."""
        return (self._sheet(is_external), list_name) in self._rows

    def read(self, list_name: str, choice_filter: str = "", *, is_external: bool = False) -> Choices:
        """Options of a list, with the attributes that a filter asks for.

        A choice that stands there several times is one option: its attributes of the second time get a "_2".
        """
        rows = self._rows.get((self._sheet(is_external), list_name), [])
        fields = self._fields(rows, choice_filter)
        options: dict[str, Option] = {}
        times: dict[str, int] = {}
        for row in filter(lambda each: each.get("name"), rows):
            written = row.get("name")
            times[written] = times.get(written, 0) + 1
            attributes = {fields[name]: row.get(name) for name in fields if name != "name" and row.get(name)}
            if times[written] == 1:
                options[written] = self._option(row, written, attributes, {each.code for each in options.values()})
            else:
                row.at("name").change("OPTIONS_MERGED", code=written)
                again = {f"{name}_{times[written]}": value for name, value in attributes.items()}
                options[written] = replace(options[written], attributes={**options[written].attributes, **again})
        most = max(times.values(), default=1)
        more = [
            {name: known if name == "name" else f"{known}_{time}" for name, known in fields.items()}
            for time in range(2, most + 1)
        ]
        return Choices(tuple(options.values()), fields, more if len(fields) > ("name" in fields) else ())

    def _sheet(self, is_external: bool) -> str:
        return "external_choices" if is_external else "choices"

    def _option(self, row: Row, written: str, attributes: Mapping[str, str], taken: set[str]) -> Option:
        code = code_of(written, taken)
        if code != written:
            row.at("name").change("RENAMED", value=written, name=code)
        for kind in ("image", "big-image", "audio", "video"):
            if row.texts("media", kind):
                row.at("media", kind).refuse("MEDIA_LEFT_OUT", media=kind)
        label = self._languages.text(row, "label")
        if not label:
            row.at("label").change("LABEL_FROM_NAME", name=written)
            label = self._languages.plain(written)
        return Option(code=code, label=label, attributes=attributes)

    def _fields(self, rows: Sequence[Row], choice_filter: str) -> dict[str, str]:
        asked = dict.fromkeys(match[1] for match in _BARE_NAME.finditer(choice_filter) if match[1])
        columns = {key[0] for row in rows for key in row.headers if len(key) == 1} - _KNOWN
        found = {each: name_of(each) for each in asked if each in columns}
        return {**found, "name": "code"} if "name" in asked else found


def label_of(options: Sequence[Option], code: str) -> Text:
    """What people read for a code."""
    return next((option.label for option in options if option.code == code), {})
