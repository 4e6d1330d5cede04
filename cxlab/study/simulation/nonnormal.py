"""Continuous variables with given skewness and kurtosis: Fleishman's polynomials as Vale and Maurelli join them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq, root

from cxlab.codebook.text import did_you_mean
from cxlab.errors import DataError, ModelError

Shape = tuple[float, float]
NORMAL: Shape = (0.0, 0.0)


def read_shapes(given: object, names: Sequence[str]) -> tuple[Shape, ...] | None:
    """Skewness and excess kurtosis of each variable; None if all are normal."""
    if given is None:
        return None
    if isinstance(given, Mapping):
        for name in given:
            if name not in names:
                hint, known = did_you_mean(str(name), names), ", ".join(names)
                raise DataError("simulation.unknown_item", option="nonnormal", name=name, hint=hint, known=known)
        found = tuple(_shape(given[name]) if name in given else NORMAL for name in names)
    else:
        found = (_shape(given),) * len(names)
    return found if any(shape != NORMAL for shape in found) else None


def _shape(given: object) -> Shape:
    try:
        skewness, kurtosis = (float(part) for part in given)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise DataError("simulation.option_form", option="nonnormal", value=given) from None
    polynomial(skewness, kurtosis)
    return skewness, kurtosis


@lru_cache(maxsize=256)
def polynomial(skewness: float, kurtosis: float) -> tuple[float, float, float, float]:
    """a, b, c, d for which a + bZ + cZ² + dZ³ has mean 0, variance 1, and this skewness and excess kurtosis.

    Fleishman (1978). Not every pair has a solution: kurtosis must be somewhat above skewness squared less 1.

    Examples
    --------
    >>> [round(number, 4) for number in polynomial(1.0, 1.5)]
    [-0.1632, 0.9531, 0.1632, 0.0066]

    Raises
    ------
    DataError
        No polynomial has these moments.
    """

    def gaps(at: np.ndarray) -> list[float]:
        b, c, d = at
        return [
            b**2 + 6 * b * d + 2 * c**2 + 15 * d**2 - 1,
            2 * c * (b**2 + 24 * b * d + 105 * d**2 + 2) - skewness,
            24 * (b * d + c**2 * (1 + b**2 + 28 * b * d) + d**2 * (12 + 48 * b * d + 141 * c**2 + 225 * d**2))
            - kurtosis,
        ]

    for start in ((1.0, 0.0, 0.0), (0.8, skewness / 6, 0.1), (1.1, skewness / 4, -0.05), (0.5, 0.3, 0.2)):
        found = root(gaps, start, tol=1e-13)
        b, c, d = found.x
        # Only a polynomial that rises everywhere keeps the order of answers, as the latent response has it.
        if found.success and max(map(abs, gaps(found.x))) < 1e-10 and b > 0:
            return float(-c), float(b), float(c), float(d)
    raise DataError("simulation.no_such_shape", skewness=skewness, kurtosis=kurtosis)


def bent_normal(
    cov: np.ndarray, shapes: Sequence[Shape], names: Sequence[str], n: int, random: np.random.Generator
) -> np.ndarray:
    """Rows with mean 0, this covariance matrix, and each variable's skewness and excess kurtosis (n, p).

    Vale & Maurelli (1983): normal variables with intermediate correlations, bent by Fleishman's polynomials. Equals
    ``lavaan::simulateData(skewness =, kurtosis =)`` in distribution.

    Raises
    ------
    ModelError
        A pair of shapes that cannot have its correlation, or intermediate correlations that no data can have.
    """
    spread = np.sqrt(np.diag(cov))
    coefficients = np.array([polynomial(*shape) for shape in shapes])
    between = intermediate(cov / np.outer(spread, spread), coefficients, names)
    lower, broken = psd_root_of(between)
    if broken is not None:
        raise ModelError("simulation.shapes_not_together", name=names[broken])
    z = random.standard_normal((n, len(names))) @ lower.T
    a, b, c, d = coefficients.T
    return np.asarray((a + z * (b + z * (c + z * d))) * spread)


def psd_root_of(matrix: np.ndarray) -> tuple[np.ndarray, int | None]:
    """See `population.psd_root`."""
    from cxlab.study.simulation.population import psd_root

    return psd_root(matrix)


def intermediate(cor: np.ndarray, coefficients: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Correlations of the normal variables (p, p) for which the bent ones correlate as `cor` says."""
    found = np.eye(len(cor))
    for i in range(len(cor)):
        for j in range(i):
            found[i, j] = found[j, i] = _between(cor[i, j], coefficients[i], coefficients[j], (names[i], names[j]))
    return found


def _between(wanted: float, one: np.ndarray, other: np.ndarray, names: tuple[str, str]) -> float:
    (_, b, c, d), (_, f, g, h) = one, other

    def gap(r: float) -> float:
        return float(r * (b * f + 3 * b * h + 3 * d * f + 9 * d * h) + 2 * r**2 * c * g + 6 * r**3 * d * h - wanted)

    if wanted == 0:
        return 0.0
    if gap(-1.0) * gap(1.0) > 0:
        raise ModelError("simulation.shapes_correlation", first=names[0], second=names[1], value=f"{wanted:.3g}")
    return float(brentq(gap, -1.0, 1.0, xtol=1e-14))
