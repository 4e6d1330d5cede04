"""Measurement on awkward answers: skewed, two or three categories, few rows, empty cells, reversed; against R."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from semopy.examples.holzinger39 import get_data

import cxlab as cx
from cxlab.analyses.compare_missing import compare_missing
from cxlab.errors import DataError
from cxlab.estimate.factor.extraction import extract
from cxlab.estimate.factor.spectrum import MaximumLikelihood
from cxlab.i18n import language
from cxlab.show import correlation_heatmap

ORACLE: dict[str, Any] = json.loads(
    (Path(__file__).parent / "oracles" / "measurement_odd.json").read_text(encoding="utf-8")
)
SETS: dict[str, Any] = ORACLE["sets"]


def answers(name: str) -> pd.DataFrame:
    return pd.DataFrame(SETS[name]["answers"])


@pytest.mark.parametrize("name", SETS)
def test_alpha_its_interval_and_items_equal_psych(name: str) -> None:
    wanted, found = SETS[name], cx.reliability(answers(name), ordinal=True)
    row = found.table.iloc[0]
    for column, key in (("alpha", "alpha"), ("alpha_se", "se"), ("alpha_std", "std")):
        assert row[column] == pytest.approx(wanted[key], abs=1e-10)
    assert row[["alpha_ci_lower", "alpha_ci_upper"]].tolist() == pytest.approx(wanted["feldt"], abs=1e-10)
    assert found.items["r_drop"].tolist() == pytest.approx(wanted["r_drop"], abs=1e-10)
    assert found.items["alpha_if_dropped"].tolist() == pytest.approx(wanted["dropped"], abs=1e-10)
    if wanted["positive"]:
        # lavaan's search of unweighted least squares stops a little short
        assert row["omega_categorical"] == pytest.approx(wanted["categorical"], abs=2e-6)
        assert row["omega_ordinal"] == pytest.approx(wanted["responses"], abs=2e-6)
    else:
        assert "negative_loading" in set(found.reasons["reason"])


@pytest.mark.parametrize("name", SETS)
def test_polychoric_correlations_with_empty_cells_equal_lavaan(name: str) -> None:
    found = cx.polychoric(answers(name))
    np.testing.assert_allclose(found.correlations.to_numpy(), np.array(SETS[name]["polychoric"]), atol=1e-7)
    pairs = SETS[name]["pairs"]
    assert found.table["item_1"].tolist() == pairs["rhs"]
    # its search of each pair stops at 1e-8 of the likelihood
    np.testing.assert_allclose(found.table["se"], pairs["se"], rtol=1e-5)
    assert cx.factorability(answers(name)).kmo == pytest.approx(SETS[name]["kmo"], abs=1e-10)


def test_omega_of_ordered_answers_is_of_the_answers_not_of_the_responses() -> None:
    given = ORACLE["ordered"]
    data = pd.DataFrame(given["answers"])
    found = cx.convergent_validity(cx.cfa(given["model"], data, ordered=True))
    for name, value in given["omega"].items():
        assert found.table.set_index("construct").loc[name, "omega"] == pytest.approx(value, abs=1e-5)
    assert (found.table["omega"] < found.table["cr"]).all()
    assert [one.key for one in found.warnings] == ["validity.ordinal_items"]
    assert "green_yang_2009" in {one.key for one in found.cite()}


def test_omega_of_ordered_answers_group_by_group_and_beside_numeric_items() -> None:
    given = ORACLE["ordered"]
    data = pd.DataFrame(given["answers"])
    fit = cx.cfa(given["model"], data, ordered=True, group="g")
    for number in (1, 2):
        found = cx.convergent_validity(fit, group=number).table.set_index("construct")["omega"]
        for name, values in given["groups"].items():
            assert found[name] == pytest.approx(values[number - 1], abs=1e-5)
    mixed = cx.convergent_validity(cx.cfa(given["model"], data, ordered=[f"v{number}" for number in range(1, 9)]))
    omega = mixed.table.set_index("construct")["omega"]
    assert omega[["a", "b"]].tolist() == pytest.approx(list(given["mixed"].values()), abs=1e-5)
    assert np.isnan(omega["c"])
    assert "validity.mixed_items" in [one.key for one in mixed.warnings]


def test_a_signed_geometric_ratio_says_which_correlations_are_negative() -> None:
    blocks = {"visual": ["x1", "x2", "x3"], "textual": ["x4", "x5", "x6"], "speed": ["x7", "x8", "x9"]}
    found = cx.htmt(get_data(), blocks, "htmt2", absolute=False)
    # x1 to x3 correlate positively, as do x7 to x9; x2 with x7 does not
    assert found.table["reason"].tolist() == ["", "negative_between", ""]
    assert "between the constructs" in found.summary()
    turned = get_data().assign(x1=lambda frame: -frame["x1"])
    assert cx.htmt(turned, blocks, "htmt2", absolute=False).table["reason"].tolist()[0] == "negative_within"
    published = np.full((4, 4), 0.5) + 0.5 * np.eye(4)
    published[0, 2] = published[2, 0] = 0.0  # as a paper prints a correlation of .004
    pairs = {"p": ["a", "b"], "q": ["c", "d"]}
    found = cx.htmt(cx.Moments(published, 200, names=list("abcd")), pairs, "htmt2", n_boot=0)
    assert found.table["reason"].tolist() == ["negative_between"]
    assert "other than 0" in found.summary("en")


def test_a_specification_curve_against_the_value_that_the_hypothesis_says() -> None:
    given = ORACLE["null"]
    against = cx.specification_curve(
        "visual -> textual", given["model"], get_data(), estimator=["ML", "MLR"], null=0.35
    )
    row = against.table.iloc[0]
    assert row["estimate"] == pytest.approx(given["estimate"], abs=1e-5)
    assert row["pvalue"] == pytest.approx(given["pvalue"], rel=1e-3)
    assert not against.significant(against.table).any()
    assert "held against .35" in against.summary()
    assert "p against .35" in against.summary()
    assert ".35" in str(against.apa("en"))
    zero = cx.specification_curve("visual -> textual", given["model"], get_data(), estimator=["ML", "MLR"])
    assert zero.significant(zero.table).all()
    assert zero.table["ci_lower"].tolist() == against.table["ci_lower"].tolist()
    above = cx.specification_curve(
        "visual -> textual", given["model"], get_data(), drop=[(), "x3"], null=float(row["estimate"]) + 0.01
    )
    assert above.verdict == "sign_changes"
    assert "above" in above.reading("en")[0]


@pytest.mark.parametrize("value", ["0.2", None, float("nan"), True])
def test_a_null_that_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(DataError, match="null="):
        cx.specification_curve("visual -> textual", ORACLE["null"]["model"], get_data(), null=value)


def test_reasons_speak_the_language_of_who_reads_them() -> None:
    frame = get_data()
    frame["noise"] = np.random.default_rng(5).normal(size=len(frame))
    models = {"items": ORACLE["null"]["model"], "noise": ORACLE["null"]["model"].replace("x2 + x3", "noise")}
    curve = cx.specification_curve("visual -> textual", models, frame)
    assert curve.reasons[1]
    assert "Not admissible" in " ".join(curve.reading("en"))
    assert "Not admissible" not in " ".join(curve.reading("vi"))
    with language("vi"):
        missing = compare_missing("a =~ x1 + noise; b =~ x4 + x5 + x6; b ~ a", frame, ["listwise"], seed=1)
    assert missing.states["state"].tolist() == ["inadmissible"]
    assert "Not admissible" in " ".join(missing.reading("en"))
    assert "Not admissible" not in " ".join(missing.reading("vi"))


def test_an_intercept_has_no_beta_in_the_printed_table() -> None:
    found = compare_missing(
        "a =~ x1 + x2 + x3", get_data(), ["listwise"], seed=1, parameters=["x1 ~1", "a =~ x2"], meanstructure=True
    )
    shown = found.apa("en").frame.set_index("op")["std_all"]
    assert np.isnan(shown["~1"])
    assert 0 < shown["=~"] < 1
    assert found.table["std_all"].notna().all()


@pytest.mark.parametrize("ask", [
    lambda data: cx.reliability(data, ["a1", "a2", "a3"]),
    lambda data: cx.efa(data, 2),
    lambda data: cx.factorability(data),
    lambda data: cx.polychoric(data),
    lambda data: cx.htmt(data),
    lambda data: cx.missing_data(data),
    lambda data: cx.specification_curve("a =~ a2", "a =~ a1 + a2 + a3", data),
])  # fmt: skip
def test_a_code_for_no_answer_among_the_answers_is_told(ask: Any) -> None:
    data = answers("skewed").set_axis([f"{'abc'[place % 3]}{place // 3 + 1}" for place in range(9)], axis=1)
    assert "analyses.outside_scale" not in [one.key for one in ask(data).warnings]
    data.loc[5, "a1"] = -9
    told = [one for one in ask(data).warnings if one.key == "analyses.outside_scale"]
    assert told
    assert told[0].serious
    assert "-9" in str(told[0])


def test_the_lowest_of_several_starts_is_what_factanal_finds() -> None:
    given, data = ORACLE["several"], answers("three")
    found = cx.efa(data, 2, method="ml", rotation="none")
    # factanal stops at 1e-8 of the criterion, which is flat here
    assert found.fit_measures["objective"] == pytest.approx(given["objective"], abs=1e-8)
    np.testing.assert_allclose(1 - found.communalities, given["uniquenesses"], atol=5e-4)
    told = next(one for one in found.warnings if one.key == "factor.lower_taken")
    assert "0,0139" in told.text("vi")
    many = cx.efa(data, 2, method="ml", rotation="none", starts=20)
    np.testing.assert_allclose(many.communalities, found.communalities, atol=1e-7)


def test_a_search_does_not_end_at_a_saddle() -> None:
    corr = np.corrcoef(answers("three").to_numpy().T)
    found = extract(corr[None], 2, "ml")
    assert found.converged[0]
    spectrum = MaximumLikelihood.spectrum(corr[None], np.log(1 - found.communalities))
    assert np.linalg.eigvalsh(MaximumLikelihood.derivatives(spectrum, 2).hessian[0])[0] > 0
    # started on the saddle itself, where every slope is zero, it leaves downhill
    saddle = np.array([0.72242092, 0.74483546, 0.66448336, 0.54111769, 0.6446208, 0.77999084])
    left = extract(corr[None], 2, "ml", start=saddle)
    assert left.converged[0]
    assert left.value[0] < 0.0153


def test_a_proper_solution_gives_no_way_to_an_improper_one_unasked() -> None:
    data = answers("weak")
    for method in ("ml", "minres"):
        found = cx.efa(data, 2, method=method, rotation="none")  # type: ignore[arg-type]
        several = cx.efa(data, 2, method=method, rotation="none", starts=20)  # type: ignore[arg-type]
        keys = {one.key for one in found.warnings}
        if "factor.lower_improper" in keys:
            assert several.communalities.max() > 0.99 > found.communalities.max()
        else:
            np.testing.assert_allclose(several.communalities, found.communalities, atol=1e-5)


def test_labels_of_a_large_heat_map_do_not_run_into_one_another() -> None:
    data = answers("skewed")
    wide = pd.concat([data, data.add_suffix("b")], axis=1).corr()
    long = {name: f"Nhân viên ở cửa hàng này luôn sẵn lòng giúp tôi, {name}" for name in wide}
    figure = correlation_heatmap(wide, labels=long, lang="vi")
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].get_yticklabels()]
    assert all(upper.y0 >= lower.y1 for upper, lower in pairwise(boxes))
    cell = figure.axes[0].get_window_extent().width / len(wide)
    assert max(text.get_window_extent().width for text in figure.axes[0].texts) < cell
