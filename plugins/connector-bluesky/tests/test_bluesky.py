"""The connector bluesky conforms, against a fake that the lexicons of the AT Protocol allow."""

from pathlib import Path

from viche_connector_bluesky.fake import BlueskyFake
from viche_sdk.connectors.testing import Level, connector_suite

SCHEMAS = Path(__file__).resolve().parents[4] / "shared/data/api_schemas/atproto"

TestBluesky = connector_suite("connector-bluesky", "bluesky", fake=BlueskyFake, schemas=SCHEMAS, level=Level.GOLD)
