"""WSGI entry point for gunicorn; refuses to serve a database that mixes tenants, or without key."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ["PLUMBLINE_PROCESS"] = "web"

application = get_wsgi_application()

from portal.environment import refuse_if_misconfigured  # noqa: E402  needs the settings
from portal.tenancy.check import refuse_if_open  # noqa: E402  needs the loaded applications

refuse_if_misconfigured()
refuse_if_open()
