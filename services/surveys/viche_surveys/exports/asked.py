"""What all versions of a survey ask, as one list: the newest version's questions, then those that only older ones had.

A question that changed its shape (a choice that became a number) is two questions here. Of a question that kept it,
the newest version gives the words, and options that only older versions had come last.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from viche_surveys.domain.definition import Definition, Group, Kind, Option, Question, Text

_CHOICES = frozenset({Kind.SINGLE, Kind.LIKERT})
_NUMBERS = frozenset({Kind.SCALE, Kind.NUMBER})
_TEXTS = frozenset({Kind.TEXT, Kind.EMAIL, Kind.PHONE, Kind.TERRITORY})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the versions that asked it in this shape.

    Attributes:
        repeat: name of the group that is answered several times; "" where it is answered once.
        older: the version by which it is told from a newer question of the same name; 0: it is the newest.
    """

    question: Question
    repeat: str
    repeat_label: Text
    versions: frozenset[int]
    older: int = 0


def asked(versions: Mapping[int, Definition]) -> list[Asked]:
    """The questions of all versions, notes left out."""
    found: dict[tuple[str, object], Asked] = {}
    names: set[str] = set()
    for version in sorted(versions, reverse=True):
        here = [each for page in versions[version].pages for each in _walked(page.items, None, version)]
        for each in here:
            key = (each.question.name, _shape(each))
            if key in found:
                found[key] = _merged(found[key], each)
            else:
                found[key] = replace(each, older=version if each.question.name in names else 0)
        names.update(each.question.name for each in here)
    return list(found.values())


def _walked(items: tuple[Question | Group, ...], repeat: Group | None, version: int) -> Iterator[Asked]:
    for item in items:
        if isinstance(item, Group):
            yield from _walked(item.items, item if item.repeat else repeat, version)
        elif item.kind is not Kind.NOTE:
            label = repeat.label if repeat else {}
            yield Asked(item, repeat.name if repeat else "", label, frozenset({version}))


def _shape(each: Asked) -> object:
    """What has to be the same for answers to stand in the same columns."""
    kind: object = each.question.kind
    for alike in (_CHOICES, _NUMBERS, _TEXTS):
        if kind in alike:
            kind = alike
    return kind, each.question.is_multiple, each.repeat


def _merged(newer: Asked, older: Asked) -> Asked:
    question = replace(
        newer.question,
        options=_united(newer.question.options, older.question.options),
        rows=_united(newer.question.rows, older.question.rows),
        allows_dont_know=newer.question.allows_dont_know or older.question.allows_dont_know,
        is_personal=newer.question.is_personal or older.question.is_personal,
    )
    return replace(newer, question=question, versions=newer.versions | older.versions)


def _united(newer: tuple[Option, ...], older: tuple[Option, ...]) -> tuple[Option, ...]:
    known = {option.code for option in newer}
    return newer + tuple(option for option in older if option.code not in known)
