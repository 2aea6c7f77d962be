"""`viche prepare nats` prints what a server of one's own takes, and the users get in with it."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path

import pytest
from click.testing import CliRunner

from viche_chassis import bus
from viche_cli.check.findings import Level
from viche_cli.check.nats import check_user
from viche_cli.faults import Fault
from viche_cli.infra import ports, process
from viche_cli.infra.nats import NatsServer, server_binary
from viche_cli.main import viche
from viche_cli.preparing.given import nats_variable
from viche_cli.services import SERVICES


def urls(port: int) -> dict[str, str]:
    return {
        nats_variable(name): f"nats://region_{name}:secret%2F{name}@127.0.0.1:{port},nats://127.0.0.1:{port}"
        for name in SERVICES
    }


@pytest.mark.parametrize("account", ["VICHE", ""])
async def test_users_of_a_server_of_ones_own_get_in(tmp_path: Path, account: str) -> None:
    port = ports.free_port()
    printed = CliRunner().invoke(viche, ["prepare", "nats", "--account", account], env=urls(port))
    assert printed.exit_code == 0, printed.output
    assert "secret/" not in printed.stdout
    (tmp_path / "viche-users.conf").write_text(printed.stdout)
    config = tmp_path / "nats.conf"
    config.write_text(
        f'listen: "127.0.0.1:{port}"\njetstream {{ store_dir: "{tmp_path}" }}\ninclude "viche-users.conf"\n'
    )
    server = process.spawn([server_binary(), "--config", config], log=tmp_path / "nats.log")
    try:
        assert process.wait_until(lambda: ports.answers(port), 60), (tmp_path / "nats.log").read_text()
        for name in SERVICES:
            async with bus.connect(urls(port)[nats_variable(name)], name) as client:
                async with asyncio.timeout(60):
                    while not client.is_connected:
                        await asyncio.sleep(0.05)
                await bus.ensure_stream(client, name)
        assert (
            await asyncio.to_thread(check_user, "social", f"nats://region_social:wrong@127.0.0.1:{port}")
        ).level == Level.FAIL
    finally:
        process.stop(server)
    assert "Plaintext passwords" not in (tmp_path / "nats.log").read_text()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"VICHE_SOCIAL_NATS_URL": ""}, "VICHE_SOCIAL_NATS_URL not set"),
        ({"VICHE_SOCIAL_NATS_URL": "nats://region_identity:x@host"}, "share the user region_identity"),
        ({"VICHE_SOCIAL_NATS_URL": "nats://host"}, "lacks user or password"),
        ({"VICHE_SOCIAL_NATS_URL": f"nats://social:{'x' * 73}@host"}, "longer than 72 bytes"),
    ],
)
def test_what_is_wrong_is_one_sentence(change: dict[str, str], said: str) -> None:
    done = CliRunner().invoke(viche, ["prepare", "nats"], env={**urls(1), **change})
    assert isinstance(done.exception, Fault)
    assert said in str(done.exception)


async def test_a_check_tells_whether_a_user_gets_in(nats: NatsServer) -> None:
    url = nats.service_urls["surveys"]
    async with bus.connect(url, "surveys") as client:
        await bus.ensure_stream(client, "surveys")
    for given, level in (
        (url, Level.OK),
        (nats.service_urls["identity"], Level.FAIL),  # it may not see this stream
        (url.replace("surveys:", "surveys:wrong"), Level.FAIL),
    ):
        assert (await asyncio.to_thread(check_user, "surveys", given)).level == level
    gc.collect()
