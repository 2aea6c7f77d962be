"""Users of NATS: one for each service, and what each may publish and hear (ADR 0029)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from viche_chassis.subjects import inbox_prefix, stream_name, subjects
from viche_cli.services import SERVICES

ANY = "*"


@dataclass(frozen=True, slots=True)
class Reads:
    """A durable consumer of a service.

    Args:
        area: whose events it hears.
        consumer: its name, or ANY where the names are made at run time.
        events: full name of the one message that it hears; empty where it hears several, which NATS cannot tell apart.
    """

    area: str
    consumer: str
    events: str = ""


ERASED = "viche.identity.v1.PersonErased"
# what each service hears; a test holds it to the consumers that the services make
READS: Mapping[str, Sequence[Reads]] = {
    "identity": (),
    # plugins hear of petitions by consumers named after them, on the stream of petitions itself
    "petitions": (Reads("identity", "petitions-erasing", ERASED), Reads("petitions", ANY)),
    "surveys": (Reads("identity", "surveys-erasing", ERASED),),
    "social": (Reads("identity", "social-erasing", ERASED),),
    "notifications": (Reads("identity", "notifications"), Reads("petitions", "notifications")),
}


@dataclass(frozen=True, slots=True)
class Permissions:
    """Subjects that a user may publish to and hear; nothing else."""

    publish: Sequence[str]
    subscribe: Sequence[str]


def permissions(service: str) -> Permissions:
    """What a service does on NATS: its own stream and events, its consumers, answers to itself."""
    stream = stream_name(service)
    publish = [subjects(service), *(f"$JS.API.STREAM.{verb}.{stream}" for verb in ("INFO", "CREATE", "UPDATE"))]
    for reads in READS[service]:
        publish += _consuming(reads)
    return Permissions(publish, [f"{inbox_prefix(service)}.>"])


@dataclass(frozen=True, slots=True)
class User:
    """Who may enter a server.

    Args:
        password: as it is, or hashed by bcrypt.
        permissions: None where everything is allowed.
    """

    name: str
    password: str = field(repr=False)
    permissions: Permissions | None = None


def users(passwords: Mapping[str, str], names: Mapping[str, str]) -> str:
    """The list of the services' users in the language of nats-server's configuration.

    Args:
        passwords: of each service, as they are or hashed by bcrypt.
        names: of the services' users.
    """
    return listed([User(names[each], passwords[each], permissions(each)) for each in SERVICES])


def listed(found: Sequence[User]) -> str:
    """Users as nats-server's configuration takes them."""
    return "[\n" + "".join(f"  {{\n{_described(each)}  }}\n" for each in found) + "]"


def _consuming(reads: Reads) -> list[str]:
    at = f"{stream_name(reads.area)}.{reads.consumer}"
    create = f"$JS.API.CONSUMER.CREATE.{at}"
    return [
        f"$JS.API.CONSUMER.INFO.{at}",
        # with one event in the subject NATS refuses a consumer that asks for another
        f"{create}.{reads.events}" if reads.events else create,
        *([f"{create}.>"] if reads.consumer == ANY else []),
        f"$JS.API.CONSUMER.MSG.NEXT.{at}",
        f"$JS.ACK.{at}.>",
    ]


def _described(user: User) -> str:
    said = f"    user: {json.dumps(user.name)}\n    password: {json.dumps(user.password)}\n"
    if user.permissions is None:
        return said
    return (
        f"{said}    permissions: {{\n      publish: {{ allow: {_list(user.permissions.publish)} }}\n"
        f"      subscribe: {{ allow: {_list(user.permissions.subscribe)} }}\n    }}\n"
    )


def _list(allowed: Sequence[str]) -> str:
    return "[\n" + "".join(f"        {json.dumps(each)}\n" for each in allowed) + "      ]"
