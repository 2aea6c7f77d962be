"""Runs a program of the system; what goes wrong is said in a sentence."""

from __future__ import annotations

import subprocess
from pathlib import Path


class Fault(Exception):
    """A tool cannot go on; the text says why and what to do."""


def run(*argv: str | Path, text: str | None = None, within_s: float = 300.0) -> str:
    """What a program prints, given `text` to read. Raises Fault when it does not run, fails or takes too long."""
    words = [str(word) for word in argv]
    said = f"`{' '.join(words[:6])}{' …' if len(words) > 6 else ''}`"
    try:
        done = subprocess.run(  # noqa: S603
            words, input=text, capture_output=True, text=True, check=False, timeout=within_s
        )
    except FileNotFoundError:
        raise Fault(f"{words[0]} is missing: install it.") from None
    except OSError as error:
        raise Fault(f"{said} does not run: {error}") from error
    except subprocess.TimeoutExpired:
        raise Fault(f"{said} took more than {within_s:.0f} s.") from None
    if done.returncode != 0:
        raise Fault(f"{said} failed: {(done.stdout + done.stderr).strip()[-1500:]}")
    return done.stdout
