"""One scale's coefficients beside alpha: from its one-factor model, its bounds, its group factors, ordered answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from cxlab.analyses.polychoric import moment_notices, ordinal_codes
from cxlab.analyses.validity_htmt import spread
from cxlab.errors import DataError, Notice
from cxlab.estimate.polychoric import ordinal_moments
from cxlab.evaluate import reliability as alphas
from cxlab.evaluate import reliability_factor as factor
from cxlab.evaluate.reliability_bounds import greatest_lower_bound, guttman
from cxlab.evaluate.reliability_hierarchical import hierarchical
from cxlab.evaluate.reliability_ordinal import categorical_omega
from cxlab.evaluate.rules import interpret
from cxlab.resample.draws import LeaveOneOut, RandomDraws
from cxlab.resample.intervals import Interval, acceleration, intervals

BOUNDS = ("lambda1", "lambda2", "lambda3", "lambda4", "lambda5", "lambda6", "split_mean", "split_min")
HIERARCHICAL = ("omega_h", "omega_groups", "ecv")
ORDINAL = ("alpha_ordinal", "omega_ordinal", "omega_categorical")
_FEW_ROWS = 30
_SHOWN = 6


@dataclass(frozen=True)
class Asked:
    """What the caller wants; see `cxlab.reliability`."""

    missing: str
    interval: alphas.Interval
    level: float
    ordinal: bool
    group_factors: int
    n_boot: int
    seed: int
    ci: Interval


@dataclass
class Found:
    """Numbers of one scale as they come in: columns of its row, statistics without value, notices, loadings."""

    row: dict[str, object] = field(default_factory=dict)
    reasons: list[tuple[str, str, str]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    loadings: np.ndarray | None = None

    def without(self, statistics: Iterable[str], reason: str, items: Iterable[str] = ()) -> None:
        """Note why statistics have no value."""
        named = list(items)
        shown = ", ".join(named[:_SHOWN]) + (", …" if len(named) > _SHOWN else "")
        self.reasons += [(name, reason, shown) for name in statistics]


def beside_alpha(frame: pd.DataFrame, cov: np.ndarray, name: str, asked: Asked) -> Found:
    """All coefficients of one scale but alpha, or why there are none.

    Parameters
    ----------
    frame : DataFrame
        The scale's answers, one column an item.
    cov : ndarray (k, k)
        Their covariances.
    name : str
        Of the scale, for notices.
    asked : Asked

    Examples
    --------
    >>> answers = pd.DataFrame({"a": [1, 2, 3, 4, 5, 5], "b": [2, 2, 3, 5, 4, 5]})
    >>> asked = Asked("listwise", "feldt", 0.95, False, 3, 0, 1, "percentile")
    >>> found = beside_alpha(answers, answers.cov().to_numpy(), "joy", asked)
    >>> round(found.row["lambda2"], 3), found.reasons[0]
    (0.934, ('omega_total', 'two_items', ''))
    """
    found = Found()
    if np.isnan(alphas.cronbach_alpha(cov)):
        every = (*factor.COEFFICIENTS, *BOUNDS, "glb", *HIERARCHICAL, *(ORDINAL if asked.ordinal else ()))
        found.without(every, "no_total_variance")
        return found
    _from_one_factor(found, frame, cov, name, asked)
    determined = factor.determined_items(alphas.correlation(cov))
    redundant = [item for item, flag in zip(frame, determined, strict=True) if flag]
    _from_bounds(found, cov, redundant)
    _from_groups(found, cov, redundant, asked.group_factors)
    if asked.ordinal:
        _from_ordinal(found, frame, name)
    if len(frame) < _FEW_ROWS:
        found.notices.append(Notice("reliability.few_rows", {"scale": name, "n": len(frame)}, serious=True))
    return found


def _from_one_factor(found: Found, frame: pd.DataFrame, cov: np.ndarray, name: str, asked: Asked) -> None:
    fit = factor.one_factor(alphas.correlation(cov))
    items = [item for item, flag in zip(frame, fit.items, strict=True) if flag]
    if fit.trouble in ("", "negative_loading"):
        found.loadings = fit.loadings
        found.row["srmr"] = fit.srmr
    if fit.trouble:
        found.without(factor.COEFFICIENTS, fit.trouble, items)
        return
    values = factor.coefficients(fit.loadings, cov)
    found.row |= {key: float(value) for key, value in values.items()}
    judged = interpret(fit.srmr, "hu_bentler_1999", "srmr")
    if not judged.met:
        found.notices.append(Notice("reliability.not_one_factor", {"scale": name, "rule": judged}, serious=True))
    if frame.isna().to_numpy().any():
        found.notices.append(Notice("reliability.no_interval_pairwise", {"scale": name}))
    elif asked.n_boot:
        _bootstrapped(found, fit, frame.to_numpy(), name, asked)
    else:
        errors = factor.standard_errors(fit.loadings, frame.to_numpy())
        for key in factor.COEFFICIENTS:
            ends = factor.logit_interval(float(values[key]), errors[key], asked.level)
            _write(found.row, key, errors[key], *ends)


def _write(row: dict[str, object], name: str, se: float, low: float, high: float) -> None:
    row |= {f"{name}_ci_lower": low, f"{name}_ci_upper": high, f"{name}_se": se}


def _bootstrapped(found: Found, fit: factor.OneFactor, values: np.ndarray, name: str, asked: Asked) -> None:
    n = len(values)
    drawn = factor.replicates(values, RandomDraws(asked.n_boot, (n,), asked.seed), fit.uniquenesses)
    bend = None
    if asked.ci == "bca":
        bend = acceleration([factor.replicates(values, LeaveOneOut((n,), 0), fit.uniquenesses)])
    estimate = np.array([float(str(found.row[key])) for key in factor.COEFFICIENTS])
    ends, errors = intervals(drawn, estimate, asked.ci, asked.level, bend), spread(drawn)
    for place, key in enumerate(factor.COEFFICIENTS):
        _write(found.row, key, errors[place], ends.lower[place], ends.upper[place])
    lost = int((~np.isfinite(drawn)).any(axis=1).sum())
    if lost:
        shown = {"scale": name, "lost": lost, "total": asked.n_boot}
        found.notices.append(Notice("reliability.replicates_lost", shown, serious=lost > 0.05 * asked.n_boot))
    if ends.extreme.any():
        told = {"level": f"{100 * asked.level:g}", "total": asked.n_boot}
        found.notices.append(Notice("resample.extreme", told, serious=True))


def _from_bounds(found: Found, cov: np.ndarray, redundant: list[str]) -> None:
    bounds = guttman(cov)
    found.row |= {key: getattr(bounds, key) for key in BOUNDS}
    if np.isnan(bounds.lambda4):
        found.without(("lambda4", "split_mean", "split_min"), "many_items")
    if redundant:
        found.without(("glb",), "redundant", redundant)
    else:
        found.row["glb"] = greatest_lower_bound(cov).glb


def _from_groups(found: Found, cov: np.ndarray, redundant: list[str], groups: int) -> None:
    split = hierarchical(alphas.correlation(cov), groups)
    if split.trouble:
        found.without(HIERARCHICAL, split.trouble, redundant)
    else:
        found.row |= {key: getattr(split, key) for key in HIERARCHICAL}


def _from_ordinal(found: Found, frame: pd.DataFrame, name: str) -> None:
    flags = [True] * frame.shape[1]
    try:
        codes = np.nan_to_num(ordinal_codes(frame, flags), nan=-1.0)
    except DataError as error:
        found.without(ORDINAL, "not_ordinal")
        found.notices.append(_in_scale(name, Notice(error.key, error.values, serious=True)))
        return
    moments = ordinal_moments(codes, flags, acov=False)
    found.notices += [_in_scale(name, told) for told in moment_notices(moments, list(frame), len(frame))]
    found.row["alpha_ordinal"] = alphas.cronbach_alpha(moments.corr)
    fit = factor.one_factor(moments.corr, "minres")
    if fit.trouble:
        found.without(ORDINAL[1:], fit.trouble, [one for one, flag in zip(frame, fit.items, strict=True) if flag])
        return
    found.row["omega_ordinal"] = float(factor.coefficients(fit.loadings, moments.corr)["omega_total"])
    found.row["omega_categorical"] = categorical_omega(fit.loadings, moments.thresholds, moments.corr)


def _in_scale(name: str, notice: Notice) -> Notice:
    return Notice("analyses.in_scale", {"scale": name, "notice": notice}, serious=notice.serious)
