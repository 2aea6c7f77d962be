"""Which register a file is, and reading it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from viche_cli.imports.registers import congress, own_table
from viche_cli.imports.registers.found import Found, NotARegister

FORMATS = {
    "office-holders": "office-holders of unitedstates/congress-legislators (JSON)",
    "official-accounts": "their official accounts, of the same project (YAML, JSON)",
    "other-accounts": "committees, caucuses, parties and campaigns of congresstweets-automator (JSON)",
    "table": "our own table (CSV); --template prints one",
}
_NO_NAME = re.compile(r"[^a-z0-9]+")


def read(path: Path, register: str) -> Found:
    """What a file says.

    Args:
        register: name of the register for a table of our own; empty: that of the file.
    Raises:
        NotARegister: it is no register that we can read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise NotARegister(getattr(error, "strerror", "") or "it is no text in UTF-8") from error
    if path.suffix.lower() in (".yaml", ".yml"):
        return _structured(path, congress.load_yaml(text))
    if text.lstrip()[:1] in ("[", "{"):
        try:
            return _structured(path, json.loads(text))
        except (ValueError, RecursionError) as error:
            raise NotARegister(f"it is no JSON: {error}") from error
    return _table(path, text, register)


def without_bodies(found: list[Found]) -> None:
    """Names accounts of bodies that none of the files has, where a file says which bodies their register has."""
    known = {each.register: {body.key for body in each.bodies} for each in found if each.bodies is not None}
    for each in found:
        each.say_unknown(
            place
            for place, account in enumerate(each.accounts or ())
            if (keys := known.get(account.body_register or each.register)) is not None and account.body_key not in keys
        )


def _structured(path: Path, document: Any) -> Found:
    for name, is_it, read_it in (
        ("office-holders", congress.is_holders, congress.read_holders),
        ("official-accounts", congress.is_accounts, congress.read_accounts),
        ("other-accounts", congress.is_others, congress.read_others),
    ):
        if is_it(document):
            found = Found(path, name, "")
            read_it(document, found)
            return found
    raise NotARegister("it is none of the registers that we can read")


def _table(path: Path, text: str, register: str) -> Found:
    if not own_table.is_table(text):
        raise NotARegister("it has no columns body and platform; --template prints a table as it is read")
    found = Found(path, "table", register or _NO_NAME.sub("-", path.stem.lower()).strip("-")[:64] or "table")
    own_table.read_table(text, found)
    return found
