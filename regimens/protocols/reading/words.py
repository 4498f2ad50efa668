"""The class in sentences: one per step of the reasoning."""

from __future__ import annotations

from b12clinic.vocabulary import Classification
from monitoring.interpretation.analytes import ANALYTES
from monitoring.interpretation.bands import Band, Bands, MmaUpper
from monitoring.interpretation.measured import Measured

from .diagnosis import B12Value, Diagnosis

_BAND_WORDS = {
    Band.DEFICIENT: "below the deficient cut-off",
    Band.INDETERMINATE: "in the indeterminate band",
    Band.UNLIKELY: "above the band, deficiency unlikely",
}
_CLASS_WORDS = {
    Classification.CONFIRMED_DEFICIENCY: "Class: confirmed deficiency.",
    Classification.INDETERMINATE_MMA_RAISED: "Class: indeterminate B12 with raised methylmalonic acid, treated as confirmed.",
    Classification.INDETERMINATE: "Class: indeterminate; the B12 alone neither shows nor excludes a deficiency.",
    Classification.UNLIKELY: "Class: deficiency unlikely by serum B12.",
    Classification.FUNCTIONAL_DEFICIENCY: "Class: functional deficiency; a metabolite is raised while serum B12 is not low.",
    Classification.PROPHYLAXIS: "Class: prophylaxis; absorption is lost and nothing shows a deficiency yet.",
    Classification.UNINTERPRETABLE: "Class: the B12 cannot be interpreted as it stands.",
    Classification.NOT_CLASSIFIED: "Class: none; no serum B12 can be placed.",
}


def sentences_of(diagnosis: Diagnosis, bands: Bands, upper: MmaUpper) -> tuple[str, ...]:
    """Why the class is what it is, in the order of the reasoning; the cut-offs' source stands in each."""
    said = [_of_b12(value, bands) for value in diagnosis.b12_values]
    if diagnosis.mma is not None:
        said.append(_of_mma(diagnosis, diagnosis.mma, upper))
    if diagnosis.supports:
        said.append(f"Supported by: {'; '.join(diagnosis.supports)}.")
    return (*said, _CLASS_WORDS[diagnosis.classification])


def _of_b12(value: B12Value, bands: Bands) -> str:
    measured = value.measured
    label = ANALYTES[measured.lab.analyte].label
    reported = f"{label} {measured.shown()}"
    if value.band is None:
        return f"{reported} cannot be placed among the cut-offs."
    hidden = "; a dose of B12 came before the sample" if value.recent_dose else ""
    own = ""
    if measured.lab.low is not None and measured.lab.high is not None:
        own = f"; the laboratory's own range is {measured.lab.low} to {measured.lab.high}"
    return f"{reported} is {_BAND_WORDS[value.band]} ({bands.source}){own}{hidden}."


def _of_mma(diagnosis: Diagnosis, mma: Measured, upper: MmaUpper) -> str:
    source = upper.source if mma.lab.high is None else "the laboratory's range"
    word = "above its upper limit" if diagnosis.mma_raised else "not above its upper limit"
    doubt = "" if diagnosis.mma_reliable else "; it is unreliable with these kidneys"
    return f"Methylmalonic acid {mma.shown()} is {word} ({source}){doubt}."
