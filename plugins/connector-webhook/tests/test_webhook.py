"""The connector webhook conforms, against a receiver that does what Standard Webhooks 1.0.0 says."""

from viche_connector_webhook.fake import WebhookFake
from viche_sdk.connectors.testing import Level, connector_suite

TestWebhook = connector_suite("connector-webhook", "webhook", fake=WebhookFake, level=Level.BRONZE)
