"""The random streams of many replicates at once: numpy's own, made for all of them in a few array operations.

``default_rng(SeedSequence(seed, spawn_key=(r,)))`` for each of 5,000 replicates takes longer than all their numbers.
A child differs from its parent by one more word mixed into the parent's pool, so the children are mixed together. The
hash is O'Neill's (2015), as numpy documents it and promises to keep it; a test compares the streams with numpy's.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.random.bit_generator import ISeedSequence

# Constants of numpy.random.SeedSequence.
_POOL = 4
_START_MIX, _STEP_MIX = 0x43B0D7E5, 0x931E8875
_START_OUT, _STEP_OUT = 0x8B51F9DD, 0x58F38DED
_LEFT, _RIGHT, _SHIFT = np.uint32(0xCA01F9DD), np.uint32(0x4973F715), np.uint32(16)
_WORD = 1 << 32


def generators(seed: int, first: int, last: int, inner: int = 0) -> Iterator[np.random.Generator]:
    """The random streams of replicates first to last - 1, those of ``SeedSequence(seed, spawn_key=(replicate,))``.

    With `inner`, the numbers count resamples of resamples, `inner` of each: ``spawn_key=divmod(number, inner)``.

    Examples
    --------
    >>> alone, = generators(7, 3, 4)
    >>> *_, among = generators(7, 0, 4)
    >>> bool(alone.random() == among.random())
    True
    """
    numbers = np.arange(first, last)
    for words in _states(seed, *(np.divmod(numbers, inner) if inner else (numbers,))):
        # numpy takes any ISeedSequence, its type stubs do not
        yield np.random.Generator(np.random.PCG64(_Spawned(words)))  # type: ignore[arg-type]


class _Spawned(ISeedSequence):
    """The state of a child, already made."""

    __slots__ = ("words",)

    def __init__(self, words: np.ndarray) -> None:
        self.words = words

    def generate_state(self, n_words: int, dtype: object = None) -> np.ndarray:
        """What PCG64 asks for: four words of 64 bits."""
        return self.words


def _states(seed: int, *keys: np.ndarray) -> np.ndarray:
    """``SeedSequence(seed, spawn_key=key).generate_state(4, np.uint64)`` of R keys of m words (R,): words (R, 4)."""
    words = max(_POOL, -(-int(seed).bit_length() // 32))
    mixed = _POOL**2 + _POOL * (words - _POOL)  # words hashed before the child's own
    scale = _START_MIX * pow(_STEP_MIX, mixed, _WORD) % _WORD
    pool = list(np.random.SeedSequence(seed).pool[:, None])
    for key in keys:
        for place, own in enumerate(pool):
            hashed, scale = _hashed(key.astype(np.uint32), scale, _STEP_MIX)
            value = _LEFT * own - _RIGHT * hashed
            pool[place] = value ^ (value >> _SHIFT)
    found = np.empty((len(keys[0]), 2 * _POOL), dtype=np.uint32)
    scale = _START_OUT
    for place in range(2 * _POOL):
        found[:, place], scale = _hashed(pool[place % _POOL], scale, _STEP_OUT)
    return found.astype("<u4").view("<u8").astype(np.uint64)


def _hashed(values: np.ndarray, scale: int, step: int) -> tuple[np.ndarray, int]:
    """Hashed words, and the constant of the next hash."""
    further = scale * step % _WORD
    found = (values ^ np.uint32(scale)) * np.uint32(further)
    return found ^ (found >> _SHIFT), further
