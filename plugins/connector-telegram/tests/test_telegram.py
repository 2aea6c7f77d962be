"""The connector telegram conforms, against a fake that the description of the Bot API 10.1 allows."""

from pathlib import Path

from viche_connector_telegram.fake import TelegramFake
from viche_sdk.connectors.testing import Level, connector_suite

SCHEMAS = Path(__file__).resolve().parents[4] / "shared/data/api_schemas/telegram"

TestTelegram = connector_suite("connector-telegram", "telegram", fake=TelegramFake, schemas=SCHEMAS, level=Level.BRONZE)
