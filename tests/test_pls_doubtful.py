"""What a first user of `cx.pls` may not see: resamples, copies, codes and units that would pass without a word."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.analyses.pls_quantities import sample, with_signs_of_constructs
from cxlab.errors import DataError
from cxlab.estimate.pls.solve import solve_many

SATISFACTION = "Sat <~ CUSA1 + CUSA2 + CUSA3"
MODERATED = f"Image <~ IMAG1 + IMAG2 + IMAG4; Value <~ PERV1 + PERV2; {SATISFACTION}; Sat ~ Image + Value + Image:Value"
HIGHER = f"{SATISFACTION}; Val <~ PERV1 + PERV2; Q <~ PERQ1 + PERQ2 + PERQ3; H <~ Val + Q; Sat ~ H"


def keys(result: Any) -> list[str]:
    return [one.key for one in result.warnings]


def formative(rows: int, items: int) -> pd.DataFrame:
    random = np.random.default_rng(1)
    factor = random.normal(size=rows)
    data = pd.DataFrame({f"x{item}": 0.6 * factor + random.normal(size=rows) for item in range(items)})
    return data.assign(y=0.7 * factor + random.normal(size=rows))


@pytest.mark.parametrize("distinct", [4, 5, 6, 12])
def test_a_resample_with_too_few_different_rows_for_mode_b_is_no_estimate(distinct: int) -> None:
    # five indicators have an inverse of their correlations from six different rows on
    fit = cx.pls("F <~ x0 + x1 + x2 + x3 + x4; y ~ F", formative(12, 5))
    drawn = np.arange(12) % distinct
    found = fit.bootstrap(indices=np.stack([drawn, np.arange(12), np.arange(12)[::-1]]))
    assert found.status["not_converged"] == (distinct < 6)
    assert found.status["used"] == 3 - (distinct < 6)
    assert ("pls.boot_not_converged" in keys(found)) == (distinct < 6)


def test_a_matrix_that_is_singular_but_for_rounding_has_no_solution() -> None:
    random = np.random.default_rng(2)
    rows = random.normal(size=(4, 6))  # rank 4 < 6
    matrix = np.corrcoef(np.vstack([rows, rows]).T)
    found = solve_many(np.stack([matrix, np.eye(6)], axis=2), np.ones((6, 2)))
    assert np.isnan(found[:, 0]).all()
    assert found[:, 1].tolist() == [1.0] * 6


def test_lines_of_simple_slopes_pass_where_the_regression_of_the_scores_says() -> None:
    fit = cx.pls(MODERATED, cx.load_dataset("ecsi_mobile"), modes="A")
    first = fit.first_stage.scores
    product = (first["Image"] * first["Value"]).to_numpy()
    design = np.column_stack([np.ones(250), fit.scores["Image"], fit.scores["Value"], product])
    intercept, image, value, crossed = np.linalg.lstsq(design, fit.scores["Sat"].to_numpy(), rcond=None)[0]
    lines = fit.simple_slopes(levels=(-1, 0.5)).lines
    expected = [
        intercept + image * row.x + value * row.level + crossed * row.x * row.level for row in lines.itertuples()
    ]
    np.testing.assert_allclose(lines["y"], expected, atol=1e-10)
    assert abs(intercept) > 0.01


def test_a_square_bends_round_the_mean_of_the_target() -> None:
    text = f"Image <~ IMAG1 + IMAG2 + IMAG4; {SATISFACTION}; Sat ~ Image + Image:Image"
    fit = cx.pls(text, cx.load_dataset("ecsi_mobile"), modes="A")
    square = fit.first_stage.scores["Image"].to_numpy() ** 2
    design = np.column_stack([np.ones(250), fit.scores["Image"], square])
    intercept = np.linalg.lstsq(design, fit.scores["Sat"].to_numpy(), rcond=None)[0][0]
    lines = fit.simple_slopes().lines
    assert float(lines.loc[lines["x"] == 0, "y"].iloc[0]) == pytest.approx(intercept, abs=1e-10)


def test_adjusted_r2_needs_more_rows_than_coefficients() -> None:
    data = formative(4, 3)
    found = cx.pls("y ~ x0 + x1", data.head(3)).r2
    assert np.isnan(found["r2_adjusted"]).all()
    r2 = float(cx.pls("y ~ x0 + x1", data).r2["r2"].iloc[0])
    found = cx.pls("y ~ x0 + x1", data).r2
    assert float(found["r2_adjusted"].iloc[0]) == pytest.approx(1 - (1 - r2) * 3 / 1)


def test_the_same_answers_under_two_names_are_named() -> None:
    data = cx.load_dataset("ecsi_mobile").data
    text = "Image =~ IMAG1 + IMAG2 + again; Sat =~ CUSA1 + CUSA2; Sat ~ Image"
    for copy in (data["IMAG1"], 11 - data["IMAG1"]):
        fit = cx.pls(text, data.assign(again=copy))
        told = next(one for one in fit.warnings if one.key == "pls.copied_items")
        assert told.values["pairs"] == "IMAG1 – again"
        assert told.serious
    assert "pls.copied_items" not in keys(cx.pls(text.replace("again", "IMAG3"), data))
    assert "pls.copied_items" not in keys(cx.pls(HIGHER, data, higher_order="repeated"))


@pytest.mark.parametrize(("modes", "told"), [("A", True), ("unit", True), ("B", False)])
def test_an_item_worded_the_other_way_is_named_where_items_should_agree(modes: Any, told: bool) -> None:
    data = cx.load_dataset("ecsi_mobile").data
    data = data.assign(CUSA3=11 - data["CUSA3"])
    fit = cx.pls(f"{SATISFACTION}; CUSL1 ~ Sat", data, modes=modes)
    assert (fit.loadings["loading"] < 0).any()
    found = [one.values["items"] for one in fit.warnings if one.key == "pls.negative_loading"]
    assert found == (["CUSA3"] if told else [])


def test_codes_outside_the_scale_and_items_not_turned_are_named_on_every_result() -> None:
    survey = cx.load_dataset("ecsi_mobile")
    frame = survey.frame.copy()
    frame.loc[frame.index[3], "CUSA1"] = 99
    items = dict(survey.codebook.items)
    items["CUSA2"] = replace(items["CUSA2"], reversed=True)
    survey = replace(survey, frame=frame, codebook=replace(survey.codebook, items=items))
    fit = cx.pls("Image <~ IMAG1 + IMAG2 + IMAG4; Sat <~ CUSA1 + CUSA2 + CUSA3; Sat ~ Image", survey, modes="A")
    results = (
        fit,
        fit.bootstrap(20, seed=1),
        fit.predict(3, 1, seed=1),
        fit.ipma("Sat"),
        fit.blindfold(7),
        fit.nca("Sat", permutations=19, seed=1),
    )
    for result in results:
        assert {"analyses.outside_scale", "sem.reversed_items"} <= set(keys(result))


def test_a_group_whose_own_solution_is_improper_is_named() -> None:
    random = np.random.default_rng(3)
    factor = random.normal(size=200)
    data = pd.DataFrame({f"x{item}": 0.7 * factor + 0.7 * random.normal(size=200) for item in range(6)})
    data["group"] = ["sound"] * 100 + ["odd"] * 100
    error = 0.7 * random.normal(size=100)  # errors that cancel each other hide what both items share
    data.loc[100:, "x0"], data.loc[100:, "x1"] = 0.7 * factor[100:] + error, 0.7 * factor[100:] - error
    text = "F =~ x0 + x1; G =~ x3 + x4 + x5; G ~ F"
    fit = cx.pls(text, data)
    for options in ({"n": 19}, {"n": 100, "method": "bootstrap"}):
        found = fit.groups("group", seed=1, **options)
        told = {one.key: one for one in found.warnings}
        assert told["pls.groups_improper"].values["groups"] == "odd"
        assert found.status["inadmissible"] > 0
    assert told["pls.boot_inadmissible"].values["total"] == found.status["replicates"] == 200
    alone = [cx.pls(text, data[data["group"] == name]).admissible for name in ("sound", "odd")]
    assert alone == [True, False]


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
def test_resamples_do_not_hang_on_the_unit_of_the_answers(missing: str) -> None:
    data = cx.load_dataset("ecsi_mobile").data[["IMAG1", "IMAG2", "CUSA1", "CUSA2"]].astype(float)
    data.iloc[::9, 0] = np.nan
    text = "Image <~ IMAG1 + IMAG2; Sat <~ CUSA1 + CUSA2; Sat ~ Image"
    one, other = (cx.pls(text, part, missing=missing).bootstrap(10, seed=1) for part in (data, data * 1e-8))
    assert other.status["used"] == 10
    np.testing.assert_allclose(one.replicates, other.replicates, atol=1e-8)


def test_permuted_higher_order_composites_do_not_hang_on_the_unit_either() -> None:
    data = cx.load_dataset("ecsi_mobile").data.assign(half=["a", "b"] * 125)
    items = [name for name in data if name[:4] in ("CUSA", "PERV", "PERQ")]
    small = data.assign(**{name: data[name] * 1e-8 for name in items})
    one, other = (cx.pls(HIGHER, part).micom("half", n=19, seed=1) for part in (data, small))
    np.testing.assert_allclose(one.table["c"], other.table["c"], atol=1e-8)
    assert other.status["used"] == 19


def exact(cov: np.ndarray, names: list[str], rows: int = 200) -> pd.DataFrame:
    """Rows with exactly these covariances."""
    z = np.random.default_rng(4).normal(size=(rows, len(cov)))
    z -= z.mean(axis=0)
    z @= np.linalg.inv(np.linalg.cholesky(np.cov(z.T))).T
    return pd.DataFrame(z @ np.linalg.cholesky(cov).T, columns=names)


def test_importance_between_common_factors_is_that_of_scores_without_error() -> None:
    # eta = 0.8 xi + zeta; x = slopes xi + e on their own scales, so one more point of a weighted mean of the x's true
    # parts is 1 / sum(share slopes) of xi
    slopes = {"x": np.array([1.0, 1.5, 2.0]), "y": np.array([0.5, 1.0, 1.2])}
    between = np.array([[1.0, 0.8], [0.8, 1.0]])
    loading = np.zeros((6, 2))
    loading[:3, 0], loading[3:, 1] = slopes["x"], slopes["y"]
    cov = loading @ between @ loading.T + np.diag([1.0, 2.0, 3.0, 0.3, 1.0, 0.6])
    data = exact(cov, ["x1", "x2", "x3", "y1", "y2", "y3"]) * 0.1 + 5
    fit = cx.pls("X =~ x1 + x2 + x3; Y =~ y1 + y2 + y3; Y ~ X", data)
    assert float(fit.paths["estimate"].iloc[0]) == pytest.approx(0.8, abs=1e-9)
    weights = fit.weights.set_index("item")["weight"] / data.std()
    true_part = {one: float(weights[[f"{one}{k}" for k in (1, 2, 3)]] @ slopes[one]) for one in "xy"}
    size = {one: float(weights[[f"{one}{k}" for k in (1, 2, 3)]].sum()) for one in "xy"}
    expected = 0.8 * (true_part["y"] / size["y"]) / (true_part["x"] / size["x"])
    assert float(fit.ipma("Y").table["importance"].iloc[0]) == pytest.approx(expected, rel=1e-8)


def test_a_product_turns_with_its_factor() -> None:
    fit = cx.pls(MODERATED, cx.load_dataset("ecsi_mobile"), modes="A")
    own = sample(fit)
    turned = {"Image": -1.0, "Value": 1.0, "Sat": 1.0, "Image:Value": -1.0}
    sign = np.array([turned[name] for name in fit.model.constructs])
    items = np.array(
        [
            1.0 if item == "Image:Value" else sign[place]
            for item, place in zip(fit.model.items, fit.model.design.owner, strict=True)
        ]
    )
    flipped = replace(
        own,
        paths=own.paths * sign[:, None] * sign,
        total=own.total * sign[:, None] * sign,
        loadings=own.loadings * items,
        weights=own.weights * items,
    )
    back = with_signs_of_constructs(flipped, fit)
    for name in ("paths", "total", "loadings", "weights"):
        np.testing.assert_array_equal(getattr(back, name), getattr(own, name))


def test_resamples_may_take_as_many_rounds_as_the_sample() -> None:
    # two sets with hardly related canonical variates: mode B turns slowly towards the first pair
    random = np.random.default_rng(23)
    factor = random.normal(size=150)
    data = pd.DataFrame({f"x{item}": 0.3 * factor + random.normal(size=150) for item in range(5)})
    data = data.assign(**{f"y{item}": 0.3 * factor + random.normal(size=150) for item in range(4)})
    fit = cx.pls("F <~ x0 + x1 + x2 + x3 + x4; G <~ y0 + y1 + y2 + y3; G ~ F", data)
    assert fit.converged
    assert fit.weighting.iterations[0] > 300
    again = fit.bootstrap(indices=np.tile(np.arange(150), (2, 1)))
    assert again.status["used"] == 2
    np.testing.assert_allclose(again.of("path")["mean"], fit.paths["estimate"], atol=1e-9)


def test_a_group_in_which_a_resample_does_not_vary_says_so() -> None:
    data = formative(60, 3).assign(group=["a", "b"] * 30)
    data["x0"] = 4.0
    data.loc[[0, 1], "x0"] = 5.0  # one different answer in each group of 30: missing in a third of the resamples
    found = cx.pls("F <~ x0 + x1 + x2; y ~ F", data, modes="A").groups("group", n=100, seed=1, method="bootstrap")
    assert 0 < found.status["constant"] < 200
    assert found.status["used"] + found.status["constant"] == 200
    assert "pls.boot_constant" in keys(found)


def test_a_fold_must_leave_more_rows_than_mode_b_has_indicators() -> None:
    fit = cx.pls("F <~ x0 + x1 + x2 + x3 + x4 + x5 + x6; y ~ F", formative(14, 7))
    with pytest.raises(DataError) as caught:
        fit.predict(2, 1, seed=1)
    assert caught.value.key == "pls_prediction.training_small"
    assert caught.value.values == {"rows": 7, "construct": "F", "items": 7}
    assert np.isfinite(fit.predict(7, 1, seed=1).table["rmse"]).all()
