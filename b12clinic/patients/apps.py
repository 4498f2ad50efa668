from django.apps import AppConfig


class PatientsConfig(AppConfig):
    name = "b12clinic.patients"
    label = "patients"
