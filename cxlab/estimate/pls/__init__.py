"""PLS path models on correlation matrices, one or thousands at once."""

from cxlab.estimate.pls.algorithm import Weighting, estimate_weights
from cxlab.estimate.pls.design import Design
from cxlab.estimate.pls.structure import Structure, structure

__all__ = ["Design", "Structure", "Weighting", "estimate_weights", "structure"]
