from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.services import audit
from regimens.forms.closing import ClosingForm
from regimens.presenters.closing import closed_words, closing_lines, move_lines
from regimens.services.close_days_moving_doses import close_days_moving_doses, rehearse


@clinic_page("accounts.set_up_clinic")
@require_http_methods(["GET", "HEAD", "POST"])
def close_days(request: ClinicRequest) -> HttpResponse:
    """What closing these days would move, before it is saved; then the closing itself."""
    at = timezone.now()
    today = request.clinic.local_date(at)
    form = ClosingForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        messages.error(request, str(form.non_field_errors()[0]))
        return redirect("clinic:closed_days")
    if request.method == "POST":
        closing = close_days_moving_doses(
            clinic=request.clinic, days=form.days, by=request.user, at=at, today=today
        )
        messages.success(request, closed_words(closing))
        return redirect("clinic:closed_days")
    closing = rehearse(clinic=request.clinic, days=form.days, by=request.user, at=at, today=today)
    audit.note(
        at=at,
        clinic=request.clinic,
        by=request.user,
        action="closed_days.rehearsed",
        after={"days": [on.isoformat() for on in form.days], "shown": len(closing.moved)},
    )
    context = {
        "lines": closing_lines(form.days, closing),
        "moves": move_lines(closing.moved, today),
        "late": sum(move.late for move in closing.moved),
        "nothing_new": not closing.fresh,
    }
    return render(request, "regimens/close_days.html", context)
