"""Geometry in inches: rectangles, edges of shapes, curves, and what meets what."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

Point = tuple[float, float]


class Rect(NamedTuple):
    """A rectangle by its sides."""

    left: float
    right: float
    bottom: float
    top: float

    @classmethod
    def around(cls, centre: Point, width: float, height: float) -> Rect:
        """The rectangle of this size around a point."""
        x, y = centre
        return cls(x - width / 2, x + width / 2, y - height / 2, y + height / 2)

    def grown(self, by: float) -> Rect:
        """The rectangle with a margin on all sides."""
        return Rect(self.left - by, self.right + by, self.bottom - by, self.top + by)

    def meets(self, other: Rect) -> bool:
        """True if the two share more than a border."""
        return (
            self.left < other.right - 1e-9
            and other.left < self.right - 1e-9
            and self.bottom < other.top - 1e-9
            and other.bottom < self.top - 1e-9
        )

    def holds(self, points: np.ndarray) -> np.ndarray:
        """For each point, whether it lies inside."""
        x, y = points[:, 0], points[:, 1]
        return (self.left < x) & (x < self.right) & (self.bottom < y) & (y < self.top)


def outline(kind: str, width: float, height: float) -> np.ndarray | None:
    """The corners of a node's shape around the origin, or None for an ellipse."""
    w, h = width / 2, height / 2
    if kind == "observed":
        return np.array([(-w, -h), (w, -h), (w, h), (-w, h)])
    if kind == "composite":
        cut = w - 0.45 * h
        return np.array([(-w, 0), (-cut, -h), (cut, -h), (w, 0), (cut, h), (-cut, h)])
    if kind == "intercept":
        return np.array([(-w, -h), (w, -h), (0, h)])
    return None


def border_point(kind: str, centre: Point, width: float, height: float, towards: Point, gap: float = 0.015) -> Point:
    """Where the line from a node's centre towards a point leaves its shape, a hair outside."""
    dx, dy = towards[0] - centre[0], towards[1] - centre[1]
    length = math.hypot(dx, dy)
    if length == 0:
        return centre
    ux, uy = dx / length, dy / length
    corners = outline(kind, width, height)
    reach = _ray(corners, ux, uy) if corners is not None else 1 / math.hypot(2 * ux / width, 2 * uy / height)
    return centre[0] + ux * (reach + gap), centre[1] + uy * (reach + gap)


def _ray(corners: np.ndarray, ux: float, uy: float) -> float:
    """How far a ray from the origin runs inside a convex polygon."""
    a, b = corners, np.roll(corners, -1, axis=0)
    normal = np.column_stack([b[:, 1] - a[:, 1], a[:, 0] - b[:, 0]])
    speed = normal @ np.array([ux, uy])
    distance = np.einsum("ij,ij->i", normal, a)
    ahead = speed > 1e-12
    return float(np.min(distance[ahead] / speed[ahead]))


def bezier(start: Point, control: Point, end: Point, steps: int = 41) -> np.ndarray:
    """Points along a quadratic curve."""
    t = np.linspace(0, 1, steps)[:, None]
    return (1 - t) ** 2 * np.array(start) + 2 * t * (1 - t) * np.array(control) + t**2 * np.array(end)


def bent(start: Point, end: Point, bend: float) -> Point:
    """The control point of a curve that leaves the straight line by `bend` of its length, to the left of its way."""
    (x0, y0), (x1, y1) = start, end
    return (x0 + x1) / 2 - (y1 - y0) * bend * 2, (y0 + y1) / 2 + (x1 - x0) * bend * 2
