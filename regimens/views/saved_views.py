from datetime import date
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from regimens.forms.due_list import filters_of, read_asked
from regimens.models import SavedView
from regimens.presenters.due_filters import saved_lines, told_filters, view_address
from regimens.services.saved_views import NotSaved, delete_view, rename_view, save_view


@clinic_page("regimens.view_due_list")
@require_http_methods(["GET", "HEAD", "POST"])
def saved_views(request: ClinicRequest) -> HttpResponse:
    """A person's own views of the due list: save the one just looked at, name one anew, delete one."""
    query = _filters(request, request.POST.get("query", "") or request.GET.urlencode())
    refusal, typed, whose = "", "", str(request.clinic.public_id)
    if request.method == "POST":
        typed = request.POST.get("name", "")
        try:
            done = _act(request, query)
        except NotSaved as not_saved:
            refusal = str(not_saved)
        else:
            messages.success(request, done)
            return redirect(view_address(query, whose) if query else request.get_full_path())
    views = SavedView.objects.filter(user=request.user, clinic=request.clinic)
    context = {
        "query": query,
        "told": told_filters(read_asked(dict(parse_qsl(query)), _today(request))[0]),
        "views": saved_lines(views.values_list("pk", "name", "query"), _today(request), whose),
        "list_url": view_address(query, whose),
        "here": f"{reverse('regimens:saved_views')}?{urlencode({'clinic': whose})}",
        "refusal": refusal,
        "typed": typed,
    }
    return render(request, "regimens/saved_views.html", context, status=422 if refusal else 200)


def _act(request: ClinicRequest, query: str) -> str:
    """Do what the pressed button says; the sentence for the page after it."""
    at, name = timezone.now(), request.POST.get("name", "")
    if request.POST.get("do") == "save":
        view = save_view(clinic=request.clinic, name=name, query=query, by=request.user, at=at)
        return f"Saved as “{view.name}”. It stands above the due list."
    mine = SavedView.objects.filter(user=request.user, clinic=request.clinic)
    wanted = request.POST.get("view", "")
    view = get_object_or_404(mine, pk=int(wanted) if wanted.isdecimal() and len(wanted) < 19 else 0)
    if request.POST.get("do") == "delete":
        delete_view(view=view, by=request.user, at=at)
        return f"“{view.name}” is deleted."
    rename_view(view=view, name=name, by=request.user, at=at)
    return f"The view is now named “{view.name}”."


def _filters(request: ClinicRequest, text: str) -> str:
    """The filters that the list knows, written as its own address writes them; all else is left out."""
    asked, _ = read_asked(dict(parse_qsl(text[:2000])), _today(request))
    return urlencode(filters_of(asked))


def _today(request: ClinicRequest) -> date:
    return request.clinic.local_date(timezone.now())
