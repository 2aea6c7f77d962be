"""Our own table of bodies and accounts."""

from __future__ import annotations

import csv
import io

from viche_cli.imports.registers.found import Finding, Found, NotARegister
from viche_social.domain.given import GivenAccount, GivenBody
from viche_social.domain.register import BodyKind

NEEDED = ("body", "kind", "platform", "handle", "url")
OPTIONAL = ("parent", "field", "comparison")
YES, NO = frozenset({"yes", "true", "1"}), frozenset({"", "no", "false", "0"})
TEMPLATE = """\
body,kind,platform,handle,url,parent,field,comparison
Ministry of Education,ministry,facebook,education,https://www.facebook.com/education,,education,
Ministry of Education,ministry,x,edu_ministry,,,education,
Ministry of Roads,ministry,,,,,roads,
Maria Petrenko,minister,x,m_petrenko,,Ministry of Education,,
Coffee House,,facebook,coffeehouse,,,,yes
"""
"""One row per account. A body without accounts has a row without platform; the short name of an authority of the
instance means that authority; a person names under ``parent`` the body where the office is held; a company to compare
with has ``yes`` under ``comparison``."""


def is_table(text: str) -> bool:
    """Whether the first line names our columns."""
    first = next(csv.reader(io.StringIO(text.removeprefix("\ufeff"))), [])
    return {"body", "platform"} <= {name.strip().lower() for name in first}


def read_table(text: str, found: Found) -> None:
    """Bodies and accounts.

    Raises:
        NotARegister: columns are missing, or there are others.
    """
    found.bodies, found.accounts = [], []
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    columns = [name.strip().lower() for name in rows.fieldnames or ()]
    if missing := [name for name in NEEDED if name not in columns]:
        raise NotARegister(f"there is no column {', '.join(missing)}")
    if strange := [name for name in columns if name not in (*NEEDED, *OPTIONAL)]:
        raise NotARegister(f"it has columns that nobody knows: {', '.join(strange)}")
    rows.fieldnames = columns
    first: dict[str, tuple[int, GivenBody]] = {}
    try:
        for row in rows:
            _read_row(rows.line_num, {name: (row.get(name) or "").strip() for name in columns}, first, found)
    except csv.Error as error:
        raise NotARegister(f"line {rows.line_num + 1} is no CSV: {error}") from error


def _read_row(line: int, row: dict[str, str], first: dict[str, tuple[int, GivenBody]], found: Found) -> None:
    place = f"line {line}"
    comparison = row.get("comparison", "").lower()
    if comparison not in YES | NO:
        found.refused.append(Finding(place, "UNKNOWN_VALUE", f"comparison is '{comparison}', and not yes or no"))
        return
    body = _body(row, comparison in YES)
    before = first.get(body.key)
    if before is None:
        first[body.key] = (line, body)
        found.add_body(place, body)
    elif before[1] != body:
        message = f"'{body.title}' has another kind, parent, field or comparison than in line {before[0]}"
        found.refused.append(Finding(place, "CONTRADICTION", message))
        return
    if row["platform"] or row["handle"]:
        found.add_account(place, GivenAccount(body.key, "", row["platform"], row["handle"], row["url"]))


def _body(row: dict[str, str], is_company: bool) -> GivenBody:
    parent = row.get("parent", "")
    kind = BodyKind.COMPANY if is_company else BodyKind.HOLDER if parent else BodyKind.AUTHORITY
    return GivenBody(row["body"], kind, "" if is_company else row["kind"], row["body"], row.get("field", ""), parent)
