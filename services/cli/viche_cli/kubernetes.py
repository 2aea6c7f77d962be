"""Secrets as Kubernetes takes them, in YAML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

DEFAULT_PREFIX = "viche"
# a data key in place of another makes personal data unreadable; `create` refuses what is there, `apply` does not
HEADER = "# Load this with `kubectl create -f -`: `apply` would replace Secrets that are there by others.\n"


class _Dumper(yaml.SafeDumper):
    """Writes text of several lines as it is."""


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


@dataclass(frozen=True, slots=True)
class Secret:
    """A Secret by its name, with its entries as text; shown only where somebody asks for it."""

    name: str
    entries: Mapping[str, str]


def as_yaml(secrets: Iterable[Secret], namespace: str = "") -> str:
    """The Secrets as documents of one YAML stream; without a namespace whoever loads them chooses it."""
    documents = (_document(secret, namespace) for secret in secrets)
    return HEADER + yaml.dump_all(documents, Dumper=_Dumper, sort_keys=False, explicit_start=True)


def patch(secret: Secret) -> str:
    """What `kubectl patch secret NAME --patch-file=FILE` merges into the Secret: other entries stay."""
    return yaml.dump({"stringData": dict(secret.entries)}, Dumper=_Dumper, sort_keys=False)


def _document(secret: Secret, namespace: str) -> dict[str, Any]:
    labels = {"app.kubernetes.io/part-of": "viche"}
    metadata = {"name": secret.name, **({"namespace": namespace} if namespace else {}), "labels": labels}
    return {
        "apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque",
        "stringData": dict(secret.entries),
    }  # fmt: skip
