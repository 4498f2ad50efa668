"""The addresses of a prescriber's decisions on a running regimen."""

from django.urls import URLPattern, path

from regimens.views.late_dose import decide

urlpatterns: list[URLPattern] = [
    path("late-dose/<uuid:dose_id>/decide/", decide, name="decide_late_dose"),
]
