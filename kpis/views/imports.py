"""Import of a file: send it, say what its columns mean, see it, confirm it, undo it."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deployments.models import Deployment
from kpis.actions import imports
from kpis.actions.imports import preview
from kpis.domain.imports.mapping import from_json
from kpis.domain.imports.table import UnreadableFile
from kpis.forms.imports import MappingForm, UploadForm
from kpis.models import DirtyCell, ImportRun
from portal.access import MemberRequest, member, now_and_today
from portal.domain.roles import Permission
from portal.domain.spreadsheets import BYTE_ORDER_MARK, CONTENT_TYPE
from portal.models import Job

State = ImportRun.State
# Seconds between two looks at work that goes on: quick at first, patient later.
BACK_OFF = (1, 1, 2, 3, 5, 8, 12)
CHANGED = (
    "You changed how the file is read. What stands below is read anew: look at it, then write it."
)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.ENTER_FIGURES)
def upload(request: MemberRequest, deployment: str) -> HttpResponse:
    place = get_object_or_404(Deployment, slug=deployment)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, (now, _) = form.cleaned_data["file"], now_and_today(request.organization)
        try:
            run = imports.receive(
                deployment=place, file_name=file.name, content=file.read(), by=request.by, at=now
            )
        except (UnreadableFile, imports.CannotImport) as error:
            form.add_error("file", str(error))
        else:
            return redirect("kpis:import", request.organization.slug, run.number)
    runs = ImportRun.objects.filter(deployment=place).order_by("-number")
    runs = runs.defer("content", "cells", "faults", "report")[:10]
    context = {"deployment": place, "form": form, "runs": runs}
    return render(request, "kpis/import/upload.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.ENTER_FIGURES)
def show(request: MemberRequest, number: int) -> HttpResponse:
    """Before confirmation the mapping and a preview, after it what was written."""
    run = _run(number)
    if run.state not in {State.UPLOADED, State.REFUSED}:
        return render(request, "kpis/import/done.html", _done(run))
    now, today = now_and_today(request.organization)
    form = _form(request, run, _told(run, today))
    if request.method != "POST":
        return _mapping_page(request, run, form)
    looking = "look" in request.POST or "leave" in request.POST
    if looking:
        form.only_look()
    if not form.is_valid():
        return _mapping_page(request, run, form)
    changed = form.mapping() != from_json(run.mapping)
    try:
        if changed or looking:
            said = {name: form.cleaned_data[name] for name in ("grade", "reason")}
            imports.remap(run=run, mapping=form.mapping(), said=said, at=now)
            return _read_anew(request, _run(number), today, errors=[] if looking else [CHANGED])
        _write(request, run, form, now=now, today=today)
    except imports.CannotImport as error:
        form.add_error(None, str(error))
        return _mapping_page(request, run, form)
    return redirect("kpis:import", request.organization.slug, run.number)


def _run(number: int) -> ImportRun:
    return get_object_or_404(ImportRun.objects.light(), number=number)


def _is_large(run: Any) -> bool:
    """Of a run that was fetched without its file."""
    return imports.is_large(bytes(run.head), run.size)


def _told(run: ImportRun, today: dt.date) -> dict[str, Any]:
    """The report of a preview: as a worker kept it for a large file, else read now."""
    if run.state == State.REFUSED or _is_large(run):
        return dict(run.report)
    grade = str(run.wish.get("grade") or "")
    try:
        return preview.report(preview.look(run, today=today, grade=grade))
    except UnreadableFile as error:
        return {"complaint": str(error)}


def _form(
    request: MemberRequest, run: ImportRun, told: dict[str, Any], *, fresh: bool = False
) -> MappingForm:
    scene = preview.scene_of(run.deployment)
    proposed = from_json(run.mapping)
    data = request.POST.copy()
    if "leave" in data:
        data["left_out"] = f"{data.get('left_out', '')},{data['leave']}"
    return MappingForm(
        None if fresh else data or None,
        told=told,
        kpis=scene.columns,
        units=scene.unit_names,
        proposed=proposed,
        initial={name: run.wish.get(name, "") for name in ("grade", "reason")},
    )


def _read_anew(
    request: MemberRequest, run: ImportRun, today: dt.date, *, errors: list[str]
) -> HttpResponse:
    """The page after the reading was changed; a large file is read by a worker first."""
    if run.is_in_work or not errors:
        return redirect("kpis:import", request.organization.slug, run.number)
    form = _form(request, run, _told(run, today), fresh=True)
    return _mapping_page(request, run, form, problems=errors)


def _write(
    request: MemberRequest, run: ImportRun, form: MappingForm, *, now: dt.datetime, today: dt.date
) -> None:
    given = {
        "run": run,
        "mapping": form.mapping(),
        "grade": form.cleaned_data["grade"],
        "reason": form.cleaned_data["reason"],
        "by": request.by,
        "at": now,
    }
    if _is_large(run):
        imports.ask_to_write(**given)
    else:
        imports.confirm(**given, today=today)


def _mapping_page(
    request: MemberRequest,
    run: ImportRun,
    form: MappingForm,
    *,
    sending: UploadForm | None = None,
    problems: list[str] | None = None,
) -> HttpResponse:
    told = form.told
    faulty = list(dict.fromkeys(row for row, _, _ in told.get("faults", ())))
    context: dict[str, Any] = {
        "run": run,
        "deployment": run.deployment,
        "form": form,
        "told": told,
        "sending": sending or UploadForm(),
        "problems": problems or [],
        "faulty": faulty,
        "asks_first_week": "first_week" in told.get("asked", ()),
        "same": _same_file(run),
    }
    wrong = bool(form.errors or problems or (sending and sending.errors))
    return render(request, "kpis/import/mapping.html", context, status=422 if wrong else 200)


def _same_file(run: ImportRun) -> ImportRun | None:
    """An import that wrote this very file."""
    written = ImportRun.objects.filter(
        deployment=run.deployment, content_hash=run.content_hash, state=State.WRITTEN
    )
    return written.exclude(pk=run.pk).only("number", "written_at").order_by("-number").first()


@require_POST
@member(Permission.ENTER_FIGURES)
def resend(request: MemberRequest, number: int) -> HttpResponse:
    """A mended file in the place of the one that waits."""
    run = _run(number)
    now, today = now_and_today(request.organization)
    sending = UploadForm(request.POST, request.FILES)
    if sending.is_valid():
        file = sending.cleaned_data["file"]
        try:
            imports.resend(run=run, file_name=file.name, content=file.read(), by=request.by, at=now)
        except (UnreadableFile, imports.CannotImport) as error:
            sending.add_error("file", str(error))
        else:
            return redirect("kpis:import", request.organization.slug, run.number)
    if run.state not in {State.UPLOADED, State.REFUSED}:
        messages.error(request, "This import no longer waits for a file.")
        return redirect("kpis:import", request.organization.slug, run.number)
    form = _form(request, run, _told(run, today), fresh=True)
    return _mapping_page(request, run, form, sending=sending)


@require_safe
@member(Permission.ENTER_FIGURES)
def faults(request: MemberRequest, number: int) -> HttpResponse:
    """Every fault of the file as CSV."""
    run = _run(number)
    _, today = now_and_today(request.organization)
    try:
        text = preview.all_faults(run, today=today) if run.state == State.UPLOADED else ""
    except UnreadableFile:
        text = ""
    response = HttpResponse(BYTE_ORDER_MARK + text, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="import-{run.number}-rows.csv"'
    return response


@require_safe
@member(Permission.SEE_KPIS)
def progress(request: MemberRequest, number: int) -> HttpResponse:
    """How far the work on this import is; polled by the page, a full page when opened alone."""
    run = _run(number)
    asked = request.GET.get("turn", "0")
    turn = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 0
    context = {**_done(run), "turn": turn + 1, "delay": BACK_OFF[min(turn, len(BACK_OFF) - 1)]}
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, "kpis/import/done.html", context)
    response = render(request, "kpis/import/_progress.html", context)
    was = request.GET.get("was", "")
    if was and was != run.state:
        # The work is over: the page as a whole has something else to say.
        response["HX-Redirect"] = reverse(
            "kpis:import", args=[request.organization.slug, run.number]
        )
    return response


def _done(run: ImportRun) -> dict[str, Any]:
    kind, key = ("import", str(run.number)) if run.is_in_work else ("rollup", "all")
    job = Job.objects.filter(kind=kind, key=key).order_by("-pk").first()
    waiting = DirtyCell.objects.count() if kind == "rollup" else 0
    stopped = bool(job and job.state == Job.State.PARKED)
    return {
        "run": run,
        "deployment": run.deployment,
        "job": job,
        "waiting": waiting,
        "stopped": stopped,
        "steps": f"{job.done_steps:,} of {job.all_steps:,}" if job else "",
        "undone_words": _undone_words(run),
        "running": not stopped and (run.is_in_work or waiting > 0 or bool(job and job.is_open)),
        "turn": 1,
        "delay": BACK_OFF[0],
    }


def _undone_words(run: ImportRun) -> str:
    undone = run.report.get("undone", {})
    count, reason = undone.get("count", 0), undone.get("reason", "")
    figures = "One figure was" if count == 1 else f"{count:,} figures were"
    return f"{figures} taken back; they stay readable. Reason: {reason}"


@require_POST
@member(Permission.ENTER_FIGURES)
def again(request: MemberRequest, number: int) -> HttpResponse:
    """Start work again that a worker gave up."""
    run = _run(number)
    now, _ = now_and_today(request.organization)
    try:
        imports.ask_again(run=run, at=now)
    except imports.CannotImport as error:
        messages.error(request, str(error))
    return redirect("kpis:import", request.organization.slug, run.number)


@require_POST
@member(Permission.ENTER_FIGURES)
def undo(request: MemberRequest, number: int) -> HttpResponse:
    run = _run(number)
    now, _ = now_and_today(request.organization)
    reason = request.POST.get("reason", "")[:300]
    try:
        if _is_large(run):
            imports.ask_to_undo(run=run, reason=reason, by=request.by, at=now)
        else:
            imports.undo(run=run, reason=reason, by=request.by, at=now)
    except imports.CannotImport as error:
        messages.error(request, str(error))
    return redirect("kpis:import", request.organization.slug, run.number)
