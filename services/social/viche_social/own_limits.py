"""Limits of one account where they differ from what its connector declares: servers may take longer texts."""

from collections.abc import Mapping
from typing import Any

from google.protobuf import json_format
from viche.connectors.v1 import values_pb2

from viche_chassis.connectors import convert
from viche_sdk.connectors.types import ConnectorSpec, Limits


def kept(limits: Limits | None) -> dict[str, Any] | None:
    """As they are kept with the channel; None where the connector's hold."""
    if limits is None:
        return None
    message = values_pb2.Limits()
    convert.write(Limits, limits, message)
    return json_format.MessageToDict(message)


def of(stored: Mapping[str, Any] | None, spec: ConnectorSpec) -> Limits:
    """What holds for a channel."""
    if stored is None:
        return spec.limits
    return convert.read(Limits, json_format.ParseDict(dict(stored), values_pb2.Limits()))
