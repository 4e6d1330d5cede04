"""A slope over its moderator with its interval: where an effect is told from zero (Johnson-Neyman)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.patches import Patch

from cxlab.i18n import Language
from cxlab.show.figure import Picture
from cxlab.show.rows import heading, require_columns, write_title
from cxlab.show.style import MUTED, figure_style, number_formatter
from cxlab.show.text import Words, fit, words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TOLD, _NOT_TOLD = "#225FC2", "#9A9A9A"
_WIDTH, _HEIGHT = 6.6, 3.4


def region_plot(
    band: pd.DataFrame,
    region: pd.DataFrame,
    *,
    title: Words | None = None,
    xlabel: Words = "",
    ylabel: Words = "show.estimate",
    lang: Language | None = None,
) -> Figure:
    """Draw a line with its interval over x, coloured where the interval leaves zero out.

    Parameters
    ----------
    band : DataFrame
        Columns ``x``, ``estimate``, ``ci_lower``, ``ci_upper``, in the order of x.
    region : DataFrame
        Columns ``lower``, ``upper``, ``significant``: stretches of x.
    title, xlabel, ylabel : str, bilingual text or Notice, optional
        Catalogue key or text.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        6.6 inches wide.

    Examples
    --------
    >>> band = pd.DataFrame({"x": [1, 2], "estimate": [0.1, 0.5], "ci_lower": [-0.2, 0.2], "ci_upper": [0.4, 0.8]})
    >>> len(region_plot(band, pd.DataFrame({"lower": [1], "upper": [2], "significant": [False]})).axes)
    1
    """
    require_columns(band, ["x", "estimate", "ci_lower", "ci_upper"], "region_plot")
    head, above = heading(title, lang)
    with figure_style():
        figure = Picture(figsize=(_WIDTH, _HEIGHT + above))
        top = 1 - above / figure.get_figheight() - 0.1
        ax = figure.add_axes((0.13, 0.16, 0.84, top - 0.16))
        write_title(figure, head)
        ax.axhline(0, color=MUTED, lw=0.9, ls=(0, (4, 3)), zorder=1)
        for row in region.itertuples():
            own = band[(band["x"] >= row.lower) & (band["x"] <= row.upper)]
            colour = _TOLD if row.significant else _NOT_TOLD
            ax.fill_between(own["x"], own["ci_lower"], own["ci_upper"], color=colour, alpha=0.2, lw=0, zorder=2)
            ax.plot(own["x"], own["estimate"], color=colour, lw=1.8, zorder=3)
        for edge in region["lower"].iloc[1:]:
            ax.axvline(edge, color=MUTED, lw=0.9, zorder=1)
        ax.xaxis.set_major_formatter(number_formatter(None, lang=lang))
        ax.yaxis.set_major_formatter(number_formatter(None, lang=lang))
        ax.set_xlabel(words(xlabel, lang))
        ax.set_ylabel(fit(words(ylabel, lang), 2.8, 9.5, 3))
        ax.legend(*_legend(region, lang), loc="lower right", bbox_to_anchor=(1, 1.0), ncols=2, borderaxespad=0.2)
    return figure


def _legend(region: pd.DataFrame, lang: Language | None) -> tuple[list[Patch], list[str]]:
    kinds = [kind for kind in (True, False) if (region["significant"] == kind).any()]
    colours = {True: _TOLD, False: _NOT_TOLD}
    names = [words("show.region_told" if kind else "show.region_not_told", lang) for kind in kinds]
    return [Patch(color=colours[kind], alpha=0.5) for kind in kinds], names
