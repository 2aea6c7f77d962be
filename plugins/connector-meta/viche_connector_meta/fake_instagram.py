"""An account of Instagram that is not there. Shapes are those of Meta's code generator (IGUser, IGMedia, IGComment)
and of the Instagram Platform's reference."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from viche_connector_meta.fake_faults import OF_INSTAGRAM, said
from viche_connector_meta.fake_graph import NEIGHBOUR, PAGE, Entry, GraphFake, Refused, Route, instant
from viche_sdk.connectors.testing import Fault, Reply, Request, Shown, reply
from viche_sdk.connectors.types import InboxKind, MetricName

ACCOUNT, HANDLE = "17841405822304914", "miskarada"
HANDLES = {ACCOUNT: HANDLE, NEIGHBOUR: "susid"}
TEXT_MOST, FILES_MOST, ALT_MOST = 2_200, 10, 1_000
INSIGHTS = {
    MetricName.REACH: "reach",
    MetricName.VIEWS: "views",
    MetricName.REACTIONS: "likes",
    MetricName.COMMENTS: "comments",
    MetricName.SHARES: "shares",
    MetricName.SAVES: "saved",
}


@dataclass
class Container:
    """What was prepared; it is worked on until it has been asked for twice."""

    type: str
    caption: str
    alts: list[str]
    is_item: bool = False
    asked: int = 0
    is_published: bool = False
    state: str = ""

    def told(self) -> str:
        """How far the platform says that it is."""
        done = "FINISHED" if self.asked > 1 else "IN_PROGRESS"
        return self.state or ("PUBLISHED" if self.is_published else done)


class InstagramFake(GraphFake):
    """One account, the Page that it belongs to, and a neighbour."""

    values: ClassVar = {"page_id": PAGE}
    faults: ClassVar[Sequence[Fault]] = OF_INSTAGRAM
    object: ClassVar[str] = "instagram"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.containers: dict[str, Container] = {}
        self.types: dict[str, str] = {}
        self.quota_total = 100

    @property
    def account(self) -> str:
        """The account's, not the Page's."""
        return ACCOUNT

    def receive(self, kind: InboxKind, text: str, on: Shown | None) -> None:
        """The neighbour writes."""
        self.add(kind.value, NEIGHBOUR, text, on=on.id if kind is InboxKind.COMMENT and on else "")

    def retire(self, metric: MetricName) -> bool:
        """Insights are retired one by one."""
        self.retired |= {INSIGHTS[metric]} if metric in INSIGHTS else set()
        return metric in INSIGHTS

    def change(self, text: str, at_s: int) -> dict[str, Any]:
        """A comment in a webhook."""
        media = {"id": "17900000000000001", "media_product_type": "FEED"}
        return {
            "field": "comments",
            "value": {"id": "17870913679156914", "from": _who(NEIGHBOUR), "media": media, "text": text},
        }

    def message(self, each: Entry) -> dict[str, Any]:
        """A message names handles."""
        return {"id": each.id, "message": each.text, "from": _who(each.author), "created_time": instant(each.at)}

    def get_page(self, request: Request) -> Reply:
        """The Page and what belongs to it."""
        account = {"id": ACCOUNT, "username": HANDLE, "name": "Міська рада"}
        return reply({"id": PAGE, "instagram_business_account": account})

    def get_account(self, request: Request) -> Reply:
        """Counts."""
        return reply({"id": ACCOUNT, "followers_count": 321, "media_count": len(self.of("post"))})

    def get_limit(self, request: Request) -> Reply:
        """How many publications are used up."""
        used = sum(each.is_published for each in self.containers.values())
        return reply(
            {"data": [{"quota_usage": used, "config": {"quota_total": self.quota_total, "quota_duration": 86_400}}]}
        )

    def post_media(self, request: Request) -> Reply:
        """Makes a container."""
        form = request.form
        made = self._carousel(form) if form.get("media_type") == "CAROUSEL" else self._single(form)
        if len(made.caption) > TEXT_MOST:
            raise Refused(said(100, "The caption was too long", 2_207_010))
        if any(len(alt) > ALT_MOST for alt in made.alts):
            raise Refused(said(100, "(#100) Param alt_text must be at most 1000 characters"))
        id_ = self.new_id()
        self.containers[id_] = made
        return reply({"id": id_})

    def _carousel(self, form: dict[str, str]) -> Container:
        children = [self.containers[id_] for id_ in form["children"].split(",")]
        if not 2 <= len(children) <= FILES_MOST or not all(child.is_item for child in children):
            raise Refused(said(100, "The number of carousel items is wrong", 2_207_028))
        return Container("CAROUSEL_ALBUM", form.get("caption", ""), [alt for child in children for alt in child.alts])

    def _single(self, form: dict[str, str]) -> Container:
        address = form.get("image_url") or form.get("video_url")
        if not address:
            raise Refused(said(100, "(#100) The parameter image_url is required"))
        if not address.startswith("https://"):
            raise Refused(said(9_004, "The media could not be fetched from this URI", 2_207_052))
        is_item = form.get("is_carousel_item") == "true"
        if "video_url" in form:
            if form["media_type"] != "REELS":
                raise Refused(said(100, "The media type VIDEO is gone", 2_207_023))
            return Container("VIDEO", form.get("caption", ""), [""], is_item)
        return Container("IMAGE", form.get("caption", ""), [form.get("alt_text", "")], is_item)

    def post_publish(self, request: Request) -> Reply:
        """Makes a container appear, once."""
        container = self.containers.get(request.form["creation_id"])
        if container is None or container.is_published:
            raise Refused(said(-1, "The media you are trying to access has expired", 2_207_020))
        if container.asked < 2 or container.is_item:
            raise Refused(said(9_007, "Media ID is not available", 2_207_027))
        container.is_published = True
        post = self.add("post", ACCOUNT, container.caption, alts=container.alts)
        self.types[post.id] = container.type
        return reply({"id": post.id})

    def get_media(self, request: Request) -> Reply:
        """The account's posts, newest first, with the newest comments below them."""
        return self.edge(request, [self._media(each) for each in self.of("post")])

    def get_tags(self, request: Request) -> Reply:
        """Posts in which the account is tagged."""
        found = [
            {"id": each.id, "caption": each.text, "timestamp": instant(each.at), "username": HANDLES[each.author]}
            for each in self.of("mention")
        ]
        return self.edge(request, found)

    def post_mention(self, request: Request) -> Reply:
        """The account comments on a post that names it."""
        on = self.there(request.form["media_id"])
        return reply({"id": self.add("comment", ACCOUNT, request.form["message"], on=on.id).id})

    def get_comments(self, request: Request, id_: str) -> Reply:
        """All comments below a post, newest first."""
        return self.edge(request, self._comments(id_))

    def get_replies(self, request: Request, id_: str) -> Reply:
        """All answers below a comment, oldest first."""
        return self.edge(request, self._replies(id_))

    def post_reply(self, request: Request, id_: str) -> Reply:
        """The account answers a comment."""
        self.there(id_)
        return reply({"id": self.add("comment", ACCOUNT, request.form["message"], on=id_).id})

    def get_node(self, request: Request, id_: str) -> Reply:
        """A container, or a post."""
        if container := self.containers.get(id_):
            container.asked += 1
            return reply({"id": id_, "status_code": container.told(), "status": container.told()})
        return reply({**self._media(self.there(id_)), "id": id_})

    def post_node(self, request: Request, id_: str) -> Reply:
        """Hides a comment."""
        self.there(id_).hidden = request.form["hide"] == "true"
        return reply({"success": True})

    def delete_node(self, request: Request, id_: str) -> Reply:
        """Takes a post away."""
        self.there(id_)
        del self.entries[id_]
        return reply({"success": True, "deleted_id": id_})

    def _media(self, each: Entry) -> dict[str, Any]:
        media: dict[str, Any] = {
            "id": each.id,
            "timestamp": instant(each.at),
            "media_type": self.types.get(each.id, "IMAGE"),
            "permalink": f"https://www.instagram.com/p/C{each.id}/",
        }
        if each.text:
            media["caption"] = each.text
        if comments := self._comments(each.id):
            media["comments"] = self.part(comments, 25)
        return media

    def _comments(self, on: str) -> list[dict[str, Any]]:
        return [self._comment(each) for each in self.of("comment") if each.on == on]

    def _replies(self, on: str) -> list[dict[str, Any]]:
        return [self._comment(each) for each in reversed(self.of("comment")) if each.on == on]

    def _comment(self, each: Entry) -> dict[str, Any]:
        who = _who(each.author)
        comment = {
            "id": each.id,
            "text": each.text,
            "timestamp": instant(each.at),
            "from": who,
            "username": who["username"],
        }
        replies = self._replies(each.id)
        return {**comment, "replies": self.part(replies, 2)} if replies else comment

    routes: ClassVar[Sequence[Route]] = (
        ("GET", re.compile(PAGE), get_page),
        ("GET", re.compile(ACCOUNT), get_account),
        ("GET", re.compile(rf"{ACCOUNT}/content_publishing_limit"), get_limit),
        ("POST", re.compile(rf"{ACCOUNT}/media"), post_media),
        ("POST", re.compile(rf"{ACCOUNT}/media_publish"), post_publish),
        ("GET", re.compile(rf"{ACCOUNT}/media"), get_media),
        ("GET", re.compile(rf"{ACCOUNT}/tags"), get_tags),
        ("POST", re.compile(rf"{ACCOUNT}/mentions"), post_mention),
        ("GET", re.compile(rf"{PAGE}/conversations"), GraphFake.get_conversations),
        ("GET", re.compile(r"t_77/messages"), GraphFake.get_messages),
        ("POST", re.compile(rf"{PAGE}/messages"), GraphFake.post_message),
        ("GET", re.compile(r"(\d+)/insights"), GraphFake.insight),
        ("GET", re.compile(r"(\d+)/comments"), get_comments),
        ("GET", re.compile(r"(\d+)/replies"), get_replies),
        ("POST", re.compile(r"(\d+)/replies"), post_reply),
        ("GET", re.compile(r"(\d+)"), get_node),
        ("POST", re.compile(r"(\d+)"), post_node),
        ("DELETE", re.compile(r"(\d+)"), delete_node),
    )


def _who(id_: str) -> dict[str, str]:
    return {"id": id_, "username": HANDLES[id_]}
