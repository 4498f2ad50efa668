"""The follow-up report: a page at a time on the screen, whole in the file, and on the audit trail either way."""

import csv
import io
from datetime import date

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from b12clinic.accounts.models import AuditEvent
from regimens.presenters.follow_up import COLUMNS
from regimens.sealed_csv import unguarded, verify
from tests.factories.labs import a_recheck, a_result
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import a_regimen, give

pytestmark = pytest.mark.django_db

REPORT, FILE = reverse("regimens:reports"), reverse("regimens:follow_up_csv")


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-01-12 09:00:00+00:00", tick=False):
        yield


@pytest.fixture
def clinic():
    return a_clinic(name="=Harbour Clinic")


@pytest.fixture
def admin(clinic, client):
    admin = a_user(clinic, "administrator", "prescriber")
    signed_in(client, admin)
    return admin


def the_file(client, address=FILE):
    return b"".join(client.get(address).streaming_content)


def rows_of(file):
    lines = list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")))
    return [dict(zip(lines[1], line, strict=True)) for line in lines[2:-1]]


def test_a_row_says_all_of_a_patient(client, admin, clinic):
    patient = a_patient(clinic, name="Ada Example", record_number="R-1")
    regimen = a_regimen(patient, admin, lifelong=True)
    give(regimen, admin, date(2026, 1, 5))
    a_result(patient, "methylmalonic_acid", ">900", "nmol/L", taken_on=date(2026, 1, 2))
    a_recheck(patient, "fbc", due_on=date(2026, 1, 11))
    [row] = rows_of(the_file(client))
    assert list(row) == list(COLUMNS)
    assert {name: value for name, value in row.items() if value} == {
        "Identifier scheme": "Clinic record number",
        "Identifier": "R-1",
        "Name": "Ada Example",
        "Date of birth": "1948-03-02",
        "Cause": "Autoimmune gastritis (pernicious anaemia)",
        "Guideline": "uk",
        "Guideline version": "2026.1",
        "Protocol": "uk/standard",
        "Protocol title": "uk/standard",
        "Plan state": "Active",
        "Lifelong": "yes",
        "Phase": "Loading",
        "Drug": "Hydroxocobalamin",
        "Dose (mcg)": "1000",
        "Route": "Intramuscular",
        "Doses given in phase": "1",
        "Doses wanted in phase (empty: open-ended)": "6",
        "Doses given in all": "1",
        "Last injection": "2026-01-05",
        "Days late (negative: early)": "0",
        "Next due": "2026-01-07",
        "Days overdue": "5",
        "Times not given": "0",
        "Methylmalonic acid comparator": ">",
        "Methylmalonic acid": "900",
        "Methylmalonic acid unit": "nmol/L",
        "Methylmalonic acid taken": "2026-01-02",
        "Next recheck": "2026-01-11",
        "Recheck tests": "Full blood count",
        "Recheck overdue": "yes",
    }


def test_the_page_says_the_same_in_words(client, admin, clinic):
    patient = a_patient(clinic, name="Ada Example")
    give(a_regimen(patient, admin), admin, date(2026, 1, 5))
    a_recheck(patient, "fbc", due_on=date(2026, 1, 12))
    page = client.get(REPORT).content.decode()
    for words in ("1 patient", "Overdue 5 days", "Loading 1 of 6", "on its day", "Full blood count"):
        assert words in page
    assert (
        '<span class="chip chip-overdue">Overdue</span>' not in page
    )  # a recheck is due the whole of its day


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "\t=1", "x;=1+1", '","=1+1'])
def test_a_name_that_would_run_is_inert_and_reads_back(client, admin, clinic, name):
    a_regimen(a_patient(clinic, name=name), admin)
    file = the_file(client)
    [row] = rows_of(file)
    assert not row["Name"].lstrip().startswith(tuple("=+-@＝＋－＠"))
    assert ";=" not in file.decode()
    assert unguarded(row["Name"]) == name
    assert file.decode().startswith("Follow-up report,'=Harbour Clinic,As of,2026-01-12,")


def test_early_days_stay_a_number(client, admin, clinic):
    regimen = a_regimen(a_patient(clinic), admin)
    give(regimen, admin, date(2026, 1, 5))
    give(regimen, admin, date(2026, 1, 6))
    assert rows_of(the_file(client))[0]["Days late (negative: early)"] == "-1"


def test_the_file_is_whole_where_the_page_is_a_part(client, admin, clinic):
    for number in range(120):
        a_regimen(a_patient(clinic, name=f"Example {number:03}"), admin)
    page = client.get(REPORT).content.decode()
    assert "50 of 120 shown" in page
    assert "Export all 120 as CSV" in page
    assert page.count('data-label="Doses given"') == 50
    file = the_file(client)
    assert [row["Name"] for row in rows_of(file)] == [f"Example {number:03}" for number in range(120)]
    assert verify(io.BytesIO(file)).rows == 120
    exported = AuditEvent.objects.get(action="report.exported")
    assert exported.after == {"as_of": "2026-01-12", "phase": "all", "only_overdue": False, "rows": 120}


def test_pages_go_through_everybody_once(client, admin, clinic):
    for number in range(60):
        a_regimen(a_patient(clinic, name=f"Example {number:03}"), admin)
    answer = client.get(REPORT)
    after = answer.context["next_url"]
    assert "Example" not in after  # a name has no place in an address
    second = client.get(REPORT + after).content.decode()
    assert "Example 049" not in second
    assert "Example 050" in second
    assert "Example 059" in second
    assert "Back to the top" in second


def test_filters_live_in_the_address_and_reach_the_file(client, admin, clinic):
    late = a_regimen(a_patient(clinic, name="Late Example"), admin)
    give(late, admin, date(2026, 1, 5))
    a_regimen(a_patient(clinic, name="Early Example"), admin, starts_on=date(2026, 1, 19))
    page = client.get(REPORT + "?overdue=1&phase=loading").content.decode()
    assert "Late Example" in page
    assert "Early Example" not in page
    assert '<input type="hidden" name="overdue" value="1">' in page
    assert [row["Name"] for row in rows_of(the_file(client, FILE + "?overdue=1&phase=loading"))] == [
        "Late Example"
    ]
    assert rows_of(the_file(client, FILE + "?phase=maintenance")) == []


@pytest.mark.parametrize(
    "query", ["as_of=nonsense", "as_of=0001-01-01", "as_of=9999-12-31", "phase=x'--&after=7", "overdue=2"]
)
def test_an_address_that_cannot_be_read_shows_today(client, admin, clinic, query):
    a_regimen(a_patient(clinic, name="Ada Example"), admin)
    answer = client.get(f"{REPORT}?{query}")
    assert answer.status_code == 200
    assert "Ada Example" in answer.content.decode()
    assert client.get(f"{FILE}?{query}").status_code == 200


def test_the_export_is_on_the_trail_before_the_first_byte_and_finished_after_the_last(client, admin, clinic):
    a_regimen(a_patient(clinic), admin)
    answer = client.get(FILE)
    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["report.exported"]
    file = b"".join(answer.streaming_content)
    finished, exported = AuditEvent.objects.order_by("-pk")[:2]
    assert (finished.action, exported.action) == ("report.export_finished", "report.exported")
    assert finished.after["sha256"] == verify(io.BytesIO(file)).sha256
    assert finished.request_id == exported.request_id != ""


def test_an_export_that_broke_off_was_never_finished(client, admin, clinic):
    a_regimen(a_patient(clinic), admin)
    pieces = iter(client.get(FILE).streaming_content)
    next(pieces)
    del pieces
    assert not AuditEvent.objects.filter(action="report.export_finished").exists()


def test_the_server_names_the_file_and_nobody_keeps_it(client, admin, clinic):
    answer = client.get(FILE + "?as_of=2026-01-10")
    assert answer["Content-Disposition"] == (
        'attachment; filename="follow-up-2026-01-10-made-20260112T090000Z.csv"'
    )
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]


def test_the_mark_for_excel_comes_when_asked_for(client, admin, clinic):
    assert the_file(client, FILE + "?bom=1").startswith(b"\xef\xbb\xbf")
    assert the_file(client).startswith(b"Follow-up report")


def test_looking_at_the_report_is_on_the_trail(client, admin, clinic):
    a_regimen(a_patient(clinic), admin)
    client.get(REPORT + "?overdue=1")
    event = AuditEvent.objects.get(action="report.viewed")
    assert event.after == {
        "as_of": "2026-01-12",
        "phase": "all",
        "only_overdue": True,
        "rows": 1,
        "shown": 1,
    }


def test_an_empty_report_says_how_to_fill_it(client, admin):
    assert "once a plan is signed" in client.get(REPORT).content.decode()
    assert "Nobody fits" in client.get(REPORT + "?overdue=1").content.decode()


def test_the_page_takes_the_same_queries_for_one_row_and_for_many(client, admin, clinic):
    def queries():
        with CaptureQueriesContext(connection) as made:
            client.get(REPORT)
        return len(made)

    a_regimen(a_patient(clinic), admin)
    client.get(REPORT)
    one = queries()
    for _ in range(5):
        a_regimen(a_patient(clinic), admin)
    assert queries() == one


def test_the_verifier_takes_a_whole_file_and_refuses_a_cut_one(client, admin, clinic, tmp_path, capsys):
    a_regimen(a_patient(clinic), admin)
    whole, cut = tmp_path / "whole.csv", tmp_path / "cut.csv"
    whole.write_bytes(the_file(client))
    cut.write_bytes(whole.read_bytes()[:-100])
    call_command("verify_report", whole)
    assert "whole.csv is whole: 1 rows." in capsys.readouterr().out
    with pytest.raises(CommandError, match="The last line is missing"):
        call_command("verify_report", cut)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_report", tmp_path / "none.csv")
