# %% [markdown] en_hash="9e9401ce9c"
# # Tổng trải nghiệm khách hàng: sáu P, và điều gì xảy ra khi cộng chúng lại
#
# **Khoảng 60 phút.** Sau sổ tay này, bạn có thể
#
# 1. đánh giá địa điểm, giá, xúc tiến, sản phẩm, con người và quy trình từ phía khách hàng, và mã hóa một hành trình theo sáu P đó;
# 2. nói được vì sao giá và xúc tiến giành phần tác động của nhau trong hồi quy, và tính được cỡ mẫu đủ để tách chúng ra;
# 3. quyết định tổng trải nghiệm có phải là một thể thống nhất hay không, bằng cách so sánh các cấu trúc và hỏi mũi tên đi theo chiều nào;
# 4. ước lượng mô hình sáu P → sự hài lòng → lòng trung thành khi có câu trả lời khuyết, kèm khoảng tin cậy cho những gì đến được lòng trung thành;
# 5. tìm xem P nào được khách hàng coi là đương nhiên, điều mà mọi đường thẳng đều bỏ sót;
# 6. đối chiếu tất cả với một sự thật đã biết.

# %% tags=["parameters"]
seed = 20261122
lang = "vi"
reports = None

# %%
import cxlab as cx
from cxlab.i18n import format_number as number
from cxlab.i18n import p_text

cx.use_language(lang)
report = cx.Report("07_total_cx_six_ps", folder=reports, lang=lang)
report.question(
    {
        "en": "Which of the six P's make the total experience of a purchase, and is that total one thing?",
        "vi": "Những P nào làm nên tổng trải nghiệm mua hàng, và tổng ấy có phải là một thể thống nhất không?",
    }
)

# %% [markdown] en_hash="30e6c86787"
# ## Lý thuyết: mọi lần tiếp xúc, theo sáu phương diện
#
# *Tổng* trải nghiệm khách hàng là mọi lần tiếp xúc giữa khách hàng và doanh nghiệp, từ lần đầu đến nay. Một bài viết tiếng Việt, kể lại một bài giảng tiếng Anh, xếp các
# lần tiếp xúc ấy theo sáu P. Những chữ cái này gợi nhớ marketing mix, mô hình được Booms và Bitner (1981) bổ sung con người và quy trình. Cái bẫy nằm ở đây: marketing
# mix là những gì **doanh nghiệp đặt ra**, còn sáu P ở đây là những gì **khách hàng đánh giá**. Không phải giá niêm yết, mà là số tiền phải trả có hợp lý không; không
# phải chiến dịch khuyến mãi, mà là lời hứa có được giữ không. Vì thế phải hỏi chính khách hàng. Ghi chú dưới bảng cho biết điều gì được đọc trong nguồn, điều gì được
# viết riêng cho công cụ này.

# %%
total = cx.framework("total_cx")
six = list(total.constructs["construct"])
report.add(total.table(lang), "six_ps", main=True)

# %%
title = {"en": "The six P's and their kin in SERVQUAL", "vi": "Sáu P và các khái niệm họ hàng trong SERVQUAL"}
report.add(total.plot(lang, related=True), "map", title)

# %% [markdown] en_hash="a50f907274"
# ## Tom mua máy tính
#
# Bài giảng giải thích ý tưởng qua một khách hàng. Tom là nhân vật hư cấu; bảng dưới đây kể lại câu chuyện của anh, thêm giai đoạn và *sắc thái*, từ rất tệ đến rất tốt.
# Như ghi chú nói rõ, thứ tự, giai đoạn và sắc thái là do chúng tôi gán, để bạn tranh luận. Có hai điều đáng chú ý. Xúc tiến và con người đều xuất hiện hai lần: hứa là
# một sự việc, giữ lời là một sự việc khác. Và bước cuối cùng không thuộc P nào. Tom kể với bạn bè, mà một Tom không hài lòng cũng sẽ kể. Trước khi đọc tiếp, hãy mã hóa
# lần mua sắm lớn gần đây nhất của chính bạn, đặt cạnh hành trình của Tom.

# %%
tom = cx.theory_table("total_cx_case")
report.add(tom, "tom", main=True)

# %%
import pandas as pd

from cxlab.show import Column, Table

steps = tom.table[tom.table["p"] != ""]
names = {key: construct.label[lang] for key, construct in total.codebook().constructs.items()}
by_p = steps.groupby("p")["valence"].agg(["count", "sum"]).reindex(six).assign(label=list(names.values()))
heads = {
    "label": Column("P"),
    "count": Column({"en": "Steps", "vi": "Số bước"}, "integer"),
    "sum": Column({"en": "Sum of valences", "vi": "Tổng sắc thái"}, "integer"),
}
title = {"en": "Tom's journey by P (an invented customer)", "vi": "Hành trình của Tom theo từng P (khách hàng hư cấu)"}
report.add(Table(by_p, heads, title), "tom_by_p")

# %% [markdown] en_hash="39391629d2"
# Cộng cột cuối lại, ta có tổng của Tom. Nhưng *có nên* cộng không? Phép cộng cho phép một sản phẩm tốt bù cho đống giấy tờ phiền phức, tính mọi sự việc ngang nhau, và
# mặc nhiên cho rằng có một thứ để mà cộng. Nghiên cứu khảo sát thường viết tổng trải nghiệm theo cách khác: một điều gì đó trong khách hàng, bộc lộ qua cả sáu đánh giá.
# Hai cách nhìn không thể cùng đúng, và chính ghi chú của khung lý thuyết đề nghị so sánh chúng. Sổ tay này làm việc đó.
#
# ## Từ lời định nghĩa đến câu hỏi
#
# Bài viết không có thang đo. Các câu hỏi dưới đây được **soạn riêng cho công cụ này**, sử dụng tự do và chưa được kiểm định; câu thứ tư của mỗi P được diễn đạt theo
# chiều ngược lại.

# %%
report.add(total.table(lang, of="items"), "items")

# %% [markdown] en_hash="9b6f084ee2"
# **Trước khi chạy bất cứ ô nào nữa**, hãy cam kết với chính mình. Khảo sát dưới đây hỏi những người đã mua máy tính. P nào sẽ quan trọng nhất đối với sự hài lòng của họ?
# Và P nào được họ *coi là đương nhiên*, chỉ để ý đến khi nó tệ? Hãy gõ hai dự đoán (`place`, `price`, `promotion`, `product`, `people` hoặc `process`) vào chỗ `None`.
# Các ô sau sẽ đối chiếu dự đoán với ước lượng, và phần cuối đối chiếu với sự thật.

# %%
my_strongest = None
my_granted = None

# %% [markdown] en_hash="e9b1177b6e"
# ## Dữ liệu: mô phỏng, với sự thật được niêm phong
#
# Những người mua dưới đây là **mô phỏng**. Không có con người và cửa hàng nào như vậy; một mô hình với các giá trị biết trước đã tạo ra câu trả lời của họ, và mọi chỗ
# trình bày đều ghi rõ điều đó. Giá trị thật nằm trong sổ mã biến và được niêm phong đến cuối sổ tay. Khảo sát thật luôn có người trả lời cẩu thả, khảo sát này cũng vậy.
# Ngay bây giờ, trước mọi kết quả, chúng ta quyết định loại ba kiểu: trả lời nhanh đến mức không thể, một chuỗi cùng một mức trả lời dài bằng nửa bảng hỏi, sai câu kiểm
# tra chú ý. Bên cạnh mỗi ngưỡng đều có nguồn.

# %%
survey = report.data(cx.load_dataset("total_cx_6p"))
screened = survey.screen(attention=True, min_seconds="2/item", longstring="half")
title = {
    "en": "Rules for careless answers, and whom they flag (simulated respondents)",
    "vi": "Các quy tắc phát hiện câu trả lời cẩu thả, và ai bị đánh dấu (người trả lời mô phỏng)",
}
report.add(screened.apa_flags(lang), "flags", title)

# %%
clean = screened.exclude("min_seconds", "longstring", "attention").reverse_scored()
title = {
    "en": "From collected to analysed (simulated respondents)",
    "vi": "Từ thu thập đến phân tích (người trả lời mô phỏng)",
}
report.add(clean.flow(lang=lang), "flow", title)

# %% [markdown] en_hash="c5113e5e73"
# Bước cuối cùng cũng đổi chiều các câu hỏi đảo chiều, để điểm cao luôn nghĩa là trải nghiệm tốt.
#
# Ở đây có hai loại câu trả lời khuyết, và không nên gộp làm một. Có người *bỏ qua* câu hỏi. Có người *không hề được hỏi*: bảng hỏi bỏ trang về nhân viên đối với những ai
# không gặp nhân viên nào. Bảng dưới đây cho biết ai không có câu trả lời nào về con người, và ai có chỗ khuyết ở các câu về xúc tiến, theo tuổi và nơi mua. **Trước khi
# xem:** điều gì xảy ra với những người không được hỏi khi hồi quy bỏ các dòng không đầy đủ?

# %%
ages, shops = (
    {code: text[lang] for code, text in clean.codebook.items[name].labels.items()} for name in ("age_group", "shop")
)
unanswered = {name: clean.data[list(total.items_of(name))].isna() for name in ("people", "promotion")}
gaps = clean.data[["age_group", "shop"]].assign(
    people=unanswered["people"].all(axis=1), promotion=unanswered["promotion"].any(axis=1)
)
gaps = gaps.pivot_table(index="age_group", columns="shop", values=["people", "promotion"])
gaps.columns = [f"{name} {shop:g}" for name, shop in gaps.columns]

# %%
heads = {"age": Column({"en": "Age", "vi": "Tuổi"})}
heads |= {name: Column(shops[float(name.split()[1])], "percent", digits=0) for name in gaps}
spans = {
    "people": {"en": "No answer on people", "vi": "Không trả lời về con người"},
    "promotion": {"en": "Gap in promotion", "vi": "Khuyết ở xúc tiến"},
}
spans = tuple((text, tuple(column for column in gaps if column.startswith(name))) for name, text in spans.items())
title = {"en": "Who did not answer (simulated respondents)", "vi": "Ai không trả lời (người trả lời mô phỏng)"}
report.add(Table(gaps.assign(age=gaps.index.map(ages)), heads, title, spanners=spans), "gaps")

# %% [markdown] en_hash="d9c727fa61"
# Có một nhóm khuyết trọn phần con người, và một phương trình hồi quy cần đủ sáu điểm sẽ mất cả nhóm đó: kết quả của nó nói về những người mua khác. Chỗ khuyết ở phần xúc
# tiến tăng theo tuổi, nên những dòng đầy đủ cũng là của người trẻ hơn. Các mô hình cấu trúc dưới đây giữ lại tất cả mọi người nhờ phương pháp *thông tin đầy đủ* (FIML):
# mỗi người đóng góp những gì đã trả lời. Phương pháp này giả định rằng, khi đã biết các câu trả lời trong mô hình, chỗ khuyết không phụ thuộc vào điều lẽ ra sẽ được trả
# lời. Không ai chứng minh được giả định ấy. Nhưng ta có thể nói rõ nó ra.
#
# ## Câu trả lời đầu tiên: hồi quy trên sáu điểm thang đo
#
# Trước hết là cách làm quen thuộc: lấy trung bình các câu của mỗi P, rồi hồi quy điểm hài lòng trên cả sáu điểm.

# %%
terms = " + ".join(six)
regression = cx.regress(f"satisfaction ~ {terms}", clean)
title = {
    "en": "Regression of the satisfaction score (simulated data)",
    "vi": "Hồi quy điểm hài lòng (dữ liệu mô phỏng)",
}
report.add(regression, "regression", title, main=True)

# %% [markdown] en_hash="929d328659"
# ## Giá và xúc tiến: một phần tác động, hai bên cùng nhận
#
# Hãy nhìn hệ số phóng đại phương sai (VIF). Theo quy tắc thường dùng thì không giá trị nào đáng báo động, nhưng có hai dòng nổi lên: giá và xúc tiến. Người thấy số tiền
# hợp lý cũng thấy các ưu đãi trung thực. Điều đó quan trọng đến đâu? Hãy đưa từng biến trong hai biến này vào **một mình**, rồi **sau biến kia**, rồi **cùng cả sáu P**,
# luôn với cùng những người mua và theo đơn vị độ lệch chuẩn.
#
# **Hãy đoán trước:** khi có giá trong mô hình, hệ số của xúc tiến sẽ mất đi bao nhiêu phần? Còn hệ số của giá khi có xúc tiến?

# %%
scores = clean.scores()[[*six, "satisfaction"]].dropna()
standard = (scores - scores.mean()) / scores.std()


def entered(last, company):
    fit = cx.regress(f"satisfaction ~ {' + '.join([*company, last])}", standard)
    return fit.table.set_index("term").loc[last]


# %%
rows = []
for last, other in (("price", "promotion"), ("promotion", "price")):
    after = {"en": f"after {names[other].lower()}", "vi": f"sau {names[other].lower()}"}[lang]
    alone, full = {"en": ("alone", "among all six"), "vi": ("một mình", "cùng cả sáu P")}[lang]
    rest = [name for name in six if name != last]
    for label, company in ((alone, []), (after, [other]), (full, rest)):
        rows.append({"block": names[last], "label": label, **entered(last, company)})
credit = pd.DataFrame(rows).rename(columns={"b": "estimate"})
slope = {"en": "Standardised coefficient (β), 95% interval", "vi": "Hệ số chuẩn hóa (β), KTC 95%"}

# %%
from cxlab.show import coefficient_plot

title = {
    "en": "Price and promotion in company, satisfaction score (simulated data)",
    "vi": "Giá và xúc tiến khi đứng một mình và khi đứng chung, điểm hài lòng (dữ liệu mô phỏng)",
}
report.add(coefficient_plot(credit, xlabel=slope, lang=lang), "credit", title, main=True)

# %%
last_rows = credit.groupby("block", sort=False)["estimate"].agg(["first", "last"])
told = {block: [number(value, 2, bounded=True) for value in pair] for block, pair in last_rows.T.items()}
price, promotion = told[names["price"]], told[names["promotion"]]
report.finding(
    {
        "en": f"In the simulated survey the coefficient of price goes from {price[0]} alone to {price[1]} among all six, that of promotion from {promotion[0]} to {promotion[1]}: much of what each seems to do alone belongs to its neighbours as well.",
        "vi": f"Trong khảo sát mô phỏng, hệ số của giá đi từ {price[0]} khi đứng một mình đến {price[1]} khi có cả sáu P, hệ số của xúc tiến từ {promotion[0]} đến {promotion[1]}: phần lớn điều mỗi biến có vẻ làm được một mình cũng thuộc về các biến lân cận.",
    }
)

# %% [markdown] en_hash="010ac24876"
# Khi đứng một mình, xúc tiến trông như một đòn bẩy mạnh. Khi đứng chung, phần lớn sức mạnh ấy biến mất, và khoảng tin cậy tiến sát số 0. Không con số nào sai; chúng trả
# lời những câu hỏi khác nhau. Một mình: *những người mua đánh giá xúc tiến khác nhau thì khác nhau ra sao*, kể cả mọi thứ đi kèm? Cùng cả sáu P: *còn nếu họ đánh giá mọi
# thứ khác như nhau thì sao*?
#
# Câu hỏi thứ hai chỉ hỏi được ở ít người, vì hầu như không ai đánh giá giá và xúc tiến tách rời nhau. Vì thế khoảng tin cậy phải rộng. Hãy thay đổi tương quan giữa hai
# biến, và số người trả lời. Các hệ số và phần phương sai chưa giải thích được giữ nguyên như đã ước lượng; chỉ mức chồng lấn và cỡ mẫu thay đổi.

# %%
import numpy as np

beta = regression.table.set_index("term").loc[six, "beta"]
unexplained = 1 - regression.fit["r2"]


def half_widths(correlation, respondents):
    overlap = scores[six].corr()
    overlap.loc["price", "promotion"] = overlap.loc["promotion", "price"] = correlation
    if np.linalg.eigvalsh(overlap)[0] <= 0:
        return None
    inflation = np.diag(np.linalg.inv(overlap))
    return 1.96 * np.sqrt(unexplained * inflation / (respondents - len(six) - 1))


# %%
def separate(correlation, respondents):
    half = half_widths(correlation, respondents)
    if half is None:
        return {"en": "No data can have these correlations.", "vi": "Không dữ liệu nào có những tương quan này."}[lang]
    shown = pd.DataFrame({"label": [names[name] for name in six], "construct": six, "estimate": beta.to_numpy()})
    shown = shown.assign(ci_lower=shown["estimate"] - half, ci_upper=shown["estimate"] + half)
    setting = f"r = {number(correlation, 2, bounded=True)}, n = {respondents}"
    title = {"en": f"Computed for {setting} (simulated data)", "vi": f"Tính với {setting} (dữ liệu mô phỏng)"}
    return coefficient_plot(shown, title=title, xlabel=slope, lang=lang)


cx.explore(separate, live=reports is None, correlation=(0.9, 0.0, 0.9, 0.05), respondents=(400, 100, 2000, 50))

# %%
from cxlab.show import curve_plot

places = np.arange(0, 0.91, 0.05)
claimants = ["price", "promotion", "product"]
found = {x: half_widths(x, regression.fit["n"]).tolist() for x in places}
widths = pd.DataFrame(found, index=[names[name] for name in six]).loc[[names[name] for name in claimants]]
lines = widths.rename_axis("label").reset_index().melt("label", var_name="x", value_name="estimate")
lines = lines.astype({"x": float}).assign(ci_lower=lines["estimate"], ci_upper=lines["estimate"])
xlabel = {"en": "Correlation of the price and promotion scores", "vi": "Tương quan giữa điểm giá và điểm xúc tiến"}
ylabel = {"en": "Half the width of the interval of β", "vi": "Nửa độ rộng khoảng tin cậy của β"}
title = {
    "en": "What overlap costs: precision of three coefficients at this sample size (computed from simulated data)",
    "vi": "Cái giá của sự chồng lấn: độ chính xác của ba hệ số với cỡ mẫu này (tính từ dữ liệu mô phỏng)",
}
report.add(curve_plot(lines, xlabel=xlabel, ylabel=ylabel, bounded=False, lang=lang), "overlap", title)

# %% [markdown] en_hash="c9bda09dbd"
# Chỉ hai bên tranh nhau phải chịu thiệt; sản phẩm vẫn chính xác như trước. Đa cộng tuyến là một căn bệnh cục bộ. Và cách chữa không phải là một mẹo thống kê: cần thêm
# người trả lời, hoặc những câu hỏi khiến người ta đánh giá hai điều tách rời nhau, hoặc một thiết kế tách được chúng, chẳng hạn một ưu đãi chỉ một số người mua nhận
# được. Bỏ bớt một trong hai biến không phải là cách chữa. Làm vậy chỉ trao phần tác động của nó cho biến kia rồi gọi kết quả là chính xác.
#
# ## Các câu hỏi có đo sáu điều không?
#
# Điểm thang đo còn mang theo sai số. Phân tích nhân tố khẳng định cho mỗi biến quan sát một sai số riêng, để các P tự do tương quan, và giữ lại mọi người mua.

# %%
measurement = cx.cfa(total.model(comments=False), clean, estimator="MLR", missing="fiml")
measurement

# %%
report.add(cx.convergent_validity(measurement), "convergent")

# %%
from textwrap import fill

pair = cx.discriminant(six, clean, pair=("price", "promotion"), missing="fiml", n_boot=500, seed=seed)
print("\n".join(fill(line, 76, subsequent_indent="    ") for line in pair.sentences(lang)[0].splitlines()))

# %%
row, raw = pair.table.iloc[0], scores["price"].corr(scores["promotion"])
low, high = (number(row[f"r_ci_{end}"], 2, bounded=True) for end in ("lower", "upper"))
report.finding(
    {
        "en": f"With measurement error modelled, price and promotion correlate {number(row['r'], 2, bounded=True)} [{low}, {high}] in the simulated survey; their scores only {number(raw, 2, bounded=True)}. The overlap is larger than a VIF of scores shows.",
        "vi": f"Khi mô hình tách sai số đo lường ra, giá và xúc tiến tương quan {number(row['r'], 2, bounded=True)} [{low}; {high}] trong khảo sát mô phỏng; điểm thang đo của chúng chỉ {number(raw, 2, bounded=True)}. Mức chồng lấn lớn hơn điều mà VIF của điểm thang đo cho thấy.",
    }
)

# %% [markdown] en_hash="ab72b118d8"
# Khi AVE thấp hơn quy tắc kinh nghiệm, hãy nhìn các hệ số tải thấp nhất: phần lớn thuộc về các câu thứ tư. AVE thấp cho biết từng câu trả lời có nhiều nhiễu. Nó không
# cho biết P đó là một khái niệm sai, và loại bớt câu hỏi cho đến khi đạt quy tắc sẽ thu hẹp ý nghĩa của P.
#
# Các câu thứ tư có thể còn giống nhau ở điểm khác ngoài hệ số tải thấp. Mô hình phù hợp tốt, nên xem từng chỗ không khớp có vẻ thừa; dù vậy bạn hãy xem. Bảng dưới đây
# liệt kê những cặp biến quan sát có nhiều điểm chung nhất *ngoài* P của chúng. Các dòng đầu tiên gồm những câu hỏi loại nào?

# %%
beyond = measurement.modification_indices().query("op == '~~'").head(5)
heads = {
    "lhs": Column({"en": "Item", "vi": "Biến quan sát"}),
    "rhs": Column({"en": "and item", "vi": "và biến"}),
    "mi": Column({"en": "Fall of χ²", "vi": "Mức giảm χ²"}, "number", digits=1),
    "sepc_all": Column({"en": "Expected correlation of errors", "vi": "Tương quan sai số kỳ vọng"}, "bounded"),
}
title = {"en": "Largest single misfits (simulated data)", "vi": "Những chỗ không khớp lớn nhất (dữ liệu mô phỏng)"}
report.add(Table(beyond, heads, title), "misfits")

# %% [markdown] en_hash="c221c8039d"
# ## Một nhân tố do cách diễn đạt
#
# Người ta khác nhau ở mức dễ đồng ý, bất kể được hỏi gì. Một thói quen như vậy đẩy mọi câu hỏi đảo chiều về cùng một phía sau khi đã đổi chiều. *Nhân tố diễn đạt* đưa
# thói quen ấy vào mô hình: nó chỉ tác động lên sáu câu hỏi đảo chiều, lên mỗi câu như nhau (`w`), và không liên quan đến các P. Chỉ thêm một tham số, và có kiểm định để
# phán xét. Câu hỏi quan trọng đến sau đó: **tương quan giữa các P có thay đổi không?**

# %%
turned = [name for name, item in survey.codebook.items.items() if item.reversed]
habit = "wording =~ " + " + ".join(f"w*{item}" for item in turned)
apart = "\n".join(f"wording ~~ 0*{name}" for name in six)
worded = cx.cfa("\n".join([total.model(comments=False), habit, apart]), clean, estimator="MLR", missing="fiml")
called = {"en": ["six P's and a wording factor", "six P's"], "vi": ["sáu P và nhân tố diễn đạt", "sáu P"]}
wording_test = cx.compare(worded, measurement, names=called[lang])
title = {
    "en": "With and without a wording factor (simulated data)",
    "vi": "Có và không có nhân tố diễn đạt (dữ liệu mô phỏng)",
}
report.add(wording_test.apa(lang), "wording", title)

# %%
loading = worded.estimates.query("lhs == 'wording' and op == '=~'")["std_all"]
moved = (worded.latent_cor.loc[six, six] - measurement.latent_cor.loc[six, six]).abs().to_numpy().max()
least, most, at_most = (
    number(value, 2, bounded=True) for value in (loading.min(), loading.max(), np.ceil(100 * moved) / 100)
)
report.finding(
    {
        "en": f"The reversed items of the simulated survey share a wording factor (loadings {least} to {most}); with it, no correlation between two P's changes by more than {at_most}.",
        "vi": f"Các câu hỏi đảo chiều của khảo sát mô phỏng có chung một nhân tố diễn đạt (hệ số tải {least} đến {most}); khi thêm nhân tố này, không tương quan nào giữa hai P thay đổi quá {at_most}.",
    }
)

# %% [markdown] en_hash="80e9a1a20f"
# Một thói quen như vậy phù hợp với các câu trả lời này và ít gây hại, vì mỗi P chỉ có một câu hỏi đảo chiều. Chúng ta không đưa nó vào các bước sau, và nói rõ như vậy. Nếu chỉ một thang đo có các câu
# hỏi đảo chiều, thói quen ấy đã được coi nhầm là một đặc điểm của thang đo đó.
#
# ## Tổng trải nghiệm có phải là một thể thống nhất?
#
# Nếu tổng trải nghiệm là một điều gì đó trong khách hàng, chi phối cả sáu đánh giá, thì phải có một nhân tố đứng sau sáu P (**bậc hai**), hoặc đứng sau mọi biến quan sát
# (**bifactor**). Nếu nó chỉ là tên gọi chung của sáu điều, các P không cần một nguyên nhân chung (**các nhân tố tương quan**). **Hãy ghi lại dự đoán** trước khi so sánh.

# %%
contest = cx.structure_contest(clean, six, missing="fiml")
report.add(contest, "contest", main=True)

# %%
title = {
    "en": "Fit of four structures, and what the scores hold (simulated data)",
    "vi": "Độ phù hợp của bốn cấu trúc, và điểm số chứa những gì (dữ liệu mô phỏng)",
}
report.add(contest.plot(lang), "contest_figure", title)

# %%
second = contest.table.set_index("structure").loc["second_order"]
test = contest.tests.query("restricted == 'second_order' and free == 'correlated'").iloc[0]
carried = contest.general.set_index("structure").loc["second_order"]
cfi, ecv, omega = (number(value, 2, bounded=True) for value in (second["cfi"], carried["ecv"], carried["omega_h"]))
change = f"Δχ²({test['df_diff']:.0f}) = {number(test['chisq_diff'], 1)}, {p_text(test['pvalue'], lang)}"
report.finding(
    {
        "en": f"A second-order factor fits by the usual rules (CFI {cfi}) and still worse than six correlated P's ({change}); the general factor explains {ecv} of the common variance and {omega} of the total score's. In the simulated survey no single factor accounts for how the six P's go together.",
        "vi": f"Nhân tố bậc hai phù hợp theo các quy tắc thường dùng (CFI {cfi}) nhưng vẫn kém hơn sáu P tương quan ({change}); nhân tố chung giải thích {ecv} phương sai chung và {omega} phương sai của điểm tổng. Trong khảo sát mô phỏng, không một nhân tố nào giải thích được vì sao sáu P đi cùng nhau như vậy.",
    }
)

# %% [markdown] en_hash="7d80761fa7"
# Một bài báo chỉ ước lượng mô hình bậc hai hẳn đã báo cáo độ phù hợp tốt và một "tổng trải nghiệm" mạnh. Các hệ số tải của nó, mà bạn sẽ gặp ở phần sau, cho biết nhân tố
# ấy thực ra là gì: cao nhất ở giá và xúc tiến, vì hai P này tương quan mạnh nhất. **Nhân tố bậc hai nghiêng về cặp chồng lấn nhiều nhất**, không nghiêng về điều quan
# trọng nhất. Chúng ta giữ sáu P.
#
# ## Cấu trúc: sáu P → sự hài lòng → lòng trung thành
#
# Khung lý thuyết tự viết ra các giả thuyết, mỗi dòng một giả thuyết. Mọi người mua đều được giữ lại, các kiểm định được hiệu chỉnh cho câu trả lời có phân phối lệch
# (MLR). Sau kết quả hồi quy, bạn nghĩ đường dẫn nào sẽ thay đổi nhiều nhất?

# %%
model = total.model(outcomes=["satisfaction", "loyalty"])
print("\n".join(line for line in model.splitlines() if " ~ " in line))
fit = cx.sem(model, clean, estimator="MLR", missing="fiml")
title = {
    "en": "Fit of the structural model (simulated data)",
    "vi": "Độ phù hợp của mô hình cấu trúc (dữ liệu mô phỏng)",
}
report.add(fit.apa(lang, kind="fit"), "fit", title)

# %%
title = {
    "en": "Six P's, satisfaction and loyalty: estimates from simulated data",
    "vi": "Sáu P, sự hài lòng và lòng trung thành: ước lượng từ dữ liệu mô phỏng",
}
report.add(fit.plot(lang=lang), "path_diagram", title, main=True)

# %% [markdown] en_hash="1d1b749be5"
# Đường gạch đứt là đường dẫn có khoảng tin cậy chứa số 0. Điều gì đến được lòng trung thành thì đi qua sự hài lòng và là tích của hai hệ số đường dẫn, nên khoảng tin cậy
# của nó được lấy bằng bootstrap. Vì có câu trả lời khuyết, mỗi lần rút là một lần ước lượng đầy đủ; vài trăm lần là đủ để học, còn một bài báo cần vài nghìn.
#
# **Trước khi chạy:** giá có một trong những hệ số đường dẫn lớn hơn cả. Tác động gián tiếp của nó có một trong những khoảng tin cậy ngắn hơn cả không?

# %%
boot = fit.bootstrap(200, seed=seed)
through = boot.effects.query("kind == 'indirect'").set_index("from").loc[six]
shown = pd.DataFrame({"label": [names[name] for name in six], "construct": six, "estimate": through["std_all"]})
shown["ci_lower"], shown["ci_upper"] = through["std_ci_lower"], through["std_ci_upper"]
xlabel = {
    "en": "Indirect effect on loyalty (β, 95% interval)",
    "vi": "Tác động gián tiếp lên lòng trung thành (β, KTC 95%)",
}
title = {
    "en": "What reaches loyalty through satisfaction (simulated data)",
    "vi": "Điều gì đến được lòng trung thành qua sự hài lòng (dữ liệu mô phỏng)",
}
report.add(coefficient_plot(shown, xlabel=xlabel, lang=lang), "indirect", title, main=True)

# %%
sure = ", ".join(names[name] for name in six if through.loc[name, "std_ci_lower"] > 0)
report.finding(
    {
        "en": f"If the arrows of the model are right, these P's of the simulated survey reach loyalty through satisfaction, with intervals above zero: {sure}.",
        "vi": f"Nếu các mũi tên của mô hình là đúng thì trong khảo sát mô phỏng, các P sau tác động đến lòng trung thành qua sự hài lòng, với khoảng tin cậy nằm trên 0: {sure}.",
    }
)

# %% [markdown] en_hash="0857ccd87d"
# ## P nào quan trọng? Ba câu trả lời
#
# Giá cho thấy sự chồng lấn gây ra điều gì: tác động lớn, và khoảng tin cậy cũng rộng tương xứng. Thế nhưng người làm tiếp thị cần một bảng xếp hạng. Một câu trả lời được
# ưa chuộng tránh cuộc tranh giành giữa giá và xúc tiến bằng cách lấy trung bình: **LMG** tính phần R² mà một P thêm vào, trung bình trên mọi thứ tự đưa sáu P vào mô hình
# (Lindeman, Merenda & Gold, 1980). Các phần này cộng lại bằng R² và không bao giờ âm. Hãy so sánh chúng với hồi quy và mô hình cấu trúc dưới đây.
#
# **Trước khi xem:** LMG lấy trung bình cả trên những thứ tự mà xúc tiến vào trước giá. Điều đó có lợi cho ai?

# %%
importance = cx.drivers("satisfaction", six, clean, method="lmg", n_boot=1000, seed=seed)
report.add(
    importance.plot(lang),
    "importance",
    {"en": "LMG shares of the six P's (simulated data)", "vi": "Phần LMG của sáu P (dữ liệu mô phỏng)"},
)

# %%
ends = ["ci_lower", "ci_upper"]
coefficients = regression.table.set_index("term").loc[six]
scaled = coefficients[ends].mul(coefficients["beta"] / coefficients["b"], axis=0).assign(estimate=coefficients["beta"])
paths = fit.standardized().query("lhs == 'satisfaction' and op == '~'").set_index("rhs").loc[six]
latent = paths[ends].assign(estimate=paths["est_std"])
kinds = {"en": ["regression on scores", "structural model"], "vi": ["hồi quy trên điểm thang đo", "mô hình cấu trúc"]}
both = pd.concat([scaled.assign(model=kinds[lang][0]), latent.assign(model=kinds[lang][1])])
title = {
    "en": "Six P's and satisfaction by two methods (simulated data)",
    "vi": "Sáu P và sự hài lòng theo hai phương pháp (dữ liệu mô phỏng)",
}
report.add(coefficient_plot(both.assign(label=both.index.map(names)), xlabel=slope, lang=lang), "two_answers", title)

# %%
share = importance.of("lmg").set_index("predictor").loc["promotion", "share"]
said = {"b": scaled, "path": latent}
said = {key: table.loc["promotion"].map(lambda value: number(value, 2, bounded=True)) for key, table in said.items()}
comma = {"en": ",", "vi": ";"}[lang]
said = {key: f"{row['estimate']} [{row['ci_lower']}{comma} {row['ci_upper']}]" for key, row in said.items()}
report.finding(
    {
        "en": f"Promotion in the simulated survey: β = {said['b']} by regression on scores, {100 * share:.0f}% of R² by LMG, β = {said['path']} by the structural model.",
        "vi": f"Xúc tiến trong khảo sát mô phỏng: β = {said['b']} theo hồi quy trên điểm thang đo, {100 * share:.0f}% của R² theo LMG, β = {said['path']} theo mô hình cấu trúc.",
    }
)

# %% [markdown] en_hash="ca2d49c4ed"
# Ba câu trả lời về xúc tiến, và không có mâu thuẫn nào. *Điểm* giá là giá cộng với sai số. Giữ điểm ấy cố định không có nghĩa là giữ giá cố định, và xúc tiến, vốn đi
# cùng giá, nhận lấy phần còn sót lại. LMG lại chia cho xúc tiến một phần nhờ những thứ tự mà nó vào trước giá. Mô hình cấu trúc loại bỏ sai số và tìm thấy rất ít, với
# khoảng tin cậy rộng: ta biết rất ít. Nếu buộc phải hành động theo một bảng xếp hạng, hãy hỏi bảng ấy có nghĩa gì. LMG mô tả đánh giá nào đi cùng với sự hài lòng. Nó
# không cho biết điều gì xảy ra khi doanh nghiệp chi tiền cho thêm một chiến dịch.

# %%
place_of = latent["estimate"].rank(ascending=False).astype(int)
told = {"en": "No guess yet: see my_strongest above.", "vi": "Chưa có dự đoán: xem my_strongest ở trên."}
if my_strongest in six:
    rank = place_of[my_strongest]
    told = {
        "en": f"Your guess, {names[my_strongest]}: number {rank} of {len(six)} in the structural model.",
        "vi": f"Dự đoán của bạn, {names[my_strongest]}: đứng thứ {rank} trong {len(six)} theo mô hình cấu trúc.",
    }
print(told[lang])

# %% [markdown] en_hash="9a8ab91be8"
# ## Được coi là đương nhiên
#
# Cho đến đây, một P được tính là quan trọng nếu *nhiều* hơn thì *hài lòng* hơn, theo một đường thẳng. Có những thứ không như vậy: không ai khen một khách sạn vì ga
# giường sạch. Một **yếu tố cơ bản** như thế gây mất điểm khi ở mức thấp và không thêm gì khi ở mức cao (Kano và cộng sự, 1984). Phép tương phản phạt - thưởng (Brandt,
# 1987) kiểm định điều đó: một phần ba thấp nhất và một phần ba cao nhất của mỗi P so với phần giữa, tất cả các P cùng lúc. Biến phụ thuộc lúc này là trải nghiệm nói
# chung, từ 0 đến 10. Cần chia ba theo người trả lời (`split="sample"`), vì hầu như không ai chọn các mức thấp của thang đo.

# %%
contrasts = cx.penalty_reward("overall", six, clean, split="sample", n_boot=1000, seed=seed)
title = {
    "en": "Penalty and reward of the six P's (simulated data)",
    "vi": "Mức phạt và mức thưởng của sáu P (dữ liệu mô phỏng)",
}
report.add(contrasts.plot(lang), "penalty_reward", title, main=True)

# %% [markdown] en_hash="4692e7298f"
# Hãy đọc hình để tìm sự bất đối xứng, đừng tìm độ lớn. Và hãy đếm: sáu P là sáu cơ hội gặp một chỗ gãy khúc do may rủi. Hiệu chỉnh Holm hỏi chỗ nào còn đứng vững sau sáu
# lần nhìn; bảng có cả hai giá trị p. Ghi chú của bảng so sánh với các đường thẳng, vì chia ba làm mất thông tin.
#
# Sau đó hãy so với mô hình cấu trúc. Một P có đường dẫn thẳng đến sự hài lòng gần bằng 0 vẫn có thể mang mức phạt lớn nhất ở đây. Có hai điều khác nhau: hình dạng được
# phép, và biến phụ thuộc được hỏi. Hãy báo cáo cả hai, nếu không người đọc sẽ nghĩ một trong hai phân tích sai.

# %%
from statsmodels.stats.multitest import multipletests

bends = contrasts.table.set_index("attribute").assign(label=names)
bends["p_holm"] = multipletests(bends["asymmetry_pvalue"], method="holm")[1]
heads = {"label": Column("P")}
for part, words in (("penalty", {"en": "Penalty", "vi": "Phạt"}), ("reward", {"en": "Reward", "vi": "Thưởng"})):
    heads[part] = Column(words, "number")
    heads[f"{part}_ci"] = Column({"en": "95% CI", "vi": "KTC 95%"}, "interval", parts=(f"{part}_ci_lower", f"{part}_ci_upper"))  # fmt: skip
heads["asymmetry_pvalue"] = Column({"en": "p of the asymmetry", "vi": "p của bất đối xứng"}, "p")
heads["p_holm"] = Column({"en": "p after Holm", "vi": "p sau hiệu chỉnh Holm"}, "p")

# %%
thirds, lines = (number(contrasts.fit[key], 3, bounded=True) for key in ("adj_r2", "linear_adj_r2"))
note = {
    "en": f"Simulated. n = {contrasts.fit['n']:.0f}; adjusted R² {thirds} with thirds, {lines} with straight lines.",
    "vi": f"Mô phỏng. n = {contrasts.fit['n']:.0f}; R² hiệu chỉnh {thirds} với các nhóm một phần ba, {lines} với các đường thẳng.",
}
title = {
    "en": "Penalties and rewards for the experience as a whole (simulated data)",
    "vi": "Mức phạt và mức thưởng đối với trải nghiệm nói chung (dữ liệu mô phỏng)",
}
report.add(Table(bends, heads, title, notes=(note,)), "bends")

# %%
found, kept = (", ".join(names[name] for name in bends.index[bends[p] < 0.05]) for p in ("asymmetry_pvalue", "p_holm"))
worst = bends["penalty"].idxmin()
loss, gain, path = (
    number(value, 2) for value in (*bends.loc[worst, ["penalty", "reward"]], latent.loc[worst, "estimate"])
)
report.finding(
    {
        "en": f"In the simulated survey the penalty is largest for {names[worst].lower()} ({loss} points of 0 to 10, reward {gain}), whose path to satisfaction is {path}. Asymmetric one by one: {found}; after Holm's correction: {kept}.",
        "vi": f"Trong khảo sát mô phỏng, mức phạt lớn nhất thuộc về {names[worst].lower()} ({loss} điểm trên thang 0 đến 10, mức thưởng {gain}), dù hệ số đường dẫn đến sự hài lòng chỉ là {path}. Bất đối xứng khi xét từng P: {found}; sau hiệu chỉnh Holm: {kept}.",
    }
)

# %%
told = {"en": "No guess yet: see my_granted above.", "vi": "Chưa có dự đoán: xem my_granted ở trên."}
if my_granted in six:
    minus, plus = (number(bends.loc[my_granted, part], 2) for part in ("penalty", "reward"))
    told = {
        "en": f"Your guess, {names[my_granted]}: penalty {minus}, reward {plus}.",
        "vi": f"Dự đoán của bạn, {names[my_granted]}: phạt {minus}, thưởng {plus}.",
    }
print(told[lang])

# %% [markdown] en_hash="184cd08594"
# ## Giá đã trả và giá được đánh giá
#
# Tom tự hỏi *tổng số tiền* có hợp lý không. Doanh nghiệp biết số tiền, nhưng hiếm khi biết đánh giá. Hai thứ đó có phải là một không? Zeithaml (1988) tách giá khách quan
# khỏi giá cảm nhận, và sự công bằng là một phép so sánh, với người mua khác, với cửa hàng khác, với lần trước (Xia, Monroe & Cox, 2004). Dưới đây là điểm giá của năm
# nhóm bằng nhau, từ những người trả ít nhất đến những người trả nhiều nhất. **Bạn chờ đợi một độ dốc như thế nào?**

# %%
from cxlab.show import interval_plot

paid = clean.data["price_paid"]
judged = clean.scores()["price"]
fifth = pd.qcut(paid, 5, labels=range(1, 6))
by_sum = judged.groupby(fifth, observed=True).agg(["mean", "sem"]).assign(top=paid.groupby(fifth, observed=True).max())
by_sum = by_sum.assign(low=paid.groupby(fifth, observed=True).min())
million = {"en": "{} to {} million dong", "vi": "{} đến {} triệu đồng"}[lang]
groups = [million.format(number(row.low, 1), number(row.top, 1)) for row in by_sum.itertuples()]
by_sum = by_sum.assign(label=groups, estimate=by_sum["mean"], ci_lower=by_sum["mean"] - 1.96 * by_sum["sem"])
by_sum["ci_upper"] = by_sum["mean"] + 1.96 * by_sum["sem"]

# %%
xlabel = {"en": "Price score (1 to 5), 95% interval", "vi": "Điểm giá (1 đến 5), KTC 95%"}
title = {
    "en": "What was paid, and how the price was judged (simulated buyers)",
    "vi": "Số tiền đã trả và đánh giá về giá (người mua mô phỏng)",
}
report.add(interval_plot(by_sum, bounded=False, xlabel=xlabel, lang=lang), "price_paid", title)

# %%
from scipy.stats import pearsonr

answered = judged.notna()
link = pearsonr(np.log(paid[answered]), judged[answered])
span = [number(value, 2, bounded=True) for value in (link.statistic, *link.confidence_interval())]
report.finding(
    {
        "en": f"What simulated buyers paid (log) and how they judge the price correlate {span[0]} [{span[1]}, {span[2]}]: the sum says next to nothing about the judgement.",
        "vi": f"Số tiền người mua mô phỏng đã trả (logarit) và đánh giá của họ về giá tương quan {span[0]} [{span[1]}; {span[2]}]: số tiền hầu như không cho biết gì về đánh giá.",
    }
)

# %% [markdown] en_hash="e305c452ab"
# Không thấy độ dốc thì tự nó chưa chứng minh được gì; chính *khoảng tin cậy* mới làm việc đó. Khoảng này hẹp, và những tương quan nằm ngoài hai đầu mút không ăn khớp với
# các câu trả lời. Đừng suy diễn quá: người trả nhiều hơn có thể đã mua máy tốt hơn, còn phép so sánh thật sự cần, đắt với rẻ cho *cùng một* chiếc máy, thì không có trong
# dữ liệu này.
#
# ## Việc mua có dễ dàng trong cảm nhận không?
#
# Quy trình là các bước, câu hỏi và giấy tờ, theo đánh giá của khách hàng. *Mức dễ dàng cảm nhận* là một câu hỏi duy nhất: "Họ giúp việc mua hàng dễ dàng", ý tưởng đứng
# sau các điểm nỗ lực của khách hàng (Dixon, Freeman & Toman, 2010). Mức dễ dàng phản ánh quy trình, hay chỉ là một tâm trạng tốt nói chung? Nếu là tâm trạng, cả sáu P
# đều sẽ góp vào.

# %%
ease_model = f"{total.model(outcomes=['satisfaction', 'loyalty'])}\nease ~ {terms}\n"
ease = cx.sem(ease_model, clean, estimator="MLR", missing="fiml")
to_ease = ease.standardized().query("lhs == 'ease' and op == '~'").set_index("rhs").loc[six]
shown = to_ease.assign(label=[names[name] for name in six], construct=six, estimate=to_ease["est_std"])
title = {
    "en": "What makes buying feel easy (simulated data)",
    "vi": "Điều gì khiến việc mua hàng dễ dàng trong cảm nhận (dữ liệu mô phỏng)",
}
report.add(coefficient_plot(shown, xlabel=slope, lang=lang), "ease", title)

# %%
clear = [name for name in six if to_ease.loc[name, "ci_lower"] > 0 or to_ease.loc[name, "ci_upper"] < 0]
listed = ", ".join(f"{names[name]} ({number(to_ease.loc[name, 'est_std'], 2, bounded=True)})" for name in clear)
r2 = number(ease.r2["ease"], 2, bounded=True)
report.finding(
    {
        "en": f"Perceived ease in the simulated survey: paths clear of zero from {listed}; the six P's explain {r2} of its variance.",
        "vi": f"Mức dễ dàng cảm nhận trong khảo sát mô phỏng: các đường dẫn khác 0 rõ ràng đến từ {listed}; sáu P giải thích {r2} phương sai của biến này.",
    }
)

# %% [markdown] en_hash="2a31dcd1e4"
# Một câu hỏi đơn lẻ không thể cho thấy sai số của chính nó, nên phần chưa giải thích gộp cả sai số lẫn mọi thứ khác giúp việc mua dễ dàng. Hãy để ý điều chúng ta *không*
# làm: vẽ thêm một đường dẫn từ mức dễ dàng đến sự hài lòng. Khi đó mức dễ dàng và quy trình sẽ tranh nhau một phần tác động, như giá và xúc tiến đã làm.
#
# ## Cấu tạo hay phản ánh?
#
# Trở lại với phép cộng. Trong mô hình bậc hai, tổng trải nghiệm là *nguyên nhân*: cải thiện nó thì cả sáu đánh giá cùng tăng. Sách giáo khoa gọi đó là phản ánh. Nhưng
# một cửa hàng rút gọn giấy tờ không vì thế mà có sản phẩm tốt hơn. Nếu các P **cấu tạo nên** tổng trải nghiệm, mũi tên quay ngược lại: tổng trải nghiệm là một biến tổng
# hợp (`<~`), các P không cần tương quan với nhau, và không được loại P nào vì hệ số tải thấp, vì phần bị bỏ sẽ thiếu trong tổng (Jarvis, MacKenzie & Podsakoff, 2003).

# %%
blocks = [f"{name} =~ " + " + ".join(total.items_of(name)) for name in six]
outcome = ["satisfaction =~ sat1 + sat2 + sat3", "loyalty =~ loy1 + loy2 + loy3"]
whole = ["whole <~ " + " + ".join(six), "satisfaction ~ whole", "loyalty ~ satisfaction"]
composite = cx.pls("\n".join([*blocks, *outcome, *whole]), clean, missing="pairwise")
resampled = composite.bootstrap(1000, seed=seed).table
weights = resampled.query("kind == 'weight' and source == 'whole'").set_index("target").loc[six]

# %%
reflected = contest.groups.query("structure == 'second_order'").set_index("construct")["loading"]
views = weights[["estimate", *ends]].assign(label=[names[name] for name in six], reflected=reflected)
heads = {
    "label": Column("P"),
    "reflected": Column({"en": "Loading, if reflected", "vi": "Hệ số tải, nếu phản ánh"}, "bounded"),
    "estimate": Column({"en": "Weight, if formed", "vi": "Trọng số, nếu cấu tạo"}, "bounded"),
    "ci": Column({"en": "95% CI of the weight", "vi": "KTC 95% của trọng số"}, "interval", parts=("ci_lower", "ci_upper"), bounded=True),
}  # fmt: skip
title = {
    "en": "The total, reflected in six P's or formed by them (simulated data)",
    "vi": "Tổng trải nghiệm, được phản ánh qua sáu P hay do sáu P cấu tạo nên (dữ liệu mô phỏng)",
}
report.add(Table(views, heads, title), "formed", main=True)

# %%
top = {"reflected": reflected.idxmax(), "formed": weights["estimate"].idxmax()}
report.finding(
    {
        "en": f"If the simulated total is reflected in the six P's, {names[top['reflected']].lower()} stands for it most; if it is formed by them to explain satisfaction, {names[top['formed']].lower()} weighs most. The arrows decide what 'important' means.",
        "vi": f"Nếu tổng trải nghiệm mô phỏng được phản ánh qua sáu P thì {names[top['reflected']].lower()} đại diện cho nó rõ nhất; nếu nó do sáu P cấu tạo nên để giải thích sự hài lòng thì {names[top['formed']].lower()} có trọng số lớn nhất. Chiều mũi tên quyết định 'quan trọng' nghĩa là gì.",
    }
)

# %% [markdown] en_hash="235f74d95f"
# Hãy đọc hai cột như hai câu trả lời cho hai câu hỏi. Hệ số tải cho biết một P *biểu hiện* rõ đến đâu điều mà cả sáu có chung. Trọng số cho biết nó *đóng góp* bao nhiêu
# vào một tổng được dựng lên để giải thích sự hài lòng; nếu thay bằng lòng trung thành hay điểm trải nghiệm nói chung thì trọng số sẽ khác. Vì thế một tổng được cấu tạo
# không có ý nghĩa nếu tách khỏi biến phụ thuộc của nó, và các trọng số thừa hưởng mọi rắc rối của hồi quy, kể cả chuyện giá với xúc tiến. Cách nhìn nào đúng thì độ phù
# hợp không trả lời được. Hãy hỏi: một P thay đổi có buộc các P còn lại thay đổi theo không?
#
# ## Bài tập
#
# `regression` có VIF của xúc tiến (`regression.table`, cột `vif`) và số người mua được dùng (`regression.fit["n"]`). Bình phương của sai số chuẩn tăng tỷ lệ với VIF và
# giảm theo n. **Giả sử xúc tiến không chồng lấn với P nào khác. Khi đó bao nhiêu người mua là đủ để biết hệ số của nó chính xác như hiện nay?** (Sai lệch một hai người
# là được.)

# %%
my_answer = None

# %%
n, inflation = regression.fit["n"], regression.table.set_index("term").loc["promotion", "vif"]
hints = {
    "en": [
        "That is how many you would need with the overlap; here it is gone.",
        "The root of VIF belongs to the standard error; n goes with its square.",
        "Promotion overlaps with more than price: use the VIF, which counts all five.",
    ],
    "vi": [
        "Đó là số người cần khi có chồng lấn; ở đây sự chồng lấn đã mất.",
        "Căn bậc hai của VIF đi với sai số chuẩn; còn n đi với bình phương của nó.",
        "Xúc tiến không chỉ chồng lấn với giá: hãy dùng VIF, vốn tính cả năm P kia.",
    ],
}
slips = dict(zip(hints[lang], [n * inflation, n / np.sqrt(inflation), n * (1 - raw**2)], strict=True))
cx.check_answer(my_answer, n / inflation, tolerance=2, slips=slips)

# %% [markdown] en_hash="fd82519a1c"
# ## Ba câu hỏi
#
# Hãy tự chọn một đáp án trước khi mở. Mỗi đáp án nói vì sao nó đúng, hoặc nó nhầm lẫn điều gì.


# %%
def say(en, vi):
    return {"en": en, "vi": vi}


collinear = (
    say("Price and promotion overlap, and neither is significant. What do you report?", "Giá và xúc tiến chồng lấn, và không biến nào có ý nghĩa thống kê. Bạn báo cáo gì?"),
    [
        (say("I drop promotion; price is significant then.", "Tôi bỏ xúc tiến; khi đó giá có ý nghĩa thống kê."), False, say("Price then carries promotion's credit too, and nobody can see it.", "Khi đó giá mang cả phần của xúc tiến, mà không ai nhìn thấy.")),
        (say("Both with intervals, and a joint test of the two.", "Cả hai kèm khoảng tin cậy, và một kiểm định chung cho cả hai."), True, say("Together they may matter clearly, though the data cannot divide the effect.", "Cùng nhau chúng có thể có tác động rõ ràng, dù dữ liệu không chia được tác động đó.")),
    ],
)  # fmt: skip

# %%
granted = (
    say("A P has no straight effect on satisfaction, but a large penalty. The firm wants to save on it. What do you say?", "Một P không có tác động theo đường thẳng đến sự hài lòng, nhưng mức phạt rất lớn. Doanh nghiệp muốn cắt giảm chi phí cho nó. Bạn nói gì?"),
    [
        (say("Save: it does not drive satisfaction.", "Cứ cắt: nó không thúc đẩy sự hài lòng."), False, say("It drives nothing while it is good. The penalty waits below.", "Khi còn tốt thì nó không thúc đẩy gì. Mức phạt chờ ở phía dưới.")),
        (say("Hold the level: more pays nothing, less costs.", "Giữ nguyên mức hiện tại: thêm thì không được gì, bớt thì mất."), True, say("That is what a basic factor means.", "Yếu tố cơ bản có nghĩa là như vậy.")),
    ],
)  # fmt: skip
formed = (
    say("A reviewer wants alpha above .70 for a total that the six P's form. Your answer?", "Người phản biện đòi alpha trên 0,70 cho một tổng trải nghiệm do sáu P cấu tạo nên. Bạn trả lời thế nào?"),
    [
        (say("I drop the P's that correlate least.", "Tôi bỏ những P tương quan thấp nhất."), False, say("Each P dropped takes a part of the total away.", "Bỏ một P là lấy đi một phần của tổng trải nghiệm.")),
        (say("Alpha is for indicators of one cause; I show each P's reliability, and weights with intervals.", "Alpha dành cho các biểu hiện của cùng một nguyên nhân; tôi trình bày độ tin cậy của từng P, và các trọng số kèm khoảng tin cậy."), True, say("Parts of a sum need not go together.", "Các phần của một tổng không nhất thiết đi cùng nhau.")),
    ],
)  # fmt: skip

# %%
cx.quiz(collinear, granted, formed)

# %% [markdown] en_hash="da66a4313f"
# ## Mở niêm phong
#
# Bây giờ hãy mở sự thật đằng sau khảo sát mô phỏng: trước hết là phần cấu trúc của mô hình, sau đó là cách tạo ra các cột còn lại. `people_below` là phần mà một độ lệch
# chuẩn *dưới* mức trung bình về con người lấy đi khỏi điểm trải nghiệm nói chung; trên mức trung bình, con người không thêm gì.

# %%
sealed = survey.codebook.truth
further = survey.codebook.simulation["further"]
lines = [line for line in sealed.splitlines() if " ~ " in line or line.startswith("price ~~ 0.")]
for name in ("overall", "price_paid"):
    lines.append(f"{name}: " + ", ".join(f"{key} = {value}" for key, value in further[name].items()))
print("\n".join(fill(line, 76, subsequent_indent="    ") for line in lines))

# %%
truth = cx.against_truth(fit)
title = {
    "en": "Estimated and true paths (simulated data)",
    "vi": "Đường dẫn ước lượng và giá trị thật (dữ liệu mô phỏng)",
}
report.add(truth.plot(ops=("~",), lang=lang), "truth", title, main=True)

# %%
careless = cx.simulated_truth(survey).careless != ""
flagged = screened.flags[["attention", "min_seconds", "longstring"]].any(axis=1)
report.finding(
    {
        "en": f"Held against the sealed truth of the simulated survey, {truth.inside} of {len(truth.table)} intervals contain the true value. The three rules caught {(careless & flagged).sum()} of {careless.sum()} simulated careless respondents, and {(flagged & ~careless).sum()} attentive ones with them.",
        "vi": f"Đối chiếu với giá trị thật đã niêm phong của khảo sát mô phỏng, {truth.inside} trong {len(truth.table)} khoảng tin cậy chứa giá trị thật. Ba quy tắc phát hiện {(careless & flagged).sum()} trong {careless.sum()} người trả lời cẩu thả (mô phỏng), và loại nhầm {(flagged & ~careless).sum()} người trả lời cẩn thận.",
    }
)

# %% [markdown] en_hash="0b874f6efb"
# Trong thế giới mô phỏng này, xúc tiến không có tác động riêng; nó chỉ đi cùng giá. Mức phạt của con người được cài sẵn, còn mọi chỗ gãy khúc khác mà bạn thấy là may rủi
# hoặc rò rỉ từ biến lân cận. Có phải hồi quy chỉ gặp vận rủi với xúc tiến? Một khảo sát không trả lời được. Vậy hãy mô phỏng thêm thật nhiều khảo sát cùng cỡ mẫu, với
# người trả lời cẩn thận và đầy đủ, lần nào cũng hỏi cả hai phương pháp, và đếm xem chúng thường cho rằng một đường dẫn có ý nghĩa thống kê đến đâu. Khi giá trị thật bằng
# 0, tỷ lệ mà chúng hứa hẹn là năm phần trăm.

# %%
from statsmodels.api import OLS, add_constant

n, runs, skew = len(clean), 200, survey.codebook.simulation["skew"]
many = cx.simulate(sealed, n * runs, seed=seed, codebook=survey.codebook, skew=skew).reverse_scored().scores()
studies = [rows for _, rows in many.groupby(np.arange(n * runs) // n)]
p_values = [OLS(rows["satisfaction"], add_constant(rows[six])).fit().pvalues[six] for rows in studies]
modelled = cx.power(sealed, n=[n], reps=runs, seed=seed, fit_model=model, codebook=survey.codebook, skew=skew)
rates = modelled.main.query("lhs == 'satisfaction'").set_index("rhs").loc[six, ["truth", "power"]]
rates = rates.assign(scores=(pd.DataFrame(p_values) < 0.05).mean(), label=[names[name] for name in six])

# %%
heads = {
    "label": Column("P"),
    "truth": Column({"en": "True path", "vi": "Đường dẫn thật"}, "bounded"),
    "scores": Column({"en": "Regression on scores", "vi": "Hồi quy trên điểm thang đo"}, "percent", digits=0),
    "power": Column({"en": "Structural model", "vi": "Mô hình cấu trúc"}, "percent", digits=0),
}
title = {
    "en": "Simulated studies that call a path to satisfaction significant",
    "vi": "Tỷ lệ nghiên cứu mô phỏng cho rằng đường dẫn đến sự hài lòng có ý nghĩa thống kê",
}
note = {
    "en": f"Simulated: {runs} studies of {n} respondents, seed {seed}; unstandardised paths, two-sided tests at 5%.",
    "vi": f"Mô phỏng: {runs} nghiên cứu, mỗi nghiên cứu {n} người trả lời, hạt giống {seed}; hệ số chưa chuẩn hóa, kiểm định hai phía ở mức 5%.",
}
report.add(Table(rates, heads, title, notes=(note,)), "studies", main=True)

# %%
idle = rates[rates["truth"].abs() < 0.01]
alarms = {
    key: ", ".join(f"{row.label} {100 * getattr(row, key):.0f}%" for row in idle.itertuples())
    for key in ("scores", "power")
}
report.finding(
    {
        "en": f"P's without any path in truth are called significant by regression on scores in these shares of {runs} simulated studies: {alarms['scores']}; by the structural model: {alarms['power']}.",
        "vi": f"Những P thật ra không có đường dẫn nào bị coi là có ý nghĩa thống kê với tỷ lệ sau trong {runs} nghiên cứu mô phỏng: theo hồi quy trên điểm thang đo, {alarms['scores']}; theo mô hình cấu trúc, {alarms['power']}.",
    }
)

# %% [markdown] en_hash="722b239d52"
# Vậy là không chỉ do vận rủi: khi điểm thang đo có sai số, phần tác động ghi nhầm xuất hiện thường xuyên hơn nhiều so với năm phần trăm, và mẫu lớn hơn chỉ làm nó chắc
# chắn hơn (Westfall & Yarkoni, 2016). Hãy nhìn cả giá. Mô hình cấu trúc, trung thực về xúc tiến, lại bỏ sót tác động thật của giá thường xuyên hơn. Đó là cái giá của sự
# chồng lấn, và không phương pháp nào miễn được.
#
# Chúng tôi không tìm thấy khảo sát mở nào về sáu P, nên sổ tay này không có dữ liệu thật đi kèm. Sổ tay 10 tìm các yếu tố tác động trong dữ liệu thật. Nếu muốn tự khảo
# sát bằng các câu hỏi này, `total.questionnaire(("en", "vi"), outcomes=["satisfaction", "loyalty"])` viết ra biểu mẫu; sổ tay 02 đọc câu trả lời trở lại.
#
# ## Một bài báo sẽ báo cáo những gì
#
# - sáu P và các câu hỏi đến từ đâu (một bài viết kể lại một bài giảng; soạn riêng, chưa được kiểm định), và kết quả khảo sát thử;
# - ai bị loại theo quy tắc nào, quyết định lúc nào; ai *không được hỏi*, và câu trả lời khuyết được xử lý ra sao;
# - độ tin cậy, AVE và mọi tương quan, nêu đích danh cặp chồng lấn nhiều nhất; nhân tố diễn đạt và những gì nó thay đổi;
# - kết quả so sánh các cấu trúc, và nói bằng lời tổng trải nghiệm được phản ánh hay được cấu tạo;
# - cả sáu đường dẫn kèm khoảng tin cậy, các tác động gián tiếp, và hồi quy để đối chiếu;
# - các mức phạt và mức thưởng sau khi hiệu chỉnh cho sáu lần nhìn, và biến phụ thuộc mà chúng nói đến;
# - những dự đoán nào đã được ghi lại từ trước.
#
# ## Điều cần nhớ
#
# - Các P của marketing mix do doanh nghiệp đặt ra; các P của trải nghiệm do khách hàng đánh giá. Số tiền đã trả không phải là giá được đánh giá.
# - Những P chồng lấn chia nhau một phần tác động. Lấy trung bình trên mọi thứ tự thì chia rất gọn, và chia cả cho những P chỉ đứng gần.
# - Nhân tố bậc hai phù hợp tốt chưa làm cho tổng trải nghiệm thành một thể thống nhất. Hãy so với các nhân tố tương quan.
# - Một đường dẫn bằng 0 có thể che giấu một mức phạt. Hãy hỏi về hình dạng trước khi cắt giảm điều có vẻ không quan trọng.
# - Phản ánh hay cấu tạo là một khẳng định về điều gì làm thay đổi điều gì. Nó quyết định những con số nào được gọi là quan trọng.

# %%
cx.provenance(survey, seed=seed)
