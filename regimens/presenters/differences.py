"""What the guidelines give for one situation, side by side, with what parts them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from b12clinic.vocabulary import Cause
from regimens.presenters.protocols import INDICATIONS
from regimens.protocols.differences import NOTHING, Aspect, Difference, PackAnswer, differences
from regimens.protocols.disagreements import disagreements_for
from regimens.protocols.pack import Indication, Pack

FIRST_SHOWN = Cause.AUTOIMMUNE_GASTRITIS


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared: an indication, a cause, and whether tablets may come first."""

    indication: Indication
    cause: str
    tablets: bool

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        """What an address asks for; anything unknown falls back to what is shown first."""
        indication, cause = query.get("for", ""), query.get("cause", "")
        return cls(
            Indication(indication) if indication in set(Indication) else Indication.STANDARD,
            cause if cause in set(Cause) else FIRST_SHOWN.value,
            query.get("tablets", "yes") != "no",
        )


def differences_page(packs: Mapping[str, Pack], asked: Asked, own: str) -> dict[str, Any]:
    """Rows of aspects with a cell for every pack, the gaps in the packs' words, and where sources disagree."""
    rows = differences(packs, asked.indication, asked.cause, tablets_suit=asked.tablets)
    codes = sorted(packs, key=lambda code: code != own)
    return {
        "fields": _fields(asked),
        "packs": [{"title": packs[code].title, "is_own": code == own} for code in codes],
        "rows": [_row(row, packs, codes) for row in rows],
        "apart": ", ".join(row.aspect.label.lower() for row in rows if row.differs),
        "gaps": [
            {"title": packs[code].title, "text": packs[code].gaps} for code in codes if packs[code].gaps
        ],
        "disagreements": disagreements_for(asked.indication),
    }


def _row(row: Difference, packs: Mapping[str, Pack], codes: list[str]) -> dict[str, Any]:
    answers = {answer.pack: answer for answer in row.answers}
    own = answers[codes[0]]
    return {
        "label": row.aspect.label,
        "differs": row.differs,
        "cells": [_cell(answers[code], own, packs[code].title, row.aspect) for code in codes],
    }


def _cell(answer: PackAnswer, own: PackAnswer, title: str, aspect: Aspect) -> dict[str, Any]:
    """`differs`: from the first column, which is the clinic's own guideline; a source is always another one."""
    return {
        "pack": title,
        "text": answer.text,
        "nothing": answer.text == NOTHING,
        "differs": aspect is not Aspect.SOURCE and answer.text != own.text,
        "url": f"?pack={answer.pack}#{answer.protocol.replace('/', '-')}"
        if aspect is Aspect.DRUG and answer.protocol
        else "",
    }


def _fields(asked: Asked) -> list[dict[str, Any]]:
    tablets = [("yes", "May come first"), ("no", "Do not suit: injections only")]
    return [
        _field("for", "Situation", INDICATIONS.items(), asked.indication),
        _field("cause", "Cause", Cause.choices(), asked.cause),
        _field("tablets", "Tablets", tablets, "yes" if asked.tablets else "no"),
    ]


def _field(name: str, label: str, choices: Any, chosen: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "choices": [{"value": str(v), "label": text, "chosen": v == chosen} for v, text in choices],
    }
