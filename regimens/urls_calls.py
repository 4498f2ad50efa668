"""Addresses of the calls to patients whose injection is overdue."""

from django.urls import path

from regimens.views import calls

urlpatterns = [
    path("calls/", calls.calls, name="calls"),
    path("calls/<uuid:dose_id>/", calls.record, name="record_contact"),
]
