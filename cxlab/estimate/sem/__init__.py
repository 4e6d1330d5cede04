"""Covariance structures: moments, the model's covariance matrix and its derivatives, and the engines that fit it."""
