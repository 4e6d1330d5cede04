"""Answers to what is asked of the structure: collinearity, paths, R², mediation, rivals, robustness."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from cxlab.analyses.reviewer_checklist_base import Answer, Results, bounded, judged, number, said
from cxlab.analyses.structure_contest_text import structure_name
from cxlab.evaluate.rules import interpret
from cxlab.i18n import Language

_SUSPECT = 0.90
_ALPHA = 0.05


def _paths_of(fit: Any) -> pd.DataFrame:
    rows = fit.estimates
    return rows[(rows["op"] == "~") & (rows["se"] > 0)]


def _collinearity(results: Results) -> Answer | None:
    fit = results.fit
    if fit is None:
        return None
    found = list(_inflation(results))
    if not found:
        return Answer("not_needed", said("collinearity_none"))
    value, predictor, outcome = max(found)
    band = interpret(value, "hair_2019_vif").label.partition(".")[2]
    values = {"vif": number(value), "predictor": results.name(predictor), "outcome": results.name(outcome)}
    return Answer(judged(band == "no_issue"), said("collinearity", **values), value)


def _inflation(results: Results) -> Iterator[tuple[float, str, str]]:
    """VIF of each predictor of each outcome, from the implied correlations of latent variables."""
    fit = results.fit
    for group in results.groups():
        cor = fit.of_group(fit.latent_cor, group) if fit.partable.variables.lv else pd.DataFrame()
        rows = _paths_of(fit)
        for outcome, own in rows[rows["group"] == group].groupby("lhs", sort=False):
            names = [name for name in own["rhs"] if name in cor.index]
            if len(names) < 2 or len(names) < len(own):
                continue
            part = cor.loc[names, names].to_numpy()
            if np.linalg.eigvalsh(part)[0] < 1e-10:
                continue
            for name, value in zip(names, np.diag(np.linalg.inv(part)), strict=True):
                yield float(value), name, str(outcome)


def _paths(results: Results) -> Answer | None:
    fit = results.fit
    if fit is None:
        return None
    rows = _paths_of(fit)
    if rows.empty:
        return Answer("not_needed", said("paths_none"))
    strong = rows.loc[rows["std_all"].abs().idxmax()]
    values = {"count": len(rows), "clear": int((rows["pvalue"] < _ALPHA).sum()), "beta": bounded(strong["std_all"])}
    values |= {"predictor": results.name(strong["rhs"]), "outcome": results.name(strong["lhs"])}
    return Answer("reported", said("paths", **values), float(strong["std_all"]))


def _explained(results: Results) -> Answer | None:
    fit = results.fit
    if fit is None:
        return None
    outcomes = list(dict.fromkeys(_paths_of(fit)["lhs"]))
    parts = [fit.of_group(fit.r2, group).reindex(outcomes).dropna() for group in results.groups()]
    values = pd.concat(parts) if parts else pd.Series(dtype=float)
    if values.empty:
        return Answer("not_needed", said("paths_none"))
    top, low = str(values.idxmax()), str(values.idxmin())
    shown = {"highest": bounded(values.max()), "top": results.name(top), "lowest": bounded(values.min())}
    shown |= {"low": results.name(low)}
    if values.max() > _SUSPECT:
        return Answer("not_met", said("explained_suspect", **shown), float(values.max()))
    return Answer("reported", said("explained" if len(values) > 1 else "explained_one", **shown), float(values.max()))


def _mediation(results: Results) -> Answer | None:
    found, fit = results["bootstrap"], results.fit
    if found is None:
        if fit is None:
            return None
        mediated = set(_paths_of(fit)["lhs"]) & set(_paths_of(fit)["rhs"])
        return None if mediated else Answer("not_needed", said("mediation_none"))
    rows = found.effects[found.effects["kind"] == "indirect"] if len(found.effects) else found.effects
    used = int(found.status["used"])
    if not len(rows):
        return Answer("reported", said("bootstrap_only", used=used))
    clear = rows[(rows["ci_lower"] > 0) | (rows["ci_upper"] < 0)]
    return Answer("reported", said("mediation", count=len(rows), clear=len(clear), used=used))


def _rivals(results: Results) -> Answer | None:
    found = results["rivals"]
    if found is None:
        return None
    name = "structure" if "structure" in found.table else "model"
    table = found.table.dropna(subset="bic") if "bic" in found.table else found.table
    if len(table) < 2:
        return Answer("not_met", said("rivals_one"))
    best = str(table.loc[table["bic"].idxmin(), name])

    def worded(names: Sequence[str], lang: Language) -> str:
        return ", ".join(structure_name(one, lang) if name == "structure" else one for one in names)

    values = {"models": partial(worded, [str(one) for one in table[name]]), "best": partial(worded, [best])}
    return Answer("reported", said("rivals", count=len(table), **values))


def _robustness(results: Results) -> Answer | None:
    found = results["curve"]
    if found is None:
        return None
    used = found.usable["estimate"]
    if not len(used):
        return Answer("not_met", said("robustness_none"))
    values = {"count": len(used), "target": found.target, "median": number(used.median())}
    values |= {"low": number(used.min()), "high": number(used.max())}
    state = judged(found.verdict == "robust") if found.verdict != "one" else "reported"
    return Answer(state, said(f"robustness_{found.verdict}", **values), float(used.median()))


STRUCTURE: Mapping[str, Callable[[Results], Answer | None]] = {
    "collinearity": _collinearity,
    "paths": _paths,
    "explained": _explained,
    "mediation": _mediation,
    "rivals": _rivals,
    "robustness": _robustness,
}
