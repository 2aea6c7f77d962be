"""Social's double for accounts on platforms: an account is called like the secret that opens it."""

from typing import Any

from viche.social.v1 import channels_pb2 as pb
from viche.social.v1 import channels_pb2_grpc as rpc

from viche_chassis.errors import Code, InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_gateway.testing.channel import refusal

WRONG = "wrong"
"""A secret that no platform takes."""


def mastodon() -> pb.ConnectorInfo:
    """A connector where secrets are entered."""
    return pb.ConnectorInfo(
        name="mastodon", platform="mastodon", title="Mastodon", description={"en": "Posts on a Mastodon server."},
        capabilities=["poll", "publish.image", "publish.text"],
        absent=[pb.AbsentCapability(capability="hide", reason={"en": "Mastodon lets nobody hide answers."})],
        fields=[
            pb.ConnectorField(name="server", title={"en": "Server"}, help={"en": "Where the account lives."},
                              kind="address", is_required=True, example="https://mastodon.example"),
            pb.ConnectorField(name="access_token", title={"en": "Access token"}, kind="secret", is_required=True),
        ],
        state=pb.CONNECTOR_STATE_GOOD, docs_url="https://docs.joinmastodon.org",
    )  # fmt: skip


def facebook() -> pb.ConnectorInfo:
    """A connector where a person gives consent, that costs something and is restricted somewhere."""
    return pb.ConnectorInfo(
        name="facebook", platform="facebook", title="Facebook", capabilities=["publish.text"], needs_consent=True,
        prices=[
            pb.Price(operation="publish", amount="0.015", currency="USD"),
            pb.Price(operation="hide", amount="50", currency="units"),
        ],
        places=[pb.Place(country="BG", duty="restricted", reason={"en": "Ask your lawyer."}, is_here=True,
                         act={"en": "Media act"}, article="7", url="https://law.example/7")],
        state=pb.CONNECTOR_STATE_GOOD,
    )  # fmt: skip


def forbidden() -> pb.ConnectorInfo:
    """A connector that authorities may not use here, and that the operator has not set up."""
    return pb.ConnectorInfo(
        name="vk", platform="vk", title="VK", not_set_up=["client_id"], state=pb.CONNECTOR_STATE_GOOD,
        places=[pb.Place(country="UA", duty="may_not", reason={"en": "Sanctions."}, is_here=True)],
    )  # fmt: skip


def by_hand() -> pb.ConnectorInfo:
    """A connector where a person posts."""
    return pb.ConnectorInfo(
        name="assisted", platform="facebook", title="Facebook groups", capabilities=["manual"],
        state=pb.CONNECTOR_STATE_GOOD,
    )  # fmt: skip


class FakeSocialChannels(rpc.ChannelsServiceServicer):
    """Channels by id, and what connectors there are; ``secrets`` holds what was entered for each channel."""

    def __init__(self) -> None:
        self.connectors = [by_hand(), facebook(), mastodon(), forbidden()]
        self.known: dict[str, pb.Channel] = {}
        self.secrets: dict[str, dict[str, str]] = {}
        self.rounds: dict[str, pb.BeginConsentRequest] = {}

    def add(self, authority_id: str, **fields: Any) -> pb.Channel:
        """A connected account."""
        made = pb.Channel(
            authority_id=authority_id,
            **{"id": str(new_id()), "connector": "mastodon", "platform": "mastodon",
               "handle": "@dibrova@social.example", "name": "Dibrova", "language": "en",
               "url": "https://social.example/@dibrova",
               "state": pb.CHANNEL_STATE_GOOD, "granted": ["publish.text"], **fields},
        )  # fmt: skip
        self.known[made.id] = made
        return made

    async def ListConnectors(self, request: Any, context: Any) -> Any:
        return pb.ListConnectorsResponse(connectors=self.connectors)

    async def ListChannels(self, request: Any, context: Any) -> Any:
        good = (pb.CHANNEL_STATE_GOOD, pb.CHANNEL_STATE_PAUSED)
        found = [
            each for each in self.known.values()
            if (not request.authority_ids or each.authority_id in request.authority_ids)
            and (request.with_disconnected or each.state != pb.CHANNEL_STATE_DISCONNECTED)
        ]  # fmt: skip
        return pb.ListChannelsResponse(channels=sorted(found, key=lambda each: each.state in good))

    async def GetChannel(self, request: Any, context: Any) -> Any:
        return pb.GetChannelResponse(channel=self._find(request.channel_id))

    async def ConnectChannel(self, request: Any, context: Any) -> Any:
        connector = next(each for each in self.connectors if each.name == request.connector)
        entered = {**request.values, **request.secrets}
        if missing := [each for each in connector.fields if each.is_required and not entered.get(each.name)]:
            raise InvalidFields(*(invalid(f"{_kind(each)}.{each.name}", "REQUIRED") for each in missing))
        self._refuse(request.secrets)
        made = self.add(request.authority_id, connector=request.connector, language=request.language or "en",
                        values=dict(request.values))  # fmt: skip
        self.secrets[made.id] = dict(request.secrets)
        return pb.ConnectChannelResponse(channel=made)

    async def RenewChannel(self, request: Any, context: Any) -> Any:
        self._refuse(request.secrets)
        found = self._find(request.channel_id)
        self.secrets[found.id] = dict(request.secrets)
        found.state = pb.CHANNEL_STATE_GOOD
        return pb.RenewChannelResponse(channel=found)

    async def BeginConsent(self, request: Any, context: Any) -> Any:
        state = f"state-{len(self.rounds)}"
        self.rounds[state] = request
        return pb.BeginConsentResponse(url=f"https://platform.example/consent?state={state}")

    async def FinishConsent(self, request: Any, context: Any) -> Any:
        begun = self.rounds.pop(request.state, None)
        if begun is None:
            raise refusal(Code.NOT_FOUND, "CONSENT_NOT_FOUND")
        if not request.code:
            raise refusal(Code.FAILED_PRECONDITION, "CONSENT_REFUSED", detail="")
        if begun.channel_id:
            found = self._find(begun.channel_id)
            found.state = pb.CHANNEL_STATE_GOOD
            return pb.FinishConsentResponse(channel=found)
        return pb.FinishConsentResponse(channel=self.add(begun.authority_id, connector=begun.connector))

    async def PauseChannel(self, request: Any, context: Any) -> Any:
        found = self._find(request.channel_id)
        found.state = pb.CHANNEL_STATE_PAUSED if request.is_paused else pb.CHANNEL_STATE_GOOD
        return pb.PauseChannelResponse(channel=found)

    async def RefreshChannel(self, request: Any, context: Any) -> Any:
        return pb.RefreshChannelResponse(channel=self._find(request.channel_id))

    async def DisconnectChannel(self, request: Any, context: Any) -> Any:
        found = self._find(request.channel_id)
        found.state = pb.CHANNEL_STATE_DISCONNECTED
        self.secrets.pop(found.id, None)
        return pb.DisconnectChannelResponse(channel=found)

    def _find(self, channel_id: str) -> pb.Channel:
        if channel_id not in self.known:
            raise refusal(Code.NOT_FOUND, "CHANNEL_NOT_FOUND")
        return self.known[channel_id]

    def _refuse(self, secrets: Any) -> None:
        if WRONG in secrets.values():
            raise refusal(Code.FAILED_PRECONDITION, "ACCOUNT_REFUSED", detail="The access token is invalid")


def _kind(field: pb.ConnectorField) -> str:
    return "secrets" if "secret" in field.kind else "values"
