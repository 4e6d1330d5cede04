"""What a questionnaire asks, of whom and in which order; what it refuses, and what it says beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from cxlab import Codebook, CxlabError, framework, language, questionnaire
from cxlab.codebook import Construct, Item
from cxlab.codebook.text import fold
from cxlab.errors import CodebookError
from cxlab.theory.questionnaire import Questionnaire

BOTH = ("en", "vi")
FIVE: Mapping[float, Mapping[str, str]] = {
    1: {"en": "disagree", "vi": "không đồng ý"},
    5: {"en": "agree", "vi": "đồng ý"},
}


def item(name: str, construct: str = "X", **more: Any) -> Item:
    options = {"min": 1, "max": 5, "labels": FIVE} | more
    label = options.pop("label", {"en": f"Question {name}", "vi": f"Câu {name}"})
    return Item(name, label, construct=construct, **options)


def book(*items: Item) -> Codebook:
    items = items or tuple(item(f"{c}{i}", c.upper()) for c in "xyz" for i in range(1, 5))
    keys = dict.fromkeys(i.construct for i in items if i.construct)
    return Codebook("study", items={i.name: i for i in items}, constructs={key: Construct(key) for key in keys})


def names(q: Questionnaire, *kinds: str) -> list[str]:
    table = q.table
    return table[table["role"].isin(kinds or ("item",))]["name"].tolist()


def refused(key: str, *args: Any, **options: Any) -> CxlabError:
    with pytest.raises(CxlabError) as caught:
        questionnaire(*args, **options)
    assert caught.value.key == key
    with language("vi"):
        vietnamese = str(type(caught.value)(caught.value.key, **caught.value.values))
    assert vietnamese != str(caught.value)
    return caught.value


# --- what is asked --------------------------------------------------------------------------------------------------


def test_the_table_has_every_question_once_with_its_page_and_texts() -> None:
    q = questionnaire(book(), BOTH, background=("age", "gender"))
    table = q.table
    assert sorted(table["name"]) == sorted([*book().items, "consent", "att1", "age", "gender"])
    assert table["page"].tolist() == sorted(table["page"])
    assert table.set_index("name").loc["x1", ["text", "text_en", "text_vi"]].tolist() == [
        "Question x1",
        "Question x1",
        "Câu x1",
    ]
    assert table.set_index("name")["type"][["consent", "x1", "age", "gender"]].tolist() == [
        "choice",
        "scale",
        "number",
        "choice",
    ]
    assert len(q.items) == 12


def test_one_language_leaves_the_other_out() -> None:
    q = questionnaire(book(), "vi")
    assert q.table["text_en"].eq("").all()
    assert q.table.set_index("name").loc["x1", "text"] == "Câu x1"
    assert q.form.title == {"vi": "Bảng hỏi về trải nghiệm của khách hàng"}


def test_researchers_notes_are_in_the_codebook_and_the_warnings_but_not_in_the_form() -> None:
    noted = item("x1", note={"en": "Ask the authors for permission.", "vi": "Phải xin phép tác giả."})
    q = questionnaire(book(noted, item("x2"), item("x3")), BOTH)
    (notice,) = [n for n in q.warnings if n.key == "questionnaire.item_notes"]
    assert notice.serious
    assert "permission" in notice.text("en") and "xin phép" in notice.text("vi")  # noqa: PT018
    assert q.codebook.item("x1").note["en"] == "Ask the authors for permission."
    assert not q.table.astype(str).map(lambda cell: "permission" in cell).any().any()


def test_the_brand_stands_where_the_texts_leave_room() -> None:
    rated = item("x1", label={"en": "{brand} is handy.", "vi": "{brand} thật tiện."})
    others = (item("x2"), item("x3"))
    q = questionnaire(book(rated, *others), BOTH, brand={"en": "the café", "vi": "quán"})
    assert q.table.set_index("name").loc["x1", "text_vi"] == "quán thật tiện."
    assert q.codebook.item("x1").label["en"] == q.table.set_index("name").loc["x1", "text_en"] == "The café is handy."
    nameless = questionnaire(book(rated, *others), "en")
    assert nameless.table.set_index("name").loc["x1", "text"] == "This brand is handy."
    assert "questionnaire.no_brand" in [notice.key for notice in nameless.warnings]


def test_consent_can_be_edited_and_left_out() -> None:
    mine = questionnaire(book(), BOTH, consent={"en": "Hello. {contact}", "vi": "Xin chào. {contact}"}, contact="An")
    assert mine.form.pages[0].intro == {"en": "Hello. An", "vi": "Xin chào. An"}
    assert "questionnaire.no_contact" not in [notice.key for notice in mine.warnings]
    without = questionnaire(book(), consent=False)
    assert "consent" not in without.codebook.items
    assert without.table["relevance"].eq("").all()
    assert "questionnaire.no_consent" in [notice.key for notice in without.warnings]


@pytest.mark.parametrize("lang", BOTH)
def test_the_consent_text_says_what_it_must_and_shows_its_gap(lang: Any) -> None:
    q = questionnaire(book(), lang)
    said = q.form.pages[0].intro[lang]
    wanted = {
        "en": ("voluntary", "at any point", "without your name", "["),
        "vi": ("tự nguyện", "dừng", "không kèm tên", "["),
    }
    assert all(word in said for word in wanted[lang])
    assert "questionnaire.no_contact" in [notice.key for notice in q.warnings]


def test_the_codebook_reads_answers_of_a_real_survey_even_if_the_source_is_simulated() -> None:
    q = questionnaire(replace(book(), kind="simulated", notes={"en": "250 invented rows"}))
    assert (q.codebook.kind, q.codebook.notes) == ("real", {})
    roles = {name: i.role for name, i in q.codebook.items.items()}
    assert {roles[n] for n in ("respondent_id", "started", "duration", "att1")} == {
        "id",
        "time",
        "duration",
        "attention",
    }


# --- order ----------------------------------------------------------------------------------------------------------


def test_without_shuffling_the_order_is_the_codebooks() -> None:
    assert names(questionnaire(book(), randomise=False)) == list(book().items)


def test_shuffling_items_keeps_the_blocks_in_their_order() -> None:
    q = questionnaire(book(), randomise="items", seed=4)
    assert [name[0] for name in names(q)] == list("xxxxyyyyzzzz")
    assert names(q) != list(book().items)


def test_shuffling_blocks_keeps_each_block_together() -> None:
    orders = {"".join(dict.fromkeys(n[0] for n in names(questionnaire(book(), seed=s)))) for s in range(12)}
    assert len(orders) > 3
    assert all(sorted(order) == list("xyz") for order in orders)


def test_the_same_seed_gives_the_same_form_and_another_another() -> None:
    one, two, three = (questionnaire(book(), attention=2, seed=s) for s in (5, 5, 6))
    assert one.table.equals(two.table)
    assert not one.table.equals(three.table)


def test_versions_differ_in_order_and_in_nothing_else() -> None:
    versions = questionnaire(book(), BOTH, attention=2, seed=8).versions(4)
    assert len({tuple(names(v)) for v in versions}) == 4
    checks = [{n: v.codebook.item(n) for n in ("att1", "att2")} for v in versions]
    assert all(found == checks[0] for found in checks)
    assert [v.version for v in versions] == [1, 2, 3, 4]


def test_the_mixed_layout_mixes_constructs_on_a_page() -> None:
    q = questionnaire(book(), layout="mixed", attention=0)
    pages = q.items.groupby("page")["block"].nunique()
    assert (pages > 1).all()
    fixed = names(questionnaire(book(), layout="mixed", randomise=False, attention=0))
    assert fixed == [f"{c}{i}" for i in range(1, 5) for c in "xyz"]


def test_scales_of_different_length_do_not_share_a_mixed_page() -> None:
    seven = [item(f"s{i}", "S", max=7, labels={1: FIVE[1], 7: FIVE[5]}) for i in range(1, 5)]
    q = questionnaire(book(*book().items.values(), *seven), layout="mixed")
    assert q.table[q.table["type"] == "scale"].groupby("page")["scale"].nunique().eq(1).all()


# --- attention checks -----------------------------------------------------------------------------------------------


def test_checks_ask_for_an_answer_that_the_text_names_and_never_for_the_middle() -> None:
    found = set()
    for seed in range(25):
        q = questionnaire(book(), BOTH, seed=seed)
        check = q.codebook.item("att1")
        found.add(check.expected)
        question = q.form.by_name()["att1"]
        (asked,) = [c for c in question.choices if c.point == check.expected]
        assert all(f'"{asked.text[lang]}"' in question.text[lang] for lang in BOTH)
    assert found == {1, 2, 4, 5}


def test_checks_stand_inside_different_pages() -> None:
    q = questionnaire(book(), attention=3)
    checks = [
        (page, [x.name for x in page.questions])
        for page in q.form.pages
        if any("att" in x.name for x in page.questions)
    ]
    assert len(checks) == 3
    assert all(not order[0].startswith("att") and not order[-1].startswith("att") for _, order in checks)


def test_a_check_of_the_codebook_keeps_its_name_and_place() -> None:
    own = Item("att1", {"en": "Choose 2", "vi": "Chọn 2"}, min=1, max=5, labels=FIVE, role="attention", expected=2)
    q = questionnaire(book(item("x1"), own, item("x2"), item("x3"), item("y1", "Y")), randomise=False)
    assert {n: i.expected for n, i in q.codebook.items.items() if i.role == "attention"}.keys() == {"att1", "att2"}
    assert q.codebook.item("att1").expected == 2


def test_more_checks_than_pages_are_refused_and_none_is_said() -> None:
    error = refused("questionnaire.too_many_checks", book(), attention=4)
    assert error.values["most"] == 3
    assert "questionnaire.no_checks" in [n.key for n in questionnaire(book(), attention=0).warnings]


# --- who is asked ---------------------------------------------------------------------------------------------------


def test_a_screener_lets_only_a_yes_go_on() -> None:
    q = questionnaire(book(), BOTH, screener={"en": "Did you buy?", "vi": "Bạn có mua không?"})
    assert q.table.set_index("name").loc["x1", "relevance"] == "(consent = 1) and (scr1 = 1)"
    assert q.table.set_index("name").loc["scr1", "relevance"] == "consent = 1"


def test_an_item_as_screener_lets_everybody_pass_unless_it_expects_an_answer() -> None:
    labels = {1: {"en": "shop"}, 2: {"en": "online"}}
    where = Item("channel", {"en": "Where did you buy?"}, role="group", labels=labels)
    q = questionnaire(book(), screener=where, consent=False, show_if={"Y": {"channel": "Online"}, "z2": {"channel": 1}})
    relevance = q.table.set_index("name")["relevance"]
    assert relevance[["x1", "y1", "z1", "z2"]].tolist() == ["", "channel = 2", "", "channel = 1"]
    closed = questionnaire(book(), screener=replace(where, expected=2), consent=False)
    assert closed.table.set_index("name").loc["x1", "relevance"] == "channel = 2"


@pytest.mark.parametrize(
    ("condition", "formula"),
    [
        ({"x1": 4}, "x1 = 4"),
        ({"x1": [4, 5]}, "x1 in (4, 5)"),
        ({"x1": "agree"}, "x1 = 5"),
        ({"x1": "ĐỒNG Ý"}, "x1 = 5"),
        ({"x1": {"min": 2, "max": 4}}, "x1 >= 2 and x1 <= 4"),
        ({"x1": 1, "x2": 2}, "(x1 = 1) and (x2 = 2)"),
        ({"any": [{"x1": 1}, {"not": {"x2": 2}}]}, "(x1 = 1) or (not (x2 = 2))"),
    ],
)
def test_conditions_as_data(condition: Any, formula: str) -> None:
    q = questionnaire(book(), BOTH, consent=False, show_if={"Z": condition}, seed=2)
    assert q.table.set_index("name").loc["z1", "relevance"] == formula
    order = names(q)
    assert order.index("x1") < order.index("z1")
    skipped = questionnaire(book(), BOTH, consent=False, skip={"Z": condition}, seed=2)
    assert skipped.table.set_index("name").loc["z1", "relevance"] == f"not ({formula})"


def test_a_block_that_decides_comes_first_in_every_order() -> None:
    for layout in ("construct", "mixed"):
        for seed in range(6):
            q = questionnaire(book(), show_if={"Y": {"z1": 5}}, seed=seed, layout=layout)  # type: ignore[arg-type]
            assert [n[0] for n in names(q)][:4] == list("zzzz")


def test_checks_stand_only_where_everybody_looks() -> None:
    for seed in range(8):
        q = questionnaire(book(), show_if={"Y": {"x1": 5}}, attention=2, seed=seed)
        assert {p.key for p in q.form.pages if any(x.item.role == "attention" for x in p.questions)} == {"X", "Z"}


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"show_if": {"Q": {"x1": 1}}}, "condition_target"),
        ({"show_if": {"Y": {"w1": 1}}}, "condition_unknown"),
        ({"show_if": {"Y": {"x1": 9}}}, "condition_answer"),
        ({"show_if": {"Y": {"x1": "maybe"}}}, "condition_answer"),
        ({"show_if": {"Y": {"x1": {"above": 3}}}}, "condition_form"),
        ({"show_if": {"Y": "x1 == 1"}}, "condition_form"),
        ({"show_if": {"Y": {}}}, "condition_form"),
        ({"show_if": ["Y"]}, "condition_form"),
        ({"show_if": {"Y": {"y1": 1}}}, "condition_later"),
        ({"show_if": {"Y": {"x1": 1}, "X": {"y1": 1}}}, "condition_later"),
        ({"show_if": {"Y": {"age": 20}}, "background": "age"}, "condition_later"),
    ],
)
def test_conditions_that_cannot_be_met_are_refused(options: Any, key: str) -> None:
    refused(f"questionnaire.{key}", book(), **options)


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "lang", "key", "named"),
    [
        ([item("x1", label={"en": "Only English"}), item("x2")], "vi", "no_translation", "x1"),
        ([item("x1", labels={1: FIVE[1]})], "en", "no_anchor", "x1"),
        ([item("x1", labels={1: FIVE[1], 5: {"en": "agree"}})], "vi", "no_anchor", "x1"),
        ([item("x1", min=None, max=None)], "en", "no_scale", "x1"),
        ([item("x1", min=0.5)], "en", "scale_not_whole", "x1"),
        ([item("consent")], "en", "reserved_name", "consent"),
        ([item("_uuid")], "en", "reserved_name", "_uuid"),
        ([item("Duration")], "en", "reserved_name", "Duration"),
        ([item("sat1"), item("SAT1")], "en", "name_twice", "SAT1"),
        ([Item("age", role="other")], "en", "no_items", "study"),
    ],
)
def test_a_codebook_that_cannot_be_asked_is_refused_by_name(items: list[Item], lang: Any, key: str, named: str) -> None:
    error = refused(f"questionnaire.{key}", book(*items), lang)
    assert named in str(error)


def test_an_empty_codebook_and_something_else_are_refused() -> None:
    refused("questionnaire.no_items", Codebook())
    refused("questionnaire.not_codebook", {"x1": {"min": 1, "max": 5}})


@pytest.mark.parametrize("lang", ["fr", "", (), ("en", "xx"), None, 3])
def test_an_unknown_language_is_refused_with_those_there_are(lang: Any) -> None:
    with pytest.raises(CxlabError, match="en, vi"):
        questionnaire(book(), lang)


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"layout": "columns"}, "option"),
        ({"randomise": "all"}, "option"),
        ({"attention": -1}, "whole_number"),
        ({"attention": True}, "whole_number"),
        ({"seed": 1.5}, "whole_number"),
        ({"version": 0}, "whole_number"),
        ({"name": "my form!"}, "form_name"),
        ({"background": "agee"}, "unknown_background"),
        ({"background": item("x1", role="group")}, "name_twice"),
        ({"title": 5}, "not_text"),
        ({"lang": BOTH, "title": "Only English"}, "text_language"),
        ({"lang": BOTH, "screener": "Bạn có mua không?"}, "text_language"),
    ],
)
def test_options_that_cannot_be_are_refused(options: Any, key: str) -> None:
    refused(f"questionnaire.{key}", book(), **options)


def test_versions_want_a_number() -> None:
    with pytest.raises(CodebookError, match="whole number"):
        questionnaire(book()).versions(0)


# --- what is said ---------------------------------------------------------------------------------------------------


def test_names_that_a_platform_does_not_take_get_a_code_and_a_word() -> None:
    q = questionnaire(book(item("rel_1"), item("rel1"), item("hài lòng"), item("1st")))
    codes = q.table.set_index("name")["code"]
    assert codes[["rel_1", "rel1", "hài lòng", "1st"]].tolist() == ["rel1x2", "rel1", "hailong", "v1st"]
    assert q.codebook.item("rel_1").column == "rel1x2"
    assert q.codebook.item("rel1").column is None
    assert len({fold(code) for code in codes}) == len(codes)
    assert "questionnaire.renamed" in [notice.key for notice in q.warnings]


def test_questions_of_the_same_text_are_named() -> None:
    q = questionnaire(book(item("x1", label={"en": "Same"}), item("x2", label={"en": "Same"}), item("x3")))
    (notice,) = [n for n in q.warnings if n.key == "questionnaire.same_texts"]
    assert notice.values["items"] == "x1, x2" or notice.values["items"] == "x2, x1"


@pytest.mark.parametrize("lang", BOTH)
def test_summary_preview_and_table_speak_the_language(lang: Any) -> None:
    q = questionnaire(book(), BOTH, show_if={"Y": {"any": [{"x1": {"min": 4}}, {"not": {"x2": [1, 2]}}]}}, seed=1)
    with language(lang):
        said, shown = q.summary(), q.preview
    words = {"en": ("questions on", "Only if", "Part 1"), "vi": ("câu hỏi trên", "Chỉ trả lời nếu", "Phần 1")}
    assert words[lang][0] in said
    assert words[lang][1] in shown and words[lang][2] in shown  # noqa: PT018
    assert "questionnaire." not in said + shown
    assert {"en": "Question x1", "vi": "Câu x1"}[lang] in shown
    table = q.apa(lang)
    assert len(table.frame) == 12
    assert all(reference.text for reference in q.cite())


def test_the_preview_does_not_run_what_a_text_holds() -> None:
    q = questionnaire(book(item("x1", label={"en": "<script>alert(1)</script>"}), item("x2"), item("x3")))
    assert "<script>" not in q.preview


@pytest.mark.parametrize("name", ["gentile", "schmitt", "brakus", "total_cx", "servqual"])
def test_every_framework_with_items_has_a_questionnaire_in_both_languages(name: str) -> None:
    q = framework(name).questionnaire(BOTH, outcomes=["loyalty"], brand="Phin", attention=2)
    assert set(q.items["name"]) == set(framework(name).codebook(outcomes=["loyalty"]).items)
    assert any(notice.key == "questionnaire.item_notes" for notice in q.warnings)
    assert framework(name).title["en"] not in q.form.title["en"]
