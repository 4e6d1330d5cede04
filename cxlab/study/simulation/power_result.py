"""The result of `cx.power`: what many simulated studies found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.analyses.result import Result, bilingual, each, in_language, notices_text
from cxlab.errors import DataError, Notice
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PATHS = ("~", ":=")
_SIDES = ("lhs", "rhs")
_ENDS = ("power_lower", "power_upper")


@dataclass(frozen=True, repr=False, eq=False)
class Power(Result):
    """What many simulated studies of one plan found.

    Attributes
    ----------
    table : DataFrame
        A row for each n and parameter: n, lhs, op, rhs, group, label, truth, mean, bias, relative_bias, empirical_se,
        mean_se, coverage, coverage_lower, coverage_upper, power, power_lower, power_upper, used. Shares with Wilson's
        95% intervals for the number of studies.
    studies : DataFrame
        A row for each n: n, reps, converged, improper (of the converged, with impossible estimates), df, chisq_mean,
        rejected (share in which the test of fit rejects the model), rejected_lower, rejected_upper, rows_mean,
        population_rmsea.
    truth : str
        lavaan text of the true model.
    level : float
        Of the intervals behind coverage and power.
    reps, seed : int
    estimator : str
    labels : mapping of str to bilingual text
        The codebook's words for constructs, where the studies were drawn with one.
    warnings : tuple of Notice
    """

    table: pd.DataFrame
    studies: pd.DataFrame
    truth: str
    level: float
    reps: int
    seed: int
    estimator: str
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    warnings: tuple[Notice, ...] = ()
    references: tuple[str, ...] = ("muthen_muthen_2002", "wilson_1927")

    @property
    def main(self) -> pd.DataFrame:
        """Paths and defined effects; without these, loadings; without these, everything."""
        for ops in (_PATHS, ("=~",)):
            rows = self.table[self.table["op"].isin(ops)]
            if len(rows):
                return rows
        return self.table

    def summary(self, lang: Language | None = None) -> str:
        """Convergence, the test of fit, and the power of the paths (else loadings), in a few lines."""
        lines = [tr("simulation.power_head", lang, reps=self.reps, estimator=self.estimator, seed=self.seed)]
        for run in self.studies.to_dict("records"):
            lines.append("  " + _run_line(run, lang))
            for row in self.main[self.main["n"] == run["n"]].to_dict("records"):
                values = {name: format_number(row[name], 2, lang=lang) for name in ("truth", "mean")}
                values |= {name: _share(row[name], lang) for name in ("coverage", "power")}
                lines.append(
                    "    " + tr("simulation.power_line", lang, name=parameter_name(row, self.labels, lang), **values)
                )
        return "\n".join([*lines, *("  " + text for text in notices_text(self.warnings, lang))])

    def apa(self, lang: Language | None = None, *, all_rows: bool = False) -> Table:
        """Truth, bias, standard errors, coverage and power.

        Parameters
        ----------
        lang : {"en", "vi"}, optional
            Language; by default the table reads in any.
        all_rows : bool
            Every parameter, not only paths (else loadings).
        """
        rows = self.table if all_rows else self.main
        names = [parameter_names(row, self.labels) for row in rows.to_dict("records")]
        frame = rows.assign(name=names, size=[f"n = {n}" for n in rows["n"]])
        columns = {
            "name": Column("simulation.col_parameter"),
            "truth": Column("simulation.col_truth", "number"),
            "mean": Column("simulation.col_mean", "number"),
            "relative_bias": Column("simulation.col_relative_bias", "percent", digits=1),
            "empirical_se": Column("simulation.col_empirical_se", "number", digits=3),
            "mean_se": Column("simulation.col_mean_se", "number", digits=3),
            "coverage": Column("simulation.col_coverage", "bounded", digits=3),
            "power": Column("simulation.col_power", "bounded", digits=3),
            "power_ci": Column("simulation.col_interval", "interval", parts=_ENDS, bounded=True),
        }
        runs = tuple(_run_note(run) for run in self.studies.to_dict("records"))
        note = bilingual("simulation.power_note", reps=self.reps, level=f"{100 * self.level:g}", seed=self.seed)
        serious = tuple(each(notice.text) for notice in self.warnings if notice.serious)
        group = "size" if rows["n"].nunique() > 1 else None
        table = Table(frame, columns, "simulation.power_title", notes=(note, *runs, *serious), group=group)
        return in_language(table, lang)

    def plot(self, *, goal: float = 0.8, lang: Language | None = None) -> Figure:
        """Power with its Monte-Carlo intervals: a curve over n for each path, or with one n a line for each path.

        Parameters
        ----------
        goal : float
            The power wanted, drawn as a dashed line.
        lang : {"en", "vi"}, optional
        """
        if not 0 < goal < 1:
            raise DataError("simulation.share_range", option="goal", value=goal)
        from cxlab.show import interval_plot
        from cxlab.show.curves import curve_plot

        rows = self.main
        names = [parameter_name(row, self.labels, lang) for row in rows.to_dict("records")]
        frame = rows.assign(label=names, estimate=rows["power"])
        frame = frame.assign(ci_lower=rows["power_lower"], ci_upper=rows["power_upper"])
        title = tr("simulation.power_title", lang)
        if frame["n"].nunique() == 1:
            xlabel = tr("simulation.axis_power_n", lang, n=int(frame["n"].iloc[0]))
            return interval_plot(frame, reference=goal, title=title, xlabel=xlabel, lang=lang)
        frame = frame.assign(x=frame["n"])
        return curve_plot(
            frame, reference=goal, title=title, xlabel="simulation.axis_n", ylabel="simulation.axis_power", lang=lang
        )


def _run_note(run: Mapping[Any, Any]) -> dict[str, str]:
    return each(lambda lang: _run_line(run, lang) + ".")


def _run_line(run: Mapping[Any, Any], lang: Language | None) -> str:
    """One n: how many studies converged, how many were improper, how often the test of fit rejected."""
    values = {name: int(run[name]) for name in ("n", "reps", "converged", "improper")}
    text = tr("simulation.power_run", lang, **values)
    if not run["df"]:
        return text
    rejected = tr("simulation.power_rejected", lang, share=_share(run["rejected"], lang), df=int(run["df"]))
    return f"{text}; {rejected}"


def parameter_names(row: Mapping[Any, Any], labels: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """A parameter as a table writes it, in every language."""
    return each(lambda lang: parameter_name(row, labels, lang))


def parameter_name(
    row: Mapping[Any, Any], labels: Mapping[str, Mapping[str, str]] | None = None, lang: Language | None = None
) -> str:
    """A parameter as a table writes it, constructs in the codebook's words where `labels` has them.

    Examples
    --------
    >>> parameter_name({"lhs": "LOY", "op": "~", "rhs": "SAT", "group": 1})
    'SAT → LOY'
    """
    lhs, rhs = (pick(labels[row[side]], lang) if labels and row[side] in labels else row[side] for side in _SIDES)
    if row["op"] == "~":
        text = f"{rhs} → {lhs}"
    elif row["op"] == ":=":
        text = f"{lhs} := {rhs}"
    else:
        text = f"{lhs} {str(row['op']).rstrip('1')} {rhs or 1}"
    return text + (f" ({row['group']})" if int(row["group"]) > 1 else "")


def _share(value: float, lang: Language | None) -> str:
    return format_number(value, 3, bounded=True, lang=lang)
