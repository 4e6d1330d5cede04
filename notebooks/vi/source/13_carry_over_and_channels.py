# %% [markdown] en_hash="3291eb5d51"
# # Hiệu ứng kế thừa và kênh: một trải nghiệm để lại điều gì?
#
# **Khoảng 40 phút.** Sau sổ tay này, bạn có thể
#
# 1. nói trải nghiệm trước đi vào trải nghiệm hiện tại như thế nào, và vì sao một lần khảo sát không cho thấy điều đó;
# 2. ước lượng mô hình bảng trong đó kỳ vọng, trải nghiệm, sự hài lòng và mức sử dụng truyền từ đợt này sang đợt khác;
# 3. nói tác động của một trải nghiệm tốt hoặc tệ kéo dài bao lâu, kèm khoảng tin cậy;
# 4. đo một cú sốc bên ngoài đã làm gì, lấy những người không bị ảnh hưởng làm thước so sánh;
# 5. phân biệt sự gắn bó với một kênh và ích lợi của kênh đó cho kênh khác;
# 6. biết điều gì dữ liệu bảng vẫn chưa chứng minh được.

# %% tags=["parameters"]
seed = 20261122
lang = "vi"
reports = None

# %%
import cxlab as cx
from cxlab.i18n import format_number as number

cx.use_language(lang)
report = cx.Report("13_carry_over_and_channels", folder=reports, lang=lang)
report.question(
    {
        "en": "A customer had one bad experience. For how long does it cost satisfaction and use, and where else does it reach?",
        "vi": "Khách hàng có một trải nghiệm tệ. Sự hài lòng và mức sử dụng bị ảnh hưởng trong bao lâu, và nó còn lan đến đâu?",
    }
)

# %% [markdown] en_hash="fa5b40bd32"
# ## Lý thuyết
#
# Trải nghiệm là một quá trình (Lemon & Verhoef, 2016): điều khách hàng đã trải qua trở thành điều họ kỳ vọng, và điều họ kỳ vọng ảnh hưởng đến điều họ trải qua tiếp theo. Sự hài lòng có trí nhớ; mức sử
# dụng và việc ở lại theo sau nó, muộn hơn. Một phần lại đến từ bên ngoài: thời tiết, khủng hoảng, tình trạng nền kinh tế. Bảng dưới đây tập hợp những gì các bài báo nguồn nói, kèm tài liệu dẫn.

# %%
report.add(cx.theory_table("carry_over", lang).apa(lang), "theory")

# %% [markdown] en_hash="9305ed7726"
# ## Bộ dữ liệu bảng
#
# `cx_panel` là dữ liệu **mô phỏng**: khách hàng của một nhà cung cấp Internet, được hỏi bốn lần, cách nhau ba tháng. Sự thật của nó được niêm phong đến cuối. Những khiếm khuyết của dữ liệu bảng thực đều có: khách rời đi, có
# người không liên lạc được, có câu trả lời lẻ bị thiếu, vài người không hề đọc câu hỏi.
#
# **Trước khi chạy bất cứ ô nào:** hãy nghĩ đến nhà cung cấp của chính bạn. Mùa xuân bạn có một tháng tồi tệ. Đến mùa thu, sự hài lòng của bạn có còn thấp hơn vì điều đó không? Sau hai đợt khảo sát nữa, còn lại bao nhiêu
# của lần giảm đầu tiên: không còn, một phần mười, hay một nửa? Hãy viết ra.

# %%
survey = report.data(cx.load_dataset("cx_panel"))
screened = survey.screen(attention={"check1": 3}, min_seconds=60)
panel = screened.exclude("attention", "min_seconds")
report.add(
    panel.flow(lang),
    "flow",
    {"en": "From collected to analysed (simulated)", "vi": "Từ thu thập đến phân tích (mô phỏng)"},
)

# %% [markdown] en_hash="a73bf0d862"
# ## Cuối cùng còn lại ai?
#
# Dữ liệu bảng mất dần khách hàng, và không phải ngẫu nhiên. Dưới đây, ở mỗi đợt: còn bao nhiêu khách hàng, bao nhiêu trong số đó trả lời, và *ở đợt đầu* họ đã hài lòng đến đâu. Nếu cột cuối tăng lên thì những người không hài lòng
# đã rời đi, và trung bình của những người còn lại kể một câu chuyện quá đẹp. Vì thế mô hình bên dưới dùng mọi khách hàng chừng nào còn câu trả lời (hợp lý cực đại thông tin đầy đủ), chứ không chỉ các dòng đầy đủ.

# %%
import pandas as pd

frame, first = panel.data, panel.scores(constructs=["satisfaction_w1"])["satisfaction_w1"]
rows = []
for wave in (1, 2, 3, 4):
    here = frame[f"retained_w{wave}"] == 1 if wave > 1 else pd.Series(True, frame.index)
    answered = here & ((frame[f"answered_w{wave}"] == 1) if wave > 1 else True)
    rows.append((wave, int(here.sum()), int(answered.sum()), first[here].mean()))
left = pd.DataFrame(rows, columns=["wave", "customers", "answered", "satisfied"])

# %%
from cxlab.show import Column, Table

columns = {
    "wave": Column({"en": "Wave", "vi": "Đợt"}, "integer"),
    "customers": Column({"en": "Still customers", "vi": "Còn là khách hàng"}, "integer"),
    "answered": Column({"en": "Of these answered", "vi": "Trong đó có trả lời"}, "integer"),
    "satisfied": Column({"en": "Their satisfaction in wave 1", "vi": "Sự hài lòng của họ ở đợt 1"}, "number"),
}
title = {"en": "Who stays in the panel (simulated data)", "vi": "Ai ở lại trong bộ dữ liệu bảng (dữ liệu mô phỏng)"}
report.add(Table(left, columns, title), "who_stays")

# %% [markdown] en_hash="23b430f162"
# ## Một đợt không đủ để biết
#
# Hãy lấy riêng đợt hai, như phần lớn nghiên cứu buộc phải làm. Khách hàng hài lòng dùng dịch vụ nhiều hơn, và hồi quy nói vậy. Nhưng theo thứ tự nào? Sự hài lòng dẫn đến việc sử dụng, việc sử dụng dẫn đến sự hài lòng, hay cả hai đến
# từ những tháng trước? Hãy đưa đợt một vào và xem hệ số còn lại bao nhiêu: mức sử dụng về sau được giải thích bằng mức sử dụng trước đó và sự hài lòng *trước đó*.

# %%
alone = cx.regress("days_w2 ~ satisfaction_w2", panel)
earlier = cx.regress("days_w2 ~ satisfaction_w2 + satisfaction_w1 + days_w1", panel)
caption = {"en": "Days of use in wave 2, with the first wave in the equation (simulated data)", "vi": "Số ngày sử dụng ở đợt 2, khi đưa đợt 1 vào phương trình (dữ liệu mô phỏng)"}  # fmt: skip
report.add(earlier.apa(lang), "earlier", caption)

# %%
b = [
    number(table.set_index("term").loc[name, "b"], 2)
    for table, name in (
        (alone.table, "satisfaction_w2"),
        (earlier.table, "satisfaction_w2"),
        (earlier.table, "satisfaction_w1"),
    )
]
report.finding(
    {
        "en": f"Simulated panel: one point of present satisfaction goes with {b[0]} days of use in the second wave alone; with the first wave in the equation {b[1]} are left, and {b[2]} go with a point of satisfaction in the wave before.",
        "vi": f"Dữ liệu bảng mô phỏng: chỉ riêng đợt hai, mỗi điểm hài lòng hiện tại đi cùng {b[0]} ngày sử dụng; khi đưa đợt một vào phương trình, chỉ còn {b[1]}, và {b[2]} đi cùng mỗi điểm hài lòng ở đợt trước.",
    }
)

# %% [markdown] en_hash="bfaa6be742"
# ## Mô hình hiệu ứng kế thừa
#
# `cx.carry_over` viết mô hình bảng và ước lượng nó: điều gì giữ nguyên (*ổn định*), điều gì truyền sang điều khác ở đợt sau (*kế thừa*), và điều gì xảy ra bên trong một đợt. Các khái niệm là biến tiềm ẩn, với hệ số tải bằng nhau
# ở mọi đợt, vì thay đổi của cây thước không được lẫn với thay đổi của khách hàng. Hai đối thủ đứng bên cạnh: các đường dẫn tự do ở mỗi đợt, và không có kế thừa nào cả.

# %%
measures = {
    "expectation": "expectation",
    "experience": "experience",
    "payment_equity": "payment_equity",
    "satisfaction": "satisfaction",
    "usage": "days",
}
carried = cx.carry_over(panel, measures=measures)
report.add(carried.apa(lang), "paths", main=True)

# %%
caption = {
    "en": "Four waves, from left to right (simulated data)",
    "vi": "Bốn đợt, từ trái sang phải (dữ liệu mô phỏng)",
}
report.add(carried.plot("paths", lang), "panel", caption, main=True)

# %% [markdown] en_hash="e386ce4068"
# Hãy đọc các mũi tên xanh: trải nghiệm trở thành kỳ vọng kế tiếp, sự hài lòng trở thành mức sử dụng kế tiếp. Đọc cả các mũi tên đỏ: với cùng một trải nghiệm, người đã kỳ vọng nhiều hơn thì kém hài lòng hơn. Như vậy một trải nghiệm
# tốt cũng nâng mức đòi hỏi cho lần sau. Đừng chỉ đọc mũi tên; hãy hỏi chúng có cần thiết không, và cây thước có giữ nguyên không.

# %%
report.add(carried.apa(lang, kind="comparison"), "rivals")

# %%
report.add(carried.apa(lang, kind="invariance"), "ruler")

# %% [markdown] en_hash="30f25c54a4"
# ## Một trải nghiệm kéo dài bao lâu?
#
# Hãy theo dõi một cú sốc. Nâng trải nghiệm của một đợt lên một độ lệch chuẩn, giữ nguyên mọi thứ khác, và để các đường dẫn mang nó đi: đến sự hài lòng ngay lập tức, đến kỳ vọng sau một đợt, từ đó vào trải nghiệm kế tiếp. Hình cho thấy
# những gì còn lại qua từng đợt, kèm khoảng tin cậy. Hãy so với điều bạn đã viết.

# %%
caption = {"en": "What a shock leaves behind (simulated data)", "vi": "Một cú sốc để lại điều gì (dữ liệu mô phỏng)"}
report.add(carried.plot("shocks", lang), "shocks", caption, main=True)

# %%
path = carried.shocks.query("shock == 'experience' and response == 'satisfaction'").set_index("waves_later")
now, then = path.loc[0], path.loc[2]
words = [number(value, 2) for value in (now["effect"], then["effect"], then["ci_lower"], then["ci_upper"])]
share = number(100 * then["effect"] / now["effect"], 0)
report.finding(
    {
        "en": f"Simulated panel: one standard deviation of experience moves satisfaction by {words[0]} standard deviations at once, and by {words[1]} [{words[2]}; {words[3]}] two waves later: {share}% of the first effect is still there.",
        "vi": f"Dữ liệu bảng mô phỏng: một độ lệch chuẩn của trải nghiệm làm sự hài lòng thay đổi ngay {words[0]} độ lệch chuẩn, và {words[1]} [{words[2]}; {words[3]}] sau hai đợt: {share}% của tác động đầu tiên vẫn còn.",
    }
)

# %% [markdown] en_hash="3ab5421351"
# Vì sao nó kéo dài, dù bản thân sự hài lòng quên rất nhanh? Hãy di chuyển hai đường dẫn dưới đây. Không có kế thừa thì cú sốc tắt dần chỉ theo tính ổn định; có kế thừa thì nó đi vòng qua kỳ vọng. Hãy tìm một cặp giá trị
# mà sau một đợt, trải nghiệm *lớn hơn chính cú sốc* (trên 1). Không có kế thừa thì điều đó không bao giờ xảy ra.


# %%
def response(stability, carry_over):
    expectation, experience, rows = 0.0, 1.0, []
    paths = carried.table.set_index(["cause", "outcome"])["std"]
    for wave in range(7):
        rows.append((wave, experience, stability**wave))
        expectation = paths["expectation", "expectation"] * expectation + carry_over * experience
        experience = stability * experience + paths["expectation", "experience"] * expectation
    names = {"en": ["wave", "with carry-over", "without"], "vi": ["đợt", "có kế thừa", "không có"]}[lang]
    return pd.DataFrame(rows, columns=names).set_index(names[0]).map(lambda value: number(value, 2))


cx.explore(response, live=reports is None, stability=(0.3, 0.0, 0.8, 0.05), carry_over=(0.45, 0.0, 0.9, 0.05))

# %% [markdown] en_hash="a0a4c3b45b"
# ## Một cơn bão
#
# Ngay trước đợt ba, một cơn bão làm đứt đường dây ở miền Nam; miền Bắc thì không. Đây là yếu tố bên ngoài, và miền Bắc là thước so sánh: những gì xảy ra *ở đó* giữa các đợt lẽ ra cũng xảy ra ở miền Nam. Chênh lệch của hai mức thay
# đổi là phần của cơn bão. Nó dựa trên một giả định: lẽ ra hai miền thay đổi như nhau. Trước cơn bão thì có thể nhìn xem: có đúng vậy không? (Dòng cuối của bảng.)

# %%
storm = cx.shock(panel, at=3, value="experience", group="region", control="north")
caption = {
    "en": "Experience in the south and the north (simulated data)",
    "vi": "Trải nghiệm ở miền Nam và miền Bắc (dữ liệu mô phỏng)",
}
report.add(storm.plot(lang), "storm", caption, main=True)

# %%
report.add(storm.apa(lang), "storm_table")

# %%
drop = storm.table.query("effect == 'wave'").set_index("wave")
size = [
    f"{number(row['estimate'], 2)} [{number(row['ci_lower'], 2)}; {number(row['ci_upper'], 2)}]"
    for row in [*drop.to_dict("records"), *storm.before.to_dict("records")]
]
report.finding(
    {
        "en": f"Simulated panel: against the north, experience in the south changed by {size[0]} points at the storm. A wave later, with no second storm, the difference is still {size[1]}. Before the storm the two changed with a difference of {size[2]}.",
        "vi": f"Dữ liệu bảng mô phỏng: so với miền Bắc, trải nghiệm ở miền Nam thay đổi {size[0]} điểm khi có bão. Một đợt sau, dù không có cơn bão thứ hai, chênh lệch vẫn là {size[1]}. Trước cơn bão, thay đổi của hai miền chênh nhau {size[2]}.",
    }
)

# %% [markdown] en_hash="7a18b7266b"
# ## Và ai ở lại?
#
# Sự hài lòng hướng tới tương lai nếu nó cho biết ai sẽ còn ở lại. Ở lại là có hoặc không, nên hãy dùng mô hình nhị phân: sự hài lòng của đợt một có cho biết ai là khách hàng ở đợt hai không? Tác động biên trung bình nói điều đó
# bằng điểm xác suất, điều mà người quản lý có thể định giá.

# %%
staying = cx.binary("retained_w2 ~ satisfaction_w1 + fair_w1", panel)
caption = {"en": "Average marginal effects on the probability of staying (simulated data)", "vi": "Tác động biên trung bình lên xác suất ở lại (dữ liệu mô phỏng)"}  # fmt: skip
report.add(staying.marginal_effects().apa(lang), "staying", caption)

# %% [markdown] en_hash="6837e42cc3"
# Trong số những người còn lại, một năm nữa còn bao nhiêu? Tỷ lệ đó không nhất thiết giống nhau mỗi lần: người sẵn sàng rời đi nhất đi trước, nên một lứa khách hàng trở nên trung thành hơn mà không ai thay đổi cả. Mô hình beta-hình học
# dịch chuyển (Fader & Hardie, 2007) chỉ cần các số đếm. Với bốn đợt, khoảng tin cậy còn rộng, và đường cong sau điểm cuối là dự báo, không phải quan sát.

# %%
cohort = cx.shifted_beta_geometric(left["customers"].tolist(), horizon=8)
caption = {
    "en": "A cohort of customers, observed and forecast (simulated data)",
    "vi": "Một lứa khách hàng, quan sát và dự báo (dữ liệu mô phỏng)",
}
report.add(cohort.plot(lang), "cohort", caption)

# %% [markdown] en_hash="cb0cdcecfb"
# ## Một sự cố được khắc phục có tốt hơn không có sự cố?
#
# Không phải cú sốc nào cũng đến từ bên ngoài. Có doanh nghiệp nói rằng một sự cố được khắc phục tốt khiến khách hàng trung thành *hơn* cả khi không có sự cố: nghịch lý phục hồi dịch vụ. `journey_events` (cũng là dữ liệu mô phỏng) có đủ để hỏi điều đó:
# những sự kiện bị cảm nhận là tệ, và điều chính các khách hàng ấy cảm nhận khi được hỗ trợ sau đó. Ba nhóm, ba phép so sánh, và một biên cho biết thế nào là không khác, vì "không có ý nghĩa thống kê" không phải là "bằng nhau".

# %%
log = report.data(cx.load_dataset("journey_events"))
events = cx.journey_events(log, on_problem="drop")
recovery = cx.service_recovery(events, outcome="overall", failure=-1, recovery="support", recovered=1)
report.add(recovery.apa(lang), "recovery")

# %%
caption = {
    "en": "Overall experience after a failure, put right or not (simulated data)",
    "vi": "Trải nghiệm chung sau một sự cố, được khắc phục hay không (dữ liệu mô phỏng)",
}
report.add(recovery.plot(lang), "recovery_groups", caption)

# %% [markdown] en_hash="2d4c2dd406"
# Hãy đọc kết luận của từng dòng. Khách có sự cố bị bỏ mặc chấm toàn hành trình thấp hơn nhiều; khách có sự cố được khắc phục thì gần bằng những người khác, còn cao hơn hay thấp hơn một chút thì nhật ký này không nói được. Đó không phải là bằng chứng của nghịch lý, nhưng đã là tin tốt.
# Hãy nhớ rằng không ai được phân ngẫu nhiên vào nhóm có sự cố hay nhóm được hỗ trợ tốt: ai tiếp xúc nhiều hơn thì có nhiều khả năng gặp cả hai hơn, và ai dễ hài lòng thì thích cả phần hỗ trợ *lẫn* toàn hành trình.

# %% [markdown] en_hash="1d161a8552"
# ## Kênh: tìm hiểu ở đây, mua ở kia
#
# Một khảo sát mô phỏng thứ hai: người mua hàng điện tử đánh giá cửa hàng, web và ứng dụng, để *tìm hiểu* và để *mua*. Verhoef, Neslin và Vroomen (2007) nêu ba lý do vì sao người ta tìm hiểu ở một kênh và mua ở kênh khác: một kênh có
# thể tốt cho việc này mà không tốt cho việc kia; nó có thể không giữ được người ghé thăm (không có **khóa chân trong kênh**); và tìm hiểu ở đó có thể làm kênh khác hấp dẫn hơn (**cộng hưởng chéo kênh**).
#
# **Hãy đoán trước:** phần lớn người đổi kênh tìm hiểu ở đâu, và mua ở đâu?

# %%
buyers = report.data(cx.load_dataset("channel_attitudes"))
buyers = buyers.screen(attention={"check1": 6}, min_seconds=60).exclude("attention", "min_seconds")
channels = cx.channel_attitudes(buyers, weights="weight", wording=True)
caption = {
    "en": "From attitudes to searching to attitudes to buying (simulated data)",
    "vi": "Từ thái độ với việc tìm hiểu đến thái độ với việc mua (dữ liệu mô phỏng)",
}
report.add(channels.plot("attitudes", lang), "attitudes", caption, main=True)

# %%
caption = {
    "en": "Searched in the row, bought in the column (simulated data, weighted)",
    "vi": "Dòng: kênh tìm hiểu, cột: kênh mua (dữ liệu mô phỏng, có trọng số)",
}
report.add(channels.plot("switches", lang), "switches", caption)

# %%
top = channels.most_common
called = {
    "store": {"en": "store", "vi": "cửa hàng"},
    "web": {"en": "web", "vi": "web"},
    "app": {"en": "app", "vi": "ứng dụng"},
}
lowest = channels.table.query("kind == 'lock_in'").sort_values("est").iloc[0]
way = [called[one][lang] for one in (top["searched"], top["bought"], lowest["search"])]
held = [number(lowest[name], 2) for name in ("est", "ci_lower", "ci_upper")]
helped = channels.table.query("verdict == 'synergy'")
feeds = "; ".join(f"{called[one][lang]} → {called[two][lang]}" for one, two in zip(helped["search"], helped["purchase"], strict=True))  # fmt: skip
shares = [number(100 * value, 0) for value in (channels.shoppers["share"], top["share"])]

# %%
report.finding(
    {
        "en": f"Simulated buyers: {shares[0]}% buy in another channel than the one they searched in. The commonest way is {way[0]} → {way[1]} ({shares[1]}%). The lowest estimate of lock-in is that of {way[2]}, {held[0]} [{held[1]}; {held[2]}]; paths across channels that lie clearly above zero: {feeds}.",
        "vi": f"Người mua (dữ liệu mô phỏng): {shares[0]}% mua ở kênh khác với kênh đã tìm hiểu. Con đường phổ biến nhất là {way[0]} → {way[1]} ({shares[1]}%). Ước lượng khóa chân thấp nhất là ở {way[2]}, {held[0]} [{held[1]}; {held[2]}]; các đường dẫn chéo kênh rõ ràng lớn hơn 0: {feeds}.",
    }
)

# %% [markdown] en_hash="455577f155"
# Mẫu là một nhóm khảo sát trực tuyến có quá nhiều người trẻ, nên các tỷ lệ được tính có trọng số. Các đường dẫn thì không: trọng số trong mô hình cấu trúc cần thiết kế mẫu mà ở đây không có, và kết quả nói rõ điều đó.
#
# ## Bài tập
#
# Một chiến dịch nâng *trải nghiệm* của đợt này lên nửa độ lệch chuẩn, một lần. Hai đợt sau, **mức sử dụng** cao hơn bao nhiêu độ lệch chuẩn? Bảng `carried.shocks` có đủ những gì bạn cần. Hãy viết câu trả lời vào ô dưới đây.

# %%
my_answer = None

# %%
use = carried.shocks.query("shock == 'experience' and response == 'usage'").set_index("waves_later")["effect"]
slips = {
    {
        "en": "That is for a whole standard deviation; the campaign gives half.",
        "vi": "Đó là cho cả một độ lệch chuẩn; chiến dịch chỉ cho một nửa.",
    }[lang]: use[2],
    {"en": "That is one wave later.", "vi": "Đó là một đợt sau."}[lang]: use[1] / 2,
}
cx.check_answer(my_answer, use[2] / 2, slips=slips)

# %% [markdown] en_hash="b73ba1ee2a"
# ## Mở niêm phong
#
# Điều gì đã được cài sẵn? Các khách hàng mô phỏng được tạo ra với những đường dẫn dưới đây; các ước lượng chuẩn hóa đứng bên cạnh (khoảng tin cậy coi độ lệch chuẩn là đã biết). Câu trả lời trên bảy mức mang ít thông tin hơn điều đứng sau chúng, và cơn bão cũng nằm trong dữ liệu,
# nên đừng chờ đợi sự trùng khớp đến chữ số thứ hai. Rồi đến câu hỏi quan trọng: bao nhiêu khoảng tin cậy chứa giá trị thật?

# %%
import re

names = {"fair": "payment_equity", "days": "usage"}
found = []
for outcome, text in re.findall(r"(\w+)_w3 ~ (.+)", survey.codebook.truth):
    for value, cause in re.findall(r"(-?[\d.]+)\*(\w+)_w\d", text):
        found.append((names.get(cause, cause), names.get(outcome, outcome), float(value)))
built = pd.DataFrame(found, columns=["cause", "outcome", "truth"])
opened = carried.table.merge(built, on=["cause", "outcome"])

# %%
from cxlab.show.truth import truth_plot

unit = opened["std"] / opened["est"]
shown = opened.assign(estimate=opened["std"], ci_lower=opened["ci_lower"] * unit, ci_upper=opened["ci_upper"] * unit)
shown["inside"] = shown["truth"].between(shown["ci_lower"], shown["ci_upper"])
shown["label"] = [
    f"{carried.label(row.cause, lang)} → {carried.label(row.outcome, lang)}" for row in shown.itertuples()
]

# %%
caption = {
    "en": "Estimated and true paths, standardised (simulated data)",
    "vi": "Đường dẫn ước lượng và giá trị thật, chuẩn hóa (dữ liệu mô phỏng)",
}
report.add(
    truth_plot(
        shown,
        xlabel={"en": "Standardised path, 95% interval", "vi": "Đường dẫn chuẩn hóa, khoảng tin cậy 95%"},
        lang=lang,
    ),
    "truth",
    caption,
    main=True,
)

# %%
report.finding(
    {
        "en": f"Held against the sealed truth of the simulated panel, {shown['inside'].sum()} of {len(shown)} intervals of paths contain the true value.",
        "vi": f"Đối chiếu với sự thật đã niêm phong của dữ liệu bảng mô phỏng, {shown['inside'].sum()} trong {len(shown)} khoảng tin cậy của các đường dẫn chứa giá trị thật.",
    }
)

# %% [markdown] en_hash="3aef9741bc"
# ## Ba câu hỏi


# %%
def say(en, vi):
    return {"en": en, "vi": vi}


ruler = (
    say("Why are loadings held equal over waves?", "Vì sao hệ số tải được giữ bằng nhau qua các đợt?"),
    [
        (say("To save parameters.", "Để tiết kiệm tham số."), False, say("A welcome side effect. Ask what would go wrong without it.", "Đó là lợi ích phụ. Hãy hỏi điều gì sẽ sai nếu không làm vậy.")),
        (say("So that a change of the questions cannot pass for a change of the customers.", "Để thay đổi của câu hỏi không bị lẫn với thay đổi của khách hàng."), True, say("The table of invariance tests it.", "Bảng bất biến kiểm định điều này.")),
    ],
)  # fmt: skip

# %%
yardstick = (
    say("What must hold for the storm's effect to be believed?", "Điều gì phải đúng để tin vào tác động của cơn bão?"),
    [
        (say("Both regions start at the same level.", "Hai miền bắt đầu ở cùng một mức."), False, say("Levels may differ; they drop out of the difference.", "Mức có thể khác nhau; chúng bị triệt tiêu khi lấy chênh lệch.")),
        (say("Both regions would have changed alike without it.", "Nếu không có bão, hai miền lẽ ra thay đổi như nhau."), True, say("The waves before the storm are the only place to look.", "Các đợt trước cơn bão là nơi duy nhất để nhìn.")),
    ],
)  # fmt: skip
order = (
    say("In a panel, satisfaction precedes use. Is it a cause?", "Trong dữ liệu bảng, sự hài lòng đi trước mức sử dụng. Đó có phải nguyên nhân không?"),
    [
        (say("Yes: the order in time proves it.", "Có: thứ tự thời gian chứng minh điều đó."), False, say("It rules out one direction, not a common cause.", "Nó loại trừ một chiều, không loại trừ nguyên nhân chung.")),
        (say("Not yet: something earlier may move both.", "Chưa: có thể một điều xảy ra trước làm thay đổi cả hai."), True, say("A change of tariff, say. An experiment would tell.", "Chẳng hạn thay đổi giá cước. Một thí nghiệm sẽ cho biết.")),
    ],
)  # fmt: skip
cx.quiz(ruler, yardstick, order)

# %% [markdown] en_hash="fac0d3c1b7"
# ## Tùy chọn: những khách hàng thực sự quay lại
#
# `cdnow` chứa các lần mua của khách hàng thật, được tải theo yêu cầu, một lần, sau khi bạn đã đọc điều khoản: `cx.fetch_dataset("cdnow", accept_terms=True)`. `cx.bg_nbd` ước lượng ai còn là khách hàng và họ sẽ mua gì. Hãy viết `True` vào ô dưới
# đây rồi chạy; để nguyên như vậy thì nó không làm gì.

# %%
have_cdnow = False

if have_cdnow:
    print(cx.bg_nbd(cx.load_dataset("cdnow"), age="observed").summary())

# %% [markdown] en_hash="a604fb24f1"
# ## Một bài báo sẽ báo cáo gì
#
# - ai được hỏi khi nào, ai rời đi, ai không trả lời, và đã xử lý ra sao;
# - văn bản mô hình với các ràng buộc bằng nhau, phương pháp ước lượng, độ phù hợp, và các đối thủ kèm kiểm định;
# - tính bất biến qua các đợt, trước mọi đường dẫn;
# - đường dẫn chuẩn hóa *và* nguyên đơn vị, kèm khoảng tin cậy; phản ứng trước cú sốc hơn là từng mũi tên;
# - với cú sốc bên ngoài: thước so sánh, thay đổi trước đó, và điều gì phải đúng;
# - chính câu văn, như dưới đây.

# %%
row = carried.table.query("cause == 'experience' and outcome == 'expectation'").iloc[0]
told = [number(row[name], 2) for name in ("std", "est", "ci_lower", "ci_upper")]
report.finding(
    {
        "en": f"For a paper: “Experience carried over to the expectation of the next wave (b = {told[1]}, 95% CI [{told[2]}; {told[3]}], β = {told[0]}; simulated data, {len(panel.data)} customers, four waves, full-information maximum likelihood, robust errors).”",
        "vi": f"Cho bài báo: “Trải nghiệm truyền sang kỳ vọng của đợt kế tiếp (b = {told[1]}, KTC 95% [{told[2]}; {told[3]}], β = {told[0]}; dữ liệu mô phỏng, {len(panel.data)} khách hàng, bốn đợt, hợp lý cực đại thông tin đầy đủ, sai số vững).”",
    }
)

# %% [markdown] en_hash="07ddddbbe5"
# ## Điều cần nhớ
#
# - Quá khứ bước vào bằng hai cửa: điều giữ nguyên, và điều được kỳ vọng tiếp theo. Chỉ dữ liệu bảng mới phân biệt được.
# - Một lần khảo sát cho thấy những gì đi cùng nhau. Nó không cho thấy điều gì đến trước.
# - Người rời đi không giống người ở lại. Hãy dùng mọi người chừng nào họ còn trả lời.
# - Hãy báo cáo một tác động kéo dài bao lâu. Một mũi tên nói rất ít; phản ứng qua các đợt cho biết cần chuẩn bị điều gì.
# - Cú sốc bên ngoài cần một thước so sánh, và một giả định mà bạn viết ra.
# - Một kênh mà người ta tìm hiểu rồi rời đi không phải là thất bại nếu nó bán hàng cho kênh khác.

# %%
cx.provenance(survey, log, buyers, seed=seed)
