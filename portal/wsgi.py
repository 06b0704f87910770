"""WSGI entry point for gunicorn or granian; refuses to serve a database that mixes tenants."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()

from portal.tenancy.check import refuse_if_open  # noqa: E402  needs the loaded applications

refuse_if_open()
