"""The connector matrix conforms, against a fake that answers as Synapse does."""

from viche_connector_matrix.fake import MatrixFake
from viche_sdk.connectors.testing import Level, connector_suite

TestMatrix = connector_suite("connector-matrix", "matrix", fake=MatrixFake, level=Level.GOLD)
