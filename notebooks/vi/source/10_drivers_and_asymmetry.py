# %% [markdown] en_hash="71e934a7d0"
# # Điều gì tác động đến sự hài lòng? Tầm quan trọng, sự bất đối xứng, và điều khảo sát không nói được
#
# **Khoảng 75 phút.** Sau sổ tay này, bạn có thể
#
# 1. nói được trong nhiều trải nghiệm chồng lấn, trải nghiệm nào quan trọng nhất, bằng những phương pháp trả lời những câu hỏi khác nhau, và mức chắc chắn của câu trả lời;
# 2. cho thấy vì sao hệ số hồi quy nhảy múa khi các trải nghiệm đi cùng nhau, và các thước đo bình lặng hơn che giấu điều gì;
# 3. vẽ bản đồ tầm quan trọng - hiệu quả và nêu các cạm bẫy của nó;
# 4. hỏi xem đường thẳng có bỏ sót điều gì không, và phân biệt yếu tố cơ bản với yếu tố gây hứng thú;
# 5. thay điểm chênh lệch bằng mô hình mà nó đại diện;
# 6. kiểm định một tác động gián tiếp, một tương tác và một biến phụ thuộc thứ bậc, và nói rõ mỗi mô hình ngầm giả định điều gì.

# %% tags=["parameters"]
seed = 20261122
lang = "vi"
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

# %% [markdown] en_hash="26ba155df5"
# ## Ba câu hỏi trong một từ
#
# "Trải nghiệm nào quan trọng?" có thể mang ba nghĩa. **Xét riêng**, nó đi cùng sự hài lòng chặt đến đâu (tương quan)? **Khi đã biết mọi trải nghiệm khác**, nó thêm được gì (hệ số hồi quy)? **Tính trung bình trên mọi thứ tự** đưa các
# trải nghiệm vào mô hình, nó thêm được gì (LMG, theo Lindeman, Merenda & Gold, 1980; tức giá trị Shapley của lý thuyết trò chơi; tức trội tổng quát của Budescu, 1993)? Nếu các trải nghiệm không liên quan với nhau thì ba câu trả lời trùng
# nhau. Trong khảo sát thì không bao giờ như vậy. Trọng số tương đối của Johnson (2000) cho kết quả gần với LMG mà ít tính toán hơn. Không thước đo nào nói được điều gì xảy ra khi nhà quản lý *thay đổi* một thứ.
#
# Dữ liệu đầu tiên là dữ liệu thật: khách quảng cáo trên Trang Vàng, với mức hài lòng chung (`q1`) và chín khía cạnh, từ giá đến phân phối (`q2` đến `q10`). **Trước khi chạy bất cứ ô nào:** hãy đọc chín câu hỏi. Khía cạnh nào sẽ đứng
# đầu, và khía cạnh nào có thể bỏ qua? Hãy ghi lại.

# %%
survey = report.data(cx.load_dataset("yellow_pages"))
aspects = [f"q{k}" for k in range(2, 11)]
my_guess = ["q2", "q10"]  # the leader, and the one to do without
{name: survey.codebook.items[name].label[lang] for name in aspects}

# %% [markdown] en_hash="35720ae666"
# ## Trước hết là kiểu trả lời
#
# Trước khi cân bất cứ yếu tố nào: ai đã trả lời? Người chọn một mức cho mọi câu thì luôn khớp hoàn toàn với chính mình. Mỗi người như vậy cộng thêm cùng một lượng vào mọi tương quan, nên mọi yếu tố trông mạnh hơn và giống nhau hơn. Bảng
# dưới đây đếm những người trả lời một mức, chuỗi dài cùng một mức, những người hầu như không có biến thiên, và những dòng lặp lại một dòng trước đó. Ở đây, dòng lặp lại phần lớn là trả lời một mức gặp hai lần, không phải bản ghi bị sao chép. (Sổ tay 02
# xem xét từng quy tắc này.) Chúng ta loại những người trả lời một mức, vì một lý do đã nêu trước khi biết kết quả, và trình bày phân tích cả khi giữ lẫn khi bỏ họ.

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

# %% [markdown] en_hash="5976ea68c6"
# ## Khía cạnh nào, và chắc chắn đến đâu?
#
# Bốn phương pháp đặt cạnh nhau: hệ số chuẩn hóa (β), trọng số tương đối của Johnson, LMG, và bình phương tương quan của từng khía cạnh xét riêng. Các thanh là khoảng tin cậy 95% từ những mẫu lặp người trả lời. Hãy đọc theo hàng, đừng đọc theo
# cột: khía cạnh nào có bình phương tương quan cao mà hệ số gần 0 thì điều nó nói đã có các khía cạnh khác nói rồi. Hãy tìm cả hệ số **âm**. Phân phối tốt mà lại làm khách quảng cáo không hài lòng sao?
# Dữ liệu này không nói như vậy:
# khoảng tin cậy của nó chứa 0, và đó là phần còn lại của một tương quan dương sau khi các khía cạnh mạnh hơn bên cạnh đã lấy phần của mình.

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

# %% [markdown] en_hash="4e172beb8c"
# Bạn đoán có đúng không? (Dòng cuối cho biết thứ hạng của hai khía cạnh bạn chọn.) Thứ hạng không kèm khoảng tin cậy chỉ là lời đồn. Hai yếu tố có khoảng tin cậy chồng lên nhau vẫn có thể khác nhau một cách chắc chắn, vì trong cùng một mẫu lặp cả hai cùng dịch chuyển; do đó chính *chênh lệch* phải có
# khoảng tin cậy riêng. Bảng tiếp theo so sánh yếu tố đứng đầu với mọi yếu tố khác. *Cùng thứ tự* là tỷ lệ mẫu lặp mà yếu tố đứng đầu vẫn đứng trước. Chỉ những cặp có khoảng tin cậy không chứa 0 mới được xếp hạng trong báo cáo. Và hãy lưu ý điều mà khoảng tin cậy của LMG không làm được: tỷ phần không bao giờ âm,
# nên khoảng nằm trên 0 không chứng minh rằng yếu tố ấy có ý nghĩa gì.

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

# %% [markdown] en_hash="de2c6936e3"
# ## Vì sao hệ số nhảy múa, và vì sao bình lặng chưa phải là sự thật
#
# Dưới đây là một khảo sát **mô phỏng** mà ta biết trước đáp án: yếu tố A có hệ số chuẩn hóa thật là bốn phần mười, yếu tố B là một phần mười. Chỉ một thứ thay đổi: tương quan giữa hai yếu tố. Hãy tăng nó lên và quan sát cả hai khung. Các hệ
# số tính trung bình vẫn đúng, nhưng khoảng tin cậy nở ra cho đến khi không xếp hạng được A và B. LMG thì bình lặng. Vậy nó có tốt hơn không?
#
# **Hãy đoán trước:** khi A và B gần như là một, LMG sẽ cho B tỷ phần bao nhiêu trong phương sai được giải thích?


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

# %% [markdown] en_hash="277753049c"
# Vậy LMG bình lặng vì nó chia đều những gì không ai tách được: khi chồng lấn hoàn toàn, mỗi bên được một nửa, bất kể sự thật. Hệ số hồi quy trả lời "ngoài A, B thêm được gì" một cách trung thực và kém chính xác; LMG trả lời "trong phần A và B
# cùng giải thích, bao nhiêu có thể ghi cho B" một cách chính xác, với một quy tắc công bằng thay cho hiểu biết. Không bên nào sai. Hãy trình bày cả hai, và đừng để một con số bình lặng quyết định giữa hai trải nghiệm mà khách hàng luôn gặp cùng nhau. Không
# phương pháp nào tìm lại được, sau khi khảo sát, điều mà thiết kế đã không làm cho biến thiên.
#
# ## Bản đồ tầm quan trọng - hiệu quả
#
# Đặt tầm quan trọng trên một trục và điểm đánh giá hiện nay trên trục kia, ta được bốn lời khuyên: cải thiện trước, duy trì, ưu tiên thấp, nhiều hơn mức cần (Martilla & James, 1977). Các dấu thập là khoảng tin cậy; phần trăm trong bảng cho biết
# ở bao nhiêu mẫu lặp, một khía cạnh vẫn nằm trong góc phần tư của mình.

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

# %% [markdown] en_hash="85514cd17b"
# Bốn cạm bẫy. Hai đường chia là *trung bình của chính chín khía cạnh này*: bỏ một khía cạnh thì khía cạnh khác đổi góc, và luôn có khía cạnh dưới trung bình. Câu hỏi về giá thường nhận điểm thấp, nên điểm thấp có thể chỉ do bản chất của câu hỏi. Tầm quan
# trọng ở đây là tỷ phần phương sai: khía cạnh mà mọi khách hàng đánh giá như nhau thì không có tỷ phần nào, dù thiết yếu đến đâu (Oh, 2001, bàn về điều này và hơn thế). Và bản đồ giả định rằng tăng một bậc được bao nhiêu thì giảm một bậc mất bấy nhiêu. Giả định cuối này kiểm định được.
#
# ## Đường thẳng có bỏ sót điều gì không?
#
# Cây tăng cường tự tìm ra quan hệ cong và tương tác. Nếu chúng dự báo người trả lời mới không tốt hơn một hồi quy đơn giản thì dữ liệu này khó cho thấy điều gì ngoài đường thẳng. Mọi thiết lập đều được chọn bên trong phần ước lượng,
# nên cuộc so sánh là công bằng. **Hãy đoán:** cây tăng cường sẽ hơn được bao nhiêu?

# %%
yard = cx.yardsticks("q1", aspects, clean, models=["mean", "linear", "ridge", "boosting"], repeats=2, seed=seed)
report.add(yard.plot(lang), "yardsticks")

# %%
report.add(yard, "yardsticks_table")

# %%
report.finding(say(f"Yellow Pages: {yard.verdict_text('en')}", f"Trang Vàng: {yard.verdict_text('vi')}"))

# %% [markdown] en_hash="89aef6946d"
# ## Sáu P, mô phỏng: trường hợp thứ hai
#
# Với Trang Vàng, đường thẳng là đủ. Bây giờ là một trường hợp mà ta biết điều gì đã được cài sẵn. *Tổng trải nghiệm khách hàng* sắp xếp những gì người mua gặp phải theo sáu P. Dữ liệu tiếp theo là dữ liệu **mô phỏng**: không có những người mua
# máy tính nào như vậy. Sự thật về họ được niêm phong trong sổ mã biến cho đến cuối. Như mọi khi, người trả lời cẩu thả bị loại trước, theo ba quy tắc chọn trước khi có kết quả: trả lời nhanh hơn đọc, chuỗi dài cùng một mức, sai câu kiểm tra chú ý.
# Người mua trẻ trên mạng không gặp ai nên không được hỏi về con người; dòng của họ bị loại khỏi mọi phân tích cần điểm này.
#
# **Bạn đoán:** P nào đứng đầu, và hai P nào chồng lấn nhiều nhất?

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

# %% [markdown] en_hash="6c54e80bff"
# Hệ số phóng đại phương sai nhỏ thường được đọc là "không có vấn đề gì". Nó chỉ nói rằng các hệ số không *kém chính xác*. Điểm số có sai số, và sai số làm giảm chính mối tương quan dùng để tính hệ số phóng đại; phần mà một P mất đi vì
# sai số được một P chồng lấn bên cạnh nhặt lấy. Hãy nhớ hệ số của xúc tiến cho đến khi mở niêm phong.
#
# ## Được xem là đương nhiên
#
# "Mua thì tuyệt, hỗ trợ thì tệ: bỏ đi": một giai đoạn tệ có thể lấn át một giai đoạn tốt. Tương phản phạt - thưởng (Brandt, 1987) cho mỗi thuộc tính hai hệ số thay vì một đường thẳng: **mức phạt** của điểm thấp so với điểm giữa, **mức
# thưởng** của điểm cao so với điểm giữa. Yếu tố *cơ bản* chỉ phạt, yếu tố *hứng thú* chỉ thưởng. Biến phụ thuộc bây giờ là trải nghiệm nói chung. **Khách hàng sẽ xem P nào là đương nhiên?**

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

# %% [markdown] en_hash="b856a17010"
# Ba điều cần thận trọng. *Thấp* nghĩa là một phần ba thấp nhất trong số người mua này (`split="sample"`): xét trên chính thang đo thì hầu như không ai ở mức thấp, và những lớp chỉ vài người sẽ quyết định kết quả; hãy thử `split="scale"` và đọc cảnh báo. Thứ hai, tỷ lệ
# phần trăm sau mỗi loại yếu tố chỉ nói về việc chọn mẫu: một yếu tố trông chắc chắn vẫn có thể mượn tác động của một yếu tố chồng lấn bên cạnh. Thứ ba, lớp thấp và lớp cao cách lớp giữa không đều nhau, và khi đó ngay cả một đường thẳng cũng cho tương phản không đều; *p (gãy khúc)* so sánh chúng
# tính trên mỗi điểm thang đo. Bây giờ hãy so với bản đồ, vốn không thấy được điều nào trong số này.

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

# %% [markdown] en_hash="0d5b95cf8f"
# Các thước đo dự báo có nhận ra không? Chúng tìm *bất kỳ* chỗ gãy nào trong sáu P; các tương phản kiểm định *một* chỗ mà lý thuyết đã gọi tên. Với vài trăm người trả lời, cuộc tìm kiếm thì yếu còn kiểm định có gọi tên thì mạnh, nên hãy đọc kết luận dưới
# đây đến hết: chưa thấy lợi thế không đồng nghĩa với không có lợi thế. Điều đó cũng cho thấy cách phân công. Thước đo dự báo cho biết cả mô hình có để sót nhiều không; nó không cho biết sót ở đâu. **Hãy đoán kết luận** trước khi chạy, khi bạn đã
# nhìn thấy chỗ gãy.

# %%
bent = cx.yardsticks("overall", six, buyers, models=["linear", "boosting"], repeats=2, seed=seed)
report.finding(say(f"Simulated buyers: {bent.verdict_text('en')}", f"Người mua mô phỏng: {bent.verdict_text('vi')}"))

# %% [markdown] en_hash="1462bcbcdc"
# ## Kano: hỏi về khi có và khi không có
#
# Cùng ý tưởng ấy có thể hỏi trực tiếp (Kano và cộng sự, 1984): bạn cảm thấy thế nào nếu có thuộc tính này, và thế nào nếu không có? Mỗi cặp câu trả lời rơi vào một loại. Dưới đây là những câu trả lời **hư cấu cho bài học này**, ghi bằng số lần
# của từng cặp cho bốn thuộc tính khi mua máy tính: một là thích, hai là phải như vậy, ba là không cảm xúc gì, bốn là chấp nhận được, năm là không thích. Trong bảng đầu,
# (–) là câu trả lời cho trường hợp không có. Hãy tìm dòng có phân loại không rõ ràng và nói vì sao.

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

# %% [markdown] en_hash="4b382faac4"
# Phân loại là một cuộc bỏ phiếu, và phiếu có thể sít sao: *tỷ lệ trong ngoặc* cho biết ở bao nhiêu mẫu lặp cùng một loại thắng, còn các kiểm định trong bảng thì quá dễ dãi, vì chúng so sánh hai loại lớn nhất sau khi đã nhìn. Quan trọng hơn, có hai con đường dẫn đến "được
# xem là đương nhiên": Kano yêu cầu người ta tưởng tượng, còn các tương phản quan sát điểm đánh giá đi cùng nhau thế nào. Hai bên thường không khớp (Mikulić & Prebežac, 2011). Hãy báo cáo bạn đã dùng cách nào.
#
# ## Kỳ vọng và nhận được
#
# Xem sự hài lòng như một phép so sánh là một ý tưởng lâu đời (Oliver, 1980). Bảng dưới liệt kê điều có thể xảy ra, rồi bốn mô hình của nó, và mỗi mô hình ngầm giả định điều gì. Hãy để ý tình trạng nguồn của từng dòng. **Trước khi đọc tiếp:** mô hình nào nói rằng hai khách hàng có cùng khoảng
# cách, một người ở đầu trên của thang đo, một người ở đầu dưới, hài lòng như nhau?

# %%
report.add(cx.theory_table("expectation_comparison"), "expectations")

# %% [markdown] en_hash="04e772c095"
# Lại là dữ liệu thật: khách hàng của một nhà mạng di động, đánh giá điều họ từng kỳ vọng và điều họ nhận được (`ecsi_mobile`). Một cặp câu hỏi giống nhau ở cả hai bên, chất lượng chung, nên tính được khoảng cách kinh điển: cảm nhận
# trừ kỳ vọng, với kiểm định theo cặp. Đó là mô tả. Rắc rối bắt đầu khi khoảng cách trở thành *biến giải thích*. Nó buộc kỳ vọng và cảm nhận có tác động bằng nhau và trái dấu, và hiệu của hai điểm kém tin cậy còn kém tin cậy
# hơn từng điểm (Peter, Churchill & Brown, 1993). Hồi quy đa thức để cả hai tự do và kiểm định điều mà điểm chênh lệch giả định (Edwards & Parry, 1993).

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

# %% [markdown] en_hash="c67f64efbf"
# Mặt đáp ứng gần như là một mặt phẳng dốc lên theo chất lượng: ai đánh giá chất lượng cao thì hài lòng, còn kỳ vọng trước đó hầu như không thêm gì. (Ở đây kỳ vọng được hỏi *sau*, và trí nhớ bẻ cong nó; một nghiên cứu theo dõi sẽ hỏi trước.) Trong một thế giới mà kỳ vọng không hề có tác
# động, khoảng cách sẽ nói gì? Hãy tạo ra thế giới ấy: trong khảo sát **mô phỏng** dưới đây, sự hài lòng (S) phụ thuộc vào điều nhận được (P) và không phụ thuộc gì khác; ai kỳ vọng nhiều hơn (E) thì cũng nhận được nhiều hơn đôi chút. **Hãy đoán:** khoảng cách P − E có trông như dự báo được sự hài lòng không?

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

# %% [markdown] en_hash="3d5d2ce674"
# Một doanh nghiệp đọc thấy "khoảng cách có ý nghĩa" có thể bắt đầu hạ thấp kỳ vọng của khách. Hệ số ấy không cho phép suy ra điều đó: dấu trừ trước E là do người phân tích đặt vào. Mô hình sai thì tốn tiền.
#
# ## Qua điều gì? Trung gian
#
# Trở lại với người mua **mô phỏng**. Nếu quy trình dẫn đến lòng trung thành thì có phải *qua* sự hài lòng không? Tác động gián tiếp là tích của hai hệ số, nên khoảng tin cậy của nó lấy từ bootstrap (Shrout & Bolger, 2002). Các P khác có mặt trong cả hai hồi quy.
# Hình vẽ đặt câu hỏi mà phần lớn bài báo bỏ qua: những nguyên nhân không ai đo phải đẩy sự hài lòng và lòng trung thành cùng chiều mạnh đến đâu thì tác động gián tiếp mới mất đi (Imai, Keele & Yamamoto, 2010)?

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

# %% [markdown] en_hash="c6bddd0f14"
# ## Với ai? Điều tiết
#
# Xử lý khiếu nại tốt có phải chỉ kéo lại được những người không hài lòng? Đó là một tương tác, hỏi trên khách hàng điện thoại thật: tác động của xử lý khiếu nại lên lòng trung thành, do sự hài lòng điều tiết. Hình Johnson-Neyman vẽ tác động
# này trên toàn bộ phạm vi của sự hài lòng và đánh dấu nơi khoảng tin cậy không chứa 0 (Johnson & Fay, 1950). Hãy đọc hình trước, đặt thành một câu, rồi đọc kiểm định của tích hai biến trong phát hiện bên dưới bảng. Câu ấy còn đứng vững không?

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

# %% [markdown] en_hash="11ad37e57c"
# "Ở đây có ý nghĩa thống kê, ở kia thì không" chưa phải là "ở đây và ở kia khác nhau" (Gelman & Stern, 2006). Chỉ kiểm định của tích hai biến mới nói về sự khác nhau; vùng Johnson-Neyman cho biết ở những giá trị nào dữ liệu đủ để thấy một tác động.
#
# ## Những bậc không đều nhau
#
# Mọi mô hình cho đến giờ đều coi câu trả lời là những điểm trên thước kẻ. Với ba câu trả lời thấp, trung bình và cao thì như vậy là táo bạo. Logit thứ bậc chỉ cần thứ tự. Dữ liệu sau đây là dữ liệu thật và đã cũ: người thuê nhà ở Copenhagen (Madsen, 1976), được lưu lại dưới dạng bảng tần
# số, nên mỗi dòng đại diện cho số người ghi ở `freq`. Tỷ số odds khó hình dung; tác động biên trung bình cho biết mỗi câu trả lời nhiều lên hay ít đi bao nhiêu điểm phần trăm.

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

# %% [markdown] en_hash="2067178742"
# Mô hình giả định **các đường song song**: điều gì đẩy người ta từ thấp lên trung bình thì cũng đẩy từ trung bình lên cao mạnh như vậy. Kiểm định của Brant (1990) so sánh hai bậc ấy. Đó cũng là câu hỏi của mức phạt và mức thưởng, nhưng đặt cho biến phụ thuộc: một bậc có ý nghĩa như nhau ở mọi chỗ không? Ở đây không có gì chống lại giả định. Với hàng nghìn câu trả lời, kiểm định sẽ phàn nàn về những chuyện vặt; khi đó hãy so sánh xác suất dự báo khi có và khi không có giả định, đừng so p với 0,05.
#
# ## Bài tập
#
# Bạn sẽ đầu tư vào đâu? Nâng điểm trung bình của một P lên một điểm tốn bao nhiêu triệu đồng thì ô tiếp theo cho biết (**chi phí hư cấu**, người mua mô phỏng). Hãy coi các hệ số chưa chuẩn hóa của `regression` như thể chúng là tác động. **Với lựa chọn tốt nhất, 100 triệu đồng
# mua được bao nhiêu điểm hài lòng?** Rồi hãy tự hỏi, trong những lời ấy, khảo sát chịu được trách nhiệm cho bao nhiêu.

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

# %% [markdown] en_hash="7f9f560dbc"
# ## Mở niêm phong
#
# Điều gì đã được cài sẵn trong những người mua mô phỏng? Trước hết là các đường dẫn đến sự hài lòng, đối chiếu với một mô hình cấu trúc vốn tách sai số khỏi điểm số và giữ lại những người trả lời thiếu (FIML). Sau đó là quy tắc đằng sau trải nghiệm nói chung. Cột cuối
# là LMG tính từ điểm *thật*, thứ mà không khảo sát nào nhìn thấy. **Trước khi chạy:** nhận định nào của chúng ta sẽ sụp đổ?

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

# %% [markdown] en_hash="1a8c34e216"
# Hãy đọc quy tắc được in ra: trải nghiệm nói chung tăng theo sự hài lòng, và ở phía dưới mức trung bình của con người, nó giảm theo một độ dốc mà phía trên không có. Các tương phản đã tìm ra, bản đồ thì không thể. Nhưng chính các tương phản ấy lại chắc chắn về một báo động giả
# ở xúc tiến: nó chồng lấn với giá, các biến quan sát của nó kém tin cậy nhất, và sáu thuộc tính với mỗi thuộc tính hai tương phản là nhiều cơ hội để nhầm. *Chắc chắn trong các mẫu lặp chưa phải là sự thật.* Một nghiên cứu là một lần rút; câu văn trung thực nêu tên
# những gì chồng lấn.
#
# ## Tùy chọn: ki-ốt, theo yêu cầu
#
# `kiosk_servqual` (dữ liệu thật, tải theo yêu cầu, giấy phép MIT) có kỳ vọng và cảm nhận về hai mươi tư đặc điểm của ki-ốt tự phục vụ, và hai mươi chín cặp câu hỏi Kano của cùng những người ấy. `cx.fetch_dataset("kiosk_servqual", accept_terms=True)` tải dữ liệu về một lần. Sau đó hãy ghi tên
# vào ô dưới và chạy. Để trống như hiện nay thì ô không làm gì. Hãy xem bao nhiêu người *kỳ vọng mức tối đa*: khi đó khoảng cách hầu như chỉ lặp lại cảm nhận. Những đặc điểm "phải có" nào cũng nằm xa dưới kỳ vọng?

# %%
companion = ""

if companion:
    kiosk = cx.load_dataset(companion)
    pairs = [f"{number_of:02d}" for number_of in range(1, 25)]
    print(cx.gap([f"e{pair}" for pair in pairs], [f"p{pair}" for pair in pairs], kiosk).summary(lang))
    feelings = [f"{number_of:02d}" for number_of in range(1, 30)]
    sides = ([f"{side}{pair}" for pair in feelings] for side in ("kf", "kd"))
    print(cx.kano(*sides, kiosk, answers="like_first", n_boot=500, seed=seed).summary(lang))

# %% [markdown] en_hash="879fee9abc"
# ## Ba câu hỏi
#
# Hãy chọn câu trả lời trước khi mở. Mỗi câu cho biết vì sao nó đúng, hoặc nó nhầm lẫn điều gì.

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

# %% [markdown] en_hash="42d95b6020"
# ## Điều cần nhớ
#
# - Hãy xem kiểu trả lời trước khi cân một yếu tố. Trả lời một mức làm mọi thứ trông mạnh hơn.
# - Xét riêng, vào sau cùng, trung bình trên mọi thứ tự: ba loại tầm quan trọng. Hãy nói rõ loại nào, kèm khoảng tin cậy, và chỉ xếp hạng những gì khác nhau.
# - Hệ số nhảy múa vì sự chồng lấn để lại quá ít thông tin. LMG bình lặng vì nó chia đều. Không bên nào biết nhiều hơn.
# - Bản đồ giả định đường thẳng. Hãy kiểm định sự bất đối xứng ở nơi lý thuyết dự đoán, và nghi ngờ một phân loại mà các yếu tố chồng lấn có thể tạo ra.
# - Điểm chênh lệch trả lời một câu hỏi không ai đặt ra. Hãy để hai hệ số tự do.
# - Tác động gián tiếp và tương tác cần kiểm định riêng, và một lời về những gì không đo.
#
# ## Bài báo cần báo cáo gì
#
# Những dòng nào bị loại và vì sao, cùng kết quả khi giữ chúng; n; thước đo tầm quan trọng và lý do chọn, kèm R², khoảng tin cậy, số mẫu lặp và hạt giống; chênh lệch đứng sau mỗi thứ hạng; mức chồng lấn của các yếu tố; một thước đo cho phần phi tuyến; với các tương phản: giới hạn của các lớp, chỗ gãy
# và kiểm định của nó, và đã thử bao nhiêu; với tác động gián tiếp: biến kiểm soát và độ nhạy; với tương tác: kiểm định trước, vùng sau; và rằng các yếu tố tác động chỉ là mối liên hệ. Câu dưới đây được viết từ kết quả.

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
