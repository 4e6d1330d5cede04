"""Stages and touchpoints: events, maps, funnels, transitions, and what the journey explains."""
