"""PLS path models: seminr's, cSEM's and each resample's numbers, and what a model that cannot be fitted is told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import CxlabError, DataError, ModelError, NotSupportedError
from cxlab.estimate.pls.solve import solve_many
from tests.conftest import shared_folder

ECSI = """
Image =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
Expectation =~ CUEX1 + CUEX2 + CUEX3
Quality =~ PERQ1 + PERQ2 + PERQ3 + PERQ4 + PERQ5 + PERQ6 + PERQ7
Value =~ PERV1 + PERV2
Satisfaction =~ CUSA1 + CUSA2 + CUSA3
Complaints =~ CUSCO
Loyalty =~ CUSL1 + CUSL2 + CUSL3
Expectation ~ Image
Quality ~ Expectation
Value ~ Expectation + Quality
Satisfaction ~ Image + Expectation + Quality + Value
Complaints ~ Satisfaction
Loyalty ~ Image + Satisfaction + Complaints
"""
REPUTATION = """
QUAL <~ qual_1 + qual_2 + qual_3 + qual_4 + qual_5 + qual_6 + qual_7 + qual_8
PERF <~ perf_1 + perf_2 + perf_3 + perf_4 + perf_5
CSOR <~ csor_1 + csor_2 + csor_3 + csor_4 + csor_5
ATTR <~ attr_1 + attr_2 + attr_3
COMP =~ comp_1 + comp_2 + comp_3
LIKE =~ like_1 + like_2 + like_3
CUSL =~ cusl_1 + cusl_2 + cusl_3
COMP ~ QUAL + PERF + CSOR + ATTR
LIKE ~ QUAL + PERF + CSOR + ATTR
cusa ~ COMP + LIKE
CUSL ~ COMP + LIKE + cusa
"""
# seminr 2.3.1, mode A, path weighting, stop criterion 1e-12 (R 4.2.2).
PATHS = {
    ("Image", "Expectation"): 0.504913933625117,
    ("Image", "Satisfaction"): 0.178739500129876,
    ("Image", "Loyalty"): 0.195755333106308,
    ("Expectation", "Quality"): 0.556748962357095,
    ("Expectation", "Value"): 0.049988392544883,
    ("Expectation", "Satisfaction"): 0.0625228695428343,
    ("Quality", "Value"): 0.558304379465787,
    ("Quality", "Satisfaction"): 0.512023940031376,
    ("Value", "Satisfaction"): 0.194765104188515,
    ("Satisfaction", "Complaints"): 0.528066246253632,
    ("Satisfaction", "Loyalty"): 0.485477623607025,
    ("Complaints", "Loyalty"): 0.0669260690356519,
}
RHO_A = {"Image": 0.740328516389717, "Quality": 0.884246470665535, "Loyalty": 0.745733723642219}
AVE = {"Image": 0.47835394425405, "Value": 0.848439886702799, "Loyalty": 0.51730472617123}


@pytest.fixture(scope="module")
def ecsi() -> cx.Survey:
    return cx.load_dataset("ecsi_mobile")


@pytest.fixture(scope="module")
def mode_a(ecsi: cx.Survey) -> Any:
    return cx.pls(ECSI, ecsi, consistent=False, tolerance=1e-12)


def wide(fit: Any, frame: pd.DataFrame, value: str) -> pd.DataFrame:
    return frame.pivot(index="source", columns="target", values=value)


def shared(name: str) -> pd.DataFrame:
    return pd.read_csv(shared_folder() / "oracles" / "pls" / name, index_col=0)


def test_paths_reliability_and_effect_sizes_are_seminrs(mode_a: Any) -> None:
    ours = {(row.source, row.target): row.estimate for row in mode_a.paths.itertuples()}
    assert ours == pytest.approx(PATHS, abs=1e-9)
    table = mode_a.reliability.set_index("construct")
    assert {name: table.loc[name, "rho_a"] for name in RHO_A} == pytest.approx(RHO_A, abs=1e-9)
    assert {name: table.loc[name, "ave"] for name in AVE} == pytest.approx(AVE, abs=1e-9)
    r2 = dict(mode_a.r2[["construct", "r2"]].itertuples(index=False))
    assert r2["Satisfaction"] == pytest.approx(0.681078291389156, abs=1e-9)
    assert mode_a.htmt.loc["Satisfaction", "Quality"] == pytest.approx(0.95363601193348, abs=1e-9)
    assert table.loc["Complaints", "reason"] == "single_item"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("A_path", {"consistent": False}),
        ("A_factorial", {"consistent": False, "scheme": "factorial"}),
        ("B_path", {"consistent": False, "modes": "B"}),
        ("UNIT", {"consistent": False, "modes": "unit"}),
        ("PLSc_path", {}),
    ],
)
def test_every_model_is_seminrs_to_1e_8(ecsi: cx.Survey, name: str, options: dict[str, Any]) -> None:
    folder = f"seminr_mobi/{name}"
    paths, weights, loadings = (shared(f"{folder}_{part}.csv") for part in ("paths", "weights", "loadings"))
    totals, r2 = shared(f"{folder}_total_effects_exact.csv"), shared(f"{folder}_rsquared.csv")
    fit = cx.pls(ECSI, ecsi, tolerance=1e-12, **options)
    for row in fit.paths.itertuples():
        assert row.estimate == pytest.approx(paths.loc[row.source, row.target], abs=1e-8)
    for row in fit.loadings.itertuples():
        assert row.weight == pytest.approx(weights.loc[row.item, row.construct], abs=1e-8)
        assert row.loading == pytest.approx(loadings.loc[row.item, row.construct], abs=1e-8)
    for row in fit.total_effects.itertuples():
        assert row.total == pytest.approx(totals.loc[row.source, row.target], abs=1e-8)
    for row in fit.r2.itertuples():
        assert row.r2 == pytest.approx(r2.loc["Rsq", row.construct], abs=1e-8)
        assert row.r2_adjusted == pytest.approx(r2.loc["AdjRsq", row.construct], abs=1e-8)


@pytest.mark.shared
def test_effect_sizes_collinearity_and_scores_are_seminrs(mode_a: Any) -> None:
    again, items = (shared(f"seminr_mobi/A_path_{part}.csv") for part in ("fsquare_reestimated", "vif_items"))
    scores = shared("seminr_mobi/A_path_scores.csv")
    for row in mode_a.paths.itertuples():
        assert row.f2_reestimated == pytest.approx(again.loc[row.source, row.target], abs=1e-8)
    vif = items.reset_index().set_index("item")["vif"]
    for row in mode_a.loadings.itertuples():
        if not np.isnan(row.vif):
            assert row.vif == pytest.approx(vif[row.item], abs=1e-8)
    np.testing.assert_allclose(mode_a.scores.to_numpy(), scores[mode_a.scores.columns].to_numpy(), atol=1e-8)


@pytest.mark.shared
@pytest.mark.parametrize(("name", "consistent"), [("composite_modeA_path", False), ("PLSc_path", True)])
def test_distances_and_effect_sizes_are_csems(ecsi: cx.Survey, name: str, consistent: bool) -> None:
    fit = cx.pls(ECSI, ecsi, tolerance=1e-12, consistent=consistent)
    found = fit.fit_measures.set_index("model").loc["estimated"]
    # cSEM's tolerance is 1e-12; its d_G takes logarithms to base 10.
    for own, theirs, factor in (("srmr", "SRMR", 1.0), ("d_uls", "DL", 1.0), ("d_g", "DG", np.log(10) ** 2)):
        assert found[own] == pytest.approx(
            float(shared(f"csem/mobi_{name}_{theirs}.csv").iloc[0, 0]) * factor, abs=1e-8
        )
    f2 = shared(f"csem/mobi_{name}_F2.csv")
    for row in fit.paths.itertuples():
        assert row.f2 == pytest.approx(f2.loc[row.target, row.source], abs=1e-8)


@pytest.mark.shared
def test_formative_and_reflective_blocks_are_the_primers() -> None:
    survey = cx.load_dataset("corporate_reputation")
    fit = cx.pls(REPUTATION, survey, missing="mean", consistent=False, tolerance=1e-12)
    paths, weights = shared("seminr_corprep/ext_paths.csv"), shared("seminr_corprep/ext_weights.csv")
    for row in fit.paths.itertuples():
        names = [name.upper() if name == "cusa" else name for name in (row.source, row.target)]
        assert row.estimate == pytest.approx(paths.loc[names[0], names[1]], abs=1e-8)
    for row in fit.weights.itertuples():
        construct = "CUSA" if row.construct == "cusa" else row.construct
        assert row.weight == pytest.approx(weights.loc[row.item, construct], abs=1e-8)
    assert any(notice.key == "pls.mean_replaced" for notice in fit.warnings)


@pytest.mark.shared
def test_the_same_500_resamples_give_seminrs_500_sets_of_paths(ecsi: cx.Survey) -> None:
    folder = shared_folder() / "oracles" / "pls" / "seminr_mobi"
    rows = pd.read_csv(folder / "boot_idx_seed123_first500.csv", header=None).to_numpy() - 1
    theirs, columns = (pd.read_csv(folder / f"boot_paths_{part}.csv") for part in ("first500", "columns"))
    boot = cx.pls(ECSI, ecsi, consistent=False).bootstrap(indices=rows)
    names = [f"path: {row.source} → {row.target}" for row in columns.itertuples()]
    # seminr stopped at 1e-7
    np.testing.assert_allclose(boot.replicates[names], theirs, atol=1e-6)


def test_a_bootstrap_repeats_itself_and_counts_what_is_wrong(mode_a: Any, ecsi: cx.Survey) -> None:
    one, two = (mode_a.bootstrap(60, seed=4) for _ in range(2))
    pd.testing.assert_frame_equal(one.table, two.table)
    assert one.status["used"] == 60
    assert set(one.table["kind"]) == {"path", "total", "indirect", "specific", "loading", "weight", "r2", "htmt"}
    assert (one.of("path")["ci_lower"] < one.of("path")["ci_upper"]).all()
    corrected = cx.pls(ECSI, ecsi).bootstrap(60, seed=4)
    assert corrected.status["inadmissible"] > 0
    assert any(notice.key == "pls.boot_inadmissible" for notice in corrected.warnings)


def test_intervals_of_all_kinds_lie_near_each_other(mode_a: Any) -> None:
    ends = {kind: mode_a.bootstrap(400, seed=2, ci=kind).of("path") for kind in ("percentile", "basic", "bc", "bca")}
    for kind in ("basic", "bc", "bca"):
        np.testing.assert_allclose(ends[kind]["ci_lower"], ends["percentile"]["ci_lower"], atol=0.08)


def test_a_resample_in_which_an_indicator_does_not_vary_is_counted() -> None:
    rng = np.random.default_rng(5)
    data = pd.DataFrame(rng.normal(size=(30, 4)), columns=list("abcd"))
    data["a"] = 0.0
    data.loc[0, "a"] = 1.0
    boot = cx.pls("F <~ a + b; G <~ c + d; G ~ F", data, modes="A").bootstrap(100, seed=1)
    assert boot.status["constant"] > 10
    assert boot.status["used"] == 100 - boot.status["constant"]


def test_many_small_systems_are_solved_as_numpy_solves_them() -> None:
    rng = np.random.default_rng(0)
    root = rng.normal(size=(7, 5, 5))
    matrices, right = root @ root.transpose(0, 2, 1) + np.eye(5), rng.normal(size=(7, 5))
    theirs = np.linalg.solve(matrices, right[:, :, None])[:, :, 0]
    np.testing.assert_allclose(solve_many(np.moveaxis(matrices, 0, -1), right.T).T, theirs, atol=1e-12)


@pytest.mark.parametrize(
    ("text", "options", "error", "key"),
    [
        ("F =~ a + b; G =~ a + c; G ~ F", {}, ModelError, "pls.item_twice"),
        ("F =~ a + b; G =~ c + d", {}, ModelError, "pls.no_paths"),
        ("F =~ a + b; G =~ c + d; e ~ F", {}, ModelError, "pls.isolated"),
        ("F =~ a + b; G =~ c + d; F ~ G; G ~ F", {}, ModelError, "pls.circle"),
        ("F =~ a + b; F <~ c; G =~ d; G ~ F", {}, ModelError, "pls.both_kinds"),
        ("F =~ a + b; G =~ c + d; H =~ F + G; e ~ H", {}, NotSupportedError, "pls.higher_order_consistent"),
        ("F =~ a + b; G =~ c + d; G ~ F; F ~~ G", {}, NotSupportedError, "pls.statements"),
        ("F =~ a + b; G =~ c + d; G ~ x*F", {}, NotSupportedError, "pls.modifiers"),
        ("F =~ a + b; G =~ c + d; G ~ F", {"modes": {"H": "A"}}, ModelError, "pls.unknown_construct"),
        ("F =~ a + b; G =~ c + d; G ~ F", {"modes": "C"}, ModelError, "pls.unknown_mode"),
        ("F =~ a + b; G =~ c + d; G ~ F", {"scheme": "pca"}, DataError, "analyses.unknown_option"),
        ("F =~ a + b; G =~ c + constant; G ~ F", {}, DataError, "analyses.constant_columns"),
        ("F =~ a + b; G =~ c + nowhere; G ~ F", {}, CxlabError, "specify.unknown_variable"),
    ],
)
def test_a_model_that_cannot_be_fitted_is_told_why(
    text: str, options: dict[str, Any], error: type[CxlabError], key: str
) -> None:
    rng = np.random.default_rng(3)
    data = pd.DataFrame(rng.normal(size=(40, 5)), columns=list("abcde")).assign(constant=2.0)
    with pytest.raises(error) as caught:
        cx.pls(text, data, **options)
    assert caught.value.key == key


def test_fewer_rows_than_a_formative_block_are_told() -> None:
    data = pd.DataFrame(np.random.default_rng(1).normal(size=(4, 6)), columns=list("abcdef"))
    with pytest.raises(DataError) as caught:
        cx.pls("F <~ a + b + c + d; G <~ e + f; G ~ F", data)
    assert caught.value.key == "pls.too_few_rows"


def test_a_reliability_below_zero_is_serious() -> None:
    rng = np.random.default_rng(8)
    data = pd.DataFrame(rng.normal(size=(80, 2)), columns=["a", "b"])
    data["c"], data["d"] = -data["a"] + 0.3 * rng.normal(size=80), data["b"] + rng.normal(size=80)
    fit = cx.pls("F =~ a + c; G =~ b + d; G ~ F", data)
    assert not fit.admissible
    assert any(notice.key in ("pls.rho_not_positive", "pls.negative_loading") for notice in fit.warnings)


def test_corrected_correlations_that_do_not_fit_together_are_inadmissible(ecsi: cx.Survey) -> None:
    fit = cx.pls(ECSI, ecsi)
    # seminr's correlations of the scores (fornell_larcker) over the roots of its rho_A; none is beyond 1.
    assert np.linalg.eigvalsh(fit.solved.correlations[:, :, 0])[0] == pytest.approx(-0.00302746933, abs=1e-8)
    assert not fit.admissible
    assert [notice.key for notice in fit.warnings] == ["pls.not_positive_definite"]


def test_it_shows_itself_in_both_languages(mode_a: Any) -> None:
    boot = mode_a.bootstrap(30, seed=1)
    for lang in ("en", "vi"):
        assert "PLS" in mode_a.summary(lang)
        assert mode_a.apa(lang).to_html(lang)
        assert mode_a.apa_measurement(lang).to_html(lang)
        assert boot.apa(lang).to_html(lang)
        assert boot.summary(lang)
    assert mode_a.plot("vi") is not None


@pytest.mark.shared
@pytest.mark.parametrize(("antecedents", "name"), [("direct", "DA"), ("earliest", "EA")])
def test_predictions_are_seminrs_fold_by_fold(ecsi: cx.Survey, antecedents: str, name: str) -> None:
    folds = shared("seminr_mobi/plspredict_folds.csv").sort_index()["fold"].to_numpy()
    model, linear = shared(f"seminr_mobi/plspredict_{name}_PLS_oos.csv"), shared("seminr_mobi/plspredict_LM_oos.csv")
    fit = cx.pls(ECSI, ecsi, consistent=False, tolerance=1e-7)
    found = fit.predict(assignment=folds, antecedents=antecedents, benchmark="outside").table.set_index("item")
    for item in found.index:
        assert found.loc[item, "rmse"] == pytest.approx(model.loc["RMSE", item], abs=1e-8)
        assert found.loc[item, "mae"] == pytest.approx(model.loc["MAE", item], abs=1e-8)
        assert found.loc[item, "rmse_lm"] == pytest.approx(linear.loc["RMSE", item], abs=1e-8)


@pytest.mark.shared
def test_importance_and_performance_are_csems(mode_a: Any) -> None:
    from dataclasses import replace

    importance, performance = (shared(f"csem/mobi_IPMA_{part}.csv") for part in ("importance", "performance"))
    raw = replace(mode_a, ends={}).ipma("Loyalty")
    assert not raw.rescaled
    assert any(notice.key == "pls.ends_unknown" for notice in raw.warnings)
    for row in raw.table.itertuples():
        assert row.importance == pytest.approx(importance.loc["Loyalty", row.construct], abs=1e-6)
        assert row.performance == pytest.approx(performance.loc[row.construct, "x"], abs=1e-6)


def test_performance_runs_from_0_to_100_by_the_codebooks_ends(mode_a: Any) -> None:
    found = mode_a.ipma("Loyalty")
    assert found.rescaled
    assert found.table["performance"].between(0, 100).all()
    item = found.items.set_index("item").loc["IMAG1", "performance"]
    assert item == pytest.approx(100 * (mode_a.frame["IMAG1"].mean() - 1) / 9)
    for lang in ("en", "vi"):
        assert found.summary(lang)
        assert found.apa(lang).to_html(lang)
        assert found.plot(lang, items=lang == "vi") is not None


def test_prediction_repeats_itself_and_beats_the_mean(mode_a: Any) -> None:
    one, two = (mode_a.predict(5, 2, seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(one.table, two.table)
    assert (one.table["q2_predict"] > 0).mean() > 0.8
    rivals = one.cvpat.set_index(["against", "construct"])
    assert rivals.loc[("mean", ""), "difference"] < 0
    assert one.summary("vi")
    assert one.apa("vi").to_html("vi")


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (lambda fit: fit.predict(folds=1), "pls.folds"),
        (lambda fit: fit.predict(assignment=np.zeros(3)), "pls.folds_length"),
        (lambda fit: fit.predict(antecedents="nearest"), "analyses.unknown_option"),
        (lambda fit: fit.ipma("Loyality"), "pls.unknown_target"),
        (lambda fit: fit.ipma("Image"), "pls.target_unexplained"),
        (lambda fit: fit.bootstrap(10, ci="normal"), "resample.unknown_interval"),
        (lambda fit: fit.bootstrap(10, level=95), "resample.level"),
    ],
)
def test_questions_without_an_answer_are_told_why(mode_a: Any, call: Any, key: str) -> None:
    with pytest.raises(CxlabError) as caught:
        call(mode_a)
    assert caught.value.key == key


def test_items_that_were_not_turned_are_named() -> None:
    survey = cx.load_dataset("gentile_six")
    text = "Sensorial <~ sen1 + sen2 + sen3 + sen4; Satisfied =~ sat1 + sat2 + sat3; Satisfied ~ Sensorial"
    assert any(notice.key == "sem.reversed_items" for notice in cx.pls(text, survey).warnings)
    assert not any(notice.key == "sem.reversed_items" for notice in cx.pls(text, survey.reverse_scored()).warnings)
