"""Import of a file: send it, say what its columns mean, see it, confirm it, undo it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deployments.models import Deployment
from kpis.actions import imports
from kpis.domain.imports.table import UnreadableFile
from kpis.forms.imports import MappingForm, UploadForm
from kpis.models import DirtyCell, ImportRun
from portal.domain.roles import Permission
from portal.models import Job
from portal.views.access import MemberRequest, member, now_and_today


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.ENTER_FIGURES)
def upload(request: MemberRequest, deployment: str) -> HttpResponse:
    place = get_object_or_404(Deployment, slug=deployment)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, (now, _) = form.cleaned_data["file"], now_and_today(request.organization)
        try:
            run = imports.upload(
                deployment=place, file_name=file.name, content=file.read(), by=request.by, at=now
            )
        except (UnreadableFile, imports.CannotImport) as error:
            form.add_error("file", str(error))
        else:
            return redirect("kpis:import", request.organization.slug, run.number)
    runs = ImportRun.objects.filter(deployment=place).defer("content").order_by("-number")[:10]
    context = {"deployment": place, "form": form, "runs": runs}
    return render(request, "kpis/import/upload.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.ENTER_FIGURES)
def show(request: MemberRequest, number: int) -> HttpResponse:
    """Before confirmation the mapping and a preview, after it what was written."""
    run = get_object_or_404(ImportRun.objects.select_related("deployment"), number=number)
    if run.state != ImportRun.State.UPLOADED:
        context = {"run": run, "deployment": run.deployment, **_progress()}
        return render(request, "kpis/import/done.html", context)
    now, today = now_and_today(request.organization)
    proposed = imports.preview(run, today=today)
    form = MappingForm(
        request.POST or None,
        header=proposed.table.header,
        kpis=proposed.columns,
        proposed=proposed.mapping,
    )
    found = proposed
    if request.method == "POST" and (form.is_valid() or "look" in request.POST):
        found = imports.preview(run, today=today, mapping=form.mapping())
        if "look" not in request.POST:
            try:
                imports.confirm(
                    run=run, mapping=form.mapping(), grade=form.cleaned_data["grade"],
                    reason=form.cleaned_data["reason"], by=request.by, at=now, today=today,
                )  # fmt: skip
            except imports.CannotImport as error:
                form.add_error(None, str(error))
            else:
                return redirect("kpis:import", request.organization.slug, run.number)
    return _mapping_page(request, run, form, found)


def _mapping_page(
    request: MemberRequest, run: ImportRun, form: MappingForm, found: imports.Preview
) -> HttpResponse:
    looked = "look" in request.POST
    if looked:
        # Only looking: the questions of the last step are not asked yet.
        form.errors.pop("grade", None)
    reading = found.reading
    context: dict[str, Any] = {
        "run": run,
        "deployment": run.deployment,
        "form": form,
        "found": found,
        "sample": [list(row) for row in found.table.rows[:5]],
        "faults": Paginator(reading.faults if reading else [], 20).page(1),
        "figures": len(reading.figures) if reading else 0,
        "empty": len(reading.empty) if reading else 0,
    }
    status = 422 if form.errors and not looked else 200
    return render(request, "kpis/import/mapping.html", context, status=status)


@require_safe
@member(Permission.SEE_KPIS)
def progress(request: MemberRequest, number: int) -> HttpResponse:
    """How far the rollup of this import is; polled by the page, a full page when opened alone."""
    run = get_object_or_404(ImportRun.objects.select_related("deployment"), number=number)
    context = {"run": run, "deployment": run.deployment, **_progress()}
    template = "kpis/import/_progress.html" if request.htmx else "kpis/import/done.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _progress() -> dict[str, Any]:
    job = Job.objects.filter(kind="rollup").order_by("-pk").first()
    waiting = DirtyCell.objects.count()
    return {"job": job, "waiting": waiting, "running": waiting > 0 or bool(job and job.is_open)}


@require_POST
@member(Permission.ENTER_FIGURES)
def undo(request: MemberRequest, number: int) -> HttpResponse:
    run = get_object_or_404(ImportRun, number=number)
    now, _ = now_and_today(request.organization)
    try:
        count = imports.undo(run=run, reason=request.POST.get("reason", ""), by=request.by, at=now)
    except imports.CannotImport as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{count} figures were withdrawn; they stay readable.")
    return redirect("kpis:import", request.organization.slug, run.number)
