"""The connector mastodon conforms, against a fake that the OpenAPI document of Mastodon 4.7 allows."""

from pathlib import Path

from viche_connector_mastodon.fake import MastodonFake
from viche_sdk.connectors.testing import Level, connector_suite

SCHEMAS = Path(__file__).resolve().parents[4] / "shared/data/api_schemas/mastodon"

TestMastodon = connector_suite("connector-mastodon", "mastodon", fake=MastodonFake, schemas=SCHEMAS, level=Level.SILVER)
