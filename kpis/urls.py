"""Addresses of the KPI room, below /o/<organization>/."""

from django.urls import path

from kpis.views import (
    api,
    confirm,
    entry,
    imports,
    ledger,
    readiness,
    review_reality,
    sets,
    setup,
    setup_kpi,
    verdicts,
)

app_name = "kpis"
urlpatterns = [
    path("catalogue/", sets.catalogue, name="catalogue"),
    path("deployments/<slug:deployment>/kpis/", sets.panel, name="list"),
    path("deployments/<slug:deployment>/kpis/panel/", sets.panel, name="panel"),
    path("deployments/<slug:deployment>/kpis/add/", sets.add, name="add"),
    path("deployments/<slug:deployment>/figures/", entry.grid, name="entry"),
    path("deployments/<slug:deployment>/figures/<slug:kpi>/", entry.cell, name="entry_cell"),
    path("deployments/<slug:deployment>/kpis/choose/", setup.choose, name="choose"),
    path("deployments/<slug:deployment>/kpis/set/", setup.kpi_set, name="set"),
    path("deployments/<slug:deployment>/kpis/confirm/", confirm.confirm, name="confirm"),
    path("deployments/<slug:deployment>/kpis/interview/", confirm.interview, name="interview"),
    path("deployments/<slug:deployment>/kpis/<slug:kpi>/", sets.detail, name="detail"),
    path("deployments/<slug:deployment>/kpis/<slug:kpi>/edit/", setup_kpi.edit, name="edit"),
    path(
        "deployments/<slug:deployment>/kpis/<slug:kpi>/meaning/",
        setup_kpi.redefine,
        name="redefine",
    ),
    path("deployments/<slug:deployment>/kpis/<slug:kpi>/end/", setup_kpi.retire, name="retire"),
    path(
        "deployments/<slug:deployment>/kpis/<slug:kpi>/baseline/",
        setup_kpi.baseline,
        name="baseline",
    ),
    path(
        "deployments/<slug:deployment>/kpis/<slug:kpi>/baseline/sign/",
        setup_kpi.sign,
        name="baseline_sign",
    ),
    path(
        "deployments/<slug:deployment>/kpis/<slug:kpi>/deviation/",
        setup_kpi.deviation,
        name="deviation",
    ),
    path(
        "deployments/<slug:deployment>/kpis/<slug:kpi>/deviation/end/",
        setup_kpi.end_deviation,
        name="deviation_end",
    ),
    path("deployments/<slug:deployment>/kpis/<slug:kpi>/target/", sets.target, name="target"),
    path("deployments/<slug:deployment>/kpis/<slug:kpi>/figures.csv", sets.figures_csv, name="csv"),
    path("deployments/<slug:deployment>/readiness/", readiness.checklist, name="readiness"),
    path("deployments/<slug:deployment>/side/", sets.side, name="side"),
    path(
        "deployments/<slug:deployment>/readiness/answer/",
        readiness.answer,
        name="readiness_answer",
    ),
    path("deployments/<slug:deployment>/review/", review_reality.page, name="review_reality"),
    path("deployments/<slug:deployment>/cost/", ledger.ledger, name="ledger"),
    path("deployments/<slug:deployment>/rules/", verdicts.rules, name="rules"),
    path("deployments/<slug:deployment>/rules/evidence.json", verdicts.evidence, name="evidence"),
    path("deployments/<slug:deployment>/import/", imports.upload, name="upload"),
    path("imports/<int:number>/", imports.show, name="import"),
    path("imports/<int:number>/progress/", imports.progress, name="import_progress"),
    path("imports/<int:number>/file/", imports.resend, name="import_file"),
    path("imports/<int:number>/again/", imports.again, name="import_again"),
    path("imports/<int:number>/faults.csv", imports.faults, name="import_faults"),
    path("imports/<int:number>/undo/", imports.undo, name="import_undo"),
    path("api/", api.guide, name="api"),
    *(path(f"api/v1/{place}", view, name=name) for place, name, view in api.addresses()),
]
