"""A timeline: themes as bands over the years they are filed under, works as dots at the year they appeared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.i18n import Language
from cxlab.show.rows import WIDTH, heading, require_columns, write_title
from cxlab.show.style import INK, NEGATIVE, figure_style, tint
from cxlab.show.text import Words, fit, label, text_size, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LANE = 0.19
_GAP = 0.16
_SIZE = 8.0
_LABELS = 1.55
_DOT = "#225FC2"
# From this year on a label stands left of its dot, where there is room.
_LEFT_FROM = 1995


def timeline(
    table: pd.DataFrame, *, title: Words | None = None, lang: Language | None = None, step: int = 10
) -> Figure:
    """Draw works over time, a theme a band, those outside their theme's years in another colour and shape.

    Parameters
    ----------
    table : DataFrame
        One row a work, themes in the order wanted: ``theme`` (text or bilingual), ``start`` and ``end`` (years of the
        theme's band), ``label`` (of the work, text or bilingual), ``year``. Works without a year are left out.
    title : str, bilingual text or Notice, optional
    lang : "en" or "vi", optional
        The language, by default the one in use.
    step : int
        Years between the ticks.

    Returns
    -------
    matplotlib Figure
        6.6 inches wide, as high as the works need.

    Raises
    ------
    DataError
        If a column is missing or the table is empty.

    Examples
    --------
    >>> works = pd.DataFrame({"theme": ["A", "A"], "start": [1980, 1980], "end": [1989, 1989],
    ...                       "label": ["One", "Two"], "year": [1985, 1992]})
    >>> len(timeline(works).axes)
    1
    """
    require_columns(table, ["theme", "start", "end", "label", "year"], "timeline")
    shown = table.dropna(subset=["year"])
    require_columns(shown, ["year"], "timeline")
    names = [label(theme, lang) for theme in shown["theme"]]
    blocks = [(name, shown[[one == name for one in names]].sort_values("year")) for name in dict.fromkeys(names)]
    with figure_style():
        figure, ax, tops = _axes(blocks, title, lang)
        for (name, works), top in zip(blocks, tops, strict=True):
            _theme(ax, name, works, top, lang)
        _years(ax, shown, step, lang)
        _legend(figure, shown, title, lang)
    return figure


def _height(works: pd.DataFrame) -> float:
    return max(0.42, len(works) * _LANE) + _GAP


def _axes(
    blocks: list[tuple[str, pd.DataFrame]], title: Words | None, lang: Language | None
) -> tuple[Figure, Axes, list[float]]:
    from cxlab.show.figure import Picture

    text, title_height = heading(title, lang)
    above, below = title_height + 0.3, 0.35
    body = sum(_height(works) for _, works in blocks)
    height = above + body + below
    figure = Picture(figsize=(WIDTH, height))
    left, right = _LABELS + 0.15, 0.12
    ax = figure.add_axes((left / WIDTH, below / height, (WIDTH - left - right) / WIDTH, body / height))
    ax.set_ylim(body, 0)
    ax.set_yticks([])
    ax.grid(visible=False, axis="y")
    ax.spines["left"].set_visible(False)
    write_title(figure, text)
    tops = [sum(_height(works) for _, works in blocks[:i]) for i in range(len(blocks))]
    return figure, ax, tops


def _theme(ax: Axes, name: str, works: pd.DataFrame, top: float, lang: Language | None) -> None:
    """One band with its name at the left, and its works, each on a line of its own."""
    from matplotlib.patches import Rectangle

    height = _height(works) - _GAP
    start, end = int(works["start"].iloc[0]), int(works["end"].iloc[0]) + 1
    ax.add_patch(Rectangle((start, top + _GAP / 2), end - start, height, color=tint(_DOT, 0.13), lw=0, zorder=1))
    text = fit(name, _LABELS - 0.1, _SIZE, 3)
    ax.text(-0.02, top + _GAP / 2 + height / 2, text, transform=ax.get_yaxis_transform(), ha="right", va="center",
            size=_SIZE)  # fmt: skip
    lane = height / len(works)
    for i, work in enumerate(works.to_dict("records")):
        y = top + _GAP / 2 + (i + 0.5) * lane
        inside = start <= work["year"] < end
        colour = _DOT if inside else NEGATIVE
        if not inside:
            near = start if work["year"] < start else end
            ax.plot([near, work["year"]], [y, y], color=NEGATIVE, lw=0.8, ls=(0, (2, 2)), zorder=2)
        marker, size = ("o", 5.0) if inside else ("D", 4.6)
        ax.plot([work["year"]], [y], marker=marker, ms=size, mfc=colour, mec="white", mew=0.7, ls="none", zorder=3)
        after = _label_after(work)
        ax.annotate(
            label(work["label"], lang), (work["year"], y), xytext=(5 if after else -5, 0), textcoords="offset points",
            ha="left" if after else "right", va="center", size=_SIZE - 0.5, color=INK if inside else NEGATIVE, zorder=4,
        )  # fmt: skip


def _label_after(work: Mapping[Any, Any]) -> bool:
    """True for a label at the right of its dot: away from the band, or where a band's early works leave room."""
    if work["start"] <= work["year"] <= work["end"]:
        return bool(work["year"] < _LEFT_FROM)
    return bool(work["year"] > work["end"])


def _years(ax: Axes, shown: pd.DataFrame, step: int, lang: Language | None) -> None:
    """The axis: whole steps, and room at the end for the labels that stand right of their dots."""
    low = int(min(shown["start"].min(), shown["year"].min()) // step * step)
    high = int(-(-max(shown["end"].max() + 1, shown["year"].max()) // step) * step)
    edge = float(high + 1)
    across = ax.get_position().width * WIDTH
    for work in shown.to_dict("records"):
        if _label_after(work):
            part = (text_size(label(work["label"], lang), _SIZE - 0.5)[0] + 0.1) / across
            edge = max(edge, (work["year"] - part * (low - 1)) / (1 - part))
    ax.set_xlim(low - 1, edge)
    ticks = list(range(low, high + 1, step))
    ax.set_xticks(ticks, [str(year) for year in ticks])


def _legend(figure: Figure, shown: pd.DataFrame, title: Words | None, lang: Language | None) -> None:
    """What the band and the two kinds of dot mean; the second kind only where there is one."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    outside = ((shown["year"] < shown["start"]) | (shown["year"] > shown["end"])).any()
    dot = Line2D([], [], marker="o", ms=5, color=_DOT, mec="white", ls="none")
    entries = [(Patch(color=tint(_DOT, 0.13)), "show.timeline_band"), (dot, "show.timeline_inside")]
    if outside:
        mark = Line2D([], [], marker="D", ms=4.6, color=NEGATIVE, mec="white", ls="none")
        entries.append((mark, "show.timeline_outside"))
    top = 1 - (heading(title, lang)[1] - 0.02) / figure.get_figheight()
    texts = [words(key, lang) for _, key in entries]
    figure.legend([handle for handle, _ in entries], texts, loc="upper left", bbox_to_anchor=(0.01, top), ncols=3,
                  columnspacing=1.4, handletextpad=0.5)  # fmt: skip
