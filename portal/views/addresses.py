"""The portal's own address, for links that leave it."""

from django.conf import settings
from django.http import HttpRequest


def public_address(request: HttpRequest) -> str:
    """Scheme and host without a slash at the end: PLUMBLINE_URL, else as this request came."""
    return settings.PUBLIC_ADDRESS or request.build_absolute_uri("/").rstrip("/")
