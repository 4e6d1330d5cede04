"""The result of `cx.drivers`: holds the numbers, shows them as text, tables and figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.analyses.drivers_notices import figure_title, simulated
from cxlab.analyses.result import Result, Text, bilingual, each, in_language, notices_text
from cxlab.codebook.text import did_you_mean
from cxlab.errors import DataError, Notice
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.show.cells import cell_text, interval_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WORKS = {
    "lmg": ("lindeman_1980", "gromping_2006", "gromping_2007"),
    "dominance": ("budescu_1993", "azen_budescu_2003"),
    "relative_weights": ("johnson_2000",),
    "pmvd": ("feldman_2005", "gromping_2007"),
    "structure": ("courville_thompson_2001",),
    "permutation": ("breiman_2001", "scikit_learn"),
}


@dataclass(frozen=True, repr=False, eq=False)
class Drivers(Result):
    """Key drivers of an outcome; see `cxlab.drivers` for the columns of its tables."""

    table: pd.DataFrame
    differences: pd.DataFrame
    coefficients: pd.DataFrame
    fit: pd.Series
    dominance_pairs: pd.DataFrame
    dominance_means: pd.DataFrame
    warnings: tuple[Notice, ...]
    outcome: str
    methods: tuple[str, ...]
    covariates: tuple[str, ...]
    ci: str
    level: float
    seed: int
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)

    @property
    def references(self) -> tuple[str, ...]:  # type: ignore[override]
        """Keys of the works behind the methods used."""
        works = [work for method in self.methods for work in _WORKS.get(method, ())]
        return tuple(dict.fromkeys([*works, "davison_hinkley_1997"]))

    def of(self, method: str) -> pd.DataFrame:
        """The rows of one method, by rank."""
        self._check(method)
        return self.table[self.table["method"] == method].reset_index(drop=True)

    def dominance(self) -> pd.DataFrame:
        """Each pair of drivers: does the first dominate completely, conditionally, in general (1, 0; 0.5 undecided)?

        Columns: first second complete complete_draws conditional conditional_draws general general_draws; ``_draws``
        is the share of resamples with the same answer (only where "dominance" or "all" was asked for). What each
        driver adds to subsets of 0, 1, ... others stands in ``.dominance_means``.

        Raises
        ------
        DataError
            More than fifteen drivers.
        """
        if self.dominance_pairs.empty:
            raise DataError("drivers.no_dominance", most=15)
        return self.dominance_pairs

    def summary(self, lang: Language | None = None) -> str:
        """What is explained, the drivers of each method by rank, and what to know before reading them."""
        lines = [self._head(lang)]
        for method in self.methods:
            lines.append(f" {tr(f'drivers.name_{method}', lang)}")
            rows = self.of(method).to_dict("records")
            lines += [self._line(row, lang) for row in rows]
            lines += [f"  → {text}" for text in [self._lead(method, lang)] if text]
        return "\n".join([*lines, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Importance with interval, share of R² and ranks, a panel a method."""
        level = f"{100 * self.level:g}"
        frame = self.table.assign(
            panel=[each(partial(tr, f"drivers.name_{name}")) for name in self.table["method"]],
            label=[self.labels.get(name, name) for name in self.table["predictor"]],
        )
        columns = {
            "label": Column("drivers.col_driver"),
            "importance": Column("drivers.col_importance", "number", digits=3),
            "ci": Column(bilingual("analyses.col_interval", level=level), "interval", 3, ("ci_lower", "ci_upper")),
            "share": Column("drivers.col_share", "percent", digits=1),
            "rank": Column("drivers.col_rank", "integer"),
            "ranks": Column(
                bilingual("drivers.col_rank_interval", level=level), "interval", 0, ("rank_lower", "rank_upper")
            ),
            "first_share": Column("drivers.col_first", "percent", digits=0),
        }
        if not self.fit["n_boot"]:
            columns = {name: columns[name] for name in ("label", "importance", "share", "rank")}
        if self.table["share"].isna().all():
            columns.pop("share")
        title = bilingual("drivers.title", outcome=self.labels.get(self.outcome, self.outcome))
        group = "panel" if len(self.methods) > 1 else None
        if group:
            frame = frame.assign(panel=[pick(text, lang) for text in frame["panel"]])
        return in_language(Table(frame, columns, title, notes=self._notes(), group=group), lang)

    def apa_differences(self, method: str | None = None, lang: Language | None = None) -> Table:
        """Is one driver really more important than another? Each pair with its difference and interval."""
        method = method or self.methods[0]
        self._check(method)
        rows = self.differences[self.differences["method"] == method]
        labelled = {side: [self.labels.get(name, name) for name in rows[side]] for side in ("first", "second")}
        frame = rows.assign(**labelled, verdict=[_verdict(value) for value in rows["distinct"]])
        level = bilingual("analyses.col_interval", level=f"{100 * self.level:g}")
        columns = {
            "first": Column("drivers.col_first_driver"),
            "second": Column("drivers.col_second_driver"),
            "difference": Column("drivers.col_difference", "number", digits=3),
            "ci": Column(level, "interval", 3, ("ci_lower", "ci_upper")),
            "agreement": Column("drivers.col_agreement", "percent", digits=0),
            "verdict": Column("drivers.col_verdict"),
        }
        name = each(partial(tr, f"drivers.name_{method}"))
        note = bilingual("drivers.differences_note", pairs=len(rows))
        return in_language(Table(frame, columns, bilingual("drivers.differences_title", method=name), (note,)), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """One method: importance with intervals. Several: a panel each, drivers in the order of the first."""
        from cxlab.show.driver_panels import driver_panels
        from cxlab.show.intervals import interval_plot

        order = {name: place for place, name in enumerate(self.of(self.methods[0])["predictor"])}
        frame = self.table.assign(
            label=[pick(self.labels.get(name, name), lang) for name in self.table["predictor"]],
            panel=[tr(f"drivers.short_{name}", lang) for name in self.table["method"]],
            order=[order[name] for name in self.table["predictor"]],
        ).sort_values("order", kind="stable")
        title = figure_title("drivers.title", self.labels.get(self.outcome, self.outcome), self.warnings)
        drawn, level = bool(self.fit["n_boot"]), f"{100 * self.level:g}"
        if len(self.methods) == 1 and drawn:
            axis = bilingual("drivers.axis_one", method=each(self._short_name), level=level)
            shown = frame.rename(columns={"importance": "estimate"})
            return interval_plot(shown, reference={"": 0.0}, title=title, xlabel=axis, digits=3, lang=lang)
        panels = [tr(f"drivers.short_{name}", lang) for name in self.methods]
        note = bilingual("drivers.axis" if drawn else "drivers.axis_bare", level=level)
        return driver_panels(frame, panels=panels, title=title, note=note, lang=lang)

    def _short_name(self, lang: Language | None) -> str:
        return tr(f"drivers.short_{self.methods[0]}", lang)

    def _check(self, method: str) -> None:
        if method not in self.methods:
            hint, known = did_you_mean(str(method), self.methods), ", ".join(self.methods)
            raise DataError("drivers.method_not_computed", method=method, hint=hint, known=known)

    def _label(self, name: str, lang: Language | None) -> str:
        return pick(self.labels[name], lang) if name in self.labels else name

    def _head(self, lang: Language | None) -> str:
        r2, adjusted = (format_number(float(self.fit[key]), 3, bounded=True, lang=lang) for key in ("r2", "adj_r2"))
        values = {"outcome": self._label(self.outcome, lang), "n": int(self.fit["n"]), "r2": r2, "adjusted": adjusted}
        head = tr("drivers.head", lang, **values)
        if self.covariates:
            before = format_number(float(self.fit["r2_covariates"]), 3, bounded=True, lang=lang)
            head += " · " + tr(
                "drivers.head_covariates",
                lang,
                names="; ".join(self._label(name, lang) for name in self.covariates),
                r2=before,
            )
        if self.fit["n_boot"]:
            used = {"used": int(self.fit["used"]), "total": int(self.fit["n_boot"]), "seed": self.seed}
            ci = tr(f"resample.ci_{self.ci}", lang, level=f"{100 * self.level:g}")
            head += " · " + tr("drivers.head_boot", lang, ci=ci, **used)
        return head

    def _line(self, row: dict[Any, Any], lang: Language | None) -> str:
        column = Column("", "bounded", 3)
        text = f"  {row['rank']}. {self._label(row['predictor'], lang)}  {cell_text(row['importance'], column, lang)}"
        if self.fit["n_boot"]:
            text += f" {interval_text(row['ci_lower'], row['ci_upper'], column, lang)}"
        if pd.notna(row["share"]):
            text += f"  {cell_text(row['share'], Column('', 'percent', 0), lang)}"
        if pd.notna(row["rank_lower"]):
            ends = {"low": int(row["rank_lower"]), "high": int(row["rank_upper"])}
            text += "  " + tr(
                "drivers.rank_range" if ends["low"] != ends["high"] else "drivers.rank_sure", lang, **ends
            )
        return text

    def _lead(self, method: str, lang: Language | None) -> str:
        """Which drivers the first one cannot be told from."""
        if not self.fit["n_boot"]:
            return ""
        rows = self.of(method)
        first = rows["predictor"].iloc[0]
        pairs = self.differences
        pairs = pairs[(pairs["method"] == method) & (pairs["first"] == first)]
        close = [self._label(name, lang) for name in pairs.loc[~pairs["distinct"].astype(bool), "second"]]
        if not close:
            return tr("drivers.lead_clear", lang, first=self._label(first, lang))
        return tr("drivers.lead_open", lang, first=self._label(first, lang), others="; ".join(close))

    def _notes(self) -> tuple[Text, ...]:
        notes = [each(self._head)]
        notes += [each(partial(tr, f"drivers.note_{name}")) for name in self.methods]
        if self.table["share"].notna().any():
            notes.append(bilingual("drivers.note_shares"))
        return (*notes, bilingual("drivers.note_cause"), *simulated(self.warnings))


def _verdict(distinct: object) -> Text | str:
    if pd.isna(distinct):
        return "–"
    return bilingual("drivers.distinct" if distinct else "drivers.not_distinct")
