"""Every operation of the OpenAPI document, tried with requests that fit it and that do not.

`PLUMBLINE_EXAMPLES=500 bin/test tests/isolation/test_schemathesis.py` tries many.
"""

import os
from zlib import crc32

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from portal.api import openapi
from portal.domain import tokens
from portal.models import ApiToken
from portal.tenancy.scope import acting_in
from tests import factories

EXAMPLES = int(os.environ.get("PLUMBLINE_EXAMPLES", "8"))
HOME = "/o/lexora/api/v1/"
APPLICATION = get_wsgi_application()
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    ignored_auth,
    unsupported_method,
]
DOCUMENT = openapi.document(HOME)
OPERATIONS = [(path, method.upper()) for path, item in DOCUMENT["paths"].items() for method in item]


@pytest.fixture(autouse=True)
def _connection_of_the_test():
    """The test's connection outlives each request, as with Django's own test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def program(lexora):
    """The rows of an organization, and an authorization header of all scopes."""
    rows = factories.rows(lexora)
    token = tokens.written(factories.token_prefix("lexora"), factories.secret("lexora"))
    return rows, {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=str)
def test_every_answer_is_one_that_the_document_describes(program, lexora, settings, path, method):
    rows, headers = program
    settings.ALLOWED_HOSTS = ["localhost"]
    schema = schemathesis.openapi.from_wsgi(f"{HOME}openapi.json", APPLICATION, headers=headers)
    operation = schema[path][method]
    fitting = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    others = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    own = {
        "deployment": rows["deployment"].slug,
        "kpi": rows["kpi"].slug,
        "use_case": rows["usecase"].slug,
        "review": rows["review"].slug,
        "edition": rows["edition"].number,
    }

    @hypothesis.given(case=hypothesis.strategies.one_of(fitting, others))
    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    def tried(case):
        # Most names that can be made up are nobody's: let every other request reach something,
        # unless it is the names themselves that do not fit.
        names = case.meta.components.get(ParameterLocation.PATH)
        is_fitting = names is not None and names.mode is GenerationMode.POSITIVE
        if is_fitting and crc32(repr((case.query, case.body)).encode()) % 2:
            case.path_parameters = {name: own[name] for name in case.path_parameters}
        with acting_in(lexora):
            # More is asked than a program may.
            ApiToken.objects.update(requests=0)
        response = case.call(headers=headers)
        excluded = []
        if (case.query or {}).get("keep_good") == "true":
            # Asked for by the caller: rows at fault are listed beside those that were written.
            excluded = [negative_data_rejection]
        case.validate_response(response, checks=CHECKS, excluded_checks=excluded, headers=headers)

    tried()
