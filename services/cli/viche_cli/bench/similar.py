"""What it costs to suggest petitions like a title, among a hundred thousand of them.

All titles are made of a hundred words, so that each word is in thousands of them: what comes from real people is rarer
and cheaper.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from viche_cli.bench import cpu
from viche_cli.faults import Fault

if TYPE_CHECKING:
    from viche_cli.bench.own import Running

TITLES = 100_000
QUERIES = 400
WARM_UP = 50
SERVICE = "viche_petitions"
_SEED = 2015
_VERBS = (
    "Відремонтувати", "Збудувати", "Закрити", "Заборонити", "Дозволити", "Перенести", "Обладнати", "Озеленити",
    "Освітити", "Розширити", "Відновити", "Прибрати", "Утеплити", "Очистити", "Перейменувати", "Облаштувати",
)  # fmt: skip
_ADJECTIVES = (
    "старий", "новий", "дитячий", "міський", "шкільний", "спортивний", "аварійний", "пішохідний", "безкоштовний",
    "літній", "зимовий", "нічний", "центральний", "громадський", "районний", "підземний", "історичний", "приватний",
)  # fmt: skip
_NOUNS = (
    "майданчик", "міст", "перехід", "парк", "стадіон", "басейн", "ринок", "вокзал", "садок", "тротуар", "ліхтар",
    "фонтан", "пам'ятник", "підвал", "під'їзд", "дах", "світлофор", "автобус", "трамвай", "колодязь", "музей", "театр",
    "кінотеатр", "притулок", "паркан", "смітник", "водогін", "тунель", "причал", "готель", "гуртожиток", "кабінет",
)  # fmt: skip
_PLACES = (
    "на вулиці Шевченка", "на Садовій вулиці", "біля школи", "біля лікарні", "у центрі міста", "на околиці",
    "над річкою", "біля залізничного вокзалу", "у Калинівці", "у Вербовому", "на площі Ринок", "біля озера",
    "у нашому районі", "уздовж набережної", "поруч із церквою", "за бібліотекою", "в усіх мікрорайонах",
    "перед ратушею", "на Подолі", "у селі Діброва", "на проспекті Миру", "біля дитячої поліклініки", "до початку зими",
    "коштом бюджету",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cost:
    """For one suggestion: CPU time of the service and of its database together, and how long an answer took."""

    cpu_ms: float
    waits_s: list[float]


def titles(number: int = TITLES) -> Iterator[str]:
    """Titles that are alike in twos and threes, the same ones each time."""
    chance = random.Random(_SEED)  # noqa: S311 (nothing secret)
    for _ in range(number):
        parts = (chance.choice(words) for words in (_VERBS, _ADJECTIVES, _NOUNS, _PLACES))
        ending = f" {chance.choice(_PLACES)}" if chance.random() < 0.5 else ""
        yield " ".join(parts) + ending


def measure(running: Running) -> Cost:
    """Asks for petitions like titles with a letter missing, one after the other. Raises Fault when none is found."""
    from viche.petitions.v1 import similar_pb2_grpc

    asked = [_with_a_slip(title) for title in titles(QUERIES + WARM_UP)]
    with running.instance.channel("petitions") as channel:
        stub = similar_pb2_grpc.SimilarPetitionsServiceStub(channel)
        for title in asked[:WARM_UP]:
            _ask(stub, title)
        before_s = _used_s(running)
        waits_s = [_ask(stub, title) for title in asked[WARM_UP:]]
        used_s = _used_s(running) - before_s
    return Cost(used_s / QUERIES * 1000, waits_s)


def _used_s(running: Running) -> float:
    return cpu.used_s(cpu.named(running.pid, SERVICE))


def _ask(stub: Any, title: str) -> float:
    from viche.petitions.v1 import similar_pb2 as pb

    began_s = time.perf_counter()
    found = stub.ListSimilarPetitions(pb.ListSimilarPetitionsRequest(title=title, language="uk"), timeout=10)
    if not found.petitions:
        raise Fault(f"No petition was found to be like “{title}”.")
    return time.perf_counter() - began_s


def _with_a_slip(title: str) -> str:
    return title[:5] + title[6:]
