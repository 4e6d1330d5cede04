"""What reviewers ask of a PLS path model, in Hair et al.'s (2019) order, answered by the results at hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxlab.analyses.pls_checklist_later import LATER
from cxlab.analyses.reviewer_checklist_base import Answer, Makers, Results, answered, bounded, judged, number, said
from cxlab.analyses.reviewer_checklist_result import ReviewerChecklist
from cxlab.errors import ModelError
from cxlab.evaluate.checklist import checklist
from cxlab.evaluate.rules import interpret, rule_limit
from cxlab.i18n import tr

if TYPE_CHECKING:
    from cxlab.analyses.pls_result import PlsFit

# What each word takes: the names of the result classes.
SLOTS: Mapping[str, str] = {
    "bootstrap": "PlsBootstrap",
    "prediction": "PlsPrediction",
    "exact_fit": "PlsExactFit",
    "linearity": "PlsLinearity",
    "endogeneity": "PlsEndogeneity",
    "segments": "Fimix",
    "micom": "Micom",
}
_REDUNDANT = 0.95


def pls_checklist(fit: PlsFit, **results: Any) -> ReviewerChecklist:
    """The lines of Hair et al. (2019) for a PLS path model, each with number, rule and source.

    When to use it: to read an evaluation in the order in which papers report it, and to see what is still open.

    Parameters
    ----------
    fit : PlsFit
    **results
        ``bootstrap`` (of ``fit.bootstrap``), ``prediction`` (``fit.predict``), ``exact_fit``, ``linearity``,
        ``endogeneity``, ``micom`` (of the methods of these names), ``segments`` (`cxlab.fimix`).

    Returns
    -------
    ReviewerChecklist
        As of `cxlab.reviewer_checklist`; parts: reflective, formative, structure, robustness, openness.

    Raises
    ------
    ModelError
        An unknown word, or a result of another kind than its word says.

    Examples
    --------
    >>> import cxlab as cx
    >>> model = "Image =~ IMAG1 + IMAG2 + IMAG4; Value =~ PERV1 + PERV2; Value ~ Image"
    >>> found = cx.pls(model, cx.load_dataset("ecsi_mobile"), consistent=False).checklist()
    >>> found.table.set_index("line").loc[["consistency", "weights", "prediction"], "state"].tolist()
    ['not_met', 'not_needed', 'open']
    """
    for name, value in results.items():
        if name not in SLOTS:
            raise ModelError("pls_checks.list_unknown", name=name, known=", ".join(SLOTS))
        if type(value).__name__ != SLOTS[name]:
            wanted, given = SLOTS[name], type(value).__name__
            raise ModelError("checklist.wrong_result", name=name, given=given, wanted=wanted)
    held = Results({"fit": fit, **results})
    lines = tuple(answered(line, held, _ANSWERS) for line in checklist("pls"))
    simulated = fit.given.answers is not None and fit.survey.simulated
    return ReviewerChecklist(lines=lines, warnings=fit.warnings, simulated=simulated, title="checklist.title_pls")


def _blocks(results: Results, formative: bool) -> list[int]:
    """Constructs with several indicators: of mode B, or of others."""
    design = results.fit.model.design
    both = zip(design.sizes, design.modes, strict=True)
    return [place for place, (size, mode) in enumerate(both) if size > 1 and (mode == "B") == formative]


def _items(results: Results, formative: bool) -> pd.DataFrame:
    names = results.fit.model.constructs
    table = results.fit.loadings
    return table[table["construct"].isin([names[place] for place in _blocks(results, formative)])]


def _loadings(results: Results) -> Answer:
    rows = _items(results, formative=False)
    if rows.empty:
        return Answer("not_needed", said("pls_no_reflective"))
    low = rows.loc[rows["loading"].idxmin()]
    limit = rule_limit("hair_2019_loadings", "loading")
    weak = int((rows["loading"] < limit).sum())
    values = {"count": len(rows), "weak": weak, "lowest": bounded(low["loading"]), "item": low["item"]}
    return Answer(judged(not weak), said("pls_loadings", **values), float(low["loading"]))


def _reliable(results: Results) -> pd.DataFrame:
    names = results.fit.model.constructs
    table = results.fit.reliability.set_index("construct")
    return table.loc[[names[place] for place in _blocks(results, formative=False)]]


def _consistency(results: Results) -> Answer:
    rows = _reliable(results)
    if rows.empty:
        return Answer("not_needed", said("pls_no_reflective"))
    column = "rho_a" if rows["rho_a"].notna().any() else "alpha"
    value, name = float(rows[column].min()), str(rows[column].idxmin())
    high = [str(one) for one in rows.index[(rows[["rho_c", column]] > _REDUNDANT).any(axis=1)]]
    band = interpret(value, "hair_2019_reliability", column).label.partition(".")[2]
    values = {"kind": {"rho_a": "rho_A", "alpha": "alpha"}[column], "value": bounded(value)}
    values |= {kind: bounded(rows.loc[name, kind]) for kind in ("alpha", "rho_c")}
    key = "pls_consistency_high" if high else "pls_consistency"
    text = said(key, construct=results.name(name), high=", ".join(high), **values)
    return Answer(judged(band == "satisfactory" and not high), text, value, (column,))


def _convergent(results: Results) -> Answer:
    rows = _reliable(results)
    if rows.empty:
        return Answer("not_needed", said("pls_no_reflective"))
    value, name = float(rows["ave"].min()), str(rows["ave"].idxmin())
    below = int((rows["ave"] < rule_limit("fornell_larcker_1981", "ave")).sum())
    values = {"ave": bounded(value), "construct": results.name(name), "below": below, "count": len(rows)}
    return Answer(judged(not below), said("convergent", **values), value)


def _discriminant(results: Results) -> Answer:
    """Among constructs that their items show; indicators that form a composite need not correlate."""
    names = [results.fit.model.constructs[place] for place in _blocks(results, formative=False)]
    table = results.fit.htmt
    own = [name for name in names if name in table.index]
    found = table.loc[own, own].stack()
    if found.empty:
        return Answer("not_needed", said("pls_htmt_none"))
    value, (second, first) = float(found.max()), found.idxmax()
    limit = rule_limit("henseler_2015", "htmt")
    values = {"value": bounded(value), "first": results.name(first), "second": results.name(second)}
    if results["bootstrap"] is None:
        return Answer(judged(value < limit), said("pls_htmt", **values), value)
    drawn = results["bootstrap"].of("htmt")
    among = drawn["source"].isin(own) & drawn["target"].isin(own)
    upper = float(drawn.loc[among, "ci_upper"].max())
    return Answer(judged(upper < limit), said("pls_htmt_interval", upper=bounded(upper), **values), upper)


def _inflated(table: pd.DataFrame, none: str, key: str, **names: Any) -> Answer:
    """The largest variance inflation of a table."""
    known = table.dropna(subset=["vif"])
    if known.empty:
        return Answer("not_needed", said(none))
    row = known.loc[known["vif"].idxmax()]
    band = interpret(float(row["vif"]), "hair_2019_vif").label.partition(".")[2]
    shown = {name: make(row) for name, make in names.items()}
    return Answer(judged(band == "no_issue"), said(key, vif=number(row["vif"]), **shown), float(row["vif"]))


def _item_collinearity(results: Results) -> Answer:
    rows = _items(results, formative=True)
    return _inflated(rows, "pls_no_formative", "pls_item_vif", item=lambda row: row["item"])


def _collinearity(results: Results) -> Answer:
    vif = results.fit.vif
    several = vif[vif.groupby("target")["source"].transform("size") > 1]
    ends = {side: (lambda row, side=side: results.name(row[side])) for side in ("source", "target")}
    return _inflated(several, "pls_vif_none", "pls_vif", **ends)


def _redundancy(results: Results) -> Answer | None:
    return None if _blocks(results, formative=True) else Answer("not_needed", said("pls_no_formative"))


def _explained(results: Results) -> Answer:
    rows = results.fit.r2.set_index("construct")["r2"]
    top, low = str(rows.idxmax()), str(rows.idxmin())
    values = {"highest": bounded(rows.max()), "top": results.name(top), "lowest": bounded(rows.min())}
    key = "explained" if len(rows) > 1 else "explained_one"
    return Answer("reported", said(key, low=results.name(low), **values), float(rows.max()))


def _effect_sizes(results: Results) -> Answer:
    rows = results.fit.f2.dropna(subset=["f2"])
    if rows.empty:
        return Answer("not_needed", said("paths_none"))
    row = rows.loc[rows["f2"].idxmax()]
    small = sum(interpret(float(one), "cohen_1988", "f2").label == "evaluate.negligible" for one in rows["f2"])
    ends = {side: results.name(row[side]) for side in ("source", "target")}
    text = said("pls_f2", count=len(rows), small=small, largest=number(row["f2"]), **ends)
    return Answer("reported", text, float(row["f2"]), ("f2",))


def _settings(results: Results) -> Answer:
    fit = results.fit
    modes = ", ".join(dict.fromkeys(fit.model.design.modes))
    values = {
        "scheme": lambda lang: tr(f"pls.scheme_{fit.scheme}", lang),
        "modes": modes,
        "tolerance": f"{fit.tolerance:g}",
    }
    return Answer("reported", said("pls_settings", n=fit.n_obs, **values))


_ANSWERS: Makers = {
    "loadings": _loadings,
    "consistency": _consistency,
    "convergent": _convergent,
    "discriminant": _discriminant,
    "redundancy": _redundancy,
    "item_collinearity": _item_collinearity,
    "collinearity": _collinearity,
    "explained": _explained,
    "effect_sizes": _effect_sizes,
    "settings": _settings,
    **LATER,
}
