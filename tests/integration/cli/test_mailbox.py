"""The mail catcher takes mail, keeps it over a restart, and shows it without running anything of it."""

from __future__ import annotations

import json
import os
import smtplib
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest

from viche_cli.infra import ports, process
from viche_cli.infra.ports import LOOPBACK

PORTAL = "http://portal.example:8080"


@dataclass
class Mailbox:
    folder: Path
    smtp: int
    web: int

    def start(self) -> None:
        argv = [sys.executable, "-m", "viche_cli.mailbox", "--folder", self.folder]
        addresses = ["--smtp", f"{LOOPBACK}:{self.smtp}", "--web", f"{LOOPBACK}:{self.web}", "--portal", PORTAL]
        self.process = process.spawn([*argv, *addresses], env=os.environ)
        assert process.wait_until(lambda: ports.answers(self.smtp) and ports.answers(self.web), 60)

    def stop(self) -> None:
        process.stop(self.process)

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{self.web}{path}", timeout=60) as answer:
            return answer.read().decode()

    def messages(self, to: str, full: bool = False) -> list[dict]:
        return json.loads(self.get(f"/messages.json?to={to}{'&full=1' if full else ''}"))["messages"]

    def send(self, *letters: EmailMessage) -> None:
        with smtplib.SMTP(LOOPBACK, self.smtp, timeout=60) as client:
            for letter in letters:
                client.send_message(letter)


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    one = Mailbox(tmp_path / "mail", ports.free_port(), ports.free_port())
    one.start()
    yield one
    one.stop()


def letter(to: str, text: str, subject: str = "Ввійти на портал") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "viche@example.org", to, subject
    message.set_content(text)
    return message


def test_mail_is_found_by_its_receiver_with_text_and_links(mailbox: Mailbox) -> None:
    mailbox.send(letter("iryna@example.org", "Ось посилання: http://127.0.0.1:8080/uk/sign-in/abc.\n"))
    mailbox.send(letter("anna@example.org", "none"))
    (found,) = mailbox.messages("IRYNA@example.org", full=True)
    assert found["subject"] == "Ввійти на портал"
    assert found["links"] == ["http://127.0.0.1:8080/uk/sign-in/abc"]


def test_mails_survive_a_restart(mailbox: Mailbox) -> None:
    mailbox.send(letter("iryna@example.org", "text"))
    mailbox.stop()
    mailbox.start()
    assert [one["receivers"] for one in mailbox.messages("iryna")] == [["iryna@example.org"]]


def test_markup_in_a_mail_is_shown_and_not_run(mailbox: Mailbox) -> None:
    text = "<script>alert(1)</script> https://example.org/?q=<b>"
    mailbox.send(letter("a@example.org", text, subject="<img src=x>"))
    page = mailbox.get(f"/mail/{mailbox.messages('a@example.org')[0]['id']}")
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_thousand_mails_are_taken_in_seconds(mailbox: Mailbox) -> None:
    mailbox.send(*(letter(f"citizen{number}@example.org", "text") for number in range(1000)))
    assert len(mailbox.messages("citizen")) == 1000


def test_unknown_mail_is_not_found(mailbox: Mailbox) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404") as refused:
        mailbox.get("/mail/../../keys")
    refused.value.close()


def test_a_page_plays_a_partner_and_runs_the_portals_script_alone(mailbox: Mailbox) -> None:
    with urllib.request.urlopen(f"http://{LOOPBACK}:{mailbox.web}/partner/", timeout=60) as answer:
        page, policy = answer.read().decode(), answer.headers["Content-Security-Policy"]
    assert f'<script src="{PORTAL}/embed.js" async></script>' in page
    assert f'<a href="{PORTAL}/en/surveys/1">' in page  # what is there without scripts
    assert "default-src 'none'" in policy
    assert f"script-src {PORTAL}; frame-src {PORTAL}" in policy
