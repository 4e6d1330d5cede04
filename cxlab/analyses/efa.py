"""`cx.efa`: exploratory factor analysis."""

from __future__ import annotations

from numbers import Real

import numpy as np
import pandas as pd

from cxlab.analyses.efa_fit import fit_measures, most_factors
from cxlab.analyses.efa_input import Data, Items, Sample, check_choice, read_sample
from cxlab.analyses.efa_result import EFA
from cxlab.analyses.efa_solution import Request, Solution, solution_notices, solve
from cxlab.errors import CxlabError, DataError
from cxlab.estimate.factor.arrange import factor_sums
from cxlab.estimate.factor.extraction import METHODS, Method
from cxlab.estimate.factor.rotation import ROTATIONS, How, Rotation
from cxlab.estimate.factor.scores import determinacy
from cxlab.resample.request import check_whole


def efa(
    data: Data,
    n_factors: int | None = None,
    method: Method = "minres",
    rotation: Rotation = "oblimin",
    items: Items = None,
    correlation: str = "pearson",
    missing: str = "listwise",
    seed: int | None = None,
    *,
    starts: int = 1,
    gamma: float = 0.0,
    power: float = 4.0,
    kaiser: bool | None = None,
    n_obs: int | None = None,
    smooth: bool = False,
    tolerance: float = 0.001,
    max_iter: int = 50,
) -> EFA:
    """Exploratory factor analysis: which items go together, when no theory has said so yet.

    When to use it: to see the structure of new or translated items, or of two frameworks side by side. Decide on the
    number of factors first (`parallel_analysis`), and test the structure on other data (`cfa`). To test a theory that
    names the factors, use `cfa` at once.

    Parameters
    ----------
    data : Survey, DataFrame or Moments
        One row a respondent; or correlations: `cx.Moments`, or a square DataFrame with the same names in rows and
        columns (with `n_obs`). Items that the codebook flags as reversed are turned first, and the result says so.
    n_factors : int
        Number of factors m, to be given: from 1 to the most that leave ((p - m)^2 - p - m)/2 degrees of freedom of 0 or
        more.
    method : {"minres", "ml", "pa"}
        Minimum residual (unweighted least squares; no distribution assumed), maximum likelihood (normal answers), or
        principal axis.
    rotation : {"oblimin", "quartimin", "geomin", "promax", "varimax", "quartimax", "none"}
        The first four let factors correlate, as in customer research they do.
    items : list of str, optional
        Items or constructs (all their items). Default: the items of the codebook's constructs, or, for a DataFrame, all
        numeric columns.
    correlation : {"pearson", "polychoric", "spearman"}
        Polychoric for ordered answers with few points or skew.
    missing : {"listwise", "pairwise"}
        Rows complete in all items, or for each correlation the rows that have both; tests then count the harmonic mean
        of these.
    seed : int, optional
        Of the random starts; fixed at 0 if not given.
    starts : int
        Starts of the rotation: one without rotation (as psych), the others random. The smallest criterion is kept, and
        the result says how many different minima there were. The extraction (but principal axis) is always tried from
        ten starts more, and the lowest kept: of the proper ones, or with `starts` above 1 of all.
    gamma : float
        Of oblimin; 0 is quartimin, below 0 less oblique.
    power : float
        Of promax.
    kaiser : bool, optional
        Whether items are brought to the same length for the rotation (Kaiser). Default as psych: yes for varimax and
        promax, no for the others. (SPSS does so for oblimin too.)
    n_obs : int, optional
        Rows behind a correlation matrix.
    smooth : bool
        Whether a correlation matrix that is not positive definite is replaced by a near one that is, which the result
        says.
    tolerance, max_iter : float, int
        Principal axis only: stop when the sum of communalities changes by no more, or after so many rounds.

    Returns
    -------
    EFA
        ``.loadings`` (pattern, items by factors F1, F2, ... in order of variance), ``.structure``, ``.communalities``,
        ``.factor_correlations``, ``.variance``, ``.fit_measures``, ``.residuals``, ``.table`` (one row an item and
        factor: item factor loading structure communality uniqueness complexity primary), ``.scores()``,
        ``.bootstrap(n, seed)``, ``.plot()``, ``.apa()``, ``.apa_factors()``.

    Raises
    ------
    DataError
        Fewer than three items, unknown, constant or non-numeric items, no more rows than items, items that determine
        one another, too many factors, unknown options.

    Notes
    -----
    R: ``psych::fa(x, m, rotate, fm)``; signs (positive sums) and order (variance accounted for) as psych prints them,
    names F1, F2, ... instead of MR1, MR2, ... Minimum residual and maximum likelihood are searched to a gradient of
    1e-9, rotations to 1e-7; psych stops earlier, and its varimax (``stats::varimax``) differs in the third digit.
    Uniquenesses are kept at .005 or above as in psych: an item that ends there is a Heywood case, and is named.

    Examples
    --------
    >>> from semopy.examples.holzinger39 import get_data
    >>> tests = [f"x{number}" for number in range(1, 10)]
    >>> found = efa(get_data()[tests], 3)
    >>> found.loadings.round(2).loc[["x1", "x4", "x7"]].to_numpy().tolist()
    [[0.2, 0.59, 0.03], [0.85, 0.02, 0.01], [0.04, -0.15, 0.74]]
    """
    check_choice("method", method, METHODS)
    check_choice("rotation", rotation, ROTATIONS)
    how = _how(rotation, gamma, power, kaiser)
    sample = read_sample(data, items, correlation=correlation, missing=missing, n_obs=n_obs, smooth=smooth)
    request = Request(
        check_factors(n_factors, sample),
        method,
        how,
        check_whole("starts", starts, 1),
        _number("tolerance", tolerance, 0.0),
        check_whole("max_iter", max_iter, 1),
        0 if seed is None else check_whole("seed", seed, 0),
    )
    return _result(sample, request, solve(sample.corr, request))


def check_factors(n_factors: object, sample: Sample) -> int:
    """The number of factors, or an error that says the most possible."""
    most = most_factors(len(sample.names))
    if n_factors is None:
        raise DataError("factor.factors_missing", most=most)
    whole = isinstance(n_factors, int | np.integer) and not isinstance(n_factors, bool)
    if not whole or int(n_factors) < 1:  # type: ignore[call-overload]
        raise DataError("factor.factors_whole", value=n_factors, most=most)
    count = int(n_factors)  # type: ignore[call-overload]
    if count > most:
        raise DataError("factor.too_many", factors=count, items=len(sample.names), most=most)
    return count


def _how(rotation: Rotation, gamma: float, power: float, kaiser: bool | None) -> How:
    if kaiser is not None and not isinstance(kaiser, bool | np.bool_):
        raise DataError("analyses.unknown_option", option="kaiser", value=kaiser, known="True, False, None")
    if _number("gamma", gamma) > 1:
        raise CxlabError("factor.gamma", value=gamma)
    return How(rotation, float(gamma), _number("power", power, 1.0), None if kaiser is None else bool(kaiser))


def _number(name: str, value: object, above: float | None = None) -> float:
    good = isinstance(value, Real) and not isinstance(value, bool) and np.isfinite(float(value))
    if not good or (above is not None and float(value) <= above):  # type: ignore[arg-type]
        least = "" if above is None else f" > {above:g}"
        raise CxlabError("factor.number", name=name, value=value, least=least)
    return float(value)  # type: ignore[arg-type]


def _result(sample: Sample, request: Request, found: Solution) -> EFA:
    factors = [f"F{number}" for number in range(1, request.factors + 1)]
    names = list(sample.names)
    residuals = sample.corr - found.implied
    np.fill_diagonal(residuals, 0.0)
    return EFA(
        loadings=pd.DataFrame(found.loadings, names, factors),
        structure=pd.DataFrame(found.structure, names, factors),
        communalities=pd.Series(found.communalities, names, name="communality"),
        factor_correlations=pd.DataFrame(found.correlations, factors, factors),
        variance=_variance(sample, found, factors),
        fit_measures=fit_measures(sample.corr, residuals, request.factors, sample.n_obs),
        residuals=sample.frame(residuals),
        table=_table(sample, found, factors),
        warnings=(*sample.notices, *solution_notices(sample, request, found)),
        sample=sample,
        request=request,
        solution=found,
    )


def _variance(sample: Sample, found: Solution, factors: list[str]) -> pd.DataFrame:
    sums = factor_sums(found.loadings, found.correlations)
    share = sums / len(sample.names)
    return pd.DataFrame(
        {
            "ss_loadings": sums,
            "proportion": share,
            "cumulative": share.cumsum(),
            "share": sums / sums.sum(),
            "determinacy": determinacy(sample.corr, found.loadings, found.correlations),
        },
        index=factors,
    )


def _table(sample: Sample, found: Solution, factors: list[str]) -> pd.DataFrame:
    size, count = found.loadings.shape
    primary = np.zeros((size, count), bool)
    primary[np.arange(size), found.primary] = True
    return pd.DataFrame(
        {
            "item": np.repeat(list(sample.names), count),
            "factor": factors * size,
            "loading": found.loadings.ravel(),
            "structure": found.structure.ravel(),
            "communality": np.repeat(found.communalities, count),
            "uniqueness": np.repeat(1 - found.communalities, count),
            "complexity": np.repeat(found.complexity, count),
            "primary": primary.ravel(),
        }
    )
