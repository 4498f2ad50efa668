"""Closed lists that every app speaks: drugs, routes, causes, findings, conditions, medicines, allergens.

Plain Python: importing it loads neither Django nor Celery. Every member is its code (a `str`), so a set of codes
read from a file or a database can be compared with members directly. A code outside these lists is kept and
shown wherever it came from, and fires no rule.
"""

from __future__ import annotations

from enum import Enum


class Coded(str, Enum):
    """A code with a label for the screen: `NAME = ("code", "Label")`."""

    label: str

    def __new__(cls, code: str, label: str) -> Coded:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member

    __str__ = str.__str__
    __format__ = str.__format__  # type: ignore[assignment]

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Pairs of code and label, in the order of definition."""
        return [(member.value, member.label) for member in cls]

    @classmethod
    def codes(cls) -> frozenset[str]:
        """Every code of the list, as plain strings."""
        return frozenset(member.value for member in cls)

    @classmethod
    def label_of(cls, code: str) -> str:
        """The label of a code; a code the list does not hold is shown as it is."""
        member = cls._value2member_map_.get(code)
        return member.label if isinstance(member, Coded) else code


class Sex(Coded):
    FEMALE = ("female", "Female")
    MALE = ("male", "Male")
    UNKNOWN = ("unknown", "Not known")


class Pregnancy(Coded):
    NONE = ("none", "Not pregnant or breastfeeding")
    PREGNANT = ("pregnant", "Pregnant")
    BREASTFEEDING = ("breastfeeding", "Breastfeeding")


class Drug(Coded):
    HYDROXOCOBALAMIN = ("hydroxocobalamin", "Hydroxocobalamin")
    CYANOCOBALAMIN = ("cyanocobalamin", "Cyanocobalamin")
    MECOBALAMIN = ("mecobalamin", "Mecobalamin")


class Route(Coded):
    IM = ("im", "Intramuscular")
    SC = ("sc", "Deep subcutaneous")
    ORAL = ("oral", "By mouth")
    DEFERRED = ("deferred", "Deferred until a named condition is met")


class Cause(Coded):
    AUTOIMMUNE_GASTRITIS = ("autoimmune_gastritis", "Autoimmune gastritis (pernicious anaemia)")
    TOTAL_GASTRECTOMY = ("total_gastrectomy", "Total gastrectomy")
    PARTIAL_GASTRECTOMY = ("partial_gastrectomy", "Partial gastrectomy")
    ILEAL_RESECTION = ("ileal_resection", "Ileal resection")
    ILEAL_DISEASE = ("ileal_disease", "Ileal disease")
    BARIATRIC_SURGERY = ("bariatric_surgery", "Bariatric surgery")
    COELIAC_DISEASE = ("coeliac_disease", "Coeliac disease")
    PANCREATIC_INSUFFICIENCY = ("pancreatic_insufficiency", "Pancreatic insufficiency")
    BACTERIAL_OVERGROWTH = ("bacterial_overgrowth", "Small intestinal bacterial overgrowth")
    FOOD_BOUND_MALABSORPTION = ("food_bound_malabsorption", "Food-bound malabsorption")
    MEDICINE_INDUCED = ("medicine_induced", "Medicine induced")
    NITROUS_OXIDE = ("nitrous_oxide", "Nitrous oxide")
    DIET = ("diet", "Diet")
    CONGENITAL = ("congenital", "Congenital")
    UNKNOWN = ("unknown", "Unknown")


class Certainty(Coded):
    CONFIRMED = ("confirmed", "Confirmed")
    SUSPECTED = ("suspected", "Suspected")
    UNKNOWN = ("unknown", "Unknown")


class CauseDetail(Coded):
    VEGAN = ("vegan", "Vegan diet")
    VEGETARIAN = ("vegetarian", "Vegetarian diet")
    LOW_INTAKE = ("low_intake", "Low intake")
    MIXED_NUTRITIONAL = ("mixed_nutritional", "Mixed nutritional deficiency")
    ROUX_EN_Y = ("roux_en_y", "Roux-en-Y gastric bypass")
    OAGB = ("oagb", "One-anastomosis gastric bypass")
    SLEEVE = ("sleeve", "Sleeve gastrectomy")
    BPD_DS = ("bpd_ds", "Biliopancreatic diversion, duodenal switch")
    GASTRIC_BAND = ("gastric_band", "Gastric band")


class Finding(Coded):
    PARAESTHESIA_FEET = ("paraesthesia_feet", "Tingling of the feet")
    PARAESTHESIA_HANDS_FEET = ("paraesthesia_hands_feet", "Tingling of the hands and feet")
    NUMBNESS = ("numbness", "Numbness")
    WEAKNESS = ("weakness", "Weakness")
    REDUCED_ANKLE_JERKS = ("reduced_ankle_jerks", "Reduced ankle jerks")
    IMPAIRED_VIBRATION_SENSE = ("impaired_vibration_sense", "Impaired vibration sense")
    IMPAIRED_PROPRIOCEPTION = ("impaired_proprioception", "Impaired position sense")
    ATAXIC_GAIT = ("ataxic_gait", "Ataxic gait")
    ROMBERG_POSITIVE = ("romberg_positive", "Romberg positive")
    LHERMITTE = ("lhermitte", "Lhermitte sign")
    SPASTICITY = ("spasticity", "Spasticity")
    SPHINCTER_DISTURBANCE = ("sphincter_disturbance", "Sphincter disturbance")
    BLURRED_VISION = ("blurred_vision", "Blurred vision")
    VISUAL_LOSS = ("visual_loss", "Visual loss")
    SCOTOMA = ("scotoma", "Scotoma")
    OPTIC_ATROPHY = ("optic_atrophy", "Optic atrophy")
    BRAIN_FOG = ("brain_fog", "Brain fog")
    COGNITIVE_CHANGE = ("cognitive_change", "Cognitive change")
    PSYCHOSIS = ("psychosis", "Psychosis")
    DEPRESSION = ("depression", "Depression")
    FATIGUE = ("fatigue", "Fatigue")
    GLOSSITIS = ("glossitis", "Glossitis")
    DYSPNOEA = ("dyspnoea", "Breathlessness")
    PALPITATIONS = ("palpitations", "Palpitations")
    BRUISING = ("bruising", "Bruising")
    WEIGHT_LOSS = ("weight_loss", "Weight loss")
    FALLS = ("falls", "Falls")


class Condition(Coded):
    HYPOTHYROIDISM = ("hypothyroidism", "Hypothyroidism")
    TYPE1_DIABETES = ("type1_diabetes", "Type 1 diabetes")
    TYPE2_DIABETES = ("type2_diabetes", "Type 2 diabetes")
    DIABETIC_NEPHROPATHY = ("diabetic_nephropathy", "Diabetic nephropathy")
    CKD_3 = ("ckd_3", "Chronic kidney disease, stage 3")
    CKD_4 = ("ckd_4", "Chronic kidney disease, stage 4")
    CKD_5 = ("ckd_5", "Chronic kidney disease, stage 5")
    ISCHAEMIC_HEART_DISEASE = ("ischaemic_heart_disease", "Ischaemic heart disease")
    HEART_FAILURE = ("heart_failure", "Heart failure")
    ATRIAL_FIBRILLATION = ("atrial_fibrillation", "Atrial fibrillation")
    ARRHYTHMIA = ("arrhythmia", "Arrhythmia")
    MECHANICAL_AORTIC_VALVE = ("mechanical_aortic_valve", "Mechanical aortic valve")
    HYPERTENSION = ("hypertension", "Hypertension")
    LEBER_HEREDITARY_OPTIC_NEUROPATHY = (
        "leber_hereditary_optic_neuropathy",
        "Leber hereditary optic neuropathy",
    )
    LEBER_FAMILY_HISTORY = ("leber_family_history", "Family history of Leber optic neuropathy")
    TOBACCO_AMBLYOPIA = ("tobacco_amblyopia", "Tobacco amblyopia")
    POLYCYTHAEMIA_VERA = ("polycythaemia_vera", "Polycythaemia vera")
    MYELOPROLIFERATIVE_NEOPLASM = ("myeloproliferative_neoplasm", "Myeloproliferative neoplasm")
    THROMBOSIS_HISTORY = ("thrombosis_history", "History of thrombosis")
    HAEMOPHILIA = ("haemophilia", "Haemophilia")
    VON_WILLEBRAND = ("von_willebrand", "Von Willebrand disease")
    CROHN_DISEASE = ("crohn_disease", "Crohn's disease")
    ULCERATIVE_COLITIS = ("ulcerative_colitis", "Ulcerative colitis")
    COELIAC_DISEASE = ("coeliac_disease", "Coeliac disease")
    OBESITY = ("obesity", "Obesity")
    GASTRIC_CANCER_TREATED = ("gastric_cancer_treated", "Gastric cancer, treated")
    VITILIGO = ("vitiligo", "Vitiligo")
    PSORIASIS = ("psoriasis", "Psoriasis")
    ASTHMA = ("asthma", "Asthma")
    ALCOHOL_EXCESS = ("alcohol_excess", "Alcohol excess")
    EATING_DISORDER = ("eating_disorder", "Eating disorder")
    DEMENTIA = ("dementia", "Dementia")
    FRAILTY = ("frailty", "Frailty")
    POOR_ADHERENCE = ("poor_adherence", "Doubtful adherence")
    SWALLOWING_PROBLEM = ("swallowing_problem", "Swallowing problem")
    LIVER_DISEASE = ("liver_disease", "Liver disease")
    HIV = ("hiv", "HIV")
    MYELOMA = ("myeloma", "Myeloma")
    COPD = ("copd", "Chronic obstructive pulmonary disease")
    EPILEPSY = ("epilepsy", "Epilepsy")
    GOUT = ("gout", "Gout")
    DEPRESSION_HISTORY = ("depression_history", "History of depression")


class Medicine(Coded):
    METFORMIN = ("metformin", "Metformin")
    OMEPRAZOLE = ("omeprazole", "Omeprazole")
    LANSOPRAZOLE = ("lansoprazole", "Lansoprazole")
    PANTOPRAZOLE = ("pantoprazole", "Pantoprazole")
    ESOMEPRAZOLE = ("esomeprazole", "Esomeprazole")
    RABEPRAZOLE = ("rabeprazole", "Rabeprazole")
    RANITIDINE = ("ranitidine", "Ranitidine")
    FAMOTIDINE = ("famotidine", "Famotidine")
    CIMETIDINE = ("cimetidine", "Cimetidine")
    NIZATIDINE = ("nizatidine", "Nizatidine")
    COLCHICINE = ("colchicine", "Colchicine")
    PREGABALIN = ("pregabalin", "Pregabalin")
    TOPIRAMATE = ("topiramate", "Topiramate")
    PHENOBARBITAL = ("phenobarbital", "Phenobarbital")
    PRIMIDONE = ("primidone", "Primidone")
    FOLIC_ACID = ("folic_acid", "Folic acid")
    ORAL_CYANOCOBALAMIN = ("oral_cyanocobalamin", "Cyanocobalamin by mouth")
    AMINOSALICYLIC_ACID = ("aminosalicylic_acid", "Aminosalicylic acid")
    WARFARIN = ("warfarin", "Warfarin")
    APIXABAN = ("apixaban", "Apixaban")
    DABIGATRAN = ("dabigatran", "Dabigatran")
    EDOXABAN = ("edoxaban", "Edoxaban")
    RIVAROXABAN = ("rivaroxaban", "Rivaroxaban")
    ENOXAPARIN = ("enoxaparin", "Enoxaparin")
    DALTEPARIN = ("dalteparin", "Dalteparin")
    TINZAPARIN = ("tinzaparin", "Tinzaparin")
    ASPIRIN = ("aspirin", "Aspirin")
    CLOPIDOGREL = ("clopidogrel", "Clopidogrel")
    TICAGRELOR = ("ticagrelor", "Ticagrelor")
    PRASUGREL = ("prasugrel", "Prasugrel")
    FUROSEMIDE = ("furosemide", "Furosemide")
    BUMETANIDE = ("bumetanide", "Bumetanide")
    BENDROFLUMETHIAZIDE = ("bendroflumethiazide", "Bendroflumethiazide")
    HYDROCHLOROTHIAZIDE = ("hydrochlorothiazide", "Hydrochlorothiazide")
    INDAPAMIDE = ("indapamide", "Indapamide")
    DIGOXIN = ("digoxin", "Digoxin")
    CHLORAMPHENICOL = ("chloramphenicol", "Chloramphenicol")
    COMBINED_ORAL_CONTRACEPTIVE = ("combined_oral_contraceptive", "Combined oral contraceptive")
    HRT = ("hrt", "Hormone replacement therapy")
    NITROUS_OXIDE = ("nitrous_oxide", "Nitrous oxide")
    INFLIXIMAB = ("infliximab", "Infliximab")
    RAMIPRIL = ("ramipril", "Ramipril")
    LEVOTHYROXINE = ("levothyroxine", "Levothyroxine")
    METHOTREXATE = ("methotrexate", "Methotrexate")
    AZATHIOPRINE = ("azathioprine", "Azathioprine")


class Allergen(Coded):
    HYDROXOCOBALAMIN = ("hydroxocobalamin", "Hydroxocobalamin")
    CYANOCOBALAMIN = ("cyanocobalamin", "Cyanocobalamin")
    MECOBALAMIN = ("mecobalamin", "Mecobalamin")
    COBALT = ("cobalt", "Cobalt")
    BENZYL_ALCOHOL = ("benzyl_alcohol", "Benzyl alcohol")


class Reaction(Coded):
    URTICARIA = ("urticaria", "Urticaria")
    WHEEZE = ("wheeze", "Wheeze")
    ANGIOEDEMA = ("angioedema", "Angioedema")
    ANAPHYLAXIS = ("anaphylaxis", "Anaphylaxis")
    RASH = ("rash", "Rash")
    CONTACT_DERMATITIS = ("contact_dermatitis", "Contact dermatitis")


class Severity(Coded):
    """How hard a finding speaks, hardest first; only `block` needs a prescriber's written override."""

    BLOCK = ("block", "Block")
    URGENT = ("urgent", "Urgent")
    WARN = ("warn", "Warning")
    INFO = ("info", "Information")

    @property
    def rank(self) -> int:
        """0 for the hardest severity, rising."""
        return _SEVERITY_RANK[self]


_SEVERITY_RANK = {severity: place for place, severity in enumerate(Severity)}


class Classification(Coded):
    CONFIRMED_DEFICIENCY = ("confirmed_deficiency", "Confirmed deficiency")
    INDETERMINATE_MMA_RAISED = ("indeterminate_mma_raised", "Indeterminate B12, methylmalonic acid raised")
    INDETERMINATE = ("indeterminate", "Indeterminate")
    UNLIKELY = ("unlikely", "Deficiency unlikely")
    FUNCTIONAL_DEFICIENCY = ("functional_deficiency", "Functional deficiency")
    PROPHYLAXIS = ("prophylaxis", "Prophylaxis")
    UNINTERPRETABLE = ("uninterpretable", "Cannot be interpreted")
    NOT_CLASSIFIED = ("not_classified", "Not classified")


class PhaseKind(Coded):
    LOADING = ("loading", "Loading")
    TAPER = ("taper", "Taper")
    MAINTENANCE = ("maintenance", "Maintenance")
    ORAL = ("oral", "By mouth")


class IntervalUnit(Coded):
    DAY = ("day", "day")
    WEEK = ("week", "week")
    MONTH = ("month", "month")


class Site(Coded):
    DELTOID = ("deltoid", "Deltoid")
    VENTROGLUTEAL = ("ventrogluteal", "Ventrogluteal")
    VASTUS_LATERALIS = ("vastus_lateralis", "Vastus lateralis (thigh)")
    DORSOGLUTEAL = ("dorsogluteal", "Dorsogluteal")
    ABDOMEN_SC = ("abdomen_sc", "Abdomen, subcutaneous")


class Side(Coded):
    LEFT = ("left", "Left")
    RIGHT = ("right", "Right")


class NotGivenReason(Coded):
    DID_NOT_ATTEND = ("did_not_attend", "Did not attend")
    DECLINED = ("declined", "Declined")
    UNWELL = ("unwell", "Unwell today")
    HELD_BY_CLINICIAN = ("held_by_clinician", "Held by a clinician")
    INJECTION_BARRED = ("injection_barred", "Injection barred today (bleeding risk, allergy)")
    NO_STOCK = ("no_stock", "No usable product")
    NOT_AT_HOME = ("not_at_home", "Not at home")
    OTHER = ("other", "Other")


class ReactionGrade(Coded):
    """Grade of a reaction after an injection (evidence section 9, CTCAE-like, local mapping)."""

    NONE = ("none", "No reaction")
    GRADE_1 = ("1", "Grade 1, mild")
    GRADE_2 = ("2", "Grade 2, moderate")
    GRADE_3 = ("3", "Grade 3, severe")
    GRADE_4 = ("4", "Grade 4, life-threatening")
    GRADE_5 = ("5", "Grade 5, death")


class Channel(Coded):
    EMAIL = ("email", "E-mail")
    SMS = ("sms", "Text message")
    LETTER = ("letter", "Letter")
    INBOX = ("inbox", "In-app inbox")


class Language(Coded):
    """What patients can be written to in: the languages that the product has wordings of."""

    ENGLISH = ("en", "English")
    DUTCH = ("nl", "Dutch")
    FRENCH = ("fr", "French")
    GERMAN = ("de", "German")


class ResponseDecision(Coded):
    """What a clinician decides once the response to treatment has been assessed."""

    NO_CHANGE = ("no_change", "No change")
    TESTS = ("tests", "Further tests first")
    INTERVAL = ("interval", "Change the interval")
    DRUG = ("drug", "Change the drug")
    ROUTE = ("route", "Change the route")
    STOP = ("stop", "Stop treatment")


class RecheckTest(Coded):
    """What a recheck may ask for besides a single analyte."""

    FBC = ("fbc", "Full blood count")
    IRON_STUDIES = ("iron_studies", "Iron studies")
    SYMPTOM_REVIEW = ("symptom_review", "Symptom review")
    NEURO_EXAM = ("neuro_exam", "Neurological examination")
    VISUAL_ACUITY = ("visual_acuity", "Visual acuity")


FBC_ANALYTES: tuple[str, ...] = ("haemoglobin", "mcv", "red_cells", "white_cells", "platelets")
"""What a full blood count measures, in the order it is shown."""

PROTON_PUMP_INHIBITORS = frozenset(
    {
        Medicine.OMEPRAZOLE,
        Medicine.LANSOPRAZOLE,
        Medicine.PANTOPRAZOLE,
        Medicine.ESOMEPRAZOLE,
        Medicine.RABEPRAZOLE,
    }
)
H2_BLOCKERS = frozenset({Medicine.RANITIDINE, Medicine.FAMOTIDINE, Medicine.CIMETIDINE, Medicine.NIZATIDINE})
DIRECT_ORAL_ANTICOAGULANTS = frozenset(
    {Medicine.APIXABAN, Medicine.DABIGATRAN, Medicine.EDOXABAN, Medicine.RIVAROXABAN}
)
HEPARINS = frozenset({Medicine.ENOXAPARIN, Medicine.DALTEPARIN, Medicine.TINZAPARIN})
ANTICOAGULANTS = DIRECT_ORAL_ANTICOAGULANTS | HEPARINS | {Medicine.WARFARIN}
ANTIPLATELETS = frozenset({Medicine.ASPIRIN, Medicine.CLOPIDOGREL, Medicine.TICAGRELOR, Medicine.PRASUGREL})
DIURETICS = frozenset(
    {
        Medicine.FUROSEMIDE,
        Medicine.BUMETANIDE,
        Medicine.BENDROFLUMETHIAZIDE,
        Medicine.HYDROCHLOROTHIAZIDE,
        Medicine.INDAPAMIDE,
    }
)
COBALAMIN_ALLERGENS = frozenset({Allergen.HYDROXOCOBALAMIN, Allergen.CYANOCOBALAMIN, Allergen.MECOBALAMIN})
SYSTEMIC_REACTIONS = frozenset(
    {Reaction.URTICARIA, Reaction.WHEEZE, Reaction.ANGIOEDEMA, Reaction.ANAPHYLAXIS}
)
