"""The names under which reminders and jobs speak of a dose or a regimen."""

from b12clinic.messages.ladder import Kind

MISSED_INJECTION = Kind.MISSED_INJECTION.value
INJECTION_DUE = Kind.INJECTION_DUE.value
OF_A_DOSE = (INJECTION_DUE, MISSED_INJECTION)
"""What ends when a dose is given, moved or no longer waited for."""

REVIEW_DUE = Kind.REVIEW_DUE.value
UNSIGNED_REGIMEN = Kind.UNSIGNED_REGIMEN.value
RECHECK_SAFETY = "regimens.recheck_safety"
URGENT_REACTION = "urgent_reaction"
