"""Feedback metrics equal R and the published figures, overall, by group, with weights and between waves."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.metrics.acsi import acsi
from cxlab.metrics.ces import ces
from cxlab.metrics.csat import csat
from cxlab.metrics.nps import nps
from cxlab.metrics.tally import adjusted_net, score_net
from cxlab.survey.survey import Survey

ORACLE = json.loads((Path(__file__).parent / "oracles/metrics.json").read_text())
# Closed forms on both sides.
EXACT = {"rel": 1e-10, "abs": 1e-10}
# R's optimize() of the profile likelihood behind the score interval stops at about 1e-8.
SEARCHED = {"abs": 1e-5}
TEN = (1, 10)


@pytest.fixture(scope="module")
def mobi() -> Survey:
    return cx.load_dataset("ecsi_mobile")


@pytest.fixture(scope="module")
def weighted(mobi: Survey) -> pd.DataFrame:
    return mobi.data.assign(w=ORACLE["w"], g=ORACLE["g"])


@pytest.mark.parametrize("name", list(ORACLE["nps"]))
def test_net_promoter_score_and_its_intervals_equal_r(name: str) -> None:
    expected = ORACLE["nps"][name]
    x = np.array(expected["x"], dtype=float)
    found = nps(x, scale=TEN if x.min() else None)
    assert found.estimate == pytest.approx(expected["nps"], **EXACT)
    assert found.se == pytest.approx(expected["se"], **EXACT)
    low, high = (max(-100, min(100, end)) for end in expected["wald"])
    assert [found.ci_lower, found.ci_upper] == pytest.approx([low, high], **EXACT)
    for method, tolerance in (("adjusted", EXACT), ("score", SEARCHED)):
        own = nps(x, scale=TEN if x.min() else None, method=method)
        assert [own.ci_lower, own.ci_upper] == pytest.approx(expected[method], **tolerance), method


def test_score_interval_has_width_where_all_are_promoters() -> None:
    # With nobody against, the score test inverts in closed form: (1 - r)/(1 + r), r = z²/n.
    r = 1.959963984540054**2 / 20
    assert score_net(1.0, 0.0, 20, 0.95) == pytest.approx(((1 - r) / (1 + r), 1.0), **EXACT)
    assert nps([10] * 20).ci_lower == 100
    assert adjusted_net(1.0, 0.0, 20, 0.95)[0] < 1


def test_published_figures_on_the_mobile_customers(mobi: Survey) -> None:
    score, satisfaction = nps("CUSL3", data=mobi, scale=TEN), csat("CUSA1", data=mobi)
    assert round(score.estimate, 1) == 14.0
    assert round(score.se, 2) == 4.90
    shares = [round(float(score.row(name)["estimate"]), 3) for name in ("promoters", "detractors")]
    assert shares == [0.380, 0.240]
    assert round(satisfaction.estimate, 3) == 7.988
    assert round(float(satisfaction.row("top_box")["estimate"]), 3) == 0.268
    assert round(float(csat("CUSA1", top=3, data=mobi).row("top_box")["estimate"]), 3) == 0.704
    assert round(acsi(data=mobi).estimate, 2) == 71.97


def test_satisfaction_equals_r(mobi: Survey) -> None:
    found = csat("CUSA1", data=mobi)
    expected = ORACLE["csat"]
    mean = found.row()
    assert mean[["estimate", "se", "ci_lower", "ci_upper"]].tolist() == pytest.approx(expected["mean"], **EXACT)
    for name, key in (("top_box", "top2"), ("bottom_box", "bottom2")):
        row = found.row(name)
        assert row[["estimate", "ci_lower", "ci_upper"]].tolist() == pytest.approx(expected[key], **EXACT)


def test_survey_weights_give_the_linearised_errors_of_the_survey_package(weighted: pd.DataFrame) -> None:
    expected = ORACLE["weighted"]
    score = nps("CUSL3", data=weighted, weights="w", scale=TEN)
    assert [score.estimate, score.se] == pytest.approx(expected["nps"], **EXACT)
    assert score.n_effective == pytest.approx(expected["effective"], **EXACT)
    found = csat("CUSA1", data=weighted, weights="w", scale=TEN)
    assert [found.estimate, found.se] == pytest.approx(expected["mean"], **EXACT)
    assert [found.ci_lower, found.ci_upper] == pytest.approx(expected["mean_ci"], **EXACT)
    top = found.row("top_box")
    assert top[["estimate", "se"]].tolist() == pytest.approx(expected["top2"], **EXACT)
    assert top[["ci_lower", "ci_upper"]].tolist() == pytest.approx(expected["top2_ci"], **EXACT)
    index = acsi(["CUSA1", "CUSA2", "CUSA3"], data=weighted, weights="w", scale=TEN)
    assert [index.estimate, index.se] == pytest.approx(expected["index"], rel=1e-9)  # the index is rounded to 1e-10


def test_groups_have_weighted_errors_of_samples_of_their_own(weighted: pd.DataFrame) -> None:
    expected = ORACLE["by_group"]
    table = nps("CUSL3", data=weighted, weights="w", group="g", scale=TEN).table
    table = table[(table["statistic"] == "nps") & (table["group"] != "")].set_index("group").loc[expected["g"]]
    assert table["estimate"].tolist() == pytest.approx(expected["nps"], **EXACT)
    n = table["n"].to_numpy()  # svyby takes the groups as domains: the whole sample's n/(n - 1)
    own = np.array(expected["se"]) * np.sqrt(n / (n - 1) * 249 / 250)
    assert table["se"].tolist() == pytest.approx(own, **EXACT)


def test_pairs_of_groups_are_tested_and_held_by_holm(weighted: pd.DataFrame) -> None:
    found = nps("CUSL3", data=weighted, group="g", scale=TEN)
    assert found.differences["pvalue"].tolist() == pytest.approx(ORACLE["pairs"]["p"], **EXACT)
    assert found.differences["pvalue_holm"].tolist() == pytest.approx(ORACLE["pairs"]["holm"], **EXACT)
    assert found.pairwise("promoters").shape == (3, 10)


def test_weights_that_are_all_equal_count_as_none(mobi: Survey) -> None:
    plain, equal = (nps("CUSL3", data=mobi, scale=TEN, weights=own) for own in (None, [3.0] * 250))
    pd.testing.assert_frame_equal(plain.table, equal.table)


def test_two_waves_equal_welch_prop_test_and_z(mobi: Survey) -> None:
    first, second = mobi.data.iloc[:120], mobi.data.iloc[120:]
    expected = ORACLE["tests"]
    one, two = (csat(wave["CUSA1"], scale=TEN) for wave in (first, second))
    row = one.test(two).table.iloc[0]
    names = ["difference", "ci_lower", "ci_upper", "test", "df", "pvalue"]
    assert row[names].tolist() == pytest.approx(expected["welch"], **EXACT)
    row = one.test(two, statistic="top_box").table.iloc[0]
    assert row[["difference", "ci_lower", "ci_upper", "pvalue"]].tolist() == pytest.approx(expected["props"], **EXACT)
    score = [nps(wave["CUSL3"], scale=TEN) for wave in (first, second)]
    row = score[0].test(score[1]).table.iloc[0]
    assert row[["difference", "se", "test", "pvalue"]].tolist() == pytest.approx(expected["nps"], **EXACT)


def test_paired_waves_equal_the_paired_t_test(mobi: Survey) -> None:
    first, second = (nps(mobi.data[name], scale=TEN) for name in ("CUSL3", "CUSA1"))
    row = first.test(second, paired=True).table.iloc[0]
    names = ["difference", "ci_lower", "ci_upper", "test", "df", "pvalue"]
    assert row[names].tolist() == pytest.approx(ORACLE["tests"]["paired"], **EXACT)


def test_paired_waves_match_rows_and_count_those_who_answered_once() -> None:
    first, second = csat([1, 2, 3, None, 5, 4], scale=(1, 5)), csat([2, 2, None, 4, 5, 5], scale=(1, 5))
    found = first.test(second, paired=True)
    assert found.table["n_1"].tolist() == [4]
    assert found.difference == pytest.approx(0.5)  # +1, 0, 0, +1
    assert [notice.key for notice in found.warnings] == ["metrics.paired_lost"]


def test_effort_is_better_where_it_falls() -> None:
    low, high = ces([1, 1, 2, 2, 1] * 20, version=1), ces([4, 5, 4, 3, 5] * 20, version=1)
    assert low.test(high).verdict == "worsened"
    assert high.test(low).verdict == "improved"
    assert high.test(low, statistic="low_effort").verdict == "improved"
    easy = ces([7, 6, 7, 6, 5] * 20, 2, scale=(1, 7))
    assert easy.better == "higher"
    assert "HIGHER" in easy.summary("en")
    assert "LOWER" in low.summary("en")
    assert "THẤP" in low.summary("vi")


def test_ease_of_the_simulated_buyers_equals_r_and_its_direction_is_checked() -> None:
    survey = cx.load_dataset("total_cx_6p")
    found = ces("ease", 2, data=survey, check_against="overall")
    expected = ORACLE["ces"]
    assert found.row()[["estimate", "se", "ci_lower", "ci_upper"]].tolist() == pytest.approx(expected["mean"], **EXACT)
    easy = found.row("easy")[["estimate", "ci_lower", "ci_upper"]].tolist()
    assert easy == pytest.approx(expected["easy"], **EXACT)
    told = next(notice for notice in found.warnings if notice.key == "metrics.ces_confirmed")
    assert [told.values[key].value for key in ("r", "low", "high")] == pytest.approx(expected["r"], **EXACT)
    assert told.values["n"] == expected["n"]
    assert any(notice.key == "analyses.simulated" for notice in found.warnings)


def test_index_weights_equal_r(mobi: Survey) -> None:
    expected = ORACLE["acsi"]
    equal = acsi(data=mobi).row()
    assert equal[["estimate", "se", "ci_lower", "ci_upper"]].tolist() == pytest.approx(expected["equal"], rel=1e-9)
    slopes = acsi(data=mobi, item_weights="regression", outcome="CUSL1")
    assert slopes.item_weights is not None
    assert slopes.item_weights.tolist() == pytest.approx(expected["regression"], rel=1e-9)
    assert slopes.estimate == pytest.approx(expected["regression_index"], rel=1e-9)
    named = acsi(data=mobi, item_weights={"CUSA3": 2, "CUSA1": 5, "CUSA2": 3})
    assert named.estimate == pytest.approx(expected["named"], rel=1e-9)


def test_index_takes_outer_weights_of_a_path_model(mobi: Survey) -> None:
    fit = cx.pls("S <~ CUSA1 + CUSA2 + CUSA3\nL <~ CUSL1 + CUSL3\nL ~ S", mobi)
    outer = fit.weights.set_index("item")["weight"].loc[["CUSA1", "CUSA2", "CUSA3"]]
    by_hand = outer / mobi.data[list(outer.index)].std()
    found = acsi(data=mobi, item_weights=fit)
    assert found.item_weights is not None
    assert found.item_weights.tolist() == pytest.approx((by_hand / by_hand.sum()).tolist(), **EXACT)


def test_bootstrap_is_near_the_closed_form_and_repeats_with_its_seed(weighted: pd.DataFrame) -> None:
    closed = nps("CUSL3", data=weighted, scale=TEN, weights="w")
    drawn = [
        nps("CUSL3", data=weighted, scale=TEN, weights="w", method="bootstrap", seed=4, n_boot=800) for _ in range(2)
    ]
    assert drawn[0].ci_lower == drawn[1].ci_lower
    assert drawn[0].se == pytest.approx(closed.se, rel=0.1)
    index = acsi(data=weighted, items=["CUSA1", "CUSA2"], scale=TEN, item_weights="regression", outcome="CUSL1",
                 method="bootstrap", n_boot=300, seed=1, group="g")  # fmt: skip
    assert (index.table["ci_lower"] < index.table["estimate"]).all()
    assert not [notice for notice in index.warnings if notice.key == "metrics.acsi_known_weights"]


def test_planning_follows_its_formulas(mobi: Survey) -> None:
    found = nps("CUSL3", data=mobi, scale=TEN)
    z, power = 1.959963984540054, 0.8416212335729143
    assert found.minimum_detectable_change() == pytest.approx((z + power) * found.se * np.sqrt(2), **EXACT)
    panel = found.minimum_detectable_change(correlation=0.5)
    assert panel == pytest.approx((z + power) * found.se, **EXACT)
    spread = found.se * np.sqrt(250)
    assert found.n_for_margin(5) == int(np.ceil((z * spread / 5) ** 2))
    many = found.minimum_detectable_change(n_next=10**9)
    assert many == pytest.approx((z + power) * found.se, rel=1e-6)


def test_counts_and_shown_words_in_both_languages(mobi: Survey, weighted: pd.DataFrame) -> None:
    found = nps("CUSL3", data=weighted, group="g", weights="w", scale=TEN)
    assert found.counts.loc[""].sum() == 250
    assert found.counts.loc[["a", "b", "c"]].sum().sum() == 250
    for lang in ("en", "vi"):
        assert "metrics." not in found.summary(lang) + str(found.apa(lang)) + str(found.test(found).apa(lang))
    assert "khuyến nghị ròng" in nps("CUSL3", data=mobi, scale=TEN).summary("vi")
    assert "<table" in found._repr_html_()
    assert found.cite()
    assert found.plot("vi").get_axes()
    assert nps("CUSL3", data=mobi, scale=TEN).plot("en").get_axes()
