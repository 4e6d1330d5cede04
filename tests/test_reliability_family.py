"""The coefficients beside alpha equal lavaan, semTools, psych and seminr; what has no value says why."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.codebook import Codebook, Item
from cxlab.errors import CxlabError, DataError
from cxlab.evaluate import reliability_factor as factor
from cxlab.evaluate.reliability_bounds import greatest_lower_bound, guttman, split_halves
from cxlab.evaluate.reliability_hierarchical import hierarchical
from cxlab.evaluate.reliability_rho import mode_a_weights, rho_a
from cxlab.resample.draws import GivenDraws
from cxlab.survey.survey import Survey

ROOT = Path(__file__).parents[1]
ORACLE = json.loads((ROOT / "tests/oracles/reliability_family.json").read_text())
# Closed forms add up the same sums in another order.
EXACT = {"rel": 1e-9, "abs": 1e-9}
# lavaan stops its search at relative changes of 1e-10 to 1e-14, ours at a gradient of 1e-9.
SEARCH = {"rel": 1e-6, "abs": 1e-6}
MOBI, REPUTATION = "ecsi_mobile/mobi.csv", "corporate_reputation/corp_rep_data.csv"
SETS = {
    "mobi_image": (MOBI, "IMAG"), "mobi_expectations": (MOBI, "CUEX"), "mobi_quality": (MOBI, "PERQ"),
    "mobi_satisfaction": (MOBI, "CUSA"), "reputation_like": (REPUTATION, "like_"),
    "reputation_comp": (REPUTATION, "comp_"), "reputation_qual": (REPUTATION, "qual_"),
    "yellow_pages": ("yellow_pages/customerSat.csv", "q"),
}  # fmt: skip


def answers(name: str) -> pd.DataFrame:
    if name == "holzinger":
        return pd.DataFrame(ORACLE["holzinger"])
    file, start = SETS[name]
    data = pd.read_csv(ROOT / "data" / file).replace(-99, np.nan)
    return data[[column for column in data if re.fullmatch(rf"{start}\d+", column) and column != "q1"]].dropna()


def one_dimension(k: int, n: int = 200, seed: int = 1) -> pd.DataFrame:
    """Simulated answers in which one thing stands behind k items."""
    random = np.random.default_rng(seed)
    values = random.normal(size=(n, 1)) + random.normal(size=(n, k))
    return pd.DataFrame(values, columns=[f"x{i}" for i in range(1, k + 1)])


def row_of(data: pd.DataFrame, **options: object) -> pd.Series:
    return cx.reliability(data, **options).table.loc[0]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", list(ORACLE["congeneric"]))
def test_one_factor_coefficients_equal_lavaan_and_semtools(name: str) -> None:
    expected, result = ORACLE["congeneric"][name], cx.reliability(answers(name))
    row = result.table.loc[0]
    assert result.items["loading"].to_numpy() == pytest.approx(expected["loadings"], **SEARCH)
    assert row["omega_total"] == pytest.approx(expected["omega"], **SEARCH)
    assert row["composite_reliability"] == pytest.approx(expected["cr_semtools"], **SEARCH)
    assert row["ave"] == pytest.approx(expected["ave_semtools"], **SEARCH)
    assert row["h"] == pytest.approx(expected["h"][0], **SEARCH)
    assert row["srmr"] == pytest.approx(expected["srmr"], **SEARCH)


@pytest.mark.parametrize("name", list(ORACLE["congeneric"]))
def test_standard_errors_equal_lavaans_robust_ones_of_defined_parameters(name: str) -> None:
    expected, row = ORACLE["congeneric"][name], row_of(answers(name))
    for column, key in (("composite_reliability", "cr"), ("ave", "ave"), ("h", "h")):
        assert row[f"{column}_se"] == pytest.approx(expected[key][1], rel=1e-5)


@pytest.mark.parametrize("name", list(ORACLE["jackknife_omega"]))
def test_the_standard_error_of_omega_is_near_the_jackknifes(name: str) -> None:
    # Both estimate the same variance, to terms of order 1/n.
    assert row_of(answers(name))["omega_total_se"] == pytest.approx(ORACLE["jackknife_omega"][name], rel=0.04)


def test_a_confirmatory_fit_of_one_scale_prints_the_same() -> None:
    data = answers("mobi_quality")
    fit = cx.convergent_validity(cx.cfa("f =~ " + " + ".join(data), data)).table.loc[0]
    row = row_of(data)
    ours = [row["omega_total"], row["composite_reliability"], row["ave"]]
    assert ours == pytest.approx([fit["omega"], fit["cr"], fit["ave"]], **SEARCH)


@pytest.mark.parametrize("name", list(ORACLE["bounds"]))
def test_guttmans_bounds_equal_psych(name: str) -> None:
    expected, data = ORACLE["bounds"][name], answers(name)
    found = guttman(np.corrcoef(data.to_numpy().T))
    for place in (1, 2, 3, 5, 6):
        assert getattr(found, f"lambda{place}") == pytest.approx(expected["standard"][f"l{place}"], **EXACT)
    row = row_of(data)
    raw = expected["raw"]
    assert list(row[["lambda2", "lambda3", "lambda6"]]) == pytest.approx([raw["l2"], raw["l3"], raw["l6"]], **EXACT)
    halves = list(row[["lambda4", "split_min", "split_mean"]])
    assert halves == pytest.approx([raw["max"], raw["min"], raw["mean"]], **EXACT)
    assert row["alpha"] == pytest.approx(row["lambda3"], **EXACT)


def test_halves_of_an_even_number_of_items_equal_psych() -> None:
    # for odd numbers psych forms some splits only
    expected, halves = ORACLE["bounds"]["reputation_qual"], split_halves(answers("reputation_qual").cov().to_numpy())
    assert len(halves) == 35
    found = [halves.max(), halves.min(), halves.mean()]
    assert found == pytest.approx([expected[f"psych_{part}"] for part in ("max", "min", "mean")], **EXACT)


@pytest.mark.parametrize("name", list(ORACLE["bounds"]))
def test_the_greatest_lower_bound_is_proven_by_its_certificate(name: str) -> None:
    cov = answers(name).cov().to_numpy()
    found = greatest_lower_bound(cov)
    assert found.glb == pytest.approx(ORACLE["bounds"][name]["glb"], abs=1e-6)
    assert np.linalg.eigvalsh(cov - np.diag(found.errors))[0] >= -1e-9 * np.trace(cov)
    assert found.errors.min() >= 0
    # Weak duality: with this matrix no error variances can sum to more than tr(S X).
    assert np.linalg.eigvalsh(found.certificate)[0] > 0
    assert np.diag(found.certificate).min() >= 1 - 1e-12
    assert np.sum(cov * found.certificate) - found.errors.sum() == pytest.approx(
        found.gap * cov.sum(), abs=1e-9 * cov.sum()
    )
    assert found.gap < 1e-6


@pytest.mark.parametrize("name", list(ORACLE["bounds"]))
def test_the_greatest_lower_bound_is_above_the_others_and_not_above_one(name: str) -> None:
    row = row_of(answers(name))
    others = row[[f"lambda{place}" for place in range(1, 7)]].astype(float)
    assert others.max() - 1e-8 <= row["glb"] <= 1
    standard = greatest_lower_bound(np.corrcoef(answers(name).to_numpy().T)).glb
    assert standard == pytest.approx(ORACLE["bounds"][name]["glb_standard"], abs=1e-6)
    # psych's factor analysis comes near it, from either side
    assert standard == pytest.approx(ORACLE["bounds"][name]["glb_fa"], abs=0.03)


@pytest.mark.parametrize("name", list(ORACLE["hierarchical"]))
def test_hierarchical_omega_equals_psych(name: str) -> None:
    expected, row = ORACLE["hierarchical"][name], row_of(answers(name))
    # psych rotates to a tolerance of 1e-5
    assert row["omega_h"] == pytest.approx(expected["omega_h"], abs=1e-4)
    assert row["omega_groups"] == pytest.approx(expected["omega_total"], abs=1e-6)
    assert row["ecv"] == pytest.approx(expected["ecv"], abs=1e-4)
    general = hierarchical(np.corrcoef(answers(name).to_numpy().T)).general
    assert general == pytest.approx(np.array(expected["general"]), abs=1e-4)


@pytest.mark.parametrize("name", list(ORACLE["ordinal"]))
def test_ordinal_coefficients_equal_lavaan_and_semtools(name: str) -> None:
    expected, row = ORACLE["ordinal"][name], row_of(answers(name), ordinal=True)
    for column in ("alpha_ordinal", "omega_ordinal", "omega_categorical"):
        assert row[column] == pytest.approx(expected[column], abs=1e-4), column


def test_resamples_equal_lavaan_row_for_row() -> None:
    values, stored = answers("mobi_image").to_numpy(), ORACLE["resamples"]
    draws = GivenDraws.of(np.array(stored["rows"]) - 1, (len(values),))
    found = factor.replicates(values, draws, np.full(values.shape[1], 0.5))
    # for some resamples lavaan reports no convergence unless its tolerance is loosened
    assert found == pytest.approx(np.array(stored["values"]), abs=1e-5)


@pytest.mark.shared
def test_rho_a_equals_seminr(shared_dir: Path) -> None:
    folder = shared_dir / "oracles/pls/seminr_mobi"
    expected = pd.read_csv(folder / "A_factorial_reliability.csv", index_col=0)["rhoA"]
    data = pd.read_csv(ROOT / "data" / MOBI)
    start = {"Image": "IMAG", "Expectation": "CUEX", "Quality": "PERQ", "Value": "PERV", "Satisfaction": "CUSA",
             "Complaints": "CUSCO", "Loyalty": "CUSL"}  # fmt: skip
    items = [column for prefix in start.values() for column in data if column.startswith(prefix)]
    blocks = [[place for place, item in enumerate(items) if item.startswith(prefix)] for prefix in start.values()]
    paths = [(0, 1), (0, 4), (0, 6), (1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4), (4, 5), (4, 6), (5, 6)]
    joined = np.zeros((7, 7))
    for i, j in paths:
        joined[i, j] = joined[j, i] = 1
    cor = np.corrcoef(data[items].to_numpy().T)
    found = mode_a_weights(cor, blocks, joined)
    assert found.converged
    for name, block, weights in zip(start, blocks, found.weights, strict=True):
        if len(block) > 1:
            assert rho_a(weights, cor[np.ix_(block, block)]) == pytest.approx(expected[name], abs=1e-9)


def test_rho_a_of_equal_weights_and_correlations_is_the_standardised_alpha() -> None:
    # With w proportional to the loadings of parallel items rho_A = k r / (1 + (k - 1) r).
    cor = np.full((4, 4), 0.5) + 0.5 * np.eye(4)
    assert rho_a(np.ones(4), cor) == pytest.approx(4 * 0.5 / (1 + 3 * 0.5))


def test_a_survey_shows_every_coefficient_and_why_one_is_missing() -> None:
    result = cx.reliability(cx.load_dataset("ecsi_mobile"))
    table = result.table.set_index("construct")
    assert result.why("value", "omega_total", "en").startswith("two items")
    assert "CUSL3" in result.why("loyalty", "ave", "en")
    assert result.why("complaints", "omega_total", "en") == "no alpha: one item"
    assert result.why("image", "omega_total") == ""
    missing = table.drop("complaints").isna()
    told = result.reasons.groupby("construct")["statistic"].agg(set)
    for construct in missing.index:
        shown = {"omega_total", "composite_reliability", "ave", "h", "omega_h", "rho_a", "glb", "lambda4", "lambda6"}
        assert {name for name in shown if missing.loc[construct, name]} == told[construct] & shown
    assert table["weakest"].to_dict()["expectations"] == "CUEX3"
    assert ((table["rho_a"].dropna() > 0) & (table["rho_a"].dropna() < 1)).all()


def test_omega_without_interval_never_stands_alone() -> None:
    data = answers("reputation_like").astype(float)
    data.iloc[:4, 0] = np.nan
    result = cx.reliability(data, missing="pairwise")
    assert np.isfinite(result.table.loc[0, "omega_total"])
    assert np.isnan(result.table.loc[0, "omega_total_ci_lower"])
    assert "reliability.no_interval_pairwise" in [notice.key for notice in result.warnings]


@pytest.mark.parametrize("ci", ["percentile", "bca"])
def test_bootstrap_intervals_hold_the_estimate_and_follow_the_seed(ci: str) -> None:
    data = answers("reputation_comp")
    first, again = (row_of(data, n_boot=500, seed=7, ci=ci) for _ in range(2))
    pd.testing.assert_series_equal(first, again)
    by_delta = row_of(data)
    for name in factor.COEFFICIENTS:
        assert first[f"{name}_ci_lower"] < first[name] < first[f"{name}_ci_upper"]
        assert first[f"{name}_se"] == pytest.approx(by_delta[f"{name}_se"], rel=0.2)


def test_a_drawn_seed_is_reported() -> None:
    result = cx.reliability(answers("reputation_comp"), n_boot=20)
    notice = next(notice for notice in result.warnings if notice.key == "resample.seed_drawn")
    assert notice.values["seed"] == result.seed


def test_an_unflagged_reversed_item_is_named_and_nothing_is_computed_from_its_loading() -> None:
    data = answers("reputation_qual").assign(qual_3=lambda frame: 8 - frame["qual_3"])
    result = cx.reliability(data)
    assert result.table.loc[0, ["omega_total", "composite_reliability", "ave", "h"]].isna().all()
    why = result.why("qual", "omega_total", "en")
    assert "qual_3" in why
    assert "reversed: true" in why
    assert result.items.set_index("item").loc["qual_3", "loading"] < 0
    assert result.table.loc[0, "weakest"] == "qual_3"
    book = {item: Item(item, min=1, max=7, reversed=item == "qual_3") for item in data}
    turned = cx.reliability(Survey(data.set_axis(range(1, len(data) + 1)), Codebook(items=book)), list(data))
    assert turned.table.loc[0, "omega_total"] == pytest.approx(
        ORACLE["congeneric"]["reputation_qual"]["omega"], **SEARCH
    )


def test_collinear_items_are_named() -> None:
    data = one_dimension(4).assign(x4=lambda frame: frame["x1"] + frame["x2"])
    result = cx.reliability(data)
    for statistic in ("omega_total", "glb"):
        why = result.why("scale", statistic, "en")
        assert "x1, x2, x4" in why
    assert np.isfinite(result.table.loc[0, "lambda6"])
    # an item that others determine has no residual variance; the remaining one has, by regression on the others
    cov = data.cov().to_numpy()
    rest = 1 - np.corrcoef(data[["x1", "x2", "x3"]].to_numpy().T)[2, :2] @ np.linalg.solve(
        np.corrcoef(data[["x1", "x2"]].to_numpy().T), np.corrcoef(data[["x1", "x2", "x3"]].to_numpy().T)[:2, 2]
    )
    assert result.table.loc[0, "lambda6"] == pytest.approx(1 - rest * cov[2, 2] / cov.sum())


def test_an_improper_solution_names_the_item() -> None:
    result = cx.reliability(cx.load_dataset("ecsi_mobile"), "loyalty")
    assert "CUSL3" in result.why("loyalty", "composite_reliability", "vi")
    assert np.isnan(result.table.loc[0, "ave"])


def test_two_items_have_bounds_but_no_factor() -> None:
    row = row_of(one_dimension(2))
    assert np.isnan(row["omega_total"])
    assert row["lambda4"] == pytest.approx(row["alpha"])
    assert row["weakest"] == ""


def test_twelve_respondents_get_a_serious_warning() -> None:
    result = cx.reliability(one_dimension(3, n=12))
    assert "reliability.few_rows" in [notice.key for notice in result.warnings if notice.serious]


def test_fewer_rows_than_items_is_a_reason() -> None:
    result = cx.reliability(one_dimension(10, n=8))
    assert result.why("scale", "omega_total", "en").startswith("some items determine others")
    assert np.isfinite(result.table.loc[0, "alpha"])


def test_more_than_one_dimension_is_told() -> None:
    data = pd.concat([one_dimension(3, seed=1), one_dimension(3, seed=2).add_prefix("b")], axis=1)
    keys = [notice.key for notice in cx.reliability(data).warnings if notice.serious]
    assert "reliability.not_one_factor" in keys


def test_too_many_items_for_halves_is_a_reason() -> None:
    result = cx.reliability(one_dimension(17))
    assert np.isnan(result.table.loc[0, "lambda4"])
    assert "16" in result.why("scale", "lambda4", "en")
    assert result.table.loc[0, "glb"] <= 1


def test_a_sum_that_does_not_vary_has_one_reason_for_all() -> None:
    result = cx.reliability(pd.DataFrame({"a": [1, 2, 3, 4], "b": [4, 3, 2, 1]}))
    assert set(result.reasons.query("statistic != 'rho_a'")["reason"]) == {"no_total_variance"}
    assert result.summary("en")


def test_measurements_are_no_ordered_categories() -> None:
    result = cx.reliability(one_dimension(3), ordinal=True)
    assert result.table.loc[0, ["alpha_ordinal", "omega_categorical"]].isna().all()
    assert "ordered" in result.why("scale", "alpha_ordinal", "en")
    assert any("x1" in notice.text("en") for notice in result.warnings if notice.serious)


@pytest.mark.parametrize(
    ("scales", "reason"),
    [({"a": ["x1", "x2", "x3"]}, "one_scale"), ({"a": ["x1", "x2"], "b": ["x2", "x3"]}, "shared_items")],
)
def test_rho_a_says_what_it_lacks(scales: dict[str, list[str]], reason: str) -> None:
    reasons = cx.reliability(one_dimension(4), scales).reasons
    assert set(reasons.loc[reasons["statistic"] == "rho_a", "reason"]) == {reason}


def test_rho_a_with_scales_that_nobody_answered_together() -> None:
    data = one_dimension(4, n=60)
    data.loc[:29, ["x1", "x2"]] = np.nan
    data.loc[30:, ["x3", "x4"]] = np.nan
    result = cx.reliability(data, {"a": ["x1", "x2"], "b": ["x3", "x4"]})
    assert set(result.reasons.loc[result.reasons["statistic"] == "rho_a", "reason"]) == {"few_together"}


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"group_factors": 2}, "reliability.group_factors"),
        ({"group_factors": "3"}, "reliability.group_factors"),
        ({"n_boot": 1}, "resample.whole_number"),
        ({"n_boot": 10, "seed": -1}, "resample.whole_number"),
        ({"ci": "wald"}, "resample.unknown_interval"),
        ({"ordinal": "yes"}, "validity.switch"),
    ],
)
def test_unknown_options_are_named(options: dict[str, object], key: str) -> None:
    with pytest.raises(CxlabError) as caught:
        cx.reliability(one_dimension(3), **options)  # type: ignore[arg-type]
    assert caught.value.key == key


def test_asking_why_of_what_is_not_there_is_an_error() -> None:
    result = cx.reliability(one_dimension(3))
    with pytest.raises(DataError, match="scale"):
        result.why("joy", "glb")
    with pytest.raises(DataError, match="omega_total"):
        result.why("scale", "omega")


def test_a_constant_item_is_an_error_that_names_it() -> None:
    with pytest.raises(DataError, match="x2"):
        cx.reliability(one_dimension(3).assign(x2=4.0))


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_tables_text_and_figure_read_in_both_languages(lang: str) -> None:
    result = cx.reliability(cx.load_dataset("ecsi_mobile"), ordinal=True, n_boot=50, seed=2)
    with cx.language(lang):
        shown = result.summary() + result._repr_html_() + result.apa_bounds().to_html() + result.apa_items().to_html()
    assert "reliability." not in shown
    assert "analyses." not in shown
    assert (".73" if lang == "en" else "0,73") in shown
    figure = result.plot(lang)
    assert len(figure.legends) == 1
    assert {reference.key for reference in result.cite()} >= {"mcdonald_1999", "guttman_1945", "green_yang_2009"}


def test_a_figure_of_scales_without_omega_has_one_series() -> None:
    figure = cx.reliability(one_dimension(2)).plot("en")
    assert figure.legends == []
