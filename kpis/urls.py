"""Addresses of the KPI room, below /o/<organization>/."""

from typing import Any

from django.urls import include, path

from kpis.api.kpis import EveryKpiView, KpisView, KpiView
from kpis.api.measurements import DeploymentMeasurementsView, MeasurementsView
from kpis.api.references import BaselinesView, TargetsView
from kpis.api.series import SeriesView
from kpis.api.verdicts import NewestVerdictsView, VerdictsView
from kpis.views import (
    api,
    baselines,
    catalogue,
    confirmations,
    deviations,
    entries,
    human_review,
    imports,
    kpi_sets,
    kpis,
    ledgers,
    readiness,
    results,
    targets,
    verdicts,
)

app_name = "kpis"
of_kpi = [
    path("", KpiView.as_view(), name="api_kpi"),
    path("baselines/", BaselinesView.as_view(), name="api_baselines"),
    path("targets/", TargetsView.as_view(), name="api_targets"),
    path("series/", SeriesView.as_view(), name="api_series"),
    path("measurements/", MeasurementsView.as_view(), name="api_measurements"),
]
of_deployment: list[Any] = [
    path("kpis/", KpisView.as_view(), name="api_kpis"),
    path("kpis/<slug:kpi>/", include(of_kpi)),
    path("measurements/", DeploymentMeasurementsView.as_view(), name="api_send_figures"),
    path("verdicts/", VerdictsView.as_view(), name="api_verdicts"),
]
urlpatterns = [
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("deployments/<slug:deployment>/kpis/", results.panel, name="list"),
    path("deployments/<slug:deployment>/kpis/panel/", results.panel, name="panel"),
    path("deployments/<slug:deployment>/kpis/add/", kpis.add, name="add"),
    path("deployments/<slug:deployment>/figures/", entries.grid, name="entry"),
    path("deployments/<slug:deployment>/figures/<slug:kpi>/", entries.cell, name="entry_cell"),
    path("deployments/<slug:deployment>/kpis/choose/", kpi_sets.choose, name="choose"),
    path("deployments/<slug:deployment>/kpis/set/", kpi_sets.kpi_set, name="set"),
    path("deployments/<slug:deployment>/kpis/confirm/", confirmations.confirm, name="confirm"),
    path(
        "deployments/<slug:deployment>/kpis/interview/", confirmations.interview, name="interview"
    ),
    path("deployments/<slug:deployment>/kpis/<slug:kpi>/", kpis.detail, name="detail"),
    path("deployments/<slug:deployment>/kpis/<slug:kpi>/edit/", kpis.edit, name="edit"),
    path(
        "deployments/<slug:deployment>/kpis/<slug:kpi>/meaning/",
        kpis.redefine,
        name="redefine",
    ),
    path("deployments/<slug:deployment>/kpis/<slug:kpi>/end/", kpis.retire, name="retire"),
    path(
        "deployments/<slug:deployment>/kpis/<slug:kpi>/baseline/",
        baselines.baseline,
        name="baseline",
    ),
    path(
        "deployments/<slug:deployment>/kpis/<slug:kpi>/baseline/sign/",
        baselines.sign,
        name="baseline_sign",
    ),
    path(
        "deployments/<slug:deployment>/kpis/<slug:kpi>/deviation/",
        deviations.deviation,
        name="deviation",
    ),
    path(
        "deployments/<slug:deployment>/kpis/<slug:kpi>/deviation/end/",
        deviations.end_deviation,
        name="deviation_end",
    ),
    path("deployments/<slug:deployment>/kpis/<slug:kpi>/target/", targets.target, name="target"),
    path("deployments/<slug:deployment>/kpis/<slug:kpi>/figures.csv", kpis.figures_csv, name="csv"),
    path("deployments/<slug:deployment>/readiness/", readiness.checklist, name="readiness"),
    path("deployments/<slug:deployment>/side/", results.side, name="side"),
    path(
        "deployments/<slug:deployment>/readiness/answer/",
        readiness.answer,
        name="readiness_answer",
    ),
    path("deployments/<slug:deployment>/review/", human_review.page, name="review_reality"),
    path("deployments/<slug:deployment>/cost/", ledgers.ledger, name="ledger"),
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
    path("api/reference/", api.reference, name="api_reference"),
    path("api/v1/kpis/", EveryKpiView.as_view(), name="api_every_kpi"),
    path("api/v1/verdicts/", NewestVerdictsView.as_view(), name="api_newest_verdicts"),
    path("api/v1/deployments/<slug:deployment>/", include(of_deployment)),
]
