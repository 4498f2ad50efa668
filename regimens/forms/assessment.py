"""The clinician's judgement, every question answered by choice: "unknown" is an answer, silence is not."""

from typing import Any, cast

from django import forms

from b12clinic.vocabulary import Cause, CauseDetail, Certainty, Finding, Pregnancy
from regimens.facts import Judgement
from regimens.forms.administration import with_blank
from regimens.models import Neuro

CONTINUES = [("no", "No, this plan begins a new course"), ("yes", "Yes, count them as part of this course")]

NEUROLOGICAL = frozenset(
    {
        Finding.PARAESTHESIA_FEET,
        Finding.PARAESTHESIA_HANDS_FEET,
        Finding.NUMBNESS,
        Finding.WEAKNESS,
        Finding.REDUCED_ANKLE_JERKS,
        Finding.IMPAIRED_VIBRATION_SENSE,
        Finding.IMPAIRED_PROPRIOCEPTION,
        Finding.ATAXIC_GAIT,
        Finding.ROMBERG_POSITIVE,
        Finding.LHERMITTE,
        Finding.SPASTICITY,
        Finding.SPHINCTER_DISTURBANCE,
    }
)
"""Signs that are neurological by themselves (evidence section 6, NEURO_URGENT); "no" cannot stand beside one."""

SIGNS = [(finding.value, finding.label) for finding in Finding if finding in NEUROLOGICAL]
OTHER = [(finding.value, finding.label) for finding in Finding if finding not in NEUROLOGICAL]


class AssessmentForm(forms.Form):
    """Cause and certainty, nervous system, symptoms, pregnancy, and whether earlier injections belong to this course."""

    cause = forms.ChoiceField(
        label="Cause of the deficiency", choices=with_blank(Cause.choices(), "Choose the cause")
    )
    certainty = forms.ChoiceField(
        label="How certain is the cause", choices=with_blank(Certainty.choices(), "Choose the certainty")
    )
    cause_detail = forms.CharField(
        label="Detail of the cause",
        required=False,
        max_length=120,
        help_text="For example the operation or the diet; a listed word lets the rules read it.",
        widget=forms.TextInput(attrs={"list": "cause-details", "autocomplete": "off"}),
    )
    neuro = forms.ChoiceField(
        label="Is the nervous system involved?", choices=list(Neuro.choices), widget=forms.RadioSelect
    )
    signs = forms.MultipleChoiceField(
        label="Neurological signs and symptoms",
        choices=SIGNS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    symptoms = forms.MultipleChoiceField(
        label="Other signs and symptoms", choices=OTHER, required=False, widget=forms.CheckboxSelectMultiple
    )
    no_findings = forms.BooleanField(label="None of these signs or symptoms", required=False)
    pregnancy = forms.ChoiceField(
        label="Pregnancy and breastfeeding", choices=with_blank(Pregnancy.choices(), "Choose one")
    )
    gestation_weeks = forms.IntegerField(
        label="Weeks of pregnancy", required=False, min_value=1, max_value=45
    )
    nitrous_oxide_planned = forms.BooleanField(
        label="An operation with nitrous oxide is planned",
        required=False,
        help_text="Nitrous oxide inactivates B12: in a known deficiency the anaesthetist is told.",
    )
    guideline = forms.ChoiceField(label="Guideline that the assessment follows first")
    continues_course = forms.ChoiceField(
        label="Do the injections already recorded belong to this course?",
        choices=CONTINUES,
        required=False,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, packs: list[tuple[str, str]], injections: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["guideline"]).choices = packs
        self.injections = injections
        if not injections:
            del self.fields["continues_course"]

    @property
    def cause_details(self) -> list[tuple[str, str]]:
        """Details of a cause that the rules can read, offered as suggestions."""
        return CauseDetail.choices()

    def clean(self) -> dict[str, Any]:
        """Contradictions are asked about, never settled for the clinician."""
        data = super().clean() or {}
        chosen = bool(data.get("signs") or data.get("symptoms"))
        if not chosen and not data.get("no_findings"):
            self.add_error("no_findings", "Tick the signs and symptoms, or say that there are none.")
        if chosen and data.get("no_findings"):
            self.add_error("no_findings", "Signs or symptoms are ticked above; untick them or this.")
        if data.get("signs") and data.get("neuro") == Neuro.NO:
            self.add_error("neuro", "A neurological sign is ticked below; answer yes, or untick the sign.")
        if data.get("gestation_weeks") and data.get("pregnancy") != Pregnancy.PREGNANT.value:
            self.add_error("gestation_weeks", "Weeks are entered only for a pregnancy.")
        if self.injections and not data.get("continues_course"):
            self.add_error(
                "continues_course", "Say whether the injections already recorded belong to this course."
            )
        return data

    def judgement(self) -> Judgement:
        """What was chosen, as the service wants it."""
        data = self.cleaned_data
        return Judgement(
            cause=data["cause"],
            certainty=data["certainty"],
            cause_detail=data["cause_detail"].strip(),
            neuro={Neuro.YES.value: True, Neuro.NO.value: False}.get(data["neuro"]),
            pregnancy=data["pregnancy"],
            gestation_weeks=data["gestation_weeks"],
            nitrous_oxide_planned=data["nitrous_oxide_planned"],
            findings=frozenset(data["signs"]) | frozenset(data["symptoms"]),
            continues_course=data.get("continues_course") == "yes",
        )
