"""Labels of choices: said in the reader's language, some with a sentence of their own."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy


class Hinted:
    """A label with a hint, which templates/forms/choices.html shows below it.

    Both are kept in the language of the source and translated when they are shown.
    """

    def __init__(self, label: str | Promise, hint: str | Promise = "") -> None:
        self._label, self._hint = label, hint

    def __str__(self) -> str:
        return str(capfirst(gettext(str(self._label))))

    @property
    def hint(self) -> str:
        return gettext(str(self._hint)) if self._hint else ""

    def __deepcopy__(self, memo: object) -> "Hinted":
        return self


def translated(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str | Promise]]:
    """(code, label) pairs of a vocabulary, the labels in the language of whoever reads them."""
    return [(code, gettext_lazy(label) if label else "") for code, label in pairs]
