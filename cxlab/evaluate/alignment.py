"""Alignment: factor means and variances that leave as few parameters as possible different between groups."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse.csgraph import connected_components

Array = NDArray[np.float64]
Kind = Literal["fixed", "free"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# Asparouhov and Muthén's smoothing of the fourth root at zero.
EPSILON = 0.01
# The search follows the minimum from a smooth function to the wanted one.
_STEPS = (1.0, 0.1)
_FLAT = 1e-6
_STEP = 1e-5


@dataclass(frozen=True, eq=False)
class Configural:
    """One factor's measurement in G groups, each with factor mean 0 and variance 1.

    Attributes
    ----------
    loadings, intercepts : (G, p) arrays
    n_obs : (G,) array
    """

    loadings: Array
    intercepts: Array
    n_obs: Array

    @property
    def weights(self) -> Array:
        """Weight of each pair of groups (G, G): the root of the product of their sizes, above the diagonal."""
        return np.triu(np.sqrt(np.outer(self.n_obs, self.n_obs)), 1)


@dataclass(frozen=True, eq=False)
class Aligned:
    """The aligned solution of one factor.

    Attributes
    ----------
    means, sds : (G,) arrays
        Of the factor; the product of the `sds` is 1, with "fixed" the first mean is 0.
    loadings, intercepts : (G, p) arrays
        In that metric.
    value : float
        The simplicity function at its minimum.
    start : float
        Its value where all groups have mean 0 and variance 1.
    hits : int
        How many of the starts ended in this minimum.
    curvature : float
        Smallest curvature of the function there, relative to the largest; near 0 the solution is not unique.
    """

    kind: Kind
    means: Array
    sds: Array
    loadings: Array
    intercepts: Array
    value: float
    start: float
    hits: int
    curvature: float

    @property
    def identified(self) -> bool:
        """Whether the minimum is one point."""
        return self.curvature > _FLAT


def component_loss(difference: Array, epsilon: float = EPSILON) -> Array:
    """The fourth root of the squared difference, smoothed at zero: few large differences cost less than many small.

    Examples
    --------
    >>> component_loss(np.array([0.0, 1.0])).round(4).tolist()
    [0.3162, 1.0025]
    """
    return np.asarray((np.square(difference) + epsilon) ** 0.25)


def simplicity(means: Array, sds: Array, found: Configural, epsilon: float = EPSILON) -> float:
    """Total loss over all pairs of groups, all loadings and intercepts.

    F = sum_p sum_{g<h} sqrt(n_g n_h) [f(lambda_pg - lambda_ph) + f(nu_pg - nu_ph)] with lambda_pg = lambda0_pg / sd_g
    and nu_pg = nu0_pg - mean_g lambda_pg (Asparouhov & Muthén, 2014).

    Examples
    --------
    >>> flat = Configural(np.array([[1.0], [1.0]]), np.array([[0.0], [1.0]]), np.array([100.0, 100.0]))
    >>> round(simplicity(np.array([0.0, 1.0]), np.ones(2), flat), 3)
    63.246
    """
    loadings, intercepts = aligned_parameters(means, sds, found)
    weights = found.weights
    total = 0.0
    for values in (loadings, intercepts):
        loss = component_loss(values[:, None, :] - values[None, :, :], epsilon)
        total += float((weights[:, :, None] * loss).sum())
    return total


def aligned_parameters(means: Array, sds: Array, found: Configural) -> tuple[Array, Array]:
    """Loadings and intercepts (G, p) when the factor has these means and standard deviations."""
    loadings = found.loadings / sds[:, None]
    return loadings, found.intercepts - means[:, None] * loadings


def align(
    found: Configural, kind: Kind = "fixed", *, epsilon: float = EPSILON, starts: int = 20, seed: int = 1
) -> Aligned:
    """The factor means and variances with the smallest total loss.

    Parameters
    ----------
    found : Configural
    kind : {"fixed", "free"}
        "fixed" holds the first group's mean at 0; "free" estimates it, which few invariant loadings allow.
    epsilon : float
        Smoothing of the loss.
    starts, seed : int
        Starting points and their seed; the function has more than one minimum.

    Examples
    --------
    >>> loadings = np.array([[0.8, 1.0, 1.2], [1.2, 1.5, 1.8]])
    >>> found = Configural(loadings, np.array([[3.0, 3.0, 3.0], [3.4, 3.5, 3.6]]), np.array([200.0, 200.0]))
    >>> solution = align(found)
    >>> (solution.sds[1] / solution.sds[0]).round(4), (solution.means[1] / solution.sds[0]).round(4)
    (np.float64(1.5), np.float64(0.5))
    """
    groups, total = len(found.n_obs), float(found.n_obs.sum())
    size = 2 * groups - (2 if kind == "fixed" else 1)
    rng = np.random.default_rng(seed)
    points = [_first_guess(found, kind), np.zeros(size)]
    points += [points[0] + rng.normal(0.0, 0.4, size) for _ in range(max(starts - 2, 0))]
    best: Array | None = None
    values = []
    for point in points:
        for smooth in (*(step for step in _STEPS if step > epsilon), epsilon):
            point = minimize(
                _loss, point, (found, kind, smooth), "BFGS", jac=True, options={"gtol": 1e-10, "maxiter": 500}
            ).x
        values.append(_loss(point, found, kind, epsilon)[0])
        if best is None or values[-1] < _loss(best, found, kind, epsilon)[0]:
            best = point
    assert best is not None  # noqa: S101 - there are always two points
    means, sds = _unpack(best, groups, kind)
    loadings, intercepts = aligned_parameters(means, sds, found)
    curvature = np.linalg.eigvalsh(_hessian(best, found, kind, epsilon))
    return Aligned(
        kind=kind,
        means=means,
        sds=sds,
        loadings=loadings,
        intercepts=intercepts,
        value=min(values) * total,
        start=simplicity(np.zeros(groups), np.ones(groups), found, epsilon),
        hits=int(np.sum(np.array(values) < min(values) + 1e-6)),
        curvature=float(curvature[0] / curvature[-1]),
    )


def sensitivity(solution: Aligned, found: Configural, epsilon: float = EPSILON) -> Array:
    """Derivatives of the aligned solution by the configural estimates (4 blocks), for standard errors.

    Returns
    -------
    array (2G + 2Gp, 2Gp)
        Rows: means, standard deviations (in the first group's standard deviation), loadings, intercepts in that
        metric; columns: configural loadings, then intercepts, group after group. By the implicit function theorem at
        the minimum.
    """
    groups, items = found.loadings.shape
    point = _pack(solution)
    hessian = _hessian(point, found, solution.kind, epsilon)
    base = np.concatenate([found.loadings.ravel(), found.intercepts.ravel()])

    def moved(values: Array) -> Configural:
        halves = values.reshape(2, groups, items)
        return Configural(halves[0], halves[1], found.n_obs)

    def gradient(values: Array) -> Array:
        return _loss(point, moved(values), solution.kind, epsilon)[1]

    towards = -np.linalg.solve(hessian, _jacobian(gradient, base))
    return (
        _jacobian(lambda values: reported(point, moved(values), solution.kind), base)
        + _jacobian(lambda at: reported(at, found, solution.kind), point) @ towards
    )


def reported(point: Array, found: Configural, kind: Kind) -> Array:
    """Means, standard deviations, loadings and intercepts in one vector, the first group's factor variance 1."""
    means, sds = _unpack(point, len(found.n_obs), kind)
    unit = sds[0]
    loadings, intercepts = aligned_parameters(means, sds, found)
    return np.concatenate([means / unit, sds / unit, (loadings * unit).ravel(), intercepts.ravel()])


def in_first_metric(solution: Aligned, found: Configural) -> tuple[Array, Array, Array, Array]:
    """Means, standard deviations (G,), loadings and intercepts (G, p), the first group's factor variance 1."""
    groups, items = found.loadings.shape
    values = reported(_pack(solution), found, solution.kind)
    parts = np.split(values, np.cumsum([groups, groups, groups * items]))
    return parts[0], parts[1], parts[2].reshape(groups, items), parts[3].reshape(groups, items)


def r_squared(found: Configural, means: Array, sds: Array, loadings: Array, intercepts: Array) -> tuple[Array, Array]:
    """Share of each configural parameter's variance between groups that the factor means and variances explain (p,).

    1 is full invariance; 0 means that nothing of the difference between groups comes from the factor. nan where the
    configural parameter does not differ.
    """
    predicted = sds[:, None] * loadings.mean(axis=0)
    at_mean = intercepts.mean(axis=0) + means[:, None] * loadings.mean(axis=0)
    return _explained(found.loadings, predicted), _explained(found.intercepts, at_mean)


def invariant_groups(
    estimates: Array, covariance: Array, *, enter: float = 0.01, stay: float = 0.001
) -> tuple[NDArray[np.bool_], float]:
    """The largest set of groups in which one parameter is invariant.

    Groups are first joined to sets through pairs that do not differ (p above `enter`); then each set takes in every
    group whose parameter does not differ from the set's average (p above `stay`) and drops those that do, until nothing
    changes. The largest set is taken (Asparouhov & Muthén, 2014).

    Parameters
    ----------
    estimates : (G,) array
        The parameter's aligned estimates.
    covariance : (G, G) array
        Their covariance matrix.

    Returns
    -------
    tuple of (G,) array of bool and float
        Which groups are in the set, and the set's average.

    Examples
    --------
    >>> invariant_groups(np.array([1.0, 1.02, 1.5]), np.eye(3) * 0.01**2)[0].tolist()
    [True, True, False]
    """
    groups = len(estimates)
    alike = np.array(
        [
            [_p_value(_contrast(groups, [h], g), estimates, covariance) > enter for h in range(groups)]
            for g in range(groups)
        ]
    )
    _, label = connected_components(alike, directed=False)
    runs = [np.flatnonzero(label == one).tolist() for one in range(label.max() + 1)]
    sets = [_settled(run, estimates, covariance, stay) for run in runs]
    largest = max(sets, key=len)
    member = np.isin(np.arange(len(estimates)), sorted(largest))
    return member, float(estimates[member].mean())


def _settled(start: list[int], estimates: Array, covariance: Array, stay: float) -> frozenset[int]:
    """A set of groups to which none can be added and from which none must go."""
    held = frozenset(start)
    for _ in range(2 * len(estimates)):
        kept = frozenset(
            group
            for group in range(len(estimates))
            if _p_value(_contrast(len(estimates), sorted(held), group), estimates, covariance) > stay
        )
        if kept == held or not kept:
            break
        held = kept
    return held


def _contrast(groups: int, members: list[int], group: int) -> Array:
    """One group's parameter less the average of the set."""
    weights = np.zeros(groups)
    weights[members] -= 1 / len(members)
    weights[group] += 1
    return weights


def _p_value(contrast: Array, estimates: Array, covariance: Array) -> float:
    variance = float(contrast @ covariance @ contrast)
    if variance <= 0:
        return 1.0
    return math.erfc(abs(float(contrast @ estimates)) / math.sqrt(2 * variance))


def _explained(observed: Array, predicted: Array) -> Array:
    spread = observed.var(axis=0)
    left = (observed - predicted).var(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(spread > 0, 1 - left / spread, np.nan)


def _unpack(point: Array, groups: int, kind: Kind) -> tuple[Array, Array]:
    logs, rest = point[: groups - 1], point[groups - 1 :]
    sds = np.exp(np.concatenate([[-logs.sum()], logs]))
    return (rest if kind == "free" else np.concatenate([[0.0], rest])), sds


def _pack(solution: Aligned) -> Array:
    means = solution.means if solution.kind == "free" else solution.means[1:]
    return np.concatenate([np.log(solution.sds[1:]), means])


def _first_guess(found: Configural, kind: Kind) -> Array:
    """From ratios of loadings and weighted differences of intercepts, as if all were invariant."""
    logs = np.log(np.maximum(np.abs(found.loadings), 1e-3)).mean(axis=1)
    sds = np.exp(logs - logs.mean())
    loadings = found.loadings / sds[:, None]
    centred = found.intercepts - found.intercepts[0]
    means = (centred * loadings).sum(axis=1) / np.maximum(np.square(loadings).sum(axis=1), 1e-6)
    return np.concatenate([np.log(sds[1:]), means if kind == "free" else means[1:]])


def _loss(point: Array, found: Configural, kind: Kind, epsilon: float) -> tuple[float, Array]:
    """The simplicity function per row of data, and its derivatives by the search's parameters."""
    groups = len(found.n_obs)
    means, sds = _unpack(point, groups, kind)
    loadings, intercepts = aligned_parameters(means, sds, found)
    total = float(found.n_obs.sum())
    weights = (found.weights + found.weights.T)[:, :, None] / total
    value, slopes = 0.0, []
    for values in (loadings, intercepts):
        difference = values[:, None, :] - values[None, :, :]
        inside = np.square(difference) + epsilon
        value += 0.5 * float((weights * inside**0.25).sum())
        slopes.append((weights * 0.5 * difference * inside**-0.75).sum(axis=1))
    by_mean = -(slopes[1] * loadings).sum(axis=1)
    by_log = -(slopes[0] * loadings).sum(axis=1) + means * (slopes[1] * loadings).sum(axis=1)
    return value, np.concatenate([by_log[1:] - by_log[0], by_mean if kind == "free" else by_mean[1:]])


def _hessian(point: Array, found: Configural, kind: Kind, epsilon: float) -> Array:
    matrix = _jacobian(lambda at: _loss(at, found, kind, epsilon)[1], point)
    return np.asarray((matrix + matrix.T) / 2)


def _jacobian(function, point: Array) -> Array:  # type: ignore[no-untyped-def]
    """Central differences, a column for each element of `point`."""
    columns = []
    for place in range(len(point)):
        step = np.zeros(len(point))
        step[place] = _STEP * max(1.0, abs(float(point[place])))
        columns.append((function(point + step) - function(point - step)) / (2 * step[place]))
    return np.stack(columns, axis=1)
