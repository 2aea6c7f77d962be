"""Which account of the system the engines run as: PostgreSQL refuses root."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from viche_cli.faults import Fault

# in order of preference; all of them exist without us on some common system
CANDIDATES = ("nobody", "daemon", "nfsnobody")


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the system."""

    name: str
    uid: int
    gid: int


def unprivileged() -> Account | None:
    """The account for processes that refuse root; None when this process is not root and needs no other.

    Raises Fault when the system has no such account.
    """
    if os.geteuid() != 0:
        return None
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, _own_group(entry))
    raise Fault(
        "PostgreSQL does not run as root and this system has no account 'nobody': start viche as an ordinary user."
    )


def first_closed_folder(path: Path, account: Account) -> Path | None:
    """The outermost folder on the way to `path` (itself included) that the account cannot enter; None when all open."""
    for folder in [*reversed(path.parents), path]:
        if folder.is_dir() and not _may_enter(folder.stat(), account):
            return folder
    return None


def _own_group(entry: pwd.struct_passwd) -> int:
    try:
        return grp.getgrgid(entry.pw_gid).gr_gid
    except KeyError:
        return entry.pw_gid


def _may_enter(status: os.stat_result, account: Account) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)
