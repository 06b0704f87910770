"""People by their names: `{% load people %}{{ row.recorded_by|person:names }}`."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def person(address: str, names: Mapping[str, str]) -> str:
    """The name of a member by the e-mail address on record; what is no member stays as it is."""
    return names.get(address) or address
