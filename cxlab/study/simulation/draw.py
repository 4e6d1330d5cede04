"""Latent scores and latent responses of simulated respondents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cxlab.errors import DataError, ModelError
from cxlab.study.simulation.nonnormal import Shape, bent_normal
from cxlab.study.simulation.options import MethodFactor
from cxlab.study.simulation.population import Population, psd_root

INGREDIENTS = ("latent", "residual", "method", "nonnormal", "who", "careless", "duration", "missing")


@dataclass(frozen=True)
class Streams:
    """Random streams of one simulated survey, one for each ingredient and group.

    A stream is ``default_rng(SeedSequence(seed, spawn_key=(*prefix, ingredient, group)))``, so that adding one
    ingredient (careless respondents, say) leaves what the others draw as it is.

    Examples
    --------
    >>> one, other = Streams(7), Streams(7)
    >>> _ = one.of("missing").random(10)
    >>> bool(one.of("latent").random() == other.of("latent").random())
    True
    """

    seed: int
    prefix: tuple[int, ...] = ()

    def of(self, ingredient: str, group: int = 0) -> np.random.Generator:
        """The stream of one ingredient, from its beginning."""
        key = (*self.prefix, INGREDIENTS.index(ingredient), group)
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=key))


@dataclass(frozen=True, eq=False)
class Responses:
    """What respondents carry in them before they answer.

    Attributes
    ----------
    values : ndarray (n, p)
        Latent responses in the model's units; for a continuous variable, the answer.
    latent : ndarray (n, k) or None
        Scores on the latent variables; None where the responses were not made from them.
    method : ndarray (n,) or None
        Scores on the method factor.
    group : int array (n,)
    """

    values: np.ndarray
    latent: np.ndarray | None
    method: np.ndarray | None
    group: np.ndarray


@dataclass(frozen=True, eq=False)
class MethodPart:
    """A method factor: its loadings in the scored direction (G, p), and roots of what is left of Theta (G, p, p)."""

    loadings: np.ndarray
    residual_roots: np.ndarray


def respond(
    population: Population,
    sizes: Sequence[int],
    streams: Streams,
    method: MethodPart | None = None,
    shapes: Sequence[Shape] | None = None,
) -> Responses:
    """Draw respondents, group after group.

    With the same seed the first rows of a group are the same however many follow.
    """
    parts = [_group(population, g, n, streams, method, shapes) for g, n in enumerate(sizes)]
    values, latent, drawn = (_joined([part[k] for part in parts]) for k in range(3))
    return Responses(values, latent, drawn, np.repeat(np.arange(len(sizes)), sizes))  # type: ignore[arg-type]


def _joined(parts: list[np.ndarray | None]) -> np.ndarray | None:
    present = [part for part in parts if part is not None]
    return np.concatenate(present) if present else None


def _group(
    population: Population,
    group: int,
    n: int,
    streams: Streams,
    method: MethodPart | None,
    shapes: Sequence[Shape] | None,
) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None]:
    if shapes is not None:
        bent = bent_normal(population.cov[group], shapes, population.names, n, streams.of("nonnormal", group))
        return population.mean[group] + bent, None, None
    at = population.matrices
    inner = streams.of("latent", group).standard_normal((n, len(at.psi[group]))) @ population.roots[0][group].T
    eta = (at.alpha[group] + inner) @ population.total_effect[group].T
    root, drawn = population.roots[1][group], None
    values = at.nu[group] + eta @ at.lambda_[group].T
    if method is not None:
        root = method.residual_roots[group]
        drawn = streams.of("method", group).standard_normal(n)
        values += drawn[:, None] * method.loadings[group]
    values += streams.of("residual", group).standard_normal(values.shape) @ root.T
    return values, eta[:, : len(population.latent)], drawn


def method_part(population: Population, option: MethodFactor | None, turned: Sequence[str]) -> MethodPart | None:
    """The method factor's loadings on a population's items, or an error that names what stands in the way.

    Parameters
    ----------
    population : Population
    option : MethodFactor or None
    turned : sequence of str
        Reversed items.
    """
    if option is None or option.share == 0:
        return None
    names = population.names
    items = _touched(option, names, turned)
    loadings, roots = np.zeros(population.mean.shape), []
    for group, cov in enumerate(population.cov):
        for item in items:
            at = names.index(item)
            loadings[group, at] = np.sqrt(option.share * cov[at, at])
            if option.direction == "agreeing" and item in turned:
                loadings[group, at] *= -1
        theta = population.matrices.theta[group] - np.diag(loadings[group] ** 2)
        root, broken = psd_root(theta)
        roots.append(root)
        if broken is not None:
            room = population.matrices.theta[group, broken, broken] / cov[broken, broken]
            raise ModelError("simulation.method_too_strong", name=names[broken], share=option.share, room=f"{room:.3g}")
    return MethodPart(loadings, np.array(roots))


def _touched(option: MethodFactor, names: Sequence[str], turned: Sequence[str]) -> list[str]:
    from cxlab.codebook.text import did_you_mean

    if option.items == ("all",):
        return list(names)
    if option.items == ("reversed",):
        found = [name for name in names if name in turned]
        if not found:
            raise DataError("simulation.none_reversed")
        return found
    for name in option.items:
        if name not in names:
            hint, known = did_you_mean(name, names), ", ".join(names)
            raise DataError("simulation.unknown_item", option="method_factor", name=name, hint=hint, known=known)
    return list(option.items)
