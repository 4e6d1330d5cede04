"""Likelihood-ratio tests of nested models, plain and scaled for data that are not normal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from scipy.stats import chi2

COLUMNS = ("model", "df", "aic", "bic", "chisq", "chisq_diff", "df_diff", "pvalue", "rmsea_diff")


@dataclass(frozen=True)
class ModelFit:
    """What a difference test needs of one model.

    Attributes
    ----------
    name : str
    chisq, df : float
        The standard statistic, not the scaled one, also where the test is scaled.
    n_obs, groups : int
    aic, bic : float
        nan where the estimator has no likelihood.
    scaling : float
        Scaling factor c of the scaled statistic chisq / c; nan for a plain one.
    """

    name: str
    chisq: float
    df: int
    n_obs: int
    groups: int = 1
    aic: float = math.nan
    bic: float = math.nan
    scaling: float = math.nan


@dataclass(frozen=True)
class Difference:
    """A difference of two statistics: chisq, df, pvalue, and the scaling factor it was divided by (1 if plain)."""

    chisq: float
    df: int
    pvalue: float
    scaling: float = 1.0


def likelihood_ratio(large: ModelFit, small: ModelFit) -> Difference:
    """Plain chi-square difference of a model and a restricted one.

    Examples
    --------
    >>> test = likelihood_ratio(ModelFit("a", 10.0, 5, 200), ModelFit("b", 18.0, 7, 200))
    >>> test.chisq, test.df, round(test.pvalue, 4)
    (8.0, 2, 0.0183)
    """
    return _difference(small.chisq - large.chisq, small.df - large.df, 1.0)


def satorra_bentler_2001(large: ModelFit, small: ModelFit) -> Difference:
    """Scaled difference from the two models' scaling factors.

    (T0 - T1) / c_d with c_d = (df0 c0 - df1 c1) / (df0 - df1); Satorra & Bentler (2001). In small samples c_d can be
    negative: then chisq and pvalue are nan, and `satorra_bentler_2010` has an answer. Equals
    ``lavTestLRT(m1, m0, method = "satorra.bentler.2001")``.

    Examples
    --------
    >>> large, small = ModelFit("a", 10.0, 5, 200, scaling=1.2), ModelFit("b", 18.0, 7, 200, scaling=1.25)
    >>> round(satorra_bentler_2001(large, small).chisq, 4)
    5.8182
    """
    own = large.scaling if large.df else 1.0
    return _scaled(large, small, own)


def satorra_bentler_2010(large: ModelFit, small: ModelFit, between: float) -> Difference:
    """Scaled difference that is never negative.

    As the 2001 test, but with `between`, the scaling factor of the larger model evaluated at the smaller model's
    estimates (no iterations), in place of c1; Satorra & Bentler (2010). Equals
    ``lavTestLRT(m1, m0, method = "satorra.bentler.2010")``.

    Examples
    --------
    >>> large, small = ModelFit("a", 10.0, 5, 200, scaling=1.2), ModelFit("b", 18.0, 7, 200, scaling=1.25)
    >>> round(satorra_bentler_2010(large, small, 1.1).chisq, 4)
    4.9231
    """
    return _scaled(large, small, between)


def satorra_2000(large: ModelFit, small: ModelFit, trace: float, trace_squared: float) -> Difference:
    """Scaled and shifted difference from what the restriction itself is distributed like.

    a (T0 - T1) + b with a = sqrt(df / tr2) and b = df - a tr; Satorra (2000), Asparouhov & Muthén (2010). Equals
    ``lavTestLRT(m1, m0, method = "satorra.2000")``.

    Parameters
    ----------
    trace, trace_squared : float
        tr(X M) and tr(X M X M), see `cxlab.evaluate.satorra_2000`.

    Examples
    --------
    >>> large, small = ModelFit("a", 10.0, 5, 200, scaling=1.2), ModelFit("b", 18.0, 7, 200, scaling=1.25)
    >>> round(satorra_2000(large, small, 2.4, 2.88).chisq, 4)
    6.6667
    """
    df = small.df - large.df
    scale = math.sqrt(df / trace_squared)
    return _difference((small.chisq - large.chisq) * scale + df - scale * trace, df, 1 / scale)


def difference_table(models: Sequence[ModelFit], differences: Sequence[Difference]) -> pd.DataFrame:
    """One row a model, the freest first; each model is tested against the row above it.

    Parameters
    ----------
    models : sequence of ModelFit
        By rising degrees of freedom.
    differences : sequence of Difference
        One less than models.

    Returns
    -------
    DataFrame
        model, df, aic, bic, chisq, chisq_diff, df_diff, pvalue, rmsea_diff. The RMSEA of the difference is nan for
        scaled tests; it is sqrt(groups) sqrt(max(chisq_diff / (n df_diff) - 1 / n, 0)).
    """
    rows = []
    for position, model in enumerate(models):
        left: list[float] = [math.nan] * 4
        if position:
            test = differences[position - 1]
            left = [test.chisq, test.df, test.pvalue, _rmsea(test, model)]
        rows.append((model.name, model.df, model.aic, model.bic, model.chisq, *left))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _scaled(large: ModelFit, small: ModelFit, other: float) -> Difference:
    df = small.df - large.df
    own = small.scaling if small.df else 1.0
    scaling = (small.df * own - large.df * other) / df
    chisq = (small.chisq - large.chisq) / scaling if scaling > 0 else math.nan
    return _difference(chisq, df, scaling)


def _difference(chisq: float, df: int, scaling: float) -> Difference:
    return Difference(chisq, df, float(chi2.sf(chisq, df)), scaling)


def _rmsea(test: Difference, model: ModelFit) -> float:
    if test.scaling != 1.0 or not test.df:
        return math.nan
    n = model.n_obs
    return math.sqrt(max(test.chisq / (n * test.df) - 1 / n, 0.0)) * math.sqrt(model.groups)
