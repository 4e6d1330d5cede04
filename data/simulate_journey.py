"""The events of `journey_events`: customers walk through eight stages and rate what they meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from simulate_recipe import Made, Recipe, own_codebook

Plan = Mapping[str, Any]
FIRST = "awareness"
AFTER = ("buying", "support", "advocacy")  # stages on which outcomes depend
CUSTOMER = ["segment", "region", "age", "gender", "csat", "overall", "recommend", "left"]
COLUMNS = ["event", "customer", "time", "stage", "touchpoint", "owner", "channel", "contact", "valence", *CUSTOMER]


def journey_events(recipe: Recipe) -> Made:
    """One row an event, in the order of time."""
    book = own_codebook(recipe)
    return Made(make(book.simulation), book)


def make(plan: Plan) -> pd.DataFrame:
    """The events, from the values under `simulation`."""
    seeds = np.random.SeedSequence(plan["seed"]).spawn(4)
    people, walking, asking, losing = (np.random.default_rng(seed) for seed in seeds)
    customers = _customers(plan, people)
    walks = [walk(row, plan, walking) for row in customers.to_dict("records")]
    events = pd.DataFrame([step for steps in walks for step in steps])
    outcomes = pd.DataFrame([_outcomes(steps, plan["outcomes"], asking) for steps in walks])
    answered = _answered(outcomes, customers["age"], plan["flaws"], losing)
    table = events.merge(pd.concat([customers, answered], axis=1), on="customer")
    table["valence"] = _rated(table, plan["flaws"], losing)
    return _logged(table, plan["flaws"]["logged_twice"], losing)


def _customers(plan: Plan, rng: np.random.Generator) -> pd.DataFrame:
    """Who they are, when they first heard of the brand, and how easily they are pleased."""
    n = plan["n"]
    first, last = (datetime.fromisoformat(plan[key]) for key in ("first_day", "arrivals_until"))
    days = rng.integers(0, (last - first).days + 1, n)
    return pd.DataFrame(
        {
            "customer": [f"C{number:03d}" for number in range(1, n + 1)],
            "start": [first + timedelta(days=int(day)) for day in days],
            "segment": 1 + (rng.random(n) < plan["marketplace_share"]),
            "region": rng.choice([1, 2, 3], n, p=[0.38, 0.20, 0.42]),
            "age": np.clip(np.round(18 + rng.gamma(2.6, 6.5, n)), 18, 75).astype(int),
            "gender": 1 + (rng.random(n) < 0.52),
            "easy": rng.normal(0, plan["valence"]["customer_sd"], n),
        }
    )


def walk(customer: Plan, plan: Plan, rng: np.random.Generator) -> list[dict[str, Any]]:
    """The events of one customer, until the journey or the year ends."""
    end = datetime.fromisoformat(plan["last_day"]) + timedelta(days=1)
    stage, moment, steps = FIRST, _some_hour(customer["start"], rng), []
    while stage != "end" and moment < end:
        touchpoint, features = _met(stage, customer, plan, rng)
        felt = _felt(stage, features, customer, moment, plan["valence"], rng)
        steps.append(
            {"customer": customer["customer"], "time": moment, "stage": stage, "touchpoint": touchpoint}
            | {key: features[key] for key in ("owner", "channel", "contact")}
            | {"felt": felt}
        )
        stage = _next_stage(stage, felt, plan, rng)
        if stage != "end":
            moment = _later(moment, plan["days_between"][stage], rng)
    return steps


def _met(stage: str, customer: Plan, plan: Plan, rng: np.random.Generator) -> tuple[str, Plan]:
    touchpoints = plan["touchpoints"][stage]
    own = "marketplace" if customer["segment"] == 2 else "share"
    shares = np.array([features.get(own, features["share"]) for features in touchpoints.values()], dtype=float)
    name = list(touchpoints)[rng.choice(len(shares), p=shares / shares.sum())]
    return name, touchpoints[name]


def _felt(stage: str, features: Plan, customer: Plan, moment: datetime, effects: Plan, rng: np.random.Generator) -> int:
    """The rating a customer has in mind, -3 to 3."""
    felt = effects["stage"][stage] + effects["owner"][features["owner"]] + effects["contact"][features["contact"]]
    felt += customer["easy"] + rng.normal(0, effects["event_sd"])
    felt += effects["failure"]["effect"] * (rng.random() < effects["failure"]["probability"])
    outage, redesign = effects["app_outage"], effects["support_redesigned"]
    if features["channel"] == outage["channel"] and outage["from"] <= moment.date().isoformat() <= outage["to"]:
        felt += outage["effect"]
    if stage == "support":
        felt += effects["marketplace_in_support"] * (customer["segment"] == 2)
        redesigned = customer["region"] == redesign["region"] and moment.date().isoformat() >= redesign["from"]
        felt += redesign["effect"] * redesigned
    return int(_held(felt, -3, 3))


def _next_stage(stage: str, felt: int, plan: Plan, rng: np.random.Generator) -> str:
    """The next stage: a good event makes the end of the journey less likely, the other stages share the rest."""
    base = plan["next_stage"][stage]
    odds = base["end"] / (1 - base["end"]) * np.exp(plan["end_log_odds_per_point"] * felt)
    end = odds / (1 + odds)
    if rng.random() < end:
        return "end"
    onward = {name: share for name, share in base.items() if name != "end"}
    shares = np.array(list(onward.values()))
    return list(onward)[rng.choice(len(shares), p=shares / shares.sum())]


def _some_hour(day: datetime, rng: np.random.Generator) -> datetime:
    return day.replace(hour=int(rng.integers(8, 21)), minute=int(rng.integers(0, 60)))


def _later(moment: datetime, days: float, rng: np.random.Generator) -> datetime:
    """A later moment: the same day an hour or two on, or some hour of another day."""
    gap = int(rng.geometric(1 / (days + 1))) - 1
    if gap == 0:
        return moment + timedelta(minutes=int(rng.integers(10, 120)))
    return _some_hour(moment + timedelta(days=gap), rng)


def peak(felt: Sequence[int]) -> int:
    """The strongest rating; of two equally strong ones the negative one."""
    low, high = min(felt), max(felt)
    return low if -low >= high else high


def _outcomes(steps: Sequence[Plan], values: Plan, rng: np.random.Generator) -> dict[str, float]:
    """What one customer says at the end, and whether he or she left; missing what a non-buyer is not asked."""
    felt = [step["felt"] for step in steps]
    of_stage = {name: [step["felt"] for step in steps if step["stage"] == name] for name in AFTER}
    noise, drawn = rng.normal(size=3), rng.random()
    overall = values["overall"]["mean"] + values["overall"]["peak"] * peak(felt)
    overall += values["overall"]["end"] * felt[-1] + values["overall"]["sd"] * noise[0]
    recommend = values["recommend"]["mean"] + values["recommend"]["overall"] * overall
    recommend += values["recommend"]["advocacy"] * bool(of_stage["advocacy"]) + values["recommend"]["sd"] * noise[1]
    said = {"overall": _held(overall, 0, 10), "recommend": _held(recommend, 0, 10)}
    if not of_stage["buying"]:
        return said | {"csat": np.nan, "left": np.nan}
    csat = values["csat"]["mean"] + values["csat"]["buying"] * of_stage["buying"][0]
    support = float(np.mean(of_stage["support"] or [0]))
    log_odds = values["left"]["log_odds"] + values["left"]["worse_support"] * max(-support, 0)
    log_odds += values["left"]["better_support"] * max(support, 0)
    left = float(drawn < 1 / (1 + np.exp(-log_odds)))
    return said | {"csat": _held(csat + values["csat"]["sd"] * noise[2], 1, 5), "left": left}


def _held(value: float, low: int, high: int) -> float:
    """A whole number between the ends of the scale."""
    return float(np.clip(np.round(value), low, high))


def _answered(outcomes: pd.DataFrame, age: pd.Series, flaws: Plan, rng: np.random.Generator) -> pd.DataFrame:
    """The outcomes of those who answered at the end, which the young do less often; whole numbers."""
    silent = rng.random(len(outcomes)) < flaws["no_answer_at_end"]["all"] + flaws["no_answer_at_end"]["under_30"] * (
        age < 30
    )
    outcomes.loc[silent, ["overall", "recommend"]] = np.nan
    return outcomes.astype("Int64")


def _rated(table: pd.DataFrame, flaws: Plan, rng: np.random.Generator) -> pd.Series:
    """The ratings given: some customers give one and the same, and some events are not rated."""
    customers = table["customer"].unique()
    same = pd.Series(rng.random(len(customers)) < flaws["same_rating_always"], index=customers)
    habit = pd.Series(rng.choice([0, 2, 3], len(customers), p=[0.3, 0.3, 0.4]), index=customers)
    given = table["felt"].where(~table["customer"].map(same), table["customer"].map(habit)).astype("Int64")
    share = table["contact"].map(flaws["rating_missing"]) + flaws["rating_missing"]["under_30"] * (table["age"] < 30)
    return given.mask(rng.random(len(table)) < share)


def _logged(table: pd.DataFrame, twice: float, rng: np.random.Generator) -> pd.DataFrame:
    """The log in the order of time, with event numbers; some events stand in it twice."""
    table = table.sort_values(["time", "customer"], kind="stable", ignore_index=True)
    table["event"] = table.index + 1
    copies = table[rng.random(len(table)) < twice]
    table = pd.concat([table, copies]).sort_values("event", kind="stable", ignore_index=True)
    table["time"] = table["time"].dt.strftime("%Y-%m-%d %H:%M")
    return table[COLUMNS]
