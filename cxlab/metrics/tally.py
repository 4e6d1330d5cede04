"""Answers as counts: how many respondents of each group gave each answer, and with what weight.

A metric of one question needs no more than this, so ten million rows and ten respondents go the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm, t

FloatArray: TypeAlias = NDArray[np.float64]
Kind = Literal["net", "share", "mean"]
ALL = ""


@dataclass(frozen=True, eq=False)
class Cells:
    """Answers of one group by distinct answer: arrays of shape (k,).

    Attributes
    ----------
    value : the answer
    n : respondents who gave it
    w, w2 : sum of their weights, and of the weights squared
    weighted : False if all weights are equal, or there are none
    alike : True if the respondents of a cell share one weight
    """

    value: FloatArray
    n: FloatArray
    w: FloatArray
    w2: FloatArray
    weighted: bool = False
    alike: bool = True

    @property
    def size(self) -> int:
        """Respondents."""
        return int(self.n.sum())

    @property
    def effective(self) -> float:
        """Kish's effective sample size."""
        return float(self.w.sum() ** 2 / self.w2.sum())


@dataclass(frozen=True)
class Score:
    """A statistic of a metric: the mean over respondents of what `points` makes of each answer.

    `kind` "share" counts respondents (0 or 1), "net" counts some for and some against (1, 0 or -1, times `scale`),
    "mean" measures them.
    """

    name: str
    kind: Kind
    points: Callable[[FloatArray], FloatArray]
    scale: float = 1.0


@dataclass(frozen=True)
class Estimate:
    """An estimate with its standard error, the respondents behind it, and Kish's effective number of them."""

    value: float
    se: float
    n: int
    effective: float


def cells_of(values: FloatArray, weights: FloatArray | None = None) -> Cells:
    """Cells of answers one by one.

    Examples
    --------
    >>> cells_of(np.array([9.0, 10.0, 9.0])).n.tolist()
    [2.0, 1.0]
    """
    if weights is None or np.ptp(weights) <= 1e-12 * weights.max():
        counted = pd.Series(values).value_counts(sort=False).sort_index()
        value, n = counted.index.to_numpy(float), counted.to_numpy(float)
        return Cells(value, n, n, n)
    frame = pd.DataFrame({"value": values, "w": weights})
    sizes = frame.groupby(["value", "w"], sort=True).size()
    value, w = (sizes.index.get_level_values(name).to_numpy(float) for name in ("value", "w"))
    n = sizes.to_numpy(float)
    return Cells(value, n, n * w, n * w**2, weighted=True)


def merged(parts: Mapping[Hashable, Cells]) -> Cells:
    """The cells of several groups together."""
    every = list(parts.values())
    columns = [np.concatenate([getattr(one, name) for one in every]) for name in ("value", "n", "w", "w2")]
    n, w, w2 = (column.sum() for column in columns[1:])
    weighted = bool(n * w2 > w**2 * (1 + 1e-12))
    value, counts, mass, square = columns
    return Cells(value, counts, mass, square, weighted, all(one.alike for one in every))


def estimate(cells: Cells, score: Score) -> Estimate:
    """The mean of a score with its standard error.

    Unweighted shares and net scores have the variance of counts, ``(mean of y² - mean²)/n``; means ``s²/n``. With
    weights: ``n/(n-1) Σ w² (y - mean)² / (Σ w)²``, the linearised variance of a ratio (R: ``survey::svymean``).

    Examples
    --------
    >>> found = estimate(cells_of(np.array([1.0, 2.0, 3.0])), Score("mean", "mean", lambda value: value))
    >>> found.value, round(found.se, 4)
    (2.0, 0.5774)
    """
    y, total, n = cells_score(cells, score), cells.w.sum(), cells.size
    mean = float((cells.w * y).sum() / total)
    variance = float((cells.w2 * (y - mean) ** 2).sum() / total**2)
    if cells.weighted or score.kind == "mean":
        variance = variance * n / (n - 1) if n > 1 else np.nan
    return Estimate(mean, float(np.sqrt(variance)), n, cells.effective)


def cells_score(cells: Cells, score: Score) -> FloatArray:
    """What the score makes of each cell's answer."""
    return score.scale * np.asarray(score.points(cells.value), dtype=float)


def design_n(cells: Cells, found: Estimate, score: Score) -> float:
    """The n of a simple random sample with this standard error; Kish's where the answers do not vary."""
    y, w = cells_score(cells, score), cells.w / cells.w.sum()
    spread = float((w * (y - found.value) ** 2).sum())
    if not cells.weighted:
        return float(found.n)
    return spread / found.se**2 if found.se > 0 else found.effective


def wald(found: Estimate, level: float) -> tuple[float, float]:
    """Estimate ± z standard errors."""
    half = float(norm.ppf((1 + level) / 2)) * found.se
    return found.value - half, found.value + half


def student(found: Estimate, level: float) -> tuple[float, float]:
    """Estimate ± t standard errors with n - 1 degrees of freedom."""
    if found.n < 2:
        return np.nan, np.nan
    half = float(t.ppf((1 + level) / 2, found.n - 1)) * found.se
    return found.value - half, found.value + half


def wilson(found: Estimate, n: float, level: float) -> tuple[float, float]:
    """Wilson's interval of a share among n. R: ``prop.test(x, n, correct = FALSE)$conf.int``.

    Examples
    --------
    >>> [round(end, 3) for end in wilson(Estimate(0.78, 0.0131, 1000, 1000.0), 1000, 0.95)]
    [0.753, 0.805]
    """
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(found.value * n, n, alpha=1 - level, method="wilson")
    return float(low), float(high)


def adjusted_net(for_: float, against: float, n: float, level: float) -> tuple[float, float]:
    """Adjusted Wald interval of a net share: three answers added, 3/4 for, 3/4 against (Rocks, 2016).

    Examples
    --------
    >>> [round(end, 3) for end in adjusted_net(0.38, 0.24, 250, 0.95)]
    [0.043, 0.234]
    """
    more = n + 3
    p, d = (for_ * n + 0.75) / more, (against * n + 0.75) / more
    half = float(norm.ppf((1 + level) / 2)) * np.sqrt((p + d - (p - d) ** 2) / more)
    return max(-1.0, float(p - d - half)), min(1.0, float(p - d + half))


def score_net(for_: float, against: float, n: float, level: float) -> tuple[float, float]:
    """Score interval of a net share, Wilson's kind: all values that a score test does not reject.

    The statistic at a value v is ``(net - v)/√((2q + v(1 - v))/n)`` with q the share against that is most likely if the
    net share is v (Tango, 1998, for paired shares).

    Examples
    --------
    >>> [round(end, 3) for end in score_net(1.0, 0.0, 20, 0.95)]
    [0.678, 1.0]
    """
    from scipy.optimize import brentq

    net, z = for_ - against, float(norm.ppf((1 + level) / 2))

    def distance(v: float, side: float) -> float:
        return net - v - side * z * np.sqrt(max(_variance_at(v, for_, against) / n, 0.0))

    near = 1e-10  # where all are for or all against, the net share itself is a root: look beside it
    low = brentq(distance, -1 + near, net - near, args=(1.0,), xtol=1e-13) if net > -1 else -1.0
    high = brentq(distance, net + near, 1 - near, args=(-1.0,), xtol=1e-13) if net < 1 else 1.0
    return float(low), float(high)


def _variance_at(v: float, for_: float, against: float) -> float:
    """n times the variance of the net share if it is v, at the most likely shares."""
    b = -for_ - against + v * (2 - for_ + against)
    c = -against * v * (1 - v)
    q = (np.sqrt(max(b * b - 8 * c, 0.0)) - b) / 4
    return float(2 * q + v * (1 - v))
