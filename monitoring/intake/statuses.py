"""What a laboratory says of a result's standing: HL7's table 0085 and FHIR's words, in five of our own."""

from __future__ import annotations

FINAL, CORRECTED, NOT_FINAL, NOTHING, WITHDRAWN = "final", "corrected", "not_final", "nothing", "withdrawn"

STATUSES: dict[str, str] = {
    **dict.fromkeys(("f", "u", "final"), FINAL),
    **dict.fromkeys(("c", "a", "corrected", "amended", "appended"), CORRECTED),
    **dict.fromkeys(("p", "r", "s", "i", "preliminary", "registered", "partial"), NOT_FINAL),
    **dict.fromkeys(("x", "n", "o", "cancelled", "unknown"), NOTHING),
    **dict.fromkeys(("d", "w", "entered-in-error"), WITHDRAWN),
}
"""By the code in small letters; one that is not here is not understood, and the row is not read."""
