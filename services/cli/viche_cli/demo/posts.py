"""What Verbiv says on the demo's network: posts that are out, one that waits for a second person, one for its time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from viche.social.v1 import channels_pb2
from viche.social.v1 import posts_pb2 as pb

from viche_cli.demo.calls import Stubs, call, request_id
from viche_cli.mailbox.network import TOKEN

PRESS, EDITOR = "press@example.org", "editor@example.org"
AUTHORITY = "verbiv"


@dataclass(frozen=True, slots=True)
class DemoPost:
    """A post.

    Attributes:
        far: how far it goes: "draft", "submitted" or "approved".
        in_days: when it goes out, from the day of loading; None at once.
    """

    key: str
    kind: Any
    title: str
    text: str
    far: str = "approved"
    in_days: int | None = None
    sources: tuple[tuple[str, str], ...] = field(default=())


POSTS = (
    DemoPost(
        "bridge", pb.POST_KIND_DECISION, "Міст на Зеленій",
        "Міст на Зеленій зачинили до п'ятниці: міняємо дві балки. Пішки можна пройти через парк, автобус № 3 їде"
        " вулицею Садовою. Запитання? Пишіть тут, відповімо сьогодні.",
        sources=(("Міст зачинено до п'ятниці", "Рішення міської ради Вербова № 12 від 3 березня"),),
    ),
    DemoPost(
        "library", pb.POST_KIND_MOMENTS, "Зустріч про бібліотеку",
        "На зустріч про нову бібліотеку прийшли 84 людини. Найбільше просили тиху залу для навчання і пандус з боку"
        " школи. Архітекторка покаже два варіанти за місяць.",
    ),
    DemoPost(
        "budget", pb.POST_KIND_EXPLANATION, "Чому подорожчав проїзд",
        "Проїзд коштує 12 гривень, бо пальне за рік подорожчало на третину. Школярі та пенсіонери їздять"
        " безкоштовно, як і досі.",
        far="submitted", sources=(("Пальне подорожчало на третину", "Звіт перевізника за лютий"),),
    ),
    DemoPost(
        "cleaning", pb.POST_KIND_MOMENTS, "Толока в парку",
        "Завтра о 10:00 толока в парку. Рукавиці й мішки дамо, чай зваримо. Приходьте з сусідами!",
        in_days=7,
    ),
)  # fmt: skip


def load_posts(stubs: Stubs, authorities: Mapping[str, str], server: str, tokens: Mapping[str, str]) -> dict[str, str]:
    """Connects Verbiv's account on the demo's network and writes its posts; doing it again changes nothing.

    Returns:
        ids of the posts by key.
    """
    request = channels_pb2.ConnectChannelRequest(
        request_id=request_id(AUTHORITY, "channel"), authority_id=authorities[AUTHORITY], connector="mastodon",
        values={"server": server}, secrets={"access_token": TOKEN}, language="uk",
    )  # fmt: skip
    channel = call(stubs.channels.ConnectChannel, request, tokens[PRESS]).channel
    return {post.key: _write(stubs, post, authorities[AUTHORITY], channel.id, tokens) for post in POSTS}


def _write(stubs: Stubs, demo: DemoPost, authority_id: str, channel_id: str, tokens: Mapping[str, str]) -> str:
    content = _content(demo, channel_id)
    # a loading that goes on the next day has other times
    asked = request_id(demo.key, "post", content.publish_at.ToJsonString())
    request = pb.CreatePostRequest(request_id=asked, authority_id=authority_id, content=content)
    post = call(stubs.posts.CreatePost, request, tokens[PRESS]).post
    if demo.far == "draft":
        return post.id
    submit = pb.SubmitPostRequest(request_id=request_id(demo.key, "submit"), post_id=post.id, version=post.version)
    call(stubs.posts.SubmitPost, submit, tokens[PRESS])
    if demo.far == "approved":
        approve = pb.ApprovePostRequest(
            request_id=request_id(demo.key, "approve"), post_id=post.id, version=post.version
        )
        call(stubs.posts.ApprovePost, approve, tokens[EDITOR])
    return post.id


def _content(demo: DemoPost, channel_id: str) -> pb.PostContent:
    publish_at = None
    if demo.in_days is not None:
        day = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=demo.in_days)
        publish_at = Timestamp()
        publish_at.FromDatetime(day)
    return pb.PostContent(
        kind=demo.kind, title={"uk": demo.title}, text={"uk": demo.text}, publish_at=publish_at,
        sources=[pb.Source(claim=claim, reference=reference) for claim, reference in demo.sources],
        variants=[pb.Variant(channel_id=channel_id)],
    )  # fmt: skip
