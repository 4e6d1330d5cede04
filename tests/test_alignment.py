"""Alignment: the loss by hand and in R, truths recovered, and what it refuses.

No R package for alignment is at hand; the numbers come from the function written out in tests/oracles/r/invariance.R
(plain loops, optim) and from populations whose truth is known.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from semopy.examples.holzinger39 import get_data

import cxlab as cx
from cxlab.analyses.alignment import alignment
from cxlab.analyses.sem_result import SemFit
from cxlab.errors import CxlabError, DataError, IdentificationError, ModelError
from cxlab.evaluate.alignment import Configural, align, component_loss, invariant_groups, r_squared, simplicity

ORACLE: dict[str, Any] = json.loads((Path(__file__).parent / "oracles" / "invariance.json").read_text(encoding="utf-8"))
CASES = [(case, factor) for case, factors in ORACLE["alignment"].items() for factor in factors]
LOADINGS = np.array([0.8, 1.0, 0.9, 0.7, 1.1])
INTERCEPTS = np.array([4.0, 4.5, 5.0, 3.5, 4.2])
MEANS, SDS = np.array([0.0, 0.5, -0.3, 0.2]), np.array([1.0, 1.2, 0.8, 1.1])
NAMES = ["a", "b", "c", "d", "e"]


def population(shift: float = 0.0, tilt: float = 0.0, n: float = 500.0) -> cx.Moments:
    """Moments of four groups; `shift` moves one intercept of the third, `tilt` one loading of the fourth."""
    covs, means = {}, {}
    for g in range(4):
        loadings, intercepts = LOADINGS.copy(), INTERCEPTS.copy()
        intercepts[0] += shift if g == 2 else 0.0
        loadings[1] += tilt if g == 3 else 0.0
        cov = SDS[g] ** 2 * np.outer(loadings, loadings) + 0.5 * np.eye(5)
        covs[f"g{g}"] = pd.DataFrame(cov, NAMES, NAMES)
        means[f"g{g}"] = pd.Series(intercepts + MEANS[g] * loadings, NAMES)
    return cx.Moments(covs, dict.fromkeys(covs, int(n)), means=means, divisor="n")


@cache
def fitted(shift: float = 0.0, tilt: float = 0.0) -> SemFit:
    return cx.cfa("f =~ a + b + c + d + e", population(shift, tilt), group="group", std_lv=True, meanstructure=True)


def test_the_loss_of_two_groups_and_two_items_by_hand() -> None:
    found = Configural(np.array([[1.0, 0.8], [1.2, 0.8]]), np.array([[3.0, 4.0], [3.5, 4.0]]), np.array([100.0, 400.0]))
    # aligned with mean .5 and sd 1 in group 2: loadings 1.2 .8, intercepts 3.5 - .6 = 2.9, 4.0 - .4 = 3.6; weight 200
    differences = np.array([-0.2, 0.0, 0.1, 0.4])
    by_hand = 200 * sum((d * d + 0.01) ** 0.25 for d in differences)
    assert simplicity(np.array([0.0, 0.5]), np.ones(2), found) == pytest.approx(by_hand, rel=1e-12)
    assert component_loss(np.array([0.3]), 0.01)[0] == pytest.approx(0.1**0.25)


@pytest.mark.parametrize("kind", ["fixed", "free"])
@pytest.mark.parametrize(("case", "factor"), CASES)
def test_the_minimum_is_that_of_another_program(case: str, factor: str, kind: Any) -> None:
    known = ORACLE["alignment"][case][factor]
    found = Configural(np.array(known["lambda"]), np.array(known["nu"]), np.array(known["n"], dtype=float))
    solution = align(found, kind, starts=8)
    assert solution.start == pytest.approx(known["configural"], rel=1e-9)
    assert solution.value == pytest.approx(known[kind]["value"], rel=1e-7)
    assert solution.sds == pytest.approx(np.array(known[kind]["psi"]), abs=1e-5)
    assert solution.means == pytest.approx(np.array(known[kind]["alpha"]), abs=1e-4)


def test_exactly_invariant_groups_give_back_the_truth() -> None:
    found = alignment(fitted())
    assert found.table["mean"].to_numpy() == pytest.approx(MEANS, abs=1e-5)
    assert found.table["sd"].to_numpy() == pytest.approx(SDS, abs=1e-5)
    assert found.share == 0
    assert found.items["average"].to_numpy() == pytest.approx(np.concatenate([LOADINGS, INTERCEPTS]), abs=1e-5)
    assert found.items["r2"].to_numpy() == pytest.approx(1.0, abs=1e-6)
    # every pair then costs the fourth root of epsilon: 6 pairs of 500 rows, 10 parameters
    assert found.fit_function["value"].iloc[0] == pytest.approx(6 * 500 * 10 * 0.01**0.25, rel=1e-6)


def test_a_few_parameters_that_differ_are_found_and_hardly_move_the_means() -> None:
    found = alignment(fitted(0.6, -0.5))
    assert found.table["mean"].to_numpy() == pytest.approx(MEANS, abs=0.03)
    assert found.table["sd"].to_numpy() == pytest.approx(SDS, abs=0.03)
    differing = found.parameters[~found.parameters["invariant"]][["item", "kind", "group"]].to_numpy().tolist()
    assert sorted(differing) == [["a", "intercept", "g2"], ["b", "loading", "g3"]]
    assert found.share == pytest.approx(2 / 40)
    assert found.items.set_index(["item", "kind"]).loc[("a", "intercept"), "differing"] == "g2"
    assert found.items["loss_share"].sum() == pytest.approx(1.0)
    # the scalar model spreads the misfit over all means
    text = "f =~ a + b + c + d + e"
    equal = ("loadings", "intercepts")
    scalar = cx.cfa(text, population(0.6, -0.5), group="group", group_equal=equal, std_lv=True)
    wrong = np.array([scalar.latent_mean[f"g{g}"]["f"] for g in range(4)])
    assert np.abs(wrong - MEANS).max() > np.abs(found.table["mean"] - MEANS).max()


def test_the_solution_does_not_depend_on_how_the_model_sets_its_scale() -> None:
    marker = cx.cfa("f =~ a + b + c + d + e", population(0.6, -0.5), group="group", meanstructure=True)
    one, other = alignment(fitted(0.6, -0.5)).table, alignment(marker).table
    for column in ("mean", "sd", "se", "sd_se"):
        assert other[column].to_numpy() == pytest.approx(one[column].to_numpy(), abs=1e-4)


def test_aligned_moments_are_those_of_the_configural_model() -> None:
    found = alignment(fitted(0.6, -0.5))
    wide = found.parameters.pivot(index=["kind", "item"], columns="group", values="estimate")
    for g, row in found.table.set_index("group").iterrows():
        loadings, intercepts = wide.loc["loading", g].to_numpy(), wide.loc["intercept", g].to_numpy()
        implied = fitted(0.6, -0.5).implied_mean[str(g)]
        assert intercepts + row["mean"] * loadings == pytest.approx(implied[NAMES].to_numpy(), abs=1e-8)
        cov = fitted(0.6, -0.5).implied_cov[str(g)].loc["a", "b"]
        assert row["sd"] ** 2 * loadings[0] * loadings[1] == pytest.approx(cov, abs=1e-8)


def test_free_estimates_the_first_mean_where_loadings_differ_and_refuses_where_they_do_not() -> None:
    found = alignment(cx.cfa("textual =~ x4 + x5 + x6", get_data(), group="school"), "free")
    assert found.kind == "free"
    assert abs(found.table["mean"].iloc[0]) > 0
    with pytest.raises(IdentificationError) as error:
        alignment(fitted(), "free")
    assert error.value.key == "invariance.free_not_identified"


def test_invariant_groups_are_the_largest_set() -> None:
    member, average = invariant_groups(np.array([1.0, 2.0, 1.01, 0.99]), np.eye(4) * 0.02**2)
    assert member.tolist() == [True, False, True, True]
    assert average == pytest.approx(1.0)


def test_r_squared_is_what_means_and_variances_explain() -> None:
    loadings, intercepts = np.outer(SDS, LOADINGS), INTERCEPTS + np.outer(MEANS, LOADINGS)
    found = Configural(loadings, intercepts, np.full(4, 100.0))
    own = np.tile(LOADINGS, (4, 1)), np.tile(INTERCEPTS, (4, 1))
    for part in r_squared(found, MEANS, SDS, *own):
        assert part == pytest.approx(1.0)
    flat = Configural(np.tile(LOADINGS, (4, 1)), np.tile(INTERCEPTS, (4, 1)), np.full(4, 100.0))
    assert np.isnan(r_squared(flat, np.zeros(4), np.ones(4), *own)[0]).all()


def two_groups(model: str, **options: Any) -> SemFit:
    return cx.cfa(model, get_data(), group="school", **options)


@pytest.mark.parametrize(
    ("fit", "kind", "error", "key"),
    [
        (lambda: cx.cfa("f =~ x1 + x2 + x3 + x4", get_data()), "fixed", ModelError, "aligned_needs_groups"),
        (
            lambda: two_groups("f =~ x1 + x2 + x3", group_equal="loadings"),
            "fixed",
            ModelError,
            "aligned_needs_configural",
        ),
        (lambda: two_groups("f =~ x1 + x2 + x3 + x4; g =~ x4 + x5 + x6"), "fixed", ModelError, "aligned_cross_loading"),
        (lambda: two_groups("f =~ x1 + x2 + x3; g =~ 1*x4; x4 ~~ 0*x4"), "fixed", DataError, "aligned_few_items"),
        (lambda: two_groups("f =~ x1 + x2 + x3"), "bayes", ModelError, "unknown_alignment"),
    ],
)
def test_fits_that_cannot_be_aligned_are_refused(fit: Any, kind: str, error: type[CxlabError], key: str) -> None:
    with pytest.raises(error) as caught:
        alignment(fit(), kind)
    assert caught.value.key == f"invariance.{key}"


def test_it_shows_itself_in_both_languages() -> None:
    found = alignment(fitted(0.6, -0.5))
    for lang in ("en", "vi"):
        text = found.summary(lang) + str(found.apa(lang)) + str(found.apa(lang, kind="items"))
        assert "invariance." not in text
        found.plot(lang)
    assert "5%" in found.summary("en")
    assert "g2" in found.summary("vi")
