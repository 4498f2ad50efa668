"""Step 2 shows what each candidate may add to the stores: a band, the word estimate, figures and a table."""

import re
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from regimens.packs import load_packs
from regimens.presenters.outlook import NO_DEPOT, outlook_of
from regimens.protocols.facts import LabValue, PatientFacts
from regimens.protocols.selection import candidates
from tests.factories.labs import a_result
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import an_assessment

DAY = date(2026, 1, 5)
LOW = LabValue("total_b12", Decimal(90), "90", "ng/L", date(2026, 1, 4))


def offered(**fields):
    facts = PatientFacts(guideline="uk", as_of=DAY, age=60, sex="female", neuro_answer=False, **fields)
    return candidates(facts, load_packs())


def row_of(outlook, title):
    return next(row for row in outlook["rows"] if row["name"].startswith(title))


def test_all_candidates_share_one_scale_and_every_point_lies_within_it():
    outlook = outlook_of(offered(cause="autoimmune_gastritis", certainty="confirmed", labs=(LOW,)))
    assert outlook["top"].endswith(",000 mcg")
    for row in outlook["rows"]:
        heights = [float(y) for _, y in re.findall(r"(\d+) (-?[\d.]+)", row["band"])]
        assert all(0 <= y <= outlook["height"] for y in heights)


def test_six_doses_and_three_monthly_maintenance_in_figures():
    outlook = outlook_of(offered(cause="autoimmune_gastritis", certainty="confirmed", labs=(LOW,)))
    row = row_of(outlook, "Hydroxocobalamin, six doses")
    assert row["cells"][0]["text"] == "1,434 to 1,760 mcg"
    assert "An estimate, not a target and no reason to change a dose." in row["words"]


def test_an_open_loading_says_what_was_assumed():
    neuro = offered(
        cause="autoimmune_gastritis",
        certainty="confirmed",
        labs=(LOW,),
        findings=frozenset({"paraesthesia_feet"}),
    )
    row = row_of(outlook_of(neuro), "Hydroxocobalamin on alternate days until no further improvement, then")
    assert row["assumption"].startswith("The loading has no fixed end")


def test_a_depot_has_no_figure():
    row = row_of(
        outlook_of(offered(cause="autoimmune_gastritis", certainty="confirmed", labs=(LOW,))),
        "Cyanocobalamin depot",
    )
    assert (row["words"], row["band"]) == (NO_DEPOT, "")
    assert {cell["text"] for cell in row["cells"]} == {"no figure"}


def test_where_no_plan_is_made_nothing_is_estimated():
    assert outlook_of(offered(cause="unknown")) is None


@pytest.mark.django_db
def test_the_page_bears_the_word_estimate_the_sources_and_a_table(client):
    doctor = a_user(a_clinic(), "prescriber")
    signed_in(client, doctor)
    patient = a_patient(doctor.memberships.get().clinic)
    a_result(patient, "total_b12", "90", "ng/L", taken_on=date(2026, 1, 4))
    assessment = an_assessment(patient, doctor)
    with time_machine.travel("2026-01-05 09:00:00+00:00", tick=False):
        text = client.get(reverse("regimens:compare", args=[assessment.public_id])).content.decode()
    assert "At a glance: what the doses may add to the stores" in text
    assert "Estimated range added to the stores, by day" in text
    assert "Carmel 2008, retention" in text
    assert "not a target" in text
