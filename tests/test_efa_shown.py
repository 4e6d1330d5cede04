"""How many factors, how fast, and how factor solutions are shown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import cxlab as cx
from cxlab.codebook import Codebook, Construct, Item
from cxlab.errors import CxlabError
from cxlab.survey.survey import Survey

TWO = {"a": ("a1", "a2", "a3"), "b": ("b1", "b2", "b3")}


def made(n: int = 400, seed: int = 1, loading: float = 0.8, between: float = 0.3) -> pd.DataFrame:
    """Two factors with three items each."""
    random = np.random.default_rng(seed)
    factors = random.multivariate_normal(np.zeros(2), [[1, between], [between, 1]], n)
    noise = np.sqrt(1 - loading**2)
    names = [item for items in TWO.values() for item in items]
    columns = [loading * factors[:, place // 3] + noise * random.standard_normal(n) for place in range(6)]
    return pd.DataFrame(dict(zip(names, columns, strict=True)))


def survey(frame: pd.DataFrame) -> Survey:
    """The answers with questions in two languages."""
    text = {name: {"en": f"Question {name}", "vi": f"Câu {name}"} for name in frame}
    items = {name: Item(name, text[name], construct=name[0]) for name in frame}
    return Survey(frame, Codebook(items=items, constructs={name: Construct(name) for name in TWO}))


@pytest.mark.parametrize("draw", ["simulated", "permuted", "resampled"])
def test_parallel_analysis_finds_the_two_factors(draw: str) -> None:
    found = cx.parallel_analysis(made(), 1, draw=draw, n_draws=200)  # type: ignore[arg-type]
    assert (found.n_factors, found.n_components, found.n_map, found.n_kaiser) == (2, 2, 2, 2)
    assert found.n_factors_mean >= found.n_factors
    pd.testing.assert_frame_equal(found.table, cx.parallel_analysis(made(), 1, draw=draw, n_draws=200).table)  # type: ignore[arg-type]


def test_permuted_columns_keep_gaps_and_ranks() -> None:
    frame = made(120).round()
    frame.iloc[::9, 2] = np.nan
    pairwise = cx.parallel_analysis(frame, 1, draw="permuted", n_draws=100, missing="pairwise")
    listwise = cx.parallel_analysis(frame.dropna(), 1, draw="permuted", n_draws=100)
    assert np.abs(pairwise.table["component_mean"] - listwise.table["component_mean"]).max() < 0.06
    ranks = cx.parallel_analysis(frame, 1, n_draws=100, correlation="spearman")
    assert ranks.draw == "permuted"
    assert ranks.n_factors == 2
    with pytest.raises(CxlabError, match="permuted"):
        cx.parallel_analysis(frame, 1, correlation="spearman", draw="simulated")


def test_polychoric_parallel_analysis_shuffles() -> None:
    frame = made(200).mul(1.5).round().clip(-2, 2)
    found = cx.parallel_analysis(frame, 1, correlation="polychoric", n_draws=12)
    assert found.draw == "permuted"
    assert found.n_components == 2
    assert "factor.few_draws" in [notice.key for notice in found.warnings]


def test_a_thousand_draws_find_the_factors_and_every_resample_is_used() -> None:
    random = np.random.default_rng(3)
    common = random.standard_normal((1000, 5))
    frame = pd.DataFrame({f"q{i}": common[:, i % 5] + random.standard_normal(1000) for i in range(30)})
    assert cx.parallel_analysis(frame, 1).n_factors == 5
    assert cx.efa(frame, 5).bootstrap(200, 1).n_used == 200


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_every_view_speaks_the_language(lang: str) -> None:
    found = cx.efa(survey(made()), 2, rotation="promax", starts=3)
    boot = found.bootstrap(30, 1)
    results = [found, boot, cx.parallel_analysis(survey(made()), 1, n_draws=50), cx.factorability(survey(made()))]
    for result in results:
        assert "factor." not in result.summary(lang)  # type: ignore[arg-type]
        html = result.apa(lang).to_html(lang)  # type: ignore[arg-type]
        assert "factor." not in html
        assert result.plot(lang)._repr_png_()  # type: ignore[arg-type,attr-defined]
        assert result.cite()
    assert "factor." not in found.apa_factors(lang).to_html(lang)  # type: ignore[arg-type]
    assert ("nhân tố" if lang == "vi" else "Factor") in found.summary(lang)  # type: ignore[arg-type]


def test_small_loadings_are_blank_in_parentheses_or_shown() -> None:
    found = cx.efa(made(), 2)
    assert repr(found.apa()).count("(") < repr(found.apa(small="parentheses")).count("(")
    shown = found.apa(small="show").frame
    assert all(isinstance(value, float) for value in shown["F1"])
    kept = found.apa(sort=False).frame
    assert list(kept["item"]) == list(found.loadings.index)
    assert list(found.apa().frame["item"]) == found.item_order()
    assert found.apa(cut=0.0).frame["F1"].map(lambda value: isinstance(value, float)).all()


def test_the_printed_table_goes_to_word_and_latex(tmp_path: object) -> None:
    table = cx.efa(survey(made()), 2).apa()
    files = table.save(f"{tmp_path}/efa", ["csv", "docx", "html", "tex", "xlsx"])
    assert all(path.stat().st_size > 100 for path in files.values())
