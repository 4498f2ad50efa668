"""The preparations of a clinic."""

from django.db.models import QuerySet

from b12clinic.accounts.models import Clinic
from regimens.models import Product


def formulary_of(clinic: Clinic) -> QuerySet[Product]:
    """A clinic's products, those in use first, by drug and name."""
    return Product.objects.filter(clinic=clinic).order_by("-in_use", "drug", "name")


def is_outside_formulary(clinic_id: int, name: str) -> bool:
    """Whether a clinic keeps a formulary and no product in use there goes by this name."""
    names = list(Product.objects.filter(clinic=clinic_id, in_use=True).values_list("name", flat=True))
    return bool(names) and name not in names
