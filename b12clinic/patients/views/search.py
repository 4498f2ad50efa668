from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.services import audit
from b12clinic.patients import queries
from b12clinic.patients.presenters.search_rows import count_sentence, found_rows

LONGEST_TEXT = 100


@clinic_page("patients.view")
@require_safe
@vary_on_headers("HX-Request")
def search(request: ClinicRequest) -> HttpResponse:
    """The register: find a patient by name, date of birth or number, as one types."""
    at = timezone.now()
    today = request.clinic.local_date(at)
    text = request.GET.get("q", "").strip()[:LONGEST_TEXT]
    found = queries.search(request.clinic, text, today)
    if text:
        audit.note(
            at=at,
            clinic=request.clinic,
            by=request.user,
            action="patient.searched",
            after={"text": text.replace("\0", ""), "found": len(found.patients)},
        )
    context = {
        "text": text,
        "rows": found_rows(found, today),
        "count": count_sentence(found, text),
        "may_register": request.user.has_perm("patients.register", request.clinic),
    }
    return render(
        request,
        "patients/_rows.html" if request.headers.get("HX-Request") else "patients/search.html",
        context,
    )
