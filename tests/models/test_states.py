"""A row changes its state by the table of its model alone."""

import re

import pytest

from regimens.models import Dose, DoseState, Regimen, RegimenState
from tests.architecture.source import modules, named
from tests.factories.people import a_clinic, a_patient, a_user
from tests.factories.regimens import a_regimen, next_dose
from tests.state_diagrams import models_that_move

MOVING = models_that_move()


def states_of(model):
    return {state for state, _ in model._meta.get_field("state").choices}


def test_doses_files_messages_rechecks_and_regimens_have_tables():
    assert [model.__name__ for model in MOVING] == ["Dose", "LabFile", "Message", "Recheck", "Regimen"]


@pytest.mark.parametrize("model", MOVING, ids=lambda model: model.__name__)
def test_a_table_knows_every_state_and_no_other(model):
    named_in_table = {str(move.begins) for move in model.MOVES} | {str(move.ends) for move in model.MOVES}
    assert named_in_table - {""} == states_of(model)


@pytest.mark.parametrize("model", MOVING, ids=lambda model: model.__name__)
def test_every_state_can_be_reached_from_the_first(model):
    reached = {""}
    for _ in model.MOVES:
        reached |= {str(move.ends) for move in model.MOVES if str(move.begins) in reached}
    assert reached - {""} == states_of(model)


@pytest.mark.parametrize("model", MOVING, ids=lambda model: model.__name__)
def test_a_step_that_is_not_in_the_table_is_refused(model):
    allowed = {(move.begins, move.ends) for move in model.MOVES}
    refused = [(a, b) for a in states_of(model) for b in states_of(model) if (a, b) not in allowed]
    assert refused
    for begins, ends in refused:
        with pytest.raises(ValueError, match=f"does not go from {begins} to {ends}"):
            model.objects.none().move(begins, ends)


def test_no_code_of_ours_writes_a_state_past_its_table():
    past = re.compile(
        r"\.update\((?:[^()]|\([^()]*\))*\bstate=|\.state(?:, [\w.]+)* = |bulk_update\([^)]*\"state\""
    )
    own = {
        "b12clinic/states.py",
        "monitoring/services/answer_rechecks.py",
    }  # the second keeps its own copy true
    assert [
        named(path) for path in modules() if named(path) not in own and past.search(path.read_text())
    ] == []


@pytest.mark.data
@pytest.mark.django_db
class TestOneConditionalUpdate:
    @pytest.fixture
    def regimen(self):
        doctor = a_user(a_clinic())
        return a_regimen(a_patient(doctor.memberships.get().clinic), doctor)

    def test_a_dose_is_withdrawn_once(self, regimen):
        dose = Dose.objects.filter(pk=next_dose(regimen).pk)
        assert dose.move(DoseState.OWED, DoseState.WITHDRAWN, is_next=False) == 1
        assert dose.move(DoseState.OWED, DoseState.WITHDRAWN, is_next=False) == 0
        assert dose.get().state == "withdrawn"

    def test_a_step_from_either_of_two_states(self, regimen):
        running = (RegimenState.ACTIVE, RegimenState.PAUSED)
        moved = Regimen.objects.filter(pk=regimen.pk).move(
            running, RegimenState.STOPPED, ended_on=regimen.starts_on
        )
        assert moved == 1
        assert Regimen.objects.get(pk=regimen.pk).state == "stopped"
