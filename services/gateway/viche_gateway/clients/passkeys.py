"""Calls to identity about passkeys: adding them, signing in with them."""

from collections.abc import Sequence
from dataclasses import dataclass

import grpc
from viche.identity.v1 import passkeys_pb2 as pb
from viche.identity.v1 import passkeys_pb2_grpc as rpc

from viche_gateway.clients.calls import call


@dataclass(frozen=True, slots=True)
class Begun:
    """A ceremony: ``options`` as JSON for the page, ``token`` for the browser's cookie alone."""

    options: str
    token: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What an authenticator made, and the session that the new one stands for."""

    token: str
    credential: str
    device: str
    replaced: str


class Passkeys:
    """Passkeys over identity's channel."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._passkeys = rpc.PasskeysServiceStub(channel)

    def begin_registration(self, access_token: str) -> Begun:
        """Begins to add a passkey."""
        request = pb.BeginPasskeyRegistrationRequest()
        begun = call(self._passkeys.BeginPasskeyRegistration, request, access_token)
        return Begun(begun.options, begun.ceremony_token)

    def finish_registration(self, access_token: str, token: str, credential: str, name: str) -> None:
        """Adds the passkey that was made."""
        request = pb.FinishPasskeyRegistrationRequest(ceremony_token=token, credential=credential, name=name)
        call(self._passkeys.FinishPasskeyRegistration, request, access_token)

    def mine(self, access_token: str) -> Sequence[pb.Passkey]:
        """The person's passkeys, the first added first."""
        return call(self._passkeys.ListMyPasskeys, pb.ListMyPasskeysRequest(), access_token).passkeys

    def delete(self, access_token: str, passkey_id: str) -> None:
        """Removes a passkey of the person's."""
        call(self._passkeys.DeleteMyPasskey, pb.DeleteMyPasskeyRequest(passkey_id=passkey_id), access_token)

    def begin_sign_in(self, session_token: str, network: str) -> Begun:
        """Begins to sign in; with a session, to confirm that its person is there."""
        request = pb.BeginPasskeySignInRequest(session_token=session_token, network=network)
        begun = call(self._passkeys.BeginPasskeySignIn, request)
        return Begun(begun.options, begun.ceremony_token)

    def finish_sign_in(self, answer: Answer) -> pb.FinishPasskeySignInResponse:
        """Opens a session."""
        request = pb.FinishPasskeySignInRequest(
            ceremony_token=answer.token,
            credential=answer.credential,
            device=answer.device,
            replaced_session_token=answer.replaced,
        )
        return call(self._passkeys.FinishPasskeySignIn, request)
