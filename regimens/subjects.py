"""The names under which reminders and jobs speak of a dose or a regimen."""

MISSED_INJECTION = "missed_injection"
RECHECK_SAFETY = "regimens.recheck_safety"
URGENT_REACTION = "urgent_reaction"
