"""Retention models equal the published CDNOW and sBG figures and R's optimiser, and say what is wrong with the data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import DataError
from cxlab.estimate.retention import bg_nbd_alive, bg_nbd_expected, bg_nbd_loglik, bg_nbd_newcomer
from cxlab.journey.contract import shifted_beta_geometric
from cxlab.journey.equity import customer_equity
from cxlab.journey.purchases import purchase_history
from cxlab.journey.retention import bg_nbd

ROOT = Path(__file__).parents[1]
ORACLE = json.loads((ROOT / "tests/oracles/management.json").read_text())
# R's nlm searches with slopes by differences: estimates agree to about seven digits, the likelihood to ten.
SEARCH = {"rel": 1e-6}
# Fader & Hardie (2007), survival in per cent of 1,000 customers; estimates on the first seven years.
HIGH = [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4]
REGULAR = [100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3]


def buyers(**changes: Any) -> pd.DataFrame:
    part = ORACLE["bg_nbd"]
    frame = pd.DataFrame({"x": part["x"], "t_x": part["t_x"], "age": part["age"]})
    return frame.assign(**changes)


def fitted(frame: pd.DataFrame, **settings: Any) -> Any:
    return bg_nbd(frame, "x", "t_x", "age", **settings)


@pytest.mark.shared
def test_cdnow_gives_the_published_parameters_and_expectations(
    shared_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXLAB_MIRROR", str(shared_dir / "mirror"))
    monkeypatch.setenv("CXLAB_CACHE", str(tmp_path))
    survey = cx.load_dataset("cdnow", accept_terms=True)
    fit = bg_nbd(survey, "frequency", "recency", "observed", horizon=39, holdout="holdout")
    # BTYD's search stops a little before the top: the likelihood is the same to its three printed digits.
    assert fit.table["estimate"].tolist() == pytest.approx([0.2425982, 4.4136842, 0.7929899, 2.4261667], rel=2e-4)
    assert fit.loglik == pytest.approx(-9582.429, abs=5e-4)
    assert fit.expected(52)["expected"][0] == pytest.approx(1.444004, rel=1e-5)
    found = bg_nbd_expected(fit.values, np.array([26.0]), np.array([30.85714]), np.array([31.0]), 52.0)
    assert found[0] == pytest.approx(25.75659, rel=5e-5)
    assert fit.holdout["customers"].sum() == 2357
    assert fit.holdout["expected"].is_monotonic_increasing


def test_bg_nbd_equals_r_with_its_errors() -> None:
    part, fit = ORACLE["bg_nbd"], fitted(buyers(), horizon=30)
    assert fit.table["estimate"].tolist() == pytest.approx(part["estimate"], **SEARCH)
    assert fit.table["se"].tolist() == pytest.approx(part["se"], rel=1e-3)  # R's Hessian is of differences
    assert fit.loglik == pytest.approx(part["loglik"], rel=1e-9)


def test_expectations_equal_numerical_integrals_over_customers() -> None:
    part, fit = ORACLE["bg_nbd"], fitted(buyers(), horizon=30)
    assert fit.customers["p_alive"].head(40).tolist() == pytest.approx(part["alive"], **SEARCH)
    assert fit.customers["expected"].head(40).tolist() == pytest.approx(part["expected"], **SEARCH)
    assert fit.expected([10, 52])["expected"].tolist() == pytest.approx(part["newcomer"], **SEARCH)


def test_slopes_of_the_likelihood_are_its_differences() -> None:
    x, t_x, age = (buyers()[name].to_numpy(float) for name in ("x", "t_x", "age"))
    at = np.log([0.4, 5.0, 0.8, 2.0])
    up, down = (
        np.array([bg_nbd_loglik(np.exp(at + side * unit), x, t_x, age)[0].sum() for unit in np.eye(4) * 1e-6])
        for side in (1, -1)
    )
    slope = bg_nbd_loglik(np.exp(at), x, t_x, age)[1].sum(axis=0)
    assert (up - down) / 2e-6 == pytest.approx(slope, rel=1e-6)


def test_expectations_are_smooth_where_their_formula_is_zero_over_zero() -> None:
    near = [bg_nbd_newcomer(np.array([0.5, 5.0, a, 2.0]), 40.0) for a in (0.999, 1.0, 1.001)]
    assert near[1] == pytest.approx((near[0] + near[2]) / 2, rel=1e-6)


def test_a_customer_without_a_repeat_is_alive_for_certain_and_the_result_says_so() -> None:
    one = np.ones(1)
    assert bg_nbd_alive(np.array([1.0, 1.0, 1.0, 1.0]), 0 * one, 0 * one, 9 * one)[0] == 1.0
    assert "management.alive_without_repeat" in [notice.key for notice in fitted(buyers()).warnings]


def test_the_counts_that_are_expected_add_up_to_all_customers() -> None:
    tracking = fitted(buyers()).tracking
    assert tracking["expected"].sum() == pytest.approx(400)
    assert tracking["customers"].sum() == 400


def test_the_unit_of_time_changes_nothing_but_alpha() -> None:
    weeks, days = fitted(buyers()), fitted(buyers() * [1, 7, 7])
    assert days.values / weeks.values == pytest.approx([1, 7, 1, 1], rel=1e-6)
    assert days.customers["p_alive"].tolist() == pytest.approx(weeks.customers["p_alive"].tolist(), rel=1e-6)


def test_value_grows_with_the_margin_and_shrinks_with_the_discount() -> None:
    fit = fitted(buyers())
    plain = fit.value(1.0, 0.0, periods=30)
    assert plain.tolist() == pytest.approx(fitted(buyers(), horizon=30).customers["expected"].tolist())
    assert (fit.value(2.0, 0.01, periods=30) < 2 * plain).all()


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"t_x": 99.0}, "recency_after_age"),
        ({"x": -1}, "counts"),
        ({"x": 1.5}, "counts"),
        ({"t_x": -2.0}, "recency_negative"),
        ({"age": 0.0, "t_x": 0.0}, "age"),
        ({"x": 0, "t_x": 0.0}, "nobody_repeats"),
        ({"x": 0, "t_x": 3.0}, "recency_without_repeat"),
    ],
)
def test_histories_that_cannot_be_are_refused_with_their_rows(changes: dict[str, float], key: str) -> None:
    with pytest.raises(DataError) as caught:
        fitted(buyers(**changes))
    assert caught.value.key == f"management.{key}"


def test_unknown_columns_and_horizons_are_refused() -> None:
    with pytest.raises(DataError, match="not a column"):
        bg_nbd(buyers(), "x", "t_x", "agee")
    with pytest.raises(DataError, match="horizon"):
        fitted(buyers(), holdout="x")
    with pytest.raises(DataError, match="above 0"):
        fitted(buyers(), horizon=0)


def test_twelve_customers_are_fitted_with_a_warning() -> None:
    fit = fitted(buyers().head(12))
    assert "management.few_customers" in [notice.key for notice in fit.warnings if notice.serious]


def log_of(*purchases: tuple[Any, Any]) -> pd.DataFrame:
    return pd.DataFrame(purchases, columns=["khách", "ngày"])


LOG = log_of(("a", "2024-01-01"), ("a", "2024-01-15"), ("a", "2024-01-15"), ("b", "2024-01-08"), ("a", "2024-02-05"),
             ("c", "2024-02-20"))  # fmt: skip


def test_a_log_of_purchases_becomes_histories_by_hand() -> None:
    found = purchase_history(LOG, "khách", "ngày", end="2024-01-29", holdout_end="2024-02-12")
    assert found.loc["a"].tolist() == [1, 2.0, 4.0, 1]  # two purchases on one day are one visit
    assert found.loc["b"].tolist() == [0, 0.0, 3.0, 0]
    assert found.index.tolist() == ["a", "b"]
    assert found.attrs["horizon"] == 2.0
    stamps = LOG.assign(ngày=pd.to_datetime(LOG["ngày"]))
    assert purchase_history(stamps, "khách", "ngày", end="2024-01-29", unit="day").loc["a", "age"] == 28


@pytest.mark.parametrize(
    ("log", "settings", "key"),
    [
        (log_of(("a", "31/03/2024"), ("b", "2024-04-01")), {}, "day_unreadable"),
        (log_of(("a", 20240331), ("b", 20240401)), {}, "day_unreadable"),
        (log_of((None, "2024-03-31"), ("b", "2024-04-01")), {}, "customer_missing"),
        (LOG, {"end": "2023-12-31"}, "end_too_early"),
        (LOG, {"end": "yesterday"}, "day_option"),
        (LOG, {"end": "2024-01-29", "holdout_end": "2024-01-29"}, "holdout_too_early"),
    ],
)
def test_logs_that_cannot_be_read_say_why(log: pd.DataFrame, settings: dict[str, Any], key: str) -> None:
    with pytest.raises(DataError) as caught:
        purchase_history(log, "khách", "ngày", **settings)
    assert caught.value.key == f"management.{key}"


@pytest.mark.parametrize(
    ("counts", "alpha", "beta", "loglik"),
    [(HIGH, 0.6681, 3.8061, -1611.158), (REGULAR, 0.7041, 1.1820, -1680.265)],
)
def test_sbg_gives_the_published_estimates(counts: list[float], alpha: float, beta: float, loglik: float) -> None:
    fit = shifted_beta_geometric(counts, n=1000, fit_periods=7)
    assert fit.values == pytest.approx([alpha, beta], abs=6e-5)
    assert fit.loglik == pytest.approx(loglik, abs=6e-4)
    later = fit.curve[~fit.curve["used"] & fit.curve["observed"].notna()]
    assert (later["observed"] - later["survival"]).abs().max() < 0.02


def test_sbg_equals_r_on_cohorts_of_unequal_length() -> None:
    part = ORACLE["sbg"]
    fit = shifted_beta_geometric(part["cohorts"])
    assert fit.values == pytest.approx(part["estimate"], **SEARCH)
    assert fit.table["se"].tolist() == pytest.approx(part["se"], rel=1e-3)
    assert fit.loglik == pytest.approx(part["loglik"], rel=1e-9)
    assert fit.curve["survival"].head(11).tolist() == pytest.approx(part["survival"], **SEARCH)
    assert fit.lifetime([0, 1, 5], discount=0.1)["value"].tolist() == pytest.approx(part["lifetime"], **SEARCH)


def test_one_row_a_customer_gives_the_same_as_counts() -> None:
    counts = np.array([60, 40, 30, 25])
    ended = [(k, 1) for k, lost in enumerate(-np.diff(counts)) for _ in range(lost)]
    rows = pd.DataFrame([*ended, *[(3, 0)] * 25], columns=["số kỳ", "đã rời"])
    by_rows = shifted_beta_geometric(rows, duration="số kỳ", ended="đã rời")
    by_counts = shifted_beta_geometric(counts)
    assert by_rows.values == pytest.approx(by_counts.values, rel=1e-9)
    assert by_rows.loglik == pytest.approx(by_counts.loglik, rel=1e-12)
    assert by_rows.curve["observed"].head(4).tolist() == pytest.approx((counts / 60).tolist())


@pytest.mark.parametrize(
    ("data", "settings", "key"),
    [
        ([100, 90], {}, "too_few_periods"),
        ([100, 90, 95], {}, "cohort_rises"),
        ([100, 90, -1], {}, "cohort_counts"),
        ([100, 100, 100], {}, "nobody_left"),
        ([100, 0, 0], {}, "all_left_at_once"),
        (HIGH, {}, "shares_without_n"),
        (["a", "b", "c"], {}, "cohort_not_numbers"),
        ([100, 90, 80], {"duration": "x"}, "duration_and_ended"),
        ([100, 90, 80], {"fit_periods": 1.5}, "not_whole"),
        ({}, {}, "too_few_periods"),
    ],
)
def test_cohorts_that_cannot_be_are_refused(data: Any, settings: dict[str, Any], key: str) -> None:
    with pytest.raises(DataError) as caught:
        shifted_beta_geometric(data, **settings)
    assert caught.value.key == f"management.{key}"


def test_customer_equity_is_the_arithmetic_by_hand() -> None:
    frame = pd.DataFrame({"segment": ["A", "B"], "customers": [100, 50], "margin": [10, 30], "retention": [0.8, 0.9],
                          "cost": [40, 50]})  # fmt: skip
    found = customer_equity(frame, acquisition_cost="cost")
    assert found.table["clv"].tolist() == pytest.approx([10 * 0.8 / 0.3, 30 * 0.9 / 0.2])
    assert found.table["newcomer"].tolist() == pytest.approx([10 + 8 / 0.3 - 40, 30 + 135 - 50])
    assert found.total == pytest.approx(100 * 8 / 0.3 + 50 * 135)
    assert found.table["per_point"][0] == pytest.approx(100 * (10 * 0.81 / 0.29 - 8 / 0.3))
    assert found.levers.set_index("lever")["elasticity"]["margin"] == pytest.approx(1.0)
    assert "management.newcomer_loses" in [notice.key for notice in found.warnings]


@pytest.mark.parametrize(
    ("column", "value", "key"), [("retention", 85.0, "retention_outside"), ("customers", -1.0, "negative_cells")]
)
def test_equity_refuses_percentages_and_negative_counts(column: str, value: float, key: str) -> None:
    frame = pd.DataFrame({"segment": ["A"], "customers": [100.0], "margin": [10.0], "retention": [0.8]})
    with pytest.raises(DataError) as caught:
        customer_equity(frame.assign(**{column: value}))
    assert caught.value.key == f"management.{key}"


def test_results_show_in_both_languages() -> None:
    frame = buyers(later=np.arange(400) % 3)
    for result in (fitted(frame, horizon=10, holdout="later"), shifted_beta_geometric([90, 60, 45, 38])):
        assert result.summary("en") != result.summary("vi")
        assert result.apa("vi").to_html("vi")
        assert result._repr_html_()
        assert result.cite()
        assert result.plot("vi").axes
