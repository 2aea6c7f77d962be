"""The connector youtube conforms, against a fake that the platform's discovery document allows."""

from pathlib import Path

from viche_connector_youtube.fake import YouTubeFake
from viche_sdk.connectors.testing import Level, connector_suite

SCHEMAS = Path(__file__).parent / "discovery"

TestYouTube = connector_suite("connector-youtube", "youtube", fake=YouTubeFake, schemas=SCHEMAS, level=Level.SILVER)
