"""PLS with interactions, quadratic effects and higher-order constructs: seminr's numbers, resamples, bad input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import CxlabError, DataError, ModelError, NotSupportedError
from tests.conftest import shared_folder

BLOCKS = """
Image <~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
Expectation <~ CUEX1 + CUEX2 + CUEX3
Value <~ PERV1 + PERV2
Satisfaction <~ CUSA1 + CUSA2 + CUSA3
"""
QUALITY = "Quality <~ PERQ1 + PERQ2 + PERQ3 + PERQ4 + PERQ5 + PERQ6 + PERQ7\n"
MODERATED = BLOCKS + "Satisfaction ~ Image + Expectation + Value + Image:Expectation"
SQUARE = BLOCKS + "Satisfaction ~ Image + Expectation + Value + Image:Image"
HIGHER = BLOCKS + QUALITY + "Experience <~ Image + Value + Quality\nSatisfaction ~ Experience + Expectation"
# seminr 2.3.1, mode A, path weighting, stop criterion 1e-12 (R 4.2.2), to Satisfaction
SEMINR = {
    "two_stage": {
        "Image": 0.448154176493343,
        "Expectation": 0.168475120583464,
        "Value": 0.316338741109914,
        "Image:Expectation": -0.0431336608825108,
    },
    "orthogonal": {
        "Image": 0.451090747356663,
        "Expectation": 0.173085218068866,
        "Value": 0.306987330887558,
        "Image:Expectation": -0.161318388824537,
    },
    "product_indicator": {
        "Image": 0.466897722487722,
        "Expectation": 0.136795941096328,
        "Value": 0.31433746200103,
        "Image:Expectation": -0.133359374071747,
    },
}
R2 = {"two_stage": 0.593503065914339, "orthogonal": 0.622582765876545, "product_indicator": 0.613615666194328}
REPUTATION = """
QUAL <~ qual_1 + qual_2 + qual_3 + qual_4 + qual_5 + qual_6 + qual_7 + qual_8
PERF <~ perf_1 + perf_2 + perf_3 + perf_4 + perf_5
CSOR <~ csor_1 + csor_2 + csor_3 + csor_4 + csor_5
ATTR <~ attr_1 + attr_2 + attr_3
COMP =~ comp_1 + comp_2 + comp_3
LIKE =~ like_1 + like_2 + like_3
SC =~ switch_1 + switch_2 + switch_3 + switch_4
CUSL =~ cusl_1 + cusl_2 + cusl_3
COMP ~ QUAL + PERF + CSOR + ATTR
LIKE ~ QUAL + PERF + CSOR + ATTR
cusa ~ COMP + LIKE
CUSL ~ COMP + LIKE + cusa + SC + cusa:SC
"""


@pytest.fixture(scope="module")
def ecsi() -> cx.Survey:
    return cx.load_dataset("ecsi_mobile")


@pytest.fixture(scope="module")
def moderated(ecsi: cx.Survey) -> Any:
    return cx.pls(MODERATED, ecsi, modes="A", tolerance=1e-12)


@pytest.fixture(scope="module")
def higher(ecsi: cx.Survey) -> Any:
    return cx.pls(HIGHER, ecsi, modes="A", tolerance=1e-12)


def shared(name: str) -> pd.DataFrame:
    return pd.read_csv(shared_folder() / "oracles" / "pls" / name, index_col=0)


def paths(fit: Any) -> dict[tuple[str, str], float]:
    return {(row.source, row.target): row.estimate for row in fit.paths.itertuples()}


@pytest.mark.parametrize("method", ["two_stage", "orthogonal", "product_indicator"])
def test_interactions_are_seminrs(ecsi: cx.Survey, method: str) -> None:
    fit = cx.pls(MODERATED, ecsi, modes="A", interaction=method, tolerance=1e-12)  # type: ignore[arg-type]
    ours = {source: value for (source, _), value in paths(fit).items()}
    assert ours == pytest.approx(SEMINR[method], abs=1e-9)
    assert fit.r2["r2"].item() == pytest.approx(R2[method], abs=1e-9)
    table = fit.reliability.set_index("construct").loc["Image:Expectation"]
    assert table["reason"] == "product"
    assert np.isnan(table["rho_c"])
    assert "Image:Expectation" not in fit.htmt.index


@pytest.mark.shared
@pytest.mark.parametrize("method", ["two_stage", "orthogonal", "product_indicator"])
def test_weights_and_loadings_of_interactions_are_seminrs(ecsi: cx.Survey, method: str) -> None:
    fit = cx.pls(MODERATED, ecsi, modes="A", interaction=method, tolerance=1e-12)  # type: ignore[arg-type]
    weights, loadings = (shared(f"seminr_mobi/mod_{method}_{part}.csv") for part in ("weights", "loadings"))
    for row in fit.loadings.itertuples():
        item = "Image*Expectation_intxn" if row.item == "Image:Expectation" else row.item.replace(":", "*")
        place = item, row.construct.replace(":", "*")
        # seminr's loadings of a product are covariances with its score before standardising
        unit = fit.units[fit.model.constructs.index(row.construct)]
        assert row.weight == pytest.approx(weights.loc[place], abs=1e-8)
        assert row.loading * unit == pytest.approx(loadings.loc[place], abs=1e-8)


@pytest.mark.shared
def test_the_primers_moderation_by_switching_costs_is_seminrs() -> None:
    survey = cx.load_dataset("corporate_reputation")
    fit = cx.pls(REPUTATION, survey, missing="mean", consistent=False, tolerance=1e-12)
    theirs, r2 = (shared(f"seminr_corprep/mod_two_stage_{part}.csv") for part in ("paths", "rsquared"))
    for (source, target), estimate in paths(fit).items():
        names = [name.replace("cusa", "CUSA").replace(":", "*") for name in (source, target)]
        assert estimate == pytest.approx(theirs.loc[names[0], names[1]], abs=1e-8)
    for row in fit.r2.itertuples():
        assert row.r2 == pytest.approx(r2.loc["Rsq", row.construct.upper()], abs=1e-8)


def test_a_square_is_the_column_of_squared_scores(ecsi: cx.Survey) -> None:
    fit = cx.pls(SQUARE, ecsi, modes="A", tolerance=1e-12)
    frame = ecsi.frame.assign(square=fit.first_stage.scores["Image"] ** 2)
    by_hand = cx.pls(BLOCKS + "Satisfaction ~ Image + Expectation + Value + square", frame, modes="A", tolerance=1e-12)
    assert paths(fit)["Image:Image", "Satisfaction"] * frame["square"].std() == pytest.approx(
        paths(by_hand)["square", "Satisfaction"], abs=1e-10
    )


def test_a_higher_order_construct_is_seminrs(higher: Any) -> None:
    assert paths(higher) == pytest.approx(
        {("Expectation", "Satisfaction"): 0.0835603955792681, ("Experience", "Satisfaction"): 0.769405833767198},
        abs=1e-9,
    )
    rows = higher.loadings.set_index("item").loc[["Image", "Value", "Quality"]]
    assert rows["weight"].tolist() == pytest.approx([0.381859595670454, 0.333115963854623, 0.438172984503758], abs=1e-9)
    assert rows["loading"].tolist() == pytest.approx(
        [0.879805794657661, 0.784768265887736, 0.918858286404318], abs=1e-9
    )
    first = paths(higher.first_stage)
    assert first["Quality", "Satisfaction"] == pytest.approx(0.516923100422458, abs=1e-9)
    assert first["Image", "Satisfaction"] == pytest.approx(0.176690214514978, abs=1e-9)
    assert set(higher.first_stage.reliability["construct"]) >= {"Image", "Value", "Quality"}


def test_repeated_indicators_of_equal_weight_are_the_sum_of_all_items(ecsi: cx.Survey) -> None:
    fit = cx.pls(HIGHER, ecsi, modes="unit", higher_order="repeated")
    blocks = {one: list(fit.model.block(fit.model.constructs.index(one))) for one in ("Image", "Value", "Quality")}
    z = fit.answers.transform(lambda x: (x - x.mean()) / x.std())
    sums = pd.DataFrame({one: z[block].sum(axis=1) for one, block in blocks.items()})
    total = sums.sum(axis=1)
    np.testing.assert_allclose(fit.scores["Experience"], total / total.std(), atol=1e-10)
    # the sum of all items is the sum of the components' sums, so that paths are their deviations' shares
    for one in sums:
        assert paths(fit)[one, "Experience"] == pytest.approx(sums[one].std() / total.std(), abs=1e-10)
    assert fit.fit_measures["srmr"].isna().all()
    assert "Experience" not in fit.htmt.index


def test_other_causes_of_repeated_indicators_are_warned_of(ecsi: cx.Survey) -> None:
    text = HIGHER + "\nExperience ~ Expectation"
    fit = cx.pls(text, ecsi, modes="A", higher_order="repeated")
    assert any(notice.key == "pls.repeated_explained" for notice in fit.warnings)
    assert not any(notice.key == "pls.repeated_explained" for notice in cx.pls(text, ecsi, modes="A").warnings)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (MODERATED, {}),
        (MODERATED, {"interaction": "orthogonal"}),
        (MODERATED, {"interaction": "product_indicator"}),
        (SQUARE, {}),
        (HIGHER, {}),
        (HIGHER, {"higher_order": "repeated"}),
    ],
)
def test_each_resample_is_the_model_fitted_to_its_rows(ecsi: cx.Survey, text: str, options: dict[str, Any]) -> None:
    rows = np.random.default_rng(2).integers(0, 250, (2, 250))
    options = {"modes": "A", "tolerance": 1e-12, **options}
    boot = cx.pls(text, ecsi, **options).bootstrap(indices=rows)
    for number, one in enumerate(rows):
        again = cx.pls(text, ecsi.frame.iloc[one].reset_index(drop=True), **options)
        for (source, target), estimate in paths(again).items():
            assert boot.replicates[f"path: {source} → {target}"][number] == pytest.approx(estimate, abs=1e-10)


def test_simple_slopes_are_the_path_and_as_much_of_the_product(moderated: Any) -> None:
    found = moderated.simple_slopes()
    # seminr's paths
    expected = [0.448154176493343 - level * 0.0431336608825108 for level in (-1, 0, 1)]
    assert found.table["slope"].tolist() == pytest.approx(expected, abs=1e-9)
    other = moderated.simple_slopes(moderator="Image", levels=[2])
    assert other.table["slope"].item() == pytest.approx(0.168475120583464 - 2 * 0.0431336608825108, abs=1e-9)
    assert found.table["se"].isna().all()
    boot = moderated.bootstrap(200, seed=1)
    sure = moderated.simple_slopes(bootstrap=boot).table
    path = boot.of("path").set_index("source").loc["Image"]
    assert sure.loc[1, ["se", "ci_lower"]].tolist() == pytest.approx([path["se"], path["ci_lower"]])


def test_the_works_behind_each_are_cited(moderated: Any, higher: Any) -> None:
    assert "henseler_chin_2010" in moderated.references
    assert "sarstedt_2019" in higher.references
    assert all(work.text for fit in (moderated, higher, moderated.simple_slopes()) for work in fit.cite())


def test_the_slope_of_a_square_changes_twice_as_fast(ecsi: cx.Survey) -> None:
    fit = cx.pls(SQUARE, ecsi, modes="A")
    slopes = fit.simple_slopes(levels=(0, 1)).table["slope"]
    assert slopes[1] - slopes[0] == pytest.approx(2 * paths(fit)["Image:Image", "Satisfaction"])


def test_they_show_themselves_in_both_languages(moderated: Any, higher: Any, ecsi: cx.Survey) -> None:
    square = cx.pls(SQUARE, ecsi, modes="A").simple_slopes()
    slopes = moderated.simple_slopes(bootstrap=moderated.bootstrap(30, seed=1))
    repeated = cx.pls(HIGHER, ecsi, modes="A", higher_order="repeated")
    for lang in ("en", "vi"):
        for fit in (moderated, higher, repeated):
            assert fit.summary(lang)
            assert fit.apa(lang).to_html(lang)
            assert fit.apa_measurement(lang).to_html(lang)
            assert fit.plot(lang) is not None
        for found in (slopes, square):
            assert found.summary(lang)
            assert found.apa(lang).to_html(lang)
            assert found.plot(lang) is not None


F = "F <~ a + b; G <~ c + d; "
REFLECTIVE = "F =~ a + b; G <~ c + d; H <~ F + G; e ~ H"


@pytest.mark.parametrize(
    ("text", "options", "error", "key"),
    [
        (F + "e ~ F + F:G", {}, ModelError, "pls.main_effect_missing"),
        (F + "e ~ F + G + F:e", {}, ModelError, "pls.product_of_target"),
        (F + "e ~ F + G + F:G + G:F", {}, ModelError, "pls.product_twice"),
        (F + "e ~ F + G + F:g", {}, CxlabError, "specify.unknown_factor_did_you_mean"),
        (F + "e ~ F + G + F:G:e", {}, NotSupportedError, "specify.product_of_two"),
        (F + "e ~ F + G + b*F:G", {}, NotSupportedError, "pls.modifiers"),
        (F + "H <~ F:G; e ~ H", {}, NotSupportedError, "specify.interaction"),
        ("F =~ a + b; G <~ c + d; e ~ F + G + F:G", {}, NotSupportedError, "pls.product_consistent"),
        ("F <~ a + b; e ~ F + yes + yes:yes", {}, DataError, "pls.product_constant"),
        ("F <~ a + b; e ~ F + zero + zero:zero", {}, DataError, "pls.product_collinear"),
        (F + "e ~ F + G + F:G", {"interaction": "products"}, DataError, "analyses.unknown_option"),
        (F + "H <~ F + G; e ~ H", {"higher_order": "disjoint"}, DataError, "analyses.unknown_option"),
        (F + "H <~ F + G; K <~ H + f; e ~ K", {}, NotSupportedError, "pls.third_order"),
        (F + "H <~ F + f; e ~ H + G", {}, ModelError, "pls.mixed_block"),
        (F + "H <~ F + G; e ~ H + F", {}, NotSupportedError, "pls.component_in_path"),
        (F + "H <~ F + G; K <~ F; e ~ H + K", {}, ModelError, "pls.item_twice"),
        (F + "H <~ F + G; e ~ H + f + H:f", {}, NotSupportedError, "pls.product_of_higher"),
        (REFLECTIVE, {"higher_order": "repeated"}, NotSupportedError, "pls.higher_order_consistent"),
        (REFLECTIVE, {"higher_order": "embedded"}, NotSupportedError, "pls.higher_order_consistent"),
        (REFLECTIVE + " + f + H:f", {}, NotSupportedError, "pls.product_of_higher"),
        (REFLECTIVE + " + f + f:f", {}, NotSupportedError, "pls_input.product_beside_factors"),
        (F + "H <~ F + G; e ~ f", {}, ModelError, "pls.isolated"),
        (F + "e ~ F + G + F:G", {"modes": {"F:H": "A"}}, ModelError, "pls.unknown_construct"),
    ],
)
def test_terms_that_cannot_be_made_are_told_why(
    text: str, options: dict[str, Any], error: type[CxlabError], key: str
) -> None:
    rng = np.random.default_rng(3)
    data = pd.DataFrame(rng.normal(size=(40, 6)), columns=list("abcdef"))
    data["yes"] = np.tile([0.0, 1.0], 20)
    data["zero"] = np.repeat([0.0, 1.0], [30, 10])
    with pytest.raises(error) as caught:
        cx.pls(text, data, **options)
    assert caught.value.key == key


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (lambda fit: fit.simple_slopes("Image:Value"), "pls.unknown_product"),
        (lambda fit: fit.simple_slopes(moderator="Value"), "pls.unknown_moderator"),
        (lambda fit: fit.simple_slopes(levels=[]), "pls.levels"),
        (lambda fit: fit.blindfold(), "pls.staged"),
        (lambda fit: fit.ipma("Satisfaction"), "pls_input.staged_product"),
        (lambda fit: fit.first_stage.simple_slopes(), "pls.no_product"),
    ],
)
def test_questions_that_such_models_cannot_answer_are_told_why(moderated: Any, call: Any, key: str) -> None:
    with pytest.raises(CxlabError) as caught:
        call(moderated)
    assert caught.value.key == key


def test_slopes_need_products_of_scores_and_a_name_where_there_are_several(ecsi: cx.Survey) -> None:
    indicators = cx.pls(MODERATED, ecsi, modes="A", interaction="orthogonal")
    several = cx.pls(MODERATED + " + Value:Value", ecsi, modes="A")
    for fit, key in ((indicators, "pls.slopes_indicators"), (several, "pls.which_product")):
        with pytest.raises(CxlabError) as caught:
            fit.simple_slopes()
        assert caught.value.key == key


def test_vietnamese_names_work_in_products() -> None:
    rng = np.random.default_rng(4)
    data = pd.DataFrame(rng.normal(size=(30, 5)), columns=["giá1", "giá2", "hài lòng", "tin1", "tin2"])
    fit = cx.pls("Giá <~ giá1 + giá2; Tin <~ tin1 + tin2; `hài lòng` ~ Giá + Tin + Giá:Tin", data)
    assert "Giá:Tin" in fit.model.constructs
