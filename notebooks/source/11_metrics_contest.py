# %% [markdown]
# # Feedback metrics: what they are worth, and which one wins
#
# **About 60 minutes.** After this notebook you can
#
# 1. say what CSAT, NPS, CES and an index of the ACSI type ask, and which way is good;
# 2. give each its error, and say how many customers a change of five points needs;
# 3. test two waves, of the same customers or of others, and see what lost customers do to the comparison;
# 4. catch an effort score that runs the wrong way before anybody reports it;
# 5. tell a poor metric from a poorly measured one;
# 6. hold a contest between metrics on customers not seen before, and judge four famous conclusions yourself;
# 7. ask a percentage in an article what it is worth.

# %% tags=["parameters"]
seed = 20261122
lang = "en"
reports = None

# %%
from dataclasses import replace

import numpy as np
import pandas as pd

import cxlab as cx
from cxlab.i18n import format_number as number
from cxlab.i18n import tr
from cxlab.show import Column, Table, curve_plot, interval_plot
from cxlab.show.text import count


# %%
def say(en, vi):
    return {"en": en, "vi": vi}


def span(low, high, digits=1, bounded=False):
    ends = [number(float(end), digits, bounded=bounded) for end in (low, high)]
    return f"[{('; ' if lang == 'vi' else ', ').join(ends)}]"


# %%
cx.use_language(lang)
report = cx.Report("11_metrics_contest", folder=reports, lang=lang)
report.question(
    say(
        "Satisfaction, recommendation or effort: which feedback metric should a firm trust, and how sure can one survey be of it?",
        "Sự hài lòng, mức sẵn lòng giới thiệu hay mức nỗ lực: doanh nghiệp nên tin số đo phản hồi nào, và một khảo sát cho biết điều đó chắc đến đâu?",
    )
)

# %% [markdown]
# ## The theory: one question, one number
#
# **Satisfaction** is a judgement after use: how far did what I received come up to what I expected? A *feedback metric* asks one short question and turns the answers into one
# number for a dashboard. CSAT asks for satisfaction itself. The Net Promoter Score (Reichheld, 2003) asks whether customers would recommend. The Customer Effort Score (Dixon,
# Freeman & Toman, 2010) asks about one narrow matter, how hard something was. An index of the ACSI type (Fornell et al., 1996) joins three questions on satisfaction. In the table,
# read the columns *Better* and *Trap* twice. The small print says what was read in a source and what was only recalled.

# %%
report.add(cx.theory_table("metrics"), "metrics", main=True)

# %% [markdown]
# ## A correction
#
# One of the source articles of this course went through a text spinner and came out with NPS glossed as an index of satisfaction. The slip is easily made without a spinner, too.
# It matters: someone may be content and recommend nobody (who asks me about electricity?), or recommend a shop that has just let them down. Whether the two behave alike is a
# question for data, and it is the first of the four conclusions that we test below. It is not a matter of definition. cxlab keeps such corrections in a table and holds its own
# texts to it.

# %%
corrections = cx.theory_table("corrections").apa(lang)
own = replace(corrections, frame=corrections.frame.query("key == 'nps'"))
title = say("What the article printed, and what it should read", "Bài báo viết gì, và phải là gì")
report.add(own, "correction", title)

# %% [markdown]
# **Before you run anything.** The next cells look at a real survey of a few hundred mobile-phone customers. Write down three guesses.
#
# 1. *How wide is the 95% interval of its Net Promoter Score, in points from end to end?*
# 2. *Which single question goes best with "I would choose this provider again": overall satisfaction, readiness to recommend, or how complaints are handled?*
# 3. *Would three questions on satisfaction do better than one?*
#
# The recommendation question of this survey ran from 1 to 10, not from 0. cxlab refuses to call that NPS until you say `scale=(1, 10)`: the classes are the same, but such a score
# does not compare with others.

# %%
survey = report.data(cx.load_dataset("ecsi_mobile"))
nps = cx.nps("CUSL3", data=survey, scale=(1, 10))
csat = cx.csat("CUSA1", data=survey)
index = cx.acsi(data=survey)
nps

# %%
caption = say(
    "Readiness to recommend: promoters answer 9 or 10, detractors up to 6",
    "Mức sẵn lòng giới thiệu: nhóm khen chọn 9 hoặc 10, nhóm chê chọn từ 6 trở xuống",
)
report.add(nps.plot(lang), "answers", caption)

# %% [markdown]
# Whoever answered 7 or 8 counts for nothing, and the difference between a 1 and a 6 is thrown away as well. That is the price of a number that fits on a badge. How high is it? The
# metrics have different units, so the table also gives half the interval as a share of the range that each could take. The smaller this share, the sharper the metric sees. (CSAT
# appears twice: as a mean, and as the share of the two best answers, the *top-2-box*.)


# %%
def line(result, statistic, factor=1.0, ends=None):
    row = result.row(statistic)
    values = {key: factor * row[key] for key in ("estimate", "ci_lower", "ci_upper")}
    low, high = ends or result.metric.scale
    part = (values["ci_upper"] - values["ci_lower"]) / 2 / (high - low)
    name = {one: tr(f"metrics.name_{result.metric.name}", one) for one in ("en", "vi")}
    return {"metric": name, "statistic": result.statistic_label(statistic), **values, "part": part}


rows = [line(nps, "nps", ends=(-100, 100)), line(csat, "mean"), line(csat, "top_box", 100, (0, 100))]
rows.append(line(index, "index", ends=(0, 100)))

# %%
columns = {"metric": Column(say("Metric", "Số đo")), "statistic": Column(say("Statistic", "Thống kê"))}
columns["estimate"] = Column(say("Estimate", "Ước lượng"), "number", 2)
columns["ci"] = Column(say("95% CI", "KTC 95%"), "interval", 2, parts=("ci_lower", "ci_upper"))
columns["part"] = Column(say("Half the interval, of the range", "Nửa khoảng so với miền giá trị"), "percent", 1)
title = say("Four numbers from one survey", "Bốn con số từ một khảo sát")
note = say(
    f"n = {nps.n}. Shares in per cent; NPS on a question from 1 to 10.",
    f"n = {nps.n}. Tỷ lệ tính bằng phần trăm; NPS với câu hỏi từ 1 đến 10.",
)
report.add(Table(pd.DataFrame(rows), columns, title, (note,)), "four_numbers", main=True)

# %% [markdown]
# ## The error of a Net Promoter Score
#
# With shares *p* of promoters and *d* of detractors among *n* customers, the standard error is 100 √((p + d − (p − d)²) / n). Two things follow. The error shrinks with the *root*
# of n: half the interval costs four times the customers. And the passives help: the fewer people stand at the two ends, the smaller the error. A **change** is harder still,
# because both waves bring their error. Its *smallest detectable* size is what two waves of n would find with a chance of 80%, at the 5% level. **Before you look:** how many
# customers would a change of five points need, in each wave?

# %%
five = 5
for_margin = nps.n_for_margin(five)
for_change = int(np.ceil(nps.n * (nps.minimum_detectable_change() / five) ** 2))
sizes = sorted({100, 250, 500, 1000, 2000, for_margin, for_change})
half = (nps.ci_upper - nps.ci_lower) / 2
plan = pd.DataFrame({"n": sizes})
plan["half"] = half * np.sqrt(nps.n / plan["n"])
plan["change"] = nps.minimum_detectable_change() * np.sqrt(nps.n / plan["n"])

# %%
columns = {"n": Column(say("Customers in each wave", "Số khách hàng mỗi đợt"), "integer")}
columns["half"] = Column(say("Interval: ±", "Khoảng tin cậy: ±"), "number", 1)
columns["change"] = Column(say("Smallest detectable change", "Thay đổi nhỏ nhất phát hiện được"), "number", 1)
title = say("What n buys, in points of NPS", "Cỡ mẫu đổi được gì, tính bằng điểm NPS")
note = say(
    "If customers answer as in this survey. Change: two waves of different customers, power 80%, 5% level.",
    "Nếu khách hàng trả lời như trong khảo sát này. Thay đổi: hai đợt gồm những khách hàng khác nhau, lực kiểm định 80%, mức 5%.",
)
report.add(Table(plan, columns, title, (note,)), "plan")

# %%
names = {"half": columns["half"].header, "change": columns["change"].header}
steps = np.arange(100, 1.1 * for_change, 150).astype(int)
curves = [
    pd.DataFrame({"label": [names[key]] * len(steps), "x": steps, "estimate": value * np.sqrt(nps.n / steps)})
    for key, value in {"half": half, "change": nps.minimum_detectable_change()}.items()
]
drawn = pd.concat(curves).assign(ci_lower=lambda one: one["estimate"], ci_upper=lambda one: one["estimate"])
axes = {"xlabel": say("Customers in each wave", "Số khách hàng mỗi đợt"), "ylabel": say("Points of NPS", "Điểm NPS")}
caption = say("What n buys (dashed: five points)", "Cỡ mẫu đổi được gì (nét đứt: năm điểm)")
report.add(curve_plot(drawn, reference=five, bounded=False, lang=lang, **axes), "plan_figure", caption, main=True)

# %%
ends, wide = span(nps.ci_lower, nps.ci_upper), number(nps.ci_upper - nps.ci_lower, 1)
needed = {key: count(value, lang) for key, value in {"n": nps.n, "margin": for_margin, "change": for_change}.items()}
report.finding(
    {
        "en": f"The Net Promoter Score of these {needed['n']} customers is {number(nps.estimate, 1)}, 95% interval {ends}, {wide} points from end to end. An interval of ±{five} points would need {needed['margin']} customers; to find a change of {five} points with a chance of 80%, each of two waves would need {needed['change']}.",
        "vi": f"Điểm khuyến nghị ròng của {needed['n']} khách hàng này là {number(nps.estimate, 1)}, khoảng tin cậy 95% {ends}, rộng {wide} điểm từ đầu này đến đầu kia. Muốn khoảng ±{five} điểm phải có {needed['margin']} khách hàng; muốn phát hiện thay đổi {five} điểm với xác suất 80% thì mỗi đợt phải có {needed['change']} khách hàng.",
    }
)

# %% [markdown]
# Compare with your first guess. Then move n and the shares of an *imagined* firm. First find out what halves the interval. Then leave n alone and look for **two firms with the
# same score**: half promoters and a fifth detractors on one side, some thirty per cent promoters and no detractors on the other. They have the same badge; they do not have the
# same customers, nor the same error. The title says which change a second wave of the same size would still miss.


# %%
def net_score(n, promoters, detractors):
    if promoters + detractors > 100:
        return say("Promoters and detractors are more than all.", "Nhóm khen và nhóm chê cộng lại vượt 100%.")[lang]
    counts = [round(n * share / 100) for share in (promoters, 100 - promoters - detractors, detractors)]
    found = [cx.nps(np.repeat([10, 7, 3], np.multiply(counts, times)), method="score") for times in (1, 2, 4)]
    rows = [(f"n = {count(one.n, lang)}", one.estimate, one.ci_lower, one.ci_upper) for one in found]
    table = pd.DataFrame(rows, columns=["label", "estimate", "ci_lower", "ci_upper"])
    missed = number(found[0].minimum_detectable_change(), 1)
    title = say(
        f"An imagined firm: with n = {count(found[0].n, lang)}, a change below {missed} points is easily missed",
        f"Doanh nghiệp tưởng tượng: với n = {count(found[0].n, lang)}, thay đổi dưới {missed} điểm dễ bị bỏ sót",
    )
    return interval_plot(table, reference={"": 0.0}, title=title, xlabel="NPS", digits=1, bounded=False, lang=lang)


# %%
cx.explore(
    net_score,
    live=reports is None,
    n=(400, 50, 3000, 50),
    promoters=(50, 0, 100, 1),
    detractors=(19, 0, 100, 1),
)

# %% [markdown]
# ## Has it changed? Two waves
#
# A provider of internet access asks its customers for their satisfaction every three months. The data are **simulated**: no such provider exists. Careless respondents are set
# aside first, by the attention check. Now compare the first wave with the third, in two ways. *As if different customers*: two means, two errors (Welch's t). *The same customers*:
# the mean of each person's own change; what makes one customer always answer high, and another always low, falls out, so the error should be smaller. **Before you run it:** will
# the two ways agree?

# %%
panel = report.data(cx.load_dataset("cx_panel"))
careful = panel.screen(attention=True).exclude("attention")
first, third = (cx.csat(f"sat1_w{wave}", data=careful) for wave in (1, 3))
others = first.test(third)
same = first.test(third, paired=True)

# %%
ways = [say("As if different customers", "Như thể khách hàng khác nhau"), say("The same customers", "Cùng khách hàng")]
both = pd.concat([others.table, same.table], ignore_index=True).assign(way=ways)
both["said"] = [{one: tr(f"metrics.change_{way.verdict}", one) for one in ("en", "vi")} for way in (others, same)]
columns = {"way": Column(say("Compared", "Cách so sánh"))}
for wave in (1, 2):
    columns[f"estimate_{wave}"] = Column(say("mean", "trung bình"), "number")
    columns[f"n_{wave}"] = Column("n", "integer")
columns["difference"] = Column(say("Change", "Thay đổi"), "number")
columns["ci"] = Column(say("95% CI", "KTC 95%"), "interval", parts=("ci_lower", "ci_upper"))
columns |= {"pvalue": Column("p", "p"), "said": Column(say("Verdict", "Phán quyết"))}

# %%
over = [
    (say("Wave 1", "Đợt 1"), ("estimate_1", "n_1")),
    (say("Wave 3", "Đợt 3"), ("estimate_2", "n_2")),
]
title = say(
    "Mean satisfaction, 1 to 7, in two waves (simulated)", "Hài lòng trung bình, thang 1 đến 7, ở hai đợt (mô phỏng)"
)
report.add(Table(both, columns, title, spanners=tuple(over)), "two_waves", main=True)

# %% [markdown]
# They do not agree, and the reason is not the smaller error. Look at the means of wave 1: those who answered both times stood *higher* in wave 1 than all customers did. Unhappy
# customers leave or stop answering, and who has left is asked no more. So the mean of each wave is a mean over **survivors**: a firm can lose its unhappy customers and see its score stay where it
# was. The paired test asks a clean question about those who stayed. It says nothing about those who left, so a report needs both, and the number lost.

# %%
row, other = same.table.iloc[0], others.table.iloc[0]
lost = int(other["n_1"] - row["n_1"])
before = (other["n_1"] * other["estimate_1"] - row["n_1"] * row["estimate_1"]) / lost
mean = {key: number(value, 2) for key, value in {"lost": before, "kept": row["estimate_1"]}.items()}
seen = {key: span(one["ci_lower"], one["ci_upper"], 2) for key, one in (("same", row), ("others", other))}
report.finding(
    {
        "en": f"Simulated internet customers: those asked in both waves changed by {number(row['difference'], 2)} points {seen['same']}; two samples treated as independent show {number(other['difference'], 2)} {seen['others']}. {lost} of the {int(other['n_1'])} customers of wave 1 are missing in wave 3; in wave 1 their mean was {mean['lost']}, that of the others {mean['kept']}.",
        "vi": f"Khách hàng internet (mô phỏng): người trả lời ở cả hai đợt thay đổi {number(row['difference'], 2)} điểm {seen['same']}; nếu coi là hai mẫu độc lập thì {number(other['difference'], 2)} {seen['others']}. {lost} trong {int(other['n_1'])} khách hàng của đợt 1 vắng mặt ở đợt 3; ở đợt 1, trung bình của họ là {mean['lost']}, của những người còn lại là {mean['kept']}.",
    }
)

# %% [markdown]
# ## The direction trap
#
# There are two effort questions under one name. Version 1 asks how much effort it took, 1 to 5: **low is good**. Version 2 asks whether the company made it easy, 1 to 7: **high is
# good**. Our next survey, buyers of a computer, **simulated**, asked for ease. Suppose a colleague reads "effort score" in the column list and takes version 1. The codebook knows
# how far the scale ran, and cxlab stops.

# %%
from textwrap import fill

buyers = report.data(cx.load_dataset("total_cx_6p"))
clean = buyers.screen(attention=True).exclude("attention")
try:
    cx.ces("ease", 1, data=clean)
except cx.CxlabError as error:
    print(fill(str(error), 76))

# %% [markdown]
# The colleague is in a hurry, exports the column without its codebook, and says `scale=(1, 7)` to be left in peace. Now nothing in the numbers can object, and the report gets
# written. Compare buyers who found the formalities slow with those who found them quick. The same answers, the same difference, and two opposite headlines.

# %%
bare = clean.data[["ease", "overall"]]
quick = clean.data["prc3"] >= 4
slow = (clean.data["prc3"] < 4) & clean.data["prc3"].notna()
readings = {
    1: say("effort (version 1)", "công sức (phiên bản 1)"),
    2: say("ease (version 2)", "mức dễ dàng (phiên bản 2)"),
}
tests = {
    version: cx.ces("ease", version, data=bare[slow], scale=(1, 7)).test(
        cx.ces("ease", version, data=bare[quick], scale=(1, 7))
    )
    for version in readings
}

# %%
flipped = pd.concat([one.table for one in tests.values()], ignore_index=True).assign(reading=list(readings.values()))
heads = {"improved": say("quick is better", "nhanh thì tốt hơn"), "worsened": say("quick is worse", "nhanh thì tệ hơn")}
flipped["said"] = [heads.get(test.verdict, say("undecided", "chưa ngã ngũ")) for test in tests.values()]
columns = {"reading": Column(say("Read as", "Được đọc là"))}
columns["estimate_1"] = Column(say("Slow formalities", "Thủ tục chậm"), "number")
columns["estimate_2"] = Column(say("Quick formalities", "Thủ tục nhanh"), "number")
columns["difference"] = Column(say("Difference", "Chênh lệch"), "number")
columns["ci"] = Column(say("95% CI", "KTC 95%"), "interval", parts=("ci_lower", "ci_upper"))
columns["said"] = Column(say("Headline", "Kết luận"))
title = say("One column read in two directions (simulated buyers)", "Một cột đọc theo hai chiều (người mua mô phỏng)")
report.add(Table(flipped, columns, title), "direction")

# %% [markdown]
# What catches such a slip without a codebook? Another answer of the same people. Effort must go down where satisfaction goes up, ease must go up with it. `check_against` looks at
# that correlation with its interval, confirms, doubts or refuses. It costs one question that nearly every survey has. The same check finds a column that somebody turned twice.

# %%
try:
    cx.ces("ease", 1, data=bare, scale=(1, 7), check_against="overall")
except cx.CxlabError as error:
    print(fill(str(error), 76))

# %%
ease = cx.ces("ease", 2, data=clean, check_against="overall")
report.add(ease, "effort")

# %%
checked = next(str(notice.text(lang)) for notice in ease.warnings if notice.key == "metrics.ces_confirmed")
report.finding(
    {
        "en": f"Simulated buyers: read as version 1, the ease question turns good news into bad. {checked}",
        "vi": f"Người mua (mô phỏng): nếu đọc câu hỏi về mức dễ dàng như phiên bản 1 thì tin tốt thành tin xấu. {checked}",
    }
)

# %% [markdown]
# ## One question or three?
#
# A single question is cheap and fits a dashboard. It also carries all of its error into every correlation: what two answers can share is limited by how reliable each is (Spearman,
# 1904). How reliable is one question? Nobody can say from that question alone; with its neighbours one can: the squared loading on their common factor is a lower bound (Wanous &
# Hudy, 2001). Back to the real mobile-phone survey. *Choosing again* is taken as it is, without correction, because it is what we want to predict; only satisfaction is corrected.

# %%
loss = cx.attenuation("CUSA1", "CUSL1", survey, reliability_y=1.0)
title = say(
    "Satisfaction (first) and choosing again (second): their correlation if the reliabilities were these",
    "Sự hài lòng (thứ nhất) và việc chọn lại (thứ hai): tương quan nếu độ tin cậy là như vậy",
)
report.add(loss.apa(lang), "attenuation", title)

# %%
three = ["CUSA1", "CUSA2", "CUSA3"]
answers = survey.data.assign(three=survey.data[three].mean(axis=1))
alpha = cx.reliability(survey, {"satisfaction": three}).table["alpha"].iloc[0]
duel = cx.compare_metrics(
    "CUSL1",
    {"csat": "CUSA1", "acsi": three, "nps": "CUSL3"},
    survey,
    transforms=["linear"],
    combinations=False,
    seed=seed,
)
scores = duel.table.set_index("metrics")["score"]

# %%
rows = [
    (say("One question on satisfaction", "Một câu hỏi về sự hài lòng"), loss.reliability_x, "CUSA1", "csat"),
    (say("Mean of three", "Trung bình ba câu hỏi"), alpha, "three", "acsi"),
    (say("Recommending, one question", "Giới thiệu, một câu hỏi"), np.nan, "CUSL3", "nps"),
]
ones = pd.DataFrame(rows, columns=["measure", "reliability", "column", "metric"])
ones["r"] = [answers[column].corr(answers["CUSL1"]) for column in ones["column"]]
ones["score"] = ones["metric"].map(scores)

# %%
ones["corrected"] = ones["r"] / np.sqrt(ones["reliability"])
columns = {"measure": Column(say("Measure", "Đo bằng"))}
columns["reliability"] = Column(say("Reliability", "Độ tin cậy"), "bounded")
columns["r"] = Column(say("r with choosing again", "r với việc chọn lại"), "bounded")
columns["score"] = Column(say("R², cross-validated", "R² kiểm định chéo"), "bounded", 3)
columns["corrected"] = Column(say("r without its error", "r khi không có sai số"), "bounded")
title = say("One question or three", "Một câu hỏi hay ba")
note = say(
    "Reliability: a lower bound for one question, alpha for three. Recommending stands alone in this survey, so its reliability is not known.",
    "Độ tin cậy: cận dưới với một câu hỏi, alpha với ba câu. Khảo sát chỉ có một câu về giới thiệu nên không biết độ tin cậy của câu này.",
)
report.add(Table(ones, columns, title, (note,)), "one_or_three", main=True)

# %%
r = ones.set_index("metric")["r"]
lead = [number(value, 2, bounded=True) for value in (r["nps"] - r["csat"], r["nps"] - loss.corrected)]
more = duel.difference("acsi: linear", "csat: linear")
gained = f"{number(more['difference'], 3, bounded=True)} {span(more['ci_lower'], more['ci_upper'], 3, True)}"
told = {key: number(value, 2, bounded=True) for key, value in {**r, "free": loss.corrected}.items()}
report.finding(
    {
        "en": f"One question on satisfaction correlates {told['csat']} with choosing again, the mean of three {told['acsi']} (gain in cross-validated R²: {gained}), recommending {told['nps']}. If the one question is no more reliable than its lower bound, it would correlate {told['free']} without its error, and the lead of recommending would shrink from {lead[0]} to {lead[1]} (before its own error, which one question cannot show, is taken out).",
        "vi": f"Một câu hỏi về sự hài lòng tương quan {told['csat']} với việc chọn lại, trung bình ba câu {told['acsi']} (R² kiểm định chéo tăng {gained}), giới thiệu {told['nps']}. Nếu câu hỏi đơn không tin cậy hơn mức cận dưới thì sau khi loại sai số, tương quan đầu sẽ là {told['free']}, và lợi thế của câu giới thiệu giảm từ {lead[0]} xuống {lead[1]} (chưa loại sai số của chính câu giới thiệu, điều mà một câu hỏi không cho thấy được).",
    }
)

# %% [markdown]
# That answers your third guess, and two ways agree: three questions do better (see how near to zero the interval of the gain begins),
# and correcting one gives nearly the same as correcting three. It also spoils every contest,
# including the one that follows: who compares two single questions compares *what they ask* and *how well they are measured* in one breath. A dashboard may still prefer one
# question, since a question more costs answers. But then say that the metric is weak as it was measured, not that satisfaction is.
#
# ## What the literature found
#
# Two decades of contests in one table. Look at the data before you look at the result: firms or customers, intentions or money, one industry or many. Then see what the source
# article made of them: four conclusions, with the studies for and against. Which of the four would you bet on?

# %%
report.add(cx.theory_table("metric_studies"), "studies")

# %%
report.add(cx.theory_table("metric_conclusions"), "literature")

# %% [markdown]
# ## The contest
#
# The column *On ecsi_mobile* quotes R² *in the sample* (you will find its numbers again below), where a larger model always looks better. We ask for more: hide a tenth of the
# customers, fit on the others, predict the hidden, in turn, and all of it again with other parts. The score is the share of variance predicted among customers **not seen before**.
# Each metric may enter as it is, as a top box, with its square or as a spline, because delight may count for more than contentment (Oliver, Rust & Varki, 1997); NPS also as its
# three groups; then all combinations. The interval of a difference allows for the overlap of training parts (Nadeau & Bengio, 2003). Complaint handling stands in for the narrow
# metric, for lack of an effort question.

# %%
metrics = {"csat": "CUSA1", "nps": "CUSL3", "complaints": "CUSCO"}
drawn_parts = {"folds": 10, "repeats": 5, "seed": seed}
contest = cx.compare_metrics("CUSL1", metrics, survey, **drawn_parts)
caption = say(
    "Which metric predicts “would choose again”? Mobile-phone customers",
    "Số đo nào dự báo “sẽ chọn lại”? Khách hàng điện thoại di động",
)
report.add(contest.plot(lang), "contest_figure", caption, main=True)

# %%
report.add(contest, "contest")

# %% [markdown]
# The blocks of the figure answer your second guess. Read the intervals first. They are long: a few hundred customers tell metrics apart only where the gap is wide. Compare a row's cross-validated score with its fit in the sample.
# The gap between the two is what the flexible forms pay for their freedom. And note the company that NPS keeps: *recommending* and *choosing again* are parts of one construct of
# this questionnaire, loyalty. Their closeness is partly the questionnaire's.
#
# ## Four conclusions, four verdicts
#
# A verdict needs a yardstick set before: differences below `smallest`, two per cent of the variance, count as nothing. Then it is computed. *Supported*: the whole interval lies on
# the side of the conclusion. *Not supported*: it lies on the other side. Otherwise *undecided*, the verdict that papers dislike and small surveys deserve.

# %%
report.add(contest.apa_conclusions(lang), "conclusions", main=True)

# %%
caption = say("The comparison that decides each conclusion", "So sánh quyết định từng kết luận")
report.add(contest.plot(lang, what="conclusions"), "conclusions_figure", caption)


# %%
def verdicts(one):
    frame = one.conclusions.set_index("conclusion")["verdict"]
    return {key: tr(f"metrics.verdict_{value}", lang) for key, value in frame.items()}


def told_verdicts(one):
    said = [f"{tr(f'metrics.conclusion_{key}', lang)}: {value}" for key, value in verdicts(one).items()]
    return "; ".join(said)


# %%
report.finding(
    {
        "en": f"Real mobile-phone customers (n = {contest.n}). {told_verdicts(contest)}.",
        "vi": f"Khách hàng điện thoại di động (dữ liệu thật, n = {contest.n}). {told_verdicts(contest)}.",
    }
)

# %% [markdown]
# ## The same contest among simulated buyers
#
# Now the **simulated** buyers of computers. They have a real effort question, and their truth is known, though still sealed. Satisfaction is asked on five points, recommending
# from 0 to 10, ease on seven; the outcome is again the intention to come back. **Before you run it:** these buyers are more in number than the mobile-phone customers. Will more
# conclusions be decided?

# %%
asked = {"csat": "sat1", "nps": "recommend", "ces": "ease"}
again = cx.compare_metrics("loy1", asked, clean, **drawn_parts)
report.add(again.apa_conclusions(lang), "conclusions_simulated", main=True)

# %%
caption = say("The comparisons that decide, simulated buyers", "Các so sánh quyết định, người mua mô phỏng")
report.add(again.plot(lang, what="conclusions"), "contest_simulated", caption)

# %%
report.finding(
    {
        "en": f"Simulated buyers (n = {again.n}). {told_verdicts(again)}.",
        "vi": f"Người mua (mô phỏng, n = {again.n}). {told_verdicts(again)}.",
    }
)

# %% [markdown]
# ## An outcome that the questionnaire did not ask
#
# An intention is asked; what people do is seen. Another **simulated** firm logged its customers' journeys, and knows who bought from another brand within a year. CSAT was asked
# right after the first purchase; recommending, and the journey as a whole, at the end of the records. NPS is sometimes called *forward-looking* because it asks about the future.
# Does it look further than the others? The outcome has two values, so the models are logistic, and the score is the share of log loss removed. Many people in the log never bought;
# nobody asked them about a purchase, and they drop out.

# %%
log = report.data(cx.load_dataset("journey_events"))
wanted = ["customer", "csat", "overall", "recommend", "left"]
people = log.select(*wanted, where=~log.data["customer"].duplicated(), reason="one row a customer")
later = {"csat": "csat", "nps": "recommend", "overall": "overall"}
leaving = cx.compare_metrics("left", later, people, transforms=["linear", "top_box"], **drawn_parts)
report.add(leaving, "leaving")

# %%
held = leaving.table.set_index("model")
scored = {
    key: f"{number(one['score'], 2, bounded=True)} {span(one['ci_lower'], one['ci_upper'], 2, True)}"
    for key, one in ((key, held.loc[f"{key}: linear"]) for key in later)
}
tie = leaving.difference("nps: linear", "overall: linear")
tie = f"{number(tie['difference'], 2, bounded=True)} {span(tie['ci_lower'], tie['ci_upper'], 2, True)}"
report.finding(
    {
        "en": f"Simulated journeys (n = {leaving.n}): of the log loss in who leaves, CSAT after the purchase removes {scored['csat']}, recommending at the end {scored['nps']}, the journey as a whole {scored['overall']} (recommending less the whole: {tie}).",
        "vi": f"Hành trình (mô phỏng, n = {leaving.n}): trong log loss về việc ai rời đi, CSAT sau lần mua giảm được {scored['csat']}, câu giới thiệu ở cuối {scored['nps']}, đánh giá chung về hành trình {scored['overall']} (giới thiệu trừ đánh giá chung: {tie}).",
    }
)

# %% [markdown]
# Nothing special about the question on recommending: the judgement of the whole journey, asked at the same time, scores about the same, with a narrow interval for their difference. CSAT differs from both in two ways at once: it was
# asked early, and about one episode. A question asked later knows more about the end. So a fair test of "forward-looking" asks all metrics at one time, and looks at what happens
# after. (Shares of log loss are another unit than R²: do not compare their size with the scores above.)
#
# ## What would change the verdicts?
#
# A verdict stands on choices. Below, each line changes **one** of them: the smallest difference that counts, the width of the top box, the parts drawn, one satisfaction question
# or three, who is kept. Read down a column: a conclusion that holds in some lines only is a conclusion about choices.

# %%
both_again = {"outcome": "loy1", "metrics": asked, "data": clean}
three_asked = {**asked, "csat": ["sat1", "sat2", "sat3"]}
real = {"outcome": "CUSL1", "metrics": metrics, "data": survey}
lines = [
    (0, say("as above", "như trên"), real, {}),
    (0, say("differences below 5% count as nothing", "chênh lệch dưới 5% coi như không"), real, {"smallest": 0.05}),
    (0, say("top box: the best answer only", "chỉ tính mức cao nhất"), real, {"top": 1}),
    (0, say("other parts drawn", "chia phần khác"), real, {"seed": seed + 1}),
    (0, say("satisfaction by three questions", "hài lòng bằng ba câu hỏi"), real, {"metrics": {**metrics, "csat": three}}),
    (1, say("as above", "như trên"), both_again, {}),
    (1, say("parts drawn twenty times", "chia phần hai mươi lần"), both_again, {"repeats": 20}),
    (1, say("careless respondents kept", "giữ cả người trả lời cẩu thả"), both_again, {"data": buyers}),
    (1, say("satisfaction by three questions", "hài lòng bằng ba câu hỏi"), both_again, {"metrics": three_asked}),
    (1, say("experience as a whole for CSAT", "trải nghiệm chung thay CSAT"), both_again, {"metrics": {**asked, "csat": "overall"}}),
]  # fmt: skip

# %%
where = [
    say("Mobile-phone customers (real)", "Khách hàng điện thoại di động (thật)"),
    say("Computer buyers (simulated)", "Người mua máy tính (mô phỏng)"),
    say("Buying elsewhere within a year (simulated)", "Mua của hãng khác trong một năm (mô phỏng)"),
]
rows = []
for place, choice, given, change in lines:
    found = cx.compare_metrics(**{**given, **drawn_parts, **change})
    rows.append({"place": place, "where": where[place], "choice": choice, "n": found.n, **verdicts(found)})
rows.append({"place": 2, "where": where[2], "choice": say("as above", "như trên"), "n": leaving.n, **verdicts(leaving)})
grid = pd.DataFrame(rows)

# %%
columns = {"choice": Column(say("Choice", "Lựa chọn")), "n": Column("n", "integer")}
short = {
    "equal": say("1 CSAT and NPS equal", "1 CSAT và NPS ngang nhau"),
    "transforms": say("2 Forms help", "2 Biến đổi có ích"),
    "narrow": say("3 Narrow is weak", "3 Miền hẹp yếu"),
    "combine": say("4 Several are better", "4 Nhiều số đo tốt hơn"),
}
columns |= {key: Column(name) for key, name in short.items()}
title = say("Four conclusions under other choices", "Bốn kết luận dưới những lựa chọn khác")
report.add(Table(grid, columns, title, group="where"), "choices", main=True)

# %%
every = grid[list(short)]
tested = int((every != tr("metrics.verdict_not_tested", lang)).to_numpy().sum())
decided = int(
    every.isin([tr(f"metrics.verdict_{key}", lang) for key in ("supported", "not_supported")]).to_numpy().sum()
)
chosen = grid[grid["place"] < 2]
mixed = int((chosen.groupby("place")[list(short)].nunique() > 1).any().sum())
report.finding(
    {
        "en": f"Of {tested} verdicts under {len(grid)} sets of choices {decided} are decided. With the same customers, other choices change the verdict on {mixed} of {len(short)} conclusions.",
        "vi": f"Trong {tested} phán quyết dưới {len(grid)} bộ lựa chọn có {decided} phán quyết ngã ngũ. Với cùng khách hàng, lựa chọn khác làm đổi phán quyết ở {mixed} trong {len(short)} kết luận.",
    }
)

# %% [markdown]
# The line on careless respondents deserves a second look. Whoever ticks one number throughout gives *satisfaction* and *coming back* the same answer, since both have the same five
# points. Recommending runs from 0 to 10 and gets no such gift. So dirt in the data can decide a contest of metrics, in favour of the metric that looks most like the outcome. And
# the line on three questions says the same as the section on reliability: measure satisfaction better, and its rank changes.
#
# ## Ask a claim what it is worth
#
# The same arithmetic serves any printed percentage. Two claims from the ledger of notebook 01: customers who dropped a purchase because of poor service, and retention with against
# without customer care on social media. The first has an n, so it has an interval. The second has none; all one can ask is how many firms in each group would make the gap more
# than chance.

# %%
dropped = cx.claim("dropped")
report.add(dropped, "claim_dropped")

# %%
gap = cx.claim("retention_gap")
report.add(gap, "claim_gap")

# %%
caption = say(
    "Retention with less without: the interval of the gap by firms in each group, if these were plain shares",
    "Chênh lệch có trừ không: khoảng tin cậy theo số doanh nghiệp mỗi nhóm, nếu là tỷ lệ thông thường",
)
report.add(gap.plot(lang), "claim_gap_figure", caption)

# %%
row = dropped.table.iloc[0]
low, high = (number(100 * row[end], 1) for end in ("ci_lower", "ci_upper"))
needs = [count(value, lang) for value in (gap.n_significant, gap.n_power)]
report.finding(
    {
        "en": f"Dropped a purchase: {number(100 * row['share'], 0)}%, 95% interval {low} to {high}%, if the sample were a simple random one. If rates of growth were plain shares, the retention gap would need {needs[0]} firms in each group to leave out zero, {needs[1]} to be found with a chance of 80%.",
        "vi": f"Bỏ giao dịch: {number(100 * row['share'], 0)}%, khoảng tin cậy 95% từ {low} đến {high}%, nếu mẫu là ngẫu nhiên đơn giản. Nếu coi tỷ lệ tăng trưởng như tỷ lệ thông thường, chênh lệch về giữ chân cần {needs[0]} doanh nghiệp mỗi nhóm để khoảng tin cậy không chứa 0, và {needs[1]} để phát hiện được với xác suất 80%.",
    }
)

# %% [markdown]
# Error from sampling is only one error. A pooled share can fall while it rises in every pool. The numbers below are **invented for this lesson**: the share of satisfied customers
# of a firm in two years, by channel. Look at the pools first, then at all together, and find out what changed between the years. In no channel did the share fall; more customers
# now come through the channel that was always harder.

# %%
last_year = {
    say("shop", "cửa hàng")[lang]: (0.86, 900),
    say("hotline", "tổng đài")[lang]: (0.61, 300),
}
this_year = {
    say("shop", "cửa hàng")[lang]: (0.89, 500),
    say("hotline", "tổng đài")[lang]: (0.66, 900),
}
pools = cx.claim_pools(last_year, this_year)
title = say(
    "Satisfied customers by channel: last year (first side) and this year (second side); invented",
    "Khách hàng hài lòng theo kênh: năm trước (bên thứ nhất) và năm nay (bên thứ hai); số liệu hư cấu",
)
report.add(pools.apa(lang), "pools", title)

# %%
drop, fair = number(100 * pools.table["difference"].iloc[0], 1), number(100 * pools.standardised, 1)
report.finding(
    {
        "en": f"Invented numbers: all together the share changes by {drop} points, with the same mix of channels in both years by {fair}.",
        "vi": f"Số liệu hư cấu: gộp chung, tỷ lệ thay đổi {drop} điểm phần trăm; nếu hai năm có cùng cơ cấu kênh thì {fair}.",
    }
)

# %% [markdown]
# ## Exercise
#
# Someone says: *our Net Promoter Score rose from 31 to 36*. You ask for the shares and get the two lines below, from different customers each time. Was it real? **Compute half the
# 95% interval of the change**, in points. You need the standard error of each wave (the formula is above), a way to join them, and 1.96. If half the interval is more than the
# change, the interval holds zero.

# %%
before = {"n": 400, "promoters": 0.50, "detractors": 0.19}
after = {"n": 400, "promoters": 0.53, "detractors": 0.17}
my_answer = None


# %%
def variance(wave):
    p, d = wave["promoters"], wave["detractors"]
    return 100**2 * (p + d - (p - d) ** 2) / wave["n"]


parts = [variance(wave) for wave in (before, after)]
right = 1.96 * np.sqrt(sum(parts))
hints = [
    (say("You added the standard errors; add their squares.", "Bạn đã cộng hai sai số chuẩn; hãy cộng bình phương của chúng."), 1.96 * sum(np.sqrt(parts))),
    (say("That is the standard error; half the interval is 1.96 times that.", "Đó là sai số chuẩn; nửa khoảng tin cậy bằng 1,96 lần con số này."), np.sqrt(sum(parts))),
    (say("That is the last wave alone; the first has an error too.", "Đó mới là đợt sau; đợt đầu cũng có sai số."), 1.96 * np.sqrt(parts[1])),
    (say("That is the whole interval; take half.", "Đó là cả khoảng; hãy lấy một nửa."), 2 * right),
]  # fmt: skip
cx.check_answer(my_answer, float(right), tolerance=0.05, slips={hint[lang]: float(value) for hint, value in hints})

# %% [markdown]
# ## Three questions
#
# Choose an answer before you open it. Each one says why it is right or what it mixes up.

# %%
thirds = (
    say("A firm halves the interval of its NPS. How many more customers must it ask?", "Một doanh nghiệp muốn khoảng tin cậy của NPS hẹp còn một nửa. Phải hỏi bao nhiêu khách hàng?"),
    [
        (say("Twice as many.", "Gấp đôi."), False, say("The error goes with the root of n.", "Sai số giảm theo căn bậc hai của n.")),
        (say("Four times as many.", "Gấp bốn."), True, say("Or it asks the same customers again, and reports their change.", "Hoặc hỏi lại cùng những khách hàng đó và báo cáo thay đổi của họ.")),
    ],
)  # fmt: skip
undecided = (
    say("A contest says “undecided” on “CSAT and NPS do equally well”. What does it mean?", "Cuộc so tài cho kết luận “CSAT và NPS ngang nhau” là chưa ngã ngũ. Điều đó nghĩa là gì?"),
    [
        (say("They do equally well.", "Chúng ngang nhau."), False, say("That would be “supported”: the whole interval within the smallest difference.", "Như vậy phải là “được ủng hộ”: cả khoảng tin cậy nằm trong mức chênh lệch nhỏ nhất.")),
        (say("These data allow both, a gap that matters and none.", "Dữ liệu cho phép cả hai: có chênh lệch đáng kể và không có."), True, say("No evidence of a difference is not evidence of equality.", "Không có bằng chứng về chênh lệch chưa phải là bằng chứng ngang nhau.")),
    ],
)  # fmt: skip

# %%
weaker = (
    say("Effort predicts loyalty less well than satisfaction. May a firm stop asking for effort?", "Điểm nỗ lực dự báo lòng trung thành kém hơn sự hài lòng. Doanh nghiệp có nên thôi hỏi về nỗ lực?"),
    [
        (say("Yes, it lost the contest.", "Nên, vì nó thua."), False, say("A narrow question is made to find out what went wrong, not to predict.", "Câu hỏi hẹp dùng để tìm ra chỗ trục trặc, không phải để dự báo.")),
        (say("Not for that reason: prediction is one use among several.", "Không vì lý do đó: dự báo chỉ là một trong nhiều công dụng."), True, say("And first ask how reliably each was measured.", "Và trước hết hãy hỏi mỗi số đo có độ tin cậy bao nhiêu.")),
    ],
)  # fmt: skip
cx.quiz(thirds, undecided, weaker)

# %% [markdown]
# ## The seal is broken
#
# What was true among the simulated buyers? Their codebook holds the model and the recipe. The lines below are the part on which the contest turns: what loyalty comes from, what
# ease comes from, and how the overall judgement and the readiness to recommend were made. Recommending is the overall judgement with noise on top; it has no power of its own. Ease
# reflects the process, one of several sources of satisfaction.

# %%
book = buyers.codebook
recipe = book.simulation["further"]
shown = [line for line in book.truth.splitlines() if line.startswith(("satisfaction ~ ", "loyalty ~ ", "ease ~ "))]
shown += [f"{key}: {recipe[key]}" for key in ("overall", "recommend")]
print("\n".join(fill(line, 76, subsequent_indent="    ") for line in shown))

# %% [markdown]
# What would the verdicts be if we could ask everybody? We make forty thousand attentive buyers by the same recipe and hold the contest again: with so many, the intervals nearly
# vanish. Then cut the crowd into surveys of the size of ours and hold the contest in each. **Before you look:** how often does a survey of this size reach the true verdict, and
# how often the opposite one?

# %%
crowd = cx.simulate(
    book.truth, 40_000, seed, codebook=book, shares=book.simulation["shares"], skew=book.simulation["skew"]
)
latent, noise = cx.simulated_truth(crowd).scores, np.random.default_rng(seed)
made = recipe["overall"]
overall = made["mean"] + made["satisfaction"] * latent["satisfaction"] + made["sd"] * noise.standard_normal(len(latent))
overall += made["people_below"] * (-latent["people"]).clip(lower=0)
recommend = recipe["recommend"]["mean"] + recipe["recommend"]["overall"] * overall
recommend += recipe["recommend"]["sd"] * noise.standard_normal(len(latent))
everybody = crowd.data[["loy1", "sat1", "ease"]].assign(recommend=np.clip(np.round(recommend), 0, 10))

# %%
settled = cx.compare_metrics("loy1", asked, everybody, seed=seed, folds=5, repeats=1).conclusions.set_index(
    "conclusion"
)
size, tried = again.n, []
for place in range(40):
    part = everybody.iloc[place * size : (place + 1) * size]
    found = cx.compare_metrics("loy1", asked, part, **{**drawn_parts, "seed": seed + place})
    tried.append(found.conclusions.set_index("conclusion")["verdict"])
tried = pd.DataFrame(tried)

# %%
kinds = ["supported", "not_supported", "undecided"]
seal = pd.DataFrame({"text": [{one: tr(f"metrics.conclusion_{key}", one) for one in ("en", "vi")} for key in short]})
seal["true"] = [tr(f"metrics.verdict_{settled.loc[key, 'verdict']}", lang) for key in short]
for kind in kinds:
    seal[kind] = [(tried[key] == kind).mean() for key in short]
columns = {"text": Column(say("Conclusion", "Kết luận")), "true": Column(say("Among all", "Trên tất cả"))}
columns |= {kind: Column(f"metrics.verdict_{kind}", "percent", 0) for kind in kinds}
few = say(f"Among {len(tried)} surveys of {size}", f"Trên {len(tried)} khảo sát {size} người")
title = say("The seal opened: verdicts among simulated buyers", "Mở niêm phong: phán quyết trên người mua mô phỏng")
report.add(Table(seal, columns, title, spanners=((few, tuple(kinds)),)), "seal", main=True)

# %%
truth = settled.loc[list(short), "verdict"]
hits = (tried[list(short)] == truth).to_numpy().mean()
wrong = ((tried[list(short)] != truth) & (tried[list(short)] != "undecided")).to_numpy().mean()
report.finding(
    {
        "en": f"The seal opened (simulated): {len(tried)} surveys of {size} buyers reach the verdict of the whole population in {number(100 * hits, 0)}% of cases, the opposite one in {number(100 * wrong, 0)}%, and none in the rest.",
        "vi": f"Mở niêm phong (mô phỏng): {len(tried)} khảo sát, mỗi khảo sát {size} người mua, đi đến phán quyết của toàn tổng thể trong {number(100 * hits, 0)}% trường hợp, phán quyết ngược lại trong {number(100 * wrong, 0)}%, còn lại không ngã ngũ.",
    }
)

# %% [markdown]
# So the verdicts are cautious rather than wrong (their intervals allow for training parts that overlap), and a contest in one survey of this size is mostly a way to learn that it
# cannot decide. A firm with records of many thousand customers can. Notice also that the population supports "several are better" although neither recommending nor ease adds
# anything of its own: several noisy readings of what lies behind loyalty are better than one. Again it is error, not meaning, that decides.
#
# ## Optional: an airport, two years, with weights
#
# `sfo_airport` (on request): passengers of San Francisco airport. The recommendation question was asked in two of its five years, from 0 to 10, and the answers carry survey
# weights. Fetch it once after you have read its terms, with `cx.fetch_dataset("sfo_airport", accept_terms=True)`; then write the name into the cell below. Empty, as it is, it does
# nothing. Look at the effective n beside n, and at the interval of the change.

# %%
companion = ""

if companion:
    airport = cx.load_dataset(companion)
    by_year = cx.nps("netpro", data=airport, group="year", weights="weight")
    print(by_year.summary())
    print(by_year.differences[["group_1", "group_2", "difference", "ci_lower", "ci_upper", "pvalue"]])

# %% [markdown]
# ## What a paper would report
#
# Each metric with its question, its scale and its direction; estimate, interval and n, weighted or not. For a change: the same customers or others, how many were lost, the
# interval of the difference, the smallest change that could have been found. The reliability of single questions, or that it is unknown. For a contest: the outcome, seen or only
# intended, and when it was asked; folds, repeats and seed; scores out of sample with intervals; the smallest difference of interest, *set before*; every verdict, undecided ones
# too. The sentence below is composed from the results.

# %%
table = contest.table.set_index("model")
best = {key: table.loc[f"{key}: linear"] for key in ("csat", "nps")}
scored = {
    key: f"{number(one['score'], 2, bounded=True)} {span(one['ci_lower'], one['ci_upper'], 2, True)}"
    for key, one in best.items()
}
gone = contest.difference("nps: linear", "csat: linear")
between = f"{number(gone['difference'], 2, bounded=True)} {span(gone['ci_lower'], gone['ci_upper'], 2, True)}"
report.finding(
    {
        "en": f"For a paper: “Out of sample ({contest.folds} folds, {contest.repeats} repeats, n = {contest.n}) readiness to recommend predicted stated repurchase with R² = {scored['nps']}, overall satisfaction with R² = {scored['csat']} (difference {between}, corrected resampled t interval). All three were single questions of one questionnaire.”",
        "vi": f"Cho bài báo: “Ngoài mẫu ({contest.folds} phần, lặp {contest.repeats} lần, n = {contest.n}), mức sẵn lòng giới thiệu dự báo ý định mua lại với R² = {scored['nps']}, hài lòng chung với R² = {scored['csat']} (chênh lệch {between}, khoảng t hiệu chỉnh cho lấy mẫu lặp). Cả ba đều là câu hỏi đơn trong cùng một bảng hỏi.”",
    }
)

# %% [markdown]
# ## Take-aways
#
# - NPS is about recommending. Print its interval; a change of a few points needs thousands of customers.
# - Means over waves are means over survivors. Follow the same customers, and count the lost.
# - Say the version of an effort score, and check its direction against another answer.
# - A contest of single questions is in part a contest of their errors. Three questions are cheap insurance.
# - Judge out of sample, with a smallest difference set before. *Undecided* is a result.
# - An intention asked on the same page is an easy outcome. What customers do is the hard one.

# %%
cx.provenance(survey, panel, buyers, log, seed=seed)
