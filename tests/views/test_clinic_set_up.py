"""The administrator's pages by hand: set-up, closed days, people, and changing over to another clinic."""

from datetime import date
from urllib.parse import urlsplit

import pytest
import time_machine
from django.http import QueryDict
from django.urls import reverse

from b12clinic.accounts.models import AuditEvent, Clinic, ClosedDay, Membership, User
from b12clinic.jobs.models import Pending
from tests.factories.people import a_clinic, a_user, signed_in

pytestmark = pytest.mark.django_db

TYPED = {
    "name": "Harbour Clinic",
    "time_zone": "Europe/London",
    "country": "GB",
    "region": "SCT",
    "default_pack": "nl",
    "open_weekdays": ["0", "2", "5"],
    "contact_email": "clinic@example.org",
    "contact_phone": "07700 900123",
    "version": "1",
}


@pytest.fixture
def clinic():
    return a_clinic(name="Harbour Clinic")


@pytest.fixture
def admin(clinic, client):
    admin = a_user(clinic, "administrator", first_name="Ada", last_name="Example")
    signed_in(client, admin)
    return admin


def test_the_clinics_details_are_saved(client, admin, clinic):
    assert client.post(reverse("clinic:set_up"), TYPED).status_code == 302
    clinic.refresh_from_db()
    assert (clinic.region, clinic.default_pack, clinic.open_weekdays) == ("SCT", "nl", [0, 2, 5])
    assert (clinic.contact_phone, clinic.version) == ("07700 900123", 2)


def test_the_page_shows_what_is_stored_and_the_packs_on_offer(client, admin):
    page = client.get(reverse("clinic:set_up")).content.decode()
    assert 'value="Harbour Clinic"' in page
    assert '<option value="uk" selected>United Kingdom (BNF, NICE NG239)</option>' in page
    assert '<option value="us-label">' in page
    assert '<option value="SCT">Scotland</option>' in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "This field is required"),
        ("time_zone", "Europe/Atlantis", "is not a time zone"),
        ("open_weekdays", [], "at least one weekday"),
        ("open_weekdays", ["7"], "Select a valid choice"),
        ("country", "XX", "Select a valid choice"),
        ("region", "NRW", "Choose a region of this country"),
        ("default_pack", "made-up", "Select a valid choice"),
        ("contact_email", "nobody", "Enter a valid email"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(client, admin, clinic, field, value, sentence):
    answer = client.post(reverse("clinic:set_up"), TYPED | {field: value})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "07700 900123" in answer.content.decode()
    assert Clinic.objects.get(pk=clinic.pk).version == 1


def test_another_clinics_name_is_taken(client, admin):
    a_clinic(name="Hill Clinic")
    answer = client.post(reverse("clinic:set_up"), TYPED | {"name": "Hill  Clinic"})
    assert "Another clinic of this installation has this name." in answer.content.decode()


def test_a_stale_page_shows_who_saved_and_both_values_and_saves_knowingly_the_second_time(
    client, admin, clinic
):
    client.post(reverse("clinic:set_up"), TYPED)
    answer = client.post(reverse("clinic:set_up"), TYPED | {"contact_phone": "07700 900456"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ada Example saved the clinic on" in page
    assert '<del class="was">07700 900123</del>' in page
    assert 'name="version" value="2"' in page
    client.post(reverse("clinic:set_up"), TYPED | {"contact_phone": "07700 900456", "version": "2"})
    clinic.refresh_from_db()
    assert clinic.contact_phone == "07700 900456"


def test_a_day_of_ones_own_is_closed_and_reopened(client, admin, clinic):
    shown = client.post(reverse("clinic:closed_days"), {"on": "2030-12-24", "why": "Staff training"})
    assert shown["Location"] == "/clinic/closed-days/moves/?on=2030-12-24&why=Staff+training"
    assert "No dose moves" in client.get(shown["Location"]).content.decode()
    assert not ClosedDay.objects.exists()
    client.post(reverse("regimens:close_days"), {"on": "2030-12-24", "why": "Staff training"})
    assert ClosedDay.objects.get().on == date(2030, 12, 24)
    page = client.get(reverse("clinic:closed_days")).content.decode()
    assert "Tue 24 Dec 2030" in page
    client.post(reverse("clinic:reopen"), {"on": "2030-12-24"})
    assert not ClosedDay.objects.exists()


@pytest.mark.parametrize("on", ["", "2030-02-30", "tomorrow"])
def test_reopening_nothing_changes_nothing(client, admin, on):
    answer = client.post(reverse("clinic:reopen"), {"on": on}, follow=True)
    assert "not on the list any more" in answer.content.decode()


@pytest.mark.parametrize("typed", [{"on": "2030-02-30", "why": "x"}, {"on": "2030-02-03", "why": " "}, {}])
def test_a_closed_day_needs_a_date_and_a_reason(client, admin, typed):
    assert client.post(reverse("clinic:closed_days"), typed).status_code == 422
    assert not ClosedDay.objects.exists()


@time_machine.travel("2026-11-22 09:00:00+00:00", tick=False)
def test_public_holidays_are_shown_before_they_are_added(client, admin, clinic):
    Clinic.objects.filter(pk=clinic.pk).update(region="SCT")
    address = reverse("clinic:holidays") + "?year=2027"
    page = client.get(address).content.decode()
    assert "Mon 4 Jan 2027 · New Year Holiday (observed)" in page
    assert "(not an opening day anyway)" in page  # Saturday 2 January
    assert not ClosedDay.objects.exists()
    shown = client.post(address, {"days": ["2027-01-01", "2027-01-04"]})["Location"]
    assert not ClosedDay.objects.exists()
    query = QueryDict(urlsplit(shown).query)
    client.post(reverse("regimens:close_days"), {"on": query.getlist("on"), "why": query.getlist("why")})
    assert [str(day) for day in ClosedDay.objects.all()] == [
        "01 Jan 2027 · New Year's Day",
        "04 Jan 2027 · New Year Holiday (observed)",
    ]
    assert "(on the list already)" in client.get(address).content.decode()


@time_machine.travel("2026-11-22 09:00:00+00:00", tick=False)
def test_a_day_that_was_not_on_offer_is_refused(client, admin):
    answer = client.post(reverse("clinic:holidays") + "?year=2027", {"days": ["2027-03-17"]})
    assert answer.status_code == 422
    assert not ClosedDay.objects.exists()


@pytest.mark.parametrize("year", ["", "1999", "abc", "99999999999"])
def test_a_year_out_of_reach_leads_back_to_the_list(client, admin, year):
    answer = client.get(reverse("clinic:holidays"), {"year": year})
    assert (answer.status_code, answer["Location"]) == (302, reverse("clinic:closed_days"))


def test_a_clinic_without_a_known_country_is_sent_to_set_it(client, admin, clinic):
    Clinic.objects.filter(pk=clinic.pk).update(country="XX")
    year = AuditEvent.objects.count() + 2027
    answer = client.get(reverse("clinic:holidays"), {"year": year})
    assert answer["Location"] == reverse("clinic:set_up")


def test_somebody_is_added_and_stands_on_the_list(client, admin, clinic):
    answer = client.post(
        reverse("clinic:add_person"),
        {"email": "nora@example.org", "first_name": "Nora", "last_name": "Example", "roles": ["nurse"]},
        follow=True,
    )
    page = answer.content.decode()
    assert "a mail is on its way to nora@example.org" in page
    assert "Invited, no password yet" in page
    assert Pending.objects.filter(kind="accounts.invitation").count() == 1


def test_adding_a_member_again_keeps_what_was_typed(client, admin, clinic):
    a_user(clinic, "nurse", email="nora@example.org")
    typed = {"email": "nora@example.org", "first_name": "Nora", "last_name": "Typed", "roles": ["nurse"]}
    answer = client.post(reverse("clinic:add_person"), typed)
    assert answer.status_code == 422
    assert "belongs to this clinic already" in answer.content.decode()
    assert 'value="Typed"' in answer.content.decode()


def test_roles_are_changed_on_the_persons_page(client, admin, clinic):
    nurse = a_user(clinic, "nurse")
    address = reverse("clinic:person", args=[nurse.public_id])
    assert 'name="was" value="nurse"' in client.get(address).content.decode()
    client.post(address, {"roles": ["nurse", "prescriber"], "was": "nurse"})
    assert set(nurse.memberships.values_list("role", flat=True)) == {"nurse", "prescriber"}


def test_a_stale_page_of_roles_shows_the_present_ones(client, admin, clinic):
    nurse = a_user(clinic, "nurse", "prescriber")
    answer = client.post(
        reverse("clinic:person", args=[nurse.public_id]), {"roles": ["administrator"], "was": "nurse"}
    )
    assert answer.status_code == 409
    assert 'name="was" value="prescriber,nurse"' in answer.content.decode()


def test_the_last_administrator_is_told_why_they_stay(client, admin):
    address = reverse("clinic:person", args=[admin.public_id])
    answer = client.post(address, {"roles": ["nurse"], "was": "administrator"})
    assert answer.status_code == 422
    assert "without an administrator who can sign in" in answer.content.decode()
    answer = client.post(reverse("clinic:remove_person", args=[admin.public_id]), {"reason": "Leaving."})
    assert answer.status_code == 422
    assert admin.memberships.get().role == "administrator"


def test_removal_without_a_reason_asks_for_one(client, admin, clinic):
    nurse = a_user(clinic, "nurse")
    answer = client.post(reverse("clinic:remove_person", args=[nurse.public_id]), {"reason": ""})
    assert answer.status_code == 422
    assert "Say why; the reason is kept on the audit trail." in answer.content.decode()


def test_what_somebody_removed_had_open_ends_with_the_next_request(client, admin, clinic, django_client=None):
    nurse = a_user(clinic, "nurse")
    theirs = signed_in(client.__class__(), nurse)
    assert theirs.get(reverse("regimens:protocols")).status_code == 200
    client.post(reverse("clinic:remove_person", args=[nurse.public_id]), {"reason": "Left."})
    answer = theirs.get(reverse("regimens:protocols"))
    assert (answer.status_code, answer["Location"][:16]) == (302, "/accounts/login/")


def test_a_role_taken_away_is_gone_with_the_next_request(client, admin, clinic):
    other = a_user(clinic, "administrator", "nurse")
    theirs = signed_in(client.__class__(), other)
    assert theirs.get(reverse("regimens:audit")).status_code == 200
    client.post(
        reverse("clinic:person", args=[other.public_id]), {"roles": ["nurse"], "was": "nurse,administrator"}
    )
    assert theirs.get(reverse("regimens:audit")).status_code == 403


def test_somebody_of_two_clinics_changes_over(client, admin, clinic):
    second = a_clinic(name="Zebra Clinic")
    Membership.objects.create(user=admin, clinic=second, role="nurse")
    assert "Work in Zebra Clinic" in client.get(reverse("clinic:switch")).content.decode()
    before = client.session.session_key
    assert client.post(reverse("clinic:switch"), {"clinic": second.public_id}).status_code == 302
    assert client.session["clinic_id"] == second.pk
    assert client.session.session_key != before
    assert client.get(reverse("clinic:set_up")).status_code == 403  # a nurse there
    assert AuditEvent.objects.get(action="clinic.entered").clinic == second


@pytest.mark.parametrize("wanted", ["", "nonsense", "00000000-0000-0000-0000-000000000007"])
def test_nobody_enters_a_clinic_they_do_not_belong_to(client, admin, wanted):
    canary = a_clinic(name="Canary Clinic")
    for value in (wanted, canary.public_id):
        answer = client.post(reverse("clinic:switch"), {"clinic": value})
        assert answer.status_code == 404
        assert "Canary" not in answer.content.decode()
    assert "clinic_id" not in client.session


def test_a_clinic_one_no_longer_belongs_to_is_left_with_the_next_request(client, admin, clinic):
    second = a_clinic(name="Zebra Clinic")
    there = Membership.objects.create(user=admin, clinic=second, role="administrator")
    client.post(reverse("clinic:switch"), {"clinic": second.public_id})
    assert "Zebra Clinic" in client.get(reverse("clinic:set_up")).content.decode()
    there.delete()
    assert "Zebra Clinic" not in client.get(reverse("clinic:set_up")).content.decode()


def test_a_members_list_shows_roles_and_second_factor(client, admin, clinic):
    a_user(clinic, "nurse", "prescriber", first_name="Nora", last_name="Example")
    page = client.get(reverse("clinic:people")).content.decode()
    assert "Prescriber, Nurse" in page
    assert User.objects.count() == 2
