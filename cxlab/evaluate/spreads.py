"""Variances that a model implies, and how they move with its parameters: what standardising divides by.

A standardised parameter is the parameter times powers of variances. These variances stand in one list for each group,
the *registers*: total variances of the p items and of the m inner variables, then their own (residual) variances,
then a constant 1 for "not scaled":

    std_r = value_r * V[first_r] ** (power_r / 2) * V[second_r] ** (power'_r / 2)

The derivative follows from d log V, which has a closed form because dSigma/dtheta is of rank two.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cxlab.specify.matrix_map import ALPHA, BETA, LAMBDA, PSI, THETA, Matrices, ModelMatrices

# Of each matrix: whether its row, its column, is a latent variable; whether it holds arrows, (co)variances.
_FROM_LATENT, _TO_LATENT, _ARROW, _SYMMETRIC = (
    np.isin(np.arange(ALPHA + 1), kinds)
    for kinds in ((BETA, PSI, ALPHA), (LAMBDA, BETA, PSI), (LAMBDA, BETA), (PSI, THETA))
)


def assembled(places: Matrices, values: np.ndarray) -> ModelMatrices:
    """The model matrices (..., groups, ...) from the values of all rows (..., rows), fixed ones included."""
    rows = len(places.matrix)
    return replace(places, free=np.arange(1, rows + 1), n_free=rows).assemble(values)


@dataclass(frozen=True, eq=False)
class Spreads:
    """A model's variances at one or many points.

    Attributes
    ----------
    registers : ndarray (..., groups, 2 (p + m) + 1)
        Total variances, own variances in absolute value, and 1. A negative total is nan: it has no square root.
    total_effect : ndarray (..., groups, m, m)
        (I - B)^-1.
    inner_cov : ndarray (..., groups, m, m)
        Covariance matrix of the inner variables.
    outer : ndarray (..., groups, p + m, m)
        Lambda over the identity: items and inner variables as functions of the inner ones.
    own : ndarray (..., groups, p + m)
        Own variances with their sign.
    """

    registers: np.ndarray
    total_effect: np.ndarray
    inner_cov: np.ndarray
    outer: np.ndarray
    own: np.ndarray

    @staticmethod
    def of(places: Matrices, values: np.ndarray) -> Spreads:
        """At row values (..., rows)."""
        at = assembled(places, values)
        m = at.beta.shape[-1]
        total_effect = np.linalg.inv(np.eye(m) - at.beta)
        inner_cov = total_effect @ at.psi @ _transposed(total_effect)
        unit = np.broadcast_to(np.eye(m), at.beta.shape)
        outer = np.concatenate([at.lambda_, unit], axis=-2)
        explained = ((outer @ inner_cov) * outer).sum(axis=-1)
        residual, disturbance = _diagonal(at.theta), _diagonal(at.psi)
        total = explained + np.concatenate([residual, np.zeros_like(disturbance)], axis=-1)
        own = np.concatenate([residual, disturbance], axis=-1)
        one = np.ones((*own.shape[:-1], 1))
        registers = np.concatenate([np.where(total > 0, total, np.nan), np.abs(own), one], axis=-1)
        return Spreads(registers, total_effect, inner_cov, outer, own)

    def log_slopes(self, places: Matrices) -> np.ndarray:
        """d log V / d value of every register by every row (..., groups, registers, rows)."""
        p, m = len(places.observed), len(places.latent)
        slopes = np.zeros((*self.registers.shape, len(places.matrix)))
        reach = self.outer @ self.total_effect
        spread = self.outer @ self.inner_cov
        for row in np.flatnonzero(places.matrix):
            code, i, j, group = (int(part[row]) for part in (places.matrix, places.row, places.col, places.group))
            here = slopes[..., group, :, row]
            twice = 1.0 if i == j else 2.0
            if code == LAMBDA:
                here[..., i] = 2 * spread[..., group, i, j]
            elif code == BETA:
                here[..., : p + m] = 2 * reach[..., group, :, i] * spread[..., group, :, j]
            elif code == PSI:
                here[..., : p + m] = twice * reach[..., group, :, i] * reach[..., group, :, j]
            elif code == THETA and i == j:
                here[..., i] = 1.0
            if code in (PSI, THETA) and i == j:
                at = i + (p if code == PSI else 0)
                here[..., p + m + at] = np.sign(self.own[..., group, at])
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(slopes / self.registers[..., None])


@dataclass(frozen=True, eq=False)
class Powers:
    """Which registers scale each row of a table, and by which power of the standard deviation; shape (2, rows)."""

    register: np.ndarray
    power: np.ndarray
    group: np.ndarray

    def scales(self, spreads: Spreads) -> np.ndarray:
        """What each row is multiplied by (..., rows)."""
        # An own variance of zero, as items in regressions have, gives inf where a covariance would need it.
        with np.errstate(invalid="ignore", divide="ignore"):
            first, second = (
                spreads.registers[..., self.group, register] ** (power / 2)
                for register, power in zip(self.register, self.power, strict=True)
            )
            return np.asarray(first * second)

    def log_slopes(self, slopes: np.ndarray) -> np.ndarray:
        """d log scale of every row by every row's value (..., rows, rows), from the registers' slopes."""
        parts = [
            power[:, None] / 2 * np.where(power[:, None] == 0, 0.0, slopes[..., self.group, register, :])
            for register, power in zip(self.register, self.power, strict=True)
        ]
        return np.asarray(parts[0] + parts[1])


def powers(places: Matrices, unscaled: frozenset[str] = frozenset()) -> Powers:
    """How each row is standardised; variables in `unscaled` keep their own unit."""
    p, m = len(places.observed), len(places.latent)
    variable, own, power = _sides(places, p)
    keep = np.array([name in unscaled for name in (*places.observed, *places.latent)], dtype=bool)
    scaled = (power != 0) & ~keep[variable]
    register = np.where(scaled, variable + np.where(own, p + m, 0), 2 * (p + m))
    return Powers(register, np.where(scaled, power, 0.0), places.group)


def _sides(places: Matrices, p: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Both variables of each row, whether by their own variance, and the power (2, rows): a variance counts twice.

    A mean has one side only, a row that is no parameter none.
    """
    code, i, j = places.matrix, places.row, places.col
    first, second = i + np.where(_FROM_LATENT[code], p, 0), j + np.where(_TO_LATENT[code], p, 0)
    arrow, symmetric = _ARROW[code], _SYMMETRIC[code]
    own = symmetric & (i != j)
    power = np.where(arrow, 1.0, np.where(symmetric, -1.0, 0.0))
    return (
        np.where(code > 0, [first, second], 0),
        np.array([own, own]),
        np.array([np.where(code > 0, -1.0, 0.0), power]),
    )


def _diagonal(matrix: np.ndarray) -> np.ndarray:
    return np.diagonal(matrix, axis1=-2, axis2=-1)


def _transposed(matrix: np.ndarray) -> np.ndarray:
    return np.swapaxes(matrix, -1, -2)
