"""Keep a clinic's list of preparations: add one, take one out of use, bring one back."""

from datetime import datetime

from django.db import IntegrityError, transaction

from b12clinic.accounts.models import Clinic, User
from b12clinic.accounts.services import audit
from regimens.models import Product

NUMBER_TAKEN = "Another product of the formulary has this article number, perhaps one out of use."


class NotInFormulary(ValueError):
    """Why the list stays as it is; the sentence says what to do."""


@transaction.atomic
def add_product(
    *,
    clinic: Clinic,
    name: str,
    drug: str,
    mcg_per_ml: int,
    holds_benzyl_alcohol: bool,
    gtin: str = "",
    by: User,
    at: datetime,
) -> Product:
    """Add a preparation with its strength in micrograms per millilitre. gtin: its article number, 14 digits, or nothing.

    Raises NotInFormulary for a name or an article number taken.
    """
    about = {
        "name": name,
        "drug": drug,
        "mcg_per_ml": mcg_per_ml,
        "holds_benzyl_alcohol": holds_benzyl_alcohol,
        "gtin": gtin,
    }
    if Product.objects.filter(clinic=clinic, gtin=gtin).exclude(gtin="").exists():
        raise NotInFormulary(NUMBER_TAKEN)
    try:
        with transaction.atomic():
            product = Product.objects.create(clinic=clinic, **about)
    except IntegrityError as taken:
        raise NotInFormulary(
            "The formulary has a product of this name, perhaps out of use; bring it back or choose another name."
        ) from taken
    audit.note(
        at=at, clinic=clinic, by=by, action="product.added", subject=f"product:{product.pk}", after=about
    )
    return product


@transaction.atomic
def attach_number(*, product: Product, gtin: str, by: User, at: datetime) -> None:
    """Give a preparation the article number on its box, 14 digits, instead of the one it had.

    Raises NotInFormulary when another product of the clinic has it.
    """
    before = product.gtin
    try:
        with transaction.atomic():
            Product.objects.filter(pk=product.pk).update(gtin=gtin)
    except IntegrityError as taken:
        raise NotInFormulary(NUMBER_TAKEN) from taken
    audit.note(
        at=at,
        clinic=product.clinic,
        by=by,
        action="product.number_attached",
        subject=f"product:{product.pk}",
        before={"name": product.name, "gtin": before},
        after={"name": product.name, "gtin": gtin},
    )


@transaction.atomic
def retire_product(*, product: Product, reason: str, by: User, at: datetime) -> None:
    """Offer a preparation no longer when an injection is recorded; what was recorded keeps its name.

    Raises NotInFormulary without a reason, or when it is out of use already.
    """
    if not reason.strip():
        raise NotInFormulary("Say why the product is taken out of use.")
    _turn(product, in_use=False, action="product.retired", reason=reason.strip(), by=by, at=at)


@transaction.atomic
def restore_product(*, product: Product, by: User, at: datetime) -> None:
    """Offer a preparation again. Raises NotInFormulary when it is in use already."""
    _turn(product, in_use=True, action="product.restored", reason="", by=by, at=at)


def _turn(product: Product, *, in_use: bool, action: str, reason: str, by: User, at: datetime) -> None:
    """The change is made once, whoever comes first."""
    turned = Product.objects.filter(pk=product.pk, in_use=not in_use).update(in_use=in_use)
    if not turned:
        raise NotInFormulary(f"{product.name} is {'in' if in_use else 'out of'} use already.")
    audit.note(
        at=at,
        clinic=product.clinic,
        by=by,
        action=action,
        subject=f"product:{product.pk}",
        before={"name": product.name, "in_use": not in_use},
        after={"name": product.name, "in_use": in_use},
        reason=reason,
    )
