# %% [markdown] en_hash="6fc4ef9ec2"
# # Đo lường khẳng định: một mô hình mà người phản biện chấp nhận, và vì sao
#
# **Khoảng 55 phút.** Sau sổ tay này, bạn có thể
#
# 1. chuyển một lý thuyết thành mô hình đo lường, và nói được vì sao tìm ra được các con số của nó;
# 2. đọc độ phù hợp theo những quy tắc có tên tuổi, rồi xem mô hình **không** phù hợp ở chỗ nào;
# 3. dùng chỉ số hiệu chỉnh mà không tự lừa mình;
# 4. cho thấy các biến quan sát thống nhất và các khái niệm khác nhau, và nói được mỗi tiêu chí thật ra đo cái gì;
# 5. xử lý câu trả lời thứ bậc, câu trả lời khuyết và câu trả lời cùng một nguồn đúng với bản chất của chúng;
# 6. cho thấy kết quả phụ thuộc bao nhiêu vào lựa chọn của chính bạn, và điền bảng kiểm của người phản biện.

# %% tags=["parameters"]
seed = 20261122
lang = "vi"
reports = None

# %%
import numpy as np
import pandas as pd

import cxlab as cx
from cxlab.i18n import format_number as number
from cxlab.show import Column, Table, curve_plot, interval_plot

cx.use_language(lang)
report = cx.Report("04_confirmatory_measurement", folder=reports, lang=lang)
report.question(
    {
        "en": "Do customers tell a competent provider from a likeable one, and how much of the answer is ours?",
        "vi": "Khách hàng có phân biệt nhà mạng có năng lực với nhà mạng đáng mến không, và câu trả lời phụ thuộc bao nhiêu vào chính chúng ta?",
    }
)

# %% [markdown] en_hash="6bb06a3520"
# ## Từ lý thuyết đến mô hình đo lường
#
# Trong sổ tay 03, câu trả lời đề xuất các nhân tố. Ở đây **lý thuyết** đề xuất, còn câu trả lời có quyền phản đối. Schwaiger (2004) tách danh tiếng doanh nghiệp thành một mặt nhận thức (công ty
# *có năng lực*) và một mặt cảm xúc (công ty *đáng mến*): một chuyện của cái đầu và một chuyện của con tim. Trong mô hình đằng sau dữ liệu này, cả hai đều nuôi dưỡng *lòng trung thành*. Mô hình
# đo lường diễn đạt một lý thuyết như vậy bằng ba loại phát biểu:
#
# | phát biểu | ở đây | điều gì bác bỏ được nó |
# |---|---|---|
# | biến quan sát nào phản ánh khái niệm nào | mỗi khái niệm ba biến, không biến nào phục vụ hai khái niệm | một biến đi cùng khái niệm khác |
# | các biến còn có chung điều gì | không gì cả: các sai số không liên quan với nhau | hai biến giống nhau nhiều hơn phần do khái niệm |
# | các khái niệm quan hệ ra sao | tự do, chưa có quan hệ nhân quả | tương quan gần 1 đến mức chỉ có một khái niệm, không phải hai |
#
# Cả ba đều nói về khái niệm **phản ánh**, mà các biến quan sát là hệ quả của cùng một điều. Với biến tổng hợp, mà các biến quan sát là thành phần, đó là những câu hỏi sai chỗ (Jarvis, MacKenzie &
# Podsakoff, 2003). Sổ mã biến cho biết khái niệm nào thuộc loại nào.
#
# **Trước khi chạy bất cứ ô nào**, hãy viết ra hai con số: năng lực và thiện cảm sẽ tương quan mạnh đến đâu khi đã loại sai số đo lường, và mức tương quan mà vượt qua nó *bạn* sẽ không còn gọi đó
# là hai điều khác nhau.

# %%
survey = report.data(cx.load_dataset("corporate_reputation"))
book = survey.codebook
three = ["competence", "likeability", "loyalty"]
nine = [item for name in three for item in book.items_of(name)]
rows = [
    {"construct": book.constructs[name].label, "item": item, "wording": book.items[item].label}
    for name in three
    for item in book.items_of(name)
]
columns = {"item": Column("analyses.col_item"), "wording": Column({"en": "Paraphrased", "vi": "Diễn giải"})}
title = {"en": "Nine statements on a mobile phone provider", "vi": "Chín phát biểu về một nhà mạng"}
report.add(Table(pd.DataFrame(rows), columns, title, group="construct"), "items")

# %% [markdown] en_hash="093f7a10c0"
# Trong cú pháp lavaan mà cxlab dùng, `=~` đọc là "được đo bởi". Ba dòng là toàn bộ lý thuyết. Điều chúng **không** nói cũng quan trọng không kém: không biến nào đứng ở hai dòng, và không có `~~`
# nào nối hai biến. Mỗi chỗ vắng mặt như vậy là một khẳng định mà dữ liệu có thể bác bỏ, và kiểm định độ phù hợp chính là kiểm định toàn bộ những chỗ vắng mặt ấy. Một mô hình không bỏ trống chỗ
# nào thì không thể sai, và vì thế không nói lên điều gì.

# %%
planned = """
competence  =~ comp_1 + comp_2 + comp_3
likeability =~ like_1 + like_2 + like_3
loyalty     =~ cusl_1 + cusl_2 + cusl_3
"""

# %% [markdown] en_hash="eeba15e2d7"
# ## Có tìm được các con số không? Việc xác định mô hình trong một hình
#
# Nhân tố là thứ không nhìn thấy. Chúng ta chỉ có phương sai và hiệp phương sai của các biến quan sát, và từ đó muốn tìm hệ số tải cùng phương sai sai số: phương trình và ẩn số, như ở trường phổ
# thông. Với *k* biến của một nhân tố, có *k*(*k* + 1)/2 số đã biết và 2*k* số chưa biết (một hệ số tải, hoặc phương sai của nhân tố, được đặt bằng 1, vì thứ không ai nhìn thấy thì không có đơn vị
# đo). Hãy đếm cả hai và xem hai đường cắt nhau ở đâu: **hai biến là quá ít, ba biến cho đúng một nghiệm và không còn gì để kiểm định, từ bốn biến trở lên mới có thể bác bỏ mô hình.**

# %%
k = np.arange(2, 8)
counts = {
    {"en": "known: variances, covariances", "vi": "đã biết: phương sai, hiệp phương sai"}[lang]: k * (k + 1) / 2,
    {"en": "unknown: loadings, errors", "vi": "chưa biết: hệ số tải, sai số"}[lang]: 2 * k,
}
lines = [
    pd.DataFrame({"label": name, "x": k, "estimate": y, "ci_lower": y, "ci_upper": y}) for name, y in counts.items()
]
axis = {"en": "Items of one factor", "vi": "Số biến quan sát của một nhân tố"}
caption = {"en": "Identification: what is known, what is sought", "vi": "Xác định mô hình: số đã biết và số cần tìm"}
report.add(curve_plot(pd.concat(lines), xlabel=axis, ylabel="", bounded=False, lang=lang), "identification", caption)

# %%
from textwrap import fill

try:
    cx.cfa("competence =~ comp_1 + comp_2", survey)
except cx.CxlabError as error:
    print(fill(str(error), 76))

# %% [markdown] en_hash="4ea16d7e1b"
# cxlab từ chối và nói vì sao; một chương trình in ra hai hệ số tải ở đây hẳn đã bịa ra một trong hai. Các khái niệm có tương quan có thể cho nhau mượn thông tin: mỗi khái niệm hai biến có thể đủ,
# miễn là tương quan không gần 0. Đó là lớp băng mỏng, và thêm một câu hỏi vào bảng hỏi lần sau rẻ hơn mọi kỹ thuật thống kê. Chín biến và ba khái niệm của chúng ta có dư số đã biết; phần dư ra ấy
# là **bậc tự do**, số cách mà dữ liệu có thể nói không.
#
# ## Độ phù hợp
#
# Câu trả lời nằm trên thang bảy mức, không có phân phối chuẩn, và một vài câu bị khuyết. Vì vậy: ước lượng bằng hợp lý cực đại từ mọi câu trả lời hiện có (`missing="fiml"`), với sai số chuẩn và
# kiểm định không đòi hỏi phân phối chuẩn (`estimator="MLR"`).

# %%
fit = cx.cfa(planned, survey, estimator="MLR", missing="fiml")
caption = {"en": "The measurement model as planned", "vi": "Mô hình đo lường theo kế hoạch"}
report.add(fit.plot(lang=lang), "path_diagram", caption, main=True)

# %%
report.add(fit.apa(lang, kind="loadings"), "loadings")

# %% [markdown] en_hash="91e3fb75a6"
# Các hệ số tải trông ổn. Thế *mô hình* có đứng vững không? Người ta thường dùng bốn loại con số, mỗi loại nhìn một chỗ: **χ²** hỏi mô hình có đúng tuyệt đối không (với mẫu lớn thì không bao giờ);
# **CFI** và **TLI** so mô hình với một mô hình trong đó không gì liên quan đến gì; **RMSEA** tính mức không phù hợp trên mỗi bậc tự do; **SRMR** là độ lớn trung bình của phần còn lại. Ngưỡng của
# chúng là quy ước, mỗi quy ước có tác giả; `cx.interpret` giữ chúng dưới dạng dữ liệu. Ở đây xét các phiên bản vững, vì chúng ta đã chọn MLR.

# %%
report.add(fit.apa(lang, kind="fit"), "fit")

# %%
from cxlab.evaluate.rules import rule_note
from cxlab.i18n import tr

robust = {name: fit.fit_measures[f"{name}_robust"] for name in ("cfi", "tli", "rmsea")}
judged = cx.interpret({**robust, "srmr": fit.fit_measures["srmr"]}, rule="hu_bentler_1999")
rows = [{"measure": one.measure.upper(), "value": one.value, "label": tr(one.label, lang)} for one in judged]
columns = {"measure": Column({"en": "Index", "vi": "Chỉ số"})}
columns |= {"value": Column({"en": "Value", "vi": "Giá trị"}, "bounded", digits=3)}
columns |= {"label": Column({"en": "By the rule", "vi": "Theo quy tắc"})}
title = {"en": "One rule, four indices", "vi": "Một quy tắc, bốn chỉ số"}
note = {one: rule_note("hu_bentler_1999", one) for one in ("en", "vi")}
report.add(Table(pd.DataFrame(rows), columns, title, notes=(note,)), "judged")

# %% [markdown] en_hash="b9ac441d48"
# Các chỉ số không đồng thuận, và điều này thường gặp khi có ít bậc tự do. Người đọc này dừng ở CFI và SRMR rồi gọi độ phù hợp là tốt, người khác dừng ở RMSEA rồi gọi là kém; **cả hai đều có thể
# trích dẫn cùng một bài báo**. Hu và Bentler (1999) đề nghị dùng hai chỉ số khác loại, và cảnh báo về mẫu nhỏ. Điều mà một chỉ số không nói được là mô hình sai *ở đâu*, và chỗ ấy có quan trọng
# với câu hỏi của bạn không. Một mô hình có thể phù hợp tốt tính trung bình mà sai đúng ở mối tương quan bạn quan tâm.
#
# ## Không phù hợp ở chỗ nào?
#
# Độ phù hợp cục bộ: so từng tương quan quan sát được với tương quan mà mô hình hàm ý. Phần còn lại có chỗ và có dấu. Bên cạnh là các *chỉ số hiệu chỉnh*, mỗi tham số vắng mặt một chỉ số. **Hãy
# đoán trước:** trong chín phát biểu, phát biểu nào gây rắc rối?

# %%
left = fit.residuals.dropna(subset=["item_2"]).query("item_1 != item_2 and item_2 != ''").copy()
left["size"] = left["residual_cor"].abs()
worst = left.nlargest(6, "size").assign(pair=lambda one: one["item_1"] + " – " + one["item_2"])
columns = {"pair": Column({"en": "Items", "vi": "Cặp biến"})}
columns |= {"residual_cor": Column({"en": "Residual correlation", "vi": "Tương quan phần dư"}, "bounded")}
title = {"en": "The six largest residual correlations", "vi": "Sáu tương quan phần dư lớn nhất"}
report.add(Table(worst, columns, title), "residuals")

# %%
suggested = fit.modification_indices().head(6)
suggested = suggested.assign(change=suggested["lhs"] + " " + suggested["op"] + " " + suggested["rhs"])
columns = {"change": Column({"en": "If this were free", "vi": "Nếu thả tham số này"})}
columns |= {"mi": Column({"en": "MI", "vi": "MI"}, "number", digits=1)}
columns |= {"sepc_all": Column({"en": "Expected value (std.)", "vi": "Giá trị dự kiến (chuẩn hóa)"}, "number")}
title = {"en": "The six largest modification indices", "vi": "Sáu chỉ số hiệu chỉnh lớn nhất"}
report.add(Table(suggested, columns, title), "modification")

# %% [markdown] en_hash="e3031381b6"
# `comp_1` ("dẫn đầu thị trường") đi cùng thiện cảm và lòng trung thành nhiều hơn mức của một biến đo năng lực. **Chỉ số hiệu chỉnh** (modification index, MI) cho biết χ² sẽ giảm bao nhiêu nếu cho
# một tham số vắng mặt vào mô hình. Hai chỉ số lớn nhất đứng cạnh nhau trong bảng nhưng cách nhau một trời một vực về ý nghĩa:
#
# - `likeability =~ comp_1`: phát biểu này *cũng* là chuyện của con tim;
# - `comp_2 ~~ comp_3`: *hai biến kia* có chung điều gì đó ngoài năng lực, chẳng hạn cách đặt câu.
#
# Cho tham số này vào thì gần như không cần tham số kia nữa. Đó là hai câu chuyện về cùng một chỗ không phù hợp. **Bạn sẽ chọn câu chuyện nào, và tương quan giữa năng lực và thiện cảm sẽ ra sao?** Hãy
# thử cả hai, và cách thứ ba: bỏ `comp_1`.

# %%
names = {
    "planned": {"en": "as planned", "vi": "theo kế hoạch"}[lang],
    "cross": {"en": "comp_1 on both", "vi": "comp_1 thuộc cả hai"}[lang],
    "errors": {"en": "errors of comp_2, comp_3", "vi": "sai số comp_2, comp_3"}[lang],
    "without": {"en": "without comp_1", "vi": "bỏ comp_1"}[lang],
}
models = {
    names["planned"]: planned,
    names["cross"]: planned + "likeability =~ comp_1",
    names["errors"]: planned + "comp_2 ~~ comp_3",
    names["without"]: planned.replace("comp_1 + ", ""),
}
fits = {name: cx.cfa(text, survey, estimator="MLR", missing="fiml") for name, text in models.items()}

# %%
pair = "lhs == 'competence' and op == '~~' and rhs == 'likeability'"
rows = []
for name, one in fits.items():
    wanted = {key: one.fit_measures[key] for key in ("df", "cfi_robust", "rmsea_robust", "srmr")}
    r = one.standardized().query(pair).iloc[0]
    rows.append({"label": name, **wanted, "estimate": r["est_std"], **r[["ci_lower", "ci_upper"]]})
repairs = pd.DataFrame(rows)
columns = {"label": Column({"en": "Model", "vi": "Mô hình"}), "df": Column("df", "integer")}
columns |= {"cfi_robust": Column("CFI", "bounded", digits=3), "rmsea_robust": Column("RMSEA", "bounded", digits=3)}
columns |= {"srmr": Column("SRMR", "bounded", digits=3), "estimate": Column("r(COMP, LIKE)", "bounded")}
columns["ci"] = Column({"en": "95% CI", "vi": "KTC 95%"}, "interval", parts=("ci_lower", "ci_upper"), bounded=True)
title = {"en": "Three repairs, one misfit", "vi": "Ba cách sửa cho cùng một chỗ không phù hợp"}
report.add(Table(repairs, columns, title), "repairs", main=True)

# %%
byname = repairs.set_index("label")
rs = {key: number(byname.loc[name, "estimate"], 2, bounded=True) for key, name in names.items()}
cfis = {key: number(byname.loc[name, "cfi_robust"], 3, bounded=True) for key, name in names.items()}
report.finding(
    {
        "en": f"Two repairs fit almost equally well (CFI {cfis['cross']} and {cfis['errors']}) and say different things: competence and likeability correlate {rs['cross']} in one and {rs['errors']} in the other ({rs['planned']} as planned).",
        "vi": f"Hai cách sửa phù hợp gần như ngang nhau (CFI {cfis['cross']} và {cfis['errors']}) nhưng nói hai điều khác nhau: năng lực và thiện cảm tương quan {rs['cross']} theo cách này và {rs['errors']} theo cách kia ({rs['planned']} theo kế hoạch).",
    }
)

# %% [markdown] en_hash="84d30d0de1"
# Hãy đọc lại các cột cuối. Độ phù hợp không có gì để nói giữa hai cách sửa, thế mà theo cách này cái đầu và con tim rõ ràng là hai, còn theo cách kia chúng gần như nhập một. Bỏ `comp_1` cũng không
# phải là cách trung lập: nó cho tương quan của câu chuyện thứ nhất. **Ai làm theo dòng đầu của bảng chỉ số hiệu chỉnh thì đã quyết định một câu hỏi về nội dung mà không hay biết.**
#
# ## Chỗ ấy có quay lại không?
#
# MacCallum, Roznowski và Necowitz (1992) nhận thấy những cách hiệu chỉnh như vậy rất thiếu nhất quán từ mẫu này sang mẫu khác, và khuyên nên đưa ra các mô hình cạnh tranh *trước khi* xem dữ liệu. Hãy
# kiểm tra ở đây: chia ngẫu nhiên các dòng đầy đủ thành hai nửa, bốn mươi lần. Ở một nửa, lấy chỉ số lớn nhất, bất kể đó là gì; cho tham số ấy vào; rồi hỏi nửa *kia* xem được lợi bao nhiêu.

# %%
answers = survey.data[nine].dropna()
draw, middle = np.random.default_rng(seed), len(answers) // 2
found = []
for _ in range(40):
    order = draw.permutation(len(answers))
    here, there = answers.iloc[order[:middle]], answers.iloc[order[middle:]]
    top = cx.cfa(planned, here).modification_indices().iloc[0]
    change = f"{top['lhs']} {top['op']} {top['rhs']}"
    before, after = (cx.cfa(planned + extra, there).fit_measures["chisq"] for extra in ("", change))
    found.append({"change": change, "promised": top["mi"], "kept": before - after})

# %%
halves = (
    pd.DataFrame(found)
    .groupby("change")
    .agg(times=("kept", "size"), promised=("promised", "mean"), kept=("kept", "mean"))
)
halves = halves.sort_values("times", ascending=False).reset_index()
columns = {"change": Column({"en": "Largest index in one half", "vi": "Chỉ số lớn nhất ở một nửa"})}
columns |= {"times": Column({"en": "Halves", "vi": "Số lần"}, "integer")}
columns |= {"promised": Column({"en": "Δχ² promised", "vi": "Δχ² hứa hẹn"}, "number", digits=1)}
columns |= {"kept": Column({"en": "Δχ² in the other half", "vi": "Δχ² ở nửa kia"}, "number", digits=1)}
title = {"en": "Forty random halves", "vi": "Bốn mươi lần chia đôi ngẫu nhiên"}
report.add(Table(halves, columns, title), "halves")

# %% [markdown] en_hash="0bd8221113"
# Với một nửa số người trả lời, việc tìm kiếm thậm chí không nhất quán với chính nó. Chỗ không phù hợp quanh `comp_1` là có thật: cả hai câu chuyện về nó đều quay lại ở nửa kia. Những chỉ số thắng
# cuộc khác hứa nhiều mà giữ lời ít; đó là ngẫu nhiên. Nhưng không cách chia nào phân biệt được hai câu chuyện có thật, vì cả hai mô tả cùng những tương quan ấy.
#
# Quyết định của chúng ta, sẽ viết trong bài báo: **giữ mô hình theo kế hoạch**, vì không lý thuyết nào đòi thay đổi; báo cáo cả hai cách sửa bên cạnh; và điều gì phụ thuộc vào lựa chọn thì nói rõ là
# phụ thuộc. (Một cách trung thực khác: chọn theo câu chữ *trước khi* xem số liệu, rồi kiểm định trên những người mới.)
#
# ## Các biến của một khái niệm có thống nhất không?
#
# **Giá trị hội tụ.** Phương sai trích trung bình (AVE) là trung bình của bình phương các hệ số tải: khái niệm có giải thích được ít nhất một nửa các biến của nó không?

# %%
convergent = cx.convergent_validity(fit)
report.add(convergent, "convergent")

# %% [markdown] en_hash="68edb6e0ad"
# Giải thích được một nửa, theo quy ước (Fornell & Larcker, 1981). AVE là trung bình của các bình phương, nên bỏ biến yếu nhất hầu như luôn làm nó tăng: một lời mời cắt tỉa cho đến khi con số vừa ý.
# Thứ bị cắt thường là biến làm cho khái niệm đủ rộng để đáng quan tâm. Hãy báo cáo AVE cùng các hệ số tải đằng sau nó, và đừng chiều theo cám dỗ.
#
# ## Các khái niệm có khác nhau không?
#
# **Giá trị phân biệt** là lý do bị từ chối thường gặp, nhất là trong nghiên cứu trải nghiệm khách hàng: "trải nghiệm" có hơn gì sự hài lòng mang tên mới không? Có ba thế hệ câu trả lời. Trước hết là
# câu trả lời lâu đời nhất: mỗi khái niệm phải có chung với các biến của mình (√AVE, trên đường chéo) nhiều hơn với bất cứ khái niệm nào khác.

# %%
larcker = cx.fornell_larcker(fit)
report.add(larcker, "fornell_larcker")

# %%
ratio = cx.htmt(survey, three, n_boot=2000, seed=seed)
report.add(ratio, "htmt")

# %% [markdown] en_hash="acc1feea7a"
# Tiêu chí Fornell-Larcker và **tỷ số heterotrait-monotrait** (HTMT; Henseler, Ringle & Sarstedt, 2015) không nhất trí về cặp mà chúng ta quan tâm. HTMT ước lượng tương quan giữa hai khái niệm mà không
# cần mô hình nào, chỉ từ tương quan của các biến; khoảng tin cậy của nó là bootstrap trên người trả lời. Lời khuyên mới nhất lại giản dị nhất (Rönkkö & Cho, 2022): hãy xem tương quan trong mô hình,
# kèm khoảng tin cậy, và hỏi đầu mút xa còn cách 1 bao nhiêu. `cx.discriminant` làm tất cả những việc ấy cho từng cặp, kể cả các kiểm định, và nói bằng lời điều gì ủng hộ, điều gì phản đối.

# %%
apart = cx.discriminant(planned, survey, missing="fiml", n_boot=2000, seed=seed)
caption = {"en": "How close are the constructs?", "vi": "Các khái niệm gần nhau đến mức nào?"}
report.add(apart.plot(lang), "discriminant", caption)

# %%
report.add(apart, "apart")

# %%
print("\n".join(fill(line, 76, subsequent_indent="    ") for line in apart.sentences(lang)[0].splitlines()))

# %% [markdown] en_hash="17616a9b47"
# Kết quả nói: hai điều khác nhau, với một vấn đề nhẹ. Nhưng kết luận này dựa vào mô hình theo kế hoạch. Hãy đặt các cách sửa bên cạnh, với các giới hạn của Rönkkö và Cho làm đường kẻ: điều người phản
# biện cần thấy không phải là một con số tương quan, mà là nó xê dịch thế nào. Hãy so với hai con số bạn đã viết lúc đầu. Bạn đã hứa một giới hạn chưa, và có giữ được lời hứa ấy dưới từng mô hình
# này không?

# %%
axis = {"en": "Correlation of competence and likeability", "vi": "Tương quan giữa năng lực và thiện cảm"}
caption = {
    "en": "One correlation under four models, with 95% intervals",
    "vi": "Một tương quan theo bốn mô hình, với khoảng tin cậy 95%",
}
report.add(interval_plot(repairs, reference=[0.8, 0.9, 1.0], xlabel=axis, lang=lang), "correlation", caption, main=True)

# %%
verdicts = [cx.interpret(end, rule="ronkko_cho_2022") for end in repairs["ci_upper"]]
judged = repairs.assign(verdict=[tr(one.label, lang) for one in verdicts])
columns = {"label": Column({"en": "Model", "vi": "Mô hình"})}
columns |= {"ci_upper": Column({"en": "Far end of the interval", "vi": "Đầu mút xa của khoảng"}, "bounded")}
columns |= {"verdict": Column({"en": "By the rule", "vi": "Theo quy tắc"})}
title = {"en": "One rule, four models", "vi": "Một quy tắc, bốn mô hình"}
note = {one: rule_note("ronkko_cho_2022", one) for one in ("en", "vi")}
report.add(Table(judged, columns, title, notes=(note,)), "verdicts")

# %% [markdown] en_hash="d346615dba"
# ## Hãy tự kéo thanh trượt: mỗi tiêu chí đo cái gì?
#
# Lần này không có dữ liệu. Có hai khái niệm, mỗi khái niệm ba biến; bạn đặt hệ số tải của hai biến (`strong`), của biến thứ ba (`weak`), và tương quan thật `r` giữa hai khái niệm. Bảng tính những gì
# một mẫu vô hạn sẽ cho thấy. Hãy thử ba việc. (1) Giữ nguyên `r` và nâng cả hai mức hệ số tải: kết luận nào thay đổi, dù hai khái niệm vẫn khác nhau y như trước? (2) Đặt mọi hệ số tải ở 0,95 và `r`
# ở 0,92. (3) Cho `weak` yếu hơn hẳn `strong`: trong hai tỷ số, tỷ số nào vẫn tìm ra `r`?


# %%
def implied(strong, weak, r):
    weights = [strong, strong, weak]
    block = np.outer(weights, weights)
    matrix = np.block([[block, r * block], [r * block, block]])
    np.fill_diagonal(matrix, 1)
    items = {"A": ["A1", "A2", "A3"], "B": ["B1", "B2", "B3"]}
    every = [item for own in items.values() for item in own]
    return cx.Moments(pd.DataFrame(matrix, every, every), 1000), items, np.mean(np.square(weights))


# %%
def criteria(strong, weak, r):
    moments, items, ave = implied(strong, weak, r)
    ratio = {way: cx.htmt(moments, items, method=way).table["htmt"].iloc[0] for way in ("htmt", "htmt2")}
    asked = [("AVE", ave, "fornell_larcker_1981"), ("HTMT", ratio["htmt"], "henseler_2015_strict")]
    asked += [("HTMT", ratio["htmt"], "henseler_2015"), ("HTMT2", ratio["htmt2"], "henseler_2015")]
    rule = cx.rules_table(lang).set_index("rule")["limit"]
    rows = [(name, value, rule[key], cx.interpret(value, key).met) for name, value, key in asked]
    rows.insert(1, ("√AVE", ave**0.5, f"> r = {number(r, 2, bounded=True)}", ave**0.5 > r))
    table = pd.DataFrame(rows, columns=["name", "value", "limit", "met"])
    table["met"] = table["met"].map({True: "✓", False: "✗"})
    heads = ({"en": "Criterion", "vi": "Tiêu chí"}, {"en": "asks for", "vi": "đòi hỏi"}, {"en": "Met", "vi": "Đạt"})
    columns = {"name": Column(heads[0]), "value": Column({"en": "Value", "vi": "Giá trị"}, "bounded")}
    columns |= {"limit": Column(heads[1]), "met": Column(heads[2])}
    return Table(table, columns, {"en": "By formula, not data", "vi": "Theo công thức, không phải dữ liệu"})


# %%
cx.explore(
    criteria,
    live=reports is None,
    strong=(0.80, 0.50, 0.95, 0.05),
    weak=(0.70, 0.20, 0.95, 0.05),
    r=(0.80, 0.50, 0.98, 0.02),
)

# %% [markdown] en_hash="e6f8bbe59e"
# (1) Chỉ hai dòng đầu thay đổi. Tiêu chí Fornell-Larcker so tương quan giữa các khái niệm với *chất lượng của biến đo*: biến yếu làm nó báo động giả, biến mạnh ru nó ngủ. (2) Và nó ngủ thật: √AVE cho
# qua một tương quan mà HTMT chặn lại. (3) Khi các hệ số tải không bằng nhau, HTMT trôi khỏi `r`, còn HTMT2, người chị em dùng trung bình nhân của nó (Roemer, Schuberth & Henseler, 2021), vẫn bám sát.
# Vậy nên: hãy báo cáo AVE như một đặc tính của biến đo, tương quan kèm khoảng tin cậy như đặc tính của khái niệm, và tiêu chí năm 1981 chỉ khi tạp chí yêu cầu.
#
# ## Một cảm nhận hay nhiều? Cuộc thi giữa các cấu trúc
#
# Các lý thuyết về trải nghiệm khách hàng liệt kê nhiều yếu tố; khách hàng có thể chỉ có một cảm nhận. Khách quảng cáo đã đánh giá Trang Vàng ở chín khía cạnh, được chúng tôi nhóm theo nhãn thành giá,
# hiệu quả và phân phối (**cách nhóm của chúng tôi**; những người trả lời một mức được để ra ngoài, như trong sổ tay 02). *Một nhân tố có đủ không?*

# %%
pages = report.data(cx.load_dataset("yellow_pages")).screen(straightline=True).exclude("straightline")
aspects = {name: pages.codebook.items_of(name) for name in ("price", "effectiveness", "distribution")}
contest = cx.structure_contest(pages, aspects)
report.add(contest, "contest")

# %%
caption = {"en": "Four structures of nine ratings", "vi": "Bốn cấu trúc của chín đánh giá"}
report.add(contest.plot(lang), "contest_figure", caption)

# %% [markdown] en_hash="dad1cc06f8"
# Một nhân tố thất bại, và theo quy tắc thì ba nhân tố cũng vậy. Mô hình bậc hai phù hợp ngang ba nhân tố (nó *chính là* ba nhân tố, ba tương quan thành ba hệ số tải) và ở đây nghiệm không chấp nhận
# được. Chỉ mô hình bifactor đạt (theo CFI và SRMR; RMSEA thì không), và lời đọc kết quả ở trên cho biết điều đó đáng giá bao nhiêu: nó hầu như bao giờ cũng đạt, và một nhân tố nhóm của nó đã mất ý
# nghĩa. **Một mô hình phù hợp chưa phải là một mô hình có ý nghĩa.** Điều còn lại là bức tranh mà cả hai loại mô hình cùng vẽ ra: một ấn tượng chung mạnh mẽ, và giá vẫn giữ được chút gì của riêng
# mình. Sổ mã biến gọi các nhóm này là biến tổng hợp, nên còn một nghi ngờ nữa: có lẽ ở đây không nên coi điều gì là *phản ánh* cả.
#
# ## Dấu đánh không phải là cây thước: WLSMV
#
# Câu trả lời năm mức, dồn về một đầu. MLR coi chúng là số đo có nhiễu không chuẩn; **WLSMV** (`ordered=True`) coi chúng là các mức thứ bậc của những cảm nhận có phân phối chuẩn, thông qua các ngưỡng và
# tương quan polychoric. Khách hàng doanh nghiệp đã đánh giá chung một nhà cung cấp và riêng phần hỗ trợ kỹ thuật. (Phát biểu nào thuộc chủ đề nào là theo sổ mã biến, vốn ghi: theo vị trí, không có tài
# liệu; và sổ gọi chủ đề này là biến tổng hợp. Hãy đọc phần này như một bài tập về ước lượng.) **Hệ số tải nào sẽ tăng?**

# %%
b2b = report.data(cx.load_dataset("b2b_annual"))
topics = {name: list(b2b.codebook.items_of(name)) for name in ("overall", "technical_support")}
text = "\n".join(f"{name} =~ {' + '.join(items)}" for name, items in topics.items())
estimated = {"MLR": cx.cfa(text, b2b, estimator="MLR"), "WLSMV": cx.cfa(text, b2b, ordered=True)}

# %%
label = {item: b2b.codebook.items[item].label[lang] for items in topics.values() for item in items}
blocks = {name: b2b.codebook.constructs[name].label for name in topics}
rows = [one.standardized().query("op == '=~'").assign(model=name) for name, one in estimated.items()]
rows = pd.concat(rows).rename(columns={"est_std": "estimate"})
rows = rows.assign(label=rows["rhs"].map(label), block=rows["lhs"].map(blocks))
axis = {"en": "Standardised loading, 95% interval", "vi": "Hệ số tải chuẩn hóa, khoảng tin cậy 95%"}
caption = {
    "en": "The same answers as measurements and as categories",
    "vi": "Cùng câu trả lời, coi là số đo và coi là thứ bậc",
}
report.add(interval_plot(rows, xlabel=axis, lang=lang), "ordinal", caption)

# %%
rows = []
for name, one in estimated.items():
    kind = "robust" if name == "MLR" else "scaled"
    row = {key: one.fit_measures[f"{key}_{kind}"] for key in ("cfi", "rmsea")} | {"srmr": one.fit_measures["srmr"]}
    r = one.latent_cor.loc["overall", "technical_support"]
    rows.append({"estimator": name, "n": one.n_obs, "df": one.fit_measures["df"], **row, "r": r})
columns = {"estimator": Column({"en": "Estimator", "vi": "Phương pháp"}), "n": Column("analyses.col_n", "integer")}
columns |= {"df": Column("df", "integer")}
columns |= {key: Column(key.upper(), "bounded", digits=3) for key in ("cfi", "rmsea", "srmr")}
columns["r"] = Column({"en": "r of the topics", "vi": "r giữa hai chủ đề"}, "bounded")
title = {"en": "One model, two estimators", "vi": "Một mô hình, hai phương pháp ước lượng"}
both = pd.DataFrame(rows)
report.add(Table(both, columns, title), "estimators")

# %%
cfi, rmsea = ([number(value, 3, bounded=True) for value in both[key]] for key in ("cfi", "rmsea"))
report.finding(
    {
        "en": f"Same model, same answers: CFI is {cfi[0]} with MLR and {cfi[1]} with WLSMV, while RMSEA is {rmsea[0]} and {rmsea[1]}. The cut-offs were made for the first kind of number only.",
        "vi": f"Cùng mô hình, cùng câu trả lời: CFI là {cfi[0]} với MLR và {cfi[1]} với WLSMV, còn RMSEA là {rmsea[0]} và {rmsea[1]}. Các ngưỡng chỉ được lập ra cho loại số thứ nhất.",
    }
)

# %% [markdown] en_hash="ccf7b0092f"
# Gần như mọi hệ số tải đều tăng, như tương quan polychoric vẫn vậy. Và CFI vượt qua lằn ranh nổi tiếng: theo phương pháp này mô hình bị bác bỏ, theo phương pháp kia nó "tốt". Ở khách hàng không có gì
# thay đổi. Các ngưỡng thông dụng được lập cho dữ liệu liên tục và hợp lý cực đại; với DWLS, nền của WLSMV, cùng một mức không phù hợp lại cho CFI cao hơn, nên các ngưỡng dễ bỏ sót (Xia & Yang, 2019). SRMR ít
# phụ thuộc nhất vào phương pháp ước lượng (Shi & Maydeu-Olivares, 2020), và ở đây nó nói cùng một điều với RMSEA: mô hình này sai. Hãy chọn phương pháp theo thang đo *trước khi* xem các chỉ số: ít mức
# hoặc rất lệch thì WLSMV; bảy mức và lệch vừa thì MLR có thể biện minh; người hoài nghi thì xem cả hai.
#
# ## Một bảng hỏi, một thời điểm: chệch do phương pháp chung
#
# Năng lực, thiện cảm và lòng trung thành được cùng một người trả lời, trên cùng một thang, trong cùng vài phút. Một phần tương quan giữa chúng có thể chỉ là vậy. `cx.method_bias` gom các kỹ thuật thông
# dụng vào một bảng. **Biến đánh dấu** là một thang được hỏi theo cùng một cách mà *về lý thuyết* không liên quan gì đến các khái niệm kia. Khảo sát này không có; gần nhất là các biến về rào cản chuyển đổi
# (không kể bản sao, xem sổ tay 03). **Trước khi chạy:** chúng có thật không liên quan đến lòng trung thành không?

# %%
marker = {"switching": ["switch_1", "switch_2", "switch_3"]}
bias = cx.method_bias(survey, three, marker=marker, missing="fiml")
report.add(bias, "method_bias")

# %% [markdown] en_hash="f5acd1e44b"
# Đáng lo ư? Hãy đọc cẩn thận. Phép thử Harman tính cả ấn tượng chung là chệch. Nhân tố phương pháp không có biến đánh dấu lấy hết những gì các khái niệm thật sự có chung, và ở đây nó sẽ nuốt trọn các tương
# quan. Còn biến đánh dấu của chúng ta không làm được nhiệm vụ đầu tiên: nó đi cùng mọi thứ, đúng như có thể chờ đợi ở những người ở lại nơi họ thấy thích. Trong các mô phỏng của Richardson, Simmering và
# Sturman (2009), trong số các kỹ thuật dùng sau khi đã thu dữ liệu, chỉ CFA với biến đánh dấu là có chút giá trị thực tế: để phát hiện chứ không phải để hiệu chỉnh, và với một biến xứng với cái tên đó. Câu
# nói trung thực thì ngắn: **thiết kế này không tách được phương pháp khỏi nội dung.** Cách chữa nằm ở trước khi có dữ liệu: nguồn khác, thời điểm khác, một biến đánh dấu đích thực, hành vi thay cho ý định.
#
# ## Câu trả lời khuyết
#
# Trong sổ tay 03, chỗ khuyết được tìm ra và xem xét; ở đây chúng đi vào mô hình. Nhìn trước hết: bao nhiêu, ở biến nào, và có gì chống lại giả định ngẫu nhiên không? Kiểm định Little so trung bình giữa các kiểu
# khuyết. Nó có thể gợi lên một nghi ngờ nhưng không bao giờ xóa được nghi ngờ, vì lý do bỏ trống có thể chính là câu trả lời không có ở đó.

# %%
gaps = cx.missing_data(survey, nine)
report.add(gaps, "missing")

# %% [markdown] en_hash="72b14ce2f0"
# Ở đây khuyết rất ít. Muốn thấy các cách xử lý làm gì, chúng ta cần những chỗ khuyết mà mình biết câu trả lời. Vậy hãy tự tạo: từ các dòng đầy đủ, chúng ta **xóa** câu trả lời về lòng trung thành của nhiều
# người trong số khách hàng có thiện cảm với nhà mạng dưới mức trung vị, như thể những người bực bội đã bỏ đi trước trang cuối. Theo nghĩa kỹ thuật, đó là *khuyết ngẫu nhiên*: nó phụ thuộc vào điều ta thấy
# (thiện cảm), không phụ thuộc vào điều đã mất. **Hãy đoán:** trong ba cách (chỉ dùng dòng đầy đủ, FIML, thay thế bội), cách nào tìm lại được trung bình đã xóa?

# %%
mood = answers[list(book.items_of("likeability"))].mean(axis=1)
leaves = np.random.default_rng(seed).random(len(answers)) < 0.6 * (mood < mood.median())
torn = answers.mask(np.outer(leaves, [item in book.items_of("loyalty") for item in nine]))
wanted = ["cusl_1 ~ 1", "cusl_2 ~ 1", "cusl_3 ~ 1"]
options = {"std_lv": True, "meanstructure": True}
treated = cx.compare_missing(planned, torn, seed=seed, parameters=[*wanted, "likeability ~~ loyalty"], **options)
whole = cx.cfa(planned, answers, **options)
treated

# %%
ways = {
    "whole": {"en": "nothing deleted", "vi": "không xóa gì"}[lang],
    "listwise": {"en": "complete rows", "vi": "dòng đầy đủ"}[lang],
    "fiml": "FIML",
    "mi": {"en": "multiple imputation", "vi": "thay thế bội"}[lang],
}
known = whole.estimates.rename(columns={"est": "estimate"}).assign(method="whole")
means = pd.concat([known, treated.table]).query("op == '~1' and lhs.str.startswith('cusl')")
means = means.assign(model=means["method"].map(ways), label=[book.items[item].label for item in means["lhs"]])
axis = {"en": "Mean, 95% interval", "vi": "Trung bình, khoảng tin cậy 95%"}
caption = {
    "en": "Answers deleted on purpose: who finds the means again?",
    "vi": "Câu trả lời bị cố ý xóa: cách nào tìm lại được trung bình?",
}
report.add(interval_plot(means, xlabel=axis, bounded=False, lang=lang), "treatments", caption, main=True)

# %%
found = means.pivot_table(index="lhs", columns="method", values="estimate")
error = found.sub(found["whole"], axis=0).abs().mean()
off = {method: number(error[method], 2) for method in ways}
left = number(100 * leaves.mean(), 0)
report.finding(
    {
        "en": f"Where {left}% of the customers had their loyalty answers deleted on purpose, complete rows miss the known means by {off['listwise']} scale points on average, FIML by {off['fiml']}, multiple imputation by {off['mi']}.",
        "vi": f"Khi câu trả lời về lòng trung thành của {left}% khách hàng bị cố ý xóa, dòng đầy đủ lệch khỏi trung bình đã biết {off['listwise']} điểm thang đo, FIML lệch {off['fiml']}, thay thế bội lệch {off['mi']}.",
    }
)

# %% [markdown] en_hash="caa22c053e"
# Dòng đầy đủ là những khách hàng ở lại, và họ tô vẽ nhà mạng đẹp hơn thực tế; mẫu càng lớn, cái sai càng chắc chắn. FIML và thay thế bội dùng thiện cảm của những người đã bỏ đi để suy ra lòng trung thành của
# họ. Các tương quan xê dịch ít hơn, và không cách nào tốt nhất cho mọi tương quan. Cả hai cách đều bất lực nếu người ta bỏ đi *chính vì* câu trả lời họ không đưa ra, và không cách nào nên lấp đầy những gì không
# tồn tại ("không áp dụng", sổ tay 03).
#
# ## Bao nhiêu phần phụ thuộc vào chúng ta?
#
# Mọi việc cho đến đây đều chứa những lựa chọn: mô hình, phương pháp ước lượng, cách xử lý chỗ khuyết, có giữ lại khách hàng trả lời một mức suốt nhiều câu hay không. Lựa chọn nào cũng biện minh được. **Đường cong
# đặc tả** (Simonsohn, Simmons & Nelson, 2020) chạy tất cả và cho thấy con số then chốt trong từng trường hợp. *Lựa chọn nào sẽ làm tương quan giữa năng lực và thiện cảm xê dịch nhiều nhất?*

# %%
curve = cx.specification_curve(
    "competence ~~ likeability",
    models,
    survey.screen(longstring=10),
    exclude=[(), ("longstring",)],
    missing=["fiml", "listwise"],
    estimator=["MLR", "ML"],
)
caption = {"en": "One correlation under all combinations of choices", "vi": "Một tương quan theo mọi tổ hợp lựa chọn"}
report.add(curve.plot(lang), "specification_curve", caption, main=True)

# %%
print("\n".join(fill(line, 76, subsequent_indent="    ") for line in curve.reading(lang)))

# %%
far = curve.table["ci_upper"]
lowest, highest = (
    number(end, 2, bounded=True) for end in (curve.table["estimate"].min(), curve.table["estimate"].max())
)
share = number(100 * (far >= 0.9).mean(), 0)
report.finding(
    {
        "en": f"Under {len(curve.table)} defensible specifications competence and likeability correlate from {lowest} to {highest}; in {share}% of them the interval reaches .90. What moves the answer is the model, not the estimator or the treatment of gaps.",
        "vi": f"Theo {len(curve.table)} tổ hợp lựa chọn có thể biện minh, năng lực và thiện cảm tương quan từ {lowest} đến {highest}; trong {share}% số đó khoảng tin cậy chạm 0,90. Điều làm thay đổi câu trả lời là mô hình, không phải phương pháp ước lượng hay cách xử lý dữ liệu khuyết.",
    }
)

# %% [markdown] en_hash="91595d4cf2"
# Lời đọc kết quả mở đầu bằng tin vui: dấu giữ nguyên ở mọi nơi. Nhưng nó trả lời câu hỏi tương quan có khác **0** hay không, điều chẳng ai nghi ngờ. Câu hỏi của chúng ta là nó có khác **1** đủ xa hay không, và ở
# đó bức tranh tách ra theo mô hình. Một phép kiểm tra độ vững chỉ tốt bằng câu hỏi mà nó lặp lại: hãy nhìn cả hình, và hỏi khoảng cách đến đường kẻ thật sự quan trọng. Đường cong cũng không phải là kiểm định; các
# đặc tả của nó dùng chung những khách hàng ấy.
#
# ## Bảng kiểm, đã điền
#
# Những gì người phản biện hỏi, theo thứ tự, kèm con số, quy tắc và nguồn. Dòng nào con số không trả lời được thì cho biết cần viết gì. Dòng nào chưa có kết quả thì cho biết hàm nào tạo ra nó. Ở đây không có điểm số nào
# cần tối đa hóa: một dòng không đạt, được báo cáo và thảo luận, ít hại bài báo hơn một dòng bị bỏ trống. Và một dấu đạt chỉ tốt bằng câu hỏi của nó; hãy xem dòng về độ vững nói gì.

# %%
rivals = cx.structure_contest(survey, three, structures=("one_factor", "correlated"), missing="fiml")
checklist = cx.reviewer_checklist(
    fit,
    survey=survey.screen(longstring=10),
    missing=gaps,
    describe=cx.describe(survey, nine),
    method_bias=bias,
    reliability=cx.reliability(survey, {name: book.items_of(name) for name in three}),
    htmt=ratio,
    rivals=rivals,
    curve=curve,
)
report.add(checklist, "checklist")

# %% [markdown] en_hash="7c82aff733"
# ## Bài tập
#
# Hãy tự tính HTMT của **thiện cảm và lòng trung thành** từ ma trận `correlations` dưới đây. Đó là tương quan trung bình giữa các biến của hai khái niệm, chia cho trung bình nhân (căn bậc hai của tích) của hai tương quan
# trung bình *trong nội bộ* từng khái niệm. Trong nội bộ một khái niệm chỉ tính các biến khác nhau.

# %%
correlations = answers.corr()
correlations.loc["like_1":"cusl_3", "like_1":"cusl_3"].round(2)

# %%
my_answer = None

# %%
heart, stay = (list(book.items_of(name)) for name in ("likeability", "loyalty"))
between = correlations.loc[heart, stay].to_numpy().mean()
own = [correlations.loc[items, items].to_numpy() for items in (heart, stay)]
within = np.prod([one[np.triu_indices(3, 1)].mean() for one in own])
slips = [
    {"en": "That is only the mean between the constructs.", "vi": "Đó mới chỉ là trung bình giữa hai khái niệm."},
    {"en": "Take the square root of the product.", "vi": "Hãy lấy căn bậc hai của tích."},
    {"en": "The ones on the diagonal do not count.", "vi": "Không tính các số 1 trên đường chéo."},
]
wrong = (between, between / within, between / np.sqrt(np.prod([one.mean() for one in own])))
hints = {hint[lang]: float(value) for hint, value in zip(slips, wrong, strict=True)}
cx.check_answer(my_answer, float(between / np.sqrt(within)), slips=hints)

# %% [markdown] en_hash="24b5d10449"
# ## Điều gì đọng lại?
#
# Ba câu hỏi. Hãy chọn một câu trả lời trước khi mở.

# %%
mixed = (
    {"en": "CFI and SRMR are within the rule, RMSEA is outside. What do you write?", "vi": "CFI và SRMR nằm trong ngưỡng, RMSEA nằm ngoài. Bạn viết gì?"},
    [
        ({"en": "Fit is good: two of three.", "vi": "Độ phù hợp tốt: hai trên ba."}, False,
         {"en": "Indices are no jury. They measure different things, and none says where the misfit sits.", "vi": "Các chỉ số không phải bồi thẩm đoàn. Chúng đo những điều khác nhau, và không chỉ số nào nói chỗ không phù hợp nằm ở đâu."}),
        ({"en": "All of them with χ², df and the interval of RMSEA, then where the model misses.", "vi": "Tất cả, kèm χ², df và khoảng tin cậy của RMSEA, rồi nói mô hình sai ở đâu."}, True,
         {"en": "Global fit, then local fit: the second decides whether your result is touched.", "vi": "Phù hợp chung rồi phù hợp cục bộ: điều thứ hai quyết định kết quả của bạn có bị ảnh hưởng không."}),
        ({"en": "Only the indices that pass; space is short.", "vi": "Chỉ những chỉ số đạt; trang viết có hạn."}, False,
         {"en": "Choosing indices by their verdict makes every model fit.", "vi": "Chọn chỉ số theo kết luận thì mô hình nào cũng phù hợp."}),
    ],
)  # fmt: skip

# %%
twins = (
    {"en": "Two modifications improve fit by the same amount. Which one is right?", "vi": "Hai cách hiệu chỉnh cải thiện độ phù hợp ngang nhau. Cách nào đúng?"},
    [
        ({"en": "The one with the larger modification index.", "vi": "Cách có chỉ số hiệu chỉnh lớn hơn."}, False,
         {"en": "The index ranks sizes of misfit, not explanations, and another sample may reverse the order.", "vi": "Chỉ số xếp hạng mức không phù hợp, không xếp hạng lời giải thích, và mẫu khác có thể đảo thứ tự."}),
        ({"en": "These data cannot say; wording, theory or new items can.", "vi": "Dữ liệu này không nói được; câu chữ, lý thuyết hoặc biến mới thì có thể."}, True,
         {"en": "Report both, and say what depends on the choice.", "vi": "Báo cáo cả hai, và nói rõ điều gì phụ thuộc vào lựa chọn."}),
        ({"en": "Both: let them in together.", "vi": "Cả hai: đưa vào cùng lúc."}, False,
         {"en": "They explain the same misfit twice, and each weakens what the other one means.", "vi": "Chúng giải thích hai lần cùng một chỗ không phù hợp, và cái này làm mờ ý nghĩa của cái kia."}),
    ],
)  # fmt: skip

# %%
criterion = (
    {"en": "√AVE is below the correlation of two constructs, HTMT is .70 with an interval far below 1. What follows?", "vi": "√AVE thấp hơn tương quan của hai khái niệm, HTMT là 0,70 với khoảng tin cậy cách xa 1. Từ đó suy ra điều gì?"},
    [
        ({"en": "One construct: merge them.", "vi": "Chỉ có một khái niệm: hãy gộp lại."}, False,
         {"en": "A low √AVE may only mean weak items. Go back to the sliders.", "vi": "√AVE thấp có thể chỉ vì biến đo yếu. Hãy quay lại các thanh trượt."}),
        ({"en": "Two constructs that go together strongly, measured by items with much noise.", "vi": "Hai khái niệm đi cùng nhau khá chặt, được đo bằng những biến nhiều nhiễu."}, True,
         {"en": "Say both: the interval of the correlation speaks of the constructs, AVE of the items.", "vi": "Hãy nói cả hai: khoảng tin cậy của tương quan nói về khái niệm, AVE nói về biến đo."}),
        ({"en": "Nothing, the criteria contradict each other.", "vi": "Không suy ra gì, các tiêu chí mâu thuẫn nhau."}, False,
         {"en": "They answer different questions.", "vi": "Chúng trả lời những câu hỏi khác nhau."}),
    ],
)  # fmt: skip

# %%
cx.quiz(mixed, twins, criterion)

# %% [markdown] en_hash="70ed828603"
# ## Tùy chọn: một trường hợp khó hơn
#
# `retail_bank_csi` (theo yêu cầu): khách hàng của một ngân hàng Tây Ban Nha, sáu khái niệm của một chỉ số hài lòng, thang mười một mức. `cx.fetch_dataset("retail_bank_csi", accept_terms=True)` tải một lần, sau khi bạn đã
# đọc điều khoản; từ đó `cx.load_dataset("retail_bank_csi")` đọc như mọi bộ dữ liệu khác. Hãy viết mô hình đo lường trước khi xem, rồi hỏi `cx.discriminant` về từng cặp. Sổ tay 14 tiếp tục với các nhóm: cùng những câu hỏi
# ấy có mang cùng ý nghĩa với những khách hàng khác nhau không.
#
# ## Bài báo nên báo cáo gì
#
# Mô hình kèm nguồn, và việc nó đã được viết ra trước; phương pháp ước lượng, cách xử lý chỗ khuyết, phần mềm; χ² với df và p, CFI, TLI, RMSEA kèm khoảng tin cậy, SRMR, *và những chỗ không phù hợp cục bộ lớn nhất*; mọi cách
# hiệu chỉnh đã thử, kèm lý do, kể cả những cách không giữ lại; hệ số tải, độ tin cậy và AVE; tương quan giữa các khái niệm kèm khoảng tin cậy, và HTMT; các mô hình cạnh tranh; đã làm gì với việc cùng một nguồn, trước hết
# trong thiết kế; đường cong đặc tả. Câu dưới đây được ghép từ kết quả của sổ tay này.

# %%
measures = fit.fit_measures
chi = number(measures["chisq_scaled"], 2)
c, t, s = (number(measures[key], 3, bounded=True) for key in ("cfi_robust", "tli_robust", "srmr"))
keys = ("rmsea_robust", "rmsea_ci_lower_robust", "rmsea_ci_upper_robust")
e, low, high = (number(measures[key], 3, bounded=True) for key in keys)
known = apart.table.iloc[0]
r, rl, rh, h = (number(known[key], 2, bounded=True) for key in ("r", "r_ci_lower", "r_ci_upper", "htmt"))
report.finding(
    {
        "en": f"As in a paper: A three-factor model (MLR, FIML, n = {fit.n_obs}) gave χ²({int(measures['df'])}) = {chi}, CFI = {c}, TLI = {t}, RMSEA = {e} [{low}, {high}], SRMR = {s}. Competence and likeability correlated {r} [{rl}, {rh}] (HTMT = {h}); with comp_1 on both constructs {rs['cross']}, with correlated errors of comp_2 and comp_3 {rs['errors']}. The modifications fitted about equally well, so the data do not decide between them.",
        "vi": f"Như trong bài báo: Mô hình ba nhân tố (MLR, FIML, n = {fit.n_obs}) cho χ²({int(measures['df'])}) = {chi}, CFI = {c}, TLI = {t}, RMSEA = {e} [{low}; {high}], SRMR = {s}. Năng lực và thiện cảm tương quan {r} [{rl}; {rh}] (HTMT = {h}); khi comp_1 thuộc cả hai khái niệm là {rs['cross']}, khi sai số của comp_2 và comp_3 tương quan là {rs['errors']}. Hai cách hiệu chỉnh phù hợp gần như ngang nhau, nên dữ liệu không phân xử được giữa chúng.",
    }
)

# %% [markdown] en_hash="5dfa57bbf3"
# ## Điều cần nhớ
#
# - Mô hình đo lường là một danh sách những chỗ vắng mặt: mỗi mũi tên không có là một khẳng định. Hãy đếm số đã biết trước khi đòi hỏi con số.
# - Các chỉ số phù hợp là quy ước, có tác giả, có phương pháp ước lượng và có điều kiện. Hãy báo cáo tất cả, rồi xem mô hình sai ở đâu.
# - Chỉ số hiệu chỉnh tìm ra một chỗ, không tìm ra lý do. Hai lý do có thể phù hợp như nhau mà làm thay đổi câu trả lời.
# - AVE nói về biến đo; tương quan kèm khoảng tin cậy nói về khái niệm. Tiêu chí Fornell-Larcker trộn lẫn cả hai.
# - Nhân tố phương pháp không có biến đánh dấu thì không chứng minh được gì, theo chiều nào cũng vậy. Thiết kế hơn hiệu chỉnh.
# - Dòng đầy đủ là một mẫu gồm những người ở lại. FIML và thay thế bội cần có lý do để đứng vững, và đáng được trình bày bên cạnh.
# - Kiểm tra độ vững phải lặp lại câu hỏi *của bạn*, không phải câu hỏi một con số có khác 0 hay không.

# %%
cx.provenance(survey, pages, b2b, seed=seed)
