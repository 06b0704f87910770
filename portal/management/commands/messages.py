"""Collect every sentence that can be translated, and bring the catalogues up to date."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string
from django.utils.translation.template import templatize

from portal.models import Organization

ROOMS = ("portal", "deployments", "kpis", "reviews")
# The developers' page, and the PDF, whose words are those of the frozen document.
NOT_READ = ("templates/styleguide.html", "templates/reviews/pdf/")
KEYWORDS = {
    "_": None,
    "lazy": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    # The marks of the domain (portal/domain/messages.py).
    "N_": None,
    "NN_": (1, 2),
}
# Words that a domain, which knows no Django, keeps in English; presenters translate them.
VOCABULARIES = (
    "portal.domain.roles.ROLE_SENTENCES",
    "portal.domain.roles.Role",
    "portal.domain.tokens.SCOPE_SENTENCES",
    "deployments.domain.vocabulary.LABELS",
    "deployments.domain.vocabulary.REGULATED_DOMAINS",
    "deployments.domain.gates.LABELS",
    "deployments.domain.gates.QUESTIONS",
    "deployments.domain.gates.STATE_LABELS",
)
CALL = re.compile(r" (n?p?gettext|_)\((.*)\) ?$", re.M)

Message = tuple[str | None, Any]


class Command(BaseCommand):
    help = "Bring locale/*/LC_MESSAGES/django.po up to date with the sentences of the sources."

    def handle(self, *args: Any, **options: Any) -> None:
        found = catalogue()
        for path in sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po")):
            with path.open("rb") as file:
                kept = read_po(file, locale=path.parts[-3])
            kept.update(found, no_fuzzy_matching=True)
            kept.obsolete.clear()
            with path.open("wb") as file:
                write_po(file, kept, width=100, sort_output=True, no_location=True)
            missing = sum(not complete(message) for message in kept if message.id)
            self.stdout.write(f"{path.parts[-3]}: {len(kept)} sentences, {missing} to translate")


def catalogue() -> Catalog:
    """Every sentence of the sources, templates and vocabularies."""
    found = Catalog(project="Plumbline", fuzzy=False)
    for context, message in messages():
        found.add(message, context=context)
    return found


def messages() -> Iterator[Message]:
    """(context, sentence) or (context, (singular, plural)), as often as they occur."""
    root = Path(settings.BASE_DIR)
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            if "migrations" not in path.parts:
                for _line, message, _comments, context in extract_from_file(
                    "python", path, keywords=KEYWORDS
                ):
                    yield context, message
    yield from of_templates(root / "templates")
    yield from ((None, str(label)) for label in Organization.Profile.labels)
    for name in VOCABULARIES:
        yield from ((None, words) for words in vocabulary(name))


def of_templates(folder: Path) -> Iterator[Message]:
    """The sentences of the templates, at most once a template."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder.parent).as_posix()
        if path.suffix in {".html", ".txt", ".svg"} and not name.startswith(NOT_READ):
            yield from dict.fromkeys(calls(templatize(path.read_text(encoding="utf-8"))))


def calls(text: str) -> Iterator[Message]:
    """What Django makes of a template for gettext's tools: lines such as ` gettext(u'…') `."""
    for function, arguments in re.findall(
        r"\b(npgettext|ngettext|pgettext|gettext|_)\(((?:u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\"|[,\s])+)",
        text,
    ):
        values = ast.literal_eval(f"({arguments.rstrip().rstrip(',')},)")
        context = values[0] if function.startswith(("p", "np")) else None
        words = values[1:] if context is not None else values
        yield context, words[:2] if function.startswith("n") else words[0]


def vocabulary(name: str) -> list[str]:
    """The words of a mapping or of an enumeration."""
    found = import_string(name)
    values = found.values() if hasattr(found, "values") else found
    return [str(value) for value in values if str(value)]


def complete(message: Any) -> bool:
    """Whether every form of a sentence is translated, and none is a guess."""
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(forms) and not message.fuzzy
