"""What is measured: each analyte with its units, factors and their sources, plausible range and codes (evidence 2b, 2e).

Adding an analyte is one entry here; entry forms, imports, charts and rules read the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from .analyte import Analyte, Loinc

__all__ = ["ANALYTES", "CODED_RESULTS", "Analyte", "Loinc"]

D = Decimal

CODED_RESULTS: tuple[str, ...] = ("positive", "negative", "indeterminate")


def _of(pairs: Mapping[str, str]) -> Mapping[str, Decimal]:
    return MappingProxyType({unit: D(factor) for unit, factor in pairs.items()})


def _from(source: str, *units: str) -> Mapping[str, str]:
    return MappingProxyType(dict.fromkeys(units, source))


def _seen(code: str, unit: str | None = None) -> Loinc:
    return Loinc(code, unit, seen=True)


def _unsure(code: str, unit: str | None = None) -> Loinc:
    return Loinc(code, unit, seen=False)


_EVIDENCE = "evidence section 2b, which names no source"
_CELLS = {"10*9/L": "1", "10*3/uL": "1"}

_TABLE: tuple[Analyte, ...] = (
    Analyte(
        "total_b12",
        "Vitamin B12, total",
        "pmol/L",
        _of({"pmol/L": "1", "ng/L": "0.7378", "pg/mL": "0.7378"}),
        factor_sources=_from("molar mass 1355.4 g/mol", "ng/L", "pg/mL"),
        decimals=0,
        unit_decimals=MappingProxyType({"ng/L": 0, "pg/mL": 0}),
        plausible_low=D("20") * D("0.7378"),
        plausible_high=D("2000") * D("0.7378"),
        high_on_treatment=False,
        blocks_when_implausible=True,
        loinc=(_seen("2132-9", "pg/mL"), _seen("14685-2", "pmol/L")),
    ),
    Analyte(
        "active_b12",
        "Vitamin B12, active (holotranscobalamin)",
        "pmol/L",
        _of({"pmol/L": "1"}),
        decimals=0,
        plausible_low=D("5"),
        plausible_high=D("300"),
        high_on_treatment=False,
        blocks_when_implausible=True,
        loinc=(_seen("72160-5", "pmol/L"),),
    ),
    Analyte(
        "methylmalonic_acid",
        "Methylmalonic acid",
        "nmol/L",
        _of({"nmol/L": "1", "umol/L": "1000", "nmol/mL": "1000", "ug/L": "8.468", "ng/mL": "8.468"}),
        factor_sources=_from("molar mass 118.09 g/mol", "ug/L", "ng/mL"),
        decimals=0,
        unit_decimals=MappingProxyType({"umol/L": 2, "nmol/mL": 2, "ug/L": 1, "ng/mL": 1}),
        plausible_low=D("50"),
        plausible_high=D("100000"),
        blocks_when_implausible=True,
        loinc=(_seen("13964-2"), _unsure("2170-9")),
        response_marker=True,
    ),
    Analyte(
        "homocysteine",
        "Homocysteine",
        "umol/L",
        _of({"umol/L": "1", "nmol/mL": "1", "mg/L": "7.397", "ug/mL": "7.397"}),
        factor_sources=_from("molar mass 135.18 g/mol", "mg/L", "ug/mL"),
        unit_decimals=MappingProxyType({"mg/L": 2, "ug/mL": 2}),
        plausible_low=D("3"),
        plausible_high=D("400"),
        loinc=(_seen("13965-9"),),
        response_marker=True,
    ),
    Analyte(
        "haemoglobin",
        "Haemoglobin",
        "g/L",
        _of({"g/L": "1", "g/dL": "10", "mmol/L": "16.114"}),
        factor_sources=_from(f"{_EVIDENCE}; mmol/L of iron", "mmol/L"),
        decimals=0,
        unit_decimals=MappingProxyType({"g/dL": 1, "mmol/L": 1}),
        plausible_low=D("20"),
        plausible_high=D("220"),
        loinc=(_seen("718-7", "g/dL"), _unsure("59260-0", "mmol/L")),
        response_marker=True,
    ),
    Analyte(
        "haematocrit",
        "Haematocrit",
        "%",
        _of({"%": "1", "L/L": "100"}),
        unit_decimals=MappingProxyType({"L/L": 3}),
        loinc=(_unsure("4544-3"),),
        response_marker=True,
    ),
    Analyte(
        "mcv",
        "Mean cell volume",
        "fL",
        _of({"fL": "1"}),
        decimals=0,
        plausible_low=D("50"),
        plausible_high=D("150"),
        loinc=(_seen("787-2"),),
        response_marker=True,
    ),
    Analyte(
        "red_cells",
        "Red cells",
        "10*12/L",
        _of({"10*12/L": "1", "10*6/uL": "1"}),
        decimals=2,
        loinc=(_unsure("789-8"),),
        response_marker=True,
    ),
    Analyte(
        "white_cells", "White cells", "10*9/L", _of(_CELLS), loinc=(_unsure("6690-2"),), response_marker=True
    ),
    Analyte(
        "neutrophils", "Neutrophils", "10*9/L", _of(_CELLS), loinc=(_unsure("751-8"),), response_marker=True
    ),
    Analyte(
        "platelets",
        "Platelets",
        "10*9/L",
        _of(_CELLS),
        decimals=0,
        plausible_low=D("1"),
        plausible_high=D("1500"),
        loinc=(_unsure("777-3"),),
        response_marker=True,
    ),
    Analyte(
        "reticulocytes",
        "Reticulocytes",
        "10*9/L",
        _of({"10*9/L": "1", "10*3/uL": "1", "10*6/uL": "1000"}),
        own_units=("%",),
        unit_decimals=MappingProxyType({"10*6/uL": 3}),
        loinc=(_unsure("17849-1", "%"), _unsure("60474-4", "10*9/L")),
        response_marker=True,
    ),
    Analyte(
        "folate",
        "Folate, serum",
        "nmol/L",
        _of({"nmol/L": "1", "ug/L": "2.266", "ng/mL": "2.266"}),
        factor_sources=_from("molar mass 441.4 g/mol", "ug/L", "ng/mL"),
        loinc=(_unsure("2284-8", "ug/L"), _unsure("14732-2", "nmol/L")),
    ),
    Analyte(
        "ferritin",
        "Ferritin",
        "ug/L",
        MappingProxyType({"ug/L": D(1), "ng/mL": D(1), "pmol/L": D(1) / D("2.247")}),
        factor_sources=_from(f"{_EVIDENCE}: divided by 2.247", "pmol/L"),
        decimals=0,
        unit_decimals=MappingProxyType({"pmol/L": 0}),
        loinc=(_unsure("2276-4"),),
    ),
    Analyte(
        "transferrin_saturation",
        "Transferrin saturation",
        "%",
        _of({"%": "1"}),
        decimals=0,
        loinc=(_seen("2502-3"),),
    ),
    Analyte(
        "creatinine",
        "Creatinine",
        "umol/L",
        _of({"umol/L": "1", "mg/dL": "88.4"}),
        factor_sources=_from(_EVIDENCE, "mg/dL"),
        decimals=0,
        unit_decimals=MappingProxyType({"mg/dL": 2}),
        plausible_low=D("20"),
        loinc=(_unsure("14682-9", "umol/L"), _unsure("2160-0", "mg/dL")),
    ),
    Analyte(
        "egfr",
        "eGFR",
        "mL/min/{1.73_m2}",
        _of({"mL/min/{1.73_m2}": "1"}),
        decimals=0,
        loinc=(_unsure("98979-8"), _unsure("62238-1"), _unsure("33914-3")),
    ),
    Analyte(
        "potassium",
        "Potassium",
        "mmol/L",
        _of({"mmol/L": "1", "meq/L": "1"}),
        plausible_low=D("1.5"),
        plausible_high=D("8.0"),
        loinc=(_unsure("2823-3"),),
    ),
    Analyte(
        "ldh",
        "Lactate dehydrogenase",
        "U/L",
        _of({"U/L": "1", "ukat/L": "60"}),
        factor_sources=_from("60 seconds: a unit is a micromole a minute", "ukat/L"),
        decimals=0,
        unit_decimals=MappingProxyType({"ukat/L": 1}),
        loinc=(_unsure("2532-0"),),
        response_marker=True,
    ),
    Analyte(
        "bilirubin",
        "Bilirubin, total",
        "umol/L",
        _of({"umol/L": "1", "mg/dL": "17.1"}),
        factor_sources=_from(_EVIDENCE, "mg/dL"),
        decimals=0,
        unit_decimals=MappingProxyType({"mg/dL": 1}),
        loinc=(_unsure("1975-2"),),
        response_marker=True,
    ),
    Analyte(
        "tsh",
        "Thyroid stimulating hormone",
        "m[IU]/L",
        _of({"m[IU]/L": "1", "u[IU]/mL": "1"}),
        decimals=2,
        loinc=(_unsure("3016-3"),),
    ),
    Analyte("inr", "INR", "1", _of({"1": "1"}), dimensionless=True, loinc=(_unsure("6301-6"),)),
    Analyte(
        "intrinsic_factor_antibody",
        "Intrinsic factor antibody",
        "",
        _of({}),
        coded=True,
        coded_values=CODED_RESULTS,
        loinc=(_seen("31444-3"), _seen("31443-5")),
    ),
    Analyte(
        "parietal_cell_antibody",
        "Parietal cell antibody",
        "",
        _of({}),
        coded=True,
        coded_values=CODED_RESULTS,
        loinc=(_seen("8087-9"), _seen("40960-7"), _unsure("5273-8")),
    ),
    Analyte("gastrin", "Gastrin", "", _of({}), loinc=(_unsure("2333-3"),)),
    Analyte(
        "ttg_iga",
        "Tissue transglutaminase IgA",
        "",
        _of({}),
        coded=True,
        coded_values=CODED_RESULTS,
        loinc=(_unsure("31017-7"),),
    ),
    Analyte("total_iga", "Total IgA", "", _of({}), loinc=(_unsure("2458-8"),)),
)

ANALYTES: dict[str, Analyte] = {one.code: one for one in _TABLE}
"""Every analyte by its code, in the order in which a screen lists them."""
