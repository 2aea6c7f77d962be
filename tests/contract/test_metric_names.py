"""Every figure of a post that connectors can give is shown to officers."""

from __future__ import annotations

from viche_gateway.console.posts.figures import NAMES
from viche_sdk.connectors.types import MetricName

OF_ACCOUNTS = {MetricName.FOLLOWERS, MetricName.POSTS}


def test_every_figure_of_a_post_has_words() -> None:
    assert set(NAMES) == {name.value for name in MetricName if name not in OF_ACCOUNTS}
