"""Whole links for people who read them in a terminal."""

from django.conf import settings
from django.core.management.base import CommandError


def whole(path: str) -> str:
    """The path with scheme and host before it. Raises CommandError without PLUMBLINE_URL."""
    if not settings.PUBLIC_ADDRESS:
        raise CommandError(
            "Set PLUMBLINE_URL to the address of the portal, such as https://plumbline.example: "
            "the link begins with it."
        )
    return f"{settings.PUBLIC_ADDRESS}{path}"
