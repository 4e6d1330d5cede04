"""The result of `cx.compare_metrics`: the contest, the four conclusions, their figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from cxlab.errors import DataError, Notice
from cxlab.i18n import Language, format_number, pick, tr
from cxlab.metrics.contest_verdicts import Comparison
from cxlab.show.cells import interval_text
from cxlab.show.result import Result, Text, bilingual, each, in_language, notices_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BOUNDED = Column("", "bounded", 3)
_MOST_SHOWN = 5
_WIDEST = 40
_KNOWN = ("csat", "nps", "ces", "acsi")
_NAMED = ("complaints", "satisfaction", "recommend", "effort", "ease")


@dataclass(frozen=True, repr=False, eq=False)
class MetricContest(Result):
    """Feedback metrics compared by prediction; see `cxlab.compare_metrics` for the columns of its tables.

    Attributes
    ----------
    table, differences, conclusions : DataFrame
    family : {"numeric", "binary"}
    n, folds, repeats : int
    seed : int or None
    smallest : float
    warnings : tuple of Notice
    """

    table: pd.DataFrame
    differences: pd.DataFrame
    conclusions: pd.DataFrame
    warnings: tuple[Notice, ...]
    comparison: Comparison = field(repr=False)
    outcome: str
    family: str
    n: int
    folds: int
    repeats: int
    seed: int | None
    level: float
    smallest: float
    labels: Mapping[str, Text] = field(default_factory=dict, repr=False)
    references: tuple[str, ...] = ("nadeau_bengio_2003", "de_haan_2015", "lemon_verhoef_2016", "harrell_2015")

    @property
    def best(self) -> str:
        """The contestant with the highest score."""
        return str(self.table["model"].iloc[0])

    def difference(self, first: str, second: str) -> pd.Series:
        """Score of one contestant less that of another, with the corrected interval: difference ci_lower ci_upper.

        Examples
        --------
        >>> import cxlab as cx
        >>> found = cx.compare_metrics("CUSL1", ["CUSA1", "CUSL3"], cx.load_dataset("ecsi_mobile"), repeats=1, seed=1)
        >>> bool(found.difference("CUSL3: linear", "CUSA1: linear")["difference"] > 0)
        True
        """
        return pd.Series(self.comparison.difference(first, second), ["difference", "ci_lower", "ci_upper"])

    def summary(self, lang: Language | None = None) -> str:
        """The best contestants, then the four conclusions with their verdicts."""
        what = tr(f"metrics.score_{self.family}", lang)
        head = tr("metrics.contest_head", lang, outcome=self._label(self.outcome, lang), n=self.n, what=what,
                  folds=self.folds, repeats=self.repeats)  # fmt: skip
        rows = self.table.head(_MOST_SHOWN).to_dict("records")
        width = max(len(self.model_label(row["model"], lang)) for row in rows)
        lines = [
            f"  {self.model_label(row['model'], lang):<{width}}  "
            f"{format_number(row['score'], 3, bounded=True, lang=lang)} "
            f"{interval_text(row['ci_lower'], row['ci_upper'], _BOUNDED, lang)}"
            for row in rows
        ]
        said = [f"  {row['number']}. {self._conclusion(row, lang)}" for row in self.conclusions.to_dict("records")]
        small = format_number(self.smallest, 3, bounded=True, lang=lang)
        lines += [f"  ({self._legend(lang)})"] if self._legend(lang) else []
        heading = tr("metrics.conclusions_head", lang, smallest=small)
        return "\n".join([head, *lines, heading, *said, *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Every contestant: cross-validated score with its interval, fit in the sample, AIC."""
        frame = self.table.assign(metrics=[each(partial(self.model_label, model)) for model in self.table["model"]])
        heading = bilingual("analyses.col_interval", level=f"{100 * self.level:g}")
        columns = {
            "metrics": Column("metrics.col_contestant"),
            "n_columns": Column("metrics.col_columns", "integer"),
            "score": Column(f"metrics.col_score_{self.family}", "bounded", 3),
            "ci": Column(heading, "interval", 3, parts=("ci_lower", "ci_upper"), bounded=True),
            "auc": Column("metrics.col_auc", "bounded", 3),
            "r2": Column("metrics.col_in_sample", "bounded", 3),
            "delta_aic": Column("metrics.col_delta_aic", "number", 1),
        }
        if self.family == "numeric":
            del columns["auc"]
        if self.table["aic"].isna().all():
            del columns["delta_aic"]
        note = bilingual("metrics.contest_note", n=self.n, folds=self.folds, repeats=self.repeats)
        legend = [each(self._legend)] if self._legend() else []
        notes = [*legend, note, *(each(notice.text) for notice in self.warnings if _told(notice))]
        title = bilingual("metrics.title_contest", outcome=each(lambda one: self._label(self.outcome, one)))
        return in_language(Table(frame, columns, title, notes=tuple(notes)), lang)

    def apa_conclusions(self, lang: Language | None = None) -> Table:
        """The four conclusions, the comparison that decides each, and the verdict."""
        records = self.conclusions.to_dict("records")
        frame = self.conclusions.assign(
            text=[bilingual(f"metrics.conclusion_{row['conclusion']}") for row in records],
            compared=[each(partial(self._compared, row)) for row in records],
            said=[bilingual(f"metrics.verdict_{row['verdict']}") for row in records],
        )
        columns = {
            "number": Column("metrics.col_number", "integer"),
            "text": Column("metrics.col_conclusion"),
            "compared": Column("metrics.col_compared"),
            "difference": Column("metrics.col_difference", "bounded", 3),
            "ci": Column("metrics.col_own_interval", "interval", 3, parts=("ci_lower", "ci_upper"), bounded=True),
            "said": Column("metrics.col_verdict"),
        }
        small = each(lambda one: format_number(self.smallest, 3, bounded=True, lang=one))
        notes = [each(self._legend)] if self._legend() else []
        notes += [bilingual("metrics.conclusions_note", smallest=small), bilingual("metrics.contest_caution")]
        notes += [each(notice.text) for notice in self.warnings if _told(notice)]
        return in_language(Table(frame, columns, "metrics.title_conclusions", notes=tuple(notes)), lang)

    def plot(self, lang: Language | None = None, *, what: Literal["contest", "conclusions"] = "contest") -> Figure:
        """The contestants with their intervals; or the comparisons that decide the four conclusions."""
        from cxlab.show import interval_plot

        if what not in ("contest", "conclusions"):
            raise DataError("analyses.unknown_option", option="what", value=what, known="contest, conclusions")
        simulated = any(notice.key == "analyses.simulated" for notice in self.warnings)
        key = "metrics.title_conclusions" if what == "conclusions" else "metrics.title_contest"
        title = each(
            lambda one: (
                tr(key, one, outcome=self._label(self.outcome, one))
                + (f" ({tr('metrics.simulated', one)})" if simulated else "")
            )
        )
        if what == "conclusions":
            return self._plot_conclusions(title, lang)
        alone = {one.name: len(one.metrics) == 1 for one in self.comparison.rivals}
        several = bilingual("metrics.several")
        frame = self.table.assign(estimate=self.table["score"], together=[not alone[m] for m in self.table["model"]])
        frame = frame.sort_values(["together", "metrics", "score"], ascending=[True, True, False], key=self._order)
        frame = frame.assign(
            label=[each(partial(self._row_label, model)) for model in frame["model"]],
            block=[each(partial(self._heading, n)) if alone[m] else several
                   for n, m in zip(frame["metrics"], frame["model"], strict=True)],
        )  # fmt: skip
        axis, frame = f"metrics.axis_score_{self.family}", frame.drop(columns="model")
        return interval_plot(frame, reference={"": 0.0}, title=title, xlabel=axis, digits=3, lang=lang)

    def _plot_conclusions(self, title: Any, lang: Language | None) -> Figure:
        from cxlab.show import interval_plot

        tested = self.conclusions[self.conclusions["verdict"] != "not_tested"]
        if tested.empty:
            raise DataError("metrics.nothing_tested")
        records = tested.to_dict("records")
        frame = tested.assign(estimate=tested["difference"], label=[each(partial(self._said, row)) for row in records])
        end = f"±{format_number(self.smallest, 3, bounded=True, lang=lang)}"
        lines = {"": 0.0} | ({end: self.smallest, " ": -self.smallest} if self.smallest else {})
        axis = f"metrics.axis_difference_{self.family}"
        return interval_plot(frame, reference=lines, title=title, xlabel=axis, digits=3, lang=lang)

    def model_label(self, model: str, lang: Language | None = None) -> str:
        """A contestant in words."""
        one = next(rival for rival in self.comparison.rivals if rival.name == model)
        return f"{self._names(' + '.join(one.metrics), lang)}: {tr(f'metrics.form_{one.transform}', lang)}"

    def _heading(self, name: str, lang: Language | None) -> str:
        """A metric's name above its rows, with its question where that is short."""
        short, label = self._short(name, lang), self._label(name, lang)
        return f"{short}: {label}" if short != label and len(label) <= _WIDEST else short

    def _row_label(self, model: str, lang: Language | None) -> str:
        """A contestant below its heading: the form alone, or short names with the form."""
        one = next(rival for rival in self.comparison.rivals if rival.name == model)
        form = tr(f"metrics.form_{one.transform}", lang)
        if len(one.metrics) == 1:
            return form
        return self.model_label(model, lang)

    def _order(self, column: pd.Series) -> pd.Series:
        """Blocks in the order of their best contestant, and contestants by score."""
        if column.name != "metrics":
            return column
        best = self.table.groupby("metrics")["score"].max().rank(ascending=False)
        several = column.str.contains(" + ", regex=False)  # one block, by score alone
        return column.map(best).where(~several, len(best) + 1)

    def _names(self, metrics: str, lang: Language | None) -> str:
        return " + ".join(self._short(name, lang) for name in metrics.split(" + "))

    def _short(self, name: str, lang: Language | None) -> str:
        """CSAT, NPS and CES by these names; any other metric by its question if short, else by a plain word."""
        if name.casefold() in _KNOWN:
            return name.upper()
        label = self._label(name, lang)
        if len(label) <= _WIDEST:
            return label
        return tr(f"metrics.short_{name.casefold()}", lang) if name.casefold() in _NAMED else name

    def _label(self, name: str, lang: Language | None) -> str:
        own = pick(self.labels[name], lang) if name in self.labels else ""
        return own.rstrip(".") or name

    def _legend(self, lang: Language | None = None) -> str:
        """What the short names stand for."""
        pairs = [(self._short(name, lang), self._label(name, lang)) for name in self.comparison.roles]
        return "; ".join(f"{short}: {label}" for short, label in pairs if short != label)

    def _compared(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        if row["verdict"] == "not_tested":
            return tr(f"metrics.{row['reason']}", lang)
        first, second = (self.model_label(row[part], lang) for part in ("first", "second"))
        return tr("metrics.compared", lang, first=first, second=second)

    def _said(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        said = tr(f"metrics.verdict_{row['verdict']}", lang)
        return f"{row['number']}. {tr('metrics.conclusion_' + str(row['conclusion']), lang)}: {said}"

    def _conclusion(self, row: Mapping[Any, Any], lang: Language | None) -> str:
        text = tr(f"metrics.conclusion_{row['conclusion']}", lang)
        said = tr(f"metrics.verdict_{row['verdict']}", lang).upper()
        if row["verdict"] == "not_tested":
            return f"{text} → {said}: {self._compared(row, lang)}"
        value = format_number(row["difference"], 3, bounded=True, lang=lang)
        ends = interval_text(row["ci_lower"], row["ci_upper"], _BOUNDED, lang)
        return f"{text} → {said}: {self._compared(row, lang)}: {value} {ends}"


def _told(notice: Notice) -> bool:
    return notice.serious or notice.key == "analyses.simulated"
