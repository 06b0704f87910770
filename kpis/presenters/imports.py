"""How far an import is, in words."""

from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.models import ImportRun

State = ImportRun.State


def _counted(singular: str, plural: str, number: int) -> str:
    return ngettext(singular, plural, number) % {"number": intcomma(number)}


def waiting_headline(run: ImportRun, told: dict[str, Any]) -> str:
    """What keeps the figures of a file from being written, or that nothing does."""
    if run.state == State.REFUSED:
        return _("This file could not be read")
    if told.get("complaint"):
        return _("What do the columns of this file mean?")
    if told.get("fault_count"):
        return _counted(
            "%(number)s row needs mending before anything is written",
            "%(number)s rows need mending before anything is written",
            told["fault_rows"],
        )
    if not told.get("figures"):
        return _("There is no figure in this file")
    if not (count := told["new"] + told["corrected"]):
        return _("This file would change nothing")
    return _counted(
        "%(number)s figure ready to be written", "%(number)s figures ready to be written", count
    )


def done_headline(run: ImportRun) -> str:
    """What becomes or became of an import."""
    headlines = {
        State.READING: _("This file is being read"),
        State.WRITING: _("The figures are being written"),
        State.UNDOING: _("This import is being undone"),
        State.UNDONE: _("This import was undone"),
    }
    if run.state in headlines:
        return headlines[State(run.state)]
    if not run.rows_written:
        return _("This file changed nothing")
    return _counted(
        "%(number)s figure was written", "%(number)s figures were written", run.rows_written
    )


def is_refused(run: ImportRun) -> bool:
    """Whether the file could not be read at all."""
    return bool(run.state == State.REFUSED)


def is_reading(run: ImportRun) -> bool:
    """Whether a worker reads the file, with nothing written yet."""
    return bool(run.state == State.READING)


def is_written(run: ImportRun) -> bool:
    """Whether its figures stand."""
    return bool(run.state == State.WRITTEN)


def is_undone(run: ImportRun) -> bool:
    """Whether its figures were taken back."""
    return bool(run.state == State.UNDONE)


def stop_words(run: ImportRun) -> dict[str, str]:
    """What a reader should know of work that a worker gave up."""
    if run.is_in_work:
        return {
            "title": _("The work stopped."),
            "text": _(
                "Nothing was written. Start it again; if it stops once more, an administrator "
                "finds the reason in the log."
            ),
        }
    return {
        "title": _("The totals could not be computed."),
        "text": _(
            "The figures are safe. An administrator finds the reason in the log; the work can be "
            "started again."
        ),
    }


def progress_of(run: ImportRun, job: Any, running: bool, steps: str) -> dict[str, object]:
    """Label, text and, where it is known, how much of the work is done."""
    working = {"text": _("working")}
    of = {"value": job.done_steps, "max": job.all_steps} if job and job.all_steps else {}
    if run.state == State.READING:
        if of:
            return {"label": _("Reading the rows"), "text": steps, **of}
        return {"label": _("Opening the file"), **working}
    if run.state == State.WRITING:
        if of and of["value"] < of["max"]:
            return {"label": _("Checking every row once more"), **working, **of}
        return {"label": _("Writing the figures, all of them or none"), **working}
    if run.state == State.UNDOING:
        return {"label": _("Taking the figures back"), **working}
    if running:
        return {"label": _("Folding the figures into weeks, months and quarters"), **working}
    label = _("Weeks, months, quarters and years are up to date")
    return {"label": label, "value": 100, "text": _("done"), "state": "done"}


def faults_link(count: int) -> str:
    """The words of the link to all rows that need mending."""
    return _counted("This row as CSV", "All %(number)s as CSV", count)


def changes_words(told: dict[str, Any]) -> str:
    """How many of the figures of a preview are listed."""
    shown = len(told["changes"])
    if shown < told["new"] + told["corrected"]:
        first = _counted("The first figure", "The first %(number)s figures", shown)
    else:
        first = _("Every figure")
    return _("%(figures)s, corrections first") % {"figures": first} if told["corrected"] else first


def is_cut(told: dict[str, Any]) -> bool:
    """Whether more rows need mending than are listed."""
    return bool(told["fault_count"] > len(told["faults"]))


def leaves_all(told: dict[str, Any], rows: list[int]) -> bool:
    """Whether the rows listed are several and all that need mending."""
    return len(rows) > 1 and told["fault_rows"] == len(rows)
