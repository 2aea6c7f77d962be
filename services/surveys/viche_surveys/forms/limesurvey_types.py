"""Question types of LimeSurvey and what each becomes. Source: https://www.limesurvey.org/manual/Question_types"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from viche_surveys.domain.definition import Kind, Option


@dataclass(frozen=True, slots=True)
class Type:
    """What a type becomes.

    Attributes:
        name: as LimeSurvey calls it.
        kind: None when it is refused.
        each: a question of that kind for each subquestion, in a group.
        scale: of answers that the type has by itself.
        is_long: a text of several lines.
        comment: a text is asked beside: "question", or "options" for one per option.
    """

    name: str
    kind: Kind | None
    each: bool = False
    scale: str = ""
    is_long: bool = False
    comment: str = ""


TYPES: Mapping[str, Type] = {
    "L": Type("list", Kind.SINGLE),
    "!": Type("dropdown list", Kind.SINGLE),
    "O": Type("list with comment", Kind.SINGLE, comment="question"),
    "M": Type("multiple choice", Kind.MULTIPLE),
    "P": Type("multiple choice with comments", Kind.MULTIPLE, comment="options"),
    "F": Type("array", Kind.MATRIX),
    "A": Type("array of five points", Kind.MATRIX, scale="five"),
    "B": Type("array of ten points", Kind.MATRIX, scale="ten"),
    "C": Type("array of yes, uncertain, no", Kind.MATRIX, scale="sure"),
    "E": Type("array of increase, same, decrease", Kind.MATRIX, scale="trend"),
    "H": Type("array by column", Kind.MATRIX),
    "1": Type("array of two scales", Kind.MATRIX),
    "5": Type("five points", Kind.SCALE),
    "G": Type("gender", Kind.SINGLE, scale="gender"),
    "Y": Type("yes or no", Kind.SINGLE, scale="yes"),
    "N": Type("number", Kind.NUMBER),
    "K": Type("several numbers", Kind.NUMBER, each=True),
    "S": Type("short text", Kind.TEXT),
    "T": Type("long text", Kind.TEXT, is_long=True),
    "U": Type("huge text", Kind.TEXT, is_long=True),
    "Q": Type("several texts", Kind.TEXT, each=True),
    ";": Type("array of texts", Kind.TEXT, each=True),
    ":": Type("array of numbers", Kind.NUMBER, each=True),
    "D": Type("date", Kind.DATE),
    "R": Type("ranking", Kind.RANKING),
    "X": Type("text to read", Kind.NOTE),
    "|": Type("file", Kind.FILE),
    "*": Type("equation", Kind.CALCULATED),
    "I": Type("language switch", None),
}
CHANGED = frozenset("!PH1;:")
"""Types that look another way."""
_WORDS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "yes": {
        "Y": {"en": "Yes", "uk": "Так", "bg": "Да", "ru": "Да"},
        "N": {"en": "No", "uk": "Ні", "bg": "Не", "ru": "Нет"},
    },
    "sure": {
        "Y": {"en": "Yes", "uk": "Так", "bg": "Да", "ru": "Да"},
        "U": {"en": "Uncertain", "uk": "Важко сказати", "bg": "Не съм сигурен", "ru": "Трудно сказать"},
        "N": {"en": "No", "uk": "Ні", "bg": "Не", "ru": "Нет"},
    },
    "trend": {
        "I": {"en": "Increase", "uk": "Більше", "bg": "Повече", "ru": "Больше"},
        "S": {"en": "Same", "uk": "Так само", "bg": "Същото", "ru": "Так же"},
        "D": {"en": "Decrease", "uk": "Менше", "bg": "По-малко", "ru": "Меньше"},
    },
    "gender": {
        "F": {"en": "Female", "uk": "Жінка", "bg": "Жена", "ru": "Женщина"},
        "M": {"en": "Male", "uk": "Чоловік", "bg": "Мъж", "ru": "Мужчина"},
    },
}
_POINTS = {"five": 5, "ten": 10}
COMMENTS = {"en": "Comment", "uk": "Коментар", "bg": "Коментар", "ru": "Комментарий"}


def options_of(scale: str, languages: Sequence[str]) -> tuple[Option, ...]:
    """Options that a type has by itself, in the languages of the form; English stands for others."""
    if points := _POINTS.get(scale):
        return tuple(Option(code=str(n), label=dict.fromkeys(languages, str(n))) for n in range(1, points + 1))
    return tuple(Option(code=code, label=in_languages(words, languages)) for code, words in _WORDS[scale].items())


def in_languages(words: Mapping[str, str], languages: Sequence[str]) -> dict[str, str]:
    """A word of ours in the languages of a form."""
    return {language: words.get(language.split("-")[0], words["en"]) for language in languages}
