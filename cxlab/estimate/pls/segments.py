"""FIMIX-PLS: segments that differ in the paths between construct scores, as a finite mixture of regressions.

Given the scores, each segment k has its own regression of every explained construct m on its causes, with normal errors
that are independent between equations; a case belongs to segment k with prior share rho_k:

    f(i) = sum_k rho_k prod_m N(eta_im; x_im' beta_km, sigma2_km)

EM finds rho, beta, sigma2. The exponent is a quadratic form in a case's scores, so both steps are one matrix product
with the products of all scores, for every start and segment at once. Source: Hahn, Johnson, Herrmann & Huber (2002).
R: ``flexmix::flexmix`` with one ``FLXMRglm`` for each equation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cxlab.estimate.pls.solve import solve_many

Array = NDArray[np.float64]
# A variance below this share of a score's: a segment whose cases lie on a line has an unlimited likelihood.
_SMALLEST_VARIANCE = 1e-4


@dataclass(frozen=True, eq=False)
class Equations:
    """Scores and regressions of a mixture.

    Attributes
    ----------
    values : (n, J + 1)
        Scores, and a last column of ones where there are intercepts, else of zeros.
    products : (q, n)
        Of all pairs of columns.
    causes : tuple of (m, int arrays)
        Place of each explained construct, and of the columns that explain it.
    """

    values: Array
    products: Array
    causes: tuple[tuple[int, NDArray[np.intp]], ...]

    @property
    def slopes(self) -> int:
        """Coefficients of one segment."""
        return sum(len(places) for _, places in self.causes)


def equations(scores: Array, paths: NDArray[np.bool_], intercepts: bool) -> Equations:
    """The regressions of scores (n, J) along `paths` (J, J)."""
    values = np.column_stack([scores, np.full(len(scores), float(intercepts))])
    row, column = np.tril_indices(values.shape[1])
    constant = [len(paths)] if intercepts else []
    found = [(place, np.flatnonzero(paths[:, place])) for place in range(len(paths))]
    causes = tuple((place, np.append(own, constant).astype(np.intp)) for place, own in found if len(own))
    return Equations(values, np.ascontiguousarray((values[:, row] * values[:, column]).T), causes)


@dataclass(frozen=True, eq=False)
class Mixture:
    """Estimates of S starts with K segments.

    Attributes
    ----------
    posterior : (S, K, n)
    shares : (S, K)
    coefficients : (S, K, J + 1, J + 1)
        ``[..., cause, effect]``; the last cause is the intercept.
    variances : (S, K, J + 1)
        Of the errors; nan for constructs that nothing explains.
    likelihood : (S,)
        Logarithm.
    iterations : (S,)
    converged, degenerate : (S,)
        Degenerate: a segment shrank until it fitted exactly, or had fewer cases than coefficients.
    """

    posterior: Array
    shares: Array
    coefficients: Array
    variances: Array
    likelihood: Array
    iterations: NDArray[np.intp]
    converged: NDArray[np.bool_]
    degenerate: NDArray[np.bool_]

    def at(self, start: int) -> Mixture:
        """One start, segments from the largest to the smallest."""
        order = np.argsort(-self.shares[start], kind="stable")
        parts = {name: getattr(self, name)[start : start + 1] for name in self.__dataclass_fields__}
        sorted_parts = {name: parts[name][:, order] for name in ("posterior", "shares", "coefficients", "variances")}
        return Mixture(**{**parts, **sorted_parts})


def random_posteriors(n: int, segments: int, starts: int, seed: int) -> Array:
    """Cases dealt to segments at random (starts, segments, n); each start has a random stream of its own."""
    found = np.zeros((starts, segments, n))
    for start in range(starts):
        random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(segments, start)))
        found[start, random.permutation(n) % segments, np.arange(n)] = 1.0
    return found


def fit_mixture(model: Equations, posterior: Array, tolerance: float, most: int) -> Mixture:
    """EM from first posteriors (S, K, n), each until its log-likelihood gains less than `tolerance`."""
    starts, segments = posterior.shape[:2]
    width = model.values.shape[1]
    done = Mixture(
        posterior.copy(), np.empty((starts, segments)), np.empty((starts, segments, width, width)),
        np.empty((starts, segments, width)), np.full(starts, -np.inf), np.full(starts, most),
        np.zeros(starts, dtype=bool), np.zeros(starts, dtype=bool),
    )  # fmt: skip
    active, current, before = np.arange(starts), posterior, np.full(starts, -np.inf)
    for number in range(1, most + 1):
        shares, coefficients, variances, poor = _maximise(model, current)
        current, likelihood = _expect(model, shares, coefficients, variances, poor)
        settled = (likelihood - before < tolerance) & ~poor
        ended = settled | poor | (number == most)
        if ended.any():
            which = active[ended]
            done.posterior[which], done.shares[which] = current[ended], shares[ended]
            done.coefficients[which], done.variances[which] = coefficients[ended], variances[ended]
            done.likelihood[which], done.iterations[which] = likelihood[ended], number
            done.converged[which], done.degenerate[which] = settled[ended], poor[ended]
            active, current, likelihood = active[~ended], current[~ended], likelihood[~ended]
        if not len(active):
            break
        before = likelihood
    return done


def _maximise(model: Equations, posterior: Array) -> tuple[Array, Array, Array, NDArray[np.bool_]]:
    """Shares, coefficients and variances from posteriors, and which starts cannot go on."""
    starts, segments, n = posterior.shape
    width = model.values.shape[1]
    size = posterior.sum(axis=2)
    sums = posterior.reshape(-1, n) @ model.products.T
    row, column = np.tril_indices(width)
    cross = np.empty((width, width, starts * segments))
    cross[row, column] = cross[column, row] = sums.T
    coefficients = np.zeros((width, width, starts * segments))
    variances = np.full((width, starts * segments), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        for place, causes in model.causes:
            right = cross[causes, place]
            slopes = solve_many(cross[np.ix_(causes, causes)], right)
            coefficients[causes, place] = slopes
            variances[place] = (cross[place, place] - (slopes * right).sum(axis=0)) / size.ravel()
    effects = [place for place, _ in model.causes]
    fewest = max(len(causes) for _, causes in model.causes) + 1
    sound = (variances[effects] > _SMALLEST_VARIANCE).all(axis=0).reshape(starts, segments) & (size >= fewest)
    shape = (starts, segments)
    moved = np.moveaxis(coefficients, -1, 0).reshape(*shape, width, width)
    return size / n, moved, variances.T.reshape(*shape, width), ~sound.all(axis=1)


def _expect(
    model: Equations, shares: Array, coefficients: Array, variances: Array, poor: NDArray[np.bool_]
) -> tuple[Array, Array]:
    """Posteriors and log-likelihoods; of no use where a start cannot go on."""
    starts, segments, width = variances.shape
    forms = np.zeros((starts, segments, width, width))
    constant = np.log(np.maximum(shares, 1e-300))
    safe = np.where(poor[:, None, None], 1.0, variances)
    for place, _ in model.causes:
        error = -coefficients[..., place]
        error[..., place] += 1.0
        forms += error[..., :, None] * error[..., None, :] / safe[..., place, None, None]
        constant = constant - 0.5 * np.log(2 * np.pi * safe[..., place])
    row, column = np.tril_indices(width)
    packed = forms[..., row, column] * np.where(row == column, 1.0, 2.0)
    log_density = constant[..., None] - 0.5 * (packed.reshape(-1, len(row)) @ model.products).reshape(
        starts, segments, -1
    )
    top = log_density.max(axis=1, keepdims=True)
    density = np.exp(log_density - top)
    total = density.sum(axis=1, keepdims=True)
    likelihood = (np.log(total) + top)[:, 0].sum(axis=1)
    return density / total, np.where(poor, -np.inf, likelihood)


def best_mixture(
    model: Equations, segments: int, starts: int, seed: int, tolerance: float, most: int
) -> tuple[Mixture, Mixture]:
    """Every start, and the best of those that are not degenerate, followed until nothing changes any more."""
    tried = fit_mixture(model, random_posteriors(len(model.values), segments, starts, seed), tolerance, most)
    usable = np.where(tried.degenerate, -np.inf, tried.likelihood)
    best = tried.at(int(np.argmax(usable)))
    if best.degenerate[0]:
        return tried, best
    sharper = fit_mixture(model, best.posterior, tolerance * 1e-4, most).at(0)
    return tried, best if sharper.degenerate[0] else replace(sharper, iterations=best.iterations + sharper.iterations)


def explained(model: Equations, posterior: Array, variances: Array) -> Array:
    """R² (K, J + 1) within segments: error variance against the scores' variance around the segment's own mean."""
    weight = posterior / posterior.sum(axis=1, keepdims=True)
    mean = weight @ model.values
    around = weight @ model.values**2 - mean**2
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(1 - variances / around)
