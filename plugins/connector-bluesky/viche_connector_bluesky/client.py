"""One call's way to the server of the account, which passes on what the view of Bluesky's apps answers."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from viche_connector_bluesky.refusals import ENDED, code_of, refusal
from viche_connector_bluesky.sessions import Session, new_session, session_of
from viche_sdk.connectors.types import Answer, Context, NotFound

PUT = "com.atproto.repo.putRecord"
POSTS_AT_ONCE = 25


class Client:
    """The calls of XRPC for one account."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx

    async def session(self) -> Session:
        """Whose calls these are."""
        return (await session_of(self.ctx))[0]

    async def query(self, name: str, **params: str | Sequence[str]) -> Answer:
        """Asks for something; a sequence is a parameter that is repeated."""
        return await self._call("GET", f"{name}?{urlencode(params, doseq=True)}")

    async def procedure(self, name: str, body: Mapping[str, Any], part: str = "text") -> Answer:
        """Changes something."""
        return await self._call("POST", name, part, json=body)

    async def upload(self, content: bytes, type_: str) -> Mapping[str, Any]:
        """Sends a file; gives what records name it by. One that no record names is thrown away."""
        answer = await self._call(
            "POST", "com.atproto.repo.uploadBlob", "media", content=content, headers={"Content-Type": type_}
        )
        with answer.understood():
            blob = answer.object()["blob"]
            _ = blob["ref"]
        return blob

    async def record(self, collection: str, rkey: str) -> Mapping[str, Any] | None:
        """An own record with its `uri`, `cid` and `value`; None where there is none."""
        did = await self._did()
        try:
            answer = await self.query("com.atproto.repo.getRecord", repo=did, collection=collection, rkey=rkey)
        except NotFound:
            return None
        with answer.understood():
            found = answer.object()
            _ = found["uri"], found["cid"], found["value"]["$type"]
        return found

    async def put(self, collection: str, rkey: str, record: Mapping[str, Any], over: str | None, part: str) -> Answer:
        """Puts an own record in the place of another (`over` is its cid), or where there was none.

        Gives the answer even where something else stands there than was said (InvalidSwap).
        """
        place = {"repo": await self._did(), "collection": collection, "rkey": rkey}
        body = {**place, "record": {"$type": collection, **record}, "swapRecord": over}
        return await self._call("POST", PUT, part, but="InvalidSwap", json=body)

    async def posts(self, uris: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """Posts of anybody as apps show them, by their uri; those that are gone are not there."""
        found: dict[str, Mapping[str, Any]] = {}
        for begin in range(0, len(uris), POSTS_AT_ONCE):
            answer = await self.query("app.bsky.feed.getPosts", uris=uris[begin : begin + POSTS_AT_ONCE])
            with answer.understood():
                found |= {post["uri"]: post for post in answer.object()["posts"]}
        return found

    async def _did(self) -> str:
        return self.ctx.account.id or (await self.session()).did

    async def _call(self, method: str, name: str, part: str = "text", *, but: str = "", **body: Any) -> Answer:
        """One request, with a new session where the kept one has ended before its time.

        Raises:
            ConnectorError: the server refuses, but for the error `but`, or nobody knows.
        """
        session, was_kept = await session_of(self.ctx)
        answer = await self._request(method, name, session, body)
        if was_kept and answer.status in (400, 401) and code_of(answer)[0] in ENDED:
            answer = await self._request(method, name, await new_session(self.ctx), body)
        if answer.is_good or (but and code_of(answer)[0] == but):
            return answer
        raise refusal(self.ctx, answer, part)

    async def _request(self, method: str, name: str, session: Session, body: Mapping[str, Any]) -> Answer:
        headers = {**body.get("headers", {}), "Authorization": f"Bearer {session.token}"}
        url = f"{self.ctx.value('server').rstrip('/')}/xrpc/{name}"
        return await self.ctx.http.request(method, url, **{**body, "headers": headers})
