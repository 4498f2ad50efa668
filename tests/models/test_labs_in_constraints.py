"""What the database refuses of symptom scores, the inbox, laboratory files and their waiting rows; each beside what it allows."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from monitoring.models import InboxItem, LabFile, LabProfile, ReportedUnit, SymptomScore, WaitingRow
from tests.factories.labs import a_result
from tests.factories.people import a_clinic, a_patient, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
DIGEST = "0" * 64


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse")


@pytest.fixture
def clinic(nurse):
    return nurse.memberships.get().clinic


def accepts(model, **fields):
    """Whether the database takes a new row."""
    try:
        with transaction.atomic():
            model.objects.create(**fields)
    except IntegrityError:
        return False
    return True


def a_file(clinic, **fields):
    return {"clinic": clinic, "name": "a.csv", "digest": DIGEST, "content": b"x", "received_at": AT} | fields


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({}, True),
        ({"fatigue": 10, "balance": 0}, True),
        ({"fatigue": 11}, False),
        ({"numbness": 11}, False),
        ({"balance": 11}, False),
        ({"cognition": 11}, False),
        ({"entered_in_error": True, "why": "Another patient"}, False),  # it corrects no row
    ],
)
def test_symptom_scores_run_from_0_to_10(clinic, nurse, fields, taken):
    score = {"on": date(2026, 1, 5), "fatigue": 5, "numbness": 5, "balance": 5, "cognition": 5} | fields
    assert accepts(SymptomScore, patient=a_patient(clinic), clinic=clinic, by=nurse, at=AT, **score) is taken


@pytest.mark.parametrize(("why", "taken"), [("Typed the wrong way round", True), ("", False)])
def test_a_corrected_score_says_why(clinic, nurse, why, taken):
    score = {"on": date(2026, 1, 5), "fatigue": 5, "numbness": 5, "balance": 5, "cognition": 5}
    score |= {"patient": a_patient(clinic), "clinic": clinic, "by": nurse, "at": AT}
    first = SymptomScore.objects.create(**score)
    assert accepts(SymptomScore, **score, corrects=first, why=why) is taken


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({}, True),
        ({"critical": True}, False),
        ({"critical": True, "abnormal": True}, True),
        ({"acknowledged_at": AT}, False),
    ],
)
def test_an_item_of_the_inbox(clinic, fields, taken):
    result = a_result(a_patient(clinic), "potassium", "4.1", "mmol/L")
    item = {"result": result, "clinic": clinic, "abnormal": False, "arrived_at": AT} | fields
    assert accepts(InboxItem, **item) is taken


def test_an_item_is_acknowledged_by_somebody(clinic, nurse):
    result = a_result(a_patient(clinic), "potassium", "4.1", "mmol/L")
    item = {"result": result, "clinic": clinic, "abnormal": False, "arrived_at": AT}
    assert accepts(InboxItem, **item, acknowledged_at=AT, acknowledged_by=nurse)


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({}, True),
        ({"format": "hl7"}, True),
        ({"format": "docx"}, False),
        ({"state": "lost"}, False),
        ({"state": "refused"}, False),
        ({"state": "refused", "refusal": "This is a picture."}, True),
        ({"refusal": "This is a picture."}, False),
        ({"state": "imported"}, False),
        ({"state": "imported", "imported_at": AT}, True),
        ({"imported_at": AT}, False),
    ],
)
def test_a_file(clinic, fields, taken):
    assert accepts(LabFile, **a_file(clinic, **fields)) is taken


def test_the_same_bytes_are_one_file_of_a_clinic(clinic):
    assert accepts(LabFile, **a_file(clinic))
    assert not accepts(LabFile, **a_file(clinic, name="b.csv"))
    assert accepts(LabFile, **a_file(a_clinic()))


def test_a_laboratorys_profile_has_a_name_of_its_own(clinic):
    assert not accepts(LabProfile, clinic=clinic, name="")
    assert accepts(LabProfile, clinic=clinic, name="Hill Lab")
    assert not accepts(LabProfile, clinic=clinic, name="Hill Lab")


def test_a_waiting_row_is_settled_by_a_result_or_a_reason(clinic, nurse):
    file = LabFile.objects.create(**a_file(clinic))
    row = {"file": file, "fate": "unknown_patient", "sentence": "No such patient.", "said": {}}
    settled = {"settled_at": AT, "settled_by": nurse}
    result = a_result(a_patient(clinic), "potassium", "4.1", "mmol/L")
    assert accepts(WaitingRow, **row, number=1)
    assert not accepts(WaitingRow, **row, number=1)
    assert not accepts(WaitingRow, **row, number=2, **settled)
    assert accepts(WaitingRow, **row, number=2, **settled, why="Not ours")
    assert accepts(WaitingRow, **row, number=3, **settled, result=result)
    assert not accepts(WaitingRow, **row, number=4, why="Not ours")


def test_a_laboratory_reports_an_analyte_last_in_one_unit(clinic):
    hill, vale = (LabProfile.objects.create(clinic=clinic, name=name) for name in ("Hill Lab", "Vale Lab"))
    assert accepts(ReportedUnit, laboratory=hill, analyte="mcv", unit="fL")
    assert not accepts(ReportedUnit, laboratory=hill, analyte="mcv", unit="fL")
    assert accepts(ReportedUnit, laboratory=vale, analyte="mcv", unit="fL")
    assert not accepts(ReportedUnit, laboratory=vale, analyte="", unit="fL")
    assert not accepts(ReportedUnit, laboratory=vale, analyte="potassium", unit="")


@pytest.mark.parametrize(("mark", "taken"), [(".", True), (",", True), ("", False), ("'", False)])
def test_a_decimal_mark_is_a_point_or_a_comma(clinic, mark, taken):
    assert accepts(LabProfile, clinic=clinic, name="Hill Lab", decimal_mark=mark) is taken


@pytest.mark.parametrize(
    ("came_by", "taken"), [("", True), ("folder", True), ("command", True), ("post", False)]
)
def test_a_file_comes_by_a_door_that_is_known(clinic, came_by, taken):
    assert accepts(LabFile, **a_file(clinic, came_by=came_by)) is taken
