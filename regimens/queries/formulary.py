"""The preparations of a clinic."""

from django.db.models import QuerySet

from b12clinic.accounts.models import Clinic
from regimens.models import Product


def formulary_of(clinic: Clinic) -> QuerySet[Product]:
    """A clinic's products, those in use first, by drug and name."""
    return Product.objects.filter(clinic=clinic).order_by("-in_use", "drug", "name")
