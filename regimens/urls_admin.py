"""The addresses of reports, the protocol library, the formulary and the audit trail."""

from django.urls import URLPattern, path

from regimens.views.follow_up import follow_up_csv, reports

urlpatterns: list[URLPattern] = [
    path("reports/", reports, name="reports"),
    path("reports/follow-up.csv", follow_up_csv, name="follow_up_csv"),
]
