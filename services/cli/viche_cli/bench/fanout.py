"""How long many posts take to go out to several platforms, against what the declared rates allow."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import psycopg
from google.protobuf.timestamp_pb2 import Timestamp
from viche.social.v1 import posts_pb2 as posts

from viche_cli.bench import own, plugin, slow_platforms
from viche_cli.bench.desk import Desk, new, open_desk
from viche_cli.bench.results import say
from viche_cli.bench.slow_platforms import ANSWER_S, HANGING, NAMES, PER_S, Platforms
from viche_cli.commands.shared import calling
from viche_cli.demo.calls import Stubs, call, stubs_of
from viche_cli.faults import Fault
from viche_cli.home import Home

PLUGIN = "connector-slow"
POSTS = 1_000
OUT_WITHIN_S = 300.0
LATER_S = 86_400
SETTINGS = {"VICHE_CONNECTOR_WAYS": f"{PLUGIN}=inside", "VICHE_CONNECTOR_NETWORKS": "127.0.0.0/8"}
# who writes them is not what is measured
_DUE = "UPDATE posts SET publish_at = clock_timestamp() WHERE state = 'scheduled'"
_LEFT = "SELECT count(*) FROM deliveries WHERE connector = ANY(%s) AND state <> 'published'"
_STARTED = "SELECT count(*) FROM posts WHERE state = 'scheduled'"


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds from the moment when all posts are due until the last one is there."""

    alone_s: float
    beside_hanging_s: float

    @property
    def ideal_s(self) -> float:
        """What the rates of the platforms allow, all of them side by side."""
        return POSTS / PER_S + ANSWER_S


def measure(home: Home) -> Cost:
    """Both runs, over an instance of their own. Raises Fault when a post is missing or is there twice."""
    folder = home.path.parent / "plugin"
    plugin.install(folder, PLUGIN, slow_platforms)
    with (
        slow_platforms.serving() as platforms,
        own.running(home, SETTINGS | {"PYTHONPATH": str(folder)}) as running,
        ExitStack() as stack,
        calling("The posts could not be written"),
    ):
        stubs = stubs_of(running.instance, stack)
        desk = open_desk(stubs)
        accounts = {name: desk.connect(stubs, name, address=platforms.address(name)) for name in (*NAMES, HANGING)}
        database = running.instance.details["databases"]["social"]
        alone_s = _round(stubs, desk, {name: accounts[name] for name in NAMES}, platforms, database)
        beside_s = _round(stubs, desk, accounts, platforms, database)
        return Cost(alone_s, beside_s)


def _round(stubs: Stubs, desk: Desk, accounts: Mapping[str, str], platforms: Platforms, database: str) -> float:
    """Writes the posts, lets them go, and waits until they are where they are answered."""
    say(f"Writing {POSTS:,} posts for {len(accounts)} platforms ...")
    platforms.got.clear()
    for number in range(POSTS):
        _write(stubs, desk, number, list(accounts.values()))
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE posts, deliveries")
        began_s = time.perf_counter()
        connection.execute(_DUE)
        while count(connection, _STARTED) or count(connection, _LEFT, list(NAMES)):
            if time.perf_counter() - began_s > OUT_WITHIN_S:
                left = count(connection, _LEFT, list(NAMES))
                raise Fault(f"{left} posts were not out after {OUT_WITHIN_S:.0f} s.")
            time.sleep(0.1)
        took_s = time.perf_counter() - began_s
    for name in NAMES:
        got = platforms.got.get(name, {})
        if len(got) != POSTS or set(got.values()) != {1}:
            raise Fault(f"{name} got {sum(got.values())} calls for {len(got)} of {POSTS} posts.")
    return took_s


def _write(stubs: Stubs, desk: Desk, number: int, channel_ids: Sequence[str]) -> None:
    later = Timestamp()
    later.FromSeconds(int(time.time()) + LATER_S)
    content = posts.PostContent(
        kind=posts.POST_KIND_MOMENTS, title={"en": f"Square {number}"},
        text={"en": f"The square is closed on day {number}. Walk through the park."}, publish_at=later,
        variants=[posts.Variant(channel_id=id) for id in channel_ids],
    )  # fmt: skip
    request = posts.CreatePostRequest(request_id=new(), authority_id=desk.authority_id, content=content)
    post = call(stubs.posts.CreatePost, request, desk.writer).post
    submit = posts.SubmitPostRequest(request_id=new(), post_id=post.id, version=post.version)
    call(stubs.posts.SubmitPost, submit, desk.writer)
    approve = posts.ApprovePostRequest(request_id=new(), post_id=post.id, version=post.version)
    call(stubs.posts.ApprovePost, approve, desk.second)


def count(connection: psycopg.Connection[Any], statement: Any, *values: object) -> int:
    row = connection.execute(statement, values).fetchone()
    assert row is not None  # a count has one row
    return row[0]
