"""Every address of the portal, what fills its parameters, and answers made comparable."""

import re
from urllib.parse import quote

from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from portal.access import Access, Door

# Views of django-allauth bring their own guard; they know no organization.
FOREIGN_VIEWS = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_reauthenticate",
    "account_signup",
}
# What fills a parameter: from the rows of an organization, or something that nobody has.
PARAMETERS = {
    "deployment": lambda rows: rows["deployment"].slug,
    "kpi": lambda rows: rows["kpi"].slug,
    "number": lambda rows: rows["importrun"].number,
    "review": lambda rows: rows["review"].slug,
    "edition": lambda rows: rows["edition"].number,
    "use_case": lambda rows: rows["usecase"].slug,
    "unit": lambda rows: rows["unit"].slug,
    "token": lambda rows: rows["apitoken"].prefix,
    "address": lambda rows: rows["invitation"].address,
    "email": lambda rows: f"manager@{rows['unit'].name.split()[-1]}.example",
}
NOBODY = {
    "number": 4_000_000,
    "edition": 4_000_000,
    "email": "nobody@nowhere.example",
    "address": "nobody@nowhere.example",
}
POST_ONLY = {
    "kpis:redefine",
    "kpis:entry_cell",
    "kpis:retire",
    "kpis:baseline_sign",
    "kpis:deviation_end",
    "kpis:import_undo",
    "kpis:import_file",
    "kpis:import_again",
    "kpis:readiness_answer",
    "reviews:open",
    "reviews:freeze",
}
PASSING = re.compile(r'csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "[^"]+"')


def patterns(resolver=None, prefix=""):
    """The full name and the pattern of every address."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from patterns(pattern, space)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}", pattern


ALL = dict(patterns())
INSIDE = {
    name: pattern
    for name, pattern in ALL.items()
    if getattr(pattern.callback, "access", Access(Door.PUBLIC)).door is Door.MEMBER
}


def whole_parameters(name):
    """All parameters of an address, those of its prefixes included."""
    parameters = []

    def walk(resolver, outer, prefix):
        for pattern in resolver.url_patterns:
            names = [*outer, *pattern.pattern.converters]
            if isinstance(pattern, URLResolver):
                walk(
                    pattern, names, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
                )
            elif f"{prefix}{pattern.name}" == name:
                parameters.extend(names)

    walk(get_resolver(), [], "")
    return [parameter for parameter in parameters if parameter != "organization"]


def address(name, organization, values):
    return reverse(name, kwargs={"organization": organization, **values})


def filled(name, rows):
    return {kwarg: PARAMETERS[kwarg](rows) for kwarg in whole_parameters(name)}


def said(response, reference=None):
    """Status and body without tokens and without the reference that was asked for."""
    body = PASSING.sub("", response.content.decode(errors="replace"))
    if reference is not None:
        body = body.replace(str(reference), "…").replace(quote(str(reference)), "…")
    return response.status_code, body
