"""What a linear prediction loses when a driver's answers are shuffled among respondents it was not fitted to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
# Below this the training rows of a fold cannot tell the drivers apart.
_SINGULAR = -46.0


def fold_numbers(rows: int, folds: int, repeats: int, seed: int) -> NDArray[np.int_]:
    """Folds as even as can be, shuffled anew for each repeat: (repeats, rows) of 0 to folds - 1.

    Examples
    --------
    >>> np.bincount(fold_numbers(7, 3, 1, seed=0)[0]).tolist()
    [3, 2, 2]
    """
    random = np.random.default_rng([seed, 1])
    return np.stack([random.permutation(np.arange(rows) % folds) for _ in range(repeats)])


def permutation_loss(
    size: Array, mean: Array, cov: Array, columns: tuple[NDArray[np.int_], ...]
) -> tuple[Array, Array]:
    """Expected drop of cross-validated R² when a driver is shuffled in the fold left out, and that R² itself.

    Parameters
    ----------
    size : (F, R) array
        Weight of the rows in each fold.
    mean : (F, R, k) array
        Means in each fold; the outcome last.
    cov : (F, R, k, k) array
        Covariances in each fold, divisor its weight.
    columns : tuple of arrays of int
        The columns of each driver, which are shuffled together.

    Returns
    -------
    drop : (R, G) array
    r2 : (R,) array
        nan where the training rows of a fold do not determine the coefficients.

    Notes
    -----
    With coefficients b of the other folds, error e, and z = b'x over a driver's columns, shuffling z within the fold
    changes the mean squared error by 2 cov(e, z) + 2 var(z) on average over all orders. So no orders are drawn:
    this is what scikit-learn's ``permutation_importance`` tends to as ``n_repeats`` grows. Sums of all folds are
    divided by the squared deviations from the training mean.

    Examples
    --------
    >>> size, mean = np.full((2, 1), 5.0), np.zeros((2, 1, 2))
    >>> cov = np.broadcast_to(np.array([[1.0, 0.6], [0.6, 1.0]]), (2, 1, 2, 2))
    >>> drop, r2 = permutation_loss(size, mean, cov, (np.array([0]),))
    >>> drop.round(3).tolist(), r2.round(3).tolist()
    ([[0.72]], [0.36])
    """
    whole, centre = size.sum(axis=0), np.einsum("fr,frk->rk", size, mean)
    moment = size[..., None, None] * (cov + mean[..., :, None] * mean[..., None, :])
    all_moments = moment.sum(axis=0)
    drop = np.zeros((size.shape[1], len(columns)))
    error, spread = np.zeros(size.shape[1]), np.zeros(size.shape[1])
    for weight, own, spreads, second in zip(size, mean, cov, moment, strict=True):
        rest = whole - weight
        middle = (centre - weight[:, None] * own) / rest[:, None]
        train = (all_moments - second) / rest[:, None, None] - middle[:, :, None] * middle[:, None, :]
        contrast = np.concatenate([-_slopes(train), np.ones((len(rest), 1))], axis=1)
        shift = np.einsum("rk,rk->r", contrast, own - middle)
        with_error = np.einsum("rkl,rl->rk", spreads, contrast)
        error += weight * (np.einsum("rk,rk->r", contrast, with_error) + shift**2)
        spread += weight * (spreads[:, -1, -1] + (own - middle)[:, -1] ** 2)
        for driver, place in enumerate(columns):
            part = -contrast[:, place]
            varying = np.einsum("ri,rij,rj->r", part, spreads[:, place][:, :, place], part)
            drop[:, driver] += weight * 2 * (np.einsum("ri,ri->r", part, with_error[:, place]) + varying)
    with np.errstate(invalid="ignore", divide="ignore"):
        return drop / spread[:, None], 1 - error / spread


def _slopes(cov: Array) -> Array:
    """Regression coefficients (R, k - 1) of the last variable on the others; nan where they are not determined."""
    variance = np.diagonal(cov, axis1=1, axis2=2)[:, :-1]
    sd = np.sqrt(np.where(variance > 0, variance, 1.0))
    cor = cov[:, :-1, :-1] / (sd[:, :, None] * sd[:, None, :])
    sign, size = np.linalg.slogdet(cor)
    sound = (variance > 0).all(axis=1) & (sign > 0) & (size > _SINGULAR)
    cor = np.where(sound[:, None, None], cor, np.eye(cor.shape[1]))
    slopes = np.linalg.solve(cor, (cov[:, :-1, -1] / sd)[..., None])[..., 0] / sd
    return np.where(sound[:, None], slopes, np.nan)
