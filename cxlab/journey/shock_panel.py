"""A shock in a panel: the same customers over waves, those hit against those who were not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import f as fisher
from scipy.stats import t as student

from cxlab.analyses.unpack import check_names, numeric_columns, source_notices
from cxlab.errors import DataError, Notice
from cxlab.i18n import p_text
from cxlab.journey.carry_over_labels import measure_labels
from cxlab.journey.carry_over_plan import Plan, read_plan
from cxlab.journey.carry_over_scores import scored
from cxlab.journey.shock_fit import judged
from cxlab.journey.shock_panel_result import PanelShock
from cxlab.survey.survey import Survey

Array = NDArray[np.float64]


def panel_shock(
    survey: Survey,
    value: str,
    at: Any,
    group: str | None,
    control: object,
    waves: Sequence[object] | None,
    pattern: str,
    level: float,
) -> PanelShock:
    """Difference in differences with customer and wave effects; see `cxlab.shock`."""
    if survey.frame.empty:
        raise DataError("analyses.no_rows")
    plan, long, told = _long(survey, value, group, control, waves, pattern)
    first = _first_wave(plan, at)
    later = [f"w{wave}" for wave in plan.waves[first:]]
    average = _fitted(long, {"mean": long["wave"] >= first}, level)[0].assign(wave="")
    each = {f"w{wave}": long["wave"] == k for k, wave in enumerate(plan.waves) if k != first - 1}
    events, joint = _fitted(long, each, level, joint=[name for name in each if name not in later])
    after = events[events["effect"].isin(later)]
    table = pd.concat([average, after.assign(wave=after["effect"].str[1:], effect="wave")], ignore_index=True)
    earlier = events[~events["effect"].isin(later)]
    before = earlier.assign(wave=earlier["effect"].str[1:])
    spread = float(np.sqrt(long[long["wave"] < first].groupby("hit")["value"].var().mean()))
    order = ["effect", "wave", "estimate", "se", "t", "pvalue", "ci_lower", "ci_upper"]
    return PanelShock(
        table=table[order].assign(d=table["estimate"] / spread),
        before=before[["wave", *order[2:]]].reset_index(drop=True),
        before_test=joint,
        means=_means(long, plan, after, level),
        value=value,
        label=measure_labels(survey, plan)[value],
        waves=plan.waves,
        at=plan.waves[first],
        group=str(group),
        control=str(control),
        customers=int(long["customer"].nunique()),
        level=level,
        simulated=survey.simulated,
        warnings=(*source_notices(survey), *told, *_notices(long, first, joint)),
    )


def _long(
    survey: Survey, value: str, group: str | None, control: object, waves: Any, pattern: str
) -> tuple[Plan, pd.DataFrame, list[Notice]]:
    """One row a customer and wave: customer, wave (from 0), hit, value."""
    if group is None or control is None:
        raise DataError("carry_over.panel_control")
    plan = read_plan(survey, {value: value}, waves, "", "", pattern)
    numeric_columns(survey, plan.used, complete=False, constant="allow")
    book = survey.codebook.items
    flagged = [name for name in plan.used if name in book and book[name].reversed]
    told = [Notice("analyses.reversed_turned", {"items": ", ".join(flagged)})] if flagged else []
    ready, simple = scored(survey.reverse_scored() if flagged else survey, plan)
    column = check_names(survey.frame, [group])[group]
    whose = survey.frame[column]
    hit = ~((whose.astype(str) == str(control)) | (whose == control))
    stem = simple.items[value][0]
    known_group = whose.notna().to_numpy()
    who = pd.DataFrame({"customer": np.arange(len(hit)), "hit": hit.to_numpy()})
    parts = []
    for k, wave in enumerate(plan.waves):
        score = pd.to_numeric(ready.frame[simple.columns[stem, wave]]).to_numpy()
        parts.append(who.assign(wave=k, value=score)[known_group])
    long = pd.concat(parts, ignore_index=True).dropna(subset=["value"])
    if not (long["hit"].any() and (~long["hit"]).any()):
        known = ", ".join(str(one) for one in whose.dropna().unique()[:8])
        raise DataError("carry_over.panel_groups", group=group, control=control, known=known)
    cells = (
        long.groupby(["hit", "wave"]).size().unstack(fill_value=0).reindex(columns=range(len(plan.waves)), fill_value=0)
    )
    if cells.to_numpy().min() < 2:
        raise DataError("carry_over.panel_cells", least=int(cells.to_numpy().min()))
    return plan, long, told


def _first_wave(plan: Plan, at: Any) -> int:
    name = str(at)
    if name not in plan.waves:
        raise DataError("carry_over.panel_wave", value=at, known=", ".join(plan.waves))
    first = plan.waves.index(name)
    if first == 0:
        raise DataError("carry_over.panel_first", value=at)
    return first


def _fitted(
    long: pd.DataFrame, marks: dict[str, pd.Series], level: float, joint: Sequence[str] = ()
) -> tuple[pd.DataFrame, pd.Series | None]:
    """Effects of being hit in the marked waves; customers and waves taken out; errors clustered by customer."""
    import statsmodels.api as sm

    waves = sorted(long["wave"].unique())[1:]
    columns = {f"wave_{k}": (long["wave"] == k).astype(float) for k in waves}
    columns |= {name: (mark & long["hit"]).astype(float) for name, mark in marks.items()}
    frame = pd.DataFrame({**columns, "value": long["value"]})
    frame -= frame.groupby(long["customer"]).transform("mean")
    x, y = frame.drop(columns="value"), frame["value"]
    groups = long["customer"].to_numpy()
    # customers seen once tell nothing of change
    seen = long.groupby("customer")["wave"].transform("size").to_numpy() > 1
    if np.linalg.matrix_rank(x[seen].to_numpy()) < x.shape[1]:
        raise DataError("carry_over.panel_cells", least=0)
    fit = sm.OLS(y[seen].to_numpy(), x[seen].to_numpy()).fit(
        cov_type="cluster", cov_kwds={"groups": groups[seen]}, use_t=True
    )
    df = len(np.unique(groups[seen])) - 1
    names = list(x.columns)
    rows = []
    for name in marks:
        k = names.index(name)
        rows.append({"effect": name, **judged(float(fit.params[k]), float(fit.bse[k]), df, level)})
    where = [names.index(name) for name in joint]
    return pd.DataFrame(rows), _wald(fit, where, df) if where else None


def _wald(fit: Any, where: list[int], df: int) -> pd.Series:
    b, v = fit.params[where], fit.cov_params()[np.ix_(where, where)]
    statistic = float(b @ np.linalg.solve(v, b)) / len(where)
    return pd.Series(
        {"f": statistic, "df1": len(where), "df2": df, "pvalue": float(fisher.sf(statistic, len(where), df))}
    )


def _means(long: pd.DataFrame, plan: Plan, after: pd.DataFrame, level: float) -> pd.DataFrame:
    """Means of both groups by wave, and what the hit group's mean would have been."""
    found = long.groupby(["hit", "wave"])["value"].agg(["mean", "std", "count"]).reset_index()
    reach = student.ppf(0.5 + level / 2, found["count"] - 1) * found["std"] / np.sqrt(found["count"])
    effect = dict(zip(after["effect"].str[1:], after["estimate"], strict=True))
    names = found["wave"].map(dict(enumerate(plan.waves)))
    without = found["mean"] - names.map(effect)
    return pd.DataFrame(
        {
            "group": np.where(found["hit"], "treated", "control"),
            "wave": names,
            "n": found["count"],
            "mean": found["mean"],
            "ci_lower": found["mean"] - reach,
            "ci_upper": found["mean"] + reach,
            "counterfactual": without.where(found["hit"]),
        }
    )


def _notices(long: pd.DataFrame, first: int, joint: pd.Series | None) -> list[Notice]:
    notices = [Notice("carry_over.panel_parallel")]
    if joint is None:
        notices.append(Notice("carry_over.panel_one_before", serious=True))
    elif joint["pvalue"] < 0.05:
        notices.append(Notice("carry_over.panel_not_parallel", {"p": p_text(float(joint["pvalue"]))}, serious=True))
    counts = long.groupby(["hit", "wave"]).size().unstack()
    kept = [counts.loc[hit, counts.columns[-1]] / counts.loc[hit, counts.columns[0]] for hit in (True, False)]
    if min(kept) < 0.9:
        shares = {"treated": f"{100 * kept[0]:.0f}", "control": f"{100 * kept[1]:.0f}"}
        notices.append(Notice("carry_over.panel_left", shares, serious=abs(kept[0] - kept[1]) > 0.05))
    return notices
