"""Ordinal fits: held against the responses behind the answers, and simulated from with their thresholds."""

from __future__ import annotations

import pytest
from numpy.testing import assert_allclose
from scipy.stats import norm

import cxlab as cx
from cxlab.errors import DataError, ModelError, NotSupportedError

TRUTH = "A =~ 0.8*a1 + 0.7*a2 + 0.6*a3; B =~ 0.8*b1 + 0.7*b2 + 0.6*b3; B ~ 0.5*A"
FITTED = "A =~ a1 + a2 + a3; B =~ b1 + b2 + b3; B ~ A"
SHARES = [0.1, 0.2, 0.4, 0.3]
CUTS = norm.ppf([0.1, 0.3, 0.7])


@pytest.mark.parametrize("parameterization", ["delta", "theta"])
def test_an_ordinal_fit_is_held_against_the_responses_not_the_answers(parameterization: str) -> None:
    survey = cx.simulate(TRUTH, 500, 4, standardized=True, points=4, shares=SHARES)
    found = cx.against_truth(cx.sem(FITTED, survey, ordered=True, parameterization=parameterization))
    rows = found.table
    assert_allclose(rows.loc[rows["op"].isin(["=~", "~"]), "truth"], [0.8, 0.7, 0.6, 0.8, 0.7, 0.6, 0.5], atol=1e-6)
    assert_allclose(rows.loc[rows["op"] == "|", "truth"].to_numpy().reshape(6, 3), [CUTS] * 6, atol=1e-6)
    assert found.population_rmsea == 0
    assert not found.on_points
    assert [notice.key for notice in found.warnings] == ["analyses.simulated"]


def test_groups_have_their_thresholds_in_their_own_units() -> None:
    truth = "A =~ 0.8*a1 + 0.7*a2 + 0.6*a3 + 0.6*a4; A ~ c(0, 0.5)*1"
    survey = cx.simulate(truth, {"u": 400, "v": 400}, 5, standardized=True, points=4, shares=SHARES)
    rows = cx.against_truth(cx.cfa("A =~ a1 + a2 + a3 + a4", survey, ordered=True, group="group")).table
    first = rows[(rows["lhs"] == "a1") & (rows["op"] == "|")]
    assert_allclose(first.loc[first["group"] == 1, "truth"], CUTS, atol=1e-6)
    assert_allclose(first.loc[first["group"] == 2, "truth"], CUTS - 0.8 * 0.5, atol=1e-6)


def test_a_reversed_item_counts_as_the_analyst_left_it_and_absent_answers_have_no_threshold() -> None:
    book = cx.framework("gentile").codebook()
    truth = "sensorial =~ 0.8*sen1 + 0.7*sen2 + 0.6*sen3 + 0.6*sen4"
    shares = [0.0001, 0.0499, 0.1, 0.15, 0.2, 0.25, 0.25]
    survey = cx.simulate(truth, 300, 3, codebook=book, standardized=True, shares=shares)
    assert survey.data["sen4"].max() == 6  # 7 would be the rarest answer, turned
    cuts = norm.ppf([0.05, 0.15, 0.3, 0.5, 0.75])
    for one, sign in ((survey, -1), (survey.reverse_scored(), 1)):
        rows = cx.against_truth(cx.cfa("sensorial =~ sen1 + sen2 + sen3 + sen4", one, ordered=True)).table
        assert rows.loc[rows["rhs"] == "sen4", "truth"].iloc[0] == pytest.approx(sign * 0.6, abs=1e-6)
        taus = rows.loc[(rows["lhs"] == "sen4") & (rows["op"] == "|"), "truth"].to_numpy()
        assert_allclose(taus, cuts if sign > 0 else -cuts[::-1], atol=1e-6)


def test_ordinal_and_numeric_items_side_by_side_each_have_their_own_target() -> None:
    survey = cx.simulate("A =~ 0.8*a1 + 0.7*a2 + 0.6*a3", 400, 4, standardized=True, points=4, shares=SHARES)
    rows = cx.against_truth(cx.cfa("A =~ a1 + a2 + a3", survey, ordered=["a1", "a2"])).table
    # A numeric item is attenuated by sum of densities at the thresholds over the answers' standard deviation.
    mean = sum(k * share for k, share in enumerate(SHARES))
    spread = (sum(k * k * share for k, share in enumerate(SHARES)) - mean**2) ** 0.5
    assert_allclose(rows["truth"][:3], [0.8, 0.7, 0.6 * norm.pdf(CUTS).sum() / spread], atol=1e-6)


def test_a_table_without_its_survey_has_no_points_to_compare_with() -> None:
    survey = cx.simulate(TRUTH, 300, 4, standardized=True, points=4)
    fit = cx.sem(FITTED, survey.data, ordered=True)
    with pytest.raises(ModelError, match="points") as caught:
        cx.against_truth(fit, survey.codebook.truth)
    assert caught.value.key == "simulation.ordered_without_points"


def test_an_ordinal_fit_simulates_answers_with_its_shares_and_correlations() -> None:
    survey = cx.simulate(TRUTH, 800, 4, standardized=True, points=(0, 3), shares=SHARES)
    fit = cx.sem(FITTED, survey, ordered=True)
    again = cx.simulate(fit, 20_000, 6)
    for name in ("a1", "b3"):
        shares = survey.data[name].value_counts(normalize=True).sort_index()
        made = again.data[name].value_counts(normalize=True).sort_index()
        assert made.index.tolist() == [0, 1, 2, 3]
        assert_allclose(made, shares, atol=0.012)  # 3.5 standard errors of a share of .4
    found = cx.sem(FITTED, again, ordered=True).estimates
    std = fit.estimates.set_index(["lhs", "op", "rhs"])["std_all"]
    assert_allclose(found.set_index(["lhs", "op", "rhs"])["std_all"], std, atol=0.04)
    assert cx.simulate(fit, 50, 1, points=7).data.max().max() > 3


def test_an_ordinal_fit_that_cannot_be_simulated_says_why() -> None:
    survey = cx.simulate(TRUTH, 400, 4, standardized=True, points=4, shares=SHARES)
    data = survey.data.replace({"a1": {3: 2}}).assign(group=["u", "v"] * 200)
    with pytest.raises(DataError, match="'a1' run from 1 to 4"):
        cx.simulate(cx.sem(FITTED, data, ordered=True), 100, 1)
    fit = cx.sem(FITTED, survey.data.assign(group=["u", "v"] * 200), ordered=True, group="group")
    with pytest.raises(NotSupportedError, match="several groups") as caught:
        cx.simulate(fit, {"u": 100, "v": 100}, 1)
    assert caught.value.key == "simulation.ordered_groups"
