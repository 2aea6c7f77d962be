"""Connectors in pods of their own: social finds them, and they reach their platforms and nobody else."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tests.chart.network import lets_out
from tests.chart.rendering import CHART, COMPONENT, Rendered, changed, parsed, rendered
from viche_chassis.connectors.loading import BUNDLED, specs_of
from viche_chassis.settings import connector_ways

CILIUM = {"networkPolicy": {"cilium": {"enabled": True}}}
# the body of the template that names them
DECLARED = re.compile(r'define "viche.declaredHosts" -}}\n(.*?){{- end }}', re.DOTALL)


def of_pods(**pods: Any) -> Rendered:
    """A release with these values of connectors.pods."""
    return parsed(changed({**CILIUM, "connectors": {"pods": {f"connector-{name}": own for name, own in pods.items()}}}))


@pytest.mark.parametrize("plugin", BUNDLED)
def test_hosts_of_bundled_plugins_are_those_that_they_declare(plugin: str) -> None:
    declared = {host for spec in specs_of(plugin) for host in spec.hosts if not host.startswith("{")}
    (body,) = DECLARED.findall((CHART / "templates" / "_connectors.tpl").read_text(encoding="utf-8"))
    assert set(yaml.safe_load(body).get(plugin, ())) == declared


def test_a_connector_reaches_the_hosts_of_its_plugin_or_those_that_are_named() -> None:
    release = of_pods(telegram={}, matrix={"hosts": ["matrix.example.org", "*.example.net"], "ports": [8448]})
    reached = {
        policy["metadata"]["labels"][COMPONENT]: policy["spec"]["egress"][1]
        for policy in release.of("CiliumNetworkPolicy")
    }
    assert reached["connector-telegram"]["toFQDNs"] == [{"matchName": "api.telegram.org"}]
    assert reached["connector-matrix"]["toFQDNs"] == [
        {"matchName": "matrix.example.org"},
        {"matchPattern": "*.example.net"},
    ]
    assert reached["connector-matrix"]["toPorts"] == [{"ports": [{"port": "8448", "protocol": "TCP"}]}]


def test_policies_by_host_are_not_widened_by_one_of_networks() -> None:
    (policy,) = (
        policy
        for policy in of_pods(telegram={}).of("NetworkPolicy")
        if policy["metadata"]["labels"][COMPONENT] == "connector-telegram"
    )
    assert "egress" not in policy["spec"]


def test_wheels_open_the_way_to_their_own_hosts_alone() -> None:
    release = rendered("connectors")
    for plugin in ("connector-telegram", "connector-matrix"):
        (policy,) = (one for one in release.of("CiliumNetworkPolicy") if one["metadata"]["labels"][COMPONENT] == plugin)
        assert policy["spec"]["egress"][2]["toFQDNs"] == [{"matchName": "wheels.example.org"}]
        assert not lets_out(release, plugin, "203.0.113.7", 443)


def test_social_calls_each_pod_by_the_name_of_its_service() -> None:
    release = of_pods(telegram={}, vk=None)
    (container,) = release.pod("social").containers
    (said,) = (each["value"] for each in container["env"] if each["name"] == "VICHE_CONNECTOR_WAYS")
    ways = dict(way.split("=") for way in connector_ways().metadata["read"](tuple(said.split(","))))
    services = {one["metadata"]["name"] for one in release.of("Service")}
    assert set(ways) == {"connector-telegram", "connector-vk"}
    assert all(address.split(".")[0] in services for address in ways.values())
