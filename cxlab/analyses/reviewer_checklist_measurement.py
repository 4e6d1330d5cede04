"""Answers to what is asked of the measurement: loadings, reliability, validity, fit, invariance."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from cxlab.analyses.result import each
from cxlab.analyses.reviewer_checklist_base import Answer, Results, bounded, judged, number, said
from cxlab.analyses.sem_text import fit_line, reported
from cxlab.analyses.validity import convergent_validity
from cxlab.errors import CxlabError
from cxlab.evaluate.rules import interpret, rule_limit
from cxlab.i18n import Language, tr

_LOW = 0.40
_REDUNDANT, _ENOUGH = 0.95, 0.70


def _stopped(results: Results) -> Answer | None:
    """The answer of every line that needs a fit, where the fit did not converge."""
    fit = results["fit"]
    return Answer("not_met", said("not_converged")) if fit is not None and not fit.converged else None


def _loadings(results: Results) -> Answer | None:
    fit = results.latent
    if fit is None:
        return _stopped(results)
    rows = fit.estimates[(fit.estimates["op"] == "=~") & fit.estimates["rhs"].isin(fit.partable.variables.ov)]
    if rows.empty:
        return None
    size = rows["std_all"].abs()
    limit = rule_limit("hair_2019_loadings")
    weak, low = rows[size < limit], rows[size < _LOW]
    values = {"count": len(rows), "lowest": bounded(size.min()), "item": rows.loc[size.idxmin(), "rhs"]}
    if weak.empty:
        return Answer("met", said("loadings", **values), float(size.min()))
    names = ", ".join(dict.fromkeys(weak["rhs"]))
    return Answer("not_met", said("loadings_weak", **values, weak=names, low=len(low)), float(size.min()))


def _reliability(results: Results) -> Answer | None:
    found = results["reliability"]
    if found is None:
        return None
    table = found.table
    kinds = {"alpha": "α", "omega_total": "ω", "composite_reliability": "CR"}
    known = [name for name in kinds if name in table and table[name].notna().any()]
    if not known:
        return None
    lowest = {name: table.loc[table[name].idxmin()] for name in known}
    kind = min(known, key=lambda name: float(lowest[name][name]))
    row, value = lowest[kind], float(lowest[kind][kind])
    named = results.name(str(row["construct"]), found)
    values = {
        "kind": kinds[kind],
        "value": bounded(value),
        "construct": named,
        "kinds": ", ".join(kinds[k] for k in known),
    }
    high = table[(table[known] > _REDUNDANT).any(axis=1)]["construct"]
    key = "reliability_high" if len(high) and value >= _ENOUGH else "reliability"
    values |= {"high": ", ".join(map(str, high))} if key == "reliability_high" else {}
    measures = tuple(dict.fromkeys("alpha" if name == "alpha" else "composite_reliability" for name in known))
    return Answer(judged(value >= _ENOUGH), said(key, **values), value, measures)


def _convergent(results: Results) -> Answer | None:
    fit = results.latent
    if fit is None:
        return _stopped(results)
    parts = [convergent_validity(fit, group=number_).table for number_ in results.groups()]
    table = pd.concat(parts, ignore_index=True)
    if table["ave"].isna().all():
        return Answer("reported", said("convergent_none"))
    weakest = table.loc[table["ave"].idxmin()]
    values = {"ave": bounded(weakest["ave"]), "construct": results.name(str(weakest["construct"]))}
    below = int((table["ave"] < rule_limit("fornell_larcker_1981")).sum())
    return Answer(
        judged(below == 0), said("convergent", **values, below=below, count=len(table)), float(weakest["ave"])
    )


def _discriminant(results: Results) -> Answer | None:
    found = results["htmt"]
    if found is None or found.table["htmt"].isna().all():
        return None
    row = found.table.loc[found.table["htmt"].idxmax()]
    values = {"value": bounded(row["htmt"]), "first": results.name(str(row["construct_1"]), found)}
    values |= {"second": results.name(str(row["construct_2"]), found), "cutoff": bounded(float(row["cutoff"]))}
    met = bool((found.table["htmt"].dropna() < row["cutoff"]).all())
    upper = found.table.get("ci_upper")
    if upper is None or upper.isna().all():
        return Answer(judged(met), said("discriminant_point", **values), float(row["htmt"]))
    text = said("discriminant", **values, upper=bounded(float(upper.max())))
    return Answer(judged(met and float(upper.max()) < 1), text, float(row["htmt"]))


def _fit(results: Results) -> Answer | None:
    fit = results.fit
    if fit is None:
        return _stopped(results)
    if not fit.fit_measures["df"]:
        return Answer("not_needed", said("saturated"))
    use = reported(fit.fit_measures)
    values = {name: float(fit.fit_measures[use[name]]) for name in ("cfi", "tli", "rmsea", "srmr")}
    known = {name: value for name, value in values.items() if not pd.isna(value)}
    verdicts = {one.measure: bool(one.met) for one in interpret(known, "hu_bentler_1999")} if known else {}
    failing = ", ".join(name.upper() for name, met in verdicts.items() if not met)
    # the authors ask for two indices of different classes
    both = verdicts.get("cfi", False) and verdicts.get("srmr", False)
    tail = said("fit_all") if not failing else said("fit_pair" if both else "fit_some", failing=failing)
    parts = [tail] if fit.admissible else [tail, said("fit_inadmissible")]
    joined = each(lambda lang: " ".join([f"{fit_line(fit.fit_measures, lang)}.", *(one[lang] for one in parts)]))
    return Answer(judged(not failing and fit.admissible), joined, values["cfi"], tuple(known))


def _local_fit(results: Results) -> Answer | None:
    fit = results.fit
    if fit is None:
        return _stopped(results)
    rows = fit.residuals.dropna(subset="residual_cor") if "residual_cor" in fit.residuals else pd.DataFrame()
    rows = rows[rows["item_2"] != ""] if len(rows) else rows
    if not len(rows):
        return None
    worst = rows.loc[rows["residual_cor"].abs().idxmax()]
    values = {"value": bounded(worst["residual_cor"]), "first": worst["item_1"], "second": worst["item_2"]}
    try:
        indices = fit.modification_indices(maximum_number=1)
    except CxlabError:  # not defined for every estimator; the residual stands alone then
        indices = pd.DataFrame()
    if not len(indices):
        return Answer("reported", said("local_residual", **values), float(worst["residual_cor"]))
    top = indices.iloc[0]
    values |= {"mi": number(top.get("mi_robust", top["mi"]), 1)}
    values |= {"parameter": f"{top['lhs']} {top['op']} {top['rhs']}".strip()}
    return Answer("reported", said("local", **values), float(worst["residual_cor"]))


def _invariance(results: Results) -> Answer | None:
    found = results["invariance"]
    if found is None:
        fit = results["fit"]
        alone = fit is not None and not fit.groups
        return Answer("not_needed", said("invariance_not_needed")) if alone else None
    reached, groups = found.reached, ", ".join(str(name) for name in found.group_sizes.index)
    if reached is None:
        return Answer("not_met", said("invariance_none", groups=groups))
    state = judged(reached in ("scalar", "strict"))
    partial = "_partial" if found.released else ""
    return Answer(state, said(f"invariance{partial}", level=lambda lang: level_name(reached, lang), groups=groups))


def level_name(level: str, lang: Language | None = None) -> str:
    """A level of invariance in words."""
    return tr(f"checklist.level_{level}", lang)


MEASUREMENT: Mapping[str, Callable[[Results], Answer | None]] = {
    "loadings": _loadings,
    "reliability": _reliability,
    "convergent": _convergent,
    "discriminant": _discriminant,
    "fit": _fit,
    "local_fit": _local_fit,
    "invariance": _invariance,
}
