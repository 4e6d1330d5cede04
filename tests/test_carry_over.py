"""Carry-over panels and channel attitudes equal lavaan and survey, and refuse what cannot be a panel."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import CxlabError
from cxlab.i18n import use_language
from cxlab.journey.carry_over import carry_over
from cxlab.journey.carry_over_result import CarryOver
from cxlab.journey.channels import channel_attitudes
from cxlab.journey.channels_result import ChannelAttitudes
from cxlab.survey.survey import Survey

ROOT = Path(__file__).parents[1]
ORACLE = json.loads((ROOT / "tests/oracles/carry_over.json").read_text())
R, HELD, APART, CHANNELS = (ORACLE[name] for name in ("carry_over", "invariance", "random_intercepts", "channels"))
# Both searches stop within about 1e-5 standard errors of the optimum.
CLOSE = {"rel": 2e-4, "abs": 2e-5}


@pytest.fixture(scope="module")
def panel() -> Survey:
    return cx.load_dataset("cx_panel")


@pytest.fixture(scope="module")
def fit(panel: Survey) -> CarryOver:
    measures = {"experience": "experience", "satisfaction": "satisfaction", "usage": "days"}
    return carry_over(panel, measures=measures, waves=[1, 2, 3])


@pytest.fixture(scope="module")
def attitudes() -> ChannelAttitudes:
    return channel_attitudes(cx.load_dataset("channel_attitudes"), weights="weight")


def key_of(call: Any) -> str:
    with pytest.raises(CxlabError) as caught:
        call()
    return caught.value.key.removeprefix("carry_over.")


def test_paths_held_equal_equal_lavaan(fit: CarryOver) -> None:
    assert [(row.cause, row.outcome) for row in fit.table.itertuples()] == [
        ("experience", "experience"), ("satisfaction", "satisfaction"), ("usage", "usage"),
        ("satisfaction", "usage"), ("experience", "satisfaction"),
    ]  # fmt: skip
    labels = ["r", "s", "u", "c", "p"]
    for name in ("est", "se", "std"):
        assert fit.table[name].tolist() == pytest.approx([R[label][name] for label in labels], **CLOSE)
    assert fit.fit.fit_measures["chisq_scaled"] == pytest.approx(R["chisq"], rel=1e-4)


def test_rival_models_are_compared_as_lavaan_does(fit: CarryOver) -> None:
    assert fit.comparison is not None
    table = fit.comparison.table
    assert table["model"].tolist() == ["free", "equal", "no_carry_over"]
    assert table["chisq_diff"].tolist()[1:] == pytest.approx(R["diff"], rel=2e-3)
    assert table["df_diff"].tolist()[1:] == R["diff_df"]


def test_responses_to_a_shock_have_the_delta_method_errors_of_lavaan(fit: CarryOver) -> None:
    """Responses are in SDs taken as known, so estimate and error share one factor, and their ratio is lavaan's."""
    rows = fit.shocks.set_index(["shock", "response", "waves_later"])
    factor = {}
    for label, response, later in (("sat_1", "satisfaction", 1), ("use_1", "usage", 1), ("use_2", "usage", 2)):
        row = rows.loc[("experience", response, later)]
        assert row["effect"] / row["se"] == pytest.approx(R[label]["est"] / R[label]["se"], rel=1e-3)
        factor[label] = row["effect"] / R[label]["est"]
    assert factor["use_1"] == pytest.approx(factor["use_2"], rel=1e-3)
    sd = np.sqrt(np.mean([fit.fit.latent_cov.loc[name, name] for name in ("experience_w2", "experience_w3")]))
    use = np.sqrt(np.mean([fit.fit.implied_cov.loc[name, name] for name in ("days_w2", "days_w3")]))
    assert factor["use_1"] == pytest.approx(sd / use, rel=1e-4)


def test_invariance_over_waves_equals_lavaan(fit: CarryOver) -> None:
    rows = fit.invariance[fit.invariance["measure"] == "satisfaction"]
    assert rows["level"].tolist() == ["configural", "metric", "scalar"]
    assert rows["chisq"].tolist() == pytest.approx(HELD["chisq"], rel=1e-3)
    assert rows["df"].tolist() == HELD["df"]
    assert rows["chisq_diff"].tolist()[1:] == pytest.approx(HELD["diff"], rel=1e-2)
    assert rows["verdict"].tolist()[1:] == ["holds", "holds"]


def test_random_intercepts_equal_lavaan(panel: Survey) -> None:
    found = carry_over(
        panel, measures={"fairness": "fair", "use": "days"}, waves=[1, 2, 3], random_intercepts=True, estimator="ML"
    )
    wanted = [APART[name] for name in ("aa", "bb", "ab", "ba")]
    # a weakly identified model: estimates agree to a hundredth of their errors
    assert found.table["est"].tolist() == pytest.approx([one["est"] for one in wanted], abs=1e-3)
    assert found.table["se"].tolist() == pytest.approx([one["se"] for one in wanted], rel=1e-2)
    assert found.fit.fit_measures["chisq"] == pytest.approx(APART["chisq"], rel=1e-4)


def test_a_simple_stability_halves_as_the_formula_says(panel: Survey) -> None:
    found = carry_over(panel, measures={"fairness": "fair"}, waves=[1, 2])
    b = found.table["est"].iloc[0]
    assert found.shocks["effect"].tolist()[:4] == pytest.approx([1, b, b**2, b**3])
    assert found.lasting["half_at"].iloc[0] == pytest.approx(1 + (b - 0.5) / (b - b**2))
    assert found.comparison is None
    assert set(found.fits) == {"equal"}


def test_free_paths_have_a_row_a_wave(panel: Survey) -> None:
    found = carry_over(panel, measures={"fairness": "fair", "use": "days"}, over_waves="free")
    assert found.table["wave"].tolist()[:3] == ["2", "3", "4"]
    assert len(found.table) == 12


def test_scores_stand_for_items_and_vietnamese_names_work(panel: Survey) -> None:
    frame = panel.data.rename(columns=lambda name: name.replace("sat", "hài_lòng").replace("days", "số ngày"))
    measures = {"hài lòng": ["hài_lòng1", "hài_lòng2", "hài_lòng3"], "dùng": "số ngày"}
    found = carry_over(frame, measures=measures, waves=[1, 2], scores=True)
    score = frame[["hài_lòng1_w1", "hài_lòng2_w1", "hài_lòng3_w1"]].mean(axis=1)
    sample = found.fit.sample.values
    assert sample is not None
    place = list(found.fit.sample.names).index("hài lòng_score_w1")
    assert np.nanmean(sample[0][:, place]) == pytest.approx(score.mean())
    assert found.table["outcome"].tolist()[0] == "hài lòng"


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"measures": {"s": ["sat1", "satt2"]}}, "unknown_stem"),
        ({"measures": {"s": ["sat1"]}, "waves": [1, 5]}, "wave_lacks"),
        ({"measures": {"s": ["sat1"]}, "waves": [2]}, "two_waves"),
        ({"measures": {"s": "gender"}}, "two_waves"),
        ({"measures": {}}, "no_measures"),
        ({"measures": {"s": "fair", "t": ["fair", "days"]}}, "item_twice"),
        ({"measures": {"s": []}}, "measure_items"),
        ({"measures": {"a": "fair", "b": "days"}, "within": "a ~ b; b ~ a"}, "loop"),
        ({"measures": {"a": "fair", "b": "days"}, "within": "a ~ c"}, "unknown_measure"),
        ({"measures": {"a": "fair", "b": "days"}, "lagged": "a =~ b"}, "only_paths"),
        ({"measures": {"a": ["sat1", "sat2"]}, "random_intercepts": True}, "intercepts_scores"),
        ({"measures": {"a": "fair"}, "waves": [1, 2], "random_intercepts": True}, "intercepts_waves"),
        ({"measures": {"a": "fair"}, "pattern": "wave"}, "pattern"),
        ({"measures": {"a": "fair"}, "horizon": 0}, "horizon"),
        ({"measures": {"a": "fair"}, "estimator": "GLS"}, "analyses.unknown_option"),
    ],
)
def test_what_is_no_panel_is_refused(panel: Survey, changes: dict[str, Any], key: str) -> None:
    assert key_of(lambda: carry_over(panel, **changes)) == key


def test_a_measure_absent_in_one_wave_is_named(panel: Survey) -> None:
    with pytest.raises(CxlabError, match="sat2_w3"):
        carry_over(panel.data.drop(columns="sat2_w3"), measures={"s": ["sat1", "sat2"]})
    assert key_of(lambda: carry_over(panel.data)) == "no_constructs"


def test_twelve_rows_text_and_no_rows_are_refused(panel: Survey) -> None:
    frame, measures = panel.data, {"s": ["sat1", "sat2"], "u": "days"}
    assert key_of(lambda: carry_over(frame.iloc[:12], measures=measures)) == "sem.too_few_rows"
    assert key_of(lambda: carry_over(frame.iloc[:0], measures=measures)) == "analyses.no_rows"
    assert key_of(lambda: carry_over(frame.assign(days_w2="x"), measures=measures)) == "analyses.not_numeric"
    assert key_of(lambda: carry_over(frame.assign(days_w2=3), measures=measures)) == "analyses.constant_columns"


def test_every_table_and_figure_reads_in_both_languages(fit: CarryOver) -> None:
    for lang, word in (("en", "simulated"), ("vi", "mô phỏng")):
        use_language(lang)
        try:
            assert word in fit.summary()
            for kind in ("paths", "comparison", "invariance", "shocks"):
                assert word in fit.apa(kind=kind).to_html().lower()
            for kind in ("paths", "shocks"):
                assert fit.plot(kind).axes
        finally:
            use_language("en")
    assert {"lervik_olsen_2015", "bolton_lemon_1999"} <= {one.key for one in fit.cite()}
    assert key_of(lambda: fit.plot("x")) == "unknown_plot"


def test_attitudes_equal_lavaan(attitudes: ChannelAttitudes) -> None:
    rows = attitudes.table.set_index(["purchase", "search"])
    places = [
        (to.removeprefix("buy_"), one.removeprefix("search_"))
        for to, one in zip(CHANNELS["to"], CHANNELS["from"], strict=True)
    ]
    for name in ("est", "se", "std"):
        found = [rows.loc[place, name] for place in places]
        assert found == pytest.approx(CHANNELS[name], rel=1e-3, abs=1e-4)
    difference = attitudes.differences.iloc[0]
    assert difference["se"] == pytest.approx(CHANNELS["difference_se"], rel=1e-3)
    assert attitudes.comparison is not None
    assert attitudes.comparison.table["chisq_diff"].iloc[1] == pytest.approx(CHANNELS["diff"], rel=2e-3)


def test_attitudes_find_what_was_built_in(attitudes: ChannelAttitudes) -> None:
    judged = attitudes.table.set_index(["search", "purchase"])["verdict"]
    assert judged["web", "store"] == "synergy"
    assert judged["store", "store"] == judged["app", "app"] == "lock_in"
    assert judged["store", "app"] == "not_shown"


def test_research_shopping_equals_survey(attitudes: ChannelAttitudes) -> None:
    assert attitudes.shares is not None
    assert attitudes.shoppers is not None
    assert attitudes.most_common is not None
    rows = attitudes.shares.set_index(["searched", "bought"])
    lead, after = rows.loc[("web", "store")], rows.loc[("app", "store")]
    exact = {"rel": 1e-9}
    assert [lead["share"], after["share"], attitudes.shoppers["share"]] == pytest.approx(CHANNELS["share"], **exact)
    assert [lead["se"], after["se"], attitudes.shoppers["se"]] == pytest.approx(CHANNELS["share_se"], **exact)
    assert lead["row_share"] == pytest.approx(CHANNELS["row_share"], **exact)
    assert [lead["ci_lower"], lead["ci_upper"]] == pytest.approx(CHANNELS["ci"], rel=1e-6)
    first = attitudes.most_common
    assert [first["difference"], first["se"]] == pytest.approx([CHANNELS["lead"], CHANNELS["lead_se"]], **exact)
    assert first["verdict"] == "clear"


def test_a_wording_factor_makes_the_simulated_model_fit(attitudes: ChannelAttitudes) -> None:
    found = channel_attitudes(cx.load_dataset("channel_attitudes"), wording=True)
    assert found.fit.fit_measures["cfi_robust"] > 0.97
    assert any(notice.key == "analyses.weights_unused" for notice in found.warnings)
    assert not any(notice.key == "analyses.weights_unused" for notice in attitudes.warnings)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"search": {"store": ["sst1", "sst2"]}, "purchase": {"web": ["bwe1", "bwe2"]}}, "channels_differ"),
        ({"search": {"store": ["sst1", "sst2"]}, "purchase": {"store": ["bst1", "bst2"]}}, "channels_two"),
        (
            {"search": {"store": ["sst1"], "web": ["sst1"]}, "purchase": {"store": ["bst1"], "web": ["bwe1"]}},
            "item_twice",
        ),
        ({"searched": "search_channel"}, "both_columns"),
        ({"searched": "search_chanel", "bought": "purchase_channel"}, "analyses.unknown_columns"),
        ({"searched": "respondent", "bought": "purchase_channel"}, "not_channels"),
        ({"weights": [-1.0] * 700}, "weights.negative"),
        ({"search": []}, "channels_unknown"),
    ],
)
def test_channels_that_do_not_match_are_refused(changes: dict[str, Any], key: str) -> None:
    assert key_of(lambda: channel_attitudes(cx.load_dataset("channel_attitudes"), **changes)) == key


def test_plain_data_without_shopping_columns_say_so() -> None:
    frame = cx.load_dataset("channel_attitudes").data.drop(columns=["search_channel"])
    given = {
        "search": {"a": ["sst1", "sst2"], "b": ["swe1", "swe2"]},
        "purchase": {"a": ["bst1", "bst2"], "b": ["bwe1", "bwe2"]},
    }
    found = channel_attitudes(frame, **given)
    assert found.shares is None
    assert any(notice.key == "carry_over.no_shopping" for notice in found.warnings)
    assert key_of(lambda: found.apa(kind="switches")) == "no_shopping_table"
    assert key_of(lambda: channel_attitudes(frame)) == "channels_unknown"


def test_channels_read_in_both_languages(attitudes: ChannelAttitudes) -> None:
    for kind in ("attitudes", "switches"):
        assert attitudes.plot(kind, "vi").axes
    for kind in ("attitudes", "differences", "switches"):
        assert "cửa hàng" in attitudes.apa("vi", kind=kind).to_html("vi")
    assert "Tìm một kênh, mua một kênh" in attitudes.summary("vi")
    assert isinstance(attitudes.table, pd.DataFrame)
