"""Doubles for tests: real classes that keep the contract, without sockets."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
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

from viche_chassis.access import Caller, access_of, called_by
from viche_chassis.acts import acting
from viche_chassis.app import Register
from viche_chassis.errors import DomainError, Unavailable
from viche_chassis.objects import (
    BadKey,
    ObjectNotFound,
    OpenedObject,
    Readable,
    StoredObject,
    check_description,
    check_key,
    check_prefix,
    copy,
)
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
            access = access_of(method)
            if handler is None or access is None:
                raise NotImplementedError(method)
            caller = replace(self._caller, roles=tuple(access.roles))
            received = handler.request_deserializer(request_serializer(request))
            try:
                validate(received)
                with called_by(caller), acting(access, method, received, caller):
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


class MemoryStore:
    """An object store that forgets; keeps the contract of :class:`viche_chassis.objects.ObjectStore`.

    ``is_down`` makes every call fail as a dead server does.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[StoredObject, bytes]] = {}
        self.is_down = False

    def put(
        self,
        key: str,
        stream: Readable,
        size_bytes: int,
        content_type: str,
        metadata: Mapping[str, str] | None = None,
    ) -> StoredObject:
        self._check(key)
        check_description(content_type, metadata or {})
        if any(other.startswith(f"{key}/") or key.startswith(f"{other}/") for other in self._kept):
            raise BadKey
        content = bytearray()
        sha256 = copy(stream, size_bytes, content.extend)
        stored = StoredObject(key, size_bytes, sha256, content_type, dict(metadata or {}))
        self._kept[key] = (stored, bytes(content))
        return stored

    def open(self, key: str) -> OpenedObject:
        self._check(key)
        if key not in self._kept:
            raise ObjectNotFound(key=key)
        stored, content = self._kept[key]
        return OpenedObject(stored, iter([content] if content else []), lambda: None)

    def stat(self, key: str) -> StoredObject:
        return self.open(key).stored

    def delete(self, key: str) -> None:
        self._check(key)
        self._kept.pop(key, None)

    def list(self, prefix: str = "") -> Iterator[str]:
        check_prefix(prefix)
        self._fail_when_down()
        return iter(sorted(key for key in self._kept if key.startswith(prefix)))

    def presigned_get(self, key: str, expires: timedelta) -> str | None:
        check_key(key)

    def _check(self, key: str) -> None:
        check_key(key)
        self._fail_when_down()

    def _fail_when_down(self) -> None:
        if self.is_down:
            raise Unavailable(what="objects")
