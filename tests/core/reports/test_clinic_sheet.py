"""The sheet as a file: what a spreadsheet may do to it and what is refused in one sentence."""

import csv
import io
from uuid import UUID

import pytest

from regimens.clinic_sheet import COLUMNS, MOST_ROWS, UnreadableSheet, read_sheet, sheet_lines

CLINIC, OTHER = UUID(int=1), UUID(int=2)
ROW = ["Sheet 2026-01-14 09:00:00", "0f", "Ada Row", *[""] * 12]


def filled(**cells):
    """A file of one row with these cells filled in, by the column's first word."""
    lines = list(csv.reader(io.StringIO(b"".join(sheet_lines([ROW])).decode("utf-8-sig"))))
    for name, value in cells.items():
        place = next(
            at for at, column in enumerate(COLUMNS) if column.casefold().startswith(name.replace("_", " "))
        )
        lines[1][place] = value
    return lines


def as_csv(lines, delimiter=",", encoding="utf-8-sig"):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(lines)
    return text.getvalue().encode(encoding)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_sheet_reads_back_whatever_the_separator(delimiter, encoding):
    lines = filled(given="y", lot=" A1 ", site="deltoid")

    [row] = read_sheet(as_csv(lines, delimiter, encoding))

    assert (row.line, row.sheet, row.dose, row.name) == (2, "Sheet 2026-01-14 09:00:00", "0f", "Ada Row")
    assert (row.given, row.lot, row.site, row.reason) == ("y", "A1", "deltoid", "")
    assert not row.is_empty


def test_a_sheet_just_made_is_empty_in_every_row_and_column_to_fill():
    [row] = read_sheet(b"".join(sheet_lines([ROW])))

    assert row.is_empty


def test_a_name_that_a_spreadsheet_would_run_is_made_inert_and_read_back_as_it_was():
    content = b"".join(sheet_lines([[*ROW[:2], "=cmd|' /C calc'!A0", *ROW[3:]]]))

    assert b"'=cmd" in content
    [row] = read_sheet(content)
    assert row.name == "=cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\xff\xfeG\x00i\x00", "The file is not UTF-8 text"),
        ("Sheet,Dosé".encode("latin-1"), "The file is not UTF-8 text"),
        (b"PK\x03\x04\x00\x00", "The file is not UTF-8 text"),
        (b"Name,Date\r\nAda,1\r\n", "This is not a clinic sheet: the column “Sheet” is missing."),
        (b'Sheet,"Dose id\r\n', "The file cannot be read as CSV"),
        (b"x" * 1_000_001, "The file is larger than 1 MB"),
        (b"".join(sheet_lines([])), "The sheet has a heading and no rows."),
        (
            b"".join(sheet_lines([ROW] * (MOST_ROWS + 1))),
            "The sheet has 501 rows; at most 500 are taken at once.",
        ),
    ],
)
def test_a_file_that_is_no_sheet_gets_one_clear_sentence(content, sentence):
    with pytest.raises(UnreadableSheet) as refused:
        read_sheet(content)
    assert str(refused.value).startswith(sentence)


def test_five_hundred_rows_are_taken():
    assert len(read_sheet(b"".join(sheet_lines([ROW] * MOST_ROWS)))) == 500


def test_lines_left_empty_are_passed_over_and_numbers_stay_those_of_the_file():
    lines = filled(given="n")
    rows = read_sheet(as_csv([lines[0], [""] * 3, lines[1], ["Sheet"]]))

    assert [(row.line, row.given) for row in rows] == [(3, "n"), (4, "")]


def test_the_key_is_the_same_for_the_same_row_and_another_for_any_other():
    [row] = read_sheet(as_csv(filled(given="y")))
    [again] = read_sheet(as_csv(filled(given="y", lot="B2")))
    key = row.form_key(CLINIC, "given", "2026-01-14")

    assert (
        key == again.form_key(CLINIC, "given", "2026-01-14") == UUID("ee793721-ca63-5653-9fc1-21d9e75c7650")
    )
    others = {
        row.form_key(OTHER, "given", "2026-01-14"),
        row.form_key(CLINIC, "not_given", "2026-01-14"),
        row.form_key(CLINIC, "given", "2026-01-15"),
    }
    assert len(others | {key}) == 4


def without(lines, *columns):
    places = [lines[0].index(column) for column in columns]
    return [[cell for at, cell in enumerate(line) if at not in places] for line in lines]


def test_a_sheet_given_out_before_reads_back_under_its_old_columns():
    lines = filled(given="y", given_by="SD")
    old = without(lines, "Product", "Authority (prescription, PSD or PGD)", "Questions asked (y and who)")
    old[0][old[0].index("Given by (initials or username)")] = "Initials"

    [row] = read_sheet(as_csv(old))

    assert (row.given, row.given_by) == ("y", "SD")
    assert (row.product, row.authority, row.asked) == (None, None, None)


@pytest.mark.parametrize("column", ["Lot", "Given by (initials or username)"])
def test_a_column_that_every_sheet_has_is_not_left_out(column):
    with pytest.raises(UnreadableSheet) as refused:
        read_sheet(as_csv(without(filled(given="y"), column)))
    assert f"the column “{column}” is missing" in str(refused.value)
