"""The truth behind a simulated survey comes back, and estimates are held against the right value."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import cxlab as cx
from cxlab.codebook import Codebook, Construct, Item
from cxlab.errors import CxlabError
from cxlab.study.simulation import against_truth, panel_model, simulate, simulated_truth
from cxlab.study.simulation.population import population

FOLDER = Path(__file__).parent / "oracles"
RECOVERY = json.loads((FOLDER / "recovery.json").read_text(encoding="utf-8"))
TRUTH = "SAT =~ 0.8*sat1 + 0.7*sat2 + 0.75*sat3; LOY =~ 0.8*loy1 + 0.7*loy2 + 0.7*loy3; LOY ~ 0.6*SAT"
FITTED = "SAT =~ sat1 + sat2 + sat3; LOY =~ loy1 + loy2 + loy3; LOY ~ SAT"
CASES = [case for case in RECOVERY if case != "made_with"]


def recovery() -> Any:
    spec = importlib.util.spec_from_file_location("recovery", FOLDER / "recovery.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("case", CASES)
def test_the_generating_values_lie_in_their_intervals_at_the_nominal_rate(case: str) -> None:
    stored = RECOVERY[case]
    assert stored["converged"] == RECOVERY["made_with"]["replications"] == 2000
    coverage = np.array(list(stored["coverage"].values()))
    # .95 ± 3.3 standard errors of 2,000 studies; flat seven-point answers make normal-theory intervals a little wide.
    low, high = (0.934, 0.97) if case == "seven_points" else (0.934, 0.966)
    assert low < coverage.min() < coverage.max() < high
    assert coverage.mean() == pytest.approx(0.95, abs=0.006)


@pytest.mark.parametrize("case", CASES)
def test_the_stored_recovery_is_what_the_simulation_still_gives(case: str) -> None:
    module = recovery()
    found = module.study(case, 10)
    assert found.names == list(RECOVERY[case]["coverage"])
    np.testing.assert_array_equal(module.hits(found)[:5].astype(int), RECOVERY[case]["first"])


def test_scores_and_careless_respondents_come_back_from_the_codebook_alone(tmp_path: Path) -> None:
    survey = simulate(TRUTH, 300, 5, standardized=True, points=7, careless=0.1, missing=0.05)
    survey.data.to_csv(tmp_path / "survey.csv", index=False)
    survey.codebook.to_yaml(tmp_path / "codebook.yaml")
    read = cx.read_survey(tmp_path / "survey.csv", codebook=Codebook.from_yaml(tmp_path / "codebook.yaml"))
    one, again = simulated_truth(survey), simulated_truth(read)
    assert_allclose(one.scores, again.scores)
    assert one.careless.tolist() == again.careless.tolist()
    assert one.model == again.model == survey.codebook.truth


def test_notes_beside_the_options_of_a_simulation_do_not_matter() -> None:
    survey = simulate(TRUTH, 60, 5, standardized=True, points=7)
    noted = {**survey.codebook.simulation, "further": {"made": "by hand"}}
    again = cx.Survey(survey.frame, survey.codebook.replace(simulation=noted), source=survey.source)
    assert simulated_truth(again).scores.equals(simulated_truth(survey).scores)


def test_true_scores_stay_with_their_rows() -> None:
    survey = simulate(TRUTH, 300, 5, standardized=True, points=7)
    part = survey.select(where="sat1 >= 4")
    truth = simulated_truth(part)
    assert truth.scores.index.equals(part.data.index)
    assert np.corrcoef(truth.scores["SAT"], part.data[["sat1", "sat2", "sat3"]].mean(axis=1))[0, 1] > 0.7


def test_the_survey_that_an_analyst_sees_holds_no_truth_in_its_columns() -> None:
    survey = simulate(TRUTH, 100, 5, standardized=True, points=7, careless=0.2)
    assert set(survey.frame.columns) == {*survey.items(), "att1", "duration"}


def test_changed_answers_have_no_known_truth() -> None:
    survey = simulate(TRUTH, 100, 5, standardized=True, points=7)
    frame = survey.frame
    frame.loc[1, "sat1"] = 8 - frame.loc[1, "sat1"] if frame.loc[1, "sat1"] != 4 else 5
    with pytest.raises(CxlabError) as caught:
        simulated_truth(cx.Survey(frame, survey.codebook, source=survey.source))
    assert caught.value.key == "simulation.other_answers"


def test_real_data_have_no_truth() -> None:
    with pytest.raises(CxlabError) as caught:
        simulated_truth(cx.Survey(pd.DataFrame({"a": [1, 2]}), Codebook(items={"a": Item("a")})))
    assert caught.value.key == "simulation.not_simulated"


def test_continuous_answers_are_held_against_the_values_of_the_model_text() -> None:
    survey = simulate(TRUTH, 400, 9, standardized=True)
    found = against_truth(cx.sem(FITTED, survey))
    assert found.metric == "std_all"
    assert found.population_rmsea == 0
    assert_allclose(found.table["truth"], found.table["generating"], atol=1e-6)
    assert_allclose(found.table["truth"].head(7), [0.8, 0.7, 0.75, 0.8, 0.7, 0.7, 0.6], atol=1e-6)
    assert found.inside == found.table["inside"].sum()


def test_the_raw_metric_is_used_where_the_scales_are_the_same() -> None:
    text = "f =~ 1*a + 0.9*b + 1.1*c; f ~~ 2*f; a ~~ 1*a; b ~~ 0.8*b; c ~~ 1.2*c; y ~ 0.5*f; y ~~ 1*y"
    found = against_truth(cx.sem("f =~ a + b + c; y ~ f", simulate(text, 400, 9)))
    assert found.metric == "raw"
    assert_allclose(found.table["truth"], [0.9, 1.1, 0.5, 1, 0.8, 1.2, 1, 2], atol=1e-5)


def test_likert_answers_are_held_against_attenuated_loadings() -> None:
    survey = simulate(TRUTH, 40_000, 9, standardized=True, points=5, skew=-1)
    found = against_truth(cx.sem(FITTED, survey))
    loadings = found.table[found.table["op"] == "=~"]
    assert (loadings["truth"] < loadings["generating"] - 0.04).all()
    # With this many respondents the estimates lie at the target, far from the latent responses' loadings.
    assert np.abs(loadings["estimate"] - loadings["truth"]).max() < 0.015
    assert "simulation.truth_on_points" in [notice.key for notice in found.warnings]


def test_another_structure_that_holds_in_the_population_has_its_own_truth() -> None:
    text = "A =~ 0.8*a1 + 0.7*a2; B =~ 0.8*b1 + 0.7*b2; C =~ 0.8*c1 + 0.7*c2; G =~ 0.9*A + 0.8*B + 0.7*C"
    survey = simulate(text, 500, 9, standardized=True)
    found = against_truth(cx.cfa("A =~ a1 + a2; B =~ b1 + b2; C =~ c1 + c2", survey))
    between = found.table.query("op == '~~' and lhs != rhs")
    assert_allclose(between["truth"], [0.72, 0.63, 0.56], atol=1e-5)  # products of second-order loadings
    assert between["generating"].isna().all()


def test_a_wrong_model_says_so_before_its_numbers() -> None:
    survey = simulate(TRUTH, 500, 9, standardized=True)
    found = against_truth(cx.cfa("f =~ sat1 + sat2 + sat3 + loy1 + loy2 + loy3", survey))
    assert found.population_rmsea > 0.1
    serious = [notice.key for notice in found.warnings if notice.serious]
    assert serious == ["simulation.another_model"]
    assert "!" in str(found)


def test_a_path_that_carries_an_omitted_cause_says_so() -> None:
    text = "A =~ 0.8*a1 + 0.7*a2 + 0.7*a3; B =~ 0.8*b1 + 0.7*b2 + 0.7*b3; A ~~ 0.5*B; y ~ 0.4*A + 0.4*B"
    found = against_truth(cx.sem("A =~ a1 + a2 + a3; y ~ A", simulate(text, 400, 9, standardized=True)))
    path = found.table.query("op == '~'").iloc[0]
    assert path["truth"] == pytest.approx(0.4 + 0.5 * 0.4, abs=1e-5)
    assert path["generating"] == pytest.approx(0.4)
    assert [n.values["names"] for n in found.warnings if n.key == "simulation.truth_apart"] == ["A → y"]
    assert "generating" in found.apa().columns


def test_reversed_items_count_as_they_were_analysed() -> None:
    items = {
        name: Item(name, min=1, max=7, reversed=name == "sat3")
        for name in ("sat1", "sat2", "sat3", "loy1", "loy2", "loy3")
    }
    survey = simulate(TRUTH, 3000, 9, standardized=True, codebook=Codebook(items=items))
    raw, turned = (against_truth(cx.sem(FITTED, one)).table for one in (survey, survey.reverse_scored()))
    assert raw["truth"].iloc[2] == pytest.approx(-turned["truth"].iloc[2], abs=1e-9)
    assert np.abs(raw["estimate"] - raw["truth"]).max() < 0.08


def test_turned_items_scores_and_dropped_items_do_not_hide_the_truth() -> None:
    names = ("sat1", "sat2", "sat3", "loy1", "loy2", "loy3")
    constructs = {name: Construct(name) for name in ("SAT", "LOY")}
    items = {n: Item(n, min=1, max=7, reversed=n == "sat3", construct=n[:3].upper()) for n in names}
    flaws = {"careless": 0.1, "missing": 0.05, "method_factor": {"share": 0.05, "items": "reversed"}}
    book = Codebook(items=items, constructs=constructs)
    survey = simulate(TRUTH, 600, 9, standardized=True, codebook=book, **flaws)
    turned = survey.reverse_scored()
    assert simulated_truth(turned.with_scores()).careless.equals(simulated_truth(survey).careless)
    part = turned.select("sat1", "sat2", "loy1", "loy2", "loy3")
    with pytest.raises(CxlabError) as caught:
        simulated_truth(part)
    assert caught.value.key == "simulation.items_dropped"
    found = against_truth(cx.cfa("LOY =~ loy1 + loy2 + loy3", part))
    whole = against_truth(cx.cfa("LOY =~ loy1 + loy2 + loy3", turned))
    assert_allclose(found.table["truth"], whole.table["truth"])
    assert "simulation.truth_without_method" in [notice.key for notice in found.warnings]


def test_groups_are_matched_by_name() -> None:
    text = TRUTH.replace("0.6*SAT", "c(0.2, 0.7)*SAT")
    survey = simulate(text, {"online": 400, "store": 400}, 9, standardized=True)
    backwards = cx.Survey(survey.frame.iloc[::-1], survey.codebook, source=survey.source)
    found = against_truth(cx.sem(FITTED, backwards, group="group"))
    paths = found.table[found.table["op"] == "~"]
    assert_allclose(paths["truth"], [0.7, 0.2], atol=1e-5)
    with pytest.raises(CxlabError) as caught:
        against_truth(cx.sem(FITTED, survey))
    assert caught.value.key == "simulation.fit_without_groups"


def test_a_truth_can_be_given_as_text() -> None:
    survey = simulate(TRUTH, 400, 9, standardized=True)
    frame = survey.data.reset_index(drop=True)
    truth = population(TRUTH, standardized=True).truth
    found = against_truth(cx.sem(FITTED, frame), truth)
    assert_allclose(found.table["truth"], against_truth(cx.sem(FITTED, survey)).table["truth"], atol=1e-9)
    with pytest.raises(CxlabError) as caught:
        against_truth(cx.sem(FITTED, frame))
    assert caught.value.key == "simulation.not_simulated"


def test_the_comparison_can_be_shown_in_both_languages() -> None:
    survey = simulate(TRUTH, 200, 9, standardized=True, points=5, careless=0.1, method_factor=0.05)
    found = against_truth(cx.sem(FITTED, survey))
    for lang, word in (("en", "SIMULATED"), ("vi", "MÔ PHỎNG")):
        assert word in found.summary(lang)  # type: ignore[arg-type]
        assert word in found.apa(lang).to_html(lang)  # type: ignore[arg-type]
        assert found.plot(lang=lang).axes  # type: ignore[arg-type]
    assert {"simulation.truth_without_careless", "simulation.truth_without_method"} <= {n.key for n in found.warnings}
    assert found.cite()[0].key == "plackett_1954"


def test_unknown_metrics_and_levels_are_refused() -> None:
    fit = cx.sem(FITTED, simulate(TRUTH, 200, 9, standardized=True))
    for options in ({"metric": "std"}, {"level": 95}):
        with pytest.raises(CxlabError):
            against_truth(fit, **options)  # type: ignore[arg-type]


def test_every_wave_of_a_panel_has_the_moments_of_one_and_constructs_carry_over() -> None:
    text = panel_model(TRUTH, 3, {"SAT": 0.6, "LOY": 0.5}, cross={("LOY", "SAT"): 0.2}, standardized=True)
    one, panel = population(TRUTH, standardized=True), population(text)
    p = len(one.names)
    cov = panel.cov[0]
    for wave in range(3):
        at = [panel.names.index(f"{name}_w{wave + 1}") for name in one.names]
        assert_allclose(cov[np.ix_(at, at)], one.cov[0], atol=1e-9)
    assert len(panel.names) == 3 * p
    # By hand: SAT correlates .6 with itself a wave later; an item keeps .3 of its residual .36.
    first, second = panel.names.index("sat1_w1"), panel.names.index("sat1_w2")
    assert cov[first, second] == pytest.approx(0.8**2 * 0.6 + 0.3 * 0.36)
    loyal = panel.names.index("loy1_w2")
    assert cov[first, loyal] == pytest.approx(0.8 * 0.8 * (0.5 * 0.6 + 0.2))


def test_means_and_intercepts_stay_the_same_over_waves() -> None:
    one = TRUTH + "; sat1 ~ 4*1; SAT ~ 0.5*1"
    panel = population(panel_model(one, 3, 0.5, standardized=True))
    means = dict(zip(panel.names, panel.mean[0], strict=True))
    assert [round(means[f"sat1_w{wave}"], 9) for wave in (1, 2, 3)] == [4.4] * 3


def test_constructs_are_named_in_the_codebooks_words_and_items_by_their_keys() -> None:
    text = "satisfaction =~ 0.8*sat1 + 0.7*sat2 + 0.7*sat3; loyalty =~ 0.8*loy1 + 0.7*loy2 + 0.7*loy3"
    book = cx.framework("gentile").codebook(outcomes=["satisfaction", "loyalty"])
    survey = simulate(text + "; loyalty ~ 0.5*satisfaction", 200, 9, standardized=True, codebook=book)
    fit = cx.sem("satisfaction =~ sat1 + sat2 + sat3; loyalty =~ loy1 + loy2 + loy3; loyalty ~ satisfaction", survey)
    table = against_truth(fit).apa("vi").to_html("vi")
    assert "Sự hài lòng → Lòng trung thành" in table
    assert "Sự hài lòng =~ sat2" in table
