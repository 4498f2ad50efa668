"""Every address of the product against every role and a stranger's clinic; a new address without a verdict fails here."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from b12clinic.accounts.models import AuditEvent, Role
from b12clinic.accounts.permissions import PERMISSIONS
from monitoring.models import LabProfile, SymptomScore, WaitingRow
from tests.factories.labs import a_recheck, a_result, an_alert
from tests.factories.messages import a_message
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import a_regimen, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

SIGNED_IN = "anybody signed in"
SIGNED = "whoever signs what they send"
SCORES = {"fatigue": 3, "numbness": 1, "balance": 0, "cognition": 2}
ASKED = {
    "regimens:adjust": {"protocol": "uk/standard"},
    "regimens:close_days": {"on": "2026-01-07", "why": "Training"},
    "patients:search": {"q": "Carla"},
    "messages:rung": {"kind": "missed_injection", "phase": "loading"},
    "messages:edit_wording": {"kind": "missed_injection", "language": "en"},
}
OURS = ("clinic", "patients", "messages", "monitoring", "regimens")

VERDICTS = {
    "clinic:switch": SIGNED_IN,
    "clinic:components": SIGNED_IN,
    **dict.fromkeys(
        (
            "clinic:set_up",
            "clinic:closed_days",
            "clinic:holidays",
            "clinic:reopen",
            "clinic:people",
            "clinic:add_person",
            "clinic:person",
            "clinic:remove_person",
            "clinic:invite_again",
            "messages:set_up",
            "messages:rung",
            "messages:reset_ladder",
            "messages:wordings",
            "messages:edit_wording",
            "messages:reset_wording",
            "regimens:close_days",
            "regimens:formulary",
            "regimens:attach_number",
            "regimens:retire_product",
            "regimens:restore_product",
        ),
        "accounts.set_up_clinic",
    ),
    "regimens:audit": "accounts.view_audit",
    "regimens:reports": "regimens.export_report",
    "regimens:follow_up_csv": "regimens.export_report",
    "messages:outbox": "messages.view",
    "messages:retry": "messages.retry",
    "messages:settle": "messages.retry",
    "messages:receipts": SIGNED,
    "messages:letters": "messages.retry",
    "messages:letter_batch": "messages.retry",
    "messages:patient": "messages.view",
    "messages:pause": "messages.retry",
    "patients:search": "patients.view",
    "regimens:worklist": "patients.view",
    "regimens:chart": "patients.view",
    "regimens:response": "patients.view",
    "regimens:response_picture": "patients.view",
    "regimens:response_pdf": "patients.view",
    **dict.fromkeys(
        ("patients:add", "patients:edit", "patients:died", "patients:moved", "patients:returned"),
        "patients.register",
    ),
    "patients:health": "patients.change_health",
    **dict.fromkeys(
        (
            "monitoring:labs",
            "monitoring:convert",
            "monitoring:enter",
            "monitoring:results",
            "monitoring:correct",
            "monitoring:entered_in_error",
            "monitoring:rechecks",
            "monitoring:answer_recheck",
            "monitoring:add_recheck",
            "monitoring:request_form",
            "regimens:symptoms",
            "regimens:correct_symptoms",
        ),
        "monitoring.enter_results",
    ),
    **dict.fromkeys(
        (
            "monitoring:import_results",
            "monitoring:waiting_rows",
            "monitoring:add_lab_profile",
            "monitoring:lab_profile",
            "monitoring:lab_file",
            "monitoring:confirm_lab_file",
            "monitoring:lab_file_errors",
            "monitoring:settle_row",
        ),
        "monitoring.import_results",
    ),
    "monitoring:inbox": "monitoring.view_inbox",
    "monitoring:hand_over_results": "monitoring.view_inbox",
    "monitoring:acknowledge_results": "monitoring.acknowledge_results",
    "monitoring:drop_recheck": "monitoring.drop_recheck",
    "monitoring:take_alert": "monitoring.take_alert",
    "monitoring:end_alert": "monitoring.end_alert",
    **dict.fromkeys(
        ("regimens:due_list", "regimens:clinic_sheet", "regimens:saved_views", "regimens:month"),
        "regimens.view_due_list",
    ),
    **dict.fromkeys(
        (
            "regimens:clinic_sheet_csv",
            "regimens:import_sheet",
            "regimens:record_given",
            "regimens:record_not_given",
            "regimens:record_next",
            "regimens:record_extra",
            "regimens:correct",
            "regimens:amend",
            "regimens:later_reaction",
        ),
        "regimens.record_injection",
    ),
    "regimens:calls": "regimens.call_patients",
    "regimens:record_contact": "regimens.call_patients",
    **dict.fromkeys(
        ("regimens:assess", "regimens:compare", "regimens:adjust", "regimens:set_aside"), "regimens.assess"
    ),
    "regimens:sign": "regimens.sign_plan",
    **dict.fromkeys(
        (
            "regimens:stop",
            "regimens:end_phase",
            "regimens:decide_late_dose",
            "regimens:review_loading",
            "regimens:pause",
            "regimens:call_off_pause",
            "regimens:resume",
            "regimens:direction",
            "regimens:end_direction",
            "regimens:conclude",
            "regimens:plan_pathway_tests",
        ),
        "regimens.decide",
    ),
    "regimens:protocols": "regimens.view_protocols",
    "regimens:differences": "regimens.view_protocols",
}
"""What each address asks of whoever opens it or sends to it."""


def patterns(resolver, space=""):
    """Every pattern of ours under its full name."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, f"{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern) and space.rstrip(":") in OURS:
            yield f"{space}{pattern.name}", pattern


ADDRESSES = dict(patterns(get_resolver()))
GUARDED = {name: verdict for name, verdict in VERDICTS.items() if verdict not in (SIGNED_IN, SIGNED)}
NAMING_A_ROW = sorted(name for name, pattern in ADDRESSES.items() if pattern.pattern.converters)


@pytest.fixture
def rows():
    """A clinic with one row of everything that an address can name; all of it speaks of Carla Canary."""
    owner = a_user(a_clinic(), *Role, first_name="Canary", last_name="Keeper")
    clinic = owner.memberships.first().clinic
    patient = a_patient(clinic, name="Carla Canary", record_number="CANARY1")
    regimen = a_regimen(patient, owner)
    give(regimen, owner, date(2026, 1, 5))
    moment = datetime(2026, 1, 5, 12, tzinfo=UTC)
    file = clinic.lab_files.create(
        name="Canary.csv",
        digest="0" * 64,
        content=b"",
        state="imported",
        received_at=moment,
        imported_at=moment,
    )
    WaitingRow.objects.create(
        file=file, number=1, fate="bad_value", sentence="Canary", said={"name": "Carla Canary"}
    )
    score = SymptomScore.objects.create(
        patient=patient, clinic=clinic, by=owner, at=moment, on=date(2026, 1, 5), **SCORES
    )
    return {
        "clinic": clinic,
        "patient_id": patient.public_id,
        "dose_id": next_dose(regimen).public_id,
        "regimen_id": regimen.public_id,
        "assessment_id": regimen.assessment.public_id,
        "administration_id": regimen.administrations.get().public_id,
        "ordinal": 0,
        "result_id": a_result(patient).public_id,
        "recheck_id": a_recheck(patient).public_id,
        "alert_id": an_alert(patient).public_id,
        "score_id": score.public_id,
        "file_id": file.public_id,
        "number": 1,
        "profile_id": LabProfile.objects.create(clinic=clinic, name="Canary Laboratory").pk,
        "clinic:public_id": owner.public_id,
        "patients:public_id": patient.public_id,
        "messages:public_id": a_message(patient).public_id,
        "batch_id": clinic.letter_batches.create(
            made_at=moment, made_by=owner, count=1, content=b"%PDF to Carla Canary"
        ).public_id,
    }


def address(name, rows):
    """The address with the rows of that clinic in it; a new kind of part wants its row in the fixture."""
    space = name.partition(":")[0]
    parts = {
        part: rows[f"{space}:{part}"] if part == "public_id" else rows[part]
        for part in ADDRESSES[name].pattern.converters
    }
    return reverse(name, kwargs=parts)


def asked_at(view):
    """What a view asks: a permission, a sign-in, or only the signature that its own tests look at."""
    return getattr(view, "permission", SIGNED_IN if getattr(view, "login_required", True) else SIGNED)


def test_every_address_has_a_verdict_and_keeps_it():
    assert {name: asked_at(pattern.callback) for name, pattern in ADDRESSES.items()} == VERDICTS


@pytest.mark.parametrize("role", Role)
def test_a_role_without_the_permission_is_refused_everywhere(client, rows, role):
    user = signed_in(client, a_user(rows["clinic"], role))
    for name in [name for name, verdict in GUARDED.items() if role not in PERMISSIONS[verdict]]:
        there = address(name, rows)

        assert user.post(there).status_code == 403, name
        assert user.get(there).status_code in (403, 405), name


@pytest.mark.parametrize("name", NAMING_A_ROW)
def test_rows_of_another_clinic_are_not_there_and_stay_as_they_are(client, rows, name):
    stranger = signed_in(client, a_user(a_clinic(), *Role))
    before, there = everything(), address(name, rows)
    sent = {"version": "1", "reason": "X", "form_key": str(uuid4()), "do": "leave", "why": "X", "how": "X"}

    for answer in (stranger.get(there), stranger.post(there, sent)):
        assert answer.status_code in (404, 405)
        assert b"anary" not in b"".join(answer)
    assert everything() == before


def everything():
    """Every row there is, as it looks now."""
    ours = ("accounts", "patients", "messages_ledger", "monitoring", "regimens")
    return {
        model: list(model.objects.order_by("pk").values())
        for label in ours
        for model in apps.get_app_config(label).get_models()
        if model.__name__ not in {"User", "Clinic", "Membership"}
    }


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_a_page_that_names_a_patient_leaves_it_on_the_trail(client, rows, name):
    keeper = signed_in(client, a_user(rows["clinic"], *Role))
    before = AuditEvent.objects.count()

    answer = keeper.get(address(name, rows), ASKED.get(name, {}))

    assert b"Carla" not in b"".join(answer) or AuditEvent.objects.count() > before
