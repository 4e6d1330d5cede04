"""Datasets on request, from the mirror of ../shared: the raw files come out clean with the documented steps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import cxlab as cx
from cxlab.survey.datasets.catalogue import data_folder, entries
from cxlab.survey.datasets.package import sha256_of
from cxlab.survey.survey import Survey

pytestmark = pytest.mark.shared
ON_REQUEST = {name: entry for name, entry in entries().items() if entry.kind == "on request"}


@pytest.fixture(scope="module")
def load(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Survey]:
    """`load_dataset` on the mirror, with a cache of its own."""

    def from_mirror(name: str) -> Survey:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("CXLAB_MIRROR", str(shared_dir / "mirror"))
            patch.setenv("CXLAB_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
            return cx.load_dataset(name, accept_terms=True)

    return from_mirror


@pytest.mark.parametrize("name", list(ON_REQUEST))
def test_the_mirror_holds_the_registered_bytes(name: str, shared_dir: Path) -> None:
    folder = shared_dir / "mirror" / name
    found = {path.name: (sha256_of(path), path.stat().st_size) for path in folder.iterdir()}
    assert found == {file.file: (file.sha256, file.bytes) for file in ON_REQUEST[name].files}


@pytest.mark.parametrize("name", [name for name, entry in ON_REQUEST.items() if entry.holds == "survey"])
def test_it_loads_with_its_codebook(name: str, load: Callable[[str], Survey]) -> None:
    survey = load(name)
    assert len(survey) == ON_REQUEST[name].rows
    assert set(survey.frame.columns) == set(survey.codebook.items)
    assert survey.problems.empty
    assert survey.source["dataset"] == name
    for item in survey.codebook.items.values():
        if item.min is not None and item.max is not None:
            assert survey.frame[item.name].dropna().between(item.min, item.max).all(), item.name


def test_water_utility_comes_out_clean(load: Callable[[str], Survey]) -> None:
    raw = load("water_utility")
    assert raw.source["format"] == "qualtrics"
    assert raw.data["term"].value_counts().to_dict() == {
        "otherCity": 97,
        "attention": 79,
        "noTapWater": 15,
        "consent": 8,
    }
    assert set(raw.personal) == {"response_id", "V5", "PID", "psid", "K2", "med"}

    kept = raw.select(where=lambda data: data["term"].isna(), reason="screened out")
    assert (len(raw), len(kept)) == (690, 491)

    scales = [item for construct in kept.codebook.constructs for item in kept.items(construct)]
    complete = kept.screen(items=scales, missing=0, duplicates=False).exclude("missing")
    assert len(complete) == 432

    service = [*complete.items("technical_quality"), *complete.items("functional_quality")]
    flagged = complete.screen(items=service, straightline=True, duplicates=False)
    assert flagged.flags is not None
    assert int(flagged.flags["straightline"].sum()) == 39

    turned = complete.reverse_scored()
    involvement = turned.data[[*turned.items("involvement_cognitive"), *turned.items("involvement_affective")]]
    assert (involvement.corr().to_numpy() > 0).all()


def test_water_utility_attention_check_agrees_with_its_screen_outs(load: Callable[[str], Survey]) -> None:
    data = load("water_utility").data
    failed = data.index[data["trap"] == 0]
    assert len(failed) == 79
    assert (data.loc[failed, "term"] == "attention").all()


def test_kiosk_keeps_194_of_211(load: Callable[[str], Survey]) -> None:
    survey = load("kiosk_servqual")
    never = survey.data.index[survey.data["frequency"] == 0]
    assert never.tolist() == [24, 80, 157, 204]
    answers = [name for name in survey.items() if name != "frequency"]
    assert survey.data.loc[never, answers].isna().all(axis=None)
    assert not survey.data.drop(index=never)[answers].isna().any(axis=None)
    assert len(survey.select(where="frequency > 0", reason="never used a kiosk")) == 207
    kept = survey.select(where="kept_by_authors == 1", reason="left out by the authors")
    assert len(kept) == 194
    assert not set(never) & set(kept.data.index)


def test_kiosk_columns_follow_the_question_numbers(load: Callable[[str], Survey], shared_dir: Path) -> None:
    survey = load("kiosk_servqual")
    raw = pd.read_csv(shared_dir / "mirror/kiosk_servqual/kiosk.csv", encoding="cp949")
    blocks = {"e": 24, "p": 24, "i": 24, "s": 24, "kf": 29, "kd": 29}
    for prefix, count in blocks.items():
        assert {f"{prefix}{number:02d}" for number in range(1, count + 1)} <= set(survey.data.columns)
    # One header of each block that the file holds out of order, found by its number and a word of its question.
    places = {"e08": ("8-1.", "기대"), "kf05": ("5-1.", "느낌"), "kd28": ("28-2.", "느낌"), "i09": ("9-1.", "중요")}
    for name, (number, word) in places.items():
        header = next(c for c in raw.columns if c.startswith(number) and word in c)
        assert survey.data[name].isna().equals(raw[header].isna().set_axis(survey.data.index))
        if raw[header].dtype == float:
            assert survey.data[name].dropna().tolist() == raw[header].dropna().tolist()


def test_kano_words_become_the_five_feelings(load: Callable[[str], Survey], shared_dir: Path) -> None:
    survey = load("kiosk_servqual")
    raw = pd.read_csv(shared_dir / "mirror/kiosk_servqual/kiosk.csv", encoding="cp949")
    header = next(c for c in raw.columns if c.startswith("1-2.") and "느낌" in c)
    words = raw[header].value_counts()
    counts = survey.data["kd01"].value_counts()
    pairs = {1: "마음에 든다.", 2: "당연하다.", 3: "아무런 느낌이 없다.", 4: "하는 수 없다.", 5: "마음에 안 든다."}
    assert {point: counts[point] for point in pairs} == {point: words[word] for point, word in pairs.items()}


def test_bank_has_27_items_and_five_segments(load: Callable[[str], Survey]) -> None:
    survey = load("retail_bank_csi")
    assert len(survey.items()) == 27
    segments = [item.name for item in survey.codebook.items.values() if item.role == "group"]
    assert segments == ["gender", "age", "education", "occupation", "region"]
    assert survey.data["gender"].value_counts().to_dict() == {"Male": 993, "Female": 714}
    assert survey.source["format"] == "rda"


def test_sfo_puts_five_years_under_common_names(load: Callable[[str], Survey], shared_dir: Path) -> None:
    survey = load("sfo_airport")
    data = survey.data
    assert data["year"].value_counts().sort_index().to_dict() == {
        2014: 2818,
        2015: 2958,
        2016: 3087,
        2017: 2831,
        2018: 2809,
    }
    assert set(data.loc[data["netpro"].notna(), "year"]) == {2017, 2018}
    raw = pd.read_csv(shared_dir / "mirror/sfo_airport/2018_SFO_Customer_Survey_20250817.csv", low_memory=False)
    rated = raw["Q9Restroom"].where(raw["Q9Restroom"].between(1, 5))
    assert data.loc[data["year"] == 2018, "q9_restroom"].mean() == pytest.approx(rated.mean(), abs=1e-12)
    assert not [name for name in data.columns if "zip" in name or "county" in name]


def test_help_desk_ratings_have_the_published_means(load: Callable[[str], Survey]) -> None:
    published = {"informat": 5.536, "willingn": 5.982, "officeho": 5.281, "compete": 5.637, "global": 5.718}
    means = load("university_desk").data[list(published)].mean()
    assert means.to_dict() == pytest.approx(published, abs=5e-4)  # printed with three digits


def test_cdnow_holds_the_published_customer(load: Callable[[str], Survey]) -> None:
    customer = load("cdnow").data.loc[1516]
    assert customer[["frequency", "recency", "observed"]].tolist() == pytest.approx([26, 30.85714, 31], abs=5e-6)


def test_journeys_have_the_published_totals(load: Callable[[str], Survey]) -> None:
    totals = load("channel_journeys").data[["conversions", "value", "no_conversion"]].sum()
    assert totals.tolist() == pytest.approx([19785, 74802.97, 68602], abs=0.005)


def test_servqual_matrix_is_a_correlation_matrix(
    shared_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXLAB_MIRROR", str(shared_dir / "mirror"))
    monkeypatch.setenv("CXLAB_CACHE", str(tmp_path))
    for name, size in {"servqual_1992": 22, "brand_equity_2000": 34}.items():
        matrix = pd.read_csv(cx.fetch_dataset(name, accept_terms=True), index_col=0)
        assert matrix.shape == (size, size)
        assert (matrix.to_numpy() == matrix.T.to_numpy()).all()
        codebook = cx.Codebook.from_yaml(data_folder() / name / "codebook.yaml")
        assert list(matrix.columns) == list(codebook.items)
