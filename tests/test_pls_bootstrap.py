"""Resampling of PLS models beyond plain intervals: bootstrap-t, signs, the jackknife and the test of exact fit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import CxlabError, EstimationError, NotSupportedError
from cxlab.resample.draws import NestedDraws, PartOfDraws, RandomDraws
from cxlab.resample.intervals import studentised
from tests.conftest import shared_folder

SMALL = "Image <~ IMAG1 + IMAG2 + IMAG4; Satisfaction <~ CUSA1 + CUSA2 + CUSA3; Satisfaction ~ Image"
THREE = """
eta1 =~ y11 + y12 + y13
eta2 =~ y21 + y22 + y23
eta3 =~ y31 + y32 + y33
eta2 ~ eta1
eta3 ~ eta1 + eta2
"""


@pytest.fixture(scope="module")
def small() -> Any:
    return cx.pls(SMALL, cx.load_dataset("ecsi_mobile"), modes="A")


def test_bootstrap_t_intervals_are_boots() -> None:
    stored = json.loads(Path("tests/oracles/studentised.json").read_text())
    replicates, errors = np.array(stored["replicates"])[:, None], np.sqrt(stored["variances"])[:, None]
    own, se = np.array([stored["estimate"]]), np.sqrt([stored["variance"]])
    for level, lower, upper in zip(stored["levels"], stored["lower"], stored["upper"], strict=True):
        ends = studentised(replicates, errors, own, se, level)
        assert ends.lower[0] == pytest.approx(lower, abs=1e-10)
        assert ends.upper[0] == pytest.approx(upper, abs=1e-10)


def test_nested_resamples_draw_from_their_resample() -> None:
    outer = RandomDraws(3, (20,), seed=4)
    nested = NestedDraws(outer, inner=2, seed=4)
    counts = nested.counts(0, 6)[0]
    absent = np.repeat(outer.counts(0, 3)[0] == 0, 2, axis=0)
    assert (counts[absent] == 0).all()
    assert (counts.sum(axis=1) == 20).all()
    np.testing.assert_array_equal(PartOfDraws(nested, 3, 2).counts(0, 2)[0], counts[3:5])


def test_bootstrap_t_takes_the_spread_within_each_resample(small: Any) -> None:
    found = small.bootstrap(60, seed=3, ci="studentised", inner=12)
    plain = small.bootstrap(60, seed=3)
    np.testing.assert_array_equal(found.replicates, plain.replicates)
    own, other = found.of("path").iloc[0], plain.of("path").iloc[0]
    assert own["se"] == other["se"]
    assert own["ci_lower"] != other["ci_lower"]
    assert own["ci_lower"] < own["estimate"] < own["ci_upper"]
    again = small.bootstrap(60, seed=3, ci="studentised", inner=12)
    pd.testing.assert_frame_equal(found.table, again.table)


def test_a_turned_construct_keeps_its_model(small: Any) -> None:
    """Turning a construct changes the sign of its loadings and of all its paths together; R² stays."""
    from dataclasses import replace

    from cxlab.analyses.pls_quantities import sample, with_signs_of_constructs

    own = sample(small)
    sign = np.array([-1.0, 1.0])
    turned = replace(
        own,
        paths=own.paths * sign[:, None] * sign,
        total=own.total * sign[:, None] * sign,
        loadings=own.loadings * sign[small.model.design.owner],
        weights=own.weights * sign[small.model.design.owner],
    )
    back = with_signs_of_constructs(turned, small)
    for name in ("paths", "total", "loadings", "weights"):
        np.testing.assert_allclose(getattr(back, name), getattr(own, name), atol=1e-15)


def test_signs_taken_one_by_one_never_cross_zero() -> None:
    data = cx.load_dataset("ecsi_mobile")
    fit = cx.pls("Image <~ IMAG1 + IMAG2; CUSA1 ~ Image + CUSCO; CUSCO ~ Image", data, modes="A")
    plain, own = fit.bootstrap(300, seed=2), fit.bootstrap(300, seed=2, signs="individual")
    weak = "path: CUSCO → CUSA1"
    estimate = fit.paths.set_index(["source", "target"]).loc[("CUSCO", "CUSA1"), "estimate"]
    assert (own.replicates[weak] * estimate >= 0).all()
    np.testing.assert_allclose(own.replicates[weak].abs(), plain.replicates[weak].abs())
    assert "sign in the sample" in str(own.apa("en"))


@pytest.mark.shared
def test_leaving_one_out_is_csems() -> None:
    folder = shared_folder() / "oracles" / "pls"
    data = pd.read_csv(folder / "data" / "csem_threecommonfactors.csv")
    found = cx.pls(THREE, data[[name for name in data if name.startswith("y")]], tolerance=1e-12).jackknife()
    theirs = pd.read_csv(folder / "csem" / "three_jackknife_paths.csv", index_col=0)
    for column in theirs:
        target, source = column.split(" ~ ")
        np.testing.assert_allclose(found.replicates[f"path: {source} → {target}"], theirs[column], atol=1e-8)
    row = found.of("path").iloc[0]
    values = theirs["eta2 ~ eta1"]
    assert row["se"] == pytest.approx(np.sqrt((len(values) - 1) * values.var(ddof=0)), abs=1e-8)
    assert row["corrected"] == pytest.approx(500 * row["estimate"] - 499 * values.mean(), abs=1e-6)


def test_influence_names_the_row(small: Any) -> None:
    found = small.jackknife()
    moved = found.influence("Image", "Satisfaction")
    assert moved.abs().is_monotonic_decreasing
    assert set(moved.index) == set(small.answers.index)
    with pytest.raises(CxlabError, match="Image → Satisfaction"):
        found.influence("Satisfaction", "Image")
    assert "bias" in found.summary("en")


@pytest.mark.shared
def test_the_test_of_exact_fit_is_csems_within_chance() -> None:
    """cSEM's testOMF of the ECSI model (mode A), 199 resamples: the same statistics, critical values within chance."""
    from tests.test_pls import ECSI

    found = cx.pls(ECSI, cx.load_dataset("ecsi_mobile"), modes="A", consistent=False).exact_fit(600, seed=11)
    rows = found.table.set_index("measure")
    natural = np.log(10) ** 2  # cSEM's d_G takes logarithms to base 10
    for name, value, critical, scale in (
        ("srmr", 0.1236, 0.0580, 1),
        ("d_uls", 4.5834, 1.0089, 1),
        ("d_g", 0.6112, 0.3139, natural),
    ):
        assert rows.loc[name, "value"] / scale == pytest.approx(value, abs=6e-5)
        assert rows.loc[name, "critical"] / scale == pytest.approx(critical, rel=0.08)
    assert rows["rejected"].all()


def test_a_true_model_is_seldom_rejected() -> None:
    """Data in which the model holds: p-values of 40 samples are spread out."""
    rng = np.random.default_rng(5)
    p = []
    for _ in range(40):
        first = rng.normal(size=300)
        second = 0.5 * first + np.sqrt(0.75) * rng.normal(size=300)
        items = np.column_stack([first, first, first, second, second, second]) * 0.8 + 0.6 * rng.normal(size=(300, 6))
        data = pd.DataFrame(items, columns=["a1", "a2", "a3", "b1", "b2", "b3"])
        fit = cx.pls("A =~ a1 + a2 + a3; B =~ b1 + b2 + b3; B ~ A", data)
        p.append(fit.exact_fit(150, seed=1).table.set_index("measure").loc["srmr", "pvalue"])
    assert np.mean(np.array(p) < 0.05) < 0.2
    assert 0.25 < np.mean(p) < 0.75


def test_what_the_test_cannot_do_is_said(small: Any) -> None:
    data = cx.load_dataset("ecsi_mobile")
    product = cx.pls(SMALL + "; CUSL1 ~ Satisfaction + Image + Image:Satisfaction", data, modes="A")
    with pytest.raises(NotSupportedError, match="answers as indicators"):
        product.exact_fit(100, seed=1)
    twin = data.frame.assign(twin=data.frame["IMAG1"])
    with pytest.raises((EstimationError, CxlabError)):
        cx.pls("Image <~ IMAG1 + twin; CUSA1 ~ Image", twin, modes="A").exact_fit(100, seed=1)
    with pytest.raises(CxlabError, match="individual"):
        small.bootstrap(50, seed=1, signs="all")
    with pytest.raises(CxlabError, match="studentised"):
        small.bootstrap(50, seed=1, ci="student")
    with pytest.raises(CxlabError, match="10 or more"):
        small.bootstrap(50, seed=1, ci="studentised", inner=3)


def test_both_languages_say_it(small: Any) -> None:
    found = small.exact_fit(150, seed=2)
    assert "p = " in found.summary("en") or "p < " in found.summary("en")
    assert "bác bỏ" in found.summary("vi")
    assert "Khoảng cách" in str(found.apa("vi"))


@pytest.mark.parametrize("how", [{"missing": "pairwise"}, {"missing": "em"}, {"missing": "median"}, {"ordered": True}])
def test_every_kind_of_input_is_found_anew_in_each_resample(how: dict[str, Any]) -> None:
    frame = cx.load_dataset("ecsi_mobile").frame[["IMAG1", "IMAG2", "IMAG4", "CUSA1", "CUSA2", "CUSA3"]].copy()
    frame = (frame + 1) // 2
    if "missing" in how:
        frame = frame.mask(np.random.default_rng(1).random(frame.shape) < 0.03)
    fit = cx.pls(SMALL, frame, modes="A", **how)
    found = fit.bootstrap(12, seed=1)
    row = found.of("path").iloc[0]
    assert found.status["used"] == 12
    assert row["estimate"] == pytest.approx(fit.paths["estimate"].iloc[0])
    assert 0 < row["se"] < 0.3
