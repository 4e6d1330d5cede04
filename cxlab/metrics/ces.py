"""`cx.ces`: the Customer Effort Score, whose two versions run in opposite directions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from scipy.stats import norm

from cxlab.analyses.unpack import numeric_columns
from cxlab.analyses.weights import Weights
from cxlab.errors import DataError, Notice
from cxlab.i18n.shown import Shown
from cxlab.metrics.answers import Answers, Data, Group, Scores, is_file, read_answers
from cxlab.metrics.measure import Metric, RatingMethod, measure_options
from cxlab.metrics.nps import finished
from cxlab.metrics.points import ces_scale
from cxlab.metrics.result import MetricResult
from cxlab.metrics.tally import FloatArray, Score
from cxlab.survey.survey import as_survey

Contradiction = Literal["error", "warn"]


def ces(
    scores: Scores,
    version: int | None = None,
    *,
    data: Data = None,
    group: Group = None,
    weights: Weights | None = None,
    level: float = 0.95,
    method: RatingMethod = "standard",
    scale: Sequence[float] | None = None,
    check_against: str | Sequence[float] | None = None,
    contradiction: Contradiction = "error",
    n_boot: int = 2000,
    seed: int | None = None,
) -> MetricResult:
    """Customer Effort Score, version 1 (effort, low is good) or version 2 (ease, high is good), with intervals.

    When to use it: one question on how hard or easy a matter was to settle. The two versions run in opposite
    directions, so the version must be said; a mix-up turns good news into bad.

    Parameters
    ----------
    scores, data, group, weights, level
        As for `nps`.
    version : {1, 2}
        Required. 1: how much effort it took, 1 to 5, high is bad. 2: agreement that the company made it easy, 1 to 7,
        high is good.
    method, n_boot, seed
        As for `csat`.
    scale : (low, high), optional
        Where the question had other ends than 1-5 (version 1) or 1-7 (version 2).
    check_against : column name or sequence, optional
        A satisfaction question of the same respondents, high being good. Version 1 must correlate negatively with it,
        version 2 positively. The correlation takes every respondent alike, with weights or without.
    contradiction : {"error", "warn"}
        What to do if the interval of that correlation lies wholly on the wrong side.

    Returns
    -------
    MetricResult
        As `nps`, with the rows mean (the headline) and, in version 1, low_effort (share of 1 and 2), in version 2, easy
        (share of the three best answers). ``.better`` says "lower" or "higher".

    Raises
    ------
    DataError
        No version; a direction that `check_against` contradicts; and as `csat`.
    ScaleError
        Answers off the scale of the version.

    Notes
    -----
    R: ``t.test(x)``, ``prop.test``; the check uses ``cor.test(x, y)``.

    Examples
    --------
    >>> import cxlab as cx
    >>> found = cx.ces([1, 2, 2, 5, 3, 1], version=1)
    >>> round(found.estimate, 2), found.better
    (2.33, 'lower')
    """
    if version not in (1, 2) or isinstance(version, bool):
        raise DataError("metrics.ces_version", given="–" if version is None else version)
    if contradiction not in ("error", "warn"):
        raise DataError("analyses.unknown_option", option="contradiction", value=contradiction, known="error, warn")
    how = measure_options(level, method, n_boot, seed)
    answers = read_answers(scores, data, group, weights)
    ends, notices = ces_scale(answers, version, scale)
    if check_against is not None:
        notices += _checked(answers, data, check_against, version, contradiction, level)
    share = (
        Score("low_effort", "share", lambda value: np.asarray(value < ends[0] + 2, dtype=float))
        if version == 1
        else Score("easy", "share", lambda value: np.asarray(value > ends[1] - 3, dtype=float))
    )
    reference = "dixon_2010" if version == 1 else "ceb_2013"
    metric = Metric(
        "ces",
        (Score("mean", "mean", lambda value: value), share),
        "mean",
        "lower" if version == 1 else "higher",
        ends,
        version=version,
        references=(reference, "wilson_1927"),
    )
    return finished(metric, answers, how, notices)


def _checked(
    answers: Answers, data: Data, against: str | Sequence[float], version: int, contradiction: str, level: float
) -> list[Notice]:
    """The correlation with satisfaction: right, unclear, or on the wrong side."""
    effort, satisfaction = _both(answers, data, against)
    if len(effort) < 4 or np.ptp(effort) == 0 or np.ptp(satisfaction) == 0:
        return [Notice("metrics.ces_unchecked", serious=True)]
    r = float(np.corrcoef(effort, satisfaction)[0, 1])
    half = float(norm.ppf((1 + level) / 2)) / np.sqrt(len(effort) - 3)
    near = float(np.arctanh(np.clip(r, -1 + 1e-12, 1 - 1e-12)))
    low, high = float(np.tanh(near - half)), float(np.tanh(near + half))
    values = {"version": version, "r": Shown(r, 2, bounded=True), "low": Shown(low, 2, bounded=True),
              "high": Shown(high, 2, bounded=True), "n": len(effort)}  # fmt: skip
    wrong = low > 0 if version == 1 else high < 0
    if wrong and contradiction == "error":
        raise DataError("metrics.ces_contradiction", other=3 - version, **values)
    right = high < 0 if version == 1 else low > 0
    key = "contradicted" if wrong else "confirmed" if right else "unclear"
    return [Notice(f"metrics.ces_{key}", values, serious=not right)]


def _both(answers: Answers, data: Data, against: str | Sequence[float]) -> tuple[FloatArray, FloatArray]:
    if answers.rows is None or is_file(data):
        raise DataError("metrics.check_of_file")
    if isinstance(against, str):
        if data is None:
            raise DataError("metrics.column_without_data", column=against)
        other = numeric_columns(as_survey(data), [against], complete=False, constant="allow", min_rows=1)[0].iloc[:, 0]
    else:
        import pandas as pd

        own = pd.Series(list(against), dtype=float)
        total = len(own)
        if answers.rows.index.max() > total:
            raise DataError("metrics.group_length", given=total, rows=int(answers.rows.index.max()))
        other = own.set_axis(range(1, total + 1))
    known = other.reindex(answers.rows.index).dropna()
    return answers.rows.loc[known.index].to_numpy(float), known.to_numpy(float)
