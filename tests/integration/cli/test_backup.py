"""A rehearsal: a backup is made while people sign, and another instance goes on from it."""

from __future__ import annotations

import io
import json
import re
import shutil
import signal
import subprocess
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import httpx
import psycopg
import pytest
import yaml
from psycopg import sql
from viche.identity.v1 import identity_pb2 as identity
from viche.identity.v1 import identity_pb2_grpc as identity_rpc
from viche.petitions.v1 import petitions_pb2 as petitions
from viche.petitions.v1 import petitions_pb2_grpc as petitions_rpc

from tests.integration.reliability.clients import ApiClient
from tests.integration.reliability.ledger import Answer, Outcome
from tests.integration.reliability.load import until_final
from tests.integration.reliability.region import OpenPetition, Person, region
from tests.s3 import S3Server
from tests.suite import Suite, viche
from viche_chassis.clients import person_metadata
from viche_chassis.objects import ObjectNotFound, parse_s3_url
from viche_chassis.objects_folder import FolderStore
from viche_chassis.objects_s3 import S3Store
from viche_cli import instance
from viche_cli.backup import erasures
from viche_cli.infra import process, store
from viche_cli.infra.postgres import postgres_server
from viche_cli.preparing.given import database_variable
from viche_cli.services import SERVICES

SETTINGS = {"VICHE_RATE_FACTOR": "100000", "VICHE_IDENTITY_ALLOW_DIRECT_SESSIONS": "true"}
PASSPHRASE = "five plain words are enough\n"
DRAFT = "Plant lime trees along the road"
BEFORE, MEANWHILE, AFTER = range(30), range(30, 330), range(330, 350)
# somebody who signed before the backup and is erased after it
ERASED = 7
PLAN = b"a plan of the dam"


@dataclass(slots=True)
class Rehearsal:
    """What was before, and the instance that goes on."""

    suite: Suite
    file: Path
    passphrase: Path
    petition: OpenPetition
    people: list[Person]
    sign_in_path: str
    confirm_token: str
    # people who had their answer when the backup began, and those who had it when the instance ended
    acknowledged_before: int
    acknowledged: int
    restored: Suite = field(init=False)


@pytest.fixture(scope="module")
def rehearsal(engine_folder: Path) -> Iterator[Rehearsal]:
    folder = engine_folder / "backup"
    folder.mkdir(mode=0o755)
    with ExitStack() as stack:
        suite = Suite(folder / "old", "--no-demo", environment=SETTINGS)
        suite.start()
        stack.callback(_end, suite)
        one = _live(suite, folder)
        suite.stop()
        one.restored = Suite(folder / "new", "--no-demo", environment=SETTINGS)
        done = one.restored.command("restore", str(one.file), "--passphrase-file", str(one.passphrase))
        assert done.returncode == 0, done.stderr
        one.restored.start()
        stack.callback(_end, one.restored)
        yield one


@pytest.fixture
def server_url(engine_folder: Path) -> Iterator[str]:
    """A database server that nobody else uses: the databases of instances have fixed names."""
    with postgres_server(engine_folder / f"postgres-{uuid.uuid4()}") as server:
        yield server.url


def _end(suite: Suite) -> None:
    if suite.process is not None and suite.process.poll() is None:
        suite.stop()


def _live(suite: Suite, folder: Path) -> Rehearsal:
    """People sign, before, while and after a backup is made."""
    FolderStore(suite.home.objects).put("petitions/1/plan.txt", io.BytesIO(PLAN), len(PLAN), "text/plain")
    with region(instance.connect(suite.home.path)) as where:
        people = where.people("citizen", AFTER.stop)
        petition = where.open_petition("Look after the dam above the village", people[0])
        _draft(suite, people[1])
        sign_in_path, confirm_token = _mails(suite, petition)
        acknowledged_before = _sign(suite, petition, people, BEFORE)
        file, passphrase = folder / "one.viche", folder / "passphrase"
        passphrase.write_text(PASSPHRASE)
        meanwhile: list[int] = []
        load = threading.Thread(target=lambda: meanwhile.append(_sign(suite, petition, people, MEANWHILE)))
        load.start()
        done = suite.command("backup", str(file), "--passphrase-file", str(passphrase), "--json")
        assert done.returncode == 0, done.stderr
        load.join()
        assert json.loads(done.stdout)["objects"] == 1
        after = _sign(suite, petition, people, AFTER)
    _erase(suite, people[ERASED])
    done = suite.command("erasures", str(folder / "erasures.jsonl"))
    assert done.returncode == 0, done.stderr
    total = acknowledged_before + meanwhile[0] + after
    return Rehearsal(suite, file, passphrase, petition, people, sign_in_path, confirm_token, acknowledged_before, total)


def _sign(suite: Suite, petition: OpenPetition, people: list[Person], whom: range) -> int:
    client = ApiClient(suite.url)
    answers = [_signed(client, petition, people[index]) for index in whom]
    client.close()
    return sum(answer.outcome is Outcome.ACKNOWLEDGED for answer in answers)


def _signed(client: ApiClient, petition: OpenPetition, person: Person) -> Answer:
    request_id = str(uuid.uuid4())
    return until_final(lambda: client.send(petition, person, request_id))


def _mails(suite: Suite, petition: OpenPetition) -> tuple[str, str]:
    """Links that are sent before the backup and opened after the restore."""
    body = {"email": "later@example.org", "language": "en"}
    httpx.post(f"{suite.url}/api/v1/sign-in-links", json=body, timeout=60, trust_env=False).raise_for_status()
    client, request_id = ApiClient(suite.url), str(uuid.uuid4())
    until_final(lambda: client.sign_by_email(petition, "mailbox@example.org", "Olena", request_id))
    client.close()
    sign_in = _link(suite, "later@example.org", "/sign-in/")
    return sign_in.removeprefix(suite.url), _link(suite, "mailbox@example.org", "/confirm").rsplit("/", 1)[-1]


def _link(suite: Suite, to: str, part: str) -> str:
    found: list[str] = []

    def arrived() -> bool:
        found[:] = [link for mail in suite.mails(to) for link in mail["links"] if part in link]
        return bool(found)

    assert process.wait_until(arrived, 60), suite.mails(to)
    return found[0]


def _sessions(suite: Suite) -> Any:
    return identity_rpc.SessionsServiceStub(instance.connect(suite.home.path).channel_as("gateway", "identity"))


def _erase(suite: Suite, person: Person) -> None:
    """Somebody asked a day ago."""
    session = _sessions(suite).GetSession(identity.GetSessionRequest(session_token=person.session_token))
    with psycopg.connect(suite.details()["databases"]["identity"]) as conn:
        conn.execute(
            "INSERT INTO erasure_requests (person_id, due_at, hides_name) VALUES (%(person)s, now(), true)",
            {"person": session.person.id},
        )
    with instance.connect(suite.home.path).channel("identity") as channel:
        assert process.wait_until(lambda: len(list(erasures.fetch(channel))) == 1, 90)


def _as(suite: Suite, person: Person) -> tuple[Any, tuple[tuple[str, str], ...]]:
    """A stub of petitions, and the metadata of calls as the person."""
    portal = instance.connect(suite.home.path)
    answer = _sessions(suite).GetSession(identity.GetSessionRequest(session_token=person.session_token))
    stub = petitions_rpc.PetitionsServiceStub(portal.channel_as("gateway", "petitions"))
    return stub, person_metadata(answer.access_token)


def _draft(suite: Suite, author: Person) -> None:
    stub, metadata = _as(suite, author)
    portal = instance.connect(suite.home.path)
    authorities = identity_rpc.AuthoritiesServiceStub(portal.channel("identity"))
    authority = authorities.ListAuthorities(identity.ListAuthoritiesRequest()).authorities[0]
    request = petitions.CreatePetitionRequest(
        request_id=str(uuid.uuid4()),
        title=DRAFT,
        background="There is no shade on the way to school.",
        language="en",
        authority_id=authority.id,
        workflow="petition-local",
        author_name="Citizen",
    )
    stub.CreatePetition(request, metadata=metadata)


def test_counts_equal_the_recount_and_hold_what_was_acknowledged_before(rehearsal: Rehearsal) -> None:
    done = rehearsal.restored.command("recount", "--petition", str(rehearsal.petition.number), "--json")
    assert done.returncode == 0, done.stderr
    (counted,) = json.loads(done.stdout)
    assert counted["counted"] == counted["published"] == counted["in_history"]
    assert rehearsal.acknowledged_before == len(BEFORE)
    # those who signed after the backup are not in it
    assert rehearsal.acknowledged_before <= counted["counted"] <= rehearsal.acknowledged - len(AFTER)


def test_who_signed_before_has_signed_and_others_sign_again(rehearsal: Rehearsal) -> None:
    client = ApiClient(rehearsal.restored.url)
    first = _signed(client, rehearsal.petition, rehearsal.people[BEFORE[0]])
    last = _signed(client, rehearsal.petition, rehearsal.people[AFTER[0]])
    client.close()
    assert first.reason == "ALREADY_SIGNED"
    assert last.outcome is Outcome.ACKNOWLEDGED


def test_people_sign_in_anew(rehearsal: Rehearsal) -> None:
    assert rehearsal.restored.sign_in("citizen0003@example.org")


def test_links_sent_before_still_work(rehearsal: Rehearsal) -> None:
    token = rehearsal.sign_in_path.rsplit("/", 1)[-1]
    with httpx.Client(base_url=rehearsal.restored.url, timeout=60, trust_env=False) as client:
        assert client.post("/api/v1/sessions", json={"token": token}).status_code == 201
    client = ApiClient(rehearsal.restored.url)
    assert until_final(lambda: client.confirm(rehearsal.confirm_token)).outcome is Outcome.ACKNOWLEDGED
    client.close()


def test_drafts_are_there_for_their_authors(rehearsal: Rehearsal) -> None:
    stub, metadata = _as(rehearsal.restored, rehearsal.people[1])
    mine = stub.ListMyPetitions(petitions.ListMyPetitionsRequest(), metadata=metadata).petitions
    assert [each.title for each in mine] == [DRAFT]


def test_who_was_erased_after_the_backup_stays_erased(rehearsal: Rehearsal) -> None:
    person = rehearsal.people[ERASED]
    assert not rehearsal.restored.home.erasures.exists()
    assert "Erasing again" in rehearsal.restored.said()
    stub = _sessions(rehearsal.restored)
    with pytest.raises(grpc.RpcError, match="SESSION_ENDED"):
        stub.GetSession(identity.GetSessionRequest(session_token=person.session_token))
    with psycopg.connect(rehearsal.restored.details()["databases"]["identity"]) as conn:
        assert conn.execute("SELECT count(*) FROM erasures").fetchone() == (1,)


def test_files_are_there(rehearsal: Rehearsal) -> None:
    with FolderStore(rehearsal.restored.home.objects).open("petitions/1/plan.txt") as opened:
        assert (b"".join(opened), opened.stored.content_type) == (PLAN, "text/plain")


def test_keys_are_closed_to_others(rehearsal: Rehearsal) -> None:
    files = [path for path in rehearsal.restored.home.keys.rglob("*") if path.is_file()]
    assert files
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_a_folder_in_use_is_not_overwritten(rehearsal: Rehearsal) -> None:
    words = ("restore", str(rehearsal.file), "--passphrase-file", str(rehearsal.passphrase))
    done = rehearsal.restored.command(*words, "--replace")
    assert done.returncode == 1
    assert "stop it first" in done.stderr
    refused = rehearsal.suite.command(*words)
    assert refused.returncode == 1
    assert "is not empty" in refused.stderr


def test_a_folder_that_was_half_restored_is_not_started(engine_folder: Path) -> None:
    half = Suite(engine_folder / "half-restored")
    half.home.make()
    half.home.unfinished_restore.touch()
    assert half.spawn().wait(120) == 1
    assert "did not come to its end" in half.said()


def test_a_folder_that_is_not_there_takes_no_backup(rehearsal: Rehearsal, tmp_path: Path) -> None:
    done = rehearsal.restored.command(
        "backup", str(tmp_path / "none" / "one.viche"), "--passphrase-file", str(rehearsal.passphrase)
    )
    assert done.returncode == 1
    assert "cannot be written (No such file or directory)" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_rehearsal_counts_and_leaves_nothing(rehearsal: Rehearsal) -> None:
    folder = rehearsal.file.parent
    before = sorted(folder.iterdir())
    words = viche("restore", rehearsal.file.name, "--passphrase-file", str(rehearsal.passphrase), "--rehearse")
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=240)  # a name as people write it
    assert done.returncode == 0, done.stderr
    assert "The backup is good" in done.stdout
    assert "people erased again at the start" in done.stdout
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("reached", ["home", "home/postgres", "home/postgres/postmaster.pid"])
def test_a_rehearsal_that_is_ended_leaves_nothing(rehearsal: Rehearsal, reached: str) -> None:
    folder = rehearsal.file.parent
    before = sorted(folder.iterdir())
    words = ("restore", str(rehearsal.file), "--passphrase-file", str(rehearsal.passphrase), "--rehearse")
    with subprocess.Popen(viche(*words), stdout=subprocess.DEVNULL) as running:
        assert process.wait_until(lambda: any(folder.glob(f".viche-rehearsal-*/{reached}")), 60)
        running.terminate()
        assert running.wait(60) == 128 + signal.SIGTERM
    assert sorted(folder.iterdir()) == before
    ours = str(folder / ".viche-rehearsal-").encode()
    assert process.wait_until(lambda: not any(ours in each for each in command_lines()), 30)


def test_what_a_killed_rehearsal_has_left_is_removed_by_the_next_one(rehearsal: Rehearsal, tmp_path: Path) -> None:
    folder = rehearsal.file.parent
    before = sorted(folder.iterdir())
    words = ("restore", str(rehearsal.file), "--passphrase-file", str(rehearsal.passphrase), "--rehearse")
    with subprocess.Popen(viche(*words), stdout=subprocess.DEVNULL) as running:
        assert process.wait_until(lambda: any(folder.glob(".viche-rehearsal-*/home")), 60)
        running.kill()
    assert sorted(folder.iterdir()) != before
    nobody = tmp_path / "erasures.jsonl"  # as a backup writes it where nobody was erased yet
    nobody.touch()
    done = rehearsal.suite.command(*words, "--erasures", str(nobody))
    assert done.returncode == 0, done.stderr
    assert "0  people erased again at the start" in done.stdout
    assert "1  rehearsals that were killed, and are removed now" in done.stdout
    assert sorted(folder.iterdir()) == before


def command_lines() -> Iterator[bytes]:
    """Of all processes of this machine."""
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(FileNotFoundError, ProcessLookupError):
            yield each.read_bytes()


def test_a_rehearsal_finds_keys_that_open_nothing(rehearsal: Rehearsal, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    shutil.copytree(rehearsal.suite.home.keys, keys)
    (keys / "identity.key").write_text("17" * 32)
    done = rehearsal.suite.command("restore", str(rehearsal.file), "--keys", str(keys), "--rehearse")
    assert done.returncode == 3
    assert re.search(r"([\d,]+)  addresses opened with the keys, \1 of them wrong", done.stdout)


def test_a_wrong_passphrase_touches_nothing(rehearsal: Rehearsal, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("another five plain words\n")
    elsewhere = Suite(tmp_path / "elsewhere")
    done = elsewhere.command("restore", str(rehearsal.file), "--passphrase-file", str(wrong))
    assert done.returncode == 1
    assert "does not open the keys" in done.stderr
    assert not elsewhere.home.path.exists()


def test_keys_are_left_out_only_when_somebody_says_so(rehearsal: Rehearsal, tmp_path: Path) -> None:
    done = rehearsal.restored.command("backup", str(tmp_path / "two.viche"))
    assert done.returncode == 1
    assert "--without-keys" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_stopped_instance_moves_to_a_server_and_a_bucket_of_its_own(
    rehearsal: Rehearsal, engine_folder: Path, s3: S3Server, monkeypatch: pytest.MonkeyPatch, server_url: str
) -> None:
    file = engine_folder / "backup" / "stopped.viche"
    done = rehearsal.suite.command("backup", str(file), "--without-keys")
    assert done.returncode == 0, done.stderr
    moved = Suite(engine_folder / "backup" / "moved")
    monkeypatch.setenv("VICHE_POSTGRES_URL", server_url)
    monkeypatch.setenv("VICHE_S3_URL", s3.url("restored"))
    words = ("restore", str(file), "--keys", str(rehearsal.suite.home.keys))
    done = moved.command(*words)
    assert done.returncode == 0, done.stderr
    bucket = S3Store(parse_s3_url(s3.url("restored")))
    assert bucket.stat("petitions/1/plan.txt").content_type == "text/plain"
    with pytest.raises(ObjectNotFound):
        bucket.stat("petitions/1/other.txt")
    again = moved.command(*words, "--replace")
    assert again.returncode == 0, again.stderr
    assert again.stdout.count("Moved aside") == 6  # the folder and five databases


def test_a_stopped_instance_moves_into_databases_that_are_there(
    rehearsal: Rehearsal, engine_folder: Path, s3: S3Server, monkeypatch: pytest.MonkeyPatch, server_url: str
) -> None:
    moved = Suite(engine_folder / "backup" / "moved-into")
    urls = {name: store.url_for(server_url, f"town_{name}", f"town_{name}", "pass word%") for name in SERVICES}
    for name, url in urls.items():
        monkeypatch.setenv(database_variable(name), url)
    words = ("restore", str(rehearsal.file), "--passphrase-file", str(rehearsal.passphrase))
    early = moved.command(*words)
    assert early.returncode == 1
    assert "viche prepare postgres" in early.stderr
    assert not moved.home.path.exists()

    monkeypatch.setenv("VICHE_S3_URL", s3.url("moved-into"))
    with monkeypatch.context() as administrator:
        administrator.setenv("VICHE_POSTGRES_URL", server_url)
        prepared = subprocess.run(viche("prepare", "all"), capture_output=True, text=True, check=False, timeout=200)
    assert prepared.returncode == 0, prepared.stderr
    done = moved.command(*words)
    assert done.returncode == 0, done.stderr
    assert f"viche erasures {moved.home.erasures} --again" in done.stdout
    assert counts(urls) == counts(rehearsal.restored.details()["databases"])
    assert S3Store(parse_s3_url(s3.url("moved-into"))).stat("petitions/1/plan.txt").content_type == "text/plain"

    again = moved.command(*words, "--replace")
    assert again.returncode == 1
    assert "has tables already" in again.stderr

    back = Suite(engine_folder / "backup" / "back")
    shutil.copytree(rehearsal.suite.home.keys, back.home.keys, ignore=shutil.ignore_patterns("*.password"))
    file = str(engine_folder / "backup" / "back.viche")
    made = back.command("backup", file, "--without-keys", "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["objects"] == 1
    for variable in (*map(database_variable, SERVICES), "VICHE_S3_URL"):
        monkeypatch.delenv(variable)
    machine = Suite(engine_folder / "backup" / "machine")
    done = machine.command("restore", file, "--keys", str(back.home.keys))
    assert done.returncode == 0, done.stderr
    assert machine.home.state() == {"demo": "none"}


def counts(urls: Mapping[str, str]) -> list[object]:
    """How many petitions, and whose."""
    found: list[object] = []
    for service, table in (("petitions", "petitions"), ("identity", "authorities")):
        with psycopg.connect(urls[service]) as conn:
            found += conn.execute(sql.SQL("SELECT id FROM {} ORDER BY id").format(sql.Identifier(table))).fetchall()
    return found


def test_keys_of_an_instance_that_moves_become_its_secrets(rehearsal: Rehearsal) -> None:
    made = subprocess.run(
        viche("keys", "--kubernetes", "--from", str(rehearsal.restored.home.path)),
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    secrets = {each["metadata"]["name"]: each["stringData"] for each in yaml.safe_load_all(made.stdout)}
    old = rehearsal.suite.home.keys
    for name in SERVICES:
        assert secrets[f"viche-keys-{name}"]["data.key"] == (old / f"{name}.key").read_text()
    assert {f"{path.name}" for path in (old / "signing").iterdir()} == secrets["viche-signing-keys"].keys()


def test_who_was_erased_is_erased_again_where_others_start_the_services(rehearsal: Rehearsal) -> None:
    kept = rehearsal.file.with_name("erasures.jsonl")
    argv = viche("erasures", "/dev/stdin", "--again", "--home", str(rehearsal.restored.home.path))
    with kept.open("rb") as stdin:
        done = subprocess.run(argv, stdin=stdin, capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "0 of 1 were back, and are erased again.\n"  # `viche up` has done it
