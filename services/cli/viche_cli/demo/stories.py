"""Petitions of the demo with a story: rejected, answered, by a committee, looking for supporters. Written by us."""

from __future__ import annotations

from typing import Any

from viche.petitions.v1 import petitions_pb2 as petitions

from viche_cli.demo.petitions import COLLECTED, DemoPetition, Stage

STORIES = (
    DemoPetition(
        "toilets",
        "bg",
        "kalynove",
        "Обществена тоалетна на автогарата в Калинове",
        "На автогарата чакат по двеста души на ден. Най-близката тоалетна е в кафенето отсреща и е само за клиенти.",
        "Молим в сградата да се отвори тоалетна, до която се стига и с инвалидна количка.",
        Stage.SUBMITTED,
    ),
    DemoPetition(
        "highway",
        "uk",
        "verbiv",
        "Полагодити державну трасу між Вербовом і обласним центром",
        "На трасі кілька десятків глибоких ям. Узимку за тиждень три машини пробили колеса, автобуси їдуть узбіччям.",
        "Просимо зробити ямковий ремонт до кінця весни й оприлюднити строки капітального.",
        Stage.REJECTED,
    ),
    DemoPetition(
        "neighbours",
        "ru",
        "verbiv",
        "Выселить соседей, которые шумят по ночам",
        "В этом тексте были оскорбления людей, которых автор назвал по имени. Поэтому его видят только автор и "
        "сотрудники, которые проверяют петиции.",
        stage=Stage.REJECTED,
    ),
    DemoPetition(
        "market",
        "en",
        "kalynove",
        "Move the Saturday market back to the old square",
        "Since the market moved to the ring road, whoever has no car cannot get there. The stalls lost half of their "
        "customers, and the old square is empty.",
        "We ask for the market to come back on Saturdays from six to two.",
        signatures=42,
        against=5,
    ),
    DemoPetition(
        "night-trains",
        "uk",
        "president-of-ukraine",
        "Зберегти нічні потяги між обласними центрами",
        "Нічним потягом їдуть ті, хто не має авто і не може втратити робочий день. Торік скасували чотири рейси, і "
        "тепер на прийом до лікаря в іншій області треба виїжджати за добу.",
        "Просимо повернути щонайменше один нічний рейс між кожними сусідніми обласними центрами.",
        signatures=64,
        workflow="petition-ua-president",
    ),
    DemoPetition(
        "rivers",
        "en",
        "european-commission",
        "Rivers that are safe to swim in, in every town of the Union",
        "Four of ten rivers that were measured are too dirty to swim in. What is measured, and how often, differs from "
        "one member state to the next, so that nobody can compare.",
        "We ask the Commission to propose common rules for measuring rivers in towns, with results that everybody can "
        "read within a day.",
        signatures=11,
        workflow="petition-eci",
        on_paper=96,
    ),
    DemoPetition(
        "tools",
        "en",
        "uk-parliament",
        "Let public libraries lend tools and musical instruments",
        "A drill is used for a few minutes in its life, and a violin is too dear for most families. Libraries know how "
        "to lend things.",
        "We ask for a fund from which libraries can buy tools and instruments, and for rules about who is liable.",
        Stage.SPONSORING,
        workflow="petition-uk-parliament",
    ),
)
PETITIONS = (*COLLECTED, *STORIES)
MEMBERS = (
    ("Desislava Ilieva", "BG"),
    ("Jonas Brandt", "DE"),
    ("Camille Roche", "FR"),
    ("Aoife Brennan", "IE"),
    ("Paolo Serra", "IT"),
    ("Agata Zielona", "PL"),
    ("Ioana Munteanu", "RO"),
)


def author_of(key: str) -> dict[str, Any]:
    """What a petition says of who starts it, where that is no single person."""
    if key == "rivers":
        members = [petitions.CommitteeMember(name=name, territory_code=code) for name, code in MEMBERS]
        return {
            "author_kind": petitions.AUTHOR_KIND_COMMITTEE,
            "committee": petitions.InitiativeCommittee(members=members),
        }
    if key == "night-bus":
        return {
            "author_kind": petitions.AUTHOR_KIND_ORGANISATION,
            "organisation": petitions.Organisation(name="Dibrova Hospital Staff Union", role="chair"),
        }
    return {}
