"""How consistently the items of a scale measure one thing: alpha, omega and their kin, and each item's part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import numpy as np
import pandas as pd

from cxlab.analyses.reliability_result import Reliability
from cxlab.analyses.reliability_rho import rho_of_scales
from cxlab.analyses.reliability_scale import BOUNDS, HIERARCHICAL, ORDINAL, Asked, Found, beside_alpha
from cxlab.analyses.unpack import check_level, numeric_columns, outside_scale, source_notices
from cxlab.analyses.validity_htmt import check_boot, seed_of
from cxlab.codebook import Construct
from cxlab.codebook.text import nfc
from cxlab.errors import DataError, Notice
from cxlab.evaluate import reliability as numbers
from cxlab.evaluate.reliability_factor import COEFFICIENTS
from cxlab.resample.intervals import Interval, check_interval
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
    ordinal: bool = False,
    group_factors: int = 3,
    n_boot: int = 0,
    seed: int | None = None,
    ci: Interval = "percentile",
) -> Reliability:
    """Alpha, omega, composite reliability, AVE and their kin, with intervals; for each item what it adds.

    When to use it: after cleaning and before scoring or modelling, for scales whose items reflect one construct. Alpha
    assumes one dimension and equal loadings, omega one dimension; they are no evidence of either.

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
        Of alpha: Feldt's (F distribution, parallel items), or Duhachek & Iacobucci's (asymptotic normal).
    level : float
        Confidence level of the intervals, between 0 and 1.
    ordinal : bool
        True adds what rests on polychoric correlations (items with few ordered answers): alpha and omega of the
        unobserved responses, and Green & Yang's omega of the observed sum.
    group_factors : int
        Group factors beside the general one for hierarchical omega, 3 or more; it needs three items for each.
    n_boot : int
        Bootstrap resamples of the rows for the intervals of omega, CR, AVE and H; 0 for the delta method.
    seed : int, optional
        Of the resamples. Without it one is drawn and reported.
    ci : {"percentile", "basic", "bc", "bca"}
        Bootstrap interval.

    Returns
    -------
    Reliability
        ``.table`` (one row a scale): construct n_items n alpha alpha_ci_lower alpha_ci_upper alpha_se alpha_std
        average_r look_at alpha_without reason; omega_total composite_reliability ave h, each with _ci_lower _ci_upper
        _se; srmr (of the one-factor model); omega_h omega_groups ecv; rho_a; lambda1 to lambda6 split_mean split_min
        glb; weakest weakest_r_drop weakest_loading (the item with the lowest corrected correlation); with `ordinal`
        alpha_ordinal omega_ordinal omega_categorical. ``.items`` (one row an item): construct item reversed n mean sd
        r_total r_drop r_cor alpha_if_dropped loading. ``.reasons`` (one row a statistic without value): construct
        statistic reason items. Where alpha does not apply, ``.table``'s ``reason`` says why: ``composite``,
        ``single_item``, ``unusable``, ``no_total_variance``.

    Raises
    ------
    DataError
        Unknown, non-numeric, all-missing or constant items, fewer than three usable rows, fewer than two items, unknown
        options. With several scales, one that cannot be used is reported with its reason, the others are computed.

    Notes
    -----
    ``alpha = k/(k-1) * (1 - sum of item variances / variance of the sum)`` (Cronbach, 1951). With loadings l (s, of
    standardised items) of one factor by maximum likelihood, scale by scale: ``omega_total = (sum l)^2 / variance of the
    sum`` (McDonald, 1999); ``composite_reliability = (sum s)^2 / ((sum s)^2 + sum(1 - s^2))``; ``ave`` = mean of s^2;
    ``h`` of the best weighted sum. Their standard errors hold for any distribution, their intervals are symmetric in
    the log odds. ``omega_h``: general factor's share by Schmid-Leiman. ``rho_a``: weights of PLS mode A, factorial
    scheme, every scale joined to every other. The bounds are of the raw sum, as alpha (``lambda3``) is. R:
    ``psych::alpha``, ``semTools::compRelSEM(cfa(...))`` (with ``obs.var = FALSE`` and standardised items for composite
    reliability), ``psych::omega(R, 3)``, ``psych::splitHalf(S, covar = TRUE)``, ``psych::glb.algebraic``. seminr prints
    the standardised alpha.

    Examples
    --------
    >>> import cxlab as cx
    >>> survey = cx.load_dataset("corporate_reputation")
    >>> found = reliability(survey, ["like_1", "like_2", "like_3"])
    >>> found.table[["alpha", "omega_total", "composite_reliability", "ave"]].round(3).to_numpy().tolist()
    [[0.827, 0.83, 0.831, 0.622]]
    """
    asked = _asked(missing, interval, level, ordinal, group_factors, n_boot, seed, ci)
    survey = as_survey(data)
    scales = _scales(survey, items, whole=isinstance(data, pd.DataFrame))
    survey, turned = _turn_reversed(survey, scales)
    found = {name: _one_scale(survey, name, own, asked, alone=len(scales) == 1) for name, own in scales.items()}
    rho, reasons, notices = rho_of_scales({name: one.frame for name, one in found.items() if one.frame is not None})
    for name, value in rho.items():
        found[name].row["rho_a"] = value
    for name, reason in reasons.items():
        found[name].reasons.append(("rho_a", reason, ""))
    notices = [
        *_first_notices(survey, turned, asked, seed),
        *outside_scale(survey, [item for own in scales.values() for item in own]),
        *(n for one in found.values() for n in one.notices),
        *notices,
    ]
    return Reliability(
        table=_table(found, ordinal),
        items=_items(found, turned),
        reasons=pd.DataFrame(
            [(name, *why) for name, one in found.items() for why in one.reasons], columns=REASON_COLUMNS
        ),
        warnings=tuple(notices),
        missing=missing,
        interval=interval,
        level=level,
        ordinal=ordinal,
        group_factors=group_factors,
        n_boot=n_boot,
        seed=asked.seed if n_boot else None,
        ci=ci,
        labels=_labels(survey),
    )


TABLE_COLUMNS = [
    "construct", "n_items", "n", "alpha", "alpha_ci_lower", "alpha_ci_upper", "alpha_se", "alpha_std", "average_r",
    "look_at", "alpha_without", "reason",
    *(f"{name}{part}" for name in COEFFICIENTS for part in ("", "_ci_lower", "_ci_upper", "_se")),
    "srmr", *HIERARCHICAL, "rho_a", *BOUNDS, "glb", "weakest", "weakest_r_drop", "weakest_loading",
]  # fmt: skip
ITEM_COLUMNS = ["construct", "item", "reversed", "n", "mean", "sd", "r_total", "r_drop", "r_cor", "alpha_if_dropped",
                "loading"]  # fmt: skip
REASON_COLUMNS = ["construct", "statistic", "reason", "items"]
_TEXTS = ("construct", "look_at", "weakest", "reason")


class _Scale(Found):
    """Numbers of one scale with its answers and items; without answers it has a reason only."""

    frame: pd.DataFrame | None = None
    items: pd.DataFrame | None = None


def _asked(
    missing: str, interval: str, level: float, ordinal: bool, groups: int, n_boot: int, seed: int | None, ci: str
) -> Asked:
    for option, value, known in (
        ("missing", missing, get_args(Missing)),
        ("interval", interval, get_args(numbers.Interval)),
    ):
        if value not in known:
            raise DataError("analyses.unknown_option", option=option, value=value, known=", ".join(known))
    check_level(level)
    check_boot(n_boot, seed)
    check_interval(ci)
    if not isinstance(ordinal, bool | np.bool_):
        raise DataError("validity.switch", name="ordinal", value=ordinal)
    if isinstance(groups, bool) or not isinstance(groups, int | np.integer) or groups < 3:
        raise DataError("reliability.group_factors", value=groups)
    drawn = seed_of(seed) if n_boot else 0
    return Asked(missing, interval, level, bool(ordinal), int(groups), int(n_boot), drawn, ci)  # type: ignore[arg-type]


def _first_notices(survey: Survey, turned: list[str], asked: Asked, seed: int | None) -> list[Notice]:
    notices = source_notices(survey)
    if turned:
        notices.append(Notice("analyses.reversed_turned", {"items": ", ".join(turned)}))
    if asked.n_boot and seed is None:
        notices.append(Notice("resample.seed_drawn", {"seed": asked.seed}))
    return notices


def _table(found: Mapping[str, _Scale], ordinal: bool) -> pd.DataFrame:
    columns = [*TABLE_COLUMNS, *(ORDINAL if ordinal else ())]
    table = pd.DataFrame([one.row for one in found.values()], columns=columns)
    numeric = [name for name in columns if name not in _TEXTS]
    return table.astype({name: float for name in numeric if table[name].dtype == object})


def _items(found: Mapping[str, _Scale], turned: list[str]) -> pd.DataFrame:
    tables = [one.items for one in found.values() if one.items is not None]
    if not tables:
        return pd.DataFrame(columns=ITEM_COLUMNS)
    items = pd.concat(tables, ignore_index=True)
    return items.assign(reversed=items["item"].isin(turned))[ITEM_COLUMNS]


def _labels(survey: Survey) -> dict[str, Mapping[str, str]]:
    book = survey.codebook
    labels = {name: item.label for name, item in book.items.items() if item.label}
    return labels | {name: construct.label for name, construct in book.constructs.items() if construct.label}


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


def _one_scale(survey: Survey, name: str, members: list[str], asked: Asked, alone: bool) -> _Scale:
    scale = _Scale({"construct": name, "n_items": len(members), "reason": _no_alpha(survey, name, members)})
    if scale.row["reason"]:
        return scale
    try:
        complete = asked.missing == "listwise"
        frame, notices = numeric_columns(survey, members, complete=complete, min_rows=_MIN_ROWS)
        frame = frame.dropna(how="all")
        cov = _covariance(frame)
    except DataError as error:
        if alone:
            raise
        why = Notice(error.key, error.values)
        scale.row["reason"] = "unusable"
        scale.notices.append(Notice("analyses.scale_unusable", {"scale": name, "why": why}, serious=True))
        return scale
    scale.frame = frame
    scale.notices = [
        Notice("analyses.in_scale", {"scale": name, "notice": one}, serious=one.serious) for one in notices
    ]
    _fill(scale, name, cov, asked)
    return scale


def _fill(scale: _Scale, name: str, cov: np.ndarray, asked: Asked) -> None:
    """The scale's numbers, item by item and as a whole."""
    frame = scale.frame
    assert frame is not None  # noqa: S101 - the caller has just set it
    beside = beside_alpha(frame, cov, name, asked)
    items = _item_numbers(frame, cov, name).assign(loading=np.nan if beside.loadings is None else beside.loadings)
    row = scale.row | _scale_numbers(cov, len(frame), asked.interval, asked.level)
    row |= _look_at(items, float(str(row["alpha"]))) | _weakest(items)
    scale.notices += [*_scale_notices(name, row, items, frame), *beside.notices]
    scale.row, scale.items, scale.reasons = row | beside.row, items, beside.reasons


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


def _weakest(items: pd.DataFrame) -> dict[str, object]:
    """The item that goes least with the others."""
    lowest = items["r_drop"].fillna(np.inf).idxmin()
    if np.isnan(items.loc[lowest, "r_drop"]) or len(items) < 3:  # two items correlate with each other alike
        return {"weakest": "", "weakest_r_drop": np.nan, "weakest_loading": np.nan}
    own = items.loc[lowest]
    return {"weakest": own["item"], "weakest_r_drop": own["r_drop"], "weakest_loading": own["loading"]}


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
