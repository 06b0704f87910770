"""What changed in a deployment, in words, and which kind of change it is for the evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

Words = str | Sequence[str]


class ChangeKind(StrEnum):
    MODEL = "model"
    SCOPE = "scope"
    PHASE = "phase"
    USER_GROUP = "user_group"
    VENDOR = "vendor"
    WORKFLOW = "workflow"
    STATUS = "status"
    OTHER = "other"


# After these the KPI set, baselines, thresholds and answers are to be confirmed (method 4).
ASKS_FOR_REVIEW = (
    ChangeKind.MODEL,
    ChangeKind.SCOPE,
    ChangeKind.USER_GROUP,
    ChangeKind.PHASE,
    ChangeKind.VENDOR,
    ChangeKind.WORKFLOW,
)
# After these figures are another process: a chart begins a new segment (method 1.4).
NEW_PROCESS = tuple(kind for kind in ASKS_FOR_REVIEW if kind is not ChangeKind.PHASE)
# Fields that mean something for the evidence; a new owner or name is noted in the audit alone.
KIND_OF_FIELD: dict[str, ChangeKind] = {
    "system": ChangeKind.MODEL,
    "model_version": ChangeKind.MODEL,
    "vendor": ChangeKind.VENDOR,
    "phase": ChangeKind.PHASE,
    "status": ChangeKind.STATUS,
    "approved_tasks": ChangeKind.SCOPE,
    "approved_data": ChangeKind.SCOPE,
    "expected_rhythm": ChangeKind.SCOPE,
    "approved_groups": ChangeKind.USER_GROUP,
    "unit": ChangeKind.USER_GROUP,
    "risk_class": ChangeKind.OTHER,
    "effect_reach": ChangeKind.OTHER,
    "human_review": ChangeKind.OTHER,
    "regulated_domain": ChangeKind.OTHER,
}

FIELD_WORDS: dict[str, str] = {
    "name": "name",
    "use_case": "use case",
    "unit": "unit",
    "owner_name": "owner",
    "system": "system",
    "vendor": "vendor",
    "model_version": "model version",
    "model_changed_on": "model changed on",
    "started_on": "in use since",
    "phase": "phase",
    "status": "status",
    "risk_class": "risk class",
    "effect_reach": "reach of its output",
    "human_review": "human review",
    "regulated_domain": "regulated field",
    "approved_tasks": "approved tasks",
    "approved_groups": "approved groups",
    "approved_data": "approved data",
    "expected_rhythm": "expected rhythm",
}
# A change that no field holds: prompts, instructions, steps, checks.
WORKFLOW_WORDS = "way of working"
SUMMARY_LENGTH = 300


@dataclass(frozen=True)
class Change:
    """All changes of one kind made together; before and after hold words by field."""

    kind: ChangeKind
    summary: str
    before: dict[str, Words] = field(default_factory=dict)
    after: dict[str, Words] = field(default_factory=dict)


def changes(before: Mapping[str, Words], after: Mapping[str, Words]) -> list[Change]:
    """One change per kind whose fields differ, in the order of `ChangeKind`.

    Both mappings hold readable words by field name; fields without a kind are left out.
    """
    found: list[Change] = []
    for kind in ChangeKind:
        fields = [
            name
            for name, of in KIND_OF_FIELD.items()
            if of is kind and before.get(name, "") != after.get(name, "")
        ]
        if fields:
            found.append(
                Change(
                    kind=kind,
                    summary=_shorten(
                        " ".join(
                            sentence(FIELD_WORDS[name], before.get(name, ""), after.get(name, ""))
                            for name in fields
                        )
                    ),
                    before={FIELD_WORDS[name]: before.get(name, "") for name in fields},
                    after={FIELD_WORDS[name]: after.get(name, "") for name in fields},
                )
            )
    return found


def workflow(told: str) -> Change:
    """A change of the way of working, in the words of the person who tells it."""
    return Change(
        kind=ChangeKind.WORKFLOW,
        summary=_shorten(f"Way of working: {told.strip()}"),
        after={WORKFLOW_WORDS: told.strip()},
    )


def sentence(what: str, before: Words, after: Words) -> str:
    """One change as a sentence; lists say what came and what went."""
    what = what[0].upper() + what[1:]
    if not isinstance(before, str) or not isinstance(after, str):
        return _list_sentence(what, list(before), list(after))
    if not before:
        return f"{what} set to {after}."
    if not after:
        return f"{what} removed (was {before})."
    return f"{what} changed from {before} to {after}."


def _list_sentence(what: str, before: list[str], after: list[str]) -> str:
    came = [item for item in after if item not in before]
    gone = [item for item in before if item not in after]
    parts = []
    if came:
        parts.append(f"added {', '.join(came)}")
    if gone:
        parts.append(f"removed {', '.join(gone)}")
    return f"{what}: {'; '.join(parts) or 'new order'}."


def _shorten(text: str) -> str:
    return text if len(text) <= SUMMARY_LENGTH else text[: SUMMARY_LENGTH - 1] + "…"
