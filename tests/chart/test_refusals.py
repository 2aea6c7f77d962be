"""Values that could not run are refused when Helm renders, each with a sentence that says what to do."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

import pytest

from tests.chart.rendering import CHART, Refused, changed

INGRESS = {
    "ingress": {"enabled": True},
    "settings": {"trustedProxies": "10.0.0.0/8"},
    "networkPolicy": {"gatewayFrom": [{"namespaceSelector": {}}]},
}
PREPARED = {"database": {"prepare": {"enabled": True, "existingSecret": "viche-database"}}}
GATEWAY = {
    **INGRESS,
    "ingress": {"enabled": False},
    "gatewayApi": {"enabled": True, "parentRefs": [{"name": "public"}]},
}


def service(name: str, **values: Any) -> Mapping[str, Any]:
    """Values of one service."""
    return {"services": {name: values}}


DEFINED = re.compile(r'\{\{-? define "')
# what a template fills into a sentence
FILLED = re.compile(r"(\{\{.*?\}\})")
# values on top of ci/minimal.yaml, and how the sentence begins that refuses them
REFUSED: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "no address": ({"region": {"url": ""}}, "region.url is empty: set it"),
    "no images": ({"image": {"registry": ""}}, "image.registry is empty: set it"),
    "no sender": ({"mail": {"from": ""}}, "mail.from is empty: set it"),
    "a language twice": ({"region": {"languages": ["en", "uk", "en"]}}, "region.languages names a language twice"),
    "two brands": (
        {"region": {"brand": {"toml": "x = 1", "existingConfigMap": "look"}}},
        "region.brand.existingConfigMap is set beside toml",
    ),
    "logos of nobody": ({"region": {"brand": {"files": {"a.svg": "<svg/>"}}}}, "region.brand has files but no toml"),
    "two lists of words": (
        {"region": {"officeWords": {"toml": "x = 1", "existingConfigMap": "words"}}},
        "region.officeWords has both",
    ),
    "no database": ({"database": {"existingSecret": ""}}, "the database of identity has no Secret"),
    "no administrator": (
        {"database": {"prepare": {"enabled": True}}},
        "database.prepare is on without an administrator",
    ),
    "no NATS": ({"nats": {"existingSecret": ""}}, "nats.existingSecret is empty"),
    "no mail server": ({"mail": {"existingSecret": ""}}, "mail.existingSecret is empty"),
    "no bucket": ({"objects": {"existingSecret": ""}}, "objects.existingSecret is empty"),
    "bucket and folder": ({"objects": {"folder": {"enabled": True}}}, "objects has both a bucket and a folder"),
    "a bucket for a folder": (
        {"objects": {"existingSecret": "", "folder": {"enabled": True}, "prepare": {"enabled": True}}},
        "objects.prepare makes a bucket",
    ),
    "too many connections": (
        service("petitions", replicas=6),
        "PostgreSQL could be asked for 120 connections and has 90 "
        "(database.maxConnections 100 less 10 that stay free): identity (1 + 1) × 8 = 16, petitions (6 + 1) × 8 = 56,",
    ),
    "too many when load comes": (
        service("surveys", autoscaling={"enabled": True, "maxReplicas": 10}),
        "PostgreSQL could be asked for 152 connections",
    ),
    "fewest above most": (
        {**service("social", autoscaling={"enabled": True, "minReplicas": 7}), "database": {"maxConnections": 0}},
        "services.social.autoscaling has minReplicas 7 above maxReplicas 6",
    ),
    "a share of nothing": (
        service(
            "gateway", autoscaling={"enabled": True}, resources={"requests": {"cpu": None}, "limits": {"cpu": None}}
        ),
        "services.gateway.autoscaling follows the share of the requested processor",
    ),
    "replicas over a folder": (
        {"objects": {"existingSecret": "", "folder": {"enabled": True}}, **service("gateway", replicas=2)},
        "services.gateway may have more than one replica and files lie in a folder",
    ),
    "two ways in": ({**GATEWAY, "ingress": {"enabled": True}}, "ingress and gatewayApi are both on"),
    "a way in without a name": (
        {**INGRESS, "region": {"url": "https://203.0.113.7"}},
        "region.url names an address of a machine",
    ),
    "a proxy that is not believed": (
        {**INGRESS, "settings": {"trustedProxies": "0"}},
        "a proxy stands in front and settings.trustedProxies is 0",
    ),
    "nobody let in": ({**INGRESS, "networkPolicy": {"gatewayFrom": []}}, "networkPolicy.gatewayFrom is empty"),
    "a balancer that leads nowhere": ({"service": {"type": "LoadBalancer"}}, "networkPolicy.gatewayFrom is empty"),
    "no Gateway": ({**GATEWAY, "gatewayApi": {"enabled": True}}, "gatewayApi has no Gateway"),
    "a Gateway of no class": (
        {**GATEWAY, "gatewayApi": {"enabled": True, "gateway": {"create": True}}},
        "gatewayApi.gateway needs className and certificateSecret",
    ),
    "TLS ended by nobody": (
        {**INGRESS, "ingress": {"enabled": True, "tls": {"enabled": False}}},
        "region.url begins with https:// and the Ingress has neither",
    ),
    "rules for nobody": (
        {"networkPolicy": {"extraEgress": {"petition": []}}},
        "networkPolicy.extraEgress.petition names no component",
    ),
    "a way to Jobs, which take nothing in": (
        {"networkPolicy": {"extraIngress": {"jobs": []}}},
        "networkPolicy.extraIngress.jobs names no component",
    ),
    "a connector twice": (
        {"connectors": {"pods": {"connector-x": {}}, "ways": {"connector-x": "child"}}},
        "connectors.ways.connector-x stands beside",
    ),
    "a connector that is not used": (
        {"connectors": {"pods": {"connector-x": {}}}, "plugins": {"use": ["connector-vk"]}},
        "connectors.pods.connector-x is not among plugins.use",
    ),
    "no store": (
        {"externalSecrets": {"enabled": True, "secrets": {"viche-mail": {"url": {"key": "a"}}}}},
        "externalSecrets is on without a store",
    ),
    "no Secret in the store": (
        {"externalSecrets": {"enabled": True, "store": {"name": "vault"}}},
        "externalSecrets is on and names no Secret",
    ),
    "too little time to end": (
        {"pods": {"terminationGracePeriodSeconds": 20}},
        "pods.terminationGracePeriodSeconds 20 would cut what is under way",
    ),
    "migrations before their database": (
        {**PREPARED, "engines": {"postgres": {"enabled": True}}},
        "engines.postgres comes with the release and migrations.mode hooks runs before it",
    ),
    "a server without roles": (
        {"engines": {"postgres": {"enabled": True}}, "migrations": {"mode": "init"}},
        "engines.postgres begins without roles and databases",
    ),
    "a server without a bucket": (
        {"engines": {"objects": {"enabled": True}}},
        "engines.objects begins without a bucket",
    ),
    "a bucket before its server": (
        {"engines": {"objects": {"enabled": True}}, "objects": {"prepare": {"enabled": True}}},
        "engines.objects comes with the release and migrations.mode hooks would make its bucket",
    ),
    "a pooler before migrations": (
        {"database": {"pooler": True}},
        "database.pooler is on and migrations would go through it",
    ),
    "a variable twice": (
        service("identity", env={"VICHE_DATABASE_POOL": "90"}),
        "services.identity gets VICHE_DATABASE_POOL twice",
    ),
    "a variable of the command line twice": (
        {"cli": {"env": {"VICHE_PLUGINS": "petition-ua"}}, "extraEnv": [{"name": "VICHE_PLUGINS", "value": "x"}]},
        "cli gets VICHE_PLUGINS twice",
    ),
    "a variable of a connector twice": (
        {"connectors": {"pods": {"connector-x": {"env": {"VICHE_LOG_LEVEL": "debug"}}}}},
        "connectors.pods.connector-x gets VICHE_LOG_LEVEL twice",
    ),
}
# what the schema refuses, and how it names the place
MISTYPED: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "an unknown value": ({"replicas": 3}, "replicas"),
    "a value of the wrong place": ({"database": {"url": "postgresql://x"}}, "url"),
    "a number of nothing": (service("petitions", replicas="many"), "replicas"),
    "no replica": (service("petitions", replicas=0), "replicas"),
    "a pool of the gateway": (service("gateway", pool=8), "pool"),
    "a service that is not there": (service("payments", replicas=1), "payments"),
    "an address with a path": ({"region": {"url": "https://example.org/petitions"}}, "url"),
    "an unknown language": ({"region": {"languages": ["de"]}}, "languages"),
    "a wheel without a hash": ({"plugins": {"install": [{"url": "https://example.org/a.whl"}]}}, "sha256"),
    "an engine that is not there": ({"engines": {"kafka": {"enabled": True}}}, "kafka"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_could_not_run_is_refused_with_what_to_do(case: str) -> None:
    said = said_of(case)
    assert [sentence for sentence in said if sentence.startswith(REFUSED[case][1])]
    assert all(sentence.endswith(".") for sentence in said)


@pytest.mark.parametrize("case", MISTYPED)
def test_what_the_schema_does_not_know_is_refused(case: str) -> None:
    values, place = MISTYPED[case]
    with pytest.raises(Refused) as refused:
        changed(values)
    assert place in str(refused.value)


def test_all_faults_are_told_at_once() -> None:
    said = faults({"region": {"url": ""}, "mail": {"from": "", "existingSecret": ""}})
    assert [line.split(" ")[0] for line in said] == ["region.url", "mail.from", "mail.existingSecret"]


def test_every_refusal_has_a_case() -> None:
    said = [sentence for case in REFUSED for sentence in said_of(case)]
    sources = (CHART / "templates").rglob("*.tpl")
    refusing = [part for path in sources for part in DEFINED.split(path.read_text(encoding="utf-8"))]
    for line in "\n".join(part for part in refusing if part.startswith("viche.refuse.")).splitlines():
        if (line.endswith(".") and line[0].islower()) or line.startswith("PostgreSQL"):
            pattern = "".join(".*" if part.startswith("{{") else re.escape(part) for part in FILLED.split(line))
            assert any(re.fullmatch(pattern, sentence) for sentence in said), line


def test_what_fits_is_not_refused() -> None:
    assert changed({**service("petitions", replicas=6), "database": {"maxConnections": 130}})
    assert changed(INGRESS)
    assert changed(GATEWAY)


@functools.cache
def said_of(case: str) -> list[str]:
    """The sentences that refuse a case."""
    return faults(REFUSED[case][0])


def faults(values: Mapping[str, Any]) -> list[str]:
    """The sentences that refuse these values."""
    with pytest.raises(Refused) as refused:
        changed(values)
    return [line.removeprefix("- ") for line in str(refused.value).splitlines() if line.startswith("- ")]
