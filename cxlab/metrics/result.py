"""The result of every metric: estimate, interval, groups; tests and plans for the next wave."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.errors import DataError, Notice
from cxlab.i18n import Language
from cxlab.metrics.answers import Answers
from cxlab.metrics.change import detectable, needed
from cxlab.metrics.measure import How, Metric, pairwise
from cxlab.metrics.tally import ALL, Estimate, Score, estimate
from cxlab.metrics.text import answer_title, digits_of, metric_table, summary_lines
from cxlab.show.result import Result, Text, bilingual, each, in_language
from cxlab.show.table import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from cxlab.metrics.wave_test import MetricTest


@dataclass(frozen=True, repr=False, eq=False)
class MetricResult(Result):
    """One metric with its error, overall and by group; made by `nps`, `csat`, `ces` and `acsi`.

    Attributes
    ----------
    table : DataFrame
        One row a group and statistic: group ("" for all) statistic estimate se ci_lower ci_upper n n_effective. Shares
        run from 0 to 1, the Net Promoter Score and the ACSI-type index in points.
    differences : DataFrame
        Every pair of groups (up to 20 groups; else ask `.pairwise`): group_1 group_2 difference (second less first) se
        ci_lower ci_upper statistic df pvalue pvalue_holm.
    counts : DataFrame
        Answers by group (index) and point (columns), unweighted; empty for an index of several items.
    estimate, se, ci_lower, ci_upper, n, n_effective : float
        Of the headline statistic, over all respondents.
    warnings : tuple of Notice
    """

    table: pd.DataFrame
    differences: pd.DataFrame
    counts: pd.DataFrame
    warnings: tuple[Notice, ...]
    metric: Metric = field(repr=False)
    answers: Answers = field(repr=False)
    how: How = field(repr=False)
    label: Text | str = ""
    item_weights: pd.Series | None = None
    references: tuple[str, ...] = ()

    @property
    def estimate(self) -> float:
        """The headline statistic over all respondents."""
        return float(self.row()["estimate"])

    @property
    def se(self) -> float:
        """Its standard error."""
        return float(self.row()["se"])

    @property
    def ci_lower(self) -> float:
        """Lower end of its interval."""
        return float(self.row()["ci_lower"])

    @property
    def ci_upper(self) -> float:
        """Upper end of its interval."""
        return float(self.row()["ci_upper"])

    @property
    def n(self) -> int:
        """Respondents."""
        return int(self.row()["n"])

    @property
    def n_effective(self) -> float:
        """Kish's effective number of respondents."""
        return float(self.row()["n_effective"])

    @property
    def better(self) -> str:
        """Which way is good: "higher" or "lower"."""
        return self.metric.better

    @property
    def level(self) -> float:
        """Confidence level of the intervals."""
        return self.how.level

    def row(self, statistic: str | None = None, group: Hashable = ALL) -> pd.Series:
        """One row of the table, by default the headline statistic of all respondents.

        Examples
        --------
        >>> import cxlab as cx
        >>> float(cx.nps([10, 9, 8, 3]).row("promoters")["estimate"])
        0.5
        """
        name = self.metric.score(statistic).name
        self._cells(group)
        table = self.table
        return table[(table["group"] == group) & (table["statistic"] == name)].iloc[0]

    def test(
        self,
        other: MetricResult,
        *,
        paired: bool = False,
        statistic: str | None = None,
        group: Hashable = ALL,
        level: float | None = None,
    ) -> MetricTest:
        """Has the metric changed from this wave to `other`?

        Parameters
        ----------
        other : MetricResult
            The later wave: the same metric, on the same scale.
        paired : bool
            True if the same respondents answered both times; they are matched by row number, which a sequence, a
            DataFrame or a Survey gives, but not a file.
        statistic : str, optional
            A statistic of the table, by default the headline.
        group : optional
            One group of both waves, by default all respondents.
        level : float, optional
            Of the interval, by default this result's.

        Returns
        -------
        MetricTest
            ``.table``: statistic estimate_1 n_1 estimate_2 n_2 difference se ci_lower ci_upper test df pvalue.

        Raises
        ------
        DataError
            Another metric, scale or direction; paired waves without common rows.

        Notes
        -----
        Means: Welch's t (R: ``t.test``). Shares: ``prop.test(correct = FALSE)``. Net scores, shares with weights: z.
        Paired: the t test of the changes, ``t.test(paired = TRUE)``.

        Examples
        --------
        >>> import cxlab as cx
        >>> test = cx.nps([9, 9, 3, 7] * 30).test(cx.nps([10, 9, 8, 7] * 30))
        >>> float(test.table["difference"].iloc[0])
        25.0
        """
        from cxlab.metrics.wave_test import wave_test

        return wave_test(self, other, paired, statistic, group, self.level if level is None else level)

    def minimum_detectable_change(
        self,
        power: float = 0.8,
        *,
        alpha: float = 0.05,
        n_next: int | None = None,
        correlation: float = 0.0,
        statistic: str | None = None,
        group: Hashable = ALL,
    ) -> float:
        """The smallest change that the next wave would find with this power, in the metric's own units.

        Parameters
        ----------
        power, alpha : float
            Chance to find the change if it is there; level of the two-sided test.
        n_next : int, optional
            Respondents of the next wave, by default as many as now.
        correlation : float
            Between the two answers of one respondent, if the same are asked again; 0 for a new sample.
        statistic, group
            As in `test`.

        Examples
        --------
        >>> import cxlab as cx
        >>> round(cx.nps([10, 9, 8, 7, 3] * 50).minimum_detectable_change(), 1)
        18.8
        """
        for name, value in (("power", power), ("alpha", alpha)):
            if not isinstance(value, int | float) or not 0 < value < 1:
                raise DataError("metrics.between_0_and_1", name=name, value=value)
        if not isinstance(correlation, int | float) or not -1 < correlation < 1:
            raise DataError("metrics.correlation_range", name="correlation", value=correlation)
        found = self._estimate(self.metric.score(statistic), group)
        n = found.n if n_next is None else n_next
        if not isinstance(n, int) or isinstance(n, bool) or n < 2:
            raise DataError("metrics.n_form", name="n_next", value=n_next)
        return detectable(found.se, found.n, n, power, alpha, correlation)

    def n_for_margin(
        self, margin: float, *, level: float | None = None, statistic: str | None = None, group: Hashable = ALL
    ) -> int:
        """Respondents needed for an interval of ± `margin`, if they answer and are weighted as these.

        Parameters
        ----------
        margin : float
            Half the interval's width, in the metric's own units: 5 for five points of the Net Promoter Score, 0.03 for
            three points of a share.
        level, statistic, group
            As in `test`.

        Examples
        --------
        >>> import cxlab as cx
        >>> cx.nps([10, 9, 8, 7, 3] * 50).n_for_margin(5)
        861
        """
        if not isinstance(margin, int | float) or isinstance(margin, bool) or not margin > 0:
            raise DataError("metrics.margin_form", value=margin)
        found = self._estimate(self.metric.score(statistic), group)
        return needed(found.se, found.n, margin, self.level if level is None else level)

    def pairwise(self, statistic: str | None = None) -> pd.DataFrame:
        """Differences of all pairs of groups in one statistic; columns as `differences`.

        Examples
        --------
        >>> import cxlab as cx
        >>> cx.nps([10, 9, 8, 7, 3, 9], group=["a", "a", "a", "b", "b", "b"]).pairwise("promoters").shape
        (1, 10)
        """
        groups = [key for key in self.answers.parts if key != ALL]
        return pairwise(self.metric, self.answers, groups, self.level, statistic)

    def summary(self, lang: Language | None = None) -> str:
        """The metric with its interval, its parts and direction, and each group."""
        return "\n".join(summary_lines(self, lang))

    def apa(self, lang: Language | None = None) -> Table:
        """One row a group: n, the metric's statistics and their intervals."""
        return in_language(metric_table(self), lang)

    def plot(self, lang: Language | None = None) -> Figure:
        """Groups with their intervals; without groups, how the answers are spread."""
        from cxlab.show import interval_plot, response_distribution

        title = each(partial(answer_title, self))
        counts, score = self.counts, self.metric.score(None)
        if len(self.answers.parts) == 1 and 2 <= counts.shape[1] <= 11:
            counts, column = self._spread(), self.answers.column
            labels = {column: self.group_label(ALL)}
            return response_distribution(
                counts.set_axis([column]), labels=labels, kind="stacked", title=title, lang=lang
            )
        own = self.table
        own = own[own["statistic"] == self.metric.headline]
        rows = own.assign(label=[self.group_label(key) for key in own["group"]])
        axis, bounded = self.statistic_label(self.metric.headline), score.kind == "share"
        return interval_plot(rows, title=title, xlabel=axis, digits=digits_of(score), bounded=bounded, lang=lang)

    def statistic_label(self, name: str) -> dict[str, str]:
        """A statistic in words, in every language."""
        metric = self.metric
        low, high = f"{metric.scale[0]:g}", f"{metric.scale[1]:g}"
        return bilingual(f"metrics.stat_{name}", top=metric.top, bottom=metric.bottom, low=low, high=high)

    def group_label(self, key: Hashable) -> Mapping[str, str]:
        """A group in words, in every language."""
        return bilingual("metrics.everyone") if key == ALL else self.answers.labels[key]

    def _spread(self) -> pd.DataFrame:
        """Answers of all respondents by point; weighted where the metric is, and then adding up to n."""
        whole = self.answers.whole
        if not whole.weighted:
            return self.counts
        mass = pd.Series(whole.w, whole.value.astype(int)).groupby(level=0).sum()
        shares = mass * (whole.size / whole.w.sum())
        return shares.reindex(self.counts.columns, fill_value=0.0).to_frame(ALL).T

    def _cells(self, group: Hashable) -> Any:
        if group not in self.answers.parts:
            known = ", ".join(f"{key!r}" for key in list(self.answers.parts)[1:13])
            raise DataError("metrics.unknown_group", group=group, known=known or "–")
        return self.answers.parts[group]

    def _estimate(self, score: Score, group: Hashable) -> Estimate:
        """The statistic that a plan starts from; without spread there is none to make."""
        found = estimate(self._cells(group), score)
        if not found.se > 0:
            raise DataError("metrics.no_spread_plan")
        return found
