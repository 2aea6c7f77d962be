"""The formats that can be taken over, and which one a file is in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from viche_cli.faults import Fault
from viche_cli.imports import it_daily, it_initiatives, ua_list, uk_list, uk_petition, us_table
from viche_cli.imports.content import Content
from viche_cli.imports.rows import Found


@dataclass(frozen=True, slots=True)
class Format:
    """A format: how it is recognised, and how it is read."""

    name: str
    title: str
    fits: Callable[[Content], bool]
    read: Callable[[Content], Found]
    counts_only: bool = False


FORMATS = (
    *(
        Format(module.NAME, module.TITLE, module.fits, module.read)
        for module in (uk_list, uk_petition, ua_list, it_initiatives)
    ),
    Format(it_daily.NAME, it_daily.TITLE, it_daily.fits, it_daily.read, counts_only=True),
    Format(us_table.NAME, us_table.TITLE, us_table.fits, us_table.read),
)
NAMES = tuple(each.name for each in FORMATS)


def format_of(content: Content, name: str = "") -> Format:
    """The format of that name, or else the one that the content looks like.

    Raises Fault when it looks like none.
    """
    for each in FORMATS:
        if each.name == name or (not name and each.fits(content)):
            return each
    if not content.is_json and content.text.lstrip().startswith(("[", "{")) and not content.first_object():
        content.must_be_json()
    known = "; ".join(f"{each.name}, {each.title}" for each in FORMATS)
    raise Fault(f"{content.path} is in no format that can be taken over ({known}): say which it is with --format.")
