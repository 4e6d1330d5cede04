"""Intervals against R's boot on stored numbers, and by hand."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from cxlab.errors import CxlabError
from cxlab.resample.intervals import acceleration, intervals

PLAIN: dict[str, Any] = json.loads((Path(__file__).parent / "oracles/bootstrap.json").read_text(encoding="utf-8"))[
    "plain"
]
REPLICATES, ESTIMATE = np.array(PLAIN["replicates"]), np.array(PLAIN["estimate"])


@pytest.mark.parametrize("kind", ["percentile", "basic", "bca"])
def test_ends_are_boots(kind: Any) -> None:
    bend = acceleration([-np.array(PLAIN["influence"])])
    ends = intervals(REPLICATES, ESTIMATE, kind, 0.9, bend)
    wanted = np.array([one[kind] for one in PLAIN["ends"]])
    np.testing.assert_allclose(np.stack([ends.lower, ends.upper], axis=1), wanted, rtol=1e-9)
    assert not ends.extreme.any()


def test_quantiles_between_order_statistics_lie_on_the_normal_scale() -> None:
    """Davison & Hinkley (1997), eq. 5.8, by hand: R = 9, rank 10 x 0.15 = 1.5."""
    ends = intervals(np.arange(1.0, 10.0)[:, None], np.array([5.0]), level=0.7)
    share = (norm.ppf(0.15) - norm.ppf(0.1)) / (norm.ppf(0.2) - norm.ppf(0.1))
    assert ends.lower[0] == pytest.approx(1 + share, rel=1e-12)


def test_ends_beyond_the_replicates_are_marked() -> None:
    ends = intervals(np.arange(20.0)[:, None], np.array([10.0]), level=0.95)
    assert (ends.lower[0], ends.upper[0], ends.extreme[0]) == (0.0, 19.0, True)


def test_values_that_are_not_finite_are_left_out() -> None:
    holes = np.concatenate([REPLICATES[:, :1], np.full((300, 1), np.nan), np.full((5, 1), np.inf)])
    shuffled = np.random.default_rng(1).permutation(holes)
    whole, found = (intervals(one, ESTIMATE[:1], "bc") for one in (REPLICATES[:, :1], shuffled))
    assert (found.lower[0], found.upper[0]) == (whole.lower[0], whole.upper[0])


def test_without_replicates_on_both_sides_bias_correction_has_no_interval() -> None:
    ends = intervals(np.arange(100.0)[:, None], np.array([-1.0]), "bc")
    assert np.isnan(ends.lower[0])


def test_groups_weigh_in_the_acceleration_by_their_rows() -> None:
    """For a difference of two means, with influence values (x - mean): a = (m3x/nx^2 - m3y/ny^2) / 6 V^1.5."""
    random = np.random.default_rng(3)
    x, y = random.exponential(size=40), random.exponential(size=25)
    jack = [
        ((x.sum() - x) / 39 - y.mean())[:, None],
        (x.mean() - (y.sum() - y) / 24)[:, None],
    ]
    third = ((x - x.mean()) ** 3).sum() / 40**3 - ((y - y.mean()) ** 3).sum() / 25**3
    second = ((x - x.mean()) ** 2).sum() / 40**2 + ((y - y.mean()) ** 2).sum() / 25**2
    assert acceleration(jack)[0] == pytest.approx(third / (6 * second**1.5), rel=1e-9)


@pytest.mark.parametrize(
    ("settings", "key"), [({"kind": "bcaa"}, "resample.unknown_interval"), ({"level": 95}, "resample.level")]
)
def test_bad_settings_are_errors(settings: dict[str, Any], key: str) -> None:
    with pytest.raises(CxlabError) as caught:
        intervals(REPLICATES, ESTIMATE, **settings)
    assert caught.value.key == key
