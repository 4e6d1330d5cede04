"""Resampling: seeded draws, replicates of a fitted model all at once, and the intervals that follow from them."""
