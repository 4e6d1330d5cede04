# %% [markdown] en_hash="db850c44aa"
# # Năm mô-đun của Schmitt, và các khung khác gọi chúng là gì
#
# **Khoảng 45 phút.** Sau sổ tay này, bạn có thể
#
# 1. nói được cảm giác, cảm nhận, suy nghĩ, hành động và liên hệ nghĩa là gì, và khía cạnh nào của Brakus, yếu tố nào của Gentile tương ứng với chúng;
# 2. kiểm tra sự tương ứng đó thay vì tin vào nó: phân tích nhân tố chung cho hai bảng hỏi, và tương quan chính tắc như góc nhìn thứ hai;
# 3. quyết định số nhân tố khi các tiêu chí không thống nhất;
# 4. giải thích thái độ, sự hài lòng và truyền miệng bằng các mô-đun, theo hồi quy và theo mô hình cấu trúc, và nói được vì sao hai kết quả khác nhau;
# 5. nhận ra rằng một mô hình có độ phù hợp tốt vẫn có thể thiếu đường dẫn quan trọng nhất.

# %% tags=["parameters"]
seed = 20261122
lang = "vi"
reports = None

# %%
import cxlab as cx
from cxlab.i18n import format_number as number

cx.use_language(lang)
report = cx.Report("06_schmitt_five_modules", folder=reports, lang=lang)
report.question(
    {
        "en": "Do customers tell Schmitt's five modules apart, do other frameworks measure the same under other names, and which modules carry attitude, satisfaction and word of mouth?",
        "vi": "Khách hàng có phân biệt năm mô-đun của Schmitt không, các khung lý thuyết khác có đo cùng những điều đó dưới tên gọi khác không, và mô-đun nào tác động đến thái độ, sự hài lòng và truyền miệng?",
    }
)

# %% [markdown] en_hash="cac13492ad"
# ## Lý thuyết
#
# Schmitt (1999) hỏi rằng ngoài tính năng và lợi ích, tiếp thị có thể mang lại gì cho khách hàng, và trả lời bằng năm *mô-đun trải nghiệm chiến lược*: trải nghiệm của giác
# quan, của cảm xúc, của suy nghĩ, của hành động và lối sống, và của sự gắn kết với người khác. Mỗi mô-đun là một loại trải nghiệm mà doanh nghiệp có thể thiết kế. Mười năm
# sau, Brakus, Schmitt và Zarantonello (2009) biến ý tưởng đó thành thang đo *trải nghiệm thương hiệu* với bốn khía cạnh. Ở giữa hai mốc ấy, Gentile, Spiller và Noci (2007)
# đã nêu sáu yếu tố. Đây là ba lý thuyết, hay một lý thuyết với ba bộ từ vựng? Các bảng dưới đây lấy từ tệp lý thuyết của công cụ này, và cột cuối cho biết dựa vào đâu.

# %%
schmitt, brakus, gentile = (cx.framework(name) for name in ("schmitt", "brakus", "gentile"))
modules, dimensions, components = (list(one.constructs["construct"]) for one in (schmitt, brakus, gentile))
caption = {"en": "Schmitt's five experiential modules", "vi": "Năm mô-đun trải nghiệm của Schmitt"}
report.add(schmitt.plot(lang), "modules", caption)

# %%
report.add(brakus.table(lang), "brand_experience")

# %%
report.add(cx.theory_table("crosswalk"), "crosswalk", main=True)

# %% [markdown] en_hash="0d32a71561"
# Bảng đối chiếu cho biết từ nào của khung này ứng với từ nào của khung kia. Ai đó đã lập bảng bằng cách so sánh các định nghĩa, và cột tình trạng thừa nhận rằng bảng ghi
# theo trí nhớ, chưa tra lại. Hãy coi đó là một **giả thuyết về nội dung**. Nếu bảng đúng, câu trả lời cho các câu "cảm giác" của bảng hỏi này và các câu "giác quan" của
# bảng hỏi kia phải đi cùng nhau như thể cùng một thang đo.
#
# Các câu hỏi cũng có tình trạng của chúng. Cả hai thang đo đã công bố thuộc về tác giả. Những gì bạn thấy là lời diễn giải, phần lớn theo trí nhớ: đủ để học, không đủ để
# công bố. Khi khảo sát thật, hãy xin phép và nhập nguyên văn bằng `with_wording(path)`.

# %%
report.add(schmitt.table(lang, of="items"), "items_schmitt")

# %%
report.add(brakus.table(lang, of="items"), "items_brakus")

# %% [markdown] en_hash="a5d268626c"
# **Trước khi chạy bất cứ ô nào**, hãy viết ra hai dự đoán. Khảo sát dưới đây hỏi cùng những người đó về các mô-đun của Schmitt, về trải nghiệm thương hiệu và về các yếu tố
# của Gentile. *Trong năm mô-đun của Schmitt, mô-đun nào không có khía cạnh tương ứng trong trải nghiệm thương hiệu? Trong sáu yếu tố của Gentile, yếu tố nào tương ứng yếu
# nhất với các mô-đun?* Và dự đoán thứ ba, để dành cho phần sau: mô-đun nào sẽ không tác động gì đến cách khách đánh giá quán?
#
# ## Một khảo sát mô phỏng có khiếm khuyết
#
# Khách của chuỗi cà phê này là **mô phỏng**. Có người đã ghi ra hệ số tải và tác động thật, rút ngẫu nhiên các câu trả lời, rồi thêm vào những gì khảo sát thật vẫn có:
# người trả lời cẩu thả, câu trả lời bị khuyết, một xu hướng chung ở các câu hỏi đảo chiều. Giá trị thật được niêm phong đến cuối bài.

# %%
survey = report.data(cx.load_dataset("schmitt_five"))
screened = survey.screen(attention=True, min_seconds="2/item", longstring=10)
caption = {
    "en": "Rules for careless answers and whom they flag (simulated data)",
    "vi": "Các quy tắc phát hiện câu trả lời cẩu thả và số người bị đánh dấu (dữ liệu mô phỏng)",
}
report.add(screened.apa_flags(lang), "flags", caption)

# %%
clean = screened.exclude("attention", "min_seconds").reverse_scored()
clean

# %% [markdown] en_hash="e0afae1fde"
# Chúng ta loại những người trả lời sai câu kiểm tra chú ý hoặc nhanh hơn hai giây mỗi câu, một quy tắc nêu ra trước mọi kết quả. Riêng chuỗi trả lời giống nhau không phải
# là lý do để loại, vì ba bảng hỏi liền nhau cũng khiến người cẩn thận dễ trả lời như vậy. Quyết định này có khôn ngoan không, khi mở niêm phong sẽ biết: với dữ liệu mô
# phỏng, ta tra được ai đã trả lời cẩu thả.
#
# Tiếp theo là độ tin cậy của mọi thang đo sẽ dùng. Ba câu hỏi, trong đó có một câu đảo chiều, ít khi đạt 0,80; hai câu thì hầu như không bao giờ. Hãy nhớ cột này: điểm
# thang đo kém tin cậy **che** các mối liên hệ, và che mối này nhiều hơn mối kia.

# %%
outcomes = ["attitude", "satisfaction", "word_of_mouth"]
scales = {name: clean.constructs[name] for name in [*modules, *dimensions, *components, *outcomes]}
reliability = cx.reliability(clean, scales)
caption = {"en": "Reliability of the scales (simulated data)", "vi": "Độ tin cậy của các thang đo (dữ liệu mô phỏng)"}
report.add(reliability.apa(lang), "reliability", caption)

# %% [markdown] en_hash="298340aa82"
# ## Trang trình chiếu mà các công ty tư vấn hay dùng
#
# Biểu đồ radar với năm mô-đun cho từng chi nhánh là trang trình chiếu quen thuộc. Nó vẽ năm con số thành một hình và bỏ qua việc mỗi con số được biết chắc đến đâu, nên hai
# đa giác nào trông cũng khác nhau. Dưới đây là cùng thông tin đó dưới dạng điểm kèm khoảng tin cậy 95%, cho ba thành phố không có thật của khảo sát mô phỏng. Hãy đọc theo
# từng dòng: nơi các khoảng chồng lên nhau nhiều thì không có thứ hạng nào để báo cáo. Mà mười lăm khoảng là mười lăm cơ hội tìm thấy điều gì đó do may rủi, nên một khoảng
# cách lẻ loi cũng chưa phải là phát hiện.

# %%
from cxlab.show import coefficient_plot, interval_plot

names = {key: construct.label[lang] for key, construct in clean.codebook.constructs.items()}
scores = clean.scores()
cities = clean.data["city"].map({code: word[lang] for code, word in clean.codebook.items["city"].labels.items()})
means = scores[modules].groupby(cities).agg(["mean", "sem"]).stack(level=0, future_stack=True).reset_index()
means.columns = ["model", "construct", "estimate", "sem"]
means = means.assign(
    label=means["construct"].map(names),
    ci_lower=means["estimate"] - 1.96 * means["sem"],
    ci_upper=means["estimate"] + 1.96 * means["sem"],
)
caption = {"en": "Module scores by city (simulated data)", "vi": "Điểm mô-đun theo thành phố (dữ liệu mô phỏng)"}
report.add(interval_plot(means, bounded=False, xlabel="show.mean", lang=lang), "cities", caption)

# %% [markdown] en_hash="e8b4c30a0a"
# ## Câu trả lời trên thang bảy điểm có phải là con số?
#
# Tương quan của các điểm được đánh dấu bị thấp đi khi phần lớn người trả lời dồn về một đầu thang: không còn chỗ để khác nhau. Tương quan **polychoric** hỏi một điều khác:
# hai cảm nhận có phân phối chuẩn phải tương quan mạnh đến đâu thì mới sinh ra bảng chéo như vậy. Câu hỏi càng lệch, hai tương quan càng cách xa nhau. Bảng dưới đây so sánh
# chúng trong từng thang đo của khảo sát mô phỏng. Hãy xem mức tăng đi cùng với điều gì. Với bảy điểm và độ lệch cỡ này, mức tăng vừa phải và gần như nhau ở mọi thang, nên
# chúng ta tiếp tục dùng Pearson; với năm điểm và khách hàng hài lòng thì thường không như vậy. Để chắc chắn, hãy thêm `correlation="polychoric"` vào phân tích nhân tố bên
# dưới rồi so sánh.

# %%
import numpy as np
import pandas as pd

asked = [item for name in [*modules, *outcomes] for item in clean.constructs[name]]
latent = cx.polychoric(clean, asked, missing="pairwise").correlations
ticked = clean.data[asked].corr()
skew = cx.describe(clean, asked).table.set_index("item")["skewness"].abs()
rows = []
for name in [*modules, *outcomes]:
    items = clean.constructs[name]
    pairs = np.triu_indices(len(items), k=1)
    pearson, polychoric = (matrix.loc[items, items].to_numpy()[pairs].mean() for matrix in (ticked, latent))
    rows.append((names[name], skew[items].mean(), pearson, polychoric, polychoric / pearson - 1))

# %%
from cxlab.show import Column, Table

columns = {
    "scale": Column({"en": "Scale", "vi": "Thang đo"}),
    "skew": Column({"en": "Mean |skewness|", "vi": "|Độ lệch| trung bình"}, "number"),
    "pearson": Column({"en": "Mean r, Pearson", "vi": "r trung bình, Pearson"}, "bounded"),
    "polychoric": Column({"en": "Mean r, polychoric", "vi": "r trung bình, polychoric"}, "bounded"),
    "gain": Column({"en": "Gain", "vi": "Mức tăng"}, "percent", digits=0),
}
caption = {
    "en": "Pearson against polychoric correlations within each scale (simulated data)",
    "vi": "Tương quan Pearson và polychoric trong từng thang đo (dữ liệu mô phỏng)",
}
report.add(Table(pd.DataFrame(rows, columns=list(columns)), columns, caption), "polychoric")

# %% [markdown] en_hash="4141ae0172"
# ## Một bản đồ cho hai bảng hỏi
#
# Hãy đưa câu hỏi của cả hai khung đã công bố vào cùng một phân tích nhân tố khám phá. Phân tích này không biết câu nào của ai. Nếu bảng đối chiếu đúng, một mô-đun và khía
# cạnh tương ứng sẽ có chung một nhân tố; mô-đun không có khía cạnh tương ứng sẽ đứng riêng. Trước hết là bài kiểm tra đầu vào: hệ số Kaiser-Meyer-Olkin (KMO) hỏi các biến
# có đủ điểm chung không, kiểm định Bartlett hỏi chúng có điểm chung nào không. Phần trải nghiệm thương hiệu có câu trả lời bị khuyết, nên chúng ta dùng mọi cặp câu trả lời
# hiện có; bỏ hết các dòng không đầy đủ sẽ mất nhiều người.

# %%
both = [*modules, *dimensions]
adequacy = cx.factorability(clean, items=both, missing="pairwise")
lowest = number(float(adequacy.table["kmo"].min()), 2, bounded=True)
report.finding(
    {
        "en": f"The items of both questionnaires suit a factor analysis: KMO {number(adequacy.kmo, 2, bounded=True)}, lowest for a single item {lowest} (simulated data).",
        "vi": f"Các câu hỏi của hai bảng hỏi phù hợp để phân tích nhân tố: KMO {number(adequacy.kmo, 2, bounded=True)}, thấp nhất ở một câu {lowest} (dữ liệu mô phỏng).",
    }
)

# %% [markdown] en_hash="b0471a3402"
# Bao nhiêu nhân tố? Phân tích song song (Horn, 1965) giữ lại những nhân tố có giá trị riêng vượt mức mà dữ liệu ngẫu nhiên cùng cỡ cho ra. Biểu đồ scree vẽ cả hai đường;
# tương quan riêng phần bình quân nhỏ nhất (MAP) dừng lại khi loại thêm thành phần không còn làm sạch phần còn lại. **Các tiêu chí không nhất thiết thống nhất**, và ở đây
# bạn sẽ thấy vì sao: với hàng trăm người trả lời, cả những điều có hệ thống rất nhỏ cũng vượt mức ngẫu nhiên, chẳng hạn một số câu được diễn đạt theo chiều ngược lại. Một
# nhân tố có thể có thật mà vẫn không phải là một trải nghiệm.

# %%
parallel = cx.parallel_analysis(clean, seed=seed, items=both, missing="pairwise")
caption = {
    "en": "Scree and parallel analysis of both questionnaires (simulated data)",
    "vi": "Biểu đồ scree và phân tích song song của hai bảng hỏi (dữ liệu mô phỏng)",
}
report.add(parallel.plot(lang=lang), "scree", caption)

# %%
report.finding(
    {
        "en": f"In the simulated survey parallel analysis finds {parallel.n_factors} factors and {parallel.n_components} components above chance, the minimum average partial {parallel.n_map}; theory says {len(modules)}.",
        "vi": f"Trong khảo sát mô phỏng, phân tích song song cho {parallel.n_factors} nhân tố và {parallel.n_components} thành phần vượt mức ngẫu nhiên, tương quan riêng phần bình quân nhỏ nhất (MAP) cho {parallel.n_map}; lý thuyết nói {len(modules)}.",
    }
)

# %% [markdown] en_hash="b4a83b00de"
# Tiêu chí đề xuất; ý nghĩa quyết định. Chúng ta lấy số nhân tố bằng số mô-đun, vì đó là giả thuyết cần kiểm tra, rồi xem thêm các nghiệm lân cận. Phép xoay là oblimin, cho
# phép các nhân tố tương quan; các loại trải nghiệm vốn tương quan với nhau. Trong hình, câu hỏi đảo chiều đã được đổi chiều, nên hệ số tải dương có cùng ý nghĩa ở mọi câu.
# Tên bắt đầu bằng `x` là câu hỏi của Schmitt, bắt đầu bằng `b` là trải nghiệm thương hiệu. Hãy đọc từng cột từ trên xuống và hỏi xem những câu nào ở chung.

# %%
joint = cx.efa(clean, len(modules), items=both, missing="pairwise")
caption = {
    "en": "Joint factor analysis of Schmitt's modules and brand experience, pattern of loadings (simulated data; reversed items turned)",
    "vi": "Phân tích nhân tố chung cho các mô-đun của Schmitt và trải nghiệm thương hiệu, bảng hệ số tải (dữ liệu mô phỏng; câu hỏi đảo chiều đã đổi chiều)",
}
report.add(joint.plot(lang), "joint_factors", caption, main=True)

# %%
home = joint.loadings.abs().idxmax(axis="columns")
lives = {name: home[clean.constructs[name]].mode()[0] for name in both}
links = schmitt.links.query("related_framework == 'brakus'")
met = [(row.construct, row.related_construct) for row in links.itertuples()]
met = [(one, other) for one, other in met if lives[one] == lives[other]]
alone = [name for name in modules if lives[name] not in {lives[other] for other in dimensions}]
together = "; ".join(f"{names[one]} – {names[other]}" for one, other in met)
lonely = ", ".join(names[name] for name in alone)
report.finding(
    {
        "en": f"{len(met)} of the {len(links)} pairs of the crosswalk share a factor in the simulated survey ({together}); without a partner in brand experience: {lonely}.",
        "vi": f"{len(met)} trong {len(links)} cặp của bảng đối chiếu có chung một nhân tố trong khảo sát mô phỏng ({together}); không có khía cạnh tương ứng trong trải nghiệm thương hiệu: {lonely}.",
    }
)

# %% [markdown] en_hash="6392ac1ed5"
# Dự đoán đầu tiên của bạn có đúng không? Bây giờ hãy thay đổi số nhân tố và phép xoay. Khi quá ít nhân tố, một nhân tố yếu bị nhân tố mạnh bên cạnh nuốt mất; khi quá
# nhiều, xuất hiện một nhân tố mà chủ yếu các câu đảo chiều tải lên, dù chúng hỏi về điều gì. Hãy thử *varimax*, phép xoay không cho các nhân tố tương quan: những chỗ vốn
# bằng 0 trở thành mỗi thứ một ít. Còn *none* (không xoay) cho thấy vì sao không ai đọc nhân tố chưa xoay: nhân tố đầu là "quán tốt", các nhân tố sau là những sự khác biệt.


# %%
def pattern(factors, rotation):
    return cx.efa(clean, factors, items=both, rotation=rotation, missing="pairwise").plot(lang)


rotations = ["oblimin", "varimax", "promax", "none"]
cx.explore(pattern, live=reports is None, factors=(len(modules) + 1, 2, 8, 1), rotation=rotations)

# %% [markdown] en_hash="1adb23d58f"
# ## Góc nhìn thứ hai: tương quan chính tắc
#
# Phân tích nhân tố nhìn vào từng câu hỏi. Tương quan chính tắc (Hotelling, 1936) nhìn vào hai *bộ* điểm thang đo: nó tìm tổng có trọng số của các mô-đun và tổng có trọng
# số của các khía cạnh tương quan với nhau mạnh nhất, rồi cặp tiếp theo không tương quan với cặp đầu, và cứ thế tiếp tục. Cặp đầu hầu như luôn là cặp chung chung; điều đáng
# quan tâm là có bao nhiêu cặp và các cặp sau đối lập điều gì với điều gì. Hình dưới cho tương quan của từng điểm thang đo với các tổng này; trên đầu mỗi cột là tương quan
# của cặp đó.

# %%
from statsmodels.multivariate.cancorr import CanCorr

from cxlab.show.loadings import loadings_heatmap

answers = scores[both].dropna()
pairs = CanCorr(answers[modules], answers[dimensions])


def with_sums(side, weights):
    sums = answers[side].to_numpy() @ weights
    return pd.DataFrame({k: answers[side].corrwith(pd.Series(one, answers.index)) for k, one in enumerate(sums.T)})


structure = pd.concat([with_sums(modules, pairs.y_cancoef), with_sums(dimensions, pairs.x_cancoef)])
structure = (structure * np.sign(structure.sum())).rename(index=names)

# %%
structure.columns = [number(float(r), 2, bounded=True) for r in pairs.cancorr]
caption = {
    "en": "Canonical correlations of modules and brand experience (above the columns), and correlations of the scores with each pair (simulated data)",
    "vi": "Tương quan chính tắc giữa các mô-đun và trải nghiệm thương hiệu (trên đầu cột), và tương quan của từng điểm thang đo với mỗi cặp (dữ liệu mô phỏng)",
}
report.add(loadings_heatmap(structure, lang=lang), "canonical", caption)

# %% [markdown] en_hash="d61f71d93a"
# Các cặp chính tắc là những hỗn hợp, mà hỗn hợp thì khó đặt tên. Một câu hỏi giản dị hơn có thể hữu ích hơn: **khung kia dự báo được bao nhiêu phần của mỗi điểm thang
# đo?** Đó là bình phương tương quan bội, ở đây tính theo cả hai chiều và cho cả các yếu tố của Gentile, kèm khoảng tin cậy bootstrap. Mô-đun nào được khung kia phản ánh
# thì có phần lớn; mô-đun mà khung kia không có từ nào để gọi thì có phần nhỏ. Các phần này thấp hơn 1 nhiều ngay cả khi hai khái niệm là một, vì mỗi điểm thang đo mang sai
# số đo lường riêng.


# %%
def share(data, targets, others):
    r = data.corr()
    return (r.loc[others, targets] * np.linalg.solve(r.loc[others, others], r.loc[others, targets])).sum()


def shares(targets, others, block):
    data, draw = scores[targets + others].dropna(), np.random.default_rng(seed)
    again = pd.DataFrame(
        [share(data.sample(frac=1, replace=True, random_state=draw), targets, others) for _ in range(300)]
    )
    columns = {"estimate": share(data, targets, others), "construct": targets, "label": [names[t] for t in targets]}
    ends = {"ci_lower": again.quantile(0.025), "ci_upper": again.quantile(0.975), "block": block[lang]}
    return pd.DataFrame(columns | ends)


# %%
from_brand = {"en": "Modules, predicted by brand experience", "vi": "Mô-đun, dự báo từ trải nghiệm thương hiệu"}
from_gentile = {"en": "Modules, predicted by Gentile's components", "vi": "Mô-đun, dự báo từ các yếu tố của Gentile"}
to_gentile = {"en": "Gentile's components, predicted by the modules", "vi": "Các yếu tố của Gentile, dự báo từ mô-đun"}
brand = shares(modules, dimensions, from_brand)
covered = [brand, shares(modules, components, from_gentile), shares(components, modules, to_gentile)]
caption = {
    "en": "Share of each score that the other framework predicts, 95% bootstrap intervals (simulated data)",
    "vi": "Phần phương sai của mỗi điểm thang đo mà khung lý thuyết kia dự báo được, khoảng tin cậy bootstrap 95% (dữ liệu mô phỏng)",
}
figure = interval_plot(
    pd.concat(covered), xlabel={"en": "Share of variance (R²)", "vi": "Phần phương sai (R²)"}, lang=lang
)
report.add(figure, "coverage", caption, main=True)

# %%
least = [one.loc[one["estimate"].idxmin()] for one in covered]
told = [f"{row['label']} ({number(row['estimate'], 2, bounded=True)})" for row in least]
report.finding(
    {
        "en": f"Least covered in the simulated survey: by brand experience the module {told[0]}; by Gentile's components the module {told[1]}; and of Gentile's components, by the modules, {told[2]}.",
        "vi": f"Được phản ánh ít nhất trong khảo sát mô phỏng: mô-đun {told[0]} trong trải nghiệm thương hiệu; mô-đun {told[1]} trong các yếu tố của Gentile; và trong số các yếu tố của Gentile, {told[2]} là yếu tố các mô-đun phản ánh ít nhất.",
    }
)

# %% [markdown] en_hash="b02488e713"
# ## Kiểm định điều đã nêu: các mô hình khẳng định
#
# Phân tích khám phá thì đi tìm; phân tích khẳng định được cho biết trước mỗi câu hỏi thuộc về đâu, và có thể sai. Với các mô-đun, chúng ta nêu năm nhân tố có tương quan.
# Câu trả lời bị khuyết được dùng như hiện có (hợp lý cực đại với thông tin đầy đủ), sai số chuẩn vững trước câu trả lời lệch. Một bài báo về trải nghiệm thương hiệu còn
# phải trình bày các mô hình cạnh tranh: đó là một đánh giá chung, là hai mặt (giác quan và cảm xúc, đối lại trí óc và cơ thể; cách chia do chúng tôi đặt ra để so sánh),
# hay là bốn khía cạnh như các tác giả khẳng định? Mỗi mô hình cạnh tranh chính là mô hình bốn khía cạnh với một số tương quan được đặt bằng 1, nên có thể so sánh các khi
# bình phương.

# %%
options = {"estimator": "MLR", "missing": "fiml"}
five = cx.cfa(schmitt.model(), clean, **options)
caption = {"en": "Five modules: loadings (simulated data)", "vi": "Năm mô-đun: hệ số tải (dữ liệu mô phỏng)"}
report.add(five.apa(lang, kind="loadings"), "five_modules", caption)

# %%
report.add(cx.htmt(clean, modules), "htmt")

# %%
sides = {"senses_feelings": ("sensory", "affective"), "mind_body": ("behavioural", "intellectual")}
wording = {name: " + ".join(clean.constructs[name]) for name in [*dimensions, *outcomes]}
one_factor = "brand_experience =~ " + " + ".join(wording[name] for name in dimensions)
two_factors = "\n".join(f"{side} =~ {wording[left]} + {wording[right]}" for side, (left, right) in sides.items())
rivals = [cx.cfa(text, clean, **options) for text in (one_factor, two_factors, brakus.model())]
called = {"en": ["one factor", "two factors", "four factors"], "vi": ["một nhân tố", "hai nhân tố", "bốn nhân tố"]}
caption = {
    "en": "Rival structures of brand experience (simulated data)",
    "vi": "Các cấu trúc cạnh tranh của trải nghiệm thương hiệu (dữ liệu mô phỏng)",
}
report.add(cx.compare(*rivals, names=called[lang]).apa(lang), "brand_experience_rivals", caption)

# %%
cfi = [number(fit.fit_measures["cfi_robust"], 3, bounded=True) for fit in (five, *rivals)]
report.finding(
    {
        "en": f"Five correlated modules reproduce the simulated answers (robust CFI {cfi[0]}). For brand experience the CFI is {cfi[1]} with one factor, {cfi[2]} with two, {cfi[3]} with four.",
        "vi": f"Năm mô-đun có tương quan tái tạo được câu trả lời mô phỏng (CFI hiệu chỉnh {cfi[0]}). Với trải nghiệm thương hiệu, CFI là {cfi[1]} khi có một nhân tố, {cfi[2]} khi có hai, {cfi[3]} khi có bốn.",
    }
)

# %% [markdown] en_hash="28906ff182"
# Chỉ số phù hợp là tổng của nhiều chỗ không khớp; bảng tiếp theo xem những chỗ lớn nhất. *Chỉ số hiệu chỉnh* (modification indices) cho biết chi bình phương sẽ giảm bao
# nhiêu nếu thả tự do thêm một tham số. `xsen1 ~~ xact1` đọc là "điều hai câu hỏi này có chung ngoài nhân tố của chúng". Hãy nhìn số thứ tự của các câu: đó là những câu
# nào, và chúng giống nhau ở điểm gì? Những nhân tố dôi ra trong phân tích song song và các phần dư này là một chuyện. Đừng thả tự do lần lượt từng tham số để chiều lòng
# chỉ số; hãy viết câu đảo chiều tốt hơn, hoặc nói rõ rằng có ảnh hưởng của cách diễn đạt.

# %%
residual = five.modification_indices().query("op == '~~'").head(5)[["lhs", "op", "rhs", "mi", "sepc_all"]]
residual.reset_index(drop=True).round(2)

# %%
items = survey.codebook.items
worded = sum(items[row.lhs].reversed and items[row.rhs].reversed for row in residual.itertuples())
report.finding(
    {
        "en": f"Of the {len(residual)} largest residual correlations of the modules' model, {worded} join two reversed items: a matter of wording, not of experience.",
        "vi": f"Trong {len(residual)} tương quan phần dư lớn nhất của mô hình các mô-đun, {worded} nối hai câu hỏi đảo chiều: chuyện cách diễn đạt, không phải chuyện trải nghiệm.",
    }
)

# %% [markdown] en_hash="6b2a2b1cfa"
# ## Từ mô-đun đến kết quả: một câu hỏi, hai phương pháp
#
# Mỗi mô-đun tác động gì đến thái độ, sự hài lòng và truyền miệng, khi các mô-đun khác giữ nguyên? Hãy hỏi hai lần. **Hồi quy** dùng điểm trung bình như thể đó chính là
# điều cần đo. **Mô hình cấu trúc** thay vào đó các mô-đun và kết quả tiềm ẩn, và hỏi đúng câu ấy: cả năm mô-đun lên từng kết quả, không có gì ở giữa. Còn một khác biệt
# nữa: khách mới đến không được hỏi về truyền miệng. Hồi quy bỏ họ ra; thông tin đầy đủ giữ lại những gì họ đã trả lời. **Trước khi chạy:** hai phương pháp sẽ khác nhau ở
# chỗ mọi hệ số đều nhỏ đi, hay theo cách khác?

# %%
right = " + ".join(modules)
asked = [f"{name} =~ {wording[name]}\n{name} ~ {right}" for name in outcomes]
question = "\n".join([schmitt.model(), *asked])
total = cx.sem(question, clean, **options)
regressions = {name: cx.regress(f"{name} ~ {right}", clean) for name in outcomes}
report.add(regressions["word_of_mouth"], "regression_word_of_mouth")

# %%
by_sem = (
    total.standardized().query("op == '~'").rename(columns={"lhs": "outcome", "rhs": "module", "est_std": "estimate"})
)
by_scores = pd.concat([fit.table.dropna(subset="beta").assign(outcome=name) for name, fit in regressions.items()])
unit = by_scores["beta"] / by_scores["b"]
by_scores = by_scores.assign(
    estimate=by_scores["beta"], ci_lower=by_scores["ci_lower"] * unit, ci_upper=by_scores["ci_upper"] * unit
).rename(columns={"term": "module"})
method = {"en": ["structural model", "regression"], "vi": ["mô hình cấu trúc", "hồi quy"]}[lang]
effects = pd.concat([by_sem.assign(model=method[0]), by_scores.assign(model=method[1])], ignore_index=True)
effects = effects.assign(label=effects["module"].map(names), block=effects["outcome"].map(names))
effects = effects[["outcome", "module", "model", "block", "label", "estimate", "ci_lower", "ci_upper"]]
effects["order"] = effects["outcome"].map(outcomes.index) * len(modules) + effects["module"].map(modules.index)

# %%
caption = {
    "en": "Total standardised effects of the modules by two methods, 95% intervals (simulated data)",
    "vi": "Tác động tổng chuẩn hóa của các mô-đun theo hai phương pháp, khoảng tin cậy 95% (dữ liệu mô phỏng)",
}
xlabel = {"en": "Standardised coefficient", "vi": "Hệ số chuẩn hóa"}
figure = coefficient_plot(effects.sort_values("order", kind="stable"), xlabel=xlabel, lang=lang)
report.add(figure, "two_methods", caption, main=True)

# %% [markdown] en_hash="0de239e68c"
# Sai số đo lường làm hai việc với hồi quy. Nó **thu nhỏ** tác động của một điểm thang đo kém tin cậy, và nó **chuyển** tác động sang các biến tương quan: phần của một
# mô-đun mà điểm của chính nó không nắm được sẽ do điểm của những mô-đun đi cùng nhận lấy. Vì vậy các hệ số không chỉ đơn giản là nhỏ đi. Hệ số mạnh thì nhỏ lại, một số hệ
# số yếu lại lớn lên, có khi vượt ngưỡng ý nghĩa thống kê. Mô hình cấu trúc sửa cả hai, với cái giá là khoảng tin cậy rộng hơn và phải tin vào phần đo lường của nó. Nếu hai
# phương pháp thống nhất, một câu là đủ; nếu chúng khác nhau, hãy báo cáo cả hai và giải thích sự khác biệt bằng độ tin cậy.

# %%
wide = effects.pivot(index=["outcome", "module"], columns="model", values="estimate")[method]
reach = effects.assign(width=effects["ci_upper"] - effects["ci_lower"]).pivot_table("width", columns="model")[method]
strong = wide[wide[method[0]].abs() >= 0.2].abs()
kept = 100 * strong[method[1]].sum() / strong[method[0]].sum()
spread = [number(float(reach.loc["width", name]), 2, bounded=True) for name in method]
report.finding(
    {
        "en": f"Of the effects that the structural model puts at .20 or more, regression on mean scores shows {kept:.0f}% in the simulated survey; its intervals are narrower (mean width {spread[1]} against {spread[0]}).",
        "vi": f"Với những tác động mà mô hình cấu trúc ước lượng từ 0,20 trở lên, hồi quy trên điểm trung bình chỉ cho thấy {kept:.0f}% trong khảo sát mô phỏng; khoảng tin cậy của hồi quy hẹp hơn (độ rộng trung bình {spread[1]} so với {spread[0]}).",
    }
)

# %% [markdown] en_hash="47966adcde"
# ## Mô hình theo đúng khung lý thuyết
#
# Tác động tổng không cho biết một mô-đun tác động *bằng cách nào*. Mô hình của khung có các giả thuyết: các mô-đun tạo ra thái độ và sự hài lòng, còn sự hài lòng khiến
# người ta truyền miệng. `schmitt.model(outcomes=...)` viết mô hình này, mỗi giả thuyết một lời chú. Dưới đây là các dòng cấu trúc; sau đó hãy đọc độ phù hợp theo các quy
# tắc quen thuộc. **Trước khi nhìn bảng thứ hai:** bạn có công bố mô hình này không?

# %%
text = schmitt.model(outcomes=outcomes)
drawn = cx.sem(text, clean, **options)
print("\n".join(line for line in text.splitlines() if " ~ " in line))
caption = {
    "en": "Fit of the model as drawn (simulated data)",
    "vi": "Độ phù hợp của mô hình theo đúng khung lý thuyết (dữ liệu mô phỏng)",
}
report.add(drawn.apa(lang, kind="fit"), "fit_as_drawn", caption)

# %%
missed = drawn.modification_indices().query("op == '~'")[["lhs", "op", "rhs", "mi", "epc", "sepc_all"]]
missed.head(4).reset_index(drop=True).round(2)

# %% [markdown] en_hash="c0394f8c37"
# Các quy tắc kinh nghiệm đều hài lòng, vậy mà dòng đầu tiên đòi hỏi rất rõ một đường dẫn mà ai biết lĩnh vực này cũng sẽ vẽ: thái độ đối với quán nuôi dưỡng sự hài lòng
# với quán. Một mô hình lớn với phần đo lường tốt làm loãng một khẳng định cấu trúc sai giữa hàng trăm khẳng định đúng. Còn hai điều nữa. Chỉ số này không cho biết chiều:
# đường dẫn ngược lại cũng phù hợp gần như thế. Và những gì mô hình không cho đi qua thái độ, nó ghi công trực tiếp cho các mô-đun. Chúng ta thêm đường dẫn mà lý thuyết ủng
# hộ, và từ danh sách thêm một đường nữa mà lý thuyết có thể bênh vực: sự gắn kết với người khác khiến người ta truyền miệng. **Cả hai đều là quyết định đưa ra sau khi đã
# xem dữ liệu.**

# %%
chain = cx.sem(text + "\nsatisfaction ~ attitude\nword_of_mouth ~ relate\n", clean, **options)
caption = {
    "en": "Fit with the two paths (simulated data)",
    "vi": "Độ phù hợp khi thêm hai đường dẫn (dữ liệu mô phỏng)",
}
report.add(chain.apa(lang, kind="fit"), "fit_two_paths", caption)

# %%
caption = {"en": "The chain as estimated (simulated data)", "vi": "Chuỗi tác động ước lượng được (dữ liệu mô phỏng)"}
report.add(chain.plot(lang=lang), "chain", caption, main=True)


# %%
def direct(fit, cause, effect):
    row = fit.standardized().query("lhs == @effect and op == '~' and rhs == @cause").iloc[0]
    ends = " – ".join(number(float(row[end]), 2, bounded=True) for end in ("ci_lower", "ci_upper"))
    return f"{number(float(row['est_std']), 2, bounded=True)} [{ends}]"


fit_rules = [number(drawn.fit_measures[name], 3, bounded=True) for name in ("cfi_robust", "rmsea_robust")]
before, after = (direct(fit, "feel", "satisfaction") for fit in (drawn, chain))
report.finding(
    {
        "en": f"The model as drawn passes the rules (CFI {fit_rules[0]}, RMSEA {fit_rules[1]}) without the path from attitude to satisfaction. With it, the direct effect of feel on satisfaction goes from {before} to {after} (simulated data).",
        "vi": f"Mô hình theo đúng khung lý thuyết đạt các quy tắc (CFI {fit_rules[0]}, RMSEA {fit_rules[1]}) dù thiếu đường dẫn từ thái độ đến sự hài lòng. Khi thêm vào, tác động trực tiếp của cảm nhận đến sự hài lòng đổi từ {before} thành {after} (dữ liệu mô phỏng).",
    }
)

# %% [markdown] en_hash="764a7195ed"
# ## Bài tập
#
# Những con số lớn hơn của mô hình cấu trúc từ đâu ra? Spearman (1904) đã có công thức: lấy tương quan của hai điểm thang đo chia cho **căn bậc hai của tích hai độ tin
# cậy**. Hãy tính cho cảm nhận (`feel`) và liên hệ (`relate`), với `scores["feel"].corr(scores["relate"])` và các hệ số alpha trong `reliability.table`. Rồi so sánh với
# tương quan của hai nhân tố, `five.latent_cor.loc["feel", "relate"]`.

# %%
my_answer = None

# %%
raw = scores["feel"].corr(scores["relate"])
alpha = reliability.table.set_index("construct")["alpha"]
product = alpha["feel"] * alpha["relate"]
hints = {
    {"en": "That is the correlation of the scores.", "vi": "Đó là tương quan của hai điểm thang đo."}[lang]: raw,
    {"en": "Take the square root of the product.", "vi": "Hãy lấy căn bậc hai của tích."}[lang]: raw / product,
    {
        "en": "Divide, do not multiply: error makes correlations smaller.",
        "vi": "Hãy chia, đừng nhân: sai số làm tương quan nhỏ đi.",
    }[lang]: raw * np.sqrt(product),
}
cx.check_answer(my_answer, float(raw / np.sqrt(product)), slips=hints)

# %% [markdown] en_hash="a212070cd8"
# ## Điều gì còn đọng lại?
#
# Ba câu hỏi. Hãy tự chọn câu trả lời trước khi mở ra; mỗi câu cho biết vì sao đúng, hoặc nhầm điều gì với điều gì.


# %%
def say(en, vi):
    return {"en": en, "vi": vi}


first = (
    say("In a joint factor analysis two scales with different names share a factor. What follows?", "Trong một phân tích nhân tố chung, hai thang đo tên khác nhau có chung một nhân tố. Từ đó suy ra điều gì?"),
    [
        (say("These customers answer them alike.", "Những khách hàng này trả lời hai thang đo giống nhau."), True, say("That is what was seen. Whether the concepts are one is for theory, and other samples, to say.", "Đó là điều quan sát được. Hai khái niệm có phải là một hay không thì phải xét thêm lý thuyết và các mẫu khác.")),
        (say("One scale causes the other.", "Thang đo này là nguyên nhân của thang đo kia."), False, say("Nothing here has a direction.", "Ở đây không có chiều tác động nào.")),
    ],
)  # fmt: skip

# %%
second = (
    say("CFI and RMSEA pass the rules. Is the structural part right?", "CFI và RMSEA đạt quy tắc. Phần cấu trúc có đúng không?"),
    [
        (say("Yes, that is what fit means.", "Có, phù hợp nghĩa là vậy."), False, say("Most of the fit comes from the measurement part. You saw a missing path pass.", "Độ phù hợp phần lớn đến từ phần đo lường. Bạn vừa thấy một đường dẫn bị thiếu vẫn lọt qua.")),
        (say("Not known yet.", "Chưa biết được."), True, say("Look at single misfits, and at rival models that fit as well.", "Hãy xem từng chỗ không khớp, và những mô hình cạnh tranh cũng phù hợp như vậy.")),
    ],
)  # fmt: skip
third = (
    say("A module has no effect in the structural model, but a small one in the regression. Why?", "Một mô-đun không có tác động trong mô hình cấu trúc nhưng có tác động nhỏ trong hồi quy. Vì sao?"),
    [
        (say("It may stand in for a correlated module that is measured with error.", "Có thể nó gánh thay phần của một mô-đun tương quan với nó và được đo có sai số."), True, say("What one score misses, its neighbours pick up.", "Phần mà một điểm bỏ sót, các điểm tương quan với nó sẽ nhận lấy.")),
        (say("Regression is more sensitive.", "Hồi quy nhạy hơn."), False, say("Its intervals are narrower, but around another number.", "Khoảng tin cậy của hồi quy hẹp hơn, nhưng nằm quanh một con số khác.")),
    ],
)  # fmt: skip

# %%
cx.quiz(first, second, third)

# %% [markdown] en_hash="645f5b9ab1"
# ## Mở niêm phong
#
# Bây giờ là giá trị thật của khảo sát mô phỏng. Trước hết là các tác động: lại là hình của hai phương pháp, kèm tác động tổng thật bên cạnh. Hãy tìm những khoảng tin cậy
# trượt ra ngoài, và trượt về phía nào. Trong một mẫu duy nhất, đừng chờ đợi một phương pháp gần đúng hơn ở mọi dòng: ở đây mô hình cấu trúc không chệch nhưng có khoảng tin
# cậy rộng; hồi quy thì ngược lại. Ngẫu nhiên giảm dần theo số khách, độ chệch thì không.

# %%
truth = cx.against_truth(total)
true = truth.table.query("op == '~'").rename(columns={"lhs": "outcome", "rhs": "module"})
true = true.assign(estimate=true["truth"], ci_lower=true["truth"], ci_upper=true["truth"])
true = effects.iloc[: len(true)][["outcome", "module", "block", "label", "order"]].merge(
    true[["outcome", "module", "estimate", "ci_lower", "ci_upper"]], on=["outcome", "module"]
)
opened = pd.concat([effects, true.assign(model={"en": "truth", "vi": "giá trị thật"}[lang])], ignore_index=True)
caption = {
    "en": "Total effects by two methods, and the truth behind the simulated survey",
    "vi": "Tác động tổng theo hai phương pháp, và giá trị thật đằng sau khảo sát mô phỏng",
}
report.add(coefficient_plot(opened.sort_values("order", kind="stable"), xlabel=xlabel, lang=lang), "truth", caption)

# %%
both_ways = opened.merge(true[["outcome", "module", "estimate"]], on=["outcome", "module"], suffixes=("", "_true"))
both_ways["inside"] = both_ways["estimate_true"].between(both_ways["ci_lower"], both_ways["ci_upper"])
both_ways["off"] = (both_ways["estimate"] - both_ways["estimate_true"]).abs()
held, off = (both_ways.groupby("model")[name].agg(how) for name, how in (("inside", "sum"), ("off", "mean")))
near = [number(float(off[name]), 3, bounded=True) for name in method]
report.finding(
    {
        "en": f"Of {len(true)} true effects, the intervals of the structural model hold {held[method[0]]}, those of the regression {held[method[1]]}; mean distance from the truth {near[0]} and {near[1]} (simulated data, one sample).",
        "vi": f"Trong {len(true)} tác động thật, khoảng tin cậy của mô hình cấu trúc chứa {held[method[0]]}, của hồi quy chứa {held[method[1]]}; khoảng cách trung bình đến giá trị thật là {near[0]} và {near[1]} (dữ liệu mô phỏng, một mẫu).",
    }
)

# %% [markdown] en_hash="683ee33aef"
# Nếu có nhiều khách hơn thì sao? Hãy tạo thật nhiều khách, chú ý và trả lời đầy đủ, từ cùng mô hình thật đó, rồi hỏi lại cả hai phương pháp. Một mẫu như vậy không còn gì
# để viện cớ: khoảng cách còn lại đến giá trị thật không phải do ngẫu nhiên mà do phương pháp. Hãy nhìn kỹ những tác động thật sự bằng 0 mà hồi quy giờ đây coi là có ý
# nghĩa thống kê. Với mẫu lớn, sai lầm này không mất đi; nó trở thành chắc chắn.

# %%
skewness = survey.codebook.simulation["skew"]
many = cx.simulate(survey.codebook.truth, 20_000, seed=seed, codebook=survey.codebook, skew=skewness).reverse_scored()
at_scale = {name: cx.regress(f"{name} ~ {right}", many).table.dropna(subset="beta") for name in outcomes}
regressed = pd.concat([table.assign(outcome=name, module=table["term"]) for name, table in at_scale.items()])
modelled = cx.sem(question, many).standardized().query("op == '~'").rename(columns={"lhs": "outcome", "rhs": "module"})
keys = ["outcome", "module"]
held_up = true[[*keys, "estimate"]].merge(regressed, on=keys).merge(modelled, on=keys, suffixes=("", "_sem"))
distance = [(held_up[name] - held_up["estimate"]).abs().mean() for name in ("est_std", "beta")]
none = held_up[held_up["estimate"].abs() < 0.01]
false = [int((none[name] < 0.05).sum()) for name in ("pvalue_sem", "pvalue")]

# %%
near = [number(float(one), 3, bounded=True) for one in distance]
report.finding(
    {
        "en": f"With {format(len(many), ',')} simulated guests the mean distance from the truth is {near[0]} for the structural model and {near[1]} for regression; of {len(none)} effects that are zero in truth they call {false[0]} and {false[1]} significant.",
        "vi": f"Với {format(len(many), ',').replace(',', '.')} khách mô phỏng, khoảng cách trung bình đến giá trị thật là {near[0]} với mô hình cấu trúc và {near[1]} với hồi quy; trong {len(none)} tác động thật sự bằng 0, chúng lần lượt coi {false[0]} và {false[1]} là có ý nghĩa thống kê.",
    }
)

# %% [markdown] en_hash="b1af552395"
# Bây giờ là bảng đối chiếu như đã cài vào các câu trả lời mô phỏng: mỗi dòng cho biết một khía cạnh hay một yếu tố được tạo từ các mô-đun ra sao. Hệ số gần 1 là từ đồng
# nghĩa, khoảng một nửa là họ hàng. Hãy so với những dự đoán bạn đã viết, và với những gì bảng đối chiếu gọi là *một phần*. Cuối cùng là những người trả lời cẩu thả, điều
# không ai thấy được trong dữ liệu thật, và cái giá phải trả để phát hiện họ.

# %%
secret = cx.simulated_truth(survey)
built = [line for line in secret.model.splitlines() if line.split(" ~ ")[0] in {*dimensions, *components}]
print("\n".join(built))

# %%
careless, excluded = secret.careless != "", ~survey.data.index.isin(clean.data.index)
report.finding(
    {
        "en": f"{careless.sum()} simulated guests answered carelessly; our rule caught {(careless & excluded).sum()} of them, and excluded {(~careless & excluded).sum()} careful ones who slipped on one check.",
        "vi": f"{careless.sum()} khách mô phỏng đã trả lời cẩu thả; quy tắc của chúng ta phát hiện {(careless & excluded).sum()} người trong số đó, và loại nhầm {(~careless & excluded).sum()} người trả lời cẩn thận nhưng lỡ sai một câu kiểm tra.",
    }
)

# %% [markdown] en_hash="80ee1f15fa"
# ## Cùng câu hỏi trên dữ liệu thật, với một giả định
#
# Cuối cùng là khách hàng thật: người dùng điện thoại di động ở Đức đánh giá *danh tiếng* của nhà mạng (Hair và cộng sự, 2017), và không ai hỏi họ về các mô-đun. Hai thang
# đo ở đó có nội dung gần: có thiện cảm với một công ty là một **cảm nhận** về nó, thấy công ty có năng lực là một **suy nghĩ** về nó. Phép quy đổi này là giả định của
# chúng tôi, và khá rộng rãi. Suy nghĩ của Schmitt nghĩa là được khơi gợi để suy nghĩ, còn nhận định về năng lực là chuyện khác. Nói trước như vậy rồi: trong hai điều, điều
# nào tác động đến sự hài lòng và lòng trung thành? Dữ liệu là thật, nên sẽ không có giá trị thật nào được tiết lộ.

# %%
real = report.data(cx.load_dataset("corporate_reputation"))
companion = cx.sem(
    """
    likeability =~ like_1 + like_2 + like_3
    competence  =~ comp_1 + comp_2 + comp_3
    loyalty     =~ cusl_1 + cusl_2 + cusl_3
    cusa    ~ likeability + competence
    loyalty ~ cusa + likeability + competence
    """,
    real,
    **options,
)

# %%
caption = {
    "en": "Liking (taken as feel) and competence (taken as think), real data",
    "vi": "Thiện cảm (coi là cảm nhận) và năng lực (coi là suy nghĩ), dữ liệu thật",
}
report.add(companion.plot(lang=lang), "companion", caption)

# %%
said = []
for cause in ("likeability", "competence"):
    row = companion.effects(source=cause, target="loyalty").query("kind == 'total'").iloc[0]
    ends = " – ".join(number(float(row[end]), 2, bounded=True) for end in ("std_ci_lower", "std_ci_upper"))
    said.append(f"{number(float(row['std_all']), 2, bounded=True)} [{ends}]")
close = number(companion.latent_cor.loc["likeability", "competence"], 2, bounded=True)
report.finding(
    {
        "en": f"Real customers: total effect on loyalty of liking {said[0]}, of competence {said[1]}; the two scales correlate {close}, so the division between them is less certain than it looks.",
        "vi": f"Khách hàng thật: tác động tổng đến lòng trung thành của thiện cảm là {said[0]}, của năng lực là {said[1]}; hai thang đo tương quan {close}, nên cách chia giữa chúng kém chắc chắn hơn vẻ bề ngoài.",
    }
)

# %% [markdown] en_hash="8794c3cd8e"
# Đừng đọc kết quả này thành "cảm nhận thắng suy nghĩ". Hai khái niệm gần nhau, lời văn các câu hỏi ấm lạnh khác nhau, và mọi thứ được hỏi trong một lần. Kết quả chỉ nói
# rằng, *với phép quy đổi này*, phần chung của hai khái niệm nằm ở thiện cảm.
#
# **Một bộ dữ liệu khác để đối chiếu, tải khi cần.** `kiosk_servqual` chứa cảm nhận về ki-ốt tự phục vụ: hình thức và giọng nói (`p22`, `p24`) có thể thay cho cảm giác, màn
# hình thú vị và dễ chịu (`p04`, `p05`, `p06`) cho cảm nhận, tự dùng không cần trợ giúp và tự chọn dịch vụ (`p07`, `p08`) cho hành động; `total1` và `total2` hỏi về sự hài
# lòng. `cx.fetch_dataset("kiosk_servqual", accept_terms=True)` tải dữ liệu về một lần, `cx.load_dataset("kiosk_servqual")` đọc dữ liệu. Hãy viết mô hình, và câu nêu rõ giả
# định của bạn, trước khi ước lượng.
#
# ## Điều cần nhớ
#
# - Hai khung lý thuyết được so sánh trước hết theo nội dung, sau đó theo câu trả lời: bảng đối chiếu là một giả thuyết.
# - Các tiêu chí về số nhân tố có thể không thống nhất. Mẫu lớn tìm ra cả những nhân tố do cách diễn đạt; hãy nói rõ nhân tố nào có ý nghĩa.
# - Tương quan polychoric đáng kể khi câu trả lời lệch hoặc thang có ít điểm; hãy cho thấy khi nào thì không.
# - Hồi quy trên điểm thang đo thu nhỏ các tác động mạnh và chuyển chúng sang biến tương quan. Hãy báo cáo độ tin cậy bên cạnh, hoặc một mô hình với biến tiềm ẩn.
# - Độ phù hợp tốt có thể che một đường dẫn bị thiếu. Hãy xem từng chỗ không khớp, và nói rõ quyết định nào được đưa ra sau khi xem dữ liệu.
#
# ## Một bài báo sẽ báo cáo gì
#
# Lời văn câu hỏi lấy từ đâu, có xin phép, và được dịch ra sao; loại ai theo quy tắc nào; số nhân tố theo từng tiêu chí đã dùng, phép xoay, toàn bộ bảng hệ số tải và tương
# quan giữa các nhân tố; độ tin cậy, HTMT và độ phù hợp của các cấu trúc cạnh tranh; tác động tổng kèm khoảng tin cậy theo cả hai phương pháp; mô hình đầu tiên, chỗ không
# khớp, và quyết định sau đó; rằng mọi thứ được hỏi cùng lúc, trên một mẫu; dữ liệu, mã, phiên bản và hạt giống.

# %%
cx.provenance(survey, real, seed=seed)
