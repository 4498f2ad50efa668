"""A search of the due list: in every band, by name, date of birth or number; who has no row is told of, with the reason."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from b12clinic.vocabulary import Drug, IntervalUnit, PhaseKind, Route
from regimens.models import Dose
from regimens.protocols.intervals import Interval
from regimens.protocols.phasespec import PhaseSpec
from regimens.services.pause_regimen import pause_regimen
from regimens.services.stop_regimen import stop_regimen
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import a_regimen

pytestmark = [pytest.mark.django_db, pytest.mark.data]

WEDNESDAY = datetime(2026, 1, 14, 9, 0, tzinfo=UTC)
TODAY = date(2026, 1, 14)
TABLETS = PhaseSpec(
    kind=PhaseKind.ORAL,
    drug=Drug.CYANOCOBALAMIN,
    dose_mcg=1000,
    route=Route.ORAL,
    interval=Interval(1, IntervalUnit.DAY),
    ends_when="Never.",
)


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(WEDNESDAY, tick=False):
        yield


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse")


@pytest.fixture
def clinic(nurse):
    return nurse.memberships.get().clinic


def page(client, nurse, query):
    return signed_in(client, nurse).get(f"/due/?{query}")


def found(answer):
    rows = [*answer.context["pinned"], *answer.context["rows"]]
    return [(row["name"], row["due"].partition(", ")[2]) for row in rows]


def absent(answer):
    return [(one["name"], one["why"]) for one in answer.context["absent"]]


def hamid(clinic, **fields):
    return a_patient(clinic, **{"name": "Hamid Dummy", "born_on": date(1944, 8, 19)} | fields)


def test_a_search_looks_in_every_band_and_says_which(client, nurse, clinic):
    for name, starts_on in (
        ("Hamid Late", date(2025, 12, 1)),
        ("Hamid Now", TODAY),
        ("Hamid Soon", date(2026, 1, 21)),
        ("Hamid Far", date(2026, 3, 2)),
    ):
        a_regimen(a_patient(clinic, name=name), nurse, starts_on=starts_on)

    answer = page(client, nurse, "q=hamid")

    assert found(answer) == [
        ("Hamid Late", "in “Long overdue”"),
        ("Hamid Now", "in “Due today”"),
        ("Hamid Soon", "in “Next 7 days”"),
        ("Hamid Far", "in “Later”"),
    ]
    assert [tab["label"] for tab in answer.context["tabs"] if tab["current"]] == ["All bands"]
    assert absent(answer) == []


def test_a_band_that_was_chosen_stays_chosen_and_the_others_are_told_of(client, nurse, clinic):
    a_regimen(hamid(clinic), nurse, starts_on=date(2026, 3, 2))

    answer = page(client, nurse, "q=hamid&band=today")

    assert found(answer) == []
    assert absent(answer) == [("Hamid Dummy", "due Mon 2 Mar, outside these filters")]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("19/08/1944", True),
        ("19 Aug 1944", True),
        ("1944-08-19", True),
        ("hamid 19/08/1944", True),
        ("20/08/1944", False),
        ("olga 19/08/1944", False),
        ("C 12", True),
        ("c12", True),
        ("C1 234", True),
        ("12", False),
        ("C", False),
        ("C1235", False),
    ],
)
def test_a_search_takes_a_date_of_birth_and_the_beginning_of_a_number(client, nurse, clinic, text, is_found):
    a_regimen(hamid(clinic, record_number="C1234"), nurse, starts_on=TODAY)
    a_regimen(a_patient(clinic, name="Olga Other"), nurse, starts_on=TODAY)

    assert found(page(client, nurse, f"q={text}")) == (
        [("Hamid Dummy", "in “Due today”")] if is_found else []
    )


def paused(nurse, regimen, until_on):
    pause_regimen(
        regimen=regimen,
        version=regimen.version,
        until_on=until_on,
        reason="Travel",
        by=nurse,
        at=WEDNESDAY,
        today=TODAY,
    )


@pytest.mark.parametrize(
    ("until_on", "why"),
    [(date(2026, 4, 15), "paused until Wed 15 Apr"), (None, "paused until a prescriber decides")],
)
def test_a_patient_whose_plan_rests_is_told_of_with_a_link_to_the_chart(client, nurse, clinic, until_on, why):
    patient = hamid(clinic)
    paused(nurse, a_regimen(patient, nurse, starts_on=TODAY), until_on)

    answer = page(client, nurse, "q=hamid")

    assert absent(answer) == [("Hamid Dummy", why)]
    assert f'<a href="/chart/{patient.public_id}/">Hamid Dummy</a>: {why}' in answer.content.decode()
    assert "Nobody here" not in answer.content.decode()


def test_a_patient_whose_plan_was_stopped_is_told_of(client, nurse, clinic):
    regimen = a_regimen(hamid(clinic), nurse, starts_on=TODAY)
    stop_regimen(regimen=regimen, version=1, reason="Declined", by=nurse, at=WEDNESDAY, today=TODAY)

    assert absent(page(client, nurse, "q=hamid")) == [("Hamid Dummy", "plan stopped on Wed 14 Jan")]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"died_on": date(2026, 1, 10)}, "died on Sat 10 Jan"),
        ({"moved_on": date(2026, 1, 10)}, "moved away on Sat 10 Jan"),
        ({}, "no plan is signed"),
    ],
)
def test_a_patient_who_left_or_has_no_plan_is_told_of(client, nurse, clinic, fields, why):
    hamid(clinic, **fields)

    assert absent(page(client, nurse, "q=hamid")) == [("Hamid Dummy", why)]


def test_a_patient_on_tablets_or_without_a_dose_is_told_of(client, nurse, clinic):
    a_regimen(hamid(clinic), nurse, TABLETS)
    a_regimen(hamid(clinic, name="Hamid Empty"), nurse, starts_on=TODAY)
    Dose.objects.update(is_next=False)

    assert absent(page(client, nurse, "q=hamid")) == [
        ("Hamid Dummy", "on tablets, no injection is planned"),
        ("Hamid Empty", "no injection is planned"),
    ]


def test_nobody_of_another_clinic_is_told_of(client, nurse, clinic):
    hamid(a_clinic())

    assert absent(page(client, nurse, "q=hamid")) == []
    assert "Nobody here" in page(client, nurse, "q=hamid").content.decode()


def test_without_words_nobody_is_told_of(client, nurse, clinic):
    hamid(clinic)

    assert absent(page(client, nurse, "band=overdue")) == []


def test_a_search_with_rows_and_others_takes_at_most_eight_queries(client, nurse, clinic):
    for number in range(40):
        a_regimen(
            hamid(clinic, name=f"Hamid {number}"),
            nurse,
            starts_on=date(2026, 1, 5),
            neurological=number % 2 == 0,
        )
    hamid(clinic)
    signed_in(client, nurse)

    with CaptureQueriesContext(connection) as caught:
        answer = client.get("/due/?q=hamid")

    assert (len(answer.context["pinned"]), len(answer.context["rows"]), len(absent(answer))) == (20, 20, 1)
    assert len(caught) <= 8
