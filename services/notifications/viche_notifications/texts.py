"""The catalogues of the mails' sentences, read from the .po files: they are small, and nothing needs compiling."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

DOMAIN = "messages"


class LanguageMissing(Exception):
    """The instance wants a language that there is no catalogue for."""


def read_catalog(language: str) -> Catalog:
    """The catalogue of a language.

    Raises:
        LanguageMissing: there is none.
    """
    file = files("viche_notifications") / "translations" / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not file.is_file():
        raise LanguageMissing(f"there are no mails in '{language}'")
    return read_po(BytesIO(file.read_bytes()), locale=language, domain=DOMAIN, abort_invalid=True)


def read_translations(languages: Sequence[str]) -> Mapping[str, Translations]:
    """Translations by language.

    Raises:
        LanguageMissing: one has no catalogue.
    """
    return {language: _compiled(read_catalog(language)) for language in languages}


def _compiled(catalog: Catalog) -> Translations:
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)
