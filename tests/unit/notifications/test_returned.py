"""What is read from mails that come back, after samples in the formats of the servers that write them."""

from pathlib import Path

import pytest

from viche_chassis.ids import new_id
from viche_notifications.returned import MOST_BYTES, NotTaken, Returned, Unreadable, read
from viche_notifications.sealing import ReturnAddresses

SAMPLES = Path(__file__).parent / "returned"
TOKEN = ReturnAddresses(b"k" * 32, "bounces@viche.example").token(new_id())
REPORTS = {
    "postfix_unknown_user": Returned(TOKEN, "5.1.1", "city.example"),
    "postfix_expired": Returned(TOKEN, "4.4.1", "slow.example"),
    "exim": Returned(TOKEN, "5.2.1", "town.example"),
    "exchange_policy": Returned(TOKEN, "5.7.1", "ministry.example"),
    "gmail_full": Returned(TOKEN, "5.2.2", "gmail.com"),
    "eight_bit": Returned(TOKEN, "5.1.1", "xn--80a1acny.example"),
    "complaint": Returned(TOKEN, "", "isp.example", is_complaint=True),
}
OTHERS = {
    "postfix_delayed": "the mail is delayed",
    "qmail": "not a report in the form of RFC 3464",
    "holiday": "an automatic answer",
    "receipt": "a receipt",
}


def sample(name: str) -> bytes:
    raw = (SAMPLES / f"{name}.eml").read_bytes()
    return raw.replace(b"TOKEN", TOKEN.encode()).replace(b"UPPER", TOKEN.upper().encode())


def test_every_sample_is_read() -> None:
    assert {each.stem for each in SAMPLES.glob("*.eml")} == {*REPORTS, *OTHERS, "damaged"}


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_tells_whose_mail_it_was_and_what_is_wrong(name: str) -> None:
    assert read(sample(name)) == REPORTS[name]


@pytest.mark.parametrize("name", REPORTS)
def test_line_ends_make_no_difference(name: str) -> None:
    raw = sample(name).replace(b"\r\n", b"\n")
    assert read(raw) == read(raw.replace(b"\n", b"\r\n")) == REPORTS[name]


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_report_is_let_go_with_a_reason(name: str) -> None:
    with pytest.raises(NotTaken) as let_go:
        read(sample(name))
    assert let_go.value.reason == OTHERS[name]


def test_a_report_on_a_mail_of_nobody_is_let_go() -> None:
    raw = (SAMPLES / "postfix_unknown_user.eml").read_bytes()
    with pytest.raises(NotTaken, match="which mail"):
        read(raw)


def test_a_complaint_that_takes_itself_back_is_let_go() -> None:
    with pytest.raises(NotTaken, match="not-spam"):
        read(sample("complaint").replace(b"Feedback-Type: abuse", b"Feedback-Type: not-spam"))


def test_a_report_without_a_status_is_let_go() -> None:
    with pytest.raises(NotTaken, match="no status"):
        read(sample("postfix_unknown_user").replace(b"5.1.1", b"unknown"))


def test_a_huge_mail_is_read_as_far_as_the_report_goes() -> None:
    head, mark, tail = sample("postfix_unknown_user").partition(b"Hello, Ann!")
    assert read(head + b"x" * 70 + b"\n" * (3 * MOST_BYTES) + tail) == REPORTS["postfix_unknown_user"]
    assert mark


def test_mails_within_mails_without_end_are_damaged_and_stop_nothing() -> None:
    head = b"Content-Type: multipart/report; report-type=delivery-status; boundary=a\n\n--a\n"
    with pytest.raises(Unreadable):
        read(head + b"Content-Type: message/rfc822\n\n" * 30_000)


@pytest.mark.parametrize("mark", ["\x0b", "\x0c", "\x1c"])
def test_a_field_that_holds_another_is_damaged_and_stops_nothing(mark: str) -> None:
    with pytest.raises(Unreadable):
        read(sample("gmail_full").replace(b"5.2.2  https:", f"5.2.2  h{mark}tps:".encode()))


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"\x00\xff\xfe", b"no mail at all", sample("damaged")])
def test_what_is_damaged_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        read(raw)


@pytest.mark.parametrize("name", [*REPORTS, *OTHERS])
def test_a_report_that_breaks_off_anywhere_is_refused_or_read_but_never_fails_otherwise(name: str) -> None:
    raw = sample(name)
    for length in range(0, len(raw), 97):
        try:
            assert read(raw[:length]).token == TOKEN
        except (NotTaken, Unreadable):
            continue
