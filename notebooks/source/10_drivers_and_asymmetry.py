# %% [markdown]
# # What drives satisfaction? Importance, asymmetry, and what a survey cannot say
#
# **About 75 minutes.** After this notebook you can
#
# 1. say which of several overlapping experiences matter most, by methods that answer different questions, and how sure that is;
# 2. show why regression coefficients dance when experiences go together, and what the calmer measures hide;
# 3. draw an importance-performance map and name its traps;
# 4. ask whether a straight line misses anything, and tell a basic factor from one that delights;
# 5. replace a difference score by the model that it stands for;
# 6. test an indirect effect, an interaction and an ordered outcome, and say what each takes for granted.

# %% tags=["parameters"]
seed = 20261122
lang = "en"
reports = None

# %%
import cxlab as cx
from cxlab.i18n import format_number as number
from cxlab.i18n import p_text

cx.use_language(lang)
report = cx.Report("10_drivers_and_asymmetry", folder=reports, lang=lang)


def say(en, vi):
    return {"en": en, "vi": vi}


report.question(say("Which experiences drive satisfaction, and does a bad one cost more than a good one brings?", "Trải nghiệm nào tác động đến sự hài lòng, và một trải nghiệm tệ có làm mất nhiều hơn những gì một trải nghiệm tốt mang lại không?"))  # fmt: skip

# %% [markdown]
# ## Three questions in one word
#
# "Which experience is important?" can mean three things. How strongly does it go with satisfaction **alone** (a correlation)? What does it add **when all others are known** (a regression coefficient)? What does it add
# **on average over all orders** in which experiences could enter (LMG, after Lindeman, Merenda & Gold, 1980; the Shapley value of game theory; general dominance of Budescu, 1993)? If experiences were unrelated, the three would
# agree. In surveys they never are. Johnson's relative weights (2000) come close to LMG with less work. None of them says what happens if a manager *changes* something.
#
# The first data are real: advertisers in the Yellow Pages, satisfied overall (`q1`) and with nine aspects from price to distribution (`q2` to `q10`). **Before you run anything:** look at the nine questions. Which one will lead,
# and which can you do without? Write it down.

# %%
survey = report.data(cx.load_dataset("yellow_pages"))
aspects = [f"q{k}" for k in range(2, 11)]
my_guess = ["q2", "q10"]  # the leader, and the one to do without
{name: survey.codebook.items[name].label[lang] for name in aspects}

# %% [markdown]
# ## Response style first
#
# Before any driver is weighed: who answered? People who tick one number throughout agree with themselves perfectly. Each of them adds the same thing to every correlation, so that all drivers look stronger and more alike. The
# flags below count straight lines, long runs, persons with hardly any spread, and rows that repeat an earlier row. A repeated row here is mostly a straight line met twice, not a copied record. (Notebook 02 looks at these rules
# one by one.) We leave out the straight lines, for a reason stated before results are known, and show the analysis with and without them.

# %%
screened = survey.screen(straightline=True, longstring=8, irv=0.3)
clean = screened.exclude("straightline")
report.add(screened.apa_flags(lang), "flags")

# %%
import pandas as pd

from cxlab.show.table import Column, Table

both = {"all": survey, "clean": clean}
runs = {key: cx.drivers("q1", aspects, data, n_boot=1000, seed=seed) for key, data in both.items()}
parts = {key: run.of("lmg").set_index("predictor") for key, run in runs.items()}
rows = pd.DataFrame({f"{key}_{name}": part[name] for key, part in parts.items() for name in ("importance", "share")})
rows.insert(0, "aspect", [survey.codebook.items[name].label[lang] for name in rows.index])
heads = {"aspect": Column(say("Aspect", "Khía cạnh"))}
kinds = {"importance": say("LMG", "LMG"), "share": say("Share", "Tỷ phần")}
heads |= {f"{key}_{name}": Column(text, "bounded", digits=3) for key in both for name, text in kinds.items()}

# %%
groups = {"all": say("All respondents", "Mọi người trả lời"), "clean": say("Without straight lines", "Bỏ trả lời một mức")}  # fmt: skip
spans = tuple((text, tuple(f"{key}_{name}" for name in kinds)) for key, text in groups.items())
title = say("Importance with and without straight lines", "Tầm quan trọng khi giữ và khi bỏ người trả lời một mức")
report.add(Table(rows, heads, title, spanners=spans), "response_style")

# %%
r2 = {key: number(run.fit["r2"], 3, bounded=True) for key, run in runs.items()}
moved = int((parts["all"]["rank"] != parts["clean"]["rank"]).sum())
report.finding(
    say(
        f"Leaving out {len(survey) - len(clean)} straight-liners lowers R² from {r2['all']} to {r2['clean']}; {moved} of {len(aspects)} aspects change their rank. With straight lines in, the drivers look stronger; what changes is their strength more than their order.",
        f"Bỏ {len(survey) - len(clean)} người trả lời một mức làm R² giảm từ {r2['all']} xuống {r2['clean']}; {moved} trong {len(aspects)} khía cạnh đổi thứ hạng. Khi giữ những người trả lời một mức, các yếu tố tác động trông mạnh hơn; điều thay đổi là độ mạnh, hơn là thứ tự của chúng.",
    )
)

# %% [markdown]
# ## Which aspects, and how sure?
#
# Four methods side by side: standardised coefficients (β), Johnson's relative weights, LMG, and the squared correlation of each aspect by itself. The bars are 95% intervals from resampled respondents. Read across a row, not down a
# column: where an aspect has a tall squared correlation and a coefficient near zero, the others already say what it says. Look for a **negative** coefficient, too. Does good distribution really make advertisers unhappy? These data do not
# say so: its interval includes zero, and it is what is left of a positive correlation after stronger neighbours took their part.

# %%
methods = ["beta", "relative_weights", "lmg", "zero_order"]
found = cx.drivers("q1", aspects, clean, method=methods, n_boot=1000, seed=seed)
title = say("Nine aspects by four methods (straight lines left out)", "Chín khía cạnh theo bốn phương pháp (đã bỏ người trả lời một mức)")  # fmt: skip
report.add(found.plot(lang), "drivers", title, main=True)

# %%
report.add(runs["clean"], "drivers_table")

# %%
named = {key: item.label[lang] for key, item in survey.codebook.items.items()}
ranks = found.of("lmg").set_index("predictor")["rank"]
{named[key]: int(ranks[key]) for key in my_guess}

# %% [markdown]
# How did your guess do? (The last line gives the ranks of your two aspects.) A rank without an interval is a rumour. Two drivers whose intervals overlap may still differ surely, because in the same resample both move together; so the *difference* needs its own interval. The next table compares the leader with
# all others. *Same order* is the share of resamples in which the leader stays ahead. Only pairs whose interval leaves out zero may be ranked in a report. And note what the intervals of LMG cannot do: a share is never negative, so an interval
# above zero is no proof that a driver matters at all.

# %%
from dataclasses import replace

pairs = found.apa_differences("lmg", lang)
report.add(replace(pairs, frame=pairs.frame.head(len(aspects) - 1)), "differences")

# %%
lead = found.of("lmg").iloc[0]
tied = found.differences.query("method == 'lmg' and first == @lead.predictor and not distinct")["second"]
also = ", ".join(named[key] for key in tied)
share = f"{100 * lead['share']:.0f}%"
low, high = (f"{100 * lead[end]:.0f}%" for end in ("share_lower", "share_upper"))
report.finding(
    say(
        f"“{named[lead['predictor']]}” leads with {share} [{low}, {high}] of the explained variance (LMG); it cannot be told from: {also or 'none'}.",
        f"“{named[lead['predictor']]}” đứng đầu với {share} [{low}; {high}] phương sai được giải thích (LMG); chưa thể phân biệt với: {also or 'không có'}.",
    )
)

# %% [markdown]
# ## Why coefficients dance, and why calm is not truth
#
# Below is a **simulated** survey in which we know the answer: driver A has a true standardised coefficient of four tenths, driver B of one tenth. Only one thing moves: the correlation between the two. Move it up and watch both panels. The
# coefficients keep their truth on average, but their intervals grow until A and B cannot be ranked. LMG stays calm. Is it therefore better?
#
# **Guess first:** when A and B are nearly the same thing, what share of the explained variance will LMG give to B?


# %%
def two_drivers(correlation):
    truth = f"Y ~ 0.4*A + 0.1*B\nA ~~ {correlation}*B"
    made = cx.simulate(truth, 300, seed, standardized=True)
    return cx.drivers("Y", ["A", "B"], made, method=["beta", "lmg"], n_boot=400, seed=seed)


def show_drivers(correlation):
    return two_drivers(correlation).plot(lang)


cx.explore(show_drivers, live=reports is None, correlation=(0.9, 0.0, 0.95, 0.05))

# %%
from cxlab.show import curve_plot

pieces = []
for correlation in (0.0, 0.2, 0.4, 0.6, 0.8, 0.95):
    small = two_drivers(correlation)
    for key, columns, label in (("beta", ["importance", "ci_lower", "ci_upper"], say("β of B", "β của B")), ("lmg", ["share", "share_lower", "share_upper"], say("LMG share of B", "Tỷ phần LMG của B"))):  # fmt: skip
        row = small.of(key).set_index("predictor").loc["B", columns]
        pieces.append({"label": label[lang], "x": correlation, **dict(zip(("estimate", "ci_lower", "ci_upper"), row, strict=True))})  # fmt: skip
sweep = pd.DataFrame(pieces)

# %%
xlabel = say("Correlation between A and B", "Tương quan giữa A và B")
curves = curve_plot(sweep, reference=0.1, xlabel=xlabel, ylabel=say("Value for B", "Giá trị của B"), bounded=False, lang=lang)  # fmt: skip
title = say("The weaker driver B as it comes closer to A (simulated; dashed: its true coefficient)", "Yếu tố yếu hơn B khi tiến gần A (mô phỏng; nét đứt: hệ số thật của B)")  # fmt: skip
report.add(curves, "collinearity", title, main=True)

# %%
last = sweep.groupby("label")[["estimate", "ci_lower", "ci_upper"]].last()
width = last["ci_upper"] - last["ci_lower"]
names = [say("β of B", "β của B")[lang], say("LMG share of B", "Tỷ phần LMG của B")[lang]]
report.finding(
    say(
        f"Simulated: at the strongest correlation β of B has an interval of width {number(width[names[0]], 2)}, and LMG gives B {100 * last.loc[names[1], 'estimate']:.0f}% of the explained variance, though its true coefficient is a quarter of A's.",
        f"Mô phỏng: ở mức tương quan cao nhất, khoảng tin cậy của β cho B rộng {number(width[names[0]], 2)}, còn LMG cho B {100 * last.loc[names[1], 'estimate']:.0f}% phương sai được giải thích, dù hệ số thật của B chỉ bằng một phần tư của A.",
    )
)

# %% [markdown]
# So LMG is calm because it shares alike what nobody can separate: with perfect overlap each gets half, whatever the truth. Coefficients answer "what does B add beyond A" honestly and imprecisely; LMG answers "how much of what A and B
# explain could be put down to B" precisely, with a rule of fairness in place of knowledge. Neither is wrong. Show both, and do not let a calm number decide between two experiences that customers meet together. No method can find out
# after the survey what the design did not vary.
#
# ## The importance-performance map
#
# Put importance on one axis and today's rating on the other, and four pieces of advice appear: work on it first, keep it up, low priority, more than needed (Martilla & James, 1977). The crosses are intervals; the percentages in the table say in how many
# resamples an aspect stays in its quadrant.

# %%
mapped = cx.importance_performance("q1", aspects, clean, n_boot=1000, seed=seed)
report.add(mapped.plot(lang), "map", main=True)

# %%
report.add(mapped, "map_table")

# %%
urgent = mapped.table.query("priority_draws > 0.95")["predictor"]
open_ones = mapped.table.query("0.05 < priority_draws <= 0.95")["predictor"]
first, second = (", ".join(named[key] for key in keys) for keys in (urgent, open_ones))
report.finding(
    say(
        f"Important and rated low in more than 95% of resamples: {first or 'none'}. Undecided: {second or 'none'}.",
        f"Quan trọng mà điểm thấp trong hơn 95% mẫu lặp: {first or 'không có'}. Chưa ngã ngũ: {second or 'không có'}.",
    )
)

# %% [markdown]
# Four traps. The lines are *means of these nine aspects*: drop one aspect and others change quadrant, and somebody is always below average. Questions on price often draw low marks, so a low rating may be the nature of the question. Importance
# here is a share of variance: an aspect on which all customers agree gets none, however vital it is (Oh, 2001, on this and more). And the map assumes that a step up is worth what a step down costs. That last assumption can be tested.
#
# ## Does a straight line miss anything?
#
# Boosted trees find bends and interactions by themselves. If they predict new respondents no better than a plain regression, there is little that these data could show beyond straight lines. Everything is chosen within the training
# rows, so the comparison is fair. **Guess:** how much will the trees gain?

# %%
yard = cx.yardsticks("q1", aspects, clean, models=["mean", "linear", "ridge", "boosting"], repeats=2, seed=seed)
report.add(yard.plot(lang), "yardsticks")

# %%
report.add(yard, "yardsticks_table")

# %%
report.finding(say(f"Yellow Pages: {yard.verdict_text('en')}", f"Trang Vàng: {yard.verdict_text('vi')}"))

# %% [markdown]
# ## Six P's, simulated: the second case
#
# For the Yellow Pages the line will do. Now a case where we know what was built in. *Total customer experience* orders what a buyer meets by six P's. The next data are **simulated**: no such buyers of a computer exist. Their truth lies
# sealed in the codebook until the end. As always, careless respondents leave first, by three rules chosen before any result: answers faster than reading, a long run of one answer, a failed attention check. Young buyers on the web
# met nobody and were not asked about people; their rows drop out of every analysis that needs this score.
#
# **Your guess:** which P leads, and which two overlap most?

# %%
six = list(cx.framework("total_cx").constructs["construct"])
report.add(cx.framework("total_cx").table(lang), "six_ps")

# %%
computers = report.data(cx.load_dataset("total_cx_6p"))
rules = computers.screen(attention=True, min_seconds="2/item", longstring="half")
buyers = rules.exclude("min_seconds", "longstring", "attention").reverse_scored()
title = say("From collected to analysed (simulated buyers)", "Từ thu thập đến phân tích (người mua mô phỏng)")
report.add(buyers.flow(lang=lang), "flow", title)

# %%
driven = cx.drivers("satisfaction", six, buyers, method=methods, n_boot=1000, seed=seed)
title = say("What drives satisfaction: six P's by four methods (simulated data)", "Điều gì tác động đến sự hài lòng: sáu P theo bốn phương pháp (dữ liệu mô phỏng)")  # fmt: skip
report.add(driven.plot(lang), "six_drivers", title, main=True)

# %%
regression = cx.regress("satisfaction ~ " + " + ".join(six), buyers)
title = say("Regression of satisfaction on the six P's (simulated data)", "Hồi quy sự hài lòng theo sáu P (dữ liệu mô phỏng)")  # fmt: skip
report.add(regression.apa(lang), "six_regression", title)

# %%
between = buyers.scores()[six].corr().rename_axis("one", axis=0).rename_axis("other", axis=1).stack()
closest = between[between < 1].idxmax()
labels = {key: construct.label[lang] for key, construct in computers.codebook.constructs.items()}
vif = regression.table.set_index("term").loc[list(closest), "vif"].max()
told = number(between[closest], 2, bounded=True)
report.finding(
    say(
        f"Simulated buyers: {labels[closest[0]]} and {labels[closest[1]]} overlap most (scores correlate {told}), yet the largest of their variance inflation factors is only {number(vif, 1)}.",
        f"Người mua mô phỏng: {labels[closest[0]]} và {labels[closest[1]]} chồng lấn nhiều nhất (điểm số tương quan {told}), nhưng hệ số phóng đại phương sai lớn nhất của hai P này chỉ là {number(vif, 1)}.",
    )
)

# %% [markdown]
# A small variance inflation is often read as an all-clear. It only says that coefficients are not *imprecise*. Scores contain error, and error lowers the correlation that inflation is computed from; what one P loses through error, an overlapping
# neighbour picks up. Keep the coefficient of promotion in mind until the seal is broken.
#
# ## Taken for granted
#
# "A great purchase, poor support, so leave": one bad stage can outweigh a good one. Penalty-reward contrasts (Brandt, 1987) give each attribute two coefficients in place of one line: the **penalty** of low against middling, the **reward**
# of high against middling. A *basic* factor only punishes, an *excitement* factor only rewards. The outcome now is the experience as a whole. **Which P will customers take for granted?**

# %%
theory = cx.theory_table("journey_management")
ideas = theory.apa(lang)
report.add(replace(ideas, frame=ideas.frame[theory.table["key"].eq("asymmetry").to_numpy()]), "asymmetry")

# %%
contrasts = cx.penalty_reward("overall", six, buyers, split="sample", n_boot=1000, seed=seed)
title = say("Penalty and reward of the six P's for the whole experience (simulated data)", "Phạt và thưởng của sáu P đối với trải nghiệm nói chung (dữ liệu mô phỏng)")  # fmt: skip
report.add(contrasts.plot(lang), "penalty_reward", title, main=True)

# %%
title = say("Penalty-reward contrasts (simulated data)", "Tương phản phạt - thưởng (dữ liệu mô phỏng)")
report.add(contrasts.apa(lang), "penalty_reward_table", title)

# %%
people = contrasts.table.set_index("attribute").loc["people"]
cost = [number(-people[key], 2) for key in ("penalty", "penalty_ci_upper", "penalty_ci_lower")]
gain = [number(people[key], 2) for key in ("reward", "reward_ci_lower", "reward_ci_upper")]
report.finding(
    say(
        f"Simulated buyers: against a middling rating of people, a low one goes with {cost[0]} points [{cost[1]}, {cost[2]}] less for the whole experience, a high one with a difference of {gain[0]} [{gain[1]}, {gain[2]}]: the pattern of something taken for granted.",
        f"Người mua mô phỏng: so với điểm thuộc lớp giữa về con người, điểm thấp đi cùng mức trải nghiệm nói chung thấp hơn {cost[0]} điểm [{cost[1]}; {cost[2]}], điểm cao đi cùng mức chênh {gain[0]} điểm [{gain[1]}; {gain[2]}]: đúng dạng của điều được xem là đương nhiên.",
    )
)

# %% [markdown]
# Three cautions. *Low* means the lowest third of these buyers (`split="sample"`): on the scale itself hardly anybody is low, and classes of a handful of people would decide; try `split="scale"` and read the warning. Second, the percentage
# behind each factor is about sampling alone: a factor that looks sure can still borrow its effect from an overlapping neighbour. Third, low and high lie at unequal distances from the middle, and then even a straight line gives unequal contrasts; *p (bend)* compares them per
# scale point. Now compare with the map, which cannot see any of this.

# %%
whole = cx.importance_performance("overall", six, buyers, n_boot=1000, seed=seed)
title = say("The map for the whole experience (simulated data)", "Bản đồ cho trải nghiệm nói chung (dữ liệu mô phỏng)")
report.add(whole.plot(lang), "six_map", title)

# %%
place = whole.table["predictor"].tolist().index("people") + 1
report.finding(
    say(
        f"Simulated buyers: by LMG people rank {place} of {len(six)} for the whole experience. A ranking invites further investment in staff; the contrasts show no reward for it, only a penalty to avoid.",
        f"Người mua mô phỏng: theo LMG, con người đứng thứ {place} trong {len(six)} đối với trải nghiệm nói chung. Bảng xếp hạng mời gọi đầu tư thêm vào nhân viên; các tương phản không cho thấy phần thưởng nào, chỉ có mức phạt cần tránh.",
    )
)

# %% [markdown]
# Would the yardsticks have noticed? They search for *any* bend among six P's; the contrasts test *one* that a theory names. With a few hundred respondents the search is weak and the named test is strong, so read the verdict below
# to its end: no gain shown is not the same as no gain. It also shows the division of labour. A yardstick tells whether the whole model leaves much behind; it does not tell where. **Guess the verdict** before you run it, now that you
# have seen the bend.

# %%
bent = cx.yardsticks("overall", six, buyers, models=["linear", "boosting"], repeats=2, seed=seed)
report.finding(say(f"Simulated buyers: {bent.verdict_text('en')}", f"Người mua mô phỏng: {bent.verdict_text('vi')}"))

# %% [markdown]
# ## Kano: asking about presence and absence
#
# The same idea can be asked directly (Kano et al., 1984): how would you feel if the attribute were there, and how if it were not? Each pair of answers falls into a class. Below are answers **invented for this lesson**, as counts of
# pairs for four attributes of buying a computer: one like, two must be, three neutral, four can live with, five dislike. In the first table (–) marks the answer to absence. Find the row
# whose class is not clear, and say why.

# %%
asked = [
    (say("Works on the first day", "Chạy tốt ngay ngày đầu"), {(2, 5): 34, (1, 5): 14, (3, 5): 8, (3, 3): 4}),
    (say("Short wait at the counter", "Chờ ở quầy không lâu"), {(1, 5): 31, (2, 5): 11, (1, 3): 10, (3, 3): 8}),
    (say("Set up at home for free", "Cài đặt miễn phí tại nhà"), {(1, 3): 24, (1, 4): 12, (1, 5): 9, (3, 3): 15}),
    (say("Choice of colours", "Nhiều màu để chọn"), {(1, 3): 27, (3, 3): 26, (3, 4): 4, (4, 1): 3}),
]
there = [text[lang] for text, _ in asked]
missing = [f"{name} (–)" for name in there]
answers = [list(zip(*(pair for pair, times in counts.items() for _ in range(times)), strict=True)) for _, counts in asked]  # fmt: skip
invented = pd.DataFrame({column: side for name, gone, pair in zip(there, missing, answers, strict=True) for column, side in zip((name, gone), pair, strict=True)})  # fmt: skip
cx.InventedRows(invented.iloc[::20])

# %%
kano = cx.kano(there, missing, invented, answers="like_first", n_boot=1000, seed=seed)
title = say(f"Kano classes of four attributes ({len(invented)} invented respondents)", f"Phân loại Kano của bốn thuộc tính ({len(invented)} người trả lời hư cấu)")  # fmt: skip
report.add(kano.plot(lang), "kano", title)

# %%
report.add(kano.apa(lang), "kano_table", title)

# %% [markdown]
# A category is a vote, and a vote can be close: *the percentage in brackets* says in how many resamples the same class wins, and the tests in the table are too kind, since they compare the two largest classes after looking. More important, two ways lead to
# "taken for granted": Kano asks people to imagine, the contrasts watch how ratings go together. They often disagree (Mikulić & Prebežac, 2011). Report which one you used.
#
# ## Expected and received
#
# Satisfaction as a comparison is an old idea (Oliver, 1980). The table lists what can happen, then four models of it, and what each takes for granted. Note the status of each row. **Before you go on:** which model says that two customers with the
# same gap, one at the top of the scale and one at the bottom, are equally satisfied?

# %%
report.add(cx.theory_table("expectation_comparison"), "expectations")

# %% [markdown]
# Real data again: customers of a mobile provider, who rated what they had expected and what they got (`ecsi_mobile`). One pair of questions is the same in both lists, the overall quality, so the classic gap can be had: perception
# less expectation, with a paired test. That describes. The trouble starts when the gap becomes a *predictor*. It forces expectation and perception to have equal and opposite effects, and the difference of two unreliable scores is less
# reliable than either (Peter, Churchill & Brown, 1993). Polynomial regression sets both free and tests what the difference assumes (Edwards & Parry, 1993).

# %%
phones = report.data(cx.load_dataset("ecsi_mobile"))
gap = cx.gap("CUEX1", "PERQ1", phones)
report.add(gap, "gap")

# %%
surface = cx.response_surface("satisfaction", "expectations", "quality", phones)
report.add(surface.plot(lang), "surface", main=True)

# %%
report.add(surface.apa_comparisons(lang), "surface_models")

# %%
models = surface.comparisons.set_index("model")
fits = [number(models.loc[key, "r2"], 3, bounded=True) for key in ("difference", "linear", "full")]
tests = [p_text(models.loc[key, "wald_pvalue"], lang) for key in ("difference", "linear")]
report.finding(
    say(
        f"The difference score explains {fits[0]} of the variance of satisfaction; expectation and quality with a slope each explain {fits[1]}, the full surface {fits[2]}. Robust Wald tests against the full surface (a small p refuses): constraints of the difference score {tests[0]}, of the two slopes {tests[1]}.",
        f"Điểm chênh lệch giải thích phần {fits[0]} của phương sai sự hài lòng; kỳ vọng và chất lượng, mỗi biến một hệ số, giải thích {fits[1]}, mặt đáp ứng đầy đủ {fits[2]}. Kiểm định Wald vững so với mặt đầy đủ (p nhỏ là bác bỏ): các ràng buộc của điểm chênh lệch {tests[0]}, của mô hình hai hệ số {tests[1]}.",
    )
)

# %% [markdown]
# The surface is nearly a plane that climbs with quality: who rates quality high is satisfied, and what was expected adds little. (Expectations were asked *afterwards* here, and memory bends them; a panel would ask before.) What would the gap say in a world where
# expectation has no effect at all? Make one: in the **simulated** survey below satisfaction (S) depends on what was received (P) and on nothing else; those who expect more (E) also receive a little more. **Guess:** will the gap P − E look like a predictor of satisfaction?

# %%
made = cx.simulate("P ~ 0.3*E\nS ~ 0.7*P + 0*E", 400, seed, standardized=True, points=7)
gaps = made.data.assign(gap=made.data["P"] - made.data["E"])
fooled = cx.regress("S ~ gap", gaps).table.set_index("term").loc["gap"]
honest = cx.response_surface("S", "E", "P", made)
title = say("Difference score against both scores (simulated: E has no effect)", "Điểm chênh lệch và hai điểm riêng (mô phỏng: E không có tác động)")  # fmt: skip
report.add(honest.apa_comparisons(lang), "simulated_gap", title)

# %%
slope = honest.coefficients.set_index("term").iloc[1]
b, low, high = (number(fooled[key], 2) for key in ("b", "ci_lower", "ci_upper"))
e, e_low, e_high = (number(slope[key], 2) for key in ("b", "ci_lower", "ci_upper"))
report.finding(
    say(
        f"Simulated, expectation without any effect: the gap still has a clear coefficient, {b} [{low}, {high}]. Set free, expectation has {e} [{e_low}, {e_high}].",
        f"Mô phỏng, kỳ vọng không hề có tác động: điểm chênh lệch vẫn có hệ số rõ rệt, {b} [{low}; {high}]. Khi được thả tự do, kỳ vọng có hệ số {e} [{e_low}; {e_high}].",
    )
)

# %% [markdown]
# A firm that reads "the gap matters" may start to lower expectations. Nothing of that follows from such a coefficient: the minus before E was put there by the analyst. Wrong models cost money.
#
# ## Through what? Mediation
#
# Back to the **simulated** buyers. If process leads to loyalty, is it *through* satisfaction? The indirect effect is the product of two coefficients, so its interval comes from the bootstrap (Shrout & Bolger, 2002). The other P's stand in both regressions.
# The figure asks the question that most papers leave out: how strongly would causes that nobody measured have to move satisfaction and loyalty together before the indirect effect is gone (Imai, Keele & Yamamoto, 2010)?

# %%
others = [key for key in six if key != "process"]
through = cx.mediation("process", "satisfaction", "loyalty", buyers, covariates=others, n_boot=1000, seed=seed)
title = say("Process, satisfaction, loyalty (simulated data)", "Quy trình, sự hài lòng, lòng trung thành (dữ liệu mô phỏng)")  # fmt: skip
report.add(through.apa(lang), "mediation", title)

# %%
title = say("How much confounding the indirect effect would bear (simulated data)", "Tác động gián tiếp chịu được bao nhiêu gây nhiễu (dữ liệu mô phỏng)")  # fmt: skip
report.add(through.plot(lang, kind="sensitivity"), "sensitivity", title)

# %%
indirect = through.table.set_index("effect").loc["indirect"]
values = [number(indirect[key], 2) for key in ("estimate", "ci_lower", "ci_upper")]
rho = number(float(through.sensitivity["rho_zero"].dropna().iloc[0]), 2, bounded=True)
report.finding(
    say(
        f"Simulated buyers, if process comes before satisfaction and satisfaction before loyalty: indirect effect of process {values[0]} [{values[1]}, {values[2]}]; it would vanish if unmeasured causes made the two residuals correlate by {rho}.",
        f"Người mua mô phỏng, nếu quy trình có trước sự hài lòng và sự hài lòng có trước lòng trung thành: tác động gián tiếp của quy trình là {values[0]} [{values[1]}; {values[2]}]; tác động này biến mất nếu các nguyên nhân không đo khiến hai phần dư tương quan {rho}.",
    )
)

# %% [markdown]
# ## For whom? Moderation
#
# Does good complaint handling win back only those who are dissatisfied? That is an interaction, asked of the real phone customers: the effect of complaint handling on loyalty, moderated by satisfaction. The Johnson-Neyman figure draws this
# effect over the whole range of satisfaction and marks where its interval leaves out zero (Johnson & Fay, 1950). Read the figure first, form a sentence, then read the test of the product, in the finding below the table. Does the sentence survive?

# %%
handled = cx.moderation("loyalty", "complaints", "satisfaction", phones)
report.add(handled.plot(lang, kind="region"), "johnson_neyman")

# %%
report.add(handled, "slopes")

# %%
marked = handled.region.query("significant")
share = f"{100 * marked['share'].sum():.0f}%"
p = number(handled.test["pvalue"], 3, bounded=True)
report.finding(
    say(
        f"The slope of loyalty on complaint handling is clear of zero for {share} of the customers, by their satisfaction; but that it changes with satisfaction is not shown (p = {p}).",
        f"Hệ số của lòng trung thành theo xử lý khiếu nại khác 0 rõ rệt ở {share} khách hàng, xét theo mức hài lòng; nhưng dữ liệu chưa cho thấy hệ số này thay đổi theo sự hài lòng (p = {p}).",
    )
)

# %% [markdown]
# "Significant here, not significant there" is not yet "different here and there" (Gelman & Stern, 2006). Only the test of the product speaks of a difference; the region says for which values the data suffice to see an effect.
#
# ## Steps that are not equal
#
# All models so far took answers as points on a ruler. With three answers, low, medium and high, that is bold. An ordered logit asks only for the order. These data are real and old: tenants in Copenhagen (Madsen, 1976), handed down as a table of
# counts, so each row stands for as many people as `freq` says. Odds ratios are hard to picture; average marginal effects say by how many percentage points each answer becomes more or less frequent.

# %%
tenants = report.data(cx.load_dataset("housing_satisfaction"))
ladder = cx.ordinal("satisfaction ~ C(influence) + C(housing_type) + C(contact)", tenants, frequencies="freq")
report.add(ladder, "ordinal")

# %%
effects = ladder.marginal_effects()
report.add(effects.plot(lang), "marginal_effects")

# %%
report.add(ladder.parallel_test(), "parallel")

# %%
parallel = ladder.parallel_test().table.set_index("term").loc["all"]
most = effects.table.query("variable == 'influence' and answer == 3").set_index("contrast").loc["3 - 1"]
points = [f"{100 * most[key]:.0f}" for key in ("effect", "ci_lower", "ci_upper")]
brant = number(parallel["brant_pvalue"], 3, bounded=True)
report.finding(
    say(
        f"Tenants with much influence on the management are highly satisfied more often than those with little, at equal type of housing and contact: by {points[0]} percentage points [{points[1]}, {points[2]}]. Parallel lines are not refused (Brant test, p = {brant}).",
        f"Người thuê có nhiều ảnh hưởng đến việc quản lý đạt mức hài lòng cao thường xuyên hơn người có ít ảnh hưởng, khi loại nhà và mức tiếp xúc như nhau: chênh {points[0]} điểm phần trăm [{points[1]}; {points[2]}]. Giả định các đường song song không bị bác bỏ (kiểm định Brant, p = {brant}).",
    )
)

# %% [markdown]
# The model assumes **parallel lines**: what moves people from low to medium moves them as strongly from medium to high. Brant's test (1990) compares the two steps. It is the same question as the penalty and the reward, asked of an outcome:
# does a step mean the same everywhere? Here nothing speaks against it. With thousands of answers the test will complain about trifles; then compare predicted probabilities with and without the assumption, not p with .05.
#
# ## Exercise
#
# Where would you invest? Raising the mean rating of a P by one point costs what the next cell says, in million đồng (**invented costs**, simulated buyers). Take the raw coefficients of `regression` as if they were effects. **For the best choice, how many points of
# satisfaction do 100 million đồng buy?** Then ask yourself how many of these words a survey can carry.

# %%
costs = pd.Series({"place": 40, "price": 150, "promotion": 100, "product": 140, "people": 90, "process": 300})
my_answer = None

# %%
term = regression.table.set_index("term").loc[six]
lmg = driven.of("lmg").set_index("predictor")["importance"]
hints = [
    (say("β is in standard deviations; the cost is of one point on the scale.", "β tính bằng độ lệch chuẩn; chi phí lại tính cho một điểm trên thang đo."), (100 * term["beta"] / costs).max()),
    (say("LMG is a share of variance, not points per point.", "LMG là một phần phương sai, không phải số điểm trên mỗi điểm."), (100 * lmg / costs).max()),
    (say("That is the largest coefficient; what does it cost?", "Đó là hệ số lớn nhất; nhưng chi phí thì sao?"), term["b"].max()),
    (say("The P with the largest coefficient is not the best buy.", "P có hệ số lớn nhất chưa phải khoản đầu tư tốt nhất."), 100 * term["b"].max() / costs[term["b"].idxmax()]),
    (say("That is the cheapest P.", "Đó là P rẻ nhất."), 100 * term["b"].loc[costs.idxmin()] / costs.min()),
]  # fmt: skip
slips = {text[lang]: float(value) for text, value in hints}
cx.check_answer(my_answer, float((100 * term["b"] / costs).max()), tolerance=0.003, slips=slips)

# %% [markdown]
# ## Breaking the seal
#
# What was built into the simulated buyers? First the paths to satisfaction, held against a structural model, which takes the error out of the scores and keeps respondents with gaps (FIML). Then the rule behind the whole experience. In the last column
# stands LMG computed from the *true* scores, which no survey ever sees. **Before you run it:** which of our statements will fall?

# %%
fit = cx.sem(cx.framework("total_cx").model(outcomes=["satisfaction"]), buyers, missing="fiml")
opened = cx.against_truth(fit).table.query("op == '~'").set_index("rhs").loc[six]
perfect = cx.drivers("satisfaction", six, cx.simulated_truth(buyers).scores, n_boot=0).of("lmg")
sealed = pd.DataFrame({"label": [labels[key] for key in six], "truth": opened["generating"]})
sealed["sem"], sealed["beta"] = opened["estimate"], term["beta"]
sealed["lmg"], sealed["perfect"] = (table.set_index("predictor")["share"] for table in (driven.of("lmg"), perfect))

# %%
heads = {"label": Column(say("P", "P")), "truth": Column(say("True path", "Đường dẫn thật"), "number")}
heads |= {"sem": Column(say("SEM path", "Đường dẫn SEM"), "number"), "beta": Column(say("β of scores", "β của điểm số"), "number")}  # fmt: skip
heads |= {"lmg": Column(say("LMG share", "Tỷ phần LMG"), "number"), "perfect": Column(say("LMG share, true scores", "Tỷ phần LMG, điểm thật"), "number")}  # fmt: skip
title = say("The truth about satisfaction (simulated), and what each method said", "Sự thật về sự hài lòng (mô phỏng), và mỗi phương pháp đã nói gì")  # fmt: skip
report.add(Table(sealed, heads, title), "truth", main=True)

# %%
computers.codebook.simulation["further"]["overall"]

# %%
promo, line, path = sealed.loc["promotion"], term.loc["promotion"], opened.loc["promotion"]
real = number(promo["truth"], 2)
said = [number(line[key], 2) for key in ("b", "ci_lower", "ci_upper")]
model = [number(path[key], 2) for key in ("estimate", "ci_lower", "ci_upper")]
shares = [f"{100 * promo[key]:.0f}%" for key in ("lmg", "perfect")]
verdict = contrasts.apa(lang).frame.set_index("attribute").loc["promotion", "verdict"]
report.finding(
    say(
        f"The seal is broken: promotion has a true path of {real} (simulated). The regression gave it {said[0]} [{said[1]}, {said[2]}]; the structural model {model[0]} [{model[1]}, {model[2]}]; LMG {shares[0]} of the explained variance, and {shares[1]} even from true scores, since it shares out what overlaps. The contrasts said: {verdict}.",
        f"Mở niêm phong: đường dẫn thật của xúc tiến là {real} (mô phỏng). Hồi quy cho {said[0]} [{said[1]}; {said[2]}]; mô hình cấu trúc cho {model[0]} [{model[1]}; {model[2]}]; LMG cho {shares[0]} phương sai được giải thích, và {shares[1]} ngay cả khi tính từ điểm thật, vì nó chia phần chồng lấn. Các tương phản nói: {verdict}.",
    )
)

# %% [markdown]
# Read the printed rule: the whole experience rises with satisfaction, and below the average of people it falls with a slope that the other side does not have. The contrasts found it, the map could not. But the same contrasts were sure of a false alarm about
# promotion: it overlaps with price, its items are the least reliable, and six attributes with two contrasts each are many chances. *Certainty in resamples is not truth.* One study is one draw; the honest sentence names
# what overlaps.
#
# ## Optional: kiosks, on request
#
# `kiosk_servqual` (real, on request, MIT licence) has expectation and perception of two dozen features of self-service kiosks, and twenty-nine Kano pairs of the same people. `cx.fetch_dataset("kiosk_servqual", accept_terms=True)` gets it once. Then write its name
# into the cell and run it. Empty, as it is, it does nothing. Look at how many *expect the maximum*: then the gap says little more than the perception. Which must-be features are also far below expectation?

# %%
companion = ""

if companion:
    kiosk = cx.load_dataset(companion)
    pairs = [f"{number_of:02d}" for number_of in range(1, 25)]
    print(cx.gap([f"e{pair}" for pair in pairs], [f"p{pair}" for pair in pairs], kiosk).summary(lang))
    feelings = [f"{number_of:02d}" for number_of in range(1, 30)]
    sides = ([f"{side}{pair}" for pair in feelings] for side in ("kf", "kd"))
    print(cx.kano(*sides, kiosk, answers="like_first", n_boot=500, seed=seed).summary(lang))

# %% [markdown]
# ## Three questions
#
# Choose an answer before you open it. Each one says why it is right or what it mixes up.

# %%
calm = (
    say("Two experiences correlate .95. LMG gives each about half, with narrow intervals. What does that show?", "Hai trải nghiệm tương quan 0,95. LMG cho mỗi cái khoảng một nửa, khoảng tin cậy hẹp. Điều đó cho thấy gì?"),
    [
        (say("Both matter equally.", "Cả hai quan trọng như nhau."), False, say("LMG shares alike what it cannot separate. Go back to the slider.", "LMG chia đều những gì nó không tách được. Hãy quay lại thanh trượt.")),
        (say("Together they matter; these data cannot say which.", "Cả hai cùng nhau thì quan trọng; dữ liệu này không nói được là cái nào."), True, say("Put them into one group of drivers, or vary them in an experiment.", "Hãy gộp chúng thành một nhóm, hoặc thay đổi từng cái trong một thí nghiệm.")),
    ],
)  # fmt: skip
basic = (
    say("People are a basic factor and rated high. What follows?", "Con người là yếu tố cơ bản và đang được đánh giá cao. Suy ra điều gì?"),
    [
        (say("Invest in even friendlier staff.", "Đầu tư để nhân viên thân thiện hơn nữa."), False, say("A basic factor has no reward to earn there.", "Yếu tố cơ bản không còn phần thưởng nào ở mức cao.")),
        (say("Save on staff, since nobody notices.", "Cắt giảm nhân viên, vì không ai để ý."), False, say("Everybody notices when it falls: that is the penalty.", "Ai cũng để ý khi chất lượng tụt xuống: đó chính là mức phạt.")),
        (say("Guard the level, and look for those who still meet bad staff.", "Giữ vững mức hiện có, và tìm những khách vẫn gặp nhân viên kém."), True, say("The gain lies in fewer bad encounters, not in better good ones.", "Lợi ích nằm ở việc bớt những lần gặp gỡ tệ, không phải làm tốt thêm những lần đã tốt.")),
    ],
)  # fmt: skip

# %%
minus = (
    say("Satisfaction is regressed on P − E, and the coefficient is significant. May one conclude that lower expectations raise satisfaction?", "Hồi quy sự hài lòng theo P − E, và hệ số có ý nghĩa thống kê. Có thể kết luận rằng hạ kỳ vọng sẽ nâng sự hài lòng không?"),
    [
        (say("Yes: E enters with a minus.", "Có: E mang dấu trừ."), False, say("The minus was put there by the analyst. In the simulation E had no effect, and the gap was significant all the same.", "Dấu trừ do người phân tích đặt vào. Trong mô phỏng, E không có tác động mà điểm chênh lệch vẫn có ý nghĩa.")),
        (say("No: fit P and E with a slope each, and test the constraint.", "Không: hãy cho P và E mỗi biến một hệ số, rồi kiểm định ràng buộc."), True, say("That is what the comparison of models does.", "Đó là điều mà bảng so sánh các mô hình làm.")),
    ],
)  # fmt: skip
cx.quiz(calm, basic, minus)

# %% [markdown]
# ## Take-aways
#
# - Look at response style before you weigh a driver. Straight lines make everything look strong.
# - Alone, last, on average over orders: three importances. Say which one, with intervals, and rank only what differs.
# - Coefficients dance because overlap leaves them little to go by. LMG is calm because it shares alike. Neither knows more.
# - A map assumes straight lines. Test for asymmetry where theory expects it, and distrust a class that overlapping neighbours could have made.
# - Difference scores answer a question nobody asked. Free the two slopes.
# - Indirect effects and interactions need their own tests, and a word on what was not measured.
#
# ## What a paper would report
#
# Which rows left and why, and the result with them; n; the measure of importance and its reason, with R², intervals, resamples and seed; differences behind every ranking; overlap of the drivers; a yardstick for non-linearity; for contrasts the limits of the classes, the bend and its test, and how many were tried; for
# indirect effects the covariates and the sensitivity; for interactions the test before the region; and that drivers are associations. The sentence below is written from the results.

# %%
full = found.fit
bounds = [number(full[key], 3, bounded=True) for key in ("r2", "r2_lower", "r2_upper")]
coefficient = found.of("beta").iloc[0]
beta = [number(coefficient[key], 2, bounded=True) for key in ("importance", "ci_lower", "ci_upper")]
report.finding(
    say(
        f"For a paper: After excluding {len(survey) - len(clean)} straight-liners (n = {int(full['n'])}), nine aspects explained R² = {bounds[0]}, 95% CI [{bounds[1]}, {bounds[2]}] of overall satisfaction. By LMG (Lindeman, Merenda & Gold, 1980; {int(full['n_boot'])} bootstrap resamples, seed {seed}), “{named[lead['predictor']]}” led with {100 * lead['share']:.0f}% of it (largest β = {beta[0]} [{beta[1]}, {beta[2]}]); it did not differ reliably from: {also or 'none'}. Associations do not show what a change would do.",
        f"Cho bài báo: Sau khi loại {len(survey) - len(clean)} người trả lời một mức (n = {int(full['n'])}), chín khía cạnh giải thích R² = {bounds[0]}, KTC 95% [{bounds[1]}; {bounds[2]}] của sự hài lòng chung. Theo LMG (Lindeman, Merenda & Gold, 1980; {int(full['n_boot'])} mẫu lặp bootstrap, hạt giống {seed}), “{named[lead['predictor']]}” đứng đầu với {100 * lead['share']:.0f}% (β lớn nhất = {beta[0]} [{beta[1]}; {beta[2]}]); chưa khác một cách tin cậy với: {also or 'không có'}. Mối liên hệ không cho biết một thay đổi sẽ mang lại điều gì.",
    )
)

# %%
cx.provenance(survey, computers, phones, tenants, seed=seed)
