# %% [markdown]
# # Confirmatory measurement: a model that a reviewer accepts, and why
#
# **About 55 minutes.** After this notebook you can
#
# 1. turn a theory into a measurement model, and say why its numbers can be found at all;
# 2. read fit by rules with names, and then look where the model does **not** fit;
# 3. use modification indices without fooling yourself;
# 4. show that items agree and constructs differ, and say what each criterion really measures;
# 5. treat ordered answers, missing answers and one-source answers as what they are;
# 6. show how much of your result hangs on your own choices, and fill in a reviewer's checklist.

# %% tags=["parameters"]
seed = 20261122
lang = "en"
reports = None

# %%
import numpy as np
import pandas as pd

import cxlab as cx
from cxlab.i18n import format_number as number
from cxlab.show import Column, Table, curve_plot, interval_plot

cx.use_language(lang)
report = cx.Report("04_confirmatory_measurement", folder=reports, lang=lang)
report.question(
    {
        "en": "Do customers tell a competent provider from a likeable one, and how much of the answer is ours?",
        "vi": "Khách hàng có phân biệt nhà mạng có năng lực với nhà mạng đáng mến không, và câu trả lời phụ thuộc bao nhiêu vào chính chúng ta?",
    }
)

# %% [markdown]
# ## From theory to a measurement model
#
# In notebook 03 the answers proposed factors. Here the **theory** proposes them, and the answers may object. Schwaiger (2004) split a company's reputation into a cognitive side (it is
# *competent*) and an affective one (it is *likeable*): a matter for the head and one for the heart. In the model behind our data both feed *loyalty*. A measurement model puts such a
# theory into three kinds of statement:
#
# | statement | here | what would refute it |
# |---|---|---|
# | which item reflects which construct | three items each, and no item serves two constructs | an item that goes with a foreign construct |
# | what else items share | nothing: errors are unrelated | two items that agree beyond their construct |
# | how constructs relate | freely, nothing causal yet | a correlation so close to 1 that there is one construct, not two |
#
# All three speak of **reflective** constructs, whose items are consequences of one thing. For composites, whose items are ingredients, they would be the wrong questions (Jarvis,
# MacKenzie & Podsakoff, 2003). The codebook says which is which.
#
# **Before you run anything**, write down two numbers: how strongly competence and likeability will correlate once measurement error is removed, and the correlation beyond which
# *you* would no longer call them two things.

# %%
survey = report.data(cx.load_dataset("corporate_reputation"))
book = survey.codebook
three = ["competence", "likeability", "loyalty"]
nine = [item for name in three for item in book.items_of(name)]
rows = [
    {"construct": book.constructs[name].label, "item": item, "wording": book.items[item].label}
    for name in three
    for item in book.items_of(name)
]
columns = {"item": Column("analyses.col_item"), "wording": Column({"en": "Paraphrased", "vi": "Diễn giải"})}
title = {"en": "Nine statements on a mobile phone provider", "vi": "Chín phát biểu về một nhà mạng"}
report.add(Table(pd.DataFrame(rows), columns, title, group="construct"), "items")

# %% [markdown]
# In lavaan's syntax, which cxlab speaks, `=~` reads "is measured by". Three lines are the whole theory. What they do **not** say matters as much: no item stands in two lines, and no
# `~~` joins two items. Every such absence is a claim that the data can contradict, and together the absences are what a test of fit tests. A model that leaves nothing out cannot be
# wrong, and therefore says nothing.

# %%
planned = """
competence  =~ comp_1 + comp_2 + comp_3
likeability =~ like_1 + like_2 + like_3
loyalty     =~ cusl_1 + cusl_2 + cusl_3
"""

# %% [markdown]
# ## Can the numbers be found? Identification in one figure
#
# A factor is invisible. All we have are variances and covariances of items, and from them we want loadings and error variances: equations and unknowns, as at school. With *k* items
# of one factor there are *k*(*k* + 1)/2 known numbers and 2*k* unknown ones (one loading is set to 1, or the factor's variance, because a thing that nobody sees has no unit). Count
# both, and see where the lines cross: **two items are too few, three give exactly one solution and leave nothing to test, four or more can contradict the model.**

# %%
k = np.arange(2, 8)
counts = {
    {"en": "known: variances, covariances", "vi": "đã biết: phương sai, hiệp phương sai"}[lang]: k * (k + 1) / 2,
    {"en": "unknown: loadings, errors", "vi": "chưa biết: hệ số tải, sai số"}[lang]: 2 * k,
}
lines = [
    pd.DataFrame({"label": name, "x": k, "estimate": y, "ci_lower": y, "ci_upper": y}) for name, y in counts.items()
]
axis = {"en": "Items of one factor", "vi": "Số biến quan sát của một nhân tố"}
caption = {"en": "Identification: what is known, what is sought", "vi": "Xác định mô hình: số đã biết và số cần tìm"}
report.add(curve_plot(pd.concat(lines), xlabel=axis, ylabel="", bounded=False, lang=lang), "identification", caption)

# %%
from textwrap import fill

try:
    cx.cfa("competence =~ comp_1 + comp_2", survey)
except cx.CxlabError as error:
    print(fill(str(error), 76))

# %% [markdown]
# cxlab refuses and says why; a program that printed two loadings here would have made one of them up. Constructs that correlate can lend each other information: two items each may do,
# as long as the correlation is not near zero. That is thin ice, and one more item in the next questionnaire is cheaper than any statistics. Our nine items and three constructs have
# knowns to spare; the surplus is the **degrees of freedom**, the number of ways in which the data can say no.
#
# ## Fit
#
# The answers are seven-point ticks, not normal, and a few are missing. So: estimates by maximum likelihood from all answers there are (`missing="fiml"`), with standard errors and a
# test that do not need normality (`estimator="MLR"`).

# %%
fit = cx.cfa(planned, survey, estimator="MLR", missing="fiml")
caption = {"en": "The measurement model as planned", "vi": "Mô hình đo lường theo kế hoạch"}
report.add(fit.plot(lang=lang), "path_diagram", caption, main=True)

# %%
report.add(fit.apa(lang, kind="loadings"), "loadings")

# %% [markdown]
# The loadings look well. Does the *model* hold? Four kinds of number are usual, and each looks elsewhere: **χ²** asks whether the model is exactly true (in large samples never); **CFI** and
# **TLI** compare it with a model in which nothing is related; **RMSEA** counts misfit per degree of freedom; **SRMR** is the average size of what is left over. Their cut-offs are
# conventions, with an author each; `cx.interpret` holds them as data. Robust versions are judged here, since we asked for MLR.

# %%
report.add(fit.apa(lang, kind="fit"), "fit")

# %%
from cxlab.evaluate.rules import rule_note
from cxlab.i18n import tr

robust = {name: fit.fit_measures[f"{name}_robust"] for name in ("cfi", "tli", "rmsea")}
judged = cx.interpret({**robust, "srmr": fit.fit_measures["srmr"]}, rule="hu_bentler_1999")
rows = [{"measure": one.measure.upper(), "value": one.value, "label": tr(one.label, lang)} for one in judged]
columns = {"measure": Column({"en": "Index", "vi": "Chỉ số"})}
columns |= {"value": Column({"en": "Value", "vi": "Giá trị"}, "bounded", digits=3)}
columns |= {"label": Column({"en": "By the rule", "vi": "Theo quy tắc"})}
title = {"en": "One rule, four indices", "vi": "Một quy tắc, bốn chỉ số"}
note = {one: rule_note("hu_bentler_1999", one) for one in ("en", "vi")}
report.add(Table(pd.DataFrame(rows), columns, title, notes=(note,)), "judged")

# %% [markdown]
# The indices do not agree, and this is common with few degrees of freedom. One reader will stop at CFI and SRMR and call the fit good, another at RMSEA and call it bad; **both can
# cite the same paper**. Hu and Bentler (1999) asked for two indices of different kinds, and warned of small samples. What an index cannot say is *where* the model is wrong, and
# whether that place matters for your question. A model may fit well on average and be wrong exactly at the correlation you care about.
#
# ## Where does it not fit?
#
# Local fit: compare each observed correlation with the one that the model implies. What is left over has a place and a sign. Beside it stand the *modification indices*, one for each absent
# parameter. **Guess first:** which of the nine statements causes the trouble?

# %%
left = fit.residuals.dropna(subset=["item_2"]).query("item_1 != item_2 and item_2 != ''").copy()
left["size"] = left["residual_cor"].abs()
worst = left.nlargest(6, "size").assign(pair=lambda one: one["item_1"] + " – " + one["item_2"])
columns = {"pair": Column({"en": "Items", "vi": "Cặp biến"})}
columns |= {"residual_cor": Column({"en": "Residual correlation", "vi": "Tương quan phần dư"}, "bounded")}
title = {"en": "The six largest residual correlations", "vi": "Sáu tương quan phần dư lớn nhất"}
report.add(Table(worst, columns, title), "residuals")

# %%
suggested = fit.modification_indices().head(6)
suggested = suggested.assign(change=suggested["lhs"] + " " + suggested["op"] + " " + suggested["rhs"])
columns = {"change": Column({"en": "If this were free", "vi": "Nếu thả tham số này"})}
columns |= {"mi": Column({"en": "MI", "vi": "MI"}, "number", digits=1)}
columns |= {"sepc_all": Column({"en": "Expected value (std.)", "vi": "Giá trị dự kiến (chuẩn hóa)"}, "number")}
title = {"en": "The six largest modification indices", "vi": "Sáu chỉ số hiệu chỉnh lớn nhất"}
report.add(Table(suggested, columns, title), "modification")

# %% [markdown]
# `comp_1` ("top of its market") goes with liking and with loyalty more than a competence item should. A **modification index** (MI) says by how much χ² would fall if one absent parameter
# were let in. The two largest are neighbours in the table and worlds apart in meaning:
#
# - `likeability =~ comp_1`: the statement is *also* about the heart;
# - `comp_2 ~~ comp_3`: the *other two* share something beyond competence, say a way of putting it.
#
# Let in one, and the other is hardly needed any more. They are two stories about one misfit. **Which would you choose, and what will happen to the correlation of competence and
# likeability?** Try both, and a third way: leave `comp_1` out.

# %%
names = {
    "planned": {"en": "as planned", "vi": "theo kế hoạch"}[lang],
    "cross": {"en": "comp_1 on both", "vi": "comp_1 thuộc cả hai"}[lang],
    "errors": {"en": "errors of comp_2, comp_3", "vi": "sai số comp_2, comp_3"}[lang],
    "without": {"en": "without comp_1", "vi": "bỏ comp_1"}[lang],
}
models = {
    names["planned"]: planned,
    names["cross"]: planned + "likeability =~ comp_1",
    names["errors"]: planned + "comp_2 ~~ comp_3",
    names["without"]: planned.replace("comp_1 + ", ""),
}
fits = {name: cx.cfa(text, survey, estimator="MLR", missing="fiml") for name, text in models.items()}

# %%
pair = "lhs == 'competence' and op == '~~' and rhs == 'likeability'"
rows = []
for name, one in fits.items():
    wanted = {key: one.fit_measures[key] for key in ("df", "cfi_robust", "rmsea_robust", "srmr")}
    r = one.standardized().query(pair).iloc[0]
    rows.append({"label": name, **wanted, "estimate": r["est_std"], **r[["ci_lower", "ci_upper"]]})
repairs = pd.DataFrame(rows)
columns = {"label": Column({"en": "Model", "vi": "Mô hình"}), "df": Column("df", "integer")}
columns |= {"cfi_robust": Column("CFI", "bounded", digits=3), "rmsea_robust": Column("RMSEA", "bounded", digits=3)}
columns |= {"srmr": Column("SRMR", "bounded", digits=3), "estimate": Column("r(COMP, LIKE)", "bounded")}
columns["ci"] = Column({"en": "95% CI", "vi": "KTC 95%"}, "interval", parts=("ci_lower", "ci_upper"), bounded=True)
title = {"en": "Three repairs, one misfit", "vi": "Ba cách sửa cho cùng một chỗ không phù hợp"}
report.add(Table(repairs, columns, title), "repairs", main=True)

# %%
byname = repairs.set_index("label")
rs = {key: number(byname.loc[name, "estimate"], 2, bounded=True) for key, name in names.items()}
cfis = {key: number(byname.loc[name, "cfi_robust"], 3, bounded=True) for key, name in names.items()}
report.finding(
    {
        "en": f"Two repairs fit almost equally well (CFI {cfis['cross']} and {cfis['errors']}) and say different things: competence and likeability correlate {rs['cross']} in one and {rs['errors']} in the other ({rs['planned']} as planned).",
        "vi": f"Hai cách sửa phù hợp gần như ngang nhau (CFI {cfis['cross']} và {cfis['errors']}) nhưng nói hai điều khác nhau: năng lực và thiện cảm tương quan {rs['cross']} theo cách này và {rs['errors']} theo cách kia ({rs['planned']} theo kế hoạch).",
    }
)

# %% [markdown]
# Read the last columns again. Fit has nothing to say between the two repairs, yet with one of them the head and the heart are clearly two, and with the other they nearly merge. Leaving
# `comp_1` out is no neutral way either: it gives the correlation of the first story. **Whoever follows the first line of the modification table has decided a question of substance
# without noticing.**
#
# ## Would it come back?
#
# MacCallum, Roznowski and Necowitz (1992) found such modifications very inconsistent from sample to sample, and advised to bring rival models *before* looking. Check it here: split the complete
# rows in two at random, forty times. In one half take the largest index, whatever it is; let that parameter in; ask the *other* half what it gained.

# %%
answers = survey.data[nine].dropna()
draw, middle = np.random.default_rng(seed), len(answers) // 2
found = []
for _ in range(40):
    order = draw.permutation(len(answers))
    here, there = answers.iloc[order[:middle]], answers.iloc[order[middle:]]
    top = cx.cfa(planned, here).modification_indices().iloc[0]
    change = f"{top['lhs']} {top['op']} {top['rhs']}"
    before, after = (cx.cfa(planned + extra, there).fit_measures["chisq"] for extra in ("", change))
    found.append({"change": change, "promised": top["mi"], "kept": before - after})

# %%
halves = (
    pd.DataFrame(found)
    .groupby("change")
    .agg(times=("kept", "size"), promised=("promised", "mean"), kept=("kept", "mean"))
)
halves = halves.sort_values("times", ascending=False).reset_index()
columns = {"change": Column({"en": "Largest index in one half", "vi": "Chỉ số lớn nhất ở một nửa"})}
columns |= {"times": Column({"en": "Halves", "vi": "Số lần"}, "integer")}
columns |= {"promised": Column({"en": "Δχ² promised", "vi": "Δχ² hứa hẹn"}, "number", digits=1)}
columns |= {"kept": Column({"en": "Δχ² in the other half", "vi": "Δχ² ở nửa kia"}, "number", digits=1)}
title = {"en": "Forty random halves", "vi": "Bốn mươi lần chia đôi ngẫu nhiên"}
report.add(Table(halves, columns, title), "halves")

# %% [markdown]
# With half of the respondents the search does not even agree with itself. The misfit around `comp_1` is real: both of its stories return in the other half. Other winners promise much
# and keep little; those were chance. But no splitting can tell the two real stories apart, since each describes the same correlations.
#
# Our decision, to be written in the paper: **the planned model stays**, because no theory asked for a change; both repairs are reported beside it; and whatever depends on the choice is
# said to depend on it. (The other honest way: choose by wording *before* looking, and test on new people.)
#
# ## Do the items of a construct agree?
#
# **Convergent validity.** The average variance extracted (AVE) is the mean squared loading: does a construct explain at least half of its items?

# %%
convergent = cx.convergent_validity(fit)
report.add(convergent, "convergent")

# %% [markdown]
# Half explained, by convention (Fornell & Larcker, 1981). AVE is a mean of squares, so dropping the weakest item nearly always raises it: an invitation to prune until the number pleases. What is pruned
# is often the item that made the construct wide enough to be interesting. Report AVE with the loadings behind it, and resist.
#
# ## Are the constructs different things?
#
# **Discriminant validity** is a common ground for rejection, above all in customer experience: is "experience" more than satisfaction under a new name? Three generations of answers. First the
# oldest: each construct should share more with its items (√AVE, on the diagonal) than with any other construct.

# %%
larcker = cx.fornell_larcker(fit)
report.add(larcker, "fornell_larcker")

# %%
ratio = cx.htmt(survey, three, n_boot=2000, seed=seed)
report.add(ratio, "htmt")

# %% [markdown]
# Fornell and Larcker's criterion and the **heterotrait-monotrait ratio** (HTMT; Henseler, Ringle & Sarstedt, 2015) disagree on the pair we care about. HTMT estimates the correlation of two
# constructs without any model, from the correlations of their items; its interval is a bootstrap of the respondents. The newest advice is the plainest (Rönkkö & Cho, 2022): look at
# the correlation in the model, with its interval, and ask how far the far end lies from 1. `cx.discriminant` does all of it for each pair, tests included, and says in words what
# speaks for and against.

# %%
apart = cx.discriminant(planned, survey, missing="fiml", n_boot=2000, seed=seed)
caption = {"en": "How close are the constructs?", "vi": "Các khái niệm gần nhau đến mức nào?"}
report.add(apart.plot(lang), "discriminant", caption)

# %%
report.add(apart, "apart")

# %%
print("\n".join(fill(line, 76, subsequent_indent="    ") for line in apart.sentences(lang)[0].splitlines()))

# %% [markdown]
# Two things, it says, with a marginal problem. But this verdict leans on the planned model. Put the repairs beside it, with Rönkkö and Cho's limits as lines: what a reviewer needs to see is
# not one correlation, but how it moves. Compare with the two numbers that you wrote down at the start. Had you promised a limit, and would you have kept it under each of these models?

# %%
axis = {"en": "Correlation of competence and likeability", "vi": "Tương quan giữa năng lực và thiện cảm"}
caption = {
    "en": "One correlation under four models, with 95% intervals",
    "vi": "Một tương quan theo bốn mô hình, với khoảng tin cậy 95%",
}
report.add(interval_plot(repairs, reference=[0.8, 0.9, 1.0], xlabel=axis, lang=lang), "correlation", caption, main=True)

# %%
verdicts = [cx.interpret(end, rule="ronkko_cho_2022") for end in repairs["ci_upper"]]
judged = repairs.assign(verdict=[tr(one.label, lang) for one in verdicts])
columns = {"label": Column({"en": "Model", "vi": "Mô hình"})}
columns |= {"ci_upper": Column({"en": "Far end of the interval", "vi": "Đầu mút xa của khoảng"}, "bounded")}
columns |= {"verdict": Column({"en": "By the rule", "vi": "Theo quy tắc"})}
title = {"en": "One rule, four models", "vi": "Một quy tắc, bốn mô hình"}
note = {one: rule_note("ronkko_cho_2022", one) for one in ("en", "vi")}
report.add(Table(judged, columns, title, notes=(note,)), "verdicts")

# %% [markdown]
# ## Move it: what does each criterion measure?
#
# Now without data. Two constructs of three items each; you set the loading of two items (`strong`), of the third (`weak`), and the true correlation `r` of the constructs. The table computes
# what an infinite sample would show. Try three things. (1) Leave `r` alone and raise both loadings: which verdicts change, though the constructs stay exactly as different as they were?
# (2) Set all loadings to .95 and `r` to .92. (3) Make `weak` much weaker than `strong`: which of the two ratios still finds `r`?


# %%
def implied(strong, weak, r):
    weights = [strong, strong, weak]
    block = np.outer(weights, weights)
    matrix = np.block([[block, r * block], [r * block, block]])
    np.fill_diagonal(matrix, 1)
    items = {"A": ["A1", "A2", "A3"], "B": ["B1", "B2", "B3"]}
    every = [item for own in items.values() for item in own]
    return cx.Moments(pd.DataFrame(matrix, every, every), 1000), items, np.mean(np.square(weights))


# %%
def criteria(strong, weak, r):
    moments, items, ave = implied(strong, weak, r)
    ratio = {way: cx.htmt(moments, items, method=way).table["htmt"].iloc[0] for way in ("htmt", "htmt2")}
    asked = [("AVE", ave, "fornell_larcker_1981"), ("HTMT", ratio["htmt"], "henseler_2015_strict")]
    asked += [("HTMT", ratio["htmt"], "henseler_2015"), ("HTMT2", ratio["htmt2"], "henseler_2015")]
    rule = cx.rules_table(lang).set_index("rule")["limit"]
    rows = [(name, value, rule[key], cx.interpret(value, key).met) for name, value, key in asked]
    rows.insert(1, ("√AVE", ave**0.5, f"> r = {number(r, 2, bounded=True)}", ave**0.5 > r))
    table = pd.DataFrame(rows, columns=["name", "value", "limit", "met"])
    table["met"] = table["met"].map({True: "✓", False: "✗"})
    heads = ({"en": "Criterion", "vi": "Tiêu chí"}, {"en": "asks for", "vi": "đòi hỏi"}, {"en": "Met", "vi": "Đạt"})
    columns = {"name": Column(heads[0]), "value": Column({"en": "Value", "vi": "Giá trị"}, "bounded")}
    columns |= {"limit": Column(heads[1]), "met": Column(heads[2])}
    return Table(table, columns, {"en": "By formula, not data", "vi": "Theo công thức, không phải dữ liệu"})


# %%
cx.explore(
    criteria,
    live=reports is None,
    strong=(0.80, 0.50, 0.95, 0.05),
    weak=(0.70, 0.20, 0.95, 0.05),
    r=(0.80, 0.50, 0.98, 0.02),
)

# %% [markdown]
# (1) Only the first two rows move. Fornell and Larcker's criterion compares the constructs' correlation with the *quality of the items*: weak items make it cry wolf, strong ones put it to sleep.
# (2) And asleep it is: √AVE lets a correlation pass that HTMT stops. (3) With unequal loadings HTMT drifts away from `r`, while HTMT2, its geometric sister (Roemer, Schuberth & Henseler, 2021),
# stays on it. So: report AVE as a property of items, a correlation with interval as the property of constructs, and the criterion of 1981 only if a journal insists.
#
# ## One feeling, or several? A contest of structures
#
# The theories of customer experience list components; the customer may have one feeling. Advertisers rated the Yellow Pages on nine aspects, which we group into price, effect and
# distribution by their labels (**our grouping**; straight lines are left out, as in notebook 02). *Will one factor do?*

# %%
pages = report.data(cx.load_dataset("yellow_pages")).screen(straightline=True).exclude("straightline")
aspects = {name: pages.codebook.items_of(name) for name in ("price", "effectiveness", "distribution")}
contest = cx.structure_contest(pages, aspects)
report.add(contest, "contest")

# %%
caption = {"en": "Four structures of nine ratings", "vi": "Bốn cấu trúc của chín đánh giá"}
report.add(contest.plot(lang), "contest_figure", caption)

# %% [markdown]
# One factor fails, and by the rule so do three. The second-order model fits like three factors (it *is* three factors, three correlations being three loadings) and is not admissible here. Only
# the bifactor model passes (by CFI and SRMR; its RMSEA does not), and the reading above says what that is worth: it nearly always does, and one of its group factors has lost its
# meaning. **A model that fits is not yet a model that means something.** What survives is the pattern that both kinds agree on: a strong general impression, and a price that keeps something of its own. The codebook calls these groups
# composites, so a second doubt remains: perhaps nothing here should be *reflected* at all.
#
# ## Ticks are not a ruler: WLSMV
#
# Five-point answers, piled up at one end. MLR treats them as measurements with non-normal noise; **WLSMV** (`ordered=True`) as ordered categories of normal feelings, by thresholds and
# polychoric correlations. Business customers rated a supplier overall and its technical support. (Which statement belongs to which topic follows the codebook, which says: by position, not
# documented; and it calls the topic a composite. Read this as an exercise in estimation.) **Which loadings will gain?**

# %%
b2b = report.data(cx.load_dataset("b2b_annual"))
topics = {name: list(b2b.codebook.items_of(name)) for name in ("overall", "technical_support")}
text = "\n".join(f"{name} =~ {' + '.join(items)}" for name, items in topics.items())
estimated = {"MLR": cx.cfa(text, b2b, estimator="MLR"), "WLSMV": cx.cfa(text, b2b, ordered=True)}

# %%
label = {item: b2b.codebook.items[item].label[lang] for items in topics.values() for item in items}
blocks = {name: b2b.codebook.constructs[name].label for name in topics}
rows = [one.standardized().query("op == '=~'").assign(model=name) for name, one in estimated.items()]
rows = pd.concat(rows).rename(columns={"est_std": "estimate"})
rows = rows.assign(label=rows["rhs"].map(label), block=rows["lhs"].map(blocks))
axis = {"en": "Standardised loading, 95% interval", "vi": "Hệ số tải chuẩn hóa, khoảng tin cậy 95%"}
caption = {
    "en": "The same answers as measurements and as categories",
    "vi": "Cùng câu trả lời, coi là số đo và coi là thứ bậc",
}
report.add(interval_plot(rows, xlabel=axis, lang=lang), "ordinal", caption)

# %%
rows = []
for name, one in estimated.items():
    kind = "robust" if name == "MLR" else "scaled"
    row = {key: one.fit_measures[f"{key}_{kind}"] for key in ("cfi", "rmsea")} | {"srmr": one.fit_measures["srmr"]}
    r = one.latent_cor.loc["overall", "technical_support"]
    rows.append({"estimator": name, "n": one.n_obs, "df": one.fit_measures["df"], **row, "r": r})
columns = {"estimator": Column({"en": "Estimator", "vi": "Phương pháp"}), "n": Column("analyses.col_n", "integer")}
columns |= {"df": Column("df", "integer")}
columns |= {key: Column(key.upper(), "bounded", digits=3) for key in ("cfi", "rmsea", "srmr")}
columns["r"] = Column({"en": "r of the topics", "vi": "r giữa hai chủ đề"}, "bounded")
title = {"en": "One model, two estimators", "vi": "Một mô hình, hai phương pháp ước lượng"}
both = pd.DataFrame(rows)
report.add(Table(both, columns, title), "estimators")

# %%
cfi, rmsea = ([number(value, 3, bounded=True) for value in both[key]] for key in ("cfi", "rmsea"))
report.finding(
    {
        "en": f"Same model, same answers: CFI is {cfi[0]} with MLR and {cfi[1]} with WLSMV, while RMSEA is {rmsea[0]} and {rmsea[1]}. The cut-offs were made for the first kind of number only.",
        "vi": f"Cùng mô hình, cùng câu trả lời: CFI là {cfi[0]} với MLR và {cfi[1]} với WLSMV, còn RMSEA là {rmsea[0]} và {rmsea[1]}. Các ngưỡng chỉ được lập ra cho loại số thứ nhất.",
    }
)

# %% [markdown]
# Nearly every loading grows, as polychoric correlations do. And CFI crosses the famous line: by one estimator the model is rejected, by the other it is "good". Nothing about the customers has
# changed. The usual cut-offs come from continuous data and maximum likelihood; with DWLS, on which WLSMV rests, CFI comes out higher for the same misfit, and the cut-offs tend to overlook it (Xia &
# Yang, 2019). SRMR depends least on the estimator (Shi & Maydeu-Olivares, 2020), and here it says what RMSEA says: this model is wrong. Choose the estimator by the scale *before* you see the
# indices: with few points or strong skew, WLSMV; with seven points and moderate skew, MLR is defensible; a sceptic sees both.
#
# ## One questionnaire, one moment: method bias
#
# Competence, likeability and loyalty were ticked by the same person, on the same scale, in the same minutes. Part of their correlation may be that. `cx.method_bias` brings the usual techniques into one
# table. A **marker** would be a scale asked in the same way that *in theory* has nothing to do with the others. This survey has none; the nearest are the switching items (without their
# copy, see notebook 03). **Before you run it:** are they unrelated to loyalty?

# %%
marker = {"switching": ["switch_1", "switch_2", "switch_3"]}
bias = cx.method_bias(survey, three, marker=marker, missing="fiml")
report.add(bias, "method_bias")

# %% [markdown]
# Alarming? Read with care. Harman's test counts a general impression as bias. A method factor without a marker takes whatever the constructs truly share, and here it would eat the
# correlations whole. And our marker fails its first duty: it goes with everything, as one would expect of people who stay where they like it. In simulations by Richardson, Simmering and Sturman
# (2009), of the techniques applied afterwards only the CFA marker had some practical value: to detect, not to correct, and with a marker that deserves the name. The honest sentence
# is short: **this design cannot separate method from substance.** The remedy lies before the data: other sources, other moments, a real marker, behaviour instead of intention.
#
# ## Missing answers
#
# In notebook 03 gaps were found and looked at; here they enter a model. First look: how many, in which items, and does anything speak against chance? Little's test compares the means of the
# patterns of gaps. It can raise a suspicion and never lift one, since the reason for a gap may be the answer that is not there.

# %%
gaps = cx.missing_data(survey, nine)
report.add(gaps, "missing")

# %% [markdown]
# Few are missing here. To see what treatments do, we need gaps whose answers we know. So we make some: from the complete rows we **delete** the loyalty answers of many of those customers who like
# their provider less than the median, as if the annoyed had left before the last page. That is *missing at random* in the technical sense: it depends on what we see (liking), not on what
# is gone. **Guess:** which of complete rows, FIML and multiple imputation finds the deleted means again?

# %%
mood = answers[list(book.items_of("likeability"))].mean(axis=1)
leaves = np.random.default_rng(seed).random(len(answers)) < 0.6 * (mood < mood.median())
torn = answers.mask(np.outer(leaves, [item in book.items_of("loyalty") for item in nine]))
wanted = ["cusl_1 ~ 1", "cusl_2 ~ 1", "cusl_3 ~ 1"]
options = {"std_lv": True, "meanstructure": True}
treated = cx.compare_missing(planned, torn, seed=seed, parameters=[*wanted, "likeability ~~ loyalty"], **options)
whole = cx.cfa(planned, answers, **options)
treated

# %%
ways = {
    "whole": {"en": "nothing deleted", "vi": "không xóa gì"}[lang],
    "listwise": {"en": "complete rows", "vi": "dòng đầy đủ"}[lang],
    "fiml": "FIML",
    "mi": {"en": "multiple imputation", "vi": "thay thế bội"}[lang],
}
known = whole.estimates.rename(columns={"est": "estimate"}).assign(method="whole")
means = pd.concat([known, treated.table]).query("op == '~1' and lhs.str.startswith('cusl')")
means = means.assign(model=means["method"].map(ways), label=[book.items[item].label for item in means["lhs"]])
axis = {"en": "Mean, 95% interval", "vi": "Trung bình, khoảng tin cậy 95%"}
caption = {
    "en": "Answers deleted on purpose: who finds the means again?",
    "vi": "Câu trả lời bị cố ý xóa: cách nào tìm lại được trung bình?",
}
report.add(interval_plot(means, xlabel=axis, bounded=False, lang=lang), "treatments", caption, main=True)

# %%
found = means.pivot_table(index="lhs", columns="method", values="estimate")
error = found.sub(found["whole"], axis=0).abs().mean()
off = {method: number(error[method], 2) for method in ways}
left = number(100 * leaves.mean(), 0)
report.finding(
    {
        "en": f"Where {left}% of the customers had their loyalty answers deleted on purpose, complete rows miss the known means by {off['listwise']} scale points on average, FIML by {off['fiml']}, multiple imputation by {off['mi']}.",
        "vi": f"Khi câu trả lời về lòng trung thành của {left}% khách hàng bị cố ý xóa, dòng đầy đủ lệch khỏi trung bình đã biết {off['listwise']} điểm thang đo, FIML lệch {off['fiml']}, thay thế bội lệch {off['mi']}.",
    }
)

# %% [markdown]
# Complete rows are the customers who stayed, and they paint the provider too well; the larger the sample, the surer the error. FIML and imputation use the liking of those who left to find out about
# their loyalty. Correlations move less, and no treatment is best for all of them. Neither method helps if people leave *because of* the answer they did not give, and neither should fill
# what does not exist ("not applicable", notebook 03).
#
# ## How much hangs on us?
#
# Everything so far contained choices: the model, the estimator, the treatment of gaps, whether customers with long runs of one answer stay in. Each is defensible. A **specification
# curve** (Simonsohn, Simmons & Nelson, 2020) runs them all and shows the key number under each. *Which choice will move the correlation of competence and likeability most?*

# %%
curve = cx.specification_curve(
    "competence ~~ likeability",
    models,
    survey.screen(longstring=10),
    exclude=[(), ("longstring",)],
    missing=["fiml", "listwise"],
    estimator=["MLR", "ML"],
)
caption = {"en": "One correlation under all combinations of choices", "vi": "Một tương quan theo mọi tổ hợp lựa chọn"}
report.add(curve.plot(lang), "specification_curve", caption, main=True)

# %%
print("\n".join(fill(line, 76, subsequent_indent="    ") for line in curve.reading(lang)))

# %%
far = curve.table["ci_upper"]
lowest, highest = (
    number(end, 2, bounded=True) for end in (curve.table["estimate"].min(), curve.table["estimate"].max())
)
share = number(100 * (far >= 0.9).mean(), 0)
report.finding(
    {
        "en": f"Under {len(curve.table)} defensible specifications competence and likeability correlate from {lowest} to {highest}; in {share}% of them the interval reaches .90. What moves the answer is the model, not the estimator or the treatment of gaps.",
        "vi": f"Theo {len(curve.table)} tổ hợp lựa chọn có thể biện minh, năng lực và thiện cảm tương quan từ {lowest} đến {highest}; trong {share}% số đó khoảng tin cậy chạm 0,90. Điều làm thay đổi câu trả lời là mô hình, không phải phương pháp ước lượng hay cách xử lý dữ liệu khuyết.",
    }
)

# %% [markdown]
# The reading begins with good news: the sign holds everywhere. But it answers the question whether the correlation differs from **zero**, which nobody doubted. Ours was whether it differs enough from
# **one**, and there the picture splits by model. A robustness check is only as good as the question it repeats: look at the whole figure, and ask for the distance to the line that matters.
# The curve is no test either; its specifications share the same customers.
#
# ## The checklist, filled in
#
# What a reviewer asks, in order, with the number, the rule and its source. Lines that numbers cannot answer say what to write. Lines without a result say what would produce it.
# Nothing here is a score to be maximised: a line not met, reported and discussed, harms a paper less than a line that is missing. And a tick is only as good as its question; see what it says on
# robustness.

# %%
rivals = cx.structure_contest(survey, three, structures=("one_factor", "correlated"), missing="fiml")
checklist = cx.reviewer_checklist(
    fit,
    survey=survey.screen(longstring=10),
    missing=gaps,
    describe=cx.describe(survey, nine),
    method_bias=bias,
    reliability=cx.reliability(survey, {name: book.items_of(name) for name in three}),
    htmt=ratio,
    rivals=rivals,
    curve=curve,
)
report.add(checklist, "checklist")

# %% [markdown]
# ## Exercise
#
# Compute the HTMT of **likeability and loyalty** by hand, from the matrix `correlations` below. It is the mean correlation between the items of the two constructs, divided by the geometric mean (the
# square root of the product) of the two mean correlations *within* the constructs. Within a construct only different items count.

# %%
correlations = answers.corr()
correlations.loc["like_1":"cusl_3", "like_1":"cusl_3"].round(2)

# %%
my_answer = None

# %%
heart, stay = (list(book.items_of(name)) for name in ("likeability", "loyalty"))
between = correlations.loc[heart, stay].to_numpy().mean()
own = [correlations.loc[items, items].to_numpy() for items in (heart, stay)]
within = np.prod([one[np.triu_indices(3, 1)].mean() for one in own])
slips = [
    {"en": "That is only the mean between the constructs.", "vi": "Đó mới chỉ là trung bình giữa hai khái niệm."},
    {"en": "Take the square root of the product.", "vi": "Hãy lấy căn bậc hai của tích."},
    {"en": "The ones on the diagonal do not count.", "vi": "Không tính các số 1 trên đường chéo."},
]
wrong = (between, between / within, between / np.sqrt(np.prod([one.mean() for one in own])))
hints = {hint[lang]: float(value) for hint, value in zip(slips, wrong, strict=True)}
cx.check_answer(my_answer, float(between / np.sqrt(within)), slips=hints)

# %% [markdown]
# ## What stuck?
#
# Three questions. Choose an answer before you open it.

# %%
mixed = (
    {"en": "CFI and SRMR are within the rule, RMSEA is outside. What do you write?", "vi": "CFI và SRMR nằm trong ngưỡng, RMSEA nằm ngoài. Bạn viết gì?"},
    [
        ({"en": "Fit is good: two of three.", "vi": "Độ phù hợp tốt: hai trên ba."}, False,
         {"en": "Indices are no jury. They measure different things, and none says where the misfit sits.", "vi": "Các chỉ số không phải bồi thẩm đoàn. Chúng đo những điều khác nhau, và không chỉ số nào nói chỗ không phù hợp nằm ở đâu."}),
        ({"en": "All of them with χ², df and the interval of RMSEA, then where the model misses.", "vi": "Tất cả, kèm χ², df và khoảng tin cậy của RMSEA, rồi nói mô hình sai ở đâu."}, True,
         {"en": "Global fit, then local fit: the second decides whether your result is touched.", "vi": "Phù hợp chung rồi phù hợp cục bộ: điều thứ hai quyết định kết quả của bạn có bị ảnh hưởng không."}),
        ({"en": "Only the indices that pass; space is short.", "vi": "Chỉ những chỉ số đạt; trang viết có hạn."}, False,
         {"en": "Choosing indices by their verdict makes every model fit.", "vi": "Chọn chỉ số theo kết luận thì mô hình nào cũng phù hợp."}),
    ],
)  # fmt: skip

# %%
twins = (
    {"en": "Two modifications improve fit by the same amount. Which one is right?", "vi": "Hai cách hiệu chỉnh cải thiện độ phù hợp ngang nhau. Cách nào đúng?"},
    [
        ({"en": "The one with the larger modification index.", "vi": "Cách có chỉ số hiệu chỉnh lớn hơn."}, False,
         {"en": "The index ranks sizes of misfit, not explanations, and another sample may reverse the order.", "vi": "Chỉ số xếp hạng mức không phù hợp, không xếp hạng lời giải thích, và mẫu khác có thể đảo thứ tự."}),
        ({"en": "These data cannot say; wording, theory or new items can.", "vi": "Dữ liệu này không nói được; câu chữ, lý thuyết hoặc biến mới thì có thể."}, True,
         {"en": "Report both, and say what depends on the choice.", "vi": "Báo cáo cả hai, và nói rõ điều gì phụ thuộc vào lựa chọn."}),
        ({"en": "Both: let them in together.", "vi": "Cả hai: đưa vào cùng lúc."}, False,
         {"en": "They explain the same misfit twice, and each weakens what the other one means.", "vi": "Chúng giải thích hai lần cùng một chỗ không phù hợp, và cái này làm mờ ý nghĩa của cái kia."}),
    ],
)  # fmt: skip

# %%
criterion = (
    {"en": "√AVE is below the correlation of two constructs, HTMT is .70 with an interval far below 1. What follows?", "vi": "√AVE thấp hơn tương quan của hai khái niệm, HTMT là 0,70 với khoảng tin cậy cách xa 1. Từ đó suy ra điều gì?"},
    [
        ({"en": "One construct: merge them.", "vi": "Chỉ có một khái niệm: hãy gộp lại."}, False,
         {"en": "A low √AVE may only mean weak items. Go back to the sliders.", "vi": "√AVE thấp có thể chỉ vì biến đo yếu. Hãy quay lại các thanh trượt."}),
        ({"en": "Two constructs that go together strongly, measured by items with much noise.", "vi": "Hai khái niệm đi cùng nhau khá chặt, được đo bằng những biến nhiều nhiễu."}, True,
         {"en": "Say both: the interval of the correlation speaks of the constructs, AVE of the items.", "vi": "Hãy nói cả hai: khoảng tin cậy của tương quan nói về khái niệm, AVE nói về biến đo."}),
        ({"en": "Nothing, the criteria contradict each other.", "vi": "Không suy ra gì, các tiêu chí mâu thuẫn nhau."}, False,
         {"en": "They answer different questions.", "vi": "Chúng trả lời những câu hỏi khác nhau."}),
    ],
)  # fmt: skip

# %%
cx.quiz(mixed, twins, criterion)

# %% [markdown]
# ## Optional: a harder case
#
# `retail_bank_csi` (on request): clients of a Spanish bank, six constructs of a satisfaction index, eleven points. `cx.fetch_dataset("retail_bank_csi", accept_terms=True)` gets it once, after
# you have read its terms; `cx.load_dataset("retail_bank_csi")` then reads it like any other. Write the measurement model before you look, then ask `cx.discriminant` for every pair. Notebook 14
# continues with groups: whether the same items mean the same to different customers.
#
# ## What a paper would report
#
# The model with its source, and that it was written down before; estimator, treatment of gaps, software; χ² with df and p, CFI, TLI, RMSEA with interval, SRMR, *and the largest local
# misfits*; every modification tried, with its reason, also those not kept; loadings, reliability and AVE; the correlations of constructs with intervals, and HTMT; rival models; what was
# done about the common source, in design first; the specification curve. The sentence below is composed from the results of this notebook.

# %%
measures = fit.fit_measures
chi = number(measures["chisq_scaled"], 2)
c, t, s = (number(measures[key], 3, bounded=True) for key in ("cfi_robust", "tli_robust", "srmr"))
keys = ("rmsea_robust", "rmsea_ci_lower_robust", "rmsea_ci_upper_robust")
e, low, high = (number(measures[key], 3, bounded=True) for key in keys)
known = apart.table.iloc[0]
r, rl, rh, h = (number(known[key], 2, bounded=True) for key in ("r", "r_ci_lower", "r_ci_upper", "htmt"))
report.finding(
    {
        "en": f"As in a paper: A three-factor model (MLR, FIML, n = {fit.n_obs}) gave χ²({int(measures['df'])}) = {chi}, CFI = {c}, TLI = {t}, RMSEA = {e} [{low}, {high}], SRMR = {s}. Competence and likeability correlated {r} [{rl}, {rh}] (HTMT = {h}); with comp_1 on both constructs {rs['cross']}, with correlated errors of comp_2 and comp_3 {rs['errors']}. The modifications fitted about equally well, so the data do not decide between them.",
        "vi": f"Như trong bài báo: Mô hình ba nhân tố (MLR, FIML, n = {fit.n_obs}) cho χ²({int(measures['df'])}) = {chi}, CFI = {c}, TLI = {t}, RMSEA = {e} [{low}; {high}], SRMR = {s}. Năng lực và thiện cảm tương quan {r} [{rl}; {rh}] (HTMT = {h}); khi comp_1 thuộc cả hai khái niệm là {rs['cross']}, khi sai số của comp_2 và comp_3 tương quan là {rs['errors']}. Hai cách hiệu chỉnh phù hợp gần như ngang nhau, nên dữ liệu không phân xử được giữa chúng.",
    }
)

# %% [markdown]
# ## Take-aways
#
# - A measurement model is a list of absences: each missing arrow is a claim. Count what is known before you ask for numbers.
# - Fit indices are conventions with authors, estimators and conditions. Report all, then look at where the model misses.
# - A modification index finds a place, not a reason. Two reasons can fit alike and change the answer.
# - AVE speaks of items; the correlation with its interval speaks of constructs. Fornell and Larcker's criterion mixes the two.
# - A method factor without a marker is no proof, in either direction. Design beats correction.
# - Complete rows are a sample of those who stayed. FIML and imputation need a reason to hold, and deserve to be shown beside them.
# - A robustness check must repeat *your* question, not the question whether something differs from zero.

# %%
cx.provenance(survey, pages, b2b, seed=seed)
