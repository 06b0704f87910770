"""Messages of the domain in the language of the reader."""

from django.utils import formats
from django.utils.translation import gettext, ngettext

from portal.domain.messages import Capital, Day, Figure, Joined, Message


def translated(text: str) -> str:
    """A message in the active language; any other text as it is.

    A translation whose placeholders do not fit falls back to English.
    """
    match text:
        case Message():
            return _message(text)
        case Joined():
            return text.mark.join(map(translated, text.items))
        case Capital():
            words = translated(text.text)
            return words[:1].upper() + words[1:]
        case Figure():
            return _figure(text)
        case Day():
            return formats.date_format(text.day, "DATE_FORMAT")
    return text


def reason(error: Exception) -> str:
    """What an error of the domain says, in the active language."""
    text = error.args[0] if error.args else ""
    return translated(text) if isinstance(text, str) else str(error)


def _message(message: Message) -> str:
    if not message:
        return ""
    template = gettext(message.template)
    if message.plural:
        template = ngettext(message.template, message.plural, _whole(message.quantity))
    params = {name: translated(param) for name, param in message.params.items()}
    try:
        text = template.format_map(params)
    except (KeyError, ValueError, IndexError):
        return str(message)
    return " ".join(text.split()) if message.is_one_line else text


def _whole(quantity: float) -> int:
    """The number by which a language chooses a form; parts of one count as many."""
    return int(quantity) if quantity == int(quantity) else 2


def _figure(figure: Figure) -> str:
    marks = {
        ",": formats.get_format("THOUSAND_SEPARATOR"),
        ".": formats.get_format("DECIMAL_SEPARATOR"),
    }
    return figure.translate(str.maketrans(marks))
