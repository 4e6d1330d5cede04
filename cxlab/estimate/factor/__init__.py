"""Exploratory factor analysis on correlation matrices: extraction, rotation, number of factors, scores."""
