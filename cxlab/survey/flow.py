"""From collected to analysed: the flow of respondents as a table and as a figure."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pandas as pd

from cxlab.i18n import Language, check_language, current_language, tr

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from cxlab.survey.survey import Survey

_WIDTH, _STEP, _BOX, _LINE = 6.3, 0.76, 0.46, 0.15


def flow_table(survey: Survey) -> pd.DataFrame:
    """Rows: collected, one per rule by which rows were excluded, analysed. See `Survey.flow_table`."""
    aside = survey.aside
    left = len(survey) + (len(aside.frame) if aside else 0)
    rows = [("collected", "", 0, left)]
    for rule in aside.order if aside else ():
        assert aside is not None  # noqa: S101 - for the type checker
        out = int((aside.rule == rule).sum())
        left -= out
        rows.append(("excluded", rule, out, left))
    rows.append(("analysed", "", 0, len(survey)))
    return pd.DataFrame(rows, columns=["stage", "rule", "excluded", "remaining"])


def rule_label(survey: Survey, rule: str, lang: Language | None = None) -> str:
    """The rule's name as people read it: from the catalogue, or the researcher's own reason or name."""
    key = f"survey.rule_{rule}"
    text = tr(key, lang)
    if text != key:
        return text
    own = next((known for known in survey.rules if known.name == rule), None)
    return own.origin if own and own.origin and not own.origin.startswith("survey.") else rule


def draw_flow(survey: Survey, lang: Language | None = None) -> Figure:
    """The flow as a figure; see `Survey.flow`."""
    from cxlab.show.figure import Picture
    from cxlab.show.style import figure_style

    language = check_language(lang) if lang else current_language()
    table = flow_table(survey)
    exclusions = table[table["stage"] == "excluded"]
    height = _STEP * (len(exclusions) + 1) + _BOX + 0.2
    with figure_style():
        figure = Picture(figsize=(_WIDTH, height))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, _WIDTH), ylim=(0, height))
        axes.axis("off")
        _draw(axes, survey, table, language, height)
    return figure


def _draw(axes: Axes, survey: Survey, table: pd.DataFrame, lang: Language, height: float) -> None:
    from cxlab.show.style import MUTED

    x, right, top = (1.6 if len(table) > 2 else _WIDTH / 2), 4.6, height - 0.1 - _BOX / 2
    bottom = 0.1 + _BOX / 2
    _arrow(axes, (x, top - _BOX / 2), (x, bottom + _BOX / 2))
    _box(axes, (x, top), _stage("collected", table["remaining"].iloc[0], survey, lang), strong=True)
    _box(axes, (x, bottom), _stage("analysed", table["remaining"].iloc[-1], survey, lang), strong=True)
    for k, row in enumerate(table[table["stage"] == "excluded"].itertuples(), start=1):
        y = top - k * (top - bottom) / (len(table) - 1)
        _arrow(axes, (x, y), (right - 1.3, y))
        label = textwrap.fill(rule_label(survey, row.rule, lang), 38, max_lines=2, placeholder=" …")
        _box(axes, (right, y), f"{label}\nn = {grouped(row.excluded, lang)}", strong=False)
        axes.text(x - 0.1, y, grouped(row.remaining, lang), ha="right", va="top", fontsize=7.5, color=MUTED)


def _stage(stage: str, n: int, survey: Survey, lang: Language) -> str:
    label = tr(f"survey.flow_{stage}", lang)
    if survey.simulated and stage == "collected":
        label = tr("survey.flow_simulated", lang)
    return f"{label}\nn = {grouped(n, lang)}"


def _box(axes: Axes, centre: tuple[float, float], text: str, *, strong: bool) -> None:
    from matplotlib.patches import Rectangle

    from cxlab.show.style import INK, MUTED

    width, tall = 2.6, _BOX + _LINE * (text.count("\n") - 1)
    corner = (centre[0] - width / 2, centre[1] - tall / 2)
    face, edge = ("#F3F5F7", INK) if strong else ("white", MUTED)
    axes.add_patch(Rectangle(corner, width, tall, facecolor=face, edgecolor=edge, linewidth=0.9 if strong else 0.7))
    size, weight = (9.5, "bold") if strong else (8.5, "normal")
    axes.text(*centre, text, ha="center", va="center", fontsize=size, fontweight=weight, linespacing=1.35)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    from cxlab.show.style import MUTED

    style = {"arrowstyle": "-|>", "color": MUTED, "lw": 0.9, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 9}
    axes.annotate("", xy=end, xytext=start, arrowprops=style)


def grouped(n: int, lang: Language | None = None) -> str:
    """A count with its thousands apart, as the language does."""
    return f"{n:,}".replace(",", "." if (lang or current_language()) == "vi" else ",")
