"""The contest of metrics equals lm and glm on R's own folds; verdicts follow their rule; attenuation and claims."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import CxlabError
from cxlab.metrics.attenuation import attenuation
from cxlab.metrics.claim import claim
from cxlab.metrics.claim_pools import claim_pools
from cxlab.metrics.contest import compare_metrics
from cxlab.metrics.contest_design import Contestant
from cxlab.metrics.contest_result import MetricContest
from cxlab.metrics.contest_verdicts import Comparison, conclusions
from cxlab.survey.survey import Survey
from cxlab.theory.tables.computed import n_needed

ORACLE = json.loads((Path(__file__).parent / "oracles/metrics.json").read_text())
CONTEST = ORACLE["contest"]
# Least squares on both sides; a ridge of 1e-8 on crossproducts of 200 rows is ours.
FITTED = {"rel": 1e-6, "abs": 1e-7}
METRICS = {"csat": "CUSA1", "nps": "CUSL3", "ces": "CUSCO"}


@pytest.fixture(scope="module")
def mobi() -> Survey:
    return cx.load_dataset("ecsi_mobile")


def key_of(call: Any) -> str:
    with pytest.raises(CxlabError) as caught:
        call()
    assert "metrics." not in str(caught.value)
    return caught.value.key


def on_r_folds(data: Any, outcome: str, **options: Any) -> MetricContest:
    metrics = {"csat": "CUSA1", "nps": "CUSL3"}
    return compare_metrics(outcome, metrics, data, assignment=np.array(CONTEST["parts"]), **options)


@pytest.mark.parametrize("kind", ["numeric", "binary", "weighted"])
def test_cross_validated_scores_and_intervals_equal_lm_and_glm(mobi: Survey, kind: str) -> None:
    expected = CONTEST[kind]
    data = mobi.data.assign(stay=(mobi.data["CUSL1"] >= 9) * 1.0, w=ORACLE["w"])
    options = {"weights": "w"} if kind == "weighted" else {}
    found = on_r_folds(data, "stay" if kind == "binary" else "CUSL1", **options)
    table = found.table.set_index("model")
    for model, values in expected["score"].items():
        row = table.loc[model]
        assert row[["score", "ci_lower", "ci_upper"]].tolist() == pytest.approx(values, **FITTED), model
        assert row["loss"] == pytest.approx(expected["loss"][model], **FITTED)
        if kind != "weighted":
            assert row["aic"] == pytest.approx(expected["aic"][model], **FITTED)
            assert row["r2"] == pytest.approx(expected["r2"][model], **FITTED)
    gap = found.difference("csat: linear", "nps: linear").tolist()
    assert gap == pytest.approx(expected["csat_less_nps"], **FITTED)


def test_fit_in_the_sample_is_the_published_one(mobi: Survey) -> None:
    table = compare_metrics("CUSL1", METRICS, mobi, seed=1, repeats=1).table.set_index("model")
    published = {"csat: linear": (0.118, 462.5), "csat: top_box": (0.052, 480.7), "csat: quadratic": (0.132, 460.6),
                 "nps: linear": (0.293, 407.1), "nps: groups": (0.203, 439.3), "ces: linear": (0.056, 479.4),
                 "csat + nps: linear": (0.299, 407.2), "csat + nps + ces: linear": (0.299, 409.2)}  # fmt: skip
    for model, (r2, aic) in published.items():
        assert round(float(table.loc[model, "r2"]), 3) == r2, model
        gap = float(table.loc[model, "aic"] - table.loc["nps: linear", "aic"])
        assert gap == pytest.approx(aic - 407.1, abs=0.16), model  # both printed with one digit


def test_area_under_the_curve_counts_pairs(mobi: Survey) -> None:
    data = mobi.data.assign(stay=(mobi.data["CUSL1"] >= 9) * 1)
    parts = np.repeat([[0, 1]], 125, axis=1)
    found = compare_metrics("stay", ["CUSL3"], data, transforms=["linear"], assignment=parts)
    by_hand = []
    for part in (0, 1):
        own = data[parts[0] == part]
        yes, no = (own.loc[own["stay"] == value, "CUSL3"].to_numpy() for value in (1, 0))
        gaps = yes[:, None] - no[None, :]
        by_hand.append(((gaps > 0) + 0.5 * (gaps == 0)).mean())
    assert found.table["auc"].iloc[0] == pytest.approx(np.mean(by_hand), rel=1e-12)


def scored(gap: float, spread: float, roles: Any = None) -> Comparison:
    """Four contestants on 20 splits: nps beats csat by `gap`, all else stands still."""
    noise = spread * np.tile([1.0, -1.0], 10)
    names = [(("csat",), "linear"), (("nps",), "linear"), (("csat",), "quadratic"), (("csat", "nps"), "linear")]
    rivals = tuple(Contestant(metrics, form, np.empty((0, 1))) for metrics, form in names)  # type: ignore[arg-type]
    base = np.full(20, 0.2)
    scores = np.array([base, base + gap + noise, base, base + gap + noise])
    return Comparison(rivals, scores, 0.1, 0.95, 0.02, roles or {"csat": "csat", "nps": "nps"})


@pytest.mark.parametrize(
    ("gap", "spread", "verdict"),
    [(0.0, 0.001, "supported"), (0.1, 0.01, "not_supported"), (-0.1, 0.01, "not_supported"), (0.02, 0.02, "undecided")],
)
def test_equality_is_supported_only_within_the_smallest_difference(gap: float, spread: float, verdict: str) -> None:
    table = conclusions(scored(gap, spread)).set_index("conclusion")
    assert table.loc["equal", "verdict"] == verdict
    assert table.loc["transforms", "verdict"] == "not_supported"
    assert table.loc["narrow", "verdict"] == "not_tested"
    assert table.loc["narrow", "reason"] == "needs_narrow"


def test_several_metrics_must_beat_every_single_one() -> None:
    table = conclusions(scored(0.1, 0.01)).set_index("conclusion")
    assert table.loc["combine", ["second", "verdict"]].tolist() == ["nps: linear", "not_supported"]


def test_conclusions_on_the_mobile_customers_are_computed(mobi: Survey) -> None:
    found = compare_metrics("CUSL1", METRICS, mobi, seed=1)
    table = found.conclusions.set_index("conclusion")
    assert table.loc["equal", "verdict"] == "not_supported"  # recommending predicts far better
    assert table.loc["equal", "ci_upper"] < -0.02
    assert table.loc["combine", "difference"] < 0.02  # published: .299 against .293, in the sample
    strict = compare_metrics("CUSL1", METRICS, mobi, seed=1, smallest=0.5).conclusions.set_index("conclusion")
    assert strict.loc["equal", "verdict"] == "supported"
    assert found.best == "nps: linear"
    assert set(found.differences["second"]) == {found.best}


def test_contest_speaks_both_languages_and_draws(mobi: Survey) -> None:
    found = compare_metrics("CUSL1", METRICS, mobi, seed=1, repeats=2)
    for lang in ("en", "vi"):
        said = found.summary(lang) + str(found.apa(lang)) + str(found.apa_conclusions(lang))
        assert "metrics." not in said
        assert len(found.plot(lang).get_axes()) == 1
        assert len(found.plot(lang, what="conclusions").get_axes()) == 1
    assert found.cite()


def test_an_empty_class_of_a_transform_is_said_and_left_out() -> None:
    random = np.random.default_rng(1)
    data = pd.DataFrame({"y": random.normal(size=60), "a": random.integers(1, 4, 60), "b": random.integers(1, 11, 60)})
    found = compare_metrics("y", {"nps": "a", "csat": "b"}, data, seed=1, repeats=1)
    left = [(n.values["metric"], n.values["form"]) for n in found.warnings if n.key == "metrics.form_left"]
    assert ("nps", "groups") in left
    assert ("nps", "spline") in left
    assert "metrics.few_for_contest" in [notice.key for notice in found.warnings]


def test_contests_that_cannot_be_held(mobi: Survey) -> None:
    data = mobi.data.assign(one=1, rare=[1] * 4 + [0] * 246, twin=mobi.data["CUSA1"] * 2, flat=3)
    assert key_of(lambda: compare_metrics("one", ["CUSA1"], data)) == "metrics.outcome_constant"
    assert key_of(lambda: compare_metrics("rare", ["CUSA1"], data)) == "metrics.rare_class"
    assert key_of(lambda: compare_metrics("CUSL1", ["CUSL1"], data)) == "metrics.outcome_among"
    assert key_of(lambda: compare_metrics("CUSL1", ["flat"], data)) == "analyses.constant_columns"
    assert key_of(lambda: compare_metrics("CUSL1", [], data)) == "metrics.no_metrics"
    assert key_of(lambda: compare_metrics("CUSL1", ["CUSA9"], data)) == "analyses.unknown_columns"
    assert key_of(lambda: compare_metrics("CUSL1", ["CUSA1"], data.head(12))) == "analyses.too_few_rows"
    assert key_of(lambda: compare_metrics("CUSL1", ["CUSA1"], data, family="binary")) == "metrics.outcome_not_binary"
    assert key_of(lambda: compare_metrics("CUSL1", ["CUSA1"], data, smallest=-1)) == "metrics.smallest_form"
    assert key_of(lambda: compare_metrics("CUSL1", ["CUSA1"], data, folds=200)) == "metrics.folds_many"
    assert key_of(lambda: compare_metrics("CUSL1", ["CUSA1"], data, folds=1)) == "resample.whole_number"
    bad: Any = ["cubic"]
    assert key_of(lambda: compare_metrics("CUSL1", ["CUSA1"], data, transforms=bad)) == "analyses.unknown_option"
    assert key_of(lambda: compare_metrics("CUSL1", ["CUSA1"], data, roles={"x": "csat"})) == "metrics.role_of_nothing"
    twins = compare_metrics("CUSL1", ["CUSA1", "twin"], data, seed=1, repeats=1)
    assert "metrics.same_metric" in [notice.key for notice in twins.warnings]
    found = compare_metrics("CUSL1", ["CUSA1"], data, seed=1, repeats=1, transforms=["linear"])
    assert key_of(lambda: found.difference("a", "b")) == "metrics.unknown_model"
    assert key_of(lambda: found.plot(what="conclusions")) == "metrics.nothing_tested"


def test_attenuation_equals_cor_test_and_factanal(mobi: Survey) -> None:
    found = attenuation("CUSA1", "CUSL1", mobi, reliability_y=0.7)
    expected = ORACLE["attenuation"]
    assert [found.r, *found.r_ci] == pytest.approx(expected["r"], rel=1e-10)
    # factanal's search stops at 1e-6 or so
    assert found.reliability_x == pytest.approx(expected["communality"][0], abs=1e-4)
    root = np.sqrt(found.reliability_x * 0.7)
    assert found.corrected == pytest.approx(expected["r"][0] / root, rel=1e-10)
    assert found.corrected_ci[1] == pytest.approx(expected["r"][2] / root, rel=1e-10)
    other = attenuation("CUSA1", "CUSL1", mobi, reliability_y=0.7, method="correction")
    assert other.reliability_x == pytest.approx(expected["correction"], rel=1e-10)
    assert "metrics." not in other.summary("vi") + str(other.apa("vi"))
    assert other.plot("en").get_axes()


def test_single_item_reliability_of_the_job_satisfaction_studies() -> None:
    # Wanous, Reichers & Hudy (1997, abstract): mean correlation .67 corrected for the scale's error; minimum .45.
    found = attenuation(r=0.67, n=7682, reliability_x=0.67**2, reliability_y=1.0)
    assert round(0.67**2, 2) == 0.45
    assert found.corrected == pytest.approx(1.0)


def test_attenuation_input(mobi: Survey) -> None:
    assert key_of(lambda: attenuation()) == "metrics.attenuation_input"
    assert key_of(lambda: attenuation(r=1.2, n=50)) == "metrics.correlation_range"
    assert key_of(lambda: attenuation(r=0.2, n=50)) == "metrics.reliability_needed"
    assert key_of(lambda: attenuation(r=0.2, n=50, reliability_x=0, reliability_y=1)) == "metrics.reliability_range"
    assert key_of(lambda: attenuation("CUSA1", "CUSCO", mobi)) == "metrics.reliability_items"
    assert key_of(lambda: attenuation("CUSA1", None, mobi)) == "metrics.attenuation_input"
    beyond = attenuation(r=0.8, n=50, reliability_x=0.5, reliability_y=0.6)
    assert [notice.key for notice in beyond.warnings] == ["metrics.beyond_one"]
    assert not beyond.table["possible"].all()


def test_claims_equal_r_and_the_claims_ledger() -> None:
    expected = ORACLE["claims"]
    one = claim("dropped")
    assert one.table.loc[0, ["ci_lower", "ci_upper"]].tolist() == pytest.approx(expected["wilson"], rel=1e-10)
    ledger = cx.theory_table("claims").cells.set_index("key")
    assert one.table.loc[0, "ci_lower"] == pytest.approx(ledger.loc["dropped", "ci_lower"])
    two = claim("retention_gap")
    assert two.n_significant == int(np.ceil(expected["n_wald"])) == n_needed(0.075, 0.029)
    assert two.n_power == int(np.ceil(expected["n_power"]))
    assert two.curve.set_index("n_each").loc[178, "power"] == pytest.approx(expected["power_178"], rel=1e-9)
    assert "metrics.claim_growth" in [notice.key for notice in two.warnings]
    pair = claim("leave_once_us", "leave_once")
    assert [*pair.difference_ci, pair.pvalue] == pytest.approx(expected["test"], rel=1e-9)
    assert "metrics.claim_same" in [notice.key for notice in pair.warnings]


def test_the_pooled_test_is_significant_from_n_test_on() -> None:
    curve = claim(0.075, 0.029).curve.set_index("n_each")["pvalue"]
    assert curve[178] > 0.05 > curve[179]


def test_claims_that_cannot_be_computed() -> None:
    assert key_of(lambda: claim(7.5, 2.9)) == "metrics.claim_range"
    assert key_of(lambda: claim(0.5)) == "metrics.claim_needs_n"
    assert key_of(lambda: claim(0.5, 0.5)) == "metrics.claim_equal"
    assert key_of(lambda: claim("droped")) == "metrics.claim_unknown"
    assert key_of(lambda: claim("lost_41")) == "metrics.claim_no_share"
    assert key_of(lambda: claim(0.5, n=0)) == "metrics.n_form"
    assert key_of(lambda: claim(0.5, n=10, power=80)) == "metrics.between_0_and_1"


def test_pools_that_turn_round_and_pools_that_hide() -> None:
    # Kidney stones (Charig et al., 1986): the open operation wins for small and for large stones, and loses pooled.
    small = {"small": (234 / 270, 270), "large": (55 / 80, 80)}
    found = claim_pools(small, {"small": (81 / 87, 87), "large": (192 / 263, 263)})
    assert found.reversal
    assert found.table.loc[0, ["share_1", "share_2"]].round(2).tolist() == [0.83, 0.78]
    by_hand = (357 * (81 / 87 - 234 / 270) + 343 * (192 / 263 - 55 / 80)) / 700
    assert found.standardised == pytest.approx(by_hand)
    alone = claim_pools({"us": (0.17, 4000), "latin": (0.49, 1000)})
    assert [notice.key for notice in alone.warnings] == ["metrics.pools_spread"]
    assert (len(found.apa("en").spanners), len(alone.apa("en").spanners)) == (2, 0)
    for one in (found, alone, claim(0.78, n=1000), claim(0.075, 0.029)):
        assert "metrics." not in one.summary("vi") + str(one.apa("vi")) + str(one.apa("en"))
        assert one.plot("vi").get_axes()
    assert key_of(lambda: claim_pools({"a": (0.1, 10)})) == "metrics.pools_form"
    assert key_of(lambda: claim_pools({"a": (0.1, 10), "b": (3, 10)})) == "metrics.pools_pair"
    assert key_of(lambda: claim_pools(small, {"small": (0.1, 5), "big": (0.2, 5)})) == "metrics.pools_differ"


def test_a_metric_whose_question_is_long_goes_by_a_plain_word_in_each_language(mobi: Survey) -> None:
    metrics = {"csat": "CUSA1", "complaints": "CUSCO"}
    found = compare_metrics("CUSL1", metrics, mobi, transforms=["linear"], repeats=1, seed=1)
    assert found.model_label("complaints: linear", "vi").startswith("khiếu nại")
    assert found.model_label("complaints: linear", "en").startswith("complaints")
