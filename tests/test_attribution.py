"""`cx.attribution`: chains solved by hand and by R with states deleted, rules of place, intervals, bad paths."""

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
from cxlab.estimate import absorbing
from cxlab.estimate.absorbing import chain_of, credits, place_credits, removal
from cxlab.i18n import LANGUAGES
from cxlab.journey.attribution import MODELS, Attribution, attribution
from cxlab.journey.events import Events, journey_events

ORACLE = json.loads((Path(__file__).parent / "oracles" / "journey_paths.json").read_text(encoding="utf-8"))
PATHS = ORACLE["attribution"]


@cache
def events() -> Events:
    return journey_events(cx.load_dataset("journey_events"), on_problem="drop")


@cache
def found() -> Attribution:
    return attribution(events(), conversion="buying", n_boot=200)


def table(**columns: Any) -> pd.DataFrame:
    given = {"path": ["a > b", "a", "b > a", "b"], "conversions": [30, 5, 20, 10], "no_conversion": [20, 40, 10, 30]}
    return pd.DataFrame(given | columns)


def key_of(data: Any, **options: Any) -> str:
    with pytest.raises(DataError) as caught:
        attribution(data, **({"n_boot": 20} | options))
    return caught.value.key.split(".")[1]


def keys(result: Any) -> list[str]:
    return [notice.key.split(".")[1] for notice in result.warnings]


def test_a_chain_solved_by_hand() -> None:
    # 3 journeys a > b (2 convert), 2 journeys b (1 converts): b leads to conversion with 3/5, a to b with 1.
    data = pd.DataFrame({"path": ["a > b", "b"], "conversions": [2, 1], "no_conversion": [1, 1]})
    result = attribution(data, n_boot=20)
    effects = result.removal.set_index("channel")["removal_effect"]
    assert effects["b"] == pytest.approx(1)
    assert effects["a"] == pytest.approx(0.6)  # all that pass through a: 3/5 of journeys, then 3/5; of 3/5 in all
    shares = result.wide["markov"]
    assert shares.to_dict() == pytest.approx({"b": 1 / 1.6, "a": 0.6 / 1.6})
    # of order 2, a > b converts with 2/3 and b alone with 1/2: (3/5)(2/3) of 3/5
    second = attribution(data, order=2, n_boot=20).removal.set_index("channel")["removal_effect"]
    assert second["a"] == pytest.approx(2 / 3)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_removal_effects_are_those_of_r_with_the_states_deleted(order: int) -> None:
    theirs = PATHS["removal"][order - 1]
    result = attribution(events(), models="markov", order=order, conversion="buying", n_boot=20)
    ours = result.removal.set_index("channel").loc[PATHS["channels"], "removal_effect"]
    assert ours.tolist() == pytest.approx(theirs["effects"], rel=1e-10)
    assert result.conversions / result.journeys == pytest.approx(theirs["whole"], rel=1e-10)
    assert (result.journeys, result.conversions) == (PATHS["n"], PATHS["won"])


def test_the_sparse_road_gives_the_same_as_the_dense_one(monkeypatch: pytest.MonkeyPatch) -> None:
    source = found().source
    chain = chain_of(source.paths, len(source.channels), 2)
    counts = source.converted[None], source.lost[None]
    dense = removal(chain, *counts)
    monkeypatch.setattr(absorbing, "_DENSE", 0)
    sparse = removal(chain, *counts)
    assert sparse[0] == pytest.approx(dense[0], rel=1e-12)
    assert sparse[1] == pytest.approx(dense[1], rel=1e-10)


@pytest.mark.parametrize("rule", ["first", "last", "linear", "time_decay", "u_shaped"])
def test_rules_of_place_are_rs(rule: str) -> None:
    shares = found().wide[rule].loc[PATHS["channels"]]
    assert shares.tolist() == pytest.approx(PATHS["rules"][rule], abs=1e-12)


def test_every_rule_gives_each_conversion_once() -> None:
    for rule in MODELS[1:]:
        assert [place_credits(n, rule).sum() for n in (1, 2, 3, 9)] == pytest.approx([1, 1, 1, 1])
    assert credits([(0, 0, 1)], 2, "linear").toarray()[0].tolist() == pytest.approx([2 / 3, 1 / 3])
    sums = found().table.groupby("model")[["share", "conversions"]].sum()
    assert sums["share"].tolist() == pytest.approx([1] * 6)
    assert sums["conversions"].tolist() == pytest.approx([found().conversions] * 6)


def test_counts_of_journeys_weigh_as_the_journeys_themselves() -> None:
    long = table().loc[lambda one: one.index.repeat(one["conversions"] + one["no_conversion"])]
    place = long.groupby(level=0).cumcount()
    long = long.assign(converted=(place < long["conversions"]).astype(int))
    one, other = (
        attribution(table(), n_boot=20),
        attribution(long, conversions="converted", non_conversions=None, n_boot=20),
    )
    pd.testing.assert_frame_equal(one.table, other.table)
    assert one.removal.to_numpy().tolist() == other.removal.to_numpy().tolist()


def test_intervals_come_from_journeys_and_shrink_with_their_number() -> None:
    counts = {"conversions": np.array([30, 5, 20, 10]), "no_conversion": np.array([20, 40, 10, 30])}
    one, many = (
        attribution(table(**{name: k * count for name, count in counts.items()}), n_boot=400) for k in (1, 100)
    )
    width = [(found.removal["ci_upper"] - found.removal["ci_lower"]).mean() for found in (one, many)]
    assert width[0] / width[1] == pytest.approx(10, rel=0.25)
    again = attribution(table(), n_boot=400)
    assert again.table["ci_lower"].tolist() == one.table["ci_lower"].tolist()
    last = one.table.query("model == 'last'")
    assert (last["difference"] == 0).all()
    # the standard error of last touch is that of a share among conversions
    share = last["share"].iloc[0]
    se = np.sqrt(share * (1 - share) / 65)
    assert last["ci_upper"].iloc[0] - last["ci_lower"].iloc[0] == pytest.approx(2 * 1.96 * se, rel=0.12)


def test_events_count_up_to_the_first_conversion() -> None:
    log = pd.DataFrame(
        {
            "customer": [1, 1, 1, 2, 3, 3, 4],
            "time": [1, 2, 3, 1, 1, 2, 1],
            "stage": ["discovery", "buying", "use", "discovery", "discovery", "discovery", "buying"],
            "touchpoint": ["ad", "shop", "app", "ad", "ad", "web", "shop"],
            "left": [1, 1, 1, 0, None, None, 1],
        }
    )
    result = attribution(journey_events(log), conversion="buying", n_boot=20, quiet=None)
    assert result.source.channels == ("ad", "web")
    assert (result.journeys, result.conversions) == (3, 1)
    assert "attr_no_touch" in keys(result)
    whole = attribution(journey_events(log), conversion="left", n_boot=20)
    assert (whole.journeys, whole.conversions) == (3, 2)
    assert "attr_unknown" in keys(whole)
    late = attribution(journey_events(log), conversion="buying", n_boot=20, quiet=1.5)
    assert "attr_under_way" in keys(late)


def test_bad_paths_are_refused_with_a_reason() -> None:
    assert key_of(table(conversions=0)) == "attr_no_conversion"
    assert key_of(table(conversions=[1, 2, -1, 0])) == "attr_counts"
    assert key_of(table(conversions=[1, 2, 0.5, 0])) == "attr_counts"
    assert key_of(table(conversions=[1, 2, None, 0])) == "attr_counts"
    assert key_of(table(path=["a > > b", "a", "b", "a >"])) == "attr_gap"
    assert key_of(table(path="a")) == "attr_one_channel"
    assert key_of(table(path=None)) == "attr_no_path"
    assert key_of(table(), non_conversions=None) == "attr_no_lost"
    assert key_of(table(), path="way") == "unknown_columns"
    assert key_of(table(), separator="") == "attr_separator"
    assert key_of(table(), models=["markov", "shapley"]) == "unknown_option"
    assert key_of(table(), models=[]) == "unknown_option"
    assert key_of(table(), order=4) == "unknown_option"
    assert key_of(table(), half_life=0) == "attr_half_life"
    assert key_of(table(), n_boot=3) == "draws"
    assert key_of(table()[:0]) in ("no_rows", "too_few_rows")
    assert key_of(events()) == "attr_conversion_needed"
    assert key_of(events(), conversion="bying") == "attr_conversion"
    assert key_of(events(), conversion="csat") == "attr_not_binary"
    assert key_of(events(), conversion="awareness") == "attr_no_path"


def test_what_a_reader_must_know_first_is_said() -> None:
    assert "attr_not_causal" in keys(found())
    assert found().warnings[[one.key for one in found().warnings].index("touchpoints.attr_not_causal")].serious
    assert {"attr_all_convert", "attr_few"} <= set(keys(attribution(table(conversions=[1, 2, 3, 4], no_conversion=0),
                                                                    n_boot=20)))  # fmt: skip
    assert "attr_one_touch" in keys(attribution(table(path=["a-b", "a", "b-a", "b"]), n_boot=20))
    assert "attr_empty" in keys(attribution(table(path=["a > b", None, "b", "b"]), n_boot=20))
    assert "attr_rare" in keys(attribution(events(), models="markov", order=3, conversion="buying", n_boot=20))


@pytest.mark.shared
def test_the_ten_thousand_paths_of_the_mirror(shared_dir: Path) -> None:
    frame = pd.read_csv(shared_dir / "mirror" / "channel_journeys" / "journeys_ChannelAttribution.csv")
    result = attribution(frame, conversions="total_conversions", non_conversions="total_null", n_boot=20)
    assert (result.journeys, result.conversions) == (88_387, 19_785)
    assert result.wide.index[0] == "alpha"
    assert result.wide.loc["alpha", "last"] > result.wide.loc["alpha", "markov"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_is_said_in_both_languages(lang: Any) -> None:
    with cx.language(lang):
        text = found().summary() + str(found().apa()) + found()._repr_html_()
    assert "touchpoints." not in text
    assert ("truyền miệng" in text) == (lang == "vi")
    assert len(found().plot(lang).axes) == 1
    assert "2" in attribution(table(), order=2, n_boot=20).model_name("markov", lang)
    assert all(one.text for one in found().cite())
