"""A text message is cut where a network cuts it."""

import pytest

from b12clinic.messages.text_parts import narrow, parts_of


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ą" * 70, 1),
        ("ą" * 71, 2),
        ("ą" * 134, 2),
        ("ą" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_it_is_counted_as_a_network_counts(text, parts):
    assert parts_of(text) == parts


def test_letters_that_would_halve_it_lose_their_marks():
    assert narrow("dimanche 30 août, d’où “ça”") == 'dimanche 30 aout, d\'où "ca"'
