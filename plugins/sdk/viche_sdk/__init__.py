"""All that the author of a Viche plugin needs.

`viche_sdk.hookspecs` says what Viche asks of a plugin, `viche_sdk.types` has the values that go in and out, and
`viche_sdk.testing` checks a plugin in one statement.
"""
