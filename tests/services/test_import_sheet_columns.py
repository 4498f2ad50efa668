"""What a clinic sheet says of the product, the people, the questions asked and a second injection; and what a rule blocks."""

from datetime import date

import pytest

from b12clinic.patients.models import PatientAllergy
from monitoring.models import Alert
from regimens.models import Administration, Product
from regimens.services.import_sheet import NotImported
from regimens.sheet_cells import read_day, read_expiry
from regimens.sheet_check import Fate, weigh
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen, give, next_dose
from tests.services.test_import_sheet import AT, NOT_GIVEN, TODAY, a_row, fate_of, run

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse", username="sam", first_name="Sam", last_name="Doe")


@pytest.fixture
def clinic(nurse):
    return nurse.memberships.get().clinic


@pytest.fixture
def dose(nurse, clinic):
    return next_dose(a_regimen(a_patient(clinic, name="Ada Paper"), nurse, starts_on=TODAY))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12/2027", date(2027, 12, 31)),
        ("02/2028", date(2028, 2, 29)),
        ("2/27", date(2027, 2, 28)),
        ("2027-06", date(2027, 6, 30)),
        ("Jun 2027", date(2027, 6, 30)),
        ("Dec-27", date(2027, 12, 31)),
        ("2027-06-15", date(2027, 6, 15)),
        ("13/2027", None),
    ],
)
def test_a_month_on_a_box_lasts_to_its_last_day(text, day):
    assert read_expiry(text, "GB") == day
    assert read_day("12/2027", "GB") is None


@pytest.mark.parametrize(
    ("cells", "fate"),
    [
        ({"expiry": "01/2026"}, Fate.GIVEN),
        ({"expiry": "12/2025"}, Fate.REFUSED),
        ({"expiry": "12/2025", "reason": "Nothing else in the house"}, Fate.GIVEN),
    ],
)
def test_a_month_has_expired_on_the_day_after_its_last(dose, clinic, cells, fate):
    assert fate_of(a_row(dose, **cells), clinic)[0] is fate


@pytest.mark.parametrize(
    ("site", "side", "told"),
    [
        ("left deltoid", "", ("deltoid", "left")),
        ("Deltoid R", "", ("deltoid", "right")),
        ("left deltoid", "L", ("deltoid", "left")),
        ("deltoid", "left", ("deltoid", "left")),
    ],
)
def test_a_site_may_tell_the_side_too(dose, clinic, site, side, told):
    [weighed] = weigh([a_row(dose, site=site, side=side)], clinic, at=AT, today=TODAY)

    assert (weighed.injection.site, weighed.injection.side) == told


def test_two_sides_that_differ_are_asked_about(dose, clinic):
    assert fate_of(a_row(dose, site="left deltoid", side="right"), clinic) == (
        Fate.REFUSED,
        "The site says left, the side “right”: write one side.",
    )


def test_everything_that_is_wrong_with_a_row_is_told(dose, clinic):
    row = a_row(dose, lot="", expiry="", site="elbow", reaction="", time="ten", given_by="ZZ")

    fate, sentence = fate_of(row, clinic)

    assert fate is Fate.REFUSED
    for told in (
        "Bad time: write it as 14:05.",
        "The lot is missing.",
        "The expiry date is missing.",
        "The site “elbow” is not known",
        "Say whether there was a reaction",
        "“ZZ” fits nobody who gives injections here; write the username.",
    ):
        assert told in sentence


@pytest.mark.parametrize("written", ["SD", "s.d.", "sam", "SAM"])
def test_whoever_wrote_their_name_gave_it_and_not_whoever_reads_the_sheet(dose, clinic, nurse, written):
    desk = a_user(clinic, "nurse", first_name="Dora", last_name="Desk")

    run([a_row(dose, given_by=written)], clinic, desk)

    given = Administration.objects.get()
    assert (given.given_by, given.recorded_by) == (nurse, desk)


def test_where_nobody_is_named_whoever_reads_the_sheet_gave_it(dose, clinic, nurse):
    run([a_row(dose, given_by="")], clinic, nurse)

    assert Administration.objects.get().given_by == nurse


def test_initials_of_two_people_are_asked_about(dose, clinic, nurse):
    a_user(clinic, "prescriber", first_name="Sue", last_name="Day")
    a_user(a_clinic(), "nurse", first_name="Stan", last_name="Dunn")

    assert fate_of(a_row(dose), clinic)[1] == "“SD” fits 2 people (Sue Day, Sam Doe); write the username."


@pytest.fixture
def formulary(clinic):
    for name, drug in (("Hydroxo 1 mg", "hydroxocobalamin"), ("Cyano 1 mg", "cyanocobalamin")):
        Product.objects.create(clinic=clinic, name=name, drug=drug, mcg_per_ml=1000)


@pytest.mark.parametrize(
    ("product", "sentence"),
    [
        ("hydroxo 1 MG", "Will be recorded as given."),
        (None, "Will be recorded as given."),
        ("", "The product is missing; write one of: Hydroxo 1 mg."),
        (
            "Cyano 1 mg",
            "The product “Cyano 1 mg” is not in the formulary for this drug; write one of: Hydroxo 1 mg.",
        ),
    ],
)
def test_the_product_is_one_of_the_formulary(dose, clinic, formulary, product, sentence):
    assert fate_of(a_row(dose, product=product), clinic)[1] == sentence


def test_product_authority_and_who_asked_are_recorded(dose, clinic, nurse, formulary):
    run([a_row(dose, product="Hydroxo 1 mg", authority="PGD", asked="y sam")], clinic, nurse)

    given = Administration.objects.get()
    assert (given.product, given.authority) == ("Hydroxo 1 mg", "pgd")
    assert given.reason == (
        "From the clinic sheet 2026-01-14 08:00:00, written by Sam Doe, questions before giving asked by Sam Doe."
    )


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"authority": "leave"}, "The authority “leave” is not known; write prescription, PSD or PGD."),
        ({"asked": ""}, "Say that the questions before giving were asked, and by whom: “y SD”."),
        ({"asked": "n"}, "Say that the questions before giving were asked, and by whom: “y SD”."),
        ({"asked": "y ZZ"}, "“ZZ” fits nobody who gives injections here; write the username."),
        ({"asked": "yes"}, "Will be recorded as given."),
        ({"asked": "Y, SD", "authority": ""}, "Will be recorded as given."),
        ({"authority": "Patient group direction"}, "Will be recorded as given."),
    ],
)
def test_authority_and_the_questions_asked_are_read(dose, clinic, cells, sentence):
    assert fate_of(a_row(dose, **cells), clinic)[1] == sentence


def test_a_patient_whom_a_rule_blocks_wants_the_reason_and_raises_the_alert_of_the_page(dose, clinic, nurse):
    PatientAllergy.objects.create(patient=dose.patient, substance="hydroxocobalamin", noted_on=TODAY)

    fate, sentence = fate_of(a_row(dose), clinic)
    assert fate is Fate.REFUSED
    assert "llergy" in sentence and sentence.endswith("If it was given all the same, write the reason.")
    row = a_row(dose, reason="Tolerated before, doctor present")
    assert fate_of(row, clinic) == (
        Fate.GIVEN,
        "Will be recorded as given. A rule blocks it; the reason is written.",
    )

    run([row], clinic, nurse)

    alert = Alert.objects.get(rule="GIVEN_DESPITE_BLOCK")
    assert (alert.severity, alert.patient) == ("urgent", dose.patient)


def test_without_a_block_there_is_no_alert(dose, clinic, nurse):
    run([a_row(dose)], clinic, nurse)

    assert not Alert.objects.exists()


def test_a_second_injection_is_recorded_only_where_somebody_says_so(dose, clinic, nurse):
    give(dose.phase.regimen, nurse, TODAY)
    row = a_row(dose)

    [offered] = weigh([row], clinic, at=AT, today=TODAY)
    assert (offered.fate, offered.second, offered.is_ready) == (Fate.ALREADY, True, False)
    with pytest.raises(NotImported, match="Nothing on this sheet"):
        run([row], clinic, nurse)
    done = run([row], clinic, nurse, also={2})

    assert [each.sentence for each in done.rows] == ["Recorded as a second injection, with an alert."]
    extra = Administration.objects.get(dose=None)
    assert (extra.patient, extra.lot) == (dose.patient, "A123")
    assert Alert.objects.filter(rule="DOUBLE_INJECTION", severity="urgent").count() == 1
    assert fate_of(row, clinic) == (Fate.ALREADY, "Recorded already from this sheet.")
    with pytest.raises(NotImported):
        run([row], clinic, nurse, also={2})
    assert Administration.objects.count() == 2


@pytest.mark.parametrize("cells", [NOT_GIVEN | {"reason": "Unwell"}, {"lot": ""}])
def test_a_row_that_tells_of_no_whole_injection_offers_no_second_one(dose, clinic, nurse, cells):
    give(dose.phase.regimen, nurse, TODAY)

    [weighed] = weigh([a_row(dose, **cells)], clinic, at=AT, today=TODAY, also={2})

    assert (weighed.fate, weighed.second) == (Fate.ALREADY, False)
