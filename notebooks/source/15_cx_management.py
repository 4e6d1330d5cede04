# %% [markdown]
# # Managing the experience: assess, map, fix, manage
#
# **About 55 minutes.** After this notebook you can
#
# 1. walk the loop of improvement, assess → map → fix → manage, with one tool for each step;
# 2. choose which part of the experience to raise, for which money, and say how sure that choice is;
# 3. tell a fix that worked from a score that would have risen anyway;
# 4. keep watch with a control chart, without taking every wobble for news;
# 5. put a price on a point of retention;
# 6. name the three levers of management (journey, partners, organisation), and try one tool on each.

# %% tags=["parameters"]
seed = 20261122
lang = "en"
reports = None

# %%
import cxlab as cx
from cxlab.i18n import format_number as number

cx.use_language(lang)
report = cx.Report("15_cx_management", folder=reports, lang=lang)
report.question(
    {
        "en": "What should be improved first, what is it worth, and how would one know that it worked?",
        "vi": "Nên cải thiện điều gì trước, việc đó đáng giá bao nhiêu, và làm sao biết là đã có tác dụng?",
    }
)


def say(en, vi):
    return {"en": en, "vi": vi}


# %% [markdown]
# ## The loop
#
# To measure an experience is one thing, to manage it another. A simple loop joins them: find out how the experience is, draw where it hurts, change what hurts most, keep
# watching. Each step needs a method of its own, and each can go wrong in a way of its own: a survey that confuses what matters with what is measured, a map of noise, a fix that
# would have "worked" without being made, an alarm at every wobble. The table is the skeleton of this notebook; its last column says how far each line can be trusted.

# %%
report.add(cx.theory_table("improvement_loop"), "loop", main=True)

# %% [markdown]
# The loop is the engineer's view. Two other plans stand beside it. Schmitt (2003) orders the work of a project in five steps, each with something to hand over. Homburg, Jozić &
# Kuehnl (2017) talked with managers and asked what a *firm* needs: a way of thinking, a direction, and things it can do again and again. A step without the firm behind it is a
# poster on a wall. Read the two tables with one question: which of our four steps would your organisation fail at, and is the reason a method or a mindset?

# %%
report.add(cx.theory_table("cxm_steps"), "five_steps")

# %%
report.add(cx.theory_table("cxm_levels"), "three_levels")

# %% [markdown]
# Is this only customer relationship management (CRM) under a new name? The next table can serve as a codebook: take a firm's annual report, code each sentence by it, and count. The
# difference that decides everything below is the first line, where value is made. CRM asks what customers are worth to the firm. Experience management asks what the firm is worth
# to customers; only then, at the end of this notebook, do we ask for the price of a customer.
#
# **Before you run anything else:** you sell computers, and have money to improve *one* of place, price, promotion, product, people and process. Which one? Write it down.

# %%
report.add(cx.theory_table("cxm_vs_crm"), "cxm_crm")

# %% [markdown]
# ## Step 1, assess: what matters, and how does it go?
#
# Our running example is a computer brand that does not exist. It has a survey and a log, and both are **simulated**; their truth stays sealed until the end. The survey asks
# buyers about the six P's, satisfaction and loyalty. We screen first, as in notebook 02. Then the map of importance and performance (Martilla & James, 1977): to the right what
# carries more of loyalty, further up what goes better today. Importance is derived from answers, not asked. Bars are intervals, and on such maps they are the message.

# %%
six = ["place", "price", "promotion", "product", "people", "process"]
survey = report.data(cx.load_dataset("total_cx_6p"))
screened = survey.screen(attention=True, min_seconds="2/item", longstring="half")
clean = screened.exclude("min_seconds", "longstring", "attention").reverse_scored()
named = {key: clean.codebook.constructs[key].label for key in [*six, "loyalty"]}
assess = cx.importance_performance("loyalty", six, clean, n_boot=500, seed=seed)
title = say(
    "What matters for loyalty, and how it goes (simulated buyers)",
    "Điều gì quan trọng với lòng trung thành, và đang tốt đến đâu (người mua mô phỏng)",
)
report.add(assess.plot(lang), "assess", title, main=True)

# %%
first = assess.table[assess.table["quadrant"] == "concentrate"]
pairs = list(zip(first["predictor"], first["quadrant_draws"], strict=True))
labels = {name: ", ".join(f"{named[key][name]} ({100 * share:.0f}%)" for key, share in pairs) for name in ("en", "vi")}
report.finding(
    {
        "en": f"Simulated buyers: “work on first” holds these, with the share of resamples in which they stay there: {labels['en']}.",
        "vi": f"Người mua mô phỏng: ô “cải thiện trước” gồm (kèm tỷ lệ mẫu lặp mà yếu tố vẫn ở ô này): {labels['vi']}.",
    }
)

# %% [markdown]
# Resist the corner. The lines of the map are means over the drivers, so some driver is always "to be worked on", even in a perfect firm (Oh, 2001). And the map knows neither
# what a change costs nor how much room is left on the scale. So ask the question of a budget meeting. Half a point more on each P, at these costs: which gives the most loyalty for
# its money? The costs below are **invented**, as ranges, because nobody knows the cost of a change exactly either. Guess first: will the cheapest be the best buy?

# %%
regression = cx.regress("loyalty ~ " + " + ".join(six), clean)
half = dict.fromkeys(six, 0.5)
cost = {"place": (4, 6), "price": (3, 4), "promotion": (0.5, 1.5), "product": (2.5, 4.5), "people": (1, 2), "process": (1.5, 3.5)}  # fmt: skip
choice = cx.what_if(regression, half, cost=cost, data=clean, n_boot=1000, seed=seed)
title = say(
    "Half a point more of each P: loyalty, cost, and the chance of being the best buy (simulated buyers, invented costs)",
    "Mỗi P thêm nửa điểm: lòng trung thành, chi phí và xác suất là lựa chọn tốt nhất (người mua mô phỏng, chi phí giả định)",
)
report.add(choice.apa(lang), "what_if", title, main=True)

# %%
title = say(
    "Loyalty gained for each unit of cost (simulated buyers, invented costs)",
    "Lòng trung thành tăng thêm trên mỗi đơn vị chi phí (người mua mô phỏng, chi phí giả định)",
)
report.add(choice.plot(lang), "what_if_figure", title)

# %%
best = choice.table.iloc[0]
cheap = choice.table.sort_values("cost").iloc[0]
odds = [100 * row["p_best"] for row in (best, cheap)]
report.finding(
    {
        "en": f"Simulated buyers, invented costs: {named[best['driver']]['en']} gives most loyalty for its money, and is the best buy in {odds[0]:.0f}% of the resamples; the cheapest, {named[cheap['driver']]['en']}, in {odds[1]:.0f}%.",
        "vi": f"Người mua mô phỏng, chi phí giả định: {named[best['driver']]['vi']} cho nhiều lòng trung thành nhất trên mỗi đồng chi, và là lựa chọn tốt nhất trong {odds[0]:.0f}% mẫu lặp; rẻ nhất là {named[cheap['driver']]['vi']}: {odds[1]:.0f}%.",
    }
)

# %% [markdown]
# The last column of the table is the answer to take to the meeting: not "this P", but "this P, and so sure". Note what a cheap driver does. Its gain is near nothing, and
# divided by a small cost the *uncertainty* grows with it, so it keeps some chance of being the best buy. A careful manager does not buy chances of noise; a small trial is the better
# use of that money.
#
# ## Move the budget
#
# Real changes have two prices: a set-up (software, a contract) and so much for each point. Then the best buy depends on the purse. Move the budget. **Guess first:** at which budgets
# does the order change, and what does the end of the answer scale do to a driver that already goes well?

# %%
set_up = {"place": 2, "price": 0, "promotion": 0, "product": 1, "people": 0.5, "process": 2}
per_point = {"place": 6, "price": 10, "promotion": 4, "product": 6, "people": 3, "process": 3}


def spend(budget, n_boot=200):
    points = {key: (budget - set_up[key]) / per_point[key] for key in six if budget > set_up[key]}
    return cx.what_if(regression, points, data=clean, n_boot=n_boot, seed=seed)


cx.explore(lambda budget: spend(budget).plot(lang), live=reports is None, budget=(4, 1, 12, 1))

# %%
import pandas as pd

from cxlab.show import curve_plot

budgets = [1, 2.5, 4, 6, 8, 10, 12]
bought = pd.concat([spend(budget).table.assign(x=budget) for budget in budgets])
shown = bought[bought["driver"].isin(["price", "product", "process"])].rename(columns={"gain": "estimate"})
shown = shown.assign(label=[named[key][lang] for key in shown["driver"]])
xlabel = say("Budget (invented units)", "Ngân sách (đơn vị giả định)")
ylabel = say("Gain in loyalty, points", "Lòng trung thành tăng thêm (điểm)")
curves = curve_plot(shown, xlabel=xlabel, ylabel=ylabel, bounded=False, lang=lang)
title = say(
    "All money on one P: loyalty gained (simulated buyers, invented costs)",
    "Dồn tiền vào một P: lòng trung thành tăng thêm (người mua mô phỏng, chi phí giả định)",
)
report.add(curves, "budget", title)

# %% [markdown]
# With a small purse the driver without set-up cost leads, since the others cannot even start; with a large one the curves bend, because more and more customers have reached the
# end of the scale. The bands overlap nearly everywhere. **The order of the lines is an estimate; the bands are what you know.**
#
# ## The same tool on real data, and its honest limits
#
# Now real customers, of mobile phones (`ecsi_mobile`; Tenenhaus et al., 2005). One point more of what raises loyalty most? Nothing about costs, only gain. We ask twice, with
# satisfaction among the drivers and without. **Before you look:** should the best buy depend on who else is on the list?

# %%
real = report.data(cx.load_dataset("ecsi_mobile"))
lists = {
    ("with satisfaction", "có sự hài lòng"): ["image", "quality", "value", "satisfaction"],
    ("without satisfaction", "không có sự hài lòng"): ["image", "quality", "value"],
}
answers = {}
for words, drivers in lists.items():
    model = cx.regress("loyalty ~ " + " + ".join(drivers), real)
    answers[words] = cx.what_if(model, drivers, data=real, n_boot=1000, seed=seed)

# %%
from cxlab.show import coefficient_plot

both = pd.concat([found.table.assign(model=say(*words)[lang]) for words, found in answers.items()])
both = both.assign(estimate=both["gain"], label=[real.codebook.constructs[key].label[lang] for key in both["driver"]])
xlabel = say("Gain in loyalty from one point more (95% interval)", "Lòng trung thành tăng thêm nếu tăng một điểm (KTC 95%)")  # fmt: skip
title = say("One survey, two lists of drivers, two answers", "Một khảo sát, hai danh sách yếu tố, hai câu trả lời")
report.add(coefficient_plot(both, xlabel=xlabel, lang=lang), "what_if_real", title, main=True)

# %%
leaders = [found.table.iloc[0] for found in answers.values()]
who = [real.codebook.constructs[row["driver"]].label for row in leaders]
sure = [f"{100 * row['p_best']:.0f}%" for row in leaders]
report.finding(
    {
        "en": f"Real phone customers: with satisfaction on the list, the largest gain comes from {who[0]['en']} in {sure[0]} of the resamples; without it, from {who[1]['en']} in {sure[1]}. Resampling cannot tell which list is right.",
        "vi": f"Khách hàng điện thoại thật: khi danh sách có sự hài lòng, mức tăng lớn nhất đến từ {who[0]['vi']} trong {sure[0]} mẫu lặp; khi không có, từ {who[1]['vi']} trong {sure[1]} mẫu lặp. Lấy mẫu lặp không cho biết danh sách nào đúng.",
    }
)

# %% [markdown]
# Both answers look fairly sure, and each is conditional on its list. Satisfaction is what the others work *through*: with it on the list, the others show only what goes past it. And a
# driver whose raise seems to *lower* loyalty is no advice: look at its interval first, then think of collinearity (notebook 08). Three limits belong under every such table. The arrows must be causes. The
# list must be right. And a mean raised by a point is not something anybody can order. What can be done is to try: change one thing, somewhere, and compare. First find the place.
#
# ## Step 2, map: where does it hurt?
#
# The log of our invented brand (`journey_events`, **simulated**) has an event a row: who, when, where, through whom, how it felt.

# %%
log = report.data(cx.load_dataset("journey_events"))
events = cx.journey_events(log, on_problem="drop")
journey = cx.journey_map(events)
title = say("The journey of the simulated customers", "Hành trình của khách hàng mô phỏng")
report.add(journey.plot(lang), "map", title, main=True)

# %% [markdown]
# Stages run from left to right. A cell is named as a pain point only if its whole interval, corrected for the many cells, lies below the mean of all events; intervals know that
# one customer comes back several times. Most cells below the mean are still well liked: less good, not bad. To choose, rank by what could be *gained*, which is distance times
# volume, and ask who is in control. The table holds both.

# %%
from cxlab.show import Column, Table


def spoken(key):
    return {name: events.name(key, name) for name in ("en", "vi")}


chances = journey.opportunities.query("sure").head(6)
chances = chances.assign(stage=chances["stage"].map(spoken), touchpoint=chances["touchpoint"].map(spoken))
heads = {
    "stage": Column(say("Stage", "Giai đoạn")), "touchpoint": Column(say("Touchpoint", "Điểm tiếp xúc")), "control": Column(say("Control", "Mức kiểm soát")),
    "mean_valence": Column(say("Mean (−3 to 3)", "Trung bình (−3 đến 3)"), "number"), "gain": Column(say("Gain", "Phần có thể được"), "number", digits=3),
    "ci": Column(say("95% CI", "KTC 95%"), "interval", digits=3, parts=("gain_lower", "gain_upper")),
}  # fmt: skip
title = say("What the journey's mean would gain if a cell came up to it (simulated log)", "Trung bình hành trình tăng bao nhiêu nếu một ô lên bằng mức chung (nhật ký mô phỏng)")  # fmt: skip
report.add(Table(chances, heads, title), "opportunities")

# %%
worst = journey.pain_points.iloc[0]
mean, low, high = (number(worst[name], 2) for name in ("mean_valence", "ci_lower", "ci_upper"))
place = {name: f"{events.name(worst['stage'], name)} · {events.name(worst['touchpoint'], name)}" for name in ("en", "vi")}  # fmt: skip
report.finding(
    {
        "en": f"Simulated log: most could be gained at {place['en']}: mean {mean} [{low}, {high}], and {100 * worst['share_negative']:.0f}% of the ratings are negative.",
        "vi": f"Nhật ký mô phỏng: nơi có thể cải thiện nhiều nhất là {place['vi']}: trung bình {mean} [{low}; {high}], và {100 * worst['share_negative']:.0f}% lượt đánh giá là tiêu cực.",
    }
)

# %% [markdown]
# Survey and log can be read as saying one thing from two sides; that they belong together is our reading, since no column joins them. The survey points at *process*, the log at one door through which process reaches the customer: support, and there the partner who
# repairs. Neither could have said it alone. The survey does not know where, the log does not know what it matters for.
#
# ## Step 3, fix: did it work?
#
# On 1 July 2024 our brand redesigned its support, in the south only (simulated). Each customer counts once here: in the half-year of the first contact with support, with the mean of
# its ratings. **Before you run it:** ratings in the south will have risen. Name three reasons other than the redesign.

# %%
support = events.frame.query("stage == 'support'").dropna(subset="valence").join(log.data[["region", "segment"]])
support["after"] = (support["time"] >= "2024-07-01").astype(int)
support["south"] = (support["region"] == 3).astype(int)
entry = support["after"] == support.groupby("customer")["after"].transform("first")
people = support[entry].groupby("customer").agg({"south": "first", "after": "first", "segment": "first", "valence": "mean"})  # fmt: skip


def waves(south):
    ratings = people[people["south"] == south].groupby("after")["valence"]
    return ratings.get_group(0), ratings.get_group(1)


naive = cx.before_after(*waves(1))
title = say("Support in the south, before and after (simulated)", "Hỗ trợ ở miền Nam, trước và sau (mô phỏng)")
report.add(naive.apa(lang), "before_after", title)

# %% [markdown]
# A rise, an interval above zero, a small p: many reports would stop here and give the redesign a prize. But support was chosen *because* it was low, and what is chosen for being low
# tends to rise by itself. Seasons change, and so do customers. The other regions lived through the same half-years without a redesign. Their change is our best guess of what would
# have happened in the south anyway; what is left is the difference of the differences.

# %%
compared = cx.before_after(*waves(1), control=waves(0))
title = say("The south against the other regions (simulated)", "Miền Nam so với các vùng còn lại (mô phỏng)")
report.add(compared.apa(lang), "difference", title, main=True)

# %% [markdown]
# With the control group the interval takes in zero. Was there no effect, or too little information? Look at who came. Buyers from the marketplace are sent to the repair partner and
# suffer there; if their share shifts between the waves, the mean shifts with it, redesign or not. How a customer bought was settled before the redesign, so it may enter as a
# covariate: the scatter that it explains is gone, and the mix no longer counts. (What the redesign itself could change must never enter.)

# %%
mix = people.assign(market=people["segment"] == 2).groupby(["south", "after"])["market"].mean()
adjusted = cx.regress("valence ~ south*after + C(segment)", people).table.set_index("term").loc["south:after"]
names = [say("South, before and after", "Miền Nam, trước và sau"), say("Against other regions", "So với các vùng khác"), say("… and at equal mix of buyers", "… và cùng cơ cấu người mua")]  # fmt: skip
three = [naive.effect["change"], compared.effect["change"], adjusted["b"]]
ends = [(row["ci_lower"], row["ci_upper"]) for row in (naive.effect, compared.effect, adjusted)]
steps = pd.DataFrame(ends, columns=["ci_lower", "ci_upper"]).assign(estimate=three, label=names)
xlabel = say("Change in the mean rating (95% interval)", "Thay đổi của điểm trung bình (KTC 95%)")
title = say("One fix, three answers (simulated customers)", "Một thay đổi, ba câu trả lời (khách hàng mô phỏng)")
report.add(coefficient_plot(steps, xlabel=xlabel, lang=lang), "three_answers", title, main=True)

# %%
from scipy.stats import norm

wanted = 0.5
needed = len(people) * ((norm.isf(0.025) + norm.isf(0.2)) * adjusted["se"] / wanted) ** 2
share = [f"{100 * mix[1, wave]:.0f}%" for wave in (0, 1)]
told = [number(value, 2) for value in (*three, *ends[2])]
report.finding(
    {
        "en": f"Simulated fix: the south's rise of {told[0]} shrinks to {told[1]} against the other regions and to {told[2]} [{told[3]}, {told[4]}] at equal mix (marketplace buyers in the south fell from {share[0]} to {share[1]}). To see an effect of {number(wanted, 1)} four times in five, some {round(needed, -1):.0f} customers would be needed instead of {len(people)}.",
        "vi": f"Thay đổi mô phỏng: mức tăng {told[0]} ở miền Nam còn {told[1]} khi so với các vùng khác, và {told[2]} [{told[3]}; {told[4]}] khi cùng cơ cấu (tỷ lệ người mua qua sàn ở miền Nam giảm từ {share[0]} còn {share[1]}). Muốn phát hiện tác động {number(wanted, 1)} trong bốn phần năm số lần, cần khoảng {round(needed, -1):.0f} khách thay vì {len(people)}.",
    }
)

# %% [markdown]
# "Not shown" is not "not there". The honest verdict is the whole interval: the redesign may do nothing, or a good deal. So the decision is to go on measuring until the interval is
# short enough, not to celebrate and not to bury. Keep the three numbers; the seal will say which was nearest. The same function judges a trial with a reward for employees who remove
# pain points, or any other A/B test; shares of solved cases instead of means need nothing more than 0 and 1.
#
# ## Step 4, manage: keep watch
#
# A control chart takes its limits from a calm period and calls what lies beyond them a signal. To manage is to watch also what the redesign did *not* touch: ratings in the app, week by
# week. The limits come from the first weeks of the chart, in grey. They widen where few customers rated. Below runs the spread within each week: a mean can stay calm while customers
# part into delighted and angry ones.

# %%
app = events.frame.query("channel == 'app' and '2024-03-04' <= time < '2024-12-30'").dropna(subset="valence")
app = app.sort_values("time")
week = app["time"].dt.strftime("%V")
chart = cx.control_chart(app["valence"], kind="xbar", subgroup=week, baseline=14)
title = say("Weekly mean rating in the app, by week of the year (simulated)", "Điểm trung bình hằng tuần của ứng dụng, theo tuần trong năm (mô phỏng)")  # fmt: skip
report.add(chart.plot(lang), "control_chart", title, main=True)

# %%
from textwrap import fill

print("\n".join(fill(line, 76, subsequent_indent="    ") for line in chart.summary().splitlines()))

# %% [markdown]
# One week stands out, and it would stand out under any rule. The chart looked for more, too: runs on one side, several points far out (Western Electric, 1956). How many alarms does
# a process raise in which *nothing at all* happens? Draw calm ratings with the same number a week, and count: who looks for more patterns finds more, also where there are none.
# **Choose the rules before you look,** and treat each alarm as a question to people who know that week, not as an answer.

# %%
import numpy as np

random = np.random.default_rng(seed)


def alarms(rules):
    quiet = random.normal(size=len(app))
    found = cx.control_chart(quiet, kind="xbar", subgroup=week, baseline=14, rules=rules).signals
    return found.loc[~found["rule"].str.startswith("spread"), "point"].nunique()


calm = {rules: np.mean([alarms(rules) for _ in range(40)]) for rules in ("limits", "western_electric")}
seen = chart.signals.loc[~chart.signals["rule"].str.startswith("spread")]
outside = seen[seen["rule"] == "limit"]

# %%
report.finding(
    {
        "en": f"Simulated app: the means lie beyond the limits in week {', '.join(outside['label'])}; number of weeks that any rule points at: {seen['point'].nunique()}. Where nothing happens (also simulated), it is {number(calm['western_electric'], 1)} on average, with the limits alone {number(calm['limits'], 1)}.",
        "vi": f"Ứng dụng mô phỏng: điểm trung bình vượt giới hạn ở tuần {', '.join(outside['label'])}; số tuần bị ít nhất một quy tắc báo động: {seen['point'].nunique()}. Khi không có gì xảy ra (cũng mô phỏng), con số này trung bình là {number(calm['western_electric'], 1)}, nếu chỉ dùng giới hạn là {number(calm['limits'], 1)}.",
    }
)

# %% [markdown]
# The loop is closed: the alarm goes back to step 1. Before we come to the levers, a question from the finance department.
#
# ## What is a point of retention worth?
#
# The log says who bought from another brand within a year. Split the buyers in two ways, by where they bought and by whether they ever needed support, and take a margin of 100 a
# year for everybody (**invented**). Lifetime value is then plain arithmetic: margin, retention, discount (Gupta, Lehmann & Stuart, 2004). **Guess first:** is the marketplace a place
# that loses customers, or is it the support behind it?

# %%
buyers = log.data.drop_duplicates("customer").set_index("customer").dropna(subset="left")
helped = buyers.index.isin(events.frame.loc[events.frame["stage"] == "support", "customer"])
groups = buyers.assign(helped=helped).groupby(["segment", "helped"])["left"]
segments = groups.agg(customers="size", retention=lambda left: 1 - left.mean()).reset_index()
where = {1: say("own channels", "kênh của hãng"), 2: say("marketplace", "sàn thương mại")}
need = {True: say("needed support", "cần hỗ trợ"), False: say("no support", "không cần hỗ trợ")}
segments["segment"] = [f"{where[one][lang]}, {need[two][lang]}" for one, two in zip(segments["segment"], segments["helped"], strict=True)]  # fmt: skip
equity = cx.customer_equity(segments.assign(margin=100.0), discount=0.1)
title = say("What simulated customers are worth, at an invented margin", "Giá trị của khách hàng mô phỏng, với lợi nhuận giả định")  # fmt: skip
report.add(equity.apa(lang), "equity", title, main=True)

# %%
from statsmodels.stats.proportion import proportion_confint

rows = equity.table.iloc[-1]
stay = round(rows["customers"] * rows["retention"])
low, high = proportion_confint(stay, rows["customers"], method="wilson")
lever = equity.levers.set_index("lever")["elasticity"]
kept = [f"{100 * value:.0f}%" for value in (rows["retention"], low, high)]
report.finding(
    {
        "en": f"Simulated buyers: of those who needed support after buying on the marketplace {kept[0]} stay (95% interval {kept[1]} to {kept[2]}). One per cent better retention lifts customer equity by {number(lever['retention'], 1)}%, one per cent better margin by {number(lever['margin'], 1)}%.",
        "vi": f"Người mua mô phỏng: trong số mua qua sàn và cần hỗ trợ, {kept[0]} ở lại (khoảng tin cậy 95%: {kept[1]} đến {kept[2]}). Tỷ lệ giữ chân tốt hơn một phần trăm làm giá trị tài sản khách hàng tăng {number(lever['retention'], 1)}%; lợi nhuận tốt hơn một phần trăm: {number(lever['margin'], 1)}%.",
    }
)

# %% [markdown]
# It does not look like the marketplace as such: in these data, those who bought there and never needed support stay at least as often as the others, though they are few. The last column is the price tag for the meeting, what one more
# point of retention brings. Three warnings. Near a retention of 1 the value explodes, and so does its error if the group is small. The arithmetic lets every customer of a segment stay with the same
# probability for ever; where customers differ, their value is higher (Fader & Hardie, 2010; `cx.shifted_beta_geometric` and `cx.bg_nbd` in notebook 13 allow for that). And a segment
# that leaves more is not yet a segment that would stay if you paid.
#
# ## Three levers
#
# Who can pull what? The source articles name three levers: the design of the journey, the network of partners, the organisation inside. The table lists them, with the smallest
# exercise for each idea. Some have been done above (a trial with a control group), some have notebooks of their own (touchpoints and sequences of events: notebook 12). Five are
# left, and each takes a few lines. While you read, mark the lever that *your* organisation could pull next week.

# %%
report.add(cx.theory_table("organisation"), "organisation")

# %% [markdown]
# ## Lever one: the design of the journey
#
# A service blueprint draws, for every door through which a customer comes, what the customer sees, what happens behind, and what must hold it up (Bitner, Ostrom & Morgan, 2008;
# Patrício, Fisk & Cunha, 2008, for several interfaces). Here is one for support. The texts are invented for this lesson; the last two columns come from the simulated log.
# With numbers in it, a blueprint shortens discussions: which layer is missing at the door that hurts?

# %%
layers = {
    "hotline": (say("agent answers", "nhân viên trả lời"), say("ticket, call-back", "phiếu yêu cầu, gọi lại"), say("one customer record", "một hồ sơ khách hàng")),
    "warranty": (say("desk in the store", "quầy tại cửa hàng"), say("check, spare part", "kiểm tra, linh kiện"), say("parts in stock", "kho linh kiện")),
    "repair_partner": (say("parcel and a number", "gửi máy và một mã số"), say("partner's workshop", "xưởng của đối tác"), say("none shared", "không có gì dùng chung")),
}  # fmt: skip
doors = journey.table.set_index("touchpoint").loc[list(layers)].reset_index()
doors[["front", "back", "base"]] = list(layers.values())
heads = {
    "door": Column(say("Interface", "Giao diện")), "front": Column(say("Front stage", "Phía trước")), "back": Column(say("Back stage", "Phía sau")), "base": Column(say("Support", "Hỗ trợ")),
    "mean_valence": Column(say("Mean rating", "Điểm trung bình"), "number"), "share_negative": Column(say("Negative", "Tiêu cực"), "percent", digits=0),
}  # fmt: skip
title = say("Blueprint of support (layers invented, numbers from the simulated log)", "Bản thiết kế dịch vụ hỗ trợ (các lớp là giả định, số liệu từ nhật ký mô phỏng)")  # fmt: skip
report.add(Table(doors.assign(door=doors["touchpoint"].map(spoken)), heads, title), "blueprint")

# %% [markdown]
# ## Lever two: the network of partners
#
# Many organisations make one experience, and somebody coordinates them: the customer, a coordinator, or the firm (Tax, McCutcheon & Wilkinson, 2013). The first table is what the
# source article says; the figure draws the three pure forms for our brand's partners and computes what the words claim, control and uncertainty. These are drawings of a
# theory with equal failure rates, not data.

# %%
report.add(cx.theory_table("partner_networks"), "networks_theory")

# %%
others = {"en": ["marketplace", "delivery", "repair"], "vi": ["sàn", "giao hàng", "sửa chữa"]}[lang]
forms = cx.compare_networks(others, lang=lang)
title = say("Three forms of a network (pure forms of the theory)", "Ba kiểu mạng lưới (dạng thuần túy theo lý thuyết)")
report.add(forms.plot(lang), "networks", title, main=True)

# %%
report.add(forms.apa(lang), "networks_table")

# %% [markdown]
# Now put in what the log knows: how often each partner's events are rated negative. Today the customer deals with everybody; in the plan, the brand stands between. What does the plan
# buy? The control is certain, since it is drawn that way. Protection is not: it depends on how much of a partner's failure the brand passes on to the customer. In the figure that share
# runs from a perfect buffer (0) to none (1). **Where is the plan no better than today?**

# %%
bad = journey.table.set_index("touchpoint")["share_negative"]
buyer, firm = {"en": ("customer", "firm"), "vi": ("khách hàng", "doanh nghiệp")}[lang]
fails = {firm: bad["warranty"], **dict(zip(others, bad[["marketplace_order", "delivery", "repair_partner"]], strict=True))}  # fmt: skip


def arrives(middle, passed=1.0):
    links = [(buyer, firm), *((middle, one) for one in others)]
    passes = {link: 1.0 if buyer in link else passed for link in links}
    network = cx.partner_network(links, hub=middle, customer=buyer, firm=firm, failure=fails, passes=passes)
    return network.measures


# %%
shares = [place / 10 for place in range(11)]
lines = [{"label": say("plan: the firm coordinates", "phương án: doanh nghiệp điều phối")[lang], "x": one, "estimate": arrives(firm, one)["any_failure"]} for one in shares]  # fmt: skip
lines += [{"label": say("today: the customer coordinates", "hiện nay: khách hàng điều phối")[lang], "x": one, "estimate": arrives(buyer)["any_failure"]} for one in shares]  # fmt: skip
frame = pd.DataFrame(lines)
frame = frame.assign(ci_lower=frame["estimate"], ci_upper=frame["estimate"])
xlabel = say("Share of partners' failures that the firm passes on", "Phần sự cố của đối tác mà doanh nghiệp để lọt đến khách")  # fmt: skip
ylabel = say("A failure reaches the customer", "Xác suất có sự cố đến khách")
title = say("Coordination protects only as far as it buffers (failure rates from the simulated log)", "Điều phối chỉ bảo vệ trong chừng mực nó ngăn được sự cố (tỷ lệ sự cố từ nhật ký mô phỏng)")  # fmt: skip
report.add(curve_plot(frame, xlabel=xlabel, ylabel=ylabel, lang=lang), "buffer", title)

# %%
reach = [number(100 * arrives(firm, one)["any_failure"], 0) for one in (0, 0.5, 1)]
today = number(100 * arrives(buyer)["any_failure"], 0)
report.finding(
    {
        "en": f"Failure rates of the simulated log, taken as independent: today a failure reaches the customer in {today}% of the cases, under the plan in {reach[0]}% with a perfect buffer, {reach[1]}% if half is passed on, and {reach[2]}% if all is.",
        "vi": f"Tỷ lệ sự cố của nhật ký mô phỏng, coi là độc lập: hiện nay sự cố đến khách trong {today}% trường hợp; theo phương án mới là {reach[0]}% nếu ngăn được hoàn toàn, {reach[1]}% nếu để lọt một nửa, và {reach[2]}% nếu để lọt tất cả.",
    }
)

# %% [markdown]
# ## Lever three: the organisation inside
#
# Is a firm that takes the customer as its centre better at turning experience into growth? The idea is a moderation: the effect of experience depends on the firm's *customer
# centricity*, an index of leadership, structure, process and incentives (Shah et al., 2006). It needs data of firms, and we have none. So the next ones are **simulated** firms, their
# index drawn from 1 to 5. The figure shows the slope of experience along the index, with its interval, and where it can be told from zero (Johnson & Fay, 1950).

# %%
from dataclasses import replace

count = 180
firms = pd.DataFrame({"centricity": random.uniform(1, 5, count), "experience": random.normal(0, 1, count)})
built_in = 0.6
slope = built_in * (firms["centricity"] - 2)
firms["growth"] = 3 + slope * firms["experience"] + random.normal(0, 2.5, count)
found = cx.moderation("growth", "experience", "centricity", firms)
labels = {"growth": say("growth (%)", "tăng trưởng (%)"), "experience": say("experience", "trải nghiệm"), "centricity": say("Customer centricity (1 to 5)", "Mức lấy khách hàng làm trung tâm (1 đến 5)")}  # fmt: skip
found = replace(found, labels=labels)
title = say("The slope of experience on growth (simulated firms)", "Độ dốc của trải nghiệm đối với tăng trưởng (doanh nghiệp mô phỏng)")  # fmt: skip
report.add(found.plot(lang, kind="region"), "centricity", title)

# %% [markdown]
# All functions should start from one need of the customer: design, marketing, sales, training. A matrix makes that a piece of work. Rows are needs, columns are features with the
# function that would build them, and a cell says how strongly a feature serves a need: 9, 3, 1 or nothing, the weights of quality function deployment (**invented** here, by ourselves; in a firm,
# by a workshop). Needs weigh as much as the survey says: the gain from half a point. The last two lines add up; the second takes every gain at its lower bound.

# %%
gain = choice.table.set_index("driver")[["gain", "ci_lower"]].clip(lower=0)
features = {
    say("Pick-up repair (service)", "Nhận máy tận nhà (dịch vụ)")[lang]: [0, 0, 0, 1, 3, 9],
    say("Price promise (sales)", "Cam kết giá (bán hàng)")[lang]: [0, 9, 3, 0, 0, 1],
    say("Set-up lesson (training)", "Hướng dẫn cài đặt (đào tạo)")[lang]: [0, 0, 0, 3, 9, 3],
    say("Better display (design)", "Màn hình tốt hơn (thiết kế)")[lang]: [0, 0, 0, 9, 0, 0],
}
matrix = pd.DataFrame(features, index=six)
sums = pd.DataFrame({name: matrix.mul(gain[name], axis=0).sum() for name in gain}).T
needs = [*(named[key] for key in six), say("Sum, weighted by gain", "Tổng, theo mức tăng thêm"), say("Sum at the lower bounds", "Tổng, theo cận dưới")]  # fmt: skip
cells = matrix.map(lambda strength: str(strength) if strength else "·")
whole = pd.concat([cells, sums.map(lambda total: number(total, 2))], ignore_index=True).assign(need=needs)
heads = {"need": Column(say("Need", "Nhu cầu"))} | {name: Column(name) for name in features}
title = say("Needs and features (strengths invented, weights from simulated buyers)", "Nhu cầu và tính năng (mức đáp ứng giả định, trọng số từ người mua mô phỏng)")  # fmt: skip
report.add(Table(whole, heads, title), "needs_features")

# %% [markdown]
# Nothing of this works without a record. A contact centre over all channels keeps calls, chats and visits in *one* log; whoever sells such systems says so too, which makes it neither
# true nor false. The table is a minimal scheme. Its last column asks the log of our invented brand whether it has the field. What is missing there is what steps 2 and 3 could
# not see: how long customers waited, and whether the case was solved.

# %%
fields = {
    "time": say("start of the contact", "thời điểm bắt đầu"), "customer": say("one number over all channels", "một mã số cho mọi kênh"), "channel": say("call, chat, store, letter", "cuộc gọi, trò chuyện, cửa hàng, thư"),
    "reason": say("why, from a short list", "lý do, theo danh sách ngắn"), "wait": say("seconds until answered", "số giây chờ đến khi được trả lời"), "solved": say("yes, no, handed on", "có, không, chuyển tiếp"), "valence": say("how it was for the customer", "cảm nhận của khách hàng"),
}  # fmt: skip
there = [say("yes", "có") if field in events.frame else say("no", "không") for field in fields]
scheme = pd.DataFrame({"field": list(fields), "meaning": list(fields.values()), "there": there})
heads = {"field": Column(say("Field", "Trường")), "meaning": Column(say("Meaning", "Ý nghĩa")), "there": Column(say("In this log", "Nhật ký này có"))}  # fmt: skip
title = say("A log of contacts over all channels", "Nhật ký liên lạc trên mọi kênh")
report.add(Table(scheme, heads, title), "contact_log")

# %% [markdown]
# The source articles lean on two works when they speak of the organisation. These cards are for reading them yourself: what each is cited for, and a question to take along. Neither work was
# read for this workbench, and the last column says so. While you read, keep two lists: what in the work is evidence (who was asked, what was counted), and what is advice. Articles that
# cite often carry over the advice and leave the evidence behind.

# %%
cards = cx.theory_table("reading_cards")
two = cards.cells[cards.cells["key"].isin(["badgett", "shah"])]
chosen = replace(cards, cells=two, status=two["status"].value_counts().to_dict())
report.add(chosen.apa(lang), "reading")

# %% [markdown]
# ## Exercise: choose under uncertainty
#
# Back to the real phone customers (`real`), the list *without* satisfaction. Raising image by one point costs between 40 and 60, quality between 20 and 40, value between 25 and 30. Call
# `cx.what_if` on `exercise` with these costs, `n_boot=1000` and `seed=seed`. **In what share of the resamples (0 to 1) is the driver with the highest gain for its cost the best
# buy?**

# %%
drivers = ["image", "quality", "value"]
exercise = cx.regress("loyalty ~ image + quality + value", real)

# %%
my_answer = None

# %%
prices = {"image": (40, 60), "quality": (20, 40), "value": (25, 30)}
right = cx.what_if(exercise, drivers, cost=prices, data=real, n_boot=1000, seed=seed).table
free = answers["without satisfaction", "không có sự hài lòng"].table
slips = {
    say("That is the answer without costs: pass cost=...", "Đó là câu trả lời khi không có chi phí: hãy truyền cost=...")[lang]: free["p_best"].iloc[0],
    say("That is the driver with the largest gain, not with the largest gain for its cost.", "Đó là yếu tố có mức tăng lớn nhất, chưa phải lớn nhất trên mỗi đơn vị chi phí.")[lang]: right.loc[right["gain"].idxmax(), "p_best"],
}  # fmt: skip
cx.check_answer(my_answer, float(right["p_best"].iloc[0]), slips=slips)

# %% [markdown]
# ## Three questions
#
# Answer before you open an answer. Each one says why it is right or what it mixes up.

# %%
rose = (
    say("Scores of the worst branch rose after a training. What follows?", "Điểm của chi nhánh tệ nhất tăng sau một khóa đào tạo. Điều đó cho biết gì?"),
    [
        (say("The training works.", "Đào tạo có tác dụng."), False, say("What is chosen for being low tends to rise by itself. Compare with branches that were as low and had no training.", "Nơi được chọn vì điểm thấp thường tự tăng trở lại. Hãy so với những chi nhánh cũng thấp mà không được đào tạo.")),
        (say("Nothing yet about the training.", "Chưa nói được gì về đào tạo."), True, say("A control group would say what would have happened anyway.", "Cần nhóm đối chứng để biết điều gì đằng nào cũng xảy ra.")),
    ],
)  # fmt: skip
half_sure = (
    say("The leading driver is best in half of the resamples. What now?", "Yếu tố dẫn đầu là tốt nhất trong một nửa số mẫu lặp. Nên làm gì?"),
    [
        (say("Say so, and try the leading two on a small scale.", "Nói rõ điều đó, và thử hai yếu tố dẫn đầu ở quy mô nhỏ."), True, say("A trial is cheaper than a wrong year.", "Một phép thử rẻ hơn một năm đi sai hướng.")),
        (say("Draw more resamples until it is clear.", "Lấy thêm mẫu lặp cho đến khi rõ."), False, say("They make this share more precise, not the choice clearer. Respondents would.", "Chúng làm tỷ lệ này chính xác hơn chứ không làm lựa chọn rõ hơn. Thêm người trả lời thì có.")),
    ],
)  # fmt: skip

# %%
coordinates = (
    say("The firm takes over the coordination of its partners. What is certain?", "Doanh nghiệp tự điều phối các đối tác. Điều gì là chắc chắn?"),
    [
        (say("Fewer failures reach the customer.", "Ít sự cố đến khách hơn."), False, say("Only if it keeps them back. If it passes everything on, nothing is gained.", "Chỉ khi doanh nghiệp ngăn được chúng. Nếu để lọt tất cả thì chẳng bảo vệ được gì.")),
        (say("It sees and controls more.", "Doanh nghiệp thấy và kiểm soát được nhiều hơn."), True, say("That is what the form means; protection must be built.", "Đó chính là ý nghĩa của kiểu mạng này; còn khả năng bảo vệ thì phải xây dựng.")),
    ],
)  # fmt: skip
cx.quiz(rose, half_sure, coordinates)

# %% [markdown]
# ## The seal is broken
#
# Now the truth of the simulated data. First the choice of step 1: a P's true effect on loyalty is its path to satisfaction times the path from there. Beside it, what the meeting was told.
# Then the redesign. Its true effect was put on what customers *felt*; a rating is rounded and cannot go below −3 or above 3, so a little of it gets lost on the way. How much, we find out by
# letting the same simulated feelings be rated twice, without the redesign and with it.

# %%
import re

paths = {line.split(" ~ ")[0]: line for line in survey.codebook.truth.splitlines() if re.match("(satisfaction|loyalty) ~ ", line)}  # fmt: skip
through = {outcome: {key: float(value) for value, key in re.findall(r"([\d.]+)\*(\w+)", line)} for outcome, line in paths.items()}  # fmt: skip
true = {key: through["satisfaction"][key] * through["loyalty"]["satisfaction"] for key in six}
opened = choice.table.assign(true=choice.table["driver"].map(true), label=choice.table["driver"].map(named))
heads = {
    "label": Column("P"), "true": Column(say("True effect (β)", "Tác động thật (β)"), "bounded"),
    "gain": Column(say("Gain told", "Mức tăng đã báo"), "number"), "ci": Column(say("95% CI", "KTC 95%"), "interval", parts=("ci_lower", "ci_upper")),
    "p_best": Column(say("Best buy in", "Tốt nhất trong"), "percent", digits=0),
}  # fmt: skip
title = say("What was told and what is true (simulated buyers)", "Điều đã báo và điều thật sự (người mua mô phỏng)")
report.add(Table(opened.sort_values("true", ascending=False), heads, title), "truth_choice", main=True)

# %%
truth = log.codebook.simulation["valence"]
felt = truth["support_redesigned"]["effect"]
south = support.query("south == 1 and after == 1")
base = truth["stage"]["support"] + south["owner"].map(truth["owner"]).astype(float)
base = base + truth["marketplace_in_support"] * (south["segment"] == 2)
noise = random.normal(0, np.hypot(truth["customer_sd"], truth["event_sd"]), (500, len(south)))
noise = noise + truth["failure"]["effect"] * (random.random(noise.shape) < truth["failure"]["probability"])
without, with_it = (np.clip(np.round(base.to_numpy() + noise + lift), -3, 3) for lift in (0, felt))
rated = float((with_it - without).mean())
hit = [low <= rated <= high for low, high in ends]

# %%
drop = chart.table.set_index("label").loc[outside["label"].iloc[0]]
report.finding(
    {
        "en": f"The seal is broken (simulated log): the redesign lifted feelings by {number(felt, 1)}, which is {number(rated, 2)} in ratings; told were {told[0]}, {told[1]} and {told[2]}, and the true {number(rated, 2)} lies in {sum(hit)} of {len(hit)} intervals. The week beyond the limits was an outage of the app ({truth['app_outage']['from']} to {truth['app_outage']['to']}), worth {number(truth['app_outage']['effect'], 1)}; the chart showed {number(drop['value'] - drop['centre'], 1)}.",
        "vi": f"Mở niêm phong (nhật ký mô phỏng): việc thiết kế lại nâng cảm nhận thêm {number(felt, 1)}, tức {number(rated, 2)} trên thang đánh giá; đã báo {told[0]}, {told[1]} và {told[2]}; giá trị thật {number(rated, 2)} nằm trong {sum(hit)} trên {len(hit)} khoảng tin cậy. Tuần vượt giới hạn là lúc ứng dụng gặp sự cố ({truth['app_outage']['from']} đến {truth['app_outage']['to']}), mức thật {number(truth['app_outage']['effect'], 1)}; biểu đồ cho thấy {number(drop['value'] - drop['centre'], 1)}.",
    }
)
# %% [markdown]
# Process was the right choice, and promotion, which kept a fair chance of being the best buy, does nothing at all: its chance was noise over a small cost. Product
# has more true effect than price, and less gain was told: much of its scale is used up, a β counts in standard deviations and a gain in points, and the rest is error. And the redesign worked. The naive number came nearest, by luck: a better mix of buyers and a rise that all regions had
# made up for a sample that was unkind to the south. In another year mix and season may point the other way, and luck is not a method. The careful interval was too wide to call the fix, and
# it held the truth; with the customers it asked for, it would most likely have called it. The outage was so large that the chart needed one week.
#
# ## What a paper would report
#
# - why these drivers are on the list, what the arrows assume, the costs and where they come from;
# - gains with intervals, and the share of resamples in which the choice is the best;
# - for the fix: what was changed, for whom, when; the control group, the mix of customers, the decision on covariates *before* the outcome was seen;
# - for the chart: baseline, rules, chosen before;
# - margin, discount and retention with its interval behind every value of a customer.

# %% [markdown]
# ## Take-aways
#
# - Assess, map, fix, manage: each step has its own method and its own way to fool you.
# - "Work on X" is half a sentence. The other half is: at this cost, for so much, and so sure.
# - A before and after without a control group measures the calendar, the mix, and the fix together.
# - An interval that takes in zero asks for more customers; it is no verdict on the fix.
# - Choose the rules of a chart before you look. An alarm is a question.
# - Coordination gives control; protection has to be built.

# %%
cx.provenance(survey, log, real, seed=seed)
