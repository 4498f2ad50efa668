"""The addresses of a prescriber's decisions on a running regimen."""

from django.urls import URLPattern, path

from regimens.views import direction, late_dose, neuro_review, pause

urlpatterns: list[URLPattern] = [
    path("late-dose/<uuid:dose_id>/decide/", late_dose.decide, name="decide_late_dose"),
    path("regimen/<uuid:regimen_id>/phase/<int:ordinal>/review/", neuro_review.review, name="review_loading"),
    path("regimen/<uuid:regimen_id>/pause/", pause.pause, name="pause"),
    path("regimen/<uuid:regimen_id>/pause/call-off/", pause.call_off, name="call_off_pause"),
    path("regimen/<uuid:regimen_id>/resume/", pause.resume, name="resume"),
    path("regimen/<uuid:regimen_id>/direction/", direction.sign, name="direction"),
    path("regimen/<uuid:regimen_id>/direction/end/", direction.end, name="end_direction"),
]
