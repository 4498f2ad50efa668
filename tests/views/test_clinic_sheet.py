"""The clinic sheet on paper and as a file, and the page that reads a filled one back."""

import csv
import io
import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from b12clinic.accounts.models import AuditEvent
from regimens.clinic_sheet import COLUMNS, FILLED
from regimens.models import Administration
from tests.factories.people import a_clinic, a_patient, a_user, signed_in
from tests.factories.regimens import EVERY_THREE_MONTHS, a_regimen, give, next_dose

pytestmark = [pytest.mark.django_db, pytest.mark.data]

AFTERNOON = datetime(2026, 1, 14, 16, 0, tzinfo=UTC)
TODAY = date(2026, 1, 14)
IMPORT = "/due/sheet/import/"


@pytest.fixture(autouse=True)
def afternoon():
    with time_machine.travel(AFTERNOON, tick=False):
        yield


@pytest.fixture
def nurse():
    return a_user(a_clinic(), "nurse")


@pytest.fixture
def clinic(nurse):
    return nurse.memberships.get().clinic


@pytest.fixture
def two(nurse, clinic):
    return [
        next_dose(a_regimen(a_patient(clinic, name=name), nurse, starts_on=TODAY))
        for name in ("Ada Paper", "Ben Paper")
    ]


def the_csv(client, query=""):
    answer = client.get(f"/due/sheet.csv{query}")
    return answer, list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


FILL = [(at, column) for at, column in enumerate(COLUMNS) if at >= len(COLUMNS) - len(FILLED)]


def filled(lines, **cells):
    """The file as it comes back: every row filled in like this."""
    for line in lines[1:]:
        for name, value in cells.items():
            place = next(at for at, column in FILL if column.casefold().startswith(name))
            line[place] = value
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue().encode("utf-8-sig")


GIVEN = {
    "given": "y",
    "date": "2026-01-14",
    "time": "10:00",
    "lot": "A1",
    "expiry": "2027-06-30",
    "site": "deltoid",
    "side": "left",
    "reaction": "none",
    "questions": "y",
}


def send(client, content, name="sheet.csv", **fields):
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, content), **fields})


def test_the_sheet_on_paper_has_everybody_asked_for_and_empty_columns(client, nurse, clinic, two):
    a_regimen(a_patient(clinic, name="Mia Month"), nurse, EVERY_THREE_MONTHS, starts_on=TODAY)

    answer = signed_in(client, nurse).get("/due/sheet/?kind=loading")

    assert [row["name"] for row in answer.context["rows"]] == ["Ada Paper", "Ben Paper"]
    body = answer.content.decode()
    assert "Injections due as of Wed 14 Jan 2026" in body and "printed 14 Jan 2026, 16:00" in body
    assert body.count('<td class="fill"></td>') == 2 * 8
    event = AuditEvent.objects.get(action="clinic_sheet.printed")
    assert event.after == {"as_of": "2026-01-14", "band": "to_give", "kind": "loading", "shown": 2}


def test_the_paper_goes_beyond_a_page_of_the_list(client, nurse, clinic):
    for number in range(53):
        a_regimen(a_patient(clinic, name=f"Person {number}"), nurse, starts_on=TODAY)

    assert len(signed_in(client, nurse).get("/due/sheet/").context["rows"]) == 53
    assert len(the_csv(client)[1]) == 54


def test_the_file_has_a_row_a_patient_and_columns_to_fill_in(client, nurse, two):
    answer, lines = the_csv(signed_in(client, nurse))

    assert answer["Content-Disposition"] == 'attachment; filename="clinic-sheet-2026-01-14.csv"'
    assert tuple(lines[0]) == COLUMNS
    assert [line[2] for line in lines[1:]] == ["Ada Paper", "Ben Paper"]
    assert lines[1][:2] == ["Sheet 2026-01-14 16:00:00", str(two[0].public_id)]
    assert all(cell == "" for cell in lines[1][15:])
    assert AuditEvent.objects.get(action="clinic_sheet.exported").after["shown"] == 2


def test_a_name_that_runs_in_a_spreadsheet_is_made_inert(client, nurse, clinic):
    a_regimen(a_patient(clinic, name='=HYPERLINK("http://evil.example")'), nurse, starts_on=TODAY)

    assert the_csv(signed_in(client, nurse))[1][1][2].startswith("'=HYPERLINK")


@pytest.mark.parametrize(
    ("role", "paper", "file"), [("nurse", 200, 200), ("prescriber", 200, 200), ("administrator", 200, 403)]
)
def test_who_may_print_and_who_may_read_back(client, clinic, role, paper, file):
    signed_in(client, a_user(clinic, role))

    assert client.get("/due/sheet/").status_code == paper
    assert client.get("/due/sheet.csv").status_code == file
    assert client.get(IMPORT).status_code == file


def test_nothing_is_written_before_it_is_confirmed_and_the_same_file_twice_changes_nothing(
    client, nurse, two
):
    content = filled(the_csv(signed_in(client, nurse))[1], **GIVEN)

    preview = send(client, content)

    assert [line["sentence"] for line in preview.context["lines"]] == ["Will be recorded as given."] * 2
    assert [count["count"] for count in preview.context["counts"]] == [2, 0, 0, 0, 0]
    assert not Administration.objects.exists()

    done = client.post(IMPORT, {"held": preview.context["held"], "do": "record"})

    assert [line["sentence"] for line in done.context["lines"]] == ["Recorded as given."] * 2
    assert "2 recorded as given, 0 as not given." in done.content.decode()
    assert Administration.objects.filter(given_by=nurse, lot="A1").count() == 2

    for answer in (
        send(client, content),
        client.post(IMPORT, {"held": preview.context["held"], "do": "record"}),
    ):
        assert {line["fate"] for line in answer.context["lines"]} == {"Recorded already"}
    assert Administration.objects.count() == 2


def test_some_rows_are_recorded_only_when_that_is_chosen(client, nurse, two):
    lines = the_csv(signed_in(client, nurse))[1]
    content = filled(lines, **GIVEN).replace(b"A1", b"", 1)
    held = send(client, content).context["held"]

    refused = client.post(IMPORT, {"held": held, "do": "record"})
    assert refused.status_code == 422
    assert refused.context["refusal"].startswith("Some rows cannot be recorded")
    assert not Administration.objects.exists()

    client.post(IMPORT, {"held": held, "do": "record", "partly": "1"})
    assert [one.patient.name for one in Administration.objects.all()] == ["Ben Paper"]


def test_the_refused_rows_come_back_as_a_file_that_can_be_put_right(client, nurse, two):
    content = filled(the_csv(signed_in(client, nurse))[1], **GIVEN).replace(b"A1", b"", 1)
    held = send(client, content).context["held"]

    errors = b"".join(client.post(IMPORT, {"held": held, "do": "errors"}).streaming_content)

    lines = list(csv.reader(io.StringIO(errors.decode("utf-8-sig"))))
    assert len(lines) == 2
    assert lines[1][2] == "Ada Paper" and lines[1][-1] == "The lot is missing."
    lines[1][lines[0].index("Lot")] = "B2"
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    again = send(client, text.getvalue().encode())
    assert [line["fate"] for line in again.context["lines"]] == ["Given"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            b"\xff\xfe\x00",
            "The file is not UTF-8 text; save it in the spreadsheet as “CSV UTF-8” and try again.",
        ),
        (
            b"x" * 1_000_001,
            "The file is larger than 1 MB; a clinic sheet never is. Choose the sheet's own file.",
        ),
        (
            b"Name\r\nAda\r\n",
            "This is not a clinic sheet: the column “Sheet” is missing. Fill in the file that this page gives out.",
        ),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_in_one_sentence(client, nurse, content, sentence):
    answer = send(signed_in(client, nurse), content)

    assert (answer.status_code, answer.context["refusal"]) == (422, sentence)


def test_a_form_without_a_file_says_so(client, nurse):
    assert signed_in(client, nurse).post(IMPORT).context["refusal"] == "Choose the filled sheet first."


def test_a_preview_belongs_to_who_made_it_and_cannot_be_changed(client, nurse, clinic, two):
    content = filled(the_csv(signed_in(client, nurse))[1], **GIVEN)
    held = send(client, content).context["held"]

    changed = client.post(IMPORT, {"held": held[:-1] + "x", "do": "record"})
    assert changed.context["refusal"] == "The preview is too old or was changed; choose the file again."
    signed_in(client, a_user(clinic, "nurse"))
    borrowed = client.post(IMPORT, {"held": held, "do": "record"})
    assert borrowed.context["refusal"].startswith("This preview was made by somebody else")
    signed_in(client, nurse)
    with time_machine.travel(datetime(2026, 1, 15, 16, 0, 2, tzinfo=UTC), tick=False):
        late = client.post(IMPORT, {"held": held, "do": "record"})
    assert late.status_code in (302, 422)
    assert not Administration.objects.exists()


def test_the_sheet_looks_back_too(client, nurse, two):
    answer = signed_in(client, nurse).get("/due/sheet/?as_of=2026-01-13")

    assert answer.context["looking"]["mark"] == "looking back 1 day"
    assert re.search(r"looking back 1 day", answer.content.decode())


def test_the_preview_offers_a_second_injection_of_a_dose_recorded_meanwhile(client, nurse, two):
    content = filled(the_csv(signed_in(client, nurse))[1], **GIVEN)
    give(two[0].phase.regimen, nurse, TODAY)

    preview = send(client, content)
    body = preview.content.decode()
    [offered] = [line for line in preview.context["lines"] if line["offers_second"]]
    assert offered["sentence"] == f"{nurse.display_name} recorded this dose on 14 Jan 2026 at 12:00."
    assert body.count("A second one was given too") == 1
    done = client.post(
        IMPORT, {"held": preview.context["held"], "do": "record", "also": [offered["line"], "x"]}
    )

    assert "2 recorded as given, 0 as not given." in done.content.decode()
    assert Administration.objects.filter(dose=None, patient=two[0].patient).count() == 1
