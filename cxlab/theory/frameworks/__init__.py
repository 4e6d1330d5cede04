"""Frameworks of customer experience as data: constructs, items, definitions, and what can be made of them."""

from cxlab.theory.frameworks.framework import Framework
from cxlab.theory.frameworks.shelf import framework, list_frameworks

__all__ = ["Framework", "framework", "list_frameworks"]
