# %% [markdown]
# # ECSI: a structural model, and what to do when it breaks
#
# **About 35 minutes.** After this notebook you can
#
# 1. go from scale scores to a measurement model, and say what the model adds;
# 2. explain loyalty by a regression in blocks, and read the change in R²;
# 3. fit a structural equation model, read its fit, and draw it;
# 4. recognise an **inadmissible solution**, the case in which software prints numbers that cannot be true;
# 5. hand a sceptical reviewer the script that checks your result in R.

# %% tags=["parameters"]
seed = 20261122
lang = "en"
reports = None

# %%
import cxlab as cx
from cxlab.i18n import format_number as number

cx.use_language(lang)
report = cx.Report("08_ecsi_structural_models", folder=reports, lang=lang)
report.question(
    {
        "en": "Do image, quality, value and satisfaction explain loyalty, and can this survey tell them apart?",
        "vi": "Hình ảnh, chất lượng, giá trị và sự hài lòng có giải thích lòng trung thành không, và khảo sát này có phân biệt được chúng không?",
    }
)

# %% [markdown]
# ## The theory
#
# The European Customer Satisfaction Index orders what a customer goes through into a chain: a firm's image shapes expectations; expectations colour perceived quality; quality is
# weighed against price into value; all of them feed satisfaction; satisfaction leads to fewer or better-handled complaints and to loyalty (Fornell, Johnson, Anderson, Cha &
# Bryant, 1996, for the American index; Tenenhaus et al., 2005, for these data). It is the best-known survey model of the satisfaction and loyalty decade of CX research, and its
# mobile-phone data are the teaching set of almost every PLS program.
#
# **Before you run anything:** which two constructs will customers find hardest to tell apart?

# %%
survey = report.data(cx.load_dataset("ecsi_mobile"))
reliability = cx.reliability(survey)
report.add(reliability, "reliability", main=True)

# %% [markdown]
# Two scales are in trouble, expectations and loyalty. The next table says where. *Corrected item-total r* is the correlation of an item with the sum of the others: near zero, an
# item has nothing to do with its scale. *Alpha if dropped* shows the scale without it. The item on the price difference (`CUSL2`) asks for an amount, on another scale of thought
# than "would you choose us again". Dropping it would help alpha; whether it *should* be dropped is a question of what loyalty means, not of arithmetic.

# %%
report.add(reliability.apa_items(lang), "items")

# %% [markdown]
# ## First answer: regression
#
# Take the mean scores and let predictors enter in blocks, in the order of the theory: image, then satisfaction, then complaints. The change in R² says what each block adds to
# those before it. The order is our decision; another order gives another answer, since the predictors overlap. Standard errors are HC3, and the table shows standardised
# coefficients and variance inflation beside the raw ones.

# %%
blocks = ["image", "+ satisfaction", "+ complaints"]
regression = cx.regress("loyalty ~ image + satisfaction + complaints", survey, blocks=blocks)
report.add(regression.apa_blocks(lang), "blocks")

# %%
report.add(regression, "regression")

# %%
steps = (
    regression.blocks.set_index("block")["delta_r2"] if "block" in regression.blocks else regression.blocks["delta_r2"]
)
gain = [number(float(step), 3, bounded=True) for step in steps]
report.finding(
    {
        "en": f"Image alone explains {gain[0]} of the variance of loyalty scores; satisfaction adds {gain[1]}, complaint handling {gain[2]}.",
        "vi": f"Riêng hình ảnh giải thích phần {gain[0]} của phương sai điểm lòng trung thành; sự hài lòng thêm {gain[1]}, xử lý khiếu nại thêm {gain[2]}.",
    }
)

# %% [markdown]
# ## The measurement model
#
# Scores treat every item as equally good and free of error. A confirmatory factor analysis does not: each item gets its loading and its own error, and the constructs may
# correlate freely. Nothing causal is claimed yet. If this model does not hold, no structural model built on it can. We leave complaints out, because one item
# cannot show its own error. In lavaan's syntax, which cxlab speaks, `=~` reads "is measured by".

# %%
measurement = """
Image        =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
Expectations =~ CUEX1 + CUEX2 + CUEX3
Quality      =~ PERQ1 + PERQ2 + PERQ3 + PERQ4 + PERQ5 + PERQ6 + PERQ7
Value        =~ PERV1 + PERV2
Satisfaction =~ CUSA1 + CUSA2 + CUSA3
Loyalty      =~ CUSL1 + CUSL2 + CUSL3
"""
factors = cx.cfa(measurement, survey)
factors

# %% [markdown]
# ## The solution that cannot be true
#
# The search converged, so most programs would print the table and stop. Read the first warning instead. Correlations among six constructs must fit together like distances on a map: if A
# is close to B and B close to C, then A cannot be far from C. Here they do not fit together; the matrix has a **negative eigenvalue**, so some weighted sum of the constructs would have a
# *negative variance*. No customers could ever produce it. Such a solution is called inadmissible or improper (a negative error variance, a Heywood case, is its better-known sister).

# %%
from cxlab.show import correlation_heatmap

heat = correlation_heatmap(factors.latent_cor, lang=lang)
report.add(
    heat,
    "latent_correlations",
    {"en": "Correlations among the constructs, as estimated", "vi": "Tương quan ước lượng giữa các khái niệm"},
    main=True,
)

# %%
import numpy as np

correlations = factors.latent_cor
pairs = correlations.where(np.triu(np.ones(correlations.shape, dtype=bool), k=1)).stack()
smallest = np.linalg.eigvalsh(factors.latent_cov)[0]
one, two = (factors.labels[name][lang] for name in pairs.idxmax())
report.finding(
    {
        "en": f"The six-factor model is inadmissible (smallest eigenvalue {number(smallest, 3)}): {one} and {two} correlate {number(pairs.max(), 3, bounded=True)}, so these customers do not tell them apart.",
        "vi": f"Nghiệm của mô hình sáu nhân tố không chấp nhận được (trị riêng nhỏ nhất {number(smallest, 3)}): {one} và {two} tương quan {number(pairs.max(), 3)}, tức là khách hàng không phân biệt hai khái niệm này.",
    }
)

# %% [markdown]
# Was your guess right? The estimate says that customers who find the quality good are the satisfied ones, almost without exception. This is a finding about these questions, not
# a nuisance: the claim "quality causes satisfaction" needs two things that can be told apart. The rule of thumb for discriminant validity would stop at .85 or .90 (Henseler, Ringle &
# Sarstedt, 2015). PLS software shows no warning for these data, because its composites cannot produce the conflict. The problem is the same; only the alarm is missing.
#
# Now the structural model, as the theory draws it. Complaints (`CUSCO`) enters as a single observed item.

# %%
structure = """
Expectations ~ Image
Quality      ~ Expectations
Value        ~ Expectations + Quality
Satisfaction ~ Image + Expectations + Quality + Value
CUSCO        ~ Satisfaction
Loyalty      ~ Image + Satisfaction + CUSCO
"""
fit = cx.sem(measurement + structure, survey)

# %%
caption = {"en": "The ECSI model as estimated", "vi": "Mô hình ECSI với các hệ số ước lượng"}
report.add(fit.plot(lang=lang), "path_diagram", caption, main=True)

# %%
report.add(fit.apa(lang, kind="fit"), "fit")

# %% [markdown]
# ## Reading a model that lies politely
#
# This solution is formally admissible: no variance is negative. Look at the paths all the same. Standardised paths far beyond 1, with signs that turn against the theory and
# intervals that reach from one end of the world to the other, are the shadow of the same problem. When predictors are nearly one variable, their separate effects cannot be told
# apart, and the estimates swing wildly in opposite directions. The overall fit barely notices. **Fit says whether the model reproduces the correlations, not whether its paths mean anything.**

# %%
report.add(fit.apa(lang, kind="paths"), "paths", main=True)

# %%
paths = fit.estimates.query("op == '~'")
wild = paths[paths["std_all"].abs() > 1]
measures = fit.fit_measures
cfi, rmsea = (number(measures[name], 3, bounded=True) for name in ("cfi", "rmsea"))
report.finding(
    {
        "en": f"In the structural model {len(wild)} of {len(paths)} standardised paths lie beyond ±1: single effects cannot be told apart (CFI {cfi}, RMSEA {rmsea}).",
        "vi": f"Trong mô hình cấu trúc, {len(wild)} trên {len(paths)} hệ số đường dẫn chuẩn hóa vượt ±1: không thể tách tác động riêng của từng khái niệm (CFI {cfi}, RMSEA {rmsea}).",
    }
)

# %% [markdown]
# ## Image, satisfaction, loyalty: what the bootstrap sees
#
# Take the part of the theory that marketing cares about most: does image work on loyalty *through* satisfaction? Three constructs, one indirect effect, and without the odd loyalty item
# (it asks for a price, not a preference). The indirect effect is a product of two estimates and need not be symmetric, so its interval comes from the bootstrap: draw customers with
# replacement, fit again, thousands of times. **Before you run it:** which will have the wider interval, the indirect effect or the total effect?

# %%
mediation = cx.sem(
    """
    Image        =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
    Satisfaction =~ CUSA1 + CUSA2 + CUSA3
    Loyalty      =~ CUSL1 + CUSL3
    Satisfaction ~ a*Image
    Loyalty      ~ b*Satisfaction + c*Image
    indirect := a*b
    total := a*b + c
    """,
    survey,
)
boot = mediation.bootstrap(2000, seed=seed)
report.add(boot, "bootstrap")

# %%
draws = boot.table.set_index("lhs").query("op == ':='")
spans = {
    name: " – ".join(number(draws.loc[name, end], 2) for end in ("ci_lower", "ci_upper"))
    for name in ("indirect", "total")
}
report.finding(
    {
        "en": f"Image and loyalty go together (total effect, bootstrap interval {spans['total']}); how much of it runs through satisfaction these data cannot say ({spans['indirect']}).",
        "vi": f"Hình ảnh và lòng trung thành đi cùng nhau (tác động tổng, khoảng bootstrap {spans['total']}); nhưng dữ liệu này không cho biết bao nhiêu trong đó đi qua sự hài lòng ({spans['indirect']}).",
    }
)

# %% [markdown]
# The total effect is well known, its division is not: image and satisfaction nearly coincide, so a sample can move the effect from one path to the other at almost no cost in fit. The
# summary also counts the draws that ended in an impossible solution. They are kept and marked; to drop them in silence would make the interval too short.
#
# Why can correlations not decide? Move the paths below and watch the correlations they imply. Very different paths can imply nearly the same correlations once image and
# satisfaction are strongly related.

# %%
import pandas as pd


def implied_correlations(image_satisfaction, satisfaction_loyalty, image_loyalty):
    paths = np.array([[0, 0, 0], [image_satisfaction, 0, 0], [image_loyalty, satisfaction_loyalty, 0]])
    total = np.linalg.inv(np.eye(3) - paths)
    between = image_satisfaction * satisfaction_loyalty * image_loyalty
    rest = [1, 1 - image_satisfaction**2, 1 - satisfaction_loyalty**2 - image_loyalty**2 - 2 * between]
    if rest[2] < 0:
        return {"en": "No data can have these paths.", "vi": "Không dữ liệu nào có những hệ số này."}[lang]
    names = ["Image", "Satisfaction", "Loyalty"]
    return pd.DataFrame(total @ np.diag(rest) @ total.T, names, names).round(3)


# %%
first = (0.9, 0.0, 1.0, 0.05)
second = (0.8, -1.0, 1.5, 0.05)
direct = (0.0, -1.0, 1.5, 0.05)
cx.explore(
    implied_correlations,
    live=reports is None,
    image_satisfaction=first,
    satisfaction_loyalty=second,
    image_loyalty=direct,
)

# %% [markdown]
# ## Two ways out
#
# **One evaluation.** If customers do not tell image, quality and satisfaction apart, say so in the model: let all their items measure one evaluation of the provider. **Fewer constructs.** Or keep
# satisfaction as the one construct that the theory needs most, and leave out what cannot be distinguished from it. Both are modest and admissible; they answer a smaller question. Both are
# **decisions made after seeing the data**, so a paper must say so, and a new sample must confirm them.

# %%
evaluation = cx.sem(
    """
    Evaluation =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5 + PERQ1 + PERQ2 + PERQ3 + PERQ4 + PERQ5 + PERQ6 + PERQ7 + CUSA1 + CUSA2 + CUSA3
    Value      =~ PERV1 + PERV2
    Loyalty    =~ CUSL1 + CUSL3
    Value   ~ Evaluation
    Loyalty ~ Evaluation + Value
    """,
    survey,
)
evaluation

# %%
smaller = cx.sem(
    """
    Value        =~ PERV1 + PERV2
    Satisfaction =~ CUSA1 + CUSA2 + CUSA3
    Loyalty      =~ CUSL1 + CUSL3
    Satisfaction ~ a*Value
    Loyalty      ~ b*Satisfaction + Value
    through := a*b
    """,
    survey,
)
smaller

# %%
report.add(
    smaller.plot(lang=lang),
    "smaller_model",
    {"en": "A smaller model that the data can carry", "vi": "Mô hình nhỏ hơn mà dữ liệu cho phép"},
)
through = smaller.bootstrap(2000, seed=seed).table.query("op == ':='").iloc[0]
low, high = (number(through[end], 2) for end in ("ci_lower", "ci_upper"))
report.finding(
    {
        "en": f"In an admissible smaller model, value reaches loyalty through satisfaction: indirect effect {number(through['est'], 2)} (95% bootstrap interval {low} to {high}).",
        "vi": f"Trong một mô hình nhỏ hơn có nghiệm chấp nhận được, giá trị cảm nhận tác động đến lòng trung thành qua sự hài lòng: tác động gián tiếp {number(through['est'], 2)} (khoảng bootstrap 95%: {low} đến {high}).",
    }
)

# %% [markdown]
# ## Let a reviewer check it
#
# No one should have to trust a program. `to_lavaan()` writes the script that estimates the same model, with the same options, in R. Run it, and compare digit by digit. The
# project's own tests do exactly this for the models of this notebook.

# %%
print(smaller.to_lavaan())

# %% [markdown]
# ## Exercise
#
# The *average variance extracted* (AVE) of a construct is the mean of its squared standardised loadings; a convention asks for .50 (Fornell & Larcker, 1981). Compute it for
# Expectations from `factors.estimates` (rows with `op == "=~"`, column `std_all`).

# %%
my_answer = None

# %%
loadings = factors.estimates.query("lhs == 'Expectations' and op == '=~'")
hints = {
    {
        "en": "Square each loading before you take the mean.",
        "vi": "Hãy bình phương từng hệ số tải trước khi lấy trung bình.",
    }[lang]: loadings["std_all"].mean(),
    {
        "en": "Use the standardised loadings (std_all), not est.",
        "vi": "Hãy dùng hệ số tải chuẩn hóa (std_all), không dùng est.",
    }[lang]: (loadings["est"] ** 2).mean(),
}
cx.check_answer(my_answer, float((loadings["std_all"] ** 2).mean()), slips=hints)

# %% [markdown]
# ## Take-aways
#
# - Converged does not mean true. Look for negative variances, correlations that do not fit together, standardised paths beyond 1.
# - Constructs that customers cannot tell apart cannot have separate effects, whichever program you use.
# - Fit indices do not see this. Read the estimates.
# - Report the failed model, the decision, and the smaller model. Then confirm it on new data.

# %%
cx.provenance(survey, seed=seed)
