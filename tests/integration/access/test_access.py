"""Every RPC lets in and refuses whom the matrix says, through the real interceptors and servicers."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import grpc
import pytest
import pytest_asyncio
from google.protobuf.descriptor import MethodDescriptor

from tests.integration.access.asking import request
from tests.integration.access.doors import Door, doors
from tests.integration.access.subjects import subjects
from tools.access import ALLOWED, AREAS, AUTHORS_ALONE, EVERYBODY, area_of, expected, methods, rpc_path
from viche_cli.infra import store
from viche_cli.infra.postgres import PostgresServer

BROKEN = (grpc.StatusCode.UNIMPLEMENTED, grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN)
HIDDEN = set(AUTHORS_ALONE.values())


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Mapping[str, Door]]:
    """All services, each over a database of its own."""
    names = {area: f"access_{area}_{secrets.token_hex(4)}" for area in AREAS}
    urls = {area: store.ensure_database(postgres.url, name, "secret") for area, name in names.items()}
    folder: Path = tmp_path_factory.mktemp("access")
    async with doors(urls, folder) as made:
        yield made
    for name in names.values():
        store.drop_database(postgres.url, name)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("method", [pytest.param(each, id=rpc_path(each)) for each in methods()])
async def test_rpc_lets_in_whom_it_says(house: Mapping[str, Door], method: MethodDescriptor) -> None:
    door = house[area_of(method)]
    asked = request(method, await subjects(door, method.name))
    wrong: dict[str, tuple[str, str]] = {}
    for who in sorted(EVERYBODY, key=lambda each: expected(method, each) == ALLOWED):  # what lets in may change things
        answer, reason = await door.knock(method, asked, who), expected(method, who)
        is_shut_out = answer.is_refusal or (answer.reason in HIDDEN and method.name in AUTHORS_ALONE)
        is_right = answer.reason == reason if reason else not is_shut_out and answer.code not in BROKEN
        if not is_right:
            wrong[str(who)] = (reason or "let in", f"{answer.code.name} {answer.reason}")
    assert wrong == {}
