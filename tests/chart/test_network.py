"""The NetworkPolicies let exactly those calls through that the suite makes."""

from __future__ import annotations

import pytest

from tests.chart.network import callers, lets_in, lets_out
from tests.chart.rendering import COMPONENT, EXAMPLES, rendered
from viche_cli.services import OBJECT_USERS, SERVICES

GRPC, HTTP = 9000, 8000
CALLS = {
    "identity": {"gateway", "petitions", "surveys", "social", "notifications", "cli"},
    "petitions": {"gateway", "notifications", "cli"},
    "surveys": {"gateway", "cli"},
    "social": {"gateway", "notifications", "cli"},
    "notifications": {"gateway", "social", "cli"},
}
"""Whom each service is called by."""
# ports of the embedded engines and who speaks to them
ENGINES = {
    "postgres": (5432, {*SERVICES, "jobs"}),
    "nats": (4222, {*SERVICES}),
    "objects": (7070, {*OBJECT_USERS, "jobs"}),
    "mailbox": (1025, {"notifications"}),
}
PUBLIC, PRIVATE = "203.0.113.7", "10.9.8.7"
# of ci/production.yaml
DATABASES, BUCKETS = "10.20.0.9", "10.30.0.9"
MONITORING = {"kubernetes.io/metadata.name": "monitoring"}

each_example = pytest.mark.parametrize("example", EXAMPLES)


@each_example
def test_the_allowed_calls_are_those_of_the_table(example: str) -> None:
    release = rendered(example)
    components = {pod.component for pod in release.pods()}
    expected = {(caller, callee, GRPC) for callee, of in CALLS.items() for caller in of}
    # the pod of `helm test` asks everybody how they are
    expected |= {("tests", each, GRPC) for each in SERVICES} | {("tests", "gateway", HTTP)}
    expected |= {("social", each, GRPC) for each in components if each.startswith("connector-")}
    expected |= {(caller, engine, port) for engine, (port, of) in ENGINES.items() for caller in of}
    expected = {(caller, callee, port) for caller, callee, port in expected if {caller, callee} <= components}
    assert callers(release) == expected


@each_example
def test_every_pod_is_held_to_a_policy_in_both_ways(example: str) -> None:
    release = rendered(example)
    for pod in release.pods():
        ways = {
            way
            for policy in release.of("NetworkPolicy")
            if policy["spec"]["podSelector"].get("matchLabels", {}).items() <= pod.labels.items()
            for way in policy["spec"]["policyTypes"]
        }
        assert ways == {"Ingress", "Egress"}, pod.name


@each_example
def test_every_service_has_a_policy_of_its_own(example: str) -> None:
    release = rendered(example)
    of = {policy["spec"]["podSelector"]["matchLabels"].get(COMPONENT) for policy in release.of("NetworkPolicy")}
    assert {service["spec"]["selector"][COMPONENT] for service in release.of("Service")} <= of


@each_example
def test_only_those_with_business_outside_get_out(example: str) -> None:
    release = rendered(example)
    for component in SERVICES:
        assert not lets_out(release, component, PUBLIC, 80), component
    assert not lets_out(release, "gateway", PUBLIC, 5432)
    assert lets_out(release, "social", PUBLIC, 443)


def test_where_engines_are_named_nobody_gets_elsewhere() -> None:
    release = rendered("production")
    for component in ("petitions", "surveys", "gateway"):
        assert lets_out(release, component, BUCKETS, 443)
        assert not lets_out(release, component, PUBLIC, 443)
    assert not lets_out(release, "social", PRIVATE, 443)
    assert not lets_out(release, "identity", PRIVATE, 5432)
    assert lets_out(release, "identity", DATABASES, 5432)


def test_metrics_are_for_those_that_are_named() -> None:
    stranger = {"kubernetes.io/metadata.name": "elsewhere"}
    for service in (*SERVICES, "gateway"):
        assert lets_in(rendered("production"), service, 9090, MONITORING)
        assert not lets_in(rendered("production"), service, 9090, stranger)
        assert not lets_in(rendered("minimal"), service, 9090, MONITORING)


def test_no_other_namespace_calls_a_service() -> None:
    for service in SERVICES:
        assert not lets_in(rendered("production"), service, GRPC, MONITORING)
