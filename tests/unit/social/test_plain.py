"""Texts are read as people read them, in four languages."""

import re
from pathlib import Path

import pytest

from viche_chassis.config import ConfigError
from viche_social.domain.plain import HardReason
from viche_social.plain import LANGUAGES, PlainLanguage, shipped, syllables

HARD = {
    "en": "In accordance with the decision, the Authority has commenced the implementation of measures in order to"
    " facilitate the provision of residential accommodation to a large number of eligible applicants.",
    "uk": "На сьогоднішній день відповідно до рішення виконавчого комітету здійснюються заходи з метою забезпечення"
    " проведення капітального ремонту мосту, у зв'язку з чим рух транспорту тимчасово обмежено.",
    "bg": "Във връзка с извършването на ремонтни дейности и в съответствие с решението на общинския съвет са предприети"
    " мерки с цел осигуряване на временна организация на движението.",
    "ru": "В настоящее время в соответствии с решением исполнительного комитета осуществляется капитальный ремонт"
    " моста, в связи с чем движение транспорта временно ограничено в установленном порядке.",
}
EASY = {
    "en": "The bridge is closed. It opens on Friday.",
    "uk": "Міст закрили. Його відкриють у п'ятницю.",
    "bg": "Мостът е затворен. Отваря в петък.",
    "ru": "Мост закрыли. Его откроют в пятницу.",
}


@pytest.fixture(scope="module")
def plain() -> PlainLanguage:
    return PlainLanguage()


@pytest.mark.parametrize("language", LANGUAGES)
def test_plain_words_read_more_easily_than_those_of_an_office(plain: PlainLanguage, language: str) -> None:
    hard, easy = plain.read(HARD[language], language), plain.read(EASY[language], language)

    assert hard is not None
    assert easy is not None
    assert easy.score >= 60 > 40 > hard.score
    assert not easy.places
    assert {HardReason.OFFICIALESE, HardReason.LONG_SENTENCE} <= {place.reason for place in hard.places}


def test_a_marked_place_is_where_it_says(plain: PlainLanguage) -> None:
    text = "Рух відкриють. У ЗВ’ЯЗКУ З ремонтом їдьте в об'їзд."

    found = plain.read(text, "uk")

    assert found is not None
    assert [(text[each.start : each.start + each.length], each.suggestion) for each in found.places] == [
        ("У ЗВ’ЯЗКУ З", "через")
    ]


def test_of_two_phrases_that_begin_together_the_longer_one_is_marked(plain: PlainLanguage) -> None:
    found = plain.read("У зв'язку з тим, що йде дощ.", "uk")

    assert found is not None
    assert [each.suggestion for each in found.places] == ["бо, тому що"]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("На вул. Зеленій немає світла.", 1),
        ("Збираємось о 18:00!\nБеріть воду", 2),
        ("Чи буде парк? Так… Буде.", 3),
        ("До 12.03.2026 р. чекаємо пропозицій.", 1),
    ],
)
def test_a_shortening_ends_no_sentence(plain: PlainLanguage, text: str, sentences: int) -> None:
    found = plain.read(text, "uk")

    assert found is not None
    words = re.findall(r"[^\W\d_]+", text)
    assert round(len(words) / found.words_per_sentence) == sentences


@pytest.mark.parametrize(
    ("word", "language", "number"),
    [
        ("перевірка", "uk", 4),
        ("п'ятниця", "uk", 3),
        ("в", "uk", 1),
        ("решение", "bg", 4),
        ("движение", "ru", 4),
        ("table", "en", 2),
        ("implementation", "en", 5),
    ],
)
def test_syllables_are_counted(word: str, language: str, number: int) -> None:
    assert syllables(word, language) == number


def test_a_text_without_words_has_no_reading(plain: PlainLanguage) -> None:
    assert plain.read("🎉 2026 — !", "uk") is None


def test_a_language_that_is_not_known_has_no_reading(plain: PlainLanguage) -> None:
    assert plain.read("Dzień dobry", "pl") is None


def test_an_operator_adds_and_takes_away(tmp_path: Path) -> None:
    own = tmp_path / "words.toml"
    own.write_text('[uk]\n"мешканці громади" = "ви"\n"згідно з" = ""\n', encoding="utf-8")

    found = PlainLanguage(own).read("Мешканці громади платять згідно з тарифом.", "uk")

    assert found is not None
    assert [each.suggestion for each in found.places] == ["ви"]


@pytest.mark.parametrize("content", ["[uk\n", "uk = 1\n"])
def test_a_file_that_is_none_is_refused_with_its_name(tmp_path: Path, content: str) -> None:
    own = tmp_path / "words.toml"
    own.write_text(content, encoding="utf-8")

    with pytest.raises(ConfigError, match=r"words\.toml"):
        PlainLanguage(own)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_has_a_proposal(language: str) -> None:
    phrases = shipped(language)

    assert len(phrases) >= 40
    assert all(phrase.strip() and suggestion.strip() for phrase, suggestion in phrases.items())
