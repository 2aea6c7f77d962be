"""The connector instagram conforms, against a fake with the shapes of Meta's code generator and documentation."""

from viche_connector_meta.fake_instagram import InstagramFake
from viche_sdk.connectors.testing import Level, connector_suite

TestInstagram = connector_suite("connector-meta", "instagram", fake=InstagramFake, level=Level.SILVER)
