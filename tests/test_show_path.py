"""Path diagrams: nothing overlaps, nothing is cut off, and the notation is the field's."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, FancyArrowPatch, Polygon

from cxlab.errors import DataError
from cxlab.show import construct_colour, path_diagram
from cxlab.show.path.layout import Diagram, lay_out
from cxlab.show.path.model import read_model
from cxlab.show.style import NEGATIVE, svg_bytes

ECSI = {"Image": 5, "Expectations": 3, "Quality": 7, "Value": 2, "Satisfaction": 3, "Complaints": 1, "Loyalty": 3}
ECSI_PATHS = [
    ("Image", "Expectations"), ("Image", "Satisfaction"), ("Image", "Loyalty"), ("Expectations", "Quality"),
    ("Expectations", "Value"), ("Expectations", "Satisfaction"), ("Quality", "Value"), ("Quality", "Satisfaction"),
    ("Value", "Satisfaction"), ("Satisfaction", "Complaints"), ("Satisfaction", "Loyalty"), ("Complaints", "Loyalty"),
]  # fmt: skip
GENTILE = ["Sensorial", "Emotional", "Cognitive", "Pragmatic", "Lifestyle", "Relational"]
Tables = tuple[pd.DataFrame, pd.DataFrame]


def _model(
    items: dict[str, int],
    paths: list[tuple[str, str]] | None = None,
    curves: list[tuple[str, str]] | None = None,
    second: list[tuple[str, str]] | None = None,
    more: list[tuple[str, str, str]] | None = None,
) -> Tables:
    """Nodes and edges of a model with residuals; estimates are all .5."""
    owned = [(hub, f"{hub}_{i}") for hub, k in items.items() for i in range(1, k + 1)]
    names = [*items, *(item for _, item in owned)]
    edges = [(a, b, "loading") for a, b in [*owned, *(second or [])]]
    edges += [(a, b, "regression") for a, b in paths or []] + [(a, b, "covariance") for a, b in curves or []]
    edges += [(name, name, "residual") for name in names] + (more or [])
    nodes = pd.DataFrame({"name": names, "kind": ["latent"] * len(items) + ["observed"] * len(owned)})
    nodes["label"] = [name.replace("_", "") if "_" in name else name for name in names]
    return nodes, pd.DataFrame(edges, columns=["source", "target", "kind"]).assign(estimate=0.5, pvalue=0.001)


def _random_model(seed: int) -> Tables:
    """1 to 10 latent variables, 4 to 40 items, joined at random by paths or curves."""
    random = np.random.default_rng(seed)
    hubs = int(random.integers(1, 11))
    items = np.maximum(1, np.bincount(random.integers(0, hubs, int(random.integers(4, 41))), minlength=hubs))
    names = [chr(65 + i) * 5 for i in range(hubs)]
    pairs = list(combinations(names, 2))
    share = random.uniform(0.05, 0.35) if seed % 3 else 0.0
    paths = [pair for pair in pairs if random.random() < share]
    return _model(dict(zip(names, items.tolist(), strict=True)), paths, [] if paths else pairs)


def _lay_out(tables: Tables, show: tuple[str, ...] = ("estimates", "residuals")) -> Diagram:
    return lay_out(read_model(*tables, show, 0.05, 2, True, "en"))


def _conflicts(diagram: Diagram) -> list[tuple[str, str]]:
    """Everything that lies on something else."""
    nodes = list(diagram.rects.items())
    found = [(a, b) for (a, x), (b, y) in combinations(nodes, 2) if x.meets(y)]
    labels = [(f"number {label.edge.source}-{label.edge.target}", label.rect) for label in diagram.labels]
    found += [(a, b) for a, x in labels for b, y in nodes if x.meets(y)]
    found += [(a, b) for (a, x), (b, y) in combinations(labels, 2) if x.meets(y)]
    for route in diagram.routes:
        ends, curve = (route.edge.source, route.edge.target), route.along(401)
        found += [("-".join(ends), name) for name, rect in nodes if name not in ends and rect.holds(curve).any()]
    return found


KNOWN_MODELS = {
    "ecsi": _model(ECSI, ECSI_PATHS),
    "cfa": _model(dict.fromkeys(GENTILE, 4), curves=list(combinations(GENTILE, 2))),
    "components": _model({**dict.fromkeys(GENTILE, 4), "Satisfaction": 3, "Loyalty": 4},
                         [*((g, "Satisfaction") for g in GENTILE), ("Satisfaction", "Loyalty")]),
    "second_order": _model({"Experience": 0, **dict.fromkeys(GENTILE, 4), "Satisfaction": 3, "Loyalty": 4},
                           [("Experience", "Satisfaction"), ("Satisfaction", "Loyalty"), ("Experience", "Loyalty")],
                           second=[("Experience", g) for g in GENTILE]),
    "second_order_cfa": _model({"Experience": 0, **dict.fromkeys(GENTILE, 4)},
                               second=[("Experience", g) for g in GENTILE]),
    "bifactor": _model({"General": 0, **dict.fromkeys(GENTILE[:3], 4)},
                       more=[("General", f"{g}_{i}", "loading") for g in GENTILE[:3] for i in range(1, 5)]),
    "mediation": _model({"Quality": 4, "Satisfaction": 3, "Loyalty": 3},
                        [("Quality", "Satisfaction"), ("Satisfaction", "Loyalty"), ("Quality", "Loyalty")]),
    "one_factor": _model({"Satisfaction": 40}),
    "chain": _model(dict.fromkeys("ABCDEF", 3), list(zip("ABCDE", "BCDEF", strict=True))),
    "back_and_forth": _model({"Trust": 3, "Loyalty": 3}, [("Trust", "Loyalty"), ("Loyalty", "Trust")]),
    "residual_covariances": _model({"Trust": 5}, more=[("Trust_1", "Trust_2", "covariance"),
                                                       ("Trust_2", "Trust_5", "covariance")]),
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN_MODELS)
def test_nothing_overlaps_in_the_models_of_the_field(name: str) -> None:
    assert _conflicts(_lay_out(KNOWN_MODELS[name])) == []


@pytest.mark.parametrize("seed", [0, 1, 5, 8, 11, 13, 14, 16, 19, 21, 25, 28])
def test_nothing_overlaps_in_models_of_any_size(seed: int) -> None:
    show = ("estimates", "residuals") if seed % 2 else ("estimates",)
    assert _conflicts(_lay_out(_random_model(seed), show)) == []


@pytest.mark.parametrize("name", ["ecsi", "cfa", "residual_covariances"])
def test_everything_drawn_lies_inside_the_figure_and_texts_fit_their_nodes(name: str) -> None:
    nodes, edges = KNOWN_MODELS[name]
    figure = path_diagram(nodes, edges, show=("estimates", "significance", "residuals"), title="A title", lang="vi")
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    figure.draw(renderer)
    ax = figure.axes[0]
    width, height = figure.get_size_inches() * figure.dpi
    drawn = [artist.get_window_extent(renderer) for artist in [*ax.patches, *ax.texts, *figure.texts]]
    assert all(b.x0 >= 0 and b.y0 >= 0 and b.x1 <= width and b.y1 <= height for b in drawn)
    shapes = [patch.get_window_extent(renderer) for patch in ax.patches if not isinstance(patch, FancyArrowPatch)]
    labels = set(nodes["label"])
    inside = [text.get_window_extent(renderer) for text in ax.texts if text.get_text() in labels]
    assert len(inside) == len(shapes) == len(nodes)
    for box in inside:
        assert any(s.x0 <= box.x0 and s.y0 <= box.y0 and s.x1 >= box.x1 and s.y1 >= box.y1 for s in shapes)


def test_theory_reads_from_left_to_right() -> None:
    rects = _lay_out(KNOWN_MODELS["components"]).rects
    assert rects["Sensorial"].right < rects["Satisfaction"].left < rects["Satisfaction"].right < rects["Loyalty"].left
    tops = [rects[name].top for name in GENTILE]
    assert tops == sorted(tops, reverse=True)


def test_no_path_of_the_ecsi_model_runs_backwards() -> None:
    rects = _lay_out(KNOWN_MODELS["ecsi"]).rects
    assert all(rects[a].left <= rects[b].left + 1e-6 for a, b in ECSI_PATHS)


def test_first_order_factors_stand_left_of_a_second_order_factor_that_explains_something() -> None:
    explains, alone = (_lay_out(KNOWN_MODELS[name]).rects for name in ("second_order", "second_order_cfa"))
    assert all(explains[g].right < explains["Experience"].left for g in GENTILE)
    assert all(alone[g].left > alone["Experience"].right for g in GENTILE)


def test_items_of_a_general_factor_hang_on_their_specific_factors() -> None:
    diagram = _lay_out(KNOWN_MODELS["bifactor"])
    assert set(diagram.model.owner.values()) == set(GENTILE[:3])


def _drawn(figure: Figure) -> tuple[list[str], list[FancyArrowPatch]]:
    ax = figure.axes[0]
    return [text.get_text() for text in ax.texts], [p for p in ax.patches if isinstance(p, FancyArrowPatch)]


SMALL_NODES = pd.DataFrame(
    {
        "name": ["sat", "loy", "comp", "one", "s1", "s2", "l1", "x"],
        "kind": ["latent", "latent", "composite", "intercept", *["observed"] * 4],
        "label": [{"en": "Satisfaction", "vi": "Hài lòng"}, "Loyalty", "Index", "1", "s1", "s2", "l1", "x"],
        "construct": ["satisfaction", "loyalty", *[None] * 6],
        "r2": [None, 0.4567, *[None] * 6],
    }
)
SMALL_EDGES = pd.DataFrame(
    [
        ("sat", "s1", "loading", 1.0, None, None),
        ("sat", "s2", "loading", 0.8, 0.001, None),
        ("loy", "l1", "loading", 0.7, 0.001, None),
        ("x", "comp", "loading", 0.6, 0.001, None),
        ("sat", "loy", "regression", -0.25, 0.2, "H1"),
        ("comp", "loy", "regression", 0.3, 0.01, "H2"),
        ("one", "loy", "regression", 3.2, 0.001, None),
        ("sat", "comp", "covariance", 0.4, 0.01, None),
    ],
    columns=["source", "target", "kind", "estimate", "pvalue", "label"],
)


def test_shapes_follow_the_notation_and_constructs_keep_their_colour() -> None:
    ax = path_diagram(SMALL_NODES, SMALL_EDGES).axes[0]
    ellipses = [patch for patch in ax.patches if isinstance(patch, Ellipse)]
    corners = sorted(len(patch.get_xy()) - 1 for patch in ax.patches if isinstance(patch, Polygon))
    assert len(ellipses) == 2
    assert corners == [3, 4, 4, 4, 4, 6]
    edge = "#{:02X}{:02X}{:02X}".format(*(round(255 * part) for part in ellipses[0].get_edgecolor()[:3]))
    assert edge == construct_colour("satisfaction")


def test_estimates_significance_and_signs_are_told() -> None:
    texts, arrows = _drawn(path_diagram(SMALL_NODES, SMALL_EDGES, lang="en"))
    assert {"H1: −.25", "H2: .30", "3.20", "1.00", ".40", "Loyalty\nR² = .46"} <= set(texts)
    assert "Standardised estimates. Dashed: p ≥ .05. Red: negative." in texts
    dashed = [arrow for arrow in arrows if arrow.get_linestyle() != "-"]
    assert len(dashed) == 1
    assert tuple(dashed[0].get_edgecolor()) == tuple(arrow_colour(NEGATIVE))


def arrow_colour(colour: str) -> tuple[float, ...]:
    """A hex colour as matplotlib stores it."""
    return (*(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)), 1.0)


def test_vietnamese_labels_numbers_and_notes() -> None:
    texts, _ = _drawn(path_diagram(SMALL_NODES, SMALL_EDGES, lang="vi", standardized=False))
    assert {"Hài lòng", "H1: −0,25", "0,40"} <= set(texts)
    assert any("Ước lượng chưa chuẩn hóa. Nét đứt: p ≥ 0,05." in text for text in texts)


def test_a_model_before_it_is_fitted_has_arrows_but_no_numbers() -> None:
    nodes, edges = SMALL_NODES.drop(columns="r2"), SMALL_EDGES.drop(columns=["estimate", "pvalue"])
    texts, arrows = _drawn(path_diagram(nodes, edges))
    assert {"H1", "H2"} <= set(texts)
    assert len(arrows) == len(SMALL_EDGES)
    assert not any("." in text for text in texts)


def test_covariances_that_are_left_out_are_counted_in_the_note_and_drawn_on_request() -> None:
    nodes, edges = KNOWN_MODELS["components"]
    curves = pd.DataFrame(list(combinations(GENTILE, 2)), columns=["source", "target"])
    edges = pd.concat([edges, curves.assign(kind="covariance", estimate=0.3)])
    texts, few = _drawn(path_diagram(nodes, edges, lang="en"))
    assert any("Not drawn: 15 covariances" in text for text in texts)
    texts, all_of_them = _drawn(path_diagram(nodes, edges, show=("estimates", "covariances"), lang="en"))
    assert not any("Not drawn" in text for text in texts)
    assert len(all_of_them) == len(few) + 15


def test_residuals_are_drawn_on_request_only() -> None:
    nodes, edges = KNOWN_MODELS["mediation"]
    without, with_them = (len(_drawn(path_diagram(nodes, edges, show=show))[1]) for show in ([], ["residuals"]))
    assert with_them - without == 13


def test_the_same_model_gives_the_same_bytes() -> None:
    first, second = (svg_bytes(path_diagram(*KNOWN_MODELS["mediation"], lang="vi")) for _ in range(2))
    assert first == second


def test_long_labels_are_wrapped_inside_their_shapes() -> None:
    nodes = SMALL_NODES.assign(label=["Chất lượng cảm nhận của khách hàng về dịch vụ sau khi mua"] * 8)
    assert _conflicts(_lay_out((nodes, SMALL_EDGES))) == []


@pytest.mark.parametrize(
    ("nodes", "edges", "message"),
    [
        (SMALL_NODES.drop(columns="kind"), SMALL_EDGES, "kind"),
        (SMALL_NODES, SMALL_EDGES.drop(columns="target"), "target"),
        (SMALL_NODES.iloc[:0], SMALL_EDGES, "no rows"),
        (pd.concat([SMALL_NODES, SMALL_NODES.iloc[:1]]), SMALL_EDGES, "sat"),
        (SMALL_NODES.iloc[1:], SMALL_EDGES, "sat"),
        (SMALL_NODES.assign(kind="blob"), SMALL_EDGES, "blob.*latent"),
        (SMALL_NODES, SMALL_EDGES.assign(kind="arrow"), "arrow.*regression"),
    ],
)
def test_what_is_wrong_with_the_tables_is_named(nodes: pd.DataFrame, edges: pd.DataFrame, message: str) -> None:
    with pytest.raises(DataError, match=message):
        path_diagram(nodes, edges)


def test_an_unknown_thing_to_show_is_refused() -> None:
    with pytest.raises(DataError, match=r"stars.*estimates"):
        path_diagram(SMALL_NODES, SMALL_EDGES, show=["stars"])
