"""Measurement invariance in numbers: parameters released, what rules say of a step, latent differences."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2

from cxlab.evaluate.derivatives import constrained_inverse, derivatives, null_basis
from cxlab.evaluate.fitted import Fitted
from cxlab.evaluate.rules import interpret
from cxlab.specify.partable import ParTable

Verdict = Literal["holds", "doubtful", "fails"]
Kind = Literal["loading", "intercept", "residual"]

# Chen's small samples: 300 rows in all or fewer.
SMALL = 300
RELEASED = ("parameter", "kind", "item", "chisq", "df", "pvalue")


@dataclass(frozen=True)
class Step:
    """One step up the ladder of invariance: changes of the fit, and whose rule says what.

    Attributes
    ----------
    cheung_rensvold, chen : {"holds", "doubtful", "fails"}
    rule : str
        The key of Chen's rule that applies to this step and sample.
    verdict : {"holds", "doubtful", "fails"}
        Both together: what they agree on, else doubtful.
    """

    cheung_rensvold: Verdict
    chen: Verdict
    rule: str
    verdict: Verdict


def judge_step(level: str, changes: Mapping[str, float], n_obs: int) -> Step:
    """What the rules say of a step.

    Parameters
    ----------
    level : str
        The restricted level: "metric", "scalar" or "strict".
    changes : mapping
        ``delta_cfi``, ``delta_rmsea``, ``delta_srmr``: restricted minus freer model.
    n_obs : int
        Rows of all groups; Chen (2007) asks for more of small samples.

    Notes
    -----
    Chen: a step fails if CFI falls beyond its limit and RMSEA or SRMR rise beyond theirs; one without the other leaves
    it doubtful.

    Examples
    --------
    >>> judge_step("scalar", {"delta_cfi": -0.02, "delta_rmsea": 0.002, "delta_srmr": 0.004}, 500).verdict
    'doubtful'
    """
    rule = chen_rule(level, n_obs)
    cheung = _of_limits([interpret(changes["delta_cfi"], "cheung_rensvold_2002").met])
    judged = {one.measure: one.met for one in interpret(changes, rule)}
    cfi, others = judged["delta_cfi"], [judged["delta_rmsea"], judged["delta_srmr"]]
    if cfi and all(others):
        chen: Verdict = "holds"
    else:
        chen = "fails" if not cfi and not all(others) else "doubtful"
    both: Verdict = chen if chen == cheung else "doubtful"
    return Step(cheung, chen, rule, both)


def chen_rule(level: str, n_obs: int) -> str:
    """The key of Chen's limits for a level and a sample.

    Examples
    --------
    >>> chen_rule("metric", 280), chen_rule("strict", 900)
    ('chen_2007_loadings_small', 'chen_2007_intercepts')
    """
    return f"chen_2007_{'loadings' if level == 'metric' else 'intercepts'}{'_small' if n_obs <= SMALL else ''}"


def _of_limits(met: Sequence[bool | None]) -> Verdict:
    return "holds" if all(met) else "fails"


def release_tests(fitted: Fitted, kind: Kind) -> pd.DataFrame:
    """What would happen if one parameter of a model with equality across groups were free in all groups.

    Parameters
    ----------
    fitted : Fitted
        A model with `group_equal`, at its optimum.
    kind : {"loading", "intercept", "residual"}
        Which parameters.

    Returns
    -------
    DataFrame
        parameter (as `group_partial` writes it), kind, item, chisq, df (groups - 1), pvalue of the score test of
        releasing it in all groups, and a column for each group, numbered from 1, with its expected value then.

    Notes
    -----
    n s' J s with J the inverse information under the constraints that stay; expected values theta + J s. Equals
    ``lavTestScore(fit, release = ..., epc = TRUE)``. It is a normal-theory statistic also where the model's test is
    scaled.

    Examples
    --------
    >>> from cxlab.specify import Model
    >>> model = Model.parse("f =~ x1 + x2 + x3")
    >>> table = model.partable(std_lv=True, group_labels=("a", "b"), group_equal=("loadings",), meanstructure=True)
    >>> round(float(table.functions.n_equalities))
    3
    """
    table = fitted.table
    at = derivatives(fitted)
    constraints = table.functions.equality_jacobian(fitted.theta) * at.factors
    rows = []
    for name, places in _held(table, kind).items():
        ties = [line for line, slopes in enumerate(constraints) if _touches(slopes, places)]
        if not ties:
            continue
        stay = np.delete(constraints, ties, axis=0)
        step = constrained_inverse(at.information, null_basis(stay, len(at.score))) @ at.score
        values = fitted.theta + step * at.factors
        chisq = float(fitted.total * at.score @ step)
        expected = {group: float(values[place]) for group, place in places.items()}
        item = name.split("~~", 1)[0] if kind == "residual" else name.split("=~")[-1].removesuffix("~1")
        test = (chisq, len(ties), float(chi2.sf(chisq, len(ties))))
        row: dict[object, object] = dict(zip(RELEASED, (name, kind, item, *test), strict=True))
        rows.append(row | dict(expected))
    groups = list(range(1, table.n_groups + 1))
    return pd.DataFrame(rows, columns=[*RELEASED, *groups])


def _held(table: ParTable, kind: Kind) -> dict[str, dict[int, int]]:
    """Free parameters of a kind by name: the group's number to the position in theta."""
    latent = set(table.variables.lv)
    found: dict[str, dict[int, int]] = {}
    for row in np.flatnonzero(table.free):
        lhs, op, rhs = table.lhs[row], table.op[row], table.rhs[row]
        wanted = {"loading": op == "=~", "intercept": op == "~1" and lhs not in latent,
                  "residual": op == "~~" and lhs == rhs and lhs not in latent}[kind]  # fmt: skip
        if wanted:
            found.setdefault(f"{lhs}{op}{rhs}", {})[int(table.group[row])] = int(table.free[row]) - 1
    return {name: places for name, places in found.items() if len(places) > 1}


def _touches(slopes: NDArray[np.float64], places: Mapping[int, int]) -> bool:
    return bool(np.abs(slopes[list(places.values())]).max() > 0)


@dataclass(frozen=True)
class Difference:
    """A latent mean less the reference group's: in the model's units, and in standard deviations."""

    est: float
    se: float
    d: float
    d_se: float


def latent_difference(
    values: NDArray[np.float64], covariance: NDArray[np.float64], sizes: tuple[float, float]
) -> Difference:
    """Difference of two latent means, and Cohen's d of it.

    Parameters
    ----------
    values : (4,) array
        Mean and variance of the group, then of the reference group.
    covariance : (4, 4) array
        Of these estimates; 0 where a value is fixed.
    sizes : (float, float)
        Rows of the group and of the reference group.

    Notes
    -----
    d = (mean - mean_ref) / sqrt((n var + n_ref var_ref) / (n + n_ref)) (Hancock, 2001); its standard error by the delta
    method.

    Examples
    --------
    >>> found = latent_difference(np.array([0.5, 1.0, 0.0, 1.0]), np.diag([0.01, 0, 0, 0]), (100, 100))
    >>> found.d, round(found.d_se, 3)
    (np.float64(0.5), 0.1)
    """
    share = sizes[0] / (sizes[0] + sizes[1])
    pooled = share * values[1] + (1 - share) * values[3]
    raw = values[0] - values[2]
    slopes = np.array([1.0, 0.0, -1.0, 0.0])
    se = math.sqrt(max(float(slopes @ covariance @ slopes), 0.0))
    if not pooled > 0:
        return Difference(raw, se, math.nan, math.nan)
    spread = math.sqrt(pooled)
    down = -raw / (2 * spread**3)
    standard = np.array([1 / spread, down * share, -1 / spread, down * (1 - share)])
    return Difference(raw, se, raw / spread, math.sqrt(max(float(standard @ covariance @ standard), 0.0)))
