# %% [markdown]
# # PLS path models: composites, prediction, and what error does to a path
#
# **About 80 minutes; the sections marked *optional* can wait.** After this notebook you can
#
# 1. write a path model with formative and reflective blocks, and say what each block claims;
# 2. evaluate it in the order that reviewers expect, from loadings to prediction;
# 3. draw an importance-performance map, add what is *necessary* to it, and say what it cannot promise;
# 4. ask whether one model holds for all customers, and what may be compared between groups;
# 5. see what measurement error does to a path, and when correcting for it helps or harms;
# 6. explain why two PLS programs print different numbers, and when PLS is the wrong tool.

# %% tags=["parameters"]
seed = 20261122
lang = "en"
reports = None

# %%
import numpy as np
import pandas as pd

import cxlab as cx
from cxlab.evaluate.rules import rule_note
from cxlab.i18n import format_number as number
from cxlab.show import Column, Table, coefficient_plot, curve_plot, interval_plot, path_diagram


# %%
def say(en, vi):
    return {"en": en, "vi": vi}


cx.use_language(lang)
report = cx.Report("09_pls_path_models", folder=reports, lang=lang)
report.question(
    say(
        "What makes customers stay: a competent provider or a likeable one? And how far can a PLS model be trusted to say so?",
        "Điều gì giữ chân khách hàng: nhà mạng có năng lực hay nhà mạng được mến? Và có thể tin mô hình PLS đến đâu khi nó trả lời?",
    )
)

# %% [markdown]
# ## The theory
#
# A **composite** is a weighted sum of answers, and partial least squares (Wold, 1982; Lohmöller, 1989) chooses the weights so that neighbouring composites go together well. Then it
# runs ordinary regressions between them. That is all: no latent variable, no error that is modelled.
#
# | you write | you claim | weights | what to check |
# |---|---|---|---|
# | `F <~ x1 + x2` | the items **make up** F: drop one, and F means something else | mode B, by regression | collinearity, each item's weight |
# | `F =~ x1 + x2` | F **shows in** its items: any of them could be left out | mode A, by correlation | reliability, validity |
#
# Traditional PLS takes the second kind as a composite too (`consistent=False`). Consistent PLS (Dijkstra & Henseler, 2015) corrects it for measurement error.
#
# ## The example
#
# It is the standard one of the textbooks: **corporate reputation** (Hair et al., 2017). Four composites, what a provider does, feed two judgements: competence, for the head,
# and likeability, for the heart. These lead to satisfaction and loyalty.
#
# The text below says both halves of the model: first the **blocks**, which answers belong to which construct (the outer or measurement model), then the **arrows**, what leads to what (the inner or structural model).
#
# **Before you run anything.** *Which of the two judgements leads to loyalty? And would the paths between them become larger or smaller if error were removed?* Write both down.

# %%
survey = report.data(cx.load_dataset("corporate_reputation"))

# %%
blocks = """
quality        <~ qual_1 + qual_2 + qual_3 + qual_4 + qual_5 + qual_6 + qual_7 + qual_8
performance    <~ perf_1 + perf_2 + perf_3 + perf_4 + perf_5
responsibility <~ csor_1 + csor_2 + csor_3 + csor_4 + csor_5
attractiveness <~ attr_1 + attr_2 + attr_3
competence     =~ comp_1 + comp_2 + comp_3
likeability    =~ like_1 + like_2 + like_3
satisfaction   <~ cusa
loyalty        =~ cusl_1 + cusl_2 + cusl_3
"""
arrows = """
competence + likeability ~ quality + performance + responsibility + attractiveness
satisfaction ~ competence + likeability
loyalty      ~ competence + likeability + satisfaction
"""

# %%
text = blocks + arrows
fit = cx.pls(text, survey, missing="mean", consistent=False)
fit

# %%
caption = say("The reputation model as estimated by PLS", "Mô hình danh tiếng, ước lượng bằng PLS")
report.add(fit.plot(lang), "path_diagram", caption, main=True)

# %% [markdown]
# Hexagons are composites, ellipses are what the text calls a factor. The summary above starts with a warning, and the warning comes before the numbers on purpose. A few customers left an item of loyalty or satisfaction empty, and the textbook puts the
# item's mean in its place. That invents answers which are perfectly average, pulls correlations towards zero, and counts the invented answers as if they had been given. With so few gaps it
# can do little harm; with many it can. So we do what a reviewer would ask for, fit the model again to complete rows, and lay the paths side by side.


# %%
complete = cx.pls(text, survey, consistent=False)
named = {key: own.label for key, own in survey.codebook.constructs.items()}
both = fit.paths.assign(complete=complete.paths["estimate"]).replace({"source": named, "target": named})
columns = {"source": Column("pls.col_source"), "target": Column("pls.col_target")}
columns["estimate"] = Column(say("Mean put in", "Thay bằng trung bình"), "bounded", 3)
columns["complete"] = Column(say("Complete rows", "Chỉ dòng đầy đủ"), "bounded", 3)
rows = f"n = {fit.n_obs} / {complete.n_obs}."
title = say("Two ways with missing answers", "Hai cách xử lý câu trả lời khuyết")
report.add(Table(both, columns, title, (rows,)), "missing")

# %%
moved = (both["complete"] - both["estimate"]).abs()
most, size = both.loc[moved.idxmax()], number(moved.max(), 3, bounded=True)
report.finding(
    {
        "en": f"Missing answers: mean replacement and complete rows differ by at most {size} in a path ({most['source']['en']} → {most['target']['en']}).",
        "vi": f"Câu trả lời khuyết: hệ số đường dẫn theo hai cách, thay bằng trung bình và chỉ dùng dòng đầy đủ, chênh nhau nhiều nhất {size} ({most['source']['vi']} → {most['target']['vi']}).",
    }
)

# %% [markdown]
# Compare that with the width of the intervals in step 3, and if no conclusion hangs on it, say so in the paper. From here on we keep the textbook's choice, so that you can compare with the book.
#
# ## Step 1: do the reflective blocks measure?
#
# Hair et al. (2019) ask in a fixed order, because each answer needs the one before: a path between two scores means nothing if the scores mean nothing. First the three reflective
# blocks. *Loadings*: does each item carry its construct? *Alpha, ρA and ρC*: how free of error is the score? *AVE*: how much of the items does the construct explain? PLS has no formula for
# standard errors, so intervals come from resamples: customers drawn with replacement, and the whole model estimated again, thousands of times. The first table says whether all of them can be used.

# %%
boot = fit.bootstrap(5000, seed=seed)
columns = {"replicates": Column(say("Resamples drawn", "Số mẫu lặp"), "integer")}
columns["used"] = Column(say("used", "được dùng"), "integer")
columns["not_converged"] = Column(say("not converged", "không hội tụ"), "integer")
columns["inadmissible"] = Column(say("inadmissible", "không chấp nhận được"), "integer")
Table(boot.status.to_frame().T, columns, say("What became of the resamples", "Kết quả của các mẫu lặp"))

# %%
reflective = ["competence", "likeability", "loyalty"]
items = {key: own.label for key, own in survey.codebook.items.items()}
loadings = boot.of("loading").query("source in @reflective")
loadings = loadings.assign(construct=loadings["source"].map(named), wording=loadings["target"].map(items))
columns = {
    "target": Column("analyses.col_item"),
    "wording": Column(say("Meaning (paraphrased)", "Ý nghĩa (diễn giải)")),
}
columns["estimate"] = Column(say("Loading", "Hệ số tải"), "bounded")
ends = ("ci_lower", "ci_upper")
columns["ci"] = Column(say("95% CI", "KTC 95%"), "interval", parts=ends, bounded=True)
title = say("Loadings of the reflective blocks", "Hệ số tải của các khối phản ánh")
note = rule_note("hair_2019_loadings", lang)
report.add(Table(loadings, columns, title, (note,), group="construct"), "loadings")

# %%
report.add(fit.apa_measurement(lang), "reliability")

# %% [markdown]
# The three usually come in this order. Alpha assumes that all items count alike; ρC takes the loadings of mode A, which are too high because each item is correlated with a
# score that contains it; ρA, made for the weights of PLS, mostly lies between them. Formative blocks have no entry, and that is right: their items need not agree.
#
# Next, **discriminant validity**: are these different things? HTMT compares correlations between blocks with correlations within (Henseler et al., 2015). The older criterion of Fornell and
# Larcker asks that a construct shares more with its items than with another construct.

# %%
ratios = boot.of("htmt").query("source in @reflective and target in @reflective")
roots, between = np.sqrt(fit.reliability.set_index("construct")["ave"]), fit.fornell_larcker
pairs = [(one.target, one.source) for one in ratios.itertuples()]
ratios = ratios.assign(
    r=[between.loc[pair] for pair in pairs], root=[min(roots[one] for one in pair) for pair in pairs]
).replace({"source": named, "target": named})

# %%
columns = {"source": Column(say("Construct", "Khái niệm")), "target": Column(say("and", "và"))}
columns |= {
    "estimate": Column("HTMT", "bounded"),
    "ci": Column(say("95% CI", "KTC 95%"), "interval", parts=ends, bounded=True),
}
columns |= {"r": Column("r", "bounded"), "root": Column(say("Smaller √AVE", "√AVE nhỏ hơn"), "bounded")}
title = say("Discriminant validity", "Giá trị phân biệt")
notes = (
    rule_note("henseler_2015", lang),
    say("Fornell & Larcker: r below √AVE of both.", "Fornell & Larcker: r nhỏ hơn √AVE của cả hai.")[lang],
)
report.add(Table(ratios, columns, title, notes), "discriminant")

# %%
carried, rho_a = loadings["estimate"].min(), fit.reliability["rho_a"].min()
closest = ratios.loc[ratios["ci_upper"].idxmax()]
least, sure, ratio, end = (number(x, 2, bounded=True) for x in (carried, rho_a, *closest[["estimate", "ci_upper"]]))
both_of = {one: f"{closest['source'][one]}, {closest['target'][one]}" for one in ("en", "vi")}
report.finding(
    {
        "en": f"Reflective blocks: loadings from {least}, ρA from {sure}; the largest HTMT is {ratio}, its interval ends at {end} ({both_of['en']}).",
        "vi": f"Các khối phản ánh: hệ số tải từ {least}, ρA từ {sure}; HTMT lớn nhất là {ratio}, khoảng tin cậy đến {end} ({both_of['vi']}).",
    }
)

# %% [markdown]
# The intervals matter more than the ratios: the question is not whether HTMT lies below a line but whether *the line, or one,* lies inside the interval. Only the reflective blocks stand here.
# `fit.htmt` has all blocks, and among the formative ones some ratios are high, but for composites HTMT has no meaning: their items need not correlate in the first place.
#
# ## Step 2: are the formative blocks well made?
#
# Other claims, other checks. *Does the composite cover what it should?* The survey asked for an overall rating of each, and a good composite predicts it (redundancy analysis). *Are its items
# too alike* to have separate weights? *Does each contribute?*

# %%
formative = {"quality": "qual", "performance": "perf", "responsibility": "csor", "attractiveness": "attr"}
rows = []
for construct, stem in formative.items():
    block = " + ".join(survey.codebook.items_of(construct))
    overall = cx.pls(f"{construct} <~ {block}\n{stem}_global ~ {construct}", survey, missing="mean")
    vif = fit.loadings.query("construct == @construct")["vif"].max()
    rows.append({"construct": named[construct], "path": overall.paths["estimate"][0], "vif": vif})
columns = {"construct": Column(say("Construct", "Khái niệm"))}
columns["path"] = Column(say("Path to the overall rating", "Đường dẫn đến đánh giá chung"), "bounded")
columns["vif"] = Column(say("Largest VIF", "VIF lớn nhất"), "number")
title = say("Formative blocks: coverage and collinearity", "Khối cấu tạo: mức bao quát và đa cộng tuyến")
report.add(Table(pd.DataFrame(rows), columns, title, (rule_note("hair_2019_vif", lang),)), "formative")

# %%
weights = boot.of("weight").query("source in @formative").rename(columns={"source": "construct"})
weights = weights.assign(block=weights["construct"].map(named), label=weights["target"].map(items))
caption = say(
    "Weights of the formative items, with 95% bootstrap intervals",
    "Trọng số của các biến cấu tạo, với khoảng bootstrap 95%",
)
report.add(coefficient_plot(weights, xlabel=say("Weight", "Trọng số"), lang=lang), "weights", caption)

# %% [markdown]
# An item whose interval covers zero is not shown to add anything *beyond the others*. That is not a reason to throw it out: in a formative block the items define the construct, and a small weight may only
# say that a neighbour has already told the story. The usual advice is to look at its loading, the plain correlation with the composite: high loading, keep it; both low, ask whether the
# construct means the same without it (Hair et al., 2019). A **negative** weight beside a positive loading deserves a second look: it is collinearity speaking, not customers.

# %%
zero = weights.query("ci_lower < 0 < ci_upper")["target"]
least = fit.loadings.set_index("item").loc[zero, "loading"].min()
report.finding(
    {
        "en": f"{len(zero)} of {len(weights)} formative items have weights whose interval covers zero ({', '.join(zero)}). All of them load at least {number(least, 2, bounded=True)}, so the blocks are left as they are.",
        "vi": f"{len(zero)} trên {len(weights)} biến cấu tạo có khoảng tin cậy của trọng số chứa số 0 ({', '.join(zero)}). Hệ số tải của chúng đều từ {number(least, 2)} trở lên, nên các khối được giữ nguyên.",
    }
)

# %% [markdown]
# ## Step 3: the structure
#
# Now, and not before, the paths. Predictors first: if the causes of one construct are too alike (VIF), their separate paths mean little. Then the paths with intervals, then what they explain
# together (R²), then what each adds (f², how much of the unexplained part grows when a cause is left out). **f² has two definitions**: keep the scores and drop the cause from the
# regression, or estimate the whole model again without it. Programs print one of them and seldom say which. Here are both.

# %%
paths = fit.paths.merge(boot.of("path").drop(columns="estimate"), on=["source", "target"])
paths = paths.replace({"source": named, "target": named})
columns = {"source": Column(say("Cause", "Nguyên nhân")), "estimate": Column("pls.col_path", "bounded")}
columns["ci"] = Column(say("95% CI", "KTC 95%"), "interval", parts=ends, bounded=True)
columns["f2"] = Column(say("scores kept", "giữ điểm số"), "number", 3)
columns["f2_reestimated"] = Column(say("estimated again", "ước lượng lại"), "number", 3)
columns["vif"] = Column("VIF", "number")
spanners = (("f²", ("f2", "f2_reestimated")),)
title = say("Paths by what they lead to", "Đường dẫn theo khái niệm đích")
report.add(Table(paths, columns, title, group="target", spanners=spanners), "paths", main=True)

# %%
inner = pd.DataFrame({"name": fit.model.constructs, "label": [named[key] for key in fit.model.constructs]})
inner["kind"] = ["latent" if key in reflective else "composite" for key in inner["name"]]
inner["r2"] = inner["name"].map(fit.r2.set_index("construct")["r2"])
drawn = boot.of("path")[["source", "target", "estimate", "pvalue"]].assign(kind="regression")
caption = say(
    "The inner model: paths between constructs, dashed where p is .05 or more (bootstrap standard errors)",
    "Mô hình cấu trúc: đường dẫn giữa các khái niệm, nét đứt khi p từ 0,05 trở lên (sai số chuẩn bootstrap)",
)
report.add(path_diagram(inner, drawn, lang=lang), "inner_model", caption, main=True)

# %%
explained = boot.of("r2").rename(columns={"target": "construct"}).merge(fit.r2, on="construct")
columns = {"construct": Column(say("Construct", "Khái niệm")), "r2": Column("R²", "bounded")}
columns["ci"] = Column(say("95% CI", "KTC 95%"), "interval", parts=ends, bounded=True)
columns["r2_adjusted"] = Column(say("adjusted", "hiệu chỉnh"), "bounded")
title = say("Explained variance", "Phương sai được giải thích")
explained = explained.replace({"construct": named})
report.add(Table(explained, columns, title, (rule_note("hair_2019_r2", lang),)), "r2")

# %%
kinds = fit.fit_measures.assign(
    model=[
        say("Estimated: only the paths drawn", "Ước lượng: chỉ các đường dẫn đã vẽ"),
        say("Saturated: all constructs correlate", "Bão hòa: mọi khái niệm tương quan"),
    ]
)
columns = {"model": Column(say("Model", "Mô hình")), "srmr": Column("SRMR", "bounded", 3)}
columns |= {"d_uls": Column("d_ULS", "number", 3), "d_g": Column("d_G", "number", 3)}
title = say("How far the model is from the correlations", "Mô hình cách xa các tương quan bao nhiêu")
report.add(Table(kinds, columns, title), "distance")

# %% [markdown]
# The saturated model lets every pair of constructs correlate as it likes, so its distance is the fault of the measurement alone; what the estimated model adds is the fault of the paths that were
# left out. PLS does not search for a small distance, so how large is large? The **test of exact fit** (Beran & Srivastava, 1985; Dijkstra & Henseler, 2015) turns the answers until the model
# holds in them exactly, draws resamples from these, and looks how far chance alone carries the distances. What lies beyond nearly all of them is more than chance.

# %%
exact = fit.exact_fit(1000, seed=seed)
report.add(exact, "exact_fit")

# %%
refused = exact.table.query("rejected")
srmr = number(fit.fit_measures["srmr"][0], 3, bounded=True)
report.finding(
    {
        "en": f"SRMR is {srmr}; the test of exact fit refuses the model by {len(refused)} of {len(exact.table)} distances at the 5% level.",
        "vi": f"SRMR là {srmr}; kiểm định phù hợp chính xác bác bỏ mô hình theo {len(refused)} trên {len(exact.table)} khoảng cách, ở mức 5%.",
    }
)

# %% [markdown]
# *Exact* is a hard word: with enough customers every simple model is rejected, and the test does not say whether the misfit matters. So report it beside SRMR, say which paths were left out, and do not
# call a rejected model confirmed because its R² is high.
#
# What leads to loyalty *in the end*? The composites have no path of their own to it. They work through the two judgements, and **total effects** add up all routes.

# %%
total = boot.of("total").query("target == 'loyalty'").sort_values("estimate", ascending=False)
total = total.rename(columns={"source": "construct"}).assign(label=lambda one: one["construct"].map(named))
caption = say(
    "Total effects on loyalty, with 95% bootstrap intervals",
    "Tác động tổng lên lòng trung thành, với khoảng bootstrap 95%",
)
axis = say("Total effect (standardised)", "Tác động tổng (chuẩn hóa)")
report.add(coefficient_plot(total, xlabel=axis, lang=lang), "total_effects", caption, main=True)

# %%
ways = boot.of("total").query("target == 'loyalty'").set_index("source")


def told(name):
    seen = [number(ways.loc[name, key], 2, bounded=True) for key in ("estimate", "ci_lower", "ci_upper")]
    return f"{seen[0]} [{seen[1]}{'; ' if lang == 'vi' else ', '}{seen[2]}]"


report.finding(
    {
        "en": f"In this model likeability leads to loyalty (total effect {told('likeability')}), competence hardly does ({told('competence')}; 95% bootstrap intervals).",
        "vi": f"Trong mô hình này, thiện cảm dẫn đến lòng trung thành (tác động tổng {told('likeability')}), năng lực thì hầu như không ({told('competence')}; khoảng bootstrap 95%).",
    }
)

# %% [markdown]
# A total effect says *how much*, not *by which way*. A **specific indirect effect** is the product of the paths along one route. Products are small and their distribution is skewed, so
# trust the interval of the resamples rather than a t value. Here are all the routes to loyalty from the composite with the largest total effect on it.

# %%
first = ways.loc[list(formative), "estimate"].idxmax()
routes = boot.of("specific").query("source == @first and target == 'loyalty'")
passed = [
    {one: " → ".join(named[key][one] for key in via.split(" → ")) for one in ("en", "vi")} for via in routes["via"]
]
columns = {"via": Column(say("By way of", "Đi qua")), "estimate": Column(say("Effect", "Tác động"), "bounded", 3)}
columns["ci"] = Column(say("95% CI", "KTC 95%"), "interval", 3, parts=ends, bounded=True)
title = {one: f"{named[first][one]} → {named['loyalty'][one]}" for one in ("en", "vi")}
note = {
    "en": "Specific indirect effects, percentile intervals.",
    "vi": "Tác động gián tiếp riêng biệt, khoảng phân vị.",
}
report.add(Table(routes.assign(via=passed), columns, title, (note[lang],)), "specific_effects")

# %% [markdown]
# Compare the routes with the guess you wrote down. `fit.effects()` lists them for every pair of constructs, and `boot.of("specific")` has their intervals. A route is still no proof of a mediating cause:
# these answers were all given at one time, and whatever moves two of the constructs together looks like a route between them.
#
# ## Step 4: does it predict?
#
# R² looks at the customers who made the model. **PLSpredict** (Shmueli et al., 2016) hides a part of them (a fold), estimates the model on the others, and predicts what the hidden ones answered; then
# the next part, and all of it again with other parts. Two rivals set the bar. The *training mean* knows nothing: Q² above zero beats it. The *linear benchmark* regresses every answer on all
# answers at the start of the model and knows no theory: if it predicts as well, the theory costs nothing; if it predicts better, the theory leaves something out. *Which will win?*

# %%
prediction = fit.predict(folds=10, repeats=10, seed=seed)
report.add(prediction, "prediction", main=True)

# %%
rivals = {
    "mean": say("Against the mean", "So với trung bình"),
    "lm": say("Against the linear benchmark", "So với chuẩn tuyến tính"),
}
every = say("All together", "Tất cả")
contest = prediction.cvpat.assign(
    rival=prediction.cvpat["against"].map(rivals), who=[named.get(key, every) for key in prediction.cvpat["construct"]]
).sort_values("against", ascending=False, kind="stable")

# %%
columns = {
    "who": Column(say("Construct", "Khái niệm")),
    "difference": Column(say("Loss less rival's", "Tổn thất trừ của đối thủ"), "number", 3),
}
columns |= {"t": Column("t", "number"), "pvalue": Column("p", "p")}
title = say(
    "CVPAT: is the difference in loss more than chance?", "CVPAT: chênh lệch tổn thất có vượt ngẫu nhiên không?"
)
note = say("Negative: the model predicts better.", "Âm: mô hình dự báo tốt hơn.")
report.add(Table(contest, columns, title, (note,), group="rival"), "cvpat")


# %%
def listed(keys):
    none = say("none", "không có")
    return {one: ", ".join(named[key][one] for key in keys) or none[one] for one in ("en", "vi")}


clear = prediction.cvpat.query("against == 'lm' and construct != '' and pvalue < 0.05")
won, lost = (listed(clear.loc[rows, "construct"]) for rows in (clear["difference"] < 0, clear["difference"] > 0))
report.finding(
    {
        "en": f"New customers, CVPAT against the linear benchmark at the 5% level. The model predicts better: {won['en']}; worse: {lost['en']}; for the other constructs no difference is shown.",
        "vi": f"Khách hàng mới, CVPAT so với chuẩn tuyến tính ở mức 5%. Mô hình dự báo tốt hơn: {won['vi']}; kém hơn: {lost['vi']}; ở các khái niệm còn lại chưa thấy khác biệt.",
    }
)

# %% [markdown]
# Counting items won and lost, as the rule of thumb does, treats a hair's breadth like a mile. CVPAT (Liengaard et al., 2021) tests the mean difference over customers instead. Beating the mean is a
# low bar. Beating the linear benchmark on new customers says that putting answers into constructs, and constructs into an order, lost nothing that matters for prediction. Where no difference is shown, neither may
# claim to win. And predicting well does not make the arrows causes.
#
# ## Where would improvement pay?
#
# The **importance-performance map** (Ringle & Sarstedt, 2016) sets the total effect on loyalty against how well each construct is rated today, from 0 to 100. A manager looks to the lower right:
# much to gain, and room to gain it.

# %%
ipma = fit.ipma("loyalty")
ipma

# %%
caption = say("Importance and performance for loyalty", "Tầm quan trọng và mức thực hiện đối với lòng trung thành")
report.add(ipma.plot(lang), "ipma", caption, main=True)

# %%
single = ipma.items.nlargest(8, "importance").assign(wording=lambda one: one["item"].map(items))
single = single.assign(construct=single["construct"].map(named))
columns = {"item": Column("analyses.col_item"), "wording": Column(say("Meaning (paraphrased)", "Ý nghĩa (diễn giải)"))}
columns |= {"construct": Column(say("Construct", "Khái niệm")), "importance": Column("pls.col_importance", "number")}
columns["performance"] = Column("pls.col_performance", "number", 1)
title = say("Single items with the largest importance", "Những biến quan sát có tầm quan trọng lớn nhất")
report.add(Table(single, columns, title), "ipma_items")

# %%
middle = ipma.table[["importance", "performance"]].mean()
corner = ipma.table.query("importance > @middle.importance and performance < @middle.performance")["construct"]
report.finding(
    {
        "en": f"Importance above and performance below the mean of the constructs, for loyalty: {listed(corner)['en']}. If the model is right, look here first.",
        "vi": f"Với lòng trung thành, tầm quan trọng trên và mức thực hiện dưới trung bình của các khái niệm: {listed(corner)['vi']}. Nếu mô hình đúng, hãy xem xét ở đây trước.",
    }
)

# %% [markdown]
# Three cautions before this goes on a slide. Importance is a total effect **if the model is right**; nobody has improved anything yet. The points have intervals, and those of the
# four composites overlap (look back at the total effects). And an item with a negative weight, named in the notice, turns performance into something that is no longer a weighted mean.
# The map orders questions for the next study; it does not answer them.
#
# Importance is about averages: more of this, more loyalty *on average*. Some things work otherwise. Without them there is no high loyalty at all, and with them it is merely possible. **Necessary condition
# analysis** (Dul, 2016) looks for an empty corner: no customer with high loyalty and little of the condition. The combined map (Hauff et al., 2024) fills the points of what is necessary; the
# larger the bubble, the more customers have too little of it for the wanted loyalty.

# %%
necessity = fit.nca("loyalty", ceilings="ce_fdh", permutations=2000, seed=seed)
combined = fit.ipma("loyalty", necessity=necessity, level=80)
combined

# %%
caption = say(
    "Importance, performance and necessity for loyalty",
    "Tầm quan trọng, mức thực hiện và tính cần thiết đối với lòng trung thành",
)
report.add(combined.plot(lang), "ipma_necessity", caption)

# %%
needed = combined.table.query("necessary").set_index("construct")["effect_size"]
alone = necessity.outliers().query("condition in @needed.index and without < 0.1")["condition"].unique()
told_needed = {
    one: ", ".join(f"{named[key][one]} (d = {number(d, 2)})" for key, d in needed.items()) for one in ("en", "vi")
}
report.finding(
    {
        "en": f"Necessary for high loyalty by the usual rules (d at least .10, permutation test): {told_needed['en'] or '–'}. No longer so if one single customer is left out: {listed(alone)['en']}.",
        "vi": f"Cần thiết cho lòng trung thành cao theo các quy tắc thông dụng (d từ 0,10, kiểm định hoán vị): {told_needed['vi'] or '–'}. Không còn cần thiết khi bỏ ra chỉ một khách hàng: {listed(alone)['vi']}.",
    }
)

# %% [markdown]
# Read both together. Important *and* necessary: first of all lift those who are below. Necessary but unimportant: keep it above the line, more adds little. The notices name single customers on whom a
# corner hangs; with one of them misread, a necessity comes or goes.
#
# ## One model for all customers?
#
# Paths are averages too, and two kinds of customers with opposite paths average to nothing. Take first a kind that we **know**: some customers prepay and may leave any day, the others are bound by a contract. *Which path should
# differ between them, and in which direction?* Write it down.
#
# Paths can be compared only between things that are the same, so **MICOM** (Henseler et al., 2016) comes first. Step 1, the same items and settings, is ours to see to. Step 2: do the weights of one group make the same score as those of the
# other (correlation *c*)? Step 3: have the scores equal means and variances? Chance is judged by **permutation**: the labels are dealt to the customers anew, many times, and everything is estimated again.

# %%
kinds = survey.codebook.items["servicetype"].labels
alike = fit.micom("servicetype", 2000, seed=seed)
columns = {"construct": Column(say("Construct", "Khái niệm"))}
columns |= {"c": Column("c", "bounded", 3), "c_limit": Column(say("5% limit", "ngưỡng 5%"), "bounded", 3)}
columns |= {"c_pvalue": Column("p", "p"), "mean_difference": Column(say("difference", "chênh lệch"), "number")}
columns |= {"mean_pvalue": Column("p", "p"), "log_variance_ratio": Column(say("log ratio", "log tỷ số"), "number")}
columns["variance_pvalue"] = Column("p", "p")

# %%
names = {"en": ("Weights", "Mean", "Variance"), "vi": ("Trọng số", "Trung bình", "Phương sai")}[lang]
parts = (("c", "c_limit", "c_pvalue"), ("mean_difference", "mean_pvalue"), ("log_variance_ratio", "variance_pvalue"))
spanners = tuple(zip(names, parts, strict=True))
title = say("MICOM: contract against prepaid customers", "MICOM: thuê bao trả sau so với trả trước")
shown = alike.table.replace({"construct": named})
note = say("Difference and ratio: contract less prepaid.", "Chênh lệch và tỷ số: trả sau so với trả trước.")
report.add(Table(shown, columns, title, (note,), spanners=spanners), "micom")

# %% [markdown]
# Where *c* lies below its limit, the composite is not the same in both groups, and its paths must not be compared. Where it does not, nothing was *found*; a limit far below 1 says that the groups are too small to find much. Means
# may be compared where step 3 objects to nothing either. Now the paths.

# %%
split = fit.groups("servicetype", 2000, seed=seed)
columns = {"source": Column(say("Cause", "Nguyên nhân"))}
for place, group in (("1", split.table["group_1"][0]), ("2", split.table["group_2"][0])):
    own = {one: f"{kinds[int(group)][one]} (n = {split.sizes[group]})" for one in ("en", "vi")}
    columns[f"estimate_{place}"] = Column(own, "bounded")
columns |= {"difference": Column(say("Difference", "Chênh lệch"), "number"), "pvalue": Column("p", "p")}
title = say("Paths of contract and prepaid customers", "Hệ số đường dẫn của thuê bao trả sau và trả trước")
note = say(f"{split.status['used']} permutations, two-sided.", f"{split.status['used']} hoán vị, hai phía.")
shown = split.table.replace({"source": named, "target": named})
report.add(Table(shown, columns, title, (note,), group="target"), "groups")

# %%
same = int((alike.table["c_pvalue"] >= 0.05).sum())
differ, least = int((split.table["pvalue"] < 0.05).sum()), split.table.loc[split.table["pvalue"].idxmin()]
arrow = {one: f"{named[least['source']][one]} → {named[least['target']][one]}" for one in ("en", "vi")}
p = number(least["pvalue"], 3, bounded=True)
report.finding(
    {
        "en": f"Contract and prepaid customers: {same} of {len(alike.table)} composites show no difference in their weights, and {differ} of {len(split.table)} paths differ at the 5% level. The smallest p is {p} ({arrow['en']}), one among {len(split.table)} tests.",
        "vi": f"Thuê bao trả sau và trả trước: {same} trên {len(alike.table)} biến tổng hợp không thấy khác biệt về trọng số, và {differ} trên {len(split.table)} đường dẫn khác nhau ở mức 5%. Giá trị p nhỏ nhất là {p} ({arrow['vi']}), một trong {len(split.table)} kiểm định.",
    }
)

# %% [markdown]
# *No difference found* is not *no difference*: groups of this size show only large ones, so print both columns and the sizes of the groups. And composites can pass although single items mean something else to one group; notebook
# 14 asks that of the same customers, with common factors.
#
# Now for kinds that **nobody has named**. FIMIX-PLS (Hahn et al., 2002) asks whether a mixture of segments, each with paths of its own, fits the scores better. More segments always fit better, so criteria charge for every
# further one, some a little (AIC3), some a lot (CAIC). *Will they agree?*

# %%
mixture = cx.fimix(fit, range(1, 5), starts=10, seed=seed)
report.add(mixture, "segments")

# %%
chosen = {key: int(mixture.table.set_index("segments")[key].idxmin()) for key in ("aic3", "caic")}
report.finding(
    {
        "en": f"FIMIX-PLS, 1 to {mixture.table['segments'].max()} segments tried: the number with the smallest AIC3 is {chosen['aic3']}, with the smallest CAIC {chosen['caic']}.",
        "vi": f"FIMIX-PLS, đã thử từ 1 đến {mixture.table['segments'].max()} phân khúc: số phân khúc có AIC3 nhỏ nhất là {chosen['aic3']}, có CAIC nhỏ nhất là {chosen['caic']}.",
    }
)

# %% [markdown]
# Where AIC3 and CAIC agree, the number deserves a look (Sarstedt et al., 2011); where they do not, the data hold no clear answer, and the honest sentence says so.
#
# **PLS-POS** (Becker et al., 2013) does not ask what fits but what predicts: it moves customers between segments, each with weights and paths of its own, as long as R² grows. It *always* finds segments. So let it also search
# samples without any, **simulated** with the same correlations: *how much would R² grow there?*

# %%
sought = cx.pls_pos(fit, 2, starts=1, chance=5, seed=seed)
sums = [number(one, 2) for one in (sought.objective_all, sought.objective, sought.chance.min(), sought.chance.max())]
report.finding(
    {
        "en": f"PLS-POS: two segments raise the sum of R² from {sums[0]} to {sums[1]}. In {len(sought.chance)} simulated samples without segments the same search reaches {sums[2]} to {sums[3]}.",
        "vi": f"PLS-POS: hai phân khúc nâng tổng R² từ {sums[0]} lên {sums[1]}. Trong {len(sought.chance)} mẫu mô phỏng không có phân khúc nào, cùng cách tìm ấy đạt từ {sums[2]} đến {sums[3]}.",
    }
)

# %% [markdown]
# A gain within the range of chance is no segment, however large it looks. Even a clear one is only a beginning: a segment that cannot be described by anything known of its customers cannot be served either.
# `mixture.solution(2).profile("servicetype")` and `sought.profile("servicetype")` look for such a description.
#
# ## Optional: does the kind of interval matter?
#
# All intervals above are plain percentiles of the resamples. Programs offer more: **BC** and **BCa** correct for bias and skewness; **studentised** ones measure each resample's distance in its own standard error, found
# from resamples of the resample. Programs also differ in **signs**: a score may come out of a resample turned round, so some turn constructs back as a whole, others turn every single estimate that has not the sample's sign. *Take the
# total effect whose interval ends nearest to zero, and the weight nearest to zero. Will the verdict depend on such choices?*

# %%
edge, faint = total.loc[total["ci_lower"].abs().idxmin()], weights.loc[weights["estimate"].abs().idxmin()]
effect = {one: f"{edge['label'][one]} → {named['loyalty'][one]}" for one in ("en", "vi")}
weight = say(f"Weight of {faint['target']}", f"Trọng số của {faint['target']}")
ask = {"ci": f"kind == 'total' and source == '{edge['construct']}' and target == 'loyalty'"}
ask["signs"] = f"kind == 'weight' and target == '{faint['target']}'"
choices = [
    (effect, "ci", "percentile", say("percentile", "phân vị")),
    (effect, "ci", "bc", say("BC", "BC")),
    (effect, "ci", "bca", say("BCa", "BCa")),
    (effect, "ci", "studentised", say("studentised", "Student hóa")),
    (weight, "signs", "none", say("signs as they come", "để nguyên dấu")),
    (weight, "signs", "construct", say("constructs turned as a whole", "xoay cả khái niệm")),
    (weight, "signs", "individual", say("each estimate turned", "xoay từng ước lượng")),
]

# %%
rows = []
for what, option, value, words in choices:
    one = fit.bootstrap(1000, seed=seed, **{option: value}).table.query(ask[option]).iloc[0]
    rows.append(
        {"what": what, "how": words, **one[["estimate", *ends]], "clear": one["ci_lower"] * one["ci_upper"] > 0}
    )
compared = pd.DataFrame(rows)
compared["clear"] = compared["clear"].map({True: say("no", "không"), False: say("yes", "có")})
columns = {"how": Column(say("Choice", "Lựa chọn")), "estimate": Column(say("Estimate", "Ước lượng"), "bounded", 3)}
columns["ci"] = Column(say("95% CI", "KTC 95%"), "interval", 3, parts=ends, bounded=True)
columns["clear"] = Column(say("covers zero", "chứa số 0"))
title = say("The same resamples, other intervals", "Cùng các mẫu lặp, khoảng tin cậy khác")
note = say("1,000 resamples; the same in all rows.", "1.000 mẫu lặp, giống nhau ở mọi dòng.")
report.add(Table(compared, columns, title, (note,), group="what"), "intervals")

# %%
over = [sum(one["what"] == what and not one["clear"] for one in rows) for what in (effect, weight)]
of = [sum(one["what"] == what for one in rows) for what in (effect, weight)]
report.finding(
    {
        "en": f"On the same resamples, {over[0]} of {of[0]} kinds of interval for {effect['en']} cover zero, and {over[1]} of {of[1]} ways with signs leave the weight of {faint['target']} covering zero.",
        "vi": f"Với cùng các mẫu lặp, {over[0]} trên {of[0]} loại khoảng tin cậy của {effect['vi']} chứa số 0; với trọng số của {faint['target']}, {over[1]} trên {of[1]} cách xử lý dấu cho khoảng chứa số 0.",
    }
)

# %% [markdown]
# An effect whose verdict hangs on the kind of interval is one that this sample does not decide; say that, instead of looking for the kind that decides it. So choose the kind before you look, and name it. About signs: turning whole constructs
# repairs a real fault if there is one, and changes nothing here. Turning *every single estimate* takes the resamples that speak for the other sign and counts them for the sample's. Then nearly every interval stays clear
# of zero, whatever the truth. Never use it, and ask what an older paper's program did.
#
# ## Optional: when does satisfaction matter more?
#
# The survey has four items on **switching barriers**: how costly it would be to leave. *Does satisfaction lead to loyalty more strongly, or less, where leaving is costly?* A **moderator** is written as a product, `satisfaction:switching`. Its path says by
# how much the path of satisfaction changes for one standard deviation more of switching barriers. **Simple slopes** (Aiken & West, 1991) are that path at low, middling and high barriers.

# %%
switching = f"switching =~ {' + '.join(survey.codebook.items_of('switching'))}\n"
moderation = "loyalty ~ switching + satisfaction:switching\n"
moderated = cx.pls(text + switching + moderation, survey, missing="mean", consistent=False)
again = moderated.bootstrap(5000, seed=seed)
slopes = moderated.simple_slopes(bootstrap=again)

# %%
columns = {
    "level": Column(
        say("Switching barriers (SD from the mean)", "Rào cản chuyển đổi (số SD so với trung bình)"), "number", 0
    )
}
columns["slope"] = Column(say("Path from satisfaction", "Hệ số từ sự hài lòng"), "number")
columns["ci"] = Column(say("95% CI", "KTC 95%"), "interval", parts=ends)
title = say("Satisfaction → loyalty: simple slopes", "Sự hài lòng → lòng trung thành: độ dốc đơn")
report.add(Table(slopes.table, columns, title), "simple_slopes")

# %%
caption = say(
    "Expected loyalty by satisfaction, at three levels of switching barriers",
    "Lòng trung thành dự kiến theo sự hài lòng, ở ba mức rào cản chuyển đổi",
)
report.add(slopes.plot(lang), "simple_slopes_figure", caption)

# %%
product = again.of("path").query("source == 'satisfaction:switching'").iloc[0]
added = moderated.paths.set_index("source")["f2"]["satisfaction:switching"]
seen = [number(product[key], 2, bounded=True) for key in ("estimate", *ends)]
between = f"{seen[0]} [{seen[1]}{'; ' if lang == 'vi' else ', '}{seen[2]}]"
f2 = number(added, 3)
report.finding(
    {
        "en": f"The path from satisfaction to loyalty changes by {between} for one standard deviation more of switching barriers (f² = {f2}).",
        "vi": f"Khi rào cản chuyển đổi tăng một độ lệch chuẩn, hệ số từ sự hài lòng đến lòng trung thành thay đổi {between} (f² = {f2}).",
    }
)

# %% [markdown]
# Look at the figure rather than the coefficient: where do the lines meet, and where do they part? Satisfied customers say that they stay either way; barriers tell among the dissatisfied. That reading is worth a study of its own, for the interval is wide, f² is
# small, and the barriers are *perceived* ones, asked in the same survey.
#
# ## Optional: reputation as one thing
#
# Many papers put competence and likeability together as *reputation*, a construct made of constructs (**higher order**). cxlab estimates the parts first and then uses their scores as items of the whole (disjoint two-stage approach; Sarstedt et
# al., 2019). The model becomes shorter. *What is lost?*

# %%
whole = """
reputation <~ competence + likeability
reputation ~ quality + performance + responsibility + attractiveness
satisfaction ~ reputation
loyalty ~ reputation + satisfaction
"""
higher = cx.pls(blocks + whole, survey, missing="mean", consistent=False)
made = higher.bootstrap(2000, seed=seed).of("weight").query("source == 'reputation'")
made = made.assign(target=made["target"].map(named))
columns = {"target": Column(say("Part", "Thành phần")), "estimate": Column(say("Weight", "Trọng số"), "bounded")}
columns["ci"] = Column(say("95% CI", "KTC 95%"), "interval", parts=ends, bounded=True)
title = say("Weights of the parts of reputation", "Trọng số của các thành phần của danh tiếng")
report.add(Table(made, columns, title), "higher_order")

# %%
as_one = higher.paths.set_index(["source", "target"])["estimate"]["reputation", "loyalty"]
apart = fit.paths.query("target == 'loyalty'").set_index("source")["estimate"]
told_paths = [number(one, 2, bounded=True) for one in (as_one, apart["likeability"], apart["competence"])]
r2 = [number(one.r2.set_index("construct")["r2"]["loyalty"], 2, bounded=True) for one in (higher, fit)]
report.finding(
    {
        "en": f"As one thing, reputation has a path of {told_paths[0]} to loyalty; its parts have {told_paths[1]} (likeability) and {told_paths[2]} (competence). R² of loyalty is {r2[0]} with the whole and {r2[1]} with the parts.",
        "vi": f"Gộp làm một, danh tiếng có hệ số {told_paths[0]} đến lòng trung thành; các thành phần của nó có {told_paths[1]} (thiện cảm) và {told_paths[2]} (năng lực). R² của lòng trung thành là {r2[0]} với khái niệm gộp và {r2[1]} với các thành phần.",
    }
)

# %% [markdown]
# Where R² is about the same, the whole has lost nothing that R² can see. But it hides which part does the work: the question this notebook began with cannot even be asked any more. Use a higher order where the whole is what theory speaks of, and report the parts
# beside it. Notebook 07 forms a total of six parts and compares it with a second-order *factor*. `higher_order=` has the other two approaches, repeated indicators and embedded two-stage.
#
# ## Optional: bends, and what was left out
#
# Two questions that reviewers have begun to ask (Sarstedt et al., 2020). *Are the paths straight lines?* `fit.linearity` adds the square of each cause: a negative one says that the more there is, the less one more brings. *Could something that nobody asked about
# move cause and effect together?* Then the path is not that of a cause. Where scores are continuous and not normal, a **Gaussian copula term** (Hult et al., 2018) can give a sign of it; elsewhere it says nothing. *Which paths would you suspect?*

# %%
bends = fit.linearity(1000, seed=seed).table[["source", "target", "estimate", *ends]]
hidden = fit.endogeneity(1000, seed=seed).table.query("terms == 'one'")
hidden = hidden[["source", "target", "path", "corrected", "pvalue", "normal_pvalue", "stepped"]]
checks = bends.merge(hidden, on=["source", "target"])
silent = (checks["normal_pvalue"] >= 0.05) | checks["stepped"]
checks.loc[silent, ["corrected", "pvalue"]] = np.nan
names = {"en": ("Bend", "Copula term, and the path"), "vi": ("Độ cong", "Hạng tử copula và đường dẫn")}[lang]

# %%
columns = {
    "source": Column(say("Cause", "Nguyên nhân")),
    "estimate": Column(say("Square", "Bình phương"), "bounded", 3),
}
columns["ci"] = Column(say("95% CI", "KTC 95%"), "interval", 3, parts=ends, bounded=True)
columns |= {"pvalue": Column(say("p of the term", "p của hạng tử"), "p")}
columns |= {
    "path": Column(say("without", "khi không có"), "bounded"),
    "corrected": Column(say("with it", "khi có"), "bounded"),
}
spanners = tuple(zip(names, (("estimate", "ci"), ("pvalue", "path", "corrected")), strict=True))
title = say("Bends, and signs of something left out", "Độ cong, và dấu hiệu của điều bị bỏ sót")
note = say(
    "–: scores may be normal, or are one item's few answers: the term says nothing.",
    "–: điểm số có thể chuẩn, hoặc chỉ là vài mức trả lời của một câu hỏi: hạng tử không nói được gì.",
)
shown = checks.replace({"source": named, "target": named})
report.add(Table(shown, columns, title, (note,), group="target", spanners=spanners), "robustness")

# %%
curved = checks.query("ci_lower * ci_upper > 0")
left_out = checks.query("pvalue < 0.05")
arrows_of = {
    one: [", ".join(f"{named[row.source][one]} → {named[row.target][one]}" for row in part.itertuples()) for part in (curved, left_out)]
    for one in ("en", "vi")
}  # fmt: skip
report.finding(
    {
        "en": f"Of {len(checks)} paths, {len(curved)} bend (interval of the square clear of zero: {arrows_of['en'][0] or 'none'}). Of {int((~silent).sum())} whose scores allow a copula term, {len(left_out)} show a sign of something left out ({arrows_of['en'][1] or 'none'}; 5% level).",
        "vi": f"Trong {len(checks)} đường dẫn có {len(curved)} đường cong (khoảng của bình phương không chứa số 0: {arrows_of['vi'][0] or 'không có'}). Trong {int((~silent).sum())} đường mà điểm số cho phép dùng hạng tử copula, {len(left_out)} đường có dấu hiệu bỏ sót ({arrows_of['vi'][1] or 'không có'}; mức 5%).",
    }
)

# %% [markdown]
# So many tests at the 5% level find something by chance; read them as questions. A bend that is small beside its path changes no conclusion, a large one belongs in the model (`loyalty ~ satisfaction:satisfaction` is its square). The path *with* the copula term is not the
# true one either: the method assumes normal errors and has little power in samples like this (Becker et al., 2022). A sign means: do not call that path a cause, and look for what was left out. `fit.checklist()` lists everything a reviewer may ask, in order, with what is still open.
#
# ## What error does to a path
#
# Now without these customers. Below, **simulated** samples are drawn from two constructs with three items each. You set the true path (`path`), how closely the items of a construct go together (`loading`), and how many customers
# answer (`n`). You also set the `world`: in one, two **common factors** cause the answers; in the other, the constructs **are** sums of the answers. Three methods try: PLS, consistent
# PLS and a maximum likelihood factor model (on samples of its own from the same world). *Which one is right in which world?*

# %%
from cxlab.estimate.pls import Design, estimate_weights, structure

worlds = [say("common factors", "nhân tố chung")[lang], say("composites", "biến tổng hợp")[lang]]
six = ["a1", "a2", "a3", "b1", "b2", "b3"]
drawn_paths = np.array([[False, True], [False, False]])
design = Design((3, 3), ("A", "A"), (True, True), drawn_paths)


def population(world, loading, path):
    shared = loading**2 if world == worlds[0] else (1 + 2 * loading**2) / 3
    same = np.kron(np.eye(2), np.ones((3, 3)))
    correlations = np.where(same == 1, loading**2, path * shared)
    np.fill_diagonal(correlations, 1.0)
    return pd.DataFrame(correlations, six, six)


# %%
def by_pls(truth, n, samples):
    draws = np.random.default_rng(seed).standard_normal((samples, n, 6)) @ np.linalg.cholesky(truth).T
    centred = draws - draws.mean(axis=1, keepdims=True)
    covariances = np.moveaxis(centred.transpose(0, 2, 1) @ centred, 0, -1)
    spread = np.sqrt(np.einsum("iir->ir", covariances))
    correlations = covariances / (spread[:, None] * spread[None])
    weighting = estimate_weights(correlations, design)
    corrected = structure(correlations, weighting, design)
    proper = {"PLS": weighting.converged, "PLSc": corrected.admissible}
    return {"PLS": weighting.correlations[0, 1], "PLSc": corrected.paths[0, 1]}, proper


def by_ml(truth, n, samples):
    factors = cx.cfa("A =~ a1 + a2 + a3; B =~ b1 + b2 + b3; A ~~ B", cx.Moments(truth, n), std_lv=True)
    drawn = factors.bootstrap(samples, seed=seed, kind="parametric")
    return drawn.replicates()["A~~B"], drawn.status["proper"] / samples


# %%
def three_methods(world, loading, path, n, samples=300):
    truth = population(world, loading, path)
    found, proper = by_pls(truth, n, samples)
    found["ML"], share = by_ml(truth, n, samples)
    proper = {key: np.mean(value) for key, value in proper.items()} | {"ML": share}
    rows = [(name, *np.nanquantile(one, [0.5, 0.05, 0.95]), 1 - proper[name]) for name, one in found.items()]
    return pd.DataFrame(rows, columns=["label", "estimate", "ci_lower", "ci_upper", "improper"])


# %%
def look(world, loading, path, n):
    samples = 100 if n * loading**4 > 5 else 50  # ML searches long where there is little to find
    table = three_methods(world, loading, path, n, samples)
    bad = [number(100 * share, 0) for share in table["improper"]]
    words = say("{}: {}% no proper solution", "{}: {}% không có nghiệm hợp lệ")[lang]
    table["label"] = [words.format(*one) for one in zip(table["label"], bad, strict=True)]
    axis = say("Path: median, and nine in ten samples", "Đường dẫn: trung vị, và chín phần mười số mẫu")
    setting = f"{world}, loading = {number(loading, 2)}, n = {n}"
    title = say(f"{samples} simulated samples: {setting}", f"{samples} mẫu mô phỏng: {setting}")
    line = {say("truth", "giá trị thật")[lang]: path}
    return interval_plot(table, reference=line, xlabel=axis, title=title, bounded=False, lang=lang)


# %%
cx.explore(
    look,
    live=reports is None,
    world=worlds,
    loading=(0.7, 0.5, 0.95, 0.05),
    path=(0.4, 0.2, 0.6, 0.05),
    n=(250, 50, 1000, 50),
)

# %% [markdown]
# The bars hold all samples that gave a number, proper or not. Try it in this order.
#
# 1. Common factors, many customers: lower `loading`. PLS drifts towards zero, and no number of customers brings it back, because error in the scores is not a matter of sample size. The other two stay near the truth, and pay with wider intervals.
# 2. Keep the low loading and take customers away. Now PLS seems to *recover*: its weights begin to fit noise, and one error hides the other. Consistent PLS, dividing by a reliability that is itself badly known, goes far beyond
#    the truth, and many solutions of both corrections are not proper (a correlation or loading beyond 1, a negative variance, no solution at all). PLS never says so.
# 3. Back to many customers; change the world and touch nothing else. Now PLS is right, and the two corrections **overshoot**: they remove an error that was never there.
#
# What is uncomfortable is that the *answers* cannot tell the worlds apart: with equal items, composites with one path have exactly the correlations of common factors with a larger one. No index of fit decides that; only what the constructs mean.
# (In the second world `loading` is the root of the correlation between two items of a construct.) The figures show both worlds over all loadings.

# %%
path, n = 0.4, 250
grid = (0.5, 0.6, 0.7, 0.8, 0.9)
drawn = {world: pd.concat([three_methods(world, one, path, n).assign(x=one) for one in grid]) for world in worlds}


def over_loadings(world, across):
    up = say("Path", "Hệ số đường dẫn")
    return curve_plot(drawn[world], reference=path, xlabel=across, ylabel=up, bounded=False, lang=lang)


shown = number(path, 2)
caption = {
    "en": f"Simulated samples from common factors: true path {shown} (dashed), n = {n}; bands hold nine in ten samples",
    "vi": f"Mẫu mô phỏng từ nhân tố chung: đường dẫn thật {shown} (nét đứt), n = {n}; dải chứa chín phần mười số mẫu",
}
across = say("Loading of every item", "Hệ số tải của mỗi biến quan sát")
report.add(over_loadings(worlds[0], across), "bias_factors", caption, main=True)

# %%
caption = {
    "en": f"Simulated samples from composites: true path {shown} (dashed), n = {n}; bands hold nine in ten samples",
    "vi": f"Mẫu mô phỏng từ biến tổng hợp: đường dẫn thật {shown} (nét đứt), n = {n}; dải chứa chín phần mười số mẫu",
}
across = say("Root of the correlation of two items", "Căn bậc hai của tương quan giữa hai biến quan sát")
report.add(over_loadings(worlds[1], across), "bias_composites", caption)

# %%
bias = {world: drawn[world].query("x == 0.6").set_index("label")["estimate"] - path for world in worlds}
seen = [", ".join(f"{name} {number(one, 2)}" for name, one in bias[world].items()) for world in worlds]
at = f"{number(0.6, 1)}, n = {n}"
report.finding(
    {
        "en": f"Simulated samples, true path {shown}, loading {at}: the median less the truth is {seen[0]} if the constructs are common factors; {seen[1]} if they are composites.",
        "vi": f"Mẫu mô phỏng, đường dẫn thật {shown}, hệ số tải {at}: trung vị lệch khỏi giá trị thật (ước lượng trừ giá trị thật): {seen[0]} nếu khái niệm là nhân tố chung; {seen[1]} nếu là biến tổng hợp.",
    }
)

# %% [markdown]
# Back to your second guess. Are competence, likeability and loyalty common factors that show in their items? If so, their paths should be corrected. Correction makes every *correlation* larger,
# but a **path** answers a different question: what does one judgement add when the other is held fixed? When both come closer to each other, one of them may lose what the other gains. So a path can
# grow, shrink or turn its sign, and "attenuation makes PLS conservative" is true for one cause and false for several.

# %%
corrected = cx.pls(text, survey, missing="mean")
pairs = [("plain", boot), ("corrected", corrected.bootstrap(5000, seed=seed))]
own = [one.of("path")[["source", "target", "estimate", *ends]] for _, one in pairs]
moves = own[0].merge(own[1], on=["source", "target"], suffixes=("_plain", "_corrected"))
moves = moves.query("target in ['satisfaction', 'loyalty']")

# %%
columns = {"source": Column(say("Cause", "Nguyên nhân"))}
for key, _ in pairs:
    columns[f"estimate_{key}"] = Column(say("Path", "Hệ số"), "number")
    inside = tuple(f"{end}_{key}" for end in ends)
    columns[f"ci_{key}"] = Column(say("95% CI", "KTC 95%"), "interval", parts=inside)
spanners = (("PLS", ("estimate_plain", "ci_plain")), ("PLSc", ("estimate_corrected", "ci_corrected")))
title = say("Paths as scored and as corrected", "Hệ số đường dẫn trước và sau hiệu chỉnh")
shown = moves.replace({"source": named, "target": named})
bad = number(pairs[1][1].status["inadmissible"], 0)
note = say(f"PLSc: {bad} of 5,000 resamples inadmissible.", f"PLSc: {bad} trên 5.000 mẫu lặp không chấp nhận được.")
report.add(Table(shown, columns, title, (note,), group="target", spanners=spanners), "corrected")

# %%
before, after = moves["estimate_plain"], moves["estimate_corrected"]
turned = int((before * after < 0).sum())
larger = int(((after.abs() > before.abs()) & (before * after > 0)).sum())
report.finding(
    {
        "en": f"The {len(moves)} paths to satisfaction and loyalty, corrected for error: larger {larger}, smaller {len(moves) - larger - turned}, of the other sign {turned}.",
        "vi": f"Sau khi hiệu chỉnh sai số, trong {len(moves)} đường dẫn đến sự hài lòng và lòng trung thành, số lớn lên là {larger}, số nhỏ đi là {len(moves) - larger - turned}, số đổi dấu là {turned}.",
    }
)

# %% [markdown]
# ## The same question on real data: ECSI three ways
#
# Notebook 08 found the ECSI model of mobile-phone customers in trouble: some of its constructs can hardly be told apart. Here are its paths by PLS, by consistent PLS and by maximum
# likelihood, with the same text. *Which column would you believe, before you know more?* **Read along a row:** the same customers, the same arrow, three answers. Correcting for error makes correlations larger, and constructs that were merely close
# become nearly one. Then their separate paths can take almost any value.

# %%
ecsi = report.data(cx.load_dataset("ecsi_mobile"))
measures = "\n".join(
    f"{construct} =~ {' + '.join(ecsi.codebook.items_of(construct))}" for construct in ecsi.codebook.constructs
)
causes = """
expectations ~ image
quality ~ expectations
value ~ expectations + quality
satisfaction ~ image + expectations + quality + value
complaints ~ satisfaction
loyalty ~ image + satisfaction + complaints
"""

# %%
plain = cx.pls(measures + causes, ecsi, consistent=False)
consistent = cx.pls(measures + causes, ecsi)
likely = cx.sem(measures + causes, ecsi)
factors = cx.cfa(measures, ecsi)

# %%
names = {key: own.label for key, own in ecsi.codebook.constructs.items()}
resampled = {"pls": plain.bootstrap(2000, seed=seed), "plsc": consistent.bootstrap(2000, seed=seed)}
beside = plain.paths[["source", "target"]].copy()
for key, one in resampled.items():
    own = one.of("path").set_index(["source", "target"]).loc[list(beside.itertuples(index=False, name=None))]
    beside[[f"{key}_{part}" for part in ("estimate", *ends)]] = own[["estimate", *ends]].to_numpy()
standardised = likely.estimates.query("op == '~'").set_index(["rhs", "lhs"])["std_all"]
sure = likely.estimates.query("op == '~' and ci_lower * ci_upper > 0")
beside["ml"] = standardised.loc[list(beside[["source", "target"]].itertuples(index=False, name=None))].to_numpy()

# %%
columns = {"source": Column(say("Cause", "Nguyên nhân"))}
for key in resampled:
    columns[f"{key}_estimate"] = Column(say("Path", "Hệ số"), "number")
    columns[f"{key}_ci"] = Column(say("95% CI", "KTC 95%"), "interval", parts=tuple(f"{key}_{end}" for end in ends))
columns["ml"] = Column(say("Path", "Hệ số"), "number")
spanners = (("PLS", ("pls_estimate", "pls_ci")), ("PLSc", ("plsc_estimate", "plsc_ci")), ("ML", ("ml",)))
title = say(
    "ECSI: one model, three estimators (standardised paths)", "ECSI: một mô hình, ba cách ước lượng (hệ số chuẩn hóa)"
)
shown = beside.replace({"source": names, "target": names})
note = say(
    f"PLS, PLSc: percentile intervals. ML: {len(sure)} of {len(shown)} paths have an interval clear of zero.",
    f"PLS, PLSc: khoảng phân vị. ML: {len(sure)} trên {len(shown)} đường dẫn có khoảng tin cậy không chứa số 0.",
)
report.add(Table(shown, columns, title, (note,), group="target", spanners=spanners), "ecsi_three_ways", main=True)


# %%
def alarm(correlations, paths, boot=None):
    values = np.asarray(correlations, dtype=float)
    found = {"smallest": np.linalg.eigvalsh(values)[0], "largest": np.abs(np.tril(values, -1)).max()}
    found["path"] = np.abs(paths).max() if len(paths) else np.nan
    return found | {"improper": boot.status["inadmissible"] / boot.status["used"] if boot else np.nan}


rows = [
    {"fit": "PLS", **alarm(plain.solved.correlations[:, :, 0], beside["pls_estimate"], resampled["pls"])},
    {"fit": "PLSc", **alarm(consistent.solved.correlations[:, :, 0], beside["plsc_estimate"], resampled["plsc"])},
    {"fit": say("ML, measurement alone", "ML, chỉ đo lường"), **alarm(factors.latent_cor, [])},
    {"fit": say("ML, with the paths", "ML, cùng các đường dẫn"), **alarm(likely.latent_cor, beside["ml"])},
]
signs = pd.DataFrame(rows)

# %%
columns = {"fit": Column(say("Estimator", "Cách ước lượng"))}
columns["smallest"] = Column(say("Smallest eigenvalue", "Trị riêng nhỏ nhất"), "number", 3)
columns["largest"] = Column(say("Largest correlation", "Tương quan lớn nhất"), "number", 3)
columns["path"] = Column(say("Largest path", "Hệ số lớn nhất"), "number")
columns["improper"] = Column(say("Resamples inadmissible", "Mẫu lặp không chấp nhận được"), "percent", 0)
title = say(
    "ECSI: do the correlations of the constructs fit together?", "ECSI: tương quan giữa các khái niệm có ăn khớp không?"
)
note = say(
    "Correlation and path in absolute size. An eigenvalue below zero: a sum of constructs with a negative variance.",
    "Tương quan và hệ số theo độ lớn tuyệt đối. Trị riêng âm: một tổng các khái niệm có phương sai âm.",
)
report.add(Table(signs, columns, title, (note,)), "ecsi_alarm", main=True)

# %%
report.finding(
    {
        "en": f"ECSI: consistent PLS has a smallest eigenvalue of {number(signs['smallest'][1], 3)} and {number(100 * signs['improper'][1], 0)}% inadmissible resamples, the measurement model by maximum likelihood {number(signs['smallest'][2], 3)}; traditional PLS shows nothing. The constructs cannot be told apart, whichever program prints the paths.",
        "vi": f"ECSI: PLS nhất quán có trị riêng nhỏ nhất {number(signs['smallest'][1], 3)} và {number(100 * signs['improper'][1], 0)}% mẫu lặp không chấp nhận được, mô hình đo lường bằng hợp lý cực đại là {number(signs['smallest'][2], 3)}; PLS truyền thống không cho thấy gì. Không phân biệt được các khái niệm này, dù chương trình nào in ra hệ số.",
    }
)

# %% [markdown]
# The plain PLS paths look orderly, with short intervals and the expected signs. That is no proof of health. Scores full of error are *less* alike than what they stand for, so their
# regressions are calm; the calm is the error's doing. The corrected solutions remove it, and what appears is impossible (a negative eigenvalue), or possible and absurd (paths far beyond 1).
# All three say one thing when read with care: these customers do not separate image, quality and satisfaction. **Choosing PLS because SEM "did not work" hides the finding.**
#
# ## Why two programs differ
#
# Reviewers compute again, and get other numbers. Often both are right. The table shows choices that programs make in silence, and how much each changes on the mobile-phone data, computed
# when the notebook runs. seminr, cSEM and others stand for those whose code or output could be read; a closed program cannot be checked that way, and such rows are marked.

# %%
differences = cx.pls_differences(lang)
report.add(differences, "programs_differ")

# %% [markdown]
# Few of these are errors; most are definitions. Most change no conclusion as long as one program is used throughout; what the model predicts from, and what benchmark it must beat, can. All of them do harm when a
# number is compared with a cut-off that was made for the other definition, or with a number from another program. So name the program, its version and the choice.
#
# ## When not to use PLS
#
# - **To test whether a theory of common factors holds.** PLS scores carry error and its paths are biased, towards zero for one cause, in any direction for several. Use `cx.sem`, or PLSc and its distances.
# - **Because the sample is small.** A small sample tells little, whoever asks. That PLS runs on fewer rows than there are questions is no virtue (Rönkkö & Evermann, 2013).
# - **Because answers are skewed.** Robust standard errors and the bootstrap exist for covariance models too (notebooks 04 and 08).
# - **Because SEM gave an impossible solution.** That was the finding.
#
# Use it where constructs *are* composites (an index, a bundle of actions), where new customers shall be predicted, or beside a factor model, to show that a conclusion does not hang on the estimator.
#
# ## Exercise
#
# Correct a correlation by hand. Competence and likeability are taken as common factors now. Their *scores* correlate as `fit.fornell_larcker` says, and their reliabilities ρA stand in
# `fit.reliability`. **What would the correlation be without error?** It is what `cx.pls(..., consistent=True)` works with.

# %%
my_answer = None

# %%
score_r = fit.fornell_larcker.loc["likeability", "competence"]
rho = fit.reliability.set_index("construct").loc[["competence", "likeability"]]
right = float(score_r / np.sqrt(rho["rho_a"].prod()))
wrong = [score_r / rho["rho_a"].prod(), *(score_r / np.sqrt(rho[key].prod()) for key in ("alpha", "rho_c"))]
hints = [
    say("Take the square root of the product.", "Hãy lấy căn bậc hai của tích hai độ tin cậy."),
    say("That is with alpha; PLS weights have ρA.", "Đó là tính với alpha; trọng số PLS cần ρA."),
    say("That is with ρC, which is too high for mode A.", "Đó là tính với ρC, vốn quá cao với chế độ A."),
]
slips = {hint[lang]: float(value) for hint, value in zip(hints, wrong, strict=True)}
cx.check_answer(my_answer, right, slips=slips)

# %% [markdown]
# ## Three questions
#
# Choose an answer before you open it. Each one says why it is right or what it mixes up.

# %%
small_weight = (
    say("A formative item has a weight near zero and a loading of .70. What now?", "Một biến cấu tạo có trọng số gần 0 và hệ số tải 0,70. Làm gì?"),
    [
        (say("Drop it: it is not significant.", "Bỏ đi: nó không có ý nghĩa thống kê."), False, say("Its content belongs to the construct. The weight only says that its neighbours tell the same.", "Nội dung của nó thuộc về khái niệm. Trọng số chỉ nói rằng các biến bên cạnh đã nói điều đó.")),
        (say("Keep it, and report weight and loading.", "Giữ lại, và báo cáo cả trọng số lẫn hệ số tải."), True, say("What it contributes alone is large; what it adds beyond the others is small.", "Riêng nó đóng góp nhiều; phần thêm ngoài các biến khác thì ít.")),
        (say("Change the block to =~.", "Đổi khối sang =~."), False, say("That changes what the construct is, to please a number.", "Như vậy là đổi bản chất của khái niệm để chiều theo một con số.")),
    ],
)  # fmt: skip

# %%
attenuated = (
    say("Ten times as many customers answer. What happens to the bias of PLS between two common factors?", "Số khách hàng trả lời tăng gấp mười. Độ chệch của PLS giữa hai nhân tố chung thay đổi thế nào?"),
    [
        (say("It vanishes.", "Nó biến mất."), False, say("Noise shrinks with n; error inside the scores does not. Go back to the sliders.", "Dao động giảm theo n; sai số bên trong điểm số thì không. Hãy quay lại các thanh trượt.")),
        (say("It stays, and the interval closes around the wrong number.", "Nó vẫn còn, và khoảng tin cậy khép lại quanh một con số sai."), True, say("More items, or better ones, would reduce it.", "Thêm biến quan sát, hoặc biến tốt hơn, mới làm nó giảm.")),
    ],
)  # fmt: skip
map_says = (
    say("A construct lies at the lower right of the importance-performance map. What does it show?", "Một khái niệm nằm ở góc dưới bên phải của bản đồ tầm quan trọng – mức thực hiện. Điều đó cho thấy gì?"),
    [
        (say("Improving it will raise loyalty.", "Cải thiện nó sẽ nâng lòng trung thành."), False, say("Only if the arrows are causes and the model is right; the survey cannot show that.", "Chỉ khi các mũi tên là nguyên nhân và mô hình đúng; khảo sát không chứng minh được điều đó.")),
        (say("In this model its total effect is large and its rating low: worth an experiment.", "Trong mô hình này, tác động tổng của nó lớn và điểm đánh giá thấp: đáng làm một thí nghiệm."), True, say("A map chooses the next question.", "Bản đồ giúp chọn câu hỏi tiếp theo.")),
    ],
)  # fmt: skip

# %%
cx.quiz(small_weight, attenuated, map_says)

# %% [markdown]
# ## Take-aways
#
# - `<~` and `=~` are claims about the world. Choose by meaning, then check by the rules of that kind.
# - Evaluate in order: measurement, structure, prediction. Print intervals at every step.
# - One model for all? Compare groups only after MICOM; let a search for segments also search where there are none.
# - Error in scores moves paths, and more customers do not help. Correction helps for common factors and harms for composites.
# - An impossible solution is a message. An estimator that cannot send it is not thereby healthier.
# - Name program, version and definitions.
#
# ## What a paper would report
#
# Why PLS, and why each block is formative or reflective; how missing answers were handled, and what difference it makes; weighting scheme, modes, program and version; for reflective blocks loadings, ρA,
# ρC, AVE and HTMT with intervals; for formative blocks redundancy, VIF and weights with intervals; paths and specific indirect effects with intervals, R², f² with its definition; SRMR and the test of exact fit; PLSpredict with folds, repeats and
# benchmark, and CVPAT; the number of resamples, the kind of interval, and how many resamples were inadmissible; for groups MICOM before the permutation test. The sentence below is written from the results.

# %%
better = int((prediction.table["rmse"] < prediction.table["rmse_lm"]).sum())
overall = prediction.cvpat.query("against == 'lm' and construct == ''").iloc[0]
t, gap = number(overall["t"], 2), number(overall["difference"], 3)
report.finding(
    {
        "en": f"PLS path model (path weighting, {boot.status['used']} percentile bootstrap resamples, n = {fit.n_obs}, SRMR {srmr}): out of sample it predicts {better} of {len(prediction.table)} items better than the linear benchmark (CVPAT: difference in loss {gap}, t = {t}).",
        "vi": f"Mô hình đường dẫn PLS (sơ đồ đường dẫn, {boot.status['used']} mẫu lặp bootstrap theo phân vị, n = {fit.n_obs}, SRMR {srmr}): ngoài mẫu, mô hình dự báo {better} trên {len(prediction.table)} biến tốt hơn chuẩn tuyến tính (CVPAT: chênh lệch tổn thất {gap}, t = {t}).",
    }
)

# %%
cx.provenance(survey, ecsi, seed=seed)
