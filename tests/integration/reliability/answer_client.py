"""How people answer: with the form of the survey, as a browser does without scripts."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from html import unescape

import httpx

from tests.integration.reliability.clients import ANSWER_WITHIN_S, LATER, SESSION_COOKIE, Subject
from tests.integration.reliability.ledger import Answer, Outcome
from tests.integration.reliability.region import Person
from tests.integration.reliability.surveys import fields, said

ALREADY_ANSWERED = "ALREADY_ANSWERED"
_REASONS = {"You have answered this survey already.": ALREADY_ANSWERED}
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class AnswerClient:
    """One connection of people who answer; it opens each survey once and sends its form again and again."""

    names_reasons = True

    def __init__(self, url: str) -> None:
        headers = {"Accept-Language": "en"}
        self._http = httpx.Client(base_url=url, timeout=ANSWER_WITHIN_S, trust_env=False, verify=False, headers=headers)
        self._forms: dict[int, Mapping[str, str]] = {}

    def send(self, subject: Subject, person: Person, request_id: str) -> Answer:
        """Tries once; opens the form before, the first time."""
        sent_at_s = time.monotonic()
        self._http.cookies.set(SESSION_COOKIE, person.session_token)
        try:
            if subject.number not in self._forms:
                self.open(subject, person)
            body = {**self._forms[subject.number], "-request": request_id, **fields(said(request_id))}
            response = self._http.post(_path(subject), data=body)
        except httpx.TransportError as error:
            return Answer(Outcome.FAILED, sent_at_s, time.monotonic(), reason=type(error).__name__)
        return _read(response, sent_at_s)

    def close(self) -> None:
        """Hangs up."""
        self._http.close()

    def open(self, subject: Subject, person: Person) -> None:
        """Opens the form; somebody who has answered already is shown none where persons are counted.

        Raises:
            httpx.TransportError: there is no form.
        """
        self._http.cookies.set(SESSION_COOKIE, person.session_token)
        page = self._http.get(_path(subject))
        hidden = {name: unescape(value) for name, value in _HIDDEN.findall(page.text)}
        if page.status_code != 200 or "csrf_token" not in hidden:
            raise httpx.ReadError(f"no form, status {page.status_code}")
        self._forms[subject.number] = hidden


def _path(subject: Subject) -> str:
    return f"/surveys/{subject.number}/answer"


def _read(response: httpx.Response, sent_at_s: float) -> Answer:
    status, now_s = response.status_code, time.monotonic()
    where = response.headers.get("location", "").partition("?")[0]
    if status == 303 and where.endswith("/thanks"):
        return Answer(Outcome.ACKNOWLEDGED, sent_at_s, now_s, status)
    is_final = 300 <= status < 500 and status not in LATER
    told = next((reason for sentence, reason in _REASONS.items() if sentence in response.text), "")
    return Answer(
        Outcome.REFUSED if is_final else Outcome.FAILED, sent_at_s, now_s, status, told or where or f"HTTP {status}"
    )
