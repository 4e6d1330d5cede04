"""A metric over time with its centre, limits and signals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.i18n import Language, format_number
from cxlab.show.rows import heading, require_columns, write_title
from cxlab.show.style import INK, MUTED, NEGATIVE, figure_style, number_formatter
from cxlab.show.text import Words, fit, text_size, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_POINT = "#225FC2"
_WIDTH, _MAIN, _BELOW = 6.6, 2.6, 1.25
_NEEDED = ["point", "label", "value", "centre", "lower", "upper", "baseline", "signal"]


def control_chart_figure(
    table: pd.DataFrame,
    spread: pd.DataFrame | None = None,
    *,
    change: int | None = None,
    title: Words | None = None,
    ylabel: Words = "",
    below: Words = "",
    lang: Language | None = None,
) -> Figure:
    """Draw points in order with limits; those that break a rule in red, points outside the baseline on white ground.

    Parameters
    ----------
    table : DataFrame
        ``point`` (from 1), ``label``, ``value``, ``centre``, ``lower``, ``upper``, ``baseline`` (bool), ``signal``
        (text, empty for none).
    spread : DataFrame, optional
        The same for the chart of spread, drawn below.
    change : int, optional
        The last point before a change of level, marked by a vertical line.
    title, ylabel, below : str, bilingual text or Notice, optional
        Headings of the figure and of the two vertical axes.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        6.6 inches wide.

    Raises
    ------
    DataError
        If a column is missing or the table is empty.

    Examples
    --------
    >>> table = pd.DataFrame({"point": [1, 2], "label": ["a", "b"], "value": [1.0, 2.0], "centre": 1.5, "lower": 0.0,
    ...                       "upper": 3.0, "baseline": True, "signal": ""})
    >>> len(control_chart_figure(table).axes)
    1
    """
    from cxlab.show.figure import Picture

    require_columns(table, _NEEDED, "control_chart_figure")
    head, above = heading(title, lang)
    heights = [_MAIN, *([_BELOW] if spread is not None else [])]
    with figure_style():
        figure = Picture(figsize=(_WIDTH, sum(heights) + above + 0.75))
        write_title(figure, head)
        axes = figure.subplots(len(heights), 1, sharex=True, squeeze=False, height_ratios=heights)[:, 0]
        tall = figure.get_figheight()
        figure.subplots_adjust(left=0.1, right=0.87, top=1 - (above + 0.28) / tall, bottom=0.45 / tall, hspace=0.14)
        _draw(axes[0], table, change, lang)
        axes[0].set_ylabel(fit(words(ylabel, lang), _MAIN, 8.5, 2))
        if spread is not None:
            _draw(axes[1], spread, change, lang)
            axes[1].set_ylabel(fit(words(below, lang), _BELOW, 8.5, 3))
        _names(axes[-1], table, lang)
        _legend(figure, axes[0], table, spread, change, above, lang)
    return figure


def _draw(ax: Axes, table: pd.DataFrame, change: int | None, lang: Language | None) -> None:
    """Limits as steps, since they change with the size of a point; their last values at the right."""
    x = table["point"].to_numpy(dtype=float)
    edges = np.concatenate([x - 0.5, [x[-1] + 0.5]])
    for name, style in (("lower", (0, (4, 2.5))), ("upper", (0, (4, 2.5))), ("centre", "-")):
        ax.stairs(table[name], edges, baseline=None, color=MUTED, lw=0.9, ls=style, zorder=2)
    if not table["baseline"].all():
        _shade(ax, table)
    ax.plot(x, table["value"], color=_POINT, lw=1.0, zorder=3)
    signal = table["signal"] != ""
    small = 4.6 if len(table) <= 40 else 3.2
    ax.plot(x[~signal], table["value"][~signal], "o", ms=small, color=_POINT, mec="white", mew=0.6, zorder=4)
    ax.plot(x[signal], table["value"][signal], "D", ms=small + 0.8, color=NEGATIVE, mec="white", mew=0.6, zorder=5)
    if change is not None:
        ax.axvline(change + 0.5, color=INK, lw=1.0, ls=":", zorder=2)
    ax.set_xlim(edges[0], edges[-1])
    ax.grid(visible=False, axis="x")
    _values(ax, table, lang)


def _shade(ax: Axes, table: pd.DataFrame) -> None:
    """A grey ground behind the baseline."""
    flags = np.concatenate([[False], table["baseline"].to_numpy(), [False]]).astype(int)
    starts, ends = np.flatnonzero(np.diff(flags) == 1), np.flatnonzero(np.diff(flags) == -1)
    for start, end in zip(starts, ends, strict=True):
        ax.axvspan(start + 0.5, end + 0.5, color="#F1F1F1", lw=0, zorder=0)


def _values(ax: Axes, table: pd.DataFrame, lang: Language | None) -> None:
    """The y-axis in as many digits as it needs, and the last limits and centre in numbers."""
    from matplotlib.ticker import MaxNLocator

    low, high = ax.get_ylim()
    share = ax.get_position().height * ax.get_figure().get_figheight()  # type: ignore[union-attr]
    ticks = [tick for tick in MaxNLocator(5 if share > 2 else 3).tick_values(low, high) if low <= tick <= high]
    step = abs(ticks[1] - ticks[0])
    digits = next((k for k in range(5) if abs(step * 10**k - round(step * 10**k)) < 1e-6), 5)
    ax.set_yticks(ticks)
    ax.set_ylim(low, high)
    ax.yaxis.set_major_formatter(number_formatter(digits, lang=lang))
    near = 0.15 * (high - low) / share
    used: list[float] = []
    for name in ("centre", "upper", "lower"):
        value = float(table[name].iloc[-1])
        if any(abs(value - other) < near for other in used):
            continue
        used.append(value)
        text = format_number(value, max(digits, min(digits + 1, 2)), lang=lang)
        ax.text(1.012, value, text, transform=ax.get_yaxis_transform(), va="center", size=8, color=MUTED, clip_on=False)


def _names(ax: Axes, table: pd.DataFrame, lang: Language | None) -> None:
    """As many of the points' names as there is room for."""
    widest = max(text_size(str(name), 8)[0] for name in table["label"]) + 0.12
    step = max(1, int(np.ceil(widest * len(table) / (0.77 * _WIDTH))))
    shown = table.iloc[::step]
    ax.set_xticks(shown["point"], [str(name) for name in shown["label"]])


def _legend(
    figure: Figure,
    ax: Axes,
    table: pd.DataFrame,
    spread: pd.DataFrame | None,
    change: int | None,
    above: float,
    lang: Language | None,
) -> None:
    """What red points, grey ground and the dotted line mean, where they occur."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    entries = [
        (Line2D([], [], color=MUTED, lw=0.9), "management.legend_centre"),
        (Line2D([], [], color=MUTED, lw=0.9, ls=(0, (4, 2.5))), "management.legend_limits"),
    ]
    signals = [one["signal"] for one in (table, spread) if one is not None]
    if any((one != "").any() for one in signals):
        mark = Line2D([], [], marker="D", ms=5, color=NEGATIVE, mec="white", ls="none")
        entries.append((mark, "management.legend_signal"))
    if not table["baseline"].all():
        entries.append((Patch(color="#E8E8E8"), "management.legend_baseline"))  # type: ignore[arg-type]
    if change is not None:
        entries.append((Line2D([], [], color=INK, lw=1.0, ls=":"), "management.legend_change"))
    texts = [words(key, lang) for _, key in entries]
    figure.legend([handle for handle, _ in entries], texts, loc="upper left", ncols=len(entries), borderaxespad=0,
                  bbox_to_anchor=(0.095, 1 - above / figure.get_figheight()), columnspacing=1.1, handletextpad=0.5,
                  handlelength=1.6)  # fmt: skip
