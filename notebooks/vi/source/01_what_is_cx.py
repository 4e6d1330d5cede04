# %% [markdown] en_hash="eb1000bc4c"
# # Trải nghiệm khách hàng là gì, và có hơn sự hài lòng không?
#
# **Khoảng 40 phút.** Sau sổ tay này, bạn có thể
#
# 1. đọc một định nghĩa như nhà nghiên cứu: nó tính những gì, và bỏ qua những gì;
# 2. phân biệt liên hệ trực tiếp với liên hệ gián tiếp, và nói được vì sao một cảm nhận có thể có nhiều nguồn;
# 3. làm sạch một bảng lịch sử của ngành bằng cách tính toán thay vì tin theo;
# 4. kiểm tra xem hai cái tên có phải là hai điều khác nhau không, và hiểu vì sao hồi quy và mô hình cấu trúc có thể cho câu trả lời khác nhau;
# 5. đánh giá một con số in trên báo qua nguồn, mẫu và khoảng tin cậy của nó.
#
# Để bắt đầu, bạn chỉ cần biết tương quan là gì. Điều gì mới sẽ được giải thích ngay chỗ dùng đến, và các sổ tay sau sẽ trở lại.

# %% tags=["parameters"]
seed = 20261122
lang = "vi"
reports = None

# %%
import cxlab as cx
from cxlab.i18n import format_number as number
from cxlab.i18n import format_p

cx.use_language(lang)
report = cx.Report("01_what_is_cx", folder=reports, lang=lang)
report.question(
    {
        "en": "What is customer experience, and is it more than satisfaction under a new name?",
        "vi": "Trải nghiệm khách hàng là gì, và nó có hơn là sự hài lòng mang một tên mới không?",
    }
)

# %% [markdown] en_hash="1ca86fbc9e"
# ## Một cái tên, nhiều định nghĩa
#
# Ai cũng từng có trải nghiệm với tư cách khách hàng, nên ai cũng biết, hoặc nghĩ rằng mình biết, từ này nghĩa là gì. Nghiên cứu cần nhiều hơn thế: hai người cùng đọc một định
# nghĩa phải thống nhất được điều gì thuộc về nó. Bảng dưới đây gồm các định nghĩa làm nền cho khóa học, diễn đạt bằng lời của chúng tôi, một số kèm công trình gốc (Gentile,
# Spiller & Noci, 2007; Meyer & Schwager, 2007; Lemon & Verhoef, 2016). Cột cuối cho biết mỗi dòng chắc chắn đến đâu; bạn sẽ gặp cột này trong mọi bảng lý thuyết.
#
# **Trước khi chạy bất cứ ô nào:** hãy viết định nghĩa của riêng bạn, trong một câu. Giữ nó đến cuối bài.

# %%
definitions = cx.theory_table("definitions")
report.add(definitions, "definitions")

# %% [markdown] en_hash="435681fd1d"
# ## Mã hóa ba định nghĩa
#
# Hãy làm với định nghĩa điều mà người phân tích nội dung làm với văn bản: đánh dấu từng định nghĩa theo một danh sách đặc điểm ngắn. Ba dòng đầu dành cho việc này (khóa
# `sum`, `felt`, `personal`). Bốn chữ cái là đủ. **C**: định nghĩa tính *mọi tiếp xúc*. **F**: nó nêu *cảm tính, cảm xúc*. **R**: nó nêu *lý tính*. **B**: nó nhìn *xa hơn một
# lần tiếp xúc*, đến hành trình hoặc cả mối quan hệ. Hãy xem các cột về tiếp xúc, cách đánh giá và phạm vi, rồi ghi những chữ cái phù hợp vào giữa hai dấu nháy, chẳng hạn
# `"FB"`. Sau đó chạy cả hai ô.

# %%
my_codes = {"sum": "", "felt": "", "personal": ""}

# %%
import pandas as pd
from sklearn.metrics import cohen_kappa_score

texts = cx.theory_table("definitions", "en").table.query("to_code == 1").set_index("key")
coded = pd.DataFrame(
    {
        "C": texts["contact"] == "all",
        "F": texts["appraisal"].str.contains("emotional"),
        "R": texts["appraisal"].str.contains("rational"),
        "B": texts["scope"].str.contains("journey|whole"),
    }
)
mine = pd.DataFrame({letter: [letter in my_codes[key] for key in coded.index] for letter in coded}, coded.index)
kappa = cohen_kappa_score(coded.to_numpy().ravel(), mine.to_numpy().ravel()) if any(my_codes.values()) else None
cx.check_answer(kappa, 1.0, tolerance=0.2)

# %% [markdown] en_hash="3a01a36a18"
# Phần kiểm tra so các dấu của bạn với của chúng tôi bằng *hệ số kappa của Cohen*, tức mức đồng thuận của hai người mã hóa vượt trên mức do ngẫu nhiên: 1 là hoàn toàn đồng
# thuận, 0 là ngang với ngẫu nhiên. Khi kappa dưới 0,80, ô kiểm tra báo rằng đáp số lớn hơn; khi đó hãy đối chiếu các cột với chữ cái của bạn. Đánh dấu khác không nhất thiết
# là sai. Nếu hai người đọc cẩn thận vẫn khác nhau thì chính *định nghĩa* có vấn đề, và kappa dùng để phát hiện điều đó. Chỉ mở bảng tiếp theo sau khi đã tự làm. Đặc điểm nào
# chung cho cả ba?

# %%
from cxlab.show.table import Column, Table

names = definitions.table.set_index("key").loc[coded.index, "definition"]
marks = coded.replace({True: "✓", False: "–"}).assign(definition=names)
headings = {
    "definition": {"en": "Definition", "vi": "Định nghĩa"},
    "C": {"en": "Every contact", "vi": "Mọi tiếp xúc"},
    "F": {"en": "Feeling", "vi": "Cảm tính"},
    "R": {"en": "Reason", "vi": "Lý tính"},
    "B": {"en": "Beyond an episode", "vi": "Xa hơn một lần"},
}
title = {"en": "Three definitions, coded by us", "vi": "Ba định nghĩa, do chúng tôi mã hóa"}
report.add(Table(marks, {key: Column(text) for key, text in headings.items()}, title), "coded")

# %%
shared = [headings[letter][lang].lower() for letter in coded if coded[letter].all()]
report.finding(
    {
        "en": f"Of {coded.shape[1]} features, {len(shared)} is common to all three definitions: {', '.join(shared)}. On what an experience consists of, they differ.",
        "vi": f"Trong {coded.shape[1]} đặc điểm, chỉ {len(shared)} đặc điểm chung cho cả ba định nghĩa: {', '.join(shared)}. Về việc trải nghiệm gồm những gì, chúng khác nhau.",
    }
)

# %% [markdown] en_hash="323ace0f46"
# ## Liên hệ trực tiếp và liên hệ gián tiếp
#
# Trải nghiệm cần có tiếp xúc, nhưng không cần phải mua. Bạn có thể có ý kiến về một hãng hàng không mà bạn chưa từng bay: qua một người bạn, một dòng tít báo, một tấm ảnh
# chụp hàng người chờ. Loại liên hệ thứ nhất phần lớn do khách hàng khởi đầu và doanh nghiệp có thể thiết kế; loại thứ hai xảy đến với cả hai bên. Một khảo sát chỉ hỏi người
# đã mua, và chỉ hỏi về món đã mua, thì chỉ thấy loại thứ nhất. Hãy nhớ lại doanh nghiệp gần đây nhất mà bạn quyết định *không* mua: loại liên hệ nào đã quyết định điều đó?

# %%
report.add(cx.theory_table("contact_types"), "contact_types")

# %% [markdown] en_hash="b6e7f3f8ff"
# ## Một cảm nhận, nhiều nguồn
#
# Ở nhà hàng, bạn không cảm nhận một buổi tối "cảm quan" rồi đến một buổi tối "cảm xúc"; bạn cảm nhận một buổi tối. Nhưng âm nhạc, tâm trạng, suy nghĩ và người đi cùng có thể
# hay hoặc dở riêng từng thứ, và tâm trí xử lý chúng bằng những hệ thống khác nhau. Đó là ý tưởng đằng sau sáu yếu tố của Gentile, Spiller và Noci (2007): một trải nghiệm ở
# giữa, sáu nguồn xung quanh. Cảm giác đau là một so sánh hữu ích, nhưng chỉ là so sánh. Sổ tay 05 đo sáu yếu tố này; ở đây chúng cho thấy vì sao "bạn thấy thế nào?" là một
# câu hỏi khó.

# %%
gentile = cx.framework("gentile")
caption = {"en": "One experience, six components", "vi": "Một trải nghiệm, sáu yếu tố"}
report.add(gentile.plot(lang), "components", caption)

# %%
report.add(cx.theory_table("systems"), "systems")

# %% [markdown] en_hash="12f4a6b502"
# ## Sáu thập niên trong một hình
#
# Trải nghiệm khách hàng là cái tên mới cho những câu hỏi cũ hơn: người ta mua như thế nào, điều gì làm họ hài lòng, dịch vụ tốt nhờ đâu, điều gì giữ cho một mối quan hệ bền
# lâu. Hình dưới đây vẽ bảng lịch sử của một trong các bài nguồn: dải màu là thập niên mà bài báo xếp một chủ đề vào, mỗi chấm là một công trình được bài báo nêu, đặt tại năm
# công trình ấy ra đời.
#
# **Trước khi xem:** các công trình của một chủ đề có nằm trong thập niên mang tên chủ đề đó không? Hãy ghi lại bạn đoán có bao nhiêu công trình nằm ngoài.

# %%
history = cx.theory_table("history")
caption = {"en": "Themes by decade, works by year", "vi": "Chủ đề theo thập niên, công trình theo năm"}
report.add(history.plot(lang), "history", caption, main=True)

# %% [markdown] en_hash="2377119369"
# ## Một bài tập nhỏ về làm sạch dữ liệu
#
# Bảng trong một bài báo cũng là dữ liệu như mọi dữ liệu khác: có thể kiểm tra được. `history.table` có mỗi công trình một dòng, với năm ra đời (`year`) và năm đầu, năm cuối
# của dòng (`first_year`, `last_year`). Hãy đếm số công trình nằm ngoài. Hãy so sánh các cột thay vì đếm chấm trên hình; ngày mai bảng có thể dài gấp mười lần. Ghi con số,
# hoặc biểu thức tính ra nó, vào ô dưới đây.

# %%
history.table[["theme_label", "first_year", "last_year", "work", "year"]].head()

# %%
my_outside = None

# %%
works = history.table
late = works["year"] > works["last_year"]
early = works["year"] < works["first_year"]
only_late = {
    "en": "These are the works that came later; a work can also be too early for its row.",
    "vi": "Đó mới là những công trình ra đời muộn hơn; một công trình cũng có thể sớm hơn thời kỳ của dòng.",
}[lang]
a_share = {"en": "That is a share; asked is a number of works.", "vi": "Đó là tỷ lệ; câu hỏi là số công trình."}[lang]
outside = late | early
cx.check_answer(my_outside, int(outside.sum()), tolerance=0.001, slips={only_late: late.sum(), a_share: outside.mean()})

# %% [markdown] en_hash="0a8a2d0f7d"
# Nên làm gì với những dòng như vậy? Ba việc, theo thứ tự này. *Không lặng lẽ sửa*: năm ra đời của công trình là sự kiện, còn chỗ của nó trong bảng là lựa chọn của tác giả.
# *Tìm quy luật*: trong bảng dưới đây, những dòng lệch tập trung ở vài chủ đề và hầu hết là muộn hơn, nên dường như thập niên cho biết chủ đề bắt đầu khi nào, chứ không phải
# các công trình ra đời khi nào. *Ghi lại quyết định*: chúng tôi hiểu mỗi dòng là một chủ đề, giữ nguyên các dòng, và đánh dấu những công trình nằm ngoài.

# %%
gap = (works["year"] - works["last_year"]).clip(lower=0) + (works["first_year"] - works["year"]).clip(lower=0)
by_theme = works.assign(outside=outside, gap=gap).groupby("theme_label", sort=False)
summary = by_theme.agg(works=("work", "size"), outside=("outside", "sum"), gap=("gap", "max")).reset_index()
columns = {
    "theme_label": Column({"en": "Theme", "vi": "Chủ đề"}),
    "works": Column({"en": "Works", "vi": "Số công trình"}, "integer"),
    "outside": Column({"en": "Outside", "vi": "Ngoài thời kỳ"}, "integer"),
    "gap": Column({"en": "Furthest, in years", "vi": "Cách xa nhất (năm)"}, "integer"),
}
title = {"en": "Works outside the years of their theme", "vi": "Công trình nằm ngoài thời kỳ của chủ đề"}
report.add(Table(summary, columns, title), "outside")

# %%
report.finding(
    {
        "en": f"{outside.sum()} of {len(works)} works lie outside the decade of their row, {late.sum()} of them later, in {(summary['outside'] > 0).sum()} of {len(summary)} themes: the rows are themes, not dates.",
        "vi": f"{outside.sum()} trong {len(works)} công trình nằm ngoài thập niên của dòng, trong đó {late.sum()} công trình muộn hơn, thuộc {(summary['outside'] > 0).sum()} trong {len(summary)} chủ đề: mỗi dòng là một chủ đề, không phải một mốc thời gian.",
    }
)

# %% [markdown] en_hash="1eb6cd8c0b"
# ## Trải nghiệm và sự hài lòng
#
# Bây giờ là câu hỏi quyết định khóa học này có lý do tồn tại hay không. Sự hài lòng là đánh giá xem những gì nhận được đáp ứng kỳ vọng đến đâu. Trải nghiệm được cho là rộng
# hơn. Bảng dưới đây liệt kê các điểm khác nhau, mỗi điểm kèm một cách kiểm tra. Nếu đó chỉ là từ ngữ thì trải nghiệm khách hàng chính là sự hài lòng mang một tên mới. Tâm lý
# học có tên cho sai lầm ấy: *ngụy biện jangle* (jangle fallacy), coi hai từ là hai điều chỉ vì chúng là hai từ (Kelley, 1927; dẫn theo trí nhớ).

# %%
report.add(cx.theory_table("cx_vs_satisfaction"), "cx_vs_satisfaction")

# %% [markdown] en_hash="8fa7917141"
# ## Hỏi khách hàng thật
#
# Khảo sát điện thoại di động ở sổ tay 00 là thật, nhưng không có thang đo trải nghiệm. Chúng ta cần một **phép quy chiếu, và đó là một giả định**: chất lượng cảm nhận (mạng,
# phục vụ, tư vấn, thông tin) và giá trị cảm nhận đại diện cho *phần được đánh giá* của trải nghiệm, vì chúng hỏi về những gì khách hàng đã gặp; sự hài lòng có các câu hỏi
# riêng. Giác quan, cảm xúc và những người khác không xuất hiện, nên phép thử chỉ nói về phần này. Nếu ngay ở đây đã phân biệt được hai điều thì tốt; nếu không, hãy nhớ bảng
# hỏi đã hỏi những gì.
#
# **Bạn đoán xem:** chất lượng hay giá trị gần với sự hài lòng hơn?

# %%
survey = report.data(cx.load_dataset("ecsi_mobile"))
constructs = ["quality", "value", "satisfaction"]
found = cx.discriminant(constructs, survey, seed=seed)
caption = {
    "en": "How close are the constructs? Estimates with 95% intervals",
    "vi": "Các khái niệm gần nhau đến mức nào? Ước lượng và khoảng tin cậy 95%",
}
report.add(found.plot(lang), "closeness", caption)

# %% [markdown] en_hash="ebfa15639e"
# Mỗi đường là câu trả lời cho một câu hỏi: *nếu cả hai được đo không sai số, chúng tương quan mạnh đến đâu?* Có hai cách để trả lời: mô hình đo lường (r) và tỷ số giữa các
# tương quan của biến quan sát (HTMT và biến thể HTMT2; Henseler, Ringle & Sarstedt, 2015). Tại 1, đó là một điều mang hai tên. Hãy nhìn đầu mút xa của khoảng tin cậy trước
# khi nhìn điểm ước lượng: khoảng tin cậy chạm 1 nghĩa là chưa loại trừ được 1. Bảng dưới đây cân nhắc các tiêu chí để đi đến kết luận; ghi chú của bảng nêu nguồn của từng quy
# tắc, và nói rõ chỗ nào dẫn theo trí nhớ. `print(found)` nói lại điều đó bằng câu chữ.

# %%
from dataclasses import replace

verdicts_table = found.apa(lang)
shown = {name: column for name, column in verdicts_table.columns.items() if not name.startswith("htmt2")}
report.add(replace(verdicts_table, columns=shown), "discriminant", main=True)

# %%
label = {name: survey.codebook.constructs[name].label[lang] for name in constructs}
pairs = found.table.set_index(["construct_1", "construct_2"])
words = {
    "distinct": {"en": "told apart", "vi": "phân biệt được"},
    "doubtful": {"en": "in doubt", "vi": "còn nghi ngờ"},
    "not_distinct": {"en": "not told apart", "vi": "không phân biệt được"},
}
near = pairs.xs("satisfaction", level="construct_2")
told = [
    f"{label[one].lower()}, r = {number(row['r'], 2, bounded=True)}: {words[row['verdict']][lang]}"
    for one, row in near.iterrows()
]

# %%
report.finding(
    {
        "en": f"Held against satisfaction, in real answers: {'; '.join(told)}.",
        "vi": f"So với sự hài lòng, trong câu trả lời thật: {'; '.join(told)}.",
    }
)

# %% [markdown] en_hash="abd122efa5"
# ## Vì sao điểm thang đo trông khác nhau hơn các khái niệm
#
# Nhiều bài báo dừng lại ở tương quan của hai điểm trung bình. Tương quan ấy quá nhỏ, vì điểm nào cũng chứa sai số, mà sai số thì không tương quan với gì cả. Spearman (1904)
# chỉ ra cách hiệu chỉnh: chia cho căn bậc hai của tích hai độ tin cậy. Bảng dưới đây đặt ba câu trả lời cạnh nhau. Hãy đọc mỗi dòng từ trái sang phải: điều điểm trung bình
# cho thấy, chính con số đó sau phép hiệu chỉnh của Spearman, và ước lượng của mô hình đo lường cùng khoảng tin cậy.

# %%
scores = survey.scores(constructs=constructs).corr()
alpha = cx.reliability(survey).table.set_index("construct")["alpha"]
rows = found.table[["construct_1", "construct_2", "r", "r_ci_lower", "r_ci_upper"]].copy()
both = list(zip(rows["construct_1"], rows["construct_2"], strict=True))
rows["pair"] = [f"{label[one]} – {label[two]}" for one, two in both]
rows["score_r"] = [scores.loc[pair] for pair in both]
rows["corrected"] = [scores.loc[one, two] / (alpha[one] * alpha[two]) ** 0.5 for one, two in both]
columns = {"pair": Column({"en": "Pair", "vi": "Cặp khái niệm"})}
columns["score_r"] = Column({"en": "Scores", "vi": "Điểm trung bình"}, "bounded")
columns["corrected"] = Column({"en": "Corrected for error", "vi": "Hiệu chỉnh sai số"}, "bounded")
columns["r"] = Column({"en": "Model", "vi": "Mô hình"}, "bounded")
columns["ci"] = Column({"en": "95% CI", "vi": "KTC 95%"}, "interval", parts=("r_ci_lower", "r_ci_upper"), bounded=True)
title = {"en": "One relation, three correlations", "vi": "Một mối liên hệ, ba tương quan"}
report.add(Table(rows, columns, title), "three_correlations")

# %% [markdown] en_hash="0557cb5302"
# ## Hai câu trả lời cạnh nhau
#
# Điều đó dẫn đến gì cho một câu hỏi thực tế: *điều gì khiến khách hàng giới thiệu nhà mạng cho người khác?* Hồi quy dùng nguyên các điểm thang đo. Mô hình cấu trúc dùng các
# biến quan sát, và để mỗi biến có sai số riêng. Cùng những khách hàng đó, cùng biến phụ thuộc (`CUSL3`, sẽ giới thiệu nhà mạng), cùng các biến giải thích.
#
# **Trước khi chạy:** nếu chất lượng và sự hài lòng gần như là một, mỗi phương pháp sẽ nói gì về tác động riêng của chúng? Hãy ghi lại phương pháp nào sẽ có khoảng tin cậy
# *hẹp hơn*, và ở đây hẹp hơn có phải là tốt hơn không.

# %%
regression = cx.regress("CUSL3 ~ quality + value + satisfaction", survey, standardise=True)
measured = "".join(f"{name} =~ {' + '.join(survey.constructs[name])}\n" for name in constructs)
everything = cx.sem(measured + "CUSL3 ~ quality + value + satisfaction", survey, estimator="MLR")
without = cx.sem(measured + "CUSL3 ~ value + satisfaction", survey, estimator="MLR")
scored = regression.table.rename(columns={"b": "estimate", "term": "name"}).query("name in @constructs")
paths, fewer = (
    fit.standardized().query("op == '~'").rename(columns={"est_std": "estimate", "rhs": "name"})
    for fit in (everything, without)
)

# %%
from cxlab.show import coefficient_plot, interval_plot

series = {
    {"en": "regression on scores", "vi": "hồi quy trên điểm trung bình"}[lang]: scored,
    {"en": "structural model", "vi": "mô hình cấu trúc"}[lang]: paths,
    {"en": "the same without quality", "vi": "mô hình đó, bỏ chất lượng"}[lang]: fewer,
}
sides = [rows.assign(label=rows["name"].map(label), model=name) for name, rows in series.items()]
axis = {"en": "Standardised coefficient, 95% interval", "vi": "Hệ số chuẩn hóa và khoảng tin cậy 95%"}
figure = coefficient_plot(pd.concat(sides), xlabel=axis, lang=lang)
caption = {"en": "What goes with recommending: two methods", "vi": "Điều gì đi cùng ý định giới thiệu: hai phương pháp"}
report.add(figure, "two_answers", caption, main=True)

# %% [markdown] en_hash="068eb7a10b"
# Hồi quy nói rất tự tin: sự hài lòng đi cùng ý định giới thiệu, chất lượng không thêm gì. Mô hình cấu trúc nói *tôi không biết*: khoảng tin cậy của nó phủ gần như mọi khả
# năng, và những ước lượng vượt xa ±1 là lời cảnh báo, không phải tác động. Các khoảng hẹp kia từ đâu ra? Không phải từ hiểu biết. Hồi quy coi mỗi điểm thang đo chính là khái
# niệm, và điểm nào ít sai số hơn một chút, hoặc gần biến phụ thuộc hơn một chút, sẽ giành hết phần mà cả hai cùng có. Bỏ chất lượng ra, mô hình cấu trúc cũng cho khoảng hẹp,
# vì bây giờ câu hỏi là điều mà dữ liệu trả lời được. **Hai phương pháp khác nhau khi các khái niệm gần như trùng nhau và thang đo có sai số; khi thang đo đáng tin cậy và các
# khái niệm cách xa nhau, chúng thống nhất với nhau.**

# %%
wide, short = (rows.set_index("name").loc["satisfaction"] for rows in (paths, scored))
spans = [f"{number(row['ci_lower'], 2)} – {number(row['ci_upper'], 2)}" for row in (short, wide)]
report.finding(
    {
        "en": f"Satisfaction and recommending, quality and value held equal: {spans[0]} by regression on scores, {spans[1]} in the structural model (95% intervals). The second admits that quality and satisfaction cannot be separated.",
        "vi": f"Sự hài lòng và ý định giới thiệu, khi chất lượng và giá trị như nhau: {spans[0]} theo hồi quy trên điểm trung bình, {spans[1]} trong mô hình cấu trúc (khoảng tin cậy 95%). Mô hình cấu trúc thừa nhận không tách được chất lượng khỏi sự hài lòng.",
    }
)

# %% [markdown] en_hash="6b6e0ba786"
# ## "Một tên mới" sẽ trông như thế nào
#
# Giả sử trải nghiệm *đúng là* sự hài lòng mang một tên mới. Khi đó sẽ có ba hệ quả, và hệ quả nào cũng kiểm tra được. **Một nhân tố là đủ:** mọi biến quan sát đo cùng một
# đánh giá, và mô hình nhiều nhân tố không phù hợp hơn. **Tương quan chạm 1** khi đã loại sai số. **Không thêm được gì:** biết sự hài lòng là dự đoán được hành vi, thêm các
# khái niệm kia cũng không tốt hơn. Hình dưới đây cho thấy dấu hiệu thứ nhất: một nhân tố so với các nhân tố tương quan, với những ngưỡng thường dùng là đường nét đứt (Hu &
# Bentler, 1999). Phù hợp tốt là nằm bên phải với CFI, bên trái với RMSEA và SRMR.

# %%
contest = cx.structure_contest(survey, constructs, structures=["one_factor", "correlated"])
caption = {"en": "One evaluation or several?", "vi": "Một đánh giá chung hay nhiều?"}
report.add(contest.plot(lang), "contest", caption)

# %%
blocks = ["satisfaction", "+ quality + value"]
added = cx.regress("CUSL3 ~ satisfaction + quality + value", survey, blocks=blocks).blocks.iloc[-1]
gain, p = number(added["delta_r2"], 3, bounded=True), format_p(added["wald_pvalue"])
merged = format_p(pairs.loc[("quality", "satisfaction"), "merged_p"])
fits = {name: number(cfi, 3, bounded=True) for name, cfi in contest.table.set_index("structure")["cfi"].items()}
report.finding(
    {
        "en": f"Signs of a mere new name: one factor does not suffice (CFI {fits['one_factor']} against {fits['correlated']}), but quality and satisfaction merge without loss (p = {merged}), and quality and value add {gain} to the R² of recommending (p = {p}).",
        "vi": f"Các dấu hiệu của một tên mới: một nhân tố là không đủ (CFI {fits['one_factor']} so với {fits['correlated']}), nhưng gộp chất lượng với sự hài lòng thì độ phù hợp không kém đi (p = {merged}), còn chất lượng và giá trị chỉ thêm {gain} vào R² của ý định giới thiệu (p = {p}).",
    }
)

# %% [markdown] en_hash="890e826c0b"
# Vậy câu trả lời trung thực có hai nửa. Giá trị so với số tiền bỏ ra là một điều riêng. Chất lượng cảm nhận, theo cách bảng hỏi này hỏi, không phân biệt được với sự hài lòng.
# Đó **không** phải là bằng chứng rằng trải nghiệm chính là sự hài lòng: một khảo sát chỉ hỏi đánh giá thì chỉ có thể tìm thấy đánh giá. Nghiên cứu về trải nghiệm cần những
# câu hỏi về điều khách hàng thấy bằng giác quan, cảm nhận, suy nghĩ, thực hiện và chia sẻ, như sổ tay 05 sẽ đưa ra, và lại cần chính phép thử này.
#
# ## Khi biết sự thật
#
# Có thể tin những kết luận như vậy đến đâu? Dữ liệu thật không bao giờ cho biết. Dữ liệu **mô phỏng** thì cho biết, nên đây là hai cửa hàng **mô phỏng**. Ở một cửa hàng, trải
# nghiệm và sự hài lòng gần như trùng nhau; ở cửa hàng kia, chúng chỉ là họ hàng. Cửa hàng nào thuộc trường hợp nào là do bốc thăm, và sự thật được niêm phong. **Hãy đọc các
# kết luận, rồi nói xem cửa hàng nào thuộc trường hợp nào.**

# %%
from cxlab.codebook import Codebook, Construct, Item

names = {
    "experience": {"en": "Experience", "vi": "Trải nghiệm"},
    "satisfaction": {"en": "Satisfaction", "vi": "Sự hài lòng"},
}
measures = {"experience": ["exp1", "exp2", "exp3", "exp4"], "satisfaction": ["sat1", "sat2", "sat3"]}
items = {item: Item(item, construct=name) for name, its in measures.items() for item in its}
book = Codebook(items=items, constructs={name: Construct(name, text) for name, text in names.items()})


# %%
def simulated_shop(correlation, n, number_of_shop=0):
    truth = f"""
    experience   =~ 0.8*exp1 + 0.75*exp2 + 0.8*exp3 + 0.7*exp4
    satisfaction =~ 0.85*sat1 + 0.8*sat2 + 0.75*sat3
    experience ~~ {correlation}*satisfaction
    """
    return cx.simulate(truth, n, seed + number_of_shop, codebook=book, standardized=True, points=7, skew=-0.6)


# %%
import numpy as np

drawn = np.random.default_rng(seed).permutation([0.72, 0.97])
shops = [simulated_shop(correlation, 250, place) for place, correlation in enumerate(drawn, start=1)]
verdicts = [cx.discriminant(list(names), shop, seed=seed) for shop in shops]

# %%
results = pd.concat([one.table for one in verdicts]).assign(shop=[f"{letter}" for letter in "AB"])
results["told"] = [words[key] for key in results["verdict"]]
columns = {"shop": Column({"en": "Simulated shop", "vi": "Cửa hàng mô phỏng"}), "htmt": Column("HTMT", "bounded")}
ends = ("htmt_ci_lower", "htmt_ci_upper")
columns["ci"] = Column({"en": "95% CI", "vi": "KTC 95%"}, "interval", parts=ends, bounded=True)
columns["told"] = Column({"en": "Verdict", "vi": "Kết luận"})
title = {
    "en": "Experience and satisfaction in two simulated shops",
    "vi": "Trải nghiệm và sự hài lòng ở hai cửa hàng mô phỏng",
}
report.add(Table(results, columns, title), "simulated_shops")

# %% [markdown] en_hash="8ecafee5d3"
# ## Thay đổi sự thật
#
# Bây giờ sự thật nằm trong tay bạn. Hãy đặt mức tương quan giữa trải nghiệm và sự hài lòng của toàn bộ khách hàng ở một cửa hàng **mô phỏng**, đặt số khách hàng được hỏi, rồi
# quan sát các khoảng tin cậy và kết luận ở tiêu đề. Hai điều nên thử. Giữ tương quan ở 0,70 và giảm n: một khác biệt có thật có bị mất đi không? Rồi đặt 0,95 và tăng n: cần
# bao nhiêu khách hàng mới loại trừ được 1, và phần khác biệt còn lại có đáng để dùng hai cái tên không?


# %%
def look(correlation, n):
    seen = cx.discriminant(list(names), simulated_shop(correlation, n), n_boot=500, seed=seed).table.iloc[0]
    verdict, truth = words[seen["verdict"]][lang], number(correlation, 2, bounded=True)
    title = {
        "en": f"Simulated customers (true correlation {truth}, n = {n}): {verdict}",
        "vi": f"Khách hàng mô phỏng (tương quan thật {truth}, n = {n}): {verdict}",
    }
    lines = {"r": "r", "HTMT": "htmt"}
    ends = {name: [seen[f"{key}_{name}"] for key in lines.values()] for name in ("ci_lower", "ci_upper")}
    shown = pd.DataFrame({"label": list(lines), "estimate": [seen[key] for key in lines.values()], **ends})
    return interval_plot(shown, reference=[0.9, 1.0], title=title, lang=lang)


# %%
cx.explore(look, live=reports is None, correlation=(0.85, 0.5, 0.98, 0.01), n=(120, 60, 1000, 20))

# %%
rows = []
for correlation in (0.7, 0.85, 0.95):
    for n in (60, 120, 250, 500, 1000):
        ratio = cx.htmt(simulated_shop(correlation, n), list(names), n_boot=500, seed=seed).table.iloc[0]
        block = {
            "en": f"true correlation {number(correlation, 2, bounded=True)}",
            "vi": f"tương quan thật {number(correlation, 2)}",
        }
        rows.append({"block": block, "label": f"n = {n}", "estimate": ratio["htmt"], **ratio[["ci_lower", "ci_upper"]]})
figure = interval_plot(pd.DataFrame(rows), reference=[0.9, 1.0], xlabel="HTMT", lang=lang)
caption = {
    "en": "Simulated customers: HTMT with its 95% interval, by true correlation and number asked",
    "vi": "Khách hàng mô phỏng: HTMT và khoảng tin cậy 95%, theo tương quan thật và số người được hỏi",
}
report.add(figure, "moved_truth", caption)

# %% [markdown] en_hash="0a212d1a4f"
# Hãy đọc mỗi khối từ trên xuống. Nhiều khách hàng hơn thì khoảng tin cậy hẹp hơn, và thu về sự thật, dù sự thật nằm ở đâu. Với ít khách hàng, kết luận nói về n nhiều hơn là
# nói về khách hàng: họ hàng có thể trông như sinh đôi. Còn với rất nhiều khách hàng, điều "không đúng bằng 1" trở nên chắc chắn dù chẳng ai hành động vì sự khác biệt ấy. Vì
# vậy người ta báo cáo khoảng tin cậy, không báo cáo một dấu tích.
#
# Bạn đã có câu trả lời của mình về hai cửa hàng. Hãy mở niêm phong: mô hình thật nằm trong sổ mã biến của mọi khảo sát mô phỏng.

# %%
opened = pd.concat(
    [cx.against_truth(one.fit).table.query("lhs == 'experience' and rhs == 'satisfaction'") for one in verdicts]
)
columns = {"shop": columns["shop"], "estimate": Column({"en": "Estimate", "vi": "Ước lượng"}, "bounded")}
columns["ci"] = Column({"en": "95% CI", "vi": "KTC 95%"}, "interval", parts=("ci_lower", "ci_upper"), bounded=True)
columns["generating"] = Column({"en": "Truth", "vi": "Giá trị thật"}, "bounded")
title = {
    "en": "The seal opened: the simulated shops and their truth",
    "vi": "Mở niêm phong: hai cửa hàng mô phỏng và giá trị thật",
}
report.add(Table(opened.assign(shop=["A", "B"]), columns, title), "opened")

# %% [markdown] en_hash="622b34f296"
# ## Những con số trong các bài báo
#
# Vì sao doanh nghiệp nên quan tâm đến trải nghiệm? Các bài báo trả lời bằng con số: bao nhiêu người trả thêm, bao nhiêu người bỏ đi. Sổ nhận định liệt kê mọi con số như vậy
# trong các bài nguồn của khóa học, kèm nguồn nếu tìm thấy, và khoảng tin cậy nếu biết cỡ mẫu. Đó là khoảng Wilson, dành cho tỷ lệ trong một mẫu ngẫu nhiên đơn giản; mẫu thật
# kém hơn thế, nên đây là độ bất định *tối thiểu* cần tính đến. Chấm rỗng là tỷ lệ không rõ tính trên bao nhiêu người. Bảng sau hình gồm những gì các bài báo in; gõ riêng
# `ledger` thì thấy mọi dòng cùng ghi chú của chúng tôi.
#
# **Trước khi xem:** trong mười con số của một bài báo quản trị, bạn lần ra được bảng hỏi, cỡ mẫu và quốc gia của bao nhiêu con số?

# %%
ledger = cx.theory_table("claims")
caption = {
    "en": "The shares among the claims, with what their samples allow",
    "vi": "Các tỷ lệ trong sổ nhận định và mức chính xác mà cỡ mẫu cho phép",
}
report.add(ledger.plot(lang), "claims", caption, main=True)

# %%
printed_claims = ledger.apa(lang)
shown = {name: column for name, column in printed_claims.columns.items() if name != "note"}
frame = printed_claims.frame.query("kind == 'claim'")
report.add(replace(printed_claims, columns=shown, frame=frame), "ledger")

# %%
rows = ledger.table.set_index("key")
printed = rows.query("kind == 'claim'")
distinct = printed[printed["same_as"] == ""]
count = distinct["source_found"].value_counts()
traced = int(((distinct["source_found"] == "yes") & distinct["n"].notna()).sum())
report.finding(
    {
        "en": f"The articles print {len(printed)} claims, {len(distinct)} without repetition. The source was found for {count.get('yes', 0)}, in part for {count.get('partly', 0)}, not for {count.get('no', 0)}; source and sample size are both known for {traced}.",
        "vi": f"Các bài báo in {len(printed)} nhận định, bỏ phần lặp lại còn {len(distinct)}. Tìm thấy nguồn của {count.get('yes', 0)} nhận định, một phần của {count.get('partly', 0)}, không thấy nguồn của {count.get('no', 0)}; biết cả nguồn lẫn cỡ mẫu của {traced} nhận định.",
    }
)

# %% [markdown] en_hash="bac1f1ff06"
# Mẫu lớn có giải quyết được vấn đề không? Hãy lấy nhận định có tài liệu đầy đủ nhất: khách hàng sẽ rời bỏ một thương hiệu yêu thích sau một lần trải nghiệm tệ. Khoảng tin cậy
# của nó hẹp đến mức khó thấy trên hình. Rồi hãy nhìn hai dòng bên dưới, cùng câu hỏi đó ở hai khu vực. Giữa các khu vực, tỷ lệ khác nhau nhiều hơn hẳn mọi khoảng tin cậy. Sai
# số do chọn mẫu chỉ là một loại sai số, và hiếm khi là loại lớn nhất. Một con số gộp từ nhiều nước không mô tả đúng nước nào.

# %%
pooled, regions = rows.loc["leave_once"], rows.loc[["leave_once_us", "leave_once_latin"], "value"]
width, spread = 100 * (pooled["ci_upper"] - pooled["ci_lower"]), 100 * (regions.max() - regions.min())
report.finding(
    {
        "en": f"Leaving after one bad experience: the interval of the pooled share is {number(width, 1)} points wide, two regions lie {number(spread, 0)} points apart.",
        "vi": f"Rời bỏ sau một lần trải nghiệm tệ: khoảng tin cậy của tỷ lệ gộp rộng {number(width, 1)} điểm phần trăm, còn hai khu vực cách nhau {number(spread, 0)} điểm phần trăm.",
    }
)

# %% [markdown] en_hash="afdc0056c0"
# ## Bài tập: cần n bao nhiêu?
#
# Một nhận định so sánh hai con số: tỷ lệ giữ chân khách hàng tăng nhanh hơn ở những doanh nghiệp có chăm sóc khách hàng trên mạng xã hội so với những doanh nghiệp không có
# (các dòng `retention_with` và `retention_without` của `rows`, cột `value`). Bài báo không cho n hay sai số của từng nhóm. Hãy giả định, một cách rộng lượng, rằng đó chỉ là
# tỷ lệ doanh nghiệp. *Mỗi nhóm* cần bao nhiêu doanh nghiệp để một kiểm định hai phía ở mức ý nghĩa 5% phát hiện được khác biệt như vậy với lực kiểm định 80%? Hãy dùng
# `proportion_effectsize` và `NormalIndPower().solve_power` của statsmodels, rồi làm tròn lên. Nguồn nói về những doanh nghiệp tự chọn chương trình ấy, nên ngay cả một chênh
# lệch "có ý nghĩa thống kê" cũng chưa phải là tác động của chương trình.

# %%
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

my_n = None

# %%
effect = proportion_effectsize(*rows.loc[["retention_with", "retention_without"], "value"])
solve = NormalIndPower().solve_power
right = np.ceil(solve(effect, alpha=0.05, power=0.8))
hints = {
    "just": {
        "en": "That n is just significant if exactly these shares turn up: a power of about one half.",
        "vi": "Với n này, kết quả chỉ vừa đủ có ý nghĩa thống kê nếu gặp đúng hai tỷ lệ đó: lực kiểm định khoảng một nửa.",
    },
    "one": {"en": "That is a one-sided test.", "vi": "Đó là kiểm định một phía."},
    "all": {"en": "That is both groups together.", "vi": "Đó là tổng của cả hai nhóm."},
}
slips = [rows.loc["retention_gap", "n_needed"], solve(effect, alpha=0.05, power=0.8, alternative="larger"), 2 * right]
by_hint = {hints[key][lang]: float(n) for key, n in zip(hints, slips, strict=True)}
cx.check_answer(my_n, float(right), tolerance=2, slips=by_hint)

# %% [markdown] en_hash="a212070cd8"
# ## Điều gì còn đọng lại?
#
# Ba câu hỏi. Hãy tự chọn một câu trả lời trước khi mở; mỗi câu trả lời nói vì sao nó đúng, hoặc nó nhầm lẫn điều gì.


# %%
def say(en, vi):
    return {"en": en, "vi": vi}


first = (
    say("Two scores correlate .78, and each has a reliability of about .80. What follows?", "Hai điểm thang đo tương quan 0,78 và mỗi thang có độ tin cậy khoảng 0,80. Từ đó suy ra điều gì?"),
    [
        (say("They are two things: .78 is below .90.", "Đó là hai điều khác nhau: 0,78 thấp hơn 0,90."), False, say("The limit is meant for constructs without error, not for scores.", "Ngưỡng này dành cho khái niệm đã loại sai số, không dành cho điểm thang đo.")),
        (say("Without error they would correlate close to 1.", "Nếu không có sai số, chúng sẽ tương quan gần 1."), True, say("Divide by the square root of the product of both reliabilities.", "Hãy chia cho căn bậc hai của tích hai độ tin cậy.")),
    ],
)  # fmt: skip

# %%
second = (
    say("A regression on scores gives short intervals, the structural model very long ones. Which do you report?", "Hồi quy trên điểm thang đo cho khoảng tin cậy hẹp, mô hình cấu trúc cho khoảng rất rộng. Bạn báo cáo kết quả nào?"),
    [
        (say("Both, and that the effects cannot be separated.", "Cả hai, và nói rõ rằng không tách được các tác động."), True, say("Then ask a smaller question that these answers can settle.", "Sau đó hãy đặt một câu hỏi nhỏ hơn mà dữ liệu này trả lời được.")),
        (say("The regression: it is more precise.", "Hồi quy, vì chính xác hơn."), False, say("It is precise about the scores, not about what they measure.", "Nó chính xác về điểm thang đo, không phải về điều được đo.")),
    ],
)  # fmt: skip
third = (
    say("An article says that most customers would pay more for a better experience. What do you ask for first?", "Một bài báo nói phần lớn khách hàng sẵn sàng trả thêm cho trải nghiệm tốt hơn. Trước hết bạn cần biết gì?"),
    [
        (say("A second article that says the same.", "Một bài báo thứ hai nói như vậy."), False, say("It may have copied the first.", "Bài thứ hai có thể chép lại bài thứ nhất.")),
        (say("The question asked, of whom, where, when, and n.", "Câu hỏi đã dùng, hỏi ai, ở đâu, khi nào, và n."), True, say("Without these a share has no meaning; and what people say is not what they pay.", "Thiếu những điều đó thì tỷ lệ không có ý nghĩa; và điều người ta nói chưa phải là điều họ trả.")),
    ],
)  # fmt: skip

# %%
cx.quiz(first, second, third)

# %% [markdown] en_hash="41bd2a8be0"
# ## Một bài báo nên báo cáo những gì
#
# Định nghĩa được dùng, nguồn của nó, và những gì nó bỏ qua. Cách quy chiếu khái niệm với biến quan sát, nói rõ là giả định nếu các câu hỏi được mượn. Với mỗi cặp khái niệm mà
# lập luận coi là khác nhau: tương quan đã loại sai số đo lường và HTMT, cả hai kèm khoảng tin cậy và n. Nếu một cặp không đạt: mô hình gộp, và các kết luận khi đó ra sao, chứ
# không chỉ một câu rằng giá trị phân biệt "đã được khẳng định". Với con số lấy của người khác: nguồn gốc, n, quốc gia và năm, hoặc lời ghi rằng không tìm thấy nguồn.
#
# ## Điều cần nhớ
#
# - Một định nghĩa hữu ích khi hai người đọc thống nhất được nó bao gồm những gì. Hãy mã hóa và xem.
# - Bảng lịch sử cũng là dữ liệu. Hãy tính xem dòng nào không khớp, nói ra, và quyết định công khai.
# - Hai cái tên chỉ là hai điều khi câu trả lời của khách hàng phân biệt được chúng. Tương quan của điểm thang đo quá nhỏ để dựa vào đó mà kết luận.
# - Khoảng tin cậy hẹp có thể đến từ một giả định sai. Khi các khái niệm gần như trùng nhau, *tôi không biết* là câu trả lời đúng.
# - Một con số không có nguồn, không có n, không có câu hỏi là một lời đồn gắn dấu phần trăm.
#
# Bây giờ hãy lấy định nghĩa bạn viết lúc đầu ra. Bạn có muốn sửa không? Sổ tay 02 biến một tệp khảo sát thô thành dữ liệu; sổ tay 08 dựng trọn mô hình đằng sau khảo sát điện
# thoại di động.

# %%
cx.provenance(survey, seed=seed)
