"""The journey map: stages from left to right, what is felt at each touchpoint, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.i18n import Language, tr
from cxlab.show.figure import Picture
from cxlab.show.rows import heading, require_columns, write_title
from cxlab.show.style import INK, MUTED, NEGATIVE, figure_style, number_formatter
from cxlab.show.text import Words, count, fit, label, text_size, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_NEEDED = ("stage", "label", "series", "n", "estimate", "ci_lower", "ci_upper", "verdict", "judged")
_SERIES = (("#225FC2", "o"), ("#B5650D", "s"), ("#309390", "D"), ("#A244A5", "^"), ("#2B2B2B", "v"), ("#7A8B1F", "P"))
_SLOT, _GAP, _LEFT, _RIGHT = 0.215, 0.13, 0.62, 0.12
_NARROW, _BODY = 6.6, 2.7
_BAND = ("#F5F4F0", "#FFFFFF")
_DASHES = (0, (4, 3))
_SMALL = 7.5
_HEAD_LINES = 4
_BOLD = 1.14  # how much wider bold letters run


@dataclass(frozen=True)
class _Column:
    """One stage: its name and the places of its cells along the axis, in inches."""

    text: str
    start: float
    end: float
    places: tuple[float, ...]


def journey_map_figure(
    table: pd.DataFrame,
    stages: pd.DataFrame,
    *,
    reference: float | None = None,
    reference_label: Words = "",
    series: Sequence[str] = (),
    title: Words | None = None,
    ylabel: Words = "show.mean",
    note: Words = "",
    lang: Language | None = None,
) -> Figure:
    """Draw touchpoints as dots with intervals on the valence axis, stage by stage; the size of a dot is its volume.

    Use it for a customer journey map that is estimated rather than imagined.

    Parameters
    ----------
    table : DataFrame
        One row a cell, in the order of the journey. Columns: ``stage`` (key), ``label`` and ``series`` (texts or
        bilingual; a series gives colour and marker), ``n`` (volume), ``estimate``, ``ci_lower``, ``ci_upper``,
        ``verdict`` (``"pain"``, ``"delight"`` or empty), ``judged`` (False draws a hollow dot).
    stages : DataFrame
        One row a stage, in order. Columns: ``stage`` (key), ``label``, ``estimate``, ``ci_lower``, ``ci_upper``.
    reference : float, optional
        Where to draw a dashed line, which the legend calls `reference_label`.
    series : sequence of str, optional
        All series that there could be, so that each keeps its colour whichever are drawn.
    title, reference_label, ylabel, note : str, bilingual text or Notice, optional
        Catalogue key or text.
    lang : "en" or "vi", optional
        The language, by default the one in use.

    Returns
    -------
    matplotlib Figure
        6.6 inches wide or more, as many as the cells need.

    Raises
    ------
    DataError
        If a column is missing or the table is empty.

    Examples
    --------
    >>> table = pd.DataFrame({"stage": ["buy", "use"], "label": ["Shop", "App"], "series": "", "n": [10, 20],
    ...                       "estimate": [1.0, -1.0], "ci_lower": [0.5, -1.4], "ci_upper": [1.5, -0.6],
    ...                       "verdict": ["", "pain"], "judged": True})
    >>> stages = pd.DataFrame({"stage": ["buy", "use"], "label": ["Buy", "Use"], "estimate": [1.0, -1.0],
    ...                        "ci_lower": [0.5, -1.4], "ci_upper": [1.5, -0.6]})
    >>> len(journey_map_figure(table, stages, reference=0.0).axes)
    1
    """
    require_columns(table, _NEEDED, "journey_map_figure")
    stages = stages[stages["stage"].isin(table["stage"])]
    plan = _plan(table, stages, series, (title, note), lang)
    pains = list(table["verdict"] == "pain")
    with figure_style():
        figure = Picture(figsize=(plan.width, plan.height))
        across, up = plan.width, plan.height
        ax = figure.add_axes((_LEFT / across, plan.below / up, plan.inches / across, _BODY / up))
        write_title(figure, plan.head)
        _frame(ax, table, plan.inches, reference)
        _bands(ax, plan.columns, plan.heads, pains if plan.named_above else [False] * len(plan.columns))
        _stages(ax, stages, plan.columns)
        if reference is not None:
            ax.axhline(reference, color=INK, lw=0.8, ls=_DASHES, zorder=2)
        places = [place for column in plan.columns for place in column.places]
        for place, row, size in zip(places, table.to_dict("records"), _sizes(table["n"]), strict=True):
            _dot(ax, place, row, size, plan.series.index(label(row["series"], lang)))
        if not plan.named_above:
            _names(ax, places, plan.names, pains)
        ax.set_ylabel(words(ylabel, lang))
        ax.yaxis.set_major_formatter(number_formatter(_digits(ax), lang=lang))
        _legend(figure, table, plan, words(reference_label, lang) if reference is not None else "", lang)
        if plan.foot:
            figure.text(0.12 / across, 0.06 / up, plan.foot, size=_SMALL, color=MUTED, va="bottom", linespacing=1.2)
    return figure


@dataclass(frozen=True)
class _Plan:
    """Every text as it will stand, and the inches that it takes.

    `used` the places among `series` of those drawn, empty where none has a name; `named_above` True where the stages'
    names say all.
    """

    columns: list[_Column]
    heads: list[str]
    names: list[str]
    series: list[str]
    used: list[int]
    named_above: bool
    head: str
    foot: str
    above: float
    below: float
    inches: float
    width: float
    height: float


def _plan(
    table: pd.DataFrame,
    stages: pd.DataFrame,
    series: Sequence[str],
    around: tuple[Words | None, Words],
    lang: Language | None,
) -> _Plan:
    columns, inches = _layout(table, stages, lang)
    names = [fit(label(text, lang), 1.55, _SMALL, 2) for text in table["label"]]
    named_above = _say_the_same(table, stages, names, lang)
    foot = fit(words(around[1], lang), (inches + _LEFT - 0.2) / 1.07, _SMALL) if around[1] else ""
    below = 0.1 if named_above else 0.2 + _BOLD * max(text_size(name, _SMALL)[0] for name in names)
    below += text_size(foot, _SMALL)[1] + 0.1 if foot else 0.0
    width = _LEFT + inches + _RIGHT
    head, above = heading(around[0], lang, width - 0.3)
    heads = [fit(column.text, (column.end - column.start - 0.06) / _BOLD, 8, _HEAD_LINES) for column in columns]
    tall = max(text_size(one, 8)[1] for one in heads) + 0.1
    drawn = list(dict.fromkeys(label(text, lang) for text in table["series"]))
    known = [label(text, lang) for text in series] or drawn
    used = [i for i, name in enumerate(known) if name in drawn] if any(drawn) else []
    height = above + (0.52 if used else 0.3) + tall + _BODY + below
    return _Plan(columns, heads, names, known, used, named_above, head, foot, above, below, inches, width, height)


def empty_map(text: str) -> Figure:
    """A figure that says why there is nothing to draw.

    Examples
    --------
    >>> len(empty_map("no event").axes)
    0
    """
    with figure_style():
        figure = Picture(figsize=(_NARROW, 0.8))
        figure.text(0.5, 0.5, fit(text, _NARROW - 0.6, 9), ha="center", va="center", color=MUTED)
    return figure


def _layout(table: pd.DataFrame, stages: pd.DataFrame, lang: Language | None) -> tuple[list[_Column], float]:
    """The columns, wide enough for their cells and for their names."""
    texts = [label(text, lang) for text in stages["label"]]
    cells = [int((table["stage"] == key).sum()) for key in stages["stage"]]
    least = [_BOLD * _narrowest(text) + 0.1 for text in texts]
    wide = [max(k * _SLOT + _GAP, narrow) for k, narrow in zip(cells, least, strict=True)]
    stretch = max(1.0, (_NARROW - _LEFT - _RIGHT) / sum(wide))
    columns, at = [], 0.0
    for text, k, inches in zip(texts, cells, wide, strict=True):
        inches *= stretch
        slot = min((inches - _GAP) / k, 0.6)
        first = at + inches / 2 - slot * (k - 1) / 2
        columns.append(_Column(text, at, at + inches, tuple(first + slot * i for i in range(k))))
        at += inches
    return columns, at


def _narrowest(text: str) -> float:
    """The width in which a stage's name keeps its longest word whole and is not cut off."""
    inches = max(text_size(word, 8)[0] for word in text.split())
    while inches < _NARROW and fit(text, inches, 8, _HEAD_LINES).endswith("…"):
        inches += 0.05
    return inches


def _frame(ax: Axes, table: pd.DataFrame, inches: float, reference: float | None) -> None:
    """Limits from the intervals; those of cells that are not judged may run out of the picture."""
    sure = table[table["judged"]] if table["judged"].any() else table
    parts = [sure[["ci_lower", "ci_upper"]].to_numpy().ravel(), table["estimate"].to_numpy()]
    values = np.concatenate([*parts, [] if reference is None else [reference]]).astype(float)
    low, high = np.nanmin(values), np.nanmax(values)
    room = 0.06 * (high - low or 1.0)
    ax.set(xlim=(0, inches), ylim=(low - room, high + 2 * room))
    ax.set_xticks([])
    ax.grid(visible=False, axis="x")
    ax.spines["bottom"].set_visible(False)
    ax.spines["left"].set_visible(False)


def _bands(ax: Axes, columns: Sequence[_Column], heads: Sequence[str], pains: Sequence[bool]) -> None:
    """A tinted band for every other stage, and the stages' names on top."""
    transform = ax.get_xaxis_transform()
    for i, (column, text, pain) in enumerate(zip(columns, heads, pains, strict=True)):
        ax.axvspan(column.start, column.end, color=_BAND[i % 2], lw=0, zorder=0)
        ax.text(
            (column.start + column.end) / 2, 1.02, text, transform=transform, ha="center", va="bottom", size=8,
            weight="bold", linespacing=1.1, color=NEGATIVE if pain else INK,
        )  # fmt: skip


def _stages(ax: Axes, stages: pd.DataFrame, columns: Sequence[_Column]) -> None:
    """The mean of each stage as a grey step with its interval."""
    for row, column in zip(stages.to_dict("records"), columns, strict=True):
        left, right = column.start + 0.04, column.end - 0.04
        if not np.isnan(row["ci_lower"]):
            ax.fill_between(
                [left, right], row["ci_lower"], row["ci_upper"], color="#8C8C8C", alpha=0.22, lw=0, zorder=1
            )
        ax.plot([left, right], [row["estimate"]] * 2, color="#8C8C8C", lw=1.2, zorder=1.5, solid_capstyle="butt")


def _sizes(n: pd.Series) -> np.ndarray:
    """Diameters in points: areas go with the volume."""
    return np.asarray(3.2 + 6.3 * np.sqrt(n / n.max()))


def _dot(ax: Axes, place: float, row: dict[Any, Any], size: float, series: int) -> None:
    """One interval and its dot; a pain point has a red ring, a cell that is not judged is hollow."""
    colour, marker = _SERIES[series % len(_SERIES)]
    judged = bool(row["judged"])
    if not np.isnan(row["ci_lower"]):
        own = colour if judged else MUTED
        ax.plot([place] * 2, [row["ci_lower"], row["ci_upper"]], color=own, lw=1.3 if judged else 0.8, zorder=3)
    if row["verdict"] == "pain":
        ax.plot(place, row["estimate"], "o", ms=size + 6.5, mfc="none", mec=NEGATIVE, mew=1.5, zorder=4)
    fill, edge = (colour, "white") if judged else ("white", MUTED)
    ax.plot(place, row["estimate"], marker, ms=size, mfc=fill, mec=edge, mew=0.8, zorder=5, clip_on=False)


def _say_the_same(table: pd.DataFrame, stages: pd.DataFrame, names: Sequence[str], lang: Language | None) -> bool:
    """True where each stage has one cell of the same name, which then need not be said twice."""
    if list(table["stage"]) != list(stages["stage"]):
        return False
    return all(
        fit(label(text, lang), 1.55, _SMALL, 2) == name for text, name in zip(stages["label"], names, strict=True)
    )


def _names(ax: Axes, places: Sequence[float], names: Sequence[str], pains: Sequence[bool]) -> None:
    """Every touchpoint's name under its dot, pain points in red."""
    transform = ax.get_xaxis_transform()
    for place, name, pain in zip(places, names, pains, strict=True):
        ax.plot([place, place], [0, -0.02], transform=transform, color=MUTED, lw=0.5, clip_on=False)
        ax.text(
            place, -0.035, name, transform=transform, rotation=90, ha="center", va="top", size=_SMALL, linespacing=1.0,
            color=NEGATIVE if pain else INK, weight="bold" if pain else "normal",
        )  # fmt: skip


def _digits(ax: Axes) -> int:
    ticks = ax.get_yticks()
    step = abs(ticks[1] - ticks[0]) if len(ticks) > 1 else 1.0
    return next((digits for digits in range(4) if abs(step * 10**digits - round(step * 10**digits)) < 1e-6), 4)


def _legend(figure: Figure, table: pd.DataFrame, plan: _Plan, line: str, lang: Language | None) -> None:
    """Colours and markers in one row; volume, rings and lines in the next."""
    from matplotlib.lines import Line2D

    marks = []
    for i in plan.used:
        colour, marker = _SERIES[i % len(_SERIES)]
        handle = Line2D([], [], marker=marker, ms=6, mfc=colour, mec="white", ls="none")
        marks.append((handle, plan.series[i] or tr("journey.fig_other", lang)))
    volume = _volume_marks(table, lang)
    if line:
        volume.append((Line2D([], [], color=INK, lw=0.8, ls=_DASHES), line))
    for i, row in enumerate([row for row in (marks, volume) if row]):
        handles, texts = zip(*row, strict=True)
        figure.legend(
            handles, texts, loc="upper left", ncols=len(row), borderaxespad=0, borderpad=0, handletextpad=0.5,
            handlelength=1.5, columnspacing=1.1,
            bbox_to_anchor=(0.12 / plan.width, 1 - (plan.above + 0.22 * i) / plan.height),
        )  # fmt: skip


def _volume_marks(table: pd.DataFrame, lang: Language | None) -> list[tuple[Any, str]]:
    from matplotlib.lines import Line2D

    most = int(table["n"].max())
    round_to = 10 ** max(len(str(most)) - 2, 0)
    shown = sorted({max(most // 10 // round_to * round_to, 1), max(most // round_to * round_to, 1)})
    sizes = 3.2 + 6.3 * np.sqrt(np.array(shown) / most)
    marks: list[tuple[Any, str]] = [
        (
            Line2D([], [], marker="o", ms=size, mfc=MUTED, mec="white", ls="none"),
            tr("journey.fig_events", lang, n=count(n, lang)),
        )
        for n, size in zip(shown, sizes, strict=True)
    ]
    if (table["verdict"] == "pain").any():
        ring = Line2D([], [], marker="o", ms=9, mfc="none", mec=NEGATIVE, mew=1.5, ls="none")
        marks.append((ring, tr("journey.fig_pain_point", lang)))
    if not table["judged"].all():
        marks.append(
            (Line2D([], [], marker="o", ms=6, mfc="white", mec=MUTED, ls="none"), tr("journey.fig_not_judged", lang))
        )
    marks.append((Line2D([], [], color="#8C8C8C", lw=4, alpha=0.5), tr("journey.fig_stage_mean", lang)))
    return marks
