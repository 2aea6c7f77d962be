"""Proof of human work on anonymous forms (ALTCHA), for browsers that run scripts.

Where scripts do not run, e-mail confirmation, the honeypot and the stricter limits of the services hold.

A challenge is good once: solved ones are remembered until they would have expired anyway.
They are remembered in this process, and the gateway runs one worker process; with several replicas, or after a
restart, a solution could be used once per process within its ten minutes.
That is taken: a solution only lifts stricter limits, which the services count in their databases.
"""

import binascii
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping

import altcha
from flask import Flask, Response, current_app, jsonify

from viche_gateway import access

ALGORITHM = "PBKDF2/SHA-256"
COST = 2_000  # iterations for one try; about 256 tries are needed, which takes a phone a second or two
LIFE_S = 600
HONEYPOT = "website"
_MOST_SPENT = 200_000
_MOST_PAYLOAD_CHARS = 4_000


class HumanCheck:
    """Makes challenges and checks their solutions.

    Args:
        secret: signs challenges.
        clock: Unix time in seconds.
    """

    def __init__(self, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._clock = clock
        self._lock = threading.Lock()
        self._spent: OrderedDict[str, float] = OrderedDict()

    def challenge(self) -> altcha.Challenge:
        """A new challenge, good for ten minutes."""
        return altcha.create_challenge(
            ALGORITHM, COST, expires_at=int(self._clock()) + LIFE_S, hmac_secret=self._secret
        )

    def is_solved(self, payload: str) -> bool:
        """Whether ``payload`` (base64 of JSON, from the widget) solves a challenge of ours for the first time."""
        if not 0 < len(payload) <= _MOST_PAYLOAD_CHARS:
            return False
        try:
            solved = altcha.Payload.from_base64(payload)
            result = altcha.verify_solution(solved, self._secret)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error):
            return False
        expires_at = solved.challenge.parameters.expires_at
        if not result.verified or expires_at is None:
            return False
        return self._spend(solved.challenge.parameters.nonce, float(expires_at))

    def _spend(self, nonce: str, expires_at: float) -> bool:
        with self._lock:
            now = self._clock()
            while self._spent and (next(iter(self._spent.values())) < now or len(self._spent) >= _MOST_SPENT):
                self._spent.popitem(last=False)
            if nonce in self._spent or expires_at < now:
                return False
            self._spent[nonce] = expires_at
            return True


def is_checked(payload: str) -> bool:
    """Whether ``payload`` is a solved challenge of ours that was not used before."""
    check: HumanCheck = current_app.extensions["viche.human"]
    return bool(payload) and check.is_solved(payload)


def is_program(form: Mapping[str, str]) -> bool:
    """Whether the field was filled in that people do not see."""
    return bool(form.get(HONEYPOT))


@access.form
def challenge() -> Response:
    """A challenge for the widget on our own pages."""
    check: HumanCheck = current_app.extensions["viche.human"]
    return jsonify(check.challenge().to_dict())


def register(app: Flask) -> None:
    """Adds /altcha/challenge."""
    app.extensions["viche.human"] = HumanCheck(app.extensions["viche.secrets"].challenges)
    app.add_url_rule("/altcha/challenge", "altcha_challenge", challenge)
