"""`cx.shock`: what an outside event did to a series, how long, and against whom it was not done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

import numpy as np
import pandas as pd
from scipy.stats import t as student

from cxlab.analyses.unpack import check_level, source_notices
from cxlab.errors import DataError, Notice
from cxlab.i18n import LANGUAGES, pick
from cxlab.i18n.shown import Shown
from cxlab.journey.shock_data import Series, read_series, shown_times
from cxlab.journey.shock_fit import (
    Errors,
    Segmented,
    design_matrix,
    effect_rows,
    fit_series,
    judged,
    newey_west_lags,
    recovery_time,
)
from cxlab.journey.shock_panel import panel_shock
from cxlab.journey.shock_panel_result import PanelShock
from cxlab.journey.shock_result import Shock
from cxlab.survey.survey import Survey, as_survey


def shock(
    data: pd.Series | Survey | pd.DataFrame,
    *,
    at: Any,
    value: str | None = None,
    time: str | None = None,
    group: str | None = None,
    control: object = None,
    improvements: str | Sequence[str] = (),
    slope: bool = True,
    season: int | None = None,
    errors: Errors = "newey_west",
    lags: int | None = None,
    waves: Sequence[object] | None = None,
    pattern: str = "{name}_w{wave}",
    level: float = 0.95,
) -> Shock | PanelShock:
    """What a shock did: jump in level, change of slope, recovery; or the difference in differences of a panel.

    When to use it: a crisis, a storm, a new price or an improvement hit at a known time, and scores were taken before
    and after. A long series of one value a period gives level and slope; a control group that was not hit takes out
    what happened to all; the same customers in a few waves give a difference in differences.

    Parameters
    ----------
    data : Series, Survey or DataFrame
        A Series by time; a table with columns `time` and `value` (several rows a period are averaged); or a panel, one
        row a customer, with the wave in the columns' names.
    at : time, list of times or mapping of name to time
        The first period (wave) that was touched.
    value, time : str
        Columns of a table. For a panel `value` is a construct or stem without its wave, and `time` is left out.
    group, control : str, value
        Column of groups, and the value of those who were not hit. A panel needs them.
    improvements : str or sequence of str
        Names of shocks in `at` that were for the better; the others count as crises, and the two are compared.
    slope : bool
        False allows a jump in level only.
    season : int, optional
        Periods in a year (12, 4, 52, 7): adds a dummy for each but the first.
    errors : {"newey_west", "ar1", "ols"}
        Least squares with errors robust to autocorrelation; generalised least squares with AR(1) errors (REML); plain
        least squares, which takes neighbouring periods for independent.
    lags : int, optional
        For "newey_west"; default floor(4 (n/100)^(2/9)).
    waves, pattern
        For a panel, as in `carry_over`.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    Shock
        ``.table``: series ("treated", "control", "difference") shock effect ("level": at once; "slope": change a
        period; "last": at the last period before the next shock; "mean") estimate se t pvalue ci_lower ci_upper.
        ``.recovery``: shock periods ci_lower ci_upper verdict. ``.asymmetry``: effect estimate se t pvalue ci_lower
        ci_upper (size of crises less size of improvements). ``.series``: value fitted counterfactual. ``.plot()``.
    PanelShock
        ``.table``: effect ("mean" over later waves, or "wave") wave estimate se t pvalue ci_lower ci_upper d.
        ``.means``, ``.before``: test of equal change before the shock. ``.plot()``.

    Raises
    ------
    DataError
        Fewer than three periods before, between or after shocks; a shock outside the series; text in the values.

    Notes
    -----
    y = b0 + b1 t + sum_j (level_j + slope_j (t - t_j)) [t >= t_j] + season + e. With a control group the same for the
    difference of the two series. Recovery: the k with level + slope k = 0, interval by Fieller. R: ``lm`` with
    ``sandwich::NeweyWest(m, lag, prewhite = FALSE, adjust = TRUE)``; ``nlme::gls(correlation = corAR1())``. Panel:
    customer and wave effects, errors clustered by customer (``sandwich::vcovCL(type = "HC1")`` of the demeaned data).

    Examples
    --------
    >>> import cxlab as cx
    >>> scores = pd.Series([7.1, 7.2, 7.0, 7.3, 7.2, 7.4, 6.0, 6.3, 6.4, 6.8, 6.9, 7.1])
    >>> found = cx.shock(scores, at=6)
    >>> found.table[["effect", "estimate"]].round(2).to_numpy().tolist()
    [['level', -1.35], ['slope', 0.17], ['last', -0.5], ['mean', -0.93]]
    >>> found.recovery["verdict"].tolist()
    ['under_way']
    """
    _check_options(errors, level)
    if _is_panel(data, value, time, group):
        _refuse_for_panel(improvements=improvements, season=season, lags=lags, slope=slope, errors=errors)
        return panel_shock(as_survey(data), str(value), at, group, control, waves, pattern, level)
    found = read_series(data, value, time, group, control, at)
    better = _better(improvements, found)
    _check_numbers(season, lags, len(found.value))
    used = newey_west_lags(len(found.value)) if lags is None else lags
    design = design_matrix(found.place, list(found.shocks.values()), slope, season)
    _check_rank(design)
    fits = _fits(found, design, errors, used)
    main = fits.get("difference", fits["treated"])
    places, names = list(found.shocks.values()), list(found.shocks)
    table = pd.concat(
        [effect_rows(fit, places, names, level).assign(series=name) for name, fit in fits.items()], ignore_index=True
    )
    source = None if isinstance(data, pd.Series) else as_survey(data)
    told = [*(source_notices(source) if source is not None else []), *found.notices]
    return Shock(
        table=table[["series", "shock", "effect", "estimate", "se", "t", "pvalue", "ci_lower", "ci_upper"]],
        recovery=_recovery(main, places, names, slope, level),
        asymmetry=_asymmetry(main, places, names, better, level),
        series=_course(found, fits, level),
        fit=pd.Series({"n": len(found.value), "df": main.df, "r2": main.r2, "phi": main.phi, "lags": used}),
        label=_label(data, found.name),
        shocks=found.shocks,
        errors=errors,
        level=level,
        simulated=source is not None and source.simulated,
        warnings=(*told, *_notices(found, main, errors)),
    )


def _check_options(errors: str, level: float) -> None:
    check_level(level)
    if errors not in get_args(Errors):
        raise DataError("analyses.unknown_option", option="errors", value=errors, known=", ".join(get_args(Errors)))


def _is_panel(data: Any, value: str | None, time: str | None, group: str | None) -> bool:
    """A value without its wave: no column of that name, no time."""
    if isinstance(data, pd.Series) or time is not None or value is None:
        return False
    survey = as_survey(data)
    waves = any(str(name).startswith(f"{value}_") for name in (*survey.frame.columns, *survey.constructs))
    return value not in survey.frame.columns and (group is not None or waves)


def _refuse_for_panel(**options: Any) -> None:
    """Options of a series say nothing of a panel, and are not passed over in silence."""
    usual = {"improvements": (), "season": None, "lags": None, "slope": True, "errors": "newey_west"}
    given = [name for name, value in options.items() if value != usual[name]]
    if given:
        raise DataError("carry_over.panel_options", options=", ".join(given))


def _label(data: Any, name: str) -> dict[str, str]:
    """The codebook's words for the values, else their column's name."""
    item = None if isinstance(data, pd.Series) else as_survey(data).codebook.items.get(name)
    known = item is not None and bool(item.label)
    return {lang: (pick(item.label, lang) if known and item is not None else "") or name for lang in LANGUAGES}


def _better(improvements: str | Sequence[str], found: Series) -> tuple[str, ...]:
    names = (improvements,) if isinstance(improvements, str) else tuple(improvements)
    unknown = [name for name in names if name not in found.shocks]
    if unknown:
        raise DataError("carry_over.unknown_shock", name=unknown[0], known=", ".join(found.shocks))
    return names


def _check_numbers(season: Any, lags: Any, n: int) -> None:
    for option, given, least, most in (("season", season, 2, n // 2), ("lags", lags, 0, n - 2)):
        whole = isinstance(given, int) and not isinstance(given, bool)
        if given is not None and not (whole and least <= given <= most):
            raise DataError("carry_over.whole_between", option=option, value=given, least=least, most=most)


def _check_rank(design: pd.DataFrame) -> None:
    n, k = design.shape
    if n <= k + 1 or np.linalg.matrix_rank(design.to_numpy()) < k:
        raise DataError("carry_over.too_many_terms", n=n, terms=k)


def _fits(found: Series, design: pd.DataFrame, errors: Errors, lags: int) -> dict[str, Segmented]:
    if found.control is None:
        return {"treated": fit_series(found.value, design, errors, lags)}
    values = {"treated": found.value, "control": found.control, "difference": found.value - found.control}
    return {name: fit_series(one, design, errors, lags) for name, one in values.items()}


def _recovery(fit: Segmented, places: Sequence[int], names: Sequence[str], slope: bool, level: float) -> pd.DataFrame:
    rows = []
    t = fit.design["trend"].to_numpy()
    seen = [t[end - 1] - t[start] for start, end in zip(places, [*places[1:], len(t)], strict=True)]
    for j, name in enumerate(names if slope else (), 1):
        periods, low, high = recovery_time(fit, j, level)
        jump = judged(*fit.combine({f"level_{j}": 1.0}), fit.df, level)
        rows.append(
            {"shock": name, "periods": periods, "ci_lower": low, "ci_upper": high}
            | {"verdict": _verdict(jump, periods, seen[j - 1])}
        )
    return pd.DataFrame(rows, columns=["shock", "periods", "ci_lower", "ci_upper", "verdict"])


def _verdict(jump: dict[str, float], periods: float, seen: float) -> str:
    """Recovered only within the periods that were seen before the next shock."""
    if jump["ci_lower"] <= 0 <= jump["ci_upper"]:
        return "no_jump"
    if np.isnan(periods):
        return "not_returning"
    return "recovered" if periods <= seen else "under_way"


def _asymmetry(
    fit: Segmented, places: Sequence[int], names: Sequence[str], better: Sequence[str], level: float
) -> pd.DataFrame | None:
    """Mean size of what crises took, less mean size of what improvements gave."""
    worse = [name for name in names if name not in better]
    if not better or not worse:
        return None
    t = fit.design["trend"].to_numpy()
    ends = [*places[1:], len(t)]
    rows = []
    for effect in ("level", *(("last",) if "slope_1" in fit.design else ())):
        weights: dict[str, float] = {}
        for j, (name, start, end) in enumerate(zip(names, places, ends, strict=True), 1):
            share = -1 / len(better) if name in better else -1 / len(worse)
            weights[f"level_{j}"] = share
            if effect == "last":
                weights[f"slope_{j}"] = share * float(t[end - 1] - t[start])
        rows.append({"effect": effect, **judged(*fit.combine(weights), fit.df, level)})
    return pd.DataFrame(rows)


def _course(found: Series, fits: dict[str, Segmented], level: float) -> pd.DataFrame:
    """Period by period: what was seen, what was fitted, what would have been without the shocks."""
    treated, main = fits["treated"], fits.get("difference", fits["treated"])
    x = main.design
    shocked = x.to_numpy() * x.columns.str.startswith(("level_", "slope_"))
    effect = shocked @ main.values
    se = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", shocked, main.covariance, shocked), 0.0))
    fitted = treated.design.to_numpy() @ treated.values
    reach = float(student.ppf(0.5 + level / 2, main.df)) * se
    after = np.arange(len(x)) >= min(found.shocks.values())
    course = pd.DataFrame(
        {"time": found.time, "label": shown_times(found.time), "value": found.value, "fitted": fitted}
    ).assign(counterfactual=fitted - effect, cf_lower=fitted - effect - reach, cf_upper=fitted - effect + reach)
    course.loc[~after, ["counterfactual", "cf_lower", "cf_upper"]] = np.nan
    return course.assign(control=found.control if found.control is not None else np.nan)


def _notices(found: Series, fit: Segmented, errors: str) -> list[Notice]:
    notices = []
    if found.control is None:
        notices.append(Notice("carry_over.no_control_series", serious=True))
    else:
        notices.append(Notice("carry_over.control_untouched"))
    if errors == "ols" and abs(fit.phi) > 0.2:
        notices.append(Notice("carry_over.autocorrelated", {"phi": Shown(fit.phi, 2, bounded=True)}, serious=True))
    if errors == "ar1" and abs(fit.phi) > 0.9:
        notices.append(Notice("carry_over.unit_root", {"phi": Shown(fit.phi, 2, bounded=True)}, serious=True))
    return notices
