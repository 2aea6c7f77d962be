"""A YouTube that is not there: one channel and a neighbour. Shapes are those of the discovery document."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from viche_connector_youtube.fake_faults import ENDED, FAULTS, said
from viche_connector_youtube.fake_schema import Discovery
from viche_connector_youtube.fake_uploads import ABOUT, CHANNEL, Refused, Uploads, Video, at_of
from viche_sdk.connectors.testing import Fault, Reply, Request, Shown, reply
from viche_sdk.connectors.types import InboxKind

NEIGHBOUR, UPLOADS = "UCneighbour0000000000000", "UUviche00000000000000000"
NAMES = {CHANNEL: "@miskarada", NEIGHBOUR: "@susid"}
COMMENT_MOST = 10_000
REPLIES_ALONG = 2
"""So many answers come along with a thread; the platform gives five."""

Route = tuple[str, "re.Pattern[str]", Callable[..., Reply]]


@dataclass
class Comment:
    """Something that somebody wrote below a video; `on` is the head of its thread, for an answer."""

    id: str
    author: str
    text: str
    at: datetime
    video: str
    on: str = ""
    state: str = "published"


class YouTubeFake(Uploads):
    """One channel."""

    faults: ClassVar[Sequence[Fault]] = FAULTS
    # the platform takes no angle brackets
    text: ClassVar[str] = "Міст через річку — відкрито!\n\nДякуємо всім: 5 & 7, «так» 👩‍👩‍👧‍👦 #місто"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.comments: dict[str, Comment] = {}
        self.has_channel = True

    # what people do

    def shown(self) -> list[Shown]:
        """Videos and answers of the channel."""
        videos = [
            Shown(each.id, each.snippet["description"], ("",), title=each.snippet["title"])
            for each in self.videos.values()
        ]
        own = [each for each in self.comments.values() if each.author == CHANNEL]
        return [*videos, *(Shown(each.id, each.text, on=each.on or each.video) for each in own)]

    def receive(self, kind: InboxKind, text: str, on: Shown | None) -> None:
        """The neighbour comments."""
        self.add(NEIGHBOUR, text, on.id if on else "")

    def is_hidden(self, text: str) -> bool:
        """Whether nobody sees it."""
        return any(each.state != "published" for each in self.comments.values() if each.text == text)

    def end_consent(self) -> None:
        """The token has ended."""
        self.fail_with(ENDED)

    def rate_limit(self) -> Reply:
        """Too much at once."""
        return said(429, "rateLimitExceeded", domain="usageLimits", Retry_After=str(int(self.retry_after_s)))

    def add(self, author: str, text: str, video: str, on: str = "") -> Comment:
        """Keeps a comment."""
        id_ = f"{on}.{self.new_id()}" if on else f"Ugz{self.new_id()}"
        self.comments[id_] = Comment(id_, author, text, self.clock.now(), video, on)
        return self.comments[id_]

    # what the platform does

    def is_write(self, request: Request) -> bool:
        """Asking an upload how far it is changes nothing."""
        return request.is_write and not ABOUT.fullmatch(request.headers.get("content-range", ""))

    def check_schema(self, request: Request, said: Reply) -> Iterable[str]:
        """What the discovery document does not allow."""
        discovery = Discovery.of(self.schemas)
        return discovery.faults(request, said) if discovery else ()

    def handle(self, request: Request) -> Reply:
        """Finds the route."""
        if request.token != self.secrets["access_token"]:
            return said(401, "authError", "Invalid Credentials", "global")
        try:
            for method, pattern, answer in self.routes:
                if request.method == method and pattern.fullmatch(request.path):
                    return answer(self, request)
        except Refused as refused:
            return refused.reply
        return said(404, "notFound", domain="global")

    def get_channels(self, request: Request) -> Reply:
        """The own channel."""
        parts: dict[str, Any] = {
            "snippet": {"title": "Міська рада", "customUrl": "@miskarada"},
            "contentDetails": {"relatedPlaylists": {"uploads": UPLOADS}},
            "statistics": {
                "subscriberCount": "321", "videoCount": str(len(self.videos)), "viewCount": "9000",
                "hiddenSubscriberCount": False,
            },
        }  # fmt: skip
        if not self.has_channel:
            return reply({"kind": "youtube#channelListResponse", "pageInfo": {"totalResults": 0, "resultsPerPage": 5}})
        found = {"kind": "youtube#channel", "id": CHANNEL, **_parts(request, parts)}
        return self._list(request, "channelListResponse", [found])

    def get_videos(self, request: Request) -> Reply:
        """Those that are there."""
        found = [self.videos[id_] for id_ in request.query["id"].split(",") if id_ in self.videos]
        return self._list(request, "videoListResponse", [self._video(request, each) for each in found])

    def _video(self, request: Request, each: Video) -> dict[str, Any]:
        if "status" in request.query["part"].split(","):
            each.asked += 1
        statistics = {"viewCount": "500", "likeCount": "4", "commentCount": "2"}
        parts = {"snippet": each.snippet, "status": each.status(), "statistics": statistics}
        return {"kind": "youtube#video", "id": each.id, **_parts(request, parts)}

    def put_video(self, request: Request) -> Reply:
        """Another title and text."""
        each = self.there(request.json["id"])
        each.snippet = {**each.snippet, **self.must_be_good(request.json["snippet"])}
        return reply({"kind": "youtube#video", "id": each.id, "snippet": each.snippet})

    def delete_video(self, request: Request) -> Reply:
        """Takes it away."""
        del self.videos[self.there(request.query["id"]).id]
        return Reply(204)

    def get_playlist(self, request: Request) -> Reply:
        """All videos of the channel, newest first."""
        if request.query["playlistId"] != UPLOADS:
            raise Refused(said(404, "playlistNotFound", domain="youtube.playlistItem"))
        found = [
            {
                "kind": "youtube#playlistItem",
                "id": f"UUx{each.id}",
                "snippet": {
                    "publishedAt": at_of(each.at),
                    "title": each.snippet["title"],
                    "description": each.snippet["description"],
                    "resourceId": {"kind": "youtube#video", "videoId": each.id},
                },
            }
            for each in reversed(self.videos.values())
        ]
        return self._list(request, "playlistItemListResponse", found)

    def get_threads(self, request: Request) -> Reply:
        """Below all videos, newest first."""
        found = [self._thread(each) for each in self._seen() if not each.on]
        return self._list(request, "commentThreadListResponse", found)

    def get_comments(self, request: Request) -> Reply:
        """All answers of a thread."""
        parent = request.query["parentId"]
        found = [self._comment(each) for each in self._seen() if each.on == parent]
        return self._list(request, "commentListResponse", found)

    def post_comment(self, request: Request) -> Reply:
        """The channel answers; threads have two levels."""
        sent = request.json["snippet"]
        parent = self.comments.get(sent["parentId"])
        if parent is None or parent.on:
            raise Refused(said(404, "parentCommentNotFound", domain="youtube.comment"))
        if not 0 < len(sent["textOriginal"]) <= COMMENT_MOST:
            raise Refused(said(400, "commentTextTooLong", domain="youtube.comment"))
        return reply(self._comment(self.add(CHANNEL, sent["textOriginal"], parent.video, parent.id)))

    def post_moderation(self, request: Request) -> Reply:
        """Hides a comment, or shows it."""
        comment = self.comments.get(request.query["id"])
        if comment is None:
            raise Refused(said(404, "commentNotFound", domain="youtube.comment"))
        comment.state = request.query["moderationStatus"]
        return Reply(204)

    def _seen(self) -> list[Comment]:
        return [each for each in reversed(self.comments.values()) if each.state == "published"]

    def _thread(self, each: Comment) -> dict[str, Any]:
        answers = [self._comment(one) for one in self._seen() if one.on == each.id]
        snippet = {
            "channelId": CHANNEL, "videoId": each.video, "topLevelComment": self._comment(each), "canReply": True,
            "totalReplyCount": len(answers), "isPublic": True,
        }  # fmt: skip
        thread = {"kind": "youtube#commentThread", "id": each.id, "snippet": snippet}
        return {**thread, "replies": {"comments": answers[:REPLIES_ALONG]}} if answers else thread

    def _comment(self, each: Comment) -> dict[str, Any]:
        snippet = {
            "channelId": CHANNEL,
            "textDisplay": each.text,
            "authorDisplayName": NAMES[each.author],
            "authorChannelUrl": f"http://www.youtube.com/{NAMES[each.author]}",
            "authorChannelId": {"value": each.author},
            "publishedAt": at_of(each.at),
            "updatedAt": at_of(each.at),
        }
        below = {"parentId": each.on} if each.on else {"videoId": each.video}
        return {"kind": "youtube#comment", "id": each.id, "snippet": {**snippet, **below}}

    def _list(self, request: Request, kind: str, found: Sequence[Mapping[str, Any]]) -> Reply:
        begin, most = int(request.query.get("pageToken", "p0")[1:]), int(request.query.get("maxResults", "5"))
        page: dict[str, Any] = {
            "kind": f"youtube#{kind}",
            "items": list(found[begin : begin + most]),
            "pageInfo": {"totalResults": len(found), "resultsPerPage": most},
        }
        return reply({**page, "nextPageToken": f"p{begin + most}"} if len(found) > begin + most else page)

    routes: ClassVar[Sequence[Route]] = (
        ("GET", re.compile("/youtube/v3/channels"), get_channels),
        ("POST", re.compile("/upload/youtube/v3/videos"), Uploads.post_upload),
        ("PUT", re.compile("/upload/youtube/v3/videos"), lambda self, request: self.put_upload(request)),
        ("GET", re.compile("/youtube/v3/videos"), get_videos),
        ("PUT", re.compile("/youtube/v3/videos"), put_video),
        ("DELETE", re.compile("/youtube/v3/videos"), delete_video),
        ("GET", re.compile("/youtube/v3/playlistItems"), get_playlist),
        ("GET", re.compile("/youtube/v3/commentThreads"), get_threads),
        ("GET", re.compile("/youtube/v3/comments"), get_comments),
        ("POST", re.compile("/youtube/v3/comments"), post_comment),
        ("POST", re.compile("/youtube/v3/comments/setModerationStatus"), post_moderation),
    )


def _parts(request: Request, parts: Mapping[str, Any]) -> dict[str, Any]:
    """Those that were asked for."""
    return {name: parts[name] for name in request.query["part"].split(",")}


FAKES = {"youtube": YouTubeFake}
