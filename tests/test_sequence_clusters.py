"""`cx.sequence_clusters`: distances by R's adist and the recursion written out, groups, silhouettes, bad journeys."""

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
from cxlab.estimate.sequences import all_distances, around_medoids, distances, padded, silhouettes, transition_costs
from cxlab.i18n import LANGUAGES
from cxlab.journey.events import Events, journey_events
from cxlab.journey.sequences import SequenceClusters, sequence_clusters

ORACLE = json.loads((Path(__file__).parent / "oracles" / "journey_paths.json").read_text(encoding="utf-8"))["sequences"]


@cache
def events() -> Events:
    return journey_events(cx.load_dataset("journey_events"), on_problem="drop")


@cache
def some() -> Events:
    return events().where(customer=sorted(events().frame["customer"].unique())[:200])


@cache
def sixty() -> tuple[np.ndarray, np.ndarray]:
    frame = events().frame
    codes = frame["stage"].cat.codes.groupby(frame["customer"]).agg(tuple)
    return padded(list(codes.loc[ORACLE["customers"]]))


@cache
def found() -> SequenceClusters:
    return sequence_clusters(some(), 3, outcomes=["overall", "left"])


@cache
def loose() -> SequenceClusters:
    return sequence_clusters(some(), 3, by="touchpoint")


def made(customers: int = 40, **changes: Any) -> Events:
    """Half search, buy and use; the others search again and again."""
    rows = []
    for customer in range(customers):
        stages = ["discovery", "buying", "use", "use"] if customer % 2 else ["discovery"] * (2 + customer % 3)
        rows += [(customer, step, stage, customer % 2) for step, stage in enumerate(stages)]
    frame = pd.DataFrame(rows, columns=["customer", "time", "stage", "bought"]).assign(touchpoint="shop", **changes)
    return journey_events(frame)


def key_of(data: Any, **options: Any) -> str:
    with pytest.raises(DataError) as caught:
        sequence_clusters(data, **options)
    return caught.value.key.split(".")[1]


def keys(result: Any) -> list[str]:
    return [notice.key.split(".")[1] for notice in result.warnings]


def test_the_common_subsequence_distance_is_adists() -> None:
    ours = all_distances(*sixty(), costs=2 - 2 * np.eye(8), indel=1.0, normalise=False)
    assert ours == pytest.approx(np.array(ORACLE["lcs"]), abs=1e-12)


def test_optimal_matching_with_transition_costs_is_the_recursion_written_out() -> None:
    table, lengths = sixty()
    costs = transition_costs(table, lengths, np.ones(60), 8)
    assert costs == pytest.approx(np.array(ORACLE["costs"]), abs=1e-12)
    settings: dict[str, Any] = {"costs": costs, "indel": costs.max() / 2}
    ours = all_distances(table, lengths, **settings, normalise=False)
    assert ours == pytest.approx(np.array(ORACLE["matching"]), abs=1e-10)
    normalised = all_distances(table, lengths, **settings, normalise=True)
    assert normalised == pytest.approx(np.array(ORACLE["normalised"]), abs=1e-10)
    some = distances(table, lengths, np.array([3, 17]), **settings, normalise=True)
    assert some == pytest.approx(normalised[[3, 17]], abs=1e-12)


def test_hamming_counts_places_and_an_ended_journey_is_a_state() -> None:
    ours = all_distances(*sixty(), costs=None, indel=1.0, normalise=False)
    assert ours.tolist() == ORACLE["hamming"]


def test_medoids_are_as_good_as_the_best_of_all_choices() -> None:
    apart = np.array(ORACLE["normalised"])
    for k, best in zip((2, 3), ORACLE["pam_cost"], strict=True):
        medoids, groups = around_medoids(apart, np.ones(60), k)
        assert apart[medoids[groups], np.arange(60)].sum() == pytest.approx(best, rel=1e-10)


def test_weights_count_as_repeated_sequences() -> None:
    from sklearn.metrics import silhouette_samples

    apart, weights = np.array(ORACLE["normalised"])[:20, :20], np.tile([1.0, 3.0], 10)
    copies = np.repeat(np.arange(20), weights.astype(int))
    whole = apart[np.ix_(copies, copies)]
    medoids, groups = around_medoids(apart, weights, 3)
    again, _ = around_medoids(whole, np.ones(len(copies)), 3)
    cost = (apart[medoids].min(axis=0) * weights).sum()
    assert whole[again].min(axis=0).sum() == pytest.approx(cost)
    theirs = silhouette_samples(whole, groups[copies], metric="precomputed")
    assert silhouettes(apart, weights, groups)[copies] == pytest.approx(theirs, abs=1e-12)


def test_silhouettes_are_rs_formula() -> None:
    groups = np.array(ORACLE["ward"]) - 1
    width = silhouettes(np.array(ORACLE["normalised"]), np.ones(60), groups).mean()
    assert width == pytest.approx(ORACLE["silhouette"], abs=1e-10)


def test_wards_hierarchy_is_hclusts_and_welchs_test_oneway_tests() -> None:
    part = events().where(customer=ORACLE["customers"])
    result = sequence_clusters(part, 3, method="ward", outcomes="overall")
    ours = result.members.loc[ORACLE["customers"], "cluster"]
    assert len(set(zip(ours, ORACLE["ward"], strict=True))) == 3
    test, theirs = result.tests.iloc[0], ORACLE["welch"]
    wanted = [theirs["f"], *theirs["df"], theirs["p"], theirs["eta2"]]
    assert test[["f", "df1", "df2", "pvalue", "eta2"]].tolist() == pytest.approx(wanted, rel=1e-8)
    assert sorted(result.profile["mean"]) == pytest.approx(sorted(ORACLE["overall"]["mean"]))
    assert sequence_clusters(part, 3, method="average").table["n"].sum() == 60


def test_groups_hold_everyone_and_their_typical_journey_is_one_of_them() -> None:
    table, members = found().table, found().members
    assert table["n"].tolist() == sorted(table["n"], reverse=True)
    assert table["n"].sum() == len(members) == 200
    frame = events().frame
    for row in table.itertuples():
        own = frame.loc[frame["customer"] == row.customer, "stage"].astype(str)
        assert " > ".join(own) == row.typical
        assert members.loc[row.customer, "cluster"] == row.cluster
    assert found().quality["k"].tolist() == list(range(2, 9))


def test_two_kinds_are_told_apart() -> None:
    result = sequence_clusters(made(), 2, outcomes="bought")
    assert result.profile["mean"].tolist() in ([0.0, 1.0], [1.0, 0.0])
    assert result.tests["eta2"].iloc[0] == pytest.approx(1)
    assert np.isnan(result.tests["f"].iloc[0])


def test_a_sample_is_grouped_and_the_others_go_to_the_nearest() -> None:
    result = sequence_clusters(some(), 3, max_customers=60, seed=4)
    assert result.members["sampled"].sum() == 60
    assert result.members["silhouette"].notna().sum() == 60
    assert "seq_sampled" in keys(result)
    again = sequence_clusters(some(), 3, max_customers=60, seed=4)
    assert again.members["cluster"].tolist() == result.members["cluster"].tolist()


def test_long_journeys_are_cut_and_repeats_can_count_once() -> None:
    cut = sequence_clusters(some(), 3, max_length=5)
    assert cut.members["length"].max() == 5
    assert "seq_cut" in keys(cut)
    once = sequence_clusters(some(), 3, collapse=True)
    assert all(a != b for text in once.table["typical"] for a, b in zip(text.split(" > "), text.split(" > ")[1:],
                                                                        strict=False))  # fmt: skip


def test_journeys_that_cannot_be_grouped_are_refused_with_a_reason() -> None:
    assert key_of(made(), by="touchpoint") == "seq_one_state"
    assert key_of(made(), by="owner") == "seq_one_state"
    assert key_of(made(6)) == "seq_few"
    assert key_of(made(), k=4) == "seq_too_alike"
    assert key_of(made(), k=1) == "whole"
    assert key_of(made(), k=2.5) == "whole"
    assert key_of(made(), by="way") == "unknown_option"
    assert key_of(made(), distance="levenshtein") == "unknown_option"
    assert key_of(made(), method="kmeans") == "unknown_option"
    assert key_of(made(), max_customers=3) == "whole"
    assert key_of(made(), outcomes="overall") == "unknown_columns"
    assert key_of(made(bought=1), outcomes="bought") == "seq_flat_outcome"
    assert key_of(made(), outcomes="time") == "varies"
    one = pd.DataFrame({"customer": range(30), "time": 1, "stage": ["use", "buying"] * 15, "touchpoint": "x"})
    assert key_of(journey_events(one)) == "seq_one_each"
    assert key_of(one) == "not_events"


def test_unclear_groups_and_single_events_are_said() -> None:
    assert "seq_no_structure" in keys(loose())
    assert "seq_alone" in keys(found())
    tied = made(time=1)
    assert "times_tied" in keys(sequence_clusters(tied, 2))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_is_said_in_both_languages(lang: Any) -> None:
    with cx.language(lang):
        text = found().summary() + str(found().apa()) + found()._repr_html_()
    assert "touchpoints." not in text
    assert ("Nhóm" in text) == (lang == "vi")
    assert len(found().plot(lang).axes) == 6
    assert loose().plot(lang).axes
    assert all(one.text for one in found().cite())
