# %% [markdown] en_hash="de973a884c"
# # Mô hình đường dẫn PLS: biến tổng hợp, dự báo, và sai số làm gì với một đường dẫn
#
# **Khoảng 60 phút.** Sau sổ tay này, bạn có thể
#
# 1. viết một mô hình đường dẫn có khối cấu tạo và khối phản ánh, và nói được mỗi khối khẳng định điều gì;
# 2. đánh giá mô hình theo thứ tự mà người phản biện chờ đợi, từ hệ số tải đến dự báo;
# 3. vẽ bản đồ tầm quan trọng – mức thực hiện, bổ sung những gì là *điều kiện cần*, và nói được bản đồ không hứa hẹn điều gì;
# 4. thấy sai số đo lường làm gì với một đường dẫn, khi nào việc hiệu chỉnh có ích và khi nào gây hại;
# 5. giải thích vì sao hai chương trình PLS in ra những con số khác nhau, và khi nào PLS là công cụ sai.

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
from cxlab.show import Column, Table, coefficient_plot, curve_plot, interval_plot


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

# %% [markdown] en_hash="da881baf0d"
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
# **Trước khi chạy bất cứ ô nào.** *Phán xét nào trong hai phán xét đó dẫn đến lòng trung thành? Và nếu loại bỏ được sai số, các đường dẫn giữa chúng sẽ lớn hơn hay nhỏ đi?* Hãy viết cả
# hai câu trả lời ra giấy.

# %%
survey = report.data(cx.load_dataset("corporate_reputation"))
text = """
quality        <~ qual_1 + qual_2 + qual_3 + qual_4 + qual_5 + qual_6 + qual_7 + qual_8
performance    <~ perf_1 + perf_2 + perf_3 + perf_4 + perf_5
responsibility <~ csor_1 + csor_2 + csor_3 + csor_4 + csor_5
attractiveness <~ attr_1 + attr_2 + attr_3
competence     =~ comp_1 + comp_2 + comp_3
likeability    =~ like_1 + like_2 + like_3
satisfaction   <~ cusa
loyalty        =~ cusl_1 + cusl_2 + cusl_3
competence + likeability ~ quality + performance + responsibility + attractiveness
satisfaction ~ competence + likeability
loyalty      ~ competence + likeability + satisfaction
"""

# %%
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
rows = f"n = {fit.n_obs}; n = {complete.n_obs}."
title = say("Two ways with missing answers", "Hai cách xử lý câu trả lời khuyết")
report.add(Table(both, columns, title, (rows,)), "missing")

# %% [markdown] en_hash="59ccac9e01"
# Không người đọc nào rút ra từ cột thứ hai một kết luận khác với cột thứ nhất, và câu đó nên có trong bài báo. Từ đây chúng ta giữ lựa chọn của giáo trình để bạn có thể so với sách.
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

# %% [markdown] en_hash="abe06ecebe"
# Thứ tự của ba hệ số không phải ngẫu nhiên. Alpha giả định mọi biến có vai trò như nhau; ρC lấy hệ số tải của chế độ A, vốn quá cao vì mỗi biến được tính tương quan với một điểm số chứa chính nó;
# ρA nằm giữa và là hệ số dành cho trọng số PLS. Biến tổng hợp không có con số nào, và như vậy là đúng: các biến của chúng không cần tương đồng.
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

# %% [markdown] en_hash="fbbd411d19"
# Biến quan sát nào có khoảng tin cậy chứa số 0 thì không thêm được gì *ngoài các biến khác*. Đó chưa phải lý do để bỏ: trong một khối cấu tạo, các biến định nghĩa khái niệm, và trọng số nhỏ có thể chỉ
# nói rằng biến bên cạnh đã kể câu chuyện đó rồi. Lời khuyên quen thuộc là nhìn hệ số tải, tức tương quan đơn với biến tổng hợp: hệ số tải cao thì giữ; cả hai đều thấp thì hãy hỏi khái niệm
# có còn nguyên nghĩa khi thiếu biến đó không (Hair và cộng sự, 2019). Một trọng số **âm** đi cùng hệ số tải dương đáng được nhìn lại: đó là tiếng nói của đa cộng tuyến, không phải của khách hàng.

# %%
zero = weights.query("ci_lower < 0 < ci_upper")["target"]
least = fit.loadings.set_index("item").loc[zero, "loading"].min()
report.finding(
    {
        "en": f"{len(zero)} of {len(weights)} formative items have weights whose interval covers zero ({', '.join(zero)}). All of them load at least {number(least, 2, bounded=True)}, so the blocks are left as they are.",
        "vi": f"{len(zero)} trên {len(weights)} biến cấu tạo có khoảng tin cậy của trọng số chứa số không ({', '.join(zero)}). Hệ số tải của chúng đều từ {number(least, 2)} trở lên, nên các khối được giữ nguyên.",
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
        "en": f"Likeability leads to loyalty (total effect {told('likeability')}), competence hardly does ({told('competence')}; 95% bootstrap intervals).",
        "vi": f"Thiện cảm dẫn đến lòng trung thành (tác động tổng {told('likeability')}), năng lực thì hầu như không ({told('competence')}; khoảng bootstrap 95%).",
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

# %% [markdown] en_hash="28902c01f5"
# Đếm số biến thắng và thua, như quy tắc kinh nghiệm vẫn làm, là coi hơn nhau một sợi tóc như hơn nhau một dặm. CVPAT (Liengaard và cộng sự, 2021) kiểm định chênh lệch trung bình trên các khách hàng. Hơn
# trung bình là mức thấp. Hơn chuẩn tuyến tính ở những khách hàng mới cho thấy: gom câu trả lời thành khái niệm, và xếp các khái niệm theo thứ tự, không làm mất điều gì quan trọng cho dự báo. Nó không nói
# rằng các mũi tên là nguyên nhân.
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

# %% [markdown] en_hash="fb6c631714"
# Hãy đọc cả hai cùng lúc. Vừa quan trọng *vừa* cần thiết: trước hết hãy nâng những khách hàng đang ở dưới mức. Cần thiết nhưng không quan trọng: giữ cho nó trên mức cần là đủ, thêm nữa chẳng được bao nhiêu. Thông báo nêu tên từng
# khách hàng mà một góc trống dựa vào; chỉ cần đọc sai câu trả lời của một người, một điều kiện cần sẽ xuất hiện hoặc biến mất.
#
# ## Một mô hình cho mọi khách hàng?
#
# Đường dẫn cũng là con số trung bình: hai kiểu khách hàng có đường dẫn trái dấu sẽ triệt tiêu nhau. **FIMIX-PLS** (Hahn và cộng sự, 2002) hỏi liệu một hỗn hợp các phân khúc, mỗi phân khúc có đường dẫn riêng, có khớp với điểm số
# hơn không. Thêm phân khúc thì lúc nào cũng khớp hơn, nên các tiêu chuẩn tính phí cho mỗi phân khúc thêm vào: có tiêu chuẩn tính ít (AIC3), có tiêu chuẩn tính nhiều (CAIC).

# %%
mixture = cx.fimix(fit, range(1, 5), starts=10, seed=seed)
report.add(mixture, "segments")

# %% [markdown] en_hash="323fcf39e7"
# Khi AIC3 và CAIC cùng chọn một số, số đó đáng xem xét (Sarstedt và cộng sự, 2011); khi chúng không thống nhất, dữ liệu không có câu trả lời rõ ràng, và câu viết trung thực là nói đúng như vậy. Ngay cả một câu trả lời rõ ràng cũng chỉ là
# khởi đầu: phân khúc nào không mô tả được bằng những gì ta biết về khách hàng thì cũng không thể phục vụ được. `mixture.solution(2).profile(...)` tìm cách mô tả ấy; sổ tay 14 đi tiếp từ đây.
#
# ## Sai số làm gì với một đường dẫn
#
# Bây giờ hãy tạm rời những khách hàng này. Dưới đây là các mẫu **mô phỏng**, rút từ hai khái niệm, mỗi khái niệm ba biến quan sát. Bạn đặt hệ số đường dẫn thật (`path`), chất lượng đo của các biến (`loading`) và số
# khách hàng trả lời (`n`). Bạn cũng chọn *thế giới* (`world`): ở thế giới này, hai **nhân tố chung** gây ra các câu trả lời; ở thế giới kia, các khái niệm **chính là** tổng có trọng số của các câu trả lời. Ba phương
# pháp cùng thử sức: PLS, PLS nhất quán và mô hình nhân tố bằng hợp lý cực đại. *Phương pháp nào đúng ở thế giới nào?*

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
def three_methods(world, loading, path, n, reps=300):
    truth = population(world, loading, path)
    draws = np.random.default_rng(seed).standard_normal((reps, n, 6)) @ np.linalg.cholesky(truth).T
    centred = draws - draws.mean(axis=1, keepdims=True)
    covariances = np.moveaxis(centred.transpose(0, 2, 1) @ centred, 0, -1)
    spread = np.sqrt(np.einsum("iir->ir", covariances))
    correlations = covariances / (spread[:, None] * spread[None])
    weighting = estimate_weights(correlations, design)
    factors = cx.cfa("A =~ a1 + a2 + a3; B =~ b1 + b2 + b3; A ~~ B", cx.Moments(truth, n), std_lv=True)
    ml = factors.bootstrap(reps, seed=seed, kind="parametric").replicates()["A~~B"]
    found = {"PLS": weighting.correlations[0, 1], "PLSc": structure(correlations, weighting, design).paths[0, 1]}
    rows = [(name, *np.nanquantile(one, [0.5, 0.05, 0.95])) for name, one in {**found, "ML": ml}.items()]
    return pd.DataFrame(rows, columns=["label", "estimate", "ci_lower", "ci_upper"])


# %%
def look(world, loading, path, n):
    table = three_methods(world, loading, path, n)
    axis = say(
        "Estimated path: median, and where nine in ten samples fall",
        "Đường dẫn ước lượng: trung vị, và nơi chín phần mười số mẫu rơi vào",
    )
    title = say(
        f"Simulated: {world}, loadings {loading:.2f}, n = {n}",
        f"Mô phỏng: {world}, hệ số tải {number(loading, 2)}, n = {n}",
    )
    line = {say("truth", "giá trị thật")[lang]: path}
    return interval_plot(table, reference=line, xlabel=axis, title=title, lang=lang)


# %%
cx.explore(
    look,
    live=reports is None,
    world=worlds,
    loading=(0.7, 0.5, 0.95, 0.05),
    path=(0.4, 0.0, 0.6, 0.05),
    n=(250, 50, 1000, 50),
)

# %% [markdown] en_hash="3fa77ab298"
# Hãy thử theo thứ tự này. Với nhân tố chung, hãy hạ hệ số tải: PLS trôi dần về 0, và không số lượng khách hàng nào kéo nó trở lại, vì sai số trong điểm số không phải chuyện cỡ mẫu. Hai phương pháp kia ở sát
# giá trị thật và trả giá bằng khoảng rộng hơn. Rồi đổi thế giới và không chạm vào gì khác. Bây giờ PLS đúng, còn hai cách hiệu chỉnh **đi quá đà**: chúng loại bỏ một sai số chưa từng tồn tại. Hai hình sau cho
# thấy cả hai thế giới trên mọi mức hệ số tải.

# %%
path, n = 0.4, 250


def over_loadings(world):
    grid = [three_methods(world, loading, path, n).assign(x=loading) for loading in (0.5, 0.6, 0.7, 0.8, 0.9)]
    across, up = say("Loading of every item", "Hệ số tải của mỗi biến quan sát"), say("Path", "Hệ số đường dẫn")
    return curve_plot(pd.concat(grid), reference=path, xlabel=across, ylabel=up, lang=lang)


shown = number(path, 2, bounded=True)
caption = {
    "en": f"Simulated samples from common factors: true path {shown} (dashed), n = {n}; bands hold nine in ten samples",
    "vi": f"Mẫu mô phỏng từ nhân tố chung: đường dẫn thật {shown} (nét đứt), n = {n}; dải chứa chín phần mười số mẫu",
}
report.add(over_loadings(worlds[0]), "bias_factors", caption, main=True)

# %%
caption = {
    "en": f"Simulated samples from composites: true path {shown} (dashed), n = {n}; bands hold nine in ten samples",
    "vi": f"Mẫu mô phỏng từ biến tổng hợp: đường dẫn thật {shown} (nét đứt), n = {n}; dải chứa chín phần mười số mẫu",
}
report.add(over_loadings(worlds[1]), "bias_composites", caption)

# %% [markdown] en_hash="14d5b40f58"
# Hãy trở lại dự đoán thứ hai của bạn. Năng lực, thiện cảm và lòng trung thành có phải là những nhân tố chung thể hiện qua các biến của chúng không? Nếu phải, các đường dẫn của chúng cần được hiệu chỉnh. Hiệu
# chỉnh làm mọi *tương quan* lớn lên, nhưng **đường dẫn** trả lời một câu hỏi khác: một phán xét thêm được gì khi giữ cố định phán xét kia? Khi cả hai tiến lại gần nhau, phán xét này có thể mất phần mà phán xét kia
# được thêm. Vì thế một đường dẫn có thể lớn lên, nhỏ đi hoặc đổi dấu, và câu "sai số đo lường khiến PLS thận trọng" đúng khi có một nguyên nhân và sai khi có nhiều.

# %%
corrected = cx.pls(text, survey, missing="mean")
moves = fit.paths.assign(corrected=corrected.paths["estimate"]).query("target in ['satisfaction', 'loyalty']")
columns = {"source": Column(say("Cause", "Nguyên nhân"))}
columns |= {"estimate": Column("PLS", "bounded"), "corrected": Column("PLSc", "bounded")}
title = say(
    "Paths to satisfaction and loyalty, as scored and corrected",
    "Đường dẫn đến sự hài lòng và lòng trung thành, trước và sau hiệu chỉnh",
)
shown = moves.replace({"source": named, "target": named})
report.add(Table(shown, columns, title, group="target"), "corrected")

# %% [markdown] en_hash="0d8241ee53"
# ## Cùng câu hỏi trên dữ liệu thật: ECSI theo ba cách
#
# Sổ tay 08 đã thấy mô hình ECSI của khách hàng di động gặp rắc rối: có những khái niệm hầu như không phân biệt được. Đây là các đường dẫn của nó theo PLS, theo PLS nhất quán và theo hợp lý cực đại, với cùng một văn
# bản mô hình. **Hãy đọc theo từng dòng:** cùng những khách hàng, cùng một mũi tên, ba câu trả lời. Hiệu chỉnh sai số làm tương quan lớn lên, và những khái niệm vốn chỉ gần nhau trở thành gần như một. Khi đó các
# đường dẫn riêng của chúng có thể nhận hầu như bất cứ giá trị nào.


# %%
ecsi = report.data(cx.load_dataset("ecsi_mobile"))
measures = "\n".join(
    f"{construct} =~ {' + '.join(ecsi.codebook.items_of(construct))}" for construct in ecsi.codebook.constructs
)
arrows = """
expectations ~ image
quality ~ expectations
value ~ expectations + quality
satisfaction ~ image + expectations + quality + value
complaints ~ satisfaction
loyalty ~ image + satisfaction + complaints
"""

# %%
plain = cx.pls(measures + arrows, ecsi, consistent=False)
consistent = cx.pls(measures + arrows, ecsi)
likely = cx.sem(measures + arrows, ecsi)
factors = cx.cfa(measures, ecsi)

# %%
names = {key: own.label for key, own in ecsi.codebook.constructs.items()}
resampled = {"pls": plain.bootstrap(2000, seed=seed), "plsc": consistent.bootstrap(2000, seed=seed)}
beside = plain.paths[["source", "target"]].copy()
for key, one in resampled.items():
    own = one.of("path").set_index(["source", "target"]).loc[list(beside.itertuples(index=False, name=None))]
    beside[[f"{key}_{part}" for part in ("estimate", *ends)]] = own[["estimate", *ends]].to_numpy()
standardised = likely.estimates.query("op == '~'").set_index(["rhs", "lhs"])["std_all"]
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
report.add(Table(shown, columns, title, group="target", spanners=spanners), "ecsi_three_ways", main=True)


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
    "In absolute size. An eigenvalue below zero: a sum of constructs with a negative variance.",
    "Theo độ lớn tuyệt đối. Trị riêng âm: một tổng các khái niệm có phương sai âm.",
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

# %% [markdown] en_hash="4f8c951e84"
# Ít điều trong số này là lỗi; phần lớn là khác định nghĩa. Đa số không làm đổi kết luận chừng nào bạn dùng một chương trình từ đầu đến cuối; riêng việc mô hình dự báo từ đâu, và phải vượt chuẩn nào, thì có thể. Tất cả đều gây hại khi một
# con số được so với ngưỡng dành cho định nghĩa kia, hoặc với con số của chương trình khác. Vì vậy hãy nêu tên chương trình, phiên bản và lựa chọn.
#
# ## Khi nào không nên dùng PLS
#
# - **Để kiểm định một lý thuyết về các nhân tố chung.** Điểm số PLS chứa sai số và các đường dẫn bị chệch: về phía 0 khi có một nguyên nhân, về bất cứ phía nào khi có nhiều. Hãy dùng `cx.sem`, hoặc PLSc và các khoảng cách của nó.
# - **Vì mẫu nhỏ.** Mẫu nhỏ thì nói được ít, ai hỏi cũng vậy. PLS chạy được khi số dòng ít hơn số câu hỏi, nhưng đó không phải ưu điểm (Rönkkö & Evermann, 2013).
# - **Vì câu trả lời bị lệch.** Mô hình hiệp phương sai cũng có sai số chuẩn vững và bootstrap (sổ tay 08).
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

# %% [markdown] en_hash="412650a1c0"
# ## Điều cần nhớ
#
# - `<~` và `=~` là những khẳng định về thế giới. Hãy chọn theo ý nghĩa, rồi kiểm tra theo quy tắc của loại đó.
# - Đánh giá theo thứ tự: đo lường, cấu trúc, dự báo. In khoảng tin cậy ở mọi bước.
# - Sai số trong điểm số làm dịch chuyển đường dẫn, và thêm khách hàng không giúp được gì. Hiệu chỉnh có ích với nhân tố chung và gây hại với biến tổng hợp.
# - Một nghiệm không thể có là một thông điệp. Cách ước lượng không gửi được thông điệp đó không vì thế mà lành mạnh hơn.
# - Nêu tên chương trình, phiên bản và định nghĩa.
#
# ## Một bài báo sẽ báo cáo gì
#
# Vì sao dùng PLS, và vì sao mỗi khối là cấu tạo hay phản ánh; xử lý câu trả lời khuyết thế nào, và việc đó không làm kết quả khác đi; sơ đồ trọng số, chế độ, chương trình và phiên bản; với khối phản ánh: hệ số tải, ρA, ρC, AVE và
# HTMT cùng khoảng tin cậy; với khối cấu tạo: phân tích trùng lặp, VIF và trọng số cùng khoảng tin cậy; đường dẫn và tác động gián tiếp riêng biệt với khoảng tin cậy, R², f² kèm định nghĩa; SRMR và kiểm định phù hợp chính xác; PLSpredict với số phần, số lần lặp và chuẩn so
# sánh, cùng CVPAT; số mẫu lặp, loại khoảng tin cậy, và bao nhiêu mẫu lặp không chấp nhận được. Câu dưới đây được viết từ kết quả.

# %%
better = int((prediction.table["rmse"] < prediction.table["rmse_lm"]).sum())
overall = prediction.cvpat.query("against == 'lm' and construct == ''").iloc[0]
t, gap = number(overall["t"], 2), number(overall["difference"], 3)
srmr = number(fit.fit_measures["srmr"][0], 3, bounded=True)
report.finding(
    {
        "en": f"PLS path model (path weighting, {boot.status['used']} percentile bootstrap resamples, n = {fit.n_obs}, SRMR {srmr}): out of sample it predicts {better} of {len(prediction.table)} items better than the linear benchmark (CVPAT: difference in loss {gap}, t = {t}).",
        "vi": f"Mô hình đường dẫn PLS (sơ đồ đường dẫn, {boot.status['used']} mẫu lặp bootstrap theo phân vị, n = {fit.n_obs}, SRMR {srmr}): ngoài mẫu, mô hình dự báo {better} trên {len(prediction.table)} biến tốt hơn chuẩn tuyến tính (CVPAT: chênh lệch tổn thất {gap}, t = {t}).",
    }
)

# %%
cx.provenance(survey, ecsi, seed=seed)
