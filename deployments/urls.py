"""Addresses of the room, below /o/<organization>/."""

from django.urls import path

from deployments.views import deployments, gates, use_cases

app_name = "deployments"
urlpatterns = [
    path("deployments/", deployments.list_deployments, name="list"),
    path("deployments/new/", deployments.create, name="create"),
    path("deployments/<slug:deployment>/", deployments.detail, name="detail"),
    path("deployments/<slug:deployment>/edit/", deployments.edit, name="edit"),
    path("deployments/<slug:deployment>/gates/", gates.gates, name="gates"),
    path("use-cases/new/", use_cases.create, name="use_case_create"),
    path("use-cases/<slug:use_case>/", use_cases.detail, name="use_case"),
    path("use-cases/<slug:use_case>/edit/", use_cases.edit, name="use_case_edit"),
]
