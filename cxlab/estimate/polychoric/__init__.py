"""Correlations of ordinal answers: thresholds, polychoric and polyserial correlations, and their covariance."""

from cxlab.estimate.polychoric.moments import OrdinalMoments, ordinal_moments, polychoric

__all__ = ["OrdinalMoments", "ordinal_moments", "polychoric"]
