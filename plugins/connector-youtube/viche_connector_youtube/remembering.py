"""The upload that is under way, kept by the host from call to call: its address and the key of its publication."""

from viche_sdk.connectors.types import Context


def remember(ctx: Context, key: str, address: str) -> None:
    """Keeps one; an earlier one ends by itself after some days."""
    ctx.session.put(f"{key} {address}")


def remembered(ctx: Context, key: str) -> str:
    """The address of the upload of this publication; empty where it is not known."""
    kept, _, address = ctx.session.get().partition(" ")
    return address if kept == key else ""


def forget(ctx: Context) -> None:
    """The upload is whole."""
    ctx.session.put("")
