from django.urls import path

from b12clinic.patients.views.search import search

app_name = "patients"
urlpatterns = [
    path("", search, name="search"),
]
