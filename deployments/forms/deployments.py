"""Form for a deployment, in four parts."""

import datetime as dt
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

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
from deployments.models import Deployment, UseCase
from portal.models import Unit
from portal.presenters.hinted import translated

# Heading -> rows of fields that stand beside one another where there is room.
PARTS: dict[Any, list[tuple[str, ...]]] = {
    lazy("What it is"): [
        ("name", "use_case"),
        ("system", "vendor"),
        ("model_version", "model_changed_on"),
        ("owner_name", "unit"),
    ],
    lazy("Where it stands"): [("phase", "status"), ("started_on",)],
    lazy("Risk and oversight"): [
        ("risk_class",),
        ("effect_reach",),
        ("human_review",),
        ("regulated_domain",),
    ],
    lazy("Approved scope"): [
        ("approved_tasks", "approved_groups"),
        ("approved_data", "expected_rhythm"),
    ],
    lazy("About this change"): [("way_of_working",), ("since", "reason")],
}
# Answers from the strictest to the mildest, by field: to relax one asks for a reason.
STRICTEST_FIRST: dict[str, list[str]] = {
    "risk_class": [*reversed(RiskClass)],
    "effect_reach": [*reversed(EffectReach)],
}
NOT_YET = lazy("This day has not come yet.")


def day(label: Any, help_text: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": lazy("Enter a date such as 2026-08-14.")},
    )


class DeploymentForm(forms.Form):
    name = forms.CharField(
        label=lazy("Name"),
        help_text=lazy("What staff call it, such as “Contract clause summaries”."),
        max_length=160,
        error_messages={"required": lazy("Enter a name for the deployment.")},
    )
    use_case: "forms.ModelChoiceField[UseCase]" = forms.ModelChoiceField(
        label=lazy("Use case"),
        help_text=lazy("The work it helps with."),
        queryset=None,
        to_field_name="slug",
        empty_label=lazy("Choose the work"),
        error_messages={
            "required": lazy("Choose the use case it serves."),
            "invalid_choice": lazy("Choose a use case from the list."),
        },
    )
    system = forms.CharField(
        label=lazy("AI system"),
        help_text=lazy("The product or service that people open."),
        max_length=160,
        error_messages={"required": lazy("Enter the AI system, such as the product's name.")},
    )
    vendor = forms.CharField(
        label=lazy("Vendor"),
        help_text=lazy("Who provides it. Leave it empty when you run it yourselves."),
        max_length=160,
        required=False,
    )
    model_version = forms.CharField(
        label=lazy("Model version"),
        help_text=lazy(
            "As the vendor names it. A new version asks for the KPIs to be confirmed again."
        ),
        max_length=80,
        required=False,
    )
    model_changed_on = day(lazy("Model changed on"), lazy("When this version came into use here."))
    owner_name = forms.CharField(
        label=lazy("Owner"),
        help_text=lazy("The person who answers for this deployment."),
        max_length=160,
        error_messages={"required": lazy("Enter who owns the deployment.")},
    )
    unit: "forms.ModelChoiceField[Unit]" = forms.ModelChoiceField(
        label=lazy("Unit"),
        help_text=lazy("The team that uses it."),
        queryset=None,
        required=False,
        to_field_name="slug",
        empty_label=lazy("No unit"),
        error_messages={"invalid_choice": lazy("Choose a unit from the list.")},
    )
    phase = forms.ChoiceField(
        label=lazy("Phase"),
        help_text=lazy("A later phase opens once its own KPIs are in the set."),
        choices=translated(choices(Phase)),
    )
    status = forms.ChoiceField(
        label=lazy("Status"),
        help_text=lazy("Whether people may use it now."),
        choices=translated(choices(Status)),
    )
    started_on = day(
        lazy("In use since"),
        lazy("The first day of real work; figures before it are the baseline."),
    )
    risk_class = forms.ChoiceField(
        label=lazy("Risk class"),
        help_text=lazy(
            "If you are unsure, leave High: a lower class can be given later, with a reason."
        ),
        choices=translated(choices(RiskClass)),
        widget=forms.RadioSelect,
    )
    effect_reach = forms.ChoiceField(
        label=lazy("How far its output reaches"),
        help_text=lazy("Take the farthest that happens, not the usual case."),
        choices=translated(choices(EffectReach)),
        widget=forms.RadioSelect,
    )
    human_review = forms.ChoiceField(
        label=lazy("Human review"),
        help_text=lazy("Effective means that somebody checked whether the reviewers catch errors."),
        choices=translated(choices(HumanReview)),
        widget=forms.RadioSelect,
    )
    regulated_domain = forms.ChoiceField(
        label=lazy("Regulated field"),
        help_text=lazy("In a regulated field stricter limits apply."),
        choices=translated(REGULATED_DOMAINS.items()),
        required=False,
    )
    approved_tasks = LinesField(
        label=lazy("Approved tasks"),
        help_text=lazy(
            "What it may be used for, one task per line. Anything else is not approved."
        ),
    )
    approved_groups = LinesField(
        label=lazy("Approved groups of people"),
        help_text=lazy("Who may use it, one group per line."),
    )
    approved_data = LinesField(
        label=lazy("Approved kinds of data"),
        help_text=lazy("What may be put into it, one kind per line."),
    )
    expected_rhythm = forms.CharField(
        label=lazy("Expected rhythm of use"),
        help_text=lazy("Such as “About 40 contracts a week”. Use far above it is a sign of drift."),
        max_length=160,
        required=False,
    )
    way_of_working = forms.CharField(
        label=lazy("Did the way of working change?"),
        help_text=lazy(
            "Prompts, instructions, steps or checks, such as “A second reader signs off”."
        ),
        max_length=250,
        required=False,
    )
    since = day(
        lazy("Since when"), lazy("Today, if it is empty. Charts begin a new segment on that day.")
    )
    reason = forms.CharField(
        label=lazy("Why you change it"),
        help_text=lazy("Kept in the audit trail. Needed where a risk is called lower."),
        max_length=500,
        required=False,
    )

    def __init__(
        self, *args: Any, today: dt.date, before: Deployment | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.before = today, before
        self.fields["use_case"].queryset = UseCase.objects.order_by("name")  # type: ignore[attr-defined]
        offer_units(self)
        if before is None:
            for name in ("way_of_working", "since", "reason"):
                del self.fields[name]

    def clean_model_changed_on(self) -> dt.date | None:
        return self._past("model_changed_on")

    def clean_since(self) -> dt.date | None:
        return self._past("since")

    def _past(self, name: str) -> dt.date | None:
        found: dt.date | None = self.cleaned_data[name]
        if found is not None and found > self.today:
            raise forms.ValidationError(NOT_YET)
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.before is not None and not data.get("reason") and self._relaxes(self.before):
            self.add_error("reason", _("Say why the risk is lower than it was recorded."))
        return data

    def _relaxes(self, before: Deployment) -> bool:
        return any(
            order.index(self.cleaned_data[name]) > order.index(getattr(before, name))
            for name, order in STRICTEST_FIRST.items()
            if name in self.cleaned_data
        )

    def parts(self) -> list[tuple[Any, list[list[BoundField]]]]:
        """Heading and rows of fields of each part that has fields here."""
        found = {
            head: [[self[name] for name in row if name in self.fields] for row in rows]
            for head, rows in PARTS.items()
        }
        return [(head, [row for row in rows if row]) for head, rows in found.items() if any(rows)]
