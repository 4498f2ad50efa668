from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from b12clinic.accounts.forms.people import InviteForm, ReasonForm, RolesForm
from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.models import User
from b12clinic.accounts.presenters.clinic_tabs import clinic_tabs
from b12clinic.accounts.presenters.people import in_usual_order, person_row, person_rows
from b12clinic.accounts.queries import people_of
from b12clinic.accounts.services.administrators import LastAdministrator
from b12clinic.accounts.services.change_roles import RolesChanged, change_roles
from b12clinic.accounts.services.invite_again import invite_again
from b12clinic.accounts.services.invite_person import NotInvited, invite_person
from b12clinic.accounts.services.remove_person import NotRemoved, remove_person


@clinic_page("accounts.set_up_clinic")
@require_safe
def people(request: ClinicRequest) -> HttpResponse:
    """Who works in the clinic, as what, and whether they can sign in."""
    rows = person_rows(list(people_of(request.clinic)), request.clinic)
    return render(request, "accounts/people.html", {"rows": rows, "tabs": clinic_tabs("clinic:people")})


@clinic_page("accounts.set_up_clinic")
@require_http_methods(["GET", "HEAD", "POST"])
def add_person(request: ClinicRequest) -> HttpResponse:
    """Add somebody by their e-mail address; a mail lets them set their password."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            person = invite_person(
                clinic=request.clinic, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except NotInvited as refused:
            form.add_error("email", str(refused))
        else:
            messages.success(
                request, f"{person.display_name} was added; a mail is on its way to {person.email}."
            )
            return redirect("clinic:people")
    context = {"form": form, "tabs": clinic_tabs("clinic:people")}
    return render(request, "accounts/add_person.html", context, status=422 if form.errors else 200)


@clinic_page("accounts.set_up_clinic")
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: ClinicRequest, public_id: UUID) -> HttpResponse:
    """One member: their roles, which this changes, and the way to take them off the list."""
    member = _member(request, public_id)
    if request.method != "POST":
        return _page(request, member, _roles_form(member))
    form = RolesForm(request.POST)
    if not form.is_valid():
        return _page(request, member, form, status=422)
    try:
        changed = change_roles(
            clinic=request.clinic,
            person=member,
            roles=form.cleaned_data["roles"],
            was=form.shown,
            by=request.user,
            at=timezone.now(),
        )
    except LastAdministrator as refused:
        form.add_error("roles", str(refused))
        return _page(request, member, form, status=422)
    except RolesChanged as lost:
        return _page(request, member, _roles_form(_member(request, public_id)), status=409, lost=str(lost))
    if changed:
        messages.success(
            request, f"The roles of {member.display_name} are saved; they count from the next page on."
        )
    return redirect("clinic:people")


@clinic_page("accounts.set_up_clinic")
@require_POST
def remove(request: ClinicRequest, public_id: UUID) -> HttpResponse:
    """End a member's work here, with the reason."""
    member = _member(request, public_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            closed = remove_person(
                clinic=request.clinic,
                person=member,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except (LastAdministrator, NotRemoved) as refused:
            form.add_error("reason", str(refused))
        else:
            what = "and the account is closed" if closed else "and keeps the account for another clinic"
            messages.success(request, f"{member.display_name} no longer works here {what}.")
            return redirect("clinic:people")
    return _page(request, member, _roles_form(member), status=422, removal=form)


@clinic_page("accounts.set_up_clinic")
@require_POST
def send_again(request: ClinicRequest, public_id: UUID) -> HttpResponse:
    """Send the invitation once more."""
    member = _member(request, public_id)
    try:
        invite_again(clinic=request.clinic, person=member, by=request.user, at=timezone.now())
    except NotInvited as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, f"A mail is on its way to {member.email}.")
    return redirect("clinic:person", public_id=public_id)


def _member(request: ClinicRequest, public_id: UUID) -> User:
    """Somebody who works in the clinic of this request; anybody else is not found."""
    return get_object_or_404(people_of(request.clinic), public_id=public_id)


def _roles_form(member: User) -> RolesForm:
    roles = [held.role for held in in_usual_order(member)]
    return RolesForm(initial={"roles": roles, "was": ",".join(roles)})


def _page(
    request: ClinicRequest, member: User, form: RolesForm, status: int = 200, **more: object
) -> HttpResponse:
    context = {
        "member": member,
        "row": person_row(member, request.clinic),
        "form": form,
        "removal": ReasonForm(),
        "tabs": clinic_tabs("clinic:people"),
        **more,
    }
    return render(request, "accounts/person.html", context, status=status)
