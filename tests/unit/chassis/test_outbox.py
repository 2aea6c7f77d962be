"""What is remembered of an answer."""

from viche.connectors.v1 import connectors_pb2
from viche.social.v1 import channels_pb2, inbox_pb2

from viche_chassis.outbox import plain


def test_what_is_sensitive_is_not_remembered_wherever_it_stands() -> None:
    channels = channels_pb2.ListChannelsResponse(
        channels=[channels_pb2.Channel(id="1", webhook_url="https://x.example/secret", values={"server": "s"})]
    )
    thread = inbox_pb2.ClaimThreadResponse(thread=inbox_pb2.Thread(id="2", excerpt="Where?", number=7))
    call = connectors_pb2.ProbeRequest(call=connectors_pb2.Call(id="3", secrets={"a": "b"}, session="c"))

    kept = [plain(each) for each in (channels, thread, call)]

    assert kept == [
        channels_pb2.ListChannelsResponse(channels=[channels_pb2.Channel(id="1", values={"server": "s"})]),
        inbox_pb2.ClaimThreadResponse(thread=inbox_pb2.Thread(id="2", number=7)),
        connectors_pb2.ProbeRequest(call=connectors_pb2.Call(id="3")),
    ]
    assert channels.channels[0].webhook_url  # the answer itself stays whole


def test_what_is_not_sensitive_is_kept_as_it_is() -> None:
    answer = channels_pb2.ListConnectorsResponse(connectors=[channels_pb2.ConnectorInfo(name="mastodon")])

    assert plain(answer) is answer
