"""Rules that look at the patient alone: each trigger on both sides of its edge."""

from datetime import date
from decimal import Decimal

import pytest

from tests.core.patients import TODAY, allergy, codes, given, lab, labs, medicine

NERVE = ["numbness"]

ROWS = [
    ("AGE_EXCLUDED", "block", {"age": 17}),
    ("AGE_EXCLUDED", None, {"age": 18}),
    # Allergy
    ("ALLERGY_COBALAMIN", "block", {"allergies": (allergy("mecobalamin"),)}),
    ("ALLERGY_COBALAMIN", None, {"allergies": (allergy("cobalt", "wheeze"),)}),
    ("ALLERGY_COBALT", "block", {"allergies": (allergy("cobalt", "urticaria"),)}),
    ("ALLERGY_COBALT", "warn", {"allergies": (allergy("cobalt", "contact_dermatitis"),)}),
    ("ALLERGY_COBALT", "block", {"allergies": (allergy("cobalt", "contact_dermatitis"),), "guideline": "us-label"}),
    ("ALLERGY_COBALT", "warn", {"allergies": (allergy("hydroxocobalamin", "rash"),)}),
    ("ALLERGY_COBALT", None, {"allergies": (allergy("benzyl_alcohol", "urticaria"),)}),
    ("REFER_ALLERGY", "info", {"allergies": (allergy("cobalt", "contact_dermatitis"),)}),
    ("REFER_ALLERGY", "info", {"allergies": (allergy("cyanocobalamin", "rash"),)}),
    ("REFER_ALLERGY", None, {"allergies": (allergy("benzyl_alcohol"),)}),
    ("BENZYL_ALLERGY", "block", {"allergies": (allergy("benzyl_alcohol"),)}),
    ("BENZYL_ALLERGY", None, {"allergies": (allergy("cobalt"),)}),
    ("PSORIASIS_CONTACT", "info", {"conditions": ["psoriasis"]}),
    ("PSORIASIS_CONTACT", "info", {"allergies": (allergy("cobalt", "contact_dermatitis"),)}),
    ("PSORIASIS_CONTACT", None, {"allergies": (allergy("cobalt", "rash"),)}),
    # Nerves and eyes
    ("NEURO_URGENT", "urgent", {"findings": NERVE}),
    ("NEURO_URGENT", "urgent", {"neuro_answer": True}),
    ("NEURO_URGENT", None, {"findings": ["fatigue", "brain_fog"]}),
    ("SCD_EMERGENCY", "urgent", {"findings": ["weakness"]}),
    ("SCD_EMERGENCY", "urgent", {"findings": ["impaired_vibration_sense", "ataxic_gait"]}),
    ("SCD_EMERGENCY", None, {"findings": ["impaired_vibration_sense", "impaired_proprioception", "numbness"]}),
    ("NEURO_CONFIRM", "warn", {"findings": ["falls"]}),
    ("NEURO_CONFIRM", None, {"findings": ["falls", "numbness"]}),
    ("NEURO_CONFIRM", None, {"findings": ["falls"], "neuro_answer": False}),
    ("NEURO_CONFIRM", None, {"findings": ["fatigue"]}),
    ("DIABETIC_NEUROPATHY_CONFOUNDER", "info", {"findings": NERVE, "conditions": ["type2_diabetes"]}),
    ("DIABETIC_NEUROPATHY_CONFOUNDER", "info", {"findings": NERVE, "conditions": ["type1_diabetes"]}),
    ("DIABETIC_NEUROPATHY_CONFOUNDER", None, {"findings": ["fatigue"], "conditions": ["type2_diabetes"]}),
    ("DIABETIC_NEUROPATHY_CONFOUNDER", None, {"findings": NERVE}),
    ("OPTIC_URGENT", "urgent", {"findings": ["blurred_vision"]}),
    ("OPTIC_URGENT", None, {"findings": NERVE}),
    ("TOBACCO_AMBLYOPIA", "info", {"conditions": ["tobacco_amblyopia"]}),
    ("TOBACCO_AMBLYOPIA", None, {}),
    ("LHON_CYANO", "block", {"conditions": ["leber_family_history"], "requested_drug": "cyanocobalamin"}),
    ("LHON_CYANO", "block", {"conditions": ["leber_hereditary_optic_neuropathy"], "guideline": "us-practice"}),
    (
        "LHON_CYANO",
        "block",
        {"conditions": ["leber_family_history"], "medications": (medicine("oral_cyanocobalamin"),)},
    ),
    ("LHON_CYANO", None, {"conditions": ["leber_hereditary_optic_neuropathy"]}),
    ("LHON_CYANO", None, {"requested_drug": "cyanocobalamin"}),
    ("SWITCH_TO_HYDROXO", "info", {"conditions": ["leber_family_history"], "requested_drug": "cyanocobalamin"}),
    ("SWITCH_TO_HYDROXO", None, {"conditions": ["leber_family_history"]}),
    (
        "LHON_CYANO",
        "block",
        {
            "conditions": ["leber_family_history"],
            "doses_given": (*given(TODAY, drug="cyanocobalamin"), *given(date(2024, 12, 30))),
        },
    ),
    (
        "LHON_CYANO",
        None,
        {
            "conditions": ["leber_family_history"],
            "doses_given": (*given(TODAY), *given(date(2024, 12, 30), drug="cyanocobalamin")),
        },
    ),
    # Potassium
    ("HYPOK_RISK", "warn", {"labs": labs(haemoglobin=79)}),
    ("HYPOK_RISK", None, {"labs": labs(haemoglobin=80)}),
    ("HYPOK_RISK", "warn", {"labs": labs(haematocrit="24.9")}),
    ("HYPOK_RISK", None, {"labs": labs(haematocrit=25)}),
    ("HYPOK_RISK", "warn", {"labs": labs(haemoglobin=99), "medications": (medicine("indapamide"),)}),
    ("HYPOK_RISK", None, {"labs": labs(haemoglobin=100), "medications": (medicine("indapamide"),)}),
    ("HYPOK_RISK", "warn", {"labs": labs(haemoglobin=99), "medications": (medicine("digoxin"),)}),
    ("HYPOK_RISK", "warn", {"labs": labs(haemoglobin=99), "conditions": ["alcohol_excess"]}),
    ("HYPOK_RISK", "warn", {"labs": labs(haemoglobin=99), "conditions": ["eating_disorder"]}),
    ("HYPOK_RISK", "warn", {"labs": labs(haemoglobin=99), "conditions": ["mechanical_aortic_valve"]}),
    ("HYPOK_RISK", None, {"labs": labs(haemoglobin=99), "conditions": ["hypertension"]}),
    ("HYPOK_RISK", None, {"conditions": ["heart_failure"]}),
    ("HYPOK_RISK", "warn", {"labs": labs(potassium="3.4")}),
    ("HYPOK_RISK", None, {"labs": labs(potassium="3.5")}),
    ("K_LOW", "urgent", {"labs": labs(potassium="3.4")}),
    ("K_LOW", None, {"labs": labs(potassium="3.5")}),
    # Anaemia
    ("SEVERE_ANAEMIA", "urgent", {"labs": labs(haemoglobin=79)}),
    ("SEVERE_ANAEMIA", None, {"labs": labs(haemoglobin=80)}),
    ("SEVERE_ANAEMIA", None, {"labs": (lab("haemoglobin", "13.2", "g/L"),)}),
    ("TRANSFUSION_CAUTION", "urgent", {"labs": labs(haemoglobin=69)}),
    ("TRANSFUSION_CAUTION", None, {"labs": labs(haemoglobin=70)}),
    ("TRANSFUSION_CAUTION", "urgent", {"labs": labs(haemoglobin=79), "findings": ["dyspnoea"]}),
    ("TRANSFUSION_CAUTION", "urgent", {"labs": labs(haemoglobin=79), "findings": ["palpitations"]}),
    ("TRANSFUSION_CAUTION", None, {"labs": labs(haemoglobin=80), "findings": ["palpitations"]}),
    ("TRANSFUSION_CAUTION", None, {"labs": labs(haemoglobin=79), "findings": ["fatigue"]}),
    ("PANCYTOPENIA_URGENT", "urgent", {"labs": labs(haemoglobin=119, white_cells="3.9", platelets=149)}),
    ("PANCYTOPENIA_URGENT", "urgent", {"labs": labs(haemoglobin=119, neutrophils="1.4", platelets=149)}),
    ("PANCYTOPENIA_URGENT", None, {"labs": labs(haemoglobin=120, white_cells="3.9", platelets=149)}),
    ("PANCYTOPENIA_URGENT", None, {"labs": labs(haemoglobin=119, white_cells="4.0", platelets=149)}),
    ("PANCYTOPENIA_URGENT", None, {"labs": labs(haemoglobin=119, white_cells="3.9", platelets=150)}),
    # Bleeding
    ("ANTICOAG_IM", "warn", {"medications": (medicine("warfarin"),)}),
    ("ANTICOAG_IM", "warn", {"medications": (medicine("edoxaban"),)}),
    ("ANTICOAG_IM", "warn", {"medications": (medicine("tinzaparin"),)}),
    ("ANTICOAG_IM", "warn", {"medications": (medicine("aspirin"), medicine("clopidogrel"))}),
    ("ANTICOAG_IM", None, {"medications": (medicine("aspirin"),)}),
    ("ANTICOAG_IM", None, {"medications": (medicine("aspirin"), medicine("aspirin"))}),
    ("INR_HIGH", "block", {"labs": labs(inr="3.1")}),
    ("INR_HIGH", None, {"labs": labs(inr="3.0")}),
    ("INR_HIGH", None, {"medications": (medicine("warfarin"),)}),
    (
        "INR_HIGH",
        None,
        {"labs": labs(inr="3.1"), "medications": (medicine("warfarin", inr_target=(Decimal("2.5"), Decimal("3.5"))),)},
    ),
    ("PLT_LOW_BLOCK_IM", "block", {"labs": labs(platelets=24)}),
    ("PLT_LOW_BLOCK_IM", None, {"labs": labs(platelets=25)}),
    ("PLT_LOW_WARN", None, {"labs": labs(platelets=24)}),
    ("PLT_LOW_WARN", "warn", {"labs": labs(platelets=25)}),
    ("PLT_LOW_WARN", "warn", {"labs": labs(platelets=49)}),
    ("PLT_LOW_WARN", None, {"labs": labs(platelets=50)}),
    ("THROMBOCYTOPENIA_INFO", None, {"labs": labs(platelets=24)}),
    ("THROMBOCYTOPENIA_INFO", None, {"labs": labs(platelets=49)}),
    ("THROMBOCYTOPENIA_INFO", "info", {"labs": labs(platelets=50)}),
    ("THROMBOCYTOPENIA_INFO", "info", {"labs": labs(platelets=149)}),
    ("THROMBOCYTOPENIA_INFO", None, {"labs": labs(platelets=150)}),
    ("BLEEDING_DISORDER", "warn", {"conditions": ["haemophilia"]}),
    ("BLEEDING_DISORDER", "warn", {"conditions": ["von_willebrand"]}),
    ("BLEEDING_DISORDER", None, {"conditions": ["thrombosis_history"]}),
    # Thrombosis
    ("THROMBOCYTOSIS", "info", {"labs": labs(platelets=451)}),
    ("THROMBOCYTOSIS", None, {"labs": labs(platelets=450)}),
    ("THROMBOCYTOSIS", "warn", {"labs": labs(platelets=451), "conditions": ["thrombosis_history"]}),
    ("THROMBOCYTOSIS", "info", {"labs": labs(platelets=451), "doses_given": given(date(2024, 11, 11))}),
    ("THROMBOCYTOSIS", None, {"labs": labs(platelets=451), "doses_given": given(date(2024, 11, 10))}),
    ("THROMBOSIS_RISK", "warn", {"conditions": ["myeloproliferative_neoplasm"]}),
    ("THROMBOSIS_RISK", "warn", {"conditions": ["polycythaemia_vera"]}),
    ("THROMBOSIS_RISK", "warn", {"conditions": ["thrombosis_history"]}),
    ("THROMBOSIS_RISK", None, {"conditions": ["atrial_fibrillation"]}),
    ("POLYCYTHAEMIA", "warn", {"conditions": ["polycythaemia_vera"]}),
    ("POLYCYTHAEMIA", "warn", {"labs": labs(haematocrit="48.1")}),
    ("POLYCYTHAEMIA", None, {"labs": labs(haematocrit=48)}),
    ("POLYCYTHAEMIA", "warn", {"labs": labs(haematocrit="52.1"), "sex": "male"}),
    ("POLYCYTHAEMIA", None, {"labs": labs(haematocrit=52), "sex": "male"}),
    ("POLYCYTHAEMIA", None, {"labs": labs(haematocrit=50), "sex": "unknown"}),
    # Pregnancy
    ("PREG_CONFIRM_B12", "warn", {"pregnancy": "pregnant", "labs": labs(haemoglobin=109, mcv=101)}),
    ("PREG_CONFIRM_B12", None, {"pregnancy": "pregnant", "labs": labs(haemoglobin=110, mcv=101)}),
    ("PREG_CONFIRM_B12", None, {"pregnancy": "pregnant", "labs": labs(haemoglobin=109, mcv=100)}),
    ("PREG_CONFIRM_B12", None, {"pregnancy": "breastfeeding", "labs": labs(haemoglobin=109, mcv=101)}),
    ("PREG_CONFIRM_B12", None, {"pregnancy": "pregnant", "labs": labs(haemoglobin=109, mcv=101, active_b12=24)}),
    ("PREG_CONFIRM_B12", None, {"pregnancy": "pregnant", "labs": labs(haemoglobin=109, mcv=101, methylmalonic_acid=400)}),
    ("PREG_CONFIRM_B12", "warn", {"pregnancy": "pregnant", "labs": labs(haemoglobin=109, mcv=101, active_b12=25)}),
    ("PREG_ONE_MONTH_REVIEW", "info", {"pregnancy": "pregnant"}),
    ("PREG_ONE_MONTH_REVIEW", "info", {"pregnancy": "breastfeeding"}),
    ("PREG_ONE_MONTH_REVIEW", None, {}),
    # Kidneys
    ("RENAL_MMA", "info", {"labs": labs(egfr=59)}),
    ("RENAL_MMA", None, {"labs": labs(egfr=60)}),
    ("RENAL_MMA", "info", {"conditions": ["ckd_3"]}),
    ("RENAL_MMA", None, {"labs": (lab("egfr", 60, comparator=">"),), "conditions": ["ckd_3"]}),
    ("RENAL_ALU", "warn", {"labs": labs(egfr=29), "requested_drug": "cyanocobalamin"}),
    ("RENAL_ALU", "warn", {"labs": labs(egfr=29), "guideline": "us-label"}),
    ("RENAL_ALU", None, {"labs": labs(egfr=30), "guideline": "us-label"}),
    ("RENAL_ALU", None, {"labs": labs(egfr=29)}),
    ("CONSIDER_CKD_ANAEMIA", "info", {"labs": labs(egfr=44, haemoglobin=119, mcv=80)}),
    ("CONSIDER_CKD_ANAEMIA", "info", {"labs": labs(egfr=44, haemoglobin=119, mcv=100)}),
    ("CONSIDER_CKD_ANAEMIA", None, {"labs": labs(egfr=45, haemoglobin=119, mcv=90)}),
    ("CONSIDER_CKD_ANAEMIA", None, {"labs": labs(egfr=44, haemoglobin=120, mcv=90)}),
    ("CONSIDER_CKD_ANAEMIA", None, {"labs": labs(egfr=44, haemoglobin=119, mcv=101)}),
    ("CONSIDER_CKD_ANAEMIA", None, {"labs": labs(egfr=44, haemoglobin=119, mcv=79)}),
    ("CONSIDER_CKD_ANAEMIA", None, {"labs": labs(egfr=44, haemoglobin=119)}),
    ("CONSIDER_CKD_ANAEMIA", None, {"labs": labs(egfr=44, haemoglobin=119, mcv=90, total_b12=179)}),
    ("CONSIDER_CKD_ANAEMIA", "info", {"labs": labs(haemoglobin=119, mcv=90), "conditions": ["ckd_4"]}),
    ("CONSIDER_CKD_ANAEMIA", None, {"labs": labs(haemoglobin=119, mcv=90), "conditions": ["ckd_3"]}),
    # Iron
    ("IRON_CHECK", "info", {"labs": labs(ferritin="29.9")}),
    ("IRON_CHECK", None, {"labs": labs(ferritin=30)}),
    ("GI_BLOOD_LOSS", "warn", {"labs": labs(ferritin=29), "cause": "autoimmune_gastritis", "certainty": "suspected"}),
    ("GI_BLOOD_LOSS", None, {"labs": labs(ferritin=30), "cause": "autoimmune_gastritis"}),
    ("GI_BLOOD_LOSS", None, {"labs": labs(ferritin=29), "cause": "ileal_disease"}),
    # Nitrous oxide
    ("N2O_STOP", "urgent", {"cause": "nitrous_oxide"}),
    ("N2O_STOP", "urgent", {"medications": (medicine("nitrous_oxide"),)}),
    ("N2O_STOP", None, {}),
    ("N2O_SERUM_UNRELIABLE", "info", {"cause": "nitrous_oxide", "labs": labs(total_b12=180)}),
    ("N2O_SERUM_UNRELIABLE", None, {"cause": "nitrous_oxide", "labs": labs(total_b12=179)}),
    ("N2O_SERUM_UNRELIABLE", None, {"labs": labs(total_b12=400)}),
    ("NITROUS_ANAES", "warn", {"nitrous_oxide_anaesthesia_planned": True, "labs": labs(total_b12=179)}),
    (
        "NITROUS_ANAES",
        "warn",
        {"nitrous_oxide_anaesthesia_planned": True, "labs": labs(homocysteine=16), "cause": "nitrous_oxide"},
    ),
    ("NITROUS_ANAES", None, {"nitrous_oxide_anaesthesia_planned": True, "labs": labs(total_b12=180)}),
    ("NITROUS_ANAES", None, {"nitrous_oxide_anaesthesia_planned": True, "labs": labs(homocysteine=16)}),
    (
        "NITROUS_ANAES",
        None,
        {"nitrous_oxide_anaesthesia_planned": True, "labs": labs(homocysteine=15), "cause": "nitrous_oxide"},
    ),
    ("NITROUS_ANAES", None, {"labs": labs(total_b12=179)}),
    # Diagnosis
    ("DX_NOT_CONFIRMED", "warn", {"labs": labs(total_b12=400)}),
    ("DX_NOT_CONFIRMED", None, {"labs": labs(total_b12=100)}),
    ("INDETERMINATE_MMA", "info", {"labs": labs(total_b12=350, methylmalonic_acid=281)}),
    ("INDETERMINATE_MMA", "info", {"labs": labs(total_b12=180, methylmalonic_acid=281, egfr=60)}),
    ("INDETERMINATE_MMA", None, {"labs": labs(total_b12=300, methylmalonic_acid=281, egfr=59)}),
    ("INDETERMINATE_MMA", None, {"labs": labs(total_b12=300, methylmalonic_acid=280)}),
    ("INDETERMINATE_MMA", None, {"labs": labs(total_b12=351, methylmalonic_acid=281)}),
    ("INDETERMINATE_MMA", None, {"labs": labs(total_b12=179, methylmalonic_acid=281)}),
    ("RECENT_B12", "warn", {"labs": labs(total_b12=300), "medications": (medicine("oral_cyanocobalamin"),)}),
    ("RECENT_B12", None, {"labs": labs(total_b12=300)}),
    ("IFA_INTERFERENCE", "warn", {"labs": labs(total_b12=180, intrinsic_factor_antibody="positive")}),
    ("IFA_INTERFERENCE", None, {"labs": labs(total_b12=179, intrinsic_factor_antibody="positive")}),
    ("IFA_INTERFERENCE", None, {"labs": labs(intrinsic_factor_antibody="positive")}),
    ("IFA_INTERFERENCE", "warn", {"labs": labs(total_b12=400, mcv=101, methylmalonic_acid=281)}),
    ("IFA_INTERFERENCE", None, {"labs": labs(total_b12=400, mcv=100, methylmalonic_acid=281)}),
    ("IFA_INTERFERENCE", "warn", {"labs": labs(total_b12=400, homocysteine=16), "findings": NERVE}),
    ("IFA_INTERFERENCE", None, {"labs": labs(total_b12=400, homocysteine=15), "findings": NERVE}),
    ("IFA_INTERFERENCE", None, {"labs": labs(total_b12=400, mcv=110), "findings": NERVE}),
    (
        "IFA_INTERFERENCE",
        None,
        {
            "labs": labs(total_b12=900, intrinsic_factor_antibody="positive"),
            "medications": (medicine("oral_cyanocobalamin"),),
        },
    ),
    (
        "IFA_INVALID_RECENT_INJECTION",
        "warn",
        {"labs": labs(intrinsic_factor_antibody="negative"), "doses_given": given(date(2024, 12, 23))},
    ),
    (
        "IFA_INVALID_RECENT_INJECTION",
        None,
        {"labs": labs(intrinsic_factor_antibody="negative"), "doses_given": given(date(2024, 12, 22))},
    ),
    ("COC_LOWERS_B12_INFO", "info", {"medications": (medicine("combined_oral_contraceptive"),)}),
    ("COC_LOWERS_B12_INFO", "info", {"medications": (medicine("hrt"),)}),
    ("COC_LOWERS_B12_INFO", None, {"medications": (medicine("levothyroxine"),)}),
    # Units
    ("UNIT_AMBIGUOUS", "block", {"labs": (lab("total_b12", 150, "pg/mL", low=145, high=569),)}),
    ("UNIT_AMBIGUOUS", None, {"labs": labs(total_b12=150)}),
    ("UNIT_IMPLAUSIBLE", "block", {"labs": labs(total_b12=19)}),
    ("UNIT_IMPLAUSIBLE", "warn", {"labs": (lab("haemoglobin", "13.2", "g/L"),)}),
    ("UNIT_IMPLAUSIBLE", "block", {"labs": (lab("haemoglobin", "13.2", "g/L"), *labs(active_b12=301))}),
    ("UNIT_IMPLAUSIBLE", None, {"labs": labs(haemoglobin=132)}),
    (
        "UNIT_IMPLAUSIBLE",
        None,
        {"labs": labs(total_b12=9000), "doses_given": given(date(2025, 1, 1))},
    ),
    ("UNIT_MMOL_HB", "info", {"labs": (lab("haemoglobin", "8.5", "mmol/L"),)}),
    ("UNIT_MMOL_HB", None, {"labs": (lab("haemoglobin", "8.5", "g/dL"),)}),
    # Medicines
    *[
        ("DRUG_CAUSE_REVIEW", "info", {"medications": (medicine(code),)})
        for code in (
            "metformin", "omeprazole", "lansoprazole", "pantoprazole", "esomeprazole", "rabeprazole", "ranitidine",
            "famotidine", "cimetidine", "nizatidine", "colchicine", "pregabalin", "topiramate", "phenobarbital", "primidone",
        )
    ],
    ("DRUG_CAUSE_REVIEW", None, {"medications": (medicine("aminosalicylic_acid"), medicine("methotrexate"))}),
    ("ALCOHOL_INTERACTION", "info", {"conditions": ["alcohol_excess"]}),
    ("ALCOHOL_INTERACTION", "info", {"medications": (medicine("colchicine"),)}),
    ("ALCOHOL_INTERACTION", "info", {"medications": (medicine("aminosalicylic_acid"),)}),
    ("ALCOHOL_INTERACTION", None, {"medications": (medicine("metformin"),)}),
    ("CHLORAMPHENICOL", "warn", {"medications": (medicine("chloramphenicol"),)}),
    ("CHLORAMPHENICOL", None, {}),
    # Duration and the rest
    ("GASTRIC_CA_INFO", "info", {"cause": "autoimmune_gastritis"}),
    ("GASTRIC_CA_INFO", None, {"cause": "autoimmune_gastritis", "certainty": "suspected"}),
    ("GASTRIC_CA_INFO", None, {"cause": "total_gastrectomy"}),
    ("ORAL_ALTERNATIVE", "info", {"cause": "diet"}),
    ("ORAL_ALTERNATIVE", "info", {"cause": "food_bound_malabsorption"}),
    ("ORAL_ALTERNATIVE", "info", {"cause": "medicine_induced"}),
    ("ORAL_ALTERNATIVE", "info", {"cause": "unknown"}),
    ("ORAL_ALTERNATIVE", "info", {"cause": "autoimmune_gastritis", "pregnancy": "pregnant"}),
    ("ORAL_ALTERNATIVE", None, {"cause": "autoimmune_gastritis"}),
    ("ORAL_ALTERNATIVE", None, {"cause": "autoimmune_gastritis", "pregnancy": "breastfeeding"}),
    ("ORAL_ALTERNATIVE", None, {"findings": NERVE}),
    ("ORAL_ALTERNATIVE", None, {"findings": ["visual_loss"]}),
    ("ORAL_ALTERNATIVE", None, {"conditions": ["leber_family_history"]}),
    ("ORAL_ALTERNATIVE", None, {"allergies": (allergy("cobalt", "contact_dermatitis"),)}),
    ("ORAL_ALTERNATIVE", "info", {"allergies": (allergy("benzyl_alcohol"),)}),
    (
        "INADEQUATE_RESPONSE",
        "warn",
        {
            "labs": (lab("haemoglobin", 93, on=date(2024, 11, 11)), lab("haemoglobin", 101)),
            "doses_given": given(date(2024, 11, 11)),
        },
    ),
    ("INADEQUATE_RESPONSE", None, {"labs": labs(haemoglobin=80)}),
    ("CHECK_COPPER_THIAMINE", "info", {"cause": "bariatric_surgery", "findings": NERVE}),
    ("CHECK_COPPER_THIAMINE", "info", {"cause": "bariatric_surgery", "labs": labs(platelets=149)}),
    ("CHECK_COPPER_THIAMINE", "info", {"cause": "bariatric_surgery", "labs": labs(neutrophils="1.4")}),
    ("CHECK_COPPER_THIAMINE", "info", {"cause": "bariatric_surgery", "cause_detail": "roux_en_y"}),
    ("CHECK_COPPER_THIAMINE", "info", {"cause": "partial_gastrectomy", "cause_detail": "Roux-en-Y 2019"}),
    ("CHECK_COPPER_THIAMINE", None, {"cause": "bariatric_surgery", "cause_detail": "sleeve"}),
    ("CHECK_COPPER_THIAMINE", None, {"cause": "diet", "findings": NERVE}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "severity", "changes"), ROWS)
def test_the_rule_fires_on_its_trigger_and_not_beside_it(code, severity, changes):
    assert codes(**changes).get(code) == severity


@pytest.mark.parametrize(
    ("before", "after", "severity"),
    [(101, 95, "warn"), (95, 101, None), (None, 101, "warn"), (None, 100, None), (None, None, None)],
)
def test_large_cells_count_as_they_were_before_treatment_where_that_is_known(before, after, severity):
    drawn = date(2024, 11, 30)
    values = [lab("total_b12", 400, on=drawn), lab("methylmalonic_acid", 281, on=drawn)]
    values += [lab("mcv", before, on=drawn)] if before else []
    values += [lab("mcv", after)] if after else []
    fired = codes(labs=tuple(values), doses_given=given(date(2024, 12, 1)))
    assert fired.get("IFA_INTERFERENCE") == severity


@pytest.mark.parametrize(
    ("before", "after", "severity"),
    [(101, 95, "warn"), (95, 101, None), (None, 101, "warn"), (None, 100, None)],
)
def test_large_cells_in_pregnancy_count_as_they_were_before_treatment(before, after, severity):
    drawn = date(2024, 11, 30)
    values = [lab("haemoglobin", 109, on=drawn)]
    values += [lab("mcv", before, on=drawn)] if before else []
    values += [lab("mcv", after)] if after else []
    fired = codes(labs=tuple(values), doses_given=given(date(2024, 12, 1)), pregnancy="pregnant")
    assert fired.get("PREG_CONFIRM_B12") == severity


@pytest.mark.parametrize(
    ("before", "after", "severity"),
    [("3.4", "4", "warn"), ("4", "3.4", None), (None, "3.4", "warn"), (None, "3.5", None)],
)
def test_potassium_counts_as_it_was_before_treatment_where_that_is_known(before, after, severity):
    values = [lab("potassium", before, on=date(2024, 11, 30))] if before else []
    values += [lab("potassium", after)]
    assert codes(labs=tuple(values), doses_given=given(date(2024, 12, 1))).get("HYPOK_RISK") == severity
