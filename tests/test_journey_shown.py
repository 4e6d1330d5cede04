"""Map, funnel, transitions and summaries: what they refuse, what they say first, and how they are shown."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cxlab as cx
from cxlab.errors import DataError
from cxlab.i18n import LANGUAGES
from cxlab.journey.cluster import clustered_means, effective_wilson
from cxlab.journey.events import Events, journey_events
from cxlab.journey.funnel import funnel
from cxlab.journey.map import JourneyMap, journey_map
from cxlab.journey.rules import Rated, aggregates
from cxlab.journey.summaries import journey_summaries
from cxlab.journey.transitions import transitions


@cache
def events() -> Events:
    return journey_events(cx.load_dataset("journey_events"), on_problem="drop")


@cache
def mapped() -> JourneyMap:
    return journey_map(events())


def made(rows: int = 40, **changes: Any) -> Events:
    """Customers with two events each, the second one worse."""
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "customer": np.repeat(np.arange(rows), 2),
            "time": np.tile([1, 2], rows),
            "stage": np.tile(["buying", "support"], rows),
            "touchpoint": np.tile(["shop", "hotline"], rows),
            "valence": np.where(np.tile([True, False], rows), 2, -1) + rng.integers(-1, 2, 2 * rows),
            "overall": np.repeat(rng.integers(0, 11, rows), 2),
        }
    )
    return journey_events(frame.assign(**changes), scale=(-3, 3))


def key_of(action: Any, *arguments: Any, **options: Any) -> str:
    with pytest.raises(DataError) as caught:
        action(*arguments, **options)
    return caught.value.key


def keys(result: Any) -> list[str]:
    return [notice.key for notice in result.warnings]


# map


def test_a_worse_touchpoint_is_a_pain_point_and_a_better_one_a_delight() -> None:
    found = journey_map(made())
    assert found.pain_points["touchpoint"].tolist() == ["hotline"]
    assert found.delights["touchpoint"].tolist() == ["shop"]
    assert found.opportunities[["touchpoint", "sure"]].to_numpy().tolist() == [["hotline", True]]


def test_a_gain_is_what_the_journeys_mean_would_rise_by() -> None:
    found = journey_map(made(), threshold=0.5)
    frame = made().frame
    below = frame["touchpoint"] == "hotline"
    raised = frame["valence"].where(~below, 0.5)
    hotline = found.table.set_index("touchpoint").loc["hotline"]
    assert hotline["gain"] == pytest.approx(raised.mean() - frame["valence"].mean())


def test_few_customers_and_equal_ratings_are_not_judged_and_said() -> None:
    few = journey_map(made(5))
    assert set(few.table["reason"]) == {"few_customers"}
    assert {"journey.map_few", "journey.map_few_customers"} <= set(keys(few))
    assert few.pain_points.empty
    flat = journey_map(made(valence=np.tile([2, -1], 40)))
    assert set(flat.table["reason"]) == {"constant"}
    assert "journey.map_constant" in keys(flat)


def test_an_unknown_middle_gives_no_share_of_negatives_and_says_so() -> None:
    frame = made().frame.reset_index(drop=True).astype({"stage": "str"})
    positive = journey_events(frame.assign(valence=frame["valence"] + 5))
    found = journey_map(positive)
    assert found.table["share_negative"].isna().all()
    assert "journey.map_no_neutral" in keys(found)
    assert key_of(journey_map, positive, threshold="neutral") == "journey.no_neutral"


def test_pain_points_above_the_middle_are_called_less_good() -> None:
    assert "journey.map_less_good" in keys(mapped())
    assert "journey.map_less_good" not in keys(journey_map(events(), threshold="neutral"))


def test_the_map_by_owner_leaves_no_event_out() -> None:
    found = journey_map(events(), by="owner")
    assert found.table["events"].sum() == len(events())
    assert list(found.table.columns[:2]) == ["stage", "owner"]


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"by": "shop"}, "analyses.unknown_option"),
        ({"adjust": "tukey"}, "analyses.unknown_option"),
        ({"threshold": "good"}, "journey.threshold"),
        ({"threshold": float("nan")}, "journey.threshold"),
        ({"level": 95}, "analyses.level_outside"),
        ({"min_n": 1}, "journey.min_n"),
    ],
)
def test_the_map_refuses_what_it_does_not_know(options: dict[str, Any], key: str) -> None:
    assert key_of(journey_map, made(), **options) == key


def test_without_ratings_or_events_there_is_no_map() -> None:
    assert key_of(journey_map, made(valence=np.nan)) == "journey.map_no_ratings"
    assert key_of(journey_map, events().frame) == "journey.not_events"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_figure_names_every_touchpoint_and_marks_pain_points(lang: Any) -> None:
    found = mapped()
    texts = {text.get_text().replace("\n", " ") for text in found.plot(lang).axes[0].texts}
    assert {found.events.name(key, lang) for key in found.table["touchpoint"]} <= texts
    red = {
        text.get_text().replace("\n", " ") for text in found.plot(lang).axes[0].texts if text.get_color() == "#B23A2A"
    }
    assert red == {found.events.name(key, lang) for key in found.pain_points["touchpoint"]}


def test_a_figure_with_too_many_cells_drops_the_rare_ones_and_never_a_pain_point() -> None:
    found = mapped()
    figure = found.plot("en", most=12)
    texts = {text.get_text().replace("\n", " ") for text in figure.axes[0].texts}
    assert {found.events.name(key, "en") for key in found.pain_points["touchpoint"]} <= texts
    assert any("21 less frequent" in text.get_text() for text in figure.texts)


def test_the_view_takes_labels_of_its_controls_in_both_languages() -> None:
    found = mapped()
    assert list(found.controls()) == ["owner", "channel", "contact"]
    for lang in LANGUAGES:
        chosen = {role: labels[1] for role, labels in found.controls(lang).items() if role != "channel"}
        assert found.view(**chosen, lang=lang).axes
    everything = {role: labels[0] for role, labels in found.controls("vi").items()}
    assert len(found.view(**everything).axes[0].texts) == len(found.plot().axes[0].texts)
    assert not found.view(owner="partner", channel="app").axes  # nothing meets both, and the figure says so
    assert key_of(found.view, owner="nobody") == "analyses.unknown_option"


def test_the_map_moves_in_a_notebook() -> None:
    found = mapped()
    widget = cx.explore(found.view, **found.controls())
    assert [child.description for child in widget.children[1:-1]] == ["owner", "channel", "contact"]
    assert cx.explore(found.view, live=False, **found.controls()).axes


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(-3, 3)), min_size=2, max_size=30))
def test_clustered_means_agree_with_sums_by_hand(rows: list[tuple[int, int, int]]) -> None:
    cells, owners, values = (np.array(column) for column in zip(*rows, strict=True))
    found = clustered_means(values.astype(float), cells, owners, 3)
    for cell in np.unique(cells):
        here = cells == cell
        mean = values[here].mean()
        sums = [(values[here & (owners == owner)] - mean).sum() for owner in np.unique(owners[here])]
        assert found.mean[cell] == pytest.approx(mean)
        if len(sums) > 1:
            variance = len(sums) / (len(sums) - 1) * np.square(sums).sum() / here.sum() ** 2
            assert found.se[cell] == pytest.approx(np.sqrt(variance), abs=1e-12)


def test_a_share_of_none_or_all_rests_on_customers_not_events() -> None:
    low, high = effective_wilson(np.array([0.0]), np.array([0.0]), np.array([100]), np.array([10]), 0.95)
    assert low[0] == pytest.approx(0, abs=1e-12)
    assert high[0] == pytest.approx(3.841459 / (10 + 3.841459), rel=1e-6)  # z² / (n + z²)


# funnel and transitions


def test_who_may_still_be_under_way_is_told_apart_from_who_left() -> None:
    table = funnel(events()).table.set_index("stage")
    assert (table["conversion_if_all_go_on"].dropna() >= table["conversion"].dropna()).all()
    assert table.loc["advocacy", "under_way"] == 31
    alone = funnel(events(), quiet=None)
    assert alone.table["under_way"].sum() == 0
    assert "journey.all_ended" in keys(alone)


def test_the_funnel_takes_stages_and_groups() -> None:
    short = funnel(events(), ["buying", "awareness"])
    assert short.table["stage"].tolist() == ["awareness", "buying"]
    groups = funnel(events(), group="segment")
    assert [groups.group_name(name, "vi") for name in groups.table["group"].unique()] == [
        "kênh của hãng",
        "sàn thương mại",
    ]
    both = groups.table.groupby("stage")["reached"].sum()
    assert both["buying"] == funnel(events()).table.set_index("stage").loc["buying", "reached"]


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"stages": ["buyin", "use"]}, "journey.unknown_stages"),
        ({"stages": ["use"]}, "journey.funnel_stages"),
        ({"group": "age"}, "journey.many_groups"),
        ({"group": "touchpoint"}, "journey.varies"),
        ({"group": "nobody"}, "analyses.unknown_columns"),
        ({"quiet": -1}, "journey.quiet"),
        ({"quiet": "soon"}, "journey.quiet"),
    ],
)
def test_the_funnel_refuses_what_it_does_not_know(options: dict[str, Any], key: str) -> None:
    assert key_of(funnel, events(), **options) == key


def test_each_row_of_the_chain_adds_up_to_one_and_lies_in_its_interval() -> None:
    for by in ("stage", "touchpoint", "owner", "channel"):
        found = transitions(events(), by)  # type: ignore[arg-type]
        np.testing.assert_allclose(found.matrix.sum(axis=1), 1)
        table = found.table
        assert (table["ci_lower"] <= table["probability"] + 1e-12).all()
        assert (table["probability"] <= table["ci_upper"] + 1e-12).all()


def test_a_chain_of_independent_states_is_found_to_be_one() -> None:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(
        {
            "customer": np.repeat(np.arange(200), 20),
            "time": np.tile(np.arange(20), 200),
            "stage": rng.choice(["use", "support", "advocacy"], 4000),
            "touchpoint": "x",
        }
    )
    tests = transitions(journey_events(frame), end=False).tests.set_index("test")
    assert tests["df"].tolist() == [4, 12]
    assert (tests["p"] > 0.01).all()


def test_events_without_an_owner_leave_the_chain_and_are_counted() -> None:
    assert key_of(transitions, made(), "owner") == "journey.no_steps"
    half = made(owner=np.tile(["brand", None, "partner", "brand"], 20))
    assert "journey.not_in_chain" in keys(transitions(half, "owner", quiet=None))


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"by": "mood"}, "analyses.unknown_option"),
        ({"interval": "exact"}, "analyses.unknown_option"),
        ({"interval": "bootstrap", "n_boot": 5}, "journey.draws"),
    ],
)
def test_transitions_refuse_what_they_do_not_know(options: dict[str, Any], key: str) -> None:
    assert key_of(transitions, events(), **options) == key


# summaries


def test_summaries_of_a_journey_by_hand() -> None:
    # One customer with 1, -3, 2 and one with 3, -3: of two equally strong events the negative one is the peak.
    rated = Rated(np.array([1.0, -3, 2, 3, -3]), np.array([0, 3]), 0.0)
    found = aggregates(rated, ["mean", "first", "last", "minimum", "maximum", "peak", "trend", "share_negative"])
    assert found.round(6).to_numpy().tolist() == [
        [0, 1, 2, -3, 2, -3, 0.5, pytest.approx(1 / 3, abs=1e-6)],
        [0, 3, -3, -3, 3, -3, -6, 0.5],
    ]


def test_the_outcome_may_stand_in_a_table_of_customers() -> None:
    scores = pd.DataFrame({"customer": np.arange(42), "loyal": np.arange(42) % 7})
    found = journey_summaries(made(), "loyal", scores, rules=["mean", "last"], n_boot=50)
    assert found.table["n"].iloc[0] == 40
    assert "journey.unknown_customers" in keys(found)
    assert key_of(journey_summaries, made(), "loyal", scores.drop(columns="customer")) == "journey.no_key"
    assert key_of(journey_summaries, made(), "loyal", pd.concat([scores, scores])) == "journey.key_twice"


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"outcome": "nothing"}, "analyses.unknown_columns"),
        ({"outcome": "touchpoint"}, "journey.varies"),
        ({"rules": ["median"]}, "analyses.unknown_option"),
        ({"against": "peak", "rules": ["mean"]}, "analyses.unknown_option"),
        ({"n_boot": 0}, "journey.draws"),
        ({"folds": 1}, "journey.whole"),
    ],
)
def test_summaries_refuse_what_they_do_not_know(options: dict[str, Any], key: str) -> None:
    assert key_of(journey_summaries, made(), **({"outcome": "overall"} | options)) == key


def test_summaries_need_customers_and_scores_that_vary() -> None:
    assert key_of(journey_summaries, made(12), "overall") == "journey.few_complete_trend"
    assert key_of(journey_summaries, made(12), "overall", rules=["mean", "last"]) == "journey.few_complete"
    assert key_of(journey_summaries, made(overall=7), "overall") == "journey.flat"


def test_the_same_seed_gives_the_same_intervals() -> None:
    first, second = (journey_summaries(events(), "overall", n_boot=50, seed=4).table for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


# shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_result_is_shown_in_both_languages(lang: Any) -> None:
    results = [
        mapped(),
        journey_map(made(5), by="contact"),
        funnel(events()),
        funnel(events(), group="segment"),
        transitions(events()),
        transitions(events(), "touchpoint", interval="goodman"),
        journey_summaries(events(), "overall", n_boot=20, repeats=1),
    ]
    for result in results:
        for text in (result.summary(lang), result.apa(lang).to_html(lang, style=False)):
            assert "journey." not in text
            assert "{" not in text
        assert result.plot(lang).axes
        assert result.cite()
        assert result._repr_html_()
    assert ("mô phỏng" if lang == "vi" else "imulated") in results[2].apa(lang).to_html(lang)
