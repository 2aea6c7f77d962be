"""All that the author of a connector needs: one platform, the same few calls.

`spec` is what a connector declares of itself, `connector` what it does, `context` what it is given for each call,
`errors` how it says what went wrong. `types` has all of them in one place to import from.
"""
