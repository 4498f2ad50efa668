"""Tell the demo clinic's stories through the same services that the pages use, dated from the day given."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4

from django.db import transaction
from stdnum.gb import nhs

from b12clinic.accounts.models import Clinic, Membership, Role, User
from b12clinic.patients.models import IdentifierScheme, Patient
from b12clinic.patients.services.details import PatientDetails
from b12clinic.patients.services.health import AllergyGiven, HealthGiven, MedicineGiven
from b12clinic.patients.services.note_death import note_death
from b12clinic.patients.services.note_move import note_move
from b12clinic.patients.services.register_patient import register_patient
from monitoring.interpretation.entry import Entry
from monitoring.models import Recheck
from monitoring.services.answer_rechecks import answer_by_note
from monitoring.services.record_results import record_results
from regimens.demo.cast import CAST, RECOVERED, REVIEWED, Character
from regimens.facts import Judgement
from regimens.models import Dose, Product, Regimen
from regimens.planning import Adjustment, blocks, first_day, recommendation_for
from regimens.services.assess import assess
from regimens.services.late_alerts import ask_for_decisions
from regimens.services.record_administration import Injection, record_given, record_not_given
from regimens.services.record_contact_attempt import Attempt, record_contact_attempt
from regimens.services.sign_regimen import sign_regimen

CLINIC_NAME = "Elmwood Demo Clinic"
PASSWORD = "demo clinic sign-in"  # noqa: S105  printed for everybody
PEOPLE = (
    ("doctor", "Robin", "Demo-Prescriber", (Role.PRESCRIBER,)),
    ("nurse", "Sam", "Demo-Nurse", (Role.NURSE,)),
    ("admin", "Alex", "Demo-Administrator", (Role.ADMINISTRATOR,)),
)
PRODUCT = "Hydroxocobalamin 1 mg/mL ampoule"
SITES = (
    ("deltoid", "left"),
    ("deltoid", "right"),
    ("vastus_lateralis", "left"),
    ("vastus_lateralis", "right"),
)


@transaction.atomic
def tell(today: date) -> Clinic:
    """Make the clinic, its people and every story of the cast, as if each had happened on its own day."""
    clinic = Clinic.objects.create(
        name=CLINIC_NAME, contact_email="clinic@example.org", contact_phone="020 7946 0000"
    )
    Product.objects.create(clinic=clinic, name=PRODUCT, drug="hydroxocobalamin", mcg_per_ml=1000)
    Product.objects.create(
        clinic=clinic,
        name="Cyanocobalamin 1,000 mcg/mL vial",
        drug="cyanocobalamin",
        mcg_per_ml=1000,
        holds_benzyl_alcohol=True,
    )
    staff = {
        username: _person(clinic, username, first, last, roles) for username, first, last, roles in PEOPLE
    }
    numbers = reserved_nhs_numbers()
    for place, character in enumerate(CAST):
        _live(character, place, numbers, clinic, staff, today)
    ask_for_decisions(clinic=clinic, at=noon(today), today=today)
    return clinic


def reserved_nhs_numbers() -> Iterator[str]:
    """NHS numbers that are well formed and never issued: those that begin with 999."""
    return (number for number in map(str, range(9990000000, 10000000000)) if nhs.is_valid(number))


def _person(clinic: Clinic, username: str, first: str, last: str, roles: tuple[str, ...]) -> User:
    user = User.objects.create_user(
        username=username,
        email=f"{username}@example.org",
        password=PASSWORD,
        first_name=first,
        last_name=last,
    )
    Membership.objects.bulk_create(Membership(user=user, clinic=clinic, role=role) for role in roles)
    return user


def noon(day: date) -> datetime:
    """Midday, UTC: the same calendar day in the clinic's zone."""
    return datetime.combine(day, time(12, 0), tzinfo=UTC)


def _live(
    character: Character,
    place: int,
    numbers: Iterator[str],
    clinic: Clinic,
    staff: dict[str, User],
    today: date,
) -> None:
    first_seen = today - timedelta(
        days=max([days for days, _ in character.labs] + [character.assessed or 0]) + 1
    )
    patient = _register(character, place, numbers, clinic, staff["admin"], first_seen)
    labs = [(today - timedelta(days=days), entries) for days, entries in character.labs]
    assessed_on = today - timedelta(days=character.assessed) if character.assessed is not None else None
    for taken_on, entries in labs:
        if assessed_on is None or taken_on <= assessed_on:
            _labs(patient, taken_on, entries, _typist(staff, taken_on, today))
    if assessed_on is None:
        return
    regimen = _plan(character, patient, staff["doctor"], assessed_on)
    if regimen is not None and character.given_until is not None:
        _give(regimen, staff["nurse"], until=today - timedelta(days=character.given_until))
        _recheck(patient, staff["doctor"], until=today - timedelta(days=character.given_until))
    for taken_on, entries in labs:
        if taken_on > assessed_on:
            _labs(patient, taken_on, entries, _typist(staff, taken_on, today))
    if regimen is not None and character.did_not_attend is not None:
        _miss(regimen, staff["nurse"], on=today - timedelta(days=character.did_not_attend))
    if regimen is not None:
        _try_to_reach(character, regimen, staff["nurse"], today)
    if character.gone:
        _leave(character, patient, staff["admin"], today - timedelta(days=30))


def _typist(staff: dict[str, User], taken_on: date, today: date) -> User:
    """The nurse types this week's, which wait in the inbox; what is older the doctor has seen."""
    return staff["nurse" if taken_on > today - timedelta(days=7) else "doctor"]


def _register(
    character: Character, place: int, numbers: Iterator[str], clinic: Clinic, by: User, on: date
) -> Patient:
    slug = character.name.lower().replace(" ", ".")
    return register_patient(
        clinic=clinic,
        details=PatientDetails(
            name=character.name,
            born_on=date(*character.born),
            sex=character.sex,
            weight_kg=Decimal("72") if character.sex == "female" else Decimal("81"),
            email=f"{slug}@example.org" if character.email else "",
            phone=f"07700 900{place:03d}",
            consents_to_email=character.email,
            consent_noted_on=on if character.email else None,
        ),
        identifiers={IdentifierScheme.NHS_NUMBER: next(numbers)},
        health=HealthGiven(
            allergies_asked=True,
            allergies=tuple(AllergyGiven(substance) for substance in character.allergies),
            conditions=character.conditions,
            medicines=tuple(MedicineGiven(code) for code in character.medicines),
        ),
        by=by,
        at=noon(on),
        today=on,
    )


def _labs(patient: Patient, taken_on: date, entries: Sequence[Entry], by: User) -> None:
    sure = tuple(
        replace(entry, confirmed_because="Unit read off the laboratory's report") for entry in entries
    )
    record_results(patient=patient, taken_on=taken_on, entries=sure, by=by, at=noon(taken_on), today=taken_on)


def _plan(character: Character, patient: Patient, by: User, on: date) -> Regimen | None:
    assessment = assess(
        patient=patient,
        judgement=Judgement(
            cause=character.cause,
            certainty=character.certainty,
            cause_detail=character.detail,
            neuro=character.neuro,
            pregnancy="none",
            gestation_weeks=None,
            findings=frozenset(character.findings),
            continues_course=False,
        ),
        guideline="uk",
        note="",
        by=by,
        at=noon(on),
        today=on,
    )
    if not character.protocol:
        return None
    recommendation = recommendation_for(assessment, character.protocol, on)
    return sign_regimen(
        assessment=assessment,
        protocol_code=character.protocol,
        adjustment=Adjustment(starts_on=first_day(recommendation) or on),
        overrides={
            finding.code: "Discussed with the patient; benefit outweighs the risk"
            for finding in blocks(recommendation)
        },
        replaces_because="",
        by=by,
        at=noon(on),
        today=on,
    )


def _waited_for(regimen: Regimen) -> Dose | None:
    return (
        Dose.objects.filter(phase__regimen=regimen, is_next=True)
        .select_related("phase__regimen", "clinic", "patient")
        .first()
    )


def _give(regimen: Regimen, by: User, until: date) -> None:
    """Every dose on its due day, up to and with a day."""
    turn = 0
    while (dose := _waited_for(regimen)) is not None and dose.due_on <= until:
        site, side = SITES[turn % len(SITES)]
        record_given(
            dose=dose,
            injection=Injection(
                given_on=dose.due_on,
                given_at=noon(dose.due_on) - timedelta(hours=2),
                drug=dose.phase.drug,
                dose_mcg=dose.phase.dose_mcg,
                route=dose.phase.route,
                product=PRODUCT,
                lot=f"DEMO{dose.due_on:%y%m}",
                expires_on=dose.due_on + timedelta(days=400),
                site=site,
                side=side,
                authority="prescription",
                reaction_grade="none",
            ),
            form_key=uuid4(),
            by=by,
            at=noon(dose.due_on),
            today=dose.due_on,
        )
        turn += 1


def _recheck(patient: Patient, by: User, until: date) -> None:
    """Every recheck that fell due while the patient still came: normal results, and a line for each review."""
    for recheck in Recheck.objects.filter(patient=patient, due_on__lte=until).order_by("due_on"):
        on = recheck.due_on
        entries = [entry for test in recheck.tests for entry in RECOVERED.get(test, ())]
        if entries:
            _labs(patient, on, entries, by)
        for test in set(recheck.tests) & set(REVIEWED):
            answer_by_note(
                recheck=recheck, test=test, note=REVIEWED[test], on=on, by=by, at=noon(on), today=on
            )


def _miss(regimen: Regimen, by: User, on: date) -> None:
    dose = _waited_for(regimen)
    if dose is not None:
        record_not_given(
            dose=dose,
            on=on,
            not_given_reason="did_not_attend",
            reason="Telephoned, no answer",
            next_action_on=None,
            form_key=uuid4(),
            by=by,
            at=noon(on),
            today=on,
        )


def _try_to_reach(character: Character, regimen: Regimen, by: User, today: date) -> None:
    dose = _waited_for(regimen)
    if dose is None:
        return
    for tried in character.tried:
        on = today - timedelta(days=tried.days_ago)
        next_in = tried.next_in
        attempt = Attempt(
            channel=tried.channel,
            outcome=tried.outcome,
            on=on,
            next_action_on=None if next_in is None else on + timedelta(days=next_in),
            note=tried.note,
        )
        record_contact_attempt(dose=dose, attempt=attempt, form_key=uuid4(), by=by, at=noon(on), today=on)


def _leave(character: Character, patient: Patient, by: User, on: date) -> None:
    patient.refresh_from_db()
    version, reason, at = patient.version, "Told by the practice", noon(on)
    if character.gone == "died":
        note_death(patient=patient, version=version, died_on=on, reason=reason, by=by, at=at, today=on)
    else:
        note_move(patient=patient, version=version, moved_on=on, reason=reason, by=by, at=at, today=on)
