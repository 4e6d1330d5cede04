"""Reading and printing model text, and what errors read like."""

from __future__ import annotations

import math
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxlab.errors import CxlabError, ModelError, ModelSyntaxError, NotSupportedError
from cxlab.i18n import language
from cxlab.specify import Model, check_variables
from cxlab.specify.expression import evaluate, value_and_partials
from cxlab.specify.functions import parse_expression


def _rows(text: str) -> list[tuple[str, str, str]]:
    return [(term.lhs, term.op, term.rhs) for term in Model.parse(text).terms]


def test_lines_go_on_after_and_before_a_plus_and_end_at_semicolons() -> None:
    text = "\ufeffSAT =~ s1 + # first\n s2\n   + s3; LOY =~\n l1 ! second\n\n\nLOY ~ SAT;;\r\nSAT\n ~ x"
    assert _rows(text) == [
        ("SAT", "=~", "s1"),
        ("SAT", "=~", "s2"),
        ("SAT", "=~", "s3"),
        ("LOY", "=~", "l1"),
        ("LOY", "~", "SAT"),
        ("SAT", "~", "x"),
    ]


def test_a_model_shows_its_text_with_comments_and_prints_to_lavaan_without() -> None:
    model = Model.parse("\n# H1\nLOY   ~ SAT+ 0.50*x\n")
    assert str(model) == "# H1\nLOY   ~ SAT+ 0.50*x"
    assert repr(model) == 'Model.parse("""\n# H1\nLOY   ~ SAT+ 0.50*x\n""")'
    assert model.to_lavaan() == "LOY ~ SAT + 0.5*x\n"


def test_several_left_sides_make_every_pair() -> None:
    assert _rows("y1 + y2 ~ x + 1") == [("y1", "~", "x"), ("y1", "~1", ""), ("y2", "~", "x"), ("y2", "~1", "")]


@pytest.mark.parametrize(
    ("term", "fixed", "start", "label"),
    [
        ("0.8*x", (0.8,), (), ()),
        ("-1*x", (-1.0,), (), ()),
        ("1/4*x", (0.25,), (), ()),
        ("(1 + 2^2)*x", (5.0,), (), ()),
        ("sqrt(4)*x", (2.0,), (), ()),
        ("1e-3*x", (0.001,), (), ()),
        ("NA*x", (None,), (), ()),
        ("a.b*x", (), (), ("a.b",)),
        ('"a label"*x', (), (), ("alabel",)),
        ("c(1, NA)*x", (1.0, None), (), ()),
        ("c(a, b)*x", (), (), ("a", "b")),
        ('c("a", NA)*x', (), (), ("a", "")),
        ("start(0.5)*x", (), (0.5,), ()),
        ("start(c(0.5, -1))*x", (), (0.5, -1.0), ()),
        ("0.5?x", (), (0.5,), ()),
        ("(-0.5)?x", (), (-0.5,), ()),
        ('equal("f =~ z")*x', (), (), ("f=~z",)),
        ('label(c("a", "b"))*x', (), (), ("a", "b")),
        ("start(1)*a*x", (), (1.0,), ("a",)),
        ("NA*x + a*x + start(2)*x", (None,), (2.0,), ("a",)),
        ("“a”*x", (), (), ("a",)),
    ],
)
def test_modifiers(term: str, fixed: object, start: object, label: object) -> None:
    modifiers = Model.parse(f"f =~ z + {term}").terms[1].modifiers
    assert (modifiers.fixed, modifiers.start, modifiers.label) == (fixed, start, label)


def test_names_may_be_vietnamese_decomposed_quoted_or_end_in_a_full_stop() -> None:
    decomposed = unicodedata.normalize("NFD", "hài_lòng")
    assert _rows(f"`chất lượng` =~ {decomposed} + 'câu 2' + q.3.") == [
        ("chất lượng", "=~", "hài_lòng"),
        ("chất lượng", "=~", "câu 2"),
        ("chất lượng", "=~", "q.3."),
    ]


def test_signs_that_word_processors_put_in_are_read() -> None:
    assert Model.parse("y ˜ −0.5*x\nf =～ z") == Model.parse("y ~ -0.5*x\nf =~ z")


# text, key, line, column
_ERRORS = [
    ("", "empty", None, None),
    ("f =~ x1\nf x2", "no_operator_goes_on", 2, 1),
    ("f", "no_operator", 1, 1),
    ("f = x1", "single_equals", 1, 3),
    ("f =~ x1 +\ng =~ x2", "line_stops", 1, 9),
    ("f =~ x1 + c(1,\ng =~ x2", "open_parenthesis", 1, 12),
    ("f =~ x1 + ; g =~ x2", "unfinished", 1, 10),
    ("f =~ x1 x2", "two_names", 1, 9),
    ("f =~ x1 y ~ x1", "two_operators", 1, 11),
    ("f =~", "empty_side", 1, 3),
    ("=~ x1", "empty_side", 1, 1),
    ("y ~ 0,8*x", "decimal_comma", 1, 6),
    ("y ~ x - z", "unexpected_minus", 1, 7),
    ("y ~ 2x", "name_starts_with_digit", 1, 5),
    ("y ~ (0.5)x", "star_missing", 1, 10),
    ("y ~ x + 0.5*", "unfinished", 1, 13),
    ("y ~ start(0.5)", "modifier_alone", 1, 5),
    ("y ~ start()*x", "empty_modifier", 1, 5),
    ("y ~ start(a)*x", "number_expected", 1, 11),
    ("y ~ label(1)*x", "label_expected", 1, 11),
    ("y ~ log(x)", "computed_variable", 1, 9),
    ("y ~ (x + z)", "computed_variable", 1, 6),
    ("y ~ 1/0*x", "not_finite", 1, 5),
    ("y ~ 0.5*a*x", "chained_modifiers", 1, 5),
    ("y ~ 0.5*x + 0.6*x", "modifiers_conflict", 1, 17),
    ("y ~ c(a, NA)*x", "bare_label_with_na", 1, 7),
    ("y ~ foo(1)*x", "unknown_function", 1, 5),
    ("y ~ NA", "na_is_no_name", 1, 5),
    ("y ~ 3", "number_alone", 1, 5),
    ("f =~ 1", "no_intercept_here", 1, 6),
    ("f =~ f", "measured_by_itself", 1, 6),
    ("y ~ y", "regressed_on_itself", 1, 5),
    ("y ~ x\ny ~ z + x", "duplicate", 2, 9),
    ("x ~~ y\ny ~~ x", "duplicate", 2, 6),
    ("y ~ a*x\na*2 := a", "defined_name", 2, 1),
    ("y ~ a*x\nb := a\nb := 2*a", "defined_twice", 3, 1),
    ("y ~ a*x\na := 2", "defined_is_label", 2, 1),
    ("y ~ a*x\nb := c\nc := a", "defined_below", 2, 6),
    ("y ~ a_1*x\nind := 2*a1", "unknown_label_did_you_mean", 2, 10),
    ("y ~ a*x\nquite_other == 2", "unknown_label", 2, 1),
    ("y ~ a*x\nb := sin(a)", "unknown_function", 2, 6),
    ("y ~ a*x\nb := (a", "open_parenthesis", 2, 6),
    ("y ~ a*x\na <= 2", "or_equal", 2, 3),
    ("x | k1", "no_threshold", 1, 5),
    ("x ~*~ y", "scale_of_another", 1, 7),
    ("x -> y", "arrow", 1, 3),
    ("y <- x", "arrow", 1, 3),
    ("y ~ 'x", "open_quote", 1, 5),
    ("y ~ ''", "empty_quotes", 1, 5),
    ("y ~ x @ z", "unknown_character", 1, 7),
]


@pytest.mark.parametrize(("text", "key", "line", "column"), _ERRORS)
def test_an_error_names_line_and_column_in_both_languages(text: str, key: str, line: int, column: int) -> None:
    for lang, start in (("en", "line"), ("vi", "dòng")):
        with language(lang), pytest.raises(ModelSyntaxError) as caught:
            Model.parse(text)
        assert caught.value.key == f"specify.{key}"
        if line is not None:
            assert (caught.value.values["line"], caught.value.values["column"]) == (line, column)
            assert str(caught.value).startswith(f"{start} {line}, ")
            assert "{" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("y ~ x:z", "interaction"),
        ("y ~ a*x:z", "interaction"),
        ("x:z ~ y", "interaction"),
        ("group: 1\nf =~ x", "blocks"),
        ("level: 1", "blocks"),
        ("y ~ lower(0)*x", "modifier_not_supported"),
        ('efa("a")*f =~ x1 + x2', "modifier_on_the_left"),
    ],
)
def test_what_is_not_served_says_so(text: str, key: str) -> None:
    with pytest.raises(NotSupportedError) as caught:
        Model.parse(text)
    assert caught.value.key == f"specify.{key}"


def test_the_caret_stands_under_the_name_also_after_vietnamese_letters_and_tabs() -> None:
    line = "\t" + unicodedata.normalize("NFD", "hài_lòng") + " ~ x @"
    with pytest.raises(ModelSyntaxError) as caught:
        Model.parse(line)
    assert str(caught.value).splitlines()[1:3] == [f"  {line}", "  \t" + " " * len("hài_lòng ~ x ") + "^"]


def test_an_unknown_column_reads_as_in_the_storyboard() -> None:
    model = Model.parse("SAT =~ a1 + a2\n\nSEN =~ sens1 + sens2 + sens4")
    with pytest.raises(ModelSyntaxError) as caught:
        check_variables(model, ["a1", "a2", "sens1", "sens2", "sens3", "sens_4"])
    assert str(caught.value) == (
        "line 3, column 24: 'sens4' is not a column of the survey.\n"
        "  SEN =~ sens1 + sens2 + sens4\n"
        "                         ^\n"
        "Did you mean 'sens_4'? The survey has: a1, a2, sens1, sens2, sens3, sens_4."
    )


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("f =~ x1 + zzz", "unknown_variable"),
        ("f =~ x1 + x2\nLOYALTY ~ f", "unknown_factor"),
        ("fac =~ x1 + x2\nx1 ~~ fact", "unknown_factor_did_you_mean"),
        ("f =~ x1 + u + v", "unknown_variables"),
        ("x2 =~ x1 + u", "factor_is_column"),
    ],
)
def test_variables_that_the_data_lack(text: str, key: str) -> None:
    for lang in ("en", "vi"):
        with language(lang), pytest.raises(ModelSyntaxError) as caught:
            Model.parse(text).partable(observed=["x1", "x2"])
        assert caught.value.key == f"specify.{key}"


def test_columns_are_matched_whatever_their_unicode_form() -> None:
    column = unicodedata.normalize("NFD", "giá_cả")
    assert check_variables(Model.parse("y ~ giá_cả"), ["y", column]) == {"y": "y", "giá_cả": column}


def test_a_near_name_is_found_without_accents_and_separators() -> None:
    with pytest.raises(ModelSyntaxError) as caught:
        check_variables(Model.parse("f =~ y + Do_tin_cay"), ["y", "độ_tin_cậy"])
    assert caught.value.values["nearest"] == "độ_tin_cậy"


def test_notices_tell_of_circles_repeats_shared_labels_starts_and_random_covariates() -> None:
    def keys(text: str, **options: object) -> list[str]:
        return [notice.key.removeprefix("specify.") for notice in Model.parse(text).partable(**options).notices]  # type: ignore[arg-type]

    assert keys("y ~ x\nx ~ z\nz ~ y") == ["circular"]
    assert Model.parse("y ~ x\nx ~ z\nz ~ y").notices[0].values["path"] == "y → z → x → y"
    assert keys("f =~ x1 + x2 + x1") == ["repeated_term"]
    assert keys("f =~ x1 + a*x2", n_groups=2) == ["label_shared_by_groups"]
    assert keys("f =~ x1 + a*x2", n_groups=2, group_equal="loadings") == []
    assert keys("f =~ start(2)*x1 + x2") == ["start_on_fixed"]
    assert keys("y ~ x*z") == []
    assert keys("y ~ x*z", observed=["x", "y", "z"]) == ["label_is_variable"]
    assert keys("y ~ x*z + x") == ["label_is_variable"]
    assert keys("y ~ x\nx ~~ x") == ["random_covariates"]
    assert keys("y ~ x\nx ~~ x", fixed_x=False) == []
    assert keys("f =~ 1*x1 + a*x1 + 2*x2 + a*x2 + x3") == ["equal_but_fixed_apart"]
    assert keys("f =~ x1 + x2 + x3\ng =~ y1 + y2\ng ~ f") == []


def test_a_dense_model_without_circles_is_read_at_once() -> None:
    lines = [f"v{i} ~ " + " + ".join(f"v{j}" for j in range(i)) for i in range(1, 40)]
    assert Model.parse("\n".join(lines)).notices == ()


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"kind": "pls"}, "unknown_kind"),
        ({"n_groups": 2, "group_equal": ("loading",)}, "unknown_group_equal"),
        ({"n_groups": 2, "group_equal": "loadings", "group_partial": ("f=~x9",)}, "unknown_group_partial"),
        ({"n_groups": 3, "group_labels": ("a", "b")}, "group_labels"),
    ],
)
def test_wrong_options_name_the_right_ones(options: dict[str, object], key: str) -> None:
    with pytest.raises(ModelError) as caught:
        Model.parse("f =~ x1 + x2 + x3").partable(**options)  # type: ignore[arg-type]
    assert caught.value.key == f"specify.{key}"


def test_wrong_numbers_of_entries_and_unknown_parameters_point_at_the_term() -> None:
    with pytest.raises(ModelSyntaxError, match="line 1, column 21: 2 values or labels"):
        Model.parse("f =~ x1 + c(0.5, 1)*x2").partable()
    with pytest.raises(ModelSyntaxError, match="no parameter 'f=~x9'"):
        Model.parse('f =~ x1 + x2 + equal("f=~x9")*x3').partable()
    with pytest.raises(ModelError, match="only constraints"):
        Model.parse("2 == 1 + 1").partable()
    with pytest.raises(ModelError, match="lavaan syntax"):
        Model.parse(None)  # type: ignore[arg-type]


def test_group_equal_takes_a_name_a_list_and_underscores() -> None:
    model = Model.parse("f =~ x1 + x2 + x3")
    one = model.partable(n_groups=2, group_equal="lv_variances")
    assert one.equals(model.partable(group_labels=["a", "b"], group_equal=["lv.variances"]))


_names = st.sampled_from(["x1", "SAT", "q.2", "điểm_hài_lòng", "câu 7", "NA", "1st", "c", "start", "a`b", "_u"])
_labels = st.sampled_from(["a", "b2", "λ", "c", "w-1"])
_values = st.one_of(st.none(), st.integers(-3, 3).map(float), st.floats(-9, 9, allow_nan=False))


@st.composite
def _modified(draw: st.DrawFn, name: str) -> str:
    from cxlab.specify.statements import Modifiers, Term
    from cxlab.specify.write import _pieces

    per_group = draw(st.integers(1, 2))
    modifiers = Modifiers(
        fixed=tuple(draw(st.lists(_values, min_size=per_group, max_size=per_group))) if draw(st.booleans()) else (),
        start=tuple(draw(st.lists(st.floats(-5, 5), min_size=per_group, max_size=per_group)))
        if draw(st.booleans())
        else (),
        label=tuple(draw(st.lists(_labels, min_size=per_group, max_size=per_group))) if draw(st.booleans()) else (),
    )
    return " + ".join(_pieces(Term("f", "=~", name, modifiers)))


@st.composite
def _texts(draw: st.DrawFn) -> str:
    from cxlab.specify.write import quote_name

    lines = []
    for lhs in draw(st.lists(st.sampled_from(["f", "g", "`hệ số`", "h.1"]), min_size=1, max_size=3, unique=True)):
        op = draw(st.sampled_from(["=~", "<~", "~", "~~"]))
        names = draw(st.lists(_names, min_size=1, max_size=5, unique=True))
        terms = [draw(_modified(name)) if draw(st.booleans()) else quote_name(name) for name in names]
        if op == "~" and draw(st.booleans()):
            terms.append("0.5*1")
        plus = draw(st.sampled_from([" + ", "+", "\n + ", " +\n  # remark\n "]))
        lines.append(f"{lhs} {op} {plus.join(terms)}")
    return draw(st.sampled_from(["\n", " ;", "\n\n! remark\n"])).join(lines) + "\nz ~ a1*x1\ntwo := a1 * (2 - `a1`)"


@settings(max_examples=150, deadline=None)
@given(_texts())
def test_reading_what_was_printed_gives_the_same_model(text: str) -> None:
    model = Model.parse(text)
    again = Model.parse(model.to_lavaan())
    assert again == model
    assert again.to_lavaan() == model.to_lavaan()
    groups = max((len(entries) for term in model.terms for entries in vars(term.modifiers).values()), default=1)
    options = {"n_groups": max(groups, 1)}
    assert again.partable(**options).equals(model.partable(**options))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="fxy1 +*~=:<>()-,.\"'`#|\n;NAc0e^?", max_size=40))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        Model.parse(text).partable()
    except CxlabError as error:
        if "{" in str(error):
            raise AssertionError(str(error)) from error


_expressions = st.recursive(
    st.one_of(st.sampled_from(["a", "b"]), st.integers(0, 9).map(str), st.sampled_from(["0.5", "1e-2", ".25"])),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner).map(" ".join),
        inner.map("({})".format),
        inner.map("-{}".format),
        inner.map("exp(-({})^2)".format),
        inner.map("sqrt(abs({}) + 1)".format),
        inner.map("log(abs({}) + 1)".format),
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(_expressions, st.floats(0.1, 2), st.floats(0.1, 2))
def test_arithmetic_is_pythons_and_slopes_are_those_of_complex_steps(text: str, a: float, b: float) -> None:
    tree = parse_expression(text.replace(" ", ""))
    functions = {"exp": np.exp, "sqrt": np.sqrt, "log": np.log, "abs": lambda z: z if np.real(z) >= 0 else -z}

    def python(a: complex, b: complex) -> complex:
        with np.errstate(all="ignore"):
            return complex(eval(text.replace("^", "**"), {"__builtins__": {}} | functions, {"a": a, "b": b}))  # noqa: S307

    try:
        expected = python(a, b)
        slope = python(a + 1e-20j, b).imag / 1e-20
    except (ZeroDivisionError, OverflowError):
        return
    value, partials = value_and_partials(tree, {"a": np.array(a), "b": np.array(b)})
    if math.isfinite(expected.real):
        np.testing.assert_allclose(value, expected.real, rtol=1e-12)
        if math.isfinite(slope) and "abs" not in text:
            np.testing.assert_allclose(partials.get("a", 0.0), slope, rtol=1e-9, atol=1e-12)


def test_arithmetic_has_rs_precedence() -> None:
    # R: -2^2 is -4, 2^-1 is 0.5, 2^3^2 is 512, 8/4/2 is 1, 2**3 is 8
    cases = {"-2^2": -4, "2^-1": 0.5, "2^3^2": 512, "8/4/2": 1, "2**3": 8, "1-2-3": -4, "-(1)*-2": 2}
    assert {text: float(evaluate(parse_expression(text), {})) for text in cases} == cases


def test_latex_holds_equations_with_fixed_values_labels_and_escaped_names() -> None:
    latex = Model.parse("SAT =~ q_1 + 0.8*q_2 + a*q_3\nSAT ~ age\nq_1 ~~ q_2\nq_3 ~ 1").to_latex()
    assert latex.startswith("\\begin{align*}\n")
    assert latex.rstrip().endswith("\\end{align*}")
    assert r"\text{q\_1} &= \text{SAT} + \varepsilon_{1}" in latex
    assert r"\text{q\_2} &= 0.8\,\text{SAT} + \varepsilon_{2}" in latex
    assert r"\text{q\_3} &= \alpha_{1} + \text{a}\,\text{SAT} + \varepsilon_{3}" in latex
    assert r"\text{SAT} &= \gamma_{1}\,\text{age} + \zeta_{1}" in latex
    assert r"\operatorname{cov}(\text{q\_1}, \text{q\_2}) &= \theta_{1}" in latex


def test_a_composite_is_a_sum_without_error() -> None:
    latex = Model.parse("C <~ x1 + x2\ny ~ C").to_latex()
    assert r"\text{C} &= \omega_{1}\,\text{x1} + \omega_{2}\,\text{x2} \\" in latex
