"""What a general factor and group factors each carry: omegas, explained common variance, determinacy, H."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class BifactorIndices:
    """Indices of a standardised solution with one general and k group factors, all uncorrelated.

    Attributes
    ----------
    omega_total : float
        Share of the total score's variance that any factor explains.
    omega_h : float
        Share that the general factor explains (hierarchical omega).
    ecv : float
        Share of the common variance that is the general factor's (explained common variance).
    puc : float
        Share of the correlations between items that only the general factor can explain (uncontaminated).
    h, determinacy : float
        Of the general factor: reliability of its best weighted composite (Hancock & Mueller, 2001), and the
        correlation of its regression score with it (Grice, 2001).
    omega_s, omega_hs : ndarray (k,)
        Of each subscale score: share explained by any factor, and by its group factor alone.
    group_ecv : ndarray (k,)
        Share of the common variance of the group's own items that is the group factor's.
    group_h, group_determinacy : ndarray (k,)
    item_ecv : ndarray (p,)
        Share of each item's common variance that is the general factor's.
    """

    omega_total: float
    omega_h: float
    ecv: float
    puc: float
    h: float
    determinacy: float
    omega_s: np.ndarray
    omega_hs: np.ndarray
    group_ecv: np.ndarray
    group_h: np.ndarray
    group_determinacy: np.ndarray
    item_ecv: np.ndarray


def bifactor_indices(general: np.ndarray, group: np.ndarray, cor: np.ndarray | None = None) -> BifactorIndices:
    """Indices of a bifactor solution, or of a second-order one after `schmid_leiman`.

    Parameters
    ----------
    general : ndarray (p,)
        Standardised loadings on the general factor.
    group : ndarray (p, k)
        Standardised loadings on the group factors; 0 where an item is not of the group.
    cor : ndarray (p, p), optional
        Correlations of the items whose sums the omegas divide by; by default those that the loadings imply. psych
        takes the sample's.

    Returns
    -------
    BifactorIndices
        nan where a standardised loading of 1 or more leaves an index without value.

    Notes
    -----
    With g and s_j general and group loadings and V the variance of a sum: omega_h = (sum g)^2 / V; omega_total =
    ((sum g)^2 + sum_j (sum s_j)^2) / V; over the items of group j omega_s and omega_hs likewise; ECV = sum g^2 / (sum
    g^2 + sum s^2); PUC = 1 - pairs within groups / all pairs; H = 1 / (1 + 1 / sum(l^2 / (1 - l^2))); determinacy =
    square root of the diagonal of L' R^-1 L. Reise (2012); Rodriguez, Reise & Haviland (2016).

    Examples
    --------
    >>> group = np.kron(np.eye(2), np.full((3, 1), 0.4))
    >>> found = bifactor_indices(np.full(6, 0.7), group)
    >>> round(found.omega_h, 3), round(found.ecv, 3), found.puc, found.omega_hs.round(3).tolist()
    (0.78, 0.754, 0.6, [0.209, 0.209])
    """
    loadings = np.column_stack([general, group])
    implied = loadings @ loadings.T
    np.fill_diagonal(implied, 1.0)
    divisor = implied if cor is None else cor
    own = group != 0
    total, common = divisor.sum(), np.square(group).sum(axis=0)
    shared = np.square(general).sum()
    inside = np.array([divisor[np.ix_(items, items)].sum() for items in own.T])
    by_general = np.array([general[items].sum() ** 2 for items in own.T])
    h, determinacy = _replicability(loadings), _determinacy(loadings, implied)
    with np.errstate(invalid="ignore", divide="ignore"):
        return BifactorIndices(
            omega_total=float((general.sum() ** 2 + (group.sum(axis=0) ** 2).sum()) / total),
            omega_h=float(general.sum() ** 2 / total),
            ecv=float(shared / (shared + common.sum())),
            puc=_uncontaminated(own.sum(axis=0)),
            h=float(h[0]),
            determinacy=float(determinacy[0]),
            omega_s=(by_general + group.sum(axis=0) ** 2) / inside,
            omega_hs=group.sum(axis=0) ** 2 / inside,
            group_ecv=common / (common + np.array([np.square(general[items]).sum() for items in own.T])),
            group_h=h[1:],
            group_determinacy=determinacy[1:],
            item_ecv=np.square(general) / np.square(loadings).sum(axis=1),
        )


def schmid_leiman(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A second-order solution as general and group loadings (Schmid & Leiman, 1957).

    Parameters
    ----------
    first : ndarray (p, k)
        Standardised loadings of the items on the first-order factors.
    second : ndarray (k,)
        Standardised loadings of these on the second-order factor; 1 or more in size gives nan.

    Returns
    -------
    general : ndarray (p,)
        first times second.
    group : ndarray (p, k)
        first times the square root of 1 - second^2.

    Examples
    --------
    >>> general, group = schmid_leiman(np.array([[0.8, 0], [0, 0.5]]), np.array([0.6, 0.8]))
    >>> general.round(2).tolist(), group.round(2).tolist()
    ([0.48, 0.4], [[0.64, 0.0], [0.0, 0.3]])
    """
    left = 1 - np.square(second)
    rest = np.sqrt(np.where(left >= 0, left, np.nan))
    return first @ second, np.where(first == 0, 0.0, first * rest)


def _uncontaminated(sizes: np.ndarray) -> float:
    items = sizes.sum()
    return float(1 - (sizes * (sizes - 1)).sum() / (items * (items - 1)))


def _replicability(loadings: np.ndarray) -> np.ndarray:
    """H of each factor (factors,); a standardised loading of 1 or more has none."""
    squares = np.square(loadings)
    with np.errstate(invalid="ignore", divide="ignore"):
        odds = np.where(squares < 1, squares / (1 - squares), np.nan).sum(axis=0)
        return np.asarray(1 / (1 + 1 / odds))


def _determinacy(loadings: np.ndarray, implied: np.ndarray) -> np.ndarray:
    """Of each factor (factors,); nan where residual variances are not positive, so that the scores would be exact."""
    if not np.isfinite(implied).all() or np.square(loadings).sum(axis=1).max() >= 1:
        return np.full(loadings.shape[1], np.nan)
    return np.asarray(np.sqrt(np.diag(loadings.T @ np.linalg.solve(implied, loadings))))
