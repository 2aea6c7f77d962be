"""A service's key replaced in three steps, so that no call is refused in between.

The new public key is put beside the old one, then the new private key in place of the old one, at last the old public
key is taken away. Processes read keys when they start: after each step those that it concerns start anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from viche_cli.faults import Fault
from viche_cli.home import write_private
from viche_cli.keys import PUBLIC_PEM, new_private, public_half
from viche_cli.kubernetes import as_list, held_secrets

if TYPE_CHECKING:
    from collections.abc import Mapping

WAITING = ".new"  # behind the name of a private key that is not in use yet


@dataclass(frozen=True, slots=True)
class ServiceKeys:
    """The keys of one service, in PEM.

    Args:
        private: what it signs with.
        public: what others know it by: one key, or two, one after the other.
        waiting: the private key that it will sign with; empty where none waits.
    """

    private: str = field(repr=False)
    public: str
    waiting: str = field(default="", repr=False)


def next_step(name: str, keys: ServiceKeys, *, finish: bool) -> tuple[ServiceKeys, str]:
    """The keys after the next step, and what to do then. Raises Fault when it is not the turn of that step."""
    if finish:
        if keys.waiting:
            raise Fault(f"The new key of {name} is not in use yet: call this without --finish first.")
        done = replace(keys, public=public_half(keys.private))
        return done, f"{name}.pub holds the new key alone; processes forget the old one when they start anew."
    known = PUBLIC_PEM.findall(keys.public)
    # one that waits and is not known yet is what a step leaves that came half through
    if not keys.waiting or public_half(keys.waiting) not in known:
        if len(known) > 1:
            raise Fault(f"{name}.pub holds two keys already: call this with --finish first.")
        waiting = keys.waiting or new_private()
        done = replace(keys, public=keys.public.rstrip("\n") + "\n" + public_half(waiting), waiting=waiting)
        return done, f"{name}.pub holds both keys: start all processes anew, then call this again."
    done = replace(keys, private=keys.waiting, waiting="")
    return done, f"The new key of {name} is in its place: start {name} anew, then call this with --finish."


def in_folder(name: str, folder: Path, *, finish: bool) -> str:
    """Goes one step in a folder of keys, and says what to do then. Raises Fault or OSError."""
    private, public = folder / "services" / f"{name}.pem", folder / "services" / "public" / f"{name}.pub"
    waiting = private.with_name(private.name + WAITING)
    if not (private.exists() and public.exists()):
        raise Fault(f"{folder} lacks {name}.pem or {name}.pub: name the folder of keys, HOME/keys for instance.")
    before = ServiceKeys(
        private.read_text("ascii"), public.read_text("ascii"), waiting.read_text("ascii") if waiting.exists() else ""
    )
    after, said = next_step(name, before, finish=finish)
    # nobody signs with a key that others do not know, wherever this is cut off
    for path, text, old in (
        (public, after.public, before.public),
        (private, after.private, before.private),
        (waiting, after.waiting, before.waiting),
    ):
        if text and text != old:
            write_private(path, text)
    if not after.waiting:
        waiting.unlink(missing_ok=True)
    return said


def in_secrets(name: str, found: str, prefix: str, *, finish: bool) -> tuple[str, str]:
    """Goes one step in Secrets.

    Args:
        found: PREFIX-public-keys and PREFIX-keys-NAME as `kubectl get -o json` prints them.
        prefix: how the names of the Secrets begin.

    Returns:
        Those that change, for `kubectl replace`, and what to do then.

    Raises:
        Fault: they are not there, or it is not the turn of that step.
    """
    own, all_public = f"{prefix}-keys-{name}", f"{prefix}-public-keys"
    private_entry, public_entry, waiting_entry = "service.pem", f"{name}.pub", f"service.pem{WAITING}"
    try:
        held = held_secrets(found)
        private, public = held[own].entries, held[all_public].entries
        before = ServiceKeys(private[private_entry], public[public_entry], private.get(waiting_entry, ""))
    except (ValueError, KeyError, TypeError) as error:
        raise Fault(
            f"Give this both Secrets: kubectl get secret {all_public} {own} -o json | viche keys rotate-service {name} "
            "--kubernetes | kubectl replace -f -"
        ) from error
    after, said = next_step(name, before, finish=finish)
    changed: list[Mapping[str, Any]] = []
    if after.public != before.public:
        changed.append(held[all_public].having({public_entry: after.public}))
    if (after.private, after.waiting) != (before.private, before.waiting):
        changed.append(held[own].having({private_entry: after.private, waiting_entry: after.waiting}))
    return as_list(changed), said
