"""Adding passkeys and signing in with them: each ceremony is a challenge that is kept until it is answered, once."""

import hashlib
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche.identity.v1 import events_pb2

from viche_chassis import base64url, outbox
from viche_chassis.access import PersonClaims
from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.errors import InvalidFields, NotFound, Unauthenticated
from viche_chassis.ids import new_id
from viche_chassis.rates import Rates
from viche_identity.ceremonies import Ceremonies, Used, User, read_answer
from viche_identity.crypto import new_session_token, session_token_hash
from viche_identity.domain import passkeys as rules
from viche_identity.domain.erasures import CONFIRMED_WITHIN_MINUTES, ConfirmFirst
from viche_identity.domain.people import SESSION_LIFE_DAYS, Person, SessionEnded, clean_name
from viche_identity.rates import PASSKEYS_PER_NETWORK
from viche_identity.records import Records
from viche_identity.store import grants, passkeys, people, sessions

log = logging.getLogger("viche.identity.passkeys")

CHALLENGE_BYTES = 32
HANDLE_BYTES = 32
TOKEN_BYTES = 32
REGISTER, SIGN_IN = "register", "sign_in"


@dataclass(frozen=True, slots=True)
class Begun:
    """A ceremony that waits for its answer: ``options`` for the page, ``token`` for the browser alone."""

    options: str
    token: str


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its person sees it."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignIn:
    """An answer that is to open a session, which stands for the one of ``replaced``."""

    token: str
    credential: str
    device: str
    replaced: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was opened."""

    token: str
    expires_at: datetime


class Passkeys:
    """Passkeys of persons.

    Args:
        ceremonies: None where browsers make no passkeys for the portal's address.
        wake: tells the relay that an event waits.
    """

    def __init__(
        self, pool: Pool, records: Records, rates: Rates, ceremonies: Ceremonies | None, wake: Callable[[], None]
    ) -> None:
        self._pool = pool
        self._records = records
        self._rates = rates
        self._ceremonies = ceremonies
        self._wake = wake

    async def begin_registration(self, person: PersonClaims) -> Begun:
        """Begins to add a passkey.

        Raises:
            PasskeysOff, ConfirmFirst, TooManyPasskeys, Unauthenticated: it cannot be added.
        """
        ceremonies, person_id = self._usable(), UUID(person.id)
        async with transaction(self._pool) as conn:
            user = await self._user(conn, person_id)
            if not await sessions.is_fresh(conn, UUID(person.session_id), CONFIRMED_WITHIN_MINUTES):
                raise ConfirmFirst()
            held = await passkeys.credentials_of(conn, person_id)
            if len(held) >= rules.MOST:
                raise rules.TooManyPasskeys(limit=rules.MOST)
            challenge, token = await _challenge(conn, REGISTER, person_id)
            must_verify = bool(await grants.of(conn, person_id))
        return Begun(ceremonies.creation_options(challenge, user, held, must_verify=must_verify), token)

    async def finish_registration(self, person: PersonClaims, token: str, credential: str, name: str) -> Passkey:
        """Adds the passkey.

        Raises:
            InvalidFields, CeremonyOver, PasskeyRefused, PasskeyUnverified, PasskeyTaken, TooManyPasskeys: it cannot be.
        """
        ceremonies, person_id, name = self._usable(), UUID(person.id), clean_name(name)
        if found := list(rules.passkey_name_violations(name)):
            raise InvalidFields(*found)
        challenge = await self._take(token, REGISTER)
        if challenge.person_id != person_id:
            raise rules.CeremonyOver()
        id = new_id()
        async with transaction(self._pool) as conn:
            await self._user(conn, person_id)  # locks: others who add for this person wait
            must_verify = bool(await grants.of(conn, person_id))
            made = ceremonies.check_made(challenge.challenge, credential, must_verify=must_verify)
            if len(await passkeys.credentials_of(conn, person_id)) >= rules.MOST:
                raise rules.TooManyPasskeys(limit=rules.MOST)
            sealed = self._records.close_passkey_name(name, id)
            new = passkeys.NewPasskey(
                id, person_id, made.credential_id, made.public_key, made.sign_count, made.transports, sealed
            )
            created_at = await passkeys.add(conn, new)
            if created_at is None:
                raise rules.PasskeyTaken()
            await outbox.add(conn, events_pb2.PasskeyAdded(passkey_id=str(id)))
        self._wake()
        return Passkey(id, name, created_at)

    async def of(self, person: PersonClaims) -> Sequence[Passkey]:
        """The person's passkeys, the first added first."""
        async with transaction(self._pool) as conn:
            held = await passkeys.of_person(conn, UUID(person.id))
        open_name = self._records.open_passkey_name
        return [Passkey(each.id, open_name(each.name, each.id), each.created_at, each.last_used_at) for each in held]

    async def delete(self, person: PersonClaims, passkey_id: UUID) -> None:
        """Removes a passkey of the person's; a link by e-mail remains as a way in."""
        async with transaction(self._pool) as conn:
            await passkeys.delete(conn, UUID(person.id), passkey_id)

    async def told(self, passkey_id: UUID) -> Person:
        """The person who is told of a new passkey.

        Raises:
            NotFound: it is gone, or its person has no address.
        """
        async with transaction(self._pool) as conn:
            person_id = await passkeys.person_of(conn, passkey_id)
            rows = await people.find(conn, [person_id]) if person_id else []
        person = self._records.open_person(rows[0]) if rows else None
        if person is None or not person.email:
            raise NotFound(what="passkey")
        return person

    async def begin_sign_in(self, session_token: str, network: str) -> Begun:
        """Begins to sign in with whatever passkey the browser has; or with one of the session's person.

        Raises:
            PasskeysOff, TooManyRequests, SessionEnded, NoPasskey: it cannot be begun.
        """
        ceremonies = self._usable()
        async with transaction(self._pool) as conn:
            await self._rates.require(conn, PASSKEYS_PER_NETWORK, network)
            person_id = await _person_of(conn, session_token) if session_token else None
            held = await passkeys.credentials_of(conn, person_id) if person_id else []
            if person_id and not held:
                raise rules.NoPasskey()
            challenge, token = await _challenge(conn, SIGN_IN, person_id)
            must_verify = person_id is not None and bool(await grants.of(conn, person_id))
        return Begun(ceremonies.request_options(challenge, held, must_verify=must_verify), token)

    async def finish_sign_in(self, asked: SignIn) -> Opened:
        """Opens a session.

        Raises:
            CeremonyOver, PasskeyRefused, PasskeyUnknown, PasskeyUnverified, PasskeyCopied: none is opened.
        """
        challenge = await self._take(asked.token, SIGN_IN)
        token = new_session_token()
        async with transaction(self._pool) as conn:
            held, used = await self._prove(conn, challenge, asked.credential)
            expires_at = await self._open(conn, held, used, asked, token)
            if expires_at is None:
                await outbox.add(conn, events_pb2.PasskeyCopied(passkey_id=str(held.id)))
        if expires_at is None:
            self._wake()
            log.warning("the counter of a passkey went back", extra={"passkey_id": str(held.id)})
            raise rules.PasskeyCopied()
        return Opened(token, expires_at)

    async def _open(
        self, conn: Connection, held: passkeys.Held, used: Used, asked: SignIn, token: str
    ) -> datetime | None:
        """Opens a session; gives when it ends, or None where the passkey was copied and nothing is opened."""
        if rules.is_copied(held.sign_count, used.sign_count):
            return None
        if not used.is_verified and await grants.of(conn, held.person_id):
            raise rules.PasskeyUnverified()
        await passkeys.note_use(conn, held.id, used.sign_count)
        new = sessions.NewSession(new_id(), session_token_hash(token), held.person_id, asked.device, "passkey")
        if asked.replaced:
            await sessions.end_if_of(conn, session_token_hash(asked.replaced), held.person_id)
        return await sessions.add(conn, [new], SESSION_LIFE_DAYS)

    async def _prove(
        self, conn: Connection, challenge: passkeys.Challenge, credential: str
    ) -> tuple[passkeys.Held, Used]:
        """The passkey that answered the challenge, and how it was used."""
        answer = read_answer(credential)
        held = await passkeys.hold(conn, answer.raw_id)
        if held is None or challenge.person_id not in (None, held.person_id):
            raise rules.PasskeyUnknown()
        said_handle = answer.response.user_handle
        if said_handle != held.handle and (said_handle is not None or challenge.person_id is None):
            raise rules.PasskeyRefused()  # WebAuthn Level 3, 7.2, step 6
        return held, self._usable().check_used(challenge.challenge, answer, held.public_key)

    async def _take(self, token: str, purpose: str) -> passkeys.Challenge:
        """The challenge of a ceremony; it is gone for good, whatever comes of the answer."""
        async with transaction(self._pool) as conn:
            challenge = await passkeys.take_challenge(conn, _hash(token), purpose)
        if challenge is None:
            raise rules.CeremonyOver()
        return challenge

    async def _user(self, conn: Connection, person_id: UUID) -> User:
        """The person as authenticators know them, by a name that is made up on the first time."""
        rows = await people.find(conn, [person_id])
        if not rows:
            raise Unauthenticated()
        person = self._records.open_person(rows[0])
        handle = await passkeys.ensure_handle(conn, person_id, os.urandom(HANDLE_BYTES))
        return User(handle, person.email, person.name or person.email)

    def _usable(self) -> Ceremonies:
        if self._ceremonies is None:
            raise rules.PasskeysOff()
        return self._ceremonies


async def _challenge(conn: Connection, purpose: str, person_id: UUID | None) -> tuple[bytes, str]:
    """A new challenge, and the token of whoever may answer it."""
    challenge, token = os.urandom(CHALLENGE_BYTES), base64url.encode(os.urandom(TOKEN_BYTES))
    new = passkeys.NewChallenge(_hash(token), challenge, purpose, person_id, rules.CHALLENGE_LIFE_MINUTES)
    await passkeys.add_challenge(conn, new)
    return challenge, token


async def _person_of(conn: Connection, session_token: str) -> UUID:
    person_id = await sessions.person_of(conn, session_token_hash(session_token))
    if person_id is None:
        raise SessionEnded()
    return person_id


def _hash(token: str) -> bytes:
    """How a ceremony's token is stored; a plain hash is enough for 32 random bytes."""
    return hashlib.sha256(token.encode()).digest()
