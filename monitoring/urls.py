from django.urls import path

from monitoring.views import (
    alerts,
    enter_results,
    import_results,
    inbox,
    lab_profiles,
    labs,
    rechecks,
    request_tests,
    results,
    waiting_rows,
)

app_name = "monitoring"
urlpatterns = [
    path("", labs.labs, name="labs"),
    path("convert/", enter_results.convert, name="convert"),
    path("enter/<uuid:patient_id>/", enter_results.enter, name="enter"),
    path("patient/<uuid:patient_id>/", results.results, name="results"),
    path("result/<uuid:result_id>/correct/", results.correct, name="correct"),
    path("result/<uuid:result_id>/error/", results.entered_in_error, name="entered_in_error"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/acknowledge/", inbox.acknowledge, name="acknowledge_results"),
    path("inbox/hand-over/", inbox.hand_over, name="hand_over_results"),
    path("import/", import_results.files, name="import_results"),
    path("import/waiting/", waiting_rows.waiting, name="waiting_rows"),
    path("import/laboratory/", lab_profiles.profile, name="add_lab_profile"),
    path("import/laboratory/<int:profile_id>/", lab_profiles.profile, name="lab_profile"),
    path("import/<uuid:file_id>/", import_results.file, name="lab_file"),
    path("import/<uuid:file_id>/confirm/", import_results.confirm, name="confirm_lab_file"),
    path("import/<uuid:file_id>/errors.csv", import_results.errors, name="lab_file_errors"),
    path("import/<uuid:file_id>/row/<int:number>/", waiting_rows.settle, name="settle_row"),
    path("rechecks/", rechecks.rechecks, name="rechecks"),
    path("rechecks/add/<uuid:patient_id>/", request_tests.add, name="add_recheck"),
    path("rechecks/<uuid:recheck_id>/request/", request_tests.request_page, name="request_form"),
    path("rechecks/<uuid:recheck_id>/answer/", rechecks.answer, name="answer_recheck"),
    path("rechecks/<uuid:recheck_id>/drop/", rechecks.drop, name="drop_recheck"),
    path("alerts/<uuid:alert_id>/take/", alerts.take, name="take_alert"),
    path("alerts/<uuid:alert_id>/end/", alerts.end, name="end_alert"),
]
