"""Research shopping: who looked in one channel and bought in another, as weighted shares with intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from cxlab.analyses.unpack import check_names, complete_rows
from cxlab.analyses.weights import Weights, survey_weights
from cxlab.errors import DataError, Notice
from cxlab.journey.cluster import effective_wilson
from cxlab.survey.survey import Survey

_FEW = 5


@dataclass(frozen=True, eq=False)
class Shares:
    """The table of pairs, the share of research shoppers, and the most common switch against the next.

    Attributes
    ----------
    table : DataFrame
        searched, bought, kind, n, share, ci_lower, ci_upper, row_share, row_lower, row_upper.
    shoppers : Series
        share, se, ci_lower, ci_upper, n of those who bought elsewhere than they searched.
    first : Series or None
        searched, bought, share, next_searched, next_bought, difference, se, ci_lower, ci_upper, pvalue, verdict.
    """

    table: pd.DataFrame
    shoppers: pd.Series
    first: pd.Series | None
    notices: tuple[Notice, ...]


def research_shopping(survey: Survey, searched: str, bought: str, weights: Weights | None, level: float) -> Shares:
    """Shares of each pair of channels, of all and of those who searched there.

    Variances by linearisation, n/(n - 1) Σ (w/W)² (y - share)², as ``survey::svymean``; Wilson's interval on the
    effective number share (1 - share) / se².
    """
    found = check_names(survey.frame, [searched, bought])
    frame, dropped = complete_rows(survey.frame[list(found.values())].set_axis(["searched", "bought"], axis=1))
    if len(frame) < 2:
        raise DataError("carry_over.no_pairs", searched=searched, bought=bought)
    given, told = survey_weights(survey, weights, frame.index)
    w = np.ones(len(frame)) if given is None else given
    names = frame.astype(object).map(_name)
    if names.nunique().max() > 30:
        raise DataError("carry_over.not_channels", column=searched if names["searched"].nunique() > 30 else bought)
    first, second = names["searched"].to_numpy(), names["bought"].to_numpy()
    switch = first != second
    table = _pairs(first, second, w, level)
    shoppers = _interval(switch.astype(float), w, level)
    notices = [*dropped, *told]
    small = int((table["n"] < _FEW).sum())
    if small:
        notices.append(Notice("carry_over.few_in_cell", {"count": small, "few": _FEW}))
    if not set(first) & set(second):
        notices.append(Notice("carry_over.no_common", {"searched": searched, "bought": bought}, serious=True))
    return Shares(table, shoppers, _most_common(table, first, second, w, level), tuple(notices))


def _name(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value).strip()


def _pairs(
    first: NDArray[np.object_], second: NDArray[np.object_], w: NDArray[np.float64], level: float
) -> pd.DataFrame:
    rows = []
    for one in _order(first):
        here = first == one
        for two in _order(np.concatenate([second, first])):
            both = here & (second == two)
            all_of, of_row = (
                _interval(both.astype(float), w, level),
                _interval((second[here] == two).astype(float), w[here], level),
            )
            rows.append(
                {"searched": one, "bought": two, "kind": "same" if one == two else "switch", "n": int(both.sum())}
                | {name: all_of[name] for name in ("share", "se", "ci_lower", "ci_upper")}
                | {f"row_{name.removeprefix('ci_')}": of_row[name] for name in ("share", "ci_lower", "ci_upper")}
            )
    return pd.DataFrame(rows)


def _order(values: NDArray[np.object_]) -> list[str]:
    """Channels by how many name them."""
    names, counts = np.unique(values.astype(str), return_counts=True)
    return [str(names[k]) for k in np.lexsort((names, -counts))]


def _interval(y: NDArray[np.float64], w: NDArray[np.float64], level: float) -> pd.Series:
    n = np.count_nonzero(w)
    if n == 0:
        return pd.Series({"share": np.nan, "se": np.nan, "ci_lower": np.nan, "ci_upper": np.nan, "n": 0})
    share = float(np.clip(w @ y / w.sum(), 0, 1))
    se = float(np.sqrt(n / (n - 1) * np.sum((w / w.sum() * (y - share)) ** 2))) if n > 1 else np.nan
    size = w.sum() ** 2 / (w**2).sum()
    low, high = effective_wilson(np.array([share]), np.array([se]), np.array([n]), np.array([size]), level)
    return pd.Series({"share": share, "se": se, "ci_lower": low[0], "ci_upper": high[0], "n": n})


def _most_common(
    table: pd.DataFrame, first: NDArray[np.object_], second: NDArray[np.object_], w: NDArray[np.float64], level: float
) -> pd.Series | None:
    """The switch with the largest share, and by how much it leads the next."""
    switches = table[(table["kind"] == "switch") & (table["n"] > 0)].sort_values(
        "share", ascending=False, kind="stable"
    )
    if len(switches) < 2:
        return None
    lead, after = switches.iloc[0], switches.iloc[1]
    score = ((first == lead["searched"]) & (second == lead["bought"])).astype(float)
    score -= ((first == after["searched"]) & (second == after["bought"])).astype(float)
    n, difference = np.count_nonzero(w), float(w @ score / w.sum())
    se = float(np.sqrt(n / (n - 1) * np.sum((w / w.sum() * (score - difference)) ** 2)))
    reach = float(ndtri(0.5 + level / 2)) * se
    return pd.Series(
        {
            "searched": lead["searched"],
            "bought": lead["bought"],
            "share": lead["share"],
            "next_searched": after["searched"],
            "next_bought": after["bought"],
            "difference": difference,
            "se": se,
            "ci_lower": difference - reach,
            "ci_upper": difference + reach,
            "pvalue": float(2 * ndtr(-abs(difference / se))) if se > 0 else np.nan,
            "verdict": "clear" if difference - reach > 0 else "tied",
        }
    )
