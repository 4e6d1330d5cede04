"""The reviewer's checklist: every line has a question, a rule or source, and the result's own number."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from semopy.examples.holzinger39 import get_data

from cxlab.analyses.describe import describe
from cxlab.analyses.missing_data import missing_data
from cxlab.analyses.reliability import reliability
from cxlab.analyses.reviewer_checklist import SLOTS, measurement_report, reviewer_checklist
from cxlab.analyses.reviewer_checklist_result import ReviewerChecklist
from cxlab.analyses.sem import cfa, sem
from cxlab.analyses.specification_curve import specification_curve
from cxlab.errors import ModelError
from cxlab.evaluate.checklist import checklist
from cxlab.evaluate.rules import rules_table
from cxlab.i18n import language
from cxlab.references import all_references

MODEL = "visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6; speed =~ x7 + x8 + x9"
PATHS = MODEL + "; speed ~ visual + textual"
BLOCKS = {"visual": ["x1", "x2", "x3"], "textual": ["x4", "x5", "x6"], "speed": ["x7", "x8", "x9"]}


@cache
def full() -> ReviewerChecklist:
    return measurement_report(PATHS, get_data(), seed=1, n_boot=100)


def row(found: ReviewerChecklist, line: str) -> Any:
    return found.table.set_index("line").loc[line]


def test_every_line_is_complete_in_both_languages() -> None:
    rules, works = set(rules_table()["rule"]), all_references()
    keys = [line.key for line in checklist()]
    assert len(set(keys)) == len(keys) >= 20
    for line in checklist():
        assert set(line.ask) == set(line.advice) == {"en", "vi"}
        assert line.rule in rules | {""}
        assert line.slot in {*SLOTS, ""}
        assert line.status in ("sourced", "memory")
        assert line.rule or line.sources
        assert all(one.key in works for one in line.sources)


def test_an_empty_list_says_what_would_answer_each_line() -> None:
    found = reviewer_checklist()
    counts = found.counts()
    assert counts["open"] + counts["to_write"] == len(checklist())
    assert "cx.reliability" in row(found, "reliability")["answer"]
    assert len(found.open) == counts["open"]


def test_numbers_are_those_of_the_results() -> None:
    found, fit = full(), full().results["fit"]
    loads = fit.estimates[fit.estimates["op"] == "=~"]["std_all"]
    assert row(found, "loadings")["value"] == pytest.approx(loads.abs().min())
    table = full().results["reliability"].table
    kinds = [name for name in ("alpha", "omega_total", "composite_reliability") if name in table]
    assert row(found, "reliability")["value"] == pytest.approx(table[kinds].min().min())
    assert row(found, "discriminant")["value"] == pytest.approx(full().results["htmt"].table["htmt"].max())
    assert row(found, "explained")["value"] == pytest.approx(fit.r2["speed"])
    r = fit.latent_cor.loc["visual", "textual"]
    # two predictors: VIF = 1 / (1 - r²)
    assert row(found, "collinearity")["value"] == pytest.approx(1 / (1 - r**2), rel=1e-6)


def test_verdicts_follow_the_rules() -> None:
    found = full()
    states = found.table.set_index("line")["state"]
    # lavaan's three-factor model of these data: CFI .93, RMSEA .09, SRMR .065; AVE of visual .37
    assert states[["fit", "convergent", "loadings", "discriminant", "distribution"]].tolist() == [
        "not_met", "not_met", "not_met", "met", "met",
    ]  # fmt: skip
    assert "Hu & Bentler" in row(found, "fit")["source"]
    assert row(found, "distribution")["status"] == "memory"
    assert states["mediation"] == states["invariance"] == "not_needed"


def test_missing_answers_and_their_treatment() -> None:
    frame = get_data()
    frame.loc[::9, "x4"] = np.nan
    gaps = missing_data(frame, BLOCKS["textual"])
    plain = reviewer_checklist(cfa(MODEL, frame), missing=gaps)
    treated = reviewer_checklist(cfa(MODEL, frame, missing="fiml"), missing=gaps)
    assert row(plain, "missing")["state"] == "not_met"
    assert row(treated, "missing")["state"] == "met"
    assert "full-information" in row(treated, "missing")["answer"]
    none = reviewer_checklist(missing=missing_data(get_data(), BLOCKS["visual"]))
    assert "no answer is missing" in row(none, "missing")["answer"]


def test_a_model_that_did_not_converge_answers_nothing_and_says_so() -> None:
    fit = replace(cfa(MODEL, get_data()), converged=False, admissible=False)
    found = reviewer_checklist(fit)
    assert "did not converge" in row(found, "fit")["answer"]
    assert row(found, "loadings")["state"] == "not_met"
    assert row(found, "paths")["state"] == "open"


def test_one_construct_and_a_saturated_model() -> None:
    found = reviewer_checklist(cfa("textual =~ x4 + x5 + x6", get_data()))
    assert row(found, "fit")["state"] == "not_needed"
    assert row(found, "collinearity")["state"] == "not_needed"


def test_mediation_without_bootstrap_stays_open_and_with_it_is_reported() -> None:
    fit = sem(MODEL + "; textual ~ visual; speed ~ textual", get_data())
    assert row(reviewer_checklist(fit), "mediation")["state"] == "open"
    found = reviewer_checklist(fit, bootstrap=fit.bootstrap(50, seed=1))
    assert "1 indirect" in row(found, "mediation")["answer"]


def test_robustness_comes_from_the_curve() -> None:
    curve = specification_curve("visual -> speed", PATHS, get_data(), estimator=["ML", "MLR"])
    found = reviewer_checklist(curve=curve)
    assert row(found, "robustness")["state"] == "met"
    assert row(found, "robustness")["value"] == pytest.approx(curve.usable["estimate"].median())


def test_several_groups() -> None:
    found = reviewer_checklist(sem(PATHS, get_data(), group="school"))
    assert row(found, "invariance")["state"] == "open"
    assert row(found, "convergent")["answer"].endswith("6 constructs below the rule")


def test_a_result_of_the_wrong_kind_is_refused() -> None:
    with pytest.raises(ModelError, match="Reliability"):
        reviewer_checklist(reliability=describe(get_data(), ["x1", "x2"]))
    with pytest.raises(ModelError, match="SemFit"):
        reviewer_checklist(get_data())  # type: ignore[arg-type]


def test_a_part_that_cannot_be_made_is_named_and_the_rest_stands() -> None:
    frame = get_data().assign(alone=lambda rows: rows["x1"] + rows["x2"])
    found = measurement_report("textual =~ x4 + x5 + x6; alone ~ textual", frame, seed=1, n_boot=50)
    assert any(one.key == "checklist.failed" and one.values["name"] == "htmt" for one in found.warnings)
    assert row(found, "reliability")["state"] == "met"


def test_twelve_respondents_with_vietnamese_names() -> None:
    frame = get_data().head(12).rename(columns={"x4": "Hài lòng 1"})
    found = reviewer_checklist(
        missing=missing_data(frame, ["Hài lòng 1", "x5"]),
        reliability=reliability(frame, {"Hài lòng": ["Hài lòng 1", "x5", "x6"]}),
    )
    assert "Hài lòng" in row(found, "reliability")["answer"]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_it_reads_in_both_languages(lang: Any) -> None:
    found = full()
    text = found.summary(lang)
    assert "{" not in text
    assert ("Bảng kiểm" in text) == (lang == "vi")
    assert found.apa(lang).to_html(lang)
    with language(lang):
        assert "<table" in found._repr_html_()
        assert isinstance(found.table, pd.DataFrame)
    assert len(found.cite()) > 5
