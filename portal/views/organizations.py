"""Settings of an organization."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.access import MemberRequest, member
from portal.actions import organizations
from portal.domain.roles import Permission
from portal.forms.organizations import Settings


@require_http_methods(["GET", "POST"])
@member(Permission.CHANGE_ORGANIZATION)
def settings(request: MemberRequest) -> HttpResponse:
    form = Settings(request.POST or None, initial=model_to_dict(request.organization))
    if form.is_valid():
        try:
            organizations.change(
                organization=request.organization,
                **form.cleaned_data,
                by=request.by,
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The settings are saved."))
            return redirect("organization_settings", request.organization.slug)
    return render(request, "portal/organization/settings.html", {"form": form})
