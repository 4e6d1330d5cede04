"""Convergent validity, Fornell and Larcker, cross-loadings: against semTools, and where they do not apply."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from semopy.examples.holzinger39 import get_data

import cxlab as cx
from cxlab.analyses.sem_result import SemFit
from cxlab.analyses.validity import convergent_validity, cross_loadings, fornell_larcker
from cxlab.errors import CxlabError, EstimationError, ModelError

ORACLE: dict[str, Any] = json.loads((Path(__file__).parent / "oracles" / "validity.json").read_text(encoding="utf-8"))
SURVEYS = {"reputation": "corporate_reputation", "business": "b2b_annual", "mobile": "ecsi_mobile",
           "pages": "yellow_pages"}  # fmt: skip
CASES = ("schools", *SURVEYS)
SCHOOLS = "visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6; speed =~ x7 + x8 + x9"
COLUMNS = ("ave", "cr", "omega", "ave_raw")


@cache
def fitted(case: str) -> SemFit:
    text = "; ".join(f"{name} =~ {' + '.join(items)}" for name, items in ORACLE[case]["blocks"].items())
    return cx.cfa(text, get_data() if case == "schools" else cx.load_dataset(SURVEYS[case]))


@cache
def schools(text: str = SCHOOLS) -> SemFit:
    return cx.cfa(text, get_data())


def expected(case: str, key: str) -> pd.DataFrame:
    return pd.DataFrame(ORACLE[case][key]["values"], ORACLE[case][key]["rows"], ORACLE[case][key]["columns"])


@pytest.mark.parametrize("case", CASES)
def test_ave_and_composite_reliability_equal_semtools(case: str) -> None:
    found = convergent_validity(fitted(case)).table.set_index("construct")
    for column in COLUMNS:
        for name, value in ORACLE[case]["convergent"][column].items():
            # lavaan's search stops a little short of its optimum
            assert found.loc[name, column] == pytest.approx(value, abs=1e-5)


def test_covarying_errors_count_as_error_as_in_semtools() -> None:
    found = convergent_validity(schools(ORACLE["errors"]["model"])).table.set_index("construct")
    without = convergent_validity(schools()).table.set_index("construct")
    for column in COLUMNS:
        for name, value in ORACLE["errors"][column].items():
            assert found.loc[name, column] == pytest.approx(value, abs=1e-5)
    assert found.loc["speed", "cr"] < without.loc["speed", "cr"]


@pytest.mark.parametrize("case", CASES)
def test_structure_coefficients_equal_lavaan_and_mean_scores_equal_r(case: str) -> None:
    for kind, key, tolerance in (("structure", "structure", 1e-5), ("composite", "composite", 1e-10)):
        found = cross_loadings(fitted(case), kind).matrix  # type: ignore[arg-type]
        known = expected(case, key).loc[found.index, found.columns]
        assert found.to_numpy() == pytest.approx(known.to_numpy(), abs=tolerance)


@pytest.mark.parametrize("case", CASES)
def test_fornell_larcker_puts_root_ave_on_lavaans_correlations(case: str) -> None:
    found, latent = fornell_larcker(fitted(case)), expected(case, "latent")
    ave = ORACLE[case]["convergent"]["ave"]
    matrix = found.matrix
    for i, name in enumerate(matrix.index):
        assert matrix.loc[name, name] == pytest.approx(np.sqrt(ave[name]), abs=1e-5)
        assert matrix.iloc[i, i + 1 :].isna().all()
        largest = latent.loc[name].drop(name).abs().max()
        row = found.table.set_index("construct").loc[name]
        assert abs(row["largest_r"]) == pytest.approx(largest, abs=1e-5)
        assert row["met"] == (np.sqrt(ave[name]) > largest)
    assert matrix.iloc[1, 0] == pytest.approx(latent.iloc[1, 0], abs=1e-5)


def test_an_inadmissible_solution_says_so_before_the_numbers() -> None:
    for found in (convergent_validity(fitted("mobile")), fornell_larcker(fitted("mobile"))):
        assert "! Read nothing" in str(found)
        assert "quality and satisfaction" in str(found)


def test_reasons_stand_where_ave_does_not_apply() -> None:
    text = "a =~ x1 + x2 + x3 + x4; b =~ x4 + x5 + x6; c =~ x7; d =~ x8 + x9"
    found = convergent_validity(schools(text)).table.set_index("construct")
    assert found["reason"].to_dict() == {"a": "cross_loading", "b": "cross_loading", "c": "single_item", "d": ""}
    assert found.loc[["a", "b", "c"], "ave"].isna().all()
    assert not found.loc[["a", "b", "c"], "met"].any()
    second = convergent_validity(schools(SCHOOLS + "; g =~ visual + textual + speed"))
    assert second.table.set_index("construct").loc["g", "reason"] == "higher_order"
    assert "measured by other constructs" in str(second)
    assert "được đo bằng các khái niệm khác" in second.summary("vi")


def test_a_loading_of_the_other_sign_is_named() -> None:
    frame = get_data().assign(x2=lambda data: -data["x2"])
    found = convergent_validity(cx.cfa("visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6", frame))
    told = next(notice for notice in found.warnings if notice.key == "validity.negative_loading")
    assert told.serious
    assert told.values == {"construct": "visual", "items": "x2"}


def test_groups_are_read_one_at_a_time() -> None:
    fit = cx.cfa(SCHOOLS, get_data(), group="school")
    first, second = (convergent_validity(fit, group=name) for name in fit.groups)
    alone = cx.cfa(SCHOOLS, get_data()[lambda data: data["school"] == fit.groups[1]])
    assert second.table["ave"].tolist() == pytest.approx(convergent_validity(alone).table["ave"].tolist(), abs=1e-5)
    assert first.table["ave"].tolist() != second.table["ave"].tolist()
    assert fit.groups[1] in str(second)


def test_cross_loadings_tell_the_item_that_blurs_two_constructs() -> None:
    found = cross_loadings(schools("visual =~ x1 + x2 + x9; speed =~ x7 + x8 + x3"), "composite")
    rows = found.table.set_index("item")
    assert not rows.loc["x3", "clear"]
    assert rows.loc["x3", "other"] == "visual"
    assert "5 of 6" in str(found) or "x3" in str(found)


@pytest.mark.parametrize("ask", [convergent_validity, fornell_larcker, cross_loadings])
def test_only_a_converged_fit_of_constructs_is_read(ask: Any) -> None:
    for wrong, kind, key in (
        (get_data(), ModelError, "validity.not_a_fit"),
        (replace(schools(), converged=False), EstimationError, "sem.needs_convergence"),
        (schools("x1 ~ x2"), ModelError, "validity.no_measurement"),
    ):
        with pytest.raises(kind) as error:
            ask(wrong)
        assert error.value.key == key


def test_one_construct_has_nothing_to_be_told_apart_from() -> None:
    one = schools("visual =~ x1 + x2 + x3")
    for ask in (fornell_larcker, cross_loadings):
        with pytest.raises(ModelError) as error:
            ask(one)
        assert error.value.key == "validity.one_latent"
    with pytest.raises(CxlabError) as unknown:
        cross_loadings(schools(), "pattern")  # type: ignore[arg-type]
    assert unknown.value.key == "validity.unknown_kind"


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_tables_and_figures_in_both_languages(lang: Any) -> None:
    fit = fitted("mobile")
    for found in (
        convergent_validity(fit),
        fornell_larcker(fit),
        cross_loadings(fit),
        cross_loadings(fit, "composite"),
    ):
        text = found.apa(lang).to_html(lang) + found.summary(lang)
        assert "validity." not in text
        assert found.cite()
    with cx.language(lang):
        assert ("Image" if lang == "en" else "Hình ảnh") in convergent_validity(fit)._repr_html_()
    assert cross_loadings(fit).plot(lang).axes


def test_tables_are_copies() -> None:
    found = fornell_larcker(schools())
    table, matrix = found.table, found.matrix
    table["ave"], matrix.iloc[0, 0] = 0.0, 9.0
    assert found.table["ave"].min() > 0.3
    assert found.matrix.iloc[0, 0] < 1
