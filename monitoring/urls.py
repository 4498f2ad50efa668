from django.urls import path

from monitoring.views import alerts, enter_results, labs, rechecks, results

app_name = "monitoring"
urlpatterns = [
    path("", labs.labs, name="labs"),
    path("convert/", enter_results.convert, name="convert"),
    path("enter/<uuid:patient_id>/", enter_results.enter, name="enter"),
    path("patient/<uuid:patient_id>/", results.results, name="results"),
    path("result/<uuid:result_id>/correct/", results.correct, name="correct"),
    path("result/<uuid:result_id>/error/", results.entered_in_error, name="entered_in_error"),
    path("rechecks/", rechecks.rechecks, name="rechecks"),
    path("rechecks/<uuid:recheck_id>/answer/", rechecks.answer, name="answer_recheck"),
    path("rechecks/<uuid:recheck_id>/drop/", rechecks.drop, name="drop_recheck"),
    path("alerts/<uuid:alert_id>/end/", alerts.end, name="end_alert"),
]
