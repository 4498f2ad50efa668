"""Whatever the bytes, a file is read or refused in a sentence: no crash, no hang, no row without its place."""

import os
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.intake import fates
from monitoring.intake.measuring import NotMeasured, taken
from monitoring.intake.read import rows_of
from monitoring.intake.rows import FileRefused, LabRow, Layout
from tests.intake.mutations import mutants

COUNT = int(os.environ.get("B12_FUZZ", "600"))
LAYOUT = Layout(clinic_zone="Europe/London", codes={"HB": "haemoglobin"}, day_first=True)
SLOWEST_SECONDS = 2.0


def weighed(content, layout=LAYOUT):
    """How many rows were read; every row is numbered upwards, has a fate or a value, and says a sentence where it has none."""
    try:
        _, rows = rows_of(content, layout)
        last = 0
        for row in rows:
            assert row.number > last
            last = row.number
            if not isinstance(row, LabRow):
                assert row.fate in set(fates.Fate) and row.sentence.endswith((".", "!")), row
                continue
            try:
                assert taken(row).measurement.text
            except NotMeasured as refused:
                assert refused.fate.is_refused and str(refused)
        return last
    except FileRefused as refused:
        assert str(refused).endswith(".")
        return 0


def test_damaged_samples_are_read_or_refused():
    slowest = 0.0
    for name, content in mutants(COUNT):
        began = time.perf_counter()
        weighed(content)
        slowest = max(slowest, time.perf_counter() - began)
        assert slowest < SLOWEST_SECONDS, f"{name}: {content[:200]!r}"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content):
    weighed(content)


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=200),
    st.sampled_from(
        [
            "MSH|^~\\&|",
            "BHS|^~\\&|\rMSH|^~\\&|",
            '{"resourceType":"Bundle","entry":[',
            "identifier,born_on,code,value,taken_on\n",
        ]
    ),
)
def test_any_text_after_a_good_beginning_is_read_or_refused(text, beginning):
    weighed((beginning + text).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \r\n\t", "The file is empty."),
        (b"PK\x03\x04\x14", "This is a ZIP archive or an Excel workbook: save the sheet as CSV."),
        (b"\x1f\x8b\x08", "This is a gzip archive: unpack it first."),
        (b"%PDF-1.7", "This is a PDF: ask the laboratory for CSV, HL7 or FHIR."),
        (b"\x89PNG\r\n", "This is a picture."),
        (b"\xff\xd8\xff\xe0", "This is a picture."),
        (b"\xd0\xcf\x11\xe0", "This is an old Excel or Word file: save the sheet as CSV."),
        (
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>',
            "This is XML or HTML, which is not read",
        ),
        (b"\xef\xbb\xbf  <html>", "This is XML or HTML, which is not read"),
        (b"\xff\xfe\x00\x00a\x00\x00\x00", "The file is written in UTF-32"),
        (b"identifier,born_on\0,code", "The file holds NUL characters"),
        ("identifier,börn".encode("latin-1"), "The file is not written in UTF-8"),
        (b"\xff\xfea\x00b", "The file is not written in UTF-16"),
        (b"a," * 200, "The first line is too long to be headings"),
        (b"a" * 70_000, "The first line is too long to be headings"),
        (b"MSH", "The message's header is not well formed."),
        (b"FHS|^~\\&|LIS\r", "The file holds no HL7 message"),
        (b"MSH|^~\\&", "The message's header is not well formed."),
        (b"MSH|^~\\&|" + b"x" * 9_000_000, "An HL7 file may have 8 MB"),
        (b"MSH|^~\\&|A|B|||||ORU^R01|1|P|2.5||||||KOI8\r", "The message says that it is written in “KOI8”"),
        (b"[" * 100_000, "The JSON is nested too deep."),
        (b'{"resourceType":"Bundle","a":' + b"[" * 50 + b"]" * 50 + b"}", "The JSON is nested too deep."),
        (b'{"resourceType":"Bundle","resourceType":"Patient"}', "The JSON names a field twice"),
        (b'{"resourceType":"Bundle","a":NaN}', "The JSON holds NaN, which is no number."),
        (b'{"resourceType":"Bundle","a":1e999999999}', "The JSON holds a number that is too long"),
        (b'{"resourceType":"Bundle","a":' + b"9" * 5000 + b"}", "The JSON holds a number that is too long"),
        (
            b'{"resourceType":"Bundle","a":"\\u0000"}',
            "The JSON holds NUL or half characters, so it is damaged.",
        ),
        (
            b'{"resourceType":"Bundle","\\ud800":1}',
            "The JSON holds NUL or half characters, so it is damaged.",
        ),
        (b'{"resourceType":"Bundle"', "The JSON breaks off or is not well formed, at line 1."),
        (b"[]", "This JSON is no FHIR resource."),
    ],
)
def test_a_hostile_file_is_refused_in_one_sentence(content, sentence):
    said = ""
    try:
        _, rows = rows_of(content, LAYOUT)
        said = " ".join(row.sentence for row in rows)
    except FileRefused as refused:
        said = str(refused)
    assert said.startswith(sentence)


def test_more_bytes_than_the_bound_are_refused_before_they_are_read():
    with pytest.raises(FileRefused, match="larger than 32 MB"):
        rows_of(b"a" * (32 * 1024 * 1024 + 1), LAYOUT)


def test_a_file_declared_as_utf_16_says_in_which_order_it_is():
    with pytest.raises(FileRefused, match="does not begin with the mark"):
        rows_of("identifier".encode("utf-16-le"), Layout(encoding="utf-16"))


def test_one_line_of_ten_megabytes_spoils_itself_only():
    head = b"identifier,born_on,code,value,unit,taken_on\n"
    good = b"R-1,1948-03-02,haemoglobin,92,g/L,2026-01-05\n"
    _, rows = rows_of(head + b"x" * 10_000_000 + b"\n" + good, LAYOUT)
    first, second = rows
    assert (first.sentence, second.value) == ("The row is too long.", "92")


def test_more_rows_than_the_bound_are_refused():
    row = b"R-1,1948-03-02,haemoglobin,92,g/L,2026-01-05\n"
    _, rows = rows_of(b"identifier,born_on,code,value,unit,taken_on\n" + row * 250_001, LAYOUT)
    with pytest.raises(FileRefused, match="more than 250,000 rows"):
        for _ in rows:
            pass


HEADINGS = b"identifier,born_on,code,value,unit,taken_on\n"
GOOD = b"R-1,1948-03-02,718-7,92,g/L,2026-01-05\n"
MESSAGE = b"MSH|^~\\&|L|L|||20260105||ORU^R01|1|P|2.5\rPID|1||R-1\r"


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (HEADINGS + b"x" * 8_000_000 + b"\n" + GOOD, 3),
        (HEADINGS + b"x" * 8_000_000, 2),
        (b"MSH|^~\\&" + b"|" * 4_000_000, 1),
        (MESSAGE + (b"OBX|" + b"|" * 75 + b"\r") * 90_000, 1),
        (MESSAGE + b"PID|" + b"^" * 4_000_000, 1),
    ],
    ids=["a line", "a last line", "a header of fields", "a message of fields", "a field of components"],
)
def test_what_is_far_too_much_of_one_thing_costs_neither_memory_nor_time(content, rows):
    """Parsed, the fields of eight megabytes of HL7 took a minute and more than three gigabytes."""
    tracemalloc.start()
    began = time.perf_counter()

    last = weighed(content)

    took, (_, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (last, took < 4 * SLOWEST_SECONDS) == (rows, True)
    assert peak < 6 * len(content)
