"""`cx.touchpoint_levels`: lme4's and pbkrtest's numbers, statsmodels', and what stands in the way."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import DataError
from cxlab.estimate.crossed import criterion, fit, moments, share_interval
from cxlab.i18n import LANGUAGES
from cxlab.journey.events import Events, journey_events
from cxlab.journey.multilevel import TouchpointLevels, touchpoint_levels

ORACLE = json.loads((Path(__file__).parent / "oracles" / "touchpoints.json").read_text(encoding="utf-8"))["levels"]
# lme4's optimiser stops within about 1e-6 of the criterion's minimum, where variances are known to about 1e-5.
VARIANCE = 2e-5


@cache
def events() -> Events:
    return journey_events(cx.load_dataset("journey_events"), on_problem="drop")


@cache
def found() -> TouchpointLevels:
    return touchpoint_levels(events())


def made(customers: int = 60, each: int = 4, **changes: Any) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    n = customers * each
    owner, place = np.repeat(np.arange(customers), each), rng.integers(0, 6, n)
    value = rng.normal(size=customers)[owner] + 0.7 * rng.normal(size=6)[place] + rng.normal(size=n)
    frame = pd.DataFrame(
        {
            "customer": owner,
            "time": np.tile(np.arange(each), customers),
            "stage": "use",
            "touchpoint": np.array(list("abcdef"))[place],
            "contact": np.where(place < 3, "direct", "indirect"),
            "valence": value,
            "age": np.repeat(rng.integers(18, 70, customers), each),
        }
    )
    return frame.assign(**changes)


def key_of(frame: pd.DataFrame, **options: Any) -> str:
    with pytest.raises(DataError) as caught:
        touchpoint_levels(journey_events(frame), **options)
    return caught.value.key.split(".")[1]


def keys(result: Any) -> list[str]:
    return [notice.key.split(".")[1] for notice in result.warnings]


def test_the_parts_are_lme4s() -> None:
    table = found().table
    wanted = [ORACLE["both"][name] for name in ("customer", "touchpoint", "Residual")]
    assert found().n == ORACLE["n"]
    assert table["variance"].tolist() == pytest.approx(wanted, rel=VARIANCE)
    assert table["share"].sum() == pytest.approx(1)
    assert table["chi2"][:2].tolist() == pytest.approx(ORACLE["chi2"], rel=1e-6)
    assert found().center == pytest.approx(ORACLE["grand_mean"], abs=1e-6)
    wanted = [ORACLE["contact"][name] for name in ("customer", "touchpoint", "Residual")]
    assert table["variance_fixed"].tolist() == pytest.approx(wanted, rel=VARIANCE)


def test_shares_have_the_ends_of_lme4s_profiled_criterion() -> None:
    ends = found().table[["ci_lower", "ci_upper"]].to_numpy()
    assert ends == pytest.approx(np.array(ORACLE["ends"]), abs=1e-5)


def test_models_with_one_random_intercept_are_lme4s() -> None:
    models = found().models.set_index("model")
    assert models.loc["customer", ["customer", "residual"]].tolist() == pytest.approx(
        [ORACLE["customer"]["customer"], ORACLE["customer"]["Residual"]], rel=VARIANCE
    )
    assert models.loc["touchpoint", ["touchpoint", "residual"]].tolist() == pytest.approx(
        [ORACLE["touchpoint"]["touchpoint"], ORACLE["touchpoint"]["Residual"]], rel=VARIANCE
    )
    wanted = [*ORACLE["criteria"], ORACLE["criterion"]]
    assert models["criterion"].tolist() == pytest.approx(wanted, rel=1e-9)


def test_contact_type_has_lme4s_effect_and_satterthwaites_degrees_of_freedom() -> None:
    fixed = found().fixed
    assert fixed["estimate"].tolist() == pytest.approx(ORACLE["fixed"], rel=1e-5)
    assert fixed["se"].tolist() == pytest.approx(ORACLE["se"], rel=2e-5)
    # both take numerical second derivatives of the criterion
    assert fixed["df"].tolist() == pytest.approx(ORACLE["df"], rel=2e-3)


def test_shrunken_means_are_hendersons_best_predictions() -> None:
    table = found().touchpoints.set_index("touchpoint").loc[ORACLE["places"]]
    assert table["mean"].tolist() == pytest.approx(ORACLE["mean"], abs=1e-5)
    assert table["se"].tolist() == pytest.approx(ORACLE["mean_se"], rel=1e-4)
    assert table["raw_mean"].tolist() == pytest.approx(ORACLE["raw"], abs=1e-12)


def test_statsmodels_finds_the_same_crossed_model() -> None:
    import statsmodels.api as sm

    frame = made(15)
    result = touchpoint_levels(journey_events(frame), contact=False)
    parts = {"customer": "0 + C(customer)", "touchpoint": "0 + C(touchpoint)"}
    model = sm.MixedLM.from_formula("valence ~ 1", groups=np.ones(len(frame)), vc_formula=parts, data=frame)
    theirs = model.fit(method="lbfgs")
    # its optimiser stops at a gradient of 1e-5 or so on a much flatter criterion than lme4's
    assert result.table["variance"].tolist() == pytest.approx([*theirs.vcomp, theirs.scale], rel=2e-3)
    assert -2 * theirs.llf == pytest.approx(result.models["criterion"].iloc[-1], abs=1e-4)


def test_a_variance_of_nothing_is_nothing_and_said() -> None:
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(60, 4))
    same = (noise - noise.mean(axis=1, keepdims=True)).ravel()  # customers do not differ in their means
    result = touchpoint_levels(journey_events(made(valence=same)), contact=False)
    assert result.table["share"].iloc[0] == 0
    assert result.table["pvalue"].iloc[0] == 1
    assert result.table["ci_lower"].iloc[0] == 0
    assert "levels_zero_customer" in keys(result)
    data = moments(rng.normal(size=20), np.ones((20, 1)), np.repeat(np.arange(5), 4), np.tile(np.arange(4), 5), 4)
    best = fit(data)
    assert criterion(data, best.variances) == pytest.approx(best.criterion)


def test_covariates_enter_as_numbers_or_categories_whatever_their_unit() -> None:
    frame = made(income=np.repeat(np.arange(60.0), 4) * 1e7)
    result = touchpoint_levels(journey_events(frame), covariates=["age", "income"])
    assert result.fixed["term"].tolist() == ["intercept", "contact[indirect]", "age", "income"]
    plain = touchpoint_levels(journey_events(frame.assign(income=frame["income"] / 1e7)), covariates=["age", "income"])
    assert result.fixed["estimate"].iloc[-1] * 1e7 == pytest.approx(plain.fixed["estimate"].iloc[-1], rel=1e-6)
    shifted = touchpoint_levels(journey_events(frame.assign(valence=frame["valence"] + 1e4)), covariates=["age"])
    assert shifted.table["share"].tolist() == pytest.approx(touchpoint_levels(journey_events(frame)).table["share"])


def test_large_tables_are_no_obstacle() -> None:
    rng = np.random.default_rng(1)
    n, k = 200_000, 40
    customers, places = np.sort(rng.integers(0, 30_000, n)), rng.integers(0, k, n)
    customers = np.unique(customers, return_inverse=True)[1]
    y = 0.5 * rng.normal(size=30_000)[customers] + 0.5 * rng.normal(size=k)[places] + rng.normal(size=n)
    best = fit(moments(y, np.ones((n, 1)), customers, places, k))
    assert best.variances[0] == pytest.approx(0.25, rel=0.05)


def test_what_cannot_be_told_apart_is_refused() -> None:
    assert key_of(made(touchpoint="shop")) == "levels_one_touchpoint"
    assert key_of(made(60, 1)) == "levels_one_each"
    assert key_of(made(2, 40)) == "levels_few_customers"
    assert key_of(made(valence=2.0)) == "levels_constant"
    assert key_of(made(valence=np.repeat(np.arange(60.0), 4))) == "levels_same_customer"
    assert key_of(made(valence=np.nan)) == "levels_no_value"
    frame = made()
    assert key_of(frame.assign(valence=frame["touchpoint"].map(dict(zip("abcdef", range(6), strict=True))))) == (
        "levels_same_touchpoint"
    )
    assert key_of(frame.assign(older=frame["age"] + 1), covariates=["age", "older"]) == "levels_collinear"
    assert key_of(frame, covariates="salary") == "unknown_columns"
    assert key_of(frame, by="shop") == "unknown_option"
    assert key_of(frame.assign(city=[f"c{i}" for i in range(240)]), covariates="city") == "levels_category"
    assert key_of(frame.assign(touchpoint=[f"t{i}" for i in range(240)])[:0]) == "no_rows"
    with pytest.raises(DataError, match="journey_events"):
        touchpoint_levels(frame)


def test_missing_ratings_and_single_events_are_counted() -> None:
    frame = made(valence=np.where(np.arange(240) % 4 > 0, np.nan, made()["valence"]))
    frame.loc[:3, "valence"] = [0.0, 1.0, 0.5, 2.0]
    result = touchpoint_levels(journey_events(frame))
    notice = next(one for one in result.warnings if one.key.endswith("levels_alone"))
    assert (notice.values["count"], notice.serious) == (59, True)
    assert keys(touchpoint_levels(journey_events(made(contact="direct"))))[-1] == "levels_no_contact"
    few = made().assign(touchpoint=lambda one: one["touchpoint"].map(lambda name: "x" if name < "d" else "y"))
    assert "levels_few" in keys(touchpoint_levels(journey_events(few)))
    assert "levels_flat" in keys(touchpoint_levels(journey_events(made(age=30)), covariates="age"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_is_said_in_both_languages(lang: Any) -> None:
    result = found()
    with cx.language(lang):
        text = result.summary() + str(result.apa()) + str(result.fixed_table()) + result._repr_html_()
    assert "touchpoints." not in text
    assert ("khách hàng" in text) == (lang == "vi")
    assert len(result.plot(lang).axes) == 2
    assert all(one.text for one in result.cite())


def test_a_large_balanced_table_has_intervals() -> None:
    """Everyone rated everything: at the edge, where no residual is left, the last digits must not decide."""
    n, k = 9720, 6
    rng = np.random.default_rng(1)
    customers, touchpoints = np.repeat(np.arange(n), k), np.tile(np.arange(k), n)
    felt = rng.normal(0, 0.6, n)[customers] + np.array([0.1, 0.1, 0, -0.1, -0.3, 0.4])[touchpoints]
    y = np.clip(np.round(2.8 + felt + rng.normal(0, 0.65, n * k)), 1, 4)
    data = moments(y - y.mean(), np.ones((n * k, 1)), customers, touchpoints, k)
    found = fit(data)
    for part in range(3):
        low, high = share_interval(data, found, part)
        assert 0 < low < found.shares[part] < high < 1
