"""How people sign: programs over the API, browsers with the portal's form."""

from __future__ import annotations

import re
import time
from typing import Protocol

import httpx

from tests.integration.reliability.ledger import Answer, Outcome
from tests.integration.reliability.region import OpenPetition, Person

ANSWER_WITHIN_S = 20.0
SESSION_COOKIE = "viche_session"
_TOKEN_FIELD = re.compile(r'<input[^>]*name="csrf_token"[^>]*value="([^"]+)"')
LATER = frozenset({408, 425, 429})


class Subject(Protocol):
    """A petition that is signed, or a survey that is answered."""

    @property
    def id(self) -> str:
        """What the ledger knows it by."""
        ...

    @property
    def number(self) -> int:
        """Its public number."""
        ...


class Client(Protocol):
    """One connection of somebody who signs or answers."""

    names_reasons: bool
    """Whether a refusal names its reason."""

    def send(self, subject: Subject, person: Person, request_id: str) -> Answer:
        """Tries once."""
        ...

    def close(self) -> None:
        """Hangs up."""
        ...


class ApiClient:
    """Signs over /api/v1."""

    names_reasons = True

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=ANSWER_WITHIN_S, trust_env=False, verify=False)

    def send(self, subject: Subject, person: Person, request_id: str) -> Answer:
        """Tries once."""
        headers = {"Authorization": f"Bearer {person.session_token}", "Idempotency-Key": request_id}
        sent_at_s = time.monotonic()
        try:
            response = self._http.post(f"/api/v1/petitions/{subject.number}/signatures", json={}, headers=headers)
        except httpx.TransportError as error:
            return Answer(Outcome.FAILED, sent_at_s, time.monotonic(), reason=type(error).__name__)
        return _read(response, sent_at_s)

    def sign_by_email(self, petition: OpenPetition, email: str, name: str, request_id: str) -> Answer:
        """Asks for a mail to confirm; a good answer says only that it will be sent."""
        body = {"email": email, "name": name, "language": "en"}
        return self._post(f"/api/v1/petitions/{petition.number}/email-signatures", body, request_id)

    def confirm(self, token: str) -> Answer:
        """Presses the button on the page that the mail opens."""
        return self._post("/api/v1/email-signatures/confirm", {"token": token})

    def close(self) -> None:
        """Hangs up."""
        self._http.close()

    def _post(self, path: str, body: dict[str, str], request_id: str = "") -> Answer:
        headers = {"Idempotency-Key": request_id} if request_id else {}
        sent_at_s = time.monotonic()
        try:
            return _read(self._http.post(path, json=body, headers=headers), sent_at_s)
        except httpx.TransportError as error:
            return Answer(Outcome.FAILED, sent_at_s, time.monotonic(), reason=type(error).__name__)


class FormClient:
    """Signs with the portal's form: cookie, CSRF token, and a redirect to the page that says thank you."""

    names_reasons = False

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=ANSWER_WITHIN_S, trust_env=False, verify=False)
        self._token = ""

    def send(self, subject: Subject, person: Person, request_id: str) -> Answer:
        """Tries once; opens the form before, the first time."""
        sent_at_s = time.monotonic()
        self._http.cookies.set(SESSION_COOKIE, person.session_token)
        try:
            if not self._token:
                self._open_form(subject)
            body = {"csrf_token": self._token, "request_id": request_id}
            response = self._http.post(f"/petitions/{subject.number}/sign", data=body)
        except httpx.TransportError as error:
            return Answer(Outcome.FAILED, sent_at_s, time.monotonic(), reason=type(error).__name__)
        return self._read(response, sent_at_s)

    def close(self) -> None:
        """Hangs up."""
        self._http.close()

    def _open_form(self, subject: Subject) -> None:
        page = self._http.get(f"/petitions/{subject.number}/sign")
        field = _TOKEN_FIELD.search(page.text)
        if page.status_code != 200 or field is None:
            raise httpx.ReadError(f"no form, status {page.status_code}")
        self._token = field[1]

    def _read(self, response: httpx.Response, sent_at_s: float) -> Answer:
        where = response.headers.get("location", "")
        outcome, reason = Outcome.FAILED, f"HTTP {response.status_code}"
        if response.status_code == 303:
            outcome, reason = (Outcome.ACKNOWLEDGED, "") if where.endswith("/thanks") else (Outcome.REFUSED, where)
        elif 400 <= response.status_code < 500 and response.status_code not in LATER:
            outcome = Outcome.REFUSED
        return Answer(outcome, sent_at_s, time.monotonic(), response.status_code, reason)


def _read(response: httpx.Response, sent_at_s: float) -> Answer:
    status, now_s = response.status_code, time.monotonic()
    if response.is_success:
        signature_id = response.json()["id"] if response.content else ""
        return Answer(Outcome.ACKNOWLEDGED, sent_at_s, now_s, status, signature_id=signature_id)
    is_json = response.headers.get("content-type", "").endswith("json")
    reason = response.json().get("reason", "") if is_json else f"HTTP {status}"
    is_final = 400 <= status < 500 and status not in LATER
    return Answer(Outcome.REFUSED if is_final else Outcome.FAILED, sent_at_s, now_s, status, reason)
