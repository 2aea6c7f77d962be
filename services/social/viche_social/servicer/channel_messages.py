"""Channels and connectors as messages."""

from collections.abc import Mapping, Sequence

from viche.social.v1 import channels_pb2 as pb

from viche_chassis.messages import timestamp
from viche_sdk.connectors.types import ConnectorSpec, FieldOwner, Jurisdiction
from viche_social.calling import Report
from viche_social.store.channels import Channel

STATES: Mapping[str, int] = {
    name.removeprefix("CHANNEL_STATE_").lower(): number for name, number in pb.ChannelState.items()
}


_HEALTH = {
    "healthy": pb.CONNECTOR_STATE_GOOD,
    "stopped": pb.CONNECTOR_STATE_CUT_OFF,
    "down": pb.CONNECTOR_STATE_DOWN,
}


def channel_message(channel: Channel) -> pb.Channel:
    """One channel."""
    return pb.Channel(
        id=str(channel.id), authority_id=str(channel.authority_id), connector=channel.connector,
        platform=channel.platform, handle=channel.handle, name=channel.title, url=channel.url,
        language=channel.language, state=STATES[channel.state], fault=channel.fault,  # pyright: ignore[reportArgumentType]
        asked_at=timestamp(channel.asked_at), worked_at=timestamp(channel.worked_at),
        expires_at=timestamp(channel.expires_at), granted=sorted(channel.granted), values=channel.own_values,
        connected_at=timestamp(channel.connected_at),
    )  # fmt: skip


def connector_message(
    spec: ConnectorSpec, not_set_up: Sequence[str], report: Report | None, country: str
) -> pb.ConnectorInfo:
    """What a connector is, and how."""
    return pb.ConnectorInfo(
        name=spec.name,
        platform=spec.platform,
        title=spec.title,
        description=spec.description,
        capabilities=sorted(spec.capabilities),
        absent=[pb.AbsentCapability(capability=each, reason=reason) for each, reason in spec.absent],
        fields=[
            pb.ConnectorField(
                name=field.name, title=field.title, help=field.help, kind=field.kind, is_required=field.is_required,
                example=field.example,
            )
            for field in spec.fields if field.owner is FieldOwner.ACCOUNT
        ],
        needs_consent=spec.oauth is not None,
        not_set_up=not_set_up,
        places=[_place(each, country) for each in spec.jurisdictions],
        prices=[
            pb.Price(
                operation=each.operation, amount=str(each.amount), currency=each.currency, with_link=each.with_link
            )
            for each in spec.costs
        ],
        state=_HEALTH.get(report.health if report else "down", pb.CONNECTOR_STATE_DOWN),
        fault=report.reason if report else "",
        docs_url=spec.docs_url,
    )  # fmt: skip


def _place(place: Jurisdiction, country: str) -> pb.Place:
    return pb.Place(
        country=place.country, duty=place.duty, reason=place.reason, act=place.legal_basis.act,
        article=place.legal_basis.article, url=place.legal_basis.url, is_here=place.country == country,
    )  # fmt: skip
