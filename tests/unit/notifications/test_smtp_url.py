"""The mail server's address is read exactly, and replies are kept without addresses."""

import pytest

from viche_notifications.smtp import SmtpServer, parse_smtp_url, without_addresses


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://127.0.0.1:1025?tls=none", SmtpServer("127.0.0.1", 1025, start_tls=False)),
        ("smtp://mail.example", SmtpServer("mail.example", 587)),
        ("smtp://mail.example:25?tls=starttls", SmtpServer("mail.example", 25, start_tls=True)),
        ("smtps://mail.example", SmtpServer("mail.example", 465, use_tls=True, start_tls=False)),
        (
            "smtps://a%40b.example:p%2Fw%3Ad@mail.example:4650/",
            SmtpServer("mail.example", 4650, "a@b.example", "p/w:d", use_tls=True, start_tls=False),
        ),
        ("smtp://[::1]:25", SmtpServer("::1", 25)),
    ],
)
def test_an_address_of_a_mail_server_is_read(url: str, server: SmtpServer) -> None:
    assert parse_smtp_url(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "", "mail.example", "http://mail.example", "smtp://", "smtp://mail.example?tls=ssl", "smtp://mail.example?x=1",
        "smtps://mail.example?tls=none", "smtp://mail.example:no", "smtp://mail.example/path",
    ],
)  # fmt: skip
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        parse_smtp_url(url)


def test_the_password_is_not_shown() -> None:
    secret = "hunter2"
    assert secret not in repr(parse_smtp_url(f"smtp://user:{secret}@mail.example"))
    with pytest.raises(ValueError) as refused:
        parse_smtp_url(f"smtp://user:{secret}@mail.example?tls=ssl")
    assert secret not in str(refused.value)


def test_replies_are_kept_without_addresses_in_one_line() -> None:
    kept = without_addresses("550 5.1.1 <ann@example.org>: no such user\r\nann+x@example.org" + "x" * 500)
    assert "@" not in kept
    assert "ann" not in kept
    assert "\n" not in kept
    assert kept.startswith("550 5.1.1")
    assert len(kept) <= 200
