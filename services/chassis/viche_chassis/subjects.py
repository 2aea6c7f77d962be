"""Names on NATS: streams, the subjects that they take, and where answers arrive."""


def stream_name(area: str) -> str:
    """The stream of a service, for instance "VICHE_PETITIONS"."""
    return f"VICHE_{area.upper()}"


def subjects(area: str) -> str:
    """What the stream of a service takes: the full names of its events."""
    return f"viche.{area}.v1.>"


def inbox_prefix(name: str) -> str:
    """Where answers to a service arrive: below a name of its own, so that no other user of NATS may hear them."""
    return f"_INBOX_{name}"
