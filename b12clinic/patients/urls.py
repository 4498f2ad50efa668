from django.urls import path

from b12clinic.patients.views.add import add
from b12clinic.patients.views.edit import edit
from b12clinic.patients.views.health import health
from b12clinic.patients.views.leave import died, moved, returned
from b12clinic.patients.views.search import search

app_name = "patients"
urlpatterns = [
    path("", search, name="search"),
    path("add/", add, name="add"),
    path("<uuid:public_id>/edit/", edit, name="edit"),
    path("<uuid:public_id>/health/", health, name="health"),
    path("<uuid:public_id>/died/", died, name="died"),
    path("<uuid:public_id>/moved/", moved, name="moved"),
    path("<uuid:public_id>/returned/", returned, name="returned"),
]
