"""Where each safety rule comes from."""

import pytest

from b12clinic.vocabulary import Severity
from regimens.protocols.origin import Origin, OriginKind, Source
from regimens.protocols.safety import RULES, sources
from regimens.protocols.safety.rule import REGISTER, rule

LOCAL_ROWS = """
AGE_EXCLUDED RECENT_B12 UNIT_AMBIGUOUS UNIT_IMPLAUSIBLE HYPOK_RISK K_LOW INR_HIGH PLT_LOW_WARN PLT_LOW_BLOCK_IM
THROMBOCYTOPENIA_INFO DOSE_HIGH FREQ_HIGH NEURO_CONFIRM ANAPHYLAXIS_OBS IRON_CHECK GI_BLOOD_LOSS INADEQUATE_RESPONSE
LATE_LOADING LATE_MAINT POLYCYTHAEMIA PANCYTOPENIA_URGENT
"""
LOCAL_IN_THE_EVIDENCE = LOCAL_ROWS.split()
"""The rows that the evidence marks as local policy, in the row itself, its terms, or the section that it points to."""

REGISTERED = {source.title: source for source in vars(sources).values() if isinstance(source, Source)}


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.code)
def test_every_rule_has_an_origin_that_the_register_of_sources_holds(one):
    assert one.origins
    for origin in one.origins:
        source = REGISTERED[origin.source]
        assert (origin.rule, origin.kind, origin.year) == (one.code, source.kind, source.year)


@pytest.mark.parametrize("code", LOCAL_IN_THE_EVIDENCE)
def test_what_the_evidence_marks_as_local_policy_is_marked(code):
    assert REGISTER[code].local_policy


def test_the_mark_stands_where_an_origin_is_the_clinics_own_and_nowhere_else():
    for one in RULES:
        own = any(origin.kind is OriginKind.LOCAL_POLICY for origin in one.origins)
        assert one.local_policy is own
        assert ("local policy" in one.source) is own


def test_an_origin_names_rule_source_section_and_year():
    assert REGISTER["LIFELONG"].origins == (
        Origin(
            "LIFELONG",
            OriginKind.GUIDELINE,
            "NICE NG239, Vitamin B12 deficiency in over 16s: diagnosis and management",
            "1.5",
            2024,
        ),
    )


def test_what_the_evidence_does_not_date_has_no_year_and_what_it_does_not_place_has_no_section():
    origin = REGISTER["SCD_EMERGENCY"].origins[0]
    assert (origin.source, origin.section, origin.year) == ("NHS Lothian RefHelp, B12 deficiency", None, None)


def test_the_sentence_of_sources_is_made_from_the_register():
    assert REGISTER["AGE_EXCLUDED"].source == "NICE NG239, 2024 (from 16 years); local policy"
    assert REGISTER["FOLATE_BEFORE_B12"].source == (
        "US FDA label, cyanocobalamin injection, warnings; SmPC folic acid"
    )
    assert REGISTER["FOLATE_BEFORE_B12"].origins[0].section == "warnings"


def test_a_rule_without_a_source_is_not_registered():
    with pytest.raises(ValueError, match="MADE_UP names no source"):
        rule("MADE_UP", Severity.INFO, sources=())
    assert "MADE_UP" not in REGISTER
