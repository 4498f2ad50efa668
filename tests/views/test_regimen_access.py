"""Who gets through which door of the plan: every page against every role, and roles that stop at the clinic's wall."""

from datetime import date

import pytest
from django.urls import reverse

from b12clinic.accounts.models import Membership
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import a_regimen, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

ROLES = ("prescriber", "nurse", "administrator")
PAGES = {
    "worklist": ROLES,
    "due_list": ROLES,
    "saved_views": ROLES,
    "clinic_sheet": ROLES,
    "clinic_sheet_csv": ("prescriber", "nurse"),
    "import_sheet": ("prescriber", "nurse"),
    "chart": ROLES,
    "assess": ("prescriber",),
    "compare": ("prescriber",),
    "adjust": ("prescriber",),
    "stop": ("prescriber",),
    "end_phase": ("prescriber",),
    "record_given": ("prescriber", "nurse"),
    "record_not_given": ("prescriber", "nurse"),
    "record_extra": ("prescriber", "nurse"),
    "correct": ("prescriber", "nurse"),
}
WITHOUT_A_PATIENT = {
    "worklist",
    "due_list",
    "saved_views",
    "clinic_sheet",
    "clinic_sheet_csv",
    "import_sheet",
}
"""What may be opened; `sign` and `set_aside` only take a POST."""


@pytest.fixture
def owner():
    return a_user(a_clinic(), "prescriber")


@pytest.fixture
def regimen(owner):

    regimen = a_regimen(a_patient(owner.memberships.get().clinic, name="Carla Canary"), owner)
    give(regimen, owner, date(2026, 1, 5))
    return regimen


def address(page, regimen):
    about = {
        "chart": regimen.patient.public_id,
        "assess": regimen.patient.public_id,
        "compare": regimen.assessment.public_id,
        "adjust": regimen.assessment.public_id,
        "stop": regimen.public_id,
        "record_given": next_dose(regimen).public_id,
        "record_not_given": next_dose(regimen).public_id,
        "record_extra": regimen.patient.public_id,
        "correct": regimen.administrations.get().public_id,
    }
    query = "?protocol=uk/standard" if page == "adjust" else ""
    if page == "end_phase":
        return reverse("regimens:end_phase", args=[regimen.public_id, 0])
    return reverse(f"regimens:{page}", args=[about[page]] if page in about else []) + query


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", PAGES)
def test_a_role_opens_what_it_may_and_nothing_else(client, regimen, page, role):
    user = a_user(regimen.clinic, role)

    answer = signed_in(client, user).get(address(page, regimen))

    assert answer.status_code == (200 if role in PAGES[page] else 403)


@pytest.mark.parametrize("page", [page for page in PAGES if page not in WITHOUT_A_PATIENT])
def test_another_clinic_finds_nothing_and_learns_nothing(client, regimen, page):
    stranger = a_user(a_clinic(), *ROLES)

    answer = signed_in(client, stranger).get(address(page, regimen))

    assert answer.status_code == 404
    assert b"Canary" not in answer.content


@pytest.mark.parametrize("page", ["assess", "compare", "adjust", "stop", "record_given"])
def test_a_role_held_elsewhere_does_not_come_along(client, regimen, page):
    """A prescriber of one clinic who is an administrator of another prescribes in the first only."""
    user = a_user(a_clinic(), "prescriber")
    Membership.objects.create(user=user, clinic=regimen.clinic, role="administrator")
    signed_in(client, user)
    session = client.session
    session["clinic_id"] = user.memberships.get(role="prescriber").clinic_id
    session.save()

    assert client.get(address(page, regimen)).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_nobody_gets_in_without_signing_in(client, regimen, page):
    answer = client.get(address(page, regimen))

    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")
