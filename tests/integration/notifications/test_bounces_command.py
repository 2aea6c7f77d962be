"""`viche bounces` as a mail server runs it, against the process that sent the mail."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.notifications.test_process import environment, process
from tests.integration.notifications.world import BOUNCES, World
from viche_chassis.testing import make_key_pair
from viche_cli.infra.nats import NatsServer

ANN = "ann@city.example"
SAMPLES = Path(__file__).parents[2] / "unit" / "notifications" / "returned"


@dataclass(frozen=True, slots=True)
class Command:
    """The command line over an instance that answers at ``address``."""

    address: str
    key: Path

    async def run(self, *arguments: str, stdin: bytes = b"") -> tuple[int, str]:
        """Exit code and all that it said."""
        nowhere = (f"VICHE_{name}_ADDRESS" for name in ("IDENTITY", "PETITIONS", "SURVEYS", "SOCIAL"))
        addresses = dict.fromkeys(nowhere, "127.0.0.1:1")
        variables = {**addresses, "VICHE_NOTIFICATIONS_ADDRESS": self.address, "VICHE_SERVICE_KEY": str(self.key)}
        started = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "viche_cli.main", "bounces", *arguments, env={**os.environ, **variables},
            stdin=PIPE, stdout=PIPE, stderr=PIPE,
        )  # fmt: skip
        said, complained = await started.communicate(stdin)
        assert started.returncode is not None
        return started.returncode, (said + complained).decode()


@pytest.fixture
async def command(world: World, nats: NatsServer) -> AsyncIterator[Command]:
    """With the process running."""
    make_key_pair(world.keys / "keys", "cli", world.keys / "public")
    variables = {**environment(world, nats), "VICHE_MAIL_BOUNCES": BOUNCES}
    async with process(variables):
        yield Command(variables["VICHE_LISTEN"], world.keys / "keys" / "cli.pem")


async def returned(world: World, name: str) -> bytes:
    """A sample about a mail that the process has sent."""
    message_id = await world.queue(email=ANN)
    await world.ends(message_id, "sent", seconds=60)
    token = world.office.senders[-1].partition("+")[2].partition("@")[0]
    return (SAMPLES / f"{name}.eml").read_bytes().replace(b"TOKEN", token.encode())


async def test_a_mail_that_comes_back_keeps_the_next_one_from_going_out(world: World, command: Command) -> None:
    raw = await returned(world, "postfix_unknown_user")
    assert await command.run(stdin=raw) == (0, "counted: no such mailbox\n")
    assert await command.run(stdin=raw) == (0, "known: no such mailbox\n")
    await world.ends(await world.queue(email=ANN), "suppressed", seconds=60)
    code, said = await command.run("--list")
    assert code == 0
    assert said == "no such mailbox: 1\nAddresses that get no more mail than they ask for: 1\n"
    assert ANN.partition("@")[2] not in said


async def test_what_teaches_nothing_is_let_go_and_what_is_damaged_is_refused(world: World, command: Command) -> None:
    assert await command.run(stdin=await returned(world, "holiday")) == (0, "let go: an automatic answer\n")
    forged = (SAMPLES / "postfix_unknown_user.eml").read_bytes().replace(b"TOKEN", b"a" * 42)
    assert await command.run(stdin=forged) == (0, "not about a mail of ours\n")
    code, said = await command.run(stdin=b"\x00\xff")
    assert (code, said.startswith("damaged")) == (65, True)
    huge = await returned(world, "exim") + b"x\n" * 3_000_000
    assert await command.run(stdin=huge) == (0, "counted: no such mailbox\n")


async def test_a_maildir_is_worked_off_and_kept(world: World, command: Command, tmp_path: Path) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mail" / name).mkdir(parents=True)
    mails = {"1.a": await returned(world, "gmail_full"), "2.b": await returned(world, "holiday"), "3.c": b"\x00"}
    for name, raw in mails.items():
        (tmp_path / "mail" / "new" / name).write_bytes(raw)
    code, said = await command.run("--maildir", str(tmp_path / "mail"))
    assert code == 0
    assert sorted(said.splitlines()) == [
        "1 × counted: refused for good", "1 × damaged: there are no headers", "1 × let go: an automatic answer",
    ]  # fmt: skip
    assert list((tmp_path / "mail" / "new").iterdir()) == []
    kept = {path.name: path.read_bytes() for path in (tmp_path / "mail" / "cur").iterdir()}
    assert kept == {"1.a:2,S": mails["1.a"], "2.b:2,S": mails["2.b"], "3.c:2,FS": mails["3.c"]}


async def test_while_nothing_answers_the_mail_server_is_asked_to_come_again(world: World, tmp_path: Path) -> None:
    key = make_key_pair(world.keys / "keys", "cli", world.keys / "public")
    assert key
    command = Command("127.0.0.1:1", world.keys / "keys" / "cli.pem")
    token = world.returns.token(await world.queue(email=ANN))
    raw = (SAMPLES / "exim.eml").read_bytes().replace(b"TOKEN", token.encode())
    code, said = await command.run(stdin=raw)
    assert (code, said) == (75, "not taken: the service does not answer\n")
    (tmp_path / "new").mkdir()
    (tmp_path / "cur").mkdir()
    (tmp_path / "new" / "1.a").write_bytes(raw)
    assert (await command.run("--maildir", str(tmp_path)))[0] == 75
    assert (tmp_path / "new" / "1.a").read_bytes() == raw
