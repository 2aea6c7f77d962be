"""Office-holders of the United States' Congress and their accounts, as volunteers keep them in public.

Office-holders and their official accounts come from unitedstates/congress-legislators, what committees, caucuses and
parties have, and what members campaign with, from alexlitel/congresstweets-automator.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from viche_cli.imports.registers.found import Finding, Found, NotARegister
from viche_social.domain.given import GivenAccount, GivenBody
from viche_social.domain.register import BodyKind, Purpose

HOLDERS = "us-congress"
OTHERS = "us-congress-others"
CHAMBERS = {"sen": "senate", "rep": "house"}
_LINE = "__line__"


def is_holders(document: Any) -> bool:
    """Whether it lists office-holders with their terms."""
    return _is_list(document) and "term" in document[0] and "bioguide" in _of(document[0], "id")


def read_holders(document: Any, found: Found) -> None:
    """Bodies from office-holders; the chamber is whom they are counted with."""
    found.register, found.bodies = HOLDERS, []
    for number, item in enumerate(document, 1):
        key = str(_of(item, "id").get("bioguide", ""))
        place = f"entry {number}" + (f" ({key})" if key else "")
        chamber = CHAMBERS.get(str(_of(item, "term").get("type", "")), "")
        found.add_body(place, GivenBody(key, BodyKind.HOLDER, chamber, _title(_of(item, "name"))))


def is_accounts(document: Any) -> bool:
    """Whether it lists accounts of office-holders."""
    return _is_list(document) and "social" in document[0] and "bioguide" in _of(document[0], "id")


def read_accounts(document: Any, found: Found) -> None:
    """Accounts of office-holders. A name and an id of one platform are one account."""
    found.register, found.accounts = HOLDERS, []
    for number, item in enumerate(document, 1):
        key, social = str(_of(item, "id").get("bioguide", "")), _of(item, "social")
        line = item.get(_LINE) if isinstance(item, Mapping) else None
        place = f"line {line}" if line else f"entry {number}"
        if not key or not social:
            missing = "social" if key else "id.bioguide"
            found.refused.append(Finding(place, "REQUIRED", f"{missing} is missing"))
        for platform in sorted({str(name).removesuffix("_id") for name in social if name != _LINE} if key else ()):
            found.add_account(f"{place} ({key}), {platform}", _account(key, platform, social))


def is_others(document: Any) -> bool:
    """Whether it lists members, committees, caucuses and parties with accounts of one platform."""
    return _is_list(document) and "accounts" in document[0] and "chamber" in document[0]


def read_others(document: Any, found: Found) -> None:
    """Bodies and accounts of committees, caucuses and parties, and what members campaign with.

    Accounts of members' offices are left out: the register of their official accounts speaks for them.
    """
    found.register, found.bodies, found.accounts = OTHERS, [], []
    for number, item in enumerate(document, 1):
        kind, title = str(item.get("type", "")), str(item.get("name", ""))
        place = f"entry {number} ({title})"
        key = str(_of(item, "id").get("bioguide", "")) if kind == "member" else f"{kind}:{title}"
        if kind != "member":
            found.add_body(place, GivenBody(key, BodyKind.AUTHORITY, kind, title))
        for account in item.get("accounts", ()):
            _add_other(found, place, kind, key, account)


def load_yaml(text: str) -> Any:
    """A YAML document whose mappings know their lines.

    Raises:
        NotARegister: it is none.
    """
    try:
        return yaml.load(text, Loader=_LineLoader)  # noqa: S506 (a safe loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise NotARegister(f"it is no YAML{where}: {getattr(error, 'problem', error)}") from error


class _LineLoader(yaml.SafeLoader):
    """A safe loader that notes the line that each mapping begins in."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping with its line."""
        return {**super().construct_mapping(node, deep), _LINE: node.start_mark.line + 1}


def _account(key: str, platform: str, social: Mapping[str, Any]) -> GivenAccount:
    handle, external_id = str(social.get(platform, "")), str(social.get(f"{platform}_id", ""))
    url = f"https://www.youtube.com/channel/{external_id}" if platform == "youtube" and external_id else ""
    return GivenAccount(key, "", platform, handle or external_id, url, external_id)


def _add_other(found: Found, place: str, kind: str, key: str, account: Any) -> None:
    is_campaign = account.get("account_type") == "campaign"
    if kind == "member" and not is_campaign:
        found.left_out += 1
        return
    handle = str(account.get("screen_name", ""))
    given = GivenAccount(
        key, HOLDERS if kind == "member" else "", "x", handle, external_id=str(account.get("id", "")),
        purpose=Purpose.CAMPAIGN if is_campaign else Purpose.OFFICE,
    )  # fmt: skip
    found.add_account(f"{place}, {handle}", given)


def _title(name: Mapping[str, Any]) -> str:
    return str(name.get("official_full") or f"{name.get('first', '')} {name.get('last', '')}").strip()


def _is_list(document: Any) -> bool:
    return isinstance(document, list) and bool(document) and isinstance(document[0], Mapping)


def _of(item: Any, name: str) -> Mapping[str, Any]:
    value = item.get(name) if isinstance(item, Mapping) else None
    return value if isinstance(value, Mapping) else {}
