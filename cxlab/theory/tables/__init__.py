"""Theory as tables: definitions, journeys, metrics, history, claims, glossary and more, with their sources."""

from cxlab.theory.tables.shelf import list_theory, theory_table
from cxlab.theory.tables.table import TheoryTable

__all__ = ["TheoryTable", "list_theory", "theory_table"]
