"""Ticks of lines that are drawn from end to end: round numbers, where the ends of the data are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.ticker import MaxNLocator

from cxlab.i18n import Language
from cxlab.show.style import number_formatter

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def even_ticks(ax: Axes, lang: Language | None) -> None:
    """Even, round ticks along x, with the digits that their step needs.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().add_subplot()
    >>> _ = ax.plot([3.333, 10], [1, 2])
    >>> even_ticks(ax, "en")
    >>> [label.get_text() for label in ax.get_xticklabels()][1:-1]
    ['4', '6', '8', '10']
    """
    ax.xaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 2.5, 5, 10]))
    ax.xaxis.set_major_formatter(number_formatter(None, lang=lang))
