"""What is offered while an injection is recorded: boxes used lately, the product of a scanned code, people, the last INR."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from b12clinic.accounts.models import Clinic, Role, User
from b12clinic.patients.models import Patient
from monitoring.models import Result
from regimens.box_code import UnreadableCode, read_box_code
from regimens.models import Administration, Dose, Outcome, Product, Revision, RevisionKind
from regimens.models.administration import Authority
from regimens.queries.directions import direction_in_force

_LOOKED_AT, BOXES = 100, 5


@dataclass(frozen=True, slots=True)
class Box:
    """What stands on a box of ampoules, under the id of the injection that it was last used for."""

    id: str
    product: str
    lot: str
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan led to. gtin: the article number that was read; sentence: what to tell; unknown: no product has it."""

    sentence: str
    gtin: str = ""
    product: str = ""
    lot: str = ""
    expires_on: date | None = None
    unknown: bool = False


def recent_boxes(clinic: Clinic, drug: str, today: date) -> list[Box]:
    """The boxes that a clinic used last, each once, the latest first; those expired are left out. No drug: of any."""
    used = Administration.objects.filter(
        clinic=clinic, outcome=Outcome.GIVEN, given_by__isnull=False, entered_in_error=False
    ).exclude(lot="")
    if drug:
        used = used.filter(drug=drug)
    latest = used.order_by("-id").values_list("public_id", "product", "lot", "expires_on")[:_LOOKED_AT]
    good = (row for row in latest if row[3] is None or row[3] >= today)
    return [Box(str(row[0]), *row[1:]) for row in _once(good)][:BOXES]


def _once(rows: Iterator[tuple[UUID, str, str, date | None]]) -> Iterator[tuple[UUID, str, str, date | None]]:
    seen = set()
    for row in rows:
        if row[1:] not in seen:
            seen.add(row[1:])
            yield row


def open_box(clinic: Clinic, public_id: str) -> Box | None:
    """The box of an injection of this clinic."""
    try:
        wanted = UUID(public_id)
    except ValueError:
        return None
    row = Administration.objects.filter(clinic=clinic, public_id=wanted).first()
    return Box(public_id, row.product, row.lot, row.expires_on) if row else None


def last_expiry(clinic: Clinic, product: str, lot: str) -> date | None:
    """The expiry date that this clinic recorded last for a product and lot; None where it recorded none."""
    used = Administration.objects.filter(clinic=clinic, lot=lot, product=product, expires_on__isnull=False)
    standing = used.filter(given_by__isnull=False, entered_in_error=False, corrected_by__isnull=True)
    return standing.order_by("-id").values_list("expires_on", flat=True).first()


def authority_of(dose: Dose, today: date) -> str:
    """What entitles to give a dose: the direction in force today, else the prescription of the prescriber who signed."""
    regimen = dose.phase.regimen
    if direction_in_force([regimen.pk], today):
        return Authority.PSD
    signed = Revision.objects.filter(regimen=regimen, kind=RevisionKind.SIGNED).select_related("by").last()
    signed_by_prescriber = signed is not None and signed.by.has_perm("regimens.sign_plan", dose.clinic)
    return Authority.PRESCRIPTION if signed_by_prescriber else ""


def product_of_code(clinic: Clinic, code: str) -> Scanned:
    """What the code on a box says, with the clinic's product of that article number."""
    try:
        box = read_box_code(code)
    except UnreadableCode as unreadable:
        return Scanned(str(unreadable))
    product = Product.objects.filter(clinic=clinic, gtin=box.gtin).first()
    if product is None:
        sentence = (
            f"No product of the formulary has the article number {box.gtin}; choose the product by hand."
        )
        return Scanned(sentence, box.gtin, "", box.lot, box.expires_on, unknown=True)
    missing = [name for name, value in (("lot", box.lot), ("expiry", box.expires_on)) if not value]
    sentence = f"Read: {product.name}." + (f" The code has no {' and no '.join(missing)}." if missing else "")
    if not product.in_use:
        sentence += " It is out of use in this clinic."
    return Scanned(sentence, box.gtin, product.name, box.lot, box.expires_on)


def who_may_give(clinic: Clinic) -> list[User]:
    """The members of a clinic who may have given an injection, by name."""
    return list(
        User.objects.filter(
            memberships__clinic=clinic,
            memberships__role__in=[Role.PRESCRIBER, Role.NURSE],
            is_active=True,
        )
        .distinct()
        .order_by("last_name", "first_name", "username")
    )


def last_inr(patient: Patient) -> Result | None:
    """The newest INR on record that stands."""
    return (
        Result.objects.filter(
            patient=patient, analyte="inr", superseded_by__isnull=True, entered_in_error=False
        )
        .order_by("-taken_on", "-id")
        .first()
    )
