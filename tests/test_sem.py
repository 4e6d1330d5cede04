"""cx.sem and cx.cfa as a user meets them: bad input, what is not served, and what the result says and prints."""

import math

import numpy as np
import pandas as pd
import pytest
from semopy.examples import holzinger39

import cxlab as cx
from cxlab.codebook import Codebook, Construct, Item
from cxlab.errors import (
    DataError,
    EstimationError,
    IdentificationError,
    ModelError,
    ModelSyntaxError,
    Notice,
    NotSupportedError,
)
from cxlab.estimate.sem import semopy_engine
from cxlab.survey.survey import as_survey

THREE = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
MEDIATION = THREE + "\ntextual ~ a*visual\nspeed ~ b*textual + c*visual\nindirect := a*b"


@pytest.fixture(scope="module")
def hs() -> pd.DataFrame:
    return holzinger39.get_data()


@pytest.fixture(scope="module")
def mediation(hs):
    return cx.sem(MEDIATION, hs)


@pytest.fixture(params=["cxlab", "semopy"])
def engine(request) -> str:
    return request.param


def keys(fit) -> list[str]:
    return [notice.key for notice in fit.warnings]


# ---- data


def test_rows_with_a_missing_answer_are_left_out_and_counted(hs, engine):
    holed = hs.copy()
    holed.loc[[3, 17, 40], "x5"] = np.nan
    holed.loc[5, "school"] = None
    fit = cx.cfa(THREE, holed, engine=engine)
    complete = cx.cfa(THREE, hs.drop(index=[3, 17, 40]), engine=engine)
    assert (fit.n_obs, fit.n_total) == (298, 301)
    assert fit.fit_measures["chisq"] == pytest.approx(complete.fit_measures["chisq"], rel=1e-9)
    assert "3 of 301 rows" in fit.summary()


def test_an_item_in_millions_gives_the_same_test_as_one_in_points(hs, engine):
    million = hs.assign(x5=hs["x5"] * 1e6)
    plain, scaled = cx.cfa(THREE, hs, engine=engine), cx.cfa(THREE, million, engine=engine)
    assert scaled.fit_measures["chisq"] == pytest.approx(plain.fit_measures["chisq"], rel=1e-9)
    assert scaled.fit_measures["cfi"] == pytest.approx(plain.fit_measures["cfi"], rel=1e-9)
    assert scaled.estimates.loc[4, "est"] == pytest.approx(1e6 * plain.estimates.loc[4, "est"], rel=1e-5)
    np.testing.assert_allclose(scaled.estimates["z"], plain.estimates["z"], rtol=1e-4)
    np.testing.assert_allclose(scaled.estimates["std_all"], plain.estimates["std_all"], atol=1e-5)


def test_integers_and_numbers_stored_as_text_are_read_as_numbers(hs, engine):
    tenths = (hs[[f"x{i}" for i in range(1, 10)]] * 10).round().astype(int)
    as_text = tenths.assign(x1=tenths["x1"].astype(str))
    assert cx.cfa(THREE, as_text, engine=engine).fit_measures["chisq"] == pytest.approx(
        cx.cfa(THREE, tenths.astype(float), engine=engine).fit_measures["chisq"], rel=1e-9
    )


def test_words_in_an_item_are_named_with_row_and_column(hs):
    with pytest.raises(DataError, match="x2"):
        cx.cfa(THREE, hs.assign(x2=["rất hài lòng", *hs["x2"].astype(object)[1:]]))


def test_an_unknown_item_is_named_with_its_place_in_the_model(hs):
    with pytest.raises(ModelSyntaxError, match="x33"):
        cx.cfa("visual =~ x1 + x2 + x33", hs)


def test_vietnamese_names_in_either_unicode_form_work(hs):
    import unicodedata

    items = {"x1": "hài_lòng_1", "x2": "hài_lòng_2", "x3": "đáp_ứng", "x4": "giá"}
    named = hs.rename(columns={old: unicodedata.normalize("NFD", new) for old, new in items.items()})
    fit = cx.cfa("trải_nghiệm =~ " + " + ".join(items.values()), named)
    assert fit.fit_measures["chisq"] == pytest.approx(cx.cfa("f =~ x1 + x2 + x3 + x4", hs).fit_measures["chisq"])


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda hs: hs.head(9), "sem.too_few_rows"),
        (lambda hs: hs.assign(x4=5.0), "analyses.constant_columns"),
        (lambda hs: hs.assign(x4=hs["x5"]), "sem.duplicate_items"),
        (lambda hs: hs.assign(x4=8 - hs["x5"]), "sem.duplicate_items"),
        (lambda hs: hs.assign(x9=hs["x7"] + hs["x8"]), "sem.collinear_items"),
        (lambda hs: hs.head(0), "analyses.no_rows"),
        (lambda hs: hs.assign(x1=np.nan), "analyses.all_missing"),
        (lambda hs: hs.assign(x1=np.inf), "analyses.infinite"),
        (
            lambda hs: hs.assign(x1=hs["x1"].where(hs.index < 150), x4=hs["x4"].where(hs.index >= 150)),
            "analyses.too_few_rows",
        ),
    ],
)
def test_data_that_cannot_be_used_are_refused_by_name(hs, change, key, engine):
    with pytest.raises(DataError) as caught:
        cx.cfa(THREE, change(hs), engine=engine)
    assert caught.value.key == key


def test_collinear_items_are_named(hs):
    with pytest.raises(DataError, match="'x7', 'x8', 'x9'"):
        cx.cfa(THREE, hs.assign(x9=hs["x7"] + hs["x8"]))


def test_fewer_rows_than_parameters_is_said(hs):
    assert "sem.fewer_rows_than_parameters" in keys(cx.cfa(THREE, hs.head(20)))


def test_a_reversed_item_that_was_not_turned_is_said(hs):
    from dataclasses import replace

    book = Codebook(
        items={"x2": Item("x2", reversed=True)}, constructs={"visual": Construct("visual", {"vi": "Thị giác"})}
    )
    fit = cx.cfa(THREE, replace(as_survey(hs), codebook=book))
    assert "sem.reversed_items" in keys(fit)
    assert "Thị giác" in fit.apa("vi", kind="loadings").to_html("vi")


# ---- identification and convergence


@pytest.mark.parametrize(
    ("model", "key", "named"),
    [
        ("f =~ x1 + x2", "negative_df", "4 parameters"),
        ("f =~ NA*x1 + x2 + x3 + x4", "not_identified", "f=~x1"),
        ("f =~ x1 + x2; g =~ x3 + x4; f ~~ 0*g", "not_identified", "f=~x2"),
        ("f =~ x1 + x2 + x3; g =~ x4 + x5 + x6; f ~ g; g ~ f", "not_identified", "f~g"),
    ],
)
def test_a_model_without_unique_solution_names_the_parameters(hs, model, key, named, engine):
    with pytest.raises(IdentificationError, match=named) as caught:
        cx.sem(model, hs, engine=engine)
    assert caught.value.key.split(".")[1] == key


def test_parameters_that_only_the_data_leave_open_are_named(engine):
    # two factors with two items each that do not correlate at all: each loading can then be anything
    columns, _ = np.linalg.qr(np.column_stack([np.ones(32), np.random.default_rng(3).normal(size=(32, 6))]))
    first, second, errors = columns[:, 1], columns[:, 2], columns[:, 3:]
    values = np.column_stack([first, first, second, second]) + errors * [0.8, 0.9, 1.0, 0.7]
    frame = pd.DataFrame(values, columns=["a1", "a2", "b1", "b2"])
    with pytest.raises(IdentificationError) as caught:
        cx.cfa("a =~ a1 + a2; b =~ b1 + b2", frame, engine=engine)
    assert caught.value.key.split(".")[1] == "not_identified_by_data"


def stop_short(monkeypatch, engine: str) -> str:
    """Let neither engine go far; the reason it then gives."""
    from cxlab.estimate.sem.solver import Control

    monkeypatch.setattr(semopy_engine, "MOST_EVALUATIONS", 6)
    monkeypatch.setattr("cxlab.analyses.sem_options.Control", lambda distance: Control(distance, iterations=2))
    return {"cxlab": "engine.status_iteration_limit", "semopy": "sem.not_converged"}[engine]


def test_a_search_that_stops_short_never_counts_as_converged(hs, monkeypatch, engine):
    reason = stop_short(monkeypatch, engine)
    fit = cx.sem(MEDIATION, hs, engine=engine)
    assert not fit.converged
    assert not fit.admissible
    assert fit.warnings[0].key == reason
    assert fit.warnings[0].serious
    assert fit.fit_measures.isna().all()
    free = fit.estimates["se"] != 0
    assert fit.estimates.loc[free, ["se", "z", "pvalue", "ci_lower", "std_all"]].isna().all().all()
    assert "NOT CONVERGED" in fit.summary().splitlines()[0]
    with pytest.raises(EstimationError, match="did not converge"):
        fit.modification_indices()
    assert "did not converge" in str(fit.cross_check())


def test_a_search_that_finds_nothing_is_an_error(hs, monkeypatch):
    monkeypatch.setattr("cxlab.analyses.sem_outcome.semopy_engine.minimise", lambda *arguments: None)
    with pytest.raises(EstimationError):
        cx.cfa(THREE, hs, engine="semopy")


def test_loadings_with_labels_and_unit_variances_do_not_hang_as_in_semopy(hs, engine):
    fit = cx.cfa("g =~ a*x1 + b*x2 + c*x3 + d*x4", hs, std_lv=True, engine=engine)
    assert fit.converged


def test_equal_loadings_with_unit_variance_are_fitted_and_refused_by_semopy_that_searches_for_ever(hs):
    fit = cx.cfa("g =~ a*x1 + a*x2 + a*x3", hs, std_lv=True)
    assert fit.converged
    assert fit.fit_measures["df"] == 2
    with pytest.raises(NotSupportedError, match="'a'") as caught:
        cx.cfa("g =~ a*x1 + a*x2 + a*x3", hs, std_lv=True, engine="semopy")
    assert caught.value.key == "sem.equalities"


def test_a_saturated_model_has_no_fit_indices_and_says_why(hs, engine):
    fit = cx.cfa("visual =~ x1 + x2 + x3", hs, engine=engine)
    assert fit.fit_measures["df"] == 0
    assert math.isnan(fit.fit_measures["cfi"])
    assert "sem.saturated" in keys(fit)


# ---- what is not served


@pytest.mark.parametrize(
    ("model", "settings", "key"),
    [
        (THREE, {"estimator": "MLR"}, "sem.estimator_later"),
        (THREE, {"se": "robust"}, "sem.se_later"),
        (THREE, {"se": "bootstrap"}, "sem.se_bootstrap"),
        (THREE, {"information": "observed"}, "sem.test_later"),
        (THREE, {"missing": "fiml"}, "sem.missing_later"),
        (THREE, {"group": "school"}, "sem.groups"),
        (THREE, {"ordered": True}, "ordinal.semopy"),
        (THREE, {"ordered": ["x1"]}, "ordinal.semopy"),
        (THREE, {"meanstructure": True}, "sem.means"),
        (THREE + "\nx1 ~ 1", {}, "sem.means"),
        (THREE + "\nspeed ~ ageyr", {}, "sem.observed_predictors"),
        (THREE + "\nx1 ~~ a*x1\na > 0", {}, "sem.inequalities"),
        (THREE + "\ntextual ~ a*visual\nspeed ~ b*visual\na == b", {}, "sem.equalities"),
        ("c <~ x1 + x2 + x3\nspeed =~ x7 + x8 + x9\nspeed ~ c", {}, "sem.composites"),
        ("x1 ~~ x2", {}, "sem.no_latent"),
    ],
)
def test_what_semopy_gets_wrong_is_refused_with_a_way_out(hs, model, settings, key):
    with pytest.raises(NotSupportedError) as caught:
        cx.sem(model, hs, engine="semopy", **settings)
    assert caught.value.key == key


def test_an_unknown_option_lists_what_there_is(hs):
    with pytest.raises(ModelError, match="'ML'"):
        cx.sem(THREE, hs, estimator="maximum")


def test_empty_settings_for_ordinal_items_and_groups_are_allowed(hs):
    assert cx.cfa(THREE, hs, ordered=[], group_equal=(), meanstructure=False, estimator="ml").converged


# ---- the result


def test_defined_effects_come_with_the_delta_method(mediation):
    # hand calculation from the path estimates and their covariance matrix
    est = mediation.estimates.set_index("label")["est"]
    cov = mediation.vcov.loc[["a", "b"], ["a", "b"]].to_numpy()
    slope = np.array([est["b"], est["a"]])
    row = mediation.estimates.iloc[-1]
    assert row["est"] == pytest.approx(est["a"] * est["b"], rel=1e-12)
    assert row["se"] == pytest.approx(math.sqrt(slope @ cov @ slope), rel=1e-10)


def test_the_fit_does_not_depend_on_marker_or_order(hs, engine):
    turned = "speed =~ x9 + x7 + x8\nvisual =~ x3 + x1 + x2\ntextual =~ x6 + x4 + x5"
    one, other = cx.cfa(THREE, hs, engine=engine), cx.cfa(turned, hs, engine=engine)
    assert other.fit_measures["chisq"] == pytest.approx(one.fit_measures["chisq"], rel=1e-9)
    assert other.latent_cor.loc["visual", "speed"] == pytest.approx(one.latent_cor.loc["visual", "speed"], abs=1e-5)


def test_data_and_survey_give_the_same_and_are_not_changed(hs):
    before = hs.copy()
    assert cx.cfa(THREE, hs).fit_measures.equals(cx.cfa(THREE, as_survey(hs)).fit_measures)
    pd.testing.assert_frame_equal(hs, before)


def test_result_reads_in_english_and_vietnamese(mediation):
    english, vietnamese = mediation.summary("en"), mediation.summary("vi")
    assert english.splitlines()[0] == "SemFit · ML, complete rows · n = 301 · converged · admissible"
    assert "χ²(24) = 85.31, p < .001 · CFI .931 · TLI .896 · RMSEA .092 [.071, .114] · SRMR .065" in english
    assert "CFI ✗  TLI ✗  RMSEA ✗  SRMR ✓" in english
    assert "visual → textual" in english
    assert "hội tụ" in vietnamese
    assert "CFI 0,931" in vietnamese
    assert "RMSEA 0,092 [0,071; 0,114]" in vietnamese
    assert repr(mediation) == english
    with cx.language("vi"):
        assert "Đường dẫn giữa các khái niệm" in mediation._repr_html_()


@pytest.mark.parametrize("kind", ["paths", "loadings", "fit"])
def test_tables_for_a_paper_hold_raw_numbers_and_name_method_and_n(mediation, kind):
    table = mediation.apa(kind=kind)
    assert "n = 301" in table.to_html("en")
    assert "R² = .21" in table.to_html("en") or kind != "paths"
    assert len(table.frame) == {"paths": 4, "loadings": 9, "fit": 1}[kind]


def test_default_table_is_loadings_for_a_measurement_model_and_unknown_kinds_are_refused(hs, mediation):
    assert len(cx.cfa(THREE, hs).apa().frame) == 9
    assert len(mediation.apa().frame) == 4
    with pytest.raises(cx.CxlabError, match="loadings"):
        mediation.apa(kind="everything")


def test_lavaan_script_holds_model_options_and_reading_line(hs):
    script = cx.cfa(THREE, hs, std_lv=True, orthogonal=True).to_lavaan()
    assert 'read.csv("data.csv"' in script
    assert (
        'fit <- cfa(model, data = data, estimator = "ML", missing = "listwise", std.lv = TRUE, orthogonal = TRUE)'
        in script
    )
    assert "visual =~ x1 + x2 + x3" in script


def test_lavaan_script_renames_what_lavaan_cannot_read(hs):
    named = hs.rename(columns={"x1": "hài lòng 1"})
    script = cx.cfa("`trải nghiệm` =~ `hài lòng 1` + x2 + x3 + x4", named).to_lavaan()
    assert 'data <- data[, c("hài lòng 1", "x2", "x3", "x4")]' in script
    assert 'names(data) <- c("hài_lòng_1", "x2", "x3", "x4")' in script
    assert "trải_nghiệm =~ hài_lòng_1 + x2 + x3 + x4" in script


def test_path_diagram_draws_every_item_and_construct(mediation):
    figure = mediation.plot()
    texts = {text.get_text() for axes in figure.axes for text in axes.texts}
    assert {"visual", "x1", "x9", ".46"} <= texts


def test_works_behind_the_method_are_cited(mediation):
    assert {"joreskog_1969", "rosseel_2012"} <= {reference.key for reference in mediation.cite()}
    assert "semopy" in {reference.key for reference in cx.cfa(THREE, holzinger39.get_data(), engine="semopy").cite()}


def test_warnings_are_notices_with_texts_in_both_languages(hs):
    fit = cx.cfa(THREE, hs.head(20))
    assert fit.warnings
    for notice in fit.warnings:
        assert isinstance(notice, Notice)
        assert notice.text("en") != notice.text("vi")
