"""The baseline interview as a form."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from kpis.actions import interviews
from kpis.forms.dates import day
from kpis.models import BaselineInterview


class InterviewForm(forms.Form):
    """Five questions about the work before AI; an empty answer means nobody knows."""

    held_on = day("When")
    held_with = forms.CharField(
        label="With whom",
        max_length=200,
        help_text="People who do the work, by role: “two lawyers, one assistant”.",
        error_messages={"required": "Say with whom you talked."},
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for at, question in enumerate(interviews.questions()):
            self.fields[f"answer-{at}"] = forms.CharField(
                label=question,
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def clean_held_on(self) -> dt.date:
        found: dt.date = self.cleaned_data["held_on"]
        if found > self.today:
            raise forms.ValidationError("This day has not come yet.")
        return found

    def answers(self) -> Sequence[str]:
        return [str(self.cleaned_data[f"answer-{at}"]) for at in range(len(interviews.questions()))]


def interview_start(held: BaselineInterview | None, today: dt.date) -> dict[str, Any]:
    """The answers on record, so that an interview can go on where it stopped."""
    if held is None:
        return {"held_on": today}
    known = {one["question"]: one["answer"] for one in held.answers}
    return {"held_on": held.held_on, "held_with": held.held_with} | {
        f"answer-{at}": known.get(question, "")
        for at, question in enumerate(interviews.questions())
    }
