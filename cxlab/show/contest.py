"""Rival models side by side: how each fits, and what the scores hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.i18n import Language, format_number, tr
from cxlab.show.rows import SIZE, WIDTH, require_columns, row_label, write_title
from cxlab.show.rows import heading as title_space
from cxlab.show.style import GRID, INK, MUTED, figure_style, number_formatter
from cxlab.show.text import Words, text_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_INDICES = ("cfi", "rmsea", "srmr")
_GENERAL = "#225FC2"
_OWN = "#B5650D"
_ROW = 0.32
_MARGIN = 0.12
_BELOW = 0.42
_HEAD = 0.5


def contest_figure(
    fits: pd.DataFrame,
    limits: Mapping[str, float],
    scores: pd.DataFrame,
    *,
    heading: str = "",
    title: Words | None = None,
    lang: Language | None = None,
) -> Figure:
    """Draw fit indices of rival models as dots, and the parts of each score as bars.

    Parameters
    ----------
    fits : DataFrame
        One row a model: ``label``, ``cfi``, ``rmsea``, ``srmr``, ``rmsea_ci_lower``, ``rmsea_ci_upper``, ``note``
        (under the label; its dot is hollow).
    limits : mapping of index to float
        Where the dashed lines stand.
    scores : DataFrame
        One row a score: ``label``, ``general``, ``own``, ``rest``, shares of its variance; may be empty.
    heading : str
        Above the bars.
    title : str, bilingual text or Notice, optional
        Catalogue key or text.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        6.6 inches wide.

    Raises
    ------
    DataError
        If a column is missing or there is no model.

    Examples
    --------
    >>> fits = pd.DataFrame({"label": ["one factor"], "cfi": [0.9], "rmsea": [0.1], "srmr": [0.07],
    ...                      "rmsea_ci_lower": [0.08], "rmsea_ci_upper": [0.12], "note": [""]})
    >>> scores = pd.DataFrame({"label": ["total"], "general": [0.8], "own": [0.1], "rest": [0.1]})
    >>> len(contest_figure(fits, {"cfi": 0.95, "rmsea": 0.06, "srmr": 0.08}, scores).axes)
    4
    """
    from cxlab.show.figure import Picture

    require_columns(fits, ["label", *_INDICES, "rmsea_ci_lower", "rmsea_ci_upper", "note"], "contest_figure")
    labels = [[row_label(text, lang)[0] for text in table["label"]] for table in (fits, scores)]
    notes = [f"({note})" if note else "" for note in fits["note"]]
    labels[0] = [f"{text}\n{note}".rstrip() for text, note in zip(labels[0], notes, strict=True)]
    tall = len(fits) * (_ROW + 0.1 * any(notes))
    left = _MARGIN + max(text_size(text, SIZE)[0] for part in labels for text in part) + 0.12
    top, above = title_space(title, lang)
    lower = len(scores) * _ROW + _BELOW + _HEAD if len(scores) else 0.0
    height = above + 0.3 + tall + _BELOW + lower
    with figure_style():
        figure = Picture(figsize=(WIDTH, height))
        start = above + 0.3
        width = (WIDTH - left + 0.14) / 3
        for place, name in enumerate(_INDICES):
            box = (left + place * width, start, width - 0.34, tall)
            ax = figure.add_axes(_box(box, height))
            _dots(ax, fits, name, limits[name], labels[0] if place == 0 else None, lang)
        if len(scores):
            start += tall + _BELOW + _HEAD
            ax = figure.add_axes(_box((left, start, WIDTH - left - 0.25, len(scores) * _ROW), height))
            _bars(ax, scores, labels[1], lang)
            y = 1 - (start - _HEAD + 0.06) / height
            figure.text(_MARGIN / WIDTH, y, heading, weight="bold", size=SIZE, va="center")
        write_title(figure, top)
    return figure


def _box(inches: tuple[float, float, float, float], height: float) -> tuple[float, float, float, float]:
    """Left, top, width and height in inches as matplotlib's axes rectangle."""
    left, top, width, tall = inches
    return left / WIDTH, 1 - (top + tall) / height, width / WIDTH, tall / height


def _dots(
    ax: Axes, fits: pd.DataFrame, name: str, limit: float, labels: Sequence[str] | None, lang: Language | None
) -> None:
    """One index: a dot for each model, hollow where it may not be read, against the rule's line."""
    from matplotlib.ticker import MaxNLocator

    known = fits[name].dropna()
    ends = [limit, *known, *(fits[f"{name}_ci_{end}"].max() for end in ("lower", "upper") if name == "rmsea")]
    low, high = (min([*known, limit]), max(ends)) if name == "cfi" else (0.0, max(ends))
    pad = 0.12 * (high - low) or 0.05
    ax.set(
        xlim=(max(0.0, low - pad), high + pad if name != "cfi" else min(1.02, high + pad)), ylim=(len(fits) - 0.5, -0.5)
    )
    ax.axvline(limit, color=MUTED, lw=0.9, ls=(0, (4, 3)), zorder=1)
    for place, row in enumerate(fits.to_dict("records")):
        _dot(ax, place, row, name)
    ax.set_yticks(range(len(fits)), labels if labels is not None else [""] * len(fits), size=SIZE)
    ax.grid(visible=False, axis="y")
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))  # ticks that two digits can say
    ax.xaxis.set_major_formatter(number_formatter(2, bounded=True, lang=lang))
    ax.set_title(name.upper(), size=SIZE, loc="left")


def _dot(ax: Axes, place: int, row: Mapping[Any, Any], name: str) -> None:
    if pd.isna(row[name]):
        return
    if name == "rmsea":
        ax.plot([row["rmsea_ci_lower"], row["rmsea_ci_upper"]], [place, place], color=_GENERAL, lw=1.6, zorder=2)
    face = "white" if row["note"] else _GENERAL
    ax.plot([row[name]], [place], "o", ms=5.5, mfc=face, mec=_GENERAL, mew=1.2, zorder=3)


def _bars(ax: Axes, scores: pd.DataFrame, labels: Sequence[str], lang: Language | None) -> None:
    """Stacked shares of each score, with the numbers that fit in."""
    start = [0.0] * len(scores)
    for part, colour, ink in (("general", _GENERAL, "white"), ("own", _OWN, "white"), ("rest", GRID, INK)):
        values = [float(value) for value in scores[part]]
        ax.barh(range(len(scores)), values, 0.62, left=start, color=colour, label=tr(f"validity.part_{part}", lang))
        for place, value in enumerate(values):
            if value >= 0.06:
                text = format_number(value, 2, bounded=True, lang=lang)
                ax.text(start[place] + value / 2, place, text, ha="center", va="center", size=7.5, color=ink)
        start = [begin + value for begin, value in zip(start, values, strict=True)]
    ax.set(xlim=(0, 1), ylim=(len(scores) - 0.5, -0.5))
    ax.set_yticks(range(len(scores)), labels, size=SIZE)
    ax.grid(visible=False)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_formatter(number_formatter(1, lang=lang))
    ax.set_xlabel(tr("validity.axis_scores", lang))
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, handlelength=1.2, borderaxespad=0.2)
