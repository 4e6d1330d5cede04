# %% [markdown]
# # Schmitt's five modules, and what other frameworks call them
#
# **About 45 minutes.** After this notebook you can
#
# 1. say what sense, feel, think, act and relate mean, and which dimensions of Brakus and components of Gentile answer to them;
# 2. test that translation instead of believing it: a joint factor analysis of two questionnaires, and canonical correlation as a second view;
# 3. decide on a number of factors when the criteria disagree;
# 4. explain attitude, satisfaction and word of mouth by the modules, by regression and by a structural model, and say why the two differ;
# 5. notice that a model with a good fit can still lack its most important path.

# %% tags=["parameters"]
seed = 20261122
lang = "en"
reports = None

# %%
import cxlab as cx
from cxlab.i18n import format_number as number

cx.use_language(lang)
report = cx.Report("06_schmitt_five_modules", folder=reports, lang=lang)
report.question(
    {
        "en": "Do customers tell Schmitt's five modules apart, do other frameworks measure the same under other names, and which modules carry attitude, satisfaction and word of mouth?",
        "vi": "Khách hàng có phân biệt năm mô-đun của Schmitt không, các khung lý thuyết khác có đo cùng những điều đó dưới tên gọi khác không, và mô-đun nào tác động đến thái độ, sự hài lòng và truyền miệng?",
    }
)

# %% [markdown]
# ## The theory
#
# Schmitt (1999) asked what marketing can give customers besides features and benefits, and answered with five *strategic experiential modules*: experiences of the senses, of
# feeling, of thought, of action and way of living, and of belonging. A module is a kind of experience that a firm can design. Ten years later Brakus, Schmitt and Zarantonello
# (2009) turned the idea into a scale of *brand experience* with four dimensions. Between the two, Gentile, Spiller and Noci (2007) had named six components. Are these three theories, or one with
# three vocabularies? The tables come from the workbench's theory files, and their last column says how we know.

# %%
schmitt, brakus, gentile = (cx.framework(name) for name in ("schmitt", "brakus", "gentile"))
modules, dimensions, components = (list(one.constructs["construct"]) for one in (schmitt, brakus, gentile))
caption = {"en": "Schmitt's five experiential modules", "vi": "Năm mô-đun trải nghiệm của Schmitt"}
report.add(schmitt.plot(lang), "modules", caption)

# %%
report.add(brakus.table(lang), "brand_experience")

# %%
report.add(cx.theory_table("crosswalk"), "crosswalk", main=True)

# %% [markdown]
# The crosswalk says which word of one framework answers to which of another. Somebody drew it up by comparing definitions, and the status column admits that it was recalled and not looked
# up. Treat it as a **hypothesis about content**. If it is right, answers to "sense" items of one questionnaire and "sensory" items of another must go together as if they came from one scale.
#
# The items have a status as well. Both published scales belong to their authors. What you see are paraphrases, mostly from memory: good enough to learn with, not to publish with. For a
# real survey, ask permission and enter the original wording with `with_wording(path)`.

# %%
report.add(schmitt.table(lang, of="items"), "items_schmitt")

# %%
report.add(brakus.table(lang, of="items"), "items_brakus")

# %% [markdown]
# **Before you run anything**, write down two guesses. The survey below asks the same people for Schmitt's modules, for brand experience and for Gentile's components. *Which of Schmitt's five
# has no partner in brand experience? Which of Gentile's six has the weakest partner among the modules?* And a third, for later: which module will have no effect on how guests judge the place?
#
# ## A simulated survey with flaws
#
# The guests of this coffee-house chain are **simulated**. Somebody wrote down the true loadings and effects, drew the answers, and added what real surveys have: careless people, missing answers, a
# common drift in reversed items. The truth stays sealed until the end.

# %%
survey = report.data(cx.load_dataset("schmitt_five"))
screened = survey.screen(attention=True, min_seconds="2/item", longstring=10)
caption = {
    "en": "Rules for careless answers and whom they flag (simulated data)",
    "vi": "Các quy tắc phát hiện câu trả lời cẩu thả và số người bị đánh dấu (dữ liệu mô phỏng)",
}
report.add(screened.apa_flags(lang), "flags", caption)

# %%
clean = screened.exclude("attention", "min_seconds").reverse_scored()
clean

# %% [markdown]
# We exclude those who failed an attention check or were faster than two seconds an item, a rule stated before any result. A long run is no reason of its own here, since three
# questionnaires in a row tempt careful people as well. Whether this was wise, the seal will tell: in simulated data one can look up who was careless.
#
# Next, the reliability of all scales that we shall use. Three items, one of them reversed, rarely reach .80, and two items hardly ever. Keep the column in mind: unreliable
# scores **hide** relations, and they hide some more than others.

# %%
outcomes = ["attitude", "satisfaction", "word_of_mouth"]
scales = {name: clean.constructs[name] for name in [*modules, *dimensions, *components, *outcomes]}
reliability = cx.reliability(clean, scales)
caption = {"en": "Reliability of the scales (simulated data)", "vi": "Độ tin cậy của các thang đo (dữ liệu mô phỏng)"}
report.add(reliability.apa(lang), "reliability", caption)

# %% [markdown]
# ## The slide that agencies show
#
# A radar chart of five modules per branch is the usual slide. It draws five numbers as an area and leaves out how well each is known, so that any two polygons look different. Here is the same
# information as points with 95% intervals, for the three invented cities of the simulated survey. Read it row by row: where intervals overlap widely, there is no ranking to report. And fifteen
# intervals mean fifteen chances to find something by luck, so one lonely gap is no discovery either.

# %%
from cxlab.show import coefficient_plot, interval_plot

names = {key: construct.label[lang] for key, construct in clean.codebook.constructs.items()}
scores = clean.scores()
cities = clean.data["city"].map({code: word[lang] for code, word in clean.codebook.items["city"].labels.items()})
means = scores[modules].groupby(cities).agg(["mean", "sem"]).stack(level=0, future_stack=True).reset_index()
means.columns = ["model", "construct", "estimate", "sem"]
means = means.assign(
    label=means["construct"].map(names),
    ci_lower=means["estimate"] - 1.96 * means["sem"],
    ci_upper=means["estimate"] + 1.96 * means["sem"],
)
caption = {"en": "Module scores by city (simulated data)", "vi": "Điểm mô-đun theo thành phố (dữ liệu mô phỏng)"}
report.add(interval_plot(means, bounded=False, xlabel="show.mean", lang=lang), "cities", caption)

# %% [markdown]
# ## Are answers on seven points numbers?
#
# Correlations of ticked points are too small when most people tick the same end of the scale: there is no room left to differ. The **polychoric** correlation asks instead how strongly two normal
# feelings must correlate to produce such a table of ticks. The more skewed the items, the more the two part. The table compares them within each scale of the simulated survey. Look at what
# the gain goes with. With seven points and this much skew it is modest and much the same everywhere, so that we go on with Pearson; with five points and satisfied customers it often is not. To be sure, add
# `correlation="polychoric"` to the factor analysis below and compare.

# %%
import numpy as np
import pandas as pd

asked = [item for name in [*modules, *outcomes] for item in clean.constructs[name]]
latent = cx.polychoric(clean, asked, missing="pairwise").correlations
ticked = clean.data[asked].corr()
skew = cx.describe(clean, asked).table.set_index("item")["skewness"].abs()
rows = []
for name in [*modules, *outcomes]:
    items = clean.constructs[name]
    pairs = np.triu_indices(len(items), k=1)
    pearson, polychoric = (matrix.loc[items, items].to_numpy()[pairs].mean() for matrix in (ticked, latent))
    rows.append((names[name], skew[items].mean(), pearson, polychoric, polychoric / pearson - 1))

# %%
from cxlab.show import Column, Table

columns = {
    "scale": Column({"en": "Scale", "vi": "Thang đo"}),
    "skew": Column({"en": "Mean |skewness|", "vi": "|Độ lệch| trung bình"}, "number"),
    "pearson": Column({"en": "Mean r, Pearson", "vi": "r trung bình, Pearson"}, "bounded"),
    "polychoric": Column({"en": "Mean r, polychoric", "vi": "r trung bình, polychoric"}, "bounded"),
    "gain": Column({"en": "Gain", "vi": "Mức tăng"}, "percent", digits=0),
}
caption = {
    "en": "Pearson against polychoric correlations within each scale (simulated data)",
    "vi": "Tương quan Pearson và polychoric trong từng thang đo (dữ liệu mô phỏng)",
}
report.add(Table(pd.DataFrame(rows, columns=list(columns)), columns, caption), "polychoric")

# %% [markdown]
# ## One map for two questionnaires
#
# Put the items of both published frameworks into one exploratory factor analysis. It knows nothing of who wrote which item. If the crosswalk holds, a module and its partner dimension share a factor; a
# module without a partner stands alone. First the entrance examination: the Kaiser-Meyer-Olkin measure asks whether items have enough in common, Bartlett's test whether they have anything at
# all. Answers to brand experience have gaps, so we use all pairs of answers that exist; dropping every incomplete row would cost many people.

# %%
both = [*modules, *dimensions]
adequacy = cx.factorability(clean, items=both, missing="pairwise")
lowest = number(float(adequacy.table["kmo"].min()), 2, bounded=True)
report.finding(
    {
        "en": f"The items of both questionnaires suit a factor analysis: KMO {number(adequacy.kmo, 2, bounded=True)}, lowest for a single item {lowest} (simulated data).",
        "vi": f"Các câu hỏi của hai bảng hỏi phù hợp để phân tích nhân tố: KMO {number(adequacy.kmo, 2, bounded=True)}, thấp nhất ở một câu {lowest} (dữ liệu mô phỏng).",
    }
)

# %% [markdown]
# How many factors? Parallel analysis (Horn, 1965) keeps those whose eigenvalues pass what random data of the same size give. The scree figure shows both curves; the minimum average partial stops
# when removing components no longer cleans up the rest. **They need not agree**, and here you should see why: with hundreds of respondents, even small systematic things are more than chance, for example that
# some items are worded the other way round. A factor can be real and still not be an experience.

# %%
parallel = cx.parallel_analysis(clean, seed=seed, items=both, missing="pairwise")
caption = {
    "en": "Scree and parallel analysis of both questionnaires (simulated data)",
    "vi": "Biểu đồ scree và phân tích song song của hai bảng hỏi (dữ liệu mô phỏng)",
}
report.add(parallel.plot(lang=lang), "scree", caption)

# %%
report.finding(
    {
        "en": f"In the simulated survey parallel analysis finds {parallel.n_factors} factors and {parallel.n_components} components above chance, the minimum average partial {parallel.n_map}; theory says {len(modules)}.",
        "vi": f"Trong khảo sát mô phỏng, phân tích song song cho {parallel.n_factors} nhân tố và {parallel.n_components} thành phần vượt mức ngẫu nhiên, tương quan riêng phần bình quân nhỏ nhất (MAP) cho {parallel.n_map}; lý thuyết nói {len(modules)}.",
    }
)

# %% [markdown]
# Criteria propose; meaning decides. We take as many factors as there are modules, since that is the hypothesis to be tested, and afterwards look at the neighbours. The rotation is oblimin, which lets factors
# correlate; kinds of experience do. In the figure, reversed items have been turned, so a positive loading means the same for all. Names beginning with `x` are Schmitt's items, those with
# `b` brand experience. Read a column from top to bottom, and ask who lives there together.

# %%
joint = cx.efa(clean, len(modules), items=both, missing="pairwise")
caption = {
    "en": "Joint factor analysis of Schmitt's modules and brand experience, pattern of loadings (simulated data; reversed items turned)",
    "vi": "Phân tích nhân tố chung cho các mô-đun của Schmitt và trải nghiệm thương hiệu, bảng hệ số tải (dữ liệu mô phỏng; câu hỏi đảo chiều đã đổi chiều)",
}
report.add(joint.plot(lang), "joint_factors", caption, main=True)

# %%
home = joint.loadings.abs().idxmax(axis="columns")
lives = {name: home[clean.constructs[name]].mode()[0] for name in both}
links = schmitt.links.query("related_framework == 'brakus'")
met = [(row.construct, row.related_construct) for row in links.itertuples()]
met = [(one, other) for one, other in met if lives[one] == lives[other]]
alone = [name for name in modules if lives[name] not in {lives[other] for other in dimensions}]
together = "; ".join(f"{names[one]} – {names[other]}" for one, other in met)
lonely = ", ".join(names[name] for name in alone)
report.finding(
    {
        "en": f"{len(met)} of the {len(links)} pairs of the crosswalk share a factor in the simulated survey ({together}); without a partner in brand experience: {lonely}.",
        "vi": f"{len(met)} trong {len(links)} cặp của bảng đối chiếu có chung một nhân tố trong khảo sát mô phỏng ({together}); không có khía cạnh tương ứng trong trải nghiệm thương hiệu: {lonely}.",
    }
)

# %% [markdown]
# Was your first guess right? Now move the number of factors and the rotation. With too few, a weak factor is swallowed by a stronger neighbour; with too many, a factor appears on which mainly reversed items
# load, whatever they ask about. Try *varimax*, which forbids correlated factors: what was zero becomes a little of everything. And *none* shows why nobody reads unrotated factors: the first is
# "good place", the others are differences.


# %%
def pattern(factors, rotation):
    return cx.efa(clean, factors, items=both, rotation=rotation, missing="pairwise").plot(lang)


rotations = ["oblimin", "varimax", "promax", "none"]
cx.explore(pattern, live=reports is None, factors=(len(modules) + 1, 2, 8, 1), rotation=rotations)

# %% [markdown]
# ## A second view: canonical correlation
#
# Factor analysis looks at items. Canonical correlation (Hotelling, 1936) looks at two *sets* of scores: it seeks the weighted sum of the modules and the weighted sum of the dimensions that correlate most, then the
# next pair, unrelated to the first, and so on. The first pair nearly always is a general one; the interesting question is how many pairs there are and what the later ones contrast. The figure shows the
# correlation of every score with the pairs' sums; above each column stands the correlation of the pair.

# %%
from statsmodels.multivariate.cancorr import CanCorr

from cxlab.show.loadings import loadings_heatmap

answers = scores[both].dropna()
pairs = CanCorr(answers[modules], answers[dimensions])


def with_sums(side, weights):
    sums = answers[side].to_numpy() @ weights
    return pd.DataFrame({k: answers[side].corrwith(pd.Series(one, answers.index)) for k, one in enumerate(sums.T)})


structure = pd.concat([with_sums(modules, pairs.y_cancoef), with_sums(dimensions, pairs.x_cancoef)])
structure = (structure * np.sign(structure.sum())).rename(index=names)

# %%
structure.columns = [number(float(r), 2, bounded=True) for r in pairs.cancorr]
caption = {
    "en": "Canonical correlations of modules and brand experience (above the columns), and correlations of the scores with each pair (simulated data)",
    "vi": "Tương quan chính tắc giữa các mô-đun và trải nghiệm thương hiệu (trên đầu cột), và tương quan của từng điểm thang đo với mỗi cặp (dữ liệu mô phỏng)",
}
report.add(loadings_heatmap(structure, lang=lang), "canonical", caption)

# %% [markdown]
# Canonical pairs are mixtures, and mixtures are hard to name. A plainer question may serve you better: **how much of each score can the other framework predict?** It is the squared multiple correlation, computed here
# in both directions and for Gentile's components as well, with bootstrap intervals. A module that the other framework covers has a large share; one it has no word for, a small one. The shares
# stay well below 1 even for perfect synonyms, because every score carries its own measurement error.


# %%
def share(data, targets, others):
    r = data.corr()
    return (r.loc[others, targets] * np.linalg.solve(r.loc[others, others], r.loc[others, targets])).sum()


def shares(targets, others, block):
    data, draw = scores[targets + others].dropna(), np.random.default_rng(seed)
    again = pd.DataFrame(
        [share(data.sample(frac=1, replace=True, random_state=draw), targets, others) for _ in range(300)]
    )
    columns = {"estimate": share(data, targets, others), "construct": targets, "label": [names[t] for t in targets]}
    ends = {"ci_lower": again.quantile(0.025), "ci_upper": again.quantile(0.975), "block": block[lang]}
    return pd.DataFrame(columns | ends)


# %%
from_brand = {"en": "Modules, predicted by brand experience", "vi": "Mô-đun, dự báo từ trải nghiệm thương hiệu"}
from_gentile = {"en": "Modules, predicted by Gentile's components", "vi": "Mô-đun, dự báo từ các yếu tố của Gentile"}
to_gentile = {"en": "Gentile's components, predicted by the modules", "vi": "Các yếu tố của Gentile, dự báo từ mô-đun"}
brand = shares(modules, dimensions, from_brand)
covered = [brand, shares(modules, components, from_gentile), shares(components, modules, to_gentile)]
caption = {
    "en": "Share of each score that the other framework predicts, 95% bootstrap intervals (simulated data)",
    "vi": "Phần phương sai của mỗi điểm thang đo mà khung lý thuyết kia dự báo được, khoảng tin cậy bootstrap 95% (dữ liệu mô phỏng)",
}
figure = interval_plot(
    pd.concat(covered), xlabel={"en": "Share of variance (R²)", "vi": "Phần phương sai (R²)"}, lang=lang
)
report.add(figure, "coverage", caption, main=True)

# %%
least = [one.loc[one["estimate"].idxmin()] for one in covered]
told = [f"{row['label']} ({number(row['estimate'], 2, bounded=True)})" for row in least]
report.finding(
    {
        "en": f"Least covered in the simulated survey: by brand experience the module {told[0]}; by Gentile's components the module {told[1]}; and of Gentile's components, by the modules, {told[2]}.",
        "vi": f"Được phản ánh ít nhất trong khảo sát mô phỏng: mô-đun {told[0]} trong trải nghiệm thương hiệu; mô-đun {told[1]} trong các yếu tố của Gentile; và trong số các yếu tố của Gentile, {told[2]} là yếu tố các mô-đun phản ánh ít nhất.",
    }
)

# %% [markdown]
# ## Testing what is stated: confirmatory models
#
# An exploratory analysis finds; a confirmatory one is told where each item belongs and can be wrong. For the modules we state five correlated factors. Missing answers are used as they are (full-information
# maximum likelihood), and standard errors are robust to skewed answers. A paper on brand experience would also show rivals: is it one evaluation, two sides (senses and feelings against mind and
# body; a division of our own, for comparison), or the four dimensions that the authors claim? Each rival is the four-dimensional model with some correlations set to 1, so the chi-squares can be compared.

# %%
options = {"estimator": "MLR", "missing": "fiml"}
five = cx.cfa(schmitt.model(), clean, **options)
caption = {"en": "Five modules: loadings (simulated data)", "vi": "Năm mô-đun: hệ số tải (dữ liệu mô phỏng)"}
report.add(five.apa(lang, kind="loadings"), "five_modules", caption)

# %%
report.add(cx.htmt(clean, modules), "htmt")

# %%
sides = {"senses_feelings": ("sensory", "affective"), "mind_body": ("behavioural", "intellectual")}
wording = {name: " + ".join(clean.constructs[name]) for name in [*dimensions, *outcomes]}
one_factor = "brand_experience =~ " + " + ".join(wording[name] for name in dimensions)
two_factors = "\n".join(f"{side} =~ {wording[left]} + {wording[right]}" for side, (left, right) in sides.items())
rivals = [cx.cfa(text, clean, **options) for text in (one_factor, two_factors, brakus.model())]
called = {"en": ["one factor", "two factors", "four factors"], "vi": ["một nhân tố", "hai nhân tố", "bốn nhân tố"]}
caption = {
    "en": "Rival structures of brand experience (simulated data)",
    "vi": "Các cấu trúc cạnh tranh của trải nghiệm thương hiệu (dữ liệu mô phỏng)",
}
report.add(cx.compare(*rivals, names=called[lang]).apa(lang), "brand_experience_rivals", caption)

# %%
cfi = [number(fit.fit_measures["cfi_robust"], 3, bounded=True) for fit in (five, *rivals)]
report.finding(
    {
        "en": f"Five correlated modules reproduce the simulated answers (robust CFI {cfi[0]}). For brand experience the CFI is {cfi[1]} with one factor, {cfi[2]} with two, {cfi[3]} with four.",
        "vi": f"Năm mô-đun có tương quan tái tạo được câu trả lời mô phỏng (CFI hiệu chỉnh {cfi[0]}). Với trải nghiệm thương hiệu, CFI là {cfi[1]} khi có một nhân tố, {cfi[2]} khi có hai, {cfi[3]} khi có bốn.",
    }
)

# %% [markdown]
# A fit index is a sum of many misfits; the next table looks at the largest single ones. *Modification indices* say how much the chi-square would fall if one more parameter were free. `xsen1 ~~ xact1` would read "what these two items
# share beyond their factors". Look at the item numbers: which items are these, and what do they have in common? The surplus factors of the parallel analysis and these residuals are one thing. Do not free them one after the
# other to please the index; write better reversed items, or say that there is a wording effect.

# %%
residual = five.modification_indices().query("op == '~~'").head(5)[["lhs", "op", "rhs", "mi", "sepc_all"]]
residual.reset_index(drop=True).round(2)

# %%
items = survey.codebook.items
worded = sum(items[row.lhs].reversed and items[row.rhs].reversed for row in residual.itertuples())
report.finding(
    {
        "en": f"Of the {len(residual)} largest residual correlations of the modules' model, {worded} join two reversed items: a matter of wording, not of experience.",
        "vi": f"Trong {len(residual)} tương quan phần dư lớn nhất của mô hình các mô-đun, {worded} nối hai câu hỏi đảo chiều: chuyện cách diễn đạt, không phải chuyện trải nghiệm.",
    }
)

# %% [markdown]
# ## From modules to outcomes: one question, two methods
#
# What does each module do for attitude, satisfaction and word of mouth, the others held constant? Ask it twice. **Regression** takes mean scores as if they were the thing itself. The **structural model** puts
# the latent modules and the latent outcomes in their place and asks the very same question: all five modules on each outcome, nothing in between. One more difference: newcomers were not asked about word of mouth.
# Regression drops them; full information keeps what they did answer. **Before you run it:** will the two methods differ by making all coefficients smaller, or in another way?

# %%
right = " + ".join(modules)
asked = [f"{name} =~ {wording[name]}\n{name} ~ {right}" for name in outcomes]
question = "\n".join([schmitt.model(), *asked])
total = cx.sem(question, clean, **options)
regressions = {name: cx.regress(f"{name} ~ {right}", clean) for name in outcomes}
report.add(regressions["word_of_mouth"], "regression_word_of_mouth")

# %%
by_sem = (
    total.standardized().query("op == '~'").rename(columns={"lhs": "outcome", "rhs": "module", "est_std": "estimate"})
)
by_scores = pd.concat([fit.table.dropna(subset="beta").assign(outcome=name) for name, fit in regressions.items()])
unit = by_scores["beta"] / by_scores["b"]
by_scores = by_scores.assign(
    estimate=by_scores["beta"], ci_lower=by_scores["ci_lower"] * unit, ci_upper=by_scores["ci_upper"] * unit
).rename(columns={"term": "module"})
method = {"en": ["structural model", "regression"], "vi": ["mô hình cấu trúc", "hồi quy"]}[lang]
effects = pd.concat([by_sem.assign(model=method[0]), by_scores.assign(model=method[1])], ignore_index=True)
effects = effects.assign(label=effects["module"].map(names), block=effects["outcome"].map(names))
effects = effects[["outcome", "module", "model", "block", "label", "estimate", "ci_lower", "ci_upper"]]
effects["order"] = effects["outcome"].map(outcomes.index) * len(modules) + effects["module"].map(modules.index)

# %%
caption = {
    "en": "Total standardised effects of the modules by two methods, 95% intervals (simulated data)",
    "vi": "Tác động tổng chuẩn hóa của các mô-đun theo hai phương pháp, khoảng tin cậy 95% (dữ liệu mô phỏng)",
}
xlabel = {"en": "Standardised coefficient", "vi": "Hệ số chuẩn hóa"}
figure = coefficient_plot(effects.sort_values("order", kind="stable"), xlabel=xlabel, lang=lang)
report.add(figure, "two_methods", caption, main=True)

# %% [markdown]
# Measurement error does two things to a regression. It **shrinks** what an unreliable score can do, and it **moves** effects to correlated neighbours: the part of a module that its own score fails to capture is picked
# up by the scores of modules that go with it. So coefficients are not simply smaller. The strong ones shrink, and some weak ones grow, sometimes past the line of significance. The structural model corrects both, at the price of wider
# intervals and of believing its measurement part. If the two agree, say so in one sentence; where they differ, report both and explain the difference by the reliabilities.

# %%
wide = effects.pivot(index=["outcome", "module"], columns="model", values="estimate")[method]
reach = effects.assign(width=effects["ci_upper"] - effects["ci_lower"]).pivot_table("width", columns="model")[method]
strong = wide[wide[method[0]].abs() >= 0.2].abs()
kept = 100 * strong[method[1]].sum() / strong[method[0]].sum()
spread = [number(float(reach.loc["width", name]), 2, bounded=True) for name in method]
report.finding(
    {
        "en": f"Of the effects that the structural model puts at .20 or more, regression on mean scores shows {kept:.0f}% in the simulated survey; its intervals are narrower (mean width {spread[1]} against {spread[0]}).",
        "vi": f"Với những tác động mà mô hình cấu trúc ước lượng từ 0,20 trở lên, hồi quy trên điểm trung bình chỉ cho thấy {kept:.0f}% trong khảo sát mô phỏng; khoảng tin cậy của hồi quy hẹp hơn (độ rộng trung bình {spread[1]} so với {spread[0]}).",
    }
)

# %% [markdown]
# ## The model as the framework draws it
#
# Total effects do not say *how* a module works. The framework's model has hypotheses: modules make attitude and satisfaction, and satisfaction makes people talk. `schmitt.model(outcomes=...)` writes it, a comment per
# hypothesis. Below are its structural lines; then read the fit by the usual rules. **Before you look at the second table:** would you publish this model?

# %%
text = schmitt.model(outcomes=outcomes)
drawn = cx.sem(text, clean, **options)
print("\n".join(line for line in text.splitlines() if " ~ " in line))
caption = {
    "en": "Fit of the model as drawn (simulated data)",
    "vi": "Độ phù hợp của mô hình theo đúng khung lý thuyết (dữ liệu mô phỏng)",
}
report.add(drawn.apa(lang, kind="fit"), "fit_as_drawn", caption)

# %%
missed = drawn.modification_indices().query("op == '~'")[["lhs", "op", "rhs", "mi", "epc", "sepc_all"]]
missed.head(4).reset_index(drop=True).round(2)

# %% [markdown]
# The rules of thumb are content, and yet the first line asks loudly for a path that everybody who knows the field would have drawn: attitude towards the place feeds satisfaction with it. A large model with good
# measurement dilutes one wrong structural claim in hundreds of right ones. Two more things follow. The index cannot tell direction: the reversed path would fit almost as well. And what the model does not let run through attitude, it
# credits to the modules directly. We add the path that theory supports, and from the list one more that it can defend: belonging makes people talk. **Both are decisions after seeing the data.**

# %%
chain = cx.sem(text + "\nsatisfaction ~ attitude\nword_of_mouth ~ relate\n", clean, **options)
caption = {
    "en": "Fit with the two paths (simulated data)",
    "vi": "Độ phù hợp khi thêm hai đường dẫn (dữ liệu mô phỏng)",
}
report.add(chain.apa(lang, kind="fit"), "fit_two_paths", caption)

# %%
caption = {"en": "The chain as estimated (simulated data)", "vi": "Chuỗi tác động ước lượng được (dữ liệu mô phỏng)"}
report.add(chain.plot(lang=lang), "chain", caption, main=True)


# %%
def direct(fit, cause, effect):
    row = fit.standardized().query("lhs == @effect and op == '~' and rhs == @cause").iloc[0]
    ends = " – ".join(number(float(row[end]), 2, bounded=True) for end in ("ci_lower", "ci_upper"))
    return f"{number(float(row['est_std']), 2, bounded=True)} [{ends}]"


fit_rules = [number(drawn.fit_measures[name], 3, bounded=True) for name in ("cfi_robust", "rmsea_robust")]
before, after = (direct(fit, "feel", "satisfaction") for fit in (drawn, chain))
report.finding(
    {
        "en": f"The model as drawn passes the rules (CFI {fit_rules[0]}, RMSEA {fit_rules[1]}) without the path from attitude to satisfaction. With it, the direct effect of feel on satisfaction goes from {before} to {after} (simulated data).",
        "vi": f"Mô hình theo đúng khung lý thuyết đạt các quy tắc (CFI {fit_rules[0]}, RMSEA {fit_rules[1]}) dù thiếu đường dẫn từ thái độ đến sự hài lòng. Khi thêm vào, tác động trực tiếp của cảm nhận đến sự hài lòng đổi từ {before} thành {after} (dữ liệu mô phỏng).",
    }
)

# %% [markdown]
# ## Exercise
#
# Where does the structural model get its larger numbers from? Spearman (1904) had the formula: divide the correlation of two scores by the **square root of the product of their reliabilities**. Compute this for feel and relate,
# with `scores["feel"].corr(scores["relate"])` and the alphas in `reliability.table`. Then compare with the correlation of the two factors, `five.latent_cor.loc["feel", "relate"]`.

# %%
my_answer = None

# %%
raw = scores["feel"].corr(scores["relate"])
alpha = reliability.table.set_index("construct")["alpha"]
product = alpha["feel"] * alpha["relate"]
hints = {
    {"en": "That is the correlation of the scores.", "vi": "Đó là tương quan của hai điểm thang đo."}[lang]: raw,
    {"en": "Take the square root of the product.", "vi": "Hãy lấy căn bậc hai của tích."}[lang]: raw / product,
    {
        "en": "Divide, do not multiply: error makes correlations smaller.",
        "vi": "Hãy chia, đừng nhân: sai số làm tương quan nhỏ đi.",
    }[lang]: raw * np.sqrt(product),
}
cx.check_answer(my_answer, float(raw / np.sqrt(product)), slips=hints)

# %% [markdown]
# ## What stuck?
#
# Three questions. Choose an answer for yourself before you open it; each says why it is right, or what it mixes up.


# %%
def say(en, vi):
    return {"en": en, "vi": vi}


first = (
    say("In a joint factor analysis two scales with different names share a factor. What follows?", "Trong một phân tích nhân tố chung, hai thang đo tên khác nhau có chung một nhân tố. Từ đó suy ra điều gì?"),
    [
        (say("These customers answer them alike.", "Những khách hàng này trả lời hai thang đo giống nhau."), True, say("That is what was seen. Whether the concepts are one is for theory, and other samples, to say.", "Đó là điều quan sát được. Hai khái niệm có phải là một hay không thì phải xét thêm lý thuyết và các mẫu khác.")),
        (say("One scale causes the other.", "Thang đo này là nguyên nhân của thang đo kia."), False, say("Nothing here has a direction.", "Ở đây không có chiều tác động nào.")),
    ],
)  # fmt: skip

# %%
second = (
    say("CFI and RMSEA pass the rules. Is the structural part right?", "CFI và RMSEA đạt quy tắc. Phần cấu trúc có đúng không?"),
    [
        (say("Yes, that is what fit means.", "Có, phù hợp nghĩa là vậy."), False, say("Most of the fit comes from the measurement part. You saw a missing path pass.", "Độ phù hợp phần lớn đến từ phần đo lường. Bạn vừa thấy một đường dẫn bị thiếu vẫn lọt qua.")),
        (say("Not known yet.", "Chưa biết được."), True, say("Look at single misfits, and at rival models that fit as well.", "Hãy xem từng chỗ không khớp, và những mô hình cạnh tranh cũng phù hợp như vậy.")),
    ],
)  # fmt: skip
third = (
    say("A module has no effect in the structural model, but a small one in the regression. Why?", "Một mô-đun không có tác động trong mô hình cấu trúc nhưng có tác động nhỏ trong hồi quy. Vì sao?"),
    [
        (say("It may stand in for a correlated module that is measured with error.", "Có thể nó gánh thay phần của một mô-đun tương quan với nó và được đo có sai số."), True, say("What one score misses, its neighbours pick up.", "Phần mà một điểm bỏ sót, các điểm tương quan với nó sẽ nhận lấy.")),
        (say("Regression is more sensitive.", "Hồi quy nhạy hơn."), False, say("Its intervals are narrower, but around another number.", "Khoảng tin cậy của hồi quy hẹp hơn, nhưng nằm quanh một con số khác.")),
    ],
)  # fmt: skip

# %%
cx.quiz(first, second, third)

# %% [markdown]
# ## The seal is broken
#
# Now the truth of the simulated survey. First the effects: the figure of the two methods again, with the true totals beside them. Look for intervals that miss, and on which side. In a single sample, do not expect one method to be nearer in every row: the structural model has no bias here, but wide intervals;
# regression is the other way round. Chance shrinks with the number of guests, bias does not.

# %%
truth = cx.against_truth(total)
true = truth.table.query("op == '~'").rename(columns={"lhs": "outcome", "rhs": "module"})
true = true.assign(estimate=true["truth"], ci_lower=true["truth"], ci_upper=true["truth"])
true = effects.iloc[: len(true)][["outcome", "module", "block", "label", "order"]].merge(
    true[["outcome", "module", "estimate", "ci_lower", "ci_upper"]], on=["outcome", "module"]
)
opened = pd.concat([effects, true.assign(model={"en": "truth", "vi": "giá trị thật"}[lang])], ignore_index=True)
caption = {
    "en": "Total effects by two methods, and the truth behind the simulated survey",
    "vi": "Tác động tổng theo hai phương pháp, và giá trị thật đằng sau khảo sát mô phỏng",
}
report.add(coefficient_plot(opened.sort_values("order", kind="stable"), xlabel=xlabel, lang=lang), "truth", caption)

# %%
both_ways = opened.merge(true[["outcome", "module", "estimate"]], on=["outcome", "module"], suffixes=("", "_true"))
both_ways["inside"] = both_ways["estimate_true"].between(both_ways["ci_lower"], both_ways["ci_upper"])
both_ways["off"] = (both_ways["estimate"] - both_ways["estimate_true"]).abs()
held, off = (both_ways.groupby("model")[name].agg(how) for name, how in (("inside", "sum"), ("off", "mean")))
near = [number(float(off[name]), 3, bounded=True) for name in method]
report.finding(
    {
        "en": f"Of {len(true)} true effects, the intervals of the structural model hold {held[method[0]]}, those of the regression {held[method[1]]}; mean distance from the truth {near[0]} and {near[1]} (simulated data, one sample).",
        "vi": f"Trong {len(true)} tác động thật, khoảng tin cậy của mô hình cấu trúc chứa {held[method[0]]}, của hồi quy chứa {held[method[1]]}; khoảng cách trung bình đến giá trị thật là {near[0]} và {near[1]} (dữ liệu mô phỏng, một mẫu).",
    }
)

# %% [markdown]
# Would more guests have helped? Let us make many of them, attentive and complete, from the same true model, and ask both methods again. Such a sample has no excuse left: what remains of the distance to the truth is not chance but
# method. Look especially at effects that are zero in truth and that regression would now call significant. With large samples this mistake does not go away; it becomes certain.

# %%
skewness = survey.codebook.simulation["skew"]
many = cx.simulate(survey.codebook.truth, 20_000, seed=seed, codebook=survey.codebook, skew=skewness).reverse_scored()
at_scale = {name: cx.regress(f"{name} ~ {right}", many).table.dropna(subset="beta") for name in outcomes}
regressed = pd.concat([table.assign(outcome=name, module=table["term"]) for name, table in at_scale.items()])
modelled = cx.sem(question, many).standardized().query("op == '~'").rename(columns={"lhs": "outcome", "rhs": "module"})
keys = ["outcome", "module"]
held_up = true[[*keys, "estimate"]].merge(regressed, on=keys).merge(modelled, on=keys, suffixes=("", "_sem"))
distance = [(held_up[name] - held_up["estimate"]).abs().mean() for name in ("est_std", "beta")]
none = held_up[held_up["estimate"].abs() < 0.01]
false = [int((none[name] < 0.05).sum()) for name in ("pvalue_sem", "pvalue")]

# %%
near = [number(float(one), 3, bounded=True) for one in distance]
report.finding(
    {
        "en": f"With {format(len(many), ',')} simulated guests the mean distance from the truth is {near[0]} for the structural model and {near[1]} for regression; of {len(none)} effects that are zero in truth they call {false[0]} and {false[1]} significant.",
        "vi": f"Với {format(len(many), ',').replace(',', '.')} khách mô phỏng, khoảng cách trung bình đến giá trị thật là {near[0]} với mô hình cấu trúc và {near[1]} với hồi quy; trong {len(none)} tác động thật sự bằng 0, chúng lần lượt coi {false[0]} và {false[1]} là có ý nghĩa thống kê.",
    }
)

# %% [markdown]
# Now the crosswalk as it was built into the simulated answers: each line says how a dimension or component follows from the modules. A coefficient near 1 is a synonym, one of about a half a relative. Compare with the guesses
# that you wrote down, and with what the crosswalk table calls *in part*. Last come the careless, whom nobody can see in real data, and the price of catching them.

# %%
secret = cx.simulated_truth(survey)
built = [line for line in secret.model.splitlines() if line.split(" ~ ")[0] in {*dimensions, *components}]
print("\n".join(built))

# %%
careless, excluded = secret.careless != "", ~survey.data.index.isin(clean.data.index)
report.finding(
    {
        "en": f"{careless.sum()} simulated guests answered carelessly; our rule caught {(careless & excluded).sum()} of them, and excluded {(~careless & excluded).sum()} careful ones who slipped on one check.",
        "vi": f"{careless.sum()} khách mô phỏng đã trả lời cẩu thả; quy tắc của chúng ta phát hiện {(careless & excluded).sum()} người trong số đó, và loại nhầm {(~careless & excluded).sum()} người trả lời cẩn thận nhưng lỡ sai một câu kiểm tra.",
    }
)

# %% [markdown]
# ## The same question on real data, with an assumption
#
# Real customers at last: mobile phone users in Germany rated the *reputation* of their provider (Hair et al., 2017), and nobody asked them for modules. Two of its scales come near: liking a company is a **feeling** about it,
# judging it competent is a **thought** about it. This mapping is our assumption, and a generous one. Schmitt's think means being set thinking, and a verdict on competence is something else. With that
# said: which of the two carries satisfaction and loyalty? The data are real, so no truth will be revealed.

# %%
real = report.data(cx.load_dataset("corporate_reputation"))
companion = cx.sem(
    """
    likeability =~ like_1 + like_2 + like_3
    competence  =~ comp_1 + comp_2 + comp_3
    loyalty     =~ cusl_1 + cusl_2 + cusl_3
    cusa    ~ likeability + competence
    loyalty ~ cusa + likeability + competence
    """,
    real,
    **options,
)

# %%
caption = {
    "en": "Liking (taken as feel) and competence (taken as think), real data",
    "vi": "Thiện cảm (coi là cảm nhận) và năng lực (coi là suy nghĩ), dữ liệu thật",
}
report.add(companion.plot(lang=lang), "companion", caption)

# %%
said = []
for cause in ("likeability", "competence"):
    row = companion.effects(source=cause, target="loyalty").query("kind == 'total'").iloc[0]
    ends = " – ".join(number(float(row[end]), 2, bounded=True) for end in ("std_ci_lower", "std_ci_upper"))
    said.append(f"{number(float(row['std_all']), 2, bounded=True)} [{ends}]")
close = number(companion.latent_cor.loc["likeability", "competence"], 2, bounded=True)
report.finding(
    {
        "en": f"Real customers: total effect on loyalty of liking {said[0]}, of competence {said[1]}; the two scales correlate {close}, so the division between them is less certain than it looks.",
        "vi": f"Khách hàng thật: tác động tổng đến lòng trung thành của thiện cảm là {said[0]}, của năng lực là {said[1]}; hai thang đo tương quan {close}, nên cách chia giữa chúng kém chắc chắn hơn vẻ bề ngoài.",
    }
)

# %% [markdown]
# Do not read this as "feeling beats thinking". The two constructs are close, the item wordings differ in warmth, and all was asked in one sitting. It says that, *given this mapping*, liking carries what the two have in common.
#
# **Another companion, on request.** `kiosk_servqual` holds perceptions of self-service kiosks: look and voice (`p22`, `p24`) may stand for sense, an interesting and enjoyable screen (`p04`, `p05`, `p06`) for feel, use without help and free choice (`p07`, `p08`) for
# act; `total1` and `total2` ask for satisfaction. `cx.fetch_dataset("kiosk_servqual", accept_terms=True)` gets it once, `cx.load_dataset("kiosk_servqual")` reads it. Write the model, and the sentence that states your assumption, before you fit it.
#
# ## Take-aways
#
# - Two frameworks are compared by content first, then by answers: a crosswalk is a hypothesis.
# - Criteria for the number of factors may disagree. Large samples find factors of wording as well; say which factors mean something.
# - Polychoric correlations matter when items are skewed or have few points; show when they do not.
# - Regression on scores shrinks strong effects and moves them to neighbours. Report reliabilities beside it, or a model with latent variables.
# - A good fit can hide a missing path. Look at single misfits, and say which decisions came after the data.
#
# ## What a paper would report
#
# Where the wordings come from, with permission, and how they were translated; who was excluded by which rule; the number of factors by every criterion used, the rotation, the full pattern of loadings and the factor correlations;
# reliability, HTMT and the fit of rival structures; total effects with intervals by both methods; the first model, the misfit, and the decision that followed; that all was asked at once, of one sample; data, code, versions and seed.

# %%
cx.provenance(survey, real, seed=seed)
