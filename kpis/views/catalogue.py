"""The catalogue as a page."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kpis.domain.catalogue import shipped
from kpis.presenters import offers
from portal.access import MemberRequest, member
from portal.domain.roles import Permission


@require_safe
@member(Permission.SEE_CATALOGUE)
def catalogue(request: MemberRequest) -> HttpResponse:
    """The catalogue of KPIs, searchable by every name a KPI has, by category if wanted."""
    words, category = request.GET.get("q", "").strip()[:80], request.GET.get("category", "")
    entries = offers.catalogue_rows(words, category)
    page = Paginator(entries, 40).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "words": words,
        "category": category,
        "query": urlencode({"q": words, "category": category}) + "&",
        "categories": shipped.catalogue().vocabulary["categories"],
    }
    return render(request, "kpis/catalogue/list.html", context)
