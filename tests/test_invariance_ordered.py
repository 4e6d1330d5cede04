"""Invariance of ordered answers, thresholds first: against semTools' measEq.syntax and lavaan."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.analyses.invariance_result import Invariance
from cxlab.errors import DataError, ModelError, NotSupportedError
from cxlab.show.style import svg_bytes

ORACLE: dict[str, Any] = json.loads(
    (Path(__file__).parent / "oracles" / "invariance_ordered.json").read_text(encoding="utf-8")
)
MODEL: str = ORACLE["model"]
PARTIAL = ("a =~ v3", "v3 | t2", "v3 ~1")


def answers(name: str = "five") -> pd.DataFrame:
    return pd.DataFrame(ORACLE[name]["answers"])


@cache
def found(name: str = "five") -> Invariance:
    return cx.invariance(MODEL, answers(name), "g", ordered=True)


@cache
def partial() -> Invariance:
    return found().release(*PARTIAL)


def expect(result: Invariance, wanted: dict[str, Any]) -> None:
    table = result.table.set_index("level")
    assert list(table.index) == list(wanted)
    for level, numbers in wanted.items():
        row = table.loc[level]
        assert (row["n_free"], row["df"]) == (numbers["npar"], numbers["df"])
        # lavaan's search stops a little short of its optimum
        assert row["chisq"] == pytest.approx(numbers["chisq.scaled"], abs=1e-4)
        for column, key in (("cfi", "cfi.scaled"), ("rmsea", "rmsea.scaled"), ("srmr", "srmr")):
            assert row[column] == pytest.approx(numbers[key], abs=1e-6)
        if "test" in numbers:
            test = row[["chisq_diff", "df_diff", "p_diff"]].astype(float).tolist()
            assert test == pytest.approx(numbers["test"], rel=1e-4)
        if "means" in numbers:
            rows = result.fits[level].estimates
            own = rows[(rows["op"] == "~1") & rows["lhs"].isin(["a", "b"]) & (rows["group"] > 1)]
            np.testing.assert_allclose(own["est"], numbers["means"]["est"], atol=1e-5)
            np.testing.assert_allclose(own["se"], numbers["means"]["se"], atol=1e-5)


def test_five_categories_in_two_groups_equal_semtools() -> None:
    expect(found(), ORACLE["five"]["ladder"])


def test_released_parameters_equal_semtools() -> None:
    expect(partial(), ORACLE["five"]["partial"])
    assert partial().table["partial"].tolist() == [False, True, True, True, True]


def test_three_categories_in_three_groups_equal_semtools_and_their_thresholds_test_nothing() -> None:
    expect(found("three"), ORACLE["three"]["ladder"])
    told = [one.key for one in found("three").warnings]
    assert "invariance.ordered_three" in told
    assert "invariance.ordered_three" not in [one.key for one in found().warnings]
    assert np.isnan(found("three").row("thresholds")["chisq_diff"])


def test_latent_means_of_ordered_answers_have_no_points() -> None:
    means = partial().latent_means()
    wanted = ORACLE["five"]["partial"]["scalar"]["means"]
    np.testing.assert_allclose(means.table["est"], wanted["est"], atol=1e-5)
    assert means.table["points"].isna().all()
    assert "point" not in means.summary("en")
    assert "điểm" not in means.summary("vi")
    assert "points" not in means.apa("en").columns


def test_what_is_not_offered_is_refused_with_a_way_out() -> None:
    with pytest.raises(NotSupportedError, match="release"):
        found().suggest()
    with pytest.raises(NotSupportedError, match="thresholds"):
        found().alignment()
    # not from the fit itself either, whose intercepts are all 0
    with pytest.raises(NotSupportedError, match="thresholds"):
        cx.alignment(found()["configural"])


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_step_that_does_not_hold_is_followed_by_what_to_do(lang: Any) -> None:
    assert found().row("scalar")["verdict"] == "doubtful"
    assert "release(" in found().reading(lang)[-1]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_it_is_told_in_both_languages(lang: Any) -> None:
    text = found().summary(lang)
    assert ("equal thresholds" if lang == "en" else "ngưỡng bằng nhau") in text
    assert "Sass" in text
    for kind in ("levels", "changes"):
        assert found().apa(lang, kind=kind).to_html(lang)  # type: ignore[arg-type]
    assert len(svg_bytes(found().plot(lang))) > 1000
    assert "wu_estabrook_2016" in {one.key for one in found().cite()}


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"ordered": ["v1"]}, ModelError, "all items or none"),
        ({"ordered": 5}, ModelError, "ordered=5"),
        ({"model": MODEL + "\nv1 ~ 1"}, ModelError, "release="),
        ({"std_lv": False}, ModelError, "std_lv=True"),
        ({"estimator": "MLR"}, ModelError, "WLSMV"),
        ({"missing": "fiml"}, ModelError, "listwise"),
        ({"group": "h"}, DataError, "'h'"),
        ({"levels": ["weak"]}, ModelError, "thresholds"),
        ({"release": ["v3 | t9"]}, ModelError, "Did you mean"),
        ({"ordered": None, "levels": ["thresholds"]}, ModelError, "configural, metric"),
        ({"data": answers().assign(v1=3)}, DataError, "the same answer"),
        ({"data": answers().assign(v1=lambda frame: (frame["v1"] > 2).astype(int))}, NotSupportedError, "v1"),
    ],
)
def test_wrong_requests_say_what_to_do(change: dict[str, Any], error: type[Exception], says: str) -> None:
    settings: dict[str, Any] = {"model": MODEL, "data": answers(), "group": "g", "ordered": True} | change
    with pytest.raises(error, match=says):
        cx.invariance(**settings)


def test_names_with_blanks_and_diacritics_and_a_row_without_group() -> None:
    frame = answers().rename(columns={"v1": "Hài lòng 1"})
    frame.loc[frame.index[:3], "v2"] = np.nan
    frame.loc[len(frame)] = [1, 1, 1, 1, 1, 1, None]
    model = "a =~ `Hài lòng 1` + v2 + v3\nb =~ v4 + v5 + v6"
    named = cx.invariance(model, frame, "g", ordered=True, levels=["configural", "thresholds"])
    plain = answers().iloc[3:]
    same = cx.invariance(MODEL, plain, "g", ordered=True, levels=["configural", "thresholds"])
    np.testing.assert_allclose(named.table["chisq"], same.table["chisq"], rtol=1e-6)
