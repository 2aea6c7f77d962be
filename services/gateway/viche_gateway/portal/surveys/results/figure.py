"""A question's numbers as one picture that says all by itself: the finding, the numbers, source, n and date."""

from collections.abc import Sequence

from flask_babel import gettext, ngettext

from viche_gateway.branding.current import site_name
from viche_gateway.formats import format_number, full_date
from viche_gateway.pictures.canvas import (
    BOTTOM,
    INK,
    INSIDE,
    LABELS,
    MARGIN,
    PAPER,
    QUIET,
    RIGHT,
    Canvas,
    broken,
    canvas,
    foot,
    head,
    label,
    width_of,
)
from viche_gateway.portal.surveys.results import wording
from viche_gateway.portal.surveys.results.view import Bar, Mean, QuestionView, ResultsView, Shape, Stack

SHADES = (0.14, 0.34, 0.56, 0.78, 1.0)
_LEFT = MARGIN + LABELS + 24
_VALUES = 190
_DARK_FROM = 4


def figure(results: ResultsView, question: QuestionView) -> str:
    """The picture, as SVG."""
    drawn = canvas()
    found = wording.finding(question) if question.shape is not Shape.MEAN else ""
    top = head(drawn, found or question.text, question.text if found else "")
    match question.shape:
        case Shape.SCALE if any(bar.count is not None for bar in question.bars):
            _columns(drawn, question.bars, top)
        case Shape.BARS:
            _bars(drawn, question.bars, top)
        case Shape.STACKED:
            _stacks(drawn, question.stacks, top)
        case _:
            _mean(drawn, question.mean, top)
    source = gettext("Source: %(survey)s, %(site)s", survey=results.title, site=site_name())
    foot(drawn, source, " · ".join(_facts(results, question)))
    return drawn.whole(found or question.text, described(question))


def described(question: QuestionView) -> str:
    """All that is drawn, in words."""
    said = [_said(bar) for bar in question.bars]
    said += [f"{each.label}: {', '.join(_said(part.bar) for part in each.parts)}" for each in question.stacks]
    if question.mean is not None:
        said.append(wording.mean_sentence(question.mean))
    return f"{question.text} {'; '.join(said)}. {wording.base_sentence(question)}."


def value_text(bar: Bar) -> str:
    """For instance "62% (124)"."""
    if bar.count is None:
        return gettext("too few to show")
    return f"{wording.share_text(bar.share)} ({format_number(bar.count)})"


def _said(bar: Bar) -> str:
    return f"{bar.label}: {value_text(bar)}"


def _bars(drawn: Canvas, bars: Sequence[Bar], top: float) -> None:
    shown, left = _greatest(bars, max(3, int((BOTTOM - top) / 46)))
    height = min(84.0, (BOTTOM - top - (34 if left else 0)) / max(1, len(shown)))
    scale = (RIGHT - _LEFT - _VALUES) / max([bar.high for bar in shown] + [0.01])
    for place, bar in enumerate(shown):
        middle = top + height * (place + 0.5)
        label(drawn, bar.label, _LEFT, middle, height)
        if bar.count is None:
            drawn.text(_LEFT + 14, middle + 8, value_text(bar), 22, colour=QUIET)
            continue
        thick = min(36.0, height * 0.58)
        drawn.rect(_LEFT, middle - thick / 2, bar.share * scale, thick, drawn.accent)
        low, high = _LEFT + bar.low * scale, _LEFT + bar.high * scale
        drawn.interval(f"M{low:.1f} {middle - 6:.1f}v12m0 -6H{high:.1f}m0 -6v12")
        drawn.text(high + 14, middle + 8, value_text(bar), 24, bold=True)
    drawn.path(f"M{_LEFT} {top:.1f}V{top + height * len(shown):.1f}", colour=QUIET)
    if left:
        words = ngettext("and %(num)s more, in the table", "and %(num)s more, in the table", left)
        drawn.text(_LEFT, BOTTOM - 4, words, 22, colour=QUIET)


def _greatest(bars: Sequence[Bar], most: int) -> tuple[Sequence[Bar], int]:
    """As many bars as there is room for, the greatest, in their order; and how many are left out."""
    if len(bars) <= most:
        return bars, 0
    by_size = sorted(range(len(bars)), key=lambda place: -bars[place].share)
    kept = sorted(by_size[: most - 1])
    return [bars[place] for place in kept], len(bars) - len(kept)


def _columns(drawn: Canvas, bars: Sequence[Bar], top: float) -> None:
    ground, step = BOTTOM - 66, INSIDE / len(bars)
    scale = (ground - top - 40) / max([bar.high for bar in bars] + [0.01])
    size = min(24.0, step * 0.36)
    for place, bar in enumerate(bars):
        middle = MARGIN + step * (place + 0.5)
        drawn.text(middle, ground + 30, bar.code, 24, anchor="middle")
        if bar.count is None:
            drawn.text(middle, ground - 8, "–", 24, colour=QUIET, anchor="middle")
            continue
        drawn.rect(middle - step * 0.34, ground - bar.share * scale, step * 0.68, bar.share * scale, drawn.accent)
        low, high = ground - bar.low * scale, ground - bar.high * scale
        drawn.interval(f"M{middle - 6:.1f} {low:.1f}h12m-6 0V{high:.1f}m-6 0h12")
        drawn.text(middle, high - 10, wording.share_text(bar.share), size, bold=True, anchor="middle")
    drawn.path(f"M{MARGIN} {ground:.1f}H{RIGHT}", colour=QUIET)
    for bar, x, anchor in ((bars[0], MARGIN, "start"), (bars[-1], RIGHT, "end")):
        if bar.label != bar.code:
            drawn.text(x, ground + 60, broken(bar.label, 22, INSIDE / 2 - 20, 1)[0], 22, colour=QUIET, anchor=anchor)


def _stacks(drawn: Canvas, stacks: Sequence[Stack], top: float) -> None:
    if not stacks:
        return
    top = _legend(drawn, stacks[0], top)
    shown = stacks[: max(1, int((BOTTOM - top) / 44))]
    height = min(84.0, (BOTTOM - top) / len(shown))
    scale, thick = RIGHT - _LEFT, min(44.0, height * 0.7)
    for place, stack in enumerate(shown):
        middle = top + height * (place + 0.5)
        label(drawn, stack.label, _LEFT, middle, height)
        for part in stack.parts:
            x, width = _LEFT + part.begins * scale, part.bar.share * scale
            drawn.rect(x, middle - thick / 2, width - 1.5, thick, drawn.accent, SHADES[part.shade - 1])
            words = wording.share_text(part.bar.share)
            if width > width_of(words, 22, bold=True) + 8:
                colour = PAPER if part.shade >= _DARK_FROM else INK
                drawn.text(x + width / 2, middle + 8, words, 22, bold=True, colour=colour, anchor="middle")
        if stack.is_partly_withheld and stack.shown < 1:
            x = _LEFT + stack.shown * scale
            drawn.path(
                f"M{x + 2:.1f} {middle - thick / 2:.1f}H{RIGHT}v{thick:.1f}H{x + 2:.1f}Z", dashed=True, colour=QUIET
            )
            if (words := gettext("too few to show")) and width_of(words, 20) < RIGHT - x - 16:
                drawn.text((x + RIGHT) / 2, middle + 7, words, 20, colour=QUIET, anchor="middle")


def _legend(drawn: Canvas, stack: Stack, top: float) -> float:
    """What the shades mean; gives where the bars may begin."""
    x, y = float(_LEFT), top
    for part in stack.parts:
        words = broken(part.bar.label, 20, 300, 1)[0]
        width = 28 + width_of(words, 20) + 24
        if x + width > RIGHT and x > _LEFT:
            x, y = float(_LEFT), y + 30
        drawn.rect(x, y - 16, 20, 20, drawn.accent, SHADES[part.shade - 1])
        drawn.text(x + 28, y + 1, words, 20)
        x += width
    return y + 24


def _mean(drawn: Canvas, mean: Mean | None, top: float) -> None:
    if mean is None:
        drawn.text(MARGIN, top + 60, gettext("too few to show"), 32, colour=QUIET)
        return
    drawn.text(MARGIN, top + 150, wording.amount_text(mean.mean, mean.unit), 150, bold=True, colour=drawn.accent)
    drawn.text(MARGIN, top + 210, wording.mean_sentence(mean), 28)


def _facts(results: ResultsView, question: QuestionView) -> Sequence[str]:
    said = [wording.base_sentence(question)]
    if results.at is not None:
        said.append(full_date(results.at))
    if question.is_multiple:
        said.append(gettext("several could be chosen"))
    if question.shape in (Shape.BARS, Shape.SCALE):
        said.append(wording.interval_note())
    if question.shape is Shape.SCALE and question.has_withheld:
        said.append(gettext("–: too few to show"))
    return said
