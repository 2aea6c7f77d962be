"""Children that end when they are told to, and in any case when we end."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from viche_cli.infra.accounts import Account

PR_SET_PDEATHSIG = 1  # linux/prctl.h
POLL_S = 0.02


def spawn(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    account: Account | None = None,
    log: Path | None = None,
    parent_death_signal: signal.Signals = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Starts a child in a session of its own, so that Ctrl-C reaches only us; its output goes to the end of `log`.

    On Linux the child gets `parent_death_signal` when the thread that called this function ends.
    """
    child: subprocess.Popen[bytes] | None = None
    try:
        with _output(log) as output, _signals_wait() as blocked:
            child = subprocess.Popen(
                [str(part) for part in argv],
                env=dict(env) if env is not None else None,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
                preexec_fn=_before_exec(blocked, parent_death_signal),
            )
    except BaseException:  # what the handler of a signal raises, too
        if child is not None:
            stop(child)
        raise
    return child


def stop(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM, timeout_s: float = 20.0) -> None:
    """Ends a child and whatever is left of its session; by force when it takes longer than `timeout_s`."""
    if process.poll() is None:
        process.send_signal(how)
    await_end(process, timeout_s)


def await_end(process: subprocess.Popen[bytes], timeout_s: float) -> None:
    """Waits for a child that was told to end; kills it when it takes longer, and what it leaves in its session."""
    try:
        process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    end_session(process)


def end_session(process: subprocess.Popen[bytes]) -> None:
    """Kills what a child that has ended left behind in its session."""
    # its process group outlives it while a member lives, and the system reuses no id that names a group
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def end_children(how: signal.Signals, timeout_s: float) -> None:
    """Ends the children of this process, which is about to end, too; by force those that take longer."""
    children = _send(how)
    if not wait_until(lambda: all(_has_ended(child) for child in children), timeout_s):
        _send(signal.SIGKILL)


def wait_until(claim: Callable[[], bool], timeout_s: float) -> bool:
    """Asks again until the claim is true; False when the time is over."""
    deadline = time.monotonic() + timeout_s
    while not claim():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_S)
    return True


def _children() -> list[int]:
    """Processes that we started and that nobody has waited for; none on a system without /proc."""
    found: list[int] = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # after the name in brackets: state, then the parent (proc(5))
            if each.read_text("utf-8", "replace").rpartition(")")[2].split()[1] == str(os.getpid()):
                found.append(int(each.parent.name))
    return found


def _send(how: signal.Signals) -> list[int]:
    children = _children()
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, how)
    return children


def _has_ended(child: int) -> bool:
    try:
        return os.waitpid(child, os.WNOHANG) != (0, 0)
    except ChildProcessError:
        return True


@contextlib.contextmanager
def _output(log: Path | None) -> Iterator[int]:
    if log is None:
        yield subprocess.DEVNULL
        return
    log.parent.mkdir(parents=True, exist_ok=True)
    # O_APPEND, so that the file can be cut while the child writes
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _signals_wait() -> Iterator[set[signal.Signals]]:
    """Signals wait until the end of the block, since Python throws away what a handler raises beside a fork.

    Gives those that waited before.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        yield {signal.Signals(each) for each in before}
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _before_exec(blocked: set[signal.Signals], death_signal: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()
    prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None

    def arrange() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        if prctl is None:
            return
        prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return arrange
