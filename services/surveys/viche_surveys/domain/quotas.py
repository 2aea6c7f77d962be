"""Quotas: which of them an answer falls under."""

from __future__ import annotations

from viche_surveys.domain.answer_errors import QuotaFull
from viche_surveys.domain.definition import Quota, localized
from viche_surveys.domain.expressions import holds
from viche_surveys.domain.plan import Plan
from viche_surveys.domain.visibility import Shown


def quotas_of(plan: Plan, seen: Shown) -> tuple[Quota, ...]:
    """Quotas whose condition holds for the answers so far."""
    return tuple(
        each
        for each in plan.definition.quotas
        if each.condition and holds(each.condition, seen.answers, otherwise=False, today=seen.today)
    )


def full(plan: Plan, quota: Quota, language: str) -> QuotaFull:
    """What somebody is told who came too late."""
    return QuotaFull(quota=quota.name, message=localized(quota.message, language, plan.definition.languages))
