"""RegisterService: who has accounts on networks, and which."""

from dataclasses import replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from viche.social.v1 import register_pb2 as pb
from viche.social.v1 import register_pb2_grpc

from viche_chassis import acts, pages
from viche_chassis.access import current_caller
from viche_chassis.db import Connection, Pool, reading
from viche_chassis.errors import InvalidFields, invalid
from viche_chassis.once import once
from viche_social import importing, register
from viche_social.own_bodies import OwnBodies
from viche_social.servicer.convert import account_message, body_message, read_day, read_kind, read_register
from viche_social.store import accounts, bodies, days

PAGE, MOST = 200, 1_000
Context = Any


class RegisterServicer(register_pb2_grpc.RegisterServiceServicer):
    """Bodies and their accounts."""

    def __init__(self, pool: Pool, own_bodies: OwnBodies, zone: ZoneInfo) -> None:
        self._pool = pool
        self._own_bodies = own_bodies
        self._zone = zone

    async def ListBodies(self, request: pb.ListBodiesRequest, context: Context) -> pb.ListBodiesResponse:
        size = pages.page_size(request.page_size, PAGE, MOST)
        on = read_day("on", request.on)
        after = pages.read_page_token(request.page_token, (str, str, UUID))
        async with reading(self._pool) as conn:
            found = await bodies.on_day(
                conn, on or await days.today(conn, self._zone), read_kind(request.kind),
                bodies.After(*after) if after else None, size + 1,
            )  # fmt: skip
        last = found[size - 1] if len(found) > size else None
        token = pages.page_token(last.standing.authority_kind, last.title, last.id) if last else ""
        return pb.ListBodiesResponse(bodies=map(body_message, found[:size]), next_page_token=token)

    async def ListAccounts(self, request: pb.ListAccountsRequest, context: Context) -> pb.ListAccountsResponse:
        size = pages.page_size(request.page_size, PAGE, MOST)
        on = read_day("on", request.on)
        after = pages.read_page_token(request.page_token, (UUID, str, str, UUID))
        asked = [_uuid("body_ids", each) for each in request.body_ids]
        async with reading(self._pool) as conn:
            found = await accounts.on_day(
                conn, on or await days.today(conn, self._zone), asked, request.platform,
                accounts.After(*after) if after else None, size + 1,
            )  # fmt: skip
        last = found[size - 1] if len(found) > size else None
        token = pages.page_token(last.body_id, last.platform, last.handle, last.id) if last else ""
        return pb.ListAccountsResponse(accounts=map(account_message, found[:size]), next_page_token=token)

    async def PutAccount(self, request: pb.PutAccountRequest, context: Context) -> pb.PutAccountResponse:
        authority_id = UUID(request.authority_id)
        register.check_covered(authority_id)
        await self._own_bodies.check(authority_id)
        known = await self._own_bodies.known()

        async def act(conn: Connection) -> pb.PutAccountResponse:
            await self._own_bodies.write(conn, known)
            on = await days.today(conn, self._zone)
            entered = register.entered(authority_id, request.platform, request.handle, request.url, on)
            return pb.PutAccountResponse(account=account_message(await register.put(conn, entered)))

        return await once(self._pool, current_caller().person, request, pb.PutAccountResponse, act)

    async def ImportRegister(self, request: pb.ImportRegisterRequest, context: Context) -> pb.ImportRegisterResponse:
        await self._own_bodies.check_operates_all()
        asked = read_day("on", request.on)
        given = read_register(request, asked)
        importing.check(given)
        known = await self._own_bodies.known(is_fresh=True)

        async def act(conn: Connection) -> pb.ImportRegisterResponse:
            today = await days.today(conn, self._zone)
            if given.on > today:
                raise InvalidFields(invalid("on", "IN_THE_FUTURE"))
            await self._own_bodies.write(conn, known)
            own = {each.slug: each.id for each in known}
            done = await importing.take(conn, given if asked else replace(given, on=today), own)
            acts.about(object=f"register:{request.register}")
            return pb.ImportRegisterResponse(
                bodies_added=done.bodies_added, bodies_ended=done.bodies_ended, accounts_added=done.taken.added,
                accounts_ended=done.taken.ended, accounts_kept=done.taken.kept, unknown=done.unknown,
            )  # fmt: skip

        return await once(self._pool, current_caller().person, request, pb.ImportRegisterResponse, act)

    async def EndAccount(self, request: pb.EndAccountRequest, context: Context) -> pb.EndAccountResponse:
        async def act(conn: Connection) -> pb.EndAccountResponse:
            on = await days.today(conn, self._zone)
            return pb.EndAccountResponse(
                account=account_message(await register.end(conn, UUID(request.account_id), on))
            )

        return await once(self._pool, current_caller().person, request, pb.EndAccountResponse, act)


def _uuid(field: str, text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InvalidFields(invalid(field, "NOT_A_UUID")) from None
