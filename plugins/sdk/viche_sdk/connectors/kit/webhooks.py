"""What comes in at a webhook is believed only when its signature is right and fresh."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from viche_sdk.connectors.capabilities import Capability
from viche_sdk.connectors.errors import ConnectorError, PermissionDenied
from viche_sdk.connectors.inbox import Challenge, InboxItem
from viche_sdk.connectors.kit.fake import Hook
from viche_sdk.connectors.kit.register import can, check, demand
from viche_sdk.connectors.kit.stage import CheckFailed, Kit, Stage

STALE = timedelta(days=1)


def _items(stage: Stage, hook: Hook) -> Sequence[InboxItem]:
    answer = stage.hear(hook)
    if isinstance(answer, Challenge):
        raise CheckFailed("a message was answered with a challenge")
    return answer


def _refused(stage: Stage, hook: Hook, what: str) -> None:
    try:
        answer = stage.hear(hook)
    except PermissionDenied:
        return
    except ConnectorError as error:
        raise CheckFailed(f"{what}: it raised {error!r}; raise PermissionDenied") from error
    raise CheckFailed(f"{what} was believed: {answer!r}; raise PermissionDenied")


def _refused_without_secret(stage: Stage, hook: Hook) -> None:
    """A platform that signs nothing has the secret in the body."""
    secret = stage.fake.secrets[stage.spec.webhook_secret].encode()
    demand(secret in hook.body, f"the fake sends no {stage.spec.webhook_secret}")
    _refused(stage, replace(hook, body=hook.body.replace(secret, secret[:-1] + b"~")), "another secret")
    _refused(stage, replace(hook, body=hook.body.replace(secret, b"")), "an empty secret")
    kept = stage.fake.secrets.pop(stage.spec.webhook_secret)
    _refused(stage, replace(hook, body=hook.body.replace(secret, b"")), "a call where no secret was entered")
    stage.fake.secrets[stage.spec.webhook_secret] = kept


@check("a webhook with the right signature is read", can(Capability.WEBHOOK))
async def webhook_is_read(kit: Kit) -> None:
    """And repeated by the platform it has the same ids, by which the host drops it."""
    text = "Дякую за нову зупинку! 5 < 7"
    async with kit.stage() as stage:
        hook = stage.fake.hook(text, stage.clock.now())
        items, again = _items(stage, hook), _items(stage, hook)
        demand(text in [item.text for item in items], f"{text!r} came in, and {items!r} was read")
        demand(
            [item.id for item in items] == [item.id for item in again], "the same call gave other ids the second time"
        )


@check("a webhook with a wrong, missing or old signature is refused", can(Capability.WEBHOOK))
async def webhook_forgery_is_refused(kit: Kit) -> None:
    """Nobody but the platform writes into the inbox."""
    async with kit.stage() as stage:
        hook = stage.fake.hook("Правда", stage.clock.now())
        if kit.spec.webhook_secret:
            _refused_without_secret(stage, hook)
            return
        names = kit.spec.webhook_headers
        signed = [name for name in names if name in hook.headers]
        demand(signed, f"the fake sends none of the declared headers {', '.join(names)}")
        last = signed[-1]
        spoiled = hook.headers[last][:-1] + ("A" if hook.headers[last][-1] != "A" else "B")
        bare = {name: value for name, value in hook.headers.items() if name not in names}
        _refused(stage, replace(hook, headers={**hook.headers, last: spoiled}), "a changed signature")
        _refused(stage, replace(hook, headers=bare), "a call without signature")
        _refused(stage, replace(hook, headers={**bare, last: ""}), "an empty signature")
        if not stage.fake.signs_secret_only:
            _refused(
                stage,
                replace(hook, body=hook.body.replace("Правда".encode(), "Неправда".encode()) + b" "),
                "a changed body",
            )
        if stage.fake.signs_time:
            _refused(stage, stage.fake.hook("Давно", stage.clock.now() - STALE), "a signature of yesterday")


@check("a webhook that is no JSON, or half of it, is refused by name", can(Capability.WEBHOOK))
async def webhook_rubbish_is_named(kit: Kit) -> None:
    """Whatever comes in from outside raises nothing but the errors of the contract."""
    async with kit.stage() as stage:
        hook = stage.fake.hook("Правда", stage.clock.now())
        for body in (b"", b"\xff\xfe", hook.body[: len(hook.body) // 2], b"[]", b"null"):
            try:
                answer = stage.hear(replace(hook, body=body))
            except ConnectorError:
                continue
            demand(not answer or isinstance(answer, Challenge), f"{body!r} was read as {answer!r}")


@check("the platform's challenge is answered", can(Capability.WEBHOOK))
async def webhook_challenge_is_answered(kit: Kit) -> None:
    """Where it asks before the first call."""
    async with kit.stage() as stage:
        asked = stage.fake.challenge()
        if asked is None:
            return
        hook, wanted = asked
        answer = stage.hear(hook)
    demand(isinstance(answer, Challenge), f"answer it with Challenge, not {answer!r}")
    demand(
        isinstance(answer, Challenge) and answer.body == wanted, f"the platform waits for {wanted!r}, not {answer!r}"
    )
