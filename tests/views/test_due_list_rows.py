"""What a row of the due list says, and what is pinned above the rows."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from b12clinic.patients.models import PatientAllergy, PatientCondition, PatientMedicine
from regimens.models import Assessment, ContactAttempt, Direction
from regimens.services.pause_regimen import pause_regimen
from regimens.services.record_administration import record_not_given
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import EVERY_THREE_MONTHS, a_regimen, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

WEDNESDAY = datetime(2026, 1, 14, 9, 0, tzinfo=UTC)
TODAY = date(2026, 1, 14)


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


@pytest.fixture
def ada(clinic):
    return a_patient(clinic, name="Ada Row", record_number="C77")


def page(client, nurse, query=""):
    return signed_in(client, nurse).get(f"{reverse('regimens:due_list')}{query}")


def row_of(client, nurse, query=""):
    context = page(client, nurse, query).context
    [row] = [*context["pinned"], *context["rows"]]
    return row


def test_a_row_says_who_what_and_when(client, nurse, ada):
    a_regimen(ada, nurse, starts_on=TODAY)

    row = row_of(client, nurse)

    assert (row["name"], row["born"], row["identifier"]) == ("Ada Row", "2 Mar 1948", "C77")
    assert row["drug"] == "Hydroxocobalamin 1,000 mcg, intramuscular"
    assert row["count"] == "Loading 1 of 6"
    assert (row["standing"], row["window"]) == ("Due today", "window Tue 13 Jan to Thu 15 Jan")
    assert (row["last"], row["reaction"], row["order"]) == ("None yet", "", "Signed prescription")
    assert (row["tried"], row["called"]) == ("", "")


def test_an_open_ended_phase_says_so(client, nurse, ada):
    a_regimen(ada, nurse, EVERY_THREE_MONTHS, starts_on=TODAY)

    assert row_of(client, nurse)["count"] == "Maintenance 1, open-ended"


def test_risks_stand_in_words_with_a_sign_each(client, nurse, ada):
    for substance in ("cyanocobalamin", "benzyl_alcohol"):
        PatientAllergy.objects.create(patient=ada, substance=substance, noted_on=TODAY)
    PatientAllergy.objects.create(patient=ada, substance="cobalt", noted_on=TODAY, ended_on=TODAY)
    for code in ("leber_hereditary_optic_neuropathy", "haemophilia", "asthma"):
        PatientCondition.objects.create(patient=ada, code=code, noted_on=TODAY)
    for code in ("warfarin", "aspirin", "clopidogrel", "metformin"):
        PatientMedicine.objects.create(patient=ada, code=code, noted_on=TODAY)
    regimen = a_regimen(ada, nurse, starts_on=TODAY, neurological=True)
    Assessment.objects.filter(pk=regimen.assessment_id).update(pregnancy="pregnant")

    risks = row_of(client, nurse)["risks"]

    assert sorted((risk["kind"], risk["text"]) for risk in risks) == [
        ("block", "Allergy: Benzyl alcohol"),
        ("block", "Allergy: Cyanocobalamin"),
        ("block", "Leber optic neuropathy: no cyanocobalamin"),
        ("warn", "Anticoagulant: warfarin"),
        ("warn", "Bleeding disorder: haemophilia"),
        ("warn", "Bleeding risk: aspirin and clopidogrel"),
        ("warn", "Neurological"),
        ("warn", "Pregnant"),
    ]


@pytest.mark.parametrize(
    ("grade", "words", "said", "reacted"),
    [
        ("none", "", "No reaction", False),
        ("", "", "Reaction not recorded", False),
        ("2", "rash on the arm", "Last reaction: grade 2, moderate: rash on the arm", True),
    ],
)
def test_the_last_injection_says_where_and_how_it_was_borne(client, nurse, ada, grade, words, said, reacted):
    regimen = a_regimen(ada, nurse, starts_on=date(2026, 1, 12))
    give(regimen, nurse, date(2026, 1, 12), reaction_grade=grade, reaction=words)

    row = row_of(client, nurse)

    assert row["last"] == "Mon 12 Jan, left deltoid"
    assert (row["reaction"], row["reacted"]) == (said, reacted)


@pytest.mark.parametrize(
    ("asked_on", "words"), [(TODAY, "No known allergies"), (None, "Allergies not asked")]
)
def test_that_no_allergy_is_known_is_said_and_that_nobody_asked(client, nurse, ada, asked_on, words):
    ada.allergies_asked_on = asked_on
    ada.save()
    a_regimen(ada, nurse, starts_on=TODAY)

    assert row_of(client, nurse)["allergies"] == words
    assert words in signed_in(client, nurse).get("/due/sheet/").content.decode()
    PatientAllergy.objects.create(patient=ada, substance="cobalt", noted_on=TODAY)
    assert row_of(client, nurse)["allergies"] == ""


@pytest.mark.parametrize(
    ("from_on", "until_on", "ended_on", "words", "over"),
    [
        (date(2026, 1, 1), date(2026, 1, 14), None, "Direction valid until Wed 14 Jan", False),
        (
            date(2026, 1, 1),
            date(2026, 1, 13),
            None,
            "Direction expired Tue 13 Jan; signed prescription",
            True,
        ),
        (
            date(2026, 1, 15),
            date(2026, 2, 1),
            None,
            "Direction valid from Thu 15 Jan; signed prescription",
            False,
        ),
        (
            date(2026, 1, 1),
            date(2026, 2, 1),
            date(2026, 1, 14),
            "Direction ended Wed 14 Jan; signed prescription",
            True,
        ),
    ],
)
def test_the_order_in_force_is_said(client, nurse, ada, from_on, until_on, ended_on, words, over):
    regimen = a_regimen(ada, nurse, starts_on=TODAY)
    Direction.objects.create(
        regimen=regimen, from_on=from_on, until_on=until_on, ended_on=ended_on, by=nurse, at=WEDNESDAY
    )

    row = row_of(client, nurse)

    assert (row["order"], row["order_over"]) == (words, over)


def call(dose, nurse, outcome, on=TODAY, **fields):
    return ContactAttempt.objects.create(
        patient=dose.patient,
        clinic=dose.clinic,
        dose=dose,
        channel="phone",
        outcome=outcome,
        on=on,
        by=nurse,
        at=WEDNESDAY,
        **fields,
    )


def test_an_attempt_and_the_last_call_are_said(client, nurse, ada):
    dose = next_dose(a_regimen(ada, nurse, starts_on=TODAY))
    record_not_given(
        dose=dose,
        on=TODAY,
        not_given_reason="did_not_attend",
        reason="",
        next_action_on=date(2026, 1, 16),
        form_key="6f1f0d0e-6a55-5c56-9d4c-3f5b0f6f3a12",
        by=nurse,
        at=WEDNESDAY,
        today=TODAY,
    )
    call(dose, nurse, "no_answer", on=date(2026, 1, 13))
    call(dose, nurse, "agreed_to_visit")

    row = row_of(client, nurse)

    assert row["tried"] == "Tried today: did not attend, again Fri 16 Jan"
    assert row["called"] == "Called today: agreed to come"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?called=not_called", ["Ada Silent"]),
        ("?called=called_today", ["Ben Later"]),
        ("?called=agreed", ["Cat Agreed"]),
        ("?called=call_later", ["Ben Later"]),
        ("?called=call_later&as_of=2026-01-15", ["Ben Later"]),
    ],
)
def test_the_list_is_narrowed_by_what_the_calls_led_to(client, nurse, clinic, query, found):
    for name, told in (
        ("Ada Silent", []),
        (
            "Ben Later",
            [
                ("agreed_to_visit", date(2026, 1, 12), None),
                ("remind_to_call_later", TODAY, date(2026, 1, 15)),
            ],
        ),
        ("Cat Agreed", [("agreed_to_visit", date(2026, 1, 13), None)]),
    ):
        dose = next_dose(a_regimen(a_patient(clinic, name=name), nurse, starts_on=TODAY))
        for outcome, on, again in told:
            call(dose, nurse, outcome, on=on, next_action_on=again)

    assert [row["name"] for row in page(client, nurse, query).context["rows"]] == found


def test_neurological_loading_that_is_overdue_is_pinned_on_every_page(client, nurse, clinic):
    for number in range(60):
        a_regimen(a_patient(clinic, name=f"Person {number:02d}"), nurse, starts_on=date(2026, 1, 1))
    a_regimen(a_patient(clinic, name="Nell Nerve"), nurse, starts_on=date(2026, 1, 12), neurological=True)
    a_regimen(a_patient(clinic, name="Ned Intime"), nurse, starts_on=date(2026, 1, 13), neurological=True)

    first = page(client, nurse).context
    second = client.get(first["next_url"]).context

    for context in (first, second):
        assert [row["name"] for row in context["pinned"]] == ["Nell Nerve"]
    names = [row["name"] for context in (first, second) for row in context["rows"]]
    assert len(names) == len(set(names)) == 61
    assert "Nell Nerve" not in names
    assert len(first["pinned"]) + len(first["rows"]) == 50


def test_no_band_hides_an_overdue_neurological_loading(client, nurse, ada):
    a_regimen(ada, nurse, starts_on=date(2026, 1, 12), neurological=True)

    context = page(client, nurse, "?band=today").context

    assert context["pinned"] == []
    assert context["elsewhere"] == {
        "text": "1 neurological loading dose is overdue.",
        "url": f"/due/?clinic={ada.clinic.public_id}",
    }
    assert page(client, nurse, "?band=overdue").context["elsewhere"] is None


@pytest.mark.parametrize(("as_of", "named"), [("2026-01-12", False), ("2026-01-20", True)])
def test_the_list_of_a_day_ahead_tells_whose_pause_ends_by_then(client, nurse, ada, as_of, named):
    regimen = a_regimen(ada, nurse)
    pause_regimen(
        regimen=regimen,
        version=regimen.version,
        until_on=date(2026, 1, 20),
        reason="In hospital",
        by=nurse,
        at=datetime(2026, 1, 12, 9, 0, tzinfo=UTC),
        today=date(2026, 1, 12),
    )

    for address in ("/due/", "/due/sheet/"):
        shown = signed_in(client, nurse).get(f"{address}?as_of={as_of}").content
        assert (b"paused until Tue 20 Jan" in shown) is named


def test_an_overdue_dose_can_be_recorded_from_its_row(client, nurse, ada):
    dose = next_dose(a_regimen(ada, nurse, starts_on=date(2025, 11, 3)))

    body = page(client, nurse).content.decode()

    assert f'href="/due/{dose.public_id}/given/?at=2025-11-03.{dose.pk}"' in body
    assert client.get(f"/due/{dose.public_id}/given/").status_code == 200
    assert "disabled" not in body
