"""A clinic's list of preparations."""

from datetime import UTC, datetime

import pytest

from b12clinic.accounts.models import AuditEvent
from regimens.models import Product
from regimens.services.formulary import NotInFormulary, add_product, restore_product, retire_product
from tests.factories.people import a_clinic, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def admin(clinic):
    return a_user(clinic, "administrator")


def add(clinic, by, name="Hydroxocobalamin 1 mg/mL"):
    return add_product(
        clinic=clinic,
        name=name,
        drug="hydroxocobalamin",
        mcg_per_ml=1000,
        holds_benzyl_alcohol=False,
        by=by,
        at=AT,
    )


def test_a_product_is_added_with_its_strength(clinic, admin):
    product = add(clinic, admin)
    assert (product.mcg_per_ml, product.in_use) == (1000, True)
    assert AuditEvent.objects.get().after == {
        "name": "Hydroxocobalamin 1 mg/mL",
        "drug": "hydroxocobalamin",
        "mcg_per_ml": 1000,
        "holds_benzyl_alcohol": False,
        "gtin": "",
    }


def test_a_name_is_taken_once_in_a_clinic(clinic, admin):
    add(clinic, admin)
    with pytest.raises(NotInFormulary, match="of this name"):
        add(clinic, admin)
    add(a_clinic(), admin)
    assert Product.objects.count() == 2


def test_a_product_is_retired_with_a_reason_and_brought_back(clinic, admin):
    product = add(clinic, admin)
    with pytest.raises(NotInFormulary, match="Say why"):
        retire_product(product=product, reason=" ", by=admin, at=AT)
    retire_product(product=product, reason="Batch recalled.", by=admin, at=AT)
    product.refresh_from_db()
    assert not product.in_use
    assert AuditEvent.objects.get(action="product.retired").reason == "Batch recalled."
    restore_product(product=product, by=admin, at=AT)
    product.refresh_from_db()
    assert product.in_use


def test_a_product_is_not_retired_twice(clinic, admin):
    product = add(clinic, admin)
    retire_product(product=product, reason="Batch recalled.", by=admin, at=AT)
    with pytest.raises(NotInFormulary, match="out of use already"):
        retire_product(product=product, reason="Again.", by=admin, at=AT)
    with pytest.raises(NotInFormulary, match="in use already"):
        restore_product(product=product, by=admin, at=AT)
        restore_product(product=product, by=admin, at=AT)
