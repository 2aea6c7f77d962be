"""People of the demo region. None of them exists."""

from __future__ import annotations

from dataclasses import dataclass

from viche_cli.demo.region import KALYNOVE, SONIACHNE, VERBIV


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the demo; `what` says for the terminal who it is, `role` on which authority ("" for all)."""

    email: str
    name: str
    residence: str
    language: str
    what: str = ""
    role: str = ""
    authority: str = ""


NAMED = (
    DemoPerson("iryna@example.org", "Ірина Вербицька", VERBIV, "uk", "a citizen of Verbiv, reads Ukrainian"),
    DemoPerson("petar@example.org", "Петър Калинов", KALYNOVE, "bg", "a citizen of Kalynove, reads Bulgarian"),
    DemoPerson("anna@example.org", "Anna Field", SONIACHNE, "en", "a citizen of Soniachne, reads English"),
    DemoPerson("sergei@example.org", "Сергей Речной", VERBIV, "ru", "a citizen of Verbiv, reads Russian"),
    DemoPerson(
        "officer@example.org", "Олена Марченко", VERBIV, "en", "an officer of the whole region", "officer", "dibrova"
    ),
    DemoPerson(
        "officer.kalynove@example.org", "Тарас Гай", KALYNOVE, "uk", "an officer of Kalynove", "officer", "kalynove"
    ),
    DemoPerson("press@example.org", "Марко Лис", VERBIV, "uk", "writes posts for Verbiv", "press", "verbiv"),
    DemoPerson(
        "editor@example.org", "Нела Сорока", VERBIV, "en", "approves posts of the whole region", "press", "dibrova"
    ),
    DemoPerson("operator@example.org", "Max Stone", VERBIV, "en", "the operator of the instance", "operator"),
)
# how many more live where: enough for the thresholds of their councils
OTHERS = ((VERBIV, 112), (KALYNOVE, 48), (SONIACHNE, 8))
GIVEN = (
    *("Олена", "Марія", "Наталія", "Оксана", "Тетяна", "Галина", "Софія", "Андрій", "Богдан", "Василь", "Іван"),
    *("Елена", "Людмила", "Ольга", "Николай", "Виктор", "Иванка", "Десислава", "Димитър", "Георги", "Emma", "David"),
)
FAMILY = (
    "Бондар",
    "Ковач",
    "Мельник",
    "Кравець",
    "Гончар",
    "Швець",
    "Коваль",
    "Стоян",
    "Дробот",
    "Лучко",
    "Ткач",
    "Кушнір",
    "Олар",
)
LANGUAGES = ("uk", "uk", "uk", "ru", "bg", "en")


def everyone() -> list[DemoPerson]:
    """All people of the demo, the named ones first; the same at every call."""
    people = list(NAMED)
    for residence, number in OTHERS:
        for _ in range(number):
            index = len(people) - len(NAMED)
            name = f"{GIVEN[index % len(GIVEN)]} {FAMILY[index % len(FAMILY)]}"
            language = LANGUAGES[index % len(LANGUAGES)]
            people.append(DemoPerson(f"citizen{index + 1:03}@example.org", name, residence, language))
    return people
