"""What a connector declares of itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from viche_sdk.connectors.capabilities import NEEDED, Capability, Idempotency, Operation
from viche_sdk.connectors.fields import Field, OAuth
from viche_sdk.connectors.jurisdictions import Jurisdiction
from viche_sdk.connectors.limits import Cost, Limits, Rate
from viche_sdk.localized import Localized

if TYPE_CHECKING:
    from viche_sdk.connectors.connector import Connector

API = 1
"""The contract that this SDK describes. A host runs connectors of this number and of the one before."""

SUPPORTED_APIS = (API,)

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_HOST = re.compile(r"\{[a-z_]+\}|(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d+)?")


class InvalidSpec(ValueError):
    """A declaration that contradicts itself; the message names every fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorSpec:
    """One connector.

    Args:
        name: unique among connectors, for instance "mastodon".
        platform: short name of the platform under which figures are compared ("facebook", "x"); several connectors
            may serve one.
        title: the platform's name as people know it.
        connector: makes one; it holds no state between calls, so that each process needs one only.
        capabilities: what it can do.
        absent: why not, for things that people expect and the platform does not let programs do.
        fields: what must be entered; those of the application and those of each account.
        hosts: which hosts it may call: "api.example.org", "*.example.org", or "{server}" for the host of the address
            in the field of that name.
        idempotency: what a second call with the same key does.
        key_lasts_s: for how long a native platform remembers a key; None for ever. Later a publication is looked for
            with `find`, if the connector has it, and not sent again.
        fetches_files: whether the platform fetches files by `Context.media.link`; without an address that it reaches,
            the host then finds posts with files out before anything is sent.
        webhook_headers: lower-case names of the headers that carry the platform's signature.
        webhook_secret: name of the secret field that stands in the body of each call, for platforms that sign nothing.
        webhook_answer: what the platform wants to hear after each call that was taken, if it is particular about it.
        docs_url: where the platform's rules are written.
    """

    name: str
    platform: str
    title: str
    description: Localized
    connector: "type[Connector]"
    capabilities: frozenset[Capability]
    limits: Limits
    idempotency: Idempotency
    hosts: frozenset[str]
    fields: tuple[Field, ...] = ()
    oauth: OAuth | None = None
    rates: tuple[Rate, ...] = ()
    costs: tuple[Cost, ...] = ()
    absent: tuple[tuple[Capability, Localized], ...] = ()
    jurisdictions: tuple[Jurisdiction, ...] = ()
    webhook_headers: tuple[str, ...] = ()
    webhook_secret: str = ""
    webhook_answer: str = ""
    docs_url: str = ""
    key_lasts_s: int | None = None
    fetches_files: bool = False
    api: int = API
    version: str = "1"

    def __post_init__(self) -> None:
        """Refuse what contradicts itself."""
        if faults := tuple(self._faults()):
            raise InvalidSpec(f"connector {self.name}: {'; '.join(faults)}")

    def can(self, capability: Capability) -> bool:
        """Whether it is declared."""
        return capability in self.capabilities

    def operations(self) -> frozenset[Operation]:
        """The calls that the declared capabilities stand on, `probe` and what the idempotency needs included."""
        asked = {Operation.PROBE, *(NEEDED[capability] for capability in self.capabilities)}
        if self.idempotency is Idempotency.RECONCILE and Operation.PUBLISH in asked:
            asked.add(Operation.FIND)
        return frozenset(asked)

    def secret_fields(self) -> frozenset[str]:
        """Names of what is sealed, tokens of a consent included."""
        named = {field.name for field in self.fields if field.is_secret}
        return frozenset(named | ({"access_token", "refresh_token"} if self.oauth else set()))

    def texts(self) -> Iterator[tuple[str, Localized]]:
        """Every text that people read, with its place."""
        yield "description", self.description
        for field in self.fields:
            yield f"fields.{field.name}.title", field.title
            yield f"fields.{field.name}.help", field.help
        for capability, reason in self.absent:
            yield f"absent.{capability}", reason
        for place in self.jurisdictions:
            yield f"jurisdictions.{place.country}", place.reason

    def _faults(self) -> Iterator[str]:
        if not _NAME.fullmatch(self.name):
            yield "its name must be 1 to 40 small letters, digits and hyphens, with a letter first"
        if not self.capabilities:
            yield "it declares no capability"
        names = [field.name for field in self.fields]
        yield from (f"the field {name} stands twice" for name in sorted({n for n in names if names.count(n) > 1}))
        both = self.capabilities & {capability for capability, _ in self.absent}
        yield from (f"{each} is declared and said to be absent" for each in sorted(both))
        for host in sorted(self.hosts):
            if not _HOST.fullmatch(host):
                yield f"{host!r} is no host name"
            elif host.startswith("{") and host[1:-1] not in names:
                yield f"the host {host} names no field"
        for capability, limit in (
            (Capability.PUBLISH_IMAGE, self.limits.images),
            (Capability.PUBLISH_VIDEO, self.limits.videos),
            (Capability.POLL, self.limits.poll),
        ):
            if (capability in self.capabilities) != (limit is not None):
                yield f"{capability} and its limits go together"
        if Capability.WEBHOOK in self.capabilities and not self.webhook_headers and not self.webhook_secret:
            yield "a webhook needs the names of the headers that carry its signature, or the field of its secret"
        if self.webhook_secret and self.webhook_secret not in self.secret_fields():
            yield f"webhook_secret names {self.webhook_secret!r}, which is no secret field"
