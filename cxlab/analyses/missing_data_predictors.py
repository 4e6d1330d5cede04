"""Which variables go with a gap: a logistic regression of being missing on each, one at a time."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import chi2, norm

from cxlab.analyses.unpack import check_names, is_numeric, is_private, numeric_columns
from cxlab.errors import DataError
from cxlab.survey.survey import Survey

PREDICTOR_COLUMNS = ["item", "predictor", "n", "odds_ratio", "ci_lower", "ci_upper", "pvalue", "p_holm", "reason"]
# Fewest missing and fewest given answers for a logistic regression to say anything.
_FEWEST = 5
_MOST_LEVELS = 20
# A standardised coefficient beyond this is one that runs to infinity: a group in which all (or none) are missing.
_ENDLESS = 15.0


def predictor_table(
    survey: Survey, items: pd.DataFrame, wanted: Sequence[str], predictors: Sequence[str] | None
) -> pd.DataFrame:
    """One row an item and predictor, smallest p first; see `cxlab.missing_data` for the columns."""
    if predictors is None:
        known = survey.codebook.items
        groups = [str(name) for name in survey.frame if name in known and known[name].role == "group"]
        predictors = [*items, *(name for name in groups if name not in items)]
    columns = {name: items[name] for name in predictors if name in items}
    columns |= explaining_columns(survey, [name for name in predictors if name not in items])
    rows = []
    for item in wanted:
        others = [(name, column) for name, column in columns.items() if name != item]
        found = ((name, _relation(items[item].isna(), column)) for name, column in others)
        rows += [{"item": item, "predictor": name} | row for name, row in found if row is not None]
    table = pd.DataFrame(rows, columns=PREDICTOR_COLUMNS)
    table["p_holm"] = _holm(table["pvalue"].to_numpy(dtype=float))
    return table.sort_values("pvalue", kind="stable", ignore_index=True)


def explaining_columns(survey: Survey, names: Sequence[str]) -> dict[str, pd.Series]:
    """Columns that help to explain gaps: numbers as floats, everything else, and the codebook's groups, as categories.

    Raises
    ------
    DataError
        Unknown columns, personal data, too many categories.
    """
    found = {}
    for name, column in (check_names(survey.frame, names) if len(names) else {}).items():
        values = survey.frame[column]
        grouped = name in survey.codebook.items and survey.codebook.items[name].role == "group"
        if is_numeric(values) and not grouped and values.notna().any():
            found[name] = numeric_columns(survey, [name], complete=False, constant="allow", min_rows=1)[0][name]
            continue
        if is_private(survey, name) or values.nunique() > _MOST_LEVELS:
            raise DataError("missing.predictor_levels", column=name, levels=values.nunique(), most=_MOST_LEVELS)
        found[name] = values.astype("category")
    return found


def _relation(gone: pd.Series, predictor: pd.Series) -> dict[str, Any] | None:
    """Odds ratio and likelihood ratio test of one predictor; None where one side has too few rows or no spread."""
    keep = predictor.notna()
    y, x = gone[keep].to_numpy(dtype=float), predictor[keep]
    if min(y.sum(), len(y) - y.sum()) < _FEWEST or x.nunique() < 2:
        return None
    number = x.dtype.kind == "f"
    if number:
        design = ((x - x.mean()) / x.std(ddof=1)).to_numpy()[:, None]
    else:
        design = pd.get_dummies(x.cat.remove_unused_categories(), drop_first=True).to_numpy(dtype=float)
    b, se, gain = _logit(y, design)
    row: dict[str, Any] = {"n": len(y), "pvalue": float(chi2.sf(max(gain, 0.0), design.shape[1])), "reason": ""}
    if not number:
        return row | {"reason": "category"}
    if not abs(b) < _ENDLESS:
        return row | {"reason": "separated"}
    half = norm.ppf(0.975) * se
    return row | {"odds_ratio": np.exp(b), "ci_lower": np.exp(b - half), "ci_upper": np.exp(b + half)}


def _logit(y: np.ndarray, design: np.ndarray) -> tuple[float, float, float]:
    """First slope, its standard error, and by how much the deviance falls."""
    import statsmodels.api as sm

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # perfect separation is reported as such
        fit = sm.GLM(y, np.column_stack([np.ones(len(y)), design]), family=sm.families.Binomial()).fit(tol=1e-12)
    share = y.mean()
    null = -2 * len(y) * (share * np.log(share) + (1 - share) * np.log1p(-share))
    return float(fit.params[1]), float(fit.bse[1]), float(null - fit.deviance)


def _holm(pvalues: np.ndarray) -> np.ndarray:
    """Holm's adjusted p-values, in the order given."""
    if not len(pvalues):
        return pvalues
    from statsmodels.stats.multitest import multipletests

    return np.asarray(multipletests(pvalues, method="holm")[1])
