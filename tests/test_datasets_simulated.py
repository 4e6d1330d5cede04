"""Simulated datasets: made again byte by byte, shown as simulated, and their truth found again in the data."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.analyses.sem_result import SemFit
from cxlab.i18n import language
from cxlab.specify import Model
from cxlab.study.simulation import simulated_truth
from cxlab.survey.datasets.catalogue import data_folder, entries
from cxlab.survey.survey import Survey

ROOT = Path(__file__).parents[1]
SIMULATED = {
    "gentile_six": (640, 41),
    "schmitt_five": (520, 56),
    "total_cx_6p": (480, 40),
    "journey_events": (8500, 17),
    "cx_panel": (600, 51),
    "channel_attitudes": (700, 26),
    "touchpoint_diary": (4476, 11),
}
SURVEYS = ["gentile_six", "schmitt_five", "total_cx_6p", "cx_panel", "channel_attitudes"]


@pytest.fixture(scope="module")
def makers() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "data"))
        yield importlib.import_module("simulate")


@pytest.fixture(scope="module")
def clean() -> dict[str, Survey]:
    """The surveys without flagged rows, reversed items turned."""
    return {name: screened(name).exclude("attention", "min_seconds", "longstring").reverse_scored() for name in SURVEYS}


def screened(name: str) -> Survey:
    return cx.load_dataset(name).screen(attention=True, min_seconds="median/3", longstring=9, missing=None)


def test_they_are_listed_as_simulated() -> None:
    assert [name for name, entry in entries().items() if entry.kind == "simulated"] == list(SIMULATED)
    listed = cx.list_datasets().set_index("name").loc[list(SIMULATED)]
    assert (listed["licence"] == "CC0-1.0").all()
    assert listed["title"].str.contains("(simulated)", regex=False).all()
    with language("vi"):
        assert cx.list_datasets().set_index("name").loc[list(SIMULATED), "title"].str.contains("mô phỏng").all()


@pytest.mark.parametrize("name", list(SIMULATED))
def test_every_byte_is_made_again(name: str, makers: ModuleType, tmp_path: Path) -> None:
    made = makers.simulate(name, tmp_path)
    files = sorted(path.name for path in made.iterdir())
    assert set(files) == {"LICENSE", "codebook.yaml", "datapackage.json", f"{name}.csv"}
    for file in files:
        assert (made / file).read_bytes() == (data_folder() / name / file).read_bytes(), file


@pytest.mark.parametrize("name", list(SIMULATED))
def test_a_simulated_set_loads_and_says_so(name: str) -> None:
    survey = cx.load_dataset(name)
    assert survey.data.shape == SIMULATED[name]
    assert survey.simulated
    assert survey.source["kind"] == survey.codebook.kind == "simulated"
    assert survey.problems.empty
    assert list(survey.frame.columns) == list(survey.codebook.items)
    assert survey.codebook.truth
    assert {"n", "seed"} <= set(survey.codebook.simulation)
    for item in survey.codebook.items.values():
        if item.min is not None and item.max is not None:
            assert survey.frame[item.name].dropna().between(item.min, item.max).all(), item.name


@pytest.mark.parametrize("name", list(SIMULATED))
def test_description_and_licence_say_simulated(name: str) -> None:
    folder = data_folder() / name
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert "simulated" in described["title"]
    assert described["description"].startswith("Simulated data")
    assert described["licenses"][0]["name"] == "CC0-1.0"
    assert "simulated" in (folder / "LICENSE").read_text(encoding="utf-8")
    assert (folder / f"{name}.csv").stat().st_size < 1_000_000


def test_all_together_are_small() -> None:
    assert sum(path.stat().st_size for name in SIMULATED for path in (data_folder() / name).iterdir()) < 4_000_000


def test_the_command_lists_what_it_can_make(makers: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["gentile"]):
        with pytest.raises(SystemExit) as caught:
            makers.main(arguments)
        assert caught.value.code == 2
        assert "gentile_six" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["journey_events", "touchpoint_diary"])
def test_rows_that_are_not_people_are_pointed_out(name: str) -> None:
    survey = cx.load_dataset(name)
    warned = [notice for notice in survey.warnings if notice.key == "datasets.many_rows"]
    assert len(warned) == 1
    assert warned[0].serious
    described = json.loads((data_folder() / name / "datapackage.json").read_text(encoding="utf-8"))
    once = described["cxlab"]["asked_once"]
    repeated = {"journey_events": ["csat", "overall", "recommend", "left", "age"]}
    answers = repeated.get(name, ["consideration_before", "consideration_after"])
    assert (survey.data.groupby(once)[answers].nunique(dropna=False) == 1).all(axis=None)


@pytest.mark.parametrize(
    ("name", "framework", "outcomes", "items"),
    [
        ("gentile_six", "gentile", ["satisfaction", "loyalty", "word_of_mouth"], 33),
        ("schmitt_five", "schmitt", ["attitude", "satisfaction", "word_of_mouth"], 24),
        ("schmitt_five", "gentile", [], 12),
        ("schmitt_five", "brakus", [], 12),
        ("total_cx_6p", "total_cx", ["satisfaction", "loyalty"], 30),
    ],
)
def test_item_texts_are_those_of_the_frameworks(name: str, framework: str, outcomes: list[str], items: int) -> None:
    ours, theirs = cx.load_dataset(name).codebook.items, cx.framework(framework).codebook(outcomes=outcomes).items
    shared = [item for item in theirs if item in ours]
    assert len(shared) == items
    for item in shared:
        assert ours[item].label == theirs[item].label, f"run data/simulate.py {name}"
        assert ours[item].reversed == theirs[item].reversed
        assert ours[item].construct == theirs[item].construct


@pytest.mark.parametrize("name", SURVEYS)
def test_screening_finds_the_careless_and_some_of_the_honest(name: str) -> None:
    survey = screened(name)
    kinds = simulated_truth(survey).careless
    assert 0.05 <= (kinds != "").mean() <= 0.08
    assert survey.flags is not None
    flagged = survey.flags[["attention", "min_seconds", "longstring"]].any(axis=1)
    assert flagged[kinds != ""].mean() >= 0.85
    assert 0 < flagged[kinds == ""].mean() < 0.06  # an attention check costs honest people as well


def test_unequal_loadings_skew_and_gaps_are_there(clean: dict[str, Survey]) -> None:
    data = clean["gentile_six"].data
    items = data[clean["gentile_six"].items()]
    skew = items.astype(float).skew()
    assert skew.min() < -0.8
    assert skew.max() > 0
    assert items["wom1"][data["tenure"] == 1].isna().all()
    gaps = items[["lif1", "lif2", "lif3", "lif4"]].isna().mean(axis=1)
    assert gaps[data["age_group"] >= 4].mean() > 2 * gaps[data["age_group"] <= 2].mean()


MODELS = {
    "gentile_six": """
        sensorial =~ sen1 + sen2 + sen3 + sen4; emotional =~ emo1 + emo2 + emo3 + emo4
        cognitive =~ cog1 + cog2 + cog3 + cog4; pragmatic =~ pra1 + pra2 + pra3 + pra4
        lifestyle =~ lif1 + lif2 + lif3 + lif4; relational =~ rel1 + rel2 + rel3 + rel4
        satisfaction =~ sat1 + sat2 + sat3; loyalty =~ loy1 + loy2 + loy3; word_of_mouth =~ wom1 + wom2 + wom3
        satisfaction ~ sensorial + emotional + cognitive + pragmatic + lifestyle + relational
        loyalty ~ satisfaction; word_of_mouth ~ satisfaction + emotional""",
    "schmitt_five": """
        sense =~ xsen1 + xsen2 + xsen3; feel =~ xfee1 + xfee2 + xfee3; think =~ xthi1 + xthi2 + xthi3
        act =~ xact1 + xact2 + xact3; relate =~ xrel1 + xrel2 + xrel3
        attitude =~ atd1 + atd2 + atd3; satisfaction =~ sat1 + sat2 + sat3; word_of_mouth =~ wom1 + wom2 + wom3
        attitude ~ sense + feel + think + act + relate
        satisfaction ~ attitude + sense + feel + think + act + relate
        word_of_mouth ~ satisfaction + sense + feel + think + act + relate""",
    "total_cx_6p": """
        place =~ pla1 + pla2 + pla3 + pla4; price =~ pri1 + pri2 + pri3 + pri4; promotion =~ prm1 + prm2 + prm3 + prm4
        product =~ prd1 + prd2 + prd3 + prd4; people =~ peo1 + peo2 + peo3 + peo4; process =~ prc1 + prc2 + prc3 + prc4
        satisfaction =~ sat1 + sat2 + sat3; loyalty =~ loy1 + loy2 + loy3
        satisfaction ~ place + price + promotion + product + people + process
        loyalty ~ satisfaction""",
    "channel_attitudes": """
        search_store =~ sst1 + sst2 + sst3; search_web =~ swe1 + swe2 + swe3; search_app =~ sap1 + sap2 + sap3
        buy_store =~ bst1 + bst2 + bst3; buy_web =~ bwe1 + bwe2 + bwe3; buy_app =~ bap1 + bap2 + bap3
        buy_store ~ search_store + search_web + search_app
        buy_web ~ search_store + search_web + search_app
        buy_app ~ search_store + search_web + search_app""",
    "cx_panel": """
        expectation_w1 =~ exp1_w1 + exp2_w1; expectation_w2 =~ exp1_w2 + exp2_w2
        experience_w1 =~ exr1_w1 + exr2_w1 + exr3_w1; experience_w2 =~ exr1_w2 + exr2_w2 + exr3_w2
        satisfaction_w1 =~ sat1_w1 + sat2_w1 + sat3_w1; satisfaction_w2 =~ sat1_w2 + sat2_w2 + sat3_w2
        experience_w1 ~ expectation_w1
        satisfaction_w1 ~ experience_w1 + expectation_w1 + fair_w1
        expectation_w2 ~ expectation_w1 + experience_w1
        experience_w2 ~ expectation_w2 + experience_w1
        satisfaction_w2 ~ experience_w2 + expectation_w2 + fair_w2 + satisfaction_w1
        days_w1 ~ satisfaction_w1; days_w2 ~ days_w1 + satisfaction_w1
        expectation_w1 ~~ fair_w1; fair_w2 ~ fair_w1
        exr1_w1 ~~ exr1_w2; sat1_w1 ~~ sat1_w2""",
}  # fmt: skip


def stated(name: str) -> pd.Series:
    """The true paths: in the recipes every variable has variance 1, so these are the standardised ones."""
    terms = Model.parse(cx.load_dataset(name).codebook.truth).terms
    return pd.Series({(term.lhs, term.rhs): term.modifiers.fixed[0] for term in terms if term.op == "~"})


@pytest.mark.parametrize("name", list(MODELS))
def test_the_true_paths_lie_in_their_99_percent_intervals(name: str, clean: dict[str, Survey]) -> None:
    fit = cx.sem(MODELS[name], clean[name], missing="fiml")
    assert fit.converged
    assert fit.admissible
    assert fit.fit_measures["rmsea"] < 0.05
    paths = fit.estimates.query("op == '~'").set_index(["lhs", "rhs"])
    truth = stated(name).reindex(paths.index).fillna(0)
    # A path times sd(x)/sd(y) is the standardised one; so is its standard error, but for the scaling's own error.
    width = 2.576 * (paths["se"] * (paths["std_all"] / paths["est"]).abs())
    assert (paths["std_all"] - truth).abs().le(width).all(), pd.DataFrame({"est": paths["std_all"], "true": truth})
    assert width.max() < 0.45  # wide where emotional and relational, price and promotion overlap
    assert np.corrcoef(paths["std_all"], truth)[0, 1] > 0.85


def latent_correlation(fit: SemFit, one: str, other: str) -> float:
    rows = fit.estimates.query("op == '~~' and ((lhs == @one and rhs == @other) or (lhs == @other and rhs == @one))")
    return float(rows["std_all"].iloc[0])


def test_emotional_and_relational_can_hardly_be_told_apart(clean: dict[str, Survey]) -> None:
    model = "emotional =~ emo1 + emo2 + emo3 + emo4; relational =~ rel1 + rel2 + rel3 + rel4"
    fit = cx.cfa(model, clean["gentile_six"], missing="fiml")
    assert 0.80 < latent_correlation(fit, "emotional", "relational") < 0.92


def test_people_only_punish(clean: dict[str, Survey]) -> None:
    survey = clean["total_cx_6p"]
    table = survey.scores().assign(overall=survey.data["overall"]).dropna().astype(float)
    centred = table["people"] - table["people"].mean()
    others = [table[name] for name in ("place", "price", "promotion", "product", "process")]
    design = np.column_stack([np.ones(len(table)), *others, (-centred).clip(lower=0), centred.clip(lower=0)])
    worse, better = np.linalg.lstsq(design, table["overall"].to_numpy(), rcond=None)[0][-2:]
    assert worse < -1.0
    assert abs(better) < 0.4


def test_the_storm_hits_the_south_in_wave_three(clean: dict[str, Survey]) -> None:
    data = clean["cx_panel"].data
    waves = {w: data[[f"exr{k}_w{w}" for k in (1, 2, 3)]].mean(axis=1) for w in (2, 3, 4)}
    gaps = {w: score.groupby(data["region"]).mean().diff().iloc[-1] for w, score in waves.items()}  # south less north
    assert gaps[3] < -0.5
    assert gaps[3] < gaps[4] < 0.1
    assert abs(gaps[2]) < 0.25


def test_those_who_leave_were_less_satisfied_and_answer_no_more() -> None:
    data = cx.load_dataset("cx_panel").data
    left = data["retained_w2"] == 0
    assert data.loc[left, "sat1_w1"].mean() < data.loc[~left, "sat1_w1"].mean() - 0.4
    assert data.loc[left, [name for name in data if name.endswith(("_w3", "_w4"))]].isna().all(axis=None)


def test_search_on_the_web_and_buying_in_the_store_is_the_commonest_change() -> None:
    data = cx.load_dataset("channel_attitudes").data
    counts = pd.crosstab(data["search_channel"], data["purchase_channel"])
    changes = counts.where(~np.eye(3, dtype=bool)).stack()
    assert changes.idxmax() == ("web", "store")
    assert data["weight"].mean() == pytest.approx(1, abs=1e-3)
    weighted = data.groupby("age_group")["weight"].sum() / data["weight"].sum()
    assert weighted.tolist() == pytest.approx([0.22, 0.30, 0.26, 0.22], abs=1e-3)
