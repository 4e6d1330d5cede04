# %% [markdown] en_hash="5b003f4e35"
# # Mô hình đường dẫn PLS: biến tổng hợp, dự báo, và sai số làm gì với một đường dẫn
#
# **Khoảng 80 phút; những phần ghi *Tùy chọn* có thể để sau.** Sau sổ tay này, bạn có thể
#
# 1. viết một mô hình đường dẫn có khối cấu tạo và khối phản ánh, và nói được mỗi khối khẳng định điều gì;
# 2. đánh giá mô hình theo thứ tự mà người phản biện chờ đợi, từ hệ số tải đến dự báo;
# 3. vẽ bản đồ tầm quan trọng – mức thực hiện, bổ sung những gì là *điều kiện cần*, và nói được bản đồ không hứa hẹn điều gì;
# 4. hỏi xem một mô hình có đúng cho mọi khách hàng không, và giữa các nhóm được phép so sánh điều gì;
# 5. thấy sai số đo lường làm gì với một đường dẫn, khi nào việc hiệu chỉnh có ích và khi nào gây hại;
# 6. giải thích vì sao hai chương trình PLS in ra những con số khác nhau, và khi nào PLS là công cụ sai.

# %% tags=["parameters"]
seed = 20261122
lang = "vi"
reports = None

# %%
import numpy as np
import pandas as pd

import cxlab as cx
from cxlab.evaluate.rules import rule_note
from cxlab.i18n import format_number as number
from cxlab.show import Column, Table, coefficient_plot, curve_plot, interval_plot, path_diagram


# %%
def say(en, vi):
    return {"en": en, "vi": vi}


cx.use_language(lang)
report = cx.Report("09_pls_path_models", folder=reports, lang=lang)
report.question(
    say(
        "What makes customers stay: a competent provider or a likeable one? And how far can a PLS model be trusted to say so?",
        "Điều gì giữ chân khách hàng: nhà mạng có năng lực hay nhà mạng được mến? Và có thể tin mô hình PLS đến đâu khi nó trả lời?",
    )
)

# %% [markdown] en_hash="a349db0744"
# ## Lý thuyết
#
# **Biến tổng hợp** là một tổng có trọng số của các câu trả lời, và bình phương tối thiểu riêng phần (PLS; Wold, 1982; Lohmöller, 1989) chọn trọng số sao cho các biến tổng hợp kề nhau
# liên hệ chặt với nhau. Sau đó là những hồi quy thông thường giữa chúng. Chỉ có vậy: không có biến tiềm ẩn, không có sai số nào được mô hình hóa.
#
# | bạn viết | bạn khẳng định | trọng số | cần kiểm tra |
# |---|---|---|---|
# | `F <~ x1 + x2` | các câu hỏi **tạo nên** F: bỏ một câu thì F mang nghĩa khác | chế độ B, bằng hồi quy | đa cộng tuyến, trọng số từng biến |
# | `F =~ x1 + x2` | F **thể hiện qua** các câu hỏi: bỏ câu nào cũng được | chế độ A, bằng tương quan | độ tin cậy, giá trị |
#
# PLS truyền thống coi cả loại thứ hai là biến tổng hợp (`consistent=False`). PLS nhất quán (PLSc; Dijkstra & Henseler, 2015) hiệu chỉnh sai số đo lường cho loại này.
#
# ## Ví dụ
#
# Đây là ví dụ kinh điển của các giáo trình: **danh tiếng doanh nghiệp** (Hair và cộng sự, 2017). Bốn biến tổng hợp, tức những gì nhà mạng làm, nuôi dưỡng hai phán xét: năng lực, thuộc
# về lý trí, và thiện cảm, thuộc về tình cảm. Hai phán xét này dẫn đến sự hài lòng và lòng trung thành.
#
# Văn bản dưới đây nêu cả hai nửa của mô hình: trước hết là các **khối** (`blocks`), tức câu hỏi nào thuộc khái niệm nào (mô hình đo lường, hay mô hình ngoài), rồi đến các **mũi tên** (`arrows`), tức điều gì dẫn đến điều gì (mô hình cấu trúc, hay mô hình trong).
#
# **Trước khi chạy bất cứ ô nào.** *Phán xét nào trong hai phán xét đó dẫn đến lòng trung thành? Và nếu loại bỏ được sai số, các đường dẫn giữa chúng sẽ lớn hơn hay nhỏ đi?* Hãy viết cả
# hai câu trả lời ra giấy.

# %%
survey = report.data(cx.load_dataset("corporate_reputation"))

# %%
blocks = """
quality        <~ qual_1 + qual_2 + qual_3 + qual_4 + qual_5 + qual_6 + qual_7 + qual_8
performance    <~ perf_1 + perf_2 + perf_3 + perf_4 + perf_5
responsibility <~ csor_1 + csor_2 + csor_3 + csor_4 + csor_5
attractiveness <~ attr_1 + attr_2 + attr_3
competence     =~ comp_1 + comp_2 + comp_3
likeability    =~ like_1 + like_2 + like_3
satisfaction   <~ cusa
loyalty        =~ cusl_1 + cusl_2 + cusl_3
"""
arrows = """
competence + likeability ~ quality + performance + responsibility + attractiveness
satisfaction ~ competence + likeability
loyalty      ~ competence + likeability + satisfaction
"""

# %%
text = blocks + arrows
fit = cx.pls(text, survey, missing="mean", consistent=False)
fit

# %%
caption = say("The reputation model as estimated by PLS", "Mô hình danh tiếng, ước lượng bằng PLS")
report.add(fit.plot(lang), "path_diagram", caption, main=True)

# %% [markdown] en_hash="848e0588db"
# Hình lục giác là biến tổng hợp, hình elip là những gì mô hình gọi là nhân tố. Phần tóm tắt phía trên bắt đầu bằng một cảnh báo, và cảnh báo cố ý đứng trước các con số. Vài khách hàng bỏ
# trống một câu về lòng trung thành hoặc sự hài lòng, và giáo trình điền trung bình của câu hỏi vào chỗ trống. Làm vậy là bịa ra những câu trả lời đúng bằng trung bình, kéo tương quan về phía
# 0, và tính những câu bịa đó như thể đã được trả lời. Với rất ít chỗ trống thì tác hại nhỏ; với nhiều chỗ trống thì không. Vì thế chúng ta làm điều người phản biện sẽ đòi hỏi: ước lượng lại
# trên những dòng đầy đủ, và đặt các đường dẫn cạnh nhau.


# %%
complete = cx.pls(text, survey, consistent=False)
named = {key: own.label for key, own in survey.codebook.constructs.items()}
both = fit.paths.assign(complete=complete.paths["estimate"]).replace({"source": named, "target": named})
columns = {"source": Column("pls.col_source"), "target": Column("pls.col_target")}
columns["estimate"] = Column(say("Mean put in", "Thay bằng trung bình"), "bounded", 3)
columns["complete"] = Column(say("Complete rows", "Chỉ dòng đầy đủ"), "bounded", 3)
rows = f"n = {fit.n_obs} / {complete.n_obs}."
title = say("Two ways with missing answers", "Hai cách xử lý câu trả lời khuyết")
report.add(Table(both, columns, title, (rows,)), "missing")

# %%
moved = (both["complete"] - both["estimate"]).abs()
most, size = both.loc[moved.idxmax()], number(moved.max(), 3, bounded=True)
report.finding(
    {
        "en": f"Missing answers: mean replacement and complete rows differ by at most {size} in a path ({most['source']['en']} → {most['target']['en']}).",
        "vi": f"Câu trả lời khuyết: hệ số đường dẫn theo hai cách, thay bằng trung bình và chỉ dùng dòng đầy đủ, chênh nhau nhiều nhất {size} ({most['source']['vi']} → {most['target']['vi']}).",
    }
)

# %% [markdown] en_hash="f11add1079"
# Hãy so con số ấy với độ rộng của các khoảng tin cậy ở bước 3; nếu không kết luận nào phụ thuộc vào nó, hãy viết như vậy trong bài báo. Từ đây chúng ta giữ lựa chọn của giáo trình để bạn có thể so với sách.
#
# ## Bước 1: các khối phản ánh có đo được không?
#
# Hair và cộng sự (2019) hỏi theo một thứ tự cố định, vì câu trả lời sau cần câu trả lời trước: đường dẫn giữa hai điểm số không có nghĩa gì nếu các điểm số không có nghĩa gì. Trước hết là ba khối
# phản ánh. *Hệ số tải*: mỗi biến quan sát có mang khái niệm của nó không? *Alpha, ρA và ρC*: điểm số ít sai số đến đâu? *AVE*: khái niệm giải thích được bao nhiêu phần của các biến? PLS không có
# công thức cho sai số chuẩn, nên khoảng tin cậy lấy từ các mẫu lặp: rút khách hàng có hoàn lại và ước lượng lại toàn bộ mô hình, hàng nghìn lần. Bảng đầu tiên cho biết có dùng được tất cả hay không.

# %%
boot = fit.bootstrap(5000, seed=seed)
columns = {"replicates": Column(say("Resamples drawn", "Số mẫu lặp"), "integer")}
columns["used"] = Column(say("used", "được dùng"), "integer")
columns["not_converged"] = Column(say("not converged", "không hội tụ"), "integer")
columns["inadmissible"] = Column(say("inadmissible", "không chấp nhận được"), "integer")
Table(boot.status.to_frame().T, columns, say("What became of the resamples", "Kết quả của các mẫu lặp"))

# %%
reflective = ["competence", "likeability", "loyalty"]
items = {key: own.label for key, own in survey.codebook.items.items()}
loadings = boot.of("loading").query("source in @reflective")
loadings = loadings.assign(construct=loadings["source"].map(named), wording=loadings["target"].map(items))
columns = {
    "target": Column("analyses.col_item"),
    "wording": Column(say("Meaning (paraphrased)", "Ý nghĩa (diễn giải)")),
}
columns["estimate"] = Column(say("Loading", "Hệ số tải"), "bounded")
ends = ("ci_lower", "ci_upper")
columns["ci"] = Column(say("95% CI", "KTC 95%"), "interval", parts=ends, bounded=True)
title = say("Loadings of the reflective blocks", "Hệ số tải của các khối phản ánh")
note = rule_note("hair_2019_loadings", lang)
report.add(Table(loadings, columns, title, (note,), group="construct"), "loadings")

# %%
report.add(fit.apa_measurement(lang), "reliability")

# %% [markdown] en_hash="8b94d0bf5b"
# Ba hệ số thường đứng theo thứ tự này. Alpha giả định mọi biến có vai trò như nhau; ρC lấy hệ số tải của chế độ A, vốn quá cao vì mỗi biến được tính tương quan với một điểm số chứa chính nó;
# ρA, hệ số dành cho trọng số PLS, phần lớn nằm giữa hai hệ số kia. Các khối cấu tạo không có con số nào, và như vậy là đúng: các biến của chúng không cần tương đồng.
#
# Tiếp theo là **giá trị phân biệt**: đây có phải những điều khác nhau không? HTMT so tương quan giữa các khối với tương quan trong từng khối (Henseler và cộng sự, 2015). Tiêu chí cũ hơn của Fornell và
# Larcker đòi hỏi khái niệm có phần chung với các biến của mình nhiều hơn với khái niệm khác.

# %%
ratios = boot.of("htmt").query("source in @reflective and target in @reflective")
roots, between = np.sqrt(fit.reliability.set_index("construct")["ave"]), fit.fornell_larcker
pairs = [(one.target, one.source) for one in ratios.itertuples()]
ratios = ratios.assign(
    r=[between.loc[pair] for pair in pairs], root=[min(roots[one] for one in pair) for pair in pairs]
).replace({"source": named, "target": named})

# %%
columns = {"source": Column(say("Construct", "Khái niệm")), "target": Column(say("and", "và"))}
columns |= {
    "estimate": Column("HTMT", "bounded"),
    "ci": Column(say("95% CI", "KTC 95%"), "interval", parts=ends, bounded=True),
}
columns |= {"r": Column("r", "bounded"), "root": Column(say("Smaller √AVE", "√AVE nhỏ hơn"), "bounded")}
title = say("Discriminant validity", "Giá trị phân biệt")
notes = (
    rule_note("henseler_2015", lang),
    say("Fornell & Larcker: r below √AVE of both.", "Fornell & Larcker: r nhỏ hơn √AVE của cả hai.")[lang],
)
report.add(Table(ratios, columns, title, notes), "discriminant")

# %%
carried, rho_a = loadings["estimate"].min(), fit.reliability["rho_a"].min()
closest = ratios.loc[ratios["ci_upper"].idxmax()]
least, sure, ratio, end = (number(x, 2, bounded=True) for x in (carried, rho_a, *closest[["estimate", "ci_upper"]]))
both_of = {one: f"{closest['source'][one]}, {closest['target'][one]}" for one in ("en", "vi")}
report.finding(
    {
        "en": f"Reflective blocks: loadings from {least}, ρA from {sure}; the largest HTMT is {ratio}, its interval ends at {end} ({both_of['en']}).",
        "vi": f"Các khối phản ánh: hệ số tải từ {least}, ρA từ {sure}; HTMT lớn nhất là {ratio}, khoảng tin cậy đến {end} ({both_of['vi']}).",
    }
)

# %% [markdown] en_hash="0ec9a29d15"
# Khoảng tin cậy quan trọng hơn tỷ số: câu hỏi không phải là HTMT có nằm dưới một ngưỡng hay không, mà là *ngưỡng đó, hoặc số 1,* có nằm trong khoảng hay không. Bảng chỉ có các khối phản ánh.
# `fit.htmt` có mọi khối, và giữa các khối cấu tạo có vài tỷ số cao, nhưng với biến tổng hợp thì HTMT vô nghĩa: các biến của chúng vốn không cần tương quan với nhau.
#
# ## Bước 2: các khối cấu tạo có được lập tốt không?
#
# Khẳng định khác thì kiểm tra khác. *Biến tổng hợp có bao quát điều nó phải bao quát không?* Khảo sát có hỏi đánh giá chung về từng mặt, và một biến tổng hợp tốt sẽ dự báo được đánh giá đó (phân
# tích trùng lặp, redundancy analysis). *Các biến của nó có giống nhau đến mức* không tách được trọng số? *Mỗi biến có đóng góp không?*

# %%
formative = {"quality": "qual", "performance": "perf", "responsibility": "csor", "attractiveness": "attr"}
rows = []
for construct, stem in formative.items():
    block = " + ".join(survey.codebook.items_of(construct))
    overall = cx.pls(f"{construct} <~ {block}\n{stem}_global ~ {construct}", survey, missing="mean")
    vif = fit.loadings.query("construct == @construct")["vif"].max()
    rows.append({"construct": named[construct], "path": overall.paths["estimate"][0], "vif": vif})
columns = {"construct": Column(say("Construct", "Khái niệm"))}
columns["path"] = Column(say("Path to the overall rating", "Đường dẫn đến đánh giá chung"), "bounded")
columns["vif"] = Column(say("Largest VIF", "VIF lớn nhất"), "number")
title = say("Formative blocks: coverage and collinearity", "Khối cấu tạo: mức bao quát và đa cộng tuyến")
report.add(Table(pd.DataFrame(rows), columns, title, (rule_note("hair_2019_vif", lang),)), "formative")

# %%
weights = boot.of("weight").query("source in @formative").rename(columns={"source": "construct"})
weights = weights.assign(block=weights["construct"].map(named), label=weights["target"].map(items))
caption = say(
    "Weights of the formative items, with 95% bootstrap intervals",
    "Trọng số của các biến cấu tạo, với khoảng bootstrap 95%",
)
report.add(coefficient_plot(weights, xlabel=say("Weight", "Trọng số"), lang=lang), "weights", caption)

# %% [markdown] en_hash="159aa3e80a"
# Biến quan sát nào có khoảng tin cậy chứa số 0 thì chưa cho thấy nó thêm được gì *ngoài các biến khác*. Đó chưa phải lý do để bỏ: trong một khối cấu tạo, các biến định nghĩa khái niệm, và trọng số nhỏ có thể chỉ
# nói rằng biến bên cạnh đã kể câu chuyện đó rồi. Lời khuyên quen thuộc là nhìn hệ số tải, tức tương quan đơn với biến tổng hợp: hệ số tải cao thì giữ; cả hai đều thấp thì hãy hỏi khái niệm
# có còn nguyên nghĩa khi thiếu biến đó không (Hair và cộng sự, 2019). Một trọng số **âm** đi cùng hệ số tải dương đáng được nhìn lại: đó là tiếng nói của đa cộng tuyến, không phải của khách hàng.

# %%
zero = weights.query("ci_lower < 0 < ci_upper")["target"]
least = fit.loadings.set_index("item").loc[zero, "loading"].min()
report.finding(
    {
        "en": f"{len(zero)} of {len(weights)} formative items have weights whose interval covers zero ({', '.join(zero)}). All of them load at least {number(least, 2, bounded=True)}, so the blocks are left as they are.",
        "vi": f"{len(zero)} trên {len(weights)} biến cấu tạo có khoảng tin cậy của trọng số chứa số 0 ({', '.join(zero)}). Hệ số tải của chúng đều từ {number(least, 2)} trở lên, nên các khối được giữ nguyên.",
    }
)

# %% [markdown] en_hash="6e62e3fe94"
# ## Bước 3: cấu trúc
#
# Bây giờ mới đến các đường dẫn. Trước hết là các nguyên nhân: nếu các nguyên nhân của một khái niệm quá giống nhau (VIF) thì từng đường dẫn riêng không nói được nhiều. Rồi đến đường dẫn với khoảng tin
# cậy, rồi phần chúng cùng giải thích (R²), rồi phần mỗi nguyên nhân đóng góp (f²: phần chưa giải thích tăng bao nhiêu khi bỏ một nguyên nhân). **f² có hai định nghĩa**: giữ nguyên điểm số và bỏ nguyên
# nhân khỏi hồi quy, hoặc ước lượng lại cả mô hình khi không có nó. Các chương trình in ra một trong hai và hiếm khi nói rõ là cái nào. Ở đây có cả hai.

# %%
paths = fit.paths.merge(boot.of("path").drop(columns="estimate"), on=["source", "target"])
paths = paths.replace({"source": named, "target": named})
columns = {"source": Column(say("Cause", "Nguyên nhân")), "estimate": Column("pls.col_path", "bounded")}
columns["ci"] = Column(say("95% CI", "KTC 95%"), "interval", parts=ends, bounded=True)
columns["f2"] = Column(say("scores kept", "giữ điểm số"), "number", 3)
columns["f2_reestimated"] = Column(say("estimated again", "ước lượng lại"), "number", 3)
columns["vif"] = Column("VIF", "number")
spanners = (("f²", ("f2", "f2_reestimated")),)
title = say("Paths by what they lead to", "Đường dẫn theo khái niệm đích")
report.add(Table(paths, columns, title, group="target", spanners=spanners), "paths", main=True)

# %%
inner = pd.DataFrame({"name": fit.model.constructs, "label": [named[key] for key in fit.model.constructs]})
inner["kind"] = ["latent" if key in reflective else "composite" for key in inner["name"]]
inner["r2"] = inner["name"].map(fit.r2.set_index("construct")["r2"])
drawn = boot.of("path")[["source", "target", "estimate", "pvalue"]].assign(kind="regression")
caption = say(
    "The inner model: paths between constructs, dashed where p is .05 or more (bootstrap standard errors)",
    "Mô hình cấu trúc: đường dẫn giữa các khái niệm, nét đứt khi p từ 0,05 trở lên (sai số chuẩn bootstrap)",
)
report.add(path_diagram(inner, drawn, lang=lang), "inner_model", caption, main=True)

# %%
explained = boot.of("r2").rename(columns={"target": "construct"}).merge(fit.r2, on="construct")
columns = {"construct": Column(say("Construct", "Khái niệm")), "r2": Column("R²", "bounded")}
columns["ci"] = Column(say("95% CI", "KTC 95%"), "interval", parts=ends, bounded=True)
columns["r2_adjusted"] = Column(say("adjusted", "hiệu chỉnh"), "bounded")
title = say("Explained variance", "Phương sai được giải thích")
explained = explained.replace({"construct": named})
report.add(Table(explained, columns, title, (rule_note("hair_2019_r2", lang),)), "r2")

# %%
kinds = fit.fit_measures.assign(
    model=[
        say("Estimated: only the paths drawn", "Ước lượng: chỉ các đường dẫn đã vẽ"),
        say("Saturated: all constructs correlate", "Bão hòa: mọi khái niệm tương quan"),
    ]
)
columns = {"model": Column(say("Model", "Mô hình")), "srmr": Column("SRMR", "bounded", 3)}
columns |= {"d_uls": Column("d_ULS", "number", 3), "d_g": Column("d_G", "number", 3)}
title = say("How far the model is from the correlations", "Mô hình cách xa các tương quan bao nhiêu")
report.add(Table(kinds, columns, title), "distance")

# %% [markdown] en_hash="afd89c83c6"
# Mô hình bão hòa để mọi cặp khái niệm tương quan tùy ý, nên khoảng cách của nó chỉ do phần đo lường; phần mô hình ước lượng cộng thêm là do các đường dẫn bị bỏ ra. PLS không tìm khoảng cách nhỏ nhất, vậy
# thế nào là lớn? **Kiểm định phù hợp chính xác** (Beran & Srivastava, 1985; Dijkstra & Henseler, 2015) xoay các câu trả lời cho đến khi mô hình đúng hoàn toàn trong đó, rút mẫu lặp từ chúng, và xem riêng ngẫu nhiên
# có thể đẩy khoảng cách đi xa đến đâu. Giá trị nào vượt gần hết các mẫu lặp ấy thì không còn là ngẫu nhiên.

# %%
exact = fit.exact_fit(1000, seed=seed)
report.add(exact, "exact_fit")

# %%
refused = exact.table.query("rejected")
srmr = number(fit.fit_measures["srmr"][0], 3, bounded=True)
report.finding(
    {
        "en": f"SRMR is {srmr}; the test of exact fit refuses the model by {len(refused)} of {len(exact.table)} distances at the 5% level.",
        "vi": f"SRMR là {srmr}; kiểm định phù hợp chính xác bác bỏ mô hình theo {len(refused)} trên {len(exact.table)} khoảng cách, ở mức 5%.",
    }
)

# %% [markdown] en_hash="75c496ce8b"
# *Chính xác* là một đòi hỏi khắt khe: khi có đủ khách hàng, mô hình đơn giản nào cũng bị bác bỏ, và kiểm định không cho biết mức không phù hợp ấy có đáng kể hay không. Vì vậy hãy báo cáo nó bên cạnh SRMR, nêu những
# đường dẫn đã bỏ ra, và đừng gọi một mô hình bị bác bỏ là đã được xác nhận chỉ vì R² cao.
#
# *Rốt cuộc* điều gì dẫn đến lòng trung thành? Các biến tổng hợp không có đường dẫn riêng đến đó. Chúng tác động qua hai phán xét, và **tác động tổng** cộng mọi con đường lại.

# %%
total = boot.of("total").query("target == 'loyalty'").sort_values("estimate", ascending=False)
total = total.rename(columns={"source": "construct"}).assign(label=lambda one: one["construct"].map(named))
caption = say(
    "Total effects on loyalty, with 95% bootstrap intervals",
    "Tác động tổng lên lòng trung thành, với khoảng bootstrap 95%",
)
axis = say("Total effect (standardised)", "Tác động tổng (chuẩn hóa)")
report.add(coefficient_plot(total, xlabel=axis, lang=lang), "total_effects", caption, main=True)

# %%
ways = boot.of("total").query("target == 'loyalty'").set_index("source")


def told(name):
    seen = [number(ways.loc[name, key], 2, bounded=True) for key in ("estimate", "ci_lower", "ci_upper")]
    return f"{seen[0]} [{seen[1]}{'; ' if lang == 'vi' else ', '}{seen[2]}]"


report.finding(
    {
        "en": f"In this model likeability leads to loyalty (total effect {told('likeability')}), competence hardly does ({told('competence')}; 95% bootstrap intervals).",
        "vi": f"Trong mô hình này, thiện cảm dẫn đến lòng trung thành (tác động tổng {told('likeability')}), năng lực thì hầu như không ({told('competence')}; khoảng bootstrap 95%).",
    }
)

# %% [markdown] en_hash="87e14ebace"
# Tác động tổng cho biết *bao nhiêu*, không cho biết *qua đường nào*. **Tác động gián tiếp riêng biệt** là tích của các hệ số dọc theo một con đường. Các tích này nhỏ và phân phối của chúng bị lệch, nên hãy tin khoảng tin cậy
# từ các mẫu lặp hơn là giá trị t. Dưới đây là mọi con đường đến lòng trung thành, đi từ biến tổng hợp có tác động tổng lớn nhất.

# %%
first = ways.loc[list(formative), "estimate"].idxmax()
routes = boot.of("specific").query("source == @first and target == 'loyalty'")
passed = [
    {one: " → ".join(named[key][one] for key in via.split(" → ")) for one in ("en", "vi")} for via in routes["via"]
]
columns = {"via": Column(say("By way of", "Đi qua")), "estimate": Column(say("Effect", "Tác động"), "bounded", 3)}
columns["ci"] = Column(say("95% CI", "KTC 95%"), "interval", 3, parts=ends, bounded=True)
title = {one: f"{named[first][one]} → {named['loyalty'][one]}" for one in ("en", "vi")}
note = {
    "en": "Specific indirect effects, percentile intervals.",
    "vi": "Tác động gián tiếp riêng biệt, khoảng phân vị.",
}
report.add(Table(routes.assign(via=passed), columns, title, (note[lang],)), "specific_effects")

# %% [markdown] en_hash="2e7f8da222"
# Hãy đối chiếu các con đường này với dự đoán bạn đã ghi. `fit.effects()` liệt kê chúng cho mọi cặp khái niệm, còn `boot.of("specific")` có khoảng tin cậy. Một con đường vẫn chưa chứng minh được quan hệ trung gian nhân quả: các câu
# trả lời này được thu cùng một lúc, và bất cứ điều gì làm hai khái niệm cùng thay đổi cũng trông như một con đường nối chúng.
#
# ## Bước 4: mô hình có dự báo được không?
#
# R² nhìn vào chính những khách hàng đã tạo nên mô hình. **PLSpredict** (Shmueli và cộng sự, 2016) giấu một phần trong số họ, ước lượng mô hình trên những người còn lại và dự báo câu trả lời của người bị
# giấu; rồi đến phần tiếp theo, và lặp lại tất cả với cách chia khác. Hai đối thủ đặt ra mức cần vượt. *Trung bình của phần huấn luyện* không biết gì: Q² trên 0 nghĩa là hơn nó. *Chuẩn tuyến tính* hồi quy từng
# câu trả lời theo mọi câu trả lời ở đầu mô hình và không biết lý thuyết nào: nếu nó dự báo ngang bằng thì lý thuyết không làm mất gì; nếu nó dự báo tốt hơn thì lý thuyết đã bỏ sót điều gì đó. *Ai sẽ thắng?*

# %%
prediction = fit.predict(folds=10, repeats=10, seed=seed)
report.add(prediction, "prediction", main=True)

# %%
rivals = {
    "mean": say("Against the mean", "So với trung bình"),
    "lm": say("Against the linear benchmark", "So với chuẩn tuyến tính"),
}
every = say("All together", "Tất cả")
contest = prediction.cvpat.assign(
    rival=prediction.cvpat["against"].map(rivals), who=[named.get(key, every) for key in prediction.cvpat["construct"]]
).sort_values("against", ascending=False, kind="stable")

# %%
columns = {
    "who": Column(say("Construct", "Khái niệm")),
    "difference": Column(say("Loss less rival's", "Tổn thất trừ của đối thủ"), "number", 3),
}
columns |= {"t": Column("t", "number"), "pvalue": Column("p", "p")}
title = say(
    "CVPAT: is the difference in loss more than chance?", "CVPAT: chênh lệch tổn thất có vượt ngẫu nhiên không?"
)
note = say("Negative: the model predicts better.", "Âm: mô hình dự báo tốt hơn.")
report.add(Table(contest, columns, title, (note,), group="rival"), "cvpat")


# %%
def listed(keys):
    none = say("none", "không có")
    return {one: ", ".join(named[key][one] for key in keys) or none[one] for one in ("en", "vi")}


clear = prediction.cvpat.query("against == 'lm' and construct != '' and pvalue < 0.05")
won, lost = (listed(clear.loc[rows, "construct"]) for rows in (clear["difference"] < 0, clear["difference"] > 0))
report.finding(
    {
        "en": f"New customers, CVPAT against the linear benchmark at the 5% level. The model predicts better: {won['en']}; worse: {lost['en']}; for the other constructs no difference is shown.",
        "vi": f"Khách hàng mới, CVPAT so với chuẩn tuyến tính ở mức 5%. Mô hình dự báo tốt hơn: {won['vi']}; kém hơn: {lost['vi']}; ở các khái niệm còn lại chưa thấy khác biệt.",
    }
)

# %% [markdown] en_hash="0622ef7f4e"
# Đếm số biến thắng và thua, như quy tắc kinh nghiệm vẫn làm, là coi hơn nhau một sợi tóc như hơn nhau một dặm. CVPAT (Liengaard và cộng sự, 2021) kiểm định chênh lệch trung bình trên các khách hàng. Hơn
# trung bình là mức thấp. Hơn chuẩn tuyến tính ở những khách hàng mới cho thấy: gom câu trả lời thành khái niệm, và xếp các khái niệm theo thứ tự, không làm mất điều gì quan trọng cho dự báo. Chỗ nào chưa thấy
# khác biệt thì không bên nào được nhận là thắng. Và dự báo tốt không biến mũi tên thành nguyên nhân.
#
# ## Cải thiện ở đâu thì đáng?
#
# **Bản đồ tầm quan trọng – mức thực hiện** (Ringle & Sarstedt, 2016) đặt tác động tổng lên lòng trung thành cạnh mức đánh giá hiện nay của từng khái niệm, từ 0 đến 100. Nhà quản lý nhìn về góc dưới bên
# phải: được lợi nhiều, và còn chỗ để cải thiện.

# %%
ipma = fit.ipma("loyalty")
ipma

# %%
caption = say("Importance and performance for loyalty", "Tầm quan trọng và mức thực hiện đối với lòng trung thành")
report.add(ipma.plot(lang), "ipma", caption, main=True)

# %%
single = ipma.items.nlargest(8, "importance").assign(wording=lambda one: one["item"].map(items))
single = single.assign(construct=single["construct"].map(named))
columns = {"item": Column("analyses.col_item"), "wording": Column(say("Meaning (paraphrased)", "Ý nghĩa (diễn giải)"))}
columns |= {"construct": Column(say("Construct", "Khái niệm")), "importance": Column("pls.col_importance", "number")}
columns["performance"] = Column("pls.col_performance", "number", 1)
title = say("Single items with the largest importance", "Những biến quan sát có tầm quan trọng lớn nhất")
report.add(Table(single, columns, title), "ipma_items")

# %%
middle = ipma.table[["importance", "performance"]].mean()
corner = ipma.table.query("importance > @middle.importance and performance < @middle.performance")["construct"]
report.finding(
    {
        "en": f"Importance above and performance below the mean of the constructs, for loyalty: {listed(corner)['en']}. If the model is right, look here first.",
        "vi": f"Với lòng trung thành, tầm quan trọng trên và mức thực hiện dưới trung bình của các khái niệm: {listed(corner)['vi']}. Nếu mô hình đúng, hãy xem xét ở đây trước.",
    }
)

# %% [markdown] en_hash="5a8db34ad5"
# Ba điều cần thận trọng trước khi đưa bản đồ lên trang trình chiếu. Tầm quan trọng là tác động tổng **nếu mô hình đúng**; chưa ai cải thiện điều gì cả. Các điểm đều có khoảng tin cậy, và khoảng của bốn biến
# tổng hợp chồng lên nhau (hãy xem lại các tác động tổng). Và một biến có trọng số âm, nêu trong thông báo, khiến mức thực hiện không còn là trung bình có trọng số. Bản đồ sắp xếp câu hỏi cho nghiên cứu tiếp
# theo; nó không trả lời chúng.
#
# Tầm quan trọng nói về mức trung bình: điều này tăng thì lòng trung thành *trung bình* tăng. Có những thứ vận hành khác: thiếu chúng thì không thể có lòng trung thành cao, còn có chúng thì mới chỉ là có thể. **Phân tích điều kiện
# cần** (Dul, 2016) tìm một góc trống: không có khách hàng nào trung thành cao mà điều kiện lại thấp. Bản đồ kết hợp (Hauff và cộng sự, 2024) tô đặc điểm của những gì là điều kiện cần; bong bóng càng lớn, càng nhiều khách hàng
# chưa có đủ điều kiện đó để đạt mức trung thành mong muốn.

# %%
necessity = fit.nca("loyalty", ceilings="ce_fdh", permutations=2000, seed=seed)
combined = fit.ipma("loyalty", necessity=necessity, level=80)
combined

# %%
caption = say(
    "Importance, performance and necessity for loyalty",
    "Tầm quan trọng, mức thực hiện và tính cần thiết đối với lòng trung thành",
)
report.add(combined.plot(lang), "ipma_necessity", caption)

# %%
needed = combined.table.query("necessary").set_index("construct")["effect_size"]
alone = necessity.outliers().query("condition in @needed.index and without < 0.1")["condition"].unique()
told_needed = {
    one: ", ".join(f"{named[key][one]} (d = {number(d, 2)})" for key, d in needed.items()) for one in ("en", "vi")
}
report.finding(
    {
        "en": f"Necessary for high loyalty by the usual rules (d at least .10, permutation test): {told_needed['en'] or '–'}. No longer so if one single customer is left out: {listed(alone)['en']}.",
        "vi": f"Cần thiết cho lòng trung thành cao theo các quy tắc thông dụng (d từ 0,10, kiểm định hoán vị): {told_needed['vi'] or '–'}. Không còn cần thiết khi bỏ ra chỉ một khách hàng: {listed(alone)['vi']}.",
    }
)

# %% [markdown] en_hash="fc22ecd4ac"
# Hãy đọc cả hai cùng lúc. Vừa quan trọng *vừa* cần thiết: trước hết hãy nâng những khách hàng đang ở dưới mức. Cần thiết nhưng không quan trọng: giữ cho nó trên mức cần là đủ, thêm nữa chẳng được bao nhiêu. Thông báo nêu tên từng
# khách hàng mà một góc trống dựa vào; chỉ cần đọc sai câu trả lời của một người, một điều kiện cần sẽ xuất hiện hoặc biến mất.
#
# ## Một mô hình cho mọi khách hàng?
#
# Đường dẫn cũng là con số trung bình: hai kiểu khách hàng có đường dẫn trái dấu sẽ triệt tiêu nhau. Trước hết hãy lấy những kiểu mà ta **đã biết**: có khách hàng trả trước, ngày nào cũng có thể bỏ đi, và có khách hàng ràng buộc bởi hợp đồng trả sau. *Đường
# dẫn nào hẳn phải khác nhau giữa họ, và theo chiều nào?* Hãy viết ra.
#
# Chỉ có thể so sánh đường dẫn giữa những thứ giống nhau, nên **MICOM** (Henseler và cộng sự, 2016) phải đi trước. Bước 1, cùng các biến quan sát và cùng thiết lập, là việc của chúng ta. Bước 2: trọng số của nhóm này có tạo ra cùng một điểm số như trọng số của
# nhóm kia không (tương quan *c*)? Bước 3: các điểm số có trung bình và phương sai bằng nhau không? Phần ngẫu nhiên được đánh giá bằng **hoán vị**: nhãn nhóm được chia lại cho các khách hàng rất nhiều lần, mỗi lần ước lượng lại tất cả.

# %%
kinds = survey.codebook.items["servicetype"].labels
alike = fit.micom("servicetype", 2000, seed=seed)
columns = {"construct": Column(say("Construct", "Khái niệm"))}
columns |= {"c": Column("c", "bounded", 3), "c_limit": Column(say("5% limit", "ngưỡng 5%"), "bounded", 3)}
columns |= {"c_pvalue": Column("p", "p"), "mean_difference": Column(say("difference", "chênh lệch"), "number")}
columns |= {"mean_pvalue": Column("p", "p"), "log_variance_ratio": Column(say("log ratio", "log tỷ số"), "number")}
columns["variance_pvalue"] = Column("p", "p")

# %%
names = {"en": ("Weights", "Mean", "Variance"), "vi": ("Trọng số", "Trung bình", "Phương sai")}[lang]
parts = (("c", "c_limit", "c_pvalue"), ("mean_difference", "mean_pvalue"), ("log_variance_ratio", "variance_pvalue"))
spanners = tuple(zip(names, parts, strict=True))
title = say("MICOM: contract against prepaid customers", "MICOM: thuê bao trả sau so với trả trước")
shown = alike.table.replace({"construct": named})
note = say("Difference and ratio: contract less prepaid.", "Chênh lệch và tỷ số: trả sau so với trả trước.")
report.add(Table(shown, columns, title, (note,), spanners=spanners), "micom")

# %% [markdown] en_hash="a5a12b9d2b"
# Nơi nào *c* thấp hơn ngưỡng, biến tổng hợp không giống nhau ở hai nhóm và không được so sánh đường dẫn của nó. Nơi nào không thấp hơn, ta mới chỉ *chưa thấy* khác biệt; ngưỡng cách xa 1 cho biết các nhóm quá nhỏ để thấy được nhiều. Chỉ nên so sánh trung
# bình khi bước 3 cũng không phản đối điều gì. Bây giờ đến các đường dẫn.

# %%
split = fit.groups("servicetype", 2000, seed=seed)
columns = {"source": Column(say("Cause", "Nguyên nhân"))}
for place, group in (("1", split.table["group_1"][0]), ("2", split.table["group_2"][0])):
    own = {one: f"{kinds[int(group)][one]} (n = {split.sizes[group]})" for one in ("en", "vi")}
    columns[f"estimate_{place}"] = Column(own, "bounded")
columns |= {"difference": Column(say("Difference", "Chênh lệch"), "number"), "pvalue": Column("p", "p")}
title = say("Paths of contract and prepaid customers", "Hệ số đường dẫn của thuê bao trả sau và trả trước")
note = say(f"{split.status['used']} permutations, two-sided.", f"{split.status['used']} hoán vị, hai phía.")
shown = split.table.replace({"source": named, "target": named})
report.add(Table(shown, columns, title, (note,), group="target"), "groups")

# %%
same = int((alike.table["c_pvalue"] >= 0.05).sum())
differ, least = int((split.table["pvalue"] < 0.05).sum()), split.table.loc[split.table["pvalue"].idxmin()]
arrow = {one: f"{named[least['source']][one]} → {named[least['target']][one]}" for one in ("en", "vi")}
p = number(least["pvalue"], 3, bounded=True)
report.finding(
    {
        "en": f"Contract and prepaid customers: {same} of {len(alike.table)} composites show no difference in their weights, and {differ} of {len(split.table)} paths differ at the 5% level. The smallest p is {p} ({arrow['en']}), one among {len(split.table)} tests.",
        "vi": f"Thuê bao trả sau và trả trước: {same} trên {len(alike.table)} biến tổng hợp không thấy khác biệt về trọng số, và {differ} trên {len(split.table)} đường dẫn khác nhau ở mức 5%. Giá trị p nhỏ nhất là {p} ({arrow['vi']}), một trong {len(split.table)} kiểm định.",
    }
)

# %% [markdown] en_hash="5fc29b6f25"
# *Không thấy khác biệt* chưa phải là *không khác biệt*: nhóm cỡ này chỉ cho thấy những khác biệt lớn, nên hãy in cả hai cột cùng cỡ của từng nhóm. Và biến tổng hợp có thể vượt qua kiểm định dù có câu hỏi mang nghĩa khác đối với một nhóm; sổ tay
# 14 hỏi điều đó ở chính những khách hàng này, với các nhân tố chung.
#
# Bây giờ đến những kiểu khách hàng **chưa ai đặt tên**. FIMIX-PLS (Hahn và cộng sự, 2002) hỏi liệu một hỗn hợp các phân khúc, mỗi phân khúc có đường dẫn riêng, có khớp với điểm số hơn không. Thêm phân khúc thì lúc nào cũng khớp hơn, nên các tiêu chuẩn
# tính phí cho mỗi phân khúc thêm vào: có tiêu chuẩn tính ít (AIC3), có tiêu chuẩn tính nhiều (CAIC). *Chúng có thống nhất với nhau không?*

# %%
mixture = cx.fimix(fit, range(1, 5), starts=10, seed=seed)
report.add(mixture, "segments")

# %%
chosen = {key: int(mixture.table.set_index("segments")[key].idxmin()) for key in ("aic3", "caic")}
report.finding(
    {
        "en": f"FIMIX-PLS, 1 to {mixture.table['segments'].max()} segments tried: the number with the smallest AIC3 is {chosen['aic3']}, with the smallest CAIC {chosen['caic']}.",
        "vi": f"FIMIX-PLS, đã thử từ 1 đến {mixture.table['segments'].max()} phân khúc: số phân khúc có AIC3 nhỏ nhất là {chosen['aic3']}, có CAIC nhỏ nhất là {chosen['caic']}.",
    }
)

# %% [markdown] en_hash="9abc3e591a"
# Khi AIC3 và CAIC cùng chọn một số, số đó đáng xem xét (Sarstedt và cộng sự, 2011); khi chúng không thống nhất, dữ liệu không có câu trả lời rõ ràng, và câu viết trung thực là nói đúng như vậy.
#
# **PLS-POS** (Becker và cộng sự, 2013) không hỏi điều gì khớp mà hỏi điều gì dự báo: nó chuyển khách hàng qua lại giữa các phân khúc, mỗi phân khúc có trọng số và đường dẫn riêng, chừng nào R² còn tăng. Nó *luôn luôn* tìm thấy phân khúc. Vì vậy hãy cho nó
# tìm cả trong những mẫu không có phân khúc nào, **mô phỏng** với cùng các tương quan: *ở đó R² sẽ tăng bao nhiêu?*

# %%
sought = cx.pls_pos(fit, 2, starts=1, chance=5, seed=seed)
sums = [number(one, 2) for one in (sought.objective_all, sought.objective, sought.chance.min(), sought.chance.max())]
report.finding(
    {
        "en": f"PLS-POS: two segments raise the sum of R² from {sums[0]} to {sums[1]}. In {len(sought.chance)} simulated samples without segments the same search reaches {sums[2]} to {sums[3]}.",
        "vi": f"PLS-POS: hai phân khúc nâng tổng R² từ {sums[0]} lên {sums[1]}. Trong {len(sought.chance)} mẫu mô phỏng không có phân khúc nào, cùng cách tìm ấy đạt từ {sums[2]} đến {sums[3]}.",
    }
)

# %% [markdown] en_hash="52df9c25cf"
# Mức tăng nằm trong phạm vi của ngẫu nhiên thì không phải là phân khúc, dù trông lớn đến đâu. Ngay cả một mức tăng rõ ràng cũng chỉ là khởi đầu: phân khúc nào không mô tả được bằng những gì ta biết về khách hàng thì cũng không thể phục vụ được.
# `mixture.solution(2).profile("servicetype")` và `sought.profile("servicetype")` tìm cách mô tả ấy.
#
# ## Tùy chọn: loại khoảng tin cậy có quan trọng không?
#
# Mọi khoảng tin cậy phía trên đều đơn giản là các phân vị của mẫu lặp. Các chương trình còn có những loại khác: **BC** và **BCa** hiệu chỉnh độ chệch và độ lệch của phân phối; khoảng **Student hóa** đo khoảng cách của mỗi mẫu lặp bằng sai số chuẩn của chính
# nó, tìm từ các mẫu lặp của mẫu lặp. Các chương trình cũng khác nhau ở cách xử lý **dấu**: trong một mẫu lặp, điểm số có thể bị đảo chiều, nên có chương trình xoay lại cả khái niệm, có chương trình xoay từng ước lượng không cùng dấu với mẫu gốc. *Hãy lấy tác
# động tổng có đầu khoảng gần số 0 nhất và trọng số gần số 0 nhất. Kết luận có phụ thuộc vào những lựa chọn ấy không?*

# %%
edge, faint = total.loc[total["ci_lower"].abs().idxmin()], weights.loc[weights["estimate"].abs().idxmin()]
effect = {one: f"{edge['label'][one]} → {named['loyalty'][one]}" for one in ("en", "vi")}
weight = say(f"Weight of {faint['target']}", f"Trọng số của {faint['target']}")
ask = {"ci": f"kind == 'total' and source == '{edge['construct']}' and target == 'loyalty'"}
ask["signs"] = f"kind == 'weight' and target == '{faint['target']}'"
choices = [
    (effect, "ci", "percentile", say("percentile", "phân vị")),
    (effect, "ci", "bc", say("BC", "BC")),
    (effect, "ci", "bca", say("BCa", "BCa")),
    (effect, "ci", "studentised", say("studentised", "Student hóa")),
    (weight, "signs", "none", say("signs as they come", "để nguyên dấu")),
    (weight, "signs", "construct", say("constructs turned as a whole", "xoay cả khái niệm")),
    (weight, "signs", "individual", say("each estimate turned", "xoay từng ước lượng")),
]

# %%
rows = []
for what, option, value, words in choices:
    one = fit.bootstrap(1000, seed=seed, **{option: value}).table.query(ask[option]).iloc[0]
    rows.append(
        {"what": what, "how": words, **one[["estimate", *ends]], "clear": one["ci_lower"] * one["ci_upper"] > 0}
    )
compared = pd.DataFrame(rows)
compared["clear"] = compared["clear"].map({True: say("no", "không"), False: say("yes", "có")})
columns = {"how": Column(say("Choice", "Lựa chọn")), "estimate": Column(say("Estimate", "Ước lượng"), "bounded", 3)}
columns["ci"] = Column(say("95% CI", "KTC 95%"), "interval", 3, parts=ends, bounded=True)
columns["clear"] = Column(say("covers zero", "chứa số 0"))
title = say("The same resamples, other intervals", "Cùng các mẫu lặp, khoảng tin cậy khác")
note = say("1,000 resamples; the same in all rows.", "1.000 mẫu lặp, giống nhau ở mọi dòng.")
report.add(Table(compared, columns, title, (note,), group="what"), "intervals")

# %%
over = [sum(one["what"] == what and not one["clear"] for one in rows) for what in (effect, weight)]
of = [sum(one["what"] == what for one in rows) for what in (effect, weight)]
report.finding(
    {
        "en": f"On the same resamples, {over[0]} of {of[0]} kinds of interval for {effect['en']} cover zero, and {over[1]} of {of[1]} ways with signs leave the weight of {faint['target']} covering zero.",
        "vi": f"Với cùng các mẫu lặp, {over[0]} trên {of[0]} loại khoảng tin cậy của {effect['vi']} chứa số 0; với trọng số của {faint['target']}, {over[1]} trên {of[1]} cách xử lý dấu cho khoảng chứa số 0.",
    }
)

# %% [markdown] en_hash="c63aa59b21"
# Một tác động mà kết luận phụ thuộc vào loại khoảng tin cậy là một tác động mà mẫu này không quyết định được; hãy nói như vậy, thay vì đi tìm loại khoảng quyết định hộ. Vì thế hãy chọn loại khoảng trước khi nhìn kết quả, và nêu tên nó. Về dấu: xoay cả khái
# niệm sửa được một lỗi thật nếu có, còn ở đây không làm đổi gì. Xoay *từng ước lượng* thì lấy những mẫu lặp lên tiếng cho dấu ngược lại và tính chúng cho dấu của mẫu gốc. Khi đó gần như khoảng nào cũng nằm hẳn về một phía của số 0, bất kể sự thật ra sao. Đừng bao
# giờ dùng cách ấy, và hãy hỏi chương trình của một bài báo cũ đã làm gì.
#
# ## Tùy chọn: khi nào sự hài lòng quan trọng hơn?
#
# Khảo sát có bốn câu về **rào cản chuyển đổi**: bỏ đi thì tốn kém đến đâu. *Ở nơi việc bỏ đi tốn kém, sự hài lòng dẫn đến lòng trung thành mạnh hơn hay yếu hơn?* **Biến điều tiết** được viết thành một tích, `satisfaction:switching`. Hệ số của tích cho biết
# hệ số của sự hài lòng thay đổi bao nhiêu khi rào cản chuyển đổi tăng một độ lệch chuẩn. **Độ dốc đơn** (Aiken & West, 1991) chính là hệ số ấy khi rào cản thấp, trung bình và cao.

# %%
switching = f"switching =~ {' + '.join(survey.codebook.items_of('switching'))}\n"
moderation = "loyalty ~ switching + satisfaction:switching\n"
moderated = cx.pls(text + switching + moderation, survey, missing="mean", consistent=False)
again = moderated.bootstrap(5000, seed=seed)
slopes = moderated.simple_slopes(bootstrap=again)

# %%
columns = {
    "level": Column(
        say("Switching barriers (SD from the mean)", "Rào cản chuyển đổi (số SD so với trung bình)"), "number", 0
    )
}
columns["slope"] = Column(say("Path from satisfaction", "Hệ số từ sự hài lòng"), "number")
columns["ci"] = Column(say("95% CI", "KTC 95%"), "interval", parts=ends)
title = say("Satisfaction → loyalty: simple slopes", "Sự hài lòng → lòng trung thành: độ dốc đơn")
report.add(Table(slopes.table, columns, title), "simple_slopes")

# %%
caption = say(
    "Expected loyalty by satisfaction, at three levels of switching barriers",
    "Lòng trung thành dự kiến theo sự hài lòng, ở ba mức rào cản chuyển đổi",
)
report.add(slopes.plot(lang), "simple_slopes_figure", caption)

# %%
product = again.of("path").query("source == 'satisfaction:switching'").iloc[0]
added = moderated.paths.set_index("source")["f2"]["satisfaction:switching"]
seen = [number(product[key], 2, bounded=True) for key in ("estimate", *ends)]
between = f"{seen[0]} [{seen[1]}{'; ' if lang == 'vi' else ', '}{seen[2]}]"
f2 = number(added, 3)
report.finding(
    {
        "en": f"The path from satisfaction to loyalty changes by {between} for one standard deviation more of switching barriers (f² = {f2}).",
        "vi": f"Khi rào cản chuyển đổi tăng một độ lệch chuẩn, hệ số từ sự hài lòng đến lòng trung thành thay đổi {between} (f² = {f2}).",
    }
)

# %% [markdown] en_hash="9743006aa7"
# Hãy nhìn hình hơn là nhìn hệ số: các đường gặp nhau ở đâu và tách nhau ở đâu? Khách hàng hài lòng thì đằng nào cũng nói sẽ ở lại; rào cản chỉ tạo khác biệt ở những người không hài lòng. Cách đọc ấy đáng có một nghiên cứu riêng, vì khoảng tin cậy rộng, f²
# nhỏ, và rào cản ở đây là rào cản *cảm nhận*, được hỏi trong cùng một khảo sát.
#
# ## Tùy chọn: danh tiếng như một khái niệm duy nhất
#
# Nhiều bài báo gộp năng lực và thiện cảm thành *danh tiếng*, một khái niệm làm từ các khái niệm (**bậc cao**). cxlab ước lượng các thành phần trước, rồi dùng điểm số của chúng làm biến quan sát của khái niệm gộp (cách hai giai đoạn tách rời, disjoint two-stage; Sarstedt và
# cộng sự, 2019). Mô hình trở nên ngắn gọn hơn. *Điều gì bị mất đi?*

# %%
whole = """
reputation <~ competence + likeability
reputation ~ quality + performance + responsibility + attractiveness
satisfaction ~ reputation
loyalty ~ reputation + satisfaction
"""
higher = cx.pls(blocks + whole, survey, missing="mean", consistent=False)
made = higher.bootstrap(2000, seed=seed).of("weight").query("source == 'reputation'")
made = made.assign(target=made["target"].map(named))
columns = {"target": Column(say("Part", "Thành phần")), "estimate": Column(say("Weight", "Trọng số"), "bounded")}
columns["ci"] = Column(say("95% CI", "KTC 95%"), "interval", parts=ends, bounded=True)
title = say("Weights of the parts of reputation", "Trọng số của các thành phần của danh tiếng")
report.add(Table(made, columns, title), "higher_order")

# %%
as_one = higher.paths.set_index(["source", "target"])["estimate"]["reputation", "loyalty"]
apart = fit.paths.query("target == 'loyalty'").set_index("source")["estimate"]
told_paths = [number(one, 2, bounded=True) for one in (as_one, apart["likeability"], apart["competence"])]
r2 = [number(one.r2.set_index("construct")["r2"]["loyalty"], 2, bounded=True) for one in (higher, fit)]
report.finding(
    {
        "en": f"As one thing, reputation has a path of {told_paths[0]} to loyalty; its parts have {told_paths[1]} (likeability) and {told_paths[2]} (competence). R² of loyalty is {r2[0]} with the whole and {r2[1]} with the parts.",
        "vi": f"Gộp làm một, danh tiếng có hệ số {told_paths[0]} đến lòng trung thành; các thành phần của nó có {told_paths[1]} (thiện cảm) và {told_paths[2]} (năng lực). R² của lòng trung thành là {r2[0]} với khái niệm gộp và {r2[1]} với các thành phần.",
    }
)

# %% [markdown] en_hash="6d304d23c2"
# Nơi nào R² gần như nhau, khái niệm gộp không làm mất điều gì mà R² có thể thấy. Nhưng nó che đi thành phần nào làm nên kết quả: câu hỏi mở đầu sổ tay này thậm chí không còn đặt ra được nữa. Hãy dùng khái niệm bậc cao khi lý thuyết nói về cái toàn thể, và báo cáo các
# thành phần bên cạnh. Sổ tay 07 lập một tổng gồm sáu thành phần và so nó với một *nhân tố* bậc hai. `higher_order=` còn có hai cách khác: biến quan sát lặp lại và hai giai đoạn lồng nhau (embedded two-stage).
#
# ## Tùy chọn: độ cong, và những gì bị bỏ sót
#
# Hai câu hỏi mà người phản biện bắt đầu đặt ra (Sarstedt và cộng sự, 2020). *Các đường dẫn có phải là đường thẳng không?* `fit.linearity` thêm bình phương của từng nguyên nhân: bình phương âm cho biết càng nhiều thì mỗi đơn vị thêm càng kém hiệu quả. *Có thể nào một điều không ai
# hỏi đến đang làm nguyên nhân và kết quả cùng thay đổi?* Khi đó hệ số ấy không phải là của một nguyên nhân. Nơi nào điểm số liên tục và không có phân phối chuẩn, **hạng tử copula Gauss** (Hult và cộng sự, 2018) có thể cho một dấu hiệu; ở những nơi khác nó không nói được gì. *Bạn nghi ngờ những đường dẫn nào?*

# %%
bends = fit.linearity(1000, seed=seed).table[["source", "target", "estimate", *ends]]
hidden = fit.endogeneity(1000, seed=seed).table.query("terms == 'one'")
hidden = hidden[["source", "target", "path", "corrected", "pvalue", "normal_pvalue", "stepped"]]
checks = bends.merge(hidden, on=["source", "target"])
silent = (checks["normal_pvalue"] >= 0.05) | checks["stepped"]
checks.loc[silent, ["corrected", "pvalue"]] = np.nan
names = {"en": ("Bend", "Copula term, and the path"), "vi": ("Độ cong", "Hạng tử copula và đường dẫn")}[lang]

# %%
columns = {
    "source": Column(say("Cause", "Nguyên nhân")),
    "estimate": Column(say("Square", "Bình phương"), "bounded", 3),
}
columns["ci"] = Column(say("95% CI", "KTC 95%"), "interval", 3, parts=ends, bounded=True)
columns |= {"pvalue": Column(say("p of the term", "p của hạng tử"), "p")}
columns |= {
    "path": Column(say("without", "khi không có"), "bounded"),
    "corrected": Column(say("with it", "khi có"), "bounded"),
}
spanners = tuple(zip(names, (("estimate", "ci"), ("pvalue", "path", "corrected")), strict=True))
title = say("Bends, and signs of something left out", "Độ cong, và dấu hiệu của điều bị bỏ sót")
note = say(
    "–: scores may be normal, or are one item's few answers: the term says nothing.",
    "–: điểm số có thể chuẩn, hoặc chỉ là vài mức trả lời của một câu hỏi: hạng tử không nói được gì.",
)
shown = checks.replace({"source": named, "target": named})
report.add(Table(shown, columns, title, (note,), group="target", spanners=spanners), "robustness")

# %%
curved = checks.query("ci_lower * ci_upper > 0")
left_out = checks.query("pvalue < 0.05")
arrows_of = {
    one: [", ".join(f"{named[row.source][one]} → {named[row.target][one]}" for row in part.itertuples()) for part in (curved, left_out)]
    for one in ("en", "vi")
}  # fmt: skip
report.finding(
    {
        "en": f"Of {len(checks)} paths, {len(curved)} bend (interval of the square clear of zero: {arrows_of['en'][0] or 'none'}). Of {int((~silent).sum())} whose scores allow a copula term, {len(left_out)} show a sign of something left out ({arrows_of['en'][1] or 'none'}; 5% level).",
        "vi": f"Trong {len(checks)} đường dẫn có {len(curved)} đường cong (khoảng của bình phương không chứa số 0: {arrows_of['vi'][0] or 'không có'}). Trong {int((~silent).sum())} đường mà điểm số cho phép dùng hạng tử copula, {len(left_out)} đường có dấu hiệu bỏ sót ({arrows_of['vi'][1] or 'không có'}; mức 5%).",
    }
)

# %% [markdown] en_hash="998be1a31c"
# Nhiều kiểm định như vậy ở mức 5% thì thế nào cũng có kiểm định tìm thấy điều gì đó do ngẫu nhiên; hãy đọc chúng như những câu hỏi. Độ cong nhỏ so với đường dẫn thì không làm đổi kết luận, độ cong lớn thì nên đưa vào mô hình (bình phương được viết là `loyalty ~ satisfaction:satisfaction`). Hệ số
# *có* hạng tử copula cũng không phải là hệ số thật: phương pháp giả định sai số có phân phối chuẩn và có lực kiểm định thấp ở mẫu cỡ này (Becker và cộng sự, 2022). Một dấu hiệu có nghĩa là: đừng gọi đường dẫn ấy là nguyên nhân, và hãy tìm điều đã bị bỏ sót. `fit.checklist()` liệt kê theo thứ tự mọi điều người phản biện có thể
# hỏi, cùng những gì còn bỏ ngỏ.
#
# ## Sai số làm gì với một đường dẫn
#
# Bây giờ hãy tạm rời những khách hàng này. Dưới đây là các mẫu **mô phỏng**, rút từ hai khái niệm, mỗi khái niệm ba biến quan sát. Bạn đặt hệ số đường dẫn thật (`path`), mức gắn kết giữa các biến của một khái niệm (`loading`) và số
# khách hàng trả lời (`n`). Bạn cũng chọn *thế giới* (`world`): ở thế giới này, hai **nhân tố chung** gây ra các câu trả lời; ở thế giới kia, các khái niệm **chính là** tổng của các câu trả lời. Ba phương
# pháp cùng thử sức: PLS, PLS nhất quán và mô hình nhân tố bằng hợp lý cực đại (trên những mẫu riêng, rút từ cùng thế giới). *Phương pháp nào đúng ở thế giới nào?*

# %%
from cxlab.estimate.pls import Design, estimate_weights, structure

worlds = [say("common factors", "nhân tố chung")[lang], say("composites", "biến tổng hợp")[lang]]
six = ["a1", "a2", "a3", "b1", "b2", "b3"]
drawn_paths = np.array([[False, True], [False, False]])
design = Design((3, 3), ("A", "A"), (True, True), drawn_paths)


def population(world, loading, path):
    shared = loading**2 if world == worlds[0] else (1 + 2 * loading**2) / 3
    same = np.kron(np.eye(2), np.ones((3, 3)))
    correlations = np.where(same == 1, loading**2, path * shared)
    np.fill_diagonal(correlations, 1.0)
    return pd.DataFrame(correlations, six, six)


# %%
def by_pls(truth, n, samples):
    draws = np.random.default_rng(seed).standard_normal((samples, n, 6)) @ np.linalg.cholesky(truth).T
    centred = draws - draws.mean(axis=1, keepdims=True)
    covariances = np.moveaxis(centred.transpose(0, 2, 1) @ centred, 0, -1)
    spread = np.sqrt(np.einsum("iir->ir", covariances))
    correlations = covariances / (spread[:, None] * spread[None])
    weighting = estimate_weights(correlations, design)
    corrected = structure(correlations, weighting, design)
    proper = {"PLS": weighting.converged, "PLSc": corrected.admissible}
    return {"PLS": weighting.correlations[0, 1], "PLSc": corrected.paths[0, 1]}, proper


def by_ml(truth, n, samples):
    factors = cx.cfa("A =~ a1 + a2 + a3; B =~ b1 + b2 + b3; A ~~ B", cx.Moments(truth, n), std_lv=True)
    drawn = factors.bootstrap(samples, seed=seed, kind="parametric")
    return drawn.replicates()["A~~B"], drawn.status["proper"] / samples


# %%
def three_methods(world, loading, path, n, samples=300):
    truth = population(world, loading, path)
    found, proper = by_pls(truth, n, samples)
    found["ML"], share = by_ml(truth, n, samples)
    proper = {key: np.mean(value) for key, value in proper.items()} | {"ML": share}
    rows = [(name, *np.nanquantile(one, [0.5, 0.05, 0.95]), 1 - proper[name]) for name, one in found.items()]
    return pd.DataFrame(rows, columns=["label", "estimate", "ci_lower", "ci_upper", "improper"])


# %%
def look(world, loading, path, n):
    samples = 100 if n * loading**4 > 5 else 50  # ML searches long where there is little to find
    table = three_methods(world, loading, path, n, samples)
    bad = [number(100 * share, 0) for share in table["improper"]]
    words = say("{}: {}% no proper solution", "{}: {}% không có nghiệm hợp lệ")[lang]
    table["label"] = [words.format(*one) for one in zip(table["label"], bad, strict=True)]
    axis = say("Path: median, and nine in ten samples", "Đường dẫn: trung vị, và chín phần mười số mẫu")
    setting = f"{world}, loading = {number(loading, 2)}, n = {n}"
    title = say(f"{samples} simulated samples: {setting}", f"{samples} mẫu mô phỏng: {setting}")
    line = {say("truth", "giá trị thật")[lang]: path}
    return interval_plot(table, reference=line, xlabel=axis, title=title, bounded=False, lang=lang)


# %%
cx.explore(
    look,
    live=reports is None,
    world=worlds,
    loading=(0.7, 0.5, 0.95, 0.05),
    path=(0.4, 0.2, 0.6, 0.05),
    n=(250, 50, 1000, 50),
)

# %% [markdown] en_hash="6805fde235"
# Các thanh chứa mọi mẫu cho ra được một con số, dù nghiệm hợp lệ hay không. Hãy thử theo thứ tự này.
#
# 1. Nhân tố chung, nhiều khách hàng: hạ `loading`. PLS trôi dần về 0, và không số lượng khách hàng nào kéo nó trở lại, vì sai số trong điểm số không phải chuyện cỡ mẫu. Hai phương pháp kia ở gần giá trị thật và trả giá bằng khoảng rộng hơn.
# 2. Giữ `loading` thấp và bớt khách hàng đi. Bây giờ PLS có vẻ *hồi phục*: trọng số của nó bắt đầu chạy theo nhiễu, và sai số này che sai số kia. PLS nhất quán, vì chia cho một độ tin cậy mà chính nó cũng chưa biết rõ, vượt xa
#    giá trị thật, và nhiều nghiệm của cả hai cách hiệu chỉnh không hợp lệ (tương quan hoặc hệ số tải vượt quá 1, phương sai âm, hoặc không có nghiệm). PLS không bao giờ nói ra điều đó.
# 3. Trở lại với nhiều khách hàng; đổi thế giới và không chạm vào gì khác. Bây giờ PLS đúng, còn hai cách hiệu chỉnh **đi quá đà**: chúng loại bỏ một sai số chưa từng tồn tại.
#
# Điều khó chịu là *các câu trả lời* không phân biệt được hai thế giới: khi các biến quan sát như nhau, biến tổng hợp với một đường dẫn có đúng những tương quan của các nhân tố chung với đường dẫn lớn hơn. Không chỉ số phù hợp nào quyết định được điều đó; chỉ ý nghĩa của khái niệm mới quyết định.
# (Ở thế giới thứ hai, `loading` là căn bậc hai của tương quan giữa hai biến quan sát cùng khái niệm.) Hai hình sau cho thấy cả hai thế giới trên mọi mức ấy.

# %%
path, n = 0.4, 250
grid = (0.5, 0.6, 0.7, 0.8, 0.9)
drawn = {world: pd.concat([three_methods(world, one, path, n).assign(x=one) for one in grid]) for world in worlds}


def over_loadings(world, across):
    up = say("Path", "Hệ số đường dẫn")
    return curve_plot(drawn[world], reference=path, xlabel=across, ylabel=up, bounded=False, lang=lang)


shown = number(path, 2)
caption = {
    "en": f"Simulated samples from common factors: true path {shown} (dashed), n = {n}; bands hold nine in ten samples",
    "vi": f"Mẫu mô phỏng từ nhân tố chung: đường dẫn thật {shown} (nét đứt), n = {n}; dải chứa chín phần mười số mẫu",
}
across = say("Loading of every item", "Hệ số tải của mỗi biến quan sát")
report.add(over_loadings(worlds[0], across), "bias_factors", caption, main=True)

# %%
caption = {
    "en": f"Simulated samples from composites: true path {shown} (dashed), n = {n}; bands hold nine in ten samples",
    "vi": f"Mẫu mô phỏng từ biến tổng hợp: đường dẫn thật {shown} (nét đứt), n = {n}; dải chứa chín phần mười số mẫu",
}
across = say("Root of the correlation of two items", "Căn bậc hai của tương quan giữa hai biến quan sát")
report.add(over_loadings(worlds[1], across), "bias_composites", caption)

# %%
bias = {world: drawn[world].query("x == 0.6").set_index("label")["estimate"] - path for world in worlds}
seen = [", ".join(f"{name} {number(one, 2)}" for name, one in bias[world].items()) for world in worlds]
at = f"{number(0.6, 1)}, n = {n}"
report.finding(
    {
        "en": f"Simulated samples, true path {shown}, loading {at}: the median less the truth is {seen[0]} if the constructs are common factors; {seen[1]} if they are composites.",
        "vi": f"Mẫu mô phỏng, đường dẫn thật {shown}, hệ số tải {at}: trung vị lệch khỏi giá trị thật (ước lượng trừ giá trị thật): {seen[0]} nếu khái niệm là nhân tố chung; {seen[1]} nếu là biến tổng hợp.",
    }
)

# %% [markdown] en_hash="14d5b40f58"
# Hãy trở lại dự đoán thứ hai của bạn. Năng lực, thiện cảm và lòng trung thành có phải là những nhân tố chung thể hiện qua các biến của chúng không? Nếu phải, các đường dẫn của chúng cần được hiệu chỉnh. Hiệu
# chỉnh làm mọi *tương quan* lớn lên, nhưng **đường dẫn** trả lời một câu hỏi khác: một phán xét thêm được gì khi giữ cố định phán xét kia? Khi cả hai tiến lại gần nhau, phán xét này có thể mất phần mà phán xét kia
# được thêm. Vì thế một đường dẫn có thể lớn lên, nhỏ đi hoặc đổi dấu, và câu "sai số đo lường khiến PLS thận trọng" đúng khi có một nguyên nhân và sai khi có nhiều.

# %%
corrected = cx.pls(text, survey, missing="mean")
pairs = [("plain", boot), ("corrected", corrected.bootstrap(5000, seed=seed))]
own = [one.of("path")[["source", "target", "estimate", *ends]] for _, one in pairs]
moves = own[0].merge(own[1], on=["source", "target"], suffixes=("_plain", "_corrected"))
moves = moves.query("target in ['satisfaction', 'loyalty']")

# %%
columns = {"source": Column(say("Cause", "Nguyên nhân"))}
for key, _ in pairs:
    columns[f"estimate_{key}"] = Column(say("Path", "Hệ số"), "number")
    inside = tuple(f"{end}_{key}" for end in ends)
    columns[f"ci_{key}"] = Column(say("95% CI", "KTC 95%"), "interval", parts=inside)
spanners = (("PLS", ("estimate_plain", "ci_plain")), ("PLSc", ("estimate_corrected", "ci_corrected")))
title = say("Paths as scored and as corrected", "Hệ số đường dẫn trước và sau hiệu chỉnh")
shown = moves.replace({"source": named, "target": named})
bad = number(pairs[1][1].status["inadmissible"], 0)
note = say(f"PLSc: {bad} of 5,000 resamples inadmissible.", f"PLSc: {bad} trên 5.000 mẫu lặp không chấp nhận được.")
report.add(Table(shown, columns, title, (note,), group="target", spanners=spanners), "corrected")

# %%
before, after = moves["estimate_plain"], moves["estimate_corrected"]
turned = int((before * after < 0).sum())
larger = int(((after.abs() > before.abs()) & (before * after > 0)).sum())
report.finding(
    {
        "en": f"The {len(moves)} paths to satisfaction and loyalty, corrected for error: larger {larger}, smaller {len(moves) - larger - turned}, of the other sign {turned}.",
        "vi": f"Sau khi hiệu chỉnh sai số, trong {len(moves)} đường dẫn đến sự hài lòng và lòng trung thành, số lớn lên là {larger}, số nhỏ đi là {len(moves) - larger - turned}, số đổi dấu là {turned}.",
    }
)

# %% [markdown] en_hash="3ebf3a3dc1"
# ## Cùng câu hỏi trên dữ liệu thật: ECSI theo ba cách
#
# Sổ tay 08 đã thấy mô hình ECSI của khách hàng di động gặp rắc rối: có những khái niệm hầu như không phân biệt được. Đây là các đường dẫn của nó theo PLS, theo PLS nhất quán và theo hợp lý cực đại, với cùng một văn
# bản mô hình. *Bạn sẽ tin cột nào, khi chưa biết gì thêm?* **Hãy đọc theo từng dòng:** cùng những khách hàng, cùng một mũi tên, ba câu trả lời. Hiệu chỉnh sai số làm tương quan lớn lên, và những khái niệm vốn chỉ gần nhau trở thành gần như một. Khi đó các
# đường dẫn riêng của chúng có thể nhận hầu như bất cứ giá trị nào.


# %%
ecsi = report.data(cx.load_dataset("ecsi_mobile"))
measures = "\n".join(
    f"{construct} =~ {' + '.join(ecsi.codebook.items_of(construct))}" for construct in ecsi.codebook.constructs
)
causes = """
expectations ~ image
quality ~ expectations
value ~ expectations + quality
satisfaction ~ image + expectations + quality + value
complaints ~ satisfaction
loyalty ~ image + satisfaction + complaints
"""

# %%
plain = cx.pls(measures + causes, ecsi, consistent=False)
consistent = cx.pls(measures + causes, ecsi)
likely = cx.sem(measures + causes, ecsi)
factors = cx.cfa(measures, ecsi)

# %%
names = {key: own.label for key, own in ecsi.codebook.constructs.items()}
resampled = {"pls": plain.bootstrap(2000, seed=seed), "plsc": consistent.bootstrap(2000, seed=seed)}
beside = plain.paths[["source", "target"]].copy()
for key, one in resampled.items():
    own = one.of("path").set_index(["source", "target"]).loc[list(beside.itertuples(index=False, name=None))]
    beside[[f"{key}_{part}" for part in ("estimate", *ends)]] = own[["estimate", *ends]].to_numpy()
standardised = likely.estimates.query("op == '~'").set_index(["rhs", "lhs"])["std_all"]
sure = likely.estimates.query("op == '~' and ci_lower * ci_upper > 0")
beside["ml"] = standardised.loc[list(beside[["source", "target"]].itertuples(index=False, name=None))].to_numpy()

# %%
columns = {"source": Column(say("Cause", "Nguyên nhân"))}
for key in resampled:
    columns[f"{key}_estimate"] = Column(say("Path", "Hệ số"), "number")
    columns[f"{key}_ci"] = Column(say("95% CI", "KTC 95%"), "interval", parts=tuple(f"{key}_{end}" for end in ends))
columns["ml"] = Column(say("Path", "Hệ số"), "number")
spanners = (("PLS", ("pls_estimate", "pls_ci")), ("PLSc", ("plsc_estimate", "plsc_ci")), ("ML", ("ml",)))
title = say(
    "ECSI: one model, three estimators (standardised paths)", "ECSI: một mô hình, ba cách ước lượng (hệ số chuẩn hóa)"
)
shown = beside.replace({"source": names, "target": names})
note = say(
    f"PLS, PLSc: percentile intervals. ML: {len(sure)} of {len(shown)} paths have an interval clear of zero.",
    f"PLS, PLSc: khoảng phân vị. ML: {len(sure)} trên {len(shown)} đường dẫn có khoảng tin cậy không chứa số 0.",
)
report.add(Table(shown, columns, title, (note,), group="target", spanners=spanners), "ecsi_three_ways", main=True)


# %%
def alarm(correlations, paths, boot=None):
    values = np.asarray(correlations, dtype=float)
    found = {"smallest": np.linalg.eigvalsh(values)[0], "largest": np.abs(np.tril(values, -1)).max()}
    found["path"] = np.abs(paths).max() if len(paths) else np.nan
    return found | {"improper": boot.status["inadmissible"] / boot.status["used"] if boot else np.nan}


rows = [
    {"fit": "PLS", **alarm(plain.solved.correlations[:, :, 0], beside["pls_estimate"], resampled["pls"])},
    {"fit": "PLSc", **alarm(consistent.solved.correlations[:, :, 0], beside["plsc_estimate"], resampled["plsc"])},
    {"fit": say("ML, measurement alone", "ML, chỉ đo lường"), **alarm(factors.latent_cor, [])},
    {"fit": say("ML, with the paths", "ML, cùng các đường dẫn"), **alarm(likely.latent_cor, beside["ml"])},
]
signs = pd.DataFrame(rows)

# %%
columns = {"fit": Column(say("Estimator", "Cách ước lượng"))}
columns["smallest"] = Column(say("Smallest eigenvalue", "Trị riêng nhỏ nhất"), "number", 3)
columns["largest"] = Column(say("Largest correlation", "Tương quan lớn nhất"), "number", 3)
columns["path"] = Column(say("Largest path", "Hệ số lớn nhất"), "number")
columns["improper"] = Column(say("Resamples inadmissible", "Mẫu lặp không chấp nhận được"), "percent", 0)
title = say(
    "ECSI: do the correlations of the constructs fit together?", "ECSI: tương quan giữa các khái niệm có ăn khớp không?"
)
note = say(
    "Correlation and path in absolute size. An eigenvalue below zero: a sum of constructs with a negative variance.",
    "Tương quan và hệ số theo độ lớn tuyệt đối. Trị riêng âm: một tổng các khái niệm có phương sai âm.",
)
report.add(Table(signs, columns, title, (note,)), "ecsi_alarm", main=True)

# %%
report.finding(
    {
        "en": f"ECSI: consistent PLS has a smallest eigenvalue of {number(signs['smallest'][1], 3)} and {number(100 * signs['improper'][1], 0)}% inadmissible resamples, the measurement model by maximum likelihood {number(signs['smallest'][2], 3)}; traditional PLS shows nothing. The constructs cannot be told apart, whichever program prints the paths.",
        "vi": f"ECSI: PLS nhất quán có trị riêng nhỏ nhất {number(signs['smallest'][1], 3)} và {number(100 * signs['improper'][1], 0)}% mẫu lặp không chấp nhận được, mô hình đo lường bằng hợp lý cực đại là {number(signs['smallest'][2], 3)}; PLS truyền thống không cho thấy gì. Không phân biệt được các khái niệm này, dù chương trình nào in ra hệ số.",
    }
)

# %% [markdown] en_hash="f2c9fa2521"
# Các đường dẫn PLS thường trông ngăn nắp, khoảng tin cậy ngắn, dấu đúng như mong đợi. Đó không phải bằng chứng của sức khỏe. Điểm số đầy sai số *ít* giống nhau hơn những gì chúng đại diện, nên hồi quy giữa chúng
# êm ả; sự êm ả ấy là công của sai số. Nghiệm đã hiệu chỉnh loại bỏ sai số, và điều lộ ra là không thể có (trị riêng âm), hoặc có thể mà vô lý (đường dẫn vượt xa 1). Đọc cẩn thận thì cả ba nói cùng một điều: những
# khách hàng này không tách hình ảnh, chất lượng và sự hài lòng. **Chọn PLS vì SEM "chạy không được" là che đi phát hiện đó.**
#
# ## Vì sao hai chương trình cho số khác nhau
#
# Người phản biện tính lại và ra những con số khác. Thường thì cả hai đều đúng. Bảng sau nêu những lựa chọn mà các chương trình thực hiện trong im lặng, và mỗi lựa chọn làm kết quả thay đổi bao nhiêu trên dữ liệu điện thoại di động,
# tính ngay khi sổ tay chạy. seminr, cSEM và một số chương trình khác đại diện cho những chương trình có thể đọc mã nguồn hoặc kết quả; chương trình đóng thì không thể kiểm tra như vậy, và những dòng đó được đánh dấu.

# %%
differences = cx.pls_differences(lang)
report.add(differences, "programs_differ")

# %% [markdown] en_hash="d5844ba21b"
# Ít điều trong số này là lỗi; phần lớn là khác định nghĩa. Đa số không làm đổi kết luận chừng nào bạn dùng một chương trình từ đầu đến cuối; riêng việc mô hình dự báo từ đâu, và phải vượt chuẩn nào, thì có thể. Tất cả đều gây hại khi một
# con số được so với ngưỡng dành cho định nghĩa kia, hoặc với con số của chương trình khác. Vì vậy hãy nêu tên chương trình, phiên bản và lựa chọn.
#
# ## Khi nào không nên dùng PLS
#
# - **Để kiểm định một lý thuyết về các nhân tố chung.** Điểm số PLS chứa sai số và các đường dẫn bị chệch: về phía 0 khi có một nguyên nhân, về bất cứ phía nào khi có nhiều. Hãy dùng `cx.sem`, hoặc PLSc và các khoảng cách của nó.
# - **Vì mẫu nhỏ.** Mẫu nhỏ thì nói được ít, ai hỏi cũng vậy. PLS chạy được khi số dòng ít hơn số câu hỏi, nhưng đó không phải ưu điểm (Rönkkö & Evermann, 2013).
# - **Vì câu trả lời bị lệch.** Mô hình hiệp phương sai cũng có sai số chuẩn vững và bootstrap (sổ tay 04 và 08).
# - **Vì SEM cho nghiệm không thể có.** Đó chính là phát hiện.
#
# Hãy dùng PLS khi khái niệm *đúng là* biến tổng hợp (một chỉ số, một tập hợp hành động), khi cần dự báo cho khách hàng mới, hoặc đặt cạnh mô hình nhân tố để cho thấy kết luận không phụ thuộc vào cách ước lượng.
#
# ## Bài tập
#
# Hãy tự tay hiệu chỉnh một tương quan. Bây giờ coi năng lực và thiện cảm là nhân tố chung. *Điểm số* của chúng tương quan như `fit.fornell_larcker` cho biết, và độ tin cậy ρA có trong `fit.reliability`. **Nếu không có sai số,
# tương quan sẽ là bao nhiêu?** Đó là con số mà `cx.pls(..., consistent=True)` dùng.

# %%
my_answer = None

# %%
score_r = fit.fornell_larcker.loc["likeability", "competence"]
rho = fit.reliability.set_index("construct").loc[["competence", "likeability"]]
right = float(score_r / np.sqrt(rho["rho_a"].prod()))
wrong = [score_r / rho["rho_a"].prod(), *(score_r / np.sqrt(rho[key].prod()) for key in ("alpha", "rho_c"))]
hints = [
    say("Take the square root of the product.", "Hãy lấy căn bậc hai của tích hai độ tin cậy."),
    say("That is with alpha; PLS weights have ρA.", "Đó là tính với alpha; trọng số PLS cần ρA."),
    say("That is with ρC, which is too high for mode A.", "Đó là tính với ρC, vốn quá cao với chế độ A."),
]
slips = {hint[lang]: float(value) for hint, value in zip(hints, wrong, strict=True)}
cx.check_answer(my_answer, right, slips=slips)

# %% [markdown] en_hash="879fee9abc"
# ## Ba câu hỏi
#
# Hãy chọn câu trả lời trước khi mở. Mỗi câu cho biết vì sao đúng hoặc nhầm lẫn ở đâu.

# %%
small_weight = (
    say("A formative item has a weight near zero and a loading of .70. What now?", "Một biến cấu tạo có trọng số gần 0 và hệ số tải 0,70. Làm gì?"),
    [
        (say("Drop it: it is not significant.", "Bỏ đi: nó không có ý nghĩa thống kê."), False, say("Its content belongs to the construct. The weight only says that its neighbours tell the same.", "Nội dung của nó thuộc về khái niệm. Trọng số chỉ nói rằng các biến bên cạnh đã nói điều đó.")),
        (say("Keep it, and report weight and loading.", "Giữ lại, và báo cáo cả trọng số lẫn hệ số tải."), True, say("What it contributes alone is large; what it adds beyond the others is small.", "Riêng nó đóng góp nhiều; phần thêm ngoài các biến khác thì ít.")),
        (say("Change the block to =~.", "Đổi khối sang =~."), False, say("That changes what the construct is, to please a number.", "Như vậy là đổi bản chất của khái niệm để chiều theo một con số.")),
    ],
)  # fmt: skip

# %%
attenuated = (
    say("Ten times as many customers answer. What happens to the bias of PLS between two common factors?", "Số khách hàng trả lời tăng gấp mười. Độ chệch của PLS giữa hai nhân tố chung thay đổi thế nào?"),
    [
        (say("It vanishes.", "Nó biến mất."), False, say("Noise shrinks with n; error inside the scores does not. Go back to the sliders.", "Dao động giảm theo n; sai số bên trong điểm số thì không. Hãy quay lại các thanh trượt.")),
        (say("It stays, and the interval closes around the wrong number.", "Nó vẫn còn, và khoảng tin cậy khép lại quanh một con số sai."), True, say("More items, or better ones, would reduce it.", "Thêm biến quan sát, hoặc biến tốt hơn, mới làm nó giảm.")),
    ],
)  # fmt: skip
map_says = (
    say("A construct lies at the lower right of the importance-performance map. What does it show?", "Một khái niệm nằm ở góc dưới bên phải của bản đồ tầm quan trọng – mức thực hiện. Điều đó cho thấy gì?"),
    [
        (say("Improving it will raise loyalty.", "Cải thiện nó sẽ nâng lòng trung thành."), False, say("Only if the arrows are causes and the model is right; the survey cannot show that.", "Chỉ khi các mũi tên là nguyên nhân và mô hình đúng; khảo sát không chứng minh được điều đó.")),
        (say("In this model its total effect is large and its rating low: worth an experiment.", "Trong mô hình này, tác động tổng của nó lớn và điểm đánh giá thấp: đáng làm một thí nghiệm."), True, say("A map chooses the next question.", "Bản đồ giúp chọn câu hỏi tiếp theo.")),
    ],
)  # fmt: skip

# %%
cx.quiz(small_weight, attenuated, map_says)

# %% [markdown] en_hash="f95ec4ed7f"
# ## Điều cần nhớ
#
# - `<~` và `=~` là những khẳng định về thế giới. Hãy chọn theo ý nghĩa, rồi kiểm tra theo quy tắc của loại đó.
# - Đánh giá theo thứ tự: đo lường, cấu trúc, dự báo. In khoảng tin cậy ở mọi bước.
# - Một mô hình cho mọi khách hàng? Chỉ so sánh các nhóm sau MICOM; khi tìm phân khúc, hãy cho tìm cả ở nơi không có phân khúc nào.
# - Sai số trong điểm số làm dịch chuyển đường dẫn, và thêm khách hàng không giúp được gì. Hiệu chỉnh có ích với nhân tố chung và gây hại với biến tổng hợp.
# - Một nghiệm không thể có là một thông điệp. Cách ước lượng không gửi được thông điệp đó không vì thế mà lành mạnh hơn.
# - Nêu tên chương trình, phiên bản và định nghĩa.
#
# ## Một bài báo sẽ báo cáo gì
#
# Vì sao dùng PLS, và vì sao mỗi khối là cấu tạo hay phản ánh; xử lý câu trả lời khuyết thế nào, và việc đó làm kết quả khác đi bao nhiêu; sơ đồ trọng số, chế độ, chương trình và phiên bản; với khối phản ánh: hệ số tải, ρA, ρC, AVE và
# HTMT cùng khoảng tin cậy; với khối cấu tạo: phân tích trùng lặp, VIF và trọng số cùng khoảng tin cậy; đường dẫn và tác động gián tiếp riêng biệt với khoảng tin cậy, R², f² kèm định nghĩa; SRMR và kiểm định phù hợp chính xác; PLSpredict với số phần, số lần lặp và chuẩn so
# sánh, cùng CVPAT; số mẫu lặp, loại khoảng tin cậy, và bao nhiêu mẫu lặp không chấp nhận được; với các nhóm: MICOM trước kiểm định hoán vị. Câu dưới đây được viết từ kết quả.

# %%
better = int((prediction.table["rmse"] < prediction.table["rmse_lm"]).sum())
overall = prediction.cvpat.query("against == 'lm' and construct == ''").iloc[0]
t, gap = number(overall["t"], 2), number(overall["difference"], 3)
report.finding(
    {
        "en": f"PLS path model (path weighting, {boot.status['used']} percentile bootstrap resamples, n = {fit.n_obs}, SRMR {srmr}): out of sample it predicts {better} of {len(prediction.table)} items better than the linear benchmark (CVPAT: difference in loss {gap}, t = {t}).",
        "vi": f"Mô hình đường dẫn PLS (sơ đồ đường dẫn, {boot.status['used']} mẫu lặp bootstrap theo phân vị, n = {fit.n_obs}, SRMR {srmr}): ngoài mẫu, mô hình dự báo {better} trên {len(prediction.table)} biến tốt hơn chuẩn tuyến tính (CVPAT: chênh lệch tổn thất {gap}, t = {t}).",
    }
)

# %%
cx.provenance(survey, ecsi, seed=seed)
