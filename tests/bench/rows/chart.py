"""The chart of ten years with monthly labs and injections: its page, its queries, and the pictures of the response."""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from b12clinic.patients.models import Patient
from regimens.presenters.response_page import picture_of
from regimens.queries.chart import chart_of
from regimens.response_check import standing_of
from tests.bench.report import Figure
from tests.bench.rows.due_list import BARE, seeded_user, visitors
from tests.bench.web import Visitor, interleaved, ratio
from tests.factories.long_course import ten_years
from tests.factories.people import a_patient

PAGE_BOUND, QUERIES_BOUND, PICTURE_BOUND = 8.0, 20, 15.0
REPEATS = 25
TODAY = date(2026, 1, 6)


def chart_page_ratio() -> list[Figure]:
    """CPU a request of the chart, against a bare page behind the same sign-in."""
    with _long_chart() as (visitor, patient):
        address = reverse("regimens:chart", args=[patient.public_id])
        chart, bare = interleaved(lambda: visitor.get(address), lambda: visitor.get(BARE))
    value, spread = ratio(chart, bare)
    beside = f"{spread} chart: {chart.told()}; bare: {bare.told()}"
    return [Figure("chart_page_ratio", value, "ratio", PAGE_BOUND, beside)]


def chart_queries() -> list[Figure]:
    """How many queries the chart takes."""
    with _long_chart() as (visitor, patient):
        address = reverse("regimens:chart", args=[patient.public_id])
        visitor.get(address)
        with CaptureQueriesContext(connection) as caught:
            visitor.get(address)
    return [Figure("chart_queries", len(caught), "queries", QUERIES_BOUND)]


def panel_svg_ms() -> list[Figure]:
    """The time to lay out and write all pictures of the response, from rows that were read; the median."""
    with _long_chart() as (_, patient):
        chart = chart_of(patient)
        standing = standing_of(chart, patient, TODAY)
        took = []
        for _ in range(REPEATS):
            began = time.perf_counter()
            picture = picture_of(chart, standing, TODAY)
            html = render_to_string("regimens/_response_picture.html", {"picture": picture})
            took.append((time.perf_counter() - began) * 1000)
    drawn = html.count('role="img"')
    beside = f"{drawn} pictures, {len(html) // 1024} KiB, slowest {max(took):.1f} ms"
    return [Figure("panel_svg_ms", statistics.median(took), "ms", PICTURE_BOUND, beside)]


@contextmanager
def _long_chart() -> Iterator[tuple[Visitor, Patient]]:
    """Somebody of a seeded clinic, and a patient there who has been treated for ten years."""
    with visitors() as (visitor, _):
        user = seeded_user()
        clinic = user.memberships.order_by("clinic__name", "role")[0].clinic
        patient = Patient.objects.filter(clinic=clinic, name="Lena Long").first()
        if patient is None:
            patient = a_patient(clinic, name="Lena Long")
            ten_years(patient, user)
        yield visitor, patient
