"""Checks of a PLS model's structural part: bends, copula terms, groups resampled apart. R: pls_checks.R."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import CxlabError, NotSupportedError
from cxlab.evaluate.group_difference import group_difference, not_above
from cxlab.i18n import tr

ORACLE: dict[str, Any] = json.loads((Path(__file__).parent / "oracles/pls_checks.json").read_text(encoding="utf-8"))
CASES = [(case["target"], case["source"], case["terms"]) for case in ORACLE["cases"]]
PATHS = [("Satisfaction", "Image"), ("Satisfaction", "Value"), ("Loyalty", "Image"), ("Loyalty", "Satisfaction")]
BLOCKS = """
Image <~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
Value <~ PERV1 + PERV2
Satisfaction <~ CUSA1 + CUSA2 + CUSA3
Loyalty <~ CUSL1 + CUSL2 + CUSL3
"""
MODEL = BLOCKS + "Satisfaction ~ Image + Value\nLoyalty ~ Image + Satisfaction"


@pytest.fixture(scope="module")
def survey() -> Any:
    return cx.load_dataset("ecsi_mobile")


@pytest.fixture(scope="module")
def summed(survey: Any) -> Any:
    return cx.pls(MODEL, survey, modes="unit")


@pytest.fixture(scope="module")
def fit(survey: Any) -> Any:
    return cx.pls(MODEL, survey, modes="A")


def test_copula_terms_are_those_of_regressions_in_r(summed: Any) -> None:
    found = summed.endogeneity(100, seed=1, indices=np.array(ORACLE["index"]))
    order = [CASES.index(tuple(row)) for row in found.table[["target", "source", "terms"]].to_numpy().tolist()]
    own = np.array(ORACLE["copula"]["own"])[order]
    np.testing.assert_allclose(found.table[["estimate", "corrected"]], own, atol=1e-10)
    np.testing.assert_allclose(found.table["se"], np.array(ORACLE["copula"]["se"])[order], rtol=1e-9)
    paths = summed.paths.set_index(["target", "source"])["estimate"]
    assert found.table["path"].tolist() == pytest.approx([paths[CASES[place][:2]] for place in order], abs=1e-12)


def test_normality_is_nortests_and_spss(summed: Any) -> None:
    found = summed.endogeneity(100, seed=1).normality.set_index("construct")
    for name, numbers in ORACLE["normal"].items():
        given = [numbers[key] for key in ("skewness", "kurtosis", "statistic", "p")]
        assert found.loc[name].tolist() == pytest.approx(given, rel=1e-9)


def test_squares_and_ramseys_test_are_those_of_r(summed: Any) -> None:
    found = summed.linearity(100, seed=1, indices=np.array(ORACLE["index"]))
    errors = dict(zip(CASES, ORACLE["square"]["se"], strict=True))
    expected = [errors[row.target, row.source, "one"] for row in found.table.itertuples()]
    assert found.table["se"].tolist() == pytest.approx(expected, rel=1e-9)
    own = {case: number[0] for case, number in zip(CASES, ORACLE["square"]["own"], strict=True)}
    given = [own[row.target, row.source, "one"] for row in found.table.itertuples()]
    assert found.table["estimate"].tolist() == pytest.approx(given, abs=1e-12)
    for row, test in zip(found.reset.itertuples(), ORACLE["reset"], strict=True):
        assert [row.f, row.df1, row.df2, row.pvalue] == pytest.approx([test["f"], *test["df"], test["p"]], rel=1e-9)


def test_a_square_is_that_of_the_scores_and_near_the_models(fit: Any, survey: Any) -> None:
    row = fit.linearity(100, seed=1).table.set_index(["source", "target"]).loc[("Satisfaction", "Loyalty")]
    scores = fit.scores
    columns = [np.ones(250), scores["Image"], scores["Satisfaction"], scores["Satisfaction"] ** 2]
    slopes, rest = np.linalg.lstsq(np.column_stack(columns), scores["Loyalty"], rcond=None)[:2]
    r2 = fit.r2.set_index("construct").loc["Loyalty", "r2"]
    unexplained = rest[0] / 249
    assert row["estimate"] == pytest.approx(slopes[3], abs=1e-10)
    assert row["f2"] == pytest.approx((1 - r2 - unexplained) / unexplained, abs=1e-8)
    bent = cx.pls(MODEL + " + Satisfaction:Satisfaction", survey, modes="A").paths.set_index(["source", "target"])
    assert row["estimate"] == pytest.approx(bent.loc[("Satisfaction:Satisfaction", "Loyalty"), "estimate"], abs=0.005)


def test_groups_resampled_apart_are_those_of_r(summed: Any, survey: Any) -> None:
    low = (survey.data["CUEX1"] < 8).map({True: "low", False: "high"})
    indices = [np.array(one) for one in ORACLE["groups"]["index"]]
    if low.iloc[0] == "high":
        indices.reverse()
    grouped = cx.pls(MODEL, survey.data.assign(expects=low), modes="unit")
    found = grouped.groups("expects", method="bootstrap", indices=indices)
    turn = 1 if found.table["group_1"].iloc[0] == "low" else -1
    assert sorted(found.sizes.values()) == sorted(ORACLE["groups"]["sizes"])
    for row, given in zip(found.table.itertuples(), ORACLE["groups"]["paths"], strict=True):
        assert row.difference * turn == pytest.approx(given["difference"], abs=1e-12)
        two_sided = 2 * min(given["henseler"], 1 - given["henseler"])
        expected = [two_sided, given["parametric"], given["welch"]]
        assert [row.pvalue, row.parametric_pvalue, row.welch_pvalue] == pytest.approx(expected, abs=1e-9)
    assert [(row.target, row.source) for row in found.table.itertuples()] == PATHS


def test_shares_of_pairs_leave_out_what_has_no_value() -> None:
    first, second = np.array([0.1, np.nan, 0.3]), np.array([0.2, 0.0])
    turned = [(2 * 0.2 - a) - (2 * 0.1 - b) for a in (0.1, 0.3) for b in second]
    assert not_above(first, second) == pytest.approx(1 - np.mean(np.array(turned) > 1e-12))
    empty = group_difference(np.full((3, 1), np.nan), np.ones((3, 1)), np.zeros(1), (10, 10))
    assert np.isnan([empty.henseler[0], empty.welch[0], empty.parametric[0]]).all()


def test_a_built_in_bend_and_a_left_out_cause_are_found() -> None:
    random = np.random.default_rng(3)
    n = 1500
    x = random.exponential(size=n) - 1
    shared = random.normal(size=n)
    cause = np.exp(0.8 * shared + 0.6 * random.normal(size=n))
    bent = 0.5 * x - 0.3 * x**2 + random.normal(size=n)
    hit = 0.4 * cause + shared + 0.5 * random.normal(size=n)  # one item, but no answer twice: continuous
    data = pd.DataFrame({"x": x, "bent": bent, "cause": cause, "hit": hit})
    straight = cx.pls("bent ~ x\nhit ~ cause", data).linearity(200, seed=1)
    row = straight.table.set_index("target").loc["bent"]
    assert row["ci_upper"] < 0
    assert straight.reset.set_index("target").loc["bent", "pvalue"] < 0.001
    found = cx.pls("hit ~ cause", data).endogeneity(200, seed=1)
    assert found.table["pvalue"].iloc[0] < 0.001
    assert found.table["corrected"].iloc[0] < found.table["path"].iloc[0]
    assert tr("pls_checks.copula_found", "en") in found.summary("en")


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_they_read_in_both_languages(fit: Any, survey: Any, lang: Any) -> None:
    straight, copula = fit.linearity(100, seed=1), fit.endogeneity(100, seed=1)
    assert tr("pls_checks.title_linear", lang) in str(straight.apa(lang))
    assert len(straight.apa(lang).frame) == 4
    assert len(copula.apa(lang).frame) == 8
    assert "Image → Loyalty" in straight.summary(lang)
    assert "Image → Loyalty" in copula.summary(lang)
    normal = [notice for notice in copula.warnings if notice.key == "pls_checks.copula_normal"]
    assert normal
    assert "Image" in normal[0].text(lang)
    assert {one.key for one in copula.cite()} >= {"park_gupta_2012", "becker_2022"}
    data = survey.data.assign(half=["a", "b"] * 125)
    groups = cx.pls(MODEL, data, modes="A").groups("half", 100, seed=1, method="bootstrap")
    assert "a (n = 125)" in groups.summary(lang)
    assert len(groups.apa(lang).frame) == 4
    assert groups.replicates["a"].shape == (100, 4)


def test_the_same_seed_gives_the_same_numbers_and_a_drawn_one_is_told(fit: Any) -> None:
    one, two = fit.endogeneity(100, seed=4).table, fit.endogeneity(100, seed=4).table
    pd.testing.assert_frame_equal(one, two)
    assert "resample.seed_drawn" in [notice.key for notice in fit.linearity(100).warnings]


def test_a_cause_with_few_values_is_told(survey: Any) -> None:
    found = cx.pls("Image <~ IMAG1 + IMAG2; CUSL1 ~ Image + CUSCO", survey, modes="A").endogeneity(100, seed=1)
    told = [notice for notice in found.warnings if notice.key == "pls_checks.copula_steps"]
    assert [notice.values["constructs"] for notice in told] == ["CUSCO (10)"]
    assert "10" in told[0].text("vi")
    assert found.table.set_index("source")["stepped"].groupby(level=0).first().to_dict() == {
        "CUSCO": True,
        "Image": False,
    }
    assert tr("pls_checks.copula_stepped", "en") in found.summary("en")


def test_factors_are_told_that_scores_are_used(survey: Any) -> None:
    factors = cx.pls(MODEL.replace("<~", "=~"), survey)
    told = [notice.key for notice in factors.linearity(100, seed=1).warnings]
    assert "pls_checks.factors" in told


def test_what_they_refuse(fit: Any, survey: Any) -> None:
    for call in (fit.linearity, fit.endogeneity):
        with pytest.raises(CxlabError, match="50"):
            call(50)
        with pytest.raises(CxlabError):
            call(100, level=2)
    made = cx.pls(MODEL + " + Image:Satisfaction", survey, modes="A")
    pairs = cx.pls(MODEL, survey, modes="A", missing="pairwise")
    for refused in (made, pairs):
        with pytest.raises(NotSupportedError, match="linearity"):
            refused.linearity()
    with pytest.raises(CxlabError, match="bootstrap"):
        fit.groups("IMAG1", method="mga")
    with pytest.raises(CxlabError, match="level"):
        fit.groups("IMAG1", level=0.9)
    with pytest.raises(CxlabError, match="100"):
        cx.pls(MODEL, survey.data.assign(half=["a", "b"] * 125)).groups("half", 20, method="bootstrap")


def test_a_cause_with_two_answers_has_no_further_term() -> None:
    random = np.random.default_rng(1)
    yes, x = random.integers(0, 2, 200), random.exponential(size=200)
    data = pd.DataFrame(
        {"yes": yes, "x": x, "y": yes + x + random.normal(size=200), "z": yes + random.normal(size=200)}
    )
    fit = cx.pls("y ~ yes + x\nz ~ yes", data)
    straight, copula = fit.linearity(100, seed=1), fit.endogeneity(100, seed=1)
    assert straight.table.set_index(["source", "target"])["estimate"].isna().to_dict() == {
        ("yes", "y"): True,
        ("x", "y"): False,
        ("yes", "z"): True,
    }
    assert straight.reset.set_index("target")["pvalue"].isna().to_dict() == {"y": False, "z": True}
    for found in (straight, copula):
        assert [notice.values["constructs"] for notice in found.warnings if notice.key == "pls_checks.no_term"] == [
            "yes"
        ]
        assert "yes → z" in found.summary("en")
        assert len(found.apa("vi").frame)


def test_the_checklist_answers_what_the_fit_can_and_leaves_the_rest_open(fit: Any) -> None:
    table = fit.checklist().table.set_index("line")
    states = table["state"].to_dict()
    assert list(states)[:4] == ["loadings", "consistency", "convergent", "discriminant"]
    assert states["weights"] == states["redundancy"] == "not_needed"
    assert table.loc[["paths", "mediation", "prediction", "linearity", "groups"], "state"].eq("open").all()
    assert table.loc["convergent", "value"] == pytest.approx(fit.reliability["ave"].min())
    assert table.loc["collinearity", "value"] == pytest.approx(fit.vif["vif"].max())
    assert table.loc["discriminant", "value"] == pytest.approx(np.nanmax(fit.htmt.to_numpy()))


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_checklist_takes_every_result(survey: Any, lang: Any) -> None:
    modes = {"Image": "B", "Value": "A", "Satisfaction": "A", "Loyalty": "A"}
    fit = cx.pls(MODEL, survey.data.assign(half=["a", "b"] * 125), modes=modes)
    results = {
        "bootstrap": fit.bootstrap(200, seed=1),
        "prediction": fit.predict(5, 1, seed=1),
        "exact_fit": fit.exact_fit(100, seed=1),
        "linearity": fit.linearity(100, seed=1),
        "endogeneity": fit.endogeneity(100, seed=1),
        "segments": cx.fimix(fit, (1, 2), starts=2, seed=1),
        "micom": fit.micom("half", 99, seed=1),
    }
    found = fit.checklist(**results)
    table = found.table.set_index("line")
    assert not (table["state"] == "open").any()
    assert table.loc["redundancy", "state"] == "to_write"
    shown = results["bootstrap"].of("htmt").query("source != 'Image' and target != 'Image'")  # formed, not shown
    upper = shown["ci_upper"].max()
    assert table.loc["discriminant", "value"] == pytest.approx(upper)
    better = (results["prediction"].table["rmse"] < results["prediction"].table["rmse_lm"]).mean()
    assert table.loc["prediction", "value"] == pytest.approx(better)
    assert tr("checklist.title_pls", lang) in str(found.apa(lang))
    assert tr("checklist.part_formative", lang) in found.summary(lang)
    assert {"hair_2019", "liengaard_2021", "becker_2022"} <= {one.key for one in found.cite()}


def test_the_checklist_names_what_it_takes(fit: Any) -> None:
    with pytest.raises(CxlabError, match="prediction"):
        fit.checklist(predicted=1)
    with pytest.raises(CxlabError, match="PlsBootstrap"):
        fit.checklist(bootstrap=fit)
    same = cx.reviewer_checklist(fit, bootstrap=fit.bootstrap(200, seed=1))
    assert same.table.set_index("line").loc["paths", "state"] == "reported"
