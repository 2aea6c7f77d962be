"""Signs a petition all the time, in a pod: each person once, again with the same key until there is an answer.

It begins when the gateway can be reached, since networks open the ways of a new pod a moment after its start.

python load.py URL NUMBER PER_SECOND SECONDS, with session tokens as a list in JSON in /load/people.json. It ends when
the file /tmp/end appears. Every try is a line of JSON on stdout; the last line says how many there are, and whether
time or people came to their end before.
"""

import itertools
import json
import pathlib
import sys
import threading
import time
import uuid

import httpx

CONNECTIONS = 8
REACHED_WITHIN_S = 60.0
TRY_FOR_S = 60.0
END = pathlib.Path("/tmp/end")  # noqa: S108
PEOPLE = pathlib.Path("/load/people.json")


def main(url: str, number: str, per_s: float, seconds: float) -> None:
    """Signs on several connections."""
    wait_for(url)
    todo, lock, until_s = iter(json.loads(PEOPLE.read_text())), threading.Lock(), time.monotonic() + seconds
    tries = itertools.count()

    def say(**what: object) -> None:
        with lock:
            next(tries)
            print(json.dumps(what), flush=True)

    def work() -> None:
        with httpx.Client(base_url=url, timeout=30.0, trust_env=False) as client:
            while time.monotonic() < until_s and not END.exists():
                with lock:
                    token = next(todo, None)
                if token is None:
                    return
                began_s = time.monotonic()
                sign(client, token)
                time.sleep(max(0.0, CONNECTIONS / per_s - (time.monotonic() - began_s)))

    def sign(client: httpx.Client, token: str) -> None:
        key, give_up_at_s = str(uuid.uuid4()), time.monotonic() + TRY_FOR_S
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        while True:
            began_s = time.monotonic()
            try:
                answer = client.post(f"/api/v1/petitions/{number}/signatures", json={}, headers=headers)
                status, said = answer.status_code, "" if answer.is_success else answer.text[:300]
            except httpx.TransportError as error:
                status, said = 0, f"{type(error).__name__}: {error}"
            now = time.time()
            say(key=key, status=status, said=said, at=round(now, 3), took_s=round(time.monotonic() - began_s, 4))
            if 200 <= status < 300 or time.monotonic() > give_up_at_s:
                return
            time.sleep(0.2)

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    was_early = not END.exists()
    while not END.exists():
        time.sleep(0.2)
    print(json.dumps({"tries": next(tries), "was_early": was_early}), flush=True)


def wait_for(url: str) -> None:
    """Until the gateway answers; after a minute the first tries show what is wrong."""
    until_s = time.monotonic() + REACHED_WITHIN_S
    while time.monotonic() < until_s:
        try:
            httpx.get(f"{url}/health/live", trust_env=False).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
