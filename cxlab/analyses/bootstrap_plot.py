"""A `SemBootstrap` drawn: one quantity's distribution, or intervals of many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxlab.analyses.bootstrap_text import arrow, effect_kind, quantity_title, route, shown_rows, wording
from cxlab.errors import CxlabError
from cxlab.i18n import Language, format_number, pick, tr

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cxlab.analyses.bootstrap_result import SemBootstrap

_INSIDE, _OUTSIDE = "#225FC2", "#B9C6DD"
_MOST_BINS = 60


def histogram(boot: SemBootstrap, parameter: str, kind: str, lang: Language | None) -> Figure:
    """The replicates of one quantity, darker inside the interval, with the estimate as a line."""
    from matplotlib.figure import Figure

    from cxlab.show.style import INK, figure_style, number_formatter

    values = boot.replicates(kind)  # type: ignore[arg-type]
    place = _place(boot, parameter, kind, values)
    frame = _frame(boot, kind)
    row = frame.iloc[place]
    drawn = values.iloc[:, place].replace([np.inf, -np.inf], np.nan).dropna().to_numpy()
    if len(drawn) < 2 or np.ptp(drawn) == 0:
        raise CxlabError("resample.nothing_to_draw", name=parameter)
    with figure_style():
        figure = Figure(figsize=(6.6, 3.2), layout="constrained")
        axes = figure.subplots()
        _bars(axes, drawn, float(row["ci_lower"]), float(row["ci_upper"]))
        axes.axvline(row["est"], color=INK, linewidth=1.4)
        axes.set_title(_title(boot, frame, place, str(values.columns[place]), lang))
        axes.set_xlabel(quantity_title(boot, kind, lang) + "\n" + _caption(row, lang))
        axes.set_ylabel(tr("resample.axis_count", lang))
        axes.grid(axis="x", visible=False)
        spread = np.ptp(drawn)
        axes.xaxis.set_major_formatter(number_formatter(max(1, int(np.ceil(1 - np.log10(spread)))), lang=lang))
    return figure


def intervals_figure(boot: SemBootstrap, kind: str, lang: Language | None) -> Figure:
    """Paths and defined effects (or loadings; or all there is of another kind) with their intervals."""
    from cxlab.show import coefficient_plot

    frame = _frame(boot, kind)
    if "op" in frame:
        rows = shown_rows(frame, boot.main)
        labels = [pick(wording(boot, row), lang) for row in rows.itertuples()]
    elif "via" in frame:  # direct effects are the paths, shown by other kinds
        rows = frame[frame["kind"] != "direct"]
        pairs = ((route(boot, row), row["kind"]) for row in rows.to_dict("records"))
        labels = [f"{pick(path, lang)} ({effect_kind(kind, lang)})" for path, kind in pairs]
    else:
        rows, labels = frame, [pick(boot.labels.get(name, name), lang) for name in frame["variable"]]
    table = rows.assign(label=labels, estimate=rows["est"])
    return coefficient_plot(table, xlabel=quantity_title(boot, kind, lang), lang=lang)


def _frame(boot: SemBootstrap, kind: str) -> pd.DataFrame:
    if kind == "effects_std":
        names = {"std_all": "est", "std_ci_lower": "ci_lower", "std_ci_upper": "ci_upper"}
        held = boot.effects.drop(columns=["est", "se", "bias", "ci_lower", "ci_upper"])
        return held.rename(columns=names)
    frames = {"est": boot.estimates, "std_lv": boot.std_lv, "std_all": boot.std_all}
    frames |= {"r2": boot.r2, "effects": boot.effects}
    if kind not in frames:
        raise CxlabError("resample.unknown_replicates", kind=kind, known=", ".join(boot.values))
    return frames[kind]


def _title(boot: SemBootstrap, frame: pd.DataFrame, place: int, name: str, lang: Language | None) -> str:
    if "op" not in frame or frame["op"].iloc[place] not in ("~", "=~", ":="):
        return name
    return pick(wording(boot, next(frame.iloc[[place]].itertuples())), lang)


def _place(boot: SemBootstrap, parameter: str, kind: str, values: pd.DataFrame) -> int:
    """Position of a quantity by its name, with or without blanks, or by its label in the model."""
    names = [str(name).replace(" ", "") for name in values.columns]
    wanted = parameter.replace(" ", "")
    if wanted in names:
        return names.index(wanted)
    frame = _frame(boot, kind)
    if "label" in frame and parameter and parameter in list(frame["label"]):
        return list(frame["label"]).index(parameter)
    if "op" in frame:
        arrows = [arrow(row).replace(" ", "") for row in frame.itertuples()]
        if wanted in arrows:
            return arrows.index(wanted)
    raise CxlabError("resample.unknown_quantity", name=parameter, kind=kind, known=", ".join(map(str, values.columns)))


def _bars(axes: Axes, drawn: np.ndarray, lower: float, upper: float) -> None:
    """Light bars, dark between the ends of the interval."""
    from matplotlib.patches import Rectangle

    counts, edges = np.histogram(drawn, bins=int(np.clip(np.sqrt(len(drawn)), 10, _MOST_BINS)))
    bars: dict[str, Any] = {"width": np.diff(edges), "align": "edge", "edgecolor": "white", "linewidth": 0.4}
    axes.bar(edges[:-1], counts, color=_OUTSIDE, **bars)
    if np.isfinite(lower) and np.isfinite(upper):
        inside = Rectangle((lower, 0), upper - lower, 1, transform=axes.get_xaxis_transform())
        for bar in axes.bar(edges[:-1], counts, color=_INSIDE, **bars):
            bar.set_clip_path(inside)
        for end in (lower, upper):
            axes.axvline(end, color=_INSIDE, linewidth=1, linestyle=(0, (4, 3)))


def _caption(row: pd.Series, lang: Language | None) -> str:
    est, low, high = (format_number(float(row[name]), 3, lang=lang) for name in ("est", "ci_lower", "ci_upper"))
    return tr("resample.caption", lang, est=est, low=low, high=high)
