"""The German catalogue knows every sentence that accounts and staff read."""

import re
from pathlib import Path

from babel.messages.pofile import read_po

from portal.management.commands import messages

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "locale/de/LC_MESSAGES/django.po"
# What people see before they sign in, around every page, and as staff.
FOLDERS = ("account", "allauth", "errors", "forms", "includes", "deployments", "portal")


def known():
    with CATALOGUE.open("rb") as file:
        return {(one.context, one.id): one for one in read_po(file, locale="de") if one.id}


def for_staff():
    templates = ROOT / "templates"
    for folder in FOLDERS:
        yield from messages.of_templates(templates / folder)
    for path in templates.glob("*.html"):
        if path.name != "styleguide.html":
            yield from messages.calls(messages.templatize(path.read_text()))
    for name in messages.VOCABULARIES:
        yield from ((None, words) for words in messages.vocabulary(name))


def key(context, message):
    return context, tuple(message) if isinstance(message, list | tuple) else message


def test_what_staff_read_is_german():
    catalogue = known()
    missing = [
        one
        for one in dict.fromkeys(key(*pair) for pair in for_staff())
        if one not in catalogue or not messages.complete(catalogue[one])
    ]
    assert missing == []


def test_a_translation_keeps_the_places_of_the_figures():
    places = re.compile(r"%\(\w+\)[sd]")
    wrong = []
    for (_, identity), one in known().items():
        if not messages.complete(one):
            continue
        source = identity[-1] if isinstance(identity, tuple) else identity
        text = one.string[-1] if isinstance(one.string, tuple) else one.string
        if set(places.findall(source)) != set(places.findall(text)):
            wrong.append((source, text))
    assert wrong == []
