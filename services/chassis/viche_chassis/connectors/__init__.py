"""Running connectors: inside this process, in a child process, or somewhere else; who calls cannot tell.

`runner.Connectors` is what a service uses. `lanes` runs a connector in this process, `serving` offers that over gRPC,
`remote` calls it there, `children` keeps child processes that serve, `breaker` stops asking one that fails by itself.
"""
