# %% [markdown] en_hash="582fb59777"
# # ECSI: một mô hình cấu trúc, và phải làm gì khi nó đổ vỡ
#
# **Khoảng 35 phút.** Sau sổ tay này, bạn có thể
#
# 1. đi từ điểm thang đo đến mô hình đo lường, và nói được mô hình cho thêm điều gì;
# 2. giải thích lòng trung thành bằng hồi quy theo khối, và đọc mức thay đổi của R²;
# 3. ước lượng một mô hình cấu trúc tuyến tính, đọc độ phù hợp và vẽ mô hình;
# 4. nhận ra **nghiệm không chấp nhận được**, trường hợp phần mềm in ra những con số không thể đúng;
# 5. đưa cho một người phản biện hoài nghi đoạn mã kiểm tra kết quả của bạn trong R.

# %% tags=["parameters"]
seed = 20261122
lang = "vi"
reports = None

# %%
import cxlab as cx
from cxlab.i18n import format_number as number

cx.use_language(lang)
report = cx.Report("08_ecsi_structural_models", folder=reports, lang=lang)
report.question(
    {
        "en": "Do image, quality, value and satisfaction explain loyalty, and can this survey tell them apart?",
        "vi": "Hình ảnh, chất lượng, giá trị và sự hài lòng có giải thích lòng trung thành không, và khảo sát này có phân biệt được chúng không?",
    }
)

# %% [markdown] en_hash="f81179b8ac"
# ## Lý thuyết
#
# Chỉ số hài lòng khách hàng châu Âu sắp xếp những gì khách hàng trải qua thành một chuỗi: hình ảnh doanh nghiệp định hình kỳ vọng; kỳ vọng chi phối cách cảm nhận chất lượng;
# chất lượng được cân nhắc với giá để thành giá trị; tất cả cùng dẫn đến sự hài lòng; sự hài lòng đưa đến ít khiếu nại hơn hoặc khiếu nại được xử lý tốt hơn, và đến lòng
# trung thành (Fornell, Johnson, Anderson, Cha & Bryant, 1996, với chỉ số của Mỹ; Tenenhaus và cộng sự, 2005, với dữ liệu này). Đây là mô hình khảo sát nổi tiếng nhất của
# thập niên mà nghiên cứu CX tập trung vào sự hài lòng và lòng trung thành, và dữ liệu điện thoại di động của nó được hầu hết phần mềm PLS dùng để giảng dạy.
#
# **Trước khi chạy bất cứ ô nào:** khách hàng sẽ khó phân biệt nhất hai khái niệm nào?

# %%
survey = report.data(cx.load_dataset("ecsi_mobile"))
reliability = cx.reliability(survey)
report.add(reliability, "reliability", main=True)

# %% [markdown] en_hash="3d0b4403d0"
# Hai thang đo có vấn đề: kỳ vọng và lòng trung thành. Bảng tiếp theo cho biết vấn đề nằm ở đâu. *Tương quan biến - tổng hiệu chỉnh* là tương quan của một biến quan sát với
# tổng các biến còn lại: gần 0 nghĩa là biến đó không liên quan gì đến thang đo của mình. *α nếu loại biến* cho thấy thang đo khi không có biến đó. Biến về mức chênh lệch giá
# (`CUSL2`) hỏi một con số, theo một lối nghĩ khác hẳn câu "bạn có chọn lại chúng tôi không". Bỏ biến này thì alpha tăng; *có nên* bỏ hay không lại là câu hỏi lòng trung
# thành nghĩa là gì, không phải chuyện tính toán.

# %%
report.add(reliability.apa_items(lang), "items")

# %% [markdown] en_hash="c2bebf206d"
# ## Câu trả lời đầu tiên: hồi quy
#
# Hãy lấy điểm trung bình và đưa biến giải thích vào theo từng khối, theo thứ tự của lý thuyết: hình ảnh, rồi sự hài lòng, rồi xử lý khiếu nại. Mức thay đổi của R² cho biết
# mỗi khối thêm được gì so với các khối trước. Thứ tự là do chúng ta quyết định; thứ tự khác cho câu trả lời khác, vì các biến giải thích chồng lấn nhau. Sai số chuẩn là HC3,
# và bảng trình bày hệ số chuẩn hóa cùng hệ số phóng đại phương sai (VIF) bên cạnh hệ số chưa chuẩn hóa.

# %%
blocks = ["image", "+ satisfaction", "+ complaints"]
regression = cx.regress("loyalty ~ image + satisfaction + complaints", survey, blocks=blocks)
report.add(regression.apa_blocks(lang), "blocks")

# %%
report.add(regression, "regression")

# %%
steps = (
    regression.blocks.set_index("block")["delta_r2"] if "block" in regression.blocks else regression.blocks["delta_r2"]
)
gain = [number(float(step), 3, bounded=True) for step in steps]
report.finding(
    {
        "en": f"Image alone explains {gain[0]} of the variance of loyalty scores; satisfaction adds {gain[1]}, complaint handling {gain[2]}.",
        "vi": f"Riêng hình ảnh giải thích phần {gain[0]} của phương sai điểm lòng trung thành; sự hài lòng thêm {gain[1]}, xử lý khiếu nại thêm {gain[2]}.",
    }
)

# %% [markdown] en_hash="31fad8b0e0"
# ## Mô hình đo lường
#
# Điểm trung bình coi mọi biến quan sát tốt như nhau và không có sai số. Phân tích nhân tố khẳng định (CFA) thì không: mỗi biến có hệ số tải riêng và sai số riêng, còn các
# khái niệm được tự do tương quan. Chưa có khẳng định nhân quả nào. Nếu mô hình này không đứng vững thì không mô hình cấu trúc nào dựng trên nó đứng vững được. Chúng ta để
# khiếu nại ra ngoài, vì một biến duy nhất không thể cho thấy sai số của chính nó. Trong cú pháp lavaan mà cxlab dùng, `=~` đọc là "được đo bởi".

# %%
measurement = """
Image        =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
Expectations =~ CUEX1 + CUEX2 + CUEX3
Quality      =~ PERQ1 + PERQ2 + PERQ3 + PERQ4 + PERQ5 + PERQ6 + PERQ7
Value        =~ PERV1 + PERV2
Satisfaction =~ CUSA1 + CUSA2 + CUSA3
Loyalty      =~ CUSL1 + CUSL2 + CUSL3
"""
factors = cx.cfa(measurement, survey)
factors

# %% [markdown] en_hash="51f3124ffa"
# ## Một nghiệm không thể đúng
#
# Việc tìm nghiệm đã hội tụ, nên phần lớn chương trình sẽ in bảng rồi dừng. Hãy đọc cảnh báo đầu tiên trước đã. Tương quan giữa sáu khái niệm phải ăn khớp với nhau như các
# khoảng cách trên bản đồ: nếu A gần B và B gần C thì A không thể xa C. Ở đây chúng không ăn khớp; ma trận có một **trị riêng âm**, nên có một tổng có trọng số của các khái
# niệm mang *phương sai âm*. Không khách hàng nào có thể tạo ra điều đó. Một nghiệm như vậy được gọi là không chấp nhận được (inadmissible, improper); phương sai sai số âm,
# tức trường hợp Heywood, là dạng được biết đến nhiều hơn.

# %%
from cxlab.show import correlation_heatmap

heat = correlation_heatmap(factors.latent_cor, lang=lang)
report.add(
    heat,
    "latent_correlations",
    {"en": "Correlations among the constructs, as estimated", "vi": "Tương quan ước lượng giữa các khái niệm"},
    main=True,
)

# %%
import numpy as np

correlations = factors.latent_cor
pairs = correlations.where(np.triu(np.ones(correlations.shape, dtype=bool), k=1)).stack()
smallest = np.linalg.eigvalsh(factors.latent_cov)[0]
one, two = (factors.labels[name][lang] for name in pairs.idxmax())
report.finding(
    {
        "en": f"The six-factor model is inadmissible (smallest eigenvalue {number(smallest, 3)}): {one} and {two} correlate {number(pairs.max(), 3, bounded=True)}, so these customers do not tell them apart.",
        "vi": f"Nghiệm của mô hình sáu nhân tố không chấp nhận được (trị riêng nhỏ nhất {number(smallest, 3)}): {one} và {two} tương quan {number(pairs.max(), 3)}, tức là khách hàng không phân biệt hai khái niệm này.",
    }
)

# %% [markdown] en_hash="796987f8b9"
# Bạn đoán có đúng không? Ước lượng nói rằng khách hàng thấy chất lượng tốt cũng chính là khách hàng hài lòng, hầu như không có ngoại lệ. Đây là một phát hiện về những câu
# hỏi này, không phải chuyện phiền toái: muốn khẳng định "chất lượng gây ra sự hài lòng" thì cần hai điều phân biệt được với nhau. Theo quy tắc kinh nghiệm về giá trị phân
# biệt, giới hạn là 0,85 hoặc 0,90 (Henseler, Ringle & Sarstedt, 2015). Phần mềm PLS không cảnh báo gì với dữ liệu này, vì các biến tổng hợp của nó không thể làm lộ ra mâu
# thuẫn. Vấn đề vẫn như vậy; chỉ thiếu tiếng chuông báo động.
#
# Bây giờ là mô hình cấu trúc, đúng như lý thuyết vẽ ra. Khiếu nại (`CUSCO`) tham gia như một biến quan sát đơn lẻ.

# %%
structure = """
Expectations ~ Image
Quality      ~ Expectations
Value        ~ Expectations + Quality
Satisfaction ~ Image + Expectations + Quality + Value
CUSCO        ~ Satisfaction
Loyalty      ~ Image + Satisfaction + CUSCO
"""
fit = cx.sem(measurement + structure, survey)

# %%
caption = {"en": "The ECSI model as estimated", "vi": "Mô hình ECSI với các hệ số ước lượng"}
report.add(fit.plot(lang=lang), "path_diagram", caption, main=True)

# %%
report.add(fit.apa(lang, kind="fit"), "fit")

# %% [markdown] en_hash="8e5f214bc4"
# ## Đọc một mô hình nói dối một cách lịch sự
#
# Về hình thức, nghiệm này chấp nhận được: không phương sai nào âm. Dù vậy hãy nhìn các đường dẫn. Những hệ số đường dẫn chuẩn hóa vượt xa 1, mang dấu ngược với lý thuyết và
# có khoảng tin cậy trải từ chân trời này sang chân trời kia, là cái bóng của cùng một vấn đề. Khi các biến giải thích gần như là một biến, không thể tách tác động riêng của
# chúng, và các ước lượng văng mạnh về hai phía ngược nhau. Độ phù hợp chung hầu như không phản ánh điều đó. **Độ phù hợp cho biết mô hình có tái tạo được các tương quan hay
# không, chứ không cho biết các đường dẫn của nó có nghĩa gì hay không.**

# %%
report.add(fit.apa(lang, kind="paths"), "paths", main=True)

# %%
paths = fit.estimates.query("op == '~'")
wild = paths[paths["std_all"].abs() > 1]
measures = fit.fit_measures
cfi, rmsea = (number(measures[name], 3, bounded=True) for name in ("cfi", "rmsea"))
report.finding(
    {
        "en": f"In the structural model {len(wild)} of {len(paths)} standardised paths lie beyond ±1: single effects cannot be told apart (CFI {cfi}, RMSEA {rmsea}).",
        "vi": f"Trong mô hình cấu trúc, {len(wild)} trên {len(paths)} hệ số đường dẫn chuẩn hóa vượt ±1: không thể tách tác động riêng của từng khái niệm (CFI {cfi}, RMSEA {rmsea}).",
    }
)

# %% [markdown] en_hash="75ea987232"
# ## Hình ảnh, sự hài lòng, lòng trung thành: điều bootstrap nhìn thấy
#
# Hãy lấy phần lý thuyết mà người làm tiếp thị quan tâm nhất: hình ảnh có tác động đến lòng trung thành *qua* sự hài lòng không? Ba khái niệm, một tác động gián tiếp, và bỏ câu hỏi lạc lõng
# của lòng trung thành (câu này hỏi về mức giá, không hỏi về sự ưa thích). Tác động gián tiếp là tích của hai ước lượng và phân phối của nó không nhất thiết đối xứng, nên khoảng tin cậy được lấy bằng
# bootstrap: rút ngẫu nhiên có hoàn lại từ mẫu khách hàng, ước lượng lại, hàng nghìn lần. **Trước khi chạy:** tác động gián tiếp hay tác động tổng sẽ có khoảng tin cậy rộng hơn?

# %%
mediation = cx.sem(
    """
    Image        =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5
    Satisfaction =~ CUSA1 + CUSA2 + CUSA3
    Loyalty      =~ CUSL1 + CUSL3
    Satisfaction ~ a*Image
    Loyalty      ~ b*Satisfaction + c*Image
    indirect := a*b
    total := a*b + c
    """,
    survey,
)
boot = mediation.bootstrap(2000, seed=seed)
report.add(boot, "bootstrap")

# %%
draws = boot.table.set_index("lhs").query("op == ':='")
spans = {
    name: " – ".join(number(draws.loc[name, end], 2) for end in ("ci_lower", "ci_upper"))
    for name in ("indirect", "total")
}
report.finding(
    {
        "en": f"Image and loyalty go together (total effect, bootstrap interval {spans['total']}); how much of it runs through satisfaction these data cannot say ({spans['indirect']}).",
        "vi": f"Hình ảnh và lòng trung thành đi cùng nhau (tác động tổng, khoảng bootstrap {spans['total']}); nhưng dữ liệu này không cho biết bao nhiêu trong đó đi qua sự hài lòng ({spans['indirect']}).",
    }
)

# %% [markdown] en_hash="9939872d96"
# Tác động tổng được biết khá rõ, cách nó chia ra thì không: hình ảnh và sự hài lòng gần như trùng nhau, nên mỗi mẫu có thể chuyển tác động từ đường này sang đường kia mà độ phù hợp hầu như
# không đổi. Phần tóm tắt cũng đếm những lần rút dẫn đến nghiệm không chấp nhận được. Chúng được giữ lại và đánh dấu; lặng lẽ bỏ đi sẽ làm khoảng tin cậy ngắn hơn thực tế.
#
# Vì sao tương quan không thể phân định? Hãy thay đổi các hệ số đường dẫn dưới đây và quan sát những tương quan mà chúng hàm ý. Khi hình ảnh và sự hài lòng liên hệ chặt, những đường dẫn
# rất khác nhau có thể hàm ý gần như cùng một bộ tương quan.

# %%
import pandas as pd


def implied_correlations(image_satisfaction, satisfaction_loyalty, image_loyalty):
    paths = np.array([[0, 0, 0], [image_satisfaction, 0, 0], [image_loyalty, satisfaction_loyalty, 0]])
    total = np.linalg.inv(np.eye(3) - paths)
    between = image_satisfaction * satisfaction_loyalty * image_loyalty
    rest = [1, 1 - image_satisfaction**2, 1 - satisfaction_loyalty**2 - image_loyalty**2 - 2 * between]
    if rest[2] < 0:
        return {"en": "No data can have these paths.", "vi": "Không dữ liệu nào có những hệ số này."}[lang]
    names = ["Image", "Satisfaction", "Loyalty"]
    return pd.DataFrame(total @ np.diag(rest) @ total.T, names, names).round(3)


# %%
first = (0.9, 0.0, 1.0, 0.05)
second = (0.8, -1.0, 1.5, 0.05)
direct = (0.0, -1.0, 1.5, 0.05)
cx.explore(
    implied_correlations,
    live=reports is None,
    image_satisfaction=first,
    satisfaction_loyalty=second,
    image_loyalty=direct,
)

# %% [markdown] en_hash="300aa4ce8a"
# ## Hai lối ra
#
# **Một đánh giá chung.** Nếu khách hàng không phân biệt hình ảnh, chất lượng và sự hài lòng, hãy nói điều đó trong mô hình: mọi biến quan sát của chúng đo một đánh giá chung về nhà cung cấp.
# **Ít khái niệm hơn.** Hoặc giữ sự hài lòng như khái niệm mà lý thuyết cần nhất, và bỏ những gì không phân biệt được với nó. Cả hai mô hình đều khiêm tốn và có nghiệm chấp nhận được; chúng trả lời
# một câu hỏi nhỏ hơn. Cả hai đều là **quyết định đưa ra sau khi đã xem dữ liệu**, nên bài báo phải nói rõ, và cần một mẫu mới để khẳng định.

# %%
evaluation = cx.sem(
    """
    Evaluation =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5 + PERQ1 + PERQ2 + PERQ3 + PERQ4 + PERQ5 + PERQ6 + PERQ7 + CUSA1 + CUSA2 + CUSA3
    Value      =~ PERV1 + PERV2
    Loyalty    =~ CUSL1 + CUSL3
    Value   ~ Evaluation
    Loyalty ~ Evaluation + Value
    """,
    survey,
)
evaluation

# %%
smaller = cx.sem(
    """
    Value        =~ PERV1 + PERV2
    Satisfaction =~ CUSA1 + CUSA2 + CUSA3
    Loyalty      =~ CUSL1 + CUSL3
    Satisfaction ~ a*Value
    Loyalty      ~ b*Satisfaction + Value
    through := a*b
    """,
    survey,
)
smaller

# %%
report.add(
    smaller.plot(lang=lang),
    "smaller_model",
    {"en": "A smaller model that the data can carry", "vi": "Mô hình nhỏ hơn mà dữ liệu cho phép"},
)
through = smaller.bootstrap(2000, seed=seed).table.query("op == ':='").iloc[0]
low, high = (number(through[end], 2) for end in ("ci_lower", "ci_upper"))
report.finding(
    {
        "en": f"In an admissible smaller model, value reaches loyalty through satisfaction: indirect effect {number(through['est'], 2)} (95% bootstrap interval {low} to {high}).",
        "vi": f"Trong một mô hình nhỏ hơn có nghiệm chấp nhận được, giá trị cảm nhận tác động đến lòng trung thành qua sự hài lòng: tác động gián tiếp {number(through['est'], 2)} (khoảng bootstrap 95%: {low} đến {high}).",
    }
)

# %% [markdown] en_hash="45fff5bcbf"
# ## Hãy để người phản biện kiểm tra
#
# Không ai phải tin một chương trình. `to_lavaan()` viết ra đoạn mã ước lượng cùng mô hình đó, với cùng các tùy chọn, trong R. Hãy chạy đoạn mã và so sánh từng chữ số. Các
# bài kiểm tra tự động của dự án làm đúng như vậy với các mô hình trong sổ tay này.

# %%
print(smaller.to_lavaan())

# %% [markdown] en_hash="95a531657a"
# ## Bài tập
#
# *Phương sai trích trung bình* (AVE) của một khái niệm là trung bình của bình phương các hệ số tải chuẩn hóa; theo quy ước cần đạt 0,50 (Fornell & Larcker, 1981). Hãy tính
# AVE của kỳ vọng (`Expectations`) từ `factors.estimates` (các dòng có `op == "=~"`, cột `std_all`).

# %%
my_answer = None

# %%
loadings = factors.estimates.query("lhs == 'Expectations' and op == '=~'")
hints = {
    {
        "en": "Square each loading before you take the mean.",
        "vi": "Hãy bình phương từng hệ số tải trước khi lấy trung bình.",
    }[lang]: loadings["std_all"].mean(),
    {
        "en": "Use the standardised loadings (std_all), not est.",
        "vi": "Hãy dùng hệ số tải chuẩn hóa (std_all), không dùng est.",
    }[lang]: (loadings["est"] ** 2).mean(),
}
cx.check_answer(my_answer, float((loadings["std_all"] ** 2).mean()), slips=hints)

# %% [markdown] en_hash="aa160b6def"
# ## Điều cần nhớ
#
# - Hội tụ không có nghĩa là đúng. Hãy tìm phương sai âm, các tương quan không ăn khớp với nhau, hệ số đường dẫn chuẩn hóa vượt 1.
# - Những khái niệm mà khách hàng không phân biệt được thì không thể có tác động riêng, dù bạn dùng chương trình nào.
# - Các chỉ số phù hợp không thấy điều này. Hãy đọc các ước lượng.
# - Báo cáo mô hình thất bại, quyết định, và mô hình nhỏ hơn. Rồi xác nhận trên dữ liệu mới.

# %%
cx.provenance(survey, seed=seed)
