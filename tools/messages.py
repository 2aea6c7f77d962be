"""Catalogues of the portal's and the mails' texts: extracts what they say, updates the four languages, refuses gaps.

`update` rewrites the catalogues; new entries wait there for a translation. `check` changes nothing and fails on a
missing, fuzzy or stale entry, and on one that lost or gained a placeholder. The texts themselves are English, so the
English catalogue is filled by itself.
"""

import copy
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

SERVICES = Path(__file__).parents[1] / "services"
LANGUAGES = ("en", "uk", "bg", "ru")
SOURCE_LANGUAGE = "en"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "N_": None}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%\{\w+\}")


@dataclass(frozen=True, slots=True)
class Speaker:
    """A package that speaks to people: what its texts are called, and how they are found in it."""

    texts: str
    package: Path
    methods: Sequence[tuple[str, str]]
    options: Mapping[str, dict[str, str]] = field(default_factory=dict)

    @property
    def header(self) -> str:
        return f"# Texts of the {self.texts}; `make messages` keeps this file, people fill in the translations."

    def path_of(self, language: str) -> Path:
        """Where the catalogue of a language is."""
        return self.package / "translations" / language / "LC_MESSAGES" / "messages.po"


PORTAL = Speaker(
    "portal",
    SERVICES / "gateway" / "viche_gateway",
    [("templates/**.html", "jinja2"), ("**.py", "python")],
    {"templates/**.html": {"trimmed": "true"}},
)
MAILS = Speaker("mails", SERVICES / "notifications" / "viche_notifications", [("templates/**.jinja", "jinja2")])
SPEAKERS = (PORTAL, MAILS)


def main(arguments: list[str]) -> int:
    """Runs `update` or `check`."""
    if arguments not in (["update"], ["check"]):
        sys.stderr.write("usage: python -m tools.messages update | check\n")
        return 2
    is_update = arguments == ["update"]
    to_look_at = sum(_run(speaker, write=is_update) for speaker in SPEAKERS)
    return 1 if to_look_at and not is_update else 0


def _run(speaker: Speaker, *, write: bool) -> int:
    template = extract(speaker)
    faults = [fault for language in LANGUAGES for fault in _update(speaker, template, language, write=write)]
    for fault in faults:
        print(f"{speaker.texts}: {fault}")
    print(f"{speaker.texts}: {len(template)} texts in {len(LANGUAGES)} languages, {len(faults)} to look at")
    return len(faults)


def extract(speaker: Speaker) -> Catalog:
    """Every text that a package says."""
    template = Catalog(charset="utf-8")
    found = extract_from_dir(
        speaker.package,
        list(speaker.methods),
        dict(speaker.options),
        keywords=KEYWORDS,
        directory_filter=lambda name: Path(name).name not in {"node_modules", "static", "testing"},
    )
    for file, _, text, _, context in sorted(found, key=lambda item: item[0]):
        template.add(text, locations=[(file, 0)], context=context)
    return template


def faults_of(catalog: Catalog, language: str) -> Iterator[str]:
    """A sentence for each entry that needs a look."""
    for message in catalog:
        if message.id:
            yield from (f"{language}: {fault}: {_first(message.id)!r}" for fault in _faults(message, catalog))
    yield from (f"{language}: stale: {_first(message.id)!r}" for message in catalog.obsolete.values())


def _update(speaker: Speaker, template: Catalog, language: str, *, write: bool) -> list[str]:
    path = speaker.path_of(language)
    catalog = _read(path, language)
    before = {_key(message) for message in catalog}
    catalog.update(copy.deepcopy(template), no_fuzzy_matching=True)
    if language == SOURCE_LANGUAGE:
        _fill_with_source(catalog)
    if write:
        catalog.obsolete.clear()
        _write(path, catalog, speaker.header)
    faults = list(faults_of(catalog, language))
    new = sorted({_key(message) for message in catalog} - before)
    return faults if write else faults + [f"{language}: not in the catalogue: {forms[0]!r}" for forms, _ in new]


def _read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _write(path: Path, catalog: Catalog, header: str) -> None:
    catalog.header_comment = header
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=120, sort_output=True, ignore_obsolete=True, omit_header=True, no_location=True)
    plural = f"nplurals={catalog.num_plurals}; plural={catalog.plural_expr};"
    lines = [
        header,
        'msgid ""',
        'msgstr ""',
        f'"Language: {catalog.locale_identifier}\\n"',
        f'"Plural-Forms: {plural}\\n"',
    ]
    lines += ['"MIME-Version: 1.0\\n"', '"Content-Type: text/plain; charset=utf-8\\n"', "", ""]
    path.write_text("\n".join(lines) + path.read_text("utf-8").strip() + "\n", "utf-8")


def _fill_with_source(catalog: Catalog) -> None:
    for message in catalog:
        if message.id:
            message.string = message.id


def _faults(message: Message, catalog: Catalog) -> Iterator[str]:
    sources, texts = _forms(message.id), _forms(message.string)
    if message.fuzzy:
        yield "fuzzy"
    if not all(texts) or (len(sources) > 1 and len(texts) != catalog.num_plurals):
        yield "missing"
        return
    known = {placeholder for source in sources for placeholder in _PLACEHOLDER.findall(source)}
    for text in texts:
        used = set(_PLACEHOLDER.findall(text))
        if used - known or (len(sources) == 1 and known - used):
            yield "placeholders differ"


def _key(message: Message) -> tuple[tuple[str, ...], str]:
    """What tells texts apart: the text, and what it is about where the same words are said of several things."""
    return _forms(message.id), message.context or ""


def _forms(text: object) -> tuple[str, ...]:
    """The one text of a message, or its plural forms."""
    return tuple(str(form or "") for form in text) if isinstance(text, (tuple, list)) else (str(text or ""),)


def _first(text: object) -> str:
    return _forms(text)[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
