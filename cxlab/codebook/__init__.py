"""The codebook: what an item and a construct are. It turns a DataFrame into a Survey, and writes a model."""

from cxlab.codebook.model import Codebook, Construct, Item, Kind, Measurement, Role, Text, Words

__all__ = ["Codebook", "Construct", "Item", "Kind", "Measurement", "Role", "Text", "Words"]
