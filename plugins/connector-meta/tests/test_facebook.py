"""The connector facebook conforms, against a fake with the shapes of Meta's code generator and documentation."""

from viche_connector_meta.fake_facebook import FacebookFake
from viche_sdk.connectors.testing import Level, connector_suite

TestFacebook = connector_suite("connector-meta", "facebook", fake=FacebookFake, level=Level.SILVER)
