"""Addresses of the room, below /o/<organization>/."""

from typing import Any

app_name = "deployments"
urlpatterns: list[Any] = []
