"""The engines start, keep what they were given, and stop."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.suite import runs
from viche_cli.faults import Fault
from viche_cli.infra import process
from viche_cli.infra.nats import NatsServer, nats_server
from viche_cli.infra.postgres import PostgresServer, postgres_server


def test_database_is_utf8_with_c_locale_and_fsync(database: Callable[..., str]) -> None:
    with psycopg.connect(database("engines")) as connection:
        row = connection.execute(
            "SELECT current_setting('server_encoding'), current_setting('fsync'), current_setting('jit'), "
            "current_setting('listen_addresses'), datcollate FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    assert row == ("UTF8", "on", "off", "127.0.0.1", "C.UTF-8")


def test_connection_without_password_is_refused(postgres: PostgresServer) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"host=127.0.0.1 port={postgres.port} user=postgres dbname=postgres")


def test_role_of_one_service_cannot_enter_another_database(database: Callable[..., str]) -> None:
    first, second = database("first"), database("second")
    other = second.rpartition("/")[2]
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(first.rpartition("/")[0] + "/" + other)


def test_killed_server_keeps_rows_and_port(engine_folder: Path) -> None:
    with postgres_server(engine_folder / "killed") as server:
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS value")
        assert server.process is not None
        workers = psutil.Process(server.process.pid).children(recursive=True)
        os.killpg(server.process.pid, signal.SIGKILL)
        server.process.wait()
        # they have sessions of their own and outlive it for a moment, and no server starts while one of them is left
        assert process.wait_until(lambda: not any(map(runs, workers)), 60)
        server.launch()
        server.wait_ready()
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT value FROM kept").fetchone() == (1,)


def test_folder_of_another_major_version_is_refused(engine_folder: Path) -> None:
    folder = engine_folder / "old"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("16\n")
    with pytest.raises(Fault, match=r"PostgreSQL 16 .* brings 18.*--home"), postgres_server(folder):
        pass


def test_damaged_folder_is_refused_with_the_servers_reason(engine_folder: Path) -> None:
    folder = engine_folder / "damaged"
    with postgres_server(folder):
        pass
    (folder / "global" / "pg_control").unlink()
    with pytest.raises(Fault, match=r"pg_control.*backup"), postgres_server(folder):
        pass


def test_folder_with_other_files_is_refused(engine_folder: Path) -> None:
    folder = engine_folder / "other"
    folder.mkdir()
    (folder / "letter.txt").write_text("not ours")
    with pytest.raises(Fault, match="no PostgreSQL data folder"), postgres_server(folder):
        pass
    assert (folder / "letter.txt").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hand the server to another account")
def test_closed_home_is_refused_with_the_way_out(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(Fault, match=r"cannot enter .*chmod o\+x"), postgres_server(closed / "postgres"):
        pass


async def test_jetstream_keeps_messages_over_a_kill(engine_folder: Path) -> None:
    import nats

    with nats_server(engine_folder / "nats-killed") as server:
        client = await nats.connect(server.url)
        jetstream = client.jetstream(timeout=60)
        await jetstream.add_stream(name="kept", subjects=["kept.>"])
        await jetstream.publish("kept.one", b"1")
        await client.close()
        assert server.process is not None
        server.process.kill()
        server.process.wait()
        server.launch()
        server.wait_ready()
        client = await nats.connect(server.url)
        assert (await client.jetstream(timeout=60).stream_info("kept")).state.messages == 1
        await client.close()


def test_nats_syncs_every_message(nats: NatsServer) -> None:
    config = nats.folder / "nats.conf"
    assert "sync_interval: always" in config.read_text()
    assert config.stat().st_mode & 0o777 == 0o600


def test_engines_end_with_a_killed_starter(engine_folder: Path) -> None:
    folder = engine_folder / "orphan"
    starter = os.fork()
    if starter == 0:
        with postgres_server(folder), nats_server(engine_folder / "orphan-nats"):
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(starter, 0)
    deadline = time.monotonic() + 60
    while (folder / "postmaster.pid").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not (folder / "postmaster.pid").exists()
