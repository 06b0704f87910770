"""States of figures, rules, answers and parts of the cost as icon, word, colour and address."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

# ---- Readiness: state -> icon, colour, word of an answer held against the data.

ANSWERS: Mapping[str, tuple[str, str, Any]] = {
    "holds": ("ok", "ok", lazy("Holds")),
    "contradicted": ("warning", "warning", lazy("The data says otherwise")),
    "expired": ("warning", "warning", lazy("Expired")),
    "no": ("critical", "critical", lazy("Does not hold")),
}
NOT_KNOWN = ("unknown", "unknown", lazy("Not known"))
# How the data's answer is shown under a question.
SAID = {"contradicted": "contradiction", "holds": "agreement", "expired": "expired"}
# Question -> what the reader can do about a contradiction, and where.
WAYS: Mapping[str, tuple[str, Any]] = {
    "has_baseline": ("kpis:interview", lazy("Start the five-question interview")),
    "costs_complete": ("kpis:ledger", lazy("Fill in the cost ledger")),
    "kept_current": ("kpis:confirm", lazy("Look at the set again")),
    "review_measured": ("kpis:entry", lazy("Enter the figures")),
    "risk_controls_measured": ("kpis:entry", lazy("Enter the figures")),
}
CHANGE_THE_SET = ("kpis:set", lazy("Change the KPI set"))


def readiness_look(state: str) -> dict[str, object]:
    """Icon, colour and word of an answer."""
    icon, colour, words = ANSWERS.get(state, NOT_KNOWN)
    return {"icon": icon, "colour": colour, "words": words}


def readiness_note(line: Any, newest: object) -> str:
    """What stands in small letters behind a question; empty where its icon says it all."""
    missing = len(line.finding.missing)
    notes = {
        "contradicted": _("the data says otherwise"),
        "expired": _("has expired"),
        "no": ngettext("%(number)d missing", "%(number)d missing", missing) % {"number": missing}
        if missing
        else "",
        "open": _("not answered") if newest else "",
        "not_sure": _("not sure"),
    }
    return notes.get(line.state, "")


def readiness_template(state: str) -> str:
    """The template that shows what the data says."""
    return f"kpis/readiness/_{SAID.get(state, 'finding')}.html"


def is_chosen(line: Any, value: str) -> bool:
    """Whether an answer that still counts is this one."""
    return line.answer is not None and line.answer.answer == value and line.state != "expired"


def readiness_way(question: str, organization: str, deployment: str) -> dict[str, object]:
    """Where a contradiction can be put right, in words and as an address."""
    name, words = WAYS.get(question, CHANGE_THE_SET)
    return {"url": reverse(name, args=[organization, deployment]), "words": words}


# ---- Rules.


def rule_icon(line: Any) -> str:
    """The icon of a rule that fired; empty for one that did not."""
    if not line.fired:
        return ""
    return "warning" if line.floor == "watch" else str(line.floor)


def rule_answer(line: Any) -> str:
    """Whether what the rule asks is so."""
    if line.fired:
        return _("Yes.")
    return _("No.") if line.evaluated else _("Not asked between reviews.")


# ---- The cost ledger.


def known_as(row: Any) -> dict[str, object]:
    """How a part of the cost is known; a missing one with a warning."""
    if row.state == "missing":
        return {"icon": "warning", "words": _("Missing"), "is_muted": False}
    if row.state == "not_applicable":
        return {"icon": "", "words": _("not applicable"), "is_muted": True}
    return {"icon": "", "words": row.grade, "is_muted": False}


# ---- The grid.


def cell_look(row: Any) -> dict[str, object]:
    """What the cell beside the boxes says, and whether it is a figure or only a word."""
    if row.said:
        return {"words": row.said, "beside": row.beside, "is_figure": True}
    if row.errors:
        return {"words": "—", "is_figure": True}
    return {"words": _cell_words(row), "is_figure": False}


def _cell_words(row: Any) -> str:
    if row.typed.get("absent"):
        return _("does not apply")
    if not row.is_empty:
        return "…"
    if row.is_taken_back:
        return _("taken back")
    return str(row.state) if row.state and row.is_missing else _("not measured")


def can_take(row: Any, box: str) -> bool:
    """Whether the figure that a colleague recorded meanwhile can be taken over."""
    return bool(box == "reason" and row.is_overtaken and row.stands)


# ---- The set.

DIRECTIONS = {"up": lazy("higher"), "down": lazy("lower"), "band": lazy("in a range")}
MOVES = {"leading": lazy("before"), "lagging": lazy("after"), "context": "—"}
SIGNS = {"leading": lazy("leading"), "lagging": lazy("lagging")}
AIMS = {
    "up": lazy("Higher is better"),
    "down": lazy("Lower is better"),
    "band": lazy("Best inside a range"),
}


def direction_words(direction: str) -> Any:
    """Which way is better."""
    return DIRECTIONS.get(direction, _("not judged"))


def aim_words(direction: str) -> Any:
    """Which way is better, as a sentence."""
    return AIMS.get(direction, AIMS["band"])


def better_words(direction: str) -> Any:
    """Which way is better, and what follows where none is."""
    words = {**DIRECTIONS, "band": _("inside a range")}
    return words.get(direction, _("neither: shown, never judged"))


def moves_words(indicator: str) -> Any:
    """When a KPI moves, compared with the work."""
    return MOVES.get(indicator, _("with the work"))


def sign_words(indicator: str) -> Any:
    """Whether it is an early or a late sign; empty where it is neither."""
    return SIGNS.get(indicator, "")


def is_band(direction: str) -> bool:
    """Whether best lies inside a range."""
    return direction == "band"


def is_judged(kpi: Any) -> bool:
    """Whether a value of the KPI can be good or bad; the others are only shown."""
    return bool(kpi.direction != "context")


def can_be_guardrail(kpi: Any) -> bool:
    """Whether "must not get worse" can be said of the KPI."""
    return kpi.role not in {"adoption", "context"}


def proposed_flags(flags: list[str]) -> list[str]:
    """The marks beside a KPI, without the one that its own tick shows."""
    return [flag for flag in flags if flag != "guardrail"]


def choice_anchor(field: str) -> str:
    """Where a summary of errors leads on the page that checks a choice."""
    return {"serves": "serves", "primary": "pr-none"}.get(field, "chosen")


def mend_url(remark: Any, organization: str, deployment: str) -> str:
    """Where a gap or a mistake of the set is put right; empty where no page does it."""
    here = [organization, deployment]
    pages = {"ledger": "ledger", "figures": "entry", "confirm": "confirm"}
    if remark.place in pages:
        return reverse(f"kpis:{pages[remark.place]}", args=here)
    if remark.place == "choose":
        keys = "&".join(f"add={key}" for key in remark.add)
        return reverse("kpis:choose", args=here) + (f"?{keys}" if keys else "")
    if remark.place == "edit" or (remark.place == "baseline" and remark.kpi):
        return reverse(f"kpis:{remark.place}", args=[*here, remark.kpi])
    return ""


def without(form: Any, names: str) -> list[Any]:
    """The visible fields of a form but those named."""
    return [field for field in form.visible_fields() if field.name not in names.split()]


def about_row(row: Any) -> str:
    """What a row of results is in the set, on how many cases it rests, and how it is known."""
    part = _("primary outcome") if row.kpi.is_primary else str(row.kpi.role)
    words = [part, _("leading") if row.kpi.is_leading else "", row.cases, str(row.grade).lower()]
    return " · ".join(word for word in words if word)


def set_headline(count: int, lint: Sequence[Any], gaps: Sequence[Any]) -> str:
    """How many measures there are, and what they lack: a part, a first figure, or nothing."""
    if not count:
        return _("Nothing is measured yet")
    if gaps or any(not remark.waits for remark in lint):
        words = ngettext(
            "%(number)d measure, and something is missing",
            "%(number)d measures, and something is missing",
            count,
        )
    elif lint:
        words = ngettext(
            "%(number)d measure is chosen; the first figures are due",
            "%(number)d measures are chosen; the first figures are due",
            count,
        )
    else:
        words = ngettext(
            "%(number)d measure, each beside its side effect",
            "%(number)d measures, each beside its side effect",
            count,
        )
    return words % {"number": count}


def details(row: Any) -> str:
    """On how many cases a figure rests, how it is known, and until when a breach is accepted."""
    words = [row.cases, str(row.grade).lower(), row.deviation]
    return " · ".join(word for word in words if word)


def part_words(row: Any) -> str:
    """The part of a KPI in the set: its marks, or else its role."""
    return str(capfirst(", ".join(row.roles) if row.roles else row.kpi.role))


# ---- Drawings: what the style sheet says on a page, attributes say in the PDF.

MARKS = {
    "improving": 'fill="#fff" stroke="#1d57b0" stroke-width="2"',
    "concerning": 'fill="#a3162a"',
}
LABELS = {"target": 'fill="#0a6566"', "latest": 'fill="currentColor" font-weight="600"'}
PLAIN = 'fill="currentColor"'
FAINT = 'fill="currentColor" fill-opacity=".72"'


def mark_paint(kind: str) -> SafeString:
    """Attributes of a special point."""
    return mark_safe(MARKS.get(kind, PLAIN))


def label_paint(kind: str) -> SafeString:
    """Attributes of a word on a chart."""
    return mark_safe(LABELS.get(kind, FAINT))
