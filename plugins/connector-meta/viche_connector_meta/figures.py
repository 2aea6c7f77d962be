"""Figures, each asked for by itself: one that the platform has retired makes the whole request fail."""

from collections.abc import Mapping
from typing import Any

from viche_connector_meta.graph import get
from viche_sdk.connectors.types import Context, InvalidContent, Metric, MetricName, NotFound, PermissionDenied


async def insight(ctx: Context, ref: str, name: MetricName, metric: str) -> Metric:
    """One figure of the insights.

    Raises:
        NotFound: the post is gone.
        ConnectorError: the platform refuses altogether, or nobody knows.
    """
    try:
        answer = await get(ctx, f"{ref}/insights", metric=metric)
    except InvalidContent as error:
        return Metric(name, None, ref, f"the platform gives no {metric}: {error.detail}")
    except PermissionDenied as error:
        return Metric(name, None, ref, f"the right to read insights is missing: {error.detail}")
    with answer.understood():
        told = answer.object()["data"]
        # below 100 followers, and in the first minutes, there is nothing
        return Metric(name, told[0]["values"][0]["value"], ref) if told else Metric(name, None, ref, "not counted yet")


async def of_node(ctx: Context, node: str, fields: Mapping[MetricName, str], ref: str = "") -> list[Metric]:
    """Counts that stand in the fields of a post or an account.

    Raises:
        NotFound: it is gone.
        ConnectorError: the platform refuses, or nobody knows.
    """
    answer = await get(ctx, node, fields="id," + ",".join(fields.values()))
    with answer.understood():
        entity = answer.object()
        if "id" not in entity:
            raise ValueError("no id")
        return [_count(name, entity, field.partition(".")[0], ref) for name, field in fields.items()]


def _count(name: MetricName, entity: Mapping[str, Any], field: str, ref: str) -> Metric:
    value = entity.get(field)
    if isinstance(value, dict):
        value = value.get("summary", value).get("total_count", value.get("count"))
    if field == "shares" and value is None:
        # it is left out of a post that nobody has shared
        value = 0
    if isinstance(value, int):
        return Metric(name, value, ref)
    return Metric(name, None, ref, f"the platform gives no {field}")


async def of_post(
    ctx: Context, ref: str, fields: Mapping[MetricName, str], insights: Mapping[MetricName, str]
) -> list[Metric]:
    """All of one post; without values where it is gone."""
    try:
        found = await of_node(ctx, ref, fields, ref) if fields else []
        return [*found, *[await insight(ctx, ref, name, metric) for name, metric in insights.items()]]
    except NotFound:
        return [Metric(name, None, ref, "the post is gone") for name in (*fields, *insights)]
