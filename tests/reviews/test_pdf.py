"""The PDF of a review, read back: structure, text, bytes."""

import io
import json
import logging
import os
import subprocess
import sys

import pikepdf
import pytest

from kpis.domain import wording
from reviews.presenters.pdf import count_pages, render
from reviews.presenters.pdf.page import in_pairs, sheet, visible
from reviews.snapshot.document import InvalidDocument, canonical_json, digest
from tests.reviews.documents import deployment, document, kpi, text_of

HOSTILE = (
    '<script>alert(1)</script><img src="file:///etc/passwd"><a href="https://evil.example">x</a>'
    " url(file:///etc/passwd) {{ settings.SECRET_KEY }} {% debug %} </style>"
)
LONG = "Donaudampfschifffahrtsgesellschaft" * 8
PROGRAM = """
import json, sys, django
django.setup()
from reviews.presenters.pdf import render
sys.stdout.buffer.write(render(json.load(sys.stdin)))
"""


@pytest.fixture(scope="module")
def content():
    return render(document())


@pytest.fixture
def pdf(content):
    with pikepdf.open(io.BytesIO(content)) as opened:
        yield opened


def squeezed(text):
    return "".join(text.split())


def elements(pdf):
    waiting = [pdf.Root.StructTreeRoot.K]
    while waiting:
        kid = waiting.pop()
        if isinstance(kid, pikepdf.Array):
            waiting.extend(kid)
        elif isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            waiting.append(kid.get("/K", pikepdf.Array()))


def kinds(pdf):
    return [str(one.S)[1:] for one in elements(pdf)]


def dictionaries(pdf):
    for one in pdf.objects:
        if isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
            yield one


def assert_nothing_points_outside(pdf):
    for one in dictionaries(pdf):
        assert not {"/JS", "/JavaScript", "/AA", "/URI", "/Launch"} & set(one.keys())
        assert one.get("/S") not in ("/JavaScript", "/Launch", "/URI", "/GoToR")


def test_the_document_says_what_it_is(pdf):
    assert str(pdf.Root.Lang) == "en-gb"
    assert bool(pdf.Root.MarkInfo.Marked) is True
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle) is True
    assert str(pdf.docinfo.Title) == "Quarterly AI review Q3 2026 · Lexora Legal"
    assert str(pdf.docinfo.CreationDate) == str(pdf.docinfo.ModDate) == "D:20261001090000+00'00"
    assert b"pdfuaid:part" in pdf.Root.Metadata.read_bytes()
    assert all(page.Tabs == "/S" for page in pdf.pages)


def test_every_font_is_inter_embedded_with_its_letters(pdf):
    fonts = [one for one in dictionaries(pdf) if one.get("/Type") == "/Font"]
    described = [one for one in dictionaries(pdf) if one.get("/Type") == "/FontDescriptor"]
    assert fonts
    assert all("Inter" in str(one.BaseFont) for one in fonts)
    assert all({"/FontFile2", "/FontFile3"} & set(one.keys()) for one in described)
    assert all("/ToUnicode" in one for one in fonts if one.Subtype == "/Type0")


def test_structure_is_complete(pdf):
    found = kinds(pdf)
    assert {
        "Document",
        "Sect",
        "H1",
        "H2",
        "H3",
        "P",
        "L",
        "LI",
        "Table",
        "THead",
        "TH",
        "TD",
        "Figure",
        "Link",
    } <= set(found)
    assert found.count("H1") == 1
    for one in elements(pdf):
        if one.S == "/Figure":
            assert "18 weekly points" in str(one.Alt)
        if one.S == "/TH":
            assert one.A.Scope in ("/Column", "/Row")
        if one.S == "/TD":
            assert len(one.A.Headers) == 2


def test_header_ids_are_found_through_the_tree(pdf):
    names = list(pdf.Root.StructTreeRoot.IDTree.Names)
    keys = [bytes(key) for key in names[::2]]
    used = {bytes(key) for one in elements(pdf) if one.S == "/TD" for key in one.A.Headers}
    assert keys == sorted(set(keys))
    assert used <= set(keys)


def test_nothing_acts_and_nothing_points_outside(pdf):
    assert "/OpenAction" not in pdf.Root
    assert_nothing_points_outside(pdf)
    links = [link for page in pdf.pages for link in page.get("/Annots", [])]
    assert {str(link.Contents) for link in links} == {
        "Go to Contract clause summaries",
        "Go to Claims triage",
        "Go to the restated figures",
    }


def test_the_document_itself_is_attached(pdf):
    attached = pdf.attachments["review.json"].get_file().read_bytes()
    assert attached == canonical_json(document())
    assert json.loads(attached)["format"] == 1


def test_the_text_holds_every_figure_and_sentence(content):
    text = text_of(content)
    shown = document()
    parts = shown["deployments"]
    words = [
        *shown["headline"],
        shown["summary"],
        *shown["cannot_tell"],
        *shown["sources"],
        shown["incidents_note"],
        shown["supersedes"],
        digest(shown),
        shown["policy"],
    ]
    words += [one[name] for one in shown["figures"] for name in one]
    words += [one[name] for one in shown["restated"] for name in one]
    words += [one[name] for one in parts for name in ("name", "unit", "owner", "phase", "because")]
    words += [said for one in parts for said in one["reasons"] + one["counter_evidence"]]
    words += [
        one[name]
        for part in parts
        for one in part["kpis"]
        for name in ("name", "value", "n", "baseline", "target", "level_text", "watch_out")
    ]
    assert [word for word in words if squeezed(word) not in text] == []
    assert "Can'ttellyet" in text
    assert "1of" in text


def test_the_foot_names_the_frozen_evidence(content):
    found = digest(document())
    foot = f"Evidencefrozen1Oct202609:00UTC·SHA-256{found[:4]}…{found[-4:]}"
    assert text_of(content).count(foot) == count_pages(content)


def test_two_processes_give_the_same_bytes(content):
    outputs = [content]
    for seed, zone in (("1", "Asia/Tokyo"), ("2", "America/New_York")):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "TZ": zone,
            "LC_ALL": "C",
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "SOURCE_DATE_EPOCH": seed,
        }
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            input=canonical_json(document()),
            env=environment,
            capture_output=True,
            check=True,
        )
        outputs.append(done.stdout)
    assert outputs[0] == outputs[1] == outputs[2]


def test_rendering_leaves_the_environment_and_the_document_as_they_were(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "7")
    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
    given = document()
    render(given)
    assert given == document()
    assert os.environ["SOURCE_DATE_EPOCH"] == "7"
    assert "FONTCONFIG_FILE" not in os.environ


def test_weasyprint_has_nothing_to_complain_about(caplog):
    logger = logging.getLogger("weasyprint")
    logger.addHandler(caplog.handler)
    try:
        render(document())
    finally:
        logger.removeHandler(caplog.handler)
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING] == []


def test_hostile_texts_stay_text():
    one = deployment(name=HOSTILE, owner=HOSTILE, because=LONG, reasons=[HOSTILE])
    one["kpis"][0] |= {"name": LONG, "watch_out": HOSTILE}
    one["kpis"][0]["chart"]["title"] = HOSTILE
    given = document(headline=[HOSTILE], summary=HOSTILE, deployments=[one])
    given["organization"]["name"] = "A & <b>Co</b>"
    content = render(given)
    text = text_of(content)
    assert squeezed(HOSTILE) in text
    assert LONG in text.replace("\u00ad", "")
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert_nothing_points_outside(pdf)
        assert str(pdf.docinfo.Author) == "A & <b>Co</b>"


def test_marks_that_turn_a_line_round_are_not_printed():
    assert visible({"a": ["12\u202e34\u202c", "x\u2066y\u2069", "tab\tnew\nline"]}) == {
        "a": ["1234", "xy", "tab new line"]
    }
    assert visible("co\u00adop na\u200d") == "co\u00adop na\u200d"


def test_two_hundred_measures_keep_every_row():
    many = [kpi(f"k{at}", f"Measure {at:03}", value=f"{at}.5%") for at in range(200)]
    content = render(document(deployments=[deployment(kpis=many)]))
    text = text_of(content)
    assert [at for at in range(200) if f"Measure{at:03}" not in text] == []
    assert count_pages(content) > 8


def test_an_organization_without_deployments_gets_a_sensible_page():
    content = render(
        document(
            deployments=[],
            figures=[],
            restated=[],
            sources=[],
            cannot_tell=[],
            supersedes=None,
            edition=1,
            summary="",
            headline=["No AI deployment is registered."],
        )
    )
    text = text_of(content)
    assert "Thereisnothingtodecide" in text
    assert "None:thisisthefirstedition." in text
    assert count_pages(content) == 2


def test_missing_data_is_named_and_unjudged():
    text = text_of(render(document()))
    assert "Source-checkfailures:notmeasured" in text
    assert "Nomeasurehasbeenchosen" in text


def test_a_document_that_is_not_valid_is_not_printed():
    with pytest.raises(InvalidDocument, match="lacks"):
        render({"format": 1})


def test_measures_stand_below_their_result_and_none_is_lost():
    given = [kpi("b", pair_of="a"), kpi("a"), kpi("c", pair_of="d"), kpi("d", pair_of="c")]
    assert [one["key"] for one in in_pairs(given)] == ["a", "b", "c", "d"]


def test_every_state_of_data_has_words_and_every_decision_a_colour():
    for data in wording.DATA_WORDS:
        one = deployment(decision="stop", kpis=[kpi(data=data, level_text="Cannot tell")])
        assert sheet(document(deployments=[one]), "a" * 64).html


def test_only_pictures_of_the_review_are_served():
    from reviews.presenters.pdf.fetcher import Refused, Shelf

    shelf = Shelf({"plumbline:icon/ok": "<svg/>"})
    assert shelf.fetch("plumbline:icon/ok").read() == b"<svg/>"
    for url in ("file:///etc/passwd", "https://evil.example/", "data:text/plain,x", "plumbline:x"):
        with pytest.raises(Refused):
            shelf.fetch(url)
