"""How consistently the items of a scale measure one thing: Cronbach's alpha with its interval, and each item's part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import numpy as np
import pandas as pd

from cxlab.analyses.reliability_result import Reliability
from cxlab.analyses.unpack import check_level, numeric_columns, source_notices
from cxlab.codebook import Construct
from cxlab.codebook.text import nfc
from cxlab.errors import DataError, Notice
from cxlab.evaluate import reliability as numbers
from cxlab.survey.survey import Survey, as_survey

Missing = Literal["listwise", "pairwise"]
Scales = dict[str, list[str]]
_MIN_ROWS = 3
# Items of one response scale never differ by this much in spread.
_UNLIKE_SPREADS = 10


def reliability(
    data: Survey | pd.DataFrame,
    items: str | Sequence[str] | Mapping[str, Sequence[str]] | None = None,
    *,
    missing: Missing = "listwise",
    interval: numbers.Interval = "feldt",
    level: float = 0.95,
) -> Reliability:
    """Cronbach's alpha, raw and standardised, with its interval; for each item what it adds.

    When to use it: after cleaning and before scoring or modelling, for scales whose items reflect one construct. Alpha
    assumes one dimension and equal loadings; it is no evidence of either.

    Parameters
    ----------
    data : Survey or DataFrame
        One row a respondent. Items that the codebook flags as reversed are turned first, and the result says so.
    items : list of str, mapping of name to list of str, construct's name, or None
        One scale, several scales, or one construct. None means each construct of the codebook, or, for a DataFrame, all
        columns as one scale.
    missing : {"listwise", "pairwise"}
        ``"listwise"`` (as SPSS and JASP) uses the rows complete on the scale's items, scale by scale. ``"pairwise"``
        (as R's psych) uses for each covariance the rows that have both items, and counts every row with an answer.
    interval : {"feldt", "duhachek"}
        Feldt's interval (F distribution, parallel items), or Duhachek & Iacobucci's (asymptotic normal).
    level : float
        Confidence level of the interval, between 0 and 1.

    Returns
    -------
    Reliability
        ``.table`` (one row a scale): construct n_items n alpha alpha_ci_lower alpha_ci_upper alpha_se alpha_std
        average_r look_at alpha_without reason. ``.items`` (one row an item): construct item reversed n mean sd r_total
        r_drop r_cor alpha_if_dropped. Where alpha does not apply, ``reason`` says why: ``composite``,
        ``single_item``, ``unusable``, ``no_total_variance``.

    Raises
    ------
    DataError
        Unknown, non-numeric, all-missing or constant items, fewer than three usable rows, fewer than two items, unknown
        options. With several scales, one that cannot be used is reported with its reason, the others are computed.

    Notes
    -----
    ``alpha = k/(k-1) * (1 - sum of item variances / variance of the sum)`` (Cronbach, 1951). R:
    ``psych::alpha(na.omit(x))`` and ``psych::alpha(x)`` for pairwise. seminr prints the standardised alpha.

    Examples
    --------
    >>> answers = pd.DataFrame({"a": [1, 2, 3, 4, 5, 5], "b": [2, 2, 3, 5, 4, 5], "c": [1, 3, 3, 4, 4, 5]})
    >>> print(reliability(answers))
    Reliability · scales: 1 · listwise deletion, scale by scale
      scale  k = 3  n = 6  α = .96 [.82, .99]
    """
    _check_options(missing, interval, level)
    survey = as_survey(data)
    scales = _scales(survey, items, whole=isinstance(data, pd.DataFrame))
    survey, turned = _turn_reversed(survey, scales)
    rows: list[dict[str, object]] = []
    tables: list[pd.DataFrame] = []
    notices: list[Notice] = []
    for name, members in scales.items():
        row, table, told = _one_scale(survey, name, members, (missing, interval, level), alone=len(scales) == 1)
        rows.append(row)
        notices += told
        tables += [table.assign(reversed=table["item"].isin(turned))] if table is not None else []
    if turned:
        notices.insert(0, Notice("analyses.reversed_turned", {"items": ", ".join(turned)}))
    notices = source_notices(survey) + notices
    labels = {name: construct.label for name, construct in survey.codebook.constructs.items() if construct.label}
    item_labels = {name: item.label for name, item in survey.codebook.items.items() if item.label}
    return Reliability(
        table=pd.DataFrame(rows, columns=TABLE_COLUMNS),
        items=pd.concat(tables, ignore_index=True)[ITEM_COLUMNS] if tables else pd.DataFrame(columns=ITEM_COLUMNS),
        warnings=tuple(notices),
        missing=missing,
        interval=interval,
        level=level,
        labels={**item_labels, **labels},
    )


TABLE_COLUMNS = ["construct", "n_items", "n", "alpha", "alpha_ci_lower", "alpha_ci_upper", "alpha_se", "alpha_std",
                 "average_r", "look_at", "alpha_without", "reason"]  # fmt: skip
ITEM_COLUMNS = ["construct", "item", "reversed", "n", "mean", "sd", "r_total", "r_drop", "r_cor", "alpha_if_dropped"]


def _check_options(missing: str, interval: str, level: float) -> None:
    for option, value, known in (
        ("missing", missing, get_args(Missing)),
        ("interval", interval, get_args(numbers.Interval)),
    ):
        if value not in known:
            raise DataError("analyses.unknown_option", option=option, value=value, known=", ".join(known))
    check_level(level)


def _scales(survey: Survey, items: str | Sequence[str] | Mapping[str, Sequence[str]] | None, whole: bool) -> Scales:
    book = survey.codebook
    if isinstance(items, str):
        found = {items: list(book.items_of(items))}
    elif isinstance(items, Mapping):
        found = {name: [nfc(str(item)) for item in members] for name, members in items.items()}
    elif items is not None:
        found = {_common_construct(survey, items): [nfc(str(item)) for item in items]}
    elif book.constructs and not whole:
        return {name: [item for item in book.items_of(name) if item in survey.frame] for name in book.constructs}
    else:
        members = [nfc(str(column)) for column in survey.frame] if whole else survey.items()
        found = {_common_construct(survey, members): members}
    if not found:
        raise DataError("analyses.no_columns")
    for name, members in found.items():
        if len(members) < 2:
            raise DataError("analyses.one_item", scale=name, count=len(members))
    return found


def _common_construct(survey: Survey, items: Sequence[str]) -> str:
    """The construct that all items belong to, else a neutral name."""
    book = survey.codebook.items
    owners = {book[str(item)].construct if str(item) in book else None for item in items}
    return (next(iter(owners)) if len(owners) == 1 else None) or "scale"


def _turn_reversed(survey: Survey, scales: Scales) -> tuple[Survey, list[str]]:
    book = survey.codebook.items
    turned = [item for members in scales.values() for item in members if item in book and book[item].reversed]
    return (survey.reverse_scored(), list(dict.fromkeys(turned))) if turned else (survey, [])


def _one_scale(
    survey: Survey, name: str, members: list[str], options: tuple[Missing, numbers.Interval, float], alone: bool
) -> tuple[dict[str, object], pd.DataFrame | None, list[Notice]]:
    row: dict[str, object] = {"construct": name, "n_items": len(members), "reason": _no_alpha(survey, name, members)}
    if row["reason"]:
        return row, None, []
    missing, interval, level = options
    try:
        frame, notices = numeric_columns(survey, members, complete=missing == "listwise", min_rows=_MIN_ROWS)
        frame = frame.dropna(how="all")
        cov = _covariance(frame)
    except DataError as error:
        if alone:
            raise
        why = Notice(error.key, error.values)
        notice = Notice("analyses.scale_unusable", {"scale": name, "why": why}, serious=True)
        return {**row, "reason": "unusable"}, None, [notice]
    row |= _scale_numbers(cov, len(frame), interval, level)
    items = _item_numbers(frame, cov, name)
    told = [Notice("analyses.in_scale", {"scale": name, "notice": one}, serious=one.serious) for one in notices]
    row |= _look_at(items, float(str(row["alpha"])))
    return row, items, [*told, *_scale_notices(name, row, items, frame)]


def _no_alpha(survey: Survey, name: str, members: list[str]) -> str:
    measurement = survey.codebook.constructs.get(name, Construct(name)).measurement
    if measurement == "composite":
        return "composite"
    return "single_item" if len(members) < 2 else ""


def _covariance(frame: pd.DataFrame) -> np.ndarray:
    """Covariances of the rows that have both items; for complete rows the ordinary covariance matrix."""
    table = frame.cov(min_periods=2)
    if table.isna().to_numpy().any():
        first, second = table.isna().stack().idxmax()
        raise DataError("analyses.pair_never_together", first=first, second=second)
    return table.to_numpy()


def _scale_numbers(cov: np.ndarray, n: int, interval: numbers.Interval, level: float) -> dict[str, object]:
    alpha = numbers.cronbach_alpha(cov)
    found: dict[str, object] = {"n": n, "alpha": alpha, "average_r": numbers.average_correlation(cov)}
    found["alpha_std"] = numbers.cronbach_alpha(numbers.correlation(cov))
    if np.isnan(alpha):
        return {**found, "reason": "no_total_variance"}
    low, high = numbers.alpha_interval(cov, n, level, interval)
    return {**found, "alpha_ci_lower": low, "alpha_ci_upper": high, "alpha_se": numbers.alpha_standard_error(cov, n)}


def _item_numbers(frame: pd.DataFrame, cov: np.ndarray, name: str) -> pd.DataFrame:
    statistics = numbers.item_statistics(cov)
    return pd.DataFrame(
        {
            "construct": name,
            "item": list(frame.columns),
            "n": frame.notna().sum().to_numpy(),
            "mean": frame.mean().to_numpy(),
            "sd": frame.std().to_numpy(),
            "r_total": frame.corrwith(frame.mean(axis=1)).to_numpy() if len(set(frame.mean(axis=1))) > 1 else np.nan,
            "r_drop": statistics.r_drop,
            "r_cor": statistics.r_cor,
            "alpha_if_dropped": statistics.alpha_if_dropped,
        }
    )


def _look_at(items: pd.DataFrame, alpha: float) -> dict[str, object]:
    """The item whose removal would raise alpha most, if any would."""
    best = items["alpha_if_dropped"].fillna(-np.inf).idxmax()
    if not items.loc[best, "alpha_if_dropped"] > alpha:
        return {"look_at": "", "alpha_without": np.nan}
    return {"look_at": items.loc[best, "item"], "alpha_without": items.loc[best, "alpha_if_dropped"]}


def _scale_notices(name: str, row: Mapping[str, object], items: pd.DataFrame, frame: pd.DataFrame) -> list[Notice]:
    notices = []
    against = items.loc[items["r_drop"] < 0, "item"]
    if len(against):
        notices.append(Notice("analyses.against_scale", {"scale": name, "items": ", ".join(against)}, serious=True))
    alpha = float(str(row["alpha"]))
    if alpha < 0:
        notices.append(Notice("analyses.alpha_negative", {"scale": name}, serious=True))
    if np.isnan(alpha):
        notices.append(Notice("analyses.total_constant", {"scale": name}, serious=True))
    copies = _copies(frame)
    if copies:
        notices.append(Notice("analyses.copied_items", {"scale": name, "items": copies}, serious=True))
    if len(items) == 2:
        notices.append(Notice("analyses.two_items", {"scale": name}))
    if items["sd"].max() > _UNLIKE_SPREADS * items["sd"].min():
        notices.append(Notice("analyses.unlike_spreads", {"scale": name}, serious=True))
    fewest = _fewest_pairs(frame)
    if fewest < len(frame):
        notices.append(Notice("analyses.pairwise_rows", {"scale": name, "fewest": fewest, "n": len(frame)}))
    return notices


def _fewest_pairs(frame: pd.DataFrame) -> int:
    """Rows behind the covariance that has the fewest."""
    given = frame.notna().to_numpy(dtype=int)
    return int((given.T @ given).min())


def _copies(frame: pd.DataFrame) -> str:
    twins = [(a, b) for i, a in enumerate(frame) for b in list(frame)[i + 1 :] if frame[a].equals(frame[b])]
    return ", ".join(f"{a} = {b}" for a, b in twins)
