"""`cx.missing_data`: who left which questions open, whether that looks like chance, and what may be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from cxlab.analyses.items import chosen_items
from cxlab.analyses.missing_data_predictors import predictor_table
from cxlab.analyses.missing_data_result import MissingData
from cxlab.analyses.unpack import check_names, numeric_columns, outside_scale, source_notices
from cxlab.errors import DataError, Notice
from cxlab.evaluate.mcar import Little, little
from cxlab.survey.survey import Survey, as_survey

# Below so many rows a pattern's mean says little, and the chi-square distribution of Little's test is a rough guess.
_THIN = 5


def missing_data(
    data: Survey | pd.DataFrame,
    items: Sequence[str] | None = None,
    *,
    predictors: Sequence[str] | None = None,
    min_share: float = 0.05,
) -> MissingData:
    """Missing answers: how many, in which patterns, whether by chance, and what to do about them.

    When to use it: before the first model, and for the paragraph on missing data that reviewers ask for. No test can
    show that answers are missing at random: the figures here can speak against chance, never for it.

    Parameters
    ----------
    data : Survey or DataFrame
        One row a respondent.
    items : sequence of str, optional
        Columns to look at; by default the codebook's items, or the numeric columns of a DataFrame.
    predictors : sequence of str, optional
        Variables that may go with a gap: numbers, or categories. Default: the items themselves and the codebook's
        group columns. Name background variables here.
    min_share : float
        Items with at least this share of missing answers (and five answers of either kind) are related to the
        predictors, one at a time.

    Returns
    -------
    MissingData
        ``.table``: pattern (1 answered, 0 missing, in the order of `items`), count, share, n_missing, missing (items).
        ``.items``: item, n, n_missing, share. ``.persons``: n_missing (gaps in a row), count, share.
        ``.coverage``: share of rows with both items of a pair. ``.mcar``: Little's test with statistic, df, pvalue,
        patterns, rows, reason. ``.predictors``: item, predictor, n, odds_ratio (per standard deviation), ci_lower,
        ci_upper, pvalue (likelihood ratio), p_holm, reason. ``.hints``: predictors that survive Holm's correction.
        ``.reading(lang)``: what may be assumed and what to do next. ``.plot()``: items by patterns.

    Raises
    ------
    DataError
        Unknown columns, text in an item, no rows, all items empty, a share outside 0 to 1.

    Notes
    -----
    Little (1988); equals R's ``naniar::mcar_test``. Odds ratios equal ``glm(is.na(item) ~ scale(x), binomial)``.

    Examples
    --------
    >>> answers = pd.DataFrame({"sat1": [4, 5, None, 3, 4, 2, 5, 1], "giá": [2, 3, 4, 4, None, 1, 5, 2]})
    >>> found = missing_data(answers)
    >>> found.table[["pattern", "count"]].to_numpy().tolist()
    [['11', 6], ['01', 1], ['10', 1]]
    >>> found.mcar.df
    2.0
    """
    if isinstance(min_share, bool) or not 0 <= float(min_share) <= 1:
        raise DataError("missing.share_outside", value=min_share)
    survey = as_survey(data)
    names, notices = chosen_items(survey, items, guessed=isinstance(data, pd.DataFrame))
    frame, empty, told = item_frame(survey, names)
    flat = [name for name in frame if name not in empty and frame[name].nunique() < 2]
    used = [name for name in frame if name not in empty and name not in flat]
    test = little(frame[used].to_numpy()) if used else Little(reason="one_item")
    table, items_table = _patterns(frame), _items(frame)
    wanted = list(items_table.loc[items_table["share"] >= min_share, "item"])
    related = predictor_table(survey, frame, [name for name in wanted if name not in empty], predictors)
    return MissingData(
        table=table,
        items=items_table,
        persons=_persons(frame),
        coverage=_coverage(frame),
        mcar=test,
        predictors=related,
        warnings=(
            *notices,
            *told,
            *_left_out(empty, flat),
            *_test_notice(test, used, table),
            *source_notices(survey),
            *outside_scale(survey, names),
        ),
        n=len(frame),
        n_complete=int(frame.notna().all(axis=1).sum()),
        min_share=float(min_share),
        labels=item_labels(survey, [*frame, *related["predictor"]]),
        simulated=survey.simulated,
    )


def item_frame(survey: Survey, names: Sequence[str]) -> tuple[pd.DataFrame, list[str], list[Notice]]:
    """The items as floats, gaps kept; those nobody answered stand as columns of nan and are named."""
    wanted = check_names(survey.frame, names)
    if survey.frame.empty:
        raise DataError("analyses.no_rows")
    empty = [name for name, column in wanted.items() if survey.frame[column].isna().all()]
    rest = [name for name in wanted if name not in empty]
    if not rest:
        raise DataError("missing.all_empty", columns=", ".join(empty))
    frame, told = numeric_columns(survey, rest, complete=False, constant="allow", min_rows=1)
    return frame.reindex(columns=list(wanted)), empty, list(told)


def item_labels(survey: Survey, names: Sequence[str]) -> dict[str, Mapping[str, str]]:
    """The codebook's words for these columns."""
    known = survey.codebook.items
    return {name: known[name].label for name in names if name in known and known[name].label}


def _patterns(frame: pd.DataFrame) -> pd.DataFrame:
    there = frame.notna().to_numpy()
    kinds, count = np.unique(there, axis=0, return_counts=True)
    order = sorted(range(len(kinds)), key=lambda kind: (-count[kind], (~kinds[kind]).sum(), kind))
    rows: list[dict[str, Any]] = [
        {
            "pattern": "".join("1" if one else "0" for one in kinds[kind]),
            "count": int(count[kind]),
            "share": count[kind] / len(frame),
            "n_missing": int((~kinds[kind]).sum()),
            "missing": ", ".join(name for name, one in zip(frame, kinds[kind], strict=True) if not one),
        }
        for kind in order
    ]
    return pd.DataFrame(rows)


def _items(frame: pd.DataFrame) -> pd.DataFrame:
    gone = frame.isna().sum()
    table = {"item": list(frame), "n": len(frame) - gone.to_numpy(), "n_missing": gone.to_numpy()}
    return pd.DataFrame(table).assign(share=gone.to_numpy() / len(frame))


def _persons(frame: pd.DataFrame) -> pd.DataFrame:
    count = frame.isna().sum(axis=1).value_counts().sort_index()
    table = {"n_missing": count.index.to_numpy(), "count": count.to_numpy()}
    return pd.DataFrame(table).assign(share=count.to_numpy() / len(frame))


def _coverage(frame: pd.DataFrame) -> pd.DataFrame:
    there = frame.notna().to_numpy().astype(float)
    return pd.DataFrame(there.T @ there / len(frame), list(frame), list(frame))


def _left_out(empty: list[str], flat: list[str]) -> list[Notice]:
    named = {"missing.items_empty": empty, "missing.items_flat": flat}
    return [Notice(key, {"items": ", ".join(some)}, serious=True) for key, some in named.items() if some]


def _test_notice(test: Little, used: Sequence[str], table: pd.DataFrame) -> list[Notice]:
    """Why there is no test, if there is none and something is missing; or that its patterns are thin."""
    if not test.reason:
        gaps = table[table["n_missing"] > 0]
        thin = int((gaps["count"] < _THIN).sum())
        values = {"thin": thin, "patterns": len(gaps), "fewest": _THIN}
        return [Notice("missing.thin_patterns", values)] if thin > len(gaps) / 2 else []
    if test.reason == "nothing_missing":
        return []
    pair = " – ".join(used[place] for place in test.pair if place >= 0)
    why = Notice(f"missing.no_test_{test.reason}", {"rows": test.rows, "items": len(used), "pair": pair})
    return [Notice("missing.no_test", {"why": why})]
