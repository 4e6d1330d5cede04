"""Moderation by regression: simple slopes, and where along the moderator an effect holds (Johnson-Neyman)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from cxlab.analyses.moderation_result import Moderation
from cxlab.analyses.regression import Covariance, regress
from cxlab.analyses.regression_data import Variables, level_text, variables, weighed
from cxlab.analyses.regression_design import INTERCEPT
from cxlab.analyses.regression_formula import parse_formula, quoted_name
from cxlab.analyses.regression_result import Regression
from cxlab.analyses.spoken import Spoken
from cxlab.analyses.weights import Weights
from cxlab.codebook.text import nfc
from cxlab.errors import DataError, Notice
from cxlab.evaluate.wald import wald_f
from cxlab.i18n import LANGUAGES
from cxlab.survey.survey import Survey, as_survey

Array = NDArray[np.float64]
_LEVELS, _GRID = np.array([-1.0, 0.0, 1.0]), 101
_REGION = ["lower", "upper", "sign", "significant", "share"]


def moderation(
    outcome: str,
    cause: str,
    moderator: str,
    data: Survey | pd.DataFrame,
    *,
    covariates: Sequence[str] = (),
    values: Sequence[float] | None = None,
    cov_type: Covariance = "HC3",
    weights: Weights | None = None,
    level: float = 0.95,
) -> Moderation:
    """Does the effect of a cause depend on a moderator, at which values, and for how many respondents?

    When to use it: observed scores and a product of two of them. For latent variables take products in `cx.pls`.

    Parameters
    ----------
    outcome, cause : str
        Columns or constructs of numbers.
    moderator : str
        A column or construct of numbers, or a category.
    data : Survey or DataFrame
        One row a respondent. Rows with a missing answer are left out, and counted.
    covariates : sequence of str
        Columns or constructs that enter besides.
    values : sequence of float, optional
        Values of a numeric moderator at which slopes are given; by default its mean and one SD to either side, or its
        values if it has two only. A category's slopes are given at each of its levels.
    cov_type : {"HC3", "HC2", "HC1", "HC0", "nonrobust"}
        Kind of standard errors.
    weights : str or sequence of float, optional
        Survey weights: a column, or one number a row.
    level : float
        Between 0 and 1.

    Returns
    -------
    Moderation
        ``.table``: the regression's term b se t pvalue ci_lower ci_upper beta vif, numbers centred at their means.
        ``.slopes``: value slope se t pvalue ci_lower ci_upper (`value` a category's level as text). ``.region``: lower
        upper sign significant share, from the lowest value observed to the highest; empty for categories, for a number
        with two values, and where the outcome is reproduced exactly. ``.band``: the slopes at 101 values between them.
        ``.test``: f df1 df2 pvalue of the product.

    Raises
    ------
    DataError
        Unknown or repeated names, a category as cause, `values` for a category, constant or collinear columns.

    Notes
    -----
    Slope at m: b_cause + b_product (m - mean), variance from the coefficients' covariances. The region's ends are where
    slope squared is t squared times variance (Johnson & Fay, 1950); each value is judged for itself, not all together.
    R: ``interactions::sim_slopes``, ``interactions::johnson_neyman``; SPSS: PROCESS model 1.

    Examples
    --------
    >>> import cxlab as cx
    >>> found = cx.moderation("loyalty", "satisfaction", "image", cx.load_dataset("ecsi_mobile"))
    >>> len(found.slopes), found.region.columns.tolist()
    (3, ['lower', 'upper', 'sign', 'significant', 'share'])
    """
    named = _named(outcome, cause, moderator, covariates)
    used, sampling = _used(named, data, weights)
    numeric = named[2] in used.numeric
    if named[1] not in used.numeric:
        raise DataError("moderation.category_cause", name=named[1])
    if values is not None and not numeric:
        raise DataError("moderation.values_of_category", name=named[2])
    fitted = regress(_text(named, used), data, cov_type=cov_type, weights=weights, level=level)
    observed = used.numeric[named[2]].to_numpy() if numeric else np.empty(0)
    middle = float(np.average(observed, weights=sampling)) if numeric else 0.0
    slope = _Slope(fitted, f"center({quoted_name(named[1])})", named[1], named[2], middle, numeric)
    slopes = slope.at(_chosen(observed, middle, values, sampling)) if numeric else slope.of_levels(used)
    between = len(np.unique(observed)) > 2 and bool(np.isfinite(fitted.covariance.to_numpy()).all())
    edges = np.linspace(observed.min(), observed.max(), _GRID) if between else np.empty(0)
    region = slope.region(observed, sampling) if between else pd.DataFrame(columns=_REGION)
    return Moderation(
        table=fitted.table,
        fit=fitted.fit,
        slopes=slopes,
        region=region,
        band=slope.at(edges) if between else slopes.iloc[:0],
        test=slope.test(),
        lines=_lines(fitted, slope, slopes, used.numeric[named[1]], sampling),
        warnings=(*_of_regression(fitted), *_notices(slopes, observed, numeric, slope.test())),
        outcome=named[0],
        cause=named[1],
        moderator=named[2],
        numeric=numeric,
        cov_type=cov_type,
        level=level,
        labels={**fitted.labels, **_own_labels(fitted, named, used, data)},
    )


def _named(outcome: str, cause: str, moderator: str, covariates: Sequence[str]) -> list[str]:
    listed = [covariates] if isinstance(covariates, str) else list(covariates)
    named = [outcome, cause, moderator, *listed]
    if any(not isinstance(name, str) for name in named):
        raise DataError("moderation.not_names")
    named = [nfc(name) for name in named]
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        raise DataError("drivers.named_twice", names=", ".join(twice))
    return named


def _used(
    named: list[str], data: Survey | pd.DataFrame, weights: Weights | None
) -> tuple[Variables, NDArray[np.float64] | None]:
    """The rows and their weights, as `regress` will take them."""
    survey = as_survey(data)
    formula = parse_formula(f"{quoted_name(named[0])} ~ " + " + ".join(map(quoted_name, named[1:])))
    used = variables(survey, formula, guessed=isinstance(data, pd.DataFrame))
    return weighed(survey, used, weights)[:2]


def _text(named: list[str], used: Variables) -> str:
    """Numbers centred, so that the other coefficients hold at their means."""
    parts = [f"center({quoted_name(name)})" if name in used.numeric else quoted_name(name) for name in named[1:]]
    return f"{quoted_name(named[0])} ~ " + " + ".join([f"{parts[0]}*{parts[1]}", *parts[2:]])


def _chosen(observed: Array, middle: float, values: Sequence[float] | None, sampling: Array | None) -> Array:
    if values is not None:
        return _given(values)
    found, n = np.unique(observed), len(observed)
    if len(found) == 2:
        return found
    variance = float(np.average((observed - middle) ** 2, weights=sampling)) * n / (n - 1)
    return middle + _LEVELS * np.sqrt(variance)


def _given(values: Sequence[float]) -> Array:
    listed = [values] if isinstance(values, str) or not isinstance(values, Iterable) else list(values)
    try:
        given = np.asarray([float(value) for value in listed if not isinstance(value, str)])
    except (TypeError, ValueError):
        given = np.empty(0)
    if not listed or len(given) < len(listed) or not np.isfinite(given).all():
        raise DataError("moderation.values_numbers", values=", ".join(map(str, listed)) or "–")
    return given


@dataclass(frozen=True, eq=False)
class _Slope:
    """The cause's slope as a function of the moderator: coefficients, their covariance, where they stand."""

    fitted: Regression
    term: str
    cause: str
    moderator: str
    middle: float
    numeric: bool

    @property
    def own(self) -> str:
        return f"center({self.cause})"

    @property
    def products(self) -> list[str]:
        first, last = f"{self.own}:", f":{self.own}"
        return [name for name in self.fitted.table["term"] if name.startswith(first) or name.endswith(last)]

    def _numbers(self, contrasts: Array, values: Sequence[Any]) -> pd.DataFrame:
        """Slopes by contrasts (k, 1 + products)."""
        names = [self.own, *self.products]
        b = self.fitted.table.set_index("term")["b"][names].to_numpy()
        cov = self.fitted.covariance.loc[names, names].to_numpy()
        slope = contrasts @ b
        se = np.sqrt(np.einsum("ij,jk,ik->i", contrasts, cov, contrasts))
        df = float(self.fitted.fit["df_resid"])
        t, reach = slope / se, stats.t.ppf((1 + self.fitted.level) / 2, df) * se
        ends = {"ci_lower": slope - reach, "ci_upper": slope + reach}
        return pd.DataFrame(
            {"value": list(values), "slope": slope, "se": se, "t": t, "pvalue": 2 * stats.t.sf(np.abs(t), df), **ends}
        )

    def at(self, values: Array) -> pd.DataFrame:
        """At values of a number."""
        return self._numbers(np.column_stack([np.ones(len(values)), values - self.middle]), values.tolist())

    def of_levels(self, used: Variables) -> pd.DataFrame:
        """At each level of a category, the reference first."""
        levels = [level_text(level) for level in used.categories[self.moderator].cat.categories]
        ends = [f"{self.moderator}[{level}]" for level in levels]
        rows = [[1.0, *(float(end in product) for product in self.products)] for end in ends]
        return self._numbers(np.array(rows), levels)

    def test(self) -> pd.Series:
        """Whether the product is needed at all."""
        names = self.products
        b = self.fitted.table.set_index("term")["b"][names].to_numpy()
        df = float(self.fitted.fit["df_resid"])
        f, p = wald_f(b, self.fitted.covariance.loc[names, names].to_numpy(), df)
        return pd.Series({"f": f, "df1": len(names), "df2": df, "pvalue": p})

    def region(self, observed: Array, sampling: Array | None) -> pd.DataFrame:
        """Stretches of the observed range in which the slope is, or is not, told from zero."""
        (one, product), cov = self._pair()
        t2 = stats.t.ppf((1 + self.fitted.level) / 2, float(self.fitted.fit["df_resid"])) ** 2
        roots = np.roots([product**2 - t2 * cov[1, 1], 2 * (one * product - t2 * cov[0, 1]), one**2 - t2 * cov[0, 0]])
        real = np.sort(roots[np.abs(roots.imag) <= 1e-9 * np.abs(roots)].real) + self.middle
        low, high = observed.min(), observed.max()
        edges = np.array([low, *real[(real > low) & (real < high)], high])
        inside = self.at((edges[:-1] + edges[1:]) / 2)
        counted = np.ones(len(observed)) if sampling is None else sampling
        place = np.clip(np.searchsorted(edges, observed, side="right") - 1, 0, len(edges) - 2)
        share = np.bincount(place, weights=counted, minlength=len(edges) - 1) / counted.sum()
        found = {"sign": np.sign(inside["slope"]).astype(int), "significant": inside["pvalue"] < 1 - self.fitted.level}
        return pd.DataFrame({"lower": edges[:-1], "upper": edges[1:], **found, "share": share})

    def _pair(self) -> tuple[Array, Array]:
        names = [self.own, *self.products]
        b = self.fitted.table.set_index("term")["b"][names].to_numpy()
        return b, self.fitted.covariance.loc[names, names].to_numpy()


def _lines(
    fitted: Regression, slope: _Slope, slopes: pd.DataFrame, cause: pd.Series, sampling: Array | None
) -> pd.DataFrame:
    """What is expected of the outcome over the cause: value, x, y; other numbers at their means."""
    b = fitted.table.set_index("term")["b"]
    ends = np.array([cause.min(), cause.max()])
    middle = float(np.average(cause, weights=sampling))
    parts = []
    for row in slopes.itertuples():
        other = f"center({slope.moderator})" if slope.numeric else f"{slope.moderator}[{row.value}]"
        shift = float(b.get(other, 0.0)) * (row.value - slope.middle if slope.numeric else 1.0)
        y = float(b[INTERCEPT]) + shift + row.slope * (ends - middle)
        parts.append(pd.DataFrame({"value": row.value, "x": ends, "y": y}))
    return pd.concat(parts, ignore_index=True)


def _of_regression(fitted: Regression) -> list[Notice]:
    """What the regression has to say, but for its standardised coefficients, which are not shown here."""
    return [notice for notice in fitted.warnings if notice.key != "analyses.beta_of_products"]


def _notices(slopes: pd.DataFrame, observed: Array, numeric: bool, test: pd.Series) -> list[Notice]:
    found = [Notice("moderation.product_not_told")] if test["pvalue"] >= 0.05 else []
    if numeric:
        outside = slopes.loc[(slopes["value"] < observed.min()) | (slopes["value"] > observed.max()), "value"]
        if len(outside):
            ends = {"low": Spoken((observed.min(),)), "high": Spoken((observed.max(),))}
            found.append(Notice("moderation.outside", {"values": Spoken(tuple(outside)), **ends}, serious=True))
    return found


def _own_labels(fitted: Regression, named: list[str], used: Variables, data: Survey | pd.DataFrame) -> dict[str, Any]:
    """The variables by their own names, as they stand in the regression's labels."""
    terms = {name: f"center({name})" if name in used.numeric else name for name in named[1:3]}
    labels = fitted.labels
    found = {name: labels[term] for name, term in terms.items() if term in labels}
    if named[2] not in used.numeric:
        item = as_survey(data).codebook.items.get(named[2])
        for level in used.categories[named[2]].cat.categories:
            words = item.labels.get(level) if item is not None else None
            found[level_text(level)] = words or {lang: level_text(level) for lang in LANGUAGES}
    return found
