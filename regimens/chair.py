"""Everything around one injection while it is recorded: who sits there, who gives, when, and what is in the cupboard."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from b12clinic.accounts.models import Clinic, User
from b12clinic.patients.models import Patient
from regimens.models import Dose, Product


def _no_direction(on: date) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chair:
    """dose: the one waited for, None for an injection on top of the plan.

    has_direction: whether a patient-specific direction covers a day; asked only where one is named as the authority, and
    remembered.
    """

    patient: Patient
    clinic: Clinic
    user: User
    at: datetime
    today: date
    products: Sequence[Product] = ()
    people: Sequence[User] = ()
    dose: Dose | None = None
    has_direction: Callable[[date], bool] = field(default=_no_direction)

    def product_named(self, name: str) -> Product | None:
        """The product of the formulary that goes by this name."""
        return next((one for one in self.products if one.name == name), None)
