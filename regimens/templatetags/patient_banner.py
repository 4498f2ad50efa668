"""The patient banner for pages of apps that know no plan: the same line of regimen and next dose as on the chart."""

from typing import Any

from django import template

from b12clinic.patients.models import Patient
from regimens.presenters.banner import plan_line

register = template.Library()


@register.inclusion_tag("components/patient_banner.html")
def patient_banner(banner: dict[str, Any], patient: Patient) -> dict[str, Any]:
    """The banner with the running regimen as of the day that the page was asked for."""
    plan = plan_line(patient, banner["today"])
    lines = {"regimen": plan.regimen, "next_dose": plan.next_dose, "next_status": plan.next_status}
    return {"banner": {**banner, **lines}}
