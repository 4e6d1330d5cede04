"""What the makers of simulated data share: the recipe of a dataset, and what is made from it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

import cxlab as cx

HERE = Path(__file__).parent
Recipe = Mapping[str, Any]


@dataclass(frozen=True)
class Made:
    """A dataset just made: its rows, and the codebook that holds the truth behind them."""

    table: pd.DataFrame
    codebook: cx.Codebook


def read_recipe(name: str) -> Recipe:
    """What a person wrote about the dataset: `data/NAME/recipe.yaml`."""
    return yaml.safe_load((HERE / name / "recipe.yaml").read_text(encoding="utf-8"))


def own_codebook(recipe: Recipe) -> cx.Codebook:
    """The codebook part of a recipe."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recipe.yaml"
        path.write_text(yaml.safe_dump(recipe["codebook"], allow_unicode=True, sort_keys=False), encoding="utf-8")
        return cx.Codebook.from_yaml(path)
