"""`cx.pool`: the results of completed data sets as one, by Rubin's rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cxlab.analyses.pool_result import Pooled
from cxlab.analyses.regression_result import Regression
from cxlab.analyses.sem_result import SemFit
from cxlab.analyses.unpack import check_level
from cxlab.errors import DataError, ModelError, Notice
from cxlab.evaluate.rubin import Combined, rubin

_SEM_KEYS = ["lhs", "op", "rhs", "label", "group"]
_NAMES = {"estimate": ("estimate", "est", "b"), "se": ("se", "std_error", "std.error")}
_NUMBERS = [
    "estimate", "se", "df", "statistic", "pvalue", "ci_lower", "ci_upper", "within", "between", "riv", "lambda", "fmi",
    "relative_efficiency",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Part:
    """One data set's estimates: what they are of, how large, how sure; `std` and `df` where there are any."""

    keys: pd.DataFrame
    estimate: np.ndarray
    se: np.ndarray
    df: float
    std: np.ndarray | None = None
    n: int | None = None


def pool(
    fits: Iterable[SemFit | Regression | pd.DataFrame], *, level: float = 0.95, df_complete: float | None = None
) -> Pooled:
    """Rubin's rules: one estimate, standard error and interval from the same analysis of m completed data sets.

    When to use it: after `impute` and an analysis of every completed survey. Never average p-values, and never report
    one completed data set.

    Parameters
    ----------
    fits : iterable of SemFit, Regression or DataFrame
        Results of the same model. A DataFrame needs ``estimate`` and ``se``; its other columns (or its index) say what
        the rows are. Fits that did not converge are left out, and counted.
    level : float
        Confidence level.
    df_complete : float, optional
        Degrees of freedom of the analysis without missing answers. Default: those of the regression's residuals;
        infinite for `cx.sem`, whose tests are z tests.

    Returns
    -------
    Pooled
        ``.table``: what the row is (term; or lhs, op, rhs, label, group), estimate, se, df, statistic, pvalue,
        ci_lower, ci_upper, within, between, riv (relative increase of variance), lambda, fmi (fraction of missing
        information), relative_efficiency; for `cx.sem` also std_all, the mean of the standardised estimates.

    Raises
    ------
    DataError
        Fewer than two results that can be used, a table without estimate and se, a level outside 0 to 1.
    ModelError
        Results of different models or of different kinds.

    Notes
    -----
    T = W + (1 + 1/m) B (Rubin, 1987), degrees of freedom of Barnard and Rubin (1999). Equals
    ``summary(mice::pool(fits), type = "all")``. Chi-square and fit measures are not pooled: report their range, or use
    ``missing="fiml"``.

    Examples
    --------
    >>> one = pd.DataFrame({"term": ["image"], "estimate": [0.50], "se": [0.10]})
    >>> two = pd.DataFrame({"term": ["image"], "estimate": [0.60], "se": [0.12]})
    >>> pool([one, two]).table[["term", "estimate", "se", "fmi"]].round(3).to_numpy().tolist()
    [['image', 0.55, 0.14, 0.506]]
    """
    check_level(level)
    given = _listed(fits)
    kept, notices = _solved(given)
    parts = [_part(fit) for fit in kept]
    first = parts[0]
    if any(not part.keys.equals(first.keys) for part in parts):
        raise ModelError("missing.pool_differs")
    df = first.df if df_complete is None else _positive(df_complete)
    combined = rubin(np.array([p.estimate for p in parts]), np.array([p.se for p in parts]) ** 2, df)
    table = _table(first.keys, combined, level)
    if first.std is not None:
        table["std_all"] = np.mean([np.asarray(part.std) for part in parts], axis=0)
    return Pooled(
        table=table,
        warnings=(*notices, *_enough(combined, len(parts))),
        m=len(parts),
        m_given=len(given),
        n_obs=first.n,
        level=float(level),
        kind="sem" if "lhs" in table else "terms",
        labels=_labels(kept[0]),
        simulated=bool(getattr(kept[0], "simulated", False)),
    )


def _listed(fits: Any) -> list[Any]:
    if isinstance(fits, SemFit | Regression | pd.DataFrame) or not isinstance(fits, Iterable):
        raise DataError("missing.pool_one", kind=type(fits).__name__)
    given = list(fits)
    kinds = {type(fit).__name__ for fit in given}
    known = all(isinstance(fit, SemFit | Regression | pd.DataFrame) for fit in given)
    if not known or len(kinds) > 1:
        raise ModelError("missing.pool_kinds", kinds=", ".join(sorted(kinds)))
    return given


def _solved(given: list[Any]) -> tuple[list[Any], list[Notice]]:
    """The results that can be used, and what must be said of the others."""
    kept = [fit for fit in given if getattr(fit, "converged", True)]
    if len(kept) < 2:
        raise DataError("missing.pool_few", usable=len(kept), given=len(given))
    lost, improper = len(given) - len(kept), sum(not getattr(fit, "admissible", True) for fit in kept)
    notices = [Notice("missing.pool_lost", {"lost": lost, "given": len(given)}, serious=True)] if lost else []
    if improper:
        notices.append(Notice("missing.pool_improper", {"count": improper, "m": len(kept)}, serious=True))
    return kept, notices


def _part(fit: SemFit | Regression | pd.DataFrame) -> Part:
    if isinstance(fit, SemFit):
        rows = fit.estimates
        std = rows["std_all"].to_numpy(dtype=float)
        return Part(rows[_SEM_KEYS], *_arrays(rows["est"], rows["se"]), np.inf, std, fit.n_obs)
    if isinstance(fit, Regression):
        rows = fit.table
        return Part(rows[["term"]], *_arrays(rows["b"], rows["se"]), float(fit.fit["df_resid"]), n=int(fit.fit["n"]))
    found = {name: next((one for one in known if one in fit), None) for name, known in _NAMES.items()}
    if None in found.values():
        raise DataError("missing.pool_columns", known=", ".join(map(str, fit.columns)))
    keys = fit[[name for name in fit if fit[name].dtype.kind not in "fc" and name not in found.values()]]
    if keys.empty or not len(keys.columns):
        keys = pd.DataFrame({"term": fit.index.astype(str)})
    return Part(keys.reset_index(drop=True), *_arrays(fit[found["estimate"]], fit[found["se"]]), np.inf)


def _arrays(estimate: pd.Series, se: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    return estimate.to_numpy(dtype=float), se.fillna(0.0).to_numpy(dtype=float)


def _positive(df: float) -> float:
    if isinstance(df, bool) or not float(df) > 0:
        raise DataError("missing.df_complete", value=df)
    return float(df)


def _table(keys: pd.DataFrame, combined: Combined, level: float) -> pd.DataFrame:
    """The pooled numbers; a parameter that was fixed everywhere has no test."""
    free = combined.se > 0
    statistic, pvalue = combined.test()
    low, high = combined.interval(level)
    held = {
        "estimate": combined.estimate, "se": combined.se, "df": combined.df, "statistic": statistic, "pvalue": pvalue,
        "ci_lower": low, "ci_upper": high, "within": combined.within, "between": combined.between,
        "riv": combined.riv, "lambda": combined.share, "fmi": combined.fmi, "relative_efficiency": combined.efficiency,
    }  # fmt: skip
    always = ("estimate", "se", "ci_lower", "ci_upper")
    numbers = {name: values if name in always else np.where(free, values, np.nan) for name, values in held.items()}
    for name in ("ci_lower", "ci_upper"):
        numbers[name] = np.where(free, numbers[name], combined.estimate)
    return pd.concat([keys.reset_index(drop=True), pd.DataFrame(numbers, columns=_NUMBERS)], axis=1)


def _enough(combined: Combined, m: int) -> list[Notice]:
    """More imputations where a fraction of missing information asks for them."""
    most = float(np.max(combined.fmi, initial=0.0))
    needed = int(np.ceil(100 * most))
    return [Notice("missing.pool_more", {"m": m, "needed": needed, "percent": needed})] if m < needed else []


def _labels(fit: Any) -> Mapping[str, Mapping[str, str]]:
    return dict(getattr(fit, "labels", {}))
