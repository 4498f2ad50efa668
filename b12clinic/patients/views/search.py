from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from b12clinic.accounts.gate import clinic_page


@clinic_page("patients.view")
def search(request: HttpRequest) -> HttpResponse:
    """The register: find a patient by name, date of birth or identifier."""
    return render(request, "patients/search.html")
