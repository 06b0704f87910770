"""Use cases: one page each, and the form that shows look-alikes before it saves."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from deployments.actions import use_cases
from deployments.domain.likeness import look_alikes
from deployments.forms.use_cases import UseCaseForm
from deployments.models import UseCase
from portal.access import MemberRequest, member
from portal.domain.roles import Permission


@require_safe
@member(Permission.SEE_DEPLOYMENTS)
def detail(request: MemberRequest, use_case: str) -> HttpResponse:
    one = _find(use_case)
    context = {"use_case": one, "deployments": list(one.deployments.order_by("name"))}
    return render(request, "deployments/use_case/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_DEPLOYMENTS)
def create(request: MemberRequest) -> HttpResponse:
    form = UseCaseForm(request.POST or None)
    alike: Sequence[UseCase] = []
    if form.is_valid():
        if "anyway" not in request.POST:
            alike = _alike(form)
        try:
            made = None if alike else _make(request, form)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if made is not None:
                messages.success(request, _("%(made)s is described.") % {"made": made})
                return redirect("deployments:use_case", request.organization.slug, made.slug)
    context = {"form": form, "alike": alike}
    status = 422 if form.errors else 200
    return render(request, "deployments/use_case/form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@member(Permission.CHANGE_DEPLOYMENTS)
def edit(request: MemberRequest, use_case: str) -> HttpResponse:
    one = _find(use_case)
    initial = {name: getattr(one, name) for name in UseCaseForm.base_fields}
    form = UseCaseForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            use_cases.change(use_case=one, by=request.by, at=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("deployments:use_case", request.organization.slug, one.slug)
    context = {"form": form, "use_case": one}
    status = 422 if form.errors else 200
    return render(request, "deployments/use_case/form.html", context, status=status)


def _find(slug: str) -> UseCase:
    found: UseCase = get_object_or_404(UseCase.objects.select_related("unit"), slug=slug)
    return found


def _alike(form: UseCaseForm) -> Sequence[UseCase]:
    entered = form.cleaned_data
    return look_alikes(entered["name"], entered["work"], UseCase.objects.order_by("name"))[:5]


def _make(request: MemberRequest, form: UseCaseForm) -> UseCase:
    return use_cases.create(**form.cleaned_data, by=request.by, at=timezone.now())
