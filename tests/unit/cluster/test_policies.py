"""NetworkPolicies as rules of iptables, by what a packet between two pods meets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tools.cluster.policies import Cluster, Pod, matches, read, table

GATEWAY = Pod("town", {"app": "gateway"}, "10.0.0.2", {})
IDENTITY = Pod("town", {"app": "identity"}, "10.0.0.3", {"grpc": 9000})
STRANGER = Pod("other", {"app": "gateway"}, "10.0.0.4", {})
NAMESPACES = {"town": {"name": "town"}, "other": {"name": "other"}}


def policy(**spec: Any) -> dict[str, Any]:
    return {"metadata": {"namespace": "town"}, "spec": spec}


def rules(*policies: dict[str, Any], pods: Sequence[Pod] = (GATEWAY, IDENTITY, STRANGER)) -> list[str]:
    """The lines that add rules, without the names of chains of pods."""
    lines = table(Cluster(pods, NAMESPACES, policies)).splitlines()
    return [line.partition(" ")[2] for line in lines if line.startswith(("-A VICHE-I", "-A VICHE-E"))]


def allowed(*policies: dict[str, Any]) -> list[str]:
    return [rule.partition(" ")[2].removesuffix(" -j RETURN") for rule in rules(*policies) if "RETURN" in rule]


CALLED_BY_GATEWAY = policy(
    podSelector={"matchLabels": {"app": "identity"}},
    policyTypes=["Ingress"],
    ingress=[{"from": [{"podSelector": {"matchLabels": {"app": "gateway"}}}], "ports": [{"port": 9000}]}],
)


def test_without_a_policy_nothing_is_rejected() -> None:
    assert rules() == []


def test_a_policy_lets_only_its_peers_in_and_ends_with_a_rejection() -> None:
    lets, ends = rules(CALLED_BY_GATEWAY)
    assert lets.endswith("-s 10.0.0.2 -p tcp --dport 9000 -j RETURN")
    assert ends.endswith("-j REJECT")


def test_packets_for_a_selected_pod_enter_its_chain() -> None:
    lines = table(Cluster((GATEWAY, IDENTITY), NAMESPACES, [CALLED_BY_GATEWAY])).splitlines()
    assert [line for line in lines if line.startswith("-A VICHE-POLICIES -d 10.0.0.3 -j VICHE-I-")]
    assert not [line for line in lines if line.startswith("-A VICHE-POLICIES -d 10.0.0.2")]


def test_a_selector_without_a_namespace_means_that_of_the_policy() -> None:
    everybody = policy(podSelector={}, policyTypes=["Ingress"], ingress=[{"from": [{"podSelector": {}}]}])
    assert not [rule for rule in allowed(everybody) if "10.0.0.4" in rule]


def test_a_namespace_selector_reaches_into_others() -> None:
    peers = [{"namespaceSelector": {"matchLabels": {"name": "other"}}}]
    assert allowed(policy(podSelector={"matchLabels": {"app": "identity"}}, ingress=[{"from": peers}])) == [
        "-s 10.0.0.4"
    ]


def test_no_peers_are_everybody_and_no_rules_are_nobody() -> None:
    selected = {"matchLabels": {"app": "identity"}}
    assert allowed(policy(podSelector=selected, ingress=[{"ports": [{"port": 53, "protocol": "UDP"}]}])) == [
        "-p udp --dport 53"
    ]
    assert allowed(policy(podSelector=selected, policyTypes=["Ingress"])) == []


def test_a_named_port_is_one_of_the_called_pod() -> None:
    ports = [{"port": "grpc"}]
    to = policy(podSelector={"matchLabels": {"app": "gateway"}}, egress=[{"to": [{"podSelector": {}}], "ports": ports}])
    assert "-d 10.0.0.3 -p tcp --dport 9000" in allowed(to)


def test_a_block_leaves_out_its_exceptions() -> None:
    block = {"ipBlock": {"cidr": "0.0.0.0/0", "except": ["128.0.0.0/1"]}}
    assert allowed(policy(podSelector={"matchLabels": {"app": "gateway"}}, egress=[{"to": [block]}])) == [
        "-d 0.0.0.0/1"
    ]


def test_ranges_of_ports_are_ranges() -> None:
    ports = [{"port": 32000, "endPort": 32768}]
    assert allowed(policy(podSelector={"matchLabels": {"app": "identity"}}, ingress=[{"ports": ports}])) == [
        "-p tcp --dport 32000:32768"
    ]


@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [("In", ["identity"], True), ("NotIn", ["identity"], False), ("Exists", [], True), ("DoesNotExist", [], False)],
)
def test_expressions_select(operator: str, values: list[str], expected: bool) -> None:
    selector = {"matchExpressions": [{"key": "app", "operator": operator, "values": values}]}
    assert matches(selector, IDENTITY.labels) is expected


def test_pods_without_an_address_of_their_own_are_left_out() -> None:
    def pod(phase: str, address: str, *, is_on_host: bool = False) -> dict[str, Any]:
        return {
            "metadata": {"namespace": "town"},
            "spec": {"containers": [], "hostNetwork": is_on_host},
            "status": {"phase": phase, "podIP": address},
        }

    found = read([pod("Running", "10.0.0.9"), pod("Succeeded", "10.0.0.8"), pod("Pending", "")], [], [])
    assert [each.address for each in found.pods] == ["10.0.0.9"]
    assert read([pod("Running", "10.0.0.1", is_on_host=True)], [], []).pods == []
