"""The catalogues of the mails are complete: what a template says is there in every language."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

import viche_notifications
from viche_notifications.texts import LanguageMissing, read_catalog, read_translations

LANGUAGES = ("en", "uk", "bg", "ru")
PLACEHOLDER = re.compile(r"%\(\w+\)s")


def said() -> set[str]:
    folder = Path(viche_notifications.__file__).parent
    options = {"**.jinja": {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}}
    found = extract_from_dir(
        str(folder / "templates"), [("**.jinja", "jinja2")], options, {"_": None, "ngettext": (1, 2)}
    )
    return {item[2] if isinstance(item[2], str) else item[2][0] for item in found}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_there_in_every_language(language: str) -> None:
    catalog = read_catalog(language)
    entries = {item.id if isinstance(item.id, str) else item.id[0]: item for item in catalog if item.id}
    assert entries.keys() == said()
    for item in entries.values():
        texts = [item.string] if isinstance(item.string, str) else list(item.string or ())
        assert texts != [], f"{language}: {item.id} is not translated"
        assert all(texts), f"{language}: {item.id} is not translated"
        assert not item.fuzzy, f"{language}: {item.id} is fuzzy"
        assert len(texts) in (1, catalog.num_plurals)


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_values(language: str) -> None:
    for item in read_catalog(language):
        if not item.id:
            continue
        wanted = set(PLACEHOLDER.findall(item.id if isinstance(item.id, str) else item.id[1]))
        for text in [item.string] if isinstance(item.string, str) else item.string or ():
            assert set(PLACEHOLDER.findall(text)) == wanted, f"{language}: {item.id}"


def test_a_language_without_a_catalogue_is_named() -> None:
    with pytest.raises(LanguageMissing, match="'de'"):
        read_translations(["en", "de"])
