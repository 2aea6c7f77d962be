"""`viche prepare` makes what engines of one's own lack, as often as one likes, and says what to do where it cannot."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from click.testing import CliRunner
from psycopg import sql

from tests.s3 import S3Server
from viche_chassis.objects import parse_s3_url
from viche_chassis.objects_s3 import S3Store
from viche_cli.faults import Fault
from viche_cli.infra import ports, store
from viche_cli.infra.postgres import PostgresServer, postgres_server
from viche_cli.main import viche as commands
from viche_cli.preparing.given import database_variable
from viche_cli.services import SERVICES


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended, as at a terminal."""

    returncode: int
    stdout: str
    stderr: str


def run(environment: Mapping[str, str], *words: str) -> Done:
    done = CliRunner().invoke(commands, words, env=dict(environment))
    said = f"viche: {done.exception}\n" if isinstance(done.exception, Fault) else ""
    assert said or isinstance(done.exception, SystemExit | None), done.exception
    return Done(done.exit_code, done.stdout, done.stderr + said)


@pytest.fixture
def urls(postgres: PostgresServer) -> Iterator[dict[str, str]]:
    """Addresses of databases that nobody has made yet, by the setting that names them, with awkward passwords."""
    tail = secrets.token_hex(4)
    names = {service: f"{service}_{tail}" for service in SERVICES}
    yield {
        database_variable(service): store.url_for(postgres.url, name, name, secrets.token_urlsafe(9) + "'%/\\")
        for service, name in names.items()
    }
    for name in names.values():
        store.drop_database(postgres.url, name)


def roles(postgres: PostgresServer, urls: Mapping[str, str]) -> list[tuple[object, ...]]:
    with psycopg.connect(postgres.url) as conn:
        return conn.execute(
            "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls, rolconnlimit, rolconfig"
            " FROM pg_roles WHERE rolname = ANY(%(names)s)",
            {"names": [urlsplit(url).username for url in urls.values()]},
        ).fetchall()


def test_every_service_enters_its_own_database_and_no_other(postgres: PostgresServer, urls: dict[str, str]) -> None:
    environment = {"VICHE_POSTGRES_URL": postgres.url, **urls}
    for _ in range(2):
        done = run(environment, "prepare", "postgres", "--connection-limit", "20")
        assert done.returncode == 0, done.stderr
    assert done.stdout.count("was there") == len(SERVICES)
    first, second = list(urls.values())[:2]
    with psycopg.connect(first) as conn:
        conn.execute("CREATE TABLE towns (name text)")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(first.rpartition("/")[0] + "/" + second.rpartition("/")[2])
    limits = ["statement_timeout=15min", "idle_in_transaction_session_timeout=5min"]
    assert roles(postgres, urls) == [(False, 20, limits)] * len(SERVICES)


def test_an_administrator_need_not_be_a_superuser(postgres: PostgresServer, urls: dict[str, str]) -> None:
    admin = f"admin_{secrets.token_hex(4)}"
    with psycopg.connect(postgres.url, autocommit=True) as conn:
        conn.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE PASSWORD 'x'").format(sql.Identifier(admin)))
    for _ in range(2):
        done = run(
            {"VICHE_POSTGRES_URL": store.url_for(postgres.url, "postgres", admin, "x"), **urls}, "prepare", "all"
        )
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("shown", [True, False])
def test_a_printed_script_does_the_same(postgres: PostgresServer, urls: dict[str, str], shown: bool) -> None:
    printed = run(urls, "prepare", "postgres", "--sql", *(["--show-passwords"] if shown else []))
    assert printed.returncode == 0, printed.stderr
    passwords = {service: store_password(urls[database_variable(service)]) for service in SERVICES}
    literals = {service: sql.Literal(password).as_string() for service, password in passwords.items()}
    assert all((literal in printed.stdout) is shown for literal in literals.values())
    for _ in range(2):
        psql(postgres.url, printed.stdout, {f"{service}_password": text for service, text in passwords.items()})
    for url in urls.values():
        psycopg.connect(url).close()
    assert {row[0] for row in roles(postgres, urls)} == {False}


def store_password(url: str) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(url)["password"])


def psql(url: str, script: str, variables: Mapping[str, str]) -> None:
    """Does what psql does with these scripts; the wheel has no psql."""
    with psycopg.connect(url, autocommit=True) as conn:
        for line in script.splitlines():
            if not line or line.startswith("--"):
                continue
            for name, value in variables.items():
                line = line.replace(f":'{name}'", sql.Literal(value).as_string())
            if line.endswith(" \\gexec"):
                for (query,) in conn.execute(line.removesuffix(" \\gexec").encode()).fetchall():
                    conn.execute(query)
            else:
                conn.execute(line.encode())


def test_a_role_with_powers_is_refused(postgres: PostgresServer, urls: dict[str, str]) -> None:
    role = urlsplit(urls["VICHE_SOCIAL_DATABASE_URL"]).username or ""
    with psycopg.connect(postgres.url, autocommit=True) as conn:
        conn.execute(sql.SQL("CREATE ROLE {} LOGIN SUPERUSER").format(sql.Identifier(role)))
    done = run({"VICHE_POSTGRES_URL": postgres.url, **urls}, "prepare", "postgres")
    assert done.returncode == 1
    assert f"ALTER ROLE {role} NOSUPERUSER" in done.stderr


def test_a_database_of_somebody_elses_is_refused(postgres: PostgresServer, urls: dict[str, str]) -> None:
    name = urlsplit(urls["VICHE_SOCIAL_DATABASE_URL"]).path[1:]
    with psycopg.connect(postgres.url, autocommit=True) as conn:
        conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    done = run({"VICHE_POSTGRES_URL": postgres.url, **urls}, "prepare", "postgres")
    assert done.returncode == 1
    assert f"ALTER DATABASE {name} OWNER TO {name}" in done.stderr


def test_services_that_would_share_are_refused(urls: dict[str, str]) -> None:
    shared = {**urls, "VICHE_SOCIAL_DATABASE_URL": urls["VICHE_SURVEYS_DATABASE_URL"]}
    for environment, said in (
        (shared, "surveys and social share the database"),
        ({**urls, "VICHE_SOCIAL_DATABASE_URL": ""}, "VICHE_SOCIAL_DATABASE_URL not set"),
        ({**urls, "VICHE_SOCIAL_DATABASE_URL": "postgresql://host/x"}, "lacks user or password"),
    ):
        done = run({"VICHE_POSTGRES_URL": "postgresql://nobody", **environment}, "prepare", "postgres")
        assert (done.returncode, said in done.stderr) == (1, True), done.stderr
        assert done.stderr.count("\n") == 1


def test_a_server_that_comes_up_late_is_waited_for(engine_folder: Path, urls: dict[str, str]) -> None:
    with postgres_server(engine_folder / "late") as server:
        server.stop()
        moved = {name: store.url_for(server.url, *named(url)) for name, url in urls.items()}
        environment = {"VICHE_POSTGRES_URL": server.url, **moved}
        assert "start it" in run(environment, "prepare", "postgres").stderr
        with ThreadPoolExecutor() as pool:
            with socket.create_server((ports.LOOPBACK, server.port)) as door:
                door.settimeout(60)
                waiting = pool.submit(run, environment, "prepare", "postgres", "--wait", "3m")
                door.accept()[0].close()  # it has asked once, and nobody was there
            server.launch()  # it ends with the thread that launched it
            done = waiting.result()
    assert done.returncode == 0, done.stderr
    assert "waiting for PostgreSQL" in done.stderr


def named(url: str) -> tuple[str, str, str]:
    given = psycopg.conninfo.conninfo_to_dict(url)
    return str(given["dbname"]), str(given["user"]), str(given["password"])


def test_the_bucket_is_made(s3: S3Server) -> None:
    url = s3.url("prepared")
    for _ in range(2):
        assert run({"VICHE_S3_URL": url}, "prepare", "objects").returncode == 0
    assert list(S3Store(parse_s3_url(url)).list()) == []


def test_an_unreachable_bucket_is_one_sentence() -> None:
    url = f"s3+http://key:secret@127.0.0.1:{ports.free_port()}/files"
    done = run({"VICHE_S3_URL": url}, "prepare", "objects")
    assert done.returncode == 1
    assert done.stderr.startswith("viche: The S3 server does not let viche in")
    assert done.stderr.count("\n") == 1


def test_all_databases_are_migrated_phase_by_phase(database: Callable[..., str]) -> None:
    environment = {database_variable(service): database(service) for service in SERVICES}
    assert run(environment, "migrate", "--check").returncode == 3
    for phase in ("pre", "post"):
        done = run(environment, "migrate", "--phase", phase, "--wait", "5s")
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("\n") == len(SERVICES)
        assert run(environment, "migrate", "--phase", phase, "--check").returncode == 0
    assert run(environment, "migrate", "--check").stdout.count("up to date") == len(SERVICES)


def test_a_missing_database_of_several_is_named(database: Callable[..., str]) -> None:
    done = run({"VICHE_IDENTITY_DATABASE_URL": database()}, "migrate")
    assert done.returncode == 1
    assert "VICHE_PETITIONS_DATABASE_URL" in done.stderr


def test_checking_changes_nothing(database: Callable[..., str]) -> None:
    url = database("identity")
    done = run({"VICHE_DATABASE_URL": url}, "migrate", "--service", "identity", "--check", "--json")
    assert done.returncode == 3
    assert "viche_identity/0001_pre_identity.sql" in done.stdout
    with psycopg.connect(url) as conn:
        assert conn.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace").fetchone() == (
            0,
        )
