"""YAML files of the house: one reader, as fast as the machine allows."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any


@cache
def yaml_loader() -> Any:
    """PyYAML's safe loader: the one on libyaml, ten times as fast, where it was built, else the one in Python."""
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse_yaml(text: str) -> Any:
    """What a YAML text says, as dicts, lists, strings and numbers.

    Raises
    ------
    yaml.YAMLError
        A text that is not YAML.

    Examples
    --------
    >>> parse_yaml("scale: [1, 5]")
    {'scale': [1, 5]}
    """
    import yaml

    return yaml.load(text, Loader=yaml_loader())  # noqa: S506 - both are safe loaders


def read_yaml(path: Path) -> Any:
    """What a YAML file in UTF-8 says."""
    return parse_yaml(path.read_text(encoding="utf-8"))
