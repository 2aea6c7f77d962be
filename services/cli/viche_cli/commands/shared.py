"""Options that several commands have, and how calls to an instance fail."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from viche_cli.faults import Fault
from viche_cli.kubernetes import DEFAULT_PREFIX


def _home(help_text: str) -> Callable[[Any], Any]:
    return click.option("--home", type=click.Path(path_type=Path, file_okay=False), help=help_text)


home_option = _home("Folder that `viche up` was given; default: the same as its.")
# of commands that reach an instance by its address as well
reach_option = _home(
    "Folder that `viche up` was given; default: the instance at VICHE_URL, or else its default folder."
)
prefix_option: Callable[[Any], Any] = click.option(
    "--prefix", default=DEFAULT_PREFIX, show_default=True, help="How the names of the Secrets begin."
)
namespace_option: Callable[[Any], Any] = click.option(
    "--namespace", default="", help="Namespace that the Secrets name; default: that of whoever loads them."
)
json_option: Callable[[Any], Any] = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


passphrase_option: Callable[[Any], Any] = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="File whose first line is the passphrase of the keys; default: you are asked.",
)


def read_passphrase(file: Path | None, *, confirm: bool) -> str | None:
    """From the file, or asked for; None when nobody can be asked."""
    if file is not None:
        return (file.read_text(encoding="utf-8").splitlines() or [""])[0]
    if not sys.stdin.isatty():
        return None
    return click.prompt("Passphrase of the keys", hide_input=True, confirmation_prompt=confirm, err=True)


def silence_logs() -> None:
    """Keep log lines out of what the running command prints; when it ends, they are written as before."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    click.get_current_context().call_on_close(lambda: logging.disable(before))


SENTENCES = {
    "UNAVAILABLE": "the service does not answer",
    "DIRECT_SESSIONS_OFF": "identity opens no sessions without a mail; start it with "
    "VICHE_IDENTITY_ALLOW_DIRECT_SESSIONS=true for as long as the demo is loaded",
    "REGISTER_IS_NEWER": "it was read for a later day already; leave --on out, or take a newer state of it",
    "NO_AUTHORITIES": "there is no authority yet that one could have a role in; load a region first (`viche demo`)",
    "NOT_YOUR_AUTHORITY": "VICHE_TOKEN belongs to somebody who does not operate every authority that this concerns",
    "ACCESS_DENIED": "VICHE_TOKEN belongs to somebody who is no operator, or whose sign-in is too old: sign in again",
}


class Pair(click.ParamType[tuple[str, str]]):
    """A name and a value with = in between."""

    def __init__(self, name: str) -> None:
        self.name = name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Name and value."""
        if isinstance(value, tuple):
            return value
        name, equals, rest = value.partition("=")
        if not (name and equals):
            self.fail(f"{value!r} is not of the form {self.name}.", param, ctx)
        return name.strip(), rest.strip()


@contextmanager
def calling(what: str) -> Iterator[None]:
    """Turns a failed call into one sentence that says what was not done, and why."""
    import grpc

    try:
        yield
    except grpc.RpcError as error:
        raise Fault(f"{what}: {_said(error)}.") from error


def print_json(document: Any) -> None:
    """For scripts: one JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def _said(error: Any) -> str:
    """The reason that the service gave, with the fields that it did not take."""
    from viche_chassis.status import from_rpc_error

    fault = from_rpc_error(error)
    return SENTENCES.get(fault.reason) or str(fault) or fault.reason
