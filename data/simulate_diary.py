"""The episodes of `touchpoint_diary`: people meet brands for a week and consider them more or less afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from simulate_recipe import Made, Recipe, own_codebook

Plan = Mapping[str, Any]
PAIR = ["respondent", "brand"]
COLUMNS = [
    "episode", "respondent", "brand", "touchpoint_type", "positivity", "time", "consideration_before",
    "consideration_after", "age", "gender", "city",
]  # fmt: skip


def touchpoint_diary(recipe: Recipe) -> Made:
    """One row an episode."""
    book = own_codebook(recipe)
    return Made(make(book.simulation), book)


def make(plan: Plan) -> pd.DataFrame:
    """The episodes, from the values under `simulation`."""
    seeds = np.random.SeedSequence(plan["seed"]).spawn(4)
    people, meeting, judging, losing = (np.random.default_rng(seed) for seed in seeds)
    persons = _persons(plan, people)
    pairs = _pairs(persons, plan, people)
    episodes = _episodes(pairs, plan, meeting)
    pairs["consideration_after"] = _after(pairs, episodes, plan, judging)
    return _reported(persons, pairs, episodes, plan["flaws"], losing)


def _persons(plan: Plan, rng: np.random.Generator) -> pd.DataFrame:
    n = plan["n"]
    return pd.DataFrame(
        {
            "respondent": [f"R{number:03d}" for number in range(1, n + 1)],
            "age": np.clip(np.round(18 + rng.gamma(2.4, 7.5, n)), 18, 70).astype(int),
            "gender": 1 + (rng.random(n) < 0.45),
            "city": rng.choice([1, 2, 3], n, p=[0.55, 0.27, 0.18]),
            "first_day": rng.integers(0, plan["starts_within_days"], n),
            "active": np.exp(rng.normal(0, plan["episodes_person_log_sd"], n)),
            "open": rng.normal(0, plan["before"]["person_sd"], n),
            "kind": rng.normal(0, plan["positivity"]["person_sd"], n),
            "shift": rng.normal(0, plan["after"]["person_sd"], n),
        }
    )


def _pairs(persons: pd.DataFrame, plan: Plan, rng: np.random.Generator) -> pd.DataFrame:
    """Every person with every brand, and how far the person considers the brand at the start."""
    brands = pd.DataFrame(plan["brands"]).T.rename_axis("brand").reset_index()
    pairs = persons.merge(brands, how="cross")
    before = pairs["before"] + pairs["open"] + rng.normal(0, plan["before"]["sd"], len(pairs))
    return pairs.assign(consideration_before=np.clip(np.round(before), 1, 7))


def _episodes(pairs: pd.DataFrame, plan: Plan, rng: np.random.Generator) -> pd.DataFrame:
    """One row an episode that was reported, with the positivity felt."""
    liked = pairs["consideration_before"] - 4
    pull = pairs["active"] * pairs["size"] * np.exp(plan["episodes_per_point_before"] * liked)
    found = []
    for name, features in plan["touchpoints"].items():
        counts = rng.poisson(features["episodes"] * pull)
        rows = pairs.loc[pairs.index.repeat(counts), [*PAIR, "first_day"]].assign(touchpoint_type=name)
        shift = plan["positivity"]["per_point_before"] * liked + pairs["kind"]
        felt = features["mean"] + shift.loc[rows.index] + rng.normal(0, plan["positivity"]["episode_sd"], len(rows))
        found.append(rows.assign(felt=np.clip(np.round(felt), 1, 5)))
    episodes = pd.concat(found, ignore_index=True)
    return episodes.assign(time=_times(episodes["first_day"], plan, rng))


def _times(first_day: pd.Series, plan: Plan, rng: np.random.Generator) -> list[datetime]:
    """When each message was sent: from day to day people report less."""
    days = np.arange(plan["days"])
    shares = np.exp(-plan["fewer_reports_per_day"] * days)
    day = first_day.to_numpy() + rng.choice(days, len(first_day), p=shares / shares.sum())
    minute = rng.integers(7 * 60, 22 * 60, len(first_day))
    start = datetime.fromisoformat(plan["first_day"])
    return [start + timedelta(days=int(d), minutes=int(m)) for d, m in zip(day, minute, strict=True)]


def explained(pairs: pd.DataFrame, episodes: pd.DataFrame, touchpoints: Plan, rating: str = "felt") -> pd.DataFrame:
    """Of each person and brand: log_* is ln(1 + episodes), pos_* the mean rating less 3, 0 without a rating."""
    keys = pd.MultiIndex.from_frame(pairs[PAIR])
    columns = {}
    for name in touchpoints:
        grouped = episodes[episodes["touchpoint_type"] == name].groupby(PAIR)[rating]
        columns[f"log_{name}"] = np.log1p(grouped.size().reindex(keys, fill_value=0)).to_numpy()
        columns[f"pos_{name}"] = (grouped.mean().reindex(keys) - 3).fillna(0).to_numpy(dtype=float)
    return pd.DataFrame(columns, index=pairs.index)


def _after(pairs: pd.DataFrame, episodes: pd.DataFrame, plan: Plan, rng: np.random.Generator) -> pd.Series:
    """Consideration after the week."""
    table, values = explained(pairs, episodes, plan["touchpoints"]), plan["after"]
    after = values["mean"] + values["before"] * pairs["consideration_before"] + pairs["effect"] + pairs["shift"]
    for name, effects in plan["touchpoints"].items():
        after += effects["frequency"] * table[f"log_{name}"] + effects["positivity"] * table[f"pos_{name}"]
    return np.clip(np.round(after + rng.normal(0, values["sd"], len(pairs))), 1, 7)


def _reported(
    persons: pd.DataFrame, pairs: pd.DataFrame, episodes: pd.DataFrame, flaws: Plan, rng: np.random.Generator
) -> pd.DataFrame:
    """The file as it came in: careless people, missing answers, messages sent twice, pairs without an episode."""
    careless = persons.loc[rng.random(len(persons)) < flaws["same_answer_always"], "respondent"]
    share = flaws["not_reached_after"]["all"] + flaws["not_reached_after"]["under_30"] * (persons["age"] < 30)
    unreached = persons.loc[rng.random(len(persons)) < share, "respondent"]
    habit = pd.Series(rng.choice([3, 4, 5], len(persons)), index=persons["respondent"])
    after = pairs["consideration_after"].mask(pairs["respondent"].isin(careless), pairs["consideration_before"])
    pairs = pairs.assign(consideration_after=after.mask(pairs["respondent"].isin(unreached)))
    given = episodes["felt"].mask(episodes["respondent"].isin(careless), episodes["respondent"].map(habit))
    episodes = episodes.assign(positivity=given.mask(rng.random(len(episodes)) < flaws["positivity_missing"]))
    return _as_file(pairs, _sent_twice(episodes, flaws["sent_twice"], rng))


def _as_file(pairs: pd.DataFrame, episodes: pd.DataFrame) -> pd.DataFrame:
    """Episodes in the order of people and time; a person and brand without one has a row of its own, the last."""
    table = pairs.merge(episodes.drop(columns=["first_day", "felt"]), how="left", on=PAIR)
    table["touchpoint_type"] = table["touchpoint_type"].fillna("none")
    table = table.sort_values(["respondent", "time", "brand"], kind="stable", na_position="last", ignore_index=True)
    table["episode"] = table["time"].notna().cumsum().where(table["time"].notna())
    table["time"] = table["time"].dt.strftime("%Y-%m-%d %H:%M")
    whole = ["episode", "positivity", "consideration_before", "consideration_after"]
    return table.astype(dict.fromkeys(whole, "Int64"))[COLUMNS]


def _sent_twice(episodes: pd.DataFrame, share: float, rng: np.random.Generator) -> pd.DataFrame:
    copies = episodes[rng.random(len(episodes)) < share]
    later = copies["time"] + pd.to_timedelta(rng.integers(1, 4, len(copies)), unit="min")
    return pd.concat([episodes, copies.assign(time=later)], ignore_index=True)
