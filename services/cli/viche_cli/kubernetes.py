"""Secrets as Kubernetes takes them, in YAML."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class HeldSecret:
    """A Secret that a cluster holds, as it was read there."""

    document: Mapping[str, Any] = field(repr=False)

    @property
    def entries(self) -> dict[str, str]:
        """Its entries as text. Raises ValueError when one is none."""
        return {key: base64.b64decode(value).decode() for key, value in (self.document.get("data") or {}).items()}

    def having(self, entries: Mapping[str, str]) -> dict[str, Any]:
        """The document with these entries in place of those of the same names; an empty one is taken away."""
        data = dict(self.document["data"])
        for key, text in entries.items():
            data.pop(key, None)
            if text:
                data[key] = base64.b64encode(text.encode()).decode()
        return {**self.document, "data": data}


def held_secrets(found: str) -> dict[str, HeldSecret]:
    """Secrets by name, as `kubectl get secret … -o json` prints several. Raises ValueError, KeyError, TypeError."""
    return {each["metadata"]["name"]: HeldSecret(each) for each in json.loads(found)["items"]}


def as_list(documents: Sequence[Mapping[str, Any]]) -> str:
    """What `kubectl replace -f -` takes; it refuses documents that were changed since they were read."""
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": documents}, indent=2) + "\n"


def _document(secret: Secret, namespace: str) -> dict[str, Any]:
    labels = {"app.kubernetes.io/part-of": "viche"}
    metadata = {"name": secret.name, **({"namespace": namespace} if namespace else {}), "labels": labels}
    return {
        "apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque",
        "stringData": dict(secret.entries),
    }  # fmt: skip
