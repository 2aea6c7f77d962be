"""What a connector says of itself is what it does."""

from viche_sdk.connectors.capabilities import NEEDED, Idempotency, Operation
from viche_sdk.connectors.connector import Connector
from viche_sdk.connectors.errors import AuthExpired, ConnectorError
from viche_sdk.connectors.kit.register import check, demand
from viche_sdk.connectors.kit.stage import Kit
from viche_sdk.connectors.spec import ConnectorSpec
from viche_sdk.localized import REQUIRED_LANGUAGES


def implemented(spec: ConnectorSpec) -> set[Operation]:
    """The calls that the connector has of its own."""
    return {
        operation
        for operation in Operation
        if getattr(spec.connector, operation.value) is not getattr(Connector, operation.value)
    }


@check("what is declared is implemented, and nothing else")
async def declared_is_implemented(kit: Kit) -> None:
    """Methods are overridden where capabilities need them, and only there."""
    own, needed = implemented(kit.spec), set(kit.spec.operations())
    missing = sorted(needed - own)
    demand(not missing, f"implement {', '.join(missing)}, or do not declare what needs it")
    optional = {Operation.CHECK, Operation.FINALIZE}
    if kit.spec.idempotency is not Idempotency.NONE:
        optional.add(Operation.FIND)
    for extra in sorted(own - needed - optional):
        declare = sorted(capability for capability, operation in NEEDED.items() if operation is extra)
        wanted = ", ".join(declare) or "an idempotency that it serves"
        demand(False, f"{extra} is implemented, and nothing declared needs it: declare {wanted}, or take it out")
    demand(Operation.FINALIZE not in own or Operation.CHECK in own, "finalize is never called without check")


@check("every text is there in four languages")
async def texts_are_translated(kit: Kit) -> None:
    """English, Ukrainian, Bulgarian and Russian."""
    missing = [
        f"{place} in {language}" for place, text in kit.spec.texts() for language in text.missing(REQUIRED_LANGUAGES)
    ]
    demand(not missing, f"write {', '.join(missing)}")


@check("no text is a copy of another language")
async def texts_differ(kit: Kit) -> None:
    """A translation that was forgotten looks like English."""
    copied = [
        f"{place} in {language}"
        for place, text in kit.spec.texts()
        for language in ("uk", "bg", "ru")
        if len(text.get("en", "")) > 12 and text.get(language) == text.get("en")
    ]
    demand(not copied, f"translate {', '.join(copied)}")


@check("probe names the account and grants no more than is declared")
async def probe_names_the_account(kit: Kit) -> None:
    """Id, handle, name, and capabilities."""
    async with kit.stage() as stage:
        info = await stage.probe()
        again = await stage.probe()
    demand(info.id and info.handle and info.name, f"give id, handle and name of the account, not {info!r}")
    beyond = sorted(info.granted - kit.spec.capabilities)
    demand(not beyond, f"grant only what is declared, not {', '.join(beyond)}")
    demand(info.granted, "grant something, or raise PermissionDenied")
    demand(again.id == info.id, f"the id of the account changed from {info.id!r} to {again.id!r}")


@check("an ended consent is told as such, by every call that asks the platform first")
async def ended_consent_is_told(kit: Kit) -> None:
    """AuthExpired and nothing else, since the account is then disconnected."""
    if not kit.spec.secret_fields():
        return
    async with kit.stage() as stage:
        stage.fake.end_consent()
        before = len(stage.fake.requests)
        try:
            await stage.call(Operation.PROBE)
        except AuthExpired:
            return
        except ConnectorError as error:
            demand(False, f"probe raised {error!r}; the consent has ended: raise AuthExpired")
        # one that asks nobody cannot know
        demand(len(stage.fake.requests) == before, "probe says nothing of it; raise AuthExpired")
