"""What to reassess when treatment does not answer, and what the record has answered already."""

import pytest

from b12clinic.vocabulary import IntervalUnit, PhaseKind
from regimens.protocols.reassessment import Answer, Record, Spacing, checklist
from tests.core.patients import lab, labs, medicine, phase, reading

EMPTY = Record()


def item(code, record=EMPTY, **changes):
    return {one.code: one for one in checklist(reading(**changes), record)}[code]


def answer(code, record=EMPTY, **changes):
    return item(code, record, **changes).answer


def test_the_first_four_are_diagnosis_adherence_technique_and_cause():
    assert [one.code for one in checklist(reading(), EMPTY)] == [
        "diagnosis",
        "adherence",
        "technique",
        "cause",
        "iron",
        "folate",
        "thyroid",
        "marrow",
        "marrow_medicines",
        "copper",
        "kidneys",
        "inflammation",
        "haemoglobinopathy",
        "diabetic_neuropathy",
        "assay",
        "functional",
        "frequency",
        "other_vitamins",
    ]


def test_every_item_has_a_question_and_a_source():
    assert all(one.question.endswith(("?", ".")) and one.source for one in checklist(reading(), EMPTY))


def test_what_the_record_does_not_say_is_not_ticked():
    silent = {
        one.code for one in checklist(reading(medications=(medicine("ramipril"),)), EMPTY) if not one.ticked
    }
    assert silent == {
        "adherence",
        "technique",
        "cause",
        "iron",
        "folate",
        "thyroid",
        "marrow",
        "marrow_medicines",
        "copper",
        "kidneys",
        "inflammation",
        "haemoglobinopathy",
        "diabetic_neuropathy",
        "assay",
        "functional",
        "frequency",
        "other_vitamins",
    }


def test_the_diagnosis_is_answered_by_what_supports_it_or_looks_like_it():
    assert answer("diagnosis") == Answer("Nothing on record shows the deficiency.", True)
    assert answer("diagnosis", labs=labs(total_b12=179)) == Answer(
        "Supported by: B12 below the cut-off.", False
    )
    assert answer("diagnosis", labs=labs(total_b12=179), conditions={"alcohol_excess", "myeloma"}) == Answer(
        "Recorded, and able to look like it: Alcohol excess, Myeloma.", True
    )


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (Record(doses_missed=0), None),
        (Record(doses_late=0), None),
        (Record(doses_missed=0, doses_late=0), Answer("No dose was missed or late.", False)),
        (Record(doses_missed=1, doses_late=0), Answer("Doses missed: 1; given late: 0.", True)),
        (
            Record(doses_missed=0, doses_late=2, longest_late_days=9),
            Answer("Doses missed: 0; given late: 2, the latest by 9 days.", True),
        ),
    ],
)
def test_adherence_is_answered_by_the_doses(record, expected):
    assert answer("adherence", record) == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (EMPTY, None),
        (
            Record(sites=("deltoid", "deltoid")),
            Answer(
                "Sites used: deltoid. Not on record: technique, waste, expiry and light; ask.",
                False,
                settles=False,
            ),
        ),
        (
            Record(sites=("deltoid",), in_date=3),
            Answer(
                "Sites used: deltoid; given within the expiry date: 3. Not on record: technique, waste and light; ask.",
                False,
                settles=False,
            ),
        ),
        (
            Record(sites=("dorsogluteal",)),
            Answer("Dorsogluteal site used, where muscle is often not reached.", True),
        ),
        (
            Record(by_skin=2, expired=1),
            Answer("Given subcutaneously: 2; given past the expiry date: 1.", True),
        ),
    ],
)
def test_technique_is_answered_by_site_route_and_expiry(record, expected):
    assert answer("technique", record) == expected


LOADING = Spacing(phase(PhaseKind.LOADING, every=(1, IntervalUnit.WEEK), doses=6), 7, False)


def every(months, longest=92, *, late=False):
    return Spacing(phase(every=(months, IntervalUnit.MONTH)), longest, late)


@pytest.mark.parametrize(
    ("spacings", "cause", "expected"),
    [
        ((), "total_gastrectomy", None),
        (
            (LOADING, every(3)),
            "total_gastrectomy",
            Answer(
                "Loading planned weekly, the longest gap was 7 days, within the window; Maintenance planned every 3 "
                "months, the longest gap was 92 days, within the window.",
                False,
            ),
        ),
        (
            (every(3, 130, late=True),),
            "total_gastrectomy",
            Answer(
                "Maintenance planned every 3 months, the longest gap was 130 days, outside the window.", True
            ),
        ),
        (
            (every(4),),
            "total_gastrectomy",
            Answer(
                "Maintenance planned every 4 months, the longest gap was 92 days, within the window; maintenance is "
                "planned further apart than 3 months in a cause that does not pass.",
                True,
            ),
        ),
        (
            (every(4, 1),),
            "diet",
            Answer(
                "Maintenance planned every 4 months, the longest gap was 1 day, within the window.", False
            ),
        ),
    ],
)
def test_the_plan_and_the_days_given_tell_whether_doses_are_too_far_apart(spacings, cause, expected):
    assert answer("frequency", Record(spacings=spacings), cause=cause) == expected


def test_a_cause_that_goes_on_is_named():
    assert answer("cause", medications=(medicine("nitrous_oxide"),)).words == (
        "Nitrous oxide is still on record: treatment works only if it stops."
    )
    assert answer("cause", medications=(medicine("omeprazole"), medicine("metformin"))) == Answer(
        "Still taken: metformin, omeprazole.", True
    )
    assert answer("cause", cause="unknown") == Answer("The cause is not known.", True)


def test_the_cause_is_answered_by_the_clinician_or_by_its_nature():
    assert answer("cause") is None
    assert answer("cause", Record(cause_addressed=True)) == Answer(
        "By the clinician's answer the cause is addressed.", False
    )
    assert answer("cause", Record(cause_addressed=False)) == Answer(
        "By the clinician's answer the cause is not addressed.", True
    )
    assert answer("cause", cause="total_gastrectomy") == Answer(
        "Total gastrectomy does not pass: B12 goes on for life.", False
    )


@pytest.mark.parametrize(
    ("ferritin", "expected"),
    [
        (29, Answer("Ferritin 29 ug/L, below 30 ug/L.", True)),
        (30, Answer("Ferritin 30 ug/L, not below 30 ug/L.", False)),
    ],
)
def test_iron_is_answered_by_ferritin(ferritin, expected):
    assert answer("iron", labs=labs(ferritin=ferritin)) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("2.9", "ug/L", Answer("Folate 2.9 ug/L, low.", True)),
        ("3", "ug/L", Answer("Folate 3 ug/L, not low.", False)),
        ("6.9", "nmol/L", Answer("Folate 6.9 nmol/L, low.", True)),
        ("7", "nmol/L", Answer("Folate 7 nmol/L, not low.", False)),
    ],
)
def test_folate_is_answered_in_the_unit_reported(value, unit, expected):
    assert answer("folate", labs=(lab("folate", value, unit),)) == expected


def test_a_word_or_a_bound_that_settles_nothing_answers_nothing():
    assert answer("folate", labs=(lab("folate", "haemolysed"),)) is None
    assert answer("folate", labs=(lab("folate", 5, comparator="<"),)) is None
    assert answer("iron", labs=(lab("ferritin", 50, comparator="<"),)) is None
    assert answer("kidneys", labs=(lab("egfr", 30, comparator=">"),)) is None
    assert answer("kidneys", labs=(lab("egfr", 90, comparator=">"),)).words == (
        "eGFR >90 mL/min/{1.73_m2}, not below 45."
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("4.3", Answer("TSH 4.3 m[IU]/L, above the laboratory's limit of 4.2.", True)),
        ("4.2", Answer("TSH 4.2 m[IU]/L, not above the laboratory's limit of 4.2.", False)),
    ],
)
def test_the_thyroid_is_answered_by_tsh_against_the_laboratorys_limit(value, expected):
    assert answer("thyroid", labs=(lab("tsh", value, "m[IU]/L", high="4.2"),)) == expected


def test_a_tsh_without_a_range_answers_nothing_and_a_recorded_thyroid_does():
    assert answer("thyroid", labs=(lab("tsh", "9", "m[IU]/L"),)) is None
    assert answer("thyroid", conditions={"hypothyroidism"}) == Answer("Hypothyroidism is recorded.", True)


def test_the_marrow_is_answered_by_conditions_or_other_cell_lines():
    assert answer("marrow", conditions={"polycythaemia_vera"}).words == "Recorded: Polycythaemia vera."
    assert answer("marrow", labs=labs(platelets=149)).explains
    assert answer("marrow", labs=labs(white_cells="3.9")).explains
    assert answer("marrow", labs=labs(platelets=150, white_cells="4.0")) is None


def test_chloramphenicol_is_named():
    assert (
        answer("marrow_medicines", medications=(medicine("chloramphenicol"),)).words
        == "Takes chloramphenicol."
    )
    assert answer("marrow_medicines") == Answer("No medicine is on record; ask.", False, settles=False)
    assert not item("marrow_medicines").ticked


def test_copper_is_asked_after_bariatric_surgery():
    assert answer("copper", cause="bariatric_surgery") == Answer(
        "At risk after bariatric surgery: measure copper.", True
    )


def test_the_kidneys_are_answered_by_egfr_or_the_recorded_stage():
    assert answer("kidneys", labs=labs(egfr=44)).explains
    assert not answer("kidneys", labs=labs(egfr=45)).explains
    assert answer("kidneys", conditions={"ckd_4"}).words == "Recorded: Chronic kidney disease, stage 4."


def test_diabetes_explains_only_where_there_are_neurological_signs():
    assert answer("diabetic_neuropathy") == Answer("Diabetes is not on record; ask.", False, settles=False)
    assert not answer("diabetic_neuropathy", conditions={"type2_diabetes"}).explains
    assert answer("diabetic_neuropathy", conditions={"type2_diabetes"}, findings={"numbness"}).explains


def test_an_assay_is_doubted_where_the_antibody_is_positive_and_b12_not_low():
    positive = lab("intrinsic_factor_antibody", "positive")
    assert answer("assay", labs=(positive, *labs(total_b12=400))).explains
    assert answer("assay", labs=(positive, *labs(total_b12=100))) == Answer(
        "Intrinsic factor antibody: positive.", False
    )
    negative = lab("intrinsic_factor_antibody", "negative")
    assert not answer("assay", labs=(negative, *labs(total_b12=400))).explains


def test_nitrous_oxide_makes_the_deficiency_functional():
    assert answer("functional", cause="nitrous_oxide").explains
