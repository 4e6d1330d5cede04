# %% [markdown] en_hash="56cc102fa9"
# # Hành trình và điểm tiếp xúc: một lần trải nghiệm tốt chưa phải là một hành trình tốt
#
# **Khoảng 55 phút.** Sau sổ tay này, bạn có thể
#
# 1. chuyển nhật ký hoặc bảng hỏi thành các sự kiện đã kiểm tra: ai, khi nào, ở giai đoạn và điểm tiếp xúc nào, cảm thấy thế nào;
# 2. nói rõ cách mã hóa ba, bảy và tám giai đoạn cho thấy điều gì và che mất điều gì;
# 3. vẽ bản đồ hành trình có những điểm đau đứng vững trước khoảng tin cậy, một phễu biết ai còn đang đi, và một chuỗi các giai đoạn;
# 4. để các quy tắc (trung bình, kết thúc, tệ nhất, đỉnh và kết thúc) cạnh tranh nhau trong việc giải thích điều khách hàng nói về cả hành trình;
# 5. đo xem trải nghiệm mang tính cá nhân đến đâu, và so sánh các điểm tiếp xúc theo tần suất, mức tích cực và phân bổ công, kèm giới hạn của từng cách;
# 6. tìm ra giai đoạn tệ nằm sau một câu trả lời vui.

# %% tags=["parameters"]
seed = 20261122
lang = "vi"
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

# %% [markdown] en_hash="d788744e73"
# ## Lý thuyết
#
# **Điểm tiếp xúc** là mọi lần tiếp xúc giữa khách hàng và thương hiệu. Meyer và Schwager (2007) gọi trải nghiệm là phản ứng bên trong trước những liên hệ *trực tiếp* (khi mua, dùng, được phục vụ) hoặc *gián tiếp* (qua người khác
# hay truyền thông). Lemon và Verhoef (2016) bổ sung rằng doanh nghiệp chỉ sở hữu một phần các liên hệ đó, và xếp chúng theo giai đoạn. Theo Payne, Storbacka và Frow (2008) và Voss, Roth và Chase (2008), chất lượng được đánh giá qua *mọi*
# lần gặp gỡ; Rawson, Duncan và Jones (2013) cảnh báo rằng doanh nghiệp mải đánh bóng từng điểm tiếp xúc mà đánh mất hành trình. Vậy trải nghiệm có hai cấp, khoảnh khắc và toàn thể, và sổ tay này đi lại giữa hai
# cấp đó.

# %%
report.add(cx.theory_table("touchpoint_owners"), "owners")

# %%
report.add(cx.theory_table("contact_types"), "contacts")

# %% [markdown] en_hash="67aabbfac8"
# Cột cuối cho biết vì sao chúng tôi biết: đã đọc trong nguồn, do một trong các bài báo nguồn của bộ công cụ kể lại, hay chỉ nhớ lại. Khách hàng còn so điều nhận được với điều kỳ vọng; sổ tay 10 bàn về phép so sánh
# đó và về lý do điểm chênh lệch dễ gây hiểu sai.
#
# **Trước khi chạy bất cứ ô nào**, hãy nghĩ đến món đồ lớn gần đây nhất bạn mua và ghi ra ba dự đoán. Giai đoạn nào của một hành trình như vậy trung bình gây cảm giác tệ nhất: quảng cáo ban đầu, lúc mua, hay phần hỗ trợ
# sau đó? Điều người ta nói về cả hành trình do đoạn kết hay do mức trung bình quyết định? Và trong mọi thăng trầm của điểm đánh giá, bao nhiêu thuộc về *con người*, bao nhiêu thuộc về *điểm tiếp xúc*?
#
# ## Một nhật ký, và những chỗ sai của nó
#
# Nhật ký này là **dữ liệu mô phỏng**: khách hàng của một hãng máy tính không có thật, với những khiếm khuyết mà nhật ký thật thường có. Giá trị thật được niêm phong đến cuối sổ tay.

# %%
from textwrap import fill

from cxlab.errors import DataError

log = report.data(cx.load_dataset("journey_events"))
try:
    cx.journey_events(log)
except DataError as trouble:
    print("\n".join(fill(line, 72, subsequent_indent="    ") for line in str(trouble).splitlines()))

# %% [markdown] en_hash="bccbb1bd6b"
# Hàm đọc từ chối. Một số sự kiện nằm trong nhật ký hai lần với cùng một số hiệu; nếu đếm hai lần, chúng sẽ có trọng số gấp đôi trong mọi trung bình và hiện ra như vòng lặp trong mọi chuỗi. Chúng ta quyết định công khai: giữ
# dòng đầu. Những dòng bị bỏ vẫn được liệt kê trong `events.problems`. Dưới đây là một khách hàng của nhật ký mô phỏng, theo cách lược đồ nhìn một hành trình. Mỗi dòng trả lời sáu câu hỏi: ai, khi nào, qua kênh nào, điểm tiếp xúc của
# ai, ở giai đoạn nào, và cảm thấy thế nào, từ rất tiêu cực đến rất tích cực.

# %%
events = cx.journey_events(log, on_problem="drop")
frame = events.frame
shown = ["time", "stage", "touchpoint", "owner", "channel", "contact", "valence"]
walks = frame.groupby("customer").agg(length=("step", "size"), rated=("valence", "count"), last=("stage", "last"))
someone = walks.query("length == 9 and rated >= 8 and last == 'support'").index[0]
cx.InventedRows(frame.loc[frame["customer"] == someone, shown].reset_index(drop=True))

# %%
report.add(events, "events")

# %% [markdown] en_hash="f593ff349f"
# Hãy đọc các lưu ý trước khi đọc trung bình. Một điểm đánh giá bị khuyết không phải là điểm trung tính, và trung bình chỉ nói thay những người đã chấm. Hành trình cũng quay lại, từ hỗ trợ về sử dụng hay sang lần mua thứ hai; ai mong một
# đường thẳng sẽ gọi đó là lỗi, nhưng đời là vậy.
#
# ## Ba, bảy hay tám giai đoạn?
#
# Các tài liệu mã hóa cùng một hành trình thô mịn khác nhau: ba giai đoạn ở Lemon và Verhoef, bảy bước hoặc tám giai đoạn trong các bài viết của người làm nghề. Mã hóa là quyết định xem có thể thấy được gì. Bảng sau đặt các cách
# cạnh nhau; cách ghép là của bộ công cụ, được ghi rõ như vậy, và có thể tranh luận. Nơi bảy bước không có bước riêng (hỗ trợ), sự kiện được xếp vào bước trước đó: xem bảng thứ hai.

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

# %% [markdown] en_hash="6f40407cd6"
# Ba con số trung bình kể câu chuyện về một lần mua tốt hơn cả trước lẫn sau nó. Tám giai đoạn kể chuyện khác: sau khi mua, một giai đoạn chìm xuống giữa các giai đoạn lân cận sáng sủa. Mã hóa thô không sai. Nó lấy trung bình,
# và trung bình của một niềm vui với một tai họa được gọi là "ổn". Cũng lưu ý rằng bảy bước đặt tìm kiếm trước biết đến, còn tám giai đoạn đặt sau: chỉ riêng điều đó cũng đủ làm phễu của hai nghiên cứu khác nhau.
#
# ## Bản đồ
#
# Bản đồ trải nghiệm của Risdon (2011, 2013) đánh dấu điểm đau và cơ hội. Một điểm tiếp xúc có ít điểm đánh giá dễ trông tệ nhất hay tốt nhất chỉ do may rủi, nên bản đồ xếp theo điều **chắc chắn**: điểm đau là ô có *toàn bộ khoảng
# tin cậy*, đã nới rộng theo số ô, nằm dưới đường so sánh.

# %%
caption = {
    "en": "The simulated journey, held against the mean of all its events",
    "vi": "Hành trình mô phỏng, so với trung bình của mọi sự kiện",
}
report.add(maps["8"].plot(lang), "map", caption, main=True)

# %% [markdown] en_hash="1c1c27bd0f"
# Hãy đếm số vòng tròn, rồi đọc độ cao của đường kẻ. Đó là trung bình của mọi sự kiện, và một hành trình gồm phần lớn sự kiện tốt thì có trung bình cao. Đa số điểm tiếp xúc được khoanh vẫn mang lại cảm giác *tốt*; chúng chỉ kém hơn
# các điểm khác. Muốn tìm những chỗ thật sự tệ, hãy so các ô với điểm trung tính của thang đo. Hai câu hỏi, hai bản đồ: "chỗ nào ta kém chính ta?" và "chỗ nào ta làm khách khó chịu?". Một báo cáo trình bày bản đồ thứ nhất mà nói như
# thể đã hỏi câu thứ hai sẽ làm nhầm bộ phận hoảng sợ.

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

# %% [markdown] en_hash="96a9ee482a"
# Mức tăng kết hợp hai điều: ô nằm thấp bao nhiêu và có bao nhiêu sự kiện; cột mức kiểm soát cho biết ai có thể hành động. Nhiều điều gây khó chịu không thuộc về doanh nghiệp. Khoảng tin cậy rộng nghĩa là cần thêm điểm đánh giá
# trước khi chi tiền.
#
# Bây giờ hãy tách bản đồ ra. Chọn một chủ sở hữu, một kênh hoặc một loại liên hệ; đường so sánh vẫn ở chỗ mà cả hành trình đặt nó. Bản đồ bắt đầu với các điểm tiếp xúc của chính doanh nghiệp. **Đoán trước:** ở đó, giai đoạn hỗ trợ có
# còn tệ không? Rồi xem các đối tác, và sau cùng là liên hệ trực tiếp và gián tiếp.

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

# %% [markdown] en_hash="655fc5f82c"
# ## Từ khoảnh khắc này sang khoảnh khắc khác
#
# Các bài báo nguồn muốn trải nghiệm được đo *liên tục*, không phải mỗi năm một lần. Trung bình hằng tuần của một kênh là bước khởi đầu, và biểu đồ kiểm soát cho biết tuần nào là tin tức, tuần nào chỉ là nhiễu: giới hạn được tính từ độ
# phân tán trong từng tuần, tuần có ít điểm thì giới hạn rộng. Chúng ta theo dõi các điểm tiếp xúc trong ứng dụng, ở những tuần có ít nhất năm điểm đánh giá. Một điểm vượt giới hạn là câu hỏi dành cho ai đó ("khi ấy có chuyện gì?"),
# chưa phải câu trả lời.

# %%
app = events.where(channel="app").frame.dropna(subset=["valence"]).sort_values("time")
week = app["time"].dt.to_period("W").dt.start_time.dt.strftime("%m-%d")
enough = week.map(week.value_counts()) >= 5
chart = cx.control_chart(app.loc[enough, "valence"], kind="xbar", subgroup=week[enough])
caption = {"en": "Valence in the app, week by week (simulated data)", "vi": "Sắc thái cảm nhận trong ứng dụng theo tuần (dữ liệu mô phỏng)"}  # fmt: skip
report.add(chart.plot(lang), "weeks", caption)

# %% [markdown] en_hash="aefd13c2f8"
# ## Đi được bao xa, và sau đó là gì
#
# Phễu đếm số khách đạt tới một giai đoạn và tỷ lệ đi tiếp. Có hai cái bẫy. Giai đoạn không có ghi chép chưa hẳn là giai đoạn không có sự kiện: người ta nghe nói về thương hiệu mà không ai ghi lại, nên phễu coi một giai đoạn là đã
# đạt khi có giai đoạn sau đó. Và ghi chép nào cũng có ngày kết thúc: ai vừa hành động trước ngày đó là *đang đi*, chưa phải đã mất. Cột cuối đếm họ. **Theo bạn, bước nào mất nhiều khách nhất, và mất khách nào?**

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

# %% [markdown] en_hash="5f6c369881"
# Phễu ép hành trình thành một đường thẳng. Chuỗi thì không: nó hỏi sau mỗi giai đoạn là gì, kể cả vòng lặp và lối ra. Hãy đọc từng hàng. Bên dưới là hai kiểm định tỷ số hợp lý. Kiểm định thứ nhất hỏi giai đoạn hiện tại có cho biết gì về
# giai đoạn sau không. Kiểm định thứ hai hỏi, khi đã biết giai đoạn hiện tại, giai đoạn *trước đó* còn quan trọng không; nếu không, một chuỗi chỉ nhớ một bước đủ để mô tả hành trình đi đâu, dù không bao giờ cho biết vì sao.

# %%
chain = cx.transitions(events)
caption = {"en": "What follows each stage, in percent (simulated data)", "vi": "Sau mỗi giai đoạn là gì, tính bằng phần trăm (dữ liệu mô phỏng)"}  # fmt: skip
report.add(chain.plot(lang), "chain", caption)

# %%
print("\n".join(fill(line.strip(), 72) for line in chain.summary(lang).splitlines() if "χ²" in line))

# %% [markdown] en_hash="96e3b12073"
# ## Điều gì làm nên một hành trình tốt?
#
# Giờ ta đi từ khoảnh khắc đến toàn thể. Cuối cùng, mỗi khách hàng cho cả hành trình một điểm. Cách *tóm tắt* nào giải thích được điểm đó: trung bình, sự kiện cuối, sự kiện tệ nhất, tốt nhất, xu hướng, hay **đỉnh và kết thúc** đi cùng nhau,
# như Kahneman và cộng sự đã thấy với cảm giác đau và các đoạn phim (Fredrickson & Kahneman, 1993)? Mọi quy tắc được thử trên cùng những khách hàng, và R² cũng được tính trên những khách mà quy tắc chưa gặp. Hãy xem lại dự đoán của bạn rồi
# chạy.

# %%
rivals = cx.journey_summaries(events, "overall", seed=seed)
caption = {
    "en": "Which summary explains the score of the whole journey? (simulated data)",
    "vi": "Cách tóm tắt nào giải thích điểm của toàn hành trình? (dữ liệu mô phỏng)",
}
report.add(rivals.plot(lang), "rivals", caption, main=True)

# %%
report.add(rivals.apa(lang), "rivals_table")

# %% [markdown] en_hash="28b10658e0"
# ## Cũng cuộc thi đó, với hành khách thật
#
# Khách hàng mô phỏng nghe lời người viết ra họ. Vậy hãy hỏi khách thật: hành khách hàng không đã chấm sáu chặng của một chuyến bay và toàn chuyến. Có một vướng mắc. **Không tài liệu nào cho biết đầu nào của thang đo là tốt.** Đừng bao giờ lặng lẽ đoán: hãy
# gom những gì dữ liệu nói, viết suy luận ra, và gọi đúng tên nó là suy luận. Ba dấu vết: mọi điểm có cùng chiều không? Điểm dồn về đầu nào (điểm hài lòng thường dồn về đầu tốt; Peterson & Wilson, 1992)? Và ai chọn một đầu cả
# bảy lần?

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

# %% [markdown] en_hash="4fef990db7"
# Quy tắc thắng cuộc đã khác. Trước khi gọi đó là quy luật của ngành bay, hãy xem dữ liệu này *được tạo ra thế nào*: cả bảy điểm nằm trên một phiếu sau chuyến bay, với bốn mức. Ai đánh giá các chặng khi nhìn lại thì nhìn chúng qua cái
# toàn thể (hiệu ứng hào quang), điều này có lợi cho trung bình; bốn mức chừa ít chỗ cho đỉnh; và "sự kiện cuối" luôn là tiếp viên, dù không ai biết trong đầu hành khách tiếp viên có đến sau cùng không. Quy tắc phụ thuộc vào cách đo. Đó
# là lý do để thử quy tắc trên hành trình của chính bạn, không phải để trích một quy tắc từ sách giáo khoa.
#
# Một hành trình có nói được nhiều hơn điểm tiếp xúc tốt nhất của nó không? Rawson và cộng sự cho là có. Dưới đây là phần của điểm chung mà riêng từng chặng giải thích được, bên cạnh cả sáu chặng.

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

# %% [markdown] en_hash="47c70c59dc"
# ## Trải nghiệm mang tính cá nhân đến đâu?
#
# Tài liệu nói: "Trải nghiệm hoàn toàn mang tính cá nhân". Đó là một phát biểu về phương sai, vậy hãy đo nó. Mỗi điểm đánh giá thuộc về một khách hàng *và* một điểm tiếp xúc. Mô hình đa cấp với cả hai chia phương sai của điểm thành phần của
# khách hàng (ai dễ hài lòng ở mọi nơi), phần của điểm tiếp xúc (điểm nào làm mọi người hài lòng), và phần còn lại là từng sự kiện. Tỷ phần thứ nhất là tương quan nội lớp (ICC). Mô hình còn so sánh các điểm tiếp xúc một cách công bằng:
# điểm nào càng ít điểm đánh giá thì trung bình càng được kéo về phía chung, và mọi trung bình đều nói về một *khách hàng trung bình*.

# %%
levels = cx.touchpoint_levels(events)
report.add(levels.apa(lang), "levels", main=True)

# %%
report.add(levels.plot(lang), "levels_figure")

# %% [markdown] en_hash="da7fe68e68"
# Hãy so điểm rỗng và điểm đặc ở các giai đoạn muộn: trung bình nguyên trạng nằm lệch về bên phải. Đó không phải công của điểm tiếp xúc. Những người không thích hành trình thường đã rời đi trước, nên các điểm tiếp xúc muộn được chấm bởi những người
# thân thiện hơn. Bản đồ dựa trên trung bình thô tô hồng những gì đến muộn.
#
# Liên hệ gián tiếp có tệ hơn liên hệ trực tiếp không? Dòng đầu của hình có vẻ nói vậy. Nhưng liên hệ gián tiếp đến *sớm*, qua quảng cáo và lời đồn, mà các giai đoạn sớm vốn đã gây cảm giác kém hơn. Vậy hãy hỏi lại, ở cùng giai đoạn. Bài học thứ hai
# nằm ở độ rộng của khoảng tin cậy: loại liên hệ là thuộc tính của điểm tiếp xúc, nên điều đáng kể là có bao nhiêu *điểm tiếp xúc*, dù có hàng nghìn sự kiện.

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

# %% [markdown] en_hash="eb51e2067e"
# Con số sau cùng có hai cách hiểu mà dữ liệu này không tách được: hành khách khác nhau ở chỗ dễ hay khó hài lòng, và một tờ phiếu làm một tâm trạng lan ra mọi ô.
#
# ## Gặp nhiều lần, hay cảm thấy tốt?
#
# Baxendale, Macdonald và Wilson (2015) nhờ người tham gia nhắn tin mỗi lần gặp một thương hiệu: điểm tiếp xúc nào, tích cực đến đâu. Rồi họ hỏi điều gì làm thay đổi mức cân nhắc thương hiệu, **gặp bao nhiêu lần** hay **tích cực đến đâu**. Nhật ký tuần ở đây là **dữ liệu
# mô phỏng** theo hình thức đó: một tuần, bốn thương hiệu trà không có thật, mức cân nhắc trước và sau. Điểm *trước* rất quan trọng. Ai đã cân nhắc một thương hiệu thì để ý đến quầy kệ và thích quảng cáo của nó; bỏ điểm trước đi, sự yêu thích sẽ
# giả làm tác động.

# %%
diary = report.data(cx.load_dataset("touchpoint_diary"))
met = cx.touchpoint_effects(diary, "consideration_before", "consideration_after")
report.add(met, "touchpoint_effects")

# %%
report.add(met.plot("map", lang), "frequency_positivity")

# %%
report.add(met.plot("before", lang), "before_left_out")

# %% [markdown] en_hash="043c973749"
# Trên bản đồ, mỗi điểm tiếp xúc là một hình chữ thập: càng về bên phải, gặp thường hơn càng có tác dụng; càng lên cao, gặp trong tâm trạng tốt càng có tác dụng. Các chữ thập dài nên ít cặp phân biệt được, và doanh nghiệp nào chỉ so các chấm sẽ thấy
# một thứ tự mà nhật ký của tuần khác có thể đảo lại. Hình thứ hai trình bày cùng các tác động, có và không có điểm trước: hầu như tác động nào cũng phình ra khi thiếu nó, và một điểm tiếp xúc chẳng làm được gì mấy bỗng trông hữu ích.
#
# ## Công thuộc về ai?
#
# Phòng tiếp thị chia đơn hàng cho các điểm tiếp xúc theo quy tắc vị trí (lần đầu, lần cuối, chia đều) hoặc theo chuỗi Markov: bao nhiêu đơn hàng sẽ mất nếu không ai đi qua được điểm tiếp xúc này? Một trong các bài báo nguồn than phiền
# rằng doanh nghiệp bỏ quên những điểm tiếp xúc không bán được gì ngay. **Hãy đoán:** quy tắc nào bỏ quên chúng nhiều nhất?

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

# %% [markdown] en_hash="fc85410e1f"
# Mọi quy tắc đều thấy cùng những đơn hàng đó. Lần cuối trả công cho ai đứng ở quầy thu ngân và không trả gì cho nơi đầu tiên giới thiệu thương hiệu; lần đầu thì ngược lại. Chuỗi Markov ôn hòa hơn, vì nó hỏi điều gì xảy ra với cả hành
# trình. Nhưng câu hỏi của nó, *nếu không ai đi qua được đây thì sao*, giả định rằng khi ấy người ta bỏ cuộc, trong khi người thật sẽ đi vòng. Và **không quy tắc nào thấy được nguyên nhân**: người đã định mua thì ghé cửa hàng. Chỉ thực nghiệm
# (quảng cáo ở vùng này, không quảng cáo ở vùng khác) mới cho biết một điểm tiếp xúc mang lại gì.
#
# ## Các kiểu hành trình
#
# Một bản đồ là trung bình của nhiều hành trình, và có lẽ không ai đi hành trình trung bình ấy. Phân tích chuỗi đo xem thứ tự các giai đoạn khác nhau bao nhiêu (giai đoạn lặp liền nhau chỉ đếm một lần) và gom những hành trình diễn ra giống nhau.

# %%
kinds = cx.sequence_clusters(events, 4, collapse=True, outcomes="overall", seed=seed)
report.add(kinds.apa(lang), "kinds")

# %%
report.add(kinds.plot(lang), "kinds_figure")

# %% [markdown] en_hash="fce7999ffc"
# Các nhóm là những lát do chúng ta cắt; hệ số bóng cho biết vết cắt rõ đến đâu, và một số nhóm khác cũng có thể bảo vệ được. Chúng là cơ sở cho hành trình cá nhân hóa: bước tiếp theo cho người quay vòng giữa sử dụng và hỗ trợ khác với bước
# tiếp theo cho người đã bỏ đi sau quảng cáo đầu tiên.
#
# ## Một khách hàng vui với một giai đoạn tệ
#
# Làm khách vui ở quầy thu ngân chưa phải là tạo ra trải nghiệm tốt, một bài báo nguồn cảnh báo như vậy. Hãy chỉ lấy những khách **hài lòng với lần mua** (4 hoặc 5 trên 5), những người mà khảo sát CSAT báo cáo là thành công. Vẽ hành trình của họ
# theo từng giai đoạn, tách theo kênh đã bán hàng cho họ.

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

# %% [markdown] en_hash="6d6d56b056"
# Ai trong số họ cũng là thành công trong báo cáo CSAT. Nhưng một nhóm đang bị đối xử tệ, ở một giai đoạn mà CSAT không còn được hỏi. Điều đó có quan trọng không? Một năm sau, một số khách đã mua của hãng khác. Ta để ba điều giải thích việc đó: CSAT, điểm hỗ trợ nằm
# *dưới* mức trung tính bao nhiêu, và nằm *trên* bao nhiêu. Hai nửa có hệ số riêng, vì một giai đoạn tệ có thể lấn át những gì một giai đoạn tốt mang lại (log-odds bằng 0 nghĩa là không liên hệ).

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

# %% [markdown] en_hash="4309794593"
# ## Bài tập: tìm giai đoạn cần sửa
#
# Người quản lý kênh **sàn thương mại** có tiền cho một giai đoạn. Hãy lập bản đồ chỉ cho khách của chị, `cx.journey_map(events.where(segment=2))`, và dùng `.stages` của bản đồ đó (các cột `stage`, `rated`, `mean_valence`).
# Sửa một giai đoạn nghĩa là đưa nó lên bằng trung bình các điểm đánh giá của *những khách này*; mức tăng bằng tỷ trọng của giai đoạn trong số điểm đánh giá của họ nhân với khoảng cách. Hãy tìm giai đoạn có mức tăng lớn nhất. **Trung bình hành trình của khách
# thuộc kênh này sẽ tăng bao nhiêu điểm?**

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

# %% [markdown] en_hash="c4e6223a7a"
# Mức tăng như vậy là phép tính thuần túy: nó mặc nhiên coi mọi điểm đánh giá quan trọng như nhau. Nếu kết thúc hoặc khoảnh khắc tệ nhất quan trọng hơn, có thể một giai đoạn khác mới đáng được đầu tư; cuộc thi ở trên là cách để biết.
#
# ## Ba câu hỏi
#
# Hãy tự trả lời trước khi mở từng đáp án. Mỗi đáp án cho biết vì sao đúng hoặc nhầm lẫn ở đâu.


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

# %% [markdown] en_hash="a745c5987c"
# ## Mở niêm phong
#
# Hãy làm bài tập trước. Đây là những gì đã tạo ra dữ liệu mô phỏng: đỉnh và kết thúc làm nên điểm toàn hành trình thế nào, điều gì khiến khách rời bỏ, và mỗi điểm tiếp xúc trong nhật ký tuần làm được gì. Hình đặt các ước lượng của
# sổ tay này bên cạnh giá trị thật. Với nhiều khoảng tin cậy 95% như vậy, trượt một hai lần chỉ là do may rủi; trượt nhiều lần *về cùng một phía* lại là chuyện khác.

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

# %% [markdown] en_hash="86151f2a48"
# Hãy xem các lần trượt nằm về phía nào: gần 0 hơn giá trị thật. Tuần vượt giới hạn trên biểu đồ kiểm soát là một lần ứng dụng ngừng hoạt động. Và trong thế giới mô phỏng này, không điểm tiếp xúc nào tự nó gây ra việc mua: giai đoạn sau phụ thuộc vào giai đoạn
# hiện tại và cảm nhận về sự kiện. Công của cửa hàng chỉ là vị trí của nó trong trình tự.
#
# Vì sao trọng số của đỉnh và kết thúc bị hụt? Giá trị thật tác động lên điều được *cảm nhận*; nhật ký chứa điều được *ghi lại*. Giữa hai bên là câu trả lời làm tròn, hai đầu thang đo, điểm đánh giá bị khuyết, và những người cho mọi sự kiện
# cùng một điểm. Cái nào gây ra? Hãy tạo lại các hành trình: coi các điểm là cảm nhận thật, để trọng số thật tác động, rồi lần lượt thêm từng khiếm khuyết.


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

# %% [markdown] en_hash="7499daa153"
# Chuỗi khiếm khuyết này không đi xuống hết mức ước lượng ở trên: nó bắt đầu từ những điểm vốn đã làm tròn và bị giữ trong thang đo, còn nhật ký chỉ là một lần rút mẫu. Làm tròn *điểm chung* gần như không gây hại: nó thêm nhiễu vào biến phụ thuộc, mà nhiễu ở đó làm khoảng tin cậy rộng ra chứ không làm lệch trọng số. Hai đầu thang đo làm mất một ít, vì mức trần cắt bớt phần mà đỉnh và kết thúc lẽ ra thêm vào.
# Mất nhiều nhất là do điểm đánh giá bị khuyết: khi sự kiện cuối không được chấm, một sự kiện trước đó đóng thế vai kết thúc, và sai số ở *biến giải thích* làm co trọng số của nó (**sự suy giảm do sai số đo**). Nhà phân tích không biết giá
# trị thật thì làm được gì? Hãy hỏi điểm của sự kiện cuối, đặt riêng những khách trả lời qua loa, rồi xem lại.

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

# %% [markdown] en_hash="74a362bf60"
# ## Tùy chọn: những chuỗi nhấp chuột có thật
#
# `channel_journeys` chứa các hành trình trực tuyến có thật với các kênh ẩn danh, có hoặc không chuyển đổi (lấy theo yêu cầu, một lần, sau khi bạn đã đọc điều khoản: `cx.fetch_dataset("channel_journeys", accept_terms=True)`). Hãy viết tên đó vào ô dưới
# rồi chạy; để trống như hiện nay thì ô không làm gì. So sánh lần cuối với chuỗi Markov: với kênh nào thì quy tắc quan trọng nhất? Và nhớ rằng không ai được phân nhóm ngẫu nhiên.

# %%
companion = ""

if companion:
    paths = cx.load_dataset(companion)
    print(cx.attribution(paths, n_boot=100, seed=seed).summary(lang))

# %% [markdown] en_hash="b009cc8e54"
# ## Một bài báo cần báo cáo gì
#
# - sự kiện lấy từ đâu, có gì sai, đã bỏ những gì, bao nhiêu điểm đánh giá bị khuyết và ở loại liên hệ nào;
# - cách mã hóa giai đoạn, kèm nguồn, và cách mã hóa khác có kể cùng câu chuyện không;
# - điểm đau được so với mức nào, hiệu chỉnh ra sao theo số ô; khoảng tin cậy tính theo cụm khách hàng;
# - ghi chép kết thúc khi nào, và bao nhiêu hành trình còn đang đi;
# - *mọi* quy tắc đã cạnh tranh, với kết quả ngoài mẫu, không chỉ quy tắc thắng;
# - điểm trước, mỗi khi dùng điểm tiếp xúc để giải thích điểm sau; không dùng từ ngữ nhân quả cho phân bổ công;
# - và chính câu văn, như dưới đây.

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

# %% [markdown] en_hash="8070ea1d15"
# ## Điều cần nhớ
#
# - Một lần trải nghiệm tốt chưa phải là một hành trình tốt. Hãy hỏi về khoảnh khắc *và* về toàn thể, rồi để dữ liệu nói cái này thành cái kia ra sao.
# - Cách mã hóa quyết định thấy được gì. Hãy báo cáo cách bạn dùng, và nhìn thử qua một cách mịn hơn.
# - Xếp hạng theo khoảng tin cậy. "Dưới trung bình của chính ta" và "tệ" là hai câu hỏi.
# - Khách còn đang đi chưa phải là khách đã mất, và giai đoạn muộn được chấm bởi những người ở lại.
# - Tần suất và mức tích cực là hai đòn bẩy khác nhau, và cả hai trông mạnh hơn thực tế nếu thiếu điểm trước.
# - Phân bổ công chia phần theo một quy tắc. Nó không tìm ra nguyên nhân.
# - Một câu trả lời vui ở giai đoạn này có thể che một giai đoạn tệ kế tiếp. Hãy nhìn vào chỗ không ai hỏi.

# %%
cx.provenance(log, flights, diary, seed=seed)
