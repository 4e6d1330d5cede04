"""Higher-order constructs in PLS: composites of common factors as in cSEM, embedded two-stage, prediction and IPMA."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import CxlabError
from cxlab.resample.draws import GivenDraws
from tests.conftest import ROOT, shared_folder
from tests.test_pls_stages import BLOCKS, HIGHER, MODERATED, QUALITY

ORACLE = json.loads((ROOT / "tests" / "oracles" / "pls_inputs.json").read_text(encoding="utf-8"))
YOO = """
PR =~ PR1 + PR2 + PR3
IM =~ IM1 + IM2 + IM3
DI =~ DI1 + DI2 + DI3
AD =~ AD1 + AD2 + AD3
DL =~ DL1 + DL2 + DL3
AA =~ AA1 + AA2 + AA3 + AA4 + AA5 + AA6
LO =~ LO1 + LO3
QL =~ QL1 + QL2 + QL3 + QL4 + QL5 + QL6
BR <~ QL + LO + AA
BR ~ PR + IM + DI + AD + DL
"""
FACTORS = """
Image =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
Value =~ PERV1 + PERV2
Quality =~ PERQ1 + PERQ2 + PERQ3
Satisfaction =~ CUSA1 + CUSA2 + CUSA3
Experience <~ Image + Value + Quality
Satisfaction ~ Experience
"""


@pytest.fixture(scope="module")
def ecsi() -> cx.Survey:
    return cx.load_dataset("ecsi_mobile")


def csem(name: str) -> pd.DataFrame:
    return pd.read_csv(shared_folder() / "oracles" / "pls" / "csem" / f"yoo_hoc_{name}.csv", index_col=0)


@pytest.fixture(scope="module")
def yoo() -> Any:
    data = pd.read_csv(shared_folder() / "oracles" / "pls" / "data" / "csem_Yooetal2000.csv")
    return cx.pls(YOO, data, scheme="factorial", tolerance=1e-12)


@pytest.mark.shared
def test_a_composite_of_common_factors_is_csems(yoo: Any) -> None:
    paths, loadings, reliabilities = (csem(f"{name}_stage2") for name in ("paths", "loadings", "reliabilities"))
    for row in yoo.paths.itertuples():
        assert row.estimate == pytest.approx(paths.loc["BR", f"{row.source}_temp"], abs=1e-8)
    for row in yoo.loadings[yoo.loadings["construct"] == "BR"].itertuples():
        assert row.loading == pytest.approx(loadings.loc["BR", row.item], abs=1e-8)
    assert yoo.solved.rho_a[-1, 0] == pytest.approx(reliabilities.loc["BR", "x"], abs=1e-8)
    r2 = yoo.r2.iloc[0]
    assert [r2["r2"], r2["r2_adjusted"]] == pytest.approx([0.538415359485392, 0.53431602875258], abs=1e-8)
    assert yoo.paths["f2"].round(4).tolist() == [0.0056, 0.2195, 0.0975, 0.1135, 0.0361]
    assert yoo.paths["vif"].round(4).tolist() == [1.4857, 1.1211, 1.7515, 2.1197, 1.3294]


@pytest.mark.shared
def test_its_first_stage_is_csems_where_all_constructs_are_correlated(yoo: Any) -> None:
    first = yoo.first_stage
    weights, loadings, rho = csem("weights_stage1"), csem("loadings_stage1"), csem("reliabilities_stage1")
    for row in first.loadings.itertuples():
        assert row.weight == pytest.approx(weights.loc[row.construct, row.item], abs=1e-8)
        assert row.loading == pytest.approx(loadings.loc[row.construct, row.item], abs=1e-8)
    for name, value in first.reliability.set_index("construct")["rho_a"].items():
        assert value == pytest.approx(rho.loc[name, "x"], abs=1e-8)
    assert "pls_input.first_correlated" in {notice.key for notice in first.warnings}


@pytest.mark.shared
def test_a_published_matrix_is_enough_for_it(yoo: Any) -> None:
    data = pd.read_csv(shared_folder() / "oracles" / "pls" / "data" / "csem_Yooetal2000.csv")
    matrix = cx.pls(YOO, cx.Moments(data.corr(), len(data)), scheme="factorial", tolerance=1e-12)
    np.testing.assert_allclose(matrix.paths["estimate"], yoo.paths["estimate"], atol=1e-9)


@pytest.mark.parametrize("modes", [{"Experience": "A"}, {"Experience": "unit"}])
def test_other_weights_are_corrected_by_the_reliability_of_what_they_make(ecsi: cx.Survey, modes: Any) -> None:
    fit = cx.pls(FACTORS, ecsi, modes=modes, tolerance=1e-12)
    first, parts = fit.first_stage, ["Image", "Value", "Quality"]
    rho = first.reliability.set_index("construct")["rho_a"]
    w = fit.weights[fit.weights["construct"] == "Experience"].set_index("item")["weight"][parts].to_numpy()
    scores = first.scores
    cov = scores[parts].corr().to_numpy() - np.diag(1 - rho[parts])
    reliability = w @ cov @ w
    observed = np.corrcoef(scores[parts] @ w, scores["Satisfaction"])[0, 1]
    assert fit.paths["estimate"].item() == pytest.approx(
        observed / np.sqrt(reliability * rho["Satisfaction"]), abs=1e-9
    )
    # correlations of the factors with the error-free part of the composite
    loadings = cov @ w / np.sqrt(rho[parts].to_numpy() * reliability)
    own = fit.loadings.set_index("item").loc[parts, "loading"]
    np.testing.assert_allclose(own, loadings, atol=1e-9)


def test_embedded_two_stage_is_that_of_a_program_written_out_in_r(ecsi: cx.Survey) -> None:
    fit = cx.pls(HIGHER, ecsi, modes="A", higher_order="embedded", tolerance=1e-12)
    ours = {f"{row.source}>{row.target}": row.estimate for row in fit.paths.itertuples()}
    assert ours == pytest.approx(ORACLE["embedded"]["paths"], abs=1e-10)
    weights = fit.weights[fit.weights["construct"] == "Experience"].set_index("item")["weight"].to_dict()
    assert weights == pytest.approx(ORACLE["embedded"]["weights"], abs=1e-10)
    assert fit.first_stage.model.repeated == ("Experience",)


@pytest.mark.parametrize(("text", "options"), [(FACTORS, {}), (HIGHER, {"higher_order": "embedded", "modes": "A"})])
def test_each_resample_is_the_model_fitted_to_its_rows(ecsi: cx.Survey, text: str, options: dict[str, Any]) -> None:
    fit = cx.pls(text, ecsi, tolerance=1e-12, **options)
    rows = np.random.default_rng(2).integers(0, 250, (2, 250))
    found = fit.replicates(GivenDraws.of(rows, [250]))
    for number, one in enumerate(rows):
        again = cx.pls(text, ecsi.frame.iloc[one].reset_index(drop=True), tolerance=1e-12, **options)
        np.testing.assert_allclose(found.paths[number], again.solved.paths[:, :, 0], atol=1e-9)


def by_hand(fit: Any, train: pd.DataFrame, test: pd.DataFrame) -> dict[str, pd.Series]:
    """Predictions for the test rows from a fit of the training rows, construct by construct."""
    z = (test - train.mean()) / train.std()
    first = fit.first_stage
    scores = {}
    for name, rows in first.weights.groupby("construct", sort=False):
        items = rows.set_index("item")["weight"]
        scores[name] = z[items.index] @ items
    return {"z": z, **scores}


def test_prediction_with_an_interaction_is_what_its_parts_say(ecsi: cx.Survey) -> None:
    data = ecsi.frame[list(cx.pls(MODERATED, ecsi, modes="A").model.answers)].astype(float).reset_index(drop=True)
    folds = np.arange(250) % 5
    found = cx.pls(MODERATED, data, modes="A").predict(assignment=folds)
    train, test = (data[folds != 0].reset_index(drop=True), data[folds == 0])
    fit = cx.pls(MODERATED, train, modes="A")
    parts = by_hand(fit, train, test)
    own = fit.first_stage.scores
    product = parts["Image"] * parts["Expectation"] - (own["Image"] * own["Expectation"]).mean()
    weights = fit.weights.set_index(["construct", "item"])["weight"]
    scores = {name: parts["z"][weights[name].index] @ weights[name] for name in ("Image", "Expectation", "Value")}
    path = fit.paths.set_index("source")["estimate"]
    predicted = sum(path[name] * scores[name] for name in scores) + path["Image:Expectation"] * product
    loading = fit.loadings.set_index("item").loc["CUSA2", "loading"]
    expected = predicted * loading * train["CUSA2"].std() + train["CUSA2"].mean()
    np.testing.assert_allclose(found.predictions["CUSA2"][folds == 0], expected, atol=1e-7)


def test_prediction_of_a_higher_order_construct_goes_through_its_components(ecsi: cx.Survey) -> None:
    text = (
        BLOCKS + QUALITY + "Experience <~ Image + Value + Quality\nExperience ~ Expectation\nSatisfaction ~ Experience"
    )
    fit = cx.pls(text, ecsi, modes="A")
    data = ecsi.frame[list(fit.model.answers)].astype(float).reset_index(drop=True)
    folds = np.arange(250) % 5
    found = cx.pls(text, data, modes="A").predict(assignment=folds)
    assert set(found.table["construct"]) == {"Experience", "Satisfaction"}
    train, test = (data[folds != 0].reset_index(drop=True), data[folds == 0])
    fit = cx.pls(text, train, modes="A")
    z = (test - train.mean()) / train.std()
    weights = fit.weights.set_index(["construct", "item"])["weight"]["Expectation"]
    path = fit.paths.set_index(["source", "target"])["estimate"]["Expectation", "Experience"]
    loading = fit.loadings.set_index("item").loc["Image", "loading"]
    loading *= fit.first_stage.loadings.set_index("item").loc["IMAG4", "loading"]
    expected = z[weights.index] @ weights * path * loading * train["IMAG4"].std() + train["IMAG4"].mean()
    np.testing.assert_allclose(found.predictions["IMAG4"][folds == 0], expected, atol=1e-7)


@pytest.mark.parametrize("how", ["two_stage", "embedded", "repeated"])
def test_the_map_of_a_higher_order_construct_has_the_mean_of_all_its_answers(ecsi: cx.Survey, how: Any) -> None:
    fit = cx.pls(HIGHER, ecsi, modes="unit", higher_order=how)
    table = fit.ipma("Satisfaction").table.set_index("construct")
    items = [item for item in fit.model.answers if item[:4] in ("IMAG", "PERV", "PERQ")]
    answers = 100 * (ecsi.frame[items] - 1) / 9
    if how == "repeated":  # equal weights of standardised items
        share = (1 / answers.std()) / (1 / answers.std()).sum()
        assert table.loc["Experience", "performance"] == pytest.approx((answers * share).sum(axis=1).mean())
    assert answers.mean().min() < table.loc["Experience", "performance"] < answers.mean().max()
    total = fit.total_effects.set_index(["source", "target"]).loc[("Experience", "Satisfaction"), "total"]
    assert table.loc["Experience", "importance_std"] == pytest.approx(total)
    assert fit.ipma("Satisfaction").plot("vi") is not None


@pytest.mark.parametrize(
    ("text", "options", "call", "key"),
    [
        (HIGHER, {"higher_order": "repeated"}, lambda fit: fit.predict(), "pls_input.staged_repeated"),
        (FACTORS, {}, lambda fit: fit.predict(), "pls_input.staged_carried"),
        (FACTORS, {}, lambda fit: fit.ipma("Satisfaction"), "pls_input.staged_carried"),
        (FACTORS, {}, lambda fit: fit.blindfold(), "pls.staged"),
        (
            BLOCKS + "Value ~ Image\nSatisfaction ~ Image + Value + Image:Value",
            {"modes": "A"},
            lambda fit: fit.predict(),
            "pls_input.earliest_product",
        ),
    ],
)
def test_questions_without_an_answer_are_told_why(
    ecsi: cx.Survey, text: str, options: dict[str, Any], call: Any, key: str
) -> None:
    # Expectation has no path in the last one
    text = text.replace("Expectation <~ CUEX1 + CUEX2 + CUEX3\n", "") if key.endswith("earliest_product") else text
    with pytest.raises(CxlabError) as caught:
        call(cx.pls(text, ecsi, **options))
    assert caught.value.key == key


def test_it_shows_itself_in_both_languages(ecsi: cx.Survey) -> None:
    fit = cx.pls(FACTORS, ecsi)
    for lang in ("en", "vi"):
        assert fit.summary(lang)
        assert fit.apa(lang).to_html(lang)
        assert fit.apa_measurement(lang).to_html(lang)
        assert fit.plot(lang) is not None
        assert fit.first_stage.summary(lang)
    assert {"van_riel_2017"} <= set(fit.references)
    assert all(work.text for work in fit.cite())
