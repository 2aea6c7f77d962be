"""What the outcome of a call holds up: one channel, or all of a connector's."""

from viche_chassis.db import Connection
from viche_social.connecting import expired
from viche_social.domain.deliveries import Hold, Step
from viche_social.store import channels
from viche_social.store.channels import Channel


async def tell(conn: Connection, channel: Channel, step: Step) -> None:
    """What an outcome says about the channel, or about all of the connector's."""
    match step.hold:
        case Hold.EXPIRED:
            await expired(conn, channel.id, step.detail)
        case Hold.LIMITED:
            await channels.set_state(conn, channel.id, "limited", step.detail)
        case Hold.CHANNEL:
            await channels.be_quiet(conn, channel.id, step.pause)
        case Hold.CONNECTOR:
            await channels.be_quiet_all(conn, channel.connector, step.pause)
        case None if not step.error:
            await channels.worked(conn, channel.id)
        case None:
            pass
