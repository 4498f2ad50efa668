"""Addresses of the plan and of the nurse's work."""

from django.urls import path

from regimens.urls_admin import urlpatterns as admin_urls
from regimens.urls_calls import urlpatterns as calls_urls
from regimens.urls_decisions import urlpatterns as decision_urls
from regimens.urls_response import urlpatterns as response_urls
from regimens.views import (
    adjust,
    amend,
    assess,
    chart,
    clinic_sheet,
    compare,
    correct,
    due_list,
    end_phase,
    import_sheet,
    later_reaction,
    record_extra,
    record_injection,
    record_next,
    record_not_given,
    saved_views,
    stop,
    worklist,
)

app_name = "regimens"
urlpatterns = [
    path("", worklist.worklist, name="worklist"),
    path("due/", due_list.due_list, name="due_list"),
    path("due/sheet/", clinic_sheet.clinic_sheet, name="clinic_sheet"),
    path("due/sheet.csv", clinic_sheet.clinic_sheet_csv, name="clinic_sheet_csv"),
    path("due/sheet/import/", import_sheet.import_sheet_page, name="import_sheet"),
    path("due/views/", saved_views.saved_views, name="saved_views"),
    path("due/<uuid:dose_id>/given/", record_injection.given, name="record_given"),
    path("due/<uuid:dose_id>/not-given/", record_not_given.not_given, name="record_not_given"),
    path("due/next/", record_next.following, name="record_next"),
    path("chart/<uuid:patient_id>/injection/", record_extra.extra, name="record_extra"),
    path("injections/<uuid:administration_id>/correct/", correct.correct, name="correct"),
    path("injections/<uuid:administration_id>/amend/", amend.amend, name="amend"),
    path(
        "injections/<uuid:administration_id>/reaction/", later_reaction.later_reaction, name="later_reaction"
    ),
    path("chart/<uuid:patient_id>/", chart.chart, name="chart"),
    path("plan/<uuid:patient_id>/assess/", assess.assess_patient, name="assess"),
    path("plan/<uuid:assessment_id>/compare/", compare.compare, name="compare"),
    path("plan/<uuid:assessment_id>/adjust/", adjust.adjust, name="adjust"),
    path("plan/<uuid:assessment_id>/sign/", adjust.sign, name="sign"),
    path("plan/<uuid:assessment_id>/set-aside/", assess.set_assessment_aside, name="set_aside"),
    path("regimen/<uuid:regimen_id>/stop/", stop.stop, name="stop"),
    path("regimen/<uuid:regimen_id>/phase/<int:ordinal>/end/", end_phase.end, name="end_phase"),
    *calls_urls,
    *decision_urls,
    *response_urls,
    *admin_urls,
]
