"""Where an answer ends and what is a good one."""

from __future__ import annotations

import pytest

from viche_cli.bench.load import Expected, Target, is_whole, quantile_s

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nServer: x\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "whole"),
    [
        (b"", False),
        (b"HTTP/1.1 200 OK\r\nContent-Len", False),
        (HEAD, False),
        (HEAD + b"1234", False),
        (HEAD + b"12345", True),
        (b"HTTP/1.1 303 SEE OTHER\r\ncontent-length: 0\r\n\r\n", True),
        (b"HTTP/1.1 304 NOT MODIFIED\r\netag: x\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n12345\r\n", False),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n", True),
    ],
)
def test_an_answer_ends_where_its_head_says(answer: bytes, whole: bool) -> None:
    assert is_whole(answer) is whole


def test_a_length_in_the_body_says_nothing() -> None:
    assert not is_whole(b"HTTP/1.1 200 OK\r\nserver: x\r\n\r\n\r\ncontent-length: 0\r\n\r\n")


def test_an_answer_with_another_status_is_not_good() -> None:
    assert not Expected(b"303", b"/thanks").is_met(b"HTTP/1.1 409 CONFLICT\r\n\r\n/thanks")


def test_an_answer_without_what_it_must_contain_is_not_good() -> None:
    assert not Expected(b"303", b"/thanks").is_met(b"HTTP/1.1 303 SEE OTHER\r\nlocation: /sign-in\r\n\r\n")


def test_a_request_names_its_host() -> None:
    assert b"\r\nHost: 127.0.0.1:80\r\n" in Target("127.0.0.1", 80).get("/")


def test_a_quantile_is_one_of_the_waits() -> None:
    waits_s = [0.4, 0.1, 0.3, 0.2]

    assert (quantile_s(waits_s, 0.0), quantile_s(waits_s, 0.5), quantile_s(waits_s, 0.99)) == (0.1, 0.3, 0.4)
