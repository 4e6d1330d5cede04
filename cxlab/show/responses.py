"""How people answered: the distribution of responses over the points of a scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from cxlab.errors import DataError
from cxlab.i18n import Language, format_number, tr
from cxlab.show.rows import WIDTH, Row, heading, row_axes, row_label
from cxlab.show.style import GRID, INK, figure_style
from cxlab.show.text import Text, Words, count, fit, label, text_size, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Kind = Literal["diverging", "stacked"]
_BOX = 0.2


def response_distribution(
    counts: pd.DataFrame,
    *,
    missing: Mapping[str, int] | pd.Series | None = None,
    labels: Mapping[str, str | Text] | None = None,
    points: Mapping[float, str | Text] | None = None,
    kind: Kind = "diverging",
    title: Words | None = None,
    lang: Language | None = None,
) -> Figure:
    """Draw what share of respondents chose each point of the scale, one bar an item, with n and missing answers.

    Use it before any model: it shows ceilings, unused points and items that read differently from their scale.

    Parameters
    ----------
    counts : DataFrame
        One row an item (index: its name), one column a scale point from low to high, 2 to 11 of them; cells are
        numbers of answers.
    missing : mapping of item to number, optional
        Answers that are missing; printed as a share of all respondents.
    labels : mapping of item to text or bilingual text, optional
        The items' wordings; long ones are wrapped.
    points : mapping of scale point to text or bilingual text, optional
        The words of scale points, such as the two ends.
    kind : "diverging" or "stacked"
        ``"diverging"`` sets low answers left and high answers right of the scale's middle, which suits agreement;
        ``"stacked"`` runs every bar from 0 to 100%.
    title : str, bilingual text or Notice, optional
        Catalogue key or text.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        6.6 inches wide. Shares are of the answers given; a bar's numbers below 4% are not printed.

    Raises
    ------
    DataError
        If there are no items, fewer than 2 or more than 11 points, or a negative count.

    Examples
    --------
    >>> counts = pd.DataFrame([[5, 10, 20, 40, 25]], index=["q1"], columns=[1, 2, 3, 4, 5])
    >>> figure = response_distribution(counts, points={1: "disagree", 5: "agree"}, missing={"q1": 3})
    """
    _check(counts, kind)
    totals = counts.sum(axis="columns").to_numpy(dtype=float)
    shares = counts.to_numpy(dtype=float) / np.where(totals > 0, totals, 1)[:, None]
    heads, rows = _rows(counts, totals, missing, labels, lang)
    colours = _colours(len(counts.columns), kind)
    starts = _starts(shares, kind)
    legend = _legend_texts(counts.columns, points, lang)
    with figure_style():
        figure, ax, centres = row_axes(rows, heads, title=title, top=0.42, lang=lang)
        for i, y in enumerate(centres):
            _bar(ax, y, starts[i], shares[i], colours, lang)
        _axis(ax, starts, shares, kind, lang)
        _legend(figure, legend, colours, list(counts.columns), heading(title, lang)[1])
    return figure


def _check(counts: pd.DataFrame, kind: str) -> None:
    """Refuse what cannot be drawn."""
    if len(counts) == 0:
        raise DataError("show.figure_empty", figure="response_distribution")
    if not 2 <= len(counts.columns) <= 11:
        raise DataError("show.scale_points", points=len(counts.columns))
    if kind not in ("diverging", "stacked"):
        raise DataError("show.unknown_kind", kind=kind, known="diverging, stacked")
    if not (counts.to_numpy(dtype=float) >= 0).all():
        raise DataError("show.negative_counts")


def _rows(
    counts: pd.DataFrame,
    totals: np.ndarray,
    missing: Mapping[str, int] | pd.Series | None,
    labels: Mapping[str, str | Text] | None,
    lang: Language | None,
) -> tuple[list[str], list[Row]]:
    """Headings of the numbers, and the items' rows: label, n and, where asked for, the share missing."""
    lost = {} if missing is None else {name: int(missing[name]) for name in counts.index if name in missing}
    heads = [tr("common.n", lang)] + ([tr("show.missing", lang)] if lost else [])
    rows = []
    for name, total in zip(counts.index, totals, strict=True):
        text, height = row_label((labels or {}).get(name, str(name)), lang, 2.2)
        gone = lost.get(name, 0)
        share = 100 * gone / (total + gone) if total + gone else 0.0
        numbers = [count(round(total), lang)] + ([format_number(share, 1, lang=lang) + "%"] if lost else [])
        rows.append(Row(text, tuple(numbers), height))
    return heads, rows


def _colours(points: int, kind: Kind) -> list[str]:
    """Colours from low to high: brown to grey to teal, or light to dark; both safe for colour-blind readers."""
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    if kind == "stacked":
        return [to_hex(colormaps["YlGnBu"](x)) for x in np.linspace(0.12, 0.88, points)]
    half = points // 2
    ends = np.linspace(0.14, 0.42, half) if half > 1 else np.array([0.22])
    places = [*ends, *([0.5] if points % 2 else []), *(1 - ends[::-1])]
    return [to_hex(colormaps["BrBG"](x)) if x != 0.5 else "#DADADA" for x in places]


def _starts(shares: np.ndarray, kind: Kind) -> np.ndarray:
    """Where each bar begins: at 0, or so that the middle of the scale lies at 0."""
    points = shares.shape[1]
    if kind == "stacked":
        return np.zeros(len(shares))
    half = points // 2
    return -(shares[:, :half].sum(axis=1) + (shares[:, half] / 2 if points % 2 else 0))


def _bar(ax: Axes, y: float, start: float, shares: np.ndarray, colours: Sequence[str], lang: Language | None) -> None:
    """One item's bar, with the percentages that have room."""
    from matplotlib.colors import to_rgb

    if shares.sum() == 0:
        ax.text(start, y, tr("show.no_answers", lang), ha="left", va="center", size=7.5, style="italic")
        return
    for share, colour in zip(shares, colours, strict=True):
        ax.barh(y, share, 0.19, left=start, color=colour, ec="white", lw=0.4, zorder=2)
        if share >= 0.04:
            dark = np.dot(to_rgb(colour), (0.299, 0.587, 0.114)) < 0.55
            text = format_number(100 * share, 0, lang=lang)
            ax.text(
                start + share / 2, y, text, ha="center", va="center", size=7, color="white" if dark else INK, zorder=3
            )
        start += share


def _axis(ax: Axes, starts: np.ndarray, shares: np.ndarray, kind: Kind, lang: Language | None) -> None:
    """Percent on the x-axis; a diverging one counts from the middle to both sides."""
    low = np.floor(starts.min() * 10) / 10
    high = np.ceil((starts + shares.sum(axis=1)).max() * 10 - 1e-9) / 10
    low, high = (0.0, 1.0) if kind == "stacked" else (min(low, -0.1), max(high, 0.1))
    step = 0.25 if high - low > 0.6 else 0.1
    ticks = np.arange(np.ceil(low / step), np.floor(high / step + 1e-9) + 1) * step
    ax.set_xlim(low, high)
    ax.set_xticks(ticks, [format_number(100 * abs(tick), 0, lang=lang) + "%" for tick in ticks])
    ax.set_xlabel(words("show.share_of_answers", lang))
    if kind == "diverging":
        ax.axvline(0, color=INK, lw=0.8, zorder=1.5)
    ax.grid(visible=True, axis="x", color=GRID)


def _legend_texts(
    columns: Sequence[float], points: Mapping[float, str | Text] | None, lang: Language | None
) -> tuple[str, str]:
    """The words beside the two ends of the legend."""
    texts = {float(point): label(text, lang) for point, text in (points or {}).items()}
    low, high = (texts.get(float(columns[i]), "") for i in (0, -1))
    return fit(low, 1.9, 8, 2), fit(high, 1.9, 8, 2)


def _legend(
    figure: Figure, ends: tuple[str, str], colours: Sequence[str], columns: Sequence[float], top: float
) -> None:
    """A strip of boxes with the scale's points in them, the words of its ends beside it."""
    from matplotlib.patches import Rectangle

    height = figure.get_figheight()
    strip = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(height, 0), frameon=False, zorder=-1)
    strip.axis("off")
    length = _BOX * 1.4 * len(colours)
    width = length + sum(text_size(text, 8)[0] + 0.08 for text in ends if text)
    left = (WIDTH - width) / 2 + (text_size(ends[0], 8)[0] + 0.08 if ends[0] else 0)
    y = top + 0.17
    strip.text(left - 0.08, y, ends[0], ha="right", va="center", size=8)
    strip.text(left + length + 0.08, y, ends[1], ha="left", va="center", size=8)
    for i, (colour, point) in enumerate(zip(colours, columns, strict=True)):
        x = left + i * _BOX * 1.4
        strip.add_patch(Rectangle((x, y - _BOX / 2), _BOX * 1.4, _BOX, fc=colour, ec="white", lw=0.6))
        dark = sum(w * int(colour[k : k + 2], 16) for w, k in ((0.299, 1), (0.587, 3), (0.114, 5))) < 140
        strip.text(x + _BOX * 0.7, y, f"{point:g}", ha="center", va="center", size=7.5, color="white" if dark else INK)
