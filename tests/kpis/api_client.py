"""A program that holds a token, and checks every answer against the OpenAPI document."""

import json

from django.test import Client

from kpis.api import openapi
from portal.actions import tokens
from portal.api import strict
from portal.tenancy.scope import acting_in
from tests import factories

DOCUMENT = openapi.document("https://plumbline.example/o/lexora/api/v1/")
HOME = "/o/lexora/api/v1/"


def template(path):
    """The address of the document that a path below HOME fills."""
    parts = path.removeprefix(HOME).split("?")[0].split("/")
    for place in DOCUMENT["paths"]:
        wanted = place.strip("/").split("/")
        mine = [part for part in parts if part]
        if len(wanted) == len(mine) and all(
            one == two or one.startswith("{") for one, two in zip(wanted, mine, strict=True)
        ):
            return place
    raise AssertionError(f"{path} is not in the document")


def check(method, path, response):
    """The answer is one that the document declares, in its shape."""
    operation = DOCUMENT["paths"][template(path)][method]
    declared = operation["responses"].get(str(response.status_code))
    assert declared, f"{method} {path} may not answer {response.status_code}"
    ((media, content),) = declared["content"].items()
    assert response.headers["Content-Type"] == media
    said = strict.read(response.content)
    assert list(strict.faults(said, content["schema"], DOCUMENT["components"]["schemas"])) == []
    return response


class Program:
    """Sends requests below /o/lexora/api/v1/ with a token of both scopes."""

    def __init__(self, organization, at, name="Nightly export"):
        with acting_in(organization):
            issued = tokens.issue(
                name=name,
                scopes=["figures:read", "figures:write"],
                expires_on=None,
                maker=factories.token_maker(organization),
                by="mara@lexora.example",
                at=at,
                today=at.date(),
            )
        self.client = Client()
        self.headers = {"authorization": f"Bearer {issued.text}"}

    def get(self, path, **query):
        url = f"{HOME}{path}"
        return check("get", url, self.client.get(url, query, headers=self.headers))

    def post(self, path, body, content_type="application/json"):
        data = body if isinstance(body, bytes | str) else json.dumps(body)
        url = f"{HOME}{path}"
        answer = self.client.post(url, data, content_type=content_type, headers=self.headers)
        return check("post", url, answer)

    def csv(self, path, *lines):
        return self.post(path, "\n".join(lines), content_type="text/csv")
