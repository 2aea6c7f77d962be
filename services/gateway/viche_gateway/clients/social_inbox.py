"""Calls to social about what people write to accounts: by those who answer, and for platforms that send."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import grpc
from viche.social.v1 import inbox_pb2 as pb
from viche.social.v1 import inbox_pb2_grpc as rpc

from viche_gateway.clients.calls import call

_PLATFORM_TIMEOUT_S = 40.0
PAGE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """Which conversations; what is empty filters nothing."""

    authority_id: str = ""
    channel_id: str = ""
    state: "pb.ThreadState.ValueType" = pb.THREAD_STATE_UNSPECIFIED
    assignee: bytes = b""
    unassigned: bool = False
    overdue: bool = False
    query: str = ""
    language: str = ""
    page_token: str = ""


@dataclass(frozen=True, slots=True)
class Labels:
    """What an officer says of a conversation."""

    language: str
    topic: str
    tone: "pb.Tone.ValueType"


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer to keep ready; an empty id is a new one's."""

    id: str
    authority_id: str
    language: str
    title: str
    text: str


class SocialInbox:
    """The inbox, over one channel. All raise DomainError."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._stub = rpc.InboxServiceStub(channel)

    def listed(self, access_token: str, asked: Asked) -> pb.ListThreadsResponse:
        """A page of conversations of the officer's authorities, those that wait first."""
        request = pb.ListThreadsRequest(
            authority_ids=[asked.authority_id] if asked.authority_id else [], channel_id=asked.channel_id,
            state=asked.state, assignee=asked.assignee, unassigned=asked.unassigned, overdue=asked.overdue,
            query=asked.query, language=asked.language, page_size=PAGE, page_token=asked.page_token,
        )  # fmt: skip
        return call(self._stub.ListThreads, request, access_token)

    def get(self, access_token: str, thread_id: str) -> pb.GetThreadResponse:
        """One conversation with all that was said and done."""
        return call(self._stub.GetThread, pb.GetThreadRequest(thread_id=thread_id), access_token)

    def assign(self, access_token: str, request_id: str, thread_id: str, *, to_me: bool) -> pb.Thread:
        """Says that the officer is on it, or nobody."""
        if to_me:
            request = pb.ClaimThreadRequest(request_id=request_id, thread_id=thread_id)
            return call(self._stub.ClaimThread, request, access_token).thread
        release = pb.ReleaseThreadRequest(request_id=request_id, thread_id=thread_id)
        return call(self._stub.ReleaseThread, release, access_token).thread

    def give(self, access_token: str, request_id: str, thread_id: str, colleague: bytes) -> pb.Thread:
        """Says that a colleague is on it."""
        request = pb.AssignThreadRequest(request_id=request_id, thread_id=thread_id, assignee=colleague)
        return call(self._stub.AssignThread, request, access_token).thread

    def note_draft(self, access_token: str, request_id: str, thread_id: str) -> pb.Thread:
        """Notes that a petition is being written from it."""
        request = pb.NoteDraftFromThreadRequest(request_id=request_id, thread_id=thread_id)
        return call(self._stub.NoteDraftFromThread, request, access_token).thread

    def note(self, access_token: str, request_id: str, thread_id: str, text: str) -> pb.Thread:
        """Writes something down for colleagues."""
        request = pb.AddThreadNoteRequest(request_id=request_id, thread_id=thread_id, text=text)
        return call(self._stub.AddThreadNote, request, access_token).thread

    def answer(self, access_token: str, request_id: str, thread_id: str, item_id: str, text: str) -> pb.Thread:
        """Answers an item, or what people wrote last."""
        request = pb.AnswerThreadRequest(request_id=request_id, thread_id=thread_id, item_id=item_id, text=text)
        return call(self._stub.AnswerThread, request, access_token).thread

    def settle(self, access_token: str, request_id: str, reply_id: str, *, has_appeared: bool, url: str) -> pb.Thread:
        """Says what a person found where nobody else could say."""
        request = pb.SettleReplyRequest(request_id=request_id, reply_id=reply_id, has_appeared=has_appeared, url=url)
        return call(self._stub.SettleReply, request, access_token).thread

    def retry(self, access_token: str, request_id: str, reply_id: str) -> pb.Thread:
        """Sends an answer once more that was refused."""
        return call(
            self._stub.RetryReply, pb.RetryReplyRequest(request_id=request_id, reply_id=reply_id), access_token
        ).thread  # fmt: skip

    def hide(self, access_token: str, request_id: str, item_id: str, *, hidden: bool) -> pb.Thread:
        """Hides a comment on the platform, or shows it again."""
        request = pb.HideItemRequest(request_id=request_id, item_id=item_id, hidden=hidden)
        return call(self._stub.HideItem, request, access_token, _PLATFORM_TIMEOUT_S).thread

    def close(
        self, access_token: str, request_id: str, thread_id: str, because: "pb.ClosedBecause.ValueType"
    ) -> pb.Thread:
        """Ends a conversation without an answer."""
        request = pb.CloseThreadRequest(request_id=request_id, thread_id=thread_id, because=because)
        return call(self._stub.CloseThread, request, access_token).thread

    def reopen(self, access_token: str, request_id: str, thread_id: str) -> pb.Thread:
        """A conversation waits for an answer again."""
        return call(
            self._stub.ReopenThread, pb.ReopenThreadRequest(request_id=request_id, thread_id=thread_id), access_token
        ).thread  # fmt: skip

    def label(self, access_token: str, request_id: str, thread_id: str, said: Labels) -> pb.Thread:
        """Says in which language, about what and in which tone somebody wrote."""
        request = pb.LabelThreadRequest(
            request_id=request_id, thread_id=thread_id, language=said.language, topic=said.topic, tone=said.tone
        )
        return call(self._stub.LabelThread, request, access_token).thread

    def forget(self, access_token: str, request_id: str, item_id: str) -> int:
        """Forgets what the author of an item wrote to the account; how many things those were."""
        request = pb.EraseAuthorRequest(request_id=request_id, item_id=item_id)
        return call(self._stub.EraseAuthor, request, access_token).items

    def ready(self, access_token: str, authority_id: str = "") -> Sequence[pb.CannedReply]:
        """Answers that an authority, or any of the officer's, keeps ready."""
        request = pb.ListCannedRepliesRequest(authority_ids=[authority_id] if authority_id else [])
        return call(self._stub.ListCannedReplies, request, access_token).replies

    def put_ready(self, access_token: str, request_id: str, ready: Ready) -> pb.CannedReply:
        """Keeps an answer ready, or changes one."""
        request = pb.PutCannedReplyRequest(
            request_id=request_id, id=ready.id, authority_id=ready.authority_id, language=ready.language,
            title=ready.title, text=ready.text,
        )  # fmt: skip
        return call(self._stub.PutCannedReply, request, access_token).reply

    def delete_ready(self, access_token: str, request_id: str, id: str) -> None:
        """Throws one away."""
        call(self._stub.DeleteCannedReply, pb.DeleteCannedReplyRequest(request_id=request_id, id=id), access_token)

    def settings(self, access_token: str, authority_id: str) -> pb.GetInboxSettingsResponse:
        """Within which time an authority means to answer, and how its accounts are read."""
        return call(
            self._stub.GetInboxSettings, pb.GetInboxSettingsRequest(authority_id=authority_id), access_token
        )  # fmt: skip

    def set_target(self, access_token: str, request_id: str, authority_id: str, target: timedelta) -> None:
        """Says within which time an authority means to answer."""
        request = pb.SetInboxSettingsRequest(request_id=request_id, authority_id=authority_id)
        request.target.FromTimedelta(target)
        call(self._stub.SetInboxSettings, request, access_token)

    def receive(self, token: str, headers: Mapping[str, str], body: bytes) -> pb.ReceiveHookResponse:
        """Hands on what a platform sent; what it is to hear."""
        request = pb.ReceiveHookRequest(token=token, headers=headers, body=body)
        return call(self._stub.ReceiveHook, request)
