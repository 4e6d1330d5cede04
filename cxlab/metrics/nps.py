"""`cx.nps`: the Net Promoter Score with its error."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cxlab.analyses.weights import Weights
from cxlab.codebook import Item
from cxlab.metrics.answers import Answers, Data, Group, Scores, read_answers
from cxlab.metrics.measure import How, Metric, NetMethod, measure, options
from cxlab.metrics.points import nps_scale
from cxlab.metrics.result import MetricResult
from cxlab.metrics.tally import FloatArray, Score

_PROMOTERS, _DETRACTORS = 9, 6


def nps(
    scores: Scores,
    *,
    data: Data = None,
    group: Group = None,
    weights: Weights | None = None,
    level: float = 0.95,
    method: NetMethod = "wald",
    scale: Sequence[float] | None = None,
    n_boot: int = 2000,
    seed: int | None = None,
) -> MetricResult:
    """Net Promoter Score: share of 9 and 10 less share of 0 to 6, times 100, with standard error and interval.

    When to use it: the question "how likely are you to recommend", answered from 0 to 10. It is about recommending, not
    an index of satisfaction, and its error is wide: read the interval before a change.

    Parameters
    ----------
    scores : sequence of float, Series, column name, or path
        Answers one by one; the name of a column of `data`; or a Parquet or CSV file with one such column.
    data : Survey, DataFrame or path, optional
        Where the column is. A file (.parquet, .csv, .tsv) is counted by DuckDB without being loaded.
    group : column name or sequence, optional
        Groups to compare.
    weights : column name or sequence, optional
        Survey weights; only their ratios count.
    level : float
        Confidence level, between 0 and 1.
    method : {"wald", "adjusted", "score", "bootstrap"}
        Interval: ± z standard errors; Wald with three answers added (Rocks, 2016), for samples below about 100; the
        score interval, of Wilson's kind, which stays honest where all answers are alike; percentile bootstrap of the
        respondents.
    scale : (0, 10) or (1, 10), optional
        Say (1, 10) if the question began at 1: the classes are the same, the score is not quite comparable.
    n_boot, seed : int
        Of the bootstrap.

    Returns
    -------
    MetricResult
        ``.estimate .se .ci_lower .ci_upper .n .n_effective``, in points from -100 to 100; ``.table`` with rows nps,
        promoters, passives and detractors (shares with Wilson intervals) for all and for each group; ``.differences``
        of groups; ``.test(later)``; ``.minimum_detectable_change()``; ``.n_for_margin(5)``.

    Raises
    ------
    ScaleError
        Answers outside the scale, between its points, or on a scale that has no promoters (1-5, 1-7).
    DataError
        Unknown columns, words, negative or all-zero weights, nobody left.

    Notes
    -----
    With shares p of promoters and d of detractors: ``100 (p - d)``, standard error ``100 √((p + d - (p - d)²)/n)``.
    With weights the linearised variance, R: ``survey::svymean(~I(100 * ((x > 8) - (x < 7))), svydesign(~1, weights =
    ~w, data = d))``. Weights that are all equal count as none.
    Groups are treated as samples of their own.

    Examples
    --------
    >>> import cxlab as cx
    >>> found = cx.nps("CUSL3", data=cx.load_dataset("ecsi_mobile"), scale=(1, 10))
    >>> round(found.estimate, 1), round(found.se, 2)
    (14.0, 4.9)
    """
    how = options(level, method, NetMethod, n_boot, seed)
    answers = read_answers(scores, data, group, weights)
    ends, notices = nps_scale(answers, scale)
    works = {"adjusted": ("rocks_2016",), "score": ("tango_1998",), "bootstrap": ("davison_hinkley_1997",)}
    references = ("reichheld_2003", *works.get(method, ()), "wilson_1927")
    metric = Metric("nps", _SCORES, "nps", "higher", ends, references=references)
    return finished(metric, answers, how, notices)


def finished(metric: Metric, answers: Answers, how: How, notices: Sequence[object]) -> MetricResult:
    """The result of a metric of one question."""
    found = measure(metric, answers, how)
    item = answers.item
    return MetricResult(
        table=found.table,
        differences=found.differences,
        counts=_counts(answers, metric, item),
        warnings=(*answers.notices, *notices, *found.notices),  # type: ignore[arg-type]
        metric=metric,
        answers=answers,
        how=how,
        label=item.label if item is not None and item.label else answers.column,
        references=metric.references,
    )


def _counts(answers: Answers, metric: Metric, item: Item | None) -> pd.DataFrame:
    """Answers by group and point."""
    low, high = (int(end) for end in metric.scale)
    points = list(range(low, high + 1))
    rows = {
        key: pd.Series(cells.n, cells.value.astype(int)).groupby(level=0).sum() for key, cells in answers.parts.items()
    }
    table = pd.DataFrame(rows).T.reindex(columns=points, fill_value=0).fillna(0).astype(int)
    return table.rename_axis("group")


def _net(value: FloatArray) -> FloatArray:
    return (value >= _PROMOTERS).astype(float) - (value <= _DETRACTORS)


_SCORES = (
    Score("nps", "net", _net, 100.0),
    Score("promoters", "share", lambda value: (value >= _PROMOTERS).astype(float)),
    Score("passives", "share", lambda value: ((value > _DETRACTORS) & (value < _PROMOTERS)).astype(float)),
    Score("detractors", "share", lambda value: np.asarray(value <= _DETRACTORS, dtype=float)),
)
