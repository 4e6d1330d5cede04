"""The journey's rooms on tables that would give a wrong result without a word."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import DataError
from cxlab.show.share_heatmap import share_heatmap


def keys(found: object) -> list[str]:
    return [notice.key for notice in found.warnings]  # type: ignore[attr-defined]


def error_of(work: Callable[[], object]) -> DataError:
    with pytest.raises(DataError) as raised:
        work()
    return raised.value


@pytest.fixture
def waves() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(rng.integers(1, 6, (24, 2)).astype(float), columns=["Trước", "Sau"])
    return frame.assign(nhom=[1] * 12 + [0] * 12)


@pytest.mark.parametrize("left", [0, 1])
def test_weights_that_leave_nobody_or_one_in_a_group_are_refused(waves: pd.DataFrame, left: int) -> None:
    weights = [1.0] * (12 + left) + [0.0] * (12 - left)
    found = error_of(lambda: cx.before_after("Trước", "Sau", data=waves, treated="nhom", weights=weights))
    assert (found.key, found.values["n"]) == ("management.wave_too_short", left)


def test_rows_of_weight_zero_count_for_nothing(waves: pd.DataFrame) -> None:
    weights = [0.0] * 5 + [1.0] * 19
    with_zeros = cx.before_after("Trước", "Sau", data=waves, weights=weights).table.iloc[0]
    without = cx.before_after("Trước", "Sau", data=waves.iloc[5:], weights=[1.0] * 19).table.iloc[0]
    names = ["n_before", "before", "change", "se", "df", "pvalue", "d"]
    assert with_zeros[names].tolist() == pytest.approx(without[names].tolist())


def test_a_difference_of_paired_changes_counts_people_once(waves: pd.DataFrame) -> None:
    row = cx.before_after("Trước", "Sau", data=waves, treated="nhom").table.iloc[2]
    assert (row["n_before"], row["n_after"]) == (12, 12)
    apart = cx.before_after([1, 2, 3], [2, 3, 5], control=([1, 2, 4, 2], [2, 2, 3, 1])).table.iloc[2]
    assert (apart["n_before"], apart["n_after"]) == (8, 6)


def test_a_change_that_is_the_same_for_everybody_has_no_interval_and_says_so() -> None:
    fit = cx.before_after([5, 6, 7, 5], [6, 7, 8, 6], paired=True)
    assert fit.table[["ci_lower", "ci_upper", "pvalue"]].isna().all(axis=None)
    assert "management.change_alike" in keys(fit)


def test_equity_that_is_not_positive_has_no_percentages() -> None:
    segments = pd.DataFrame({"segment": ["A"], "customers": [100], "margin": [-10], "retention": [0.8]})
    found = cx.customer_equity(segments)
    assert found.levers["elasticity"].isna().all()
    assert "management.equity_not_positive" in keys(found)
    assert "1% better" not in found.summary("en")


def test_a_cohort_of_exactly_hundred_may_be_percentages() -> None:
    assert "management.exactly_hundred" in keys(cx.shifted_beta_geometric([100, 87, 74, 65]))
    assert "management.exactly_hundred" not in keys(cx.shifted_beta_geometric([100, 87, 74, 65], n=1000))
    assert "management.exactly_hundred" not in keys(cx.shifted_beta_geometric([1000, 869, 743, 653]))


def test_parameters_of_renewals_that_are_hardly_settled_are_told() -> None:
    loose = cx.shifted_beta_geometric([101, 87, 74, 65])
    assert loose.table["se"].gt(2 * loose.table["estimate"]).all()
    assert "management.sbg_loose" in keys(loose)
    assert "management.sbg_loose" not in keys(cx.shifted_beta_geometric([1000, 869, 743, 653, 593, 551, 517, 491]))


def test_vietnamese_dates_are_read_where_the_column_shows_which_part_is_the_day() -> None:
    log = pd.DataFrame(
        {"Khách": ["a", "a", "b", "a"], "Ngày": ["01/01/2024", "15/01/2024", "08/01/2024", "29/01/2024"]}
    )
    found = cx.purchase_history(log, "Khách", "Ngày")
    assert found.to_dict("index") == {"a": {"frequency": 2, "recency": 4.0, "age": 4.0},
                                      "b": {"frequency": 0, "recency": 0.0, "age": 3.0}}  # fmt: skip
    open_ = log.assign(Ngày=["01/01/2024", "05/01/2024", "08/01/2024", "09/01/2024"])
    assert error_of(lambda: cx.purchase_history(open_, "Khách", "Ngày")).key == "management.day_unreadable"


def test_another_coding_is_offered_only_if_it_knows_every_stage() -> None:
    log = pd.DataFrame({"customer": [1, 1, 2], "time": [1, 2, 1], "touchpoint": "x"})
    mixed = str(error_of(lambda: cx.journey_events(log.assign(stage=["Khám phá", "Mua", "Sử dụng"]))))
    assert 'coding="' not in mixed
    seven = str(error_of(lambda: cx.journey_events(log.assign(stage=["search", "purchase", "after"]))))
    assert 'coding="seven"' in seven


def test_reach_and_order_of_a_wide_table_are_those_of_its_columns() -> None:
    wide = pd.DataFrame(np.random.default_rng(1).integers(1, 6, (40, 3)), columns=["Đặt vé", "Bay", "Hỗ trợ"])
    events = cx.journey_events(wide, touchpoints=list(wide), scale=(1, 5))
    for found in (cx.funnel(events), cx.transitions(events)):
        assert "journey.wide_given" in keys(found)
    log = cx.journey_events(cx.load_dataset("journey_events"), on_problem="drop")
    assert "journey.wide_given" not in keys(cx.funnel(log))


def test_the_map_counts_the_customers_who_rated() -> None:
    log = pd.DataFrame({"customer": range(12), "time": 1, "stage": "use", "touchpoint": "x"})
    events = cx.journey_events(log.assign(valence=[1.0, 2.0] * 5 + [np.nan] * 2), scale=(-3, 3))
    assert "10 ratings of 10 customers" in cx.journey_map(events).summary("en")


def test_a_driver_that_is_lowered_reads_so() -> None:
    survey = cx.load_dataset("ecsi_mobile")
    fit = cx.regress("loyalty ~ image + value", survey)
    found = cx.what_if(fit, {"image": 1, "value": -1}, data=survey, n_boot=100, seed=1)
    lines = {key: found.summary(key) for key in ("en", "vi")}
    assert "lowered by 0." in lines["en"]
    assert "raised by −" not in lines["en"]
    assert "hạ 0," in lines["vi"]


def test_names_of_many_columns_stand_upright() -> None:
    def angles(k: int) -> set[float]:
        names = [f"điểm tiếp xúc {i}" for i in range(k)]
        figure = share_heatmap(pd.DataFrame(np.eye(k), index=names, columns=names))
        return {text.get_rotation() for text in figure.axes[0].get_xticklabels()}

    assert angles(5) == {45.0}
    assert angles(30) == {90.0}
