"""A citizen, an officer and a neighbour, over HTTP and with their mail."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from viche.petitions.v1 import answers_pb2 as answers
from viche.petitions.v1 import petitions_pb2 as petitions

from tools.cluster_test.kube import Kube, until
from tools.cluster_test.release import Release
from tools.running import Fault

MAIL_WITHIN_S = 60.0
SHOWN_WITHIN_S = 120.0
# thousands have signed, and any of them may be the last to be told
TOLD_WITHIN_S = 900.0
AUTHOR, OFFICER, NEIGHBOUR = "author@example.org", "officer@example.org", "neighbour@example.org"
_SUMMARY, _REASONS = "The dam is mended this year.", "Your worry is ours, too: the money is in the budget."
_TEXT = "The dam above the village is old, and nobody has looked at it for ten years."


@dataclass(frozen=True, slots=True)
class Petition:
    """A petition, by its id and its public number."""

    id: str
    number: int


@dataclass(frozen=True, slots=True)
class Portal:
    """The gateway and the catcher of mails, as they are reached from here."""

    web: httpx.Client
    mail: httpx.Client

    def pages(self) -> str:
        """The portal as a stranger sees it."""
        for path in ("/", "/petitions", "/uk/", "/health/ready", "/api/v1/openapi.json"):
            self._sent("GET", path)
        return "5 pages"

    def sign_in(self, email: str) -> str:
        """A session token of somebody, by the link in a mail."""
        known = len(self._links(email, "/sign-in/"))
        self._sent("POST", "/api/v1/sign-in-links", json={"email": email, "language": "en"})
        until(f"a mail to {email}", lambda: len(self._links(email, "/sign-in/")) > known, MAIL_WITHIN_S)
        token = self._links(email, "/sign-in/")[0].rpartition("/")[2]
        return self._sent("POST", "/api/v1/sessions", json={"token": token})["session_token"]

    def start_petition(self, token: str, authority_id: str, title: str) -> Petition:
        """Hands a petition in. Its number comes when it is opened."""
        draft = {"title": title, "background": _TEXT, "authority_id": authority_id, "author_name": "Citizen"}
        body = {**draft, "language": "en", "submit": True}
        made = self._sent("POST", "/api/v1/petitions", token, json=body)
        return Petition(made["id"], made["number"])

    def open_petition(self, token: str, petition: Petition) -> Petition:
        """Lets it be signed."""
        opened = self._sent("POST", f"/api/v1/petitions/{petition.id}/open", token)
        return Petition(opened["id"], opened["number"])

    def sign(self, token: str, petition: Petition) -> None:
        """Signs as somebody who is signed in."""
        self._sent("POST", f"/api/v1/petitions/{petition.number}/signatures", token, json={})

    def sign_by_email(self, petition: Petition, email: str, residence: str) -> None:
        """Signs with an address, and confirms by the link in the mail."""
        body = {"email": email, "name": "Marta Reader", "residence_code": residence, "language": "en"}
        self._sent("POST", f"/api/v1/petitions/{petition.number}/email-signatures", json=body)
        until(f"a mail to {email}", lambda: bool(self._links(email, "/confirm/")), MAIL_WITHIN_S)
        token = self._links(email, "/confirm/")[0].rpartition("/")[2]
        self._sent("POST", "/api/v1/email-signatures/confirm", json={"token": token})

    def answer(self, token: str, petition: Petition) -> None:
        """Answers as an officer, before the threshold is reached."""
        content = answers.AnswerContent(
            decision=petitions.DECISION_ACCEPTED,
            summary=petitions.LocalizedText(texts={"en": _SUMMARY}),
            reasons=petitions.LocalizedText(texts={"en": _REASONS}),
            signed_by="The council",
        )
        request = answers.PublishAnswerRequest(
            request_id=str(uuid.uuid4()), petition_id=petition.id, content=content, is_early=True
        )
        path = "/rpc/viche.petitions.v1.AnswersService/PublishAnswer"
        self._sent("POST", path, token, content=request.SerializeToString())

    def shows_answer(self, petition: Petition, email: str, mails_before: set[str]) -> None:
        """Waits until the portal shows the answer and a signer got a mail of it. Raises Fault."""
        address = f"/api/v1/petitions/{petition.number}"
        until("the answer on the portal", lambda: bool(self._sent("GET", address)["answers"]), SHOWN_WITHIN_S)
        until(f"a mail to {email} of the answer", lambda: bool(self.mails(email) - mails_before), TOLD_WITHIN_S)

    def mails(self, to: str) -> set[str]:
        """Ids of the mails to an address that the catcher still keeps: among thousands it forgets the oldest."""
        return {mail["id"] for mail in self._mails(to=to)}

    def count(self, petition: Petition) -> int:
        """How many signatures the portal shows."""
        return self._sent("GET", f"/api/v1/petitions/{petition.number}")["signature_count"]

    def shows(self, petition: Petition, signatures: int) -> str:
        """Waits until the portal shows so many. Raises Fault."""
        what = f"petition {petition.number} with {signatures} signatures"
        until(what, lambda: self.count(petition) == signatures, SHOWN_WITHIN_S)
        return what

    def _links(self, to: str, part: str) -> list[str]:
        return [link for mail in self._mails(to=to, full="1") for link in mail["links"] if part in link]

    def _mails(self, **asked: str) -> list[dict[str, Any]]:
        try:
            return self.mail.get("/messages.json", params=asked).raise_for_status().json()["messages"]
        except httpx.HTTPError as error:
            raise Fault(f"The catcher of mails: {error!r}; see its log.") from error

    def _sent(self, method: str, path: str, token: str = "", **what: Any) -> Any:
        headers = {"Idempotency-Key": str(uuid.uuid4())} | ({"Authorization": f"Bearer {token}"} if token else {})
        try:
            answer = self.web.request(method, path, headers=headers, **what)
        except httpx.HTTPError as error:
            raise Fault(f"{method} {path}: {error!r}; see the logs of the gateway.") from error
        if not answer.is_success:
            raise Fault(f"{method} {path} was answered with {answer.status_code} {answer.text[:300]}")
        is_json = "json" in answer.headers.get("content-type", "") and answer.content
        return answer.json() if is_json else {}


@contextlib.contextmanager
def portal(kube: Kube, release: Release) -> Iterator[Portal]:
    """The portal over forwarded ports, which end with the pods that they lead to."""
    with (
        kube.port(f"service/{release.fullname}-gateway", release.gateway_port()) as web,
        kube.port(f"service/{release.fullname}-mailbox", 8025) as mail,
        httpx.Client(base_url=web, timeout=60, trust_env=False) as portal,
        httpx.Client(base_url=mail, timeout=30, trust_env=False) as mailbox,
    ):
        yield Portal(portal, mailbox)
