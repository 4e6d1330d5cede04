# %% [markdown] en_hash="222e4e7f39"
# # Số đo phản hồi: đáng tin đến đâu, và số đo nào thắng
#
# **Khoảng 60 phút.** Sau sổ tay này, bạn có thể
#
# 1. nói CSAT, NPS, CES và một chỉ số kiểu ACSI hỏi điều gì, và chiều nào là tốt;
# 2. cho biết sai số của từng số đo, và cần bao nhiêu khách hàng để thấy một thay đổi năm điểm;
# 3. kiểm định hai đợt, gồm cùng khách hàng hoặc khách hàng khác, và thấy việc mất khách hàng làm gì với phép so sánh;
# 4. phát hiện một điểm nỗ lực chạy ngược chiều trước khi có ai đưa nó vào báo cáo;
# 5. phân biệt một số đo kém với một số đo được đo kém;
# 6. tổ chức một cuộc so tài giữa các số đo trên những khách hàng chưa từng thấy, và tự phán quyết bốn kết luận nổi tiếng;
# 7. hỏi xem một tỷ lệ phần trăm trong bài báo đáng giá bao nhiêu.

# %% tags=["parameters"]
seed = 20261122
lang = "vi"
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

# %% [markdown] en_hash="6cc298630f"
# ## Lý thuyết: một câu hỏi, một con số
#
# **Sự hài lòng** là một đánh giá sau khi dùng: điều tôi nhận được đáp ứng điều tôi kỳ vọng đến đâu? Một *số đo phản hồi* hỏi một câu ngắn rồi gộp các câu trả lời thành một
# con số cho bảng điều khiển. CSAT hỏi chính sự hài lòng. Điểm khuyến nghị ròng (NPS; Reichheld, 2003) hỏi khách hàng có sẵn lòng giới thiệu không. Điểm nỗ lực của khách hàng
# (CES; Dixon, Freeman & Toman, 2010) hỏi về một việc hẹp: làm việc đó vất vả đến đâu. Một chỉ số kiểu ACSI (Fornell và cộng sự, 1996) gộp ba câu hỏi về sự hài lòng. Trong
# bảng, hãy đọc hai lần các cột *Chiều tốt* và *Điều cần tránh*. Dòng chữ nhỏ cho biết điều gì đã đọc trong nguồn và điều gì chỉ nhớ lại.

# %%
report.add(cx.theory_table("metrics"), "metrics", main=True)

# %% [markdown] en_hash="4b7189e7f6"
# ## Một chỗ phải sửa
#
# Một bài báo nguồn của khóa học này đã qua công cụ xào văn bản, và khi ra thì điểm khuyến nghị ròng bị giải thích như một thước đo sự hài lòng. Không có công cụ ấy cũng dễ
# nhầm như vậy. Điều này quan trọng: một người có thể hài lòng mà chẳng giới thiệu cho ai (ai hỏi tôi về tiền điện?), hoặc giới thiệu một cửa hàng vừa làm mình thất vọng. Hai
# số đo có hành xử như nhau hay không là câu hỏi dành cho dữ liệu, và là kết luận đầu tiên trong bốn kết luận được kiểm định dưới đây; đó không phải chuyện định nghĩa. cxlab
# giữ những chỗ đã sửa như vậy trong một bảng và bắt chính văn bản của mình tuân theo.

# %%
corrections = cx.theory_table("corrections").apa(lang)
own = replace(corrections, frame=corrections.frame.query("key == 'nps'"))
title = say("What the article printed, and what it should read", "Bài báo viết gì, và phải là gì")
report.add(own, "correction", title)

# %% [markdown] en_hash="3b84d8b8ca"
# **Trước khi chạy bất cứ ô nào.** Các ô tiếp theo xem xét một khảo sát thật với vài trăm khách hàng điện thoại di động. Hãy viết ra ba điều bạn đoán.
#
# 1. *Khoảng tin cậy 95% của điểm khuyến nghị ròng rộng bao nhiêu điểm, từ đầu này đến đầu kia?*
# 2. *Câu hỏi đơn nào đi cùng "tôi sẽ chọn lại nhà mạng này" chặt nhất: hài lòng chung, mức sẵn lòng giới thiệu, hay cách xử lý khiếu nại?*
# 3. *Ba câu hỏi về sự hài lòng có hơn một câu không?*
#
# Câu hỏi về giới thiệu trong khảo sát này chạy từ 1 đến 10, không phải từ 0. cxlab không chịu gọi đó là NPS cho đến khi bạn ghi `scale=(1, 10)`: các nhóm vẫn như cũ, nhưng
# điểm như vậy không so được với điểm khác.

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

# %% [markdown] en_hash="7dd52dc2c9"
# Ai trả lời 7 hoặc 8 thì không được tính, và khoảng cách giữa 1 và 6 cũng bị bỏ đi. Đó là cái giá của một con số vừa vặn trên tấm huy hiệu. Cái giá ấy cao bao nhiêu? Các số
# đo có đơn vị khác nhau, nên bảng cũng ghi nửa khoảng tin cậy so với miền giá trị mà mỗi số đo có thể nhận. Tỷ lệ này càng nhỏ, số đo càng tinh. (CSAT có mặt hai lần: dưới dạng trung bình, và dưới dạng tỷ lệ chọn hai mức trả lời tốt nhất, *tỷ lệ hai mức cao nhất*.)


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

# %% [markdown] en_hash="abbb886937"
# ## Sai số của điểm khuyến nghị ròng
#
# Với tỷ lệ khen *p* và tỷ lệ chê *d* trong *n* khách hàng, sai số chuẩn là 100 √((p + d − (p − d)²) / n). Từ đó có hai điều. Sai số giảm theo *căn bậc hai* của n: muốn
# khoảng tin cậy hẹp còn một nửa thì phải hỏi gấp bốn. Và nhóm trung tính có ích: càng ít người đứng ở hai đầu, sai số càng nhỏ. Một **thay đổi** còn khó thấy hơn, vì cả hai
# đợt đều mang sai số của mình. *Thay đổi nhỏ nhất phát hiện được* là mức mà hai đợt, mỗi đợt n người, tìm ra với xác suất 80% ở mức ý nghĩa 5%. **Trước khi xem:** mỗi đợt
# cần bao nhiêu khách hàng để thấy một thay đổi năm điểm?

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

# %% [markdown] en_hash="ab64b5ef78"
# Hãy so với điều bạn đoán thứ nhất. Sau đó thay đổi n và các tỷ lệ của một doanh nghiệp *tưởng tượng*. Trước hết, hãy tìm xem điều gì làm khoảng tin cậy hẹp còn một nửa. Rồi
# giữ nguyên n và tìm **hai doanh nghiệp có cùng điểm**: một bên có một nửa khen và một phần năm chê, bên kia có chừng ba mươi phần trăm khen và không ai chê. Huy hiệu giống
# nhau; khách hàng thì không, sai số cũng không. Tiêu đề hình cho biết thay đổi cỡ nào mà một đợt sau với cùng cỡ mẫu vẫn bỏ sót.


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

# %% [markdown] en_hash="4baf0e5116"
# ## Có thay đổi không? Hai đợt
#
# Một nhà cung cấp internet hỏi khách hàng về sự hài lòng ba tháng một lần. Đây là dữ liệu **mô phỏng**: không có nhà cung cấp nào như vậy. Trước hết, người trả lời cẩu thả
# được loại ra nhờ câu kiểm tra chú ý. Bây giờ hãy so đợt thứ nhất với đợt thứ ba theo hai cách. *Như thể khách hàng khác nhau*: hai trung bình, hai sai số (kiểm định t của
# Welch). *Cùng khách hàng*: trung bình của mức thay đổi ở từng người; thói quen người này luôn cho điểm cao, người kia luôn cho điểm thấp được khử đi, nên sai số đáng lẽ
# phải nhỏ hơn. **Trước khi chạy:** hai cách có cho cùng kết quả không?

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

# %% [markdown] en_hash="61701e5a2c"
# Hai cách không cho cùng kết quả, và lý do không phải ở sai số nhỏ hơn. Hãy nhìn trung bình của đợt 1: những người trả lời cả hai lần *đã* cao hơn toàn bộ khách hàng ngay từ
# đợt 1. Khách hàng không hài lòng rời đi hoặc thôi trả lời, và ai đã rời đi thì không còn được hỏi. Vì vậy trung bình của mỗi đợt là trung bình của **những người còn ở lại**: một doanh nghiệp
# có thể mất hết khách hàng bất mãn mà điểm số vẫn đứng yên. Kiểm định bắt cặp đặt một câu hỏi rõ ràng về người ở lại. Nó không nói gì về người đã đi, nên một báo cáo cần cả
# hai cách, cùng số người đã mất.

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

# %% [markdown] en_hash="1990913517"
# ## Cái bẫy về chiều
#
# Có hai câu hỏi về nỗ lực dưới cùng một cái tên. Phiên bản 1 hỏi đã mất bao nhiêu công sức, từ 1 đến 5: **thấp là tốt**. Phiên bản 2 hỏi doanh nghiệp có làm cho việc đó dễ
# dàng không, từ 1 đến 7: **cao là tốt**. Khảo sát tiếp theo, người mua máy tính, dữ liệu **mô phỏng**, hỏi về mức dễ dàng. Giả sử một đồng nghiệp thấy chữ "điểm nỗ lực"
# trong danh sách cột và chọn phiên bản 1. Sổ mã biến biết thang chạy đến đâu, và cxlab dừng lại.

# %%
from textwrap import fill

buyers = report.data(cx.load_dataset("total_cx_6p"))
clean = buyers.screen(attention=True).exclude("attention")
try:
    cx.ces("ease", 1, data=clean)
except cx.CxlabError as error:
    print(fill(str(error), 76))

# %% [markdown] en_hash="5f334379c7"
# Người đồng nghiệp đang vội, xuất cột đó ra mà không kèm sổ mã biến, và ghi `scale=(1, 7)` cho xong chuyện. Bây giờ không gì trong các con số phản đối được nữa, và báo cáo
# được viết ra. Hãy so những người thấy thủ tục chậm với những người thấy thủ tục nhanh. Cùng câu trả lời, cùng chênh lệch, và hai kết luận trái ngược.

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

# %% [markdown] en_hash="21ccea513a"
# Không có sổ mã biến thì điều gì phát hiện được sơ suất như vậy? Một câu trả lời khác của chính những người đó. Công sức phải giảm khi sự hài lòng tăng, mức dễ dàng phải
# tăng theo. `check_against` xem tương quan ấy cùng khoảng tin cậy của nó, rồi xác nhận, nghi ngờ hoặc từ chối. Cái giá là một câu hỏi mà hầu như khảo sát nào cũng có. Cách
# kiểm tra này cũng phát hiện một cột bị ai đó đảo chiều hai lần.

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

# %% [markdown] en_hash="fdffb0921c"
# ## Một câu hỏi hay ba?
#
# Một câu hỏi đơn thì rẻ và vừa với bảng điều khiển. Nó cũng mang toàn bộ sai số của mình vào mọi tương quan: hai câu trả lời có thể chia sẻ với nhau bao nhiêu là do độ tin
# cậy của mỗi câu giới hạn (Spearman, 1904). Một câu hỏi có độ tin cậy bao nhiêu? Chỉ từ câu đó thì không ai nói được; có các câu bên cạnh thì được: bình phương hệ số tải
# trên nhân tố chung là một cận dưới (Wanous & Hudy, 2001). Trở lại khảo sát điện thoại di động có thật. *Việc chọn lại* được giữ nguyên, không hiệu chỉnh, vì đó là điều ta
# muốn dự báo; chỉ hiệu chỉnh sự hài lòng.

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

# %% [markdown] en_hash="5354cf1fe6"
# Đó là câu trả lời cho điều bạn đoán thứ ba, và hai cách làm khớp nhau: ba câu hỏi tốt hơn (hãy xem khoảng tin cậy của mức tăng bắt đầu gần 0 đến đâu),
# còn hiệu chỉnh một câu cho kết quả gần bằng hiệu chỉnh ba câu. Điều này cũng làm
# hỏng mọi cuộc so tài, kể cả cuộc sắp tới: ai so hai câu hỏi đơn là so cùng một lúc *chúng hỏi điều gì* và *chúng được đo tốt đến đâu*. Bảng điều khiển vẫn có thể chuộng một
# câu hỏi, vì thêm câu hỏi thì mất câu trả lời. Nhưng khi đó hãy nói rằng số đo yếu do cách đo, không phải sự hài lòng yếu.
#
# ## Các nghiên cứu đã thấy gì
#
# Hai thập niên so tài trong một bảng. Hãy xem dữ liệu trước khi xem kết quả: doanh nghiệp hay khách hàng, ý định hay tiền, một ngành hay nhiều ngành. Rồi xem bài báo nguồn
# rút ra điều gì: bốn kết luận, kèm nghiên cứu ủng hộ và trái ngược. Bạn đặt cược vào kết luận nào?

# %%
report.add(cx.theory_table("metric_studies"), "studies")

# %%
report.add(cx.theory_table("metric_conclusions"), "literature")

# %% [markdown] en_hash="e8aedc3fad"
# ## Cuộc so tài
#
# Cột *Trên ecsi_mobile* dẫn R² *trong mẫu* (bạn sẽ gặp lại các con số đó bên dưới), nơi mô hình lớn hơn lúc nào cũng có vẻ tốt hơn. Ta đòi hỏi nhiều hơn: giấu một phần mười
# khách hàng, ước lượng trên số còn lại, dự báo phần bị giấu, lần lượt từng phần, rồi làm lại tất cả với cách chia khác. Điểm số là phần phương sai dự báo được ở những khách
# hàng **chưa từng thấy**. Mỗi số đo có thể tham gia nguyên dạng, dưới dạng nhóm mức cao nhất, thêm bình phương hoặc đường spline, vì sự thích thú có thể nặng hơn sự hài lòng
# thường (Oliver, Rust & Varki, 1997); NPS còn có dạng ba nhóm; sau đó là mọi tổ hợp. Khoảng tin cậy của chênh lệch có tính đến việc các phần huấn luyện chồng lên nhau
# (Nadeau & Bengio, 2003). Vì không có câu hỏi về nỗ lực, xử lý khiếu nại đóng vai số đo miền hẹp.

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

# %% [markdown] en_hash="0a669aa29e"
# Các khối trong hình trả lời cho điều bạn đoán thứ hai. Hãy đọc khoảng tin cậy trước. Chúng dài: vài trăm khách hàng chỉ phân biệt được các số đo khi chênh lệch lớn. Hãy so điểm kiểm định chéo của một dòng với độ phù hợp trong
# mẫu. Khoảng cách giữa hai con số là cái giá mà những dạng linh hoạt phải trả cho sự tự do của chúng. Và hãy để ý câu hỏi của NPS đứng cạnh ai: *giới thiệu* và *chọn lại*
# thuộc về cùng một khái niệm của bảng hỏi này, lòng trung thành. Chúng gần nhau một phần là do bảng hỏi.
#
# ## Bốn kết luận, bốn phán quyết
#
# Một phán quyết cần thước đo đặt ra từ trước: chênh lệch dưới `smallest`, hai phần trăm phương sai, coi như không có. Sau đó phán quyết được tính ra. *Được ủng hộ*: cả
# khoảng tin cậy nằm về phía của kết luận. *Không được ủng hộ*: cả khoảng nằm về phía kia. Nếu không thì *chưa ngã ngũ*, phán quyết mà các bài báo không ưa và các khảo sát
# nhỏ đáng phải nhận.

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

# %% [markdown] en_hash="ddd34b6011"
# ## Vẫn cuộc so tài đó, với người mua mô phỏng
#
# Bây giờ là những người mua máy tính, dữ liệu **mô phỏng**. Họ có một câu hỏi thực sự về nỗ lực, và sự thật về họ đã biết, dù còn niêm phong. Sự hài lòng được hỏi trên năm
# mức, mức sẵn lòng giới thiệu từ 0 đến 10, mức dễ dàng trên bảy mức; kết quả cần dự báo lại là ý định quay lại. **Trước khi chạy:** số người mua này nhiều hơn số khách hàng
# điện thoại di động. Liệu có nhiều kết luận ngã ngũ hơn không?

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

# %% [markdown] en_hash="ff00bc0356"
# ## Một kết quả mà bảng hỏi không hỏi
#
# Ý định thì hỏi được; việc người ta làm thì quan sát được. Một doanh nghiệp **mô phỏng** khác ghi lại hành trình của khách hàng, và biết ai đã mua của thương hiệu khác trong
# vòng một năm. CSAT được hỏi ngay sau lần mua đầu; mức sẵn lòng giới thiệu và đánh giá toàn bộ hành trình được hỏi ở cuối thời gian ghi chép. NPS đôi khi được gọi là *hướng
# tới tương lai* vì hỏi về tương lai. Nó có nhìn xa hơn các số đo khác không? Kết quả có hai giá trị, nên các mô hình là hồi quy logistic, và điểm số là phần log loss giảm
# được. Nhiều người trong nhật ký chưa từng mua; không ai hỏi họ về lần mua, nên họ nằm ngoài phân tích.

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

# %% [markdown] en_hash="a13ca42fdf"
# Câu hỏi về giới thiệu không có gì đặc biệt: đánh giá toàn bộ hành trình, hỏi cùng lúc, đạt điểm gần như vậy, với khoảng tin cậy hẹp cho chênh lệch giữa hai bên. CSAT khác cả hai ở hai điểm cùng một lúc: được hỏi sớm, và về
# một lần duy nhất. Câu hỏi đặt ra muộn hơn thì biết nhiều hơn về đoạn cuối. Vì vậy, muốn thử công bằng xem số đo nào "hướng tới tương lai" thì phải hỏi mọi số đo vào cùng
# một lúc, rồi xem điều gì xảy ra sau đó. (Phần log loss có đơn vị khác với R²: đừng so độ lớn của chúng với các điểm số ở trên.)
#
# ## Điều gì sẽ làm đổi phán quyết?
#
# Một phán quyết dựa trên các lựa chọn. Dưới đây, mỗi dòng chỉ đổi **một** lựa chọn: chênh lệch nhỏ nhất được tính, độ rộng của nhóm mức cao nhất, cách chia phần, một hay ba
# câu hỏi về sự hài lòng, ai được giữ lại. Hãy đọc dọc theo cột: một kết luận chỉ đúng ở vài dòng là một kết luận về các lựa chọn.

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

# %% [markdown] en_hash="df2b01c1c1"
# Dòng về người trả lời cẩu thả đáng xem lại lần nữa. Ai chọn cùng một con số từ đầu đến cuối thì cho *sự hài lòng* và *ý định quay lại* cùng một câu trả lời, vì cả hai có
# cùng năm mức. Mức sẵn lòng giới thiệu chạy từ 0 đến 10 nên không được món quà đó. Vậy dữ liệu bẩn có thể quyết định một cuộc so tài, theo hướng có lợi cho số đo giống kết
# quả nhất. Còn dòng về ba câu hỏi nói đúng điều mà phần về độ tin cậy đã nói: đo sự hài lòng tốt hơn thì thứ hạng của nó thay đổi.
#
# ## Hỏi xem một nhận định đáng giá bao nhiêu
#
# Vẫn phép tính đó dùng được cho mọi tỷ lệ in trên giấy. Hai nhận định lấy từ sổ nhận định của sổ tay 01: khách hàng bỏ giao dịch vì dịch vụ tệ, và tỷ lệ giữ chân khi có so
# với khi không có chăm sóc khách hàng qua mạng xã hội. Nhận định đầu có n nên có khoảng tin cậy. Nhận định sau không có; điều duy nhất có thể hỏi là mỗi nhóm phải có bao
# nhiêu doanh nghiệp thì chênh lệch mới vượt quá ngẫu nhiên.

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

# %% [markdown] en_hash="ae5f1cadf1"
# Sai số do lấy mẫu chỉ là một loại sai số. Một tỷ lệ gộp có thể giảm trong khi nó tăng ở mọi nhóm con. Các con số dưới đây **hư cấu cho bài học này**: tỷ lệ khách hàng
# hài lòng của một doanh nghiệp trong hai năm, theo kênh. Hãy xem các nhóm con trước, rồi xem gộp chung, và tìm xem điều gì đã đổi giữa hai năm. Không kênh nào có tỷ lệ giảm;
# chỉ là nay nhiều khách hàng đi qua kênh vốn khó hơn.

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

# %% [markdown] en_hash="ec4e204579"
# ## Bài tập
#
# Có người nói: *điểm khuyến nghị ròng của chúng tôi đã tăng từ 31 lên 36*. Bạn hỏi các tỷ lệ và nhận được hai dòng dưới đây, mỗi lần gồm những khách hàng khác nhau. Thay đổi
# đó có thật không? **Hãy tính nửa khoảng tin cậy 95% của thay đổi**, theo điểm. Bạn cần sai số chuẩn của mỗi đợt (công thức ở trên), một cách ghép hai sai số, và 1,96. Nếu
# nửa khoảng lớn hơn thay đổi thì khoảng tin cậy chứa số 0.

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

# %% [markdown] en_hash="879fee9abc"
# ## Ba câu hỏi
#
# Hãy chọn câu trả lời trước khi mở. Mỗi câu cho biết vì sao đúng, hoặc đã nhầm điều gì với điều gì.

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

# %% [markdown] en_hash="124d0b3416"
# ## Mở niêm phong
#
# Điều gì đúng với những người mua mô phỏng? Sổ mã biến của họ giữ mô hình và công thức tạo dữ liệu. Những dòng dưới đây là phần mà cuộc so tài xoay quanh: lòng trung thành
# đến từ đâu, mức dễ dàng đến từ đâu, đánh giá chung và mức sẵn lòng giới thiệu được tạo ra thế nào. Mức sẵn lòng giới thiệu là đánh giá chung cộng thêm nhiễu; tự nó không có
# sức mạnh nào. Mức dễ dàng phản ánh quy trình, một trong nhiều nguồn của sự hài lòng.

# %%
book = buyers.codebook
recipe = book.simulation["further"]
shown = [line for line in book.truth.splitlines() if line.startswith(("satisfaction ~ ", "loyalty ~ ", "ease ~ "))]
shown += [f"{key}: {recipe[key]}" for key in ("overall", "recommend")]
print("\n".join(fill(line, 76, subsequent_indent="    ") for line in shown))

# %% [markdown] en_hash="486537c2fc"
# Phán quyết sẽ ra sao nếu ta hỏi được tất cả mọi người? Ta tạo bốn mươi nghìn người mua trả lời cẩn thận theo cùng công thức và tổ chức lại cuộc so tài: đông như vậy thì
# khoảng tin cậy gần như biến mất. Sau đó cắt đám đông thành những khảo sát có cỡ như khảo sát của ta, và so tài trong từng khảo sát. **Trước khi xem:** một khảo sát cỡ này
# đi đến phán quyết đúng thường xuyên đến đâu, và đi đến phán quyết ngược lại thường xuyên đến đâu?

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

# %% [markdown] en_hash="75b3f209e3"
# Vậy các phán quyết thận trọng chứ không sai (khoảng tin cậy của chúng có tính đến các phần huấn luyện chồng lên nhau), và một cuộc so tài trong một khảo sát cỡ này chủ yếu
# là cách để biết rằng nó không quyết định được. Doanh nghiệp có hồ sơ của hàng chục nghìn khách hàng thì quyết định được. Cũng hãy để ý: trên toàn tổng thể, "nhiều số đo thì
# tốt hơn" được ủng hộ, dù cả câu hỏi về giới thiệu lẫn câu hỏi về mức dễ dàng
# đều không thêm điều gì của riêng mình: nhiều lần đọc có nhiễu về những gì đứng sau lòng trung thành thì hơn một lần. Một lần nữa, sai số chứ không
# phải ý nghĩa quyết định.
#
# ## Tùy chọn: một sân bay, hai năm, có trọng số
#
# `sfo_airport` (theo yêu cầu): hành khách của sân bay San Francisco. Câu hỏi về giới thiệu có trong hai của năm năm khảo sát, từ 0 đến 10, và câu trả lời có trọng số khảo
# sát. Hãy đọc điều khoản rồi tải một lần bằng `cx.fetch_dataset("sfo_airport", accept_terms=True)`; sau đó ghi tên bộ dữ liệu vào ô dưới đây. Để trống như hiện nay thì ô này
# không làm gì. Hãy xem n hiệu dụng bên cạnh n, và khoảng tin cậy của thay đổi.

# %%
companion = ""

if companion:
    airport = cx.load_dataset(companion)
    by_year = cx.nps("netpro", data=airport, group="year", weights="weight")
    print(by_year.summary())
    print(by_year.differences[["group_1", "group_2", "difference", "ci_lower", "ci_upper", "pvalue"]])

# %% [markdown] en_hash="aaa44da633"
# ## Bài báo cần báo cáo những gì
#
# Mỗi số đo kèm câu hỏi, thang trả lời và chiều của nó; ước lượng, khoảng tin cậy và n, có trọng số hay không. Với một thay đổi: cùng khách hàng hay khách hàng khác, đã mất
# bao nhiêu người, khoảng tin cậy của chênh lệch, thay đổi nhỏ nhất có thể phát hiện. Độ tin cậy của câu hỏi đơn, hoặc việc không biết độ tin cậy đó. Với một cuộc so tài: kết
# quả là điều quan sát được hay chỉ là ý định, và được hỏi khi nào; số phần, số lần lặp và hạt giống ngẫu nhiên; điểm số ngoài mẫu kèm khoảng tin cậy; chênh lệch nhỏ nhất
# đáng quan tâm, *đặt ra từ trước*; mọi phán quyết, kể cả chưa ngã ngũ. Câu dưới đây được ghép từ kết quả.

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

# %% [markdown] en_hash="563901f138"
# ## Điều cần nhớ
#
# - NPS hỏi về việc giới thiệu. Hãy in khoảng tin cậy; muốn thấy thay đổi vài điểm phải có hàng nghìn khách hàng.
# - Trung bình qua các đợt là trung bình của người còn ở lại. Hãy theo cùng những khách hàng, và đếm số đã mất.
# - Nêu phiên bản của điểm nỗ lực, và kiểm tra chiều của nó bằng một câu trả lời khác.
# - So tài giữa các câu hỏi đơn một phần là so tài giữa các sai số. Ba câu hỏi là khoản bảo hiểm rẻ.
# - Phán quyết ngoài mẫu, với chênh lệch nhỏ nhất đặt ra từ trước. *Chưa ngã ngũ* cũng là một kết quả.
# - Ý định hỏi trên cùng một trang là kết quả dễ dự báo. Việc khách hàng làm mới là kết quả khó.

# %%
cx.provenance(survey, panel, buyers, log, seed=seed)
