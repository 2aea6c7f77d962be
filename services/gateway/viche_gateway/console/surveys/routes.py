"""The addresses of writing surveys."""

from flask import Blueprint, request

from viche_gateway.console.surveys import (
    files,
    inviting,
    items,
    languages,
    life,
    lists,
    overview,
    polls,
    previewing,
    translating,
)

MOST_FORM_BYTES = 12_000_000
MOST_PARTS = 12_000
_LARGE = frozenset({
    "console.read_survey_file", "console.save_survey_file", "console.restore_item", "console.add_survey_item",
    "console.save_survey_item", "console.save_survey_limit", "console.save_survey_texts", "console.preview_next_page",
    "console.save_survey_translation",
})  # fmt: skip
"""Forms that hold a file or a whole definition, or a field for each of many languages."""


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.url_value_preprocessor(_let_large_forms_through)
    for part in (lists, overview, items, languages, life, previewing, translating, inviting, files, polls):
        part.add_routes(blueprint)


def _let_large_forms_through(endpoint: str | None, _values: object) -> None:
    if endpoint in _LARGE:
        request.max_content_length = request.max_form_memory_size = MOST_FORM_BYTES
        request.max_form_parts = MOST_PARTS
