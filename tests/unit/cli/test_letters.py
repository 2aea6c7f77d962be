"""Caught mails are kept up to a number, and links in them are found."""

from __future__ import annotations

from pathlib import Path

from viche_cli.mailbox.letters import Letters
from viche_cli.mailbox.pages import linkified

MAIL = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: =?utf-8?b?0J/RgNC40LLRltGC?=\r\n\r\ntext\r\n"


def test_oldest_mails_go_when_there_are_too_many(tmp_path: Path) -> None:
    letters = Letters(tmp_path, most_kept=3)
    kept = [letters.add(MAIL, [f"{number}@example.org"]).id for number in range(5)][2:]
    assert [one.id for one in letters.newest()] == kept[::-1]
    assert sorted(path.stem for path in tmp_path.glob("*.eml")) == kept


def test_encoded_subject_is_read(tmp_path: Path) -> None:
    assert Letters(tmp_path).add(MAIL, ["b@example.org"]).subject == "Привіт"


def test_receiver_cannot_add_headers(tmp_path: Path) -> None:
    letters = Letters(tmp_path)
    letters.add(MAIL, ["b@example.org\r\nSubject: other"])
    assert letters.newest()[0].subject == "Привіт"


def test_full_stop_after_an_address_is_not_part_of_the_link() -> None:
    assert linkified("Go to http://x.example/a?b=1&c=2.") == (
        'Go to <a href="http://x.example/a?b=1&amp;c=2">http://x.example/a?b=1&amp;c=2</a>.'
    )
