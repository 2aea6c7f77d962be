"""Faults that the person at the terminal can mend."""

from __future__ import annotations


class Fault(Exception):
    """A sentence for the person at the terminal: what is wrong, and the way out. Exit code 1, no traceback."""
