"""cx.framework: from a name to tables, a codebook, a questionnaire and a model."""

from __future__ import annotations

from pathlib import Path

import pytest

import cxlab as cx
from cxlab.codebook import Codebook
from cxlab.errors import CodebookError, CxlabError, FileError, ModelError
from cxlab.i18n import language
from cxlab.specify import Model
from cxlab.theory.frameworks import Framework
from cxlab.theory.frameworks.shelf import NAMES
from cxlab.theory.structures import STRUCTURES

ASKED = [name for name in NAMES if name != "journey"]
OUTCOMES = ("satisfaction", "loyalty", "word_of_mouth", "attitude")


@pytest.fixture
def brakus() -> Framework:
    return cx.framework("brakus")


def entered(framework: Framework, **changes: object) -> dict[str, object]:
    return {name: {"en": f"Entered {name}", "vi": f"Đã nhập {name}"} for name in framework.items["item"]} | changes


@pytest.mark.parametrize(
    ("name", "hint"), [("gentil", "'gentile'"), ("servquall", "'servqual'"), ("xyz", ""), ("", ""), (None, "")]
)
def test_an_unknown_framework_lists_those_there_are(name: str, hint: str) -> None:
    with pytest.raises(CxlabError) as caught:
        cx.framework(name)
    assert caught.value.key == "frameworks.unknown_framework"
    assert hint in str(caught.value)
    assert all(known in str(caught.value) for known in NAMES)


def test_a_name_may_be_written_as_people_write_it() -> None:
    assert cx.framework("Total CX") == cx.framework("total_cx")


def test_the_list_says_whose_the_items_are() -> None:
    wording = cx.list_frameworks().set_index("name")["wording"]
    assert wording.to_dict() == {
        "gentile": "own", "schmitt": "paraphrase", "brakus": "paraphrase", "total_cx": "own", "servqual": "paraphrase",
        "journey": "none", "outcomes": "own",
    }  # fmt: skip


def test_tables_are_handed_out_as_copies() -> None:
    table = cx.framework("gentile").constructs
    table.loc[0, "label"] = "spoilt"
    assert cx.framework("gentile").constructs.loc[0, "label"] == "Sensorial"


def test_tables_speak_the_language_in_use_and_columns_never_change() -> None:
    english = cx.framework("gentile").constructs
    with language("vi"):
        vietnamese = cx.framework("gentile").constructs
    assert vietnamese["label"].tolist() == ["Cảm quan", "Cảm xúc", "Nhận thức", "Thực dụng", "Lối sống", "Quan hệ"]
    assert list(english) == list(vietnamese)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_what_a_reader_sees_names_sources_and_how_sure_they_are(name: str, lang: str) -> None:
    one = cx.framework(name)
    with language(lang):
        page = one._repr_html_()
        shown = one.table().to_html()
    assert "frameworks." not in page + shown
    assert {"en": "Status", "vi": "Tình trạng"}[lang] in shown
    assert one.cite()[0].text.split(",")[0].split(" (")[0].rstrip(".") in page


@pytest.mark.parametrize(
    ("name", "key", "serious"), [("brakus", "paraphrases", True), ("gentile", "drafted_items", False)]
)
def test_a_paraphrase_is_no_scale_and_says_so(name: str, key: str, serious: bool) -> None:
    (notice,) = cx.framework(name).warnings
    assert (notice.key, notice.serious) == (f"frameworks.{key}", serious)
    assert notice.text() in cx.framework(name).table("en", of="items").to_html("en").replace("&quot;", '"').replace(
        "&#x27;", "'"
    )


def test_what_was_recalled_is_marked_in_table_codebook_and_citation() -> None:
    brakus = cx.framework("brakus")
    assert "from memory" in str(brakus.table("en", of="items"))
    assert "memory" in brakus.codebook().item("baff1").note["en"]
    assert "trí nhớ" in brakus.codebook().item("baff1").note["vi"]
    assert "from memory" in str(cx.framework("outcomes").cite()[0])


@pytest.mark.parametrize("scale", ["agree7", "agree5", "agree11", "descriptive7", "extent7"])
@pytest.mark.parametrize("name", ASKED)
def test_a_codebook_comes_back_from_its_file(name: str, scale: str, tmp_path: Path) -> None:
    added = () if name == "outcomes" else OUTCOMES
    book = cx.framework(name).codebook(scale, added, brand={"en": "Phin's", "vi": "quán Phin"})
    book.to_yaml(tmp_path / "codebook.yaml")
    assert Codebook.from_yaml(tmp_path / "codebook.yaml") == book


def test_a_codebook_holds_items_scale_and_reversals() -> None:
    book = cx.framework("gentile").codebook(outcomes=["loyalty"], brand="Phin")
    assert len(book.items) == 27
    assert book.items_of("loyalty") == ("loy1", "loy2", "loy3")
    assert [name for name, item in book.items.items() if item.reversed] == [
        "sen4",
        "emo4",
        "cog4",
        "pra4",
        "lif4",
        "rel4",
    ]
    item = book.item("pra4")
    assert (item.min, item.max, item.labels[7]["vi"]) == (1, 7, "hoàn toàn đồng ý")
    assert item.label == {"en": "Using Phin is a hassle.", "vi": "Sử dụng Phin thật phiền phức."}
    assert "Gentile" in book.citation


def test_what_is_rated_stands_in_every_sentence_with_a_capital_where_common_words_begin_it() -> None:
    for name in ASKED:
        labels = [item.label for item in cx.framework(name).codebook().items.values()]
        assert not any("{" in text or text[0].islower() for label in labels for text in label.values())
    assert cx.framework("gentile").codebook(brand="iPhone").item("pra3").label["en"].startswith("iPhone is")


@pytest.mark.parametrize("brand", ["", "  ", {}, {"en": ""}, {"en": 7}])
def test_an_empty_brand_is_refused(brand: object) -> None:
    with pytest.raises(CodebookError, match="Highlands"):
        cx.framework("gentile").codebook(brand=brand)  # type: ignore[arg-type]


def test_servqual_asks_expectations_on_request() -> None:
    one = cx.framework("servqual")
    book = one.codebook(expectations=True)
    assert len(one.codebook().items) == 22
    assert len(book.items) == 44
    assert book.items_of("tangibles_e") == ("tan1_e", "tan2_e", "tan3_e", "tan4_e")
    assert all(book.item(f"{name}_e").reversed == book.item(name).reversed for name in one.items["item"])
    assert book.constructs["empathy_e"].label == {"en": "Empathy (expected)", "vi": "Sự đồng cảm (kỳ vọng)"}


def test_expectations_are_for_servqual_alone() -> None:
    with pytest.raises(CxlabError, match="servqual"):
        cx.framework("gentile").codebook(expectations=True)


@pytest.mark.parametrize(
    ("scale", "key"),
    [
        ("agre7", "unknown_scale"),
        (7, "scale_not_mapping"),
        ("", "unknown_scale"),
        ({}, "scale_ends"),
        ({"min": 1, "max": 5}, "scale_without_anchor"),
        ({"min": 1, "max": 5, "labels": {1: {"en": "no", "vi": "không"}}}, "scale_without_anchor"),
        ({"labels": {1: {"en": "no", "vi": "không"}, 5: {"en": "yes"}}}, "scale_without_anchor"),
        ({"labels": {1: {"en": "no", "vi": "không"}, 5: {"en": "yes", "vi": " "}}}, "scale_without_anchor"),
        ({"min": 5, "max": 1, "labels": {}}, "scale_ends"),
        ({"min": "1", "max": 5, "labels": {}}, "scale_ends"),
        ({"min": 1, "max": 5, "labels": {9: {"en": "x", "vi": "y"}}}, "scale_label_outside"),
        ({"labels": {"1": {"en": "x", "vi": "y"}}}, "scale_labels"),
        ({"labels": ["low", "high"]}, "scale_labels"),
        ({"labels": {1: "low", 5: "high"}}, "scale_without_anchor"),
        ({"labels": {1: {"en": "a", "vi": "b"}, 2: {"en": "c"}, 5: {"en": "d", "vi": "e"}}}, "scale_without_anchor"),
    ],
)
def test_a_scale_that_does_not_say_what_its_ends_mean_is_refused(scale: object, key: str) -> None:
    with pytest.raises(CodebookError) as caught:
        cx.framework("gentile").codebook(scale)  # type: ignore[arg-type]
    assert caught.value.key == f"frameworks.{key}"


def test_a_scale_of_ones_own_is_used() -> None:
    labels = {0: {"en": "never", "vi": "không bao giờ"}, 4: {"en": "always", "vi": "luôn luôn"}}
    item = cx.framework("schmitt").codebook({"labels": labels, "name": "often"}).item("xsen1")
    assert (item.min, item.max, item.scale, item.labels) == (0, 4, "often", labels)


@pytest.mark.parametrize("lang", ["en", "vi", ("vi", "en")])
def test_a_questionnaire_asks_the_items_in_the_language(lang: str) -> None:
    form = cx.framework("gentile").questionnaire(lang, outcomes=["loyalty"], brand="Phin", attention=0)
    table = form.table.set_index("name")
    first = lang if isinstance(lang, str) else lang[0]
    assert (
        table.loc["emo1", "text"]
        == {"en": "Phin puts me in a good mood.", "vi": "Phin giúp tôi có tâm trạng tốt."}[first]
    )
    assert {"sen4", "loy3"} <= set(table.index)


@pytest.mark.parametrize("lang", ["fr", "", "EN"])
def test_an_unknown_language_lists_those_there_are(lang: str) -> None:
    with pytest.raises(CxlabError) as caught:
        cx.framework("gentile").questionnaire(lang)
    assert caught.value.key == "common.unknown_language"


@pytest.mark.parametrize("method", ["codebook", "questionnaire", "model", "wording_template"])
def test_a_framework_without_items_says_what_to_use_instead(method: str) -> None:
    with pytest.raises(CxlabError) as caught:
        getattr(cx.framework("journey"), method)()
    assert caught.value.key == "frameworks.without_items"
    assert 'framework("total_cx")' in str(caught.value)
    with language("vi"), pytest.raises(CxlabError, match="giai đoạn trên hành trình"):
        cx.framework("journey").codebook()


@pytest.mark.parametrize("structure", STRUCTURES)
@pytest.mark.parametrize("name", ASKED)
def test_every_model_can_be_read(name: str, structure: str) -> None:
    one = cx.framework(name)
    for added in ((), () if name == "outcomes" else OUTCOMES):
        for lang in ("en", "vi"):
            model = Model.parse(one.model(structure, added, lang=lang))  # type: ignore[arg-type]
            assert model.partable().df > 0
            assert set(one.items["item"]) <= set(model.variables.ov)


# p (p + 1) / 2 moments, less loadings, residual and factor variances and covariances, and paths.
@pytest.mark.parametrize(
    ("structure", "added", "df"),
    [
        ("one_factor", (), 300 - 24 - 24),
        ("correlated", (), 300 - 18 - 24 - 21),
        ("second_order", (), 300 - 18 - 24 - 6 - 6),
        ("bifactor", (), 300 - 48 - 24),
        ("correlated", ("satisfaction", "loyalty"), 465 - (18 + 4) - 30 - 21 - 2 - 7),
        ("second_order", ("satisfaction", "loyalty"), 465 - (18 + 4) - 30 - 6 - 6 - 2 - 2),
        ("bifactor", ("satisfaction", "loyalty"), 465 - (48 + 4) - 30 - 2 - 2),
    ],
)
def test_gentiles_models_have_the_degrees_of_freedom_one_counts_by_hand(
    structure: str, added: tuple[str, ...], df: int
) -> None:
    assert Model.parse(cx.framework("gentile").model(structure, added)).partable().df == df


def test_hypotheses_are_named_in_the_language_and_satisfaction_stands_between() -> None:
    text = cx.framework("schmitt").model(outcomes=["loyalty", "satisfaction", "attitude"], lang="vi")
    lines = {line.split("#")[0].strip(): line.split("# ")[-1] for line in text.splitlines() if " ~ " in line}
    assert lines["satisfaction ~ feel"] == "H1b: Cảm nhận → Sự hài lòng"
    assert lines["attitude ~ relate"] == "H2e: Liên hệ → Thái độ"
    assert lines["loyalty ~ satisfaction"] == "H3: Sự hài lòng → Lòng trung thành"
    assert "loyalty ~ feel" not in lines


def test_without_satisfaction_the_experience_leads_to_loyalty() -> None:
    text = cx.framework("schmitt").model("second_order", "loyalty", comments=False)
    assert text.splitlines()[-1] == "loyalty ~ experience"
    assert "#" not in text


def test_paths_of_ones_own_replace_the_default() -> None:
    text = cx.framework("brakus").model(outcomes=["loyalty"], paths={"loyalty": ["sensory"]}, comments=False)
    assert [line for line in text.splitlines() if " ~ " in line] == ["loyalty ~ sensory"]


def test_a_model_says_which_items_must_be_turned() -> None:
    assert "sen4, emo4, cog4, pra4, lif4, rel4" in cx.framework("gentile").model().splitlines()[0]


@pytest.mark.parametrize(
    ("call", "key", "said"),
    [
        ({"structure": "bifaktor"}, "unknown_structure", "'bifactor'"),
        ({"structure": ""}, "unknown_structure", "second_order"),
        ({"outcomes": ["loyality"]}, "unknown_outcome", "'loyalty'"),
        ({"outcomes": ["profit"]}, "unknown_outcome", "word_of_mouth"),
        ({"paths": {"loyalty": ["sensorial"]}}, "unknown_path", "loyalty"),
        ({"structure": "bifactor", "paths": {"experience": ["emotinal"]}}, "unknown_path", "'emotional'"),
        ({"outcomes": ["loyalty"], "paths": {"loyalty": []}}, "no_predictors", "loyalty"),
        ({"outcomes": ["loyalty"], "paths": {"loyalty": "sensorial"}}, "no_predictors", "loyalty"),
    ],
)
def test_a_wrong_name_in_a_model_lists_what_there_is(call: dict, key: str, said: str) -> None:
    with pytest.raises(CxlabError) as caught:
        cx.framework("gentile").model(**call)
    assert caught.value.key == f"frameworks.{key}"
    assert said in str(caught.value)


def test_an_outcome_cannot_be_added_to_itself() -> None:
    with pytest.raises(CxlabError, match="already part"):
        cx.framework("outcomes").model(outcomes=["loyalty"])
    with pytest.raises(ModelError):
        cx.framework("outcomes").model(paths={"loyalty": ["loyalty"]})


def test_an_unknown_construct_or_table_is_named() -> None:
    with pytest.raises(CxlabError, match="'sensorial'"):
        cx.framework("gentile").items_of("sensoral")
    with pytest.raises(CxlabError, match="constructs"):
        cx.framework("gentile").table(of="itms")


def test_the_wording_of_a_scale_can_be_entered(brakus: Framework, tmp_path: Path) -> None:
    form = brakus.wording_template()
    form["en"] = "Entered " + form["item"]
    form["vi"] = "Đã nhập " + form["item"]
    form.to_csv(tmp_path / "wording.csv", index=False, encoding="utf-8-sig")
    mine = brakus.with_wording(tmp_path / "wording.csv")
    assert mine == brakus.with_wording(entered(brakus))
    assert mine.items["text_vi"].tolist()[0] == "Đã nhập bsen1"
    assert set(mine.items["status"]) == {"entered"}
    assert mine.items["reversed"].tolist() == brakus.items["reversed"].tolist()
    assert mine.warnings[0].key == "frameworks.entered_items"
    assert mine.codebook().item("bsen1").note["en"] == "Wording entered by the user."
    assert brakus.items["text_en"].str.startswith("Entered").sum() == 0


def test_entered_flags_of_reversal_win(brakus: Framework) -> None:
    mine = brakus.with_wording(entered(brakus, bsen3={"en": "x", "vi": "y", "reversed": False}))
    assert not mine.codebook().item("bsen3").reversed
    assert mine.codebook().item("baff2").reversed


def test_a_yaml_file_of_wordings_is_read(brakus: Framework, tmp_path: Path) -> None:
    path = tmp_path / "wording.yaml"
    path.write_text("\n".join(f"{name}: Question {name}" for name in brakus.items["item"]), encoding="utf-8")
    assert brakus.with_wording(path).items["text_en"].iloc[0] == "Question bsen1"


def test_one_language_will_do_until_the_other_is_asked_for(brakus: Framework) -> None:
    mine = brakus.with_wording({name: f"Question {name}" for name in brakus.items["item"]})
    assert mine.codebook().item("bsen1").label == {"en": "Question bsen1"}
    with pytest.raises(CxlabError) as caught:
        mine.questionnaire("vi")
    assert caught.value.key == "frameworks.item_untranslated"
    assert "bint3" in str(caught.value)


def test_expectations_can_be_entered_too() -> None:
    servqual = cx.framework("servqual")
    both = entered(servqual) | {f"{name}_e": f"Expected {name}" for name in servqual.items["item"]}
    with pytest.raises(CxlabError, match="tan1_e"):
        servqual.with_wording(both)  # the expectations lack Vietnamese
    both |= {f"{name}_e": {"en": "E", "vi": "K"} for name in servqual.items["item"]}
    assert len(servqual.with_wording(both).codebook(expectations=True).items) == 44
    with pytest.raises(CxlabError, match="_e items"):
        servqual.with_wording(entered(servqual)).codebook(expectations=True)


@pytest.mark.parametrize(
    ("change", "key", "said"),
    [
        ({"bsen9": "x"}, "unknown_item", "bsen1"),
        ({"bsen1": {"en": "x"}}, "wording_missing", "'vi': bsen1"),
        ({"bsen1": {"en": "", "vi": ""}}, "wording_missing", "bsen1"),
        ({"bsen1": 7}, "wording_entry", "bsen1"),
        ({"bsen1": {"en": None, "vi": "x"}}, "wording_entry", "bsen1"),
        ({"bsen1": {"en": "x", "vi": "y", "note": "z"}}, "wording_key", "note"),
        ({"bsen1": {"en": "x", "vi": "y", "reversed": "maybe"}}, "wording_reversed", "maybe"),
    ],
)
def test_a_wording_that_does_not_fit_is_refused_by_item(brakus: Framework, change: dict, key: str, said: str) -> None:
    with pytest.raises(CxlabError) as caught:
        brakus.with_wording(entered(brakus, **change))
    assert caught.value.key == f"frameworks.{key}"
    assert said in str(caught.value)


def test_missing_items_are_listed(brakus: Framework) -> None:
    with pytest.raises(CxlabError, match="bsen2, bsen3, baff1") as caught:
        brakus.with_wording({"bsen1": "x"})
    assert caught.value.key == "frameworks.wording_missing"
    with pytest.raises(CxlabError, match="bsen1, bsen2"):
        brakus.with_wording({})


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("none.csv", None, "wording_file"),
        ("a.csv", b"", "wording_unreadable"),
        ("a.csv", b"\xff\xfe\xff", "wording_unreadable"),
        ("a.csv", b"question,text\n1,2\n", "wording_columns"),
        ("a.csv", b"item,en\nbsen1,x\nbsen1,y\n", "wording_twice"),
        ("a.yaml", b"- one\n- two\n", "wording_unreadable"),
        ("a.yaml", b"a: [", "wording_unreadable"),
    ],
)
def test_a_file_of_wordings_that_cannot_be_used_is_named(
    brakus: Framework, tmp_path: Path, name: str, content: bytes | None, key: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CxlabError) as caught:
        brakus.with_wording(tmp_path / name)
    assert caught.value.key == f"frameworks.{key}"
    assert isinstance(caught.value, FileError) or key == "wording_twice"
