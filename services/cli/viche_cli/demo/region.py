"""Territories and authorities of the demo region, and what each authority has decided about its petitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

REGION = "UA99000000000000000"  # no region of the codifier has this number
VERBIV = "UA99020000000000000"
KALYNOVE = "UA99040000000000000"
SONIACHNE = "UA99060000000000000"
WORKFLOW = "petition-local"


@dataclass(frozen=True, slots=True)
class Place:
    """A territory; `parent` is empty at the top."""

    code: str
    parent: str
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Council:
    """An authority with its settings of the workflow; `parent` is empty at the top."""

    slug: str
    parent: str
    level: str
    territory: str
    name: Mapping[str, str]
    settings: Mapping[str, str]


PLACES = (
    Place(
        REGION,
        "",
        {"en": "Dibrova Region", "uk": "Дібровська область", "bg": "Дъбровска област", "ru": "Дубровская область"},
    ),
    Place(
        VERBIV,
        REGION,
        {"en": "Verbiv", "uk": "Вербівська громада", "bg": "Община Вербив", "ru": "Вербовская громада"},
    ),
    Place(
        KALYNOVE,
        REGION,
        {"en": "Kalynove", "uk": "Калинівська громада", "bg": "Община Калинове", "ru": "Калиновская громада"},
    ),
    Place(
        SONIACHNE,
        REGION,
        {"en": "Soniachne", "uk": "Сонячненська громада", "bg": "Община Сонячне", "ru": "Солнечненская громада"},
    ),
)
COUNCILS = (
    Council(
        "dibrova",
        "",
        "region",
        REGION,
        {
            "en": "Dibrova Regional Council",
            "uk": "Дібровська обласна рада",
            "bg": "Дъбровски областен съвет",
            "ru": "Дубровский областной совет",
        },
        {"threshold": "250", "open_days": "90"},
    ),
    Council(
        "verbiv",
        "dibrova",
        "municipality",
        VERBIV,
        {
            "en": "Verbiv Town Council",
            "uk": "Вербівська міська рада",
            "bg": "Градски съвет Вербив",
            "ru": "Вербовский городской совет",
        },
        {"threshold": "100", "open_days": "60", "answer_days": "30"},
    ),
    Council(
        "kalynove",
        "dibrova",
        "municipality",
        KALYNOVE,
        {
            "en": "Kalynove Settlement Council",
            "uk": "Калинівська селищна рада",
            "bg": "Съвет на Калинове",
            "ru": "Калиновский поселковый совет",
        },
        {"threshold": "40", "open_days": "60"},
    ),
    # small enough to be reached by hand, and open to whoever tries the demo with a new address
    Council(
        "soniachne",
        "dibrova",
        "municipality",
        SONIACHNE,
        {
            "en": "Soniachne Village Council",
            "uk": "Сонячненська сільська рада",
            "bg": "Селски съвет Сонячне",
            "ru": "Солнечненский сельский совет",
        },
        {"threshold": "5", "open_days": "45", "residents_only": "false", "signatures_per_mailbox": "2"},
    ),
)
