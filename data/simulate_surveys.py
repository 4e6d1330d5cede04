"""The surveys with a true model: answers by `cx.simulate`, then background and outcomes that no linear model holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from simulate_panel import all_waves
from simulate_recipe import Made, Recipe, own_codebook

import cxlab as cx
from cxlab.codebook import Construct
from cxlab.study.simulation.plan import read_plan
from cxlab.study.simulation.simulate import make

# What a recipe adds to the answers (background, outcomes), from the table made and the scores behind it.
Finish = Callable[[pd.DataFrame, pd.DataFrame, Recipe, np.random.Generator], pd.DataFrame]
_OWN = 8_675  # spawn key of what is drawn outside cx.simulate


def gentile_six(recipe: Recipe) -> Made:
    """Six components, satisfaction, loyalty, word of mouth."""

    return survey(recipe, with_person)


def schmitt_five(recipe: Recipe) -> Made:
    """Five modules with their outcomes, and two other frameworks of the same respondents."""
    return survey(recipe, with_person)


def total_cx_6p(recipe: Recipe) -> Made:
    """The six P's, and an overall judgement in which one of them only punishes."""

    def finish(table: pd.DataFrame, scores: pd.DataFrame, recipe: Recipe, rng: np.random.Generator) -> pd.DataFrame:
        values, n = recipe["further"], len(table)
        own, paid = values["overall"], values["price_paid"]
        overall = own["mean"] + own["satisfaction"] * scores["satisfaction"] + own["sd"] * rng.standard_normal(n)
        overall += own["people_below"] * (-scores["people"]).clip(lower=0)
        recommend = values["recommend"]["mean"] + values["recommend"]["overall"] * overall
        recommend += values["recommend"]["sd"] * rng.standard_normal(n)
        log_price = paid["on_the_web"] * (table["shop"] == 2) + paid["log_sd"] * rng.standard_normal(n)
        silent = rng.random((n, 2)) < values["no_answer"]
        return with_person(table, scores, recipe, rng).assign(
            price_paid=np.round(paid["median"] * np.exp(log_price), 1),
            overall=np.clip(np.round(overall), 0, 10).mask(silent[:, 0]),
            recommend=np.clip(np.round(recommend), 0, 10).mask(silent[:, 1]),
        )

    return survey(recipe, finish)


def cx_panel(recipe: Recipe) -> Made:
    """Four waves of the same customers."""

    def finish(table: pd.DataFrame, scores: pd.DataFrame, recipe: Recipe, rng: np.random.Generator) -> pd.DataFrame:
        return with_person(table, scores, recipe, rng).rename(columns={"respondent": "customer"})

    return survey(all_waves(recipe), finish)


def channel_attitudes(recipe: Recipe) -> Made:
    """Channels judged, and channels chosen by these judgements."""

    def finish(table: pd.DataFrame, scores: pd.DataFrame, recipe: Recipe, rng: np.random.Generator) -> pd.DataFrame:
        values = recipe["further"]
        searched = chosen(values["search"], scores, "search", rng)
        bought = chosen(values["purchase"], scores, "buy", rng, stays=searched)
        found = table["age_group"].value_counts(normalize=True).sort_index().to_numpy()
        weight = np.round(np.array(values["population_age"]) / found, 3)
        return with_person(table, scores, recipe, rng).assign(
            weight=weight[table["age_group"] - 1], search_channel=searched, purchase_channel=bought
        )

    return survey(recipe, finish)


def chosen(
    values: Recipe, scores: pd.DataFrame, what: str, rng: np.random.Generator, stays: np.ndarray | None = None
) -> np.ndarray:
    """The channel with the largest utility for each respondent, with extreme-value errors (multinomial logit)."""
    channels = list(values["appeal"])
    utility = np.column_stack([values["appeal"][c] + values["weight"] * scores[f"{what}_{c}"] for c in channels])
    if stays is not None:
        utility += values["lock_in"] * (stays[:, None] == np.array(channels))
    return np.array(channels)[(utility + rng.gumbel(size=utility.shape)).argmax(axis=1)]


def with_person(table: pd.DataFrame, scores: pd.DataFrame, recipe: Recipe, rng: np.random.Generator) -> pd.DataFrame:
    """The table with a number and a gender for each respondent; neither has to do with the answers."""
    gender = rng.choice([1, 2, 3], len(table), p=[0.53, 0.45, 0.02])
    return table.assign(respondent=np.arange(1, len(table) + 1), gender=gender)


def survey(recipe: Recipe, finish: Finish) -> Made:
    """The survey of a recipe: simulate, finish, and write down what was done."""
    book = whole_codebook(recipe)
    options = recipe["simulate"]
    plan = read_plan(recipe["population"], codebook=book, standardized=True, **options)
    run = make(plan)
    scores = pd.DataFrame(run.responses.latent, columns=list(plan.population.latent), index=run.frame.index)
    rng = np.random.default_rng(np.random.SeedSequence(options["seed"], spawn_key=(_OWN,)))
    table = finish(run.frame, scores, recipe, rng)
    columns = order(book, list(plan.codebook.items), recipe.get("check_after"))
    done = dict(plan.codebook.simulation) | ({"further": recipe["further"]} if "further" in recipe else {})
    items = {name: book.items[name] for name in columns}
    final = replace(book, items=items, truth=plan.population.truth, simulation=done)
    return Made(whole_numbers(table[columns]), final)


def whole_codebook(recipe: Recipe) -> cx.Codebook:
    """The recipe's own columns, and the items of the frameworks it names."""
    own = own_codebook(recipe)
    items = {name: item for name, item in own.items.items() if item.role != "item"}
    constructs: dict[str, Construct] = {}
    for part in recipe.get("frameworks", ()):
        book = cx.framework(part["name"]).codebook(scale=part["scale"], outcomes=part.get("outcomes", ()))
        taken = {name: item for name, item in book.items.items() if name in part.get("items", book.items)}
        items |= {name: item for name, item in taken.items() if name not in items}
        used = {item.construct for item in taken.values()}
        constructs |= {name: construct for name, construct in book.constructs.items() if name in used}
    return replace(own, items=items | dict(own.items), constructs=constructs | dict(own.constructs))


def order(book: cx.Codebook, simulated: Sequence[str], check_after: str | None = None) -> list[str]:
    """The columns: what the recipe names before its first attention check, the questionnaire, and the rest."""
    own = [name for name, item in book.items.items() if item.role != "item" or name not in simulated]
    checks = [name for name in own if book.items[name].role == "attention"]
    first = own[: own.index(checks[0])]
    asked = [name for name in simulated if name not in first]
    if check_after is not None:
        asked.remove(checks[0])
        asked.insert(asked.index(check_after) + 1, checks[0])
    return [*first, *asked, *(name for name in own if name not in first and name not in asked)]


def whole_numbers(table: pd.DataFrame) -> pd.DataFrame:
    """Columns of whole numbers as such, also where answers are missing."""
    whole = [
        name for name in table.select_dtypes("number") if (table[name].dropna() == table[name].dropna().round()).all()
    ]
    return table.astype(dict.fromkeys(whole, "Int64"))
