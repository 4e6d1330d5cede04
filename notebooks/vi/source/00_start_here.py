# %% [markdown] en_hash="569576a6e6"
# # Bắt đầu từ đây: từ khảo sát đến câu trả lời
#
# **Khoảng 10 phút.** Sau sổ tay (notebook) này, bạn có thể
#
# 1. nạp một khảo sát khách hàng có thật và xem trong đó có gì;
# 2. nói được các thang đo đáng tin cậy đến mức nào, và khoảng tin cậy cho biết thêm điều gì;
# 3. trả lời câu hỏi đầu tiên, *phần nào của trải nghiệm đi cùng lòng trung thành?*, mà không suy diễn quá những gì dữ liệu cho biết;
# 4. tìm đường đến các bài học, các bộ dữ liệu và tệp dữ liệu của chính bạn.
#
# Chạy một ô bằng <kbd>Shift</kbd>+<kbd>Enter</kbd>. Mọi con số bên dưới đều được tính từ dữ liệu khi ô chạy; không con số nào được gõ sẵn.

# %% tags=["parameters"]
seed = 20261122
lang = "vi"
reports = None

# %%
import cxlab as cx
from cxlab.i18n import format_number as number

cx.use_language(lang)
report = cx.Report("00_start_here", folder=reports, lang=lang)
# %% [markdown] en_hash="d0dbb8f329"
# ## Trải nghiệm khách hàng là gì?
#
# Trải nghiệm khách hàng (CX) là những gì khách hàng tiếp nhận qua giác quan, cảm nhận, suy nghĩ và hành động khi tiếp xúc với doanh nghiệp trong suốt một hành trình: trước,
# trong và sau khi mua (Lemon & Verhoef, 2016; Gentile, Spiller & Noci, 2007). Khóa học này dựa trên hai điều cần phân biệt. **Trải nghiệm không phải là sự hài lòng**: hài
# lòng là đánh giá về mức độ sản phẩm hay dịch vụ đáp ứng kỳ vọng, nên chỉ là một phần của trải nghiệm. **Trải nghiệm không quan sát được trực tiếp**: ta thấy câu trả lời cho
# các câu hỏi rồi suy ra điều nằm phía sau. Mô hình đo lường thực hiện phép suy luận đó; nó có thể sai ở đâu chính là điều bạn sẽ học cách nhận ra.

# %%
survey = report.data(cx.load_dataset("ecsi_mobile"))
report.about(
    {
        "en": f"A first walk: {len(survey)} customers of mobile-phone providers, the reliability of their answers, and what goes with loyalty.",
        "vi": f"Bước đi đầu tiên: {len(survey)} khách hàng điện thoại di động, độ tin cậy của câu trả lời, và điều gì đi cùng lòng trung thành.",
    }
)
survey

# %% [markdown] en_hash="15a6915106"
# Khảo sát này có thật. Khách hàng của các nhà mạng di động trả lời những câu hỏi trên thang từ 1 đến 10. Các câu hỏi thuộc về những khái niệm nghiên cứu của Chỉ số hài lòng
# khách hàng châu Âu (ECSI): hình ảnh, kỳ vọng, chất lượng cảm nhận, giá trị cảm nhận, sự hài lòng, khiếu nại và lòng trung thành (Tenenhaus, Esposito Vinzi, Chatelin &
# Lauro, 2005). Khung thông tin ở trên lấy từ **sổ mã biến**, nơi ghi ý nghĩa của từng cột. Một bảng không có sổ mã biến chỉ là những con số; có sổ mã biến, cxlab biết câu
# trả lời nào hợp lệ và những câu nào thuộc cùng một khái niệm.
#
# **Trước khi chạy ô tiếp theo:** khái niệm nào sẽ có trung bình thấp nhất? Hãy ghi lại dự đoán của bạn.

# %%
described = cx.describe(survey)
answers = described.plot(lang=lang)
report.add(answers, "answers", {"en": "All answers, item by item", "vi": "Toàn bộ câu trả lời, theo từng câu hỏi"})

# %% [markdown] en_hash="adfedf3d8f"
# Hãy nhìn hình trước khi xem bất kỳ giá trị trung bình nào. Câu trả lời dồn về phía điểm cao, như hầu hết các đánh giá mức hài lòng (Peterson & Wilson, 1992): ít ai ở lại
# với nhà mạng mà mình chỉ cho điểm 2. Phân phối lệch như vậy sẽ có hệ quả về sau, vì các phương pháp giả định phân phối hình chuông khi đó ước lượng sai độ bất định của
# chính chúng. Có một biến quan sát trông khác hẳn các biến bên cạnh: mức chênh lệch giá khiến khách hàng rời đi. Ít nhất là theo bảng hỏi, biến này thuộc lòng trung thành;
# sổ tay 08 cho thấy mô hình phải trả giá ra sao khi giữ nó. Bảng dưới đây cho các giá trị trung bình.

# %%
report.add(described.apa_constructs(lang), "constructs")

# %% [markdown] en_hash="1fa02bed87"
# ## Các thang đo đáng tin cậy đến mức nào?
#
# Hệ số Cronbach alpha cho biết các biến quan sát của một thang đo biến thiên cùng nhau đến mức nào: 1 nghĩa là chúng lặp lại nhau, 0 nghĩa là chúng không có gì chung. Cặp số
# trong ngoặc vuông là điều phần lớn bài báo bỏ qua: những giá trị alpha còn phù hợp với một mẫu cỡ này. Một quy tắc kinh nghiệm phổ biến đòi hỏi 0,70 (đường gạch đứt; `cx.rules_table()` nêu
# nguồn của quy tắc, và cho biết chúng tôi đã đọc nguồn đó hay chưa). Alpha thấp không phải là lời phán xét về khách hàng. Nó chỉ nói rằng những câu hỏi này, gộp lại, không đo
# *một* điều.

# %%
reliability = cx.reliability(survey)
report.add(
    reliability.plot(lang=lang),
    "alpha",
    {"en": "Cronbach's alpha with its 95% interval", "vi": "Hệ số Cronbach alpha và khoảng tin cậy 95%"},
)

# %%
low = reliability.table.query("alpha < 0.7").sort_values("alpha")
names = ", ".join(survey.codebook.constructs[key].label[lang] for key in low["construct"])
report.finding(
    {
        "en": f"{len(low)} of {reliability.table['alpha'].notna().sum()} scales miss alpha .70: {names}.",
        "vi": f"{len(low)} trong {reliability.table['alpha'].notna().sum()} thang đo có alpha dưới 0,70: {names}.",
    }
)

# %% [markdown] en_hash="194828b593"
# ## Điều gì đi cùng lòng trung thành?
#
# Hồi quy đặt câu hỏi: giữa những khách hàng giống nhau ở các biến giải thích còn lại, lòng trung thành khác nhau ra sao theo biến này? Chúng ta dùng điểm trung bình của từng
# khái niệm, và sai số chuẩn không giả định phương sai như nhau ở mọi nơi (HC3; MacKinnon & White, 1985). "Đi cùng" là cách nói trung thực: mọi câu trả lời đến từ cùng một
# bảng hỏi vào cùng một thời điểm, nên một hệ số có thể phản ánh nguyên nhân, nhân quả ngược chiều, hoặc một tâm trạng chi phối mọi đánh giá.
#
# **Bạn hãy đoán trước:** hình ảnh, sự hài lòng hay xử lý khiếu nại sẽ có hệ số chuẩn hóa lớn nhất?

# %%
regression = cx.regress("loyalty ~ image + satisfaction + complaints", survey)
drivers = regression.plot(lang=lang)
report.add(
    drivers,
    "drivers",
    {
        "en": "What goes with loyalty: coefficients with 95% intervals",
        "vi": "Điều gì đi cùng lòng trung thành: hệ số và khoảng tin cậy 95%",
    },
    main=True,
)

# %%
report.question(
    {
        "en": "Which part of the experience goes with loyalty?",
        "vi": "Phần nào của trải nghiệm đi cùng lòng trung thành?",
    }
)
report.add(regression, "regression", main=True)

# %%
terms = regression.table.set_index("term").drop("Intercept")
first = terms["beta"].abs().idxmax()
label, row = survey.codebook.constructs[first].label[lang].lower(), terms.loc[first]
low_b, high_b = (number(row[end], 2) for end in ("ci_lower", "ci_upper"))
report.finding(
    {
        "en": f"One scale point more of {label} goes with {number(row['b'], 2)} points more loyalty (95% interval {low_b} to {high_b}).",
        "vi": f"Khách hàng có điểm {label} cao hơn 1 thì điểm lòng trung thành cao hơn {number(row['b'], 2)} (khoảng tin cậy 95%: {low_b} đến {high_b}).",
    }
)

# %% [markdown] en_hash="e6101d4db6"
# Bạn đoán có đúng không? Hãy để ý cả những gì các khoảng tin cậy *không* nói. Khi một khoảng chạm số 0, dữ liệu không chứng tỏ rằng không có tác động; chúng chỉ cho thấy là
# chưa đủ để kết luận. Hơn nữa, lòng trung thành vừa không đạt yêu cầu về độ tin cậy, nên hồi quy của nó bị sai số đo lường làm mờ: mối liên hệ với một thang đo có alpha thấp
# bị kéo về phía 0 (Spearman, 1904). Mô hình cấu trúc tuyến tính tách hai thứ này ra, và vì thế đó là chặng tiếp theo của khóa học.
#
# ## Bài tập
#
# Tỷ lệ khách hàng chọn điểm 9 hoặc 10 được gọi là *tỷ lệ hai mức cao nhất* (top-2-box). Hãy tính tỷ lệ này cho mức hài lòng chung (`CUSA1`) và viết dưới dạng một số từ 0 đến
# 1.

# %%
my_answer = None

# %%
satisfied = survey.data["CUSA1"]
slips = {
    {"en": "You counted 8 as well: that is top-3-box.", "vi": "Bạn đã tính cả điểm 8: đó là ba mức cao nhất."}[lang]: (
        satisfied >= 8
    ).mean(),
    {"en": "That is the mean, not a share.", "vi": "Đó là điểm trung bình, không phải tỷ lệ."}[lang]: satisfied.mean(),
}
cx.check_answer(my_answer, (satisfied >= 9).mean(), slips=slips)

# %% [markdown] en_hash="f21d753d1f"
# ## Đi tiếp từ đây
#
# - **Học**: `01_what_is_cx` cho biết trải nghiệm khách hàng là gì và con số nào về nó đáng tin. `02_from_survey_to_data` biến một tệp thô thành dữ liệu bạn có thể bảo vệ;
#   `03_reliability_and_factors` và `04_confirmatory_measurement` hỏi các câu hỏi của nó đo điều gì. `05_gentile_six_components` và `06_schmitt_five_modules` kiểm tra hai lý thuyết được
#   biết đến nhiều nhất, `07_total_cx_six_ps` kiểm tra lý thuyết thứ ba. `08_ecsi_structural_models` xây dựng mô hình cấu trúc đằng sau khảo sát này và cho thấy nó thất bại;
#   `09_pls_path_models` làm điều đó bằng bình phương tối thiểu riêng phần (PLS). `10_drivers_and_asymmetry` hỏi trải nghiệm nào quan trọng, `11_metrics_contest` hỏi số đo nào dự báo được,
#   `12_journey_and_touchpoints` và `13_carry_over_and_channels` hỏi điều đó xảy ra ở đâu và khi nào. `14_segments_and_groups` so sánh các nhóm một cách công bằng, còn `15_cx_management`
#   quyết định nên làm gì.
# - **Lặp lại nghiên cứu**: các bộ dữ liệu dưới đây đi kèm giấy phép và cách trích dẫn. Những bộ *theo yêu cầu* được tải một lần, sau khi bạn đã đọc điều khoản.
# - **Dữ liệu của bạn**: `survey = cx.read_survey("khao_sat.xlsx", codebook="codebook.yaml")`, rồi ba dòng lệnh giống như ở trên.
# - **Bằng tiếng Anh**: mở các sổ tay trong thư mục `notebooks/`, hoặc gọi `cx.use_language("en")`.

# %%
cx.list_datasets()[["name", "title", "kind", "rows", "items", "licence"]]

# %% [markdown] en_hash="ddc070f19d"
# ## Điều cần nhớ
#
# - Một khảo sát gồm câu trả lời *và* sổ mã biến; hãy xem phân phối trước khi xem trung bình.
# - Độ tin cậy có khoảng tin cậy. Quy tắc kinh nghiệm là một quy ước có nguồn, không phải định luật.
# - Hồi quy trên một bảng hỏi cho thấy những gì đi cùng nhau. Hãy nói đúng như vậy.

# %%
cx.provenance(survey, seed=seed)
