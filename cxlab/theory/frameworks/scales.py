"""Response scales as data: from which point to which, and what the points are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cxlab.codebook.text import did_you_mean
from cxlab.errors import CodebookError
from cxlab.i18n import LANGUAGES
from cxlab.i18n.loading import read_yaml


@dataclass(frozen=True)
class Scale:
    """A response scale: its name, its ends and the words of its points in both languages."""

    name: str
    min: int
    max: int
    labels: Mapping[float, Mapping[str, str]]


@cache
def _known() -> Mapping[str, Any]:
    return read_yaml(Path(__file__).with_name("scales.yaml"))


def response_scale(scale: str | Mapping[str, Any]) -> Scale:
    """A scale by name, or one of your own, with words at both ends in both languages.

    Parameters
    ----------
    scale : str or mapping
        ``"agree7"``, ``"agree5"``, ``"agree11"``, ``"descriptive7"``, ``"extent7"``, or ``{"min": 1, "max": 5,
        "labels": {1: {"en": "never", "vi": "không bao giờ"}, 5: {"en": "always", "vi": "luôn luôn"}}}``, and a
        ``"name"`` if you like.

    Raises
    ------
    CodebookError
        For an unknown name, ends that are no whole numbers in order, a label off the scale, or an end without words.

    Examples
    --------
    >>> response_scale("agree7").labels[7]["vi"]
    'hoàn toàn đồng ý'
    """
    known = _known()
    if isinstance(scale, str):
        if scale not in known:
            hint = did_you_mean(scale, known)
            raise CodebookError("frameworks.unknown_scale", name=scale, hint=hint, known=", ".join(known))
        return _checked(scale, known[scale])
    if not isinstance(scale, Mapping):
        raise CodebookError("frameworks.scale_not_mapping", kind=type(scale).__name__, known=", ".join(known))
    return _checked(str(scale.get("name", "own")), scale)


def _checked(name: str, entry: Mapping[str, Any]) -> Scale:
    labels = entry.get("labels") or {}
    points = [point for point in labels if isinstance(point, int) and not isinstance(point, bool)]
    if not isinstance(labels, Mapping) or len(points) < len(labels):
        raise CodebookError("frameworks.scale_labels", name=name)
    low, high = entry.get("min", min(points, default=None)), entry.get("max", max(points, default=None))
    if not (isinstance(low, int) and isinstance(high, int) and low < high):
        raise CodebookError("frameworks.scale_ends", name=name, min=low, max=high)
    outside = [point for point in points if not low <= point <= high]
    if outside:
        raise CodebookError("frameworks.scale_label_outside", name=name, point=outside[0], min=low, max=high)
    for point in (low, high, *points):
        said = labels.get(point)
        for lang in LANGUAGES:
            if not (isinstance(said, Mapping) and str(said.get(lang) or "").strip()):
                raise CodebookError("frameworks.scale_without_anchor", name=name, point=point, language=lang)
    return Scale(name, low, high, {point: dict(labels[point]) for point in points})
