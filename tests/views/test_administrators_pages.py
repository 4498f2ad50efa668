"""Who may open which of the administrator's pages, and that nothing of another clinic shows on any of them."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.urls import reverse

from b12clinic.accounts.models import AuditEvent, ClosedDay, Membership
from regimens.models import Product
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import a_regimen

pytestmark = pytest.mark.django_db

NOBODY = str(UUID(int=7))
ADMINISTRATOR_ONLY = [
    ("get", reverse("clinic:set_up")),
    ("post", reverse("clinic:set_up")),
    ("get", reverse("clinic:closed_days")),
    ("post", reverse("clinic:closed_days")),
    ("get", reverse("regimens:close_days")),
    ("post", reverse("regimens:close_days")),
    ("get", reverse("clinic:holidays") + "?year=2027"),
    ("post", reverse("clinic:holidays") + "?year=2027"),
    ("post", reverse("clinic:reopen")),
    ("get", reverse("clinic:people")),
    ("get", reverse("clinic:add_person")),
    ("post", reverse("clinic:add_person")),
    ("get", reverse("clinic:person", args=[NOBODY])),
    ("post", reverse("clinic:person", args=[NOBODY])),
    ("post", reverse("clinic:remove_person", args=[NOBODY])),
    ("post", reverse("clinic:invite_again", args=[NOBODY])),
    ("get", reverse("regimens:formulary")),
    ("post", reverse("regimens:formulary")),
    ("post", reverse("regimens:retire_product")),
    ("post", reverse("regimens:restore_product")),
    ("get", reverse("regimens:audit")),
    ("get", reverse("regimens:reports")),
    ("get", reverse("regimens:follow_up_csv")),
]
EVERYBODY = [("get", reverse("regimens:protocols")), ("get", reverse("clinic:switch"))]
CANARY = "Quokka"  # no time zone has this name


def body_of(answer):
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


@pytest.mark.parametrize(("method", "address"), ADMINISTRATOR_ONLY)
def test_only_an_administrator_opens_it(client, method, address):
    clinic = a_clinic(name=f"{CANARY} Clinic Office")
    for roles in (["nurse"], ["prescriber"], ["nurse", "prescriber"]):
        signed_in(client, a_user(clinic, *roles))
        answer = getattr(client, method)(address)
        assert answer.status_code == 403
        assert "@example.org" not in body_of(answer)
    signed_in(client, a_user(clinic, "administrator"))
    assert getattr(client, method)(address).status_code in (200, 302, 404, 422)


@pytest.mark.parametrize(("method", "address"), EVERYBODY)
@pytest.mark.parametrize("role", ["nurse", "prescriber", "administrator"])
def test_every_role_opens_it(client, method, address, role):
    signed_in(client, a_user(a_clinic(), role))
    assert getattr(client, method)(address).status_code == 200


@pytest.mark.parametrize(("method", "address"), [*ADMINISTRATOR_ONLY, ("get", reverse("regimens:protocols"))])
def test_somebody_without_a_clinic_opens_nothing(client, method, address):
    signed_in(client, a_user(None))
    assert getattr(client, method)(address).status_code == 403


@pytest.mark.parametrize(("method", "address"), [*ADMINISTRATOR_ONLY, *EVERYBODY])
def test_a_page_answers_no_other_method(client, method, address):
    signed_in(client, a_user(a_clinic(), "administrator"))
    assert client.put(address).status_code == 405
    assert client.delete(address).status_code == 405
    if (("get" if method == "post" else "post"), address) not in [
        *ADMINISTRATOR_ONLY,
        ("post", reverse("clinic:switch")),
    ]:
        other = client.post if method == "get" else client.get
        if address != reverse("clinic:switch"):
            assert other(address).status_code == 405


@pytest.fixture
def stranger():
    """Another clinic with everything in it that must never show."""
    clinic = a_clinic(name=f"{CANARY} Elsewhere")
    person = a_user(
        clinic,
        "administrator",
        "prescriber",
        first_name=CANARY,
        last_name="Stranger",
        email="quokka@example.org",
    )
    patient = a_patient(clinic, name=f"{CANARY} Patient", record_number="QUOKKA-1")
    a_regimen(patient, person)
    ClosedDay.objects.create(clinic=clinic, on=date(2026, 12, 24), why=f"{CANARY} day")
    Product.objects.create(clinic=clinic, name=f"{CANARY} product", drug="hydroxocobalamin", mcg_per_ml=1000)
    AuditEvent.objects.create(
        at=datetime(2026, 11, 1, tzinfo=UTC),
        clinic=clinic,
        actor=person,
        action="patient.viewed",
        patient_id=patient.pk,
        reason=CANARY,
    )
    return {"clinic": clinic, "person": person, "patient": patient}


def test_no_page_shows_anything_of_another_clinic(client, stranger):
    signed_in(client, a_user(a_clinic(), "administrator"))
    person, patient = stranger["person"].public_id, stranger["patient"].public_id
    filters = f"?person={person}&patient={patient}&after={patient}&as_of=2026-01-06"
    for method, address in ADMINISTRATOR_ONLY:
        if method == "get":
            address = address if "?" in address else address + filters
            assert CANARY.lower() not in body_of(client.get(address)).lower(), address


def test_another_clinics_person_is_not_found_and_not_changed(client, stranger):
    signed_in(client, a_user(a_clinic(), "administrator"))
    person = stranger["person"]
    for name in ("clinic:person", "clinic:remove_person", "clinic:invite_again"):
        answer = client.post(
            reverse(name, args=[person.public_id]),
            {"roles": ["nurse"], "was": "prescriber,administrator", "reason": "Gone."},
        )
        assert answer.status_code == 404
        assert CANARY not in body_of(answer)
    assert set(person.memberships.values_list("role", flat=True)) == {"prescriber", "administrator"}


def test_another_clinics_product_is_not_found_and_not_changed(client, stranger):
    signed_in(client, a_user(a_clinic(), "administrator"))
    product = Product.objects.get(clinic=stranger["clinic"])
    for name in ("regimens:retire_product", "regimens:restore_product"):
        answer = client.post(reverse(name), {"product": product.pk, "reason": "Gone."})
        assert answer.status_code == 404
        assert CANARY not in body_of(answer)
    product.refresh_from_db()
    assert product.in_use


@pytest.mark.parametrize("product", ["", "x", "-1", "99999999999999999999999", "1 OR 1=1"])
def test_a_product_that_is_no_number_is_not_found(client, product):
    signed_in(client, a_user(a_clinic(), "administrator"))
    assert client.post(reverse("regimens:retire_product"), {"product": product}).status_code == 404


def test_a_form_cannot_carry_what_is_not_in_it(client, stranger):
    clinic = a_clinic(name="Harbour Clinic")
    signed_in(client, a_user(clinic, "administrator"))
    client.post(
        reverse("clinic:add_person"),
        {
            "email": "nora@example.org",
            "first_name": "Nora",
            "last_name": "Example",
            "roles": ["nurse"],
            "is_superuser": "1",
            "is_staff": "1",
            "clinic": stranger["clinic"].pk,
        },
    )
    member = Membership.objects.get(user__email="nora@example.org")
    assert member.clinic == clinic
    assert not member.user.is_superuser
    assert not member.user.is_staff
