"""The tables that are filled and, for each, the columns in the order in which its rows are written."""

from dataclasses import dataclass

from django.db.models import Model

from b12clinic.accounts.models import Clinic, Membership, User
from b12clinic.patients.models import (
    Patient,
    PatientAllergy,
    PatientCondition,
    PatientIdentifier,
    PatientMedicine,
)
from monitoring.models import Recheck, RecheckAnswer, Result
from regimens.models import (
    Administration,
    Assessment,
    Dose,
    Phase,
    PlannedRecheck,
    Product,
    Regimen,
    Revision,
)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A model and the columns that a row gives; columns left out may be null or are filled by the database.

    plain: every value is a number, a day, a code or words of the seeder's own, so that nothing in it needs escaping.
    """

    model: type[Model]
    columns: tuple[str, ...]
    plain: bool = False

    @property
    def name(self) -> str:
        return self.model._meta.db_table


def _table(model: type[Model], columns: str, *, plain: bool = False) -> Table:
    return Table(model, tuple(columns.split()), plain)


CLINICS = _table(
    Clinic,
    "id public_id name time_zone country region default_pack open_weekdays contact_email contact_phone version",
)
USERS = _table(
    User,
    "id public_id username password email first_name last_name is_active is_staff is_superuser date_joined",
)
MEMBERSHIPS = _table(Membership, "id user_id clinic_id role")
PRODUCTS = _table(Product, "id clinic_id name drug mcg_per_ml holds_benzyl_alcohol in_use")
PATIENTS = _table(
    Patient,
    "id clinic_id public_id name name_key name_turned_key born_on sex weight_kg email phone postal_address "
    "consents_to_email consents_to_sms consents_to_letter consent_noted_on allergies_asked_on moved_on version",
    plain=True,
)
IDENTIFIERS = _table(PatientIdentifier, "id patient_id clinic_id scheme value", plain=True)
ALLERGIES = _table(PatientAllergy, "id patient_id substance reactions noted_on")
CONDITIONS = _table(PatientCondition, "id patient_id code noted_on", plain=True)
MEDICINES = _table(PatientMedicine, "id patient_id code dose since noted_on", plain=True)
ASSESSMENTS = _table(
    Assessment,
    "id public_id patient_id clinic_id cause certainty cause_detail neuro pregnancy findings note as_of facts by_id at",
)
REGIMENS = _table(
    Regimen,
    "id public_id patient_id clinic_id assessment_id state version lifelong neurological starts_on ended_on",
)
REVISIONS = _table(
    Revision,
    "id regimen_id number kind reason by_id at pack pack_version protocol protocol_snapshot policy_snapshot",
)
PHASES = _table(
    Phase,
    "id regimen_id ordinal kind drug dose_mcg route interval_count interval_unit doses_wanted ends_by finished_on review_on spec",
)
DOSES = _table(
    Dose,
    "id public_id phase_id clinic_id patient_id number earliest_on due_on overdue_on provisional state is_next urgent given_as_id",
    plain=True,
)
ADMINISTRATIONS = _table(
    Administration,
    "id public_id patient_id clinic_id regimen_id dose_id outcome given_on given_at drug dose_mcg route product lot "
    "expires_on site side authority given_by_id given_elsewhere reaction_grade reaction not_given_reason next_action_on "
    "reason entered_in_error recorded_by_id form_key",
    plain=True,
)
RESULTS = _table(
    Result,
    "id public_id patient_id analyte taken_on reported_value comparator unit number coded canonical "
    "unit_confirmed_because why entered_in_error recorded_by_id",
    plain=True,
)
RECHECKS = _table(
    Recheck,
    "id public_id patient_id clinic_id due_on answers_from tests why state ended_on dropped_because",
)
RECHECK_ANSWERS = _table(RecheckAnswer, "id recheck_id test result_id note answered_on")
PLANNED_RECHECKS = _table(PlannedRecheck, "id revision_id recheck_id")

IN_ORDER = (
    CLINICS,
    USERS,
    MEMBERSHIPS,
    PRODUCTS,
    PATIENTS,
    IDENTIFIERS,
    ALLERGIES,
    CONDITIONS,
    MEDICINES,
    ASSESSMENTS,
    REGIMENS,
    REVISIONS,
    PHASES,
    ADMINISTRATIONS,
    DOSES,
    RESULTS,
    RECHECKS,
    RECHECK_ANSWERS,
    PLANNED_RECHECKS,
)
"""Doses and administrations point at each other; both databases look at foreign keys when the transaction ends."""
