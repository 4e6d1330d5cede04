"""cx.simulate: the population is lavaan's, answers follow from it, and every disturbance does what it says."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.stats import norm

import cxlab as cx
from cxlab.codebook import Codebook, Construct, Item
from cxlab.study.simulation import MAR, MCAR, Careless, MethodFactor, Routing, simulate, simulated_truth
from cxlab.study.simulation.moments import answer_covariances, measured_moments
from cxlab.study.simulation.nonnormal import intermediate, polynomial
from cxlab.study.simulation.plan import read_plan
from cxlab.study.simulation.population import population
from cxlab.study.simulation.scales import answer_moments, skewed_thresholds

ORACLE = json.loads((Path(__file__).parent / "oracles" / "simulation.json").read_text(encoding="utf-8"))
TRUTH = "SAT =~ 0.8*sat1 + 0.7*sat2 + 0.75*sat3; LOY =~ 0.8*loy1 + 0.7*loy2 + 0.7*loy3; LOY ~ 0.6*SAT"
ITEMS = ["sat1", "sat2", "sat3", "loy1", "loy2", "loy3"]


def book(**changes: object) -> Codebook:
    items = {name: Item(name, {"vi": name}, min=1, max=7, construct=name[:3].upper()) for name in ITEMS}
    items["sat3"] = Item("sat3", min=1, max=7, construct="SAT", reversed=True)
    items |= {
        "att": Item("att", min=1, max=7, role="attention", expected=2),
        "seconds": Item("seconds", role="duration"),
    }
    constructs = {name: Construct(name) for name in ("SAT", "LOY", "PRICE")}
    return Codebook(name="demo", items=items, constructs=constructs).replace(**changes)


@pytest.mark.parametrize("case", ORACLE["moments"])
def test_the_populations_moments_are_lavaans(case: str) -> None:
    reference = ORACLE["moments"][case]
    found = population(reference["text"])
    order = [found.names.index(name) for name in reference["names"]]
    # Both are sums of a few products: only rounding is between them.
    assert_allclose(found.cov[0][np.ix_(order, order)], reference["cov"], atol=1e-10)
    assert_allclose(found.mean[0][order], reference["mean"], atol=1e-10)


@pytest.mark.parametrize("case", ORACLE["unit"])
def test_variances_left_open_are_set_as_in_lavaans_simulate_data(case: str) -> None:
    reference = ORACLE["unit"][case]
    found = population(reference["text"], standardized=True)
    order = [found.names.index(name) for name in reference["names"]]
    assert_allclose(found.cov[0][np.ix_(order, order)], reference["cov"], atol=1e-8)  # its data are rescaled by a root


def test_a_chain_of_paths_has_variance_one_throughout() -> None:
    # By hand: 1 - .6² and 1 - .5²; lavaan 0.6-14 gives WOM variance 1.16.
    text = "A =~ 0.8*a1 + 0.7*a2; B =~ 0.8*b1 + 0.7*b2; C =~ 0.8*c1 + 0.7*c2; B ~ 0.6*A; C ~ 0.5*B"
    found = population(text, standardized=True)
    assert found.truth.endswith("A ~~ 1*A\nB ~~ 0.64*B\nC ~~ 0.75*C")
    assert_allclose(np.diag(found.cov[0]), 1)


def test_the_truth_is_text_that_gives_the_same_population() -> None:
    text = "f =~ c(0.8, 0.6)*a + 0.7*b + 0.6*c; f ~ c(0, 0.5)*1; g =~ 0.7*d + 0.8*e; g ~ p*f + 0.4*f; double := 2*p"
    found = population(text, ("one", "two"), standardized=True)
    again = population(found.truth, ("one", "two"))
    assert_allclose(again.cov, found.cov, atol=1e-12)
    assert_allclose(again.mean, found.mean, atol=1e-12)
    assert "double := 2*p" in found.truth
    assert again.truth == found.truth


def test_the_sample_moments_approach_the_populations() -> None:
    found = population(TRUTH, standardized=True)
    rows = simulate(TRUTH, 100_000, 3, standardized=True).data[list(found.names)]
    # The standard error of a correlation is at most 1 / sqrt(n) = .0032.
    assert np.abs(rows.cov().to_numpy() - found.cov[0]).max() < 4 * 0.0045
    assert np.abs(rows.mean().to_numpy()).max() < 4 * 0.0032


def test_the_same_seed_gives_the_same_respondents_and_another_gives_others() -> None:
    one, same, other = (simulate(TRUTH, 50, seed, standardized=True, points=5).data for seed in (4, 4, 5))
    pd.testing.assert_frame_equal(one, same)
    assert not one.equals(other)


def test_more_respondents_leave_the_first_as_they_were() -> None:
    few, many = (simulate(TRUTH, n, 4, standardized=True).data for n in (20, 90))
    pd.testing.assert_frame_equal(few, many.iloc[:20])


def test_careless_respondents_and_gaps_leave_the_others_answers_as_they_were() -> None:
    plain = simulate(TRUTH, 200, 4, standardized=True, points=5)
    spoilt = simulate(TRUTH, 200, 4, standardized=True, points=5, careless=0.2, missing=0.1)
    attentive = simulated_truth(spoilt).careless == ""
    left = spoilt.data.loc[attentive, ITEMS]
    assert_allclose(left.fillna(0), plain.data.loc[attentive].where(left.notna(), 0))


def test_a_simulated_survey_says_so_and_holds_truth_and_options() -> None:
    survey = simulate(
        TRUTH, 30, 1, standardized=True, points=7, careless=Careless(straight=0.1, checks=2), missing=0.05
    )
    assert survey.simulated
    assert survey.codebook.kind == "simulated"
    assert survey.codebook.truth.startswith("SAT =~ 0.8*sat1")
    assert survey.codebook.simulation["careless"] == {"straight": 0.1, "checks": 2}
    assert "simulated data" in str(survey)
    assert survey.source["kind"] == "simulated"
    assert survey.log["action"].tolist() == ["simulate"]
    with cx.language("vi"):
        assert "mô phỏng" in str(survey)


def test_thresholds_from_shares_give_the_shares() -> None:
    wanted = [0.05, 0.1, 0.2, 0.4, 0.25]
    survey = simulate(TRUTH, 40_000, 2, standardized=True, points={"sat1": 5}, shares={"sat1": wanted})
    shares = survey.data["sat1"].value_counts(normalize=True).sort_index()
    assert shares.index.tolist() == [1, 2, 3, 4, 5]
    assert_allclose(shares, wanted, atol=4 * 0.0025)
    assert survey.data["sat2"].nunique() > 1000


def test_thresholds_given_in_z_units_cut_where_they_say() -> None:
    survey = simulate(TRUTH, 40_000, 2, standardized=True, points=(0, 2), thresholds=[-1.0, 0.5])
    wanted = [norm.cdf(-1), norm.cdf(0.5) - norm.cdf(-1), norm.sf(0.5)]
    assert_allclose(survey.data["loy2"].value_counts(normalize=True).sort_index(), wanted, atol=0.01)


@pytest.mark.parametrize(("points", "skew"), [(5, -0.8), (7, 0.5), (11, -1.5), (2, 1.0)])
def test_answers_have_the_skewness_asked_for(points: int, skew: float) -> None:
    edges = np.concatenate([[-np.inf], skewed_thresholds(points, skew), [np.inf]])
    assert answer_moments(np.diff(norm.cdf(edges)))[2] == pytest.approx(skew, abs=1e-8)
    answers = simulate(TRUTH, 60_000, 2, standardized=True, points=points, skew=skew).data["sat1"]
    assert (answers.min(), answers.max()) == (1, points)
    assert answers.skew() == pytest.approx(skew, abs=0.05)


@pytest.mark.parametrize("pair", ORACLE["cuts"])
def test_moments_of_answers_are_those_of_the_bivariate_normal_distribution(pair: dict[str, list[float]]) -> None:
    cor = np.array([[1, pair["cor"]], [pair["cor"], 1]])
    found = answer_covariances(cor, np.ones(2), [np.array(pair["one"]), np.array(pair["other"])])
    assert found[0, 1] == pytest.approx(pair["cov"], abs=1e-8)  # pbivnorm's own precision
    assert_allclose(np.diag(found), pair["variances"], atol=1e-12)


def test_measured_moments_are_what_a_large_sample_shows() -> None:
    text = TRUTH.replace("0.8*sat1", "c(0.8, 0.6)*sat1") + "; SAT ~ c(0, 0.7)*1"
    options = {"standardized": True, "points": {"sat1": 5, "sat2": (0, 10)}, "skew": {"sat1": -1}, "method_factor": 0.1}
    plan = read_plan(text, {"a": 60_000, "b": 60_000}, 5, **options)  # type: ignore[arg-type]
    cov, mean = measured_moments(plan, with_method=True)
    rows = simulate(text, {"a": 60_000, "b": 60_000}, 5, **options).data  # type: ignore[arg-type]
    for group, name in enumerate("ab"):
        own = rows.loc[rows["group"] == name, list(plan.population.names)]
        spread = np.sqrt(np.diag(cov[group]))
        assert np.abs((own.cov().to_numpy() - cov[group]) / np.outer(spread, spread)).max() < 0.025
        assert np.abs((own.mean().to_numpy() - mean[group]) / spread).max() < 0.02


def test_a_reversed_item_is_turned_in_the_questionnaire_and_scored_back() -> None:
    survey = simulate(TRUTH, 4000, 2, standardized=True, codebook=book())
    assert survey.data.corr().loc["sat1", "sat3"] < -0.4
    assert survey.reverse_scored().data.corr().loc["sat1", "sat3"] > 0.4
    assert list(survey.codebook.constructs) == ["SAT", "LOY"]
    assert survey.data["sat1"].between(1, 7).all()


def test_groups_have_their_own_values_and_thresholds_of_the_first() -> None:
    survey = simulate(TRUTH + "; SAT ~ c(0, 1)*1", {"online": 3000, "store": 3000}, 2, standardized=True, points=5)
    means = survey.data.groupby("group", sort=False)["sat1"].mean()
    assert means.index.tolist() == ["online", "store"]
    assert means["online"] == pytest.approx(3, abs=0.08)
    assert means["store"] > 3.6
    assert survey.codebook.item("group").role == "group"


def test_a_method_factor_raises_covariances_and_leaves_variances_and_loadings() -> None:
    option = MethodFactor(0.2, ("sat1", "loy1"))
    found = simulate(TRUTH, 60_000, 2, standardized=True, method_factor=option)
    cov = found.data.cov()
    plain = population(TRUTH, standardized=True).cov[0]
    # By hand: both give a fifth of variance 1, so their covariance rises by .2; no other moment moves.
    assert cov.loc["sat1", "loy1"] == pytest.approx(plain[0, 3] + 0.2, abs=0.02)
    assert cov.loc["sat1", "sat1"] == pytest.approx(1, abs=0.02)
    assert cov.loc["sat2", "loy2"] == pytest.approx(plain[1, 4], abs=0.02)
    assert simulated_truth(found).method is not None


def test_agreeing_pushes_reversed_items_the_other_way() -> None:
    turned = {"codebook": book(), "standardized": True}
    scored = [
        simulate(TRUTH, 8000, 2, method_factor=MethodFactor(0.2, direction=way), **turned).reverse_scored().data.corr()
        for way in ("favourable", "agreeing")
    ]
    assert scored[0].loc["sat1", "sat3"] > scored[1].loc["sat1", "sat3"] + 0.2


def test_careless_respondents_do_what_their_kind_says() -> None:
    option = Careless(straight=0.1, random=0.1, midpoint=0.1, fast=0.1)
    survey = simulate(TRUTH, 1000, 2, codebook=book(), standardized=True, careless=option)
    kinds, rows = simulated_truth(survey).careless, survey.data
    assert kinds.value_counts().to_dict() == {"": 600, "straight": 100, "random": 100, "midpoint": 100, "fast": 100}
    assert (rows.loc[kinds == "straight", ITEMS].nunique(axis=1) == 1).all()
    assert (rows.loc[kinds == "midpoint", ITEMS] == 4).all(axis=None)
    assert rows.loc[kinds == "random", ITEMS].corr().to_numpy()[~np.eye(6, dtype=bool)].max() < 0.4
    assert (rows["att"] == 2).groupby(kinds).mean()[""] > 0.95
    assert (rows["att"] == 2).groupby(kinds).mean()["random"] < 0.35
    typical = rows["seconds"].groupby(kinds).median()
    assert typical["fast"] < typical["straight"] < typical[""]
    assert list(rows.columns) == ["sat1", "sat2", "sat3", "att", "loy1", "loy2", "loy3", "seconds"]


def test_screening_finds_who_was_careless() -> None:
    survey = simulate(TRUTH, 800, 2, standardized=True, points=7, careless={"straight": 0.1, "random": 0.05})
    screened = survey.screen(attention={"att1": 6})
    caught = screened.flags["attention"].fillna(False).astype(bool)
    careless = simulated_truth(survey).careless != ""
    assert caught[careless].mean() > 0.75
    assert caught[~careless].mean() < 0.05


def test_answers_go_missing_by_the_mechanism_that_is_named() -> None:
    options = [MCAR(0.1, ("loy1",)), MAR(0.3, "sat1", ("loy2",), slope=2.0), Routing("sat1 >= 4", ("loy3",))]
    rows = simulate(TRUTH, 20_000, 2, standardized=True, points=7, missing=options).data
    gone = rows.isna()
    assert gone["loy1"].mean() == pytest.approx(0.1, abs=0.01)
    assert gone["loy2"].mean() == pytest.approx(0.3, abs=0.015)
    # Log odds rise by 2 per standard deviation.
    z = (rows["sat1"] - rows["sat1"].mean()) / rows["sat1"].std(ddof=0)
    odds = gone["loy2"].groupby(rows["sat1"]).mean()
    points = z.groupby(rows["sat1"]).first()
    slope = np.diff(np.log(odds / (1 - odds)))[1:5] / np.diff(points)[1:5]
    assert slope.mean() == pytest.approx(2, abs=0.15)
    assert (gone["loy3"] == (rows["sat1"] < 4)).all()
    assert gone[["sat1", "sat2", "sat3"]].sum().sum() == 0


def test_polynomials_have_the_moments_asked_for_by_integration() -> None:
    for skewness, kurtosis in ((1.0, 1.5), (-0.75, 0.8), (0.0, 3.0), (1.75, 3.75)):
        a, b, c, d = polynomial(skewness, kurtosis)

        def moment(power: int, a: float = a, b: float = b, c: float = c, d: float = d) -> float:
            return quad(lambda z: (a + b * z + c * z**2 + d * z**3) ** power * norm.pdf(z), -12, 12, limit=200)[0]

        assert_allclose([moment(k) for k in (1, 2, 3, 4)], [0, 1, skewness, kurtosis + 3], atol=1e-7)


def test_bent_variables_keep_the_correlation_by_integration() -> None:
    shapes = np.array([polynomial(1.0, 1.5), polynomial(-0.5, 2.0)])
    between = intermediate(np.array([[1, 0.5], [0.5, 1]]), shapes, ("a", "b"))[0, 1]
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    one, other = np.meshgrid(nodes, nodes)
    second = between * one + np.sqrt(1 - between**2) * other
    values = [a + z * (b + z * (c + z * d)) for (a, b, c, d), z in zip(shapes, (one, second), strict=True)]
    joint = np.outer(weights, weights) / (2 * np.pi)
    assert (joint * values[0] * values[1]).sum() == pytest.approx(0.5, abs=1e-10)


def test_continuous_variables_have_the_shape_asked_for() -> None:
    survey = simulate(TRUTH, 200_000, 6, standardized=True, nonnormal={"sat1": (1.0, 1.5)}, decimals=3)
    assert survey.data["sat1"].skew() == pytest.approx(1.0, abs=0.05)
    assert survey.data["sat1"].kurt() == pytest.approx(1.5, abs=0.25)
    assert survey.data["sat2"].skew() == pytest.approx(0, abs=0.03)
    assert survey.data.corr().loc["sat1", "sat2"] == pytest.approx(0.56, abs=0.01)
    assert simulated_truth(survey).scores is None
    assert_allclose(survey.data, survey.data.round(3))


def test_a_fitted_model_simulates_from_its_estimates() -> None:
    data = simulate(TRUTH + "; sat1 ~ 4*1", 400, 8, standardized=True)
    fit = cx.sem("SAT =~ sat1 + sat2 + sat3; LOY =~ loy1 + loy2 + loy3; LOY ~ SAT", data)
    again = simulate(fit, 60_000, 1).data
    assert np.abs(again.cov() - fit.implied_cov).max(axis=None) < 0.03
    assert again["sat1"].mean() == pytest.approx(data.data["sat1"].mean(), abs=0.03)


def test_names_in_vietnamese_and_few_rows_work() -> None:
    survey = simulate("hài_lòng =~ 0.8*`câu 1` + 0.7*câu2 + 0.6*câu3", 12, 1, standardized=True, points=5)
    assert survey.constructs == {"hài_lòng": ["câu 1", "câu2", "câu3"]}
    assert len(survey) == 12
