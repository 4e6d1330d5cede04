# %% [markdown] en_hash="1b857ac46e"
# # Từ tệp khảo sát đến dữ liệu mà bạn bảo vệ được
#
# **Khoảng 25 phút.** Sau sổ tay này, bạn có thể
#
# 1. đọc một tệp khảo sát vừa xuất, và biết điều gì đã được hiểu, điều gì chưa;
# 2. viết sổ mã biến, trang ghi ý nghĩa của từng cột;
# 3. tách riêng dữ liệu cá nhân trước khi có ai nhìn thấy;
# 4. đánh dấu câu trả lời cẩu thả bằng nhiều quy tắc, quyết định công khai và trình bày sơ đồ dòng mẫu;
# 5. tính điểm thang đo khi các câu hỏi đảo chiều đã được đổi về đúng chiều.
#
# Người phản biện hỏi từng điều trong số này, còn phần lớn bài báo không báo cáo điều nào (Meade & Craig, 2012).

# %% tags=["parameters"]
seed = 20261122
lang = "vi"
reports = None

# %%
from pathlib import Path
from tempfile import mkdtemp

import cxlab as cx
from cxlab.i18n import format_number as number

cx.use_language(lang)
report = cx.Report("02_from_survey_to_data", folder=reports, lang=lang)
report.question(
    {"en": "How many answers are too careless to use?", "vi": "Bao nhiêu câu trả lời cẩu thả đến mức không dùng được?"}
)

# %% [markdown] en_hash="933502efed"
# ## Một tệp vừa nhận được
#
# Dưới đây là một **tệp thực hành, được đặt ra riêng cho bài học này**: bốn dòng đúng như một biểu mẫu trực tuyến bằng tiếng Việt xuất ra. Dòng tiêu đề chứa nguyên câu hỏi,
# câu trả lời là chữ, có một cột là địa chỉ e-mail, và có người ghi lời nhận xét vào chỗ cần một câu trả lời. Tệp thật cũng như vậy, chỉ dài hơn. Chúng ta ghi tệp vào một thư
# mục tạm; cxlab không bao giờ thay đổi tệp mà nó đọc.
#
# **Trước khi đi tiếp:** ô nào của tệp này *không* nên trở thành số?

# %%
folder = Path(mkdtemp())
rows = [
    "Dấu thời gian,Địa chỉ email,Cửa hàng có thiết kế bắt mắt,Nhân viên khiến tôi dửng dưng,Tôi sẽ quay lại",
    "2026/10/21 09:12:44,an@example.com,Đồng ý,Không đồng ý,Hoàn toàn đồng ý",
    "2026/10/21 09:40:03,binh@example.com,Hoàn toàn đồng ý,Hoàn toàn không đồng ý,Đồng ý",
    "2026/10/21 10:02:19,chi@example.com,Trung lập,Đồng ý,còn tuỳ giá",
    "2026/10/21 10:31:50,dung@example.com,Đồng ý,Không đồng ý,",
]
practice = folder / "khao_sat.csv"
_ = practice.write_text("\n".join(rows), encoding="utf-8")

# %% [markdown] en_hash="2c6c207f7f"
# ## Sổ mã biến
#
# Sổ mã biến là một văn bản ngắn mà con người đọc được và chương trình kiểm tra được. Nó nêu tên các cột, cho nhãn bằng hai ngôn ngữ, ghi thang đo kéo dài đến đâu và từng mức
# có nghĩa gì, biến quan sát nào thuộc khái niệm nào, và câu hỏi nào **đảo chiều**: với câu "nhân viên khiến tôi dửng dưng", trải nghiệm tốt là khi người ta *không* đồng ý.
# Nó cũng đánh dấu dữ liệu cá nhân. Mỗi bảng hỏi chỉ cần viết một lần. Khóa sai, thiếu thang đo hay lỗi gõ đều được báo kèm số dòng.

# %%
codebook = folder / "codebook.yaml"
_ = codebook.write_text(
    """
name: practice
scales:
  agree5: {min: 1, max: 5, labels: {1: {vi: hoàn toàn không đồng ý}, 2: {vi: không đồng ý},
           3: {vi: trung lập}, 4: {vi: đồng ý}, 5: {vi: hoàn toàn đồng ý}}}
constructs: {store: {label: {en: Store experience, vi: Trải nghiệm tại cửa hàng}}}
items:
  time: {column: Dấu thời gian, role: time}
  mail: {column: Địa chỉ email, role: id, personal: true}
  look: {column: Cửa hàng có thiết kế bắt mắt, scale: agree5, construct: store}
  cold: {column: Nhân viên khiến tôi dửng dưng, scale: agree5, construct: store, reversed: true}
  back: {column: Tôi sẽ quay lại, scale: agree5, construct: store}
""",
    encoding="utf-8",
)

# %%
small = cx.read_survey(practice, codebook=codebook)
small

# %% [markdown] en_hash="73c55c01a2"
# Chữ đã thành số theo sổ mã biến. Những gì không hiểu được thì **được liệt kê chứ không bị mất**: nhiều chương trình lẳng lặng biến một lời nhận xét thành giá trị khuyết, và
# thế là số câu trả lời khuyết trong bài báo bị sai. Ở đây bạn thấy dòng, cột, lý do, và tự quyết định. Ô để trống không phải là vấn đề; đó đơn giản là giá trị khuyết.

# %%
cx.InventedRows(small.problems)

# %% [markdown] en_hash="7fc76e61cd"
# ## Dữ liệu cá nhân trước hết
#
# Cột e-mail được tách riêng: nó không nằm trong `small.data`, cũng không có trong báo cáo nào, và `deidentify()` xóa hẳn nó. cxlab còn tìm những gì sổ mã biến bỏ sót: địa
# chỉ e-mail, số điện thoại, địa chỉ IP, tọa độ, mã thành viên của đơn vị khảo sát. Khi cần nối hai đợt của một khảo sát lặp, hãy dùng `method="hash"` với một khóa do bạn
# giữ: cùng một người nhận cùng một mã, và không có khóa thì không ai lần ngược lại được.

# %%
clean_small = small.deidentify()
clean_small.log[["action", "rule", "count", "note"]]

# %% [markdown] en_hash="0a0e5fd95a"
# ## Một tệp thật, và ai đã trả lời
#
# Bây giờ là một khảo sát thật: khách quảng cáo đánh giá Trang Vàng (Yellow Pages) nói chung và theo chín khía cạnh, từ 1 đến 10 (Rossi, Gilula & Allenby, 2001). Người ngoài
# không thể biết ai đã trả lời cẩn thận. Điều chúng ta làm được là tìm dấu vết: cùng một câu trả lời cho mọi câu hỏi, chuỗi dài giống nhau, hầu như không có biến thiên trong
# câu trả lời của một người, một dòng giống hệt dòng khác, một kiểu trả lời khác xa tất cả những người còn lại. Mỗi dấu vết là một **cờ đánh dấu**, không phải lời phán xét;
# một khách hàng trung thực hoàn toàn có thể thấy mọi thứ đều đáng điểm 10.
#
# **Hãy ghi lại dự đoán:** bao nhiêu phần trăm người trả lời chọn cùng một điểm mười lần?

# %%
survey = report.data(cx.load_dataset("yellow_pages"))
screened = survey.screen(straightline=True, longstring=8, irv=0.3, mahalanobis=True)
report.add(screened.apa_flags(lang), "flags", main=True)

# %% [markdown] en_hash="666f034dc5"
# Hãy đọc cột *Chỉ bởi quy tắc này*. Các quy tắc chồng lấn nhau: ai chọn mười lần cùng một điểm thì cũng có chuỗi dài và không có biến thiên. Một quy tắc đánh dấu nhiều người
# mà không quy tắc nào khác đánh dấu thì chính nó đáng ngờ. Khoảng cách Mahalanobis là một trường hợp như vậy: nó tìm ra người *khác thường*, mà một khách hàng khác thường
# nhưng cẩn thận lại là người đáng chú ý nhất trong tệp. Cũng nên để ý rằng mỗi ngưỡng đều có nguồn, hoặc được ghi rõ là quy ước.

# %%
lines = screened.flags["straightline"]
levels = survey.data[lines].iloc[:, 0]
top = (levels == 10).mean()
report.finding(
    {
        "en": f"{lines.sum()} of {len(survey):,} respondents ({100 * lines.mean():.1f}%) gave one answer throughout; {100 * top:.0f}% of these ticked 10 every time.",
        "vi": f"{lines.sum()} trong {format(len(survey), ',').replace(',', '.')} người trả lời ({number(100 * lines.mean(), 1)}%) chọn cùng một điểm cho mọi câu; {100 * top:.0f}% trong số đó luôn chọn điểm 10.",
    }
)

# %% [markdown] en_hash="53f5bcc2f5"
# ## Lựa chọn ấy dẫn đến điều gì
#
# Việc đó có quan trọng không? Hãy thay đổi độ dài chuỗi mà từ đó một người bị coi là trả lời cẩu thả, và theo dõi hai con số: còn lại bao nhiêu người, và hệ số alpha của tất
# cả các biến. Người chọn một điểm cho mọi câu thì hoàn toàn nhất quán với chính mình, nên họ làm *tăng* các tương quan, kéo theo alpha và mọi hệ số tải. Một tệp bẩn trông
# đáng tin cậy hơn một tệp sạch. Đó là lý do cần quyết định việc loại trước khi biết kết quả, và trình bày cả hai.


# %%
def after_exclusion(run):
    strict = survey.screen(duplicates=False, longstring=run).exclude("longstring")
    alpha = cx.reliability(strict, list(strict.items())).table["alpha"].iloc[0]
    return {"run": run, "excluded": len(survey) - len(strict), "left": len(strict), "alpha": round(float(alpha), 4)}


cx.explore(after_exclusion, live=reports is None, run=(8, 4, 10, 1))

# %%
import pandas as pd

sweep = pd.DataFrame([after_exclusion(run) for run in range(10, 3, -1)])
report.add(
    sweep,
    "sweep",
    {
        "en": "Length of run, respondents excluded, and alpha of those left",
        "vi": "Độ dài chuỗi, số người bị loại và alpha của những người còn lại",
    },
)

# %% [markdown] en_hash="6fa80aeb2f"
# ## Quyết định, và cho người khác thấy
#
# Chúng ta loại những người chọn một điểm cho mọi câu, và không loại ai khác: quy tắc này đơn giản, nói được trong một câu, và không trừng phạt người khác thường. Việc loại
# là một bước riêng, được ghi vào nhật ký cùng quy tắc, ngưỡng, số lượng và số thứ tự các dòng, và có thể hoàn lại bằng `restore()`. Hình dưới đây là điều người phản biện chờ
# đợi: đã thu thập bao nhiêu phiếu, vì sao thiếu một số phiếu, bao nhiêu phiếu được phân tích.

# %%
clean = screened.exclude("straightline")
report.add(
    clean.flow(lang=lang), "flow", {"en": "From collected to analysed", "vi": "Từ thu thập đến phân tích"}, main=True
)

# %%
clean.log[["action", "rule", "threshold", "count", "note"]]

# %% [markdown] en_hash="95619a7f5e"
# ## Tính điểm cho đúng chiều
#
# Điểm của một thang đo là trung bình các biến quan sát, sau khi các câu hỏi đảo chiều đã được đổi chiều (trên thang từ 1 đến 5, điểm 2 thành 4). Quên bước này là lỗi thường
# gặp nhất trong luận văn của sinh viên; dấu hiệu của nó là alpha thấp hoặc âm. cxlab đổi chiều những câu mà sổ mã biến ghi là đảo chiều, đúng một lần và không bao giờ hai
# lần, và chỉ tính điểm cho người trả lời đủ số câu. Tệp thực hành của chúng ta có một câu đảo chiều. Hãy so sánh điểm với câu trả lời gốc: ai nói nhân viên *không* khiến
# mình dửng dưng thì được điểm cao.

# %%
cx.InventedRows(clean_small.data.join(clean_small.scores()))

# %% [markdown] en_hash="aae71d8796"
# ## Bài tập
#
# `screened.flags` có một cột cho mỗi quy tắc. Trong khảo sát Trang Vàng, có bao nhiêu người trả lời bị đánh dấu là trùng lặp nhưng **không phải** là người chọn một điểm cho
# mọi câu? (Lấy hiệu của hai số đếm không phải là cách làm đúng: hãy nghĩ xem vì sao.)

# %%
my_answer = None

# %%
flags = screened.flags
right = int((flags["duplicates"] & ~flags["straightline"]).sum())
difference = int(flags["duplicates"].sum() - flags["straightline"].sum())
hint = {
    "en": "That is the difference of the counts: the first straight-liner of each kind is no duplicate of an earlier row.",
    "vi": "Đó là hiệu của hai số đếm: người đầu tiên của mỗi kiểu trả lời giống nhau không trùng với dòng nào trước đó.",
}[lang]
cx.check_answer(my_answer, right, slips={hint: difference})

# %% [markdown] en_hash="f2af9b1efb"
# Muốn thử một tệp khó hơn, hãy tải `water_utility` (theo yêu cầu, CC BY-SA 4.0): một tệp thô xuất từ Qualtrics với hai dòng tiêu đề, người bị loại ngay từ câu hỏi gạn lọc,
# câu kiểm tra chú ý, thời gian trả lời và sáu câu hỏi đảo chiều. `cx.fetch_dataset("water_utility", accept_terms=True)` tải tệp một lần; sau đó
# `cx.load_dataset("water_utility")` đọc nó như mọi bộ khác.
#
# ## Điều cần nhớ
#
# - Không có gì lặng lẽ biến mất: điều không đọc được thì được liệt kê, điều bị loại thì được ghi vào nhật ký.
# - Cờ đánh dấu là dấu vết, không phải bằng chứng. Hãy dùng nhiều quy tắc, nêu nguồn, và quyết định trước khi xem kết quả.
# - Câu trả lời cẩu thả có thể làm thang đo trông *tốt hơn*. Hãy trình bày kết quả khi có và khi không có chúng.
# - Dữ liệu cá nhân được tách riêng trước hết và xóa sớm.

# %%
cx.provenance(survey, seed=seed)
