"""Every whole number that can be sent has an end: none reaches a column that cannot hold it."""

import ast

import pytest
from django.http import Http404
from django.urls import Resolver404, resolve

from tests.architecture.sources import code, tree
from tests.isolation.addresses import ALL, INSIDE, address, filled, whole_parameters

LONG = 10**26 - 1
BOUNDS = {
    "IntegerField": "max_value",
    "DecimalField": "max_digits",
    "FloatField": "max_value",
}


def test_every_number_of_a_form_has_an_end():
    endless = [
        (str(path), node.lineno)
        for path in code()
        if "forms" in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in BOUNDS
        and BOUNDS[node.func.attr] not in {keyword.arg for keyword in node.keywords}
    ]
    assert endless == []


NUMBERED = sorted(
    name
    for name, pattern in ALL.items()
    if name in INSIDE and {"number", "edition"} & set(whole_parameters(name))
)


@pytest.mark.parametrize(
    "number",
    [LONG, 2**31, 2**63, "9" * 5000],
    ids=["26 digits", "31 bits", "63 bits", "5000 digits"],
)
def test_a_number_in_an_address_that_no_row_can_have_is_nothing_here(
    worlds, lexora, client_of, number
):
    client = client_of("mara")
    answers = {}
    for name in NUMBERED:
        values = filled(name, worlds["lexora"])
        long = {key: number for key in values if key in {"number", "edition"}}
        for method in (client.get, client.post):
            answers[name, method.__name__] = method(address(name, "lexora", values | long))

    statuses = {answer.status_code for answer in answers.values()}
    assert len(NUMBERED) >= 7
    assert statuses <= {404, 405}


def test_the_resolver_itself_takes_no_endless_number():
    with pytest.raises((Resolver404, Http404)):
        resolve(f"/o/lexora/imports/{'9' * 5000}/")
