"""Answers of the PLS checklist that need resamples, predictions, tests or segments beside the fit."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cxlab.analyses.reviewer_checklist_base import Answer, Makers, Results, bounded, judged, number, said
from cxlab.estimate.pls.routes import count_routes
from cxlab.i18n import p_text

_ALPHA, _LOADING = 0.05, 0.50


def _clear(table: pd.DataFrame) -> pd.Series:
    """Rows whose interval is away from 0."""
    return (table["ci_lower"] > 0) | (table["ci_upper"] < 0)


def _weights(results: Results) -> Answer | None:
    fit, found = results.fit, results["bootstrap"]
    names = [name for name, mode in zip(fit.model.constructs, fit.model.design.modes, strict=True) if mode == "B"]
    formative = fit.loadings[fit.loadings["construct"].isin(names)]
    formative = formative[formative.groupby("construct")["item"].transform("size") > 1]
    if formative.empty:
        return Answer("not_needed", said("pls_no_formative"))
    if found is None:
        return None
    table = found.of("weight")
    own = table[table["target"].isin(formative["item"])]
    unclear = own.loc[~_clear(own), "target"]
    small = formative.loc[formative["item"].isin(unclear) & (formative["loading"] < _LOADING), "item"]
    values = {"count": len(own), "clear": len(own) - len(unclear), "small": ", ".join(small)}
    return Answer(judged(small.empty), said("pls_weights_small" if len(small) else "pls_weights", **values))


def _paths(results: Results) -> Answer | None:
    found = results["bootstrap"]
    if found is None:
        return None
    table = found.of("path")
    strong = table.loc[table["estimate"].abs().idxmax()]
    values: dict[str, Any] = {"count": len(table), "clear": int(_clear(table).sum())}
    values |= {"beta": bounded(strong["estimate"]), "used": f"{int(found.status['used'])}"}
    values |= {side: results.name(strong[side]) for side in ("source", "target")}
    return Answer("reported", said("pls_paths", **values), float(strong["estimate"]))


def _mediation(results: Results) -> Answer | None:
    if not count_routes(results.fit.model.design.paths):
        return Answer("not_needed", said("mediation_none"))
    found = results["bootstrap"]
    if found is None:
        return None
    table = found.of("specific")
    values = {"count": len(table), "clear": int(_clear(table).sum()), "used": int(found.status["used"])}
    return Answer("reported", said("mediation", **values))


def _prediction(results: Results) -> Answer | None:
    found = results["prediction"]
    if found is None:
        return None
    table, tests = found.table, found.cvpat[found.cvpat["construct"] == ""].set_index("against")
    positive, better = int((table["q2_predict"] > 0).sum()), int((table["rmse"] < table["rmse_lm"]).sum())
    loss = tests.loc["lm"]
    values: dict[str, Any] = {"items": len(table), "positive": positive, "better": better}
    values |= {"loss": number(loss["difference"], 3), "p": lambda lang: p_text(float(loss["pvalue"]), lang)}
    met = positive == len(table) and better > len(table) / 2
    return Answer(judged(met), said("pls_prediction", **values), better / len(table))


def _exact_fit(results: Results) -> Answer | None:
    found = results["exact_fit"]
    if found is None:
        return None
    rows = found.table.set_index("measure")
    rejected = int(rows["rejected"].sum())
    values = {"srmr": bounded(rows.loc["srmr", "value"], 3), "critical": bounded(rows.loc["srmr", "critical"], 3)}
    key = "pls_exact_rejected" if rejected else "pls_exact_kept"
    text = said(key, rejected=rejected, count=len(rows), **values)
    return Answer(judged(not rejected), text, float(rows.loc["srmr", "value"]))


def _linearity(results: Results) -> Answer | None:
    found = results["linearity"]
    if found is None:
        return None
    bent = found.table[_clear(found.table)]
    if bent.empty:
        return Answer("met", said("pls_straight", count=len(found.table)))
    row = bent.loc[bent["f2"].idxmax()]
    ends = {side: results.name(row[side]) for side in ("source", "target")}
    text = said("pls_bent", bent=len(bent), count=len(found.table), f2=number(row["f2"], 3), **ends)
    return Answer("not_met", text, float(row["f2"]))


def _endogeneity(results: Results) -> Answer | None:
    found = results["endogeneity"]
    if found is None:
        return None
    alone = found.table[found.table["terms"] == "one"]
    told = alone[(alone["normal_pvalue"] < _ALPHA) & ~alone["stepped"]]
    if told.empty:
        return Answer("reported", said("pls_copula_silent"))
    signs = told[told["pvalue"] < _ALPHA]
    names = "; ".join(f"{row.source} → {row.target}" for row in signs.itertuples())
    values = {"told": len(told), "count": len(alone), "signs": len(signs), "names": names}
    return Answer(judged(signs.empty), said("pls_copula_signs" if len(signs) else "pls_copula_none", **values))


def _segments(results: Results) -> Answer | None:
    found = results["segments"]
    if found is None:
        return None
    picks = found.picks.set_index("criterion")["segments"]
    return Answer("reported", said("pls_segments", picks=", ".join(f"{name.upper()} {n}" for name, n in picks.items())))


def _groups(results: Results) -> Answer | None:
    found = results["micom"]
    if found is None:
        return None
    counts = found.table["invariance"].value_counts()
    values = {state: int(counts.get(state, 0)) for state in ("full", "partial", "none")}
    return Answer(judged(not values["none"]), said("pls_micom", **values))


LATER: Makers = {
    "weights": _weights,
    "paths": _paths,
    "mediation": _mediation,
    "prediction": _prediction,
    "exact_fit": _exact_fit,
    "linearity": _linearity,
    "endogeneity": _endogeneity,
    "segments": _segments,
    "groups": _groups,
}
