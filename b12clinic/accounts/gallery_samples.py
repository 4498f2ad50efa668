"""What the component gallery shows. Nobody in it exists; identifiers come from ranges kept for tests."""

from typing import Any

FINDINGS: list[dict[str, Any]] = [
    {
        "severity": "block",
        "message": "Cobalt or cobalamin allergy with anaphylaxis: no cobalamin by any route until an allergy specialist has advised.",
        "source": "Summary of product characteristics, section 4.3 (2024)",
        "local_policy": False,
        "overridable": True,
        "override_url": "#finding",
    },
    {
        "severity": "urgent",
        "message": "Neurological involvement: start today, and ask a haematologist or neurologist for advice.",
        "source": "NICE NG239, recommendation 1.5.1 (2024)",
        "local_policy": False,
        "overridable": False,
    },
    {
        "severity": "warn",
        "message": "Metformin for 6 years: it lowers total B12. Measure B12 yearly while it continues.",
        "source": "MHRA Drug Safety Update (2022)",
        "local_policy": False,
        "overridable": False,
    },
    {
        "severity": "info",
        "message": "The clinic checks potassium two days after the first injection in severe anaemia.",
        "source": "",
        "local_policy": True,
        "overridable": False,
    },
    {
        "severity": "block",
        "message": "Renal impairment with an aluminium-containing product.",
        "source": "Package insert, Warnings (2023)",
        "local_policy": False,
        "overridable": True,
        "overridden": "Dr Example Prescriber, 22 Nov 2026: aluminium-free product ordered.",
    },
]

STATUSES = [
    ("overdue", "Overdue 5 days"),
    ("due", "Due today"),
    ("soon", "Due in 3 days"),
    ("planned", "Planned"),
    ("given", "Given"),
    ("not_given", "Not given"),
    ("review", "Review"),
    ("withdrawn", "Withdrawn"),
    ("draft", "Draft"),
    ("active", "Active"),
    ("stopped", "Stopped"),
    ("waiting", "Waiting"),
    ("sent", "Sent"),
    ("failed", "Failed"),
    ("low", "Low"),
    ("high", "High"),
    ("normal", "Within range"),
    ("unclear", "Unclear"),
    ("block", "Block"),
    ("urgent", "Urgent"),
    ("warn", "Warning"),
    ("info", "Information"),
]

BANNER = {
    "name": "Testperson, Ada",
    "url": "#patient-banner",
    "born": "4 May 1958",
    "age": "68 y",
    "sex": "Female",
    "identifier": "NHS 999 000 0018",
    "allergies": "cobalt (contact dermatitis)",
    "allergy_alert": True,
    "risks": [
        {"severity": "urgent", "label": "Neurological involvement"},
        {"severity": "warn", "label": "Anticoagulated: warfarin"},
    ],
    "regimen": "Hydroxocobalamin 1,000 mcg IM, loading on alternate days (UK, neurological)",
    "next_dose": "Overdue 5 days · due Tue 17 Nov",
    "next_status": "overdue",
}

CALM_BANNER = {
    "name": "Beispiel, Bruno",
    "born": "12 Jan 1971",
    "age": "55 y",
    "identifier": "NHS 999 000 0026",
    "allergies": "No known allergies",
    "risks": [],
    "regimen": "",
    "next_dose": "",
}

DUE_ROWS = [
    {
        "name": "Testperson, Ada",
        "who": "4 May 1958 · 999 000 0018",
        "dose": "Hydroxocobalamin 1,000 mcg IM",
        "phase": "Loading, dose 4",
        "status": "overdue",
        "label": "Overdue 5 days",
        "date": "due Tue 17 Nov",
        "last": "Left deltoid, 15 Nov",
    },
    {
        "name": "Muster, Milan",
        "who": "30 Sep 1949 · 999 000 0034",
        "dose": "Cyanocobalamin 1,000 mcg IM",
        "phase": "Maintenance, dose 9",
        "status": "due",
        "label": "Due today",
        "date": "Sun 22 Nov",
        "last": "Right deltoid, 25 Oct",
    },
    {
        "name": "Beispiel, Bruno",
        "who": "12 Jan 1971 · 999 000 0026",
        "dose": "Hydroxocobalamin 1,000 mcg IM",
        "phase": "Maintenance, dose 2",
        "status": "soon",
        "label": "Due in 3 days",
        "date": "Wed 25 Nov",
        "last": "Left ventrogluteal, 2 Sep",
    },
]

RESULT_COLUMNS = [
    {"label": "Test"},
    {"label": "Result", "numeric": True},
    {"label": "Reference", "numeric": True},
    {"label": "Reading"},
    {"label": "Taken"},
]

RESULTS = [
    {
        "cells": [
            {"text": "Total B12", "url": "#table"},
            {"label": "Result", "text": "118 pmol/L", "second": "160 ng/L", "numeric": True},
            {"label": "Reference", "text": "133 to 675", "numeric": True},
            {"label": "Reading", "text": "Low", "chip": "low"},
            {"label": "Taken", "text": "12 Nov 2026"},
        ]
    },
    {
        "cells": [
            {"text": "Haemoglobin", "url": "#table"},
            {"label": "Result", "text": "121 g/L", "second": "12.1 g/dL", "numeric": True},
            {"label": "Reference", "text": "115 to 165", "numeric": True},
            {"label": "Reading", "text": "Within range", "chip": "normal"},
            {"label": "Taken", "text": "12 Nov 2026"},
        ]
    },
]

FACTS = [
    {
        "label": "Cause",
        "value": "Pernicious anaemia",
        "second": "Confirmed: intrinsic factor antibody positive",
    },
    {"label": "Neurological involvement", "value": "Yes"},
    {"label": "Clinic days", "value": "Monday to Friday"},
    {"label": "Signed", "value": "Dr Example Prescriber, 22 Nov 2026, 09:41"},
]

PHASES = [
    {
        "name": "Loading",
        "state": "done",
        "state_label": "ended after 6 doses",
        "dates": "2 to 14 Nov 2026",
        "line": "Hydroxocobalamin 1,000 mcg IM on alternate days",
        "doses": [
            {"status": "given", "label": "1 · 2 Nov"},
            {"status": "given", "label": "2 · 4 Nov"},
            {"status": "not_given", "label": "6 Nov, patient away"},
            {"status": "given", "label": "3 · 7 Nov"},
        ],
        "note": "",
    },
    {
        "name": "Maintenance",
        "state": "current",
        "state_label": "now",
        "dates": "from 2 Feb 2027",
        "line": "Hydroxocobalamin 1,000 mcg IM every 2 months",
        "doses": [
            {"status": "overdue", "label": "1 · due 2 Feb"},
            {"status": "due", "label": "2 · due 2 Apr"},
            {"status": "planned", "label": "3 · 2 Jun"},
            {"status": "planned", "label": "4 · 2 Aug"},
        ],
        "note": "Dates after the next dose are provisional: they follow from what is given.",
    },
    {
        "name": "Review",
        "state": "planned",
        "state_label": "planned",
        "dates": "2 Nov 2027",
        "line": "Decide whether injections continue",
        "doses": [],
        "note": "",
    },
]

PROTOCOLS = [
    {
        "name": "Pernicious anaemia with neurological involvement",
        "code": "uk-neuro",
        "pack": "United Kingdom, version 2026.1",
        "first_choice": True,
        "primary": True,
        "drug_line": "Hydroxocobalamin 1,000 mcg",
        "route": "Intramuscular",
        "phases": [
            "Loading: on alternate days until no further improvement",
            "Maintenance: every 2 months, lifelong",
        ],
        "picture": {
            "label": "Loading on alternate days for 3 weeks, then an injection every 2 months",
            "bands": [
                {"kind": "loading", "from_day": 0, "days": 22},
                {"kind": "maintenance", "from_day": 22, "days": 343},
            ],
            "ticks": [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 81, 142, 203, 264, 325],
            "starts": "23 Nov 2026",
            "ends": "23 Nov 2027",
        },
        "visits": 16,
        "visits_note": "if loading lasts 3 weeks",
        "first_dates": ["Mon 23 Nov", "Wed 25 Nov", "Fri 27 Nov"],
        "why": ["Neurological involvement was answered yes", "The cause is confirmed and does not go away"],
        "why_not": [],
        "sources": ["British National Formulary, hydroxocobalamin (2026)", "NICE NG239, 1.5 (2024)"],
        "local_policy": False,
        "reviewed": False,
        "choose_url": "#protocol",
    },
    {
        "name": "Practice schedule, cyanocobalamin",
        "code": "us-practice",
        "pack": "US practice, version 2026.1",
        "drug_line": "Cyanocobalamin 1,000 mcg",
        "route": "Intramuscular or deep subcutaneous",
        "phases": ["Loading: daily for 7 days", "Taper: weekly, 4 doses", "Maintenance: monthly"],
        "picture": {
            "label": "Seven daily injections, four weekly, then monthly",
            "bands": [
                {"kind": "loading", "from_day": 0, "days": 7},
                {"kind": "taper", "from_day": 7, "days": 28},
                {"kind": "maintenance", "from_day": 35, "days": 330},
            ],
            "ticks": [0, 1, 2, 3, 4, 5, 6, 13, 20, 27, 34, 64, 95, 125, 156, 186, 217, 247, 278, 309, 339],
            "starts": "23 Nov 2026",
            "ends": "23 Nov 2027",
        },
        "visits": 21,
        "first_dates": ["Mon 23 Nov", "Tue 24 Nov", "Wed 25 Nov"],
        "why": ["A monthly visit suits an existing clinic day"],
        "why_not": [],
        "sources": ["New England Journal of Medicine, table 2 (2013)"],
        "local_policy": True,
        "reviewed": True,
        "choose_url": "#protocol",
    },
    {
        "name": "Oral treatment of dietary deficiency",
        "code": "uk-oral",
        "pack": "United Kingdom, version 2026.1",
        "excluded": True,
        "drug_line": "Cyanocobalamin 50 to 150 mcg daily",
        "route": "Oral",
        "phases": ["Oral: daily, review after 3 months"],
        "visits": "None",
        "first_dates": [],
        "why": [],
        "why_not": [
            "Pernicious anaemia: what is swallowed is not reliably absorbed",
            "Neurological involvement needs injections",
        ],
        "sources": ["NICE NG239, 1.5.8 (2024)"],
        "local_policy": False,
        "reviewed": True,
    },
]

CHANGES = [
    {"what": "Loading, dose 5", "was": "Thu 19 Nov", "becomes": "Tue 24 Nov", "note": "5 days later"},
    {"what": "Loading, dose 6", "was": "Sat 21 Nov", "becomes": "Thu 26 Nov", "note": "5 days later"},
    {"what": "Recheck: potassium", "was": "", "becomes": "Wed 25 Nov", "note": "new"},
    {"what": "Reminder of 21 Nov", "was": "Sat 21 Nov", "becomes": "", "note": "not sent"},
]

TABS = [
    {"label": "Timeline", "url": "#tabs", "current": True, "count": None},
    {"label": "Results", "url": "#tabs", "current": False, "count": 12},
    {"label": "Injections", "url": "#tabs", "current": False, "count": 7},
    {"label": "Alerts", "url": "#tabs", "current": False, "count": 0},
]

CONTEXT: dict[str, Any] = {
    "findings": FINDINGS,
    "statuses": STATUSES,
    "banner": BANNER,
    "calm_banner": CALM_BANNER,
    "due_rows": DUE_ROWS,
    "result_columns": RESULT_COLUMNS,
    "results": RESULTS,
    "facts": FACTS,
    "phases": PHASES,
    "protocols": PROTOCOLS,
    "changes": CHANGES,
    "tabs": TABS,
}
