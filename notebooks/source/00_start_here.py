# %% [markdown]
# # Start here: from a survey to an answer
#
# **About 10 minutes.** After this notebook you can
#
# 1. load a real customer survey and see what is in it;
# 2. say how reliable its scales are, and what an interval adds to that;
# 3. answer a first question, *which part of the experience goes with loyalty?*, without reading more into it than is there;
# 4. find your way to the course, the datasets and your own file.
#
# Run a cell with <kbd>Shift</kbd>+<kbd>Enter</kbd>. Every number below is computed from the data when the cell runs; none is typed.

# %% tags=["parameters"]
seed = 20261122
lang = "en"
reports = None

# %%
import cxlab as cx
from cxlab.i18n import format_number as number

cx.use_language(lang)
report = cx.Report("00_start_here", folder=reports, lang=lang)
# %% [markdown]
# ## What is customer experience?
#
# Customer experience (CX) is what a customer senses, feels, thinks and does in response to contacts with a firm over a whole journey: before, during and after a purchase
# (Lemon & Verhoef, 2016; Gentile, Spiller & Noci, 2007). Two distinctions carry this course. **Experience is not satisfaction**: satisfaction is a judgement of how far an
# offer met expectations, and so one part of the experience. **An experience is not observed**: we see answers to questions and infer what stands behind them. Measurement
# models make that inference; what can go wrong with them is what you will learn to see.

# %%
survey = report.data(cx.load_dataset("ecsi_mobile"))
report.about(
    {
        "en": f"A first walk: {len(survey)} customers of mobile-phone providers, the reliability of their answers, and what goes with loyalty.",
        "vi": f"Bước đi đầu tiên: {len(survey)} khách hàng điện thoại di động, độ tin cậy của câu trả lời, và điều gì đi cùng lòng trung thành.",
    }
)
survey

# %% [markdown]
# The survey is real. Customers of mobile-phone providers answered questions on a scale from 1 to 10. The questions belong to the constructs of the European Customer
# Satisfaction Index (ECSI): image, expectations, perceived quality, perceived value, satisfaction, complaints and loyalty (Tenenhaus, Esposito Vinzi, Chatelin & Lauro,
# 2005). The box above comes from the **codebook**, which says what each column means. A table without a codebook is only numbers; with it, cxlab knows which answers are
# possible and which belong together.
#
# **Before you run the next cell:** which construct will have the lowest mean? Write it down.

# %%
described = cx.describe(survey)
answers = described.plot(lang=lang)
report.add(answers, "answers", {"en": "All answers, item by item", "vi": "Toàn bộ câu trả lời, theo từng câu hỏi"})

# %% [markdown]
# Look at the figure before any mean. Answers pile up at the upper end, as satisfaction ratings nearly always do (Peterson & Wilson, 1992): few people stay with a provider
# they rate 2. Such skew matters later, because methods that assume a bell shape then misjudge their own uncertainty. One item looks unlike its neighbours: the price
# difference that would make a customer leave. It belongs to loyalty, at least in the questionnaire; notebook 08 shows what it costs the model. The table below gives the means.

# %%
report.add(described.apa_constructs(lang), "constructs")

# %% [markdown]
# ## How reliable are the scales?
#
# Cronbach's alpha says how far the items of one scale move together: 1 would mean that they repeat one another, 0 that they share nothing. The bracket is what most papers
# leave out, the values of alpha that go well with a sample of this size. A common rule of thumb asks for .70 (the dashed line; `cx.rules_table()` names its source, and whether we have
# read it). A low alpha is no verdict on customers. It says that these questions, taken together, do not measure *one* thing.

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

# %% [markdown]
# ## What goes with loyalty?
#
# A regression asks: among customers alike in the other predictors, how does loyalty differ with this one? We use the mean score of each construct, and standard errors that do
# not assume equal spread everywhere (HC3; MacKinnon & White, 1985). "Goes with" is the honest verb: all answers come from one questionnaire at one time, so a
# coefficient may reflect a cause, a reversed cause, or a mood in which everything was rated.
#
# **Your guess first:** image, satisfaction or the handling of complaints, which will have the largest standardised coefficient?

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

# %% [markdown]
# Were you right? Notice also what the intervals do *not* say. Where an interval touches zero, the data do not show that the effect is nil; they show that they cannot tell. And
# loyalty has just failed its reliability check, so its regression is blurred by measurement error: an association with a scale of low alpha is pulled towards zero (Spearman,
# 1904). A structural equation model separates the two, which is why the course goes there next.
#
# ## Exercise
#
# The share of customers who chose 9 or 10 is called *top-2-box*. Compute it for overall satisfaction (`CUSA1`) and write it as a number between 0 and 1.

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

# %% [markdown]
# ## Where to go from here
#
# - **Learn**: `01_what_is_cx` says what customer experience is and which numbers about it can be trusted. `02_from_survey_to_data` turns a raw file into data you can defend;
#   `03_reliability_and_factors` and `04_confirmatory_measurement` ask what its items measure. `05_gentile_six_components` and `06_schmitt_five_modules` put the two best-known theories to
#   the test, `07_total_cx_six_ps` a third. `08_ecsi_structural_models` builds the structural model behind this survey, and shows it fail; `09_pls_path_models` does the same with partial
#   least squares. `10_drivers_and_asymmetry` asks which experiences count, `11_metrics_contest` which metric predicts, `12_journey_and_touchpoints` and `13_carry_over_and_channels` where
#   and when it happens. `14_segments_and_groups` compares groups fairly, and `15_cx_management` decides what to do.
# - **Replicate**: the datasets below come with their licence and citation. Those *on request* are fetched once, after you have read their terms.
# - **Your data**: `survey = cx.read_survey("khao_sat.xlsx", codebook="codebook.yaml")`, then the same three lines as above.
# - **In Vietnamese**: open the notebooks in `vi/`, or call `cx.use_language("vi")`.

# %%
cx.list_datasets()[["name", "title", "kind", "rows", "items", "licence"]]

# %% [markdown]
# ## Take-aways
#
# - A survey is answers *and* a codebook; look at the distribution before the mean.
# - Reliability has an interval. A rule of thumb is a convention with a source, not a law.
# - A regression on one questionnaire shows what goes together. Say so.

# %%
cx.provenance(survey, seed=seed)
