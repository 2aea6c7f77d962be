"""What platforms answer is taken as it is, but for what nobody could pass on."""

import pytest

from viche_sdk.connectors.answers import Answer


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"text": "\\ud83d\\ude00 \\ud83d"}', "😀 \ufffd"),
        (b'{"text": "\\ude00!"}', "\ufffd!"),
        ('{"text": "😀"}'.encode(), "😀"),
        (b'{"text": "\\\\ud83d"}', "\\ud83d"),
    ],
)
def test_half_a_character_keeps_nobody_from_reading_the_rest(body: bytes, text: str) -> None:
    assert Answer(200, {}, body).json() == {"text": text}
    assert text.encode().decode() == text
