"""Who may call whom, as the NetworkPolicies of a release say: what a network that heeds them would do."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

from tests.chart.rendering import NAMESPACE, Object, Pod, Rendered

# where pods live in most clusters
PODS = ipaddress.ip_address("10.42.0.7")


def callers(release: Rendered) -> set[tuple[str, str, int]]:
    """Pairs of components of which the first may call the second, with the port."""
    pods = {pod.component: pod for pod in release.pods()}
    policies = release.of("NetworkPolicy")
    return {
        (caller.component, callee.component, port)
        for caller in pods.values()
        for callee in pods.values()
        for port in callee.ports.values()
        if caller is not callee
        and _lets(policies, "Egress", of=caller, peer=callee, at=callee, port=port)
        and _lets(policies, "Ingress", of=callee, peer=caller, at=callee, port=port)
    }


def lets_in(release: Rendered, component: str, port: int, namespace: Mapping[str, str]) -> bool:
    """Whether any pod of another namespace, known by its labels, may call the component at the port."""
    pod = release.pod(component)
    stranger = Pod("Pod", "stranger", {}, {"containers": []})
    return _lets(release.of("NetworkPolicy"), "Ingress", of=pod, peer=stranger, at=pod, port=port, namespace=namespace)


def lets_out(release: Rendered, component: str, address: str, port: int) -> bool:
    """Whether the component may call an address outside of the cluster at the port."""
    pod, target = release.pod(component), ipaddress.ip_address(address)
    rules = _rules(release.of("NetworkPolicy"), "Egress", pod)
    return rules is None or any(
        _is_port(rule, pod, port) and (not rule.get("to") or any(_has_address(peer, target) for peer in rule["to"]))
        for rule in rules
    )


def _lets(
    policies: Sequence[Object],
    way: str,
    *,
    of: Pod,
    peer: Pod,
    at: Pod,
    port: int,
    namespace: Mapping[str, str] | None = None,
) -> bool:
    rules = _rules(policies, way, of)
    if rules is None:
        return True
    side = "from" if way == "Ingress" else "to"
    return any(
        _is_port(rule, at, port) and (not rule.get(side) or any(_is_peer(each, peer, namespace) for each in rule[side]))
        for rule in rules
    )


def _rules(policies: Sequence[Object], way: str, pod: Pod) -> list[Mapping[str, Any]] | None:
    """The rules that hold for a pod, or None where no policy selects it and everything is allowed."""
    holding = [
        policy["spec"]
        for policy in policies
        if way in policy["spec"]["policyTypes"] and _matches(policy["spec"]["podSelector"], pod.labels)
    ]
    return [rule for spec in holding for rule in spec.get(way.lower()) or ()] if holding else None


def _is_port(rule: Mapping[str, Any], at: Pod, port: int) -> bool:
    if not rule.get("ports"):
        return True
    for each in rule["ports"]:
        if each.get("protocol", "TCP") != "TCP":
            continue
        wanted = each.get("port", port)
        first = at.ports.get(wanted, -1) if isinstance(wanted, str) else wanted
        if first <= port <= each.get("endPort", first):
            return True
    return False


def _is_peer(peer: Mapping[str, Any], pod: Pod, namespace: Mapping[str, str] | None) -> bool:
    if "ipBlock" in peer:
        return _has_address(peer, PODS)
    if "namespaceSelector" in peer:
        labels = namespace if namespace is not None else {"kubernetes.io/metadata.name": NAMESPACE}
        if not _matches(peer["namespaceSelector"], labels):
            return False
    elif namespace is not None:
        return False
    return _matches(peer.get("podSelector", {}), pod.labels)


def _has_address(peer: Mapping[str, Any], address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    block = peer.get("ipBlock")
    if block is None:
        return False
    return address in ipaddress.ip_network(block["cidr"]) and not any(
        address in ipaddress.ip_network(each) for each in block.get("except", ())
    )


def _matches(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    if not (selector.get("matchLabels") or {}).items() <= labels.items():
        return False
    for rule in selector.get("matchExpressions", ()):
        has = labels.get(rule["key"]) in rule.get("values", ()) if "values" in rule else rule["key"] in labels
        if has != (rule["operator"] in ("In", "Exists")):
            return False
    return True
