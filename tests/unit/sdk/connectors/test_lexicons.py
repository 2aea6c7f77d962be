"""Lexicons tell what a fake of the AT Protocol must not say, and what a connector must not ask."""

import json
from pathlib import Path
from typing import Any

import pytest

from viche_sdk.connectors.kit.lexicons import Lexicons
from viche_sdk.connectors.kit.messages import Request, reply

DID = "did:plc:abcdefghijklmnopqrstuvwx"
POST = {"$type": "app.bsky.feed.post", "text": "Міст відкрито", "createdAt": "2026-03-02T09:30:00Z", "langs": ["uk"]}
CREATED = {
    "uri": f"at://{DID}/app.bsky.feed.post/3k2a",
    "cid": "bafyreib2rxk3rybk3aobmv5cjuql3bm2twh4jo5uxgf5kpqcsgz7soitae",
}
IMAGE = {"$type": "blob", "ref": {"$link": "bafkrei"}, "mimeType": "image/png", "size": 100}


def faults(folder: Path, method: str, id_: str, body: Any = None, answer: Any = None, query: str = "") -> list[str]:
    """What the lexicons have against a request and its answer."""
    lexicons = Lexicons.of(folder / "api_schemas/atproto")
    assert lexicons is not None
    raw = b"" if body is None else json.dumps(body).encode()
    headers = {} if body is None else {"content-type": "application/json"}
    request = Request(method, "pds.example", f"/xrpc/{id_}{query}", headers, raw)
    return list(lexicons.faults(request, reply(answer if answer is not None else {})))


def creating(folder: Path, **changed: Any) -> list[str]:
    """What they have against a post, with some of it changed."""
    record = {name: value for name, value in {**POST, **changed}.items() if value is not None}
    body = {"repo": DID, "collection": "app.bsky.feed.post", "record": record}
    return faults(folder, "POST", "com.atproto.repo.createRecord", body, CREATED)


def test_a_good_post_has_no_faults(shared_data: Path) -> None:
    images = {"$type": "app.bsky.embed.images", "images": [{"image": IMAGE, "alt": "Міст"}]}

    assert creating(shared_data) == []
    assert creating(shared_data, embed=images) == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"text": "ї" * 301}, "maxGraphemes is 300"),
        ({"text": None}, "/text: it is missing"),
        ({"text": 5}, "5 is no string"),
        ({"createdAt": "2026-03-02 09:30"}, "is no datetime"),
        ({"langs": ["uk", "en", "bg", "ru"]}, "maxLength is 3"),
        ({"langs": ["українська"]}, "is no language"),
        ({"$type": None}, "no $type"),
        ({"reply": {"root": {"uri": "x", "cid": CREATED["cid"]}}}, "/parent: it is missing"),
        ({"embed": {"images": []}}, "names its $type"),
        ({"embed": {"$type": "app.bsky.embed.images", "images": [{"image": IMAGE}]}}, "/alt: it is missing"),
        (
            {
                "embed": {
                    "$type": "app.bsky.embed.images",
                    "images": [{"image": {**IMAGE, "mimeType": "a/b"}, "alt": ""}],
                }
            },
            "a/b is none of",
        ),
        ({"facets": [{"index": {"byteStart": -1, "byteEnd": 3}, "features": []}]}, "minimum is 0"),
    ],
)
def test_a_bad_post_is_told(changed: dict[str, Any], says: str, shared_data: Path) -> None:
    assert any(says in fault for fault in creating(shared_data, **changed))


@pytest.mark.parametrize(
    ("method", "id_", "query", "answer", "says"),
    [
        ("POST", "app.bsky.feed.getPosts", "?uris=at://x.example/app.bsky.feed.post/1", {"posts": []}, "goes by GET"),
        ("GET", "app.bsky.feed.getPosts", "", {"posts": []}, "/uris: it is missing"),
        ("GET", "app.bsky.feed.getPosts", "?uris=zzz", {"posts": []}, "is no at-uri"),
        ("GET", "app.bsky.feed.getPosts", "?uris=at://x.example&a=1", {"posts": []}, "parameter a is not known"),
        ("GET", "app.bsky.feed.getPosts", "?uris=at://x.example", {}, "answer: /posts: it is missing"),
        ("GET", "app.bsky.notification.listNotifications", "?limit=500", {"notifications": []}, "maximum is 100"),
    ],
)
def test_a_bad_question_or_answer_is_told(
    method: str, id_: str, query: str, answer: Any, says: str, shared_data: Path
) -> None:
    assert any(says in fault for fault in faults(shared_data, method, id_, None, answer, query))


def test_a_folder_that_is_not_there_has_no_lexicons(tmp_path: Path) -> None:
    assert Lexicons.of(tmp_path / "none") is None
