"""Article numbers of boxes: checked digit by digit, one product each, attached by whoever sets up the clinic."""

import pytest
from django.urls import reverse

from b12clinic.accounts.models import AuditEvent
from regimens.models import Product
from tests.factories.people import a_clinic, a_user, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.data]

NUMBER = "09501101530003"


@pytest.fixture
def admin(client):
    admin = a_user(a_clinic(), "administrator")
    signed_in(client, admin)
    return admin


@pytest.fixture
def product(admin):
    return a_product(admin.memberships.get().clinic)


def a_product(clinic, name="Hydroxocobalamin 1 mg/mL", **fields):
    return Product.objects.create(
        clinic=clinic, name=name, drug="hydroxocobalamin", mcg_per_ml=1000, **fields
    )


def add(client, gtin):
    form = {"name": "Another", "drug": "hydroxocobalamin", "mcg_per_ml": "1000", "gtin": gtin}
    return client.post(reverse("regimens:formulary"), form)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (NUMBER, NUMBER),
        ("9501101530003", NUMBER),
        (" 950110 153000-3 ", NUMBER),
        ("", ""),
    ],
)
def test_a_number_is_kept_as_14_digits(client, admin, typed, kept):
    assert add(client, typed).status_code == 302
    assert Product.objects.get().gtin == kept


@pytest.mark.parametrize("typed", ["9501101530004", "950110153000", "no number", "1"])
def test_a_number_whose_digits_are_wrong_is_refused(client, admin, typed):
    answer = add(client, typed)

    assert answer.status_code == 422 and b"This is no article number" in answer.content
    assert not Product.objects.exists()


def test_two_products_do_not_share_a_number(client, product):
    product.gtin = NUMBER
    product.save()

    answer = add(client, NUMBER)

    assert answer.status_code == 422 and b"Another product of the formulary has this" in answer.content
    assert Product.objects.count() == 1


def test_a_scanned_number_is_attached_to_a_product(client, product):
    page = client.get(f"{reverse('regimens:formulary')}?gtin={NUMBER}").content
    answer = client.post(reverse("regimens:attach_number"), {"product": product.pk, "gtin": NUMBER})

    product.refresh_from_db()
    assert b"Attach an article number" in page and NUMBER.encode() in page
    assert answer.status_code == 302 and product.gtin == NUMBER
    event = AuditEvent.objects.get(action="product.number_attached")
    assert (event.before["gtin"], event.after["gtin"]) == ("", NUMBER)


def test_a_number_of_another_product_is_not_attached(client, product):
    a_product(product.clinic, "Other", gtin=NUMBER)

    answer = client.post(reverse("regimens:attach_number"), {"product": product.pk, "gtin": NUMBER})

    product.refresh_from_db()
    assert answer.status_code == 422 and product.gtin == ""


def test_a_product_of_another_clinic_gets_no_number(client, admin):
    theirs = a_product(a_clinic())

    answer = client.post(reverse("regimens:attach_number"), {"product": theirs.pk, "gtin": NUMBER})

    theirs.refresh_from_db()
    assert answer.status_code == 422 and theirs.gtin == ""


def test_a_nurse_attaches_none(client, product):
    signed_in(client, a_user(product.clinic, "nurse"))

    answer = client.post(reverse("regimens:attach_number"), {"product": product.pk, "gtin": NUMBER})

    assert answer.status_code == 403
