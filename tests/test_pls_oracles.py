"""PLS models of seminr and cSEM: all tables that they print, to 1e-8, in the sample; R's plspm and seminr's own test
models are in `test_pls_oracles_peers.py`, resamples in `test_pls_oracles_resamples.py`. What is not compared, and why:
`tests/oracles/pls_files.yaml`, which names every file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.estimate.pls.routes import along
from cxlab.evaluate.pls import implied_correlations
from tests.conftest import shared_folder
from tests.test_pls import ECSI, REPUTATION
from tests.test_pls_bootstrap import THREE
from tests.test_pls_groups import BANK
from tests.test_pls_higher_order import YOO
from tests.test_pls_stages import HIGHER, MODERATED
from tests.test_pls_stages import REPUTATION as MODERATED_REPUTATION

pytestmark = pytest.mark.shared
SATISFACTION = """
IMAG =~ imag1 + imag2 + imag3 + imag4 + imag5
EXPE =~ expe1 + expe2 + expe3 + expe4 + expe5
QUAL =~ qual1 + qual2 + qual3 + qual4 + qual5
VAL =~ val1 + val2 + val3 + val4
SAT =~ sat1 + sat2 + sat3 + sat4
LOY =~ loy1 + loy2 + loy3 + loy4
EXPE ~ IMAG
QUAL ~ EXPE
VAL ~ EXPE + QUAL
SAT ~ IMAG + EXPE + QUAL + VAL
LOY ~ IMAG + SAT
"""
BLOCK_EXT = REPUTATION.replace("cusa", "CUSA") + "CUSA <~ cusa\n"
SIMPLE = """
COMP <~ comp_1 + comp_2 + comp_3
LIKE <~ like_1 + like_2 + like_3
CUSA <~ cusa
CUSL <~ cusl_1 + cusl_2 + cusl_3
CUSA ~ COMP + LIKE
CUSL ~ COMP + LIKE + CUSA
"""
MODELS = {"mobi": ECSI, "satisfaction": SATISFACTION, "threecommonfactors": THREE}
OPTIONS: dict[str, dict[str, Any]] = {
    "PLSc_path": {},
    "composite_modeA_path": {"consistent": False},
    "composite_modeA_factorial": {"consistent": False, "scheme": "factorial"},
    "composite_modeA_centroid": {"consistent": False, "scheme": "centroid"},
    "composite_modeB_path": {"consistent": False, "modes": "B"},
    "reflective_nodisatt_path": {"consistent": False},
}
# cSEM keeps a factor's reliability only where it corrects for it, and tells nothing of a composite's.
CSEM = [*((name, kind) for name in ("mobi", "satisfaction") for kind in OPTIONS), ("threecommonfactors", "PLSc_path")]
CSEM.remove(("satisfaction", "reflective_nodisatt_path"))
REFLECTIVE = [pair for pair in CSEM if not pair[1].startswith("composite")]
SEMINR: dict[str, dict[str, Any]] = {
    "seminr_mobi/A_path": {"consistent": False},
    "seminr_mobi/A_factorial": {"consistent": False, "scheme": "factorial"},
    "seminr_mobi/B_path": {"consistent": False, "modes": "B"},
    "seminr_mobi/UNIT": {"consistent": False, "modes": "unit"},
    "seminr_mobi/PLSc_path": {},
    "seminr_corprep/ext": {"consistent": False, "missing": "mean"},
    "seminr_corprep/simple": {"modes": "A", "missing": "mean"},
}


def table(name: str, **options: Any) -> pd.DataFrame:
    return pd.read_csv(shared_folder() / "oracles" / "pls" / name, **{"index_col": 0, **options})


@cache
def answers(name: str) -> pd.DataFrame:
    if name == "mobi":
        return cx.load_dataset("ecsi_mobile").frame
    data = pd.read_csv(shared_folder() / "oracles" / "pls" / "data" / f"csem_{name}.csv")
    return data[[column for column in data if column.startswith(("y", *"iesqvl"))]]


@cache
def fitted(name: str, kind: str) -> Any:
    return cx.pls(MODELS[name], answers(name), tolerance=1e-12, **OPTIONS[kind])


@cache
def of_seminr(name: str) -> Any:
    data = answers("mobi") if "mobi" in name else cx.load_dataset("corporate_reputation")
    text = {"seminr_corprep/ext": BLOCK_EXT, "seminr_corprep/simple": SIMPLE}.get(name, ECSI)
    return cx.pls(text, data, tolerance=1e-12, **SEMINR[name])


def equal(ours: Any, theirs: Any, close: float = 1e-8) -> None:
    """The same numbers; a nan is equal to a nan alone."""
    np.testing.assert_allclose(np.asarray(ours, float), np.asarray(theirs, float), rtol=0, atol=close)


def listed(ours: pd.DataFrame, value: str, theirs: pd.DataFrame, by: Sequence[str], close: float = 1e-8) -> None:
    """Rows of ours are cells of theirs, at (row, column) named by `by`, and no other cell of theirs is filled."""
    cells = ours.set_index(list(by))[value]
    equal(cells, [theirs.loc[place] for place in cells.index], close)
    assert (theirs.abs() > close).to_numpy().sum() == (cells.abs() > close).sum()


def estimates(fit: Any, stem: str, paths: Sequence[str], items: Sequence[str]) -> None:
    """Paths, weights and loadings; which of two names stands in the rows of their tables."""
    listed(fit.paths, "estimate", table(f"{stem}_paths.csv"), paths)
    listed(fit.loadings, "weight", table(f"{stem}_weights.csv"), items)
    listed(fit.loadings, "loading", table(f"{stem}_loadings.csv"), items)


@pytest.mark.parametrize("name", SEMINR)
def test_every_model_is_seminrs(name: str) -> None:
    fit, path = of_seminr(name), ("source", "target")
    estimates(fit, name, path, ("item", "construct"))
    for part, value in (("total_effects_exact", "total"), ("total_effects_seminr", "total")):
        listed(fit.total_effects, value, table(f"{name}_{part}.csv"), path)
    listed(fit.total_effects, "indirect", table(f"{name}_total_indirect_exact.csv"), path)
    listed(fit.paths, "f2_reestimated", table(f"{name}_fsquare_reestimated.csv"), path)
    r2 = table(f"{name}_rsquared.csv")[fit.r2["construct"]]
    equal(fit.r2[["r2", "r2_adjusted"]].T, r2.loc[["Rsq", "AdjRsq"]])
    crossed = fit.cross_loadings
    equal(crossed, table(f"{name}_cross_loadings.csv").loc[crossed.index, crossed.columns])
    equal(fit.scores, table(f"{name}_scores.csv")[fit.scores.columns])


@pytest.mark.parametrize("name", SEMINR)
def test_every_evaluation_is_seminrs(name: str) -> None:
    fit, printed = of_seminr(name), table(f"{name}_reliability.csv")
    own = fit.reliability.set_index("construct")
    own = own[(own["items"] > 1) & (own["mode"] != "B")]  # seminr gives single items 1, formative blocks numbers too
    equal(own[["alpha", "rho_c", "ave"]], printed.loc[own.index, ["alpha", "rhoC", "AVE"]])
    reliable = own[own["mode"] == "A"]  # of equal weights seminr gives alpha for rho_A
    equal(reliable["rho_a"], printed.loc[reliable.index, "rhoA"])
    ratios = table(f"{name}_htmt.csv")
    lower = np.tril_indices(len(fit.htmt), -1)
    order = ratios.combine_first(ratios.T).loc[fit.htmt.index, fit.htmt.columns].to_numpy()
    equal(fit.htmt.to_numpy()[lower], order[lower])
    vif = table(f"{name}_vif_items.csv", index_col="item")["vif"]
    several = fit.loadings[fit.loadings["vif"].notna()]
    equal(several["vif"], vif[several["item"]])
    # of the scores, uncorrected, also where constructs are common factors; ours are then of what the paths come from
    scores = of_seminr("seminr_mobi/A_path") if name.endswith("PLSc_path") else fit
    causes = table(f"{name}_vif_antecedents.csv", index_col=None).set_index(["outcome", "item"])["vif"]
    equal(scores.vif["vif"], [causes[row.target, row.source] for row in scores.vif.itertuples()])
    assert len(causes) == len(scores.vif)
    fornell = table(f"{name}_fornell_larcker.csv")
    fornell = fornell.combine_first(fornell.T).loc[list(fit.scores), list(fit.scores)].to_numpy()
    below = np.tril_indices(len(fornell), -1)
    equal(scores.fornell_larcker.to_numpy()[below], fornell[below])
    equal(np.sqrt(own["ave"]), [fornell[list(fit.scores).index(one)][list(fit.scores).index(one)] for one in own.index])


@pytest.mark.parametrize(("name", "kind"), CSEM)
def test_every_model_is_csems(name: str, kind: str) -> None:
    fit, stem = fitted(name, kind), f"csem/{name}_{kind}"
    estimates(fit, stem, ("target", "source"), ("construct", "item"))
    listed(fit.paths, "f2", table(f"{stem}_F2.csv"), ("target", "source"))
    r2 = table(f"{stem}_r2.csv").loc[fit.r2["construct"]]
    equal(fit.r2[["r2", "r2_adjusted"]], r2[["R2", "R2adj"]])
    equal(fit.solved.correlations[:, :, 0], table(f"{stem}_constructVCV.csv"))
    effects = fit.total_effects.assign(Name=lambda rows: rows["target"] + " ~ " + rows["source"]).set_index("Name")
    for kind_of_effect in ("indirect", "total"):
        theirs = table(f"{stem}_{kind_of_effect}_effects.csv").set_index("Name")["Estimate"]
        equal(effects[kind_of_effect][theirs.index], theirs)
        assert (effects[kind_of_effect] != 0).sum() == len(theirs)


@pytest.mark.parametrize(("name", "kind"), [pair for pair in CSEM if "nodisatt" not in pair[1]])
def test_the_distance_from_the_implied_correlations_is_csems(name: str, kind: str) -> None:
    """`nodisatt` is left out: cSEM holds its uncorrected loadings to be a factor's, ours a composite's."""
    fit, stem = fitted(name, kind), f"csem/{name}_{kind}"

    def printed(part: str) -> float:
        return float(table(f"{stem}_{part}.csv").iloc[0, 0])

    found = fit.fit_measures.set_index("model").loc["estimated"]
    # cSEM's d_G takes logarithms to base 10
    equal(found[["srmr", "d_uls", "d_g"]], [printed("SRMR"), printed("DL"), printed("DG") * np.log(10) ** 2])
    implied = implied_correlations(fit.cor[:, :, None], fit.solved, fit.model.design)[:, :, 0]
    discrepancy = np.linalg.slogdet(implied)[1] - np.linalg.slogdet(fit.cor)[1]
    discrepancy += np.trace(np.linalg.solve(implied, fit.cor)) - len(implied)
    equal([discrepancy, (fit.n_obs - 1) * discrepancy], [printed("DML"), printed("Chi_square")], 1e-7)
    several = fit.loadings[fit.loadings.groupby("construct")["loading"].transform("size") > 1]
    equal(np.sqrt((several["loading"] ** 2).mean() * fit.r2["r2"].mean()), printed("GoF"))


@pytest.mark.parametrize(("name", "kind"), REFLECTIVE)
def test_reliability_and_validity_of_reflective_blocks_are_csems(name: str, kind: str) -> None:
    fit, stem = fitted(name, kind), f"csem/{name}_{kind}"
    own = fit.reliability.set_index("construct")
    own = own[own["items"] > 1]
    ave, rho_c, rho_a = (table(f"{stem}_{part}.csv").iloc[:, 0] for part in ("AVE", "RhoC", "reliabilities"))
    equal(own[["ave", "rho_c"]].T, [ave[own.index], rho_c[own.index]])
    if kind.startswith("PLSc"):
        equal(own["rho_a"], rho_a[own.index])
    squared = table(f"{stem}_Fornell-Larcker.csv").loc[own.index, own.index]  # AVE and squared correlations
    lower = np.tril_indices(len(own))
    equal(fit.fornell_larcker.loc[own.index, own.index].to_numpy()[lower] ** 2, squared.to_numpy()[lower])
    below, factors = np.tril_indices(len(fit.htmt), -1), list(fit.htmt)
    blocks = {one: list(fit.model.block(fit.model.constructs.index(one))) for one in factors}
    signed = cx.htmt(fit.frame, blocks, absolute=False).matrix  # cSEM keeps signs
    for theirs, ratios in ((table(f"{stem}_HTMT.csv"), signed), (table(f"{stem}_HTMT2.csv"), fit.htmt2)):
        expected, found = (one.loc[factors, factors].to_numpy()[below] for one in (theirs, ratios))
        known = ~np.isnan(expected)  # a signed geometric mean of correlations of which one is below zero
        assert known.sum() >= len(known) - 1
        equal(found[known], expected[known])


@pytest.mark.parametrize(("name", "kind"), CSEM)
def test_collinearity_and_alpha_are_what_csem_prints(name: str, kind: str) -> None:
    """The only place where cSEM gives them is its printed summary, four digits after the point."""
    fit = fitted(name, kind)
    text = (shared_folder() / "oracles" / "pls" / "csem" / f"{name}_{kind}_assess.txt").read_text(encoding="utf-8")
    part = text.split("Variance inflation factors (VIFs) ---")[1].split("----- ")[0]
    found = fit.vif.set_index(["target", "source"])["vif"]
    seen = 0
    for block in part.split("Dependent construct: ")[1:]:
        target = block.split("'")[1]
        for source, value in re.findall(r"^\t(\w+)\s+([\d.]+)\s*$", block, re.M):
            assert found[target, source] == pytest.approx(float(value), abs=6e-5)
            seen += 1
    assert seen == (fit.paths.groupby("target")["source"].transform("size") > 1).sum()
    alpha = fit.reliability.set_index("construct")["alpha"]
    if not kind.startswith("composite"):
        common = text.split("Cronbachs_alpha")[1].split("-----")[0]
        for construct, value in re.findall(r"^\t(\w+)\s+([\d.]+)\s", common, re.M):
            assert alpha[construct] == pytest.approx(float(value), abs=6e-5)


@pytest.mark.parametrize("target", ["Expectation", "Quality", "Value", "Satisfaction", "Complaints", "Loyalty"])
def test_importance_and_performance_of_constructs_and_items_are_csems(target: str) -> None:
    fit = replace(fitted("mobi", "composite_modeA_path"), ends={})
    found = fit.ipma(target)
    for rows, name, part in ((found.table, "construct", ""), (found.items, "item", "ind_")):
        importance, performance = (table(f"csem/mobi_IPMA_{part}{one}.csv") for one in ("importance", "performance"))
        equal(rows["importance"], importance.loc[target, rows[name]])
        equal(rows["performance"], performance.loc[rows[name], "x"])


@pytest.mark.parametrize("group", ["female", "male"])
def test_weights_and_paths_of_a_group_are_csems(group: str) -> None:
    data = table("data/csem_satisfaction_gender.csv", index_col=None)
    fit = cx.pls(BANK, data[data["gender"] == group].reset_index(drop=True), modes="A", tolerance=1e-12)
    listed(fit.paths, "estimate", table(f"csem/satisfaction_gender_{group}_paths.csv"), ("target", "source"))
    listed(fit.loadings, "weight", table(f"csem/satisfaction_gender_{group}_weights.csv"), ("construct", "item"))


def test_both_stages_of_a_composite_of_factors_are_csems() -> None:
    fit: Any = cx.pls(YOO, table("data/csem_Yooetal2000.csv", index_col=None), scheme="factorial", tolerance=1e-12)
    own = fit.loadings[fit.loadings["construct"] == "BR"].set_index("item")["loading"]
    equal(own, table("csem/yoo_hoc_loadings_stage2.csv").loc["BR", own.index])
    paths, r2 = table("csem/yoo_hoc_paths_stage2.csv").loc["BR"], table("csem/yoo_hoc_r2.csv").loc["BR"]
    equal(fit.paths["estimate"], paths[fit.paths["source"] + "_temp"])
    equal(fit.r2[["r2", "r2_adjusted"]].iloc[0], r2)
    names = list(fit.first_stage.model.constructs)
    between = pd.DataFrame(fit.first_stage.solved.correlations[:, :, 0], names, names)
    equal(between, table("csem/yoo_stage1_VCV.csv").loc[names, names])
    # cSEM's weights are of the components without their errors, ours of the components' scores
    weights = np.linalg.solve(between.loc[own.index, own.index], own)
    equal(weights, table("csem/yoo_hoc_weights_stage2.csv").loc["BR", own.index])


def test_both_stages_of_a_higher_order_construct_are_seminrs() -> None:
    fit: Any = cx.pls(HIGHER.replace("Experience", "HOC"), answers("mobi"), modes="A", tolerance=1e-12)
    both = pd.concat([fit.loadings, fit.first_stage.loadings]).drop_duplicates("item")
    listed(both, "weight", table("seminr_mobi/hoc_twostage_weights.csv"), ("item", "construct"))
    listed(both, "loading", table("seminr_mobi/hoc_twostage_loadings.csv"), ("item", "construct"))
    listed(fit.paths, "estimate", table("seminr_mobi/hoc_twostage_paths.csv"), ("source", "target"))
    listed(fit.first_stage.paths, "estimate", table("seminr_mobi/hoc_stage1_paths.csv"), ("source", "target"))
    equal(fit.r2[["r2", "r2_adjusted"]].iloc[0], table("seminr_mobi/hoc_twostage_rsquared.csv").iloc[:2, 0])


@pytest.mark.parametrize("method", ["two_stage", "orthogonal", "product_indicator"])
def test_paths_and_explained_variance_with_a_product_are_seminrs(method: str) -> None:
    fit = cx.pls(MODERATED, answers("mobi"), modes="A", interaction=method, tolerance=1e-12)  # type: ignore[arg-type]
    paths = fit.paths.replace(":", "*", regex=True)
    listed(paths, "estimate", table(f"seminr_mobi/mod_{method}_paths.csv"), ("source", "target"))
    equal(fit.r2[["r2", "r2_adjusted"]].iloc[0], table(f"seminr_mobi/mod_{method}_rsquared.csv").iloc[:2, 0])


def test_the_primers_moderation_is_seminrs_in_paths_and_weights() -> None:
    text = MODERATED_REPUTATION.replace("cusa", "CUSA") + "CUSA <~ cusa\n"
    data = cx.load_dataset("corporate_reputation")
    fit, stem = cx.pls(text, data, missing="mean", consistent=False, tolerance=1e-12), "seminr_corprep/mod_two_stage"
    listed(fit.paths.replace(":", "*", regex=True), "estimate", table(f"{stem}_paths.csv"), ("source", "target"))
    weights = fit.loadings.replace(":", "*", regex=True).replace({"item": {"CUSA*SC": "CUSA*SC_intxn"}})
    listed(weights, "weight", table(f"{stem}_weights.csv"), ("item", "construct"))
    r2 = table(f"{stem}_rsquared.csv")[fit.r2["construct"]]
    equal(fit.r2[["r2", "r2_adjusted"]].T, r2.loc[["Rsq", "AdjRsq"]])


@pytest.mark.parametrize(("antecedents", "name"), [("direct", "DA"), ("earliest", "EA")])
def test_each_prediction_is_seminrs(antecedents: Any, name: str) -> None:
    folds = table("seminr_mobi/plspredict_folds.csv").sort_index()["fold"].to_numpy()
    fit = cx.pls(ECSI, answers("mobi"), consistent=False, tolerance=1e-7)
    found = fit.predict(assignment=folds, antecedents=antecedents, benchmark="outside")
    own = found.table.set_index("item")
    model, linear = table(f"seminr_mobi/plspredict_{name}_PLS_oos.csv"), table("seminr_mobi/plspredict_LM_oos.csv")
    equal(own[["rmse", "mae"]].T, model.loc[["RMSE", "MAE"], own.index])
    equal(own[["rmse_lm", "mae_lm"]].T, linear.loc[["RMSE", "MAE"], own.index])
    if name == "DA":
        theirs = table("seminr_mobi/plspredict_DA_predictions.csv").sort_index()
        equal(found.predictions[theirs.columns], theirs)


@pytest.mark.parametrize(("part", "kind"), [("paths", "path"), ("loadings", "loading"), ("indirect", "indirect")])
def test_leaving_one_out_is_csems_for_every_estimate(part: str, kind: str) -> None:
    found = fitted("threecommonfactors", "PLSc_path").jackknife().replicates
    theirs = table(f"csem/three_jackknife_{part}.csv")
    for column in theirs:
        one, two = re.split(" =?~ ", column)
        equal(found[f"{kind}: {one} → {two}" if kind == "loading" else f"{kind}: {two} → {one}"], theirs[column])


def test_the_same_resamples_give_the_indirect_effects_that_csem_gives() -> None:
    """A route's effect is the product of its paths in every resample, here the only route from eta1 to eta3."""
    paths, indirect = (table(f"csem/three_boot499_{part}_resampled.csv") for part in ("paths", "indirect"))
    square, names = np.zeros((len(paths), 3, 3)), ["eta1", "eta2", "eta3"]
    for column in paths:
        target, source = column.split(" ~ ")
        square[:, names.index(source), names.index(target)] = paths[column]
    equal(along(square, [(0, 1, 2)])[:, 0], indirect.iloc[:, 0], 1e-12)
