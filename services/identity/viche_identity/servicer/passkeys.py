"""PasskeysService: adding passkeys, signing in with them."""

from typing import Any
from uuid import UUID

from viche.identity.v1 import passkeys_pb2, passkeys_pb2_grpc

from viche_chassis.access import current_person
from viche_chassis.mailboxes import sending_address
from viche_identity.passkeys import Passkey, Passkeys, SignIn


class PasskeysServicer(passkeys_pb2_grpc.PasskeysServiceServicer):
    """Reads and writes messages; :class:`Passkeys` does the work."""

    def __init__(self, passkeys: Passkeys) -> None:
        self._passkeys = passkeys

    async def BeginPasskeyRegistration(
        self, request: passkeys_pb2.BeginPasskeyRegistrationRequest, context: Any
    ) -> passkeys_pb2.BeginPasskeyRegistrationResponse:
        begun = await self._passkeys.begin_registration(current_person())
        return passkeys_pb2.BeginPasskeyRegistrationResponse(options=begun.options, ceremony_token=begun.token)

    async def FinishPasskeyRegistration(
        self, request: passkeys_pb2.FinishPasskeyRegistrationRequest, context: Any
    ) -> passkeys_pb2.FinishPasskeyRegistrationResponse:
        added = await self._passkeys.finish_registration(
            current_person(), request.ceremony_token, request.credential, request.name
        )
        return passkeys_pb2.FinishPasskeyRegistrationResponse(passkey=_message(added))

    async def ListMyPasskeys(
        self, request: passkeys_pb2.ListMyPasskeysRequest, context: Any
    ) -> passkeys_pb2.ListMyPasskeysResponse:
        held = await self._passkeys.of(current_person())
        return passkeys_pb2.ListMyPasskeysResponse(passkeys=[_message(each) for each in held])

    async def DeleteMyPasskey(
        self, request: passkeys_pb2.DeleteMyPasskeyRequest, context: Any
    ) -> passkeys_pb2.DeleteMyPasskeyResponse:
        await self._passkeys.delete(current_person(), UUID(request.passkey_id))
        return passkeys_pb2.DeleteMyPasskeyResponse()

    async def GetPasskeyMail(
        self, request: passkeys_pb2.GetPasskeyMailRequest, context: Any
    ) -> passkeys_pb2.GetPasskeyMailResponse:
        person = await self._passkeys.told(UUID(request.passkey_id))
        return passkeys_pb2.GetPasskeyMailResponse(
            email=sending_address(person.email), name=person.name, language=person.language
        )

    async def BeginPasskeySignIn(
        self, request: passkeys_pb2.BeginPasskeySignInRequest, context: Any
    ) -> passkeys_pb2.BeginPasskeySignInResponse:
        begun = await self._passkeys.begin_sign_in(request.session_token, request.network)
        return passkeys_pb2.BeginPasskeySignInResponse(options=begun.options, ceremony_token=begun.token)

    async def FinishPasskeySignIn(
        self, request: passkeys_pb2.FinishPasskeySignInRequest, context: Any
    ) -> passkeys_pb2.FinishPasskeySignInResponse:
        asked = SignIn(request.ceremony_token, request.credential, request.device, request.replaced_session_token)
        opened = await self._passkeys.finish_sign_in(asked)
        response = passkeys_pb2.FinishPasskeySignInResponse(session_token=opened.token)
        response.expires_at.FromDatetime(opened.expires_at)
        return response


def _message(passkey: Passkey) -> passkeys_pb2.Passkey:
    message = passkeys_pb2.Passkey(id=str(passkey.id), name=passkey.name)
    message.created_at.FromDatetime(passkey.created_at)
    if passkey.last_used_at is not None:
        message.last_used_at.FromDatetime(passkey.last_used_at)
    return message
