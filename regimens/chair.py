"""Everything around one injection while it is recorded: who sits there, who gives, when, and what is in the cupboard."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from b12clinic.accounts.models import Clinic, User
from b12clinic.patients.models import Patient
from regimens.models import Dose, Product
from regimens.order_check import Earlier


def _no_direction(on: date) -> bool:
    return False


def _no_expiry(product: str, lot: str) -> date | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chair:
    """dose: the one waited for, None for an injection on top of the plan.

    medicines: the codes of what the patient takes. has_direction: whether a patient-specific direction covers a day; asked
    only where one is named as the authority, and remembered. last_expiry: the expiry that this clinic recorded last for a
    product and lot. earlier: the patient's injections that stand, oldest first; read when first asked for.
    """

    patient: Patient
    clinic: Clinic
    user: User
    at: datetime
    today: date
    products: Sequence[Product] = ()
    people: Sequence[User] = ()
    medicines: Sequence[str] = ()
    dose: Dose | None = None
    has_direction: Callable[[date], bool] = field(default=_no_direction)
    last_expiry: Callable[[str, str], date | None] = field(default=_no_expiry)
    earlier: Callable[[], Sequence[Earlier]] = field(default=tuple)

    def product_named(self, name: str) -> Product | None:
        """The product of the formulary that goes by this name."""
        return next((one for one in self.products if one.name == name), None)

    def lacks_product(self, name: str) -> bool:
        """Whether the clinic keeps a formulary and a product is not in it; without one nothing is unknown."""
        return bool(name and self.products) and self.product_named(name) is None
