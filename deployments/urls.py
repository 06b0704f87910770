"""Addresses of the room, below /o/<organization>/."""

from django.urls import include, path

from deployments.api.deployments import DeploymentsView, DeploymentView
from deployments.api.use_cases import UseCasesView, UseCaseView
from deployments.views import deployments, gates, use_cases

app_name = "deployments"
api = [
    path("deployments/", DeploymentsView.as_view(), name="api_deployments"),
    path("deployments/<slug:deployment>/", DeploymentView.as_view(), name="api_deployment"),
    path("use-cases/", UseCasesView.as_view(), name="api_use_cases"),
    path("use-cases/<slug:use_case>/", UseCaseView.as_view(), name="api_use_case"),
]
urlpatterns = [
    path("deployments/", deployments.list_deployments, name="list"),
    path("deployments/new/", deployments.create, name="create"),
    path("deployments/<slug:deployment>/", deployments.detail, name="detail"),
    path("deployments/<slug:deployment>/edit/", deployments.edit, name="edit"),
    path("deployments/<slug:deployment>/gates/", gates.gates, name="gates"),
    path("use-cases/new/", use_cases.create, name="use_case_create"),
    path("use-cases/<slug:use_case>/", use_cases.detail, name="use_case"),
    path("use-cases/<slug:use_case>/edit/", use_cases.edit, name="use_case_edit"),
    path("api/v1/", include(api)),
]
