"""Passkeys in identity's double: a credential is the session's name of whose it is; who is ``stale`` confirms first."""

from datetime import UTC, datetime, timedelta
from typing import Any

from viche.identity.v1 import passkeys_pb2 as pb
from viche.identity.v1 import passkeys_pb2_grpc as rpc

from viche_chassis.errors import Code
from viche_chassis.ids import new_id
from viche_gateway.testing.channel import access_token, refusal, stamp


class FakePasskeys(rpc.PasskeysServiceServicer):
    """Passkeys by session; ``ceremonies`` are the tokens that wait, ``used`` the answers that opened sessions."""

    def __init__(self, stale: set[str]) -> None:
        self.passkeys: dict[str, list[pb.Passkey]] = {}
        self.ceremonies: dict[str, str] = {}
        self.used: list[pb.FinishPasskeySignInRequest] = []
        self._stale = stale

    def add(self, session: str, name: str = "My phone") -> pb.Passkey:
        """A passkey of somebody's."""
        passkey = pb.Passkey(id=str(new_id()), name=name, created_at=stamp(datetime.now(UTC)))
        self.passkeys.setdefault(session, []).append(passkey)
        return passkey

    async def BeginPasskeyRegistration(self, request: Any, context: Any) -> Any:
        if access_token() in self._stale:
            raise refusal(Code.FAILED_PRECONDITION, "CONFIRM_FIRST")
        token = self._begin(access_token())
        return pb.BeginPasskeyRegistrationResponse(options='{"challenge": "QQ"}', ceremony_token=token)

    async def FinishPasskeyRegistration(self, request: Any, context: Any) -> Any:
        self._take(request.ceremony_token, access_token())
        return pb.FinishPasskeyRegistrationResponse(passkey=self.add(access_token(), request.name))

    async def ListMyPasskeys(self, request: Any, context: Any) -> Any:
        return pb.ListMyPasskeysResponse(passkeys=self.passkeys.get(access_token(), []))

    async def DeleteMyPasskey(self, request: Any, context: Any) -> Any:
        held = self.passkeys.get(access_token(), [])
        self.passkeys[access_token()] = [each for each in held if each.id != request.passkey_id]
        return pb.DeleteMyPasskeyResponse()

    async def GetPasskeyMail(self, request: Any, context: Any) -> Any:
        raise refusal(Code.PERMISSION_DENIED, "ACCESS_DENIED")  # mails are not the gateway's

    async def BeginPasskeySignIn(self, request: Any, context: Any) -> Any:
        token = self._begin(request.session_token)
        return pb.BeginPasskeySignInResponse(options='{"challenge": "QQ"}', ceremony_token=token)

    async def FinishPasskeySignIn(self, request: Any, context: Any) -> Any:
        who = self._take(request.ceremony_token)
        if not self.passkeys.get(request.credential) or who not in ("", request.credential):
            raise refusal(Code.NOT_FOUND, "PASSKEY_UNKNOWN")
        self.used.append(request)
        self._stale.discard(request.credential)
        ends_at = stamp(datetime.now(UTC) + timedelta(days=30))
        return pb.FinishPasskeySignInResponse(session_token=request.credential, expires_at=ends_at)

    def _begin(self, who: str) -> str:
        token = str(new_id())
        self.ceremonies[token] = who
        return token

    def _take(self, token: str, who: str = "") -> str:
        begun = self.ceremonies.pop(token, None)
        if begun is None or (who and begun != who):
            raise refusal(Code.FAILED_PRECONDITION, "CEREMONY_OVER")
        return begun
