"""The names under which reminders and jobs speak of results and rechecks."""

from b12clinic.messages.ladder import Kind

RECHECK_DUE = Kind.RECHECK_DUE.value
OVERDUE_RECHECK = Kind.OVERDUE_RECHECK.value
OF_A_RECHECK = (RECHECK_DUE, OVERDUE_RECHECK)
"""What ends when a recheck is answered or dropped."""

RESULT_WAITING = Kind.RESULT_WAITING.value
RESULTS_RECORDED = "monitoring.results_recorded"
