"""How far the predictors of a regression overlap: variance inflation, also for terms of several columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def generalised_vif(
    matrix: NDArray[np.float64], term: NDArray[np.int_], weights: NDArray[np.float64] | None = None
) -> dict[int, tuple[float, int]]:
    """Generalised variance inflation factor of each term of a regression with an intercept.

    Parameters
    ----------
    matrix : (n, q) array
        The predictors' columns, without the intercept.
    term : (q,) array of int
        Which term each column belongs to. A term of one column has the ordinary VIF.
    weights : (n,) array, optional
        Survey weights.

    Returns
    -------
    dict
        Term to (GVIF, number of columns). ``GVIF = det(R_own) det(R_others) / det(R)``, R the columns' correlations.
        Source: Fox & Monette (1992). R: ``car::vif(lm)``.

    Examples
    --------
    >>> x = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 4.0], [4.0, 3.0]])
    >>> {key: round(vif, 4) for key, (vif, columns) in generalised_vif(x, np.array([0, 1])).items()}
    {0: 1.5625, 1: 1.5625}
    """
    if matrix.shape[1] == 1:
        return {int(term[0]): (1.0, 1)}
    cov = np.cov(matrix, rowvar=False, aweights=weights)
    spread = np.sqrt(np.diag(cov))
    cor = cov / np.outer(spread, spread)
    whole = _log_det(cor)
    found = {}
    for key in dict.fromkeys(term.tolist()):
        own = term == key
        size = _log_det(cor[np.ix_(own, own)]) + _log_det(cor[np.ix_(~own, ~own)]) - whole
        found[int(key)] = (float(np.exp(size)), int(own.sum()))
    return found


def _log_det(cor: NDArray[np.float64]) -> float:
    return float(np.linalg.slogdet(cor)[1]) if len(cor) else 0.0
