"""The house rules of templates: short lines, no decisions, every word marked for translation."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

ROOT = Path(__file__).resolve().parents[2] / "templates"
LONGEST = 120
# A page for those who build pages; nobody else is led there.
FOR_BUILDERS = {"styleguide.html"}
# The PDF is a function of the frozen document, whose words are English.
IN_ENGLISH = "reviews/pdf/"
LOGIC = re.compile(r"(^|\s)(==|!=|<|>|<=|>=|in|is)(\s|$)")
# Names, units and signs that are the same in every language.
PROPER = {"Plumbline", "SHA-256", "plb_", "UTC", "h"}
SPOKEN = {"alt", "title", "aria-label", "placeholder", "data-label", "label"}
SILENT = {"script", "style", "code", "pre"}
VARIABLE = "\ufffc"


def templates(*suffixes):
    return sorted(
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*")
        if path.suffix in suffixes and path.name not in FOR_BUILDERS
    )


def tags(name):
    tokens = Lexer((ROOT / name).read_text()).tokenize()
    return [token.contents for token in tokens if token.token_type is TokenType.BLOCK]


@pytest.mark.parametrize("name", templates(".html", ".svg", ".css", ".txt") + sorted(FOR_BUILDERS))
def test_a_line_is_short(name):
    lines = (ROOT / name).read_text().splitlines()
    assert [line for line in lines if len(line) > LONGEST] == []


@pytest.mark.parametrize("name", templates(".html", ".svg", ".css", ".txt"))
def test_a_template_decides_nothing(name):
    decisions = [
        tag
        for tag in tags(name)
        if tag.split()[0] == "elif" or (tag.split()[0] == "if" and LOGIC.search(tag[2:]))
    ]
    assert decisions == []


class Words(HTMLParser):
    """Collects texts and spoken attributes that hold letters of their own."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self.silent = [], []

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in SPOKEN:
                self._look(value or "")
        if tag in SILENT:
            self.silent.append(tag)

    def handle_endtag(self, tag):
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data):
        if not self.silent:
            self._look(data)

    def _look(self, text):
        words = [word for word in re.split(rf"[\s{VARIABLE}·:;,.()“”]+", text) if word]
        if any(re.search(r"[^\W\d_]", word) and word not in PROPER for word in words):
            self.found.append(" ".join(text.split()))


def unmarked(source):
    """Words of a template that stand outside of {% translate %} and {% blocktranslate %}."""
    kept, inside = [], None
    for token in Lexer(source).tokenize():
        word = token.contents.split()[0] if token.contents.strip() else ""
        if inside:
            inside = None if word == inside else inside
        elif token.token_type is TokenType.TEXT:
            kept.append(token.contents)
        elif token.token_type is TokenType.BLOCK and word in {"blocktranslate", "comment"}:
            inside = f"end{word}"
        elif token.token_type in {TokenType.VAR, TokenType.BLOCK}:
            kept.append(VARIABLE)
            kept += literals(token.contents, word)
    parser = Words()
    parser.feed("".join(kept))
    return parser.found


SENTENCES = re.compile(r"(?<!_\()(?:\b(?:title|text|action|label|things)=|\|default:)\"([^\"]+)\"")


def literals(contents, word):
    """Sentences given to another template, or shown where there is nothing, without a mark."""
    if word == "translate":
        return []
    return [f"<p>{one}</p>" for one in SENTENCES.findall(contents) if " " in one or one.istitle()]


@pytest.mark.parametrize(
    "name", [one for one in templates(".html") if not one.startswith(IN_ENGLISH)]
)
def test_every_word_can_be_translated(name):
    assert unmarked((ROOT / name).read_text()) == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>Hello {{ name }}</p>", [f"Hello {VARIABLE}"]),
        ('<img alt="A chart">', ["A chart"]),
        ('<p>{% translate "Hello" %} · SHA-256 {{ hash }}</p>', []),
        ("{% blocktranslate %}<b>Hello</b> {{ name }}{% endblocktranslate %}", []),
        ('{% include "x.html" with title="Not marked" %}', ["Not marked"]),
        ('{% include "x.html" with title=_("Marked") %}', []),
        ("<code>bin/manage judge</code>{# a remark #}", []),
        ('{{ text|default:"Nothing known" }}', ["Nothing known"]),
    ],
)
def test_the_search_for_words_sees_what_it_should(source, words):
    assert unmarked(source) == words
