"""Bootstrap and jackknife of PLS path models: paths, effects along every route, loadings, weights, R² and HTMT."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import norm

from cxlab.analyses.pls_bootstrap_result import PlsBootstrap, PlsJackknife, route
from cxlab.analyses.pls_effects import routes_notices
from cxlab.analyses.pls_notices import carried
from cxlab.analyses.pls_quantities import Signs, check_signs, columns, names, quantities, sample
from cxlab.analyses.pls_replicates import status_of
from cxlab.errors import CxlabError, EstimationError, Notice
from cxlab.resample.blocks import spans
from cxlab.resample.draws import Draws, GivenDraws, Indices, LeaveOneOut, NestedDraws, PartOfDraws, RandomDraws
from cxlab.resample.intervals import INTERVALS, Ends, acceleration, check_level, intervals, studentised
from cxlab.resample.request import check_whole, given_seed

if TYPE_CHECKING:
    from cxlab.analyses.pls_bootstrap_result import PlsInterval
    from cxlab.analyses.pls_result import PlsFit

# Resamples whose inner resamples are held at once, and the fewest inner ones that tell a standard error.
_TOGETHER, _FEWEST_INNER = 100, 10


def pls_bootstrap(
    fit: PlsFit,
    n: int = 5000,
    seed: int | None = None,
    *,
    ci: PlsInterval = "percentile",
    level: float = 0.95,
    signs: Signs = "none",
    inner: int = 25,
    indices: Indices | None = None,
) -> PlsBootstrap:
    """Resamples of the respondents with the whole model estimated in each.

    Parameters
    ----------
    fit : PlsFit
    n : int
        Resamples, at least 2, unless `indices` are given.
    seed : int, optional
        The same seed gives the same resamples; without one it is drawn and kept in ``.seed``.
    ci : {"percentile", "basic", "bc", "bca", "studentised"}
        Kind of interval; "bca" adds a jackknife of n more estimates, "studentised" `inner` more for each resample.
    level : float
        Between 0 and 1.
    signs : {"none", "individual", "construct"}
        Nothing is turned; every estimate takes the sign that it has in the sample; a construct is turned round as a
        whole where its loadings are then nearer to the sample's. Signs of scores are arbitrary in theory, but resamples
        start where the sample starts, so that "none" is nearly always right; "individual" makes intervals too narrow.
    inner : int
        For "studentised": resamples of each resample, at least 10, for its standard errors.
    indices : ndarray (B, n_obs), optional
        Row numbers from 0, to repeat another program's resamples.

    Returns
    -------
    PlsBootstrap

    Raises
    ------
    CxlabError
        Unknown interval or handling of signs, level outside 0 to 1, numbers that are not whole or too small, indices of
        another shape.
    EstimationError
        Fewer than two resamples that can be used.
    NotSupportedError
        A published matrix, which has no respondents.

    Notes
    -----
    `signs` are "no", "individual" and "construct level" sign changes of SmartPLS and semPLS. Quantiles are boot's
    (R + 1); seminr takes R's type 7, which differs by less than one rank. Resamples that do not converge or in which an
    indicator does not vary are left out and counted; inadmissible ones are kept and counted.

    Examples
    --------
    >>> import cxlab as cx
    >>> survey = cx.load_dataset("ecsi_mobile")
    >>> fit = cx.pls("Image <~ IMAG1 + IMAG2 + IMAG4; CUSA1 ~ Image", survey)
    >>> int(fit.bootstrap(200, seed=1).status["used"])
    200
    """
    _check(ci, level, signs, inner)
    drawn = given_seed(seed) if indices is None or seed is not None else None
    rows = (fit.n_obs,)
    draws: Draws = (
        RandomDraws(check_whole("n", n, 2), rows, drawn or 0) if indices is None else GivenDraws.of(indices, rows)
    )
    found, resamples = quantities(fit, draws, signs)
    status = status_of(resamples)
    if status["used"] < 2:
        raise EstimationError("pls_boot.none_used", **status.to_dict())
    estimate = columns(fit, sample(fit))[0]
    spread = resampled(found, estimate)
    if ci == "studentised":
        errors = _inner_errors(fit, draws, NestedDraws(draws, inner, drawn or 0), signs)
        ends = studentised(found, errors, estimate, spread["se"], level)
    else:
        ends = _ends(fit, found, estimate, ci, level)
    rows_of = names(fit)
    table = rows_of.assign(estimate=estimate, **spread, ci_lower=ends.lower, ci_upper=ends.upper)
    told = _notices(fit, status, rows_of, found)
    told += (Notice("resample.seed_drawn", {"seed": drawn}),) if seed is None and drawn is not None else ()
    if (ends.extreme & (spread["se"] > 0)).any():
        told += (Notice("resample.extreme", {"level": f"{100 * level:g}", "total": len(found)}, serious=True),)
    replicates = pd.DataFrame(found, columns=_headings(rows_of))
    return PlsBootstrap(table, replicates, status, ci, level, drawn, signs, told, fit.labels)


def pls_jackknife(fit: PlsFit) -> PlsJackknife:
    """The model with each respondent left out in turn: bias, standard errors, and who moves an estimate.

    Parameters
    ----------
    fit : PlsFit

    Returns
    -------
    PlsJackknife

    Notes
    -----
    Bias (n - 1)(mean - estimate); variance (n - 1)/n times the sum of squared distances from the mean (Efron &
    Tibshirani, 1993). R: ``cSEM::resamplecSEMResults(.resample_method = "jackknife")``.

    Examples
    --------
    >>> import cxlab as cx
    >>> fit = cx.pls("Image <~ IMAG1 + IMAG2; CUSA1 ~ Image", cx.load_dataset("ecsi_mobile"))
    >>> fit.jackknife().of("path").columns.tolist()
    ['kind', 'source', 'target', 'estimate', 'bias', 'corrected', 'se']
    """
    found, resamples = quantities(fit, LeaveOneOut((fit.n_obs,), 0))
    estimate, rows = columns(fit, sample(fit))[0], names(fit)
    counted, mean, square = _sums(found)
    bias = (counted - 1) * (mean - estimate)
    se = _tiny_as_zero(np.sqrt((counted - 1) / np.maximum(counted, 1) * square))
    table = rows.assign(estimate=estimate, bias=bias, corrected=estimate - bias, se=se)
    replicates = pd.DataFrame(found, pd.DataFrame(fit.given.answers).index, _headings(rows))
    status = status_of(resamples)
    return PlsJackknife(table, replicates, status, _notices(fit, status, rows, found), fit.labels)


def _check(ci: str, level: float, signs: str, inner: int) -> None:
    check_level(level)
    check_signs(signs)
    if ci not in (*INTERVALS, "studentised"):
        raise CxlabError("resample.unknown_interval", value=ci, known=", ".join((*INTERVALS, "studentised")))
    if ci == "studentised" and check_whole("inner", inner, 1) < _FEWEST_INNER:
        raise CxlabError("pls_boot.few_inner", inner=inner, fewest=_FEWEST_INNER)


def _ends(fit: PlsFit, found: np.ndarray, estimate: np.ndarray, ci: str, level: float) -> Ends:
    shape = acceleration([quantities(fit, LeaveOneOut((fit.n_obs,), 0))[0]]) if ci == "bca" else None
    return intervals(found, estimate, ci, level, shape)  # type: ignore[arg-type]


def _inner_errors(fit: PlsFit, draws: Draws, nested: NestedDraws, signs: Signs) -> np.ndarray:
    """Standard errors (R, k) within each resample, from resamples of it."""
    parts = []
    for first, last in spans(draws.size, _TOGETHER):
        part = PartOfDraws(nested, first * nested.inner, (last - first) * nested.inner)
        found = quantities(fit, part, signs)[0]
        sums = (_sums(one) for one in np.split(found, last - first))
        parts += [np.sqrt(_variance(counted, square)) for counted, _, square in sums]
    return np.array(parts)


def _headings(rows: pd.DataFrame) -> list[str]:
    """Such as ``path: A → B``; of R² ``r2: B``."""
    return [f"{kind}: {route(*ends)}" for kind, *ends in rows[["kind", "source", "via", "target"]].to_numpy()]


def _notices(fit: PlsFit, status: pd.Series, rows: pd.DataFrame, drawn: np.ndarray) -> tuple[Notice, ...]:
    found = [*carried(fit, sampling=True), *routes_notices(fit)]
    for key in ("not_converged", "constant", "inadmissible"):
        if status[key]:
            values = {"count": int(status[key]), "total": int(status["replicates"])}
            found.append(Notice(f"pls.boot_{key}", values, serious=status[key] > 0.05 * status["replicates"]))
    empty = int(status["used"]) - np.isfinite(drawn[:, (rows["kind"] == "path").to_numpy()]).sum(axis=0).min()
    if empty:
        counts = {"count": int(empty), "total": int(status["used"])}
        found.append(Notice("pls_boot.without_value", counts, serious=empty > 0.05 * status["used"]))
    return tuple(found)


def resampled(found: np.ndarray, estimate: np.ndarray) -> dict[str, np.ndarray]:
    """Mean, bias, standard error, t and p (normal) of k quantities from their resamples (R, k)."""
    counted, mean, square = _sums(found)
    se = _tiny_as_zero(np.sqrt(_variance(counted, square)))
    t = np.divide(estimate, se, out=np.full(len(se), np.nan), where=se > 0)
    return {"mean": mean, "bias": mean - estimate, "se": se, "t": t, "pvalue": 2 * norm.sf(np.abs(t))}


def _sums(found: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each quantity the finite values' number, mean, and sum of squared distances from it (k,)."""
    finite = np.isfinite(found)
    every = bool(finite.all())
    known = found if every else np.where(finite, found, 0.0)
    counted = finite.sum(axis=0)
    mean = np.where(counted > 0, known.sum(axis=0) / np.maximum(counted, 1), np.nan)
    away = found - mean if every else np.where(finite, found - mean, 0.0)
    return counted, mean, np.einsum("rk,rk->k", away, away)


def _variance(counted: np.ndarray, square: np.ndarray) -> np.ndarray:
    return np.where(counted > 1, square / np.maximum(counted - 1, 1), np.nan)


def _tiny_as_zero(se: np.ndarray) -> np.ndarray:
    """Loadings of single indicators are 1 in every resample, but for rounding."""
    return np.where(se < 1e-12, 0.0, se)
