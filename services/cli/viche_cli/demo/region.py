"""Territories and authorities of the demo region, and what each authority has decided about its petitions.

Three real authorities outside of it show how petitions live under other rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

REGION = "UA99000000000000000"  # no region of the codifier has this number
VERBIV = "UA99020000000000000"
KALYNOVE = "UA99040000000000000"
SONIACHNE = "UA99060000000000000"
UNION = "EU"
KINGDOM = "GB"
UKRAINE = "UA"


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
    workflow: str = "petition-local"


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
    Place(
        UNION,
        "",
        {"en": "European Union", "uk": "Європейський Союз", "bg": "Европейски съюз", "ru": "Европейский союз"},
    ),
    Place("BG", UNION, {"en": "Bulgaria", "uk": "Болгарія", "bg": "България", "ru": "Болгария"}),
    Place("DE", UNION, {"en": "Germany", "uk": "Німеччина", "bg": "Германия", "ru": "Германия"}),
    Place("FR", UNION, {"en": "France", "uk": "Франція", "bg": "Франция", "ru": "Франция"}),
    Place("IE", UNION, {"en": "Ireland", "uk": "Ірландія", "bg": "Ирландия", "ru": "Ирландия"}),
    Place("IT", UNION, {"en": "Italy", "uk": "Італія", "bg": "Италия", "ru": "Италия"}),
    Place("PL", UNION, {"en": "Poland", "uk": "Польща", "bg": "Полша", "ru": "Польша"}),
    Place("RO", UNION, {"en": "Romania", "uk": "Румунія", "bg": "Румъния", "ru": "Румыния"}),
    Place(
        KINGDOM,
        "",
        {"en": "United Kingdom", "uk": "Велика Британія", "bg": "Обединено кралство", "ru": "Великобритания"},
    ),
    Place(UKRAINE, "", {"en": "Ukraine", "uk": "Україна", "bg": "Украйна", "ru": "Украина"}),
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
        {"threshold": "100", "open_days": "60", "moderation_days": "5", "answer_days": "30"},
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
        {"threshold": "40", "open_days": "60", "votes_against": "true"},
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
    Council(
        "european-commission",
        "",
        "union",
        UNION,
        {
            "en": "European Commission",
            "uk": "Європейська комісія",
            "bg": "Европейска комисия",
            "ru": "Европейская комиссия",
        },
        {"answer_months": "6"},
        "petition-eci",
    ),
    Council(
        "uk-parliament",
        "",
        "national",
        KINGDOM,
        {
            "en": "UK Government and Parliament",
            "uk": "Уряд і парламент Великої Британії",
            "bg": "Правителство и парламент на Обединеното кралство",
            "ru": "Правительство и парламент Великобритании",
        },
        {},
        "petition-uk-parliament",
    ),
    Council(
        "president-of-ukraine",
        "",
        "national",
        UKRAINE,
        {
            "en": "President of Ukraine",
            "uk": "Президент України",
            "bg": "Президент на Украйна",
            "ru": "Президент Украины",
        },
        {},
        "petition-ua-president",
    ),
)
