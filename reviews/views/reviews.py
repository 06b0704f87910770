"""Reviews: the list, one review with its editions, the PDF."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.access import MemberRequest, member, now_and_today
from portal.domain.roles import Permission
from portal.models import Job
from reviews.actions import reviews
from reviews.models import Edition, EditionPdf, Review


@require_safe
@member(Permission.SEE_REVIEWS)
def list_reviews(request: MemberRequest) -> HttpResponse:
    _, today = now_and_today(request.organization)
    quarter = reviews.quarter_of(today)
    found = list(Review.objects.order_by("-starts_on")[:40])
    context = {
        "reviews": found,
        "quarter": quarter,
        "days_left": (quarter.end - today).days,
        "is_open": any(review.starts_on == quarter.start for review in found),
    }
    return render(request, "reviews/review/list.html", context)


@require_POST
@member(Permission.OPEN_REVIEWS)
def open_review(request: MemberRequest) -> HttpResponse:
    now, today = now_and_today(request.organization)
    review = reviews.open_review(day=today, by=request.by, at=now)
    return redirect("reviews:detail", request.organization.slug, review.slug)


@require_POST
@member(Permission.OPEN_REVIEWS)
def freeze(request: MemberRequest, review: str) -> HttpResponse:
    found = get_object_or_404(Review, slug=review)
    now, _ = now_and_today(request.organization)
    reviews.freeze(review=found, by=request.by, at=now)
    return redirect("reviews:detail", request.organization.slug, found.slug)


@require_safe
@member(Permission.SEE_REVIEWS)
def detail(request: MemberRequest, review: str) -> HttpResponse:
    found = get_object_or_404(Review, slug=review)
    return render(request, "reviews/review/detail.html", _state(found))


@require_safe
@member(Permission.SEE_REVIEWS)
def progress(request: MemberRequest, review: str) -> HttpResponse:
    """How far the printing is; polled by the page, a full page when opened alone."""
    found = get_object_or_404(Review, slug=review)
    template = "reviews/review/_print.html" if request.htmx else "reviews/review/detail.html"  # type: ignore[attr-defined]
    return render(request, template, _state(found))


def _state(review: Review) -> dict[str, Any]:
    editions = list(Edition.objects.filter(review=review).order_by("-number"))
    newest = editions[0]
    pdf = EditionPdf.objects.filter(edition=newest).defer("content").first()
    job = Job.objects.filter(kind="review_pdf", key=f"{review.slug}/{newest.number}")
    newest_job = job.order_by("-pk").first()
    is_parked = newest_job is not None and newest_job.state == Job.State.PARKED
    return {
        "review": review,
        "waiting": pdf is None and not is_parked,
        "editions": editions,
        "edition": newest,
        "document": newest.document,
        "pdf": pdf,
    }


@require_safe
@member(Permission.SEE_REVIEWS)
def pdf(request: MemberRequest, review: str, edition: int) -> HttpResponse:
    """The PDF of one edition as a file."""
    row = (
        EditionPdf.objects.filter(edition__review__slug=review, edition__number=edition)
        .order_by("pk")
        .first()
    )
    if row is None:
        raise Http404("No such PDF.")
    response = HttpResponse(bytes(row.content), content_type="application/pdf")
    name = f"{request.organization.slug}-{review}-edition-{edition}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
