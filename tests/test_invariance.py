"""The ladder of invariance against lavaan, release and latent means, and what stands in its way."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from semopy.examples.holzinger39 import get_data

import cxlab as cx
from cxlab.analyses.invariance import invariance
from cxlab.analyses.invariance_fits import LEVELS
from cxlab.analyses.invariance_result import Invariance
from cxlab.errors import CxlabError, DataError, EstimationError, ModelError
from cxlab.evaluate.invariance import judge_step, release_tests
from cxlab.survey.survey import Survey

ORACLE: dict[str, Any] = json.loads((Path(__file__).parent / "oracles" / "invariance.json").read_text(encoding="utf-8"))
SCHOOLS = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
PROVIDERS = (
    "competence =~ comp_1 + comp_2 + comp_3\nlikeability =~ like_1 + like_2 + like_3\n"
    "loyalty =~ cusl_1 + cusl_2 + cusl_3"
)
CASES = [f"{case}_{estimator}" for case in ("schools", "providers") for estimator in ("ML", "MLR")]
KINDS = {"metric": "loading", "scalar": "intercept", "strict": "residual"}


@cache
def ladder(case: str) -> Invariance:
    name, estimator = case.split("_")
    if name == "schools":
        return invariance(SCHOOLS, get_data(), "school", estimator=estimator)
    return invariance(PROVIDERS, cx.load_dataset("corporate_reputation"), "serviceprovider", estimator=estimator)


@cache
def partial() -> Invariance:
    return ladder("schools_ML").release("x3 ~1", "x7 ~ 1")


@pytest.mark.parametrize("case", CASES)
def test_fit_of_every_level_equals_lavaan(case: str) -> None:
    found, known = ladder(case), ORACLE[case]
    assert list(found.group_sizes) == known["n"]
    assert list(found.groups) == known["groups"]
    for level in LEVELS:
        row, fit = found.row(level), known["fit"][level]
        for ours, names in {"chisq": ("chisq.scaled", "chisq"), "pvalue": ("pvalue.scaled", "pvalue"),
                            "cfi": ("cfi.robust", "cfi"), "rmsea": ("rmsea.robust", "rmsea"), "srmr": ("srmr",),
                            "df": ("df",)}.items():  # fmt: skip
            value = next(fit[name] for name in names if name in fit)
            assert row[ours] == pytest.approx(value, abs=1e-4), (level, ours)


@pytest.mark.parametrize("case", CASES)
def test_tests_between_levels_equal_lavtestlrt(case: str) -> None:
    found, known = ladder(case).table, ORACLE[case]["tests"]
    for ours, theirs in (("chisq_diff", "chisq_diff"), ("df_diff", "df_diff"), ("p_diff", "pvalue")):
        assert found[ours].iloc[1:].to_numpy(dtype=float) == pytest.approx(np.array(known[theirs][1:]), abs=1e-4)
    assert found["chisq_diff"].isna().iloc[0]


@pytest.mark.parametrize("case", CASES)
def test_estimates_of_every_level_equal_lavaan_within_1e_5_standard_errors(case: str) -> None:
    for level in LEVELS:
        known = pd.DataFrame(ORACLE[case]["estimates"][level])
        ours = ladder(case)[level].estimates[["lhs", "op", "rhs", "group", "est", "se"]]
        both = ours.merge(known, on=["lhs", "op", "rhs", "group"], suffixes=("", "_r"))
        assert len(both) == len(known)
        free = both["se_r"] > 0
        assert (np.abs(both["est"] - both["est_r"])[free] / both["se_r"][free]).max() < 1e-5
        assert both["se"].to_numpy() == pytest.approx(both["se_r"].to_numpy(), rel=1e-4, abs=1e-8)


@pytest.mark.parametrize("case", ["schools_ML", "providers_ML"])
@pytest.mark.parametrize("level", list(KINDS))
def test_released_parameters_have_lavaans_score_tests_and_expected_values(case: str, level: str) -> None:
    found = release_tests(ladder(case)[level].fitted, KINDS[level]).set_index("parameter")  # type: ignore[arg-type]
    known = ORACLE[case]["released"][level]
    assert set(found.index) == {one["parameter"] for one in known}
    for one in known:
        row = found.loc[one["parameter"]]
        assert row["chisq"] == pytest.approx(one["chisq"], abs=1e-4)
        assert row["df"] == one["df"]
        expected = dict(zip(one["group"], one["epv"], strict=True))
        assert [row[group] for group in sorted(expected)] == pytest.approx(
            [expected[group] for group in sorted(expected)], abs=1e-4
        )


def test_partial_invariance_and_its_latent_means_equal_lavaan() -> None:
    known = ORACLE["partial"]
    for level, fit in known["fit"].items():
        assert partial().row(level)["chisq"] == pytest.approx(fit["chisq"], abs=1e-4)
        assert partial().row(level)["df"] == fit["df"]
    assert partial().table["partial"].tolist() == [False, False, True, True]
    assert partial().row("scalar")["p_diff"] == pytest.approx(known["tests"]["pvalue"][1], abs=1e-4)
    means = partial().latent_means().table.set_index(["construct", "group"])
    for one in known["means"]:
        row = means.loc[(one["construct"], one["group"])]
        assert [row[name] for name in ("est", "se", "d", "d_se")] == pytest.approx(
            [one[name] for name in ("est", "se", "d", "d_se")], abs=1e-5
        )


def test_markers_give_the_same_fit_and_the_same_d_in_points() -> None:
    found = invariance(SCHOOLS, get_data(), "school", estimator="ML", std_lv=False, release=["x3 ~1", "x7 ~1"])
    assert found.row("scalar")["chisq"] == pytest.approx(ORACLE["partial"]["fit"]["scalar"]["chisq"], abs=1e-4)
    ours, theirs = (one.latent_means().table for one in (found, partial()))
    for column in ("d", "d_se", "points"):
        assert ours[column].to_numpy() == pytest.approx(theirs[column].to_numpy(), abs=1e-5)
    plain = invariance(SCHOOLS, get_data(), "school", estimator="ML", std_lv=False, levels=["scalar"])
    rows = plain["scalar"].estimates
    means = rows[(rows["op"] == "~1") & (rows["group"] == 2)].set_index("lhs")["est"]
    for one in ORACLE["marker"]["means"]:
        assert means[one["construct"]] == pytest.approx(one["est"], abs=1e-5)


def test_another_reference_turns_the_differences_round() -> None:
    there, back = partial().latent_means().table, partial().latent_means("Grant-White").table
    assert back["d"].to_numpy() == pytest.approx(-there["d"].to_numpy(), abs=1e-9)
    assert back["se"].to_numpy() == pytest.approx(there["se"].to_numpy(), abs=1e-9)
    with pytest.raises(CxlabError) as error:
        partial().latent_means("Paris")
    assert error.value.key == "sem.unknown_group"


def test_means_are_refused_where_the_scalar_step_fails_and_the_message_says_what_to_release() -> None:
    with pytest.raises(ModelError) as error:
        ladder("schools_ML").latent_means()
    assert error.value.key == "invariance.means_fail"
    assert '"x3 ~1"' in str(error.value)
    with pytest.raises(ModelError) as without:
        invariance(SCHOOLS, get_data(), "school", levels=["metric"]).latent_means()
    assert without.value.key == "invariance.means_need_scalar"


@pytest.mark.parametrize(
    ("level", "changes", "n", "cheung", "chen", "verdict"),
    [
        ("metric", (-0.009, 0.014, 0.029), 500, "holds", "holds", "holds"),
        ("metric", (-0.011, 0.016, 0.001), 500, "fails", "fails", "fails"),
        ("metric", (-0.011, 0.001, 0.001), 500, "fails", "doubtful", "doubtful"),
        ("scalar", (-0.001, 0.001, 0.011), 500, "holds", "doubtful", "doubtful"),
        ("scalar", (-0.006, 0.012, 0.001), 200, "holds", "fails", "doubtful"),
        ("metric", (-0.004, 0.009, 0.024), 300, "holds", "holds", "holds"),
    ],
)
def test_verdicts_follow_the_limits_of_level_and_sample(
    level: str, changes: tuple[float, float, float], n: int, cheung: str, chen: str, verdict: str
) -> None:
    step = judge_step(level, dict(zip(("delta_cfi", "delta_rmsea", "delta_srmr"), changes, strict=True)), n)
    assert (step.cheung_rensvold, step.chen, step.verdict) == (cheung, chen, verdict)


def test_suggestions_come_by_level_with_the_largest_first() -> None:
    found = ladder("schools_ML").suggest(maximum_number=2)
    assert found["level"].tolist() == ["metric", "metric", "scalar", "scalar", "strict", "strict"]
    assert found.loc[2, "parameter"] == "x3 ~1"
    assert (found.loc[2, "low_group"], found.loc[2, "high_group"]) == ("Grant-White", "Pasteur")
    assert (found["p_holm"] >= found["pvalue"]).all()
    with pytest.raises(ModelError):
        ladder("schools_ML").suggest("configural")


def test_release_says_where_one_invariant_item_is_left_and_refuses_none() -> None:
    one_left = partial().release("x2 ~1", "textual =~ x5")
    keys = {notice.key for notice in one_left.warnings}
    assert {"invariance.one_invariant_item", "invariance.intercept_still_held"} <= keys
    assert "visual (x1)" in one_left.summary("en")
    assert "invariance.one_invariant_item" in {notice.key for notice in one_left.latent_means().warnings}
    with pytest.raises(ModelError) as error:
        one_left.release("visual =~ x1")
    assert error.value.key == "invariance.release_all"


@pytest.mark.parametrize(
    ("parameter", "key"),
    [("x33 ~1", "invariance.unknown_parameter"), ("visual ~1", "invariance.unknown_parameter")],
)
def test_unknown_parameters_are_named(parameter: str, key: str) -> None:
    with pytest.raises(ModelError) as error:
        ladder("schools_ML").release(parameter)
    assert error.value.key == key
    assert parameter in str(error.value)


def test_release_below_its_level_and_of_a_marker_is_refused() -> None:
    with pytest.raises(ModelError) as error:
        invariance(SCHOOLS, get_data(), "school", levels=["metric"], release=["x3 ~1"])
    assert error.value.key == "invariance.release_level"
    with pytest.raises(ModelError) as marker:
        invariance(SCHOOLS, get_data(), "school", std_lv=False, release=["visual =~ x1"])
    assert marker.value.key == "invariance.release_marker"


def test_the_reading_says_what_may_be_compared() -> None:
    found = ladder("schools_ML")
    assert found.reached == "metric"
    assert found.reading("en")[0].startswith("Paths and covariances")
    assert "x3 ~1" in found.summary("vi")
    assert partial().reached == "strict"
    assert "carried by the items that are invariant" in partial().reading("en")[0]
    for lang in ("en", "vi"):
        for kind in ("levels", "changes", "suggestions"):
            assert "invariance." not in str(partial().apa(lang, kind=kind))
        assert "invariance." not in partial().latent_means().summary(lang)


@pytest.mark.parametrize("kind", ["fit", "items"])
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_figures_draw_in_both_languages(kind: str, lang: str) -> None:
    figure = ladder("providers_ML").plot(lang, kind=kind)  # type: ignore[arg-type]
    assert len(figure.axes) == (3 if kind == "fit" else 2)


def small(groups: list[object], n: int = 40, seed: int = 1) -> pd.DataFrame:
    """Simulated answers of some groups to six items of two constructs."""
    rng = np.random.default_rng(seed)
    frames = []
    for group in groups:
        factors = rng.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], n)
        values = {f"{name}{i}": factors[:, k] + rng.normal(0, 0.7, n) for k, name in enumerate("ab") for i in (1, 2, 3)}
        frames.append(pd.DataFrame(values | {"nhóm": [group] * n}))
    return pd.concat(frames, ignore_index=True)


TWO = "a =~ a1 + a2 + a3\nb =~ b1 + b2 + b3"


def test_vietnamese_group_labels_are_kept_and_shown() -> None:
    found = invariance(TWO, small(["Hà Nội", "Đà Nẵng", "Huế"]), "nhóm")
    assert found.groups == ("Hà Nội", "Đà Nẵng", "Huế")
    assert "Đà Nẵng (40)" in found.summary("vi")
    assert set(found.latent_means().table["group"]) == {"Đà Nẵng", "Huế"}


@pytest.mark.parametrize(
    ("frame", "group", "key"),
    [
        (small(["x", "y"]), "segment", "analyses.unknown_columns"),
        (small(["x"]), "nhóm", "sem.single_group"),
        (small(list(range(31)), 8), "nhóm", "sem.many_groups"),
        (pd.concat([small(["x"]), small(["y"], 5)]).reset_index(drop=True), "nhóm", "sem.in_group"),
        (pd.concat([small(["x"]), small(["y"]).assign(b2=3.0)]).reset_index(drop=True), "nhóm", "sem.in_group"),
        (small(["x", "y"]).head(0), "nhóm", "analyses.no_rows"),
    ],
)
def test_groups_that_cannot_be_compared_are_named(frame: pd.DataFrame, group: str, key: str) -> None:
    with pytest.raises(DataError) as error:
        invariance(TWO, frame, group)
    assert error.value.key == key


def test_few_rows_in_a_group_are_a_serious_notice() -> None:
    frame = pd.concat([small(["x"], 80), small(["y"], 14)]).reset_index(drop=True)
    found = invariance(TWO, frame, "nhóm", estimator="ML")
    notice = next(one for one in found.warnings if one.key == "invariance.small_groups")
    assert notice.serious
    assert "y (14)" in notice.text("vi")


@pytest.mark.parametrize(
    ("model", "key"),
    [
        (TWO + "\nb ~ a", "invariance.paths"),
        ("a =~ a1 + a2 + a3\ng =~ a + b1", "validity.higher_order"),
        ("a1 ~~ a2", "validity.no_measurement"),
    ],
)
def test_models_that_are_no_measurement_are_refused(model: str, key: str) -> None:
    with pytest.raises(ModelError) as error:
        invariance(model, small(["x", "y"]), "nhóm")
    assert error.value.key == key


def test_unknown_levels_and_a_missing_group_are_refused() -> None:
    with pytest.raises(ModelError):
        invariance(TWO, small(["x", "y"]), "nhóm", levels=["weak"])
    with pytest.raises(DataError):
        invariance(TWO, small(["x", "y"]), None)  # type: ignore[arg-type]


def test_a_level_that_cannot_be_estimated_is_kept_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    import cxlab.analyses.invariance_fits as fits

    real = fits.fit_level

    def failing(setting: Any, data: Any, level: str, freed: Any) -> Any:
        if level == "scalar":
            raise EstimationError("sem.needs_convergence")
        return real(setting, data, level, freed)

    monkeypatch.setattr(fits, "fit_level", failing)
    found = invariance(TWO, small(["x", "y"]), "nhóm", estimator="ML")
    row = found.row("scalar")
    assert (row["state"], row["verdict"]) == ("not_fitted", "not_fitted")
    assert row["reason"]
    assert found.row("strict")["df_diff"] == 10  # against the metric level: 6 intercepts less 2 means, and 6 residuals
    assert found.reached == "metric"
    with pytest.raises(EstimationError):
        found.latent_means()


def test_answers_missing_at_random_are_used_in_full() -> None:
    frame = small(["x", "y"], 120)
    frame.loc[::7, "a2"] = np.nan
    found = invariance(TWO, frame, "nhóm", estimator="ML", missing="fiml")
    assert found.n_obs == 240
    assert found.suggest("scalar")["chisq"].notna().all()


def test_published_moments_of_groups() -> None:
    frame = small(["x", "y"], 150)
    names = [f"{name}{i}" for name in "ab" for i in (1, 2, 3)]
    parts = [part[names] for _, part in frame.groupby("nhóm", sort=False)]
    moments = cx.Moments(
        {label: part.cov(ddof=0) for label, part in zip("xy", parts, strict=True)},
        {label: len(part) for label, part in zip("xy", parts, strict=True)},
        means={label: part.mean() for label, part in zip("xy", parts, strict=True)},
    )
    whole = invariance(TWO, frame, "nhóm", estimator="ML")
    told = invariance(TWO, moments, "nhóm")
    assert told.table["chisq"].to_numpy() == pytest.approx(whole.table["chisq"].to_numpy(), rel=1e-2)


def test_simulated_surveys_say_so_and_reversed_items_are_turned() -> None:
    survey = cx.load_dataset("gentile_six")
    text = "sensorial =~ sen1 + sen2 + sen3 + sen4\nemotional =~ emo1 + emo2 + emo3"
    found = invariance(text, survey, "brand", estimator="ML", levels=["metric"])
    assert found.simulated
    assert "analyses.reversed_turned" in {notice.key for notice in found.warnings}
    assert "sem.reversed_items" not in {notice.key for notice in found.warnings}
    rows = found["metric"].estimates
    assert (rows.loc[rows["op"] == "=~", "est"] > 0).all()
    assert "simulated" in found.summary("en")
    assert found.release("emotional =~ emo1").row("metric")["partial"]


@pytest.mark.shared
def test_bank_segments_and_airport_years(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    def load(name: str) -> Survey:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("CXLAB_MIRROR", str(shared_dir / "mirror"))
            patch.setenv("CXLAB_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
            return cx.load_dataset(name, accept_terms=True)

    bank = load("retail_bank_csi")
    names = ("value", "satisfaction", "loyalty")
    text = "\n".join(f"{name} =~ {' + '.join(bank.constructs[name])}" for name in names)
    found = invariance(text, bank, "occupation", estimator="ML")
    assert found.groups == ("MediumEmplo", "OwnFreelan", "Retired", "Manager", "Notemploy")
    # 10 items, 3 factors, 5 groups: 32 per group; 7 loadings, 7 intercepts, 10 residuals held in 4 further groups
    assert found.table["df"].tolist() == [160, 188, 216, 256]
    assert found.reached == "strict"
    assert set(found.latent_means().table["group"]) == {"OwnFreelan", "Retired", "Manager", "Notemploy"}
    airport = load("sfo_airport")
    years = invariance("clean =~ q9_boarding + q9_restroom + q9_food\nway =~ q7_sign + q7_screens + q7_walkways",
                       airport, "year", estimator="ML")  # fmt: skip
    assert years.groups == ("2014", "2015", "2016", "2017", "2018")
    assert years.row("scalar")["verdict"] == "holds"
    aligned, scalar = years.alignment().table, years.latent_means().table
    both = scalar.merge(aligned, on=["construct", "group"])
    # where invariance holds, alignment and the scalar model tell the same means
    assert both["est"].to_numpy() == pytest.approx(both["difference"].to_numpy(), abs=0.05)
