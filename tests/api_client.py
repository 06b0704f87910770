"""A program that holds a token, and checks every answer against the OpenAPI document."""

import json

import jsonschema
from django.test import Client

from portal.actions import tokens
from portal.api import openapi, strict
from portal.domain.tokens import Scope
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
    if "content" not in declared:
        assert response.content == b""
        return response
    ((media, content),) = declared["content"].items()
    assert response.headers["Content-Type"] == media
    schema = {**content["schema"], "components": DOCUMENT["components"]}
    jsonschema.Draft202012Validator(schema).validate(strict.read(response.content))
    return response


class Program:
    """Sends requests below /o/lexora/api/v1/ with a token, of all scopes unless told."""

    def __init__(self, organization, at, name="Nightly export", scopes=tuple(Scope)):
        with acting_in(organization):
            maker = factories.token_maker(organization)
            issued = tokens.issue(
                name=name,
                scopes=list(scopes),
                expires_on=None,
                maker=maker,
                by="mara@lexora.example",
                at=at,
                today=at.date(),
            )
        self.client = Client()
        self.headers = {"authorization": f"Bearer {issued.text}"}

    def get(self, path, headers=None, **query):
        url = f"{HOME}{path}"
        answer = self.client.get(url, query, headers=self.headers | (headers or {}))
        return check("get", url, answer)

    def send(self, method, path, body, headers=None, content_type="application/json"):
        data = body if isinstance(body, bytes | str) else json.dumps(body)
        url = f"{HOME}{path}"
        given = self.headers | (headers or {})
        send = getattr(self.client, method)
        return check(method, url, send(url, data, content_type=content_type, headers=given))

    def post(self, path, body, headers=None, content_type="application/json"):
        return self.send("post", path, body, headers, content_type)

    def patch(self, path, body, headers=None):
        return self.send("patch", path, body, headers)

    def csv(self, path, *lines):
        return self.post(path, "\n".join(lines), content_type="text/csv")
