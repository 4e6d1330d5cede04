# %% [markdown]
# # From a survey file to data you can defend
#
# **About 25 minutes.** After this notebook you can
#
# 1. read a survey export, and know what was understood and what was not;
# 2. write a codebook, the page that says what each column means;
# 3. set personal data aside before anyone sees them;
# 4. flag careless answers by several rules, decide openly, and show the flow of respondents;
# 5. compute scale scores with reversed items the right way round.
#
# Reviewers ask for each of these, and most papers report none (Meade & Craig, 2012).

# %% tags=["parameters"]
seed = 20261122
lang = "en"
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

# %% [markdown]
# ## A file as it comes
#
# Below is a **practice file, invented for this lesson**: four rows as an online form in Vietnamese exports them. The header holds whole questions, the answers are words, one
# column is an e-mail address, and somebody wrote a remark where an answer was expected. Real files are like this, only longer. We write it to a temporary folder; cxlab never
# changes a file that it reads.
#
# **Before you go on:** which cell of this file should *not* become a number?

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

# %% [markdown]
# ## The codebook
#
# A codebook is a short text that a person can read and a program can check. It names the columns, gives their labels in both languages, says how far the scale goes and what its
# words mean, which construct an item belongs to, and which items are **reversed**: "the staff leave me cold" is a good experience when people *dis*agree. It also marks what is
# personal. Write it once per questionnaire. A wrong key, a missing scale or a typing slip is reported with its line number.

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

# %% [markdown]
# The words became numbers by the codebook. What could not be understood is **listed, not lost**: many programs turn a remark into a missing value without a word, and then the
# number of missing answers in the paper is wrong. Here you see the row, the column and the reason, and decide. An empty answer is not a problem; it is simply missing.

# %%
cx.InventedRows(small.problems)

# %% [markdown]
# ## Personal data first
#
# The e-mail column is set aside: it is neither in `small.data` nor in any report, and `deidentify()` drops it for good. cxlab also looks for what the codebook forgot: e-mail
# addresses, phone numbers, network addresses, coordinates, panel ids. Where you must link two waves of a panel, use `method="hash"` with a key that stays with you: the same person
# gets the same code, and without the key nobody finds the way back.

# %%
clean_small = small.deidentify()
clean_small.log[["action", "rule", "count", "note"]]

# %% [markdown]
# ## A real file, and who answered it
#
# Now a real survey: advertisers rated the Yellow Pages overall and on nine aspects, from 1 to 10 (Rossi, Gilula & Allenby, 2001). Nobody knows from outside who answered with
# care. What we can do is look for traces: the same answer to every question, long runs, almost no spread within a person, an identical twin, a pattern far from everybody
# else's. Each trace is a **flag**, not a verdict; an honest customer may well find everything a 10.
#
# **Write down a guess:** what share of the respondents ticked the same number ten times?

# %%
survey = report.data(cx.load_dataset("yellow_pages"))
screened = survey.screen(straightline=True, longstring=8, irv=0.3, mahalanobis=True)
report.add(screened.apa_flags(lang), "flags", main=True)

# %% [markdown]
# Read the column *Only by this rule*. Rules overlap: whoever ticks ten times the same also has a long run and no spread. A rule that flags many people nobody else flags
# deserves suspicion itself. Mahalanobis distance is such a case: it finds *unusual* people, and an unusual, careful customer is the most interesting one in the file. And note
# that each threshold has a source, or is marked as a convention.

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

# %% [markdown]
# ## What the choice does
#
# Does it matter? Move the length of a run from which a respondent counts as careless, and watch two numbers: how many people are left, and alpha over all items. Straight-liners
# agree with themselves perfectly, so they *raise* correlations, and with them alpha and every loading. A dirty file looks more reliable than a clean one. That
# is the reason to decide about exclusions before the results are known, and to show both.


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

# %% [markdown]
# ## Decide, and show it
#
# We exclude those who gave one answer throughout, and nobody else: the rule is plain, it can be stated in one sentence, and it does not punish the unusual. Excluding is a step
# of its own, it is written into the log with rule, threshold, count and row numbers, and it can be undone with `restore()`. The figure is what a reviewer expects to
# see: how many were collected, why some are missing, how many were analysed.

# %%
clean = screened.exclude("straightline")
report.add(
    clean.flow(lang=lang), "flow", {"en": "From collected to analysed", "vi": "Từ thu thập đến phân tích"}, main=True
)

# %%
clean.log[["action", "rule", "threshold", "count", "note"]]

# %% [markdown]
# ## Scores, the right way round
#
# A scale score is the mean of its items, after reversed items are turned (on a scale from 1 to 5, a 2 becomes a 4). Forgetting this is the most common slip in student theses; it
# shows as a low or negative alpha. cxlab turns what the codebook marks as reversed, once and never twice, and gives a score only to those who answered enough of the items. Our practice
# file has one reversed item. Compare the scores with the raw answers: who says the staff do *not* leave them cold gets a high one.

# %%
cx.InventedRows(clean_small.data.join(clean_small.scores()))

# %% [markdown]
# ## Exercise
#
# `screened.flags` has one column per rule. How many of the Yellow Pages respondents are flagged as duplicates but are **not** straight-liners? (Subtracting the two counts is
# not the way: think of why.)

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

# %% [markdown]
# For a harder file, fetch `water_utility` (on request, CC BY-SA 4.0): a raw Qualtrics export with two header rows, screen-outs, an attention check, answer times and six reversed
# items. `cx.fetch_dataset("water_utility", accept_terms=True)` gets it once; `cx.load_dataset("water_utility")` then reads it like any other.
#
# ## Take-aways
#
# - Nothing disappears in silence: what cannot be read is listed, what is excluded is logged.
# - A flag is a trace, not a proof. Use several rules, name their sources, decide before you see the results.
# - Careless answers can make a scale look *better*. Show the results with and without them.
# - Personal data are set aside first and dropped early.

# %%
cx.provenance(survey, seed=seed)
