"""The connector x conforms, against a fake that the OpenAPI document of version 2.167 allows, and an older one."""

from pathlib import Path

from viche_connector_x.fake import OldXFake, XFake
from viche_sdk.connectors.testing import Level, connector_suite

SCHEMAS = Path(__file__).resolve().parents[4] / "shared/data/api_schemas/x"

TestX = connector_suite("connector-x", "x", fake=XFake, schemas=SCHEMAS, level=Level.SILVER)
TestXBeforeNamesChanged = connector_suite("connector-x", "x", fake=OldXFake)
