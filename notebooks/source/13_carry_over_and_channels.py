# %% [markdown]
# # Carry-over and channels: what does one experience leave behind?
#
# **About 40 minutes.** After this notebook you can
#
# 1. say how a past experience enters the present one, and why one survey cannot show it;
# 2. fit a panel model in which expectation, experience, satisfaction and use pass from wave to wave;
# 3. say how long the effect of one good or bad experience lasts, with an interval;
# 4. measure what an external shock did, with those it did not hit as a yardstick;
# 5. tell loyalty to a channel from its usefulness for another one;
# 6. know what a panel still cannot prove.

# %% tags=["parameters"]
seed = 20261122
lang = "en"
reports = None

# %%
import cxlab as cx
from cxlab.i18n import format_number as number

cx.use_language(lang)
report = cx.Report("13_carry_over_and_channels", folder=reports, lang=lang)
report.question(
    {
        "en": "A customer had one bad experience. For how long does it cost satisfaction and use, and where else does it reach?",
        "vi": "Khách hàng có một trải nghiệm tệ. Sự hài lòng và mức sử dụng bị ảnh hưởng trong bao lâu, và nó còn lan đến đâu?",
    }
)

# %% [markdown]
# ## The theory
#
# Experience is a process (Lemon & Verhoef, 2016): what customers lived through becomes what they expect, and what they expect colours what they live through next. Satisfaction remembers; use and
# staying follow it, later. And some of it comes from outside: weather, a crisis, the state of the economy. The table below collects what the source articles say, with their references.

# %%
report.add(cx.theory_table("carry_over", lang).apa(lang), "theory")

# %% [markdown]
# ## The panel
#
# `cx_panel` is **simulated**: the customers of an internet provider, asked four times, three months apart. Its truth is sealed until the end. The flaws of real panels are in it: customers leave, some are not
# reached, single answers are missing, a few never read the questions.
#
# **Before you run anything:** think of your own provider. You had a bad month in spring. Is your satisfaction in autumn still lower because of it? How much of the first drop is left after two more surveys: none, a
# tenth, half? Write it down.

# %%
survey = report.data(cx.load_dataset("cx_panel"))
screened = survey.screen(attention={"check1": 3}, min_seconds=60)
panel = screened.exclude("attention", "min_seconds")
report.add(
    panel.flow(lang),
    "flow",
    {"en": "From collected to analysed (simulated)", "vi": "Từ thu thập đến phân tích (mô phỏng)"},
)

# %% [markdown]
# ## Who is left at the end?
#
# A panel loses customers, and not by chance. Below, each wave: how many are still customers, how many of these answered, and how satisfied they had been *in the first wave*. If the last column rises, the
# dissatisfied have left, and a mean over those who remain tells a story that is too good. It is why the model further down uses every customer for as long as there are answers (full-information maximum
# likelihood), and not the complete rows alone.

# %%
import pandas as pd

frame, first = panel.data, panel.scores(constructs=["satisfaction_w1"])["satisfaction_w1"]
rows = []
for wave in (1, 2, 3, 4):
    here = frame[f"retained_w{wave}"] == 1 if wave > 1 else pd.Series(True, frame.index)
    answered = here & ((frame[f"answered_w{wave}"] == 1) if wave > 1 else True)
    rows.append((wave, int(here.sum()), int(answered.sum()), first[here].mean()))
left = pd.DataFrame(rows, columns=["wave", "customers", "answered", "satisfied"])

# %%
from cxlab.show import Column, Table

columns = {
    "wave": Column({"en": "Wave", "vi": "Đợt"}, "integer"),
    "customers": Column({"en": "Still customers", "vi": "Còn là khách hàng"}, "integer"),
    "answered": Column({"en": "Of these answered", "vi": "Trong đó có trả lời"}, "integer"),
    "satisfied": Column({"en": "Their satisfaction in wave 1", "vi": "Sự hài lòng của họ ở đợt 1"}, "number"),
}
title = {"en": "Who stays in the panel (simulated data)", "vi": "Ai ở lại trong bộ dữ liệu bảng (dữ liệu mô phỏng)"}
report.add(Table(left, columns, title), "who_stays")

# %% [markdown]
# ## One wave cannot tell
#
# Take the second wave alone, as most studies must. Satisfied customers use the service more, and a regression says so. But in which order? Did satisfaction bring use, did use bring satisfaction, or did both come
# from the months before? Put the first wave in, and see what is left of the coefficient: the later use is explained by the earlier use and by the *earlier* satisfaction.

# %%
alone = cx.regress("days_w2 ~ satisfaction_w2", panel)
earlier = cx.regress("days_w2 ~ satisfaction_w2 + satisfaction_w1 + days_w1", panel)
caption = {"en": "Days of use in wave 2, with the first wave in the equation (simulated data)", "vi": "Số ngày sử dụng ở đợt 2, khi đưa đợt 1 vào phương trình (dữ liệu mô phỏng)"}  # fmt: skip
report.add(earlier.apa(lang), "earlier", caption)

# %%
b = [
    number(table.set_index("term").loc[name, "b"], 2)
    for table, name in (
        (alone.table, "satisfaction_w2"),
        (earlier.table, "satisfaction_w2"),
        (earlier.table, "satisfaction_w1"),
    )
]
report.finding(
    {
        "en": f"Simulated panel: one point of present satisfaction goes with {b[0]} days of use in the second wave alone; with the first wave in the equation {b[1]} are left, and {b[2]} go with a point of satisfaction in the wave before.",
        "vi": f"Dữ liệu bảng mô phỏng: chỉ riêng đợt hai, mỗi điểm hài lòng hiện tại đi cùng {b[0]} ngày sử dụng; khi đưa đợt một vào phương trình, chỉ còn {b[1]}, và {b[2]} đi cùng mỗi điểm hài lòng ở đợt trước.",
    }
)

# %% [markdown]
# ## The model of carry-over
#
# `cx.carry_over` writes the panel model and fits it: what stays as it is (*stability*), what passes to something else a wave later (*carry-over*), and what happens inside a wave. Measures are latent, with equal loadings in
# all waves, because a change of the ruler must not pass for a change of the customer. Two rivals stand beside it: paths free in every wave, and no carry-over at all.

# %%
measures = {
    "expectation": "expectation",
    "experience": "experience",
    "payment_equity": "payment_equity",
    "satisfaction": "satisfaction",
    "usage": "days",
}
carried = cx.carry_over(panel, measures=measures)
report.add(carried.apa(lang), "paths", main=True)

# %%
caption = {
    "en": "Four waves, from left to right (simulated data)",
    "vi": "Bốn đợt, từ trái sang phải (dữ liệu mô phỏng)",
}
report.add(carried.plot("paths", lang), "panel", caption, main=True)

# %% [markdown]
# Read the blue arrows: experience becomes the next expectation, satisfaction becomes the next use. Read the red ones too: at the same experience, those who had expected more are less satisfied. A good experience thus
# raises the bar for the next one. Do not read arrows alone; ask whether they are needed, and whether the ruler stayed the same.

# %%
report.add(carried.apa(lang, kind="comparison"), "rivals")

# %%
report.add(carried.apa(lang, kind="invariance"), "ruler")

# %% [markdown]
# ## How long does one experience last?
#
# Follow a shock. Raise the experience of one wave by one standard deviation, leave everything else alone, and let the paths carry it on: to satisfaction at once, to expectation a wave later, from there into the next
# experience. The figure shows what is left, wave after wave, with intervals. Compare it with what you wrote down.

# %%
caption = {"en": "What a shock leaves behind (simulated data)", "vi": "Một cú sốc để lại điều gì (dữ liệu mô phỏng)"}
report.add(carried.plot("shocks", lang), "shocks", caption, main=True)

# %%
path = carried.shocks.query("shock == 'experience' and response == 'satisfaction'").set_index("waves_later")
now, then = path.loc[0], path.loc[2]
words = [number(value, 2) for value in (now["effect"], then["effect"], then["ci_lower"], then["ci_upper"])]
share = number(100 * then["effect"] / now["effect"], 0)
report.finding(
    {
        "en": f"Simulated panel: one standard deviation of experience moves satisfaction by {words[0]} standard deviations at once, and by {words[1]} [{words[2]}; {words[3]}] two waves later: {share}% of the first effect is still there.",
        "vi": f"Dữ liệu bảng mô phỏng: một độ lệch chuẩn của trải nghiệm làm sự hài lòng thay đổi ngay {words[0]} độ lệch chuẩn, và {words[1]} [{words[2]}; {words[3]}] sau hai đợt: {share}% của tác động đầu tiên vẫn còn.",
    }
)

# %% [markdown]
# Why does it last, although satisfaction by itself forgets quickly? Move the two paths below. With no carry-over a shock dies by stability alone; with it, it takes the detour through expectation. Find a pair of values at
# which experience after one wave is *larger than the shock itself* (above 1). Without carry-over it never is.


# %%
def response(stability, carry_over):
    expectation, experience, rows = 0.0, 1.0, []
    paths = carried.table.set_index(["cause", "outcome"])["std"]
    for wave in range(7):
        rows.append((wave, experience, stability**wave))
        expectation = paths["expectation", "expectation"] * expectation + carry_over * experience
        experience = stability * experience + paths["expectation", "experience"] * expectation
    names = {"en": ["wave", "with carry-over", "without"], "vi": ["đợt", "có kế thừa", "không có"]}[lang]
    return pd.DataFrame(rows, columns=names).set_index(names[0]).map(lambda value: number(value, 2))


cx.explore(response, live=reports is None, stability=(0.3, 0.0, 0.8, 0.05), carry_over=(0.45, 0.0, 0.9, 0.05))

# %% [markdown]
# ## A storm
#
# Just before the third wave a storm cut lines in the south; the north had none. This is an external factor, and the north is the yardstick: what happened *there* between the waves would have happened in the south as
# well. The difference of the two changes is the storm's. It rests on one assumption, that both would have moved alike. Before the storm one can look: did they? (The last line of the table.)

# %%
storm = cx.shock(panel, at=3, value="experience", group="region", control="north")
caption = {
    "en": "Experience in the south and the north (simulated data)",
    "vi": "Trải nghiệm ở miền Nam và miền Bắc (dữ liệu mô phỏng)",
}
report.add(storm.plot(lang), "storm", caption, main=True)

# %%
report.add(storm.apa(lang), "storm_table")

# %%
drop = storm.table.query("effect == 'wave'").set_index("wave")
size = [
    f"{number(row['estimate'], 2)} [{number(row['ci_lower'], 2)}; {number(row['ci_upper'], 2)}]"
    for row in [*drop.to_dict("records"), *storm.before.to_dict("records")]
]
report.finding(
    {
        "en": f"Simulated panel: against the north, experience in the south changed by {size[0]} points at the storm. A wave later, with no second storm, the difference is still {size[1]}. Before the storm the two changed with a difference of {size[2]}.",
        "vi": f"Dữ liệu bảng mô phỏng: so với miền Bắc, trải nghiệm ở miền Nam thay đổi {size[0]} điểm khi có bão. Một đợt sau, dù không có cơn bão thứ hai, chênh lệch vẫn là {size[1]}. Trước cơn bão, thay đổi của hai miền chênh nhau {size[2]}.",
    }
)

# %% [markdown]
# ## And who stays?
#
# Satisfaction is forward-looking if it tells who will still be there. Staying is a yes or no, so take a binary model: does the satisfaction of the first wave tell who is a customer in the second? Average marginal effects
# say it in points of probability, which a manager can price.

# %%
staying = cx.binary("retained_w2 ~ satisfaction_w1 + fair_w1", panel)
caption = {"en": "Average marginal effects on the probability of staying (simulated data)", "vi": "Tác động biên trung bình lên xác suất ở lại (dữ liệu mô phỏng)"}  # fmt: skip
report.add(staying.marginal_effects().apa(lang), "staying", caption)

# %% [markdown]
# Of those who are left, how many will still be there a year from now? Their share need not be the same every time: the readiest to leave go first, so that a cohort grows more loyal without anybody changing. The shifted
# beta-geometric model (Fader & Hardie, 2007) needs nothing but the counts. With four waves its intervals are wide, and the curve beyond the last point is a forecast, not an observation.

# %%
cohort = cx.shifted_beta_geometric(left["customers"].tolist(), horizon=8)
caption = {
    "en": "A cohort of customers, observed and forecast (simulated data)",
    "vi": "Một lứa khách hàng, quan sát và dự báo (dữ liệu mô phỏng)",
}
report.add(cohort.plot(lang), "cohort", caption)

# %% [markdown]
# ## Is a failure put right better than none?
#
# Not every shock comes from outside. Some firms say that a failure, well put right, leaves customers *more* loyal than no failure at all: the service recovery paradox. `journey_events` (also simulated) has what it takes to ask:
# events felt as bad, and what the same customers felt in support afterwards. Three groups, three contrasts, and a margin of what counts as no difference, since "not significant" is not "equal".

# %%
log = report.data(cx.load_dataset("journey_events"))
events = cx.journey_events(log, on_problem="drop")
recovery = cx.service_recovery(events, outcome="overall", failure=-1, recovery="support", recovered=1)
report.add(recovery.apa(lang), "recovery")

# %%
caption = {
    "en": "Overall experience after a failure, put right or not (simulated data)",
    "vi": "Trải nghiệm chung sau một sự cố, được khắc phục hay không (dữ liệu mô phỏng)",
}
report.add(recovery.plot(lang), "recovery_groups", caption)

# %% [markdown]
# Read the verdict of each line. Customers whose failure was left alone rate the whole far lower; those whose failure was put right stand about where the others stand, and whether a little above or below this log cannot say. That is no
# evidence of a paradox, and good news enough. Mind that nobody was assigned to a failure or to a good support: who has more contacts has more chances of both, and who is easily pleased likes the support *and* the whole.

# %% [markdown]
# ## Channels: searching here, buying there
#
# A second simulated survey: buyers of electronics judged store, web and app, for *searching* and for *buying*. Verhoef, Neslin and Vroomen (2007) named three reasons why people search in one channel and buy in another: a
# channel may be good for one and not for the other; it may not hold its visitors (no **lock-in**); and searching in it may make another one more attractive (**cross-channel synergy**).
#
# **Guess first:** where do most switchers search, and where do they buy?

# %%
buyers = report.data(cx.load_dataset("channel_attitudes"))
buyers = buyers.screen(attention={"check1": 6}, min_seconds=60).exclude("attention", "min_seconds")
channels = cx.channel_attitudes(buyers, weights="weight", wording=True)
caption = {
    "en": "From attitudes to searching to attitudes to buying (simulated data)",
    "vi": "Từ thái độ với việc tìm hiểu đến thái độ với việc mua (dữ liệu mô phỏng)",
}
report.add(channels.plot("attitudes", lang), "attitudes", caption, main=True)

# %%
caption = {
    "en": "Searched in the row, bought in the column (simulated data, weighted)",
    "vi": "Dòng: kênh tìm hiểu, cột: kênh mua (dữ liệu mô phỏng, có trọng số)",
}
report.add(channels.plot("switches", lang), "switches", caption)

# %%
top = channels.most_common
called = {
    "store": {"en": "store", "vi": "cửa hàng"},
    "web": {"en": "web", "vi": "web"},
    "app": {"en": "app", "vi": "ứng dụng"},
}
lowest = channels.table.query("kind == 'lock_in'").sort_values("est").iloc[0]
way = [called[one][lang] for one in (top["searched"], top["bought"], lowest["search"])]
held = [number(lowest[name], 2) for name in ("est", "ci_lower", "ci_upper")]
helped = channels.table.query("verdict == 'synergy'")
feeds = "; ".join(f"{called[one][lang]} → {called[two][lang]}" for one, two in zip(helped["search"], helped["purchase"], strict=True))  # fmt: skip
shares = [number(100 * value, 0) for value in (channels.shoppers["share"], top["share"])]

# %%
report.finding(
    {
        "en": f"Simulated buyers: {shares[0]}% buy in another channel than the one they searched in. The commonest way is {way[0]} → {way[1]} ({shares[1]}%). The lowest estimate of lock-in is that of {way[2]}, {held[0]} [{held[1]}; {held[2]}]; paths across channels that lie clearly above zero: {feeds}.",
        "vi": f"Người mua (dữ liệu mô phỏng): {shares[0]}% mua ở kênh khác với kênh đã tìm hiểu. Con đường phổ biến nhất là {way[0]} → {way[1]} ({shares[1]}%). Ước lượng khóa chân thấp nhất là ở {way[2]}, {held[0]} [{held[1]}; {held[2]}]; các đường dẫn chéo kênh rõ ràng lớn hơn 0: {feeds}.",
    }
)

# %% [markdown]
# The sample is an online panel with too many young people, so the shares are weighted. The paths are not: weights in a structural model need designs that we do not have here, and the result says so.
#
# ## Exercise
#
# A campaign raises this wave's *experience* by half a standard deviation, once. By how many standard deviations is **use** higher two waves later? The table `carried.shocks` has what you need. Write your answer into the cell.

# %%
my_answer = None

# %%
use = carried.shocks.query("shock == 'experience' and response == 'usage'").set_index("waves_later")["effect"]
slips = {
    {
        "en": "That is for a whole standard deviation; the campaign gives half.",
        "vi": "Đó là cho cả một độ lệch chuẩn; chiến dịch chỉ cho một nửa.",
    }[lang]: use[2],
    {"en": "That is one wave later.", "vi": "Đó là một đợt sau."}[lang]: use[1] / 2,
}
cx.check_answer(my_answer, use[2] / 2, slips=slips)

# %% [markdown]
# ## The seal is broken
#
# What was built in? The simulated customers were made with the paths below; the estimates, standardised, stand beside them (intervals take the standard deviations as known). Answers on seven points carry less than what stands behind them, and the storm is in the data too,
# so do not expect equality to the second digit. Then the question that counts: how many of the intervals hold the truth?

# %%
import re

names = {"fair": "payment_equity", "days": "usage"}
found = []
for outcome, text in re.findall(r"(\w+)_w3 ~ (.+)", survey.codebook.truth):
    for value, cause in re.findall(r"(-?[\d.]+)\*(\w+)_w\d", text):
        found.append((names.get(cause, cause), names.get(outcome, outcome), float(value)))
built = pd.DataFrame(found, columns=["cause", "outcome", "truth"])
opened = carried.table.merge(built, on=["cause", "outcome"])

# %%
from cxlab.show.truth import truth_plot

unit = opened["std"] / opened["est"]
shown = opened.assign(estimate=opened["std"], ci_lower=opened["ci_lower"] * unit, ci_upper=opened["ci_upper"] * unit)
shown["inside"] = shown["truth"].between(shown["ci_lower"], shown["ci_upper"])
shown["label"] = [
    f"{carried.label(row.cause, lang)} → {carried.label(row.outcome, lang)}" for row in shown.itertuples()
]

# %%
caption = {
    "en": "Estimated and true paths, standardised (simulated data)",
    "vi": "Đường dẫn ước lượng và giá trị thật, chuẩn hóa (dữ liệu mô phỏng)",
}
report.add(
    truth_plot(
        shown,
        xlabel={"en": "Standardised path, 95% interval", "vi": "Đường dẫn chuẩn hóa, khoảng tin cậy 95%"},
        lang=lang,
    ),
    "truth",
    caption,
    main=True,
)

# %%
report.finding(
    {
        "en": f"Held against the sealed truth of the simulated panel, {shown['inside'].sum()} of {len(shown)} intervals of paths contain the true value.",
        "vi": f"Đối chiếu với sự thật đã niêm phong của dữ liệu bảng mô phỏng, {shown['inside'].sum()} trong {len(shown)} khoảng tin cậy của các đường dẫn chứa giá trị thật.",
    }
)

# %% [markdown]
# ## Three questions


# %%
def say(en, vi):
    return {"en": en, "vi": vi}


ruler = (
    say("Why are loadings held equal over waves?", "Vì sao hệ số tải được giữ bằng nhau qua các đợt?"),
    [
        (say("To save parameters.", "Để tiết kiệm tham số."), False, say("A welcome side effect. Ask what would go wrong without it.", "Đó là lợi ích phụ. Hãy hỏi điều gì sẽ sai nếu không làm vậy.")),
        (say("So that a change of the questions cannot pass for a change of the customers.", "Để thay đổi của câu hỏi không bị lẫn với thay đổi của khách hàng."), True, say("The table of invariance tests it.", "Bảng bất biến kiểm định điều này.")),
    ],
)  # fmt: skip

# %%
yardstick = (
    say("What must hold for the storm's effect to be believed?", "Điều gì phải đúng để tin vào tác động của cơn bão?"),
    [
        (say("Both regions start at the same level.", "Hai miền bắt đầu ở cùng một mức."), False, say("Levels may differ; they drop out of the difference.", "Mức có thể khác nhau; chúng bị triệt tiêu khi lấy chênh lệch.")),
        (say("Both regions would have changed alike without it.", "Nếu không có bão, hai miền lẽ ra thay đổi như nhau."), True, say("The waves before the storm are the only place to look.", "Các đợt trước cơn bão là nơi duy nhất để nhìn.")),
    ],
)  # fmt: skip
order = (
    say("In a panel, satisfaction precedes use. Is it a cause?", "Trong dữ liệu bảng, sự hài lòng đi trước mức sử dụng. Đó có phải nguyên nhân không?"),
    [
        (say("Yes: the order in time proves it.", "Có: thứ tự thời gian chứng minh điều đó."), False, say("It rules out one direction, not a common cause.", "Nó loại trừ một chiều, không loại trừ nguyên nhân chung.")),
        (say("Not yet: something earlier may move both.", "Chưa: có thể một điều xảy ra trước làm thay đổi cả hai."), True, say("A change of tariff, say. An experiment would tell.", "Chẳng hạn thay đổi giá cước. Một thí nghiệm sẽ cho biết.")),
    ],
)  # fmt: skip
cx.quiz(ruler, yardstick, order)

# %% [markdown]
# ## Optional: customers who really came back
#
# `cdnow` holds the purchases of real customers, to fetch on request, once, after you have read its terms: `cx.fetch_dataset("cdnow", accept_terms=True)`. `cx.bg_nbd` estimates who is still alive as a customer and what they will buy. Write `True`
# into the cell below and run it; as it is, it does nothing.

# %%
have_cdnow = False

if have_cdnow:
    print(cx.bg_nbd(cx.load_dataset("cdnow"), age="observed").summary())

# %% [markdown]
# ## What a paper would report
#
# - who was asked when, who left, who did not answer, and what was done about it;
# - the model text with its equalities, the estimator, fit, and the rivals with their tests;
# - invariance over waves before any path;
# - paths standardised *and* as they are, with intervals; the response to a shock rather than single arrows;
# - for a shock from outside: the yardstick, the change before, and what would have to be true;
# - the sentence itself, as below.

# %%
row = carried.table.query("cause == 'experience' and outcome == 'expectation'").iloc[0]
told = [number(row[name], 2) for name in ("std", "est", "ci_lower", "ci_upper")]
report.finding(
    {
        "en": f"For a paper: “Experience carried over to the expectation of the next wave (b = {told[1]}, 95% CI [{told[2]}; {told[3]}], β = {told[0]}; simulated data, {len(panel.data)} customers, four waves, full-information maximum likelihood, robust errors).”",
        "vi": f"Cho bài báo: “Trải nghiệm truyền sang kỳ vọng của đợt kế tiếp (b = {told[1]}, KTC 95% [{told[2]}; {told[3]}], β = {told[0]}; dữ liệu mô phỏng, {len(panel.data)} khách hàng, bốn đợt, hợp lý cực đại thông tin đầy đủ, sai số vững).”",
    }
)

# %% [markdown]
# ## Take-aways
#
# - The past enters by two doors: what stays as it is, and what is expected next. Only a panel can tell them apart.
# - One survey shows what goes together. It cannot show what came first.
# - Those who leave are not like those who stay. Use everybody for as long as they answer.
# - Report how long an effect lasts. An arrow says little; a response over waves says what to plan for.
# - An outside shock needs a yardstick, and an assumption that you write down.
# - A channel that people search in and leave is not a failure if it sells for another one.

# %%
cx.provenance(survey, log, buyers, seed=seed)
