"""Zero bytes and halves of a character are refused wherever a request can carry them."""

import io
import json

import pytest

from portal.middleware.characters import ESCAPE

NOWHERE = "/o/lexora/deployments/"


def file_named(name):
    file = io.BytesIO(b"\x00\x01")
    file.name = name
    return file


REQUESTS = {
    "path": lambda client: client.get("/o/lex%00ora/"),
    "path of an escaped surrogate": lambda client: client.get("/o/lexora/people/%00/"),
    "query": lambda client: client.get("/account/sign-in/?next=%00"),
    "query name": lambda client: client.get("/account/sign-in/?%00=1"),
    "form": lambda client: client.post("/account/sign-in/", {"login": "a\x00@b.example"}),
    "form name": lambda client: client.post("/account/sign-in/", {"lo\x00gin": "a"}),
    "query in another charset": lambda client: client.get(
        "/account/sign-in/",
        QUERY_STRING=r"next=\ud800",
        CONTENT_TYPE="text/plain; charset=unicode_escape",
    ),
    "file field": lambda client: client.post("/account/sign-in/", {"f\x00": file_named("a.csv")}),
    "urlencoded": lambda client: client.post(
        "/account/sign-in/", "login=a%00", content_type="application/x-www-form-urlencoded"
    ),
    "header": lambda client: client.get("/", headers={"hx-request": "a\x00"}),
    "authorization": lambda client: client.get(
        "/o/lexora/api/v1/deployments/", headers={"authorization": "Bearer plb_\x00"}
    ),
    "json": lambda client: client.post(
        "/o/lexora/api/v1/x/", '{"note": "a\\u0000b"}', content_type="application/json"
    ),
    "json surrogate": lambda client: client.post(
        "/o/lexora/api/v1/x/", '{"note": "\\ud83d"}', content_type="application/json"
    ),
    "json name": lambda client: client.post(
        "/o/lexora/api/v1/x/", '{"\\udead": 1}', content_type="application/json"
    ),
    "csv": lambda client: client.post(
        "/o/lexora/api/v1/x/", b"day,value\n\x00,1", content_type="text/csv"
    ),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_it_is_refused_with_a_sentence(name, client, lexora):
    answer = REQUESTS[name](client)

    said = answer.content.decode()
    assert answer.status_code == 400
    assert "holds a character that is no text" in said


@pytest.mark.parametrize("cookie", ["a\x00bcdefgh", '"a\\000bcdefgh"'])
@pytest.mark.parametrize("name", ["plumbline_session", "plumbline_csrf", "messages"])
def test_cookies_are_looked_at_too(client, db, name, cookie):
    answer = client.get("/account/sign-in/", headers={"cookie": f"{name}={cookie}"})
    assert answer.status_code == 400


def test_other_text_of_any_script_goes_through(client, people):
    mail = "mara😀äö漢字@lexora.example"
    assert client.post("/account/sign-in/", {"login": mail, "password": "x"}).status_code == 200
    assert client.get("/account/sign-in/?next=/ö😀").status_code == 200


@pytest.mark.parametrize("text", ["a", "😀", "\u2028", "\\", "\\u0000", "\\\\ud83d", "é\\u"])
def test_json_of_text_is_text(text):
    for ascii_only in (True, False):
        body = json.dumps({text: [text, text * 2]}, ensure_ascii=ascii_only).encode()
        assert not any(match["no_text"] for match in ESCAPE.finditer(body))


@pytest.mark.parametrize("text", ["\x00", "\ud83d", "\ud83d\ud83d", "😀\ude00", "\\\x00"])
def test_json_of_no_text_is_none(text):
    body = json.dumps({"note": f"a{text}"}).encode()
    assert any(match["no_text"] for match in ESCAPE.finditer(body))
