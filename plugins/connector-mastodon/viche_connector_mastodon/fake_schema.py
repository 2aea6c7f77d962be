"""What the OpenAPI document of Mastodon 4.7 has wrong."""

from typing import Any


def mend(document: dict[str, Any]) -> None:
    """A poll with a text is a TextStatus and a PollStatus, and "oneOf" would refuse it."""
    schema = document["paths"]["/api/v1/statuses"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    schema["anyOf"] = schema.pop("oneOf")
    # the header is a string, which the document calls an object
    for parameter in document["paths"]["/api/v1/statuses"]["post"]["parameters"]:
        parameter["schema"] = {"type": "string"}
