"""cx.power finds what theory says it must; the test of fit's power is semTools'."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import norm

import cxlab as cx
from cxlab.errors import CxlabError
from cxlab.estimate.sem.engine import estimate
from cxlab.estimate.sem.request import Request
from cxlab.estimate.sem.sample import Sample
from cxlab.study.simulation import power, rmsea_power
from cxlab.study.simulation.draw import Streams
from cxlab.study.simulation.population import population
from cxlab.study.simulation.power_studies import power_studies
from cxlab.study.simulation.replicates import _OneByOne
from cxlab.study.simulation.simulate import answers
from cxlab.study.simulation.target import free_model

ORACLE = json.loads((Path(__file__).parent / "oracles" / "simulation.json").read_text(encoding="utf-8"))
TRUTH = ORACLE["errors"]["truth"]


def test_standard_errors_and_power_are_what_lavaan_implies_for_the_population() -> None:
    reference = {f"{e['lhs']}{e['op']}{e['rhs']}": e for e in ORACLE["errors"]["estimates"]}
    found = power(TRUTH, 400, 2000, 11, standardized=True).table
    assert len(found) == len(reference)
    for row in found.to_dict("records"):
        expected = reference[f"{row['lhs']}{row['op']}{row['rhs']}"]
        assert row["truth"] == pytest.approx(expected["est"], abs=1e-5)
        # The spread of 2,000 estimates is known to 1.6%, and large-sample theory is not exact at n = 400.
        assert row["empirical_se"] == pytest.approx(expected["se"], rel=0.07)
        assert row["mean_se"] == pytest.approx(expected["se"], rel=0.03)
        assert row["coverage"] == pytest.approx(0.95, abs=0.02)
        wald = norm.sf(1.959964 - row["truth"] / expected["se"])
        assert row["power"] == pytest.approx(wald, abs=0.03)
        assert row["power_lower"] <= row["power"] <= row["power_upper"]


def test_all_studies_at_once_are_the_same_as_one_after_the_other() -> None:
    found = power_studies(TRUTH, 150, 12, 3, standardized=True, points=5)
    singly = _OneByOne(found.plan, found.found, Request(baseline=False), found.rows, 3)(0, 12)
    # Both searches end within 1e-6 standard errors of the optimum.
    assert_allclose(found.made.values, singly.values, atol=2e-5)
    assert_allclose(found.made.se, singly.se, rtol=1e-4)
    assert_allclose(found.made.chisq, singly.chisq, atol=1e-5)


def test_a_study_of_answers_is_the_fit_to_its_rows() -> None:
    found = power_studies(TRUTH, 150, 10, 3, standardized=True, points=5)
    rows = answers(found.plan, Streams(3, (4,))).given
    fit = estimate(found.found.table, Sample.of_values(rows, found.plan.names), Request(baseline=False))
    assert_allclose(found.made.values[4], fit.values[found.rows], atol=2e-5)


def test_the_answer_depends_neither_on_workers_nor_on_how_many_studies_follow() -> None:
    few = power_studies(TRUTH, 120, 10, 3, standardized=True)
    many = power_studies(TRUTH, 120, 300, 3, standardized=True, workers=2)
    assert_allclose(few.made.values, many.made.values[:10], atol=1e-8)
    singly = _OneByOne(few.plan, few.found, Request("MLR", baseline=False), few.rows, 3)
    together, first, second = (singly(*ends) for ends in ((0, 8), (0, 3), (3, 8)))
    assert_allclose(together.se, np.concatenate([first.se, second.se]))


def test_an_effect_that_is_not_there_is_found_at_the_level_of_the_test() -> None:
    text = TRUTH.replace("0.4*SAT", "0*SAT")
    row = power(text, 300, 1500, 4, standardized=True).table.query("op == '~'").iloc[0]
    assert row["power"] == pytest.approx(0.05, abs=0.018)
    assert np.isnan(row["relative_bias"])


def test_power_grows_with_n_and_the_test_of_fit_keeps_its_level() -> None:
    found = power(TRUTH, [60, 120, 240], 400, 4, standardized=True)
    curve = found.main["power"].to_numpy()
    assert curve[0] < curve[1] < curve[2]
    assert found.studies["n"].tolist() == [60, 120, 240]
    assert found.studies["rejected"].iloc[2] == pytest.approx(0.05, abs=0.035)
    assert found.plot().axes[0].get_lines()
    with cx.language("vi"):
        assert "Lực kiểm định" in found.apa().to_html()
        assert "MÔ PHỎNG" in str(found)


def test_defined_effects_have_power_too() -> None:
    text = "A =~ 0.8*a1 + 0.8*a2 + 0.8*a3; M ~ p*A + 0.5*A; Y ~ q*M + 0.5*M; indirect := p*q"
    row = power(text, 300, 200, 4, standardized=True).table.query("op == ':='").iloc[0]
    assert row["truth"] == pytest.approx(0.25, abs=1e-6)
    assert row["empirical_se"] == pytest.approx(row["mean_se"], rel=0.15)


def test_the_default_fitted_model_keeps_the_scales_of_the_text() -> None:
    residuals = "".join(f"; {name} ~~ 0.5*{name}" for name in ("a1", "a2", "a3", "b1", "b2", "b3"))
    text = "A =~ 1*a1 + 0.8*a2 + 0.7*a3; B =~ 0.8*b1 + 0.7*b2 + 0.6*b3; B ~ 0*A; A ~~ 2*A; B ~~ 1.5*B"
    lines = free_model(population(text + residuals)).to_lavaan().splitlines()
    assert lines[:2] == ["A =~ 1*a1 + NA*a2 + NA*a3", "B =~ NA*b1 + NA*b2 + NA*b3"]
    assert {"B ~~ 1.5*B", "A ~~ A", "B ~ A"} <= set(lines)


def test_a_misspecified_model_says_so() -> None:
    found = power(TRUTH, 200, 60, 4, standardized=True, fit_model="f =~ s1 + s2 + s3 + l1 + l2 + l3")
    assert "simulation.another_model" in [notice.key for notice in found.warnings if notice.serious]
    assert found.studies["rejected"].iloc[0] > 0.9


def test_missing_answers_cost_power_and_full_information_gets_some_back() -> None:
    options = {"standardized": True, "missing": {"share": 0.1}}
    listwise, full = (power(TRUTH, 150, 40, 4, listwise=keep, **options) for keep in (True, False))  # type: ignore[arg-type]
    assert listwise.studies["rows_mean"].iloc[0] == pytest.approx(150 * 0.9**6, rel=0.05)
    assert full.studies["rows_mean"].iloc[0] > 149
    path = [one.table.query("op == '~'")["mean_se"].iloc[0] for one in (listwise, full)]
    assert path[1] < 0.85 * path[0]


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"seed": None}, "simulation.seed"),
        ({"reps": 3}, "simulation.reps_range"),
        ({"n": 5}, "sem.too_few_rows"),
        ({"n": []}, "simulation.n_range"),
        ({"fit_model": "SAT =~ s1 + s2"}, "simulation.no_target"),
        ({"fit_model": "SAT =~ s1 + s2 + s9"}, "specify.unknown_variable"),
        ({"estimator": "DWLS"}, None),
        ({"level": 95}, "analyses.level_outside"),
        ({"careful": 1}, "simulation.unknown_word"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(options: dict[str, object], key: str | None) -> None:
    given = {"n": 100, "reps": 20, "seed": 1, **options}
    with pytest.raises(CxlabError) as caught:
        power(TRUTH, standardized=True, **given)  # type: ignore[arg-type]
    assert key is None or caught.value.key == key


def test_power_of_the_test_of_fit_is_semtools() -> None:
    for case in ORACLE["rmsea_power"]:
        found = rmsea_power(case["df"], case["n"], case["rmsea0"], case["rmsea1"], groups=case["groups"])
        assert found.table["power"].iloc[0] == pytest.approx(case["power"], abs=1e-8)


def test_the_respondents_that_a_power_needs_are_semtools() -> None:
    for case in ORACLE["rmsea_n"]:
        found = rmsea_power(case["df"], None, 0.05, case["rmsea1"])
        assert found.table["n"].iloc[0] == case["n"]


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ((0, 100), "count_range"),
        ((10, 1), "n_range"),
        ((10, []), "n_range"),
        ((10, 100, 0.05, 0.05), "same_rmsea"),
        ((10, 100, 0.05, 2), "share_range"),
        ((1, None, 0.05, 0.0500001), "power_out_of_reach"),
    ],
)
def test_wrong_numbers_for_the_test_of_fit_are_refused(given: tuple[object, ...], key: str) -> None:
    with pytest.raises(CxlabError) as caught:
        rmsea_power(*given)  # type: ignore[arg-type]
    assert caught.value.key == f"simulation.{key}"


def test_the_power_of_the_test_of_fit_reads_in_both_languages() -> None:
    found = rmsea_power(50, [100, 200], 0.05, 0.01)
    assert "not-close" in found.summary("en")
    assert "không phù hợp gần" in found.summary("vi")
    assert "lực" in found.apa("vi").to_html("vi").lower()


@pytest.mark.parametrize("estimator", ["WLSMV", "wlsmv", "DWLS"])
def test_an_ordinal_estimator_is_refused_with_what_to_use_instead(estimator: str) -> None:
    with pytest.raises(CxlabError, match="use MLR") as caught:
        power(TRUTH, n=100, reps=10, seed=1, standardized=True, points=4, estimator=estimator)
    assert caught.value.key == "simulation.estimator_ordinal"


def test_the_power_to_find_a_correlation_is_fishers() -> None:
    found = power("y ~ 0.2*x", n=200, reps=400, seed=1, standardized=True).table
    z, end = np.arctanh(0.2) * np.sqrt(197), norm.ppf(0.975)
    closed = norm.sf(end - z) + norm.cdf(-end - z)
    assert found.loc[found["op"] == "~", "power"].iloc[0] == pytest.approx(closed, abs=0.06)  # 3 standard errors


def test_paths_are_named_in_the_codebooks_words() -> None:
    text = "satisfaction =~ 0.8*sat1 + 0.7*sat2 + 0.7*sat3; loyalty =~ 0.8*loy1 + 0.7*loy2 + 0.7*loy3"
    book = cx.framework("gentile").codebook(outcomes=["satisfaction", "loyalty"])
    found = power(text + "; loyalty ~ 0.4*satisfaction", [100, 200], 10, 4, standardized=True, codebook=book)
    table = found.apa("vi").to_html("vi")
    assert "Sự hài lòng → Lòng trung thành" in table
    assert "n = 100" in table
    assert "Satisfaction → Loyalty" in found.summary("en")
