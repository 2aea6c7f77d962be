"""A Facebook Page that is not there. Shapes are those of Meta's code generator: Page, PagePost, Comment, Photo."""

import json
import re
from collections.abc import Sequence
from typing import Any, ClassVar

from viche_connector_meta.fake_faults import OF_FACEBOOK, said
from viche_connector_meta.fake_graph import NEIGHBOUR, PAGE, Entry, GraphFake, Refused, Route, instant, who
from viche_sdk.connectors.testing import Fault, Reply, Request, reply
from viche_sdk.connectors.types import MetricName

TEXT_MOST, FILES_MOST, ALT_MOST = 63_206, 10, 1_000


class FacebookFake(GraphFake):
    """One Page and a neighbour."""

    values: ClassVar = {"page_id": PAGE}
    faults: ClassVar[Sequence[Fault]] = OF_FACEBOOK

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.pictures: dict[str, str] = {}
        self.videos: dict[str, tuple[Entry, int]] = {}

    def retire(self, metric: MetricName) -> bool:
        """Insights are retired one by one."""
        names = {MetricName.VIEWS: "post_media_view", MetricName.REACH: "post_total_media_view_unique"}
        self.retired |= {names[metric]} if metric in names else set()
        return metric in names

    def change(self, text: str, at_s: int) -> dict[str, Any]:
        """A comment in a webhook."""
        value = {
            "item": "comment",
            "verb": "add",
            "from": who(NEIGHBOUR),
            "post_id": f"{PAGE}_1",
            "comment_id": "1_7001",
            "parent_id": f"{PAGE}_1",
            "created_time": at_s,
            "message": text,
        }
        return {"field": "feed", "value": value}

    def get_page(self, request: Request) -> Reply:
        """The Page."""
        link = "https://www.facebook.com/miskarada"
        return reply({"id": PAGE, "name": "Міська рада", "username": "miskarada", "link": link, "followers_count": 321})

    def post_feed(self, request: Request) -> Reply:
        """Makes a post."""
        form = request.form
        named = [json.loads(value)["media_fbid"] for name, value in form.items() if name.startswith("attached_media[")]
        message, link = form.get("message", ""), form.get("link", "")
        if not message and not link and not named:
            raise Refused(said(100, "(#100) You must provide a message, a link or a picture"))
        if len(message) > TEXT_MOST:
            raise Refused(said(100, "(#100) The message is too long"))
        if len(named) > FILES_MOST:
            raise Refused(said(100, "(#100) Too many attached media"))
        alts = [self.pictures[id_] for id_ in named]
        return reply({"id": self.add("post", PAGE, message, f"{PAGE}_{{}}", link=link, alts=alts).id})

    def post_photo(self, request: Request) -> Reply:
        """Takes a picture that no post shows yet."""
        _, content, type_ = request.files["source"]
        alt = request.form.get("alt_text_custom", "")
        if request.form["published"] != "false" or not content or not type_.startswith("image/") or len(alt) > ALT_MOST:
            raise Refused(said(324, "(#324) Missing or invalid image file"))
        id_ = self.new_id()
        self.pictures[id_] = alt
        return reply({"id": id_})

    def post_video(self, request: Request) -> Reply:
        """Takes a video, which appears when it has been worked through."""
        text = request.form["description"]
        if request.host != "graph-video.facebook.com" or not request.files["source"][1]:
            raise Refused(said(352, "(#352) Unsupported video"))
        if len(text) > TEXT_MOST:
            raise Refused(said(100, "(#100) The message is too long"))
        post = Entry(self.new_id(f"{PAGE}_{{}}"), "post", PAGE, text, self.clock.now(), alts=[""])
        video = self.new_id()
        self.videos[video] = post, 0
        return reply({"id": video})

    def get_video(self, request: Request, id_: str) -> Reply:
        """How far the platform is with it."""
        post, asked = self.videos[id_]
        self.videos[id_] = post, asked + 1
        if not asked:
            return reply({"status": {"video_status": "processing"}, "id": id_})
        self.entries[post.id] = post
        number = post.id.partition("_")[2]
        return reply({"status": {"video_status": "ready"}, "post_id": number, "permalink_url": "/1/", "id": id_})

    def get_videos(self, request: Request) -> Reply:
        """Videos, those that are worked on included."""
        found = reversed(self.videos.items())
        return self.edge(
            request,
            [{"id": id_, "description": post.text, "created_time": instant(post.at)} for id_, (post, _) in found],
        )

    def get_posts(self, request: Request) -> Reply:
        """The Page's posts, newest first, with the newest comments below them."""
        since = float(request.query.get("since", "0"))
        found = [self._post(each) for each in self.of("post") if each.at.timestamp() >= since]
        return self.edge(request, found)

    def get_comments(self, request: Request, id_: str) -> Reply:
        """All comments below a post, newest first."""
        return self.edge(request, self._comments(id_))

    def get_tagged(self, request: Request) -> Reply:
        """Posts that name the Page."""
        fields = [self.message(each) for each in self.of("mention")]
        return self.edge(request, fields)

    def get_node(self, request: Request, id_: str) -> Reply:
        """A post with its counts; nobody has shared it."""
        self.there(id_)
        summary = {"data": [], "summary": {"total_count": 4}}
        return reply({"id": id_, "reactions": summary, "comments": summary})

    def post_node(self, request: Request, id_: str) -> Reply:
        """Changes a post, or hides a comment."""
        entry = self.there(id_)
        if entry.kind == "post" and entry.author == PAGE:
            entry.text = request.form["message"]
        else:
            entry.hidden = request.form["is_hidden"] == "true"
        return reply({"success": True})

    def delete_node(self, request: Request, id_: str) -> Reply:
        """Takes it away."""
        self.there(id_)
        del self.entries[id_]
        return reply({"success": True})

    def post_comment(self, request: Request, id_: str) -> Reply:
        """The Page answers."""
        self.there(id_)
        number = id_.partition("_")[0]
        return reply({"id": self.add("comment", PAGE, request.form["message"], f"{number}_{{}}", on=id_).id})

    def _post(self, each: Entry) -> dict[str, Any]:
        post: dict[str, Any] = {"id": each.id, "message": each.text, "created_time": instant(each.at)}
        if comments := self._comments(each.id):
            post["comments"] = self.part(comments, 25)
        if each.link:
            post["attachments"] = {"data": [{"unshimmed_url": each.link}]}
        return post

    def _comments(self, on: str) -> list[dict[str, Any]]:
        own_below = {each.id for each in self.of("comment") if each.on == on}
        below = [each for each in self.of("comment") if each.on == on or each.on in own_below]
        return [
            {**self.message(each), **({"parent": {"id": each.on}} if each.on in own_below else {})} for each in below
        ]

    routes: ClassVar[Sequence[Route]] = (
        ("GET", re.compile(PAGE), get_page),
        ("POST", re.compile(rf"{PAGE}/feed"), post_feed),
        ("POST", re.compile(rf"{PAGE}/photos"), post_photo),
        ("POST", re.compile(rf"{PAGE}/videos"), post_video),
        ("GET", re.compile(rf"{PAGE}/videos"), get_videos),
        ("GET", re.compile(rf"{PAGE}/published_posts"), get_posts),
        ("GET", re.compile(rf"{PAGE}/tagged"), get_tagged),
        ("GET", re.compile(rf"{PAGE}/conversations"), GraphFake.get_conversations),
        ("GET", re.compile(r"t_77/messages"), GraphFake.get_messages),
        ("POST", re.compile(rf"{PAGE}/messages"), GraphFake.post_message),
        ("GET", re.compile(r"(\w+)/insights"), GraphFake.insight),
        ("GET", re.compile(r"(\w+)/comments"), get_comments),
        ("POST", re.compile(r"(\w+)/comments"), post_comment),
        ("GET", re.compile(r"(\d+)"), get_video),
        ("GET", re.compile(r"(\w+)"), get_node),
        ("POST", re.compile(r"(\w+)"), post_node),
        ("DELETE", re.compile(r"(\w+)"), delete_node),
    )
