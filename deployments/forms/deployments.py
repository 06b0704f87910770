"""Form for a deployment, in four parts."""

from typing import Any

from django import forms
from django.forms import BoundField

from deployments.domain.vocabulary import (
    REGULATED_DOMAINS,
    EffectReach,
    HumanReview,
    Phase,
    RiskClass,
    Status,
    choices,
)
from deployments.forms.lines import LinesField
from deployments.forms.use_cases import offer_units
from deployments.models import UseCase
from portal.models import Unit

PARTS = {
    "What it is": [
        "name",
        "use_case",
        "system",
        "vendor",
        "model_version",
        "model_changed_on",
        "owner_name",
        "unit",
    ],
    "Where it stands": ["phase", "status", "started_on"],
    "Risk and oversight": ["risk_class", "effect_reach", "human_review", "regulated_domain"],
    "Approved scope": ["approved_tasks", "approved_groups", "approved_data", "expected_rhythm"],
    "About this change": ["reason"],
}


def day(label: str, help_text: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Enter a date such as 2026-08-14."},
    )


class DeploymentForm(forms.Form):
    name = forms.CharField(
        label="Name",
        help_text="What staff call it, such as “Contract clause summaries”.",
        max_length=160,
        error_messages={"required": "Enter a name for the deployment."},
    )
    use_case: "forms.ModelChoiceField[UseCase]" = forms.ModelChoiceField(
        label="Use case",
        help_text="The work it helps with.",
        queryset=None,
        to_field_name="slug",
        empty_label="Choose the work",
        error_messages={
            "required": "Choose the use case it serves.",
            "invalid_choice": "Choose a use case from the list.",
        },
    )
    system = forms.CharField(
        label="AI system",
        help_text="The product or service that people open.",
        max_length=160,
        error_messages={"required": "Enter the AI system, such as the product's name."},
    )
    vendor = forms.CharField(
        label="Vendor",
        help_text="Who provides it. Leave it empty when you run it yourselves.",
        max_length=160,
        required=False,
    )
    model_version = forms.CharField(
        label="Model version",
        help_text="As the vendor names it. A new version asks for the KPIs to be confirmed again.",
        max_length=80,
        required=False,
    )
    model_changed_on = day("Model changed on", "When this version came into use here.")
    owner_name = forms.CharField(
        label="Owner",
        help_text="The person who answers for this deployment.",
        max_length=160,
        error_messages={"required": "Enter who owns the deployment."},
    )
    unit: "forms.ModelChoiceField[Unit]" = forms.ModelChoiceField(
        label="Unit",
        help_text="The team that uses it.",
        queryset=None,
        required=False,
        to_field_name="slug",
        empty_label="No unit",
        error_messages={"invalid_choice": "Choose a unit from the list."},
    )
    phase = forms.ChoiceField(
        label="Phase",
        help_text="Decides which KPIs count first.",
        choices=choices(Phase),
    )
    status = forms.ChoiceField(
        label="Status",
        help_text="Whether people may use it now.",
        choices=choices(Status),
    )
    started_on = day(
        "In use since", "The first day of real work; figures before it are the baseline."
    )
    risk_class = forms.ChoiceField(
        label="Risk class",
        help_text="If you are unsure, leave High: a lower class can be given later, with a reason.",
        choices=choices(RiskClass),
        widget=forms.RadioSelect,
    )
    effect_reach = forms.ChoiceField(
        label="How far its output reaches",
        help_text="Take the farthest that happens, not the usual case.",
        choices=choices(EffectReach),
        widget=forms.RadioSelect,
    )
    human_review = forms.ChoiceField(
        label="Human review",
        help_text="Effective means that somebody checked whether the reviewers catch errors.",
        choices=choices(HumanReview),
        widget=forms.RadioSelect,
    )
    regulated_domain = forms.ChoiceField(
        label="Regulated field",
        help_text="In a regulated field stricter limits apply.",
        choices=list(REGULATED_DOMAINS.items()),
        required=False,
    )
    approved_tasks = LinesField(
        label="Approved tasks",
        help_text="What it may be used for, one task per line. Anything else is not approved.",
    )
    approved_groups = LinesField(
        label="Approved groups of people",
        help_text="Who may use it, one group per line.",
    )
    approved_data = LinesField(
        label="Approved kinds of data",
        help_text="What may be put into it, one kind per line.",
    )
    expected_rhythm = forms.CharField(
        label="Expected rhythm of use",
        help_text="Such as “About 40 contracts a week”. Use far above it is a sign of drift.",
        max_length=160,
        required=False,
    )
    reason = forms.CharField(
        label="Why you change it",
        help_text="Kept in the audit trail. You may leave it empty.",
        max_length=500,
        required=False,
    )

    def __init__(self, *args: Any, new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["use_case"].queryset = UseCase.objects.order_by("name")  # type: ignore[attr-defined]
        offer_units(self)
        if new:
            del self.fields["reason"]

    def parts(self) -> list[tuple[str, list[BoundField]]]:
        """Heading and fields of each part that has fields here."""
        found = {
            head: [self[name] for name in names if name in self.fields]
            for head, names in PARTS.items()
        }
        return [(head, fields) for head, fields in found.items() if fields]
