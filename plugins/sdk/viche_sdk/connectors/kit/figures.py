"""Figures are asked one by one, so that a retired one takes no other with it."""

from viche_sdk.connectors.capabilities import Capability, Operation
from viche_sdk.connectors.inbox import Metric, MetricName
from viche_sdk.connectors.kit.material import plain_post
from viche_sdk.connectors.kit.register import METRICS, check, demand, publishes
from viche_sdk.connectors.kit.stage import Kit, Stage
from viche_sdk.connectors.spec import ConnectorSpec


def measures(spec: ConnectorSpec) -> bool:
    """Whether figures can be had."""
    return any(map(spec.can, METRICS))


def measures_posts(spec: ConnectorSpec) -> bool:
    """Whether figures of its own posts can be had."""
    return publishes(spec) and spec.can(Capability.METRICS_POST)


async def _all(stage: Stage) -> list[Metric]:
    found: list[Metric] = []
    if stage.spec.can(Capability.METRICS_ACCOUNT):
        found += await stage.call(Operation.METRICS, ())
    if measures_posts(stage.spec):
        published = await stage.publish(plain_post(stage.limits))
        found += await stage.call(Operation.METRICS, (published.ref,))
    return found


@check("figures have a value, or say why not", measures)
async def figures_are_told(kit: Kit) -> None:
    """At least one of the account, and of a post, where they are declared."""
    async with kit.stage() as stage:
        found = await _all(stage)
    for metric in found:
        reasoned = metric.value is not None or metric.reason
        demand(reasoned, f"{metric.name} has neither a value nor a reason")
        demand(metric.value is None or metric.value >= 0, f"{metric.name} is {metric.value}")
    for capability, of_post in ((Capability.METRICS_ACCOUNT, False), (Capability.METRICS_POST, True)):
        if kit.spec.can(capability) and (publishes(kit.spec) or not of_post):
            told = [metric for metric in found if bool(metric.ref) is of_post and metric.value is not None]
            demand(told, f"{capability} is declared, and no figure of it has a value")


@check("a retired figure degrades alone", measures)
async def retired_figure_degrades_alone(kit: Kit) -> None:
    """It has no value and a reason; the others are there."""
    for name in MetricName:
        async with kit.stage() as stage:
            if not stage.fake.retire(name):
                continue
            found = await _all(stage)
        retired = [metric for metric in found if metric.name is name]
        demand(
            retired and all(metric.value is None and metric.reason for metric in retired),
            f"the platform has retired {name}: give it with value None and a reason, not {retired}",
        )
        lost = [metric.name for metric in found if metric.name is not name and metric.value is None]
        demand(not lost, f"the platform has retired {name}, and {', '.join(lost)} went with it")


@check("figures of a post that is gone do not take others with them", measures_posts)
async def gone_post_degrades_alone(kit: Kit) -> None:
    """No value and a reason for it; values for the other."""
    if not kit.spec.can(Capability.DELETE):
        return
    async with kit.stage() as stage:
        gone = await stage.publish(plain_post(stage.limits, "Зникне"))
        there = await stage.publish(plain_post(stage.limits, "Лишиться"))
        await stage.call(Operation.DELETE, gone.ref)
        found = await stage.call(Operation.METRICS, (gone.ref, there.ref))
    values = {ref: [metric.value for metric in found if metric.ref == ref] for ref in (gone.ref, there.ref)}
    demand(any(value is not None for value in values[there.ref]), "the post that is there has no figures")
    demand(
        values[gone.ref] and all(value is None for value in values[gone.ref]),
        f"the post that is gone has the figures {values[gone.ref]}: give value None and a reason",
    )
