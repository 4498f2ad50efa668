"""Every address of the product. Each app names its own; the order is the order in which they are tried."""

from django.urls import include, path

from b12clinic.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
    path("clinic/", include("b12clinic.accounts.urls")),
    path("patients/", include("b12clinic.patients.urls")),
    path("messages/", include("b12clinic.messages.urls")),
    path("labs/", include("monitoring.urls")),
    path("", include("regimens.urls")),
]
