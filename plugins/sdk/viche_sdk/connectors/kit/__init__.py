"""The conformance kit of connectors; `viche_sdk.connectors.testing` is where to import from."""
