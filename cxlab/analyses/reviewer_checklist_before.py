"""Answers to what is asked before the model: sample, power, missing answers, careless answers, shape, method bias."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from cxlab.analyses.result import each
from cxlab.analyses.reviewer_checklist_base import Answer, Results, bounded, judged, number, said, share
from cxlab.evaluate.rules import rule_limit
from cxlab.i18n import Language
from cxlab.survey.flow import rule_label

_ROBUST = ("MLR", "MLM", "MLMV", "MLMVS", "MLF", "WLS", "DWLS", "WLSM", "WLSMV", "WLSMVS", "ULSM", "ULSMV", "ULSMVS")
_POWER = 0.80


def _sample(results: Results) -> Answer | None:
    survey = results["survey"]
    if survey is None:
        return None
    out = 0 if survey.aside is None else len(survey.aside.frame)
    values = {"collected": len(survey) + out, "excluded": out, "analysed": len(survey)}
    fit = results["fit"]
    if fit is not None:
        return Answer("reported", said("sample_fit", **values, used=fit.n_obs), float(fit.n_obs))
    return Answer("reported", said("sample", **values), float(len(survey)))


def _power(results: Results) -> Answer | None:
    power = results["power"]
    if power is None:
        return None
    rows = power.main[power.main["n"] == power.main["n"].max()]
    if rows.empty or rows["power"].isna().all():
        return None
    weakest = rows.loc[rows["power"].idxmin()]
    values = {"name": f"{weakest['rhs']} → {weakest['lhs']}", "n": int(weakest["n"]), "power": share(weakest["power"])}
    return Answer(judged(weakest["power"] >= _POWER), said("power", **values), float(weakest["power"]))


def _missing(results: Results) -> Answer | None:
    found = results["missing"]
    if found is None:
        return None
    if not hasattr(found, "mcar"):
        differs = bool(found.differences[["sign_changes", "verdict_changes"]].any(axis=None))
        text = said("missing_compared", methods=", ".join(found.states["method"]))
        return Answer("not_met" if differs else "reported", text)
    worst = found.items.loc[found.items["share"].idxmax()]
    fit = results["fit"]
    whole = fit is not None and fit.options.missing == "fiml"
    few = worst["share"] <= rule_limit("schafer_1999")
    values = {"share": share(found.share), "item": worst["item"], "most": share(worst["share"])}
    key = "missing_none" if found.verdict == "complete" else f"missing_{'fiml' if whole else 'other'}"
    test = "" if found.mcar.reason else "_tested"
    values |= {"p": bounded(found.mcar.pvalue, 3)} if test else {}
    text = said(key, items=len(found.items)) if key == "missing_none" else said(key + test, **values)
    return Answer(judged(few or whole), text, float(worst["share"]))


def _data_quality(results: Results) -> Answer | None:
    survey = results["survey"]
    if survey is None:
        return None
    if not survey.rules:
        return Answer("open", said("quality_none"))
    flagged = {rule.name: rule.flagged for rule in survey.rules if rule.flagged}

    def shown(lang: Language) -> str:
        return ", ".join(f"{rule_label(survey, name, lang)} {count}" for name, count in flagged.items()) or "0"

    out = 0 if survey.aside is None else len(survey.aside.frame)
    return Answer("reported", said("quality", count=len(survey.rules), shown=shown, excluded=out))


def _distribution(results: Results) -> Answer | None:
    found = results["describe"]
    if found is None:
        return None
    table = found.table
    sizes: dict[str, pd.Series] = {name: table[name].abs() for name in ("skewness", "kurtosis")}
    if all(one.isna().all() for one in sizes.values()):
        return None
    worst = {name: table.loc[one.idxmax()] for name, one in sizes.items()}
    values = {name: number(worst[name][name]) for name in sizes} | {
        f"{name}_item": worst[name]["item"] for name in sizes
    }
    met = all(sizes[name].max() < rule_limit("west_1995", name) for name in sizes)
    fit = results["fit"]
    robust = fit is not None and fit.options.estimator in _ROBUST
    key = "distribution_robust" if robust else "distribution"
    values |= {"estimator": fit.options.estimator} if robust else {}
    return Answer(judged(met or robust), said(key, **values), float(sizes["kurtosis"].max()))


def _method_bias(results: Results) -> Answer | None:
    found = results["method_bias"]
    if found is None:
        return None

    def text(lang: Language) -> str:
        reading = getattr(found, "reading", None)
        lines = reading(lang) if callable(reading) else found.summary(lang).splitlines()
        return str(lines[0])

    return Answer("reported", each(text))


BEFORE: Mapping[str, Callable[[Results], Answer | None]] = {
    "sample": _sample,
    "power": _power,
    "missing": _missing,
    "data_quality": _data_quality,
    "distribution": _distribution,
    "method_bias": _method_bias,
}
