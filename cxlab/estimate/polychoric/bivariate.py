"""The standard bivariate normal distribution, for arrays of points and correlations at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Array = NDArray[np.float64]
# Beyond this many standard deviations the distribution function is 0 or 1 in double precision.
FAR = 12.0
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)


def normal_density(x: Array) -> Array:
    """Standard normal density; 0 at infinity."""
    return np.exp(-0.5 * x * x) / np.sqrt(2 * np.pi)


def bivariate_cdf(h: Array, k: Array, rho: Array) -> Array:
    """P(X <= h, Y <= k) of two standard normal variables that correlate `rho`; arguments are broadcast.

    Formula: ``Phi(h) Phi(k) + 1/(2 pi) int_0^asin(rho) exp(-(h^2 + k^2 - 2 h k sin t) / (2 cos^2 t)) dt``, by
    Gauss-Legendre quadrature. Source: Sheppard's integral as in Drezner & Wesolowsky (1990). R: ``pbivnorm::pbivnorm``.

    Examples
    --------
    >>> round(float(bivariate_cdf(np.array(0.0), np.array(0.0), np.array(0.5))), 10)
    0.3333333333
    """
    h, k, rho = np.broadcast_arrays(np.clip(h, -FAR, FAR), np.clip(k, -FAR, FAR), rho)
    half = 0.5 * np.arcsin(rho)
    angle = half[..., None] * (1 + _NODES)
    sine = np.sin(angle)
    exponent = (h * k)[..., None] * sine - 0.5 * (h * h + k * k)[..., None]
    total = np.exp(exponent / (1 - sine * sine)) @ _WEIGHTS
    return ndtr(h) * ndtr(k) + half * total / (2 * np.pi)


def bivariate_density(h: Array, k: Array, rho: Array) -> Array:
    """Density of the same pair; it is also the derivative of `bivariate_cdf` by `rho`. 0 where a point is infinite.

    Examples
    --------
    >>> round(float(bivariate_density(np.array(0.0), np.array(0.0), np.array(0.0))), 6)
    0.159155
    """
    far = ~(np.isfinite(h) & np.isfinite(k))
    h, k = np.where(far, 0.0, h), np.where(far, 0.0, k)
    rest = 1 - rho * rho
    density = np.exp(-(h * h - 2 * rho * h * k + k * k) / (2 * rest)) / (2 * np.pi * np.sqrt(rest))
    return np.where(far, 0.0, density)


def density_slope(h: Array, k: Array, rho: Array) -> Array:
    """Derivative of `bivariate_density` by `rho`; 0 where a point is infinite.

    Examples
    --------
    >>> float(density_slope(np.array(0.0), np.array(0.0), np.array(0.0)))
    0.0
    """
    density = bivariate_density(h, k, rho)
    h, k = np.where(np.isfinite(h), h, 0.0), np.where(np.isfinite(k), k, 0.0)
    rest = 1 - rho * rho
    return density * (rho / rest + (h * k * (1 + rho * rho) - rho * (h * h + k * k)) / rest**2)
