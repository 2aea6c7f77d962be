"""Templates of answers: their variables, and the language in which they are offered."""

import re
from collections.abc import Mapping

from viche.petitions.v1 import moderation_pb2

from viche_gateway.context import settings

VARIABLES = ("title", "number", "authority", "reason")
_VARIABLE = re.compile(r"\{(\w+)\}")


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with values for its variables; one that has none yet, such as the number, stays as it is."""
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


def text_for(template: moderation_pb2.AnswerTemplate, language: str) -> tuple[str, str]:
    """The language and the text of a template for a petition: in its language, else the instance's, else any."""
    texts = template.text.texts
    for candidate in (language, settings().default_language):
        if texts.get(candidate):
            return candidate, texts[candidate]
    return next(iter(sorted(texts.items())), (language, ""))
