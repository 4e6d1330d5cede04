"""Theory as tables: every point of the articles has its place, sources are named, computed columns are right."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path

import pandas as pd
import pytest

import cxlab as cx
from cxlab.i18n import LANGUAGES
from cxlab.references import all_references, cite
from cxlab.theory.frameworks import framework
from cxlab.theory.tables.citations import in_text
from cxlab.theory.tables.computed import works_named
from cxlab.theory.tables.rows import column_names
from cxlab.theory.tables.topic import STATUSES, read_topic, topic_names

ROOT = Path(__file__).parents[1]
# Points of the articles by section, and the bibliography and the corrections.
POINTS = {1: 18, 2: 25, 3: 28, 4: 8, 5: 15, 6: 12, 7: 18, 8: 14}
TOPICS = list(topic_names())


def points() -> list[str]:
    return [f"{section}.{i}" for section, count in POINTS.items() for i in range(1, count + 1)] + ["9", "10"]


def rows(topic: str, lang: str = "en") -> pd.DataFrame:
    return cx.theory_table(topic, lang).table.set_index("key")


# -- the articles' points


def test_all_140_points_of_the_articles_are_listed() -> None:
    listed = cx.theory_table("checklist").table["point"].tolist()
    assert len(listed) == 140
    assert listed == points()


@pytest.mark.shared
def test_the_points_are_those_of_the_checklist(shared_dir: Path) -> None:
    text = (shared_dir / "reference" / "theory_checklist.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (\d+\.\d+) \|", text, re.MULTILINE) == points()[:-2]


def test_every_point_stands_in_a_topic() -> None:
    held = [point for name in TOPICS for point in read_topic(name).points]
    assert sorted(set(points()) - set(held)) == []
    assert sorted(set(held) - set(points())) == []


def test_every_point_is_mapped_to_topics_that_exist_and_to_things_that_exist() -> None:
    table = cx.theory_table("checklist").table
    assert (table["topics"] != "").all()
    assert {name for names in table["topics"] for name in names.split(", ")} <= set(TOPICS)
    for name in {name for names in table["frameworks"] for name in names.split(", ") if name}:
        framework(name)
    assert {name for names in table["functions"] for name in names.split(", ") if name} <= set(cx.__all__)
    sources = {path.stem for path in (ROOT / "notebooks" / "source").glob("*.py")}
    assert {name for names in table["notebooks"] for name in names.split(", ") if name} <= sources


# -- every topic


@pytest.mark.parametrize("name", TOPICS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_topic_shows_itself_in_both_languages(name: str, lang: str) -> None:
    found = cx.theory_table(name, lang)
    assert len(found.table) > 1
    assert list(found.table.columns) == column_names(read_topic(name))
    assert not found.table.map(lambda cell: isinstance(cell, dict | list)).any().any()
    assert found.table["key"].is_unique
    assert found.summary().count("\n") >= len(found.table)
    assert found.apa().to_html(lang).count("<tr") == len(found.table) + 1
    assert escape(found.title[lang]) in found._repr_html_()


@pytest.mark.parametrize("name", TOPICS)
def test_columns_are_the_same_in_both_languages_and_texts_are_not(name: str) -> None:
    english, vietnamese = (cx.theory_table(name, lang).table for lang in LANGUAGES)
    assert list(english.columns) == list(vietnamese.columns)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", column) for column in english.columns)
    assert english["key"].equals(vietnamese["key"])
    assert not english.equals(vietnamese)


@pytest.mark.parametrize("name", TOPICS)
def test_every_row_says_how_sure_it_is_and_every_work_is_known(name: str) -> None:
    found = cx.theory_table(name)
    assert set(found.table["status"]) <= set(STATUSES)
    assert sum(found.status.values()) == len(found.table)
    assert {work.key for work in found.cite()} == set(found.references)
    recalled = int((found.table["status"] == "memory").sum())
    told = [notice for notice in found.warnings if notice.key == "theory.rows_memory"]
    assert bool(told) == bool(recalled)
    if recalled:
        assert told[0].serious
        assert told[0].values["count"] == recalled
    printed = found.apa("en")
    assert [cell for cell in printed.frame["status_text"] if cell == "recalled, not checked"] == [
        "recalled, not checked"
    ] * recalled


def test_rows_are_complete_in_both_languages() -> None:
    for name in TOPICS:
        topic = read_topic(name)
        texts = [column for column, head in topic.headings.items() if head.format == "text" and not head.labels]
        for row in topic.rows:
            for column in texts:
                cell = row.get(column)
                if isinstance(cell, dict):
                    assert all(cell.get(lang) for lang in LANGUAGES), (name, row.get("key"), column)


def test_keys_that_stand_for_names_are_keys_of_what_they_name() -> None:
    behaviours = cx.theory_table("touchpoints").table
    assert set(behaviours["stage"]) == {"pre_purchase", "purchase", "post_purchase"}
    assert set(behaviours["owner"]) == set(cx.theory_table("touchpoint_owners").table["key"])
    assert set(behaviours["contact"]) == set(cx.theory_table("contact_types").table["key"])
    case = cx.theory_table("total_cx_case").table
    assert set(case["p"]) - {""} == set(framework("total_cx").constructs["construct"])


def test_a_table_is_handed_out_as_a_copy() -> None:
    found = cx.theory_table("claims")
    mine = found.table
    mine["verdict"] = "all true"
    assert "all true" not in set(found.table["verdict"])


def test_the_language_in_use_is_the_default() -> None:
    with cx.language("vi"):
        assert cx.theory_table("touchpoint_owners").table["owner"].iloc[0] == "do thương hiệu sở hữu"
    assert cx.theory_table("touchpoint_owners").table["owner"].iloc[0] == "brand-owned"
    assert str(cx.theory_table("claims", "vi").warnings[0].text("vi")).startswith("6 trong 20 dòng")


# -- asking for what is not there


@pytest.mark.parametrize(
    ("asked", "said"),
    [("definition", "Did you mean 'definitions'"), ("Lịch sử", "speak of it: history"), ("nope", "There are: defi"),
     ("", "There are: definitions"), (None, "There are: definitions"), (3, "There are: definitions")],
)  # fmt: skip
def test_an_unknown_topic_lists_the_topics_and_the_nearest(asked: object, said: str) -> None:
    with pytest.raises(cx.CxlabError) as caught:
        cx.theory_table(asked)  # type: ignore[arg-type]
    assert caught.value.key == "theory.unknown_topic"
    assert said in str(caught.value)
    assert "bibliography" in str(caught.value)


@pytest.mark.parametrize("name", [" Claims", "metric-conclusions", "Metric Conclusions"])
def test_a_topic_may_be_written_with_capitals_spaces_and_dashes(name: str) -> None:
    assert cx.theory_table(name).topic in ("claims", "metric_conclusions")


def test_an_unknown_language_lists_the_languages() -> None:
    for call in (lambda: cx.theory_table("claims", "vn"), lambda: cx.list_theory("fr")):
        with pytest.raises(cx.CxlabError, match="en, vi"):
            call()
    with pytest.raises(cx.CxlabError, match="en, vi"):
        cx.theory_table("claims").apa("fr")  # type: ignore[arg-type]


def test_a_topic_without_a_figure_names_those_that_have_one() -> None:
    with pytest.raises(cx.CxlabError) as caught:
        cx.theory_table("definitions").plot()
    assert caught.value.key == "theory.no_figure"
    assert "history, claims" in str(caught.value)


def test_the_list_has_every_topic_with_its_title_and_points() -> None:
    listed = cx.list_theory("vi")
    assert listed["topic"].tolist() == TOPICS
    assert (listed["rows"] > 1).all()
    assert listed.set_index("topic").loc["claims", "figure"]
    assert listed.set_index("topic").loc["stages8", "title"] == "Tám giai đoạn của hành trình"


# -- content


def test_the_number_of_things_is_the_articles_number() -> None:
    counts = {
        "stages3": 3, "stages8": 8, "steps7": 7, "touchpoint_owners": 4, "servqual": 5, "crosswalk": 6, "cxm_steps": 5,
        "cxm_levels": 3, "improvement_loop": 4, "partner_networks": 3, "metric_conclusions": 4, "contact_types": 2,
        "corrections": 18, "articles": 5,
    }  # fmt: skip
    assert {name: len(cx.theory_table(name).table) for name in counts} == counts
    assert int(cx.theory_table("definitions").table["to_code"].sum()) == 3
    assert int((cx.theory_table("systems").table["added"] == 0).sum()) == 4  # three systems and the analogy


def test_the_three_codings_of_the_journey_fit_together() -> None:
    mapping = cx.theory_table("stage_mapping", "en").table
    assert mapping["stage8"].tolist() == cx.theory_table("stages8").table["stage"].tolist()
    assert mapping["stage3"].tolist() == cx.theory_table("stages8").table["stage3"].tolist()
    steps = [step for steps in mapping["step7"] for step in steps.split(", ") if step]
    assert sorted(steps) == sorted(cx.theory_table("steps7").table["key"])
    assert set(mapping["stage3"]) == set(cx.theory_table("stages3").table["stage"])


def test_the_crosswalk_is_the_frameworks_own() -> None:
    table = rows("crosswalk")
    assert table["schmitt"].to_dict() == {
        "sensorial": "sense", "emotional": "feel", "cognitive": "think", "pragmatic": "act", "lifestyle": "act",
        "relational": "relate",
    }  # fmt: skip
    assert table.loc[["pragmatic", "lifestyle"], "schmitt_strength"].tolist() == ["in part", "in part"]
    assert table.loc["relational", "brakus"] == ""
    assert rows("crosswalk", "vi").loc["sensorial", "gentile_label"] == "Cảm quan"


def test_schmitt_fourth_step_is_the_interface() -> None:
    steps = cx.theory_table("cxm_steps", "vi").table
    assert steps.loc[steps["number"] == 4, "step"].item() == "cấu trúc giao diện khách hàng"


def test_the_effort_scores_run_in_opposite_directions() -> None:
    table = rows("metrics")
    assert (table.loc["ces1", "better"], table.loc["ces2", "better"]) == ("lower", "higher")
    assert (table.loc["nps", "low"], table.loc["nps", "high"]) == (-100, 100)


def test_each_conclusion_has_the_studies_for_and_against_it() -> None:
    table = rows("metric_conclusions")
    assert "Agag" in table.loc["narrow", "evidence_against"]
    assert "recalled" in table.loc["narrow", "evidence_for"]
    assert "Van Doorn" in table.loc["equal", "evidence_for"]
    assert table.loc["combine", "evidence_against"] == "none found"
    keys = set(table.index)
    for study in read_topic("metric_studies").rows:
        assert set(study["supports"]) | set(study["against"]) <= keys


def test_the_numbers_on_open_data_are_those_of_the_data() -> None:
    """R² of ordinary least squares for the loyalty question, as the conclusions print them."""
    data = cx.load_dataset("ecsi_mobile").frame
    items = {"satisfaction": "CUSA1", "recommend": "CUSL3", "complaints": "CUSCO"}
    r2 = {name: data["CUSL1"].corr(data[item]) ** 2 for name, item in items.items()}
    r2["top2"] = data["CUSL1"].corr((data["CUSA1"] >= 9).astype(float)) ** 2
    pair = data[["CUSA1", "CUSL3"]].corr().iloc[0, 1]
    a, b = (data["CUSL1"].corr(data[item]) for item in ("CUSA1", "CUSL3"))
    r2["both"] = (a**2 + b**2 - 2 * a * b * pair) / (1 - pair**2)
    printed = " ".join(rows("metric_conclusions")["open_data"])
    for name in ("satisfaction", "recommend", "complaints", "top2", "both"):
        assert f"{r2[name]:.3f}".lstrip("0") in printed, name


# -- history


def test_works_outside_the_decade_of_their_row_are_flagged() -> None:
    table = cx.theory_table("history", "en").table
    flagged = {(row["theme"], int(row["year"])) for row in table[table["outside"] != ""].to_dict("records")}
    named = {
        ("satisfaction", 1988),
        ("satisfaction", 1991),
        ("service", 2006),
        ("service", 2008),
        ("relationship", 1987),
    }
    assert named <= flagged
    assert ("crm", 2004) not in flagged
    assert ("buying", 1961) not in flagged
    assert len(table) == 27
    assert len(set(table["theme"])) == 7


# -- the ledger


def test_the_ledger_holds_every_number_of_the_articles() -> None:
    table = cx.theory_table("claims", "en").table
    claims = table[table["kind"] == "claim"]
    figures = " | ".join(claims["figure"])
    for figure in ("74%", "three in four", "7.5%", "2.9%", "86%", "1%", "32%", "20-40%", "78%", "USD 41 billion"):
        assert figure in figures, figure
    assert (claims["figure"] == "74%").sum() == 2  # spending, and communities
    assert set(claims["article"]) == {"001", "004", "000, 003, 004"}


def test_a_number_printed_twice_counts_once() -> None:
    table = rows("claims")
    assert table.loc["three_in_four", ["verdict", "same_as"]].tolist() == ["duplicate", "spent_more"]


def test_verdicts_follow_from_the_sources() -> None:
    table = rows("claims")
    claims = table[table["kind"] == "claim"]
    assert set(claims.index[claims["verdict"] == "supported"]) == {"leave_once", "dropped"}
    assert (claims.loc[claims["verdict"] == "supported", "source_found"] == "yes").all()
    assert not (claims.loc[claims["verdict"] == "unverifiable", "source_found"] == "yes").any()
    assert claims.loc["community", "verdict"] == "unverifiable"
    assert (table.loc["lost_41", "value"], table.loc["lost_62", "value"]) == (41, 62)


def test_intervals_are_wilsons_and_the_needed_n_is_that_of_r() -> None:
    """Closed forms: they agree with R to rounding in the printed digits (12 significant)."""
    oracle = json.loads((ROOT / "tests" / "oracles" / "theory_claims.json").read_text(encoding="utf-8"))
    table = rows("claims")
    known = table.dropna(subset=["ci_lower"])
    assert set(known.index) == set(oracle["wilson"])
    for key, interval in oracle["wilson"].items():
        assert known.loc[key, ["ci_lower", "ci_upper"]].tolist() == pytest.approx(interval, rel=1e-10)
    assert table.loc["retention_gap", "n_needed"] == oracle["n_needed"]
    assert table.loc["retention_gap", "note"].startswith(f"{oracle['n_needed']} in each group")


@pytest.mark.shared
def test_the_intervals_are_those_of_the_published_figures(shared_dir: Path) -> None:
    import yaml

    published = yaml.safe_load((shared_dir / "reference" / "published.yaml").read_text(encoding="utf-8"))
    claims = {claim["claim"][:3]: claim for claim in published["industry_claims"]}
    table = rows("claims").round(3)
    assert table.loc["dropped", ["ci_lower", "ci_upper"]].tolist() == claims["78%"]["wilson95"]
    # The list rounds 0.31258 up and 0.32751 up.
    assert table.loc["leave_once", ["ci_lower", "ci_upper"]].tolist() == pytest.approx(
        claims["32%"]["wilson95_if_srs"], abs=0.0006
    )
    assert len(claims) <= len(table)


# -- works


def test_the_bibliography_has_the_works_that_the_articles_name() -> None:
    named = """Accenture 2015; Badgett 2007; Baker 2002; Baxendale 2015; Berry 1995; Bhattacharya 2003; Bitner 1990;
    Bitner 1992; Bitner 2008; Bolton 1998; Bolton 1991; Bolton 1999; Bolton 2004; Brakus 2001; Court 2009; De Haan
    2015; Dwyer 1987; Edelman 2010; Fornell 2010; Fornerino 2006; Fournier 1998; Fulbright 2001; Gentile 2007;
    Gijsenberg 2015; Gulati 2005; Holbrook 1982; Hollebeek 2014; Homburg 2017; Howard 1969; Hoyer 1984; Hunneman
    2015; Keiningham 2007; Keiningham 2015; Kelley 1994; Keynes 1936; Kotler 1967; Kumar 2009; Kumar 2014; Kumar
    2010; Lavidge 1961; Lemon 2016; Lervik-Olsen 2015; Libai 2010; Lusch 2014; McAlister 1982; Meyer 2007;
    Morgan 1994; Morgan 2006; Marketing Science Institute 2014; Marketing Science Institute 2016; Neslin 2006;
    Ofir 2007; Oliver 1980; Oliver 1997; Ou 2014; Pahwa 2019; Parasuraman 1988; Parsons 1934; Patrício 2008;
    Patrício 2011; Payne 2005; Payne 2008; Pieters 1995; Pine 1998; Pinker 1997; Puccinelli 2009; PwC 2018;
    Rawson 2013; Rego 2013; Reichheld 2003; Reinartz 2000; Risdon 2011; Risdon 2013; Rust 2006; Rust 2004;
    Sampson 2012; Schmitt 1999; Schmitt 2003; Shah 2006; Sheth 2000; Tax 2013; Teixeira 2012; Van Doorn 2010;
    Van Doorn 2013; Verhoef 2003; Verhoef 2008; Verhoef 2016; Verhoef 2007; Verhoef 2009; Voss 2008; Wedel 2016;
    Wood 2001; Zeithaml 1988"""
    texts = cx.theory_table("bibliography").table["text"].tolist()
    wanted = [" ".join(one.split()).rsplit(" ", 1) for one in named.split(";")]
    assert [one for one in wanted if not any(t.startswith(one[0]) and f"({one[1]}" in t for t in texts)] == []


def test_the_names_of_the_correction_table_are_spelt_right_in_the_bibliography() -> None:
    text = " ".join(cx.theory_table("bibliography").table["text"])
    for name in ("Reichheld", "Wiesel", "Puccinelli", "Schmitt, B."):
        assert name in text
    for trap in ("Reichained", "Diesel", "Pucinelli", "Bash"):
        assert trap not in text


def test_no_work_stands_in_two_files_of_references() -> None:
    import yaml

    seen: dict[str, list[str]] = {}
    for path in (ROOT / "cxlab" / "references").glob("*.yaml"):
        for key in yaml.safe_load(path.read_text(encoding="utf-8")):
            seen.setdefault(key, []).append(path.name)
    assert {key: files for key, files in seen.items() if len(files) > 1} == {}


def test_works_are_cited_by_names_and_year() -> None:
    for key in works_named():
        text = in_text(all_references()[key], "en")
        assert re.fullmatch(r"[^()]+ \((?:\d{4}|n\.d\.)\)", text), text
    two, many = cite("van_doorn_2013", "bolton_lemon_1999")[::-1]
    assert (in_text(two, "vi"), in_text(many, "vi")) == ("Bolton và Lemon (1999)", "Van Doorn và cộng sự (2013)")


# -- glossary


def test_the_glossary_has_terms_of_experience_and_of_statistics() -> None:
    table = cx.theory_table("glossary", "vi").table.set_index("term_en")
    chosen = {
        "touchpoint": "điểm tiếp xúc",
        "Net Promoter Score": "điểm khuyến nghị ròng",
        "service recovery": "phục hồi dịch vụ",
        "loading": "hệ số tải",
        "factor": "nhân tố",
        "reliability": "độ tin cậy",
        "discriminant validity": "giá trị phân biệt",
        "measurement invariance": "bất biến đo lường",
        "degrees of freedom": "bậc tự do",
        "goodness of fit": "độ phù hợp",
        "customer equity": "giá trị tài sản khách hàng",
        "bootstrap": "lấy mẫu lặp (bootstrap)",
    }
    assert table.loc[list(chosen), "term_vi"].to_dict() == chosen
    assert (table["definition"].str.len() > 10).all()


@pytest.mark.shared
def test_the_glossary_agrees_with_the_agreed_terms(shared_dir: Path) -> None:
    """Each agreed term is here; a Vietnamese term in brackets there is a gloss or an abbreviation."""
    agreed = pd.read_csv(shared_dir / "reference" / "glossary.csv")
    ours = {row["term"]["en"].casefold(): row["term"]["vi"] for row in read_topic("glossary").rows}
    renamed = {
        "customer loyalty": "loyalty",
        "indicator (item)": "item",
        "factor loading": "loading",
        "multicollinearity (VIF)": "multicollinearity",
    }
    names = agreed["term_en"].replace(renamed)
    lacking = [name for name in names if name.casefold() not in ours and name != "CFI / RMSEA / SRMR"]
    assert lacking == []
    for name, term in zip(names, agreed["term_vi"], strict=True):
        mine = ours.get(name.casefold(), term)
        plain = re.sub(r" \(.*?\)", "", term)
        assert re.sub(r" \(.*?\)", "", mine) in plain or plain in mine, (name, mine, term)
