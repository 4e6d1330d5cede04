"""The likelihood's parts against numerical differentiation, and what must not depend on units or batches."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime

from cxlab.errors import DataError
from cxlab.estimate.sem.likelihood import discrepancy, evaluate, expected_hessian, gradient, implied_cov
from cxlab.estimate.sem.moments import Moments, check_positive_definite
from cxlab.estimate.sem.structure import Structure, Units, factors, in_units
from cxlab.specify import Model, matrices

# loadings, second order, paths with a carried item, residual and latent covariances: all four matrices
TEXT = """
a =~ x1 + x2 + x3
b =~ x4 + x5 + x6 + x2
c =~ x7 + x8 + x9
g =~ a + b
c ~ g + y
y ~ a
z ~ c + y
x1 ~~ x4
"""


@pytest.fixture(scope="module")
def structure() -> Structure:
    return Structure(matrices(Model.parse(TEXT).partable()))


def point(structure: Structure, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    theta = rng.uniform(-0.4, 0.4, structure.parameters)
    return np.where(structure.is_variance, rng.uniform(0.7, 1.5, structure.parameters), theta)


def sample_cov(size: int, seed: int) -> np.ndarray:
    values = np.random.default_rng(seed).normal(size=(5 * size, size))
    return values.T @ values / len(values) + 0.3


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_gradient_equals_finite_differences(structure, seed):
    theta, cov = point(structure, seed), sample_cov(structure.items, seed)

    def loss(at):
        return float(discrepancy(evaluate(structure, at), cov))

    numeric = np.array(
        [(loss(theta + step) - loss(theta - step)) / 2e-6 for step in 1e-6 * np.eye(structure.parameters)]
    )
    np.testing.assert_allclose(gradient(structure, evaluate(structure, theta), cov), numeric, rtol=1e-5, atol=1e-6)
    assert approx_fprime(theta, loss, 1e-7) == pytest.approx(numeric, rel=1e-2, abs=1e-3)


def test_expected_information_is_tr_of_derivatives(structure):
    # J_ij = tr(W dSigma_i W dSigma_j), with dSigma by central differences
    theta = point(structure, 1)
    state = evaluate(structure, theta)
    steps = 1e-6 * np.eye(structure.parameters)
    slopes = (implied_cov(structure, theta + steps) - implied_cov(structure, theta - steps)) / 2e-6
    turned = state.inverse @ slopes
    expected = np.einsum("iab,jba->ij", turned, turned)
    np.testing.assert_allclose(expected_hessian(structure, state), expected, rtol=1e-6, atol=1e-7)


def test_a_batch_gives_what_its_members_give(structure):
    thetas = np.stack([point(structure, seed) for seed in range(4)])
    cov = sample_cov(structure.items, 3)
    batch = evaluate(structure, thetas)
    for number, theta in enumerate(thetas):
        one = evaluate(structure, theta)
        np.testing.assert_allclose(discrepancy(batch, cov)[number], discrepancy(one, cov))
        np.testing.assert_allclose(gradient(structure, batch, cov)[number], gradient(structure, one, cov), atol=1e-13)
        np.testing.assert_allclose(expected_hessian(structure, batch)[number], expected_hessian(structure, one))


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_units_change_numbers_but_not_the_model(structure, seed):
    rng = np.random.default_rng(seed)
    items = rng.uniform(0.01, 1e6, structure.items)
    inner = rng.uniform(0.01, 1e3, structure.inner)
    carried = structure.places.carried
    inner[carried[:, 1]] = items[carried[:, 0]]
    units = Units(items, inner)
    theta = point(structure, seed)
    inside = in_units(structure, units)
    scaled = implied_cov(inside, theta / factors(structure, units))
    np.testing.assert_allclose(scaled * np.outer(items, items), implied_cov(structure, theta), rtol=1e-9)


def test_no_state_where_the_implied_matrix_has_no_inverse(structure):
    theta = point(structure, 2)
    assert evaluate(structure, np.where(structure.is_variance, -1.0, theta)) is None


def test_a_matrix_that_no_answers_can_have_is_refused():
    impossible = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    with pytest.raises(DataError) as caught:
        check_positive_definite(Moments(("a", "b", "c"), impossible, np.zeros(3), 100))
    assert caught.value.key == "sem.not_positive_definite"
