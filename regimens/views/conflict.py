from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from b12clinic.accounts.gate import ClinicRequest
from regimens.presenters.conflict import who_changed
from regimens.services.hold import ChangedMeanwhile


def changed_meanwhile(
    request: ClinicRequest, race: ChangedMeanwhile, kept: Sequence[tuple[str, str]]
) -> HttpResponse:
    """The page for a lost race: who did what, when, with what was typed kept for reading."""
    context = {
        "heading": "Somebody was first",
        "sentence": who_changed(race.revision),
        "kept": [(label, value) for label, value in kept if value],
        "back_url": reverse("regimens:chart", args=[race.revision.regimen.patient.public_id]),
        "back_label": "See how it stands now",
    }
    return render(request, "409.html", context, status=409)
