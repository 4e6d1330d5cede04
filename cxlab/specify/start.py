"""Where estimation starts: simple values that do not depend on the variables' units."""

from __future__ import annotations

import numpy as np

from cxlab.specify.partable import ParTable

_TINY = 1e-12


def start_values(table: ParTable, covs: np.ndarray, means: np.ndarray | None = None) -> np.ndarray:
    """Starting values of the free parameters.

    Half of an item's variance is taken to be its factor's, loadings follow from that with the sign of the item's
    covariance with the marker, regressions among observed variables start at least squares, others and covariances at
    zero, intercepts at the means. The user's ``start()`` comes before all of these, and tied parameters start equal.

    Parameters
    ----------
    table : ParTable
        The model.
    covs : array of shape (groups, p, p), or (p, p) with one group
        Sample covariances in the order of ``table.variables.ov``.
    means : array of shape (groups, p) or (p,), optional
        Sample means; zero when absent.

    Returns
    -------
    array of shape (n_free,)

    Examples
    --------
    >>> from cxlab.specify import Model
    >>> table = Model.parse("f =~ x1 + x2").partable()
    >>> start_values(table, np.array([[4.0, -3.0], [-3.0, 16.0]]))
    array([-2.,  2.,  8.,  2.])
    """
    size = len(table.variables.ov)
    cov = np.asarray(covs, dtype=float).reshape(-1, size, size)
    mean = np.zeros((len(cov), size)) if means is None else np.asarray(means, dtype=float).reshape(-1, size)
    theta = np.zeros(table.n_free)
    for group in range(table.n_groups):
        starts = _GroupStarts(table, group, cov[group], mean[group])
        for row in np.flatnonzero((table.group == group + 1) & (table.free > 0)).tolist():
            given = table.ustart[row]
            theta[table.free[row] - 1] = starts.of(row) if np.isnan(given) else given
    return _tied(table, theta)


def _tied(table: ParTable, theta: np.ndarray) -> np.ndarray:
    """The same start for parameters that a shared label ties."""
    free_of = dict(zip(table.plabel, table.free, strict=True))
    for lhs, op, rhs in zip(table.lhs, table.op, table.rhs, strict=True):
        if op == "==" and free_of.get(lhs) and free_of.get(rhs):
            theta[free_of[rhs] - 1] = theta[free_of[lhs] - 1]
    return theta


class _GroupStarts:
    """Starts of one group's rows, from its moments."""

    def __init__(self, table: ParTable, group: int, cov: np.ndarray, mean: np.ndarray) -> None:
        self.table, self.cov, self.mean = table, cov, mean
        self.sets = table.variables
        self.order = {name: position for position, name in enumerate(self.sets.ov)}
        self.rows: list[int] = np.flatnonzero((table.group == group + 1) & table.is_parameter).tolist()
        self.explained = {*self.sets.eqs_y, *self.sets.ov_ind, *self.sets.lv_ind}
        self.loadings = self._loading_rows()
        self.fixed_variance = {
            table.lhs[row]: float(table.ustart[row])
            for row in self.rows
            if table.op[row] == "~~" and table.lhs[row] == table.rhs[row] and not table.free[row]
        }
        self.slopes, self.residuals = self._least_squares()

    def of(self, row: int) -> float:
        lhs, op, rhs = self.table.lhs[row], self.table.op[row], self.table.rhs[row]
        if op == "=~":
            return self._loading(lhs, rhs)
        if op in ("~", "<~"):
            return self.slopes.get((lhs, rhs), 0.0)
        if op == "~1":
            return float(self.mean[self.order[lhs]]) if lhs in self.order else 0.0
        if lhs == rhs:
            return self._variance(lhs)
        exogenous = lhs in self.order and rhs in self.order and not {lhs, rhs} & self.explained
        return float(self.cov[self.order[lhs], self.order[rhs]]) if exogenous else 0.0

    def _loading_rows(self) -> dict[str, list[int]]:
        loadings: dict[str, list[int]] = {}
        for row in self.rows:
            if self.table.op[row] == "=~":
                loadings.setdefault(self.table.lhs[row], []).append(row)
        return loadings

    def _total(self, name: str, path: tuple[str, ...] = ()) -> float:
        """Variance of a variable: the sample's, or for a factor half its marker's over the squared loading."""
        if name in self.order:
            return max(float(self.cov[self.order[name], self.order[name]]), _TINY)
        fixed = self.fixed_variance.get(name, 0.0)
        if name not in self.explained and fixed > 0:
            return fixed
        for row in self.loadings.get(name, []):
            value = self.table.ustart[row]
            indicator = self.table.rhs[row]
            if not self.table.free[row] and value and indicator not in path:
                return max(0.5 * self._total(indicator, (*path, name)) / float(value) ** 2, _TINY)
        return max(fixed, 1.0)

    def _variance(self, name: str) -> float:
        if name in self.residuals:
            return self.residuals[name]
        return self._total(name) * (0.5 if name in self.explained else 1.0)

    def _loading(self, factor: str, indicator: str) -> float:
        size = float(np.sqrt(0.5 * self._total(indicator) / self._total(factor)))
        marker = self.table.rhs[self.loadings[factor][0]]
        if indicator in self.order and marker in self.order:
            negative = self.cov[self.order[indicator], self.order[marker]] < 0
            return -size if negative else size
        return size

    def _least_squares(self) -> tuple[dict[tuple[str, str], float], dict[str, float]]:
        """Slopes and residual variances of outcomes whose predictors are all observed."""
        predictors: dict[str, list[str]] = {}
        for row in self.rows:
            if self.table.op[row] == "~":
                predictors.setdefault(self.table.lhs[row], []).append(self.table.rhs[row])
        slopes: dict[tuple[str, str], float] = {}
        residuals: dict[str, float] = {}
        for outcome, names in predictors.items():
            if outcome in self.sets.ov_ind or not set(self.order).issuperset([outcome, *names]):
                continue
            y, x = self.order[outcome], [self.order[name] for name in names]
            beta = np.linalg.lstsq(self.cov[np.ix_(x, x)], self.cov[x, y], rcond=None)[0]
            slopes |= {(outcome, name): float(value) for name, value in zip(names, beta, strict=True)}
            total = self._total(outcome)
            residuals[outcome] = min(max(total - float(beta @ self.cov[x, y]), 0.01 * total), total)
        return slopes, residuals
