"""A decimal comma is read where the laboratory declared it, and nowhere else; a range follows its value."""

from decimal import Decimal

import pytest

from monitoring.intake.fates import Fate
from monitoring.intake.measuring import NotMeasured, taken
from monitoring.intake.read import rows_of
from monitoring.intake.rows import Layout

HEADINGS = "identifier;born_on;code;value;unit;taken_on;range"
HL7 = (
    "MSH|^~\\&|LAB|HILL|B12|CLINIC|20260105090000||ORU^R01|1|P|2.5.1\r"
    "PID|1||R-1^^^^MR||Example^Ada||19480302\r"
    "OBR|1||O-1|FBC|||20260105090000\r"
    "OBX|1|NM|2823-3^Potassium^LN||{value}|mmol/L|{range}|||||F\r"
)
FHIR = (
    '{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"2823-3"}]},'
    '"subject":{"identifier":{"value":"R-1"}},"effectiveDateTime":"2026-01-05",'
    '"valueQuantity":{"value":4.1,"unit":"mmol/L"}}'
)


def read(content, decimal_mark):
    [row] = rows_of(content.encode(), Layout(decimal_mark=decimal_mark, codes={"2823-3": "potassium"}))[1]
    one = taken(row).measurement
    return one.text, one.number, one.low, one.high


def a_csv_of(value, limits=""):
    return f"{HEADINGS}\nR-1;1948-03-02;2823-3;{value};mmol/L;2026-01-05;{limits}\n"


@pytest.mark.parametrize("value", ["4,1", "1,234"])
def test_without_a_declaration_a_comma_is_refused(value):
    with pytest.raises(NotMeasured, match="has a comma, which could mean a decimal or thousands") as refused:
        read(a_csv_of(value), ".")
    assert refused.value.fate == Fate.BAD_VALUE


def test_a_declared_comma_is_read_in_value_and_range():
    four = ("4.1", Decimal("4.1"), Decimal("3.5"), Decimal("5.3"))
    assert read(a_csv_of("4,1", "3,5-5,3"), ",") == four
    assert read(HL7.format(value="4,1", range="3,5-5,3"), ",") == four


def test_a_point_is_refused_where_a_comma_is_declared():
    for content in (a_csv_of("4.1"), HL7.format(value="4.1", range="")):
        with pytest.raises(NotMeasured, match="decimal mark is a comma") as refused:
            read(content, ",")
        assert refused.value.fate == Fate.BAD_VALUE


def test_a_range_with_the_other_mark_says_nothing():
    assert read(a_csv_of("4,1", "3.5-5.3"), ",")[2:] == (None, None)
    assert read(a_csv_of("4.1", "3,5-5,3"), ".")[2:] == (None, None)


def test_a_number_of_json_has_a_point_whatever_is_declared():
    row = next(iter(rows_of(FHIR.encode(), Layout(decimal_mark=",", codes={"2823-3": "potassium"}))[1]))
    assert (row.value, row.decimal_mark) == ("4.1", ".")
