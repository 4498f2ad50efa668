from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.services import audit
from regimens.presenters.due_list import address, kept_query, rows_of, tabs_of
from regimens.presenters.words import day
from regimens.queries.due_list import Asked, Band, due_counts, due_page


@clinic_page("regimens.view_due_list")
def due_list(request: ClinicRequest) -> HttpResponse:
    """Who waits for an injection, as of a day. What is asked lives in the address."""
    at = timezone.now()
    today = request.clinic.local_date(at)
    asked, unreadable = _asked(request, today)
    doses, more = due_page(request.clinic, asked)
    audit.note(
        at=at,
        clinic=request.clinic,
        by=request.user,
        action="due_list.viewed",
        after=_seen(asked, len(doses)),
    )
    last = (doses[-1].due_on, doses[-1].id) if more else None
    context = {
        "rows": rows_of(doses, asked.as_of, kept_query(request.GET)),
        "tabs": tabs_of(asked, due_counts(request.clinic, asked)),
        "asked": asked,
        "as_of_value": asked.as_of.isoformat(),
        "as_of_words": day(asked.as_of),
        "is_today": asked.as_of == today,
        "unreadable": unreadable,
        "next_url": address(asked, band=asked.band, after=last) if last else "",
        "first_url": address(asked, band=asked.band) if asked.after else "",
    }
    return render(request, "regimens/due_list.html", context)


def _asked(request: ClinicRequest, today: date) -> tuple[Asked, str]:
    """What the address asks, and a sentence for what in it could not be read."""
    unreadable = ""
    as_of, after = today, None
    if given := request.GET.get("as_of"):
        try:
            as_of = date.fromisoformat(given)
        except ValueError:
            unreadable = f"“{given[:20]}” is not a date; the list shows today."
    if cursor := request.GET.get("after"):
        on, _, dose_id = cursor.partition(".")
        try:
            after = (date.fromisoformat(on), int(dose_id))
        except ValueError:
            unreadable = "That place in the list could not be read; it begins at the top."
    band = request.GET.get("band", "")
    return (
        Asked(
            as_of=as_of,
            band=Band(band) if band in {known.value for known in Band} else None,
            text=request.GET.get("q", "").replace("\x00", "").strip()[:80],
            after=after,
        ),
        unreadable,
    )


def _seen(asked: Asked, shown: int) -> dict[str, object]:
    return {
        "as_of": asked.as_of.isoformat(),
        "band": asked.band.value if asked.band else "all",
        "shown": shown,
    }
