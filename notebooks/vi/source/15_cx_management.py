# %% [markdown] en_hash="0631ae9da8"
# # Quản trị trải nghiệm: đánh giá, lập bản đồ, sửa, quản lý
#
# **Khoảng 55 phút.** Sau sổ tay này, bạn có thể
#
# 1. đi hết vòng cải thiện, đánh giá → lập bản đồ → sửa → quản lý, mỗi bước một công cụ;
# 2. chọn phần nào của trải nghiệm để nâng, với bao nhiêu tiền, và nói được lựa chọn đó chắc đến đâu;
# 3. phân biệt một thay đổi có tác dụng với một điểm số đằng nào cũng tăng;
# 4. theo dõi bằng biểu đồ kiểm soát mà không coi mọi dao động là tin mới;
# 5. định giá một điểm phần trăm giữ chân khách hàng;
# 6. kể ra ba đòn bẩy của quản trị (hành trình, đối tác, tổ chức), và thử một công cụ cho từng đòn bẩy.

# %% tags=["parameters"]
seed = 20261122
lang = "vi"
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


# %% [markdown] en_hash="96436326cc"
# ## Vòng cải thiện
#
# Đo một trải nghiệm là một việc, quản trị nó là việc khác. Một vòng đơn giản nối hai việc ấy: tìm hiểu trải nghiệm đang ra sao, vẽ chỗ nào gây khó chịu, thay đổi chỗ khó chịu
# nhất, rồi tiếp tục theo dõi. Mỗi bước cần một phương pháp riêng và có thể sai theo cách riêng: một khảo sát lẫn lộn điều quan trọng với điều đo được, một bản đồ vẽ toàn nhiễu, một
# thay đổi "có tác dụng" dù không làm cũng vậy, một hồi chuông báo động trước mọi dao động. Bảng dưới đây là khung của sổ tay này; cột cuối cho biết từng dòng đáng tin đến đâu.

# %%
report.add(cx.theory_table("improvement_loop"), "loop", main=True)

# %% [markdown] en_hash="a29ec6e9ff"
# Vòng cải thiện là cách nhìn của kỹ sư. Bên cạnh đó còn hai cách lập kế hoạch khác. Schmitt (2003) sắp xếp công việc của một dự án thành năm bước, bước nào cũng có sản phẩm bàn giao. Homburg,
# Jozić & Kuehnl (2017) trò chuyện với các nhà quản lý và hỏi *doanh nghiệp* cần gì: một lối tư duy, một định hướng, và những việc làm được lặp đi lặp lại. Một bước mà không có doanh nghiệp
# đứng phía sau thì chỉ là tấm áp phích trên tường. Hãy đọc hai bảng với một câu hỏi: tổ chức của bạn sẽ hỏng ở bước nào trong bốn bước, và nguyên nhân nằm ở phương pháp hay ở tư duy?

# %%
report.add(cx.theory_table("cxm_steps"), "five_steps")

# %%
report.add(cx.theory_table("cxm_levels"), "three_levels")

# %% [markdown] en_hash="b9549ac1e0"
# Đây có phải chỉ là quản trị quan hệ khách hàng (CRM) dưới một tên mới? Bảng tiếp theo có thể dùng làm bảng mã: lấy báo cáo thường niên của một doanh nghiệp, mã hóa từng câu, rồi đếm. Khác
# biệt chi phối mọi điều bên dưới nằm ở dòng đầu: giá trị được tạo ra ở đâu. CRM hỏi khách hàng đáng giá bao nhiêu với doanh nghiệp. Quản trị trải nghiệm hỏi doanh nghiệp đáng giá bao nhiêu
# với khách hàng; chỉ sau đó, ở gần cuối sổ tay, chúng ta mới hỏi giá của một khách hàng.
#
# **Trước khi chạy bất cứ ô nào nữa:** bạn bán máy tính, và có tiền để cải thiện *một* trong các P: địa điểm, giá, xúc tiến, sản phẩm, con người, quy trình. Bạn chọn P nào? Hãy ghi ra giấy.

# %%
report.add(cx.theory_table("cxm_vs_crm"), "cxm_crm")

# %% [markdown] en_hash="cb16977d69"
# ## Bước 1, đánh giá: điều gì quan trọng, và đang tốt đến đâu?
#
# Ví dụ xuyên suốt là một thương hiệu máy tính không có thật. Thương hiệu này có một khảo sát và một nhật ký, cả hai đều **mô phỏng**; sự thật của chúng được niêm phong đến cuối. Khảo sát
# hỏi người mua về sáu P, sự hài lòng và lòng trung thành. Trước hết chúng ta sàng lọc, như trong sổ tay 02. Sau đó là bản đồ tầm quan trọng - hiệu quả (Martilla & James, 1977): càng sang phải
# càng chi phối lòng trung thành, càng lên cao thì hiện càng tốt. Tầm quan trọng được suy ra từ câu trả lời, không phải hỏi trực tiếp. Các vạch là khoảng tin cậy, và với bản đồ loại này, chính
# chúng là thông điệp.

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

# %% [markdown] en_hash="0171a9f2ce"
# Đừng vội chạy theo góc ấy. Các đường chia của bản đồ là trung bình của các yếu tố, nên lúc nào cũng có yếu tố "cần cải thiện", kể cả ở một doanh nghiệp hoàn hảo (Oh, 2001). Bản đồ cũng không
# biết một thay đổi tốn bao nhiêu và thang đo còn bao nhiêu chỗ để tăng. Vậy hãy đặt câu hỏi của một cuộc họp ngân sách. Mỗi P thêm nửa điểm, với các chi phí này: P nào cho nhiều lòng trung thành
# nhất trên mỗi đồng chi? Các chi phí dưới đây là **giả định** và ở dạng khoảng, vì cũng không ai biết chính xác một thay đổi tốn bao nhiêu. Hãy đoán trước: thứ rẻ nhất có phải là lựa
# chọn tốt nhất không?

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

# %% [markdown] en_hash="a3a3a7b4a4"
# Cột cuối của bảng là câu trả lời nên mang đến cuộc họp: không phải "P này", mà là "P này, và chắc chừng này". Hãy để ý chuyện gì xảy ra với một yếu tố rẻ. Mức tăng của nó gần bằng không, và khi
# chia cho một chi phí nhỏ thì *độ bất định* phình ra, nên nó vẫn giữ được một phần cơ hội là lựa chọn tốt nhất. Người quản lý cẩn thận không mua cơ hội do nhiễu tạo ra; dùng số tiền ấy cho một
# phép thử nhỏ thì hơn.
#
# ## Thay đổi ngân sách
#
# Thay đổi ngoài đời có hai loại giá: một khoản ban đầu (phần mềm, hợp đồng) và một khoản cho mỗi điểm. Khi ấy lựa chọn tốt nhất tùy thuộc túi tiền. Hãy kéo thanh ngân sách. **Hãy đoán
# trước:** ở mức ngân sách nào thì thứ tự thay đổi, và điểm cuối của thang trả lời ảnh hưởng ra sao đến một yếu tố vốn đã tốt?

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

# %% [markdown] en_hash="e192519fc1"
# Với ngân sách nhỏ, yếu tố không cần khoản ban đầu dẫn đầu, vì các yếu tố kia chưa thể bắt đầu; với ngân sách lớn, các đường cong dần nằm ngang, vì ngày càng nhiều khách hàng đã chạm điểm cuối của
# thang đo. Các dải chồng lên nhau hầu như ở khắp nơi. **Thứ tự của các đường là một ước lượng; các dải mới là điều bạn biết.**
#
# ## Cùng công cụ ấy trên dữ liệu thật, với những giới hạn cần nói thẳng
#
# Bây giờ là khách hàng thật, dùng điện thoại di động (`ecsi_mobile`; Tenenhaus và cộng sự, 2005). Tăng một điểm ở đâu thì lòng trung thành tăng nhiều nhất? Chưa nói đến chi phí, chỉ nói mức
# tăng. Chúng ta hỏi hai lần: khi danh sách có sự hài lòng và khi không có. **Trước khi xem:** lựa chọn tốt nhất có nên phụ thuộc vào việc còn ai khác trong danh sách không?

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

# %% [markdown] en_hash="4b608f7649"
# Cả hai câu trả lời đều có vẻ khá chắc, và câu nào cũng chỉ đúng với danh sách của nó. Các yếu tố khác tác động *thông qua* sự hài lòng: khi danh sách có sự hài lòng, chúng chỉ còn cho thấy phần không
# đi qua đó. Và một yếu tố mà nâng lên dường như làm lòng trung thành *giảm* thì không phải lời khuyên: trước hết hãy xem khoảng tin cậy của nó, rồi nghĩ đến đa cộng tuyến (sổ tay 08). Dưới mọi bảng như thế phải ghi ba giới
# hạn. Các mũi tên phải là quan hệ nhân quả. Danh sách phải đúng. Và không ai ra lệnh được cho một điểm trung bình tăng thêm một điểm. Điều làm được là thử: thay đổi một điều, ở một nơi, rồi so sánh.
# Trước hết hãy tìm nơi ấy.
#
# ## Bước 2, lập bản đồ: chỗ nào gây khó chịu?
#
# Trong nhật ký của thương hiệu giả định (`journey_events`, **mô phỏng**), mỗi dòng là một sự kiện: ai, khi nào, ở đâu, qua bên nào, cảm nhận ra sao.

# %%
log = report.data(cx.load_dataset("journey_events"))
events = cx.journey_events(log, on_problem="drop")
journey = cx.journey_map(events)
title = say("The journey of the simulated customers", "Hành trình của khách hàng mô phỏng")
report.add(journey.plot(lang), "map", title, main=True)

# %% [markdown] en_hash="812f6da6ef"
# Các giai đoạn đi từ trái sang phải. Một ô chỉ được gọi là điểm đau khi toàn bộ khoảng tin cậy của nó, đã hiệu chỉnh vì có nhiều ô, nằm dưới trung bình của mọi sự kiện; các khoảng tin cậy có tính
# đến việc một khách hàng quay lại nhiều lần. Phần lớn các ô dưới trung bình vẫn được ưa thích: kém hơn, chứ không tệ. Để lựa chọn, hãy xếp hạng theo phần *có thể cải thiện*, tức khoảng cách nhân với số
# lượt, và hỏi ai là người kiểm soát. Bảng dưới có cả hai.

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

# %% [markdown] en_hash="7bfb42f3a9"
# Có thể đọc khảo sát và nhật ký như đang nói cùng một điều từ hai phía; việc ghép chúng lại là cách đọc của chúng ta, vì không cột nào nối hai bên. Khảo sát chỉ vào *quy trình*, nhật ký chỉ vào một cánh cửa mà qua đó quy trình đến với khách hàng: khâu hỗ trợ, và ở đó là đối tác sửa chữa. Mỗi
# nguồn riêng lẻ không thể nói được điều này. Khảo sát không biết ở đâu, nhật ký không biết điều đó quan trọng với cái gì.
#
# ## Bước 3, sửa: có tác dụng không?
#
# Ngày 1 tháng 7 năm 2024, thương hiệu của chúng ta thiết kế lại khâu hỗ trợ, chỉ ở miền Nam (mô phỏng). Ở đây mỗi khách hàng được tính một lần: trong nửa năm có lần đầu liên hệ với khâu hỗ trợ, bằng
# trung bình các điểm đánh giá của nửa năm đó. **Trước khi chạy:** điểm ở miền Nam sẽ tăng. Hãy kể ba lý do khác ngoài việc thiết kế lại.

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

# %% [markdown] en_hash="3a676b38d9"
# Điểm tăng, khoảng tin cậy nằm trên 0, p nhỏ: nhiều báo cáo sẽ dừng ở đây và khen thưởng việc thiết kế lại. Nhưng khâu hỗ trợ được chọn *vì* điểm thấp, mà thứ được chọn vì thấp thường tự tăng trở lại.
# Mùa vụ thay đổi, khách hàng cũng thay đổi. Các vùng khác trải qua cùng hai nửa năm ấy mà không có thiết kế lại. Mức thay đổi của họ là phỏng đoán tốt nhất về điều đằng nào cũng xảy ra ở miền
# Nam; phần còn lại là khác biệt trong khác biệt.

# %%
compared = cx.before_after(*waves(1), control=waves(0))
title = say("The south against the other regions (simulated)", "Miền Nam so với các vùng còn lại (mô phỏng)")
report.add(compared.apa(lang), "difference", title, main=True)

# %% [markdown] en_hash="90d8ac81a9"
# Khi có nhóm đối chứng, khoảng tin cậy chứa số 0. Vì không có tác động, hay vì quá ít thông tin? Hãy xem ai đã đến. Người mua qua sàn thương mại được chuyển đến đối tác sửa chữa và gặp khó khăn ở đó;
# nếu tỷ lệ của họ thay đổi giữa hai đợt thì trung bình cũng thay đổi theo, dù có thiết kế lại hay không. Khách mua qua kênh nào đã được định trước khi thiết kế lại, nên có thể đưa vào làm biến kiểm
# soát: phần biến động do nó giải thích được loại ra, và cơ cấu khách không còn ảnh hưởng. (Những gì mà chính việc thiết kế lại có thể làm thay đổi thì không bao giờ được đưa vào.)

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

# %% [markdown] en_hash="3e038165b4"
# "Chưa chứng tỏ được" không có nghĩa là "không có". Kết luận trung thực là toàn bộ khoảng tin cậy: việc thiết kế lại có thể chẳng làm được gì, cũng có thể làm được nhiều. Vậy quyết định là tiếp tục đo cho
# đến khi khoảng đủ hẹp, không ăn mừng và cũng không khai tử. Hãy giữ lại ba con số; khi mở niêm phong sẽ biết số nào gần nhất. Cũng hàm này đánh giá được một phép thử thưởng cho nhân viên loại bỏ điểm
# đau, hay mọi thử nghiệm A/B khác; nếu là tỷ lệ vụ việc được giải quyết thay cho trung bình thì chỉ cần các số 0 và 1.
#
# ## Bước 4, quản lý: tiếp tục theo dõi
#
# Biểu đồ kiểm soát lấy giới hạn từ một giai đoạn yên ổn và gọi những gì vượt giới hạn là tín hiệu. Quản lý nghĩa là theo dõi cả những gì việc thiết kế lại *không* chạm đến: điểm đánh giá trong ứng dụng, từng
# tuần một. Giới hạn lấy từ những tuần đầu của biểu đồ, phần tô xám. Tuần nào ít người đánh giá thì giới hạn rộng ra. Phía dưới là độ phân tán trong từng tuần: trung bình có thể đứng yên trong khi khách
# hàng tách thành người thích thú và người tức giận.

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

# %% [markdown] en_hash="9a5410a0be"
# Có một tuần nổi bật, và quy tắc nào cũng sẽ chỉ ra tuần đó. Biểu đồ còn tìm thêm: chuỗi điểm nằm cùng một phía, nhiều điểm cùng ở xa (Western Electric, 1956). Một quá trình *hoàn toàn không có chuyện gì*
# sẽ gây ra bao nhiêu báo động? Hãy sinh ra các điểm đánh giá yên ổn với cùng số lượt mỗi tuần, rồi đếm: ai tìm nhiều kiểu hình hơn thì thấy nhiều hơn, kể cả nơi không có gì. **Hãy chọn quy tắc trước khi
# xem,** và coi mỗi báo động là một câu hỏi dành cho những người biết chuyện của tuần ấy, không phải một câu trả lời.

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

# %% [markdown] en_hash="e3ce0e9182"
# Vòng cải thiện đã khép kín: báo động lại đưa về bước 1. Trước khi đến các đòn bẩy, đây là câu hỏi của phòng tài chính.
#
# ## Một điểm phần trăm giữ chân đáng giá bao nhiêu?
#
# Nhật ký cho biết ai đã mua của hãng khác trong vòng một năm. Hãy chia người mua theo hai cách, theo nơi mua và theo việc có từng cần hỗ trợ hay không, và lấy lợi nhuận mỗi năm là 100 cho tất cả
# (**giả định**). Khi đó giá trị vòng đời chỉ là số học: lợi nhuận, tỷ lệ giữ chân, chiết khấu (Gupta, Lehmann & Stuart, 2004). **Hãy đoán trước:** sàn thương mại là nơi làm mất khách, hay chính khâu hỗ
# trợ phía sau làm mất khách?

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

# %% [markdown] en_hash="4c3a032898"
# Có vẻ không phải tại bản thân sàn thương mại: trong dữ liệu này, người mua ở đó mà không cần hỗ trợ ở lại ít ra cũng nhiều như những người khác, dù họ không đông. Cột cuối là mức giá để mang đến cuộc họp, tức thêm một điểm phần trăm giữ chân thì được bao
# nhiêu. Ba lời cảnh báo. Khi tỷ lệ giữ chân gần 1, giá trị tăng vọt, và sai số của nó cũng vậy nếu nhóm nhỏ. Phép tính cho mọi khách hàng của một nhóm cùng một xác suất ở lại mãi mãi; nếu khách hàng khác
# nhau thì giá trị của họ cao hơn (Fader & Hardie, 2010; `cx.shifted_beta_geometric` và `cx.bg_nbd` trong sổ tay 13 tính đến điều này). Và một nhóm rời đi nhiều hơn chưa hẳn là nhóm sẽ ở lại nếu bạn
# bỏ tiền ra.
#
# ## Ba đòn bẩy
#
# Ai có thể dùng đòn bẩy nào? Các bài nguồn nêu ba đòn bẩy: thiết kế hành trình, mạng lưới đối tác, tổ chức nội bộ. Bảng liệt kê chúng kèm bài thực hành nhỏ nhất cho từng ý. Có ý đã làm ở trên (thử
# nghiệm có nhóm đối chứng), có ý có sổ tay riêng (điểm tiếp xúc và chuỗi sự kiện: sổ tay 12). Còn lại năm ý, mỗi ý vài dòng. Trong khi đọc, hãy đánh dấu đòn bẩy mà tổ chức *của bạn* có thể dùng ngay
# tuần tới.

# %%
report.add(cx.theory_table("organisation"), "organisation")

# %% [markdown] en_hash="d6e69a3ed5"
# ## Đòn bẩy thứ nhất: thiết kế hành trình
#
# Bản thiết kế dịch vụ vẽ, cho từng cánh cửa mà khách hàng đi vào, điều khách nhìn thấy, điều diễn ra phía sau, và điều phải nâng đỡ tất cả (Bitner, Ostrom & Morgan, 2008; Patrício, Fisk & Cunha, 2008,
# cho nhiều giao diện). Đây là một bản cho khâu hỗ trợ. Phần chữ là giả định cho bài học này; hai cột cuối lấy từ nhật ký mô phỏng. Khi có số liệu đi kèm, bản thiết kế dịch vụ giúp rút ngắn tranh luận:
# ở cánh cửa gây khó chịu đang thiếu lớp nào?

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

# %% [markdown] en_hash="0d2db702bc"
# ## Đòn bẩy thứ hai: mạng lưới đối tác
#
# Nhiều tổ chức cùng làm nên một trải nghiệm, và phải có ai đó điều phối: khách hàng, một điều phối viên, hoặc doanh nghiệp (Tax, McCutcheon & Wilkinson, 2013). Bảng đầu là điều bài nguồn nói; hình vẽ ba kiểu
# thuần túy với các đối tác của thương hiệu này và tính ra điều mà lời văn khẳng định, tức mức kiểm soát và mức bất định. Đây là hình vẽ của lý thuyết với xác suất sự cố bằng nhau, không phải dữ liệu.

# %%
report.add(cx.theory_table("partner_networks"), "networks_theory")

# %%
others = {"en": ["marketplace", "delivery", "repair"], "vi": ["sàn", "giao hàng", "sửa chữa"]}[lang]
forms = cx.compare_networks(others, lang=lang)
title = say("Three forms of a network (pure forms of the theory)", "Ba kiểu mạng lưới (dạng thuần túy theo lý thuyết)")
report.add(forms.plot(lang), "networks", title, main=True)

# %%
report.add(forms.apa(lang), "networks_table")

# %% [markdown] en_hash="bd9f7b3daf"
# Bây giờ hãy đưa vào điều nhật ký biết: sự kiện của từng đối tác bị đánh giá tiêu cực thường xuyên đến đâu. Hiện nay khách hàng phải làm việc với tất cả; trong phương án mới, thương hiệu đứng ở giữa. Phương
# án ấy mang lại gì? Kiểm soát thì chắc chắn, vì hình được vẽ như thế. Bảo vệ thì không: điều đó tùy vào việc thương hiệu để lọt bao nhiêu sự cố của đối tác đến khách hàng. Trong hình, phần để lọt chạy
# từ ngăn chặn hoàn toàn (0) đến không ngăn chút nào (1). **Ở đâu thì phương án mới không hơn gì hiện nay?**

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

# %% [markdown] en_hash="c78adee645"
# ## Đòn bẩy thứ ba: tổ chức nội bộ
#
# Doanh nghiệp lấy khách hàng làm trung tâm có biến trải nghiệm thành tăng trưởng tốt hơn không? Ý này là một tác động điều tiết: tác động của trải nghiệm tùy thuộc vào mức *lấy khách hàng làm trung tâm* của doanh
# nghiệp, một chỉ số gồm lãnh đạo, cơ cấu, quy trình và khuyến khích (Shah và cộng sự, 2006). Muốn xem xét cần dữ liệu của nhiều doanh nghiệp, mà chúng ta không có. Vì vậy các doanh nghiệp sau đây là **mô phỏng**,
# chỉ số của họ được rút ngẫu nhiên từ 1 đến 5. Hình cho thấy độ dốc của trải nghiệm dọc theo chỉ số, kèm khoảng tin cậy, và từ đâu thì khác 0 rõ ràng (Johnson & Fay, 1950).

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

# %% [markdown] en_hash="92cdc0faeb"
# Mọi bộ phận nên xuất phát từ cùng một nhu cầu của khách hàng: thiết kế, marketing, bán hàng, đào tạo. Một ma trận biến điều đó thành việc làm được. Dòng là nhu cầu, cột là tính năng kèm bộ phận sẽ làm ra
# nó, và ô cho biết một tính năng đáp ứng một nhu cầu mạnh đến đâu: 9, 3, 1 hoặc không, theo cách cho điểm của triển khai chức năng chất lượng (QFD) (ở đây do chúng tôi **giả định**; ở doanh nghiệp thì do một buổi
# làm việc chung quyết định). Nhu cầu nặng bao nhiêu là theo khảo sát: mức tăng khi thêm nửa điểm. Hai dòng cuối là tổng; dòng thứ hai lấy mọi mức tăng ở cận dưới.

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

# %% [markdown] en_hash="aadcad0f96"
# Không có ghi chép thì không làm được gì trong số này. Một trung tâm liên lạc đa kênh hợp nhất giữ cuộc gọi, trò chuyện và lượt ghé trong *một* nhật ký; ai bán hệ thống như vậy cũng nói thế, nhưng không vì vậy mà
# điều đó thành đúng hay sai. Bảng dưới là một sơ đồ tối thiểu. Cột cuối cho biết nhật ký của thương hiệu giả định có trường ấy không. Những gì còn thiếu chính là điều bước 2 và bước 3 không nhìn thấy: khách
# đã chờ bao lâu, và vụ việc có được giải quyết không.

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

# %% [markdown] en_hash="4ccc120ab7"
# Khi nói về tổ chức, các bài nguồn dựa vào hai công trình. Những thẻ này để bạn tự đọc: mỗi công trình được dẫn vì điều gì, kèm một câu hỏi mang theo. Cả hai đều chưa được đọc khi làm bộ công cụ này, và cột
# cuối nói rõ điều đó. Trong khi đọc, hãy ghi hai danh sách: điều gì trong công trình là bằng chứng (đã hỏi ai, đã đếm gì), và điều gì là lời khuyên. Các bài trích dẫn thường mang theo lời khuyên và để lại
# bằng chứng.

# %%
cards = cx.theory_table("reading_cards")
two = cards.cells[cards.cells["key"].isin(["badgett", "shah"])]
chosen = replace(cards, cells=two, status=two["status"].value_counts().to_dict())
report.add(chosen.apa(lang), "reading")

# %% [markdown] en_hash="a6f4ec5862"
# ## Bài tập: lựa chọn khi chưa chắc chắn
#
# Trở lại với khách hàng điện thoại thật (`real`), danh sách *không có* sự hài lòng. Nâng hình ảnh thêm một điểm tốn từ 40 đến 60, chất lượng từ 20 đến 40, giá trị từ 25 đến 30. Hãy gọi `cx.what_if` với
# `exercise` và các chi phí này, `n_boot=1000` và `seed=seed`. **Trong tỷ lệ bao nhiêu mẫu lặp (0 đến 1), yếu tố có mức tăng trên chi phí cao nhất là lựa chọn tốt nhất?**

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

# %% [markdown] en_hash="f01ade264c"
# ## Ba câu hỏi
#
# Hãy trả lời trước khi mở đáp án. Mỗi đáp án nói rõ vì sao đúng, hoặc nhầm điều gì với điều gì.

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

# %% [markdown] en_hash="96115747f7"
# ## Mở niêm phong
#
# Bây giờ là sự thật của dữ liệu mô phỏng. Trước hết là lựa chọn ở bước 1: tác động thật của một P đến lòng trung thành là đường dẫn từ P đó đến sự hài lòng nhân với đường dẫn từ sự hài lòng. Bên cạnh là điều đã báo với
# cuộc họp. Sau đó là việc thiết kế lại. Tác động thật của nó được cài vào điều khách hàng *cảm thấy*; điểm đánh giá thì bị làm tròn và không thể dưới −3 hay trên 3, nên một phần nhỏ bị mất dọc đường. Mất bao nhiêu,
# chúng ta tìm ra bằng cách cho cùng những cảm nhận mô phỏng ấy được đánh giá hai lần, không có và có thiết kế lại.

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
# %% [markdown] en_hash="fb509b8fe8"
# Quy trình là lựa chọn đúng, còn xúc tiến, vốn giữ một phần cơ hội đáng kể là lựa chọn tốt nhất, hoàn toàn không có tác động: cơ hội ấy là nhiễu chia cho một chi phí nhỏ. Sản phẩm có tác động thật lớn hơn giá, nhưng
# mức tăng đã báo lại nhỏ hơn: phần lớn thang đo của nó đã dùng hết, β tính bằng độ lệch chuẩn còn mức tăng tính bằng điểm, phần còn lại là sai số. Và việc thiết kế lại có tác dụng. Con số ngây thơ gần sự thật nhất, nhưng là nhờ may: cơ cấu người mua tốt lên và mức tăng chung
# của mọi vùng đã bù cho một mẫu không thuận với miền Nam. Năm khác, cơ cấu và mùa vụ có thể đi ngược lại, và may mắn không phải là phương pháp. Khoảng tin cậy cẩn thận thì quá rộng để khẳng định, và nó chứa sự thật;
# với số khách mà nó đòi hỏi, rất có thể nó đã khẳng định được. Sự cố của ứng dụng thì lớn đến mức biểu đồ chỉ cần một tuần.
#
# ## Một bài báo sẽ báo cáo những gì
#
# - vì sao các yếu tố này có trong danh sách, các mũi tên giả định điều gì, chi phí là bao nhiêu và lấy từ đâu;
# - mức tăng kèm khoảng tin cậy, và tỷ lệ mẫu lặp mà lựa chọn là tốt nhất;
# - với thay đổi: đã thay đổi gì, cho ai, khi nào; nhóm đối chứng, cơ cấu khách hàng, quyết định về biến kiểm soát đưa ra *trước* khi xem kết quả;
# - với biểu đồ: giai đoạn nền và các quy tắc, chọn từ trước;
# - lợi nhuận, chiết khấu và tỷ lệ giữ chân kèm khoảng tin cậy, phía sau mọi giá trị của một khách hàng.

# %% [markdown] en_hash="f222d09053"
# ## Điều cần nhớ
#
# - Đánh giá, lập bản đồ, sửa, quản lý: mỗi bước có phương pháp riêng và cách đánh lừa riêng.
# - "Hãy cải thiện X" mới là nửa câu. Nửa còn lại: với chi phí này, được chừng này, và chắc chừng này.
# - So sánh trước và sau mà không có nhóm đối chứng là đo lẫn cả thời gian, cơ cấu khách và thay đổi.
# - Khoảng tin cậy chứa số 0 là lời yêu cầu thêm khách hàng, không phải phán quyết về thay đổi.
# - Hãy chọn quy tắc của biểu đồ trước khi xem. Báo động là một câu hỏi.
# - Điều phối mang lại kiểm soát; còn bảo vệ thì phải xây dựng.

# %%
cx.provenance(survey, log, real, seed=seed)
