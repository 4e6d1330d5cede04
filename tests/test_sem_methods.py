"""What a SemFit is asked afterwards: each method against lavaan's numbers, and what it refuses."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from semopy.examples import holzinger39

import cxlab as cx
from cxlab.analyses import sem_cross_check
from cxlab.analyses.compare import compare
from cxlab.analyses.sem import growth
from cxlab.errors import CxlabError, EstimationError, ModelError, NotSupportedError

ORACLES = Path(__file__).parent / "oracles"
THREE = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
MEDIATION = THREE + "\ntextual ~ a*visual\nspeed ~ b*textual + c*visual\nindirect := a*b"


@cache
def posthoc(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ORACLES / "posthoc.json").read_text(encoding="utf-8"))["cases"][name]
    return found


@pytest.fixture(scope="module")
def hs() -> pd.DataFrame:
    return holzinger39.get_data()


@pytest.fixture(scope="module")
def mediation(hs):
    return cx.sem(MEDIATION, hs)


@pytest.fixture(scope="module")
def scalar(hs):
    return cx.cfa(THREE, hs, group="school", group_equal=["loadings", "intercepts"])


# posthoc.R takes lavaan's own estimates, up to 3e-4 standard errors from the optimum
CLOSE = {"rtol": 2e-3, "atol": 2e-3}


def test_modification_indices_equal_lavaans(scalar):
    found = scalar.modification_indices(sort=False)
    lavaan = pd.DataFrame(posthoc("scalar")["mi"])
    assert found[["lhs", "op", "rhs", "group"]].to_numpy().tolist() == (
        lavaan[["lhs", "op", "rhs", "group"]].to_numpy().tolist()
    )
    np.testing.assert_allclose(found["mi"], lavaan["mi"].astype(float), **CLOSE)
    np.testing.assert_allclose(found["epc"], lavaan["epc"].astype(float), **CLOSE)
    largest = scalar.modification_indices(maximum_number=1, op="~~")
    assert len(largest) == 1
    assert largest["op"].tolist() == ["~~"]


def test_score_test_of_the_constraints_equals_lavaans(scalar):
    found, lavaan = scalar.score_test(), posthoc("scalar")["score_test"]
    total = lavaan["total"][0] if isinstance(lavaan["total"], list) else lavaan["total"]
    statistic = total["X2"][0] if isinstance(total["X2"], list) else total["X2"]
    assert found.chisq == pytest.approx(statistic, rel=2e-3)
    assert len(found.table) == 15


def test_score_test_of_a_parameter_names_what_could_be_added(mediation):
    assert mediation.score_test(add=["speed =~ x1"]).df == 1
    with pytest.raises(ModelError):
        mediation.score_test(add=["speed =~ x99"])
    with pytest.raises(ModelError):
        mediation.score_test()


def test_standardised_solution_has_its_own_errors(scalar):
    found, lavaan = scalar.standardized(), pd.DataFrame(posthoc("scalar")["std"]["std_all"])
    shown = lavaan[~lavaan["op"].isin(["==", "<", ">"])]
    np.testing.assert_allclose(found["est_std"], shown["est.std"].astype(float), **CLOSE)
    np.testing.assert_allclose(found["se"], shown["se"].astype(float), **CLOSE)
    with pytest.raises(CxlabError):
        scalar.standardized(level=95)


def test_effects_list_direct_indirect_and_total(mediation):
    found = mediation.effects(source="visual", target="speed").set_index("kind")
    defined = mediation.estimates.iloc[-1]
    assert found.loc["indirect", "est"] == pytest.approx(defined["est"], rel=1e-10)
    assert found.loc["indirect", "se"] == pytest.approx(defined["se"], rel=1e-8)
    assert found.loc["total", "est"] == pytest.approx(found.loc["direct", "est"] + found.loc["indirect", "est"])


def test_factor_scores_keep_the_rows_numbers_and_equal_lavaans(hs, scalar):
    found = scalar.factor_scores()
    assert found.index.tolist() == list(range(1, 302))
    rows = pd.DataFrame(found.to_numpy(), columns=found.columns).assign(school=hs["school"].to_numpy())
    for group, lavaan in zip(scalar.groups, posthoc("scalar")["regression"], strict=True):
        own = rows.loc[rows["school"] == group, ["visual", "textual", "speed"]].head(len(lavaan["score"]))
        np.testing.assert_allclose(own, np.array(lavaan["score"], dtype=float).reshape(own.shape), **CLOSE)
    assert list(scalar.factor_scores("bartlett", se=True)) == [
        *("visual", "textual", "speed", "visual_se", "textual_se", "speed_se")
    ]
    assert scalar.score_determinacy().index.tolist() == ["Pasteur", "Grant-White"]


def test_incomplete_rows_are_scored_under_their_own_numbers(hs):
    holed = hs.assign(x1=hs["x1"].where(hs.index != 7))
    assert 7 not in cx.cfa(THREE, holed).factor_scores().index
    assert cx.cfa(THREE, holed, missing="fiml").factor_scores().notna().all().all()


def test_residual_tests_and_their_summary_equal_lavaans(scalar):
    found, lavaan = scalar.residual_tests("cor.bollen"), posthoc("scalar")["residuals"]
    assert set(found["group"]) == {1, 2}
    assert "cor.bollen" in lavaan
    summary = scalar.residual_summary()
    srmr = summary[(summary["measure"] == "srmr") & (summary["part"] == "total")]["value"]
    shares = scalar.fitted.shares
    assert float((srmr.to_numpy() * shares).sum()) == pytest.approx(scalar.fit_measures["srmr"], rel=1e-8)
    worst = scalar.largest_residuals(1)
    assert len(worst) == 1


def test_nested_models_are_compared(hs, scalar):
    configural = cx.cfa(THREE, hs, group="school")
    table = compare(scalar, configural, names=["scalar", "configural"]).table
    # lavaan: 164.103 on 60 less 115.851 on 48
    assert table["chisq_diff"].iloc[1] == pytest.approx(164.103 - 115.851, abs=2e-3)
    assert table["df_diff"].iloc[1] == 12
    robust = [cx.cfa(THREE, hs, estimator="MLR", orthogonal=apart) for apart in (False, True)]
    assert compare(*robust).method == "satorra.bentler.2001"


def test_semopy_agrees_with_the_own_engine_and_the_other_way_round(hs, mediation):
    check = mediation.cross_check()
    assert check.agrees
    assert check.largest < 1e-4
    assert check.chisq_other == pytest.approx(check.chisq, rel=1e-8)
    assert len(check.table) == mediation.fit_measures["npar"]
    assert "same solution" in str(check)
    assert "cùng nghiệm" in check.summary("vi")
    assert "semopy" in check.apa().to_html("en")
    back = cx.sem(MEDIATION, hs, engine="semopy").cross_check()
    assert back.other == "cxlab"
    assert back.agrees


@pytest.mark.parametrize(
    "settings", [{"group": "school"}, {"estimator": "GLS"}, {"meanstructure": True}, {"missing": "fiml"}]
)
def test_where_semopy_is_not_sound_the_cross_check_says_so(hs, settings):
    check = cx.cfa(THREE, hs, **settings).cross_check()
    assert check.reason is not None
    assert not check.agrees
    assert check.table.empty
    assert str(check).startswith("semopy cannot check this model.")


def test_an_engine_that_ends_elsewhere_is_told(mediation, monkeypatch):
    outcome = sem_cross_check.solve(mediation.request)
    elsewhere = replace(outcome, fitted=replace(outcome.fitted, theta=outcome.fitted.theta + 0.01))
    monkeypatch.setattr(sem_cross_check, "solve", lambda request: elsewhere)
    check = mediation.cross_check()
    assert not check.agrees
    assert "ends elsewhere" in str(check)


def test_bootstrap_takes_the_fits_own_settings(hs, mediation):
    boot = mediation.bootstrap(n=60, seed=3)
    assert int(boot.status["replicates"]) == 60
    assert boot.table["est"].iloc[-1] == pytest.approx(mediation.estimates["est"].iloc[-1], rel=1e-6)
    grouped = cx.cfa(THREE, hs, group="school").bootstrap(n=20, seed=3)
    assert set(grouped.r2["group"]) == {1, 2}
    with pytest.raises(NotSupportedError) as caught:
        cx.cfa(THREE, hs, engine="semopy").bootstrap(n=10, seed=1)
    assert caught.value.key == "sem.bootstrap_semopy"


def test_judgements_need_a_converged_fit(hs, monkeypatch):
    from cxlab.estimate.sem.solver import Control

    monkeypatch.setattr("cxlab.analyses.sem_options.Control", lambda distance: Control(distance, iterations=2))
    fit = cx.cfa(THREE, hs)
    for judge in (fit.standardized, fit.effects, fit.residual_tests, fit.factor_scores, fit.bootstrap):
        with pytest.raises(EstimationError):
            judge()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"group": "school", "group_equal": ["loadings"], "group_partial": "visual=~x2"}, 'group = "school"'),
        ({"group": "school", "group_equal": ["loadings"]}, 'group.equal = c("loadings")'),
        ({"group": "school", "group_equal": "loadings", "group_partial": "x7~1"}, 'group.partial = c("x7~1")'),
        ({"missing": "fiml"}, 'missing = "fiml"'),
        ({"estimator": "MLR"}, 'estimator = "MLR"'),
        ({"se": "robust"}, 'se = "robust.sem"'),
        ({"test": "scaled.shifted"}, 'test = "scaled.shifted"'),
        ({"information": "observed", "meanstructure": True}, 'information = "observed", meanstructure = TRUE'),
        ({"fixed_x": False}, "fixed.x = FALSE"),
    ],
)
def test_the_script_for_r_holds_every_option(hs, settings, words):
    # every one of these scripts was run with lavaan 0.6-14 and printed the chi-square of its first line
    assert words in cx.cfa(THREE, hs, **settings).to_lavaan()


def test_growth_shows_the_mean_level_and_change():
    data = pd.read_csv(ORACLES / "data/engine_dg.csv")
    fit = growth("i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4\ns =~ 0*t1 + 1*t2 + 2*t3 + 3*t4", data)
    # lavaan's tutorial on growth curves prints 8.069 on 5 and means of 0.615 and 1.006
    assert round(fit.fit_measures["chisq"], 3) == 8.069
    assert fit.latent_mean.round(3).to_dict() == {"i": 0.615, "s": 1.006}
    assert "mean of s" in fit.summary()
    assert "Trung bình của các biến tiềm ẩn" in fit.apa().to_html("vi")
    assert fit.to_lavaan().count("growth(model") == 1
