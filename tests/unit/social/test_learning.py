"""What is learnt from officers' labels."""

from __future__ import annotations

import json
from array import array
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from viche_social.domain.learning import (
    LEAST_LABELS,
    LEAST_OF_LABEL,
    LEAST_SAID,
    PLACES,
    Example,
    Figures,
    Guess,
    Model,
    distinct,
    features,
    fold_of,
    learnable,
    macro_f1,
    measured,
    threshold_of,
)
from viche_social.learned import Knowing, Proposal, read_model
from viche_social.learning import MORE, is_due
from viche_social.store.learning import Label, Part, Training
from viche_social.trainer import document, train, written

STREETS = ("Зеленій", "Липовій", "Річковій", "Шкільній", "Садовій", "Новій", "Польовій", "Лісовій", "Миру", "Героїв")
WAYS = ("знову", "вже місяць", "третій день", "вдруге", "постійно", "щоранку", "досі")


def spoken(label: str, words: str) -> list[Example]:
    return [Example(f"{words} на вулиці {street} {way}", label) for street in STREETS for way in WAYS]


EXAMPLES = [*spoken("roads", "яма, розбита дорога"), *spoken("waste", "не вивозять сміття, контейнер повний")]


def test_a_model_that_beats_the_words_is_adopted_and_says_what_officers_said() -> None:
    found = train(EXAMPLES)
    assert found is not None
    assert found.model is not None
    assert found.figures.precision >= 0.9
    assert found.figures.macro_f1 > found.figures.words_f1 == 0.0
    assert found.model.says("На Соборній розбита дорога і яма") == "roads"
    assert found.model.says("Контейнер повний, сміття не вивозять") == "waste"


def test_a_model_says_nothing_of_what_it_never_saw() -> None:
    found = train(EXAMPLES)
    assert found is not None
    assert found.model is not None
    assert found.model.says("qwx zzk jjf") == ""


def test_a_model_that_is_no_better_than_the_words_is_not_adopted() -> None:
    known = [Example(each.text, each.said, each.said) for each in EXAMPLES]
    found = train(known)
    assert found is not None
    assert found.figures.words_f1 == 1.0
    assert found.model is None


def test_labels_that_follow_from_nothing_give_no_model() -> None:
    mixed = [Example(each.text, ("roads", "waste")[place % 2]) for place, each in enumerate(EXAMPLES)]
    found = train(mixed)
    assert found is not None
    assert found.model is None


def test_too_few_labels_are_not_learnt_from() -> None:
    assert learnable(EXAMPLES[: LEAST_LABELS - 1]) == []
    assert learnable(EXAMPLES[:LEAST_LABELS]) == []  # all of one label
    few = [*EXAMPLES[:LEAST_LABELS], *EXAMPLES[-LEAST_OF_LABEL + 1 :]]
    assert learnable(few) == []
    assert learnable([*few, EXAMPLES[-LEAST_OF_LABEL]]) == ["roads", "waste"]
    assert train(EXAMPLES[:LEAST_LABELS]) is None


def test_a_model_is_the_same_after_it_was_kept() -> None:
    found = train(EXAMPLES)
    assert found is not None
    assert found.model is not None
    kept = read_model(json.loads(written(found))["model"])
    for each in EXAMPLES[::20]:
        assert kept.probabilities(each.text) == pytest.approx(found.model.probabilities(each.text))
    assert "дорог" not in json.dumps(document(found.model), ensure_ascii=False)


def test_names_and_addresses_are_not_read() -> None:
    assert features("Дякую! @olena_k https://a.example/olena") == features("Дякую! @petro https://b.example/")
    assert features("Дякую") != features("Ганьба")


def test_copies_stand_on_one_side() -> None:
    known = distinct([Example("Яма!", "roads"), Example("ЯМА!  @mayor", "safety"), Example("Сміття", "waste")])
    assert [each.said for each in known] == ["safety", "waste"]


def test_each_fold_holds_some_of_every_label() -> None:
    folds = fold_of(EXAMPLES, 5)
    for label in ("roads", "waste"):
        held = [fold for fold, each in zip(folds, EXAMPLES, strict=True) if each.said == label]
        assert sorted({held.count(fold) for fold in range(5)}) == [14]


def test_the_threshold_keeps_out_what_is_often_wrong() -> None:
    sure = [Guess("roads", 0.99 - place / 1000, "roads") for place in range(20)]
    unsure = [Guess("roads", 0.5, "waste") for _ in range(20)]
    silent = [Guess("", 0.999, "waste") for _ in range(20)]
    assert threshold_of([*unsure, *sure, *silent]) == sure[-1].probability
    assert threshold_of(sure[: LEAST_SAID - 1]) > 1
    assert threshold_of(unsure) > 1


def test_equal_probabilities_are_all_said_or_none() -> None:
    assert threshold_of([Guess("a", 0.9, "a" if right else "b") for right in [True] * 20 + [False] * 20]) > 1


def test_to_say_nothing_is_to_miss_but_not_to_be_wrong() -> None:
    examples = [Example("1", "a", "a"), Example("2", "a", "b"), Example("3", "b"), Example("4", "")]
    found = measured(["a", "", "", ""], examples)
    assert found == Figures(4, pytest.approx((2 / 3 + 0) / 2), pytest.approx((2 / 3 + 0) / 2), 1.0, 0.25)
    assert macro_f1(["b"], ["a"]) == 0.0
    assert measured([""], [Example("1", "a")]).precision == 0.0


@pytest.mark.parametrize(
    ("figures", "is_better"),
    [
        (Figures(100, 0.6, 0.5, 0.9, 0.5), True),
        (Figures(100, 0.5, 0.5, 0.9, 0.5), False),
        (Figures(100, 0.6, 0.5, 0.89, 0.5), False),
        (Figures(100, 0.6, 0.5, 0.9, 0.05), False),
    ],
)
def test_a_model_must_be_better_sure_and_not_silent(figures: Figures, is_better: bool) -> None:
    assert figures.is_better is is_better


class Words:
    """Word lists that know one answer."""

    async def ready(self) -> None: ...

    def propose(self, text: str, language: str) -> Proposal:
        return Proposal(language or "en", "roads", "angry")


def fixed(label: str, threshold: float = 0.5) -> Model:
    """A model that always says one label."""
    return Model((label, "other"), array("f", bytes(4 * 2 * PLACES)), (5.0, 0.0), threshold)


def test_a_model_speaks_for_its_language_and_kind_alone() -> None:
    knowing = Knowing(Words(), {Part("topic", "uk"): fixed("parks")})
    assert knowing.propose("text", "uk") == Proposal("uk", "parks", "angry")
    assert knowing.propose("text", "bg") == Proposal("bg", "roads", "angry")


def test_where_a_model_is_not_sure_nothing_is_proposed() -> None:
    knowing = Knowing(Words(), {Part("topic", "uk"): fixed("parks", 1.1)})
    assert knowing.propose("text", "uk").topic == ""


def test_the_language_that_a_platform_names_is_not_doubted() -> None:
    knowing = Knowing(Words(), {Part("language", ""): fixed("bg")})
    assert knowing.propose("text", "").language == "bg"
    assert knowing.propose("text", "uk").language == "uk"
    assert Knowing(Words(), {Part("language", ""): fixed("bg", 1.1)}).propose("text", "") == Proposal()


def test_models_are_trained_again_when_labels_came_or_went() -> None:
    labels = [Label(UUID(int=place), "topic", "uk", "roads", UUID(int=place)) for place in range(1, 101)]
    before = Training(
        "topic", "uk", 1, datetime(2026, 3, 1, tzinfo=UTC), 60, UUID(int=60), 60, 0.5, 0.4, 0.9, 0.5, is_adopted=True
    )
    assert not is_due(labels[: LEAST_LABELS - 1], None)
    assert is_due(labels[:LEAST_LABELS], None)
    assert not is_due(labels[: 60 + MORE - 1], before)
    assert is_due(labels[: 60 + MORE], before)
    assert is_due(labels[1:60], before)
    assert not is_due(labels[:100], replace(before, labels=95, newest_label=UUID(int=95)))
