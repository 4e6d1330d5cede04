# %% [markdown] en_hash="7734f1350b"
# # Độ tin cậy và nhân tố: thang đo đo tốt đến đâu, và đo bao nhiêu điều
#
# **Khoảng 45 phút.** Sau sổ tay này, bạn có thể
#
# 1. nói được độ tin cậy là gì, không phải là gì, và hệ số nào trả lời câu hỏi nào;
# 2. đọc một phân tích biến quan sát mà không mù quáng làm theo, và tìm ra biến chỉ là bản sao của biến khác;
# 3. cho thấy alpha thay đổi ra sao vì trả lời một mức, và vì một số 0 không phải là câu trả lời;
# 4. quyết định số nhân tố khi các tiêu chí không thống nhất, và so sánh các nghiệm theo phép trích và phép xoay;
# 5. báo cáo hệ số tải kèm khoảng tin cậy, và nêu tên những lỗi mà người phản biện hay tìm.

# %% tags=["parameters"]
seed = 20261122
lang = "vi"
reports = None

# %%
import numpy as np
import pandas as pd

import cxlab as cx
from cxlab.i18n import format_number as number
from cxlab.show import Column, Table, curve_plot

cx.use_language(lang)
report = cx.Report("03_reliability_and_factors", folder=reports, lang=lang)
report.question(
    {
        "en": "How free of error are these scores, and how many different things do the items measure?",
        "vi": "Các điểm số này ít sai số đến mức nào, và các biến quan sát đo bao nhiêu điều khác nhau?",
    }
)

# %% [markdown] en_hash="b442fe820e"
# ## Độ tin cậy là gì, và không phải là gì
#
# Trong mỗi câu trả lời có phần thuộc về điều bạn hỏi và có phần chỉ thuộc về khoảnh khắc đó: một chữ đọc nhầm, một tâm trạng, một lần lỡ tay. **Độ tin cậy là phần phương sai của
# điểm số không phải là sai số như vậy** (Lord & Novick, 1968). Không ai nhìn thấy sai số trong một câu trả lời đơn lẻ. Nhưng nếu nhiều biến hỏi về cùng một điều thì phần chung của
# chúng lộ ra qua các tương quan, và mọi hệ số dưới đây đều bắt đầu từ đó.
#
# | hệ số | dựa trên | dùng khi nào |
# |---|---|---|
# | α (Cronbach, 1951) | hiệp phương sai; đúng nếu mọi biến tải như nhau lên một nhân tố, thấp hơn thực tế nếu không | vì ai cũng hỏi đến; hãy đặt ω bên cạnh |
# | ω, CR (McDonald, 1999) | hệ số tải lên một nhân tố; ω cho tổng điểm thô, CR cho biến chuẩn hóa | lựa chọn thông thường khi thang đo một chiều |
# | ωh | một nhân tố chung bên cạnh các nhân tố nhóm | khi các biến chia thành nhóm mà vẫn muốn một điểm số |
# | ρA (Dijkstra & Henseler, 2015) | trọng số của mô hình PLS | cho các khái niệm của mô hình PLS |
# | λ1 đến λ6, glb (Guttman, 1945) | chỉ hiệp phương sai, không cần mô hình nhân tố; là các cận dưới | khi nghi ngờ tính một chiều; glb chỉ dùng với mẫu lớn |
# | H (Hancock & Mueller, 2001) | hệ số tải, tổng có trọng số tốt nhất | cho điểm nhân tố, không cho trung bình đơn giản |
# | α và ω thứ bậc (Zumbo và cộng sự, 2007) | tương quan đa chuỗi (polychoric) | cho cảm nhận đằng sau câu trả lời, không cho điểm số đang dùng |
#
# Tất cả đều giả định rằng sai số của các biến khác nhau không liên quan với nhau. Không hệ số nào chứng tỏ các biến đo *một* điều, hay đo *đúng* điều cần đo. Và không hệ số nào
# thuộc hẳn về một bảng hỏi: nó thuộc về những điểm số này của những người này.
#
# **Trước khi chạy bất cứ ô nào.** Khách hàng của các nhà mạng di động đánh giá chín phát biểu: ba về năng lực của nhà mạng, ba về mức đáng mến, ba về việc ở lại. *Câu trả lời sẽ
# cho thấy bao nhiêu điều khác nhau? Phát biểu nào sẽ lạc lõng nhất?* Hãy viết ra cả hai dự đoán.

# %%
survey = report.data(cx.load_dataset("corporate_reputation"))
book = survey.codebook
nine = [item for scale in ("competence", "likeability", "loyalty") for item in book.items_of(scale)]
caption = {"en": "Nine statements on a provider (paraphrased)", "vi": "Chín phát biểu về nhà mạng (diễn giải)"}
report.add(cx.describe(survey, nine).plot(lang), "statements", caption)

# %% [markdown] en_hash="336056c4fc"
# ## Bảng đầu tiên, và vì sao có dòng không có số
#
# `cx.reliability` lấy các thang đo từ sổ mã biến. Một số thang đo không có alpha, và đó không phải là trục trặc. Chất lượng, kết quả hoạt động, trách nhiệm xã hội và sức hấp dẫn
# là **biến tổng hợp**: các câu hỏi tạo nên khái niệm, như các phòng tạo nên ngôi nhà. Các phòng không cần giống nhau, nên hỏi chúng nhất quán đến đâu là hỏi sai. Sự hài lòng chỉ
# có một câu hỏi, mà một câu trả lời thì không thể cho thấy sai số của chính nó. Chương trình nào in 1,00 ở đây, hoặc cứ in alpha, là trả lời một câu hỏi mà không ai nên hỏi. Ở đâu
# có số thì hãy đọc khoảng tin cậy trước: alpha cũng là một ước lượng như mọi ước lượng khác.

# %%
reliability = cx.reliability(survey)
report.add(reliability, "reliability", main=True)

# %%
caption = {"en": "Alpha and omega with 95% intervals", "vi": "Alpha và omega với khoảng tin cậy 95%"}
report.add(reliability.plot(lang), "alpha_omega", caption)

# %% [markdown] en_hash="accefee53c"
# ## Phân tích biến quan sát: đọc, chứ đừng răm rắp làm theo
#
# Cột cuối của bảng đầu tiên nêu biến ít ăn khớp nhất của mỗi thang đo, và cho biết ở đâu alpha sẽ tăng nếu bỏ biến đó. Nhiều luận văn biến điều này thành quy tắc: bỏ, tính lại,
# lại bỏ. Trước khi làm theo, hãy nhìn các biến về rào cản chuyển đổi dưới đây. Tương quan *hiệu chỉnh* là tương quan của một biến với tổng các biến còn lại; *hệ số tải* là trên
# một nhân tố. Hai trong số đó đi cùng nhau gần như tuyệt đối, và lời khuyên là bỏ một trong những biến *còn lại*. **Bạn có bỏ không?** Bảng chéo cho thấy vì sao không nên.

# %%
report.add(reliability.apa_items(lang), "items")

# %%
twins = survey.data[["switch_1", "switch_4"]]
crossed = pd.crosstab(*(twins[item] for item in twins))
points = {f"p{point}": Column(str(point), "integer") for point in crossed.columns}
crossed.columns = list(points)
rows, across = (book.items[item].label for item in twins)
columns = {"switch_1": Column(rows, "integer"), **points}
title = {"en": "Two switching items, number of respondents", "vi": "Hai biến về rào cản chuyển đổi, số người trả lời"}
report.add(Table(crossed.reset_index(), columns, title, spanners=((across, tuple(points)),)), "copy")

# %% [markdown] en_hash="d08f527c6f"
# Mỗi dòng chỉ có một ô khác 0. Ai chọn một mức ở câu thứ nhất thì luôn chọn đúng một mức tương ứng ở câu thứ hai: đó chính là câu thứ nhất với hai mức gộp lại, **một bản sao chứ
# không phải câu hỏi thứ hai**. Không ai trả lời nó một cách độc lập, nên sai số của nó cũng không độc lập, và alpha coi bản sao là sự thống nhất. Biến "không ăn khớp" lại là một
# trong những biến trung thực. Không hệ số nào cho bạn biết điều này; một bảng chéo thì có. Bản sao sinh ra trong tệp dữ liệu hay trong bảng hỏi, chỉ chủ nhân của dữ liệu mới trả
# lời được.

# %%
honest = [item for item in book.items_of("switching") if item != "switch_4"]
figures = (
    reliability.table.set_index("construct").loc["switching", "alpha"],
    cx.reliability(survey, honest).table["alpha"].iloc[0],
    reliability.items.set_index("item").loc["switch_2", "alpha_if_dropped"],
)
with_copy, without, advised = (number(float(figure), 2, bounded=True) for figure in figures)
report.finding(
    {
        "en": f"One switching item is a recoded copy of another: alpha is {with_copy} with the copy and {without} without it. The usual advice, to drop the item that fits least, would raise it to {advised} and keep the copy.",
        "vi": f"Một biến về rào cản chuyển đổi là bản mã hóa lại của biến khác: alpha là {with_copy} khi có bản sao và {without} khi không có. Lời khuyên quen thuộc, bỏ biến ít ăn khớp nhất, sẽ nâng alpha lên {advised} và giữ lại bản sao.",
    }
)

# %% [markdown] en_hash="161c35cee2"
# ## Các hệ số khác
#
# Với ba biến có hệ số tải gần nhau, mọi hệ số kể gần như cùng một câu chuyện, và khi đó in hệ số nào cũng được. Chúng chỉ tách ra khi giả định đổ vỡ. Hãy nhìn dòng của các biến về
# rào cản chuyển đổi: α và ω không thống nhất, λ4 và cận dưới lớn nhất (glb) tăng vọt vì có cách chia đôi đặt mỗi biến sinh đôi vào một nửa, còn H tiến sát 1 vì tổng có trọng số
# tốt nhất hầu như chỉ dùng cặp sinh đôi. **Khi những hệ số lẽ ra phải thống nhất lại không thống nhất, hãy tìm nguyên nhân trước khi chọn số lớn nhất.** Chỗ nào không có giá trị
# thì lý do nằm dưới bảng.

# %%
reflective = ["competence", "likeability", "loyalty", "switching"]
report.add(cx.reliability(survey, {one: book.items_of(one) for one in reflective}).apa_bounds(lang), "bounds")

# %% [markdown] en_hash="3d11dc75ce"
# ## Hãy tự kéo thanh trượt: một bảng hỏi dài trở nên tin cậy như thế nào
#
# Bây giờ không cần dữ liệu, chỉ cần công thức. Các biến của một thang đo chia thành **hai nhóm**. Hãy đặt mức tương quan trong mỗi nhóm và giữa hai nhóm, rồi theo dõi hai đường
# khi thang đo có ngày càng nhiều biến: alpha, và ωh, tức phần phương sai của điểm số do một nhân tố chung giải thích. Lúc đầu hai thanh trượt ở cùng một chỗ: chỉ có một chiều, và
# hai đường trùng nhau. Giờ hãy kéo hai nhóm ra xa nhau, cho đến khi tương quan giữa chúng bằng 0: hai chuyện không liên quan gì với nhau, gộp vào một điểm số. *Cần bao nhiêu biến
# để alpha vẫn vượt 0,80?*


# %%
def long_scale(within, between):
    if between > within:
        return {"en": "Choose between ≤ within.", "vi": "Hãy chọn between ≤ within."}[lang]
    k = np.arange(4, 31, 2)
    total = k + k * (k / 2 - 1) * within + k**2 / 2 * between
    lines = {"α": k / (k - 1) * (1 - k / total), "ωh": k**2 * between / total}
    rows = [pd.DataFrame({"label": sign, "x": k, "estimate": y}) for sign, y in lines.items()]
    table = pd.concat(rows).assign(ci_lower=lambda one: one["estimate"], ci_upper=lambda one: one["estimate"])
    axis = {"en": "Items, in two groups of the same size", "vi": "Số biến, chia thành hai nhóm bằng nhau"}
    return curve_plot(table, reference=0.8, xlabel=axis, ylabel="", bounded=True, lang=lang)


# %%
slider = (0.5, 0.0, 0.8, 0.05)
cx.explore(long_scale, live=reports is None, within=slider, between=slider)

# %%
within, between = 0.5, 0.1
shown = [number(one, 2, bounded=True) for one in (within, between)]
caption = {
    "en": f"By formula: alpha and ωh of a scale that mixes two groups of items (r = {shown[0]} within, {shown[1]} between)",
    "vi": f"Theo công thức: alpha và ωh của thang đo trộn hai nhóm biến (r = {shown[0]} trong nhóm, {shown[1]} giữa hai nhóm)",
}
report.add(long_scale(within, between), "two_groups", caption, main=True)

# %% [markdown] en_hash="4d303d81d4"
# Alpha tăng khi thêm biến, bất kể các biến có liên quan gì với nhau, vì một lý do đơn giản: cộng nhiều câu trả lời thì sai số bù trừ nhau. ωh vẫn thấp chừng nào hai nhóm còn xa
# lạ. Vì vậy, alpha cao của một thang đo dài **không phải là bằng chứng của tính một chiều**; số nhân tố là một câu hỏi riêng, và nửa sau của sổ tay này đặt câu hỏi đó.
#
# ## Trả lời một mức
#
# Tiếp theo là một khảo sát có alpha tốt quá mức. Khách quảng cáo đánh giá Trang Vàng theo chín khía cạnh, và một số người cho cùng một điểm từ đầu đến cuối (sổ tay 02 đánh dấu
# họ). *Khi bỏ họ ra, alpha sẽ tăng hay giảm?*

# %%
pages = report.data(cx.load_dataset("yellow_pages"))
careful = pages.screen(straightline=True).exclude("straightline")
name = {"en": "Nine ratings", "vi": "Chín đánh giá"}[lang]
ratings = {name: [f"q{place}" for place in range(2, 11)]}
who = [
    {"en": "All respondents", "vi": "Mọi người trả lời"},
    {"en": "Without straight lines", "vi": "Bỏ trả lời một mức"},
]
both = [cx.reliability(one, ratings) for one in (pages, careful)]
lines = pd.concat([one.table for one in both], ignore_index=True).assign(who=who)
both[0]

# %%
ends = ("alpha_ci_lower", "alpha_ci_upper")
known = {
    "n": Column("analyses.col_n", "integer"),
    "average_r": Column("reliability.col_average_r", "bounded"),
    "alpha": Column("α", "bounded"),
    "ci": Column({"en": "95% CI", "vi": "KTC 95%"}, "interval", parts=ends, bounded=True),
    **{key: Column(sign, "bounded") for key, sign in (("omega_total", "ω"), ("omega_h", "ωh"), ("glb", "glb"))},
}
title = {"en": "Nine ratings of the Yellow Pages", "vi": "Chín đánh giá về Trang Vàng"}
report.add(Table(lines, {"who": Column(""), **known}, title), "straight_lines", main=True)

# %%
share = number(100 * (1 - lines["n"].iloc[1] / lines["n"].iloc[0]), 1)
r, a = ([number(value, 2, bounded=True) for value in lines[key]] for key in ("average_r", "alpha"))
report.finding(
    {
        "en": f"{share}% of the advertisers gave one answer throughout. Alpha is {a[0]} with them and {a[1]} without; the mean correlation of the items falls from {r[0]} to {r[1]}.",
        "vi": f"{share}% khách quảng cáo chọn cùng một điểm cho mọi câu. Alpha là {a[0]} khi có họ và {a[1]} khi không có; tương quan trung bình giữa các biến giảm từ {r[0]} xuống {r[1]}.",
    }
)

# %% [markdown] en_hash="cecd1e0945"
# Ai chọn một điểm từ đầu đến cuối thì tự thống nhất với mình một cách hoàn hảo, nên trả lời một mức làm thang đo trông **tốt hơn** thực tế. Với thang đo chín biến, alpha che giấu
# điều đó rất khéo: nó hầu như không nhúc nhích, trong khi các tương quan bên dưới thì có. Hãy in kết quả đã bỏ trả lời một mức, và cho biết kết quả kia là bao nhiêu. Và hãy nhìn
# ωh trong cùng bảng: thấp hơn α nhiều. Giá, hiệu quả và phân phối là những chuyện khác nhau, mà một điểm chung cho cả chín câu trộn chúng lại. Cảnh báo đã nói điều đó: một nhân tố
# để lại tương quan phần dư lớn.
#
# ## Một số 0 không phải là câu trả lời
#
# Khách hàng doanh nghiệp của một nhà cung cấp thiết bị chấm các phát biểu từ 1 đến 5. Số 0 nghĩa là *không áp dụng*: không dự đào tạo, không mua vật tư. Sổ mã biến biết điều này.
# **Alpha sẽ là bao nhiêu nếu có người đọc tệp mà không có sổ mã biến?**

# %%
b2b = report.data(cx.load_dataset("b2b_annual"))
raw = pd.read_csv(cx.fetch_dataset("b2b_annual"))
ways = {"raw": {"en": "as the answer 0", "vi": "là câu trả lời 0"}, "read": {"en": "as missing", "vi": "là khuyết"}}
rows = []
for topic in ("training", "supplies"):
    label, items = b2b.codebook.constructs[topic].label, list(b2b.codebook.items_of(topic))
    for way, answers in (("raw", raw[items]), ("read", b2b.data[items])):
        found = cx.reliability(answers).table.iloc[0]
        rows.append({"topic": label, "way": ways[way], "mean": answers.stack().mean(), **found})
columns = {"way": Column({"en": "Zeros read", "vi": "Đọc số 0"}), "mean": Column("analyses.col_mean", "number")}
columns |= {key: known[key] for key in ("n", "average_r", "alpha", "ci")}
title = {"en": "'Not applicable', read in two ways", "vi": "'Không áp dụng', đọc theo hai cách"}
report.add(Table(pd.DataFrame(rows), columns, title, group="topic"), "zeros", main=True)

# %% [markdown] en_hash="16bd51a1fc"
# Đọc sai có thể làm lệch về cả hai phía. Phần lớn những khách hàng không dự đào tạo có số 0 ở *mọi* câu; các số 0 thống nhất với nhau và alpha vọt lên. Với vật tư, mỗi doanh
# nghiệp mua thứ này mà không mua thứ kia; các số 0 rải rác và alpha sụp xuống. Cả hai con số đều không nói gì về sự hài lòng. (Sổ mã biến coi các chủ đề này là biến tổng hợp, và
# phát biểu nào thuộc chủ đề nào là ghi theo trí nhớ, không có tài liệu; alpha ở đây chỉ để cho thấy tác hại.)
#
# Đọc đúng thì khuyết rất nhiều, và khuyết là phải: không ai đánh giá được khóa đào tạo mà mình không dự. `cx.missing_data` cho thấy các kiểu khuyết và điều gì đi cùng chỗ khuyết.

# %%
gaps = cx.missing_data(b2b, [item for topic in ("training", "supplies") for item in b2b.codebook.items_of(topic)])
caption = {"en": "Patterns of 'not applicable' and unanswered", "vi": "Các kiểu 'không áp dụng' và bỏ trống"}
report.add(gaps.plot(lang), "missing", caption)

# %%
gaps

# %% [markdown] en_hash="07bbbbc84c"
# Hình cho thấy ngay: các câu về đào tạo trống cùng nhau, thành từng khối. Phần mềm sẽ đề nghị lấp những chỗ trống đó, bằng hợp lý cực đại hoặc thay thế bội. Cả hai trả lời câu hỏi
# *lẽ ra họ đã nói gì?*, mà ở đây thì họ chẳng có gì để nói. Với loại khuyết này, hãy phân tích những khách hàng đã dùng dịch vụ, và ghi rõ như vậy. Lấp chỗ khuyết là dành cho
# những câu trả lời có tồn tại mà không được đưa ra.
#
# ## Năm mức không phải là một cây thước
#
# Tương quan của các mức đã chọn bị thấp đi khi phần lớn khách hàng chọn cùng một đầu thang. Tương quan **đa chuỗi (polychoric)** hỏi: hai cảm nhận phân phối chuẩn phải tương quan
# mạnh đến đâu mới sinh ra những lựa chọn như vậy? *Biến nào tăng nhiều nhất?*

# %%
support = list(b2b.codebook.items_of("technical_support"))
ticked = b2b.data[support].corr()
latent = cx.polychoric(b2b, support, missing="pairwise").correlations
others = ~np.eye(len(support), dtype=bool)
table = cx.describe(b2b, support).table[["item", "skewness"]]
table = table.assign(**{key: one.where(others).mean().to_numpy() for key, one in (("r", ticked), ("rho", latent))})
table = table.assign(gain=table["rho"] - table["r"]).sort_values("skewness")
columns = {"item": Column("analyses.col_item"), "skewness": Column({"en": "Skewness", "vi": "Độ lệch"}, "number")}
columns |= {"r": Column("Pearson", "bounded"), "rho": Column("polychoric", "bounded")}
columns["gain"] = Column({"en": "Difference", "vi": "Chênh lệch"}, "bounded")
title = {"en": "Mean correlation with the other items", "vi": "Tương quan trung bình với các biến còn lại"}
report.add(Table(table, columns, title), "polychoric")

# %%
name = b2b.codebook.constructs["technical_support"].label[lang]
report.add(cx.reliability(b2b, {name: support}, ordinal=True), "ordinal")

# %% [markdown] en_hash="409d911b1e"
# Biến lệch nhất tăng nhiều nhất. α và ω thứ bậc cao hơn α, và in chúng ra thì thật hấp dẫn. Nhưng đó là độ tin cậy của một điểm số không ai có: tổng của những cảm nhận không quan
# sát được (Chalmers, 2018). Nếu bạn sẽ dùng trung bình của các mức đã chọn, hệ số nói về nó là **ω của tổng điểm** (Green & Yang, 2009); còn với mô hình nhân tố trên tương quan đa
# chuỗi thì là ω thứ bậc.
#
# ## Có đáng phân tích nhân tố không?
#
# Trở lại chín phát biểu và dự đoán của bạn. *KMO* so các tương quan với phần còn lại của chúng khi giữ cố định các biến khác: gần 1 thì các biến có điều gì đó chung; dưới 0,50 thì
# không. Kiểm định Bartlett hỏi có tương quan nào không; với vài trăm người trả lời thì lúc nào cũng có.

# %%
report.add(cx.factorability(survey, items=nine), "factorability")

# %% [markdown] en_hash="a4d702345a"
# ## Bao nhiêu nhân tố?
#
# Có ba người cố vấn. **Phân tích song song** (Horn, 1965) rút những dữ liệu không có cấu trúc nào, cùng kích thước, rồi giữ lại những gì lớn hơn ngẫu nhiên; có thể so theo nhân tố
# hoặc theo thành phần chính. **Tương quan riêng phần bình quân nhỏ nhất, MAP** (Velicer, 1976) dừng khi lấy thêm một thành phần ra không còn làm sạch các tương quan. Quy tắc cũ,
# **trị riêng lớn hơn 1**, quên rằng chỉ riêng ngẫu nhiên đã sinh ra trị riêng lớn hơn 1. Và còn *đồ thị scree*, để mắt phán đoán chỗ gãy của đường. Hình dưới đây cho thấy tất cả:
# chấm đặc nằm trên mức ngẫu nhiên.

# %%
parallel = cx.parallel_analysis(survey, seed=seed, items=nine)
report.add(
    parallel.plot(lang), "scree", {"en": "Eigenvalues against chance", "vi": "Trị riêng so với ngẫu nhiên"}, main=True
)

# %%
parallel

# %% [markdown] en_hash="688ed3a655"
# Các tiêu chí không thống nhất, như vẫn thường thấy; những dòng trên cho biết khác nhau ra sao. Thành phần chính tính mọi thứ biến thiên, nhân tố chỉ tính phần chung của các biến,
# nên hai bên không nhất thiết giống nhau. Ở đây không có chuyện bỏ phiếu. **Hãy nhìn từng nghiệm và hỏi nó có nghĩa gì**, trước mọi chỉ số phù hợp. Hai nhân tố: lòng trung thành,
# và một danh tiếng chung. Ba nhân tố: khách hàng phân biệt năng lực với thiện cảm, đúng như lý thuyết đằng sau các câu hỏi, với một mặt của danh tiếng dành cho lý trí và một mặt
# dành cho tình cảm.

# %%
two, three = (cx.efa(survey, count, items=nine) for count in (2, 3))
report.add(two, "two_factors")

# %%
report.add(three, "three_factors", main=True)

# %%
fits = pd.DataFrame([two.fit_measures, three.fit_measures])
rmsea, rmsr = ([number(value, 3, bounded=True) for value in fits[key]] for key in ("rmsea", "rmsr"))
homes = three.table[three.table["primary"]].set_index("item")["factor"]
phi = number(three.factor_correlations.loc[homes["like_1"], homes["comp_3"]], 2, bounded=True)
stray = book.items["comp_1"].label[lang]
report.finding(
    {
        "en": f"Three factors reproduce the correlations far better than two (RMSEA {rmsea[1]} against {rmsea[0]}; RMSR {rmsr[1]} against {rmsr[0]}). Competence and likeability correlate {phi}. '{stray}' (comp_1) loads on both.",
        "vi": f"Ba nhân tố tái tạo các tương quan tốt hơn hẳn hai nhân tố (RMSEA {rmsea[1]} so với {rmsea[0]}; RMSR {rmsr[1]} so với {rmsr[0]}). Năng lực và thiện cảm tương quan {phi}. '{stray}' (comp_1) tải lên cả hai.",
    }
)

# %% [markdown] en_hash="0370ee7438"
# Bạn có đoán là `comp_1` không? Với hai nhân tố, năng lực và thiện cảm nhập làm một; với ba nhân tố, chúng tách ra, và phát biểu về vị trí dẫn đầu thị trường đứng ở giữa. Phần còn
# lại của năng lực là một nhân tố mỏng, như ghi chú đã báo. Đó là một phát hiện về bảng hỏi này, cần được báo cáo, và là lý do để lần sau viết thêm một câu hỏi.
#
# ## Ma trận mẫu và ma trận cấu trúc
#
# Khi các nhân tố tương quan, mỗi biến có hai con số. **Ma trận mẫu (pattern)** chứa trọng số: một nhân tố thêm được gì khi giữ cố định các nhân tố khác. **Ma trận cấu trúc
# (structure)** chứa tương quan thông thường, gồm cả những gì đi kèm qua các nhân tố khác. Bài báo in ma trận mẫu, và tên nhân tố được đặt theo nó; hãy so sánh cả hai cho `comp_1`.
# Các bảng trên để trống những hệ số tải nhỏ, như phần lớn bài báo vẫn làm. Ở đây không giấu gì, và bạn thấy ô trống đã che đi điều gì.

# %%
some = ["comp_1", "comp_3", "like_1", "cusl_2"]
kinds = {
    "p": (three.loadings, {"en": "Pattern", "vi": "Ma trận mẫu"}),
    "s": (three.structure, {"en": "Structure", "vi": "Ma trận cấu trúc"}),
}
table = pd.concat([one.loc[some].add_prefix(kind) for kind, (one, _) in kinds.items()], axis=1)
columns = {"item": Column("analyses.col_item")}
columns |= {f"{kind}{factor}": Column(factor, "bounded") for kind in kinds for factor in three.loadings}
spanners = tuple((text, tuple(f"{kind}{factor}" for factor in one)) for kind, (one, text) in kinds.items())
title = {"en": "Pattern and structure of four items", "vi": "Ma trận mẫu và ma trận cấu trúc của bốn biến"}
table = table.rename_axis("item").reset_index()
report.add(Table(table, columns, title, spanners=spanners), "pattern_structure")

# %% [markdown] en_hash="61ca8ca9a8"
# ## Phương pháp có làm khác đi không?
#
# Phép trích quyết định cách tìm phần chung (phần dư tối thiểu, hợp lý cực đại, trục chính); phép xoay quyết định ta đứng từ đâu để nhìn cùng một không gian. Dưới đây là biến lạc
# lõng theo ba phép trích và bốn phép xoay. Phần chung của nó hầu như không đổi. Hệ số tải thì có, và đổi nhiều nhất giữa các phép xoay cho phép nhân tố tương quan với **varimax**,
# phép xoay cấm điều đó. Khách hàng thấy một nhà mạng giỏi thì thường cũng mến nó. Cấm các nhân tố tương quan không làm điều này biến mất: nó quay lại dưới dạng hệ số tải rải khắp
# nơi.

# %%
extractions = {
    "minres": {"en": "Minimum residual", "vi": "Phần dư tối thiểu"},
    "ml": {"en": "Maximum likelihood", "vi": "Hợp lý cực đại"},
    "pa": {"en": "Principal axis", "vi": "Trục chính"},
}

# %%
rows = []
for method in extractions:
    for rotation in ("oblimin", "geomin", "promax", "varimax"):
        found = cx.efa(survey, 3, method=method, rotation=rotation, items=nine)
        heart, head, stay = (found.loadings.loc[mark].abs().idxmax() for mark in ("like_1", "comp_3", "cusl_2"))
        own = found.loadings.loc["comp_1", [head, heart, stay]].to_list()
        side = found.table.loc[~found.table["primary"], "loading"].abs().mean()
        r = found.factor_correlations.loc[head, heart] if rotation != "varimax" else np.nan
        rows.append((method, rotation, *own, found.communalities["comp_1"], side, r))
names = ["method", "rotation", "head", "heart", "stay", "communality", "side", "r"]
choices = pd.DataFrame(rows, columns=names)

# %%
own = {"head": "competence", "heart": "likeability", "stay": "loyalty"}
columns = {"rotation": Column({"en": "Rotation", "vi": "Phép xoay"})}
columns |= {key: Column(book.constructs[name].label, "bounded") for key, name in own.items()}
columns["communality"] = Column("h²", "bounded")
columns["side"] = Column({"en": "Side loadings", "vi": "Hệ số tải phụ"}, "bounded")
columns["r"] = Column({"en": "r of COMP and LIKE", "vi": "r giữa COMP và LIKE"}, "bounded")
title = {"en": "Loadings of comp_1 under twelve choices", "vi": "Hệ số tải của comp_1 theo mười hai lựa chọn"}
note = {
    "en": "Side loadings: mean size of all but each item's largest.",
    "vi": "Hệ số tải phụ: độ lớn trung bình của mọi hệ số tải, trừ hệ số lớn nhất của mỗi biến.",
}
frame = choices.assign(method=choices["method"].map(extractions))
spanners = (("comp_1", tuple(own)),)
report.add(Table(frame, columns, title, (note,), group="method", spanners=spanners), "choices")

# %% [markdown] en_hash="d61cadc6c7"
# ## Những hệ số tải này chắc chắn đến đâu?
#
# Bảng hệ số tải trông như khắc vào đá, và một quy tắc như "từ 0,50 trở lên" được áp dụng đến chữ số thứ hai. Hãy rút khách hàng có hoàn lại, phân tích nhân tố lại, rất nhiều lần.
# **Trước khi xem:** khoảng tin cậy của `comp_1` trên nhân tố chính của nó rộng bao nhiêu? Những mẫu lặp có trường hợp Heywood (một biến bị các nhân tố giải thích toàn bộ) được đếm
# và giữ lại; bỏ chúng đi sẽ làm khoảng tin cậy ngắn hơn thực tế.

# %%
boot = three.bootstrap(1000, seed=seed)
caption = {"en": "Loadings with 95% bootstrap intervals", "vi": "Hệ số tải với khoảng tin cậy bootstrap 95%"}
report.add(boot.plot(lang), "loadings_intervals", caption, main=True)

# %%
boot

# %%
stray = boot.table[boot.table["item"] == "comp_1"].set_index("factor")


def with_interval(factor):
    loading, low, high = (
        number(stray.loc[factor, key], 2, bounded=True) for key in ("loading", "ci_lower", "ci_upper")
    )
    return f"{loading} [{low}{'; ' if lang == 'vi' else ', '}{high}]"


# %%
heart, head = (with_interval(homes[mark]) for mark in ("like_1", "comp_3"))
report.finding(
    {
        "en": f"comp_1 loads {heart} on likeability and {head} on competence (95% bootstrap intervals): these {three.n_obs} customers cannot say where it belongs.",
        "vi": f"Hệ số tải của comp_1 là {heart} trên thiện cảm và {head} trên năng lực (khoảng tin cậy bootstrap 95%): {three.n_obs} khách hàng này không cho biết biến đó thuộc về đâu.",
    }
)

# %% [markdown] en_hash="1ef08f2d1b"
# ## Tin ai? Một phép thử có niêm phong
#
# Dữ liệu thật không bao giờ cho biết có đúng bao nhiêu nhân tố. Khảo sát **mô phỏng** thì cho biết. Dưới đây có hai bảng hỏi, một dài, một ngắn với các nhân tố gần nhau hơn, và
# hàng chục khảo sát mô phỏng cho mỗi bảng hỏi; câu trả lời theo thang năm mức. Mỗi khảo sát có bao nhiêu nhân tố, từ một đến bốn, là do hạt giống ngẫu nhiên rút ra và được **niêm
# phong**: bạn chỉ thấy bốn tiêu chí nói gì về nó. *Hãy đặt cược vào một tiêu chí trước khi mở niêm phong.*


# %%
def plan(factors, items, between, loading=0.6):
    each = items // factors
    owned = [" + ".join(f"{loading}*x{each * f + i}" for i in range(each)) for f in range(factors)]
    lines = [f"F{f} =~ {own}" for f, own in enumerate(owned)]
    return "\n".join(lines + [f"F{a} ~~ {between}*F{b}" for a in range(factors) for b in range(a)])


def verdicts(items, between):
    for place, factors in enumerate(sealed):
        model = plan(int(factors), items, between)
        simulated = cx.simulate(model, 200, seed + place, standardized=True, points=5)
        said = cx.parallel_analysis(simulated, seed=place, n_draws=100)
        yield {"factors": said.n_factors, "components": said.n_components, "map": said.n_map, "kaiser": said.n_kaiser}


# %%
sealed = np.random.default_rng(seed).integers(1, 5, size=40)
long, short = ({"items": 24, "between": 0.4}, {"items": 12, "between": 0.6})
answers = [pd.DataFrame(verdicts(**one)) for one in (long, short)]
criteria = {
    "factors": {"en": "Parallel analysis, factors", "vi": "Phân tích song song, nhân tố"}[lang],
    "components": {"en": "Parallel analysis, components", "vi": "Phân tích song song, thành phần chính"}[lang],
    "map": {"en": "Minimum average partial", "vi": "Tương quan riêng phần nhỏ nhất (MAP)"}[lang],
    "kaiser": {"en": "Eigenvalues above 1", "vi": "Trị riêng lớn hơn 1"}[lang],
}

# %%
counts = answers[0].apply(pd.Series.value_counts).fillna(0).astype(int).T
named = {f"m{m}": Column(str(m), "integer") for m in counts.columns}
counts = counts.set_axis(list(named), axis=1).assign(criterion=list(criteria.values()))
columns = {"criterion": Column({"en": "Criterion", "vi": "Tiêu chí"}), **named}
title = {
    "en": "Long simulated surveys: how often each number of factors was named",
    "vi": "Khảo sát mô phỏng dài: số lần nêu từng số nhân tố",
}
report.add(Table(counts, columns, title), "sealed")

# %%
opened = []
for one, said in zip((long, short), answers, strict=True):
    right = said.eq(sealed, axis=0)
    setting = {
        "en": f"{one['items']} items, factors correlate {number(one['between'], 1, bounded=True)}",
        "vi": f"{one['items']} biến, nhân tố tương quan {number(one['between'], 1)}",
    }
    for key, text in criteria.items():
        shares = {f"m{m}": right.loc[sealed == m, key].mean() for m in np.unique(sealed)}
        opened.append({"setting": setting, "criterion": text, **shares, "all": right[key].mean()})

# %%
columns = {"criterion": Column({"en": "Criterion", "vi": "Tiêu chí"})}
columns |= {f"m{m}": Column(str(m), "percent", digits=0) for m in np.unique(sealed)}
columns["all"] = Column({"en": "All", "vi": "Tất cả"}, "percent", digits=0)
title = {
    "en": "The seal opened: share of simulated surveys judged rightly, by true number of factors",
    "vi": "Mở niêm phong: tỷ lệ khảo sát mô phỏng được nêu đúng, theo số nhân tố thật",
}
report.add(Table(pd.DataFrame(opened), columns, title, group="setting"), "opened", main=True)

# %% [markdown] en_hash="dd01ef8a49"
# Trong các khảo sát mô phỏng dài, quy tắc cũ sai, và luôn sai về một phía: khi có nhiều biến, chỉ riêng ngẫu nhiên đã đẩy nhiều trị riêng lên trên 1. Những khái niệm có bảy chiều
# được công bố theo cách đó. Trong các khảo sát ngắn, mỗi nhân tố có ít biến và các nhân tố gần nhau, tiêu chí thành phần chính và MAP nêu quá ít, có lẽ cũng như với chín phát biểu
# của chúng ta. Ở đó quy tắc cũ lại nói đúng, nhưng vì một lý do tồi: thói quen đếm thừa của nó gặp những nhân tố đang ẩn mình. Xét cả hai bảng hỏi, phân tích song song theo *nhân
# tố* đứng vững nhất, và ngay cả nó cũng cần được so với nghiệm thêm một và bớt một nhân tố.
#
# ## Bài tập
#
# Hãy tự tính **phần chung (communality)** của `comp_1` trong nghiệm ba nhân tố, từ `three.loadings` (ma trận mẫu) và `three.factor_correlations`. Đó là phần phương sai của biến do
# các nhân tố giải thích. Nhớ rằng các nhân tố có tương quan.

# %%
my_answer = None

# %%
weights, phi = three.loadings.loc["comp_1"].to_numpy(), three.factor_correlations.to_numpy()
slips = {
    {
        "en": "The sum of squared pattern loadings is right for factors that do not correlate; these do.",
        "vi": "Tổng bình phương hệ số tải chỉ đúng khi các nhân tố không tương quan; ở đây chúng có tương quan.",
    }[lang]: float(weights @ weights),
    {
        "en": "Squared structure coefficients count what the factors share several times.",
        "vi": "Bình phương các hệ số cấu trúc đếm nhiều lần phần chung giữa các nhân tố.",
    }[lang]: float((phi @ weights) @ (phi @ weights)),
    {"en": "That is the uniqueness, the rest.", "vi": "Đó là phần riêng, tức phần còn lại."}[lang]: float(
        1 - weights @ phi @ weights
    ),
}
cx.check_answer(my_answer, float(weights @ phi @ weights), slips=slips)

# %% [markdown] en_hash="24b5d10449"
# ## Điều gì đọng lại?
#
# Ba câu hỏi. Hãy chọn một câu trả lời trước khi mở.

# %%
high_alpha = (
    {"en": "A scale of 20 items has α = .91. What follows?", "vi": "Một thang đo 20 biến có α = 0,91. Từ đó suy ra điều gì?"},
    [
        ({"en": "The items measure one thing.", "vi": "Các biến đo một điều duy nhất."}, False,
         {"en": "Twenty items on two matters that hardly correlate can reach it. Go back to the sliders.", "vi": "Hai mươi biến về hai điều gần như không tương quan cũng có thể đạt mức đó. Hãy quay lại các thanh trượt."}),
        ({"en": "The sum holds little error, if the errors of the items are unrelated.", "vi": "Tổng điểm có ít sai số, nếu sai số của các biến không liên quan với nhau."}, True,
         {"en": "That is all it says, and the condition is part of it.", "vi": "Nó chỉ nói có vậy, và điều kiện đi kèm là một phần của câu trả lời."}),
        ({"en": "The scale is valid.", "vi": "Thang đo có giá trị."}, False,
         {"en": "A score can be almost free of error and measure the wrong thing.", "vi": "Điểm số có thể gần như không có sai số mà vẫn đo sai điều cần đo."}),
    ],
)  # fmt: skip

# %%
how_many = (
    {"en": "Seven eigenvalues are above 1; parallel analysis says three. What next?", "vi": "Có bảy trị riêng lớn hơn 1; phân tích song song cho ba. Làm gì tiếp?"},
    [
        ({"en": "Seven, so that nothing is lost.", "vi": "Lấy bảy, để không mất gì."}, False,
         {"en": "With many items, chance alone lifts several eigenvalues above 1.", "vi": "Khi có nhiều biến, riêng ngẫu nhiên đã đẩy vài trị riêng lên trên 1."}),
        ({"en": "Three, beside two and four, compared by what they mean.", "vi": "Lấy ba, đặt cạnh hai và bốn, so sánh theo ý nghĩa."}, True,
         {"en": "The criterion gives a start, the meaning decides, and a new sample tests it.", "vi": "Tiêu chí cho điểm xuất phát, ý nghĩa quyết định, và một mẫu mới kiểm định."}),
        ({"en": "Five, the middle.", "vi": "Lấy năm, số ở giữa."}, False,
         {"en": "Criteria are no voters: one of them is known to be wrong here.", "vi": "Các tiêu chí không bỏ phiếu: có một tiêu chí ở đây đã biết là sai."}),
    ],
)  # fmt: skip

# %%
two_numbers = (
    {"en": "After oblimin an item has .42 in the pattern and .66 in the structure. Why?", "vi": "Sau khi xoay oblimin, một biến có 0,42 trong ma trận mẫu và 0,66 trong ma trận cấu trúc. Vì sao?"},
    [
        ({"en": "The factors correlate, and the structure counts what comes along through the others.", "vi": "Các nhân tố tương quan, và ma trận cấu trúc tính cả phần đến qua các nhân tố khác."}, True,
         {"en": "The pattern holds the others fixed, as a regression does.", "vi": "Ma trận mẫu giữ cố định các nhân tố khác, như hồi quy vẫn làm."}),
        ({"en": "The rotation has not converged.", "vi": "Phép xoay chưa hội tụ."}, False,
         {"en": "Then the result would say so. Both numbers are right.", "vi": "Nếu vậy kết quả đã báo. Cả hai con số đều đúng."}),
        ({"en": "One of them is not standardised.", "vi": "Một trong hai chưa được chuẩn hóa."}, False,
         {"en": "Both are: one is a weight, the other a correlation.", "vi": "Cả hai đều đã chuẩn hóa: một là trọng số, một là tương quan."}),
    ],
)  # fmt: skip

# %%
cx.quiz(high_alpha, how_many, two_numbers)

# %% [markdown] en_hash="901789dfc6"
# ## Bài báo nên báo cáo gì
#
# Với mỗi thang đo phản ánh: số biến, n, ω kèm khoảng tin cậy (α bên cạnh), AVE, và đã bỏ những biến nào, vì sao, các hệ số trước khi bỏ là bao nhiêu. Đã xử lý ra sao với trả lời
# một mức và với "không áp dụng". Với phân tích nhân tố khám phá: loại tương quan, phép trích, số nhân tố **và cách quyết định số đó**, phép xoay, toàn bộ ma trận mẫu không giấu hệ
# số tải nhỏ, tương quan giữa các nhân tố, khoảng tin cậy. Câu dưới đây được ghép từ kết quả của sổ tay này.

# %%
row = reliability.table.set_index("construct").loc["likeability"]
w, low, high, al = (
    number(row[key], 2, bounded=True)
    for key in ("omega_total", "omega_total_ci_lower", "omega_total_ci_upper", "alpha")
)
report.finding(
    {
        "en": f"As in a paper: The likeability scale ({row['n_items']} items, n = {int(row['n'])}) had ω = {w}, 95% CI [{low}, {high}] (α = {al}). Minimum-residual factoring with oblimin rotation (Pearson correlations, n = {three.n_obs}) gave three factors, as parallel analysis of factors suggested; it suggested {parallel.n_components} components, and the minimum average partial {parallel.n_map}.",
        "vi": f"Như trong bài báo: Thang đo thiện cảm ({row['n_items']} biến, n = {int(row['n'])}) có ω = {w}, KTC 95% [{low}; {high}] (α = {al}). Phân tích nhân tố khám phá theo phần dư tối thiểu, xoay oblimin (tương quan Pearson, n = {three.n_obs}) cho ba nhân tố, đúng như phân tích song song theo nhân tố gợi ý; theo thành phần chính nó gợi ý {parallel.n_components}, và MAP gợi ý {parallel.n_map}.",
    }
)

# %% [markdown] en_hash="87b8754c54"
# ## Điều cần nhớ
#
# - Độ tin cậy nói về sai số, không nói về ý nghĩa, cũng không nói về số chiều. Alpha lớn dần theo số biến.
# - Hãy in ω kèm khoảng tin cậy; khi các hệ số không thống nhất, hãy tìm cho ra nguyên nhân.
# - "Alpha nếu loại biến" là một câu hỏi đặt ra cho nội dung câu hỏi, không phải mệnh lệnh. Hãy tìm bản sao trước.
# - Trả lời một mức và mã bị đọc sai làm alpha đổi theo hướng không đoán trước được. Hãy quyết định trước, và trình bày cả hai.
# - Không dùng trị riêng lớn hơn 1, không dùng varimax theo thói quen: hãy dùng phân tích song song, phép xoay xiên, và ý nghĩa.
# - Hệ số tải cũng có khoảng tin cậy. Kết quả khám phá là một đề xuất; việc kiểm định cần những người khác (sổ tay 04).
#
# Để luyện tập trên một bộ dữ liệu kinh điển, hãy tải `servqual_1992` (theo yêu cầu): các tương quan đã công bố của 22 câu hỏi về chất lượng dịch vụ mà lý thuyết xếp vào năm chiều.
# `cx.fetch_dataset("servqual_1992", accept_terms=True)` tải tệp một lần; `cx.parallel_analysis` và `cx.efa` nhận một ma trận như vậy cùng với `n_obs`. Bạn tìm thấy bao nhiêu nhân
# tố?

# %%
cx.provenance(survey, pages, b2b, seed=seed)
