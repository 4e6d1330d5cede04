"""What a shock does in the waves after it: a panel a shock, a line a measure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.i18n import Language
from cxlab.show.figure import Picture
from cxlab.show.rows import WIDTH, heading, require_columns, write_title
from cxlab.show.style import INK, construct_colours, figure_style, number_formatter
from cxlab.show.text import Words, fit, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

_ACROSS, _TALL = 3, 1.55
_MARKERS = "osD^vPX"


def response_figure(
    table: pd.DataFrame,
    names: Mapping[str, str],
    *,
    title: Words | None = None,
    xlabel: Words = "",
    ylabel: Words = "",
    panel: Callable[[str], str] = str,
    lang: Language | None = None,
) -> Figure:
    """Draw responses with bands over the waves after a shock, one panel a shock, the same scale in all.

    Parameters
    ----------
    table : DataFrame
        ``shock``, ``response``, ``waves_later``, ``effect``, ``ci_lower``, ``ci_upper``. Responses that are zero
        throughout are left out.
    names : mapping of measure to label
        In the order of panels and legend.
    title, xlabel, ylabel : str, bilingual text or Notice, optional
    panel : function from label to text
        The heading of a panel.
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
    >>> table = pd.DataFrame({"shock": "a", "response": "a", "waves_later": [0, 1], "effect": [1.0, 0.5],
    ...                       "ci_lower": [1.0, 0.4], "ci_upper": [1.0, 0.6]})
    >>> len(response_figure(table, {"a": "A"}).axes)
    1
    """
    require_columns(table, ["shock", "response", "waves_later", "effect", "ci_lower", "ci_upper"], "response_figure")
    moved = table.groupby(["shock", "response"])["effect"].transform(lambda one: one.abs().max()) > 1e-10
    shown = table[moved]
    head, above = heading(title, lang)
    shocks = [name for name in names if name in set(shown["shock"])]
    across = min(_ACROSS, len(shocks))
    lines = -(-len(shocks) // across)
    legend = 0.34 if len(names) <= 5 else 0.5
    tall = above + legend + lines * (_TALL + 0.34) + 0.36
    with figure_style():
        figure = Picture(figsize=(WIDTH, tall))
        write_title(figure, head)
        axes = figure.subplots(lines, across, squeeze=False, sharex=True, sharey=True).ravel()
        figure.subplots_adjust(left=0.1, right=0.985, top=1 - (above + legend + 0.3) / tall, bottom=0.46 / tall,
                               wspace=0.1, hspace=0.36)  # fmt: skip
        for ax, name in zip(axes, shocks, strict=False):
            _panel(ax, shown[shown["shock"] == name], names)
            ax.set_title(fit(panel(names[name]), (WIDTH - 0.8) / across / 1.15, 8.5, 2), size=8.5)
        _finish(figure, axes, len(shocks), across, (xlabel, ylabel), lang)
        handles = _handles(names, set(shown["response"]))
        texts = [str(line.get_label()) for line in handles]
        figure.legend(handles, texts, loc="upper left", ncols=min(5, len(handles)),
                      bbox_to_anchor=(0.09, 1 - above / tall), borderaxespad=0, columnspacing=1.2, handlelength=1.6,
                      handletextpad=0.5)  # fmt: skip
    return figure


def _panel(ax: Axes, rows: pd.DataFrame, names: Mapping[str, str]) -> None:
    colours = construct_colours(list(names))
    ax.axhline(0, color=INK, lw=0.8, zorder=1)
    for k, name in enumerate(names):
        part = rows[rows["response"] == name]
        if len(part):
            x = part["waves_later"]
            ax.fill_between(x, part["ci_lower"], part["ci_upper"], color=colours[name], alpha=0.16, lw=0, zorder=2)
            ax.plot(x, part["effect"], color=colours[name], marker=_MARKERS[k % 7], ms=4.2, mec="white", mew=0.6,
                    lw=1.3, zorder=3)  # fmt: skip


def _handles(names: Mapping[str, str], used: set[str]) -> list[Line2D]:
    from matplotlib.lines import Line2D

    colours = construct_colours(list(names))
    return [
        Line2D([], [], color=colours[name], marker=_MARKERS[k % 7], ms=4.2, mec="white", mew=0.6, label=shown)
        for k, (name, shown) in enumerate(names.items())
        if name in used
    ]


def _finish(
    figure: Figure, axes: Any, used: int, across: int, labels: tuple[Words, Words], lang: Language | None
) -> None:
    """Whole waves below, one name for each direction, no empty panels."""
    from matplotlib.ticker import MaxNLocator

    for k, ax in enumerate(axes):
        ax.set_visible(k < used)
        ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        ax.xaxis.set_major_formatter(number_formatter(0, lang=lang))
        ax.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        ax.yaxis.set_major_formatter(number_formatter(1, lang=lang))
        ax.tick_params(labelbottom=k + across >= used)
    wide, tall = figure.get_size_inches()
    below = fit(words(labels[0], lang), wide - 1, 8.5)
    figure.text(0.54, 0.1 / tall, below, ha="center", va="bottom", size=8.5)
    middle = (figure.subplotpars.top + figure.subplotpars.bottom) / 2
    side = fit(words(labels[1], lang), tall * (figure.subplotpars.top - figure.subplotpars.bottom), 8.5, 2)
    figure.text(0.12 / wide, middle, side, rotation=90, ha="left", va="center", size=8.5)
