"""Rival structures of one questionnaire: against lavaan, semTools and psych, and by hand where the truth is known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from semopy.examples.holzinger39 import get_data

import cxlab as cx
from cxlab.analyses import structure_contest as module
from cxlab.analyses.structure_contest import structure_contest
from cxlab.analyses.structure_contest_result import StructureContest
from cxlab.errors import CxlabError, DataError, EstimationError, ModelError
from cxlab.evaluate.dimensionality import dimensionality, scored_alone
from cxlab.evaluate.omega import bifactor_indices, schmid_leiman

ORACLE: dict[str, Any] = json.loads((Path(__file__).parent / "oracles" / "validity.json").read_text(encoding="utf-8"))
SURVEYS = {"reputation": "corporate_reputation", "switching": "corporate_reputation", "business": "b2b_annual",
           "pages": "yellow_pages"}  # fmt: skip
CASES = ("schools", *SURVEYS)
MEASURES = {"cfi": "cfi_robust", "tli": "tli_robust", "rmsea": "rmsea_robust",
            "rmsea_ci_lower": "rmsea_ci_lower_robust",
            "rmsea_ci_upper": "rmsea_ci_upper_robust", "srmr": "srmr", "aic": "aic", "bic": "bic", "n_free": "npar",
            "df": "df"}  # fmt: skip
GENERAL = ("omega_total", "omega_h", "ecv", "puc", "h")
GROUPS = {"omega_s": "omega_s", "omega_hs": "omega_hs", "ecv": "group_ecv", "h": "group_h"}


@cache
def contest(case: str) -> StructureContest:
    data = get_data() if case == "schools" else cx.load_dataset(SURVEYS[case])
    return structure_contest(data, ORACLE[case]["blocks"])


@cache
def population(general: float, own: float, groups: int = 4, n: int = 500) -> StructureContest:
    """The contest on exact moments of a bifactor population: the fit must return its parameters."""
    loadings = np.column_stack([np.full(3 * groups, general), np.kron(np.eye(groups), np.full((3, 1), own))])
    cov = loadings @ loadings.T
    np.fill_diagonal(cov, 1.0)
    blocks = {f"part{i}": [f"p{i}_{j}" for j in range(3)] for i in range(groups)}
    names = [item for items in blocks.values() for item in items]
    return structure_contest(cx.Moments(cov, n, names=names, divisor="n"), blocks)


@pytest.mark.parametrize("case", CASES)
def test_fit_equals_lavaan(case: str) -> None:
    table = contest(case).table.set_index("structure")
    for name, known in ORACLE[case]["structures"].items():
        row = table.loc[name]
        assert row["converged"]
        assert row["admissible"] == known["proper"]
        # the inadmissible bifactor of the school tests is flat: lavaan's robust statistic is off in the fifth digit
        assert row["chisq"] == pytest.approx(known["chisq_scaled"], rel=5e-4)
        for own, source in MEASURES.items():
            assert row[own] == pytest.approx(known[source], abs=1e-4, rel=1e-6), (name, own)


@pytest.mark.parametrize("case", CASES)
def test_differences_equal_lavaan(case: str) -> None:
    tests = contest(case).tests.set_index(["restricted", "free"])
    known = ORACLE[case]["tests"]
    pairs = {"one_correlated": ("one_factor", "correlated"), "second_bifactor": ("second_order", "bifactor")}
    for key, pair in pairs.items():
        if known.get(key):
            assert tests.loc[pair, "df_diff"] == known[key]["df_diff"]
            assert tests.loc[pair, "chisq_diff"] == pytest.approx(known[key]["chisq_diff"], rel=1e-3)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("structure", "key"), [("bifactor", "bifactor"), ("second_order", "second")])
def test_indices_of_the_general_factor_equal_their_definitions_in_r(case: str, structure: str, key: str) -> None:
    if key not in ORACLE[case]:
        pytest.skip("no such solution in lavaan")
    known, found = ORACLE[case][key], contest(case)
    row = found.general_row(structure)
    for name in GENERAL:
        assert row[name] == pytest.approx(known[name], abs=1e-5), name
    groups = found.groups[found.groups["structure"] == structure]
    for own, source in GROUPS.items():
        assert groups[own].to_numpy() == pytest.approx(np.array(known[source]), abs=2e-5), own
    items = found.items[found.items["structure"] == structure]
    assert items["item_ecv"].to_numpy() == pytest.approx(np.array(known["item_ecv"]), abs=2e-5)
    if found.table.set_index("structure").loc[structure, "admissible"]:
        assert row["determinacy"] == pytest.approx(known["determinacy"], abs=1e-5)
        assert groups["determinacy"].to_numpy() == pytest.approx(np.array(known["group_determinacy"]), abs=2e-5)


@pytest.mark.parametrize("case", ["schools", "business"])
def test_omega_of_the_second_order_equals_semtools(case: str) -> None:
    found = contest(case).general_row("second_order")
    assert found["omega_h"] == pytest.approx(ORACLE[case]["second_l2"]["omegaL1"], abs=1e-5)


@pytest.mark.parametrize("case", ["schools", "reputation", "pages"])
def test_omegas_equal_psych_where_sums_are_divided_by_the_samples_correlations(case: str) -> None:
    found = contest(case)
    rows = found.items[found.items["structure"] == "bifactor"]
    group = np.zeros((len(rows), len(found.blocks)))
    for place, name in enumerate(found.blocks):
        group[rows["construct"] == name, place] = rows.loc[rows["construct"] == name, "group"]
    cov = found["bifactor"].sample_cov.loc[rows["item"], rows["item"]].to_numpy()  # type: ignore[union-attr]
    spread = np.sqrt(np.diag(cov))
    indices = bifactor_indices(rows["general"].to_numpy(), group, cov / np.outer(spread, spread))
    # psych reads the unstandardised loadings of answers with variance (n - 1) / n; two loadings held equal in raw
    # answers are not the same model in standardised ones
    known, n = ORACLE[case]["psych"]["omega_h"], found.n_obs
    assert indices.omega_h * (n - 1) / n == pytest.approx(known, abs=0.01 if case == "pages" else 1e-5)


@pytest.mark.parametrize("case", CASES)
def test_omega_total_of_correlated_factors_equals_r(case: str) -> None:
    row = contest(case).general_row("correlated")
    assert row["omega_total"] == pytest.approx(ORACLE[case]["correlated_omega_total"], abs=1e-5)
    assert pd.isna(row["omega_h"])


@pytest.mark.parametrize(
    ("general", "own", "verdict"), [(0.8, 0.3, "one_feeling"), (0.7, 0.5, "mostly_one"), (0.4, 0.6, "components")]
)
def test_a_known_population_is_read_as_what_it_is(general: float, own: float, verdict: str) -> None:
    found = population(general, own)
    row = found.general_row("bifactor")
    # by hand: twelve items, four groups of three
    top, each = (12 * general) ** 2, 4 * (3 * own) ** 2
    total = top + each + 12 * (1 - general**2 - own**2)
    assert row["omega_h"] == pytest.approx(top / total, abs=1e-5)
    assert row["omega_total"] == pytest.approx((top + each) / total, abs=1e-5)
    assert row["ecv"] == pytest.approx(general**2 / (general**2 + own**2), abs=1e-5)
    assert row["puc"] == pytest.approx(1 - 4 * 3 / 66)
    score = 9 * (general**2 + own**2) + 3 * (1 - general**2 - own**2)
    groups = found.groups[found.groups["structure"] == "bifactor"]
    assert groups["omega_hs"].to_numpy() == pytest.approx(np.full(4, 9 * own**2 / score), abs=1e-5)
    assert found.judged == "bifactor"
    assert found.verdict == verdict
    assert found.reading("en")[0].startswith("Components in theory")
    assert found.reading("vi")[0].startswith("Nhiều yếu tố")


def test_a_second_order_population_fits_as_second_order_and_as_bifactor() -> None:
    found = population(0.7, 0.5)
    table = found.table.set_index("structure")
    # equal loadings are proportional, so the population is a second-order one too
    assert table.loc[["correlated", "second_order", "bifactor"], "chisq"].to_numpy() == pytest.approx(0, abs=1e-6)
    second, bifactor = found.general_row("second_order"), found.general_row("bifactor")
    for name in GENERAL:
        assert second[name] == pytest.approx(bifactor[name], abs=1e-5)
    assert set(zip(found.tests["restricted"], found.tests["free"], strict=True)) == {
        ("one_factor", "correlated"), ("second_order", "correlated"), ("second_order", "bifactor")}  # fmt: skip


def test_one_factor_that_does_is_one_feeling_even_without_a_general_factor() -> None:
    cor = np.full((9, 9), 0.6) + 0.4 * np.eye(9)
    names = [f"q{i}" for i in range(9)]
    blocks = {f"part{i}": names[3 * i : 3 * i + 3] for i in range(3)}
    moments = cx.Moments(cor, 300, names=names)
    found = structure_contest(moments, blocks, ["one_factor", "correlated"])
    assert found.judged is None
    assert found.verdict == "one_feeling"


def test_three_constructs_make_second_order_and_correlated_the_same() -> None:
    found = contest("schools")
    table = found.table.set_index("structure")
    assert table.loc["second_order", "chisq"] == pytest.approx(table.loc["correlated", "chisq"], rel=1e-5)
    assert "validity.second_of_three" in [notice.key for notice in found.warnings]
    assert ("second_order", "correlated") not in set(zip(found.tests["restricted"], found.tests["free"], strict=True))


def test_two_constructs_have_no_second_order() -> None:
    blocks = dict(list(ORACLE["schools"]["blocks"].items())[:2])
    found = structure_contest(get_data(), blocks)
    table = found.table.set_index("structure")
    assert table["state"].to_dict() == {"one_factor": "ok", "correlated": "ok", "second_order": "not_identified",
                                        "bifactor": "not_identified"}  # fmt: skip
    assert "one correlation" in table.loc["second_order", "reason"]
    assert list(found.fits) == ["one_factor", "correlated"]
    assert found.verdict == "undecided"
    assert "not identified" in str(found)
    assert found.plot("vi").axes


def test_two_items_of_a_construct_are_held_equal_and_said() -> None:
    found = contest("pages")
    told = next(notice for notice in found.warnings if notice.key == "validity.bifactor_two_items")
    assert told.values["constructs"] == "distribution"
    estimates = found["bifactor"].estimates
    pair = estimates[(estimates["lhs"] == "distribution") & (estimates["op"] == "=~")]["est"]
    assert len(pair) == 2
    assert pair.iloc[0] == pytest.approx(pair.iloc[1], rel=1e-10)
    assert ("second_order", "bifactor") not in set(zip(found.tests["restricted"], found.tests["free"], strict=True))


def test_inadmissible_structures_stay_with_their_reason() -> None:
    found = contest("reputation")
    row = found.table.set_index("structure").loc["second_order"]
    assert row["state"] == "inadmissible"
    assert "negative variance of likeability" in row["reason"]
    assert not pd.isna(row["chisq"])
    assert any("second-order" in text and "negative variance" in text for text in found.reading("en"))
    assert found.judged == "bifactor"
    assert found.verdict == "mostly_one"
    assert any("both signs" in text for text in found.reading("en"))


def test_a_structure_that_fails_stays_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    real = module.cfa

    def cfa(text: str, *given: Any, **more: Any) -> Any:
        fit = real(text, *given, **more)
        if "NA*" in text:
            raise EstimationError("sem.needs_convergence")
        return replace(fit, converged=False) if "general =~ visual" in text else fit

    monkeypatch.setattr(module, "cfa", cfa)
    found = structure_contest(get_data(), ORACLE["schools"]["blocks"])
    states = found.table.set_index("structure")["state"].to_dict()
    assert states["second_order"] == "not_converged"
    assert states["bifactor"] == "not_fitted"
    assert found.verdict == "undecided"
    for lang in ("en", "vi"):
        assert found.summary(lang)  # type: ignore[arg-type]
        assert found.plot(lang).axes  # type: ignore[arg-type]
    with pytest.raises(CxlabError) as error:
        found["bifactor"]
    assert error.value.key == "validity.no_fit_of"


def test_nothing_to_compare_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise EstimationError("sem.needs_convergence")

    monkeypatch.setattr(module, "cfa", refuse)
    with pytest.raises(EstimationError) as error:
        structure_contest(get_data(), ORACLE["schools"]["blocks"])
    assert error.value.key == "validity.no_structure"


BLOCKS: Mapping[str, list[str]] = ORACLE["schools"]["blocks"]


@pytest.mark.parametrize(
    ("change", "arguments", "kind", "key"),
    [
        ({}, {"structures": ["bi-factor"]}, ModelError, "frameworks.unknown_structure"),
        ({}, {"structures": []}, ModelError, "validity.no_structures"),
        ({}, {"constructs": {"visual": ["x1", "x2", "x3"]}}, DataError, "validity.few_constructs"),
        ({}, {"constructs": {**BLOCKS, "visual": ["x1", "x4"]}}, ModelError, "validity.item_twice"),
        ({}, {"constructs": {**BLOCKS, "visual": ["x1", "x99"]}}, CxlabError, "specify.unknown_variable_did_you_mean"),
        ({}, {"general": "visual"}, ModelError, "frameworks.name_twice"),
        ({"x1": 2.0}, {}, DataError, "analyses.constant_columns"),
    ],
)
def test_what_stands_in_the_way_of_every_structure(change: Any, arguments: Any, kind: Any, key: str) -> None:
    with pytest.raises(kind) as error:
        structure_contest(get_data().assign(**change), **({"constructs": BLOCKS} | arguments))
    assert error.value.key == key


def test_few_rows() -> None:
    with pytest.raises(DataError) as error:
        structure_contest(get_data().head(8), BLOCKS)
    assert error.value.key == "sem.too_few_rows"
    found = structure_contest(get_data().head(12), BLOCKS, ["one_factor", "correlated"])
    assert "sem.fewer_rows_than_parameters" in [notice.key for notice in found.warnings if notice.serious]


def test_incomplete_rows_by_full_information() -> None:
    random = np.random.default_rng(1)
    frame = get_data()[[item for items in BLOCKS.values() for item in items]]
    frame = frame.mask(random.random(frame.shape) < 0.03)
    found = structure_contest(frame, BLOCKS, ["one_factor", "correlated"], missing="fiml")
    assert found.n_obs == 301
    assert "sem.incomplete_used" in [notice.key for notice in found.warnings]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_every_table_and_figure_in_both_languages(lang: Any) -> None:
    for found in (contest("reputation"), contest("schools")):
        text = found.summary(lang)
        for kind in ("fit", "general", "groups", "tests"):
            text += found.apa(lang, kind=kind).to_html(lang)  # type: ignore[arg-type]
        for room in ("validity.", "evaluate.", "sem.", "evaluation."):
            assert room not in text
        assert found.plot(lang).get_figwidth() == pytest.approx(6.6)
        with cx.language(lang):
            assert "cxlab-reading" in found._repr_html_()
    assert contest("schools").cite()
    with pytest.raises(CxlabError):
        contest("schools").apa(kind="all")  # type: ignore[arg-type]


def test_rules_of_dimension() -> None:
    assert dimensionality(float("nan"), 0.9) == "undecided"
    assert dimensionality(0.81, 0.70) == "mostly_one"  # above .70, not at it
    assert dimensionality(0.81, 0.71) == "one_feeling"
    assert not scored_alone(float("nan"))
    assert scored_alone(0.5)


def test_indices_without_value_are_nan_and_not_one() -> None:
    general, group = schmid_leiman(np.kron(np.eye(2), np.full((3, 1), 0.7)), np.array([1.05, 0.6]))
    found = bifactor_indices(general, group)
    assert np.isnan([found.omega_total, found.ecv, found.determinacy]).all()
    heywood = bifactor_indices(np.array([1.02, 0.5, 0.5, 0.5]), np.zeros((4, 0)))
    assert np.isnan([heywood.h, heywood.determinacy]).all() or heywood.h < 1
