"""Videos that are sent to the YouTube that is not there, part by part."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from viche_connector_youtube.fake_faults import said
from viche_sdk.connectors.testing import FakePlatform, Reply, Request, reply

CHANNEL = "UCviche00000000000000000"
TITLE_MOST, DESCRIPTION_MOST_BYTES, TAGS_MOST = 100, 5_000, 500
UNIT_BYTES = 256 * 1024
ABOUT = re.compile(r"bytes \*/(\d+)")
"""Asks how far an upload is."""
_PART = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@dataclass
class Video:
    """A video that people see; the platform works on it until it has been asked for twice."""

    id: str
    snippet: dict[str, Any]
    privacy: str
    at: datetime
    content: bytes
    asked: int = 0
    fate: dict[str, str] = field(default_factory=dict[str, str])

    def status(self) -> dict[str, Any]:
        """How far the platform is."""
        state = "processed" if self.asked > 1 else "uploaded"
        return {"uploadStatus": state, "privacyStatus": self.privacy, "selfDeclaredMadeForKids": False, **self.fate}


@dataclass
class Upload:
    """An upload that is under way, or whole."""

    resource: dict[str, Any]
    size: int
    content: bytes = b""
    video: str = ""


class Refused(Exception):
    """An answer that ends the handling of a request."""

    def __init__(self, reply_: Reply) -> None:
        super().__init__()
        self.reply = reply_


class Uploads(FakePlatform):
    """Videos and their uploads."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.videos: dict[str, Video] = {}
        self.uploads: dict[str, Upload] = {}
        self.last = 5000

    def new_id(self) -> str:
        """The next one."""
        self.last += 1
        return str(self.last)

    def there(self, id_: str) -> Video:
        """The video with this id."""
        if id_ not in self.videos:
            raise Refused(said(404, "videoNotFound", domain="youtube.video"))
        return self.videos[id_]

    def post_upload(self, request: Request) -> Reply:
        """Begins one."""
        head = request.headers
        if request.query.get("uploadType") != "resumable" or not head["x-upload-content-type"].startswith("video/"):
            raise Refused(said(400, "badContent", domain="global"))
        if set(request.query["part"].split(",")) != set(request.json):
            raise Refused(said(400, "unexpectedPart"))
        self.must_be_good(request.json["snippet"])
        id_ = f"xa298sd_{self.new_id()}"
        self.uploads[id_] = Upload(request.json, int(head["x-upload-content-length"]))
        address = f"https://{request.host}{request.path}?uploadType=resumable&upload_id={id_}&upload_protocol=resumable"
        return Reply(200, headers={"Location": address})

    def must_be_good(self, snippet: dict[str, Any]) -> dict[str, Any]:
        """What is said of a video, if it may be said."""
        title, text = snippet.get("title", ""), snippet.get("description", "")
        if not title.strip() or len(title) > TITLE_MOST or set("<>") & set(title):
            raise Refused(said(400, "invalidTitle", domain="youtube.video"))
        if len(text.encode()) > DESCRIPTION_MOST_BYTES or set("<>") & set(text):
            raise Refused(said(400, "invalidDescription", domain="youtube.video"))
        if len(",".join(snippet.get("tags", ()))) > TAGS_MOST:
            raise Refused(said(400, "invalidTags", domain="youtube.video"))
        if not snippet.get("categoryId", "").isdigit():
            raise Refused(said(400, "invalidCategoryId", domain="youtube.video"))
        return snippet

    def put_upload(self, request: Request) -> Reply:
        """Takes a part, or tells how far it is."""
        upload = self.uploads.get(request.query["upload_id"])
        if upload is None:
            return Reply(404, b"Not Found", "text/plain")
        place = request.headers["content-range"]
        if not ABOUT.fullmatch(place) and not upload.video:
            self._take(upload, request, place)
        return self._so_far(upload)

    def _take(self, upload: Upload, request: Request, place: str) -> None:
        found = _PART.fullmatch(place)
        begin, end, size = (int(each) for each in found.groups()) if found else (-1, -1, -1)
        is_last = end + 1 == size
        fits = begin == len(upload.content) and end - begin + 1 == len(request.body) and size == upload.size
        if not fits or (not is_last and len(request.body) % UNIT_BYTES):
            raise Refused(Reply(400, b"Failed to parse Content-Range header.", "text/plain"))
        upload.content += request.body
        if is_last:
            id_, status = f"vid{self.new_id()}", upload.resource["status"]
            upload.video = id_
            snippet = upload.resource["snippet"]
            self.videos[id_] = Video(id_, snippet, status["privacyStatus"], self.clock.now(), upload.content)

    def _so_far(self, upload: Upload) -> Reply:
        if not upload.video:
            reached = {"Range": f"bytes=0-{len(upload.content) - 1}"} if upload.content else {}
            return Reply(308, headers=reached)
        video = self.videos[upload.video]
        return reply({"kind": "youtube#video", "id": video.id, "snippet": video.snippet, "status": video.status()})


def at_of(at: datetime) -> str:
    """As the platform writes an instant."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
