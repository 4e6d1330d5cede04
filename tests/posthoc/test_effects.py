"""Direct, indirect and total effects against sums and products that lavaan computed with ``:=``."""

import numpy as np
import pandas as pd
import pytest

from cxlab.errors import ModelError
from cxlab.evaluate.effects import effect_jacobians, effect_values, effects_notices, effects_table
from cxlab.evaluate.fitted import Fitted
from cxlab.evaluate.paths import effect_plan
from cxlab.specify import Model

# lavaan's name of each effect: (case, name, from, to, kind, via)
WRITTEN = [
    ("chain", "by_textual", "visual", "speed", "indirect", "textual"),
    ("chain", "by_x", "visual", "speed", "indirect", "ageyr"),
    ("chain", "by_both", "visual", "speed", "indirect", "ageyr → textual"),
    ("chain", "all_indirect", "visual", "speed", "total_indirect", ""),
    ("chain", "all", "visual", "speed", "total", ""),
    ("chain", "ov_to_speed", "ageyr", "speed", "total", ""),
    ("ecsi", "indirect", "Image", "Loyalty", "indirect", "Satisfaction"),
    ("ecsi", "total", "Image", "Loyalty", "total", ""),
    ("mediation", "indirect", "x1", "x9", "indirect", "x5"),
    ("mediation", "total", "x1", "x9", "total", ""),
    ("mimic", "via", "sex", "speed", "indirect", "visual"),
    ("loop", "x4_to_x8", "x4", "x8", "total", ""),
    ("loop", "x4_to_x9", "x4", "x9", "total", ""),
]


@pytest.mark.parametrize(("name", "written", "source", "target", "kind", "via"), WRITTEN)
def test_effects_and_their_errors_equal_lavaans(case, name, written, source, target, kind, via):
    lavaan = pd.DataFrame(case(name).lavaan["table"])
    std = pd.DataFrame(case(name).lavaan["std"]["std_all"])
    found = effects_table(case(name).fitted, source=source, target=target)
    row = found[(found["kind"] == kind) & (found["via"] == via)].iloc[0]
    plain, scaled = lavaan[lavaan["lhs"] == written].iloc[0], std[std["lhs"] == written].iloc[0]
    # lavaan's derivatives of ``:=`` are numerical; in the loop they lose five digits
    rel = 2e-5 if name == "loop" else 1e-6
    assert row["est"] == pytest.approx(plain["est"], rel=1e-9)
    assert row["se"] == pytest.approx(plain["se"], rel=rel)
    assert row["std_all"] == pytest.approx(scaled["est.std"], rel=1e-9)
    assert row["std_se"] == pytest.approx(scaled["se"], rel=rel)
    assert row["std_ci_upper"] == pytest.approx(scaled["ci.upper"], rel=rel)


@pytest.mark.parametrize("name", ["chain", "ecsi", "democracy", "mimic_groups", "second_order"])
def test_indirect_routes_and_the_direct_path_add_up_to_the_total(case, name):
    found = effects_table(case(name).fitted)
    for _, pair in found.groupby(["group", "from", "to"]):
        by_kind = pair.groupby("kind")["est"].sum()
        total = by_kind["total"]
        assert by_kind.get("direct", 0) + by_kind.get("indirect", 0) == pytest.approx(total, rel=1e-10)
        if "total_indirect" in by_kind:
            assert by_kind["indirect"] == pytest.approx(by_kind["total_indirect"], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", ["chain", "loop", "mimic_groups"])
def test_derivatives_equal_central_differences(case, name):
    fitted, step = case(name).fitted, 1e-5
    slopes = effect_jacobians(fitted, effect_plan(fitted.places))
    ways = np.eye(len(fitted.theta)) * step
    for standardised, jacobian in zip((False, True), slopes, strict=True):
        up, down = (
            effect_values(fitted.table, fitted.theta + sign * ways, standardised=standardised) for sign in (1, -1)
        )
        np.testing.assert_allclose(jacobian, np.moveaxis((up - down) / (2 * step), 0, -1), rtol=1e-5, atol=1e-6)


def test_many_replicates_at_once_equal_one_after_the_other(case):
    fitted = case("mimic_groups").fitted
    theta = fitted.theta * np.random.default_rng(7).uniform(0.9, 1.1, (3, len(fitted.theta)))
    for standardised in (False, True):
        together = effect_values(fitted.table, theta, standardised=standardised)
        alone = [effect_values(fitted.table, one, standardised=standardised) for one in theta]
        np.testing.assert_allclose(together, np.array(alone), rtol=1e-13)


def test_a_circle_has_no_routes_and_says_so(case):
    found = effects_table(case("loop").fitted)
    assert set(found["kind"]) == {"direct", "total_indirect", "total"}
    (notice,) = effects_notices(case("loop").fitted)
    assert notice.key == "evaluation.circle"
    assert "0.80" in str(notice)


def test_a_circle_that_grows_is_a_serious_notice():
    table = Model.parse("a ~ b + x; b ~ a + y").partable()
    values = {"a~b": 1.5, "b~a": 0.9}
    theta = np.array([values.get(name, 1.0) for name in table.names])
    (notice,) = effects_notices(Fitted.of(table, theta, np.eye(4), 100))
    assert notice.key == "evaluation.circle_grows"
    assert notice.serious


def test_too_many_routes_are_cut_and_counted_but_sums_stay_complete():
    names = [f"v{number}" for number in range(9)]
    text = "; ".join(f"{names[to]} ~ " + " + ".join(names[:to]) for to in range(1, 9))
    table = Model.parse(text).partable()
    theta = np.where([op == "~" for op, free in zip(table.op, table.free, strict=True) if free], 0.5, 1.0)
    fitted = Fitted.of(table, theta, np.eye(9), 100)
    found = effects_table(fitted, source="v0", target="v8", most_routes=10)
    assert (effects_table(fitted, most_routes=10)["kind"] == "indirect").sum() == 10
    # with all paths 0.5 the total effect on the k-th variable is 0.5 * 1.5 ** (k - 1)
    assert found[found["kind"] == "total"]["est"].item() == pytest.approx(0.5 * 1.5**7)
    assert effects_notices(fitted, 10)[0].values["listed"] == 10


def test_a_variable_outside_the_paths_is_named_with_those_inside(case):
    with pytest.raises(ModelError, match="No path of the model starts at Loyalty"):
        effects_table(case("ecsi").fitted, source="Loyalty")
    with pytest.raises(ModelError, match="Satisfaction, Loyalty"):
        effects_table(case("ecsi").fitted, target="Image")


def test_a_model_without_paths_has_no_effects(case):
    assert not len(effects_table(case("cfa").fitted))
