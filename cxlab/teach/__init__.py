"""Exercises that check themselves, and controls that teach by moving something."""
