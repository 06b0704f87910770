"""The API below /o/<organization>/api/v1/, and the page that explains it."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from kpis.api import body, examples, given, openapi, read, write
from kpis.api.operations import BY_NAME, OPERATIONS
from kpis.api.shapes import FIGURE_TO_SEND
from kpis.models import Kpi
from portal.access import (
    Access,
    Door,
    MemberRequest,
    TokenRequest,
    member,
    now_and_today,
    token,
)
from portal.api import answers
from portal.api.answers import Problem
from portal.domain.roles import Permission
from portal.domain.tokens import SCOPE_SENTENCES, Scope

View = Callable[..., HttpResponse]


@token(Scope.READ)
def list_deployments(request: TokenRequest) -> HttpResponse:
    query = body.query(request, BY_NAME["list_deployments"])
    return _page(request, query, read.deployments(after=query["after"], limit=query["limit"]))


@token(Scope.READ)
def list_kpis(request: TokenRequest, deployment: str) -> HttpResponse:
    query = body.query(request, BY_NAME["list_kpis"])
    found = read.kpis(deployment=deployment, after=query["after"], limit=query["limit"])
    return _page(request, query, found)


@token(Scope.READ)
def list_measurements(request: TokenRequest, deployment: str, kpi: str) -> HttpResponse:
    query = body.query(request, BY_NAME["list_measurements"])
    found = read.kpi(deployment=deployment, slug=kpi)
    page = read.measurements(found, after=query["after"], limit=query["limit"])
    return _page(request, query, page)


@token(Scope.READ)
def series(request: TokenRequest, deployment: str, kpi: str) -> HttpResponse:
    query = body.query(request, BY_NAME["series"])
    found = read.kpi(deployment=deployment, slug=kpi)
    return answers.answer(
        read.series_of(found, since=query["from"], until=query["to"], grain=query["grain"])
    )


@token(Scope.READ)
def openapi_document(request: TokenRequest) -> HttpResponse:
    return answers.answer(openapi.document(_server(request, request.organization.slug)))


@token(Scope.WRITE)
def send_figure(request: TokenRequest, deployment: str, kpi: str) -> HttpResponse:
    """One figure: 201 when it changed the record, 200 when it was there."""
    body.query(request, BY_NAME["send_figure"])
    found = read.kpi(deployment=deployment, slug=kpi)
    said = body.json(request)
    faults = given.shape_faults(said, FIGURE_TO_SEND)
    if faults:
        raise Problem(422, faults[0][1], field=faults[0][0])
    if found.retired_on is not None:
        raise Problem(409, f"{found.name} was retired and takes no more figures.", field="kpi")
    try:
        sent = given.read_row(1, said, found, _calendar(request))
    except given.BadField as error:
        raise Problem(422, error.sentence, field=error.field) from error
    word, stored = write.one(sent, sender=_sender(request))
    return answers.answer(stored, status=200 if word == "unchanged" else 201)


@token(Scope.WRITE)
def send_figures(request: TokenRequest, deployment: str) -> HttpResponse:
    """Many figures of one deployment, all of them or none."""
    query = body.query(request, BY_NAME["send_figures"])
    known = write.kpis_of(read.deployment_key(deployment))
    rows, errors = body.figures(request, known, _calendar(request))
    keep_good = query["keep_good"] == "true"
    stored = write.many(rows, errors, keep_good=keep_good, sender=_sender(request))
    return answers.answer(stored)


VIEWS: dict[str, View] = {
    "list_deployments": list_deployments,
    "list_kpis": list_kpis,
    "series": series,
    "list_measurements": list_measurements,
    "send_figure": send_figure,
    "send_figures": send_figures,
    "openapi": openapi_document,
}


def addresses() -> Iterator[tuple[str, str, View]]:
    """(path, name, view) of every address, one view for all methods of it."""
    by_path: dict[str, dict[str, str]] = {}
    for operation in OPERATIONS:
        by_path.setdefault(operation.path, {})[operation.method] = operation.name
    for path, names in by_path.items():
        views = {method: VIEWS[name] for method, name in names.items()}
        yield path, f"api_{next(iter(names.values()))}", _by_method(views)


def _by_method(views: dict[str, View]) -> View:
    def dispatch(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        view = views.get("GET" if request.method == "HEAD" else str(request.method))
        if view is None:
            allowed = ", ".join(views)
            sentence = f"This address answers {allowed} only."
            return answers.refuse(Problem(405, sentence, headers={"Allow": allowed}))
        return view(request, **kwargs)

    scopes = tuple(view.access.scopes[0] for view in views.values())  # type: ignore[attr-defined]
    dispatch.access = Access(Door.TOKEN, scopes=scopes)  # type: ignore[attr-defined]
    dispatch.csrf_exempt = True  # type: ignore[attr-defined]
    return dispatch


def _page(request: TokenRequest, query: dict[str, Any], page: read.Page) -> HttpResponse:
    items, after = page
    following = f"{request.path}?limit={query['limit']}&after={after}" if after else None
    return answers.answer(
        {"items": items, "next": following and request.build_absolute_uri(following)}
    )


def _calendar(request: TokenRequest) -> given.Calendar:
    organization = request.organization
    return given.Calendar(_today(request), organization.fiscal_year_start)


def _today(request: TokenRequest) -> dt.date:
    return now_and_today(request.organization)[1]  # type: ignore[no-any-return]


def _sender(request: TokenRequest) -> write.Sender:
    return write.Sender(request.by, timezone.now())


def _server(request: HttpRequest, organization: str) -> str:
    place = reverse("kpis:api_list_deployments", args=[organization])
    return request.build_absolute_uri(place.removesuffix("deployments/"))


@require_safe
@member(Permission.SEE_KPIS)
def guide(request: MemberRequest) -> HttpResponse:
    """How to send figures, with a KPI of the organization in every example."""
    kpi = Kpi.objects.filter(retired_on=None).select_related("deployment")
    example = kpi.order_by("deployment__slug", "position").first()
    _, today = now_and_today(request.organization)
    context = {
        "server": _server(request, request.organization.slug).rstrip("/"),
        "kpi": example,
        **(examples.requests(example, today) if example else {}),
        "scopes": SCOPE_SENTENCES.items(),
        "operations": OPERATIONS,
    }
    return render(request, "kpis/api/guide.html", context)
