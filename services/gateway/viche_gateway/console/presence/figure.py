"""The shares of a platform as one picture that says all by itself."""

from flask_babel import gettext, ngettext
from viche.social.v1 import presence_pb2 as pb

from viche_gateway.branding.current import site_name
from viche_gateway.formats import format_number
from viche_gateway.pictures.canvas import BOTTOM, LABELS, MARGIN, QUIET, RIGHT, canvas, foot, head, label
from viche_gateway.presence_view import Platform, kind_text, share_text

_LEFT = MARGIN + LABELS + 24
_VALUES = 230


def figure(platform: Platform, day: str) -> str:
    """The picture, as SVG.

    Args:
        day: for the reader.
    """
    drawn = canvas()
    top = head(drawn, platform.finding, gettext("Share of those who have an account there"))
    most = max(1, int((BOTTOM - top - 34) / 46))
    shown, left = platform.rows[:most], len(platform.rows) - most
    height = min(84.0, (BOTTOM - top - 34) / max(1, len(shown)))
    for place, row in enumerate(shown):
        middle, thick = top + height * (place + 0.5), min(36.0, height * 0.58)
        label(drawn, kind_text(row.authority_kind), _LEFT, middle, height)
        width = (RIGHT - _LEFT - _VALUES) * row.accounts / row.of
        drawn.rect(_LEFT, middle - thick / 2, width, thick, drawn.accent)
        drawn.text(_LEFT + width + 14, middle + 8, _value(row), 24, bold=True)
    drawn.path(f"M{_LEFT} {top:.1f}V{top + height * len(shown):.1f}", colour=QUIET)
    if left > 0:
        words = ngettext("and %(num)s more, in the table", "and %(num)s more, in the table", left)
        drawn.text(_LEFT, BOTTOM - 4, words, 22, colour=QUIET)
    foot(drawn, gettext("Source: register of accounts, %(site)s", site=site_name()), day)
    said = "; ".join(f"{kind_text(row.authority_kind)}: {_value(row)}" for row in platform.rows)
    return drawn.whole(platform.finding, f"{said}. {day}.")


def _value(row: pb.CoverageRow) -> str:
    return gettext(
        "%(share)s (%(accounts)s of %(of)s)",
        share=share_text(row), accounts=format_number(row.accounts), of=format_number(row.of),
    )  # fmt: skip
