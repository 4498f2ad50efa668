"""Synthetic clinics in any number: coherent rows of every table that a running clinic fills, for measuring and trying out."""
