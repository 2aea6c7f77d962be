"""What all tests share: real engines, a zone that is not UTC, the folder of real data, and no sockets in unit tests."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import pytest_socket

from tests import engines
from tests.s3 import S3Server, s3_server
from tests.suite import Suite
from viche_chassis.db import migrate
from viche_cli.infra import store
from viche_cli.infra.nats import NatsServer, nats_server
from viche_cli.infra.postgres import PostgresServer, postgres_server

ROOT = Path(__file__).resolve().parents[1]
LONG_FIRST = tuple(
    ROOT / "tests" / name
    for name in ("e2e", "integration/reliability", "integration/cli", "integration/gateway", "integration")
)

# code that takes local time for UTC fails here; set before anything reads the clock, and inherited by child processes
os.environ["TZ"] = "America/St_Johns"
time.tzset()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Folders with long files first, so that no worker is left with one of them at the end.

    The files of a folder stay together, since those that one worker takes one after another share an instance.
    """
    items.sort(key=lambda item: _place(item.path))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Unit tests speak to nobody."""
    if (ROOT / "tests" / "unit") in item.path.parents:
        pytest_socket.disable_socket(allow_unix_socket=True)


def pytest_runtest_teardown() -> None:
    """The next test may be one of those that need sockets."""
    pytest_socket.enable_socket()


def _place(file: Path) -> int:
    return next((place for place, folder in enumerate(LONG_FIRST) if folder in file.parents), len(LONG_FIRST))


@pytest.fixture(scope="session")
def engine_folder() -> Iterator[Path]:
    """A folder that every account may enter, as an engine that runs as another account needs; in memory if it fits."""
    with engines.folder() as made:
        yield made


@pytest.fixture(scope="session")
def postgres(engine_folder: Path) -> Iterator[PostgresServer]:
    """A real PostgreSQL server; `.url` is the superuser's."""
    with postgres_server(engine_folder / "postgres") as server:
        yield server


@pytest.fixture
def database(postgres: PostgresServer) -> Iterator[Callable[..., str]]:
    """Makes fresh, empty databases: `database("petitions")` gives the URL of one with an owner role of its own."""
    made: list[str] = []

    def make(name: str = "test") -> str:
        unique = f"{name}_{secrets.token_hex(6)}"
        made.append(unique)
        return store.ensure_database(postgres.url, unique, secrets.token_urlsafe(16))

    yield make
    for name in made:
        store.drop_database(postgres.url, name)


@pytest.fixture(scope="session")
def template(postgres: PostgresServer) -> Callable[[str], str]:
    """Gives the URL of a service's migrated database that others are copied from; nobody may be connected to it."""

    @functools.cache
    def make(service: str) -> str:
        url = store.ensure_database(postgres.url, f"template_{service}", secrets.token_urlsafe(16))
        migrate(url, f"viche_{service}")
        return url

    return make


@pytest.fixture
def migrated(postgres: PostgresServer, template: Callable[[str], str]) -> Iterator[Callable[[str], str]]:
    """Makes databases without rows: `migrated("petitions")` gives the URL of one that is up to date."""
    with contextlib.ExitStack() as stack:
        yield lambda service: stack.enter_context(engines.copied(postgres.url, template(service)))


@pytest.fixture(scope="session")
def nats(engine_folder: Path) -> Iterator[NatsServer]:
    """A real NATS server with JetStream that syncs always; `.url` has user and password."""
    with nats_server(engine_folder / "nats", log=engine_folder / "nats.log") as server:
        yield server


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A real S3 server that can keep versions; `.url("bucket")` is for VICHE_S3_URL. It has no bucket yet."""
    with s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout; tests that need it are skipped where it is missing."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}")
    return folder


@pytest.fixture(scope="session")
def demo_home(engine_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a stopped instance with the demo. The worker that needs it first makes it for all: that takes
    twice the CPU of a start without."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    home = shared / "demo-home"
    with (shared / "demo-home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            engines.copy(made_with_demo(engine_folder / "demo"), home)
    return home


@pytest.fixture(scope="session")
def with_demo(engine_folder: Path, demo_home: Path) -> Callable[..., Suite]:
    """Makes instances that hold the demo from the start: `with_demo("api", environment={…})`, not started yet.

    For tests that are not about the first start itself. The demo's partner has the address of another instance.
    """

    def make(name: str, *options: str, **settings: Mapping[str, str]) -> Suite:
        engines.copy(demo_home, engine_folder / name)
        return Suite(engine_folder / name, *options, **settings)

    return make


def made_with_demo(folder: Path) -> Path:
    """Starts and stops an instance for the first time."""
    suite = Suite(folder)
    suite.start()
    assert suite.stop() == 0, suite.said()
    return folder
