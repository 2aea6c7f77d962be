"""A text in several languages finds its reader."""

import pickle

import pytest

from viche_sdk.types import Localized, Plural, Vocabulary

TEXT = Localized.of(en="Petition", uk="Петиція", bg="Петиция")


@pytest.mark.parametrize(
    ("language", "fallbacks", "expected"),
    [
        ("uk", (), "Петиція"),
        ("uk-UA", (), "Петиція"),
        ("UK", (), "Петиція"),
        ("ru", ("bg", "uk"), "Петиция"),
        ("de", (), "Petition"),
        ("", (), "Petition"),
    ],
)
def test_a_reader_gets_the_nearest_language(language: str, fallbacks: tuple[str, ...], expected: str) -> None:
    assert TEXT.text_in(language, *fallbacks) == expected


def test_without_english_the_first_language_stands_in() -> None:
    assert Localized.of(uk="Петиція", bg="Петиция").text_in("de") == "Петиция"


def test_a_tag_with_script_is_found_before_its_language() -> None:
    text = Localized.of({"sr-Latn": "Peticija"}, sr="Петиција")

    assert [text.text_in("sr-Latn-RS"), text.text_in("sr-Cyrl")] == ["Peticija", "Петиција"]


@pytest.mark.parametrize("texts", [{}, {"english": "a"}, {"EN": "a"}, {"en_GB": "a"}, {"sr-Latn": "a", "sr-latn": "b"}])
def test_unusable_languages_are_refused(texts: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="language"):
        Localized.of(texts)


def test_it_is_a_value() -> None:
    again = Localized.of(bg="Петиция", uk="Петиція", en="Petition")

    assert (again, hash(again)) == (TEXT, hash(TEXT))
    assert pickle.loads(pickle.dumps(TEXT)) == TEXT
    assert dict(TEXT) == {"bg": "Петиция", "en": "Petition", "uk": "Петиція"}


def test_blank_texts_count_as_missing() -> None:
    assert Localized.of(en="Petition", uk=" ").missing() == ("uk", "bg", "ru")


WORD = {
    "en": ("name", "names"),
    "uk": ("ім’я", "імені", "імен"),
    "bg": ("име", "имена"),
    "ru": ("имя", "имени", "имён"),
}


def test_forms_are_told_by_category_in_the_languages_that_have_it() -> None:
    forms = {category: dict(texts) for category, texts in Plural.of(**WORD).forms}
    assert forms["few"] == {"uk": "імені", "ru": "имени"}
    assert forms["one"] == {"en": "name", "uk": "ім’я", "bg": "име", "ru": "имя"}


@pytest.mark.parametrize(
    ("differences", "fault"),
    [
        ({"uk": ("ім’я", "імен")}, "one, few, many"),
        ({"de": ("Name", "Namen")}, "known here"),
        ({"bg": None}, "bg"),
    ],
)
def test_a_word_without_all_its_forms_is_refused(differences: dict[str, tuple[str, ...] | None], fault: str) -> None:
    given = {language: words for language, words in {**WORD, **differences}.items() if words}
    with pytest.raises(ValueError, match=fault):
        Plural.of(**given)


def test_a_vocabulary_names_its_words_and_forms() -> None:
    words = Vocabulary(petition=TEXT, signatures=Plural.of(**WORD)).words()
    assert [name for name, _ in words] == [
        "petition", "signatures.one", "signatures.other", "signatures.few", "signatures.many",
    ]  # fmt: skip
