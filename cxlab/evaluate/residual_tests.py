"""What a model leaves unexplained in each covariance and mean, with standard errors and tests."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import norm

from cxlab.errors import CxlabError, Notice, NotSupportedError
from cxlab.estimate.sem.constrained import active_constraints
from cxlab.estimate.sem.implied import Filler, jacobian
from cxlab.estimate.sem.objective import GroupMoments
from cxlab.estimate.sem.problem import Problem
from cxlab.estimate.sem.weights import moment_units
from cxlab.evaluate.derivatives import constrained_inverse, null_basis
from cxlab.evaluate.fitted import Fitted
from cxlab.evaluate.residual_sampling import moment_sampling, moment_weights
from cxlab.i18n import format_number

ResidualKind = Literal["raw", "cor.bollen", "cor.bentler", "normalized", "standardized"]
KINDS: tuple[ResidualKind, ...] = ("raw", "cor.bollen", "cor.bentler", "normalized", "standardized")
# Smaller residuals, in standard deviations, are rounding: a test of them would be noise over noise.
_ZERO = 1e-5


@dataclass(frozen=True, eq=False)
class GroupResiduals:
    """One group's residuals on one scale.

    Attributes
    ----------
    cov, cov_se, cov_z : ndarray (p, p)
        Sample minus model, standard error, ratio; nan where not known or not varying.
    mean, mean_se, mean_z : ndarray (p,)
        Likewise for means; empty without mean structure.
    acov : ndarray (moments, moments)
        Covariance matrix of the residuals: means first, then the lower triangle row by row.
    """

    cov: np.ndarray
    cov_se: np.ndarray
    cov_z: np.ndarray
    mean: np.ndarray
    mean_se: np.ndarray
    mean_z: np.ndarray
    acov: np.ndarray


@dataclass(frozen=True, eq=False)
class Residuals:
    """Residuals of a fitted model with what their tests need.

    Parameters
    ----------
    fitted : Fitted
        At its optimum. Standard errors and tests are known for ML and GLS from complete data.
    """

    fitted: Fitted

    @property
    def tested(self) -> bool:
        """Whether standard errors are known."""
        return self.fitted.estimator in ("ML", "GLS") and self.fitted.rows is None

    def group(self, group: int, kind: ResidualKind = "raw") -> GroupResiduals:
        """The residuals of one group (from 0), with standard errors on the same scale.

        `kind` as in `residual_table`; for ``"normalized"`` and ``"standardized"`` the raw ones, divided by their own
        standard errors.
        """
        if kind not in KINDS:
            raise CxlabError("evaluation.unknown_residual", kind=kind, known=", ".join(KINDS))
        if not self.tested and kind in ("normalized", "standardized"):
            raise NotSupportedError("evaluation.residual_errors", estimator=self.fitted.estimator)
        cov, mean = self.raw(group)
        acov = self._sampling[group] if kind == "normalized" else self._acov[group]
        scale = self._scale(group, kind)
        if kind.startswith("cor"):
            cov, mean = self._correlations(group, kind)
            acov = scale @ acov @ scale.T
        p = len(cov)
        se = np.sqrt(np.where(np.diag(acov) < 0, 0.0, np.diag(acov)))
        mean_se, cov_se = (se[:p], _square(se[p:], p)) if len(mean) else (se[:0], _square(se, p))
        spread = np.sqrt(np.diag(self.fitted.cov[group])) if not kind.startswith("cor") else np.ones(p)
        cov_z = _ratio(cov, cov_se, np.outer(spread, spread))
        mean_z = _ratio(mean, mean_se, spread) if len(mean) else mean
        if kind in ("normalized", "standardized"):
            cov, mean = cov_z, mean_z
        return GroupResiduals(cov, cov_se, cov_z, mean, mean_se, mean_z, acov)

    @cached_property
    def implied(self) -> tuple[np.ndarray, np.ndarray | None]:
        """Implied moments in the units of the sample's: the responses behind ordinal items have variance 1 there."""
        cov, mean = self.fitted.implied
        ordinal = np.isin(self.fitted.table.variables.ov, list(self.fitted.table.ordered))
        scale = np.where(ordinal, 1 / np.sqrt(np.diagonal(cov, axis1=1, axis2=2)), 1.0)
        return cov * scale[:, :, None] * scale[:, None, :], mean

    def raw(self, group: int) -> tuple[np.ndarray, np.ndarray]:
        """Sample minus model: covariances (p, p) and means (p,), which are empty without mean structure."""
        cov, mean = self.implied
        if mean is None or self.fitted.mean is None:
            return self.fitted.cov[group] - cov[group], np.zeros(0)
        return self.fitted.cov[group] - cov[group], self.fitted.mean[group] - mean[group]

    def _correlations(self, group: int, kind: str) -> tuple[np.ndarray, np.ndarray]:
        """Residuals of correlations: each matrix by its own variances (Bollen), or both by the sample's (Bentler)."""
        sample, model = self.fitted.cov[group], self.implied[0][group]
        spread = np.sqrt(np.diag(sample))
        own = np.sqrt(np.diag(model)) if kind == "cor.bollen" else spread
        _, mean = self.raw(group)
        return sample / np.outer(spread, spread) - model / np.outer(own, own), mean / spread if len(mean) else mean

    def _scale(self, group: int, kind: str) -> np.ndarray:
        """Derivatives of the residuals on this scale by the raw ones."""
        sample = self.fitted.cov[group]
        spread, p = np.sqrt(np.diag(sample)), len(sample)
        row, column = np.tril_indices(p)
        block = np.diag(1 / (spread[row] * spread[column]))
        if kind == "cor.bollen":
            correlations = sample / np.outer(spread, spread)
            variance = np.flatnonzero(row == column)
            for side in (row, column):
                block[np.arange(len(row)), variance[side]] -= correlations[row, column] / (2 * spread[side] ** 2)
            block[variance] = 0.0
        if not self.fitted.table.meanstructure:
            return block
        zero = np.zeros((p, len(row)))
        return np.block([[np.diag(1 / spread), zero], [zero.T, block]])

    @cached_property
    def _sampling(self) -> list[np.ndarray]:
        """Covariance matrix of the sample moments in each group."""
        return moment_sampling(self.fitted)

    @cached_property
    def _acov(self) -> list[np.ndarray]:
        """Covariance matrix of the raw residuals in each group: what the estimates cannot follow of the sampling."""
        fitted = self.fitted
        if not self.tested:
            return [np.full_like(matrix, np.nan) for matrix in self._sampling]
        problem = Problem.of(fitted.table, fitted.cov)
        # by parameters in natural units, which can be inverted whatever the items' units
        slopes, weights = moment_slopes(fitted, problem) * problem.factors, moment_weights(fitted)
        pieces = zip(fitted.shares, slopes, weights, strict=True)
        information = np.asarray(sum(share * slope.T @ weight @ slope for share, slope, weight in pieces))
        constraints = active_constraints(fitted.table, fitted.theta, problem.factors)
        held = np.zeros((0, len(information))) if constraints is None else constraints
        inverse = constrained_inverse(information, null_basis(held, len(information)))
        found = []
        for group, (slope, weight) in enumerate(zip(slopes, weights, strict=True)):
            left = np.eye(len(weight)) - fitted.shares[group] * slope @ inverse @ slope.T @ weight
            found.append(left @ self._sampling[group] @ left.T)
        return found


def residual_table(fitted: Fitted, kind: ResidualKind = "cor.bollen") -> pd.DataFrame:
    """Sample and model moments, what lies between them, and whether it is more than chance.

    When to use it: to see *where* a model misfits. A correlation residual above 0.10 deserves a look whatever its
    test says.

    Parameters
    ----------
    fitted : Fitted
        At its optimum.
    kind : {"raw", "cor.bollen", "cor.bentler", "normalized", "standardized"}
        Covariances in the data's units; correlations, each matrix by its own variances; covariances by the sample's
        variances (what SRMR averages); raw ones by their sampling error; raw ones by their own standard error.

    Returns
    -------
    DataFrame
        group, item_1, item_2 (empty for means), residual, se, z, pvalue; the lower triangle row by row, then means. A
        residual that cannot vary has no z; se and z are nan but for ML and GLS from complete data.

    Raises
    ------
    CxlabError
        Unknown `kind`.
    NotSupportedError
        "normalized" or "standardized" where no standard errors are known.

    Notes
    -----
    Equals ``lavResiduals(fit, type = kind, se = TRUE)`` for the first three, ``residuals(fit, type = kind)`` for the
    others (Ogasawara, 2001; Maydeu-Olivares, 2017). With robust standard errors of the estimates (MLR, MLM, ...) those
    of residuals come from fourth moments, with observed information from observed weights, as in lavaan. Two
    differences: under MLF (and se = "first.order") they are normal-theory ones, and lavaan prints a residual below
    0.0001 itself as its z, whatever the items' units.

    Examples
    --------
    >>> from cxlab.specify import Model
    >>> table = Model.parse("f =~ x1 + x2 + x3 + x4").partable(std_lv=True)
    >>> cov = np.full((4, 4), 0.25) + np.diag([0.75] * 4)
    >>> cov[0, 1] = cov[1, 0] = 0.35
    >>> fitted = Fitted.of(table, [0.5, 0.5, 0.5, 0.5, 0.75, 0.75, 0.75, 0.75], cov, 100)
    >>> residual_table(fitted).query("residual > 0.05")[["item_1", "item_2", "residual"]].round(2).to_numpy().tolist()
    [['x2', 'x1', 0.1]]
    """
    residuals, names = Residuals(fitted), np.array(fitted.table.variables.ov, dtype=object)
    row, column = np.tril_indices(len(names))
    frames = []
    for group in range(len(fitted.n_obs)):
        found = residuals.group(group, kind)
        part = {"item_1": names[row], "item_2": names[column], "residual": found.cov[row, column]}
        part |= {"se": found.cov_se[row, column], "z": found.cov_z[row, column]}
        frames.append(pd.DataFrame({"group": group + 1, **part}))
        if len(found.mean):
            means = {"item_1": names, "item_2": "", "residual": found.mean, "se": found.mean_se, "z": found.mean_z}
            frames.append(pd.DataFrame({"group": group + 1, **means}))
    frame = pd.concat(frames, ignore_index=True)
    frame["pvalue"] = 2 * norm.sf(np.abs(frame["z"]))
    return frame


def largest_residuals(fitted: Fitted, number: int = 5, above: float = 0.10) -> tuple[Notice, ...]:
    """The largest correlation residuals in words: which pair the model makes too close or too distant.

    Examples
    --------
    >>> from cxlab.specify import Model
    >>> table = Model.parse("f =~ x1 + x2 + x3 + x4").partable(std_lv=True)
    >>> cov = np.full((4, 4), 0.25) + np.diag([0.75] * 4)
    >>> cov[0, 1] = cov[1, 0] = 0.40
    >>> fitted = Fitted.of(table, [0.5, 0.5, 0.5, 0.5, 0.75, 0.75, 0.75, 0.75], cov, 100)
    >>> print(largest_residuals(fitted)[0])
    x2 and x1: correlation .40 in the data, .25 in the model; they share more than the model explains.
    """
    table = residual_table(fitted, "cor.bollen")
    pairs = table[(table["item_2"] != "") & (table["item_1"] != table["item_2"]) & (table["residual"].abs() > above)]
    pairs = pairs.sort_values("residual", key=np.abs, ascending=False, kind="stable").head(number)
    order = {name: position for position, name in enumerate(fitted.table.variables.ov)}
    found = []
    for pair in pairs.itertuples():
        at = (pair.group - 1, order[pair.item_1], order[pair.item_2])
        sample = _correlation(fitted.cov, *at)
        values = {"first": pair.item_1, "second": pair.item_2, "sample": _bounded(sample)}
        values["model"] = _bounded(sample - pair.residual)
        key = "evaluation.residual_above" if pair.residual > 0 else "evaluation.residual_below"
        if len(fitted.n_obs) > 1:
            labels = fitted.table.group_labels or tuple(str(one + 1) for one in range(len(fitted.n_obs)))
            values["group"] = labels[pair.group - 1]
            key += "_group"
        found.append(Notice(key, values))
    return tuple(found)


def _bounded(correlation: float) -> str:
    return format_number(correlation, 2, bounded=True)


def _correlation(cov: np.ndarray, group: int, one: int, other: int) -> float:
    return float(cov[group, one, other] / np.sqrt(cov[group, one, one] * cov[group, other, other]))


def moment_slopes(fitted: Fitted, problem: Problem) -> np.ndarray:
    """Derivatives of each group's moments by the free parameters, in the data's units (groups, moments, q)."""
    unit = problem.units.items
    inside = GroupMoments.of(fitted.cov, fitted.mean, fitted.n_obs).scaled(unit)
    implied = Filler(problem, inside.cov, inside.mean).implied((fitted.theta / problem.factors)[None])
    inner = jacobian(problem, implied)[0]
    return np.asarray(inner * moment_units(unit, problem.has_means)[:, None] / problem.factors)


def _square(lower: np.ndarray, p: int) -> np.ndarray:
    out = np.zeros((p, p))
    out[np.tril_indices(p)] = lower
    return out + np.tril(out, -1).T


def _ratio(residual: np.ndarray, se: np.ndarray, spread: np.ndarray) -> np.ndarray:
    varies = (se > 1e-8 * spread) & (np.abs(residual) > _ZERO * spread)
    return np.divide(residual, se, out=np.full(residual.shape, np.nan), where=varies)
