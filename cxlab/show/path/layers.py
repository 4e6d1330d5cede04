"""The order of the theory: in which column each hub stands."""

from __future__ import annotations

from cxlab.show.path.model import Model


def structure(model: Model) -> list[tuple[str, str]]:
    """Pairs (left, right) of hubs in the order in which theory reads, without circles.

    A regression runs from cause to effect. A second-order factor that goes on to explain something stands right of
    its first-order factors, so that these hang on its left and its effects follow on its right.
    """
    regressions = [(edge.source, edge.target) for edge in model.between_hubs("regression")]
    explains = {source for source, _ in regressions}
    pairs = list(regressions)
    for edge in model.between_hubs("loading"):
        turn = edge.source in explains and model.nodes[edge.target].kind == "latent"
        pairs.append((edge.target, edge.source) if turn else (edge.source, edge.target))
    kept: list[tuple[str, str]] = []
    for left, right in pairs:
        if not _reaches(right, left, kept):
            kept.append((left, right))
    return kept


def _reaches(start: str, goal: str, pairs: list[tuple[str, str]]) -> bool:
    """True if arrows lead from start to goal."""
    seen, todo = set(), [start]
    while todo:
        here = todo.pop()
        if here == goal:
            return True
        if here not in seen:
            seen.add(here)
            todo += [right for left, right in pairs if left == here]
    return False


def layers(model: Model) -> dict[str, int]:
    """The column of each hub by the longest path that leads to it; first-order factors stand next to theirs."""
    pairs = structure(model)
    level = dict.fromkeys(model.hubs, 0)
    for _ in model.hubs:
        for left, right in pairs:
            level[right] = max(level[right], level[left] + 1)
    turned = {(edge.target, edge.source) for edge in model.between_hubs("loading")}
    for left, right in pairs:
        alone = not any(r == left for _, r in pairs) and sum(x == left for x, _ in pairs) == 1
        if (left, right) in turned and alone:
            level[left] = level[right] - 1
    return level
