"""How the gateway's web server runs; the bench holds it against a bare application under the same settings."""

BLOCKING_THREADS = 64
BACKLOG = 1024


def serve(factory: str, listen: str) -> None:
    """Serves until SIGTERM.

    Args:
        factory: where the application is made in the worker process, as "module:function".
        listen: host:port.
    """
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces

    host, _, port = listen.rpartition(":")
    Granian(
        factory,
        factory=True,
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=1,
        blocking_threads=BLOCKING_THREADS,
        backlog=BACKLOG,
        websockets=False,
        workers_kill_timeout=10,
        log_access=False,
    ).serve()
