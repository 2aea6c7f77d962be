"""The rules under which one petition collects, fixed when it opens."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from viche_sdk.localized import Localized


class Assurance(StrEnum):
    """How surely a signer is known; the names follow eIDAS, Regulation (EU) 910/2014, article 8."""

    EMAIL = "email"
    SUBSTANTIAL = "substantial"
    HIGH = "high"


class SignersShown(StrEnum):
    """What everybody may see about those who signed."""

    NUMBER = "number"
    TERRITORIES = "territories"
    NAMES = "names"


class BadTerms(ValueError):
    """A stored text does not hold terms."""


@dataclass(frozen=True, slots=True)
class FixedThreshold:
    """A number of validated signatures at which something happens."""

    name: str
    signatures: int
    effect: Localized


@dataclass(frozen=True, slots=True)
class Terms:
    """The figures of one petition; what the workflow or the authority changes later does not touch them.

    `resident_of` is the code of the territory where signers must live; empty means anywhere.
    `thresholds` ascend; `open_days` are full days after the day of opening.
    """

    workflow: str
    version: str
    thresholds: tuple[FixedThreshold, ...]
    open_days: int
    min_assurance: Assurance
    resident_of: str
    signatures_per_mailbox: int
    legal_basis: Localized
    signers_shown: SignersShown = SignersShown.NUMBER

    def to_json(self) -> str:
        """One line of JSON that `from_json` reads; equal terms give equal text."""
        content = {
            "workflow": self.workflow,
            "version": self.version,
            "thresholds": [
                {
                    "name": each.name,
                    "signatures": each.signatures,
                    "effect": dict(each.effect),
                }
                for each in self.thresholds
            ],
            "open_days": self.open_days,
            "min_assurance": str(self.min_assurance),
            "resident_of": self.resident_of,
            "signatures_per_mailbox": self.signatures_per_mailbox,
            "legal_basis": dict(self.legal_basis),
            "signers_shown": str(self.signers_shown),
        }
        return json.dumps(content, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, stored: str | bytes | Mapping[str, object]) -> "Terms":
        """Read terms back, from text or from JSON already parsed.

        Keys that this version does not know are passed over, since a newer version may have written them.

        Raises:
            BadTerms: something is missing or of another kind.
        """
        try:
            content = _object(stored if isinstance(stored, Mapping) else json.loads(stored))
            return cls(
                workflow=_text(content["workflow"]),
                version=_text(content["version"]),
                thresholds=tuple(_threshold(each) for each in _list(content["thresholds"])),
                open_days=_number(content["open_days"]),
                min_assurance=Assurance(_text(content["min_assurance"])),
                resident_of=_text(content["resident_of"]),
                signatures_per_mailbox=_number(content["signatures_per_mailbox"]),
                legal_basis=_localized(content["legal_basis"]),
                signers_shown=SignersShown(content.get("signers_shown", SignersShown.NUMBER)),
            )
        except KeyError as missing:
            raise BadTerms(f"stored terms lack {missing}") from missing
        except (ValueError, TypeError) as fault:
            raise BadTerms(f"stored terms cannot be read: {fault}") from fault


def _threshold(value: object) -> FixedThreshold:
    content = _object(value)
    return FixedThreshold(_text(content["name"]), _number(content["signatures"]), _localized(content["effect"]))


def _localized(value: object) -> Localized:
    return Localized.of({language: _text(text) for language, text in _object(value).items()})


def _object(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError(f"{value!r} is not an object")
    return cast(Mapping[str, object], value)


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is not a list")
    return cast(list[object], value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is not a whole number")
    return value
