"""The test of a metric between two waves: what changed, by how much, and whether that is good."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxlab.analyses.unpack import check_level
from cxlab.errors import DataError, Notice
from cxlab.i18n import Language, format_number, p_text, pick, tr
from cxlab.metrics.change import Difference, independent, paired
from cxlab.metrics.tally import ALL, Score, estimate
from cxlab.metrics.text import digits_of
from cxlab.show.cells import interval_text
from cxlab.show.result import Result, Text, bilingual, each, in_language, notices_text
from cxlab.show.table import Column, Table

if TYPE_CHECKING:
    from cxlab.metrics.result import MetricResult


@dataclass(frozen=True, repr=False, eq=False)
class MetricTest(Result):
    """A metric in two waves; made by `MetricResult.test`.

    Attributes
    ----------
    table : DataFrame
        One row: statistic estimate_1 n_1 estimate_2 n_2 difference (second less first) se ci_lower ci_upper test (t or
        z) df pvalue.
    verdict : {"improved", "worsened", "undecided"}
        By the interval of the difference and the metric's direction.
    paired : bool
    """

    table: pd.DataFrame
    verdict: str
    paired: bool
    level: float
    score: Score
    label: Text
    better: str
    warnings: tuple[Notice, ...]
    references: tuple[str, ...] = ()

    @property
    def pvalue(self) -> float:
        """Of the two-sided test of no change."""
        return float(self.table["pvalue"].iloc[0])

    @property
    def difference(self) -> float:
        """Second less first."""
        return float(self.table["difference"].iloc[0])

    def summary(self, lang: Language | None = None) -> str:
        """The change with its interval, the test, and the verdict."""
        row, digits = self.table.iloc[0], digits_of(self.score)
        bounded = self.score.kind == "share"
        first, second, change = (
            format_number(row[name], digits, bounded=bounded, lang=lang)
            for name in ("estimate_1", "estimate_2", "difference")
        )
        column = Column("", "bounded" if bounded else "number", digits)
        ends = interval_text(row["ci_lower"], row["ci_upper"], column, lang)
        head = tr("metrics.test_head", lang, label=pick(self.label, lang), first=first, second=second)
        line = tr(
            "metrics.test_line",
            lang,
            difference=change,
            ends=ends,
            level=f"{100 * self.level:g}",
            test=self._test(lang),
        )
        said = self._said(lang)
        return "\n".join([head, f"  {line}", f"  {said}", *notices_text(self.warnings, lang)])

    def apa(self, lang: Language | None = None) -> Table:
        """Both waves, the change with its interval, and the test."""
        kind, digits = "bounded" if self.score.kind == "share" else "number", digits_of(self.score)
        heading = bilingual("analyses.col_interval", level=f"{100 * self.level:g}")
        columns = {
            "label": Column("metrics.col_statistic"),
            "estimate_1": Column("metrics.col_first", kind, digits),  # type: ignore[arg-type]
            "n_1": Column("analyses.col_n", "integer"),
            "estimate_2": Column("metrics.col_second", kind, digits),  # type: ignore[arg-type]
            "n_2": Column("analyses.col_n", "integer"),
            "difference": Column("metrics.col_difference", kind, digits),  # type: ignore[arg-type]
            "ci": Column(heading, "interval", digits, parts=("ci_lower", "ci_upper"), bounded=kind == "bounded"),
            "pvalue": Column("p", "p"),
        }
        notes = [each(self._said), each(self._note)]
        notes += [each(notice.text) for notice in self.warnings if notice.serious]
        frame = self.table.assign(label=[dict(self.label)])
        return in_language(Table(frame, columns, "metrics.title_test", notes=tuple(notes)), lang)

    def _said(self, lang: Language | None = None) -> str:
        """The verdict in words."""
        return tr(f"metrics.change_{self.verdict if np.isfinite(self.pvalue) else 'untested'}", lang)

    def _test(self, lang: Language | None = None) -> str:
        row = self.table.iloc[0]
        if not np.isfinite(row["test"]):
            return tr("metrics.no_test", lang)
        value, digits = format_number(row["test"], 2, lang=lang), 0 if float(row["df"]).is_integer() else 1
        df = "" if np.isinf(row["df"]) else f"({format_number(row['df'], digits, lang=lang)})"
        return f"{'z' if not df else 't'}{df} = {value}, {p_text(row['pvalue'], lang)}"

    def _note(self, lang: Language | None = None) -> str:
        return tr("metrics.note_paired" if self.paired else "metrics.note_independent", lang, test=self._test(lang))


def wave_test(
    first: MetricResult, second: MetricResult, is_paired: bool, statistic: str | None, group: Hashable, level: float
) -> MetricTest:
    """See `MetricResult.test`."""
    check_level(level)
    _refuse(first, second)
    score = first.metric.score(statistic)
    cells = [one._cells(group) for one in (first, second)]
    notices: list[Notice] = []
    if is_paired:
        found, notices, (one, two) = _paired(first, second, score, group, level)
    else:
        found = independent(cells[0], cells[1], score, level)
        estimates = [estimate(own, score) for own in cells]
        one, two = ((own.value, own.n) for own in estimates)
    row = (score.name, *one, *two, found.value, found.se, found.ci_lower, found.ci_upper, found.statistic, found.df,
           found.pvalue)  # fmt: skip
    names = ["statistic", "estimate_1", "n_1", "estimate_2", "n_2", "difference", "se", "ci_lower", "ci_upper", "test",
             "df", "pvalue"]  # fmt: skip
    told = [notice for notice in first.warnings if notice.key == "analyses.simulated"]
    return MetricTest(
        table=pd.DataFrame([row], columns=names),
        verdict=_verdict(found, score, first.metric.better),
        paired=is_paired,
        level=level,
        score=score,
        label=first.statistic_label(score.name),
        better=first.metric.better,
        warnings=(*told, *notices),
        references=first.references,
    )


def _refuse(first: MetricResult, second: object) -> None:
    from cxlab.metrics.result import MetricResult

    if not isinstance(second, MetricResult):
        raise DataError("metrics.test_with", kind=type(second).__name__)
    one, two = first.metric, second.metric
    ends = [f"{metric.scale[0]:g}-{metric.scale[1]:g}" for metric in (one, two)]
    for key, values in (
        ("name", (one.name, two.name)),
        ("version", (one.version, two.version)),
        ("scale", tuple(ends)),
        ("top", (one.top, two.top)),
        ("bottom", (one.bottom, two.bottom)),
    ):
        if values[0] != values[1]:
            raise DataError("metrics.test_unlike", what=key, first=values[0], second=values[1])


def _paired(
    first: MetricResult, second: MetricResult, score: Score, group: Hashable, level: float
) -> tuple[Difference, list[Notice], tuple[tuple[float, int], tuple[float, int]]]:
    own = [_rows(result, group) for result in (first, second)]
    common = own[0].index.intersection(own[1].index)
    if len(common) < 2:
        raise DataError("metrics.paired_rows", common=len(common))
    lost = max(len(rows) for rows in own) - len(common)
    values = [score.scale * np.asarray(score.points(rows.loc[common].to_numpy(float)), dtype=float) for rows in own]
    mass = first.answers.weights
    weights = None if mass is None else mass.loc[common].to_numpy(float)
    found = paired(values[1] - values[0], weights, level)
    means = [float(np.average(value, weights=weights)) for value in values]
    notices = [Notice("metrics.paired_lost", {"lost": lost, "common": len(common)}, serious=True)] if lost else []
    if not _same_weights(mass, second.answers.weights, common):
        notices.append(Notice("metrics.paired_weights", serious=True))
    return found, notices, ((means[0], len(common)), (means[1], len(common)))


def _same_weights(one: pd.Series | None, two: pd.Series | None, common: pd.Index) -> bool:
    """True if both waves weigh the same respondents alike: only ratios count."""
    first, second = (np.ones(len(common)) if own is None else own.loc[common].to_numpy(float) for own in (one, two))
    return bool(np.allclose(first / first.sum(), second / second.sum()))


def _rows(result: MetricResult, group: Hashable) -> pd.Series:
    rows = result.answers.rows
    if rows is None:
        raise DataError("metrics.paired_file")
    if group == ALL or result.answers.groups is None:
        return rows
    return rows[(result.answers.groups == group).to_numpy()]


def _verdict(found: Difference, score: Score, better: str) -> str:
    if not np.isfinite(found.pvalue) or not (found.ci_lower > 0 or found.ci_upper < 0):
        return "undecided"  # also where nothing varies, so that there is neither interval nor test
    up = found.value > 0
    if score.name in ("detractors", "bottom_box", "passives"):
        return "changed" if score.name == "passives" else ("worsened" if up else "improved")
    if score.name in ("top_box", "easy", "low_effort", "promoters"):
        return "improved" if up else "worsened"
    return "improved" if up == (better == "higher") else "worsened"
