"""`cx.csat`: satisfaction of one question, as mean and as shares of the best and worst answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cxlab.analyses.weights import Weights
from cxlab.errors import DataError
from cxlab.metrics.answers import Data, Group, Scores, read_answers
from cxlab.metrics.measure import Metric, RatingMethod, measure_options
from cxlab.metrics.nps import finished
from cxlab.metrics.points import Scale, rating_scale
from cxlab.metrics.result import MetricResult
from cxlab.metrics.tally import Score


def csat(
    scores: Scores,
    top: int = 2,
    *,
    bottom: int | None = None,
    data: Data = None,
    group: Group = None,
    weights: Weights | None = None,
    level: float = 0.95,
    method: RatingMethod = "standard",
    scale: Sequence[float] | None = None,
    n_boot: int = 2000,
    seed: int | None = None,
) -> MetricResult:
    """Satisfaction of one question: mean, top-k-box (share of the k best answers) and bottom box, with intervals.

    When to use it: an overall question whose high answers are good. Say the number of points with the mean: means of
    different scales do not compare.

    Parameters
    ----------
    scores, data, group, weights, level
        As for `nps`.
    top : int
        How many of the best answers the top box holds: 2 for the top-2-box.
    bottom : int, optional
        How many of the worst answers the bottom box holds; by default as many as `top`.
    method : {"standard", "bootstrap"}
        t interval of the mean and Wilson's of the shares; or percentile bootstrap of the respondents.
    scale : (low, high), optional
        Ends of the scale; by default the codebook's. Without either, 1-5, 1-7, 1-10 or 0-10 is guessed from the highest
        answer given, and the result says so.
    n_boot, seed : int
        Of the bootstrap.

    Returns
    -------
    MetricResult
        As `nps`, with rows mean (the headline), top_box and bottom_box.

    Raises
    ------
    ScaleError
        Answers off the scale, or a scale that cannot be guessed.
    DataError
        A top or bottom box that is no part of the scale; and as `nps`.

    Notes
    -----
    R: ``t.test(x)``, ``prop.test(sum(x >= 4), n, correct = FALSE)``; with weights ``survey::svymean``, with Wilson's
    interval at the n that has the same standard error.

    Examples
    --------
    >>> import cxlab as cx
    >>> found = cx.csat("CUSA1", data=cx.load_dataset("ecsi_mobile"))
    >>> round(found.estimate, 3), round(float(found.row("top_box")["estimate"]), 3)
    (7.988, 0.268)
    """
    how = measure_options(level, method, n_boot, seed)
    answers = read_answers(scores, data, group, weights)
    ends, notices = rating_scale(answers, scale)
    low = top if bottom is None else bottom
    _check_boxes(top, low, ends)
    references = ("wilson_1927", *(("davison_hinkley_1997",) if method == "bootstrap" else ()))
    scores_of = (
        Score("mean", "mean", lambda value: value),
        Score("top_box", "share", lambda value: np.asarray(value > ends[1] - top, dtype=float)),
        Score("bottom_box", "share", lambda value: np.asarray(value < ends[0] + low, dtype=float)),
    )
    metric = Metric("csat", scores_of, "mean", "higher", ends, top=top, bottom=low, references=references)
    return finished(metric, answers, how, notices)


def _check_boxes(top: int, bottom: int, ends: Scale) -> None:
    for name, value in (("top", top), ("bottom", bottom)):
        whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
        if not whole or value < 1:
            raise DataError("metrics.box_form", name=name, value=value)
    points = int(ends[1] - ends[0]) + 1
    if top + bottom > points:
        raise DataError("metrics.boxes_overlap", top=top, bottom=bottom, points=points)
