"""What stands around every page: places by role, the clinic's own day, a way to one's other clinics."""

from datetime import UTC, datetime

import pytest
from django.test import RequestFactory

from b12clinic.accounts import navigation
from b12clinic.accounts.models import Clinic, Role
from b12clinic.accounts.navigation import CLINICAL, EVERYONE, Place, address_of, build, path_lies_under

SUNDAY_NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LONDON = Clinic(name="Harbour Street Clinic", time_zone="Europe/London")
AUCKLAND = Clinic(name="Queen Street Clinic", time_zone="Pacific/Auckland")


def asked(*roles, path="/", clinic=LONDON, clinics=None):
    request = RequestFactory().get(path)
    request.clinic, request.clinics = clinic, clinics or [clinic]
    request.membership_roles = frozenset(roles)
    return build(request, at=SUNDAY_NOON)


@pytest.fixture
def two_places(monkeypatch):
    """One place for those who treat, one for everyone, one that is not built."""
    places = (
        Place("Password", "account_change_password", "key", CLINICAL),
        Place("E-mail", "account_email", "envelope", EVERYONE),
        Place("Not built", "nowhere:at_all", "question", EVERYONE),
    )
    monkeypatch.setattr(navigation, "PLACES", places)


def test_each_role_sees_the_places_that_are_its_own(two_places):
    assert [entry.label for entry in asked(Role.NURSE).entries] == ["Password", "E-mail"]
    assert [entry.label for entry in asked(Role.ADMINISTRATOR).entries] == ["E-mail"]


def test_someone_without_a_role_sees_no_place(two_places):
    assert asked().entries == ()


def test_a_place_without_an_address_is_left_out(two_places):
    assert "Not built" not in [entry.label for entry in asked(Role.NURSE).entries]
    assert address_of("nowhere:at_all", None) == ""


def test_the_place_that_a_page_lies_under_is_marked(two_places):
    entries = asked(Role.NURSE, path="/accounts/email/confirm/").entries
    assert {entry.label: entry.current for entry in entries} == {"Password": False, "E-mail": True}


def test_of_two_places_the_closer_one_is_marked(monkeypatch):
    monkeypatch.setattr(
        navigation,
        "PLACES",
        (
            Place("Change", "account_email", "envelope", EVERYONE),
            Place("Set", "account_set_password", "key", EVERYONE, also=("/accounts/email/new/",)),
        ),
    )
    entries = asked(Role.NURSE, path="/accounts/email/new/7/").entries
    assert {entry.label: entry.current for entry in entries} == {"Change": False, "Set": True}


def test_a_patient_s_chart_lies_under_patients():
    entries = asked(Role.NURSE, path="/chart/7/").entries
    assert [entry.label for entry in entries if entry.current] == ["Patients"]


@pytest.mark.parametrize(
    ("path", "url", "under"),
    [
        ("/patients/", "/patients/", True),
        ("/patients/7/", "/patients/", True),
        ("/", "/", True),
        ("/labs/", "/", False),
    ],
)
def test_the_root_owns_only_itself(path, url, under):
    assert path_lies_under(path, url) is under


def test_the_day_is_the_clinic_s_own():
    assert asked(Role.NURSE).today == "Sunday 22 November 2026"
    assert asked(Role.NURSE, clinic=AUCKLAND).today == "Monday 23 November 2026"


def test_the_moment_for_paper_is_the_clinic_s_own():
    assert asked(Role.NURSE).now == "22 Nov 2026, 12:00"
    assert asked(Role.NURSE, clinic=AUCKLAND).now == "23 Nov 2026, 01:00"


def test_roles_are_named_in_a_fixed_order():
    assert asked(Role.NURSE, Role.PRESCRIBER).roles == "Prescriber, Nurse"


def test_only_someone_of_several_clinics_is_offered_another():
    assert asked(Role.NURSE).switch_url == ""
    assert asked(Role.NURSE, clinics=[LONDON, AUCKLAND]).switch_url == "/clinic/switch/"


def test_someone_of_no_clinic_still_gets_a_page():
    nowhere = asked(clinic=None, clinics=[LONDON])
    assert (nowhere.clinic, nowhere.entries) == (None, ())
