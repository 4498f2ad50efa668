"""The response as a PDF: the page's pictures, words and figures on paper, for one patient, and on the audit trail."""

import io
from datetime import date

import pytest
import time_machine
import typst
from django.urls import reverse
from pypdf import PdfReader

from b12clinic.accounts.models import AuditEvent
from tests.factories.labs import a_result
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import EVERY_THREE_MONTHS, a_regimen, give

pytestmark = pytest.mark.django_db


def paper(client, patient, day="2026-03-02", query="", **more):
    with time_machine.travel(f"{day} 09:00:00+00:00", tick=False):
        return client.get(reverse("regimens:response_pdf", args=[patient.public_id]) + query, **more)


def words_of(answer) -> str:
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture
def treated(client):
    """Maintenance since 5 January 2026; haemoglobin 92 before it and 118 on day 56."""
    doctor = a_user(a_clinic(name="Northgate Surgery"), "prescriber")
    signed_in(client, doctor)
    patient = a_patient(doctor.memberships.get().clinic, name="Carla Canary", sex="female")
    a_result(patient, "haemoglobin", "92", "g/L", taken_on=date(2026, 1, 4))
    give(a_regimen(patient, doctor, EVERY_THREE_MONTHS), doctor, date(2026, 1, 5))
    a_result(patient, "haemoglobin", "118", "g/L", taken_on=date(2026, 3, 2))
    return patient


def test_the_paper_says_who_when_and_how_it_stands(client, treated):
    answer = paper(client, treated)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == (
        f'attachment; filename="response-2026-03-02-{str(treated.public_id)[:8]}.pdf"'
    )
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store, private")
    said = words_of(answer)
    for part in (
        "Northgate Surgery",
        "Carla Canary, born",
        "As of 2 Mar 2026 at 09:00",
        "Response on day 56: inadequate.",
        "Haemoglobin 118 g/L on day 56, expected at or above 120: inadequate.",
        "Injections: 1 given, 0 given late, 0 missed.",
        "Reassess, in this order",
        "The same in figures",
        "2 Mar 2026 Day 56 118 g/L",
        "Page 1 of",
    ):
        assert part in said, part


def test_the_paper_is_tagged_and_each_picture_is_told_in_words(client, treated):
    answer = paper(client, treated)
    root = PdfReader(io.BytesIO(answer.content)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert b"pdfuaid:part" in answer.content
    assert "Haemoglobin: 2 values, from 92 g/L on 4 Jan 2026 to 118 g/L on 2 Mar 2026" in _told(root)


def _told(root) -> str:
    """The alternative texts of the structure tree."""
    found, waiting = [], [root["/StructTreeRoot"]]
    while waiting:
        one = waiting.pop()
        one = one.get_object() if hasattr(one, "get_object") else one
        if isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            found.append(str(one.get("/Alt", "")))
            waiting.append(one.get("/K", []))
    return " ".join(found)


def test_the_page_links_to_the_paper_of_the_stretch_that_is_looked_at(client, treated):
    address = reverse("regimens:response", args=[treated.public_id])
    for query, linked in (("", "response/pdf/"), ("?span=year", "response/pdf/?span=year")):
        with time_machine.travel("2026-03-02 09:00:00+00:00", tick=False):
            html = client.get(address + query).content.decode()
        assert f'{linked}" download>PDF</a>' in html
    assert "Last 12 months." in words_of(paper(client, treated, query="?span=year"))


def test_every_paper_made_is_on_the_audit_trail(client, treated):
    for _ in range(2):
        paper(client, treated)
    seen = AuditEvent.objects.filter(action="patient.viewed", patient_id=treated.pk)
    assert seen.count() == 2


def test_another_clinics_patient_has_no_paper(client, treated):
    assert paper(client, a_patient(a_clinic())).status_code == 404


def test_before_the_first_day_of_treatment_the_paper_says_so(client, treated):
    nobody = a_patient(treated.clinic, name="Nova Newcomer")
    said = words_of(paper(client, nobody))
    assert "Nothing can be told before the first day of treatment." in said
    assert "Nothing to draw yet." in said


def test_a_paper_that_cannot_be_made_leads_back_to_the_page(client, treated, monkeypatch):
    def broken(*args, **kwargs):
        raise typst.TypstError("no font for Carla")

    monkeypatch.setattr("typst.compile", broken)
    answer = paper(client, treated, follow=True)
    assert "The response cannot be put on paper" in answer.content.decode()
    assert "no font for Carla" not in answer.content.decode()
