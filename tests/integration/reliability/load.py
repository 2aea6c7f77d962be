"""People who sign or answer all the time on several connections, and try again with the same id until they know."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType

from tests.integration.reliability.clients import ApiClient, Client, FormClient, Subject
from tests.integration.reliability.ledger import Answer, Ledger, Outcome, Request
from tests.integration.reliability.region import Person

Job = tuple[Person, Subject]
TRY_FOR_S = 120.0
PAUSE_S = 0.2
# of those who were answered: how many ask again with the same id, and how many do so with another
ASK_AGAIN, SEND_AGAIN = 0.15, 0.05


def jobs(people: Sequence[Person], subjects: Sequence[Subject]) -> list[Job]:
    """Everybody with everything, so that neighbours are different people."""
    return [(person, subjects[(index + turn) % len(subjects)]) for turn in range(len(subjects)) for index, person in
            enumerate(people)]  # fmt: skip


def signer(url: str, place: int) -> Client:
    """Most are programs, whose answers name the signature; every fourth is a browser."""
    return FormClient(url) if place % 4 == 3 else ApiClient(url)


class Load:
    """Does one job after the other while the block lasts, then lets those under way finish.

    Args:
        per_s: jobs that are begun in a second, at most.
        connect: makes the client of a place.
    """

    def __init__(
        self,
        url: str,
        ledger: Ledger,
        todo: Iterable[Job],
        *,
        seed: int,
        connections: int = 8,
        per_s: float = 40.0,
        connect: Callable[[str, int], Client] = signer,
    ) -> None:
        self._connect = connect
        self._ledger = ledger
        self._todo: Iterator[Job] = iter(todo)
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._pause_s = connections / per_s
        self._threads = [
            threading.Thread(target=self._run, args=(url, place, random.Random(seed * 1000 + place)), daemon=True)
            for place in range(connections)
        ]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ending.set()
        self.join()

    def join(self) -> None:
        """Waits until everybody knows, or has given up."""
        for thread in self._threads:
            thread.join(TRY_FOR_S + 30.0)
            assert not thread.is_alive(), "a client hangs"

    def _run(self, url: str, place: int, draw: random.Random) -> None:
        client = self._connect(url, place)
        try:
            while not self._ending.is_set() and (job := self._next()):
                began_s = time.monotonic()
                self._job(client, job, draw)
                self._ending.wait(max(0.0, self._pause_s - (time.monotonic() - began_s)))
        finally:
            client.close()

    def _next(self) -> Job | None:
        with self._lock:
            return next(self._todo, None)

    def _job(self, client: Client, job: Job, draw: random.Random) -> None:
        request = new_request(job, draw)
        settle(client, self._ledger, request, job)
        if draw.random() < ASK_AGAIN:
            settle(client, self._ledger, request, job)
        if draw.random() < SEND_AGAIN and client.names_reasons:
            settle(client, self._ledger, new_request(job, draw), job)


def new_request(job: Job, draw: random.Random) -> Request:
    """A press on the button, with an id of its own."""
    person, subject = job
    return Request(str(uuid.UUID(int=draw.getrandbits(128), version=4)), subject.id, person.email)


def settle(client: Client, ledger: Ledger, request: Request, job: Job) -> Answer:
    """Tries until there is a final answer or the time is over; every try goes into the ledger."""
    person, subject = job
    give_up_at_s = time.monotonic() + TRY_FOR_S
    while True:
        ledger.sending(request)
        answer = client.send(subject, person, request.key)
        ledger.answered(request.key, answer)
        if answer.outcome is not Outcome.FAILED or time.monotonic() > give_up_at_s:
            return answer
        time.sleep(PAUSE_S)


def until_final(ask: Callable[[], Answer]) -> Answer:
    """Tries until there is a final answer or the time is over, without a ledger."""
    give_up_at_s = time.monotonic() + TRY_FOR_S
    while (answer := ask()).outcome is Outcome.FAILED and time.monotonic() < give_up_at_s:
        time.sleep(PAUSE_S)
    return answer
