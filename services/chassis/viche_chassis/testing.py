"""Doubles for tests: real classes that keep the contract, without sockets."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from google.protobuf.message import Message

from viche_chassis.access import Caller, access_of, set_caller
from viche_chassis.app import Register
from viche_chassis.errors import DomainError
from viche_chassis.status import to_status
from viche_chassis.tokens import Signer, load_signer
from viche_chassis.validation import validate


class FakeRpcError(DomainError):
    """What a call through :class:`FakeChannel` raises; carries the status that would have gone over the wire."""

    def __init__(self, error: DomainError) -> None:
        super().__init__(**error.values)
        self.code, self.reason = error.code, error.reason
        self.args = error.args
        self.status = to_status(error)


class FakeChannel:
    """Runs servicers in this process, and still serialises both ways.

    Stubs take it as a channel: ``PetitionsServiceStub(FakeChannel(add_servicer, caller=Caller("gateway")))``.
    Requests are validated, an RPC that states no access is refused; tokens are not checked.
    """

    def __init__(self, *register: Register, caller: Caller) -> None:
        self._caller = caller
        self._handlers: dict[str, Any] = {}
        for add in register:
            add(self)  # pyright: ignore[reportArgumentType] (it has the two methods that registering calls)

    def add_generic_rpc_handlers(self, handlers: Sequence[Any]) -> None:
        for handler in handlers:
            self._handlers.update(handler._method_handlers)

    def add_registered_method_handlers(self, service: str, handlers: dict[str, Any]) -> None:
        self._handlers.update({f"/{service}/{name}": handler for name, handler in handlers.items()})

    def unary_unary(
        self,
        method: str,
        request_serializer: Any = None,
        response_deserializer: Any = None,
        **_: Any,
    ):
        """Called by stubs: a callable for one method."""
        handler = self._handlers.get(method)

        async def call(request: Message, timeout: float | None = None, metadata: Any = None) -> Any:
            if handler is None or access_of(method) is None:
                raise NotImplementedError(method)
            set_caller(self._caller)
            received = handler.request_deserializer(request_serializer(request))
            try:
                validate(received)
                response = await handler.unary_unary(received, None)
            except DomainError as error:
                raise FakeRpcError(error) from error
            return response_deserializer(handler.response_serializer(response))

        return call


def make_key_pair(folder: Path, name: str, public_folder: Path | None = None) -> Signer:
    """Writes NAME.pem (0600) and NAME.pub and gives the signer."""
    key = Ed25519PrivateKey.generate()
    folder.mkdir(parents=True, exist_ok=True)
    private = folder / f"{name}.pem"
    private.touch(mode=0o600)
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = (public_folder or folder) / f"{name}.pub"
    public.parent.mkdir(parents=True, exist_ok=True)
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return load_signer(private)
