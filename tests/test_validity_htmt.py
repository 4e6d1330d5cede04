"""HTMT and HTMT2 against semTools and seminr, their bootstrap, and what is said when they do not apply."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from semopy.examples.holzinger39 import get_data

import cxlab as cx
from cxlab.analyses.validity import htmt
from cxlab.codebook import Codebook, Item
from cxlab.errors import CxlabError, DataError, ModelError
from cxlab.evaluate.htmt import htmt_ratios, htmt_replicates
from cxlab.resample.draws import GivenDraws, RandomDraws
from cxlab.survey.survey import Survey

ORACLE: dict[str, Any] = json.loads((Path(__file__).parent / "oracles" / "validity.json").read_text(encoding="utf-8"))
SURVEYS = {"reputation": "corporate_reputation", "switching": "corporate_reputation", "business": "b2b_annual",
           "mobile": "ecsi_mobile", "pages": "yellow_pages"}  # fmt: skip
CASES = ("schools", *SURVEYS)
TESTS = {"visual": ["x1", "x2", "x3"], "textual": ["x4", "x5", "x6"], "speed": ["x7", "x8", "x9"]}


def answers(case: str) -> Any:
    return get_data() if case == "schools" else cx.load_dataset(SURVEYS[case])


def made(n: int = 120, reverse: Sequence[str] = ()) -> pd.DataFrame:
    """Two constructs of three items each, from 1 to 7, some worded the other way round."""
    random = np.random.default_rng(4)
    factors = random.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], n)
    noise = random.normal(size=(n, 6))
    values = np.clip(np.round(4 + 1.2 * (np.repeat(factors, 3, axis=1) + 0.8 * noise)), 1, 7)
    frame = pd.DataFrame(values, columns=["vui1", "vui2", "vui3", "gắn_bó1", "gắn_bó2", "gắn_bó3"])
    return frame.assign(**{name: 8 - frame[name] for name in reverse})


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(
    ("key", "method", "absolute"), [("htmt", "htmt", True), ("htmt2", "htmt2", True), ("htmt_signed", "htmt", False)]
)
def test_ratios_equal_semtools(case: str, key: str, method: Any, absolute: bool) -> None:
    found = htmt(answers(case), ORACLE[case]["blocks"], method, absolute=absolute)
    expected = pd.DataFrame(ORACLE[case][key]["values"], ORACLE[case][key]["rows"], ORACLE[case][key]["columns"])
    assert found.n_obs == ORACLE[case]["n"]
    for row in found.table.itertuples():
        # closed form; the file holds twelve digits
        assert row.htmt == pytest.approx(expected.loc[row.construct_2, row.construct_1], abs=1e-10)
        assert found.matrix.loc[row.construct_2, row.construct_1] == row.htmt


def test_the_two_published_numbers_of_image_and_expectations_are_two_methods() -> None:
    survey = cx.load_dataset("ecsi_mobile")
    pair = ["image", "expectations"]
    assert htmt(survey, pair).table["htmt"].round(3).tolist() == [0.888]
    assert htmt(survey, pair, "htmt2").table["htmt"].round(3).tolist() == [0.919]


@pytest.mark.parametrize("method", ["htmt", "htmt2"])
def test_resamples_given_as_row_numbers_equal_r(method: Any) -> None:
    given = ORACLE["bootstrap"]
    frame = get_data()[[item for items in TESTS.values() for item in items]]
    values = ((frame - frame.mean()) / frame.std()).to_numpy()[: given["rows"]]
    blocks = [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    draws = GivenDraws.of(np.array(given["indices"]), [given["rows"]])
    found = htmt_replicates(values, blocks, draws, (method,))[method]
    assert found == pytest.approx(np.array(given[method]), abs=1e-9)


def test_threads_do_not_change_the_replicates() -> None:
    values = made().to_numpy()
    draws = RandomDraws(600, (len(values),), seed=3)
    one, four = (htmt_replicates(values, [[0, 1, 2], [3, 4, 5]], draws, workers=n)["htmt"] for n in (1, 4))
    assert np.array_equal(one, four)


@pytest.mark.shared
def test_seminr_agrees_also_on_the_bootstrap(shared_dir: Path) -> None:
    folder = shared_dir / "oracles" / "pls" / "seminr_mobi"
    expected = pd.read_csv(folder / "A_path_htmt.csv", index_col=0)
    survey = cx.load_dataset("ecsi_mobile")
    found = htmt(survey, n_boot=4000, seed=8)
    named = {name: name.capitalize() for name in found.blocks} | {"expectations": "Expectation"}
    for row in found.table.itertuples():
        one, other = sorted((named[row.construct_1], named[row.construct_2]), key=list(expected.columns).index)
        assert row.htmt == pytest.approx(expected.loc[other, one], abs=1e-10)
    boot = pd.read_csv(folder / "boot5000_htmt.csv", index_col=0)
    own = found.table.set_index(["construct_1", "construct_2"]).loc[("image", "quality")]
    theirs = boot.loc["Image  ->  Quality"]
    # other resamples: Monte Carlo error of 5,000 and 4,000 draws
    assert own["se"] == pytest.approx(theirs["Bootstrap SD"], rel=0.05)
    assert own["ci_lower"] == pytest.approx(theirs["2.5% CI"], abs=0.01)
    assert own["ci_upper"] == pytest.approx(theirs["97.5% CI"], abs=0.01)


def test_p_is_the_share_of_resamples_at_or_above_the_cut_off() -> None:
    found = htmt(get_data(), TESTS, n_boot=400, seed=1)
    again = htmt(get_data(), TESTS, n_boot=400, seed=1)
    frame = get_data()[[item for items in TESTS.values() for item in items]]
    draws = RandomDraws(400, (301,), seed=1)
    held = htmt_replicates(frame.to_numpy(), [[0, 1, 2], [3, 4, 5], [6, 7, 8]], draws)["htmt"]
    assert found.table["pvalue"].to_numpy() == pytest.approx((1 + (held >= 0.9).sum(axis=0)) / 401)
    assert found.table["se"].to_numpy() == pytest.approx(held.std(axis=0, ddof=1))
    pd.testing.assert_frame_equal(found.table, again.table)
    assert (found.table["ci_lower"] < found.table["htmt"]).all()


@pytest.mark.parametrize("ci", ["percentile", "basic", "bc", "bca"])
def test_every_interval_holds_the_estimate_and_names_itself(ci: Any) -> None:
    found = htmt(get_data(), TESTS, n_boot=200, seed=1, ci=ci)
    assert found.table["htmt"].between(found.table["ci_lower"], found.table["ci_upper"]).all()
    assert "seed 1" in str(found)


def test_a_seed_that_was_drawn_is_told() -> None:
    found = htmt(made(), n_boot=20)
    again = htmt(made(), n_boot=20, seed=found.seed)
    assert "resample.seed_drawn" in [notice.key for notice in found.warnings]
    pd.testing.assert_frame_equal(found.table, again.table)


def test_an_item_that_runs_against_its_construct_is_named() -> None:
    found = htmt(made(reverse=["vui2"]))
    told = next(notice for notice in found.warnings if notice.key == "validity.against")
    assert told.serious
    assert told.values["items"] == "vui2"
    assert "reversed: true" in told.text("en")
    assert "reversed: true" in told.text("vi")


def test_signed_ratios_without_a_positive_mean_have_a_reason_and_no_value() -> None:
    found = htmt(made(reverse=["vui2", "vui3"]), absolute=False, n_boot=20, seed=1)
    assert found.table["reason"].tolist() == ["negative_within"]
    assert found.table[["htmt", "se", "ci_lower", "ci_upper", "pvalue"]].isna().all().all()
    assert not found.table["met"].any()
    assert "not defined" in str(found)
    assert "không xác định" in found.summary("vi")


def test_reversed_items_of_the_codebook_are_turned() -> None:
    items = {name: Item(name, min=1, max=7, reversed=name == "vui2") for name in made()}
    survey = Survey(made(reverse=["vui2"]), Codebook(items=items))
    blocks = {"vui": ["vui1", "vui2", "vui3"], "gắn bó": ["gắn_bó1", "gắn_bó2", "gắn_bó3"]}
    turned = htmt(survey, blocks, absolute=False)
    assert turned.table["htmt"].tolist() == pytest.approx(htmt(made(), blocks, absolute=False).table["htmt"].tolist())
    assert "analyses.reversed_turned" in [notice.key for notice in turned.warnings]


def test_items_of_mixed_sign_between_constructs_are_told() -> None:
    frame = made()
    frame["lạ"] = 8 - frame["gắn_bó1"]
    found = htmt(frame, {"vui": ["vui1", "vui2"], "lạ": ["gắn_bó2", "gắn_bó1", "lạ"]})
    assert {"validity.against", "validity.mixed_signs"} <= {notice.key for notice in found.warnings}


def test_constructs_of_one_item_and_composites_are_left_out_with_a_reason() -> None:
    survey = cx.load_dataset("ecsi_mobile")
    found = htmt(survey)
    assert found.left_out == {"complaints": "single_item"}
    assert "complaints" in str(found)
    pages = cx.load_dataset("yellow_pages")
    with pytest.raises(DataError, match="its items form it") as error:
        htmt(pages)
    assert error.value.key == "validity.few_constructs"
    named = htmt(pages, ["price", "effectiveness"])
    assert "validity.composite_named" in [notice.key for notice in named.warnings if notice.serious]


def test_twelve_respondents_give_numbers_with_a_warning() -> None:
    found = htmt(made(12), n_boot=50, seed=1)
    assert "validity.few_rows" in [notice.key for notice in found.warnings if notice.serious]


def test_a_resample_without_a_ratio_is_counted() -> None:
    frame = made(40)
    frame["vui3"] = [7.0, *[1.0] * 39]
    found = htmt(frame, n_boot=60, seed=1)
    lost = next(notice for notice in found.warnings if notice.key == "validity.replicates_lost")
    assert lost.serious
    assert 0 < lost.values["lost"] < 60


VUI: Mapping[str, Sequence[str]] = {"vui": ["vui1", "vui2"], "gắn bó": ["gắn_bó1", "gắn_bó2"]}


@pytest.mark.parametrize(
    ("change", "arguments", "kind", "key"),
    [
        ({}, {"constructs": ["vuii"]}, DataError, "validity.unknown_constructs"),
        ({}, {"constructs": {**VUI, "vui": ["vui1", "vui9"]}}, DataError, "analyses.unknown_columns"),
        ({}, {"constructs": {**VUI, "vui": ["vui1", "gắn_bó1"]}}, ModelError, "validity.item_twice"),
        ({}, {"constructs": {**VUI, "vui": ["vui1", "vui1"]}}, ModelError, "validity.item_twice"),
        ({}, {"constructs": {**VUI, "vui": "vui1"}}, DataError, "validity.items_not_list"),
        ({}, {"constructs": {**VUI, "vui": []}}, DataError, "validity.no_items"),
        ({}, {"constructs": {**VUI, "vui": ["vui1"]}}, DataError, "validity.few_constructs"),
        ({}, {"constructs": "g =~ a + b; a =~ vui1 + vui2; b =~ vui3"}, ModelError, "validity.higher_order"),
        ({}, {"method": "htmt3"}, CxlabError, "validity.unknown_method"),
        ({}, {"absolute": "yes"}, CxlabError, "validity.switch"),
        ({}, {"n_boot": -1}, CxlabError, "resample.whole_number"),
        ({}, {"n_boot": 1}, CxlabError, "resample.whole_number"),
        ({}, {"n_boot": 10, "ci": "normal"}, CxlabError, "resample.unknown_interval"),
        ({}, {"level": 95}, DataError, "analyses.level_outside"),
        ({}, {"rule": "hu_bentler_1999"}, CxlabError, "evaluate.unknown_measure"),
        ({"vui1": 3.0}, {}, DataError, "analyses.constant_columns"),
        ({"vui1": "có"}, {"constructs": VUI}, DataError, "analyses.not_numeric"),
    ],
)
def test_what_cannot_be_is_refused_by_name(change: Any, arguments: Any, kind: Any, key: str) -> None:
    with pytest.raises(kind) as error:
        htmt(made().assign(**change), **arguments)
    assert error.value.key == key


def test_no_rows_and_no_columns() -> None:
    for frame in (pd.DataFrame(), made().head(0)):
        with pytest.raises(DataError) as error:
            htmt(frame)
        assert error.value.key == "analyses.no_rows"


def test_published_moments_give_the_same_ratios_and_no_bootstrap() -> None:
    frame = made()
    moments = cx.Moments(frame.cov(), len(frame))
    assert htmt(moments, VUI).table["htmt"].tolist() == pytest.approx(htmt(frame, VUI).table["htmt"].tolist())
    with pytest.raises(DataError) as error:
        htmt(moments, VUI, n_boot=10)
    assert error.value.key == "validity.moments_no_boot"
    with pytest.raises(DataError) as unnamed:
        htmt(moments)
    assert unnamed.value.key == "validity.moments_need_constructs"


def test_model_text_and_mapping_mean_the_same() -> None:
    text = "vui =~ vui1 + vui2; gắn =~ gắn_bó1 + gắn_bó2; gắn ~ vui"
    assert htmt(made(), text).table["htmt"].tolist() == htmt(made(), VUI).table["htmt"].tolist()


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_tables_and_figure_in_both_languages(lang: Any) -> None:
    found = htmt(get_data(), TESTS, n_boot=50, seed=1)
    for kind in ("pairs", "matrix"):
        assert "validity." not in found.apa(lang, kind=kind).to_html(lang)
    assert "validity." not in found.summary(lang)
    assert found.plot(lang).get_figwidth() == pytest.approx(6.6)
    assert [one.key for one in found.cite()] == ["henseler_2015", "franke_sarstedt_2019"]
    with pytest.raises(CxlabError):
        found.apa(kind="both")  # type: ignore[arg-type]


def test_signed_geometric_means_need_positive_correlations() -> None:
    cor = np.array([[1, 0.5, -0.2, 0.3], [0.5, 1, 0.4, 0.3], [-0.2, 0.4, 1, 0.6], [0.3, 0.3, 0.6, 1]])
    assert np.isnan(htmt_ratios(cor, [[0, 1], [2, 3]], "htmt2", absolute=False)).all()
    # by hand: (.2 .3 .4 .3)^(1/4) over (.5 .6)^(1/2)
    by_hand = (0.2 * 0.3 * 0.4 * 0.3) ** 0.25 / np.sqrt(0.5 * 0.6)
    assert htmt_ratios(cor, [[0, 1], [2, 3]], "htmt2").tolist() == pytest.approx([by_hand])


def test_a_ratio_that_is_not_defined_leaves_the_others() -> None:
    cor = np.full((6, 6), 0.3) + 0.7 * np.eye(6)
    cor[0, 2] = cor[2, 0] = -0.1
    blocks = [[0, 1], [2, 3], [4, 5]]
    assert np.isnan(htmt_ratios(cor, blocks, "htmt2", absolute=False)).tolist() == [True, False, False]
    cor[4, 5] = cor[5, 4] = np.nan
    assert np.isnan(htmt_ratios(np.array([cor, cor]), blocks)).tolist() == [[False, True, True]] * 2
    for method in ("htmt", "htmt2"):  # one item has no correlations of its own
        assert np.isnan(htmt_ratios(np.abs(cor), [[0], [1, 2], [3, 4]], method)).tolist() == [True, True, False]
