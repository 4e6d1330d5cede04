"""Feedback metrics: CSAT, NPS, CES, an ACSI-type index; their errors, the contest between them, attenuation, claims."""
