"""The names under which jobs speak of a patient."""

FACTS_CHANGED = "patients.facts_changed"
"""Something that the safety rules read of a patient changed: health, date of birth, sex or weight."""
