# %% [markdown]
# # Journeys and touchpoints: a good episode is not a good journey
#
# **About 55 minutes.** After this notebook you can
#
# 1. turn a log or a questionnaire into checked events: who, when, at which stage and touchpoint, how it felt;
# 2. say what three, seven and eight stages each make visible, and what each hides;
# 3. draw a journey map whose pain points survive their intervals, a funnel that knows who is still under way, and a chain of stages;
# 4. let rules compete (mean, end, worst, peak and end) in explaining what a customer says of the whole journey;
# 5. measure how personal experience is, and compare touchpoints by frequency, by positivity and by attribution, with the limits of each;
# 6. find the bad stage behind a happy answer.

# %% tags=["parameters"]
seed = 20261122
lang = "en"
reports = None

# %%
import cxlab as cx
from cxlab.i18n import format_number as number

cx.use_language(lang)
report = cx.Report("12_journey_and_touchpoints", folder=reports, lang=lang)
report.question(
    {
        "en": "Where on the journey does it hurt, how sure is that, and what makes the whole journey good?",
        "vi": "Hành trình gây khó chịu ở đâu, điều đó chắc chắn đến mức nào, và điều gì làm nên một hành trình tốt?",
    }
)

# %% [markdown]
# ## The theory
#
# A **touchpoint** is any contact between customer and brand. Meyer and Schwager (2007) call experience the inner response to contact that is *direct* (buying, using, being served) or *indirect* (met through others
# or the media). Lemon and Verhoef (2016) add that a firm owns only some of these contacts, and order them in stages. Payne, Storbacka and Frow (2008) and Voss, Roth and Chase (2008) have quality judged over *all*
# encounters; Rawson, Duncan and Jones (2013) warn that firms polish single touchpoints and lose the journey. So experience has two levels, the moment and the whole, and this notebook goes back and forth
# between them.

# %%
report.add(cx.theory_table("touchpoint_owners"), "owners")

# %%
report.add(cx.theory_table("contact_types"), "contacts")

# %% [markdown]
# The last column says how we know: read in a source, told by one of the workbench's source articles, or recalled. A satisfied customer also compares what came with what was expected; notebook 10 takes up that
# comparison and why difference scores mislead.
#
# **Before you run anything**, think of the last larger thing that you bought, and write down three guesses. Which stage of such a journey feels worst on average: the first advertising, the purchase, or the support
# afterwards? Does the end or the average decide what people say of the whole? And of all the ups and downs in ratings, how much belongs to the *person*, how much to the *touchpoint*?
#
# ## A log, and what is wrong with it
#
# The log is **simulated**: the customers of an invented computer brand, with the flaws that logs have. Its truth stays sealed until the end.

# %%
from textwrap import fill

from cxlab.errors import DataError

log = report.data(cx.load_dataset("journey_events"))
try:
    cx.journey_events(log)
except DataError as trouble:
    print("\n".join(fill(line, 72, subsequent_indent="    ") for line in str(trouble).splitlines()))

# %% [markdown]
# The reader refuses. Some events stand in the log twice, with the same number; counted twice, they would weigh twice in every mean and appear as loops in every chain. We decide, openly, to keep the first of each. What
# was left out stays listed in `events.problems`. Here is one customer of the simulated log as the schema sees a journey. Each row answers six questions: who, when, through which channel, whose touchpoint it is,
# at which stage, and how it felt, from very negative to very positive.

# %%
events = cx.journey_events(log, on_problem="drop")
frame = events.frame
shown = ["time", "stage", "touchpoint", "owner", "channel", "contact", "valence"]
walks = frame.groupby("customer").agg(length=("step", "size"), rated=("valence", "count"), last=("stage", "last"))
someone = walks.query("length == 9 and rated >= 8 and last == 'support'").index[0]
cx.InventedRows(frame.loc[frame["customer"] == someone, shown].reset_index(drop=True))

# %%
report.add(events, "events")

# %% [markdown]
# Read the notices before the means. A missing rating is not a neutral one, and a mean speaks for those who rated. Journeys also go back, from support to use or to a second purchase; a reader who expects a straight line
# will call this an error, and it is life.
#
# ## Three, seven or eight stages?
#
# The literature codes the same journey in different grain: three stages in Lemon and Verhoef, seven steps or eight stages in practitioners' texts. A coding is a decision about what can be seen at all. The table puts
# them side by side; the assignment is the workbench's own, says so, and is open to argument. Where the seven have no step of their own (support), events go to the step before: the second table.

# %%
report.add(cx.theory_table("stage_mapping"), "codings")

# %%
report.add(cx.stage_coding("eight", "seven").apa(lang), "eight_to_seven")

# %%
coded = {"8": events, "7": events.recoded("seven"), "3": events.recoded("three")}
maps = {name: cx.journey_map(one) for name, one in coded.items()}
lost = {name: notice.values for name, one in coded.items() for notice in one.warnings if notice.key.endswith("moves_lost")}  # fmt: skip
gone = {name: number(100 * values["lost"] / values["moves"], 0) for name, values in lost.items()}
low, wide = (maps[name].stages.set_index("stage")["mean_valence"] for name in "83")
hidden = [number(value, 2) for value in (low["support"], wide["post_purchase"])]
report.finding(
    {
        "en": f"Simulated log: seven steps hide {gone['7']}% of the moves between the eight stages, three stages hide {gone['3']}%. Support, {hidden[0]} on average, disappears in a post-purchase stage of {hidden[1]}.",
        "vi": f"Nhật ký mô phỏng: bảy bước che mất {gone['7']}% số lần chuyển giữa tám giai đoạn, ba giai đoạn che mất {gone['3']}%. Giai đoạn bảo hành và hỗ trợ (trung bình {hidden[0]}) biến mất trong giai đoạn sau mua ({hidden[1]}).",
    }
)

# %%
import pandas as pd

from cxlab.show import interval_plot

blocks = {"3": {"en": "Three stages", "vi": "Ba giai đoạn"}, "7": {"en": "Seven steps", "vi": "Bảy bước"}, "8": {"en": "Eight stages", "vi": "Tám giai đoạn"}}  # fmt: skip
rows = [
    maps[name].stages.assign(block=blocks[name][lang], label=[coded[name].name(key, lang) for key in maps[name].stages["stage"]])
    for name in blocks
]  # fmt: skip
grain = pd.concat(rows).rename(columns={"mean_valence": "estimate"})
caption = {"en": "One simulated journey in three codings: mean valence with 95% intervals", "vi": "Một hành trình mô phỏng, ba cách mã hóa: sắc thái trung bình, KTC 95%"}  # fmt: skip
axis = {"en": "Mean valence (−3 to 3)", "vi": "Sắc thái trung bình (−3 đến 3)"}
report.add(interval_plot(grain, xlabel=axis, bounded=False, lang=lang), "grain", caption)

# %% [markdown]
# The three means tell a story of a purchase that is better than what comes before and after. Eight stages tell another: after the purchase one stage sinks while its neighbours shine. A coarse coding is not wrong. It
# averages, and an average of a delight and a disaster is called "fine". Note also that seven steps put search before awareness, the eight put it after: funnels of two studies may differ for that reason alone.
#
# ## The map
#
# Risdon's experience maps (2011, 2013) mark pain points and opportunities. A touchpoint with few ratings will look worst or best by luck, so the map ranks by what is **sure**: a pain point is a cell whose
# *whole interval*, widened for the number of cells, lies below the line.

# %%
caption = {
    "en": "The simulated journey, held against the mean of all its events",
    "vi": "Hành trình mô phỏng, so với trung bình của mọi sự kiện",
}
report.add(maps["8"].plot(lang), "map", caption, main=True)

# %% [markdown]
# Count the rings, then read the height of the line. It is the mean of all events, and a journey of mostly good events has a high mean. Most ringed touchpoints still feel *good*; they feel less good than the
# others. To ask for bad ones, hold the cells against the neutral point of the scale. Two questions, two maps: "where do we fall behind ourselves?" and "where do we hurt people?" A report that shows the first and
# speaks as if it had asked the second frightens the wrong department.

# %%
neutral = cx.journey_map(events, threshold="neutral")
pains = {"mean": maps["8"].pain_points, "neutral": neutral.pain_points}
names = "; ".join(events.name(key, lang) for key in pains["neutral"]["touchpoint"])
cells = len(neutral.table)
report.finding(
    {
        "en": f"Simulated log: {len(pains['mean'])} of {cells} cells lie below the journey's mean for sure, {len(pains['neutral'])} below neutral: {names}.",
        "vi": f"Nhật ký mô phỏng: {len(pains['mean'])} trong {cells} ô chắc chắn nằm dưới trung bình của hành trình, {len(pains['neutral'])} ô nằm dưới mức trung tính: {names}.",
    }
)

# %%
from cxlab.show import Column, Table

chances = maps["8"].opportunities.head(10)
chances = chances.assign(cell=[f"{events.name(s, lang)} · {events.name(t, lang)}" for s, t in zip(chances["stage"], chances["touchpoint"], strict=True)])  # fmt: skip
yes = {"en": ("yes", "no"), "vi": ("có", "không")}[lang]
chances["sure"] = [yes[0] if sure else yes[1] for sure in chances["sure"]]
heads = {
    "cell": Column({"en": "Touchpoint", "vi": "Điểm tiếp xúc"}), "control": Column({"en": "The firm's control", "vi": "Mức kiểm soát"}),
    "rated": Column({"en": "Ratings", "vi": "Số điểm đánh giá"}, "integer"), "mean_valence": Column({"en": "Mean", "vi": "Trung bình"}, "number"),
    "gain": Column({"en": "Gain", "vi": "Mức tăng"}, "number", 3), "ci": Column({"en": "95% interval", "vi": "KTC 95%"}, "interval", 3, parts=("gain_lower", "gain_upper")),
    "sure": Column({"en": "Sure", "vi": "Chắc chắn"}),
}  # fmt: skip
title = {"en": "What the journey's mean would gain if one cell came up to it (simulated data)", "vi": "Trung bình của hành trình tăng bao nhiêu nếu một ô lên bằng mức chung (dữ liệu mô phỏng)"}  # fmt: skip
report.add(Table(chances, heads, title), "opportunities", main=True)

# %% [markdown]
# The gain weighs how far a cell lies below by how many events it has, and the column on control says who could act. Much of what hurts is not the firm's own. A wide interval asks for more ratings before money is
# spent.
#
# Now take the map apart. Choose an owner, a channel or a kind of contact; the line stays where the whole journey put it. It starts with the firm's own touchpoints. **Guess first:** is the support still bad there? Then look at the partners, and last at
# direct and indirect contact.

# %%
choices = maps["8"].controls(lang)
choices["owner"] = choices["owner"][1:] + choices["owner"][:1]
cx.explore(maps["8"].view, live=reports is None, **choices)

# %%
at_support = frame[frame["stage"] == "support"].groupby("owner")["valence"].agg(["mean", "count"])
told = [(events.name(owner, name), number(row["mean"], 2), int(row["count"])) for name in ("en", "vi") for owner, row in at_support.iterrows()]  # fmt: skip
half = len(told) // 2
spoken = ["; ".join(f"{owner} {mean} (n = {count})" for owner, mean, count in part) for part in (told[:half], told[half:])]  # fmt: skip
report.finding(
    {
        "en": f"Simulated log: how support feels, by who owns the touchpoint: {spoken[0]}.",
        "vi": f"Nhật ký mô phỏng: cảm nhận về phần hỗ trợ, theo bên sở hữu điểm tiếp xúc: {spoken[1]}.",
    }
)

# %% [markdown]
# ## From moment to moment
#
# The source articles want experience measured *continuously*, not once a year. A weekly mean of one channel is a start, and a control chart says which weeks are news and which are noise: limits are computed from the
# spread within weeks, and a week with few ratings has wide ones. We watch the touchpoints in the app, in weeks with at least five ratings. One point beyond the limits is a question to somebody ("what happened
# then?"), not yet an answer.

# %%
app = events.where(channel="app").frame.dropna(subset=["valence"]).sort_values("time")
week = app["time"].dt.to_period("W").dt.start_time.dt.strftime("%m-%d")
enough = week.map(week.value_counts()) >= 5
chart = cx.control_chart(app.loc[enough, "valence"], kind="xbar", subgroup=week[enough])
caption = {"en": "Valence in the app, week by week (simulated data)", "vi": "Sắc thái cảm nhận trong ứng dụng theo tuần (dữ liệu mô phỏng)"}  # fmt: skip
report.add(chart.plot(lang), "weeks", caption)

# %% [markdown]
# ## How far, and what next
#
# A funnel counts customers who reach a stage and the share that goes on. Two traps. A stage without a record need not be a stage without an event: people hear of a brand without being logged, so the funnel counts a stage
# as reached once a later one was. And a record ends some day: whoever acted shortly before is *under way*, not lost. The last column counts them. **Which step loses most, do you think, and for whom?**

# %%
report.add(cx.funnel(events).apa(lang), "funnel")

# %%
split = cx.funnel(events, group="segment")
caption = {
    "en": "Who goes on to the next stage, by sales channel (simulated data)",
    "vi": "Tỷ lệ đi tiếp sang giai đoạn sau, theo kênh bán (dữ liệu mô phỏng)",
}
report.add(split.plot(lang), "funnel_groups", caption)

# %%
worst = split.tests.sort_values("p_adjusted").iloc[0]
goes = split.table.query("stage == @worst['stage']").set_index("group")["conversion"]
told = [f"{split.group_name(name, lang)} {number(100 * share, 0)}%" for name, share in goes.items()]
stage, p = events.name(worst["stage"], lang), number(worst["p_adjusted"], 3, bounded=True)
apart = int((split.tests["p_adjusted"] < 0.05).sum())
report.finding(
    {
        "en": f"Simulated log: steps that differ between the sales channels after correction: {apart} of {len(split.tests)}. Most clearly the step to “{stage}”: {told[0]}, {told[1]} (adjusted p = {p}).",
        "vi": f"Nhật ký mô phỏng: số bước khác nhau giữa các kênh bán sau hiệu chỉnh: {apart} trong {len(split.tests)}. Rõ nhất là bước đến “{stage}”: {told[0]}, {told[1]} (p hiệu chỉnh = {p}).",
    }
)

# %% [markdown]
# The funnel forces a journey into a line. The chain does not: it asks of each stage what comes next, loops and exits included. Read it row by row. Two likelihood-ratio tests stand below. The first asks if the present
# stage tells anything about the next. The second asks if, given the present stage, the *one before* still matters; if not, a chain with a memory of one step describes where journeys go, though never why.

# %%
chain = cx.transitions(events)
caption = {"en": "What follows each stage, in percent (simulated data)", "vi": "Sau mỗi giai đoạn là gì, tính bằng phần trăm (dữ liệu mô phỏng)"}  # fmt: skip
report.add(chain.plot(lang), "chain", caption)

# %%
print("\n".join(fill(line.strip(), 72) for line in chain.summary(lang).splitlines() if "χ²" in line))

# %% [markdown]
# ## What makes a journey good?
#
# Now from moments to the whole. At the end every customer gave the journey one score. Which *summary* of the ratings explains it: the mean, the last event, the worst, the best, the trend, or **peak and end** together,
# as Kahneman and colleagues found for pain and film clips (Fredrickson & Kahneman, 1993)? All rules meet the same customers, and R² is also computed on customers that the rule has not seen. Look at your guess, then
# run it.

# %%
rivals = cx.journey_summaries(events, "overall", seed=seed)
caption = {
    "en": "Which summary explains the score of the whole journey? (simulated data)",
    "vi": "Cách tóm tắt nào giải thích điểm của toàn hành trình? (dữ liệu mô phỏng)",
}
report.add(rivals.plot(lang), "rivals", caption, main=True)

# %%
report.add(rivals.apa(lang), "rivals_table")

# %% [markdown]
# ## The same contest on real passengers
#
# Simulated customers obey whoever wrote them. So ask real ones: airline passengers who rated six stages of a flight, and the whole. There is a catch. **Nobody documented which end of the scale is good.** Never guess in silence: collect what the data say, write
# the inference down, and call it one. Three traces: do all ratings run the same way? Towards which end do they pile up (satisfaction ratings do so at the good end; Peterson & Wilson, 1992)? And who ticks one end
# seven times?

# %%
flights = report.data(cx.load_dataset("airline_journey"))
answers = flights.data
touchpoints = [name for name in answers if name != "o_experience"]
between = answers.corr().where(lambda table: table < 1).stack()
ends = [100 * (answers["o_experience"] == end).mean() for end in (1, 4)]
same = [int((answers == end).all(axis=1).sum()) for end in (1, 4)]
spans = [number(value, 2, bounded=True) for value in (between.min(), between.max())]
shares = [number(share, 0) for share in ends]
report.finding(
    {
        "en": f"Airline (real data): all ratings correlate positively ({spans[0]} to {spans[1]}); {shares[1]}% gave the whole a 4 and {shares[0]}% a 1; {same[1]} passengers ticked 4 seven times, {same[0]} ticked 1. We take 4 as the good end: an inference, not documentation.",
        "vi": f"Hãng bay (dữ liệu thật): mọi điểm tương quan dương ({spans[0]} đến {spans[1]}); {shares[1]}% cho điểm chung là 4 và {shares[0]}% cho 1; {same[1]} hành khách chọn 4 cả bảy câu, {same[0]} người chọn 1. Chúng tôi coi 4 là đầu tốt: đây là suy luận, không phải điều tài liệu ghi lại.",
    }
)

# %%
flown = cx.journey_events(flights, touchpoints=touchpoints)
contest = cx.journey_summaries(flown, "o_experience", n_boot=500, folds=5, repeats=2, seed=seed)
caption = {"en": "Rival summaries explaining the overall rating of real passengers", "vi": "Các cách tóm tắt cạnh tranh nhau giải thích điểm chung của hành khách thật"}  # fmt: skip
report.add(contest.apa(lang), "rivals_airline", caption, main=True)

# %% [markdown]
# Another winner. Before you call it a law of flying, look at *how* these data were made: all seven ratings on one sheet after the flight, on four points. Whoever judges stages in retrospect looks at them through the
# whole (a halo), which flatters the mean; four points leave little room for a peak; and "last" is always the crew, though nobody knows if the crew was rated last in mind. Rules depend on the measurement. That is a
# reason to test them on your own journeys, and no reason to quote one from a textbook.
#
# Does a journey say more than its best single touchpoint? Rawson and colleagues claim it. Here is the share of the overall rating that each stage explains alone, beside the six together.

# %%
import numpy as np

alone = answers[touchpoints].corrwith(answers["o_experience"]) ** 2
together = cx.regress(f"o_experience ~ {' + '.join(touchpoints)}", flights)
mean = contest.table.set_index("rule")["r2"]["mean"]
labels = {name: flights.codebook.items[name].label[lang] for name in touchpoints}
lines = [(labels[name], value) for name, value in alone.sort_values().items()]
lines += [({"en": "mean of the six", "vi": "trung bình sáu chặng"}[lang], mean), ({"en": "six, each with its weight", "vi": "sáu chặng, mỗi chặng một trọng số"}[lang], together.fit["r2"])]  # fmt: skip
single = pd.DataFrame(lines, columns=["what", "r2"])
heads = {"what": Column({"en": "Explained by", "vi": "Giải thích bằng"}), "r2": Column("R²", "bounded")}
title = {"en": "Overall experience, explained by one stage or by the journey (real data)", "vi": "Trải nghiệm chung, giải thích bằng một chặng hay cả hành trình (dữ liệu thật)"}  # fmt: skip
report.add(Table(single, heads, title), "single_stage")

# %%
from cxlab.i18n import tr

told = [number(value, 2, bounded=True) for value in (alone.max(), mean)]
winners = [tr(f"journey.rule_{result.table['rule'].iloc[0]}", lang) for result in (rivals, contest)]
strongest = labels[alone.idxmax()]
report.finding(
    {
        "en": f"Best summary of the journey: {winners[0]} for the simulated customers, {winners[1]} for the real passengers. There the best single stage ({strongest}) explains {told[0]} of the overall rating, the mean of six {told[1]}.",
        "vi": f"Cách tóm tắt hành trình tốt nhất: {winners[0]} với khách hàng mô phỏng, {winners[1]} với hành khách thật. Ở hành khách, riêng chặng tốt nhất ({strongest}) giải thích {told[0]} phương sai của điểm chung, trung bình sáu chặng giải thích {told[1]}.",
    }
)

# %% [markdown]
# ## How personal is experience?
#
# "Experience is strictly personal", says the literature. That is a statement about variance, so measure it. Each rating belongs to a customer *and* to a touchpoint. A multilevel model with both divides the ratings'
# variance into a part of the customer (who is easily pleased everywhere), a part of the touchpoint (which pleases everybody), and the rest, the single event. The share of the first is the intraclass correlation.
# It also compares touchpoints fairly: means are drawn together the more, the fewer ratings there are, and speak of an *average customer*.

# %%
levels = cx.touchpoint_levels(events)
report.add(levels.apa(lang), "levels", main=True)

# %%
report.add(levels.plot(lang), "levels_figure")

# %% [markdown]
# Compare hollow and filled points at the late stages: the means as they are lie to the right. The touchpoints did not earn that. Those who disliked the journey had more often left before, so late touchpoints are judged by
# friendlier people. A map of raw means flatters what comes late.
#
# Is indirect contact worse than direct contact? The figure's first line seems to say so. But indirect contact comes *early*, through advertising and hearsay, and early stages feel worse anyway. So ask again at the same stage. A second lesson lies in
# the width of the interval: contact is a property of the touchpoint, so what counts is how many *touchpoints* there are, however many thousand events.

# %%
staged = cx.touchpoint_levels(events, covariates="stage")
asked = {"alone": levels, "staged": staged}
words = {
    "alone": {"en": "as it is", "vi": "chưa kiểm soát gì"},
    "staged": {"en": "at the same stage", "vi": "ở cùng giai đoạn"},
}
effects = [one.fixed.set_index("term").loc["contact[indirect]"].to_dict() | {"label": words[key]} for key, one in asked.items()]  # fmt: skip
caption = {"en": "Indirect against direct contact: difference in valence, 95% interval (simulated data)", "vi": "Liên hệ gián tiếp so với trực tiếp: chênh lệch sắc thái, KTC 95% (dữ liệu mô phỏng)"}  # fmt: skip

from cxlab.show import coefficient_plot

axis = {"en": "Difference in valence", "vi": "Chênh lệch sắc thái"}
report.add(coefficient_plot(pd.DataFrame(effects), xlabel=axis, lang=lang), "contact", caption)

# %%
told = [f"{number(one['estimate'], 2)} [{number(one['ci_lower'], 2)}; {number(one['ci_upper'], 2)}]" for one in effects]
met_at = events.frame["touchpoint"].nunique()
report.finding(
    {
        "en": f"Simulated log: indirect contact feels {told[0]} points apart from direct contact as it is, and {told[1]} at the same stage; the comparison rests on {met_at} touchpoints.",
        "vi": f"Nhật ký mô phỏng: liên hệ gián tiếp chênh {told[0]} điểm so với liên hệ trực tiếp khi chưa kiểm soát gì, và {told[1]} khi ở cùng giai đoạn; phép so sánh dựa trên {met_at} điểm tiếp xúc.",
    }
)

# %%
retro = cx.touchpoint_levels(flown, contact=False).table.set_index("part")
live = levels.table.set_index("part")
part = [number(100 * table.loc["customer", "share"], 0) for table in (live, retro)]
place = number(100 * live.loc["touchpoint", "share"], 0)
ends = [f"{number(100 * table.loc['customer', 'ci_lower'], 0)}–{number(100 * table.loc['customer', 'ci_upper'], 0)}%" for table in (live, retro)]  # fmt: skip
report.finding(
    {
        "en": f"The customer's part in the ratings is {part[0]}% ({ends[0]}) in the simulated log, where each event is rated by itself (the touchpoint's part: {place}%), and {part[1]}% ({ends[1]}) among real passengers, who rated all stages on one sheet.",
        "vi": f"Phần của khách hàng trong điểm đánh giá là {part[0]}% ({ends[0]}) ở nhật ký mô phỏng, nơi mỗi sự kiện được đánh giá riêng (phần của điểm tiếp xúc: {place}%), và {part[1]}% ({ends[1]}) ở hành khách thật, những người chấm mọi chặng trên cùng một phiếu.",
    }
)

# %% [markdown]
# The last number has two readings that these data cannot separate: passengers differ in how easily they are pleased, and one sheet spreads one mood over all its boxes.
#
# ## Met often, or felt as good?
#
# Baxendale, Macdonald and Wilson (2015) had people text each time they met a brand: which touchpoint, how positive. Then they asked what changes consideration of the brand, **how often** a touchpoint is met or **how positively**. The diary here is **simulated** in that form: a week, four invented
# brands of tea, consideration before and after. The score *before* matters. Whoever considers a brand already notices its shop displays and likes its advertising; leave that out, and liking poses as an effect.

# %%
diary = report.data(cx.load_dataset("touchpoint_diary"))
met = cx.touchpoint_effects(diary, "consideration_before", "consideration_after")
report.add(met, "touchpoint_effects")

# %%
report.add(met.plot("map", lang), "frequency_positivity")

# %%
report.add(met.plot("before", lang), "before_left_out")

# %% [markdown]
# In the map each touchpoint is a cross: to the right, meeting it more often counts; upwards, meeting it in a good mood counts. Crosses are long, so few pairs can be told apart, and a firm that compares points would find an
# order that another week's diary may turn round. The second figure shows the same effects with and without the score before: nearly every one swells when it is missing, and a touchpoint that does little looks useful.
#
# ## Who gets the credit?
#
# Marketing departments divide purchases among touchpoints by a rule of place (first touch, last touch, equal parts) or by a Markov chain: how many purchases would be lost if nobody could pass this touchpoint? One of the source articles
# complains that firms overlook touchpoints that sell nothing at once. **Guess:** which rule overlooks them most?

# %%
credit = cx.attribution(events, conversion="buying", by="touchpoint", n_boot=300, seed=seed)
report.add(credit.plot(lang), "credit")

# %%
owners = cx.attribution(events, conversion="buying", by="owner", n_boot=300, seed=seed)
kinds = [("markov", "last"), ("brand", "social")]
shares = {owner: [number(100 * owners.wide.loc[owner, model], 0) for model in kinds[0]] for owner in kinds[1]}
names = {owner: events.name(owner, lang) for owner in shares}
report.finding(
    {
        "en": f"Simulated log: credit for a purchase by last touch against Markov: {names['brand']} {shares['brand'][1]}% against {shares['brand'][0]}%, {names['social']} {shares['social'][1]}% against {shares['social'][0]}%. The rule decides, not the customers.",
        "vi": f"Nhật ký mô phỏng: công cho việc mua theo lần chạm cuối so với chuỗi Markov: điểm {names['brand']} {shares['brand'][1]}% so với {shares['brand'][0]}%, điểm {names['social']} {shares['social'][1]}% so với {shares['social'][0]}%. Quy tắc quyết định, không phải khách hàng.",
    }
)

# %% [markdown]
# All rules saw the same purchases. Last touch pays whoever stands at the till and nothing to what first told people of the brand; first touch does the reverse. The Markov chain is milder, for it asks what happens to whole
# journeys. Yet its question, *what if nobody could pass here*, assumes that people would then give up, while real people go round. And **no rule sees causes**: those who mean to buy visit the shop. Only an experiment
# (advertise in some regions, not in others) tells what a touchpoint brings.
#
# ## Kinds of journeys
#
# One map is an average of many journeys, and perhaps nobody took the average one. Sequence analysis measures how unlike the orders of stages are (repeats counted once) and groups those that run alike.

# %%
kinds = cx.sequence_clusters(events, 4, collapse=True, outcomes="overall", seed=seed)
report.add(kinds.apa(lang), "kinds")

# %%
report.add(kinds.plot(lang), "kinds_figure")

# %% [markdown]
# Groups are slices that we cut; the silhouette says how clear the cuts are, and another number of groups would be defensible. They serve as a base for personal journeys: the next step of somebody who loops between use and
# support is another than that of somebody who left after the first advertisement.
#
# ## A happy customer with a bad stage
#
# Making customers happy at the till is not yet a good experience, warns one of the source articles. Take only customers who were **satisfied with their purchase** (4 or 5 of 5), which a CSAT survey reports as success.
# Draw their journeys, stage by stage, by the channel that sold to them.

# %%
asked_once = events.per_customer(["csat", "segment", "left"])
happy = list(asked_once.index[asked_once["csat"] >= 4])
sold = log.codebook.items["segment"].labels
parts = []
for segment, label in sold.items():
    stages = cx.journey_map(events.where(customer=happy, segment=segment)).stages
    parts.append(stages.assign(model=label[lang], label=[events.name(key, lang) for key in stages["stage"]]))
quietly = pd.concat(parts).rename(columns={"mean_valence": "estimate"})
quietly = quietly.sort_values("stage", key=lambda keys: keys.map(list(events.stages).index), kind="stable")
caption = {"en": "Only customers satisfied with their purchase: mean valence by stage, 95% interval (simulated data)", "vi": "Chỉ những khách hài lòng với lần mua: sắc thái trung bình theo giai đoạn, KTC 95% (dữ liệu mô phỏng)"}  # fmt: skip
axis = {"en": "Mean valence (−3 to 3)", "vi": "Sắc thái trung bình (−3 đến 3)"}
report.add(interval_plot(quietly, xlabel=axis, bounded=False, lang=lang), "happy", caption, main=True)

# %% [markdown]
# Every one of them is a success in the CSAT report. One group of them is being hurt, at a stage where CSAT is no longer asked. Does it matter? A year later some had bought from another brand. We let three things explain
# it: CSAT, how far support lay *below* neutral, and how far *above*. The two halves get coefficients of their own, because one bad stage may outweigh what a good one brings (a log-odds of 0 means no relation).

# %%
support = frame[frame["stage"] == "support"].groupby("customer")["valence"].mean()
people = asked_once.assign(worse=(-support).clip(lower=0), better=support.clip(lower=0)).dropna()
leaving = cx.binary("left ~ csat + worse + better", people)
words = {
    "csat": {"en": "CSAT", "vi": "CSAT"},
    "worse": {"en": "support below neutral", "vi": "hỗ trợ dưới trung tính"},
    "better": {"en": "support above neutral", "vi": "hỗ trợ trên trung tính"},
}
odds = leaving.table.set_index("term").loc[list(words)].rename(columns={"b": "estimate"})
odds["label"] = [words[term] for term in odds.index]
caption = {"en": "What goes with buying from another brand (simulated data)", "vi": "Điều gì đi cùng việc mua của hãng khác (dữ liệu mô phỏng)"}  # fmt: skip
axis = {"en": "Log-odds of leaving, per point, 95% interval", "vi": "Log-odds rời bỏ, mỗi điểm, KTC 95%"}
report.add(coefficient_plot(odds, xlabel=axis, lang=lang), "leaving", caption)

# %%
stage_of = quietly.set_index(["model", "stage"])["estimate"]
gap = [number(stage_of[label[lang], "support"], 2) for label in sold.values()]
ratio = leaving.table.set_index("term").loc["worse", ["odds_ratio", "or_lower", "or_upper"]]
ratio = [number(value, 1) for value in ratio]
report.finding(
    {
        "en": f"Simulated log: among customers satisfied with their purchase, support feels {gap[0]} ({sold[1]['en']}) and {gap[1]} ({sold[2]['en']}). Each point below neutral goes with {ratio[0]} times the odds of leaving [{ratio[1]}; {ratio[2]}], CSAT being equal ({len(people)} customers who rated support).",
        "vi": f"Nhật ký mô phỏng: trong những khách hài lòng với lần mua, điểm hỗ trợ là {gap[0]} ({sold[1]['vi']}) và {gap[1]} ({sold[2]['vi']}). Với cùng CSAT, mỗi điểm dưới mức trung tính đi cùng odds rời bỏ gấp {ratio[0]} lần [{ratio[1]}; {ratio[2]}] ({len(people)} khách đã đánh giá phần hỗ trợ).",
    }
)

# %% [markdown]
# ## Exercise: find the stage to fix
#
# The manager of the **marketplace** channel has money for one stage. Make the map of her customers alone, `cx.journey_map(events.where(segment=2))`, and work with its `.stages` (columns `stage`, `rated`, `mean_valence`).
# Fixing a stage means bringing it up to the mean of *these customers'* ratings; the gain is its share of their ratings times the distance. Find the stage with the largest gain. **By how many points would the mean of her
# customers' journeys rise?**

# %%
my_answer = None


# %%
def gains(chosen):
    stages = cx.journey_map(chosen).stages.set_index("stage")
    distance = chosen.frame["valence"].mean() - stages["mean_valence"]
    return stages["rated"] / stages["rated"].sum() * distance, distance


hers = events.where(segment=2)
gain, distance = gains(hers)
share, everyone = gain / distance, frame["valence"].mean() - hers.frame["valence"].mean()

# %%
slips = {
    {"en": "That is the distance alone: weigh it by the stage's share of the ratings.", "vi": "Đó mới là khoảng cách: hãy nhân với tỷ trọng của giai đoạn trong số điểm đánh giá."}[lang]: distance.max(),
    {"en": "That is the gain among all customers: choose the marketplace.", "vi": "Đó là mức tăng ở toàn bộ khách hàng: hãy chọn kênh sàn thương mại."}[lang]: gains(events)[0].max(),
    {"en": "You held her customers against the mean of all: use their own.", "vi": "Bạn so khách của kênh này với trung bình của mọi khách: hãy dùng trung bình của chính họ."}[lang]: (share * (distance + everyone)).max(),
    {"en": "That is one touchpoint of the stage, not the stage.", "vi": "Đó là một điểm tiếp xúc của giai đoạn, chưa phải cả giai đoạn."}[lang]: cx.journey_map(hers).pain_points["gain"].max(),
}  # fmt: skip
cx.check_answer(my_answer, float(gain.max()), slips=slips)

# %% [markdown]
# A gain of this kind is arithmetic: it takes for granted that all ratings count alike. If the end or the worst moment counts more, another stage may deserve the money; the contest above is the way to find out.
#
# ## Three questions
#
# Answer before you open an answer. Each one says why it is right or what it mixes up.


# %%
def say(en, vi):
    return {"en": en, "vi": vi}


lowest = (
    say("The cell with the lowest mean has five ratings. Is it the pain point?", "Ô có trung bình thấp nhất chỉ có năm điểm đánh giá. Đó có phải điểm đau không?"),
    [
        (say("Yes, the lowest mean is the worst touchpoint.", "Phải, trung bình thấp nhất là điểm tiếp xúc tệ nhất."), False, say("Of many cells with few ratings some will be lowest by luck. Look at the interval.", "Trong nhiều ô ít điểm, luôn có ô thấp nhất do may rủi. Hãy xem khoảng tin cậy.")),
        (say("Nobody knows yet: ask for more ratings.", "Chưa ai biết: cần thêm điểm đánh giá."), True, say("Its interval is wide. What is sure comes first, what is unsure is measured again.", "Khoảng tin cậy của nó rộng. Điều chắc chắn làm trước, điều chưa chắc thì đo lại.")),
    ],
)  # fmt: skip

# %%
last_touch = (
    say("Last touch gives the store most of the credit. Should the advertising budget move there?", "Theo lần chạm cuối, cửa hàng được ghi công nhiều nhất. Có nên chuyển ngân sách quảng cáo sang đó?"),
    [
        (say("Yes, that is where purchases come from.", "Có, đó là nơi tạo ra đơn hàng."), False, say("The store stands last because of its place in the order. Credit is not cause.", "Cửa hàng đứng cuối vì vị trí của nó trong trình tự. Ghi công không phải là nhân quả.")),
        (say("Test it: change the budget in some regions only.", "Hãy thử nghiệm: chỉ đổi ngân sách ở một số vùng."), True, say("Only an experiment shows what a touchpoint brings.", "Chỉ thực nghiệm mới cho biết một điểm tiếp xúc mang lại gì.")),
    ],
)  # fmt: skip
good_average = (
    say("CSAT after the purchase is excellent. What does it say about the journey?", "CSAT ngay sau khi mua rất cao. Điều đó nói gì về hành trình?"),
    [
        (say("That the experience is good.", "Rằng trải nghiệm tốt."), False, say("It says that one stage is. A later one may hurt unseen.", "Nó chỉ nói một giai đoạn tốt. Giai đoạn sau có thể gây khó chịu mà không ai thấy.")),
        (say("That one episode is good.", "Rằng một lần trải nghiệm là tốt."), True, say("The journey needs its own measure, stage by stage.", "Hành trình cần thước đo riêng, theo từng giai đoạn.")),
    ],
)  # fmt: skip

# %%
cx.quiz(lowest, last_touch, good_average)

# %% [markdown]
# ## The seal is broken
#
# Do the exercise first. Here is what the simulated data were made from: how peak and end make the overall score, what makes customers leave, and what each touchpoint of the diary does. The figure sets the estimates of
# this notebook beside these truths. With this many intervals of 95%, a miss or two is what chance alone brings; several misses on the *same side* are something else.

# %%
plan, recipe = log.codebook.simulation, diary.codebook.simulation
print("\n".join(line for line in log.codebook.truth.splitlines() if "~ " in line and not line.startswith("#")))
outage = plan["valence"]["app_outage"]
print("app_outage:", outage["from"], "–", outage["to"])

# %%
weights = rivals.coefficients.query("rule == 'peak_end' and term != 'intercept'")
truths = [plan["outcomes"]["overall"][key] for key in ("peak", "end")]
lines = [weights.assign(truth=truths, block=say("Overall score", "Điểm toàn hành trình")[lang], label=[tr(f"journey.rule_{term}", lang) for term in weights["term"]])]  # fmt: skip
gone = [plan["outcomes"]["left"][key] for key in ("csat", "worse_support", "better_support")]
lines.append(odds.assign(truth=gone, block=say("Leaving (log-odds)", "Rời bỏ (log-odds)")[lang], label=[label[lang] for label in odds["label"]]))  # fmt: skip
for measure, rows in met.table.groupby("measure"):
    true = [recipe["touchpoints"][key][measure] for key in rows["touchpoint"]]
    block = say("Diary: ", "Nhật ký tuần: ")[lang] + tr(f"touchpoints.measure_{measure}", lang)
    lines.append(rows.assign(truth=true, block=block, label=[met.name(key, lang) for key in rows["touchpoint"]]))
opened = pd.concat(lines, ignore_index=True)[["block", "label", "estimate", "ci_lower", "ci_upper", "truth"]]
opened["inside"] = opened["truth"].between(opened["ci_lower"], opened["ci_upper"])

# %%
from cxlab.show.truth import truth_plot

axis = {"en": "Estimate with 95% interval; stroke: truth", "vi": "Ước lượng và KTC 95%; vạch đứng: giá trị thật"}
caption = {
    "en": "Estimates beside the values that made the data (simulated data)",
    "vi": "Ước lượng bên cạnh các giá trị đã tạo ra dữ liệu (dữ liệu mô phỏng)",
}
report.add(truth_plot(opened, xlabel=axis, lang=lang), "truth", caption)

# %% [markdown]
# Look on which side the misses lie: nearer to zero than the truth. The week beyond the limits of the control chart was an outage of the app. And no touchpoint in this simulated world causes a purchase by itself: the next stage depends on the present one and on how the event felt. The store's
# credit was its place in the order.
#
# Why do the weights of peak and end fall short? The truth acts on what was *felt*; the log holds what was *recorded*. Between the two stand rounded answers, the ends of the scale, missing ratings, and people who give
# one rating to everything. Which of them does it? Make the journeys again: take the ratings as felt, let the true weights act, and let one flaw after another in.


# %%
def peak_end(ratings):
    rated = ratings.groupby("customer")["valence"]
    low, high = rated.min(), rated.max()
    return pd.DataFrame({"peak": low.where(-low >= high, high), "end": rated.last()})


def fitted(summary, scores):
    design = np.column_stack([np.ones(len(summary)), summary])
    return np.linalg.lstsq(design, scores[summary.index], rcond=None)[0][1:]


felt = frame.dropna(subset=["valence"])
worth, flaws = plan["outcomes"]["overall"], plan["flaws"]
unrated = felt["contact"].map({kind: flaws["rating_missing"][kind] for kind in ("direct", "indirect")}).astype(float)


# %%
def flaw_after_flaw(rng):
    whole = peak_end(felt)
    noise = rng.normal(0, worth["sd"], len(whole))
    exact = worth["mean"] + whole @ np.array([worth["peak"], worth["end"]]) + noise
    held = exact.round().clip(0, 10)
    some = felt[rng.random(len(felt)) > unrated]
    careless = whole.index[rng.random(len(whole)) < flaws["same_rating_always"]]
    one = some["valence"].where(
        ~some["customer"].isin(careless), some.groupby("customer")["valence"].transform("first")
    )
    last = peak_end(some.assign(valence=one))
    steps = [(whole, exact), (whole, exact.round()), (whole, held), (peak_end(some), held), (last, held)]
    return [fitted(summary, scores) for summary, scores in steps]


# %%
runs = np.mean([flaw_after_flaw(np.random.default_rng([seed, run])) for run in range(60)], axis=0)
steps = [
    say("nothing: as felt", "không gì cả: đúng như cảm nhận"), say("+ answers rounded to whole points", "+ câu trả lời làm tròn"),
    say("+ held between 0 and 10", "+ giữ trong khoảng 0 đến 10"), say("+ ratings missing", "+ thiếu điểm đánh giá"),
    say("+ one rating for everything", "+ một điểm cho mọi sự kiện"),
]  # fmt: skip
ladder = pd.DataFrame(runs, columns=["peak", "end"]).assign(flaw=[step[lang] for step in steps])
heads = {
    "flaw": Column({"en": "What stands between feeling and record", "vi": "Điều xen giữa cảm nhận và ghi chép"}),
    "peak": Column({"en": "Weight of the peak", "vi": "Trọng số của đỉnh"}, "number", 3),
    "end": Column({"en": "Weight of the end", "vi": "Trọng số của kết thúc"}, "number", 3),
}
title = {"en": "How the weights shrink, flaw by flaw (simulated again, mean of 60 runs)", "vi": "Trọng số co lại theo từng khiếm khuyết (mô phỏng lại, trung bình 60 lần)"}  # fmt: skip
report.add(Table(ladder, heads, title), "attenuation")

# %% [markdown]
# The ladder does not go all the way down to the estimate above: it starts from ratings that are rounded and held in the scale already, and the log is a single draw. Rounding the *score* does next to nothing: it adds noise to the outcome, and noise there widens intervals without moving weights. The ends of the scale cost a little, because a ceiling cuts what peak and end would have added.
# The largest bite comes from missing ratings: where the last event was not rated, an earlier one poses as the end, and error in a *predictor* shrinks its weight (**attenuation**). What can an analyst do who does not know the
# truth? Ask for the last rating, set careless customers aside, and look again.

# %%
sample = rivals.customers
last_rated = frame.drop_duplicates("customer", keep="last").set_index("customer")["valence"].notna()
rated = felt.groupby("customer")["valence"]
careless = (rated.nunique() == 1) & (rated.size() >= 5)
careful = sample[last_rated[sample.index] & ~careless[sample.index]]
told = [number(value, 2) for value in (*weights["estimate"], *fitted(careful[["peak", "last"]], careful["overall"]), *truths)]  # fmt: skip
report.finding(
    {
        "en": f"Simulated log: weights of peak and end are {told[0]} and {told[1]} for all, {told[2]} and {told[3]} for the {len(careful)} customers who rated their last event and did not give one rating to everything; the truth is {told[4]} and {told[5]}. {opened['inside'].sum()} of {len(opened)} intervals in the figure hold their truth.",
        "vi": f"Nhật ký mô phỏng: trọng số của đỉnh và kết thúc là {told[0]} và {told[1]} ở tất cả, {told[2]} và {told[3]} ở {len(careful)} khách đã đánh giá sự kiện cuối và không cho mọi sự kiện một điểm; giá trị thật là {told[4]} và {told[5]}. {opened['inside'].sum()} trong {len(opened)} khoảng tin cậy ở hình trên chứa giá trị thật.",
    }
)

# %% [markdown]
# ## Optional: real paths of clicks
#
# `channel_journeys` holds real online journeys with anonymous channels, converted or not (on request, once, after you have read its terms: `cx.fetch_dataset("channel_journeys", accept_terms=True)`). Write the name into the cell
# below and run it; empty, as it is, it does nothing. Compare the last touch with the Markov chain: for which channels does the rule matter most? Then remember that nobody was randomised.

# %%
companion = ""

if companion:
    paths = cx.load_dataset(companion)
    print(cx.attribution(paths, n_boot=100, seed=seed).summary(lang))

# %% [markdown]
# ## What a paper would report
#
# - where events come from, what was wrong with them, what was left out, how many ratings are missing and at which contacts;
# - the coding of stages, with its source, and if another coding tells the same story;
# - what pain points were held against, with the correction for the number of cells; intervals clustered by customer;
# - when the record ended, and how many journeys were still under way;
# - *all* rules that competed, out of sample, not only the winner;
# - the score before, wherever touchpoints explain a score after; no causal words for attribution;
# - the sentence itself, as below.

# %%
top = rivals.table.iloc[0]
r2, out, gap = (number(top[name], 2, bounded=True) for name in ("r2", "cv_r2", "difference"))
ends = "; ".join(number(top[end], 2, bounded=True) for end in ("diff_lower", "diff_upper"))
icc = [number(live.loc["customer", name], 2, bounded=True) for name in ("share", "ci_lower", "ci_upper")]
rule = winners[0]
report.finding(
    {
        "en": f"For a paper: “Customers accounted for {icc[0]} of the variance of event ratings, 95% CI [{icc[1]}; {icc[2]}]. Of {len(rivals.table)} summaries, {rule} explained the overall score best (R² = {r2}, out of sample {out}), {gap} more than the mean, 95% bootstrap CI [{ends}], n = {int(top['n'])} (simulated data).”",
        "vi": f"Cho bài báo: “Khách hàng chiếm {icc[0]} phương sai của điểm đánh giá sự kiện, KTC 95% [{icc[1]}; {icc[2]}]. Trong {len(rivals.table)} cách tóm tắt, {rule} giải thích điểm toàn hành trình tốt nhất (R² = {r2}, ngoài mẫu {out}), hơn trung bình {gap}, KTC bootstrap 95% [{ends}], n = {int(top['n'])} (dữ liệu mô phỏng).”",
    }
)

# %% [markdown]
# ## Take-aways
#
# - A good episode is not a good journey. Ask about moments *and* about the whole, and let the data say how one becomes the other.
# - A coding decides what can be seen. Report the one you used, and look through a finer one.
# - Rank by intervals. "Below our own mean" and "bad" are two questions.
# - Customers who are still under way are not lost, and late stages are judged by those who stayed.
# - Frequency and positivity are different levers, and both look stronger than they are without the score before.
# - Attribution divides credit by a rule. It does not find causes.
# - A happy answer at one stage can stand over a bad one at the next. Look where nobody asks.

# %%
cx.provenance(log, flights, diary, seed=seed)
