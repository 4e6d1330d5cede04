"""Response surfaces equal R's lm, sandwich and car; a congruence effect is found where there is one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.analyses.response_surface import response_surface
from cxlab.analyses.response_surface_numbers import curved_quantities, linear_rows, shape_of
from cxlab.codebook import Codebook, Construct, Item
from cxlab.errors import CxlabError, DataError
from cxlab.survey.survey import Survey

ROOT = Path(__file__).parents[1]
ORACLE = json.loads((ROOT / "tests/oracles/asymmetry.json").read_text(encoding="utf-8"))["surface"]
# Closed forms by two QR decompositions of squares and products of answers.
EXACT = {"rel": 1e-8, "abs": 1e-10}
PARTS = {"se": "se", "ci_lower": "low", "ci_upper": "high"}
CASES: dict[str, dict[str, Any]] = {
    "HC3": {},
    "nonrobust": {"cov_type": "nonrobust"},
    "covariate": {"covariates": "IMAG1"},
    "weighted": {"covariates": "IMAG1", "weights": "PERV1"},
}


def surface(**options: Any) -> Any:
    return response_surface("satisfaction", "CUEX1", "PERQ1", cx.load_dataset("ecsi_mobile"), **options)


@pytest.mark.parametrize("case", list(CASES))
def test_everything_equals_r(case: str) -> None:
    wanted, found = ORACLE[case], surface(**CASES[case])
    assert found.fit["r2"] == pytest.approx(wanted["r2"], **EXACT)
    for table, key, name in ((found.coefficients, "coefficients", "b"), (found.table[:5], "linear", "estimate")):
        assert table[name].to_numpy() == pytest.approx(wanted[key]["est"], **EXACT)
        for column, part in (PARTS | {"t": "t", "pvalue": "p"}).items():
            assert table[column].to_numpy() == pytest.approx(wanted[key][part], **EXACT), column
    curved = found.table[5:]
    assert curved["estimate"].to_numpy() == pytest.approx(wanted["curved"]["est"], rel=1e-7)
    for column, part in PARTS.items():
        assert curved[column].to_numpy() == pytest.approx(wanted["curved"][part], rel=1e-6), column
    simpler = found.comparisons.set_index("model")
    for model, own in wanted["comparisons"].items():
        row = simpler.loc[model]
        assert [row["r2"], row["adj_r2"]] == pytest.approx([own["r2"], own["adj_r2"]], **EXACT), model
        assert [row["f"], row["pvalue"]] == pytest.approx([own["classical"]["f"], own["classical"]["p"]], rel=1e-6)
        assert [row["wald_f"], row["wald_pvalue"]] == pytest.approx([own["robust"]["f"], own["robust"]["p"]], rel=1e-6)
        assert row["constraints"] == own["robust"]["df"]


def test_an_axis_is_tested_against_the_line_it_should_be() -> None:
    table = surface().table.set_index("quantity")
    row = table.loc["p11"]
    assert row["null"] == 1
    assert row["t"] == pytest.approx((row["estimate"] - 1) / row["se"])
    assert np.isnan(table.loc["x0", "pvalue"])


def test_edwards_example() -> None:
    # Edwards (2002, Figure 3): b1 to b5 as printed; sums by hand
    b = np.array([5.628, 0.314, -0.118, -0.145, 0.299, -0.102])
    assert linear_rows(6) @ b == pytest.approx([0.196, 0.052, 0.432, -0.546, -0.043])
    x0, y0, p10, p11, p20, p21 = curved_quantities(b)
    # the gradient vanishes at the stationary point, and both axes run through it at right angles
    assert [0.314 - 0.29 * x0 + 0.299 * y0, -0.118 + 0.299 * x0 - 0.204 * y0] == pytest.approx([0, 0], abs=1e-12)
    assert p11 * p21 == pytest.approx(-1)
    assert [p10 + p11 * x0, p20 + p21 * x0] == pytest.approx([y0, y0])
    assert shape_of(b) == "saddle"


def ratings(n: int = 500, seed: int = 3, **terms: float) -> pd.DataFrame:
    """Two ratings from 1 to 7 and an outcome of known terms about the middle of the scale."""
    rng = np.random.default_rng(seed)
    x = np.clip(np.round(rng.normal(4, 1.4, n)), 1, 7)
    y = np.clip(np.round(4 + 0.3 * (x - 4) + rng.normal(0, 1.3, n)), 1, 7)
    u, v = x - 4, y - 4
    outcome = sum(
        value * {"x": u, "y": v, "difference": u - v, "squared": (u - v) ** 2}[name] for name, value in terms.items()
    )
    return pd.DataFrame({"kỳ vọng": x, "cảm nhận": y, "hài lòng": 5 + outcome + rng.normal(0, 1, n)})


def of(data: pd.DataFrame, **options: Any) -> Any:
    return response_surface("hài lòng", "kỳ vọng", "cảm nhận", data, **({"scale": (1, 7)} | options))


def test_a_congruence_effect_is_found_and_the_difference_score_refused() -> None:
    found = of(ratings(squared=-0.3))
    assert found.verdict == "congruence_strict"
    table = found.table.set_index("quantity")
    assert table.loc["a4", "estimate"] == pytest.approx(-1.2, abs=0.15)  # four times the weight of the square
    comparisons = found.comparisons.set_index("model")
    assert comparisons.loc["difference", "wald_pvalue"] < 0.001 < comparisons.loc["squared_difference", "wald_pvalue"]
    tilted = of(ratings(squared=-0.3, x=0.5, y=0.5))
    assert tilted.verdict == "congruence_broad"


def test_a_difference_is_a_plane_and_no_congruence_effect() -> None:
    found = of(ratings(difference=0.6))
    assert found.verdict == "no_congruence"
    assert found.comparisons.set_index("model").loc["difference", "wald_pvalue"] > 0.05
    assert "asymmetry.rs_flat" in [notice.key for notice in found.warnings if notice.serious]
    assert "a4" in found.summary("en").split("not met: ")[1].splitlines()[0]


def test_the_center_moves_slopes_but_not_curvatures() -> None:
    data = ratings(squared=-0.3, x=0.4)
    middle, mean, five = (of(data, center=center) for center in ("midpoint", "mean", 5))
    assert middle.fit["center"] == 4
    assert mean.fit["center"] == pytest.approx(data[["kỳ vọng", "cảm nhận"]].to_numpy().mean())
    curvature = [one.table.set_index("quantity").loc["a4", "estimate"] for one in (middle, mean, five)]
    assert curvature == pytest.approx([curvature[0]] * 3)
    b = middle.coefficients.set_index("term")["b"]
    moved = five.coefficients.set_index("term")["b"]
    assert moved["x"] == pytest.approx(b["x"] + 2 * b["x2"] + b["xy"])  # by hand: the slope at x = y = 1
    place = [one.table.set_index("quantity").loc["x0", "estimate"] + one.fit["center"] for one in (middle, five)]
    assert place[0] == pytest.approx(place[1])


@pytest.mark.parametrize("ci", ["percentile", "bca"])
def test_bootstrap_intervals_are_near_the_robust_ones(ci: Any) -> None:
    data = ratings(200, squared=-0.3, x=0.4)
    plain, drawn = of(data), of(data, n_boot=400, seed=7, ci=ci)
    again = of(data, n_boot=400, seed=7, ci=ci)
    pd.testing.assert_frame_equal(drawn.table, again.table)
    for end in ("ci_lower", "ci_upper"):
        assert drawn.table[end][:5].to_numpy() == pytest.approx(plain.table[end][:5].to_numpy(), abs=0.12)
    assert drawn.table["estimate"].tolist() == plain.table["estimate"].tolist()


def test_agreement_counts_by_hand() -> None:
    data = pd.DataFrame({"kỳ vọng": [1, 7, 4, 4, 2, 6, 3, 5, 1], "cảm nhận": [7, 1, 4, 4, 6, 3, 3, 5, 1]})
    data["hài lòng"] = [1.0, 2, 3, 4, 5, 6, 7, 8, 9]
    raw = of(data, cov_type="nonrobust").agreement.query("basis == 'raw'").set_index("group")
    assert raw["n"].to_dict() == {"x_lower": 2, "agree": 5, "x_higher": 2}
    assert raw.loc["x_lower", ["mean_x", "mean_y", "mean_outcome"]].tolist() == [1.5, 6.5, 3]


def test_one_sided_disagreement_is_told() -> None:
    data = ratings()
    data["cảm nhận"] = np.minimum(data["cảm nhận"], data["kỳ vọng"])
    found = of(data)
    notice = next(notice for notice in found.warnings if notice.key == "asymmetry.rs_one_sided")
    assert (notice.values["first"], notice.values["share"]) == ("cảm nhận", "0")


def test_twelve_respondents_are_enough_for_six_terms_and_five_are_not() -> None:
    assert of(ratings(12, squared=-0.3), cov_type="HC1").fit["n"] == 12
    with pytest.raises(DataError) as caught:
        of(ratings(5))
    assert caught.value.key == "analyses.too_few_for_terms"


def test_constructs_and_reversed_items() -> None:
    data = ratings()
    data["cảm nhận 2"] = 8 - data["cảm nhận"]
    items = {name: Item(name, min=1, max=7) for name in ("kỳ vọng", "cảm nhận")}
    items["cảm nhận"] = Item("cảm nhận", min=1, max=7, construct="nhận")
    items["cảm nhận 2"] = Item("cảm nhận 2", min=1, max=7, construct="nhận", reversed=True)
    items["hài lòng"] = Item("hài lòng", role="other")
    survey = Survey(data, Codebook(items=items, constructs={"nhận": Construct("nhận")}))
    scored = response_surface("hài lòng", "kỳ vọng", "nhận", survey)
    assert scored.table["estimate"].to_numpy() == pytest.approx(of(data).table["estimate"].to_numpy())
    turned = response_surface("hài lòng", "kỳ vọng", "cảm nhận 2", survey)
    assert turned.table["estimate"].to_numpy() == pytest.approx(scored.table["estimate"].to_numpy())


@pytest.mark.parametrize(
    ("changes", "options", "key"),
    [
        ({}, {"scale": None, "scales": {"kỳ vọng": (1, 7), "cảm nhận": (0, 10)}}, "asymmetry.scales_differ"),
        ({}, {"scale": None, "scales": {"kỳ vọng": (1, 7)}}, "asymmetry.scales_unknown"),
        ({}, {"scale": None, "scales": {"kỳ vọng": (1, 7), "cảm nhận": (1, 5)}}, "survey.outside_scale"),
        ({}, {"scale": (1, 6)}, "asymmetry.outside_stated"),
        ({}, {"center": "middle"}, "asymmetry.center"),
        ({}, {"center": np.inf}, "asymmetry.center"),
        ({"cảm nhận": 4.0}, {}, "analyses.constant_columns"),
        ({"cảm nhận": lambda d: d["kỳ vọng"]}, {}, "asymmetry.rs_collinear"),
        ({"cảm nhận": lambda d: np.where(d["kỳ vọng"] > 3, 5.0, 2.0)}, {}, "asymmetry.rs_collinear"),
        ({"cảm nhận": "tốt"}, {}, "analyses.not_numeric"),
        ({"hài lòng": np.nan}, {}, "analyses.all_missing"),
        ({}, {"covariates": "kỳ vọng"}, "analyses.repeated_names"),
        ({}, {"covariates": ["tuổi"]}, "asymmetry.unknown_name"),
        ({}, {"cov_type": "robust"}, "analyses.unknown_option"),
        ({}, {"level": 1}, "analyses.level_outside"),
        ({}, {"n_boot": 2.5}, "resample.whole_number"),
        ({}, {"weights": [0.0] * 500}, "weights.all_zero"),
    ],
)
def test_bad_input_is_named(changes: dict[str, Any], options: dict[str, Any], key: str) -> None:
    given = dict(options)
    data = ratings(squared=-0.3).assign(**changes)
    scales = given.pop("scales", None)
    items = {name: Item(name, role="other") for name in data}
    items |= {name: Item(name, min=low, max=high) for name, (low, high) in (scales or {}).items()}
    with pytest.raises(CxlabError) as caught:
        of(Survey(data, Codebook(items=items)), **given)
    assert caught.value.key == key
    assert "{" not in str(caught.value)


def test_a_data_frame_whose_scales_seem_to_differ_must_say_its_scale() -> None:
    data = ratings(squared=-0.3)
    data["cảm nhận"] = data["cảm nhận"].clip(upper=5)
    with pytest.raises(DataError) as caught:
        of(data, scale=None)
    assert caught.value.key == "asymmetry.scales_guessed_differ"
    guessed = of(ratings(squared=-0.3), scale=None)
    assert "asymmetry.scale_guessed" in [notice.key for notice in guessed.warnings if notice.serious]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_it_reads_in_both_languages(lang: Any) -> None:
    found = surface(n_boot=30, seed=1, covariates="IMAG1")
    tables = (found.apa(lang), found.apa_agreement(lang), found.apa_comparisons(lang), found.apa_conditions(lang))
    assert "asymmetry." not in "".join(table.to_html(lang) for table in tables) + found.summary(lang)
    assert len(found.plot(lang).axes) == 2
    assert len(found.plot(lang, kind="surface").axes) == 1
    with pytest.raises(DataError):
        found.plot(kind="3d")
    assert found.cite()[0].key == "edwards_parry_1993"
