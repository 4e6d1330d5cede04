"""R's generators, and cSEM's tests by resampling from them: exact fit, and measurement invariance between groups.

Written from R's manual (``?RNGkind``, ``?sample``) and the authors' papers (Matsumoto & Nishimura, 1998; L'Ecuyer,
1999); the tests here and in `test_pls_oracles_resamples.py` show that they draw what R draws.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import cxlab as cx
from cxlab.analyses import pls_exact_fit
from cxlab.estimate.pls.algorithm import estimate_weights
from cxlab.resample.draws import GivenDraws
from cxlab.resample.pls_groups import weight_agreement
from tests.conftest import shared_folder
from tests.test_pls import ECSI
from tests.test_pls_groups import BANK
from tests.test_pls_oracles import answers, equal, table

pytestmark = pytest.mark.shared
MODULI = (4294967087, 4294944443)
STEPS = tuple(
    np.array([[0, 1, 0], [0, 0, 1], last], dtype=object) for last in ([-810728, 1403580, 0], [-1370589, 0, 527612])
)


def mersenne(seeds: np.ndarray) -> Iterator[np.random.MT19937]:
    """The generator after ``set.seed`` of each seed."""
    state, keys = seeds.astype(np.uint32), np.empty((675, len(seeds)), dtype=np.uint32)
    with np.errstate(over="ignore"):
        for place in range(675):
            keys[place] = state = state * np.uint32(69069) + np.uint32(1)
    for one in range(len(seeds)):
        found, key = np.random.MT19937(), keys[51:, one]  # R drops 50 numbers, and one holds the position
        inner: Any = {"key": key, "pos": 624}
        found.state = {"bit_generator": "MT19937", "state": inner}
        yield found


def uniforms(generator: np.random.MT19937, count: int) -> np.ndarray:
    return np.asarray(generator.random_raw(count) * 2.3283064365386963e-10)


def accepted(uniform: np.ndarray, rows: int) -> np.ndarray:
    """Rejection sampling of R >= 3.6: the lowest bits of 16, and those beyond the rows thrown away."""
    bits = (uniform * 65536).astype(np.intp) & ((1 << (rows - 1).bit_length()) - 1)
    return bits[bits < rows]


def shuffled(uniform: Iterator[float], rows: int) -> list[int]:
    """``sample(rows)``, from 0."""
    left, found = list(range(rows)), []
    while left:
        picked = len(left)
        while picked >= len(left):
            picked = int(next(uniform) * 65536) & ((1 << (len(left) - 1).bit_length()) - 1)
        found.append(left[picked])
        left[picked] = left[-1]
        left.pop()
    return found


def mersenne_resamples(seed: int, count: int, rows: int) -> np.ndarray:
    """``for (i in 1:count) {set.seed(seed + i); sample.int(rows, replace = TRUE)}``, from 0."""
    generators = mersenne(seed + 1 + np.arange(count))
    return np.array([accepted(uniforms(one, 3 * rows), rows)[:rows] for one in generators])


class Streams:
    """Streams of L'Ecuyer's MRG32k3a as ``future.apply`` starts them from a seed; a number of each at a time."""

    def __init__(self, seed: int, count: int) -> None:
        start = seed
        for _ in range(50):
            start = (69069 * start + 1) % 2**32
        numbers: list[int] = []
        while len(numbers) < 6:
            start = (69069 * start + 1) % 2**32
            if start < MODULI[1]:
                numbers.append(start)
        self.state = []
        for half, (step, modulus) in enumerate(zip(STEPS, MODULI, strict=True)):
            now = np.array(numbers[3 * half : 3 * half + 3], dtype=object)
            stream, part = (_power(step, exponent, modulus) for exponent in (127, 76))
            starts = []
            for _ in range(count):
                starts.append((part @ now) % modulus)  # the first substream of each stream
                now = (stream @ now) % modulus
            self.state.append(np.array(starts).astype(np.int64).T.copy())

    def uniform(self) -> np.ndarray:
        """The next number of every stream."""
        (one, two), (first, second) = self.state, MODULI
        one[:] = one[1], one[2], (1403580 * one[1] - 810728 * one[0]) % first
        two[:] = two[1], two[2], (527612 * two[2] - 1370589 * two[0]) % second
        difference = one[2] - two[2]
        return np.where(difference > 0, difference, difference + first) * 2.328306549295727688e-10


def _power(step: np.ndarray, exponent: int, modulus: int) -> np.ndarray:
    """step^(2^exponent) modulo `modulus`."""
    for _ in range(exponent):
        step = (step @ step) % modulus
    return step


def lecuyer_resamples(seed: int, count: int, rows: int) -> np.ndarray:
    """Rows drawn with replacement, a stream for each resample, from 0."""
    streams = Streams(seed, count)
    uniform = np.array([streams.uniform() for _ in range(2 * rows)]).T
    return np.array([accepted(one, rows)[:rows] for one in uniform])


def lecuyer_folds(seed: int, rows: int, folds: int) -> np.ndarray:
    """cSEM shuffles the rows and cuts them into blocks; the fold of every row, from 1."""
    streams, found = Streams(seed, 1), np.empty(rows, dtype=int)
    numbers = iter(lambda: float(streams.uniform()[0]), None)
    found[shuffled(numbers, rows)] = np.arange(rows) // -(-rows // folds) + 1
    return found


def test_rows_are_drawn_as_r_draws_them() -> None:
    stored = table("seminr_mobi/boot_idx_seed123_first500.csv", header=None, index_col=None).to_numpy() - 1
    np.testing.assert_array_equal(mersenne_resamples(123, 500, 250), stored)


def test_critical_values_of_exact_fit_are_csems(monkeypatch: pytest.MonkeyPatch) -> None:
    """testOMF with seed 1: 199 resamples one after another from one generator; four digits are printed."""
    (generator,) = mersenne(np.array([1]))
    rows = accepted(uniforms(generator, 2 * 199 * 250), 250)[: 199 * 250].reshape(199, 250)
    monkeypatch.setattr(pls_exact_fit, "RandomDraws", lambda _, sizes, __: GivenDraws.of(rows, sizes))
    fit = cx.pls(ECSI, answers("mobi"), consistent=False, tolerance=1e-12)
    found = fit.exact_fit(199, seed=1).table.set_index("measure")
    text = (shared_folder() / "oracles" / "pls" / "csem" / "mobi_testOMF.txt").read_text("utf-8")
    for name, own, scale in (("SRMR", "srmr", 1.0), ("dL", "d_uls", 1.0), ("dG", "d_g", np.log(10) ** 2)):
        line = next(line.split() for line in text.splitlines() if line.split()[:1] == [name])
        value, critical = (float(one) for one in line[1:])
        assert found.loc[own, "value"] / scale == pytest.approx(value, abs=5.1e-5)
        assert found.loc[own, "critical"] / scale == pytest.approx(critical, abs=5.1e-5)


def test_permutations_of_micom_are_csems() -> None:
    """Seed 1987: 199 permutations for the weights, the next 199 for means and variances; cSEM deals out labels that are
    sorted, to rows that are not, and takes the first 148 rows for the first group in step 3. It counts the share of
    permutations alone, ours the sample among them."""
    data = table("data/csem_satisfaction_gender.csv", index_col=None)
    fit = cx.pls(BANK, data, modes="A", tolerance=1e-12)
    design, items = fit.model.design, data[list(fit.model.items)].to_numpy(float)
    (generator,) = mersenne(np.array([1987]))
    numbers = iter(uniforms(generator, 2 * 398 * 250).tolist())
    labels = np.sort(data["gender"].to_numpy())
    deals = [labels[shuffled(numbers, 250)] == "female" for _ in range(398)]

    def weights(parts: list[np.ndarray]) -> np.ndarray:
        matrices = np.stack([np.corrcoef(items[part], rowvar=False) for part in parts], axis=-1)
        return estimate_weights(matrices, design, "path", 1e-12).weights.T

    def agreement(parts: list[np.ndarray]) -> np.ndarray:
        both = weights(parts), weights([~part for part in parts])
        return weight_agreement(both[0], both[1], np.cov(items, rowvar=False), design)

    def differences(part: np.ndarray) -> np.ndarray:
        first, second = fit.scores[part], fit.scores[~part]
        return np.array([first.mean() - second.mean(), np.log(first.var() / second.var())])

    own = agreement([data["gender"].to_numpy() == "female"])
    shares = [(agreement(deals[:199]) <= own).mean(axis=0)]
    permuted = np.abs([differences(part) for part in deals[199:]])
    shares += list((permuted >= np.abs(differences(np.arange(250) < 148))).mean(axis=0))
    path = shared_folder() / "oracles" / "pls" / "csem" / "satisfaction_gender_MICOM.txt"
    lines = [line.split() for line in path.read_text("utf-8").splitlines()]
    for place, name in enumerate(fit.model.constructs):
        printed = [float(line[2]) for line in lines if line[:1] == [name] and len(line) == 3]
        equal([share[place] for share in shares], printed, 5.1e-5)
