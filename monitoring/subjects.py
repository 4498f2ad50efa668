"""The names under which reminders and jobs speak of results and rechecks."""

OVERDUE_RECHECK = "overdue_recheck"
RESULTS_RECORDED = "monitoring.results_recorded"
