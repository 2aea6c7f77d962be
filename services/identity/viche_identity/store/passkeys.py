"""Passkeys, the handles of their persons, and challenges that wait for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection


@dataclass(frozen=True, slots=True)
class NewChallenge:
    """A challenge to be; ``person_id`` is who alone may answer it, None where anybody may."""

    token_hash: bytes
    challenge: bytes
    purpose: str
    person_id: UUID | None
    life_minutes: int


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge that has just been taken."""

    challenge: bytes
    person_id: UUID | None


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey to be; ``name`` is sealed, ``public_key`` in the format of COSE."""

    id: UUID
    person_id: UUID
    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: Sequence[str]
    name: bytes


@dataclass(frozen=True, slots=True)
class Listed:
    """A passkey as its person sees it; ``name`` is sealed."""

    id: UUID
    name: bytes
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Credential:
    """How browsers know a passkey."""

    id: bytes
    transports: Sequence[str]


@dataclass(frozen=True, slots=True)
class Held:
    """A passkey that is being used."""

    id: UUID
    person_id: UUID
    handle: bytes
    public_key: bytes
    sign_count: int


async def add_challenge(conn: Connection, new: NewChallenge) -> None:
    """Keeps a challenge."""
    await conn.execute(
        "INSERT INTO passkey_challenges (token_hash, challenge, purpose, person_id, expires_at) VALUES"
        " (%(hash)s, %(challenge)s, %(purpose)s, %(person)s, now() + make_interval(mins => %(minutes)s))",
        {
            "hash": new.token_hash,
            "challenge": new.challenge,
            "purpose": new.purpose,
            "person": new.person_id,
            "minutes": new.life_minutes,
        },
    )


async def take_challenge(conn: Connection, token_hash: bytes, purpose: str) -> Challenge | None:
    """Takes a challenge that is still good, for good: of two who answer at once only one gets it."""
    cursor = await conn.execute(
        "DELETE FROM passkey_challenges WHERE token_hash = %(hash)s AND purpose = %(purpose)s"
        " RETURNING challenge, person_id, expires_at > now()",
        {"hash": token_hash, "purpose": purpose},
    )
    row = await cursor.fetchone()
    return Challenge(bytes(row[0]), row[1]) if row and row[2] else None


async def ensure_handle(conn: Connection, person_id: UUID, new: bytes) -> bytes:
    """The person's handle, which is ``new`` where there was none; others who add for this person wait."""
    cursor = await conn.execute(
        "INSERT INTO passkey_handles AS known (person_id, handle) VALUES (%(person)s, %(new)s)"
        " ON CONFLICT (person_id) DO UPDATE SET handle = known.handle RETURNING handle",
        {"person": person_id, "new": new},
    )
    row = await cursor.fetchone()
    assert row is not None
    return bytes(row[0])


async def add(conn: Connection, new: NewPasskey) -> datetime | None:
    """Adds a passkey; gives when, or None where it was added before, by whomever."""
    cursor = await conn.execute(
        "INSERT INTO passkeys (id, person_id, credential_id, public_key, sign_count, transports, name) VALUES"
        " (%(id)s, %(person)s, %(credential)s, %(key)s, %(count)s, %(transports)s, %(name)s)"
        " ON CONFLICT (credential_id) DO NOTHING RETURNING created_at",
        {
            "id": new.id,
            "person": new.person_id,
            "credential": new.credential_id,
            "key": new.public_key,
            "count": new.sign_count,
            "transports": list(new.transports),
            "name": new.name,
        },
    )
    row = await cursor.fetchone()
    return row[0] if row else None


async def credentials_of(conn: Connection, person_id: UUID) -> list[Credential]:
    """How browsers know a person's passkeys."""
    cursor = await conn.execute(
        "SELECT credential_id, transports FROM passkeys WHERE person_id = %(person)s ORDER BY id", {"person": person_id}
    )
    return [Credential(bytes(row[0]), row[1]) for row in await cursor.fetchall()]


async def of_person(conn: Connection, person_id: UUID) -> list[Listed]:
    """A person's passkeys, the first added first."""
    cursor = await conn.execute(
        "SELECT id, name, created_at, last_used_at FROM passkeys WHERE person_id = %(person)s ORDER BY created_at, id",
        {"person": person_id},
    )
    return [Listed(row[0], bytes(row[1]), row[2], row[3]) for row in await cursor.fetchall()]


async def hold(conn: Connection, credential_id: bytes) -> Held | None:
    """A passkey, locked: two uses at once come one after the other, so that each sees the counter of the other."""
    cursor = await conn.execute(
        "SELECT passkeys.id, passkeys.person_id, handles.handle, passkeys.public_key, passkeys.sign_count"
        " FROM passkeys JOIN passkey_handles AS handles ON handles.person_id = passkeys.person_id"
        " WHERE passkeys.credential_id = %(credential)s FOR UPDATE OF passkeys",
        {"credential": credential_id},
    )
    row = await cursor.fetchone()
    return Held(row[0], row[1], bytes(row[2]), bytes(row[3]), row[4]) if row else None


async def note_use(conn: Connection, passkey_id: UUID, sign_count: int) -> None:
    """Notes that a passkey was used."""
    await conn.execute(
        "UPDATE passkeys SET sign_count = %(count)s, last_used_at = now() WHERE id = %(id)s",
        {"id": passkey_id, "count": sign_count},
    )


async def person_of(conn: Connection, passkey_id: UUID) -> UUID | None:
    """Whose passkey it is; None where it is gone."""
    cursor = await conn.execute("SELECT person_id FROM passkeys WHERE id = %(id)s", {"id": passkey_id})
    row = await cursor.fetchone()
    return row[0] if row else None


async def delete(conn: Connection, person_id: UUID, passkey_id: UUID) -> None:
    """Deletes a passkey of a person's."""
    await conn.execute(
        "DELETE FROM passkeys WHERE id = %(id)s AND person_id = %(person)s", {"id": passkey_id, "person": person_id}
    )


async def forget(conn: Connection, person_id: UUID) -> None:
    """Deletes all passkeys of a person."""
    await conn.execute("DELETE FROM passkeys WHERE person_id = %(person)s", {"person": person_id})


async def forget_handle(conn: Connection, person_id: UUID) -> None:
    """Deletes the name under which authenticators know a person."""
    await conn.execute("DELETE FROM passkey_handles WHERE person_id = %(person)s", {"person": person_id})


async def forget_challenges(conn: Connection, person_id: UUID) -> None:
    """Deletes challenges that the person alone could have answered."""
    await conn.execute("DELETE FROM passkey_challenges WHERE person_id = %(person)s", {"person": person_id})


async def sweep(conn: Connection) -> None:
    """Deletes challenges that nobody can answer any more."""
    await conn.execute("DELETE FROM passkey_challenges WHERE expires_at <= now()")
