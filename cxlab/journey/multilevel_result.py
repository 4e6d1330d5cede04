"""The result of `cx.touchpoint_levels`: whose part in experience is how large, and the touchpoints' shrunken means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.errors import Notice
from cxlab.i18n import Language, current_language, format_number, p_text, pick, tr
from cxlab.journey.events_result import Events
from cxlab.show.cells import interval_text
from cxlab.show.result import Result, Text, bilingual, each, in_language, notices_text
from cxlab.show.table import Column, Table
from cxlab.show.text import count

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SHOWN, _DRAWN = 3, 40


@dataclass(frozen=True, repr=False, eq=False)
class TouchpointLevels(Result):
    """Parts of the variance and shrunken means; see `cxlab.touchpoint_levels` for the columns.

    Attributes
    ----------
    table, fixed, touchpoints, models : DataFrame
    events : Events
    labels : mapping of str to bilingual text
        Of the fixed effects.
    value, by : str
    level : float
    n : int
        Rated events.
    center : float
        The overall mean of the model without fixed effects.
    warnings : tuple of Notice
    """

    table: pd.DataFrame
    fixed: pd.DataFrame
    touchpoints: pd.DataFrame
    models: pd.DataFrame
    warnings: tuple[Notice, ...]
    events: Events = field(repr=False)
    labels: Mapping[str, Text]
    value: str
    by: str
    level: float
    n: int
    center: float
    references: tuple[str, ...] = ("bates_2015", "robinson_1991", "self_liang_1987", "satterthwaite_1946")

    def part_name(self, part: str, lang: Language | None = None) -> str:
        """Customer, touchpoint (or what the events are crossed with) and single event in words."""
        return tr(f"touchpoints.part_{self.by if part == 'touchpoint' else part}", lang)

    def summary(self, lang: Language | None = None) -> str:
        """Shares first, then fixed effects, the lowest and highest touchpoints, and what to know."""
        rated, table = count(self.n, lang), self.table
        customers, places = (count(table["levels"].iloc[i], lang) for i in (0, 1))
        lines = [tr("touchpoints.levels_head", lang, n=rated, customers=customers, places=places)]
        for row in table.to_dict("records"):
            test = f", {p_text(row['pvalue'], lang)}" if row["part"] != "residual" else ""
            values = {"share": format_number(row["share"], bounded=True, lang=lang), "test": test}
            ends = interval_text(row["ci_lower"], row["ci_upper"], Column("", "bounded"), lang)
            name = self.part_name(row["part"], lang)
            lines.append(tr("touchpoints.levels_line", lang, part=name, interval=ends, **values))
        for row in self.fixed.iloc[1:].to_dict("records"):
            lines.append(self._effect(row, lang))
        for key, part in (("lowest", self.touchpoints.head(_SHOWN)), ("highest", self.touchpoints[::-1].head(_SHOWN))):
            shown = [f"{self.events.name(r['touchpoint'], lang)} {format_number(r['mean'], lang=lang)}" for r in
                     part.to_dict("records")]  # fmt: skip
            lines.append(tr(f"touchpoints.levels_{key}", lang, names="; ".join(shown)))
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def _effect(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        ends = interval_text(row["ci_lower"], row["ci_upper"], Column("", "number"), lang)
        b = format_number(row["estimate"], lang=lang)
        return tr("touchpoints.levels_fixed", lang, term=self._term(row["term"], lang), b=b, interval=ends,
                  p=p_text(row["pvalue"], lang))  # fmt: skip

    def _term(self, term: str, lang: Language | None) -> str:
        return tr("touchpoints.intercept", lang) if term == "intercept" else pick(self.labels[term], lang)

    def apa(self, lang: Language | None = None) -> Table:
        """Parts of the variance with shares, intervals and tests."""
        frame = self.table
        frame["label"] = [each(lambda one, part=part: self.part_name(part, one)) for part in frame["part"]]  # type: ignore[misc]
        columns = {
            "label": Column("touchpoints.col_part"),
            "levels": Column("touchpoints.col_levels", "integer"),
            "variance": Column("touchpoints.col_variance", "number"),
            "share": Column("ICC", "bounded"),
            "ci": Column(self._ci(), "interval", parts=("ci_lower", "ci_upper"), bounded=True),
            "chi2": Column("χ²", "number", 1),
            "pvalue": Column("p", "p"),
        }
        if frame["explained"].notna().any():
            columns["explained"] = Column("touchpoints.col_explained", "percent", 0)
        notes = [bilingual("touchpoints.note_levels", n=self.n), *self._simulated()]
        return in_language(Table(frame, columns, "touchpoints.levels_title", tuple(notes)), lang)

    def fixed_table(self, lang: Language | None = None) -> Table:
        """Fixed effects with intervals and t tests, as a paper prints them."""
        frame = self.fixed
        frame["label"] = [each(lambda one, term=term: self._term(term, one)) for term in frame["term"]]  # type: ignore[misc]
        columns = {
            "label": Column("touchpoints.col_term"),
            "estimate": Column("b", "number"),
            "se": Column("SE", "number"),
            "ci": Column(self._ci(), "interval", parts=("ci_lower", "ci_upper")),
            "t": Column("t", "number"),
            "df": Column("df", "number", 1),
            "pvalue": Column("p", "p"),
        }
        notes = ["touchpoints.note_fixed", *self._simulated()]
        return in_language(Table(frame, columns, "touchpoints.fixed_title", tuple(notes)), lang)

    def _ci(self) -> dict[str, str]:
        return bilingual("journey.col_ci", level=f"{100 * self.level:g}")

    def _simulated(self) -> list[Any]:
        return [bilingual("journey.note_simulated")] if self.events.simulated else []

    def plot(self, lang: Language | None = None) -> Figure:
        """The parts as one bar; below, each touchpoint's mean as it is and as shrunken, with its interval."""
        from cxlab.show.levels import levels_figure

        lang = lang or current_language()
        table, means = self.table, self.touchpoints
        parts = table.assign(label=[self.part_name(part, lang) for part in table["part"]])
        names = [self.events.name(one, lang) for one in means["touchpoint"]]
        means = means.assign(label=names, estimate=means["mean"], raw=means["raw_mean"])
        note = tr("touchpoints.fig_levels", lang, level=f"{100 * self.level:g}")
        if len(means) > _DRAWN:
            note += f" {tr('touchpoints.fig_levels_rest', lang, count=len(means) - _DRAWN)}"
            means = pd.concat([means.head(_DRAWN // 2), means.tail(_DRAWN // 2)])
        note += f" {tr('journey.note_simulated', lang)}" if self.events.simulated else ""
        axis = "journey.axis_valence" if self.value == "valence" else {"en": self.value, "vi": self.value}
        return levels_figure(
            parts,
            means,
            center=self.center,
            title="touchpoints.levels_figure",
            xlabel=axis,
            before="touchpoints.fig_raw",
            after="touchpoints.fig_shrunken",
            note=note,
            lang=lang,
        )
