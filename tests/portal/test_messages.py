"""Messages of the domain: English by themselves, in the reader's language when shown."""

import copy
import datetime as dt
import json
import pickle

import pytest
from django.utils import translation

from kpis.domain.verdict import exits, phrases, templates
from portal.domain.messages import (
    N_,
    NN_,
    Capital,
    Day,
    Figure,
    Joined,
    Message,
    all_of,
    counted,
    listed,
)
from portal.management.commands import messages
from portal.presenters.messages import reason, translated

GERMAN = {
    "{name}: {state}.": "{name} ist {state}.",
    "worse by {amount}": "schlechter um {amount}",
    "{items} and {last}": "{items} und {last}",
    "a gate": "eine Hürde",
    "three": "drei",
    ("{count} case", "{count} cases"): ("{count} Fall", "{count} Fälle"),
    ("The {count} fits.", "All {count} fit."): ("Das eine passt.", "Alle {count} passen."),
    "Both fit.": "Beide passen.",
    "{misspelt}": "{unknown}",
}
CASES = NN_("{count} case", "{count} cases")
FITS = NN_("The {count} fits.", "All {count} fit.")


@pytest.fixture
def german(in_german):
    """German with a catalogue of these few sentences."""
    with in_german(GERMAN):
        yield


def worse(amount="1,200.5"):
    state = Message(N_("worse by {amount}"), {"amount": Figure(amount)})
    return Message(N_("{name}: {state}."), {"name": "Time {x}", "state": state})


def test_a_message_is_its_english_text(german):
    assert worse() == "Time {x}: worse by 1,200.5."
    assert json.dumps([worse()]) == '["Time {x}: worse by 1,200.5."]'
    assert type(str(worse())) is str


def test_a_message_is_translated_with_its_parts(german):
    assert translated(worse()) == "Time {x} ist schlechter um 1.200,5."


def test_english_readers_get_the_english_text():
    with translation.override("en-gb"):
        assert translated(worse()) == str(worse())


def test_other_texts_stay(german):
    assert translated("three") == "three"
    assert translated("") == ""


@pytest.mark.parametrize(("count", "text"), [(0, "0 Fälle"), (1, "1 Fall"), (1200, "1.200 Fälle")])
def test_a_count_decides_the_form(german, count, text):
    assert translated(counted(CASES, count)) == text


@pytest.mark.parametrize(
    ("count", "english", "text"),
    [
        (1, "The 1 fits.", "Das eine passt."),
        (2, "Both fit.", "Beide passen."),
        (3, "All three fit.", "Alle drei passen."),
        (13, "All 13 fit.", "Alle 13 passen."),
    ],
)
def test_all_of_so_many(german, count, english, text):
    message = all_of(FITS, N_("Both fit."), count)
    assert (str(message), translated(message)) == (english, text)


@pytest.mark.parametrize(
    ("items", "english", "text"),
    [
        ([], "", ""),
        (["a"], "a", "a"),
        (["a", "b"], "a and b", "a und b"),
        (["a", "b", Message(N_("a gate"))], "a, b and a gate", "a, b und eine Hürde"),
    ],
)
def test_lists_of_words(german, items, english, text):
    assert (str(listed(items)), translated(listed(items))) == (english, text)


def test_days_joins_and_capitals(german):
    assert str(Day(dt.date(2026, 10, 5))) == "2026-10-05"
    assert translated(Day(dt.date(2026, 10, 5))) == "5. Oktober 2026"
    assert translated(Joined("; ", [Figure("0.5"), Message("three")])) == "0,5; drei"
    assert translated(Capital(Message("a gate"))) == "Eine Hürde"


def test_a_name_may_hold_line_ends(german):
    message = Message(N_("{name}: {state}."), {"name": "a\n b", "state": "x"}, one_line=True)
    assert (str(message), translated(message)) == ("a b: x.", "a b ist x.")


def test_a_translation_that_does_not_fit_falls_back_to_english(german):
    assert translated(Message(N_("{misspelt}"), {"misspelt": "as it was"})) == "as it was"


def test_a_placeholder_without_its_word_is_an_error():
    with pytest.raises(KeyError):
        Message(N_("{name}: {state}."), {"name": "x"})


def test_an_error_says_its_reason_to_the_reader(german):
    assert reason(ValueError(worse())) == "Time {x} ist schlechter um 1.200,5."
    assert str(ValueError(worse())) == "Time {x}: worse by 1,200.5."
    assert reason(ValueError()) == ""


@pytest.mark.parametrize(
    "text",
    [
        worse(),
        counted(CASES, 2),
        Message("x\n", one_line=True),
        Day(dt.date(2026, 1, 1)),
        Joined(", ", ["a", worse()]),
        Capital(worse()),
    ],
)
def test_copies_remember_how_they_were_made(german, text):
    for again in (pickle.loads(pickle.dumps(text)), copy.deepcopy(text)):
        assert (type(again), again, translated(again)) == (type(text), text, translated(text))


def test_the_templates_of_the_domain_are_collected_for_translators():
    collected = {identity for _, identity in messages.messages()}
    marked = {*templates.REASON.values(), *templates.RECOMMENDATION.values(), *exits.EXIT.values()}
    assert marked - collected == set()
    assert set(phrases.COUNTED.values()) - collected == set()
