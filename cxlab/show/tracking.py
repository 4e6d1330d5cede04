"""Counts, renewals and forecasts of a retention model beside what was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cxlab.i18n import Language
from cxlab.show.rows import heading, require_columns, write_title
from cxlab.show.style import INK, figure_style, number_formatter, tint
from cxlab.show.text import Words, count, fit, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SEEN, _MODEL = "#225FC2", "#B5650D"
_WIDTH, _HEIGHT = 6.6, 3.1


def tracking_figure(
    tracking: pd.DataFrame,
    holdout: pd.DataFrame | None = None,
    *,
    title: Words | None = None,
    lang: Language | None = None,
) -> Figure:
    """Draw customers by repeat purchases, and their later purchases, each seen and expected.

    Parameters
    ----------
    tracking : DataFrame
        ``repeats`` (the last row stands for all above), ``customers``, ``expected``.
    holdout : DataFrame, optional
        ``repeats``, ``observed``, ``ci_lower``, ``ci_upper``, ``expected``: means a customer.
    title : str, bilingual text or Notice, optional
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        6.6 inches wide; two panels with a holdout.

    Raises
    ------
    DataError
        If a column is missing or a table is empty.

    Examples
    --------
    >>> table = pd.DataFrame({"repeats": [0, 1], "customers": [8, 2], "expected": [7.5, 2.5]})
    >>> len(tracking_figure(table).axes)
    1
    """
    from cxlab.show.figure import Picture

    require_columns(tracking, ["repeats", "customers", "expected"], "tracking_figure")
    head, above = heading(title, lang)
    with figure_style():
        figure = Picture(figsize=(_WIDTH if holdout is not None else 4.4, _HEIGHT + above))
        write_title(figure, head)
        panels = 1 if holdout is None else 2
        axes = figure.subplots(1, panels, squeeze=False)[0]
        top = 1 - (above + 0.42) / figure.get_figheight()
        figure.subplots_adjust(left=0.1 if panels == 2 else 0.15, right=0.985, bottom=0.155, top=top, wspace=0.24)
        _counts(axes[0], tracking, lang)
        if holdout is not None:
            require_columns(holdout, ["repeats", "observed", "ci_lower", "ci_upper", "expected"], "tracking_figure")
            _means(axes[1], holdout, lang)
    return figure


def _counts(ax: Axes, table: pd.DataFrame, lang: Language | None) -> None:
    """Bars for what was seen, dots for what the model expects."""
    from matplotlib.ticker import FuncFormatter

    places = range(len(table))
    ax.bar(places, table["customers"], 0.68, color=tint(_SEEN, 0.45), label=words("management.seen", lang), zorder=2)
    _expected(ax, table, lang)
    ax.grid(visible=False, axis="x")
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: count(round(value), lang)))
    _dress(ax, table, "management.axis_repeats", "management.axis_customers", lang)


def _means(ax: Axes, table: pd.DataFrame, lang: Language | None) -> None:
    """Means with intervals, and the forecast."""
    for place, low, high, mean in table[["ci_lower", "ci_upper", "observed"]].itertuples():
        ax.plot([place, place], [low, high], color=_SEEN, lw=1.6, solid_capstyle="butt", zorder=2)
        ax.plot(place, mean, "s", ms=5, color=_SEEN, mec="white", mew=0.8, zorder=3,
                label=words("management.seen_interval", lang) if place == 0 else None)  # fmt: skip
    _expected(ax, table, lang)
    ax.set_ylim(bottom=0)
    ax.yaxis.set_major_formatter(number_formatter(0, lang=lang))
    _dress(ax, table, "management.axis_repeats_before", "management.axis_holdout", lang)


def _expected(ax: Axes, table: pd.DataFrame, lang: Language | None) -> None:
    ax.plot(range(len(table)), table["expected"], "o", ms=5.5, mfc=_MODEL, mec="white", mew=0.8, ls="-", lw=0.9,
            color=_MODEL, label=words("management.expected", lang), zorder=4)  # fmt: skip


def _dress(ax: Axes, table: pd.DataFrame, xlabel: str, ylabel: str, lang: Language | None) -> None:
    """Ticks at the counts, the last open above; the legend over the panel, the unit of y as its heading."""
    names = [*(str(int(one)) for one in table["repeats"][:-1]), f"{int(table['repeats'].iloc[-1])}+"]
    ax.set_xticks(range(len(names)), names)
    ax.set_xlabel(fit(words(xlabel, lang), 2.9, 8.5, 2))
    ax.set_ylabel(words(ylabel, lang), color=INK)
    handles, texts = ax.get_legend_handles_labels()
    order = sorted(range(len(texts)), key=lambda k: texts[k] == words("management.expected", lang))
    ax.legend([handles[k] for k in order], [texts[k] for k in order], loc="lower left", bbox_to_anchor=(-0.02, 1.0),
              ncols=2, borderaxespad=0.2, columnspacing=1.2)  # fmt: skip


def renewal_figure(curve: pd.DataFrame, *, title: Words | None = None, lang: Language | None = None) -> Figure:
    """Draw the share still there and the retention rate by renewal: the model as a line, what was seen as dots.

    Parameters
    ----------
    curve : DataFrame
        ``period``, ``survival``, ``ci_lower``, ``ci_upper``, ``retention``, ``observed``, ``observed_retention``,
        ``used`` (True for the periods the model was fitted to; later dots are hollow, the line is dashed there).
    title : str, bilingual text or Notice, optional
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
    >>> curve = pd.DataFrame({"period": [0, 1], "survival": [1, 0.8], "ci_lower": [1, 0.7], "ci_upper": [1, 0.9],
    ...                       "retention": [None, 0.8], "observed": [1, 0.8], "observed_retention": [None, 0.8],
    ...                       "used": [True, True]})
    >>> len(renewal_figure(curve).axes)
    2
    """
    from cxlab.show.figure import Picture

    needed = ["period", "survival", "ci_lower", "ci_upper", "retention", "observed", "observed_retention", "used"]
    require_columns(curve, needed, "renewal_figure")
    curve = curve.astype(dict.fromkeys(needed[:-1], float))
    head, above = heading(title, lang)
    with figure_style():
        figure = Picture(figsize=(_WIDTH, _HEIGHT + above))
        write_title(figure, head)
        axes = figure.subplots(1, 2)
        top = 1 - (above + 0.3) / figure.get_figheight()
        figure.subplots_adjust(left=0.09, right=0.985, bottom=0.15, top=top, wspace=0.26)
        axes[0].fill_between(curve["period"], curve["ci_lower"], curve["ci_upper"], color=_MODEL, alpha=0.18, lw=0)
        for ax, model, seen in zip(axes, ("survival", "retention"), ("observed", "observed_retention"), strict=True):
            _renewals(ax, curve, model, seen, lang)
            ax.set_ylabel(words(f"management.axis_{model}", lang))
        handles, texts = axes[0].get_legend_handles_labels()
        figure.legend(handles, texts, loc="upper left", bbox_to_anchor=(0.08, 1 - above / figure.get_figheight()),
                      ncols=4, borderaxespad=0, columnspacing=1.3)  # fmt: skip
    return figure


def _renewals(ax: Axes, curve: pd.DataFrame, model: str, seen: str, lang: Language | None) -> None:
    """One panel: the model's line, dashed beyond the periods used, and the dots."""
    from matplotlib.ticker import MaxNLocator

    used = curve[curve["used"]]
    later = curve[curve["period"] >= used["period"].max()]
    for part, style, key in ((used, "-", "model"), (later, (0, (3, 2)), "forecast")):
        if len(part) > 1:
            ax.plot(part["period"], part[model], color=_MODEL, lw=1.5, ls=style, label=words(f"management.{key}", lang))
    for part, face, key in ((used, _SEEN, "seen"), (later.iloc[1:], "white", "seen_later")):
        if part[seen].notna().any():
            ax.plot(part["period"], part[seen], "o", ms=4.8, mfc=face, mec=_SEEN, mew=1.0, ls="none",
                    label=words(f"management.{key}", lang), zorder=4)  # fmt: skip
    ax.set_ylim(0, 1.03)
    ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    ax.xaxis.set_major_formatter(number_formatter(0, lang=lang))
    ax.yaxis.set_major_formatter(number_formatter(1, bounded=True, lang=lang))
    ax.set_xlabel(words("management.axis_renewals", lang))
