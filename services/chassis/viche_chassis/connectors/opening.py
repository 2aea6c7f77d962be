"""Chooses where each plugin's connectors run: bundled ones inside, all others in a child, or where an operator says."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc.jwk import OKPKey

from viche_chassis.connectors.calls import Call, Home, NotAsked, Outcome
from viche_chassis.connectors.children import Child
from viche_chassis.connectors.given import Networks
from viche_chassis.connectors.lanes import Lanes
from viche_chassis.connectors.lives import Bounds
from viche_chassis.connectors.loading import PluginUnusable, installed, is_bundled, specs_of
from viche_chassis.connectors.pods import Pod
from viche_chassis.connectors.runner import Connectors, Running, Way
from viche_chassis.tokens import ServiceIdentity, Signer
from viche_sdk.connectors.types import ConnectorSpec


@dataclass(frozen=True, slots=True)
class Choice:
    """What an operator chooses.

    Args:
        allowed: names of the plugins to use; empty means all.
        ways: by plugin: "inside", "child", or host:port of a pod; see `settings.connector_ways`.
        networks: where connectors may go beyond public addresses.
        bounds: of each child.
    """

    allowed: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    bounds: Bounds = Bounds()

    def by_plugin(self) -> Mapping[str, str]:
        """The ways, by plugin."""
        return dict(way.split("=", 1) for way in self.ways)


def make_connectors(choice: Choice, identity: ServiceIdentity, environment: Mapping[str, str]) -> Connectors:
    """The connectors of this installation; `start` begins them.

    Args:
        identity: who calls pods.
        environment: of this process, of which children get what they need to run.
    """
    caller, public_key = own_identity(identity.name)
    networks, ways = Networks(choice.networks), choice.by_plugin()
    points = {point.name: point for point in installed(choice.allowed, ways)}
    running: list[Running] = []
    for plugin in sorted({*points, *ways}, key=lambda name: (name in ways, name)):
        way = ways.get(plugin) or _by_default(points[plugin])
        if way == Way.INSIDE:
            running.append(Running(plugin, Way.INSIDE, _inside(plugin, networks)))
        elif way == Way.CHILD:
            home = Child(plugin, caller, public_key, environment=environment, networks=networks, bounds=choice.bounds)
            running.append(Running(plugin, Way.CHILD, home))
        else:
            running.append(Running(plugin, Way.POD, Pod(way, plugin, identity)))
    return Connectors(running)


def _by_default(point: EntryPoint) -> Way:
    return Way.INSIDE if is_bundled(point) else Way.CHILD


def _inside(plugin: str, networks: Networks) -> Home:
    try:
        return Lanes(specs_of(plugin), networks)
    except PluginUnusable as fault:
        return _Unusable(str(fault))


def own_identity(name: str) -> tuple[ServiceIdentity, str]:
    """A key that this process alone has, for its children."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return ServiceIdentity(Signer(name, OKPKey.import_key(private))), public.decode()


class _Unusable:
    """The place of a plugin that cannot be loaded."""

    def __init__(self, trouble: str) -> None:
        self.specs: tuple[ConnectorSpec, ...] = ()
        self.trouble = trouble
        self.restarts = 0

    async def start(self) -> None:
        """There is nothing to begin."""

    async def perform(self, call: Call) -> Outcome:
        """Never asks."""
        return Outcome(NotAsked(self.trouble))

    async def close(self) -> None:
        """There is nothing to end."""
