"""Simulated events and episodes: their truth found again in the data, their flaws where the notes say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

import cxlab as cx

STAGES = ["awareness", "discovery", "attraction", "consultation", "buying", "use", "support", "advocacy"]
Truth = dict[str, Any]


@pytest.fixture(scope="module")
def truth() -> Truth:
    return dict(cx.load_dataset("journey_events").codebook.simulation)


@pytest.fixture(scope="module")
def events() -> pd.DataFrame:
    """Events once each, without the customers who give everything the same rating."""
    data = cx.load_dataset("journey_events").data.drop_duplicates("event")
    ratings = data.groupby("customer")["valence"]
    same = (ratings.nunique() == 1) & (ratings.count() >= 5)
    return data[~data["customer"].map(same)].astype({"valence": float})


def within(name: str, fit: Any, value: float, z: float = 2.576) -> bool:
    """True if the value lies in the estimate's 99% interval."""
    return bool(abs(fit.params[name] - value) <= z * fit.bse[name])


def test_events_are_valid_and_in_the_order_of_time(events: pd.DataFrame) -> None:
    assert list(dict.fromkeys(sorted(events["stage"], key=STAGES.index))) == STAGES
    assert set(events["owner"]) == {"brand", "partner", "customer", "social"}
    assert set(events["contact"]) == {"direct", "indirect"}
    assert events["time"].is_monotonic_increasing
    assert events["customer"].nunique() > 750
    first = events.groupby("customer")["stage"].first()
    assert (first == "awareness").mean() > 0.99


def test_stages_are_those_of_the_framework(events: pd.DataFrame) -> None:
    journey = set(cx.framework("journey").constructs["construct"])
    assert set(events["stage"]) <= journey


def test_the_log_has_the_flaws_it_states(truth: Truth) -> None:
    data = cx.load_dataset("journey_events").data
    assert 0.004 < data["event"].duplicated().mean() < 0.011
    assert (data.duplicated() == data["event"].duplicated()).all()
    missing = data["valence"].isna().groupby(data["contact"]).mean()
    assert missing["indirect"] > missing["direct"] + 0.06
    ratings = data.groupby("customer")["valence"]
    assert 0.02 < ((ratings.nunique() == 1) & (ratings.count() >= 5)).mean() < 0.08
    customers = data.drop_duplicates("customer")
    bought = data.groupby("customer")["stage"].agg(lambda stages: (stages == "buying").any())
    assert customers.set_index("customer")["csat"].notna().eq(bought).all()


def test_a_good_average_hides_one_bad_stage_of_one_segment(events: pd.DataFrame) -> None:
    assert events["valence"].mean() > 1
    cells = events.groupby(["stage", "segment"])["valence"].mean()
    assert cells.idxmin() == ("support", 2)
    assert cells.min() < -0.5
    assert cells.drop(("support", 2)).min() > 0.3
    customers = events.drop_duplicates("customer")
    assert (customers["csat"].dropna() >= 4).mean() > 0.7


def test_partner_touchpoints_are_rated_worse(events: pd.DataFrame, truth: Truth) -> None:
    rated = events[(events["stage"] != "support") & events["valence"].notna()]
    features = ["stage", "owner", "contact"]
    design = pd.get_dummies(rated[features], dtype=float).drop(columns=["stage_use", "owner_brand", "contact_direct"])
    groups = rated["customer"].astype("category").cat.codes
    fit = sm.OLS(rated["valence"], sm.add_constant(design)).fit(cov_type="cluster", cov_kwds={"groups": groups})
    assert truth["valence"]["owner"]["partner"] == -0.5
    assert -0.7 < fit.params["owner_partner"] < -0.25  # the ends of the scale take a part of the difference
    assert fit.pvalues["owner_partner"] < 0.001


def test_a_good_event_keeps_customers_on_the_way(events: pd.DataFrame, truth: Truth) -> None:
    last = ~events.sort_values("event").duplicated("customer", keep="last")
    known = events[(events["time"] < pd.Timestamp("2024-12-01")) & events["valence"].notna()]
    ended = last.loc[known.index].astype(float)
    stages = pd.get_dummies(known["stage"], dtype=float)
    fit = sm.Logit(ended, stages.assign(valence=known["valence"])).fit(disp=0)
    assert within("valence", fit, truth["end_log_odds_per_point"])


def test_peak_and_end_make_the_overall_judgement(events: pd.DataFrame, truth: Truth) -> None:
    several = events.groupby("customer")["valence"].transform(lambda ratings: ratings.nunique() > 1)
    rated = events[several].dropna(subset=["valence"]).groupby("customer")["valence"]
    low, high = rated.min(), rated.max()
    summaries = pd.DataFrame({"peak": high.where(high > -low, low), "end": rated.last(), "mean": rated.mean()})
    customers = events.drop_duplicates("customer").set_index("customer")["overall"].dropna().astype(float)
    table = summaries[rated.count() >= 4].join(customers, how="inner")
    fit = sm.OLS(table["overall"], sm.add_constant(table[["peak", "end", "mean"]])).fit()
    assert within("peak", fit, truth["outcomes"]["overall"]["peak"])
    assert within("end", fit, truth["outcomes"]["overall"]["end"])
    assert within("mean", fit, 0)


def test_bad_support_drives_customers_away_and_good_support_hardly_holds_them(
    events: pd.DataFrame, truth: Truth
) -> None:
    support = events[events["stage"] == "support"].groupby("customer")["valence"].mean()
    buyers = events.drop_duplicates("customer").set_index("customer").dropna(subset=["left"])
    mean = support.reindex(buyers.index).fillna(0)
    design = pd.DataFrame({"worse": (-mean).clip(lower=0), "better": mean.clip(lower=0), "csat": buyers["csat"]})
    fit = sm.Logit(buyers["left"].astype(float), sm.add_constant(design.astype(float))).fit(disp=0)
    assert within("worse", fit, truth["outcomes"]["left"]["worse_support"])
    assert within("better", fit, truth["outcomes"]["left"]["better_support"])
    assert within("csat", fit, 0)
    assert fit.pvalues["worse"] < 1e-6


def test_outage_and_redesign_show_in_time(events: pd.DataFrame) -> None:
    day = events["time"].dt.strftime("%Y-%m-%d")
    app = events["channel"] == "app"
    outage = day.between("2024-06-10", "2024-06-16")
    assert events.loc[app & outage, "valence"].mean() < events.loc[app & ~outage, "valence"].mean() - 1
    support = events[events["stage"] == "support"].assign(after=day >= "2024-07-01", south=events["region"] == 3)
    means = support.groupby(["south", "after"])["valence"].mean().unstack()
    assert means.loc[True].diff().iloc[-1] - means.loc[False].diff().iloc[-1] > 0.3


def diary_table() -> tuple[pd.DataFrame, Truth]:
    """One row a person and brand: consideration, and what the episodes say; careless people left out."""
    survey = cx.load_dataset("touchpoint_diary")
    data, values = survey.data, dict(survey.codebook.simulation["touchpoints"])
    ratings = data.groupby("respondent")["positivity"]
    same = (ratings.nunique() == 1) & (ratings.count() >= 4)
    data = data[~data["respondent"].map(same)]
    pair = ["respondent", "brand"]
    table = data.drop_duplicates(pair).set_index(pair)[["consideration_before", "consideration_after"]].astype(float)
    for name in values:
        grouped = data[data["touchpoint_type"] == name].groupby(pair)["positivity"]
        table[f"log_{name}"] = np.log1p(grouped.size().reindex(table.index, fill_value=0))
        table[f"pos_{name}"] = (grouped.mean().reindex(table.index) - 3).fillna(0).astype(float)
    return table.dropna(), values


def test_frequency_and_positivity_of_touchpoints_are_found_again() -> None:
    table, values = diary_table()
    brands = pd.get_dummies(table.reset_index()["brand"], dtype=float).set_index(table.index)
    design = table.drop(columns="consideration_after").join(brands)
    groups = pd.Series(table.index.get_level_values("respondent")).astype("category").cat.codes
    cluster = {"groups": groups.to_numpy()}
    fit = sm.OLS(table["consideration_after"], design).fit(cov_type="cluster", cov_kwds=cluster)
    for name, effects in values.items():
        assert within(f"log_{name}", fit, effects["frequency"]), name
        assert within(f"pos_{name}", fit, effects["positivity"]), name
    without = sm.OLS(table["consideration_after"], design.drop(columns="consideration_before")).fit()
    frequency = [f"log_{name}" for name in values]
    assert without.params[frequency].mean() > fit.params[frequency].mean() + 0.1  # who likes a brand meets it more


def test_pairs_without_an_episode_have_one_row_and_reports_thin_out() -> None:
    data = cx.load_dataset("touchpoint_diary").data
    none = data["touchpoint_type"] == "none"
    assert data.groupby(["respondent", "brand"]).ngroups == 1600
    assert not data[none].duplicated(["respondent", "brand"]).any()
    assert data.loc[none, ["episode", "positivity", "time"]].isna().all(axis=None)
    day = data["time"].dt.normalize()
    first = day.groupby(data["respondent"]).transform("min")
    counts = (day - first).dt.days.value_counts()
    assert counts[6] < 0.75 * counts[0]
    people = data.drop_duplicates("respondent")
    unreached = people["consideration_after"].isna().groupby(people["age"] < 30).mean()
    assert unreached[True] > unreached[False]
