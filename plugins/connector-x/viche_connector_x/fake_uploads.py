"""Files that are sent to the X that is not there."""

from dataclasses import dataclass
from typing import Any

from viche_connector_x.fake_faults import problem
from viche_sdk.connectors.testing import FakePlatform, Reply, Request, reply

ALT_MOST = 1_000


@dataclass
class File:
    """An uploaded file; a video is worked on until it has been asked for twice."""

    id: str
    type: str
    alt: str = ""
    content: bytes = b""
    asked: int = 0

    @property
    def is_ready(self) -> bool:
        """Whether it may be named in a post."""
        return not self.type.startswith("video/") or self.asked > 1


class Refused(Exception):
    """An answer that ends the handling of a request."""

    def __init__(self, said: Reply) -> None:
        super().__init__()
        self.reply = said


class Uploads(FakePlatform):
    """Pictures at once, videos in parts."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.files: dict[str, File] = {}
        self.last = 5000

    def new_id(self) -> str:
        """The next one."""
        self.last += 1
        return str(self.last)

    def post_media(self, request: Request) -> Reply:
        """A picture at once."""
        _, content, type_ = request.files["media"]
        if not content or request.form["media_category"] != "tweet_image" or not type_.startswith("image/"):
            raise invalid("Invalid media")
        return self._new_file(type_)

    def post_metadata(self, request: Request) -> Reply:
        """What is said of a picture."""
        alt = request.json["metadata"]["alt_text"]["text"]
        if len(alt) > ALT_MOST:
            raise invalid("alt_text is too big")
        self.files[request.json["id"]].alt = alt
        return reply({"data": {"id": request.json["id"]}})

    def post_initialize(self, request: Request) -> Reply:
        """The beginning of a video."""
        return self._new_file(request.json["media_type"])

    def post_append(self, request: Request, id_: str) -> Reply:
        """A part of it."""
        self.files[id_].content += request.files["media"][1]
        return reply({"data": {"expires_at": 1_900_000_000}})

    def post_finalize(self, request: Request, id_: str) -> Reply:
        """Its end."""
        if not self.files[id_].content:
            raise invalid("No segments")
        return reply({"data": self._file(self.files[id_])})

    def get_upload(self, request: Request) -> Reply:
        """How far the platform is with it."""
        file = self.files[request.query["media_id"]]
        file.asked += 1
        return reply({"data": self._file(file)})

    def _new_file(self, type_: str) -> Reply:
        file = File(self.new_id(), type_)
        self.files[file.id] = file
        return reply({"data": {"id": file.id, "media_key": f"3_{file.id}", "expires_after_secs": 86_400}})

    def _file(self, file: File) -> dict[str, Any]:
        state = {"state": "succeeded"} if file.is_ready else {"state": "in_progress", "check_after_secs": 1}
        return {"id": file.id, "media_key": f"7_{file.id}", "processing_info": state}


def invalid(detail: str) -> Refused:
    """A request that is not as it must be."""
    return Refused(problem(400, "Invalid Request", detail, "https://api.x.com/2/problems/invalid-request"))


def forbidden(detail: str) -> Refused:
    """A request that this account may not make."""
    return Refused(problem(403, "Forbidden", detail))
