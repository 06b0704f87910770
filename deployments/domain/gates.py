"""The five gates of a deployment: names, states, and what holds on a day."""

import datetime as dt

LABELS = {
    "owner": "A named owner",
    "legal_basis": "Legal basis",
    "dpia": "Data protection impact assessment",
    "fallback": "A way to work without it",
    "oversight": "Competent human oversight",
}
QUESTIONS = {
    "owner": "Does one named person answer for this deployment?",
    "legal_basis": "Has somebody checked that the law allows this use of these data?",
    "dpia": "Is the assessment of the risks for the people concerned done and up to date?",
    "fallback": "Can the work go on by hand, and has that been tried?",
    "oversight": "Do trained people watch it, with the power to stop it?",
}
# What a person can record; "expired" follows from the date.
STATES = {
    "met": "Met",
    "not_met": "Not met",
    "refused": "Refused",
    "not_applicable": "Does not apply",
}
STATE_LABELS = {**STATES, "expired": "Expired"}


def state_on(state: str | None, valid_until: dt.date | None, day: dt.date) -> str:
    """The state of a gate on a day: nothing recorded is not met; the last valid day is met."""
    if state is None:
        return "not_met"
    if state == "met" and valid_until is not None and valid_until < day:
        return "expired"
    return state
