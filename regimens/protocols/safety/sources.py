"""Where the rules come from, each source written down once. Evidence section 6 marks what was read and what is known only from memory."""

from __future__ import annotations

from ..origin import LOCAL as LOCAL
from ..origin import OriginKind, Source

NG239 = Source(
    "NG239",
    "NICE NG239, 2024",
    "NICE NG239, Vitamin B12 deficiency in over 16s: diagnosis and management",
    OriginKind.GUIDELINE,
    year=2024,
)
BSH = Source(
    "BSH",
    "BSH guideline (Devalia), 2014",
    "BSH, Guidelines for the diagnosis and treatment of cobalamin and folate disorders (Devalia)",
    OriginKind.GUIDELINE,
    year=2014,
)
BNF = Source(
    "BNF",
    "BNF, hydroxocobalamin and folic acid",
    "British National Formulary",
    OriginKind.GUIDELINE,
    "hydroxocobalamin and folic acid",
)
CKS = Source(
    "NICE CKS",
    "NICE CKS, anaemia: B12 and folate deficiency",
    "NICE CKS, Anaemia: B12 and folate deficiency",
    OriginKind.GUIDELINE,
    year=2020,
)
NG24 = Source("NG24", "NICE NG24", "NICE NG24, Blood transfusion", OriginKind.GUIDELINE)
WHO = Source(
    "WHO",
    "WHO haemoglobin thresholds",
    "WHO haemoglobin thresholds (2011, revised 2024)",
    OriginKind.GUIDELINE,
    year=2024,
)
GREEN_BOOK = Source("Green Book", "Green Book", "UK Green Book, immunisation", OriginKind.GUIDELINE)
NHG = Source("NHG", "NHG", "NHG-Standaard Anemie", OriginKind.GUIDELINE, year=2021)
BNSSG = Source(
    "BNSSG",
    "Bristol, North Somerset and South Gloucestershire, interim B12 guidance",
    "Bristol, North Somerset and South Gloucestershire, interim B12 guidance",
    OriginKind.GUIDELINE,
)
LOTHIAN = Source(
    "NHS Lothian RefHelp",
    "NHS Lothian RefHelp, B12 deficiency",
    "NHS Lothian RefHelp, B12 deficiency",
    OriginKind.GUIDELINE,
)
SPS = Source(
    "SPS",
    "NHS Specialist Pharmacy Service, IM injections and anticoagulants",
    "NHS Specialist Pharmacy Service, intramuscular injections and anticoagulants",
    OriginKind.GUIDELINE,
)
ACIP = Source("ACIP", "ACIP, needle length", "ACIP, needle length", OriginKind.GUIDELINE)
BOMSS = Source(
    "BOMSS",
    "BOMSS 2020",
    "BOMSS, Guidelines on perioperative and postoperative biochemical monitoring and micronutrient replacement",
    OriginKind.GUIDELINE,
    year=2020,
)
NEO_CYTAMEN = Source(
    "Neo-Cytamen", "SmPC Neo-Cytamen (emc 9746)", "SmPC Neo-Cytamen (emc 9746)", OriginKind.LABEL
)
COBALIN = Source("Cobalin-H", "SmPC Cobalin-H (emc 24703)", "SmPC Cobalin-H (emc 24703)", OriginKind.LABEL)
SMPC = Source(
    "SmPC hydroxocobalamin", "SmPC hydroxocobalamin", "SmPC generic hydroxocobalamin", OriginKind.LABEL
)
SMPC_FOLIC_ACID = Source("SmPC folic acid", "SmPC folic acid", "SmPC folic acid", OriginKind.LABEL)
US_LABEL = Source(
    "FDA label",
    "US FDA label, cyanocobalamin injection",
    "US FDA label, cyanocobalamin injection",
    OriginKind.LABEL,
)
SWISS = Source(
    "Swiss product text",
    "Swiss product text, hydroxocobalamin",
    "Swiss product text, hydroxocobalamin",
    OriginKind.LABEL,
)
NORWEGIAN_TEXT = Source(
    "Norwegian product text", "Norwegian product text", "Norwegian product text", OriginKind.LABEL
)
MAYO_IFBA = Source(
    "Mayo IFBA",
    "Mayo Clinic Laboratories, IFBA",
    "Mayo Clinic Laboratories, test catalogue",
    OriginKind.LITERATURE,
    "IFBA",
)
MAYO_ACASM = Source(
    "Mayo ACASM",
    "Mayo Clinic Laboratories, ACASM",
    "Mayo Clinic Laboratories, test catalogue",
    OriginKind.LITERATURE,
    "ACASM",
)
LABCORP = Source(
    "LabCorp",
    "LabCorp, methylmalonic acid",
    "LabCorp, test notes",
    OriginKind.LITERATURE,
    "methylmalonic acid",
)
PARIS_2023 = Source(
    "Paris",
    "Paris, Practical Neurology 2023;23:222",
    "Paris, Practical Neurology 23:222, adopted by the ABN",
    OriginKind.LITERATURE,
    year=2023,
)
DIVINE = Source("DIVINe", "DIVINe, JAMA 2010", "DIVINe trial, JAMA", OriginKind.LITERATURE, year=2010)
COCHRANE = Source(
    "Cochrane",
    "Cochrane 2018",
    "Cochrane review, oral against intramuscular vitamin B12 (Wang)",
    OriginKind.LITERATURE,
    year=2018,
)
CONVERSION = Source(
    "Molar masses",
    "conversion factors from the molar masses",
    "Conversion factors from the molar masses",
    OriginKind.LITERATURE,
    "evidence section 2b",
)
CARMEL_2012 = Source(
    "Carmel",
    "Carmel and Agrawal, 2012, by MedPage Today",
    "Carmel and Agrawal, as reported by MedPage Today",
    OriginKind.SECONDARY,
    year=2012,
)
TECHNIQUE = Source(
    "Technique",
    "secondary summaries of injection technique only",
    "Secondary summaries of injection technique",
    OriginKind.SECONDARY,
    "evidence section 7",
)
US_PRACTICE = Source(
    "United States practice",
    "United States practice",
    "United States practice (secondary summaries)",
    OriginKind.SECONDARY,
)

IN_RECHECKS: dict[str, Source] = {
    "local policy": LOCAL.within("evidence section 5a"),
    "NG239": NG239,
    "NICE CKS": CKS,
    "BSH 2014": BSH,
    "BOMSS 2020": BOMSS,
    "NHG": NHG,
    "NHS Lothian RefHelp": LOTHIAN,
    "Paris 2023": PARIS_2023,
    "FDA label": US_LABEL,
    "product text": US_LABEL,
    "product texts": US_LABEL,
    "the days are local policy": LOCAL.within("evidence section 5a"),
    "Norwegian product text": NORWEGIAN_TEXT,
    "United States practice": US_PRACTICE,
}
"""The sources of the rows of rechecks, by the name that a row gives them."""
