"""`cx.touchpoint_effects`: R's lm with a clustered sandwich, the truth of the simulated diary, and bad diaries."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import DataError
from cxlab.i18n import LANGUAGES
from cxlab.journey.touchpoint_effects import TouchpointEffects, touchpoint_effects

ORACLE = json.loads((Path(__file__).parent / "oracles" / "touchpoints.json").read_text(encoding="utf-8"))["effects"]
SCORES = ("consideration_before", "consideration_after")


@cache
def found() -> TouchpointEffects:
    return touchpoint_effects(cx.load_dataset("touchpoint_diary"), *SCORES)


def made(people: int = 60, **changes: Any) -> pd.DataFrame:
    """Two brands a person, each met up to three times at two touchpoints."""
    rng = np.random.default_rng(4)
    rows = []
    for person in range(people):
        for brand in ("x", "y"):
            before, after = rng.integers(1, 8, 2)
            kinds = rng.choice(["shop", "advert"], rng.integers(0, 4))
            for kind in kinds if len(kinds) else ["none"]:
                rows.append((person, brand, kind, rng.integers(1, 6) if kind != "none" else np.nan, before, after))
    columns = ["respondent", "brand", "touchpoint_type", "positivity", "before", "after"]
    return pd.DataFrame(rows, columns=columns).assign(**changes)


def run(frame: pd.DataFrame, **options: Any) -> TouchpointEffects:
    return touchpoint_effects(frame, "before", "after", **({"neutral": 3} | options))


def key_of(frame: pd.DataFrame, **options: Any) -> str:
    with pytest.raises(DataError) as caught:
        run(frame, **options)
    return caught.value.key.split(".")[1]


def keys(result: Any) -> list[str]:
    return [notice.key.split(".")[1] for notice in result.warnings]


@pytest.mark.parametrize("model", ["with_before", "without_before", "change_score"])
def test_coefficients_and_clustered_errors_are_rs(model: str) -> None:
    theirs = ORACLE[model]
    ours = found().models.query("model == @model").set_index("term")
    renamed = {"(Intercept)": "intercept", "consideration_before": "before"}
    terms = [renamed.get(term, term) for term in theirs["terms"]]
    slopes = [i for i, term in enumerate(terms) if term in ours.index and term != "intercept"]
    assert len(slopes) == 12 + (model == "with_before")
    for name, column in (("b", "estimate"), ("se", "se"), ("t", "t"), ("p", "pvalue"), ("lower", "ci_lower"),
                         ("upper", "ci_upper")):  # fmt: skip
        wanted = [theirs[name][i] for i in slopes]
        assert ours.loc[[terms[i] for i in slopes], column].tolist() == pytest.approx(wanted, rel=1e-9, abs=1e-12)
    fit = found().fit.set_index("model").loc[model]
    assert fit[["n", "respondents", "r2", "adj_r2"]].tolist() == pytest.approx(
        [theirs[name] for name in ("n", "groups", "r2", "adj_r2")]
    )


def test_joint_tests_are_rs() -> None:
    for row in found().tests.to_dict("records"):
        theirs = ORACLE["with_before"][row["test"]]
        assert (row["f"], row["pvalue"]) == pytest.approx((theirs["f"], theirs["p"]), rel=1e-8)


def test_the_change_as_outcome_gives_the_same_effects_once_the_score_before_is_held() -> None:
    theirs = dict(zip(ORACLE["change_with_before"]["terms"], ORACLE["change_with_before"]["b"], strict=True))
    table = found().table
    wanted = [theirs[f"{row.measure}_{row.touchpoint}"] for row in table.itertuples()]
    assert table["estimate"].tolist() == pytest.approx(wanted, rel=1e-9)


def test_the_simulated_diarys_truth_lies_in_the_intervals() -> None:
    plan = cx.load_dataset("touchpoint_diary").codebook.simulation["touchpoints"]
    table = found().table
    truth = np.array([plan[row.touchpoint][row.measure] for row in table.itertuples()])
    inside = (table["ci_lower"] <= truth) & (truth <= table["ci_upper"])
    # rounding, the scale's ends and thoughtless answers draw effects a little towards nothing
    assert inside.sum() >= 10
    assert np.corrcoef(truth, table["estimate"])[0, 1] > 0.85
    assert (table["without_before"] - truth).mean() > 0.08
    assert abs((table["estimate"] - truth).mean()) < 0.04


def test_without_the_score_before_effects_swell() -> None:
    sums = found().table.groupby("measure")[["estimate", "without_before"]].sum()
    assert (sums["without_before"] > 1.4 * sums["estimate"]).all()
    assert "add up to" in found().summary("en")


def test_episodes_without_a_rating_count_as_met_and_those_sent_twice_are_told() -> None:
    frame = made()
    bare = frame.assign(positivity=frame["positivity"].where(np.arange(len(frame)) % 5 > 0))
    assert run(bare).table["episodes"].tolist() == run(frame).table["episodes"].tolist()
    assert "effects_unrated" in keys(run(bare))
    assert "effects_twice" in keys(found())
    assert "effects_incomplete" in keys(found())


def test_one_brand_and_own_names_are_fine() -> None:
    frame = made().query("brand == 'x'").rename(columns={"respondent": "người trả lời", "touchpoint_type": "điểm"})
    result = run(frame, respondent="người trả lời", brand=None, touchpoint="điểm", labels={"shop": "Cửa hàng"})
    assert result.name("shop") == "Cửa hàng"
    assert not result.models["term"].str.startswith("brand").any()


def test_bad_diaries_are_refused_with_a_reason() -> None:
    frame = made()
    assert key_of(frame, touchpoint="where") == "unknown_columns"
    assert key_of(frame.assign(touchpoint_type="none")) == "effects_no_episode"
    assert key_of(frame.assign(after=np.arange(len(frame)))) == "effects_varies"
    assert key_of(frame, neutral=None) == "effects_neutral"
    assert key_of(frame.assign(positivity=frame["positivity"].where(frame["touchpoint_type"] != "shop"))) == (
        "effects_type_unrated"
    )
    assert key_of(frame.assign(positivity=3)) == "effects_flat_positivity"
    assert key_of(made(6)) == "effects_too_few"
    assert key_of(frame.assign(before=4, after=4)) == "effects_flat_outcome"
    assert key_of(frame[:0]) == "no_rows"
    with pytest.raises(DataError) as caught:
        touchpoint_effects(frame, "after", "after", neutral=3)
    assert caught.value.key == "touchpoints.effects_same_outcome"
    with pytest.raises(DataError):
        run(frame).plot("pie")  # type: ignore[arg-type]


def test_a_touchpoint_that_everybody_met_equally_often_is_named() -> None:
    frame = made()
    pairs = frame.drop_duplicates(["respondent", "brand"])
    always = pairs.assign(touchpoint_type="bill", positivity=np.resize([2, 4, 5], len(pairs)))
    assert key_of(pd.concat([frame, always])) == "effects_flat_frequency"


def test_diaries_of_few_or_of_brands_met_only_are_told_first() -> None:
    frame = made(30)
    assert {"effects_few", "effects_not_causal"} <= set(keys(run(frame)))
    met = made().query("touchpoint_type != 'none'")
    assert "effects_met_only" in keys(run(met))
    rare = made()
    rare.loc[np.flatnonzero(rare["touchpoint_type"] == "shop")[:9], "touchpoint_type"] = "radio"
    assert "effects_few_pairs" in keys(run(rare))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_is_said_in_both_languages(lang: Any) -> None:
    with cx.language(lang):
        text = found().summary() + str(found().apa()) + found()._repr_html_()
    assert "touchpoints." not in text
    assert ("tại cửa hàng" in text) == (lang == "vi")
    for kind in ("map", "before"):
        assert found().plot(kind, lang).axes
    assert all(one.text for one in found().cite())
