from .alerts import alerted_by_result, alerts_for, open_alerts
from .inbox import inbox_for, patient_at_hand
from .lab_files import (
    lab_files_for,
    lab_profiles,
    last_save,
    recent_lab_files,
    rows_that_wait,
    units_of,
    waiting_rows,
    waiting_rows_for,
)
from .rechecks import (
    overdue_rechecks,
    recheck_counts,
    recheck_rows,
    rechecks_for,
    signed_notes,
    wanted_rechecks,
)
from .results import latest_results, live_results, recent_results, results_for

__all__ = [
    "alerted_by_result",
    "alerts_for",
    "inbox_for",
    "lab_files_for",
    "lab_profiles",
    "last_save",
    "latest_results",
    "live_results",
    "open_alerts",
    "overdue_rechecks",
    "patient_at_hand",
    "recent_lab_files",
    "recent_results",
    "recheck_counts",
    "recheck_rows",
    "rechecks_for",
    "results_for",
    "rows_that_wait",
    "signed_notes",
    "units_of",
    "waiting_rows",
    "waiting_rows_for",
    "wanted_rechecks",
]
