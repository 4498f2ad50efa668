"""What the PDF of the response says: the page's own words, figures and pictures, line by line."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string

from b12clinic.accounts.models import Clinic
from regimens.presenters.response_picture import KEY

FONT = "Libertinus Serif"
"""The paper's own: a machine without fonts sets the pictures as any other does."""
_ANSWERS = {True: "May explain it", False: "Answered"}


def response_paper(clinic: Clinic, shown: Mapping[str, Any], as_of: str, span: str) -> dict[str, Any]:
    """The whole PDF in plain values. shown: the context of the page; span: the stretch of time in words."""
    banner, page = shown["banner"], shown["page"]
    response = page["response"] or {"deciding": [], "supporting": [], "expected": []}
    return {
        "title": f"Response to treatment, {banner['name']}, as of {as_of}",
        "clinic": clinic.name,
        "who": f"{banner['name']}, born {banner['born']}",
        "as_of": as_of,
        "patient": _patient(banner),
        "sentence": shown["sentence"],
        "pathway": _pathway(page["pathway"]) if page["pathway"] else None,
        **_pictures(shown["picture"], span),
        "deciding": [_marker(one) for one in response["deciding"]],
        "supporting": [_marker(one) for one in response["supporting"]],
        "expected": [
            {"words": f"{one['name']}: {one['what']}.", "source": _source(one)}
            for one in response["expected"]
        ],
        "checklist": [_item(one) for one in page["checklist"]],
        "conclusions": [_conclusion(one) for one in shown["conclusions"]],
        "figures": shown["figures"],
    }


def _patient(banner: Mapping[str, Any]) -> dict[str, Any]:
    """Who it is about, as the banner says it; allergies and risks in words."""
    allergies = f"Allergy: {banner['allergies']}" if banner["allergy_alert"] else banner["allergies"]
    facts = (
        f"born {banner['born']} ({banner['age']})",
        banner["sex"],
        banner["identifier"] or "no identifier recorded",
        banner["died"],
    )
    return {
        "name": banner["name"],
        "facts": [one for one in facts if one],
        "risks": [allergies or "Allergies not recorded", *(risk.label for risk in banner["risks"])],
        "regimen": " · ".join(one for one in (banner["regimen"] or "none", banner["next_dose"]) if one),
    }


def _pathway(pathway: Mapping[str, Any]) -> dict[str, Any]:
    steps = [
        {
            "question": step["question"],
            "word": step["word"],
            "said": step["said"]
            or (f"Missing: {step['missing']}" if step["missing"] else "A clinician answers it"),
            "source": step["source"],
        }
        for step in pathway["steps"]
    ]
    return {"because": pathway["because"], "steps": steps}


def _pictures(picture: Mapping[str, Any] | None, span: str) -> dict[str, Any]:
    """Each picture as the page draws it, in the paper's font, and the key to their signs."""
    if picture is None:
        return {"pictures": [], "key": ""}
    drawn = [
        {
            "name": chart["name"],
            "unit": chart["unit"],
            "notes": chart["notes"],
            "svg": render_to_string(
                "regimens/_response_svg.html", {"chart": chart, "picture": picture, "font": FONT}
            ),
            "alt": f"{chart['label']}. {picture['doses']['words']}",
            "legend": _legend(chart["series"]),
        }
        for chart in picture["charts"]
    ]
    empty = f" Nothing to draw for: {', '.join(picture['empty'])}." if picture["empty"] else ""
    return {"pictures": drawn, "key": f"{span}. {picture['doses']['words']} {KEY}{empty}"}


def _legend(series: Sequence[Mapping[str, str]]) -> str:
    """Which line is which, by how it is drawn."""
    return "; ".join(f"{one['name']}: {one['drawn']}" for one in series)


def _marker(marker: Mapping[str, Any]) -> dict[str, str]:
    return {name: marker[name] for name in ("name", "word", "sentence")} | {"source": _source(marker)}


def _source(one: Mapping[str, Any]) -> str:
    marks = (
        "not read at the source" if one.get("known") else "",
        "local policy" if one["local_policy"] else "",
    )
    known = one["source"].lower()
    return "; ".join([one["source"], *(mark for mark in marks if mark and mark not in known)])


def _item(item: Mapping[str, Any]) -> dict[str, str]:
    word = _ANSWERS[item["explains"]] if item["ticked"] else "Open"
    return {"question": item["question"], "word": word, "answer": item["answer"], "source": item["source"]}


def _conclusion(row: Mapping[str, Any]) -> dict[str, Any]:
    reason = f"Reason: {row['reason']}" if row["reason"] else ""
    still_open = f"Open then: {row['open']}" if row["open"] else ""
    seen = f"Seen: {' '.join(row['seen'])}" if row["seen"] else ""
    return {
        "head": f"{row['day']}: {row['decision']} by {row['who']}",
        "lines": [row["words"], reason, still_open, seen],
    }
