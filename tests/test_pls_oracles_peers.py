"""Models of R's plspm and of the tests that plspm for Python and seminr come with, to 1e-8.

Each tool is stopped where it stopped: seminr's own rule is ours (absolute changes of the weights, by default 1e-7);
plspm sums squared changes, for which a tolerance is given here that ends ours at the same iteration, or, where that is
not known, numbers are compared as near as its rule lets them come. plspm takes standard deviations with n, which
correlations do not feel; its scores have variance 1 with n.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.estimate.pls.algorithm import Weighting, estimate_weights
from cxlab.estimate.pls.design import Scheme
from cxlab.estimate.pls.structure import Structure, structure
from tests.test_pls_oracles import BLOCK_EXT, MODELS, SATISFACTION, SIMPLE, answers, equal, listed, table
from tests.test_pls_stages import BLOCKS, MODERATED, QUALITY
from tests.test_pls_stages import REPUTATION as MODERATED_REPUTATION

pytestmark = pytest.mark.shared
FIXTURES, PYTHON = "seminr_fixtures", "plspm_py_fixtures"
FOUR = BLOCKS + "Satisfaction ~ Image + Expectation + Value\n"
RUSSETT = """
AGRI =~ gini + farm + rent
IND =~ gnpr + labo
POLINS =~ ecks + death + demo + inst
POLINS ~ AGRI + IND
"""
LOYALTY = (
    """
Image <~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
Expectation <~ CUEX1 + CUEX2 + CUEX3
Loyalty <~ CUSL1 + CUSL2 + CUSL3
Complaints <~ CUSCO
"""
    + QUALITY
)
BASIC = LOYALTY + "Expectation ~ Image\nLoyalty ~ Expectation + Quality + Complaints"
HIGHER = (
    LOYALTY
    + "Value <~ PERV1 + PERV2\nSatisfaction <~ Image + Value\n"
    + "Satisfaction ~ Expectation + Quality\nComplaints ~ Satisfaction\nLoyalty ~ Satisfaction"
)
MODE_A = dict.fromkeys(("Image", "Expectation", "Loyalty", "Complaints"), "A")


def starred(rows: pd.DataFrame) -> pd.DataFrame:
    """Names of products as seminr writes them."""
    return rows.replace(":", "*", regex=True)


def core(modes: Any, scheme: Scheme, iterations: int) -> tuple[Any, Weighting, Structure]:
    """The algorithm on the bank's covariances (`cx.pls` always takes correlations), stopped where plspm stopped."""
    data = answers("satisfaction")
    fit = cx.pls(SATISFACTION, data, consistent=False, modes=modes)
    matrix = data[list(fit.model.items)].cov(ddof=0).to_numpy()[:, :, None]
    weighting = estimate_weights(matrix, fit.model.design, scheme, 1e-16, iterations)
    return fit, weighting, structure(matrix, weighting, fit.model.design)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("satisfaction_A_path_scaledTRUE", {"tolerance": 1e-6}),
        ("satisfaction_A_factorial_scaledTRUE", {"scheme": "factorial", "tolerance": 1e-7}),
        ("satisfaction_A_centroid_scaledTRUE", {"scheme": "centroid", "tolerance": 1e-6}),
        ("satisfaction_B_path", {"modes": "B", "tolerance": 2e-6}),
        ("mobi_A_path", {"tolerance": 1e-6}),
    ],
)
def test_every_model_is_plspms(name: str, options: dict[str, Any]) -> None:
    data = name.split("_")[0]
    fit, stem = cx.pls(MODELS[data], answers(data), consistent=False, **options), f"plspm_r/{name}"
    listed(fit.paths, "estimate", table(f"{stem}_paths.csv"), ("target", "source"))
    items, outer = fit.loadings.set_index("item"), table(f"{stem}_outer.csv").set_index("name")
    outer = outer.loc[items.index]
    equal(items[["weight", "loading"]], outer[["weight", "loading"]])
    r2 = fit.r2.set_index("construct")["r2"].reindex(fit.model.constructs).fillna(0.0)
    communality = items["loading"] ** 2
    redundancy = communality * r2[items["construct"]].to_numpy()
    equal([communality, redundancy], outer[["communality", "redundancy"]].T)
    crossed, effects = fit.cross_loadings, fit.total_effects
    equal(crossed, table(f"{stem}_crossloadings.csv").set_index("name").loc[crossed.index, crossed.columns])
    printed = table(f"{stem}_effects.csv").set_index("relationships")
    printed = printed.loc[effects["source"] + " -> " + effects["target"]]
    equal(effects[["direct", "indirect", "total"]], printed[["direct", "indirect", "total"]])
    assert len(table(f"{stem}_effects.csv")) == len(effects)
    inner = table(f"{stem}_inner_summary.csv").loc[list(fit.model.constructs)]
    means = [one.groupby(items["construct"]).mean()[inner.index] for one in (communality, redundancy)]
    equal([r2, *means], inner[["R2", "Block_Communality", "Mean_Redundancy"]].T)
    several = items.groupby("construct")["loading"].transform("size") > 1
    gof = np.sqrt(communality[several].mean() * fit.r2["r2"].mean())
    equal(gof, table(f"{stem}_gof.csv").iloc[0, 0])
    own, blocks = fit.reliability.set_index("construct"), table(f"{stem}_unidim.csv")
    own = own[own["alpha"].notna()]  # plspm gives a single item 1, and blocks of mode B 0
    equal(own[["alpha", "ave"]].T, [blocks.loc[own.index, "C.alpha"], inner.loc[own.index, "AVE"]])


@pytest.mark.parametrize(
    ("scheme", "python"),
    [("path", "outer-model-path"), ("factorial", "outer-model-factorial"), ("centroid", "outer-model")],
)
def test_items_that_are_not_standardised_have_plspms_weights(scheme: Scheme, python: str) -> None:
    """``scaled = FALSE``: the same algorithm on covariances, stopped at 1e-12, for the Python port's tests at 1e-6."""
    stem = f"plspm_r/satisfaction_A_{scheme}_scaledFALSE"
    spread = answers("satisfaction").std(ddof=0).to_numpy()
    for iterations, name in ((7, f"{stem}_outer.csv"), (4, f"{PYTHON}/satisfaction.{python}.csv")):
        fit, weighting, found = core("A", scheme, iterations)
        outer = table(name)
        outer = outer.set_index("name") if "name" in outer else outer
        crossed = weighting.projected[:, :, 0] / spread[:, None]
        own = crossed[np.arange(len(crossed)), fit.model.design.owner]
        equal([weighting.weights[:, 0], own], outer.loc[list(fit.model.items), ["weight", "loading"]].T)
        constructs = list(fit.model.constructs)
        if iterations == 7:
            others = [f"{stem}_{part}.csv" for part in ("crossloadings", "effects", "inner_summary")]
            equal(found.paths[:, :, 0].T, table(f"{stem}_paths.csv").loc[constructs, constructs])
        elif scheme == "centroid":
            others = [f"{PYTHON}/satisfaction.{part}.csv" for part in ("crossloadings", "effects", "inner-summary")]
        else:
            continue
        _effects_and_cross_loadings(found, crossed, list(fit.model.items), constructs, others)


def _effects_and_cross_loadings(
    found: Structure, crossed: np.ndarray, items: list[str], constructs: list[str], names: list[str]
) -> None:
    loadings, effects, inner = (table(name) for name in names)
    loadings = loadings.set_index("name") if "name" in loadings else loadings
    equal(crossed, loadings.loc[items, constructs])
    relations = effects.set_index("relationships") if "relationships" in effects else effects
    for name, row in relations.iterrows():
        source, target = (constructs.index(one) for one in str(name).split(" -> "))
        direct, total = found.paths[source, target, 0], found.total[source, target, 0]
        equal([direct, total - direct, total], row[["direct", "indirect", "total"]])
    equal(found.r2[:, 0], inner.rename(columns={"r_squared": "R2"}).loc[constructs, "R2"])


def test_scores_of_items_that_are_not_standardised_are_plspms() -> None:
    data = answers("satisfaction")
    fit, weighting, found = core("A", "centroid", 4)
    constructs = list(fit.model.constructs)
    weights = np.zeros((data.shape[1], len(constructs)))
    weights[np.arange(len(weights)), fit.model.design.owner] = weighting.weights[:, 0]
    scores = pd.DataFrame((data - data.mean()).to_numpy() @ weights, columns=constructs)
    equal(scores, table(f"{PYTHON}/satisfaction.scores.csv", index_col=None)[constructs])
    inner = table(f"{PYTHON}/satisfaction.inner-model.csv")
    equal(found.paths[[constructs.index(one) for one in inner.index], constructs.index("SAT"), 0], inner["Estimate"])


def test_alpha_is_plspms_whatever_the_scaling() -> None:
    own = cx.pls(SATISFACTION, answers("satisfaction"), consistent=False).reliability.set_index("construct")["alpha"]
    equal(own, table(f"{PYTHON}/satisfaction_unidim.csv").loc[own.index, "cronbach_alpha"])
    for scheme in ("path", "factorial", "centroid"):
        equal(own, table(f"plspm_r/satisfaction_A_{scheme}_scaledFALSE_unidim.csv").loc[own.index, "C.alpha"])


def test_regression_weights_of_items_that_are_not_standardised_explain_the_same() -> None:
    """Mode B does not feel the scale, but its first steps, and so where it stops, do."""
    fit, _, found = core("B", "centroid", 6)
    theirs = table(f"{PYTHON}/satisfaction.modeb.inner-summary.csv").loc[list(fit.model.constructs), "r_squared"]
    equal(found.r2[:, 0], theirs)
    again = cx.pls(SATISFACTION, answers("satisfaction"), consistent=False, modes="B", scheme="centroid").r2
    equal(again["r2"], theirs[again["construct"]], 1e-5)


@pytest.mark.parametrize(("scheme", "part"), [("path", "_path"), ("factorial", "_factorial"), ("centroid", "")])
def test_russetts_model_is_plspms(scheme: Scheme, part: str) -> None:
    # plspm stopped at squared changes of 1e-7, up to 1e-5 from the fixed point; "path" at our iteration for 1e-4
    tolerance, close = (1e-4, 1e-8) if scheme == "path" else (1e-12, 1e-5)
    data = table(f"{PYTHON}/russa.csv")
    fit = cx.pls(RUSSETT, data, consistent=False, scheme=scheme, tolerance=tolerance)
    outer, items = table(f"{PYTHON}/russa.outer_model{part}.csv"), fit.loadings.set_index("item")
    equal(items[["weight", "loading"]], outer.loc[items.index, ["weight", "loading"]], close)
    if scheme != "centroid":
        return
    equal(fit.paths["estimate"], table(f"{PYTHON}/russa.inner_model.csv").loc[fit.paths["source"], "estimate"], close)
    equal(
        fit.cross_loadings,
        table(f"{PYTHON}/russa.crossloadings.csv").loc[items.index, fit.cross_loadings.columns],
        close,
    )
    equal(fit.r2["r2"], table(f"{PYTHON}/russa.inner_summary.csv").loc[["POLINS"], "r_squared"], close)
    scores = fit.scores * np.sqrt(len(data) / (len(data) - 1))
    equal(scores, table(f"{PYTHON}/russa.scores.csv")[list(scores)], 1e-5)
    formative = cx.pls(RUSSETT, data, consistent=False, modes="B", scheme="centroid", tolerance=1e-12)
    equal(formative.r2["r2"], table(f"{PYTHON}/russa.mode_b_inner_summary.csv").loc[["POLINS"], "r_squared"], close)


@pytest.mark.parametrize(("text", "name"), [(BASIC, "basic"), (HIGHER, "hoc-ts")])
def test_seminrs_models_in_plspms_tests_are_seminrs(text: str, name: str) -> None:
    modes: Any = MODE_A | {"Quality": "B"} | ({"Value": "A", "Satisfaction": "A"} if name == "hoc-ts" else {})
    fit = cx.pls(text, answers("mobi"), modes=modes, tolerance=1e-7)
    listed(fit.paths, "estimate", table(f"{PYTHON}/seminr-mobi-{name}-paths.csv"), ("source", "target"))
    items, outer = fit.loadings.set_index("item"), table(f"{PYTHON}/seminr-mobi-{name}-outer-model.csv")
    equal(items[["weight", "loading"]], outer.loc[items.index, ["weight", "loading"]])


def four(**options: Any) -> Any:
    return cx.pls(FOUR, answers("mobi"), **{"modes": "A", "tolerance": 1e-7, **options})


@pytest.mark.parametrize(
    ("scheme", "names"),
    [
        ("path", ("inner_weights_coefficients", "inner_weights_weights", "inner_weights_constructscores")),
        ("factorial", ("factorial_coefficients", "factorial_weights", "factorial_scores")),
    ],
)
def test_schemes_of_seminrs_tests(scheme: Scheme, names: tuple[str, str, str]) -> None:
    fit, (paths, weights, scores) = four(scheme=scheme), (table(f"{FIXTURES}/{name}.csv") for name in names)
    listed(fit.paths, "estimate", paths, ("source", "target"))
    listed(fit.loadings, "weight", weights, ("item", "construct"))
    equal(fit.scores, scores[list(fit.scores)])


def test_evaluations_of_seminrs_tests() -> None:
    fit = four()
    names, items = list(fit.scores), list(fit.model.items)
    own = fit.reliability.set_index("construct")[["alpha", "rho_c", "ave", "rho_a"]]
    equal(own, table(f"{FIXTURES}/reliability.csv").loc[own.index, ["alpha", "rhoC", "AVE", "rhoA"]])
    lower = np.tril_indices(4, -1)
    for name in ("htmt", "factor_discriminant_validity"):
        equal(fit.htmt.to_numpy()[lower], table(f"{FIXTURES}/{name}.csv").loc[names, names].to_numpy().T[lower])
    equal(fit.fornell_larcker, table(f"{FIXTURES}/fl_table.csv", index_col=None)[names])
    equal(fit.cross_loadings, table(f"{FIXTURES}/cross_loadings.csv").loc[items, names])
    equal(fit.scores.corr(), table(f"{FIXTURES}/construct_cors.csv").loc[names, names])
    equal(fit.cor, table(f"{FIXTURES}/item_cors.csv").loc[items, items])
    equal(fit.r2[["r2", "r2_adjusted"]].iloc[0], table(f"{FIXTURES}/rsquared1.csv").iloc[:2, 0])
    printed = table(f"{FIXTURES}/construct_stats.csv").loc[names]
    found = [fit.scores.agg(one) for one in ("mean", "median", "min", "max", "std")]
    equal(found, printed[["Mean", "Median", "Min", "Max", "Std.Dev."]].T)


def test_collinearity_of_seminrs_tests() -> None:
    fit, more = four(), cx.pls(FOUR + "Value ~ Image + Expectation", answers("mobi"), modes="A", tolerance=1e-7)
    vif = table(f"{FIXTURES}/vifs/flat_item_vifs1.csv", index_col=None).iloc[0]
    equal(fit.loadings["vif"], vif[fit.loadings["construct"] + "*" + fit.loadings["item"]])
    composite = table(f"{FIXTURES}/composite_collinearity.csv")["x"]
    names = fit.loadings["construct"] + "." + fit.loadings["item"]
    equal(fit.loadings.set_index(names)["vif"][composite.index], composite)
    for one, number in ((fit, 1), (more, 2)):
        vif = table(f"{FIXTURES}/vifs/flat_vif_antecedents{number}.csv", index_col=None).iloc[0]
        equal(one.vif["vif"], vif[one.vif["target"] + "*" + one.vif["source"]])
        assert len(vif) == len(one.vif)


def test_an_effect_size_that_leaves_a_construct_alone_is_seminrs_of_the_model_without_it() -> None:
    """Without its only path Image is in no model."""
    fit = four()
    rest = FOUR.replace("~ Image + ", "~ ").replace("Image <~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5\n", "")
    without = cx.pls(rest, answers("mobi"), modes="A", tolerance=1e-7).r2["r2"].item()
    r2 = fit.r2["r2"].item()
    theirs = table(f"{FIXTURES}/fsquared1.csv").iloc[0, 0]
    equal((r2 - without) / (1 - r2), theirs)
    equal(fit.paths.set_index("source").loc["Image", "f2_reestimated"], theirs)


def test_consistent_pls_of_seminrs_tests() -> None:
    fit = cx.pls(FOUR.replace("<~", "=~"), answers("mobi"), scheme="factorial", tolerance=1e-7)
    listed(fit.paths, "estimate", table(f"{FIXTURES}/path_coef1.csv"), ("source", "target"))
    listed(fit.loadings, "loading", table(f"{FIXTURES}/loadings1.csv"), ("item", "construct"))
    equal(fit.r2[["r2", "r2_adjusted"]].iloc[0], table(f"{FIXTURES}/rsquaredplsc.csv").iloc[:2, 0])
    own = fit.reliability.set_index("construct")["rho_a"]
    equal(own, table(f"{FIXTURES}/rho1.csv").loc[own.index, "rhoA"])


def test_factors_beside_composites_of_seminrs_tests() -> None:
    text = FOUR.replace("Image <~", "Image =~").replace("Expectation <~", "Expectation =~")
    fit = cx.pls(text, answers("mobi"), modes={"Value": "A", "Satisfaction": "A"}, tolerance=1e-7)
    items, own = fit.loadings.set_index("item"), fit.reliability.set_index("construct")
    factors = table(f"{FIXTURES}/factor_reliability.csv")
    equal(own.loc[factors.index, ["ave", "rho_a"]], factors[["AVE", "rhoA"]])
    # what seminr calls indicators' reliability there is a factor's loadings and a composite's weights
    for name, column in (("factor", "loading"), ("composite", "weight")):
        printed = table(f"{FIXTURES}/{name}_indicator_reliability.csv").sum(axis=1)
        equal(items.loc[printed.index, column], printed)


def test_equal_weights_and_a_formative_outcome_of_seminrs_tests() -> None:
    """The model is not told; this is the plainest of those that give these weights."""
    text = BLOCKS.replace("Image <~", "Image =~").replace("Expectation <~ CUEX1 + CUEX2 + CUEX3\n", "")
    text += "Satisfaction ~ Image + PERQ1 + CUSCO + Value"
    fit = cx.pls(text, answers("mobi"), modes={"Value": "unit", "Satisfaction": "B"}, tolerance=1e-7)
    items = fit.loadings.set_index("item")
    for name, column in (("weights3", "weight"), ("loadings3", "loading")):
        printed = table(f"{FIXTURES}/{name}.csv").sum(axis=1)
        equal(items.loc[printed.index, column], printed)


@pytest.mark.parametrize(("method", "mark", "close"), [("orthogonal", "", 1e-9), ("product_indicator", "2", 1e-8)])
def test_two_products_of_seminrs_tests(method: Any, mark: str, close: float) -> None:
    text = FOUR.rstrip() + " + Image:Expectation + Image:Value"
    fit = cx.pls(text, answers("mobi"), modes="A", scheme="factorial", interaction=method, tolerance=1e-7)
    # coefficients.csv has nine digits
    listed(starred(fit.paths), "estimate", table(f"{FIXTURES}/coefficients{mark}.csv"), ("source", "target"), 1e-9)
    listed(starred(fit.loadings), "weight", table(f"{FIXTURES}/weights{mark}.csv"), ("item", "construct"), close)
    scores = table(f"{FIXTURES}/constructscores{mark}.csv")
    unit = dict(zip(fit.model.constructs, fit.units, strict=True))  # seminr does not standardise a product's score
    for name in fit.scores:
        equal(fit.scores[name] * unit[name], scores[name.replace(":", "*")])
    if method == "orthogonal":
        own = fit.reliability.dropna(subset="rho_a").set_index("construct")["rho_a"]
        equal(own, table(f"{FIXTURES}/rho2.csv").loc[own.index, "rhoA"])


def test_reliability_beside_a_product_is_seminrs() -> None:
    text = MODERATED.replace("CUEX1 + CUEX2 + CUEX3", "CUEX3")
    fit = cx.pls(text, answers("mobi"), modes="A", interaction="orthogonal", tolerance=1e-7)
    own = fit.reliability.dropna(subset="rho_a").set_index("construct")[["alpha", "rho_a"]]
    assert set(own.index) == {"Image", "Value", "Satisfaction"}
    equal(own, table(f"{FIXTURES}/plsc-interaction-reliability.csv").loc[own.index, ["alpha", "rhoA"]])


def test_the_primers_models_of_seminrs_tests() -> None:
    data: Any = cx.load_dataset("corporate_reputation")
    simple = cx.pls(SIMPLE, data, modes="A", missing="mean", tolerance=1e-7)
    listed(simple.paths, "estimate", table(f"{FIXTURES}/corp_rep_simple_paths.csv"), ("source", "target"))
    fit = cx.pls(BLOCK_EXT, data, consistent=False, missing="mean", scheme="factorial")
    # asked to stop at 0.1, more than `cx.pls` allows
    weighting = estimate_weights(fit.cor[:, :, None], fit.model.design, "factorial", 0.1)
    paths, names = structure(fit.cor[:, :, None], weighting, fit.model.design).paths, list(fit.model.constructs)
    for key, value in table(f"{FIXTURES}/missing_cases_paths.csv")["Original Est."].items():
        source, target = (names.index(one) for one in str(key).split("  ->  "))
        equal(paths[source, target, 0], value)


def test_effect_sizes_beside_a_product_are_seminrs() -> None:
    data: Any = cx.load_dataset("corporate_reputation")
    text = MODERATED_REPUTATION.replace("cusa", "CUSA") + "CUSA <~ cusa\n"
    options: dict[str, Any] = {"consistent": False, "missing": "mean", "tolerance": 1e-7}
    fit, theirs = cx.pls(text, data, **options), table(f"{FIXTURES}/interaction_fsquare.csv")
    own = starred(fit.paths).set_index(["source", "target"])["f2_reestimated"]
    for place, value in own[own.index.get_level_values("target") != "CUSL"].items():
        equal(value, theirs.loc[place])
    # the model without the path, its first stage too
    for source, shorter in (
        ("COMP", text.replace("CUSL ~ COMP + ", "CUSL ~ ")),
        ("LIKE", text.replace("CUSL ~ COMP + LIKE", "CUSL ~ COMP")),
        ("CUSA*SC", text.replace(" + CUSA:SC", "")),
    ):
        r2, without = (
            one.r2.set_index("construct").loc["CUSL", "r2"] for one in (fit, cx.pls(shorter, data, **options))
        )
        equal((r2 - without) / (1 - r2), theirs.loc[source, "CUSL"])
        equal(own[source, "CUSL"], theirs.loc[source, "CUSL"])


def both_stages(fit: Any) -> pd.DataFrame:
    return pd.concat([fit.loadings, fit.first_stage.loadings]).drop_duplicates("item")


def test_a_higher_order_construct_of_seminrs_tests() -> None:
    fit = cx.pls(HIGHER, answers("mobi"), modes="A", tolerance=1e-7)
    listed(fit.paths, "estimate", table(f"{FIXTURES}/hoc-paths.csv"), ("source", "target"))
    for value, name in (("weight", "hoc-weights"), ("loading", "hoc-loadings")):
        listed(both_stages(fit), value, table(f"{FIXTURES}/{name}.csv"), ("item", "construct"))
    low = "C1 <~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5; C2 <~ CUEX1 + CUEX2 + CUEX3; C3 <~ CUSA1 + CUSA2 + CUSA3"
    own = cx.pls(low + "; C1 ~ C3; C2 ~ C3", answers("mobi"), modes="A", tolerance=1e-7)
    printed = table(f"{FIXTURES}/hoc_test_output_paths.csv")  # three digits
    equal([own.r2["r2"], own.r2["r2_adjusted"], own.paths["estimate"]], printed, 5.1e-4)


def test_a_product_beside_a_higher_order_construct_of_seminrs_tests() -> None:
    """seminr has three stages: components, the model without the product, the model with it; ours has two, the first
    with the components in the place of what they make up. The third stage is here put together by hand."""
    text = BLOCKS + "Quality <~ PERQ1 + PERQ2 + PERQ3 + PERQ4 + PERQ5\nLoyalty <~ CUSL1 + CUSL2 + CUSL3\n"
    text += "Nick <~ Quality + Loyalty\nSatisfaction ~ Image + Expectation + Value + Nick"
    data = answers("mobi")
    two: Any = cx.pls(text, data, modes="A", tolerance=1e-7)
    product = two.scores["Image"] * two.scores["Expectation"]
    made = data.assign(product=product, **{name: two.first_stage.scores[name] for name in ("Quality", "Loyalty")})
    third = BLOCKS + "Nick <~ Quality + Loyalty\nSatisfaction ~ Image + Expectation + Value + Nick + product"
    fit = cx.pls(third, made, modes="A", tolerance=1e-7)
    theirs = table(f"{FIXTURES}/hoc_2si-paths.csv")["Satisfaction"]
    own = fit.paths.set_index("source")["estimate"].rename({"product": "Image*Expectation"})
    own["Image*Expectation"] /= product.std()
    equal(own, theirs[own.index])
    for value, name in (("weight", "hoc-_2siweights"), ("loading", "hoc_2si-loadings")):
        listed_rows = pd.concat([fit.loadings[fit.loadings["item"] != "product"], two.first_stage.loadings])
        rows = listed_rows.drop_duplicates("item").set_index(["item", "construct"])[value]
        printed = table(f"{FIXTURES}/{name}.csv")
        equal(rows, [printed.loc[place] for place in rows.index])
    direct = cx.pls(text + " + Image:Expectation", data, modes="A", tolerance=1e-7)
    equal(direct.paths["estimate"], theirs[starred(direct.paths)["source"]], 1e-5)
