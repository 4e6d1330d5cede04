"""Regression equals R's lm, sandwich, lmtest and car, runs no code from a formula, and says what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.codebook import Codebook, Construct, Item
from cxlab.errors import CxlabError, DataError, ModelSyntaxError
from cxlab.survey.survey import Survey

ROOT = Path(__file__).parents[1]
ORACLE = json.loads((ROOT / "tests/oracles/regression.json").read_text())
# Closed forms by two QR decompositions; tests on cubes and products of 1-10 answers keep about ten digits.
EXACT = {"rel": 1e-9, "abs": 1e-12}
BLOCKS = {
    "image": "IMAG",
    "expectations": "CUEX",
    "quality": "PERQ",
    "value": "PERV",
    "satisfaction": "CUSA",
    "loyalty": "CUSL",
}
COVARIANCES = {"nonrobust": "const", "HC0": "HC0", "HC1": "HC1", "HC2": "HC2", "HC3": "HC3"}


def mobi() -> Survey:
    frame = pd.read_csv(ROOT / "data/ecsi_mobile/mobi.csv")
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="row")
    items = {
        column: Item(column, min=1, max=10, construct=name)
        for name, prefix in BLOCKS.items()
        for column in frame
        if column.startswith(prefix) and column != "CUSCO"
    }
    constructs = {name: Construct(name, label={"en": name.title(), "vi": f"vi {name}"}) for name in BLOCKS}
    return Survey(frame, Codebook(items=items, constructs=constructs))


def reputation() -> Survey:
    frame = pd.read_csv(ROOT / "data/corporate_reputation/corp_rep_data.csv").replace(-99, np.nan)
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="row")
    labels = {1: {"en": "prepaid", "vi": "trả trước"}, 2: {"en": "contract", "vi": "trả sau"}}
    return Survey(frame, Codebook(items={"servicetype": Item("servicetype", role="group", labels=labels)}))


MODELS: dict[str, tuple[Any, str]] = {
    "scores": (mobi, "loyalty ~ image + expectations + quality + value + satisfaction"),
    "functions": (mobi, "CUSL1 ~ CUSA1 * CUSA2 + log(PERV1) + I(IMAG1^2)"),
    "missing": (reputation, "cusl_1 ~ comp_1 + like_1 + cusa"),
    "categories": (reputation, "cusl_1 ~ like_1 + C(serviceprovider) + servicetype"),
    "interaction": (reputation, "cusl_1 ~ C(servicetype) * like_1"),
    "two_factors": (reputation, "cusl_1 ~ C(servicetype) * C(serviceprovider)"),
    "no_margin": (reputation, "cusl_1 ~ C(servicetype):like_1"),
    "no_margin_factors": (reputation, "cusl_1 ~ C(servicetype) + C(servicetype):C(serviceprovider)"),
    "no_intercept": (reputation, "cusl_1 ~ C(servicetype) + like_1 - 1"),
}


@pytest.mark.parametrize("cov_type", list(COVARIANCES))
@pytest.mark.parametrize("name", list(MODELS))
def test_coefficients_errors_and_tests_equal_r(name: str, cov_type: str) -> None:
    data, formula = MODELS[name]
    expected = ORACLE["models"][name]
    errors = expected["cov"][COVARIANCES[cov_type]]
    result = cx.regress(formula, data(), cov_type=cov_type)
    table = result.table
    assert table["b"].to_numpy() == pytest.approx(expected["b"], **EXACT)
    for column, key in (("se", "se"), ("t", "t"), ("pvalue", "p"), ("ci_lower", "low"), ("ci_upper", "high")):
        assert table[column].to_numpy() == pytest.approx(errors[key], **EXACT), column
    assert result.fit["wald_f"] == pytest.approx(errors["wald_f"], **EXACT)
    assert result.fit["wald_pvalue"] == pytest.approx(errors["wald_p"], rel=1e-7, abs=1e-12)


@pytest.mark.parametrize("name", list(MODELS))
def test_fit_beta_and_checks_equal_r(name: str) -> None:
    data, formula = MODELS[name]
    expected = ORACLE["models"][name]
    result = cx.regress(formula, data())
    fit = result.fit
    for key, wanted in (("n", "n"), ("df_resid", "df"), ("r2", "r2"), ("adj_r2", "adj_r2"), ("sigma", "sigma")):
        assert fit[key] == pytest.approx(expected[wanted], **EXACT), key
    assert [fit["f"], fit["df_model"], fit["df_resid"]] == pytest.approx(expected["f"], **EXACT)
    beta = [np.nan if value is None else value for value in expected["beta"]]
    assert result.table["beta"].to_numpy() == pytest.approx(beta, **EXACT, nan_ok=True)
    checks = result.checks.set_index("check")
    if name != "no_intercept":  # the auxiliary regression of bptest has no intercept either, and is not comparable
        assert checks.loc["breusch_pagan", ["statistic", "df", "pvalue"]].astype(float).tolist() == pytest.approx(
            expected["bp"], rel=1e-8
        )
    assert checks.loc["cook_max", ["statistic", "row"]].astype(float).tolist() == pytest.approx(
        expected["cook"], **EXACT
    )
    assert checks.loc["jarque_bera", ["statistic", "pvalue"]].astype(float).tolist() == pytest.approx(
        expected["jb"], rel=1e-8
    )


@pytest.mark.parametrize("name", ["scores", "missing", "categories"])
def test_vif_equals_car(name: str) -> None:
    data, formula = MODELS[name]
    expected = ORACLE["models"][name]["vif"]
    collinearity = cx.regress(formula, data()).collinearity
    assert collinearity["gvif"].to_numpy() == pytest.approx(expected["gvif"], **EXACT)
    if "df" in expected:
        assert collinearity["adjusted"].to_numpy() == pytest.approx(expected["adjusted"], **EXACT)


def test_standardise_forms_the_product_of_z_scores() -> None:
    table = cx.regress("loyalty ~ image * satisfaction", mobi(), standardise=True).table
    assert table["b"].to_numpy() == pytest.approx(ORACLE["standardised"]["b"], **EXACT)
    assert table["se"].to_numpy() == pytest.approx(ORACLE["standardised"]["cov"]["HC3"]["se"], **EXACT)


@pytest.mark.parametrize(
    ("formula", "blocks"),
    [
        ("loyalty ~ image", ["expectations + quality", "+ satisfaction"]),
        (
            "loyalty ~ image + expectations + quality + satisfaction",
            [["image"], ["expectations", "quality"], "satisfaction"],
        ),
    ],
)
def test_blocks_equal_r_whether_the_formula_names_them_or_not(formula: str, blocks: list[Any]) -> None:
    result = cx.regress(formula, mobi(), blocks=blocks)
    assert result.blocks is not None
    assert result.fit["r2"] == pytest.approx(ORACLE["steps"][-1]["r2"], **EXACT)
    for row, expected in zip(result.blocks.to_dict("records"), ORACLE["steps"], strict=True):
        for key in ("r2", "adj_r2", "delta_r2", "f_change", "df1", "df2", "f2", "wald_f"):
            assert row[key] == pytest.approx(expected[key], rel=1e-8, abs=1e-12), key
        assert [row["pvalue"], row["wald_pvalue"]] == pytest.approx([expected["p"], expected["wald_p"]], rel=1e-7)


def test_all_blocks_use_the_rows_complete_in_the_last() -> None:
    data = reputation()
    result = cx.regress("like_1 ~ comp_1", data, blocks=["cusl_1"])
    assert result.blocks is not None
    assert list(result.blocks["n"]) == [341, 341]
    notice = next(notice for notice in result.warnings if notice.key == "analyses.rows_incomplete")
    assert notice.values == {"dropped": 3, "total": 344, "n": 341}


def test_order_and_units_do_not_matter() -> None:
    data = mobi().frame
    one = cx.regress("CUSL1 ~ IMAG1 + CUSA1", data).table.set_index("term")
    shuffled = data.sample(frac=1, random_state=1)[data.columns[::-1]].assign(IMAG1=lambda frame: frame["IMAG1"] * 1e9)
    other = cx.regress("CUSL1 ~ CUSA1 + IMAG1", shuffled).table.set_index("term")
    for column in ("t", "pvalue", "beta", "vif"):
        assert other[column].to_dict() == pytest.approx(one[column].to_dict(), rel=1e-9, nan_ok=True)


def test_reference_category_can_be_chosen() -> None:
    first = cx.regress("cusl_1 ~ C(servicetype)", reputation()).table
    second = cx.regress("cusl_1 ~ C(servicetype, '2')", reputation()).table
    assert list(second["term"]) == ["Intercept", "servicetype[1]"]
    assert second.loc[1, "b"] == pytest.approx(-first.loc[1, "b"])


def test_category_labels_come_from_the_codebook() -> None:
    result = cx.regress("cusl_1 ~ servicetype", reputation())
    assert "trả sau" in repr(result.apa("vi"))
    assert "analyses.taken_as_category" in [notice.key for notice in result.warnings]


@pytest.mark.parametrize(
    "formula",
    [
        "y ~ __import__('os').system('true')",
        "y ~ np.exp(x)",
        "y ~ x[0]",
        "y ~ open('a')",
        "y ~ (lambda: 1)()",
        "y ~ x; z",
        "y ~ I(x + 1)",
        "y ~ I(x ** 9)",
        "y ~ log(C(x))",
        "y ~ log(log(x))",
        "y ~ x +",
        "y ~",
        "y",
        "~ x",
        "y ~ x y",
        "y ~ x ~ z",
        "y ~ x - z",
        "C(y) ~ x",
        "y ~ Q(x)",
        "y ~ x == 1",
        "y ~ 2",
        "",
    ],
)
def test_a_formula_is_read_not_run(formula: str) -> None:
    data = pd.DataFrame({"y": [1.0, 2, 4, 3, 5], "x": [2.0, 1, 3, 5, 4], "z": [1.0, 0, 1, 0, 0]})
    with pytest.raises(ModelSyntaxError) as caught:
        cx.regress(formula, data)
    assert "^" in str(caught.value)


def test_an_unknown_name_is_marked_and_the_nearest_proposed() -> None:
    with pytest.raises(ModelSyntaxError) as caught:
        cx.regress("CUSL1 ~ IMAG1 + CUSA12", mobi())
    lines = str(caught.value).splitlines()
    assert caught.value.values["column"] == 17
    assert lines[2].index("^") == lines[1].index("CUSA12")
    assert "CUSA" in lines[-1].rpartition("Did you mean")[2]


def test_vietnamese_names_with_spaces() -> None:
    data = pd.DataFrame({"Hài lòng chung": [3.0, 4, 2, 5, 4, 1], "giá_cả": [2.0, 4, 1, 5, 3, 2]})
    quoted = cx.regress('Q("Hài lòng chung") ~ giá_cả', data)
    ticked = cx.regress("`Hài lòng chung` ~ giá_cả", data)
    assert quoted.table["b"].tolist() == ticked.table["b"].tolist()
    decomposed = data.rename(columns=lambda name: __import__("unicodedata").normalize("NFD", name))
    assert cx.regress("`Hài lòng chung` ~ giá_cả", decomposed).table["b"].tolist() == quoted.table["b"].tolist()


RNG = np.random.default_rng(5)
GOOD = pd.DataFrame(RNG.normal(size=(30, 3)), columns=["y", "a", "b"])


@pytest.mark.parametrize(
    ("formula", "changes", "options", "key"),
    [
        ("y ~ a + b", {"b": 1.0}, {}, "analyses.constant_columns"),
        ("y ~ a + b", {"y": 1.0}, {}, "analyses.constant_columns"),
        ("y ~ a + b", {"b": lambda frame: 2 * frame["a"] - 7}, {}, "analyses.collinear"),
        ("y ~ a + b", {"b": [f"text {i}" for i in range(30)]}, {}, "analyses.not_numeric"),
        ("y ~ C(b)", {}, {}, "analyses.too_many_levels"),
        ("y ~ C(b, 'q')", {"b": ["x", "y", "z"] * 10}, {}, "analyses.unknown_level"),
        ("y ~ log(a)", {}, {}, "analyses.log_of_zero"),
        ("y ~ a + C(b)", {"b": ["x"] * 29 + ["y"]}, {}, "analyses.leverage_one"),
        ("y ~ a", {"a": np.nan}, {}, "analyses.all_missing"),
        ("y ~ a", {"a": np.inf}, {}, "analyses.infinite"),
        ("y ~ a", {}, {"cov_type": "HC9"}, "analyses.unknown_option"),
        ("y ~ a", {}, {"level": 1.5}, "analyses.level_outside"),
        ("y ~ a", {}, {"blocks": []}, "analyses.blocks_not_list"),
        ("y ~ a", {}, {"blocks": "b"}, "analyses.blocks_not_list"),
        ("y ~ a", {}, {"blocks": ["b", "b"]}, "analyses.term_in_two_blocks"),
        ("y ~ a - 1", {}, {"blocks": ["b"]}, "analyses.blocks_need_intercept"),
        ("y ~ a", {}, {"blocks": ["b + zz"]}, "analyses.formula_unknown"),
    ],
)
def test_bad_input_is_named(formula: str, changes: dict[str, Any], options: dict[str, Any], key: str) -> None:
    with pytest.raises(CxlabError) as caught:
        cx.regress(formula, GOOD.assign(**changes), **options)
    assert caught.value.key == key


def test_words_as_predictor_are_asked_for_as_categories() -> None:
    survey = Survey(GOOD.assign(b=["x", "y", "z"] * 10))
    with pytest.raises(DataError, match=r"C\(b\)"):
        cx.regress("y ~ a + b", survey)
    assert list(cx.regress("y ~ a + C(b)", survey).table["term"]) == ["Intercept", "a", "b[y]", "b[z]"]


def test_fewer_rows_than_coefficients() -> None:
    with pytest.raises(DataError) as caught:
        cx.regress("y ~ a + b", GOOD.head(3))
    assert caught.value.key == "analyses.too_few_for_terms"
    with pytest.raises(DataError) as empty:
        cx.regress("y ~ a + b", GOOD.head(0))
    assert empty.value.key == "analyses.no_rows"


@pytest.mark.parametrize(
    ("formula", "changes", "key"),
    [
        ("y ~ a", {"y": [0.0, 1.0] * 15}, "analyses.binary_outcome"),
        ("y ~ a", {"y": [1, 2, 3, 4, 5] * 6}, "analyses.ordinal_outcome"),
        ("y ~ a + b", {"y": lambda frame: frame["a"] + frame["b"]}, "analyses.perfect_fit"),
        ("y ~ a + b", {"b": lambda frame: frame["a"] + 0.01 * frame["b"]}, "analyses.high_vif"),
        ("y ~ a", {"a": [*range(29), 900], "y": [*range(29), 0]}, "analyses.influential_row"),
        ("y ~ a - 1", {}, "analyses.no_intercept"),
        ("y ~ a * b", {}, "analyses.beta_of_products"),
    ],
)
def test_what_a_reader_must_know(formula: str, changes: dict[str, Any], key: str) -> None:
    result = cx.regress(formula, GOOD.assign(**changes))
    assert key in [notice.key for notice in result.warnings]
    assert all(f"{key}" not in result.summary(lang) for lang in ("en", "vi"))


def test_an_item_of_the_outcome_among_the_predictors_is_serious() -> None:
    result = cx.regress("loyalty ~ CUSL1 + image", mobi())
    notice = next(notice for notice in result.warnings if notice.key == "analyses.outcome_in_predictors")
    assert notice.serious
    assert notice.values["predictors"] == "CUSL1"


def test_a_perfect_fit_has_no_errors_and_tests() -> None:
    result = cx.regress("y ~ a", GOOD.assign(y=lambda frame: frame["a"] + frame["b"]), blocks=["b"])
    assert result.table["b"].tolist() == pytest.approx([0, 1, 1], abs=1e-12)
    assert result.table[["se", "t", "pvalue"]].isna().all().all()
    assert result.blocks is not None
    assert result.blocks.loc[1, ["f_change", "pvalue", "f2", "wald_f"]].isna().all()
    assert "–" in result.summary()


def test_intercept_only_model() -> None:
    result = cx.regress("y ~ 1", GOOD)
    assert result.table.loc[0, "b"] == pytest.approx(GOOD["y"].mean())
    assert np.isnan(result.fit["f"])
    assert "–" in result.summary()


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_tables_and_summary_read_in_both_languages(lang: str) -> None:
    result = cx.regress("loyalty ~ image", mobi(), blocks=["satisfaction"])
    with cx.language(lang):
        words = result._repr_html_() + result.summary() + repr(result.apa_blocks())
    assert "analyses." not in words
    assert ("Loyalty" if lang == "en" else "vi loyalty") in words
    assert {reference.key for reference in result.cite()} >= {"long_ervin_2000"}


def test_data_are_left_as_they_were() -> None:
    before = GOOD.copy()
    cx.regress("y ~ a + b", GOOD)
    pd.testing.assert_frame_equal(GOOD, before)
