"""What ordered and binary models share once they are estimated: the state, tables, tests of terms, what to refuse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from cxlab.analyses.choice_data import ChoiceData
from cxlab.analyses.choice_design import Recipe
from cxlab.analyses.regression_checks import PRINTED
from cxlab.errors import DataError, EstimationError, Notice
from cxlab.estimate.ordinal import CumulativeFit, cells, fit_cumulative
from cxlab.estimate.separation import separation
from cxlab.evaluate.wald import wald_f

Array = NDArray[np.float64]
Covariance = Literal["nonrobust", "robust"]
TERM_COLUMNS = ["term", "df", "lr", "lr_pvalue", "wald", "wald_pvalue", "reason"]
# Below this the information a respondent is so flat that a maximum at infinity has to be ruled out.
_FLAT = 1e-5
# Harrell's (2015) rule: so many cases of limiting sample size a coefficient.
_CASES = 10


@dataclass(frozen=True, eq=False)
class State:
    """An estimated model as a cumulative link model, for effects and predictions.

    Attributes
    ----------
    data : ChoiceData
    recipe : Recipe
    params : (J - 1 + q,) array
        Thresholds, then coefficients.
    cov : (J - 1 + q, J - 1 + q) array
    link : str
        Of the cumulative model.
    shown : tuple of int
        Codes of the answers that tables show: all, or the success.
    """

    data: ChoiceData
    recipe: Recipe
    params: Array
    cov: Array
    link: str
    shown: tuple[int, ...]

    @property
    def categories(self) -> int:
        """J, the number of answers."""
        return len(self.data.outcome.points)


def check_option(option: str, value: object, known: Any) -> None:
    """An error unless the value is one of a Literal's or mapping's."""
    names = list(known) if isinstance(known, Mapping | Sequence) else list(get_args(known))
    if value not in names:
        raise DataError("analyses.unknown_option", option=option, value=value, known=", ".join(map(str, names)))


def chosen_covariance(cov_type: str | None, data: ChoiceData) -> Covariance:
    """Robust with survey weights, else as asked; classical errors of weighted answers are refused."""
    if cov_type is not None:
        check_option("cov_type", cov_type, Covariance)
    if data.sampling is not None and cov_type == "nonrobust":
        raise DataError("choice.weights_need_robust")
    return "robust" if cov_type == "robust" or data.sampling is not None else "nonrobust"


def small_sample(data: ChoiceData) -> float:
    """n / (n - 1), by which Stata and R's survey package multiply the sandwich of a likelihood."""
    n = float(data.counts.sum())
    return n / (n - 1)


def refuse_infinite(data: ChoiceData, fit: CumulativeFit) -> None:
    """An error that names the predictors whose coefficients have no finite estimate."""
    if fit.converged and fit.information > _FLAT:
        return
    categories = len(data.outcome.points)
    size = data.x.std(axis=0)
    kind, involved = separation(cells(data.codes, (data.x - data.x.mean(axis=0)) / size, categories))
    if kind != "none":
        terms = [name for name, hit in zip(data.design.names[1:], involved[categories - 1 :], strict=True) if hit]
        raise EstimationError(f"choice.separation_{kind}", outcome=data.outcome.name, terms=", ".join(terms))
    if not fit.converged:
        raise EstimationError("choice.not_converged", formula=data.formula.text, steps=fit.iterations)


def refuse_too_few(data: ChoiceData) -> None:
    """An error if there are no more respondents than parameters."""
    parameters = len(data.outcome.points) - 1 + data.x.shape[1]
    n = int(data.counts.sum())
    if n <= parameters:
        raise DataError("choice.too_few", n=n, parameters=parameters, needed=parameters + 1)


def sample_notices(data: ChoiceData, slopes: Array) -> list[Notice]:
    """What the size of the sample, frequencies, survey weights and units mean for the reader."""
    shares = np.bincount(data.codes, data.counts)
    n = shares.sum()
    limiting = float(shares.min() if len(shares) == 2 else n - (shares**3).sum() / n**2)
    q = data.x.shape[1]
    notices = []
    if q and limiting < _CASES * q:
        values = {"cases": int(limiting), "coefficients": q, "needed": _CASES * q}
        notices.append(Notice("choice.few_cases", values, serious=True))
    if n > len(data.counts):
        notices.append(Notice("choice.cells", {"cells": len(data.counts), "n": int(n)}))
    if data.sampling is not None:
        notices.append(Notice("choice.pseudo_likelihood"))
    hidden = (np.abs(slopes) < PRINTED / 2) & (np.abs(slopes) * data.x.std(axis=0) >= 10 * PRINTED)
    if hidden.any():
        terms = ", ".join(name for name, one in zip(data.design.names[1:], hidden, strict=True) if one)
        notices.append(Notice("choice.small_coefficient", {"terms": terms}, serious=True))
    return notices


def coefficient_table(names: Sequence[str], b: Array, cov: Array, level: float, *, odds: bool) -> pd.DataFrame:
    """Coefficients with errors, z, p, interval, and odds ratios where the link gives them."""
    se = np.sqrt(np.diag(cov))
    z = b / se
    half = stats.norm.isf((1 - level) / 2) * se
    table = pd.DataFrame(
        {
            "term": list(names),
            "b": b,
            "se": se,
            "z": z,
            "pvalue": 2 * stats.norm.sf(np.abs(z)),
            "ci_lower": b - half,
            "ci_upper": b + half,
        }
    )
    with np.errstate(over="ignore"):
        for name, column in (("odds_ratio", "b"), ("or_lower", "ci_lower"), ("or_upper", "ci_upper")):
            table[name] = np.exp(table[column]) if odds else np.nan
    return table


def fit_numbers(data: ChoiceData, loglik: float, parameters: int) -> pd.Series:
    """Log-likelihood, information criteria, the test of all predictors, McFadden's and Nagelkerke's R²."""
    shares = np.bincount(data.codes, data.weights)
    null = float(shares @ np.log(shares / shares.sum()))
    n, df = float(data.counts.sum()), data.x.shape[1]
    lr = 2 * (loglik - null)
    likelihood = data.sampling is None
    explained = -np.expm1(2 * (null - loglik) / n)
    return pd.Series(
        {
            "n": n,
            "parameters": parameters,
            "log_likelihood": loglik,
            "null_log_likelihood": null,
            "deviance": -2 * loglik,
            "aic": 2 * parameters - 2 * loglik if likelihood else np.nan,
            "bic": np.log(n) * parameters - 2 * loglik if likelihood else np.nan,
            "lr": lr if likelihood else np.nan,
            "lr_df": df,
            "lr_pvalue": stats.chi2.sf(lr, df) if likelihood and df else np.nan,
            "mcfadden": 1 - loglik / null,
            "nagelkerke": explained / -np.expm1(2 * null / n),
        }
    )


def term_tests(data: ChoiceData, link: str, loglik: float, cov: Array, b: Array) -> pd.DataFrame:
    """Each term left out in turn (as R's ``drop1``): likelihood ratio by a second fit, and Wald."""
    owners = np.array(data.design.term[1:])
    rows = []
    for number, term in enumerate(data.formula.terms):
        own = owners == number
        row: dict[str, object] = {"term": ":".join(map(str, term)), "df": int(own.sum()), "reason": ""}
        names = {factor.key for factor in term}
        if any(names < {factor.key for factor in other} for other in data.formula.terms):
            rows.append(row | {"reason": "in_product"})
            continue
        wald = wald_f(b[own], cov[np.ix_(own, own)], 1)[0] * own.sum()
        row |= {"wald": wald, "wald_pvalue": stats.chi2.sf(wald, own.sum())}
        if data.sampling is None:
            lr = max(0.0, 2 * (loglik - _without(data, ~own, link)))
            row |= {"lr": lr, "lr_pvalue": stats.chi2.sf(lr, own.sum())}
        else:
            row["reason"] = "weighted"
        rows.append(row)
    return pd.DataFrame(rows, columns=TERM_COLUMNS)


def _without(data: ChoiceData, kept: NDArray[np.bool_], link: str) -> float:
    fit = fit_cumulative(data.codes, data.x[:, kept], len(data.outcome.points), link, counts=data.counts)
    return fit.loglik
