"""Groups in PLS: cSEM's group estimates and MICOM statistics, permutations that repeat, bad input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.errors import CxlabError, NotSupportedError
from cxlab.resample.pls_groups import weight_agreement
from tests.conftest import shared_folder

BANK = """
IMAG <~ imag1 + imag2 + imag3
EXPE <~ expe1 + expe2 + expe3
QUAL <~ qual1 + qual2 + qual3 + qual4 + qual5
VAL <~ val1 + val2 + val3
SAT <~ sat1 + sat2 + sat3 + sat4
LOY <~ loy1 + loy2 + loy3 + loy4
EXPE ~ IMAG
QUAL ~ EXPE
VAL ~ EXPE + QUAL
SAT ~ IMAG + EXPE + QUAL + VAL
LOY ~ IMAG + SAT
"""
TEXT = "F <~ a + b + c; G <~ d + e; G ~ F"


def shared(name: str) -> pd.DataFrame:
    return pd.read_csv(shared_folder() / "oracles" / "pls" / name, index_col=0)


@pytest.fixture(scope="module")
def bank() -> pd.DataFrame:
    return shared("data/csem_satisfaction_gender.csv").reset_index()


def simulated(rows: int = 120) -> pd.DataFrame:
    """Two groups in which F is made of other indicators, G has another mean, and the path differs."""
    rng = np.random.default_rng(11)
    data = pd.DataFrame(rng.normal(size=(rows, 5)), columns=list("abcde"))
    group = np.repeat(["north", "south"], rows // 2)
    cause = np.where(group == "north", data["a"], data["b"])
    data["d"] = 0.8 * cause + 0.5 * data["d"] + (group == "south")
    data["e"] = 0.8 * cause + 0.5 * data["e"] + (group == "south")
    return data.assign(group=group)


@pytest.fixture(scope="module")
def two() -> Any:
    return cx.pls(TEXT, simulated(), modes={"F": "B", "G": "A"})


@pytest.mark.shared
def test_paths_of_both_groups_are_csems(bank: pd.DataFrame) -> None:
    found = cx.pls(BANK, bank, modes="A", tolerance=1e-12).groups("gender", n=19, seed=1)
    assert found.sizes == {"male": 102, "female": 148}
    for label, column in (("male", "estimate_1"), ("female", "estimate_2")):
        theirs = shared(f"csem/satisfaction_gender_{label}_paths.csv")
        for row in found.table.itertuples():
            assert getattr(row, column) == pytest.approx(theirs.loc[row.target, row.source], abs=1e-8)


@pytest.mark.shared
def test_agreement_of_weights_is_csems_on_its_raw_answers(bank: pd.DataFrame) -> None:
    fits = [cx.pls(BANK, rows.reset_index(drop=True), modes="A", tolerance=1e-12) for _, rows in bank.groupby("gender")]
    weights = [fit.weighting.weights.T for fit in fits]
    raw = bank[list(fits[0].model.items)].cov().to_numpy()
    theirs = shared("csem/satisfaction_gender_MICOM_step2_c.csv").iloc[:, 0]
    ours = weight_agreement(weights[0], weights[1], raw, fits[0].model.design)[0]
    np.testing.assert_allclose(ours, theirs[list(fits[0].model.constructs)], atol=1e-8)
    pooled = bank[list(fits[0].model.items)].transform(lambda x: (x - x.mean()) / x.std()).to_numpy()
    table = cx.pls(BANK, bank, modes="A", tolerance=1e-12).micom("gender", n=19, seed=1).table.set_index("construct")
    for place, name in enumerate(fits[0].model.constructs):
        block = fits[0].model.design.blocks[place]
        scores = [pooled[:, block] @ one[0, block] for one in weights]
        assert table.loc[name, "c"] == pytest.approx(np.corrcoef(*scores)[0, 1], abs=1e-8)


@pytest.mark.shared
def test_means_and_variances_are_csems_for_the_rows_that_it_takes(bank: pd.DataFrame) -> None:
    # cSEM 0.6.1 splits the pooled scores as if the file were sorted by group: the first 148 rows against the rest
    halves = bank.assign(part=np.where(np.arange(len(bank)) < 148, "first", "rest"))
    table = cx.pls(BANK, halves, modes="A", tolerance=1e-12).micom("part", n=19, seed=1).table.set_index("construct")
    for column, name in (("mean_difference", "mean"), ("log_variance_ratio", "logvar")):
        theirs = shared(f"csem/satisfaction_gender_MICOM_step3_{name}.csv").iloc[:, 0]
        np.testing.assert_allclose(table[column], theirs[table.index], atol=1e-8)


@pytest.mark.shared
def test_p_values_are_near_csems_of_199_permutations(bank: pd.DataFrame) -> None:
    table = cx.pls(BANK, bank, modes="A").micom("gender", n=999, seed=1).table.set_index("construct")
    theirs = {"IMAG": 0.6181, "EXPE": 0.3920, "QUAL": 0.4121, "VAL": 0.0, "SAT": 0.5327, "LOY": 0.3216}
    for name, pvalue in theirs.items():
        assert table.loc[name, "c_pvalue"] == pytest.approx(pvalue, abs=0.12)
    assert table.loc["VAL", "invariance"] == "none"


def test_what_differs_is_found_and_what_does_not_is_not(two: Any) -> None:
    table = two.micom("group", n=199, seed=2).table.set_index("construct")
    assert table.loc["F", "invariance"] == "none"
    assert table.loc["G", "mean_pvalue"] < 0.05
    assert table.loc["G", "mean_difference"] < 0
    # labels in turn, so that nothing differs
    even = cx.pls(TEXT, simulated().assign(half=["x", "y"] * 60), modes="A").micom("half", n=199, seed=2).table
    assert (even["c_pvalue"] > 0.01).all()


def test_the_same_seed_deals_the_same_labels(two: Any) -> None:
    for ask in (two.micom, two.groups):
        one, other = (ask("group", n=39, seed=5) for _ in range(2))
        pd.testing.assert_frame_equal(one.table, other.table)
        assert one.status["used"] == 39


def test_three_groups_are_compared_two_by_two_from_their_own_rows() -> None:
    data = simulated().assign(group=np.tile(["a", "b", "c"], 40))
    found = cx.pls(TEXT, data, modes="A").groups("group", n=19, seed=1).table
    assert list(zip(found["group_1"], found["group_2"], strict=True)) == [("a", "b"), ("a", "c"), ("b", "c")]
    alone = cx.pls(TEXT, data[data["group"] == "c"].reset_index(drop=True), modes="A")
    assert found["estimate_2"].iloc[2] == pytest.approx(alone.paths["estimate"].item(), abs=1e-9)


def test_paths_of_interactions_are_compared_and_so_are_their_factors() -> None:
    data = simulated().assign(f=np.random.default_rng(1).normal(size=120))
    fit = cx.pls("F <~ a + b; G <~ d + e; G ~ F + f + F:f", data, modes="A")
    assert "F:f" in set(fit.groups("group", n=19, seed=1).table["source"])
    table = fit.micom("group", n=19, seed=1).table
    assert table["construct"].tolist() == ["F", "G", "f"]
    # G's two indicators are in both groups' models what they are without the product
    plain = cx.pls("F <~ a + b; G <~ d + e; G ~ F + f", data, modes="A").micom("group", n=19, seed=1).table
    assert table["c"].iloc[2] == pytest.approx(plain["c"].iloc[2], abs=1e-9) == pytest.approx(1.0)


def test_agreement_of_a_higher_order_construct_is_that_of_both_stages_weights() -> None:
    data = simulated().assign(f=np.random.default_rng(1).normal(size=120))
    text = "F <~ a + b; K <~ c + f; H <~ F + K; G <~ d + e; G ~ H"
    table = cx.pls(text, data, modes="A", tolerance=1e-12).micom("group", n=19, seed=1).table.set_index("construct")
    scores = []
    items = data[list("abcf")]
    z = (items - items.mean()) / items.std()
    for _, rows in data.groupby("group"):
        fit = cx.pls(text, rows.reset_index(drop=True), modes="A", tolerance=1e-12)
        first = fit.first_stage.weights.set_index("item")["weight"]
        second = fit.weights.set_index("item")["weight"]
        parts = [z[block] @ first[block] * second[name] for name, block in (("F", ["a", "b"]), ("K", ["c", "f"]))]
        scores.append(sum(parts))
    assert table.loc["H", "c"] == pytest.approx(np.corrcoef(*scores)[0, 1], abs=1e-9)


def test_products_beside_higher_order_constructs_have_no_micom() -> None:
    data = simulated().assign(f=np.random.default_rng(1).normal(size=120))
    fit = cx.pls("F <~ a + b; K <~ c + f; H <~ F + K; G <~ d + e; G ~ H + d2 + d2:d2", data.assign(d2=data["a"] ** 2))
    with pytest.raises(NotSupportedError) as caught:
        fit.micom("group", n=19)
    assert caught.value.key == "pls_input.staged_product"


def test_rows_without_a_group_and_common_factors_are_told() -> None:
    data = simulated()
    data.loc[:4, "group"] = None
    found = cx.pls("F =~ a + b + d; G <~ c + e; G ~ F", data).micom("group", n=19, seed=1)
    assert {"pls.group_missing", "pls.micom_factors"} <= {notice.key for notice in found.warnings}
    assert found.sizes == {"north": 55, "south": 60}


def test_they_show_themselves_in_both_languages(two: Any) -> None:
    for found in (two.micom("group", n=39, seed=5), two.groups("group", n=39, seed=5)):
        for lang in ("en", "vi"):
            assert "39" in found.summary(lang)
            assert "north" in found.apa(lang).to_html(lang)


@pytest.mark.parametrize(
    ("by", "options", "key"),
    [
        ("grup", {}, "analyses.unknown_columns"),
        ("one", {}, "sem.single_group"),
        ("a", {}, "sem.many_groups"),
        ("d2", {}, "pls.group_is_item"),
        ("small", {}, "pls.group_small"),
        ("flat", {}, "pls.group_constant"),
        ("group", {"n": 5}, "pls.permutations"),
        ("group", {"n": 99.5}, "pls.permutations"),
        ("group", {"alpha": 5}, "pls.alpha"),
    ],
)
def test_groups_that_cannot_be_compared_are_told_why(by: str, options: dict[str, Any], key: str) -> None:
    data = simulated().assign(one="x", small=["x"] * 4 + ["y"] * 116, d2=[1.0, 2.0] * 60)
    data["flat"] = np.where(data["d2"] == 1, "x", "y")
    data["g"] = np.where(data["d2"] == 1, 3.0, data["c"])
    with pytest.raises(CxlabError) as caught:
        cx.pls("F <~ a + b + g; G <~ d + e + d2; G ~ F", data, modes="A").micom(by, **{"n": 19, **options})
    assert caught.value.key == key
