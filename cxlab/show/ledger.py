"""A ledger of claims: printed shares with the interval their sample allows, and the verdict on each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.i18n import Language, format_number
from cxlab.show.cells import is_missing
from cxlab.show.rows import Row, require_columns, row_axes, row_label
from cxlab.show.style import MUTED, NEGATIVE, figure_style
from cxlab.show.text import Words, count, label, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_KNOWN = "#225FC2"


def claims_ledger(table: pd.DataFrame, *, title: Words | None = None, lang: Language | None = None) -> Figure:
    """Draw claimed shares: the interval as a bar where n is known, an empty dot where it is not.

    Parameters
    ----------
    table : DataFrame
        One row a claim: ``claim`` and ``verdict`` (text or bilingual), ``value`` (a share between 0 and 1), ``n``,
        ``ci_lower``, ``ci_upper`` (missing where unknown), ``doubtful`` (True draws the row in the warning colour).
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
    >>> claims = pd.DataFrame({"claim": ["left"], "verdict": ["supported"], "value": [0.32], "n": [15000],
    ...                        "ci_lower": [0.313], "ci_upper": [0.328], "doubtful": [False]})
    >>> len(claims_ledger(claims).axes)
    1
    """
    require_columns(table, ["claim", "verdict", "value", "n", "ci_lower", "ci_upper", "doubtful"], "claims_ledger")
    records = table.to_dict("records")
    rows = []
    for record in records:
        text, height = row_label(record["claim"], lang, 2.2)
        n = "–" if is_missing(record["n"]) else count(int(record["n"]), lang)
        share = format_number(100 * record["value"], 0, lang=lang) + "%"
        rows.append(Row(text, (share, n, label(record["verdict"], lang)), height))
    heads = [words(f"show.ledger_{name}", lang) for name in ("share", "n", "verdict")]
    with figure_style():
        figure, ax, centres = row_axes(rows, heads, title=title, lang=lang)
        for record, y in zip(records, centres, strict=True):
            _dot(ax, record, y)
        ax.set_xlim(-0.02, 1.02)
        ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100%"])
        ax.set_xlabel(words("show.ledger_axis", lang), color=MUTED)
    return figure


def _dot(ax: Axes, record: Mapping[Any, Any], y: float) -> None:
    colour = NEGATIVE if record["doubtful"] else _KNOWN
    if is_missing(record["ci_lower"]):
        ax.plot([record["value"]], [y], marker="o", ms=5.5, mfc="white", mec=colour, mew=1.1, ls="none", zorder=4)
        return
    ends = [record["ci_lower"], record["ci_upper"]]
    ax.plot(ends, [y, y], color=colour, lw=6, solid_capstyle="butt", zorder=3)
