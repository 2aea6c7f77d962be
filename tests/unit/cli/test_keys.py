"""`viche keys`: all keys of an instance, as a folder or as Secrets; none is ever overwritten."""

from __future__ import annotations

import json
import shutil
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from viche_chassis.errors import TokenRefused
from viche_chassis.tokens import InTurn, ServiceIdentity, Verifier, load_signer, load_signers, read_service_keys
from viche_cli.faults import Fault
from viche_cli.keys import read_keys
from viche_cli.main import viche
from viche_cli.services import CALLERS, SERVICES


def run(*words: object) -> Result:
    done = CliRunner().invoke(viche, ["keys", *map(str, words)], catch_exceptions=True)
    if isinstance(done.exception, Fault):
        raise done.exception
    return done


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "keys"
    assert run("--folder", made).exit_code == 0
    return made


def content(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def secrets(*words: object) -> dict[str, dict[str, str]]:
    done = run("--kubernetes", *words)
    assert done.exit_code == 0, done.output
    return {each["metadata"]["name"]: each["stringData"] for each in yaml.safe_load_all(done.stdout)}


def test_a_folder_is_completed_and_nothing_in_it_is_replaced(folder: Path) -> None:
    (folder / "petitions.key").unlink()
    before = content(folder)
    assert "1 keys were made" in run("--folder", folder).output
    after = content(folder)
    assert {path: after[path] for path in before} == before
    assert {path.name for path in after.keys() - before.keys()} == {"petitions.key"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in after)


def test_a_public_key_of_somebody_else_is_refused_and_stays(folder: Path) -> None:
    strange = folder / "services" / "public" / "cli.pub"
    strange.write_bytes((strange.parent / "social.pub").read_bytes())
    before = content(folder)
    with pytest.raises(Fault, match=r"cli\.pub is not the public half"):
        run("--folder", folder)
    assert content(folder) == before


def test_secrets_hold_what_each_process_mounts(folder: Path) -> None:
    made = secrets("--from", folder, "--prefix", "region")
    assert set(made) == {f"region-keys-{name}" for name in CALLERS} | {"region-signing-keys", "region-public-keys"}
    for name in SERVICES:
        assert made[f"region-keys-{name}"].keys() == {"service.pem", "data.key"}
    assert made["region-keys-gateway"].keys() == {"service.pem", "secret.key"}
    assert made["region-keys-cli"].keys() == {"service.pem"}
    assert made["region-public-keys"].keys() == {f"{name}.pub" for name in CALLERS}
    kept = read_keys(folder)
    assert made["region-keys-social"]["data.key"] == kept["social.key"]
    assert made["region-keys-cli"]["service.pem"] == kept["services/cli.pem"]
    assert {f"signing/{name}": text for name, text in made["region-signing-keys"].items()}.items() <= kept.items()


def test_secrets_of_an_instance_that_moves_are_its_own(tmp_path: Path) -> None:
    run("--folder", tmp_path / "home" / "keys")
    kept = read_keys(tmp_path / "home" / "keys")
    assert secrets("--from", tmp_path / "home")["viche-keys-identity"]["data.key"] == kept["identity.key"]


def test_new_secrets_are_new_each_time_and_work(tmp_path: Path) -> None:
    first, second = secrets(), secrets()
    assert first["viche-keys-identity"]["data.key"] != second["viche-keys-identity"]["data.key"]
    for name, text in {**first["viche-public-keys"], **first["viche-keys-cli"]}.items():
        (tmp_path / name).write_text(text)
    caller = ServiceIdentity(load_signer(tmp_path / "service.pem", "cli"))
    claims = Verifier(read_service_keys(tmp_path)).verify(caller.token_for("identity"), audience="identity")
    assert claims["iss"] == "cli"


def test_keys_that_are_not_complete_do_not_become_secrets(folder: Path) -> None:
    (folder / "social.key").unlink()
    with pytest.raises(Fault, match=r"lacks social\.key: complete it"):
        run("--kubernetes", "--from", folder)


def test_the_namespace_is_said_where_it_is_asked_for() -> None:
    named = yaml.safe_load_all(run("--kubernetes", "--namespace", "region").stdout)
    assert {each["metadata"]["namespace"] for each in named} == {"region"}


def test_a_new_signing_key_signs_and_the_old_one_stays(folder: Path) -> None:
    (old,) = (folder / "signing").glob("*.pem")
    old.rename(old.with_name("20250101.pem"))
    said = run("rotate-signing", "--folder", folder).output
    assert "Remove 20250101 ten minutes after" in said
    assert "Start all of identity anew before" in said
    kids = [signer.kid for signer in load_signers(folder / "signing")]
    assert (len(kids), kids[0]) == (2, "20250101")
    assert kids[-1] in said
    # replicas that start one after another publish it before any of them signs with it
    assert datetime.strptime(kids[-1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC) > datetime.now(UTC) + timedelta(minutes=10)
    assert InTurn(load_signers(folder / "signing")).current().kid == "20250101"


def test_a_signing_key_that_would_not_sign_is_refused(folder: Path) -> None:
    (old,) = (folder / "signing").glob("*.pem")
    old.rename(old.with_name("main.pem"))
    with pytest.raises(Fault, match="--kid"):
        run("rotate-signing", "--folder", folder)
    with pytest.raises(Fault, match="never overwritten"):
        run("rotate-signing", "--folder", folder, "--kid", "main")


def test_the_patch_of_a_signing_key_holds_one_key() -> None:
    patch = yaml.safe_load(run("rotate-signing", "--kubernetes").stdout)["stringData"]
    assert len(patch) == 1


def taken(caller: ServiceIdentity, verifier: Verifier) -> bool:
    try:
        return bool(verifier.verify(caller.token_for("identity"), audience="identity"))
    except TokenRefused:
        return False


class Folder:
    """Keys of `social` in a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.private = path / "services" / "social.pem"
        self.public = path / "services" / "public"

    def rotate(self, *words: str) -> str:
        return run("rotate-service", "social", "--folder", self.path, *words).output


class Cluster:
    """Keys of `social` in Secrets, and as pods have them mounted; `replace` does what kubectl does."""

    def __init__(self, folder: Path) -> None:
        self.held = {name: {"metadata": {"name": name, "resourceVersion": "7"}, "data": {
            key: b64encode(text.encode()).decode() for key, text in entries.items()
        }} for name, entries in secrets("--from", folder).items()}  # fmt: skip
        self.private = folder / "mounted" / "own" / "service.pem"
        self.public = folder / "mounted" / "public"
        self.mount()

    def found(self) -> str:
        return json.dumps(
            {"kind": "List", "items": [self.held[f"viche-{each}"] for each in ("public-keys", "keys-social")]}
        )

    def mount(self) -> None:
        for folder, name in ((self.private.parent, "viche-keys-social"), (self.public, "viche-public-keys")):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            for key, value in self.held[name]["data"].items():
                (folder / key).write_bytes(b64decode(value))

    def rotate(self, *words: str) -> str:
        command = ["keys", "rotate-service", "social", "--kubernetes", *words]
        done = CliRunner().invoke(viche, command, input=self.found())
        if isinstance(done.exception, Fault):
            raise done.exception
        self.held |= {each["metadata"]["name"]: each for each in json.loads(done.stdout)["items"]}
        self.mount()
        return done.stderr


@pytest.mark.parametrize("place", [Folder, Cluster])
def test_a_services_key_is_replaced_without_a_gap(folder: Path, place: type[Folder | Cluster]) -> None:
    """At each step tokens of processes that read the keys before the step are taken, and the other way round."""
    keys = place(folder)

    def now() -> tuple[ServiceIdentity, Verifier]:
        return ServiceIdentity(load_signer(keys.private, "social")), Verifier(read_service_keys(keys.public))

    before = sorted(path.name for path in keys.private.parent.iterdir())
    seen = [now()]
    for words, said in (
        ((), "start all processes anew"),
        ((), "start social anew"),
        (("--finish",), "the new key alone"),
    ):
        assert said in keys.rotate(*words)
        seen.append(now())
    for (caller, verifier), (next_caller, next_verifier) in pairwise(seen):
        assert taken(caller, next_verifier)
        assert taken(next_caller, verifier)
    assert not taken(seen[0][0], seen[-1][1])
    assert sorted(path.name for path in keys.private.parent.iterdir()) == before


def test_secrets_keep_all_else_and_what_tells_that_they_were_changed_meanwhile(folder: Path) -> None:
    cluster = Cluster(folder)
    before = {name: dict(each["data"]) for name, each in cluster.held.items()}
    cluster.rotate()
    for name, each in cluster.held.items():
        assert each["metadata"]["resourceVersion"] == "7"
        rest = {key: value for key, value in each["data"].items() if key not in ("social.pub", "service.pem.new")}
        assert rest == {key: value for key, value in before[name].items() if key != "social.pub"}


@pytest.mark.parametrize("found", ["", "[]", '{"items": []}', '{"kind": "Secret", "data": {}}'])
def test_what_are_not_the_secrets_is_refused_with_the_way_to_get_them(found: str) -> None:
    done = CliRunner().invoke(viche, ["keys", "rotate-service", "cli", "--kubernetes", "--prefix", "town"], input=found)
    assert isinstance(done.exception, Fault)
    assert "kubectl get secret town-public-keys town-keys-cli -o json |" in str(done.exception)
    assert done.stdout == ""


@pytest.mark.parametrize("place", [Folder, Cluster])
def test_a_rotation_that_was_begun_is_finished_first(folder: Path, place: type[Folder | Cluster]) -> None:
    keys = place(folder)
    keys.rotate()
    with pytest.raises(Fault, match="not in use yet"):
        keys.rotate("--finish")
    keys.rotate()
    with pytest.raises(Fault, match="holds two keys already"):
        keys.rotate()


def test_a_step_that_came_half_through_is_gone_again(folder: Path) -> None:
    """kubectl replaces the second Secret where somebody has changed the first."""
    cluster = Cluster(folder)
    before = cluster.held["viche-public-keys"]
    cluster.rotate()
    cluster.held["viche-public-keys"] = before
    waits = cluster.held["viche-keys-social"]["data"]["service.pem.new"]
    assert "holds both keys" in cluster.rotate()
    assert cluster.held["viche-keys-social"]["data"]["service.pem.new"] == waits
    assert "is in its place" in cluster.rotate()


def test_a_folder_without_the_services_keys_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="name the folder of keys"):
        Folder(tmp_path).rotate()
