from decimal import Decimal

import pytest

from monitoring.interpretation.entry import Entry, EntryStopped, Measurement, doubts, read_entry


def stops(**typed):
    with pytest.raises(EntryStopped) as stopped:
        read_entry(Entry(**typed))
    return [(stop.field, stop.code) for stop in stopped.value.stops]


def test_a_number_is_kept_as_typed_beside_its_canonical_value():
    assert read_entry(
        Entry(analyte="total_b12", value="<85.0", unit="pg/mL", low="200", high="900")
    ) == Measurement(
        analyte="total_b12",
        text="85.0",
        comparator="<",
        unit="pg/mL",
        number=Decimal("85.0"),
        canonical=Decimal("62.713000"),
        low=Decimal("200"),
        high=Decimal("900"),
    )


def test_a_canonical_value_is_kept_to_six_places():
    assert read_entry(Entry(analyte="ferritin", value="100", unit="pmol/L")).canonical == Decimal("44.503783")


def test_a_value_without_a_unit_is_stopped_and_the_unit_never_assumed():
    assert stops(analyte="total_b12", value="205") == [("unit", "no_unit")]
    assert stops(analyte="mcv", value="118") == [("unit", "no_unit")]
    assert stops(analyte="gastrin", value="25") == [("unit", "no_unit")]


def test_a_ratio_has_no_unit_to_choose():
    assert read_entry(Entry(analyte="inr", value="2.5")).unit == "1"


def test_a_unit_of_another_test_is_stopped():
    assert stops(analyte="active_b12", value="40", unit="pg/mL") == [("unit", "unknown_unit")]


def test_a_unit_is_kept_in_its_ucum_spelling():
    assert read_entry(Entry(analyte="platelets", value="190", unit="x10^9/L")).unit == "10*9/L"


def test_a_test_of_any_unit_keeps_the_laboratorys_own():
    read = read_entry(Entry(analyte="gastrin", value="250", unit="mU/L"))

    assert (read.unit, read.canonical) == ("mU/L", Decimal("250"))


def test_a_unit_longer_than_any_is_stopped():
    assert stops(analyte="gastrin", value="250", unit="u" * 25) == [("unit", "unknown_unit")]
    assert read_entry(Entry(analyte="gastrin", value="250", unit="u" * 24)).unit == "u" * 24


def test_a_word_is_taken_only_from_the_list():
    assert read_entry(Entry(analyte="intrinsic_factor_antibody", value="Positive")) == Measurement(
        analyte="intrinsic_factor_antibody", text="Positive", coded="positive"
    )
    assert stops(analyte="intrinsic_factor_antibody", value="12") == [("value", "not_a_word")]
    assert stops(analyte="intrinsic_factor_antibody", value="") == [("value", "not_a_word")]


def test_two_comparators_that_differ_are_stopped():
    assert stops(analyte="mcv", value="<118", unit="fL", comparator=">") == [
        ("comparator", "two_comparators")
    ]
    assert read_entry(Entry(analyte="mcv", value="<118", unit="fL", comparator="<")).comparator == "<"
    assert stops(analyte="mcv", value="118", unit="fL", comparator="~") == [
        ("comparator", "unknown_comparator")
    ]


def test_a_range_typed_the_wrong_way_round_is_stopped():
    assert stops(analyte="mcv", value="118", unit="fL", low="100", high="80") == [("low", "range_turned")]
    assert read_entry(Entry(analyte="mcv", value="118", unit="fL", low="80", high="80")).low == Decimal("80")


def test_every_fault_of_an_entry_is_named_at_once():
    assert stops(analyte="potassium", value="4,1", low="3,5", high="5.3") == [
        ("value", "unreadable"),
        ("unit", "no_unit"),
        ("low", "unreadable"),
    ]


def test_an_unknown_test_is_stopped():
    assert stops(analyte="b12", value="205", unit="pg/mL") == [("analyte", "unknown_analyte")]


def test_doubts_are_raised_about_numbers_and_not_about_words():
    assert [
        doubt.code for doubt in doubts(read_entry(Entry(analyte="total_b12", value="205", unit="ng/L")))
    ] == ["FITS_TWO_UNITS"]
    assert doubts(read_entry(Entry(analyte="ttg_iga", value="negative"))) == []
