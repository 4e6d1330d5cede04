"""Moments of a simulated population as they are measured: on answer scales, by attentive respondents."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from scipy.stats import norm

from cxlab.errors import NotSupportedError
from cxlab.study.simulation.plan import Plan

# Gauss-Legendre nodes for probabilities of two variables at once: more than 10 digits up to correlations of .99.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)


def measured_moments(
    plan: Plan, with_method: bool = False, responses: Collection[str] = ()
) -> tuple[np.ndarray, np.ndarray]:
    """Covariances (G, p, p) and means (G, p) of all that attentive respondents would answer, reversed items turned.

    Parameters
    ----------
    plan : Plan
        Careless respondents and missing answers do not count.
    with_method : bool
        Whether the method factor does.
    responses : collection of str
        Items of which not the answers count but the responses behind them, in standard deviations: variance 1, mean 0.

    Notes
    -----
    An answer is ``low`` plus the number of thresholds that the latent response passes. The covariance of two is the sum
    over pairs of thresholds of P(both passed) - P(one) P(other), which is the integral of the bivariate normal density
    over the correlation (Plackett, 1954). Nothing is drawn.
    """
    found = plan.population
    cov = found.cov
    if with_method and plan.method_part is not None:
        loadings = plan.method_part.loadings
        extra = loadings[:, :, None] * loadings[:, None, :]
        cov = cov + extra * (1 - np.eye(cov.shape[-1]))
    if plan.scales and plan.shapes is not None:
        raise NotSupportedError("simulation.shapes_with_points")
    parts = [_group(plan, group, cov[group], responses) for group in range(len(cov))]
    return np.array([part[0] for part in parts]), np.array([part[1] for part in parts])


def _group(plan: Plan, group: int, cov: np.ndarray, responses: Collection[str]) -> tuple[np.ndarray, np.ndarray]:
    found = plan.population
    spread, mean = np.sqrt(np.diag(cov)), found.mean[group].copy()
    cor = cov / np.outer(spread, spread)
    cuts: list[np.ndarray | None] = []
    for at, name in enumerate(found.names):
        if name in responses:
            cuts.append(None)
            mean[at], spread[at] = 0.0, 1.0
            continue
        z = _cut(plan, at, mean[at], spread[at]) if name in plan.scales else None
        cuts.append(z)
        if z is not None:
            mean[at] = plan.scales[name].low + norm.sf(z).sum()
    return answer_covariances(cor, spread, cuts), mean


def _cut(plan: Plan, at: int, mean: float, spread: float) -> np.ndarray:
    """Thresholds of an item with a scale in a group's own standard deviations, counted from its own mean."""
    found, name = plan.population, plan.population.names[at]
    return np.asarray((plan.scales[name].thresholds * found.spread[at] + found.location[at] - mean) / spread)


def measured_thresholds(plan: Plan, name: str) -> np.ndarray:
    """Thresholds of an item with a scale (G, points - 1), in each group's standard deviations from its mean."""
    found, at = plan.population, plan.population.names.index(name)
    groups = zip(found.mean[:, at], found.cov[:, at, at], strict=True)
    return np.array([_cut(plan, at, mean, np.sqrt(variance)) for mean, variance in groups])


def answer_covariances(cor: np.ndarray, spread: np.ndarray, cuts: Sequence[np.ndarray | None]) -> np.ndarray:
    """Covariances (p, p) of answers cut from normal variables.

    Parameters
    ----------
    cor : ndarray (p, p)
        Correlations of the latent responses.
    spread : ndarray (p,)
        Standard deviations; they count for variables without thresholds.
    cuts : sequence of ndarray or None
        Thresholds in z units of each.

    Examples
    --------
    >>> halves = [np.array([0.0]), np.array([0.0])]
    >>> answer_covariances(np.array([[1, 0.5], [0.5, 1]]), np.ones(2), halves).round(6).tolist()
    [[0.25, 0.083333], [0.083333, 0.25]]
    """
    p = len(cor)
    found = np.empty((p, p))
    for i in range(p):
        found[i, i] = _variance(cuts[i], spread[i])
        for j in range(i):
            found[i, j] = found[j, i] = _covariance(cor[i, j], cuts[i], cuts[j], spread[i], spread[j])
    return found


def _variance(cut: np.ndarray | None, spread: float) -> float:
    if cut is None:
        return float(spread**2)
    passed = norm.sf(cut)
    # P(both of two thresholds passed) is the rarer one's.
    return float((np.minimum.outer(passed, passed) - np.outer(passed, passed)).sum())


def _covariance(cor: float, one: np.ndarray | None, other: np.ndarray | None, spread: float, spread_2: float) -> float:
    if one is None and other is None:
        return float(cor * spread * spread_2)
    if one is None or other is None:
        cut, scale = (other, spread) if one is None else (one, spread_2)
        return float(cor * scale * norm.pdf(cut).sum())
    end = np.arcsin(cor)
    sine = np.sin(end * (1 + _NODES) / 2)
    h, k = one[:, None, None], other[None, :, None]
    density = np.exp(-(h**2 - 2 * sine * h * k + k**2) / (2 * (1 - sine**2)))
    return float((density * _WEIGHTS).sum() * end / 2 / (2 * np.pi))
