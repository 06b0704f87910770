"""Forms of an import: the file, then what its columns mean and what only a person can say."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings

from kpis.domain.imports.mapping import (
    ACROSS,
    GRADE,
    IGNORE,
    KPI,
    LONG,
    NOTE,
    PERIOD,
    UNIT,
    ColumnMapping,
    KpiColumn,
)
from kpis.models import Grade

LONG_LABELS = {
    "long:value": "Value",
    "long:num": "Numerator",
    "long:den": "Denominator",
    "long:n": "Number of cases (n)",
    "long:sd": "Spread (standard deviation)",
}
IN_PARTS = {"ratio", "quotient", "rate", "uptime", "mean", "duration", "distinct", "gauge"}
WITH_CASES = {"ratio", "mean", "duration"}
QUESTIONS: dict[str, tuple[str, str, list[tuple[str, str]]]] = {
    "dates": (
        "How does this file write dates?",
        "“3/11/2026” can be read in two ways.",
        [("dmy", "Day first: 3/11 is 3 November"), ("mdy", "Month first: 3/11 is March 11")],
    ),
    "decimal": (
        "Which sign stands before decimals?",
        "“1,250” can be read in two ways.",
        [(".", "A point: 1,250.5 is a thousand and more"), (",", "A comma: 1,250 is one and more")],
    ),
    "quarters": (
        "Whose quarters are these?",
        "Your fiscal year does not begin in January.",
        [("fiscal", "Quarters of the fiscal year"), ("calendar", "Quarters of the calendar")],
    ),
    "shares": (
        "How does this file write shares?",
        "28 may be 28% or a mistake; 0.28 below a “%” may be 28% or a quarter of one per cent.",
        [("percent", "In hundredths: 28 is 28%"), ("fraction", "As parts of one: 0.28 is 28%")],
    ),
}
MOST_LEFT_OUT = 2_000


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
    """A choice per column, named column-0, column-1 …; the header gives the labels.

    `told` is the report of the preview: which questions are asked and which names nobody knows.
    """

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
        error_messages={"required": "A figure on record differs. Say why it is corrected."},
    )
    left_out = forms.CharField(
        label="Rows to leave out",
        required=False,
        max_length=10_000,
        help_text="Row numbers of the file, such as 5, 17-20. Nothing else is left out silently.",
    )
    header_row = forms.IntegerField(
        label="Row of the header",
        required=False,
        min_value=1,
        max_value=200,
        help_text="Only needed when the names of the columns were not found.",
    )

    def __init__(
        self,
        *args: Any,
        told: Mapping[str, Any],
        kpis: Sequence[KpiColumn],
        units: Mapping[str, str],
        proposed: ColumnMapping,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.proposed, self.told = proposed, told
        self.header = list(told.get("header", ()))
        for index, name in enumerate(self.header):
            self.fields[f"column-{index}"] = forms.ChoiceField(
                label=name or f"Column {index + 1}",
                choices=_meanings(kpis),
                initial=proposed.columns.get(name, IGNORE),
            )
        self._ask()
        self._name(kpis, units)
        if len(told.get("sheets", ())) > 1:
            self.fields["sheet"] = forms.ChoiceField(
                label="Sheet",
                choices=[(name, name) for name in told["sheets"]],
                initial=told["sheet"],
            )
        if proposed.first_week:
            self.fields["first_week"].initial = dt.date.fromisoformat(proposed.first_week)
        self.fields["left_out"].initial = ranges(proposed.left_out)
        if told.get("corrected"):
            self.fields["reason"].required = True
        self.fields["header_row"].initial = proposed.header_row or None

    def _ask(self) -> None:
        for key, (label, hint, choices) in QUESTIONS.items():
            if key in self.told.get("asked", ()):
                given = getattr(self.proposed, key)
                if key == "decimal":
                    given = given or self.told.get("decimal", "")
                self.fields[key] = forms.ChoiceField(
                    label=label,
                    help_text=hint,
                    choices=[("", "Choose one"), *choices],
                    initial=given,
                    error_messages={"required": "Choose one; the file does not say."},
                )
        if "first_week" in self.told.get("asked", ()):
            first = self.fields["first_week"]
            first.required = True
            first.error_messages["required"] = "Give the day: this file counts its weeks."

    def _name(self, kpis: Sequence[KpiColumn], units: Mapping[str, str]) -> None:
        """A choice for every name that nobody knows, and for those somebody explained."""
        unknown = {f"{kind}:{text}": near for kind, text, near in self.told.get("unknown", ())}
        self.named = list({**self.proposed.names, **unknown})
        known = {"kpi": [(kpi.slug, kpi.name) for kpi in kpis], "unit": sorted(units.items())}
        words = {"kpi": "Which KPI is", "unit": "Which team is"}
        for index, key in enumerate(self.named):
            kind, _, text = key.partition(":")
            self.fields[f"name-{index}"] = forms.ChoiceField(
                label=f"{words[kind]} “{text[:80]}”?",
                choices=[("", "Choose one"), *known[kind], (IGNORE, "Leave its rows out")],
                initial=self.proposed.names.get(key) or unknown.get(key, ""),
                error_messages={"required": "Choose one, or leave its rows out."},
            )

    def only_look(self) -> None:
        """Ask nothing: the person wants to see how the file is read so far."""
        for name in self.fields:
            self.fields[name].required = False

    def columns(self) -> list[forms.BoundField]:
        """The choices per column, in the order of the file."""
        return [self[f"column-{index}"] for index in range(len(self.header))]

    def questions(self) -> list[forms.BoundField]:
        """What only a person can say about this file."""
        names = [f"name-{index}" for index in range(len(self.named))]
        asked = [key for key in QUESTIONS if key in self.fields]
        week = ["first_week"] if "first_week" in self.told.get("asked", ()) else []
        return [self[name] for name in (*names, *asked, *week)]

    def place_fields(self) -> list[forms.BoundField]:
        """Where in the file the table stands, and what of it is left out."""
        return [self[name] for name in ("sheet", "header_row", "left_out") if name in self.fields]

    def last_fields(self) -> list[forms.BoundField]:
        return [self["grade"], self["reason"]]

    def clean_left_out(self) -> tuple[int, ...]:
        """Sorted row numbers out of "5, 17-20"."""
        rows: set[int] = set()
        for part in re.split(r"[,;\s]+", re.sub(r"\s*[-–]\s*", "-", self.cleaned_data["left_out"])):
            match = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", part)
            if match is None:
                if part:
                    raise forms.ValidationError(f"“{part[:20]}” is no row. Write 5, 17-20.")
                continue
            rows |= set(range(int(match[1]), int(match[2] or match[1]) + 1))
            if len(rows) > MOST_LEFT_OUT:
                raise forms.ValidationError(
                    f"{MOST_LEFT_OUT:,} rows can be left out. Delete more of them in the file."
                )
        return tuple(sorted(rows))

    def mapping(self) -> ColumnMapping:
        """What the person chose, as far as it is valid; the rest stays as it was proposed."""
        data = self.cleaned_data
        columns = {
            name: str(data.get(f"column-{index}") or self.proposed.columns.get(name, IGNORE))
            for index, name in enumerate(self.header)
        }
        names = {
            key: data[f"name-{index}"]
            for index, key in enumerate(self.named)
            if data.get(f"name-{index}")
        }
        first = data.get("first_week")
        said = {key: data[key] for key in QUESTIONS if key in self.fields and key in data}
        chosen = data.get("sheet") or self.told.get("sheet", "")
        return replace(
            self.proposed,
            columns=columns,
            names=names,
            first_week=first.isoformat() if first else "",
            sheet=chosen if chosen != self.told.get("sheet") else self.proposed.sheet,
            header_row=data.get("header_row") or 0,
            left_out=data.get("left_out", self.proposed.left_out),
            **said,
        )


def ranges(rows: Sequence[int]) -> str:
    """Row numbers as a person writes them: 5, 17-20."""
    parts: list[list[int]] = []
    for row in sorted(rows):
        if parts and row == parts[-1][-1] + 1:
            parts[-1][1:] = [row]
        else:
            parts.append([row])
    return ", ".join("-".join(map(str, part)) for part in parts)


def _meanings(kpis: Sequence[KpiColumn]) -> list[Any]:
    general = [
        (IGNORE, "Leave out"),
        (PERIOD, "Week, month or date"),
        (UNIT, "Team"),
        (NOTE, "Note"),
        (GRADE, "How the figure is known"),
    ]
    long = [
        (KPI, "Name of the KPI"),
        *((meaning, LONG_LABELS[meaning]) for meaning in LONG),
        (ACROSS, "Figures of the period in the heading"),
    ]
    groups: list[Any] = [("General", general), ("The KPI is named in each row", long)]
    for kpi in kpis:
        options = [(f"figure:{kpi.slug}:value", f"{kpi.name}: value")]
        if kpi.kind in IN_PARTS:
            options += [
                (f"figure:{kpi.slug}:num", f"{kpi.name}: numerator"),
                (f"figure:{kpi.slug}:den", f"{kpi.name}: denominator"),
            ]
        if kpi.kind in WITH_CASES:
            options.append((f"figure:{kpi.slug}:n", f"{kpi.name}: number of cases"))
        groups.append((kpi.name, options))
    return groups
