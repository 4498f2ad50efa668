from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.messages.presenters.ladder import pause_sentence
from b12clinic.messages.presenters.outbox import outbox_line
from b12clinic.messages.queries import Asked, outbox_page
from b12clinic.messages.views.outbox import key_in
from b12clinic.patients.models import Patient
from b12clinic.patients.presenters.banner import banner_facts
from b12clinic.patients.presenters.links import patient_url
from b12clinic.patients.views.entry import note_viewed, the_patient


@clinic_page("messages.view")
def patient(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """What was said to one patient, or about them to the clinic, and when."""
    at = timezone.now()
    person = the_patient(request, patient_id)
    note_viewed(request, person, at)
    asked = Asked(patients=Patient.objects.filter(pk=person.pk), after=key_in(request.GET.get("after", "")))
    messages, after = outbox_page(request.user, request.clinic, asked)
    here = reverse("messages:patient", args=[patient_id])
    may_retry = request.user.has_perm("messages.retry", request.clinic)
    paused = pause_sentence(request.clinic)
    today = request.clinic.local_date(at)
    facts = banner_facts(person, today)
    context = {
        "patient": person,
        "banner": {name: getattr(facts, name) for name in facts.__slots__}
        | {"url": patient_url(person.public_id), "today": today},
        "rows": [outbox_line(message, may_retry=may_retry, paused=bool(paused)) for message in messages],
        "paused": paused,
        "next_url": f"{here}?after={after}" if after else "",
        "first_url": here if asked.after else "",
    }
    return render(request, "messages/patient.html", context)
