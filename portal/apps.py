from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from portal.environment import faults


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        register(check_environment)


def check_environment(
    app_configs: Sequence[AppConfig] | None, **_options: Any
) -> list[CheckMessage]:
    """System check: what keeps the portal from starting. A command that signs nothing skips it."""
    return [Error(fault, id="plumbline.E001") for fault in faults()]
