"""Social's double for the inbox. It knows three rules: an answer has at most 50 characters; what was answered or closed
does not wait; who works is called by the session's name. A hook is signed where its signature is "right".
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from viche.social.v1 import inbox_pb2 as pb
from viche.social.v1 import inbox_pb2_grpc as rpc

from viche_chassis.errors import Code, InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_gateway.testing.channel import access_token, refusal, stamp

MOST = 50
HOOK = "a-hook"
NOBODY_HERE = b"has left"
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


class FakeSocialInbox(rpc.InboxServiceServicer):
    """Conversations by id, ready answers by id, and what platforms sent; ``asked`` is the last list that was asked."""

    def __init__(self) -> None:
        self.known: dict[str, pb.GetThreadResponse] = {}
        self.ready: dict[str, pb.CannedReply] = {}
        self.targets: dict[str, timedelta] = {}
        self.seen: set[str] = set()
        self.forgotten: list[str] = []
        self.received: list[pb.ReceiveHookRequest] = []
        self.asked = pb.ListThreadsRequest()

    def add(self, authority_id: str, text: str = "When will the bridge be open?", **fields: Any) -> pb.Thread:
        """A conversation that one person began; ``fields`` are those of its message."""
        author = pb.InboxAuthor(name="Olena Koval", handle="olena@social.example", url="https://social.example/@olena")
        values = {
            "id": str(new_id()), "number": len(self.known) + 1, "channel_id": str(new_id()), "platform": "mastodon",
            "handle": "dibrova", "kind": pb.INBOX_KIND_COMMENT, "state": pb.THREAD_STATE_WAITING, "author": author,
            "excerpt": text, "items": 1, "last_at": stamp(AT), "waiting_since": stamp(AT),
            "due_at": stamp(AT + timedelta(days=1)), **fields,
        }  # fmt: skip
        item = pb.InboxItem(
            id=str(new_id()), kind=pb.INBOX_KIND_COMMENT, author=author, text=text, written_at=stamp(AT), can_hide=True
        )
        thread = pb.Thread(authority_id=authority_id, **values)
        self.known[thread.id] = pb.GetThreadResponse(
            thread=thread, items=[item], can_answer=True, most=MOST, most_unit="graphemes",
            events=[pb.ThreadEvent(what="came", at=stamp(AT))],
        )  # fmt: skip
        return thread

    async def ListThreads(self, request: Any, context: Any) -> Any:
        self.asked = request
        found = [
            each.thread for each in self.known.values()
            if (not request.authority_ids or each.thread.authority_id in request.authority_ids)
            and (not request.state or each.thread.state == request.state)
            and (not request.overdue or each.thread.is_overdue) and request.query in each.thread.excerpt
        ]  # fmt: skip
        waiting = [each for each in found if each.state == pb.THREAD_STATE_WAITING]
        overdue = sum(each.is_overdue for each in waiting)
        return pb.ListThreadsResponse(threads=found, waiting=len(waiting), overdue=overdue)

    async def GetThread(self, request: Any, context: Any) -> Any:
        return self._find(request.thread_id)

    async def ClaimThread(self, request: Any, context: Any) -> Any:
        found = self._note(request, "claimed")
        found.thread.assignee = access_token().encode()
        return pb.ClaimThreadResponse(thread=found.thread)

    async def ReleaseThread(self, request: Any, context: Any) -> Any:
        found = self._note(request, "released")
        found.thread.assignee = b""
        return pb.ReleaseThreadResponse(thread=found.thread)

    async def AssignThread(self, request: Any, context: Any) -> Any:
        if request.assignee == NOBODY_HERE:
            raise refusal(Code.INVALID_ARGUMENT, "NOT_A_COLLEAGUE")
        found = self._note(request, "assigned")
        found.thread.assignee = request.assignee
        return pb.AssignThreadResponse(thread=found.thread)

    async def NoteDraftFromThread(self, request: Any, context: Any) -> Any:
        return pb.NoteDraftFromThreadResponse(thread=self._note(request, "drafted").thread)

    async def AddThreadNote(self, request: Any, context: Any) -> Any:
        return pb.AddThreadNoteResponse(thread=self._note(request, "noted", request.text).thread)

    async def AnswerThread(self, request: Any, context: Any) -> Any:
        if len(request.text) > MOST:
            raise InvalidFields(invalid("text", "TOO_LONG", most=MOST))
        found = self._find(request.thread_id)
        if not found.can_answer:
            raise refusal(Code.FAILED_PRECONDITION, "CANNOT_ANSWER", why=found.cannot_because)
        if request.request_id not in self.seen:
            self._note(request, "answered")
            found.replies.add(
                id=str(new_id()), item_id=request.item_id, text=request.text, state=pb.REPLY_STATE_WAITING,
                written_by=access_token().encode(), written_at=stamp(AT),
            )  # fmt: skip
        return pb.AnswerThreadResponse(thread=found.thread)

    async def SettleReply(self, request: Any, context: Any) -> Any:
        found, reply = self._reply(request.reply_id)
        if reply.state != pb.REPLY_STATE_UNKNOWN:
            raise refusal(Code.FAILED_PRECONDITION, "REPLY_IS_CERTAIN")
        reply.state = pb.REPLY_STATE_PUBLISHED if request.has_appeared else pb.REPLY_STATE_WAITING
        reply.url = request.url
        return pb.SettleReplyResponse(thread=found.thread)

    async def RetryReply(self, request: Any, context: Any) -> Any:
        found, reply = self._reply(request.reply_id)
        if reply.state != pb.REPLY_STATE_REFUSED:
            raise refusal(Code.FAILED_PRECONDITION, "REPLY_NOT_REFUSED")
        reply.state = pb.REPLY_STATE_WAITING
        return pb.RetryReplyResponse(thread=found.thread)

    async def HideItem(self, request: Any, context: Any) -> Any:
        found, item = self._item(request.item_id)
        item.is_hidden = request.hidden
        return pb.HideItemResponse(thread=found.thread)

    async def CloseThread(self, request: Any, context: Any) -> Any:
        if not request.because:
            raise InvalidFields(invalid("because", "REQUIRED"))
        found = self._note(request, "closed")
        found.thread.state, found.thread.closed_because = pb.THREAD_STATE_CLOSED, request.because
        return pb.CloseThreadResponse(thread=found.thread)

    async def ReopenThread(self, request: Any, context: Any) -> Any:
        found = self._note(request, "reopened")
        found.thread.state, found.thread.closed_because = pb.THREAD_STATE_WAITING, pb.CLOSED_BECAUSE_UNSPECIFIED
        return pb.ReopenThreadResponse(thread=found.thread)

    async def LabelThread(self, request: Any, context: Any) -> Any:
        thread = self._note(request, "labelled").thread
        thread.language, thread.topic, thread.tone = request.language, request.topic, request.tone
        del thread.proposed[:]
        return pb.LabelThreadResponse(thread=thread)

    async def EraseAuthor(self, request: Any, context: Any) -> Any:
        self._item(request.item_id)
        self.forgotten.append(request.item_id)
        return pb.EraseAuthorResponse(items=1)

    async def ListCannedReplies(self, request: Any, context: Any) -> Any:
        found = [
            each for each in self.ready.values()
            if not request.authority_ids or each.authority_id in request.authority_ids
        ]  # fmt: skip
        return pb.ListCannedRepliesResponse(replies=sorted(found, key=lambda each: each.title))

    async def PutCannedReply(self, request: Any, context: Any) -> Any:
        made = pb.CannedReply(
            id=request.id or str(new_id()), authority_id=request.authority_id, language=request.language,
            title=request.title, text=request.text, changed_at=stamp(AT),
        )  # fmt: skip
        self.ready[made.id] = made
        return pb.PutCannedReplyResponse(reply=made)

    async def DeleteCannedReply(self, request: Any, context: Any) -> Any:
        if self.ready.pop(request.id, None) is None:
            raise refusal(Code.NOT_FOUND, "CANNED_REPLY_NOT_FOUND")
        return pb.DeleteCannedReplyResponse()

    async def GetInboxSettings(self, request: Any, context: Any) -> Any:
        message = pb.GetInboxSettingsResponse()
        message.target.FromTimedelta(self.targets.get(request.authority_id, timedelta(hours=24)))
        return message

    async def SetInboxSettings(self, request: Any, context: Any) -> Any:
        self.targets[request.authority_id] = request.target.ToTimedelta()
        return pb.SetInboxSettingsResponse(target=request.target)

    async def ReceiveHook(self, request: Any, context: Any) -> Any:
        if request.token != HOOK:
            raise refusal(Code.NOT_FOUND, "HOOK_NOT_FOUND")
        if "query-challenge" in request.headers:
            return pb.ReceiveHookResponse(body=request.headers["query-challenge"], type="text/plain")
        if request.headers.get("x-signature") != "right":
            raise refusal(Code.PERMISSION_DENIED, "HOOK_REFUSED")
        self.received.append(request)
        return pb.ReceiveHookResponse(type="text/plain")

    def _find(self, id: str) -> pb.GetThreadResponse:
        if id not in self.known:
            raise refusal(Code.NOT_FOUND, "THREAD_NOT_FOUND")
        return self.known[id]

    def _note(self, request: Any, what: str, note: str = "") -> pb.GetThreadResponse:
        found = self._find(request.thread_id)
        if request.request_id not in self.seen:
            self.seen.add(request.request_id)
            found.events.add(what=what, note=note, person=access_token().encode(), at=stamp(AT))
        return found

    def _item(self, id: str) -> tuple[pb.GetThreadResponse, pb.InboxItem]:
        for found in self.known.values():
            for item in found.items:
                if item.id == id:
                    return found, item
        raise refusal(Code.NOT_FOUND, "ITEM_NOT_FOUND")

    def _reply(self, id: str) -> tuple[pb.GetThreadResponse, pb.Reply]:
        for found in self.known.values():
            for reply in found.replies:
                if reply.id == id:
                    return found, reply
        raise refusal(Code.NOT_FOUND, "REPLY_NOT_FOUND")
