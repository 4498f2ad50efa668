import pytest

from b12clinic.patients.identifiers import IdentifierRefused, grouped, normalised, search_prefixes


@pytest.mark.parametrize(
    ("scheme", "typed", "kept"),
    [
        ("nhs_number", "9990000018", "9990000018"),
        ("nhs_number", " 999 000 0018 ", "9990000018"),
        ("nhs_number", "999-000-0018", "9990000018"),
        ("nhs_number", "999\u2011000\u00a00018", "9990000018"),
        ("chi_number", "020348 1232", "0203481232"),
        ("bsn", "1234.56.782", "123456782"),
        ("bsn", "99999 0019", "999990019"),
        ("medical_record", " rx 100-7 ", "RX100-7"),
        ("medical_record", "12\u20133", "12-3"),
    ],
)
def test_a_number_is_kept_without_the_ways_of_writing_it(scheme, typed, kept):
    assert normalised(scheme, typed) == kept


@pytest.mark.parametrize(
    ("scheme", "typed", "sentence"),
    [
        ("nhs_number", "999000001", "An NHS number has 10 digits; this has 9."),
        ("nhs_number", "99900000187", "An NHS number has 10 digits; this has 11."),
        (
            "nhs_number",
            "9990000019",
            "The check digit of this number does not fit, so a digit was mistyped. An NHS number has 10 digits.",
        ),
        ("nhs_number", "99900000A8", "An NHS number has 10 digits and nothing else."),
        (
            "nhs_number",
            "4444444444",
            "An NHS number is not one digit ten times over; leave the row out if it is not known.",
        ),
        (
            "chi_number",
            "3102481234",
            "The check digit of this number does not fit, so a digit was mistyped. A CHI number has 10 digits.",
        ),
        ("bsn", "1234567", "A BSN has 9 digits; this has 7."),
        ("bsn", "1234567890", "A BSN has 9 digits; this has 10."),
        (
            "bsn",
            "123456783",
            "The check digit of this number does not fit, so a digit was mistyped. A BSN has 9 digits.",
        ),
        ("medical_record", "X" * 41, "A clinic record number has at most 40 characters."),
        ("medical_record", "", "Write the number, or leave its row out."),
        ("nhs_number", "  ", "Write the number, or leave its row out."),
        ("bsn", "", "Write the number, or leave its row out."),
    ],
)
def test_a_number_that_cannot_be_is_refused_in_one_sentence(scheme, typed, sentence):
    with pytest.raises(IdentifierRefused) as refused:
        normalised(scheme, typed)
    assert str(refused.value) == sentence


def test_a_record_number_of_forty_characters_is_kept():
    assert normalised("medical_record", "X" * 40) == "X" * 40


@pytest.mark.parametrize("typed", ["2902001232", "2902041234"])
def test_a_chi_number_may_begin_with_a_leap_day(typed):
    assert normalised("chi_number", with_check_digit(typed[:9])) == with_check_digit(typed[:9])


@pytest.mark.parametrize("first_nine", ["310248124", "290201123", "001348123", "021348123"])
def test_a_chi_number_begins_with_a_day_that_exists(first_nine):
    with pytest.raises(IdentifierRefused, match="begins with the date of birth"):
        normalised("chi_number", with_check_digit(first_nine))


def with_check_digit(first_nine: str) -> str:
    """Ten digits that pass modulus 11, reckoned here by hand."""
    rest = (
        11 - sum(int(digit) * weight for digit, weight in zip(first_nine, range(10, 1, -1), strict=True)) % 11
    )
    assert rest != 10, "no number begins with these nine digits"
    return first_nine + str(rest % 11)


def test_a_number_is_shown_in_its_usual_groups():
    assert grouped("nhs_number", "9990000018") == "999 000 0018"
    assert grouped("chi_number", "0203481232") == "020348 1232"
    assert grouped("bsn", "123456782") == "123456782"
    assert grouped("medical_record", "RX100-7") == "RX100-7"


def test_a_search_looks_for_digits_however_they_are_grouped():
    assert search_prefixes("999 000") == {"999000"}
    assert search_prefixes("999-000") == {"999-000", "999000"}
    assert search_prefixes("rx 1") == {"RX1"}
    assert search_prefixes("9") == frozenset()
    assert search_prefixes("\0\n") == frozenset()
