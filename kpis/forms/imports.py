"""Forms of an import: the file, then what its columns mean."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings

from kpis.domain.imports.mapping import IGNORE, KPI, LONG, NOTE, PERIOD, ColumnMapping, KpiColumn
from kpis.models import Grade

LONG_LABELS = {"long:value": "Value", "long:num": "Numerator", "long:den": "Denominator"}


class UploadForm(forms.Form):
    file = forms.FileField(
        label="File with figures",
        help_text="CSV or Excel (XLSX) up to 10 MB; you say next what its columns mean.",
        error_messages={
            "required": "Choose a file first.",
            "empty": "This file is empty. Send one with a header line and figures.",
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_LIMIT:
            size = file.size / 1024 / 1024
            raise forms.ValidationError(
                f"This file has {size:.0f} MB; 10 MB are possible. Send fewer rows at a time."
            )
        return file


class MappingForm(forms.Form):
    """A choice per column, named column-0, column-1 …; the header gives the labels."""

    first_week = forms.DateField(
        label="On which day did week 1 begin?",
        required=False,
        help_text="Only needed when the file counts weeks (1, 2, 3 or “week 8”).",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Give a date such as 2026-09-28."},
    )
    grade = forms.ChoiceField(
        label="How are these figures known?",
        choices=[("", "Choose one"), *Grade.choices],
        help_text="Measured: every case. Sampled: a drawn sample. Estimated: somebody's estimate.",
        error_messages={"required": "Say how these figures are known; it is printed beside them."},
    )
    reason = forms.CharField(
        label="Reason, if figures on record are corrected",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        *args: Any,
        header: Sequence[str],
        kpis: Sequence[KpiColumn],
        proposed: ColumnMapping,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.header = list(header)
        for index, name in enumerate(header):
            self.fields[f"column-{index}"] = forms.ChoiceField(
                label=name or f"Column {index + 1}",
                choices=_meanings(kpis),
                initial=proposed.columns.get(name, IGNORE),
            )
        if proposed.first_week:
            self.fields["first_week"].initial = dt.date.fromisoformat(proposed.first_week)

    def columns(self) -> list[forms.BoundField]:
        """The choices per column, in the order of the file."""
        return [self[f"column-{index}"] for index in range(len(self.header))]

    def settings_fields(self) -> list[forms.BoundField]:
        return [self["first_week"], self["grade"], self["reason"]]

    def mapping(self) -> ColumnMapping:
        """What the person chose, as far as it is valid."""
        data = self.cleaned_data
        columns = {
            name: str(data.get(f"column-{index}", IGNORE)) for index, name in enumerate(self.header)
        }
        first = data.get("first_week")
        return ColumnMapping(columns, first.isoformat() if first else "")


def _meanings(kpis: Sequence[KpiColumn]) -> list[Any]:
    general = [
        (IGNORE, "Leave out"),
        (PERIOD, "Week, month or date"),
        (NOTE, "Note"),
        (KPI, "Name of the KPI (one row per figure)"),
        *((meaning, LONG_LABELS[meaning]) for meaning in LONG),
    ]
    groups: list[Any] = [("General", general)]
    for kpi in kpis:
        options = [(f"figure:{kpi.slug}:value", f"{kpi.name}: value")]
        if kpi.kind in {"ratio", "quotient", "rate", "uptime", "mean", "duration"}:
            options += [
                (f"figure:{kpi.slug}:num", f"{kpi.name}: numerator"),
                (f"figure:{kpi.slug}:den", f"{kpi.name}: denominator"),
            ]
        groups.append((kpi.name, options))
    return groups
