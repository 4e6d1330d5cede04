"""cx.sem with groups, missing answers and hard cases: what is refused, by which name, and what is said."""

import math

import numpy as np
import pandas as pd
import pytest
from semopy.examples import holzinger39

import cxlab as cx
from cxlab.codebook import Codebook, Item
from cxlab.errors import DataError, ModelError, ModelSyntaxError, Notice, NotSupportedError, PrivacyError
from cxlab.survey.survey import as_survey

ITEMS = [f"x{number}" for number in range(1, 10)]
THREE = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"


@pytest.fixture(scope="module")
def hs() -> pd.DataFrame:
    return holzinger39.get_data()


@pytest.fixture(scope="module")
def two(hs):
    return cx.cfa(THREE, hs, group="school", group_equal=["loadings", "intercepts"])


def pasteur(hs: pd.DataFrame) -> pd.Series:
    return hs["school"] == "Pasteur"


def keys(fit) -> list[str]:
    return [notice.key for notice in fit.warnings]


# ---- groups


def test_groups_stand_in_the_order_of_their_first_row(hs, two):
    assert two.groups == ("Pasteur", "Grant-White")
    turned = cx.cfa(THREE, hs.iloc[::-1], group="school")
    assert turned.groups == ("Grant-White", "Pasteur")


def test_matrices_are_one_for_each_group_and_copies(two):
    handed_out = two.implied_cov["Pasteur"]
    handed_out.iloc[0, 0] = 99
    assert two.implied_cov["Pasteur"].iloc[0, 0] < 2
    assert list(two.r2) == ["Pasteur", "Grant-White"]
    assert two.latent_mean["Pasteur"].tolist() == [0, 0, 0]
    assert (two.latent_mean["Grant-White"] != 0).all()


def test_numbers_as_groups_read_as_lavaan_writes_them(hs):
    coded = hs.assign(school=pasteur(hs).map({True: 1.0, False: 2.0}))
    assert cx.cfa(THREE, coded, group="school").groups == ("1", "2")


def test_a_group_of_its_own_gives_what_the_group_alone_gives(hs):
    # a configural model is one model in each group
    both = cx.cfa(THREE, hs, group="school")
    alone = [cx.cfa(THREE, hs[hs["school"] == name], meanstructure=True) for name in both.groups]
    total = sum(float(fit.fit_measures["chisq"]) for fit in alone)
    assert both.fit_measures["chisq"] == pytest.approx(total, rel=1e-9)
    np.testing.assert_allclose(
        both.estimates.loc[both.estimates["group"] == 2, "est"], alone[1].estimates["est"], rtol=1e-5, atol=1e-7
    )


def test_rows_without_a_group_are_counted(hs):
    fit = cx.cfa(THREE, hs.assign(school=hs["school"].where(hs.index > 5)), group="school")
    assert fit.n_obs == 296
    notice = next(one for one in fit.warnings if one.key == "sem.group_missing")
    assert notice.values["count"] == 5


def test_groups_that_are_declared_but_empty_are_said(hs):
    declared = pd.Categorical(hs["school"], categories=["Pasteur", "Grant-White", "Elsewhere"])
    fit = cx.cfa(THREE, hs.assign(school=declared), group="school")
    assert fit.groups == ("Pasteur", "Grant-White")
    assert "'Elsewhere'" in str(next(one for one in fit.warnings if one.key == "sem.group_unused"))


def test_vietnamese_groups_in_either_unicode_form_are_one(hs):
    import unicodedata

    names = hs["school"].map({"Pasteur": "Nữ", "Grant-White": "Nam"})
    mixed = names.where(hs.index % 2 == 0, names.map(lambda name: unicodedata.normalize("NFD", name)))
    fit = cx.cfa(THREE, hs.assign(giới=mixed), group="giới")
    assert fit.groups == ("Nữ", "Nam")


@pytest.mark.parametrize(
    ("change", "group", "key", "named"),
    [
        (lambda hs: hs.assign(x1=hs["x1"].where(pasteur(hs))), "school", "sem.empty_groups", "'Grant-White'"),
        (lambda hs: hs.assign(g="a"), "g", "sem.single_group", "'a'"),
        (lambda hs: hs, "schol", "analyses.unknown_columns", "'school'"),
        (lambda hs: hs, "x9", "sem.many_groups", "'x9'"),
        (lambda hs: hs.assign(g=["a"] * 6 + ["b"] * 295), "g", "sem.in_group", "'a': 6 usable rows for 9 items"),
        (lambda hs: hs.assign(x1=hs["x1"].where(pasteur(hs), 3)), "school", "sem.in_group", "Grant-White.*'x1'"),
        (lambda hs: hs.assign(x1=hs["x1"].where(pasteur(hs), hs["x2"])), "school", "sem.in_group", "'x1' and 'x2'"),
        (lambda hs: hs.assign(x1=hs["sex"]), "x1", "sem.group_is_item", "'x1'"),
    ],
)
def test_groups_that_cannot_be_used_are_refused_by_name(hs, change, group, key, named):
    with pytest.raises((DataError, ModelError), match=named) as caught:
        cx.cfa(THREE, change(hs), group=group)
    assert caught.value.key == key


def test_an_item_that_a_group_never_answered_is_named_with_full_information(hs):
    with pytest.raises(DataError, match=r"Grant-White.*'x1'") as caught:
        cx.cfa(THREE, hs.assign(x1=hs["x1"].where(pasteur(hs))), group="school", missing="fiml")
    assert caught.value.values["problem"].key == "engine.never_observed"


def test_personal_columns_make_no_groups(hs):
    book = Codebook(items={"school": Item("school", personal=True)})
    from dataclasses import replace

    with pytest.raises(PrivacyError):
        cx.cfa(THREE, replace(as_survey(hs), codebook=book), group="school")


def test_equal_parameters_without_groups_ask_for_the_column(hs):
    with pytest.raises(ModelError) as caught:
        cx.cfa(THREE, hs, group_equal="loadings")
    assert caught.value.key == "sem.group_equal_without_group"


def test_an_inadmissible_solution_names_the_group(hs):
    part = pd.concat([hs[pasteur(hs)].head(40), hs[~pasteur(hs)]])
    fit = cx.cfa("visual =~ x1 + x2 + x3\nspeed =~ x7 + x8 + x9", part, group="school")
    assert not fit.admissible
    assert fit.admissibility[0].values["group"] == "Pasteur"
    assert fit.admissibility[0].values["problem"].key == "sem.negative_variance"
    assert "Pasteur" in str(fit.admissibility[0])
    assert "âm" in fit.admissibility[0].text("vi")


def test_summary_tables_and_diagram_show_each_group(hs):
    fit = cx.sem(THREE + "\nspeed ~ c(a, b)*visual\ngap := a - b", hs, group="school")
    text = fit.summary()
    assert "Pasteur 156, Grant-White 145" in text.splitlines()[0]
    assert text.index("[Pasteur]") < text.index("[Grant-White]") < text.index("gap := a-b")
    assert text.count("visual → speed") == 2
    html = fit.apa().to_html("vi")
    assert "Pasteur: speed" in html
    assert len(fit.apa(kind="loadings").frame) == 18
    figure = fit.plot(group="Grant-White")
    assert "Grant-White" in figure.axes[0].get_title() + "".join(text.get_text() for text in figure.texts) + "".join(
        text.get_text() for axes in figure.axes for text in [axes.title, axes._left_title, *axes.texts]
    )
    with pytest.raises(cx.CxlabError, match="Grant-White"):
        fit.plot(group="Grant")


# ---- missing answers


def test_full_information_adds_means_and_says_how_many_rows_are_incomplete(hs):
    fit = cx.cfa(THREE, hs.assign(x1=hs["x1"].where(hs.index % 7 > 0)), missing="ml")
    assert fit.options.missing == "fiml"
    assert fit.n_obs == 301
    assert (fit.estimates["op"] == "~1").any()
    assert next(one for one in fit.warnings if one.key == "sem.incomplete_used").values["count"] == 43


def test_rows_without_any_answer_and_without_a_given_covariate_are_counted(hs):
    holed = hs.copy()
    holed.loc[:4, ITEMS] = np.nan
    holed.loc[10:19, "ageyr"] = np.nan
    fit = cx.sem(THREE + "\nspeed ~ ageyr", holed, missing="fiml")
    # a row with age alone counts, as in lavaan; one without age does not
    assert fit.n_obs == 291
    assert "sem.covariate_rows" in keys(fit)
    assert "sem.rows_without_answers" in keys(cx.cfa(THREE, holed, missing="fiml"))


def test_items_never_answered_together_are_said(hs):
    apart = hs.assign(x1=hs["x1"].where(hs.index < 150), x4=hs["x4"].where(hs.index >= 150))
    fit = cx.cfa(THREE, apart, missing="fiml")
    assert "x1 – x4" in str(next(one for one in fit.warnings if one.key == "engine.never_together"))


def test_a_sum_among_incomplete_items_is_named(hs):
    holed = hs.assign(x9=hs["x7"] + hs["x8"], x1=hs["x1"].where(hs.index > 5))
    with pytest.raises(DataError, match="'x7', 'x8', 'x9'"):
        cx.cfa(THREE, holed, missing="fiml")


# ---- options


@pytest.mark.parametrize(
    ("settings", "error", "key"),
    [
        ({"estimator": "WLSMV"}, ModelError, "ordinal.estimator_needs_ordered"),
        ({"estimator": "MLR", "ordered": ["x1"]}, ModelError, "ordinal.estimator"),
        ({"estimator": "PML"}, NotSupportedError, "ordinal.not_served"),
        ({"missing": "pairwise"}, NotSupportedError, "sem.missing_other"),
        ({"missing": "fiml", "estimator": "MLM"}, ModelError, "engine.fiml_needs_ml"),
        ({"missing": "fiml", "meanstructure": False}, ModelError, "engine.fiml_needs_means"),
        ({"se": "bootstrap"}, NotSupportedError, "sem.se_bootstrap"),
        ({"estimator": "GLS", "se": "robust"}, ModelError, "engine.robust_needs_ml"),
        ({"information": "fisher"}, ModelError, "sem.unknown_option"),
        ({"test": "bollen.stine"}, ModelError, "sem.unknown_option"),
        ({"std_lv": "yes"}, ModelError, "sem.unknown_option"),
        ({"fixed_x": 2}, ModelError, "sem.unknown_option"),
        ({"engine": "lavaan"}, ModelError, "sem.unknown_option"),
        ({"group": "school", "group_equal": "loading"}, ModelError, "specify.unknown_group_equal"),
    ],
)
def test_options_that_are_unknown_or_do_not_go_together_are_refused(hs, settings, error, key):
    with pytest.raises(error) as caught:
        cx.cfa(THREE, hs, **settings)
    assert caught.value.key == key


def test_robust_errors_are_the_estimators_own_words(hs):
    robust = cx.cfa(THREE, hs, se="robust", test="satorra.bentler")
    mlm = cx.cfa(THREE, hs, estimator="MLM")
    np.testing.assert_array_equal(robust.estimates["se"], mlm.estimates["se"])
    assert robust.fit_measures["chisq_scaled"] == mlm.fit_measures["chisq_scaled"]
    assert "scaled χ²(24) = 80.87" in robust.summary()
    assert "robust: CFI .932" in robust.summary()
    assert "χ²(24) hiệu chỉnh = 80,87" in robust.summary("vi")


def test_no_standard_errors_are_no_finding(hs):
    fit = cx.sem(THREE + "\nspeed ~ a*visual\ndouble := 2*a", hs, se="none")
    assert fit.estimates["se"].isna().all()
    assert "sem.undefined" not in keys(fit)


# ---- hard models


def test_a_circle_of_arrows_is_estimated_where_identified_and_said(hs):
    fit = cx.sem(THREE + "\nspeed ~ textual\ntextual ~ visual\nvisual ~ speed", hs)
    assert fit.converged
    assert "specify.circular" in keys(fit)
    assert "evaluation.circle" in [notice.key for notice in fit.effects_notices()]


def test_a_label_that_does_not_exist_is_named_with_its_nearest(hs):
    with pytest.raises(ModelSyntaxError, match="Did you mean 'path'"):
        cx.sem(THREE + "\nspeed ~ path*visual\ndouble := 2*paht", hs)


@pytest.mark.parametrize("formula", ["a / (b - b)", "log(0 - b)", "1 / (a - a)"])
def test_a_formula_without_a_value_is_said_and_printed_as_a_dash(hs, formula):
    fit = cx.sem(THREE + f"\nspeed ~ a*textual + b*visual\nodd := {formula}", hs)
    row = fit.estimates.iloc[-1]
    assert math.isnan(row["est"])
    assert math.isnan(row["se"])
    assert "odd" in str(next(one for one in fit.warnings if one.key == "sem.undefined"))
    assert "inf" not in fit.summary()


def test_items_that_do_not_correlate_get_no_praise_for_their_cfi():
    noise = pd.DataFrame(np.random.default_rng(1).normal(size=(200, 4)), columns=list("abcd"))
    assert "sem.baseline_fits" in keys(cx.cfa("f =~ a + b + c + d", noise))


def test_observed_variables_alone_make_a_model(hs):
    fit = cx.sem("x9 ~ x1 + x5\nx5 ~ x1", hs)
    # ordinary least squares, by hand
    design = np.column_stack([np.ones(301), hs["x1"], hs["x5"]])
    slopes = np.linalg.lstsq(design, hs["x9"], rcond=None)[0]
    np.testing.assert_allclose(fit.estimates["est"][:2], slopes[1:], rtol=1e-7)
    assert fit.latent_cov.empty
    assert "x1 → x9" in fit.summary()
    assert "x1 ↔ x2" in cx.sem("x1 ~~ x2", hs).summary()


def test_least_squares_say_what_does_not_apply(hs):
    fit = cx.cfa(THREE, hs, estimator="ULS")
    assert math.isnan(fit.fit_measures["aic"])
    assert {"sem.no_likelihood", "sem.uls_no_test"} <= set(keys(fit))
    assert "AIC" not in fit.apa(kind="fit").to_html("en")
    assert {"browne_1984"} <= {work.key for work in fit.cite()}


def test_every_notice_reads_in_both_languages(hs):
    part = pd.concat([hs[pasteur(hs)].head(20), hs[~pasteur(hs)].head(20)])
    for fit in (cx.cfa(THREE, part, group="school"), cx.cfa(THREE, hs, estimator="ULS")):
        for notice in fit.warnings:
            assert isinstance(notice, Notice)
            assert notice.text("en") != notice.text("vi")
