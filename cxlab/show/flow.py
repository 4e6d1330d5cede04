"""The flow of respondents: collected, excluded by each rule, analysed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cxlab.errors import DataError
from cxlab.i18n import Language, format_number, tr
from cxlab.show.rows import heading, write_title
from cxlab.show.style import GRID, INK, MUTED, figure_style
from cxlab.show.text import Words, count, fit, label, text_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _MAIN, _SIDE, _GAP = 6.4, 2.5, 3.0, 0.22
_SIZE = 8.5


def flow_diagram(
    steps: Sequence[tuple[str | Mapping[str, str], int]],
    *,
    title: Words | None = None,
    lang: Language | None = None,
) -> Figure:
    """Draw how many respondents came in, how many each rule took out, and how many are analysed.

    Use it for the participants section of a paper (the flow that reporting guidelines ask for).

    Parameters
    ----------
    steps : sequence of (label, n)
        The first is what was collected and the last what is analysed; those between are exclusions, in the order in
        which they were made, each with the number of respondents it took out. A label is a text or bilingual.
    title : str, bilingual text or Notice, optional
        Catalogue key or text, printed above the figure.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        6.4 inches wide, as high as the steps need.

    Raises
    ------
    DataError
        If there are fewer than two steps, a number is negative, or the numbers do not add up.

    Examples
    --------
    >>> figure = flow_diagram([("Collected", 412), ("Attention check", 17), ("Too fast", 9), ("Analysed", 386)])
    >>> len(figure.axes)
    1
    """
    from cxlab.show.figure import Picture

    _check(steps, lang)
    texts = [_step_text(steps, i, lang) for i in range(len(steps))]
    heights = [text_size(text, _SIZE)[1] + 0.2 for text in texts]
    top, above = heading(title, lang, _WIDTH - 0.3)
    total = sum(heights) + _GAP * (len(steps) - 1) + 0.1
    with figure_style():
        figure = Picture(figsize=(_WIDTH, total + (above if top else 0.0)))
        ax = figure.add_axes((0, 0, 1, 1))
        ax.set(xlim=(0, _WIDTH), ylim=(0, figure.get_figheight()))
        ax.axis("off")
        write_title(figure, top)
        _draw(ax, texts, heights, total - 0.05)
    return figure


def _check(steps: Sequence[tuple[str | Mapping[str, str], int]], lang: Language | None) -> None:
    """Refuse a flow that says nothing or that does not add up."""
    if len(steps) < 2:
        raise DataError("show.flow_too_short", count=len(steps))
    for text, n in steps:
        if n < 0:
            raise DataError("show.flow_negative", label=label(text, lang), n=n)
    collected, analysed = steps[0][1], steps[-1][1]
    excluded = sum(n for _, n in steps[1:-1])
    if collected - excluded != analysed:
        raise DataError("show.flow_sum", collected=collected, excluded=excluded, analysed=analysed)


def _step_text(steps: Sequence[tuple[str | Mapping[str, str], int]], i: int, lang: Language | None) -> str:
    """Label, number and, after the first step, the share of those collected."""
    text, n = steps[i]
    number = f"{tr('common.n', lang)} = {count(n, lang)}"
    if i and steps[0][1]:
        number += f" ({format_number(100 * n / steps[0][1], 1, lang=lang)}%)"
    if i in (0, len(steps) - 1):
        return fit(label(text, lang), _MAIN - 0.2, _SIZE) + "\n" + number
    return fit(f"{label(text, lang)}: " + number.replace(" ", "\u00a0"), _SIDE - 0.2, _SIZE)


def _draw(ax: Axes, texts: Sequence[str], heights: Sequence[float], top: float) -> None:
    """Main boxes in a column joined by an arrow, exclusions as side boxes to its right."""
    spine = 0.05 + _MAIN / 2
    centres = [top - sum(heights[:i]) - _GAP * i - heights[i] / 2 for i in range(len(texts))]
    arrow = {"arrowstyle": "-|>", "color": MUTED, "lw": 0.9, "shrinkA": 0, "shrinkB": 0}
    start, end = centres[0] - heights[0] / 2, centres[-1] + heights[-1] / 2
    ax.annotate("", xy=(spine, end), xytext=(spine, start), arrowprops=arrow)
    last = len(texts) - 1
    for i, (text, height, y) in enumerate(zip(texts, heights, centres, strict=True)):
        if i in (0, last):
            _box(ax, 0.05, y, _MAIN, height, text, strong=True)
            continue
        left = _WIDTH - _SIDE - 0.05
        ax.annotate("", xy=(left, y), xytext=(spine, y), arrowprops=arrow)
        _box(ax, left, y, _SIDE, height, text, strong=False)


def _box(ax: Axes, left: float, y: float, width: float, height: float, text: str, *, strong: bool) -> None:
    """One box with its text in the middle."""
    from matplotlib.patches import Rectangle

    edge = INK if strong else MUTED
    ax.add_patch(
        Rectangle((left, y - height / 2), width, height, fc="white" if strong else GRID + "66", ec=edge, lw=0.9)
    )
    ax.text(left + width / 2, y, text, ha="center", va="center", size=_SIZE, linespacing=1.2)
